//! The tree in memory, and the full tiles it gives off.
//!
//! Kept are the complete subtrees of 256, 65,536, ... leaves (32 bytes for every 256 events) and the
//! leaf hashes of the unfinished level-0 tile. Leaf hashes of finished tiles are in the store and are
//! believed only when they hash to the subtree kept here. This module must never do input or output.
//!
//! Tile coordinates are those of C2SP tlog-tiles: hash `i` of tile `n` on level `l` is the root of the
//! complete subtree of `256^l` leaves at position `256 n + i`.

use jejak_events::tree::{Hash, empty_root, node_hash};

/// Hashes in a full tile.
pub(crate) const TILE_WIDTH: usize = 256;
/// Levels of the tree that one level of tiles spans.
const TILE_HEIGHT: u32 = 8;

/// The tree over all leaves so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    size: u64,
    /// Roots of the complete subtrees along the right edge, largest first.
    edge: Vec<Hash>,
    /// Leaf hashes past the last full level-0 tile.
    unfinished: Vec<Hash>,
    /// `levels[l - 1]` holds every hash of tile level `l`, from 1 on.
    levels: Vec<Vec<Hash>>,
}

/// Leaves tried on a tree but not yet part of it.
#[derive(Clone, Debug)]
pub(crate) struct Extension {
    size: u64,
    edge: Vec<Hash>,
    /// Hashes to add to tile levels from 1 on, in order.
    nodes: Vec<(usize, Hash)>,
}

/// The store's key of a tile: level, then number as big-endian u64.
pub(crate) fn tile_key(level: u8, number: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(9);
    key.push(level);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// Root of a complete subtree from its leaves; their number must be a power of two.
pub(crate) fn complete_root(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        let mut kept = 0;
        for at in (0..row.len() - 1).step_by(2) {
            row[kept] = node_hash(&row[at], &row[at + 1]);
            kept += 1;
        }
        row.truncate(kept);
    }
    row.first().copied().unwrap_or_else(empty_root)
}

/// Root over subtrees, largest first.
fn fold_edge(edge: &[Hash]) -> Hash {
    let mut subtrees = edge.iter().rev();
    let Some(last) = subtrees.next() else {
        return empty_root();
    };
    subtrees.fold(*last, |right, left| node_hash(left, &right))
}

impl Extension {
    /// Root of the tree with the new leaves.
    pub(crate) fn root(&self) -> Hash {
        fold_edge(&self.edge)
    }

    fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        let merges = self.size.trailing_ones();
        for height in 1..=merges {
            if let Some(left) = self.edge.pop() {
                node = node_hash(&left, &node);
            }
            if height % TILE_HEIGHT == 0 {
                self.nodes.push(((height / TILE_HEIGHT) as usize, node));
            }
        }
        self.edge.push(node);
        self.size += 1;
    }
}

impl Tree {
    /// The tree of complete subtrees of 256 leaves, by their roots, and the leaf hashes behind them.
    pub(crate) fn of_row(row: Vec<Hash>, unfinished: Vec<Hash>) -> Self {
        let size = (row.len() * TILE_WIDTH + unfinished.len()) as u64;
        let mut levels = Vec::new();
        let mut next = row;
        while !next.is_empty() {
            let above = next.chunks_exact(TILE_WIDTH).map(complete_root).collect();
            levels.push(std::mem::replace(&mut next, above));
        }
        let mut tree = Self { size, edge: Vec::new(), unfinished, levels };
        tree.edge = tree.edge_at(size, &tree.unfinished).unwrap_or_default();
        tree
    }

    /// Number of leaves.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Root over all leaves.
    pub(crate) fn root(&self) -> Hash {
        fold_edge(&self.edge)
    }

    /// The tree as it would be with these leaf hashes; this one stays as it is.
    pub(crate) fn extend(&self, leaves: &[Hash]) -> Extension {
        let mut extension = Extension { size: self.size, edge: self.edge.clone(), nodes: Vec::new() };
        for leaf in leaves {
            extension.push(*leaf);
        }
        extension
    }

    /// Calls `full` with every tile that becomes full when the leaves of `extension` are adopted.
    pub(crate) fn full_tiles(
        &self,
        leaves: &[Hash],
        extension: &Extension,
        full: &mut dyn FnMut(u8, u64, &[Hash]),
    ) {
        if self.unfinished.len() + leaves.len() >= TILE_WIDTH {
            let mut row = self.unfinished.clone();
            let mut number = self.size / TILE_WIDTH as u64;
            for leaf in leaves {
                row.push(*leaf);
                if row.len() == TILE_WIDTH {
                    full(0, number, &row);
                    row.clear();
                    number += 1;
                }
            }
        }
        for level in 1..=extension.nodes.iter().map(|(level, _)| *level).max().unwrap_or(0) {
            let known = self.levels.get(level - 1).map_or(&[][..], Vec::as_slice);
            let mut number = known.len() / TILE_WIDTH;
            let mut row = known[number * TILE_WIDTH..].to_vec();
            for (_, node) in extension.nodes.iter().filter(|(other, _)| *other == level) {
                row.push(*node);
                if row.len() == TILE_WIDTH {
                    full(u8::try_from(level).unwrap_or(u8::MAX), number as u64, &row);
                    row.clear();
                    number += 1;
                }
            }
        }
    }

    /// Takes the leaves that `extension` was made of.
    pub(crate) fn adopt(&mut self, leaves: &[Hash], extension: Extension) {
        let filled = self.unfinished.len() + leaves.len();
        let kept = filled % TILE_WIDTH;
        if filled < TILE_WIDTH {
            self.unfinished.extend_from_slice(leaves);
        } else {
            self.unfinished.clear();
            self.unfinished.extend_from_slice(&leaves[leaves.len() - kept..]);
        }
        for (level, node) in extension.nodes {
            if self.levels.len() < level {
                self.levels.resize_with(level, Vec::new);
            }
            self.levels[level - 1].push(node);
        }
        self.size = extension.size;
        self.edge = extension.edge;
    }

    /// Roots of the full level-0 tiles, the first one first.
    pub(crate) fn row(&self) -> &[Hash] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Root of the full level-0 tile `number`; `None` while it is unfinished.
    pub(crate) fn leaf_tile_root(&self, number: u64) -> Option<Hash> {
        self.levels.first()?.get(usize::try_from(number).ok()?).copied()
    }

    /// The leaf hashes past the last full level-0 tile.
    pub(crate) fn unfinished(&self) -> &[Hash] {
        &self.unfinished
    }

    /// The hashes of tile `number` on `level` from 1 on: 256, fewer for the unfinished one, none past it.
    pub(crate) fn upper_tile(&self, level: u8, number: u64) -> &[Hash] {
        let row = usize::from(level).checked_sub(1).and_then(|at| self.levels.get(at));
        let start = usize::try_from(number).ok().and_then(|number| number.checked_mul(TILE_WIDTH));
        let (Some(row), Some(start)) = (row, start) else {
            return &[];
        };
        let end = start.saturating_add(TILE_WIDTH).min(row.len());
        row.get(start..end).unwrap_or_default()
    }

    /// Root of the first `size` leaves. `tail` are the leaf hashes from the last multiple of 256 up to
    /// `size`. `None` when the tree is smaller or the tail does not fit.
    pub(crate) fn root_at(&self, size: u64, tail: &[Hash]) -> Option<Hash> {
        self.edge_at(size, tail).map(|edge| fold_edge(&edge))
    }

    fn edge_at(&self, size: u64, tail: &[Hash]) -> Option<Vec<Hash>> {
        if size > self.size || tail.len() as u64 != size % TILE_WIDTH as u64 {
            return None;
        }
        let mut edge = Vec::new();
        let mut start = 0;
        for height in (TILE_HEIGHT..u64::BITS).rev() {
            let width = 1_u64 << height;
            if size & width == 0 {
                continue;
            }
            let level = height / TILE_HEIGHT;
            let unit = 1_u64 << (level * TILE_HEIGHT);
            let row = self.levels.get(level as usize - 1)?;
            let from = usize::try_from(start / unit).ok()?;
            let to = usize::try_from((start + width) / unit).ok()?;
            edge.push(complete_root(row.get(from..to)?));
            start += width;
        }
        let mut rest = tail;
        for height in (0..TILE_HEIGHT).rev() {
            let width = 1_usize << height;
            if rest.len() & width != 0 {
                let (subtree, after) = rest.split_at(width);
                edge.push(complete_root(subtree));
                rest = after;
            }
        }
        Some(edge)
    }
}

/// A tile's bytes: its hashes one after another.
pub(crate) fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes of a tile's bytes; `None` when they are no whole number of hashes.
pub(crate) fn tile_hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.iter().copied().map(Hash).collect())
}

#[cfg(test)]
mod tests {
    use jejak_events::tree::{Frontier, leaf_hash};

    use super::*;

    #[test]
    fn grows_like_the_plain_frontier_and_remembers_every_root() {
        let leaves: Vec<Hash> = (0..70_000_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let mut frontier = Frontier::new();
        let mut roots = vec![frontier.root()];
        for leaf in &leaves {
            frontier.push(*leaf);
            roots.push(frontier.root());
        }
        let mut tree = Tree::default();
        let mut tiles = Vec::new();
        let mut at = 0;
        for step in [1, 2, 250, 3, 1, 511, 4_000, 65_000].into_iter().cycle() {
            let end = (at + step).min(leaves.len());
            let extension = tree.extend(&leaves[at..end]);
            assert_eq!(extension.root(), roots[end]);
            tree.full_tiles(&leaves[at..end], &extension, &mut |level, number, hashes| {
                tiles.push((level, number, tile_bytes(hashes)));
            });
            tree.adopt(&leaves[at..end], extension);
            assert_eq!(tree.root(), roots[end]);
            at = end;
            if at == leaves.len() {
                break;
            }
        }
        assert_eq!(tiles.iter().filter(|(level, ..)| *level == 0).count(), 70_000 / 256);
        let upper: Vec<_> = tiles.iter().filter(|(level, ..)| *level == 1).collect();
        assert_eq!(upper, [&(1, 0, tile_bytes(tree.upper_tile(1, 0)))]);
        for (_, number, bytes) in tiles.iter().filter(|(level, ..)| *level == 0) {
            let from = usize::try_from(*number).unwrap() * 256;
            assert_eq!(*bytes, tile_bytes(&leaves[from..from + 256]));
            assert_eq!(tree.leaf_tile_root(*number), Some(complete_root(&leaves[from..from + 256])));
        }
        for size in (0..=70_000).step_by(37).chain([255, 256, 257, 65_535, 65_536, 65_537, 70_000]) {
            let tail = &leaves[size - size % 256..size];
            assert_eq!(tree.root_at(size as u64, tail), Some(roots[size]), "size {size}");
        }
        assert_eq!(tree.root_at(70_001, &leaves[69_888..70_000]), None);
        // Made anew from the subtrees at any size, it is the same tree and grows alike.
        for size in [0, 1, 255, 256, 300, 65_536, 65_700, 69_999] {
            let (full, rest) = (size / 256, &leaves[size - size % 256..size]);
            let mut anew = Tree::of_row(tree.row()[..full].to_vec(), rest.to_vec());
            assert_eq!((anew.size(), anew.root()), (size as u64, roots[size]));
            let extension = anew.extend(&leaves[size..]);
            anew.adopt(&leaves[size..], extension);
            assert_eq!((anew.root(), anew.row()), (roots[70_000], tree.row()));
            assert_eq!(anew.upper_tile(2, 0), tree.upper_tile(2, 0));
        }
    }
}
