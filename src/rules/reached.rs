//! What requested erasures reach, fixed when each request is taken in.
//!
//! What an IKM or a person is may change behind a request, even in the same commit: an owner sells, a merge is
//! undone. The erasure reaches what the subject was when it was asked for, so that sealing, destroying, opening
//! after a crash and an outside replay all mean the same keys. All of it follows from open facts. Nothing here decides;
//! what a request reaches is for [`crate::rules`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jejak_events::identity::{IkmId, Subject};
use jejak_events::proposal::sealed_by;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::values::Sha256Hex;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;

use super::index::Index;
use super::key_names::KeyName;
use super::machine::{EventReader, History, StateMachine};
use super::stored::stored_struct;
use super::{Moment, State, Tenure};
use crate::rules;

/// What one erasure reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErasureScope {
    /// Whole groups of fields, by whose they are.
    pub keys: BTreeSet<(Subject, Group)>,
    /// Of IKMs that were the erased person in law and are not any more: the events that were said of the time when
    /// they were. Of these the personal fields go.
    pub values: BTreeMap<u64, IkmId>,
    /// Files about such an IKM that these events or others of that time list.
    pub files: BTreeSet<Sha256Hex>,
    /// That time: nothing is sealed of it any more.
    pub tenures: BTreeMap<IkmId, Vec<Tenure>>,
}

impl ErasureScope {
    /// Whether a key of sealed fields must go.
    #[must_use]
    pub fn covers(&self, name: KeyName, group: Group) -> bool {
        self.keys.contains(&(name.subject, group)) || self.is_single(name, group)
    }

    /// Whether it seals one of the events that go by themselves.
    fn is_single(&self, name: KeyName, group: Group) -> bool {
        let ikm = name.index.filter(|_| group == Group::Personal).and_then(|index| self.values.get(&index));
        ikm.is_some_and(|ikm| Subject::Ikm(*ikm) == name.subject)
    }

    /// What an erasure of a subject reaches as things stand in a state and a log of one size.
    ///
    /// # Errors
    /// When an event cannot be read.
    pub fn found(
        state: &State,
        index: &Index,
        subject: Subject,
        history: &dyn EventReader,
    ) -> Result<Self, ReadFailure> {
        let mut reach = Self { keys: rules::reach(state, subject), ..Self::default() };
        let Subject::Person(person) = subject else { return Ok(reach) };
        reach.tenures = rules::tenures(state, person);
        for (ikm, tenures) in &reach.tenures {
            let subject = Subject::Ikm(*ikm);
            for at in index.history(subject) {
                let event = history.event(at)?;
                let moment = moment(index.lineage().original_of(at).unwrap_or(at), &event);
                if !tenures.iter().any(|tenure| tenure.contains(moment)) {
                    continue;
                }
                if seals_personal(&event, subject) {
                    reach.values.insert(at, *ikm);
                }
                let about = event.draft.data.evidence().filter(|evidence| {
                    evidence.subjects.as_ref().is_some_and(|subjects| subjects.contains(&subject))
                });
                reach.files.extend(about.map(|evidence| evidence.sha256.clone()));
            }
        }
        Ok(reach)
    }

    /// Those of whom something is reached as a whole.
    #[must_use]
    pub fn subjects(&self) -> BTreeSet<Subject> {
        self.keys.iter().map(|(subject, _)| *subject).collect()
    }
}

/// What all erasures reach, each with the index of the first request that reaches it.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    keys: BTreeMap<(Subject, Group), u64>,
    /// Also of events that were recorded behind the request and sealed nothing.
    values: BTreeMap<u64, (IkmId, u64)>,
    files: BTreeMap<Sha256Hex, u64>,
    tenures: BTreeMap<IkmId, Vec<(Tenure, u64)>>,
}

impl Reached {
    /// Takes in a request with what it reaches; an earlier request keeps what it reached first.
    pub fn put(&mut self, request: u64, reach: ErasureScope) {
        let ErasureScope { keys, values, files, tenures } = reach;
        for key in keys {
            self.keys.entry(key).or_insert(request);
        }
        for (index, ikm) in values {
            self.values.entry(index).or_insert((ikm, request));
        }
        for file in files {
            self.files.entry(file).or_insert(request);
        }
        for (ikm, tenures) in tenures {
            self.tenures.entry(ikm).or_default().extend(tenures.into_iter().map(|tenure| (tenure, request)));
        }
    }

    /// Takes in an event that is recorded behind requests, where it is said of a time that they reach.
    pub fn put_event(&mut self, index: u64, subject: Subject, moment: Moment) {
        if let Subject::Ikm(ikm) = subject
            && let Some(request) = self.barred(subject, moment)
        {
            self.values.insert(index, (ikm, request));
        }
    }

    /// Forgets an event, the last one taken in, with what it reaches when it is a request.
    pub fn undo(&mut self, index: u64, is_request: bool) {
        self.values.remove(&index);
        if !is_request {
            return;
        }
        self.keys.retain(|_, first| *first != index);
        self.values.retain(|_, (_, first)| *first != index);
        self.files.retain(|_, first| *first != index);
        self.tenures.retain(|_, tenures| {
            tenures.retain(|(_, request)| *request != index);
            !tenures.is_empty()
        });
    }

    /// Whether some request reaches all of a subject's group of fields, done or not: then nothing is sealed for it
    /// any more.
    #[must_use]
    pub fn contains(&self, subject: Subject, group: Group) -> bool {
        self.whole(subject, group).is_some()
    }

    /// The first request that reaches all of a subject's group of fields.
    #[must_use]
    pub fn whole(&self, subject: Subject, group: Group) -> Option<u64> {
        self.keys.get(&(subject, group)).copied()
    }

    /// The first request that reaches a group of a subject's fields in the event at an index.
    #[must_use]
    pub fn request(&self, index: u64, subject: Subject, group: Group) -> Option<u64> {
        let whole = self.whole(subject, group);
        let of_event = self
            .values
            .get(&index)
            .filter(|(ikm, _)| group == Group::Personal && Subject::Ikm(*ikm) == subject);
        whole.into_iter().chain(of_event.map(|(_, request)| *request)).min()
    }

    /// The first request that reaches the personal fields of what is said of a subject at a moment, where it does not
    /// reach all of the subject's.
    #[must_use]
    pub fn barred(&self, subject: Subject, moment: Moment) -> Option<u64> {
        let Subject::Ikm(ikm) = subject else { return None };
        let tenures = self.tenures.get(&ikm).into_iter().flatten();
        tenures.filter(|(tenure, _)| tenure.contains(moment)).map(|(_, request)| *request).min()
    }

    /// The first request that reaches a file that an event lists, by when that happened and not by whom it is about.
    #[must_use]
    pub fn file(&self, file: &Sha256Hex) -> Option<u64> {
        self.files.get(file).copied()
    }

    /// What one request was the first to reach.
    #[must_use]
    pub fn of(&self, request: u64) -> ErasureScope {
        let values = self.values.iter().filter(|(_, (_, first))| *first == request);
        ErasureScope {
            keys: self.keys.iter().filter(|(_, first)| **first == request).map(|(key, _)| *key).collect(),
            values: values.map(|(index, (ikm, _))| (*index, *ikm)).collect(),
            files: self
                .files
                .iter()
                .filter(|(_, first)| **first == request)
                .map(|(file, _)| file.clone())
                .collect(),
            tenures: BTreeMap::new(),
        }
    }

    /// All that any request reaches, but for some of them.
    #[must_use]
    pub fn but_of(&self, requests: &BTreeSet<u64>) -> ErasureScope {
        let counts = |request: &u64| !requests.contains(request);
        let values = self.values.iter().filter(|(_, (_, first))| counts(first));
        ErasureScope {
            keys: self.keys.iter().filter(|(_, first)| counts(first)).map(|(key, _)| *key).collect(),
            values: values.map(|(index, (ikm, _))| (*index, *ikm)).collect(),
            files: self
                .files
                .iter()
                .filter(|(_, first)| counts(first))
                .map(|(file, _)| file.clone())
                .collect(),
            tenures: BTreeMap::new(),
        }
    }

    /// Every whole group of fields, with the index of the first request that reaches it.
    pub fn keys(&self) -> impl Iterator<Item = ((Subject, Group), u64)> {
        self.keys.iter().map(|(key, request)| (*key, *request))
    }
}

stored_struct!(Reached { keys, values, files, tenures });

impl StateMachine {
    /// What an erasure of this subject reaches as things stand.
    ///
    /// # Errors
    /// When an event cannot be read.
    pub fn reach(&self, subject: Subject, history: &dyn History) -> Result<ErasureScope, ReadFailure> {
        ErasureScope::found(self.state(), &self.index(), subject, history)
    }

    /// Takes in what the event at the tip reaches when it asks for an erasure, or that an earlier request reaches it.
    pub(super) fn note_reached(&mut self, event: &Event, reach: Option<ErasureScope>) {
        let position = self.size();
        if let Some(reach) = reach {
            Arc::make_mut(&mut self.reached).put(position, reach);
            return;
        }
        let subject = sealed_by(event).0;
        if seals_personal(event, subject) {
            let original = self.lineage().original_of(position).unwrap_or(position);
            let moment = self.moment(original, event);
            if self.reached.barred(subject, moment).is_some() {
                Arc::make_mut(&mut self.reached).put_event(position, subject, moment);
            }
        }
    }

    /// Forgets what the event at a position reaches; it is copied only where that is anything, for readers may hold it.
    pub(super) fn undo_reached(&mut self, position: u64, is_request: bool) {
        if is_request || self.reached.values.contains_key(&position) {
            Arc::make_mut(&mut self.reached).undo(position, is_request);
        }
    }

    /// When what an event says happened, for the rules; `original` is the index of the event that it stands for.
    #[must_use]
    pub fn moment(&self, original: u64, event: &Event) -> Moment {
        moment(original, event)
    }
}

fn moment(original: u64, event: &Event) -> Moment {
    Moment { date: Content::of(event).time().date(), index: original }
}

/// Whether an event seals personal fields under this subject's keys.
#[must_use]
pub fn seals_personal(event: &Event, subject: Subject) -> bool {
    let (of, declared) = sealed_by(event);
    of == subject && declared.iter().any(|field| field.group == Group::Personal)
}

#[cfg(test)]
mod tests {
    use jejak_events::values::Date;

    use super::*;

    fn subject(number: u64) -> Subject {
        Subject::parse(&format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-00000000000{number}")).unwrap()
    }

    fn ikm(number: u64) -> IkmId {
        match subject(number) {
            Subject::Ikm(ikm) => ikm,
            _ => unreachable!(),
        }
    }

    #[test]
    fn the_first_request_keeps_what_it_reached_until_it_is_undone() {
        let key = |number| (subject(number), Group::Personal);
        let mut reached = Reached::default();
        let whole = |keys: [(Subject, Group); 2]| ErasureScope {
            keys: BTreeSet::from(keys),
            ..ErasureScope::default()
        };
        reached.put(3, whole([key(1), key(2)]));
        reached.put(5, whole([key(2), key(4)]));
        assert_eq!(reached.of(3), whole([key(1), key(2)]));
        assert_eq!(reached.of(5).keys, BTreeSet::from([key(4)]));
        reached.undo(5, true);
        assert!(reached.contains(key(2).0, Group::Personal) && !reached.contains(key(4).0, Group::Personal));
        assert!(!reached.contains(key(1).0, Group::Confidential));
    }

    #[test]
    fn of_a_former_owner_single_events_are_reached_and_nothing_is_sealed_of_that_time() {
        let moment =
            |day: u32, index| Moment { date: Date::parse(&format!("2025-03-{day:02}")).unwrap(), index };
        let mut reached = Reached::default();
        let tenure = Tenure { from: Some(moment(3, 2)), until: moment(9, 7) };
        let reach = ErasureScope {
            values: BTreeMap::from([(2, ikm(1)), (4, ikm(1))]),
            tenures: BTreeMap::from([(ikm(1), vec![tenure])]),
            ..ErasureScope::default()
        };
        reached.put(8, reach);
        let personal = |reached: &Reached, index| reached.request(index, subject(1), Group::Personal);
        assert_eq!((personal(&reached, 2), personal(&reached, 3)), (Some(8), None));
        assert_eq!(reached.request(2, subject(1), Group::Confidential), None);
        for (day, index, bars) in
            [(3, 1, false), (3, 2, true), (9, 6, true), (9, 7, false), (9, 11, false), (8, 11, true)]
        {
            assert_eq!(reached.barred(subject(1), moment(day, index)).is_some(), bars, "{day} {index}");
        }
        assert_eq!(reached.barred(subject(2), moment(8, 11)), None);
        reached.put_event(9, subject(1), moment(8, 9));
        reached.put_event(10, subject(1), moment(10, 10));
        assert_eq!((personal(&reached, 9), personal(&reached, 10)), (Some(8), None));
        reached.undo(9, false);
        assert_eq!((personal(&reached, 9), personal(&reached, 4)), (None, Some(8)));
        reached.undo(8, true);
        assert_eq!((personal(&reached, 4), reached.barred(subject(1), moment(8, 11))), (None, None));
    }
}
