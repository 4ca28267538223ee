//! Places in programmes: who was given one, who waits, who left, and how many are taken.
//!
//! What was recorded for an IKM that was merged into another one counts for that one from the merge on.

use std::borrow::Cow;
use std::collections::BTreeSet;

use foldhash::HashMap;
use jejak_events::identity::{PersonId, ProgramId};
use jejak_events::values::{Code, SetOf};

use super::enrollee::{Enrollee, Merged};
use super::merges::Merges;
use super::stored::{Stored, StoredBytes, put_map, stored_struct};
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
    Waitlisted {
        /// The group waited for.
        group: Option<Code>,
    },
    /// Gave the place or the wait up: these persons, or all of it.
    Withdrawn(Option<Vec<PersonId>>),
}

impl EnrolmentStep {
    /// A place, for the IKM's delegation where no persons are named.
    #[must_use]
    pub fn placed(
        who: Enrollee,
        group: Option<&Code>,
        persons: Option<&SetOf<PersonId>>,
        promoted: bool,
    ) -> Self {
        let persons = who.persons(persons.map(|persons| &**persons));
        Self::Placed { group: group.cloned(), persons, promoted }
    }
}

/// How an IKM stands with a programme at some moment.
#[derive(Debug)]
pub enum PlaceStanding<'a> {
    /// Nothing was recorded.
    Nothing,
    /// Waits for a place since then.
    Waiting(Moment),
    /// Has a place; several where streams that had one each were merged, the IKM's own first.
    Placed(Vec<Place<'a>>),
    /// Left at that moment.
    Withdrawn(Moment),
}

impl PlaceStanding<'_> {
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

/// One that waits for a place.
#[derive(Debug)]
pub struct Waiter<'a> {
    /// Since when.
    pub since: Moment,
    /// Who.
    pub enrollee: Enrollee,
    /// The group waited for.
    pub group: Option<&'a Code>,
}

/// The places taken in a programme, with all that is recorded: each stream counts for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// IKMs with a place now.
    pub ikms: u64,
    /// Persons with a place now, each with the number of enrolments that name them.
    pub persons: HashMap<PersonId, u32>,
}

/// The steps of all IKMs in all programmes.
#[derive(Debug, Default)]
pub struct Enrolments {
    steps: HashMap<(ProgramId, Enrollee), Timeline<EnrolmentStep>>,
    /// The programmes in which a stream has steps, or once had.
    programs: HashMap<Enrollee, Vec<ProgramId>>,
    /// Where some of the persons left: how many such steps. Only there does it matter who counts as whom among
    /// persons.
    partly_left: HashMap<(ProgramId, Enrollee), u32>,
    taken: HashMap<ProgramId, Taken>,
    /// Who waits in the end: each stream for itself, the longest wait first.
    waiting: HashMap<ProgramId, BTreeSet<(Moment, Enrollee)>>,
}

impl Enrolments {
    /// The places taken in a programme; `None` where nobody ever had one.
    #[must_use]
    pub fn taken(&self, program: ProgramId) -> Option<&Taken> {
        self.taken.get(&program)
    }

    /// Who waits in a programme in the end, the longest wait first.
    pub fn waiting(&self, program: ProgramId) -> impl Iterator<Item = Waiter<'_>> {
        let waits = self.waiting.get(&program).into_iter().flatten();
        waits.map(move |(since, enrollee)| {
            let own = self.steps.get(&(program, *enrollee)).and_then(|steps| steps.at(*since));
            let group = match own {
                Some(EnrolmentStep::Waitlisted { group }) => group.as_ref(),
                _ => None,
            };
            Waiter { since: *since, enrollee: *enrollee, group }
        })
    }

    /// The steps in a programme of an IKM and of those merged into it before an index, earliest first.
    #[must_use]
    pub fn steps(
        &self,
        merged: Merged<'_>,
        program: ProgramId,
        who: Enrollee,
        before: u64,
    ) -> Vec<(Moment, &EnrolmentStep)> {
        let streams = merged.group(who, before);
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
        (program, who): (ProgramId, Enrollee),
        before: Option<Moment>,
        counts: impl Fn(Moment, &EnrolmentStep) -> bool,
    ) -> PlaceStanding<'_> {
        let streams = merged.group(who, before.map_or(u64::MAX, |before| before.index));
        let standings =
            streams.into_iter().map(|one| self.standing_of_stream(merged, (program, one), before, &counts));
        let better = |best, other| match (best, other) {
            (PlaceStanding::Placed(mut places), PlaceStanding::Placed(others)) => {
                places.extend(others);
                PlaceStanding::Placed(places)
            }
            // Of equal ones the first, which is the IKM's own.
            (best, other) if other.rank() <= best.rank() => best,
            (_, other) => other,
        };
        standings.reduce(better).unwrap_or(PlaceStanding::Nothing)
    }

    /// How one stream stands. Whoever leaves under the one that it was merged into, from then on, gives up the
    /// places and waits of both. What else is recorded for that one is that one's, and before a wait of this
    /// one by its rank. Without `before`, everything counts.
    fn standing_of_stream(
        &self,
        merged: Merged<'_>,
        (program, stream): (ProgramId, Enrollee),
        before: Option<Moment>,
        counts: &dyn Fn(Moment, &EnrolmentStep) -> bool,
    ) -> PlaceStanding<'_> {
        let Some(own) = self.steps.get(&(program, stream)) else { return PlaceStanding::Nothing };
        let in_time = |(moment, _): &(Moment, &EnrolmentStep)| before.is_none_or(|before| *moment < before);
        let until = before.map_or(u64::MAX, |before| before.index);
        let mut steps: Vec<_> = own.steps().take_while(in_time).collect();
        for (index, into) in merged.path(stream, until) {
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
        (program, who): (ProgramId, Enrollee),
        moment: Moment,
        step: EnrolmentStep,
        add: bool,
    ) {
        let streams: Vec<_> =
            merged.group(who, u64::MAX).into_iter().map(|stream| (program, stream)).collect();
        self.count(merged, &streams, false);
        if matches!(step, EnrolmentStep::Withdrawn(Some(_))) {
            let times = self.partly_left.entry((program, who)).or_insert(0);
            *times = if add { *times + 1 } else { times.saturating_sub(1) };
            if *times == 0 {
                self.partly_left.remove(&(program, who));
            }
        }
        let programs = self.programs.entry(who).or_default();
        if !programs.contains(&program) {
            programs.push(program);
        }
        self.steps.entry((program, who)).or_default().put(moment, step, add);
        self.count(merged, &streams, true);
    }

    /// The steps whose places may change when an enrollee is merged into another one or no longer is: its own, and
    /// those of all that were merged into it.
    #[must_use]
    pub fn resting_on(&self, merged: Merged<'_>, gone: Enrollee) -> Vec<(ProgramId, Enrollee)> {
        let streams = merged.group(gone, u64::MAX).into_iter();
        let of =
            |stream| self.programs.get(&stream).into_iter().flatten().map(move |program| (*program, stream));
        streams.flat_map(of).collect()
    }

    /// The steps whose places may change when a person is merged into another one or no longer is: the own ones, and
    /// wherever somebody left and others stayed.
    #[must_use]
    pub fn resting_on_person(&self, merged: Merged<'_>, gone: PersonId) -> Vec<(ProgramId, Enrollee)> {
        let of = |(program, stream): &(ProgramId, Enrollee)| {
            let program = *program;
            merged.group(*stream, u64::MAX).into_iter().map(move |stream| (program, stream))
        };
        let mut resting: Vec<_> = self.partly_left.keys().flat_map(of).collect();
        resting.extend(self.resting_on(merged, Enrollee::Person(gone)));
        resting.sort_unstable();
        resting.dedup();
        resting
    }

    fn put_waiting(&mut self, program: ProgramId, wait: (Moment, Enrollee), add: bool) {
        let waits = self.waiting.entry(program).or_default();
        if add {
            waits.insert(wait);
        } else {
            waits.remove(&wait);
        }
        if waits.is_empty() {
            self.waiting.remove(&program);
        }
    }

    /// Adds the places and waits that streams have in the end to those on record, or takes them away.
    pub fn count(&mut self, merged: Merged<'_>, of: &[(ProgramId, Enrollee)], add: bool) {
        for (program, stream) in of {
            let standing = self.standing_of_stream(merged, (*program, *stream), None, &|_, _| true);
            let places = match standing {
                PlaceStanding::Placed(places) => places,
                PlaceStanding::Waiting(since) => {
                    self.put_waiting(*program, (since, *stream), add);
                    continue;
                }
                PlaceStanding::Nothing | PlaceStanding::Withdrawn(_) => continue,
            };
            let persons: Vec<PersonId> =
                places.into_iter().flat_map(|place| place.persons.into_owned()).collect();
            let taken = self.taken.entry(*program).or_default();
            if matches!(stream, Enrollee::Ikm(_)) {
                taken.ikms = if add { taken.ikms + 1 } else { taken.ikms.saturating_sub(1) };
            }
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

stored_struct!(Taken { ikms, persons });

impl Stored for EnrolmentStep {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Placed { group, persons, promoted } => {
                out.push(1);
                group.write(out);
                persons.write(out);
                promoted.write(out);
            }
            Self::Waitlisted { group } => {
                out.push(2);
                group.write(out);
            }
            Self::Withdrawn(persons) => {
                out.push(3);
                persons.write(out);
            }
        }
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Some(match input.number()? {
            1 => Self::Placed {
                group: Stored::read(input)?,
                persons: Stored::read(input)?,
                promoted: Stored::read(input)?,
            },
            2 => Self::Waitlisted { group: Stored::read(input)? },
            3 => Self::Withdrawn(Stored::read(input)?),
            _ => return None,
        })
    }
}

impl Stored for Enrolments {
    fn write(&self, out: &mut Vec<u8>) {
        put_map(&self.steps, |steps| !steps.is_empty(), out);
        put_map(&self.taken, |taken| *taken != Taken::default(), out);
        self.waiting.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let steps: HashMap<(ProgramId, Enrollee), Timeline<EnrolmentStep>> = Stored::read(input)?;
        let mut enrolments =
            Self { taken: Stored::read(input)?, waiting: Stored::read(input)?, ..Self::default() };
        for (stream, of_stream) in &steps {
            enrolments.programs.entry(stream.1).or_default().push(stream.0);
            let left =
                of_stream.steps().filter(|(_, step)| matches!(step, EnrolmentStep::Withdrawn(Some(_))));
            let left = u32::try_from(left.count()).ok()?;
            if left > 0 {
                enrolments.partly_left.insert(*stream, left);
            }
        }
        enrolments.steps = steps;
        Some(enrolments)
    }
}

/// Folds steps, earliest first.
fn fold<'a>(
    persons: &Merges<PersonId>,
    steps: impl Iterator<Item = (Moment, &'a EnrolmentStep)>,
) -> PlaceStanding<'a> {
    let mut standing = PlaceStanding::Nothing;
    for (moment, step) in steps {
        standing = match (step, standing) {
            (EnrolmentStep::Placed { group, persons, .. }, _) => PlaceStanding::Placed(vec![Place {
                since: moment,
                group: group.as_ref(),
                persons: Cow::Borrowed(persons),
            }]),
            (EnrolmentStep::Waitlisted { .. }, _) => PlaceStanding::Waiting(moment),
            (EnrolmentStep::Withdrawn(Some(left)), PlaceStanding::Placed(mut places)) => {
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
                if places.is_empty() {
                    PlaceStanding::Withdrawn(moment)
                } else {
                    PlaceStanding::Placed(places)
                }
            }
            (EnrolmentStep::Withdrawn(_), _) => PlaceStanding::Withdrawn(moment),
        };
    }
    standing
}

#[cfg(test)]
mod tests {
    use jejak_events::identity::IkmId;
    use jejak_events::values::Date;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// Something that changes who has a place.
    #[derive(Clone, Debug)]
    enum Change {
        Step(u8, u8, u8, Vec<u8>),
        MergeIkm(u8, u8),
        MergePerson(u8, u8),
        /// Takes an earlier change away, and puts it back after the next one.
        Without(u8),
    }

    fn id<I>(number: u8, of: impl Fn(Uuid) -> Option<I>) -> I {
        of(Uuid::from_u128(0x7f2c_1a34_5b6d_4e8f_9a0b_0000_0000_0000 | u128::from(number))).unwrap()
    }

    struct World {
        enrolments: Enrolments,
        ikms: Merges<IkmId>,
        persons: Merges<PersonId>,
    }

    impl World {
        /// As the state applies it, for a merge that is not the latest.
        fn apply(&mut self, index: u64, change: &Change, add: bool) {
            let ikm = |number: u8| id(number % 5, IkmId::new);
            let person = |number: u8| id(100 + number % 5, PersonId::new);
            let program = |number: u8| id(200 + number % 2, ProgramId::new);
            let date = Date::parse("2025-01-06").unwrap();
            let Self { enrolments, ikms, persons } = self;
            match change {
                Change::Step(kind, of, at, who) => {
                    // One in six in their own name.
                    let enrollee = match of % 6 {
                        5 => Enrollee::Person(person(*of)),
                        _ => Enrollee::Ikm(ikm(*of)),
                    };
                    let who: Vec<PersonId> = who.iter().map(|number| person(*number)).collect();
                    let who = match enrollee {
                        Enrollee::Ikm(_) => who,
                        Enrollee::Person(_) if kind % 4 == 2 => Vec::new(),
                        Enrollee::Person(person) => vec![person],
                    };
                    let step = match kind % 4 {
                        0 | 1 => EnrolmentStep::Placed { group: None, persons: who, promoted: false },
                        2 => EnrolmentStep::Withdrawn((!who.is_empty()).then_some(who)),
                        _ => EnrolmentStep::Waitlisted { group: None },
                    };
                    let merged = Merged { ikms, persons };
                    enrolments.put(merged, (program(*at), enrollee), Moment { date, index }, step, add);
                }
                Change::MergeIkm(gone, into) => {
                    let (gone, into) = (ikm(*gone), ikm(*into));
                    if add && (ikms.leads_back(gone, into) || gone == into) {
                        return;
                    }
                    let resting = enrolments.resting_on(Merged { ikms, persons }, Enrollee::Ikm(gone));
                    enrolments.count(Merged { ikms, persons }, &resting, false);
                    ikms.put(index, gone, into, add);
                    enrolments.count(Merged { ikms, persons }, &resting, true);
                }
                Change::MergePerson(gone, into) => {
                    let (gone, into) = (person(*gone), person(*into));
                    if add && (persons.leads_back(gone, into) || gone == into) {
                        return;
                    }
                    let resting = enrolments.resting_on_person(Merged { ikms, persons }, gone);
                    enrolments.count(Merged { ikms, persons }, &resting, false);
                    persons.put(index, gone, into, add);
                    enrolments.count(Merged { ikms, persons }, &resting, true);
                }
                Change::Without(_) => {}
            }
        }

        /// Places and waits counted from nothing.
        fn counted_anew(&self) -> Enrolments {
            let mut fresh = Enrolments::default();
            for ((program, stream), steps) in &self.enrolments.steps {
                for (moment, step) in steps.steps() {
                    let step = match step {
                        EnrolmentStep::Placed { persons, .. } => {
                            EnrolmentStep::Placed { group: None, persons: persons.clone(), promoted: false }
                        }
                        EnrolmentStep::Waitlisted { group } => {
                            EnrolmentStep::Waitlisted { group: group.clone() }
                        }
                        EnrolmentStep::Withdrawn(who) => EnrolmentStep::Withdrawn(who.clone()),
                    };
                    fresh.steps.entry((*program, *stream)).or_default().put(moment, step, true);
                }
            }
            let all: Vec<_> = fresh.steps.keys().copied().collect();
            fresh.count(Merged { ikms: &self.ikms, persons: &self.persons }, &all, true);
            fresh
        }
    }

    fn change() -> impl Strategy<Value = Change> {
        let who = prop::collection::vec(any::<u8>(), 0..3);
        prop_oneof![
            4 => (any::<u8>(), any::<u8>(), any::<u8>(), who).prop_map(|(a, b, c, d)| Change::Step(a, b, c, d)),
            1 => (any::<u8>(), any::<u8>()).prop_map(|(gone, into)| Change::MergeIkm(gone, into)),
            1 => (any::<u8>(), any::<u8>()).prop_map(|(gone, into)| Change::MergePerson(gone, into)),
            1 => any::<u8>().prop_map(Change::Without),
        ]
    }

    proptest! {
        #[test]
        fn places_taken_are_those_counted_anew(changes in prop::collection::vec(change(), 1..30)) {
            let mut world = World {
                enrolments: Enrolments::default(),
                ikms: Merges::default(),
                persons: Merges::default(),
            };
            let mut done: Vec<(u64, Change)> = Vec::new();
            for (index, change) in (1u64..).zip(changes) {
                if let Change::Without(place) = change {
                    if done.is_empty() {
                        continue;
                    }
                    let (at, taken) = done.remove(usize::from(place) % done.len());
                    world.apply(at, &taken, false);
                } else {
                    world.apply(index, &change, true);
                    done.push((index, change));
                }
                let is_taken = |taken: &HashMap<ProgramId, Taken>| {
                    let some = taken.iter().filter(|(_, taken)| **taken != Taken::default());
                    some.map(|(program, taken)| (*program, taken.clone())).collect::<HashMap<_, _>>()
                };
                let anew = world.counted_anew();
                prop_assert_eq!(is_taken(&world.enrolments.taken), is_taken(&anew.taken));
                prop_assert_eq!(&world.enrolments.waiting, &anew.waiting);
            }
        }
    }
}
