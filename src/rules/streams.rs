//! The events of each stream, or those that name it: indexes by subject, ascending.
//!
//! What was stored lies in one table by subject and one line of lists; what came later stands in a small map
//! beside it. Only that can be taken back: what is stored was committed.

use std::collections::BTreeMap;

use foldhash::HashMap;
use jejak_events::identity::{Subject, SubjectKind};

use super::runs::{INDEX_BYTES, Run, index_bytes, index_of};
use super::stored::{SUBJECT_BYTES, Stored as _, StoredBytes, put_number, subject_bytes};

/// A subject, where its list begins, and how long it is.
const RECORD_BYTES: usize = SUBJECT_BYTES + INDEX_BYTES + COUNT_BYTES;

const COUNT_BYTES: usize = 4;

/// Indexes by subject.
#[derive(Debug, Default)]
pub struct Streams {
    stored: Run<SUBJECT_BYTES, RECORD_BYTES>,
    /// For each subject its first index, then the distance of each to the one before.
    lists: Vec<u8>,
    later: HashMap<Subject, Vec<u64>>,
}

impl Streams {
    /// Takes over what [`Streams::parts`] made; `None` when it cannot be that.
    #[must_use]
    pub fn stored(table: Vec<u8>, lists: Vec<u8>) -> Option<Self> {
        Some(Self { stored: Run::new(table)?, lists, later: HashMap::default() })
    }

    /// Table and lists of all of it; `None` when a list is too long to be written.
    #[must_use]
    pub fn parts(&self) -> Option<[Vec<u8>; 2]> {
        let mut later: Vec<([u8; SUBJECT_BYTES], &[u64])> =
            self.later.iter().map(|(subject, list)| (subject_bytes(*subject), &**list)).collect();
        later.sort_unstable();
        let mut later = later.into_iter().peekable();
        let mut parts = [Vec::new(), Vec::new()];
        for record in self.stored.records() {
            while let Some((subject, list)) =
                later.next_if(|(subject, _)| subject[..] < record[..SUBJECT_BYTES])
            {
                put_list(&mut parts, subject, list.iter().copied())?;
            }
            let subject = *record.first_chunk()?;
            match later.next_if(|(other, _)| *other == subject) {
                Some((_, list)) => {
                    let all: Vec<u64> = self.stored_list(record).chain(list.iter().copied()).collect();
                    put_list(&mut parts, subject, all.into_iter())?;
                }
                None => put_list(&mut parts, subject, self.stored_list(record))?,
            }
        }
        later.try_for_each(|(subject, list)| put_list(&mut parts, subject, list.iter().copied()))?;
        Some(parts)
    }

    fn record(&self, subject: Subject) -> Option<&[u8; RECORD_BYTES]> {
        let place = self.stored.find(&subject_bytes(subject))?;
        self.stored.records().get(place)
    }

    fn stored_list(&self, record: &[u8; RECORD_BYTES]) -> impl Iterator<Item = u64> {
        let (start, count) = place(record);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let mut input = StoredBytes::new(self.lists.get(start..).unwrap_or_default());
        let mut last = 0_u64;
        (0..count).map_while(move |_| {
            last = last.checked_add(input.number()?)?;
            Some(last)
        })
    }

    /// Adds the event at the tip.
    pub fn push(&mut self, subject: Subject, index: u64) {
        self.later.entry(subject).or_default().push(index);
    }

    /// Takes the event at the tip back.
    pub fn pop(&mut self, subject: Subject) {
        if let Some(indexes) = self.later.get_mut(&subject) {
            indexes.pop();
            if indexes.is_empty() {
                self.later.remove(&subject);
            }
        }
    }

    /// The first index of a subject.
    #[must_use]
    pub fn first(&self, subject: Subject) -> Option<u64> {
        let stored = self.record(subject).and_then(|record| self.stored_list(record).next());
        stored.or_else(|| self.later.get(&subject)?.first().copied())
    }

    /// How many indexes a subject has.
    #[must_use]
    pub fn count(&self, subject: Subject) -> u64 {
        let stored = self.record(subject).map_or(0, |record| u64::from(place(record).1));
        stored + self.later.get(&subject).map_or(0, |later| later.len() as u64)
    }

    /// The subjects of some kinds, each with its first index, in their order.
    #[must_use]
    pub fn subjects(&self, kinds: &[SubjectKind]) -> BTreeMap<Subject, u64> {
        let of_kind = |subject: &Subject| kinds.contains(&subject.kind());
        let stored = self.stored.records().iter().filter_map(|record| {
            let subject = Subject::read(&mut StoredBytes::new(record)).filter(of_kind)?;
            Some((subject, self.stored_list(record).next()?))
        });
        let later = self.later.iter().filter(|(subject, _)| of_kind(subject));
        let later = later.filter_map(|(subject, list)| Some((*subject, *list.first()?)));
        // What is stored comes first, and stays.
        let mut subjects: BTreeMap<Subject, u64> = later.collect();
        subjects.extend(stored);
        subjects
    }

    /// The indexes of a subject, ascending.
    pub fn indexes(&self, subject: Subject) -> impl Iterator<Item = u64> {
        let stored = self.record(subject).into_iter().flat_map(|record| self.stored_list(record));
        stored.chain(self.later.get(&subject).into_iter().flatten().copied())
    }
}

/// Where the list of a record begins, and how long it is.
fn place(record: &[u8; RECORD_BYTES]) -> (u64, u32) {
    let (mut start, mut count) = ([0; INDEX_BYTES], [0; COUNT_BYTES]);
    start.copy_from_slice(&record[SUBJECT_BYTES..SUBJECT_BYTES + INDEX_BYTES]);
    count.copy_from_slice(&record[SUBJECT_BYTES + INDEX_BYTES..]);
    (index_of(start), u32::from_be_bytes(count))
}

fn put_list(
    [table, lists]: &mut [Vec<u8>; 2],
    subject: [u8; SUBJECT_BYTES],
    indexes: impl Iterator<Item = u64>,
) -> Option<()> {
    let (start, mut last, mut count) = (lists.len() as u64, 0, 0_u32);
    for index in indexes {
        put_number(lists, index.checked_sub(last)?);
        last = index;
        count = count.checked_add(1)?;
    }
    table.extend_from_slice(&subject);
    table.extend_from_slice(&index_bytes(start)?);
    table.extend_from_slice(&count.to_be_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ikm(number: u64) -> Subject {
        Subject::parse(&format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-{number:012x}")).unwrap()
    }

    #[test]
    fn what_is_stored_and_what_came_later_are_one() {
        let mut live = Streams::default();
        for index in 0..200 {
            live.push(ikm(index % 7), index);
        }
        let [table, lists] = live.parts().unwrap();
        let mut stored = Streams::stored(table.clone(), lists.clone()).unwrap();
        assert_eq!(stored.parts().unwrap(), [table, lists]);
        for streams in [&mut live, &mut stored] {
            for index in 200..260 {
                streams.push(ikm(index % 9), index);
            }
            streams.push(Subject::Registry, 260);
            streams.push(ikm(3), 261);
            streams.pop(ikm(3));
            streams.pop(Subject::Registry);
        }
        for number in 0..10 {
            let indexes: Vec<u64> = stored.indexes(ikm(number)).collect();
            assert_eq!(indexes, live.indexes(ikm(number)).collect::<Vec<_>>());
            assert_eq!(stored.count(ikm(number)), indexes.len() as u64);
            assert_eq!(stored.first(ikm(number)), indexes.first().copied());
        }
        assert_eq!(stored.parts(), live.parts());
    }

    #[test]
    fn lists_that_end_too_early_are_shorter() {
        let mut live = Streams::default();
        (0..5).for_each(|index| live.push(ikm(1), index * 300));
        let [table, mut lists] = live.parts().unwrap();
        lists.truncate(4);
        let stored = Streams::stored(table, lists).unwrap();
        assert_eq!(stored.indexes(ikm(1)).collect::<Vec<_>>(), [0, 300]);
    }
}
