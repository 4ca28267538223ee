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
