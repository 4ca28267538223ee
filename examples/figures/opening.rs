//! What opening costs: of a registry that was closed, of one whose process was killed, and of one whose stored state is
//! damaged.

use std::path::Path;
use std::time::Instant;

use jejak::readmodel::rebuild;
use jejak_events::tree::leaf_hash;

use crate::workload::Shape;

const BATCH: usize = 100;

/// Fills a registry and leaves it.
pub fn fill(dir: &Path, events: u64) {
    let shape = Shape::of(events);
    let opened = super::registry(dir);
    let foundation = super::append_all(&opened, shape.foundation(), 1000);
    super::append_all(&opened, (0..events).map(|number| shape.attendance(number)), 1000);
    println!("{} events, {foundation} of them what the attendances rest on", opened.reader().size());
    opened.close().expect("closes");
}

/// Appends so many events to a registry that [`fill`] left, says what was acknowledged, and ends as a killed process
/// does: nothing is closed.
pub fn append_and_die(dir: &Path, events: u64) {
    let opened = super::registry(dir);
    let before = opened.reader().size();
    let shape = Shape { ikms: 1, programs: 1, enrolled_per_program: 1, sessions: 1, days: 1 };
    super::append_all(&opened, (0..events).map(|number| shape.ikm(500_000_000 + before + number)), BATCH);
    println!("acknowledged {}", opened.reader().size());
    std::process::abort();
}

/// Opens, and says how long it took, what was stored and replayed, and one digest over the answers of all views.
pub fn opening(dir: &Path) {
    let started = Instant::now();
    let opened = super::registry(dir);
    let seconds = started.elapsed().as_secs_f64();
    let (size, state) = (opened.reader().size(), &opened.opened().state);
    println!(
        "open {seconds:.3} s size {size} stored {} replayed {} problems {} peak_mib {}",
        state.stored,
        state.replayed,
        state.problems.len(),
        super::peak_kib() / 1024
    );
    let answers =
        rebuild::answer_all(opened.snapshot().facts(), size, rebuild::far_future(), 2).expect("answered");
    let digests: Vec<String> = answers.iter().map(|answer| answer.digest.to_string()).collect();
    println!("digest {:?}", leaf_hash(digests.concat().as_bytes()));
    opened.close_without_anchor().expect("closes");
}
