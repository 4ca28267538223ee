//! Holds a registry against its witness, by reading everything in it more than one way.
//!
//! Must never trust the registry's own account: ids, order, roots and contents are recomputed here from
//! the bytes it serves, and the journal is read once more without the registry.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use jejak::log::local::store::SledLocation;
use jejak::registry::{Options, Registry};
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::proposal::comparable;
use jejak_events::record::Event;
use jejak_events::tree::{Frontier, Hash, leaf_hash};
use jejak_events::values::Date;
use serde::{Deserialize, Serialize};

use super::{witness, workload};
use crate::support;

/// What to inspect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The data directory.
    pub dir: PathBuf,
    /// Directory of the witness files.
    pub witness: PathBuf,
    /// Whether to close it, and then also check the store and the journal by themselves.
    pub close: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What is wrong. Empty: everything the witness says is so.
    pub wrong: Vec<String>,
    /// Acknowledged events that are not in the log at their index.
    pub lost: u64,
    /// Events in the log.
    pub size: u64,
    /// Events that the witness saw acknowledged.
    pub acknowledged: u64,
    /// Sealed events whose disclosures opened to what was proposed.
    pub sealed_opened: u64,
    /// Checkpoints that the log still reproduces.
    pub checkpoints: u64,
    /// Whether opening had to mend anything.
    pub healed: bool,
}

impl Report {
    fn wrong(&mut self, what: impl Into<String>) {
        // A few are enough to see the pattern.
        if self.wrong.len() < 20 {
            self.wrong.push(what.into());
        }
    }

    fn hold(&mut self, so: bool, what: impl FnOnce() -> String) {
        if !so {
            self.wrong(what());
        }
    }
}

/// Opens, reads and compares.
pub fn run(task: &Task) -> Report {
    let mut report = Report::default();
    let options = workload::options(&task.dir, 0);
    let has_witness = witness::acknowledged(&task.witness) > 0;
    match Registry::open(&options) {
        Ok(registry) => {
            inspect(&registry, &task.witness, &mut report);
            if task.close {
                let events = events(&registry, &mut report);
                verify(&registry, &options, &mut report);
                if let Err(error) = registry.close() {
                    report.wrong(format!("it does not close: {error}"));
                }
                check_store(&options.dir.join("sled"), &mut report);
                check_journal(&options.paths().journal(), &events, &mut report);
            }
        }
        // A kill during init leaves nothing to lose.
        Err(_) if !has_witness && finish_init(&task.dir) => {}
        Err(error) => report.wrong(format!("it does not open: {error}")),
    }
    report
}

/// The registry's own full verification must agree.
fn verify(registry: &Registry, options: &Options, report: &mut Report) {
    // Verification asks for a checkpoint, which a registry killed within its first second lacks.
    if let Err(error) = registry.checkpoint() {
        report.wrong(format!("it does not sign: {error}"));
    }
    let today = Date::parse("2025-10-09").unwrap();
    match jejak::verify::verify(registry, options, today, &|_, _, _| true) {
        Ok(verified) => {
            for check in verified.checks.iter().filter(|check| !check.is_sound()) {
                report.wrong(format!("verify, {}: {:?}", check.part, check.problems));
            }
        }
        Err(error) => report.wrong(format!("it does not verify: {error}")),
    }
}

fn finish_init(dir: &Path) -> bool {
    super::writer::open_or_create(&workload::options(dir, 1)).is_ok()
}

/// Every event's bytes, each parsed and counted into a root of our own.
fn events(registry: &Registry, report: &mut Report) -> Vec<Vec<u8>> {
    let mut events = Vec::new();
    let size = registry.reader().size();
    let scanned = registry.reader().scan(0..size, &mut |_, bytes| {
        events.push(bytes.to_vec());
        true
    });
    if let Err(error) = scanned {
        report.wrong(format!("it does not read: {error}"));
    }
    report.hold(events.len() as u64 == size, || format!("{} of {size} events were read", events.len()));
    events
}

fn inspect(registry: &Registry, witness: &Path, report: &mut Report) {
    let opened = &registry.opened().log;
    report.healed = opened.store != jejak::log::StoreState::Sound
        || !opened.journal_healed.is_empty()
        || !opened.torn.is_empty()
        || opened.vault_healed;
    report.hold(!opened.read_only, || "it opened read-only".into());
    let bytes = events(registry, report);
    report.size = bytes.len() as u64;
    report
        .hold(registry.snapshot().facts().size() == report.size, || "the facts do not cover the log".into());

    let mut tree = Frontier::new();
    let mut roots = vec![tree.root()];
    let mut index_of: HashMap<String, u64> = HashMap::new();
    let mut parsed = Vec::new();
    for (index, bytes) in bytes.iter().enumerate() {
        tree.push(leaf_hash(bytes));
        roots.push(tree.root());
        match Event::parse(bytes) {
            Ok(event) => {
                let before = index_of.insert(event.draft.id.to_string(), index as u64);
                report.hold(before.is_none(), || format!("{} stands twice", event.draft.id));
                parsed.push(Some(event));
            }
            Err(error) => {
                report.wrong(format!("event {index} does not parse: {}", error.0));
                parsed.push(None);
            }
        }
    }
    check_checkpoints(registry, witness, &roots, report);
    let mut known = BTreeMap::new();
    for thread in 0..witness::threads(witness) {
        check_thread(registry, witness, thread, &index_of, &parsed, &mut known, report);
    }
    // Nothing stands there that nobody sent. Index 0 is the registry's own.
    for (index, event) in parsed.iter().enumerate().skip(1) {
        let expected = known.contains_key(&(index as u64));
        report.hold(expected || event.is_none(), || format!("nobody sent event {index}"));
    }
}

fn check_checkpoints(registry: &Registry, witness: &Path, roots: &[Hash], report: &mut Report) {
    for note in witness::read_checkpoints(witness) {
        let signed = SignedCheckpoint::parse(note.as_bytes()).unwrap();
        let checkpoint = match registry.log_keys().verify(&signed).cloned() {
            Ok(checkpoint) => checkpoint,
            Err(error) => {
                report.wrong(format!("a checkpoint does not verify: {error}"));
                continue;
            }
        };
        let size = checkpoint.size();
        let ours = usize::try_from(size).ok().and_then(|size| roots.get(size));
        let served = registry.reader().root_at(size).ok();
        if ours == Some(&checkpoint.root()) && served == Some(checkpoint.root()) {
            report.checkpoints += 1;
        } else {
            report.wrong(format!("what was signed at size {size} was taken back"));
        }
    }
}

/// One thread's operations: those with an answer stand where it said, whole and in order; those without
/// stand there once or not at all, atomic ones wholly or not at all.
fn check_thread(
    registry: &Registry,
    witness: &Path,
    thread: u32,
    index_of: &HashMap<String, u64>,
    parsed: &[Option<Event>],
    known: &mut BTreeMap<u64, ()>,
    report: &mut Report,
) {
    let record = witness::read_thread(witness, thread);
    for failure in record.failures {
        report.wrong(failure);
    }
    let look = &support::look(registry);
    let mut last = 0;
    for (number, indexes) in &record.operations {
        let operation = workload::operation(thread, *number);
        let ids: Vec<&str> = operation.values.iter().map(|value| value["id"].as_str().unwrap()).collect();
        let found: Vec<Option<u64>> = ids.iter().map(|id| index_of.get(*id).copied()).collect();
        let name = format!("thread {thread}, operation {number}");
        if let Some(indexes) = indexes {
            report.acknowledged += indexes.len() as u64;
            for (index, found) in indexes.iter().zip(&found) {
                if Some(*index) != *found {
                    report.lost += 1;
                    report.wrong(format!("{name}: acknowledged at {index}, found at {found:?}"));
                }
                report.hold(*index > last, || format!("{name}: {index} was acknowledged after {last}"));
                last = *index;
            }
        } else if operation.atomic {
            let there = found.iter().flatten().count();
            report.hold(there == 0 || there == ids.len(), || format!("{name}: {there} of an atomic batch"));
        }
        for (place, (value, index)) in operation.values.iter().zip(found).enumerate() {
            let Some(index) = index else { continue };
            known.insert(index, ());
            let event =
                usize::try_from(index).ok().and_then(|index| parsed.get(index)).and_then(Option::as_ref);
            let proposed = workload::proposal(value).draft;
            let same = event.is_some_and(|event| {
                event.draft.subject == proposed.subject
                    && event.draft.time == proposed.time
                    && comparable(&event.draft.data) == comparable(&proposed.data)
            });
            report.hold(same, || format!("{name}: event {index} is not what was proposed"));
            let place = u32::try_from(place).unwrap();
            let Some(sealed) = workload::sealed(thread, *number, place) else { continue };
            match registry.sealed(look, index) {
                Ok(opened) if sealed.iter().all(|(name, value)| opened.get(name.as_str()) == Some(value)) => {
                    report.sealed_opened += 1;
                }
                other => report.wrong(format!("{name}: event {index} opens to {other:?}")),
            }
        }
    }
}

fn check_store(directory: &Path, report: &mut Report) {
    let checked = SledLocation::new(directory).open_in_place().and_then(|store| store.check());
    match checked {
        Ok(check) if check.positions == report.size => {}
        other => report.wrong(format!("the store holds {other:?}, the log {}", report.size)),
    }
}

/// Reads the journal as anybody can: text, one event per line.
fn check_journal(directory: &Path, events: &[Vec<u8>], report: &mut Report) {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut at = 0;
    for name in names {
        let bytes = fs::read(directory.join(&name)).unwrap();
        let text = if name.ends_with(".zst") { zstd::decode_all(&bytes[..]).unwrap() } else { bytes };
        let first: usize = name.split('.').next().unwrap().parse().unwrap();
        // A crash between renaming a compressed segment and removing the raw one leaves both.
        report.hold(first <= at, || format!("the journal has a gap from {at} to {first}"));
        let mut index = first;
        for line in text.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{")) {
            report.hold(events.get(index).is_some_and(|event| event == line), || {
                format!("{name} does not say what event {index} is served as")
            });
            index += 1;
        }
        at = at.max(index);
    }
    report.hold(at == events.len(), || format!("the journal ends at {at}, the log at {}", events.len()));
}
