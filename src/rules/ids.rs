//! Which event ids are taken: fingerprints in memory, confirmed against the bytes.
//!
//! An id holds for ever, so every one is here; 64 bits each instead of 128 and their text keep that
//! cheap. A fingerprint alone must never answer: two ids may share one.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use jejak_events::identity::EventId;

/// The index of ids.
#[derive(Debug, Default)]
pub struct Ids {
    // Keyed per process, so that nobody can choose ids that collide.
    hasher: RandomState,
    by_fingerprint: HashMap<u64, u64, BuildHasherDefault<AsItIs>>,
    // Ids whose fingerprint another id holds already.
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

impl Ids {
    fn fingerprint(&self, id: EventId) -> u64 {
        self.hasher.hash_one(id)
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

    /// The index of an id. `id_at` reads the id of the event at an index, to confirm.
    ///
    /// # Errors
    /// What `id_at` returns.
    pub fn find<E>(
        &self,
        id: EventId,
        id_at: impl FnOnce(u64) -> Result<EventId, E>,
    ) -> Result<Option<u64>, E> {
        if let Some(index) = self.collided.get(&id) {
            return Ok(Some(*index));
        }
        let Some(&index) = self.by_fingerprint.get(&self.fingerprint(id)) else { return Ok(None) };
        Ok((id_at(index)? == id).then_some(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_fingerprint_is_told_apart() {
        let one = EventId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let two = EventId::parse("01890a5d-ac96-774b-bcce-b302099a8058").unwrap();
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
}
