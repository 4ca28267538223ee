//! Roots and proofs computed from tiles.
//!
//! This is the log's side; [`crate::proof`] is the verifier's and shares no code path with it beyond
//! hashing. A [`Prover`] takes tiles as they are: where they may be damaged, check what it returns
//! against a known root before handing it on.
//!
//! This module must never keep more than a few tiles in memory, and never ask for a tile that a tree of
//! the stated size does not have.

use std::collections::BTreeMap;

use crate::proof::{ConsistencyProof, InclusionProof, ProofError};
use crate::tile::{EdgeSource, FULL_WIDTH, TILE_HEIGHT, Tile, TileError, TileSource, TileTree};
use crate::tree::{Hash, join, perfect_root};

#[cfg(test)]
mod tests;

/// Tiles kept for the next question. A proof in the largest tree touches fewer.
const CACHED_TILES: usize = 32;

/// Why no root or proof could be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// The source failed.
    #[error("cannot read {tile}: {cause}")]
    Source {
        /// The tile that was wanted.
        tile: Tile,
        /// What the source said.
        cause: E,
    },
    /// The source gave a tile of the wrong length.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// The question reaches beyond the tree.
    #[error("size {asked} was asked for, but the tree has only {size} leaves so far")]
    SizeBeyondTree {
        /// Size asked for.
        asked: u64,
        /// Leaves in the tree.
        size: u64,
    },
    /// There is no such proof: see [`ProofError`].
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Computes roots and proofs for a tree of `size` leaves and every smaller size, from its tiles.
///
/// Keeps up to 32 tiles, so asking one prover several questions is cheaper than one each.
#[derive(Debug)]
pub struct Prover<S> {
    size: u64,
    source: S,
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl<'tree, S: TileSource> Prover<EdgeSource<'tree, S>> {
    /// A prover over a tree in memory and its full tiles, which are read from `stored`.
    pub fn of_tree(tree: &'tree TileTree, stored: S) -> Self {
        Self::new(tree.size(), tree.source(stored))
    }
}

impl<S: TileSource> Prover<S> {
    /// A prover over the tiles of a tree of `size` leaves.
    pub fn new(size: u64, source: S) -> Self {
        Self { size, source, tiles: BTreeMap::new() }
    }

    /// The leaf hash at `index`.
    ///
    /// # Errors
    /// [`ProofError::IndexBeyondTree`], or a tile that cannot be read.
    pub fn leaf(&mut self, index: u64) -> Result<Hash, ProveError<S::Error>> {
        if index >= self.size {
            return Err(ProofError::IndexBeyondTree { index, size: self.size }.into());
        }
        self.node(0, index)
    }

    /// The root of the tree of the first `size` leaves; 0 gives the empty root.
    ///
    /// # Errors
    /// [`ProveError::SizeBeyondTree`], or a tile that cannot be read.
    pub fn root_at(&mut self, size: u64) -> Result<Hash, ProveError<S::Error>> {
        self.check_size(size)?;
        self.range_root(0, size)
    }

    /// The proof that the tree of the first `size` leaves has the leaf at `index` (RFC 6962, 2.1.1).
    ///
    /// # Errors
    /// [`ProveError::SizeBeyondTree`], [`ProofError::EmptyTree`], [`ProofError::IndexBeyondTree`], or a
    /// tile that cannot be read.
    pub fn inclusion(&mut self, index: u64, size: u64) -> Result<InclusionProof, ProveError<S::Error>> {
        self.check_size(size)?;
        crate::proof::inclusion_length(index, size)?;
        let mut hashes = Vec::new();
        // From the root down to the leaf: keep the half with the leaf, note the root of the other.
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + left_size(end - start);
            if index < middle {
                hashes.push(self.range_root(middle, end)?);
                end = middle;
            } else {
                hashes.push(self.range_root(start, middle)?);
                start = middle;
            }
        }
        hashes.reverse();
        Ok(InclusionProof { index, size, hashes })
    }

    /// The proof that the tree of `new_size` leaves begins with that of `old_size` (RFC 6962, 2.1.2).
    ///
    /// # Errors
    /// [`ProveError::SizeBeyondTree`], [`ProofError::OldLargerThanNew`], [`ProofError::EmptyTree`], or a
    /// tile that cannot be read.
    pub fn consistency(
        &mut self,
        old_size: u64,
        new_size: u64,
    ) -> Result<ConsistencyProof, ProveError<S::Error>> {
        crate::proof::consistency_length(old_size, new_size)?;
        self.check_size(new_size)?;
        let mut hashes = Vec::new();
        // From the root down to where the old tree ends at the end of a subtree.
        let (mut start, mut end) = (0, new_size);
        while end != old_size {
            let middle = start + left_size(end - start);
            if old_size <= middle {
                hashes.push(self.range_root(middle, end)?);
                end = middle;
            } else {
                hashes.push(self.range_root(start, middle)?);
                start = middle;
            }
        }
        // Without a step to the right that subtree is the whole old tree, whose root the verifier has.
        if start > 0 {
            hashes.push(self.range_root(start, end)?);
        }
        hashes.reverse();
        Ok(ConsistencyProof { old_size, new_size, hashes })
    }

    fn check_size(&self, asked: u64) -> Result<(), ProveError<S::Error>> {
        if asked > self.size {
            return Err(ProveError::SizeBeyondTree { asked, size: self.size });
        }
        Ok(())
    }

    /// Root over the leaves `start..end`, where `start` is a multiple of the largest power of two that
    /// fits into the range (as it is for every subtree of RFC 6962).
    fn range_root(&mut self, mut start: u64, end: u64) -> Result<Hash, ProveError<S::Error>> {
        let mut subtrees = Vec::new();
        while let Some(height) = (end - start).checked_ilog2() {
            subtrees.push(self.node(height, start >> height)?);
            start += 1 << height;
        }
        Ok(join(&subtrees))
    }

    /// The complete node number `index` of the given height: a hash in a tile, or computed from the
    /// hashes of the one tile that has them all.
    fn node(&mut self, height: u32, index: u64) -> Result<Hash, ProveError<S::Error>> {
        let level = (height / TILE_HEIGHT) as u8;
        let rows = height % TILE_HEIGHT;
        let first = index << rows;
        let tile_index = first / u64::from(FULL_WIDTH);
        let start = (first % u64::from(FULL_WIDTH)) as usize;
        let hashes = self.tile(level, tile_index)?;
        Ok(perfect_root(&hashes[start..start + (1 << rows)]))
    }

    /// The hashes of a tile, of exactly the width that it has in a tree of `self.size` leaves.
    fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], ProveError<S::Error>> {
        let key = (level, index);
        if !self.tiles.contains_key(&key) {
            let tile = Tile::in_tree(self.size, level, index)
                .ok_or(ProofError::IndexBeyondTree { index, size: self.size })?;
            let bytes = self.source.tile(tile).map_err(|cause| ProveError::Source { tile, cause })?;
            let hashes = tile.hashes(&bytes)?;
            if self.tiles.len() >= CACHED_TILES {
                self.tiles.clear();
            }
            self.tiles.insert(key, hashes);
        }
        Ok(&self.tiles[&key])
    }
}

/// Size of the left subtree of a tree of `size` leaves, 2 or more: the largest power of two below it.
fn left_size(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}
