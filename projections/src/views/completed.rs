//! Those who completed a programme and count for their IKM, and what an IKM completed first.
//!
//! This module must never count: views do.

use std::hash::Hash;

use super::aliases::Survivor;
use super::roster::{Attendee, Completion, Presence, Roster};
use super::scope::{NumberMap, Scope};
use super::trained::trace;
use crate::facts::{Enrolment, Id};

/// An attendee that completed.
pub(super) struct Completed<'r, 'a, 's> {
    pub(super) attendee: &'r Attendee<'a>,
    pub(super) completion: Completion<'s>,
    presences: &'r [Presence<'a>],
}

impl Completed<'_, '_, '_> {
    pub(super) fn program(&self) -> Id {
        self.attendee.enrolment.fact.program
    }

    /// Adds the events by which it completed.
    pub(super) fn trace(&self, scope: &Scope<'_>, events: &mut Vec<u64>) {
        trace(scope, self.attendee, &self.completion, self.presences, events);
    }

    /// Whether it came before another; ties by programme, enrolment and person, so that it does not depend on any
    /// order.
    fn came_before(&self, other: &Self, scope: &Scope<'_>) -> bool {
        let ties = |one: &Self| {
            let Enrolment { program, person, .. } = one.attendee.enrolment.fact;
            let uuid = |id| scope.facts.uuid(id);
            (uuid(program), scope.index(one.attendee.enrolment), uuid(person))
        };
        let days = self.completion.on.cmp(&other.completion.on);
        days.then_with(|| ties(self).cmp(&ties(other))).is_lt()
    }
}

/// Whoever completed, of those whose completing makes the IKM one that completed.
pub(super) fn completed<'r, 'a, 's>(roster: &'r Roster<'a, 's>) -> Vec<Completed<'r, 'a, 's>> {
    let of_ikms = roster.attendees().filter(|(attendee, _)| attendee.counts_for_ikm());
    of_ikms
        .filter_map(|(attendee, presences)| {
            let completion = roster.completion(attendee, presences)?;
            Some(Completed { attendee, completion, presences })
        })
        .collect()
}

/// Of each IKM under each key the place of what it completed first.
pub(super) fn first_by<'r, 'a, 's, K: Eq + Hash>(
    scope: &Scope<'_>,
    completed: &[Completed<'r, 'a, 's>],
    key: impl Fn(&Completed<'r, 'a, 's>) -> K,
) -> Vec<usize> {
    let mut first: NumberMap<(Survivor, K), usize> = NumberMap::default();
    for (place, one) in completed.iter().enumerate() {
        let kept = first.entry((one.attendee.ikm, key(one))).or_insert(place);
        if one.came_before(&completed[*kept], scope) {
            *kept = place;
        }
    }
    first.into_values().collect()
}
