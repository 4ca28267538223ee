//! Opening a log to read it while the writer does all that it ever does, at each moment of the opening.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::world::{Numbers, SETTINGS, TestNotary, Witness, World, amount, commit, paths, script};
use crate::disk::sim::SimulatedDisk;
use crate::disk::{Disk, DiskFile, FileKind};
use crate::log::{Log, Reach, ReadLog};

type Work = Box<dyn FnOnce() + Send>;

/// A disk that is only read. Before the read of a number somebody else does their work on it.
struct Interrupted {
    disk: SimulatedDisk,
    reads: Arc<Mutex<Reads>>,
}

#[derive(Default)]
struct Reads {
    count: usize,
    work: Option<(usize, Work)>,
}

impl std::fmt::Debug for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interrupted")
    }
}

impl Reads {
    fn begin(reads: &Mutex<Self>) {
        let mut locked = reads.lock().unwrap();
        locked.count += 1;
        let is_time = locked.work.as_ref().is_some_and(|(at, _)| *at == locked.count);
        let work = locked.work.take_if(|_| is_time);
        drop(locked);
        if let Some((_, work)) = work {
            work();
        }
    }
}

impl Interrupted {
    fn new(disk: SimulatedDisk, work: Option<(usize, Work)>) -> Self {
        Self { disk, reads: Arc::new(Mutex::new(Reads { count: 0, work })) }
    }
}

#[derive(Debug)]
struct InterruptedFile {
    file: Box<dyn DiskFile>,
    disk: Interrupted,
}

impl DiskFile for InterruptedFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        Reads::begin(&self.disk.reads);
        self.file.read_at(offset, buffer)
    }

    fn write_at(&mut self, _: u64, _: &[u8]) -> io::Result<()> {
        panic!("a reader writes")
    }

    fn set_length(&mut self, _: u64) -> io::Result<()> {
        panic!("a reader cuts")
    }

    fn sync(&mut self) -> io::Result<()> {
        panic!("a reader syncs")
    }
}

impl Disk for Interrupted {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Reads::begin(&self.reads);
        self.disk.read(path)
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        Reads::begin(&self.reads);
        self.disk.length(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        Reads::begin(&self.reads);
        self.disk.list(directory)
    }

    fn create_directory(&self, _: &Path) -> io::Result<()> {
        panic!("a reader creates")
    }

    fn open(&self, _: &Path) -> io::Result<Box<dyn DiskFile>> {
        panic!("a reader opens to write")
    }

    fn open_existing(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Reads::begin(&self.reads);
        let disk = Self { disk: self.disk.clone(), reads: Arc::clone(&self.reads) };
        Ok(Box::new(InterruptedFile { file: self.disk.open_existing(path)?, disk }))
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        panic!("a reader renames")
    }

    fn kind(&self, path: &Path) -> io::Result<Option<FileKind>> {
        self.disk.kind(path)
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        panic!("a reader removes")
    }

    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        panic!("a reader syncs")
    }

    fn free_bytes(&self, directory: &Path) -> io::Result<u64> {
        self.disk.free_bytes(directory)
    }
}

/// Grows by several segments, anchors, seals and compresses all that is full, and grows again.
fn everything(log: &mut Log, witness: &mut Witness) {
    let mut numbers = Numbers(5);
    for step in 0..24 {
        commit(log, &mut numbers, 1 + step % 40, step % 3, witness).unwrap();
        if step % 8 == 7 {
            log.anchor().unwrap();
            while let Some(sealed) = log.next_sealed().unwrap() {
                sealed.compress().unwrap();
            }
        }
    }
    commit(log, &mut numbers, 3, 1, witness).unwrap();
}

fn reading(disk: Arc<Interrupted>) -> ReadLog {
    ReadLog::open(disk, Some(&TestNotary), paths(), None).unwrap()
}

#[test]
fn an_opening_beside_a_writer_sees_whole_commits_whatever_that_one_does_meanwhile() {
    let world = World::new(None);
    let mut witness = Witness::default();
    script(&world, 90, true, &mut witness).unwrap();
    let undisturbed = Arc::new(Interrupted::new(world.disk.clone(), None));
    let before = reading(Arc::clone(&undisturbed)).size();
    assert_eq!(before, witness.acknowledged.len() as u64);
    let reads = undisturbed.reads.lock().unwrap().count;
    assert!(reads > 40, "{reads} reads are no opening");
    for at in (1..=reads).step_by(amount(3, 1)) {
        let world = world.fork();
        let (disk, notary) = (Arc::new(world.disk.clone()), Arc::new(TestNotary));
        let (mut log, _) =
            Log::open(disk, &world.opener, notary, paths(), SETTINGS, Reach::End, &|_, _| {}).unwrap();
        let after = Arc::new(Mutex::new(witness.clone()));
        let (grown, sizes) = (Arc::clone(&after), Arc::new(Mutex::new(None)));
        let kept = Arc::clone(&sizes);
        let work = move || {
            everything(&mut log, &mut grown.lock().unwrap());
            *kept.lock().unwrap() = Some((log.size(), log.root(), log));
        };
        let disk = Arc::new(Interrupted::new(world.disk.clone(), Some((at, Box::new(work)))));
        let mut beside = reading(disk);
        let mut grown = sizes.lock().unwrap();
        let (size, root, _) = grown.as_mut().expect("the writer had its turn");
        assert!(beside.size() == before || beside.size() == *size, "read {at}: {} events", beside.size());
        let after = after.lock().unwrap();
        for is_later in [false, true] {
            if is_later {
                assert_eq!(beside.catch_up().unwrap(), *size, "read {at}");
                assert_eq!(beside.root(), *root, "read {at}");
            }
            let mut seen = 0;
            let scanned = beside.reader().scan(0..beside.size(), &mut |_, event| {
                assert!(event == after.acknowledged[seen], "read {at}: event {seen}");
                seen += 1;
                true
            });
            scanned.unwrap_or_else(|error| panic!("read {at}: {error}"));
            assert_eq!(seen as u64, beside.size(), "read {at}");
        }
    }
}
