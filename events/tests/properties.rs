//! What holds for every event: records round-trip and are canonical, whatever is spoiled is refused,
//! and nothing makes a parser panic.
//!
//! Events are made from the JSON Schemas, so a new type is covered without a line here, and a schema
//! that allows what the parser refuses fails this test.

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use std::convert::Infallible;

use jejak_events::area::{AreaCode, Level};
use jejak_events::identity::{Source, SubjectKind};
use jejak_events::proposal::Proposal;
use jejak_events::record::{Event, RECORD_LIMIT_BYTES};
use jejak_events::schema::{SchemaForm, schema};
use jejak_events::time::RecordedTime;
use jejak_events::types::{TYPES, TypeDeclaration, declaration, is_correctable};
use jejak_events::values::Decimal;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Decisions that a made event follows. When they run out every further one is 0, the plainest choice,
/// so that a failing case shrinks to a short list.
struct Choices(std::vec::IntoIter<u32>);

impl Choices {
    fn below(&mut self, limit: usize) -> usize {
        self.0.next().map_or(0, |choice| choice as usize % limit)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 1
    }

    fn text(&mut self, alphabet: &[char], first: &[char], longest: usize) -> String {
        let mut text = String::from(self.pick(first));
        for _ in 0..self.below(longest) {
            text.push(self.pick(alphabet));
        }
        text
    }

    fn digits(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| self.pick(&alphabet)).collect()
    }

    fn uuid(&mut self, versions: &[usize]) -> String {
        let hex = |choices: &mut Self, length| choices.digits("0123456789abcdef", length);
        let version = self.pick(versions);
        let variant = self.pick(&['8', '9', 'a', 'b']);
        format!(
            "{}-{}-{version}{}-{variant}{}-{}",
            hex(self, 8),
            hex(self, 4),
            hex(self, 3),
            hex(self, 3),
            hex(self, 12)
        )
    }

    fn area(&mut self) -> AreaCode {
        let all: Vec<AreaCode> = AreaCode::all().collect();
        self.pick(&all)
    }

    fn subject(&mut self, kind: SubjectKind) -> String {
        let id = match kind {
            SubjectKind::Registry => return kind.name().to_owned(),
            SubjectKind::Area => self.area().to_string(),
            SubjectKind::Ikm | SubjectKind::Person => self.uuid(&[4]),
            _ => self.uuid(&[4, 7, 8]),
        };
        format!("{}/{id}", kind.name())
    }

    fn date(&mut self) -> String {
        let (year, month) = (1900 + self.below(1100), 1 + self.below(12));
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let days = match month {
            2 => 28 + usize::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        format!("{year}-{month:02}-{:02}", 1 + self.below(days))
    }

    /// A time with its precision, in the zone of an area.
    fn time(&mut self, area: AreaCode) -> (String, &'static str) {
        let date = self.date();
        let precision = self.pick(&["day", "month", "year", "instant"]);
        let (date, clock) = match precision {
            "day" => (date, "00:00:00".to_owned()),
            "month" => (format!("{}-01", &date[..7]), "00:00:00".to_owned()),
            "year" => (format!("{}-01-01", &date[..4]), "00:00:00".to_owned()),
            _ => {
                let clock = format!("{:02}:{:02}:{:02}", self.below(24), self.below(60), self.below(60));
                (date, clock)
            }
        };
        let hours = area.offset().local_minus_utc() / 3600;
        (format!("{date}T{clock}+{hours:02}:00"), precision)
    }

    fn value(&mut self, name: &str) -> Option<String> {
        let lower = ['a', 'z', '0', '9'];
        Some(match name {
            // Quotes, backslash, DEL, line separators, beyond the basic plane: all that JSON writers
            // treat differently.
            "Text" | "SealedText" => {
                let any =
                    ['a', ' ', '"', '\\', '/', 'é', 'Ω', '中', '😀', '\u{a0}', '<', '\'', '&', '\u{fffd}'];
                self.text(&any, &['B', 'ñ', '"', '😀'], 30) + "."
            }
            "Issuer" => self.text(&['a', ' ', '"', '\\', 'é', '😀', '\'', '&', '-'], &['B', 'ñ'], 30) + ".",
            "CertificateNumber" => {
                let any = ['a', '9', ' ', '"', '\\', '/', '\u{2011}', '５', '\u{a0}', '<', '\'', '&', 'Ａ'];
                self.text(&any, &['B', '1', '"', 'Ⅳ'], 30) + "x"
            }
            "Code" => self.text(&['a', 'z', '0', '9', '_', '-', '.', ':'], &lower, 64),
            "Nib" => self.digits("0123456789", 13),
            "Nik" => self.digits("0123456789", 16),
            "Phone" => format!("+62{}", self.digits("0123456789", 9)),
            "CountryCode" => self.digits("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2),
            "HsCode" => {
                let length = self.pick(&[4, 6, 8, 10]);
                self.digits("0123456789", length)
            }
            "DistrictCode" => {
                let all: Vec<AreaCode> =
                    AreaCode::all().filter(|area| area.level() != Level::Province).collect();
                format!("{}.{}{}", self.pick(&all), self.below(10), 1 + self.below(9))
            }
            "KbliCode" => self.digits("0123456789", 5),
            "MediaType" => format!(
                "image/{}",
                self.digits("abcdefghijklmnopqrstuvwxyz0123456789.+-", 9)
                    .trim_start_matches(['.', '+', '-'])
                    .to_owned()
                    + "x"
            ),
            "Origin" => format!("{}.example/log", self.digits("abcdefghijklmnopqrstuvwxyz", 6)),
            "Format" => "jejak/0".to_owned(),
            "Vkey" => {
                let seed = [7; 32];
                let name = self.digits("abcdefghijklmnopqrstuvwxyz", 6);
                jejak_events::note::NoteSigner::new(&name, &seed).unwrap().verifier_key().to_string()
            }
            "Sha256Hex" => self.digits("0123456789abcdef", 64),
            "Decimal" => {
                let digits = self.pick(&[0, 7, 30, 6667, (1 << 53) - 1]);
                Decimal::new(digits, self.pick(&[0, 1, 2])).unwrap().to_string()
            }
            "Urn" => format!("urn:example:{}", self.digits("abcdefghijklmnopqrstuvwxyz", 6)),
            "Date" => self.date(),
            "AreaCode" => self.area().to_string(),
            "Subject" => {
                let kind = self.pick(&SubjectKind::ALL);
                self.subject(kind)
            }
            "EventId" => self.uuid(&[7, 8]),
            "IkmId" | "PersonId" => self.uuid(&[4]),
            name if name.ends_with("Id") && !name.starts_with("SetOf") => self.uuid(&[4, 7, 8]),
            _ => return None,
        })
    }

    /// A value that a schema allows.
    fn instance(&mut self, schema: &Value, whole: &Value) -> Value {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/$defs/").unwrap();
            return match self.value(name) {
                Some(text) => Value::from(text),
                None => self.instance(&whole["$defs"][name], whole),
            };
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        for key in ["enum", "oneOf", "anyOf"] {
            if let Some(choices) = schema.get(key).and_then(Value::as_array) {
                let choice = &choices[self.below(choices.len())];
                return if key == "enum" { choice.clone() } else { self.instance(choice, whole) };
            }
        }
        match schema["type"].as_str().unwrap() {
            "boolean" => Value::from(self.coin()),
            "string" => Value::from(self.value("Text").unwrap()),
            "integer" => {
                let (low, high) = (schema["minimum"].as_i64().unwrap(), schema["maximum"].as_i64().unwrap());
                let near = low + i64::try_from(self.below(1000)).unwrap().min(high - low);
                Value::from(self.pick(&[near, low, high]))
            }
            "array" => {
                let mut list: Vec<Value> = Vec::new();
                for _ in 0..=self.below(4) {
                    let element = self.instance(&schema["items"], whole);
                    if !list.contains(&element) {
                        list.push(element);
                    }
                }
                Value::from(list)
            }
            "object" => self.object(schema, whole),
            other => panic!("the test makes no {other}"),
        }
    }

    fn object(&mut self, schema: &Value, whole: &Value) -> Value {
        let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut object = Map::new();
        // The facts of a correction have no properties of their own here; the caller fills them in.
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&Value::from(name.as_str())) || self.coin() {
                object.insert(name.clone(), self.instance(property, whole));
            }
        }
        Value::Object(object)
    }

    fn proposal(&mut self, declaration: &TypeDeclaration) -> Value {
        let whole = schema(declaration, SchemaForm::Proposal);
        let area = self.area();
        let office = self.value("Code").unwrap();
        let source = Source::parse(&format!("urn:jejak:{area}:{office}")).unwrap();
        let mut proposal = match self.object(&whole, &whole) {
            Value::Object(proposal) => proposal,
            other => panic!("{other}"),
        };
        let kind = if declaration.subjects.is_empty() {
            self.pick(&SubjectKind::ALL)
        } else {
            self.pick(declaration.subjects)
        };
        let (time, precision) = self.time(area);
        proposal.insert("source".into(), json!(source.to_string()));
        proposal.insert("subject".into(), json!(self.subject(kind)));
        proposal.insert("time".into(), json!(time));
        proposal.insert("timeprecision".into(), json!(precision));
        if let Some(name) = proposal["data"].get("type").and_then(Value::as_str) {
            let inner = self::declaration(name).unwrap();
            let (time, precision) = self.time(area);
            let facts = self.instance(&json!({"$ref": format!("#/$defs/{name}")}), &whole);
            let subject = self.subject(inner.subjects[0]);
            proposal["data"]["data"] = facts;
            proposal["data"]["subject"] = json!(subject);
            proposal["data"]["time"] = json!(time);
            proposal["data"]["timeprecision"] = json!(precision);
        }
        Value::Object(proposal)
    }

    fn record(&mut self, proposal: &Value) -> Event {
        let mut proposal = Proposal::parse(proposal.to_string().as_bytes(), &support::defaults())
            .unwrap_or_else(|refusal| panic!("{refusal}: {proposal}"));
        support::derive(&mut proposal);
        let salt = || Ok::<_, Infallible>(std::array::from_fn(|_| u8::try_from(self.below(256)).unwrap()));
        let (draft, _) = proposal.seal(salt).unwrap();
        let recorded =
            RecordedTime::from_unix_ms(i64::try_from(self.below(usize::MAX)).unwrap() * 7_001).unwrap();
        Event { recorded, draft }
    }
}

fn choices() -> impl Strategy<Value = Choices> {
    vec(any::<u32>(), 0..2000).prop_map(|choices| Choices(choices.into_iter()))
}

impl std::fmt::Debug for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.as_slice()).finish()
    }
}

/// Canonical by the library's word, not ours.
fn canonical(bytes: &[u8]) -> Vec<u8> {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    serde_json_canonicalizer::to_vec(&value).unwrap()
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Any JSON, with the names of real attributes and fields more often than others.
fn any_json() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        proptest::sample::select(vec![
            "id",
            "type",
            "subject",
            "time",
            "timeprecision",
            "source",
            "data",
            "target",
            "sealed",
            "has",
            "evidence",
            "sha256",
            "subjects",
            "_sd",
            "personal",
            "authid",
            "authtype",
            "recordedtime",
        ])
        .prop_map(str::to_owned),
        ".{0,4}",
    ];
    let texts = prop_oneof![
        proptest::sample::select(TYPES.iter().map(|one| one.name.to_owned()).collect::<Vec<_>>()),
        proptest::sample::select(vec![
            "registry",
            "ikm/",
            "2021-03-01T00:00:00+07:00",
            "0001-01-01T00:00:00.000Z",
            "2999-12-31T23:59:59.999Z",
            "urn:jejak:33.75:x",
            "１２",
            "\u{1f}",
            "1.0",
            "day",
        ])
        .prop_map(str::to_owned),
        ".{0,12}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        texts.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((names.clone(), inner), 0..6).prop_map(Value::from_iter),
        ]
    })
}

/// The leaves of a tree; an empty list or object has none.
fn nodes(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Array(list) => list.iter_mut().flat_map(nodes).collect(),
        Value::Object(map) => map.values_mut().flat_map(nodes).collect(),
        leaf => vec![leaf],
    }
}

proptest! {
    #![proptest_config(config(400))]

    /// What the schema allows is accepted, and its record is canonical.
    #[test]
    fn records_round_trip(mut choices in choices(), which in 0..TYPES.len()) {
        let proposal = choices.proposal(&TYPES[which]);
        let event = choices.record(&proposal);
        let bytes = event.encode();
        prop_assert!(bytes.len() <= RECORD_LIMIT_BYTES);
        prop_assert_eq!(&Event::parse(&bytes).unwrap(), &event);
        prop_assert_eq!(&Event::read(&bytes).unwrap(), &event);
        prop_assert_eq!(canonical(&bytes), bytes);
    }

    /// One byte replaced, put in or taken out anywhere in a record: refused, or another canonical
    /// record, never one that reads as something else than its bytes.
    #[test]
    fn spoiled_bytes_are_refused_or_canonical(
        mut choices in choices(),
        which in 0..TYPES.len(),
        spoils in vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 200),
    ) {
        let proposal = choices.proposal(&TYPES[which]);
        let bytes = choices.record(&proposal).encode();
        for (place, byte, kind) in spoils {
            let at = place.index(bytes.len());
            let mut spoiled = bytes.clone();
            match kind {
                0 => spoiled[at] = byte,
                1 => spoiled[at] ^= 1 << (byte % 8),
                2 => spoiled.insert(at, byte),
                _ => drop(spoiled.remove(at)),
            }
            if let Ok(event) = Event::parse(&spoiled) {
                prop_assert_eq!(event.encode(), &spoiled[..]);
                prop_assert_eq!(canonical(&spoiled), spoiled);
            }
        }
    }

    /// Nothing that is read makes a parser panic, and whatever a proposal parses to can be recorded.
    #[test]
    fn parsers_never_panic(
        json in any_json(),
        noise in vec(any::<u8>(), 0..200),
        mut choices in choices(),
        which in 0..TYPES.len(),
        place in any::<prop::sample::Index>(),
    ) {
        let mut proposal = choices.proposal(&TYPES[which]);
        let mut record: Value = serde_json::from_slice(&choices.record(&proposal).encode()).unwrap();
        let _ = Event::parse(json.to_string().as_bytes());
        let _ = Event::parse(&noise);
        let _ = Proposal::parse(&noise, &support::defaults());
        for whole in [&mut proposal, &mut record] {
            let mut nodes = nodes(whole);
            let at = place.index(nodes.len());
            *nodes[at] = json.clone();
        }
        let _ = Event::parse(record.to_string().as_bytes());
        for text in [json.to_string(), proposal.to_string()] {
            if let Ok(parsed) = Proposal::parse(text.as_bytes(), &support::defaults()) {
                let (draft, _) = parsed.seal(|| Ok::<_, Infallible>([0; 16])).unwrap();
                let event = Event { recorded: RecordedTime::from_unix_ms(0).unwrap(), draft };
                let bytes = event.encode();
                if bytes.len() <= RECORD_LIMIT_BYTES {
                    // The registry prints it once and does not read it again.
                    prop_assert_eq!(&Event::parse(&bytes), &Ok(event), "{}", text);
                    prop_assert_eq!(canonical(&bytes), bytes);
                }
            }
        }
    }
}

/// The generator reaches every type that a correction may carry.
#[test]
fn corrections_cover_every_correctable_type() {
    let corrected = declaration("id.jejak.event.corrected.v1").unwrap();
    let names = &schema(corrected, SchemaForm::Proposal)["properties"]["data"]["properties"]["type"]["enum"];
    let expected: Vec<_> = TYPES.iter().filter(|one| is_correctable(one)).map(|one| one.name).collect();
    assert_eq!(names, &json!(expected));
}
