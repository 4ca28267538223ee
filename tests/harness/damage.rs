//! Damage to every file of the data directory: bytes flipped, files cut. Each time everything
//! acknowledged is served byte for byte, or the registry refuses and names the damage; never anything
//! wrong in silence, never a crash. A refused open leaves journal, vault, keys and anchor as they were;
//! then `recover` is tried.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::examine::{Outcome, examine, recover_in_child};
use super::random::Random;
use super::sample::{Sample, files};
use super::{kill, seed, share};

/// One damage.
#[derive(Clone, Debug)]
struct Case {
    registry: &'static str,
    file: PathBuf,
    damage: Damage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    Flip { offset: u64, mask: u8 },
    Cut { length_bytes: u64 },
}

/// What came of the damages of one kind of file.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    served: u64,
    mended: u64,
    shorter: u64,
    refused: u64,
    recovered: u64,
}

/// Files that are treated alike share a row: segments, sled's snapshots and blobs.
fn kind(file: &Path) -> String {
    let text = file.to_str().unwrap();
    let end = file.extension().map_or("", |end| end.to_str().unwrap());
    match (text.split('/').next().unwrap(), end) {
        ("journal", "zst") => "journal, compressed".into(),
        ("journal", _) => "journal, raw".into(),
        ("sled", _) if text.contains("snap") => "sled/snap".into(),
        ("sled", _) if text.contains("blobs") => "sled/blobs".into(),
        _ => text.into(),
    }
}

fn apply(path: &Path, damage: Damage) {
    match damage {
        Damage::Flip { offset, mask } => {
            let mut bytes = fs::read(path).unwrap();
            bytes[usize::try_from(offset).unwrap()] ^= mask;
            fs::write(path, bytes).unwrap();
        }
        Damage::Cut { length_bytes } => {
            fs::File::options().write(true).open(path).unwrap().set_len(length_bytes).unwrap();
        }
    }
}

/// What a refused open must leave alone.
fn untouchable(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let kept = |file: &PathBuf| {
        ["journal", "vault", "keys", "anchor"].iter().any(|name| file.starts_with(name))
            && !file.ends_with("LOCK")
    };
    files(dir)
        .into_iter()
        .filter(kept)
        .map(|file| (file.clone(), fs::read(dir.join(&file)).unwrap()))
        .collect()
}

fn cases(sample: &Sample, random: &mut Random) -> Vec<Case> {
    let mut cases = Vec::new();
    for (registry, dir, each) in
        [("closed", &sample.closed, share(5, 50)), ("killed", &sample.killed, share(2, 50))]
    {
        let mut by_kind: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for file in files(dir) {
            by_kind.entry(kind(&file)).or_default().push(file);
        }
        for files in by_kind.values() {
            for number in 0..each {
                let file = &files[usize::try_from(number).unwrap() % files.len()];
                let length = fs::metadata(dir.join(file)).unwrap().len();
                if length == 0 {
                    continue;
                }
                let mask = 1 << random.between(0, 8);
                let flip = Damage::Flip { offset: random.between(0, length), mask };
                let cut = Damage::Cut { length_bytes: random.between(0, length) };
                cases.extend([flip, cut].map(|damage| Case { registry, file: file.clone(), damage }));
            }
        }
    }
    cases
}

/// Runs one case; `Err` says what must not be.
fn run(case: &Case, sample: &Sample) -> Result<Counts, String> {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("data");
    let (original, floor) = match case.registry {
        "closed" => (&sample.closed, u64::MAX),
        _ => (&sample.killed, sample.anchored),
    };
    kill::copy(original, &dir);
    apply(&dir.join(&case.file), case.damage);
    let before = untouchable(&dir);
    let mut counts = Counts::default();
    match examine(&dir, &sample.export) {
        Outcome::Served { mended: false, .. } => counts.served += 1,
        Outcome::Served { mended: true, .. } => counts.mended += 1,
        // A crash and damage to the same unanchored commits: the stated limit.
        Outcome::Shorter { size } if size >= floor => counts.shorter += 1,
        Outcome::RefusedToOpen(message) => {
            counts.refused += 1;
            if untouchable(&dir) != before {
                return Err(format!("refused ({message}) and changed files all the same"));
            }
            if message.len() < 20 {
                return Err(format!("the refusal names no damage: {message:?}"));
            }
            if recover_in_child(&dir, None).is_ok() {
                match examine(&dir, &sample.export) {
                    Outcome::Served { .. } => counts.recovered += 1,
                    Outcome::Shorter { size } if size >= floor => counts.recovered += 1,
                    other => return Err(format!("refused ({message}); recovered to {other:?}")),
                }
            } else if untouchable(&dir) != before {
                return Err(format!("refused ({message}); recover refused and changed files all the same"));
            }
        }
        other => return Err(format!("{other:?}")),
    }
    Ok(counts)
}

#[test]
fn damage_to_any_file_is_mended_or_named() {
    let operations = u32::try_from(share(500, 1800)).unwrap();
    let sample = Sample::make(operations);
    let mut random = Random::new(seed("damage"));
    let cases = cases(&sample, &mut random);
    let queue = Mutex::new(cases.iter());
    let rows: Mutex<BTreeMap<(String, &str, &str), Counts>> = Mutex::default();
    let wrong: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(case) = queue.lock().unwrap().next() else { break };
                    let how = if matches!(case.damage, Damage::Flip { .. }) { "flip" } else { "cut" };
                    match run(case, &sample) {
                        Ok(counts) => {
                            let mut rows = rows.lock().unwrap();
                            let row = rows.entry((kind(&case.file), case.registry, how)).or_default();
                            row.served += counts.served;
                            row.mended += counts.mended;
                            row.shorter += counts.shorter;
                            row.refused += counts.refused;
                            row.recovered += counts.recovered;
                        }
                        Err(what) => wrong.lock().unwrap().push(format!("{case:?}: {what}")),
                    }
                }
            });
        }
    });
    println!("{:<22} {:<7} {:<5} served mended shorter refused (recovered)", "file", "closing", "by");
    for ((kind, registry, how), row) in rows.into_inner().unwrap() {
        println!(
            "{kind:<22} {registry:<7} {how:<5} {:>6} {:>6} {:>7} {:>7} {:>11}",
            row.served, row.mended, row.shorter, row.refused, row.recovered
        );
    }
    let wrong = wrong.into_inner().unwrap();
    println!("damages: {}, operations: {operations}, wrong: {}", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
