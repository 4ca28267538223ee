//! `targets`: what programmes mean to reach, beside what they reached.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

use jejak_events::identity::ProgramId;

use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally, TooLarge, Totals};
use super::{AskedByClaims, FigureDeclaration, ShareDeclaration, ViewDeclaration};
use crate::answer::{BreakdownRow, Figure, FigureUnit, Words};
use crate::facts::{CodeId, Id};
use crate::question::{Filter, Question};

pub(super) const TARGETS: ViewDeclaration = ViewDeclaration {
    name: "targets",
    version: 1,
    title: Words { id: "Sasaran program", en: "Targets of the programmes" },
    definition: Words {
        id: "Sasaran yang disebut saat program dibuka: sasaran (target_value) dan realisasi (target_realised) \
             pada hari yang ditanyakan. Realisasi adalah angka dengan nama indikator itu, disaring menurut \
             programnya, seperti dijawab tampilannya sendiri. targets: sasaran yang dapat dihitung; \
             targets_reached: yang tercapai; targets_not_countable: yang indikatornya tidak ada dalam \
             tampilan lain yang dapat disaring menurut program. Jumlah sasaran dan realisasi hanya bermakna untuk \
             satu indikator. Wilayah adalah wilayah program.",
        en: "The targets named when a programme was opened: the target (target_value) and what was realised \
             (target_realised) by the day asked for. Realised is the figure with the indicator's name, \
             narrowed to the programme, as its own view answers it. targets: those that can be counted; \
             targets_reached: those reached; targets_not_countable: those whose indicator no other view gives \
             that can be narrowed by programme. Sums of targets and of what was realised mean something only for \
             one indicator. The area is that of the programme.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    figures: &[
        FigureDeclaration { name: "targets", unit: FigureUnit::Target },
        FigureDeclaration { name: "targets_reached", unit: FigureUnit::Target },
        FigureDeclaration { name: "targets_not_countable", unit: FigureUnit::Target },
        FigureDeclaration { name: "target_value", unit: FigureUnit::OfTarget },
        FigureDeclaration { name: "target_realised", unit: FigureUnit::OfTarget },
    ],
    breakdowns: &["target", "program", "indicator"],
    shares: &[ShareDeclaration::against("realised_of_target", "target_realised", "target_value")],
    attested: &[],
    count,
};

/// The breakdown of a view whose rows are its figures narrowed to each programme.
const BY_PROGRAM: &str = "program";

/// Where the figures of an indicator come from.
enum IndicatorSource {
    /// All programmes counted at once, as the view breaks its figure down: there may be many targets.
    AtOnce(BTreeMap<String, u64>),
    /// The view is asked for each programme by itself.
    EachApart(&'static ViewDeclaration),
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let mut sources: NumberMap<CodeId, Option<IndicatorSource>> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.program_targets) {
        let (program, indicator) = (row.fact.program, row.fact.indicator);
        let Some(opening) = scope.program(program) else { continue };
        let area = Some(opening.fact.area);
        if !scope.is_of_opening(row, program) || !scope.wants_area(area) || !scope.wants_program(program) {
            continue;
        }
        let source = match sources.entry(indicator) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => match source(scope, indicator) {
                Ok(source) => new.insert(source),
                Err(figure) => return tally.rest_on_too_large(figure),
            },
        };
        let events = tally.events(|events| scope.trace(row, events));
        let at = Key::Target(program, indicator);
        let (who, keys) = (Counted::Program(program), [at, Key::Id(program), Key::Code(indicator), NO_KEY]);
        let mut credit = |figure, amount| {
            tally.credit(Credit { figure, who, at, amount, area, keys, events });
        };
        let Some(source) = source else {
            credit(2, 1);
            continue;
        };
        let counted = match realised(scope, source, program, indicator) {
            Ok(counted) => counted,
            Err(figure) => return tally.rest_on_too_large(figure),
        };
        let target = u64::from(row.fact.value.get());
        credit(0, 1);
        if counted >= target {
            credit(1, 1);
        }
        credit(3, target);
        credit(4, counted);
    }
}

/// How to count an indicator for programmes; `None` when no view can.
fn source(scope: &Scope<'_>, indicator: CodeId) -> Result<Option<IndicatorSource>, TooLarge> {
    let Some(name) = scope.facts.code(indicator) else { return Ok(None) };
    let gives = |view: &&ViewDeclaration| {
        view.name != TARGETS.name
            && view.filters.contains(&Filter::Program)
            && view.figures.iter().any(|figure| *figure.name == **name)
    };
    let Some(view) = super::current_views().find(gives) else { return Ok(None) };
    // Counting all at once only saves time: a row of a view is its figures narrowed to it.
    let Some(place) = view.breakdowns.iter().position(|by| *by == BY_PROGRAM) else {
        return Ok(Some(IndicatorSource::EachApart(view)));
    };
    let rows = ask(scope, view, None)?.breakdowns.into_iter().nth(place).map_or_else(Vec::new, |by| by.rows);
    let value = |row: BreakdownRow| Some((row.key?, value(&row.figures, name)));
    Ok(Some(IndicatorSource::AtOnce(rows.into_iter().filter_map(value).collect())))
}

/// What a programme realised of an indicator.
fn realised(
    scope: &Scope<'_>,
    source: &IndicatorSource,
    program: Id,
    indicator: CodeId,
) -> Result<u64, TooLarge> {
    let uuid = scope.facts.uuid(program).unwrap_or_default();
    Ok(match (source, scope.facts.code(indicator), ProgramId::new(uuid)) {
        (IndicatorSource::AtOnce(counts), ..) => counts.get(&uuid.to_string()).copied().unwrap_or_default(),
        (IndicatorSource::EachApart(view), Some(name), Some(program)) => {
            value(&ask(scope, view, Some(program))?.figures, name)
        }
        (IndicatorSource::EachApart(_), ..) => 0,
    })
}

/// Realised wherever the IKMs lie: the area asked for is that of the programme.
fn ask(
    scope: &Scope<'_>,
    view: &'static ViewDeclaration,
    program: Option<ProgramId>,
) -> Result<Totals, TooLarge> {
    let all = Question::new(scope.question.on, scope.question.as_known);
    let question = Question { program, ..all };
    let inner = Scope::new(scope.facts, &question);
    let mut tally = Tally::new(view.figures, view.breakdowns);
    (view.count)(&inner, &mut tally);
    tally.finish(&inner)
}

fn value(figures: &[Figure], name: &str) -> u64 {
    figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value).unwrap_or(0)
}
