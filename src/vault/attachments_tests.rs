//! Documents of every size, and everything that must not open.

use super::*;
use crate::disk::sim::{Fault, FaultKind, Faults, SimulatedDisk};
use crate::vault::access::{AccessLog, AccessPlace, Look, OwnWork};

fn about() -> About {
    About {
        media_type: MediaType::parse("image/jpeg").unwrap(),
        subjects: SetOf::new(vec![Subject::Registry]),
    }
}

fn files(disk: &SimulatedDisk) -> EvidenceFiles {
    EvidenceFiles::in_directory(Path::new("/data"), Arc::new(disk.clone()), 0)
}

fn attach(files: &EvidenceFiles, document: &[u8]) -> Result<Sha256Hex, EvidenceError> {
    let aside = files.write_aside([1; 8], &about(), &Secret::new([3; 32]), &mut &document[..])?;
    files.adopt(&aside)?;
    Ok(aside.sha256)
}

fn read(files: &EvidenceFiles, file: &Sha256Hex) -> Result<Vec<u8>, EvidenceError> {
    let mut out = Vec::new();
    files.read(&OwnWork::new(), file, &Secret::new([3; 32]), &mut out).map(|()| out)
}

/// Gives out its bytes a few at a time, as a pipe does.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let few = buffer.len().min(70_001).min(self.0.len());
        buffer[..few].copy_from_slice(&self.0[..few]);
        self.0 = &self.0[few..];
        Ok(few)
    }
}

#[test]
fn documents_of_every_size_come_back_whole() {
    for length in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 7]
    {
        let disk = SimulatedDisk::default();
        let files = self::files(&disk);
        let document: Vec<u8> = (0..length).map(|place| (place % 251) as u8).collect();
        let file = attach(&files, &document).unwrap();
        assert!(read(&files, &file).unwrap() == document, "{length}");
        assert_eq!(files.hash(&file).unwrap().as_ref(), Some(&file));
        assert_eq!(files.about(&file).unwrap(), Some(about()));
        assert_eq!(files.list().unwrap(), std::slice::from_ref(&file));
        // However it is read, the same document under the same key is the same file.
        let key = Secret::new([3; 32]);
        let again = files.write_aside([2; 8], &about(), &key, &mut Dripping(&document)).unwrap();
        assert_eq!(again.sha256, file, "{length}");
    }
}

#[test]
fn an_altered_shortened_or_foreign_file_does_not_open() {
    let disk = SimulatedDisk::default();
    let files = self::files(&disk);
    let document = vec![7; CHUNK_BYTES + 100];
    let file = attach(&files, &document).unwrap();
    let path = files.path(&file);
    let whole = disk.read(&path).unwrap();
    let put = |bytes: &[u8]| {
        let mut opened = disk.open(&path).unwrap();
        opened.set_length(0).unwrap();
        opened.write_at(0, bytes).unwrap();
    };
    let head = MAGIC.len() + 4 + serde_json::to_vec(&about()).unwrap().len();
    for offset in [0, MAGIC.len(), MAGIC.len() + 6, head, head + CHUNK_BYTES, whole.len() - 1] {
        let mut altered = whole.clone();
        altered[offset] ^= 1;
        put(&altered);
        assert!(matches!(read(&files, &file), Err(EvidenceError::Damaged { .. })), "{offset}");
        assert_ne!(files.hash(&file).unwrap().as_ref(), Some(&file));
    }
    // Also at the border of a chunk, where every chunk that is left is sound.
    for length in [0, 5, head, head + 3, head + CHUNK_BYTES + TAG_BYTES, whole.len() - 1] {
        put(&whole[..length]);
        assert!(matches!(read(&files, &file), Err(EvidenceError::Damaged { .. })), "{length}");
    }
    put(&whole);
    let mut out = Vec::new();
    let foreign = files.read(&OwnWork::new(), &file, &Secret::new([4; 32]), &mut out);
    assert!(matches!(foreign, Err(EvidenceError::Damaged { .. })));
    assert!(out.is_empty());
}

#[test]
fn a_full_disk_is_told_before_and_leaves_nothing() {
    let disk = SimulatedDisk::default();
    let floor = disk.free_bytes(Path::new("/data")).unwrap();
    let files = EvidenceFiles::in_directory(Path::new("/data"), Arc::new(disk.clone()), floor);
    let error = attach(&files, &[1; 100]).unwrap_err();
    assert!(matches!(error, EvidenceError::DiskFloor { .. }), "{error}");
    assert_eq!(disk.list(Path::new("/data/evidence")).unwrap(), Vec::<String>::new());
}

#[test]
fn every_failure_leaves_all_of_a_file_or_nothing_under_its_name() {
    let counting = SimulatedDisk::new(Faults::default());
    let name = attach(&files(&counting), &[9; 3000]).unwrap();
    let total = counting.faults().count();
    assert!(total > 5);
    let kinds = [FaultKind::NotDone, FaultKind::Done, FaultKind::Short, FaultKind::Full, FaultKind::PowerCut];
    let (mut kept, mut lost) = (0, 0);
    for kind in kinds {
        for operation in 0..total {
            for seed in 0..3 {
                let disk = SimulatedDisk::new(Faults::default());
                disk.faults().plan(Some(Fault { operation, kind }));
                let failed = attach(&files(&disk), &[9; 3000]);
                let disk = disk.crash(seed);
                let files = self::files(&disk);
                files.clean().unwrap();
                let names = disk.list(Path::new("/data/evidence")).unwrap();
                if names.is_empty() {
                    assert!(failed.is_err(), "{kind:?} at {operation}: attached and lost");
                    lost += 1;
                } else {
                    assert_eq!(names, [name.to_string()]);
                    assert!(read(&files, &name).unwrap() == [9; 3000], "{kind:?} at {operation}");
                    kept += 1;
                }
            }
        }
    }
    assert!(kept > 0 && lost > 0);
}

fn look_at(files: &EvidenceFiles, file: &Sha256Hex) -> Look {
    let place = AccessPlace {
        disk: Arc::new(SimulatedDisk::default()),
        environment: crate::environment::Environment::system(),
        path: "/access.jsonl".into(),
        anchor: "/anchor".into(),
    };
    let log = AccessLog::new(place, jejak_events::tree::leaf_hash(b"event 0"), false).of(files.mark);
    let actor = jejak_events::identity::Actor { kind: jejak_events::identity::ActorKind::System, id: None };
    log.look_at_file(&actor, "test", file, &[Subject::Registry]).unwrap()
}

#[test]
fn a_look_at_one_file_does_not_open_another() {
    let disk = SimulatedDisk::default();
    let (files, key) = (files(&disk), Secret::new([3; 32]));
    let (one, other) = (attach(&files, &[7; 100]).unwrap(), attach(&files, &[8; 100]).unwrap());
    let (look, mut out) = (look_at(&files, &one), Vec::new());
    let closed = files.read(&look, &other, &key, &mut out).unwrap_err();
    assert!(matches!(closed, EvidenceError::NotNoted { .. }) && out.is_empty(), "{closed}");
    files.read(&look, &one, &key, &mut out).unwrap();
    assert_eq!(out, [7; 100]);
}

/// A document that cannot be read, and a place that takes nothing.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::from_raw_os_error(5))
    }
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from_raw_os_error(28))
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_wrong_with_evidence_is_said() {
    let mut said = crate::said::Said::new("evidence");
    let disk = SimulatedDisk::default();
    let (files, key) = (files(&disk), Secret::new([3; 32]));
    let file = attach(&files, &[7; 100]).unwrap();
    let path = files.path(&file);
    let whole = disk.read(&path).unwrap();
    let head = whole.len() - 100 - TAG_BYTES;
    let mut flip = |case: &str, at: usize| {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        disk.put(&path, &altered);
        said.error(case, read(&files, &file).unwrap_err());
    };
    flip("its first word", 0);
    flip("its header", MAGIC.len() + 4);
    flip("a byte of it", head + 5);
    for (case, length) in [("nearly nothing", 5), ("its end", head + 3)] {
        disk.put(&path, &whole[..length]);
        said.error(case, read(&files, &file).unwrap_err());
    }
    disk.put(&path, &whole);
    said.error(
        "another key",
        files.read(&OwnWork::new(), &file, &Secret::new([4; 32]), &mut Vec::new()).unwrap_err(),
    );
    let another = look_at(&files, &attach(&files, &[8; 100]).unwrap());
    said.error("no look", files.read(&another, &file, &key, &mut Vec::new()).unwrap_err());
    said.error("no place for it", files.read(&OwnWork::new(), &file, &key, &mut Broken).unwrap_err());
    said.error(
        "a place that is full",
        files.read(&OwnWork::new(), &file, &key, &mut &mut [0_u8; 10][..]).unwrap_err(),
    );
    said.error("cannot be read", files.write_aside([1; 8], &about(), &key, &mut Broken).unwrap_err());
    disk.take(&path);
    said.error("missing", read(&files, &file).unwrap_err());
    let floor = disk.free_bytes(Path::new("/data")).unwrap();
    let full = EvidenceFiles::in_directory(Path::new("/data"), Arc::new(disk.clone()), floor);
    said.error("no space", attach(&full, &[1; 100]).unwrap_err());
    // What was tried, by the operations of attaching, reading and making unreadable.
    let mut tried = std::collections::BTreeSet::new();
    for operation in 0..60 {
        let disk = SimulatedDisk::new(Faults::default());
        disk.faults().plan(Some(Fault { operation, kind: FaultKind::NotDone }));
        let files = self::files(&disk);
        let Err(error) = attach(&files, &[9; 3000]).and_then(|file| read(&files, &file).map(drop)) else {
            continue;
        };
        if let EvidenceError::Disk { operation, .. } = &error
            && tried.insert(*operation)
        {
            said.error(&format!("cannot {operation}"), &error);
        }
    }
    said.check();
}
