//! Places in programmes: who was given one, who waits, who left, and how many are taken.
//!
//! What was recorded for an IKM that was merged into another one counts for that one from the merge on.

use std::borrow::Cow;

use foldhash::HashMap;
use jejak_events::identity::{IkmId, PersonId, ProgramId};
use jejak_events::types::Data;
use jejak_events::values::{Code, SetOf};

use super::merges::Merges;
use super::timeline::{Moment, Timeline};

/// A step of one IKM in one programme.
#[derive(Debug)]
pub enum EnrolmentStep {
    /// Given a place, at once or from the waiting list.
    Placed {
        /// Its group.
        group: Option<Code>,
        /// The persons named.
        persons: Vec<PersonId>,
        /// Whether from the waiting list.
        promoted: bool,
    },
    /// Put on the waiting list.
    Waitlisted,
    /// Gave the place or the wait up: these persons, or all of it.
    Withdrawn(Option<Vec<PersonId>>),
}

impl EnrolmentStep {
    /// The step that some content is, with its programme; `None` for content that is none.
    #[must_use]
    pub fn of(data: &Data) -> Option<(ProgramId, Self)> {
        Some(match data {
            Data::EnrolmentMade(data) => {
                (data.program, placed(data.group.as_ref(), data.persons.as_ref(), false))
            }
            Data::EnrolmentPromoted(data) => {
                (data.program, placed(data.group.as_ref(), data.persons.as_ref(), true))
            }
            Data::EnrolmentWaitlisted(data) => (data.program, Self::Waitlisted),
            Data::EnrolmentWithdrawn(data) => {
                (data.program, Self::Withdrawn(data.persons.as_ref().map(|persons| persons.to_vec())))
            }
            _ => return None,
        })
    }
}

fn placed(group: Option<&Code>, persons: Option<&SetOf<PersonId>>, promoted: bool) -> EnrolmentStep {
    let persons = persons.map(|persons| persons.to_vec()).unwrap_or_default();
    EnrolmentStep::Placed { group: group.cloned(), persons, promoted }
}

/// How an IKM stands with a programme at some moment.
#[derive(Debug)]
pub enum Standing<'a> {
    /// Nothing was recorded.
    Nothing,
    /// Waits for a place since then.
    Waiting(Moment),
    /// Has a place; several where streams that had one each were merged, the IKM's own first.
    Placed(Vec<Place<'a>>),
    /// Left at that moment.
    Withdrawn(Moment),
}

impl Standing<'_> {
    /// What counts of the standings of several streams that are one IKM: more before less.
    fn rank(&self) -> u8 {
        match self {
            Self::Placed(_) => 3,
            Self::Waiting(_) => 2,
            Self::Withdrawn(_) => 1,
            Self::Nothing => 0,
        }
    }
}

/// A place in a programme.
#[derive(Debug)]
pub struct Place<'a> {
    /// Since when.
    pub since: Moment,
    /// The group.
    pub group: Option<&'a Code>,
    /// The persons named that have not left.
    pub persons: Cow<'a, [PersonId]>,
}

/// The places taken in a programme, with all that is recorded: each stream counts for itself.
#[derive(Debug, Default)]
pub struct Taken {
    /// IKMs with a place now.
    pub ikms: u64,
    /// Persons with a place now, each with the number of enrolments that name them.
    pub persons: HashMap<PersonId, u32>,
}

/// The steps of all IKMs in all programmes.
#[derive(Debug, Default)]
pub struct Enrolments {
    steps: HashMap<(ProgramId, IkmId), Timeline<EnrolmentStep>>,
    taken: HashMap<ProgramId, Taken>,
}

/// The merges that say which streams are one.
#[derive(Clone, Copy)]
pub struct Merged<'a> {
    /// Of IKMs.
    pub ikms: &'a Merges<IkmId>,
    /// Of persons.
    pub persons: &'a Merges<PersonId>,
}

impl Enrolments {
    /// The places taken in a programme; `None` where nobody ever had one.
    #[must_use]
    pub fn taken(&self, program: ProgramId) -> Option<&Taken> {
        self.taken.get(&program)
    }

    /// The steps in a programme of an IKM and of those merged into it before an index, earliest first.
    #[must_use]
    pub fn steps(
        &self,
        merged: Merged<'_>,
        program: ProgramId,
        ikm: IkmId,
        before: u64,
    ) -> Vec<(Moment, &EnrolmentStep)> {
        let streams = merged.ikms.group(ikm, before);
        let of = |stream| self.steps.get(&(program, stream)).into_iter().flat_map(Timeline::steps);
        let mut steps: Vec<_> = streams.into_iter().flat_map(of).collect();
        steps.sort_unstable_by_key(|(moment, _)| *moment);
        steps
    }

    /// How an IKM, with those merged into it, stands with a programme just before a moment, or in the end,
    /// as far as `counts` lets steps count.
    #[must_use]
    pub fn standing(
        &self,
        merged: Merged<'_>,
        (program, ikm): (ProgramId, IkmId),
        before: Option<Moment>,
        counts: impl Fn(Moment, &EnrolmentStep) -> bool,
    ) -> Standing<'_> {
        let streams = merged.ikms.group(ikm, before.map_or(u64::MAX, |before| before.index));
        let standings =
            streams.into_iter().map(|one| self.standing_of_stream(merged, (program, one), before, &counts));
        let better = |best, other| match (best, other) {
            (Standing::Placed(mut places), Standing::Placed(others)) => {
                places.extend(others);
                Standing::Placed(places)
            }
            // Of equal ones the first, which is the IKM's own.
            (best, other) if other.rank() <= best.rank() => best,
            (_, other) => other,
        };
        standings.reduce(better).unwrap_or(Standing::Nothing)
    }

    /// How one stream stands. Whoever leaves under the one that it was merged into, from then on, gives up the
    /// places and waits of both. What else is recorded for that one is that one's, and before a wait of this
    /// one by its rank. Without `before`, everything counts.
    fn standing_of_stream(
        &self,
        merged: Merged<'_>,
        (program, stream): (ProgramId, IkmId),
        before: Option<Moment>,
        counts: &dyn Fn(Moment, &EnrolmentStep) -> bool,
    ) -> Standing<'_> {
        let Some(own) = self.steps.get(&(program, stream)) else { return Standing::Nothing };
        let in_time = |(moment, _): &(Moment, &EnrolmentStep)| before.is_none_or(|before| *moment < before);
        let until = before.map_or(u64::MAX, |before| before.index);
        let mut steps: Vec<_> = own.steps().take_while(in_time).collect();
        for (index, into) in merged.ikms.path(stream, until) {
            let theirs = self.steps.get(&(program, into)).into_iter().flat_map(Timeline::steps);
            let since = theirs.take_while(in_time).filter(|(moment, _)| moment.index > index);
            steps.extend(since.filter(|(_, step)| matches!(step, EnrolmentStep::Withdrawn(_))));
        }
        steps.sort_unstable_by_key(|(moment, _)| *moment);
        fold(merged.persons, steps.into_iter().filter(|(moment, step)| counts(*moment, step)))
    }

    /// Adds a step or takes it away, and counts the places anew.
    pub fn put(
        &mut self,
        merged: Merged<'_>,
        (program, ikm): (ProgramId, IkmId),
        moment: Moment,
        step: EnrolmentStep,
        add: bool,
    ) {
        let streams = merged.ikms.group(ikm, u64::MAX);
        self.count(merged, program, &streams, false);
        self.steps.entry((program, ikm)).or_default().put(moment, step, add);
        self.count(merged, program, &streams, true);
    }

    /// Counts all places anew.
    pub fn recount(&mut self, merged: Merged<'_>) {
        self.taken.clear();
        let all: Vec<(ProgramId, IkmId)> = self.steps.keys().copied().collect();
        for (program, stream) in all {
            self.count(merged, program, &[stream], true);
        }
    }

    /// Adds the places that streams have in the end to those taken, or takes them away.
    fn count(&mut self, merged: Merged<'_>, program: ProgramId, streams: &[IkmId], add: bool) {
        for stream in streams {
            let standing = self.standing_of_stream(merged, (program, *stream), None, &|_, _| true);
            let Standing::Placed(places) = standing else { continue };
            let persons: Vec<PersonId> =
                places.into_iter().flat_map(|place| place.persons.into_owned()).collect();
            let taken = self.taken.entry(program).or_default();
            taken.ikms = if add { taken.ikms + 1 } else { taken.ikms.saturating_sub(1) };
            for person in persons {
                let times = taken.persons.entry(person).or_insert(0);
                *times = if add { *times + 1 } else { times.saturating_sub(1) };
                if *times == 0 {
                    taken.persons.remove(&person);
                }
            }
        }
    }
}

/// Folds steps, earliest first.
fn fold<'a>(
    persons: &Merges<PersonId>,
    steps: impl Iterator<Item = (Moment, &'a EnrolmentStep)>,
) -> Standing<'a> {
    let mut standing = Standing::Nothing;
    for (moment, step) in steps {
        standing = match (step, standing) {
            (EnrolmentStep::Placed { group, persons, .. }, _) => Standing::Placed(vec![Place {
                since: moment,
                group: group.as_ref(),
                persons: Cow::Borrowed(persons),
            }]),
            (EnrolmentStep::Waitlisted, _) => Standing::Waiting(moment),
            (EnrolmentStep::Withdrawn(Some(left)), Standing::Placed(mut places)) => {
                let has_left = |person: &PersonId| {
                    left.iter().any(|gone| {
                        gone == person || persons.path(*person, moment.index).any(|(_, into)| into == *gone)
                    })
                };
                // A delegation whose last named person leaves has left.
                places.retain_mut(|place| {
                    let names_nobody = place.persons.is_empty();
                    place.persons.to_mut().retain(|person| !has_left(person));
                    names_nobody || !place.persons.is_empty()
                });
                if places.is_empty() { Standing::Withdrawn(moment) } else { Standing::Placed(places) }
            }
            (EnrolmentStep::Withdrawn(_), _) => Standing::Withdrawn(moment),
        };
    }
    standing
}
