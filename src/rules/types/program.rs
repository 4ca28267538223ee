//! Programmes and their sessions.

use crate::rules::precedents::{CodeList, FundingReport};
use crate::rules::state::SessionStep;
use crate::rules::state::{FactsInForce, Put, id};
use jejak_events::fault::Refusal;
use jejak_events::identity::{ProgramId, SessionId, Subject};
use jejak_events::types::program::{
    ProgramClosed, ProgramOpened, SessionCancelled, SessionDay, SessionRescheduled, SessionScheduled,
    SpendingReported, Unit,
};
use jejak_events::values::{Count, Date, SetOf};
use jejak_projections::views::TargetScope;

use super::target::SaidTarget;
use super::{Judgement, known_person, known_program, open_program, said_twice, spent_by_then, too_early};
use crate::rules::state::{ProgramOpening, Session, State};
use crate::rules::timeline::Moment;

pub(super) fn opened(state: &State, at: Moment, id: ProgramId, data: &ProgramOpened) -> Judgement {
    targets(at, data)?;
    if let Some(opened) = state.programs.get(&id).and_then(|program| program.opened.as_ref()) {
        let index = opened.moment.index;
        refuse!(
            "opened_once",
            "subject",
            "program {id} sudah dibuka pada indeks {index}; koreksi peristiwa itu",
            "programme {id} was already opened at index {index}; correct that event"
        );
    }
    // Reached by a correction of the opening, whose enrolments are in force already.
    let (unit, quota) = (data.unit, data.quota.map(Count::get));
    let taken = state.taken(id).map_or(0, |taken| places(unit, taken.ikms, taken.persons.len()));
    if let Some(quota) = quota
        && taken > u64::from(quota)
    {
        refuse!(
            "quota_below_enrolled",
            "data.quota",
            "kuota {quota} lebih kecil daripada {taken} tempat yang sudah terisi; tarik pendaftarannya dahulu",
            "the quota of {quota} is below the {taken} already enrolled; retract enrolments first"
        );
    }
    Ok(())
}

/// Asks that each target can be told reached or missed.
fn targets(at: Moment, data: &ProgramOpened) -> Judgement {
    let targets = || data.targets.iter().flat_map(|set| set.iter());
    for target in targets() {
        let said = SaidTarget {
            figure: target.figure.as_ref(),
            text: target.text.as_ref(),
            baseline: target.baseline,
            due: target.due,
        };
        said.judge(at, TargetScope::Program, "data.targets")?;
    }
    if let Some(figure) = said_twice(targets().filter_map(|target| target.figure.as_ref())) {
        refuse!(
            "target_twice",
            "data.targets",
            "target {figure} tercantum dua kali; sebutkan satu angka saja",
            "the target {figure} is listed twice; give one number for it"
        );
    }
    Ok(())
}

pub(super) fn closed(state: &State, at: Moment, program: ProgramId) -> Judgement {
    known_program(state, at, program, "subject")?;
    if let Some((first, ())) = state.programs.get(&program).and_then(|program| program.closed.steps().next())
    {
        let index = first.index;
        refuse!(
            "closed_once",
            "subject",
            "program {program} sudah ditutup pada indeks {index}; koreksi peristiwa itu",
            "programme {program} was already closed at index {index}; correct that event"
        );
    }
    Ok(())
}

pub(super) fn spending_reported(
    state: &State,
    at: Moment,
    program: ProgramId,
    data: &SpendingReported,
) -> Judgement {
    known_program(state, at, program, "subject")?;
    spent_by_then(at, data.stage, data.fiscal_year)
}

pub(super) fn places(unit: Unit, ikms: u64, persons: usize) -> u64 {
    match unit {
        Unit::Ikm => ikms,
        Unit::Person => persons as u64,
    }
}

pub(super) fn session_scheduled(
    state: &State,
    at: Moment,
    program: ProgramId,
    data: &SessionScheduled,
) -> Judgement {
    open_program(state, at, program, "subject")?;
    let session = data.session;
    if let Some(first) = state.session(session) {
        let index = first.scheduled.index;
        refuse!(
            "scheduled_once",
            "data.session",
            "sesi {session} sudah dijadwalkan pada indeks {index}; koreksi peristiwa itu",
            "session {session} is already scheduled at index {index}; correct that event"
        );
    }
    judge_days(&data.days)?;
    data.instructors
        .iter()
        .flat_map(|set| set.iter())
        .try_for_each(|person| known_person(state, at, *person, "data.instructors"))
}

pub(super) fn session_rescheduled(
    state: &State,
    at: Moment,
    program: ProgramId,
    data: &SessionRescheduled,
) -> Judgement {
    // A session that is called off later may well have got other days before.
    not_cancelled(state, at, program, data.session, |cancelled| cancelled < at)?;
    judge_days(&data.days)
}

pub(super) fn session_cancelled(
    state: &State,
    at: Moment,
    program: ProgramId,
    data: &SessionCancelled,
) -> Judgement {
    // Called off for good: also where the other cancellation is of a later day.
    not_cancelled(state, at, program, data.session, |_| true)
}

/// Asks that a session of this programme was scheduled by then and not cancelled in a way that stands
/// against the event.
fn not_cancelled(
    state: &State,
    at: Moment,
    program: ProgramId,
    session: SessionId,
    stands_against: impl Fn(Moment) -> bool,
) -> Judgement {
    let found = session_of(state, at, program, session)?;
    if let Some(cancelled) = found.cancelled.filter(|cancelled| stands_against(*cancelled)) {
        let index = cancelled.index;
        refuse!(
            "session_cancelled",
            "data.session",
            "sesi {session} sudah dibatalkan pada indeks {index}; jadwalkan sesi baru",
            "session {session} was cancelled at index {index}; schedule a new session"
        );
    }
    Ok(())
}

/// The session of a programme, scheduled by then.
pub(super) fn session_of(
    state: &State,
    at: Moment,
    program: ProgramId,
    session: SessionId,
) -> Result<Session<'_>, Refusal> {
    match state.session(session) {
        Some(found) if found.program != program => refuse!(
            "other_program",
            "data.session",
            "sesi {session} bukan bagian program {program}",
            "session {session} does not belong to programme {program}"
        ),
        Some(found) if found.scheduled > at => Err(too_early(
            "session_not_scheduled",
            &format!("sesi {session} baru dijadwalkan"),
            &format!("session {session} was scheduled"),
            found.scheduled,
            at,
        )),
        Some(found) => Ok(found),
        None => refuse!(
            "unknown_session",
            "data.session",
            "sesi {session} belum dijadwalkan; catat program.session_scheduled dahulu",
            "session {session} is not scheduled; record program.session_scheduled first"
        ),
    }
}

fn judge_days(days: &SetOf<SessionDay>) -> Judgement {
    if let Some(date) = said_twice(days.iter().map(|day| &day.date)) {
        refuse!(
            "day_twice",
            "data.days",
            "hari {date} tercantum dua kali; gabungkan menitnya",
            "the day {date} is listed twice; add up its minutes"
        );
    }
    for day in days.iter() {
        let (date, minutes) = (day.date, day.minutes());
        if !(1..=1440).contains(&minutes) {
            refuse!(
                "minutes_of_a_day",
                "data.days",
                "menit pada {date} berjumlah {minutes}; seharusnya 1 sampai 1440",
                "the minutes of {date} add up to {minutes}; they must be 1 to 1440"
            );
        }
    }
    Ok(())
}

impl FactsInForce for ProgramOpened {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let opened =
            ProgramOpening { moment: put.moment, unit: self.unit, quota: self.quota.map(Count::get) };
        state.programs.entry(id(stream)?).or_default().opened = put.add.then_some(opened);
        state.precedents.count(CodeList::Themes, &self.theme, put.add);
        Some(())
    }
}

impl FactsInForce for ProgramClosed {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        state.programs.entry(id(stream)?).or_default().closed.put(put.moment, (), put.add);
        Some(())
    }
}

fn minutes_by_day(days: &SetOf<SessionDay>) -> Vec<(Date, u32)> {
    days.iter().map(|day| (day.date, day.minutes())).collect()
}

impl FactsInForce for SessionScheduled {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let (program, days) = (id(stream)?, minutes_by_day(&self.days));
        let scheduled = SessionStep::Scheduled { program, group: self.group.clone(), days };
        put.step(&mut state.sessions, self.session, scheduled);
        state.precedents.put_session(put, program, self.session);
        Some(())
    }
}

impl FactsInForce for SessionRescheduled {
    fn put(&self, state: &mut State, put: Put, _: Subject) -> Option<()> {
        let moved = SessionStep::Rescheduled { days: minutes_by_day(&self.days) };
        put.step(&mut state.sessions, self.session, moved);
        Some(())
    }
}

impl FactsInForce for SessionCancelled {
    fn put(&self, state: &mut State, put: Put, _: Subject) -> Option<()> {
        put.step(&mut state.sessions, self.session, SessionStep::Cancelled);
        Some(())
    }
}

/// As [`FundingReport`].
pub(in crate::rules) fn spending(stream: Subject, data: &SpendingReported) -> FundingReport {
    (stream, data.stage, data.source.clone(), data.fiscal_year, Some(data.amount))
}

impl FactsInForce for SpendingReported {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        state.precedents.funding.put(spending(stream, self), put.moment.index, put.add);
        Some(())
    }
}
