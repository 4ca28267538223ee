//! Golden files pin the exact bytes, leaf hash and disclosures of each type and version.
//!
//! A new type needs `golden/<type>.full.json` (every field given) and `golden/<type>.minimal.json`
//! (only what is required), each with `proposal`, `salts` (hex, in the order in which the type declares
//! its sealed fields, personal before confidential) and `recordedtime`; then
//! `JEJAK_BLESS=1 cargo test -p jejak-events --test golden` writes the rest. A file of a released
//! version must never change again.

mod support;

use std::collections::BTreeSet;

use jejak_events::proposal::comparable;
use jejak_events::record::Event;
use jejak_events::schema::{SchemaForm, schema};
use jejak_events::sealed::{Digest, decode_disclosure};
use jejak_events::types::{TYPES, TypeDeclaration};
use serde_json::Value;

const VARIANTS: [&str; 2] = ["full", "minimal"];

fn each(mut check: impl FnMut(&'static TypeDeclaration, &str, &Value)) {
    for declaration in TYPES {
        for variant in VARIANTS {
            check(declaration, variant, &support::golden(declaration.name, variant));
        }
    }
}

#[test]
fn bytes_and_hashes_are_those_of_the_files() {
    let directory = support::path("golden");
    let mut names = BTreeSet::new();
    each(|declaration, variant, golden| {
        let name = format!("{}.{variant}.json", declaration.name);
        support::check_file(&directory.join(&name), &support::pretty(&support::complete(golden)));
        names.insert(name);
    });
    support::check_no_others(&directory, &names);
}

#[test]
fn records_parse_and_an_independent_library_writes_the_same_bytes() {
    each(|declaration, variant, golden| {
        let (proposal, event, _) = support::make(golden);
        let bytes = event.encode();
        assert_eq!(event.draft.data.type_name(), declaration.name, "{variant}");
        assert_eq!(Event::parse(&bytes).unwrap(), event, "{} {variant}", declaration.name);
        assert_eq!(Event::read(&bytes).unwrap(), event, "{} {variant}", declaration.name);
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json_canonicalizer::to_vec(&value).unwrap(), bytes);
        assert_eq!(comparable(&event.draft.data), comparable(&proposal.draft.data));
    });
}

#[test]
fn every_disclosure_has_its_digest() {
    each(|declaration, variant, golden| {
        let (proposal, event, disclosures) = support::make(golden);
        let mut disclosed = 0;
        for (group, list) in &disclosures {
            let sealed = event.draft.data.sealed().unwrap();
            assert_eq!(sealed.group(*group).len(), list.len(), "{} {variant}", declaration.name);
            for disclosure in list {
                assert!(sealed.group(*group).contains(&Digest::of(disclosure)));
                let (name, value) = decode_disclosure(disclosure).unwrap();
                assert_eq!(proposal.sealed.get(name.as_str()).unwrap_or(&Value::Null), &value, "{name}");
                disclosed += 1;
            }
        }
        assert_eq!(disclosed, proposal.sealed_data().declaration().sealed.len());
    });
}

/// `full` gives every field that the type has, `minimal` exactly the required ones, so that no field
/// is without pinned bytes.
#[test]
fn full_is_full_and_minimal_is_minimal() {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    each(|declaration, variant, golden| {
        for form in SchemaForm::ALL {
            let schema = schema(declaration, form);
            let (whole, facts) = match form {
                SchemaForm::Proposal => (golden["proposal"].clone(), &schema["properties"]["data"]),
                SchemaForm::Record => {
                    let record: Value = serde_json::from_str(golden["record"].as_str().unwrap()).unwrap();
                    (record, &schema["properties"]["data"])
                }
            };
            let expected = match (variant, facts.get("required")) {
                ("full", _) => keys(&facts["properties"]),
                (_, Some(required)) => serde_json::from_value(required.clone()).unwrap(),
                (_, None) => BTreeSet::new(),
            };
            let place = format!("{} {variant} {}", declaration.name, form.name());
            assert_eq!(keys(&whole["data"]), expected, "{place}");
            if variant == "full" {
                // The two attributes of a proposal that always have one value may be left out.
                let mut envelope = keys(&schema["properties"]);
                if form == SchemaForm::Proposal {
                    envelope.retain(|name| name != "specversion" && name != "datacontenttype");
                }
                assert_eq!(keys(&whole), envelope, "{place}");
            }
        }
    });
}
