//! Walks both copies commit by commit and finds a way from index 0 to the end that every root confirms.
//!
//! Nothing is written here, and one commit's text at a time is in memory. What came from where is noted
//! as [`Piece`]s, from which `heal` puts the journal right.

use std::ops::ControlFlow;

use jejak_events::tree::Hash;

use super::journal::{Form, Segment, SegmentReader};
use super::line;
use super::store::Store;
use super::tail::Start;
use crate::disk::Disk;
use crate::log::error::{LogError, Place};
use crate::log::tiles::{Extension, Tree};

/// How many events are read before somebody who waits is told.
pub(crate) const TOLD_EVENTS: u64 = 256;

/// Which copy is asked first at each position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefer {
    /// The journal.
    Journal,
    /// The store.
    Store,
}

/// Where a run of commits was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A segment, by its place in the list, and the offset in its text.
    Journal {
        /// Place in the list of segments.
        segment: usize,
        /// Offset of the run in the segment's text, in bytes.
        offset: u64,
    },
    /// The store, at the run's first index.
    Store,
}

/// A run of commits from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) origin: Origin,
    /// First index.
    pub(crate) first: u64,
    /// One past the last index.
    pub(crate) end: u64,
    /// Length of the text in bytes.
    pub(crate) length_bytes: u64,
    /// The segment was read to its very end after this run, without an error.
    pub(crate) to_segment_end: bool,
}

/// A size and root that the log must reproduce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) size: u64,
    pub(crate) root: Hash,
    /// Leaf hash of index 0, where the witness names it.
    pub(crate) log_id: Option<Hash>,
    /// What says so, for messages.
    pub(crate) witness: String,
}

/// Where reading of the journal stands.
pub(in crate::log) struct Cursor {
    pub(in crate::log) segment: usize,
    /// Offset of the next commit.
    pub(in crate::log) offset: u64,
    reader: SegmentReader,
}

/// The walk so far.
pub(crate) struct Walk<'a> {
    pub(crate) disk: &'a dyn Disk,
    pub(crate) segments: &'a [Segment],
    /// By size, ascending; the last is the anchor.
    pub(crate) marks: &'a [Mark],
    pub(crate) prefer: Prefer,
    pub(crate) tree: Tree,
    pub(crate) vault_length: u64,
    /// No commit is taken whose frames reach past this: what lies there is lost in both copies.
    pub(crate) vault_limit: u64,
    /// Hears how many events were read, now and then.
    pub(crate) on_progress: Option<&'a dyn Fn(u64)>,
    /// Vault length at the anchor, once passed.
    pub(crate) anchored_vault_length: Option<u64>,
    pub(crate) log_id: Option<Hash>,
    pub(crate) pieces: Vec<Piece>,
    /// Segments left for a newer one before their end, and the offset where.
    pub(crate) overlaps: Vec<(usize, u64)>,
    pub(in crate::log) cursor: Option<Cursor>,
    /// Why the journal gave nothing at the present position, and where.
    pub(in crate::log) journal_reason: Option<(usize, u64, String)>,
    pub(in crate::log) store_reason: Option<String>,
    /// A mark that was passed but not reproduced.
    pub(crate) contradicted: Option<(Mark, Hash)>,
    text: Vec<u8>,
    leaves: Vec<Hash>,
}

impl<'a> Walk<'a> {
    /// A walk that stands at index 0.
    pub(crate) fn new(
        disk: &'a dyn Disk,
        segments: &'a [Segment],
        marks: &'a [Mark],
        prefer: Prefer,
    ) -> Self {
        Self {
            disk,
            segments,
            marks,
            prefer,
            tree: Tree::default(),
            vault_length: 0,
            vault_limit: u64::MAX,
            on_progress: None,
            anchored_vault_length: (Self::anchor_of(marks) == 0).then_some(0),
            log_id: None,
            pieces: Vec::new(),
            overlaps: Vec::new(),
            cursor: None,
            journal_reason: None,
            store_reason: None,
            contradicted: None,
            text: Vec::new(),
            leaves: Vec::new(),
        }
    }

    /// A walk that stands at a commit boundary in the first of the segments, where `tree` is the tree. The caller holds
    /// the marks up to there.
    pub(crate) fn from_start(
        disk: &'a dyn Disk,
        segments: &'a [Segment],
        marks: &'a [Mark],
        start: Start,
        tree: Tree,
    ) -> std::io::Result<Self> {
        let mut walk = Self::new(disk, segments, marks, Prefer::Journal);
        if start.offset > 0 {
            let reader = SegmentReader::open(disk, &segments[0], start.offset)?;
            walk.cursor = Some(Cursor { segment: 0, offset: start.offset, reader });
            // What lies before in this segment stays with what follows.
            walk.pieces.push(Piece {
                origin: Origin::Journal { segment: 0, offset: 0 },
                first: start.segment,
                end: start.index,
                length_bytes: start.offset,
                to_segment_end: false,
            });
        }
        if Self::anchor_of(marks) == start.index {
            walk.anchored_vault_length = Some(start.vault_length);
        }
        walk.vault_length = start.vault_length;
        walk.tree = tree;
        Ok(walk)
    }

    pub(in crate::log) fn anchor_of(marks: &[Mark]) -> u64 {
        marks.last().map_or(0, |mark| mark.size)
    }

    /// Whether every mark was reproduced.
    pub(crate) fn reached_anchor(&self) -> bool {
        self.contradicted.is_none() && self.anchored_vault_length.is_some()
    }

    /// Goes as far as the copies lead. Can be called again with a store that was not there before.
    pub(crate) fn run(&mut self, store: Option<&dyn Store>) {
        while self.contradicted.is_none() && self.step(store).is_continue() {}
    }

    fn step(&mut self, store: Option<&dyn Store>) -> ControlFlow<()> {
        (self.journal_reason, self.store_reason) = (None, None);
        let found = match self.prefer {
            Prefer::Journal => self.take_from_journal().or_else(|| self.take_from_store(store)),
            Prefer::Store => self.take_from_store(store).or_else(|| self.take_from_journal()),
        };
        let Some((origin, (commit, extension))) = found else {
            return ControlFlow::Break(());
        };
        let first = self.tree.size();
        let length_bytes = self.text.len() as u64;
        if origin == Origin::Store {
            self.resynchronize(first, commit.size);
        }
        self.tree.adopt(&self.leaves, extension);
        self.vault_length = commit.vault_length;
        if first == 0 {
            self.log_id = self.leaves.first().copied();
        }
        self.note_piece(origin, first, commit.size, length_bytes);
        self.check_marks(first, commit.size, commit.root);
        if let Some(on_progress) = self.on_progress
            && first / TOLD_EVENTS != commit.size / TOLD_EVENTS
        {
            on_progress(commit.size);
        }
        ControlFlow::Continue(())
    }

    /// Tries a segment that starts at this very index first: it is newer than one that runs past it.
    fn take_from_journal(&mut self) -> Option<(Origin, (line::CommitLine, Extension))> {
        let at = self.tree.size();
        let start = self.segments.partition_point(|segment| segment.first < at);
        let starting = self.segments[start..].iter().take_while(|segment| segment.first == at).count();
        for place in start..start + starting {
            let segment = &self.segments[place];
            let reader = match SegmentReader::open(self.disk, segment, 0) {
                Ok(reader) => reader,
                Err(error) => {
                    self.journal_reason.get_or_insert((place, 0, error.to_string()));
                    continue;
                }
            };
            let mut cursor = Cursor { segment: place, offset: 0, reader };
            if let Some(checked) = self.read_at(&mut cursor) {
                self.leave_segment();
                let origin = Origin::Journal { segment: place, offset: 0 };
                self.cursor = Some(cursor);
                return Some((origin, checked));
            }
        }
        let mut cursor = self.cursor.take()?;
        let origin = Origin::Journal { segment: cursor.segment, offset: cursor.offset };
        let checked = self.read_at(&mut cursor);
        if let Some(checked) = checked {
            self.cursor = Some(cursor);
            return Some((origin, checked));
        }
        // The text before is consumed; the next attempt starts from here again.
        let (place, offset) = (cursor.segment, cursor.offset);
        if let Ok(reader) = SegmentReader::open(self.disk, &self.segments[place], offset) {
            self.cursor = Some(Cursor { segment: place, offset, reader });
        }
        self.take_from_twin(place, offset)
    }

    /// Tries the other form of a segment, which a crash right after compressing leaves beside it.
    fn take_from_twin(
        &mut self,
        place: usize,
        offset: u64,
    ) -> Option<(Origin, (line::CommitLine, Extension))> {
        let first = self.segments[place].first;
        let twin =
            (0..self.segments.len()).find(|other| *other != place && self.segments[*other].first == first)?;
        let reader = SegmentReader::open(self.disk, &self.segments[twin], offset).ok()?;
        let mut cursor = Cursor { segment: twin, offset, reader };
        let checked = self.read_at(&mut cursor)?;
        self.cursor = Some(cursor);
        Some((Origin::Journal { segment: twin, offset }, checked))
    }

    /// Reads and checks the commit at the cursor, and moves it on when the commit is right.
    fn read_at(&mut self, cursor: &mut Cursor) -> Option<(line::CommitLine, Extension)> {
        let readable = cursor.reader.read_commit(&mut self.text);
        let checked = match readable {
            Ok(()) if self.text.is_empty() => Err(String::new()),
            Ok(()) => self.check_text(),
            Err(error) => Err(error.to_string()),
        };
        match checked {
            Ok(checked) => {
                cursor.offset += self.text.len() as u64;
                Some(checked)
            }
            Err(reason) => {
                if !reason.is_empty() {
                    self.journal_reason.get_or_insert((cursor.segment, cursor.offset, reason));
                }
                None
            }
        }
    }

    /// Checks the commit in `text` against the tree and the vault.
    fn check_text(&mut self) -> Result<(line::CommitLine, Extension), String> {
        let checked = line::check(&self.text, &self.tree, self.vault_length, &mut self.leaves)?;
        if checked.0.vault_length > self.vault_limit {
            return Err("its vault frames are damaged in the vault file and in the store".to_owned());
        }
        Ok(checked)
    }

    /// Notes whether the segment being left was read to its end.
    fn leave_segment(&mut self) {
        let Some(mut cursor) = self.cursor.take() else {
            return;
        };
        if cursor.reader.at_end() {
            self.mark_segment_end(cursor.segment, cursor.offset);
        } else if self.segments[cursor.segment].form == Form::Raw {
            self.overlaps.push((cursor.segment, cursor.offset));
        }
    }

    fn mark_segment_end(&mut self, place: usize, end_offset: u64) {
        if let Some(piece) = self.pieces.last_mut()
            && let Origin::Journal { segment, offset } = piece.origin
            && segment == place
            && offset + piece.length_bytes == end_offset
        {
            piece.to_segment_end = true;
        }
    }

    fn take_from_store(
        &mut self,
        store: Option<&dyn Store>,
    ) -> Option<(Origin, (line::CommitLine, Extension))> {
        let store = store?;
        let checked = read_store_commit(store, self.tree.size(), &mut self.text)
            .and_then(|present| if present { self.check_text() } else { Err(String::new()) });
        match checked {
            Ok(checked) => Some((Origin::Store, checked)),
            Err(reason) => {
                if !reason.is_empty() {
                    self.store_reason = Some(reason);
                }
                None
            }
        }
    }

    /// Finds where the journal goes on behind a commit that came from the store.
    fn resynchronize(&mut self, first: u64, size: u64) {
        let start = self.segments.partition_point(|segment| segment.first < first);
        let starts_here = self.segments.get(start).is_some_and(|segment| segment.first == first);
        let from = if starts_here {
            self.leave_segment();
            (start, 0)
        } else {
            match self.cursor.take() {
                Some(cursor) => (cursor.segment, cursor.offset),
                None => return,
            }
        };
        let segment = &self.segments[from.0];
        // A flipped byte moves nothing: the next commit is where it would have been.
        let plain = from.1 + self.text.len() as u64;
        let offset = if self.boundary_at(segment, plain) {
            Some(plain)
        } else {
            self.offset_behind_commit(segment, from.1, size)
        };
        let offset = offset.unwrap_or(from.1);
        if let Ok(reader) = SegmentReader::open(self.disk, segment, offset) {
            self.cursor = Some(Cursor { segment: from.0, offset, reader });
        }
    }

    /// Whether the segment's text has a line end right before `offset`, or an event right at it.
    fn boundary_at(&self, segment: &Segment, offset: u64) -> bool {
        let Ok(mut reader) = SegmentReader::open(self.disk, segment, offset.saturating_sub(1)) else {
            return false;
        };
        let next = reader.peek(2);
        next.starts_with(b"\n") || next.get(1) == Some(&b'{')
    }

    /// The offset behind the commit line that says `size`, at or after `from`.
    fn offset_behind_commit(&self, segment: &Segment, from: u64, size: u64) -> Option<u64> {
        let mut reader = SegmentReader::open(self.disk, segment, from).ok()?;
        let wanted = format!("#commit {size} ");
        let mut text = Vec::new();
        loop {
            reader.read_commit(&mut text).ok().filter(|()| !text.is_empty())?;
            if line::last_line(&text).starts_with(wanted.as_bytes()) {
                return Some(reader.offset());
            }
        }
    }

    fn note_piece(&mut self, origin: Origin, first: u64, end: u64, length_bytes: u64) {
        // The anchor is a boundary: what lies beyond it is written anew.
        let anchor = Self::anchor_of(self.marks);
        if first != anchor
            && let Some(last) = self.pieces.last_mut()
        {
            let continues = match (last.origin, origin) {
                (Origin::Store, Origin::Store) => true,
                (Origin::Journal { segment, offset }, Origin::Journal { segment: other, offset: next }) => {
                    segment == other && offset + last.length_bytes == next
                }
                _ => false,
            };
            if continues {
                last.end = end;
                last.length_bytes += length_bytes;
                return;
            }
        }
        self.pieces.push(Piece { origin, first, end, length_bytes, to_segment_end: false });
    }

    fn check_marks(&mut self, first: u64, size: u64, root: Hash) {
        // A mark within a commit can never be reproduced: anchors are set between commits.
        let passed = self
            .marks
            .iter()
            .find(|mark| mark.size > first && mark.size <= size && (mark.size < size || mark.root != root));
        if let Some(mark) = passed {
            self.contradicted = Some((mark.clone(), root));
        } else if size == Self::anchor_of(self.marks) {
            self.anchored_vault_length = Some(self.vault_length);
        }
    }

    /// Ends a walk that went as far as it could: notes whether the last segment was read to its end.
    pub(crate) fn finish(&mut self) {
        let end = self.cursor.as_mut().map(|cursor| (cursor.segment, cursor.offset, cursor.reader.at_end()));
        if let Some((segment, offset, true)) = end {
            self.mark_segment_end(segment, offset);
        }
    }
}

/// Reads the text of the commit that starts at `first` from the store's chunks. `false` when the store
/// ends before.
pub(crate) fn read_store_commit(store: &dyn Store, first: u64, text: &mut Vec<u8>) -> Result<bool, String> {
    text.clear();
    let mut next = first;
    loop {
        let Some(chunk) = store.chunk_at(next).map_err(|error| error.to_string())? else {
            return if text.is_empty() {
                Ok(false)
            } else {
                Err("the store ends within a commit".to_owned())
            };
        };
        if chunk.first != next || chunk.count == 0 {
            return Err(format!(
                "the store's chunk at {next} covers {} positions from {}",
                chunk.count, chunk.first
            ));
        }
        text.extend_from_slice(&chunk.bytes);
        if line::ends_with_commit_line(&chunk.bytes) {
            return Ok(true);
        }
        next = next.saturating_add(chunk.count);
    }
}

/// Reads one commit's text of a piece, and checks its checksum again.
pub(crate) fn reread(text: &[u8], at: u64) -> Result<line::CommitLine, LogError> {
    line::parse(text).map(|(commit, _)| commit).map_err(|reason| {
        LogError::damaged(
            Place::Indexes { from: at, to: at + 1 },
            format!("changed while it was read: {reason}"),
        )
    })
}
