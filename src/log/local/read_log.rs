//! A log read from its plain files alone, by a process that may run beside the writer: journal, anchor, `tiles`.
//!
//! No lock is taken, no store opened, nothing written here. What is anchored is seen, and whole commits beyond it; a commit
//! that is still being written is none yet. Where the files are damaged, whoever reads them may have a writer's opening
//! heal them ([`OnDamage`]), and reads on. Must never hand out what does not hash to a tree that the anchor vouches for, or
//! that continues one.

use std::io;
use std::sync::Arc;

use jejak_events::tree::Hash;

use super::backend::{LocalReader, Mending};
use super::derived::{Misplaced, misplaced};
use super::elsewhere;
use super::journal::{Segment, list_segments};
use super::journal_files::JournalFiles;
use super::open::{Witnesses, gather};
use super::scrub_file::{ScrubRecord, Scrubbed};
use super::tail::{Start, end_of};
use super::walk::{Mark, Prefer, Walk};
use crate::disk::Disk;
use crate::log::catch_up::catch_up;
use crate::log::error::LogError;
use crate::log::reader::LogReader;
use crate::log::{LogPaths, Notary, OnDamage, Shared, read};

/// How often the files are looked at anew when they do not fit: a segment may be compressed meanwhile.
const ATTEMPTS: usize = 5;

/// A log that is only read.
#[derive(Debug)]
pub struct ReadLog {
    local: Arc<LocalReader>,
    shared: Arc<Shared>,
    anchored: Option<(u64, Hash)>,
    misplaced: Vec<Misplaced>,
    sound_anchor_slots: usize,
    vault_length: u64,
    read_from: u64,
}

impl ReadLog {
    /// Opens a log to read it. A notary, where there is one, checks the stored checkpoint, which counts as an anchor does.
    /// `on_damage` has it healed where the journal is found damaged, now or when it is read; then reading goes on.
    ///
    /// # Errors
    /// [`LogError::Missing`]; [`LogError::Damaged`] when the journal does not lead to what is anchored and nobody heals it,
    /// [`LogError::Unmended`] when that failed; [`LogError::AnchorAbsent`], [`LogError::AnchorElsewhere`],
    /// [`LogError::AnchorConflict`], [`LogError::NoAnchor`];
    /// [`LogError::Disk`].
    pub fn open(
        disk: Arc<dyn Disk>,
        notary: Option<&dyn Notary>,
        paths: LogPaths,
        on_damage: Option<OnDamage>,
    ) -> Result<Self, LogError> {
        let mending = on_damage.map(|on_damage| Arc::new(Mending::new(on_damage)));
        match (Self::look(&disk, notary, &paths, mending.as_ref()), &mending) {
            (Err(LogError::Damaged { damage }), Some(own)) => {
                own.mend().map_err(|why| LogError::unmended(damage, why))?;
                Self::look(&disk, notary, &paths, mending.as_ref())
            }
            (looked, _) => looked,
        }
    }

    /// Looks at the files until they fit.
    fn look(
        disk: &Arc<dyn Disk>,
        notary: Option<&dyn Notary>,
        paths: &LogPaths,
        mending: Option<&Arc<Mending>>,
    ) -> Result<Self, LogError> {
        for _ in 1..ATTEMPTS {
            match Self::attempt(disk, notary, paths, (mending, true)) {
                Ok(Some(opened)) => return Ok(opened),
                Ok(None) | Err(LogError::Damaged { .. }) => {}
                // Removed between being listed and being looked at.
                Err(LogError::Disk { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        let last = Self::attempt(disk, notary, paths, (mending, false))?;
        Ok(last.unwrap_or_else(|| unreachable!("the last attempt reads everything, or fails")))
    }

    /// One look at the files; `None` where they changed under it and there may be another.
    fn attempt(
        disk: &Arc<dyn Disk>,
        notary: Option<&dyn Notary>,
        paths: &LogPaths,
        (mending, may_look_again): (Option<&Arc<Mending>>, bool),
    ) -> Result<Option<Self>, LogError> {
        let witnesses = gather(&**disk, notary, paths, None)?;
        let log_id = witnesses.log_id();
        let Witnesses { slots, marks, .. } = witnesses;
        let mut segments = list_segments(&**disk, &paths.journal())?;
        if segments.is_empty() && marks.is_empty() {
            return Err(LogError::Missing { path: paths.dir.clone() });
        }
        elsewhere::check(&**disk, paths, false)?;
        // Compressed and not yet removed: the same text twice.
        segments.dedup_by_key(|segment| segment.first);
        let files = JournalFiles::new(Arc::clone(disk), paths.journal());
        let (start, walk) = match end_of(&**disk, &files, paths, &segments, &marks) {
            Some(end) => end,
            // What was begun or compressed meanwhile is no reason to read everything.
            None if may_look_again && !are_listed(&**disk, &segments, paths)? => return Ok(None),
            None => (Start::default(), walk_whole(&**disk, &segments, &marks)?),
        };
        let record = Scrubbed::read(&**disk, &paths.scrub(), log_id.or(walk.log_id));
        let scrubbed = Scrubbed::new(None, paths.scrub(), None, record);
        let local = LocalReader::new(disk, paths, None, scrubbed, mending.cloned());
        let shared = Shared::new(Arc::clone(&local) as _, walk.tree);
        Ok(Some(Self {
            local,
            shared: Arc::new(shared),
            anchored: marks.last().map(|mark| (mark.size, mark.root)),
            misplaced: misplaced(&**disk, paths),
            sound_anchor_slots: slots.iter().flatten().count(),
            vault_length: walk.vault_length,
            read_from: start.index,
        }))
    }

    /// Number of events.
    #[must_use]
    pub fn size(&self) -> u64 {
        read(&self.shared.tree).size()
    }

    /// Root over them.
    #[must_use]
    pub fn root(&self) -> Hash {
        read(&self.shared.tree).root()
    }

    /// Size and root of the anchor when the log was opened; `None` when nobody knows what was anchored.
    #[must_use]
    pub fn anchored(&self) -> Option<(u64, Hash)> {
        self.anchored
    }

    /// What lay in the places of derived files and is none, when this was opened.
    #[must_use]
    pub fn misplaced(&self) -> &[Misplaced] {
        &self.misplaced
    }

    /// Slots of the anchor that checked, of 2.
    #[must_use]
    pub fn sound_anchor_slots(&self) -> usize {
        self.sound_anchor_slots
    }

    /// Length of the vault in bytes, up to the last event.
    #[must_use]
    pub fn vault_length(&self) -> u64 {
        self.vault_length
    }

    /// Index from which on the journal was read when the log was opened; 0 when all of it was.
    #[must_use]
    pub fn read_from(&self) -> u64 {
        self.read_from
    }

    /// What the writer's last look at the whole log came to, when this was opened.
    #[must_use]
    pub fn scrub_record(&self) -> ScrubRecord {
        self.local.scrubbed.record()
    }

    /// A reader of what is there; it follows each [`ReadLog::catch_up`].
    #[must_use]
    pub fn reader(&self) -> LogReader {
        LogReader::new(Arc::clone(&self.shared))
    }

    /// Takes in the whole commits that were written since, and answers with the size.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when what follows is no continuation: the log was put back, or is damaged; open it anew.
    /// [`LogError::Unmended`]; [`LogError::Disk`].
    pub fn catch_up(&mut self) -> Result<u64, LogError> {
        if let Err(found) = catch_up(&self.shared, &mut self.vault_length, None, &mut |_, _| {}) {
            self.reader().mend(found, self.size())?;
            catch_up(&self.shared, &mut self.vault_length, None, &mut |_, _| {})?;
        }
        Ok(self.size())
    }
}

/// Whether the journal still has these segments in these forms, and no others.
fn are_listed(disk: &dyn Disk, segments: &[Segment], paths: &LogPaths) -> Result<bool, LogError> {
    let mut listed = list_segments(disk, &paths.journal())?;
    listed.dedup_by_key(|segment| segment.first);
    Ok(listed.iter().map(|one| &one.path).eq(segments.iter().map(|one| &one.path)))
}

/// The walk over all of the journal, which reproduced every mark.
fn walk_whole<'a>(
    disk: &'a dyn Disk,
    segments: &'a [Segment],
    marks: &'a [Mark],
) -> Result<Walk<'a>, LogError> {
    let mut walk = Walk::new(disk, segments, marks, Prefer::Journal);
    walk.run(None);
    match walk.damage(None).is_empty() {
        true => Ok(walk),
        false => Err(LogError::Damaged { damage: walk.journal_damage() }),
    }
}
