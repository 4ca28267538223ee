//! Those who completed a programme and count for their IKM, and what an IKM completed first.
//!
//! This module must never count: views do.

use std::hash::Hash;

use jejak_events::values::Date;
use uuid::Uuid;

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

    /// What came first; ties by programme, enrolment and person, so that it does not depend on any order.
    fn rank(&self, scope: &Scope<'_>) -> (Date, Option<Uuid>, u64, Option<Uuid>) {
        let Enrolment { program, person, .. } = self.attendee.enrolment.fact;
        let uuid = |id| scope.facts.uuid(id);
        (self.completion.on, uuid(program), scope.index(self.attendee.enrolment), uuid(person))
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

/// Of each IKM under each key what it completed first.
pub(super) fn first_by<'c, 'r, 'a, 's, K: Eq + Hash>(
    scope: &Scope<'_>,
    completed: &'c [Completed<'r, 'a, 's>],
    key: impl Fn(&Completed<'r, 'a, 's>) -> K,
) -> Vec<&'c Completed<'r, 'a, 's>> {
    let mut first: NumberMap<(Survivor, K), &Completed<'r, 'a, 's>> = NumberMap::default();
    for one in completed {
        let kept = first.entry((one.attendee.ikm, key(one))).or_insert(one);
        if one.rank(scope) < kept.rank(scope) {
            *kept = one;
        }
    }
    first.into_values().collect()
}
