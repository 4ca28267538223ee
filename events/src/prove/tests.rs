use std::cell::RefCell;

use super::*;
use crate::{
    tile::{FULL_TILE_LENGTH_BYTES, tests::Grown},
    tree::leaf_hash,
};

#[test]
fn a_tile_is_read_once_and_few_are_kept() {
    let grown = Grown::new(40 * 256 + 3);
    let reads = RefCell::new(Vec::new());
    let mut prover = Prover::of_tree(&grown.tree, |tile| {
        reads.borrow_mut().push(tile);
        grown.read(tile)
    });
    let size = grown.tree.size();
    prover.inclusion(0, size).unwrap();
    prover.inclusion(255, size).unwrap();
    prover.inclusion(0, 200).unwrap();
    // Everything else that these need is in the partial tiles in memory.
    assert_eq!(*reads.borrow(), [Tile::new(0, 0, 256).unwrap()]);
    for index in (0..size).step_by(256) {
        assert_eq!(prover.leaf(index).unwrap(), leaf_hash(index.to_string().as_bytes()));
        assert!(prover.tiles.len() <= CACHED_TILES);
    }
    assert_eq!(reads.borrow().len(), 40);
}

#[test]
fn tiles_that_are_missing_or_cut_are_named() {
    let grown = Grown::new(600);
    let tile = Tile::new(0, 1, 256).unwrap();
    let mut missing = Prover::of_tree(&grown.tree, |_| Err::<Vec<u8>, _>("gone".to_owned()));
    let error = missing.leaf(300).unwrap_err();
    assert_eq!(error, ProveError::Source { tile, cause: "gone".into() });
    assert_eq!(error.to_string(), "cannot read tile/0/001: gone");

    let mut cut = Prover::of_tree(&grown.tree, |tile| grown.read(tile).map(|bytes| bytes[32..].to_vec()));
    let wanted_bytes = FULL_TILE_LENGTH_BYTES;
    let length = TileError::Length { tile, wanted_bytes, found_bytes: wanted_bytes - 32 };
    assert_eq!(cut.inclusion(300, 600).unwrap_err(), length.into());
    // Leaves in memory need no stored tile, and a failed read is not remembered as an answer.
    assert!(cut.leaf(599).is_ok());
    assert!(cut.leaf(300).is_err());
}

#[test]
fn static_tiles_alone_are_enough() {
    let grown = Grown::new(700);
    let mut tiles = grown.stored.clone();
    tiles.extend(grown.tree.partial_tiles().map(|partial| (partial.tile, partial.bytes)));
    assert_eq!(tiles.keys().copied().collect::<Vec<_>>(), Tile::all(700).collect::<Vec<_>>());
    let mut prover = Prover::new(700, |tile: Tile| tiles.get(&tile).cloned().ok_or(tile));
    assert_eq!(prover.root_at(700).unwrap(), grown.tree.root());
    let proof = prover.inclusion(699, 700).unwrap();
    proof.verify(&leaf_hash(b"699"), &grown.tree.root()).unwrap();
}
