//! `green_certified`, `certified`, `certificates_expiring`: who holds valid certificates, and which of
//! them end soon.

use jejak_events::area::AreaCode;

use super::aliases::Survivor;
use super::scope::Scope;
use super::tally::{Counted, Credit, KEYS, Key, NO_KEY, Tally};
use super::validity::{Valid, valid_certificates};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ViewDeclaration, women_and_ages};
use crate::answer::{FigureUnit, Words};
use crate::facts::HolderKind;
use crate::question::Filter;

/// Scheme code of the green-industry standard (*Standar Industri Hijau*).
const GREEN_SCHEME: &str = "sih";

/// Days within which a certificate that ends counts as ending soon, by figure; within 90 it is expiring
/// (`docs/domain.md`, section 3).
pub(super) const EXPIRING_DAYS: [i32; 3] = [30, 90, 180];

const fn of_certificates(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::Certificate }
}

pub(super) const GREEN_CERTIFIED: ViewDeclaration = ViewDeclaration {
    name: "green_certified",
    version: 2,
    title: Words { id: "Bersertifikat industri hijau", en: "Certified to the green-industry standard" },
    definition: Words {
        id: "IKM yang pada hari yang ditanyakan memegang sertifikat Standar Industri Hijau (skema sih) yang \
             berlaku: sudah terbit, hari itu dalam masa berlakunya atau masa perpanjangannya (hari pertama \
             dan terakhir termasuk), dan pada hari itu tidak dibekukan dan tidak dicabut. IKM yang hari itu \
             tutup tidak terhitung. Sertifikat \
             perorangan atau produk tidak terhitung. Disaring menurut program: hanya sertifikat yang menyebut \
             program itu; IKM yang memegang sertifikat dari dua program terhitung pada keduanya. Wilayah \
             adalah wilayah IKM. Ini keadaan pada satu hari, maka tidak ada tanggal awal.",
        en: "IKMs that on the day asked for hold a valid certificate of the green-industry standard (scheme \
             sih): issued, the day within its validity or that of a renewal (first and last day included), \
             and on that day neither suspended nor revoked. An IKM that is closed on that day does not count. \
             Certificates of persons or products do not count. Narrowed by programme: only certificates that \
             name that programme; an IKM that holds certificates of two programmes counts under both. \
             The area is that of the IKM. This is the state on one day, so there is no first day.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[FigureDeclaration { name: "green_certified", unit: FigureUnit::Ikm }],
    breakdowns: &["program"],
    shares: &[],
    attested: &[],
    count: |scope, tally| {
        for valid in valid_certificates(scope) {
            let green = scope.facts.code(valid.issue.fact.scheme).is_some_and(|code| **code == *GREEN_SCHEME);
            if green && valid.issue.fact.holder_kind == HolderKind::Ikm {
                let program = Key::Id(valid.issue.fact.program);
                credit(scope, tally, &valid, (0, NO_KEY), [program, NO_KEY, NO_KEY, NO_KEY]);
            }
        }
    },
};

pub(super) const CERTIFIED: ViewDeclaration = ViewDeclaration {
    name: "certified",
    version: 2,
    title: Words { id: "Bersertifikat", en: "Certified" },
    definition: Words {
        id: "Pemegang sertifikat yang berlaku pada hari yang ditanyakan, menurut skema dan menurut program yang \
             menghasilkannya; berlaku dan disaring seperti pada green_certified versi 2. certified: IKM; \
             certified_persons: orang, misalnya sertifikat \
             kompetensi; certified_products: jenis produk suatu IKM, misalnya Batikmark. Wilayah adalah \
             wilayah IKM; bagi orang, wilayah IKM tempatnya bekerja, dan tanpa IKM wilayah orang itu sendiri. Perempuan di antara orangnya dan umur mereka \
             disebut seperti pada trained.",
        en: "Holders of certificates that are valid on the day asked for, by scheme and by the programme that \
             led to them; valid and narrowed as in green_certified version 2. certified: IKMs; \
             certified_persons: persons, as with competence \
             certificates; certified_products: kinds of products of an IKM, as with Batikmark. The area is \
             that of the IKM; for a person, that of the IKM the person works for, and without one the person's own. Women among the persons and their \
             ages are attested as in trained.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "certified", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "certified_persons", unit: FigureUnit::Person },
        FigureDeclaration { name: "certified_products", unit: FigureUnit::Product },
    ],
    breakdowns: &["scheme", "program"],
    shares: &[],
    attested: &women_and_ages(
        "certified_persons",
        ["certified_women", "certified_under_35", "certified_35_to_60", "certified_over_60"],
    ),
    count: |scope, tally| {
        tally.always_known(1);
        for valid in valid_certificates(scope) {
            let certificate = &valid.issue.fact;
            let (figure, at) = match certificate.holder_kind {
                HolderKind::Ikm => (0, NO_KEY),
                HolderKind::Person => (1, NO_KEY),
                HolderKind::Product => (2, Key::Code(certificate.product)),
            };
            credit(scope, tally, &valid, (figure, at), by_scheme(&valid));
        }
    },
};

pub(super) const CERTIFICATES_EXPIRING: ViewDeclaration = ViewDeclaration {
    name: "certificates_expiring",
    version: 2,
    title: Words { id: "Sertifikat segera berakhir", en: "Certificates ending soon" },
    definition: Words {
        id: "Sertifikat yang berlaku pada hari yang ditanyakan dan hari terakhirnya dalam 90 hari sesudahnya, dan \
             begitu pula dalam 30 dan dalam 180 hari; \
             perpanjangan yang menyambung tanpa jeda ikut dihitung. Sertifikat yang sedang dibekukan tidak \
             termasuk. Wilayah dan program seperti pada certified.",
        en: "Certificates that are valid on the day asked for and end within the 90 days after it, and likewise \
             within 30 and within 180 days; a renewal \
             that follows without a gap is taken into account. A certificate that is suspended is not among \
             them. The area and the programme are as in certified.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[
        of_certificates("certificates_ending_30_days"),
        of_certificates("certificates_expiring"),
        of_certificates("certificates_ending_180_days"),
    ],
    breakdowns: &["scheme", "program"],
    shares: &[],
    attested: &[],
    count: |scope, tally| {
        for valid in valid_certificates(scope) {
            let wanted = scope.wants_program(valid.issue.fact.program);
            let left = valid.until.day_number() - scope.question.on.day_number();
            let ending = EXPIRING_DAYS.iter().enumerate().filter(|(_, days)| wanted && left <= **days);
            for (figure, _) in ending {
                let at = Key::Id(valid.issue.fact.certificate);
                tally.dated(holder_of(scope, &valid), valid.until);
                credit(scope, tally, &valid, (figure, at), by_scheme(&valid));
            }
        }
    },
};

/// The filters of the views of certificates on a day.
const FILTERS: &[Filter] = &[Filter::Area, Filter::Program, Filter::Scale];

/// The values of a certificate in the breakdowns by scheme and by the programme that led to it.
pub(super) fn by_scheme(valid: &Valid<'_>) -> [Key; KEYS] {
    let certificate = &valid.issue.fact;
    [Key::Code(certificate.scheme), Key::Id(certificate.program), NO_KEY, NO_KEY]
}

/// The IKM that a certificate belongs to: that of the holder; none for a person without one.
pub(super) fn ikm_of(scope: &Scope<'_>, valid: &Valid<'_>) -> Option<Survivor> {
    let certificate = &valid.issue.fact;
    match certificate.holder_kind {
        HolderKind::Ikm | HolderKind::Product => Some(scope.surviving_ikm(certificate.holder)),
        HolderKind::Person => scope.persons().ikm(scope, scope.surviving_person(certificate.holder)),
    }
}

/// The area that a certificate counts in: that of its IKM, and of a person without one their own.
fn area_of(scope: &Scope<'_>, valid: &Valid<'_>, ikm: Option<Survivor>) -> Option<AreaCode> {
    let certificate = &valid.issue.fact;
    match ikm {
        Some(ikm) => scope.ikm_area(ikm),
        None => scope.persons().area(scope, scope.surviving_person(certificate.holder)),
    }
}

/// Adds the events that make a certificate valid, and those that say whose it is and where.
pub(super) fn trace(scope: &Scope<'_>, valid: &Valid<'_>, events: &mut Vec<u64>) {
    let certificate = &valid.issue.fact;
    events.extend_from_slice(&valid.events);
    if let Some(profile) = ikm_of(scope, valid).and_then(|ikm| scope.profile(ikm)) {
        scope.trace_working(&profile, events);
    }
    match certificate.holder_kind {
        HolderKind::Ikm | HolderKind::Product => scope.trace_ikm(certificate.holder, events),
        HolderKind::Person => scope.persons().trace_area(scope, certificate.holder, events),
    }
}

/// Whether a certificate is held on the day: nobody holds anything for an IKM that is closed.
pub(super) fn is_held(scope: &Scope<'_>, valid: &Valid<'_>) -> bool {
    let profile = ikm_of(scope, valid).and_then(|ikm| scope.profile(ikm));
    profile.is_none_or(|profile| profile.works())
}

/// Credits the holder, when the question is about its IKM and that is not closed.
fn credit(scope: &Scope<'_>, tally: &mut Tally, valid: &Valid<'_>, figure: (usize, Key), keys: [Key; KEYS]) {
    if is_held(scope, valid) {
        credit_any(scope, tally, valid, figure, keys);
    }
}

/// Credits the holder in a figure, with what tells the thing apart, when the question is about its IKM and
/// the programme that led to it.
pub(super) fn credit_any(
    scope: &Scope<'_>,
    tally: &mut Tally,
    valid: &Valid<'_>,
    (figure, at): (usize, Key),
    keys: [Key; KEYS],
) {
    let certificate = &valid.issue.fact;
    let ikm = ikm_of(scope, valid);
    if !scope.wants_program(certificate.program) {
        return;
    }
    let area = area_of(scope, valid, ikm);
    // A person without an IKM is of no size.
    let of_scale = scope.question.scale.is_none() || ikm.is_some_and(|ikm| scope.wants_ikm(ikm));
    if !scope.wants_area(area) || !of_scale {
        return;
    }
    let who = holder_of(scope, valid);
    let events = tally.events(|events| trace(scope, valid, events));
    tally.credit(Credit { figure, who, at, amount: 1, area, keys, events });
}

/// Who holds a certificate.
fn holder_of(scope: &Scope<'_>, valid: &Valid<'_>) -> Counted {
    let holder = valid.issue.fact.holder;
    match valid.issue.fact.holder_kind {
        HolderKind::Person => Counted::Person(scope.surviving_person(holder)),
        HolderKind::Ikm | HolderKind::Product => Counted::Ikm(scope.surviving_ikm(holder)),
    }
}
