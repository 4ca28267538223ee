//! Comparisons of a proposal with sealed values: each is noted as a look before it is answered, and few that come
//! out unequal are answered for one event.
//!
//! An answer to a guess is as good as a look: *the same content*, a number that is taken, a part larger than a
//! whole that the correction left out, an open figure that a sealed one does not suit. That a correction suits what it
//! leaves out is told by its being recorded, and noted too. Must never tell which value differed.

use jejak_events::fault::Refusal;
use jejak_events::identity::{EventId, Subject};
use jejak_events::proposal::{SealedValues, comparable, sealed_by};
use jejak_events::record::Event;
use jejak_events::types::EventType;
use jejak_events::types::exhibition::ExhibitionJoined;
use jejak_projections::lineage::Content;

use super::engine::{Engine, Stop, past};
use super::outcome::RegistryError;
use super::past::Decided;
use super::prepared::PreparedEvent;
use crate::rules::machine::{EventReader as _, History as _};
use crate::vault::access::NewLook;

/// Comparisons that may come out unequal for one event, over all the time that the access log knows of: enough for
/// somebody who mistypes, too few for somebody who guesses.
pub const UNEQUAL_COMPARISONS: u32 = 3;

const EQUAL: &str = "append, compared: equal";
const UNEQUAL: &str = "append, compared: unequal";
const CARRIED: &str = "append, compared: suits what a correction leaves out";
const NUMBER: &str = "append, compared: certificate number";
const HOLDER: &str = "append, compared: number of another";

fn unreadable(error: jejak_projections::error::ReadFailure) -> Stop {
    Stop::Failed(RegistryError::Unreadable(error.to_string()))
}

/// What was compared since the last commit.
#[derive(Debug, Default)]
pub struct Comparisons {
    /// To be noted before anything is answered.
    looks: Vec<NewLook>,
    /// Of proposals that are recorded unless they fall with their batch, by their index.
    recorded: Vec<(u64, NewLook)>,
}

impl Comparisons {
    /// Keeps the looks of one proposal: of a recorded one for when it is taken back, of any other to be noted.
    pub fn settle(&mut self, recorded: Option<u64>, looks: Vec<NewLook>) {
        match recorded {
            Some(index) => self.recorded.extend(looks.into_iter().map(|look| (index, look))),
            None => self.looks.extend(looks),
        }
    }

    /// Keeps a look that is noted whatever becomes of the proposal: the record of it does not say at whom it was.
    pub fn note(&mut self, look: Option<NewLook>) {
        self.looks.extend(look);
    }

    /// Takes back what was to be recorded from this index on: now it is to be noted.
    pub fn roll_back(&mut self, from: u64) {
        let recorded = std::mem::take(&mut self.recorded);
        let (gone, kept): (Vec<_>, Vec<_>) = recorded.into_iter().partition(|(index, _)| *index >= from);
        self.recorded = kept;
        self.looks.extend(gone.into_iter().map(|(_, look)| look));
    }

    /// What is to be noted, all of one actor together that is no unequal comparison, with how many there were.
    pub fn take_looks(&mut self) -> Vec<NewLook> {
        let mut joined: Vec<(NewLook, u32)> = Vec::new();
        // What a correction carried over suited it: that was told, and does not count as a guess gone wrong.
        let suited = std::mem::take(&mut self.recorded).into_iter().map(|(_, look)| look);
        let suited = suited.filter(|look| look.unequal.is_some());
        let suited = suited.map(|look| NewLook { purpose: CARRIED.to_owned(), unequal: None, ..look });
        for look in std::mem::take(&mut self.looks).into_iter().chain(suited) {
            let same =
                |(other, _): &&mut (NewLook, u32)| other.actor == look.actor && other.purpose == look.purpose;
            match joined.iter_mut().find(same) {
                Some((other, count)) if look.unequal.is_none() => {
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

    /// Says of every comparison that it was made in a dry run: nothing of what was proposed stands in the log.
    pub fn in_dry_run(&mut self) {
        let recorded = self.recorded.iter_mut().map(|(_, look)| look);
        for look in self.looks.iter_mut().chain(recorded) {
            look.purpose = look.purpose.replacen("append", "append --dry-run", 1);
        }
    }

    fn unequal(&self, event: EventId) -> u32 {
        let all = self.looks.iter().chain(self.recorded.iter().map(|(_, look)| look));
        u32::try_from(all.filter(|look| look.unequal == Some(event)).count()).unwrap_or(u32::MAX)
    }
}

impl Engine {
    /// Notes what was compared; nothing may be answered before.
    pub(super) fn note_comparisons(&self, compared: &mut Comparisons) -> Result<(), RegistryError> {
        Ok(self.access.note_all(&compared.take_looks())?)
        // Crash here: noted, and neither recorded nor answered.
    }

    /// Refuses to compare once more with an event that was guessed at.
    pub(super) fn judge_comparable(
        &self,
        event: EventId,
        compared: &Comparisons,
        field: &str,
    ) -> Result<(), Stop> {
        let unequal = self
            .access
            .unequal_comparisons(event)
            .map_err(RegistryError::from)?
            .saturating_add(compared.unequal(event));
        if unequal < UNEQUAL_COMPARISONS {
            return Ok(());
        }
        let refusal = Refusal::new(
            "compared_too_often",
            format!(
                "peristiwa {event} sudah {unequal} kali diusulkan dengan nilai tersegel yang lain dan tidak dibandingkan lagi; lihat isinya dengan `jejak subject show`, atau usulkan koreksi yang memuat semua kolom tersegelnya"
            ),
            format!(
                "event {event} was proposed {unequal} times with other sealed values and is not compared any more; look at it with `jejak subject show`, or propose a correction that gives all of its sealed fields"
            ),
        );
        Err(refusal.at(field).into())
    }

    /// Holds a repeated id against what stands in the log under it (`FORMAT.md`, section 7: idempotent for
    /// ever").
    pub(super) fn same_content(
        &self,
        index: u64,
        prepared: &PreparedEvent,
        decided: &Decided,
        compared: &mut Comparisons,
    ) -> Result<(), Stop> {
        let past = past(&self.reader, &self.vault, decided, self.log.size());
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
        self.judge_comparable(new.id, compared, "id")?;
        let stored = past.sealed(index).map_err(unreadable)?;
        if stored.is_empty() {
            // Erased, every one: nothing is left to compare with.
            return Ok(());
        }
        let carries_over = new.data.correction().is_some();
        // Every field is compared, whatever the ones before came to: the time taken tells nothing of them.
        let unequal = stored.iter().filter(|(name, value)| match prepared.sealed.get(*name) {
            Some(given) => given != *value,
            None => !carries_over && !value.is_null(),
        });
        let same = unequal.count() == 0;
        let (purpose, unequal) = if same { (EQUAL, None) } else { (UNEQUAL, Some(new.id)) };
        let (actor, purpose) = (new.actor.clone(), purpose.to_owned());
        compared.settle(None, vec![NewLook { actor, purpose, subjects: vec![subject], unequal }]);
        if same { Ok(()) } else { Err(id_reused(new.id, index).into()) }
    }

    /// The look that a correction is at the values it carries over: where it gives some of the sealed values and
    /// leaves others out, or changes an open one that they must suit, the rules hold those against these.
    pub(super) fn carrying_look(
        &self,
        prepared: &PreparedEvent,
        old: &Event,
        carried: &SealedValues,
        compared: &Comparisons,
    ) -> Result<Option<NewLook>, Stop> {
        let Some(correction) = prepared.draft.data.correction() else { return Ok(None) };
        let given = &prepared.sealed;
        let gives = given.values().any(|value| !value.is_null());
        let carries = carried.iter().any(|(name, value)| !value.is_null() && !given.contains_key(name));
        if !(gives && carries || changes_beside(prepared, old, carried)) {
            return Ok(None);
        }
        self.judge_comparable(correction.target, compared, "data.target")?;
        let (subjects, unequal) = (vec![sealed_by(old).0], Some(correction.target));
        let actor = prepared.draft.actor.clone();
        Ok(Some(NewLook { actor, purpose: UNEQUAL.to_owned(), subjects, unequal }))
    }
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
    let data = jejak_events::proposal::sealed_data(&event.draft.data);
    let has_number = data.seals("number") && sealed.get("number").is_some_and(|number| !number.is_null());
    has_number.then(|| {
        let (actor, subjects) = (event.draft.actor.clone(), vec![sealed_by(event).0]);
        NewLook { actor, purpose: NUMBER.to_owned(), subjects, unequal: None }
    })
}

/// The look at the number of another stream that an event with the same number is.
pub(super) fn holder_look(event: &Event, other: Subject) -> NewLook {
    let (actor, subjects) = (event.draft.actor.clone(), vec![other]);
    NewLook { actor, purpose: HOLDER.to_owned(), subjects, unequal: None }
}

fn id_reused(id: EventId, index: u64) -> Refusal {
    Refusal::new(
        "id_reused",
        format!("id {id} sudah dipakai peristiwa lain pada indeks {index}; beri id baru, atau catat event.corrected"),
        format!("id {id} already belongs to another event, at index {index}; give a new id, or record event.corrected"),
    )
    .at("id")
}
