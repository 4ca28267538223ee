//! The oracle is the `ct-merkle` crate: same roots, same proofs, hash by hash.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;
use crate::{
    prove::ProveError,
    tile::tests::Grown,
    tree::{empty_root, leaf_hash},
};

type Oracle = MemoryBackedTree<Sha256, String>;

fn oracle(size: u64) -> Oracle {
    let mut oracle = Oracle::new();
    (0..size).for_each(|index| oracle.push(index.to_string()));
    oracle
}

fn leaf(index: u64) -> Hash {
    leaf_hash(index.to_string().as_bytes())
}

fn root_of(oracle: &Oracle) -> Hash {
    Hash(oracle.root().as_bytes().as_slice().try_into().unwrap())
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

#[test]
fn every_size_to_600_has_the_oracles_root_and_proofs() {
    let grown = Grown::new(600);
    let mut prover = grown.prover();
    let last_root = prover.root_at(600).unwrap();
    assert_eq!(last_root, grown.tree.root());
    assert_eq!(prover.root_at(0).unwrap(), empty_root());
    let mut oracle = Oracle::new();
    for size in 1..=600u64 {
        oracle.push((size - 1).to_string());
        let root = prover.root_at(size).unwrap();
        assert_eq!(root, root_of(&oracle), "root at {size}");
        // Every index for small trees, a spread that meets all tile edges for the others.
        let step = if size <= 70 { 1 } else { 37 };
        for index in (0..size).step_by(step).chain([size - 1]) {
            let proof = prover.inclusion(index, size).unwrap();
            let expected = oracle.prove_inclusion(index as usize);
            assert_eq!(bytes_of(&proof.hashes), expected.as_bytes(), "inclusion of {index} in {size}");
            proof.verify(&leaf(index), &root).unwrap();
        }
        for old_size in (1..size).step_by(step) {
            let proof = prover.consistency(old_size, size).unwrap();
            let expected = oracle.prove_consistency((size - old_size) as usize);
            assert_eq!(bytes_of(&proof.hashes), expected.as_bytes(), "{old_size} to {size}");
            proof.verify(&prover.root_at(old_size).unwrap(), &root).unwrap();
        }
        let to_itself = prover.consistency(size, size).unwrap();
        assert!(to_itself.hashes.is_empty());
        to_itself.verify(&root, &root).unwrap();
        prover.consistency(size, 600).unwrap().verify(&root, &last_root).unwrap();
    }
}

#[test]
fn three_levels_of_tiles_agree_with_the_oracle() {
    const SIZE: u64 = 66_100;
    let grown = Grown::new(SIZE);
    let mut prover = grown.prover();
    let oracle = oracle(SIZE);
    assert_eq!(grown.tree.root(), root_of(&oracle));
    for index in [0, 1, 255, 256, 65_535, 65_536, 65_791, 65_792, SIZE - 1] {
        let proof = prover.inclusion(index, SIZE).unwrap();
        assert_eq!(bytes_of(&proof.hashes), oracle.prove_inclusion(index as usize).as_bytes());
        proof.verify(&leaf(index), &grown.tree.root()).unwrap();
        assert_eq!(prover.leaf(index).unwrap(), leaf(index));
    }
    for old_size in [1, 255, 256, 257, 4_096, 65_535, 65_536, 65_537, SIZE - 1] {
        let proof = prover.consistency(old_size, SIZE).unwrap();
        let expected = oracle.prove_consistency((SIZE - old_size) as usize);
        assert_eq!(bytes_of(&proof.hashes), expected.as_bytes());
        proof.verify(&prover.root_at(old_size).unwrap(), &grown.tree.root()).unwrap();
    }
}

#[test]
fn impossible_proofs_are_refused_when_made() {
    let grown = Grown::new(10);
    let mut prover = grown.prover();
    let size_beyond = ProveError::SizeBeyondTree { asked: 11, size: 10 };
    assert_eq!(prover.root_at(11).unwrap_err(), size_beyond);
    assert_eq!(prover.inclusion(0, 11).unwrap_err(), size_beyond);
    assert_eq!(prover.consistency(5, 11).unwrap_err(), size_beyond);
    assert_eq!(prover.inclusion(0, 0).unwrap_err(), ProofError::EmptyTree.into());
    assert_eq!(prover.consistency(0, 10).unwrap_err(), ProofError::EmptyTree.into());
    let index_beyond = ProofError::IndexBeyondTree { index: 10, size: 10 };
    assert_eq!(prover.inclusion(10, 10).unwrap_err(), index_beyond.clone().into());
    assert_eq!(prover.leaf(10).unwrap_err(), index_beyond.into());
    let larger = ProofError::OldLargerThanNew { old_size: 6, new_size: 5 };
    assert_eq!(prover.consistency(6, 5).unwrap_err(), larger.into());
}

#[test]
fn lengths_hold_at_the_largest_sizes() {
    assert_eq!(inclusion_length(0, u64::MAX), Ok(64));
    assert_eq!(inclusion_length(u64::MAX - 1, u64::MAX), Ok(63));
    assert_eq!(inclusion_length(0, 1), Ok(0));
    assert_eq!(consistency_length(1 << 63, u64::MAX), Ok(1));
    assert_eq!(consistency_length(1, u64::MAX), Ok(64));
    assert_eq!(consistency_length(u64::MAX - 1, u64::MAX), Ok(64));
    // Nothing overflows on the way, whatever the hashes are.
    for index in [0, 1, u64::MAX / 2, u64::MAX - 1] {
        let hashes = vec![Hash::default(); inclusion_length(index, u64::MAX).unwrap()];
        let proof = InclusionProof { index, size: u64::MAX, hashes };
        assert_eq!(proof.verify(&leaf(0), &leaf(1)).unwrap_err().name(), "root_mismatch");
    }
    for old_size in [1, 2, 1 << 63, u64::MAX - 1] {
        let hashes = vec![Hash::default(); consistency_length(old_size, u64::MAX).unwrap()];
        let proof = ConsistencyProof { old_size, new_size: u64::MAX, hashes };
        assert!(proof.verify(&leaf(0), &leaf(1)).is_err());
    }
}

/// One wrong step in a proof, by position.
fn flip(hashes: &mut [Hash], position: usize) {
    if let Some(hash) = hashes.get_mut(position / 256) {
        hash.0[position / 8 % 32] ^= 1 << (position % 8);
    }
}

proptest! {
    #[test]
    fn random_larger_trees_agree_with_the_oracle(size in 601..6_000u64, picks in prop::collection::vec(any::<u64>(), 8)) {
        let grown = Grown::new(size);
        let mut prover = grown.prover();
        let oracle = oracle(size);
        let root = grown.tree.root();
        prop_assert_eq!(root, root_of(&oracle));
        for pick in picks {
            let index = pick % size;
            let proof = prover.inclusion(index, size).unwrap();
            let expected = oracle.prove_inclusion(index as usize);
            prop_assert_eq!(bytes_of(&proof.hashes), expected.as_bytes());
            prop_assert_eq!(proof.verify(&leaf(index), &root), Ok(()));
            let old_size = 1 + pick % (size - 1);
            let proof = prover.consistency(old_size, size).unwrap();
            let expected = oracle.prove_consistency((size - old_size) as usize);
            prop_assert_eq!(bytes_of(&proof.hashes), expected.as_bytes());
            prop_assert_eq!(proof.verify(&prover.root_at(old_size).unwrap(), &root), Ok(()));
        }
    }

    #[test]
    fn any_flipped_bit_or_other_number_is_refused(size in 2..400u64, pick: u64, position in 0..4096usize) {
        let grown = Grown::new(size);
        let mut prover = grown.prover();
        let root = grown.tree.root();

        let index = pick % size;
        let proof = prover.inclusion(index, size).unwrap();
        let mut flipped = proof.clone();
        flip(&mut flipped.hashes, position % (proof.hashes.len() * 256));
        prop_assert_eq!(flipped.verify(&leaf(index), &root).unwrap_err().name(), "root_mismatch");
        let other_index = InclusionProof { index: (index + 1) % size, ..proof.clone() };
        prop_assert!(other_index.verify(&leaf(index), &root).is_err());
        prop_assert!(proof.verify(&leaf(size), &root).is_err());

        let old_size = 1 + pick % (size - 1);
        let old_root = prover.root_at(old_size).unwrap();
        let proof = prover.consistency(old_size, size).unwrap();
        let mut flipped = proof.clone();
        flip(&mut flipped.hashes, position % (proof.hashes.len() * 256));
        prop_assert!(flipped.verify(&old_root, &root).is_err());
        prop_assert!(proof.verify(&root, &root).is_err());
        prop_assert!(proof.verify(&old_root, &old_root).is_err());
    }
}
