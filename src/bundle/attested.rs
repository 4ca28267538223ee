//! Figures from sealed values that go with an answer: attested by the registry, and proven only where the values
//! themselves are disclosed.
//!
//! How many reports such a figure rests on, by area and programme, how many give the value and how many of them were
//! erased follows from open facts: that is held against the log. What the reports say is not, unless the bundle
//! discloses it; then the figure is counted again.
//!
//! This module must never call a figure proven whose every value was not seen.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::proposal::SealedValues;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_projections::answer::Answer;
use jejak_projections::claims::ClaimLog as _;
use jejak_projections::error::ReadFailure;
use jejak_projections::views::ViewDeclaration;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::archive::Member;
use super::disclosed::Handed;
use super::verify::add;
use super::{Problem, in_another_form, unreadable};
use crate::answers::to_json;
use crate::attested::{AreaPart, Attested, FEWEST_IKMS, Part, ProgramPart, Told, attest};
use crate::registry::core::History;
use crate::registry::sealed_by;
use crate::replay::Check;
use crate::replay::entries::Replayed;

/// A figure in `attested.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Figure {
    by_area: Vec<AreaPart>,
    by_program: Vec<ProgramPart>,
    name: String,
    total: Part,
}

impl From<&Attested> for Figure {
    fn from(attested: &Attested) -> Self {
        let Attested { by_area, by_program, name, total, .. } = attested.clone();
        Self { by_area, by_program, name: name.to_owned(), total }
    }
}

/// Figures as `attested.json`.
///
/// # Errors
/// None that figures can cause.
pub fn write(attested: &[Attested]) -> serde_json::Result<Vec<u8>> {
    to_json(&attested.iter().map(Figure::from).collect::<Vec<_>>())
}

/// What a bundle says of a figure from sealed values, once it was verified.
#[derive(Clone, Debug, Serialize)]
pub struct AttestedSaid {
    /// Its name.
    pub name: &'static str,
    /// The name in words.
    pub title: Problem,
    /// Whether it is a change in percent rather than a sum.
    pub is_change: bool,
    /// Whether it was counted again from disclosed values; otherwise the registry attests it.
    pub proven: bool,
    /// Over everything.
    pub total: Part,
    /// By area of the IKM.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_area: Vec<AreaPart>,
    /// By programme.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_program: Vec<ProgramPart>,
}

/// The past with those sealed values that a bundle discloses.
struct Known<'a> {
    replayed: &'a Replayed,
    values: &'a BTreeMap<u64, SealedValues>,
}

impl History for Known<'_> {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        self.replayed.event(index)
    }

    /// What an erasure reaches is erased. What is not disclosed has some value where the event says in the open that it
    /// has one: enough to count the reports, and no figure is made of it.
    fn sealed(&self, index: u64) -> Result<SealedValues, ReadFailure> {
        let event = self.event(index)?;
        let (subject, declared) = sealed_by(&event);
        let has = event.draft.data.sealed().and_then(|sealed| sealed.has.as_ref());
        let known = self.values.get(&index);
        let there = declared.iter().filter(|field| !self.replayed.erased.contains(subject, field.group));
        let value = |name: &str| {
            let disclosed = known.and_then(|known| known.get(name)).cloned();
            let is_there = has.is_some_and(|names| names.iter().any(|own| own == name));
            disclosed.unwrap_or(if is_there { SOME_VALUE.into() } else { Value::Null })
        };
        Ok(there.map(|field| (field.name, value(field.name))).collect())
    }
}

/// Stands for a value that is not disclosed: not 0, of which no change can be told in percent.
const SOME_VALUE: i64 = 1;

/// Whether all sealed fields that the reports behind an answer have of their enterprises are disclosed. Otherwise an
/// operator who sealed two values for one field, in the place of another field's, could choose between them now.
fn discloses_all(
    answer: &Answer,
    replayed: &Replayed,
    named: &BTreeSet<String>,
) -> Result<bool, ReadFailure> {
    for index in answer.bases.iter().flat_map(|basis| basis.events.indexes()) {
        let event = replayed.event(index)?;
        let mut confidential = sealed_by(&event).1.iter().filter(|field| field.group == Group::Confidential);
        if !confidential.all(|field| named.contains(field.name)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Holds `attested.json` against the log, and against what is disclosed. `named` are the fields that are, all of
/// whose values behind the answer were seen.
///
/// # Errors
/// When an event cannot be read.
pub fn hold(
    check: &mut Check,
    bytes: &[u8],
    view: &'static ViewDeclaration,
    answer: &Answer,
    replayed: &Replayed,
    (handed, named): (&Handed, &BTreeSet<String>),
) -> Result<Vec<AttestedSaid>, ReadFailure> {
    let counted = attest(view, answer, &Known { replayed, values: &handed.values })?;
    let member = Member::Attested;
    let stated = match serde_json::from_slice::<Vec<Figure>>(bytes) {
        Ok(stated) if to_json(&stated).ok().as_deref() == Some(bytes) => stated,
        Ok(_) => {
            add(check, in_another_form(member));
            return Ok(Vec::new());
        }
        Err(error) => {
            add(check, unreadable(member, None, &error));
            return Ok(Vec::new());
        }
    };
    let same_names = stated.iter().map(|figure| figure.name.as_str()).eq(counted.iter().map(|one| one.name));
    if !same_names {
        check.problem(
            format!("{member}: bukan angka tampilan {}", view.name),
            format!("{member}: not the figures of view {}", view.name),
        );
        return Ok(Vec::new());
    }
    let discloses_all = discloses_all(answer, replayed, named)?;
    let mut said = Vec::new();
    for ((figure, own), declared) in stated.into_iter().zip(counted).zip(view.attested) {
        check.checked += 1;
        let is_disclosed = declared.rule.fields().all(|field| named.contains(field));
        let proven = is_disclosed && discloses_all;
        let wanted = Figure::from(&own);
        if is_disclosed && figure != wanted {
            check.problem(
                format!("{member}: {} tidak sama dengan hitungan dari nilai yang dibuka", figure.name),
                format!("{member}: {} is not what the disclosed values give", figure.name),
            );
        } else if let Some(place) = first_impossible(&figure, &wanted, own.is_change) {
            let name = &figure.name;
            check.problem(
                format!("{member}: {name}, {}: tidak mungkin menurut laporan yang tercatat", place.id),
                format!("{member}: {name}, {}: cannot be, by the reports that are on record", place.en),
            );
        }
        let Figure { by_area, by_program, total, .. } = figure;
        let title = Problem::new(own.title.id, own.title.en);
        let is_change = own.is_change;
        said.push(AttestedSaid { name: own.name, title, is_change, proven, total, by_area, by_program });
    }
    Ok(said)
}

/// The first part whose counts do not agree with those by open facts.
fn first_impossible(stated: &Figure, own: &Figure, is_change: bool) -> Option<Problem> {
    let areas = |figure: &Figure| figure.by_area.iter().map(|row| row.area).collect::<Vec<_>>();
    let programs =
        |figure: &Figure| figure.by_program.iter().map(|row| row.program.clone()).collect::<Vec<_>>();
    if areas(stated) != areas(own) || programs(stated) != programs(own) {
        return Some(Problem::new("bagian-bagiannya", "parts"));
    }
    let is_possible = if is_change { is_possible_change } else { is_possible_sum };
    let total_fits = is_change || total_fits(stated);
    if !is_possible(&stated.total, &own.total) || !total_fits {
        return Some(Problem::new("jumlahnya", "total"));
    }
    let area = stated.by_area.iter().zip(&own.by_area).find(|(row, own)| !is_possible(&row.part, &own.part));
    if let Some((row, _)) = area {
        let area = row.area.map_or_else(|| "-".to_owned(), |area| area.to_string());
        return Some(Problem::new(format!("daerah {area}"), format!("area {area}")));
    }
    let mut programs = stated.by_program.iter().zip(&own.by_program);
    let program = programs.find(|(row, own)| !is_possible(&row.part, &own.part));
    program.map(|(row, _)| {
        Problem::new(format!("program {}", row.program), format!("programme {}", row.program))
    })
}

/// Where no area is withheld, the total is what they add up to.
fn total_fits(stated: &Figure) -> bool {
    let sum = |of: fn(&Part) -> Option<Told>| {
        let mut total = 0i64;
        for row in &stated.by_area {
            match of(&row.part) {
                Some(Told::Value(value)) => total = total.saturating_add(value),
                Some(Told::Withheld) => return None,
                Some(Told::None) | None => {}
            }
        }
        Some(total)
    };
    let fits = |of: fn(&Part) -> Option<Told>| match (of(&stated.total), sum(of)) {
        (Some(Told::Value(total)), Some(sum)) => total == sum,
        _ => true,
    };
    fits(|part| Some(part.value)) && fits(|part| part.whole)
}

fn kind(told: Told) -> std::mem::Discriminant<Told> {
    std::mem::discriminant(&told)
}

/// Whether a sum can be true: open facts say how many reports there are, how many give the value, how many were
/// erased, of how many IKMs, and so also what must be withheld.
fn is_possible_sum(stated: &Part, own: &Part) -> bool {
    let counts = |part: &Part| (part.seen, part.unseen, part.erased, part.ikms);
    counts(stated) == counts(own)
        && kind(stated.value) == kind(own.value)
        && stated.whole.map(kind) == own.whole.map(kind)
}

/// Whether a change can be true: of a first value of 0 there is none, and whether one was 0 is sealed.
fn is_possible_change(stated: &Part, own: &Part) -> bool {
    let told = |told: Told| matches!(told, Told::Value(_));
    stated.seen.checked_add(stated.unseen) == Some(own.seen + own.unseen)
        && stated.erased == own.erased
        && stated.seen <= own.seen
        && stated.ikms <= own.ikms.min(stated.seen)
        && (stated.ikms >= FEWEST_IKMS as u64 || !told(stated.value))
        && (stated.ikms == 0) == (stated.value == Told::None)
        && stated.whole.is_none()
}
