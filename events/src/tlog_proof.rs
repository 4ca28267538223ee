//! Proof files: everything needed to check, without a network, that an entry is in a log. The text format
//! is C2SP *tlog-proof*; files end in `.tlog-proof`.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! index 1
//! <base64 of the leaf's sibling hash>
//! <base64 of the next hash up, and so on, up to the root's child>
//!
//! <the signed checkpoint>
//! ```
//!
//! What a verifier learns: the log whose key it trusts signed a tree that has exactly these bytes at this
//! index. It does not learn that the entry is still in force (later entries may correct or retract it),
//! that others are shown the same tree unless it also asks for cosignatures, or that what the entry
//! states is true.
//!
//! This module must never act on the `extra` line: nothing authenticates it.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint, parse_decimal};
use crate::note::VerifierKey;
use crate::proof::{InclusionProof, ProofError};
use crate::tree::{Hash, leaf_hash};

#[cfg(test)]
mod tests;

/// First line of every proof file.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Most hash lines that are read: a tree of 2^64 leaves has no longer path.
const MAX_HASHES: usize = 64;

/// Why a proof file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// The first line is not [`HEADER`].
    #[error("line 1 is not `c2sp.org/tlog-proof@v1`: this is no proof file, or of another version")]
    Header,
    /// The proof part is not UTF-8.
    #[error("the proof is not UTF-8 at byte {offset}")]
    NotUtf8 {
        /// Offset of the first wrong byte.
        offset: usize,
    },
    /// The `extra` line has no canonical base64.
    #[error("line 2, `extra`, is malformed: expected base64 of at least one byte")]
    Extra,
    /// The `index` line is missing or malformed.
    #[error("line {line} is no index: expected `index <decimal number without leading zeroes>`")]
    Index {
        /// Line number, from 1.
        line: usize,
    },
    /// A line is not a hash.
    #[error("line {line} is no hash: expected the base64 of 32 bytes, or a blank line before the checkpoint")]
    HashLine {
        /// Line number, from 1.
        line: usize,
    },
    /// There are more hashes than any tree can need.
    #[error("the proof has more than 64 hashes, which no tree needs")]
    TooManyHashes,
    /// The blank line before the checkpoint is missing.
    #[error("the proof ends without a blank line and a checkpoint: it is cut short")]
    NoCheckpoint,
    /// Inclusion proof and checkpoint are of different trees.
    #[error(
        "the inclusion proof is for size {proof}, the checkpoint for size {checkpoint}: make one for both"
    )]
    Size {
        /// Size of the inclusion proof.
        proof: u64,
        /// Size of the checkpoint.
        checkpoint: u64,
    },
    /// The checkpoint was refused.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The inclusion proof was refused.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl TlogProofError {
    /// The stable name of this error, for test vectors and machine-readable output. Errors of the
    /// checkpoint and the inclusion proof keep theirs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Header => "tlog_proof_header",
            Self::NotUtf8 { .. } => "not_utf8",
            Self::Extra => "tlog_proof_extra",
            Self::Index { .. } => "tlog_proof_index",
            Self::HashLine { .. } => "tlog_proof_hash",
            Self::TooManyHashes => "tlog_proof_too_many_hashes",
            Self::NoCheckpoint => "tlog_proof_no_checkpoint",
            Self::Size { .. } => "tlog_proof_size",
            Self::Checkpoint(error) => error.name(),
            Self::Proof(error) => error.name(),
        }
    }
}

/// A proof file in good form, not verified. Printed exactly as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    extra: Option<Vec<u8>>,
    index: u64,
    hashes: Vec<Hash>,
    checkpoint: SignedCheckpoint,
}

impl TlogProof {
    /// A proof file, without extra data, from an inclusion proof and a checkpoint of the same size.
    /// Neither is verified.
    ///
    /// # Errors
    /// [`TlogProofError::Size`] when the sizes differ.
    pub fn new(proof: InclusionProof, checkpoint: SignedCheckpoint) -> Result<Self, TlogProofError> {
        let size = checkpoint.unverified().size();
        if proof.size != size {
            return Err(TlogProofError::Size { proof: proof.size, checkpoint: size });
        }
        Ok(Self { extra: None, index: proof.index, hashes: proof.hashes, checkpoint })
    }

    /// The same file with opaque extra bytes; none at all drops the line.
    #[must_use]
    pub fn with_extra(self, extra: Vec<u8>) -> Self {
        Self { extra: Some(extra).filter(|extra| !extra.is_empty()), ..self }
    }

    /// Reads a proof file. The form is checked, nothing is verified: see [`TlogProof::verify`].
    ///
    /// # Errors
    /// [`TlogProofError`] for any line in wrong form.
    pub fn parse(bytes: &[u8]) -> Result<Self, TlogProofError> {
        let text =
            str::from_utf8(bytes).map_err(|error| TlogProofError::NotUtf8 { offset: error.valid_up_to() })?;
        let mut lines = Lines { rest: text, number: 0 };
        if lines.next() != Some(HEADER) {
            return Err(TlogProofError::Header);
        }
        let mut line = lines.next();
        let mut extra = None;
        if let Some(base64) = line.and_then(|line| line.strip_prefix("extra ")) {
            let bytes = BASE64_STANDARD.decode(base64).ok().filter(|bytes| !bytes.is_empty());
            extra = Some(bytes.ok_or(TlogProofError::Extra)?);
            line = lines.next();
        }
        let index = line
            .and_then(|line| line.strip_prefix("index "))
            .and_then(parse_decimal)
            .ok_or(TlogProofError::Index { line: lines.number })?;
        let mut hashes = Vec::new();
        loop {
            let line = lines.next().ok_or(TlogProofError::NoCheckpoint)?;
            if line.is_empty() {
                break;
            }
            if hashes.len() == MAX_HASHES {
                return Err(TlogProofError::TooManyHashes);
            }
            hashes.push(Hash::from_base64(line).ok_or(TlogProofError::HashLine { line: lines.number })?);
        }
        Ok(Self { extra, index, hashes, checkpoint: SignedCheckpoint::parse(lines.rest.as_bytes())? })
    }

    /// Index of the entry that the file speaks of.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Opaque bytes that came with the proof. **Not authenticated**: anybody may have changed them.
    #[must_use]
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The checkpoint with its signatures, for asking after cosignatures.
    #[must_use]
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// Checks that the log of `log_key` signed a tree with exactly the bytes `entry` at [`Self::index`],
    /// and returns what it signed.
    ///
    /// # Errors
    /// [`TlogProofError::Checkpoint`] first, then [`TlogProofError::Proof`].
    pub fn verify(&self, entry: &[u8], log_key: &VerifierKey) -> Result<&Checkpoint, TlogProofError> {
        let checkpoint = self.checkpoint.verify(log_key)?;
        let proof =
            InclusionProof { index: self.index, size: checkpoint.size(), hashes: self.hashes.clone() };
        proof.verify(&leaf_hash(entry), &checkpoint.root())?;
        Ok(checkpoint)
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64_STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Takes complete lines off a text; an unfinished last line is none.
struct Lines<'text> {
    rest: &'text str,
    /// Number of the line last asked for, from 1.
    number: usize,
}

impl<'text> Lines<'text> {
    fn next(&mut self) -> Option<&'text str> {
        self.number += 1;
        let (line, rest) = self.rest.split_once('\n')?;
        self.rest = rest;
        Some(line)
    }
}
