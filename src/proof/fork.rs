//! A checkpoint that the log signed, held against what it holds: a log that was put back to an older state and grew
//! anew leaves two histories under one key.

use jejak_events::checkpoint::Checkpoint;
use jejak_events::fault::Message;
use jejak_events::moment::{inside, sizes_around};
use jejak_events::record::Event;
use jejak_events::translation::told;

use crate::log::{LogError, LogReader, Place};

/// A checkpoint under the log's own key that an honest log never signs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fork {
    /// It is not of the tree that the log holds.
    #[error(
        "the checkpoint of size {size} is signed by this log but is not of the tree that it holds, of size {held}: \
         the log was put back to an older state and grew anew (a fork), or this is a copy that stayed behind"
    )]
    OtherTree {
        /// Size of the checkpoint.
        size: u64,
        /// Size of the log here.
        held: u64,
    },
    /// It is over a part of what was recorded together.
    #[error("the checkpoint of size {size} is signed by this log and never stood: {}", message.en)]
    Inside {
        /// Size of the checkpoint.
        size: u64,
        /// Which sizes there are around it.
        message: Message,
    },
}

impl Fork {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        let id = match self {
            Self::OtherTree { .. } => told(self),
            Self::Inside { size, message } => {
                format!(
                    "checkpoint berukuran {size} ditandatangani log ini dan tidak pernah ada: {}",
                    message.id
                )
            }
        };
        Message::new(id, self.to_string())
    }
}

/// Holds a checkpoint, whose signature the caller has verified, against the log.
///
/// # Errors
/// [`Fork`]; [`LogError`] when the log cannot be read.
pub fn hold<E: From<Fork> + From<LogError>>(reader: &LogReader, checkpoint: &Checkpoint) -> Result<(), E> {
    let size = checkpoint.size();
    if !reader.leads_through(size, checkpoint.root())? {
        return Err(Fork::OtherTree { size, held: reader.size() }.into());
    }
    let recorded = |index| {
        let event = Event::read(&reader.read(index)?);
        event.map(|event| event.recorded).map_err(|error| {
            LogError::damaged(Place::Indexes { from: index, to: index + 1 }, error.to_string())
        })
    };
    match sizes_around(size, reader.size(), recorded)? {
        None => Ok(()),
        Some(around) => Err(Fork::Inside { size, message: inside(size, &around) }.into()),
    }
}
