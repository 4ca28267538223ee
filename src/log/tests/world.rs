//! A disk, a store and a notary together; a script that works on them; and a witness of its own that
//! knows what was acknowledged.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak_events::tree::Hash;

use super::store::SimOpener;
use crate::disk::sim::{Fault, Faults, SimulatedDisk};
use crate::log::{
    Commit, Log, LogError, LogPaths, LogSettings, Notary, OnOpening, OpenReport, Reach, ScrubStep,
};

/// Signs by a checksum: enough to tell an altered note.
#[derive(Debug)]
pub(super) struct TestNotary;

impl Notary for TestNotary {
    fn sign(&self, size: u64, root: Hash) -> Result<String, String> {
        let body = format!("jejak.example/log\n{size}\n{root}\n");
        Ok(format!("{body}{:08x}\n", crc32c::crc32c(body.as_bytes())))
    }

    fn check(&self, note: &str) -> Result<(u64, Hash), String> {
        let mut lines = note.lines().skip(1);
        let mut next = || lines.next().ok_or_else(|| "a line is missing".to_owned());
        let size = next()?.parse().map_err(|_| "no size".to_owned())?;
        let root = Hash::from_base64(next()?).ok_or("it has no hash")?;
        if self.sign(size, root)? == note { Ok((size, root)) } else { Err("not ours".to_owned()) }
    }
}

/// What the outside was told.
#[derive(Clone, Debug, Default)]
pub(super) struct Witness {
    /// Events acknowledged, in order.
    pub(super) acknowledged: Vec<Vec<u8>>,
    /// Vault frames of acknowledged commits, each with its offset.
    pub(super) frames: Vec<(u64, Vec<u8>)>,
    /// Events of the commit that was under way.
    pub(super) under_way: Vec<Vec<u8>>,
    /// Checkpoints handed out.
    pub(super) checkpoints: Vec<(u64, Hash)>,
    /// The last of them, as text.
    pub(super) note: Option<String>,
    /// A sync during opening may have lied, so that bytes cut off may come back, to be cut again.
    pub(super) cut_may_return: bool,
    /// The log exists: creating it was acknowledged.
    pub(super) created: bool,
}

/// Everything a log stands on.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) disk: SimulatedDisk,
    pub(super) opener: SimOpener,
}

pub(super) fn paths() -> LogPaths {
    let mut paths = LogPaths::in_directory("/data");
    paths.anchor = PathBuf::from("/elsewhere/anchor");
    paths
}

/// Small, so that everything happens within a few commits.
pub(super) const SETTINGS: LogSettings =
    LogSettings { segment_bytes: 6_000, free_floor_bytes: 1 << 20, chunk_bytes: 1_500 };

impl World {
    pub(super) fn new(fault: Option<Fault>) -> Self {
        let faults = Faults::default();
        faults.plan(fault);
        Self { disk: SimulatedDisk::new(faults.clone()), opener: SimOpener::new(faults) }
    }

    /// The same files, as another process on the same machine sees them.
    pub(super) fn fork(&self) -> Self {
        let disk = self.disk.fork();
        let opener = self.opener.fork(disk.faults());
        Self { disk, opener }
    }

    /// The files after a power cut.
    pub(super) fn crash(&self, seed: u64) -> Self {
        let disk = self.disk.crash(seed);
        let opener = self.opener.crash(seed, disk.faults());
        Self { disk, opener }
    }

    pub(super) fn create(&self) -> Result<Log, LogError> {
        Log::create(Arc::new(self.disk.clone()), &self.opener, Arc::new(TestNotary), paths(), SETTINGS)
    }

    /// Opens the log, reading its end where that is enough, and reads every event.
    pub(super) fn open(&self) -> Result<(Log, OpenReport, Vec<Vec<u8>>), LogError> {
        self.open_reading(Reach::End, &|_, _| {})
    }

    /// As `open`, and all of it is read and settled.
    pub(super) fn open_whole(&self) -> Result<(Log, OpenReport, Vec<Vec<u8>>), LogError> {
        self.open_reading(Reach::Whole, &|_, _| {})
    }

    /// As `open`, and tells how far it is. As a registry does, it reads everything where an event cannot be had.
    pub(super) fn open_reading(
        &self,
        reach: Reach,
        on_progress: OnOpening<'_>,
    ) -> Result<(Log, OpenReport, Vec<Vec<u8>>), LogError> {
        let (disk, notary) = (Arc::new(self.disk.clone()), Arc::new(TestNotary));
        let (log, report) = Log::open(disk, &self.opener, notary, paths(), SETTINGS, reach, on_progress)?;
        let mut seen = Vec::new();
        let read = log.reader().scan(0..log.size(), &mut |index, event| {
            assert_eq!(index, seen.len() as u64);
            seen.push(event.to_vec());
            true
        });
        match read {
            Ok(()) => Ok((log, report, seen)),
            Err(_) if report.read_from > 0 => {
                drop(log);
                self.open_whole()
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn flip(&self, path: &Path, offset: usize, mask: u8) {
        let mut bytes = self.disk.snapshot().remove(path).unwrap();
        bytes[offset] ^= mask;
        self.disk.put(path, &bytes);
    }
}

/// How much of a costly test is done: all of it with `JEJAK_TEST_LONG=1`.
pub(super) fn amount(short: usize, long: usize) -> usize {
    if std::env::var_os("JEJAK_TEST_LONG").is_some() { long } else { short }
}

/// Pseudo-random numbers: a splitmix64 sequence.
#[derive(Clone, Debug)]
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 16).unwrap() % limit
    }

    pub(super) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..length.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).collect();
        bytes.truncate(length);
        bytes
    }
}

pub(super) fn event(numbers: &mut Numbers, number: usize) -> Vec<u8> {
    let words = numbers.below(20);
    let filler: String = (0..words).map(|_| format!("{:016x}", numbers.next())).collect();
    format!("{{\"n\":{number},\"text\":\"{filler}\"}}").into_bytes()
}

pub(super) fn frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(payload.len()).unwrap().to_le_bytes().to_vec();
    frame.extend(crc32c::crc32c(payload).to_le_bytes());
    frame.extend(payload);
    frame
}

/// Commits one batch and notes what came of it.
pub(super) fn commit(
    log: &mut Log,
    numbers: &mut Numbers,
    events: usize,
    frames: usize,
    witness: &mut Witness,
) -> Result<(), LogError> {
    let at = usize::try_from(log.size()).unwrap();
    let events: Vec<Vec<u8>> = (0..events).map(|offset| event(numbers, at + offset)).collect();
    let mut offset = log.vault_length();
    let mut bytes = Vec::new();
    let mut placed = Vec::new();
    for _ in 0..frames {
        let length = 1 + numbers.below(900);
        let payload = numbers.bytes(length);
        let frame = frame(&payload);
        bytes.extend(&frame);
        placed.push((offset, frame.clone()));
        offset += frame.len() as u64;
    }
    witness.under_way.clone_from(&events);
    let committed = log.commit(&Commit { events: &events.iter().collect(), vault_frames: &bytes })?;
    assert_eq!(committed.size, log.size());
    assert_eq!(committed.root, log.root());
    witness.acknowledged.append(&mut witness.under_way);
    witness.frames.extend(placed);
    Ok(())
}

pub(super) fn anchor(log: &mut Log, witness: &mut Witness) -> Result<(), LogError> {
    if let Some(note) = log.anchor()? {
        witness.checkpoints.push(TestNotary.check(&note).unwrap());
        witness.note = Some(note);
    }
    Ok(())
}

/// Works through commits of all sizes, anchors, compression, closing and opening again.
pub(super) fn script(
    world: &World,
    steps: usize,
    close: bool,
    witness: &mut Witness,
) -> Result<(), LogError> {
    let mut numbers = Numbers(7);
    let mut log = world.create()?;
    witness.created = true;
    for step in 0..steps {
        let (events, frames) = match step % 6 {
            0 => (1, 0),
            1 => (3, 2),
            2 => (40, 0),
            3 => (1, 1),
            4 => (2, 9),
            _ => (7, 0),
        };
        let worked = commit(&mut log, &mut numbers, events, frames, witness).and_then(|()| match step % 5 {
            1 => anchor(&mut log, witness),
            4 => {
                while let Some(sealed) = log.next_sealed()? {
                    sealed.compress()?;
                }
                Ok(())
            }
            _ => Ok(()),
        });
        if let Err(error) = worked {
            // Whatever failed: nothing may be acknowledged after a failed write or sync.
            refuses_more(&mut log, &error, witness);
            return Err(error);
        }
        if step == steps / 2 {
            log.close()?;
            log = world.open()?.0;
        }
    }
    if close {
        log.close()?;
    }
    Ok(())
}

fn refuses_more(log: &mut Log, error: &LogError, witness: &mut Witness) {
    match error {
        LogError::NotAppended { .. } | LogError::OutcomeUnknown { .. } | LogError::Store(_) => {}
        LogError::Disk { path, .. } if !path.starts_with("/data/journal") => {}
        // Compressing fails beside the log, which goes on.
        LogError::Disk { .. } => {
            // Not so after a power cut.
            let _ = commit(log, &mut Numbers(3), 1, 0, witness);
            return;
        }
        other => panic!("unexpected failure: {other}"),
    }
    let more = log.commit(&Commit { events: &std::iter::once(b"{}").collect(), vault_frames: &[] });
    assert!(matches!(more, Err(LogError::Poisoned { .. })), "acknowledged after {error}");
    assert!(matches!(log.anchor(), Err(LogError::Poisoned { .. })), "anchored after {error}");
}

/// Opens, holds everything against the witness, goes on working, and opens again; looks at all of it then, where nothing
/// may be found.
pub(super) fn verify(world: &World, witness: &Witness, context: &str) -> Option<OpenReport> {
    let (report, mended) = verify_mending(world, witness, context)?;
    assert!(mended.is_none(), "{context}: opening left something wrong: {mended:?}");
    Some(report)
}

/// As `verify` of damaged files, some of which may be noticed only by reading or by the scrub: then the next opening mends
/// them, and everything is sound. Answers with the reports of the first opening and of the one that mended.
pub(super) fn verify_mending(
    world: &World,
    witness: &Witness,
    context: &str,
) -> Option<(OpenReport, Option<OpenReport>)> {
    let (mut log, report, seen) = match world.open() {
        Ok(opened) => opened,
        Err(LogError::Missing { .. }) if !witness.created && witness.acknowledged.is_empty() => return None,
        Err(error) => panic!("{context}: does not open: {error}"),
    };
    compare(&log, &seen, witness, context);
    let mut after = Witness { acknowledged: seen, ..witness.clone() };
    after.under_way.clear();
    commit(&mut log, &mut Numbers(99), 2, 1, &mut after).unwrap();
    anchor(&mut log, &mut after).unwrap();
    commit(&mut log, &mut Numbers(98), 1, 0, &mut after).unwrap();
    let noted = log.reader().finding();
    log.close().unwrap();
    // Whatever was adopted must be durable by now, whatever earlier syncs said.
    let world = world.crash(0);
    let (log, again, seen) = world.open().unwrap_or_else(|error| panic!("{context}: second open: {error}"));
    let settled = again.journal_healed.is_empty() && (again.torn.is_empty() || witness.cut_may_return);
    assert!(settled || noted.is_some(), "{context}: {again:?}");
    compare(&log, &seen, &after, context);
    assert_eq!(seen, after.acknowledged, "{context}");
    if noted.is_some() {
        assert_eq!(
            (again.read_from, &again.scrub.finding),
            (0, &noted),
            "{context}: not everything was read"
        );
        assert_eq!(look(&log), ScrubStep::Ended, "{context}: not mended");
        return Some((report, Some(again)));
    }
    let found = look(&log);
    drop(log);
    if found == ScrubStep::Ended {
        return Some((report, None));
    }
    let (log, mended, seen) = world.open().unwrap_or_else(|error| panic!("{context}: third open: {error}"));
    assert!(mended.read_from == 0 && mended.scrub.finding.is_some(), "{context}: {mended:?}");
    compare(&log, &seen, &after, context);
    assert_eq!(look(&log), ScrubStep::Ended, "{context}: not mended");
    Some((report, Some(mended)))
}

/// Looks at the whole log, from wherever the last look stopped.
pub(super) fn look(log: &Log) -> ScrubStep {
    let mut scrub = log.scrub().unwrap();
    let mut steps = 0;
    loop {
        steps += 1;
        match scrub.step(steps).unwrap() {
            ScrubStep::More(_) => assert!(steps < 10_000, "the scrub gets nowhere"),
            step => return step,
        }
    }
}

/// The report of the opening that mends a damaged world: the first, or the one after somebody looked.
pub(super) fn mending(world: &World) -> Result<OpenReport, LogError> {
    let (log, report, _) = world.open()?;
    let found = look(&log);
    drop(log);
    if found == ScrubStep::Ended { Ok(report) } else { world.open().map(|(_, report, _)| report) }
}

/// Holds an open log against what the outside was told.
pub(super) fn compare(log: &Log, seen: &[Vec<u8>], witness: &Witness, context: &str) {
    let known = witness.acknowledged.len();
    assert!(
        seen.len() >= known && seen[..known] == witness.acknowledged[..],
        "{context}: acknowledged events lost"
    );
    let more = &seen[known..];
    assert!(more.is_empty() || more == witness.under_way, "{context}: part of a commit, or foreign events");
    assert_eq!(log.size(), seen.len() as u64, "{context}");
    let reader = log.reader();
    let mut read = Vec::new();
    reader
        .scan(0..log.size(), &mut |_, event| {
            read.push(event.to_vec());
            true
        })
        .unwrap_or_else(|error| panic!("{context}: {error}"));
    assert!(read == seen, "{context}: the reader sees other bytes");
    for (size, root) in &witness.checkpoints {
        assert_eq!(reader.root_at(*size).unwrap(), *root, "{context}: size {size} was signed otherwise");
        assert!(log.anchored().0 >= *size, "{context}: anchored less than was signed");
    }
    for (offset, frame) in &witness.frames {
        assert_eq!(&reader.read_vault_frame(*offset).unwrap(), frame, "{context}: vault at {offset}");
    }
}
