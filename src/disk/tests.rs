//! Both disks keep the same promises while nothing fails.

use std::io::ErrorKind;
use std::path::Path;

use super::sim::{Fault, FaultKind, SimulatedDisk};
use super::{Disk, RealDisk, replace_durably};

fn keeps_the_promises(disk: &dyn Disk, directory: &Path) {
    let (inner, path) = (directory.join("a/b"), directory.join("a/b/file"));
    assert_eq!(disk.list(&inner).unwrap(), Vec::<String>::new());
    disk.create_directory(&inner).unwrap();
    disk.create_directory(&inner).unwrap();
    assert_eq!(disk.length(&path).unwrap(), None);
    assert_eq!(disk.read(&path).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(disk.remove(&path).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(disk.rename(&path, &inner.join("x")).unwrap_err().kind(), ErrorKind::NotFound);

    assert_eq!(disk.open_existing(&path).unwrap_err().kind(), std::io::ErrorKind::NotFound);
    assert_eq!(disk.length(&path).unwrap(), None, "reading created it");
    let mut file = disk.open(&path).unwrap();
    assert_eq!(disk.length(&path).unwrap(), Some(0));
    file.write_at(3, b"abc").unwrap();
    file.sync().unwrap();
    assert_eq!(disk.read(&path).unwrap(), b"\0\0\0abc");
    let mut two = [0; 2];
    file.read_at(4, &mut two).unwrap();
    assert_eq!(&two, b"bc");
    assert_eq!(file.read_at(5, &mut two).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    file.set_length(8).unwrap();
    file.set_length(4).unwrap();
    assert_eq!(disk.read(&path).unwrap(), b"\0\0\0a");
    drop(file);
    assert_eq!(disk.open(&path).unwrap().write_at(0, b"z").ok(), Some(()), "opening keeps what is there");
    assert_eq!(disk.read(&path).unwrap(), b"z\0\0a");

    let other = inner.join("another");
    disk.open(&other).unwrap();
    assert_eq!(disk.list(&inner).unwrap(), ["another", "file"]);
    assert_eq!(disk.list(&directory.join("a")).unwrap(), ["b"]);
    disk.rename(&path, &other).unwrap();
    disk.sync_directory(&inner).unwrap();
    assert_eq!(disk.list(&inner).unwrap(), ["another"]);
    assert_eq!(disk.read(&other).unwrap(), b"z\0\0a");
    disk.remove(&other).unwrap();
    assert!(disk.list(&inner).unwrap().is_empty());
    assert!(disk.free_bytes(directory).unwrap() > 0);
}

#[test]
fn the_real_disk() {
    let directory = tempfile::tempdir().unwrap();
    keeps_the_promises(&RealDisk, directory.path());
}

#[test]
fn the_simulated_disk() {
    keeps_the_promises(&SimulatedDisk::default(), Path::new("/simulated"));
}

#[test]
fn a_crash_keeps_what_was_synced_and_may_forget_the_rest() {
    let disk = SimulatedDisk::default();
    let (directory, path) = (Path::new("/d"), Path::new("/d/file"));
    let mut file = disk.open(path).unwrap();
    file.write_at(0, &[1; 2_000]).unwrap();
    file.sync().unwrap();
    assert_eq!(disk.crash(0).length(path).unwrap(), None, "the name was not synced");
    disk.sync_directory(directory).unwrap();
    file.write_at(1_000, &[2; 2_000]).unwrap();
    assert_eq!(disk.crash(0).read(path).unwrap(), [1; 2_000]);
    assert_eq!(disk.crash(1).read(path).unwrap(), disk.read(path).unwrap());
    let parts = (2..40).filter(|seed| {
        let bytes = disk.crash(*seed).read(path).unwrap();
        assert_eq!(bytes[..1_000], [1; 1_000]);
        bytes.contains(&2) && bytes != disk.read(path).unwrap()
    });
    assert!(parts.count() > 20, "few crashes tear a write");
}

#[test]
fn directories_are_made_level_by_level() {
    let home = tempfile::tempdir().unwrap();
    let deep = home.path().join("a/b/c");
    super::create_directory_durably(&RealDisk, &deep).unwrap();
    super::create_directory_durably(&RealDisk, &deep).unwrap();
    assert!(deep.is_dir());
    // A file in the way is told, not passed over.
    std::fs::write(deep.join("file"), "").unwrap();
    super::create_directory_durably(&RealDisk, &deep.join("file/d")).unwrap_err();

    // Without a directory that is known to be there, each level's parent is synced: three of them.
    let disk = SimulatedDisk::default();
    super::create_directory_durably(&disk, Path::new("/a/b/c")).unwrap();
    assert_eq!(disk.faults().count(), 3);
    for operation in 0..3 {
        let disk = SimulatedDisk::default();
        disk.faults().plan(Some(Fault { operation, kind: FaultKind::NotDone }));
        super::create_directory_durably(&disk, Path::new("/a/b/c")).unwrap_err();
        // A level that is not durable carries no further one.
        assert_eq!(disk.list(Path::new("/a/b")).unwrap().is_empty(), operation < 2);
    }
}

/// Whatever fails at whichever operation, and after a power cut: the file of before or the new one, whole; the new
/// one once it was said to be there.
#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let (path, aside) = (Path::new("/kept/file"), Path::new("/kept/file.new"));
    let (old, new) = (vec![b'o'; 3000], vec![b'n'; 5000]);
    let prepared = SimulatedDisk::default();
    prepared.create_directory(Path::new("/kept")).unwrap();
    replace_durably(&prepared, path, aside, &old).unwrap();
    let run = |fault: Option<Fault>| {
        let disk = prepared.fork();
        disk.faults().plan(fault);
        let done = replace_durably(&disk, path, aside, &new);
        (done.is_ok(), disk.faults().count(), disk)
    };
    let (done, operations, _) = run(None);
    assert!(done && operations >= 5, "{operations}");
    let (mut kept, mut replaced) = (0, 0);
    for kind in FaultKind::ALL {
        for operation in 0..=operations {
            let (done, _, disk) = run(Some(Fault { operation, kind }));
            for seed in 0..3 {
                let disk = disk.crash(seed);
                let found = disk.read(path).unwrap();
                assert!(found == old || found == new, "{kind:?} at {operation}: neither, or a part");
                assert!(!done || found == new, "{kind:?} at {operation}: said to be there, and lost");
                *(if found == old { &mut kept } else { &mut replaced }) += 1;
                // What lies aside does not stand in the way of the next.
                replace_durably(&disk, path, aside, &new).unwrap();
                assert_eq!(disk.read(path).unwrap(), new);
            }
        }
    }
    assert!(kept > 10 && replaced > 10, "{kept} {replaced}");
}
