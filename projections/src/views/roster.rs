//! Who of each programme was present when, and who completed it.
//!
//! An attendee is a person whom an enrolment names, or the delegation of an IKM. The delegation counts in
//! programmes of unit IKM, persons wherever they are named or take part in their own name. This module must never count: views do.

use jejak_events::types::program::Unit;
use jejak_events::values::{Date, Minutes};

use super::aliases::Survivor;
use super::attended::{Attended, Place, PresentRow};
use super::places::Left;
use super::schedules::{Closing, DayMinutes, GroupSchedule, Schedules};
use super::scope::Scope;
use crate::facts::{Attendance, Enrolment, Id, Row};

/// Somebody who may complete a programme, by one enrolment.
pub(super) struct Attendee<'a> {
    pub(super) enrolment: &'a Row<Enrolment>,
    /// The IKM.
    pub(super) ikm: Survivor,
    /// The person, or none for the delegation.
    pub(super) person: Option<Survivor>,
    /// The last day of the place; `None` while it stands.
    pub(super) left: Option<Date>,
    /// Place of its schedule.
    schedule: usize,
    unit: Unit,
    percent: u8,
}

/// One row that says that an attendee was present.
#[derive(Clone, Copy)]
pub(super) struct Presence<'a> {
    /// Place of the session day among the slots of the schedule.
    pub(super) slot: usize,
    pub(super) row: &'a Row<Attendance>,
}

/// A session day that is past and was due for an attendee while it had its place.
pub(super) struct DueDay {
    /// What was scheduled.
    pub(super) scheduled: DayMinutes,
    /// The minutes that it was there, of several of a delegation the longest; none where it did not come.
    pub(super) attended: Option<u32>,
}

/// The due days of one attendee; kept from one to the next, so that none takes memory of its own.
#[derive(Default)]
pub(super) struct DueDays {
    pub(super) days: Vec<DueDay>,
    /// By slot: one more than the place among the days; 0 for none.
    places: Vec<usize>,
}

impl DueDays {
    fn place(&self, slot: usize) -> Option<usize> {
        self.places.get(slot)?.checked_sub(1)
    }

    /// The days, each with its slot.
    pub(super) fn of_slots(&self) -> impl Iterator<Item = (usize, &DueDay)> {
        let days = self.places.iter().enumerate();
        days.filter_map(|(slot, place)| Some((slot, self.days.get(place.checked_sub(1)?)?)))
    }

    /// Whether a presence is on one of the days.
    pub(super) fn counts(&self, presence: &Presence<'_>) -> bool {
        self.place(presence.slot).is_some()
    }
}

/// That an attendee completed.
pub(super) struct Completion<'s> {
    /// The first day on which it had.
    pub(super) on: Date,
    /// What it was judged by.
    pub(super) closing: &'s Closing,
}

/// Programme, IKM, and person or none for the delegation.
pub(super) type AttendeeKey = (Id, Survivor, Option<Survivor>);

impl Attendee<'_> {
    pub(super) fn key(&self) -> AttendeeKey {
        (self.enrolment.fact.program, self.ikm, self.person)
    }

    /// What attendees of one IKM in one programme share; a person in their own name shares it with nobody.
    pub(super) fn place(&self) -> Place {
        Place::of(self.enrolment.fact.program, self.ikm, self.person)
    }

    /// Whether its completing makes the IKM one that completed. Who takes part in their own name has none.
    pub(super) fn counts_for_ikm(&self) -> bool {
        self.ikm.0.is_some() && self.is_counted()
    }

    /// Whether its days are due: in programmes of unit IKM those of the delegation, not of each person of it.
    fn is_counted(&self) -> bool {
        self.unit == Unit::Person || self.person.is_none()
    }
}

/// The attendees of the programmes that the question is about, with what they attended.
pub(super) struct Roster<'a, 's> {
    schedules: &'s Schedules,
    attendees: Vec<Attendee<'a>>,
    presences: Vec<Presence<'a>>,
    /// Where the presences of each attendee end.
    ends: Vec<usize>,
}

impl<'a, 's> Roster<'a, 's> {
    /// `wants` says whom it is about.
    pub(super) fn new(scope: &Scope<'a>, schedules: &'s Schedules, wants: impl Fn(Place) -> bool) -> Self {
        let attendees = attendees(scope, schedules, &wants);
        if attendees.is_empty() {
            // Where there is nobody to look for, going through the attendances would only cost time.
            return Self { schedules, attendees, presences: Vec::new(), ends: Vec::new() };
        }
        Self::of(schedules, attendees, &Attended::new(scope, wants))
    }

    /// As [`Roster::new`], for a view that looks at the attendance lists itself: those that `wants` is about.
    pub(super) fn among(
        scope: &Scope<'a>,
        schedules: &'s Schedules,
        attended: &Attended<'a>,
        wants: impl Fn(Place) -> bool,
    ) -> Self {
        Self::of(schedules, attendees(scope, schedules, wants), attended)
    }

    /// Both are in the order of programme and IKM: one walk finds what each attended.
    fn of(schedules: &'s Schedules, attendees: Vec<Attendee<'a>>, attended: &Attended<'a>) -> Self {
        let (mut presences, mut ends) = (Vec::new(), Vec::with_capacity(attendees.len()));
        let mut places = attended.places().peekable();
        for of_place in attendees.chunk_by(|left, right| left.place() == right.place()) {
            let place = of_place[0].place();
            while places.next_if(|rows| rows[0].place() < place).is_some() {}
            let rows = places.next_if(|rows| rows[0].place() == place).unwrap_or_default();
            for attendee in of_place {
                let slots = &schedules.at(attendee.schedule).slots;
                // Anyone of it makes the delegation present.
                let is_of =
                    |one: &&PresentRow<'_>| attendee.person.is_none() || one.person() == attendee.person;
                presences.extend(rows.iter().filter(is_of).filter_map(|PresentRow { row, .. }| {
                    let slot = slots.binary_search(&(row.fact.session, row.fact.date)).ok()?;
                    Some(Presence { slot, row })
                }));
                ends.push(presences.len());
            }
        }
        Self { schedules, attendees, presences, ends }
    }

    /// The attendees, each with what it attended, by day.
    pub(super) fn attendees(&self) -> impl Iterator<Item = (&Attendee<'a>, &[Presence<'a>])> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(self.ends.iter().copied());
        self.attendees
            .iter()
            .zip(ranges)
            .map(|(attendee, (start, end))| (attendee, &self.presences[start..end]))
    }

    /// The session days that concern an attendee.
    pub(super) fn schedule(&self, attendee: &Attendee<'_>) -> &'s GroupSchedule {
        self.schedules.at(attendee.schedule)
    }

    /// Finds the session days that were due for an attendee while it had its place, in the period asked for, with
    /// what it attended of them. In programmes of unit IKM the delegation is due, not each person of it.
    pub(super) fn due(
        &self,
        scope: &Scope<'_>,
        attendee: &Attendee<'_>,
        presences: &[Presence<'_>],
        due: &mut DueDays,
    ) {
        due.days.clear();
        due.places.clear();
        if !attendee.is_counted() {
            return;
        }
        let schedule = self.schedule(attendee);
        due.places.resize(schedule.slots.len(), 0);
        let on = scope.question.on;
        let until = attendee.left.map_or(on, |left| left.min(on));
        for (slot, scheduled) in &schedule.standing {
            let day = schedule.slots[*slot].1;
            if attendee.enrolment.day <= day && day <= until && scope.since(day) {
                due.days.push(DueDay { scheduled: *scheduled, attended: None });
                due.places[*slot] = due.days.len();
            }
        }
        for Presence { slot, row } in presences {
            let Some(place) = due.place(*slot) else { continue };
            let DueDay { scheduled, attended } = &mut due.days[place];
            let said = |minutes: Minutes| u32::from(minutes.get()).min(scheduled.all());
            *attended = (*attended).max(Some(row.fact.minutes.map_or(scheduled.all(), said)));
        }
    }

    /// Whether an attendee completed, on any closing day of its group: it had its place by then, and was
    /// present for enough of the minutes that were scheduled.
    pub(super) fn completion(
        &self,
        attendee: &Attendee<'_>,
        presences: &[Presence<'_>],
    ) -> Option<Completion<'s>> {
        if presences.is_empty() {
            return None;
        }
        let placed = attendee.enrolment.day;
        let schedule = self.schedule(attendee);
        let mut attended = Vec::new();
        for closing in schedule.closings.iter().filter(|closing| closing.last >= placed) {
            attended.clear();
            attended.resize(schedule.slots.len(), 0);
            let mut minutes = 0u64;
            for Presence { slot, row } in presences.iter().filter(|one| one.row.day <= closing.last) {
                let Some(of_day) = closing.minutes[*slot] else { continue };
                let said = |minutes: Minutes| u32::from(minutes.get()).min(of_day);
                let present = row.fact.minutes.map_or(of_day, said);
                // Of several of a delegation the longest.
                minutes += u64::from(present.saturating_sub(attended[*slot]));
                attended[*slot] = present.max(attended[*slot]);
                if minutes * 100 >= u64::from(attendee.percent) * closing.total {
                    return Some(Completion { on: closing.first.max(row.day).max(placed), closing });
                }
            }
        }
        None
    }
}

/// Everybody who has or had a place, those of one key together.
fn attendees<'a>(
    scope: &Scope<'a>,
    schedules: &Schedules,
    wants: impl Fn(Place) -> bool,
) -> Vec<Attendee<'a>> {
    let left = Left::new(scope);
    let mut attendees = Vec::new();
    for row in scope.rows(&scope.facts.tables.enrolments) {
        let Enrolment { ikm, program, group, person } = row.fact;
        // Without the opening of the programme neither unit nor percentage are known.
        let Some(opening) = scope.program(program) else { continue };
        let ikm = scope.surviving_ikm(ikm);
        let named = person.is_some().then(|| scope.surviving_person(person));
        if !wants(Place::of(program, ikm, named)) {
            continue;
        }
        let Some(schedule) = schedules.of(program, group) else { continue };
        let (unit, percent) = (opening.fact.unit, opening.fact.completion_percent);
        let left = left.of_place(scope, row).map(|gone| gone.day);
        let attendee = |person| Attendee { enrolment: row, ikm, person, left, schedule, unit, percent };
        if unit == Unit::Ikm && ikm.0.is_some() {
            attendees.push(attendee(None));
        }
        if named.is_some() {
            attendees.push(attendee(named));
        }
    }
    // Two persons of one enrolment that were merged are one; which of the two rows stands for it must not depend
    // on how identifiers are numbered.
    let rank = |attendee: &Attendee<'_>| (attendee.key(), attendee.schedule, scope.order(attendee.enrolment));
    let named = |attendee: &Attendee<'_>| scope.facts.uuid(attendee.enrolment.fact.person);
    attendees.sort_unstable_by(|one, other| {
        rank(one).cmp(&rank(other)).then_with(|| named(one).cmp(&named(other)))
    });
    // An enrolment of unit IKM has a row for each person, but one delegation, which stays while anybody does.
    attendees.dedup_by(|next, kept| {
        let same = next.key() == kept.key()
            && next.schedule == kept.schedule
            && next.enrolment.position == kept.enrolment.position;
        if same {
            kept.left = kept.left.zip(next.left).map(|(one, other)| one.max(other));
        }
        same
    });
    attendees
}
