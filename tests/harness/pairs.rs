//! Several files damaged together, and directories put back to an older state: what opening notices by
//! itself, what a kept checkpoint is needed for, and what nobody can recover.
//!
//! What `recover` can do, and what it cannot:
//!
//! * *Journal* and *vault* come back from the store, wholly if need be, and the store from them. What both
//!   copies lack up to the anchor is gone: recovering refuses and names indexes or vault bytes, and only
//!   a backup helps. What both lack past the anchor is given up and named; the rest goes to `torn/`.
//! * *Keys* come back line by line from the other copy. A line damaged in both, or a lost directory, only
//!   comes back from a backup of the keys; no key is ever made in its place.
//! * *Anchor*: one slot, or the stored checkpoint, is enough. With all three gone the registry is read-only
//!   until somebody brings a checkpoint that was handed out; events past it count as far as their roots
//!   chain.
//! * A *whole directory* put back to an older state is sound in itself. Whoever holds a later checkpoint can
//!   show it: recovering with it refuses.
//! * The *access log* and the lock file are not part of the log: damage to them is neither noticed nor
//!   mended.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jejak::log::LogError;
use jejak::registry::{Registry, RegistryError};
use jejak_events::tree::{Hash, leaf_hash};
use tempfile::TempDir;

use super::examine::{Outcome, examine, recover_in_child};
use super::sample::{self, Sample, files};
use super::{kill, workload};

struct Scratch {
    directory: TempDir,
    sample: Sample,
}

impl Scratch {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), sample: Sample::make(240) }
    }

    /// A fresh copy of a registry of the sample.
    fn copy(&self, of: &Path, name: &str) -> PathBuf {
        let dir = self.directory.path().join(name);
        kill::copy(of, &dir);
        dir
    }

    fn examine(&self, dir: &Path) -> Outcome {
        examine(dir, &self.sample.export)
    }
}

/// Every file with the hash of its bytes, the locks and sled's own apart: sled may write when it is merely
/// opened, and a read-only registry reads a copy of it.
fn content(dir: &Path) -> BTreeMap<PathBuf, Hash> {
    let apart = ["sled", "sled.copy", "LOCK", "keys/LOCK"];
    let own = |file: &PathBuf| !apart.iter().any(|name| file.starts_with(name));
    let files = files(dir).into_iter().filter(own);
    files.map(|file| (file.clone(), leaf_hash(&fs::read(dir.join(file)).unwrap()))).collect()
}

fn flip(path: &Path, offset: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[offset] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

/// The journal's first raw segment, and the offset of a byte in the middle of its first line.
fn raw_segment(dir: &Path) -> PathBuf {
    let segments = files(&dir.join("journal"));
    let raw = segments.into_iter().find(|file| file.extension().is_some_and(|end| end == "jsonl")).unwrap();
    dir.join("journal").join(raw)
}

fn refused(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::RefusedToOpen(message) => message,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_whole_directory_put_back_is_noticed_by_the_holder_of_a_later_checkpoint() {
    let scratch = Scratch::new();
    let dir = scratch.copy(&scratch.sample.older, "older");
    // By itself it is sound: the stated limit of `docs/architecture.md`.
    assert!(matches!(scratch.examine(&dir), Outcome::Shorter { .. }));
    let dir = scratch.copy(&scratch.sample.older, "older again");
    let before = content(&dir);
    let refusal = recover_in_child(&dir, Some(&scratch.sample.checkpoint)).unwrap_err();
    assert!(refusal.contains("index"), "{refusal}");
    assert_eq!(content(&dir), before, "a refused recovery changed files");
}

#[test]
fn anchor_checkpoint_and_journal_put_back_together_are_made_good_from_the_store() {
    let scratch = Scratch::new();
    let dir = scratch.copy(&scratch.sample.closed, "mixed");
    for file in ["anchor", "checkpoint"] {
        fs::copy(scratch.sample.older.join(file), dir.join(file)).unwrap();
    }
    fs::remove_dir_all(dir.join("journal")).unwrap();
    kill::copy(&scratch.sample.older.join("journal"), &dir.join("journal"));
    assert_eq!(scratch.examine(&dir), Outcome::Served { mended: true, read_only: false });

    // With the store gone as well nothing inside the directory knows better; a later checkpoint does.
    let dir = scratch.copy(&dir, "mixed, checkpoint");
    for file in ["anchor", "checkpoint"] {
        fs::copy(scratch.sample.older.join(file), dir.join(file)).unwrap();
    }
    fs::remove_dir_all(dir.join("journal")).unwrap();
    kill::copy(&scratch.sample.older.join("journal"), &dir.join("journal"));
    fs::remove_dir_all(dir.join("sled")).unwrap();
    let refusal = recover_in_child(&dir, Some(&scratch.sample.checkpoint)).unwrap_err();
    assert!(refusal.contains("index"), "{refusal}");
}

#[test]
fn without_any_witness_it_is_read_only_until_recovered_with_a_checkpoint() {
    let scratch = Scratch::new();
    for damage in ["gone", "spoilt"] {
        let dir = scratch.copy(&scratch.sample.closed, damage);
        for (file, offsets) in [("anchor", &[20, 4096 + 20][..]), ("checkpoint", &[5])] {
            if damage == "gone" {
                fs::remove_file(dir.join(file)).unwrap();
            } else {
                offsets.iter().for_each(|offset| flip(&dir.join(file), *offset));
            }
        }
        assert_eq!(scratch.examine(&dir), Outcome::Served { mended: true, read_only: true }, "{damage}");

        let before = content(&dir);
        let registry = Registry::open(&sample::options(&dir, 20)).unwrap();
        let values = workload::operation(3, 1).values;
        let answer = registry.append_blocking(values.iter().map(workload::proposal).collect(), false);
        let error = answer.unwrap_err();
        assert!(error.to_string().contains("--checkpoint"), "{error}");
        assert!(registry.checkpoint().is_err(), "a read-only registry signed");
        registry.close().unwrap();
        assert_eq!(content(&dir), before, "{damage}: a refused proposal changed files");

        let refusal = recover_in_child(&dir, None).unwrap_err();
        assert!(refusal.starts_with("read-only"), "{refusal}");
        assert_eq!(content(&dir), before, "{damage}: a refused recovery changed files");

        recover_in_child(&dir, Some(&scratch.sample.checkpoint)).unwrap();
        assert!(matches!(scratch.examine(&dir), Outcome::Served { read_only: false, .. }), "{damage}");
        let registry = Registry::open(&sample::options(&dir, 21)).unwrap();
        let outcomes =
            registry.append_blocking(values.iter().map(workload::proposal).collect(), false).unwrap();
        assert!(outcomes[0].index().is_some(), "{outcomes:?}");
        registry.close().unwrap();
    }
}

#[test]
fn a_checkpoint_of_another_log_recovers_nothing() {
    let scratch = Scratch::new();
    let dir = scratch.copy(&scratch.sample.closed, "foreign");
    let mut note = scratch.sample.checkpoint.clone();
    note = note.replacen("jejak.example", "jejak.sample", 1);
    let before = content(&dir);
    recover_in_child(&dir, Some(&note)).unwrap_err();
    assert_eq!(content(&dir), before);
}

#[test]
fn what_is_damaged_in_both_copies_is_named_and_left_alone() {
    let scratch = Scratch::new();
    let sample = &scratch.sample;
    type Harm = fn(&Path);
    let harms: [(&str, &str, Harm); 3] = [
        ("the journal, without a store", "index", |dir| {
            flip(&raw_segment(dir), 200);
            fs::remove_dir_all(dir.join("sled")).unwrap();
        }),
        ("the vault, without a store", "vault", |dir| {
            flip(&dir.join("vault"), 200);
            fs::remove_dir_all(dir.join("sled")).unwrap();
        }),
        ("both copies of the keys", "line", |dir| {
            for copy in ["keys-a", "keys-b"] {
                let path = dir.join("keys").join(copy);
                let middle = fs::metadata(&path).unwrap().len() / 2;
                flip(&path, usize::try_from(middle).unwrap());
            }
        }),
    ];
    for (name, named, harm) in harms {
        let dir = scratch.copy(&sample.closed, name);
        harm(&dir);
        let before = content(&dir);
        let outcome = scratch.examine(&dir);
        assert!(refused(&outcome).contains(named), "{name}: {outcome:?}");
        assert_eq!(content(&dir), before, "{name}: a refused open changed files");
        let refusal = recover_in_child(&dir, Some(&sample.checkpoint)).unwrap_err();
        assert!(refusal.contains(named), "{name}: {refusal}");
        assert!(!dir.join("sled.copy").exists(), "{name}: the copy of the store was left behind");
        assert_eq!(content(&dir), before, "{name}: a refused recovery changed files");
    }
}

#[test]
fn sealed_values_lost_past_the_anchor_are_given_up_by_recovering_only() {
    let scratch = Scratch::new();
    let dir = scratch.copy(&scratch.sample.killed, "vault cut");
    let vault = fs::File::options().write(true).open(dir.join("vault")).unwrap();
    // Neither the killed store nor the cut file has the last frames.
    vault.set_len(vault.metadata().unwrap().len() - 100).unwrap();
    let before = content(&dir);
    let outcome = scratch.examine(&dir);
    assert!(refused(&outcome).contains("vault"), "{outcome:?}");
    assert_eq!(content(&dir), before, "a refused open changed files");
    recover_in_child(&dir, None).unwrap();
    let Outcome::Shorter { size } = scratch.examine(&dir) else { panic!("not shorter") };
    assert!(size >= scratch.sample.anchored, "{size}");
    assert!(dir.join("torn").is_dir(), "what was given up is nowhere");
}

#[test]
fn a_broken_commit_before_whole_ones_is_never_cut_off_in_silence() {
    let scratch = Scratch::new();
    let dir = scratch.copy(&scratch.sample.killed, "broken commit");
    let segment = files(&dir.join("journal")).pop().unwrap();
    let path = dir.join("journal").join(segment);
    let text = fs::read_to_string(&path).unwrap();
    // The event right behind the first commit past the anchor; whole commits follow.
    let sizes = text.match_indices("#commit ").map(|(at, _)| {
        let size = text[at..].split(' ').nth(1).unwrap().parse::<u64>().unwrap();
        (at, size)
    });
    let past: Vec<(usize, u64)> = sizes.filter(|(_, size)| *size > scratch.sample.anchored).collect();
    assert!(past.len() > 1, "the sample has too few commits past its anchor: {past:?}");
    flip(&path, past[0].0 - 10);
    fs::remove_dir_all(dir.join("sled")).unwrap();
    let before = content(&dir);
    let outcome = scratch.examine(&dir);
    assert!(refused(&outcome).contains("index"), "{outcome:?}");
    assert_eq!(content(&dir), before, "a refused open changed files");
    recover_in_child(&dir, None).unwrap();
    assert_eq!(scratch.examine(&dir), Outcome::Shorter { size: scratch.sample.anchored });
}

#[test]
fn the_store_alone_brings_journal_and_vault_back() {
    let scratch = Scratch::new();
    let dir = scratch.copy(&scratch.sample.closed, "store only");
    fs::remove_dir_all(dir.join("journal")).unwrap();
    fs::remove_file(dir.join("vault")).unwrap();
    recover_in_child(&dir, None).unwrap();
    assert!(matches!(scratch.examine(&dir), Outcome::Served { read_only: false, .. }));
    let dir = scratch.copy(&scratch.sample.closed, "journal only");
    fs::remove_dir_all(dir.join("sled")).unwrap();
    recover_in_child(&dir, None).unwrap();
    assert!(matches!(scratch.examine(&dir), Outcome::Served { read_only: false, .. }));
}

#[test]
fn keys_are_never_made_anew_for_a_log_that_has_some() {
    let scratch = Scratch::new();
    let dir = scratch.copy(&scratch.sample.closed, "no keys");
    fs::remove_dir_all(dir.join("keys")).unwrap();
    let before = content(&dir);
    assert!(matches!(Registry::open(&sample::options(&dir, 22)), Err(RegistryError::Keys(_))));
    recover_in_child(&dir, Some(&scratch.sample.checkpoint)).unwrap_err();
    assert_eq!(content(&dir), before);
    let held = Registry::open(&sample::options(&scratch.sample.closed, 23)).unwrap();
    let error = Registry::open(&sample::options(&scratch.sample.closed, 24)).unwrap_err();
    assert!(matches!(error, RegistryError::Log(LogError::Held { .. })), "{error}");
    held.close().unwrap();
}
