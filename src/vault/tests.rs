//! Sealing and opening frames, and everything that must not open.

use std::sync::atomic::{AtomicU8, Ordering};

use super::access::{AccessLog, Look, OwnWork};
use super::*;

/// Counts up: every nonce differs, every run is the same.
#[derive(Debug, Default)]
struct Counting(AtomicU8);

impl Randomness for Counting {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        Ok(())
    }
}

#[derive(Debug)]
struct NoRandomness;

impl Randomness for NoRandomness {
    fn fill(&self, _: &mut [u8]) -> io::Result<()> {
        Err(io::Error::from_raw_os_error(5))
    }
}

const SUBJECT: &str = "person/0190f3a0-0000-4000-8000-000000000001";
const OTHER: &str = "person/0190f3a0-0000-4000-8000-000000000002";

fn subject(text: &str) -> Subject {
    Subject::parse(text).unwrap()
}

/// Opens a frame as the registry does for itself.
fn opened(frame: &[u8], about: FrameSubject, key: &KeyLookup) -> Result<Vec<String>, VaultError> {
    open_frame(VaultPass::OwnWork(&OwnWork::new()), frame, about, key)
}

fn about(index: u64) -> FrameSubject {
    FrameSubject { index, subject: subject(SUBJECT), group: Group::Personal }
}

fn key(number: u8) -> SubjectKey {
    SubjectKey { id: [number; 16], secret: Secret::new([number; 32]) }
}

fn disclosures(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("WyJzYWx0Iiwi{number}",)).collect()
}

fn seal(about: FrameSubject, number: u8, disclosures: &[String]) -> Vec<u8> {
    let mut frame = Vec::new();
    seal_frame(&mut frame, about, &key(number), disclosures, &Counting::default()).unwrap();
    frame
}

fn live(number: u8) -> KeyLookup {
    KeyLookup::Live(key(number))
}

#[test]
fn what_was_sealed_opens() {
    for count in [0, 1, 2, 7, 300] {
        let sealed = disclosures(count);
        let frame = seal(about(5), 1, &sealed);
        assert_eq!(opened(&frame, about(5), &live(1)).unwrap(), sealed);
    }
    let odd = vec!["\"quoted\"".to_owned(), "\u{1}\n".to_owned(), "é".to_owned()];
    assert_eq!(opened(&seal(about(0), 1, &odd), about(0), &live(1)).unwrap(), odd);
}

#[test]
fn a_frame_has_the_written_layout_and_hides_lengths() {
    let frame = seal(about(0x0102), 7, &disclosures(1));
    assert_eq!(frame.len(), 8 + 49 + 128 + 16);
    assert_eq!(frame[..4], 193_u32.to_le_bytes());
    assert_eq!(frame[4..8], crc32c::crc32c(&frame[8..]).to_le_bytes());
    assert_eq!(frame[8..16], 0x0102_u64.to_le_bytes());
    assert_eq!(frame[16], 1);
    assert_eq!(frame[17..33], [7; 16]);
    assert_eq!(frame[33..57], std::array::from_fn::<u8, 24, _>(|place| place as u8));
    assert_eq!(seal(about(1), 7, &disclosures(0)).len(), seal(about(1), 7, &disclosures(5)).len());
    let mut other = frame.clone();
    seal_frame(&mut other, about(1), &key(7), &[], &Counting(7.into())).unwrap();
    assert_eq!(other[..frame.len()], frame, "a frame is appended");
}

#[test]
fn every_key_but_the_right_one_has_its_own_error() {
    let frame = seal(about(5), 1, &disclosures(2));
    let open = |key: &KeyLookup| opened(&frame, about(5), key).unwrap_err();
    assert!(matches!(open(&KeyLookup::Destroyed), VaultError::Erased { index: 5, .. }));
    assert!(matches!(open(&KeyLookup::Unknown), VaultError::NoKey { index: 5, .. }));
    assert!(matches!(open(&live(2)), VaultError::WrongKey { index: 5, .. }));
    // The right name and the wrong secret.
    let forged = KeyLookup::Live(SubjectKey { secret: key(2).secret, ..key(1) });
    assert!(matches!(open(&forged), VaultError::Damaged { index: 5, .. }));
}

#[test]
fn a_frame_opens_only_for_its_event_group_and_subject() {
    let frame = seal(about(5), 1, &disclosures(2));
    let wrong = [
        about(6),
        FrameSubject { group: Group::Confidential, ..about(5) },
        FrameSubject { subject: subject(OTHER), ..about(5) },
        FrameSubject { subject: Subject::Registry, ..about(5) },
    ];
    for wrong in wrong {
        let error = opened(&frame, wrong, &live(1)).unwrap_err();
        assert!(matches!(error, VaultError::Damaged { .. }), "{wrong:?}: {error}");
    }
    // The open bytes changed too, with a new checksum: the cipher still refuses.
    for offset in [8, 16, 33] {
        let mut moved = frame.clone();
        moved[offset] ^= 3;
        let checksum = crc32c::crc32c(&moved[8..]);
        moved[4..8].copy_from_slice(&checksum.to_le_bytes());
        let header = scan_frames(&moved).unwrap()[0];
        let claimed = FrameSubject { index: header.index, group: header.group, ..about(5) };
        let error = opened(&moved, claimed, &live(1)).unwrap_err();
        assert!(matches!(error, VaultError::Damaged { .. }), "{offset}: {error}");
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let frame = seal(about(5), 1, &disclosures(2));
    for offset in 0..frame.len() {
        for bit in 0..8 {
            let mut flipped = frame.clone();
            flipped[offset] ^= 1 << bit;
            let error = opened(&flipped, about(5), &live(1)).unwrap_err();
            assert!(matches!(error, VaultError::Damaged { index: 5, .. }), "{offset}: {error}");
        }
        assert!(opened(&frame[..offset], about(5), &live(1)).is_err(), "cut at {offset}");
    }
    let twice = [&frame[..], &frame[..]].concat();
    assert!(opened(&twice, about(5), &live(1)).is_err());
}

#[test]
fn sealing_that_fails_leaves_the_output_alone() {
    let mut out = vec![1, 2, 3];
    let error = seal_frame(&mut out, about(0), &key(1), &[], &NoRandomness).unwrap_err();
    assert!(matches!(error, VaultError::Randomness(_)), "{error}");
    let huge = ["x".repeat(PLAINTEXT_LIMIT_BYTES)];
    let error = seal_frame(&mut out, about(0), &key(1), &huge, &Counting::default()).unwrap_err();
    assert!(matches!(error, VaultError::TooLarge { .. }), "{error}");
    assert_eq!(out, [1, 2, 3]);
}

#[test]
fn the_index_finds_frames_by_event_and_damage_by_offset() {
    let mut vault = Vec::new();
    let mut index = VaultIndex::default();
    for event in [0, 3, 4, 900] {
        let start = vault.len();
        for group in [Group::Personal, Group::Confidential] {
            let about = FrameSubject { group, ..about(event) };
            seal_frame(&mut vault, about, &key(1), &disclosures(9), &Counting::default()).unwrap();
        }
        index.extend(&vault[start..]).unwrap();
    }
    assert_eq!(index.length_bytes(), vault.len() as u64);
    for (event, count) in [(0, 2), (1, 0), (3, 2), (4, 2), (5, 0), (900, 2), (u64::MAX, 0)] {
        let places = index.frames_of(event);
        assert_eq!(places.len(), count, "event {event}");
        for place in places {
            let start = place.offset as usize;
            let frame = &vault[start..start + place.length_bytes as usize];
            let about = FrameSubject { group: place.group, ..about(event) };
            assert_eq!(opened(frame, about, &live(1)).unwrap(), disclosures(9));
        }
    }
    let scanned = VaultIndex::scan(&vault).unwrap();
    assert_eq!(scanned.frames_of(3), index.frames_of(3));

    // Damage is told at the frame's own offset, also past what is indexed already.
    let third = index.frames_of(3)[0].offset;
    let mut damaged = vault.clone();
    damaged[third as usize + 60] ^= 1;
    assert_eq!(VaultIndex::scan(&damaged).unwrap_err().offset, third);
    index.truncate(third);
    assert_eq!((index.frames_of(0).len(), index.frames_of(3).len()), (2, 0));
    let error = index.extend(&damaged[third as usize..]).unwrap_err();
    assert_eq!((error.offset, index.length_bytes()), (third, third));
    // Frames of an earlier event cannot follow.
    index.extend(&vault[third as usize..]).unwrap();
    let end = index.length_bytes();
    assert_eq!(index.extend(&vault).unwrap_err().offset, end);
}

/// A frame for event 5, its payload changed and summed anew.
fn forged(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut frame = seal(about(5), 1, &disclosures(2));
    change(&mut frame);
    let checksum = crc32c::crc32c(&frame[8..]);
    frame[4..8].copy_from_slice(&checksum.to_le_bytes());
    frame
}

/// A frame whose content is sealed as it should be, and is no list.
fn of_another_content() -> Vec<u8> {
    let mut frame = seal(about(5), 1, &[]);
    let nonce: [u8; NONCE_BYTES] = frame[33..57].try_into().unwrap();
    let mut content = vec![b' '; frame.len() - 57 - TAG_BYTES];
    content[0] = b'{';
    let tag = XChaCha20Poly1305::new(&Key::from([1; 32]))
        .encrypt_inout_detached(
            &XNonce::from(nonce),
            &about(5).associated_data(),
            content.as_mut_slice().into(),
        )
        .unwrap();
    let at = frame.len() - TAG_BYTES;
    frame[57..at].copy_from_slice(&content);
    frame[at..].copy_from_slice(&tag);
    forged(|made| *made = frame)
}

fn noted(log: &AccessLog, subject: Subject) -> Look {
    let actor = jejak_events::identity::Actor { kind: jejak_events::identity::ActorKind::System, id: None };
    log.look(&actor, "test", &[subject]).unwrap()
}

fn access_log() -> AccessLog {
    let place = access::AccessPlace {
        disk: std::sync::Arc::new(crate::disk::sim::SimulatedDisk::default()),
        environment: crate::environment::Environment::system(),
        path: "/access.jsonl".into(),
        anchor: "/anchor".into(),
    };
    AccessLog::new(place, jejak_events::tree::leaf_hash(b"event 0"), false)
}

#[test]
fn a_look_at_one_does_not_open_another() {
    let log = access_log();
    let frame = seal(about(5), 1, &disclosures(2));
    let (his, hers) = (noted(&log, about(5).subject), noted(&log, subject(OTHER)));
    assert_eq!(open_frame(VaultPass::Look(&his), &frame, about(5), &live(1)).unwrap(), disclosures(2));
    // Nor does it tell whether there is a key.
    for key in [live(1), live(2), KeyLookup::Destroyed, KeyLookup::Unknown] {
        let error = open_frame(VaultPass::Look(&hers), &frame, about(5), &key).unwrap_err();
        assert!(matches!(error, VaultError::NotNoted { index: 5, .. }), "{error}");
    }
}

#[test]
fn what_is_wrong_with_a_frame_is_said() {
    let mut said = crate::said::Said::new("vault");
    let frame = seal(about(5), 1, &disclosures(2));
    let other_secret = KeyLookup::Live(SubjectKey { secret: key(2).secret, ..key(1) });
    for (case, key) in [
        ("erased", KeyLookup::Destroyed),
        ("no key", KeyLookup::Unknown),
        ("another key", live(2)),
        ("another secret", other_secret),
    ] {
        said.error(case, opened(&frame, about(5), &key).unwrap_err());
    }
    let hers = noted(&access_log(), subject(OTHER));
    said.error("no look", open_frame(VaultPass::Look(&hers), &frame, about(5), &live(1)).unwrap_err());
    let mut flipped = frame.clone();
    flipped[60] ^= 1;
    for (case, wrong) in [
        ("cut short", frame[..50].to_vec()),
        ("two of them", [&frame[..], &frame[..]].concat()),
        ("altered", flipped),
        ("shorter than its fields", [&[9, 0, 0, 0], &frame[4..]].concat()),
        ("an unknown group", forged(|frame| frame[16] = 9)),
        ("no list", of_another_content()),
    ] {
        said.error(case, opened(&wrong, about(5), &live(1)).unwrap_err());
    }
    said.error("another event", opened(&frame, about(6), &live(1)).unwrap_err());
    said.error("out of order", VaultIndex::scan(&[seal(about(6), 1, &[]), frame].concat()).unwrap_err());
    let mut out = Vec::new();
    said.error("no randomness", seal_frame(&mut out, about(0), &key(1), &[], &NoRandomness).unwrap_err());
    let huge = ["x".repeat(PLAINTEXT_LIMIT_BYTES)];
    said.error(
        "too large",
        seal_frame(&mut out, about(0), &key(1), &huge, &Counting::default()).unwrap_err(),
    );
    said.check();
}
