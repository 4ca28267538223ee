//! Runs: many sorted records of one width, one behind another, as they lie in a file.
//!
//! A registry has millions of ids and attendances; a run of them is taken over as it was read, without making a
//! table of it. Must never be changed: what comes later stands in a small table beside it.

use std::cmp::Ordering;

/// Bytes of an index of the log in a run.
pub const INDEX_BYTES: usize = 5;

/// Sorted records of `W` bytes, found by the first `K` of them.
#[derive(Clone, Debug, Default)]
pub struct Run<const K: usize, const W: usize> {
    bytes: Vec<u8>,
}

impl<const K: usize, const W: usize> Run<K, W> {
    /// Takes over bytes; `None` when they are no whole number of records.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        bytes.len().is_multiple_of(W).then_some(Self { bytes })
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() / W
    }

    /// All records.
    #[must_use]
    pub fn records(&self) -> &[[u8; W]] {
        self.bytes.as_chunks().0
    }

    /// The place of the first record with a key, or where it would stand.
    fn place(&self, key: &[u8; K]) -> usize {
        self.records().partition_point(|record| record[..K].cmp(key) == Ordering::Less)
    }

    /// All records with a key.
    #[must_use]
    pub fn with(&self, key: &[u8; K]) -> &[[u8; W]] {
        let rest = &self.records()[self.place(key)..];
        let count = rest.iter().take_while(|record| record[..K] == *key).count();
        &rest[..count]
    }

    /// The place of the record with a key.
    #[must_use]
    pub fn find(&self, key: &[u8; K]) -> Option<usize> {
        let place = self.place(key);
        self.records().get(place).is_some_and(|record| record[..K] == *key).then_some(place)
    }
}

/// Sorted records of a run and other sorted ones, as the bytes of a new run.
#[must_use]
pub fn merged<const W: usize>(
    old: impl Iterator<Item = [u8; W]>,
    new: impl Iterator<Item = [u8; W]>,
    capacity: usize,
) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(capacity * W);
    let (mut old, mut new) = (old.peekable(), new.peekable());
    loop {
        let next = match (old.peek(), new.peek()) {
            (Some(left), Some(right)) if right < left => new.next(),
            (Some(_), _) => old.next(),
            (None, _) => new.next(),
        };
        match next {
            Some(record) => bytes.extend_from_slice(&record),
            None => return bytes,
        }
    }
}

/// An index of the log in few bytes; `None` beyond 2^40.
#[must_use]
pub fn index_bytes(index: u64) -> Option<[u8; INDEX_BYTES]> {
    let [0, 0, 0, bytes @ ..] = index.to_be_bytes() else { return None };
    Some(bytes)
}

/// Reads [`index_bytes`].
#[must_use]
pub fn index_of(bytes: [u8; INDEX_BYTES]) -> u64 {
    let [a, b, c, d, e] = bytes;
    u64::from_be_bytes([0, 0, 0, a, b, c, d, e])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_by_their_keys() {
        let records = [[1, 7], [3, 0], [3, 1], [9, 9]];
        let run = Run::<1, 2>::new(records.concat()).unwrap();
        assert_eq!((run.len(), run.find(&[3]), run.find(&[4]), run.find(&[10])), (4, Some(1), None, None));
        assert_eq!(run.with(&[3]), &[[3, 0], [3, 1]]);
        assert!(run.with(&[0]).is_empty() && run.with(&[10]).is_empty());
        assert!(Run::<1, 2>::new(vec![1, 2, 3]).is_none());
        assert!(Run::<1, 2>::default().with(&[0]).is_empty());
        let more = [[0, 0], [3, 1], [5, 5]];
        let both = merged(records.into_iter(), more.into_iter(), 7);
        assert_eq!(both, [[0, 0], [1, 7], [3, 0], [3, 1], [3, 1], [5, 5], [9, 9]].concat());
    }

    #[test]
    fn an_index_takes_five_bytes() {
        for index in [0, 255, 256, (1 << 40) - 1] {
            assert_eq!(index_of(index_bytes(index).unwrap()), index);
        }
        assert_eq!(index_bytes(1 << 40), None);
    }
}
