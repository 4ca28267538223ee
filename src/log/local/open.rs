//! Creating, opening and recovering a log.
//!
//! Opening decides before it writes: anchor, journal, store and vault are read first, and a refusal
//! leaves every file as it was. Must never sign, and never adopt an event that no root confirms.

use std::io;
use std::sync::Arc;

use jejak_events::tree::{Hash, empty_root};

pub use super::derived::{Displaced, Misplaced};
pub use super::heal::Torn;
pub use super::scrub_file::ScrubRecord;
pub use super::settle::StoreState;

use super::anchor::{AnchorWriter, Slot};
use super::backend::{LocalBackend, LocalReader, Upkeep};
use super::journal::{ASIDE, JournalWriter, Segment, list_segments, with_suffix};
use super::scrub_file::Scrubbed;
use super::settle::Settling;
use super::store::{Store, StoreError};
use super::tail::{self, Start};
use super::tile_file::TileFile;
use super::walk::{Mark, Origin, Prefer, TOLD_EVENTS, Walk};
use super::{Ground, derived, elsewhere, heal, vault_file};
use crate::disk::{Disk, FileKind};
use crate::log::error::{At as _, Damage, LogError, Place};
use crate::log::tiles::Tree;
use crate::log::{BackendHead, Log, LogPaths, LogSettings, Notary, Shared, StoreOpener, Tip};

/// Passes over the events that opening takes: one finds the way, one compares the store.
pub const OPEN_PASSES: u64 = 2;

/// Hears how far opening is and how far it goes, in events, each counted once for each of the
/// [`OPEN_PASSES`].
pub type OnOpening<'a> = &'a dyn Fn(u64, u64);

/// How much of the log opening reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The end of it, where that shows that nothing has to be mended; everything otherwise.
    End,
    /// Everything.
    Whole,
}

/// What opening found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReport {
    /// Number of events.
    pub size: u64,
    /// Index from which on both copies were read; 0 when everything was.
    pub read_from: u64,
    /// What the last look at the whole log came to, as opening found it.
    pub scrub: ScrubRecord,
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
    /// Bytes that were moved to `torn/`: what was cut off or cut short. What was acknowledged among it stands in the log.
    pub torn: Vec<Torn>,
    /// How the store was found.
    pub store: StoreState,
    /// What lies in the places of derived files and is none.
    pub misplaced: Vec<Misplaced>,
    /// What lay in the checkpoint's place and was none, and was moved out of the way.
    pub displaced: Option<Displaced>,
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
pub(in crate::log) struct Witnesses {
    pub(in crate::log) slots: [Option<Slot>; 2],
    /// Size of the stored checkpoint, when it checks.
    pub(super) checkpoint: Option<u64>,
    pub(in crate::log) checkpoint_problem: Option<String>,
    /// By size, ascending, one for each size.
    pub(in crate::log) marks: Vec<Mark>,
}

impl Witnesses {
    /// The log id that the latest slot names.
    pub(super) fn log_id(&self) -> Option<Hash> {
        self.slots.iter().flatten().max_by_key(|slot| slot.size).and_then(|slot| slot.log_id)
    }
}

/// See [`Log::create`].
pub(in crate::log) fn create(ground: Ground, opener: &dyn StoreOpener) -> Result<Log, LogError> {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let journal = paths.journal();
    disk.create_directory(&journal).at("create", &journal)?;
    for path in [&paths.dir, &journal] {
        if let Some(parent) = path.parent() {
            disk.sync_directory(parent).at("sync", parent)?;
        }
    }
    if let Some(segment) = list_segments(disk, &journal)?.pop() {
        return Err(LogError::Exists { path: segment.path });
    }
    for path in [paths.anchor.clone(), paths.checkpoint(), paths.vault()] {
        let length = disk.length(&path).at("look at", &path)?;
        // An anchor of size 0, or without a sound slot, is what a crash before event 0 left.
        let unborn = path == paths.anchor
            && elsewhere::slots(disk, paths)?.iter().flatten().all(|slot| slot.size == 0);
        if length.is_some() && !unborn {
            return Err(LogError::Exists { path });
        }
    }
    let store = opener.open_in_place()?;
    if store.tip()? != 0 {
        return Err(LogError::Exists { path: paths.dir.clone() });
    }
    store.sync()?;
    // A crash here leaves directories and an empty store: creating starts over.
    elsewhere::remember(disk, paths)?;
    // A crash here leaves the place of an anchor that does not exist yet: creating starts over.
    let slots = AnchorWriter::establish(disk, &paths.anchor, [None; 2], 0, empty_root(), None)?;
    // A crash here leaves an empty log, which can be opened, or created once more.
    let writer = JournalWriter::new(disk, &journal, ground.settings.segment_bytes, None)?;
    let scrubbed = Scrubbed::new(None, paths.scrub(), None, ScrubRecord::default());
    let mut backend = idle(ground, store, writer);
    backend.anchor = Some(slots);
    Ok(log_over(backend, Tree::default(), None, scrubbed))
}

/// What opening settled, however much it read.
pub(super) struct Settled {
    pub(super) store: Arc<dyn Store>,
    pub(super) state: StoreState,
    pub(super) slots: AnchorWriter,
    pub(super) log_id: Option<Hash>,
    pub(super) vault_length: u64,
    pub(super) tree: Tree,
    pub(super) read_from: u64,
    pub(super) journal_healed: Vec<(u64, u64)>,
    pub(super) vault_healed: bool,
    pub(super) torn: Vec<Torn>,
    pub(super) tiles: TileFile,
    pub(super) record: ScrubRecord,
}

/// See [`Log::open`].
pub(in crate::log) fn open(
    ground: Ground,
    opener: &dyn StoreOpener,
    reach: Reach,
    on_progress: OnOpening<'_>,
) -> Result<(Log, OpenReport), LogError> {
    let (log, report, _) = open_with(ground, opener, None, reach, on_progress)?;
    Ok((log, report))
}

/// Rebuilds what is damaged from what is sound, and anchors it.
///
/// `checkpoint` is the text of a checkpoint that somebody kept; it stands in for a lost anchor. Unlike
/// opening, recovering gives up acknowledged events past the anchor when neither copy holds them, and
/// says which. `on_progress` hears how far it is.
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
    on_progress: OnOpening<'_>,
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
    let ground = Ground { disk, notary, paths, settings };
    let (log, opened, abandoned) = open_with(ground, opener, Some(kept), Reach::Whole, on_progress)?;
    if log.is_read_only() {
        return Err(LogError::ReadOnly);
    }
    log.close()?;
    Ok(RecoverReport { opened, abandoned })
}

/// Opens or, where a mark that somebody kept is given or not (`Some`), recovers: then acknowledged events past the anchor
/// that no copy holds are given up.
fn open_with(
    ground: Ground,
    opener: &dyn StoreOpener,
    recovering: Option<Option<Mark>>,
    reach: Reach,
    on_progress: OnOpening<'_>,
) -> Result<(Log, OpenReport, Vec<Damage>), LogError> {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let give_up_past_anchor = recovering.is_some();
    let witnesses = gather(disk, Some(&*ground.notary), paths, recovering.flatten())?;
    let segments = list_segments(disk, &paths.journal())?;
    let Some(anchor) = witnesses.marks.last().cloned() else {
        let (log, report) = open_read_only(ground.clone(), opener, &segments, &witnesses)?;
        return Ok((log, report, Vec::new()));
    };
    if anchor.size > 0 || !segments.is_empty() {
        elsewhere::check(disk, paths, give_up_past_anchor)?;
    }
    let from_end = match reach {
        Reach::End => tail::open(&ground, opener, &witnesses, &segments, &anchor)?,
        Reach::Whole => None,
    };
    let mut damage = Vec::new();
    let settled = match from_end {
        Some(settled) => settled,
        None => {
            settle_whole(&ground, opener, &witnesses, &anchor, give_up_past_anchor, on_progress, &mut damage)?
        }
    };
    let (log, report) = assemble(ground.clone(), witnesses, &anchor, settled)?;
    Ok((log, report, damage))
}

/// Reads everything, settles both copies up to the anchor and beyond, and notes in `damage` what is given up.
fn settle_whole(
    ground: &Ground,
    opener: &dyn StoreOpener,
    witnesses: &Witnesses,
    anchor: &Mark,
    give_up_past_anchor: bool,
    on_progress: OnOpening<'_>,
    damage: &mut Vec<Damage>,
) -> Result<Settled, LogError> {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let segments = list_segments(disk, &paths.journal())?;
    // The anchor is close to the size: what lies beyond it is of the last second.
    let (pass, total) = (anchor.size, anchor.size.saturating_mul(OPEN_PASSES));
    let on_walk = |read: u64| on_progress(read.min(pass), total);
    let (mut walk, store) = find_way(disk, paths, opener, &segments, &witnesses.marks, &on_walk)?;
    let helper = store.as_deref();
    *damage = walk.damage(helper);
    let may_go_on = damage.is_empty() || (give_up_past_anchor && walk.reached_anchor());
    if !may_go_on {
        return Err(LogError::Damaged { damage: std::mem::take(damage) });
    }
    walk.finish();
    let anchored_vault = walk.anchored_vault_length.unwrap_or(0);
    let check_vault = |length| vault_file::walk(disk, &paths.vault(), helper, length, &mut |_| Ok(()));
    let vault = match check_vault(walk.vault_length) {
        Err(LogError::Damaged { damage: lost }) if give_up_past_anchor => {
            walk = give_up_sealed(walk, helper, anchored_vault, lost, damage)?;
            check_vault(walk.vault_length)?
        }
        checked => checked?,
    };
    refuse_differing_vaults(disk, paths, &witnesses.marks, helper, vault.differing)?;
    let (vault_length, vault_healed) = (walk.vault_length, vault.healed);

    // Everything is decided; from here on files change.
    let vault_torn = heal::settle_vault(disk, paths, helper, vault_length, anchored_vault, vault_healed)?;
    let (slots, journal_healed, mut torn) =
        settle_files(ground, witnesses, anchor, &walk, walk.log_id, helper)?;
    torn.extend(vault_torn);
    let (log_id, tree) = (walk.log_id, walk.tree);
    let in_place = in_place(opener, store)?;
    let segments = list_segments(disk, &paths.journal())?;
    let (anchored, start) = (anchor.size, Start::default());
    let settling =
        Settling { ground, opener, segments: &segments, tree: &tree, vault_length, anchored, start };
    let (store, state) = settling.run(in_place, &mut |index, event| {
        if index % TOLD_EVENTS == 0 {
            on_progress(pass.saturating_add(index).min(total), total);
        }
        ground.notary.hear(index, event);
    })?;
    let (tiles, record) = derived::renew(ground, &tree, log_id, anchor.size);
    let read_from = 0;
    Ok(Settled {
        store,
        state,
        slots,
        log_id,
        vault_length,
        tree,
        read_from,
        journal_healed,
        vault_healed,
        torn,
        tiles,
        record,
    })
}

/// Puts the journal right after a walk that reached the anchor, clears away what was cut short, and writes the anchor.
/// Answers with the anchor, the ranges that the journal got back from the store, and what went to `torn/`.
#[expect(clippy::type_complexity, reason = "three answers of one step, named by its callers")]
pub(super) fn settle_files(
    ground: &Ground,
    witnesses: &Witnesses,
    anchor: &Mark,
    walk: &Walk<'_>,
    log_id: Option<Hash>,
    helper: Option<&dyn Store>,
) -> Result<(AnchorWriter, Vec<(u64, u64)>, Vec<Torn>), LogError> {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let plan = heal::plan(walk, anchor.size);
    let torn = heal::apply(disk, paths, ground.settings.segment_bytes, walk, &plan, helper)?;
    heal::remove_asides(disk, paths)?;
    let anchored_id = log_id.filter(|_| anchor.size > 0);
    let found = witnesses.slots;
    let slots = AnchorWriter::establish(disk, &paths.anchor, found, anchor.size, anchor.root, anchored_id)?;
    elsewhere::remember(disk, paths)?;
    // A crash here leaves the journal whole and anchored; only the store may still lag.
    Ok((slots, plan.healed(), torn))
}

/// The open log, and what opening found.
fn assemble(
    ground: Ground,
    witnesses: Witnesses,
    anchor: &Mark,
    settled: Settled,
) -> Result<(Log, OpenReport), LogError> {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let displaced = derived::displace_checkpoint(disk, paths)?;
    let report = OpenReport {
        size: settled.tree.size(),
        read_from: settled.read_from,
        scrub: settled.record.clone(),
        anchored: anchor.size,
        read_only: false,
        sound_anchor_slots: witnesses.slots.iter().flatten().count(),
        checkpoint_problem: witnesses.checkpoint_problem,
        journal_healed: settled.journal_healed,
        vault_healed: settled.vault_healed,
        torn: settled.torn,
        store: settled.state,
        misplaced: derived::misplaced(disk, paths),
        displaced,
    };
    let segments = list_segments(disk, &paths.journal())?;
    let journal = JournalWriter::new(disk, &paths.journal(), ground.settings.segment_bytes, segments.last())?;
    let vault = open_vault(disk, paths)?;
    // Everything was mended by now that was noted before.
    let record = ScrubRecord { finding: None, ..settled.record };
    let scrubbed = Scrubbed::new(Some(Arc::clone(&ground.disk)), paths.scrub(), settled.log_id, record);
    let mut backend = idle(ground, settled.store, journal);
    backend.vault = vault;
    backend.head.vault_length = settled.vault_length;
    backend.anchor = Some(settled.slots);
    backend.head.anchored = Tip { size: anchor.size, root: anchor.root };
    backend.head.signed = witnesses.checkpoint;
    backend.tiles = settled.tiles;
    Ok((log_over(backend, settled.tree, settled.log_id, scrubbed), report))
}

/// Refuses where both copies of the vault check and say different things, and the store is otherwise as
/// good as the journal: then nothing here can tell which frames are right, for that takes the keys.
///
/// A store that does not reproduce the anchor by itself is set aside and rebuilt anyway; it has no say.
fn refuse_differing_vaults(
    disk: &dyn Disk,
    paths: &LogPaths,
    marks: &[Mark],
    store: Option<&dyn Store>,
    mut differing: Vec<(u64, u64)>,
) -> Result<(), LogError> {
    if differing.is_empty() {
        return Ok(());
    }
    let mut alone = Walk::new(disk, &[], marks, Prefer::Store);
    alone.run(store);
    let vouched = if alone.reached_anchor() { alone.vault_length } else { 0 };
    differing.retain(|(_, to)| *to <= vouched);
    if differing.is_empty() {
        return Ok(());
    }
    let places = differing.into_iter().map(|(from, to)| Place::Vault { from, to }).collect();
    Err(LogError::VaultsDiffer { path: paths.vault(), places })
}

/// Walks again, only as far as the vault is whole in either copy, and notes what is given up. Frames up to
/// the anchor are never given up.
fn give_up_sealed<'a>(
    walk: Walk<'a>,
    store: Option<&dyn Store>,
    anchored_vault: u64,
    lost: Vec<Damage>,
    given_up: &mut Vec<Damage>,
) -> Result<Walk<'a>, LogError> {
    let first = lost.iter().filter_map(|damage| match damage.place {
        Place::Vault { from, .. } => Some(from),
        Place::Indexes { .. } | Place::File { .. } => None,
    });
    let Some(limit) = first.min().filter(|from| *from >= anchored_vault) else {
        return Err(LogError::Damaged { damage: lost });
    };
    let mut shorter = Walk::new(walk.disk, walk.segments, walk.marks, walk.prefer);
    shorter.vault_limit = limit;
    shorter.run(store);
    if !shorter.reached_anchor() {
        return Err(LogError::Damaged { damage: lost });
    }
    shorter.finish();
    let reason = "their vault frames, or those of events before them, are damaged in both copies".to_owned();
    let place = Place::Indexes { from: shorter.tree.size(), to: walk.tree.size() };
    given_up.push(Damage { place, reason });
    given_up.extend(lost);
    Ok(shorter)
}

/// The store as it was opened while the journal was still in doubt.
pub(super) enum Opened {
    /// Where it lies: the journal alone reproduces the anchor, and the vault file needs no help.
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
pub(super) fn open_or_reason(opener: &dyn StoreOpener) -> Result<Result<Arc<dyn Store>, String>, LogError> {
    match opener.open_in_place() {
        Ok(store) => Ok(Ok(store)),
        // Whoever reads this is told what was done about it.
        Err(StoreError::Damaged { place, reason }) => Ok(Err(format!("damaged at {place}: {reason}"))),
        Err(error) => Err(error.into()),
    }
}

/// The store where it lies, after it was needed where it was opened, or why its files are of no use.
fn in_place(
    opener: &dyn StoreOpener,
    store: Option<Opened>,
) -> Result<Result<Arc<dyn Store>, String>, LogError> {
    match store {
        Some(Opened::InPlace(store)) => return Ok(Ok(store)),
        // A copy is closed before the original is opened.
        Some(Opened::Copy(copy)) => {
            drop(copy);
            opener.discard_copy()?;
        }
        None => {}
    }
    open_or_reason(opener)
}

/// Opens a copy of the store; `None` when even the copy's bytes are of no use. A failure of the machine
/// is an error: a copy that could not be made says nothing about the store.
fn open_copy(opener: &dyn StoreOpener) -> Result<Option<Arc<dyn Store>>, LogError> {
    match opener.open_copy() {
        Ok(store) => Ok(Some(store)),
        Err(StoreError::Damaged { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether the vault file is sound up to `length` without the store's help.
fn vault_stands_alone(disk: &dyn Disk, paths: &LogPaths, length: u64) -> Result<bool, LogError> {
    match vault_file::walk(disk, &paths.vault(), None, length, &mut |_| Ok(())) {
        Ok(walked) => Ok(!walked.healed),
        Err(LogError::Damaged { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads journal and vault, then the store, and finds a way through all that reproduces every mark.
fn find_way<'a>(
    disk: &'a dyn Disk,
    paths: &LogPaths,
    opener: &dyn StoreOpener,
    segments: &'a [Segment],
    marks: &'a [Mark],
    on_progress: &'a dyn Fn(u64),
) -> Result<(Walk<'a>, Option<Opened>), LogError> {
    let mut walk = Walk::new(disk, segments, marks, Prefer::Journal);
    walk.on_progress = Some(on_progress);
    walk.run(None);
    if walk.reached_anchor() && vault_stands_alone(disk, paths, walk.vault_length)? {
        let store = open_or_reason(opener)?.ok().map(Opened::InPlace);
        walk.run(store.as_deref());
        return Ok((walk, store));
    }
    // sled may cut its own file while it opens, and what it cuts may be all that is left.
    let store = open_copy(opener)?.map(Opened::Copy);
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
fn open_read_only(
    ground: Ground,
    opener: &dyn StoreOpener,
    segments: &[Segment],
    witnesses: &Witnesses,
) -> Result<(Log, OpenReport), LogError> {
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let no_checkpoint = witnesses.checkpoint_problem.is_none();
    let no_vault =
        disk.length(&paths.vault()).at("look at", &paths.vault())?.is_none_or(|length| length == 0);
    let store = open_copy(opener)?;
    let has_store = store.as_ref().is_some_and(|store| store.tip().is_ok_and(|tip| tip > 0));
    if no_checkpoint && no_vault && segments.is_empty() && !has_store {
        // Nothing was ever appended: at most, creating the log was interrupted.
        return Err(LogError::Missing { path: paths.dir.clone() });
    }
    let mut walk = Walk::new(disk, segments, &[], Prefer::Journal);
    walk.run(None);
    walk.finish();
    let whole = walk
        .pieces
        .iter()
        .all(|piece| matches!(piece.origin, Origin::Journal { offset: 0, .. }) && piece.to_segment_end);
    let clean = whole && walk.tail().is_empty() && walk.overlaps.is_empty();
    let (log_id, vault_length, tree) = (walk.log_id, walk.vault_length, walk.tree);
    let agrees = |store: &Arc<dyn Store>| clean && store.tip().is_ok_and(|tip| tip == tree.size());
    let store = store.filter(agrees).ok_or(LogError::ReadOnly)?;
    if vault_file::walk(disk, &paths.vault(), None, vault_length, &mut |_| Ok(()))?.healed {
        return Err(LogError::ReadOnly);
    }
    let (anchored, start) = (0, Start::default());
    let settling = Settling { ground: &ground, opener, segments, tree: &tree, vault_length, anchored, start };
    let hear = &mut |index, event: &[u8]| ground.notary.hear(index, event);
    settling.compare_only(&*store, hear)?.map_err(|_| LogError::ReadOnly)?;
    let scrub = Scrubbed::read(disk, &paths.scrub(), log_id);
    let report = OpenReport {
        size: tree.size(),
        read_from: 0,
        scrub: scrub.clone(),
        anchored: 0,
        read_only: true,
        sound_anchor_slots: 0,
        checkpoint_problem: witnesses.checkpoint_problem.clone(),
        journal_healed: Vec::new(),
        vault_healed: false,
        torn: Vec::new(),
        store: StoreState::Sound,
        misplaced: derived::misplaced(disk, paths),
        displaced: None,
    };
    let journal = JournalWriter::new(disk, &paths.journal(), ground.settings.segment_bytes, None)?;
    // Nothing is written here, also no finding.
    let scrubbed = Scrubbed::new(None, paths.scrub(), log_id, scrub);
    let mut backend = idle(ground.clone(), store, journal);
    backend.head.vault_length = vault_length;
    Ok((log_over(backend, tree, log_id, scrubbed), report))
}

/// The files of a log that is neither anchored nor signed nor has a vault.
fn idle(ground: Ground, store: Arc<dyn Store>, journal: JournalWriter) -> LocalBackend {
    let tiles = TileFile::new(ground.paths.tiles(), 0);
    let head = BackendHead { tip: Tip::empty(), vault_length: 0, anchored: Tip::empty(), signed: None };
    LocalBackend { ground, store, journal, tiles, vault: None, anchor: None, head, failed: None }
}

/// The log over these files, whose events the tree covers.
fn log_over(mut backend: LocalBackend, tree: Tree, log_id: Option<Hash>, scrubbed: Scrubbed) -> Log {
    backend.head.tip = Tip { size: tree.size(), root: tree.root() };
    let (head, notary, paths) =
        (backend.head, Arc::clone(&backend.ground.notary), backend.ground.paths.clone());
    let read_only = backend.anchor.is_none();
    let local =
        LocalReader::new(&backend.ground.disk, &paths, Some(Arc::clone(&backend.store)), scrubbed, None);
    let shared = Arc::new(Shared::new(Arc::clone(&local) as _, tree));
    let mut log = Log::over(Box::new(backend), notary, shared, head, log_id);
    log.upkeep = Some(Upkeep::new(local, paths));
    log.read_only = read_only;
    log
}

fn open_vault(disk: &dyn Disk, paths: &LogPaths) -> Result<Option<Box<dyn crate::disk::DiskFile>>, LogError> {
    let path = paths.vault();
    if disk.length(&path).at("look at", &path)?.is_none() {
        return Ok(None);
    }
    disk.open(&path).at("open", &path).map(Some)
}

/// Reads everything that says how long the log is; without a notary, what is signed is left out.
pub(in crate::log) fn gather(
    disk: &dyn Disk,
    notary: Option<&dyn Notary>,
    paths: &LogPaths,
    kept: Option<Mark>,
) -> Result<Witnesses, LogError> {
    let slots = elsewhere::slots(disk, paths)?;
    let mut marks: Vec<Mark> = kept.into_iter().collect();
    for (number, slot) in slots.iter().enumerate() {
        if let Some(slot) = slot {
            let witness = format!("slot {number} of {}", paths.anchor.display());
            marks.push(Mark { size: slot.size, root: slot.root, log_id: slot.log_id, witness });
        }
    }
    let (mut checkpoint, mut checkpoint_problem) = (None, None);
    match notary.map(|notary| stored_checkpoint(disk, notary, paths)).transpose()?.flatten() {
        Some(Ok(mark)) => {
            checkpoint = Some(mark.size);
            marks.push(mark);
        }
        Some(Err(reason)) => checkpoint_problem = Some(reason),
        None => {}
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

/// What the stored checkpoint says, or why it does not check; `None` where there is none.
fn stored_checkpoint(
    disk: &dyn Disk,
    notary: &dyn Notary,
    paths: &LogPaths,
) -> Result<Option<Result<Mark, String>>, LogError> {
    let path = paths.checkpoint();
    // What is no file is no checkpoint; it is named, and a writer moves it out of the way.
    if disk.kind(&path).at("look at", &path)?.is_some_and(|kind| kind != FileKind::File) {
        return Ok(None);
    }
    let bytes = match disk.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(LogError::Disk { operation: "read", path, source }),
    };
    let note = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned());
    let witness = path.display().to_string();
    let checked = note.and_then(|note| notary.check(&note));
    Ok(Some(checked.map(|(size, root)| Mark { size, root, log_id: None, witness })))
}

fn conflict_between(first: &Mark, second: &Mark) -> Result<(), LogError> {
    if first.size == second.size && first.root != second.root {
        let (first_name, second_name) = (first.witness.clone(), second.witness.clone());
        return Err(LogError::AnchorConflict { size: first.size, first: first_name, second: second_name });
    }
    Ok(())
}

/// Stores a signed checkpoint: aside, synced, renamed, directory synced.
pub(in crate::log) fn store_checkpoint(
    disk: &dyn Disk,
    paths: &LogPaths,
    note: &str,
) -> Result<(), LogError> {
    let path = paths.checkpoint();
    let aside = with_suffix(&path, ASIDE);
    let mut file = disk.open(&aside).at("create", &aside)?;
    file.set_length(0).at("empty", &aside)?;
    file.write_at(0, note.as_bytes()).at("write", &aside)?;
    file.sync().at("sync", &aside)?;
    // A crash here leaves the old checkpoint and a `.new` file; the note was not handed out.
    disk.rename(&aside, &path).at("rename", &aside)?;
    disk.sync_directory(&paths.dir).at("sync", &paths.dir)
    // A crash here leaves the new checkpoint, whose size is anchored.
}
