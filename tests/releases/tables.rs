//! The same attack on tables alone, without a registry: small worlds, all ten figures, many more of them, and every two
//! IKMs as insiders. Corrections here often repeat what was said, one figure at a time or all at once, and quarters
//! repeat the one before.

use std::collections::{BTreeMap, BTreeSet};

use jejak::rules::release::ledger::{RULE, ReportIndex, Rule};
use jejak::rules::release::table::{Earlier, Given, ReleaseCell, ReleaseTable, decide_table, entries};
use jejak_events::area::AreaCode;
use jejak_events::types::Period;
use jejak_events::types::area_reports::{FiguresReleased, ReleasedCell};
use jejak_events::values::{Amount, Code, Count, Date, SetOf};
use jejak_projections::views::releases::{FIGURES, ReleaseReport, ReportKind};
use uuid::Uuid;

use super::attack::{Came, Equation, Truth, Unknown, attack, rivals, taken_as_same};
use crate::harness::random::Random;

const QUARTERS: [[&str; 2]; 4] = [
    ["2024-01-01", "2024-03-31"],
    ["2024-04-01", "2024-06-30"],
    ["2024-07-01", "2024-09-30"],
    ["2024-10-01", "2024-12-31"],
];
const AREAS: [&str; 4] = ["33.75", "33.26", "33.74", "35.76"];
const KINDS: [ReportKind; 3] = [ReportKind::Workforce, ReportKind::Exhibition, ReportKind::Shipment];

#[derive(Clone, Debug)]
struct Filed {
    index: ReportIndex,
    kind: ReportKind,
    ikm: usize,
    quarter: usize,
    says: BTreeMap<&'static str, i64>,
}

struct World {
    dice: Random,
    rule: Rule,
    areas: Vec<AreaCode>,
    /// What each IKM was merged into.
    merged: Vec<usize>,
    /// Whether IKMs are merged here. What was told of two cannot be taken back when they turn out to be one.
    merges: bool,
    /// The size from which on an IKM's figures are gone.
    erased: BTreeMap<usize, u64>,
    size: u64,
    live: Vec<Filed>,
    truth: BTreeMap<Unknown, i64>,
    ikm_of: BTreeMap<ReportIndex, Uuid>,
    days: BTreeMap<ReportIndex, Period>,
    of: BTreeMap<ReportIndex, usize>,
    before: Vec<(Earlier, ReleaseTable)>,
    told: Vec<Equation>,
    withheld: usize,
}

fn uuid(ikm: usize) -> Uuid {
    Uuid::from_u128(0x7f2c_1a34_5b6d_4e8f_9a0b_0000_0000_0000 + ikm as u128)
}

fn quarter_days(quarter: usize) -> Period {
    let [from, to] = QUARTERS[quarter].map(|day| Date::parse(day).unwrap());
    Period { from, to }
}

impl World {
    fn new(seed: u64, rule: Rule) -> Self {
        let mut dice = Random::new(seed);
        let ikms = usize::try_from(dice.between(5, 20)).unwrap();
        let areas = usize::try_from(dice.between(1, 5)).unwrap();
        let area = |dice: &mut Random| AREAS[usize::try_from(dice.between(0, areas as u64)).unwrap()];
        let areas = (0..ikms).map(|_| AreaCode::parse(area(&mut dice)).unwrap()).collect();
        let mut world = Self {
            dice,
            rule,
            areas,
            merged: (0..ikms).collect(),
            merges: seed % 2 == 1,
            erased: BTreeMap::new(),
            size: 100,
            live: Vec::new(),
            truth: BTreeMap::new(),
            ikm_of: BTreeMap::new(),
            days: BTreeMap::new(),
            of: BTreeMap::new(),
            before: Vec::new(),
            told: Vec::new(),
            withheld: 0,
        };
        for ikm in 0..ikms {
            for kind in KINDS {
                let mut last: Option<BTreeMap<&'static str, i64>> = None;
                for quarter in 0..4 {
                    if world.below(8) == 0 {
                        continue;
                    }
                    let says = match last {
                        Some(last) if world.below(3) > 0 => last,
                        _ => world.figures(kind),
                    };
                    last = Some(says.clone());
                    world.file(kind, ikm, quarter, says);
                }
            }
        }
        world
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.dice.between(0, limit as u64)).unwrap()
    }

    fn between(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.dice.between(0, u64::try_from(to - from).unwrap())).unwrap()
    }

    fn figures(&mut self, kind: ReportKind) -> BTreeMap<&'static str, i64> {
        let mut says = BTreeMap::new();
        for figure in FIGURES.iter().filter(|figure| figure.kind == kind) {
            let value = match (figure.whole, figure.name) {
                (None, "workers") => match self.below(12) {
                    0 => 100 + self.between(0, 400),
                    1..4 => 1,
                    _ => self.between(1, 25),
                },
                (None, _) => match self.below(12) {
                    0 => 0,
                    1 => self.between(1_000, 100_000),
                    _ => self.between(1, 2_000),
                },
                (Some(whole), name) => {
                    if self.below(5) == 0 {
                        continue;
                    }
                    let mut most: i64 = says[whole];
                    if name == "over_60" {
                        most -= says.get("under_35").copied().unwrap_or(0);
                    }
                    match self.below(5) {
                        0 => most,
                        1 => 0,
                        _ => self.between(0, most + 1),
                    }
                }
            };
            says.insert(figure.name, value);
        }
        says
    }

    fn file(&mut self, kind: ReportKind, ikm: usize, quarter: usize, says: BTreeMap<&'static str, i64>) {
        let index = self.size;
        self.size += 1;
        for (figure, value) in &says {
            self.truth.insert((index, figure), *value);
        }
        self.ikm_of.insert(index, uuid(ikm));
        self.days.insert(index, quarter_days(quarter));
        self.of.insert(index, ikm);
        self.live.push(Filed { index, kind, ikm, quarter, says });
    }

    fn correct(&mut self, place: usize, is_same: bool) {
        let Filed { kind, ikm, quarter, mut says, .. } = self.live.remove(place);
        if !is_same {
            let new = self.figures(kind);
            if self.below(2) == 0 {
                says = new;
            } else if let Some((figure, value)) =
                new.iter().find(|(figure, _)| ["sales", "shipment_value"].contains(figure))
            {
                says.insert(figure, *value);
            }
        }
        self.file(kind, ikm, quarter, says);
    }

    fn happen(&mut self) {
        if self.live.is_empty() {
            return;
        }
        let (place, ikms) = (self.below(self.live.len()), self.areas.len());
        let Filed { kind, ikm, quarter, says, .. } = self.live[place].clone();
        match self.below(11) {
            0 => self.correct(place, false),
            1 => self.correct(place, true),
            2 => drop(self.live.remove(place)),
            // All of a kind and quarter say the same again, but for one perhaps.
            3 => {
                let of = self.live.iter().filter(|one| one.kind == kind && one.quarter == quarter);
                let of: Vec<ReportIndex> = of.map(|one| one.index).collect();
                let odd = self.below(of.len() + 1);
                for (number, index) in of.into_iter().enumerate() {
                    let place = self.live.iter().position(|one| one.index == index).unwrap();
                    self.correct(place, number != odd);
                }
            }
            4 => self.file(kind, ikm, quarter, says),
            5 if self.merges => {
                let into = self.below(ikms);
                let mut end = into;
                while self.merged[end] != end {
                    end = self.merged[end];
                }
                if end != ikm && self.merged[ikm] == ikm {
                    self.merged[ikm] = end;
                }
            }
            6 => {
                let ikm = self.below(ikms);
                self.merged[ikm] = ikm;
            }
            7 => {
                let area = AREAS[self.below(AREAS.len())];
                self.areas[ikm] = AreaCode::parse(area).unwrap();
            }
            8 if self.below(3) == 0 => {
                self.erased.entry(ikm).or_insert(self.size);
                self.size += 1;
            }
            _ => {
                let area = AREAS[self.below(AREAS.len())];
                self.areas.push(AreaCode::parse(area).unwrap());
                self.merged.push(ikms);
                let (quarter, kind) = (self.below(4), KINDS[self.below(3)]);
                let says = self.figures(kind);
                self.file(kind, ikms, quarter, says);
            }
        }
    }

    fn survivor(&self, mut ikm: usize) -> usize {
        while self.merged[ikm] != ikm {
            ikm = self.merged[ikm];
        }
        ikm
    }

    fn release(&mut self, quarters: std::ops::Range<usize>) {
        let mut latest: BTreeMap<(usize, Option<ReportIndex>), &Filed> = BTreeMap::new();
        for filed in self.live.iter().filter(|filed| quarters.contains(&filed.quarter)) {
            let is_workforce = filed.kind == ReportKind::Workforce;
            let key = (self.survivor(filed.ikm), (!is_workforce).then_some(filed.index));
            let last = latest.entry(key).or_insert(filed);
            if (filed.quarter, filed.index) > (last.quarter, last.index) {
                *last = filed;
            }
        }
        let reports: Vec<ReleaseReport> = latest
            .into_iter()
            .map(|((ikm, _), filed)| ReleaseReport {
                kind: filed.kind,
                area: self.areas[ikm],
                ikm: uuid(ikm),
                index: filed.index,
            })
            .collect();
        let layout = ReleaseTable::new(&reports, |report, figure| {
            if !self.truth.contains_key(&(report, figure.name)) {
                Given::Unseen
            } else if self.erased.contains_key(&self.of[&report]) {
                Given::Erased
            } else {
                Given::Given
            }
        });
        let layouts: Vec<&ReleaseTable> =
            self.before.iter().map(|(_, layout)| layout).chain([&layout]).collect();
        let of = |report: ReportIndex| Some((uuid(self.survivor(self.of[&report])), self.days[&report]));
        let entries = entries(&layouts, of, |report, field| {
            let figure = FIGURES.iter().find(|figure| figure.field == field).unwrap();
            let is_erased = self.erased.contains_key(&self.of[&report]);
            self.truth.get(&(report, figure.name)).copied().filter(|_| !is_erased)
        });
        let before: Vec<(&Earlier, &ReleaseTable)> =
            self.before.iter().map(|(earlier, layout)| (earlier, layout)).collect();
        let cells = decide_table(self.rule, &layout, &before, &entries).unwrap();
        self.learn(&reports, &cells);
        let period =
            Period { from: quarter_days(quarters.start).from, to: quarter_days(quarters.end - 1).to };
        let areas: BTreeSet<AreaCode> = cells.iter().map(|cell| cell.area).collect();
        for area in areas {
            let of = cells.iter().filter(|cell| cell.area == area).map(|cell| ReleasedCell {
                erased: Count::new(cell.erased).unwrap(),
                figure: Code::parse(cell.figure).unwrap(),
                ikms: Count::new(cell.ikms).unwrap(),
                sum: cell.sum.map(|sum| Amount::new(sum).unwrap()),
                unseen: Count::new(cell.unseen).unwrap(),
            });
            let released = FiguresReleased {
                cells: SetOf::new(of.collect()).unwrap(),
                log_size: Amount::new(i64::try_from(self.size).unwrap()).unwrap(),
                period,
                evidence: None,
                imported_from: None,
                sealed: None,
            };
            let day = Date::parse("2025-10-09").unwrap();
            self.before.push((Earlier { area, day, released }, layout.clone()));
        }
    }

    fn learn(&mut self, reports: &[ReleaseReport], cells: &[ReleaseCell]) {
        for cell in cells {
            let figure = FIGURES.iter().find(|figure| figure.name == cell.figure).unwrap();
            let Some(sum) = cell.sum else {
                self.withheld += 1;
                continue;
            };
            let of = reports.iter().filter(|one| one.kind == figure.kind && one.area.is_within(cell.area));
            let gives = of.filter(|one| {
                self.truth.contains_key(&(one.index, figure.name))
                    && !self.erased.contains_key(&self.of[&one.index])
            });
            let unknowns: Vec<Unknown> = gives.map(|one| (one.index, figure.name)).collect();
            assert_eq!(sum, unknowns.iter().map(|unknown| self.truth[unknown]).sum::<i64>(), "{cell:?}");
            self.told.push(Equation { unknowns, sum });
        }
    }
}

fn told(seed: u64, rule: Rule) -> World {
    let mut world = World::new(seed, rule);
    for number in 0..8 {
        let quarters = match (number, world.below(6)) {
            (0..4, _) => number..number + 1,
            (_, 4) => 0..4,
            (_, quarter) => quarter % 4..quarter % 4 + 1,
        };
        world.release(quarters);
        for _ in 0..world.below(4) {
            world.happen();
        }
    }
    world
}

/// The largest of each cell, and some others.
fn pairs(world: &World, truth: &Truth<'_>, many: usize) -> Vec<BTreeSet<Uuid>> {
    let mut pairs = rivals(truth, &world.told);
    let of = world.told.iter().flat_map(|equation| &equation.unknowns);
    let all: BTreeSet<Uuid> = of.map(|unknown| truth.ikm_of[&unknown.0]).collect();
    let all: Vec<Uuid> = all.into_iter().collect();
    let mut dice = Random::new(world.size);
    for _ in 0..many {
        let mut any = || all[usize::try_from(dice.between(0, all.len() as u64)).unwrap()];
        pairs.push(BTreeSet::from([any(), any()]));
    }
    pairs
}

/// How many worlds, and of each how many pairs of insiders beside the largest.
fn extent() -> (u64, usize) {
    if std::env::var_os("JEJAK_LONG").is_some() { (80, 6) } else { (12, 1) }
}

#[test]
fn no_table_after_others_narrows_a_figure() {
    let [mut all, mut by_guess, mut by_insiders, mut by_both] = [Came::default(); 4];
    let (mut told_cells, mut withheld) = (0, 0);
    let (worlds, many) = extent();
    for seed in 0..worlds {
        let world = told(seed, RULE);
        (told_cells, withheld) = (told_cells + world.told.len(), withheld + world.withheld);
        if world.told.is_empty() {
            continue;
        }
        let truth = Truth { figures: &world.truth, ikm_of: &world.ikm_of };
        let run = |insiders: &BTreeSet<Uuid>, same: &_| {
            let came = attack(&truth, &world.told, insiders, same);
            assert_eq!(came.narrowed, 0, "seed {seed}, insiders {insiders:?}: {came:?}");
            came
        };
        let none = BTreeMap::new();
        all.add(run(&BTreeSet::new(), &none));
        for insiders in pairs(&world, &truth, many) {
            by_insiders.add(run(&insiders, &none));
        }
        // Where IKMs are merged, whose figures are the same depends on when one asks.
        if world.merges {
            continue;
        }
        let same = taken_as_same(&truth, &world.days);
        by_guess.add(run(&BTreeSet::new(), &same));
        for insiders in pairs(&world, &truth, many) {
            by_both.add(run(&insiders, &same));
        }
    }
    println!(
        "cells told {told_cells}, withheld {withheld}; {all:?}; where the same IKM is taken to say the same {by_guess:?}"
    );
    println!("with two insiders {by_insiders:?}; both {by_both:?}");
    // Without guessing, nothing bounds a figure even from above.
    assert_eq!((all.bounded, by_insiders.bounded), (0, 0));
    assert!(told_cells > 200 && all.attacked > 1000, "the attack has something to do: {told_cells} {all:?}");
}

/// Each part of the rule is needed: weaker ones give figures away.
#[test]
fn the_attack_finds_what_weaker_rules_give_away() {
    let found = |rule: Rule| -> Came {
        let mut sum = Came::default();
        for seed in 0..4 {
            let world = told(seed, rule);
            let truth = Truth { figures: &world.truth, ikm_of: &world.ikm_of };
            let insiders = rivals(&truth, &world.told);
            let none = BTreeMap::new();
            for insiders in insiders.iter().chain([&BTreeSet::new()]) {
                sum.add(attack(&truth, &world.told, insiders, &none));
            }
        }
        sum
    };
    let three = found(Rule { fewest_ikms: 3, most_percent: 100, within_percent: 0 });
    let without_percent = found(Rule { within_percent: 0, ..RULE });
    println!("three IKMs: {three:?}; without the p%-rule: {without_percent:?}");
    assert!(three.narrowed > 50 && without_percent.narrowed > 10, "{three:?} {without_percent:?}");
}

/// IKMs that report by turns, so that each quarter tells a part of them, and once all of them together with one more:
/// what several sums together leave of another one is that one's figure, where everybody is taken to say the same again.
fn by_turns(seed: u64, parts: usize, is_together_first: bool) -> World {
    const OF_A_PART: usize = 5;
    let mut world = World::new(seed, RULE);
    world.live.clear();
    let ikms = parts * OF_A_PART + 1;
    world.areas = vec![AreaCode::parse(AREAS[0]).unwrap(); ikms];
    world.merged = (0..ikms).collect();
    world.erased.clear();
    let says: Vec<i64> = (0..ikms).map(|_| world.between(8, 25)).collect();
    let of_part = |part: usize| (part * OF_A_PART..(part + 1) * OF_A_PART).collect::<Vec<usize>>();
    let mut turns: Vec<Vec<usize>> = (0..parts).map(of_part).collect();
    let together = if is_together_first { 0 } else { parts };
    turns.insert(together, (0..ikms).collect());
    for (quarter, ikms) in turns.into_iter().enumerate() {
        for ikm in ikms {
            world.file(ReportKind::Workforce, ikm, quarter, BTreeMap::from([("workers", says[ikm])]));
        }
        world.release(quarter..quarter + 1);
    }
    world
}

#[test]
fn several_sums_together_leave_nobody_alone() {
    let mut told = 0;
    for (seed, parts, is_together_first) in
        (0..10).flat_map(|seed| [(seed, 2, true), (seed, 2, false), (seed, 3, true), (seed, 3, false)])
    {
        let world = by_turns(seed, parts, is_together_first);
        told += world.told.len();
        let truth = Truth { figures: &world.truth, ikm_of: &world.ikm_of };
        let same = taken_as_same(&truth, &world.days);
        let came = attack(&truth, &world.told, &BTreeSet::new(), &same);
        assert_eq!(
            came.narrowed, 0,
            "seed {seed}, {parts} parts, together first {is_together_first}: {came:?}"
        );
    }
    println!("by turns: {told} cells told");
    assert!(told > 100, "{told}");
}

#[test]
fn a_sum_that_no_event_can_bear_is_none() {
    let (area, quarter) = (AreaCode::parse("33.75").unwrap(), quarter_days(0));
    let report = |at: usize| ReleaseReport {
        kind: ReportKind::Shipment,
        area,
        ikm: uuid(at),
        index: at as ReportIndex,
    };
    let reports: Vec<ReleaseReport> = (0..6).map(report).collect();
    let layout = ReleaseTable::new(&reports, |_, _| Given::Given);
    // Uneven, so that no sum gives one of them away.
    let value = |report: ReportIndex| i64::try_from(report).unwrap() + (1 << 51);
    let of = |report: ReportIndex| usize::try_from(report).ok().map(|at| (uuid(at), quarter));
    let entries = entries(&[&layout], of, |report, _| Some(value(report)));
    let error = decide_table(RULE, &layout, &[], &entries).unwrap_err().to_string();
    let said = "is too large to be recorded; correct the reports that it is made of";
    assert!(error.starts_with("the sum of ") && error.ends_with(said), "{error}");
}
