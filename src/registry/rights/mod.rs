//! What the registry does for the rights of those recorded (UU PDP 27/2022): erasing, and evidence with keys of
//! its own. The order of each is the engine's, in `destroy` and `attach`.

pub(super) mod attach;
pub(super) mod destroy;
mod sealable;
#[cfg(test)]
pub(super) mod tests;

use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, Subject};
use jejak_events::proposal::{Proposal, SealedValues};
use jejak_events::record::Draft;
use jejak_events::time::ValidTime;
use jejak_events::types::enterprise::IkmErasureRequested;
use jejak_events::types::person::PersonErasureRequested;
use jejak_events::types::{Data, EvidenceRedacted};
use jejak_events::values::{Code, Sha256Hex};

use self::attach::{Attached, NewEvidence};
use self::destroy::{Destroyed, Destruction, Stay};
use super::engine::Engine;
use super::prepared::{PrepareError, PreparedEvent};
use super::writer::Job;
use super::{Registry, RegistryError};
use crate::readmodel::Publisher;
use crate::rules::admitted::Grown;
use crate::vault::attachments::{About, EvidenceFiles, key_name};
use crate::vault::{KeyLookup, Secret, SubjectKey};
use jejak_events::sealed::Group;
use jejak_projections::facts::Facts;
use tokio::sync::oneshot;

impl Registry {
    /// Runs something on the writer's thread that may grow the log, and publishes what it grew to.
    pub(super) fn with_growing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Engine, &Facts) -> Result<(T, Grown), RegistryError> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let (answer, answered) = oneshot::channel();
        let task = move |engine: &mut Engine, publisher: &mut Publisher| {
            let worked = work(engine, publisher.facts()).map(|(worked, grown)| {
                engine.publish(publisher, &grown);
                worked
            });
            drop(answer.send(worked));
        };
        self.queue.blocking_send(Job::Run(Box::new(task))).map_err(|_| RegistryError::Closed)?;
        answered.blocking_recv().map_err(|_| RegistryError::Closed)?
    }

    /// Fills in what an event has that the registry makes for a command of its own: a fresh id, today, the
    /// registry's source.
    ///
    /// # Errors
    /// Without randomness, or with a clock outside the years 1900 to 2999.
    pub fn own_proposal(
        &self,
        actor: Actor,
        subject: Subject,
        data: Data,
    ) -> Result<Proposal, RegistryError> {
        let (id, now) = destroy::draw_id(&self.environment)?;
        let area = self.opened.source.area;
        let draft = Draft {
            id,
            source: self.opened.source.clone(),
            subject,
            time: ValidTime::day(now.date_in(area), area),
            actor,
            correlation: None,
            causation: None,
            data,
        };
        Ok(Proposal { draft, sealed: SealedValues::new(), expected_revision: None })
    }

    /// The request for the erasure of a person or an IKM.
    fn erasure_request(
        &self,
        actor: Actor,
        subject: Subject,
        basis: Code,
    ) -> Result<PreparedEvent, RegistryError> {
        let (evidence, imported_from, sealed) = (None, None, None);
        let data = match subject {
            Subject::Ikm(_) => Data::from(IkmErasureRequested { basis, evidence, imported_from, sealed }),
            // The rules refuse any other stream.
            _ => Data::from(PersonErasureRequested { basis, evidence, imported_from, sealed }),
        };
        self.prepare(self.own_proposal(actor, subject, data)?).map_err(|error| match error {
            PrepareError::Refused(refusal) => RegistryError::Unreadable(refusal.to_string()),
            PrepareError::Randomness(source) => RegistryError::randomness(source),
        })
    }

    /// Erases a person or an IKM: records the request, anchors it, destroys the keys, records that it is done.
    ///
    /// # Errors
    /// When the machine failed. The request may stand in the log then; reopening goes on with it.
    pub fn erase(&self, actor: Actor, subject: Subject, basis: Code) -> Result<Destroyed, RegistryError> {
        let request = self.erasure_request(actor, subject, basis)?;
        self.with_growing(move |engine, _| engine.erase(request))
    }

    /// What an erasure of a subject leaves readable, or left, of IKMs that are or were that person in law.
    ///
    /// # Errors
    /// When the machine failed.
    pub fn stays(&self, subject: Subject) -> Result<Vec<Stay>, RegistryError> {
        self.with_engine(move |engine| Ok(engine.destruction(subject)?.stays))?
    }

    /// What [`Registry::erase`] would destroy, or why it would be refused.
    ///
    /// # Errors
    /// When the machine failed.
    pub fn rehearse_erasure(
        &self,
        actor: Actor,
        subject: Subject,
        basis: Code,
    ) -> Result<Result<Destruction, Refusal>, RegistryError> {
        let request = self.erasure_request(actor, subject, basis)?;
        self.with_engine(move |engine| engine.rehearse_erasure(request))?
    }

    /// Makes a file of evidence unreadable and records that, in the stream of the event that lists it.
    ///
    /// # Errors
    /// When the machine failed. The redaction may stand in the log then; reopening goes on with it.
    pub fn redact(
        &self,
        actor: Actor,
        subject: Subject,
        redaction: EvidenceRedacted,
    ) -> Result<Destroyed, RegistryError> {
        let proposal = self.own_proposal(actor, subject, Data::from(redaction))?;
        self.with_growing(move |engine, _| engine.redact(proposal))
    }

    /// Records a release, all in one commit or nothing; answers with the indexes of its events. It is refused when the
    /// log holds more than the `known` events that the sums were made of.
    ///
    /// # Errors
    /// When the machine failed. A crash within leaves the whole release in the log, or none of it.
    pub fn record_release(
        &self,
        proposals: Vec<Proposal>,
        known: u64,
    ) -> Result<Result<Vec<u64>, Refusal>, RegistryError> {
        self.with_growing(move |engine, facts| engine.record_release(proposals, known, facts))
    }

    /// The evidence beside the log.
    #[must_use]
    pub fn evidence(&self) -> &EvidenceFiles {
        &self.evidence
    }

    /// Encrypts a document and takes it in. Reads it on the caller's thread.
    ///
    /// # Errors
    /// When the document cannot be read or the machine failed; then nothing is attached.
    pub fn attach(&self, about: About, document: &mut dyn std::io::Read) -> Result<Attached, RegistryError> {
        let asked = about.clone();
        // Before the document is read: it may be large.
        if let Err(refusal) = self.with_engine(move |engine| engine.judge_attachable(&asked))? {
            return Ok(Attached::Refused(refusal));
        }
        let (mut id, mut secret, mut name) = ([0; 16], zeroize::Zeroizing::new([0; 32]), [0; 8]);
        for bytes in [&mut id[..], &mut secret[..], &mut name[..]] {
            self.environment.randomness.fill(bytes).map_err(RegistryError::randomness)?;
        }
        let key = SubjectKey { id, secret: Secret::new(*secret) };
        let aside = self.evidence.write_aside(name, &about, &key.secret, document)?;
        let new = NewEvidence { about, key, aside };
        self.with_engine(move |engine| engine.adopt_evidence(&new))?
    }

    /// The key of a file of evidence. It opens the file only together with a pass.
    ///
    /// # Errors
    /// When the writer is gone.
    pub fn evidence_key(&self, file: Sha256Hex) -> Result<KeyLookup, RegistryError> {
        Ok(self.snapshot().vault().keys().get(&key_name(&file), Group::Personal))
    }
}
