//! A log that was put back to an older state and grew anew: two histories under one key.

use jejak_events::checkpoint::Checkpoint;
use jejak_events::fault::Message;

use crate::log::{LogError, LogReader};

/// A checkpoint that this log signed, and that is not of the tree it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the checkpoint of size {size} is signed by this log but is not of the tree that it holds, of size {held}: \
     the log was put back to an older state and grew anew (a fork), or this is a copy that stayed behind"
)]
pub struct Fork {
    /// Size of the checkpoint.
    pub size: u64,
    /// Size of the log here.
    pub held: u64,
}

impl Fork {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        let Self { size, held } = self;
        Message::new(
            format!(
                "checkpoint berukuran {size} ditandatangani log ini, tetapi bukan dari pohon yang ada di sini \
                 ({held} peristiwa): log pernah dikembalikan ke keadaan lama lalu tumbuh lagi, atau ini salinan yang tertinggal"
            ),
            self.to_string(),
        )
    }
}

/// Holds a checkpoint, whose signature the caller has verified, against the tree of the log.
///
/// # Errors
/// [`Fork`]; [`LogError`] when the log cannot be read.
pub fn hold<E: From<Fork> + From<LogError>>(reader: &LogReader, checkpoint: &Checkpoint) -> Result<(), E> {
    if reader.leads_through(checkpoint.size(), checkpoint.root())? {
        return Ok(());
    }
    Err(Fork { size: checkpoint.size(), held: reader.size() }.into())
}
