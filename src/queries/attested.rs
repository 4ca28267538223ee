//! Figures that rest on sealed fields: attested by the registry, never proven (`docs/domain.md`, section 3).
//!
//! The view says which events count ([`Answer::bases`]); here their sealed values are added up. What comes
//! from fewer than three IKMs (of a median, five) is withheld, and so is whatever would give it away by subtraction
//! (UU 3/2014, arts. 69-70). Stated limit: two questions that differ by one IKM (another day, another size, another
//! filter) give that one away to whoever may ask both. So these sums are for somebody who may see individual
//! figures, on the spot; what leaves the office is a [`crate::registry::release`]. Nothing here may reach a digest.

mod persons;

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::proposal::{SealedValues, sealed_by};
use jejak_events::record::Event;
use jejak_events::types::EventType;
use jejak_events::types::Period;
use jejak_events::types::enterprise::TurnoverReported;
use jejak_projections::answer::{Answer, AttestedBasis, BasisEvents};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;
use jejak_projections::views::{AttestedDeclaration, AttestedRule, ViewDeclaration};
use uuid::Uuid;

use self::persons::{PersonReadings, asked_about};
use crate::answer_json::{AreaPart, Attested, Part, ProgramPart, Told};
use crate::readmodel::Snapshot;
use crate::registry::Look;

/// Fewest IKMs that a figure may come from.
pub const FEWEST_IKMS: usize = 3;
/// Fewest IKMs that a median may come from: it is the figure of one of them.
pub const FEWEST_IKMS_OF_MEDIAN: usize = 5;

/// Why there are no attested figures.
#[derive(Debug, thiserror::Error)]
pub enum AttestError {
    /// An event or the vault cannot be read.
    #[error(transparent)]
    Read(#[from] ReadFailure),
    /// A sum is no number that a record can hold.
    #[error("the sum of {figure} is too large; correct the reports that it is made of")]
    Overflow {
        /// The figure.
        figure: &'static str,
    },
}

/// One report, or a pair of them, as far as it can be read.
struct ReportReading {
    basis: AttestedBasis,
    events: Vec<(Event, SealedValues)>,
}

/// Whose sealed values the attested figures of a view's answer are made of: those under whose keys they lie.
///
/// # Errors
/// When an event cannot be read.
pub fn subjects(
    view: &ViewDeclaration,
    answer: &Answer,
    snapshot: &Snapshot,
) -> Result<BTreeSet<Subject>, ReadFailure> {
    let indexes = answer.bases.iter().flat_map(|basis| basis.events.indexes());
    let of_reports = indexes.map(|index| Ok(sealed_by(&snapshot.event(index)?).0));
    let mut subjects = of_reports.collect::<Result<BTreeSet<Subject>, ReadFailure>>()?;
    subjects.extend(asked_about(view, answer, snapshot)?.into_values());
    Ok(subjects)
}

/// The attested figures of a view's answer.
///
/// # Errors
/// When the look does not cover [`subjects`], an event or the vault cannot be read, or a sum is too large.
pub fn attest(
    view: &ViewDeclaration,
    answer: &Answer,
    (snapshot, look): (&Snapshot, &Look),
) -> Result<Vec<Attested>, AttestError> {
    let read = |basis: &AttestedBasis| -> Result<ReportReading, ReadFailure> {
        let open = |index: u64| Ok((snapshot.event(index)?, snapshot.sealed(look, index)?));
        let events = basis.events.indexes().map(open).collect::<Result<_, ReadFailure>>()?;
        Ok(ReportReading { basis: *basis, events })
    };
    let readings = answer.bases.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let persons = PersonReadings::read(view, answer, (snapshot, look))?;
    let one = |declared: &AttestedDeclaration| {
        if let AttestedRule::Persons { of, wanted } = declared.rule {
            return Ok(persons.figure(declared, (of, wanted), answer));
        }
        figure(declared, &readings).ok_or(AttestError::Overflow { figure: declared.name })
    };
    view.attested.iter().map(one).collect()
}

/// A figure of reports. None when a sum is too large.
fn figure(declared: &AttestedDeclaration, readings: &[ReportReading]) -> Option<Attested> {
    let (name, title) = (declared.name, declared.title);
    match declared.rule {
        AttestedRule::Sum { field, whole } => {
            let all: Vec<Amount> = readings.iter().map(|reading| Amount::of(reading, field, whole)).collect();
            summed(declared, &all)
        }
        AttestedRule::SumOfPairs { field, latest } => {
            let all: Vec<Amount> =
                readings.iter().map(|reading| Amount::of_pair(reading, field, latest)).collect();
            summed(declared, &all)
        }
        AttestedRule::MedianChange { field } => {
            let all: Vec<FieldChange> =
                readings.iter().map(|reading| FieldChange::of(reading, field)).collect();
            let mut programs: BTreeMap<String, Vec<&FieldChange>> = BTreeMap::new();
            for change in &all {
                let program = change.basis.program.map_or(String::new(), |program| program.to_string());
                programs.entry(program).or_default().push(change);
            }
            let by_program = programs
                .into_iter()
                .map(|(program, changes)| ProgramPart { program, part: median(&changes) });
            let by_program = by_program.collect();
            let total = median(&all.iter().collect::<Vec<_>>());
            Some(Attested { name, title, is_change: true, total, by_area: Vec::new(), by_program })
        }
        // No report says who a person is.
        AttestedRule::Persons { .. } => None,
    }
}

/// The sum of amounts, in all and by area. None when a sum is too large.
fn summed(declared: &AttestedDeclaration, all: &[Amount]) -> Option<Attested> {
    let mut areas: BTreeMap<Option<AreaCode>, Vec<&Amount>> = BTreeMap::new();
    for amount in all {
        areas.entry(amount.area).or_default().push(amount);
    }
    let part = |(area, amounts): (_, Vec<_>)| Some(AreaPart { area, part: sum(&amounts)? });
    let mut by_area = areas.into_iter().map(part).collect::<Option<Vec<AreaPart>>>()?;
    withhold_what_gives_away(&mut by_area);
    let total = sum(&all.iter().collect::<Vec<_>>())?;
    let (name, title) = (declared.name, declared.title);
    Some(Attested { name, title, is_change: false, total, by_area, by_program: Vec::new() })
}

/// What one report says of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReportedField {
    Value(i64),
    Nothing,
    Erased,
}

fn said(values: &SealedValues, field: &str) -> ReportedField {
    match values.get(field) {
        // Every declared field has a disclosure, null where it has no value: none means that it is gone.
        None => ReportedField::Erased,
        Some(value) => value.as_i64().map_or(ReportedField::Nothing, ReportedField::Value),
    }
}

struct Amount {
    area: Option<AreaCode>,
    ikm: Uuid,
    said: ReportedField,
    whole: Option<ReportedField>,
}

impl Amount {
    fn of(reading: &ReportReading, field: &str, whole: Option<&str>) -> Self {
        let of = |field: &str| {
            reading.events.first().map_or(ReportedField::Nothing, |(_, values)| said(values, field))
        };
        let AttestedBasis { area, ikm, .. } = reading.basis;
        Self { area, ikm, said: of(field), whole: whole.map(of) }
    }

    /// What the first or the latest report of a pair says, where both say it.
    fn of_pair(reading: &ReportReading, field: &str, latest: bool) -> Self {
        let told: Vec<ReportedField> = reading.events.iter().map(|(_, values)| said(values, field)).collect();
        let said = match told[..] {
            [ReportedField::Erased, _] | [_, ReportedField::Erased] => ReportedField::Erased,
            [ReportedField::Value(before), ReportedField::Value(after)] => {
                ReportedField::Value(if latest { after } else { before })
            }
            _ => ReportedField::Nothing,
        };
        let AttestedBasis { area, ikm, .. } = reading.basis;
        Self { area, ikm, said, whole: None }
    }
}

/// None when a sum is too large.
fn sum(amounts: &[&Amount]) -> Option<Part> {
    let (mut total, mut whole, mut seen, mut unseen, mut erased) = (0i64, 0i64, 0, 0, 0);
    let (mut ikms, mut without) = (BTreeSet::new(), BTreeSet::new());
    for amount in amounts {
        match (amount.said, amount.whole) {
            (ReportedField::Erased, _) => erased += 1,
            (ReportedField::Value(value), None) => {
                (total, seen) = (total.checked_add(value)?, seen + 1);
                ikms.insert(amount.ikm);
            }
            (ReportedField::Value(value), Some(ReportedField::Value(of))) => {
                (total, whole, seen) = (total.checked_add(value)?, whole.checked_add(of)?, seen + 1);
                ikms.insert(amount.ikm);
            }
            (ReportedField::Nothing, Some(ReportedField::Value(_))) => {
                without.insert(amount.ikm);
                unseen += 1;
            }
            (ReportedField::Nothing | ReportedField::Value(_), _) => unseen += 1,
        }
    }
    let told = |value, ikms: usize| match ikms {
        0 => Told::None,
        1..FEWEST_IKMS => Told::Withheld,
        _ => Told::Value(value),
    };
    let has_whole = amounts.iter().any(|amount| amount.whole.is_some());
    // The sum of the whole over everybody stands beside this one: their difference would be that of the few
    // who do not give the part.
    let few_without = (1..FEWEST_IKMS).contains(&without.len());
    let whole = has_whole.then(|| if few_without { Told::Withheld } else { told(whole, ikms.len()) });
    Some(Part { value: told(total, ikms.len()), whole, seen, unseen, erased, ikms: ikms.len() as u64 })
}

/// Withholds more areas, those of the fewest IKMs first, until the total tells nothing about too few: what
/// is withheld is the total less what is told.
fn withhold_what_gives_away(parts: &mut [AreaPart]) {
    loop {
        let withheld = |part: &&AreaPart| part.part.value == Told::Withheld;
        let hidden: u64 = parts.iter().filter(withheld).map(|part| part.part.ikms).sum();
        if hidden == 0 || hidden >= FEWEST_IKMS as u64 {
            return;
        }
        let told = parts.iter_mut().filter(|part| matches!(part.part.value, Told::Value(_)));
        let Some(smallest) = told.min_by_key(|part| part.part.ikms) else { return };
        smallest.part.value = Told::Withheld;
        smallest.part.whole = smallest.part.whole.map(|_| Told::Withheld);
    }
}

/// By how much a field changed from one report to the other.
struct FieldChange {
    basis: AttestedBasis,
    /// In whole percent, rounded towards zero; `Nothing` also where the first was 0.
    said: ReportedField,
}

impl FieldChange {
    fn of(reading: &ReportReading, field: &str) -> Self {
        let basis = reading.basis;
        let said = match &reading.events[..] {
            [before, after] => match (said(&before.1, field), said(&after.1, field)) {
                (ReportedField::Erased, _) | (_, ReportedField::Erased) => ReportedField::Erased,
                (ReportedField::Value(first), ReportedField::Value(second)) => {
                    match (period_days(&before.0), period_days(&after.0)) {
                        (Some(first_days), Some(second_days)) => {
                            percent_change((first, first_days), (second, second_days))
                        }
                        _ => ReportedField::Nothing,
                    }
                }
                _ => ReportedField::Nothing,
            },
            _ => ReportedField::Nothing,
        };
        Self { basis, said }
    }
}

fn period_days(event: &Event) -> Option<i64> {
    let Period { from, to } = TurnoverReported::of(Content::of(event).data())?.period;
    Some(i64::from(to.day_number()) - i64::from(from.day_number()) + 1)
}

/// Change of the amount per day.
fn percent_change((before, before_days): (i64, i64), (after, after_days): (i64, i64)) -> ReportedField {
    let base = i128::from(before) * i128::from(after_days);
    let now = i128::from(after) * i128::from(before_days);
    ((now - base) * 100)
        .checked_div(base)
        .and_then(|change| i64::try_from(change).ok())
        .map_or(ReportedField::Nothing, ReportedField::Value)
}

fn median(changes: &[&FieldChange]) -> Part {
    // One value for each IKM, of several programmes the latest: otherwise few could make up the median.
    let mut latest: BTreeMap<Uuid, (BasisEvents, i64)> = BTreeMap::new();
    let (mut unseen, mut erased) = (0, 0);
    for change in changes {
        match change.said {
            ReportedField::Value(value) => {
                let own = (change.basis.events, value);
                let last = latest.entry(change.basis.ikm).or_insert(own);
                *last = (*last).max(own);
            }
            ReportedField::Nothing => unseen += 1,
            ReportedField::Erased => erased += 1,
        }
    }
    let ikms = latest.len();
    let mut values: Vec<i64> = latest.into_values().map(|(_, value)| value).collect();
    values.sort_unstable();
    let middle = values.len() / 2;
    let value = match ikms {
        0 => Told::None,
        1..FEWEST_IKMS_OF_MEDIAN => Told::Withheld,
        _ if values.len().is_multiple_of(2) => {
            let (low, high) = (i128::from(values[middle - 1]), i128::from(values[middle]));
            i64::try_from((low + high) / 2).map_or(Told::None, Told::Value)
        }
        _ => Told::Value(values[middle]),
    };
    Part { value, whole: None, seen: values.len() as u64, unseen, erased, ikms: ikms as u64 }
}

#[cfg(test)]
mod tests {
    use jejak_projections::answer::BasisEvents;

    use super::*;

    fn amount(area: &str, ikm: u128, said: ReportedField, whole: Option<ReportedField>) -> Amount {
        Amount { area: Some(AreaCode::parse(area).unwrap()), ikm: Uuid::from_u128(ikm), said, whole }
    }

    fn values(amounts: &[(&str, u128, i64)]) -> Vec<Amount> {
        amounts
            .iter()
            .map(|(area, ikm, value)| amount(area, *ikm, ReportedField::Value(*value), None))
            .collect()
    }

    fn by_area(amounts: &[Amount]) -> Vec<(String, Told)> {
        let mut areas: BTreeMap<Option<AreaCode>, Vec<&Amount>> = BTreeMap::new();
        for amount in amounts {
            areas.entry(amount.area).or_default().push(amount);
        }
        let mut parts: Vec<AreaPart> =
            areas.into_iter().map(|(area, of)| AreaPart { area, part: sum(&of).unwrap() }).collect();
        withhold_what_gives_away(&mut parts);
        parts.into_iter().map(|part| (part.area.unwrap().to_string(), part.part.value)).collect()
    }

    #[test]
    fn a_sum_tells_what_it_saw_and_what_it_did_not() {
        let amounts = [
            amount("33.75", 1, ReportedField::Value(10), None),
            amount("33.75", 2, ReportedField::Value(20), None),
            amount("33.75", 3, ReportedField::Value(0), None),
            amount("33.75", 4, ReportedField::Nothing, None),
            amount("33.75", 5, ReportedField::Erased, None),
        ];
        let part = sum(&amounts.iter().collect::<Vec<_>>()).unwrap();
        let expected = Part { value: Told::Value(30), whole: None, seen: 3, unseen: 1, erased: 1, ikms: 3 };
        assert_eq!(part, expected);
    }

    #[test]
    fn a_sum_that_is_no_number_of_a_record_is_an_error() {
        let huge = values(&[("33.75", 1, i64::MAX), ("33.75", 2, 1), ("33.75", 3, 1)]);
        assert_eq!(sum(&huge.iter().collect::<Vec<_>>()), None);
    }

    #[test]
    fn two_ikms_are_too_few_however_many_reports_they_sent() {
        let two = values(&[("33.75", 1, 10), ("33.75", 1, 20), ("33.75", 2, 30)]);
        assert_eq!(sum(&two.iter().collect::<Vec<_>>()).unwrap().value, Told::Withheld);
        assert_eq!(sum(&[]).unwrap().value, Told::None);
    }

    #[test]
    fn an_area_of_few_is_not_given_away_by_the_total() {
        let three = [("33.75", 1, 1), ("33.75", 2, 1), ("33.75", 3, 1)];
        let five = [("33.26", 4, 1), ("33.26", 5, 1), ("33.26", 6, 1), ("33.26", 7, 1), ("33.26", 8, 1)];
        let told = |more: &[(&str, u128, i64)]| {
            let all: Vec<_> = three.iter().chain(&five).chain(more).copied().collect();
            by_area(&values(&all)).into_iter().filter(|(_, told)| *told != Told::Withheld).count()
        };
        assert_eq!(told(&[]), 2);
        // One IKM in Semarang: its area, and the smaller of the others.
        assert_eq!(told(&[("33.74", 9, 1)]), 1);
        // Two areas of two: together they are four.
        assert_eq!(told(&[("33.74", 9, 1), ("33.74", 10, 1), ("35.76", 11, 1), ("35.76", 12, 1)]), 2);
    }

    #[test]
    fn a_part_does_not_give_away_those_who_do_not_give_it() {
        let give = |ikm| amount("33.75", ikm, ReportedField::Value(1), Some(ReportedField::Value(5)));
        let keep = |ikm| amount("33.75", ikm, ReportedField::Nothing, Some(ReportedField::Value(5)));
        let whole = |amounts: &[Amount]| sum(&amounts.iter().collect::<Vec<_>>()).unwrap().whole.unwrap();
        assert_eq!(whole(&[give(1), give(2), give(3)]), Told::Value(15));
        assert_eq!(whole(&[give(1), give(2), give(3), keep(4)]), Told::Withheld);
        assert_eq!(whole(&[give(1), give(2), give(3), keep(4), keep(5), keep(6)]), Told::Value(15));
    }

    #[test]
    fn changes_are_per_day_and_their_median_is_told() {
        // 90 a day, then 120 a day over another number of days.
        assert_eq!(percent_change((9_000, 100), (2_400, 20)), ReportedField::Value(33));
        assert_eq!(percent_change((9_000, 100), (450, 10)), ReportedField::Value(-50));
        assert_eq!(percent_change((0, 100), (450, 10)), ReportedField::Nothing);
        let basis = |ikm| AttestedBasis {
            area: None,
            events: BasisEvents::One(0),
            ikm: Uuid::from_u128(ikm),
            program: None,
        };
        let change = |ikm, value| FieldChange { basis: basis(ikm), said: ReportedField::Value(value) };
        let told = |changes: &[FieldChange]| median(&changes.iter().collect::<Vec<_>>()).value;
        let four = [change(1, 5), change(2, 90), change(3, -7), change(4, 8)];
        assert_eq!(told(&four), Told::Withheld, "a median is the figure of one of them");
        let and = |more: &[(u128, i64)]| {
            let more = more.iter().map(|(ikm, value)| change(*ikm, *value));
            told(&more.chain([change(1, 5), change(2, 90), change(3, -7), change(4, 8)]).collect::<Vec<_>>())
        };
        assert_eq!(and(&[(5, 6)]), Told::Value(6));
        assert_eq!(and(&[(5, 6), (6, 9)]), Told::Value(7));
        assert_eq!(
            and(&[(4, 9), (3, -8)]),
            Told::Withheld,
            "one value for each IKM, of several programmes one"
        );
    }
}
