//! The whole story of one stream on one page: both clocks, corrections beside what they correct.
//!
//! A page is put together from the events alone, as known at one log size: the same on every call.
//! Nothing here opens the vault but [`open_differences`], under a look.

mod checked;
mod gather;
pub(crate) mod output;
mod program;
mod summary;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::{IkmId, PersonId, ProgramId, Subject};
use jejak_events::proposal::sealed_by;
use jejak_events::record::Event;
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::values::Date;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;
use schemars::JsonSchema;
use serde::Serialize;

pub use self::gather::gather;
pub use self::program::{
    Achievement, CertificateEnd, Day, Enrolled, EnrolmentState, Presence, ProgramSection, ProgramSession,
    ResolvedStatus,
};
pub use self::summary::{Summary, SummaryPart, SummaryPlace, summary};
use crate::readmodel::Snapshot;
use crate::registry::Look;
pub use crate::words::difference::{FieldDifference, FieldValue};

/// Whether what an event says counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryStanding {
    /// As it was recorded.
    InForce,
    /// As a correction says it.
    Corrected,
    /// Not at all.
    Retracted,
}

impl EntryStanding {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Corrected => "corrected",
            Self::Retracted => "retracted",
        }
    }
}

/// A correction, retraction or redaction of evidence.
#[derive(Clone, Debug)]
pub struct PageAmendment {
    /// Its index.
    pub index: u64,
    /// The event.
    pub event: Event,
    /// For a correction: the index of the form that it took the place of.
    pub took_the_place_of: Option<u64>,
    /// For a correction: the open fields that it says otherwise.
    pub differences: Vec<FieldDifference>,
    /// For a correction: the sealed fields that it says otherwise; empty unless the vault was opened.
    pub sealed_differences: Vec<FieldDifference>,
    /// Whether it was taken back itself.
    pub is_retracted: bool,
}

/// An event of the story with what amends it.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its index.
    pub index: u64,
    /// The event as it was recorded.
    pub event: Event,
    /// The event that carries what it says: itself, or the correction in force; of a retracted one, what
    /// it said last.
    pub carrier: Event,
    /// Whether it counts.
    pub standing: EntryStanding,
    /// How many days after it happened it was recorded, where that is late (`docs/domain.md`, section 2).
    pub late_days: Option<i64>,
    /// What amends it, in order.
    pub amendments: Vec<PageAmendment>,
}

impl Item {
    /// What it says.
    #[must_use]
    pub fn content(&self) -> Content<'_> {
        Content::of(&self.carrier)
    }

    /// The day it happened.
    #[must_use]
    pub fn day(&self) -> Date {
        self.content().time().date()
    }

    /// Whether nothing about it asks for a line of its own.
    fn is_plain(&self) -> bool {
        self.standing == EntryStanding::InForce && self.amendments.is_empty()
    }
}

/// Days of one programme attended by one IKM or one of its persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttendedDays {
    /// The programme.
    pub program: ProgramId,
    /// The IKM; none for a person in their own name.
    pub ikm: Option<IkmId>,
    /// The person, where one was recorded.
    pub person: Option<PersonId>,
    /// Day, status and index of each, by day.
    pub days: Vec<(Date, AttendanceStatus, u64)>,
    /// How many of them were recorded late.
    pub late: usize,
}

/// A line of the story.
#[derive(Clone, Debug)]
pub enum PageEntry {
    /// One event.
    Event(Box<Item>),
    /// Attendances that nothing amends, together.
    Attendances(AttendedDays),
}

impl PageEntry {
    fn order(&self) -> (Option<Date>, u64) {
        match self {
            Self::Event(item) => (Some(item.day()), item.index),
            Self::Attendances(group) => {
                let first = group.days.first();
                (first.map(|(day, ..)| *day), first.map_or(0, |(.., index)| *index))
            }
        }
    }
}

/// Events of one type that the page counts instead of telling them one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Folded {
    /// How many.
    pub count: u64,
    /// How many of them were recorded late.
    pub late: u64,
}

/// One stream's page.
#[derive(Clone, Debug)]
pub struct StreamPage {
    /// The stream.
    pub subject: Subject,
    /// It, and the streams that merges in force join with it.
    pub joined: BTreeSet<Subject>,
    /// Number of events in the stream as known.
    pub revision: u64,
    /// What the stream's own events last said of how it stands, as a code: `active`, `closed`, `merged`,
    /// `open`, `valid`, `suspended`, `revoked`, `planned`, `built`, `erased`, `retracted`, ...
    pub state: Option<&'static str>,
    /// The open facts in force on the day, by name.
    pub facts: BTreeMap<String, FieldValue>,
    /// The story, by when things happened.
    pub story: Vec<PageEntry>,
    /// The first event of each line of attendances, by its index.
    pub attended: BTreeMap<u64, Item>,
    /// By type: what the part about the programme counts instead.
    pub folded: BTreeMap<&'static str, Folded>,
    /// Of a programme: sessions and who was enrolled.
    pub program: Option<ProgramSection>,
    /// Titles and open names of the programmes, exhibitions and sentras on the page.
    pub titles: BTreeMap<Subject, String>,
    /// Every IKM and person on the page.
    pub people: BTreeSet<Subject>,
}

/// Whose sealed values [`open_differences`] compares: also of those whom only a form that was corrected away named.
///
/// # Errors
/// When the log cannot be read.
pub fn compared(snapshot: &Snapshot, page: &StreamPage) -> Result<BTreeSet<Subject>, ReadFailure> {
    let mut compared = BTreeSet::new();
    for entry in &page.story {
        let PageEntry::Event(item) = entry else { continue };
        for amendment in &item.amendments {
            let Some(before) = amendment.took_the_place_of else { continue };
            for event in [&snapshot.event(before)?, &amendment.event] {
                let (subject, declared) = sealed_by(event);
                compared.extend(Some(subject).filter(|_| !declared.is_empty()));
            }
        }
    }
    Ok(compared)
}

/// Opens the sealed fields of corrections and notes which of them differ; of names also how. Other
/// sealed values stay unsaid: a page tells that a number was mended, not the number.
///
/// # Errors
/// When the look does not cover all that are [`compared`], or the vault cannot be read.
pub fn open_differences(snapshot: &Snapshot, look: &Look, page: &mut StreamPage) -> Result<(), ReadFailure> {
    let values = |index: u64| -> Result<BTreeMap<String, FieldValue>, ReadFailure> {
        let sealed = snapshot.sealed(look, index)?;
        Ok(sealed.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect())
    };
    for entry in &mut page.story {
        let PageEntry::Event(item) = entry else { continue };
        for amendment in &mut item.amendments {
            let Some(before) = amendment.took_the_place_of else { continue };
            let (before, after) = (values(before)?, values(amendment.index)?);
            // What was erased is in neither and no difference.
            let mut differing = crate::words::difference::between(&before, &after);
            differing.retain(|one| before.contains_key(&one.field) && after.contains_key(&one.field));
            for one in differing.iter_mut().filter(|one| one.field != "name") {
                (one.before, one.after) = (None, None);
            }
            amendment.sealed_differences = differing;
        }
    }
    Ok(())
}
