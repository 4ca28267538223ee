//! Which certificate numbers are in force, and which originals name each.
//!
//! A number is kept as a hash of issuer and number only: the number itself stays sealed. A certificate may
//! say its own number more than once, at its issue and when it is renewed, and it stays taken until the last
//! of those is gone. Nothing here decides; that is for the machine.

use foldhash::HashMap;
use jejak_events::proposal::SealedValues;
use jejak_events::text::folded_number;
use sha2::{Digest, Sha256};

/// Issuer and number of a certificate, each in folded form, hashed.
pub type NumberKey = [u8; 16];

/// The key of a number among these sealed values, the same in whichever writing of number and issuer; `None` where
/// there is none, or none that can be read.
#[must_use]
pub fn number_key(issuer: &str, sealed: &SealedValues) -> Option<NumberKey> {
    let number = sealed.get("number")?.as_str()?;
    let (issuer, number) = (folded_number(issuer), folded_number(number));
    let hash = Sha256::new().chain_update(issuer).chain_update([0]).chain_update(number).finalize();
    let mut key = [0; 16];
    key.copy_from_slice(&hash[..16]);
    Some(key)
}

/// A number that an original came to name, or names no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naming {
    number: NumberKey,
    index: u64,
    added: bool,
}

/// The numbers in force. Nearly every one is named once; what names it again stands apart, to save room.
#[derive(Debug, Default)]
pub struct Numbers {
    named: HashMap<NumberKey, u64>,
    again: HashMap<NumberKey, Vec<u64>>,
}

impl Numbers {
    /// An original that names a number, of which there may be several; `None` when the number is free.
    #[must_use]
    pub fn get(&self, number: NumberKey) -> Option<u64> {
        self.named.get(&number).copied()
    }

    /// Adds that an original names a number, or takes it away; `None` when that changes nothing.
    pub fn put(&mut self, number: NumberKey, index: u64, add: bool) -> Option<Naming> {
        let changes = if add { self.add(number, index) } else { self.take_away(number, index) };
        changes.then_some(Naming { number, index, added: add })
    }

    /// Undoes changes, the latest first.
    pub fn undo(&mut self, changes: &[Naming]) {
        for Naming { number, index, added } in changes.iter().rev() {
            self.put(*number, *index, !added);
        }
    }

    /// Forgets whatever these originals name.
    pub fn forget(&mut self, gone: impl Fn(u64) -> bool) {
        let namings = self.named.iter().map(|(number, index)| (*number, *index));
        let more = self.again.iter().flat_map(|(number, more)| more.iter().map(|index| (*number, *index)));
        let namings: Vec<_> = namings.chain(more).filter(|(_, index)| gone(*index)).collect();
        for (number, index) in namings {
            self.put(number, index, false);
        }
    }

    fn add(&mut self, number: NumberKey, index: u64) -> bool {
        let Some(first) = self.named.get(&number) else {
            self.named.insert(number, index);
            return true;
        };
        if *first == index || self.again.get(&number).is_some_and(|more| more.contains(&index)) {
            return false;
        }
        self.again.entry(number).or_default().push(index);
        true
    }

    fn take_away(&mut self, number: NumberKey, index: u64) -> bool {
        let mut more = self.again.remove(&number).unwrap_or_default();
        let was_first = self.named.get(&number) == Some(&index);
        let place = more.iter().position(|other| *other == index);
        match (was_first, place) {
            (true, _) => match more.pop() {
                Some(next) => drop(self.named.insert(number, next)),
                None => drop(self.named.remove(&number)),
            },
            (false, Some(place)) => drop(more.swap_remove(place)),
            (false, None) => {}
        }
        if !more.is_empty() {
            self.again.insert(number, more);
        }
        was_first || place.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: NumberKey = [7; 16];

    #[test]
    fn a_number_is_one_in_every_writing_and_another_beside_another_issuer() {
        let key =
            |issuer: &str, number: &str| number_key(issuer, &SealedValues::from([("number", number.into())]));
        let one = key("LSIH B4T", "SIH-001");
        for (issuer, number) in [
            ("lsih b4t", "sih-001"),
            ("LSIH\u{a0}B4T", "SIH 001"),
            ("LSIH–B4T", "SIH\u{2011}001"),
            ("ＬＳＩＨ Ｂ４Ｔ", "ＳＩＨ００１"),
            ("LSIH B4T", "SIH-\u{660}\u{660}\u{661}"),
        ] {
            assert_eq!(key(issuer, number), one, "{issuer} {number}");
        }
        for (issuer, number) in
            [("LSIH B4T", "SIH/001"), ("LSIH B4T", "SIH-01"), ("LSIH", "B4TSIH-001"), ("LSIH B4", "TSIH-001")]
        {
            assert_ne!(key(issuer, number), one, "{issuer} {number}");
        }
    }

    #[test]
    fn a_number_is_taken_until_nothing_names_it_any_more() {
        let mut numbers = Numbers::default();
        for index in [3, 8, 9] {
            assert!(numbers.put(NUMBER, index, true).is_some());
            assert_eq!(numbers.put(NUMBER, index, true), None, "named already");
        }
        for (gone, taken) in [(3, true), (9, true), (8, false)] {
            assert!(numbers.put(NUMBER, gone, false).is_some());
            assert_eq!(numbers.put(NUMBER, gone, false), None, "gone already");
            assert_eq!(numbers.get(NUMBER).is_some(), taken, "{gone}");
        }
        assert!(numbers.named.is_empty() && numbers.again.is_empty());
    }

    #[test]
    fn what_is_undone_or_forgotten_leaves_the_rest() {
        let mut numbers = Numbers::default();
        numbers.put(NUMBER, 3, true);
        let steps = [(3, false), (5, true), (3, true), (3, true)];
        let changes: Vec<_> =
            steps.iter().filter_map(|(index, add)| numbers.put(NUMBER, *index, *add)).collect();
        assert_eq!(changes.len(), 3, "the last step changed nothing");
        numbers.undo(&changes);
        assert_eq!((numbers.get(NUMBER), numbers.again.len()), (Some(3), 0));
        numbers.put(NUMBER, 4, true);
        numbers.put([8; 16], 3, true);
        numbers.forget(|index| index == 3);
        assert_eq!((numbers.get(NUMBER), numbers.get([8; 16])), (Some(4), None));
    }
}
