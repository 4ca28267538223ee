//! How a recorded event stands at a size of the log, on a day: what later events made of it.
//!
//! This module must never take an event at that size or beyond into account, nor one that does not count itself.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::{EventId, Subject};
use jejak_events::proposal::sealed_by;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::types::certificate::{CertificateIssued, CertificateRenewed};
use jejak_events::types::{Amendment, Data, EventType, Holder, Parts, Role};
use jejak_events::values::Date;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;

use crate::readmodel::Snapshot;
use crate::rules::effects::{By, Effect};

/// The events of the streams that an event touches, below a size.
struct StreamEvents(BTreeMap<u64, Event>);

/// What was found, the strongest by each effect.
type Effects = BTreeMap<Effect, By>;

/// What came of the event at `index` by the first `size` events, on a day; in the order of [`Effect`].
///
/// # Errors
/// When the log cannot be read.
pub fn effects(
    snapshot: &Snapshot,
    index: u64,
    size: u64,
    on: Date,
) -> Result<Vec<(Effect, By)>, ReadFailure> {
    let event = snapshot.event(index)?;
    let content = Content::of(&event);
    let subjects = [event.draft.subject, content.subject()]
        .into_iter()
        .chain(content.data().holder().map(Holder::subject));
    let mut events = BTreeMap::new();
    for subject in subjects {
        for index in snapshot.history(subject).into_iter().filter(|index| *index < size) {
            if let std::collections::btree_map::Entry::Vacant(entry) = events.entry(index) {
                entry.insert(snapshot.event(index)?);
            }
        }
    }
    add_moved(snapshot, &mut events, size)?;
    let streams = StreamEvents(events);
    let mut effects = Effects::new();
    streams.amendments(index, &event, &mut effects);
    if !effects.keys().any(|effect| effect.voids()) {
        // A replaced form keeps the index of the original, which breaks ties between equal dates.
        streams.later(streams.original(index, &event).0, &content, on, &mut effects);
        if content.data().sealed().is_some()
            && let Some(by) = erased_by(snapshot, index, &event, size, on)?
        {
            effects.entry(Effect::Erased).or_insert(By::Event(by));
        }
    }
    Ok(effects.into_iter().collect())
}

/// Index of the event by which an erasure is done that reaches sealed values of the event at an index: that of
/// whoever is or was the IKM in law, or of whom its IKM or person was merged into, too.
fn erased_by(
    snapshot: &Snapshot,
    index: u64,
    event: &Event,
    size: u64,
    on: Date,
) -> Result<Option<u64>, ReadFailure> {
    let (subject, declared) = sealed_by(event);
    let groups: BTreeSet<Group> = declared.iter().map(|field| field.group).collect();
    let reached = snapshot.index().reached();
    let requests: Vec<u64> =
        groups.into_iter().filter_map(|group| reached.request(index, subject, group)).collect();
    for request in requests.into_iter().filter(|request| *request < size) {
        let asked = snapshot.event(request)?.draft;
        for at in snapshot.history(asked.subject).into_iter().filter(|at| *at < size) {
            let one = snapshot.event(at)?.draft;
            let is_done = one.data.answers() == Some(asked.id);
            if is_done && one.time.date() <= on {
                return Ok(Some(at));
            }
        }
    }
    Ok(None)
}

/// Adds what a correction moved into these streams from another one, where it still stands, and all that amends
/// it there.
fn add_moved(snapshot: &Snapshot, events: &mut BTreeMap<u64, Event>, size: u64) -> Result<(), ReadFailure> {
    let is_there = |id: EventId| events.values().any(|one| one.draft.id == id);
    let corrected = events.values().filter_map(|one| Some(one.draft.data.correction()?.target));
    let moved: BTreeSet<EventId> = corrected.filter(|target| !is_there(*target)).collect();
    for target in moved {
        let index = snapshot.index().index_of(target, snapshot)?;
        let Some(index) = index else { continue };
        let original = snapshot.event(index)?;
        let mut amended = BTreeSet::from([target]);
        for at in snapshot.history(original.draft.subject).into_iter().filter(|at| *at < size) {
            let one = snapshot.event(at)?;
            if one.draft.data.amends().is_some_and(|amends| amended.contains(&amends.target())) {
                amended.insert(one.draft.id);
                events.insert(at, one);
            }
        }
        events.insert(index, original);
    }
    Ok(())
}

impl StreamEvents {
    /// Index of the retraction of an event.
    fn retraction(&self, event: &Event) -> Option<u64> {
        let retracts = |one: &Event| one.draft.data.retracts() == Some(event.draft.id);
        self.0.iter().find(|(_, one)| retracts(one)).map(|(index, _)| *index)
    }

    /// The correction of an event that counts.
    fn correction(&self, event: &Event) -> Option<(u64, &Event)> {
        let corrects =
            |one: &Event| one.draft.data.correction().is_some_and(|it| it.target == event.draft.id);
        let mut all = self.0.iter().rev().filter(|(_, one)| corrects(one));
        all.find(|(_, one)| self.retraction(one).is_none()).map(|(index, one)| (*index, one))
    }

    /// What an event replaces, or it itself, with its index.
    fn original<'a>(&'a self, index: u64, event: &'a Event) -> (u64, &'a Event) {
        let Some(correction) = event.draft.data.correction() else { return (index, event) };
        let found = self.0.iter().find(|(_, one)| one.draft.id == correction.target);
        found.map_or((index, event), |(index, one)| (*index, one))
    }

    /// Retracted, or replaced.
    fn amendments(&self, index: u64, event: &Event, effects: &mut Effects) {
        let (_, original) = self.original(index, event);
        for one in [event, original] {
            if let Some(by) = self.retraction(one) {
                effects.insert(Effect::Retracted, By::Event(by));
            }
        }
        if let Some((by, _)) = self.correction(original).filter(|(by, _)| *by > index) {
            effects.insert(Effect::Corrected, By::Event(by));
        }
        let redacted = |one: &Event| matches!(one.draft.data.amends(), Some(Amendment::Redaction(it)) if it.target == original.draft.id);
        if let Some((by, _)) = self.0.iter().find(|(_, one)| redacted(one)) {
            effects.insert(Effect::Redacted, By::Event(*by));
        }
    }

    /// What events that happened later, up to a day, made of what this one says.
    fn later(&self, index: u64, content: &Content<'_>, on: Date, effects: &mut Effects) {
        let moment = (content.time().date(), index);
        let renewed_to = |data| CertificateRenewed::of(data).map(|renewed| renewed.valid_to);
        let issued_to = CertificateIssued::of(content.data()).map(|issued| issued.valid_to);
        let mut valid_to = issued_to.or_else(|| renewed_to(content.data()));
        // In the order in which they happened.
        let mut steps = BTreeMap::new();
        for (at, one) in &self.0 {
            if one.draft.data.amends().is_some() || self.retraction(one).is_some() {
                continue;
            }
            let form = Content::of(self.correction(one).map_or(one, |(_, correction)| correction));
            let when = (form.time().date(), *at);
            if when > moment && when.0 <= on {
                steps.insert(when, form);
            }
        }
        for ((_, by), step) in &steps {
            if let (Some(end), Some(renewed)) = (valid_to, renewed_to(step.data())) {
                valid_to = Some(end.max(renewed));
            }
            match follow(content, step) {
                Some(EffectStep::Brings(effect)) => {
                    effects.insert(effect, By::Event(*by));
                }
                Some(EffectStep::Undoes(effect)) => {
                    effects.entry(effect).or_insert(By::Event(*by));
                }
                Some(EffectStep::Ends(effect)) => {
                    effects.remove(&effect);
                }
                None => {}
            }
        }
        if let Some(end) = valid_to.filter(|end| *end < on) {
            effects.insert(Effect::Lapsed, By::Day(end));
        }
    }
}

/// What one later event does to the effects on what an event says: it brings one, ends one, or undoes what the event
/// did. What is undone stays so: who does it again does it by another event.
enum EffectStep {
    Brings(Effect),
    Ends(Effect),
    Undoes(Effect),
}

/// What an event did in its stream, as far as a later one may take it back or go on from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OwnStep {
    Founds,
    Changes,
    Pauses,
    Resumes,
    Extends,
    Ends,
    /// On the calendar.
    Schedules,
    /// A place in a programme.
    TakesPlace,
    Waits,
    Withdraws,
    Joins,
    Leaves,
    /// Nothing later in the stream is about it.
    Tells,
}

impl OwnStep {
    fn of(role: Role) -> Self {
        match role {
            Role::Begins(_) => Self::Founds,
            Role::Changes => Self::Changes,
            Role::Pauses(_) => Self::Pauses,
            Role::Resumes(_) => Self::Resumes,
            Role::Extends(_) => Self::Extends,
            Role::Ends(_) => Self::Ends,
            Role::Schedules | Role::Reschedules => Self::Schedules,
            Role::Enrols | Role::Promotes => Self::TakesPlace,
            Role::Waits => Self::Waits,
            Role::Withdraws => Self::Withdraws,
            Role::Joins => Self::Joins,
            Role::Leaves => Self::Leaves,
            Role::Advances(_)
            | Role::Merges
            | Role::Cancels
            | Role::Checks
            | Role::Reports
            | Role::Releases
            | Role::Constitutes
            | Role::Corrects
            | Role::Retracts
            | Role::Redacts
            | Role::RequestsErasure
            | Role::Erased => Self::Tells,
        }
    }
}

fn follow(content: &Content<'_>, step: &Content<'_>) -> Option<EffectStep> {
    let is_own = step.subject() == content.subject();
    // Events that name the holder are among the steps too: those of whom was merged into it, say.
    let is_of_holder = content.data().holder().map(Holder::subject) == Some(step.subject());
    match step.data().role() {
        // The keys are the subject's, or the holder's.
        Role::Erased if is_own || is_of_holder => {
            content.data().sealed().map(|_| EffectStep::Brings(Effect::Erased))
        }
        Role::Merges if is_own || is_of_holder => Some(EffectStep::Brings(Effect::Merged)),
        // A holder that is closed is counted as none.
        Role::Ends(_) if is_of_holder => Some(EffectStep::Brings(Effect::Closed)),
        Role::Resumes(_) if is_of_holder => Some(EffectStep::Ends(Effect::Closed)),
        later => is_own.then(|| follow_in_stream(content, step, later)).flatten(),
    }
}

/// As [`follow`], for a step in the event's own stream.
fn follow_in_stream(content: &Content<'_>, step: &Content<'_>, later: Role) -> Option<EffectStep> {
    use EffectStep::{Brings, Ends, Undoes};
    use OwnStep::{Changes, Extends, Founds, Pauses, Resumes};
    let own = OwnStep::of(content.data().role());
    let (named, named_later) = (parts(content.data()), parts(step.data()));
    let same_session = named.session == named_later.session;
    let same_program = named.program == named_later.program;
    let same_sentra = named.sentra == named_later.sentra;
    let of_certificate = matches!(content.subject(), Subject::Certificate(_));
    let of_ikm = matches!(content.subject(), Subject::Ikm(_));
    let is = |steps: &[OwnStep]| steps.contains(&own);
    match later {
        Role::Ends(_) if of_certificate && is(&[Founds, Extends, Resumes, Pauses]) => {
            Some(Brings(Effect::Revoked))
        }
        Role::Ends(_) => is(&[Founds, Changes, Resumes]).then_some(Brings(Effect::Closed)),
        Role::Pauses(_) => is(&[Founds, Extends, Resumes]).then_some(Brings(Effect::Suspended)),
        Role::Resumes(_) if own == Pauses => Some(Undoes(Effect::Reinstated)),
        Role::Resumes(_) if of_certificate => {
            is(&[Founds, Extends, Resumes]).then_some(Ends(Effect::Suspended))
        }
        Role::Resumes(_) if of_ikm && own == OwnStep::Ends => Some(Undoes(Effect::Reopened)),
        Role::Resumes(_) => (of_ikm && is(&[Founds, Changes, Resumes])).then_some(Ends(Effect::Closed)),
        Role::Extends(_) => is(&[Founds, Extends]).then_some(Brings(Effect::Renewed)),
        Role::Changes => is(&[Founds, Changes]).then_some(Brings(Effect::Changed)),
        Role::Cancels => (own == OwnStep::Schedules && same_session).then_some(Brings(Effect::Cancelled)),
        Role::Reschedules => {
            (own == OwnStep::Schedules && same_session).then_some(Brings(Effect::Rescheduled))
        }
        Role::Withdraws => {
            (same_program && is(&[OwnStep::TakesPlace, OwnStep::Waits])).then_some(Undoes(Effect::Withdrawn))
        }
        Role::Promotes if own == OwnStep::Waits => same_program.then_some(Undoes(Effect::Promoted)),
        Role::Enrols | Role::Promotes => {
            (own == OwnStep::Withdraws && same_program).then_some(Undoes(Effect::Resumed))
        }
        Role::Leaves => (own == OwnStep::Joins && same_sentra).then_some(Undoes(Effect::Left)),
        Role::Joins => (own == OwnStep::Leaves && same_sentra).then_some(Undoes(Effect::Resumed)),
        Role::Begins(_)
        | Role::Advances(_)
        | Role::Merges
        | Role::Waits
        | Role::Schedules
        | Role::Checks
        | Role::Reports
        | Role::Releases
        | Role::Constitutes
        | Role::Corrects
        | Role::Retracts
        | Role::Redacts
        | Role::RequestsErasure
        | Role::Erased => None,
    }
}

/// What the facts name.
fn parts(data: &Data) -> Parts<'_> {
    let mut parts = Parts::default();
    data.parts(&mut parts);
    parts
}
