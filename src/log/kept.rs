//! Events that were read last, decoded, for the next reads of events near them.
//!
//! Must never say that an event hashes to the tree where nobody held it against it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::EventLines;
use super::backend::Chunk;
use super::line;

/// Bytes of text that are kept, and the longest text that is.
const KEPT_BYTES: usize = 8 << 20;

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

/// The blocks that were read last.
#[derive(Debug, Default)]
pub(super) struct KeptBlocks(Mutex<VecDeque<Arc<EventBlock>>>);

impl KeptBlocks {
    /// The block that an event is in; `None` where none of those kept is.
    pub(super) fn around(&self, index: u64) -> Option<Arc<EventBlock>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().find(|block| block.first <= index && index < block.end()).map(Arc::clone)
    }

    /// Keeps a block in the place of the ones that were read longest ago.
    pub(super) fn keep(&self, block: &Arc<EventBlock>) {
        if block.text.len() > KEPT_BYTES {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // An unfinished tile was kept when it held fewer events.
        kept.retain(|other| other.first != block.first);
        kept.push_back(Arc::clone(block));
        let mut bytes: usize = kept.iter().map(|block| block.text.len()).sum();
        while bytes > KEPT_BYTES {
            bytes -= kept.pop_front().map_or(bytes, |block| block.text.len());
        }
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
        assert_eq!(kept.0.lock().unwrap().len(), 1);
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
}
