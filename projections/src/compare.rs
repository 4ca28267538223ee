//! What differs between two answers to one question, and which events made the difference.
//!
//! The same comparison serves two ends: what was known then against what is known now (one version of
//! a view at two log sizes), and an old definition against a new one (two versions at one log size).
//! Nothing here counts anything: figures and members are those of the answers.
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

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::values::Sha256Hex;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Answer, FIGURE_LIMIT, FigureUnit, Member, Who};
use crate::names::{FigureName, ViewName};
use crate::question::QuestionError;

/// One of the two answers that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// Log size that it knows.
    pub as_known: u64,
    /// Its digest.
    #[schemars(with = "Sha256Hex")]
    pub digest: String,
    /// Version of the view.
    pub version: u32,
}

/// One figure on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FigureChange {
    /// Its value in the answer after; none where that version of the view has no such figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Its value in the answer before; none where that version of the view has no such figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// After less before, each 0 where there is none.
    pub difference: i64,
    /// How many members count in it after and not before.
    pub entered: u64,
    /// How many members count in it before and not after.
    pub left: u64,
    /// Its name.
    #[schemars(with = "FigureName")]
    pub name: &'static str,
    /// What it counts.
    pub unit: FigureUnit,
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
    /// Counts on both sides in the same figures for the same area, on other events, in a figure that
    /// counts a member more than once and came to another value.
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
    /// Its area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// The figures in which it counts.
    #[schemars(with = "Vec<FigureName>")]
    pub figures: Vec<&'static str>,
}

impl Standing {
    fn of(member: &Member) -> Self {
        Self { area: member.area, figures: member.figures.clone() }
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
    /// Indexes of the events that did it, ascending. Empty between two versions of a view: there the
    /// definition did it.
    pub events: Vec<u64>,
    /// Where events did it that the bound on answers left unfound, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unfound: Vec<IndexRange>,
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
    let mut comparison = differences(before, after);
    let mut search = Search { answers_left: answers_limit, answer_at, open: Vec::new() };
    let mut sought = Vec::new();
    for change in &mut comparison.members {
        let events = |answer| member(answer, change.who).map_or(&[][..], |member| &member.events);
        let (was, is) = (events(before), events(after));
        let new: Vec<u64> = is.iter().copied().filter(|index| *index >= from).collect();
        let told = match change.difference {
            Difference::Entered => !new.is_empty(),
            // What took something away is among the events of neither side.
            Difference::Recounted => was.iter().all(|index| is.binary_search(index).is_ok()),
            Difference::Left | Difference::Changed => false,
        };
        if told { change.events = new } else { sought.push(change.who) }
    }
    let found = search.run(KnownMembers::of(before, &sought), KnownMembers::of(after, &sought))?;
    for change in &mut comparison.members {
        if let Some(found) = found.get(&change.who) {
            change.events.clone_from(&found.events);
            change.unfound.clone_from(&found.unfound);
        }
    }
    comparison.answers_between = answers_limit - search.answers_left;
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
    Ok(differences(before, after))
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
fn differences(before: &Answer, after: &Answer) -> Comparison {
    let mut pairs: BTreeMap<Who, (Option<&Member>, Option<&Member>)> = BTreeMap::new();
    for member in &before.members {
        pairs.entry(member.who).or_default().0 = Some(member);
    }
    for member in &after.members {
        pairs.entry(member.who).or_default().1 = Some(member);
    }
    let figures = figure_changes(before, after, &pairs);
    // What entering and leaving does not account for, some member does that counts more than once.
    let counts_more_than_once: Vec<&str> = figures
        .iter()
        .filter(|figure| figure.difference != signed(figure.entered) - signed(figure.left))
        .map(|figure| figure.name)
        .collect();
    let difference = |was: Option<&Member>, is: Option<&Member>| match (was, is) {
        (None, Some(_)) => Some(Difference::Entered),
        (Some(_), None) => Some(Difference::Left),
        (Some(was), Some(is)) if was.area != is.area || was.figures != is.figures => {
            Some(Difference::Changed)
        }
        (Some(was), Some(is)) => (was.events != is.events
            && is.figures.iter().any(|figure| counts_more_than_once.contains(figure)))
        .then_some(Difference::Recounted),
        (None, None) => None,
    };
    let members = pairs.iter().filter_map(|(who, (was, is))| {
        Some(MemberChange {
            after: is.map(Standing::of),
            before: was.map(Standing::of),
            difference: difference(*was, *is)?,
            events: Vec::new(),
            unfound: Vec::new(),
            who: *who,
        })
    });
    let side = |answer: &Answer| Side {
        as_known: answer.question.as_known,
        digest: answer.digest.clone(),
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
    pairs: &BTreeMap<Who, (Option<&Member>, Option<&Member>)>,
) -> Vec<FigureChange> {
    let gone = before.figures.iter().filter(|figure| after.figure(figure.name).is_none());
    let all = after.figures.iter().chain(gone);
    let counts_in = |member: Option<&Member>, name| member.is_some_and(|one| one.figures.contains(&name));
    all.map(|figure| {
        let (was, is) = (before.value(figure.name), after.value(figure.name));
        let (mut entered, mut left) = (0, 0);
        for (was, is) in pairs.values() {
            match (counts_in(*was, figure.name), counts_in(*is, figure.name)) {
                (false, true) => entered += 1,
                (true, false) => left += 1,
                _ => {}
            }
        }
        FigureChange {
            after: is,
            before: was,
            difference: signed(is.unwrap_or(0)) - signed(was.unwrap_or(0)),
            entered,
            left,
            name: figure.name,
            unit: figure.unit,
        }
    })
    .collect()
}

/// What an answer at a log size says of the members sought.
struct KnownMembers {
    size: u64,
    /// Of those who count; events as well, for a recount shows in nothing else.
    members: BTreeMap<Who, Member>,
}

impl KnownMembers {
    fn of(answer: &Answer, sought: &[Who]) -> Self {
        let members = sought.iter().filter_map(|who| Some((*who, member(answer, *who)?.clone())));
        Self { size: answer.question.as_known, members: members.collect() }
    }

    /// Whether a member stands otherwise in the other answer.
    fn disagrees(&self, other: &Self, who: Who) -> bool {
        match (self.members.get(&who), other.members.get(&who)) {
            (Some(was), Some(is)) => was.area != is.area || was.figures != is.figures,
            (was, is) => was.is_some() != is.is_some(),
        }
    }

    /// Whether it rests on other events in the other answer.
    fn rests_otherwise(&self, other: &Self, who: Who) -> bool {
        self.members.get(&who).map(|member| &member.events)
            != other.members.get(&who).map(|member| &member.events)
    }
}

#[derive(Default)]
struct FoundMember {
    events: Vec<u64>,
    unfound: Vec<IndexRange>,
}

/// A stretch of the log over which members changed.
struct Stretch {
    before: Rc<KnownMembers>,
    after: Rc<KnownMembers>,
    /// By their standing.
    changed: Vec<Who>,
    /// By nothing but the events they rest on.
    recounted: Vec<Who>,
}

impl Stretch {
    fn between(
        before: &Rc<KnownMembers>,
        after: &Rc<KnownMembers>,
        changed: &[Who],
        recounted: &[Who],
    ) -> Option<Self> {
        let changed: Vec<Who> = changed.iter().copied().filter(|who| before.disagrees(after, *who)).collect();
        let recounted: Vec<Who> =
            recounted.iter().copied().filter(|who| before.rests_otherwise(after, *who)).collect();
        (!(changed.is_empty() && recounted.is_empty())).then(|| Self {
            before: Rc::clone(before),
            after: Rc::clone(after),
            changed,
            recounted,
        })
    }

    fn sought(&self) -> Vec<Who> {
        let mut sought: Vec<Who> = self.changed.iter().chain(&self.recounted).copied().collect();
        sought.sort_unstable();
        sought
    }

    fn indexes(&self) -> IndexRange {
        IndexRange { from: self.before.size, to: self.after.size.saturating_sub(1) }
    }
}

/// Halves stretches until each is one event long or no more answers may be asked for.
struct Search<'a> {
    answers_left: usize,
    answer_at: &'a mut dyn FnMut(u64) -> Result<Answer, QuestionError>,
    open: Vec<Stretch>,
}

impl Search<'_> {
    fn run(
        &mut self,
        before: KnownMembers,
        after: KnownMembers,
    ) -> Result<BTreeMap<Who, FoundMember>, QuestionError> {
        let (before, after) = (Rc::new(before), Rc::new(after));
        let all: BTreeSet<Who> = before.members.keys().chain(after.members.keys()).copied().collect();
        let (changed, recounted): (Vec<Who>, Vec<Who>) =
            all.into_iter().partition(|who| before.disagrees(&after, *who));
        self.open.extend(Stretch::between(&before, &after, &changed, &recounted));
        let mut found: BTreeMap<Who, FoundMember> = BTreeMap::new();
        while let Some(stretch) = self.next() {
            let IndexRange { from, to } = stretch.indexes();
            if from == to {
                for who in stretch.sought() {
                    found.entry(who).or_default().events.push(from);
                }
                continue;
            }
            let Some(answers_left) = self.answers_left.checked_sub(1) else {
                for who in stretch.sought() {
                    found.entry(who).or_default().unfound.push(stretch.indexes());
                }
                continue;
            };
            self.answers_left = answers_left;
            let middle = stretch.before.size + (stretch.after.size - stretch.before.size) / 2;
            let known = Rc::new(KnownMembers::of(&(self.answer_at)(middle)?, &stretch.sought()));
            let Stretch { before, after, changed, recounted } = &stretch;
            self.open.extend(Stretch::between(before, &known, changed, recounted));
            self.open.extend(Stretch::between(&known, after, changed, recounted));
        }
        for found in found.values_mut() {
            found.events.sort_unstable();
            found.unfound.sort_unstable();
        }
        Ok(found)
    }

    /// The stretch to halve next: where most members changed, and of those the shortest, so that an
    /// answer finds as much as it can before the bound is met.
    fn next(&mut self) -> Option<Stretch> {
        let worth = |stretch: &Stretch| {
            let IndexRange { from, to } = stretch.indexes();
            let length = std::cmp::Reverse(to - from);
            (stretch.changed.len() + stretch.recounted.len(), length, std::cmp::Reverse(from))
        };
        let best = (0..self.open.len()).max_by_key(|place| worth(&self.open[*place]))?;
        Some(self.open.swap_remove(best))
    }
}
