//! Creating, opening and recovering a log.
//!
//! Opening decides before it writes: anchor, journal, store and vault are read first, and a refusal
//! leaves every file as it was. Must never sign, and never adopt an event that no root confirms.

use std::io;
use std::sync::{Arc, RwLock};

use jejak_events::tree::empty_root;

pub use super::heal::Torn;
pub use super::settle::StoreState;

use super::anchor::{self, AnchorWriter, Slot};
use super::error::{At as _, Damage, LogError};
use super::heal;
use super::journal::{JournalWriter, Segment, list_segments};
use super::settle::Settling;
use super::vault_file;
use super::walk::{Mark, Origin, Prefer, Walk};
use super::{Log, LogPaths, LogSettings, Notary, Shared, StoreOpener, aside};
use crate::disk::Disk;
use crate::store::{Store, StoreError};

/// What opening found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReport {
    /// Number of events.
    pub size: u64,
    /// Size of the anchor.
    pub anchored: u64,
    /// Anchor and checkpoint are gone: nothing can be appended before `recover`.
    pub read_only: bool,
    /// Slots of the anchor that checked, of 2.
    pub sound_anchor_slots: usize,
    /// What is wrong with the stored checkpoint, if it is there and does not check.
    pub checkpoint_problem: Option<String>,
    /// Ranges of indexes, end exclusive, that the journal got back from the store.
    pub journal_healed: Vec<(u64, u64)>,
    /// The vault file got bytes back from the store.
    pub vault_healed: bool,
    /// Bytes that were moved to `torn/`: never acknowledged, and in no other copy.
    pub torn: Vec<Torn>,
    /// How the store was found.
    pub store: StoreState,
}

/// What [`recover`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoverReport {
    /// As for opening.
    pub opened: OpenReport,
    /// Acknowledged events past the anchor that neither copy holds any more; given up, and what was left
    /// of them moved to `torn/`.
    pub abandoned: Vec<Damage>,
}

/// What the two slots, the stored checkpoint and the caller say about the log's length.
struct Witnesses {
    slots: [Option<Slot>; 2],
    /// Size of the stored checkpoint, when it checks.
    checkpoint: Option<u64>,
    checkpoint_problem: Option<String>,
    /// By size, ascending, one for each size.
    marks: Vec<Mark>,
}

/// See [`Log::create`].
pub(super) fn create(
    disk: Arc<dyn Disk>,
    opener: &dyn StoreOpener,
    notary: Arc<dyn Notary>,
    paths: LogPaths,
    settings: LogSettings,
) -> Result<Log, LogError> {
    let journal = paths.journal();
    disk.create_directory(&journal).at("create", &journal)?;
    for path in [&paths.dir, &journal] {
        if let Some(parent) = path.parent() {
            disk.sync_directory(parent).at("sync", parent)?;
        }
    }
    if let Some(segment) = list_segments(&*disk, &journal)?.pop() {
        return Err(LogError::Exists { path: segment.path });
    }
    for path in [paths.anchor.clone(), paths.checkpoint(), paths.vault()] {
        let length = disk.length(&path).at("look at", &path)?;
        // An anchor without a sound slot is what a crash here left; nothing was ever appended.
        let unborn = path == paths.anchor && anchor::read(&*disk, &path)? == [None; 2];
        if length.is_some() && !unborn {
            return Err(LogError::Exists { path });
        }
    }
    let store = opener.open_in_place()?;
    if store.tip()? != 0 {
        return Err(LogError::Exists { path: paths.dir });
    }
    store.sync()?;
    // A crash here leaves directories and an empty store: creating starts over.
    let anchor = AnchorWriter::establish(&*disk, &paths.anchor, [None; 2], 0, empty_root(), None)?;
    // A crash here leaves an empty log, which can be opened.
    Ok(Log {
        journal: JournalWriter::new(&*disk, &journal, settings.segment_bytes, None)?,
        disk,
        notary,
        paths,
        settings,
        shared: Arc::new(Shared { store, tree: RwLock::default() }),
        vault: None,
        vault_length: 0,
        anchor: Some(anchor),
        anchored: (0, empty_root()),
        signed: None,
        log_id: None,
        poisoned: None,
        text: Vec::new(),
        leaves: Vec::new(),
    })
}

/// See [`Log::open`].
pub(super) fn open(
    disk: Arc<dyn Disk>,
    opener: &dyn StoreOpener,
    notary: Arc<dyn Notary>,
    paths: LogPaths,
    settings: LogSettings,
    visit: &mut dyn FnMut(u64, &[u8]),
) -> Result<(Log, OpenReport), LogError> {
    let (log, report, _) = open_with(disk, opener, notary, paths, settings, None, false, visit)?;
    Ok((log, report))
}

/// Rebuilds what is damaged from what is sound, and anchors it.
///
/// `checkpoint` is the text of a checkpoint that somebody kept; it stands in for a lost anchor. Unlike
/// opening, recovering gives up acknowledged events past the anchor when neither copy holds them, and
/// says which.
///
/// # Errors
/// [`LogError::ReadOnly`] when anchor and checkpoint are gone and none is given; otherwise as
/// [`Log::open`]. Nothing is changed when the anchored root cannot be reproduced.
pub fn recover(
    disk: Arc<dyn Disk>,
    opener: &dyn StoreOpener,
    notary: Arc<dyn Notary>,
    paths: LogPaths,
    settings: LogSettings,
    checkpoint: Option<&str>,
) -> Result<RecoverReport, LogError> {
    let kept = match checkpoint {
        Some(note) => {
            let (size, root) = notary
                .check(note)
                .map_err(|reason| LogError::Checkpoint { action: "given is not good", reason })?;
            Some(Mark { size, root, log_id: None, witness: "the checkpoint given".to_owned() })
        }
        None => None,
    };
    let (log, opened, abandoned) =
        open_with(disk, opener, notary, paths, settings, kept, true, &mut |_, _| {})?;
    if log.is_read_only() {
        return Err(LogError::ReadOnly);
    }
    log.close()?;
    Ok(RecoverReport { opened, abandoned })
}

#[expect(clippy::too_many_arguments, reason = "the one place where opening and recovering meet")]
fn open_with(
    disk: Arc<dyn Disk>,
    opener: &dyn StoreOpener,
    notary: Arc<dyn Notary>,
    paths: LogPaths,
    settings: LogSettings,
    kept: Option<Mark>,
    give_up_past_anchor: bool,
    visit: &mut dyn FnMut(u64, &[u8]),
) -> Result<(Log, OpenReport, Vec<Damage>), LogError> {
    let witnesses = gather(&*disk, &*notary, &paths, kept)?;
    let segments = list_segments(&*disk, &paths.journal())?;
    let Some(anchor) = witnesses.marks.last().cloned() else {
        return open_read_only(disk, opener, notary, paths, settings, &segments, &witnesses, visit)
            .map(|(log, report)| (log, report, Vec::new()));
    };

    let (mut walk, store) = find_way(&*disk, opener, &segments, &witnesses.marks)?;
    let damage = walk.damage(store.as_deref());
    if !damage.is_empty() && !(give_up_past_anchor && walk.reached_anchor()) {
        return Err(LogError::Damaged { damage });
    }
    walk.finish();
    let helper = store.as_deref();
    let vault_damaged = vault_file::walk(&*disk, &paths.vault(), helper, walk.vault_length, &mut |_| Ok(()))?;

    // Everything is decided; from here on files change.
    let anchored_vault = walk.anchored_vault_length.unwrap_or(0);
    let vault_torn =
        heal::settle_vault(&*disk, &paths, helper, walk.vault_length, anchored_vault, vault_damaged)?;
    let plan = heal::plan(&walk, anchor.size);
    let mut torn = heal::apply(&*disk, &paths, settings.segment_bytes, &walk, &plan, helper)?;
    torn.extend(vault_torn);
    heal::remove_asides(&*disk, &paths)?;
    let log_id = if anchor.size > 0 { walk.log_id } else { None };
    let slots =
        AnchorWriter::establish(&*disk, &paths.anchor, witnesses.slots, anchor.size, anchor.root, log_id)?;
    // A crash here leaves the journal whole and anchored; only the store may still lag.
    let (log_id, vault_length) = (walk.log_id, walk.vault_length);
    let journal_healed = plan.healed();
    let tree = walk.tree;
    let in_place = match store {
        Some(Opened::InPlace(store)) => Ok(store),
        Some(Opened::Copy(store)) => {
            drop(store);
            open_or_reason(opener)?
        }
        None => open_or_reason(opener)?,
    };

    let segments = list_segments(&*disk, &paths.journal())?;
    let settling = Settling {
        disk: &*disk,
        paths: &paths,
        settings: &settings,
        opener,
        segments: &segments,
        tree: &tree,
        vault_length,
    };
    let (store, state) = settling.run(in_place, visit)?;
    let report = OpenReport {
        size: tree.size(),
        anchored: anchor.size,
        read_only: false,
        sound_anchor_slots: witnesses.slots.iter().flatten().count(),
        checkpoint_problem: witnesses.checkpoint_problem.clone(),
        journal_healed,
        vault_healed: vault_damaged,
        torn,
        store: state,
    };
    let journal = JournalWriter::new(&*disk, &paths.journal(), settings.segment_bytes, segments.last())?;
    let vault = open_vault(&*disk, &paths)?;
    let log = Log {
        disk,
        notary,
        paths,
        settings,
        shared: Arc::new(Shared { store, tree: RwLock::new(tree) }),
        journal,
        vault,
        vault_length,
        anchor: Some(slots),
        anchored: (anchor.size, anchor.root),
        signed: witnesses.checkpoint,
        log_id,
        poisoned: None,
        text: Vec::new(),
        leaves: Vec::new(),
    };
    Ok((log, report, damage))
}

/// The store as it was opened while the journal was still in doubt.
enum Opened {
    /// Where it lies: the journal alone reproduces the anchor.
    InPlace(Arc<dyn Store>),
    /// A copy: the original's bytes may still be needed.
    Copy(Arc<dyn Store>),
}

impl std::ops::Deref for Opened {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::InPlace(store) | Self::Copy(store) => &**store,
        }
    }
}

/// Opens the store in place, or says why its files are of no use. A failure of the machine is an error:
/// the files may be sound.
fn open_or_reason(opener: &dyn StoreOpener) -> Result<Result<Arc<dyn Store>, String>, LogError> {
    match opener.open_in_place() {
        Ok(store) => Ok(Ok(store)),
        Err(error @ StoreError::Damaged { .. }) => Ok(Err(error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Reads the journal, then the store, and finds a way through both that reproduces every mark.
fn find_way<'a>(
    disk: &'a dyn Disk,
    opener: &dyn StoreOpener,
    segments: &'a [Segment],
    marks: &'a [Mark],
) -> Result<(Walk<'a>, Option<Opened>), LogError> {
    let mut walk = Walk::new(disk, segments, marks, Prefer::Journal);
    walk.run(None);
    if walk.reached_anchor() {
        let store = open_or_reason(opener)?.ok().map(Opened::InPlace);
        walk.run(store.as_deref());
        return Ok((walk, store));
    }
    // sled may cut its own file while it opens, and what it cuts may be all that is left.
    let store = opener.open_copy().ok().map(Opened::Copy);
    walk.run(store.as_deref());
    if !walk.reached_anchor() {
        let mut other = Walk::new(disk, segments, marks, Prefer::Store);
        other.run(store.as_deref());
        if other.reached_anchor() {
            return Ok((other, store));
        }
    }
    Ok((walk, store))
}

/// Opens a log whose anchor and checkpoint are gone: only if both copies agree in every byte, and
/// without changing any.
#[expect(clippy::too_many_arguments, reason = "as open_with")]
fn open_read_only(
    disk: Arc<dyn Disk>,
    opener: &dyn StoreOpener,
    notary: Arc<dyn Notary>,
    paths: LogPaths,
    settings: LogSettings,
    segments: &[Segment],
    witnesses: &Witnesses,
    visit: &mut dyn FnMut(u64, &[u8]),
) -> Result<(Log, OpenReport), LogError> {
    let no_checkpoint = witnesses.checkpoint_problem.is_none();
    let no_vault =
        disk.length(&paths.vault()).at("look at", &paths.vault())?.is_none_or(|length| length == 0);
    let store = opener.open_copy().ok();
    let has_store = store.as_ref().is_some_and(|store| store.tip().is_ok_and(|tip| tip > 0));
    if no_checkpoint && no_vault && segments.is_empty() && !has_store {
        // Nothing was ever appended: at most, creating the log was interrupted.
        return Err(LogError::Missing { path: paths.dir });
    }
    let mut walk = Walk::new(&*disk, segments, &[], Prefer::Journal);
    walk.run(None);
    walk.finish();
    let from_journal = walk
        .pieces
        .iter()
        .all(|piece| matches!(piece.origin, Origin::Journal { offset: 0, .. }) && piece.to_segment_end);
    let store = store.filter(|_| from_journal && walk.tail().is_empty() && walk.overlaps.is_empty());
    let Some(store) = store.filter(|store| store.tip().is_ok_and(|tip| tip == walk.tree.size())) else {
        return Err(LogError::ReadOnly);
    };
    if vault_file::walk(&*disk, &paths.vault(), None, walk.vault_length, &mut |_| Ok(()))? {
        return Err(LogError::ReadOnly);
    }
    let (log_id, vault_length, tree) = (walk.log_id, walk.vault_length, walk.tree);
    let settling = Settling {
        disk: &*disk,
        paths: &paths,
        settings: &settings,
        opener,
        segments,
        tree: &tree,
        vault_length,
    };
    settling.compare_only(&*store, visit)?;
    let report = OpenReport {
        size: tree.size(),
        anchored: 0,
        read_only: true,
        sound_anchor_slots: 0,
        checkpoint_problem: witnesses.checkpoint_problem.clone(),
        journal_healed: Vec::new(),
        vault_healed: false,
        torn: Vec::new(),
        store: StoreState::Sound,
    };
    let journal = JournalWriter::new(&*disk, &paths.journal(), settings.segment_bytes, None)?;
    let log = Log {
        disk,
        notary,
        paths,
        settings,
        shared: Arc::new(Shared { store, tree: RwLock::new(tree) }),
        journal,
        vault: None,
        vault_length,
        anchor: None,
        anchored: (0, empty_root()),
        signed: None,
        log_id,
        poisoned: None,
        text: Vec::new(),
        leaves: Vec::new(),
    };
    Ok((log, report))
}

fn open_vault(disk: &dyn Disk, paths: &LogPaths) -> Result<Option<Box<dyn crate::disk::DiskFile>>, LogError> {
    let path = paths.vault();
    if disk.length(&path).at("look at", &path)?.is_none() {
        return Ok(None);
    }
    disk.open(&path).at("open", &path).map(Some)
}

/// Reads everything that says how long the log is.
fn gather(
    disk: &dyn Disk,
    notary: &dyn Notary,
    paths: &LogPaths,
    kept: Option<Mark>,
) -> Result<Witnesses, LogError> {
    let slots = anchor::read(disk, &paths.anchor)?;
    let mut marks: Vec<Mark> = kept.into_iter().collect();
    for (number, slot) in slots.iter().enumerate() {
        if let Some(slot) = slot {
            let witness = format!("slot {number} of {}", paths.anchor.display());
            marks.push(Mark { size: slot.size, root: slot.root, log_id: slot.log_id, witness });
        }
    }
    let (mut checkpoint, mut checkpoint_problem) = (None, None);
    let path = paths.checkpoint();
    match disk.read(&path) {
        Ok(bytes) => {
            let checked = String::from_utf8(bytes)
                .map_err(|_| "it is not UTF-8".to_owned())
                .and_then(|note| notary.check(&note));
            match checked {
                Ok((size, root)) => {
                    marks.push(Mark { size, root, log_id: None, witness: path.display().to_string() });
                    checkpoint = Some(size);
                }
                Err(reason) => checkpoint_problem = Some(reason),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(LogError::Disk { operation: "read", path, source }),
    }
    marks.sort_by_key(|mark| mark.size);
    for pair in marks.windows(2) {
        conflict_between(&pair[0], &pair[1])?;
    }
    if let Some(mark) = marks.iter().find(|mark| mark.size == 0) {
        let witness = "the empty tree".to_owned();
        conflict_between(mark, &Mark { size: 0, root: empty_root(), log_id: None, witness })?;
    }
    marks.dedup_by_key(|mark| mark.size);
    Ok(Witnesses { slots, checkpoint, checkpoint_problem, marks })
}

fn conflict_between(first: &Mark, second: &Mark) -> Result<(), LogError> {
    if first.size == second.size && first.root != second.root {
        let (first_name, second_name) = (first.witness.clone(), second.witness.clone());
        return Err(LogError::AnchorConflict { size: first.size, first: first_name, second: second_name });
    }
    Ok(())
}

/// Stores a signed checkpoint: aside, synced, renamed, directory synced.
pub(super) fn store_checkpoint(disk: &dyn Disk, paths: &LogPaths, note: &str) -> Result<(), LogError> {
    let path = paths.checkpoint();
    let aside = aside(&path);
    let mut file = disk.open(&aside).at("create", &aside)?;
    file.set_length(0).at("empty", &aside)?;
    file.write_at(0, note.as_bytes()).at("write", &aside)?;
    file.sync().at("sync", &aside)?;
    // A crash here leaves the old checkpoint and a `.new` file; the note was not handed out.
    disk.rename(&aside, &path).at("rename", &aside)?;
    disk.sync_directory(&paths.dir).at("sync", &paths.dir)
    // A crash here leaves the new checkpoint, whose size is anchored.
}
