//! What is sealed for whom, which documents are kept about whom, and what of both was destroyed; told
//! from the proposals and from the JSON of the log alone, apart from vault, keys and rules.
//!
//! An erasure reaches, as things stand when it is asked for: the subject, all that counts as it, the
//! personal data of the IKMs that are the erased person in law (`FORMAT.md`, section 4), and of those that were it once
//! what was said of that time.

use std::collections::{BTreeMap, BTreeSet};

use jejak::registry::Registry;
use jejak::vault::KeyLookup;
use jejak_events::proposal::SealedValues;
use jejak_events::sealed::Group;
use jejak_events::types::declaration;
use jejak_events::values::Sha256Hex;
use serde_json::Value;

use super::fact::kind_of;
use super::in_force::{Form, InForce};
use crate::support;

/// A key: whose, and of which fields.
pub type Key = (String, Group);

/// A local date and the index of an original.
type Moment = (String, u64);

/// What one event sealed, without what was erased before.
struct Sealing {
    stream: String,
    moment: Moment,
    values: BTreeMap<&'static str, (Group, Value)>,
}

/// A stretch of an IKM's time that was somebody's: from where that of another ended until it was not any more.
struct Tenure {
    from: Option<Moment>,
    until: Moment,
}

impl Tenure {
    fn holds(&self, moment: &Moment) -> bool {
        self.from.as_ref().is_none_or(|from| from <= moment) && *moment < self.until
    }
}

/// A document.
struct File {
    subjects: Vec<String>,
    document: String,
    destroyed: bool,
}

/// What one erasure destroyed.
#[derive(Debug, Default, PartialEq)]
pub struct Loss {
    pub keys: BTreeSet<Key>,
    /// Events of which the personal values go, by their stream.
    pub values: BTreeMap<String, Vec<u64>>,
    pub files: BTreeSet<String>,
}

/// Everything sealed, event by event.
#[derive(Default)]
pub struct Ledger {
    in_force: InForce,
    sealed: BTreeMap<u64, Sealing>,
    /// Keys that something was sealed under.
    made: BTreeSet<Key>,
    reached: BTreeSet<Key>,
    /// Events of which the personal values are gone, though others of their stream are not.
    gone: BTreeSet<u64>,
    /// Times of which nothing is sealed any more.
    barred: Vec<(String, Tenure)>,
    files: BTreeMap<String, File>,
    /// Which file was listed, and when that happened.
    listed: Vec<(String, Moment)>,
    /// By the index of the request.
    pub losses: BTreeMap<u64, Loss>,
}

impl Ledger {
    /// Takes in a document that the registry holds.
    pub fn attach(&mut self, file: String, subjects: &[String], document: &str) {
        for subject in subjects {
            let is_erased = self.reached.contains(&(subject.clone(), Group::Personal));
            assert!(!is_erased, "a document about {subject}, erased, is kept again");
        }
        let (subjects, document) = (subjects.to_vec(), document.to_owned());
        let other = self.files.insert(file, File { subjects, document, destroyed: false });
        assert!(other.is_none(), "two documents under one name");
    }

    /// Takes in the record at an index, with the proposal that it was.
    pub fn take(&mut self, index: u64, record: &Value, proposal: &Value) {
        let kind = kind_of(record["type"].as_str().unwrap());
        let sealing = self.sealing(index, record, proposal);
        let lists = [&record["data"]["evidence"], &record["data"]["data"]["evidence"]];
        for evidence in lists.into_iter().filter_map(Value::as_array).flatten() {
            self.listed.push((evidence["sha256"].as_str().unwrap().to_owned(), sealing.moment.clone()));
        }
        self.made.extend(sealing.values.values().map(|(group, _)| (sealing.stream.clone(), *group)));
        self.sealed.insert(index, sealing);
        self.in_force.take(index, record);
        if kind.ends_with(".erasure_requested") {
            self.erase(index, record["subject"].as_str().unwrap());
        }
        if kind == "evidence.redacted" {
            self.files.get_mut(record["data"]["file"].as_str().unwrap()).unwrap().destroyed = true;
        }
    }

    fn sealing(&self, index: u64, record: &Value, proposal: &Value) -> Sealing {
        let corrects = kind_of(record["type"].as_str().unwrap()) == "event.corrected";
        let (said, given) = match corrects {
            true => (&record["data"], &proposal["data"]["data"]),
            false => (record, &proposal["data"]),
        };
        let holder = &said["data"]["holder"];
        let stream = match (&holder["ikm"], &holder["person"]) {
            (Value::String(ikm), _) => format!("ikm/{ikm}"),
            (_, Value::String(person)) => format!("person/{person}"),
            _ => said["subject"].as_str().unwrap().to_owned(),
        };
        let before = corrects.then(|| {
            let original = self.in_force.index_of(&said["target"]);
            self.values(self.in_force.effective(original))
        });
        let original = if corrects { self.in_force.index_of(&said["target"]) } else { index };
        let moment = (said["time"].as_str().unwrap()[..10].to_owned(), original);
        let is_barred = self.barred.iter().any(|(ikm, tenure)| *ikm == stream && tenure.holds(&moment));
        let declared = declaration(said["type"].as_str().unwrap()).unwrap().sealed;
        let kept = declared.iter().filter(|field| !self.reached.contains(&(stream.clone(), field.group)));
        let kept = kept.filter(|field| !(is_barred && field.group == Group::Personal));
        let values = kept.map(|field| {
            let carried = before.as_ref().and_then(|before| before.get(field.name)).cloned();
            let value = given.get(field.name).cloned().or(carried).unwrap_or(Value::Null);
            (field.name, (field.group, value))
        });
        Sealing { values: values.collect(), moment, stream }
    }

    /// The sealed values behind an event, erased ones absent.
    pub fn values(&self, index: u64) -> SealedValues {
        let Some(sealing) = self.sealed.get(&index) else { return SealedValues::new() };
        let values = sealing.values.iter().filter(|(_, (group, _))| self.is_live(index, sealing, *group));
        values.map(|(name, (_, value))| (*name, value.clone())).collect()
    }

    fn is_live(&self, index: u64, sealing: &Sealing, group: Group) -> bool {
        let is_gone = group == Group::Personal && self.gone.contains(&index);
        !is_gone && !self.reached.contains(&(sealing.stream.clone(), group))
    }

    /// The contents in force, with those certificate numbers that can be read.
    pub fn forms(&self) -> Vec<Form> {
        let number = |form: &Form| {
            self.values(form.effective).get("number").and_then(Value::as_str).map(str::to_owned)
        };
        self.in_force.forms().map(|form| Form { number: number(form), ..form.clone() }).collect()
    }

    /// Subjects that an erasure reached, wholly or in what is personal.
    pub fn erased(&self) -> impl Iterator<Item = &str> {
        self.reached.iter().map(|(subject, _)| subject.as_str())
    }

    fn erase(&mut self, request: u64, subject: &str) {
        let reach = self.reach(subject);
        let mut tenures = self.tenures(subject);
        tenures.retain(|(ikm, _)| !reach.contains(&(ikm.clone(), Group::Personal)));
        let mut loss = Loss::default();
        let subjects: BTreeSet<&String> = reach.iter().map(|(subject, _)| subject).collect();
        for (name, file) in self.files.iter_mut().filter(|(_, file)| !file.destroyed) {
            let mut listed = self.listed.iter().filter(|(listed, _)| listed == name);
            let of_that_time = listed.any(|(_, moment)| {
                tenures.iter().any(|(ikm, tenure)| file.subjects.contains(ikm) && tenure.holds(moment))
            });
            if of_that_time || file.subjects.iter().any(|subject| subjects.contains(subject)) {
                file.destroyed = true;
                loss.files.insert(name.clone());
            }
        }
        for (index, sealing) in &self.sealed {
            let groups: BTreeSet<Group> = sealing.values.values().map(|(group, _)| *group).collect();
            for group in groups.into_iter().filter(|group| self.is_live(*index, sealing, *group)) {
                let key = (sealing.stream.clone(), group);
                let mut of_it = tenures.iter().filter(|(ikm, _)| group == Group::Personal && *ikm == key.0);
                if reach.contains(&key) {
                    loss.keys.insert(key);
                } else if of_it.any(|(_, tenure)| tenure.holds(&sealing.moment)) {
                    loss.values.entry(key.0).or_default().push(*index);
                }
            }
        }
        self.gone.extend(loss.values.values().flatten());
        self.barred.extend(tenures);
        self.reached.extend(reach);
        self.losses.insert(request, loss);
    }

    /// What the IKMs say of who they are in law, as far as it is in force, in the order of time.
    fn owners(&self) -> BTreeMap<&str, Vec<&Form>> {
        let mut owners: BTreeMap<&str, Vec<&Form>> = BTreeMap::new();
        for form in self.in_force.forms() {
            if matches!(form.kind.as_str(), "ikm.registered" | "ikm.profile_changed") {
                owners.entry(&form.subject).or_default().push(form);
            }
        }
        owners.values_mut().for_each(|says| says.sort_by(|one, other| one.moment().cmp(&other.moment())));
        owners
    }

    /// The times of IKMs, or of what counts as them, that were a person's and ended.
    fn tenures(&self, person: &str) -> Vec<(String, Tenure)> {
        let ikms: BTreeSet<&str> =
            self.in_force.forms().map(|form| &*form.subject).filter(|one| one.starts_with("ikm/")).collect();
        let owners = self.owners();
        let mut found = Vec::new();
        for ikm in ikms {
            let counts_as = self.counts_as(ikm);
            for by in BTreeSet::from([ikm, &counts_as]) {
                let says = owners.get(by).map_or(&[][..], Vec::as_slice);
                let ended = self.ended(person, says).into_iter();
                found.extend(ended.map(|tenure| (ikm.to_owned(), tenure)));
            }
        }
        found
    }

    fn ended(&self, person: &str, says: &[&Form]) -> Vec<Tenure> {
        // Who it is in law after each of them.
        let after = |count: usize| {
            let said = &says[..count];
            let sole = said.iter().rev().find_map(|form| form.data["sole_proprietor"].as_bool());
            let owner = said.iter().rev().find_map(|form| form.text("owner"));
            owner.filter(|_| sole == Some(true)).map(|owner| self.counts_as(&format!("person/{owner}")))
        };
        let moment = |place: usize| (says[place].date.clone(), says[place].index);
        let mut ended = Vec::new();
        for place in 1..says.len() {
            let is_hers = |count| after(count).as_deref() == Some(person);
            if !is_hers(place) || is_hers(place + 1) {
                continue;
            }
            // Back to where she became it, and from there over what was nobody's.
            let mut first = place;
            while first > 0 && is_hers(first) {
                first -= 1;
            }
            while first > 0 && after(first).is_none() {
                first -= 1;
            }
            let from = (first > 0).then(|| moment(first));
            ended.push(Tenure { from, until: moment(place) });
        }
        ended
    }

    fn reach(&self, subject: &str) -> BTreeSet<Key> {
        let owners = self.owners();
        let mut streams = BTreeSet::from([subject]);
        streams.extend(self.in_force.forms().map(|form| &*form.subject));
        let person_in_law = |ikm: &str| {
            let says = owners.get(ikm).cloned().unwrap_or_default();
            let sole = says.iter().rev().find_map(|form| form.data["sole_proprietor"].as_bool());
            let owner = says.iter().rev().find_map(|form| form.text("owner"));
            owner.filter(|_| sole == Some(true)).map(|owner| self.counts_as(&format!("person/{owner}")))
        };
        let mut reach = BTreeSet::new();
        for stream in streams {
            if self.counts_as(stream) == subject {
                reach.extend([Group::Personal, Group::Confidential].map(|group| (stream.to_owned(), group)));
            }
            let is = |ikm: &str| person_in_law(ikm).is_some_and(|owner| owner == subject);
            if stream.starts_with("ikm/") && (is(stream) || is(&self.counts_as(stream))) {
                reach.insert((stream.to_owned(), Group::Personal));
            }
        }
        reach
    }

    /// Who counts as somebody erased, and whose data are kept all the same: nobody could ask for their erasure.
    pub fn left_over(&self) -> Vec<String> {
        let is_erased = |subject: &str| {
            let asks = |form: &&Form| form.kind.ends_with(".erasure_requested") && form.subject == subject;
            self.in_force.forms().any(|form| asks(&form))
        };
        let made = self.made.iter().filter(|key| key.1 == Group::Personal && !self.reached.contains(*key));
        let kept = made.map(|(subject, _)| (subject, self.counts_as(subject)));
        kept.filter(|(_, as_whom)| is_erased(as_whom))
            .map(|(kept, as_whom)| format!("{kept} as {as_whom}"))
            .collect()
    }

    /// The stream that one counts as.
    fn counts_as(&self, stream: &str) -> String {
        let mut at = stream.to_owned();
        while let Some(merge) =
            self.in_force.forms().find(|form| form.kind.ends_with(".merged") && form.subject == at)
        {
            at = format!("{}/{}", at.split('/').next().unwrap(), merge.text("into").unwrap());
        }
        at
    }

    /// Holds the registry to it: what is sealed opens as it was given, what was erased does not, and so
    /// it is with the documents.
    pub fn hold(&self, registry: &Registry) {
        let look = support::look(registry);
        for index in 0..registry.snapshot().size() {
            let opened = registry.sealed(&look, index).unwrap();
            assert_eq!(opened, self.values(index), "sealed values of event {index}");
        }
        for (name, file) in &self.files {
            let name = Sha256Hex::parse(name).unwrap();
            let key = registry.evidence_key(name.clone()).unwrap();
            let mut document = Vec::new();
            let kept = match &key {
                KeyLookup::Live(key) => {
                    let look = support::look_at_file(registry, &name);
                    registry.evidence().read(&look, &name, &key.secret, &mut document).unwrap();
                    true
                }
                _ => false,
            };
            assert_eq!(kept, !file.destroyed, "document about {:?}", file.subjects);
            assert!(!kept || document == file.document.as_bytes(), "another document");
        }
    }
}
