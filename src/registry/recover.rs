//! Recovering a registry: what is damaged is rebuilt from what is sound.
//!
//! Keys have two copies of their own and are healed line by line; a line that is damaged in both is gone
//! with everything sealed under it, and only a backup of the keys directory brings it back. Journal and
//! vault are healed from the store and the store from them, up to the anchor. A lost anchor is made anew
//! from the stored checkpoint or from one that somebody kept.
//!
//! Must never sign a root that the events do not reproduce, and never make a key.

use std::path::PathBuf;
use std::sync::Arc;

use jejak_events::fault::Message;

use super::open::checkpoint_signer;
use super::outcome::RegistryError;
use super::{Options, Registry};
use crate::log::{self, Damage, LogError, Notary};
use crate::vault::KeyFile;

/// What recovering did.
#[derive(Debug)]
pub struct RecoverReport {
    /// The log, with what was given up.
    pub log: log::RecoverReport,
    /// Copies of the keys file that were healed.
    pub healed_keys: Vec<PathBuf>,
    /// What is wrong with the stored state, which was not used.
    pub state_problems: Vec<Message>,
    /// The anchor was lost, and nobody has said that they know why.
    pub has_unknown_loss: bool,
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
    // Learns from the events which key signs, once they are right, and signs nothing before.
    let notary: Arc<dyn Notary> = Arc::new(checkpoint_signer(&keys, options)?);
    let log = log::recover(
        Arc::clone(&options.disk),
        &*options.store,
        notary,
        options.paths(),
        options.log,
        checkpoint,
        &|done, total| options.tell_log_opening(done, total),
    )
    .inspect_err(|_| options.discard_copy())
    .map_err(beyond)?;
    // Crash here: a log that is whole and anchored; opening goes on from it. It is opened and closed
    // once, so that keys, records and views are seen to fit, and only then are the keys healed.
    drop(keys);
    drop(lock);
    let registry = Registry::open(options)?;
    let healed_keys = registry.opened().healed_keys.clone();
    let state_problems = registry.opened().state.problems.clone();
    let has_unknown_loss = registry.access().report()?.has_unknown_loss();
    registry.close()?;
    Ok(RecoverReport { log, healed_keys, state_problems, has_unknown_loss })
}

/// What recovering cannot make again is no matter for recovering once more.
fn beyond(error: LogError) -> RegistryError {
    match error {
        LogError::Damaged { damage } => RegistryError::BeyondRecovery { damage: listed(&damage) },
        error => error.into(),
    }
}

fn listed(damage: &[Damage]) -> String {
    damage.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
