//! The journal's text by index, from its files alone.
//!
//! A segment may be compressed, and the raw one removed, between being listed and being opened: then the directory is
//! listed anew. What is read here is not held against anything yet; whoever asks does. Must never write.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::journal::{Segment, SegmentReader, list_segments};
use super::line;
use super::segment_text::SegmentText;
use super::store::Chunk;
use crate::disk::Disk;
use crate::log::error::{At as _, LogError};

/// How often the directory is listed anew for a segment that is gone.
const LISTINGS: usize = 5;

/// The journal directory, to be read by index.
#[derive(Clone, Debug)]
pub(crate) struct JournalFiles {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
}

impl JournalFiles {
    pub(crate) fn new(disk: Arc<dyn Disk>, directory: PathBuf) -> Self {
        Self { disk, directory }
    }

    /// Visits whole commits in order, from the one that holds `from` on, until `visit` says stop (`false`) or the
    /// journal ends. Each is a chunk of its events' lines and its commit line.
    ///
    /// # Errors
    /// [`LogError::Disk`] when a file cannot be read; what is left out of the journal ends the visit.
    pub(crate) fn scan(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), LogError> {
        let mut at = from;
        let mut listings = 0;
        loop {
            let segments = list_segments(&*self.disk, &self.directory)?;
            let Some(segment) = segment_of(&segments, at) else { return Ok(()) };
            let before = at;
            match self.scan_segment(segment, &mut at, visit) {
                Ok(true) if at > before => listings = 0,
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::NotFound && listings < LISTINGS => listings += 1,
                Err(error) => return Err(error).at("read", &segment.path),
            }
        }
    }

    /// Visits a segment's commits from the one that holds `at` on, and moves `at` behind them. `false`: enough.
    fn scan_segment(
        &self,
        segment: &Segment,
        at: &mut u64,
        visit: &mut dyn FnMut(Chunk) -> bool,
    ) -> io::Result<bool> {
        let boundary = SegmentText::open(&*self.disk, segment)
            .and_then(|mut text| text.boundary_before(segment.first, *at));
        let (mut first, offset) = match boundary {
            Ok(boundary) => boundary,
            // Without a seek table, or with a frame that is damaged, there is only the way from the front.
            Err(error) if error.kind() != io::ErrorKind::NotFound => (segment.first, 0),
            Err(error) => return Err(error),
        };
        let mut reader = SegmentReader::open(&*self.disk, segment, offset)?;
        loop {
            let mut bytes = Vec::new();
            reader.read_commit(&mut bytes)?;
            if !line::ends_with_commit_line(&bytes) {
                // The end, or a commit that is still being written.
                return Ok(true);
            }
            let count = line::lines(&bytes).filter(|line| line.starts_with(b"{")).count() as u64;
            let chunk = Chunk { first, count, bytes };
            first += count;
            if first > *at {
                *at = first;
                if !visit(chunk) {
                    return Ok(false);
                }
            }
        }
    }
}

/// The segment that an index stands in, if any does: the last that starts at or before it, raw before compressed.
pub(crate) fn segment_of(segments: &[Segment], index: u64) -> Option<&Segment> {
    let end = segments.partition_point(|segment| segment.first <= index);
    let first = segments[..end].last()?.first;
    segments[..end].iter().find(|segment| segment.first == first)
}
