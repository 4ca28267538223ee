//! The largest cosigned checkpoint of a registry: what witnesses and auditors brought back.
//!
//! The log signs a checkpoint a second; a cosigner takes hours. So what they cosigned is kept in a file of its
//! own, `cosigned`, beside the checkpoint that moves on. It is made anew from the cosigners' own copies when it is
//! lost, and nothing else rests on it.
//!
//! This module must never keep a checkpoint that is not of the log's own tree, nor a cosignature that does not
//! check.

use std::path::{Path, PathBuf};

use jejak_events::checkpoint::{CheckpointError, SignedCheckpoint};
use jejak_events::log_keys::LogKeys;
use jejak_events::note::{NoteError, VerifierKey};
use jejak_events::policy::Policy;

use super::fork::{self, Fork};
use crate::disk::{Disk, FileKind, replace_durably};
use crate::log::{LogError, LogReader};

/// Name of the file in the data directory.
const FILE: &str = "cosigned";

/// Why nothing was added.
#[derive(Debug, thiserror::Error)]
pub enum CosignedError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The file failed.
    #[error("cannot {operation} {}: {source}", path.display())]
    Disk {
        /// What could not be done.
        operation: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What was brought is no checkpoint of this log, or has a signature that does not check.
    #[error("not a cosigned checkpoint of this log: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// What was brought is signed by the log, and not of its tree or of a size that it never had.
    #[error(transparent)]
    Fork(#[from] Fork),
    /// None of the witnesses that are listed cosigned what was brought.
    #[error("no witness that the policy lists cosigned this checkpoint")]
    Nobody,
    /// A larger one is kept already.
    #[error("a cosigned checkpoint of size {kept} is kept already; this one has size {size}")]
    Smaller {
        /// Size of what was brought.
        size: u64,
        /// Size of what is kept.
        kept: u64,
    },
}

/// What was kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The checkpoint, with every signature that is kept.
    pub signed: SignedCheckpoint,
    /// The witnesses whose cosignature is new, by their names in the policy.
    pub added: Vec<String>,
}

/// The cosigned checkpoint in a data directory, as the log signed it. `None` where there is none, and where what lies
/// there was altered: it holds nothing that the cosigners do not have, and must not stand in the way of the log's own
/// checkpoint.
///
/// # Errors
/// [`CosignedError::Disk`].
pub fn read(
    disk: &dyn Disk,
    directory: &Path,
    log_keys: &LogKeys,
) -> Result<Option<SignedCheckpoint>, CosignedError> {
    let path = directory.join(FILE);
    let failed = |operation| {
        let path = path.clone();
        move |source| CosignedError::Disk { operation, path, source }
    };
    // What is no file is named where the registry is opened.
    if disk.kind(&path).map_err(failed("look at"))? != Some(FileKind::File) {
        return Ok(None);
    }
    let bytes = disk.read(&path).map_err(failed("read"))?;
    Ok(SignedCheckpoint::parse(&bytes).ok().filter(|kept| log_keys.verify(kept).is_ok()))
}

/// Adds the cosignatures of the policy's witnesses under `brought` to what is kept. Signatures by others are left
/// out.
///
/// # Errors
/// See [`CosignedError`]; then what was kept before is kept.
pub fn add(
    disk: &dyn Disk,
    directory: &Path,
    reader: &LogReader,
    log_keys: &LogKeys,
    brought: &SignedCheckpoint,
    policy: &Policy,
) -> Result<Kept, CosignedError> {
    let checkpoint = log_keys.verify(brought)?;
    let size = checkpoint.size();
    fork::hold::<CosignedError>(reader, checkpoint)?;
    let mut cosigners = Vec::new();
    for witness in policy.witnesses() {
        match brought.cosigned_at(witness.key()) {
            Ok(time) => cosigners.push((witness, time)),
            Err(CheckpointError::Note(NoteError::NoKnownSignature)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if cosigners.is_empty() {
        return Err(CosignedError::Nobody);
    }
    let kept = read(disk, directory, log_keys)?;
    if let Some(kept) = &kept {
        // What the log signed of another tree is evidence of a fork: it is told, and neither built on nor replaced.
        fork::hold::<CosignedError>(reader, kept.unverified())?;
    }
    let kept_size = kept.as_ref().map(|kept| kept.unverified().size());
    if let Some(kept) = kept_size.filter(|kept| *kept > size) {
        return Err(CosignedError::Smaller { size, kept });
    }
    let mut signed = match kept {
        Some(kept) if kept.unverified() == checkpoint => kept,
        _ => {
            let own: Vec<&VerifierKey> = log_keys.signing(size).iter().map(|one| &one.key).collect();
            brought.only_by(&own)
        }
    };
    let mut added = Vec::new();
    for (witness, time) in cosigners {
        match signed.cosigned_at(witness.key()) {
            // Of two by one witness the later says more.
            Ok(held) if held >= time => continue,
            _ => signed = signed.without(witness.key()),
        }
        let own = brought.only_by(&[witness.key()]);
        for signature in own.note().signatures() {
            signed.add(signature.clone())?;
        }
        added.push(witness.name());
    }
    // Crash in it: what was kept before, or this; the cosigners have theirs in any case.
    let path = directory.join(FILE);
    let aside = directory.join(format!("{FILE}.new"));
    replace_durably(disk, &path, &aside, signed.to_string().as_bytes())
        .map_err(|source| CosignedError::Disk { operation: "write", path, source })?;
    Ok(Kept { signed, added })
}
