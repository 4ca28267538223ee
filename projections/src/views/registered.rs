//! `registered`: the IKMs in the register.

use jejak_events::types::ScaleRule;

use super::profiles::Profile;
use super::scope::Scope;
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{
    AskedByClaims, AttestedDeclaration, AttestedRule, FigureDeclaration, PersonTrait, Persons, SeriesRule,
    ViewDeclaration,
};
use crate::answer::{FigureUnit, Words};
use crate::question::Filter;

pub(super) const REGISTERED: ViewDeclaration = ViewDeclaration {
    name: "registered",
    version: 1,
    title: Words { id: "IKM terdaftar", en: "Registered IKMs" },
    definition: Words {
        id: "IKM yang pendaftarannya bertanggal paling lambat hari yang ditanyakan, yang hari itu tidak tutup \
             dan tidak digabung ke IKM lain. Wilayah, kecamatan, skala dan komoditas adalah yang tercatat pada hari itu; \
             skala disebut bersama aturannya dan kosong bila pekerja atau investasi tidak diketahui. Dengan \
             tanggal awal: hanya IKM yang didaftarkan dalam masa itu; IKM hasil penggabungan baru pada hari yang paling \
             dahulu di antara pendaftarannya. Bila IKM yang tinggal sesudah \
             penggabungan belum terdaftar hari itu, yang paling dahulu terdaftar di antara yang digabung \
             kepadanya mewakilinya. Berapa yang dimiliki perempuan, menurut jenis kelamin pemilik pada hari itu, \
             tersegel dan disebut terpisah.",
        en: "IKMs whose registration is dated no later than the day asked for, that are not closed on that \
             day and were not merged into another one. Area, district, size class and commodity are those on record on \
             that day; a size class comes with its rule and is empty where workers or investment are not \
             known. With a first day: only IKMs registered in that period; an IKM that others were \
             merged into is new on the earliest day of their registrations. Where the IKM that a merge left \
             is not registered yet on that day, the first registered of those merged into it speaks for it. How \
             many are owned by women, by the sex of the owner on that day, is sealed and attested beside the \
             figures.",
    },
    filters: &[Filter::Area, Filter::Scale, Filter::From],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::Flow,
    figures: &[FigureDeclaration { name: "registered", unit: FigureUnit::Ikm }],
    breakdowns: &["commodity", "district", "scale_permenperin_64_2016", "scale_pp_7_2021"],
    shares: &[],
    attested: &[AttestedDeclaration {
        name: "women_owned",
        rule: AttestedRule::Persons {
            of: Persons { figure: "registered", owners: true },
            wanted: PersonTrait::Woman,
        },
        title: Words { id: "Dimiliki perempuan", en: "Owned by women" },
    }],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    for profile in scope.profiles() {
        if !profile.works() || !scope.since(profile.since) || !scope.wants_ikm(profile.ikm) {
            continue;
        }
        let events = tally.events(|events| trace(scope, &profile, events));
        tally.credit(Credit {
            figure: 0,
            who: Counted::Ikm(profile.ikm),
            at: NO_KEY,
            amount: 1,
            area: Some(profile.area),
            keys: [
                Key::Code(profile.commodity),
                Key::Code(profile.district),
                Key::Scale(profile.scale(ScaleRule::Permenperin64Of2016)),
                Key::Scale(profile.scale(ScaleRule::Pp7Of2021)),
            ],
            events,
        });
    }
}

/// Adds the events that make an IKM a registered one.
pub(super) fn trace(scope: &Scope<'_>, profile: &Profile<'_>, events: &mut Vec<u64>) {
    scope.trace_ikm(profile.ikm.0, events);
    scope.trace_working(profile, events);
}
