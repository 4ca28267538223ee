//! The session days of the groups of programmes: as they stand on the day asked for, and as they stood on the
//! days on which a group's programme could be judged.

use jejak_events::values::Date;

use super::calendar::{SessionLife, lives};
use super::scope::{NumberMap, Scope};
use crate::facts::{CodeId, Id};

/// One day of one session.
pub(super) type Pair = (Id, Date);

/// Minutes scheduled on a session day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DayMinutes {
    pub(super) theory: u32,
    pub(super) practice: u32,
}

impl DayMinutes {
    pub(super) fn all(self) -> u32 {
        self.theory + self.practice
    }
}

/// Closing days that follow each other, on which the same session days stood and all of them were past.
pub(super) struct Closing {
    /// The first of them.
    pub(super) first: Date,
    /// The last of them, no later than the day asked for.
    pub(super) last: Date,
    /// Minutes scheduled at each slot; none where the session day was not on the calendar.
    pub(super) minutes: Vec<Option<u32>>,
    /// All of them.
    pub(super) total: u64,
    /// The events that put these session days on the calendar.
    pub(super) events: Vec<u64>,
}

/// The session days that concern one group of one programme.
pub(super) struct GroupSchedule {
    /// All that ever stood, sorted: what attendance is held against.
    pub(super) slots: Vec<Pair>,
    /// Earliest first.
    pub(super) closings: Vec<Closing>,
    /// The slots that stand on the day asked for, ascending by place, with what is scheduled.
    pub(super) standing: Vec<(usize, DayMinutes)>,
    /// The events that put those on the calendar.
    events: Vec<u64>,
}

/// The session days of a version of a calendar, with their minutes, and its events.
struct Version {
    days: Vec<(Pair, DayMinutes)>,
    events: Vec<u64>,
}

impl Version {
    fn on(scope: &Scope<'_>, lives: &[&SessionLife<'_>], day: Date) -> Self {
        let (mut days, mut events) = (Vec::new(), Vec::new());
        for life in lives {
            let Some(rows) = life.on(day) else { continue };
            let session = life.session.fact.session;
            scope.trace(life.session, &mut events);
            // All days come from one event.
            rows.iter().take(1).for_each(|row| scope.trace(row, &mut events));
            days.extend(rows.iter().map(|row| {
                let (theory, practice) = (row.fact.theory_minutes.get(), row.fact.practice_minutes.get());
                let minutes = DayMinutes { theory: theory.into(), practice: practice.into() };
                ((session, row.fact.date), minutes)
            }));
        }
        days.sort_unstable_by_key(|(pair, minutes)| {
            (*pair, std::cmp::Reverse((minutes.all(), minutes.theory)))
        });
        days.dedup_by_key(|(pair, _)| *pair);
        Self { days, events }
    }

    fn last(&self) -> Option<Date> {
        self.days.iter().map(|((_, date), _)| *date).max()
    }
}

impl GroupSchedule {
    fn new(scope: &Scope<'_>, lives: &[&SessionLife<'_>]) -> Self {
        let on = scope.question.on;
        let mut changes: Vec<Date> = lives.iter().flat_map(|life| life.changes()).collect();
        changes.sort_unstable();
        changes.dedup();
        let versions: Vec<Version> = changes.iter().map(|day| Version::on(scope, lives, *day)).collect();
        let mut slots: Vec<Pair> =
            versions.iter().flat_map(|version| &version.days).map(|(pair, _)| *pair).collect();
        slots.sort_unstable();
        slots.dedup();
        let place = |pair: &Pair| slots.binary_search(pair).ok();
        let mut closings = Vec::new();
        for (at, version) in versions.iter().enumerate() {
            let Some(last_day) = version.last() else { continue };
            // A version stands up to the day before the next one.
            let until = changes.get(at + 1).and_then(|next| Date::from_day_number(next.day_number() - 1));
            let (first, last) = (changes[at].max(last_day), until.unwrap_or(on));
            if first > last {
                continue;
            }
            let mut minutes = vec![None; slots.len()];
            for (pair, scheduled) in &version.days {
                place(pair).into_iter().for_each(|slot| minutes[slot] = Some(scheduled.all()));
            }
            let total = version.days.iter().map(|(_, scheduled)| u64::from(scheduled.all())).sum();
            closings.push(Closing { first, last, minutes, total, events: version.events.clone() });
        }
        let (standing, events) = versions.into_iter().next_back().map_or_else(Default::default, |version| {
            let standing = |(pair, minutes): &(Pair, DayMinutes)| Some((place(pair)?, *minutes));
            (version.days.iter().filter_map(standing).collect(), version.events)
        });
        Self { slots, closings, standing, events }
    }

    /// The events that put the session days that stand on the calendar.
    pub(super) fn events(&self) -> &[u64] {
        &self.events
    }

    /// First and last of the session days that stand.
    pub(super) fn days(&self) -> Option<(Date, Date)> {
        let dates = || self.standing.iter().map(|(slot, _)| self.slots[*slot].1);
        Some((dates().min()?, dates().max()?))
    }
}

/// The schedules of all groups of programmes.
pub(super) struct Schedules {
    all: Vec<GroupSchedule>,
    /// By programme: the schedule of those in no group, or in one without sessions of its own.
    common: NumberMap<Id, usize>,
    /// By programme and group: its own sessions and those for all.
    grouped: NumberMap<(Id, CodeId), usize>,
}

impl Schedules {
    /// Of the programmes that the question is about, and of them of those in which anything happened in its period: for
    /// views to which the time before its first day says nothing.
    pub(super) fn asked(scope: &Scope<'_>) -> Self {
        Self::of_programs(scope, |program| scope.wants_program(program) && scope.stirs(program))
    }

    /// Of all programmes.
    pub(super) fn new(scope: &Scope<'_>) -> Self {
        Self::of_programs(scope, |_| true)
    }

    fn of_programs(scope: &Scope<'_>, wants: impl Fn(Id) -> bool) -> Self {
        let lives = lives(scope);
        let mut sessions: Vec<&SessionLife<'_>> =
            lives.iter().filter(|life| wants(life.session.fact.program)).collect();
        sessions.sort_unstable_by_key(|life| {
            let session = &life.session.fact;
            (session.program, session.group, life.session.position)
        });
        let mut schedules =
            Self { all: Vec::new(), common: NumberMap::default(), grouped: NumberMap::default() };
        for of_program in
            sessions.chunk_by(|left, right| left.session.fact.program == right.session.fact.program)
        {
            let program = of_program[0].session.fact.program;
            // Sessions without a group sort first: none is 0.
            let shared = of_program.partition_point(|life| life.session.fact.group == CodeId::NONE);
            let (shared, own) = of_program.split_at(shared);
            if !shared.is_empty() {
                schedules.common.insert(program, schedules.all.len());
                schedules.all.push(GroupSchedule::new(scope, shared));
            }
            for of_group in own.chunk_by(|left, right| left.session.fact.group == right.session.fact.group) {
                schedules.grouped.insert((program, of_group[0].session.fact.group), schedules.all.len());
                schedules.all.push(GroupSchedule::new(scope, &[shared, of_group].concat()));
            }
        }
        schedules
    }

    /// The schedule at a place.
    pub(super) fn at(&self, place: usize) -> &GroupSchedule {
        &self.all[place]
    }

    /// First and last of the session days that concern a group; `None` when nothing is scheduled for it.
    pub(super) fn days(&self, program: Id, group: CodeId) -> Option<(Date, Date)> {
        self.all[self.of(program, group)?].days()
    }

    /// The events that put the session days of a group on the calendar.
    pub(super) fn events(&self, program: Id, group: CodeId) -> &[u64] {
        self.of(program, group).map_or(&[], |schedule| self.all[schedule].events())
    }

    /// Place of the schedule that concerns a group; `None` when nothing was ever scheduled for it.
    pub(super) fn of(&self, program: Id, group: CodeId) -> Option<usize> {
        self.grouped.get(&(program, group)).or_else(|| self.common.get(&program)).copied()
    }
}
