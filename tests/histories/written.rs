//! Random registries on the disk, for a program that shares nothing with this one to recount.
//!
//! `JEJAK_WRITE_REGISTRIES=<directory>` says where, `JEJAK_HISTORIES` how many (2 when not said), and
//! `JEJAK_HISTORY_SEED` with which seed the first begins. Without a directory they go into one that is gone
//! afterwards.

use std::path::{Path, PathBuf};

use jejak::registry::{InitReport, Options, Registry, create};
use jejak_events::values::Origin;

use super::dice::Dice;
use super::history;
use crate::support;

/// What is played on a real disk and store opens again and answers as it did.
#[test]
fn registries_written_to_the_disk_open_again() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let passing = tempfile::tempdir().unwrap();
    let asked = std::env::var_os("JEJAK_WRITE_REGISTRIES").map(PathBuf::from);
    // Elsewhere `JEJAK_HISTORIES` asks for thousands in memory.
    let count = asked.as_ref().and_then(|_| number("JEJAK_HISTORIES")).unwrap_or(2);
    let directory = asked.unwrap_or_else(|| passing.path().to_owned());
    let first = number("JEJAK_HISTORY_SEED").unwrap_or(0);
    for seed in first..first + count {
        write(&directory.join(seed.to_string()), seed);
    }
}

fn write(directory: &Path, seed: u64) {
    // The clock and the chance of a test; the disk and the store of an office.
    let (in_memory, clock) = support::in_memory(seed);
    let mut options = Options::in_directory(directory);
    options.environment = in_memory.environment;
    let about = InitReport {
        origin: Origin::parse("jejak.example/test").unwrap(),
        source: support::source(),
        synthetic: true,
        recovery_file: directory.join("recovery"),
    };
    create(&options, &about).unwrap();
    let registry = Registry::open(&options).unwrap();
    let played = history(&mut Dice::new(seed), registry, &clock, |_, _| {});
    let before = played.registry.snapshot().facts().encode().unwrap();
    played.registry.close().unwrap();
    let again = Registry::open(&options).unwrap();
    assert!(again.snapshot().facts().encode().unwrap() == before, "history {seed} opens as another one");
    again.close().unwrap();
}
