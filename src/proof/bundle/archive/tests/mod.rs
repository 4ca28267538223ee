//! The archive: what is written is read back, and nothing else is.
//!
//! Archives that somebody might send instead lie in `tests/data/cheating/archive`, each with its answer; they are
//! made by `tests/cheating/archives.rs`.

use std::path::Path;

use jejak_events::bundle;
use jejak_events::note::NoteSigner;
use jejak_events::tile::BundlePlace;

use super::*;
use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};
use crate::disk::{Disk as _, Existing, RealDisk};

const PLACE: &str = "/out/bukti.zip";

fn signer() -> NoteSigner {
    NoteSigner::new("example.org/log/attestation", &[7; 32]).unwrap()
}

fn entries(index: u64, width: u16) -> (ArchiveMember, Vec<u8>) {
    let entry = |position| format!("{{\"entry\":{}}}", index * 256 + u64::from(position));
    let entries: Vec<String> = (0..width).map(entry).collect();
    let bytes = bundle::encode(entries.iter().map(String::as_bytes)).unwrap();
    (ArchiveMember::Entries(BundlePlace::new(index, width).unwrap()), bytes)
}

/// A small bundle with a claim: 256 entries and three more.
fn members() -> Vec<(ArchiveMember, Vec<u8>)> {
    let text = |member: ArchiveMember, text: &str| (member, text.as_bytes().to_vec());
    vec![
        text(ArchiveMember::Readme, "Berkas bukti.\n\nAn evidence bundle.\n"),
        text(ArchiveMember::Policy, "quorum none\n"),
        text(ArchiveMember::Checkpoint, "example.org/log\n259\n"),
        text(ArchiveMember::Claim, "claim = \"trained 30\"\n"),
        text(ArchiveMember::Question, "{\"today\":\"2026-06-30\"}\n"),
        text(ArchiveMember::Definition, "trained v1: IKM\n"),
        text(ArchiveMember::Answer, "{\"counted\":30}\n"),
        entries(0, 256),
        entries(1, 3),
    ]
}

fn disk() -> SimulatedDisk {
    let disk = SimulatedDisk::default();
    disk.create_directory(Path::new("/out")).unwrap();
    disk
}

fn write(disk: &SimulatedDisk, members: &[(ArchiveMember, Vec<u8>)]) -> Result<u64, WriteError> {
    let mut writer = BundleWriter::create(disk, Path::new(PLACE), false)?;
    members.iter().try_for_each(|(member, content)| writer.add(*member, content))?;
    let written = writer.finish(&signer())?;
    read(written.reader()?).unwrap();
    let length_bytes = written.length_bytes;
    written.publish(Existing::Replaced)?;
    Ok(length_bytes)
}

fn written(members: &[(ArchiveMember, Vec<u8>)]) -> Vec<u8> {
    let disk = disk();
    let length_bytes = write(&disk, members).unwrap();
    let bytes = disk.read(Path::new(PLACE)).unwrap();
    assert_eq!(bytes.len() as u64, length_bytes);
    bytes
}

/// Reads to the end as a verifier does, the signature too.
fn read(mut reader: BundleReader<impl std::io::Read>) -> Result<Vec<(ArchiveMember, Vec<u8>)>, String> {
    let mut members = Vec::new();
    while let Some(UnpackedMember { member, bytes }) = reader.next().map_err(|error| error.to_string())? {
        members.push((member, bytes));
    }
    let (_, manifest) = members.pop().unwrap();
    manifest::verify(&manifest, signer().verifier_key()).map_err(|error| format!("manifest: {error}"))?;
    Ok(members)
}

#[test]
fn what_is_written_is_read_back() {
    assert_eq!(read(BundleReader::new(written(&members()).as_slice())).unwrap(), members());
    let with_all = {
        let mut all = members();
        all.remove(3);
        all.insert(6, (ArchiveMember::Disclosures, b"{}\n".to_vec()));
        all.insert(7, (ArchiveMember::AuditStatement, b"x\n".to_vec()));
        all
    };
    assert_eq!(read(BundleReader::new(written(&with_all).as_slice())).unwrap(), with_all);
}

#[test]
fn the_manifest_lists_every_member() {
    let bytes = written(&members());
    let mut reader = BundleReader::new(bytes.as_slice());
    let mut last = None;
    while let Some(content) = reader.next().unwrap() {
        last = Some(content);
    }
    let UnpackedMember { member, bytes } = last.unwrap();
    assert_eq!(member, ArchiveMember::Manifest);
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "jejak-bundle/0");
    let names: Vec<&str> = lines[1..10].iter().map(|line| &line[130..]).collect();
    assert_eq!(
        names,
        [
            "README.txt",
            "policy",
            "checkpoint",
            "claim.toml",
            "question.json",
            "definition.txt",
            "answer.json",
            "tile/entries/000",
            "tile/entries/001.p/3"
        ]
    );
    // SHA-256 of "quorum none\n", by another program.
    assert!(lines[2].starts_with("08cfcaed"), "{}", lines[2]);
    assert_eq!(lines[10], "");
}

/// Every refusal names a member or a byte.
fn assert_refused(bytes: &[u8], what: &str) -> String {
    let said = read(BundleReader::new(bytes)).map(|_| ()).expect_err(what);
    let member =
        said.split_once(" (from byte ").is_some_and(|(name, _)| name.parse::<ArchiveMember>().is_ok());
    let named = member || said.starts_with("byte ") || said.starts_with("manifest: ");
    assert!(named, "{what}: {said}");
    said
}

/// A place that cannot be read.
struct Broken;

impl std::io::Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::from_raw_os_error(5))
    }
}

#[test]
fn what_the_machine_cannot_read_is_no_refusal() {
    let Err(error) = BundleReader::new(Broken).next() else { panic!("read") };
    assert!(matches!(error, BundleReadError::Input(_)));
    let mut said = crate::said::Said::new("bundles");
    said.error("not read", error);
    said.check();
}

#[test]
fn no_bit_can_change() {
    let bytes = written(&members());
    assert!(bytes.len() > 3000, "{}", bytes.len());
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            assert_refused(&changed, &format!("bit {bit} of byte {at}"));
        }
    }
}

#[test]
fn nothing_can_be_cut_off_or_put_in() {
    let bytes = written(&members());
    for at in 0..=bytes.len() {
        if at < bytes.len() {
            assert_refused(&bytes[..at], &format!("cut at {at}"));
            let without = [&bytes[..at], &bytes[at + 1..]].concat();
            // One of two equal bytes is missing, or the later of them: the same archive either way.
            assert_refused(&without, &format!("without byte {at}"));
        }
        for byte in [0, b'P', 0xff] {
            let with = [&bytes[..at], &[byte], &bytes[at..]].concat();
            assert_refused(&with, &format!("with {byte} before {at}"));
        }
    }
}

#[test]
fn a_changed_byte_is_named_where_it_is() {
    let bytes = written(&members());
    let find = |text: &[u8]| bytes.windows(text.len()).position(|window| window == text).unwrap();
    let header = find(b"claim.toml") - 30;
    for (at, expected) in [
        (0, "byte 0: this is no evidence bundle"),
        (header + 7, &*format!("byte {}: this byte of a zip header", header + 7)),
        (header + 14, &*format!("claim.toml (from byte {header}): its content does not have the checksum")),
        (bytes.len() - 1, &*format!("byte {}: this byte of the zip's directory", bytes.len() - 1)),
        (find(b"jejak-bundle/0"), "manifest (from byte "),
    ] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let said = assert_refused(&changed, "changed");
        assert!(said.starts_with(expected), "{at}: {said}");
    }
    assert!(assert_refused(&[&bytes[..], b"\n"].concat(), "longer").contains("bytes follow the end"));
}

#[test]
fn a_failing_disk_leaves_no_half_bundle() {
    let before = disk();
    let mut old = members();
    old[0].1 = b"the one before".to_vec();
    write(&before, &old).unwrap();
    let disk = before.fork();
    disk.faults().plan(None);
    write(&disk, &members()).unwrap();
    let steps = disk.faults().count();
    assert!(steps > members().len() as u64, "{steps}");
    for kind in [FaultKind::NotDone, FaultKind::Done, FaultKind::Short, FaultKind::Full, FaultKind::PowerCut]
    {
        for operation in 0..steps {
            for seed in 0..3 {
                let disk = before.fork();
                disk.faults().plan(Some(Fault { operation, kind }));
                // Removing what lies aside may fail too, which is nobody's failure.
                let written = write(&disk, &members());
                let disk = disk.crash(seed);
                let bytes = disk.read(Path::new(PLACE)).unwrap();
                let found = read(BundleReader::new(bytes.as_slice())).unwrap();
                assert!(found == old || found == members(), "{kind:?} at {operation}");
                assert!(written.is_err() || found == members(), "{kind:?} at {operation}: told as written");
                // What is left aside is in nobody's way.
                disk.faults().plan(None);
                write(&disk, &members()).unwrap();
            }
        }
    }
}

#[test]
fn the_writer_refuses_what_no_reader_takes() {
    let disk = disk();
    let create = || BundleWriter::create(&disk, Path::new(PLACE), true).unwrap();
    let order = create().add(ArchiveMember::Policy, b"x").unwrap_err();
    assert!(matches!(order, WriteError::Order { member: ArchiveMember::Policy, after: None }), "{order}");
    let long = create().add(ArchiveMember::Readme, &vec![b'x'; (1 << 20) + 1]).unwrap_err();
    assert_eq!(long.to_string(), "README.txt has 1048577 bytes, at most 1048576 go into a bundle");
    let mut early = create();
    early.add(ArchiveMember::Readme, b"x").unwrap();
    assert!(matches!(early.finish(&signer()).unwrap_err(), WriteError::Order { .. }));
    // Nothing is left of them.
    assert_eq!(disk.list(Path::new("/out")).unwrap(), Vec::<String>::new());
}

#[test]
fn entries_as_long_as_entries_can_be_are_read() {
    let mut longest = members();
    longest[7].1 = vec![0; 256 * (2 + 60_000)];
    assert_eq!(read(BundleReader::new(written(&longest).as_slice())).unwrap(), longest);
    longest[7].1.push(0);
    assert!(matches!(write(&disk(), &longest), Err(WriteError::TooLong { .. })));
}

/// A file that never ends is not read to its end.
#[test]
fn an_endless_file_is_refused_early() {
    let read = BundleReader::new(std::io::repeat(b'P')).next().unwrap_err().to_string();
    assert!(read.starts_with("byte 1: this is no evidence bundle"), "{read}");
    let start = written(&members());
    let endless = std::io::Read::chain(&start[..], std::io::repeat(0));
    let mut reader = BundleReader::new(endless);
    let said = loop {
        match reader.next() {
            Ok(Some(_)) => {}
            other => break other.unwrap_err().to_string(),
        }
    };
    assert!(said.contains("bytes follow the end"), "{said}");
}

/// Whoever laid a file, or a way to another one, beside the place of a bundle learns nothing of it, and keeps it.
#[test]
fn nothing_that_lies_beside_is_written_into_or_taken_away() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    std::fs::write(at("elsewhere"), b"planted").unwrap();
    symlink(at("elsewhere"), at("b.zip.aside")).unwrap();
    let hidden = (0..500).map(|number| at(&format!(".jejak-{}-{number}.aside", std::process::id())));
    hidden.for_each(|hidden| symlink(at("elsewhere"), hidden).unwrap());
    let mut writer = BundleWriter::create(&RealDisk, &at("b.zip"), true).unwrap();
    for (member, content) in members() {
        writer.add(member, &content).unwrap();
    }
    writer.finish(&signer()).unwrap().publish(Existing::Kept).unwrap();
    let metadata = at("b.zip").symlink_metadata().unwrap();
    assert!(metadata.is_file() && metadata.permissions().mode() & 0o777 == 0o600);
    assert_eq!(std::fs::read(at("elsewhere")).unwrap(), b"planted");
    assert_eq!(RealDisk.list(directory.path()).unwrap().len(), 503);
}
