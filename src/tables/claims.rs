//! Claims and what came of them.

use jejak_projections::answer::FigureUnit;
use jejak_projections::claims::sample::Sample;
use jejak_projections::claims::{Claim, Measured, Report, claimant_words};
use jejak_projections::views::counting;

use super::{area, known, stream};
use crate::answer_json::{Judged, LogPlace, Recorded};
use crate::words::figures::titles;
use crate::words::language::{Language, counted, unit_of};
use crate::words::table::{Cell, Column, Holds, Table};

/// A claim, its name, what came of it, and where that was recorded.
pub type ClaimRow<'a> = (&'a str, &'a Claim, &'a Report, Option<Recorded>);

/// A claim that was judged.
#[must_use]
pub fn row(judged: &Judged) -> ClaimRow<'_> {
    (&judged.file, &judged.claim, &judged.report, judged.recorded)
}

const COLUMNS: [Column; 35] = [
    Column::people(Holds::Text, ["klaim", "claim"]),
    Column::programs(Holds::Id, "file"),
    Column::programs(Holds::Id, "document"),
    Column::programs(Holds::Text, "publisher"),
    Column::programs(Holds::Day, "published_on"),
    Column::programs(Holds::Text, "claim"),
    Column::programs(Holds::Id, "kind"),
    Column::programs(Holds::Id, "view"),
    Column::programs(Holds::Id, "unit"),
    Column::both(Holds::Number, "reported", ["dilaporkan", "reported"]),
    Column::both(Holds::Number, "counted", ["terhitung", "counted"]),
    Column::both(Holds::Share, "factor_hundredths", ["faktor", "factor"]),
    Column::both(Holds::Text, "verdict", ["putusan", "verdict"]),
    Column::programs(Holds::Id, "synthetic"),
    Column::programs(Holds::Day, "on"),
    Column::programs(Holds::Day, "known_then_on"),
    Column::programs(Holds::Number, "known_then"),
    Column::programs(Holds::Text, "recorded_late"),
    Column::programs(Holds::Text, "set_aside"),
    Column::programs(Holds::Id, "complete"),
    Column::programs(Holds::Number, "ikms"),
    Column::programs(Holds::Number, "persons"),
    Column::programs(Holds::Number, "together"),
    Column::programs(Holds::Number, "as_known"),
    Column::programs(Holds::Id, "root"),
    Column::programs(Holds::Id, "recorded_claim"),
    Column::programs(Holds::Number, "made"),
    Column::programs(Holds::Number, "checked"),
    Column::programs(Holds::Number, "version"),
    Column::programs(Holds::Number, "newer_version"),
    Column::programs(Holds::Text, "figure"),
    Column::programs(Holds::Text, "scope"),
    Column::programs(Holds::Text, "definition"),
    Column::programs(Holds::Number, "of"),
    Column::programs(Holds::Day, "due"),
];

/// A row for each claim: reported beside counted, and the verdict. `log` is for programs.
#[must_use]
pub fn table<'a>(
    rows: impl Iterator<Item = ClaimRow<'a>>,
    log: Option<&LogPlace>,
    language: Language,
) -> Table {
    let mut table = Table::new(language, COLUMNS);
    for row in rows {
        table.row(said(row, language).into_iter().chain(found(row.2)).chain(place(row, log)));
    }
    table
}

/// What is claimed beside what was counted.
fn said((name, claim, report, _): ClaimRow<'_>, language: Language) -> [Cell; 13] {
    let basis = report.basis.as_ref();
    let amount = |value: Option<u64>| value.map(|value| amount(claim, value, language));
    [
        format!("{name}: {}", claim.claim).into(),
        Cell::id(name),
        Cell::id(&claim.document),
        claim.publisher.to_string().into(),
        claim.published_on.into(),
        claim.claim.to_string().into(),
        Cell::id(word(&claim.kind)),
        basis.map(|basis| Cell::id(basis.view)).into(),
        Cell::id(if is_share(claim) { "basis_point" } else { claim.unit.as_deref().unwrap_or_default() }),
        reported(claim, report, language).into(),
        amount(report.counted).into(),
        report.factor.map(|factor| Cell::Hundredths(factor.hundredths)).into(),
        Cell::coded(word(&report.verdict), language.of(&report.verdict_words())),
    ]
}

/// What is claimed, at its own precision.
pub(super) fn reported(claim: &Claim, report: &Report, language: Language) -> Option<Cell> {
    let value = report.reported?;
    let is_own = claim.is_approximate() || (is_share(claim) && claim.value.is_some());
    let Some([id, en]) = report.reported_words(claim).filter(|_| is_own) else {
        return Some(amount(claim, value, language));
    };
    let words = language.pick(id, en);
    let unit = match amount(claim, value, language) {
        Cell::Amount(_, unit) => format!(" {unit}"),
        _ => String::new(),
    };
    Some(Cell::coded(value.to_string(), format!("{words}{unit}")))
}

/// What was found besides, for programs.
fn found(report: &Report) -> [Cell; 10] {
    let then = report.known_then;
    [
        Cell::id(report.synthetic),
        report.on.into(),
        then.map(|then| then.on).into(),
        then.and_then(|then| then.counted).into(),
        (&report.recorded_late).into(),
        (&report.set_aside).into(),
        Cell::id(report.complete),
        report.behind.ikms.into(),
        report.behind.persons.into(),
        report.together.map(|together| together.counted).into(),
    ]
}

/// Where it stands, and what the figure is, for programs.
fn place((.., report, recorded): ClaimRow<'_>, log: Option<&LogPlace>) -> impl Iterator<Item = Cell> {
    let place = [
        log.map(|log| log.size).into(),
        log.map(|log| Cell::id(&log.root)).into(),
        recorded.map(|recorded| Cell::id(recorded.claim)).into(),
        recorded.map(|recorded| recorded.made).into(),
        recorded.map(|recorded| recorded.checked).into(),
    ];
    place.into_iter().chain(basis_cells(report)).chain([report.of.into(), report.due.into()])
}

/// The version of what was counted, the newest one, the figure, its scope and definition.
fn basis_cells(report: &Report) -> [Cell; 5] {
    let basis = report.basis.as_ref();
    [
        basis.map(|basis| basis.version).into(),
        report.newer_version().into(),
        basis.map(|basis| basis.short().en).into(),
        basis.map(|basis| &basis.scope.en).into(),
        basis.map(|basis| basis.definition.en).into(),
    ]
}

fn is_share(claim: &Claim) -> bool {
    matches!(claim.measured(), Ok(Some((_, Measured::Share { .. }))))
}

/// An amount in the unit of the claim: `30 IKM`, or `80,00 %`.
#[must_use]
pub fn amount(claim: &Claim, value: u64, language: Language) -> Cell {
    let of = |unit: FigureUnit| Cell::Amount(value.into(), unit_of(value, unit, language).to_owned());
    match claim.measured() {
        // Whoever claims something of IKMs that others counted calls them IKMs.
        Ok(Some((_, Measured::Figure(figure)))) if figure.unit == FigureUnit::ReportedIkm => {
            of(FigureUnit::Ikm)
        }
        Ok(Some((_, Measured::Figure(figure)))) => of(figure.unit),
        Ok(Some((_, Measured::Share { .. }))) => Cell::Share(value),
        _ => {
            let unit = claimed_unit(claim.unit.as_deref().unwrap_or_default(), language);
            Cell::Amount(value.into(), counted(value, unit, language).to_owned())
        }
    }
}

/// A unit that a claim names and no view counts in, as far as it is a word of ours.
fn claimed_unit(unit: &str, language: Language) -> &str {
    match unit {
        "worker" => language.pick("pekerja", "workers"),
        "exhibition" => language.pick("pameran", "exhibitions"),
        "ikm" => language.pick("IKM", "IKMs"),
        "person" => language.pick("orang", "persons"),
        other => other,
    }
}

/// Who is behind the counts, and which events.
#[must_use]
pub fn members(judged: &[Judged], log: &LogPlace, language: Language) -> Table {
    let columns = [
        Column::programs(Holds::Id, "file"),
        Column::programs(Holds::Id, "verdict"),
        Column::both(Holds::Id, "who", ["siapa", "who"]),
        Column::both(Holds::Name, "area", ["wilayah", "area"]),
        Column::both(Holds::Text, "figures", ["angka", "figures"]),
        Column::both(Holds::Text, "events", ["peristiwa", "events"]),
    ];
    let counted_columns = [
        (Holds::Id, "view"),
        (Holds::Number, "version"),
        (Holds::Number, "newer_version"),
        (Holds::Text, "figure"),
        (Holds::Text, "scope"),
        (Holds::Text, "definition"),
    ];
    let log_columns = [(Holds::Number, "as_known"), (Holds::Id, "root"), (Holds::Id, "synthetic")];
    let more = log_columns.into_iter().chain(counted_columns);
    let columns = columns.into_iter().chain(more.map(|(holds, key)| Column::programs(holds, key)));
    let words = (Holds::Text, "words", claimant_words().en.into());
    let mut table = Table::new(language, columns).ending([words]);
    for Judged { file, report, .. } in judged {
        for member in &report.members {
            let counts: Vec<_> = counting(&member.figures).collect();
            let first = [
                Cell::id(file),
                Cell::id(word(&report.verdict)),
                stream(member.who),
                member.area.map_or(Cell::Unknown, area),
                Cell::coded(counts.join(" "), titles(&counts, language)),
                (&member.events).into(),
            ];
            let view = report.basis.as_ref().map(|basis| Cell::id(basis.view)).into();
            let log = known(log).map(|(_, _, cell)| cell);
            table.row(first.into_iter().chain(log).chain([view]).chain(basis_cells(report)));
        }
    }
    table
}

/// The IKMs that were drawn.
#[must_use]
pub fn sample(sample: &Sample, log: &LogPlace, language: Language) -> Table {
    let columns = [
        Column::both(Holds::Id, "who", ["IKM", "IKM"]),
        Column::both(Holds::Id, "sha256", ["SHA-256", "SHA-256"]),
        Column::both(Holds::Text, "events", ["peristiwa", "events"]),
    ];
    let drawn: [(Holds, &'static str, Cell); 6] = [
        (Holds::Text, "method", sample.method.into()),
        (Holds::Text, "seed", (&sample.seed).into()),
        (Holds::Number, "confidence_percent", u32::from(sample.precision.confidence_percent).into()),
        (Holds::Number, "margin_percent", u32::from(sample.precision.margin_percent).into()),
        (Holds::Number, "population", sample.population.into()),
        (Holds::Number, "size", sample.size.into()),
    ];
    let mut table = Table::new(language, columns).ending(drawn).ending(known(log));
    for drawn in &sample.ikms {
        table.row([stream(drawn.who), Cell::id(&drawn.sha256), (&drawn.events).into()]);
    }
    table
}

/// The written form of a value that serialises to a text.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("a kind or verdict serialises to a text, not {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_that_no_view_counts_in_is_said_in_words() {
        let said = |unit, language| claimed_unit(unit, language).to_owned();
        assert_eq!(
            (said("person", Language::Id), said("person", Language::En)),
            ("orang".into(), "persons".into())
        );
        assert_eq!((said("ikm", Language::Id), said("ikm", Language::En)), ("IKM".into(), "IKMs".into()));
        assert_eq!(said("rupiah", Language::En), "rupiah");
    }
}
