//! IKMs: who they are, what they report, how they are assessed.

use crate::rules::enrollee::Enrollee;
use crate::rules::precedents::CodeList;
use crate::rules::state::{FactsInForce, Put, id, restrict_nothing};
use jejak_events::area::{AreaCode, Level};
use jejak_events::fault::Refusal;
use jejak_events::identity::{IkmId, Subject};
use jejak_events::types::EventType;
use jejak_events::types::Period;
use jejak_events::types::enterprise::{
    IkmClosed, IkmFacilityAdded, IkmMerged, IkmProfileChanged, IkmReopened, ShipmentReported,
    TurnoverReported, WorkforceReported,
};
use jejak_events::types::ikm::{AssessmentRecorded, IkmRegistered};
use jejak_events::values::{DistrictCode, Year};

use super::{Judgement, active_ikm, known_ikm, known_person, known_program, said_twice};
use crate::rules::state::{EventContent, IkmStep, SizeInputs, State};
use crate::rules::timeline::Moment;

pub(super) fn registered(state: &State, at: Moment, ikm: IkmId, data: &IkmRegistered) -> Judgement {
    let first =
        state.ikms.get(&ikm).and_then(|steps| steps.first(|step| matches!(step, IkmStep::Registered(_))));
    if let Some(first) = first {
        let index = first.index;
        refuse!(
            "registered_once",
            "subject",
            "IKM {ikm} sudah terdaftar pada indeks {index}; koreksi peristiwa itu",
            "IKM {ikm} is already registered at index {index}; correct that event"
        );
    }
    in_a_city(data.area)?;
    district_in_area(data.district.as_ref(), Some(data.area))?;
    founded_by_then(at, data.founded)?;
    data.owner.map_or(Ok(()), |owner| known_person(state, at, owner, "data.owner"))
}

pub(super) fn profile_changed(state: &State, at: Moment, ikm: IkmId, content: EventContent<'_>) -> Judgement {
    let Some(data) = IkmProfileChanged::of(content.data) else { return Ok(()) };
    active_ikm(state, at, ikm)?;
    size_inputs_together(state, at, ikm, SizeInputs::of(content.data.sealed()))?;
    data.area.map_or(Ok(()), in_a_city)?;
    district_in_area(data.district.as_ref(), data.area)?;
    founded_by_then(at, data.founded)?;
    data.owner.map_or(Ok(()), |owner| known_person(state, at, owner, "data.owner"))
}

/// A size class rests on workers and investment; with one of them changed, the class on record would be
/// that of nobody. The registry does not look up the other one: it is sealed, and may be erased.
fn size_inputs_together(state: &State, at: Moment, ikm: IkmId, given: SizeInputs) -> Judgement {
    let steps = state.ikms.get(&ikm).into_iter().flat_map(|steps| steps.before(at));
    let known = steps.fold(SizeInputs::default(), |known, (_, step)| match step {
        IkmStep::Registered(said) | IkmStep::Changed(said) => SizeInputs {
            workers: known.workers || said.workers,
            investment: known.investment || said.investment,
        },
        IkmStep::Closed | IkmStep::Reopened => known,
    });
    if given.workers && !given.investment && known.investment {
        refuse!(
            "size_inputs_together",
            "data.investment",
            "skala IKM {ikm} dihitung dari pekerja dan investasi, dan investasinya sudah tercatat; sebutkan keduanya, juga yang tidak berubah",
            "the size class of IKM {ikm} rests on workers and investment, and its investment is on record; give both, also the one that did not change"
        );
    }
    if given.investment && !given.workers && known.workers {
        refuse!(
            "size_inputs_together",
            "data.workers",
            "skala IKM {ikm} dihitung dari pekerja dan investasi, dan jumlah pekerjanya sudah tercatat; sebutkan keduanya, juga yang tidak berubah",
            "the size class of IKM {ikm} rests on workers and investment, and its workers are on record; give both, also the one that did not change"
        );
    }
    Ok(())
}

fn in_a_city(area: AreaCode) -> Judgement {
    if area.level() == Level::Province {
        refuse!(
            "city_needed",
            "data.area",
            "wilayah {area} adalah provinsi; IKM berada di kabupaten atau kota",
            "area {area} is a province; an IKM lies in a kabupaten or kota"
        );
    }
    Ok(())
}

/// A district is said with the area that it lies in.
fn district_in_area(district: Option<&DistrictCode>, area: Option<AreaCode>) -> Judgement {
    let Some(district) = district else { return Ok(()) };
    let Some(area) = area else {
        refuse!(
            "district_without_area",
            "data.district",
            "kecamatan {district} disebut tanpa wilayahnya; sebutkan area juga",
            "district {district} is given without its area; give the area too"
        )
    };
    if district.area() != Some(area) {
        refuse!(
            "district_elsewhere",
            "data.district",
            "kecamatan {district} tidak terletak di wilayah {area}; periksa keduanya",
            "district {district} does not lie in area {area}; check both"
        );
    }
    Ok(())
}

/// Nothing is founded after the day on which it is at work.
fn founded_by_then(at: Moment, founded: Option<Year>) -> Judgement {
    let Some(founded) = founded.map(Year::get) else { return Ok(()) };
    let date = at.date;
    if founded > date.year() {
        refuse!(
            "founded_later",
            "data.founded",
            "tahun berdiri {founded} sesudah {date}; periksa keduanya",
            "the year of foundation {founded} lies after {date}; check both"
        );
    }
    Ok(())
}

/// A report on a period that is over. An IKM that closed since may still report of the days before, and of a
/// period in which it worked on one day at least.
pub(super) fn reported(state: &State, at: Moment, ikm: IkmId, period: &Period) -> Judgement {
    known_ikm(state, at, ikm)?;
    let (from, to, date) = (period.from, period.to, at.date);
    if from > to {
        refuse!(
            "period_backward",
            "data.period",
            "masa {from} sampai {to} berjalan mundur",
            "the period from {from} to {to} runs backward"
        );
    }
    if to > date {
        refuse!(
            "period_not_over",
            "data.period",
            "masa {from} sampai {to} belum selesai pada {date}; laporkan sesudahnya",
            "the period from {from} to {to} is not over on {date}; report it afterwards"
        );
    }
    if let Some(Moment { date: since, .. }) = state.closed_through(ikm, period) {
        refuse!(
            "ikm_closed",
            "data.period",
            "IKM {ikm} tutup sejak {since}; tidak ada yang dilaporkan untuk masa {from} sampai {to}, periksa tanggalnya atau catat ikm.reopened",
            "IKM {ikm} is closed since {since}; there is nothing to report of {from} to {to}, check the dates or record ikm.reopened"
        );
    }
    Ok(())
}

pub(super) fn closed(state: &State, at: Moment, ikm: IkmId) -> Judgement {
    known_ikm(state, at, ikm)?;
    if let Some(since) = closed_before(state, at, ikm) {
        let index = since.index;
        refuse!(
            "closed_already",
            "subject",
            "IKM {ikm} sudah ditutup pada indeks {index}",
            "IKM {ikm} was already closed at index {index}"
        );
    }
    Ok(())
}

pub(super) fn reopened(state: &State, at: Moment, ikm: IkmId) -> Judgement {
    known_ikm(state, at, ikm)?;
    if closed_before(state, at, ikm).is_none() {
        let date = at.date;
        refuse!(
            "not_closed",
            "subject",
            "IKM {ikm} tidak tutup pada {date}; tidak ada yang dibuka kembali",
            "IKM {ikm} is not closed on {date}; there is nothing to reopen"
        );
    }
    Ok(())
}

/// Since when an IKM is closed just before a moment.
fn closed_before(state: &State, at: Moment, ikm: IkmId) -> Option<Moment> {
    let mut steps = state.ikms.get(&ikm)?.before(at);
    let (moment, step) = steps.rfind(|(_, step)| !matches!(step, IkmStep::Changed(_)))?;
    (*step == IkmStep::Closed).then_some(moment)
}

pub(super) fn merged(state: &State, at: Moment, ikm: IkmId, data: &IkmMerged) -> Judgement {
    let into = data.into;
    if ikm == into {
        refuse!(
            "merged_into_itself",
            "data.into",
            "IKM {ikm} tidak dapat digabung ke dirinya sendiri",
            "IKM {ikm} cannot be merged into itself"
        );
    }
    known_ikm(state, at, ikm)?;
    known_ikm(state, at, into).map_err(|refusal| refusal.at("data.into"))?;
    // Only amendments get here: whoever was merged before is refused above.
    if state.merged_ikms.leads_back(ikm, into) {
        refuse!(
            "merge_circle",
            "data.into",
            "IKM {into} sendiri sudah digabung ke {ikm}; tarik penggabungan itu dahulu",
            "IKM {into} was itself merged into {ikm}; retract that merge first"
        );
    }
    super::erasure::merged(state, at, Subject::Ikm(ikm), Subject::Ikm(into))
}

pub(super) fn assessed(state: &State, at: Moment, ikm: IkmId, data: &AssessmentRecorded) -> Judgement {
    known_program(state, at, data.program, "data.program")?;
    active_ikm(state, at, ikm)?;
    let codes = data.criteria.iter().flat_map(|set| set.iter()).map(|criterion| &criterion.code);
    if let Some(code) = said_twice(codes) {
        refuse!(
            "criterion_twice",
            "data.criteria",
            "kriteria {code} tercantum dua kali; sebutkan satu nilai saja",
            "the criterion {code} is listed twice; give one score for it"
        );
    }
    for criterion in data.criteria.iter().flat_map(|set| set.iter()) {
        let (code, score, maximum) =
            (&criterion.code, criterion.score_hundredths.get(), criterion.maximum_hundredths.get());
        if score > maximum {
            refuse!(
                "score_above_maximum",
                "data.criteria",
                "nilai {score} untuk {code} melebihi maksimum {maximum}",
                "the score {score} for {code} is above the maximum of {maximum}"
            );
        }
    }
    data.assessor.map_or(Ok(()), |assessor| known_person(state, at, assessor, "data.assessor"))
}

impl FactsInForce for IkmRegistered {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let ikm = id(stream)?;
        put.step(&mut state.ikms, ikm, IkmStep::Registered(SizeInputs::of(self.sealed.as_ref())));
        // Most IKMs are nobody in law, which is what is taken of one that says nothing: they cost no memory.
        let sole = (self.owner.is_some() || self.sole_proprietor).then_some(self.sole_proprietor);
        state.destroyed.owners.put(put, ikm, (self.owner, sole));
        state.precedents.count(CodeList::Commodities, &self.commodity, put.add);
        Some(())
    }
}

impl FactsInForce for IkmProfileChanged {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let ikm = id(stream)?;
        put.step(&mut state.ikms, ikm, IkmStep::Changed(SizeInputs::of(self.sealed.as_ref())));
        state.destroyed.owners.put(put, ikm, (self.owner, self.sole_proprietor));
        if let Some(commodity) = &self.commodity {
            state.precedents.count(CodeList::Commodities, commodity, put.add);
        }
        Some(())
    }
}

impl FactsInForce for IkmClosed {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.step(&mut state.ikms, id(stream)?, IkmStep::Closed);
        Some(())
    }
}

impl FactsInForce for IkmReopened {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.step(&mut state.ikms, id(stream)?, IkmStep::Reopened);
        Some(())
    }
}

impl FactsInForce for IkmMerged {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let (ikm, index) = (id(stream)?, put.moment.index);
        state.merge(
            index,
            |enrolments, merged| enrolments.resting_on(merged, Enrollee::Ikm(ikm)),
            |state| {
                state.merged_ikms.put(index, ikm, self.into, put.add);
            },
        );
        Some(())
    }
}

impl FactsInForce for AssessmentRecorded {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        state.precedents.count(CodeList::Schemes, &self.scheme, put.add);
        state.precedents.put_assessment(put, id(stream)?, self);
        Some(())
    }
}

restrict_nothing!(WorkforceReported, TurnoverReported, ShipmentReported, IkmFacilityAdded);
