//! Recovering a registry: what is damaged is rebuilt from what is sound.
//!
//! Keys have two copies of their own and are healed line by line; a line that is damaged in both is gone
//! with everything sealed under it, and only a backup of the keys directory brings it back. Journal and
//! vault are healed from the store and the store from them, up to the anchor. A lost anchor is made anew
//! from the stored checkpoint or from one that somebody kept.
//!
//! Must never sign a root that the events do not reproduce, and never make a key.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::sync::Arc;

use jejak_events::record::Event;
use jejak_events::tree::Hash;
use jejak_events::types::Data;

use super::open::checkpoint_signer;
use super::outcome::RegistryError;
use super::{Options, Registry, Signer};
use crate::disk::Disk;
use crate::log::{self, Notary};
use crate::vault::KeyFile;

/// Longest first line of a journal that is read: an event and its line break.
const FIRST_LINE_BYTES: u64 = (log::LONGEST_EVENT_BYTES + 1) as u64;

/// What recovering did.
#[derive(Debug)]
pub struct RecoverReport {
    /// The log, with what was given up.
    pub log: log::RecoverReport,
    /// Copies of the keys file that were healed.
    pub healed_keys: Vec<PathBuf>,
}

/// Rebuilds what is damaged from what is sound, anchors and signs it. `checkpoint` is the text of a
/// checkpoint that somebody kept: it stands in for a lost anchor, and a log that is shorter is refused.
///
/// # Errors
/// When another process holds the directory; when a line of the keys file is damaged in both copies; as
/// [`log::recover`]. What cannot be recovered is left as it was.
pub fn recover(options: &Options, checkpoint: Option<&str>) -> Result<RecoverReport, RegistryError> {
    let lock = options.lock()?;
    let keys = KeyFile::read(Arc::clone(&options.disk), &options.keys_dir)?;
    let notary = LateNotary {
        signer: checkpoint_signer(&keys, options)?,
        disk: Arc::clone(&options.disk),
        journal: options.paths().journal(),
    };
    let log = log::recover(
        Arc::clone(&options.disk),
        &*options.store,
        Arc::new(notary),
        options.paths(),
        options.log,
        checkpoint,
        &|done, total| options.tell_log_opening(done, total),
    )
    .inspect_err(|_| options.discard_copy())?;
    // Crash here: a log that is whole and anchored; opening goes on from it. It is opened and closed
    // once, so that keys, records and views are seen to fit, and only then are the keys healed.
    drop(keys);
    drop(lock);
    let registry = Registry::open(options)?;
    let healed_keys = registry.opened().healed_keys.clone();
    registry.close()?;
    Ok(RecoverReport { log, healed_keys })
}

/// Signs under the origin that event 0 names, which it reads when it first signs: nothing is signed
/// before the journal is right.
struct LateNotary {
    signer: Signer,
    disk: Arc<dyn Disk>,
    journal: PathBuf,
}

impl LateNotary {
    fn learn_origin(&self) -> Result<(), String> {
        let names = self.disk.list(&self.journal).map_err(|error| error.to_string())?;
        let first = names.first().ok_or("the journal is empty, so the origin is not known")?;
        let path = self.journal.join(first);
        let failed = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
        let bytes = self.disk.read(&path).map_err(failed)?;
        let mut line = Vec::new();
        if first.ends_with(".zst") {
            let decoder = zstd::Decoder::new(&bytes[..]).map_err(failed)?;
            BufReader::new(decoder).take(FIRST_LINE_BYTES).read_until(b'\n', &mut line).map_err(failed)?;
        } else {
            (&bytes[..]).take(FIRST_LINE_BYTES).read_until(b'\n', &mut line).map_err(failed)?;
        }
        let event = Event::read(line.trim_ascii_end()).map_err(|error| format!("event 0: {error}"))?;
        let Data::RegistryOpened(opened) = &event.draft.data else {
            return Err("event 0 is not registry.opened; this is no log of this program".into());
        };
        let key = self.signer.name(&opened.origin).map_err(|error| error.to_string())?;
        if opened.keys.iter().any(|named| *named.vkey == key.to_string()) {
            return Ok(());
        }
        Err("the checkpoint key is not the one that event 0 names; give the right directory with --keys"
            .into())
    }
}

impl Notary for LateNotary {
    fn sign(&self, size: u64, root: Hash) -> Result<String, String> {
        if self.signer.verifier_key().is_none() {
            self.learn_origin()?;
        }
        self.signer.sign(size, root)
    }

    fn check(&self, note: &str) -> Result<(u64, Hash), String> {
        self.signer.check(note)
    }
}
