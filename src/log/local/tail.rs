//! Opening a log from its end: what is stored of the rest must lead there, and nothing else is read.
//!
//! From the anchor's size back to a commit near it: the subtrees' roots before it come from `tiles`, the leaf hashes of
//! its unfinished tile from the journal, and from there on both copies are read and settled as when everything is read. The
//! roots of the commits on the way hold all of it: they are right only if every hash before is. Each older segment must be
//! there, begin where the one before it ends, and have its length. What lies within them is held when it is read, when a
//! segment is compressed, and by the scrub.
//!
//! Must never settle anything by itself: where something does not fit, nothing is changed, and everything is read.

use std::sync::Arc;

use jejak_events::tree::Hash;

use super::Ground;
use super::heal;
use super::journal::{Segment, list_segments};
use super::journal_files::{JournalFiles, segment_of};
use super::open::{Opened, Settled, Witnesses, open_or_reason, settle_files};
use super::scrub_file::Scrubbed;
use super::segment_text::SegmentText;
use super::settle::Settling;
use super::store::Store;
use super::tile_file::{self, TileFile};
use super::vault_file;
use super::walk::{Mark, Walk};
use crate::disk::Disk;
use crate::log::error::LogError;
use crate::log::reader::leaf_hashes;
use crate::log::tiles::{TILE_WIDTH, Tree, complete_root};
use crate::log::{LogPaths, StoreOpener};

/// A commit boundary from which on the log is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// First index of the segment that it lies in.
    pub(crate) segment: u64,
    /// Index of the event behind it.
    pub(crate) index: u64,
    /// Offset in the segment's text, in bytes.
    pub(crate) offset: u64,
    /// Length of the vault there, in bytes.
    pub(crate) vault_length: u64,
}

/// The commit boundary at or before `index` and near it, with the tree there; `None` where `row`, the roots of the
/// complete subtrees, or the journal does not lead to it. Nothing is proven by it until a root is met.
pub(crate) fn start_before(
    disk: &dyn Disk,
    files: &JournalFiles,
    segments: &[Segment],
    row: &[Hash],
    index: u64,
) -> Option<(Start, Tree)> {
    let segment = segment_of(segments, index)?;
    let mut text = SegmentText::open(disk, segment).ok()?;
    let (boundary, offset) = text.boundary_before(segment.first, index).ok()?;
    let vault_length = if boundary == 0 {
        0
    } else {
        let line = if offset > 0 {
            text.commit_line_before(offset).ok()?
        } else {
            last_line(disk, segment_of(segments, boundary - 1)?)
        };
        line.filter(|line| line.size == boundary)?.vault_length
    };
    let whole = usize::try_from(boundary).ok()? / TILE_WIDTH;
    let from = (whole * TILE_WIDTH) as u64;
    let count = usize::try_from(boundary - from).ok()?;
    let leaves = leaf_hashes(&|from, visit| files.scan(from, visit), from, count).ok()??;
    let tree = Tree::of_row(row.get(..whole)?.to_vec(), leaves);
    Some((Start { segment: segment.first, index: boundary, offset, vault_length }, tree))
}

/// What the last commit line of a segment says.
fn last_line(disk: &dyn Disk, segment: &Segment) -> Option<super::line::CommitLine> {
    let mut text = SegmentText::open(disk, segment).ok()?;
    let end = text.length_bytes();
    text.commit_line_before(end).ok()?
}

/// Whether each segment is there once, as long as it must be, and begins where the one before it ends.
fn are_chained(disk: &dyn Disk, segments: &[Segment]) -> bool {
    segments.first().is_some_and(|segment| segment.first == 0)
        && segments.windows(2).all(|pair| {
            pair[0].first < pair[1].first
                && last_line(disk, &pair[0]).is_some_and(|line| line.size == pair[1].first)
        })
}

/// Whether the tree leads through every mark that lies before the start of the walk.
fn leads_through(files: &JournalFiles, tree: &Tree, marks: &[Mark]) -> bool {
    let holds = |mark: &Mark| {
        let width = TILE_WIDTH as u64;
        let (from, count) = (mark.size - mark.size % width, usize::try_from(mark.size % width).ok()?);
        let leaves = leaf_hashes(&|from, visit| files.scan(from, visit), from, count).ok()??;
        Some(tree.root_at(mark.size, &leaves)? == mark.root)
    };
    marks.iter().filter(|mark| mark.size <= tree.size()).all(|mark| holds(mark) == Some(true))
}

/// The walk over the end of the journal, and where it began; `None` unless what is stored of the rest leads there, and it
/// went from commit to commit through every mark to the end.
pub(super) fn end_of<'a>(
    disk: &'a dyn Disk,
    files: &JournalFiles,
    paths: &LogPaths,
    segments: &'a [Segment],
    marks: &'a [Mark],
) -> Option<(Start, Walk<'a>)> {
    // Over an empty tree there is nothing to save.
    let anchored = marks.last().map(|mark| mark.size).filter(|size| *size > 0)?;
    if !are_chained(disk, segments) {
        return None;
    }
    let row = tile_file::read(disk, &paths.tiles());
    let (start, tree) = start_before(disk, files, segments, &row, anchored - anchored % TILE_WIDTH as u64)?;
    if !leads_through(files, &tree, marks) {
        return None;
    }
    let place = segments.partition_point(|segment| segment.first < start.segment);
    let mut walk = Walk::from_start(disk, &segments[place..], marks, start, tree).ok()?;
    walk.run(None);
    walk.finish();
    let is_whole = walk.reached_anchor() && walk.overlaps.is_empty() && walk.damage(None).is_empty();
    is_whole.then_some((start, walk))
}

/// Whether the store says what the journal says from the start on, as far as it goes, has its last tiles, and begins with
/// this event.
fn store_fits(settling: &Settling<'_>, store: &dyn Store, log_id: Option<Hash>) -> Result<bool, LogError> {
    let mut journal = settling.journal()?;
    if settling.compare(store, &mut journal, &mut |_, _| {})?.is_err()
        || settling.missing_tiles(store).is_err()
    {
        return Ok(false);
    }
    let row = settling.tree.row();
    let count = if row.is_empty() { settling.tree.size() } else { TILE_WIDTH as u64 };
    let count = usize::try_from(count).unwrap_or(TILE_WIDTH);
    let first = leaf_hashes(&|from, visit| Ok(store.scan(from, visit)?), 0, count)?;
    let is_proven = |first: &Vec<Hash>| match row.first() {
        Some(root) => complete_root(first) == *root,
        None => first == settling.tree.unfinished(),
    };
    Ok(first.filter(is_proven).is_some_and(|first| first.first() == log_id.as_ref()))
}

/// What shows that nothing before the end has to be settled.
struct Proof<'a> {
    start: Start,
    walk: Walk<'a>,
    store: Arc<dyn Store>,
    log_id: Option<Hash>,
}

/// Holds all that opening from the end rests on against each other, and changes nothing; `None` where something does not
/// fit.
fn prove<'a>(
    ground: &'a Ground,
    opener: &dyn StoreOpener,
    witnesses: &'a Witnesses,
    segments: &'a [Segment],
    anchored: u64,
) -> Result<Option<Proof<'a>>, LogError> {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let files = JournalFiles::new(Arc::clone(&ground.disk), paths.journal());
    let log_id = witnesses.log_id();
    let is_plain = witnesses.slots.iter().all(Option::is_some) && witnesses.checkpoint_problem.is_none();
    if log_id.is_none() || !is_plain {
        return Ok(None);
    }
    let Some((start, walk)) = end_of(disk, &files, paths, segments, &witnesses.marks) else {
        return Ok(None);
    };
    let vault_length = walk.vault_length;
    if !vault_file::end_stands(disk, &paths.vault(), start.vault_length, vault_length) {
        return Ok(None);
    }
    let Ok(store) = open_or_reason(opener)? else { return Ok(None) };
    let settling = Settling { ground, opener, segments, tree: &walk.tree, vault_length, anchored, start };
    match store_fits(&settling, &*store, log_id) {
        Ok(true) => Ok(Some(Proof { start, walk, store, log_id })),
        Ok(false) | Err(LogError::Damaged { .. }) => Ok(None),
        Err(LogError::Store(error)) if !error.is_of_the_machine() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens the log from its end; `None` where everything has to be read, and then nothing was changed that this changes not
/// again.
pub(super) fn open(
    ground: &Ground,
    opener: &dyn StoreOpener,
    witnesses: &Witnesses,
    segments: &[Segment],
    anchor: &Mark,
) -> Result<Option<Settled>, LogError> {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let record = Scrubbed::read(disk, &paths.scrub(), witnesses.log_id());
    if record.finding.is_some() {
        return Ok(None);
    }
    let Some(proof) = prove(ground, opener, witnesses, segments, anchor.size)? else { return Ok(None) };
    let Proof { start, walk, store, log_id } = proof;
    let anchored_vault = walk.anchored_vault_length.unwrap_or(0);

    // Everything is decided; from here on files change, as they do when everything was read.
    let vault_torn = heal::settle_vault_end(disk, paths, walk.vault_length, anchored_vault)?;
    let helper = Opened::InPlace(store);
    let (slots, healed, mut torn) = settle_files(ground, witnesses, anchor, &walk, log_id, Some(&*helper))?;
    torn.extend(vault_torn);
    let segments = list_segments(disk, &paths.journal())?;
    let (tree, vault_length, anchored) = (&walk.tree, walk.vault_length, anchor.size);
    let settling = Settling { ground, opener, segments: &segments, tree, vault_length, anchored, start };
    let mut journal = settling.journal()?;
    let (Opened::InPlace(store) | Opened::Copy(store)) = helper;
    // Keys are heard of in order: of those before, whoever reads the log from the front tells.
    let hear = &mut |index, event: &[u8]| {
        if start.index == 0 {
            ground.notary.hear(index, event);
        }
    };
    let state = match settling.compare(&*store, &mut journal, hear)? {
        Ok(()) => settling.extend(&*store, &mut journal, hear)?,
        // It was equal a moment ago.
        Err(_) => return Ok(None),
    };
    let kept = usize::try_from(start.index).unwrap_or(0) / TILE_WIDTH;
    Ok(Some(Settled {
        store,
        state,
        slots,
        log_id,
        vault_length,
        tree: walk.tree,
        read_from: start.index,
        journal_healed: healed,
        vault_healed: false,
        torn,
        tiles: TileFile::new(paths.tiles(), kept),
        record,
    }))
}
