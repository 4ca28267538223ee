//! Power cuts on a real file system with a real sled: the writer stands still, the medium is copied,
//! and the copy is opened.
//!
//! The control shows that the copy holds what the medium holds, not what the page cache shows: a bare
//! sled that acknowledges after `flush()` loses what it acknowledged.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde::{Deserialize, Serialize};

use super::child::{self, Child, Task};
use super::ext4::Ext4;
use super::inspect::Report;
use super::planted::Planted;
use super::random::Random;
use super::{kill, seed, share, witness, writer};

/// Size of the images, in mebibytes.
const IMAGE_MEBIBYTES: u64 = 96;
/// Cuts that one image goes through, one after another.
const CUTS_PER_IMAGE: u64 = 5;

/// Lets a writer run until it acknowledged more than `seen`, and a random while longer; then stops it
/// and waits until none of its threads can write any more.
fn stop_at_random(child: &mut Child, seen: impl Fn() -> bool, random: &mut Random) {
    let started = Instant::now();
    while !seen() {
        assert!(child.is_running(), "the writer ended by itself:\n{}", child.complaints());
        assert!(started.elapsed() < Duration::from_secs(60), "the writer does not write");
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(random.between(10, 500)));
    child.signal(Signal::STOP);
    let tasks = format!("/proc/{}/task", child.pid().as_raw_nonzero());
    // A thread inside a sync ends it first.
    while !fs::read_dir(&tasks).unwrap().all(|task| stands_still(&task.unwrap().path())) {
        assert!(started.elapsed() < Duration::from_secs(120), "the writer does not stand still");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn stands_still(task: &Path) -> bool {
    // State is the first field after the name in parentheses; a thread that ended has no file.
    let Ok(stat) = fs::read_to_string(task.join("stat")) else { return true };
    stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with(['T', 'Z', 'X']))
}

/// Counts over many cuts.
#[derive(Debug, Default)]
pub struct Counts {
    /// Power cuts.
    pub cuts: u64,
    /// Of them, with something acknowledged lost or something signed taken back.
    pub cuts_with_loss: u64,
    /// Openings that mended something.
    pub healed: u64,
    /// Events acknowledged.
    pub acknowledged: u64,
    /// Acknowledged events lost.
    pub lost: u64,
    /// Sealed events opened.
    pub sealed: u64,
    /// Checkpoints still reproduced.
    pub checkpoints: u64,
}

/// Cuts the power `cuts` times. Answers with the counts and what was found wrong after each cut; after a
/// cut with something wrong a new image is begun.
pub fn run(cuts: u64, seed: u64, anchor_interval_ms: u64, planted: Option<Planted>) -> (Counts, Vec<Report>) {
    let mut random = Random::new(seed);
    let mut counts = Counts::default();
    let mut wrong = Vec::new();
    while counts.cuts < cuts {
        let directory = tempfile::tempdir().unwrap();
        let seen = directory.path().join("witness");
        fs::create_dir(&seen).unwrap();
        let mut medium = Ext4::make(directory.path(), "medium-0", IMAGE_MEBIBYTES);
        let mut last = Report::default();
        for cut in 1..=CUTS_PER_IMAGE.min(cuts - counts.cuts) {
            let before = witness::acknowledged(&seen);
            let mut child = child::start(Task::Write(writer::Task {
                dir: medium.path().join("data"),
                witness: seen.clone(),
                seed: random.next(),
                threads: 16,
                anchor_interval_ms,
                planted,
            }));
            stop_at_random(&mut child, || witness::acknowledged(&seen) > before, &mut random);
            let copy = medium.copy_medium(&format!("medium-{cut}"));
            assert!(child.kill(), "the writer ended by itself:\n{}", child.complaints());
            medium.discard();
            medium = Ext4::mount(copy);
            counts.cuts += 1;

            // Not closed on every other cut, so that the next writer mends on its own.
            let report = kill::inspect(&medium.path().join("data"), &seen, cut % 2 == 0);
            counts.healed += u64::from(report.healed);
            counts.lost += report.lost;
            last = report.clone();
            if !report.wrong.is_empty() {
                counts.cuts_with_loss += 1;
                wrong.push(report);
                break;
            }
        }
        medium.discard();
        counts.acknowledged += last.acknowledged;
        counts.sealed += last.sealed_opened;
        counts.checkpoints += last.checkpoints;
    }
    (counts, wrong)
}

#[test]
fn power_cuts_on_an_image_lose_nothing_acknowledged_and_take_nothing_signed_back() {
    let started = Instant::now();
    let (counts, wrong) = run(share(3, 30), seed("power"), 30, None);
    println!(
        "power cuts: {}, openings that mended something: {}, acknowledged: {}, lost: {}, sealed opened: {}, \
         checkpoints reproduced: {}, in {:.0?}",
        counts.cuts,
        counts.healed,
        counts.acknowledged,
        counts.lost,
        counts.sealed,
        counts.checkpoints,
        started.elapsed()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(counts.lost, 0);
    assert!(counts.acknowledged > 0 && counts.checkpoints > 0, "{counts:?}");
}

/// The control's child: a bare sled, acknowledging after `flush()`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BareSled {
    /// Its directory.
    pub dir: PathBuf,
    /// Directory of the witness files.
    pub witness: PathBuf,
}

fn key(number: u32) -> [u8; 4] {
    number.to_be_bytes()
}

/// Writes until killed.
pub fn write_bare_sled(task: &BareSled) {
    let sled = sled::Config::new().path(&task.dir).flush_every_ms(None).open().unwrap();
    let mut witness = witness::Witness::of_thread(&task.witness, 0);
    for number in 1_u32.. {
        sled.insert(key(number), [7; 300].as_slice()).unwrap();
        witness.sent(number);
        sled.flush().unwrap();
        witness.acknowledged(number, &[u64::from(number)]);
    }
}

/// How many of the first `acknowledged` keys a sled still has; `None` when it does not open.
pub fn count_bare_sled(task: &BareSled) -> Option<u64> {
    let sled = sled::Config::new().path(&task.dir).flush_every_ms(None).open().ok()?;
    let acknowledged = witness::acknowledged(&task.witness) as u32;
    Some(
        (1..=acknowledged).filter(|number| sled.get(key(*number)).is_ok_and(|value| value.is_some())).count()
            as u64,
    )
}

#[test]
fn the_control_on_an_image_loses_what_sled_alone_acknowledged() {
    let mut random = Random::new(seed("power control"));
    let runs = share(2, 10);
    let (mut with_loss, mut acknowledged, mut lost) = (0, 0, 0);
    for _ in 0..runs {
        let directory = tempfile::tempdir().unwrap();
        let seen = directory.path().join("witness");
        fs::create_dir(&seen).unwrap();
        let medium = Ext4::make(directory.path(), "medium", IMAGE_MEBIBYTES);
        let task = BareSled { dir: medium.path().join("sled"), witness: seen.clone() };
        let mut child = child::start(Task::WriteBareSled(task));
        stop_at_random(&mut child, || witness::acknowledged(&seen) > 0, &mut random);
        let copy = medium.copy_medium("copy");
        child.kill();
        medium.discard();
        let medium = Ext4::mount(copy);
        let task = BareSled { dir: medium.path().join("sled"), witness: seen.clone() };
        let sent = witness::acknowledged(&seen) as u64;
        let mut child = child::start(Task::CountBareSled(task));
        // sled may also panic over what it finds; then everything is lost.
        child.wait(Duration::from_secs(60));
        let kept = child.reply::<Option<u64>>().flatten().unwrap_or(0);
        medium.discard();
        with_loss += u64::from(kept < sent);
        acknowledged += sent;
        lost += sent - kept;
    }
    println!(
        "bare sled: power cuts: {runs}, with loss: {with_loss}, acknowledged: {acknowledged}, lost: {lost}"
    );
    assert!(
        with_loss * 2 > runs,
        "the copied image does not show what the medium lacks: {with_loss} of {runs}"
    );
}
