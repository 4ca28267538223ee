//! What an inclusion proof costs when nearly every tile and event has to be fetched from the disk.

use std::path::Path;
use std::time::Instant;

use jejak::log::LogError;
use jejak::proof::hand_out::{current_checkpoint, inclusion};
use jejak::registry::{LogReading, Options, Signed};
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::prove::Prover;
use jejak_events::tile::Tile;
use jejak_events::tlog_proof::TlogProof;

/// Proofs made: enough for 200 beyond the 99th percentile.
const PROOFS: usize = 20_000;
/// The first of them, told apart: what opening left in memory helps these least.
const FIRST: usize = 1_000;

/// Makes proofs of random events of a registry, as `jejak log proof` makes them.
pub fn measure(dir: &Path) {
    let (opened, size) = super::timed_open(dir);
    let (reader, keys) = (opened.reader(), opened.log_keys());
    let key = keys.current().expect("a key");
    let options = Options::in_directory(dir);
    let log = LogReading::of(&opened, &options, Signed::Wanted).expect("a registry that signs");
    let note = current_checkpoint(&log, &options).expect("a checkpoint");
    let mut random = super::random_indexes(size);
    let (mut whole_us, mut hashes_us, mut reading_us) = (Vec::new(), Vec::new(), Vec::new());
    let mut verifying_us = Vec::new();
    for _ in 0..PROOFS {
        let index = random();
        let started = Instant::now();
        let proof = inclusion(reader, &note, &keys, index).expect("a proof that verifies");
        whole_us.push(elapsed_us(started));

        // Its parts, at another index, so that neither finds what the other fetched.
        let index_of_parts = random();
        let started = Instant::now();
        let entry = reader.read(index_of_parts).expect("the event");
        reading_us.push(elapsed_us(started));
        let index_of_parts = random();
        let started = Instant::now();
        let mut prover = Prover::new(size, |tile: Tile| {
            let hashes = reader.tile(tile.level(), tile.index())?;
            Ok::<_, LogError>(hashes.iter().take(usize::from(tile.width())).flat_map(|hash| hash.0).collect())
        });
        let hashes = prover.inclusion(index_of_parts, size).expect("hashes");
        hashes_us.push(elapsed_us(started));

        assert!(proof.index() == index && !entry.is_empty(), "another proof than asked for");
        let signed = SignedCheckpoint::parse(note.as_bytes()).expect("the checkpoint");
        let proof = TlogProof::new(hashes, signed).expect("of one size");
        let entry = reader.read(index_of_parts).expect("the event");
        let started = Instant::now();
        proof.verify(&entry, key).expect("it verifies");
        verifying_us.push(elapsed_us(started));
    }
    println!(
        "{PROOFS} inclusion proofs of random events at {size} events; the page cache is warm: the log was"
    );
    println!(
        "written by the process before, and opened by this one. The reader keeps 64 of {} tiles.",
        size / 256
    );
    println!("{:<44} {:>9} {:>9} {:>9}", "us", "p50", "p99", "most");
    let row = |what: &str, values: &[f64]| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |percent: usize| sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)];
        println!("{what:<44} {:>9.0} {:>9.0} {:>9.0}", at(50), at(99), at(100));
    };
    row("a proof as handed out: made and verified", &whole_us);
    row("  of these the first 1,000 after opening", &whole_us[..FIRST]);
    row("its hashes alone", &hashes_us);
    row("its event alone", &reading_us);
    // Nothing is read here: what is slow here is the machine's other work.
    row("its verification alone", &verifying_us);
    opened.close().expect("closes");
}

fn elapsed_us(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e6
}
