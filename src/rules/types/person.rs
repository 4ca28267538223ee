//! Persons.

use crate::rules::state::{FactsInForce, Put, id, restrict_nothing};
use jejak_events::area::{AreaCode, Level};
use jejak_events::fault::Refusal;
use jejak_events::identity::{PersonId, Subject};
use jejak_events::types::person::{PersonMerged, PersonProfileChanged, PersonRegistered};

use super::{Judgement, active_ikm, known_person, too_early};
use crate::rules::state::State;
use crate::rules::timeline::Moment;

pub(super) fn registered(state: &State, at: Moment, person: PersonId, data: &PersonRegistered) -> Judgement {
    if let Some(first) = state.persons.get(&person) {
        let index = first.index;
        refuse!(
            "registered_once",
            "subject",
            "orang {person} sudah terdaftar pada indeks {index}; koreksi peristiwa itu",
            "person {person} is already registered at index {index}; correct that event"
        );
    }
    data.area.map_or(Ok(()), in_a_city)?;
    match data.ikm {
        Some(ikm) => active_ikm(state, at, ikm).map_err(|refusal| refusal.at("data.ikm")),
        None => Ok(()),
    }
}

/// A person has the area of a kabupaten or kota, as an IKM has.
fn in_a_city(area: AreaCode) -> Judgement {
    if area.level() == Level::Province {
        refuse!(
            "city_needed",
            "data.area",
            "wilayah {area} adalah provinsi; sebutkan kabupaten atau kota orang itu",
            "area {area} is a province; give the kabupaten or kota of the person"
        );
    }
    Ok(())
}

/// Asks that the person of a stream is registered by then and was not merged into another one.
pub(super) fn registered_person(state: &State, at: Moment, person: PersonId) -> Judgement {
    known_person(state, at, person, "subject")?;
    if let Some(first) = state.persons.get(&person).filter(|first| **first > at) {
        return Err(too_early(
            "person_not_registered",
            &format!("orang {person} baru terdaftar"),
            &format!("person {person} was registered"),
            *first,
            at,
        ));
    }
    Ok(())
}

pub(super) fn profile_changed(
    state: &State,
    at: Moment,
    person: PersonId,
    data: &PersonProfileChanged,
) -> Judgement {
    registered_person(state, at, person)?;
    data.area.map_or(Ok(()), in_a_city)?;
    if data.ikm.is_some() && data.leaves_ikm == Some(true) {
        refuse!(
            "ikm_or_none",
            "data.ikm",
            "orang {person} tidak dapat sekaligus bekerja untuk IKM dan tidak; sebutkan salah satu",
            "person {person} cannot work for an IKM and for none; give one of the two"
        );
    }
    match data.ikm {
        Some(ikm) => active_ikm(state, at, ikm).map_err(|refusal| refusal.at("data.ikm")),
        None => Ok(()),
    }
}

pub(super) fn merged(state: &State, at: Moment, person: PersonId, data: &PersonMerged) -> Judgement {
    let into = data.into;
    if person == into {
        refuse!(
            "merged_into_itself",
            "data.into",
            "orang {person} tidak dapat digabung ke dirinya sendiri",
            "person {person} cannot be merged into itself"
        );
    }
    known_person(state, at, person, "subject")?;
    known_person(state, at, into, "data.into")?;
    // Only amendments get here: whoever was merged before is refused above.
    if state.merged_persons.leads_back(person, into) {
        refuse!(
            "merge_circle",
            "data.into",
            "orang {into} sendiri sudah digabung ke {person}; tarik penggabungan itu dahulu",
            "person {into} was itself merged into {person}; retract that merge first"
        );
    }
    super::erasure::merged(state, at, Subject::Person(person), Subject::Person(into))
}

impl FactsInForce for PersonRegistered {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.value(&mut state.persons, id(stream)?, put.moment);
        Some(())
    }
}

restrict_nothing!(PersonProfileChanged);

impl FactsInForce for PersonMerged {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let (person, index) = (id(stream)?, put.moment.index);
        state.merge(
            index,
            |enrolments, merged| enrolments.resting_on_person(merged, person),
            |state| {
                state.merged_persons.put(index, person, self.into, put.add);
            },
        );
        Some(())
    }
}
