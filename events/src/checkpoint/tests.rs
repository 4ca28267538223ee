use proptest::prelude::*;

use super::*;
use crate::{
    cosignature::{CosignatureSigner, MAX_TIME},
    tree::leaf_hash,
};

const ORIGIN: &str = "jejak.example/registry";
const WITNESS: &str = "witness.example/w1";

fn log() -> NoteSigner {
    NoteSigner::new(ORIGIN, &[1; 32]).unwrap()
}

fn signed() -> SignedCheckpoint {
    SignedCheckpoint::sign(Checkpoint::new(ORIGIN, 1, leaf_hash(b"x")).unwrap(), &log()).unwrap()
}

#[test]
fn text_is_origin_size_and_root() {
    let checkpoint = Checkpoint::new(ORIGIN, 0, empty_root()).unwrap();
    let text = "jejak.example/registry\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    assert_eq!(checkpoint.to_string(), text);
    assert_eq!(text.parse(), Ok(checkpoint));
}

#[test]
fn a_checkpoint_that_could_not_be_read_back_is_not_made() {
    let root = leaf_hash(b"x");
    assert_eq!(Checkpoint::new("", 1, root), Err(CheckpointError::Line(1)));
    assert_eq!(Checkpoint::new("a\nb", 1, root), Err(CheckpointError::Line(1)));
    assert_eq!(Checkpoint::new("a", 0, root), Err(CheckpointError::EmptyTreeRoot(root)));
}

#[test]
fn a_log_signs_only_its_own_checkpoints() {
    let other = Checkpoint::new("other.example/log", 1, leaf_hash(b"x")).unwrap();
    let error = SignedCheckpoint::sign(other, &log()).unwrap_err();
    assert_eq!(error, CheckpointError::Origin { wanted: ORIGIN.into(), found: "other.example/log".into() });
}

#[test]
fn extension_lines_are_kept_and_signed() {
    let text = format!("{ORIGIN}\n1\n{}\nsatu\ndua\n", leaf_hash(b"x"));
    let checkpoint: Checkpoint = text.parse().unwrap();
    assert_eq!(checkpoint.extensions(), ["satu", "dua"]);
    let signed = SignedCheckpoint::sign(checkpoint.clone(), &log()).unwrap();
    let read = SignedCheckpoint::parse(signed.to_string().as_bytes()).unwrap();
    assert_eq!(read.verify(log().verifier_key()), Ok(&checkpoint));
}

#[test]
fn key_rotation_adds_a_signature_by_the_next_key() {
    let next = NoteSigner::new(ORIGIN, &[2; 32]).unwrap();
    let mut checkpoint = signed();
    assert!(checkpoint.verify(next.verifier_key()).is_err());
    checkpoint.add(next.sign(checkpoint.note())).unwrap();
    assert!(checkpoint.verify(next.verifier_key()).is_ok());
    assert!(checkpoint.verify(log().verifier_key()).is_ok());
}

#[test]
fn cosignatures_state_their_time_up_to_63_bits() {
    let witness = CosignatureSigner::new(WITNESS, &[4; 32]).unwrap();
    for time in [0, 1_760_000_000, MAX_TIME] {
        let mut checkpoint = signed();
        checkpoint.add(witness.cosign(&checkpoint, time).unwrap()).unwrap();
        let read = SignedCheckpoint::parse(checkpoint.to_string().as_bytes()).unwrap();
        assert_eq!(read.cosigned_at(witness.verifier_key()), Ok(time));
        assert!(read.verify(log().verifier_key()).is_ok());
    }
    let late = witness.cosign(&signed(), MAX_TIME + 1).unwrap_err();
    assert_eq!(late, NoteError::CosignatureTime { name: WITNESS.into(), time: MAX_TIME + 1 });
}

#[test]
fn a_cosignature_is_not_the_logs_signature() {
    let witness = CosignatureSigner::new(WITNESS, &[4; 32]).unwrap();
    let checkpoint = signed();
    let only_cosigned = {
        let line = witness.cosign(&checkpoint, 7).unwrap();
        let note = format!("{}\n{line}\n", checkpoint.note().text());
        SignedCheckpoint::parse(note.as_bytes()).unwrap()
    };
    assert_eq!(only_cosigned.cosigned_at(witness.verifier_key()), Ok(7));
    let error = only_cosigned.verify(log().verifier_key()).unwrap_err();
    assert_eq!(error, NoteError::NoKnownSignature.into());
}

#[test]
fn a_bad_cosignature_does_not_take_the_logs_signature_down() {
    let witness = CosignatureSigner::new(WITNESS, &[4; 32]).unwrap();
    let earlier =
        SignedCheckpoint::sign(Checkpoint::new(ORIGIN, 2, leaf_hash(b"y")).unwrap(), &log()).unwrap();
    let mut checkpoint = signed();
    checkpoint.add(witness.cosign(&earlier, 7).unwrap()).unwrap();
    let error = checkpoint.cosigned_at(witness.verifier_key()).unwrap_err();
    assert_eq!(error, NoteError::BadSignature { name: WITNESS.into() }.into());
    assert!(checkpoint.verify(log().verifier_key()).is_ok());
}

proptest! {
    #[test]
    fn any_checkpoint_round_trips(origin in "[!-~]{1,30}( [!-~]{1,5})?", size in 1..=u64::MAX, leaf: Vec<u8>) {
        let checkpoint = Checkpoint::new(&origin, size, leaf_hash(&leaf)).unwrap();
        prop_assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
    }

    #[test]
    fn parser_prints_what_it_read(text in "[a+0\n]{0,6}\n[0-9+ ]{0,3}\n[A-Za-z0-9+/]{42,43}=\n([a\n]{1,3}\n)?") {
        if let Ok(checkpoint) = text.parse::<Checkpoint>() {
            prop_assert_eq!(checkpoint.to_string(), text);
        }
    }

    #[test]
    fn decimals_are_read_only_as_they_are_printed(text in "[0-9+-]{0,3}|[0-9]{18,21}") {
        let printed = text.parse::<u64>().ok().map(|value| value.to_string());
        prop_assert_eq!(parse_decimal(&text).is_some(), printed == Some(text));
    }
}
