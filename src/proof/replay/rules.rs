//! The rules, applied once more: what was recorded must be allowed again.
//!
//! Which events were one atomic batch is not recorded, but all of a commit bears one recorded time. So events
//! of one recorded time are judged as if they had been one batch: each at its own index, and what rests on a
//! changed event at the end of them. A log that the rules allowed passes; one where an event breaks another and
//! nothing of the same moment mends it does not.

use std::collections::BTreeSet;
use std::sync::Arc;

use jejak_events::identity::Subject;
use jejak_events::proposal::SealedValues;
use jejak_events::record::{Draft, Event};
use jejak_events::time::RecordedTime;
use jejak_events::types::Role;
use jejak_projections::facts::Facts;

use super::Check;
use crate::rules::admitted::Admitted;
use crate::rules::machine::{Denied, Dependents, History, StateMachine};
use crate::rules::reached::Reached;
use crate::rules::release::recount::{LogBelow, Releases};
use crate::rules::release::told::Released;

/// What is known of the log so far, and what the rules said.
#[derive(Debug)]
pub struct Rules {
    check: Check,
    machine: StateMachine,
    /// Recorded time of the events last taken in.
    moment: Option<RecordedTime>,
    /// Streams to be judged again at the end of that moment.
    touched: BTreeSet<Subject>,
    /// What was released before that moment.
    releases: Releases,
    /// The releases of that moment, with their indexes, to be counted again at its end.
    released: Vec<(u64, Draft)>,
    /// Every release that was judged and allowed.
    told: Vec<Released>,
    /// Nothing after an event that cannot be taken in can be judged.
    ended: bool,
}

impl Default for Rules {
    fn default() -> Self {
        let check = Check::new("rules", "peristiwa", "events");
        Self {
            check,
            machine: StateMachine::new(),
            moment: None,
            touched: BTreeSet::new(),
            releases: Releases::default(),
            released: Vec::new(),
            told: Vec::new(),
            ended: false,
        }
    }
}

impl Rules {
    /// Every release that was allowed, in order.
    pub fn take_releases(&mut self) -> Vec<Released> {
        std::mem::take(&mut self.told)
    }

    /// Whether nothing more can be judged.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Judges the next event and takes it in. `sealed` are its sealed values, as far as they are at hand:
    /// without them, what rests on them is not judged. `facts` are those of the events before it at least. `None` when
    /// the rules say no, or said so before.
    pub fn take(
        &mut self,
        index: u64,
        event: Event,
        sealed: &SealedValues,
        (history, facts): (&dyn History, &Facts),
    ) -> Option<Admitted> {
        if self.moment != Some(event.recorded) {
            self.end_moment(index, history, facts);
            self.moment = Some(event.recorded);
        }
        if self.ended {
            return None;
        }
        self.check.checked += 1;
        match self.judge(event, sealed, history) {
            Ok(admitted) => {
                if admitted.event.draft.data.role() == Role::Releases {
                    self.released.push((index, admitted.event.draft.clone()));
                }
                Some(admitted)
            }
            Err(denied) => {
                self.deny(index, denied);
                None
            }
        }
    }

    fn judge(
        &mut self,
        event: Event,
        sealed: &SealedValues,
        history: &dyn History,
    ) -> Result<Admitted, Denied> {
        // Event 0 makes the rules.
        if self.machine.size() == 0 {
            return self.machine.absorb(event, history);
        }
        if let Some(first) = self.machine.index_of(event.draft.id, history).map_err(Denied::Unreadable)? {
            return Err(Denied::Refused(jejak_events::fault::Refusal::new(
                "id_taken",
                format!("id peristiwa ini sudah dipakai pada indeks {first}"),
                format!("the id of this event is that of event {first}"),
            )));
        }
        self.machine.admit(event, sealed, history, Dependents::Later(&mut self.touched))
    }

    /// Judges again what rests on the events of the last moment, and what was released in it; `next` is the index
    /// after them.
    fn end_moment(&mut self, next: u64, history: &dyn History, facts: &Facts) {
        let touched = std::mem::take(&mut self.touched);
        let released = std::mem::take(&mut self.released);
        if self.ended {
            return;
        }
        if let Some((first, _)) = released.first() {
            let events: Vec<(u64, &Draft)> = released.iter().map(|(index, draft)| (*index, draft)).collect();
            let ground = LogBelow { machine: &self.machine, facts, history };
            if let Err(denied) = self.releases.judge(&events, ground) {
                return self.deny(*first, denied);
            }
            self.told.extend(Released::of(&events));
        }
        if touched.is_empty() {
            return;
        }
        if let Err(denied) = self.machine.judge_dependents(&touched, history) {
            self.deny(next.saturating_sub(1), denied);
        }
    }

    /// The event at this index cannot be taken in.
    pub fn end(&mut self, index: u64, why: impl std::fmt::Display) {
        self.check.told(&format!("peristiwa {index}"), &format!("event {index}"), why);
        self.ended = true;
    }

    fn deny(&mut self, index: u64, denied: Denied) {
        match denied {
            Denied::Refused(refusal) | Denied::NumberTaken { refusal, .. } => {
                self.check.problem(
                    format!("peristiwa {index}: {} [{}]", refusal.message.id, refusal.rule),
                    format!("event {index}: {} [{}]", refusal.message.en, refusal.rule),
                );
                self.ended = true;
            }
            error => self.end(index, error),
        }
    }

    /// The keys that erasures reach, once all events were taken in.
    pub fn into_reached(self) -> Reached {
        Arc::unwrap_or_clone(self.machine.into_reached())
    }

    /// What was found, once all events were taken in.
    pub fn finish(&mut self, history: &dyn History, facts: &Facts) -> Check {
        self.end_moment(self.machine.size(), history, facts);
        std::mem::replace(&mut self.check, Check::new("rules", "peristiwa", "events"))
    }
}
