//! What one commit puts into the store. Must never hold anything that the journal and vault do not.

use super::store::{Batch, Chunk, Table};
use super::{line, vault_file};
use crate::log::backend::FullTile;
use crate::log::tiles::tile_key;

/// Cuts a commit's text at line ends into chunks; a short one is moved, not copied.
pub(crate) fn push_chunks(batch: &mut Batch, first: u64, text: &mut Vec<u8>, chunk_bytes: usize) {
    if text.len() <= chunk_bytes {
        let count = line::lines(text).count() as u64 - 1;
        batch.chunks.push(Chunk { first, count, bytes: std::mem::take(text) });
        return;
    }
    // The commit line stays with the last event, so that every chunk covers an index.
    let limit = chunk_bytes.saturating_sub(line::LONGEST_COMMIT_LINE_BYTES);
    let (mut first, mut start, mut count, mut end) = (first, 0, 0, 0);
    for event in line::lines(text) {
        let next = end + event.len() + 1;
        if count > 0 && next - start > limit && event.starts_with(b"{") {
            batch.chunks.push(Chunk { first, count, bytes: text[start..end].to_vec() });
            (first, start, count) = (first + count, end, 0);
        }
        if event.starts_with(b"{") {
            count += 1;
        }
        end = next;
    }
    batch.chunks.push(Chunk { first, count, bytes: text[start..].to_vec() });
}

/// Adds a commit's vault frames, each piece under its offset in the vault.
pub(crate) fn push_vault_pieces(batch: &mut Batch, offset: u64, frames: &[u8], piece_bytes: usize) {
    for (start, piece) in vault_file::pieces(frames, piece_bytes) {
        let key = (offset + start as u64).to_be_bytes().to_vec();
        batch.puts.push((Table::Vault, key, piece.to_vec()));
    }
}

/// Adds the tiles that become full.
pub(crate) fn push_tiles(batch: &mut Batch, tiles: &[FullTile]) {
    for FullTile { level, number, bytes } in tiles {
        batch.puts.push((Table::Tiles, tile_key(*level, *number), bytes.clone()));
    }
}
