//! The vault file as bytes: frames one after another, in two copies.
//!
//! The store keeps the same bytes as the file, in pieces of whole frames, each under its offset as big-endian
//! u64. Must never look into a payload: it is encrypted.

use std::io::{self, BufReader, Read as _, Write as _};
use std::path::Path;

use super::journal::{ASIDE, DiskWrite, with_suffix};
use super::store::{Store, Table};
use crate::disk::{Disk, DiskRead};
use crate::log::error::{At as _, Damage, LogError, Place};
use crate::log::frames::{HEADER_BYTES, check_frames, frame_length};

/// Bytes copied at once.
const BLOCK_BYTES: usize = 1 << 20;

/// Cuts checked frames into pieces of whole frames, each at most `piece_bytes` unless it is one frame.
pub(crate) fn pieces(frames: &[u8], piece_bytes: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let mut end = start;
        while let Some(length) = frame_length(&frames[end..]) {
            if end > start && end + length - start > piece_bytes {
                break;
            }
            end += length;
        }
        let piece = (start, &frames[start..end]);
        start = end;
        (!piece.1.is_empty()).then_some(piece)
    })
}

/// The store's piece that starts at an offset, if it is there and checks.
fn store_piece(store: Option<&dyn Store>, offset: u64) -> Option<Vec<u8>> {
    let piece = store?.get(Table::Vault, &offset.to_be_bytes()).ok()??;
    (!piece.is_empty() && check_frames(&piece).is_ok()).then_some(piece)
}

/// Offset of the store's next piece past `offset`, or `length`.
fn next_piece(store: Option<&dyn Store>, offset: u64, length: u64) -> u64 {
    let mut next = length;
    if let Some(store) = store {
        // A store that cannot be scanned names no offset; the range then reaches to the end.
        let _ = store.scan_table(Table::Vault, &(offset + 1).to_be_bytes(), &mut |key, _| {
            next = key.try_into().map_or(length, u64::from_be_bytes).min(length);
            false
        });
    }
    next
}

/// Reads a range of the file; what lies past its end is missing from the answer.
fn file_range(file: &mut Option<DiskRead>, from: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let mut read = 0;
    if let Some(file) = file {
        file.seek_to(from);
        while read < length {
            match file.read(&mut bytes[read..]) {
                Ok(0) => break,
                Ok(count) => read += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Unreadable is damaged: the store's copy takes its place.
                Err(_) => break,
            }
        }
    }
    bytes.truncate(read);
    bytes
}

/// Whether the file reaches to `to` at least, and holds whole frames from `from` to there, which start at `from`.
pub(crate) fn end_stands(disk: &dyn Disk, path: &Path, from: u64, to: u64) -> bool {
    let length = disk.length(path).ok().flatten().unwrap_or(0);
    let frames = || super::heal::read_range(disk, path, from, to.saturating_sub(from));
    // Without a frame there need be no file.
    length >= to && (to <= from || frames().is_ok_and(|frames| check_frames(&frames).is_ok()))
}

/// What a walk through both copies came to.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// The file needed the store's help.
    pub(crate) healed: bool,
    /// Frames, as ranges of the store's bytes, where both copies check and say different things. Checksums
    /// cannot tell which is right; the file's bytes were handed out.
    pub(crate) differing: Vec<(u64, u64)>,
}

/// Walks the first `length` bytes of the vault in both copies and hands out the sound bytes in order.
///
/// # Errors
/// [`LogError::Damaged`] naming every range that is damaged in both; whatever `emit` fails with.
pub(crate) fn walk(
    disk: &dyn Disk,
    path: &Path,
    store: Option<&dyn Store>,
    length: u64,
    emit: &mut dyn FnMut(&[u8]) -> Result<(), LogError>,
) -> Result<Walked, LogError> {
    let mut file = match DiskRead::open(disk, path, 0) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(LogError::Disk { operation: "open", path: path.to_owned(), source }),
    };
    let (mut offset, mut walked, mut damage) = (0, Walked::default(), Vec::new());
    while offset < length {
        let left = length - offset;
        let piece = store_piece(store, offset).filter(|piece| piece.len() as u64 <= left);
        let sound = match piece {
            Some(piece) if file_range(&mut file, offset, piece.len()) == piece => Some(piece),
            Some(piece) => Some(merge(&mut file, offset, left, &piece, &mut walked)),
            None => one_frame(&mut file, offset, left),
        };
        if let Some(bytes) = sound {
            emit(&bytes)?;
            offset += bytes.len() as u64;
        } else {
            let to = next_piece(store, offset, length);
            let where_else = if store.is_some() { " and in the store" } else { "" };
            let reason = format!("damaged in the vault file{where_else}");
            damage.push(Damage { place: Place::Vault { from: offset, to }, reason });
            offset = to;
        }
    }
    if damage.is_empty() { Ok(walked) } else { Err(LogError::Damaged { damage }) }
}

/// The frames at `offset`, where the file does not say what the store's piece says: the file's own where
/// they check, the store's in the place of those that do not. Ends early behind a frame of another length,
/// for the store's next frame starts elsewhere.
fn merge(file: &mut Option<DiskRead>, offset: u64, left: u64, piece: &[u8], walked: &mut Walked) -> Vec<u8> {
    let mut merged = Vec::with_capacity(piece.len());
    let mut start = 0;
    while let Some(length) = frame_length(&piece[start..]) {
        let (at, end) = (offset + start as u64, start + length);
        let own = one_frame(file, at, left - start as u64);
        walked.healed |= own.is_none();
        let frame = own.as_deref().unwrap_or(&piece[start..end]);
        merged.extend_from_slice(frame);
        if frame != &piece[start..end] {
            walked.differing.push((at, offset + end as u64));
        }
        if frame.len() != length {
            break;
        }
        start = end;
    }
    merged
}

/// The frame at an offset of the file, if it checks and ends within `left` bytes.
fn one_frame(file: &mut Option<DiskRead>, offset: u64, left: u64) -> Option<Vec<u8>> {
    let header = file_range(file, offset, HEADER_BYTES);
    let length = u32::from_le_bytes(*header.first_chunk::<4>()?);
    let whole = u64::from(length) + HEADER_BYTES as u64;
    if whole > left {
        return None;
    }
    let frame = file_range(file, offset, usize::try_from(whole).ok()?);
    (frame_length(&frame) == Some(frame.len())).then_some(frame)
}

/// Writes the first `length` bytes anew from both copies: aside, synced, renamed, directory synced.
pub(crate) fn rewrite(
    disk: &dyn Disk,
    directory: &Path,
    path: &Path,
    store: Option<&dyn Store>,
    length: u64,
) -> Result<(), LogError> {
    let aside = with_suffix(path, ASIDE);
    let mut out = io::BufWriter::with_capacity(BLOCK_BYTES, DiskWrite::create(disk, &aside)?);
    walk(disk, path, store, length, &mut |bytes| out.write_all(bytes).at("write", &aside))?;
    let mut out = out.into_inner().map_err(io::IntoInnerError::into_error).at("write", &aside)?;
    out.sync().at("sync", &aside)?;
    // A crash here leaves the old vault and a `.new` file, which the next opening removes.
    disk.rename(&aside, path).at("rename", &aside)?;
    disk.sync_directory(directory).at("sync", directory)
    // A crash here leaves the new vault.
}

/// Copies the bytes of a file from `from` on into a file of their own, synced, its directory too.
pub(crate) fn save_rest(disk: &dyn Disk, path: &Path, from: u64, to: &Path) -> Result<u64, LogError> {
    let rest = DiskRead::open(disk, path, from).at("read", path)?;
    let mut rest = BufReader::with_capacity(BLOCK_BYTES, rest);
    let copied = DiskWrite::create(disk, to).and_then(|mut out| {
        io::copy(&mut rest, &mut out).at("write", to)?;
        out.sync().at("sync", to)?;
        Ok(out.length_bytes())
    });
    // A copy that is not whole is worth nothing, and the next attempt would make another.
    let length_bytes = copied.inspect_err(|_| drop(disk.remove(to)))?;
    if let Some(directory) = to.parent() {
        disk.sync_directory(directory).at("sync", directory)?;
    }
    // A crash here leaves a second copy of bytes that are still in their place.
    Ok(length_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::RealDisk;
    use crate::disk::sim::{Fault, FaultKind, SimulatedDisk};

    #[test]
    fn a_copy_aside_that_fails_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let to = directory.path().join("aside");
        save_rest(&RealDisk, directory.path(), 0, &to).unwrap_err();
        assert!(!to.exists(), "a directory has no bytes to copy");
        let (from, to) = (Path::new("/data/vault"), Path::new("/data/torn/vault-3"));
        for kind in [FaultKind::NotDone, FaultKind::Short, FaultKind::Full] {
            let mut failures = 0;
            for operation in 0..20 {
                let disk = SimulatedDisk::default();
                disk.create_directory(Path::new("/data/torn")).unwrap();
                disk.put(from, b"abcdefgh");
                disk.faults().plan(Some(Fault { operation, kind }));
                let saved = save_rest(&disk, from, 3, to);
                let left = disk.snapshot().remove(to);
                failures += usize::from(saved.is_err());
                // Behind its sync it is whole, whatever becomes of its name.
                assert!(left.is_none_or(|left| left == b"defgh"), "{kind:?} at {operation}: {saved:?}");
            }
            assert!(failures > 2, "{kind:?}: {failures}");
        }
    }
}
