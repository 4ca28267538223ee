//! Random registries on the disk, for a program that shares nothing with this one to recount.
//!
//! `JEJAK_WRITE_REGISTRIES=<directory>` says where, `JEJAK_HISTORIES` how many (20 when not said), and
//! `JEJAK_HISTORY_SEED` with which seed the first begins.

use std::path::Path;

use jejak::registry::{InitReport, Options, Registry, create};
use jejak_events::values::Origin;

use super::dice::Dice;
use super::history;
use crate::support;

#[test]
#[ignore = "writes registries for tests/run to recount"]
fn registries_are_written_to_the_disk() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let directory =
        std::env::var("JEJAK_WRITE_REGISTRIES").expect("JEJAK_WRITE_REGISTRIES names a directory");
    let first = number("JEJAK_HISTORY_SEED").unwrap_or(0);
    for seed in first..first + number("JEJAK_HISTORIES").unwrap_or(20) {
        write(&Path::new(&directory).join(seed.to_string()), seed);
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
    let played = history(&mut Dice::new(seed), registry, &clock, |_, _, _| {});
    played.registry.close().unwrap();
}
