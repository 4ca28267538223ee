//! Figures from sealed values that go with an answer: attested by the registry, and proven only where the values
//! themselves are disclosed.
//!
//! How many reports such a figure rests on, by area and programme, and how many of them were erased, follows from
//! open facts: that is held against the log. What the reports say is not, unless the bundle discloses it all; then
//! the figure is counted again.
//!
//! This module must never call a figure proven whose every value was not seen.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::proposal::SealedValues;
use jejak_events::record::Event;
use jejak_projections::answer::Answer;
use jejak_projections::claims::ClaimLog as _;
use jejak_projections::error::ReadFailure;
use jejak_projections::views::{AttestedRule, ViewDeclaration};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Problem;
use super::archive::Member;
use super::disclosed::Handed;
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

    /// What is not disclosed counts as not given, and what an erasure reaches as erased.
    fn sealed(&self, index: u64) -> Result<SealedValues, ReadFailure> {
        let event = self.event(index)?;
        let (subject, declared) = sealed_by(&event);
        let there = declared.iter().filter(|field| !self.replayed.erased.contains(subject, field.group));
        let known = self.values.get(&index);
        let value = |name| known.and_then(|known| known.get(name)).cloned().unwrap_or(Value::Null);
        Ok(there.map(|field| (field.name, value(field.name))).collect())
    }
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
            check.problem(
                format!("{member}: ditulis dalam bentuk lain"),
                format!("{member}: written in another form"),
            );
            return Ok(Vec::new());
        }
        Err(error) => {
            check.told(&format!("{member}: tidak dapat dibaca"), &format!("{member}: cannot be read"), error);
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
    let mut said = Vec::new();
    for ((figure, own), declared) in stated.into_iter().zip(counted).zip(view.attested) {
        check.checked += 1;
        let rests_on = match declared.rule {
            AttestedRule::Sum { field, whole } => vec![Some(field), whole],
            AttestedRule::MedianChange { field } => vec![Some(field)],
        };
        let proven = rests_on.into_iter().flatten().all(|field| named.contains(field));
        let wanted = Figure::from(&own);
        if proven && figure != wanted {
            check.problem(
                format!("{member}: {} tidak sama dengan hitungan dari nilai yang dibuka", figure.name),
                format!("{member}: {} is not what the disclosed values give", figure.name),
            );
        } else if let Some(place) = first_impossible(&figure, &wanted) {
            let name = &figure.name;
            check.problem(
                format!("{member}: {name}, {place}: tidak mungkin menurut laporan yang tercatat"),
                format!("{member}: {name}, {place}: cannot be, by the reports that are on record"),
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
fn first_impossible(stated: &Figure, own: &Figure) -> Option<String> {
    let areas = |figure: &Figure| figure.by_area.iter().map(|row| row.area).collect::<Vec<_>>();
    let programs =
        |figure: &Figure| figure.by_program.iter().map(|row| row.program.clone()).collect::<Vec<_>>();
    if areas(stated) != areas(own) || programs(stated) != programs(own) {
        return Some("parts".to_owned());
    }
    let area = |row: &AreaPart| row.area.map_or_else(|| "area -".to_owned(), |area| format!("area {area}"));
    let mut parts = vec![("total".to_owned(), &stated.total, &own.total)];
    parts.extend(
        stated.by_area.iter().zip(&own.by_area).map(|(left, right)| (area(left), &left.part, &right.part)),
    );
    parts.extend(
        stated
            .by_program
            .iter()
            .zip(&own.by_program)
            .map(|(left, right)| (left.program.clone(), &left.part, &right.part)),
    );
    parts.into_iter().find(|(_, stated, own)| !is_possible(stated, own)).map(|(place, ..)| place)
}

/// Whether a part can be true: as many reports as there are, as many erased, and nothing told of too few IKMs.
fn is_possible(stated: &Part, own: &Part) -> bool {
    let reports = stated.seen.checked_add(stated.unseen);
    let told = |told: Told| matches!(told, Told::Value(_));
    reports == Some(own.seen + own.unseen)
        && stated.erased == own.erased
        && stated.ikms <= stated.seen
        && (stated.ikms >= FEWEST_IKMS as u64 || !told(stated.value) && !stated.whole.is_some_and(told))
        && (stated.ikms == 0) == (stated.value == Told::None)
        && stated.whole.is_some() == own.whole.is_some()
}
