//! Hands out proofs that anyone can check offline.
//!
//! A proof is verified here, by the verifier's own code, before it leaves; nothing that does not check
//! is ever handed out.

use std::fmt;

use jejak_events::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use jejak_events::log_keys::LogKeys;
use jejak_events::note::NoteError;
use jejak_events::proof::{ConsistencyProof, ProofError};
use jejak_events::prove::{ProveError, Prover};
use jejak_events::tile::Tile;
use jejak_events::tlog_proof::{TlogProof, TlogProofError};

use super::cosigned::{self, CosignedError};
use super::fork::{self, Fork};
use crate::log::{LogError, LogReader};
use crate::registry::{LogReading, Options};

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
    /// The same of a consistency proof.
    #[error("the proof was made and does not verify, so the log is damaged; run `jejak verify`: {0}")]
    NotConsistent(#[from] ProofError),
    /// A checkpoint of another tree under the same key, or of a size that the log never had.
    #[error(transparent)]
    Fork(#[from] Fork),
    /// The checkpoints come the wrong way round.
    #[error("the checkpoint of size {new} cannot extend the one of size {old}: swap them")]
    Backward {
        /// Size of the one said to be earlier.
        old: u64,
        /// Size of the one said to be later.
        new: u64,
    },
}

/// Why there is no checkpoint to hand out.
#[derive(Debug, thiserror::Error)]
pub enum NoCheckpoint {
    /// Nothing was signed yet, or what is stored does not check.
    #[error("no signed checkpoint of this log is here; whoever writes signs one with the next event")]
    NeverSigned,
    /// The cosigned checkpoint cannot be read.
    #[error(transparent)]
    Cosigned(#[from] CosignedError),
    /// Nobody has cosigned one, or what was kept of it was altered.
    #[error("no cosigned checkpoint is kept; have one cosigned (`jejak audit`) and add it (`jejak cosign`)")]
    NeverCosigned,
}

/// The newest signed checkpoint of a log, under every signature that is kept of it.
///
/// # Errors
/// [`NoCheckpoint::NeverSigned`]; [`NoCheckpoint::Cosigned`] when the disk fails.
pub fn current_checkpoint(log: &LogReading, options: &Options) -> Result<String, NoCheckpoint> {
    let own = log.checkpoint().ok_or(NoCheckpoint::NeverSigned)?;
    let cosigned = cosigned::read(&*options.disk, &options.dir, log.log_keys())?;
    let same = cosigned.filter(|cosigned| {
        SignedCheckpoint::parse(own.as_bytes()).is_ok_and(|own| own.unverified() == cosigned.unverified())
    });
    Ok(same.map_or_else(|| own.to_owned(), |cosigned| cosigned.to_string()))
}

/// The largest cosigned checkpoint that is kept.
///
/// # Errors
/// [`NoCheckpoint::NeverCosigned`]; [`NoCheckpoint::Cosigned`] when the disk fails.
pub fn cosigned_checkpoint(log: &LogReading, options: &Options) -> Result<String, NoCheckpoint> {
    let cosigned = cosigned::read(&*options.disk, &options.dir, log.log_keys())?;
    Ok(cosigned.ok_or(NoCheckpoint::NeverCosigned)?.to_string())
}

/// Proves that the event at `index` is in the tree of a checkpoint that is signed by the keys of its size.
///
/// # Errors
/// [`LogError::OutOfRange`] past the checkpoint's size; whatever keeps the proof from verifying.
pub fn inclusion(
    reader: &LogReader,
    checkpoint: &str,
    keys: &LogKeys,
    index: u64,
) -> Result<TlogProof, ProofFailure> {
    let signed = SignedCheckpoint::parse(checkpoint.as_bytes())?;
    let size = keys.verify(&signed)?.size();
    if index >= size {
        return Err(LogError::OutOfRange { index, size }.into());
    }
    let entry = reader.read(index)?;
    let mut prover = Prover::new(size, |tile: Tile| tile_bytes(reader, tile));
    let proof = TlogProof::new(prover.inclusion(index, size)?, signed)?;
    let key = keys.at(size).ok_or(CheckpointError::Note(NoteError::NoKnownSignature))?;
    proof.verify(&entry, key)?;
    Ok(proof)
}

/// Two checkpoints of one log, and the proof that the later extends the earlier.
///
/// Written out it is the body of an *add-checkpoint* request of C2SP *tlog-witness*: the line `old <size>`,
/// a hash on each line, a blank line, the later checkpoint. A witness takes it as it is.
#[derive(Clone, Debug)]
pub struct Consistency {
    /// What was held before.
    pub old: Checkpoint,
    /// What extends it.
    pub new: Checkpoint,
    /// The hashes.
    pub proof: ConsistencyProof,
    /// The later checkpoint as it was signed.
    pub signed: SignedCheckpoint,
}

impl fmt::Display for Consistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old.size())?;
        for hash in &self.proof.hashes {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.signed)
    }
}

/// Proves that one signed checkpoint of this log extends another.
///
/// # Errors
/// [`ProofFailure::Checkpoint`] when one is not signed by this log, [`ProofFailure::Fork`] when the later
/// does not extend the earlier or one of them is not of this log's tree.
pub fn consistency(
    reader: &LogReader,
    old: &str,
    new: &str,
    keys: &LogKeys,
) -> Result<Consistency, ProofFailure> {
    let old = keys.verify(&SignedCheckpoint::parse(old.as_bytes())?)?.clone();
    let signed = SignedCheckpoint::parse(new.as_bytes())?;
    let new = keys.verify(&signed)?.clone();
    for one in [&old, &new] {
        fork::hold::<ProofFailure>(reader, one)?;
    }
    if old.size() > new.size() {
        return Err(ProofFailure::Backward { old: old.size(), new: new.size() });
    }
    let mut prover = Prover::new(new.size(), |tile: Tile| tile_bytes(reader, tile));
    let proof = prover.consistency(old.size(), new.size())?;
    proof.verify(&old.root(), &new.root())?;
    Ok(Consistency { old, new, proof, signed })
}

/// A tile as a smaller tree had it: the log may have grown since.
fn tile_bytes(reader: &LogReader, tile: Tile) -> Result<Vec<u8>, LogError> {
    let hashes = reader.tile(tile.level(), tile.index())?;
    Ok(hashes.iter().take(usize::from(tile.width())).flat_map(|hash| hash.0).collect())
}
