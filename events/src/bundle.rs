//! Entry bundles: up to 256 consecutive entries in one resource, as C2SP *tlog-tiles* publishes them.
//!
//! Each entry is its length as two bytes, big-endian, then its bytes; nothing before, between or after.
//! The entries of bundle *n* hash to the hashes of the level 0 tile *n*.
//!
//! This module must never look inside an entry. A decoded bundle proves nothing: hash the entries and
//! compare them with tiles under a verified checkpoint.

use crate::tile::FULL_WIDTH;

/// Longest entry that a bundle can hold, in bytes.
pub const MAX_ENTRY_LENGTH_BYTES: usize = u16::MAX as usize;
const LENGTH_PREFIX_BYTES: usize = 2;

/// Why entries do not make a bundle, or bytes are not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry is longer than its length prefix can say.
    #[error(
        "entry {position} of the bundle has {length_bytes} bytes, at most 65535 fit: split or shorten it"
    )]
    EntryTooLong {
        /// Position within the bundle, from 0.
        position: usize,
        /// Length of the entry.
        length_bytes: usize,
    },
    /// The bundle holds no entry, or more than 256.
    #[error("a bundle holds 1 to 256 entries, not {0}")]
    Width(usize),
    /// The bytes end inside an entry or before the last one.
    #[error("the bundle ends inside entry {position}, whose prefix begins at byte {offset}: read it again")]
    Truncated {
        /// Position within the bundle, from 0.
        position: usize,
        /// Offset of the entry's length prefix.
        offset: usize,
    },
    /// Bytes follow the last entry.
    #[error("{extra_bytes} bytes follow the last of {width} entries, at byte {offset}")]
    Trailing {
        /// Number of entries that the bundle should have.
        width: u16,
        /// Where the last entry ends.
        offset: usize,
        /// Number of bytes too many.
        extra_bytes: usize,
    },
}

impl BundleError {
    /// The stable name of this error, for test vectors and machine-readable output.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::EntryTooLong { .. } => "entry_too_long",
            Self::Width(_) => "bundle_width",
            Self::Truncated { .. } => "bundle_truncated",
            Self::Trailing { .. } => "bundle_trailing",
        }
    }
}

/// Encodes 1 to 256 entries as a bundle.
///
/// # Errors
/// [`BundleError::EntryTooLong`] for an entry above 65,535 bytes, [`BundleError::Width`] for none or
/// more than 256 entries.
pub fn encode<'entry>(entries: impl IntoIterator<Item = &'entry [u8]>) -> Result<Vec<u8>, BundleError> {
    let mut bytes = Vec::new();
    let mut width = 0;
    for entry in entries {
        let length = u16::try_from(entry.len())
            .map_err(|_| BundleError::EntryTooLong { position: width, length_bytes: entry.len() })?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
        width += 1;
    }
    if width == 0 || width > usize::from(FULL_WIDTH) {
        return Err(BundleError::Width(width));
    }
    Ok(bytes)
}

/// Splits a bundle into exactly `width` entries.
///
/// # Errors
/// [`BundleError::Width`] when `width` is not 1 to 256, [`BundleError::Truncated`] and
/// [`BundleError::Trailing`] when the bytes hold less or more than `width` entries.
pub fn decode(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    if width == 0 || width > FULL_WIDTH {
        return Err(BundleError::Width(width.into()));
    }
    let mut entries = Vec::with_capacity(width.into());
    let mut rest = bytes;
    for position in 0..usize::from(width) {
        let truncated = || BundleError::Truncated { position, offset: bytes.len() - rest.len() };
        let (prefix, after) = rest.split_first_chunk::<LENGTH_PREFIX_BYTES>().ok_or_else(truncated)?;
        let length_bytes = usize::from(u16::from_be_bytes(*prefix));
        let (entry, after) = after.split_at_checked(length_bytes).ok_or_else(truncated)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() {
        Ok(entries)
    } else {
        let offset = bytes.len() - rest.len();
        Err(BundleError::Trailing { width, offset, extra_bytes: rest.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundle_round_trips() {
        let long = vec![7u8; MAX_ENTRY_LENGTH_BYTES];
        let entries: [&[u8]; 3] = [b"satu", b"", &long];
        let bytes = encode(entries).unwrap();
        assert_eq!(&bytes[..8], b"\x00\x04satu\x00\x00");
        assert_eq!(decode(&bytes, 3).unwrap(), entries);
    }

    #[test]
    fn bundle_refuses_wrong_widths_and_lengths() {
        let too_long = vec![0u8; MAX_ENTRY_LENGTH_BYTES + 1];
        assert_eq!(
            encode([b"a".as_slice(), &too_long]).unwrap_err(),
            BundleError::EntryTooLong { position: 1, length_bytes: 65_536 }
        );
        assert_eq!(encode([]).unwrap_err(), BundleError::Width(0));
        assert_eq!(encode(vec![b"".as_slice(); 257]).unwrap_err(), BundleError::Width(257));
        assert!(encode(vec![b"".as_slice(); 256]).is_ok());

        let bytes = encode([b"satu".as_slice(), b"dua"]).unwrap();
        assert_eq!(decode(&bytes, 0).unwrap_err(), BundleError::Width(0));
        assert_eq!(decode(&bytes, 257).unwrap_err(), BundleError::Width(257));
        assert_eq!(decode(&bytes, 3).unwrap_err(), BundleError::Truncated { position: 2, offset: 11 });
        assert_eq!(
            decode(&bytes, 1).unwrap_err(),
            BundleError::Trailing { width: 1, offset: 6, extra_bytes: 5 }
        );
        for end in 0..bytes.len() {
            assert_eq!(decode(&bytes[..end], 2).unwrap_err().name(), "bundle_truncated", "cut at {end}");
        }
    }
}
