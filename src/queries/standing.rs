//! How a recorded event stands at a size of the log, on a day: what later events made of it.
//!
//! This module must never take an event at that size or beyond into account, nor one that does not count itself.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::{EventId, Subject};
use jejak_events::proposal::sealed_by;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::types::{Data, Holder};
use jejak_events::values::Date;
use jejak_projections::lineage::Content;

use crate::registry::{Registry, RegistryError};
use crate::rules::effects::{By, Effect};

/// The events of the streams that an event touches, below a size.
struct Streams(BTreeMap<u64, Event>);

/// What was found, the strongest by each effect.
type Effects = BTreeMap<Effect, By>;

impl Registry {
    /// What came of the event at `index` by the first `size` events, on a day; in the order of [`Effect`].
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn effects(&self, index: u64, size: u64, on: Date) -> Result<Vec<(Effect, By)>, RegistryError> {
        let event = self.event(index)?;
        let content = Content::of(&event);
        let subjects = [event.draft.subject, content.subject()].into_iter().chain(holder(content.data()));
        let mut events = BTreeMap::new();
        for subject in subjects {
            for index in self.history(subject)?.into_iter().filter(|index| *index < size) {
                if let std::collections::btree_map::Entry::Vacant(entry) = events.entry(index) {
                    entry.insert(self.event(index)?);
                }
            }
        }
        self.add_moved(&mut events, size)?;
        let streams = Streams(events);
        let mut effects = Effects::new();
        streams.amendments(index, &event, &mut effects);
        if !effects.keys().any(|effect| effect.voids()) {
            // A replaced form keeps the index of the original, which breaks ties between equal dates.
            streams.later(streams.original(index, &event).0, &content, on, &mut effects);
            if content.data().sealed().is_some()
                && let Some(by) = self.erased_by(index, &event, size, on)?
            {
                effects.entry(Effect::Erased).or_insert(By::Event(by));
            }
        }
        Ok(effects.into_iter().collect())
    }

    /// Index of the event by which an erasure is done that reaches sealed values of the event at an index: that of
    /// whoever is or was the IKM in law, or of whom its IKM or person was merged into, too.
    fn erased_by(
        &self,
        index: u64,
        event: &Event,
        size: u64,
        on: Date,
    ) -> Result<Option<u64>, RegistryError> {
        let (subject, declared) = sealed_by(event);
        let groups: BTreeSet<Group> = declared.iter().map(|field| field.group).collect();
        let requests: Vec<u64> = self.with_engine(move |engine| {
            let reached = engine.machine().reached();
            groups.into_iter().filter_map(|group| reached.request(index, subject, group)).collect()
        })?;
        for request in requests.into_iter().filter(|request| *request < size) {
            let asked = self.event(request)?.draft;
            for at in self.history(asked.subject)?.into_iter().filter(|at| *at < size) {
                let one = self.event(at)?.draft;
                let is_done = match &one.data {
                    Data::PersonErased(done) => done.request == asked.id,
                    Data::IkmErased(done) => done.request == asked.id,
                    _ => false,
                };
                if is_done && one.time.date() <= on {
                    return Ok(Some(at));
                }
            }
        }
        Ok(None)
    }

    /// Adds what a correction moved into these streams from another one, where it still stands, and all that amends
    /// it there.
    fn add_moved(&self, events: &mut BTreeMap<u64, Event>, size: u64) -> Result<(), RegistryError> {
        let is_there = |id: EventId| events.values().any(|one| one.draft.id == id);
        let corrected = events.values().filter_map(|one| match &one.draft.data {
            Data::EventCorrected(correction) => Some(correction.target),
            _ => None,
        });
        let moved: BTreeSet<EventId> = corrected.filter(|target| !is_there(*target)).collect();
        for target in moved {
            let index = self.with_engine(move |engine| engine.machine().index_of(target, &engine.past()))?;
            let index = index.map_err(|error| RegistryError::Unreadable(error.to_string()))?;
            let Some(index) = index else { continue };
            let original = self.event(index)?;
            let mut amended = BTreeSet::from([target]);
            for at in self.history(original.draft.subject)?.into_iter().filter(|at| *at < size) {
                let one = self.event(at)?;
                if amends(&one.draft.data).is_some_and(|target| amended.contains(&target)) {
                    amended.insert(one.draft.id);
                    events.insert(at, one);
                }
            }
            events.insert(index, original);
        }
        Ok(())
    }
}

/// What an event corrects, retracts or redacts.
fn amends(data: &Data) -> Option<EventId> {
    match data {
        Data::EventCorrected(it) => Some(it.target),
        Data::EventRetracted(it) => Some(it.target),
        Data::EvidenceRedacted(it) => Some(it.target),
        _ => None,
    }
}

/// Whose a certificate is.
fn holder(data: &Data) -> Option<Subject> {
    let holder = match data {
        Data::CertificateIssued(issued) => &issued.holder,
        Data::CertificateRenewed(renewed) => &renewed.holder,
        _ => return None,
    };
    match holder {
        Holder::Ikm { ikm } | Holder::Product { ikm, .. } => Some(Subject::Ikm(*ikm)),
        Holder::Person { person } => Some(Subject::Person(*person)),
    }
}

impl Streams {
    /// Index of the retraction of an event.
    fn retraction(&self, event: &Event) -> Option<u64> {
        let retracts =
            |one: &Event| matches!(&one.draft.data, Data::EventRetracted(it) if it.target == event.draft.id);
        self.0.iter().find(|(_, one)| retracts(one)).map(|(index, _)| *index)
    }

    /// The correction of an event that counts.
    fn correction(&self, event: &Event) -> Option<(u64, &Event)> {
        let corrects =
            |one: &Event| matches!(&one.draft.data, Data::EventCorrected(it) if it.target == event.draft.id);
        let mut all = self.0.iter().rev().filter(|(_, one)| corrects(one));
        all.find(|(_, one)| self.retraction(one).is_none()).map(|(index, one)| (*index, one))
    }

    /// What an event replaces, or it itself, with its index.
    fn original<'a>(&'a self, index: u64, event: &'a Event) -> (u64, &'a Event) {
        let Data::EventCorrected(correction) = &event.draft.data else { return (index, event) };
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
        let redacted = |one: &Event| matches!(&one.draft.data, Data::EvidenceRedacted(it) if it.target == original.draft.id);
        if let Some((by, _)) = self.0.iter().find(|(_, one)| redacted(one)) {
            effects.insert(Effect::Redacted, By::Event(*by));
        }
    }

    /// What events that happened later, up to a day, made of what this one says.
    fn later(&self, index: u64, content: &Content<'_>, on: Date, effects: &mut Effects) {
        let moment = (content.time().date(), index);
        let mut valid_to = match content.data() {
            Data::CertificateIssued(issued) => Some(issued.valid_to),
            Data::CertificateRenewed(renewed) => Some(renewed.valid_to),
            _ => None,
        };
        // In the order in which they happened.
        let mut steps = BTreeMap::new();
        for (at, one) in &self.0 {
            if amends(&one.draft.data).is_some() || self.retraction(one).is_some() {
                continue;
            }
            let form = Content::of(self.correction(one).map_or(one, |(_, correction)| correction));
            let when = (form.time().date(), *at);
            if when > moment && when.0 <= on {
                steps.insert(when, form);
            }
        }
        for ((_, by), step) in &steps {
            if let (Some(end), Data::CertificateRenewed(renewed)) = (valid_to, step.data()) {
                valid_to = Some(end.max(renewed.valid_to));
            }
            match follow(content, step) {
                Some(Step::Brings(effect)) => {
                    effects.insert(effect, By::Event(*by));
                }
                Some(Step::Undoes(effect)) => {
                    effects.entry(effect).or_insert(By::Event(*by));
                }
                Some(Step::Ends(effect)) => {
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
enum Step {
    Brings(Effect),
    Ends(Effect),
    Undoes(Effect),
}

fn follow(content: &Content<'_>, step: &Content<'_>) -> Option<Step> {
    let is_own = step.subject() == content.subject();
    // Events that name the holder are among the steps too: those of whom was merged into it, say.
    let is_of_holder = holder(content.data()) == Some(step.subject());
    match step.data() {
        // The keys are the subject's, or the holder's.
        Data::IkmErased(_) | Data::PersonErased(_) if is_own || is_of_holder => {
            content.data().sealed().is_some().then_some(Step::Brings(Effect::Erased))
        }
        Data::IkmMerged(_) | Data::PersonMerged(_) if is_own || is_of_holder => {
            Some(Step::Brings(Effect::Merged))
        }
        // A holder that is closed is counted as none.
        Data::IkmClosed(_) if is_of_holder => Some(Step::Brings(Effect::Closed)),
        Data::IkmReopened(_) if is_of_holder => Some(Step::Ends(Effect::Closed)),
        step if is_own => certificate(content.data(), step)
            .or_else(|| stream(content.data(), step))
            .or_else(|| part(content.data(), step)),
        _ => None,
    }
}

/// A certificate's own events.
fn certificate(data: &Data, step: &Data) -> Option<Step> {
    use Data::{
        CertificateIssued, CertificateReinstated, CertificateRenewed, CertificateRevoked,
        CertificateSuspended,
    };
    match (data, step) {
        (
            CertificateIssued(_) | CertificateRenewed(_) | CertificateReinstated(_) | CertificateSuspended(_),
            CertificateRevoked(_),
        ) => Some(Step::Brings(Effect::Revoked)),
        (CertificateSuspended(_), CertificateReinstated(_)) => Some(Step::Undoes(Effect::Reinstated)),
        (
            CertificateIssued(_) | CertificateRenewed(_) | CertificateReinstated(_),
            CertificateSuspended(_),
        ) => Some(Step::Brings(Effect::Suspended)),
        (
            CertificateIssued(_) | CertificateRenewed(_) | CertificateReinstated(_),
            CertificateReinstated(_),
        ) => Some(Step::Ends(Effect::Suspended)),
        (CertificateIssued(_) | CertificateRenewed(_), CertificateRenewed(_)) => {
            Some(Step::Brings(Effect::Renewed))
        }
        _ => None,
    }
}

/// What is true of an IKM or a programme as a whole.
fn stream(data: &Data, step: &Data) -> Option<Step> {
    use Data::{IkmClosed, IkmProfileChanged, IkmRegistered, IkmReopened, ProgramClosed, ProgramOpened};
    match (data, step) {
        (IkmRegistered(_) | IkmProfileChanged(_) | IkmReopened(_), IkmClosed(_))
        | (ProgramOpened(_), ProgramClosed(_)) => Some(Step::Brings(Effect::Closed)),
        (IkmRegistered(_) | IkmProfileChanged(_) | IkmReopened(_), IkmReopened(_)) => {
            Some(Step::Ends(Effect::Closed))
        }
        (IkmClosed(_), IkmReopened(_)) => Some(Step::Undoes(Effect::Reopened)),
        (IkmRegistered(_) | IkmProfileChanged(_), IkmProfileChanged(_)) => {
            Some(Step::Brings(Effect::Changed))
        }
        _ => None,
    }
}

/// A place in a programme or a sentra, and a session.
fn part(data: &Data, step: &Data) -> Option<Step> {
    match step {
        Data::SessionCancelled(it) if session(data) == Some(it.session) => {
            Some(Step::Brings(Effect::Cancelled))
        }
        Data::SessionRescheduled(it) if session(data) == Some(it.session) => {
            Some(Step::Brings(Effect::Rescheduled))
        }
        Data::EnrolmentWithdrawn(it) if place(data) == Some(it.program) => {
            Some(Step::Undoes(Effect::Withdrawn))
        }
        Data::EnrolmentMade(it) => match data {
            Data::EnrolmentWithdrawn(own) if own.program == it.program => Some(Step::Undoes(Effect::Resumed)),
            _ => None,
        },
        Data::EnrolmentPromoted(it) => match data {
            Data::EnrolmentWaitlisted(own) if own.program == it.program => {
                Some(Step::Undoes(Effect::Promoted))
            }
            Data::EnrolmentWithdrawn(own) if own.program == it.program => Some(Step::Undoes(Effect::Resumed)),
            _ => None,
        },
        Data::SentraMemberLeft(it) if sentra(data) == Some(it.sentra) => Some(Step::Undoes(Effect::Left)),
        Data::SentraMemberJoined(it) => match data {
            Data::SentraMemberLeft(own) if own.sentra == it.sentra => Some(Step::Undoes(Effect::Resumed)),
            _ => None,
        },
        _ => None,
    }
}

fn sentra(data: &Data) -> Option<jejak_events::identity::SentraId> {
    match data {
        Data::SentraMemberJoined(it) => Some(it.sentra),
        _ => None,
    }
}

fn session(data: &Data) -> Option<jejak_events::identity::SessionId> {
    match data {
        Data::SessionScheduled(it) => Some(it.session),
        Data::SessionRescheduled(it) => Some(it.session),
        _ => None,
    }
}

fn place(data: &Data) -> Option<jejak_events::identity::ProgramId> {
    match data {
        Data::EnrolmentMade(it) => Some(it.program),
        Data::EnrolmentWaitlisted(it) => Some(it.program),
        Data::EnrolmentPromoted(it) => Some(it.program),
        _ => None,
    }
}
