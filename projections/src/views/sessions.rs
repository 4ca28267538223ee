//! `sessions_held`: the training sessions that took place.

use jejak_events::values::Date;

use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Key, Tally};
use super::{FigureDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::Id;
use crate::question::Filter;

pub(super) const SESSIONS_HELD: ViewDeclaration = ViewDeclaration {
    name: "sessions_held",
    version: 1,
    title: Words { id: "Sesi terselenggara", en: "Sessions held" },
    definition: Words {
        id: "Sesi pelatihan yang dijadwalkan dan hari terakhirnya tidak lewat dari hari yang ditanyakan. \
             Wilayah adalah wilayah program. Dengan tanggal awal: hanya sesi yang hari terakhirnya dalam masa \
             itu, juga bila dimulai sebelumnya.",
        en: "Training sessions that were scheduled and whose last day is no later than the day asked for. \
             The area is that of the programme. With a first day: only sessions whose last day lies in that \
             period, also when they began before it.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding, Filter::From],
    figures: &[FigureDeclaration { name: "sessions_held", unit: FigureUnit::Session }],
    breakdowns: &["program", "theme", "sentra"],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    // A session counts on its last day, so that every session lies in exactly one of any periods that
    // follow each other.
    let mut last_days: NumberMap<Id, Date> = NumberMap::default();
    for row in scope.rows(&tables.session_days) {
        let date = row.fact.date;
        let last = last_days.entry(row.fact.session).or_insert(date);
        *last = (*last).max(date);
    }
    for row in scope.rows(&tables.sessions) {
        let session = &row.fact;
        let Some(last) = last_days.get(&session.session) else { continue };
        let opening = scope.program(session.program);
        let area = opening.map(|opening| opening.fact.area);
        if *last > scope.question.on
            || !scope.since(*last)
            || !scope.wants_area(area)
            || !scope.wants_program(session.program)
        {
            continue;
        }
        if let Some(opening) = opening {
            scope.trace(opening, tally.context());
        }
        let events = tally.events(|events| scope.trace(row, events));
        tally.credit(Credit {
            figure: 0,
            who: Counted::Session(session.session),
            at: Id::NONE,
            area,
            keys: [
                Key::Id(session.program),
                Key::Code(scope.theme(session.program)),
                Key::Id(session.sentra),
            ],
            events,
        });
    }
}
