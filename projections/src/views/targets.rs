//! `targets`: what programmes and areas mean to reach, beside what they reached.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::{AreaCode, Level};
use jejak_events::identity::ProgramId;
use jejak_events::values::Date;

use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Cut, Events, Key, NO_KEY, Tally, TooLarge};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration};
use crate::answer::{Figure, FigureUnit, Words};
use crate::facts::{AreaTarget, CodeId, Id, ProgramTarget};
use crate::question::{Filter, Question};

pub(super) const TARGETS: ViewDeclaration = ViewDeclaration {
    name: "targets",
    version: 4,
    title: Words { id: "Target program dan wilayah", en: "Targets of programmes and areas" },
    definition: Words {
        id: "Target yang disebut saat program dibuka dan yang ditetapkan untuk wilayah, masing-masing satu baris \
             dengan hari jatuh temponya: nilai semula (target_baseline), target (target_value) dan realisasi \
             (target_realised) pada hari jatuh tempo, atau sebelum itu pada hari yang ditanyakan. Realisasi \
             adalah angka bernama itu, disaring menurut programnya, atau menurut wilayah, tema dan komoditas \
             targetnya, seperti dijawab tampilannya sendiri; yang tidak diketahui di sana tidak diketahui di \
             sini (-). targets: target yang dapat dihitung; targets_reached: yang tercapai; targets_missed: yang \
             tidak, dan hari jatuh temponya sudah berakhir: hari yang ditanyakan sesudahnya, atau hari itu juga \
             dan peristiwa terakhir dicatat sesudahnya; targets_not_yet_due: yang tidak, dan hari itu belum \
             berakhir; targets_without_day: yang tidak, dan tanpa hari jatuh tempo. targets_in_words: yang tidak \
             dihitung angka apa pun. Target dijumlahkan hanya antarprogram dan untuk angka yang sama (selain itu \
             -). Capaian dalam persen disebut hanya untuk satu target. Wilayah adalah wilayah program, atau \
             wilayah targetnya; provinsi mencakup kabupaten dan kotanya. Target wilayah tidak punya program dan \
             dana, dan temanya adalah tema targetnya.",
        en: "The targets named when a programme was opened and those set for an area, each a row with its due day: \
             what it was (target_baseline), the target (target_value) and what was realised (target_realised) on \
             the due day, or before it on the day asked for. Realised is the figure of that name, narrowed to the \
             programme, or to the target's area, theme and commodity, as its own view answers it; what is not \
             known there is not known here (-). targets: those that can be counted; targets_reached: those \
             reached; targets_missed: those that are not, and whose due day is over: the day asked for is \
             later, or is that day and the last event was recorded on a later one; targets_not_yet_due: those \
             that are not, and whose day is not over; targets_without_day: those that are not and have no due \
             day. targets_in_words: those that no figure counts. Targets are added up only over programmes and of \
             one figure (else -). What was reached in percent is told of one target alone. The area is that of the \
             programme, or that of the target; a province holds its kabupaten and kota. A target of an area has \
             no programme and no money, and its theme is the one that it names.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "targets", unit: FigureUnit::Target },
        FigureDeclaration { name: "targets_reached", unit: FigureUnit::Target },
        FigureDeclaration { name: "targets_missed", unit: FigureUnit::Target },
        FigureDeclaration { name: "targets_not_yet_due", unit: FigureUnit::Target },
        FigureDeclaration { name: "targets_without_day", unit: FigureUnit::Target },
        FigureDeclaration { name: "targets_in_words", unit: FigureUnit::Target },
        FigureDeclaration { name: "target_baseline", unit: FigureUnit::OfTarget },
        FigureDeclaration { name: "target_value", unit: FigureUnit::OfTarget },
        FigureDeclaration { name: "target_realised", unit: FigureUnit::OfTarget },
    ],
    breakdowns: &["target", "program", "figure"],
    shares: &[
        ShareDeclaration::against("realised_of_target", "target_realised", "target_value").of_one("targets")
    ],
    attested: &[],
    count,
};

/// The breakdown of a view whose rows are its figures narrowed to each programme.
const BY_PROGRAM: &str = "program";

/// The breakdown of a view whose rows are its figures for each commodity.
const BY_COMMODITY: &str = "commodity";

/// Where the figures of programmes come from, on a day.
enum FigureSource {
    /// All programmes counted at once, as the view breaks its figure down: there may be many targets. A programme
    /// without a row has 0, unless the figure is one that somebody must say: then the view is asked for it.
    AtOnce { view: &'static ViewDeclaration, counts: NumberMap<Key, Option<u64>>, otherwise: Option<u64> },
    /// The view is asked for each programme by itself.
    EachApart(&'static ViewDeclaration),
}

/// Places of the figures.
const TARGETS_AT: usize = 0;
const REACHED: usize = 1;
const MISSED: usize = 2;
const NOT_YET_DUE: usize = 3;
const WITHOUT_DAY: usize = 4;
const IN_WORDS: usize = 5;
const BASELINE: usize = 6;
const VALUE: usize = 7;
const REALISED: usize = 8;

/// Places of the breakdowns.
const ROW_OF_TARGET: u8 = 0;
const ROW_OF_PROGRAM: u8 = 1;
const ROW_OF_FIGURE: u8 = 2;

/// What says which views can count a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetScope {
    /// It is a programme's.
    Program,
    /// It is an area's.
    Area {
        /// Whether it is about one theme.
        theme: bool,
        /// Whether it is about one commodity.
        commodity: bool,
    },
}

impl TargetScope {
    fn is_counted_by(self, view: &ViewDeclaration) -> bool {
        let takes = |filter| view.filters.contains(&filter);
        let is_by_commodity = || view.breakdowns.contains(&BY_COMMODITY);
        view.name != TARGETS.name
            && match self {
                Self::Program => takes(Filter::Program),
                Self::Area { theme, commodity } => {
                    takes(Filter::Area)
                        && (!theme || takes(Filter::Theme))
                        && (!commodity || is_by_commodity())
                }
            }
    }
}

/// Whether more of a figure is what one may aim at. Percents of programmes are not added up, and a mean score is of one
/// criterion: the view of either has no figure to hold a target against.
fn can_be_aimed_at(view: &ViewDeclaration, figure: &FigureDeclaration) -> bool {
    use FigureUnit::{Check, Claim, Event, MedianDays, OfClaim, OfTarget, Percent, RupiahEach, Target};
    match figure.unit {
        Event | MedianDays | RupiahEach | Target | OfTarget | Claim | Check | OfClaim => false,
        Percent => !view.filters.contains(&Filter::Program),
        _ => true,
    }
}

/// The figures that a target of this scope can name; some names come twice.
pub fn target_figures(scope: TargetScope) -> impl Iterator<Item = &'static str> {
    let views = super::current_views().filter(move |view| scope.is_counted_by(view));
    let figures = views.flat_map(|view| view.figures.iter().map(move |figure| (view, figure)));
    figures.filter(|(view, figure)| can_be_aimed_at(view, figure)).map(|(_, figure)| figure.name)
}

/// The view that counts a target.
fn view_of(name: &str, scope: TargetScope) -> Option<&'static ViewDeclaration> {
    super::current_views().find(|view| {
        let gives = |figure: &FigureDeclaration| figure.name == name && can_be_aimed_at(view, figure);
        scope.is_counted_by(view) && view.figures.iter().any(gives)
    })
}

/// Whose a target is.
#[derive(Clone, Copy)]
enum Owner {
    Program(Id),
    Area,
}

/// A target in the scope of the question.
struct Target {
    owner: Owner,
    area: AreaCode,
    /// Its row.
    key: Key,
    /// What it is of, or none where it stands in words.
    figure: CodeId,
    value: u64,
    baseline: Option<u64>,
    due: Option<Date>,
    /// `None` where no figure counts it.
    realised: Option<Option<u64>>,
    /// What it counts.
    unit: FigureUnit,
    events: Events,
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let targets = of_programs(scope, tally).and_then(|mut targets| {
        targets.extend(of_areas(scope, tally)?);
        Ok(targets)
    });
    match targets {
        Ok(targets) => credit(scope, tally, &targets),
        Err(figure) => tally.rest_on_too_large(figure),
    }
}

/// The day whose figure decides: the due day, or the day asked for while that has not come.
fn deciding_day(scope: &Scope<'_>, due: Option<Date>) -> Date {
    due.map_or(scope.question.on, |due| due.min(scope.question.on))
}

/// Whether a due day is over: on the day itself not before something is recorded later, for it may be today.
fn is_over(scope: &Scope<'_>, due: Date) -> bool {
    let Question { on, as_known, .. } = scope.question;
    let recorded_later = || scope.facts.recorded_last_on(as_known).is_some_and(|day| day > due);
    on > due || (on == due && recorded_later())
}

fn of_programs(scope: &Scope<'_>, tally: &mut Tally) -> Result<Vec<Target>, TooLarge> {
    let mut sources: NumberMap<(CodeId, Date), Option<FigureSource>> = NumberMap::default();
    let mut targets = Vec::new();
    for row in scope.rows(&scope.facts.tables.program_targets) {
        let ProgramTarget { program, place, figure, value, baseline, due } = row.fact;
        let Some(opening) = scope.program(program) else { continue };
        let area = opening.fact.area;
        if !scope.is_of_opening(row, program)
            || !scope.wants_area(Some(area))
            || !scope.wants_program(program)
        {
            continue;
        }
        let day = deciding_day(scope, due);
        let source = match sources.entry((figure, day)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(source(scope, figure, day)?),
        };
        let realised = match source {
            Some(source) => Some(realised(scope, source, program, figure, day)?),
            None => None,
        };
        targets.push(Target {
            owner: Owner::Program(program),
            area,
            key: Key::Target(program, place, figure),
            figure,
            value: value.get().into(),
            baseline: baseline.map(|count| count.get().into()),
            due,
            realised,
            unit: unit_of(scope, figure, TargetScope::Program),
            events: tally.events(|events| scope.trace(row, events)),
        });
    }
    Ok(targets)
}

fn of_areas(scope: &Scope<'_>, tally: &mut Tally) -> Result<Vec<Target>, TooLarge> {
    let mut targets = Vec::new();
    for row in scope.rows(&scope.facts.tables.area_targets) {
        let AreaTarget { area, figure, theme, value, baseline, due, .. } = row.fact;
        if scope.question.funding.is_some() || !scope.wants_area(Some(area)) || !scope.wants_theme(theme) {
            continue;
        }
        targets.push(Target {
            owner: Owner::Area,
            area,
            key: Key::AreaTarget(scope.index(row), figure),
            figure,
            value: value.get().into(),
            baseline: baseline.map(|count| count.get().into()),
            due: Some(due),
            realised: realised_in_area(scope, &row.fact)?,
            unit: unit_of(scope, figure, scope_of(&row.fact)),
            events: tally.events(|events| scope.trace(row, events)),
        });
    }
    Ok(targets)
}

/// What says which views can count a target of an area.
fn scope_of(target: &AreaTarget) -> TargetScope {
    let says = |code: CodeId| code != CodeId::NONE;
    TargetScope::Area { theme: says(target.theme), commodity: says(target.commodity) }
}

/// What a target of a figure counts; [`FigureUnit::OfTarget`] where no view counts it.
fn unit_of(scope: &Scope<'_>, figure: CodeId, of: TargetScope) -> FigureUnit {
    let name = scope.facts.code(figure).filter(|_| figure != CodeId::NONE);
    let counted = name.and_then(|name| {
        let view = view_of(name, of)?;
        view.figures.iter().find(|figure| figure.name == &**name)
    });
    counted.map_or(FigureUnit::OfTarget, |figure| figure.unit)
}

/// What an area realised of a figure; `None` where no view counts it.
fn realised_in_area(scope: &Scope<'_>, target: &AreaTarget) -> Result<Option<Option<u64>>, TooLarge> {
    let code = |code: CodeId| scope.facts.code(code).filter(|_| code != CodeId::NONE);
    let (theme, commodity) = (code(target.theme), code(target.commodity));
    let Some(name) = code(target.figure) else { return Ok(None) };
    let Some(view) = view_of(name, scope_of(target)) else { return Ok(None) };
    let day = deciding_day(scope, Some(target.due));
    let all = Question::new(day, scope.question.as_known);
    let question = Question { area: Some(target.area), theme: theme.cloned(), ..all };
    let tally = counted(scope, view, &question);
    if commodity.is_none() {
        return Ok(Some(value(&tally.total()?, name)));
    }
    let Some(place) = view.breakdowns.iter().position(|by| *by == BY_COMMODITY) else {
        return Ok(Some(otherwise(view, name)));
    };
    let row = tally.rows(place)?.into_iter().find(|(key, _)| *key == Key::Code(target.commodity));
    Ok(Some(row.map_or_else(|| otherwise(view, name), |(_, figures)| value(&figures, name))))
}

/// What a figure is where a view has no row: 0, unless it is one that somebody must say.
fn otherwise(view: &ViewDeclaration, name: &str) -> Option<u64> {
    let unit = view.figures.iter().find(|figure| figure.name == name).map(|figure| figure.unit);
    unit.filter(|unit| !unit.is_said()).map(|_| 0)
}

/// Targets that are added up: of one figure over programmes. One of an area is added to nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum AddedUp {
    Programs(CodeId),
    Alone(Key),
}

impl Target {
    fn added_up(&self) -> AddedUp {
        match self.owner {
            Owner::Program(_) => AddedUp::Programs(self.figure),
            Owner::Area => AddedUp::Alone(self.key),
        }
    }

    fn credit(&self, figure: usize, amount: u64, area: AreaCode) -> Credit {
        let (who, program) = match self.owner {
            Owner::Program(program) => (Counted::Program(program), Key::Id(program)),
            Owner::Area => (Counted::Area(self.area), NO_KEY),
        };
        let keys = [self.key, program, Key::Code(self.figure), NO_KEY];
        Credit { figure, who, at: self.key, amount, area: Some(area), keys, events: self.events }
    }

    /// The cuts in which it counts, besides those of areas.
    fn cuts(&self) -> impl Iterator<Item = Cut> {
        let of_program = matches!(self.owner, Owner::Program(_)).then_some(Cut::Breakdown(ROW_OF_PROGRAM));
        let of_figure = self.realised.map(|_| Cut::Breakdown(ROW_OF_FIGURE));
        [Cut::Total, Cut::Breakdown(ROW_OF_TARGET)].into_iter().chain(of_program).chain(of_figure)
    }

    /// How it stands on the day asked for; `None` where that is not known.
    fn standing(&self, scope: &Scope<'_>) -> Option<usize> {
        let realised = self.realised?;
        if realised.is_some_and(|realised| realised >= self.value) {
            return Some(REACHED);
        }
        let Some(due) = self.due else { return Some(WITHOUT_DAY) };
        if !is_over(scope, due) {
            return Some(NOT_YET_DUE);
        }
        realised.map(|_| MISSED)
    }
}

/// A figure of the view that holds several targets, and whether it would add up unlike ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sum {
    Total,
    Area(AreaCode),
    Program(Id),
    Figure(CodeId),
}

/// Credits the targets; what they say only where all of a row are of one figure.
fn credit(scope: &Scope<'_>, tally: &mut Tally, targets: &[Target]) {
    // A province that has a target of its own has a row, which is the question narrowed to it.
    let provinces: BTreeSet<AreaCode> =
        targets.iter().map(|target| target.area).filter(|area| area.level() == Level::Province).collect();
    let areas = |target: &Target| {
        let province = Some(target.area.province()).filter(|province| provinces.contains(province));
        let above = province.filter(|province| *province != target.area);
        [Some(target.area), above].into_iter().flatten()
    };
    let mut added_up: BTreeMap<Sum, BTreeSet<AddedUp>> = BTreeMap::new();
    for target in targets.iter().filter(|target| target.realised.is_some()) {
        let program =
            if let Owner::Program(program) = target.owner { Some(Sum::Program(program)) } else { None };
        let sums = [Sum::Total, Sum::Figure(target.figure)].into_iter().chain(program);
        for sum in sums.chain(areas(target).map(Sum::Area)) {
            added_up.entry(sum).or_default().insert(target.added_up());
        }
    }
    let is_of_one = |sum: Sum| added_up.get(&sum).is_some_and(|kinds| kinds.len() == 1);
    for target in targets {
        if let Some(due) = target.due {
            tally.row_day(ROW_OF_TARGET.into(), target.key, due);
        }
        let counted = if target.realised.is_some() { TARGETS_AT } else { IN_WORDS };
        for figure in [Some(counted), target.standing(scope)].into_iter().flatten() {
            target.cuts().for_each(|cut| tally.credit_in(cut, target.credit(figure, 1, target.area)));
            areas(target).for_each(|area| tally.credit_in(Cut::Area, target.credit(figure, 1, area)));
        }
        tally.counts_in(target.credit(VALUE, 0, target.area).who, target.key, target.unit);
        let said =
            [(BASELINE, target.baseline), (VALUE, Some(target.value)), (REALISED, target.realised.flatten())];
        for (figure, amount) in said.into_iter().filter_map(|(figure, amount)| Some((figure, amount?))) {
            let means = |cut: &Cut| match (cut, target.owner) {
                (Cut::Breakdown(ROW_OF_TARGET), _) => true,
                (Cut::Breakdown(ROW_OF_PROGRAM), Owner::Program(program)) => is_of_one(Sum::Program(program)),
                (Cut::Breakdown(_), _) => is_of_one(Sum::Figure(target.figure)),
                _ => is_of_one(Sum::Total),
            };
            let is_counted = target.realised.is_some();
            let cuts = target.cuts().filter(means);
            let cuts = cuts.filter(|cut| is_counted || *cut == Cut::Breakdown(ROW_OF_TARGET));
            cuts.for_each(|cut| tally.credit_in(cut, target.credit(figure, amount, target.area)));
            let areas = areas(target).filter(|area| is_counted && is_of_one(Sum::Area(*area)));
            areas.for_each(|area| tally.credit_in(Cut::Area, target.credit(figure, amount, area)));
        }
    }
}

/// How to count a figure for programmes on a day; `None` when no view can.
fn source(scope: &Scope<'_>, figure: CodeId, day: Date) -> Result<Option<FigureSource>, TooLarge> {
    let Some(name) = scope.facts.code(figure).filter(|_| figure != CodeId::NONE) else { return Ok(None) };
    let Some(view) = view_of(name, TargetScope::Program) else { return Ok(None) };
    // Counting all at once only saves time: a row of a view is its figures narrowed to it.
    let Some(place) = view.breakdowns.iter().position(|by| *by == BY_PROGRAM) else {
        return Ok(Some(FigureSource::EachApart(view)));
    };
    let rows = counted(scope, view, &Question::new(day, scope.question.as_known)).rows(place)?;
    let otherwise = otherwise(view, name);
    let counts = rows.into_iter().map(|(key, figures)| (key, value(&figures, name))).collect();
    Ok(Some(FigureSource::AtOnce { view, counts, otherwise }))
}

/// What a programme realised of a figure.
fn realised(
    scope: &Scope<'_>,
    source: &FigureSource,
    program: Id,
    figure: CodeId,
    day: Date,
) -> Result<Option<u64>, TooLarge> {
    let view = match source {
        FigureSource::AtOnce { view, counts, otherwise } => match counts.get(&Key::Id(program)) {
            Some(counted) => return Ok(*counted),
            None if otherwise.is_some() => return Ok(*otherwise),
            None => view,
        },
        FigureSource::EachApart(view) => view,
    };
    let program = scope.facts.uuid(program).and_then(ProgramId::new);
    let (Some(name), Some(program)) = (scope.facts.code(figure), program) else { return Ok(None) };
    let all = Question::new(day, scope.question.as_known);
    let question = Question { program: Some(program), ..all };
    Ok(value(&counted(scope, view, &question).total()?, name))
}

/// Counts a view for one programme or for all on the day asked for, wherever the IKMs lie: the area asked for is
/// that of the programme.
pub(super) fn count_for(
    scope: &Scope<'_>,
    view: &'static ViewDeclaration,
    program: Option<ProgramId>,
) -> Tally {
    let all = Question::new(scope.question.on, scope.question.as_known);
    counted(scope, view, &Question { program, ..all })
}

/// What a view counts, for its figures alone.
fn counted(scope: &Scope<'_>, view: &'static ViewDeclaration, question: &Question) -> Tally {
    let inner = Scope::among(&scope.known, question);
    let mut tally = Tally::of_figures(view.figures, view.breakdowns);
    (view.count)(&inner, &mut tally);
    tally
}

fn value(figures: &[Figure], name: &str) -> Option<u64> {
    figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value)
}
