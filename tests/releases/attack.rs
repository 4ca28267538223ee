//! The attacker: what sums tell of the figures behind them, by linear programming ([`super::lp`]).
//!
//! Known are the reports behind each sum, that no figure is negative, that no part is above its whole and no two ages
//! together either, that somebody works where workers are reported, and what the insiders report themselves.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::types::Period;
use jejak_projections::views::releases::{ReportKind, release_figure};
use uuid::Uuid;

use super::lp::Program;

/// A figure of a report: the index of the event, and the figure.
pub type Unknown = (u64, &'static str);

/// A told cell: what it is the sum of.
#[derive(Clone, Debug)]
pub struct Equation {
    pub unknowns: Vec<Unknown>,
    pub sum: i64,
}

/// What the judge of an attack knows, and the attacker does not; only whose report it is does the attacker know.
pub struct Truth<'a> {
    pub figures: &'a BTreeMap<Unknown, i64>,
    pub ikm_of: &'a BTreeMap<u64, Uuid>,
}

/// What an attack came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// Figures that told cells are made of.
    pub attacked: usize,
    /// Figures held to within ten percent on both sides.
    pub narrowed: usize,
    /// Figures of which at most a tenth more than the truth is possible.
    pub bounded: usize,
}

impl Came {
    pub fn add(&mut self, other: Self) {
        self.attacked += other.attacked;
        self.narrowed += other.narrowed;
        self.bounded += other.bounded;
    }
}

/// Takes reports that say the same of one IKM to be one figure: for each, the one that stands for it.
/// Workers are, whenever they are reported; what was sold or shipped only where it is of the same days.
pub fn taken_as_same(truth: &Truth<'_>, days: &BTreeMap<u64, Period>) -> BTreeMap<Unknown, Unknown> {
    let mut first: BTreeMap<(Uuid, Option<Period>, &str, i64), Unknown> = BTreeMap::new();
    let of = |(unknown, value): (&Unknown, &i64)| {
        let lasts = release_figure(unknown.1).is_some_and(|figure| figure.kind == ReportKind::Workforce);
        let days = (!lasts).then_some(days[&unknown.0]);
        let key = (truth.ikm_of[&unknown.0], days, unknown.1, *value);
        (*unknown, *first.entry(key).or_insert(*unknown))
    };
    truth.figures.iter().map(of).collect()
}

/// Equations that share unknowns, or unknowns of one report, belong together.
fn components(equations: &[Equation]) -> Vec<Vec<&Equation>> {
    let mut found: Vec<(BTreeSet<u64>, Vec<&Equation>)> = Vec::new();
    for equation in equations {
        let mut own: (BTreeSet<u64>, Vec<&Equation>) =
            (equation.unknowns.iter().map(|unknown| unknown.0).collect(), vec![equation]);
        let (touching, apart): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(events, _)| !events.is_disjoint(&own.0));
        for (events, equations) in touching {
            own.0.extend(events);
            own.1.extend(equations);
        }
        found = apart;
        found.push(own);
    }
    found.into_iter().map(|(_, equations)| equations).collect()
}

/// Bounds every figure behind the equations; `insiders` say their own, and `same` names the unknown that stands for
/// another one.
pub fn attack(
    truth: &Truth<'_>,
    equations: &[Equation],
    insiders: &BTreeSet<Uuid>,
    same: &BTreeMap<Unknown, Unknown>,
) -> Came {
    let one = |unknown: &Unknown| same.get(unknown).copied().unwrap_or(*unknown);
    let mut all: Vec<Equation> = equations.to_vec();
    for equation in &mut all {
        equation.unknowns = equation.unknowns.iter().map(one).collect();
    }
    // Which parts, of reports behind the sums, lie within which wholes.
    let mut within: BTreeSet<(Unknown, Vec<Unknown>)> = BTreeSet::new();
    for unknown in equations.iter().flat_map(|equation| &equation.unknowns) {
        let Some(whole) = release_figure(unknown.1).and_then(|figure| figure.whole) else { continue };
        let (whole, part) = (one(&(unknown.0, whole)), one(unknown));
        within.insert((whole, vec![part]));
        if unknown.1 == "under_35" && truth.figures.contains_key(&(unknown.0, "over_60")) {
            within.insert((whole, vec![part, one(&(unknown.0, "over_60"))]));
        }
    }
    let mut came = Came::default();
    for component in components(&all) {
        let found = attack_component(truth, &component, insiders, &within);
        came.add(found);
    }
    came
}

fn attack_component(
    truth: &Truth<'_>,
    component: &[&Equation],
    insiders: &BTreeSet<Uuid>,
    within: &BTreeSet<(Unknown, Vec<Unknown>)>,
) -> Came {
    let unknowns: BTreeSet<Unknown> =
        component.iter().flat_map(|equation| equation.unknowns.iter().copied()).collect();
    let is_known = |unknown: &Unknown| insiders.contains(&truth.ikm_of[&unknown.0]);
    let open: Vec<Unknown> = unknowns.iter().copied().filter(|unknown| !is_known(unknown)).collect();
    let place = |unknown: &Unknown| open.binary_search(unknown).ok();
    let mut program = Program::new(open.len());
    for equation in component {
        let known = equation.unknowns.iter().filter(|unknown| is_known(unknown));
        let known: i64 = known.map(|one| truth.figures[one]).sum();
        let places: Vec<(usize, f64)> =
            equation.unknowns.iter().filter_map(place).map(|place| (place, 1.0)).collect();
        program.equal(&places, (equation.sum - known) as f64);
    }
    for (whole, parts) in within {
        let parts: Option<Vec<usize>> = parts.iter().map(place).collect();
        if let (Some(whole), Some(parts)) = (place(whole), parts) {
            let terms: Vec<(usize, f64)> = parts.into_iter().map(|part| (part, 1.0)).collect();
            program.at_most(&[&terms[..], &[(whole, -1.0)]].concat(), 0.0);
        }
    }
    for worked in open.iter().filter(|unknown| unknown.1 == "workers" && truth.figures[*unknown] > 0) {
        program.at_most(&[(place(worked).unwrap(), -1.0)], -1.0);
    }
    let mut solver = program.solve().expect("the truth is a solution");
    let mut came = Came::default();
    for unknown in &open {
        let truth = truth.figures[unknown] as f64;
        let place = place(unknown).unwrap();
        let most = solver.most(place);
        assert!(most > truth - 1e-3, "{unknown:?}: at most {most}, and it is {truth}");
        came.attacked += 1;
        if most <= truth * 1.1 + 1e-6 {
            came.bounded += 1;
            came.narrowed += usize::from(solver.least(place) >= truth * 0.9 - 1e-6);
        }
    }
    came
}

/// The IKMs of each cell with the largest figures but for the first, who would like to know that one's.
pub fn rivals(truth: &Truth<'_>, equations: &[Equation]) -> Vec<BTreeSet<Uuid>> {
    let of = |equation: &Equation| {
        let mut by_ikm: BTreeMap<Uuid, i64> = BTreeMap::new();
        for unknown in &equation.unknowns {
            *by_ikm.entry(truth.ikm_of[&unknown.0]).or_default() += truth.figures[unknown];
        }
        let mut largest: Vec<(i64, Uuid)> = by_ikm.into_iter().map(|(ikm, figure)| (figure, ikm)).collect();
        largest.sort_unstable_by(|left, right| right.cmp(left));
        largest.into_iter().skip(1).take(2).map(|(_, ikm)| ikm).collect()
    };
    let all: BTreeSet<BTreeSet<Uuid>> = equations.iter().map(of).collect();
    all.into_iter().collect()
}
