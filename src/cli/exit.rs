//! How a command ends: exit codes, and what ends it early.

use std::process::ExitCode;

use jejak_events::excerpt::quoted;
use jejak_events::fault::Message;
use jejak_projections::question::{BY_AREA, QuestionError};

use crate::disk::FileError;
use crate::log::LogError;
use crate::registry::RegistryError;
use crate::words::choices::choices;
use crate::words::language::{self, Language, breakdown, text};

/// What shells report for a program ended by Ctrl-C: 128 + SIGINT.
pub(super) const INTERRUPTED_CODE: u8 = 130;

/// Exit codes; stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and the answer is yes where there was a question: 0.
    Fine,
    /// The answer is no: refused, not verified, mismatch: 1.
    No,
    /// The command was called wrongly: 2.
    Usage,
    /// The machine failed: 3.
    Failed,
    /// Stopped by Ctrl-C; what was acknowledged is kept: 130.
    Interrupted,
}

impl Exit {
    /// The code that a shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Failed => 3,
            Self::Interrupted => INTERRUPTED_CODE,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command stopped before its end.
#[derive(Debug)]
pub enum Stop {
    /// Called wrongly.
    Usage(Message),
    /// The answer is no.
    No(Message),
    /// The registry said so.
    Registry(RegistryError),
    /// Another process holds what is needed, and this says what could be done beside it.
    Held(Message),
    /// Something else failed; the chain says what was tried.
    Failed(anyhow::Error),
    /// Ctrl-C.
    Interrupted,
}

impl Stop {
    /// Called wrongly, in both languages.
    pub fn usage(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Usage(Message::new(id, en))
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_)
            | Self::Registry(
                RegistryError::NotInitialised { .. }
                | RegistryError::Log(LogError::Missing { .. } | LogError::NoAnchor { .. }),
            ) => Exit::Usage,
            Self::No(_) | Self::Registry(RegistryError::Exists { .. }) => Exit::No,
            Self::Registry(_) | Self::Held(_) | Self::Failed(_) => Exit::Failed,
            Self::Interrupted => Exit::Interrupted,
        }
    }

    /// What to say about it.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let said = match self {
            Self::Usage(message) | Self::No(message) | Self::Held(message) => language.of(message).to_owned(),
            Self::Registry(error @ RegistryError::Log(LogError::Held { .. })) => {
                let held = language::failure(error, language);
                text!(
                    language,
                    "{held}. Yang mencatat peristiwa, atau melihat nilai tersegel (yang dicatat dalam catatan akses), \
                     menunggu giliran: --wait DETIK menunggu lebih lama. Perintah yang hanya membaca kolom terbuka tetap \
                     dijawab",
                    "{held}. What records events, or looks at sealed values (which the access log notes), waits its turn: \
                     --wait SECONDS waits longer. Commands that read open fields alone are answered meanwhile"
                )
            }
            Self::Registry(error) if is_read_only(error) => {
                let refused = language::failure(error, language);
                text!(
                    language,
                    "{refused}. Direktori ini tidak boleh ditulis pengguna ini. Yang mencatat peristiwa, melihat nilai tersegel, \
                     atau memeriksa dengan `jejak verify` dijalankan oleh pengguna yang memilikinya. Perintah yang hanya membaca \
                     kolom terbuka tetap dijawab di sini, dan `jejak audit DIREKTORI` memutar ulang seluruh log tanpa menulis \
                     apa pun",
                    "{refused}. This user may not write in this directory. What records events, looks at sealed values or \
                     examines by `jejak verify` is run by the user who owns it. Commands that read open fields alone are \
                     answered here, and `jejak audit DIRECTORY` replays the whole log and writes nothing"
                )
            }
            Self::Registry(error) => language::failure(error, language),
            Self::Failed(error) => language::failure(error.as_ref(), language),
            Self::Interrupted => {
                return text!(language, "dihentikan sebelum selesai", "stopped before the end");
            }
        };
        let word = match self.exit() {
            Exit::Failed => text!(language, "gagal", "failed"),
            _ => text!(language, "tidak bisa", "cannot do that"),
        };
        format!("jejak: {word}: {said}")
    }
}

/// Whether the lock of a directory could not be made because nobody, or not this user, may write there.
fn is_read_only(error: &RegistryError) -> bool {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    let RegistryError::Log(LogError::Disk { path, source, .. }) = error else { return false };
    path.file_name().is_some_and(|name| name == "LOCK")
        && matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem)
}

impl From<RegistryError> for Stop {
    fn from(error: RegistryError) -> Self {
        Self::Registry(error)
    }
}

impl From<LogError> for Stop {
    fn from(error: LogError) -> Self {
        Self::Registry(error.into())
    }
}

impl From<FileError> for Stop {
    fn from(error: FileError) -> Self {
        Self::Registry(error.into())
    }
}

impl From<QuestionError> for Stop {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::TooLarge { .. } => Self::No(error.message()),
            QuestionError::BreakdownNotPossible { view, by, possible } => {
                let rows = |language| {
                    choices([&[BY_AREA], possible].concat(), |by| breakdown(by, language).to_owned())
                };
                let (by, id, en) = (quoted(&by), rows(Language::Id), rows(Language::En));
                Self::usage(
                    format!("tampilan {view} tidak punya baris menurut {by}; yang ada: {id}"),
                    format!("view {view} has no rows by {by}; it has rows by {en}"),
                )
            }
            _ => Self::Usage(error.message()),
        }
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// For errors of writing the output.
impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(anyhow::Error::new(error).context("cannot write the output"))
    }
}
