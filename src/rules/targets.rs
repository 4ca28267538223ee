//! What only whoever knows the log can judge of an erasure or a redaction: that it names what it must.

use jejak_events::fault::Refusal;
use jejak_events::identity::{EventId, Subject};
use jejak_events::moment::{inside, sizes_around};
use jejak_events::record::Event;
use jejak_events::types::area_reports::FiguresReleased;
use jejak_events::types::claim::ClaimChecked;
use jejak_events::types::{Amendment, Data, EventType, EvidenceRedacted, KeyIntroduced, Role};
use jejak_projections::lineage::InForce;

use super::machine::{Denied, History, StateMachine};

/// Refuses what `jejak` records by itself: typed by hand, an erasure would say that something is gone which is
/// still there, and an introduced key would be one that the registry cannot sign with.
///
/// # Errors
/// Rule `recorded_by_registry`.
pub fn judge_proposable(data: &Data) -> Result<(), Refusal> {
    let name = data.type_name();
    let (id, en) = match data.role() {
        Role::Erased => {
            ("jalankan `jejak subject erase ID --basis KODE`", "run `jejak subject erase ID --basis CODE`")
        }
        Role::Redacts => (
            "jalankan `jejak attach --redact SHA256 --reason KODE`",
            "run `jejak attach --redact SHA256 --reason CODE`",
        ),
        Role::Releases => {
            return Err(Refusal::new(
                "recorded_by_registry",
                format!("{name} dicatat oleh registri sendiri, yang menghitung jumlahnya; jalankan `jejak release --period MASA`"),
                format!("{name} is recorded by the registry itself, which adds the sums up; run `jejak release --period PERIOD`"),
            )
            .at("type"));
        }
        Role::Constitutes if KeyIntroduced::of(data).is_some() => {
            return Err(Refusal::new(
                "recorded_by_registry",
                format!("{name} dicatat oleh registri sendiri, yang memegang kuncinya; jalankan `jejak log rotate-key`"),
                format!("{name} is recorded by the registry itself, which holds the key; run `jejak log rotate-key`"),
            )
            .at("type"));
        }
        Role::Begins(_)
        | Role::Changes
        | Role::Advances(_)
        | Role::Pauses(_)
        | Role::Resumes(_)
        | Role::Extends(_)
        | Role::Ends(_)
        | Role::Merges
        | Role::Enrols
        | Role::Waits
        | Role::Promotes
        | Role::Withdraws
        | Role::Schedules
        | Role::Reschedules
        | Role::Cancels
        | Role::Joins
        | Role::Leaves
        | Role::Checks
        | Role::Reports
        | Role::Constitutes
        | Role::Corrects
        | Role::Retracts
        | Role::RequestsErasure => return Ok(()),
    };
    Err(Refusal::new(
        "recorded_by_registry",
        format!("{name} dicatat oleh registri sendiri bersama pemusnahan kuncinya; {id}"),
        format!("{name} is recorded by the registry itself, which destroys the keys with it; {en}"),
    )
    .at("type"))
}

/// Refuses a check of a claim, recorded or put in place of another: a count typed by hand would stand on every page as
/// one that was made.
///
/// # Errors
/// Rule `recorded_by_registry`.
pub fn judge_counted(data: &Data) -> Result<(), Refusal> {
    let checked = data.said();
    if checked.role() != Role::Checks {
        return Ok(());
    }
    let field = if data.correction().is_some() { "data.type" } else { "type" };
    let name = checked.type_name();
    Err(Refusal::new(
        "recorded_by_registry",
        format!("{name} dicatat oleh registri sendiri, yang menghitung; jalankan `jejak claim check KLAIM --record`, dan tarik pemeriksaan yang keliru"),
        format!("{name} is recorded by the registry itself, which counts; run `jejak claim check CLAIM --record`, and retract a check that is wrong"),
    )
    .at(field))
}

/// Judges what an erasure, a redaction, a check of a claim or a release names; anything else is fine.
///
/// # Errors
/// The first rule that says no, or what kept the past from being read.
pub fn judge(machine: &StateMachine, event: &Event, history: &dyn History) -> Result<(), Denied> {
    let subject = event.draft.subject;
    let data = &event.draft.data;
    if let Some(Amendment::Redaction(redaction)) = data.amends() {
        return judge_redaction(machine, subject, redaction, history);
    }
    if let Some(request) = data.answers() {
        return judge_request(machine, subject, request, history);
    }
    // Whoever stands in the log was registered. A registration that was retracted since counts: what it sealed is
    // still in the vault.
    if data.role() == Role::RequestsErasure && machine.revision(subject) == 0 {
        return Err(unknown_subject(subject).into());
    }
    judge_known(machine, event, data.said(), history)
}

/// The log size that an event says it knows, and the field that says so.
fn known_size(data: &Data) -> Option<(u64, &'static str)> {
    let checked = ClaimChecked::of(data).map(|data| (data.as_known, "data.as_known"));
    let known = checked.or_else(|| FiguresReleased::of(data).map(|data| (data.log_size, "data.log_size")));
    known.map(|(size, field)| (size.get().unsigned_abs(), field))
}

/// Asks that a check or a release knows what the log really held at some moment, not a part of what was recorded
/// together.
fn judge_known(
    machine: &StateMachine,
    event: &Event,
    data: &Data,
    history: &dyn History,
) -> Result<(), Denied> {
    let Some((known, field)) = known_size(data) else { return Ok(()) };
    let own = machine.size();
    let recorded = |index| {
        if index == own { Ok(event.recorded) } else { Ok(history.event(index)?.recorded) }
    };
    match sizes_around(known, own + 1, recorded).map_err(Denied::Unreadable)? {
        None => Ok(()),
        Some(around) => {
            let message = inside(known, &around);
            Err(Refusal::new("size_inside_a_batch", message.id, message.en).at(field).into())
        }
    }
}

/// The refusal for a subject of which the log holds nothing.
#[must_use]
pub fn unknown_subject(subject: Subject) -> Refusal {
    Refusal::new(
        "unknown_subject",
        format!("{subject} tidak terdaftar; periksa pengenalnya"),
        format!("{subject} is not registered; check the identifier"),
    )
    .at("subject")
}

fn judge_request(
    machine: &StateMachine,
    subject: Subject,
    request: EventId,
    history: &dyn History,
) -> Result<(), Denied> {
    let named = machine.index_of(request, history).map_err(Denied::Unreadable)?;
    let requested = machine.state().destroyed.erasure(subject).requested;
    if named.is_some() && named == requested {
        return Ok(());
    }
    Err(Refusal::new(
        "erasure_not_requested",
        format!("peristiwa {request} bukan permintaan penghapusan {subject}"),
        format!("event {request} is no request for the erasure of {subject}"),
    )
    .at("data.request")
    .into())
}

fn judge_redaction(
    machine: &StateMachine,
    subject: Subject,
    data: &EvidenceRedacted,
    history: &dyn History,
) -> Result<(), Denied> {
    let (target, file) = (data.target, &data.file);
    let Some(index) = machine.index_of(target, history).map_err(Denied::Unreadable)? else {
        return Err(Refusal::new(
            "unknown_target",
            format!("peristiwa {target} tidak ada dalam registri"),
            format!("the registry holds no event {target}"),
        )
        .at("data.target")
        .into());
    };
    let found = history.event(index).map_err(Denied::Unreadable)?;
    let lineage = machine.lineage();
    let original = lineage.original_of(index).unwrap_or(index);
    if lineage.in_force(original) == InForce::Retracted || lineage.is_retracted_correction(index) {
        return Err(Refusal::new(
            "target_retracted",
            format!("peristiwa {index} sudah ditarik; sebut peristiwa yang masih berlaku, atau lampirkan bukti itu pada satu peristiwa baru dahulu"),
            format!("event {index} is retracted; name a live event, or list the file in a new event first"),
        )
        .at("data.target")
        .into());
    }
    if found.draft.subject != subject {
        let stream = found.draft.subject;
        return Err(Refusal::new(
            "stream_of_target",
            format!("alirannya harus {stream} seperti peristiwa yang dituju, bukan {subject}"),
            format!("the subject must be that of the target, {stream}, not {subject}"),
        )
        .at("subject")
        .into());
    }
    if found.draft.data.evidence().any(|evidence| evidence.sha256 == *file) {
        return Ok(());
    }
    Err(Refusal::new(
        "not_its_evidence",
        format!("bukti {file} tidak tercantum pada peristiwa {index}"),
        format!("event {index} does not list the evidence {file}"),
    )
    .at("data.file")
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The record of a golden file.
    fn golden(type_name: &str) -> Data {
        let path = format!("{}/events/golden/{type_name}.json", env!("CARGO_MANIFEST_DIR"));
        let golden: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        Event::parse(golden["record"].as_str().unwrap().as_bytes()).unwrap().draft.data
    }

    #[test]
    fn a_check_of_a_claim_is_not_typed_nor_put_in_place_of_another() {
        let checked = golden("id.jejak.claim.checked.v1.full");
        let refusal = judge_counted(&checked).unwrap_err();
        assert_eq!((refusal.rule, refusal.field.as_deref()), ("recorded_by_registry", Some("type")));
        assert!(refusal.message.en.ends_with(
            "is recorded by the registry itself, which counts; run `jejak claim check CLAIM --record`, and retract a check that is wrong"
        ));
        let Data::EventCorrected(mut correction) = golden("id.jejak.event.corrected.v1.full") else {
            panic!("not a correction")
        };
        assert!(judge_counted(&Data::EventCorrected(correction.clone())).is_ok());
        correction.replacement.data = checked;
        let refusal = judge_counted(&Data::EventCorrected(correction)).unwrap_err();
        assert_eq!((refusal.rule, refusal.field.as_deref()), ("recorded_by_registry", Some("data.type")));
        assert!(judge_counted(&golden("id.jejak.claim.made.v1.full")).is_ok());
    }
}
