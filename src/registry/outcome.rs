//! What became of a proposal, and what kept the registry from saying.

use std::sync::Arc;

use jejak_events::fault::Refusal;
use jejak_events::identity::EventId;
use schemars::JsonSchema;
use serde::Serialize;

use super::stamp::ClockError;
use crate::disk::FileError;
use crate::log::LogError;
use crate::readmodel::ReadError;
use crate::rules::Notice;
use crate::vault::attachments::EvidenceError;
use crate::vault::{KeyError, VaultError};
use jejak_projections::error::ReadFailure;

/// What became of one proposal; one line of JSON for a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Outcome {
    /// It stands in the log, durable, at this index; in a dry run it would.
    Recorded {
        /// Its id.
        id: EventId,
        /// Its index.
        index: u64,
        /// Days between the fact and its recording, when more than 30.
        #[serde(skip_serializing_if = "Option::is_none")]
        late_days: Option<i64>,
        /// Whether it stood there before: the same proposal, sent again.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        repeated: bool,
        /// What is unusual about it and may be right, late recording among it; of what stood there before, as it
        /// looks by now.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        notices: Vec<Notice>,
    },
    /// The rules said no; nothing was recorded.
    Refused {
        /// Its id, where one could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// Why.
        refused: Refusal,
    },
}

impl Outcome {
    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused { refused, .. } => Some(refused),
            Self::Recorded { .. } => None,
        }
    }

    /// What is unusual about what was recorded.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        match self {
            Self::Recorded { notices, .. } => notices,
            Self::Refused { .. } => &[],
        }
    }

    /// The index, if it stands in the log.
    #[must_use]
    pub fn index(&self) -> Option<u64> {
        match self {
            Self::Recorded { index, .. } => Some(*index),
            Self::Refused { .. } => None,
        }
    }
}

impl From<ReadError> for RegistryError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Log(error) => Self::Log(error),
            record @ ReadError::Record { .. } => Self::Unreadable(record.to_string()),
        }
    }
}

impl From<ReadFailure> for RegistryError {
    fn from(error: ReadFailure) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// The machine failed. What the rules would say is not known.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The log failed; its message says whether the events may be in it.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The keys file failed. The events were not appended.
    #[error("the keys cannot be used, and nothing was changed: {0}")]
    Keys(#[from] KeyError),
    /// The vault failed.
    #[error("the vault failed: {0}")]
    Vault(#[from] VaultError),
    /// A file of evidence failed.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The clock cannot be right. Nothing was appended.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// Part of the past could not be read. Nothing was appended.
    #[error("the log cannot be read: {0}")]
    Unreadable(String),
    /// A group of requests failed together; each is told the same.
    #[error("{0}")]
    Group(Arc<RegistryError>),
    /// The writer ended, or the vault's index failed, after the events may have been written.
    #[error(
        "it is not known whether the events were recorded ({0}); reopen the registry and send them again: what stands in the log answers with its index"
    )]
    OutcomeUnknown(String),
    /// The writer is gone; nothing of this call was recorded.
    #[error("the registry is closed or stopped after a failure; reopen it")]
    Closed,
    /// Recovering found damage that no copy makes good. Nothing was changed.
    #[error(
        "the log is damaged in all its copies here: {damage}; nothing was changed, and no copy here \
         mends it: put these files back from a backup, or take a copy of the registry that is kept elsewhere"
    )]
    BeyondRecovery {
        /// Every place that was found.
        damage: String,
    },
    /// The directory holds no finished registry.
    #[error("{path} holds no registry; make one with `jejak init`, or name another with --dir")]
    NotInitialised {
        /// The directory.
        path: String,
    },
    /// The directory holds a registry already.
    #[error("{path} holds a registry already; choose another directory with --dir")]
    Exists {
        /// The directory.
        path: String,
    },
    /// The keys are not those of the log.
    #[error("the keys in {path} are not those that event 0 names; give the right directory with --keys")]
    ForeignKeys {
        /// The keys directory.
        path: String,
    },
    /// The keys are older than the last rotation of a key.
    #[error(
        "the keys in {path} lack the key that event {index} introduced: they are older than the \
         registry; restore the newer keys directory"
    )]
    KeyMissing {
        /// The keys directory.
        path: String,
        /// The event that introduced the key.
        index: u64,
    },
    /// The keys directory holds keys that this init did not make.
    #[error(
        "{path} holds the keys of another registry, or of another init that was cut short; \
         choose an empty keys directory with --keys"
    )]
    KeysTaken {
        /// The keys directory.
        path: String,
    },
    /// The keys are older than the vault. Nothing was changed in the keys directory.
    #[error(
        "the {group} fields of event {index} are sealed with a key that {path} never had: \
         its keys are older than the registry; restore the newer keys directory"
    )]
    KeysBehind {
        /// The keys directory.
        path: String,
        /// The first event that names such a key.
        index: u64,
        /// Which of its fields.
        group: jejak_events::sealed::Group,
    },
    /// A file beside the log could not be written or read.
    #[error("cannot {operation} {path}: {source}")]
    File {
        /// What was tried.
        operation: &'static str,
        /// On which file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl From<FileError> for RegistryError {
    fn from(FileError { operation, path, source }: FileError) -> Self {
        Self::File { operation, path, source }
    }
}

impl RegistryError {
    /// Whether another writer has taken over: nothing of the call was recorded, and nothing is lost.
    #[must_use]
    pub fn has_stood_down(&self) -> bool {
        match self {
            Self::Log(LogError::StoodDown { .. }) => true,
            Self::Group(error) => error.has_stood_down(),
            _ => false,
        }
    }

    /// The system gave no random bytes, which ids, keys and salts are made of.
    pub(crate) fn randomness(source: std::io::Error) -> Self {
        Self::File { operation: "read", path: "the randomness of the system".into(), source }
    }
}
