//! What an event does in the stream it stands in, as its type declares, and what only some types do.
//!
//! Whoever asks what a type means for a stream asks its [`Role`], so that a new type answers once, where it is declared.
//! Nothing here looks at an event's place in the log.

use super::claim::{ClaimChecked, ClaimMade};
use super::enterprise::{IkmErased, IkmMerged};
use super::exhibition::ExhibitionAnnounced;
use super::person::{PersonErased, PersonMerged};
use super::program::ProgramOpened;
use super::sentra::SentraPlanned;
use super::{
    Data, EventCorrected, EventRetracted, EventType, EvidenceRedacted, Holder, KeyIntroduced, RegistryOpened,
    RulesAdopted,
};
use crate::identity::{EventId, ProgramId, SentraId, SessionId, Subject};
use crate::values::{Code, Text};

/// What an event does in its stream. A word within says how the stream stands from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Founds the stream: everything else in it rests on this.
    Begins(&'static str),
    /// Says anew what the stream is about.
    Changes,
    /// Takes it further.
    Advances(&'static str),
    /// Ends it for the time being.
    Pauses(&'static str),
    /// Takes an ending or a pause back.
    Resumes(&'static str),
    /// Gives it a further term.
    Extends(&'static str),
    /// Ends it.
    Ends(&'static str),
    /// Makes it count as another stream from here on.
    Merges,
    /// Takes a place in a programme.
    Enrols,
    /// Waits for one.
    Waits,
    /// Gets one from the waiting list.
    Promotes,
    /// Gives place or wait up.
    Withdraws,
    /// Puts a session on the calendar.
    Schedules,
    /// Moves it.
    Reschedules,
    /// Takes it off.
    Cancels,
    /// Becomes a member of a sentra.
    Joins,
    /// Is one no longer.
    Leaves,
    /// Judges what the stream says.
    Checks,
    /// Tells a fact beside which the stream stands as before.
    Reports,
    /// Tells sums that are not untold.
    Releases,
    /// Says by what keys and rules the registry goes.
    Constitutes,
    /// Puts other content in the place of another event's.
    Corrects,
    /// Takes another event back.
    Retracts,
    /// Makes a file of another event unreadable.
    Redacts,
    /// Asks that the stream's data are erased.
    RequestsErasure,
    /// Says that they are.
    Erased,
}

/// What may be done to an event afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permanence {
    /// It can be corrected and retracted.
    Amendable,
    /// A correction: it can be retracted.
    Retractable,
    /// What was told or decided stands; a later event says otherwise.
    Stands,
    /// What was destroyed stays so.
    Destroyed,
}

impl Role {
    /// What may be done to an event of the type.
    #[must_use]
    pub fn permanence(self) -> Permanence {
        match self {
            Self::Corrects => Permanence::Retractable,
            Self::Retracts | Self::Releases | Self::Constitutes => Permanence::Stands,
            Self::Redacts | Self::RequestsErasure | Self::Erased => Permanence::Destroyed,
            Self::Begins(_)
            | Self::Changes
            | Self::Advances(_)
            | Self::Pauses(_)
            | Self::Resumes(_)
            | Self::Extends(_)
            | Self::Ends(_)
            | Self::Merges
            | Self::Enrols
            | Self::Waits
            | Self::Promotes
            | Self::Withdraws
            | Self::Schedules
            | Self::Reschedules
            | Self::Cancels
            | Self::Joins
            | Self::Leaves
            | Self::Checks
            | Self::Reports => Permanence::Amendable,
        }
    }

    /// Whether it acts on another event instead of bringing facts of its own.
    #[must_use]
    pub fn is_amendment(self) -> bool {
        matches!(self, Self::Corrects | Self::Retracts)
    }

    /// Whether it is about somebody's place in a programme.
    #[must_use]
    pub fn takes_place(self) -> bool {
        matches!(self, Self::Enrols | Self::Waits | Self::Promotes | Self::Withdraws)
    }

    /// Whether it founds its stream.
    #[must_use]
    pub fn begins(self) -> bool {
        matches!(self, Self::Begins(_))
    }
}

/// An event that acts on another one.
#[derive(Clone, Copy, Debug)]
pub enum Amendment<'a> {
    /// Replaces its content.
    Correction(&'a EventCorrected),
    /// Takes it back.
    Retraction(&'a EventRetracted),
    /// Makes a file that it lists unreadable.
    Redaction(&'a EvidenceRedacted),
}

impl<'a> Amendment<'a> {
    /// The event acted on.
    #[must_use]
    pub fn target(self) -> EventId {
        match self {
            Self::Correction(it) => it.target,
            Self::Retraction(it) => it.target,
            Self::Redaction(it) => it.target,
        }
    }

    /// Why, and who decided.
    #[must_use]
    pub fn grounds(self) -> (&'a Code, Option<&'a Text>) {
        match self {
            Self::Correction(it) => (&it.reason, it.authority.as_ref()),
            Self::Retraction(it) => (&it.reason, it.authority.as_ref()),
            Self::Redaction(it) => (&it.reason, it.authority.as_ref()),
        }
    }
}

/// What the registry says of its own keys and rules.
#[derive(Clone, Copy, Debug)]
pub enum Constitution<'a> {
    /// Event 0.
    Opened(&'a RegistryOpened),
    /// Other rules.
    Rules(&'a RulesAdopted),
    /// Another key.
    Key(&'a KeyIntroduced),
}

/// What the facts of a type name, by the types of their fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'a> {
    /// Who or what holds a certificate; the fields are sealed for them.
    pub holder: Option<&'a Holder>,
    /// The first programme.
    pub program: Option<ProgramId>,
    /// The session.
    pub session: Option<SessionId>,
    /// The first sentra.
    pub sentra: Option<SentraId>,
}

impl Data {
    /// What the event does in its stream.
    #[must_use]
    pub fn role(&self) -> Role {
        self.declaration().role
    }

    /// The correction that this is.
    #[must_use]
    pub fn correction(&self) -> Option<&EventCorrected> {
        EventCorrected::of(self)
    }

    /// What is said: of a correction the facts that it puts in place.
    #[must_use]
    pub fn said(&self) -> &Self {
        self.correction().map_or(self, |correction| &correction.replacement.data)
    }

    /// The event that this acts on, and how: of [`Role::Corrects`], [`Role::Retracts`] and [`Role::Redacts`].
    #[must_use]
    pub fn amends(&self) -> Option<Amendment<'_>> {
        let correction = EventCorrected::of(self).map(Amendment::Correction);
        let retraction = || EventRetracted::of(self).map(Amendment::Retraction);
        correction.or_else(retraction).or_else(|| EvidenceRedacted::of(self).map(Amendment::Redaction))
    }

    /// The event that this one retracts.
    #[must_use]
    pub fn retracts(&self) -> Option<EventId> {
        EventRetracted::of(self).map(|retraction| retraction.target)
    }

    /// What this says of the registry's keys and rules: of [`Role::Constitutes`].
    #[must_use]
    pub fn constitution(&self) -> Option<Constitution<'_>> {
        let opened = RegistryOpened::of(self).map(Constitution::Opened);
        let rules = || RulesAdopted::of(self).map(Constitution::Rules);
        opened.or_else(rules).or_else(|| KeyIntroduced::of(self).map(Constitution::Key))
    }

    /// The request that an erasure answers: of [`Role::Erased`].
    #[must_use]
    pub fn answers(&self) -> Option<EventId> {
        let person = PersonErased::of(self).map(|erased| erased.request);
        person.or_else(|| IkmErased::of(self).map(|erased| erased.request))
    }

    /// The stream that the event's own counts as from here on: of [`Role::Merges`].
    #[must_use]
    pub fn merged_into(&self) -> Option<Subject> {
        let ikm = IkmMerged::of(self).map(|merge| Subject::Ikm(merge.into));
        ikm.or_else(|| PersonMerged::of(self).map(|merge| Subject::Person(merge.into)))
    }

    /// What the stream is called, of an event that founds one that has a title.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        let program = ProgramOpened::of(self).map(|it| &*it.title);
        let exhibition = || ExhibitionAnnounced::of(self).map(|it| &*it.name);
        let sentra = || SentraPlanned::of(self).map(|it| &*it.name);
        program.or_else(exhibition).or_else(sentra).or_else(|| ClaimMade::of(self).map(|it| &*it.claim))
    }

    /// How the stream stands from this event on; `None` where it stands as before.
    #[must_use]
    pub fn standing(&self) -> Option<&'static str> {
        match self.role() {
            Role::Begins(state)
            | Role::Advances(state)
            | Role::Pauses(state)
            | Role::Resumes(state)
            | Role::Extends(state)
            | Role::Ends(state) => Some(state),
            Role::Merges => Some("merged"),
            Role::Erased => Some("erased"),
            Role::Checks => ClaimChecked::of(self).map(|checked| checked.verdict.name()),
            Role::Changes
            | Role::Enrols
            | Role::Waits
            | Role::Promotes
            | Role::Withdraws
            | Role::Schedules
            | Role::Reschedules
            | Role::Cancels
            | Role::Joins
            | Role::Leaves
            | Role::Reports
            | Role::Releases
            | Role::Constitutes
            | Role::Corrects
            | Role::Retracts
            | Role::Redacts
            | Role::RequestsErasure => None,
        }
    }

    /// Whether the type declares a sealed field of this name.
    #[must_use]
    pub fn seals(&self, name: &str) -> bool {
        self.declaration().sealed.iter().any(|field| field.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::TYPES;

    /// The facts of the golden files, which have every type with all of its fields.
    fn golden(name: &str) -> Data {
        let path = format!("{}/golden/{name}.full.json", env!("CARGO_MANIFEST_DIR"));
        let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let record: serde_json::Value = serde_json::from_str(file["record"].as_str().unwrap()).unwrap();
        Data::from_json(name, &record["data"].to_string()).unwrap().unwrap()
    }

    /// What some types tell besides is told by all that take that role, and by no others.
    #[test]
    fn what_a_step_promises_its_types_tell() {
        for declaration in TYPES {
            let (data, role) = (golden(declaration.name), declaration.role);
            let amends = match data.amends() {
                Some(Amendment::Correction(_)) => role == Role::Corrects,
                Some(Amendment::Retraction(_)) => role == Role::Retracts,
                Some(Amendment::Redaction(_)) => role == Role::Redacts,
                None => !matches!(role, Role::Corrects | Role::Retracts | Role::Redacts),
            };
            assert!(amends, "{}", declaration.name);
            assert_eq!(data.constitution().is_some(), role == Role::Constitutes, "{}", declaration.name);
            assert_eq!(data.answers().is_some(), role == Role::Erased, "{}", declaration.name);
            let titled = declaration.subjects.iter().any(|kind| {
                use crate::identity::SubjectKind::{Claim, Exhibition, Program, Sentra};
                matches!(kind, Claim | Exhibition | Program | Sentra)
            });
            assert_eq!(data.title().is_some(), titled && role.begins(), "{}", declaration.name);
            assert!(data.standing().is_some() || role != Role::Checks, "{}", declaration.name);
            assert_eq!(data.merged_into().is_some(), role == Role::Merges, "{}", declaration.name);
            let mut parts = Parts::default();
            data.parts(&mut parts);
            let calendar = matches!(role, Role::Schedules | Role::Reschedules | Role::Cancels);
            assert!(parts.session.is_some() || !calendar, "{}", declaration.name);
            let place = matches!(role, Role::Enrols | Role::Waits | Role::Promotes | Role::Withdraws);
            assert!(parts.program.is_some() || !place, "{}", declaration.name);
            let member = matches!(role, Role::Joins | Role::Leaves);
            assert!(parts.sentra.is_some() || !member, "{}", declaration.name);
        }
    }
}
