//! Judging a claim (`docs/domain.md`, section 4).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use jejak_events::fault::Message;
use jejak_events::record::Event;
use jejak_events::types::claim::{ClaimVerdict as Verdict, ClaimedValue, share_hundredths};
use jejak_events::values::{Date, Decimal};

use super::basis::Basis;
use super::count::{Asking, Count};
use super::itself::contradictions;
use super::measured::Measured;
use super::own_source::resting_on_the_document_only;
use super::report::{
    AnswerUsed, CheckError, Counts, Factor, KnownThen, OWN_ROUNDS_LIMIT, Report, SilentSince, Together,
};
use super::written::Claim;
use crate::answer::{FIGURE_LIMIT, FigureUnit, Member, Who};
use crate::error::ReadFailure;
use crate::facts::Facts;
use crate::question::{Question, QuestionError};
use crate::views::selection::completeness;
use crate::views::{FigureDeclaration, ViewDeclaration};

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
    let on = claim.judged_on(asked.on, asked.today);
    let today = asked.today;
    if let Some(on) = asked.on.filter(|on| *on > today) {
        return Err(CheckError::NotCome { on, today });
    }
    if let Some(published_on) = claim.published_on.filter(|day| *day > today) {
        return Err(CheckError::NotPublished { published_on, today });
    }
    // Nothing else that a claim is judged for can be to come: a plan is judged for today at most.
    if on > today {
        return Err(CheckError::AsOfNotCome { as_of: on, today });
    }
    let mut report = Report::begun(claim, on, asked.synthetic);
    let (mut compared, mut may_fall) = (None, false);
    if let Some((view, measured)) = claim.measured()? {
        may_fall = view.may_fall();
        let asking =
            ClaimAsking {
                own: Asking { view, measured, scope: &claim.scope, on },
                whole: claim.whole_measured()?.zip(claim.whole.as_ref()).map(|((view, figure), whole)| {
                    Asking { view, measured: Measured::Figure(figure), scope: &whole.scope, on }
                }),
            };
        report.basis = Some(Basis::new(&asking.own, asking.whole.as_ref()));
        let (mut count, mut set_aside) = count_without_own(claim, asked, &asking, asked.as_known)?;
        hold_plan(claim, asked, &asking, &mut count)?;
        if count.is_recorded {
            report.counted = Some(told(&count, view, measured)?);
            report.of = count.of;
            if matches!(measured, Measured::Share { .. }) {
                (report.part, report.of) = (Some(count.value), Some(count.whole));
            }
            compared = compare(claim, &count, measured);
        }
        report.reported = match measured {
            Measured::Share { .. } => claim.value.map(Decimal::hundredths),
            _ => claim.value.and_then(Decimal::as_whole).or(report.of),
        };
        report.not_known = not_known(&count, measured);
        know_then(claim, asked, &asking, &count, &mut report)?;
        report.complete = is_complete(claim, asked, measured, on, &count);
        // Where nothing is held against what was counted, nothing is the matter if that is behind.
        let is_held = report.contradictions.is_empty() && claim.kind.is_countable(claim.due);
        report.silent_since = silent_since(claim, asked, on).filter(|_| is_held && !report.complete);
        report.together = take_together(claim, asked, &asking.own, &count, &mut set_aside)?;
        report.set_aside = set_aside.into_iter().collect();
        tell(&mut report, count);
    }
    report.verdict = verdict(claim, &report, compared, Ripeness::of(claim, on, today, may_fall));
    if report.verdict.is_comparison() {
        let both = report.counted.zip(report.reported);
        report.factor = both.and_then(|(counted, reported)| Factor::of(counted, reported));
    }
    Ok(report)
}

/// How far a plan can be judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ripeness {
    /// Its due day is over.
    Over,
    /// Its due day is not over; who counts now will count then, too.
    Lasting,
    /// Its due day is not over, and who counts now may no longer count then.
    MayFall,
}

impl Ripeness {
    /// Of a claim that is judged for the day `on`: a due day is over once it is past, and today is not.
    fn of(claim: &Claim, on: Date, today: Date, may_fall: bool) -> Self {
        match claim.due {
            Some(due) if on < due || today <= due => match may_fall {
                true => Self::MayFall,
                false => Self::Lasting,
            },
            _ => Self::Over,
        }
    }
}

fn verdict(claim: &Claim, report: &Report, compared: Option<Ordering>, ripeness: Ripeness) -> Verdict {
    if !report.contradictions.is_empty() {
        return Verdict::Inconsistent;
    }
    if !claim.kind.is_countable(claim.due) {
        return Verdict::NotCountable;
    }
    if claim.indicator.is_none() {
        return Verdict::Consistent;
    }
    if report.counted.is_none() {
        return Verdict::NotRecorded;
    }
    let Some(compared) = compared else { return Verdict::NotQuantified };
    match (claim.due, compared) {
        (Some(_), Ordering::Less) if ripeness != Ripeness::Over => Verdict::NotYetDue,
        // As many may be fewer again when the day is over.
        (Some(_), _) if ripeness == Ripeness::MayFall => Verdict::NotYetDue,
        (Some(_), Ordering::Equal | Ordering::Greater) => Verdict::Kept,
        (Some(_), Ordering::Less) => Verdict::NotKept,
        (None, Ordering::Equal) => Verdict::Supported,
        (None, Ordering::Greater) => Verdict::Understated,
        (None, Ordering::Less) if report.complete => Verdict::Overstated,
        (None, Ordering::Less) => Verdict::NotConfirmed,
    }
}

/// Where the count lies beside what is claimed; `None` where nothing is to be held against it.
fn compare(claim: &Claim, count: &Count, measured: Measured) -> Option<Ordering> {
    let Some(value) = claim.value else { return count.of.map(|of| count.value.cmp(&of)) };
    let claimed = ClaimedValue { value, is_approximate: claim.is_approximate() };
    match measured {
        Measured::Share { .. } => claimed.compare_share(count.value, count.whole),
        Measured::Figure(_) | Measured::Rows(_) => Some(claimed.compare_count(count.value)),
    }
}

/// The count as it is told: of a share hundredths of a percent.
fn told(count: &Count, view: &ViewDeclaration, measured: Measured) -> Result<u64, QuestionError> {
    let Measured::Share { part, .. } = measured else { return Ok(count.value) };
    if count.whole == 0 {
        return Ok(0);
    }
    let told = share_hundredths(count.value, count.whole).filter(|told| *told <= FIGURE_LIMIT);
    told.ok_or(QuestionError::TooLarge { view: view.name, figure: part.name })
}

/// What a claim asks for: its figure, and the whole that it speaks of.
#[derive(Clone, Copy)]
struct ClaimAsking<'a> {
    own: Asking<'a>,
    whole: Option<Asking<'a>>,
}

impl ClaimAsking<'_> {
    fn count(&self, facts: &Facts, as_known: u64) -> Result<Count, CheckError> {
        let count = self.own.count(facts, as_known)?;
        match (self.whole, self.own.measured) {
            (Some(asking), Measured::Figure(figure)) => {
                let Measured::Figure(whole_figure) = asking.measured else { return Ok(count) };
                count.within(figure, asking.count(facts, as_known)?, whole_figure)
            }
            _ => Ok(count),
        }
    }

    /// The views that are asked.
    fn views(&self) -> impl Iterator<Item = &'static ViewDeclaration> {
        [Some(self.own.view), self.whole.map(|whole| whole.view)].into_iter().flatten()
    }
}

/// A plan of which nothing came was not kept, as long as the registry holds anything of what it is about, in whatever
/// period and under whatever value: then none was counted. Of what its programmes do not tell nobody knows what came.
fn hold_plan(
    claim: &Claim,
    asked: &CheckContext<'_>,
    asking: &ClaimAsking<'_>,
    count: &mut Count,
) -> Result<(), CheckError> {
    if claim.due.is_none() || count.is_recorded || !count.is_known {
        return Ok(());
    }
    let scope = claim.scope.without_period_and_key();
    let wider = ClaimAsking { own: Asking { scope: &scope, ..asking.own }, whole: None };
    let (around, _) = count_without_own(claim, asked, &wider, asked.as_known)?;
    if around.is_recorded && asking.whole.is_none() {
        (count.is_recorded, count.value) = (true, 0);
        count.whole = count.whole.max(1);
    }
    Ok(())
}

/// Counts without what rests on the claiming document only, and says what that is. Setting events aside may
/// bring others in, such as an older report, so they are looked at until none is left.
fn count_without_own(
    claim: &Claim,
    asked: &CheckContext<'_>,
    asking: &ClaimAsking<'_>,
    as_known: u64,
) -> Result<(Count, BTreeSet<u64>), CheckError> {
    let mut facts = Cow::Borrowed(asked.facts);
    let mut set_aside: BTreeSet<u64> = BTreeSet::new();
    // Only files name a document by its bytes; by its name it is named where figures are of other sources.
    let by_name = |unit| matches!(unit, FigureUnit::ReportedIkm | FigureUnit::Claim);
    let by_name = asking.views().flat_map(|view| view.figures).any(|figure| by_name(figure.unit));
    for _ in 0..OWN_ROUNDS_LIMIT {
        let count = asking.count(&facts, as_known)?;
        let own = if !claim.sha256.is_empty() || (by_name && claim.urn.is_some()) {
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

/// Why what is recorded in the scope does not tell the figure.
fn not_known(count: &Count, measured: Measured) -> Option<Message> {
    if count.is_known {
        return None;
    }
    if count.programs.is_empty() {
        return count.holds_like.then(|| {
            Message::new(
                "ada yang tercatat dalam cakupannya, tetapi tidak menyebut angka ini, atau menyebutnya tentang hal-hal yang tidak dijumlahkan, misalnya beberapa komoditas; persempit cakupannya",
                "something is recorded in its scope, but it does not give this figure, or gives it of things that are not added up, such as several commodities; narrow the scope",
            )
        });
    }
    let of_persons = |figure: &FigureDeclaration| figure.unit == FigureUnit::Person;
    let is_of_persons = match measured {
        Measured::Figure(figure) => of_persons(figure),
        Measured::Share { part, whole } => of_persons(part) || of_persons(whole),
        Measured::Rows(_) => false,
    };
    Some(match is_of_persons {
        true => Message::new(
            "program dalam cakupannya tidak menyebut orangnya, sehingga banyaknya tidak diketahui",
            "the programmes in its scope do not name their persons, so how many they are is not known",
        ),
        false => Message::new(
            "program dalam cakupannya ada, tetapi angkanya tidak diketahui",
            "there are programmes in its scope, but the figure is not known of them",
        ),
    })
}

fn know_then(
    claim: &Claim,
    asked: &CheckContext<'_>,
    asking: &ClaimAsking<'_>,
    count: &Count,
    report: &mut Report,
) -> Result<(), CheckError> {
    let own = claim.published_on.or(claim.as_of);
    let on = own.unwrap_or_else(|| claim.due.map_or(asked.today, |due| due.min(asked.today)));
    let as_known = asked.log.size_on(on).map_err(CheckError::Log)?.min(asked.as_known);
    // Facts that were consolidated no longer tell the state before.
    if as_known >= asked.facts.floor() {
        let (then, _) = count_without_own(claim, asked, asking, as_known)?;
        let is_known = then.is_known && count.is_known;
        let counted = is_known.then(|| told(&then, asking.own.view, asking.own.measured)).transpose()?;
        report.known_then = Some(KnownThen { on, as_known, counted });
    }
    report.recorded_late = count.events().into_iter().filter(|index| *index >= as_known).collect();
    Ok(())
}

/// Since when nothing is recorded, where that is before the day that the claim is judged for.
fn silent_since(claim: &Claim, asked: &CheckContext<'_>, on: Date) -> Option<SilentSince> {
    let (day, area) = asked.facts.recorded_until(claim.scope.area, asked.as_known)?;
    (day < on).then_some(SilentSince { day, area })
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
    let other = ClaimAsking { own: Asking { scope: &companion.scope, ..*asking }, whole: None };
    let (other, own) = count_without_own(claim, asked, &other, asked.as_known)?;
    set_aside.extend(own);
    let counts = |member: &&Member| member.figures.contains(&figure.name);
    let distinct: BTreeSet<Who> =
        count.members.iter().chain(&other.members).filter(counts).map(|member| member.who).collect();
    let values = claim.value.and_then(Decimal::as_whole).zip(companion.value);
    Ok(Some(Together {
        counted: distinct.len() as u64,
        at_least: values.map(|(own, other)| own.max(other)),
        at_most: values.map(|(own, other)| own + other),
    }))
}

impl Report {
    /// What is known of a claim before anything is counted.
    fn begun(claim: &Claim, on: Date, synthetic: bool) -> Self {
        Self {
            verdict: Verdict::Consistent,
            synthetic,
            contradictions: contradictions(claim),
            on,
            reported: claim.value.and_then(Decimal::as_whole),
            counted: None,
            of: None,
            part: None,
            due: claim.due,
            basis: None,
            not_known: None,
            factor: None,
            known_then: None,
            silent_since: None,
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
        }
    }
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
