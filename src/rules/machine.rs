//! What the registry knows of its log while it runs: contents in force, forms in force, ids, streams.
//!
//! [`StateMachine::admit`] tries one event at the tip and either takes it in or leaves everything as it was.
//! Nothing here is durable and nothing here does input or output but through [`History`].

use std::collections::BTreeSet;
use std::sync::Arc;

use jejak_events::fault::Refusal;
use jejak_events::identity::{EventId, Subject};
use jejak_events::proposal::SealedValues;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::types::claim::ClaimChecked;
use jejak_events::types::{Amendment, Data, EventType, Permanence, Role};
use jejak_projections::error::{ProjectionError, ReadFailure};
use jejak_projections::lineage::{Change, Content, EventSource, InForce, Lineage, is_amendment};

use super::State;
use super::admitted::{Admitted, OwnedChange};
use super::broken::broken_by;
use super::holders::NumberHolders;
use super::ids::Ids;
use super::index::{Index, SharedIndex};
use super::numbers::{NumberKey, Numbers};
use super::reached::Reached;
use super::streams::Streams;
use crate::rules;

mod stored;

pub use stored::{MACHINE_PARTS, MACHINE_VERSION};

/// Events by their index: those of the log, and of the group being decided.
pub trait EventReader {
    /// The event at an index below the tip.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn event(&self, index: u64) -> Result<Event, ReadFailure>;
}

/// The past, as the rules may ask for it: with what is sealed, which they compare and never tell.
pub trait History: EventReader {
    /// The sealed values behind the event at this index: one for each field that its type declares,
    /// null where the field has no value, absent where it was erased.
    ///
    /// # Errors
    /// When the vault cannot be read.
    fn sealed(&self, index: u64) -> Result<SealedValues, ReadFailure>;
}

/// Whether a check of a claim, recorded or put in place of another, is dated no earlier than what it knows was
/// recorded. A size beyond the log is for the rules to refuse.
fn judge_check(event: &Event, history: &dyn History) -> Result<(), Denied> {
    let content = Content::of(event);
    let Some(data) = ClaimChecked::of(content.data()) else { return Ok(()) };
    let field = if event.draft.data.correction().is_some() { "data.time" } else { "time" };
    let known = data.as_known.get().unsigned_abs();
    let Some(last) = known.checked_sub(1) else { return Ok(()) };
    let recorded = history.event(last).map_err(Denied::Unreadable)?.recorded;
    let recorded = recorded.date_in(event.draft.source.area);
    Ok(rules::judge_known_by_then(content.time().date(), known, recorded, field)?)
}

/// The ids of a state machine together with a past: what the lineage asks.
struct Lookup<'a> {
    ids: &'a Ids,
    history: &'a dyn EventReader,
}

impl EventSource for Lookup<'_> {
    fn index_of(&self, id: EventId) -> Result<Option<u64>, ReadFailure> {
        self.ids.find(id, |index| Ok(self.history.event(index)?.draft.id))
    }

    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        self.history.event(index)
    }
}

/// Why an event was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// The rules say no.
    #[error("{0}")]
    Refused(Refusal),
    /// The certificate's number is taken: a look at the number of another.
    #[error("{refusal}")]
    NumberTaken {
        /// The refusal.
        refusal: Refusal,
        /// Who holds the certificate with that number.
        holder: Subject,
    },
    /// The machine failed; nothing is known of the rules.
    #[error(transparent)]
    Failed(#[from] ProjectionError),
    /// The past could not be read.
    #[error("the past could not be read: {0}")]
    Unreadable(ReadFailure),
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// When the events that rest on a changed one are judged again.
pub enum Dependents<'a> {
    /// At once: the event stands alone.
    Now,
    /// At the end of an atomic batch, which may mend them: their streams are noted.
    Later(&'a mut BTreeSet<Subject>),
}

/// The knowledge itself.
#[derive(Debug, Default)]
pub struct StateMachine {
    state: State,
    lineage: Lineage,
    ids: SharedIndex<Ids>,
    streams: SharedIndex<Streams>,
    mentions: SharedIndex<Streams>,
    /// The certificate numbers in force; none until one is to be judged.
    pub(super) numbers: Option<Numbers>,
    /// Who has which number; none until the first is asked for.
    pub(super) holders: Option<NumberHolders>,
    pub(super) reached: Arc<Reached>,
    size: u64,
    /// Room for the subjects that one event names.
    named: Vec<Subject>,
}

fn part<'a>(content: &'a Content<'_>) -> rules::EventContent<'a> {
    rules::EventContent { subject: content.subject(), time: content.time(), data: content.data() }
}

impl StateMachine {
    /// Nothing known, nothing recorded.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of events taken in.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Contents in force.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Forms in force.
    #[must_use]
    pub fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    /// What of it stands at its size, for readers on other threads. Nothing undecided may be taken in.
    #[must_use]
    pub fn index(&self) -> Index {
        Index {
            size: self.size,
            lineage: self.lineage.at(self.size),
            ids: self.ids.clone(),
            streams: self.streams.clone(),
            mentions: self.mentions.clone(),
            reached: Arc::clone(&self.reached),
        }
    }

    /// What the requested erasures reach.
    #[must_use]
    pub fn reached(&self) -> &Arc<Reached> {
        &self.reached
    }

    /// Consumes the machine and returns what erasures reach.
    #[must_use]
    pub fn into_reached(self) -> Arc<Reached> {
        self.reached
    }

    /// Index of the event with this id.
    ///
    /// # Errors
    /// When the event that may have it cannot be read.
    pub fn index_of(&self, id: EventId, history: &dyn EventReader) -> Result<Option<u64>, ReadFailure> {
        Lookup { ids: &self.ids.read(), history }.index_of(id)
    }

    /// Index of the first event that stands in a stream or names it.
    #[must_use]
    pub fn first_named(&self, subject: Subject) -> Option<u64> {
        [self.streams.read().first(subject), self.mentions.read().first(subject)].into_iter().flatten().min()
    }

    /// Number of events in a stream.
    #[must_use]
    pub fn revision(&self, subject: Subject) -> u64 {
        self.streams.read().count(subject)
    }

    /// Indexes of the events of a stream and of those that name it, ascending.
    #[must_use]
    pub fn history(&self, subject: Subject) -> Vec<u64> {
        let mut indexes: Vec<u64> = self.streams.read().indexes(subject).collect();
        indexes.extend(self.mentions.read().indexes(subject));
        indexes.sort_unstable();
        indexes.dedup();
        indexes
    }

    /// Takes in an event of the log as it stands, without judging it: it was judged when it was
    /// recorded.
    ///
    /// # Errors
    /// When its target cannot be found or read.
    pub fn absorb(&mut self, event: Event, history: &dyn History) -> Result<Admitted, Denied> {
        self.take_in(event, history, None)
    }

    /// Judges an event and takes it in at the tip, or leaves everything as it was.
    ///
    /// `sealed` are its own sealed values.
    ///
    /// # Errors
    /// The first rule that says no, or what kept the past from being read.
    pub fn admit(
        &mut self,
        event: Event,
        sealed: &SealedValues,
        history: &dyn History,
        dependents: Dependents<'_>,
    ) -> Result<Admitted, Denied> {
        super::targets::judge(self, &event, history)?;
        let today = event.recorded.date_in(event.draft.source.area);
        rules::judge_not_in_future(event.draft.time.date(), today, "time")?;
        match event.draft.data.amends() {
            Some(Amendment::Correction(correction)) => {
                rules::judge_not_in_future(correction.replacement.time.date(), today, "data.time")?;
                self.judge_target(&event, correction.target, history)?;
            }
            Some(Amendment::Retraction(retraction)) => {
                self.judge_target(&event, retraction.target, history)?;
            }
            Some(Amendment::Redaction(_)) | None => {}
        }
        judge_own(&event, sealed)?;
        let admitted = self.take_in(event, history, Some(sealed))?;
        if let Err(denied) = judge_check(&admitted.event, history) {
            self.take_back(admitted);
            return Err(denied);
        }
        let mut touched = BTreeSet::new();
        if admitted.amended.is_empty() {
            touched.extend(rules::restricts(part(&Content::of(&admitted.event))).into_iter().flatten());
        }
        for change in &admitted.amended {
            let content = Content::of(&change.event);
            let same = admitted.amended.iter().any(|other| {
                other.weight == -change.weight
                    && other.index == change.index
                    && rules::bears_the_same(part(&content), part(&Content::of(&other.event)))
            });
            if same {
                continue;
            }
            let moved = if change.weight < 0 { rules::rests_on } else { rules::restricts };
            touched.extend(moved(part(&content)).into_iter().flatten());
        }
        match dependents {
            Dependents::Later(noted) => noted.extend(touched),
            Dependents::Now => {
                if let Err(denied) = self.judge_all(
                    &touched,
                    Some(admitted.position),
                    is_amendment(&admitted.event.draft.data),
                    history,
                ) {
                    self.take_back(admitted);
                    return Err(denied);
                }
            }
        }
        Ok(admitted)
    }

    /// Forgets the latest event taken in.
    pub fn take_back(&mut self, admitted: Admitted) {
        let Admitted { position, event, amended, numbers } = admitted;
        for change in amended.iter().rev() {
            self.state.apply(-change.weight, change.index, part(&Content::of(&change.event)));
        }
        if amended.is_empty() && !is_amendment(&event.draft.data) {
            self.state.apply(-1, position, part(&Content::of(&event)));
        }
        self.undo_numbers(event.draft.subject, numbers.as_deref());
        self.lineage.undo_to(position);
        self.undo_reached(position, is_request(&event.draft.data));
        self.ids.write().remove(event.draft.id, position);
        self.streams.write().pop(event.draft.subject);
        event.draft.data.mentions(&mut self.named);
        for subject in self.named.iter().filter(|subject| **subject != event.draft.subject) {
            self.mentions.write().pop(*subject);
        }
        self.size = position;
    }

    /// Judges again all live events that name one of the subjects or stand in its stream.
    ///
    /// # Errors
    /// The first that no longer holds.
    pub fn judge_dependents(
        &mut self,
        subjects: &BTreeSet<Subject>,
        history: &dyn History,
    ) -> Result<(), Denied> {
        self.judge_all(subjects, None, true, history)
    }

    /// `just_judged` is the event being admitted: its own content was judged, and the past does not
    /// hold it yet. `amends` says whether what breaks others is a correction or a retraction.
    fn judge_all(
        &mut self,
        subjects: &BTreeSet<Subject>,
        just_judged: Option<u64>,
        amends: bool,
        history: &dyn History,
    ) -> Result<(), Denied> {
        let mut originals = BTreeSet::new();
        let same = subjects.iter().flat_map(|subject| self.state.same_as(*subject));
        let subjects: BTreeSet<Subject> = same.chain(subjects.iter().copied()).collect();
        for subject in subjects {
            for index in self.history(subject) {
                originals.insert(self.lineage.original_of(index).unwrap_or(index));
            }
        }
        for original in originals {
            let Some(effective) = self.lineage.effective(original) else { continue };
            if just_judged == Some(effective) {
                continue;
            }
            let event = history.event(effective).map_err(Denied::Unreadable)?;
            let content = Content::of(&event);
            if is_amendment(content.data()) {
                continue; // a retraction: it has no content of its own
            }
            self.state.apply(-1, original, part(&content));
            let judgement = rules::judge(&self.state, original, part(&content));
            self.state.apply(1, original, part(&content));
            if let Err(broken) = judgement {
                return Err(broken_by(original, &broken, amends).into());
            }
        }
        Ok(())
    }

    fn judge_target(&self, event: &Event, target: EventId, history: &dyn History) -> Result<(), Denied> {
        let refuse = |rule, id: String, en: String| Err(Refusal::new(rule, id, en).at("data.target").into());
        let Some(index) = self.index_of(target, history).map_err(Denied::Unreadable)? else {
            return refuse(
                "unknown_target",
                format!("peristiwa {target} tidak ada dalam registri"),
                format!("the registry holds no event {target}"),
            );
        };
        let found = history.event(index).map_err(Denied::Unreadable)?;
        if found.draft.subject != event.draft.subject {
            let (stream, given) = (found.draft.subject, event.draft.subject);
            return Err(Refusal::new(
                "stream_of_target",
                format!("alirannya harus {stream} seperti peristiwa yang dituju, bukan {given}"),
                format!("the subject must be that of the target, {stream}, not {given}"),
            )
            .at("subject")
            .into());
        }
        let name = found.draft.data.type_name();
        let replacement = event.draft.data.correction().map(|correction| &correction.replacement.data);
        match found.draft.data.role().permanence() {
            Permanence::Destroyed => refuse(
                "destroyed_for_ever",
                format!("peristiwa {index} ({name}) tidak dapat diubah: yang dimusnahkan tetap musnah"),
                format!("event {index} ({name}) stands for ever: what was destroyed stays destroyed"),
            ),
            Permanence::Stands => refuse(
                "stands_for_ever",
                format!("peristiwa {index} ({name}) tidak dapat diubah"),
                format!("event {index} ({name}) stands for ever"),
            ),
            Permanence::Retractable if replacement.is_some() => refuse(
                "not_an_original",
                format!("peristiwa {index} adalah koreksi; koreksi peristiwa aslinya"),
                format!("event {index} is a correction; correct the original instead"),
            ),
            Permanence::Retractable if self.lineage.is_retracted_correction(index) => refuse(
                "already_retracted",
                format!("koreksi {index} sudah ditarik"),
                format!("correction {index} is already retracted"),
            ),
            Permanence::Retractable | Permanence::Amendable
                if self.lineage.in_force(self.lineage.original_of(index).unwrap_or(index))
                    == InForce::Retracted =>
            {
                refuse(
                    "already_retracted",
                    format!("peristiwa {index} sudah ditarik; catat faktanya sebagai peristiwa baru"),
                    format!("event {index} is already retracted; record the fact as a new event"),
                )
            }
            Permanence::Retractable | Permanence::Amendable => {
                match replacement.map(Data::type_name).filter(|now| *now != name) {
                    Some(now) => refuse(
                        "type_of_target",
                        format!("jenis pengganti {now} harus sama dengan {name}"),
                        format!("the replacement's type {now} must be the target's, {name}"),
                    ),
                    None => Ok(()),
                }
            }
        }
    }

    /// Applies an event; judges what comes into force when `sealed` is given.
    fn take_in(
        &mut self,
        event: Event,
        history: &dyn History,
        sealed: Option<&SealedValues>,
    ) -> Result<Admitted, Denied> {
        let position = self.size;
        let amends = is_amendment(&event.draft.data);
        let reach = is_request(&event.draft.data).then(|| self.reach(event.draft.subject, history));
        let reach = reach.transpose().map_err(Denied::Unreadable)?;
        if sealed.is_some() {
            self.know_numbers(&event, history).map_err(Denied::Unreadable)?;
        }
        let changes = self.lineage.changes(position, &event, &Lookup { ids: &self.ids.read(), history })?;
        let mut applied: Vec<OwnedChange> = Vec::new();
        let mut numbers = self.numbers.is_some().then(Vec::new);
        let mut denied = None;
        for change in changes {
            let content = part(&change.content);
            let own = sealed.filter(|_| change.effective == position);
            let named = match self.numbers_named(&change, own, history) {
                Ok(named) => named,
                Err(error) => {
                    denied = Some(Denied::Unreadable(error));
                    break;
                }
            };
            if change.weight > 0
                && sealed.is_some()
                && let Err(refusal) = self.judge_change(&event, &change, &named, history)
            {
                denied = Some(refusal);
                break;
            }
            self.state.apply(change.weight, change.index, content);
            self.name_numbers(named, change.weight > 0, &mut numbers);
            if amends {
                applied.push(OwnedChange {
                    weight: change.weight,
                    index: change.index,
                    effective: change.effective,
                    event: Box::new(change.content.event().clone()),
                });
            }
        }
        if let Some(denied) = denied {
            for change in applied.iter().rev() {
                self.state.apply(-change.weight, change.index, part(&Content::of(&change.event)));
            }
            self.undo_numbers(event.draft.subject, numbers.as_deref());
            self.lineage.undo_to(position);
            return Err(denied);
        }
        self.note_reached(&event, reach);
        self.ids.write().insert(event.draft.id, position);
        self.streams.write().push(event.draft.subject, position);
        event.draft.data.mentions(&mut self.named);
        for subject in self.named.iter().filter(|subject| **subject != event.draft.subject) {
            self.mentions.write().push(*subject, position);
        }
        self.size = position + 1;
        Ok(Admitted { position, event, amended: applied, numbers })
    }

    /// Judges what an event puts in force, and the certificate numbers that it names.
    fn judge_change(
        &self,
        event: &Event,
        change: &Change<'_>,
        named: &[(NumberKey, u64)],
        history: &dyn History,
    ) -> Result<(), Denied> {
        let content = part(&change.content);
        rules::judge(&self.state, change.index, content)?;
        if is_amendment(&event.draft.data) {
            self.judge_joined(content)?;
        }
        super::kinds::judge(self, event)?;
        let mut named = named.iter();
        named.try_for_each(|(number, index)| self.judge_number(*index, content.subject, *number, history))
    }

    /// Refuses a merge, as an amendment would have it, that joins somebody erased with somebody whom that
    /// erasure did not reach. The rules judge a merge at its own index, where the erasure had not been asked for
    /// yet; it cannot be asked for again, so the data of the other one could never be erased.
    fn judge_joined(&self, content: rules::EventContent<'_>) -> Result<(), Refusal> {
        let Some(into) = content.data.merged_into() else { return Ok(()) };
        let gone = content.subject;
        let is_erased = |subject| self.state.destroyed.erasure(subject).requested.is_some();
        let counts_as = self.state.survivors(into).last().copied().unwrap_or(into);
        let reach = rules::reach(&self.state, gone).into_iter();
        let mut own = reach.filter(|(of, group)| of.kind() == gone.kind() && *group == Group::Personal);
        let kept = own.find(|(of, group)| !self.reached.contains(*of, *group));
        match kept {
            Some((kept, _)) if is_erased(counts_as) => {
                Err(rules::merged_with_erased(counts_as, kept, "data.into"))
            }
            _ if is_erased(gone) && !self.reached.contains(counts_as, Group::Personal) => {
                Err(rules::merged_with_erased(gone, counts_as, "data.into"))
            }
            _ => Ok(()),
        }
    }
}

/// Judges what an event seals: of a correction the whole that it puts in place, values carried over with it.
///
/// # Errors
/// The first rule that says no.
fn judge_own(event: &Event, sealed: &SealedValues) -> Result<(), Refusal> {
    let content = Content::of(event);
    rules::judge_sealed(part(&content), sealed).map_err(|mut refusal| {
        if event.draft.data.correction().is_some() {
            refusal.field = refusal.field.map(|field| format!("data.{field}"));
        }
        refusal
    })
}

fn is_request(data: &Data) -> bool {
    data.role() == Role::RequestsErasure
}
