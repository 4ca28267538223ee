//! The journal's files: segments of commit text, raw or compressed.
//!
//! A segment is named after its first index, `00000000000000000042.jsonl`, and ends at a commit
//! boundary. Raw ones grow; sealed ones may be `.jsonl.zst`. This module must never decide which text
//! is right: it reads and writes what it is told.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::line;
use super::segment_text::{self, SegmentText, TextFrom};
use crate::disk::{Disk, DiskFile, DiskRead};
use crate::log::error::{At as _, LogError};

/// Suffix of a file still being written aside; never part of the journal.
pub(crate) const ASIDE: &str = ".new";
/// Bytes read at once.
const BLOCK_BYTES: usize = 1 << 20;

/// How a segment is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// Plain text.
    Raw,
    /// Zstandard frames with checksums and a seek table, see [`super::segment_text`].
    Compressed,
}

/// A segment found in the journal directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Index of its first event, from its name.
    pub(crate) first: u64,
    /// How it is stored.
    pub(crate) form: Form,
    /// Its file.
    pub(crate) path: PathBuf,
    /// Length of the file.
    pub(crate) length_bytes: u64,
}

/// File name of a raw segment.
pub(crate) fn segment_name(first: u64) -> String {
    format!("{first:020}.jsonl")
}

fn parse_name(name: &str) -> Option<(u64, Form)> {
    let (digits, form) = match name.strip_suffix(".jsonl") {
        Some(digits) => (digits, Form::Raw),
        None => (name.strip_suffix(".jsonl.zst")?, Form::Compressed),
    };
    let plain = digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit());
    Some((plain.then(|| digits.parse().ok()).flatten()?, form))
}

/// Whether a file of this name in the journal directory is read as a segment.
#[must_use]
pub fn is_segment_name(name: &str) -> bool {
    name.ends_with(".jsonl") || name.ends_with(".jsonl.zst")
}

/// The segments of a journal directory by first index, raw before compressed.
pub(crate) fn list_segments(disk: &dyn Disk, directory: &Path) -> Result<Vec<Segment>, LogError> {
    let mut segments = Vec::new();
    for name in disk.list(directory).at("list", directory)? {
        if let Some((first, form)) = parse_name(&name) {
            let path = directory.join(name);
            let length_bytes = disk.length(&path).at("look at", &path)?.unwrap_or(0);
            segments.push(Segment { first, form, path, length_bytes });
        }
    }
    segments.sort_by_key(|segment| (segment.first, segment.form));
    Ok(segments)
}

/// Writes a [`DiskFile`] from front to back.
#[derive(Debug)]
pub(crate) struct DiskWrite {
    file: Box<dyn DiskFile>,
    offset: u64,
}

impl DiskWrite {
    /// Starts a file anew, empty.
    pub(crate) fn create(disk: &dyn Disk, path: &Path) -> Result<Self, LogError> {
        let mut file = disk.open(path).at("create", path)?;
        file.set_length(0).at("empty", path)?;
        Ok(Self { file, offset: 0 })
    }

    /// Bytes written so far.
    pub(crate) fn length_bytes(&self) -> u64 {
        self.offset
    }

    /// Makes the content durable.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.file.sync()
    }
}

impl Write for DiskWrite {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(self.offset, bytes)?;
        self.offset += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a segment's text, commit by commit.
pub(crate) struct SegmentReader {
    stream: Box<dyn BufRead>,
    /// Offset in the text.
    offset: u64,
}

impl SegmentReader {
    /// Opens a segment at an offset of its text.
    pub(crate) fn open(disk: &dyn Disk, segment: &Segment, offset: u64) -> io::Result<Self> {
        let stream: Box<dyn BufRead> = match segment.form {
            Form::Raw => {
                Box::new(BufReader::with_capacity(BLOCK_BYTES, DiskRead::open(disk, &segment.path, offset)?))
            }
            Form::Compressed => match SegmentText::open(disk, segment) {
                Ok(text) if offset > 0 => {
                    Box::new(BufReader::with_capacity(BLOCK_BYTES, TextFrom::new(text, offset)))
                }
                // From the front no seek table is needed, and none may stand in the way.
                _ => Box::new(decompress_from(disk, segment, offset)?),
            },
        };
        Ok(Self { stream, offset })
    }

    /// Offset in the text of what is read next.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Reads up to and with the next commit line, or to the end; empty at the end. An error means that
    /// the rest cannot be read, and `text` holds what could.
    pub(crate) fn read_commit(&mut self, text: &mut Vec<u8>) -> io::Result<()> {
        text.clear();
        loop {
            let start = text.len();
            let read = self.stream.read_until(b'\n', text);
            self.offset += (text.len() - start) as u64;
            if read? == 0 || text[start] == b'#' {
                return Ok(());
            }
        }
    }

    /// The next bytes, without reading on: up to `count`, fewer at the end or before an error.
    pub(crate) fn peek(&mut self, count: usize) -> &[u8] {
        let block = self.stream.fill_buf().unwrap_or_default();
        &block[..block.len().min(count)]
    }

    /// Whether everything was read, and without an error.
    pub(crate) fn at_end(&mut self) -> bool {
        self.stream.fill_buf().is_ok_and(<[u8]>::is_empty)
    }
}

/// The text of a compressed segment from an offset on, for want of a seek table by reading what is before.
fn decompress_from(disk: &dyn Disk, segment: &Segment, offset: u64) -> io::Result<impl BufRead + use<>> {
    let file = DiskRead::open(disk, &segment.path, 0)?;
    let mut stream = BufReader::with_capacity(BLOCK_BYTES, zstd::stream::read::Decoder::new(file)?);
    let skipped = io::copy(&mut (&mut stream).take(offset), &mut io::sink())?;
    if skipped != offset {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(stream)
}

/// Appends commits to the journal's last segment.
#[derive(Debug)]
pub(crate) struct JournalWriter {
    directory: PathBuf,
    segment_bytes: u64,
    open: Option<OpenSegment>,
}

#[derive(Debug)]
struct OpenSegment {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    length_bytes: u64,
}

impl JournalWriter {
    /// A writer that continues `last`, the journal's last segment if it is raw.
    pub(crate) fn new(
        disk: &dyn Disk,
        directory: &Path,
        segment_bytes: u64,
        last: Option<&Segment>,
    ) -> Result<Self, LogError> {
        let open = match last {
            Some(segment) if segment.form == Form::Raw => Some(OpenSegment {
                file: disk.open(&segment.path).at("open", &segment.path)?,
                path: segment.path.clone(),
                length_bytes: segment.length_bytes,
            }),
            _ => None,
        };
        Ok(Self { directory: directory.to_owned(), segment_bytes, open })
    }

    /// Makes sure that the commit starting at `first` has a segment to go to.
    pub(crate) fn prepare(&mut self, disk: &dyn Disk, first: u64) -> Result<(), LogError> {
        if self.open.as_ref().is_some_and(|open| open.length_bytes < self.segment_bytes) {
            return Ok(());
        }
        let path = self.directory.join(segment_name(first));
        let mut file = disk.open(&path).at("create", &path)?;
        file.set_length(0).at("empty", &path)?;
        disk.sync_directory(&self.directory).at("sync", &self.directory)?;
        // A crash here leaves an empty segment; opening continues or removes it. The name is durable
        // before the first commit in it counts.
        self.open = Some(OpenSegment { file, path, length_bytes: 0 });
        Ok(())
    }

    /// Writes one commit's text behind the last, and makes it durable.
    pub(crate) fn append(&mut self, text: &[u8]) -> Result<(), LogError> {
        let Some(open) = &mut self.open else {
            return Err(LogError::Poisoned { reason: "no journal segment is open".to_owned() });
        };
        open.file.write_at(open.length_bytes, text).at("write", &open.path)?;
        // A crash here leaves the commit whole, in part or not at all, none of it acknowledged.
        open.file.sync().at("sync", &open.path)?;
        // A crash here leaves the whole commit; opening adopts it although nobody was told.
        open.length_bytes += text.len() as u64;
        Ok(())
    }
}

/// Replaces a raw sealed segment by its compressed form.
///
/// # Errors
/// When the disk fails or the compressed text does not read back equal. The raw segment stays then, and
/// nothing is lost.
pub(crate) fn compress(disk: &dyn Disk, directory: &Path, segment: &Segment) -> Result<(), LogError> {
    let target = directory.join(format!("{}.zst", segment_name(segment.first)));
    let aside = with_suffix(&target, ASIDE);
    let mut raw = DiskRead::open(disk, &segment.path, 0).at("read", &segment.path)?;
    let file = DiskWrite::create(disk, &aside)?;
    let mut file = io::BufWriter::with_capacity(BLOCK_BYTES, file);
    segment_text::compress(&mut raw, &mut file).at("write", &aside)?;
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error).at("write", &aside)?;
    file.sync().at("sync", &aside)?;
    // A crash here leaves a `.new` file beside the raw segment; opening removes it.
    let mut raw = DiskRead::open(disk, &segment.path, 0).at("read", &segment.path)?;
    let packed = DiskRead::open(disk, &aside, 0).at("read", &aside)?;
    if !reads_equal(&mut raw, &mut zstd::stream::read::Decoder::new(packed).at("read", &aside)?)
        .at("read", &aside)?
    {
        let source = io::Error::other("the compressed segment does not read back as it was written");
        return Err(LogError::Disk { operation: "compress", path: segment.path.clone(), source });
    }
    disk.rename(&aside, &target).at("rename", &aside)?;
    disk.sync_directory(directory).at("sync", directory)?;
    // A crash here leaves both forms with the same text; opening keeps the raw one.
    disk.remove(&segment.path).at("remove", &segment.path)?;
    disk.sync_directory(directory).at("sync", directory)
    // A crash here leaves the compressed form alone.
}

/// Whether two streams give the same bytes.
fn reads_equal(left: &mut dyn Read, right: &mut dyn Read) -> io::Result<bool> {
    let mut a = BufReader::with_capacity(BLOCK_BYTES, left);
    let mut b = BufReader::with_capacity(BLOCK_BYTES, right);
    loop {
        let (x, y) = (a.fill_buf()?, b.fill_buf()?);
        let count = x.len().min(y.len());
        if x[..count] != y[..count] {
            return Ok(false);
        }
        if count == 0 {
            return Ok(x.is_empty() && y.is_empty());
        }
        a.consume(count);
        b.consume(count);
    }
}

/// A path with something appended to its file name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The first whole commit, by its checksum alone, in the rest of a segment that says a size past
/// `after`: that size.
pub(crate) fn find_whole_commit(reader: &mut SegmentReader, after: u64) -> Option<u64> {
    let mut text = Vec::new();
    loop {
        let readable = reader.read_commit(&mut text).is_ok();
        if let Ok((commit, _)) = line::parse(&text)
            && commit.size > after
        {
            return Some(commit.size);
        }
        if !readable || text.is_empty() {
            return None;
        }
    }
}
