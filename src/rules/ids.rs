//! Which event ids are taken: fingerprints in memory, confirmed against the bytes.
//!
//! An id holds for ever, so every one is here; 48 or 64 bits each instead of 128 and their text keep that
//! cheap. A fingerprint alone must never answer: two ids may share one.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use jejak_events::identity::EventId;
use sha2::{Digest, Sha256};

use super::runs::{INDEX_BYTES, Run, index_bytes, index_of, merged};

/// Makes fingerprints that nobody who does not know it can foresee, so that nobody can choose ids that collide.
pub type IdKey = [u8; 16];

/// Bytes of a fingerprint in a run.
const SHORT_BYTES: usize = 6;

const RECORD_BYTES: usize = SHORT_BYTES + INDEX_BYTES;

/// The index of ids: those that were stored as a run, later ones in a table.
#[derive(Debug)]
pub struct Ids {
    key: IdKey,
    stored: Run<SHORT_BYTES, RECORD_BYTES>,
    by_fingerprint: HashMap<u64, u64, BuildHasherDefault<AsItIs>>,
    // Ids whose fingerprint another id of the table holds already.
    collided: HashMap<EventId, u64>,
}

/// Takes a fingerprint, which is a hash already, as its own hash.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }

    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("a fingerprint is a u64, and nothing else is a key here");
    }
}

impl Default for Ids {
    fn default() -> Self {
        let (mut key, random) = ([0; 16], RandomState::new());
        for (half, number) in key.chunks_exact_mut(8).zip(0_u64..) {
            half.copy_from_slice(&random.hash_one(number).to_be_bytes());
        }
        Self::keyed(key)
    }
}

fn short(fingerprint: u64) -> [u8; SHORT_BYTES] {
    let [a, b, c, d, e, f, ..] = fingerprint.to_be_bytes();
    [a, b, c, d, e, f]
}

impl Ids {
    /// None yet, under a key.
    #[must_use]
    pub fn keyed(key: IdKey) -> Self {
        let (by_fingerprint, collided) = Default::default();
        Self { key, stored: Run::default(), by_fingerprint, collided }
    }

    /// Takes over a run that [`Ids::run`] made under the same key; `None` when it cannot be one.
    #[must_use]
    pub fn stored(key: IdKey, run: Vec<u8>, size: u64) -> Option<Self> {
        let stored = Run::new(run).filter(|run| run.len() as u64 == size)?;
        Some(Self { stored, ..Self::keyed(key) })
    }

    /// The key of the fingerprints.
    #[must_use]
    pub fn key(&self) -> IdKey {
        self.key
    }

    /// All ids as one run; `None` for a log of 2^40 events or more.
    #[must_use]
    pub fn run(&self) -> Option<Vec<u8>> {
        let collided = self.collided.iter().map(|(id, index)| (self.fingerprint(*id), *index));
        let table = self.by_fingerprint.iter().map(|(fingerprint, index)| (*fingerprint, *index));
        let record = |(fingerprint, index)| {
            let mut record = [0; RECORD_BYTES];
            record[..SHORT_BYTES].copy_from_slice(&short(fingerprint));
            record[SHORT_BYTES..].copy_from_slice(&index_bytes(index)?);
            Some(record)
        };
        let mut new: Vec<[u8; RECORD_BYTES]> = table.chain(collided).map(record).collect::<Option<_>>()?;
        new.sort_unstable();
        let count = self.stored.len() + new.len();
        Some(merged(self.stored.records().iter().copied(), new.into_iter(), count))
    }

    fn fingerprint(&self, id: EventId) -> u64 {
        let hash = Sha256::new().chain_update(self.key).chain_update(id.uuid().as_bytes()).finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        u64::from_be_bytes(first)
    }

    /// Notes that the event at `index` has this id. The id must be new.
    pub fn insert(&mut self, id: EventId, index: u64) {
        let fingerprint = self.fingerprint(id);
        match self.by_fingerprint.entry(fingerprint) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(index);
            }
            std::collections::hash_map::Entry::Occupied(_) => {
                self.collided.insert(id, index);
            }
        }
    }

    /// Takes back the latest insertion of an id.
    pub fn remove(&mut self, id: EventId, index: u64) {
        if self.collided.remove(&id).is_none() {
            let fingerprint = self.fingerprint(id);
            if self.by_fingerprint.get(&fingerprint) == Some(&index) {
                self.by_fingerprint.remove(&fingerprint);
            }
        }
    }

    /// The indexes of the events that may have an id: hardly ever more than one.
    pub fn candidates(&self, id: EventId) -> impl Iterator<Item = u64> {
        let fingerprint = self.fingerprint(id);
        let stored = self.stored.with(&short(fingerprint)).iter();
        let stored = stored.filter_map(|record| record.last_chunk().copied().map(index_of));
        let table = self.by_fingerprint.get(&fingerprint).copied();
        self.collided.get(&id).copied().into_iter().chain(table).chain(stored)
    }

    /// The index of an id. `id_at` reads the id of the event at an index, to confirm.
    ///
    /// # Errors
    /// What `id_at` returns.
    pub fn find<E>(&self, id: EventId, id_at: impl Fn(u64) -> Result<EventId, E>) -> Result<Option<u64>, E> {
        if let Some(index) = self.collided.get(&id) {
            return Ok(Some(*index));
        }
        for index in self.candidates(id) {
            if id_at(index)? == id {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> EventId {
        EventId::parse(&format!("01890a5d-ac96-774b-bcce-{number:012x}")).unwrap()
    }

    #[test]
    fn a_shared_fingerprint_is_told_apart() {
        let (one, two) = (id(1), id(2));
        let mut ids = Ids::default();
        ids.insert(one, 7);
        // As if both shared it: the place is taken, so the second goes beside.
        let fingerprint = ids.fingerprint(two);
        ids.by_fingerprint.insert(fingerprint, 7);
        ids.insert(two, 8);
        let id_at = |index| Ok::<_, ()>(if index == 7 { one } else { two });
        assert_eq!(ids.find(one, id_at), Ok(Some(7)));
        assert_eq!(ids.find(two, id_at), Ok(Some(8)));
        ids.remove(two, 8);
        assert_eq!(ids.find(two, id_at), Ok(None));
    }

    #[test]
    fn stored_ids_are_found_as_before_and_make_the_same_run() {
        let id_at = |index| Ok::<_, ()>(id(index));
        let mut live = Ids::keyed([5; 16]);
        (0..300).for_each(|number| live.insert(id(number), number));
        let run = live.run().unwrap();
        assert!(Ids::stored([5; 16], run.clone(), 299).is_none());
        let mut stored = Ids::stored([5; 16], run.clone(), 300).unwrap();
        assert_eq!(stored.run().unwrap(), run);
        for ids in [&mut live, &mut stored] {
            (300..310).for_each(|number| ids.insert(id(number), number));
            ids.remove(id(309), 309);
            for number in 0..309 {
                assert_eq!(ids.find(id(number), id_at), Ok(Some(number)));
            }
            assert_eq!(ids.find(id(309), id_at), Ok(None));
        }
        assert_eq!(stored.run(), live.run());
        // Of two stored ids with one short fingerprint each is found.
        let twice = [&short(stored.fingerprint(id(400)))[..], &[0, 0, 0, 0, 3]].concat();
        let own = [&short(stored.fingerprint(id(400)))[..], &[0, 0, 0, 1, 144]].concat();
        let shared = Ids::stored([5; 16], [twice, own].concat(), 2).unwrap();
        assert_eq!(shared.find(id(400), id_at), Ok(Some(400)));
    }
}
