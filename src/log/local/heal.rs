//! Puts the journal right after a walk: what came from the store or lies beyond the anchor is written
//! anew, what nobody vouches for is moved to `torn/`, and the rest stays as it is.
//!
//! Must never run before the walk reproduced the anchor, and never remove bytes that are neither in the
//! journal's new files nor in `torn/`. A segment for whose events the store stepped in is kept there as a whole: it shows
//! what was changed.

use std::io::{BufReader, BufWriter, IntoInnerError, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::journal::{ASIDE, DiskWrite, Form, SegmentReader, segment_name, with_suffix};
use super::segment_text::SegmentText;
use super::store::Store;
use super::vault_file::save_rest;
use super::walk::{Origin, Piece, Walk, read_store_commit, reread};
use crate::disk::{Disk, DiskRead};
use crate::log::LogPaths;
use crate::log::error::{At as _, LogError, Place};

/// Bytes written at once.
const BLOCK_BYTES: usize = 1 << 20;

/// Bytes that were moved out of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// Where they are now.
    pub path: PathBuf,
    /// How many.
    pub length_bytes: u64,
}

/// What has to be done to the journal.
#[derive(Debug, Default)]
pub(crate) struct JournalPlan {
    /// Runs of pieces to write anew, each into files of its own.
    rewrites: Vec<Vec<Piece>>,
    /// Segments to cut, and the length that stays.
    cuts: Vec<(usize, u64)>,
    /// Segments that no longer count.
    removals: Vec<usize>,
    /// Segment bytes, from an offset on, that go to `torn/` first.
    torn: Vec<(usize, u64)>,
}

/// Decides what has to be done after a walk that reached the anchor at `anchor`.
pub(crate) fn plan(walk: &Walk<'_>, anchor: u64) -> JournalPlan {
    let mut plan = JournalPlan { torn: walk.tail(), ..JournalPlan::default() };
    let mut kept = vec![false; walk.segments.len()];
    let mut gap = Vec::new();
    for piece in &walk.pieces {
        match piece.origin {
            Origin::Journal { segment, offset: 0 }
                if piece.end <= anchor
                    && (walk.segments[segment].form == Form::Raw
                        || (piece.to_segment_end && has_seek_table(walk, segment, piece.length_bytes))) =>
            {
                kept[segment] = true;
                if walk.segments[segment].form == Form::Raw
                    && walk.segments[segment].length_bytes > piece.length_bytes
                {
                    plan.cuts.push((segment, piece.length_bytes));
                }
                plan.rewrites.extend((!gap.is_empty()).then(|| std::mem::take(&mut gap)));
            }
            _ => gap.push(*piece),
        }
    }
    plan.rewrites.extend((!gap.is_empty()).then_some(gap));
    plan.removals = (0..kept.len()).filter(|place| !kept[*place]).collect();
    plan
}

/// Whether a compressed segment can be read by offset; one whose seek table is damaged is written anew.
fn has_seek_table(walk: &Walk<'_>, segment: usize, length_bytes: u64) -> bool {
    SegmentText::open(walk.disk, &walk.segments[segment])
        .is_ok_and(|text| text.length_bytes() == length_bytes)
}

/// Carries a plan out. The vault must be settled before: its bytes count once the journal names them.
pub(crate) fn apply(
    disk: &dyn Disk,
    paths: &LogPaths,
    segment_bytes: u64,
    walk: &Walk<'_>,
    plan: &JournalPlan,
    store: Option<&dyn Store>,
) -> Result<Vec<Torn>, LogError> {
    let directory = paths.journal();
    let mut torn = Vec::new();
    let damaged = plan.damaged(walk);
    for segment in &damaged {
        // Whoever asks who changed it needs what stood there: healing stops where it cannot be kept. What cannot be read
        // keeps nobody from healing.
        if can_be_read(disk, &walk.segments[*segment].path) {
            torn.push(move_out(disk, paths, walk, *segment, 0)?);
        }
        // A crash here leaves a copy, beside which the next opening puts another.
    }
    for (segment, offset) in plan.torn.iter().filter(|(segment, _)| !damaged.contains(segment)) {
        torn.push(move_out(disk, paths, walk, *segment, *offset)?);
    }
    for (segment, offset) in &walk.overlaps {
        if !overlap_is_repeated(disk, walk, *segment, *offset)? {
            torn.push(move_out(disk, paths, walk, *segment, *offset)?);
        }
    }

    if !plan.rewrites.is_empty() {
        // The directory itself may be what was lost.
        disk.create_directory(&directory).at("create", &directory)?;
        disk.sync_directory(&paths.dir).at("sync", &paths.dir)?;
        // A crash here leaves an empty directory.
    }
    let mut written = Vec::new();
    for pieces in &plan.rewrites {
        write_run(disk, &directory, segment_bytes, walk, pieces, store, &mut written)?;
    }
    // A crash here leaves `.new` files beside an unchanged journal.
    //
    // Last first: while an earlier file is not yet in place, the old segment leads up to the later one.
    for target in written.iter().rev() {
        disk.rename(&with_suffix(target, ASIDE), target).at("rename", target)?;
        disk.sync_directory(&directory).at("sync", &directory)?;
        // A crash here leaves the new segment over what it repeats; the walk prefers the new one.
    }
    for (segment, length_bytes) in &plan.cuts {
        let path = &walk.segments[*segment].path;
        let mut file = disk.open(path).at("open", path)?;
        file.set_length(*length_bytes).at("cut", path)?;
        file.sync().at("sync", path)?;
        // A crash here leaves the segment long or short: the cut bytes stand elsewhere by now.
    }
    let mut removed = false;
    for segment in &plan.removals {
        let path = &walk.segments[*segment].path;
        if !written.contains(path) {
            disk.remove(path).at("remove", path)?;
            removed = true;
        }
    }
    if removed {
        disk.sync_directory(&directory).at("sync", &directory)?;
        // A crash here leaves segments that repeat others or hold nothing.
    }
    Ok(torn)
}

/// Whether a file can be read to its end.
fn can_be_read(disk: &dyn Disk, path: &Path) -> bool {
    DiskRead::open(disk, path, 0).is_ok_and(|file| {
        std::io::copy(&mut BufReader::with_capacity(BLOCK_BYTES, file), &mut std::io::sink()).is_ok()
    })
}

/// Copies the rest of a segment to `torn/`.
fn move_out(
    disk: &dyn Disk,
    paths: &LogPaths,
    walk: &Walk<'_>,
    segment: usize,
    offset: u64,
) -> Result<Torn, LogError> {
    let segment = &walk.segments[segment];
    let path = free_name(disk, &paths.torn(), &format!("journal-{:020}-{offset}", segment.first))?;
    let length_bytes = save_rest(disk, &segment.path, offset, &path)?;
    Ok(Torn { path, length_bytes })
}

/// A path in `directory`, which is created, that no file has yet.
pub(crate) fn free_name(disk: &dyn Disk, directory: &Path, stem: &str) -> Result<PathBuf, LogError> {
    disk.create_directory(directory).at("create", directory)?;
    if let Some(parent) = directory.parent() {
        disk.sync_directory(parent).at("sync", parent)?;
    }
    let taken = disk.list(directory).at("list", directory)?;
    let mut name = stem.to_owned();
    let mut count = 1_u32;
    while taken.contains(&name) {
        count += 1;
        name = format!("{stem}-{count}");
    }
    Ok(directory.join(name))
}

/// Whether the rest of a segment repeats what the following segment says: one is the start of the other.
fn overlap_is_repeated(
    disk: &dyn Disk,
    walk: &Walk<'_>,
    segment: usize,
    offset: u64,
) -> Result<bool, LogError> {
    let first = &walk.segments[segment];
    let next = walk.pieces.iter().skip_while(|piece| {
        !matches!(piece.origin, Origin::Journal { segment: other, offset: from }
            if other == segment && from + piece.length_bytes == offset)
    });
    let Some(Origin::Journal { segment: next, offset: 0 }) = next.map(|piece| piece.origin).nth(1) else {
        return Ok(false);
    };
    let (Ok(rest), Ok(other)) =
        (SegmentReader::open(disk, first, offset), SegmentReader::open(disk, &walk.segments[next], 0))
    else {
        return Ok(false);
    };
    let (mut rest, mut other) = (rest, other);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    loop {
        if rest.read_commit(&mut left).is_err() {
            return Ok(false);
        }
        if left.is_empty() {
            return Ok(true);
        }
        if other.read_commit(&mut right).is_err() || left != right {
            return Ok(false);
        }
    }
}

/// Writes consecutive pieces into new files, aside and synced, and notes their final names.
fn write_run(
    disk: &dyn Disk,
    directory: &Path,
    segment_bytes: u64,
    walk: &Walk<'_>,
    pieces: &[Piece],
    store: Option<&dyn Store>,
    written: &mut Vec<PathBuf>,
) -> Result<(), LogError> {
    let mut out: Option<(BufWriter<DiskWrite>, PathBuf, u64)> = None;
    let mut text = Vec::new();
    for piece in pieces {
        let mut reader = match piece.origin {
            Origin::Journal { segment, offset } => {
                let segment = &walk.segments[segment];
                Some(SegmentReader::open(disk, segment, offset).at("read", &segment.path)?)
            }
            Origin::Store => None,
        };
        let mut at = piece.first;
        while at < piece.end {
            read_piece_commit(reader.as_mut(), store, at, &mut text)?;
            let size = reread(&text, at)?.size;
            if out.as_ref().is_none_or(|(.., length)| *length >= segment_bytes) {
                finish_file(out.take())?;
                let path = directory.join(segment_name(at));
                let file = DiskWrite::create(disk, &with_suffix(&path, ASIDE))?;
                out = Some((BufWriter::with_capacity(BLOCK_BYTES, file), path.clone(), 0));
                written.push(path);
            }
            if let Some((file, path, length)) = &mut out {
                file.write_all(&text).at("write", path)?;
                *length += text.len() as u64;
            }
            at = size;
        }
    }
    finish_file(out)
}

fn read_piece_commit(
    reader: Option<&mut SegmentReader>,
    store: Option<&dyn Store>,
    at: u64,
    text: &mut Vec<u8>,
) -> Result<(), LogError> {
    let place = || Place::Indexes { from: at, to: at + 1 };
    let read = match (reader, store) {
        (Some(reader), _) => reader.read_commit(text).map_err(|error| error.to_string()),
        (None, Some(store)) => read_store_commit(store, at, text).map(|_| ()),
        (None, None) => Err("the store it was in is gone".to_owned()),
    };
    read.map_err(|reason| LogError::damaged(place(), reason))
}

fn finish_file(out: Option<(BufWriter<DiskWrite>, PathBuf, u64)>) -> Result<(), LogError> {
    if let Some((file, path, _)) = out {
        let mut file = file.into_inner().map_err(IntoInnerError::into_error).at("write", &path)?;
        file.sync().at("sync", &path)?;
    }
    Ok(())
}

/// Removes what an interrupted rewrite left: `.new` files of the journal, the vault, the checkpoint and the
/// scrub's record.
pub(crate) fn remove_asides(disk: &dyn Disk, paths: &LogPaths) -> Result<(), LogError> {
    let journal = paths.journal();
    let names = disk.list(&journal).at("list", &journal)?;
    let mut leftovers: Vec<PathBuf> =
        names.iter().filter(|name| name.ends_with(ASIDE)).map(|name| journal.join(name)).collect();
    for path in [paths.vault(), paths.checkpoint(), paths.scrub()] {
        let path = with_suffix(&path, ASIDE);
        if disk.length(&path).at("look at", &path)?.is_some() {
            leftovers.push(path);
        }
    }
    for path in leftovers {
        disk.remove(&path).at("remove", &path)?;
        // A crash here, or before the directory is synced, leaves some of them; they mean nothing.
    }
    Ok(())
}

/// Puts the vault right: `length_bytes` long, sound, and durable past `anchored_bytes`.
///
/// Frames past the anchored length are written anew as the journal is: an earlier sync may have lied.
pub(crate) fn settle_vault(
    disk: &dyn Disk,
    paths: &LogPaths,
    store: Option<&dyn Store>,
    length_bytes: u64,
    anchored_bytes: u64,
    damaged: bool,
) -> Result<Option<Torn>, LogError> {
    let path = paths.vault();
    let (found, torn) = move_out_vault_rest(disk, paths, length_bytes)?;
    if length_bytes == 0 && found.is_some() {
        // Nothing to keep, and nobody knows whether its name is durable: the next frame starts it anew.
        disk.remove(&path).at("remove", &path)?;
        disk.sync_directory(&paths.dir).at("sync", &paths.dir)?;
        // A crash here leaves the vault as it was or no vault.
    } else if damaged || length_bytes > anchored_bytes {
        super::vault_file::rewrite(disk, &paths.dir, &path, store, length_bytes)?;
    } else if torn.is_some() {
        cut_vault(disk, &path, length_bytes)?;
    }
    Ok(torn)
}

/// Puts the end of a vault right whose frames past the anchored length were seen to be sound: they are written over with
/// themselves and synced, since an earlier sync may have lied, and what lies behind the last commit is moved out.
pub(crate) fn settle_vault_end(
    disk: &dyn Disk,
    paths: &LogPaths,
    length_bytes: u64,
    anchored_bytes: u64,
) -> Result<Option<Torn>, LogError> {
    let path = paths.vault();
    let (_, torn) = move_out_vault_rest(disk, paths, length_bytes)?;
    if torn.is_some() {
        cut_vault(disk, &path, length_bytes)?;
    }
    if length_bytes > anchored_bytes {
        let bytes = read_range(disk, &path, anchored_bytes, length_bytes - anchored_bytes)?;
        let mut file = disk.open(&path).at("open", &path)?;
        file.write_at(anchored_bytes, &bytes).at("write", &path)?;
        file.sync().at("sync", &path)?;
        // A crash here leaves the frames as they were, on the medium or not; the next opening writes them again.
        disk.sync_directory(&paths.dir).at("sync", &paths.dir)?;
    }
    Ok(torn)
}

/// Copies what lies behind the first `length_bytes` of the vault to `torn/`. Answers with the file's length, too.
fn move_out_vault_rest(
    disk: &dyn Disk,
    paths: &LogPaths,
    length_bytes: u64,
) -> Result<(Option<u64>, Option<Torn>), LogError> {
    let path = paths.vault();
    let found = disk.length(&path).at("look at", &path)?;
    if found.is_none_or(|found| found <= length_bytes) {
        return Ok((found, None));
    }
    let target = free_name(disk, &paths.torn(), &format!("vault-{length_bytes}"))?;
    let length = save_rest(disk, &path, length_bytes, &target)?;
    Ok((found, Some(Torn { path: target, length_bytes: length })))
}

fn cut_vault(disk: &dyn Disk, path: &Path, length_bytes: u64) -> Result<(), LogError> {
    let mut file = disk.open(path).at("open", path)?;
    file.set_length(length_bytes).at("cut", path)?;
    file.sync().at("sync", path)
    // A crash here leaves the vault long or short, whole either way up to the last commit.
}

impl JournalPlan {
    /// Segments that no longer count and for whose events the store stepped in, wholly or in part.
    fn damaged(&self, walk: &Walk<'_>) -> Vec<usize> {
        let healed = self.healed();
        let is_damaged = |place: &usize| {
            let segment = &walk.segments[*place];
            let later = walk.segments.iter().map(|other| other.first).filter(|first| *first > segment.first);
            let end = later.min().unwrap_or(u64::MAX);
            segment.length_bytes > 0 && healed.iter().any(|(from, to)| *from < end && segment.first < *to)
        };
        self.removals.iter().copied().filter(is_damaged).collect()
    }

    /// Index ranges that come from the store.
    pub(crate) fn healed(&self) -> Vec<(u64, u64)> {
        let pieces = self.rewrites.iter().flatten();
        pieces.filter(|piece| piece.origin == Origin::Store).map(|piece| (piece.first, piece.end)).collect()
    }
}

/// Reads a byte range of a file that must be there.
pub(crate) fn read_range(disk: &dyn Disk, path: &Path, from: u64, length: u64) -> Result<Vec<u8>, LogError> {
    let file = DiskRead::open(disk, path, from).at("open", path)?;
    let mut bytes = Vec::new();
    BufReader::new(file).take(length).read_to_end(&mut bytes).at("read", path)?;
    if bytes.len() as u64 != length {
        let place = Place::File { path: path.to_owned(), offset: from + bytes.len() as u64 };
        return Err(LogError::damaged(place, "the file ends here"));
    }
    Ok(bytes)
}
