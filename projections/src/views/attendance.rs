//! `attendance`: which session days were due and attended, day by day.

use jejak_events::area::AreaCode;
use jejak_events::values::Date;

use super::roster::{DueDays, Roster};
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{
    AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ShareDeclaration, ViewDeclaration,
};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Enrolment, Id};

pub(super) const ATTENDANCE: ViewDeclaration = ViewDeclaration {
    name: "attendance",
    version: 1,
    title: Words { id: "Kehadiran menurut sesi dan hari", en: "Attendance by session and day" },
    definition: Words {
        id: "Hari sesi yang sudah lewat selama tempatnya ada, tiap orang satu (pada program bersatuan IKM tiap \
             delegasi satu), menurut program, sesi dan harinya (days_due), dan di antaranya yang dihadiri menurut \
             daftar hadir (days_present). Jumlahnya sama dengan attendance_due dan attendance_present pada \
             participated versi 1. Wilayah adalah wilayah program, atau wilayah IKM bila diminta. Dengan tanggal \
             awal: hanya hari dalam masa itu.",
        en: "Session days that are past while a place stood, one for each person (in programmes of unit IKM one for \
             each delegation), by programme, session and day (days_due), and those of them that were attended by the \
             lists of attendance (days_present). They add up to attendance_due and attendance_present of \
             participated version 1. The area is that of the programme, or that of the IKM where asked so. With a \
             first day: only days in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "days_due", unit: FigureUnit::PersonDay },
        FigureDeclaration { name: "days_present", unit: FigureUnit::PersonDay },
    ],
    breakdowns: &["program", "session", "session_day"],
    shares: &[ShareDeclaration::within("present_of_due", "days_present", "days_due")],
    attested: &[],
    count,
};

/// What counts on one day of a session, for one area.
#[derive(Default)]
struct OfDay {
    due: u64,
    present: u64,
    events: Vec<u64>,
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let schedules = Schedules::asked(scope);
    let roster =
        Roster::new(scope, &schedules, |place| scope.stirs(place.program) && scope.wants_result(place));
    let (mut due, mut place) = (DueDays::default(), Vec::new());
    let mut days: NumberMap<(Id, Id, Date, Option<AreaCode>), OfDay> = NumberMap::default();
    for (attendee, presences) in roster.attendees() {
        roster.due(scope, attendee, presences, &mut due);
        if due.days.is_empty() {
            continue;
        }
        let Enrolment { program, person, ikm: stream, .. } = attendee.enrolment.fact;
        let schedule = roster.schedule(attendee);
        let area = scope.result_area(attendee.place());
        tally.rest_on_program(scope, program);
        tally.rest_on_events(schedule.events());
        // Of every day of an attendee the same.
        place.clear();
        scope.trace(attendee.enrolment, &mut place);
        scope.trace_taker(stream, person, &mut place);
        for (slot, day) in due.of_slots() {
            let (session, date) = schedule.slots[slot];
            let of_day = days.entry((program, session, date, area)).or_default();
            of_day.due += 1;
            of_day.present += u64::from(day.attended.is_some());
            of_day.events.extend_from_slice(&place);
            let there = presences.iter().filter(|one| one.slot == slot);
            there.for_each(|one| scope.trace(one.row, &mut of_day.events));
        }
    }
    for ((program, session, date, area), of_day) in days {
        let events = tally.events(|events| events.extend_from_slice(&of_day.events));
        let keys = [Key::Id(program), Key::Id(session), Key::OnDay(session, date), NO_KEY];
        // One session may be of several programmes in a log of another program.
        let at = Key::DayIn(program, date, area);
        let who = Counted::Session(session);
        for (figure, amount) in [(0, of_day.due), (1, of_day.present)] {
            if amount > 0 {
                tally.credit(Credit { figure, who, at, amount, area, keys, events });
            }
        }
    }
}
