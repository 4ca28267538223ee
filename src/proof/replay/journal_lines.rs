//! The journal as text: its segments in order, line by line, read as the format says and by nothing of the log's
//! own code.
//!
//! A registry may go on writing meanwhile: what it appends later is read or not, and a segment that it compresses
//! in between is found under its other name.

use std::io::{self, BufRead, BufReader, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use crate::disk::{Disk, DiskRead};

/// Longest line that is read: far more than an event or a commit line can have.
pub const LINE_LIMIT_BYTES: u64 = 128 * 1024;

/// Why the journal could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file cannot be opened or listed.
    #[error("cannot {operation} {}: {source}", path.display())]
    Disk {
        /// What could not be done.
        operation: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The bytes of a segment are not what they should be, or cannot be read.
    #[error("{name} cannot be read: {source}")]
    Unreadable { name: String, source: io::Error },
}

/// What to do with a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentChoice {
    /// Hand out its lines.
    Read,
    /// Go on with the next.
    Skip,
    /// Read no more.
    Stop,
}

/// How the reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There was nothing more.
    AtTheEnd,
    /// The reader wanted no more.
    Early,
}

/// Whoever reads the lines.
pub trait JournalReader {
    /// Hears the name of the next segment and the index that its name states.
    fn segment(&mut self, name: &str, first: Option<u64>) -> SegmentChoice;
    /// Hears a line with its line break, which only the last line of a segment may lack; says `false` to stop.
    fn line(&mut self, name: &str, line: &[u8]) -> bool;
}

/// Reads every segment in a journal directory from front to back.
///
/// # Errors
/// [`JournalError`].
pub fn read(
    disk: &dyn Disk,
    directory: &Path,
    reader: &mut dyn JournalReader,
) -> Result<Ended, JournalError> {
    let failed = |operation, path: &Path| {
        let path = path.to_owned();
        move |source| JournalError::Disk { operation, path, source }
    };
    let mut names = disk.list(directory).map_err(failed("list", directory))?;
    names.retain(|name| name.ends_with(".jsonl") || name.ends_with(".jsonl.zst"));
    for name in &names {
        let first = name.split('.').next().and_then(|digits| digits.parse().ok());
        match reader.segment(name, first) {
            SegmentChoice::Read => {}
            SegmentChoice::Skip => continue,
            SegmentChoice::Stop => return Ok(Ended::Early),
        }
        let path = directory.join(name);
        let opened = match DiskRead::open(disk, &path, 0) {
            // Compressed since the names were listed: the same events under another name.
            Err(error) if error.kind() == ErrorKind::NotFound && name.ends_with(".jsonl") => {
                let packed = directory.join(format!("{name}.zst"));
                DiskRead::open(disk, &packed, 0).map(|file| (file, true))
            }
            opened => opened.map(|file| (file, name.ends_with(".zst"))),
        };
        let (file, is_packed) = opened.map_err(failed("open", &path))?;
        let mut text: Box<dyn BufRead> = if is_packed {
            let decoder = zstd::stream::read::Decoder::new(file).map_err(failed("decompress", &path))?;
            Box::new(BufReader::with_capacity(1 << 20, decoder))
        } else {
            Box::new(BufReader::with_capacity(1 << 20, file))
        };
        let mut line = Vec::new();
        loop {
            line.clear();
            let unreadable = |source| JournalError::Unreadable { name: name.clone(), source };
            text.by_ref().take(LINE_LIMIT_BYTES).read_until(b'\n', &mut line).map_err(unreadable)?;
            if line.is_empty() {
                break;
            }
            if line.len() as u64 == LINE_LIMIT_BYTES && !line.ends_with(b"\n") {
                let reason = format!("a line is longer than {LINE_LIMIT_BYTES} bytes");
                return Err(unreadable(io::Error::new(ErrorKind::InvalidData, reason)));
            }
            if !reader.line(name, &line) {
                return Ok(Ended::Early);
            }
        }
    }
    Ok(Ended::AtTheEnd)
}
