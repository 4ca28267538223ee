//! Two processes on one directory, and a file system without space.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jejak::registry::{Options, Outcome, Registry, create};
use serde::{Deserialize, Serialize};

use super::child::{self, Child, Task as ChildTask};
use super::ext4::Ext4;
use super::planted::{Planted, PlantedDisk};
use super::{share, workload};

/// What a holder does: opens once `go` is there, answers, and holds what it has until it is killed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The data directory.
    pub dir: PathBuf,
    /// The file that starts the race.
    pub go: PathBuf,
}

/// In the child. `answer` gets `None`, or why it was not opened.
pub fn run(task: &Task, answer: impl Fn(&Option<String>)) {
    while !task.go.exists() {
        std::hint::spin_loop();
    }
    let opened = Registry::open(&workload::options(&task.dir, 31));
    answer(&opened.as_ref().err().map(ToString::to_string));
    loop {
        std::thread::park();
    }
}

fn reply(child: &mut Child) -> Option<String> {
    let started = Instant::now();
    loop {
        if let Some(reply) = child.reply::<Option<String>>() {
            return reply;
        }
        assert!(child.is_running() && started.elapsed() < Duration::from_secs(60), "{}", child.complaints());
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn of_two_processes_one_wins_and_the_other_is_told_which() {
    let directory = tempfile::tempdir().unwrap();
    let dir = directory.path().join("data");
    create(&workload::options(&dir, 30), &workload::about(&dir)).unwrap();
    let races = share(5, 50);
    for race in 0..races {
        let go = directory.path().join(format!("go-{race}"));
        let task = Task { dir: dir.clone(), go: go.clone() };
        let mut children = [(); 2].map(|()| child::start(ChildTask::Hold(task.clone())));
        std::thread::sleep(Duration::from_millis(100));
        fs::write(&go, "").unwrap();
        let replies = children.each_mut().map(reply);
        let pids = children.each_ref().map(|child| child.pid().as_raw_nonzero().get());
        let (winner, refusal) = match &replies {
            [None, Some(refusal)] => (pids[0], refusal),
            [Some(refusal), None] => (pids[1], refusal),
            other => panic!("not exactly one process opened it: {other:?}"),
        };
        let words: Vec<&str> = refusal.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        assert!(words.contains(&winner.to_string().as_str()), "{winner} won, but: {refusal}");
    }
    println!("races: {races}, with exactly one winner, whose id the other was told: {races}");
}

fn append(registry: &Registry, number: u32) -> Result<Vec<Outcome>, String> {
    let proposals = workload::operation(0, number).values.iter().map(workload::proposal).collect();
    registry.append_blocking(proposals, false).map_err(|error| error.to_string())
}

/// Appends operations from `next` on until one fails; answers with their indexes and the failure.
fn append_until_failure(registry: &Registry, next: u32) -> (Vec<Vec<u64>>, String) {
    let mut acknowledged = Vec::new();
    for number in next.. {
        match append(registry, number) {
            Ok(outcomes) => {
                acknowledged.push(outcomes.iter().map(|outcome| outcome.index().unwrap()).collect());
            }
            Err(error) => return (acknowledged, error),
        }
    }
    unreachable!("the numbers do not end")
}

/// Fills a file system until `left_bytes` are free.
fn fill(at: &Path, options: &Options, left_bytes: u64) -> PathBuf {
    let ballast = at.join("ballast");
    let free = options.disk.free_bytes(at).unwrap();
    let file = fs::File::create(&ballast).unwrap();
    // Allocated, not sparse.
    rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, free - left_bytes).unwrap();
    file.sync_all().unwrap();
    ballast
}

fn holds(registry: &Registry, acknowledged: &[Vec<u64>]) {
    for (number, indexes) in (0_u32..).zip(acknowledged) {
        let ids = workload::operation(0, number).values;
        for (index, value) in indexes.iter().zip(ids) {
            let event = registry.event(*index).unwrap();
            assert_eq!(value["id"], event.draft.id.to_string().as_str(), "event {index} is another one");
        }
    }
}

#[test]
fn below_the_floor_on_an_image_appends_are_refused_and_later_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let medium = Ext4::make(directory.path(), "small", 48);
    let dir = medium.path().join("data");
    let mut options = workload::options(&dir, 32);
    options.log.free_floor_bytes = 8 << 20;
    // An anchor compresses what is sealed, and the space that this frees would take what was just refused.
    options.anchor_interval = None;
    create(&options, &workload::about(&dir)).unwrap();
    let registry = Registry::open(&options).unwrap();
    let mut acknowledged: Vec<Vec<u64>> = Vec::new();
    for number in 0..12 {
        let outcomes = append(&registry, number).unwrap();
        acknowledged.push(outcomes.iter().map(|outcome| outcome.index().unwrap()).collect());
    }
    let ballast = fill(medium.path(), &options, (8 << 20) + (256 << 10));
    let (more, refusal) = append_until_failure(&registry, 12);
    acknowledged.extend(more);
    assert!(refusal.contains("bytes free") && refusal.contains("nothing was written"), "{refusal}");
    holds(&registry, &acknowledged);
    let next = u32::try_from(acknowledged.len()).unwrap();
    append(&registry, next).unwrap_err();
    fs::remove_file(ballast).unwrap();
    append(&registry, next).unwrap();
    registry.close().unwrap();
    let registry = Registry::open(&options).unwrap();
    holds(&registry, &acknowledged);
    registry.close().unwrap();
    println!(
        "acknowledged before the floor: {next} operations; after it: refused, and with space taken again"
    );
    medium.discard();
}

#[test]
fn a_disk_on_an_image_that_fills_up_all_the_way_loses_nothing_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let medium = Ext4::make(directory.path(), "full", 48);
    let dir = medium.path().join("data");
    let mut options = workload::options(&dir, 33);
    options.disk = Arc::new(PlantedDisk::new(options.disk, Planted::FreeSpaceUnseen));
    create(&options, &workload::about(&dir)).unwrap();
    let registry = Registry::open(&options).unwrap();
    let mut acknowledged: Vec<Vec<u64>> = Vec::new();
    for number in 0..12 {
        let outcomes = append(&registry, number).unwrap();
        acknowledged.push(outcomes.iter().map(|outcome| outcome.index().unwrap()).collect());
    }
    let ballast = fill(medium.path(), &workload::options(&dir, 34), 64 << 10);
    let (more, failure) = append_until_failure(&registry, 12);
    acknowledged.extend(more);
    // Closing may fail for want of space; nothing acknowledged depends on it.
    let closed = registry.close().map_err(|error| error.to_string());
    let while_full = match Registry::open(&options) {
        Ok(registry) => {
            holds(&registry, &acknowledged);
            let closed = registry.close().map_err(|error| error.to_string());
            format!("opens, closing: {closed:?}")
        }
        Err(error) => error.to_string(),
    };
    fs::remove_file(ballast).unwrap();
    let registry = Registry::open(&options).unwrap();
    holds(&registry, &acknowledged);
    append(&registry, u32::try_from(acknowledged.len()).unwrap()).unwrap();
    registry.close().unwrap();
    println!(
        "acknowledged: {} operations, then: {failure}; closing: {closed:?}; opening while full: {while_full}; \
         with space again everything is there",
        acknowledged.len()
    );
    medium.discard();
}
