//! What an event says, as a sentence in both languages. Pure.
//!
//! The templates stand with the types in `events/src/types/`. Open fields only; codes stay as they are recorded. Whose
//! stream it is stands before the sentence or over the page, not in it.

use jejak_events::fault::Message;
use jejak_events::identity::Subject;
use jejak_events::time::{TimePrecision, ValidTime};
use jejak_events::types::{Data, Naming};
use jejak_projections::views::releases::release_figure;

use super::figures::{counted_in_both, known_title};

/// How a stream is called within a sentence.
pub type Calling<'a> = &'a dyn Fn(Subject) -> String;

/// What the facts of an event say.
#[must_use]
pub fn sentence(data: &Data, call: Calling<'_>) -> Message {
    let figure = |code: &str| {
        let released = release_figure(code).map(|figure| figure.title);
        released.or_else(|| known_title(code)).map(|title| [title.id, title.en])
    };
    data.sentence(&Naming { stream: call, figure: &figure, counted: &counted_in_both })
}

/// The day it happened, as exactly as it is known.
#[must_use]
pub fn happened(time: ValidTime) -> String {
    let text = time.to_string();
    let length = match time.precision() {
        TimePrecision::Year => "2025".len(),
        TimePrecision::Month => "2025-10".len(),
        TimePrecision::Day => "2025-10-08".len(),
        TimePrecision::Instant => text.len(),
    };
    text.get(..length).unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jejak_events::types::TYPES;
    use jejak_events::types::ikm::AttendanceStatus;
    use serde_json::Value;

    use super::*;

    /// The facts of the golden files, which have every type with all and with only its required fields.
    fn golden(name: &str, variant: &str) -> Data {
        let path = format!("{}/events/golden/{name}.{variant}.json", env!("CARGO_MANIFEST_DIR"));
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let record: Value = serde_json::from_str(file["record"].as_str().unwrap()).unwrap();
        Data::from_json(name, &record["data"].to_string()).unwrap().unwrap()
    }

    #[test]
    fn every_type_has_a_sentence_of_its_own_in_both_languages() {
        let call = |subject: Subject| subject.kind().name().to_owned();
        let mut said = BTreeSet::new();
        for declaration in TYPES {
            let full = sentence(&golden(declaration.name, "full"), &call);
            let minimal = sentence(&golden(declaration.name, "minimal"), &call);
            for message in [&full, &minimal] {
                for text in [&message.id, &message.en] {
                    assert!(!text.is_empty() && !text.contains("  "), "{}: {text:?}", declaration.name);
                    assert!(!text.ends_with([' ', ':', ',']), "{}: {text:?}", declaration.name);
                }
                assert_ne!(message.id, message.en, "{}", declaration.name);
            }
            assert!(full.id.len() >= minimal.id.len(), "{}", declaration.name);
            said.insert(full.id);
        }
        // What is said of an erased IKM is said of an erased person.
        assert_eq!(said.len(), TYPES.len() - 1, "{said:#?}");
    }

    #[test]
    fn an_attendance_says_whether_somebody_came() {
        let call = |subject: Subject| subject.kind().name().to_owned();
        let Data::TrainingAttended(mut attended) = golden("id.jejak.training.attended.v1", "minimal") else {
            panic!("not an attendance")
        };
        let mut heard = crate::said::Said::new("attendances");
        for (status, id, en) in [
            (AttendanceStatus::Present, "hadir pada program, sesi ", "was present at program, session "),
            (AttendanceStatus::Excused, "izin pada program, sesi ", "was excused at program, session "),
            (AttendanceStatus::Absent, "tidak hadir pada program, sesi ", "was absent at program, session "),
        ] {
            attended.status = status;
            let said = sentence(&Data::TrainingAttended(attended.clone()), &call);
            assert!(said.id.starts_with(id) && said.en.starts_with(en), "{said:?}");
            heard.take(&format!("{status:?}"), said);
        }
        heard.check();
    }
}
