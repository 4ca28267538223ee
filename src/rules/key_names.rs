//! Under which names the keys file keeps the keys of sealed fields.
//!
//! A stream has one key for each group of fields, but for the personal fields of an IKM: there each event has a key of
//! its own. An IKM changes hands, who it was in law on a day is often recorded long after, and an erasure of one owner
//! must not take what was another's. A key that is only this event's can go by itself, whatever is found out later.
//!
//! The name follows from the record alone. Keys of evidence have names of their own, in [`crate::vault::attachments`].

use std::fmt;

use jejak_events::identity::Subject;
use jejak_events::sealed::Group;

/// What a key seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName {
    /// The stream whose fields they are.
    pub subject: Subject,
    /// The one event whose fields they are; none for all of the stream.
    pub index: Option<u64>,
}

impl KeyName {
    /// The name of the key that seals a group of a subject's fields in the event at an index.
    #[must_use]
    pub fn of(subject: Subject, group: Group, index: u64) -> Self {
        let is_own = matches!((subject, group), (Subject::Ikm(_), Group::Personal));
        Self { subject, index: is_own.then_some(index) }
    }

    /// Reads what a key of sealed fields is named.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (subject, index) = match text.rsplit_once('/') {
            Some((subject, index)) if subject.contains('/') => (subject, Some(index.parse().ok()?)),
            _ => (text, None),
        };
        let name = Self { subject: Subject::parse(subject).ok()?, index };
        // One name, one way to write it.
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "{}/{index}", self.subject),
            None => fmt::Display::fmt(&self.subject, f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_fields_of_an_ikm_have_a_key_for_each_event() {
        let uuid = "7f2c1a34-5b6d-4e8f-9a0b-00000000000c";
        let (ikm, person) = (format!("ikm/{uuid}"), format!("person/{uuid}"));
        for (subject, group, name) in [
            (&ikm, Group::Personal, format!("{ikm}/17")),
            (&ikm, Group::Confidential, ikm.clone()),
            (&person, Group::Personal, person.clone()),
        ] {
            let key = KeyName::of(Subject::parse(subject).unwrap(), group, 17);
            assert_eq!(key.to_string(), name);
            assert_eq!(KeyName::parse(&name), Some(key));
        }
        for other in
            [format!("evidence/{}", "0".repeat(64)), format!("{ikm}/017"), format!("{ikm}/x"), ikm + "/"]
        {
            assert_eq!(KeyName::parse(&other), None, "{other}");
        }
    }
}
