//! A view over time: its figures for each month, quarter or year of a stretch of days.
//!
//! A row says nothing that the view does not say by itself: it is the answer to [`SeriesPeriod::question`], asked of the
//! same facts at the same log size. So both clocks hold for a series as for an answer, and what is not known in a period
//! is not known in its row.

use std::sync::Arc;

use jejak_events::values::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Answer, Figure, Share, Words};
use crate::calendar::{CalendarPeriod, PeriodLength};
use crate::facts::Facts;
use crate::names::ViewName;
use crate::question::{Question, QuestionError};
use crate::views::ViewDeclaration;
use crate::views::known::Known;

/// Most periods of a series: twenty years by month.
pub const PERIODS_LIMIT: usize = 240;

/// Periods of a series for which no first day is asked.
pub const PERIODS_UNASKED: usize = 12;

/// What a view counts in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeriesRule {
    /// What came about in the period, from its first to its last day.
    Flow,
    /// How things stand on the last day of the period, whenever they came about.
    State,
}

/// One period of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeriesPeriod {
    /// The figures of the view, as it answers for this period.
    pub figures: Vec<Figure>,
    /// First day that counts; none where the state on the last day is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Whether all days of the calendar period are counted: the first and the last of a series may be cut, and one that is
    /// not over yet has days to come.
    pub is_whole: bool,
    /// Last day that counts; of a period that is not over, the day on which it was asked.
    pub on: Date,
    /// The calendar period: a month `2025-07`, a quarter `2025-Q3` or a year `2025`.
    pub period: CalendarPeriod,
    /// Figures as parts of others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
}

impl SeriesPeriod {
    /// Its first day: the first that counts, or that of the calendar period where a state is counted.
    #[must_use]
    pub fn begins(&self) -> Date {
        self.from.unwrap_or(self.period.period().from)
    }

    /// The question whose answer has these figures.
    #[must_use]
    pub fn question(&self, asked: &Question) -> Question {
        Question { from: self.from, on: self.on, ..asked.clone() }
    }
}

/// A view over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Series {
    /// How long each period is.
    pub by: PeriodLength,
    /// What the view counts, in full.
    pub definition: Words,
    /// The periods without a gap, earliest first.
    pub periods: Vec<SeriesPeriod>,
    /// What was asked: `from` is the first day of the series, `on` the last.
    pub question: Question,
    /// What is counted in a period.
    pub rule: SeriesRule,
    /// The name of the view in words.
    pub title: Words,
    /// The day on which it was asked, where a period is not over by then: of one that begins later nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<Date>,
    /// Version of the definition.
    pub version: u32,
    /// Name of the view.
    #[schemars(with = "ViewName")]
    pub view: &'static str,
}

impl ViewDeclaration {
    /// Answers a question for each period from its first day, or for [`PERIODS_UNASKED`] periods, to its last day.
    ///
    /// # Errors
    /// When the question makes no sense for the view or reaches beyond the facts, there are more than
    /// [`PERIODS_LIMIT`] periods, or a figure is too large.
    pub fn series(
        &self,
        facts: &Facts,
        question: &Question,
        by: PeriodLength,
    ) -> Result<Series, QuestionError> {
        self.series_until(facts, question, by, None)
    }

    /// The same as it is told on a day: a period that is not over by then is asked on that day, and of one that has not begun
    /// nothing is known.
    ///
    /// # Errors
    /// Those of [`Self::series`].
    pub fn series_on(
        &self,
        facts: &Facts,
        question: &Question,
        by: PeriodLength,
        today: Date,
    ) -> Result<Series, QuestionError> {
        Ok(self.series_until(facts, question, by, Some(today))?.known_on(today))
    }

    fn series_until(
        &self,
        facts: &Facts,
        question: &Question,
        by: PeriodLength,
        today: Option<Date>,
    ) -> Result<Series, QuestionError> {
        let last = CalendarPeriod::containing(question.on, by);
        let unasked = || first_of(last, PERIODS_UNASKED).period().from;
        let from = question.from.unwrap_or_else(unasked);
        if from > question.on {
            return Err(QuestionError::PeriodBackward { from, on: question.on });
        }
        let first = CalendarPeriod::containing(from, by);
        let count = std::iter::successors(Some(first), |period| period.next())
            .take_while(|period| period.period().from <= question.on)
            .count();
        if count > PERIODS_LIMIT {
            return Err(QuestionError::TooManyPeriods { count, limit: PERIODS_LIMIT });
        }
        let asked = Question { from: Some(from), ..question.clone() };
        let periods = std::iter::successors(Some(first), |period| period.next()).take(count);
        let known = Known::new(facts, question.as_known);
        let periods = periods.map(|period| self.period(&known, &asked, (from, today), period));
        Ok(Series {
            by,
            definition: self.definition,
            periods: periods.collect::<Result<_, _>>()?,
            question: asked,
            rule: self.series,
            title: self.title,
            today: None,
            version: self.version,
            view: self.name,
        })
    }

    /// One period of a series that begins on a day, as told on another.
    fn period(
        &self,
        known: &Arc<Known<'_>>,
        asked: &Question,
        (begins, today): (Date, Option<Date>),
        calendar: CalendarPeriod,
    ) -> Result<SeriesPeriod, QuestionError> {
        let days = calendar.period();
        let (first, last) = (days.from.max(begins), days.to.min(asked.on));
        let from = match self.series {
            SeriesRule::Flow => Some(first),
            SeriesRule::State => None,
        };
        // The last day of a period that is not over is to come.
        let has_begun = |today: &Date| from.unwrap_or(days.from) <= *today;
        let on = today.filter(has_begun).map_or(last, |today| last.min(today));
        let mut period = SeriesPeriod {
            figures: Vec::new(),
            from,
            // A state is that of the last day, wherever the series begins.
            is_whole: on == days.to && from.is_none_or(|from| from == days.from),
            on,
            period: calendar,
            shares: Vec::new(),
        };
        period.figures = self.figures_among(known, &period.question(asked))?;
        period.shares = Answer::shares(&period.figures, self.shares);
        Ok(period)
    }
}

impl Series {
    /// What it says on a day, without what has not come: of a period that begins after the day nothing is known.
    fn known_on(mut self, today: Date) -> Self {
        for period in &mut self.periods {
            if period.begins() > today {
                period.figures.iter_mut().for_each(|figure| figure.value = None);
                period.shares.iter_mut().for_each(|share| share.basis_points = None);
                period.is_whole = false;
            }
        }
        self.today = (self.question.on > today).then_some(today);
        self
    }

    /// Whether a period of it had begun when it was asked.
    #[must_use]
    pub fn has_begun(&self, period: &SeriesPeriod) -> bool {
        self.today.is_none_or(|today| period.begins() <= today)
    }

    /// What it says of one figure.
    #[must_use]
    pub fn of_figure(mut self, name: &str) -> Self {
        for period in &mut self.periods {
            period.figures.retain(|figure| figure.name == name);
            period.shares.retain(|share| share.part == name);
        }
        self
    }
}

/// The first of a number of periods that end with this one.
fn first_of(last: CalendarPeriod, count: usize) -> CalendarPeriod {
    let back = std::iter::successors(Some(last), |period| period.previous());
    back.take(count).last().unwrap_or(last)
}
