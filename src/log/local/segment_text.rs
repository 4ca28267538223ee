//! A segment's text by offset, whichever form it has, and the commits in it by index.
//!
//! A compressed segment is a row of Zstandard frames, each of [`FRAME_BYTES`] of text, with the seek table of
//! Zstandard's *seekable format* behind them: any program that knows Zstandard reads the whole, this file reads any
//! part of it. Must never decide which text is right.

use std::io::{self, Read, Write};

use super::journal::{Form, Segment};
use super::line::{self, CommitLine};
use crate::disk::{Disk, DiskFile};

/// Text of one frame: a window of Zstandard's first level, so that little is lost to its being cut off there.
const FRAME_BYTES: usize = 256 << 10;
/// No frame can ask for more memory than this.
const LONGEST_FRAME_BYTES: u32 = 16 << 20;
/// Fast, and half to a tenth of the size already; see the table of DESIGN section 3.
const ZSTD_LEVEL: i32 = 1;
/// Of the frame that holds the seek table: Zstandard skips it.
const SKIPPABLE_MAGIC: u32 = 0x184D_2A5E;
/// Last word of a seek table.
const SEEKABLE_MAGIC: u32 = 0x8F92_EAB1;
/// Before the entries of a seek table: magic word and length.
const TABLE_HEADER_BYTES: usize = 8;
/// Of one frame: its length compressed, and that of its text.
const ENTRY_BYTES: usize = 8;
/// Behind the entries: number of frames, descriptor, magic word.
const FOOTER_BYTES: usize = 9;
/// Bytes of text read at once where a commit line is looked for.
const BLOCK_BYTES: usize = 64 << 10;

/// Compresses a text frame by frame.
pub(crate) fn compress(text: &mut dyn Read, out: &mut dyn Write) -> io::Result<()> {
    let mut compressor = zstd::bulk::Compressor::new(ZSTD_LEVEL)?;
    compressor.include_checksum(true)?;
    let mut entries = Vec::new();
    let mut block = Vec::with_capacity(FRAME_BYTES);
    loop {
        block.clear();
        (&mut *text).take(FRAME_BYTES as u64).read_to_end(&mut block)?;
        if block.is_empty() {
            break;
        }
        let frame = compressor.compress(&block)?;
        out.write_all(&frame)?;
        for length in [frame.len(), block.len()] {
            entries.extend(u32::try_from(length).map_err(io::Error::other)?.to_le_bytes());
        }
    }
    let count = u32::try_from(entries.len() / ENTRY_BYTES).map_err(io::Error::other)?;
    let length = u32::try_from(entries.len() + FOOTER_BYTES).map_err(io::Error::other)?;
    out.write_all(&SKIPPABLE_MAGIC.to_le_bytes())?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&entries)?;
    out.write_all(&count.to_le_bytes())?;
    // No checksums in the table: each frame has its own.
    out.write_all(&[0])?;
    out.write_all(&SEEKABLE_MAGIC.to_le_bytes())
}

/// Where a frame and its text lie.
#[derive(Clone, Copy, Debug)]
struct Frame {
    offset: u64,
    length_bytes: usize,
    text_offset: u64,
    text_length_bytes: usize,
}

/// A segment's text, to be read by offset.
pub(crate) struct SegmentText {
    file: Box<dyn DiskFile>,
    length_bytes: u64,
    /// `None`: the file is the text.
    frames: Option<Vec<Frame>>,
    /// Text of the frame that was read last, by its place.
    kept: Option<(usize, Vec<u8>)>,
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason.to_owned())
}

impl SegmentText {
    /// Opens a segment, as long as it is now.
    ///
    /// # Errors
    /// The disk's; of kind `InvalidData` when a compressed segment has no seek table that fits its length.
    pub(crate) fn open(disk: &dyn Disk, segment: &Segment) -> io::Result<Self> {
        let file = disk.open_existing(&segment.path)?;
        let file_length = disk.length(&segment.path)?.ok_or(io::ErrorKind::NotFound)?;
        if segment.form == Form::Raw {
            return Ok(Self { file, length_bytes: file_length, frames: None, kept: None });
        }
        let frames = read_table(&*file, file_length)?;
        let length_bytes = frames.last().map_or(0, |last| last.text_offset + last.text_length_bytes as u64);
        Ok(Self { file, length_bytes, frames: Some(frames), kept: None })
    }

    /// Length of the text in bytes.
    pub(crate) fn length_bytes(&self) -> u64 {
        self.length_bytes
    }

    /// The text from `offset` on: `count` bytes, fewer at the end.
    pub(crate) fn read_at(&mut self, offset: u64, count: usize) -> io::Result<Vec<u8>> {
        let left = usize::try_from(self.length_bytes.saturating_sub(offset)).unwrap_or(usize::MAX);
        let count = count.min(left);
        let Some(frames) = &self.frames else {
            let mut bytes = vec![0; count];
            self.file.read_at(offset, &mut bytes)?;
            return Ok(bytes);
        };
        let mut bytes = Vec::with_capacity(count);
        let mut place = frames.partition_point(|frame| frame.text_offset <= offset).saturating_sub(1);
        while bytes.len() < count {
            let Some(frame) = self.frames.as_ref().and_then(|frames| frames.get(place)).copied() else {
                break;
            };
            let skipped = usize::try_from(offset.saturating_sub(frame.text_offset)).unwrap_or(usize::MAX);
            let text = self.frame_text(place, &frame)?.get(skipped..).unwrap_or_default();
            bytes.extend_from_slice(&text[..text.len().min(count - bytes.len())]);
            place += 1;
        }
        Ok(bytes)
    }

    fn frame_text(&mut self, place: usize, frame: &Frame) -> io::Result<&[u8]> {
        if self.kept.as_ref().is_none_or(|(kept, _)| *kept != place) {
            let mut packed = vec![0; frame.length_bytes];
            self.file.read_at(frame.offset, &mut packed)?;
            let text = zstd::bulk::decompress(&packed, frame.text_length_bytes)?;
            if text.len() != frame.text_length_bytes {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.kept = Some((place, text));
        }
        Ok(self.kept.as_ref().map_or(&[][..], |(_, text)| text))
    }

    /// What the commit line that ends at `offset` says; its checksum is not looked at. `None` where none ends.
    pub(crate) fn commit_line_before(&mut self, offset: u64) -> io::Result<Option<CommitLine>> {
        let from = offset.saturating_sub(line::LONGEST_COMMIT_LINE_BYTES as u64);
        let bytes = self.read_at(from, usize::try_from(offset - from).unwrap_or(0))?;
        Ok(line::read_fields(line::last_line(&bytes)).ok().map(|(line, _)| line))
    }

    /// A commit boundary at or before `index` and near it: the index and the offset of what follows it. `first` is the
    /// segment's first index, from which on the commit lines count.
    pub(crate) fn boundary_before(&mut self, first: u64, index: u64) -> io::Result<(u64, u64)> {
        let mut low = (first, 0);
        let mut high = self.length_bytes;
        while high - low.1 > 2 * BLOCK_BYTES as u64 {
            let middle = low.1.midpoint(high);
            match self.next_boundary(middle, high)? {
                Some(next) if next.0 <= index => low = next,
                _ => high = middle,
            }
        }
        // A line may start before where the halving ended.
        let high = self.length_bytes.min(high + line::LONGEST_COMMIT_LINE_BYTES as u64);
        while let Some(next) = self.next_boundary(low.1, high)?.filter(|next| next.0 <= index) {
            low = next;
        }
        Ok(low)
    }

    /// The first commit line that starts behind `from` and ends by `to`: the size it says and where it ends.
    fn next_boundary(&mut self, from: u64, to: u64) -> io::Result<Option<(u64, u64)>> {
        let mut bytes = Vec::new();
        let mut searched = 0;
        loop {
            let offset = from + bytes.len() as u64;
            let left = usize::try_from(to.saturating_sub(offset)).unwrap_or(usize::MAX);
            let more = self.read_at(offset, BLOCK_BYTES.min(left))?;
            if more.is_empty() {
                return Ok(None);
            }
            bytes.extend(more);
            while let Some(found) = memchr::memmem::find(&bytes[searched..], b"\n#") {
                let start = searched + found + 1;
                let Some(length) = line::find_newline(&bytes[start..]) else { break };
                let end = start + length + 1;
                if let Ok((line, _)) = line::read_fields(&bytes[start..end]) {
                    return Ok(Some((line.size, from + end as u64)));
                }
                searched = end - 1;
            }
            if memchr::memmem::find(&bytes[searched..], b"\n#").is_none() {
                searched = bytes.len() - 1;
            }
        }
    }
}

/// Reads the seek table at the end of a compressed segment. Frames and table must fill the file.
fn read_table(file: &dyn DiskFile, file_length: u64) -> io::Result<Vec<Frame>> {
    let missing = || invalid("the compressed segment has no seek table");
    let mut footer = [0; FOOTER_BYTES];
    let footer_offset = file_length.checked_sub(FOOTER_BYTES as u64).ok_or_else(missing)?;
    file.read_at(footer_offset, &mut footer)?;
    let [c0, c1, c2, c3, descriptor, m0, m1, m2, m3] = footer;
    if u32::from_le_bytes([m0, m1, m2, m3]) != SEEKABLE_MAGIC || descriptor != 0 {
        return Err(missing());
    }
    let count = u64::from(u32::from_le_bytes([c0, c1, c2, c3]));
    let table_length = TABLE_HEADER_BYTES as u64 + count * ENTRY_BYTES as u64;
    let start = footer_offset.checked_sub(table_length).ok_or_else(missing)?;
    let mut table = vec![0; usize::try_from(table_length).map_err(|_| missing())?];
    file.read_at(start, &mut table)?;
    let (words, _) = table.as_chunks::<4>();
    let words: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let said = count * ENTRY_BYTES as u64 + FOOTER_BYTES as u64;
    if words[0] != SKIPPABLE_MAGIC || u64::from(words[1]) != said {
        return Err(missing());
    }
    let (mut offset, mut text_offset) = (0, 0);
    let mut frames = Vec::with_capacity(words.len() / 2);
    for entry in words[2..].as_chunks::<2>().0 {
        let [length, text_length] = *entry;
        if text_length == 0 || text_length > LONGEST_FRAME_BYTES || u64::from(length) > start {
            return Err(missing());
        }
        let (length_bytes, text_length_bytes) = (length as usize, text_length as usize);
        frames.push(Frame { offset, length_bytes, text_offset, text_length_bytes });
        offset += u64::from(length);
        text_offset += u64::from(text_length);
    }
    if offset != start {
        return Err(invalid("the seek table does not fit the length of the compressed segment"));
    }
    Ok(frames)
}

/// Reads a segment's text from an offset on.
pub(crate) struct TextFrom {
    text: SegmentText,
    offset: u64,
}

impl TextFrom {
    /// Starts at an offset of a text.
    pub(crate) fn new(text: SegmentText, offset: u64) -> Self {
        Self { text, offset }
    }
}

impl Read for TextFrom {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.text.read_at(self.offset, buffer.len())?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        self.offset += bytes.len() as u64;
        Ok(bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::disk::sim::SimulatedDisk;

    fn text() -> (Vec<u8>, Vec<(u64, u64)>) {
        let (mut text, mut boundaries, mut index) = (Vec::new(), vec![(100, 0)], 100_u64);
        for commit in 0..900_u64 {
            let events = if commit % 97 == 5 { 900 } else { 1 + commit % 5 };
            let start = text.len();
            for _ in 0..events {
                text.extend_from_slice(
                    format!("{{\"n\":{index},\"x\":\"{:0300}\"}}\n", index % 7).as_bytes(),
                );
                index += 1;
            }
            let mut commit = text.split_off(start);
            let root = jejak_events::tree::leaf_hash(&index.to_be_bytes());
            line::finish(&mut commit, &CommitLine { size: index, root, vault_length: index * 3 });
            text.extend(commit);
            boundaries.push((index, text.len() as u64));
        }
        (text, boundaries)
    }

    fn segment(path: &str, form: Form) -> Segment {
        Segment { first: 100, form, path: PathBuf::from(path), length_bytes: 0 }
    }

    #[test]
    fn both_forms_give_every_part_and_find_every_commit() {
        let (bytes, boundaries) = text();
        let mut packed = Vec::new();
        compress(&mut &bytes[..], &mut packed).unwrap();
        assert!(zstd::decode_all(&packed[..]).unwrap() == bytes, "any program reads it");
        let disk = SimulatedDisk::default();
        disk.put(Path::new("/raw"), &bytes);
        disk.put(Path::new("/zst"), &packed);
        for segment in [segment("/raw", Form::Raw), segment("/zst", Form::Compressed)] {
            let mut opened = SegmentText::open(&disk, &segment).unwrap();
            assert_eq!(opened.length_bytes(), bytes.len() as u64);
            for offset in (0..bytes.len()).step_by(99_991) {
                let end = bytes.len().min(offset + 300_000);
                assert!(opened.read_at(offset as u64, 300_000).unwrap() == bytes[offset..end]);
            }
            for (at, (index, offset)) in boundaries.iter().enumerate().step_by(7) {
                assert_eq!(opened.boundary_before(100, *index).unwrap(), (*index, *offset));
                if at > 0 {
                    assert_eq!(opened.boundary_before(100, index - 1).unwrap(), boundaries[at - 1]);
                    let line = opened.commit_line_before(*offset).unwrap().unwrap();
                    assert_eq!((line.size, line.vault_length), (*index, index * 3));
                }
            }
        }
    }

    #[test]
    fn a_table_that_does_not_fit_the_file_is_refused() {
        let (bytes, _) = text();
        let mut packed = Vec::new();
        compress(&mut &bytes[..], &mut packed).unwrap();
        let disk = SimulatedDisk::default();
        let refused = |bytes: &[u8]| {
            disk.put(Path::new("/zst"), bytes);
            SegmentText::open(&disk, &segment("/zst", Form::Compressed)).is_err()
        };
        assert!(!refused(&packed));
        assert!(refused(&packed[1..]) && refused(&packed[..packed.len() - 1]) && refused(&[]));
        let table = packed.len() - FOOTER_BYTES - ENTRY_BYTES;
        for at in table..packed.len() {
            for bit in 0..8 {
                let mut flipped = packed.clone();
                flipped[at] ^= 1 << bit;
                // The length of a text is only seen to be wrong when its frame is read.
                assert!(refused(&flipped) || (table + 4..table + 8).contains(&at), "byte {at}");
            }
        }
    }
}
