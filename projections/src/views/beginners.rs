//! `beginners`: persons that took part in their own name, and which of them registered a business later.

use jejak_events::values::Date;

use super::aliases::Survivor;
use super::attended::Place;
use super::profiles::Profile;
use super::registered;
use super::roster::Roster;
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, NO_KEY, Tally};
use super::trained::{completers, keys, trace};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Enrolment, Id};
use crate::question::Filter;

const fn of_persons(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::Person }
}

pub(super) const BEGINNERS: ViewDeclaration = ViewDeclaration {
    name: "beginners",
    version: 1,
    title: Words { id: "Pemula tanpa IKM", en: "Beginners without an IKM" },
    definition: Words {
        id: "Orang yang mengikuti program atas namanya sendiri, bukan dikirim suatu IKM. beginners_enrolled: yang \
             mendapat tempat paling lambat hari yang ditanyakan, juga bila kemudian mundur. beginners_trained: yang \
             menuntaskannya, menurut definisi trained versi 2. beginners_registered: di antara yang tuntas, yang pada \
             hari itu memiliki IKM yang didaftarkan sesudah hari ia mendapat tempat. Wilayah adalah wilayah program, \
             atau wilayah orangnya bila diminta. Dengan tanggal awal: hanya yang mendapat tempat, atau tuntas, dalam \
             masa itu; beginners_registered lalu di antara yang tuntas dalam masa itu. Tiap baris deret jadi menyebut \
             berapa dari yang tuntas dalam masanya yang sudah mendaftarkan IKM pada hari terakhirnya; yang baru \
             mendaftarkannya dalam masa kemudian tidak ada di baris mana pun.",
        en: "Persons that take part in programmes in their own name, not sent by an IKM. beginners_enrolled: who were \
             given a place no later than the day asked for, also if they left later. beginners_trained: who completed \
             one, by the definition of trained version 2. beginners_registered: of those who completed, who on that \
             day own an IKM that was registered after the day they were given the place. The area is that of the \
             programme, or that of the person where asked so. With a first day: only who were given a place, or \
             completed, in that period; beginners_registered are then of those who completed in it. Each row of a \
             series so tells how many of those who completed in its period had registered an IKM by its last day; who \
             registers one in a later period stands in no row.",
    },
    filters: &[Filter::Area, Filter::AreaOf, Filter::Program, Filter::Theme, Filter::Funding, Filter::From],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        of_persons("beginners_enrolled"),
        of_persons("beginners_trained"),
        of_persons("beginners_registered"),
    ],
    breakdowns: &["program", "theme"],
    shares: &[ShareDeclaration::within("registered_of_trained", "beginners_registered", "beginners_trained")],
    attested: &[],
    count,
};

/// Places of the figures.
const ENROLLED: usize = 0;
const TRAINED: usize = 1;
const REGISTERED: usize = 2;

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let wants = |place: Place| place.own_name().is_some() && scope.wants_result(place);
    // That nobody came in their own name is known.
    (0..BEGINNERS.figures.len()).for_each(|figure| tally.always_known(figure));
    // The day of the first place of each in a programme.
    let mut placed: NumberMap<(Survivor, Id), Date> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.enrolments) {
        let Enrolment { ikm, program, person, .. } = row.fact;
        let (ikm, attendee) = (scope.surviving_ikm(ikm), scope.surviving_person(person));
        let place = Place::of(program, ikm, Some(attendee));
        if !wants(place) {
            continue;
        }
        let first = placed.entry((attendee, program)).or_insert(row.day);
        *first = (*first).min(row.day);
        if !scope.since(row.day) {
            continue;
        }
        let events = tally.events(|events| {
            scope.trace(row, events);
            scope.trace_taker(row.fact.ikm, person, events);
        });
        tally.rest_on_program(scope, program);
        let (who, area) = (Counted::Person(attendee), scope.result_area(place));
        let keys = keys(scope, program);
        tally.credit(Credit { figure: ENROLLED, who, at: NO_KEY, amount: 1, area, keys, events });
    }
    let owned = owned(scope);
    let schedules = Schedules::new(scope);
    let roster = Roster::new(scope, &schedules, wants);
    for (attendee, completion, presences) in completers(scope, &roster) {
        let Some(person) = attendee.person else { continue };
        let (who, program) = (Counted::Person(person), attendee.enrolment.fact.program);
        let (area, keys) = (scope.result_area(attendee.place()), keys(scope, program));
        let events = tally.events(|events| trace(scope, attendee, &completion, presences, events));
        tally.rest_on_program(scope, program);
        tally.rest_on_events(&completion.closing.events);
        tally.credit(Credit { figure: TRAINED, who, at: NO_KEY, amount: 1, area, keys, events });
        let Some(first) = placed.get(&(person, program)) else { continue };
        let later = owned.get(&person).into_iter().flatten();
        for profile in later.filter(|profile| profile.since > *first) {
            let events = tally.events(|events| {
                trace(scope, attendee, &completion, presences, events);
                registered::trace(scope, profile, events);
                scope.trace_person_merges(profile.owner, events);
            });
            tally.credit(Credit { figure: REGISTERED, who, at: NO_KEY, amount: 1, area, keys, events });
        }
    }
}

/// The IKMs of each person that owns any on the day.
fn owned<'a>(scope: &Scope<'a>) -> NumberMap<Survivor, Vec<Profile<'a>>> {
    let mut owned: NumberMap<Survivor, Vec<Profile<'a>>> = NumberMap::default();
    for profile in scope.profiles().filter(|profile| profile.owner.is_some()) {
        owned.entry(scope.surviving_person(profile.owner)).or_default().push(profile);
    }
    owned
}
