//! Who takes part in a programme: an IKM, or a person in their own name.

use jejak_events::identity::{IkmId, PersonId, Subject};

use super::merges::Merges;
use super::stored::{Stored, StoredBytes};

/// Who has a place, waits or attends under a stream of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Enrollee {
    /// An IKM, which may send persons.
    Ikm(IkmId),
    /// A person in their own name, who sends nobody.
    Person(PersonId),
}

impl Enrollee {
    /// What it is called within a sentence, Indonesian and English.
    #[must_use]
    pub fn called(self) -> [String; 2] {
        match self {
            Self::Ikm(ikm) => [format!("IKM {ikm}"), format!("IKM {ikm}")],
            Self::Person(person) => [format!("orang {person}"), format!("person {person}")],
        }
    }

    /// The persons of an enrolment: those whom an IKM names, or the person itself.
    #[must_use]
    pub fn persons(self, named: Option<&[PersonId]>) -> Vec<PersonId> {
        match self {
            Self::Ikm(_) => named.unwrap_or_default().to_vec(),
            Self::Person(person) => vec![person],
        }
    }
}

impl From<Enrollee> for Subject {
    fn from(enrollee: Enrollee) -> Self {
        match enrollee {
            Enrollee::Ikm(ikm) => Self::Ikm(ikm),
            Enrollee::Person(person) => Self::Person(person),
        }
    }
}

impl TryFrom<Subject> for Enrollee {
    /// The stream, which is of another kind.
    type Error = Subject;

    fn try_from(stream: Subject) -> Result<Self, Subject> {
        match stream {
            Subject::Ikm(ikm) => Ok(Self::Ikm(ikm)),
            Subject::Person(person) => Ok(Self::Person(person)),
            other => Err(other),
        }
    }
}

impl Stored for Enrollee {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Ikm(ikm) => {
                out.push(1);
                ikm.write(out);
            }
            Self::Person(person) => {
                out.push(2);
                person.write(out);
            }
        }
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Some(match input.number()? {
            1 => Self::Ikm(Stored::read(input)?),
            2 => Self::Person(Stored::read(input)?),
            _ => return None,
        })
    }
}

/// The merges that say which streams are one.
#[derive(Clone, Copy)]
pub struct Merged<'a> {
    /// Of IKMs.
    pub ikms: &'a Merges<IkmId>,
    /// Of persons.
    pub persons: &'a Merges<PersonId>,
}

impl Merged<'_> {
    /// An enrollee and all that were merged into it before an index, itself first.
    #[must_use]
    pub fn group(self, who: Enrollee, before: u64) -> Vec<Enrollee> {
        match who {
            Enrollee::Ikm(ikm) => self.ikms.group(ikm, before).into_iter().map(Enrollee::Ikm).collect(),
            Enrollee::Person(person) => {
                self.persons.group(person, before).into_iter().map(Enrollee::Person).collect()
            }
        }
    }

    /// What an enrollee counts as in turn before an index, with the merge that leads to each.
    #[must_use]
    pub fn path(self, who: Enrollee, before: u64) -> Vec<(u64, Enrollee)> {
        match who {
            Enrollee::Ikm(ikm) => {
                self.ikms.path(ikm, before).map(|(index, into)| (index, Enrollee::Ikm(into))).collect()
            }
            Enrollee::Person(person) => self
                .persons
                .path(person, before)
                .map(|(index, into)| (index, Enrollee::Person(into)))
                .collect(),
        }
    }

    /// What an enrollee counts as.
    #[must_use]
    pub fn survivor(self, who: Enrollee) -> Enrollee {
        self.path(who, u64::MAX).last().map_or(who, |(_, into)| *into)
    }
}
