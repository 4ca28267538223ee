//! Which content of an event is in force: the one place that knows what a correction and a
//! retraction do. Views and rules both go through it, so they can never disagree.
//!
//! * A plain event brings its own content.
//! * `event.corrected` of an original replaces the form in force by its own.
//! * `event.retracted` of an original hides it for ever; later corrections of it change nothing.
//! * `event.retracted` of a correction takes that correction out; if it was in force, the unretracted
//!   correction with the highest index takes its place, else the original.
//! * A retraction cannot be retracted. Retracting the same event again changes nothing.
//!
//! Corrections and retractions act from their own index on, whatever their `time` says. This module
//! must never keep events: it remembers indexes of originals that were ever corrected or retracted,
//! and asks its caller for the rest.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jejak_events::identity::{EventId, Subject};
use jejak_events::record::Event;
use jejak_events::time::ValidTime;
use jejak_events::types::{Amendment, Data, Permanence, Role};

use crate::error::{ProjectionError, ReadFailure};

/// Reads the log that the events come from. Only corrections and retractions ask.
pub trait EventSource {
    /// Index of an event; `None` when the log does not hold it.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn index_of(&self, id: EventId) -> Result<Option<u64>, ReadFailure>;

    /// The event at an index that [`EventSource::index_of`] gave, or at that of a correction of it.
    ///
    /// # Errors
    /// When the log cannot be read or does not reach so far.
    fn event(&self, index: u64) -> Result<Event, ReadFailure>;
}

/// What an event says: for a correction, what it puts in the place of the original's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content<'a>(Cow<'a, Event>);

impl<'a> Content<'a> {
    /// The content of an event at hand.
    #[must_use]
    pub fn of(event: &'a Event) -> Self {
        Self(Cow::Borrowed(event))
    }

    /// The stream it belongs to.
    #[must_use]
    pub fn subject(&self) -> Subject {
        let draft = &self.0.draft;
        draft.data.correction().map_or(draft.subject, |correction| correction.replacement.subject)
    }

    /// When it happened.
    #[must_use]
    pub fn time(&self) -> ValidTime {
        let draft = &self.0.draft;
        draft.data.correction().map_or(draft.time, |correction| correction.replacement.time)
    }

    /// The facts.
    #[must_use]
    pub fn data(&self) -> &Data {
        self.0.draft.data.said()
    }

    /// The event that carries the content.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.0
    }
}

/// Content that comes into force or goes out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// +1 when it comes into force, -1 when it goes.
    pub weight: i32,
    /// Index of the original event.
    pub index: u64,
    /// Index of the event whose content this is: the original or one of its corrections.
    pub effective: u64,
    /// The content.
    pub content: Content<'a>,
}

/// The form of an original event that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    /// Its own content.
    Original,
    /// That of the correction at this index.
    Correction(u64),
    /// None: it was retracted.
    Retracted,
}

/// What one correction or retraction did: it can be forgotten again, and written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An original was corrected.
    Corrected {
        /// Its index.
        original: u64,
    },
    /// An original was retracted.
    OriginalRetracted {
        /// Its index.
        original: u64,
    },
    /// A correction was retracted.
    CorrectionRetracted {
        /// Index of the original.
        original: u64,
        /// Index of the correction.
        correction: u64,
    },
}

impl Step {
    fn original(self) -> u64 {
        match self {
            Self::Corrected { original }
            | Self::OriginalRetracted { original }
            | Self::CorrectionRetracted { original, .. } => original,
        }
    }
}

/// What was done, and to what. It only grows while nothing is undone, so that what stood at a size is still here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Steps {
    /// By original: the positions of what was done to it, ascending. Only those with any are here.
    originals: BTreeMap<u64, Vec<(u64, Step)>>,
    /// Every correction, retracted or not, and its original.
    corrections: BTreeMap<u64, u64>,
    /// What each position did, ascending by position.
    positions: Vec<(u64, Step)>,
}

/// The forms in force of all events so far. Memory grows with corrections and retractions only.
///
/// Readers on other threads ask [`Lineage::at`] while this one grows; the lock is held for one look-up or one entry.
#[derive(Debug, Default)]
pub struct Lineage {
    steps: Arc<RwLock<Steps>>,
}

/// The forms in force when the log had a given size, whatever was recorded since.
#[derive(Clone, Debug)]
pub struct LineageAt {
    steps: Arc<RwLock<Steps>>,
    size: u64,
}

/// Whether an event acts on another one instead of bringing facts of its own.
#[must_use]
pub fn is_amendment(data: &Data) -> bool {
    data.role().is_amendment()
}

impl Lineage {
    /// Takes in the event at `position`, the next of the log, and says what comes into force and what
    /// goes out of it, in that order of cause: first what goes.
    ///
    /// # Errors
    /// When a target does not stand in the log before `position`, is of a kind that cannot be
    /// corrected or retracted, has another type than its replacement, or cannot be read. Nothing has
    /// changed then.
    pub fn changes<'e>(
        &mut self,
        position: u64,
        event: &'e Event,
        recorded: &dyn EventSource,
    ) -> Result<Vec<Change<'e>>, ProjectionError> {
        match event.draft.data.amends() {
            Some(Amendment::Correction(correction)) => {
                let original = target_of(position, correction.target, recorded)?;
                self.correct(position, event, original, correction.replacement.data.type_name(), recorded)
            }
            Some(Amendment::Retraction(retraction)) => {
                let target = target_of(position, retraction.target, recorded)?;
                match self.original_of(target) {
                    Some(original) => self.retract_correction(position, original, target, recorded),
                    None => self.retract_original(position, target, recorded),
                }
            }
            Some(Amendment::Redaction(_)) | None => Ok(vec![Change {
                weight: 1,
                index: position,
                effective: position,
                content: Content::of(event),
            }]),
        }
    }

    fn correct<'e>(
        &mut self,
        position: u64,
        event: &'e Event,
        original: u64,
        type_name: &'static str,
        recorded: &dyn EventSource,
    ) -> Result<Vec<Change<'e>>, ProjectionError> {
        if self.original_of(original).is_some() {
            return Err(unsuitable(position, original, "it is a correction; correct the original instead"));
        }
        let first = amendable(position, original, recorded)?;
        let was = first.draft.data.type_name();
        if was != type_name {
            return Err(ProjectionError::TypeChanged {
                index: position,
                target_index: original,
                was,
                now: type_name,
            });
        }
        let mut changes = Vec::new();
        if let Some(effective) = self.effective(original) {
            let old = if effective == original { first } else { read(position, effective, recorded)? };
            changes.push(change(-1, original, effective, old));
            changes.push(Change {
                weight: 1,
                index: original,
                effective: position,
                content: Content::of(event),
            });
        }
        self.write().remember(position, Step::Corrected { original });
        Ok(changes)
    }

    fn retract_original<'e>(
        &mut self,
        position: u64,
        original: u64,
        recorded: &dyn EventSource,
    ) -> Result<Vec<Change<'e>>, ProjectionError> {
        let first = amendable(position, original, recorded)?;
        let Some(effective) = self.effective(original) else { return Ok(Vec::new()) };
        let old = if effective == original { first } else { read(position, effective, recorded)? };
        self.write().remember(position, Step::OriginalRetracted { original });
        Ok(vec![change(-1, original, effective, old)])
    }

    fn retract_correction<'e>(
        &mut self,
        position: u64,
        original: u64,
        correction: u64,
        recorded: &dyn EventSource,
    ) -> Result<Vec<Change<'e>>, ProjectionError> {
        let standing = self.read().corrections_of(original, u64::MAX);
        if !standing.contains(&correction) {
            return Ok(Vec::new()); // retracted before
        }
        let mut changes = Vec::new();
        if self.effective(original) == Some(correction) {
            let next = standing.iter().rev().find(|other| **other != correction).copied().unwrap_or(original);
            changes.push(change(-1, original, correction, read(position, correction, recorded)?));
            changes.push(change(1, original, next, read(position, next, recorded)?));
        }
        self.write().remember(position, Step::CorrectionRetracted { original, correction });
        Ok(changes)
    }

    fn read(&self) -> RwLockReadGuard<'_, Steps> {
        self.steps.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Steps> {
        self.steps.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// What each position did, ascending: all that there is to know. [`Lineage::from_steps`] reads it back.
    #[must_use]
    pub fn steps(&self) -> Vec<(u64, Step)> {
        self.read().positions.clone()
    }

    /// The lineage that did these steps; `None` when they do not ascend.
    #[must_use]
    pub fn from_steps(steps: Vec<(u64, Step)>) -> Option<Self> {
        if !steps.is_sorted_by(|(one, _), (next, _)| one < next) {
            return None;
        }
        let lineage = Self::default();
        let mut own = lineage.write();
        steps.into_iter().for_each(|(position, step)| own.remember(position, step));
        drop(own);
        Some(lineage)
    }

    /// The forms in force when the log had `size` events: for whoever reads while it grows.
    #[must_use]
    pub fn at(&self, size: u64) -> LineageAt {
        LineageAt { steps: Arc::clone(&self.steps), size }
    }

    /// The form of an original that counts. An index that was never corrected or retracted is in
    /// force as it stands.
    #[must_use]
    pub fn in_force(&self, original: u64) -> InForce {
        self.read().in_force(original, u64::MAX)
    }

    /// Index of the event whose content counts for an original; `None` when it was retracted.
    #[must_use]
    pub fn effective(&self, original: u64) -> Option<u64> {
        self.in_force(original).effective(original)
    }

    /// The original that the correction at this index corrects, whether or not the correction still
    /// counts; `None` for any other index.
    #[must_use]
    pub fn original_of(&self, correction: u64) -> Option<u64> {
        self.read().corrections.get(&correction).copied()
    }

    /// Whether the correction at this index was retracted by itself.
    #[must_use]
    pub fn is_retracted_correction(&self, correction: u64) -> bool {
        self.read().is_retracted_correction(correction, u64::MAX)
    }

    /// Forgets every event at `size` and beyond, as if only the first `size` had been taken in.
    pub fn undo_to(&mut self, size: u64) {
        let mut steps = self.write();
        while let Some((position, step)) = steps.positions.pop_if(|(position, _)| *position >= size) {
            let original = step.original();
            steps.corrections.remove(&position);
            // The last step of all is the last one of its original too.
            let of_original = steps.originals.get_mut(&original);
            if of_original.is_some_and(|of_original| {
                of_original.pop();
                of_original.is_empty()
            }) {
                steps.originals.remove(&original);
            }
        }
    }
}

impl Clone for Lineage {
    /// Shares nothing with the original.
    fn clone(&self) -> Self {
        Self { steps: Arc::new(RwLock::new(self.read().clone())) }
    }
}

impl PartialEq for Lineage {
    fn eq(&self, other: &Self) -> bool {
        // One after the other, for they may be the same.
        Arc::ptr_eq(&self.steps, &other.steps) || *self.read() == *other.read()
    }
}

impl InForce {
    fn effective(self, original: u64) -> Option<u64> {
        match self {
            Self::Original => Some(original),
            Self::Correction(correction) => Some(correction),
            Self::Retracted => None,
        }
    }
}

impl Steps {
    fn remember(&mut self, position: u64, step: Step) {
        let original = step.original();
        self.positions.push((position, step));
        self.originals.entry(original).or_default().push((position, step));
        if matches!(step, Step::Corrected { .. }) {
            self.corrections.insert(position, original);
        }
    }

    /// What was done to an original before a size.
    fn of(&self, original: u64, size: u64) -> impl Iterator<Item = &(u64, Step)> {
        let all = self.originals.get(&original).map_or(&[][..], Vec::as_slice);
        all[..all.partition_point(|(position, _)| *position < size)].iter()
    }

    /// Its corrections before a size that were not taken out, ascending.
    fn corrections_of(&self, original: u64, size: u64) -> Vec<u64> {
        let mut corrections = Vec::new();
        for (position, step) in self.of(original, size) {
            match step {
                Step::Corrected { .. } => corrections.push(*position),
                Step::CorrectionRetracted { correction, .. } => {
                    corrections.retain(|other| other != correction)
                }
                Step::OriginalRetracted { .. } => {}
            }
        }
        corrections
    }

    fn in_force(&self, original: u64, size: u64) -> InForce {
        if self.of(original, size).any(|(_, step)| matches!(step, Step::OriginalRetracted { .. })) {
            return InForce::Retracted;
        }
        let last = self.corrections_of(original, size).pop();
        last.map_or(InForce::Original, InForce::Correction)
    }

    fn is_retracted_correction(&self, correction: u64, size: u64) -> bool {
        let original = self.corrections.get(&correction).filter(|_| correction < size);
        original.is_some_and(|original| {
            let taken_out = Step::CorrectionRetracted { original: *original, correction };
            self.of(*original, size).any(|(_, step)| *step == taken_out)
        })
    }
}

impl LineageAt {
    /// Of a smaller size.
    #[must_use]
    pub fn at(&self, size: u64) -> Self {
        Self { size: size.min(self.size), ..self.clone() }
    }

    fn read(&self) -> RwLockReadGuard<'_, Steps> {
        self.steps.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`Lineage::in_force`].
    #[must_use]
    pub fn in_force(&self, original: u64) -> InForce {
        self.read().in_force(original, self.size)
    }

    /// As [`Lineage::effective`].
    #[must_use]
    pub fn effective(&self, original: u64) -> Option<u64> {
        self.in_force(original).effective(original)
    }

    /// As [`Lineage::original_of`].
    #[must_use]
    pub fn original_of(&self, correction: u64) -> Option<u64> {
        self.read().corrections.get(&correction).copied().filter(|_| correction < self.size)
    }

    /// As [`Lineage::is_retracted_correction`].
    #[must_use]
    pub fn is_retracted_correction(&self, correction: u64) -> bool {
        self.read().is_retracted_correction(correction, self.size)
    }

    /// Every correction and retraction of an original that changed something, by position, ascending.
    #[must_use]
    pub fn amendments_of(&self, original: u64) -> Vec<u64> {
        self.read().of(original, self.size).map(|(position, _)| *position).collect()
    }
}

fn change<'e>(weight: i32, index: u64, effective: u64, event: Event) -> Change<'e> {
    Change { weight, index, effective, content: Content(Cow::Owned(event)) }
}

fn unsuitable(index: u64, target_index: u64, reason: &'static str) -> ProjectionError {
    ProjectionError::UnsuitableTarget { index, target_index, reason }
}

fn read(index: u64, at: u64, recorded: &dyn EventSource) -> Result<Event, ProjectionError> {
    recorded.event(at).map_err(|source| ProjectionError::Unreadable { index, source })
}

fn target_of(index: u64, target: EventId, recorded: &dyn EventSource) -> Result<u64, ProjectionError> {
    let found = recorded.index_of(target).map_err(|source| ProjectionError::Unreadable { index, source })?;
    found.filter(|at| *at < index).ok_or(ProjectionError::UnknownTarget { index, target })
}

/// Reads an event that is to be corrected or retracted as an original.
fn amendable(index: u64, at: u64, recorded: &dyn EventSource) -> Result<Event, ProjectionError> {
    let event = read(index, at, recorded)?;
    let role = event.draft.data.role();
    let reason = match role.permanence() {
        // The rules let nobody take a release back; the lineage has no reason not to.
        Permanence::Amendable => return Ok(event),
        Permanence::Stands if role == Role::Releases => return Ok(event),
        Permanence::Stands if role == Role::Retracts => {
            "a retraction stands for ever; record the fact anew instead"
        }
        Permanence::Retractable => "it is a correction that was not taken in",
        Permanence::Stands => "the registry's own events stand for ever",
        Permanence::Destroyed => "what was destroyed stays destroyed",
    };
    Err(unsuitable(index, at, reason))
}
