//! The last pass of opening: shows every event once, in order, and brings the store up to the journal.
//!
//! The journal is right by now. The store's chunks, one after another, must spell the journal's text; a
//! store that merely ends early is extended, one that says anything else is set aside and rebuilt. This
//! module must never change the journal.

use std::path::PathBuf;
use std::sync::Arc;

use jejak_events::tree::Hash;

use super::Ground;
use super::batch::{push_chunks, push_vault_pieces};
use super::heal::{free_name, read_range};
use super::journal::{Segment, SegmentReader};
use super::store::{Batch, Store, StoreError, Table};
use super::tail::Start;
use super::{line, walk};
use crate::disk::Disk;
use crate::log::StoreOpener;
use crate::log::error::{At as _, LogError, Place};
use crate::log::reader::leaf_hashes;
use crate::log::tiles::{TILE_WIDTH, Tree, tile_bytes, tile_key};

/// A batch for the store is written when it holds this much.
const BATCH_BYTES: usize = 1 << 20;
/// Tiles put in one batch.
const BATCH_TILES: usize = 128;

/// How the store was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreState {
    /// It said what the journal says.
    Sound,
    /// It ended early, as after a crash; the events from this index on were added.
    Extended {
        /// First index it lacked.
        from: u64,
    },
    /// It disagreed with the journal, ended before the anchor or could not be opened, and was rebuilt.
    Rebuilt {
        /// Where the old one is now.
        set_aside: PathBuf,
        /// What was wrong with it.
        reason: String,
    },
}

/// Reads the settled journal commit by commit.
pub(super) struct JournalText<'a> {
    disk: &'a dyn Disk,
    segments: &'a [Segment],
    place: usize,
    reader: Option<SegmentReader>,
    at: u64,
    vault_length: u64,
    text: Vec<u8>,
}

impl<'a> JournalText<'a> {
    fn new(disk: &'a dyn Disk, segments: &'a [Segment]) -> Self {
        Self { disk, segments, place: 0, reader: None, at: 0, vault_length: 0, text: Vec::new() }
    }

    /// Stands at a commit boundary.
    fn from_start(disk: &'a dyn Disk, segments: &'a [Segment], start: Start) -> Result<Self, LogError> {
        let mut text = Self::new(disk, segments);
        (text.at, text.vault_length) = (start.index, start.vault_length);
        text.place = segments.partition_point(|segment| segment.first < start.segment);
        if start.offset > 0
            && let Some(segment) = segments.get(text.place)
        {
            let reader = SegmentReader::open(disk, segment, start.offset).at("read", &segment.path)?;
            text.reader = Some(reader);
        }
        Ok(text)
    }

    /// Reads the next commit into `text`: its first index and its commit line; `None` at the end.
    fn next(&mut self) -> Result<Option<(u64, line::CommitLine)>, LogError> {
        loop {
            let Some(reader) = &mut self.reader else {
                let Some(segment) = self.segments.get(self.place) else {
                    return Ok(None);
                };
                if segment.first != self.at {
                    let place = Place::File { path: segment.path.clone(), offset: 0 };
                    return Err(LogError::damaged(place, format!("index {} was expected", self.at)));
                }
                self.reader = Some(SegmentReader::open(self.disk, segment, 0).at("read", &segment.path)?);
                continue;
            };
            let path = &self.segments[self.place].path;
            reader.read_commit(&mut self.text).at("read", path)?;
            if self.text.is_empty() {
                self.reader = None;
                self.place += 1;
                continue;
            }
            let first = self.at;
            let commit = walk::reread(&self.text, first)?;
            self.at = commit.size;
            return Ok(Some((first, commit)));
        }
    }
}

/// Everything the last pass works on.
pub(crate) struct Settling<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) opener: &'a dyn StoreOpener,
    pub(crate) segments: &'a [Segment],
    pub(crate) tree: &'a Tree,
    pub(crate) vault_length: u64,
    /// Size of the anchor: the store was durable up to there.
    pub(crate) anchored: u64,
    /// Where both copies are read from; the front, where everything is.
    pub(crate) start: Start,
}

/// How far the store agreed.
struct Agreement {
    /// `Err`: it disagrees, and why.
    outcome: Result<(), String>,
    /// Vault length at the store's tip.
    vault_length: u64,
}

impl Settling<'_> {
    /// Compares, shows and repairs. `store` is the store in place, or why it could not be opened.
    pub(crate) fn run(
        &self,
        store: Result<Arc<dyn Store>, String>,
        visit: &mut dyn FnMut(u64, &[u8]),
    ) -> Result<(Arc<dyn Store>, StoreState), LogError> {
        let mut journal = JournalText::new(&*self.ground.disk, self.segments);
        let reason = match store {
            Ok(store) => match self.compare(&*store, &mut journal, visit)? {
                Ok(()) => match self.extend(&*store, &mut journal, visit) {
                    Ok(state) => return Ok((store, state)),
                    // Bytes that are wrong, if only in a tile, are as good as a store that disagrees.
                    Err(LogError::Store(error)) if !error.is_of_the_machine() => error.to_string(),
                    Err(error) => return Err(error),
                },
                Err(reason) => reason,
            },
            Err(reason) => reason,
        };
        // The store is dropped here: it cannot be moved while it is open.
        while let Some((first, _)) = journal.next()? {
            show(&journal.text, first, visit);
        }
        let set_aside = free_name(&*self.ground.disk, &self.ground.paths.torn(), "store")?;
        self.opener.set_aside(&set_aside)?;
        // A crash here, or while the new one fills, leaves a store that ends before the anchor; the next
        // opening starts over.
        let store = self.opener.open_in_place()?;
        let mut journal = JournalText::new(&*self.ground.disk, self.segments);
        self.extend(&*store, &mut journal, &mut |_, _| {})?;
        Ok((store, StoreState::Rebuilt { set_aside, reason }))
    }

    /// Compares and shows, and changes nothing; a store that ends early differs too.
    pub(crate) fn compare_only(
        &self,
        store: &dyn Store,
        visit: &mut dyn FnMut(u64, &[u8]),
    ) -> Result<Result<(), String>, LogError> {
        let mut journal = JournalText::new(&*self.ground.disk, self.segments);
        let compared = self.compare(store, &mut journal, visit)?;
        let at = journal.at;
        Ok(compared.and_then(|()| {
            if at == self.tree.size() { Ok(()) } else { Err(format!("it ends at index {at}")) }
        }))
    }

    /// The journal's text from the start on.
    pub(super) fn journal(&self) -> Result<JournalText<'_>, LogError> {
        JournalText::from_start(&*self.ground.disk, self.segments, self.start)
    }

    /// Reads the store against the journal from the start on, and shows what of the journal is read on the way.
    pub(super) fn compare(
        &self,
        store: &dyn Store,
        journal: &mut JournalText<'_>,
        visit: &mut dyn FnMut(u64, &[u8]),
    ) -> Result<Result<(), String>, LogError> {
        let (mut next, mut used) = (self.start.index, 0);
        let mut failure = None;
        let mut agreement = Agreement { outcome: Ok(()), vault_length: self.start.vault_length };
        let scanned = store.scan(next, &mut |chunk| {
            let events = line::lines(&chunk.bytes).filter(|line| line.starts_with(b"{")).count() as u64;
            if chunk.first != next || chunk.count != events || events == 0 {
                agreement.outcome = Err(format!("its chunk at {} covers the wrong positions", chunk.first));
                return false;
            }
            next += chunk.count;
            let mut bytes = &chunk.bytes[..];
            while !bytes.is_empty() {
                if used == journal.text.len() {
                    match journal.next() {
                        Ok(Some((first, commit))) => {
                            show(&journal.text, first, visit);
                            agreement.vault_length = commit.vault_length;
                            used = 0;
                        }
                        Ok(None) => {
                            agreement.outcome = Err(format!("it goes on past index {}", journal.at));
                            return false;
                        }
                        Err(error) => {
                            failure = Some(error);
                            return false;
                        }
                    }
                }
                let count = bytes.len().min(journal.text.len() - used);
                if bytes[..count] != journal.text[used..used + count] {
                    agreement.outcome = Err(format!("its chunk at {} differs from the journal", chunk.first));
                    return false;
                }
                bytes = &bytes[count..];
                used += count;
            }
            true
        });
        if let Some(error) = failure {
            return Err(error);
        }
        if agreement.outcome.is_ok() {
            agreement.outcome = self.judge(store, scanned, journal, next, used, agreement.vault_length)?;
        }
        journal.vault_length = agreement.vault_length;
        Ok(agreement.outcome)
    }

    /// What is left to check of a store whose chunks all agreed.
    fn judge(
        &self,
        store: &dyn Store,
        scanned: Result<(), StoreError>,
        journal: &JournalText<'_>,
        next: u64,
        used: usize,
        vault_length: u64,
    ) -> Result<Result<(), String>, LogError> {
        let tip = match scanned.and_then(|()| store.tip()) {
            Ok(tip) => tip,
            Err(error @ StoreError::Damaged { .. }) => return Ok(Err(error.to_string())),
            Err(error) => return Err(error.into()),
        };
        if used != journal.text.len() {
            return Ok(Err("it ends within a commit".to_owned()));
        }
        if tip != next {
            return Ok(Err(format!("it says that it holds {tip} positions, and holds {next}")));
        }
        if tip < self.anchored {
            // Its file lost what was synced: who knows what else is wrong with it.
            return Ok(Err(format!("it ends at index {tip}, before the anchor at {}", self.anchored)));
        }
        let mut offset = self.start.vault_length;
        while offset < vault_length {
            let piece = match store.get(Table::Vault, &offset.to_be_bytes()) {
                Ok(piece) => piece.unwrap_or_default(),
                Err(error @ StoreError::Damaged { .. }) => return Ok(Err(error.to_string())),
                Err(error) => return Err(error.into()),
            };
            let length = piece.len() as u64;
            if length == 0
                || length > vault_length - offset
                || piece != read_range(&*self.ground.disk, &self.ground.paths.vault(), offset, length)?
            {
                return Ok(Err(format!("its copy of the vault differs at byte {offset}")));
            }
            offset += length;
        }
        Ok(Ok(()))
    }

    /// Adds the rest of the journal to the store, shows it, and makes the store durable.
    pub(super) fn extend(
        &self,
        store: &dyn Store,
        journal: &mut JournalText<'_>,
        visit: &mut dyn FnMut(u64, &[u8]),
    ) -> Result<StoreState, LogError> {
        let from = journal.at;
        let mut batch = Batch { at: from, ..Batch::default() };
        let mut waiting_bytes = 0;
        let mut end = from;
        while let Some((first, commit)) = journal.next()? {
            show(&journal.text, first, visit);
            waiting_bytes += journal.text.len();
            push_chunks(&mut batch, first, &mut journal.text, self.ground.settings.chunk_bytes);
            let offset = std::mem::replace(&mut journal.vault_length, commit.vault_length);
            if commit.vault_length > offset {
                let length = commit.vault_length - offset;
                let frames = read_range(&*self.ground.disk, &self.ground.paths.vault(), offset, length)?;
                push_vault_pieces(&mut batch, offset, &frames, self.ground.settings.chunk_bytes);
                waiting_bytes += frames.len();
            }
            end = commit.size;
            if waiting_bytes >= BATCH_BYTES {
                store.commit(&batch)?;
                batch = Batch { at: end, ..Batch::default() };
                waiting_bytes = 0;
            }
        }
        if !batch.chunks.is_empty() {
            store.commit(&batch)?;
        }
        // A crash here leaves a store that ends early or lacks tiles; the next opening goes on.
        debug_assert_eq!((end, journal.vault_length), (self.tree.size(), self.vault_length));
        let tiles = self.add_tiles(store)?;
        if end > from || tiles > 0 {
            store.sync()?;
        }
        Ok(if end > from { StoreState::Extended { from } } else { StoreState::Sound })
    }

    /// Adds the full tiles that the store lacks at its end; answers with their number.
    fn add_tiles(&self, store: &dyn Store) -> Result<usize, LogError> {
        let missing = self.missing_tiles(store)?;
        for tiles in missing.chunks(BATCH_TILES) {
            let mut batch = Batch { at: self.tree.size(), ..Batch::default() };
            for (level, number) in tiles {
                let bytes = if *level == 0 {
                    tile_bytes(&leaf_tile(store, *number)?)
                } else {
                    tile_bytes(self.tree.upper_tile(*level, *number))
                };
                batch.puts.push((Table::Tiles, tile_key(*level, *number), bytes));
            }
            store.commit(&batch)?;
        }
        Ok(missing.len())
    }

    /// The full tiles that the store lacks at its end, by level and number.
    pub(super) fn missing_tiles(&self, store: &dyn Store) -> Result<Vec<(u8, u64)>, LogError> {
        let mut missing = Vec::new();
        let mut count = self.tree.size() / TILE_WIDTH as u64;
        for level in 0..=u8::MAX {
            if count == 0 {
                break;
            }
            let mut from = count;
            while from > 0 && !self.has_tile(store, level, from - 1)? {
                from -= 1;
            }
            missing.extend((from..count).map(|number| (level, number)));
            count /= TILE_WIDTH as u64;
        }
        Ok(missing)
    }

    fn has_tile(&self, store: &dyn Store, level: u8, number: u64) -> Result<bool, LogError> {
        Ok(store.get(Table::Tiles, &tile_key(level, number))?.is_some())
    }
}

/// Shows a commit's events.
fn show(text: &[u8], first: u64, visit: &mut dyn FnMut(u64, &[u8])) {
    for (index, event) in (first..).zip(line::lines(text).filter(|line| line.starts_with(b"{"))) {
        visit(index, event);
    }
}

/// Leaf hashes of a full tile, from the store's chunks.
fn leaf_tile(store: &dyn Store, number: u64) -> Result<Vec<Hash>, LogError> {
    let from = number * TILE_WIDTH as u64;
    leaf_hashes(&|from, visit| Ok(store.scan(from, visit)?), from, TILE_WIDTH)?.ok_or_else(|| {
        StoreError::Damaged { place: format!("position {from}"), reason: "no chunk covers it".to_owned() }
            .into()
    })
}
