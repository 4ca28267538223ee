//! Who was where on which day. There may be millions, so each takes few bytes.

use foldhash::HashMap;
use jejak_events::identity::SessionId;
use jejak_events::values::Date;
use uuid::Uuid;

use super::enrollee::Enrollee;
use super::runs::{INDEX_BYTES, Run, index_bytes, index_of, merged};

/// Bytes of the key of a stored attendance: session, who, day.
const KEY_BYTES: usize = 11;

const RECORD_BYTES: usize = KEY_BYTES + INDEX_BYTES;

const UUID_BYTES: usize = 16;

/// Marks the number of a person beside that of an IKM.
const PERSON: u32 = 1 << 31;

/// The index of what is in force no more.
const GONE: u64 = u64::MAX;

/// Numbers of the session and of who attended, and the day.
///
/// Who attended is the person, who is in one place on one day whichever IKM sent them; or the IKM, for an attendance
/// of the whole delegation.
type AttendanceKey = (u32, u32, i32);

/// The index of each attendance in force: those that were stored as a run, later changes in a table.
#[derive(Debug, Default)]
pub struct Attendances {
    /// By number: the identifiers of what is stored, sorted.
    stored_ids: Run<UUID_BYTES, UUID_BYTES>,
    stored: Run<KEY_BYTES, RECORD_BYTES>,
    /// The numbers of identifiers that came later.
    numbers: HashMap<Uuid, u32>,
    /// What came later, or went ([`GONE`]).
    changed: HashMap<AttendanceKey, u64>,
}

fn key_bytes((session, who, day): AttendanceKey) -> [u8; KEY_BYTES] {
    let mut bytes = [0; KEY_BYTES];
    bytes[..4].copy_from_slice(&session.to_be_bytes());
    bytes[4..8].copy_from_slice(&who.to_be_bytes());
    // Days are counted from year 1, and those of 2999 fit into three bytes.
    bytes[8..].copy_from_slice(&day.to_be_bytes()[1..]);
    bytes
}

fn key_of(bytes: &[u8; RECORD_BYTES]) -> AttendanceKey {
    let [a, b, c, d, e, f, g, h, i, j, k, ..] = *bytes;
    (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]), i32::from_be_bytes([0, i, j, k]))
}

fn stored_index(bytes: &[u8; RECORD_BYTES]) -> u64 {
    let mut index = [0; INDEX_BYTES];
    index.copy_from_slice(&bytes[KEY_BYTES..]);
    index_of(index)
}

impl Attendances {
    /// Takes over what [`Attendances::parts`] made; `None` when it cannot be that.
    #[must_use]
    pub fn stored(ids: Vec<u8>, attendances: Vec<u8>) -> Option<Self> {
        let (stored_ids, stored) = (Run::new(ids)?, Run::new(attendances)?);
        let (numbers, changed) = Default::default();
        Some(Self { stored_ids, stored, numbers, changed })
    }

    /// Identifiers and attendances in force, each as one run; `None` when one does not fit.
    #[must_use]
    pub fn parts(&self) -> Option<[Vec<u8>; 2]> {
        let is_changed = |record: &[u8; RECORD_BYTES]| {
            !self.changed.is_empty() && self.changed.contains_key(&key_of(record))
        };
        let stored = || self.stored.records().iter().filter(|record| !is_changed(record));
        let added = || {
            let changed = self.changed.iter().map(|(key, index)| (*key, *index));
            changed.filter(|(_, index)| *index != GONE)
        };
        // Numbers follow the identifiers in use, so that the same attendances always have the same bytes.
        let mut in_use = vec![false; self.stored_ids.len() + self.numbers.len()];
        for (session, who, _) in stored().map(key_of).chain(added().map(|(key, _)| key)) {
            *in_use.get_mut(session as usize)? = true;
            *in_use.get_mut((who & !PERSON) as usize)? = true;
        }
        let old = self.stored_ids.records().iter().copied().zip(0_usize..);
        let new = self.numbers.iter().map(|(id, number)| (*id.as_bytes(), *number as usize));
        let mut ids: Vec<_> = old.chain(new).filter(|(_, number)| in_use[*number]).collect();
        ids.sort_unstable();
        let mut renumbered = vec![0; in_use.len()];
        for ((_, number), place) in ids.iter().zip(0_u32..) {
            renumbered[*number] = place;
        }
        let renumber = |(session, who, day): AttendanceKey| {
            let who = renumbered[(who & !PERSON) as usize] | who & PERSON;
            (renumbered[session as usize], who, day)
        };
        let record = |key: AttendanceKey, index: [u8; INDEX_BYTES]| {
            let mut record = [0; RECORD_BYTES];
            record[..KEY_BYTES].copy_from_slice(&key_bytes(renumber(key)));
            record[KEY_BYTES..].copy_from_slice(&index);
            record
        };
        let mut added: Vec<_> =
            added().map(|(key, index)| Some(record(key, index_bytes(index)?))).collect::<Option<_>>()?;
        added.sort_unstable();
        let count = self.stored.len() + added.len();
        // Old numbers are in the order of the identifiers, so that new ones leave the records in order.
        let old = stored().filter_map(|stored| Some(record(key_of(stored), *stored.last_chunk()?)));
        let attendances = merged(old, added.into_iter(), count);
        Some([ids.iter().flat_map(|(id, _)| *id).collect(), attendances])
    }

    fn number(&self, id: Uuid) -> Option<u32> {
        let stored = self.stored_ids.find(id.as_bytes()).and_then(|place| u32::try_from(place).ok());
        stored.or_else(|| self.numbers.get(&id).copied())
    }

    /// The number of an identifier, a new one if need be.
    fn numbered(&mut self, id: Uuid) -> u32 {
        if let Some(number) = self.number(id) {
            return number;
        }
        let next = self.stored_ids.len() + self.numbers.len();
        let next = u32::try_from(next).unwrap_or(PERSON - 1).min(PERSON - 1);
        self.numbers.insert(id, next);
        next
    }

    fn stored_at(&self, key: AttendanceKey) -> Option<u64> {
        let place = self.stored.find(&key_bytes(key))?;
        self.stored.records().get(place).map(stored_index)
    }

    /// Adds the attendance recorded at an index, or takes it away.
    pub fn put(&mut self, (session, who): (SessionId, Enrollee), day: Date, index: u64, add: bool) {
        let who = match who {
            Enrollee::Person(person) => self.numbered(person.uuid()) | PERSON,
            Enrollee::Ikm(ikm) => self.numbered(ikm.uuid()),
        };
        let key = (self.numbered(session.uuid()), who, day.day_number());
        let now = if add { index } else { GONE };
        if self.stored_at(key).unwrap_or(GONE) == now {
            self.changed.remove(&key);
        } else {
            self.changed.insert(key, now);
        }
    }

    /// The index of the attendance at a session on a day, of a person or of the delegation of an IKM.
    #[must_use]
    pub fn get(&self, session: SessionId, who: Enrollee, day: Date) -> Option<u64> {
        let who = match who {
            Enrollee::Person(person) => self.number(person.uuid())? | PERSON,
            Enrollee::Ikm(ikm) => self.number(ikm.uuid())?,
        };
        let key = (self.number(session.uuid())?, who, day.day_number());
        match self.changed.get(&key) {
            Some(index) => Some(*index).filter(|index| *index != GONE),
            None => self.stored_at(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use jejak_events::identity::{IkmId, PersonId};

    use super::*;

    fn id<I>(number: u64, new: impl Fn(Uuid) -> Option<I>) -> I {
        new(Uuid::parse_str(&format!("7f2c1a34-5b6d-4e8f-9a0b-{number:012x}")).unwrap()).unwrap()
    }

    fn put(attendances: &mut Attendances, number: u64, add: bool) {
        let who = match number.is_multiple_of(3) {
            true => Enrollee::Person(id(400 - number % 11, PersonId::new)),
            false => Enrollee::Ikm(id(300 - number % 5, IkmId::new)),
        };
        let who = (id(100 - number % 7, SessionId::new), who);
        let day = Date::from_day_number(739_000 + (number % 13) as i32).unwrap();
        attendances.put(who, day, number, add);
    }

    #[test]
    fn stored_attendances_answer_as_before_and_have_the_same_bytes() {
        let mut live = Attendances::default();
        (0..100).for_each(|number| put(&mut live, number, true));
        let [ids, attendances] = live.parts().unwrap();
        let mut stored = Attendances::stored(ids, attendances).unwrap();
        for one in [&mut live, &mut stored] {
            (0..40).for_each(|number| put(one, number, false));
            (20..60).for_each(|number| put(one, number, true));
            (500..520).for_each(|number| put(one, number, true));
            (510..520).for_each(|number| put(one, number, false));
        }
        let days = (0..13).map(|day| Date::from_day_number(739_000 + day).unwrap());
        for day in days {
            let persons = (390..=400).map(|number| Enrollee::Person(id(number, PersonId::new)));
            let ikms = (296..=300).map(|number| Enrollee::Ikm(id(number, IkmId::new)));
            for who in persons.chain(ikms) {
                for session in (94..=100).map(|number| id(number, SessionId::new)) {
                    let of = |one: &Attendances| one.get(session, who, day);
                    assert_eq!(of(&stored), of(&live));
                }
            }
        }
        assert!(stored.parts() == live.parts());
        // What came and went leaves no trace, neither of it nor of its identifiers.
        let before = live.parts();
        put(&mut live, 777, true);
        put(&mut live, 777, false);
        assert!(live.parts() == before);
    }
}
