//! What was destroyed: erasures of IKMs and persons, evidence withdrawn. No figure may notice.

use jejak_events::identity::Subject;
use jejak_events::types::enterprise::{IkmErased, IkmErasureRequested};
use jejak_events::types::person::{PersonErased, PersonErasureRequested};
use jejak_events::types::{EvidenceRedacted, KeyIntroduced, KeyPurpose, RulesAdopted};
use jejak_events::values::{Sha256Hex, Version, Vkey};

use super::{Happening, code, event_id, facts, ikm, person};

pub fn ikm_erasure_requested(number: u32) -> Happening {
    (Subject::Ikm(ikm(number)), facts!(IkmErasureRequested { basis: code("subject_request") }))
}

/// `request`: the index of the event that asked for it.
pub fn ikm_erased(number: u32, request: u64) -> Happening {
    (Subject::Ikm(ikm(number)), facts!(IkmErased { request: event_id(request) }))
}

pub fn person_erasure_requested(number: u32) -> Happening {
    (Subject::Person(person(number)), facts!(PersonErasureRequested { basis: code("subject_request") }))
}

pub fn person_erased(number: u32, request: u64) -> Happening {
    (Subject::Person(person(number)), facts!(PersonErased { request: event_id(request) }))
}

/// A file of the event at `target`, which is of that stream.
pub fn redacted(subject: Subject, target: u64) -> Happening {
    let file = Sha256Hex::parse(&"5e".repeat(32)).unwrap();
    let data = facts!(EvidenceRedacted {
        file: file,
        reason: code("wrong_document"),
        target: event_id(target),
        authority: None,
    });
    (subject, data)
}

pub fn key_introduced() -> Happening {
    let vkey = "jejak.example/pekalongan+d626aa15+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
    let vkey = Vkey::parse(vkey).unwrap();
    (Subject::Registry, facts!(KeyIntroduced { purpose: KeyPurpose::Checkpoint, vkey: vkey, basis: None }))
}

pub fn rules_adopted(version: u32) -> Happening {
    let data = facts!(RulesAdopted { rules: Version::new(version).unwrap(), basis: None });
    (Subject::Registry, data)
}
