//! What may be told: the arithmetic of disclosure control, over sets of reports. Pure.
//!
//! Every sum that was ever told is a sum over a set of reports. Such sets cut the reports into *atoms*: two reports
//! are in one atom when every told set holds both or neither. Whatever is worked out of told sums by adding and
//! subtracting (margins, complements, two areas, two releases) is a sum over whole atoms, so a reader never knows
//! more than the sums of the atoms. [`Ledger`] takes a set only when each atom that it makes is safe by itself
//! ([`Rule`]): then any report of an atom may be anything from 0 up to all of the atom, and so no figure follows, not
//! to within ten percent either, also not for two IKMs of the atom who put together what they know.
//!
//! A part (women) is never larger than its whole (workers), so sums of parts bound those of the whole. A part is told
//! only where its whole is, what is left of the whole counts as a figure of its own, and `Ledger::is_loose` holds
//! the two together where not everybody gives the part.
//!
//! A correction or a second report often says the same again, and an IKM has about as many workers this quarter as the
//! last one. So two sets of different reports are held against each other, too (the module `alike`): where the
//! same IKMs stand behind both, what entered, left or was corrected must not be the rest. Several told sets that share
//! nobody count as one there.
//!
//! Nothing here may look at why a set was asked for, and no set that was told is ever forgotten.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::types::Period;
use jejak_projections::views::releases::{ReportKind, release_figure};
use uuid::Uuid;

use super::alike::{SumFigures, is_beyond_guessing, is_beyond_guessing_together};
use super::atoms::Atoms;
pub use super::atoms::ReportIndex;
use crate::rules::FEWEST_TOLD_IKMS;

/// When an atom is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Fewest IKMs.
    pub fewest_ikms: usize,
    /// The share that one IKM has at most, in percent.
    pub most_percent: i128,
    /// Two IKMs that know their own figures must not tell a third's to within so many percent (p%-rule).
    pub within_percent: i128,
}

/// The rule of releases (`docs/domain.md`, section 3). Of three IKMs any two could tell the third's figure, so four are the
/// fewest; a sum of 0 tells that each is 0.
pub const RULE: Rule = Rule { fewest_ikms: FEWEST_TOLD_IKMS as usize, most_percent: 80, within_percent: 10 };

/// What one IKM has in a sum.
#[derive(Clone, Copy, Debug, Default)]
struct IkmShare {
    figure: i128,
    /// What of it could be another one's: all but what everybody knows to be there.
    play: i128,
}

impl Rule {
    /// Whether the sum of these, one for each IKM, tells nobody's to within the rule.
    fn is_safe(self, by_ikm: &[IkmShare]) -> bool {
        let total: i128 = by_ikm.iter().map(|share| share.figure).sum();
        let largest = by_ikm.iter().map(|share| share.figure).max().unwrap_or(0);
        by_ikm.len() >= self.fewest_ikms
            && largest * 100 <= total * self.most_percent
            && self.has_play(
                by_ikm.iter().map(|share| share.play).collect(),
                by_ikm.iter().map(|share| (share.play, share.figure)),
            )
    }

    /// Whether there is enough play around each figure, beside its IKM's own and that of the two others that have
    /// the most. `figures`: own play and figure.
    pub(super) fn has_play(
        self,
        mut plays: Vec<i128>,
        mut figures: impl Iterator<Item = (i128, i128)>,
    ) -> bool {
        plays.sort_unstable_by(|left, right| right.cmp(left));
        let (total, first): (i128, i128) = (plays.iter().sum(), plays.iter().take(3).sum());
        let third = plays.get(2).copied().unwrap_or(0);
        // Of the three largest, one is its own or the third: the other two know.
        figures.all(|(own, figure)| self.is_apart(total - own - (first - own.max(third)), figure))
    }

    /// Whether so much play around a figure is more than the rule's percent of it. A figure of 0 wants some, too.
    fn is_apart(self, play: i128, figure: i128) -> bool {
        self.within_percent == 0 || play * 100 > figure * self.within_percent
    }
}

/// A figure of one report, as far as it can be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The IKM as it counts now; all IKMs of one owner count as one, for the owner knows them all.
    pub ikm: Uuid,
    /// The days that the report is about.
    pub days: Period,
    /// The figure; none where it was erased.
    pub value: Option<i64>,
}

/// What everybody knows to be there: an IKM that reports its workforce has one worker at least. Five workers of five
/// IKMs would be one of each.
fn least_of(figure: &str) -> i128 {
    i128::from(figure == "workers")
}

/// A sum that is asked for, or was told.
#[derive(Clone, Copy, Debug)]
pub struct AskedSum<'a> {
    /// The figure.
    pub figure: &'static str,
    /// The reports that give it.
    pub set: &'a BTreeSet<ReportIndex>,
    /// The figure that it is a part of, and the reports of the same cell that give that one.
    pub whole: Option<(&'static str, &'a BTreeSet<ReportIndex>)>,
}

/// A figure, or what is left of its whole without it.
type FigureSide = (&'static str, bool);

/// Everything that was told.
#[derive(Clone, Debug)]
pub struct Ledger {
    rule: Rule,
    entries: BTreeMap<&'static str, BTreeMap<ReportIndex, LedgerEntry>>,
    told: BTreeMap<&'static str, Atoms>,
    /// By part: what is left of its whole.
    left: BTreeMap<&'static str, Atoms>,
    /// Parts by their whole.
    parts: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Every set whose sum was told.
    sets: BTreeMap<FigureSide, Vec<BTreeSet<ReportIndex>>>,
}

impl Ledger {
    /// Nothing told yet. `entries` must hold every report of every set that comes.
    #[must_use]
    pub fn new(rule: Rule, entries: BTreeMap<&'static str, BTreeMap<ReportIndex, LedgerEntry>>) -> Self {
        let (told, left, parts, sets) = Default::default();
        Self { rule, entries, told, left, parts, sets }
    }

    /// Takes in what was told before, safe or not.
    pub fn remember(&mut self, asked: AskedSum<'_>) {
        if let Some((whole, of)) = asked.whole {
            self.parts.entry(whole).or_default().insert(asked.figure);
            let left = self.left.entry(asked.figure).or_default();
            left.adopt(left.cut(of));
            self.sets.entry((asked.figure, true)).or_default().push(of.clone());
        }
        let told = self.told.entry(asked.figure).or_default();
        told.adopt(told.cut(asked.set));
        self.sets.entry((asked.figure, false)).or_default().push(asked.set.clone());
    }

    /// Tells a sum if that is safe after all that was told; answers whether it did.
    pub fn tell(&mut self, asked: AskedSum<'_>) -> bool {
        let empty = Atoms::default();
        let told = self.told.get(asked.figure).unwrap_or(&empty);
        let made = told.cut(asked.set);
        let value = |report: &ReportIndex| self.share(asked.figure, *report);
        if asked.set.is_empty()
            || !made.iter().all(|atom| self.is_safe(atom, value))
            || !self.is_beyond_guessing(
                ((asked.figure, false), asked.figure),
                asked.set,
                (told, &made),
                value,
            )
        {
            return false;
        }
        let is_loose = match asked.whole {
            None => made.iter().all(|atom| self.is_loose(asked.figure, atom, None)),
            Some((whole, of)) => {
                let left = self.left.get(asked.figure).unwrap_or(&empty);
                let made = left.cut(of);
                let rest = |report: &ReportIndex| self.rest(whole, asked.figure, *report);
                let around = self.told.get(whole).unwrap_or(&empty).around(of);
                made.iter().all(|atom| self.is_safe(atom, rest))
                    && self.is_beyond_guessing(((asked.figure, true), whole), of, (left, &made), rest)
                    && around.iter().all(|atom| self.is_loose(whole, atom, Some(asked)))
            }
        };
        if is_loose {
            self.remember(asked);
        }
        is_loose
    }

    fn entry(&self, figure: &str, report: ReportIndex) -> Option<(Uuid, i128)> {
        let entry = self.entries.get(figure)?.get(&report)?;
        Some((entry.ikm, i128::from(entry.value?)))
    }

    fn share(&self, figure: &str, report: ReportIndex) -> Option<(Uuid, IkmShare)> {
        let (ikm, of) = self.entry(figure, report)?;
        Some((ikm, IkmShare { figure: of, play: (of - least_of(figure)).max(0) }))
    }

    /// What is left of a whole without its part; all of it where the part is not given.
    fn rest(&self, whole: &str, part: &str, report: ReportIndex) -> Option<(Uuid, IkmShare)> {
        let (ikm, of) = self.entry(whole, report)?;
        let left = match self.entries.get(part).and_then(|entries| entries.get(&report)) {
            None => of,
            Some(entry) => (of - i128::from(entry.value?)).max(0),
        };
        Some((ikm, IkmShare { figure: left, play: left }))
    }

    /// Whether an atom is safe by itself. One with an erased figure is not: nobody can look any more.
    fn is_safe(
        &self,
        atom: &BTreeSet<ReportIndex>,
        value: impl Fn(&ReportIndex) -> Option<(Uuid, IkmShare)>,
    ) -> bool {
        let mut by_ikm: BTreeMap<Uuid, IkmShare> = BTreeMap::new();
        for report in atom {
            let Some((ikm, IkmShare { figure, play })) = value(report) else { return false };
            let own = by_ikm.entry(ikm).or_default();
            (own.figure, own.play) = (own.figure + figure, own.play + play);
        }
        self.rule.is_safe(&by_ikm.into_values().collect::<Vec<_>>())
    }

    /// Whether a set, and each atom that it makes, says nothing new beside a told set or an atom of other reports of
    /// the same IKMs. `given` is the figure whose reports the sets are of.
    fn is_beyond_guessing(
        &self,
        (side, given): (FigureSide, &str),
        set: &BTreeSet<ReportIndex>,
        (known, made): (&Atoms, &[BTreeSet<ReportIndex>]),
        value: impl Fn(&ReportIndex) -> Option<(Uuid, IkmShare)>,
    ) -> bool {
        if made.is_empty() {
            return true;
        }
        let lasts = release_figure(given).is_some_and(|figure| figure.kind == ReportKind::Workforce);
        let figures = |set: &BTreeSet<ReportIndex>| {
            let mut figures = SumFigures::default();
            for report in set {
                if let Some(entry) = self.entries.get(given).and_then(|entries| entries.get(report)) {
                    figures.add(entry.ikm, entry.days, value(report).map(|(_, share)| share.figure), lasts);
                }
            }
            figures
        };
        let told = self.sets.get(&side).into_iter().flatten();
        let told: Vec<SumFigures> = told.chain(known.members.iter().chain(made)).map(figures).collect();
        let few = self.rule.fewest_ikms;
        std::iter::once(set).chain(made).map(figures).all(|new| {
            let wider = || told.iter().filter(|told| new.is_nearly_within(told, few));
            told.iter().all(|told| is_beyond_guessing(self.rule, told, &new))
                && is_beyond_guessing_together(self.rule, &new, &told, None)
                && wider().all(|whole| is_beyond_guessing_together(self.rule, whole, &told, Some(&new)))
        })
    }

    /// Whether, in an atom of a whole, each IKM could have more by the rule's percent although the told parts of the
    /// others keep some of the whole with them. What another one has can be thought to be this one's, together with
    /// the parts that both give; only as much as its other parts hold must stay with it. Where all give the same
    /// parts this follows from [`Rule::is_safe`].
    fn is_loose(&self, whole: &str, atom: &BTreeSet<ReportIndex>, more: Option<AskedSum<'_>>) -> bool {
        let parts: Vec<&'static str> = self.parts.get(whole).into_iter().flatten().copied().collect();
        let is_told = |part: &str, report: ReportIndex| {
            let now = more.is_some_and(|more| more.figure == part && more.set.contains(&report));
            now || self.told.get(part).is_some_and(|atoms| atoms.of.contains_key(&report))
        };
        let mut all: BTreeSet<&'static str> = parts.into_iter().collect();
        all.extend(more.map(|more| more.figure));
        let given: BTreeMap<ReportIndex, BTreeSet<&'static str>> = atom
            .iter()
            .map(|report| (*report, all.iter().copied().filter(|part| is_told(part, *report)).collect()))
            .collect();
        let kinds: BTreeSet<&BTreeSet<&'static str>> = given.values().collect();
        if kinds.len() < 2 {
            return true;
        }
        kinds.into_iter().all(|kind| self.is_loose_for(whole, &given, kind))
    }

    /// As [`Ledger::is_loose`], for the IKMs that give these parts.
    fn is_loose_for(
        &self,
        whole: &str,
        given: &BTreeMap<ReportIndex, BTreeSet<&'static str>>,
        kind: &BTreeSet<&'static str>,
    ) -> bool {
        let (mut play, mut own): (BTreeMap<Uuid, i128>, BTreeMap<Uuid, i128>) = Default::default();
        for (report, parts) in given {
            let Some((ikm, of)) = self.entry(whole, *report) else { return false };
            let held = parts.difference(kind).map(|part| self.entry(part, *report));
            let held: Option<Vec<i128>> = held.map(|part| Some(part?.1)).collect();
            let Some(held) = held else { return false };
            // Parts may overlap or not: both the largest and their sum would do to hold it; the sum is the safer.
            let held = held.iter().sum::<i128>().max(least_of(whole));
            *play.entry(ikm).or_default() += (of - held).max(0);
            if parts == kind {
                *own.entry(ikm).or_default() += of;
            }
        }
        let mut largest: Vec<(i128, Uuid)> = play.iter().map(|(ikm, play)| (*play, *ikm)).collect();
        largest.sort_unstable_by(|left, right| right.cmp(left));
        let total: i128 = play.values().sum();
        own.into_iter().all(|(ikm, figure)| {
            let partners = largest.iter().filter(|(_, other)| *other != ikm).take(2);
            let known: i128 = partners.map(|(play, _)| play).sum();
            let own_play = play.get(&ikm).copied().unwrap_or(0);
            self.rule.is_apart(total - own_play - known, figure)
        })
    }
}
