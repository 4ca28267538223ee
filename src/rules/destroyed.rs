//! What was asked to be destroyed, and how far an erasure reaches.
//!
//! An erasure of a person or an IKM (UU PDP 27/2022, arts. 43-44) also reaches every stream that was merged
//! into it: a duplicate holds the same person's data. An erasure of a person reaches the personal data of
//! every IKM that is that person in law: a sole proprietor whose owner, in force, it is. Of an IKM that was that person
//! in law and is not any more it reaches what was said of the time when it was. It never reaches back up a merge: a
//! stream that was merged away is not erased by itself, its request names the one it counts as.
//!
//! Stated limit: a value that was first sealed for somebody else, and moved by a correction to another stream or
//! another holder, stays under the first one's key in the form that was corrected; the erasure of the second does
//! not reach it, for the key is the first one's too.
//!
//! Must never destroy anything; that is for the registry, which holds the keys.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::{IkmId, PersonId, Subject};
use jejak_events::sealed::Group;
use jejak_events::values::Sha256Hex;

use super::owners::{Owners, Tenure};
use super::state::{Put, State};
use super::stored::{Stored, StoredBytes, stored_struct};

/// How far the erasure of one subject has come, by the indexes of its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// `*.erasure_requested`.
    pub requested: Option<u64>,
    /// `*.erased`.
    pub erased: Option<u64>,
}

/// Erasures and redactions in force, and who owns what.
#[derive(Debug, Default)]
pub struct Destroyed {
    erasures: BTreeMap<Subject, Erasure>,
    /// Those of them that are requested and not done: asked for at every commit, and mostly none.
    open: BTreeMap<Subject, u64>,
    redacted: BTreeMap<Sha256Hex, u64>,
    pub(super) owners: Owners,
}

impl Destroyed {
    /// How far the erasure of this subject has come; nothing for a subject that another's erasure reaches.
    #[must_use]
    pub fn erasure(&self, subject: Subject) -> Erasure {
        self.erasures.get(&subject).copied().unwrap_or_default()
    }

    /// Every subject whose erasure was requested, with how far it has come.
    pub fn erasures(&self) -> impl Iterator<Item = (Subject, Erasure)> {
        self.erasures.iter().map(|(subject, erasure)| (*subject, *erasure))
    }

    /// The erasures that are requested and not done, with the index of the request.
    pub fn open(&self) -> impl Iterator<Item = (Subject, u64)> {
        self.open.iter().map(|(subject, request)| (*subject, *request))
    }

    /// The index at which a file of evidence was redacted.
    #[must_use]
    pub fn redaction(&self, file: &Sha256Hex) -> Option<u64> {
        self.redacted.get(file).copied()
    }

    /// Every redacted file.
    pub fn redacted(&self) -> impl Iterator<Item = &Sha256Hex> {
        self.redacted.keys()
    }

    /// Adds or takes away the redaction of a file.
    pub(super) fn put_redaction(&mut self, put: Put, file: &Sha256Hex) {
        if put.add {
            self.redacted.insert(file.clone(), put.moment.index);
        } else {
            self.redacted.remove(file);
        }
    }

    /// Adds or takes away the request for an erasure.
    pub(super) fn put_request(&mut self, put: Put, subject: Subject) {
        self.put(subject, |erasure| erasure.requested = put.add.then_some(put.moment.index));
    }

    /// Adds or takes away that an erasure is done.
    pub(super) fn put_done(&mut self, put: Put, subject: Subject) {
        self.put(subject, |erasure| erasure.erased = put.add.then_some(put.moment.index));
    }

    fn put(&mut self, subject: Subject, set: impl FnOnce(&mut Erasure)) {
        let erasure = self.erasures.entry(subject).or_default();
        set(erasure);
        match *erasure {
            Erasure { requested: Some(request), erased: None } => self.open.insert(subject, request),
            _ => self.open.remove(&subject),
        };
        if *erasure == Erasure::default() {
            self.erasures.remove(&subject);
        }
    }
}

/// Who owns which IKM, of those whose owner is recorded, as the profiles stand and after merges of persons.
#[must_use]
pub fn owners(state: &State) -> BTreeMap<IkmId, PersonId> {
    let owner = |ikm: IkmId| {
        let owner = state.destroyed.owners.owner(ikm)?;
        Some((ikm, state.merged_persons.survivor(owner, u64::MAX)))
    };
    state.destroyed.owners.ikms().filter_map(owner).collect()
}

/// The keys that an erasure of this subject destroys, by whose they are and of which fields: every stream
/// that counts as it now, with both groups; of the IKMs that are an erased person in law the personal group
/// only, for the figures of an enterprise are no personal data.
#[must_use]
pub fn reach(state: &State, subject: Subject) -> BTreeSet<(Subject, Group)> {
    const BOTH: [Group; 2] = [Group::Personal, Group::Confidential];
    let mut reached = BTreeSet::from(BOTH.map(|group| (subject, group)));
    match subject {
        Subject::Ikm(ikm) => {
            let same = state.merged_ikms.group(ikm, u64::MAX).into_iter();
            reached.extend(same.flat_map(|other| BOTH.map(|group| (Subject::Ikm(other), group))));
        }
        Subject::Person(person) => {
            let same = state.merged_persons.group(person, u64::MAX).into_iter();
            reached.extend(same.flat_map(|other| BOTH.map(|group| (Subject::Person(other), group))));
            let erased = said_of_owners(state).filter(|ikm| is_hers(state, *ikm, person));
            reached.extend(erased.map(|ikm| (Subject::Ikm(ikm), Group::Personal)));
        }
        _ => {}
    }
    reached
}

/// The IKMs of which an owner may be told: those that say so, and those that were merged.
fn said_of_owners(state: &State) -> impl Iterator<Item = IkmId> {
    state.destroyed.owners.ikms().chain(state.merged_ikms.gone())
}

/// Whether an IKM is this person in law. A duplicate is the enterprise it counts as, whatever it says of its own
/// owner.
fn is_hers(state: &State, ikm: IkmId, person: PersonId) -> bool {
    [ikm, state.merged_ikms.survivor(ikm, u64::MAX)].into_iter().any(|ikm| {
        let owner = state.destroyed.owners.person_in_law(ikm);
        owner.is_some_and(|owner| state.merged_persons.survivor(owner, u64::MAX) == person)
    })
}

/// The IKMs that were this person in law and are not any more, by what is in force, each with the stretches of time of
/// which the personal values were hers: an erasure of the person reaches those, and leaves what was said of other
/// times.
#[must_use]
pub fn tenures(state: &State, person: PersonId) -> BTreeMap<IkmId, Vec<Tenure>> {
    let same = |owner: PersonId| state.merged_persons.survivor(owner, u64::MAX) == person;
    let former = said_of_owners(state).filter(|ikm| !is_hers(state, *ikm, person));
    let tenures = former.map(|ikm| {
        let counts_as = state.merged_ikms.survivor(ikm, u64::MAX);
        let told_by = BTreeSet::from([ikm, counts_as]);
        let tenures = told_by.into_iter().flat_map(|by| state.destroyed.owners.tenures(by, same));
        (ikm, tenures.collect::<Vec<_>>())
    });
    tenures.filter(|(_, tenures)| !tenures.is_empty()).collect()
}

stored_struct!(Erasure { requested, erased });

impl Stored for Destroyed {
    fn write(&self, out: &mut Vec<u8>) {
        self.erasures.write(out);
        self.redacted.write(out);
        self.owners.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let mut destroyed = Self::default();
        for (subject, erasure) in <BTreeMap<Subject, Erasure>>::read(input)? {
            destroyed.put(subject, |kept| *kept = erasure);
        }
        (destroyed.redacted, destroyed.owners) = (Stored::read(input)?, Stored::read(input)?);
        Some(destroyed)
    }
}

#[cfg(test)]
mod tests {
    use jejak_events::area::AreaCode;
    use jejak_events::time::{TimePrecision, ValidTime};
    use jejak_events::types::Data;
    use serde_json::{Value, json};

    use super::super::state::EventContent;
    use super::*;

    /// Person and IKM number `number`.
    fn uuid(number: u8) -> String {
        format!("7f2c1a34-5b6d-4e8f-9a0b-0000000000{number:02x}")
    }

    fn person(number: u8) -> Subject {
        Subject::parse(&format!("person/{}", uuid(number))).unwrap()
    }

    fn ikm(number: u8) -> Subject {
        Subject::parse(&format!("ikm/{}", uuid(number))).unwrap()
    }

    fn apply(state: &mut State, weight: i32, index: u64, subject: Subject, kind: &str, data: &Value) {
        let name = format!("id.jejak.{kind}.v1");
        let data = Data::from_json(&name, &data.to_string()).unwrap().unwrap();
        let area = AreaCode::parse("33.75").unwrap();
        let time = ValidTime::parse("2025-03-03T00:00:00+07:00", TimePrecision::Day, area).unwrap();
        state.apply(weight, index, EventContent { subject, time, data: &data });
    }

    fn owned(owner: u8, sole: bool) -> Value {
        json!({"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
            "sole_proprietor": sole, "owner": uuid(owner)})
    }

    /// What an erasure of a subject reaches, without its own two keys.
    fn others(state: &State, subject: Subject) -> Vec<(Subject, Group)> {
        reach(state, subject).into_iter().filter(|(of, _)| *of != subject).collect()
    }

    /// What was a person's and is no more, each with the indexes between which it was.
    fn was(state: &State, number: u8) -> Vec<(Subject, Option<u64>, u64)> {
        let Subject::Person(person) = person(number) else { return Vec::new() };
        let all = tenures(state, person).into_iter();
        let ended = |tenure: Tenure| (tenure.from.map(|from| from.index), tenure.until.index);
        all.flat_map(|(ikm, tenures)| {
            tenures.into_iter().map(ended).map(move |(from, until)| (Subject::Ikm(ikm), from, until))
        })
        .collect()
    }

    const PERSONAL: Group = Group::Personal;
    const CONFIDENTIAL: Group = Group::Confidential;

    #[test]
    fn what_was_merged_is_reached_from_what_it_counts_as_and_not_the_other_way() {
        let mut state = State::new();
        apply(&mut state, 1, 1, person(1), "person.merged", &json!({"into": uuid(2)}));
        apply(&mut state, 1, 2, person(2), "person.merged", &json!({"into": uuid(3)}));
        apply(&mut state, 1, 3, ikm(4), "ikm.merged", &json!({"into": uuid(5)}));
        let both = |subject| [(subject, PERSONAL), (subject, CONFIDENTIAL)];
        assert_eq!(others(&state, person(3)), [both(person(1)), both(person(2))].concat());
        assert_eq!(others(&state, ikm(5)), both(ikm(4)));
        assert!(others(&state, person(1)).is_empty() && others(&state, ikm(4)).is_empty());
        // An unmerging, and a circle in the middle of a batch.
        apply(&mut state, -1, 2, person(2), "person.merged", &json!({"into": uuid(3)}));
        assert!(others(&state, person(3)).is_empty());
        apply(&mut state, 1, 4, person(2), "person.merged", &json!({"into": uuid(1)}));
        others(&state, person(1));
    }

    #[test]
    fn of_a_sole_proprietor_in_force_the_personal_key_is_reached() {
        let mut state = State::new();
        apply(&mut state, 1, 1, ikm(10), "ikm.registered", &owned(1, true));
        apply(&mut state, 1, 2, ikm(11), "ikm.registered", &owned(1, false));
        apply(&mut state, 1, 3, ikm(12), "ikm.registered", &owned(2, true));
        assert_eq!(others(&state, person(1)), [(ikm(10), PERSONAL)]);
        // Another owner, and then a company: each only as long as it is in force.
        apply(&mut state, 1, 4, ikm(10), "ikm.profile_changed", &json!({"owner": uuid(2)}));
        assert!(others(&state, person(1)).is_empty());
        assert_eq!(others(&state, person(2)), [(ikm(10), PERSONAL), (ikm(12), PERSONAL)]);
        assert_eq!((was(&state, 1), was(&state, 2)), (vec![(ikm(10), None, 4)], vec![]));
        apply(&mut state, 1, 5, ikm(12), "ikm.profile_changed", &json!({"sole_proprietor": false}));
        assert_eq!(others(&state, person(2)), [(ikm(10), PERSONAL)]);
        apply(&mut state, -1, 4, ikm(10), "ikm.profile_changed", &json!({"owner": uuid(2)}));
        assert_eq!(others(&state, person(1)), [(ikm(10), PERSONAL)]);
        // A duplicate of the owner, and one of the enterprise that says nothing of its owner.
        apply(&mut state, 1, 6, person(1), "person.merged", &json!({"into": uuid(3)}));
        apply(&mut state, 1, 7, ikm(13), "ikm.merged", &json!({"into": uuid(10)}));
        let reached = others(&state, person(3));
        assert_eq!(
            reached,
            [(ikm(10), PERSONAL), (ikm(13), PERSONAL), (person(1), PERSONAL), (person(1), CONFIDENTIAL)]
        );
    }

    /// What was said while an IKM was nobody's is with whoever it was next; where it was somebody else's it begins.
    #[test]
    fn a_tenure_begins_where_that_of_another_ended() {
        let mut state = State::new();
        let mut change = |index, data: Value| {
            apply(&mut state, 1, index, ikm(10), "ikm.profile_changed", &data);
        };
        change(2, json!({"owner": uuid(1)}));
        change(3, json!({"sole_proprietor": true}));
        change(4, json!({"owner": uuid(2)}));
        change(6, json!({"sole_proprietor": false}));
        change(8, json!({"owner": uuid(3), "sole_proprietor": true}));
        change(9, json!({"owner": uuid(1)}));
        change(11, json!({"owner": uuid(4)}));
        assert_eq!(was(&state, 1), [(ikm(10), None, 4), (ikm(10), Some(9), 11)]);
        assert_eq!(was(&state, 2), [(ikm(10), Some(4), 6)]);
        assert_eq!(was(&state, 3), [(ikm(10), Some(6), 9)]);
        // Whose it is now: that erasure reaches all of it.
        assert_eq!((was(&state, 4), others(&state, person(4))), (vec![], vec![(ikm(10), PERSONAL)]));
        // A duplicate of an earlier owner, and one of the enterprise.
        apply(&mut state, 1, 12, person(2), "person.merged", &json!({"into": uuid(3)}));
        apply(&mut state, 1, 13, ikm(9), "ikm.merged", &json!({"into": uuid(10)}));
        let both = [ikm(9), ikm(10)].map(|ikm| [(ikm, Some(4), 6), (ikm, Some(6), 9)]);
        assert_eq!((was(&state, 2), was(&state, 3)), (vec![], both.concat()));
    }

    #[test]
    fn what_is_added_and_taken_away_leaves_nothing() {
        let mut state = State::new();
        let request = json!({"basis": "subject_request"});
        let done = json!({"request": "01890a5d-ac96-774b-bcce-000000000001"});
        for weight in [1, -1] {
            apply(&mut state, weight, 1, ikm(10), "ikm.registered", &owned(1, true));
            apply(&mut state, weight, 2, person(1), "person.erasure_requested", &request);
            assert_eq!(state.destroyed.open().count(), usize::from(weight > 0));
            apply(&mut state, weight, 3, person(1), "person.erased", &done);
            assert_eq!(state.destroyed.open().count(), 0);
        }
        assert_eq!(state.destroyed.erasures().count(), 0);
        assert_eq!(state.destroyed.owners.ikms().count(), 0);
    }
}
