//! Hands out proofs that anyone can check offline.
//!
//! A proof is verified here, by the verifier's own code, before it leaves; nothing that does not check
//! is ever handed out.

use jejak_events::checkpoint::{CheckpointError, SignedCheckpoint};
use jejak_events::note::VerifierKey;
use jejak_events::prove::{ProveError, Prover};
use jejak_events::tile::Tile;
use jejak_events::tlog_proof::{TlogProof, TlogProofError};

use crate::log::{LogError, LogReader};
use crate::registry::{Options, Registry, RegistryError};

/// Why no proof was handed out.
#[derive(Debug, thiserror::Error)]
pub enum ProofFailure {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The checkpoint is not one of this log.
    #[error("the checkpoint of this log does not check: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The hashes could not be put together.
    #[error("cannot put the proof together: {0}")]
    Prove(#[from] ProveError<LogError>),
    /// What was put together does not verify, so it is not handed out.
    #[error("the proof was made and does not verify, so the log is damaged; run `jejak verify`: {0}")]
    NotVerified(#[from] TlogProofError),
}

/// Anchors everything that is committed and answers with the signed checkpoint over it.
///
/// # Errors
/// When the log failed, or its stored checkpoint cannot be read.
pub fn current_checkpoint(registry: &Registry, options: &Options) -> Result<String, RegistryError> {
    if let Some(fresh) = registry.checkpoint()? {
        return Ok(fresh);
    }
    // Nothing new since the last one, which lies beside the log.
    let path = options.paths().checkpoint();
    let file = |source| RegistryError::File { operation: "read", path: path.display().to_string(), source };
    let bytes = options.disk.read(&path).map_err(file)?;
    String::from_utf8(bytes).map_err(|error| {
        let source = std::io::Error::new(std::io::ErrorKind::InvalidData, error);
        RegistryError::File { operation: "read", path: path.display().to_string(), source }
    })
}

/// Proves that the event at `index` is in the tree of a signed checkpoint.
///
/// # Errors
/// [`LogError::OutOfRange`] past the checkpoint's size; whatever keeps the proof from verifying.
pub fn inclusion(
    reader: &LogReader,
    checkpoint: &str,
    key: &VerifierKey,
    index: u64,
) -> Result<TlogProof, ProofFailure> {
    let signed = SignedCheckpoint::parse(checkpoint.as_bytes())?;
    let size = signed.verify(key)?.size();
    if index >= size {
        return Err(LogError::OutOfRange { index, size }.into());
    }
    let entry = reader.read(index)?;
    let mut prover = Prover::new(size, |tile: Tile| tile_bytes(reader, tile));
    let proof = TlogProof::new(prover.inclusion(index, size)?, signed)?;
    proof.verify(&entry, key)?;
    Ok(proof)
}

/// A tile as a smaller tree had it: the log may have grown since.
fn tile_bytes(reader: &LogReader, tile: Tile) -> Result<Vec<u8>, LogError> {
    let hashes = reader.tile(tile.level(), tile.index())?;
    Ok(hashes.iter().take(usize::from(tile.width())).flat_map(|hash| hash.0).collect())
}
