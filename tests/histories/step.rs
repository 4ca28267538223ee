//! One step of a history: what is asked of the registry, and what it answers.

use std::time::Duration;

use jejak::environment::ManualClock;
use jejak::registry::{Attached, Destroyed, Outcome, Registry};
use jejak::vault::attachments::About;
use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, ActorKind, Subject};
use jejak_events::types::EvidenceRedacted;
use jejak_events::values::{Code, MediaType, SetOf, Sha256Hex};
use serde_json::Value;

use crate::support;

/// Media type of every document.
pub const MEDIA_TYPE: &str = "text/plain";

#[derive(Clone, Debug)]
pub enum Step {
    /// Proposals, and whether all or none.
    Propose { proposals: Vec<Value>, atomic: bool },
    /// The erasure of a subject, by the command for it.
    Erase { subject: String },
    /// A document about some subjects.
    Attach { subjects: Vec<String>, document: String },
    /// A file of evidence is withdrawn from an event of a stream.
    Redact { subject: String, target: String, file: String },
}

/// What became of a step.
#[derive(Debug)]
pub enum Answer {
    Proposed(Vec<Outcome>),
    /// Of an erasure with what a rehearsal said that it would destroy.
    Destroyed(Destroyed),
    Attached(Attached),
}

impl Answer {
    pub fn refusals(&self) -> Vec<&Refusal> {
        match self {
            Self::Proposed(outcomes) => outcomes.iter().filter_map(Outcome::refusal).collect(),
            Self::Destroyed(Destroyed::Refused(refusal)) | Self::Attached(Attached::Refused(refusal)) => {
                vec![refusal]
            }
            Self::Destroyed(Destroyed::Done { .. }) | Self::Attached(Attached::Held(_)) => Vec::new(),
        }
    }

    /// In a line for each thing that was asked for.
    pub fn told(&self) -> Vec<String> {
        let refused = |refusal: &Refusal| format!("{}: {}", refusal.rule, refusal.message.en);
        match self {
            Self::Proposed(outcomes) => {
                let became = |outcome: &Outcome| match outcome.refusal() {
                    Some(refusal) => refused(refusal),
                    None => outcome.index().unwrap().to_string(),
                };
                outcomes.iter().map(became).collect()
            }
            Self::Destroyed(Destroyed::Refused(refusal)) | Self::Attached(Attached::Refused(refusal)) => {
                vec![refused(refusal)]
            }
            Self::Destroyed(done) => vec![format!("{done:?}")],
            Self::Attached(Attached::Held(file)) => vec![file.to_string()],
        }
    }
}

fn subject(text: &str) -> Subject {
    Subject::parse(text).unwrap()
}

fn nobody() -> Actor {
    Actor { kind: ActorKind::Unknown, id: None }
}

/// The one place where a step meets the registry, so that replays and written registries have all of it.
pub fn play(registry: &Registry, clock: &ManualClock, step: &Step) -> Answer {
    clock.advance(Duration::from_secs(60));
    match step {
        Step::Propose { proposals, atomic } => {
            let proposals = proposals.iter().map(support::proposal).collect();
            Answer::Proposed(registry.append_counted(proposals, *atomic).unwrap())
        }
        Step::Erase { subject: text } => {
            let (subject, basis) = (subject(text), Code::parse("subject_request").unwrap());
            let (size, facts) = (registry.reader().size(), registry.snapshot().facts().row_count());
            let rehearsed = registry.rehearse_erasure(nobody(), subject, basis.clone()).unwrap();
            assert_eq!(
                (registry.reader().size(), registry.snapshot().facts().row_count()),
                (size, facts),
                "a rehearsal"
            );
            let done = registry.erase(nobody(), subject, basis).unwrap();
            match (&rehearsed, &done) {
                (Err(rehearsed), Destroyed::Refused(refused)) => assert_eq!(rehearsed, refused),
                (Ok(rehearsed), Destroyed::Done { destruction, .. }) => assert_eq!(rehearsed, destruction),
                _ => panic!("rehearsed as {rehearsed:?}, and became {done:?}"),
            }
            Answer::Destroyed(done)
        }
        Step::Attach { subjects, document } => {
            let subjects = SetOf::new(subjects.iter().map(|text| subject(text)).collect());
            let about = About { media_type: MediaType::parse(MEDIA_TYPE).unwrap(), subjects };
            Answer::Attached(registry.attach(about, &mut document.as_bytes()).unwrap())
        }
        Step::Redact { subject: stream, target, file } => {
            let redaction = EvidenceRedacted {
                file: Sha256Hex::parse(file).unwrap(),
                reason: Code::parse("wrong_document").unwrap(),
                target: serde_json::from_value(Value::from(target.as_str())).unwrap(),
                authority: None,
                evidence: None,
                imported_from: None,
                sealed: None,
            };
            Answer::Destroyed(registry.redact(nobody(), subject(stream), redaction).unwrap())
        }
    }
}

/// For whoever follows a failed history.
pub fn tell(step: &Step, answer: &Answer) {
    let became = answer.told();
    match step {
        Step::Propose { proposals, atomic } => {
            for (proposal, became) in proposals.iter().zip(became) {
                eprintln!("{} {proposal} -> {became}", if *atomic { "all " } else { "each" });
            }
        }
        other => eprintln!("{other:?} -> {}", became.concat()),
    }
}
