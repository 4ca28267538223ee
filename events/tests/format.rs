//! What `FORMAT.md` shows is computed, not written: its examples and tables stand between markers
//! (`<!-- generated: NAME -->` to `<!-- end -->`) and are held against this test.
//!
//! After a wanted change: `JEJAK_BLESS=1 cargo test -p jejak-events --test format`.

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::{Engine, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use jejak_events::area;
use jejak_events::proposal::Disclosures;
use jejak_events::schema::{SchemaForm, schema};
use jejak_events::sealed::{Digest, Group, decode_disclosure};
use jejak_events::tree::{Frontier, leaf_hash};
use jejak_events::types::{TYPES, TypeDeclaration};
use serde_json::Value;
use sha2::Digest as _;

/// The events of the example log, in order.
const LOG: [&str; 3] =
    ["id.jejak.registry.opened.v1", "id.jejak.ikm.registered.v1", "id.jejak.person.registered.v1"];
/// The record shown in detail.
const SHOWN: usize = 1;
/// Seed of the example's checkpoint key; public, so worth nothing.
const SEED: [u8; 32] = [1; 32];

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n", text.trim_end())
}

fn example(index: usize) -> (String, Disclosures) {
    let (_, event, disclosures) = support::make(&support::golden(LOG[index], "minimal"));
    (String::from_utf8(event.encode()).unwrap(), disclosures)
}

fn record() -> String {
    let (record, _) = example(SHOWN);
    fenced("json", &record)
}

fn indented() -> String {
    let value: Value = serde_json::from_str(&example(SHOWN).0).unwrap();
    fenced("json", &support::pretty(&value))
}

fn leaf() -> String {
    fenced("text", &leaf_hash(example(SHOWN).0.as_bytes()).to_string())
}

fn disclosures() -> String {
    let mut text = String::from("| group | disclosure | says | digest |\n|---|---|---|---|\n");
    for (group, list) in example(SHOWN).1 {
        for disclosure in list {
            let (name, value) = decode_disclosure(&disclosure).unwrap();
            let digest = Digest::of(&disclosure);
            let _ = writeln!(
                text,
                "| {} | `{disclosure}` | `{name}` is `{value}` | `{}` |",
                group.name(),
                digest.as_str()
            );
        }
    }
    text
}

/// CRC-32C (Castagnoli, reflected), bit by bit.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg()))
    })
}

/// Length of the frames of one event in the vault: header 8, payload header 49, the JSON list of
/// disclosures padded to a multiple of 128, tag 16.
fn frames_length(disclosures: &Disclosures) -> usize {
    let frame = |(_, list): &(Group, Vec<String>)| {
        let json = serde_json::to_string(list).unwrap();
        8 + 49 + json.len().next_multiple_of(128) + 16
    };
    disclosures.iter().map(frame).sum()
}

/// The journal of the example: the first event in a commit of its own, the other two in one.
fn journal() -> (String, Frontier) {
    let mut tree = Frontier::new();
    let (mut journal, mut vault_length) = (String::new(), 0);
    for commit in [0..1, 1..LOG.len()] {
        let mut text = String::new();
        for index in commit {
            let (record, disclosures) = example(index);
            tree.push(leaf_hash(record.as_bytes()));
            vault_length += frames_length(&disclosures);
            text += &record;
            text.push('\n');
        }
        let _ = write!(text, "#commit {} {} {vault_length} ", tree.size(), tree.root());
        let checksum = crc32c(text.as_bytes());
        let _ = writeln!(text, "{checksum:08x}");
        journal += &text;
    }
    (journal, tree)
}

fn leaves() -> String {
    let mut text = String::new();
    for index in 0..LOG.len() {
        let (record, _) = example(index);
        let _ = writeln!(text, "leaf {index}   {}", leaf_hash(record.as_bytes()));
    }
    let mut tree = Frontier::new();
    for index in 0..LOG.len() {
        tree.push(leaf_hash(example(index).0.as_bytes()));
        let _ = writeln!(text, "root at {} {}", tree.size(), tree.root());
    }
    fenced("text", &text)
}

/// Key name, key id and public key of a signed note (C2SP signed-note).
fn vkey(origin: &str) -> (String, [u8; 4], SigningKey) {
    let key = SigningKey::from_bytes(&SEED);
    let typed = [&[1], key.verifying_key().as_bytes().as_slice()].concat();
    let id = sha2::Sha256::digest([origin.as_bytes(), b"\n", &typed].concat());
    let id = [id[0], id[1], id[2], id[3]];
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    (format!("{origin}+{hex}+{}", BASE64_STANDARD.encode(typed)), id, key)
}

fn origin() -> String {
    let opened: Value = serde_json::from_str(&example(0).0).unwrap();
    opened["data"]["origin"].as_str().unwrap().to_owned()
}

fn checkpoint() -> String {
    let (_, tree) = journal();
    let origin = origin();
    let (_, id, key) = vkey(&origin);
    let body = format!("{origin}\n{}\n{}\n", tree.size(), tree.root());
    let signature = key.sign(body.as_bytes()).to_bytes();
    let signature = BASE64_STANDARD.encode([id.as_slice(), &signature].concat());
    fenced("text", &format!("{body}\n\u{2014} {origin} {signature}\n"))
}

fn kind_of(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.trim_start_matches("#/$defs/");
        return match name.strip_prefix("SetOf") {
            Some(element) => format!("set of {element}"),
            None => name.to_owned(),
        };
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => "object".to_owned(),
        Some(plain) => plain.to_owned(),
        None => "value".to_owned(),
    }
}

/// One table per type: every field, how it is kept, its type, its meaning.
fn types() -> String {
    let mut text = String::new();
    for declaration in TYPES {
        let record = schema(declaration, SchemaForm::Record);
        let description = record["description"].as_str().unwrap().replace(" `time`:", " *time*:");
        let kinds: Vec<&str> = declaration.subjects.iter().map(|kind| kind.name()).collect();
        let stream = if kinds.is_empty() { "that of its target".to_owned() } else { kinds.join(" or ") };
        let _ = writeln!(text, "#### `{}`\n\n{description} Stream: {stream}.\n", declaration.name);
        text += "| field | kept | type | meaning |\n|---|---|---|---|\n";
        for (name, row) in rows(declaration) {
            let _ = writeln!(text, "| `{name}` | {row}");
        }
        text.push('\n');
    }
    // The stream of corrections and retractions is said in their description already.
    text.replace(" Stream: that of the target. Stream: that of its target.", " Stream: that of the target.")
}

fn rows(declaration: &TypeDeclaration) -> BTreeMap<String, String> {
    let facts = |form| schema(declaration, form)["properties"]["data"].clone();
    let (proposal, record) = (facts(SchemaForm::Proposal), facts(SchemaForm::Record));
    let required = |facts: &Value, name: &str| {
        facts.get("required").and_then(Value::as_array).is_some_and(|names| names.contains(&name.into()))
    };
    let mut rows = BTreeMap::new();
    for (facts, is_proposal) in [(&record, false), (&proposal, true)] {
        for (name, field) in facts["properties"].as_object().unwrap() {
            let sealed = declaration.sealed.iter().find(|sealed| sealed.name == name);
            let kept = match sealed {
                Some(sealed) => sealed.group.name(),
                None if name == "sealed" => "digests",
                None if declaration.derived.contains(&name.as_str()) => "derived",
                None => "open",
            };
            // A sealed field is required of a proposal, an open one of both.
            let need =
                if required(facts, name) && (is_proposal || sealed.is_none()) { "" } else { ", optional" };
            let need = if kept == "derived" { ", where known" } else { need };
            let meaning = match sealed {
                Some(sealed) => sealed.documentation,
                None => field["description"].as_str().unwrap_or_default(),
            };
            rows.insert(name.clone(), format!("{kept}{need} | {} | {meaning} |", kind_of(field)));
        }
    }
    rows
}

/// Every named value of the schemas, once.
fn values() -> String {
    let mut all = BTreeMap::new();
    for declaration in TYPES {
        for form in SchemaForm::ALL {
            for (name, value) in schema(declaration, form)["$defs"].as_object().unwrap() {
                if !name.starts_with("SetOf") && !name.contains('.') {
                    all.insert(name.clone(), describe(value));
                }
            }
        }
    }
    all.into_iter().map(|(name, text)| format!("* **{name}**: {text}\n")).collect()
}

fn describe(value: &Value) -> String {
    let said = value.get("description").and_then(Value::as_str).unwrap_or_default();
    let said = said.trim_end_matches('.');
    if let Some(choices) = value.get("oneOf").and_then(Value::as_array) {
        let choices: Vec<_> = choices
            .iter()
            .map(|choice| {
                let meaning = choice["description"].as_str().unwrap_or_default().trim_end_matches('.');
                format!("`{}` ({meaning})", choice["const"].as_str().unwrap())
            })
            .collect();
        return format!("{said}. One of {}.", choices.join(", "));
    }
    if let Some(choices) = value.get("enum").and_then(Value::as_array) {
        let choices: Vec<_> =
            choices.iter().map(|choice| format!("`{}`", choice.as_str().unwrap())).collect();
        return format!("{said}. One of {}.", choices.join(", "));
    }
    if let Some(choices) = value.get("anyOf").and_then(Value::as_array) {
        let choices: Vec<_> = choices.iter().map(describe).collect();
        return format!("{said}. One of: {}", choices.join(" Or: "));
    }
    match value["type"].as_str() {
        Some("object") => {
            // Of an object whose every field may be left out, the schema names none as required.
            let required = value["required"].as_array().map_or(&[][..], Vec::as_slice);
            let fields: Vec<_> = value["properties"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, field)| {
                    let need = if required.contains(&Value::from(name.as_str())) { "" } else { ", optional" };
                    let meaning = field["description"].as_str().unwrap_or_default().trim_end_matches('.');
                    format!("`{name}` ({}{need}: {meaning})", kind_of(field))
                })
                .collect();
            format!("{said}. Object: {}.", fields.join(", "))
        }
        Some("integer") => format!("integer, {} to {}.", value["minimum"], value["maximum"]),
        _ => format!("string `{}`. {said}.", value["pattern"].as_str().unwrap()).replace(". .", "."),
    }
}

/// Everything that stands between markers, by name.
fn generated() -> BTreeMap<&'static str, String> {
    let area_table = format!("Year {}, SHA-256 `{}`.\n", area::TABLE_YEAR, area::table_sha256());
    BTreeMap::from([
        ("area table", area_table),
        ("checkpoint", checkpoint()),
        ("disclosures", disclosures()),
        ("journal", fenced("text", &journal().0)),
        ("leaf", leaf()),
        ("record", record()),
        ("record indented", indented()),
        ("tree", leaves()),
        ("types", types()),
        ("values", values()),
        ("vkey", fenced("text", &vkey(&origin()).0)),
    ])
}

#[test]
fn what_the_page_shows_is_computed() {
    let path = support::path("../FORMAT.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut generated = generated();
    let mut expected = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once("<!-- generated: ") {
        let (name, after) = after.split_once(" -->\n").unwrap();
        let (_, after) = after.split_once("<!-- end -->").unwrap_or_else(|| panic!("{name}: no end"));
        let text = generated.remove(name).unwrap_or_else(|| panic!("{name}: not generated, or twice"));
        let _ = write!(expected, "{before}<!-- generated: {name} -->\n{text}<!-- end -->");
        rest = after;
    }
    expected += rest;
    assert!(generated.is_empty(), "not on the page: {:?}", generated.keys());
    support::check_file(&path, &expected);
}

/// The key that the example's event 0 names is the one that signs its checkpoint.
#[test]
fn the_example_is_of_one_piece() {
    let opened: Value = serde_json::from_str(&example(0).0).unwrap();
    assert_eq!(opened["data"]["keys"][0]["vkey"], vkey(&origin()).0);
    assert_eq!(opened["data"]["area_table_sha256"], area::table_sha256());
    let recorded: Vec<_> = (0..LOG.len())
        .map(|index| serde_json::from_str::<Value>(&example(index).0).unwrap()["recordedtime"].to_string())
        .collect();
    assert!(recorded.is_sorted());
    assert_eq!(crc32c(b"123456789"), 0xe306_9283);
}
