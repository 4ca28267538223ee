//! Asking the views for what a claim is about.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::ProgramId;
use jejak_events::text::folded;
use jejak_events::values::Date;

use super::measured::{Measured, is_distinct};
use super::report::{CheckError, PROGRAMS_LIMIT};
use super::written::WrittenScope;
use crate::answer::{Answer, FIGURE_LIMIT, FigureUnit, Member, Who};
use crate::facts::Facts;
use crate::question::{Filter, Question, QuestionError};
use crate::views::selection::{Selected, select_programs};
use crate::views::{AskedByClaims, FigureDeclaration, ViewDeclaration};

/// What is counted, where, and on which day.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) view: &'static ViewDeclaration,
    pub(super) measured: Measured,
    pub(super) scope: &'a WrittenScope,
    /// The day that the claim is judged for.
    pub(super) on: Date,
}

/// What came of asking.
pub(super) struct Count {
    /// The count; of a share the part.
    pub(super) value: u64,
    /// Of a share the whole; else 1.
    pub(super) whole: u64,
    /// The whole that the claim speaks of, where it speaks of one.
    pub(super) of: Option<u64>,
    /// Whether the figure is known: not where its programmes do not count it.
    pub(super) is_known: bool,
    /// Whether the registry holds anything in the scope.
    pub(super) is_recorded: bool,
    /// Whether anybody is behind a figure of the answers that counts in the same unit.
    pub(super) holds_like: bool,
    /// The programmes that were selected; empty where the view is not asked by programme.
    pub(super) programs: Vec<Selected>,
    /// Who is behind the count, in the order of an answer's members.
    pub(super) members: Vec<Member>,
    /// Whether `members` may hold others besides, since views list nobody by the value of a breakdown.
    pub(super) members_are_wider: bool,
    /// Events that the count rests on without being about one member, ascending.
    pub(super) context: Vec<u64>,
    /// The answers that it comes from.
    pub(super) answers: Vec<Answer>,
}

impl Count {
    /// Every event behind it, ascending.
    pub(super) fn events(&self) -> BTreeSet<u64> {
        let members = self.members.iter().flat_map(|member| &member.events);
        members.chain(&self.context).copied().collect()
    }

    /// Leaves of it who is behind the whole, too: nobody else can be a part of that. `figure` and `whole_figure`
    /// are what either counts.
    ///
    /// # Errors
    /// When it is not told who is behind the one or the other.
    pub(super) fn within(
        mut self,
        figure: &FigureDeclaration,
        whole: Self,
        whole_figure: &FigureDeclaration,
    ) -> Result<Self, CheckError> {
        if self.members_are_wider || whole.members_are_wider {
            return Err(CheckError::NotApart { figure: figure.name });
        }
        let counts = |member: &Member, figure: &FigureDeclaration| {
            let is_kind = match member.who {
                Who::Ikm(_) => figure.unit == FigureUnit::Ikm,
                Who::Person(_) => figure.unit == FigureUnit::Person,
                _ => false,
            };
            is_kind && member.figures.contains(&figure.name)
        };
        let of_whole = whole.members.iter().filter(|member| counts(member, whole_figure));
        let of_whole: BTreeSet<Who> = of_whole.map(|member| member.who).collect();
        self.members.retain(|member| counts(member, figure) && of_whole.contains(&member.who));
        self.value = self.members.len() as u64;
        self.of = Some(whole.value);
        // The whole is there to be counted in, even when nobody of it counts, as far as that is known.
        self.is_recorded = self.is_known && whole.is_recorded;
        let context: BTreeSet<u64> = self.context.iter().copied().chain(whole.events()).collect();
        self.context = if self.is_recorded { context.into_iter().collect() } else { Vec::new() };
        self.answers.extend(whole.answers);
        Ok(self)
    }
}

impl Asking<'_> {
    /// Counts, as known at a log size. A view is asked once for each programme that fits: a claim that
    /// names neither theme nor period of a large area takes as many answers as the area has programmes.
    ///
    /// # Errors
    /// When a view cannot be asked so, or would count the same IKM or person more than once.
    pub(super) fn count(&self, facts: &Facts, as_known: u64) -> Result<Count, CheckError> {
        let by_program = self.view.asked_by_claims == AskedByClaims::PerProgram;
        let programs = if by_program { self.programs(facts, as_known) } else { Vec::new() };
        if programs.len() > PROGRAMS_LIMIT {
            return Err(CheckError::TooManyPrograms { found: programs.len() });
        }
        let mut answers = Vec::new();
        if by_program {
            for selected in &programs {
                let mut question = Question::new(self.on, as_known);
                question.program = Some(selected.program);
                // Money counts by its own source.
                question.funding =
                    self.scope.funding.clone().filter(|_| self.view.filters.contains(&Filter::Funding));
                question.scale = self.scope.scale;
                answers.push(self.view.answer(facts, &question)?);
            }
        } else if let Some(question) = self.direct(as_known) {
            answers.push(self.view.answer(facts, &question)?);
        }
        self.add_up(programs, answers)
    }

    /// The question to a view that is not asked by programme; none where the period of the claim has not
    /// begun by its day, so that nothing can have come about in it.
    fn direct(&self, as_known: u64) -> Option<Question> {
        let on = self.scope.to.map_or(self.on, |to| to.min(self.on));
        let question = Question {
            area: self.scope.area,
            area_of: None,
            as_known,
            from: self.scope.from,
            funding: self.scope.funding.clone(),
            on,
            only: None,
            program: self.scope.program.first().copied(),
            scale: self.scope.scale,
            theme: self.scope.theme.first().cloned(),
        };
        Some(question).filter(|question| question.from.is_none_or(|from| from <= on))
    }

    /// The programmes of the claim: of any of its themes, of its area, its money and its period, and among
    /// those that it names.
    fn programs(&self, facts: &Facts, as_known: u64) -> Vec<Selected> {
        let mut question = Question::new(self.on, as_known);
        question.area = self.scope.area;
        question.funding = self.scope.funding.clone();
        let themes: BTreeSet<&str> = self.scope.theme.iter().map(|theme| &**theme).collect();
        let named: BTreeSet<ProgramId> = self.scope.program.iter().copied().collect();
        let fits = |one: &Selected| {
            let theme = one.theme.as_deref().is_some_and(|theme| themes.contains(theme));
            (themes.is_empty() || theme) && (named.is_empty() || named.contains(&one.program))
        };
        // Once, however many themes and programmes the claim names.
        let mut selected = select_programs(facts, &question, (self.scope.from, self.scope.to));
        selected.retain(fits);
        selected
    }

    fn add_up(&self, programs: Vec<Selected>, mut answers: Vec<Answer>) -> Result<Count, CheckError> {
        let key = self.scope.key();
        let by_program = self.view.asked_by_claims == AskedByClaims::PerProgram;
        let mut programs = programs;
        let mut members_are_wider = false;
        if let Some((by, value)) = key {
            let has = |answer: &Answer| row(answer, by, value).is_some();
            members_are_wider = answers.iter().any(|answer| has(answer) && rows(answer, by).count() > 1);
            if by_program {
                // The others hold nothing of that value, so nothing of theirs is behind the count.
                let kept: Vec<bool> = answers.iter().map(has).collect();
                let mut keep = kept.iter();
                programs.retain(|_| *keep.next().unwrap_or(&false));
                let mut keep = kept.iter();
                answers.retain(|_| *keep.next().unwrap_or(&false));
            }
        }
        let members = self.members(&answers);
        let mut context: BTreeSet<u64> = answers.iter().flat_map(|answer| &answer.context).copied().collect();
        context.extend(programs.iter().flat_map(|selected| &selected.events));
        let (value, whole) = match self.measured {
            Measured::Figure(figure) => (self.figure(&answers, figure.name, figure.unit, &members)?, Some(1)),
            Measured::Share { part, whole } => {
                let of_part = self.figure(&answers, part.name, part.unit, &members)?;
                (
                    of_part.map(|value| self.in_both(part, whole, &members).unwrap_or(value)),
                    self.figure(&answers, whole.name, whole.unit, &members)?,
                )
            }
            Measured::Rows(by) => {
                let keys =
                    answers.iter().flat_map(|answer| rows(answer, by)).filter_map(|row| row.key.clone());
                (Some(keys.collect::<BTreeSet<String>>().len() as u64), Some(1))
            }
        };
        // What nobody said is not recorded, and no 0.
        let is_known = value.is_some() && whole.is_some();
        let (value, whole) = (value.unwrap_or(0), whole.unwrap_or(0));
        // A programme that fits is there to be counted in, even when nothing was counted; elsewhere the scope
        // holds nothing when nobody is behind the figure.
        let is_recorded = is_known
            && whole > 0
            && match (by_program, key) {
                (true, None) => !programs.is_empty(),
                (true, Some(_)) => !answers.is_empty(),
                (false, None) => !members.is_empty(),
                (false, Some(_)) => value > 0,
            };
        let holds_like = answers.iter().flat_map(|answer| &answer.members).any(|one| self.counts_like(one));
        // Where nothing is recorded, nobody is behind the count: those that a list has are there for something else.
        let (members, context) = if is_recorded { (members, context) } else { Default::default() };
        let members_are_wider = members_are_wider && is_recorded;
        let context = context.into_iter().collect();
        let of = None;
        Ok(Count {
            value,
            whole,
            of,
            is_known,
            is_recorded,
            holds_like,
            programs,
            members,
            members_are_wider,
            context,
            answers,
        })
    }

    /// A figure over all answers: who counts in several of them counts once; none where none of them knows it.
    fn figure(
        &self,
        answers: &[Answer],
        name: &'static str,
        unit: FigureUnit,
        members: &[Member],
    ) -> Result<Option<u64>, CheckError> {
        let of_row = |answer: &Answer| match self.scope.key() {
            None => answer.value(name),
            Some((by, value)) => {
                // A value that has no row holds nothing.
                let Some(row) = row(answer, by, value) else { return Some(0) };
                row.figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value)
            }
        };
        if let [answer] = answers {
            return Ok(of_row(answer));
        }
        // What one programme cost for each says nothing of several.
        if unit == FigureUnit::RupiahEach && !answers.is_empty() {
            return Ok(None);
        }
        if is_distinct(unit) {
            if let (Some((by, _)), true) = (self.scope.key(), !answers.is_empty()) {
                return Err(CheckError::NotDistinct { view: self.view.name, by });
            }
            let known = answers.is_empty() || answers.iter().any(|answer| answer.value(name).is_some());
            let count = members.iter().filter(|member| member.figures.contains(&name)).count() as u64;
            return Ok(known.then_some(count));
        }
        // At most PROGRAMS_LIMIT answers: their sum fits.
        let known: Vec<u64> = answers.iter().filter_map(of_row).collect();
        let sum: u64 = known.iter().sum();
        if sum > FIGURE_LIMIT {
            return Err(QuestionError::TooLarge { view: self.view.name, figure: name }.into());
        }
        Ok(Some(sum).filter(|_| answers.is_empty() || !known.is_empty()))
    }

    /// Of those that are counted once each a part is who counts in both: those that exported need not be among those that
    /// exhibited. `None` of anything else.
    fn in_both(
        &self,
        part: &FigureDeclaration,
        whole: &FigureDeclaration,
        members: &[Member],
    ) -> Option<u64> {
        let is_of_members = part.unit == whole.unit && is_distinct(part.unit) && self.scope.key().is_none();
        let counts = |member: &&Member| [part, whole].iter().all(|one| member.figures.contains(&one.name));
        is_of_members.then(|| members.iter().filter(counts).count() as u64)
    }

    /// Whether a member counts in a figure of the unit that is asked about.
    fn counts_like(&self, member: &Member) -> bool {
        let unit = match self.measured {
            Measured::Figure(figure) | Measured::Share { part: figure, .. } => figure.unit,
            Measured::Rows(_) => return true,
        };
        let is_like =
            |figure: &FigureDeclaration| figure.unit == unit && member.figures.contains(&figure.name);
        self.view.figures.iter().any(is_like)
    }

    /// Who is behind the figure. Where a view counts IKMs and their persons side by side, both are.
    fn members(&self, answers: &[Answer]) -> Vec<Member> {
        let behind = |member: &Member| match self.measured {
            Measured::Figure(figure) => {
                // `trained` and `trained_persons` tell of the same, by IKM and by person.
                let of_ikms = |name: &str| {
                    name.trim_end_matches("_persons") == figure.name.trim_end_matches("_persons")
                };
                member.figures.iter().any(|name| of_ikms(name))
            }
            Measured::Share { part, whole } => {
                member.figures.contains(&part.name) || member.figures.contains(&whole.name)
            }
            Measured::Rows(_) => true,
        };
        let mut members: BTreeMap<Who, Member> = BTreeMap::new();
        for member in answers.iter().flat_map(|answer| &answer.members).filter(|member| behind(member)) {
            let Some(known) = members.get_mut(&member.who) else {
                members.insert(member.who, member.clone());
                continue;
            };
            known.events.extend(&member.events);
            known.events.sort_unstable();
            known.events.dedup();
            for figure in &member.figures {
                if !known.figures.contains(figure) {
                    known.figures.push(figure);
                }
            }
        }
        members.into_values().collect()
    }
}

fn rows<'a>(answer: &'a Answer, by: &str) -> impl Iterator<Item = &'a crate::answer::BreakdownRow> {
    let breakdown = answer.breakdowns.iter().find(|breakdown| breakdown.by == by);
    breakdown.into_iter().flat_map(|breakdown| &breakdown.rows)
}

/// The row of a value in a breakdown.
fn row<'a>(answer: &'a Answer, by: &str, value: &str) -> Option<&'a crate::answer::BreakdownRow> {
    let value = folded(value);
    rows(answer, by).find(|row| row.key.as_deref().is_some_and(|key| folded(key) == value))
}
