//! What a cosigner remembers: the last checkpoint of each log that it cosigned.
//!
//! A cosignature asserts that its cosigner has seen no larger and no other consistent tree of that log. So the
//! checkpoint is remembered, durably, *before* the cosignature leaves: a crash in between costs a cosignature
//! that nobody got, and cosigning the same checkpoint again is fine.
//!
//! This module must never give out a cosignature that its state would not remember after a power cut.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jejak_events::checkpoint::{CheckpointError, SignedCheckpoint};
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::note::NoteError;
use sha2::{Digest, Sha256};

use super::Audit;
use crate::disk::{Disk, create_directory_durably, replace_durably};
use crate::log::{DirectoryLock, LogError};

/// Why nothing was cosigned.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// Another process holds the state, or it cannot be held.
    #[error(transparent)]
    Held(#[from] LogError),
    /// A file of the state failed.
    #[error("cannot {operation} {}: {source}", path.display())]
    Disk {
        /// What could not be done.
        operation: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    /// The state is not what this cosigner wrote.
    #[error(
        "{} is not a checkpoint that the key `{key}` cosigned: {reason}. Without it nobody can tell what was cosigned \
         before; bring it back from a copy",
        path.display()
    )]
    State {
        path: PathBuf,
        /// Name of the cosigner's key.
        key: String,
        reason: String,
    },
    /// The log is not sound, so nothing is signed.
    #[error("the audit found the log wrong; nothing is signed")]
    Unsound,
    /// The log's key was not brought by the auditor.
    #[error("name the log's key by --log-vkey or --policy: a cosigner must not learn it from the log itself")]
    KeyNotKnown,
    /// The signature cannot be made.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signature cannot be added.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// The remembered checkpoints of one cosigner, held against other processes.
#[derive(Debug)]
pub struct CosignerState {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    /// Absent where no other process can see the directory.
    _lock: Option<DirectoryLock>,
}

impl CosignerState {
    /// Opens the directory of a cosigner's state, and makes it where there is none.
    ///
    /// # Errors
    /// [`CosignError::Held`], [`CosignError::Disk`].
    pub fn open(disk: Arc<dyn Disk>, directory: &Path, hold: bool) -> Result<Self, CosignError> {
        create_directory_durably(&*disk, directory).map_err(failed("create", directory))?;
        let lock = hold.then(|| DirectoryLock::acquire(directory, Duration::ZERO, &|_| {})).transpose()?;
        Ok(Self { disk, directory: directory.to_owned(), _lock: lock })
    }

    /// One file for each log: an origin may have any characters, its hash has none that a path minds.
    fn path(&self, origin: &str) -> PathBuf {
        let hash = Sha256::digest(origin);
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        self.directory.join(format!("{hex}.checkpoint"))
    }

    /// The last checkpoint of a log that `signer` cosigned; `None` when it never did.
    ///
    /// # Errors
    /// [`CosignError::State`] when what lies there was not cosigned by this key.
    pub fn last(
        &self,
        origin: &str,
        signer: &CosignatureSigner,
    ) -> Result<Option<SignedCheckpoint>, CosignError> {
        let path = self.path(origin);
        if self.disk.length(&path).map_err(failed("look at", &path))?.is_none() {
            return Ok(None);
        }
        let bytes = self.disk.read(&path).map_err(failed("read", &path))?;
        let key = signer.verifier_key();
        let read = SignedCheckpoint::parse(&bytes).map_err(|error| error.to_string());
        let read = read.and_then(|signed| {
            signed.cosigned_at(key).map_err(|error| error.to_string())?;
            if signed.unverified().origin() != origin {
                return Err(format!("it is of `{}`", signed.unverified().origin()));
            }
            Ok(signed)
        });
        let key = key.name().to_owned();
        read.map(Some).map_err(|reason| CosignError::State { path, key, reason })
    }

    /// Cosigns the checkpoint of an audit at a time, in seconds since 1970, and remembers it first.
    ///
    /// The audit was held against [`CosignerState::last`], as one of the checkpoints that were kept.
    ///
    /// # Errors
    /// [`CosignError`]; then nothing was given out.
    pub fn cosign(
        &self,
        audit: &Audit,
        signer: &CosignatureSigner,
        time: u64,
    ) -> Result<SignedCheckpoint, CosignError> {
        if !audit.is_sound() {
            return Err(CosignError::Unsound);
        }
        let log_key =
            audit.log_key.as_ref().filter(|_| audit.key_is_known).ok_or(CosignError::KeyNotKnown)?;
        let origin = audit.checkpoint().origin();
        if let Some(last) = self.last(origin, signer)? {
            let held = audit.replayed.roots.get(&last.unverified().size());
            if held != Some(&last.unverified().root()) {
                return Err(CosignError::Unsound);
            }
        }
        // The log's own signatures (two at a handover) and ours: what others add, they add to what is handed out.
        let signing = audit.replayed.log_keys.signing(audit.checkpoint().size());
        let own: Vec<_> = signing.iter().map(|one| &one.key).chain([log_key]).collect();
        let mut cosigned = audit.signed.only_by(&own);
        cosigned.add(signer.cosign(&cosigned, time)?)?;
        self.keep(&cosigned)?;
        Ok(cosigned)
    }

    fn keep(&self, cosigned: &SignedCheckpoint) -> Result<(), CosignError> {
        let path = self.path(cosigned.unverified().origin());
        let aside = path.with_extension("new");
        // Crash in it: either state, and nothing was given out.
        replace_durably(&*self.disk, &path, &aside, cosigned.to_string().as_bytes())
            .map_err(failed("write", &path))
    }
}

fn failed(operation: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> CosignError {
    let path = path.to_owned();
    move |source| CosignError::Disk { operation, path, source }
}
