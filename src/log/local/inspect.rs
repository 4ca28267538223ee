//! Checks every file of a log against the others, each copy on its own, and changes nothing.
//!
//! Opening heals, and so hides which copy was at fault; inspecting tells. Must never write.

use jejak_events::tree::Hash;
use std::sync::Arc;

use super::Ground;
use super::journal::list_segments;
use super::open::gather;
use super::settle::Settling;
use super::tail::Start;
use super::vault_file;
use super::walk::{Prefer, Walk};
use crate::disk::Disk;
use crate::log::error::{Damage, LogError, Place};
use crate::log::{LogPaths, LogSettings, Notary, StoreOpener};

/// What is right and wrong with a log that is not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Number of events that the journal alone holds whole and in order.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// Size of the anchor; `None` when anchor and checkpoint are gone.
    pub anchored: Option<u64>,
    /// Slots of the anchor that check, of 2.
    pub sound_anchor_slots: usize,
    /// What is wrong with the stored checkpoint, if it is there and does not check.
    pub checkpoint_problem: Option<String>,
    /// What is wrong with the journal by itself.
    pub journal: Vec<Damage>,
    /// What is wrong with the vault file by itself.
    pub vault: Vec<Damage>,
    /// How the store differs from journal and vault file; also when the journal is too damaged to compare.
    pub store: Option<String>,
}

impl Inspection {
    /// Whether nothing at all is wrong. An anchor older than the journal is not wrong: opening anchors.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let files_sound = self.journal.is_empty() && self.vault.is_empty() && self.store.is_none();
        files_sound && self.sound_anchor_slots == 2 && self.checkpoint_problem.is_none()
    }
}

/// Inspects a log that no process has open. `visit` sees every event that the journal holds, in order,
/// if journal and store agree. The store is opened as a copy.
///
/// # Errors
/// [`LogError::AnchorConflict`]; [`LogError::Disk`] and [`LogError::Store`] when something cannot be read.
/// Damage is not an error here.
pub fn inspect(
    disk: Arc<dyn Disk>,
    opener: &dyn StoreOpener,
    notary: Arc<dyn Notary>,
    paths: LogPaths,
    settings: LogSettings,
    visit: &mut dyn FnMut(u64, &[u8]),
) -> Result<Inspection, LogError> {
    let ground = Ground { disk, notary, paths, settings };
    let (disk, paths) = (&*ground.disk, &ground.paths);
    let witnesses = gather(disk, Some(&*ground.notary), paths, None)?;
    let segments = list_segments(disk, &paths.journal())?;
    let mut walk = Walk::new(disk, &segments, &witnesses.marks, Prefer::Journal);
    walk.run(None);
    let mut journal = walk.damage(None);
    if journal.is_empty() {
        journal.extend(walk.tail().into_iter().map(|(segment, offset)| Damage {
            place: Place::File { path: segments[segment].path.clone(), offset },
            reason: "these bytes are no whole commit".to_owned(),
        }));
    }
    let vault = match vault_file::walk(disk, &paths.vault(), None, walk.vault_length, &mut |_| Ok(())) {
        Ok(_) => Vec::new(),
        Err(LogError::Damaged { damage }) => damage,
        Err(error) => return Err(error),
    };
    let anchored = witnesses.marks.last().map(|mark| mark.size);
    let (tree, vault_length) = (walk.tree, walk.vault_length);
    let store = if !journal.is_empty() || !walk.overlaps.is_empty() {
        Some("it was not compared, because the journal is not in order".to_owned())
    } else {
        match opener.open_copy() {
            Ok(store) => {
                let anchored = anchored.unwrap_or(0);
                let settling = Settling {
                    ground: &ground,
                    opener,
                    segments: &segments,
                    tree: &tree,
                    vault_length,
                    anchored,
                    start: Start::default(),
                };
                settling.compare_only(&*store, visit)?.err()
            }
            Err(error) => Some(error.to_string()),
        }
    };
    opener.discard_copy()?;
    Ok(Inspection {
        size: tree.size(),
        root: tree.root(),
        anchored,
        sound_anchor_slots: witnesses.slots.iter().flatten().count(),
        checkpoint_problem: witnesses.checkpoint_problem,
        journal,
        vault,
        store,
    })
}
