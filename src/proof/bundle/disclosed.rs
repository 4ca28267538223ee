//! The sealed values that a bundle discloses: those of named fields, of the events behind its answer.
//!
//! Which events that are follows from open facts, so that a reader finds out what is missing: a value of such an
//! event is in the bundle, or the log says that it was erased. What is disclosed was sealed with its event when
//! that was recorded, which its digest proves; that it was true is on whoever recorded it.
//!
//! This module must never disclose a field that was not named, or one that an erasure reaches.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::proposal::{SealedValues, sealed_by};
use jejak_events::record::Event;
use jejak_events::types::TYPES;
use jejak_projections::answer::Member as Counted;
use jejak_projections::claims::ClaimLog;
use jejak_projections::error::ReadFailure;
use jejak_projections::facts::Facts;
use serde::{Deserialize, Serialize};

use super::archive::ArchiveMember;
use super::asked::BundleAnswer;
use super::{Problem, in_another_form, unreadable};
use crate::proof::disclosures::{DisclosableField, Disclosed, hold as hold_disclosures};
use crate::proof::replay::Check;
use crate::proof::replay::entries::Replayed;
use crate::readmodel::Snapshot;

/// The name of every sealed field of any type.
#[must_use]
pub fn fields() -> BTreeSet<&'static str> {
    TYPES.iter().flat_map(|declared| declared.sealed).map(|field| field.name).collect()
}

/// An event behind an answer that has some of the named fields.
#[derive(Clone, Debug)]
pub struct Behind {
    /// Its index.
    pub index: u64,
    /// The event.
    pub event: Event,
}

/// Whether an answer names exactly those behind it. A claim over a value of a breakdown names whoever its view
/// lists: of those nobody may be told anything.
#[must_use]
pub fn names_its_own(told: &BundleAnswer) -> bool {
    match told {
        BundleAnswer::Claim(judged) => !judged.report.members_are_wider,
        BundleAnswer::View(_) => true,
        // Of those behind a sum nobody may be told anything.
        BundleAnswer::Release(_) => false,
    }
}

/// Indexes of the events behind an answer: those that it counts, and those that say who the IKMs and persons
/// behind it are; each in the form that speaks when `known` events are known.
#[must_use]
pub fn indexes(told: &BundleAnswer, facts: &Facts, known: u64) -> BTreeSet<u64> {
    let (members, context): (&[Counted], &[u64]) = match told {
        BundleAnswer::Claim(judged) => (&judged.report.members, &judged.report.context),
        // Beside a row the context is that of the whole view: nothing of it is told with the row.
        BundleAnswer::View(answer) if answer.question.only.is_some() => (&answer.members, &[]),
        BundleAnswer::View(answer) => (&answer.members, &answer.context),
        BundleAnswer::Release(_) => (&[], &[]),
    };
    let counted = members.iter().flat_map(|member| &member.events).chain(context).copied();
    let mut indexes: BTreeSet<u64> = counted.collect();
    if let BundleAnswer::View(answer) = told {
        indexes.extend(answer.bases.iter().flat_map(|basis| basis.events.indexes()));
    }
    let mut indexes = facts.in_force(indexes, known);
    indexes.extend(facts.describing(members.iter().map(|member| member.who), known));
    indexes
}

/// Those of some events that have named fields, ascending.
///
/// # Errors
/// When an event cannot be read.
pub fn behind(
    indexes: BTreeSet<u64>,
    log: &dyn ClaimLog,
    named: &BTreeSet<String>,
) -> Result<Vec<Behind>, ReadFailure> {
    let mut found = Vec::new();
    for index in indexes {
        let event = log.event(index)?;
        if sealed_by(&event).1.iter().any(|field| named.contains(field.name)) {
            found.push(Behind { index, event });
        }
    }
    Ok(found)
}

/// A line of `disclosures.jsonl`: an event, and what is disclosed of it (RFC 9901, section 4.2).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DisclosedLine {
    disclosures: Vec<String>,
    index: u64,
}

fn write(lines: &[DisclosedLine]) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut text, line)?;
        text.push(b'\n');
    }
    Ok(text)
}

/// Whose sealed values those are.
#[must_use]
pub fn subjects(behind: &[Behind]) -> BTreeSet<Subject> {
    behind.iter().map(|one| sealed_by(&one.event).0).collect()
}

/// The first of these events whose named fields an erasure reaches that was asked for after the first `size` events:
/// a bundle of those could not say why its values are missing.
#[must_use]
pub fn erased_since(
    snapshot: &Snapshot,
    behind: &[Behind],
    named: &BTreeSet<String>,
    size: u64,
) -> Option<u64> {
    let reached = snapshot.index().reached();
    let is_erased = |one: &&Behind| {
        let (subject, declared) = sealed_by(&one.event);
        let mut named = declared.iter().filter(|field| named.contains(field.name));
        named.any(|field| {
            reached.request(one.index, subject, field.group).is_some_and(|request| request >= size)
        })
    };
    behind.iter().find(is_erased).map(|one| one.index)
}

/// Opens the disclosures of an event, under a look at all the [`subjects`] behind an answer.
pub type DisclosureOpener<'a> = dyn Fn(u64, &Event) -> Result<Vec<String>, ReadFailure> + 'a;

/// Reads what is to be disclosed from the vault, as `disclosures.jsonl`; `None` when that is more than a bundle
/// carries.
///
/// # Errors
/// When log or vault cannot be read, or hold something else than they should.
pub fn collect(
    (snapshot, open): (&Snapshot, &DisclosureOpener<'_>),
    behind: &[Behind],
    named: &BTreeSet<String>,
) -> Result<Option<Vec<u8>>, ReadFailure> {
    let limit_bytes = ArchiveMember::Disclosures.limit_bytes() as usize;
    let reached = snapshot.index().reached();
    let (mut lines, mut bytes) = (Vec::new(), 0);
    for Behind { index, event } in behind {
        if bytes > limit_bytes {
            return Ok(None);
        }
        let given = open(*index, event)?;
        let Disclosed { fields, disclosures, .. } =
            hold_disclosures(event, &given).map_err(|error| format!("event {index}: {error}"))?;
        let subject = sealed_by(event).0;
        let wanted = |field: &DisclosableField| {
            named.contains(field.name) && reached.request(*index, subject, field.group).is_none()
        };
        let there = fields.iter().filter(|field| field.value.is_some()).zip(disclosures);
        let disclosures: Vec<String> =
            there.filter(|(field, _)| wanted(field)).map(|(_, disclosure)| disclosure).collect();
        bytes += disclosures.iter().map(String::len).sum::<usize>();
        if !disclosures.is_empty() {
            lines.push(DisclosedLine { index: *index, disclosures });
        }
    }
    let written = write(&lines)?;
    Ok(Some(written).filter(|written| written.len() <= limit_bytes))
}

/// What a bundle discloses, verified.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    /// By index of the event: what was sealed with it, as far as it was asked for and is not erased.
    pub values: BTreeMap<u64, SealedValues>,
    /// Number of values among the named ones that were erased.
    pub erased: u64,
}

/// Holds `disclosures.jsonl` against the events behind the answer.
pub fn hold(
    check: &mut Check,
    bytes: &[u8],
    behind: &[Behind],
    named: &BTreeSet<String>,
    replayed: &Replayed,
) -> Handed {
    let mut handed = Handed::default();
    let lines = match read(bytes) {
        Ok(lines) => lines,
        Err(problem) => {
            check.problem(problem.id, problem.en);
            return handed;
        }
    };
    let is_behind = |index: &u64| behind.binary_search_by_key(index, |one| one.index).is_ok();
    for index in lines.keys().filter(|index| !is_behind(index)) {
        check.problem(
            format!("peristiwa {index}: pembukaan nilainya disertakan, padahal peristiwa itu tidak ada di balik jawaban"),
            format!("event {index}: its disclosures are in here, but it is not behind the answer"),
        );
    }
    let mut salts = BTreeSet::new();
    for Behind { index, event } in behind {
        let given = lines.get(index).map_or(&[][..], Vec::as_slice);
        match hold_disclosures(event, given) {
            Err(error) => {
                let message = error.message();
                check.problem(
                    format!("peristiwa {index}: {}", message.id),
                    format!("event {index}: {}", message.en),
                );
            }
            Ok(disclosed) if !disclosed.salts.iter().all(|salt| salts.insert(*salt)) => check.problem(
                format!("peristiwa {index}: sebuah pembukaan memakai garam milik peristiwa lain"),
                format!("event {index}: a disclosure has the salt of one of another event"),
            ),
            Ok(disclosed) => hold_event(check, *index, event, disclosed, named, replayed, &mut handed),
        }
    }
    handed
}

/// Each named field is there or erased, and no other is.
fn hold_event(
    check: &mut Check,
    index: u64,
    event: &Event,
    disclosed: Disclosed,
    named: &BTreeSet<String>,
    replayed: &Replayed,
    handed: &mut Handed,
) {
    let subject = sealed_by(event).0;
    for DisclosableField { name, group, value } in disclosed.fields {
        let is_named = named.contains(name);
        let is_erased = replayed.erased.request(index, subject, group).is_some();
        match value {
            Some(_) if !is_named => check.problem(
                format!("peristiwa {index}: {name} dibuka tanpa diminta"),
                format!("event {index}: {name} is disclosed and was not asked for"),
            ),
            Some(_) if is_erased => check.problem(
                format!("peristiwa {index}: {name} dibuka, padahal menurut log sudah dihapus"),
                format!("event {index}: {name} is disclosed, though the log says that it was erased"),
            ),
            Some(value) => {
                check.checked += 1;
                handed.values.entry(index).or_default().insert(name, value);
            }
            None if !is_named => {}
            None if is_erased => handed.erased += 1,
            None => check.problem(
                format!("peristiwa {index}: {name} tidak dibuka, padahal sampai checkpoint ini log tidak mencatat penghapusannya"),
                format!("event {index}: {name} is missing, and up to this checkpoint the log says of no erasure"),
            ),
        }
    }
}

/// The lines by index, in the one form that they are written in.
fn read(bytes: &[u8]) -> Result<BTreeMap<u64, Vec<String>>, Problem> {
    let member = ArchiveMember::Disclosures;
    let mut lines = Vec::new();
    for (number, text) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
        let line: DisclosedLine =
            serde_json::from_slice(text).map_err(|error| unreadable(member, Some(number), &error))?;
        if line.disclosures.is_empty()
            || lines.last().is_some_and(|last: &DisclosedLine| last.index >= line.index)
        {
            return Err(Problem::new(
                format!("{member}: baris {number} kosong, atau indeksnya tidak menaik"),
                format!("{member}: line {number} is empty, or its index not above the one before"),
            ));
        }
        lines.push(line);
    }
    if write(&lines).ok().as_deref() != Some(bytes) {
        return Err(in_another_form(member));
    }
    Ok(lines.into_iter().map(|line| (line.index, line.disclosures)).collect())
}
