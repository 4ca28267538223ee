//! Who an IKM is one person with in law, step by step: its owner, while it is a sole proprietor.
//!
//! Open facts only, so that an outside replay comes to the same.

use foldhash::HashMap;
use jejak_events::identity::{IkmId, PersonId};

use super::state::Put;
use super::stored::{Stored, StoredBytes, stored_struct};
use super::timeline::{Moment, Timeline};

/// What an IKM's registration or a change of its profile says of who it is in law; what is not said stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ownership {
    owner: Option<PersonId>,
    sole_proprietor: Option<bool>,
}

/// A stretch of an IKM's time after which it was somebody's no more: what was said of it then was that person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// The first moment of it; none where nobody else's came before.
    pub from: Option<Moment>,
    /// The first moment after it.
    pub until: Moment,
}

impl Tenure {
    /// Whether a moment lies in it.
    #[must_use]
    pub fn contains(&self, moment: Moment) -> bool {
        self.from.is_none_or(|from| from <= moment) && moment < self.until
    }
}

/// The owners of all IKMs of which anything is said.
#[derive(Debug, Default)]
pub(super) struct Owners(HashMap<IkmId, Timeline<Ownership>>);

impl Owners {
    /// Adds or takes away what is said of an IKM's owner and whether it is a sole proprietor; what is not said stays.
    pub(super) fn put(
        &mut self,
        put: Put,
        ikm: IkmId,
        (owner, sole_proprietor): (Option<PersonId>, Option<bool>),
    ) {
        if owner.is_none() && sole_proprietor.is_none() {
            return;
        }
        let steps = self.0.entry(ikm).or_default();
        steps.put(put.moment, Ownership { owner, sole_proprietor }, put.add);
        if steps.is_empty() {
            self.0.remove(&ikm);
        }
    }

    /// The IKMs of which anything is said.
    pub(super) fn ikms(&self) -> impl Iterator<Item = IkmId> {
        self.0.keys().copied()
    }

    /// From when on an IKM had which owner, if any is told, and whether it was a sole proprietor; the earliest first.
    fn owners(&self, ikm: IkmId) -> impl Iterator<Item = (Moment, Option<PersonId>, bool)> {
        let (mut owner, mut sole) = (None, false);
        self.0.get(&ikm).into_iter().flat_map(Timeline::steps).map(move |(moment, says)| {
            owner = says.owner.or(owner);
            sole = says.sole_proprietor.unwrap_or(sole);
            (moment, owner, sole)
        })
    }

    /// From when on an IKM was one person with whom, or with nobody, the earliest first.
    fn persons_in_law(&self, ikm: IkmId) -> impl Iterator<Item = (Moment, Option<PersonId>)> {
        self.owners(ikm).map(|(moment, owner, sole)| (moment, owner.filter(|_| sole)))
    }

    /// The owner of an IKM as its profile stands, a sole proprietor or not.
    pub(super) fn owner(&self, ikm: IkmId) -> Option<PersonId> {
        self.owners(ikm).last().and_then(|(_, owner, _)| owner)
    }

    /// The owner that an IKM is one person with, as its profile stands.
    pub(super) fn person_in_law(&self, ikm: IkmId) -> Option<PersonId> {
        self.persons_in_law(ikm).last().and_then(|(_, person)| person)
    }

    /// The stretches of an IKM's time that ended with somebody being its sole proprietor no more.
    ///
    /// Each begins where that of somebody else ended, or with the IKM itself: what was said of it while it was
    /// nobody's, its name and number among that, was handed on to whoever it was next.
    pub(super) fn tenures(&self, ikm: IkmId, is_hers: impl Fn(PersonId) -> bool) -> Vec<Tenure> {
        #[derive(PartialEq)]
        enum Whose {
            Nobodys,
            Hers,
            Anothers,
        }
        let (mut tenures, mut from, mut whose) = (Vec::new(), None, Whose::Nobodys);
        for (moment, person) in self.persons_in_law(ikm) {
            let now = match person {
                None => Whose::Nobodys,
                Some(person) if is_hers(person) => Whose::Hers,
                Some(_) => Whose::Anothers,
            };
            if now == whose {
                continue;
            }
            if whose == Whose::Hers {
                tenures.push(Tenure { from, until: moment });
            }
            if whose != Whose::Nobodys {
                from = Some(moment);
            }
            whose = now;
        }
        tenures
    }
}

stored_struct!(Ownership { owner, sole_proprietor });
stored_struct!(Tenure { from, until });

impl Stored for Owners {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Stored::read(input).map(Self)
    }
}
