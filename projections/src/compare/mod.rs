//! What differs between two answers to one question, and which events made the difference.
//!
//! The same comparison serves two ends: what was known then against what is known now (one version of
//! a view at two log sizes), and an old definition against a new one (two versions at one log size).
//! A third one serves whoever asks what changed between two days of one state of knowledge
//! ([`compare_days`]). Nothing here counts anything: figures and members are those of the answers.
//!
//! # Which events did it
//!
//! Who entered, and whose new answer rests on events that the old one did not know, entered by those
//! events. Everybody else changed by an event that is not behind the new answer: a retraction, a
//! correction, a revocation, an event about a programme. It is found by halving: answers in between
//! are asked for until two neighbouring log sizes disagree about the member, so an index given is one
//! at which the answer did change, never a guess. A member that changed more than once on the way
//! gets the index of each step that the halving came upon; one that changed and changed back between
//! two answers that were asked for is not noticed. The number of answers is bounded; where the bound
//! is met, the range of indexes that is left is given instead.

mod causes;
mod days;
mod search;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::values::{Date, Sha256Hex};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Answer, FIGURE_LIMIT, FigureUnit, Member, MemberKind, Who, told_figures};
use crate::facts::Facts;
use crate::names::{FigureName, ViewName};
use crate::question::{Question, QuestionError};
use crate::views::known::Known;
use crate::views::{ViewDeclaration, counting};
pub(crate) use causes::Turn;
pub use causes::{Cause, CauseKind};
pub use days::{DayRange, Step, compare_days};
use search::{KnownMembers, Search};

/// What is compared: a view, or one of its figures alone.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The view.
    pub view: &'a ViewDeclaration,
    /// The figure; none for all of the view.
    pub figure: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// All figures of a view.
    #[must_use]
    pub fn whole(view: &'a ViewDeclaration) -> Self {
        Self { view, figure: None }
    }

    /// The answer of the view, or what it says of the figure: that alone, the rows in which it counts, and who counts in it
    /// by which events. The digest is that of the whole answer.
    ///
    /// # Errors
    /// As [`ViewDeclaration::answer`].
    pub fn answer(self, facts: &Facts, question: &Question) -> Result<Answer, QuestionError> {
        self.answer_among(&Known::new(facts, question.as_known), question, Answer::digested)
    }

    /// The same among what is known at the log size asked for; `digested` adds the digest, or none.
    fn answer_among(
        self,
        known: &Arc<Known<'_>>,
        question: &Question,
        digested: fn(Answer) -> Answer,
    ) -> Result<Answer, QuestionError> {
        let (answer, alone) = self.view.answer_and_alone(known, question, self.figure)?;
        let answer = digested(answer);
        Ok(match self.figure {
            Some(figure) => answer.of_figure(figure, alone),
            None => answer,
        })
    }
}

/// One of the two answers that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// Log size that it knows.
    pub as_known: u64,
    /// Its digest.
    #[schemars(with = "Sha256Hex")]
    pub digest: String,
    /// The day it is for.
    pub on: Date,
    /// Version of the view.
    pub version: u32,
}

/// One figure on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FigureChange {
    /// Its value in the answer after; null where it is not known, or that version of the view has no such figure.
    pub after: Option<u64>,
    /// Its value in the answer before; null where it is not known, or that version of the view has no such figure.
    pub before: Option<u64>,
    /// After less before; null where one of the two is, and where they count unlike things.
    pub difference: Option<i64>,
    /// How many members of each kind count in it on either side, IKMs, persons and others apart. The figure itself may
    /// count something else: certificates of an IKM, rupiah of a programme. Empty where `members_unknown`.
    pub members: Vec<FigureMembers>,
    /// On one side it is not known, and nobody counts in it: of who entered and left it nothing can be said. Left out
    /// where that is not so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub members_unknown: bool,
    /// Its name.
    #[schemars(with = "FigureName")]
    pub name: &'static str,
    /// What it counts.
    pub unit: FigureUnit,
}

/// The figures in which a member is told to count; none where it does not count at all.
fn told_of(member: Option<&Member>) -> impl Iterator<Item = &'static str> {
    member.into_iter().flat_map(|member| counting(&member.figures))
}

/// How many members of one kind count in a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FigureMembers {
    /// How many of them count in it after and not before.
    pub entered: u64,
    /// What they are.
    pub kind: MemberKind,
    /// How many of them count in it before and not after.
    pub left: u64,
    /// How many of them count in it before and after.
    pub stayed: u64,
}

/// How a member differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Counts after and not before.
    Entered,
    /// Counted before and not after.
    Left,
    /// Counts on both sides, in other figures or for another area.
    Changed,
    /// Counts on both sides in the same figures for the same area, and in one of them more or less: it has more of what the
    /// figure counts, or another amount.
    Recounted,
}

impl Difference {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Left => "left",
            Self::Changed => "changed",
            Self::Recounted => "recounted",
        }
    }
}

impl Difference {
    /// How a member differs that counts one way and then the other; `None` where it counts in neither or alike.
    fn between(was: Option<&Member>, is: Option<&Member>) -> Option<Self> {
        match (was, is) {
            (None, Some(_)) => Some(Self::Entered),
            (Some(_), None) => Some(Self::Left),
            (Some(was), Some(is)) if was.area != is.area || was.figures != is.figures => Some(Self::Changed),
            (Some(was), Some(is)) if was.amounts != is.amounts => Some(Self::Recounted),
            _ => None,
        }
    }
}

/// Indexes of which one or more made a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct IndexRange {
    /// First index.
    pub from: u64,
    /// Last index, inclusive.
    pub to: u64,
}

/// How a member counts on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Standing {
    /// How much it adds to those of the figures to which it does not add 1, where these count or add up.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, u64>")]
    pub amounts: BTreeMap<&'static str, u64>,
    /// Its area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// The figures in which it counts, as members have them.
    #[serde(serialize_with = "told_figures")]
    #[schemars(with = "Vec<FigureName>")]
    pub figures: Vec<&'static str>,
}

impl Standing {
    fn of(member: &Member, answer: &Answer) -> Self {
        let adds_up = |name: &str| {
            let unit = answer.figure(name).map(|figure| figure.unit);
            !unit.is_none_or(|unit| unit.is_of_all() || unit == FigureUnit::LessonHour)
        };
        let figures = member.figures.iter().copied().filter(|name| adds_up(name));
        let amounts = figures.filter_map(|name| Some((name, member.amount(name).filter(|one| *one != 1)?)));
        Self { amounts: amounts.collect(), area: member.area, figures: member.figures.clone() }
    }

    /// How much it adds to a figure.
    #[must_use]
    pub fn amount(&self, figure: &str) -> u64 {
        if !self.figures.contains(&figure) {
            return 0;
        }
        self.amounts.get(figure).copied().unwrap_or(1)
    }
}

/// A member that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberChange {
    /// How it counts after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Standing>,
    /// How it counted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Standing>,
    /// How it differs.
    pub difference: Difference,
    /// Indexes of the events that did it, ascending. Empty between two versions of a view, where the
    /// definition did it, and between two days, where `steps` says more.
    pub events: Vec<u64>,
    /// Between two days: what happened to it on the way, ascending by day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Where events did it that the bound on answers left unfound, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unfound: Vec<IndexRange>,
    /// Between two days: stretches on which it changed that the bound on answers left unfound, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unfound_days: Vec<DayRange>,
    /// Who or what it is.
    pub who: Who,
}

/// What differs between two answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Comparison {
    /// The answer after.
    pub after: Side,
    /// How many answers in between were asked for.
    pub answers_between: usize,
    /// The answer before.
    pub before: Side,
    /// Every figure of either side, also those that do not differ.
    pub figures: Vec<FigureChange>,
    /// The members that differ, in the order of an answer's members.
    pub members: Vec<MemberChange>,
    /// Name of the view.
    #[schemars(with = "ViewName")]
    pub view: &'static str,
}

/// Two answers that cannot be compared, or an answer in between that could not be had.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// They answer different questions, come from different views, or differ in more than one of log
    /// size and version.
    #[error(
        "the two answers are not to the same question; compare one view at two log sizes, or two versions of it at one"
    )]
    DifferentQuestions,
    /// The one before knows more of the log than the one after.
    #[error(
        "the answer before knows {before} events and the one after {after}; give the one that knows less first"
    )]
    Backward {
        /// Log size of the answer before.
        before: u64,
        /// Log size of the answer after.
        after: u64,
    },
    /// The one before is for a later day than the one after.
    #[error("the answer before is for {before} and the one after for {after}; give the earlier day first")]
    DaysBackward {
        /// Day of the answer before.
        before: Date,
        /// Day of the answer after.
        after: Date,
    },
    /// A question about a state in between has no answer.
    #[error(transparent)]
    Between(#[from] QuestionError),
}

impl CompareError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        let id = match self {
            Self::DifferentQuestions => "kedua jawaban bukan untuk pertanyaan yang sama; bandingkan satu \
                tampilan pada dua ukuran log, atau dua versinya pada satu ukuran log"
                .to_owned(),
            Self::Backward { before, after } => format!(
                "jawaban sebelum mengetahui {before} peristiwa dan yang sesudah {after}; dahulukan yang \
                 mengetahui lebih sedikit"
            ),
            Self::DaysBackward { before, after } => format!(
                "jawaban sebelum untuk {before} dan yang sesudah untuk {after}; dahulukan hari yang lebih awal"
            ),
            Self::Between(error) => return error.message(),
        };
        Message::new(id, self.to_string())
    }
}

/// Compares the answers of one version of a view at two log sizes. `answer_at` answers the same
/// question at a log size in between; it is asked at most `answers_limit` times.
///
/// # Errors
/// When the answers are not of one question and version, `before` knows more of the log than `after`,
/// or `answer_at` fails.
pub fn compare(
    before: &Answer,
    after: &Answer,
    answers_limit: usize,
    answer_at: &mut dyn FnMut(u64) -> Result<Answer, QuestionError>,
) -> Result<Comparison, CompareError> {
    let (from, to) = (before.question.as_known, after.question.as_known);
    if before.version != after.version || !same_question(before, after) {
        return Err(CompareError::DifferentQuestions);
    }
    if from > to {
        return Err(CompareError::Backward { before: from, after: to });
    }
    let known = KnownOnBoth::of(before, after);
    let (before, after) = (&*known.alone(Cow::Borrowed(before)), &*known.alone(Cow::Borrowed(after)));
    let mut comparison = differences(before, after, &known);
    let mut answer_at = |size| Ok(known.alone(Cow::Owned(answer_at(size)?)).into_owned());
    let mut search = Search::new(answers_limit, &mut answer_at);
    let mut sought = Vec::new();
    for change in &mut comparison.members {
        let events = |answer| member(answer, change.who).map_or(&[][..], |member| &member.events);
        let (was, is) = (events(before), events(after));
        let new: Vec<u64> = is.iter().copied().filter(|index| *index >= from).collect();
        let told = match change.difference {
            Difference::Entered => !new.is_empty(),
            // What took something away is among the events of neither side.
            Difference::Recounted => {
                !new.is_empty() && was.iter().all(|index| is.binary_search(index).is_ok())
            }
            Difference::Left | Difference::Changed => false,
        };
        if told { change.events = new } else { sought.push(change.who) }
    }
    let mut found =
        search.run(KnownMembers::of(before, from, &sought), KnownMembers::of(after, to, &sought))?;
    for change in &mut comparison.members {
        if let Some(found) = found.remove(&change.who) {
            change.events = found.turns.iter().map(|turn| turn.at).collect();
            change.unfound = found.unfound;
        }
    }
    comparison.answers_between = answers_limit - search.answers_left();
    Ok(comparison)
}

/// Compares the answers of two versions of a view at one log size.
///
/// # Errors
/// When the answers are not of one view, question and log size.
pub fn compare_versions(before: &Answer, after: &Answer) -> Result<Comparison, CompareError> {
    if !same_question(before, after) || before.question.as_known != after.question.as_known {
        return Err(CompareError::DifferentQuestions);
    }
    let known = KnownOnBoth::of(before, after);
    let [one, other] = [before, after].map(|answer| known.alone(Cow::Borrowed(answer)));
    Ok(differences(&one, &other, &known))
}

/// What is known on both sides: of a figure that is not known on one, so that nobody counts in it there, it cannot be said
/// who entered it and who left.
struct KnownOnBoth {
    /// The figures of which that is not known.
    unknown: Vec<&'static str>,
}

impl KnownOnBoth {
    fn of(before: &Answer, after: &Answer) -> Self {
        let counts = |answer: &Answer, name| {
            answer.members.iter().any(|member| told_of(Some(member)).any(|told| told == name))
        };
        // A figure that one version of a view does not have was not asked for there.
        let is_unknown = |answer: &Answer, name| {
            answer.figure(name).is_some_and(|figure| figure.value.is_none()) && !counts(answer, name)
        };
        let names = after.figures.iter().map(|figure| figure.name);
        let unknown = names.filter(|name| is_unknown(before, name) != is_unknown(after, name));
        Self { unknown: unknown.collect() }
    }

    /// An answer with its members as they count in the other figures.
    fn alone<'a>(&self, answer: Cow<'a, Answer>) -> Cow<'a, Answer> {
        if self.unknown.is_empty() {
            return answer;
        }
        let mut answer = answer.into_owned();
        let members = std::mem::take(&mut answer.members).into_iter();
        answer.members = members.filter_map(|member| member.without(&self.unknown)).collect();
        Cow::Owned(answer)
    }
}

fn same_question(before: &Answer, after: &Answer) -> bool {
    let mut asked = before.question.clone();
    asked.as_known = after.question.as_known;
    before.view == after.view && asked == after.question
}

/// A member of an answer, whose members stand in the order of who they are.
fn member(answer: &Answer, who: Who) -> Option<&Member> {
    let place = answer.members.binary_search_by_key(&who, |member| member.who).ok()?;
    answer.members.get(place)
}

/// All differences, without the events that made them.
fn differences(before: &Answer, after: &Answer, known: &KnownOnBoth) -> Comparison {
    let mut pairs: BTreeMap<Who, (Option<&Member>, Option<&Member>)> = BTreeMap::new();
    for member in &before.members {
        pairs.entry(member.who).or_default().0 = Some(member);
    }
    for member in &after.members {
        pairs.entry(member.who).or_default().1 = Some(member);
    }
    let figures = figure_changes(before, after, known, &pairs);
    let members = pairs.iter().filter_map(|(who, (was, is))| {
        Some(MemberChange {
            after: is.map(|is| Standing::of(is, after)),
            before: was.map(|was| Standing::of(was, before)),
            difference: Difference::between(*was, *is)?,
            events: Vec::new(),
            steps: Vec::new(),
            unfound: Vec::new(),
            unfound_days: Vec::new(),
            who: *who,
        })
    });
    let side = |answer: &Answer| Side {
        as_known: answer.question.as_known,
        digest: answer.digest.clone(),
        on: answer.question.on,
        version: answer.version,
    };
    Comparison {
        after: side(after),
        answers_between: 0,
        before: side(before),
        members: members.collect(),
        figures,
        view: after.view,
    }
}

fn signed(count: u64) -> i64 {
    debug_assert!(count <= FIGURE_LIMIT, "{count} is no figure");
    count.cast_signed()
}

fn figure_changes(
    before: &Answer,
    after: &Answer,
    known: &KnownOnBoth,
    pairs: &BTreeMap<Who, (Option<&Member>, Option<&Member>)>,
) -> Vec<FigureChange> {
    let gone = before.figures.iter().filter(|figure| after.figure(figure.name).is_none());
    let all = after.figures.iter().chain(gone);
    let counts_in = |member: Option<&Member>, name| told_of(member).any(|told| told == name);
    all.map(|figure| {
        let (was, is) = (before.value(figure.name), after.value(figure.name));
        let mut members: BTreeMap<MemberKind, FigureMembers> = BTreeMap::new();
        for (who, (was, is)) in pairs {
            let kind = who.kind();
            let counts = (counts_in(*was, figure.name), counts_in(*is, figure.name));
            if counts == (false, false) {
                continue;
            }
            let none = FigureMembers { entered: 0, kind, left: 0, stayed: 0 };
            let of = members.entry(kind).or_insert(none);
            match counts {
                (false, _) => of.entered += 1,
                (_, false) => of.left += 1,
                (true, true) => of.stayed += 1,
            }
        }
        let told = [after, before].map(|answer| answer.figure(figure.name).filter(|one| one.value.is_some()));
        let [after_unit, before_unit] = told.map(|one| one.map(|one| one.unit));
        // What one target or claim counts another may not.
        let is_alike = after_unit == before_unit;
        FigureChange {
            after: is,
            before: was,
            difference: is.zip(was).filter(|_| is_alike).map(|(is, was)| signed(is) - signed(was)),
            members: members.into_values().collect(),
            members_unknown: known.unknown.contains(&figure.name),
            name: figure.name,
            unit: after_unit.or(before_unit).unwrap_or(figure.unit),
        }
    })
    .collect()
}
