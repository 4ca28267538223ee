//! Judging a claim (`docs/domain.md`, section 4).

use std::borrow::Cow;
use std::collections::BTreeSet;

use jejak_events::record::Event;
use jejak_events::types::claim::ClaimVerdict as Verdict;
use jejak_events::values::Date;

use super::basis::Basis;
use super::count::{Asking, Count};
use super::itself::contradictions;
use super::measured::Measured;
use super::own_source::resting_on_the_document_only;
use super::report::{AnswerUsed, CheckError, Counts, Factor, KnownThen, OWN_ROUNDS_LIMIT, Report, Together};
use super::written::Claim;
use crate::answer::{FIGURE_LIMIT, FigureUnit, Member, Who};
use crate::error::ReadFailure;
use crate::facts::Facts;
use crate::question::{Question, QuestionError};
use crate::views::ViewDeclaration;
use crate::views::selection::completeness;

/// The log behind the facts.
pub trait ClaimLog {
    /// The event at an index.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn event(&self, index: u64) -> Result<Event, ReadFailure>;

    /// Number of events that were recorded by the end of a day, where the office is.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn size_on(&self, day: Date) -> Result<u64, ReadFailure>;
}

/// What a claim is held against.
#[derive(Clone, Copy)]
pub struct CheckContext<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The log that they come from.
    pub log: &'a dyn ClaimLog,
    /// Today, where the office is.
    pub today: Date,
    /// The day to judge for, instead of the claim's own.
    pub on: Option<Date>,
    /// Log size that is known.
    pub as_known: u64,
    /// Whether the registry holds made-up data.
    pub synthetic: bool,
}

/// When a claim is judged.
#[derive(Clone, Copy, Debug)]
pub struct Judging {
    /// Today, where the office is.
    pub today: Date,
    /// The day to judge for, instead of the claim's own.
    pub on: Option<Date>,
    /// Log size that is known.
    pub as_known: u64,
}

impl Judging {
    /// Judges a claim by facts and the log that they come from; `synthetic` says whether that is made up.
    ///
    /// # Errors
    /// As [`check`].
    pub fn judge(
        self,
        claim: &Claim,
        facts: &Facts,
        log: &dyn ClaimLog,
        synthetic: bool,
    ) -> Result<Report, CheckError> {
        let Self { today, on, as_known } = self;
        check(claim, &CheckContext { facts, log, today, on, as_known, synthetic })
    }
}

/// Judges a claim: the first verdict that applies, in the order of [`Verdict::ALL`].
///
/// # Errors
/// When the claim asks what no view can answer, or the log cannot be read.
pub fn check(claim: &Claim, asked: &CheckContext<'_>) -> Result<Report, CheckError> {
    let contradictions = contradictions(claim);
    // As of its own day, else its publication, else today.
    let on = asked.on.or(claim.as_of).or(claim.published_on).unwrap_or(asked.today);
    if on > asked.today {
        return Err(CheckError::NotCome { on, today: asked.today });
    }
    if let Some(published_on) = claim.published_on.filter(|day| *day > asked.today) {
        return Err(CheckError::NotPublished { published_on, today: asked.today });
    }
    let mut report = Report {
        verdict: Verdict::Consistent,
        synthetic: asked.synthetic,
        contradictions,
        on,
        reported: claim.value,
        counted: None,
        basis: None,
        factor: None,
        known_then: None,
        recorded_late: Vec::new(),
        set_aside: Vec::new(),
        complete: false,
        programs: Vec::new(),
        behind: Counts { ikms: 0, persons: 0 },
        members: Vec::new(),
        members_are_wider: false,
        context: Vec::new(),
        answers: Vec::new(),
        together: None,
    };
    let mut compared = None;
    if let Some((view, measured)) = claim.measured()? {
        let asking = Asking { view, measured, scope: &claim.scope, on };
        report.basis = Some(Basis::new(view, measured, &claim.scope, on));
        let (count, mut set_aside) = count_without_own(claim, asked, &asking, asked.as_known)?;
        if matches!(measured, Measured::Share { .. }) {
            report.reported = claim.value.map(|percent| percent * 100);
        }
        let told = told(&count, asking.view, measured)?;
        report.counted = count.is_recorded.then_some(told);
        compared =
            claim.value.map(|value| (scaled(&count, measured), u128::from(value) * u128::from(count.whole)));
        know_then(claim, asked, &asking, &count, &mut report)?;
        report.complete = is_complete(claim, asked, measured, on, &count);
        report.together = take_together(claim, asked, &asking, &count, &mut set_aside)?;
        report.set_aside = set_aside.into_iter().collect();
        tell(&mut report, count);
    }
    report.verdict = verdict(claim, &report, compared);
    if report.verdict.is_comparison() {
        let both = report.counted.zip(report.reported);
        report.factor = both.and_then(|(counted, reported)| Factor::of(counted, reported));
    }
    Ok(report)
}

fn verdict(claim: &Claim, report: &Report, compared: Option<(u128, u128)>) -> Verdict {
    if !report.contradictions.is_empty() {
        return Verdict::Inconsistent;
    }
    if !claim.kind.is_countable() {
        return Verdict::NotCountable;
    }
    if claim.indicator.is_none() {
        return Verdict::Consistent;
    }
    if report.counted.is_none() {
        return Verdict::NotRecorded;
    }
    let Some((counted, reported)) = compared else { return Verdict::NotQuantified };
    match counted.cmp(&reported) {
        std::cmp::Ordering::Equal => Verdict::Supported,
        std::cmp::Ordering::Greater => Verdict::Understated,
        std::cmp::Ordering::Less if report.complete => Verdict::Overstated,
        std::cmp::Ordering::Less => Verdict::NotConfirmed,
    }
}

/// The count on the scale of a value times the whole: exact also where percent do not come out even.
fn scaled(count: &Count, measured: Measured) -> u128 {
    let factor = if matches!(measured, Measured::Share { .. }) { 100 } else { 1 };
    u128::from(count.value) * factor
}

/// The count as it is told: of a share hundredths of a percent.
fn told(count: &Count, view: &ViewDeclaration, measured: Measured) -> Result<u64, QuestionError> {
    let Measured::Share { part, .. } = measured else { return Ok(count.value) };
    let share = (u128::from(count.value) * 10_000).checked_div(u128::from(count.whole)).unwrap_or(0);
    let told = u64::try_from(share).ok().filter(|told| *told <= FIGURE_LIMIT);
    told.ok_or(QuestionError::TooLarge { view: view.name, figure: part.name })
}

/// Counts without what rests on the claiming document only, and says what that is. Setting events aside may
/// bring others in, such as an older report, so they are looked at until none is left.
fn count_without_own(
    claim: &Claim,
    asked: &CheckContext<'_>,
    asking: &Asking<'_>,
    as_known: u64,
) -> Result<(Count, BTreeSet<u64>), CheckError> {
    let mut facts = Cow::Borrowed(asked.facts);
    let mut set_aside: BTreeSet<u64> = BTreeSet::new();
    // Only what names the document by its bytes, or a source in words, can rest on it.
    let in_words = |unit| matches!(unit, FigureUnit::ReportedIkm | FigureUnit::Claim);
    let in_words = asking.view.figures.iter().any(|figure| in_words(figure.unit));
    for _ in 0..OWN_ROUNDS_LIMIT {
        let count = asking.count(&facts, as_known)?;
        let own = if in_words || !claim.sha256.is_empty() {
            resting_on_the_document_only(claim, &count.events(), asked.facts, asked.log)?
        } else {
            BTreeSet::new()
        };
        if own.is_subset(&set_aside) {
            return Ok((count, set_aside));
        }
        set_aside.extend(own);
        facts = Cow::Owned(asked.facts.without(&set_aside));
    }
    Err(CheckError::TooManyOwn)
}

fn know_then(
    claim: &Claim,
    asked: &CheckContext<'_>,
    asking: &Asking<'_>,
    count: &Count,
    report: &mut Report,
) -> Result<(), CheckError> {
    let on = claim.published_on.or(claim.as_of).unwrap_or(asked.today);
    let as_known = asked.log.size_on(on).map_err(CheckError::Log)?.min(asked.as_known);
    // Facts that were consolidated no longer tell the state before.
    if as_known >= asked.facts.floor() {
        let (then, _) = count_without_own(claim, asked, asking, as_known)?;
        let counted = told(&then, asking.view, asking.measured)?;
        report.known_then = Some(KnownThen { on, as_known, counted });
    }
    report.recorded_late = count.events().into_iter().filter(|index| *index >= as_known).collect();
    Ok(())
}

/// Whether every programme of the claim was declared complete through its last day. What the declaration
/// of one programme cannot tell is whether there were others: where programmes or sessions are counted, the
/// theme must be complete, unless the claim names its programmes.
fn is_complete(claim: &Claim, asked: &CheckContext<'_>, measured: Measured, on: Date, count: &Count) -> bool {
    let through = claim.scope.to.map_or(on, |to| to.min(on));
    let unit = match measured {
        Measured::Figure(figure) => Some(figure.unit),
        _ => None,
    };
    let others_matter = claim.scope.program.is_empty()
        && (matches!(unit, Some(FigureUnit::Session | FigureUnit::Program))
            || matches!(measured, Measured::Rows(_)));
    // A declaration is made afterwards: what counts is whether there is one by today.
    let question = Question::new(asked.today, asked.as_known);
    !count.programs.is_empty()
        && count.programs.iter().all(|selected| {
            let reached = completeness(asked.facts, &question, selected);
            let program = reached.program.filter(|_| !others_matter);
            program.max(reached.theme).is_some_and(|reached| reached >= through)
        })
}

/// Who is behind the count and that of the other claim of the document, each once.
fn take_together(
    claim: &Claim,
    asked: &CheckContext<'_>,
    asking: &Asking<'_>,
    count: &Count,
    set_aside: &mut BTreeSet<u64>,
) -> Result<Option<Together>, CheckError> {
    let (Some(companion), Measured::Figure(figure)) = (&claim.together, asking.measured) else {
        return Ok(None);
    };
    let other = Asking { scope: &companion.scope, ..*asking };
    let (other, own) = count_without_own(claim, asked, &other, asked.as_known)?;
    set_aside.extend(own);
    let counts = |member: &&Member| member.figures.contains(&figure.name);
    let distinct: BTreeSet<Who> =
        count.members.iter().chain(&other.members).filter(counts).map(|member| member.who).collect();
    let values = claim.value.zip(companion.value);
    Ok(Some(Together {
        counted: distinct.len() as u64,
        at_least: values.map(|(own, other)| own.max(other)),
        at_most: values.map(|(own, other)| own + other),
    }))
}

fn tell(report: &mut Report, count: Count) {
    let of = |kind: fn(&Who) -> bool| count.members.iter().filter(|member| kind(&member.who)).count() as u64;
    report.behind = Counts {
        ikms: of(|who| matches!(who, Who::Ikm(_))),
        persons: of(|who| matches!(who, Who::Person(_))),
    };
    report.programs = count.programs.iter().map(|selected| selected.program).collect();
    report.answers = count
        .answers
        .into_iter()
        .map(|answer| AnswerUsed {
            view: answer.view,
            version: answer.version,
            question: answer.question,
            digest: answer.digest,
        })
        .collect();
    report.members = count.members;
    report.members_are_wider = count.members_are_wider;
    report.context = count.context;
}
