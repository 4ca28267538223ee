//! `targets`: what programmes mean to reach, beside what they reached.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::identity::ProgramId;

use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Cut, Events, Key, NO_KEY, Tally, TooLarge, Totals};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration};
use crate::answer::{BreakdownRow, Figure, FigureUnit, Words};
use crate::facts::{CodeId, Id};
use crate::question::{Filter, Question};

pub(super) const TARGETS: ViewDeclaration = ViewDeclaration {
    name: "targets",
    version: 2,
    title: Words { id: "Sasaran program", en: "Targets of the programmes" },
    definition: Words {
        id: "Sasaran yang disebut saat program dibuka, masing-masing satu baris: sasaran (target_value) dan \
             realisasi (target_realised) pada hari yang ditanyakan. Realisasi adalah angka dengan nama \
             indikator itu, disaring menurut programnya, seperti dijawab tampilannya sendiri; yang tidak \
             diketahui di sana tidak diketahui di sini (-). targets: sasaran yang dapat dihitung; \
             targets_reached: yang tercapai; targets_not_countable: yang indikatornya tidak ada dalam \
             tampilan lain yang dapat disaring menurut program. Sasaran dari angka yang berlainan tidak \
             dijumlahkan (-). Wilayah adalah wilayah program.",
        en: "The targets named when a programme was opened, each a row: the target (target_value) and what was \
             realised (target_realised) by the day asked for. Realised is the figure with the indicator's \
             name, narrowed to the programme, as its own view answers it; what is not known there is not \
             known here (-). targets: those that can be counted; targets_reached: those reached; \
             targets_not_countable: those whose indicator no other view gives that can be narrowed by \
             programme. Targets of different figures are not added up (-). The area is that of the programme.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
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
    /// All programmes counted at once, as the view breaks its figure down: there may be many targets. A programme
    /// without a row has 0; where the figure is one that somebody must say, the view is asked for it by itself.
    AtOnce { counts: BTreeMap<String, Option<u64>>, otherwise: Option<u64>, view: &'static ViewDeclaration },
    /// The view is asked for each programme by itself.
    EachApart(&'static ViewDeclaration),
}

/// Places of the figures.
const TARGETS_AT: usize = 0;
const REACHED: usize = 1;
const NOT_COUNTABLE: usize = 2;
const VALUE: usize = 3;
const REALISED: usize = 4;

/// Places of the breakdowns.
const ROW_OF_TARGET: u8 = 0;
const ROW_OF_PROGRAM: u8 = 1;
const ROW_OF_INDICATOR: u8 = 2;

/// A target that can be counted.
struct Countable {
    program: Id,
    indicator: CodeId,
    area: AreaCode,
    value: u64,
    realised: Option<u64>,
    events: Events,
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let mut sources: NumberMap<CodeId, Option<IndicatorSource>> = NumberMap::default();
    let mut countable = Vec::new();
    for row in scope.rows(&scope.facts.tables.program_targets) {
        let (program, indicator) = (row.fact.program, row.fact.indicator);
        let Some(opening) = scope.program(program) else { continue };
        let area = opening.fact.area;
        if !scope.is_of_opening(row, program)
            || !scope.wants_area(Some(area))
            || !scope.wants_program(program)
        {
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
        let value = u64::from(row.fact.value.get());
        let Some(source) = source else {
            tally.credit(credit(NOT_COUNTABLE, 1, program, indicator, area, events));
            continue;
        };
        match realised(scope, source, program, indicator) {
            Ok(realised) => {
                countable.push(Countable { program, indicator, area, value, realised, events });
            }
            Err(figure) => return tally.rest_on_too_large(figure),
        }
    }
    credit_countable(tally, &countable);
}

fn credit(
    figure: usize,
    amount: u64,
    program: Id,
    indicator: CodeId,
    area: AreaCode,
    events: Events,
) -> Credit {
    let at = Key::Target(program, indicator);
    let keys = [at, Key::Id(program), Key::Code(indicator), NO_KEY];
    Credit { figure, who: Counted::Program(program), at, amount, area: Some(area), keys, events }
}

/// Credits the targets that can be counted; what they say only where all of a row are of one figure.
fn credit_countable(tally: &mut Tally, countable: &[Countable]) {
    let mut of_all: BTreeSet<CodeId> = BTreeSet::new();
    let mut of_program: NumberMap<Id, BTreeSet<CodeId>> = NumberMap::default();
    let mut of_area: NumberMap<AreaCode, BTreeSet<CodeId>> = NumberMap::default();
    for target in countable {
        of_all.insert(target.indicator);
        of_program.entry(target.program).or_default().insert(target.indicator);
        of_area.entry(target.area).or_default().insert(target.indicator);
    }
    for Countable { program, indicator, area, value, realised, events } in countable {
        let one = |figure, amount| credit(figure, amount, *program, *indicator, *area, *events);
        tally.credit(one(TARGETS_AT, 1));
        if realised.is_some_and(|realised| realised >= *value) {
            tally.credit(one(REACHED, 1));
        }
        let cuts = [
            (Cut::Breakdown(ROW_OF_TARGET), true),
            (Cut::Breakdown(ROW_OF_INDICATOR), true),
            (Cut::Breakdown(ROW_OF_PROGRAM), of_program[program].len() == 1),
            (Cut::Area, of_area[area].len() == 1),
            (Cut::Total, of_all.len() == 1),
        ];
        for (cut, _) in cuts.into_iter().filter(|(_, is_of_one_figure)| *is_of_one_figure) {
            tally.credit_in(cut, one(VALUE, *value));
            realised.iter().for_each(|realised| tally.credit_in(cut, one(REALISED, *realised)));
        }
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
    let totals = ask(scope, view, None)?;
    let unit = totals.figures.iter().find(|figure| *figure.name == **name).map(|figure| figure.unit);
    let otherwise = unit.filter(|unit| !unit.is_said()).map(|_| 0);
    let rows = totals.breakdowns.into_iter().nth(place).map_or_else(Vec::new, |by| by.rows);
    let value = |row: BreakdownRow| Some((row.key?, value(&row.figures, name)));
    let counts = rows.into_iter().filter_map(value).collect();
    Ok(Some(IndicatorSource::AtOnce { counts, otherwise, view }))
}

/// What a programme realised of an indicator.
fn realised(
    scope: &Scope<'_>,
    source: &IndicatorSource,
    program: Id,
    indicator: CodeId,
) -> Result<Option<u64>, TooLarge> {
    let uuid = scope.facts.uuid(program).unwrap_or_default();
    let view = match source {
        IndicatorSource::AtOnce { counts, otherwise, view } => {
            let counted = counts.get(&uuid.to_string()).copied();
            // Where nothing counts there is no row; whether that is 0 or not known only the programme tells.
            if let Some(realised) = counted.or(otherwise.map(Some)) {
                return Ok(realised);
            }
            view
        }
        IndicatorSource::EachApart(view) => view,
    };
    Ok(match (scope.facts.code(indicator), ProgramId::new(uuid)) {
        (Some(name), Some(program)) => value(&ask(scope, view, Some(program))?.figures, name),
        _ => None,
    })
}

/// Counts a view for one programme or for all, wherever the IKMs lie: the area asked for is that of the programme.
pub(super) fn ask(
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

fn value(figures: &[Figure], name: &str) -> Option<u64> {
    figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value)
}
