//! Comparisons of a proposal with sealed values: each is noted as a look before it is answered, and few different guesses
//! are answered for one event.
//!
//! An answer to a guess is as good as a look: *the same content*, a number that is taken, a part larger than a
//! whole that the correction left out, an open figure that a sealed one does not suit. That a correction suits what it
//! leaves out is told by its being recorded, and noted too. Whoever asks the same again learns nothing, so that is answered
//! as often as it is asked; a value that is left out is no guess at it. What a dry run asks counts apart: it leaves what
//! may still be recorded as it was, and is answered no more than as many times itself. Must never tell which value
//! differed.

use std::collections::BTreeSet;

use jejak_events::fault::Refusal;
use jejak_events::identity::{EventId, Subject};
use jejak_events::proposal::{SealedValues, comparable, sealed_by, sealed_data};
use jejak_events::record::Event;
use jejak_events::types::EventType;
use jejak_events::types::exhibition::ExhibitionJoined;
use jejak_projections::lineage::Content;

use super::engine::{Engine, Stop};
use super::outcome::RegistryError;
use super::past::{FreshKeys, Past};
use super::prepared::PreparedEvent;
use crate::readmodel::BOTH_GROUPS;
use crate::rules::are_held_together;
use crate::rules::key_names::KeyName;
use crate::rules::machine::{EventReader as _, History as _};
use crate::vault::KeyLookup;
use crate::vault::access::{Guess, GuessKind, Guesses, NewLook, guess_digest};

/// Different guesses that may be answered for one event, over all the time that the access log knows of: enough for
/// somebody who mistypes, too few for somebody who guesses. Dry runs have as many of their own.
pub const GUESSES: usize = 3;

const EQUAL: &str = "append, compared: equal";
const UNEQUAL: &str = "append, compared: unequal";
const CARRIED: &str = "append, compared: suits what a correction leaves out";
const NUMBER: &str = "append, compared: certificate number";
const BUSINESS_NUMBER: &str = "append, compared: business number";
const IDENTITY_NUMBER: &str = "append, compared: identity number";
const HOLDER: &str = "append, compared: number of another";

fn unreadable(error: jejak_projections::error::ReadFailure) -> Stop {
    Stop::Failed(RegistryError::Unreadable(error.to_string()))
}

/// A look that a proposal is.
#[derive(Debug)]
pub(super) struct Comparison {
    pub look: NewLook,
    /// At what the same dry run proposed, which nobody has to guess.
    is_own: bool,
    /// At an event that had been guessed at.
    is_at_guessed: bool,
}

impl From<NewLook> for Comparison {
    fn from(look: NewLook) -> Self {
        Self { look, is_own: false, is_at_guessed: false }
    }
}

/// What was compared since the last commit.
#[derive(Debug, Default)]
pub(super) struct Comparisons {
    /// To be noted before anything is answered.
    looks: Vec<Comparison>,
    /// Of proposals that are recorded unless they fall with their batch, by their index.
    recorded: Vec<(u64, Comparison)>,
    /// How many of these cannot fall with their batch any more: they are told by the record, and no guesses.
    standing: usize,
    /// The first index of the request that is decided: what it proposed itself it need not guess.
    request_from: Option<u64>,
    /// In a dry run, its first index.
    dry_run_from: Option<u64>,
}

impl Comparisons {
    /// Those of a dry run at this size of the log: nothing of what is proposed will stand there.
    pub fn of_dry_run(size: u64) -> Self {
        Self { dry_run_from: Some(size), ..Self::default() }
    }

    /// Begins a request, whose first proposal would get this index.
    pub fn begin(&mut self, index: u64) {
        self.request_from = Some(index);
        self.stand();
    }

    /// Whether the request that is decided proposed the event at an index itself.
    fn is_of_request(&self, index: u64) -> bool {
        self.request_from.is_some_and(|from| index >= from)
    }

    /// Says that what is recorded so far does not fall with what is decided next.
    pub fn stand(&mut self) {
        self.standing = self.recorded.len();
    }

    /// Keeps the looks of one proposal: of a recorded one for when it is taken back, of any other to be noted.
    pub fn settle(&mut self, recorded: Option<u64>, looks: Vec<Comparison>) {
        match recorded {
            Some(index) => self.recorded.extend(looks.into_iter().map(|look| (index, look))),
            None => self.looks.extend(looks),
        }
    }

    /// Keeps a look that is noted whatever becomes of the proposal: the record of it does not say at whom it was.
    pub fn note(&mut self, look: Option<NewLook>) {
        self.looks.extend(look.map(Comparison::from));
    }

    /// Takes back what was to be recorded from this index on: now it is to be noted.
    pub fn roll_back(&mut self, from: u64) {
        let recorded = std::mem::take(&mut self.recorded);
        let (gone, kept): (Vec<_>, Vec<_>) = recorded.into_iter().partition(|(index, _)| *index >= from);
        self.recorded = kept;
        self.standing = self.standing.min(self.recorded.len());
        self.looks.extend(gone.into_iter().map(|(_, look)| look));
    }

    /// What is to be noted, all of one actor together that is no guess, with how many there were. In a dry run everything
    /// was taken back by then, for nobody else would ever see it, and each line says that it was one.
    pub fn take_looks(&mut self) -> Vec<NewLook> {
        // What a correction carried over suited it: that was told, and does not count as a guess gone wrong.
        let suited = std::mem::take(&mut self.recorded).into_iter().map(|(_, comparison)| comparison.look);
        let suited = suited.filter(|look| look.guess.is_some());
        let suited = suited.map(|look| NewLook { purpose: CARRIED.to_owned(), guess: None, ..look });
        let suited: Vec<NewLook> = suited.collect();
        let looks = std::mem::take(&mut self.looks);
        let wrong: BTreeSet<EventId> =
            guesses(looks.iter()).filter(|guess| counts(guess)).map(|guess| guess.event).collect();
        let asked = looks.into_iter().filter(|comparison| !comparison.is_own);
        let asked = asked.map(|Comparison { mut look, is_at_guessed, .. }| {
            if self.dry_run_from.is_some() {
                look.purpose = look.purpose.replacen("append", "append --dry-run", 1);
            }
            // Only who guesses as well has to be known to have asked for what is right.
            look.guess =
                look.guess.filter(|guess| counts(guess) || is_at_guessed || wrong.contains(&guess.event));
            look
        });
        joined(asked.chain(suited).collect())
    }

    /// The guesses at an event that count, as far as they are not noted.
    fn pending(&self, event: EventId) -> impl Iterator<Item = &Guess> {
        let unsettled = self.recorded[self.standing..].iter().map(|(_, comparison)| comparison);
        let guesses = guesses(self.looks.iter().chain(unsettled));
        guesses.filter(move |guess| guess.event == event && counts(guess))
    }

    /// As [`Comparisons::pending`], also of proposals that are recorded: in a dry run nothing is, and all are told.
    fn told(&self, event: EventId) -> impl Iterator<Item = &Guess> {
        let recorded = self.recorded.iter().map(|(_, comparison)| comparison);
        guesses(self.looks.iter().chain(recorded)).filter(move |guess| guess.event == event)
    }

    /// What a guess is, by whether a value of it was wrong; none where nothing has to be known of it.
    fn kind(&self, is_wrong: bool) -> Option<GuessKind> {
        match (self.dry_run_from, is_wrong) {
            (None, true) => Some(GuessKind::Appended),
            (None, false) => None,
            (Some(_), true) => Some(GuessKind::Rehearsed),
            (Some(_), false) => Some(GuessKind::RehearsedRight),
        }
    }
}

fn guesses<'a>(comparisons: impl Iterator<Item = &'a Comparison>) -> impl Iterator<Item = &'a Guess> {
    comparisons.filter_map(|comparison| comparison.look.guess.as_ref())
}

fn counts(guess: &Guess) -> bool {
    guess.kind != GuessKind::RehearsedRight
}

/// Joins the looks of one actor for one purpose that are no guesses.
fn joined(looks: Vec<NewLook>) -> Vec<NewLook> {
    let mut joined: Vec<(NewLook, u32)> = Vec::new();
    for look in looks {
        let same =
            |(other, _): &&mut (NewLook, u32)| other.actor == look.actor && other.purpose == look.purpose;
        match joined.iter_mut().find(same) {
            Some((other, count)) if look.guess.is_none() && other.guess.is_none() => {
                other.subjects.extend(look.subjects);
                *count += 1;
            }
            _ => joined.push((look, 1)),
        }
    }
    let told = |(mut look, count): (NewLook, u32)| {
        look.subjects.sort_unstable();
        look.subjects.dedup();
        if count > 1 {
            look.purpose = format!("{}, {count} times", look.purpose);
        }
        look
    };
    joined.into_iter().map(told).collect()
}

/// A guess that may be answered.
struct AllowedGuess {
    event: EventId,
    digest: String,
    is_own: bool,
    is_at_guessed: bool,
}

impl AllowedGuess {
    /// The look that it is, by what came out.
    fn comparison(self, mut look: NewLook, kind: Option<GuessKind>) -> Comparison {
        let Self { event, digest, is_own, is_at_guessed } = self;
        look.guess = kind.map(|kind| Guess { event, digest, kind });
        Comparison { look, is_own, is_at_guessed }
    }
}

/// What a proposal is compared with.
pub(super) struct Compared<'a> {
    /// What was compared before it.
    pub comparisons: &'a Comparisons,
    /// Keys that are not in the vault yet.
    pub fresh: &'a FreshKeys,
}

/// The form of an event that a proposal is compared with.
struct ComparedForm {
    /// The event, under the id that its original has.
    event: EventId,
    /// Index of the form.
    index: u64,
    /// Whose keys seal it.
    subject: Subject,
}

impl Engine {
    /// Notes what was compared; nothing may be answered before.
    pub(super) fn note_comparisons(&self, compared: &mut Comparisons) -> Result<(), RegistryError> {
        Ok(self.access.note_all(&compared.take_looks())?)
        // Crash here: noted, and neither recorded nor answered.
    }

    /// Takes what a proposal asks of a sealed form for a guess at it, unless it proposed that form itself.
    ///
    /// # Errors
    /// When the event was guessed at too often, and this was not asked before.
    fn guess(
        &self,
        form: &ComparedForm,
        prepared: &PreparedEvent,
        compared: &Compared<'_>,
        field: &str,
    ) -> Result<Option<AllowedGuess>, Stop> {
        let comparisons = compared.comparisons;
        if comparisons.is_of_request(form.index) {
            return Ok(None);
        }
        let digest = self.question(form, prepared, compared.fresh);
        let is_own = comparisons.dry_run_from.is_some_and(|size| form.index >= size);
        let noted = self.access.guesses(form.event).map_err(RegistryError::from)?;
        let is_at_guessed = !(noted.appended.is_empty() && noted.rehearsed.is_empty());
        let allowed = AllowedGuess { event: form.event, digest, is_own, is_at_guessed };
        let Guesses { mut appended, mut rehearsed, rehearsed_right } = noted;
        let is_known = appended.contains(&allowed.digest) || rehearsed.contains(&allowed.digest);
        appended.extend(comparisons.pending(form.event).map(|guess| guess.digest.clone()));
        if is_known || appended.contains(&allowed.digest) {
            return Ok(Some(allowed));
        }
        if appended.len() >= GUESSES {
            return Err(guessed_too_often(form.event, appended.len()).at(field).into());
        }
        let told = || comparisons.told(form.event);
        let was_told =
            rehearsed_right.contains(&allowed.digest) || told().any(|guess| guess.digest == allowed.digest);
        rehearsed.extend(told().filter(|guess| counts(guess)).map(|guess| guess.digest.clone()));
        let is_bound = comparisons.dry_run_from.is_some() && !is_own && !was_told;
        if is_bound && rehearsed.len() >= GUESSES {
            return Err(rehearsed_too_often(form.event, rehearsed.len()).at(field).into());
        }
        Ok(Some(allowed))
    }

    /// The digest of what a proposal asks of a sealed form. What is erased is not asked for, and kept in no digest.
    fn question(&self, form: &ComparedForm, prepared: &PreparedEvent, fresh: &FreshKeys) -> String {
        let data = sealed_data(&prepared.draft.data);
        let (mut keys, mut given) = (Vec::new(), SealedValues::new());
        for group in BOTH_GROUPS {
            let name = KeyName::of(form.subject, group, form.index);
            let key = match self.vault.keys().get(&name.to_string(), group) {
                KeyLookup::Live(key) => key,
                KeyLookup::Destroyed => continue,
                KeyLookup::Unknown => match fresh.get(&(name, group)) {
                    Some(key) => key.clone(),
                    None => continue,
                },
            };
            keys.push(key.secret);
            let fields = data.declaration().sealed.iter().filter(|field| field.group == group);
            let values = fields.filter_map(|field| prepared.sealed.get_key_value(field.name));
            let values = values.filter(|(_, value)| !value.is_null());
            given.extend(values.map(|(name, value)| (*name, value.clone())));
        }
        let correction = prepared.draft.data.correction();
        let time = correction.map_or(prepared.draft.time, |correction| correction.replacement.time);
        let question = serde_json::json!([form.event, form.index, time.to_string(), comparable(data), given]);
        guess_digest(&keys, question.to_string().as_bytes())
    }

    /// Holds a repeated id against what stands in the log under it (`FORMAT.md`, section 7: idempotent for
    /// ever). `looks` hears of the look that this is.
    pub(super) fn same_content(
        &self,
        index: u64,
        prepared: &PreparedEvent,
        past: &Past<'_>,
        compared: &Compared<'_>,
        looks: &mut Vec<Comparison>,
    ) -> Result<(), Stop> {
        let recorded = past.event(index).map_err(unreadable)?;
        let (old, new) = (&recorded.draft, &prepared.draft);
        let open = old.data.type_name() == new.data.type_name()
            && old.subject == new.subject
            && old.time == new.time
            && comparable(&old.data) == comparable(&new.data);
        let (subject, declared) = sealed_by(&recorded);
        if !open {
            return Err(id_reused(new.id, index).into());
        }
        if declared.is_empty() {
            return Ok(());
        }
        let is_given = |name: &str| prepared.sealed.get(name).is_some_and(|value| !value.is_null());
        let form = ComparedForm { event: new.id, index, subject };
        // A value that is left out is no guess at it.
        let guess = match declared.iter().any(|field| is_given(field.name)) {
            true => self.guess(&form, prepared, compared, "id")?,
            false => None,
        };
        let stored = past.sealed(index).map_err(unreadable)?;
        if stored.is_empty() {
            // Erased, every one: nothing is left to compare with.
            return Ok(());
        }
        let carries_over = new.data.correction().is_some();
        // Every field is compared, whatever the ones before came to: the time taken tells nothing of them.
        let (mut wrong, mut left_out) = (0, 0);
        for (name, value) in &stored {
            match prepared.sealed.get(name) {
                Some(given) if !given.is_null() => wrong += u32::from(given != value),
                Some(_) => left_out += u32::from(!value.is_null()),
                None => left_out += u32::from(!carries_over && !value.is_null()),
            }
        }
        let same = wrong + left_out == 0;
        let purpose = if same { EQUAL } else { UNEQUAL };
        let (actor, purpose) = (new.actor.clone(), purpose.to_owned());
        let look = NewLook { actor, purpose, subjects: vec![subject], guess: None };
        let comparisons = compared.comparisons;
        match guess {
            Some(guess) => looks.push(guess.comparison(look, comparisons.kind(wrong > 0))),
            None if comparisons.is_of_request(index) => {}
            None => looks.push(look.into()),
        }
        if same { Ok(()) } else { Err(id_reused(new.id, index).into()) }
    }

    /// The look that a correction is at the values it carries over: where the rules hold some that it gives against
    /// others that it leaves out, or it changes an open one that they must suit. `form` is the index of the form in
    /// force, and the event there.
    pub(super) fn carrying_look(
        &self,
        prepared: &PreparedEvent,
        (index, old): (u64, &Event),
        carried: &SealedValues,
        compared: &Compared<'_>,
    ) -> Result<Option<Comparison>, Stop> {
        let Some(correction) = prepared.draft.data.correction() else { return Ok(None) };
        let given = &prepared.sealed;
        let left_out = carried.iter().filter(|(name, _)| !given.contains_key(*name));
        let left_out: SealedValues = left_out.map(|(name, value)| (*name, value.clone())).collect();
        if !(are_held_together(given, &left_out) || changes_beside(prepared, old, carried)) {
            return Ok(None);
        }
        let form = ComparedForm { event: correction.target, index, subject: sealed_by(old).0 };
        let guess = self.guess(&form, prepared, compared, "data.target")?;
        Ok(guess.map(|guess| {
            let (actor, purpose) = (prepared.draft.actor.clone(), UNEQUAL.to_owned());
            let look = NewLook { actor, purpose, subjects: vec![form.subject], guess: None };
            guess.comparison(look, compared.comparisons.kind(true))
        }))
    }
}

fn guessed_too_often(event: EventId, guesses: usize) -> Refusal {
    Refusal::new(
        "compared_too_often",
        format!(
            "peristiwa {event} sudah {guesses} kali diusulkan dengan nilai tersegel yang lain dan tidak dibandingkan lagi; lihat isinya dengan `jejak subject show`, atau usulkan koreksi yang memuat semua kolom tersegelnya"
        ),
        format!(
            "event {event} was proposed {guesses} times with other sealed values and is not compared any more; look at it with `jejak subject show`, or propose a correction that gives all of its sealed fields"
        ),
    )
}

/// What a dry run says where recording would still be answered.
fn rehearsed_too_often(event: EventId, guesses: usize) -> Refusal {
    Refusal::new(
        "rehearsed_too_often",
        format!(
            "percobaan sudah {guesses} kali membandingkan nilai tersegel peristiwa {event} dan tidak menjawab tentangnya lagi; tanpa --dry-run usulan ini masih diperiksa"
        ),
        format!(
            "dry runs compared {guesses} times with the sealed values of event {event}, and answer about them no more; without --dry-run this proposal is still judged"
        ),
    )
}

/// Whether a correction carries over a sealed value that the rules hold against an open one, and changes that.
fn changes_beside(prepared: &PreparedEvent, old: &Event, carried: &SealedValues) -> bool {
    let Some(correction) = prepared.draft.data.correction() else { return false };
    let (new, was) = (&correction.replacement, Content::of(old));
    let carries = |name: &str| {
        !prepared.sealed.contains_key(name) && carried.get(name).is_some_and(|value| !value.is_null())
    };
    let visitors = |data| ExhibitionJoined::of(data).and_then(|joined| joined.visitors);
    carries("buyers") && visitors(&new.data) != visitors(was.data())
        || carries("birth_year") && new.time.date().year() != was.time().date().year()
}

/// The look that an event with a certificate number is at the numbers of others.
pub(super) fn number_look(event: &Event, sealed: &SealedValues) -> Option<NewLook> {
    asked_number(event, sealed, "number", NUMBER)
}

/// The look that an event with a NIB or a NIK is at the numbers of all others, whether one has it or not.
pub(super) fn holders_look(event: &Event, sealed: &SealedValues) -> Option<NewLook> {
    let business = || asked_number(event, sealed, "nib", BUSINESS_NUMBER);
    business().or_else(|| asked_number(event, sealed, "nik", IDENTITY_NUMBER))
}

fn asked_number(event: &Event, sealed: &SealedValues, field: &str, purpose: &str) -> Option<NewLook> {
    let data = sealed_data(&event.draft.data);
    let has_number = data.seals(field) && sealed.get(field).is_some_and(|number| !number.is_null());
    has_number.then(|| {
        let (actor, subjects) = (event.draft.actor.clone(), vec![sealed_by(event).0]);
        NewLook { actor, purpose: purpose.to_owned(), subjects, guess: None }
    })
}

/// The look at the number of other streams that an event with the same number is.
pub(super) fn holder_look(event: &Event, others: Vec<Subject>) -> NewLook {
    NewLook { actor: event.draft.actor.clone(), purpose: HOLDER.to_owned(), subjects: others, guess: None }
}

fn id_reused(id: EventId, index: u64) -> Refusal {
    Refusal::new(
        "id_reused",
        format!("id {id} sudah dipakai peristiwa lain pada indeks {index}; beri id baru, atau catat event.corrected"),
        format!("id {id} already belongs to another event, at index {index}; give a new id, or record event.corrected"),
    )
    .at("id")
}
