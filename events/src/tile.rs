//! Tiles: the tree as immutable pieces of 256 hashes, as C2SP *tlog-tiles* publishes it.
//!
//! The tile at level *l*, index *n* holds the nodes of height 8·*l* numbered 256·*n* to 256·*n* + 255,
//! each a SHA-256 of 32 bytes, leftmost first. A full tile (8,192 bytes) never changes; the last tile
//! of a level may be partial and then grows with the tree.
//!
//! [`TileTree`] grows the tree: it hands out each tile when it is full and keeps only the partial ones.
//! [`crate::prove`] computes proofs from the tiles.
//!
//! This module must never read or write storage: bytes come in and go out as arguments. It does not
//! check tiles against a signed root; whoever reads them from elsewhere compares the root that they
//! give ([`crate::prove::Prover::root_at`]) with a verified checkpoint.

use std::{fmt, str::FromStr};

use crate::tree::{Frontier, Hash, perfect_root};

#[cfg(test)]
pub(crate) mod tests;

/// Levels of the tree that one tile spans.
pub const TILE_HEIGHT: u32 = 8;
/// Hashes in a full tile, entries in a full bundle.
pub const FULL_WIDTH: u16 = 256;
/// Bytes of one hash.
pub const HASH_LENGTH_BYTES: usize = 32;
/// Bytes of a full tile.
pub const FULL_TILE_LENGTH_BYTES: usize = HASH_LENGTH_BYTES * FULL_WIDTH as usize;
/// Highest level that tlog-tiles can name. A tree of at most 2^64 leaves uses levels 0 to 7.
pub const MAX_LEVEL: u8 = 63;

/// Why a tile, its path or a set of tiles was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The level is above [`MAX_LEVEL`].
    #[error("tile level {0} is above 63, the highest that tlog-tiles knows")]
    Level(u8),
    /// The width is not 1 to 256.
    #[error("tile width {0} is not between 1 and 256; an empty tile is never stored or served")]
    Width(u16),
    /// The path is not the one way to write a tile's place.
    #[error(
        "`{0}` is not a tile path: expected `tile/<level or entries>/<index in groups of three digits>` \
         with `.p/<1 to 255>` after a partial one"
    )]
    Path(String),
    /// The tile's bytes are not `width` hashes.
    #[error("{tile} has {found_bytes} bytes, expected {wanted_bytes}: read it again from a sound copy")]
    Length {
        /// The tile.
        tile: Tile,
        /// Bytes that it should have.
        wanted_bytes: usize,
        /// Bytes that it has.
        found_bytes: usize,
    },
    /// The leaves beside the full tiles do not fill the tree up to its size.
    #[error("a tree of {size} leaves has {wanted} leaves after its last full tile, {found} were given")]
    EdgeLeaves {
        /// Leaves in the tree.
        size: u64,
        /// Leaves that the last, partial tile should have.
        wanted: usize,
        /// Leaves given.
        found: usize,
    },
}

impl TileError {
    /// The stable name of this error, for test vectors and machine-readable output.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Level(_) => "tile_level",
            Self::Width(_) => "tile_width",
            Self::Path(_) => "tile_path",
            Self::Length { .. } => "tile_length",
            Self::EdgeLeaves { .. } => "edge_leaves",
        }
    }
}

/// The place of one tile of hashes: level, index within the level, and width in hashes.
///
/// Printed as its path: `tile/0/x001/067`, `tile/1/000.p/5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

impl Tile {
    /// A tile of `width` hashes, 1 to 256.
    ///
    /// # Errors
    /// [`TileError::Level`] above 63, [`TileError::Width`] for 0 or above 256.
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, TileError> {
        if level > MAX_LEVEL {
            return Err(TileError::Level(level));
        }
        if width == 0 || width > FULL_WIDTH {
            return Err(TileError::Width(width));
        }
        Ok(Self { level, index, width })
    }

    /// The tile at this place as it stands in a tree of `size` leaves: full, partial, or `None` when
    /// such a tree has no hash there.
    #[must_use]
    pub fn in_tree(size: u64, level: u8, index: u64) -> Option<Self> {
        let rest = hashes_at_level(size, level).checked_sub(index.checked_mul(u64::from(FULL_WIDTH))?)?;
        let width = u16::try_from(rest).unwrap_or(FULL_WIDTH).min(FULL_WIDTH);
        Self::new(level, index, width).ok()
    }

    /// Every tile of a tree of `size` leaves, level by level, leftmost first.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        (0..=MAX_LEVEL)
            .take_while(move |level| hashes_at_level(size, *level) > 0)
            .flat_map(move |level| (0..).map_while(move |index| Self::in_tree(size, level, index)))
    }

    /// Level: the hashes are nodes of height 8·level.
    #[must_use]
    pub fn level(&self) -> u8 {
        self.level
    }

    /// Index within the level.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Number of hashes, 1 to 256.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether it has all 256 hashes, so that its bytes never change again.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.width == FULL_WIDTH
    }

    /// Number of bytes: 32 for each hash.
    #[must_use]
    pub fn length_bytes(&self) -> usize {
        usize::from(self.width) * HASH_LENGTH_BYTES
    }

    /// Splits the tile's bytes into hashes.
    ///
    /// # Errors
    /// [`TileError::Length`] unless there are exactly [`Tile::length_bytes`].
    pub fn hashes(&self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let (hashes, rest) = bytes.as_chunks::<HASH_LENGTH_BYTES>();
        if !rest.is_empty() || hashes.len() != usize::from(self.width) {
            return Err(TileError::Length {
                tile: *self,
                wanted_bytes: self.length_bytes(),
                found_bytes: bytes.len(),
            });
        }
        Ok(hashes.iter().map(|hash| Hash(*hash)).collect())
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        write_index_and_width(f, self.index, self.width)
    }
}

impl FromStr for Tile {
    type Err = TileError;

    /// Reads a path as [`Tile`] prints it. Any other spelling is refused.
    fn from_str(path: &str) -> Result<Self, TileError> {
        let read = || {
            let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
            let (index, width) = read_index_and_width(rest)?;
            Self::new(level.parse().ok()?, index, width).ok()
        };
        // Printing again refuses every second spelling: leading zeroes, `x000/` groups, `.p/256`.
        read().filter(|tile| tile.to_string() == path).ok_or_else(|| TileError::Path(path.to_owned()))
    }
}

/// The place of one bundle of entries: index and width in entries, as for a tile of level 0.
///
/// Printed as its path: `tile/entries/x001/067`, `tile/entries/000.p/5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundlePlace {
    index: u64,
    width: u16,
}

impl BundlePlace {
    /// A bundle of `width` entries, 1 to 256.
    ///
    /// # Errors
    /// [`TileError::Width`] for 0 or above 256.
    pub fn new(index: u64, width: u16) -> Result<Self, TileError> {
        Tile::new(0, index, width).map(|tile| Self { index: tile.index, width: tile.width })
    }

    /// The bundle as it stands in a tree of `size` leaves, or `None` when none of its entries is there.
    #[must_use]
    pub fn in_tree(size: u64, index: u64) -> Option<Self> {
        Tile::in_tree(size, 0, index).map(|tile| Self { index: tile.index, width: tile.width })
    }

    /// Index of the bundle: its first entry has the log index 256 times this.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Number of entries, 1 to 256.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }
}

impl fmt::Display for BundlePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tile/entries/")?;
        write_index_and_width(f, self.index, self.width)
    }
}

impl FromStr for BundlePlace {
    type Err = TileError;

    /// Reads a path as [`BundlePlace`] prints it. Any other spelling is refused.
    fn from_str(path: &str) -> Result<Self, TileError> {
        let read = || {
            let (index, width) = read_index_and_width(path.strip_prefix("tile/entries/")?)?;
            Self::new(index, width).ok()
        };
        read().filter(|place| place.to_string() == path).ok_or_else(|| TileError::Path(path.to_owned()))
    }
}

/// Writes `x001/x234/067`, with `.p/<width>` when partial.
fn write_index_and_width(f: &mut fmt::Formatter<'_>, index: u64, width: u16) -> fmt::Result {
    let mut groups = vec![index % 1000];
    let mut rest = index / 1000;
    while rest > 0 {
        groups.push(rest % 1000);
        rest /= 1000;
    }
    for group in groups[1..].iter().rev() {
        write!(f, "x{group:03}/")?;
    }
    write!(f, "{:03}", groups[0])?;
    if width < FULL_WIDTH { write!(f, ".p/{width}") } else { Ok(()) }
}

/// Reads what [`write_index_and_width`] writes; lenient, the caller compares by printing again.
fn read_index_and_width(text: &str) -> Option<(u64, u16)> {
    let (index, width) = match text.split_once(".p/") {
        Some((index, width)) => (index, width.parse().ok()?),
        None => (text, FULL_WIDTH),
    };
    let mut value = 0u64;
    for group in index.split('/') {
        let digits: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
        value = value.checked_mul(1000)?.checked_add(digits)?;
    }
    Some((value, width))
}

/// Number of nodes of height 8·level that are complete in a tree of `size` leaves.
fn hashes_at_level(size: u64, level: u8) -> u64 {
    size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or(0)
}

/// Number of hashes in the partial tile of a level: 0 to 255.
fn edge_width(size: u64, level: u8) -> usize {
    (hashes_at_level(size, level) % u64::from(FULL_WIDTH)) as usize
}

/// Where stored tiles come from. A closure `Fn(Tile) -> Result<Vec<u8>, E>` is one.
pub trait TileSource {
    /// What can go wrong when reading.
    type Error;

    /// The bytes of this tile, exactly [`Tile::length_bytes`] of them.
    ///
    /// # Errors
    /// Whatever the source says, also when it has no such tile.
    fn tile(&self, tile: Tile) -> Result<Vec<u8>, Self::Error>;
}

impl<F, E> TileSource for F
where
    F: Fn(Tile) -> Result<Vec<u8>, E>,
{
    type Error = E;

    fn tile(&self, tile: Tile) -> Result<Vec<u8>, E> {
        self(tile)
    }
}

/// A tile together with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileBytes {
    /// Its place.
    pub tile: Tile,
    /// Its hashes, 32 bytes each, leftmost first.
    pub bytes: Vec<u8>,
}

/// Why a tree could not be restored from its tiles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError<E> {
    /// The source failed.
    #[error("cannot read {tile}: {cause}")]
    Source {
        /// The tile that was wanted.
        tile: Tile,
        /// What the source said.
        cause: E,
    },
    /// What the source gave, or the leaves beside it, do not make this tree.
    #[error(transparent)]
    Tile(#[from] TileError),
}

/// A growing tree that gives its full tiles away and keeps only the partial ones.
///
/// In memory it is at most 255 hashes for each level, 8 KiB, so a caller that wants to try leaves
/// before keeping them works on a clone. Nothing is hashed twice; the root costs at most 63 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TileTree {
    frontier: Frontier,
    /// The hashes of each level's partial tile, lowest level first, each 0 to 255 long.
    edge: Vec<Vec<Hash>>,
}

impl TileTree {
    /// The empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a tree of `size` leaves together from stored tiles. `read` is asked for full tiles only: the
    /// level 0 ones under the partial tile of level 1, and so on upward, at most 255 for each level.
    /// `edge_leaves` are the leaf hashes after the last full tile.
    ///
    /// The tiles are taken as they are: compare [`TileTree::root`] with a root that is known to be good.
    ///
    /// # Errors
    /// [`RestoreError::Source`] when a tile cannot be read, [`RestoreError::Tile`] when one has the wrong
    /// length or the number of edge leaves does not fit the size.
    pub fn restore<S: TileSource>(
        size: u64,
        edge_leaves: &[Hash],
        source: &S,
    ) -> Result<Self, RestoreError<S::Error>> {
        let wanted = edge_width(size, 0);
        if edge_leaves.len() != wanted {
            return Err(TileError::EdgeLeaves { size, wanted, found: edge_leaves.len() }.into());
        }
        let mut edge = Vec::new();
        for level in (0..=MAX_LEVEL).take_while(|level| hashes_at_level(size, *level) > 0) {
            if level == 0 {
                edge.push(edge_leaves.to_vec());
                continue;
            }
            let end = hashes_at_level(size, level);
            let start = end - edge_width(size, level) as u64;
            let mut hashes = Vec::with_capacity((end - start) as usize);
            for index in start..end {
                let tile = Tile { level: level - 1, index, width: FULL_WIDTH };
                let bytes = source.tile(tile).map_err(|cause| RestoreError::Source { tile, cause })?;
                hashes.push(perfect_root(&tile.hashes(&bytes)?));
            }
            edge.push(hashes);
        }
        Ok(Self { frontier: Frontier::from_subtrees(size, complete_subtrees(&edge)), edge })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Appends a leaf by its [`crate::tree::leaf_hash`] and returns the tiles that it fills, lowest level
    /// first: none most of the time, one for every 256 leaves, two for every 65,536, and so on.
    #[must_use = "a full tile is no longer kept in the tree: store it"]
    pub fn push(&mut self, leaf: Hash) -> Vec<TileBytes> {
        let position = self.frontier.size();
        let edge = &mut self.edge;
        let mut full = Vec::new();
        self.frontier.push_with(leaf, |height, node| {
            if !height.is_multiple_of(TILE_HEIGHT) {
                return;
            }
            let level = (height / TILE_HEIGHT) as usize;
            // Nodes are completed from the leaf upward, so a new level is always the next one.
            if level == edge.len() {
                edge.push(Vec::new());
            }
            edge[level].push(node);
            if edge[level].len() == usize::from(FULL_WIDTH) {
                let index = position >> (height + TILE_HEIGHT);
                let tile = Tile { level: level as u8, index, width: FULL_WIDTH };
                full.push(TileBytes { tile, bytes: bytes_of(&edge[level]) });
                edge[level].clear();
            }
        });
        full
    }

    /// The root over all leaves so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The leaf hashes after the last full tile of level 0: what [`TileTree::restore`] wants back.
    #[must_use]
    pub fn edge_leaves(&self) -> &[Hash] {
        self.edge.first().map_or(&[], Vec::as_slice)
    }

    /// The partial tiles, lowest level first; levels without one are left out.
    pub fn partial_tiles(&self) -> impl Iterator<Item = TileBytes> {
        (0u8..).zip(&self.edge).filter_map(|(level, _)| self.partial_tile(level))
    }

    /// The partial tile of a level, `None` when the level ends with a full tile or is empty.
    #[must_use]
    pub fn partial_tile(&self, level: u8) -> Option<TileBytes> {
        let hashes = self.edge.get(usize::from(level))?;
        let index = hashes_at_level(self.size(), level) / u64::from(FULL_WIDTH);
        let tile = Tile::new(level, index, u16::try_from(hashes.len()).ok()?).ok()?;
        Some(TileBytes { tile, bytes: bytes_of(hashes) })
    }

    /// A source of all tiles of this tree at its present size: full ones from `stored`, partial ones from
    /// memory. [`crate::prove::Prover::of_tree`] answers for every earlier size too.
    pub fn source<'tree, S: TileSource>(&'tree self, stored: S) -> EdgeSource<'tree, S> {
        EdgeSource { tree: self, stored }
    }
}

/// Roots of the tree's complete subtrees, largest first, from the partial tile of each level.
fn complete_subtrees(edge: &[Vec<Hash>]) -> Vec<Hash> {
    let mut subtrees = Vec::new();
    for hashes in edge.iter().rev() {
        let mut rest = hashes.as_slice();
        while let Some(width) = rest.len().checked_ilog2().map(|power| 1 << power) {
            let (foot, after) = rest.split_at(width);
            subtrees.push(perfect_root(foot));
            rest = after;
        }
    }
    subtrees
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// All tiles of a [`TileTree`]: see [`TileTree::source`].
#[derive(Clone, Debug)]
pub struct EdgeSource<'tree, S> {
    tree: &'tree TileTree,
    stored: S,
}

impl<S: TileSource> TileSource for EdgeSource<'_, S> {
    type Error = S::Error;

    fn tile(&self, tile: Tile) -> Result<Vec<u8>, S::Error> {
        if tile.is_full() {
            return self.stored.tile(tile);
        }
        // A partial tile of another size is not ours; the store says what it makes of it.
        let in_memory = self.tree.partial_tile(tile.level()).filter(|partial| partial.tile == tile);
        in_memory.map_or_else(|| self.stored.tile(tile), |partial| Ok(partial.bytes))
    }
}
