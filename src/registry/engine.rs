//! The one writer: decides everything that is queued, puts it down in one commit, then answers.
//!
//! The engine is synchronous and reads no clock of its own, so that tests drive it step by step; the
//! thread around it is in [`super::writer`]. After any failure past the first written byte it answers
//! nothing more: only reopening tells what the disk holds.

use std::collections::BTreeSet;
use std::sync::Arc;

use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, EventId, Subject};
use jejak_events::proposal::{Disclosures, Proposal, SealedValues, sealed_by, sealed_data};
use jejak_events::record::{Draft, Event, Stamp};
use jejak_events::time::RecordedTime;
use jejak_events::types::Scaled;
use jejak_events::values::SetOf;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::is_amendment;

use super::compared::{Compared, Comparison, Comparisons, holders_look, number_look};
use super::noticed::{Noticed, noticed};
use super::options::{Options, RegistryLock};
use super::outcome::{Outcome, RegistryError};
use super::past::{Decided, FreshKeys, NOTHING_DECIDED, Past, PendingEvent};
use super::prepared::{Layout, PrepareError, PreparedEvent, lay_out};
use super::rights::attach;
use super::rotate::Handovers;
use super::signer::Signer;
use super::stamp::Stamper;
use crate::environment::Environment;
use crate::log::{Commit, EventLines, Log, LogError, LogReader};
use crate::readmodel::{BOTH_GROUPS, Publisher, Vault};
use crate::rules::admitted::{Admitted, Grown};
use crate::rules::key_names::KeyName;
use crate::rules::machine::{Denied, Dependents, EventReader as _, History, StateMachine};
use crate::vault::access::{AccessLog, Look, VaultPass};
use crate::vault::attachments::EvidenceFiles;
use crate::vault::{FrameSubject, KeyLookup, NewKey, Secret, SubjectKey, seal_frame};
use crate::words::event_words::events;
use crate::words::language::Language;

/// Proposals of one caller, to be answered together.
#[derive(Debug)]
pub struct Request {
    /// The proposals, in order.
    pub prepared: Vec<PreparedEvent>,
    /// Whether all or none may be recorded.
    pub atomic: bool,
}

impl Request {
    /// Length of its records in bytes; of a correction, which is not laid out yet, the longest it can be.
    #[must_use]
    pub fn length_bytes(&self) -> usize {
        self.prepared.iter().map(PreparedEvent::length_bytes).sum()
    }
}

/// The writer's state.
#[derive(Debug)]
pub struct Engine {
    pub(super) environment: Environment,
    pub(super) log: Log,
    pub(super) reader: LogReader,
    pub(super) machine: StateMachine,
    pub(super) vault: Arc<Vault>,
    pub(super) evidence: EvidenceFiles,
    pub(super) signer: Arc<Signer>,
    pub(super) handovers: Handovers,
    pub(super) access: Arc<AccessLog>,
    stamper: Option<Stamper>,
    pub(super) last_recorded: Option<RecordedTime>,
    accept_clock: bool,
    pub(super) stopped: bool,
    /// Keeps other writers out; `None` where no other process can see the registry.
    pub(super) lock: Option<Arc<RegistryLock>>,
    /// Empty between commits: the memory of the last one's lines.
    room: EventLines,
}

/// What became of one request: its proposals' outcomes, or what kept it from being decided.
pub type Answer = Result<Vec<Outcome>, RegistryError>;

/// Everything decided since the last commit.
#[derive(Default)]
pub(super) struct Pending {
    /// When all of it is recorded: one moment, for it becomes durable in one commit.
    stamp: Option<Stamp>,
    events: EventLines,
    pub(super) decided: Decided,
    frames: Vec<u8>,
    new_keys: Vec<NewKey>,
    fresh: FreshKeys,
    pub(super) compared: Comparisons,
}

/// A place in [`Pending`] to return to.
#[derive(Default)]
pub(super) struct Mark {
    pub(super) events: usize,
    frames: usize,
}

impl Mark {
    /// The place that it has come to.
    pub(super) fn of(pending: &Pending) -> Self {
        Self { events: pending.decided.events.len(), frames: pending.frames.len() }
    }
}

/// Why one proposal was not taken.
pub(super) enum Stop {
    Refused(Refusal),
    Failed(RegistryError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<RegistryError> for Stop {
    fn from(error: RegistryError) -> Self {
        Self::Failed(error)
    }
}

impl From<Denied> for Stop {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused(refusal) | Denied::NumberTaken { refusal, .. } => Self::Refused(refusal),
            other => Self::Failed(RegistryError::Unreadable(other.to_string())),
        }
    }
}

impl From<PrepareError> for Stop {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Refused(refusal) => Self::Refused(refusal),
            PrepareError::Randomness(source) => Self::Failed(RegistryError::randomness(source)),
        }
    }
}

fn unreadable(error: ReadFailure) -> Stop {
    Stop::Failed(RegistryError::Unreadable(error.to_string()))
}

impl Engine {
    /// Takes over an open log whose events `machine` has absorbed.
    pub(super) fn new(
        options: &Options,
        log: Log,
        machine: StateMachine,
        vault: Arc<Vault>,
        signer: Arc<Signer>,
        last_recorded: Option<RecordedTime>,
    ) -> Self {
        let reader = log.reader();
        // Before event 0 there is nothing to look at.
        let log_id = log.log_id().unwrap_or_default();
        let access = AccessLog::new(options.access_place(), log_id, !log.is_read_only());
        let access = Arc::new(access.of(vault.mark()));
        Self {
            environment: options.environment.clone(),
            log,
            reader,
            machine,
            evidence: options.evidence().of(vault.mark()),
            vault,
            signer,
            handovers: Handovers::of(options),
            access,
            stamper: None,
            last_recorded,
            accept_clock: options.accept_clock,
            stopped: false,
            lock: None,
            room: EventLines::default(),
        }
    }

    /// What is known of the log.
    #[must_use]
    pub fn machine(&self) -> &StateMachine {
        &self.machine
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Who looked at whom.
    #[must_use]
    pub fn access(&self) -> &Arc<AccessLog> {
        &self.access
    }

    /// The evidence beside the log.
    #[must_use]
    pub fn evidence(&self) -> &EvidenceFiles {
        &self.evidence
    }

    /// When the last committed event was recorded.
    pub(super) fn last_recorded(&self) -> Option<RecordedTime> {
        self.last_recorded
    }

    /// Hands out the state that a commit led to.
    pub(super) fn publish(&self, publisher: &mut Publisher, grown: &Grown) {
        publisher.follow(grown, self.machine.index(), self.log.root());
    }

    /// The past, committed only.
    #[must_use]
    pub(super) fn past(&self) -> Past<'_> {
        Past { reader: &self.reader, vault: &self.vault, pending: &NOTHING_DECIDED, base: self.log.size() }
    }

    /// As [`Registry::look_at_everybody`](super::Registry::look_at_everybody), for whoever drives the engine itself.
    ///
    /// # Errors
    /// When it cannot be noted; then there is no pass, and nothing can be read.
    pub fn look_at_everybody(&self, actor: &Actor, purpose: &str) -> Result<Look, RegistryError> {
        Ok(self.access.look_at_everybody(actor, purpose)?)
    }

    /// The sealed values of a committed event, erased ones absent.
    ///
    /// # Errors
    /// When the look does not cover whose they are, or log or vault cannot be read.
    pub fn sealed(&self, look: &Look, index: u64) -> Result<SealedValues, ReadFailure> {
        let event = self.past().event(index)?;
        self.vault.values(VaultPass::Look(look), &self.reader, index, &event, &BOTH_GROUPS)
    }

    /// Decides the requests in order and puts what is allowed down in one commit. The answers stand in
    /// the order of the requests; none of them may be given to a caller unless this returns `Ok`. A
    /// request whose past cannot be read fails alone: nothing of it is recorded, the others go on.
    ///
    /// # Errors
    /// When the machine failed. Then no request is answered; [`RegistryError`] says whether anything
    /// can be in the log.
    pub fn process(&mut self, requests: Vec<Request>) -> Result<(Vec<Answer>, Grown), RegistryError> {
        self.check_open()?;
        let mut pending = self.pending();
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            let mark = Mark::of(&pending);
            let answer = self.decide_request(request, &mark, &mut pending);
            if answer.is_err() {
                self.roll_back(&mut pending, &mark);
            }
            answers.push(answer);
        }
        if let Err(error) = self.note_comparisons(&mut pending.compared) {
            self.roll_back(&mut pending, &Mark::default());
            return Err(error);
        }
        let grown = self.commit(pending)?;
        Ok((answers, grown))
    }

    /// Whether anything may be decided here. Who has stood down answers nothing from a state that others have left behind.
    pub(super) fn check_open(&self) -> Result<(), RegistryError> {
        if self.log.has_stood_down() {
            return Err(LogError::StoodDown { size: self.log.size() }.into());
        }
        if self.stopped { Err(RegistryError::Closed) } else { Ok(()) }
    }

    /// Stops the engine where a step failed that others must not be decided behind. Standing down needs no stop: nothing
    /// is decided any more, and the log can be followed.
    pub(super) fn stop_after<T>(&mut self, step: Result<T, RegistryError>) -> Result<T, RegistryError> {
        self.stopped |= step.is_err() && !self.log.has_stood_down();
        step
    }

    /// Gives back the room of what came to nothing.
    pub(super) fn put_away(&mut self, mut pending: Pending) {
        pending.events.truncate(0);
        self.room = pending.events;
    }

    /// Nothing decided yet.
    pub(super) fn pending(&mut self) -> Pending {
        Pending { events: std::mem::take(&mut self.room), ..Pending::default() }
    }

    fn commit(&mut self, mut pending: Pending) -> Result<Grown, RegistryError> {
        if pending.events.is_empty() {
            self.room = pending.events;
            return Ok(Grown::default());
        }
        if let Some(Err(error)) = self.lock.as_ref().map(|lock| lock.check()) {
            self.roll_back(&mut pending, &Mark::default());
            return Err(error.into());
        }
        // Keys are written before the log is; a log that takes nothing must not cost a write.
        if !pending.new_keys.is_empty()
            && let Err(error) = self.log.check_appendable()
        {
            self.roll_back(&mut pending, &Mark::default());
            return Err(error.into());
        }
        // Crash after this: keys that seal nothing yet. They are used by the next frame of their subject.
        if let Err(error) = self.vault.change_keys(|keys| keys.add(&pending.new_keys)) {
            self.roll_back(&mut pending, &Mark::default());
            self.stopped = true;
            return Err(error.into());
        }
        match self.log.commit(&Commit { events: &pending.events, vault_frames: &pending.frames }) {
            Ok(_) => {}
            Err(error) => {
                let nothing_written = error.left_log_usable();
                self.roll_back(&mut pending, &Mark::default());
                self.stopped = !nothing_written;
                return Err(error.into());
            }
        }
        if let Err(damage) = self.vault.extend(&pending.frames) {
            // The frames were made a moment ago; whatever altered them may have altered more.
            self.stopped = true;
            return Err(RegistryError::OutcomeUnknown(damage.to_string()));
        }
        pending.events.truncate(0);
        self.room = pending.events;
        let admitted: Vec<Admitted> =
            pending.decided.events.into_iter().map(|decided| decided.admitted).collect();
        if let Some(last) = admitted.last() {
            self.last_recorded = Some(last.event.recorded);
        }
        Ok(Grown { admitted })
    }

    /// Anchors and signs what is committed; answers with the new checkpoint, if there is one.
    ///
    /// # Errors
    /// As [`Log::anchor`].
    pub fn anchor(&mut self) -> Result<Option<String>, RegistryError> {
        Ok(self.log.anchor()?)
    }

    /// Whether something is committed that is not anchored, or anchored and not signed.
    #[must_use]
    pub fn is_ahead_of_checkpoint(&self) -> bool {
        !self.stopped && self.log.is_ahead_of_checkpoint()
    }

    /// Anchors and closes the log.
    ///
    /// # Errors
    /// As [`Log::close`].
    pub fn close(self) -> Result<(), RegistryError> {
        Ok(self.log.close()?)
    }

    pub(super) fn decide_request(&mut self, request: Request, mark: &Mark, pending: &mut Pending) -> Answer {
        let Request { prepared, atomic } = request;
        pending.compared.begin(self.log.size() + mark.events as u64);
        let amending: Vec<(EventId, bool)> =
            prepared.iter().map(|prepared| (prepared.draft.id, is_amendment(&prepared.draft.data))).collect();
        let mut outcomes = Vec::with_capacity(prepared.len());
        let mut touched = BTreeSet::new();
        let mut refused = false;
        for prepared in prepared {
            let id = prepared.draft.id;
            if !atomic {
                pending.compared.stand();
            }
            let dependents = if atomic { Dependents::Later(&mut touched) } else { Dependents::Now };
            match self.decide(prepared, pending, dependents) {
                Ok(outcome) => outcomes.push(outcome),
                Err(Stop::Refused(refused_by)) => {
                    refused = true;
                    outcomes.push(refusal_of(id, refused_by));
                }
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        let mut broken = None;
        if atomic && !refused {
            let past = past(&self.reader, &self.vault, &pending.decided, self.log.size());
            match self.machine.judge_dependents(&touched, &past).map_err(Stop::from) {
                Ok(()) => {}
                Err(Stop::Refused(refusal)) => broken = Some(refusal),
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        if atomic && (refused || broken.is_some()) {
            self.roll_back(pending, mark);
            // What was recorded before this batch stays recorded, under whatever id it is asked for.
            let rolled_back = self.log.size() + mark.events as u64;
            let any_amends = amending.iter().any(|(_, amends)| *amends);
            for (outcome, (id, amends)) in outcomes.iter_mut().zip(amending) {
                match (&broken, outcome.index()) {
                    // The sentence is about what corrections and retractions leave behind, where there are any.
                    (Some(broken), _) if amends || !any_amends => *outcome = refusal_of(id, broken.clone()),
                    (_, Some(index)) if index >= rolled_back => *outcome = batch_refused(id),
                    _ => {}
                }
            }
        }
        Ok(outcomes)
    }

    pub(super) fn decide(
        &mut self,
        prepared: PreparedEvent,
        pending: &mut Pending,
        dependents: Dependents<'_>,
    ) -> Result<Outcome, Stop> {
        let mut looks = Vec::new();
        let decided = self.decide_comparing(prepared, pending, dependents, &mut looks);
        let recorded = match &decided {
            Ok(Outcome::Recorded { index, repeated: false, .. }) => Some(*index),
            _ => None,
        };
        pending.compared.settle(recorded, looks);
        decided
    }

    /// Decides, and tells at which sealed values that was a look.
    fn decide_comparing(
        &mut self,
        prepared: PreparedEvent,
        pending: &mut Pending,
        dependents: Dependents<'_>,
        looks: &mut Vec<Comparison>,
    ) -> Result<Outcome, Stop> {
        let past = past(&self.reader, &self.vault, &pending.decided, self.log.size());
        let id = prepared.draft.id;
        // The id comes before revision and rules: what stands in the log was allowed once.
        if let Some(index) = self.machine.index_of(id, &past).map_err(unreadable)? {
            let compared = Compared { comparisons: &pending.compared, fresh: &pending.fresh };
            self.same_content(index, &prepared, &past, &compared, looks)?;
            let event = past.event(index).map_err(unreadable)?;
            let sealed = past.sealed(index).map_err(unreadable)?;
            let noticed = noticed(&mut self.machine, index, &event, &sealed, &past).map_err(unreadable)?;
            looks.extend(noticed.look(&event).or(holders_look(&event, &sealed)).map(Comparison::from));
            let Noticed { late_days, notices, .. } = noticed;
            return Ok(Outcome::Recorded { id, index, late_days, repeated: true, notices });
        }
        judge_revision(&self.machine, &prepared)?;
        let (draft, sealed, layout) = match prepared.layout {
            Some(layout) => (prepared.draft, prepared.sealed, layout),
            None => {
                let compared = Compared { comparisons: &pending.compared, fresh: &pending.fresh };
                self.carry_over(prepared, &past, &compared, looks)?
            }
        };
        let Layout { record, disclosures } = layout;
        let stamp = moment(&mut pending.stamp, || {
            stamp(&mut self.stamper, &self.environment, self.last_recorded, self.accept_clock)
        })?;
        let event = Event { recorded: stamp.recorded(), draft };
        let (key_subject, _) = sealed_by(&event);
        let original = self.original_of(&event, &past).map_err(unreadable)?;
        let disclosures = self.sealable(&event, original, &sealed, disclosures)?;
        let held =
            attach::Held { files: &self.evidence, vault: &self.vault, gone: &pending.decided.gone_files };
        attach::judge_listed(&held, &self.machine, &event, original, &past)?;
        looks.extend(number_look(&event, &sealed).map(Comparison::from));
        let admitted = self.machine.admit(event, &sealed, &past, dependents).inspect_err(|denied| {
            if let (Denied::NumberTaken { holder, .. }, Some(look)) = (denied, looks.last_mut()) {
                look.look.subjects.push(*holder);
            }
        })?;
        let position = admitted.position;
        let noticed = match noticed(&mut self.machine, position, &admitted.event, &sealed, &past) {
            Ok(noticed) => noticed,
            Err(error) => {
                self.machine.take_back(admitted);
                return Err(unreadable(error));
            }
        };
        let frames = pending.frames.len();
        if let Err(error) = self.seal(pending, position, key_subject, &disclosures) {
            pending.frames.truncate(frames);
            self.machine.take_back(admitted);
            return Err(Stop::Failed(error));
        }
        looks.extend(holders_look(&admitted.event, &sealed).map(Comparison::from));
        pending.compared.note(noticed.look(&admitted.event));
        let Noticed { late_days, notices, .. } = noticed;
        pending.events.push(|text| record.stamp(&stamp, text));
        let sealed = as_sealed(&admitted.event, sealed, &disclosures);
        pending.decided.events.push(PendingEvent { admitted, sealed });
        Ok(Outcome::Recorded { id, index: position, late_days, repeated: false, notices })
    }

    /// Fills in what a correction carries over: sealed values left out keep their old content, erased
    /// ones become null, and so do the size classes that rest on them.
    /// `looks` hears of the look at them.
    fn carry_over(
        &self,
        prepared: PreparedEvent,
        past: &Past<'_>,
        compared: &Compared<'_>,
        looks: &mut Vec<Comparison>,
    ) -> Result<(Draft, SealedValues, Layout), Stop> {
        let (mut carried, mut values): (Option<SetOf<Scaled>>, SealedValues) = Default::default();
        let target = prepared.draft.data.correction().map(|correction| correction.target);
        let target =
            target.map(|target| self.machine.index_of(target, past)).transpose().map_err(unreadable)?;
        if let Some(target) = target.flatten()
            && let Some(effective) = self.machine.lineage().effective(target)
        {
            let old = past.event(effective).map_err(unreadable)?;
            if sealed_data(&old.draft.data).type_name() == sealed_data(&prepared.draft.data).type_name() {
                values = self.carried(&prepared.draft, target, effective, &old, past).map_err(unreadable)?;
                looks.extend(self.carrying_look(&prepared, (effective, &old), &values, compared)?);
                carried = sealed_data(&old.draft.data).scales().cloned();
            }
        }
        let PreparedEvent { draft, mut sealed, expected_revision, .. } = prepared;
        for (name, value) in values {
            sealed.entry(name).or_insert(value);
        }
        let proposal = Proposal { draft, sealed, expected_revision };
        Ok(lay_out(proposal, carried, &self.environment.randomness)?)
    }

    fn seal(
        &self,
        pending: &mut Pending,
        position: u64,
        key_subject: Subject,
        disclosures: &Disclosures,
    ) -> Result<(), RegistryError> {
        for (group, disclosures) in disclosures {
            let name = KeyName::of(key_subject, *group, position);
            let key = match pending.fresh.get(&(name, *group)) {
                Some(key) => key.clone(),
                None => match self.vault.keys().get(&name.to_string(), *group) {
                    KeyLookup::Live(key) => key,
                    // Nothing is sealed for an erased group; a key is made for its first frame.
                    KeyLookup::Destroyed | KeyLookup::Unknown => {
                        let key = self.fresh_key()?;
                        let new =
                            NewKey::Subject { subject: name.to_string(), group: *group, key: key.clone() };
                        pending.new_keys.push(new);
                        pending.fresh.insert((name, *group), key.clone());
                        key
                    }
                },
            };
            let about = FrameSubject { index: position, subject: key_subject, group: *group };
            seal_frame(&mut pending.frames, about, &key, disclosures, &*self.environment.randomness)?;
        }
        Ok(())
    }

    fn fresh_key(&self) -> Result<SubjectKey, RegistryError> {
        let (mut id, mut secret) = ([0; 16], [0; 32]);
        for bytes in [&mut id[..], &mut secret[..]] {
            self.environment.randomness.fill(bytes).map_err(RegistryError::randomness)?;
        }
        Ok(SubjectKey { id, secret: Secret::new(secret) })
    }

    /// Takes back everything decided since the mark. Fresh keys stay: they may seal what came before,
    /// and an unused key does no harm.
    pub(super) fn roll_back(&mut self, pending: &mut Pending, mark: &Mark) {
        while pending.decided.events.len() > mark.events {
            if let Some(decided) = pending.decided.events.pop() {
                self.machine.take_back(decided.admitted);
            }
        }
        pending.events.truncate(mark.events);
        pending.frames.truncate(mark.frames);
        pending.compared.roll_back(self.log.size() + mark.events as u64);
    }
}

/// The sealed values of an event as they can be read once it is committed: without those of an erased group, of which
/// nothing is sealed.
fn as_sealed(event: &Event, mut values: SealedValues, disclosures: &Disclosures) -> SealedValues {
    let (_, declared) = sealed_by(event);
    let is_kept = |group| disclosures.iter().any(|(of, _)| *of == group);
    values.retain(|name, _| declared.iter().any(|field| field.name == *name && is_kept(field.group)));
    values
}

/// The past of the log together with what is decided and not committed.
pub(super) fn past<'a>(reader: &'a LogReader, vault: &'a Vault, decided: &'a Decided, base: u64) -> Past<'a> {
    Past { reader, vault, pending: decided, base }
}

fn stamp(
    stamper: &mut Option<Stamper>,
    environment: &Environment,
    last: Option<RecordedTime>,
    accept_clock: bool,
) -> Result<RecordedTime, RegistryError> {
    // The clock is held against the log at the first append, not at open: reading an old registry
    // needs no clock.
    match stamper {
        Some(stamper) => Ok(stamper.stamp()?),
        None => {
            let opened = Stamper::open(Arc::clone(&environment.clock), last, accept_clock)?;
            Ok(stamper.insert(opened).stamp()?)
        }
    }
}

/// The moment at which everything that is decided is recorded: it becomes durable in one commit.
fn moment(
    decided: &mut Option<Stamp>,
    now: impl FnOnce() -> Result<RecordedTime, RegistryError>,
) -> Result<Stamp, RegistryError> {
    match decided {
        Some(stamp) => Ok(*stamp),
        None => Ok(*decided.insert(Stamp::new(now()?))),
    }
}

fn refusal_of(id: EventId, refused: Refusal) -> Outcome {
    Outcome::Refused { id: Some(id.to_string()), refused }
}

/// The answer for a proposal that fell with its atomic batch.
pub(crate) fn batch_refused(id: EventId) -> Outcome {
    refusal_of(id, with_the_batch())
}

fn with_the_batch() -> Refusal {
    Refusal::new(
        "batch_refused",
        "tidak dicatat karena baris lain dalam kelompok atomik ini ditolak",
        "not recorded because another line of this atomic batch was refused",
    )
}

fn judge_revision(machine: &StateMachine, prepared: &PreparedEvent) -> Result<(), Refusal> {
    let Some(expected) = prepared.expected_revision else { return Ok(()) };
    let subject = prepared.draft.subject;
    let revision = machine.revision(subject);
    if expected == revision {
        return Ok(());
    }
    Err(Refusal::new(
        "stale_revision",
        format!(
            "aliran {subject} berisi {}, bukan {expected}; baca ulang lalu usulkan lagi",
            events(revision, Language::Id)
        ),
        format!(
            "stream {subject} holds {}, not {expected}; read it again and propose anew",
            events(revision, Language::En)
        ),
    )
    .at("expectedrevision"))
}
