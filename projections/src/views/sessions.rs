//! `sessions_held`: the training sessions that were scheduled, and those that took place.

use jejak_events::types::ikm::AttendanceStatus;

use super::calendar::calendar;
use super::scope::{ById, Scope};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Attendance, Row};
use crate::question::Filter;

pub(super) const SESSIONS_HELD: ViewDeclaration = ViewDeclaration {
    name: "sessions_held",
    version: 2,
    title: Words { id: "Sesi terselenggara", en: "Sessions held" },
    definition: Words {
        id: "Sesi pelatihan yang menurut daftar hadir dihadiri paling sedikit satu orang, di antara sesi yang \
             dijadwalkan, tidak dibatalkan, dan yang hari terakhirnya, menurut jadwal yang terakhir \
             ditetapkan, tidak lewat dari hari yang ditanyakan (sessions_scheduled). no_attendance_recorded: \
             selebihnya, yang kehadirannya tidak tercatat. Wilayah adalah wilayah program. Dengan tanggal \
             awal: hanya sesi yang hari terakhirnya dalam masa itu, juga bila dimulai sebelumnya.",
        en: "Training sessions at which somebody is on record as present, among those that were scheduled, not \
             called off, and whose last day, as last decided, is no later than the day asked for \
             (sessions_scheduled). no_attendance_recorded: the rest, of which no attendance is recorded. The \
             area is that of the programme. With a first day: only sessions whose last day lies in that \
             period, also when they began before it.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding, Filter::From],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "sessions_scheduled", unit: FigureUnit::Session },
        FigureDeclaration { name: "sessions_held", unit: FigureUnit::Session },
        FigureDeclaration { name: "no_attendance_recorded", unit: FigureUnit::Session },
    ],
    breakdowns: &["program", "theme", "sentra"],
    shares: &[ShareDeclaration::within("held_of_scheduled", "sessions_held", "sessions_scheduled")],
    attested: &[],
    count,
};

/// Places of the figures.
const SCHEDULED: usize = 0;
const HELD: usize = 1;
const NO_ATTENDANCE: usize = 2;

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let present = first_presences(scope);
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
        tally.rest_on_program(scope, session.program);
        let attendance = present.get(session.session);
        let events = tally.events(|events| {
            entry.trace(scope, events);
            attendance.into_iter().for_each(|row| scope.trace(row, events));
        });
        let keys = [
            Key::Id(session.program),
            Key::Code(scope.theme(session.program)),
            Key::Id(session.sentra),
            NO_KEY,
        ];
        let who = Counted::Session(session.session);
        for figure in [SCHEDULED, if attendance.is_some() { HELD } else { NO_ATTENDANCE }] {
            tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
        }
    }
}

/// Of each session the first row that says somebody was present; one is enough.
pub(super) fn first_presences<'a>(scope: &Scope<'a>) -> ById<&'a Row<Attendance>> {
    let mut first: ById<&Row<Attendance>> = ById::default();
    for row in scope.rows(&scope.facts.tables.attendances) {
        if row.fact.status == AttendanceStatus::Present {
            let kept = first.slot(row.fact.session).get_or_insert(row);
            if scope.order(row) < scope.order(kept) {
                *kept = row;
            }
        }
    }
    first
}
