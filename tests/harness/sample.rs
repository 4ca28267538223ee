//! A registry to be damaged, with everything in it written down beforehand: every event's bytes, every
//! sealed value, the root, the last checkpoint.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jejak::registry::{Options, Registry, create};
use jejak_events::identity::{Actor, ActorKind, Subject};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{kill, workload};
use crate::support;

/// What a registry must serve.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Every event's bytes, which are text.
    pub events: Vec<String>,
    /// Sealed values by index.
    pub sealed: BTreeMap<u64, BTreeMap<String, Value>>,
    /// Root over all events.
    pub root: String,
}

/// The sample.
#[derive(Debug)]
pub struct Sample {
    _directory: tempfile::TempDir,
    /// Closed as it should be.
    pub closed: PathBuf,
    /// As a kill left it, with commits past its anchor.
    pub killed: PathBuf,
    /// As it was long before, closed.
    pub older: PathBuf,
    /// What it must serve, as a file for children.
    pub export: PathBuf,
    /// The killed one's anchored size.
    pub anchored: u64,
    /// The last checkpoint.
    pub checkpoint: String,
}

/// Options under which the sample is made and opened: segments so small that there are several.
pub fn options(dir: &Path, seed: u64) -> Options {
    let mut options = workload::options(dir, seed);
    options.log.segment_bytes = 200 << 10;
    // Anchored on request only, so that the killed one has a tail past its anchor.
    options.anchor_interval = Some(Duration::from_secs(600));
    options
}

fn append(registry: &Registry, numbers: std::ops::Range<u32>) {
    let numbers: Vec<u32> = numbers.collect();
    // Several operations share a commit, as they do under load.
    for group in numbers.chunks(12) {
        let values = group.iter().flat_map(|number| workload::operation(0, *number).values);
        let proposals = values.map(|value| workload::proposal(&value)).collect();
        let outcomes = registry.append_blocking(proposals, false).unwrap();
        assert!(outcomes.iter().all(|outcome| outcome.index().is_some()), "{outcomes:?}");
    }
}

fn compress_all_but(registry: &Registry, raw: usize, dir: &Path) {
    let journal = dir.join("journal");
    let raw_left = || {
        let names = fs::read_dir(&journal).unwrap().map(|entry| entry.unwrap().path());
        names.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).count()
    };
    while raw_left() > raw {
        if !registry.compress_next().unwrap() {
            return;
        }
    }
}

/// Reads everything that a registry serves.
pub fn export(registry: &Registry) -> Result<Export, String> {
    let mut export = Export::default();
    let reader = registry.reader();
    let size = reader.size();
    let scanned = reader.scan(0..size, &mut |_, bytes| {
        export.events.push(String::from_utf8_lossy(bytes).into_owned());
        true
    });
    scanned.map_err(|error| error.to_string())?;
    let look = support::look(registry);
    for index in 0..size {
        let sealed = registry.sealed(&look, index).map_err(|error| error.to_string())?;
        if !sealed.is_empty() {
            let sealed = sealed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            export.sealed.insert(index, sealed);
        }
    }
    export.root = reader.root_at(size).map_err(|error| error.to_string())?.to_string();
    Ok(export)
}

impl Sample {
    /// Makes one of `operations` operations.
    pub fn make(operations: u32) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let (closed, killed, older) = (path("closed"), path("killed"), path("older"));
        let options = options(&closed, 11);
        create(&options, &workload::about(&closed)).unwrap();
        let registry = Registry::open(&options).unwrap();
        append(&registry, 0..operations / 2);
        registry.close().unwrap();
        kill::copy(&closed, &older);

        let registry = Registry::open(&options).unwrap();
        append(&registry, operations / 2..operations * 9 / 10);
        registry.checkpoint().unwrap().unwrap();
        let anchored = registry.reader().size();
        compress_all_but(&registry, 2, &closed);
        registry
            .access()
            .note(&Actor { kind: ActorKind::System, id: None }, "test", &[Subject::Registry])
            .unwrap();
        append(&registry, operations * 9 / 10..operations);
        // Nothing writes at this moment: the files are what a kill would leave.
        kill::copy(&closed, &killed);
        let export = export(&registry).unwrap();
        let checkpoint = registry.checkpoint().unwrap().unwrap();
        registry.close().unwrap();
        let file = path("export");
        fs::write(&file, serde_json::to_vec(&export).unwrap()).unwrap();
        Self { _directory: directory, closed, killed, older, export: file, anchored, checkpoint }
    }
}

/// Every file under a directory, relative to it, sorted.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    fn walk(root: &Path, at: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(at).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                walk(root, &entry.path(), found);
            } else {
                found.push(entry.path().strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(directory, directory, &mut found);
    found.sort();
    found
}
