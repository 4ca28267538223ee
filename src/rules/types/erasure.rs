//! Erasures of persons and IKMs, and redactions of evidence: what may be destroyed, and once.
//!
//! That a request concerns a subject of this log, that `*.erased` names it, and that a redaction names a
//! file of a live event is for whoever knows the log; here is what the contents in force say.

use crate::rules::state::{FactsInForce, Put};
use jejak_events::fault::Refusal;
use jejak_events::identity::Subject;
use jejak_events::types::EvidenceRedacted;
use jejak_events::types::enterprise::{IkmErased, IkmErasureRequested};
use jejak_events::types::person::{PersonErased, PersonErasureRequested};

use super::Judgement;
use crate::rules::destroyed::Erasure;
use crate::rules::state::State;
use crate::rules::timeline::Moment;

pub(super) fn requested(state: &State, at: Moment, subject: Subject) -> Judgement {
    let merged = match subject {
        Subject::Ikm(ikm) => {
            state.merged_ikms.merged(ikm, at.index).map(|(index, into)| (index, Subject::Ikm(into)))
        }
        Subject::Person(person) => {
            state.merged_persons.merged(person, at.index).map(|(index, into)| (index, Subject::Person(into)))
        }
        _ => None,
    };
    if let Some((index, into)) = merged {
        refuse!(
            "merged_away",
            "subject",
            "{subject} sudah digabung ke {into} pada indeks {index}; minta penghapusan {into}, yang mencakup keduanya",
            "{subject} was merged into {into} at index {index}; request the erasure of {into}, which covers both"
        );
    }
    match state.destroyed.erasure(subject) {
        Erasure { requested: Some(_), erased: Some(index) } => refuse!(
            "erased_already",
            "subject",
            "data {subject} sudah dihapus, lihat indeks {index}; tidak ada lagi yang dapat dihapus",
            "the data of {subject} were erased, see index {index}; there is nothing left to erase"
        ),
        Erasure { requested: Some(index), erased: None } => refuse!(
            "erasure_under_way",
            "subject",
            "penghapusan {subject} sudah diminta pada indeks {index}; registri menyelesaikannya sendiri saat dibuka",
            "the erasure of {subject} was requested at index {index}; the registry finishes it when it is opened"
        ),
        // Also when a request that was answered is judged again, without itself.
        Erasure { requested: None, .. } => Ok(()),
    }
}

pub(super) fn erased(state: &State, subject: Subject) -> Judgement {
    match state.destroyed.erasure(subject) {
        Erasure { erased: Some(index), .. } => refuse!(
            "erased_already",
            "subject",
            "data {subject} sudah dihapus, lihat indeks {index}; tidak ada lagi yang dapat dihapus",
            "the data of {subject} were erased, see index {index}; there is nothing left to erase"
        ),
        Erasure { requested: None, .. } => refuse!(
            "erasure_not_requested",
            "data.request",
            "penghapusan {subject} belum diminta",
            "nobody requested the erasure of {subject}"
        ),
        Erasure { requested: Some(_), erased: None } => Ok(()),
    }
}

pub(super) fn redacted(state: &State, data: &EvidenceRedacted) -> Judgement {
    if let Some(index) = state.destroyed.redaction(&data.file) {
        let file = &data.file;
        refuse!(
            "redacted_already",
            "data.file",
            "bukti {file} sudah ditarik pada indeks {index}",
            "evidence {file} was withdrawn at index {index}"
        );
    }
    Ok(())
}

/// Two streams become one only when both are erased or neither is: else what was erased would come back
/// under another id, or what is kept would be lost without a request. Erasures that came after the merge
/// reach both.
pub(super) fn merged(state: &State, at: Moment, gone: Subject, into: Subject) -> Judgement {
    let is_erased =
        |subject| state.destroyed.erasure(subject).requested.is_some_and(|requested| requested < at.index);
    let (erased, kept) = match (is_erased(gone), is_erased(into)) {
        (true, false) => (gone, into),
        (false, true) => (into, gone),
        _ => return Ok(()),
    };
    Err(merged_with_erased(erased, kept, "data.into"))
}

/// The refusal of a merge of somebody erased with somebody who is not.
#[must_use]
pub fn merged_with_erased(erased: Subject, kept: Subject, field: &str) -> Refusal {
    Refusal::new(
        "merged_with_erased",
        format!("data {erased} sudah dihapus atas permintaan; hapus juga {kept} sebelum keduanya digabung"),
        format!("the data of {erased} were erased on request; erase {kept} too before the two are merged"),
    )
    .at(field)
}

macro_rules! put_with {
    ($( $name:ty => $put:ident, )*) => {
        $( impl FactsInForce for $name {
            fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
                state.destroyed.$put(put, stream);
                Some(())
            }
        } )*
    };
}
put_with! {
    IkmErasureRequested => put_request,
    PersonErasureRequested => put_request,
    IkmErased => put_done,
    PersonErased => put_done,
}

impl FactsInForce for EvidenceRedacted {
    fn put(&self, state: &mut State, put: Put, _: Subject) -> Option<()> {
        state.destroyed.put_redaction(put, &self.file);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use jejak_events::area::AreaCode;
    use jejak_events::time::{TimePrecision, ValidTime};
    use jejak_events::types::Data;
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::state::EventContent;

    /// What no story can tell, for the registry records these itself.
    #[test]
    fn what_is_erased_was_requested_and_is_erased_once() {
        let person = Subject::parse("person/7f2c1a34-5b6d-4e8f-9a0b-000000000001").unwrap();
        let mut state = State::new();
        let mut said = crate::said::Said::new("erasures");
        let mut record = |index, kind: &str, data: Value| {
            let data = Data::from_json(&format!("id.jejak.person.{kind}.v1"), &data.to_string());
            let data = data.unwrap().unwrap();
            let area = AreaCode::parse("33.75").unwrap();
            let time = ValidTime::parse("2025-03-03T00:00:00+07:00", TimePrecision::Day, area).unwrap();
            let content = EventContent { subject: person, time, data: &data };
            let judged = crate::rules::judge(&state, index, content).map_err(|refusal| {
                said.once(refusal.rule, refusal.message);
                refusal.rule
            });
            if judged.is_ok() {
                state.apply(1, index, content);
            }
            judged
        };
        let erased = || json!({"request": "01890a5d-ac96-774b-bcce-000000000001"});
        assert_eq!(record(1, "erased", erased()), Err("erasure_not_requested"));
        assert_eq!(record(2, "erasure_requested", json!({"basis": "subject_request"})), Ok(()));
        assert_eq!(record(3, "erasure_requested", json!({"basis": "consent"})), Err("erasure_under_way"));
        assert_eq!(record(3, "erased", erased()), Ok(()));
        assert_eq!(record(4, "erased", erased()), Err("erased_already"));
        said.check();
    }
}
