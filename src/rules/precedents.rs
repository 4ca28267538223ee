//! What notices look up: what is on record of the same kind as an event.
//!
//! Nothing here refuses anything, and no rule may look here. Like the rest of the state it is a fold of weighted
//! contents: what is added and taken away leaves it as it was.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::ops::Bound::{Excluded, Unbounded};

use foldhash::HashMap;
use jejak_events::identity::{IkmId, ProgramId, SessionId, Subject};
use jejak_events::text::edits;
use jejak_events::types::FundingStage;
use jejak_events::types::ikm::{AssessmentRecorded, Verdict};
use jejak_events::values::{Code, Date, Rupiah, Year};

use super::state::Put;
use super::stored::{Stored, StoredBytes, put_map, stored_struct};

/// Codes of an open list looked at on either side of an unknown one, in the order of the alphabet. More would
/// let a registry with many codes pay for each new one.
const NEIGHBOURS: usize = 256;

/// An open list of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeList {
    /// What programmes are about.
    Themes,
    /// What IKMs make.
    Commodities,
    /// What is assessed and certified by.
    Schemes,
}

/// The indexes at which something is on record. Nearly always there is one.
#[derive(Debug)]
struct Places {
    first: u64,
    more: Vec<u64>,
}

/// By what is said: where it is on record.
#[derive(Debug)]
pub struct Occurrences<K>(HashMap<K, Places>);

impl<K> Default for Occurrences<K> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Eq + Hash> Occurrences<K> {
    pub(super) fn put(&mut self, key: K, index: u64, add: bool) {
        if add {
            let places = self.0.entry(key).or_insert_with(|| Places { first: index, more: Vec::new() });
            if places.first != index && !places.more.contains(&index) {
                places.more.push(index);
            }
            return;
        }
        let Some(places) = self.0.get_mut(&key) else { return };
        places.more.retain(|other| *other != index);
        if places.first == index {
            match places.more.pop() {
                Some(next) => places.first = next,
                None => drop(self.0.remove(&key)),
            }
        }
    }

    /// The lowest index, other than this one, at which it is on record.
    pub fn other(&self, key: &K, own: u64) -> Option<u64> {
        let places = self.0.get(key)?;
        places.more.iter().copied().chain([places.first]).filter(|index| *index != own).min()
    }
}

/// Money as one event reports it: whose, how far, from where, of which year, how much.
pub type FundingReport = (Subject, FundingStage, Code, Option<Year>, Option<Rupiah>);

/// What a target of an area is of: the area, figure, theme, commodity and due day.
pub type AimedAt = (Subject, Code, Option<Code>, Option<Code>, Date);

/// An assessment on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Its index.
    pub index: u64,
    /// The programme it belongs to.
    pub program: ProgramId,
    /// What came of it.
    pub verdict: Verdict,
}

/// What is on record.
#[derive(Debug, Default)]
pub struct Precedents {
    /// Money reported.
    pub funding: Occurrences<FundingReport>,
    /// Visits to an IKM within a programme on a day.
    pub visits: Occurrences<(IkmId, ProgramId, Date)>,
    /// Targets of areas.
    pub targets: Occurrences<AimedAt>,
    assessments: HashMap<(IkmId, Date), Vec<(Code, Assessment)>>,
    /// By list: in how many events in force each code is used.
    codes: [BTreeMap<Code, u64>; 3],
    /// By programme: its sessions, each with the index that put it on the calendar, ascending.
    sessions: HashMap<ProgramId, Vec<(u64, SessionId)>>,
}

impl Precedents {
    /// The assessments of an IKM by a scheme on a day.
    pub fn assessments(&self, ikm: IkmId, scheme: &Code, day: Date) -> impl Iterator<Item = Assessment> {
        let of_day = self.assessments.get(&(ikm, day)).into_iter().flatten();
        of_day.filter(move |(of, _)| of == scheme).map(|(_, assessment)| *assessment)
    }

    /// The sessions of a programme that were put on its calendar, those recorded first in front.
    pub fn sessions(&self, program: ProgramId) -> impl Iterator<Item = SessionId> {
        self.sessions.get(&program).into_iter().flatten().map(|(_, session)| *session)
    }

    /// How many events in force use a code.
    #[must_use]
    pub fn uses(&self, list: CodeList, code: &Code) -> u64 {
        self.codes[list as usize].get(code).copied().unwrap_or(0)
    }

    /// The code in use that is written most like another one; of equal ones the first by the alphabet. `None`
    /// while no other is in use.
    #[must_use]
    pub fn nearest(&self, list: CodeList, code: &Code) -> Option<&Code> {
        let used = &self.codes[list as usize];
        let before = used.range::<Code, _>((Unbounded, Excluded(code))).rev().take(NEIGHBOURS);
        let after = used.range::<Code, _>((Excluded(code), Unbounded)).take(NEIGHBOURS);
        let distance = |other: &Code| edits(code, other);
        before.chain(after).map(|(other, _)| other).min_by_key(|other| (distance(other), *other))
    }

    /// Adds or takes away an assessment.
    pub(super) fn put_assessment(&mut self, put: Put, ikm: IkmId, data: &AssessmentRecorded) {
        let (key, index) = ((ikm, put.moment.date), put.moment.index);
        let of_day = self.assessments.entry(key).or_default();
        if put.add {
            let assessment = Assessment { index, program: data.program, verdict: data.verdict };
            let place = of_day.partition_point(|(_, other)| other.index < index);
            of_day.insert(place, (data.scheme.clone(), assessment));
            return;
        }
        of_day.retain(|(_, other)| other.index != index);
        if of_day.is_empty() {
            self.assessments.remove(&key);
        }
    }

    /// Adds or takes away that a session is put on the calendar.
    pub(super) fn put_session(&mut self, put: Put, program: ProgramId, session: SessionId) {
        let sessions = self.sessions.entry(program).or_default();
        let own = (put.moment.index, session);
        match sessions.binary_search(&own) {
            Err(place) if put.add => sessions.insert(place, own),
            Ok(place) if !put.add => drop(sessions.remove(place)),
            _ => {}
        }
    }

    /// Adds or takes away the use of a code: it then is what others are held against.
    pub(super) fn count(&mut self, list: CodeList, code: &Code, add: bool) {
        let used = &mut self.codes[list as usize];
        match used.get_mut(code) {
            Some(uses) if add => *uses += 1,
            Some(uses) if *uses > 1 => *uses -= 1,
            Some(_) => drop(used.remove(code)),
            None if add => drop(used.insert(code.clone(), 1)),
            None => {}
        }
    }
}

stored_struct!(Assessment { index, program, verdict });

impl Stored for Places {
    fn write(&self, out: &mut Vec<u8>) {
        let mut all = [&[self.first], &*self.more].concat();
        all.sort_unstable();
        all.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let mut more = Vec::read(input)?;
        Some(Self { first: more.pop()?, more })
    }
}

impl<K: Stored + Ord + Hash> Stored for Occurrences<K> {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Stored::read(input).map(Self)
    }
}

impl Stored for Precedents {
    fn write(&self, out: &mut Vec<u8>) {
        self.funding.write(out);
        self.visits.write(out);
        self.targets.write(out);
        self.assessments.write(out);
        self.codes.iter().for_each(|used| used.write(out));
        put_map(&self.sessions, |sessions| !sessions.is_empty(), out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let (funding, visits, targets) = (Stored::read(input)?, Stored::read(input)?, Stored::read(input)?);
        let assessments = Stored::read(input)?;
        let codes = [Stored::read(input)?, Stored::read(input)?, Stored::read(input)?];
        Some(Self { funding, visits, targets, assessments, codes, sessions: Stored::read(input)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    #[test]
    fn the_nearest_code_is_the_one_with_fewest_edits() {
        let mut precedents = Precedents::default();
        let list = CodeList::Themes;
        assert_eq!(precedents.nearest(list, &code("export")), None);
        for known in ["green_industry", "export", "basic_batik"] {
            precedents.count(list, &code(known), true);
        }
        for (typed, near) in
            [("gren_industry", "green_industry"), ("exprot", "export"), ("batik", "basic_batik")]
        {
            assert_eq!(precedents.nearest(list, &code(typed)).map(|near| &**near), Some(near), "{typed}");
        }
        // Itself is no other code.
        assert_eq!(precedents.nearest(list, &code("export")).map(|near| near.len()), Some(11));
        assert_eq!(precedents.nearest(CodeList::Schemes, &code("export")), None);
        precedents.count(list, &code("export"), true);
        precedents.count(list, &code("export"), false);
        assert_eq!(precedents.uses(list, &code("export")), 1);
        precedents.count(list, &code("export"), false);
        assert_eq!((precedents.uses(list, &code("export")), precedents.codes[0].len()), (0, 2));
        assert_eq!([edits("", "ab"), edits("kitten", "sitting"), edits("batik", "batik")], [2, 3, 0]);
    }

    #[test]
    fn an_occurrence_is_there_until_the_last_of_it_is_gone() {
        let mut occurrences = Occurrences::default();
        for index in [7, 3, 9, 3] {
            occurrences.put('a', index, true);
        }
        assert_eq!([3, 7, 5].map(|own| occurrences.other(&'a', own)), [Some(7), Some(3), Some(3)]);
        occurrences.put('a', 7, false);
        occurrences.put('a', 3, false);
        assert_eq!((occurrences.other(&'a', 9), occurrences.other(&'a', 1)), (None, Some(9)));
        occurrences.put('a', 9, false);
        occurrences.put('a', 9, false);
        assert!(occurrences.0.is_empty());
    }
}
