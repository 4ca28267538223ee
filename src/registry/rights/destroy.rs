//! Erasures and redactions: recorded, anchored, then carried out (`FORMAT.md`, section 4).
//!
//! The order is what a crash may not change: a key is destroyed only once the request for it cannot be lost,
//! and `*.erased` is recorded only once the key is gone. Whatever is cut short is gone on with when the
//! registry is next opened. Nothing here may bring a key back, or destroy one that nobody asked for.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::fault::Refusal;
use jejak_events::identity::{CorrelationId, EventId, Subject};
use jejak_events::proposal::{Proposal, SealedValues};
use jejak_events::record::Draft;
use jejak_events::sealed::Group;
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_events::types::enterprise::IkmErased;
use jejak_events::types::person::PersonErased;
use jejak_events::types::{Amendment, Data};
use jejak_events::values::Sha256Hex;
use jejak_projections::facts::Facts;

use crate::environment::Environment;
use crate::registry::engine::{Engine, Mark, Pending, Request, Stop, past};
use crate::registry::outcome::{Outcome, RegistryError};
use crate::registry::past::Past;
use crate::registry::prepared::{PrepareError, PreparedEvent};
use crate::registry::stamp::ClockError;
use crate::rules::admitted::Grown;
use crate::rules::key_names::KeyName;
use crate::rules::machine::{Denied, Dependents, EventReader as _};
use crate::rules::reached::ErasureScope;
use crate::rules::release::recorded_releases;
use crate::rules::release::recount::{LogBelow, Releases};
use crate::vault::KeyLookup;
use crate::vault::attachments::{EvidenceError, key_name};

/// The keys that an erasure destroys, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destruction {
    /// Keys of sealed fields, by whose they are and of which fields.
    pub keys: Vec<(Subject, Group)>,
    /// Of IKMs that were the person in law once and are not any more: the events whose personal fields go.
    pub values: Vec<(Subject, Vec<u64>)>,
    /// Files of evidence.
    pub evidence: Vec<Sha256Hex>,
    /// What stays readable of IKMs that are or were the person in law.
    pub stays: Vec<Stay>,
}

/// What an erasure of a person leaves of an IKM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The IKM.
    pub subject: Subject,
    /// What of it.
    pub what: Staying,
}

/// What of an IKM stays readable when somebody is erased who is or was that IKM in law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Staying {
    /// Its confidential figures: they are of an enterprise and no personal data.
    Figures,
    /// The personal fields of these events: said of a time when the IKM was not that person's.
    OtherTimes(Vec<u64>),
    /// These files about it: no event of a time when it was that person's lists them.
    Files(Vec<Sha256Hex>),
}

/// What became of a call to destroy something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destroyed {
    /// The rules say no; everything is as it was.
    Refused(Refusal),
    /// It is done.
    Done {
        /// Index of the event that asked for it, or that tells of it.
        recorded: u64,
        /// Index of `*.erased`, for an erasure.
        erased: Option<u64>,
        /// What was destroyed.
        destruction: Destruction,
    },
}

fn unreadable(error: impl std::fmt::Display) -> RegistryError {
    RegistryError::Unreadable(error.to_string())
}

/// An id for an event that the registry makes itself: a UUIDv7.
///
/// # Errors
/// Without randomness, or with a clock outside the years 1900 to 2999.
pub(in crate::registry) fn draw_id(
    environment: &Environment,
) -> Result<(EventId, RecordedTime), RegistryError> {
    let unix_ms = environment.clock.wall().timestamp_millis();
    let now = RecordedTime::from_unix_ms(unix_ms).ok_or(ClockError::Impossible { unix_ms })?;
    let mut random = [0; 10];
    environment.randomness.fill(&mut random).map_err(RegistryError::randomness)?;
    let millis = u64::try_from(unix_ms).unwrap_or(0);
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    let id = EventId::new(uuid).ok_or_else(|| unreadable("a made UUIDv7 does not read back"))?;
    Ok((id, now))
}

impl Engine {
    /// What an erasure of this subject, requested now, destroys that is not destroyed yet.
    ///
    /// # Errors
    /// When log or evidence cannot be read.
    pub fn destruction(&self, subject: Subject) -> Result<Destruction, RegistryError> {
        let reach = self.machine.reach(subject, &self.past()).map_err(unreadable)?;
        let (mut keys, mut values) = (BTreeSet::new(), BTreeMap::<Subject, Vec<u64>>::new());
        for (name, group) in self.live_keys(|name, group| reach.covers(name, group)) {
            match name.index.filter(|_| !reach.keys.contains(&(name.subject, group))) {
                Some(index) => values.entry(name.subject).or_default().push(index),
                None => drop(keys.insert((name.subject, group))),
            }
        }
        Ok(Destruction {
            keys: keys.into_iter().collect(),
            values: values.into_iter().collect(),
            evidence: self.live_evidence(&reach, &self.past())?.into_iter().collect(),
            stays: self.stays(&reach)?,
        })
    }

    /// What stays readable of the IKMs that an erasure of a person reaches in part.
    fn stays(&self, reach: &ErasureScope) -> Result<Vec<Stay>, RegistryError> {
        let former = reach.tenures.keys().map(|ikm| Subject::Ikm(*ikm));
        let in_part = |(subject, group): &&(Subject, Group)| {
            *group == Group::Personal && !reach.keys.contains(&(*subject, Group::Confidential))
        };
        let ikms = reach.keys.iter().filter(in_part).map(|(subject, _)| *subject).chain(former);
        let ikms: BTreeSet<Subject> = ikms.collect();
        let (mut figures, mut others) = (BTreeSet::new(), BTreeMap::<Subject, Vec<u64>>::new());
        let stays = |name: KeyName, group| ikms.contains(&name.subject) && !reach.covers(name, group);
        for (name, group) in self.live_keys(stays) {
            match name.index {
                Some(index) if group == Group::Personal => {
                    others.entry(name.subject).or_default().push(index)
                }
                _ => drop(figures.insert(name.subject)),
            }
        }
        let mut found = Vec::new();
        for subject in ikms {
            let mut add = |what| found.push(Stay { subject, what });
            if figures.contains(&subject) {
                add(Staying::Figures);
            }
            if let Some(events) = others.remove(&subject) {
                add(Staying::OtherTimes(events));
            }
            let about = ErasureScope {
                keys: BTreeSet::from([(subject, Group::Personal)]),
                ..ErasureScope::default()
            };
            let mut files = self.live_evidence(&about, &self.past())?;
            let gone = self.live_evidence(reach, &self.past())?;
            files.retain(|file| !gone.contains(file));
            if !files.is_empty() {
                add(Staying::Files(files.into_iter().collect()));
            }
        }
        Ok(found)
    }

    /// The keys of sealed fields that are alive, of those asked for; of each event's own ones the earliest first.
    fn live_keys(&self, wanted: impl Fn(KeyName, Group) -> bool) -> Vec<(KeyName, Group)> {
        let keys = self.vault.keys();
        let live = keys.subject_keys().filter(|(_, _, is_live)| *is_live);
        let named = live.filter_map(|(name, group, _)| Some((KeyName::parse(name)?, group)));
        let mut keys: Vec<_> = named.filter(|(name, group)| wanted(*name, *group)).collect();
        keys.sort_unstable();
        keys
    }

    /// The files that an erasure reaches whose keys are alive.
    fn live_evidence(
        &self,
        reach: &ErasureScope,
        past: &Past<'_>,
    ) -> Result<BTreeSet<Sha256Hex>, RegistryError> {
        let mut files = reach.files.clone();
        let subjects = reach.subjects();
        if !subjects.is_empty() {
            files.extend(self.evidence_of(&subjects, past)?);
        }
        files.retain(|file| {
            matches!(self.vault.keys().get(&key_name(file), Group::Personal), KeyLookup::Live(_))
        });
        Ok(files)
    }

    /// The files that list any of these, by their own word or by that of an event: either may be lost.
    fn evidence_of(
        &self,
        subjects: &BTreeSet<Subject>,
        past: &Past<'_>,
    ) -> Result<BTreeSet<Sha256Hex>, RegistryError> {
        let mut found = BTreeSet::new();
        let lists =
            |listed: Option<&[Subject]>| listed.into_iter().flatten().any(|one| subjects.contains(one));
        for file in self.evidence.list()? {
            match self.evidence.about(&file) {
                Ok(about) if lists(about.as_ref().and_then(|about| about.subjects.as_deref())) => {
                    found.insert(file);
                }
                // What its header does not say any more, the events that name it do.
                Ok(_) | Err(EvidenceError::Damaged { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for index in subjects.iter().flat_map(|subject| self.machine.history(*subject)) {
            let event = past.event(index).map_err(unreadable)?;
            for evidence in event.draft.data.evidence() {
                if lists(evidence.subjects.as_deref()) {
                    found.insert(evidence.sha256.clone());
                }
            }
        }
        Ok(found)
    }

    /// What an erasure would destroy, or why it is refused; nothing is recorded.
    ///
    /// # Errors
    /// When the machine fails.
    pub fn rehearse_erasure(
        &mut self,
        request: PreparedEvent,
    ) -> Result<Result<Destruction, Refusal>, RegistryError> {
        self.check_open()?;
        let subject = request.draft.subject;
        let mut pending = self.pending();
        let decided = self.decide(request, &mut pending, Dependents::Now);
        self.roll_back(&mut pending, &Mark::default());
        match decided {
            Ok(_) => Ok(Ok(self.destruction(subject)?)),
            Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// Records the request for an erasure, anchors it, destroys the keys and records that it is done.
    ///
    /// # Errors
    /// When the machine failed. The request may stand in the log then; reopening goes on with it.
    pub fn erase(&mut self, request: PreparedEvent) -> Result<(Destroyed, Grown), RegistryError> {
        let subject = request.draft.subject;
        let destruction = self.destruction(subject)?;
        let (recorded, mut grown) = match self.record(request)? {
            (Ok(index), grown) => (index, grown),
            (Err(refusal), grown) => return Ok((Destroyed::Refused(refusal), grown)),
        };
        grown.admitted.extend(self.carry_out()?.admitted);
        let erased = self.machine.state().destroyed.erasure(subject).erased;
        Ok((Destroyed::Done { recorded, erased, destruction }, grown))
    }

    /// Records that a file of evidence is made unreadable, anchors that, and destroys its key.
    ///
    /// # Errors
    /// When the machine failed. The redaction may stand in the log then; reopening goes on with it.
    pub fn redact(&mut self, redaction: Proposal) -> Result<(Destroyed, Grown), RegistryError> {
        let mut evidence = Vec::new();
        if let Some(Amendment::Redaction(data)) = redaction.draft.data.amends()
            && matches!(self.vault.keys().get(&key_name(&data.file), Group::Personal), KeyLookup::Live(_))
        {
            evidence.push(data.file.clone());
        }
        let prepared = self.lay_out_own(redaction)?;
        let (recorded, mut grown) = match self.record(prepared)? {
            (Ok(index), grown) => (index, grown),
            (Err(refusal), grown) => return Ok((Destroyed::Refused(refusal), grown)),
        };
        grown.admitted.extend(self.carry_out()?.admitted);
        let destruction = Destruction { evidence, ..Destruction::default() };
        Ok((Destroyed::Done { recorded, erased: None, destruction }, grown))
    }

    /// Carries out what was requested and is not done: destroys the keys, then records each erasure. Also a
    /// key that came back with an old copy of the keys directory is destroyed again. Fine when there is
    /// nothing to do. While the clock cannot be believed, or the disk is at its floor, the keys are destroyed and
    /// the rest waits: reading a registry needs neither.
    ///
    /// # Errors
    /// When the machine failed; a key that is destroyed stays so, and reopening goes on.
    pub fn carry_out(&mut self) -> Result<Grown, RegistryError> {
        self.check_open()?;
        let carried_out = self.try_carry_out();
        // Nothing more is appended behind a request that waits for this process to be ended.
        self.stop_after(carried_out)
    }

    fn try_carry_out(&mut self) -> Result<Grown, RegistryError> {
        let open: Vec<(Subject, u64)> = self.machine.state().destroyed.open().collect();
        let mut names: Vec<(String, Group)> = Vec::new();
        for (_, request) in &open {
            names.extend(self.live_names(&self.machine.reached().of(*request))?);
        }
        names.extend(self.returned_keys()?);
        if open.is_empty() && names.is_empty() {
            return Ok(Grown::default());
        }
        // Until here: a request in the journal, synced. A crash that loses it leaves the keys alone.
        self.log.anchor()?;
        // Crash here: an anchored request and keys that are alive; opening carries it out.
        let names: Vec<(&str, Group)> = names.iter().map(|(name, group)| (&**name, *group)).collect();
        self.vault.change_keys(|keys| keys.destroy(&names))?;
        self.vault.wait_for_openings();
        // Crash within: one copy of the keys file is a generation ahead, and opening brings the other up to
        // it, never back. Crash here: the keys are gone and `*.erased` is missing; opening records it.
        self.machine.forget_numbers();
        let mut grown = Grown::default();
        for (subject, request) in open {
            match self.record_erased(subject, request) {
                Ok(done) => grown.admitted.extend(done.admitted),
                // The keys are gone; that they are is recorded when the log takes events again.
                Err(RegistryError::Clock(_)) => break,
                Err(RegistryError::Log(error)) if error.left_log_usable() => break,
                Err(error) => return Err(error),
            }
            // Crash here: done, in the journal; opening finds nothing left to do.
        }
        Ok(grown)
    }

    /// Keys alive that an erasure reached which is done, those of evidence included, and of redacted files: a
    /// redaction that was cut short, or an old copy of the keys directory.
    fn returned_keys(&self) -> Result<Vec<(String, Group)>, RegistryError> {
        let destroyed = &self.machine.state().destroyed;
        let open: BTreeSet<u64> = destroyed.open().map(|(_, request)| request).collect();
        let mut done = self.machine.reached().but_of(&open);
        done.files.extend(destroyed.redacted().cloned());
        if done == ErasureScope::default() { Ok(Vec::new()) } else { self.live_names(&done) }
    }

    /// The names of the keys alive that an erasure reaches, those of evidence included.
    fn live_names(&self, reach: &ErasureScope) -> Result<Vec<(String, Group)>, RegistryError> {
        let keys = self.live_keys(|name, group| reach.covers(name, group)).into_iter();
        let mut names: Vec<_> = keys.map(|(name, group)| (name.to_string(), group)).collect();
        let files = self.live_evidence(reach, &self.past())?;
        names.extend(files.iter().map(|file| (key_name(file), Group::Personal)));
        Ok(names)
    }

    fn record_erased(&mut self, subject: Subject, request: u64) -> Result<Grown, RegistryError> {
        let asked = self.past().event(request).map_err(unreadable)?.draft;
        let prepared = self.erased(subject, asked)?;
        match self.record(prepared)? {
            (Ok(_), grown) => Ok(grown),
            (Err(refusal), _) => Err(unreadable(refusal)),
        }
    }

    /// That what was asked for is done.
    fn erased(&self, subject: Subject, asked: Draft) -> Result<PreparedEvent, RegistryError> {
        let (id, now) = draw_id(&self.environment)?;
        let (evidence, imported_from, sealed) = (None, None, None);
        let data = match subject {
            Subject::Ikm(_) => Data::from(IkmErased { request: asked.id, evidence, imported_from, sealed }),
            _ => Data::from(PersonErased { request: asked.id, evidence, imported_from, sealed }),
        };
        let area = asked.source.area;
        let day = now.date_in(area).max(asked.time.date());
        let draft = Draft {
            id,
            source: asked.source,
            subject,
            time: ValidTime::day(day, area),
            actor: asked.actor,
            correlation: asked.correlation,
            causation: CorrelationId::new(asked.id.uuid()),
            data,
        };
        self.lay_out_own(Proposal { draft, sealed: SealedValues::new(), expected_revision: None })
    }

    /// As [`Engine::carry_out`] behind a batch that is rehearsed: no key is destroyed, but what they seal is taken for
    /// erased from here on.
    pub(in crate::registry) fn rehearse_carrying_out(
        &mut self,
        pending: &mut Pending,
    ) -> Result<(), RegistryError> {
        let open: Vec<(Subject, u64)> = self.machine.state().destroyed.open().collect();
        if open.is_empty() {
            return Ok(());
        }
        for (_, request) in &open {
            let reach = self.machine.reached().of(*request);
            let past = past(&self.reader, &self.vault, &pending.decided, self.log.size());
            let files = self.live_evidence(&reach, &past)?;
            pending.decided.gone_files.extend(files);
            pending.decided.gone.push(reach);
        }
        self.machine.forget_numbers();
        for (subject, request) in open {
            let past = past(&self.reader, &self.vault, &pending.decided, self.log.size());
            let asked = past.event(request).map_err(unreadable)?.draft;
            let prepared = self.erased(subject, asked)?;
            match self.decide(prepared, pending, Dependents::Now) {
                Ok(_) => {}
                Err(Stop::Refused(refusal)) => return Err(unreadable(refusal)),
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        Ok(())
    }

    /// Records a release in one commit, if it holds against the open facts. `facts` are those of the log.
    pub(in crate::registry) fn record_release(
        &mut self,
        proposals: Vec<Proposal>,
        known: u64,
        facts: &Facts,
    ) -> Result<(Result<Vec<u64>, Refusal>, Grown), RegistryError> {
        if self.log.size() != known {
            let refusal = Refusal::new(
                "log_has_grown",
                "ada peristiwa baru selagi jumlah dihitung; jalankan sekali lagi",
                "events were recorded while the sums were made; run it once more",
            );
            return Ok((Err(refusal), Grown::default()));
        }
        if let Err(refusal) = self.judge_release(&proposals, facts)? {
            return Ok((Err(refusal), Grown::default()));
        }
        let prepared =
            proposals.into_iter().map(|proposal| self.lay_out_own(proposal)).collect::<Result<_, _>>()?;
        let (answers, grown) = self.process(vec![Request { prepared, atomic: true }])?;
        let mut indexes = Vec::new();
        for outcome in answers.into_iter().next().ok_or(RegistryError::Closed)?? {
            match outcome {
                Outcome::Recorded { index, .. } => indexes.push(index),
                Outcome::Refused { refused, .. } => return Ok((Err(refused), grown)),
            }
        }
        Ok((Ok(indexes), grown))
    }

    /// Counts a release again, as whoever replays the log will.
    fn judge_release(
        &self,
        proposals: &[Proposal],
        facts: &Facts,
    ) -> Result<Result<(), Refusal>, RegistryError> {
        let past = self.past();
        let ground = LogBelow { machine: self.machine(), facts, history: &past };
        let mut releases = Releases::default();
        for events in recorded_releases(&self.machine.index(), &past).map_err(unreadable)? {
            let events: Vec<(u64, &Draft)> =
                events.iter().map(|(index, event)| (*index, &event.draft)).collect();
            releases.remember(&events, ground).map_err(unreadable)?;
        }
        let drafts = proposals.iter().map(|proposal| &proposal.draft);
        let events: Vec<(u64, &Draft)> = (self.log.size()..).zip(drafts).collect();
        match releases.judge(&events, ground) {
            Ok(()) => Ok(Ok(())),
            Err(Denied::Refused(refusal)) => Ok(Err(refusal)),
            Err(error) => Err(unreadable(error)),
        }
    }

    /// Lays out an event that only the registry may record.
    pub(in crate::registry) fn lay_out_own(
        &self,
        proposal: Proposal,
    ) -> Result<PreparedEvent, RegistryError> {
        PreparedEvent::complete(proposal, &self.environment.randomness).map_err(|error| match error {
            PrepareError::Refused(refusal) => unreadable(refusal),
            PrepareError::Randomness(source) => RegistryError::randomness(source),
        })
    }

    /// Records one event, in a commit of its own.
    pub(in crate::registry) fn record(
        &mut self,
        prepared: PreparedEvent,
    ) -> Result<(Result<u64, Refusal>, Grown), RegistryError> {
        let (answers, grown) = self.process(vec![Request { prepared: vec![prepared], atomic: false }])?;
        let missing = || RegistryError::OutcomeUnknown("the writer did not answer".into());
        let outcome =
            answers.into_iter().next().ok_or_else(missing)??.into_iter().next().ok_or_else(missing)?;
        Ok(match outcome {
            Outcome::Recorded { index, .. } => (Ok(index), grown),
            Outcome::Refused { refused, .. } => (Err(refused), grown),
        })
    }
}
