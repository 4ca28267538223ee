//! What can go wrong with the log, told apart by what the caller may conclude.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use super::local::store::StoreError;

/// One damaged place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where it is.
    pub place: Place,
    /// What is wrong there.
    pub reason: String,
}

/// A place in the log's two copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Events from `from` up to, not including, `to`.
    Indexes {
        /// First index.
        from: u64,
        /// One past the last index.
        to: u64,
    },
    /// A byte of a file.
    File {
        /// The file.
        path: PathBuf,
        /// Offset in bytes; of a compressed segment, in its decompressed text.
        offset: u64,
    },
    /// Bytes of the vault from `from` up to, not including, `to`.
    Vault {
        /// First offset.
        from: u64,
        /// One past the last offset.
        to: u64,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Indexes { from, to } if *to == from + 1 => write!(f, "index {from}"),
            Self::Indexes { from, to } => write!(f, "indexes {from} to {}", to.saturating_sub(1)),
            Self::File { path, offset } => write!(f, "{} at byte {offset}", path.display()),
            Self::Vault { from, to } => write!(f, "vault bytes {from} to {}", to.saturating_sub(1)),
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Writes a list of damages in one line.
struct Listed<'a>(&'a [Damage]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, damage) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{damage}")?;
        }
        Ok(())
    }
}

/// Writes a list of places in one line.
struct ListedPlaces<'a>(&'a [Place]);

impl fmt::Display for ListedPlaces<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, place) in self.0.iter().enumerate() {
            write!(f, "{}{place}", if position > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

/// What belongs under a name of a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A file.
    File,
    /// A directory.
    Directory,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "a file",
            Self::Directory => "a directory",
        })
    }
}

/// Something else lies where a file or a directory of the registry belongs. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} is {found}, where the registry has {wanted}; nothing was changed: {to_do}")]
pub struct InTheWay {
    /// Where.
    pub path: PathBuf,
    /// What it is.
    pub found: &'static str,
    /// What belongs there.
    pub wanted: Wanted,
    /// What to do.
    pub to_do: &'static str,
}

/// Why a damaged copy was not healed from the other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMended {
    /// The other is damaged, too.
    #[error("{}", Listed(.0))]
    Damaged(Vec<Damage>),
    /// A process that writes has the other copy open, and it has that alone.
    #[error(
        "the journal is damaged, and its other copy is in the hands of {holder}, which goes on with it: nothing has to be \
             restored. Ask again when that process has ended, or wait for it with --wait SECONDS; the journal is healed from \
             that copy then"
    )]
    Held {
        /// Who it is, as written in the lock file.
        holder: String,
    },
    /// This process may not write there.
    #[error(
        "the journal is damaged, and who may not write in {directory} cannot ask its other copy: nothing has to be restored \
             yet. Let somebody who may run `jejak verify`, which heals the journal from that copy"
    )]
    Forbidden {
        /// The data directory.
        directory: PathBuf,
    },
    /// The log could not be opened for writing.
    #[error("the journal is damaged, and it was to be healed from its other copy, but: {reason}")]
    Failed {
        /// What kept it from being opened, and what to do.
        reason: String,
    },
}

/// A failure of the log; never a matter of rules.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Too little space is left. Nothing was written; the log stays usable.
    #[error(
        "{path} has {free_bytes} bytes free and {needed_bytes} are needed, the floor included; \
             nothing was written: free some space and append again"
    )]
    DiskFloor {
        /// The data directory.
        path: PathBuf,
        /// What is free.
        free_bytes: u64,
        /// What this commit needs, the floor included.
        needed_bytes: u64,
    },
    /// An event that the journal cannot carry. Nothing was written; the log stays usable.
    #[error("event {position} of this commit {reason}; nothing was written")]
    BadEvent {
        /// Its position in the commit, from 0.
        position: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Vault frames whose framing does not check. Nothing was written; the log stays usable.
    #[error("the vault frames of this commit are malformed at byte {offset}; nothing was written")]
    BadVaultFrames {
        /// Offset within the commit's frames, in bytes.
        offset: usize,
    },
    /// A failure before any event byte was written: the events are certainly not in the log. It takes
    /// nothing more until reopened.
    #[error(
        "the events from index {at} on were not appended: cannot {operation} {path}: {source}; \
             reopen the registry"
    )]
    NotAppended {
        /// Index the first event would have had.
        at: u64,
        /// What was tried.
        operation: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The events may or may not be in the log; only reopening tells. It takes nothing more until then.
    #[error(
        "it is not known whether the events from index {at} on were appended: {reason}; \
             reopen the registry and look the ids up"
    )]
    OutcomeUnknown {
        /// Index of the first event.
        at: u64,
        /// What failed.
        reason: String,
    },
    /// Another writer has taken over: the place holds more than this writer knows. Nothing was written and nothing is
    /// lost; readers go on.
    #[error(
        "another process has taken over this registry and records in it; nothing of this was recorded, and the {size} \
             events known here stand: send these to that process, or reopen the registry here"
    )]
    StoodDown {
        /// Number of events that are known here.
        size: u64,
    },
    /// The place of the log did not make a change, for whatever reason, though it was tried more than once. Nothing
    /// was written; the log stays usable.
    #[error(
        "the place of the log did not take {what}: {reason}; nothing was changed and nothing is lost: try again"
    )]
    NotTaken {
        /// What it was given.
        what: &'static str,
        /// What it said.
        reason: String,
    },
    /// An earlier write or sync failed, so nothing is acknowledged any more.
    #[error("the log stopped after an earlier failure ({reason}); reopen the registry")]
    Poisoned {
        /// The earlier failure.
        reason: String,
    },
    /// The two copies together do not reproduce what was anchored or acknowledged.
    #[error(
        "the log is damaged: {}; nothing was changed: restore these files from a backup, or run \
             `jejak recover`",
        Listed(damage)
    )]
    Damaged {
        /// Every place that was found.
        damage: Vec<Damage>,
    },
    /// A process that reads one copy alone found it damaged, and it was not healed from the other. Nothing was changed.
    #[error("{why}. What is damaged: {}", Listed(damage))]
    Unmended {
        /// Every place that was found.
        damage: Vec<Damage>,
        /// Why it was not healed, and what to do.
        why: NotMended,
    },
    /// The vault file and the store's copy of it differ, and each is sound in itself. Nothing was changed.
    #[error(
        "{path} and the store's copy of it hold different frames, each sound in itself: {}; nothing was \
             changed: move one of them away and keep it ({path}, or the directory sled beside it), then run \
             `jejak verify`, which says whether the other fits the records",
        ListedPlaces(places)
    )]
    VaultsDiffer {
        /// The vault file.
        path: PathBuf,
        /// The frames, as the store has them.
        places: Vec<Place>,
    },
    /// Both anchor slots and the checkpoint are gone, so nobody can say how long the log was.
    #[error(
        "anchor and checkpoint are gone, so the registry is read-only; \
             run `jejak recover --checkpoint FILE` with a checkpoint that somebody kept"
    )]
    ReadOnly,
    /// The anchor is kept outside the data directory, and is not there. Nothing was changed.
    #[error(
        "the anchor {path} is not there, and without it an older copy of the registry could not be told; \
             nothing was changed: mount its disk, or run `jejak recover` to make it anew"
    )]
    AnchorAbsent {
        /// Where it should be.
        path: PathBuf,
    },
    /// The anchor is kept outside the data directory, and the caller named one inside. Nothing was
    /// changed.
    #[error(
        "the anchor of this registry lies elsewhere; nothing was changed: give --anchor {anchor}, or \
             remove {record} if the anchor is to lie in the data directory from now on"
    )]
    AnchorElsewhere {
        /// Where it lies.
        anchor: PathBuf,
        /// The file that says so.
        record: PathBuf,
    },
    /// What lies in the anchor's place is no anchor. Nothing was changed.
    #[error(
        "{path} is {found}, and no anchor of a registry; nothing was changed: give the anchor's own place with \
             --anchor, or, for a new one, a name that nothing has"
    )]
    NoAnchor {
        /// What was named.
        path: PathBuf,
        /// What it is.
        found: &'static str,
    },
    /// Something else lies where a file or a directory belongs. Nothing was changed.
    #[error(transparent)]
    InTheWay(#[from] InTheWay),
    /// The lock file of this process is not the one that lies there now. Nothing was written.
    #[error(
        "{path} was removed or replaced while this process wrote, so that another may have begun to; nothing of this was \
             recorded: reopen the registry"
    )]
    LockGone {
        /// The lock file.
        path: PathBuf,
    },
    /// Two witnesses of one size name different roots.
    #[error(
        "{first} and {second} name different roots for size {size}; one of them belongs to another \
             log: put the right file back"
    )]
    AnchorConflict {
        /// The size.
        size: u64,
        /// One witness.
        first: String,
        /// The other.
        second: String,
    },
    /// Another process holds the directory.
    #[error(
        "{holder} holds {path} and writes there, and one process at a time does; try again later, or ask whoever runs it"
    )]
    Held {
        /// The lock file.
        path: PathBuf,
        /// Who holds it, as written in the lock file.
        holder: String,
    },
    /// There is no log here.
    #[error("{path} holds no registry; create one with `jejak init`")]
    Missing {
        /// The data directory.
        path: PathBuf,
    },
    /// There is a log here already.
    #[error("{path} exists already; choose another directory")]
    Exists {
        /// The file that says so.
        path: PathBuf,
    },
    /// A position outside the log.
    #[error("index {index} is not in the log, which holds {size} events")]
    OutOfRange {
        /// The position asked for.
        index: u64,
        /// Number of events.
        size: u64,
    },
    /// The machine failed.
    #[error("cannot {operation} {path}: {source}")]
    Disk {
        /// What was tried.
        operation: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The signer or checker of checkpoints failed.
    #[error("the checkpoint {action}: {reason}")]
    Checkpoint {
        /// What was tried.
        action: &'static str,
        /// What it said.
        reason: String,
    },
}

impl LogError {
    /// Whether nothing was written and the log is as usable as before: after [`LogError::StoodDown`] for readers.
    #[must_use]
    pub fn left_log_usable(&self) -> bool {
        matches!(
            self,
            Self::DiskFloor { .. }
                | Self::BadEvent { .. }
                | Self::BadVaultFrames { .. }
                | Self::ReadOnly
                | Self::NotTaken { .. }
                | Self::StoodDown { .. }
                | Self::LockGone { .. }
        )
    }

    /// What a reader found wrong with bytes, as places: what the system could not read at an index counts too.
    pub(crate) fn into_damage(self, index: u64) -> Vec<Damage> {
        match self {
            Self::Damaged { damage } => damage,
            other => {
                let place = Place::Indexes { from: index, to: index + 1 };
                vec![Damage { place, reason: other.to_string() }]
            }
        }
    }

    /// What a reader met that was to be healed, and was not.
    pub(crate) fn unmended(damage: Vec<Damage>, why: NotMended) -> Self {
        match why {
            NotMended::Damaged(damage) => Self::Damaged { damage },
            why => Self::Unmended { damage, why },
        }
    }

    /// Damage of one place.
    pub(crate) fn damaged(place: Place, reason: impl Into<String>) -> Self {
        Self::Damaged { damage: vec![Damage { place, reason: reason.into() }] }
    }
}

/// Adds operation and path to an error of the operating system.
pub(crate) trait At<T> {
    /// Names what was tried and on which file.
    fn at(self, operation: &'static str, path: &Path) -> Result<T, LogError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, operation: &'static str, path: &Path) -> Result<T, LogError> {
        self.map_err(|source| LogError::Disk { operation, path: path.to_owned(), source })
    }
}
