//! Exhibitions.

use crate::rules::state::{FactsInForce, Put, id};
use jejak_events::fault::Refusal;
use jejak_events::identity::{ExhibitionId, IkmId, Subject};
use jejak_events::types::exhibition::{ExhibitionAnnounced, ExhibitionJoined};

use super::{Judgement, active_ikm};
use crate::rules::state::{Exhibition, State};
use crate::rules::timeline::Moment;

pub(super) fn announced(state: &State, id: ExhibitionId, data: &ExhibitionAnnounced) -> Judgement {
    let (from, to) = (data.from, data.to);
    if from > to {
        refuse!(
            "dates_backward",
            "data.to",
            "pameran dari {from} sampai {to} berjalan mundur",
            "the exhibition from {from} to {to} runs backward"
        );
    }
    if let Some(first) = state.exhibitions.get(&id) {
        let index = first.moment.index;
        refuse!(
            "announced_once",
            "subject",
            "pameran {id} sudah diumumkan pada indeks {index}; koreksi peristiwa itu",
            "exhibition {id} was already announced at index {index}; correct that event"
        );
    }
    Ok(())
}

pub(super) fn joined(state: &State, at: Moment, ikm: IkmId, data: &ExhibitionJoined) -> Judgement {
    let id = data.exhibition;
    active_ikm(state, at, ikm)?;
    // The day of the announcement is not asked for: many an exhibition is heard of when it is over, and what
    // holds is that the IKM was there on one of its days.
    let Some(exhibition) = state.exhibitions.get(&id) else {
        refuse!(
            "unknown_exhibition",
            "data.exhibition",
            "pameran {id} belum diumumkan; catat exhibition.announced dahulu",
            "exhibition {id} was never announced; record exhibition.announced first"
        )
    };
    let (date, from, to) = (at.date, exhibition.from, exhibition.to);
    if date < from || date > to {
        refuse!(
            "outside_exhibition",
            "time",
            "{date} di luar masa pameran {from} sampai {to}",
            "{date} lies outside the exhibition, {from} to {to}"
        );
    }
    if let Some(first) = state.joined(id, ikm, at.index) {
        refuse!(
            "joined_once",
            "data.exhibition",
            "IKM {ikm} sudah tercatat di pameran {id} pada indeks {first}",
            "IKM {ikm} is already recorded at exhibition {id} at index {first}"
        );
    }
    Ok(())
}

impl FactsInForce for ExhibitionAnnounced {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let announced = Exhibition { moment: put.moment, from: self.from, to: self.to };
        put.value(&mut state.exhibitions, id(stream)?, announced);
        Some(())
    }
}

impl FactsInForce for ExhibitionJoined {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.value(&mut state.joined, (self.exhibition, id(stream)?), put.moment.index);
        Some(())
    }
}
