//! What every place for the log is held to. A new one is a [`Bed`] and a line at the end.

use std::sync::Arc;
use std::time::Duration;

use jejak_events::tree::{Hash, leaf_hash};

use super::world::*;
use crate::disk::sim::{Fault, FaultKind};
use crate::log::memory::{MemoryFault, MemoryPlace};
use crate::log::tiles::Tree;
use crate::log::{
    BackendOpener as _, BackendReader, DirectoryLock, Follower, Log, LogError, LogReader, NewAnchor,
    NewCommit, ReadLog, Swap, Tip, line,
};

/// A log that a writer has open, with whatever keeps others out.
struct Writer {
    log: Log,
    _lock: Option<DirectoryLock>,
}

/// A place under test.
trait Bed: Sized {
    /// In how many ways an operation can be told to fail.
    const WAYS: usize;
    /// An empty place.
    fn new() -> Self;
    /// Opens the log as a process that starts does; an empty one where there is none.
    fn open(&self) -> Result<Writer, LogError>;
    /// What a second process reads beside the writer, and how it catches up, as far as a size where it can be told.
    fn follow(&self) -> Box<dyn Following>;
    /// Number of operations so far.
    fn operations(&self) -> u64;
    /// Has an operation fail in a way.
    fn plan(&self, operation: u64, way: usize);
    /// What is left when every process ends here, by chance as the seed has it.
    fn restarted(&self, seed: u64) -> Self;
}

trait Following {
    fn reader(&self) -> LogReader;
    fn catch_up(&mut self) -> u64;
}

impl Following for Follower {
    fn reader(&self) -> LogReader {
        Self::reader(self)
    }
    fn catch_up(&mut self) -> u64 {
        Self::catch_up(self, None).unwrap();
        self.tip().size
    }
}

impl Following for ReadLog {
    fn reader(&self) -> LogReader {
        Self::reader(self)
    }
    fn catch_up(&mut self) -> u64 {
        Self::catch_up(self).unwrap()
    }
}

struct Local {
    world: World,
    /// The lock is of a real directory; the files are simulated.
    directory: Arc<tempfile::TempDir>,
}

impl Bed for Local {
    const WAYS: usize = 5;

    fn new() -> Self {
        Self { world: World::new(None), directory: Arc::new(tempfile::tempdir().unwrap()) }
    }

    fn open(&self) -> Result<Writer, LogError> {
        let lock = DirectoryLock::acquire(self.directory.path(), Duration::ZERO, &|_| {})?;
        let log = match self.world.open() {
            Ok((log, ..)) => log,
            // Nothing was ever put here, or creating it was cut short.
            Err(LogError::Missing { .. }) => self.world.create()?,
            Err(error) => return Err(error),
        };
        Ok(Writer { log, _lock: Some(lock) })
    }

    fn follow(&self) -> Box<dyn Following> {
        Box::new(ReadLog::open(Arc::new(self.world.disk.clone()), None, paths(), None).unwrap())
    }

    fn operations(&self) -> u64 {
        self.world.disk.faults().count()
    }

    fn plan(&self, operation: u64, way: usize) {
        let kind =
            [FaultKind::NotDone, FaultKind::Done, FaultKind::Short, FaultKind::Full, FaultKind::LyingSync]
                [way];
        self.world.disk.faults().plan(Some(Fault { operation, kind }));
    }

    fn restarted(&self, seed: u64) -> Self {
        Self { world: self.world.crash(seed), directory: Arc::clone(&self.directory) }
    }
}

struct Memory(MemoryPlace);

impl Bed for Memory {
    const WAYS: usize = 5;

    fn new() -> Self {
        Self(MemoryPlace::default())
    }

    fn open(&self) -> Result<Writer, LogError> {
        let (log, _) = Log::open_in(&self.0, Arc::new(TestNotary))?;
        Ok(Writer { log, _lock: None })
    }

    fn follow(&self) -> Box<dyn Following> {
        Box::new(Follower::open(self.0.reader().unwrap()).unwrap())
    }

    fn operations(&self) -> u64 {
        self.0.operations()
    }

    fn plan(&self, operation: u64, way: usize) {
        let fault = [
            MemoryFault::Unknown { done: true },
            MemoryFault::Unknown { done: false },
            MemoryFault::BreaksOff { done: true },
            MemoryFault::BreaksOff { done: false },
            MemoryFault::Conflict,
        ][way];
        self.0.plan(operation, fault);
    }

    fn restarted(&self, _seed: u64) -> Self {
        Self(self.0.fork())
    }
}

/// Events and frames of the commits of the script, in turn.
const COMMITS: [(usize, usize); 6] = [(1, 0), (3, 2), (300, 0), (1, 1), (2, 9), (7, 0)];

/// Commits, anchors, opens again, and closes.
fn script<B: Bed>(bed: &B, steps: usize, witness: &mut Witness) -> Result<(), LogError> {
    let mut numbers = Numbers(7);
    let mut writer = bed.open()?;
    witness.created = true;
    for step in 0..steps {
        let (events, frames) = COMMITS[step % COMMITS.len()];
        let worked = commit(&mut writer.log, &mut numbers, events, frames, witness)
            .and_then(|()| if step % 2 == 1 { anchor(&mut writer.log, witness) } else { Ok(()) });
        if let Err(error) = worked {
            takes_nothing_more(&mut writer.log, &error);
            return Err(error);
        }
        if step == steps / 2 {
            writer.log.close()?;
            drop(writer._lock);
            writer = bed.open()?;
        }
    }
    writer.log.close()
}

/// After a failure a writer acknowledges nothing before it is opened anew, unless it said that it can be tried again.
fn takes_nothing_more(log: &mut Log, error: &LogError) {
    let (size, root) = (log.size(), log.root());
    let stands = |error: &LogError| match error {
        LogError::Poisoned { .. } => true,
        LogError::StoodDown { size: known } => *known == size,
        _ => false,
    };
    assert!(!matches!(error, LogError::NotTaken { .. }), "one failure is tried again: {error}");
    let more =
        log.commit(&crate::log::Commit { events: &std::iter::once(b"{}").collect(), vault_frames: &[] });
    assert!(stands(&more.unwrap_err()), "acknowledged after {error}");
    assert!(stands(&log.anchor().unwrap_err()), "anchored after {error}");
    // What was read can be read on.
    assert_eq!(log.reader().root_at(size).unwrap(), root);
    let last = size.checked_sub(1).map(|last| log.reader().read(last).unwrap());
    assert_eq!(last.is_some(), size > 0);
}

/// Opens after a restart, holds everything against the witness, goes on, and opens again.
fn hold<B: Bed>(bed: &B, witness: &Witness, context: &str) {
    let mut writer = bed.open().unwrap_or_else(|error| panic!("{context}: {error}"));
    let seen = events_of(&writer.log.reader());
    compare(&writer.log, &seen, witness, context);
    let mut after = Witness { acknowledged: seen, under_way: Vec::new(), ..witness.clone() };
    commit(&mut writer.log, &mut Numbers(99), 2, 1, &mut after).unwrap();
    anchor(&mut writer.log, &mut after).unwrap();
    writer.log.close().unwrap();
    drop(writer._lock);
    let bed = bed.restarted(0);
    let again = bed.open().unwrap_or_else(|error| panic!("{context}: second open: {error}"));
    let seen = events_of(&again.log.reader());
    assert_eq!(seen, after.acknowledged, "{context}");
    compare(&again.log, &seen, &after, context);
    commits_are_whole(&*again.log.shared.source, &again.log, context);
}

fn events_of(reader: &LogReader) -> Vec<Vec<u8>> {
    let mut events = Vec::new();
    reader
        .scan(0..reader.size(), &mut |index, event| {
            assert_eq!(index, events.len() as u64);
            events.push(event.to_vec());
            true
        })
        .unwrap();
    events
}

/// Commits are dense, each leads the tree on to what its line says, and vault, tiles and the packed copy fit them.
fn commits_are_whole(source: &dyn BackendReader, log: &Log, context: &str) {
    let (mut tree, mut vault_length, mut leaves) = (Tree::default(), 0, Vec::new());
    let mut starts = Vec::new();
    source
        .commits(0, &mut |chunk| {
            assert_eq!(chunk.first, tree.size(), "{context}: not dense");
            let (line, extension) = line::check(&chunk.bytes, &tree, vault_length, &mut leaves)
                .unwrap_or_else(|reason| panic!("{context}: {reason}"));
            assert_eq!(chunk.end(), Some(line.size), "{context}");
            starts.extend((chunk.first..line.size).map(|_| chunk.first));
            vault_length = line.vault_length;
            tree.adopt(&leaves, extension);
            true
        })
        .unwrap();
    assert_eq!(
        (tree.size(), tree.root(), vault_length),
        (log.size(), log.root(), log.vault_length()),
        "{context}"
    );
    // From wherever it is begun, the first is the commit that holds the index.
    for from in [0, 1, 4, tree.size() / 2, tree.size() - 1, tree.size()] {
        let mut first = None;
        let visited = source.commits(from, &mut |chunk| {
            first = Some(chunk.first);
            false
        });
        visited.unwrap();
        assert_eq!(first, usize::try_from(from).ok().and_then(|from| starts.get(from).copied()), "{context}");
    }
    let events = events_of(&log.reader());
    let mut frames = vec![0; usize::try_from(vault_length).unwrap()];
    source.read_vault(0, &mut frames).unwrap();
    assert_eq!(crate::log::frames::check_frames(&frames), Ok(()), "{context}");
    assert!(source.read_vault(vault_length, &mut [0]).is_err(), "{context}: bytes behind the vault");
    for number in 0..tree.size() / 256 + 2 {
        if let Some(hashes) = source.leaf_tile(number) {
            let from = usize::try_from(number * 256).unwrap();
            let expected: Vec<Hash> = events[from..from + 256].iter().map(|event| leaf_hash(event)).collect();
            assert_eq!(hashes, expected, "{context}: tile {number}");
        }
    }
    let mut next = 0;
    if let Some(packed) = source.packed() {
        packed
            .chunks(0, &mut |chunk| {
                assert_eq!(chunk.first, next, "{context}: the packed copy is not dense");
                next = chunk.end().unwrap();
                true
            })
            .unwrap();
        assert_eq!(next, tree.size(), "{context}");
    }
}

fn what_is_committed_reads_back<B: Bed>() {
    let bed = B::new();
    let mut witness = Witness::default();
    script(&bed, 24, &mut witness).unwrap();
    assert!(witness.acknowledged.len() > 1_000 && witness.frames.len() > 20 && witness.checkpoints.len() > 8);
    let writer = bed.open().unwrap();
    let seen = events_of(&writer.log.reader());
    assert_eq!(seen, witness.acknowledged);
    compare(&writer.log, &seen, &witness, "opened again");
    commits_are_whole(&*writer.log.shared.source, &writer.log, "opened again");
    let note = writer.log.shared.source.checkpoint().unwrap();
    assert!(note.is_some() && note == witness.note, "the last checkpoint is stored");
    drop(writer);
    (0..4).for_each(|seed| hold(&bed.restarted(seed), &witness, &format!("restart {seed}")));
}

/// Whatever a writer wrongly believes, nothing of it is written.
fn what_does_not_fit_is_a_conflict<B: Bed>() {
    let bed = B::new();
    let mut witness = Witness::default();
    script(&bed, 5, &mut witness).unwrap();
    let mut writer = bed.open().unwrap();
    commit(&mut writer.log, &mut Numbers(5), 3, 1, &mut witness).unwrap();
    let before = writer.log.backend.head().unwrap();
    let (tip, vault_offset) = (before.tip, before.vault_length);
    assert_eq!((tip.size, tip.root), (writer.log.size(), writer.log.root()));
    let other = leaf_hash(b"another");
    for at in [
        Tip::empty(),
        Tip { size: tip.size - 1, ..tip },
        Tip { size: tip.size + 1, ..tip },
        Tip { root: other, ..tip },
    ] {
        let to = Tip { size: at.size + 1, root: other };
        let mut text = b"{}\n".to_vec();
        line::finish(
            &mut text,
            &line::CommitLine { size: to.size, root: to.root, vault_length: vault_offset },
        );
        let commit = NewCommit { at, vault_offset, to, text: &mut text, vault_frames: &[], tiles: &[] };
        assert!(matches!(writer.log.backend.append(commit), Ok(Swap::Conflict)), "{at:?}");
    }
    for from in [Tip::empty(), Tip { root: other, ..before.anchored }, tip] {
        let row = &[];
        let anchor = NewAnchor { from, to: tip, log_id: writer.log.log_id(), row };
        assert!(matches!(writer.log.backend.anchor(anchor), Ok(Swap::Conflict)), "{from:?}");
    }
    for from in [None, Some(0), Some(tip.size)] {
        let stored = writer.log.backend.store_checkpoint(from, tip.size, "not signed");
        assert!(matches!(stored, Ok(Swap::Conflict)), "{from:?}");
    }
    assert_eq!(writer.log.backend.head().unwrap(), before);
    // The writer goes on as if nothing had been.
    commit(&mut writer.log, &mut Numbers(6), 1, 0, &mut witness).unwrap();
    anchor(&mut writer.log, &mut witness).unwrap();
    drop(writer);
    hold(&bed.restarted(1), &witness, "after conflicts");
}

fn a_second_reader_sees_whole_commits_and_catches_up<B: Bed>() {
    let bed = B::new();
    let mut witness = Witness::default();
    let mut numbers = Numbers(3);
    let mut writer = bed.open().unwrap();
    commit(&mut writer.log, &mut numbers, 2, 1, &mut witness).unwrap();
    anchor(&mut writer.log, &mut witness).unwrap();
    let mut early = bed.follow();
    for (step, (events, frames)) in COMMITS.into_iter().cycle().take(14).enumerate() {
        let before = early.reader().size();
        commit(&mut writer.log, &mut numbers, events, frames, &mut witness).unwrap();
        assert_eq!(early.reader().size(), before, "nothing moves under a reader that does not ask");
        if step % 3 == 0 {
            anchor(&mut writer.log, &mut witness).unwrap();
        }
        if step % 2 == 0 {
            assert_eq!(early.catch_up(), writer.log.size(), "step {step}");
        }
    }
    early.catch_up();
    for following in [early, bed.follow()] {
        let reader = following.reader();
        assert_eq!(events_of(&reader), witness.acknowledged);
        assert_eq!(reader.root_at(reader.size()).unwrap(), writer.log.root());
        for (offset, frame) in &witness.frames {
            assert_eq!(&reader.read_vault_frame(*offset).unwrap(), frame);
        }
    }
}

/// Either a place keeps a second writer out, or the first to commit goes on and the other stands down.
fn another_writer_takes_over_or_is_kept_out<B: Bed>() {
    let bed = B::new();
    let mut witness = Witness::default();
    script(&bed, 5, &mut witness).unwrap();
    let mut first = bed.open().unwrap();
    commit(&mut first.log, &mut Numbers(5), 2, 1, &mut witness).unwrap();
    let mut second = match bed.open() {
        Ok(second) => second,
        Err(LogError::Held { .. }) => {
            commit(&mut first.log, &mut Numbers(6), 1, 0, &mut witness).unwrap();
            drop(first);
            return hold(&bed.restarted(1), &witness, "the second was kept out");
        }
        Err(error) => panic!("{error}"),
    };
    let known = (first.log.size(), first.log.root());
    commit(&mut second.log, &mut Numbers(8), 4, 2, &mut witness).unwrap();
    let mut lost = witness.clone();
    let refused = commit(&mut first.log, &mut Numbers(9), 1, 1, &mut lost).unwrap_err();
    assert!(matches!(refused, LogError::StoodDown { size } if size == known.0), "{refused}");
    assert!(first.log.has_stood_down());
    takes_nothing_more(&mut first.log, &refused);
    assert_eq!((first.log.size(), first.log.root()), known, "it knows what it knew");
    // The second has not anchored yet: its commits are durable all the same. The first follows it.
    assert_eq!(first.log.catch_up(Some(known.0 + 3)).unwrap(), known.0..known.0, "no part of a commit");
    assert_eq!(first.log.catch_up(None).unwrap(), known.0..known.0 + 4);
    assert_eq!((first.log.size(), first.log.root()), (second.log.size(), second.log.root()));
    assert_eq!(events_of(&first.log.reader()), witness.acknowledged);
    assert_eq!(first.log.vault_length(), second.log.vault_length());
    takes_nothing_more(&mut first.log, &refused);
    anchor(&mut second.log, &mut witness).unwrap();
    first.log.close().unwrap();
    commit(&mut second.log, &mut Numbers(10), 1, 0, &mut witness).unwrap();
    drop(second);
    hold(&bed.restarted(1), &witness, "taken over");
}

/// Each operation fails in each way, and all processes end there: what was acknowledged is in the log, of the rest
/// whole commits or nothing, and nothing is signed that is not anchored.
fn nothing_is_lost_at_any_step<B: Bed>() {
    const STEPS: usize = 8;
    let total = {
        let bed = B::new();
        script(&bed, STEPS, &mut Witness::default()).unwrap();
        bed.operations()
    };
    let (mut failed, mut went_on) = (0, 0);
    for way in 0..B::WAYS {
        for operation in 0..total {
            let bed = B::new();
            bed.plan(operation, way);
            let mut witness = Witness::default();
            let worked = script(&bed, STEPS, &mut witness);
            *(if worked.is_ok() { &mut went_on } else { &mut failed }) += 1;
            let context = format!("way {way} at {operation}");
            for seed in 0..u64::try_from(amount(1, 3)).unwrap() {
                hold(&bed.restarted(operation + seed), &witness, &context);
            }
        }
    }
    assert!(failed > 20 && went_on > 0, "{failed} failed and {went_on} went on");
}

/// Runs the suite on a place.
macro_rules! conforms {
    ($name:ident, $bed:ty) => {
        mod $name {
            #[test]
            fn what_is_committed_reads_back() {
                super::what_is_committed_reads_back::<$bed>();
            }
            #[test]
            fn what_does_not_fit_is_a_conflict() {
                super::what_does_not_fit_is_a_conflict::<$bed>();
            }
            #[test]
            fn a_second_reader_sees_whole_commits_and_catches_up() {
                super::a_second_reader_sees_whole_commits_and_catches_up::<$bed>();
            }
            #[test]
            fn another_writer_takes_over_or_is_kept_out() {
                super::another_writer_takes_over_or_is_kept_out::<$bed>();
            }
            #[test]
            fn nothing_is_lost_at_any_step() {
                super::nothing_is_lost_at_any_step::<$bed>();
            }
        }
    };
}

conforms!(local, super::Local);
conforms!(memory, super::Memory);
