//! Halving: at which places between two answers members changed.
//!
//! A place is a log size, or a day as the number of days that count by its end: either way the answer at one place
//! knows what the answer at the place before it knows, and one thing more.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{IndexRange, member};
use crate::answer::{Answer, Member, Who};
use crate::question::QuestionError;

/// What an answer at a place says of the members sought.
pub(super) struct KnownMembers {
    place: u64,
    /// Of those who count.
    members: BTreeMap<Who, Rc<Member>>,
}

impl KnownMembers {
    pub(super) fn of(answer: &Answer, place: u64, sought: &[Who]) -> Self {
        let members = sought.iter().filter_map(|who| Some((*who, Rc::new(member(answer, *who)?.clone()))));
        Self { place, members: members.collect() }
    }

    /// Whether a member stands otherwise in the other answer.
    fn disagrees(&self, other: &Self, who: Who) -> bool {
        match (self.members.get(&who), other.members.get(&who)) {
            (Some(was), Some(is)) => was.area != is.area || was.figures != is.figures,
            (was, is) => was.is_some() != is.is_some(),
        }
    }

    /// Whether it counts more or less in the other answer.
    fn counts_otherwise(&self, other: &Self, who: Who) -> bool {
        self.members.get(&who).map(|member| &member.amounts)
            != other.members.get(&who).map(|member| &member.amounts)
    }
}

/// Where a member changed from one place to the next.
pub(super) struct FoundTurn {
    /// The place before: the index of the event between the two, where places are log sizes.
    pub(super) at: u64,
    /// How it counts there.
    pub(super) before: Option<Rc<Member>>,
    /// How it counts at the next place.
    pub(super) after: Option<Rc<Member>>,
}

/// What was found of a member.
#[derive(Default)]
pub(super) struct FoundMember {
    /// Ascending.
    pub(super) turns: Vec<FoundTurn>,
    /// Ascending.
    pub(super) unfound: Vec<IndexRange>,
}

/// A stretch of places over which members changed.
struct Stretch {
    before: Rc<KnownMembers>,
    after: Rc<KnownMembers>,
    /// By their standing.
    changed: Vec<Who>,
    /// By nothing but how much they count.
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
            recounted.iter().copied().filter(|who| before.counts_otherwise(after, *who)).collect();
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
        IndexRange { from: self.before.place, to: self.after.place.saturating_sub(1) }
    }
}

/// Halves stretches until each is one place long or no more answers may be asked for.
pub(super) struct Search<'a> {
    answers_left: usize,
    answer_at: &'a mut dyn FnMut(u64) -> Result<Answer, QuestionError>,
    open: Vec<Stretch>,
}

impl<'a> Search<'a> {
    /// `answer_at` answers for a place in between; it is asked at most `answers_limit` times.
    pub(super) fn new(
        answers_limit: usize,
        answer_at: &'a mut dyn FnMut(u64) -> Result<Answer, QuestionError>,
    ) -> Self {
        Self { answers_left: answers_limit, answer_at, open: Vec::new() }
    }

    /// How many answers may still be asked for.
    pub(super) fn answers_left(&self) -> usize {
        self.answers_left
    }

    /// Finds where each member that is known at two places changed between them.
    pub(super) fn run(
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
                    let known = |at: &KnownMembers| at.members.get(&who).map(Rc::clone);
                    let (before, after) = (known(&stretch.before), known(&stretch.after));
                    found.entry(who).or_default().turns.push(FoundTurn { at: from, before, after });
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
            let middle = stretch.before.place + (stretch.after.place - stretch.before.place) / 2;
            let known = Rc::new(KnownMembers::of(&(self.answer_at)(middle)?, middle, &stretch.sought()));
            let Stretch { before, after, changed, recounted } = &stretch;
            self.open.extend(Stretch::between(before, &known, changed, recounted));
            self.open.extend(Stretch::between(&known, after, changed, recounted));
        }
        for found in found.values_mut() {
            found.turns.sort_unstable_by_key(|turn| turn.at);
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
