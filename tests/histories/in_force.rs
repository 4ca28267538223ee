//! What a log says in the end, told from its JSON alone: which form of each event counts. Written apart
//! from the lineage that rules and views share, so that a mistake in that one shows.

use std::collections::BTreeMap;

use jejak::registry::Registry;
use serde_json::Value;

use super::fact::kind_of;

/// The content that counts for an event.
#[derive(Clone, Debug)]
pub struct Form {
    /// Index of the original.
    pub index: u64,
    /// Index of the event that says it: the original or a correction.
    pub effective: u64,
    /// Its type, without prefix and version.
    pub kind: String,
    /// Its stream.
    pub subject: String,
    /// Its local date.
    pub date: String,
    /// Its facts.
    pub data: Value,
    /// The number of a certificate, which is sealed: from the proposal.
    pub number: Option<String>,
    /// Day it was recorded on.
    pub recorded: String,
}

impl Form {
    /// Where it stands in time: by local date, then by index.
    pub fn moment(&self) -> (&str, u64) {
        (&self.date, self.index)
    }

    /// A field that holds text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.data.get(name)?.as_str()
    }

    /// The texts of a list.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.data.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}

/// What an event, or the replacement in a correction, says.
fn form((index, effective): (u64, u64), said: &Value, recorded: &str, number: Option<String>) -> Form {
    let text = |name: &str| said[name].as_str().unwrap().to_owned();
    Form {
        index,
        effective,
        kind: kind_of(&text("type")).to_owned(),
        subject: text("subject"),
        date: text("time")[..10].to_owned(),
        data: said["data"].clone(),
        number,
        recorded: recorded[..10].to_owned(),
    }
}

/// Original and corrections of one event.
struct Told {
    forms: Vec<(u64, Form)>,
    retracted: bool,
}

/// The contents in force, by index. `proposals` are those that were recorded, in the order of the log, from
/// index 1 on.
pub fn in_force(registry: &Registry, proposals: &[Value]) -> Vec<Form> {
    let reader = registry.reader();
    let mut told: BTreeMap<u64, Told> = BTreeMap::new();
    let mut indexes: BTreeMap<String, u64> = BTreeMap::new();
    let mut originals: BTreeMap<u64, u64> = BTreeMap::new();
    for index in 1..reader.size() {
        let record: Value = serde_json::from_slice(&reader.read(index).unwrap()).unwrap();
        let proposal = &proposals[index as usize - 1];
        assert_eq!(record["id"], proposal["id"], "index {index}");
        indexes.insert(record["id"].as_str().unwrap().to_owned(), index);
        let recorded = record["recordedtime"].as_str().unwrap();
        let target = || indexes[record["data"]["target"].as_str().unwrap()];
        match kind_of(record["type"].as_str().unwrap()) {
            "event.corrected" => {
                let (target, said) = (target(), &record["data"]);
                originals.insert(index, target);
                let told = told.get_mut(&target).unwrap();
                // What a correction leaves out of the sealed fields stays as it was.
                let before = told.forms.last().and_then(|(_, form)| form.number.clone());
                let number = match &proposal["data"]["data"]["number"] {
                    Value::String(number) => Some(number.clone()),
                    _ => before,
                };
                told.forms.push((index, form((target, index), said, recorded, number)));
            }
            "event.retracted" => match originals.get(&target()) {
                Some(original) => {
                    let correction = target();
                    told.get_mut(original).unwrap().forms.retain(|(index, _)| *index != correction);
                }
                None => told.get_mut(&target()).unwrap().retracted = true,
            },
            _ => {
                let number = proposal["data"]["number"].as_str().map(str::to_owned);
                let first = form((index, index), &record, recorded, number);
                told.insert(index, Told { forms: vec![(index, first)], retracted: false });
            }
        }
    }
    let live = told.into_values().filter(|told| !told.retracted);
    live.map(|mut told| told.forms.pop().unwrap().1).collect()
}
