//! What happened to one thing, step by step, in the order of the rules.

use jejak_events::values::Date;

use super::stored::{Stored, StoredBytes, stored_struct};

/// Where an event stands in time for the rules: by local date, then by index.
///
/// No two events stand at one moment, and a state does not hold the event that is judged: of two moments that
/// rules compare, one is earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Local date of the event.
    pub date: Date,
    /// Index of the original event.
    pub index: u64,
}

/// The steps in force of one thing (an IKM, a session, an enrolment, ...), by moment.
///
/// Adding and taking away the same step leaves it as it was, in any order with others, so that a
/// backdated event or a correction needs no care of its own.
#[derive(Debug)]
pub struct Timeline<S>(Vec<(Moment, S)>);

impl<S> Default for Timeline<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<S> Timeline<S> {
    /// Adds a step or takes it away. There is one at a moment, for an event is one step of one thing.
    pub fn put(&mut self, moment: Moment, step: S, add: bool) {
        let place = self.0.partition_point(|(other, _)| *other < moment);
        let is_there = self.0.get(place).is_some_and(|(other, _)| *other == moment);
        match (add, is_there) {
            (true, _) => self.0.insert(place, (moment, step)),
            (false, true) => drop(self.0.remove(place)),
            (false, false) => {}
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When the first step of a kind was taken.
    pub fn first(&self, wanted: impl Fn(&S) -> bool) -> Option<Moment> {
        self.0.iter().find(|(_, step)| wanted(step)).map(|(moment, _)| *moment)
    }

    /// The step at a moment.
    #[must_use]
    pub fn at(&self, moment: Moment) -> Option<&S> {
        let place = self.0.binary_search_by_key(&moment, |(other, _)| *other).ok()?;
        self.0.get(place).map(|(_, step)| step)
    }

    /// All steps, earliest first.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = (Moment, &S)> {
        self.0.iter().map(|(moment, step)| (*moment, step))
    }

    /// The steps before a moment, earliest first.
    pub fn before(&self, moment: Moment) -> impl DoubleEndedIterator<Item = (Moment, &S)> {
        let place = self.0.partition_point(|(other, _)| *other < moment);
        self.0[..place].iter().map(|(moment, step)| (*moment, step))
    }

    /// The steps after a moment, earliest first.
    pub fn after(&self, moment: Moment) -> impl DoubleEndedIterator<Item = (Moment, &S)> {
        let place = self.0.partition_point(|(other, _)| *other <= moment);
        self.0[place..].iter().map(|(moment, step)| (*moment, step))
    }
}

stored_struct!(Moment { date, index });

impl<S: Stored> Stored for Timeline<S> {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let steps: Vec<(Moment, S)> = Stored::read(input)?;
        steps.is_sorted_by(|(one, _), (next, _)| one < next).then_some(Self(steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(day: u32, index: u64) -> Moment {
        Moment { date: Date::parse(&format!("2025-03-{day:02}")).unwrap(), index }
    }

    #[test]
    fn steps_stand_by_date_then_index_whatever_the_order_they_came_in() {
        let mut timeline = Timeline::default();
        for (at, step) in
            [(moment(9, 1), 'b'), (moment(10, 0), 'd'), (moment(9, 4), 'c'), (moment(1, 9), 'a')]
        {
            timeline.put(at, step, true);
        }
        let told: String = timeline.steps().map(|(_, step)| *step).collect();
        assert_eq!(told, "abcd");
        assert_eq!(timeline.before(moment(9, 4)).map(|(_, step)| *step).collect::<String>(), "ab");
        assert_eq!(timeline.after(moment(9, 1)).map(|(_, step)| *step).collect::<String>(), "cd");
        timeline.put(moment(9, 1), 'b', false);
        timeline.put(moment(9, 2), 'x', false);
        assert_eq!(timeline.steps().map(|(_, step)| *step).collect::<String>(), "acd");
    }
}
