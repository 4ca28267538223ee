//! What was read last, for the next reads near it: events, decoded, and tiles of leaf hashes, checked.
//!
//! Must never say that an event hashes to the tree where nobody held it against it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use jejak_events::tree::Hash;

use super::EventLines;
use super::backend::Chunk;
use super::line;

/// Bytes of text that are kept, and the longest text that is.
const KEPT_BYTES: usize = 8 << 20;
/// Bytes of leaf hashes that are kept, those of a million events: to hash a tile against the tree takes longer than to
/// decode a chunk.
const KEPT_TILE_BYTES: usize = 32 << 20;

/// Events that stand one behind the other, each found by its index.
#[derive(Debug)]
pub(super) struct EventBlock {
    /// Index of the first of them.
    first: u64,
    text: Vec<u8>,
    /// Where each event starts and ends in the text.
    spans: Vec<(usize, usize)>,
    /// Whether each hashes to the tree.
    pub(super) is_held: bool,
}

impl EventBlock {
    /// The events of a chunk, which nobody held against the tree.
    pub(super) fn of_chunk(chunk: Chunk) -> Self {
        let start = chunk.bytes.as_ptr().addr();
        let span = |line: &[u8]| {
            let from = line.as_ptr().addr() - start;
            (from, from + line.len())
        };
        let events = line::lines(&chunk.bytes).filter(|line| line.starts_with(b"{"));
        let spans = events.map(span).collect();
        Self { first: chunk.first, spans, text: chunk.bytes, is_held: false }
    }

    /// The events of a tile from an index on, each of which hashes to the tree.
    pub(super) fn of_tile(first: u64, events: &EventLines) -> Self {
        let mut start = 0;
        let span = |event: &[u8]| {
            let from = start;
            start += event.len() + 1;
            (from, from + event.len())
        };
        Self { first, spans: events.iter().map(span).collect(), text: events.text().to_vec(), is_held: true }
    }

    /// Index of the first event.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// Index one past the last event.
    pub(super) fn end(&self) -> u64 {
        self.first + self.spans.len() as u64
    }

    /// The bytes of an event; `None` where it is not among them.
    pub(super) fn event(&self, index: u64) -> Option<&[u8]> {
        let place = usize::try_from(index.checked_sub(self.first)?).ok()?;
        let (from, to) = *self.spans.get(place)?;
        self.text.get(from..to)
    }
}

/// Values by where they start, as many bytes of them as there is room for: the one that was kept longest goes first.
#[derive(Debug)]
struct Kept<T> {
    by_first: BTreeMap<u64, (T, usize)>,
    /// Where they start, in the order in which they came.
    order: VecDeque<u64>,
    bytes: usize,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { by_first: BTreeMap::new(), order: VecDeque::new(), bytes: 0 }
    }
}

impl<T> Kept<T> {
    fn insert(&mut self, first: u64, value: T, bytes: usize, room_bytes: usize) {
        if bytes > room_bytes {
            return;
        }
        self.bytes += bytes;
        match self.by_first.insert(first, (value, bytes)) {
            // It stays where it stands in the order.
            Some((_, before)) => self.bytes -= before,
            None => self.order.push_back(first),
        }
        while self.bytes > room_bytes
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.by_first.remove(&oldest).map_or(0, |(_, bytes)| bytes);
        }
    }

    /// The value that starts nearest before a place, or on it.
    fn before(&self, place: u64) -> Option<&T> {
        self.by_first.range(..=place).next_back().map(|(_, (value, _))| value)
    }
}

/// The blocks that were read last.
#[derive(Debug, Default)]
pub(super) struct KeptBlocks(Mutex<Kept<Arc<EventBlock>>>);

impl KeptBlocks {
    /// The block that an event is in; `None` where none of those kept is.
    pub(super) fn around(&self, index: u64) -> Option<Arc<EventBlock>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.before(index).filter(|block| index < block.end()).map(Arc::clone)
    }

    /// Keeps a block in the place of the ones that were kept longest. An unfinished tile that was kept when it held fewer
    /// events gives way to it.
    pub(super) fn keep(&self, block: &Arc<EventBlock>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(block.first, Arc::clone(block), block.text.len(), KEPT_BYTES);
    }
}

/// The full tiles of leaf hashes that were read last, each of which hashes to the tree.
#[derive(Debug, Default)]
pub(super) struct KeptTiles(Mutex<Kept<Arc<Vec<Hash>>>>);

impl KeptTiles {
    /// The leaf hashes of a tile by its number; `None` where it is not kept.
    pub(super) fn of(&self, number: u64) -> Option<Arc<Vec<Hash>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_first.get(&number).map(|(tile, _)| Arc::clone(tile))
    }

    /// Keeps a tile in the place of the ones that were kept longest.
    pub(super) fn keep(&self, number: u64, tile: &Arc<Vec<Hash>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(number, Arc::clone(tile), size_of::<Hash>() * tile.len(), KEPT_TILE_BYTES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(first: u64, count: usize, length_bytes: usize) -> Arc<EventBlock> {
        let event = format!("{{{}}}", "x".repeat(length_bytes - 2));
        Arc::new(EventBlock::of_tile(first, &std::iter::repeat_n(event, count).collect()))
    }

    #[test]
    fn events_of_a_block_are_found_by_index_and_commit_lines_are_none() {
        let bytes = b"{1}\n{22}\n#commit 2\n{3}\n#commit 3\n".to_vec();
        let chunk = EventBlock::of_chunk(Chunk { first: 7, count: 3, bytes });
        let tile = EventBlock::of_tile(7, &["{1}", "{22}", "{3}"].into_iter().collect());
        for (block, is_held) in [(&chunk, false), (&tile, true)] {
            assert_eq!((block.first(), block.end(), block.is_held), (7, 10, is_held));
            let events: Vec<_> = (6..11).map(|index| block.event(index)).collect();
            assert_eq!(events, [None, Some(&b"{1}"[..]), Some(b"{22}"), Some(b"{3}"), None]);
        }
    }

    #[test]
    fn a_fuller_block_takes_the_place_of_the_one_that_began_there() {
        let kept = KeptBlocks::default();
        kept.keep(&block(256, 3, 10));
        assert!(kept.around(259).is_none());
        kept.keep(&block(256, 5, 10));
        assert_eq!(kept.around(259).map(|block| block.end()), Some(261));
        assert!(kept.around(255).is_none() && kept.around(261).is_none());
        assert_eq!(kept.0.lock().unwrap().order.len(), 1);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for_and_the_oldest_goes_first() {
        let kept = KeptBlocks::default();
        for first in 0..9 {
            kept.keep(&block(first, 1, KEPT_BYTES / 8 - 1));
        }
        assert!(kept.around(0).is_none());
        assert!((1..9).all(|index| kept.around(index).is_some()));
        kept.keep(&block(100, 1, KEPT_BYTES));
        assert!(kept.around(100).is_none(), "it would take all the room");
        assert!(kept.around(8).is_some());
    }

    #[test]
    fn tiles_are_found_by_number_and_the_oldest_goes_first() {
        let kept = KeptTiles::default();
        let tile = Arc::new(vec![jejak_events::tree::leaf_hash(b"{}"); 256]);
        let room = (KEPT_TILE_BYTES / (256 * 32)) as u64;
        (0..=room).for_each(|number| kept.keep(number, &tile));
        assert!(kept.of(0).is_none() && kept.of(room + 1).is_none());
        assert!((1..=room).all(|number| kept.of(number).is_some()));
    }
}
