//! Puts a page together from the events of a stream, of those joined with it, and of those that name it.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::{IkmId, PersonId, ProgramId, Subject};
use jejak_events::record::Event;
use jejak_events::types::ikm::TrainingAttended;
use jejak_events::types::{Amendment as Amends, EventType, Role};
use jejak_events::values::Date;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::{Content, LineageAt, is_amendment};
use serde_json::Value;

use super::{AttendedDays, EntryStanding, Folded, Item, PageAmendment, PageEntry, StreamPage, program};
use crate::rules::days_late;
use crate::rules::index::Index;
use crate::rules::machine::EventReader;
use crate::words::difference::{FieldValue, differences, open_fields};

/// The log up to one size, each event read once.
pub(super) struct GatheredLog<'a> {
    index: Index,
    history: &'a dyn EventReader,
    events: BTreeMap<u64, Event>,
}

impl<'a> GatheredLog<'a> {
    pub(super) fn lineage(&self) -> &LineageAt {
        self.index.lineage()
    }

    pub(super) fn event(&mut self, index: u64) -> Result<Event, ReadFailure> {
        if let Some(event) = self.events.get(&index) {
            return Ok(event.clone());
        }
        let event = self.history.event(index)?;
        self.events.insert(index, event.clone());
        Ok(event)
    }

    /// Indexes of a stream's events and of those that name it, as known.
    pub(super) fn indexes(&self, subject: Subject) -> Vec<u64> {
        self.index.history(subject)
    }

    /// The originals among a stream's events and those that name it, and those that an amendment among
    /// them concerns, with the event that carries what each says; none for those retracted.
    pub(super) fn originals(
        &mut self,
        subject: Subject,
    ) -> Result<BTreeMap<u64, Option<Event>>, ReadFailure> {
        let mut originals = BTreeMap::new();
        for index in self.indexes(subject) {
            let event = self.event(index)?;
            let original = match event.draft.data.amends() {
                Some(amends) => self.index_of(amends.target())?,
                None => Some(index),
            };
            let Some(original) = original else { continue };
            let original = self.lineage().original_of(original).unwrap_or(original);
            if let std::collections::btree_map::Entry::Vacant(entry) = originals.entry(original) {
                let effective = self.lineage().effective(original);
                let carrier = match effective {
                    Some(effective) => Some(self.event(effective)?),
                    None => None,
                };
                entry.insert(carrier);
            }
        }
        Ok(originals)
    }

    fn index_of(&self, id: jejak_events::identity::EventId) -> Result<Option<u64>, ReadFailure> {
        self.index.index_of(id, self.history)
    }

    /// An original with all that amends it.
    fn item(&mut self, index: u64, redactions: &[u64]) -> Result<Item, ReadFailure> {
        let event = self.event(index)?;
        let mut positions = self.lineage().amendments_of(index);
        positions.extend(redactions);
        positions.sort_unstable();
        // The forms that stood at each step: the original, and corrections not taken back by then.
        let mut forms = vec![index];
        let mut amendments = Vec::with_capacity(positions.len());
        for position in positions {
            let amending = self.event(position)?;
            let last = forms.last().copied().unwrap_or(index);
            let mut amendment = PageAmendment {
                index: position,
                took_the_place_of: None,
                differences: Vec::new(),
                sealed_differences: Vec::new(),
                is_retracted: self.lineage().is_retracted_correction(position),
                event: amending,
            };
            match amendment.event.draft.data.amends() {
                Some(Amends::Correction(_)) => {
                    let before = self.event(last)?;
                    amendment.differences =
                        differences(&Content::of(&before), &Content::of(&amendment.event));
                    amendment.took_the_place_of = Some(last);
                    forms.push(position);
                }
                Some(Amends::Retraction(retraction)) => {
                    let target = self.index_of(retraction.target)?;
                    forms.retain(|form| *form == index || Some(*form) != target);
                }
                Some(Amends::Redaction(_)) | None => {}
            }
            amendments.push(amendment);
        }
        let (carrier, standing) = match self.lineage().effective(index) {
            Some(effective) if effective == index => (index, EntryStanding::InForce),
            Some(effective) => (effective, EntryStanding::Corrected),
            None => (forms.last().copied().unwrap_or(index), EntryStanding::Retracted),
        };
        let carrier = self.event(carrier)?;
        let late_days = late_days(&event, Content::of(&carrier).time().date());
        Ok(Item { index, event, carrier, standing, late_days, amendments })
    }
}

/// How many days after `happened` it was recorded, where that is late.
fn late_days(event: &Event, happened: Date) -> Option<i64> {
    days_late(event.draft.subject, happened, event.recorded.date_in(event.draft.source.area))
}

/// The page of a stream for a day, as known at a log size.
///
/// # Errors
/// When the log cannot be read.
pub fn gather(
    index: &Index,
    history: &dyn EventReader,
    subject: Subject,
    on: Date,
    size: u64,
) -> Result<StreamPage, ReadFailure> {
    let mut known = GatheredLog { index: index.at(size), history, events: BTreeMap::new() };
    let joined = joined(&mut known, subject)?;
    let mut originals = BTreeSet::new();
    let mut redactions: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for stream in &joined {
        originals.extend(known.originals(*stream)?.into_keys());
        for index in known.indexes(*stream) {
            if let Some(Amends::Redaction(redaction)) = known.event(index)?.draft.data.amends()
                && let Some(target) = known.index_of(redaction.target)?
            {
                redactions
                    .entry(known.lineage().original_of(target).unwrap_or(target))
                    .or_default()
                    .push(index);
            }
        }
    }
    let mut items = Vec::with_capacity(originals.len());
    for index in originals {
        if is_amendment(&known.event(index)?.draft.data) {
            continue; // its target stands beyond what is known
        }
        let item = known.item(index, redactions.get(&index).map_or(&[], Vec::as_slice))?;
        if item.day() <= on {
            items.push(item);
        }
    }
    items.sort_by_key(|item| (item.day(), item.index));

    let (state, facts) = (state(subject, &items), facts(subject, &items));
    let revision = known.indexes(subject).into_iter().map(|index| known.event(index));
    let revision = revision.filter(|event| event.as_ref().is_ok_and(|event| event.draft.subject == subject));
    let revision = revision.count() as u64;
    let program = match subject {
        Subject::Program(program) => Some(program::part(&mut known, program, &items, on)?),
        _ => None,
    };
    let mut page = StreamPage {
        subject,
        joined,
        revision,
        state,
        facts,
        story: Vec::new(),
        attended: BTreeMap::new(),
        folded: BTreeMap::new(),
        program,
        titles: BTreeMap::new(),
        people: BTreeSet::new(),
    };
    name_all(&mut known, &mut page, &items)?;
    tell(&mut page, items);
    Ok(page)
}

/// The stream and all that merges in force join with it, in either direction.
fn joined(known: &mut GatheredLog<'_>, subject: Subject) -> Result<BTreeSet<Subject>, ReadFailure> {
    let mut joined = BTreeSet::from([subject]);
    if !matches!(subject, Subject::Ikm(_) | Subject::Person(_)) {
        return Ok(joined);
    }
    let mut next = vec![subject];
    while let Some(stream) = next.pop() {
        for carrier in known.originals(stream)?.into_values().flatten() {
            let content = Content::of(&carrier);
            let Some(into) = content.data().merged_into() else { continue };
            if content.subject() == stream || into == stream {
                next.extend([content.subject(), into].into_iter().filter(|other| joined.insert(*other)));
            }
        }
    }
    Ok(joined)
}

/// What the stream's own events in force last said of how it stands.
fn state(subject: Subject, items: &[Item]) -> Option<&'static str> {
    let mut state = None;
    let mut is_founded = None;
    for item in items.iter().filter(|item| item.content().subject() == subject) {
        let counts = item.standing != EntryStanding::Retracted;
        let content = item.content();
        if content.data().role().begins() {
            is_founded = Some(is_founded.unwrap_or(false) || counts);
        }
        let Some(said) = content.data().standing() else { continue };
        if counts {
            state = Some(said);
        }
    }
    if is_founded == Some(false) { Some("retracted") } else { state }
}

/// The open facts in force: those of the founding event, with what later ones put in their place.
fn facts(subject: Subject, items: &[Item]) -> BTreeMap<String, FieldValue> {
    let mut facts = BTreeMap::new();
    for item in items.iter().filter(|item| item.standing != EntryStanding::Retracted) {
        let content = item.content();
        let says = matches!(content.data().role(), Role::Begins(_) | Role::Changes | Role::Extends(_));
        if says && content.subject() == subject {
            let said = open_fields(content.data());
            // What a change does not say stays, but for what goes with what it says.
            if said.get("leaves_ikm").is_some_and(|leaves| leaves.value == true) {
                facts.remove("ikm");
            }
            if said.contains_key("area") {
                facts.remove("district");
            }
            facts.extend(said);
            facts.remove("leaves_ikm");
        }
    }
    // Evidence belongs to an event, not to the stream.
    facts.retain(|name, _| {
        !(name == "evidence" || name.starts_with("imported_from") || name.starts_with("sealed"))
    });
    if let Subject::Area(area) = subject {
        facts.insert("name".to_owned(), Value::from(area.name()).into());
    }
    facts
}

/// Puts the story in order: one line for each event, but one for all plain attendances of somebody in a
/// programme, and none for what the part about the programme tells.
fn tell(page: &mut StreamPage, items: Vec<Item>) {
    let mut groups: BTreeMap<(ProgramId, Option<IkmId>, Option<PersonId>), AttendedDays> = BTreeMap::new();
    let mut attended: BTreeMap<u64, Item> = BTreeMap::new();
    for item in items {
        if page.program.is_some() && item.is_plain() && program::is_told(item.content().data()) {
            let folded: &mut Folded = page.folded.entry(item.content().data().type_name()).or_default();
            folded.count += 1;
            folded.late += u64::from(item.late_days.is_some());
            continue;
        }
        if let (true, Some(data), Some((ikm, own_name))) = (
            item.is_plain(),
            TrainingAttended::of(item.content().data()),
            program::enrollee(item.content().subject()),
        ) {
            let (program, person) = (data.program, own_name.or(data.person));
            let group = groups.entry((program, ikm, person)).or_insert_with(|| AttendedDays {
                program,
                ikm,
                person,
                days: Vec::new(),
                late: 0,
            });
            group.days.push((data.day, data.status, item.index));
            group.late += usize::from(item.late_days.is_some());
            attended.insert(item.index, item);
            continue;
        }
        page.story.push(PageEntry::Event(Box::new(item)));
    }
    for mut group in groups.into_values() {
        group.days.sort_by_key(|(day, _, index)| (*day, *index));
        let first = group.days.first().and_then(|(.., index)| attended.remove_entry(index));
        page.attended.extend(first);
        page.story.push(PageEntry::Attendances(group));
    }
    page.story.sort_by_key(PageEntry::order);
}

/// Finds everybody on the page, and the open titles of everything else on it.
fn name_all(known: &mut GatheredLog<'_>, page: &mut StreamPage, items: &[Item]) -> Result<(), ReadFailure> {
    let mut named: BTreeSet<Subject> = page.joined.clone();
    let mut mentioned = Vec::new();
    for item in items {
        let content = item.content();
        named.extend([content.subject(), item.event.draft.subject]);
        content.data().mentions(&mut mentioned);
        named.extend(mentioned.iter().copied());
    }
    if let Some(part) = &page.program {
        named.extend(part.subjects());
    }
    for subject in named {
        match subject {
            Subject::Ikm(_) | Subject::Person(_) => drop(page.people.insert(subject)),
            Subject::Program(_) | Subject::Exhibition(_) | Subject::Sentra(_) | Subject::Claim(_) => {
                page.titles.extend(title(known, subject)?.map(|title| (subject, title)));
            }
            Subject::Area(_) | Subject::Certificate(_) | Subject::Registry => {}
        }
    }
    Ok(())
}

/// The title in force: that of the event that founds the stream, which stands before all that name it.
fn title(known: &mut GatheredLog<'_>, subject: Subject) -> Result<Option<String>, ReadFailure> {
    for index in known.indexes(subject) {
        let event = known.event(index)?;
        if event.draft.subject != subject || !event.draft.data.role().begins() {
            continue;
        }
        let Some(effective) = known.lineage().effective(index) else { continue };
        let carrier = known.event(effective)?;
        let content = Content::of(&carrier);
        return Ok(content.data().title().map(str::to_owned));
    }
    Ok(None)
}
