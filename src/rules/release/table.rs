//! The table of a release: which cells there are, and which of them are told.
//!
//! Pure: what may be read is read elsewhere, after the look is noted.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;
use jejak_events::area::AreaCode;
use jejak_events::types::Period;
use jejak_events::types::area_reports::FiguresReleased;
use jejak_events::values::Date;
use jejak_projections::answer::Words;
use jejak_projections::views::releases::{FIGURES, ReleaseFigure, ReleaseReport, release_figure};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::rules::FEWEST_TOLD_IKMS;

use super::ledger::{AskedSum, Ledger, LedgerEntry, ReportIndex, Rule};

/// A release that stands in the log: one of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The area.
    pub area: AreaCode,
    /// The day of the release.
    pub day: Date,
    /// What it says.
    pub released: FiguresReleased,
}

/// What a report says of a figure, as far as open facts tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// It gives it.
    Given,
    /// It does not.
    Unseen,
    /// It gave it, and that was erased.
    Erased,
}

/// Why a sum is withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is of fewer than four IKMs.
    FewIkms,
    /// It would tell the figure of one IKM, by itself or beside others: which, is not said.
    TellsOne,
}

impl Reason {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FewIkms => "few_ikms",
            Self::TellsOne => "tells_one",
        }
    }

    /// It in words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::FewIkms => Words { id: "kurang dari 4 IKM", en: "fewer than 4 IKMs" },
            Self::TellsOne => Words { id: "angka satu IKM akan terbuka", en: "would tell one IKM's figure" },
        }
    }
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReleaseCell {
    /// Kabupaten, kota or province.
    pub area: AreaCode,
    /// The figure.
    #[schemars(with = "jejak_events::schema::texts::Word")]
    pub figure: &'static str,
    /// IKMs whose figure the cell is made of.
    pub ikms: u32,
    /// Reports that do not give it.
    pub unseen: u32,
    /// Reports whose figure was erased.
    pub erased: u32,
    /// The sum; none where it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<i64>,
    /// Why it is withheld, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Reason>,
}

/// A sum is beyond 2^53 - 1, or there are more reports than can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sum of {figure} in {area} is too large to be recorded; correct the reports that it is made of")]
pub struct SumOverflow {
    /// The area.
    pub area: AreaCode,
    /// The figure.
    pub figure: &'static str,
}

/// The reports of a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    pub(super) set: BTreeSet<ReportIndex>,
    pub(super) ikms: HashSet<Uuid>,
    pub(super) unseen: u32,
    pub(super) erased: u32,
}

/// The cells of a period at a log size, with the reports that each is made of.
#[derive(Clone, Debug)]
pub struct ReleaseTable {
    pub(super) cells: BTreeMap<(&'static str, AreaCode), Members>,
}

impl ReleaseTable {
    /// Lays out the cells: each kabupaten and kota, and each province. `given` says what a report says of a figure.
    /// Time grows with the number of reports, and least where they are sorted.
    pub fn new(reports: &[ReleaseReport], given: impl Fn(ReportIndex, &ReleaseFigure) -> Given) -> Self {
        let mut cells: BTreeMap<(&'static str, AreaCode), (Vec<ReportIndex>, Members)> = BTreeMap::new();
        for of_area in reports.chunk_by(|one, other| (one.kind, one.area) == (other.kind, other.area)) {
            let [first, ..] = of_area else { continue };
            for figure in FIGURES.iter().filter(|figure| figure.kind == first.kind) {
                for area in BTreeSet::from([first.area, first.area.province()]) {
                    let (set, members) = cells.entry((figure.name, area)).or_default();
                    for report in of_area {
                        match given(report.index, figure) {
                            Given::Given => {
                                set.push(report.index);
                                members.ikms.insert(report.ikm);
                            }
                            Given::Unseen => members.unseen += 1,
                            Given::Erased => members.erased += 1,
                        }
                    }
                }
            }
        }
        // A figure that nobody ever gave is no cell: there is nothing to tell or to withhold.
        let cells = cells.into_iter().filter(|(_, (set, members))| !set.is_empty() || members.erased > 0);
        let whole = |(key, (set, members)): (_, (Vec<ReportIndex>, Members))| {
            (key, Members { set: set.into_iter().collect(), ..members })
        };
        Self { cells: cells.map(whole).collect() }
    }

    /// Every report that gives a figure.
    pub fn given(&self) -> impl Iterator<Item = (&'static str, ReportIndex)> {
        self.cells
            .iter()
            .flat_map(|((figure, _), members)| members.set.iter().map(|report| (*figure, *report)))
    }

    fn asked(&self, figure: &ReleaseFigure, area: AreaCode) -> Option<AskedSum<'_>> {
        let set = &self.cells.get(&(figure.name, area))?.set;
        let whole = match figure.whole {
            None => None,
            Some(whole) => Some((whole, &self.cells.get(&(whole, area))?.set)),
        };
        Some(AskedSum { figure: figure.name, set, whole })
    }

    /// Takes in what an earlier release told of these cells.
    pub fn remember(&self, earlier: &Earlier, ledger: &mut Ledger) {
        for cell in earlier.released.cells.iter().filter(|cell| cell.sum.is_some()) {
            let figure = release_figure(&cell.figure);
            if let Some(asked) = figure.and_then(|figure| self.asked(figure, earlier.area)) {
                ledger.remember(asked);
            }
        }
    }

    /// Decides which cells are told, and adds those up. The order rests on open facts alone: wholes before parts,
    /// provinces before what lies in them, more IKMs before fewer.
    ///
    /// # Errors
    /// When a told sum is too large.
    pub fn suppress(
        &self,
        ledger: &mut Ledger,
        entries: &BTreeMap<&'static str, BTreeMap<ReportIndex, LedgerEntry>>,
    ) -> Result<Vec<ReleaseCell>, SumOverflow> {
        let mut cells = Vec::with_capacity(self.cells.len());
        let mut told: BTreeSet<(&'static str, AreaCode)> = BTreeSet::new();
        for figure in &FIGURES {
            let mut of: Vec<(AreaCode, &Members)> = self
                .cells
                .iter()
                .filter(|((name, _), _)| *name == figure.name)
                .map(|((_, area), members)| (*area, members))
                .collect();
            of.sort_by_key(|(area, members)| {
                (*area != area.province(), std::cmp::Reverse(members.ikms.len()), *area)
            });
            for (area, members) in of {
                let has_whole = figure.whole.is_none_or(|whole| told.contains(&(whole, area)));
                let is_told = has_whole && self.asked(figure, area).is_some_and(|asked| ledger.tell(asked));
                let overflow = SumOverflow { area, figure: figure.name };
                let (sum, withheld) = if is_told {
                    told.insert((figure.name, area));
                    (Some(add_up(members, entries.get(figure.name)).ok_or(overflow)?), None)
                } else if members.ikms.len() < FEWEST_TOLD_IKMS as usize {
                    (None, Some(Reason::FewIkms))
                } else {
                    (None, Some(Reason::TellsOne))
                };
                let ikms = u32::try_from(members.ikms.len()).map_err(|_| overflow)?;
                let Members { unseen, erased, .. } = *members;
                cells.push(ReleaseCell { area, figure: figure.name, ikms, unseen, erased, sum, withheld });
            }
        }
        Ok(cells)
    }
}

/// None when the sum is no number that a record can hold.
fn add_up(members: &Members, entries: Option<&BTreeMap<ReportIndex, LedgerEntry>>) -> Option<i64> {
    let value = |report: &ReportIndex| entries?.get(report)?.value;
    let sum = members.set.iter().try_fold(0i64, |sum, report| sum.checked_add(value(report)?))?;
    (sum < 1 << 53).then_some(sum)
}

/// The entries of every figure, from what can be read.
pub fn entries(
    layouts: &[&ReleaseTable],
    of: impl Fn(ReportIndex) -> Option<(Uuid, Period)>,
    value: impl Fn(ReportIndex, &'static str) -> Option<i64>,
) -> BTreeMap<&'static str, BTreeMap<ReportIndex, LedgerEntry>> {
    let mut entries: BTreeMap<&'static str, BTreeMap<ReportIndex, LedgerEntry>> = BTreeMap::new();
    for (figure, report) in layouts.iter().flat_map(|layout| layout.given()) {
        if let (Some((ikm, days)), Some(declared)) = (of(report), release_figure(figure)) {
            let entry = LedgerEntry { ikm, days, value: value(report, declared.field) };
            entries.entry(figure).or_default().insert(report, entry);
        }
    }
    entries
}

/// Decides a table: what was told before, then what is told now.
///
/// # Errors
/// When a told sum is too large.
pub fn decide_table(
    rule: Rule,
    now: &ReleaseTable,
    before: &[(&Earlier, &ReleaseTable)],
    entries: &BTreeMap<&'static str, BTreeMap<ReportIndex, LedgerEntry>>,
) -> Result<Vec<ReleaseCell>, SumOverflow> {
    let mut ledger = Ledger::new(rule, entries.clone());
    for (earlier, layout) in before {
        layout.remember(earlier, &mut ledger);
    }
    now.suppress(&mut ledger, entries)
}

/// The period that an earlier release is about.
impl Earlier {
    /// Days, day of release and log size: what its cells follow from.
    #[must_use]
    pub fn question(&self) -> (Period, Date, u64) {
        let size = u64::try_from(self.released.log_size.get()).unwrap_or_default();
        (self.released.period, self.day, size)
    }
}
