//! `assessments_overdue`, `unheard`: what an office should look into.

use jejak_events::values::Date;

use super::aliases::Survivor;
use super::attended::Place;
use super::places::places;
use super::registered;
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::Id;
use crate::question::Filter;

/// Days after the last session day within which an assessment should follow.
const ASSESSED_WITHIN_DAYS: i32 = 180;

/// Days without any news after which an IKM counts as not heard of.
const UNHEARD_DAYS: i32 = 365;

/// Indicators whose target says that a programme means to assess.
const ASSESSING: &[&str] = &[
    "assessed",
    "passed",
    "certified",
    "certified_persons",
    "certified_products",
    "green_certified",
    "funnel_assessed",
    "funnel_passed",
    "funnel_certified",
];

pub(super) const ASSESSMENTS_OVERDUE: ViewDeclaration = ViewDeclaration {
    name: "assessments_overdue",
    version: 2,
    title: Words { id: "Penilaian terlambat", en: "Assessments overdue" },
    definition: Words {
        id: "IKM yang mempunyai tempat dalam suatu program yang menilai, belum dinilai dalam program itu, dan \
             hari sesi terakhir kelompoknya sudah lewat lebih dari 180 hari pada hari yang ditanyakan. Suatu \
             program menilai bila sudah ada penilaian di dalamnya, atau bila menyebut target penilaian atau \
             sertifikat. Wilayah adalah wilayah program, atau wilayah IKM bila diminta.",
        en: "IKMs that have a place in a programme that assesses, were not assessed in it, and whose group's \
             last session day is more than 180 days before the day asked for. A programme assesses when \
             somebody was assessed in it, or when it names a target of assessments or certificates. The area \
             is that of the programme, or that of the IKM where asked so.",
    },
    filters: &[Filter::Area, Filter::AreaOf, Filter::Program, Filter::Theme, Filter::Scale, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[FigureDeclaration { name: "assessments_overdue", unit: FigureUnit::Ikm }],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[],
    count: count_overdue,
};

fn count_overdue(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let mut assesses: NumberMap<Id, ()> = NumberMap::default();
    let mut assessed: NumberMap<(Survivor, Id), ()> = NumberMap::default();
    for row in scope.rows(&tables.assessments) {
        assesses.insert(row.fact.program, ());
        assessed.insert((scope.surviving_ikm(row.fact.ikm), row.fact.program), ());
    }
    for row in scope.rows(&tables.program_targets) {
        let (program, figure) = (row.fact.program, scope.facts.code(row.fact.figure));
        if scope.is_of_opening(row, program) && figure.is_some_and(|code| ASSESSING.contains(&&**code)) {
            assesses.insert(program, ());
        }
    }
    let schedules = Schedules::new(scope);
    for row in places(scope) {
        let (ikm, program) = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
        if !assesses.contains_key(&program)
            || assessed.contains_key(&(ikm, program))
            || !scope.wants_result(Place::of_ikm(program, ikm))
        {
            continue;
        }
        let Some((_, last)) = schedules.days(program, row.fact.group) else { continue };
        let since = scope.question.on.day_number() - last.day_number();
        if since <= ASSESSED_WITHIN_DAYS {
            continue;
        }
        tally.rest_on_program(scope, program);
        tally.rest_on_events(schedules.events(program, row.fact.group));
        let events = tally.events(|events| {
            scope.trace(row, events);
            scope.trace_ikm(row.fact.ikm, events);
        });
        let who = Counted::Ikm(ikm);
        tally.dated(who, last);
        tally.credit(Credit {
            figure: 0,
            who,
            at: NO_KEY,
            amount: 1,
            area: scope.result_area(Place::of_ikm(program, ikm)),
            keys: [Key::Id(program), Key::Code(scope.theme(program)), NO_KEY, NO_KEY],
            events,
        });
    }
}

pub(super) const UNHEARD: ViewDeclaration = ViewDeclaration {
    name: "unheard",
    version: 1,
    title: Words { id: "Lama tidak ada kabar", en: "Not heard of for long" },
    definition: Words {
        id: "IKM dalam registri (menurut registered versi 1) yang dalam 365 hari sampai hari yang ditanyakan \
             tidak tercatat melakukan atau melaporkan apa pun: masuk registri, mendaftar, menunggu atau \
             mundur, kehadiran, kunjungan pendamping, penilaian, sertifikat, pameran, pengiriman, laporan, \
             sarana, keanggotaan, perubahan profil, tutup atau buka kembali. Tidak hadir bukan kabar. Wilayah \
             adalah wilayah IKM.",
        en: "IKMs in the register (by registered version 1) that in the 365 days up to the day asked for are \
             not on record with doing or reporting anything: entering the register, enrolling, waiting or \
             leaving, attendance, a mentor's visit, assessment, certificate, exhibition, shipment, report, \
             facility, membership, a change of profile, closing or reopening. Being absent is no news. The \
             area is that of the IKM.",
    },
    filters: &[Filter::Area, Filter::Scale],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[FigureDeclaration { name: "unheard", unit: FigureUnit::Ikm }],
    breakdowns: &[],
    shares: &[],
    attested: &[],
    count: count_unheard,
};

fn count_unheard(scope: &Scope<'_>, tally: &mut Tally) {
    let news = latest_news(scope);
    for profile in scope.profiles() {
        let ikm = profile.ikm;
        let last = news.get(&ikm).copied().unwrap_or(profile.since);
        let silent = scope.question.on.day_number() - last.day_number() >= UNHEARD_DAYS;
        if !silent || !profile.works() || !scope.wants_ikm(ikm) {
            continue;
        }
        let events = tally.events(|events| registered::trace(scope, &profile, events));
        let who = Counted::Ikm(ikm);
        tally.dated(who, last);
        let (area, keys) = (Some(profile.area), [NO_KEY; 4]);
        tally.credit(Credit { figure: 0, who, at: NO_KEY, amount: 1, area, keys, events });
    }
}

/// The last day on which anything is recorded of each IKM.
fn latest_news(scope: &Scope<'_>) -> NumberMap<Survivor, Date> {
    use jejak_events::types::ikm::AttendanceStatus;
    let tables = &scope.facts.tables;
    let mut news: NumberMap<Survivor, Date> = NumberMap::default();
    let mut heard = |ikm: Id, day: Date| {
        // A facility of a sentra is of no IKM, and a person may hold a certificate: what is noted for
        // anything but an IKM is never asked for.
        let last = news.entry(scope.surviving_ikm(ikm)).or_insert(day);
        *last = (*last).max(day);
    };
    macro_rules! each {
        ($($table:ident),*) => { $( scope.rows(&tables.$table).for_each(|row| heard(row.fact.ikm, row.day)); )* };
    }
    each!(
        ikms,
        profiles,
        workings,
        enrolments,
        waits,
        withdrawals,
        mentorings,
        assessments,
        participations,
        shipments,
        workforces,
        turnovers,
        facilities,
        memberships
    );
    for row in scope.rows(&tables.attendances) {
        if row.fact.status == AttendanceStatus::Present {
            heard(row.fact.ikm, row.day);
        }
    }
    scope.rows(&tables.certificates).for_each(|row| heard(row.fact.holder, row.day));
    news
}
