//! The registry: the one way to append, and the door to everything that reads.
//!
//! [`Registry::append`] hands proposals to the one writer; everything queued is decided in order and
//! shares one commit. An answer means that the event is durable in the journal. Nothing in the crate
//! appends except through here.

mod behind;
mod catch_up;
mod compared;
mod derive;
mod engine;
mod init;
mod noticed;
mod open;
mod options;
mod outcome;
mod past;
mod places;
mod prepared;
mod reading;
mod recover;
mod rehearse;
pub mod release;
mod rights;
mod rotate;
mod scrubbing;
mod signer;
mod stamp;
mod unfinished;
mod writer;

#[cfg(test)]
mod asked_tests;
#[cfg(test)]
mod compared_tests;
#[cfg(test)]
mod former_tests;
#[cfg(test)]
mod init_tests;
#[cfg(test)]
mod rotate_tests;
#[cfg(test)]
mod taken_over_tests;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::thread::JoinHandle;

use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, Source, Subject};
use jejak_events::log_keys::LogKeys;
use jejak_events::proposal::{Defaults, Proposal, SealedValues};
use jejak_events::record::Event;
use jejak_events::time::RecordedTime;
use jejak_events::tree::Hash;
use jejak_events::types::RegistryOpened;
use jejak_events::values::Sha256Hex;
use tokio::sync::{mpsc, oneshot};

pub use self::derive::derive;
pub(crate) use self::engine::batch_refused;
pub use self::engine::{Engine, Request};
pub(crate) use self::init::holds_recovery_secret;
pub use self::init::{InitReport, create};
#[cfg(test)]
pub(crate) use self::open::append_unjudged;
pub use self::open::{Opened, StateReport, finish_opening, open_engine};
pub use self::options::{OnLockWait, OnOpening, Options, RegistryLock};
pub use self::outcome::{Outcome, RegistryError};
pub use self::prepared::{PrepareError, PreparedEvent};
pub use self::reading::{LogReading, RegistryReading, Signed, why_not_mended};
pub use self::recover::{RecoverReport, recover};
pub use self::rehearse::DryRun;
pub use self::rights::attach::{Attached, NewEvidence};
pub use self::rights::destroy::{Destroyed, Destruction, Stay, Staying};
pub use self::rotate::{Handovers, Rotated};
pub use self::signer::{Signer, signer_of};
pub use self::stamp::ClockError;
pub use crate::vault::access::{AccessLog, AccessReport, Look, NewLook, NotedLook};

use self::behind::StateWriter;
pub use self::behind::{BehindError, store_anew};
use self::scrubbing::Scrubbing;
use self::writer::Job;
use crate::environment::{Clock, Environment};
use crate::log::LogReader;
use crate::readmodel::{About, Feed, Published, Publisher, QuestionLength, Snapshot, Turns};
use crate::vault::attachments::EvidenceFiles;

/// An open registry.
pub struct Registry {
    queue: mpsc::Sender<Job>,
    writer: Option<JoinHandle<()>>,
    published: Published,
    turns: Turns,
    reader: LogReader,
    environment: Environment,
    evidence: EvidenceFiles,
    signer: Arc<Signer>,
    access: Arc<AccessLog>,
    opened: Opened,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("opened", &self.opened).finish_non_exhaustive()
    }
}

impl Registry {
    /// Opens a registry and starts its writer.
    ///
    /// # Errors
    /// When keys or log cannot be opened, or do not belong together.
    pub fn open(options: &Options) -> Result<Self, RegistryError> {
        let lock = options.lock()?.map(Arc::new);
        let (mut engine, facts, mut opened) = open_engine(options)?;
        engine.lock.clone_from(&lock);
        let reader = engine.log().reader();
        let evidence = engine.evidence().clone();
        let signer = Arc::clone(&engine.signer);
        let access = Arc::clone(engine.access());
        let about = About { constitution: opened.constitution.clone(), source: opened.source.clone() };
        let state = (engine.machine().index(), engine.log().root(), engine.last_recorded());
        let (mut publisher, published) =
            Publisher::new(facts, state, (reader.clone(), Arc::clone(&engine.vault)), about);
        // Whoever only examines signs nothing and mends nothing, and so carries nothing out either.
        if options.anchor_interval.is_some() && !engine.log().is_read_only() {
            evidence.clean()?;
            access.settle()?;
            // Before anything is appended.
            opened.finished_handovers = engine.hand_over()?;
            let grown = engine.carry_out()?;
            opened.finished_erasures = grown.admitted.len();
            engine.publish(&mut publisher, &grown);
        }
        let (queue, receiver) = mpsc::channel(options.queue_capacity.max(1));
        let state = StateWriter::new(options, &opened.state);
        let interval = options.anchor_interval;
        let may_look = interval.is_some() && !engine.log().is_read_only();
        let scrubbing = options.scrub_after.filter(|_| may_look).and_then(|after| {
            Scrubbing::start(engine.log().scrub()?, Arc::clone(&options.environment.clock), after)
        });
        let closing_look = options.scrub_after.filter(|_| may_look).and_then(|_| engine.log().scrub());
        let clock = Arc::clone(&options.environment.clock);
        let writer = std::thread::Builder::new()
            .name("jejak-writer".into())
            .spawn(move || {
                writer::run(engine, publisher, receiver, interval, state);
                // It reads the store, which is closed with it.
                drop(scrubbing);
                if let Some(scrub) = closing_look {
                    scrubbing::look_at_closing(scrub, &*clock);
                }
                // Only now: without a close the writer anchors after the last handle is gone.
                drop(lock);
            })
            .map_err(|source| RegistryError::File {
                operation: "start",
                path: "the writer's thread".into(),
                source,
            })?;
        let environment = options.environment.clone();
        Ok(Self {
            queue,
            writer: Some(writer),
            published,
            turns: Turns::new(options.answers_at_once),
            reader,
            environment,
            evidence,
            signer,
            access,
            opened,
        })
    }

    /// What opening found: event 0, the keys, and what was healed.
    #[must_use]
    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    /// What event 0 says.
    #[must_use]
    pub fn constitution(&self) -> &RegistryOpened {
        &self.opened.constitution
    }

    /// The log's public keys, and from which size each signs.
    #[must_use]
    pub fn log_keys(&self) -> LogKeys {
        self.signer.keys()
    }

    /// What proposals may leave out, with this actor.
    #[must_use]
    pub fn defaults(&self, actor: Actor) -> Defaults {
        Defaults { source: self.opened.source.clone(), actor }
    }

    /// The source that opened the registry.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.opened.source
    }

    /// Who looked at whom.
    #[must_use]
    pub fn access(&self) -> &AccessLog {
        &self.access
    }

    /// A reader of the committed log.
    #[must_use]
    pub fn reader(&self) -> &LogReader {
        &self.reader
    }

    /// The committed log as it stands, for every question: pinned, so that nothing recorded meanwhile changes an answer.
    /// Nothing waits for whoever holds it.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.published.latest()
    }

    /// Makes an answer once its turn has come ([`Turns`]), over the committed log as it then stands, on this thread. For
    /// whoever answers while others append; must not be called inside an asynchronous runtime, which it would hold up.
    pub fn ask_blocking<T>(&self, length: QuestionLength, make: impl FnOnce(&Snapshot) -> T) -> T {
        let turn = self.turns.turn_blocking(length);
        // Pinned only now: whoever waits keeps no state of the log from being let go of.
        turn.answer(|| make(&self.snapshot()))
    }

    /// As [`Registry::ask_blocking`], on a thread of the runtime that may wait. Whoever drops this before its turn has come
    /// leaves the queue; an answer that has begun is made to its end. A panic of `make` goes on in the caller.
    ///
    /// # Errors
    /// When the runtime ends before the answer begins.
    pub async fn ask<T: Send + 'static>(
        &self,
        length: QuestionLength,
        make: impl FnOnce(&Snapshot) -> T + Send + 'static,
    ) -> Result<T, RegistryError> {
        let turn = self.turns.turn(length).await;
        let published = self.published.clone();
        let made = tokio::task::spawn_blocking(move || turn.answer(|| make(&published.latest()))).await;
        match made {
            Ok(answer) => Ok(answer),
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(RegistryError::Closed),
            },
        }
    }

    /// What is recorded from a log size on, as it is recorded.
    #[must_use]
    pub fn watch(&self, from: u64) -> Feed {
        self.published.feed(from)
    }

    /// Prepares a proposal on the caller's own thread.
    ///
    /// # Errors
    /// As [`PreparedEvent::new`].
    pub fn prepare(&self, proposal: Proposal) -> Result<PreparedEvent, PrepareError> {
        PreparedEvent::new(proposal, &self.environment.randomness)
    }

    /// Appends proposals: in order, each for itself, or all or none. Returns when they are durable;
    /// waits while the queue is full.
    ///
    /// # Errors
    /// When the machine failed; the message says whether the events can be in the log.
    pub async fn append(
        &self,
        proposals: Vec<Proposal>,
        atomic: bool,
    ) -> Result<Vec<Outcome>, RegistryError> {
        let (request, refused) = self.split(proposals, atomic, |proposal| self.prepare(proposal))?;
        let answers = match request {
            None => Vec::new(),
            Some(request) => self.append_prepared(request).await?,
        };
        Ok(refused.merge(answers))
    }

    /// Appends what was prepared before, with [`Registry::prepare`].
    ///
    /// # Errors
    /// As [`Registry::append`].
    pub async fn append_prepared(&self, request: Request) -> Result<Vec<Outcome>, RegistryError> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(Job::Append(request, answer)).await.map_err(|_| RegistryError::Closed)?;
        answered.await.map_err(|_| unanswered())?
    }

    /// As [`Registry::append`], for callers outside an asynchronous runtime.
    ///
    /// # Errors
    /// As [`Registry::append`].
    pub fn append_blocking(
        &self,
        proposals: Vec<Proposal>,
        atomic: bool,
    ) -> Result<Vec<Outcome>, RegistryError> {
        self.submit_blocking(proposals, atomic)?.wait()
    }

    /// Queues proposals and returns before they are decided, so that the caller can make the next ones
    /// ready meanwhile. Waits while the queue is full.
    ///
    /// # Errors
    /// When there is no randomness, or the writer is gone.
    pub fn submit_blocking(
        &self,
        proposals: Vec<Proposal>,
        atomic: bool,
    ) -> Result<Submitted, RegistryError> {
        let prepared = self.split(proposals, atomic, |proposal| self.prepare(proposal))?;
        self.queue_blocking(prepared)
    }

    /// As [`Registry::append_blocking`], also for checks of claims: for whoever counted what they say.
    ///
    /// # Errors
    /// As [`Registry::append`].
    pub fn append_counted(
        &self,
        proposals: Vec<Proposal>,
        atomic: bool,
    ) -> Result<Vec<Outcome>, RegistryError> {
        let make = |proposal| PreparedEvent::new_counted(proposal, &self.environment.randomness);
        let prepared = self.split(proposals, atomic, make)?;
        self.queue_blocking(prepared)?.wait()
    }

    fn queue_blocking(
        &self,
        (request, refused): (Option<Request>, RefusedEarly),
    ) -> Result<Submitted, RegistryError> {
        let answered = match request {
            None => None,
            Some(request) => {
                let (answer, answered) = oneshot::channel();
                self.queue.blocking_send(Job::Append(request, answer)).map_err(|_| RegistryError::Closed)?;
                Some(answered)
            }
        };
        Ok(Submitted { answered, refused })
    }

    /// Splits proposals into what the writer decides and what is refused before it.
    fn split(
        &self,
        proposals: Vec<Proposal>,
        atomic: bool,
        make: impl Fn(Proposal) -> Result<PreparedEvent, PrepareError>,
    ) -> Result<(Option<Request>, RefusedEarly), RegistryError> {
        let mut prepared = Vec::with_capacity(proposals.len());
        let mut early = RefusedEarly { ids: Vec::with_capacity(proposals.len()), refused: Vec::new() };
        for (place, proposal) in proposals.into_iter().enumerate() {
            early.ids.push(proposal.draft.id);
            match make(proposal) {
                Ok(proposal) => prepared.push(proposal),
                Err(PrepareError::Refused(refused)) => early.refused.push((place, refused)),
                Err(PrepareError::Randomness(source)) => return Err(RegistryError::randomness(source)),
            }
        }
        let hopeless = prepared.is_empty() || (atomic && !early.refused.is_empty());
        Ok(((!hopeless).then_some(Request { prepared, atomic }), early))
    }

    /// Runs something on the writer's thread, between commits, and waits for its answer. For what only the writer can
    /// do or tell, never for a question. As everything here that waits, it must not be called inside an asynchronous
    /// runtime (it would panic).
    ///
    /// # Errors
    /// When the writer is gone.
    fn with_engine<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Engine) -> T + Send + 'static,
    ) -> Result<T, RegistryError> {
        let (answer, answered) = oneshot::channel();
        let task = Box::new(move |engine: &mut Engine, _: &mut Publisher| drop(answer.send(work(engine))));
        self.queue.blocking_send(Job::Run(task)).map_err(|_| RegistryError::Closed)?;
        answered.blocking_recv().map_err(|_| RegistryError::Closed)
    }

    /// Anchors and signs what is committed; answers with the checkpoint over it.
    ///
    /// # Errors
    /// When the log failed.
    pub fn checkpoint(&self) -> Result<Option<String>, RegistryError> {
        self.with_engine(Engine::anchor)?
    }

    /// Takes in what another writer has recorded, and publishes it; answers with the number of events. For a registry that
    /// has stood down ([`RegistryError::has_stood_down`]): it answers questions as before, and records nothing.
    ///
    /// # Errors
    /// When the log cannot be read, or is not understood.
    pub fn catch_up(&self) -> Result<u64, RegistryError> {
        self.with_growing(|engine, _| {
            let grown = engine.catch_up()?;
            Ok((engine.log().size(), grown))
        })
    }

    /// The event at an index.
    ///
    /// # Errors
    /// When it cannot be read or does not match the tree.
    pub fn event(&self, index: u64) -> Result<Event, RegistryError> {
        Ok(self.snapshot().event(index)?)
    }

    /// Notes a look at the sealed values of some subjects, durably, and gives the pass to them. `purpose` is what the
    /// access log says of it.
    ///
    /// # Errors
    /// When it cannot be noted; then there is no pass, and nothing can be read.
    pub fn look(&self, actor: &Actor, purpose: &str, subjects: &[Subject]) -> Result<Look, RegistryError> {
        Ok(self.access.look(actor, purpose, subjects)?)
    }

    /// As [`Registry::look`], at the sealed values of everybody: for a search.
    ///
    /// # Errors
    /// As [`Registry::look`].
    pub fn look_at_everybody(&self, actor: &Actor, purpose: &str) -> Result<Look, RegistryError> {
        Ok(self.access.look_at_everybody(actor, purpose)?)
    }

    /// As [`Registry::look`], at one attachment, which is about these subjects.
    ///
    /// # Errors
    /// As [`Registry::look`].
    pub fn look_at_file(
        &self,
        actor: &Actor,
        purpose: &str,
        file: &Sha256Hex,
        subjects: &[Subject],
    ) -> Result<Look, RegistryError> {
        Ok(self.access.look_at_file(actor, purpose, file, subjects)?)
    }

    /// The sealed values of an event, as [`Snapshot::sealed`].
    ///
    /// # Errors
    /// When the look does not cover whose they are, or the vault cannot be read.
    pub fn sealed(&self, look: &Look, index: u64) -> Result<SealedValues, RegistryError> {
        Ok(self.snapshot().sealed(look, index)?)
    }

    /// The disclosures of an event, as [`Snapshot::disclosures`].
    ///
    /// # Errors
    /// As [`Registry::sealed`].
    pub fn disclosures(&self, look: &Look, index: u64) -> Result<Vec<String>, RegistryError> {
        let (snapshot, event) = (self.snapshot(), self.event(index)?);
        Ok(snapshot.disclosures(look, index, &event)?)
    }

    /// Size and root of the anchor, as it was written last.
    ///
    /// # Errors
    /// When the writer is gone.
    pub fn anchored(&self) -> Result<(u64, Hash), RegistryError> {
        self.with_engine(|engine| engine.log().anchored())
    }

    /// What the rules know of the log, in the parts in which it is stored.
    ///
    /// # Errors
    /// When the writer is gone.
    pub fn machine_parts(&self) -> Result<Vec<Vec<u8>>, RegistryError> {
        self.with_engine(|engine| {
            let mut parts = Vec::new();
            let Ok(()) = engine.machine().parts(|part| {
                parts.push(part);
                Ok::<_, std::convert::Infallible>(())
            });
            parts
        })
    }

    /// Length of the vault in bytes.
    ///
    /// # Errors
    /// When the writer is gone.
    pub fn vault_length(&self) -> Result<u64, RegistryError> {
        self.with_engine(|engine| engine.log().vault_length())
    }

    /// Compresses the next sealed segment of the journal that is not compressed yet; `false` where there is none.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn compress_next(&self) -> Result<bool, RegistryError> {
        let segment = self.with_engine(|engine| engine.log().next_sealed())??;
        let Some(segment) = segment else { return Ok(false) };
        segment.compress()?;
        Ok(true)
    }

    /// Anchors, closes the log and waits for the writer.
    ///
    /// # Errors
    /// When anchoring failed.
    pub fn close(mut self) -> Result<(), RegistryError> {
        let (answer, answered) = oneshot::channel();
        self.queue.blocking_send(Job::Close(answer)).map_err(|_| RegistryError::Closed)?;
        let closed = answered.blocking_recv().map_err(|_| RegistryError::Closed)?;
        if let Some(writer) = self.writer.take() {
            // A panic was reported as a closed queue already.
            let _ = writer.join();
        }
        closed
    }

    /// Lets the log go as it is and waits for the writer: nothing more is anchored or signed. For a
    /// registry that was found wrong. What was acknowledged is in the journal, synced.
    ///
    /// # Errors
    /// When the writer is gone.
    pub fn close_without_anchor(mut self) -> Result<(), RegistryError> {
        self.queue.blocking_send(Job::Abandon).map_err(|_| RegistryError::Closed)?;
        if let Some(writer) = self.writer.take() {
            // A panic left nothing anchored either.
            let _ = writer.join();
        }
        Ok(())
    }
}

/// What a clock says.
///
/// # Errors
/// When it lies outside the years 1900 to 2999.
pub fn wall_time(clock: &dyn Clock) -> Result<RecordedTime, RegistryError> {
    let unix_ms = clock.wall().timestamp_millis();
    Ok(RecordedTime::from_unix_ms(unix_ms).ok_or(ClockError::Impossible { unix_ms })?)
}

/// The writer took the request and ended without an answer.
fn unanswered() -> RegistryError {
    RegistryError::OutcomeUnknown("the writer ended before it answered".into())
}

/// Proposals on their way to the writer.
#[must_use = "what was submitted is acknowledged only by waiting for it"]
pub struct Submitted {
    answered: Option<oneshot::Receiver<Result<Vec<Outcome>, RegistryError>>>,
    refused: RefusedEarly,
}

impl Submitted {
    /// Waits until the proposals are decided and what was allowed is durable.
    ///
    /// # Errors
    /// As [`Registry::append`].
    pub fn wait(self) -> Result<Vec<Outcome>, RegistryError> {
        let answers = match self.answered {
            None => Vec::new(),
            Some(answered) => answered.blocking_recv().map_err(|_| unanswered())??,
        };
        Ok(self.refused.merge(answers))
    }
}

/// The proposals of one call that were refused before they reached the writer.
struct RefusedEarly {
    ids: Vec<jejak_events::identity::EventId>,
    refused: Vec<(usize, Refusal)>,
}

impl RefusedEarly {
    /// Puts the early refusals back among the writer's answers. Where there are no answers, an atomic
    /// batch fell with its early refusals.
    fn merge(self, answers: Vec<Outcome>) -> Vec<Outcome> {
        let mut answers = answers.into_iter();
        let mut refused = self.refused.into_iter().peekable();
        let ids = self.ids.into_iter().enumerate();
        ids.map(|(place, id)| match refused.next_if(|(at, _)| *at == place) {
            Some((_, refused)) => Outcome::Refused { id: Some(id.to_string()), refused },
            None => answers.next().unwrap_or_else(|| engine::batch_refused(id)),
        })
        .collect()
    }
}
