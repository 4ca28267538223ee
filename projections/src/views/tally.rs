//! Counting: from what a view gives credit for to figures, areas, breakdowns and members.
//!
//! Everything is sorted before it is counted, so the result does not depend on the order in which the
//! credits came.

mod context;
mod known;
mod means;
mod members;
mod only;

use std::collections::BTreeSet;
use std::hash::Hash;
use std::num::NonZeroU16;

use jejak_events::area::AreaCode;
use jejak_events::identity::ProgramId;
use jejak_events::types::Scale;
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::values::Date;

use self::known::KnownFigure;
pub(super) use self::means::part_of;
use self::means::{Observed, mean_percent, median};
use super::FigureDeclaration;
use super::aliases::Survivor;
use super::scope::{NumberMap, Scope};
use crate::answer::{
    AreaRow, AttestedBasis, BasisEvents, Breakdown, BreakdownRow, FIGURE_LIMIT, Figure, FigureUnit, Member,
};
use crate::facts::{CodeId, Facts, Id, IssuerId};

/// Minutes of one lesson hour (JP).
const LESSON_HOUR: u64 = 45;

/// Where a credit counts: the figure of the whole, that of its area, and those of its values in the breakdowns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// In all of them.
    Everywhere,
    /// In the whole only. What counts in a part need not count in the whole, such as a verdict that another
    /// programme's later one overtook.
    Total,
    /// In its area only.
    Area,
    /// In one breakdown only, by its place.
    Breakdown(u8),
}

/// Who is counted, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Counted {
    Ikm(Survivor),
    Person(Survivor),
    Session(Id),
    Program(Id),
    Sentra(Id),
    Area(AreaCode),
    Claim(Id),
}

/// A value of a breakdown, or what tells apart two things of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    Code(CodeId),
    Id(Id),
    Scale(Option<Scale>),
    /// A word of the view's own; behind a reference, as there are many keys and this one sets their size.
    Word(&'static &'static str),
    /// What came of a check of a claim.
    Verdict(ClaimVerdict),
    /// What a programme means to reach: by its place among those of the programme, and of which figure, or none.
    Target(Id, u16, CodeId),
    /// What is aimed at in an area: by the index that sets it, and of which figure, or none.
    AreaTarget(u64, CodeId),
    /// A finding, in a programme.
    Finding(Id, CodeId),
    /// A criterion of a scheme.
    Criterion(CodeId, CodeId),
    /// An office of an area.
    Office(AreaCode, CodeId),
    /// Events that an office recorded as many days after they happened, and how many.
    DaysAfter(CodeId, u16, u32),
    /// A year.
    Year(u16),
    /// A source of money, and a fiscal year where it is said.
    SourceYear(CodeId, Option<NonZeroU16>),
    /// A day.
    Day(Date),
    /// Something on a day.
    OnDay(Id, Date),
    /// A day in a programme, for an area.
    DayIn(Id, Date, Option<AreaCode>),
    /// An institution that issues certificates.
    Issuer(IssuerId),
    /// No row of a breakdown.
    NoRow,
    /// The event at an index.
    Event(u64),
}

impl Key {
    fn text(self, facts: &Facts) -> Option<String> {
        match self {
            Self::Code(code) => facts.code(code).map(|code| code.to_string()),
            Self::Id(id) => facts.uuid(id).map(|id| id.to_string()),
            Self::Scale(scale) => scale.map(|scale| scale.name().to_owned()),
            Self::Word(word) => Some((*word).to_owned()),
            Self::Verdict(verdict) => Some(verdict.name().to_owned()),
            Self::Target(program, place, figure) => {
                let program = facts.uuid(program)?;
                let figure = facts.code(figure).filter(|_| figure != CodeId::NONE);
                Some(figure.map_or_else(
                    || format!("{program}/{}", place + 1),
                    |figure| format!("{program}/{}", &**figure),
                ))
            }
            Self::AreaTarget(index, figure) => {
                let figure = facts.code(figure).filter(|_| figure != CodeId::NONE);
                Some(figure.map_or_else(|| index.to_string(), |figure| format!("{index}/{}", &**figure)))
            }
            Self::Finding(_, code) | Self::DaysAfter(code, ..) => {
                facts.code(code).map(|code| code.to_string())
            }
            Self::Criterion(scheme, criterion) => {
                let (scheme, criterion) = (facts.code(scheme)?, facts.code(criterion)?);
                Some(format!("{scheme}/{criterion}", scheme = &**scheme, criterion = &**criterion))
            }
            Self::Office(area, office) => {
                facts.code(office).map(|office| format!("{area}:{office}", office = &**office))
            }
            Self::Year(year) => Some(year.to_string()),
            Self::SourceYear(source, year) => {
                let source = facts.code(source)?;
                Some(year.map_or_else(
                    || source.to_string(),
                    |year| format!("{source}/{year}", source = &**source),
                ))
            }
            Self::Day(day) => Some(day.to_string()),
            Self::OnDay(id, day) => facts.uuid(id).map(|id| format!("{id}/{day}")),
            Self::DayIn(program, day, _) => facts.uuid(program).map(|program| format!("{program}/{day}")),
            Self::Issuer(issuer) => facts.issuer(issuer).map(|issuer| issuer.to_string()),
            Self::NoRow => None,
            Self::Event(index) => Some(index.to_string()),
        }
    }
}

/// Most breakdowns of a view.
pub(super) const KEYS: usize = 4;

/// One thing that counts in one figure.
#[derive(Clone, Copy)]
pub(super) struct Credit {
    /// Place of the figure in the view's declaration.
    pub(super) figure: usize,
    /// Who it is put down to.
    pub(super) who: Counted,
    /// What makes it a thing of its own beside `who`, such as the exhibition of a participation.
    pub(super) at: Key,
    /// What it adds to the figure: 1 where things are counted, an amount where they are added up, [`part_of`] where the mean
    /// is taken in percent.
    pub(super) amount: u64,
    /// Its area.
    pub(super) area: Option<AreaCode>,
    /// Its value in each breakdown of the view, in declared order; the rest is not looked at.
    pub(super) keys: [Key; KEYS],
    /// The events behind it.
    pub(super) events: Events,
}

/// No breakdown, and nothing that tells apart.
pub(super) const NO_KEY: Key = Key::Code(CodeId::NONE);

/// The events behind one or more credits, kept by the tally.
#[derive(Clone, Copy)]
pub(super) struct Events {
    start: usize,
    end: usize,
}

/// A credit as it is kept: there may be as many as the log has events, so that every byte counts.
#[derive(Clone, Copy)]
struct KeptCredit {
    figure: u8,
    who: Counted,
    at: Key,
    amount: u64,
    area: Option<AreaCode>,
    events: Events,
    /// How many credits came before it.
    place: u32,
    /// Where its values in the breakdowns stand.
    keys: u32,
    cut: Cut,
    /// Whether it is the first of its thing, once they are sorted.
    is_first: bool,
}

/// A figure that adds up to more than [`FIGURE_LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge {
    /// The figure.
    pub(super) figure: &'static str,
}

/// Collects credits.
pub(super) struct Tally {
    figures: &'static [FigureDeclaration],
    breakdowns: &'static [&'static str],
    credits: Vec<KeptCredit>,
    /// The values in the breakdowns that the view has, credit by credit.
    keys: Vec<Key>,
    events: Vec<u64>,
    context: Vec<u64>,
    /// The programme whose opening was noted last.
    last_program: Option<Id>,
    bases: Vec<AttestedBasis>,
    days: NumberMap<Counted, Date>,
    /// How many credits came before each noted day, whose it is, and the day.
    noted_days: Vec<(u32, Counted, Date)>,
    /// How many credits came before each of `bases`.
    places_of_bases: Vec<u32>,
    /// Whether the events behind the credits are noted: only members need them.
    is_traced: bool,
    /// Whether it is to be narrowed to a row, of which any credit may be part.
    pub(super) is_narrowed: bool,
    /// What somebody's figures of their own unit count, by who and what makes each a thing of its own.
    units: NumberMap<(Counted, Key), FigureUnit>,
    /// By place of the breakdown and value: the day that a row goes by.
    row_days: NumberMap<(usize, Key), Date>,
    /// Figures that are known without anything that counts.
    known: BTreeSet<KnownFigure>,
    last_known: Option<KnownFigure>,
    /// Where something counts beside those figures.
    counted: BTreeSet<KnownFigure>,
    /// Figures that are known everywhere.
    always: Vec<bool>,
    /// Figures of the whole and of areas that mean nothing.
    without_total: Vec<bool>,
    /// Figures that would add up unlike things: in the whole, or in an area.
    unlike: Vec<(usize, Option<AreaCode>)>,
    too_large: Option<TooLarge>,
}

/// All that is counted.
pub(super) struct Totals {
    pub(super) figures: Vec<Figure>,
    pub(super) by_area: Vec<AreaRow>,
    pub(super) breakdowns: Vec<Breakdown>,
    pub(super) members: Vec<Member>,
    /// Who counts in the figure that is wanted alone.
    pub(super) alone: Vec<Member>,
    pub(super) context: Vec<u64>,
    pub(super) bases: Vec<AttestedBasis>,
}

impl Tally {
    /// Nothing counted yet, for a view with these figures and breakdowns.
    pub(super) fn new(figures: &'static [FigureDeclaration], breakdowns: &'static [&'static str]) -> Self {
        Self {
            figures,
            breakdowns,
            credits: Vec::new(),
            keys: Vec::new(),
            events: Vec::new(),
            context: Vec::new(),
            last_program: None,
            bases: Vec::new(),
            days: NumberMap::default(),
            noted_days: Vec::new(),
            places_of_bases: Vec::new(),
            is_traced: true,
            is_narrowed: false,
            units: NumberMap::default(),
            row_days: NumberMap::default(),
            known: BTreeSet::new(),
            last_known: None,
            counted: BTreeSet::new(),
            unlike: Vec::new(),
            always: figures.iter().map(|figure| !figure.unit.is_said()).collect(),
            without_total: vec![false; figures.len()],
            too_large: None,
        }
    }

    /// The same for [`Tally::total`], which needs no events.
    pub(super) fn of_figures(
        figures: &'static [FigureDeclaration],
        breakdowns: &'static [&'static str],
    ) -> Self {
        Self { is_traced: false, ..Self::new(figures, breakdowns) }
    }

    /// Counts something.
    pub(super) fn credit(&mut self, credit: Credit) {
        self.credit_in(Cut::Everywhere, credit);
    }

    /// Says that a figure is known everywhere, also where nothing counts in it.
    pub(super) fn always_known(&mut self, figure: usize) {
        self.always[figure] = true;
    }

    /// Says that a figure would add up unlike things in an area, or in the whole where none is named.
    pub(super) fn unlike(&mut self, figure: usize, area: Option<AreaCode>) {
        self.unlike.push((figure, area));
    }

    /// Says that a figure means nothing for the whole and for areas: only rows of a breakdown do.
    pub(super) fn without_total(&mut self, figure: usize) {
        self.without_total[figure] = true;
    }

    /// Counts something in some of the figures only. What a person does in their own name is of no IKM, and counts as
    /// none.
    pub(super) fn credit_in(&mut self, cut: Cut, credit: Credit) {
        let Credit { figure, who, at, amount, area, keys: values, events } = credit;
        if matches!(who, Counted::Ikm(ikm) if !ikm.0.is_some()) {
            return;
        }
        let (place, is_first) = (count(self.credits.len()), false);
        let values = &values[..self.breakdowns.len()];
        // Credits that follow each other mostly count in the same rows.
        if !self.keys.ends_with(values) {
            self.keys.extend_from_slice(values);
        }
        let keys = count(self.keys.len() - values.len());
        let figure = figure_number(figure);
        self.credits.push(KeptCredit { figure, who, at, amount, area, events, place, keys, cut, is_first });
    }

    /// Whether who counts in a cut is listed among the members, with the events behind it.
    pub(super) fn lists(&self, cut: Cut) -> bool {
        self.is_traced && (self.is_narrowed || matches!(cut, Cut::Everywhere | Cut::Total))
    }

    /// Notes events for credits that follow.
    pub(super) fn events(&mut self, add: impl FnOnce(&mut Vec<u64>)) -> Events {
        let start = self.events.len();
        if self.is_traced {
            add(&mut self.events);
        }
        Events { start, end: self.events.len() }
    }

    /// Notes the day that somebody's counting goes by, before the credits that it is about; of several the earliest stays.
    pub(super) fn dated(&mut self, who: Counted, day: Date) {
        self.noted_days.push((count(self.credits.len()), who, day));
        let earliest = self.days.entry(who).or_insert(day);
        *earliest = (*earliest).min(day);
    }

    /// Notes the day that a row of a breakdown goes by, such as the due day of a target.
    pub(super) fn row_day(&mut self, breakdown: usize, key: Key, day: Date) {
        self.row_days.insert((breakdown, key), day);
    }

    /// Notes what is counted of somebody, in figures whose unit is that of each target or claim.
    pub(super) fn counts_in(&mut self, who: Counted, at: Key, unit: FigureUnit) {
        self.units.insert((who, at), unit);
    }

    /// Notes that a figure which this count rests on is too large: there is no count then.
    pub(super) fn rest_on_too_large(&mut self, figure: TooLarge) {
        self.too_large = Some(figure);
    }

    /// Notes an event whose sealed figures belong to the sums beside the view, right before the credit that it is about.
    pub(super) fn rest_on(&mut self, scope: &Scope<'_>, ikm: Survivor, program: Id, events: BasisEvents) {
        let facts = scope.facts;
        let area = scope.ikm_area(ikm);
        let program = facts.uuid(program).and_then(ProgramId::new);
        self.places_of_bases.push(count(self.credits.len()));
        self.bases.push(AttestedBasis { area, events, ikm: facts.uuid(ikm.0).unwrap_or_default(), program });
    }

    /// Counts all credits, each distinct thing once per figure, area and value. `alone` is the place of the figure whose
    /// members are wanted as they count in it alone.
    ///
    /// # Errors
    /// When a figure is too large.
    pub(super) fn finish(mut self, scope: &Scope<'_>, alone: Option<usize>) -> Result<Totals, TooLarge> {
        self.sort()?;
        let breakdowns = self.breakdowns;
        let broken_down = |(column, by): (usize, &&'static str)| {
            let row = |(key, figures)| BreakdownRow {
                day: self.row_days.get(&(column, key)).copied(),
                figures,
                key: key.text(scope.facts),
            };
            let mut rows: Vec<BreakdownRow> = self.rows_of(column)?.map(row).collect();
            rows.sort_by(|left, right| left.key.cmp(&right.key));
            Ok(Breakdown { by, rows })
        };
        let breakdowns = breakdowns.iter().enumerate().map(broken_down).collect::<Result<_, TooLarge>>()?;
        let says_nothing = self.without_total.iter().all(|without| *without);
        let by_area = self
            .count_by(|cut| cut == Cut::Area, |credit| credit.area, |known| known.area)?
            .filter(|_| !says_nothing)
            // An area row without its area never adds up unlike things.
            .map(|(area, figures)| AreaRow {
                area,
                figures: if area.is_some() { self.only_meant(area, figures) } else { figures },
            })
            .collect();
        let figures = self.whole()?;
        self.context.sort_unstable();
        self.context.dedup();
        let mut bases: Vec<AttestedBasis> = std::mem::take(&mut self.bases);
        bases.sort_unstable();
        bases.dedup();
        Ok(Totals {
            figures,
            by_area,
            breakdowns,
            members: self.members(scope.facts, None),
            alone: alone.map(|figure| self.members(scope.facts, Some(figure))).unwrap_or_default(),
            context: self.context,
            bases,
        })
    }

    /// Counts the figures of the whole, as [`Tally::finish`] does.
    ///
    /// # Errors
    /// When one is too large.
    pub(super) fn total(mut self) -> Result<Vec<Figure>, TooLarge> {
        self.sort()?;
        self.whole()
    }

    /// Brings the credits of one thing together.
    ///
    /// # Errors
    /// When the count rests on a figure that is too large.
    fn sort(&mut self) -> Result<(), TooLarge> {
        // There may be many: their ranks are sorted, and each is moved once.
        let mut ranks: Vec<(u64, u32)> = self.credits.iter().map(rank).zip(0..).collect();
        ranks.sort_unstable();
        self.credits = ranks.iter().map(|(_, place)| self.credits[*place as usize]).collect();
        for credits in self.credits.chunk_by_mut(|left, right| rank(left) == rank(right)) {
            if credits.len() > 1 {
                // Those of one thing stay as they came, for the first says the amount.
                credits.sort_unstable_by_key(|credit| (credit.at, credit.place));
            }
            let mut last = None;
            for credit in credits {
                credit.is_first = last != Some(credit.at);
                last = Some(credit.at);
            }
        }
        self.note_counted();
        self.too_large.map_or(Ok(()), Err)
    }

    /// The rows of one breakdown alone, by the value of each.
    ///
    /// # Errors
    /// When a figure is too large.
    pub(super) fn rows(mut self, column: usize) -> Result<Vec<(Key, Vec<Figure>)>, TooLarge> {
        self.sort()?;
        Ok(self.rows_of(column)?.collect())
    }

    /// The rows of a breakdown, from sorted credits.
    fn rows_of(&self, column: usize) -> Result<impl Iterator<Item = (Key, Vec<Figure>)>, TooLarge> {
        let counts = self.count_by(
            |cut| matches!(cut, Cut::Breakdown(place) if usize::from(place) == column),
            |credit| self.keys[credit.keys as usize + column],
            |known| known.keys[column],
        )?;
        Ok(counts.filter(|(key, _)| *key != Key::NoRow))
    }

    /// The figures of the whole, from sorted credits.
    fn whole(&self) -> Result<Vec<Figure>, TooLarge> {
        let total = self.count_by(|cut| cut == Cut::Total, |_| (), |_| ())?.next();
        let figures = total.map_or_else(
            || {
                let mut none = self.nothing();
                self.known_in(|_| ()).into_iter().for_each(|((), figure)| none[figure].value = Some(0));
                none
            },
            |(_, figures)| figures,
        );
        Ok(self.only_meant(None, figures))
    }

    /// The figures without those that mean nothing in an area, or in the whole where none is named.
    fn only_meant(&self, area: Option<AreaCode>, mut figures: Vec<Figure>) -> Vec<Figure> {
        for (place, figure) in figures.iter_mut().enumerate() {
            let means = !self.without_total[place] && !self.unlike.contains(&(place, area));
            figure.value = figure.value.filter(|_| means);
            if figure.value.is_none() {
                figure.unit = self.figures[place].unit;
            }
        }
        figures
    }

    /// What a row says in which nothing counts: 0 where that is known.
    fn nothing(&self) -> Vec<Figure> {
        let figure = |(declared, always): (&FigureDeclaration, &bool)| Figure {
            name: declared.name,
            unit: declared.unit,
            value: always.then_some(0),
        };
        self.figures.iter().zip(&self.always).map(figure).collect()
    }

    /// Counts each thing once under each of its keys, in the order of the keys; `also` says which cut counts
    /// besides [`Cut::Everywhere`].
    fn count_by<K: Ord + Hash + Copy>(
        &self,
        also: impl Fn(Cut) -> bool,
        key: impl Fn(&KeptCredit) -> K,
        key_of_known: impl Fn(&KnownFigure) -> K,
    ) -> Result<std::vec::IntoIter<(K, Vec<Figure>)>, TooLarge> {
        let counts_here = |credit: &&KeptCredit| credit.cut == Cut::Everywhere || also(credit.cut);
        let mut counts: NumberMap<K, Vec<Figure>> = NumberMap::default();
        let mut gathered: NumberMap<(K, usize), Vec<Observed>> = NumberMap::default();
        let mut units: NumberMap<(K, usize), FigureUnit> = NumberMap::default();
        let mut keys = Vec::new();
        for credits in self.credits.chunk_by(|_, next| !next.is_first) {
            keys.clear();
            keys.extend(credits.iter().filter(counts_here).map(|credit| (key(credit), credit.amount)));
            if keys.len() > 1 {
                // Of credits of one thing and key the first says the amount.
                keys.sort_by_key(|(key, _)| *key);
                keys.dedup_by_key(|(key, _)| *key);
            }
            for (key, amount) in &keys {
                let figures = counts.entry(*key).or_insert_with(|| self.nothing());
                let place = usize::from(credits[0].figure);
                let figure = &mut figures[place];
                if matches!(figure.unit, FigureUnit::MedianDays | FigureUnit::Percent) {
                    let times = if let Key::DaysAfter(_, _, times) = credits[0].at { times } else { 1 };
                    gathered.entry((*key, place)).or_default().push((*amount, times.into()));
                    continue;
                }
                let sum = figure.value.unwrap_or(0).checked_add(*amount).filter(|sum| *sum <= FIGURE_LIMIT);
                figure.value = Some(sum.ok_or(TooLarge { figure: figure.name })?);
                if figure.unit.is_of_its_own()
                    && let Some(unit) = self.units.get(&(credits[0].who, credits[0].at))
                {
                    units.insert((*key, place), *unit);
                }
            }
        }
        for ((key, place), observed) in gathered {
            if let Some(figures) = counts.get_mut(&key) {
                let of_days = figures[place].unit == FigureUnit::MedianDays;
                figures[place].value = if of_days { median(observed) } else { mean_percent(&observed) };
            }
        }
        for figure in counts.values_mut().flatten().filter(|one| one.unit == FigureUnit::LessonHour) {
            figure.value = figure.value.map(|minutes| minutes.saturating_add(LESSON_HOUR / 2) / LESSON_HOUR);
        }
        for (key, figure) in self.known_in(key_of_known) {
            if let Some(figures) = counts.get_mut(&key) {
                figures[figure].value.get_or_insert(0);
            }
        }
        for ((key, place), unit) in units {
            if let Some(figures) = counts.get_mut(&key) {
                figures[place].unit = unit;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(key, _)| *key);
        Ok(counts.into_iter())
    }
}

/// Who is counted in which figure, in the order of both, as one number: there are many to compare. What is counted once
/// is this and where.
fn rank(credit: &KeptCredit) -> u64 {
    let number = |id: Id| id.number() as u64;
    let (kind, who) = match credit.who {
        Counted::Ikm(ikm) => (0, number(ikm.0)),
        Counted::Person(person) => (1, number(person.0)),
        Counted::Session(session) => (2, number(session)),
        Counted::Program(program) => (3, number(program)),
        Counted::Sentra(sentra) => (4, number(sentra)),
        Counted::Area(area) => (5, u64::from(area.number())),
        Counted::Claim(claim) => (6, number(claim)),
    };
    // An identifier has 32 bits, and no view has 256 figures.
    (kind << 40) | (who << 8) | u64::from(credit.figure)
}

/// Of credits, or of their keys, by four bytes.
#[expect(clippy::expect_used, reason = "credits by the thousand million do not fit in memory")]
fn count(length: usize) -> u32 {
    u32::try_from(length).expect("fewer credits than 2^32")
}

#[expect(clippy::expect_used, reason = "views are declared in this crate")]
fn figure_number(figure: usize) -> u8 {
    u8::try_from(figure).expect("a view has fewer figures than 256")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_is_kept_in_few_bytes() {
        assert_eq!(size_of::<Key>(), 16);
        assert!(size_of::<KeptCredit>() <= 64, "{}", size_of::<KeptCredit>());
    }
}
