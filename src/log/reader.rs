//! Reading what is committed, every byte hashed against the tree.
//!
//! Must never hand out an event, a tile or a frame that does not check.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use jejak_events::tree::{Hash, leaf_hash};

use super::backend::{Chunk, PackedReader};
use super::error::{LogError, Place};
use super::kept::{EventBlock, KeptBlocks, KeptTiles};
use super::local::store::StoreError;
use super::tiles::{TILE_WIDTH, complete_root};
use super::{EventLines, Shared, line, read};

/// Store bytes gathered before they are checked and visited.
const GATHERED_BYTES: usize = 1 << 20;

/// Hashes in a full tile.
const WIDTH: u64 = TILE_WIDTH as u64;

/// Whether to go on.
type Flow = ControlFlow<()>;

/// A tile's number and its leaf hashes.
type Leaves = (u64, Arc<Vec<Hash>>);

/// Reads committed events; cheap to clone, usable on any thread while the log grows.
#[derive(Clone, Debug)]
pub struct LogReader {
    shared: Arc<Shared>,
    tiles: Arc<KeptTiles>,
    blocks: Arc<KeptBlocks>,
}

impl LogReader {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, tiles: Arc::default(), blocks: Arc::default() }
    }

    /// Number of committed events at this moment.
    #[must_use]
    pub fn size(&self) -> u64 {
        read(&self.shared.tree).size()
    }

    /// What is wrong with a copy, as far as it was noticed: the next opening mends it. What was read is right all the same.
    #[must_use]
    pub fn finding(&self) -> Option<String> {
        self.shared.source.finding()
    }

    /// Whether the log leads through a tree of this size and root: nothing that it covers was changed or left out.
    ///
    /// # Errors
    /// [`LogError::Damaged`] as [`LogReader::root_at`].
    pub fn leads_through(&self, size: u64, root: Hash) -> Result<bool, LogError> {
        Ok(size <= self.size() && self.root_at(size)? == root)
    }

    /// Root over the first `size` events.
    ///
    /// # Errors
    /// [`LogError::OutOfRange`] past the end; [`LogError::Damaged`] when a tile of leaf hashes can be
    /// had from neither the store's tiles nor its chunks.
    pub fn root_at(&self, size: u64) -> Result<Hash, LogError> {
        let mut tail = Vec::new();
        if !size.is_multiple_of(WIDTH) && size <= self.size() {
            let count = usize::try_from(size % WIDTH).unwrap_or(0);
            tail = self.leaf_hashes(size / WIDTH)?.get(..count).unwrap_or_default().to_vec();
        }
        let tree = read(&self.shared.tree);
        tree.root_at(size, &tail).ok_or(LogError::OutOfRange { index: size, size: tree.size() })
    }

    /// The bytes of one event.
    ///
    /// # Errors
    /// [`LogError::OutOfRange`]; [`LogError::Damaged`] when the store's bytes do not hash to the tree;
    /// [`LogError::Store`].
    pub fn read(&self, index: u64) -> Result<Vec<u8>, LogError> {
        let mut found = None;
        self.scan(index..index.saturating_add(1), &mut |_, event| {
            found = Some(event.to_vec());
            true
        })?;
        found.ok_or_else(|| LogError::OutOfRange { index, size: self.size() })
    }

    /// Visits events in order until `visit` says stop (`false`). Where the store's bytes do not hash to the tree, the
    /// journal's are read, and it is noted.
    ///
    /// # Errors
    /// As [`LogReader::read`], at the first event that does not check; those before it were visited.
    pub fn scan(&self, range: Range<u64>, visit: &mut dyn FnMut(u64, &[u8]) -> bool) -> Result<(), LogError> {
        let size = self.size();
        if range.start > range.end || range.end > size {
            return Err(LogError::OutOfRange { index: range.end.max(range.start).saturating_sub(1), size });
        }
        if range.is_empty() {
            return Ok(());
        }
        let mut at = range.start;
        match self.scan_kept(&mut at, range.end, visit) {
            Ok(Flow::Continue(())) => {}
            Ok(Flow::Break(())) => return Ok(()),
            // The copies are looked at below.
            Err(error) if is_of_the_bytes(&error) => {}
            Err(error) => return Err(error),
        }
        while at < range.end {
            let Some(packed) = self.shared.source.packed() else {
                return self.scan_only_copy(&mut at, range.end, visit);
            };
            match self.scan_packed(packed, &mut at, range.end, visit) {
                Ok(Flow::Continue(())) => {}
                Ok(Flow::Break(())) => return Ok(()),
                Err(error) if is_of_the_bytes(&error) => {
                    self.shared.source.note(&said_of(&error));
                    // The other copy may be sound where this one is not.
                    let tile_end = (at / WIDTH + 1) * WIDTH;
                    match self.scan_commits(&mut at, range.end.min(tile_end), visit) {
                        Ok(Flow::Continue(())) => {}
                        Ok(Flow::Break(())) => return Ok(()),
                        Err(_) => return Err(error),
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Visits the events from `at` on that are in the block kept around it, and moves `at` behind them.
    fn scan_kept(
        &self,
        at: &mut u64,
        end: u64,
        visit: &mut dyn FnMut(u64, &[u8]) -> bool,
    ) -> Result<Flow, LogError> {
        match self.blocks.around(*at) {
            Some(block) => self.visit_block(&block, at, end, &mut None, visit),
            None => Ok(Flow::Continue(())),
        }
    }

    /// As [`LogReader::scan_commits`], where nothing else is at hand: what is damaged is healed, where somebody can do
    /// that, and read once more from where it stopped.
    fn scan_only_copy(
        &self,
        at: &mut u64,
        end: u64,
        visit: &mut dyn FnMut(u64, &[u8]) -> bool,
    ) -> Result<(), LogError> {
        if let Err(found) = self.scan_commits(at, end, visit) {
            self.mend(found, *at)?;
            let _ = self.scan_commits(at, end, visit)?;
        }
        Ok(())
    }

    /// Has healed what was found wrong at an index, where one copy alone is at hand: then it may be read once more.
    ///
    /// # Errors
    /// What was found, where nobody heals; [`LogError::Unmended`].
    pub(super) fn mend(&self, found: LogError, index: u64) -> Result<(), LogError> {
        match self.shared.source.mend() {
            None => Err(found),
            Some(mended) => mended.map_err(|why| LogError::unmended(found.into_damage(index), why)),
        }
    }

    /// Visits the store's events from `at` on, each held against its tile, and moves `at` behind them.
    fn scan_packed(
        &self,
        packed: &dyn PackedReader,
        at: &mut u64,
        end: u64,
        visit: &mut dyn FnMut(u64, &[u8]) -> bool,
    ) -> Result<Flow, LogError> {
        let mut leaves: Option<Leaves> = None;
        let mut chunks = Vec::new();
        while *at < end {
            // Chunks are gathered first: a store may hold a lock while it scans, and checking asks it
            // for tiles.
            let mut gathered_bytes = 0;
            let scanned = packed.chunks(*at, &mut |chunk| {
                gathered_bytes += chunk.bytes.len();
                let more = chunk.first.saturating_add(chunk.count) < end;
                chunks.push(chunk);
                more && gathered_bytes < GATHERED_BYTES
            });
            let before = *at;
            for chunk in chunks.drain(..) {
                let block = Arc::new(EventBlock::of_chunk(chunk));
                if block.first() > *at {
                    return Err(damaged(*at, "no chunk of the store covers it"));
                }
                if block.first() < *at || end < block.end() {
                    // Whoever reads part of it may read more of it soon.
                    self.blocks.keep(&block);
                }
                if self.visit_block(&block, at, end, &mut leaves, visit)? == Flow::Break(()) {
                    return Ok(Flow::Break(()));
                }
            }
            // What came before a failure was sound.
            scanned?;
            if *at == before {
                return Err(damaged(*at, "no chunk of the store covers it"));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Visits the events of the journal's files from `at` on, tile by tile, each tile held against the tree as a whole, and
    /// moves `at` behind them.
    fn scan_commits(
        &self,
        at: &mut u64,
        end: u64,
        visit: &mut dyn FnMut(u64, &[u8]) -> bool,
    ) -> Result<Flow, LogError> {
        let size = self.size();
        let mut first = *at - *at % WIDTH;
        let mut tile = EventLines::default();
        let mut flow = Ok(Flow::Continue(()));
        self.shared.source.commits(first, &mut |chunk| {
            let next = first + tile.len() as u64;
            let skipped = next.checked_sub(chunk.first).and_then(|skipped| usize::try_from(skipped).ok());
            let events = line::lines(&chunk.bytes).filter(|line| line.starts_with(b"{"));
            for event in events.skip(skipped.unwrap_or(usize::MAX)) {
                tile.push(|text| text.extend_from_slice(event));
                let next = first + tile.len() as u64;
                // The last tile is held as far as it goes, unless it was filled meanwhile.
                let is_whole = tile.len() == TILE_WIDTH
                    || (next == size && read(&self.shared.tree).leaf_tile_root(first / WIDTH).is_none());
                if is_whole {
                    flow = self.visit_tile(first, &tile, at, end, visit);
                    first = next;
                    tile.truncate(0);
                    if *at >= end || !matches!(flow, Ok(Flow::Continue(()))) {
                        return false;
                    }
                }
            }
            true
        })?;
        match flow {
            Ok(Flow::Continue(())) if *at < end => Err(damaged(*at, "the journal does not hold it")),
            flow => flow,
        }
    }

    /// Visits what lies in `at..end` of a tile's events from `first` on, once all of them hash to the tree.
    fn visit_tile(
        &self,
        first: u64,
        events: &EventLines,
        at: &mut u64,
        end: u64,
        visit: &mut dyn FnMut(u64, &[u8]) -> bool,
    ) -> Result<Flow, LogError> {
        let leaves: Vec<Hash> = events.iter().map(leaf_hash).collect();
        let holds = {
            let tree = read(&self.shared.tree);
            match tree.leaf_tile_root(first / WIDTH) {
                Some(root) => leaves.len() == TILE_WIDTH && complete_root(&leaves) == root,
                None => tree.size() / WIDTH == first / WIDTH && tree.unfinished().starts_with(&leaves),
            }
        };
        if !holds {
            // Which of them it is cannot be told.
            let place = Place::Indexes { from: first, to: first + leaves.len() as u64 };
            return Err(LogError::damaged(place, "the journal's bytes do not hash to the tree"));
        }
        let block = Arc::new(EventBlock::of_tile(first, events));
        if first < *at || end < block.end() {
            self.blocks.keep(&block);
        }
        self.visit_block(&block, at, end, &mut None, visit)
    }

    /// Visits the events of a block from `at` on, each held against its tile, and moves `at` behind them.
    fn visit_block(
        &self,
        block: &EventBlock,
        at: &mut u64,
        end: u64,
        leaves: &mut Option<Leaves>,
        visit: &mut dyn FnMut(u64, &[u8]) -> bool,
    ) -> Result<Flow, LogError> {
        while let Some(event) = block.event(*at).filter(|_| *at < end) {
            if !block.is_held && !self.is_leaf(*at, event, leaves)? {
                return Err(damaged(*at, "the store's bytes do not hash to the tree"));
            }
            let index = *at;
            *at += 1;
            if !visit(index, event) {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Whether an event is the leaf at an index; `leaves` is the tile that was looked at last.
    fn is_leaf(&self, index: u64, event: &[u8], leaves: &mut Option<Leaves>) -> Result<bool, LogError> {
        let number = index / WIDTH;
        let tile = match leaves {
            Some((known, tile)) if *known == number => tile,
            other => &other.insert((number, self.leaf_hashes(number)?)).1,
        };
        Ok(tile.get(usize::try_from(index % WIDTH).unwrap_or(0)) == Some(&leaf_hash(event)))
    }

    /// The hashes of tile `number` on `level` as C2SP tlog-tiles counts them: 256, fewer for the last
    /// one, none past it.
    ///
    /// # Errors
    /// [`LogError::Damaged`] and [`LogError::Store`].
    pub fn tile(&self, level: u8, number: u64) -> Result<Vec<Hash>, LogError> {
        if level > 0 {
            return Ok(read(&self.shared.tree).upper_tile(level, number).to_vec());
        }
        if number.saturating_mul(WIDTH) >= self.size() {
            return Ok(Vec::new());
        }
        self.leaf_hashes(number).map(|hashes| hashes.to_vec())
    }

    /// Leaf hashes of a level-0 tile, checked against the tree; the unfinished one as far as it goes.
    fn leaf_hashes(&self, number: u64) -> Result<Arc<Vec<Hash>>, LogError> {
        let root = {
            let tree = read(&self.shared.tree);
            match tree.leaf_tile_root(number) {
                Some(root) => root,
                None => return Ok(Arc::new(tree.unfinished().to_vec())),
            }
        };
        if let Some(tile) = self.tiles.of(number) {
            return Ok(tile);
        }
        let fits = |hashes: &Vec<Hash>| hashes.len() == TILE_WIDTH && complete_root(hashes) == root;
        let from = number * WIDTH;
        let source = &self.shared.source;
        let of_chunks = |packed: &dyn PackedReader| {
            let hashes = leaf_hashes(&|from, visit| packed.chunks(from, visit), from, TILE_WIDTH);
            hashes.ok().flatten().filter(fits)
        };
        let of_commits = || {
            let hashes = leaf_hashes(&|from, visit| source.commits(from, visit), from, TILE_WIDTH);
            hashes.ok().flatten().filter(fits)
        };
        let look = || {
            // A tile is only a shortcut: the events give the same hashes.
            let tile = source.leaf_tile(number).filter(fits);
            tile.or_else(|| of_chunks(source.packed()?)).or_else(of_commits)
        };
        let nowhere = || {
            let reason = match source.packed() {
                Some(_) => "neither the store's tile nor its events hash to the tree",
                None => "the journal's bytes do not hash to the tree",
            };
            LogError::damaged(Place::Indexes { from, to: from + WIDTH }, reason)
        };
        let tile = match look() {
            Some(tile) => tile,
            None => {
                self.mend(nowhere(), from)?;
                look().ok_or_else(nowhere)?
            }
        };
        let tile = Arc::new(tile);
        self.tiles.keep(number, &tile);
        Ok(tile)
    }

    /// One whole vault frame, header included, from a copy that is sound.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when no copy has a sound frame at `offset`; [`LogError::Store`].
    pub fn read_vault_frame(&self, offset: u64) -> Result<Vec<u8>, LogError> {
        self.shared.source.vault_frame(offset)
    }

    /// The stored checkpoint, as it was stored; `None` where there is none yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn checkpoint(&self) -> Result<Option<String>, LogError> {
        self.shared.source.checkpoint()
    }

    /// Fills a buffer with the vault's bytes from an offset on, as its first copy has them.
    ///
    /// # Errors
    /// When they cannot be read, or the vault ends before.
    pub fn read_vault(&self, offset: u64, buffer: &mut [u8]) -> Result<(), LogError> {
        self.shared.source.read_vault(offset, buffer)
    }
}

/// Whether bytes are wrong, and not the machine or the question.
fn is_of_the_bytes(error: &LogError) -> bool {
    match error {
        LogError::Damaged { .. } => true,
        LogError::Store(error) => !error.is_of_the_machine(),
        _ => false,
    }
}

/// What is wrong, without what to do about it.
pub(super) fn said_of(error: &LogError) -> String {
    match error {
        LogError::Damaged { damage } => damage.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        LogError::Store(StoreError::Damaged { place, reason }) => format!("the store: {place}: {reason}"),
        other => other.to_string(),
    }
}

fn damaged(index: u64, reason: &str) -> LogError {
    LogError::damaged(Place::Indexes { from: index, to: index + 1 }, reason)
}

/// Visits chunks of committed text in order, from the one that covers an index on.
pub(crate) type ScanChunks<'a> = &'a dyn Fn(u64, &mut dyn FnMut(Chunk) -> bool) -> Result<(), LogError>;

/// The hashes of `count` leaves from an index on; `None` where the chunks do not cover them.
pub(crate) fn leaf_hashes(
    scan: ScanChunks<'_>,
    from: u64,
    count: usize,
) -> Result<Option<Vec<Hash>>, LogError> {
    let mut leaves = Vec::with_capacity(count);
    if count == 0 {
        return Ok(Some(leaves));
    }
    let mut at = from;
    scan(from, &mut |chunk| {
        if chunk.first > at {
            return false;
        }
        let skipped = usize::try_from(at - chunk.first).unwrap_or(usize::MAX);
        for event in line::lines(&chunk.bytes).filter(|line| line.starts_with(b"{")).skip(skipped) {
            if leaves.len() < count {
                leaves.push(leaf_hash(event));
                at += 1;
            }
        }
        leaves.len() < count
    })?;
    Ok((leaves.len() == count).then_some(leaves))
}
