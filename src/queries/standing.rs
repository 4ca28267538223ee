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

fn follow(content: &Content<'_>, step: &Content<'_>) -> Option<EffectStep> {
    use Role::{
        Begins, Cancels, Changes, Ends, Enrols, Erased, Extends, Joins, Leaves, Merges, Pauses, Promotes,
        Reschedules, Resumes, Schedules, Waits, Withdraws,
    };
    let is_own = step.subject() == content.subject();
    // Events that name the holder are among the steps too: those of whom was merged into it, say.
    let is_of_holder = content.data().holder().map(Holder::subject) == Some(step.subject());
    let (own, later) = (parts(content.data()), parts(step.data()));
    let same_session = own.session == later.session;
    let same_program = own.program == later.program;
    let same_sentra = own.sentra == later.sentra;
    let (of_certificate, of_ikm) = match content.subject() {
        Subject::Certificate(_) => (true, false),
        Subject::Ikm(_) => (false, true),
        _ => (false, false),
    };
    Some(match (content.data().role(), step.data().role()) {
        // The keys are the subject's, or the holder's.
        (_, Erased) if is_own || is_of_holder => {
            content.data().sealed().map(|_| EffectStep::Brings(Effect::Erased))?
        }
        (_, Merges) if is_own || is_of_holder => EffectStep::Brings(Effect::Merged),
        // A holder that is closed is counted as none.
        (_, Ends(_)) if is_of_holder => EffectStep::Brings(Effect::Closed),
        (_, Resumes(_)) if is_of_holder => EffectStep::Ends(Effect::Closed),
        _ if !is_own => return None,
        (Begins(_) | Extends(_) | Resumes(_) | Pauses(_), Ends(_)) if of_certificate => {
            EffectStep::Brings(Effect::Revoked)
        }
        (Pauses(_), Resumes(_)) => EffectStep::Undoes(Effect::Reinstated),
        (Begins(_) | Extends(_) | Resumes(_), Pauses(_)) => EffectStep::Brings(Effect::Suspended),
        (Begins(_) | Extends(_) | Resumes(_), Resumes(_)) if of_certificate => {
            EffectStep::Ends(Effect::Suspended)
        }
        (Begins(_) | Extends(_), Extends(_)) => EffectStep::Brings(Effect::Renewed),
        (Begins(_) | Changes | Resumes(_), Ends(_)) => EffectStep::Brings(Effect::Closed),
        (Begins(_) | Changes | Resumes(_), Resumes(_)) if of_ikm => EffectStep::Ends(Effect::Closed),
        (Ends(_), Resumes(_)) if of_ikm => EffectStep::Undoes(Effect::Reopened),
        (Begins(_) | Changes, Changes) => EffectStep::Brings(Effect::Changed),
        (Schedules | Reschedules, Cancels) if same_session => EffectStep::Brings(Effect::Cancelled),
        (Schedules | Reschedules, Reschedules) if same_session => EffectStep::Brings(Effect::Rescheduled),
        (Enrols | Waits | Promotes, Withdraws) if same_program => EffectStep::Undoes(Effect::Withdrawn),
        (Waits, Promotes) if same_program => EffectStep::Undoes(Effect::Promoted),
        (Withdraws, Enrols | Promotes) if same_program => EffectStep::Undoes(Effect::Resumed),
        (Joins, Leaves) if same_sentra => EffectStep::Undoes(Effect::Left),
        (Leaves, Joins) if same_sentra => EffectStep::Undoes(Effect::Resumed),
        _ => return None,
    })
}

/// What the facts name.
fn parts(data: &Data) -> Parts<'_> {
    let mut parts = Parts::default();
    data.parts(&mut parts);
    parts
}
