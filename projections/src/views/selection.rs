//! Which programmes a claim is about, and how far an office has declared their recording complete.
//!
//! Nothing here counts: the figures are those of the views.

use jejak_events::area::AreaCode;
use jejak_events::identity::ProgramId;
use jejak_events::values::{Code, Date};

use super::calendar::{CalendarEntry, calendar};
use super::scope::{NumberMap, Scope};
use crate::facts::{Facts, Id};
use crate::question::Question;

/// A programme that was selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selected {
    /// The programme.
    pub(crate) program: ProgramId,
    /// Its area.
    pub(crate) area: AreaCode,
    /// Its theme.
    pub(crate) theme: Option<Code>,
    /// The events that made it fit, ascending: its opening and, where a period was asked for, the
    /// sessions in it.
    pub(crate) events: Vec<u64>,
}

/// The programmes of the question's area, theme, money and programme that are open or over on its day;
/// with a first or last day only those with a session day between them, both included. By identifier.
/// The area is that of the programme. The question's own `from` and `scale` are not looked at.
pub(crate) fn select_programs(
    facts: &Facts,
    question: &Question,
    (from, to): (Option<Date>, Option<Date>),
) -> Vec<Selected> {
    let scope = Scope::new(facts, question);
    let calendar = if from.or(to).is_some() { calendar(&scope) } else { Vec::new() };
    let in_period = |day: Date| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
    let mut sessions: NumberMap<Id, Vec<&CalendarEntry<'_>>> = NumberMap::default();
    for entry in &calendar {
        sessions.entry(entry.session.fact.program).or_default().push(entry);
    }
    let mut selected: Vec<Selected> = Vec::new();
    for row in scope.programs() {
        if !scope.wants_area(Some(row.fact.area)) || !scope.wants_program(row.fact.program) {
            continue;
        }
        let mut events = Vec::new();
        let own = sessions.get(&row.fact.program).into_iter().flatten();
        for entry in own.filter(|entry| entry.days.iter().any(|day| in_period(day.fact.date))) {
            entry.trace(&scope, &mut events);
        }
        if from.or(to).is_some() && events.is_empty() {
            continue;
        }
        scope.trace(row, &mut events);
        events.sort_unstable();
        events.dedup();
        let Some(program) = facts.uuid(row.fact.program).and_then(ProgramId::new) else { continue };
        let theme = facts.code(row.fact.theme).cloned();
        selected.push(Selected { program, area: row.fact.area, theme, events });
    }
    selected.sort_unstable_by_key(|one| one.program.uuid());
    selected
}

/// How far the recording of a programme was declared complete, by what the declaration names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Completeness {
    /// Through this day for the programme itself.
    pub(crate) program: Option<Date>,
    /// Through this day for its whole theme in its area.
    pub(crate) theme: Option<Date>,
}

/// How far an office has declared, by the day of the question and as known at its log size, that the
/// recording of a programme is complete: the declarations that `declared_complete` counts. One for a
/// province reaches its kabupaten and kota.
pub(crate) fn completeness(facts: &Facts, question: &Question, of: &Selected) -> Completeness {
    let scope = Scope::new(facts, question);
    let program = facts.id(of.program.uuid());
    let theme = of.theme.as_ref().and_then(|theme| facts.code_id(theme));
    let mut reached = Completeness::default();
    for row in scope.rows(&facts.tables.coverages).filter(|row| of.area.is_within(row.fact.area)) {
        let through = Some(row.fact.through);
        if row.fact.program.is_some() {
            if Some(row.fact.program) == program {
                reached.program = reached.program.max(through);
            }
        } else if Some(row.fact.theme) == theme {
            reached.theme = reached.theme.max(through);
        }
    }
    reached
}
