//! What a log says in the end, told from its JSON alone: which form of each event counts. Written apart
//! from the lineage that rules and views share, so that a mistake in that one shows.

use std::collections::BTreeMap;

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
    /// The number of a certificate, which is sealed: as far as it can be read.
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
fn form((index, effective): (u64, u64), said: &Value, recorded: &str) -> Form {
    let text = |name: &str| said[name].as_str().unwrap().to_owned();
    Form {
        index,
        effective,
        kind: kind_of(&text("type")).to_owned(),
        subject: text("subject"),
        date: text("time")[..10].to_owned(),
        data: said["data"].clone(),
        number: None,
        recorded: recorded[..10].to_owned(),
    }
}

/// Original and corrections of one event.
struct Told {
    forms: Vec<(u64, Form)>,
    retracted: bool,
}

/// The contents in force, event by event.
#[derive(Default)]
pub struct InForce {
    told: BTreeMap<u64, Told>,
    indexes: BTreeMap<String, u64>,
    originals: BTreeMap<u64, u64>,
}

impl InForce {
    /// Takes in the record at an index, the one after the last.
    pub fn take(&mut self, index: u64, record: &Value) {
        self.indexes.insert(record["id"].as_str().unwrap().to_owned(), index);
        let recorded = record["recordedtime"].as_str().unwrap();
        match kind_of(record["type"].as_str().unwrap()) {
            "event.corrected" => {
                let target = self.index_of(&record["data"]["target"]);
                self.originals.insert(index, target);
                let form = form((target, index), &record["data"], recorded);
                self.told.get_mut(&target).unwrap().forms.push((index, form));
            }
            "event.retracted" => {
                let target = self.index_of(&record["data"]["target"]);
                match self.originals.get(&target) {
                    Some(original) => {
                        let told = self.told.get_mut(original).unwrap();
                        told.forms.retain(|(index, _)| *index != target);
                    }
                    None => self.told.get_mut(&target).unwrap().retracted = true,
                }
            }
            _ => {
                let first = form((index, index), record, recorded);
                self.told.insert(index, Told { forms: vec![(index, first)], retracted: false });
            }
        }
    }

    /// The index of the event with an id.
    pub fn index_of(&self, id: &Value) -> u64 {
        self.indexes[id.as_str().unwrap()]
    }

    /// Index of the event that says what counts for an original, retracted or not.
    pub fn effective(&self, original: u64) -> u64 {
        self.told[&original].forms.last().unwrap().0
    }

    /// The contents in force, by the index of their original.
    pub fn forms(&self) -> impl Iterator<Item = &Form> {
        let live = self.told.values().filter(|told| !told.retracted);
        live.map(|told| &told.forms.last().unwrap().1)
    }
}
