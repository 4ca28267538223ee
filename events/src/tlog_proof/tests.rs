use proptest::prelude::*;

use super::*;
use crate::{note::NoteSigner, tile::tests::Grown};

const ORIGIN: &str = "jejak.example/registry";

fn log() -> NoteSigner {
    NoteSigner::new(ORIGIN, &[1; 32]).unwrap()
}

fn checkpoint(grown: &Grown) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(ORIGIN, grown.tree.size(), grown.tree.root()).unwrap();
    SignedCheckpoint::sign(checkpoint, &log()).unwrap()
}

fn proof(grown: &Grown, index: u64) -> TlogProof {
    let inclusion = grown.prover().inclusion(index, grown.tree.size()).unwrap();
    TlogProof::new(inclusion, checkpoint(grown)).unwrap()
}

#[test]
fn file_has_the_lines_of_the_spec() {
    let file = proof(&Grown::new(3), 0).with_extra(b"abc".to_vec()).to_string();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines[..3], ["c2sp.org/tlog-proof@v1", "extra YWJj", "index 0"]);
    assert_eq!(lines[3], leaf_hash(b"1").to_string());
    assert_eq!(lines[4], leaf_hash(b"2").to_string());
    assert_eq!(lines[5..8], ["", ORIGIN, "3"]);
    assert_eq!(lines.len(), 11);
    assert_eq!(TlogProof::parse(file.as_bytes()).unwrap().extra(), Some(b"abc".as_slice()));
}

#[test]
fn empty_extra_drops_the_line() {
    let grown = Grown::new(3);
    assert_eq!(proof(&grown, 0).with_extra(Vec::new()), proof(&grown, 0));
}

#[test]
fn proof_and_checkpoint_of_different_sizes_are_not_put_together() {
    let grown = Grown::new(8);
    let inclusion = grown.prover().inclusion(5, 7).unwrap();
    let error = TlogProof::new(inclusion, checkpoint(&grown)).unwrap_err();
    assert_eq!(error, TlogProofError::Size { proof: 7, checkpoint: 8 });
}

#[test]
fn errors_say_which_line() {
    let file = proof(&Grown::new(3), 0).to_string();
    let error = |text: &str| TlogProof::parse(text.as_bytes()).unwrap_err();
    assert_eq!(error(&file.replacen("index", "indeks", 1)), TlogProofError::Index { line: 2 });
    let with_extra = file.replacen("index", "extra YWJj\nindeks", 1);
    assert_eq!(error(&with_extra), TlogProofError::Index { line: 3 });
    let bad_hash = file.replacen(&leaf_hash(b"2").to_string(), "x", 1);
    assert_eq!(error(&bad_hash), TlogProofError::HashLine { line: 4 });
    let bytes = [file.as_bytes(), b"\xff"].concat();
    let not_utf8 = TlogProofError::NotUtf8 { offset: file.len() };
    assert_eq!(TlogProof::parse(&bytes).unwrap_err(), not_utf8);
}

proptest! {
    #[test]
    fn every_entry_verifies_and_no_other(size in 1..300u64, pick: u64) {
        let grown = Grown::new(size);
        let index = pick % size;
        let file = proof(&grown, index).to_string();
        let read = TlogProof::parse(file.as_bytes()).unwrap();
        prop_assert_eq!(read.to_string(), file);
        prop_assert_eq!(read.index(), index);
        let entry = index.to_string();
        let log = log();
        let verified = read.verify(entry.as_bytes(), log.verifier_key()).unwrap();
        prop_assert_eq!((verified.size(), verified.root()), (size, grown.tree.root()));
        let other = (index + 1).to_string();
        let error = read.verify(other.as_bytes(), log.verifier_key()).unwrap_err();
        prop_assert_eq!(error.name(), "root_mismatch");
    }

    #[test]
    fn any_changed_byte_is_refused(position: prop::sample::Index, xor in 1..=255u8) {
        let mut bytes = proof(&Grown::new(7), 5).to_string().into_bytes();
        let position = position.index(bytes.len());
        bytes[position] ^= xor;
        let log = log();
        let verdict = TlogProof::parse(&bytes).and_then(|p| p.verify(b"5", log.verifier_key()).map(Checkpoint::size));
        prop_assert!(verdict.is_err());
    }
}
