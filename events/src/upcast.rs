//! Old versions of a type, lifted to the current one when they are read.
//!
//! The bytes in the log never change: a new version `vN+1` comes with one step here that turns the
//! facts of `vN` into it. Steps are chained, so each is written once. No type has a second version
//! yet, so the chain is empty; its mechanism is tested with a made-up one.

use serde_json::{Map, Value};

use crate::record::{RecordError, explain_data};
use crate::types::Data;

/// One step up.
pub struct UpcastStep {
    /// The older type and version.
    pub from: &'static str,
    /// The next version.
    pub to: &'static str,
    /// Turns the older facts into the next version's. Must be total: the older facts were valid.
    pub lift: fn(Map<String, Value>) -> Map<String, Value>,
}

/// All steps that this program knows.
pub const CHAIN: &[UpcastStep] = &[];

/// Reads facts of any version that the chain leads up from.
///
/// # Errors
/// When the type is unknown, or the lifted facts do not fit the current version.
pub fn read(chain: &[UpcastStep], type_name: &str, json: &str) -> Result<Data, RecordError> {
    let mut name = type_name;
    let mut facts = crate::strict::parse_object(json.as_bytes()).map_err(RecordError)?;
    // Every step leads to a later version, so the chain is walked at most once.
    for _ in 0..=chain.len() {
        let Some(step) = chain.iter().find(|step| step.from == name) else { break };
        facts = (step.lift)(facts);
        name = step.to;
    }
    let json = Value::Object(facts).to_string();
    match Data::from_json(name, &json) {
        Some(Ok(data)) => Ok(data),
        _ => Err(explain_data(name, &json)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up version 0 of `certificate.revoked` that called its reason `cause`.
    const OLD: &[UpcastStep] = &[UpcastStep {
        from: "id.jejak.certificate.revoked.v0",
        to: "id.jejak.certificate.revoked.v1",
        lift: |mut facts| {
            if let Some(cause) = facts.remove("cause") {
                facts.insert("reason".into(), cause);
            }
            facts
        },
    }];

    #[test]
    fn an_old_version_is_read_as_the_current_one() {
        let data =
            read(OLD, "id.jejak.certificate.revoked.v0", r#"{"cause":"surveillance_failed"}"#).unwrap();
        assert_eq!(data.type_name(), "id.jejak.certificate.revoked.v1");
        assert_eq!(data.to_object()["reason"], "surveillance_failed");
    }

    #[test]
    fn unknown_types_and_unfit_facts_are_named() {
        let error = read(OLD, "id.jejak.certificate.lost.v1", "{}").unwrap_err();
        assert_eq!(error.0.rule, "unknown_type");
        let error = read(OLD, "id.jejak.certificate.revoked.v0", r#"{"reason":"x","extra":1}"#).unwrap_err();
        assert_eq!(error.0.rule, "unknown_field");
    }
}
