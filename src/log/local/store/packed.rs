//! How a chunk stands in sled: a header, then its bytes, compressed where that pays.
//!
//! ```text
//! version u8 ‖ positions u32 ‖ plain length u32, 0 when not compressed ‖ crc32c u32 ‖ body
//! ```
//!
//! Numbers are little-endian. The checksum covers the position from the key and everything else but
//! itself, so that a chunk under another key or of another length is noticed. Events repeat each other:
//! at 514 bytes each, Zstandard's first level brings them to a tenth in 0.2 µs, and sled, which writes
//! a value two to three times over, then has that much less to write.
//!
//! This file must never hand on bytes whose checksum it has not seen to be right.

use std::cell::RefCell;
use std::{fmt, io};

use super::{Chunk, StoreError};

/// Version of the layout.
const VERSION: u8 = 2;
/// Length of version, positions, plain length, checksum.
const HEADER_BYTES: usize = 1 + 4 + 4 + 4;
/// The level of least work: what is gained beyond it costs more than it saves.
const ZSTD_LEVEL: i32 = 1;
/// Shorter chunks stay plain: they gain little, and starting costs some microseconds.
const SHORTEST_COMPRESSED_BYTES: usize = 2 * 1024;
/// Longer chunks stay plain: no value can ask for more memory than this when it is read.
const LONGEST_COMPRESSED_BYTES: usize = 16 << 20;

/// Packs chunks, one after the other.
pub(super) struct Packer {
    compressor: zstd::bulk::Compressor<'static>,
    /// Room to compress into, used again.
    room: Vec<u8>,
}

impl fmt::Debug for Packer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Packer")
    }
}

impl Packer {
    /// A packer with its working memory.
    ///
    /// # Errors
    /// Without memory for it.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { compressor: zstd::bulk::Compressor::new(ZSTD_LEVEL)?, room: Vec::new() })
    }

    /// The value that holds a chunk.
    pub(super) fn pack(&mut self, chunk: &Chunk) -> Vec<u8> {
        let plain = &chunk.bytes[..];
        let packed = self.compress(plain);
        let body = packed.unwrap_or(plain);
        #[expect(clippy::cast_possible_truncation, reason = "`Batch::end` refuses counts past u32")]
        let count = chunk.count as u32;
        #[expect(clippy::cast_possible_truncation, reason = "compressed chunks have at most 16 MiB")]
        let plain_length = packed.map_or(0, |_| plain.len() as u32);
        let checksum = checksum(chunk.first, VERSION, count, plain_length, body);
        let mut value = Vec::with_capacity(HEADER_BYTES + body.len());
        value.push(VERSION);
        value.extend_from_slice(&count.to_le_bytes());
        value.extend_from_slice(&plain_length.to_le_bytes());
        value.extend_from_slice(&checksum.to_le_bytes());
        value.extend_from_slice(body);
        value
    }

    /// The bytes compressed; `None` where that is not tried or does not pay.
    fn compress(&mut self, plain: &[u8]) -> Option<&[u8]> {
        if !(SHORTEST_COMPRESSED_BYTES..=LONGEST_COMPRESSED_BYTES).contains(&plain.len()) {
            return None;
        }
        // In less room than the plain bytes take it fails where it does not pay.
        self.room.resize(self.room.len().max(plain.len() - 1), 0);
        let room = &mut self.room[..plain.len() - 1];
        let length = self.compressor.compress_to_buffer(plain, room).ok()?;
        Some(&self.room[..length])
    }
}

/// The chunk that a value under the key of position `first` holds.
///
/// # Errors
/// [`StoreError::Damaged`] at `place` with what is wrong.
pub(super) fn unpack(first: u64, value: &[u8], place: impl Fn() -> String) -> Result<Chunk, StoreError> {
    let refuse = |reason: &str| StoreError::Damaged { place: place(), reason: reason.to_owned() };
    let Some((&[version, c0, c1, c2, c3, l0, l1, l2, l3, s0, s1, s2, s3], body)) =
        value.split_first_chunk::<HEADER_BYTES>()
    else {
        return Err(refuse("the chunk is shorter than its header"));
    };
    if version != VERSION {
        return Err(refuse(&format!("chunk version {version} is not {VERSION}")));
    }
    let count = u32::from_le_bytes([c0, c1, c2, c3]);
    let plain_length = u32::from_le_bytes([l0, l1, l2, l3]);
    if checksum(first, version, count, plain_length, body) != u32::from_le_bytes([s0, s1, s2, s3]) {
        return Err(refuse("the chunk does not match its checksum"));
    }
    let bytes = match usize::try_from(plain_length) {
        Ok(0) => body.to_vec(),
        Ok(length) if length <= LONGEST_COMPRESSED_BYTES => {
            decompress(body, length).ok_or_else(|| refuse("the chunk does not unpack"))?
        }
        _ => return Err(refuse("the chunk says a length that no chunk has")),
    };
    let chunk = Chunk { first, count: u64::from(count), bytes };
    if chunk.end().is_none() {
        return Err(refuse("the chunk covers no position"));
    }
    Ok(chunk)
}

fn checksum(first: u64, version: u8, count: u32, plain_length: u32, body: &[u8]) -> u32 {
    let mut head = [0; 17];
    head[..8].copy_from_slice(&first.to_be_bytes());
    head[8] = version;
    head[9..13].copy_from_slice(&count.to_le_bytes());
    head[13..].copy_from_slice(&plain_length.to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c(&head), body)
}

fn decompress(body: &[u8], length: usize) -> Option<Vec<u8>> {
    thread_local! {
        // Made once per thread: its working memory is larger than most chunks.
        static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
    }
    DECOMPRESSOR.with_borrow_mut(|decompressor| {
        let decompressor = match decompressor {
            Some(decompressor) => decompressor,
            none => none.insert(zstd::bulk::Decompressor::new().ok()?),
        };
        decompressor.decompress(body, length).ok().filter(|bytes| bytes.len() == length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> String {
        "here".to_owned()
    }

    fn chunk(bytes: Vec<u8>) -> Chunk {
        Chunk { first: 7, count: 3, bytes }
    }

    /// Bytes that cannot be made shorter.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        std::iter::repeat_with(next).take(length).collect()
    }

    #[test]
    fn what_is_packed_comes_back_and_never_grows() {
        let mut packer = Packer::new().unwrap();
        let event = br#"{"type":"id.jejak.training.attended.v1"}"#;
        for bytes in [
            b"{}\n".to_vec(),
            event.repeat(1000),
            noise(SHORTEST_COMPRESSED_BYTES - 1),
            noise(SHORTEST_COMPRESSED_BYTES),
            noise(100_000),
        ] {
            let chunk = chunk(bytes);
            let value = packer.pack(&chunk);
            assert!(value.len() <= HEADER_BYTES + chunk.bytes.len());
            assert_eq!(unpack(7, &value, place).unwrap(), chunk);
        }
        assert!(packer.pack(&chunk(event.repeat(1000))).len() < 1000);
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let mut packer = Packer::new().unwrap();
        for bytes in [b"{}\n{}\n{}\n".to_vec(), b"{\"a\":1}\n".repeat(300)] {
            let value = packer.pack(&chunk(bytes));
            for bit in 0..value.len() * 8 {
                let mut wrong = value.clone();
                wrong[bit / 8] ^= 1 << (bit % 8);
                assert!(unpack(7, &wrong, place).is_err(), "bit {bit}");
            }
            for length in 0..value.len() {
                assert!(unpack(7, &value[..length], place).is_err(), "cut at {length}");
            }
            assert!(unpack(8, &value, place).is_err(), "under another key");
        }
    }

    #[test]
    fn a_length_that_lies_is_refused() {
        let forge = |plain_length: u32, body: &[u8]| {
            let checksum = checksum(7, VERSION, 3, plain_length, body);
            let head = [&[VERSION][..], &3u32.to_le_bytes(), &plain_length.to_le_bytes()].concat();
            [&head[..], &checksum.to_le_bytes(), body].concat()
        };
        let body = zstd::bulk::compress(&[b'x'; 5000], ZSTD_LEVEL).unwrap();
        assert!(unpack(7, &forge(5000, &body), place).is_ok());
        for plain_length in [1, 4999, 5001, u32::MAX] {
            assert!(unpack(7, &forge(plain_length, &body), place).is_err(), "{plain_length}");
        }
        let mut said = crate::said::Said::new("store_chunks");
        let mut of_none = forge(0, b"{}");
        of_none[1..5].copy_from_slice(&[0; 4]);
        let checksum = checksum(7, VERSION, 0, 0, b"{}");
        of_none[9..13].copy_from_slice(&checksum.to_le_bytes());
        for (case, wrong) in [
            ("cut", body[..5].to_vec()),
            ("version", [&[9][..], &forge(5000, &body)[1..]].concat()),
            ("another body", [&forge(5000, &body)[..], b"x"].concat()),
            ("shorter than it says", forge(5001, &body)),
            ("no room for what it holds", forge(1, &body)),
            ("not packed", forge(5000, b"plain")),
            ("a length that none has", forge(u32::MAX, &body)),
            ("of nothing", of_none),
        ] {
            said.error(case, unpack(7, &wrong, || "position 7".to_owned()).unwrap_err());
        }
        said.check();
    }
}
