//! Kills (SIGKILL) at random moments under many writers.
//!
//! A kill takes the process and nothing else: what was written stays in the page cache. So this harness
//! shows that the order of writes is right; whether they reach the medium is for `power`.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::child::{self, Task};
use super::inspect::{self, Report};
use super::random::Random;
use super::{seed, share, witness, writer};

/// Longest time that an inspection may take.
pub const INSPECTION_LIMIT: Duration = Duration::from_secs(240);

/// Counts over many kills.
#[derive(Debug, Default)]
pub struct Counts {
    /// Kills.
    pub kills: u64,
    /// Of them, before the writers had started.
    pub early: u64,
    /// Openings that mended something.
    pub healed: u64,
    /// Events acknowledged.
    pub acknowledged: u64,
    /// Acknowledged events that were gone.
    pub lost: u64,
    /// Sealed events opened.
    pub sealed: u64,
    /// Checkpoints still reproduced.
    pub checkpoints: u64,
    /// Events in the logs at their end.
    pub events: u64,
    /// Compressed segments at their end.
    pub compressed: u64,
}

/// Copies a directory; only what a crash would leave is in it, as nobody has it open.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Holds a directory against its witness, in a child.
pub fn inspect(dir: &Path, witness: &Path, close: bool) -> Report {
    let task = inspect::Task { dir: dir.to_owned(), witness: witness.to_owned(), close };
    child::start(Task::Inspect(task)).answer(INSPECTION_LIMIT)
}

/// Kills a writer `kills` times, in directories of `per_directory` kills each; each time a copy of what
/// it left is inspected, and the next writer goes on with the original.
pub fn run(kills: u64, per_directory: u64, seed: u64, task: impl Fn(writer::Task) -> writer::Task) -> Counts {
    let mut random = Random::new(seed);
    let mut counts = Counts::default();
    while counts.kills < kills {
        let directory = tempfile::tempdir().unwrap();
        let (dir, seen) = (directory.path().join("data"), directory.path().join("witness"));
        fs::create_dir(&seen).unwrap();
        for _ in 0..per_directory.min(kills - counts.kills) {
            let writing = task(writer::Task {
                dir: dir.clone(),
                witness: seen.clone(),
                seed: random.next(),
                threads: 16,
                anchor_interval_ms: 30,
                planted: None,
            });
            let before = witness::acknowledged(&seen);
            let mut child = child::start(Task::Write(writing));
            // One in four from the start, which meets init and opening; the others under running writers.
            let early = counts.kills % 4 == 3;
            while !early && witness::acknowledged(&seen) == before {
                assert!(child.is_running(), "the writer ended by itself:\n{}", child.complaints());
                std::thread::sleep(Duration::from_millis(2));
            }
            std::thread::sleep(Duration::from_millis(random.between(5, 400)));
            assert!(child.kill(), "the writer ended by itself:\n{}", child.complaints());
            counts.kills += 1;
            counts.early += u64::from(witness::acknowledged(&seen) == before);

            if !dir.exists() {
                continue;
            }
            let fresh = directory.path().join("copy");
            copy(&dir, &fresh);
            let report = inspect(&fresh, &seen, true);
            assert_eq!(report.wrong, Vec::<String>::new(), "after kill {}: {report:?}", counts.kills);
            counts.healed += u64::from(report.healed);
            counts.lost += report.lost;
            fs::remove_dir_all(&fresh).unwrap();
        }
        let report = inspect(&dir, &seen, true);
        assert_eq!(report.wrong, Vec::<String>::new(), "at the end of a directory: {report:?}");
        counts.acknowledged += report.acknowledged;
        counts.sealed += report.sealed_opened;
        counts.checkpoints += report.checkpoints;
        counts.events += report.size;
        let segments = fs::read_dir(dir.join("journal")).unwrap();
        let compressed = segments
            .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "zst"));
        counts.compressed += compressed.count() as u64;
    }
    counts
}

#[test]
fn kills_lose_nothing_acknowledged() {
    let started = Instant::now();
    let counts = run(share(20, 400), 20, seed("kill"), |task| task);
    println!(
        "kills: {}, before the first answer: {}, openings that mended something: {}, acknowledged: {}, lost: {}, \
         sealed opened: {}, checkpoints reproduced: {}, events: {}, compressed segments: {}, in {:.0?}",
        counts.kills,
        counts.early,
        counts.healed,
        counts.acknowledged,
        counts.lost,
        counts.sealed,
        counts.checkpoints,
        counts.events,
        counts.compressed,
        started.elapsed()
    );
    assert_eq!(counts.lost, 0);
    assert!(counts.acknowledged > counts.kills, "the writers hardly wrote: {counts:?}");
    assert!(counts.checkpoints > 0 && counts.sealed > 0, "{counts:?}");
}
