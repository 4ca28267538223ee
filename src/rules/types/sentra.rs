//! Sentras and their members.

use crate::rules::precedents::{CodeList, FundingReport};
use crate::rules::state::{FactsInForce, Put, id, restrict_nothing};
use jejak_events::fault::Refusal;
use jejak_events::identity::{IkmId, SentraId, Subject};
use jejak_events::types::sentra::{
    SentraBuilt, SentraFacilityAdded, SentraFunded, SentraLegalFormRecorded, SentraMemberJoined,
    SentraMemberLeft, SentraOpened, SentraPlanned,
};

use super::{Judgement, active_ikm, known_ikm, known_sentra, spent_by_then};
use crate::rules::state::{MemberStep, SentraStep, State};
use crate::rules::timeline::Moment;

fn index_of(state: &State, id: SentraId, wanted: SentraStep) -> Option<u64> {
    state.sentras.get(&id)?.first(|step| *step == wanted).map(|moment| moment.index)
}

pub(super) fn planned(state: &State, id: SentraId) -> Judgement {
    if let Some(index) = index_of(state, id, SentraStep::Planned) {
        refuse!(
            "planned_once",
            "subject",
            "sentra {id} sudah direncanakan pada indeks {index}; koreksi peristiwa itu",
            "sentra {id} was already planned at index {index}; correct that event"
        );
    }
    Ok(())
}

pub(super) fn built(state: &State, at: Moment, id: SentraId) -> Judgement {
    known_sentra(state, at, id, "subject")?;
    if let Some(index) = index_of(state, id, SentraStep::Built) {
        refuse!(
            "built_once",
            "subject",
            "sentra {id} sudah dibangun pada indeks {index}; koreksi peristiwa itu",
            "sentra {id} was already built at index {index}; correct that event"
        );
    }
    Ok(())
}

pub(super) fn opened(state: &State, at: Moment, id: SentraId) -> Judgement {
    known_sentra(state, at, id, "subject")?;
    if let Some(index) = index_of(state, id, SentraStep::Opened) {
        refuse!(
            "opened_once",
            "subject",
            "sentra {id} sudah dibuka pada indeks {index}; koreksi peristiwa itu",
            "sentra {id} was already opened at index {index}; correct that event"
        );
    }
    Ok(())
}

pub(super) fn funded(state: &State, at: Moment, id: SentraId, data: &SentraFunded) -> Judgement {
    known_sentra(state, at, id, "subject")?;
    spent_by_then(at, data.stage, data.fiscal_year)
}

pub(super) fn member_joined(state: &State, at: Moment, ikm: IkmId, data: &SentraMemberJoined) -> Judgement {
    let sentra = data.sentra;
    known_sentra(state, at, sentra, "data.sentra")?;
    active_ikm(state, at, ikm)?;
    let other = state.member_before(sentra, ikm, at).or_else(|| state.joins_after(sentra, ikm, at));
    if let Some(first) = other {
        let index = first.index;
        refuse!(
            "member_already",
            "data.sentra",
            "IKM {ikm} sudah menjadi anggota sentra {sentra} pada indeks {index}",
            "IKM {ikm} became a member of sentra {sentra} at index {index} already"
        );
    }
    Ok(())
}

pub(super) fn member_left(state: &State, at: Moment, ikm: IkmId, data: &SentraMemberLeft) -> Judgement {
    let sentra = data.sentra;
    known_ikm(state, at, ikm)?;
    if state.member_before(sentra, ikm, at).is_none() {
        let date = at.date;
        refuse!(
            "not_a_member",
            "data.sentra",
            "IKM {ikm} bukan anggota sentra {sentra} pada {date}",
            "IKM {ikm} is not a member of sentra {sentra} on {date}"
        );
    }
    Ok(())
}

impl FactsInForce for SentraPlanned {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.step(&mut state.sentras, id(stream)?, SentraStep::Planned);
        state.precedents.count(CodeList::Commodities, &self.commodity, put.add);
        Some(())
    }
}

impl FactsInForce for SentraBuilt {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.step(&mut state.sentras, id(stream)?, SentraStep::Built);
        Some(())
    }
}

impl FactsInForce for SentraOpened {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.step(&mut state.sentras, id(stream)?, SentraStep::Opened);
        Some(())
    }
}

/// As [`FundingReport`].
pub(in crate::rules) fn funding(stream: Subject, data: &SentraFunded) -> FundingReport {
    (stream, data.stage, data.source.clone(), data.fiscal_year, data.amount)
}

impl FactsInForce for SentraFunded {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        state.precedents.funding.put(funding(stream, self), put.moment.index, put.add);
        Some(())
    }
}

impl FactsInForce for SentraMemberJoined {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.step(&mut state.members, (self.sentra, id(stream)?), MemberStep::Joined);
        Some(())
    }
}

impl FactsInForce for SentraMemberLeft {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.step(&mut state.members, (self.sentra, id(stream)?), MemberStep::Left);
        Some(())
    }
}

restrict_nothing!(SentraFacilityAdded, SentraLegalFormRecorded);
