//! The scrub: looks at the whole log, both copies, in small steps beside the writer.
//!
//! Each step reads some commits of the journal, holds them against the tree, and holds the store's chunks, tiles and vault
//! pieces against them. The first thing that does not fit is noted, and ends the pass: the next opening reads everything
//! and mends. Must never mend anything itself, and never touch the writer or its files.

use std::sync::Arc;

use jejak_events::tree::Hash;

use super::backend::LocalReader;
use super::heal::read_range;
use super::journal::list_segments;
use super::line;
use super::store::{Store, StoreError, Table};
use super::tail::start_before;
use crate::log::error::LogError;
use crate::log::frames::check_frames;
use crate::log::tiles::{TILE_WIDTH, Tree, tile_bytes, tile_key};
use crate::log::{LogPaths, Shared, read};

/// Text of the journal that one step looks at, unless one commit alone is longer.
const STEP_BYTES: usize = 1 << 20;
/// Text after which the position is kept for the next process.
const KEPT_EVERY_BYTES: u64 = 64 << 20;

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScrubStep {
    /// There is more to look at; so many bytes of text were read.
    More(u64),
    /// The pass reached the end of the log.
    Ended,
    /// Something was found, now or before: nothing more is looked at before the log is opened anew.
    Found,
}

/// Looks at one open log.
pub struct Scrub {
    shared: Arc<Shared>,
    local: Arc<LocalReader>,
    paths: LogPaths,
    /// The pass under way.
    pass: Option<Pass>,
}

/// How far a pass is.
struct Pass {
    /// The tree over what was looked at; it is proven by the roots of the commits in it.
    tree: Tree,
    vault_length: u64,
    /// Bytes read since the position was kept.
    unkept_bytes: u64,
}

/// Some whole commits, checked by themselves.
struct Read {
    text: Vec<u8>,
    end: u64,
    vault_length: u64,
    /// Tiles that become full with them, by level and number.
    tiles: Vec<(u8, u64, Vec<u8>)>,
}

impl std::fmt::Debug for Scrub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scrub").field("position", &self.position()).finish_non_exhaustive()
    }
}

impl Scrub {
    pub(crate) fn new(shared: Arc<Shared>, local: Arc<LocalReader>, paths: LogPaths) -> Self {
        Self { shared, local, paths, pass: None }
    }

    /// When the last whole pass ended, in milliseconds since 1970; `None` where there was none, or one is under way.
    #[must_use]
    pub fn rests_since_ms(&self) -> Option<i64> {
        let record = self.local.scrubbed.record();
        record.ended_ms.filter(|_| self.pass.is_none() && record.position == 0)
    }

    fn position(&self) -> u64 {
        self.pass.as_ref().map_or(0, |pass| pass.tree.size())
    }

    /// Looks at the next commits, or begins a pass. `now_ms` is the time, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`LogError::Disk`] and [`LogError::Store`] when the machine failed: nothing is known then, and the same step can be
    /// tried again.
    pub fn step(&mut self, now_ms: i64) -> Result<ScrubStep, LogError> {
        if self.local.scrubbed.record().finding.is_some() {
            self.pass = None;
            return Ok(ScrubStep::Found);
        }
        let mut pass = match self.pass.take() {
            Some(pass) => pass,
            None => self.begin(now_ms)?,
        };
        let size = read(&self.shared.tree).size();
        let before = pass.tree.size();
        let looked = if before < size { self.look(&mut pass, size) } else { Ok(Ok(0)) };
        match looked {
            Ok(Ok(_)) if pass.tree.size() >= size => {
                self.local.scrubbed.change(|record| {
                    (record.position, record.ended_ms, record.covered) = (0, Some(now_ms), size);
                });
                Ok(ScrubStep::Ended)
            }
            Ok(Ok(bytes)) => {
                pass.unkept_bytes += bytes;
                if pass.unkept_bytes >= KEPT_EVERY_BYTES {
                    pass.unkept_bytes = 0;
                    self.local.scrubbed.change(|record| record.position = pass.tree.size());
                }
                self.pass = Some(pass);
                Ok(ScrubStep::More(bytes))
            }
            Ok(Err(finding)) => {
                self.local.scrubbed.note(&finding);
                Ok(ScrubStep::Found)
            }
            Err(error) => {
                // `look` moves the pass on only when it has seen everything of a step.
                self.pass = Some(pass);
                Err(error)
            }
        }
    }

    /// Keeps the position for the next process, however little was looked at.
    pub fn keep(&mut self) {
        if let Some(pass) = self.pass.take() {
            self.local.scrubbed.change(|record| record.position = pass.tree.size());
        }
    }

    /// Keeps the position for the next process, where that saves it much.
    pub fn pause(&mut self) {
        if let Some(pass) = self.pass.take()
            && pass.unkept_bytes >= KEPT_EVERY_BYTES / 8
        {
            self.local.scrubbed.change(|record| record.position = pass.tree.size());
        }
    }

    /// A pass from where the last one stopped, or from the front.
    fn begin(&self, now_ms: i64) -> Result<Pass, LogError> {
        let position = self.local.scrubbed.record().position;
        if position > 0 {
            let segments = list_segments(&*self.local.disk, &self.paths.journal())?;
            let tree = read(&self.shared.tree).clone();
            let position = position.min(tree.size());
            let start = start_before(&*self.local.disk, &self.local.files, &segments, tree.row(), position);
            if let Some((start, tree)) = start {
                return Ok(Pass { tree, vault_length: start.vault_length, unkept_bytes: 0 });
            }
        }
        self.local.scrubbed.begin(now_ms);
        Ok(Pass { tree: Tree::default(), vault_length: 0, unkept_bytes: 0 })
    }

    /// Looks at some commits before `size` and moves the pass behind them: the bytes of their text, or what is wrong.
    fn look(&self, pass: &mut Pass, size: u64) -> Result<Result<u64, String>, LogError> {
        let (from, mut tree) = (pass.tree.size(), pass.tree.clone());
        let commits = match self.read_commits(&mut tree, pass.vault_length, size)? {
            Ok(commits) => commits,
            Err(reason) => return Ok(Err(format!("the journal: {reason}"))),
        };
        if let Err(reason) = self.compare(from, pass.vault_length, &commits)? {
            return Ok(Err(format!("the store: {reason}")));
        }
        pass.tree = tree;
        pass.vault_length = commits.vault_length;
        Ok(Ok(commits.text.len() as u64))
    }

    /// Reads commits from where `tree` ends, adds them to it, and holds them against it and against the log's own tree.
    fn read_commits(
        &self,
        tree: &mut Tree,
        vault_length: u64,
        size: u64,
    ) -> Result<Result<Read, String>, LogError> {
        let from = tree.size();
        let mut commits = Read { text: Vec::new(), end: from, vault_length, tiles: Vec::new() };
        let mut leaves: Vec<Hash> = Vec::new();
        let mut wrong = None;
        let scanned = self.local.files.scan(from, &mut |chunk| {
            if chunk.first != commits.end {
                wrong = Some(format!("index {} was expected", commits.end));
                return false;
            }
            let (line, extension) = match line::check(&chunk.bytes, tree, commits.vault_length, &mut leaves) {
                Ok(checked) => checked,
                Err(reason) => {
                    wrong = Some(format!("index {}: {reason}", chunk.first));
                    return false;
                }
            };
            if line.size > size {
                // Being committed: for the next step.
                return false;
            }
            tree.full_tiles(&leaves, &extension, &mut |level, number, hashes| {
                commits.tiles.push((level, number, tile_bytes(hashes)));
            });
            tree.adopt(&leaves, extension);
            (commits.end, commits.vault_length) = (line.size, line.vault_length);
            commits.text.extend_from_slice(&chunk.bytes);
            commits.text.len() < STEP_BYTES
        });
        match scanned {
            // A frame or a file that cannot be read is damaged, whatever the reason.
            Err(LogError::Disk { source, .. }) if source.raw_os_error().is_none() => {
                return Ok(Err(format!("index {}: {source}", commits.end)));
            }
            scanned => scanned?,
        }
        if let Some(reason) = wrong {
            return Ok(Err(reason));
        }
        if commits.end == from {
            return Ok(Err(format!("it ends at index {from}")));
        }
        let own = read(&self.shared.tree);
        let known = usize::try_from(from).unwrap_or(0) / TILE_WIDTH;
        if commits.end == from
            || !own.row().get(known..).is_some_and(|own| own.starts_with(&tree.row()[known..]))
        {
            return Ok(Err(format!("index {from}: the journal's bytes do not hash to the tree")));
        }
        Ok(Ok(commits))
    }

    /// Holds the store's chunks and tiles against these commits, and both copies of their vault frames.
    fn compare(&self, from: u64, vault_from: u64, commits: &Read) -> Result<Result<(), String>, LogError> {
        let Some(store) = &self.local.store else { return Ok(Ok(())) };
        let (mut used, mut differs) = (0, None);
        let scanned = store.scan(from, &mut |chunk| {
            let end = used + chunk.bytes.len();
            if chunk.first < from || commits.text.get(used..end) != Some(&chunk.bytes[..]) {
                differs = Some(chunk.first);
                return false;
            }
            used = end;
            used < commits.text.len()
        });
        let compared = scanned.and_then(|()| {
            for (level, number, bytes) in &commits.tiles {
                let key = tile_key(*level, *number);
                if store.get(Table::Tiles, &key)?.as_ref() != Some(bytes) {
                    return Ok(Some(format!("its tile {number} of level {level} differs from the journal")));
                }
            }
            Ok(differs.map(|at| format!("its chunk at {at} differs from the journal")))
        });
        match compared {
            Ok(None) if used == commits.text.len() => {
                self.compare_vault(&**store, vault_from, commits.vault_length)
            }
            Ok(None) => Ok(Err(format!("it ends at index {}", commits.end))),
            Ok(Some(reason)) => Ok(Err(reason)),
            Err(error) => wrong_or_failed(error),
        }
    }

    fn compare_vault(&self, store: &dyn Store, from: u64, to: u64) -> Result<Result<(), String>, LogError> {
        let mut offset = from;
        while offset < to {
            let piece = match store.get(Table::Vault, &offset.to_be_bytes()) {
                Ok(piece) => piece.unwrap_or_default(),
                Err(error) => return wrong_or_failed(error),
            };
            let length = piece.len() as u64;
            let file = if length == 0 || length > to - offset {
                None
            } else {
                match read_range(&*self.local.disk, &self.paths.vault(), offset, length) {
                    Ok(bytes) => Some(bytes),
                    Err(LogError::Damaged { .. }) => None,
                    Err(error) => return Err(error),
                }
            };
            if file.as_ref() != Some(&piece) || check_frames(&piece).is_err() {
                return Ok(Err(format!("its copy of the vault differs at byte {offset}")));
            }
            offset += length;
        }
        Ok(Ok(()))
    }
}

/// What is wrong with the store, or that the machine failed.
fn wrong_or_failed(error: StoreError) -> Result<Result<(), String>, LogError> {
    match error {
        StoreError::Damaged { place, reason } => Ok(Err(format!("{place}: {reason}"))),
        error => Err(error.into()),
    }
}
