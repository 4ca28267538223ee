//! Lines of input in bounded memory: a line of a gigabyte is refused, not read into memory.

use std::io::{self, BufRead, BufReader, Read};

use jejak_events::fault::Refusal;
use jejak_events::record::RECORD_LIMIT_BYTES;

use crate::words::event_words::number_in_both;

/// Most lines that one request carries.
pub const BATCH_LINES: usize = 1_000;

/// One line, without its line break.
pub struct Line<'a> {
    /// Its number in the input, from 1.
    pub number: u64,
    /// Its bytes, or why they cannot be a proposal.
    pub content: Result<&'a [u8], Refusal>,
}

/// Reads lines one after another. A last line without a line break counts.
pub struct LineReader<R> {
    input: BufReader<R>,
    number: u64,
    position_bytes: u64,
    line: Vec<u8>,
}

impl<R: Read> LineReader<R> {
    /// Starts at the front.
    pub fn new(input: BufReader<R>) -> Self {
        Self { input, number: 0, position_bytes: 0, line: Vec::new() }
    }

    /// Bytes read so far.
    pub fn position_bytes(&self) -> u64 {
        self.position_bytes
    }

    /// Whether a whole line can be had without waiting for more input.
    pub fn has_line_at_hand(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// When the input cannot be read.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut length_bytes: u64 = 0;
        let ended_by_break = loop {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                available => available?,
            };
            if available.is_empty() {
                break false;
            }
            let line_break = available.iter().position(|byte| *byte == b'\n');
            let taken = &available[..line_break.unwrap_or(available.len())];
            length_bytes += taken.len() as u64;
            // One byte more than any proposal may have is enough to refuse the line.
            let room = (RECORD_LIMIT_BYTES + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(&taken[..taken.len().min(room)]);
            let consumed = taken.len() + usize::from(line_break.is_some());
            self.input.consume(consumed);
            self.position_bytes += consumed as u64;
            if line_break.is_some() {
                break true;
            }
        };
        if !ended_by_break && length_bytes == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        let content = if length_bytes > RECORD_LIMIT_BYTES as u64 {
            Err(too_long(length_bytes))
        } else if self.line.iter().all(u8::is_ascii_whitespace) {
            Err(blank())
        } else {
            Ok(&self.line[..])
        };
        Ok(Some(Line { number: self.number, content }))
    }
}

fn too_long(length_bytes: u64) -> Refusal {
    let (length, limit) = (number_in_both(length_bytes), number_in_both(RECORD_LIMIT_BYTES as u64));
    Refusal::new(
        "too_large",
        format!("baris berisi {} byte; paling banyak {}. Simpan lampiran sebagai bukti", length.id, limit.id),
        format!("the line has {} bytes; at most {}. Keep attachments as evidence", length.en, limit.en),
    )
}

fn blank() -> Refusal {
    Refusal::new("blank_line", "baris kosong; hapus barisnya", "the line is blank; delete it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(input: impl Read, capacity_bytes: usize) -> Vec<(u64, Result<String, &'static str>)> {
        let mut reader = LineReader::new(BufReader::with_capacity(capacity_bytes, input));
        let mut lines = Vec::new();
        while let Some(line) = reader.next().unwrap() {
            let content = line.content.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            lines.push((line.number, content.map_err(|refused| refused.rule)));
        }
        lines
    }

    #[test]
    fn lines_keep_their_numbers_whatever_the_buffer() {
        for capacity_bytes in [1, 2, 7, 1024] {
            let lines = read_all(&b"{1}\r\n\n  \n{2}"[..], capacity_bytes);
            let expected = vec![
                (1, Ok("{1}".to_owned())),
                (2, Err("blank_line")),
                (3, Err("blank_line")),
                (4, Ok("{2}".to_owned())),
            ];
            assert_eq!(lines, expected, "buffer of {capacity_bytes}");
        }
        assert!(read_all(&b""[..], 8).is_empty());
    }

    #[test]
    fn a_gigabyte_without_a_line_break_is_refused_in_little_memory() {
        let input = io::repeat(b'x').take(1 << 30).chain(&b"\n{}\n"[..]);
        let mut reader = LineReader::new(BufReader::with_capacity(1 << 16, input));
        let refused = reader.next().unwrap().unwrap().content.unwrap_err();
        assert_eq!(refused.rule, "too_large");
        assert!(refused.message.en.contains("1,073,741,824 bytes"), "{refused}");
        assert!(reader.line.capacity() < 4 * RECORD_LIMIT_BYTES);
        assert_eq!(reader.next().unwrap().unwrap().content.unwrap(), b"{}");
        assert_eq!(reader.position_bytes(), (1 << 30) + 4);
    }

    #[test]
    fn the_longest_line_that_fits_is_not_refused() {
        let line = vec![b'x'; RECORD_LIMIT_BYTES];
        assert_eq!(read_all(&line[..], 4096)[0].1.as_ref().unwrap().len(), RECORD_LIMIT_BYTES);
        let line = vec![b'x'; RECORD_LIMIT_BYTES + 1];
        assert_eq!(read_all(&line[..], 4096)[0].1, Err("too_large"));
    }
}
