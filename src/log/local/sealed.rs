//! Compression of journal segments that will not change any more.
//!
//! Must never touch a segment that may still grow or is not anchored whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::journal::{self, Form, Segment};
use crate::disk::Disk;
use crate::log::error::LogError;

/// A raw segment that may be compressed.
#[derive(Clone, Debug)]
pub struct SealedSegment {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    segment: Segment,
}

impl SealedSegment {
    /// Index of its first event.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.segment.first
    }

    /// Replaces it by its compressed form. Needs no lock on the log.
    ///
    /// # Errors
    /// [`LogError::Disk`]; the raw segment is then still there, and the log is not affected.
    pub fn compress(self) -> Result<(), LogError> {
        journal::compress(&*self.disk, &self.directory, &self.segment)
    }
}

/// The oldest raw segment that ends at or before `anchored`.
pub(crate) fn next(
    disk: &Arc<dyn Disk>,
    directory: &Path,
    anchored: u64,
) -> Result<Option<SealedSegment>, LogError> {
    let segments = journal::list_segments(&**disk, directory)?;
    // A segment ends where the next begins, so the last one is never sealed.
    let sealed = segments
        .windows(2)
        .find(|pair| pair[0].form == Form::Raw && pair[0].first < pair[1].first && pair[1].first <= anchored);
    Ok(sealed.map(|pair| SealedSegment {
        disk: Arc::clone(disk),
        directory: directory.to_owned(),
        segment: pair[0].clone(),
    }))
}
