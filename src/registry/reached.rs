//! The keys that requested erasures reach, fixed when each request is taken in.
//!
//! What an IKM or a person is may change behind a request, even in the same commit: an owner sells, a merge is
//! undone. The erasure reaches what the subject was when it was asked for, so that sealing, destroying, opening
//! after a crash and an outside replay all mean the same keys. Nothing here decides; what a request reaches is
//! for [`crate::decide::reach`].

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::sealed::Group;

/// Keys by whose they are and of which fields, each with the index of the first request that reaches it.
#[derive(Debug, Default)]
pub struct Reached(BTreeMap<(Subject, Group), u64>);

impl Reached {
    /// Takes in a request with what it reaches; an earlier request keeps what it reached first.
    pub fn put(&mut self, request: u64, keys: BTreeSet<(Subject, Group)>) {
        for key in keys {
            self.0.entry(key).or_insert(request);
        }
    }

    /// Forgets a request, the last one taken in.
    pub fn undo(&mut self, request: u64) {
        self.0.retain(|_, first| *first != request);
    }

    /// Whether some request reaches this key, done or not: then nothing is sealed under it any more.
    #[must_use]
    pub fn contains(&self, subject: Subject, group: Group) -> bool {
        self.0.contains_key(&(subject, group))
    }

    /// The keys that one request was the first to reach.
    pub fn of(&self, request: u64) -> impl Iterator<Item = (Subject, Group)> {
        self.0.iter().filter(move |(_, first)| **first == request).map(|(key, _)| *key)
    }

    /// Every key, with the index of the first request that reaches it.
    pub fn iter(&self) -> impl Iterator<Item = ((Subject, Group), u64)> {
        self.0.iter().map(|(key, request)| (*key, *request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_request_keeps_what_it_reached_until_it_is_undone() {
        let subject = |number| Subject::parse(&format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-00000000000{number}"));
        let key = |number| (subject(number).unwrap(), Group::Personal);
        let mut reached = Reached::default();
        reached.put(3, BTreeSet::from([key(1), key(2)]));
        reached.put(5, BTreeSet::from([key(2), key(4)]));
        assert_eq!(reached.of(3).collect::<Vec<_>>(), [key(1), key(2)]);
        assert_eq!(reached.of(5).collect::<Vec<_>>(), [key(4)]);
        reached.undo(5);
        assert!(reached.contains(key(2).0, Group::Personal) && !reached.contains(key(4).0, Group::Personal));
        assert!(!reached.contains(key(1).0, Group::Confidential));
    }
}
