//! The views: each indicator with its name, version, written definition and rule.
//!
//! A new view is one file with a [`ViewDeclaration`] and one line in [`VIEWS`]. A changed definition
//! is a new version, never an edit of one that was released. A view is a pure function of the facts
//! and the question: it must never depend on how or when the facts were put together.

mod aliases;
mod assessed;
mod attendance;
mod attended;
mod beginners;
mod calendar;
pub(crate) mod causes;
mod certificates;
mod certified;
mod claims;
mod completed;
mod enrolled;
mod exhibited;
mod exported;
mod findings;
mod funnel;
mod hours;
mod jobs;
pub(crate) mod known;
mod overdue;
mod participated;
mod persons;
mod places;
mod population;
mod profiles;
mod programs;
pub mod quality;
mod reach;
mod registered;
pub mod releases;
mod repeaters;
mod reports;
mod roster;
mod schedules;
mod scope;
mod scores;
pub(crate) mod selection;
mod sentras;
mod sessions;
mod spending;
mod survival;
mod tally;
mod targets;
mod time_to;
mod trained;
mod validity;

use std::sync::{Arc, LazyLock};

use jejak_events::text::{LETTERS_PER_EDIT, edits, folded};

use crate::answer::{Answer, Figure, FigureUnit, Member, Words};
use crate::facts::Facts;
use crate::question::{BY_AREA, Filter, OnlyRow, Question, QuestionError};
use crate::series::SeriesRule;
use known::Known;
use scope::Scope;
use tally::{Tally, TooLarge};
pub use targets::{TargetScope, target_figures};

/// A figure that a view gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureDeclaration {
    /// Its name.
    pub name: &'static str,
    /// What it counts.
    pub unit: FigureUnit,
}

impl FigureDeclaration {
    const fn of_ikms(name: &'static str) -> Self {
        Self { name, unit: FigureUnit::Ikm }
    }
}

/// One figure of a view as a part of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareDeclaration {
    /// Its name.
    pub name: &'static str,
    /// The figure that is the part.
    pub part: &'static str,
    /// The figure that is the whole.
    pub whole: &'static str,
    /// Whether the part may be larger: what was reached may be more than what was meant, and what was counted
    /// more than what was claimed. Elsewhere the part lies within the whole.
    pub may_exceed: bool,
    /// The figure that counts what each has a part and a whole of its own, where the share is that of one alone: over
    /// several, what one has too much would hide what another one lacks.
    pub of_one: Option<&'static str>,
}

impl ShareDeclaration {
    /// A part that lies within its whole.
    const fn within(name: &'static str, part: &'static str, whole: &'static str) -> Self {
        Self { name, part, whole, may_exceed: false, of_one: None }
    }

    /// A figure held against another, which it may exceed.
    const fn against(name: &'static str, part: &'static str, whole: &'static str) -> Self {
        Self { name, part, whole, may_exceed: true, of_one: None }
    }

    /// The same, of one alone of what a figure counts.
    const fn of_one(self, counted: &'static str) -> Self {
        Self { of_one: Some(counted), ..self }
    }
}

/// A figure that rests on sealed fields of the events in [`Answer::bases`]. This crate cannot see them:
/// whoever holds the keys adds them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttestedDeclaration {
    /// Its name.
    pub name: &'static str,
    /// How it comes from the fields.
    pub rule: AttestedRule,
    /// The name in words.
    pub title: Words,
}

impl AttestedRule {
    /// Names of the fields that it rests on.
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        let (field, whole) = match self {
            Self::Sum { field, whole } => (field, whole),
            Self::MedianChange { field } | Self::SumOfPairs { field, .. } => (field, None),
            Self::Persons { wanted, .. } => (wanted.field(), None),
        };
        std::iter::once(field).chain(whole)
    }

    /// The persons that it is about, where it is about some.
    #[must_use]
    pub fn persons(self) -> Option<Persons> {
        match self {
            Self::Persons { of, .. } => Some(of),
            Self::Sum { .. } | Self::MedianChange { .. } | Self::SumOfPairs { .. } => None,
        }
    }
}

/// The persons behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Persons {
    /// The figure in which they count, or their IKMs do.
    pub figure: &'static str,
    /// Whether they are the owners of the IKMs that count in it.
    pub owners: bool,
}

/// What is asked of persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonTrait {
    /// Whether it is a woman.
    Woman,
    /// Whether the age that a person reaches in the year of the day lies within these years, both included.
    Aged {
        /// The least.
        from: Option<u16>,
        /// The most.
        to: Option<u16>,
    },
}

impl PersonTrait {
    /// The sealed field of a person's registration that says it.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Woman => "sex",
            Self::Aged { .. } => "birth_year",
        }
    }
}

/// Women, and three bands of age, among the persons of a figure.
const fn women_and_ages(figure: &'static str, names: [&'static str; 4]) -> [AttestedDeclaration; 4] {
    const fn one(
        figure: &'static str,
        wanted: PersonTrait,
        name: &'static str,
        title: Words,
    ) -> AttestedDeclaration {
        let of = Persons { figure, owners: false };
        AttestedDeclaration { name, rule: AttestedRule::Persons { of, wanted }, title }
    }
    const YOUNG: PersonTrait = PersonTrait::Aged { from: None, to: Some(34) };
    const MIDDLE: PersonTrait = PersonTrait::Aged { from: Some(35), to: Some(60) };
    const OLD: PersonTrait = PersonTrait::Aged { from: Some(61), to: None };
    let [women, young, middle, old] = names;
    [
        one(figure, PersonTrait::Woman, women, Words { id: "Perempuan", en: "Women" }),
        one(figure, YOUNG, young, Words { id: "Di bawah 35 tahun", en: "Younger than 35" }),
        one(figure, MIDDLE, middle, Words { id: "35 sampai 60 tahun", en: "35 to 60 years old" }),
        one(figure, OLD, old, Words { id: "Di atas 60 tahun", en: "Older than 60" }),
    ]
}

/// How an attested figure comes from sealed fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestedRule {
    /// A field of each event, added up.
    Sum {
        /// The field.
        field: &'static str,
        /// A field of the same events that the sum is a part of, added up over those that have both.
        whole: Option<&'static str>,
    },
    /// By how much a field per day of the period changed from one event to the other, in hundredths of a
    /// percent: the median of all pairs.
    MedianChange {
        /// The field.
        field: &'static str,
    },
    /// A field of the first or of the latest event of each pair, added up over the pairs whose events both say it.
    SumOfPairs {
        /// The field.
        field: &'static str,
        /// Whether of the latest.
        latest: bool,
    },
    /// How many persons behind a figure have a trait, of those who say whether they do.
    Persons {
        /// Which persons.
        of: Persons,
        /// The trait.
        wanted: PersonTrait,
    },
}

/// How a claim asks a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedByClaims {
    /// Once for each programme that fits the claim, so that the area is that of the programme (`docs/domain.md`,
    /// section 4).
    PerProgram,
    /// Once, for the area as the view defines it. What it counts besides programmes would else be that of the whole
    /// country.
    AsDefined,
}

/// One view in one version.
pub struct ViewDeclaration {
    /// Its name, also in questions.
    pub name: &'static str,
    /// Version of the definition.
    pub version: u32,
    /// The name in words.
    pub title: Words,
    /// What it counts, in full.
    pub definition: Words,
    /// The filters that make sense for it.
    pub filters: &'static [Filter],
    /// How a claim asks it.
    pub asked_by_claims: AskedByClaims,
    /// What it counts in a period of a series.
    pub series: SeriesRule,
    /// The figures it gives, always all of them.
    pub figures: &'static [FigureDeclaration],
    /// What the figures are broken down by, besides the area.
    pub breakdowns: &'static [&'static str],
    /// Figures as parts of others.
    pub shares: &'static [ShareDeclaration],
    /// The figures beside it that rest on sealed fields.
    pub attested: &'static [AttestedDeclaration],
    /// The rule: gives credit for everything that counts.
    count: fn(&Scope<'_>, &mut Tally),
}

/// What narrows a view of what came of programmes.
const RESULT_FILTERS: &[Filter] = &[
    Filter::Area,
    Filter::AreaOf,
    Filter::Program,
    Filter::Theme,
    Filter::Scale,
    Filter::Funding,
    Filter::From,
];

/// All views; the versions of one stand together, ascending.
pub const VIEWS: &[ViewDeclaration] = &[
    registered::REGISTERED,
    enrolled::ENROLLED_1,
    enrolled::ENROLLED_2,
    enrolled::WAITLISTED,
    participated::PARTICIPATED,
    participated::WITHDRAWN,
    attendance::ATTENDANCE,
    hours::HOURS,
    hours::QUOTA,
    repeaters::REPEATERS,
    trained::TRAINED,
    trained::EXPORT_TRAINED,
    trained::GREEN_TRAINED,
    trained::PERSONS_TRAINED,
    survival::SURVIVAL,
    assessed::ASSESSED,
    scores::SCORES,
    time_to::TIME_TO,
    certified::CERTIFIED,
    certified::GREEN_CERTIFIED,
    certified::CERTIFICATES_EXPIRING,
    certificates::CERTIFICATES,
    exhibited::EXHIBITED,
    exported::EXPORTED,
    programs::MENTORED,
    findings::FINDINGS,
    sessions::SESSIONS_HELD,
    programs::METHOD_MIX,
    programs::PROGRAMS,
    spending::SPENDING,
    targets::TARGETS,
    funnel::FUNNEL,
    sentras::SENTRA,
    sentras::FACILITIES,
    population::POPULATION,
    population::COVERAGE,
    reach::REACH,
    beginners::BEGINNERS,
    reports::WELFARE,
    reports::TURNOVER_CHANGE,
    jobs::JOBS,
    reports::DECLARED_COMPLETE,
    overdue::ASSESSMENTS_OVERDUE,
    overdue::UNHEARD,
    quality::QUALITY,
    claims::CLAIMS,
];

/// The views in their latest version, in the order of [`VIEWS`].
pub fn current_views() -> impl Iterator<Item = &'static ViewDeclaration> {
    VIEWS
        .iter()
        .filter(|view| !VIEWS.iter().any(|other| other.name == view.name && other.version > view.version))
}

/// Finds a view in its highest version, by its own name or by that of a figure that it gives.
///
/// # Errors
/// When there is none, naming those there are.
pub fn view(name: &str) -> Result<&'static ViewDeclaration, QuestionError> {
    find(VIEWS, name, None).or_else(|unknown| {
        let gives = |view: &&ViewDeclaration| view.figures.iter().any(|figure| figure.name == name);
        current_views().find(gives).ok_or(unknown)
    })
}

/// The newest version of a view; 0 where there is none of that name.
#[must_use]
pub fn newest_version(name: &str) -> u32 {
    VIEWS.iter().filter(|view| view.name == name).map(|view| view.version).max().unwrap_or(0)
}

/// Finds one version of a view.
///
/// # Errors
/// When there is no such view or version, naming those there are.
pub fn view_version(name: &str, version: u32) -> Result<&'static ViewDeclaration, QuestionError> {
    find(VIEWS, name, Some(version))
}

/// Names of figures that say something of those behind them only together.
static OF_ALL: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let figures = VIEWS.iter().flat_map(|view| view.figures);
    figures.filter(|figure| figure.unit.is_of_all()).map(|figure| figure.name).collect()
});

/// Of the figures in which somebody counts those that count things or add amounts up; all where there is none such.
pub fn counting<'a>(names: &'a [&'static str]) -> impl Iterator<Item = &'static str> + 'a {
    let counts = |name: &&'static str| !OF_ALL.contains(name);
    let has_other = names.iter().any(counts);
    names.iter().copied().filter(move |name| !has_other || counts(name))
}

fn find<'a>(
    views: &'a [ViewDeclaration],
    name: &str,
    version: Option<u32>,
) -> Result<&'a ViewDeclaration, QuestionError> {
    let versions = || views.iter().filter(|view| view.name == name);
    let newest = versions().max_by_key(|view| view.version).ok_or_else(|| {
        let mut known: Vec<&'static str> = views.iter().map(|view| view.name).collect();
        known.dedup();
        let typed = folded(name);
        // A figure may be asked for by its own name, too.
        let figures = current_views().flat_map(|view| view.figures).map(|figure| figure.name);
        let far = known.iter().copied().chain(figures).map(|known| (edits(&typed, known), known));
        let near = far.filter(|(edits, _)| edits * LETTERS_PER_EDIT <= name.chars().count()).min();
        let name = name.to_owned();
        match near {
            Some((_, near)) => QuestionError::MistypedView { name, near },
            None => QuestionError::UnknownView { name, known },
        }
    })?;
    let Some(asked) = version else { return Ok(newest) };
    versions().find(|view| view.version == asked).ok_or_else(|| {
        let known = versions().map(|view| view.version).collect();
        QuestionError::UnknownVersion { view: newest.name, asked, known }
    })
}

/// Views that tell how many stand somewhere on a day, although a period of them counts who came: places are given up, and
/// IKMs close.
const STANDINGS: [&str; 2] = ["enrolled", "registered"];

impl ViewDeclaration {
    /// Whether a figure of it may be smaller on a later day, with all that was counted having happened.
    pub(crate) fn may_fall(&self) -> bool {
        self.series == SeriesRule::State || STANDINGS.contains(&self.name)
    }

    /// Answers a question from the facts.
    ///
    /// # Errors
    /// When the question makes no sense for the view or reaches beyond the facts, or a figure is too large.
    pub fn answer(&self, facts: &Facts, question: &Question) -> Result<Answer, QuestionError> {
        Ok(self.answer_among(&Known::new(facts, question.as_known), question)?.digested())
    }

    /// The same among what is known at the log size asked for, with an empty digest, which is much of the work where there
    /// are many members: for answers of which nobody is told but who counts in them.
    pub(crate) fn answer_among(
        &self,
        known: &Arc<Known<'_>>,
        question: &Question,
    ) -> Result<Answer, QuestionError> {
        Ok(self.answer_and_alone(known, question, None)?.0)
    }

    /// The same, and who counts in one figure: with the events that make it count there, and no others.
    pub(crate) fn answer_and_alone(
        &self,
        known: &Arc<Known<'_>>,
        question: &Question,
        figure: Option<&str>,
    ) -> Result<(Answer, Vec<Member>), QuestionError> {
        let facts = known.facts;
        self.check(facts, question)?;
        let scope = Scope::among(known, question);
        let mut tally = Tally::new(self.figures, self.breakdowns);
        tally.is_narrowed = question.only.is_some();
        (self.count)(&scope, &mut tally);
        let row = question.only.as_ref().map(|only| tally.narrow(only, &scope));
        let alone = figure.and_then(|name| self.figures.iter().position(|figure| figure.name == name));
        let mut counted = tally.finish(&scope, alone).map_err(|figure| self.too_large(figure))?;
        row.into_iter().for_each(|row| row.keep_alone(&mut counted));
        let answer = Answer {
            bases: counted.bases,
            shares: Answer::shares(&counted.figures, self.shares),
            breakdowns: counted.breakdowns,
            by_area: counted.by_area,
            context: counted.context,
            definition: self.definition,
            digest: String::new(),
            figures: counted.figures,
            members: counted.members,
            question: question.clone(),
            title: self.title,
            version: self.version,
            view: self.name,
        };
        Ok((answer, counted.alone))
    }

    /// The figures of an answer alone, which are less work than all of it.
    ///
    /// # Errors
    /// As [`ViewDeclaration::answer`].
    pub fn figures(&self, facts: &Facts, question: &Question) -> Result<Vec<Figure>, QuestionError> {
        self.figures_among(&Known::new(facts, question.as_known), question)
    }

    /// As [`ViewDeclaration::figures`], among what is known at the log size asked for.
    pub(crate) fn figures_among(
        &self,
        known: &Arc<Known<'_>>,
        question: &Question,
    ) -> Result<Vec<Figure>, QuestionError> {
        let facts = known.facts;
        self.check(facts, question)?;
        let scope = Scope::among(known, question);
        let mut tally = Tally::of_figures(self.figures, self.breakdowns);
        (self.count)(&scope, &mut tally);
        question.only.iter().for_each(|only| drop(tally.narrow(only, &scope)));
        tally.total().map_err(|figure| self.too_large(figure))
    }

    fn too_large(&self, TooLarge { figure }: TooLarge) -> QuestionError {
        QuestionError::TooLarge { view: self.name, figure }
    }

    fn check(&self, facts: &Facts, question: &Question) -> Result<(), QuestionError> {
        if let Some(filter) = question.filters().find(|filter| !self.filters.contains(filter)) {
            let possible = self.filters.iter().map(|filter| filter.name()).collect();
            return Err(QuestionError::FilterNotPossible { view: self.name, filter, possible });
        }
        let has_rows = |only: &&OnlyRow| only.by == BY_AREA || self.breakdowns.contains(&&*only.by);
        if let Some(OnlyRow { by, .. }) = question.only.as_ref().filter(|only| !has_rows(only)) {
            let (by, possible) = (by.clone(), self.breakdowns);
            return Err(QuestionError::BreakdownNotPossible { view: self.name, by, possible });
        }
        if let Some(from) = question.from.filter(|from| *from > question.on) {
            return Err(QuestionError::PeriodBackward { from, on: question.on });
        }
        let size = facts.size();
        let floor = facts.floor();
        if question.as_known < floor {
            return Err(QuestionError::Consolidated { asked: question.as_known, floor });
        }
        if question.as_known > size {
            return Err(QuestionError::NotRecordedYet { asked: question.as_known, size });
        }
        Ok(())
    }
}

// A view that cannot be asked for one programme cannot be asked for each: such a view does not compile.
const _: () = {
    let mut place = 0;
    while place < VIEWS.len() {
        let view = &VIEWS[place];
        let (mut filter, mut by_program) = (0, false);
        while filter < view.filters.len() {
            by_program |= matches!(view.filters[filter], Filter::Program);
            filter += 1;
        }
        assert!(by_program || matches!(view.asked_by_claims, AskedByClaims::AsDefined));
        place += 1;
    }
};
