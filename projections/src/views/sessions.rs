//! `sessions_held`: the training sessions that took place.

use super::calendar::calendar;
use super::scope::Scope;
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::question::Filter;

pub(super) const SESSIONS_HELD: ViewDeclaration = ViewDeclaration {
    name: "sessions_held",
    version: 1,
    title: Words { id: "Sesi terselenggara", en: "Sessions held" },
    definition: Words {
        id: "Sesi pelatihan yang dijadwalkan, tidak dibatalkan, dan yang hari terakhirnya, menurut jadwal \
             yang terakhir ditetapkan, tidak lewat dari hari yang ditanyakan. Wilayah adalah wilayah program. \
             Dengan tanggal awal: hanya sesi yang hari terakhirnya dalam masa itu, juga bila dimulai \
             sebelumnya.",
        en: "Training sessions that were scheduled, were not called off, and whose last day, as last decided, \
             is no later than the day asked for. The area is that of the programme. With a first day: only \
             sessions whose last day lies in that period, also when they began before it.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding, Filter::From],
    asked_by_claims: AskedByClaims::PerProgram,
    figures: &[FigureDeclaration { name: "sessions_held", unit: FigureUnit::Session }],
    breakdowns: &["program", "theme", "sentra"],
    shares: &[],
    attested: &[],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    // A session counts on its last day, so that every session lies in exactly one of any periods that
    // follow each other.
    for entry in calendar(scope) {
        let session = &entry.session.fact;
        let opening = scope.program(session.program);
        let area = opening.map(|opening| opening.fact.area);
        if entry.last > scope.question.on
            || !scope.since(entry.last)
            || !scope.wants_area(area)
            || !scope.wants_program(session.program)
        {
            continue;
        }
        scope.trace_program(session.program, tally.context());
        let events = tally.events(|events| entry.trace(scope, events));
        tally.credit(Credit {
            figure: 0,
            who: Counted::Session(session.session),
            at: NO_KEY,
            amount: 1,
            area,
            keys: [
                Key::Id(session.program),
                Key::Code(scope.theme(session.program)),
                Key::Id(session.sentra),
                NO_KEY,
            ],
            events,
        });
    }
}
