//! What somebody trusts before they check: a policy, or the log's key.

use jejak_events::excerpt::{excerpt, holds_secret, quoted};
use std::path::{Path, PathBuf};

use clap::Args;
use jejak_events::area::AreaCode;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::note::{NoteError, VerifierKey};
use jejak_events::policy::{self, Policy};
use jejak_events::time::RecordedTime;
use jejak_events::translation::told;

use super::exit::Stop;
use super::input::{open_file, read_small};
use crate::disk::RealDisk;
use crate::moment::At;
use crate::proof::audit::read_checkpoint;
use crate::proof::replay::entries::SourceError;
use crate::words::event_words;
use crate::words::language::Language;

/// Whose signatures are asked for.
#[derive(Debug, Default, Args)]
pub struct Trust {
    /// A policy (C2SP tlog-policy): `log <vkey>`, `witness <name> <vkey>`, `group <name> <all|any|number>
    /// <names>`, `quorum <name>`. An auditor is a witness of its own name. Get it from somebody you trust, not
    /// with what it is to check.
    #[arg(long, value_name = "FILE", conflicts_with = "log_vkey")]
    pub policy: Option<PathBuf>,
    /// The log's key (C2SP vkey), or a file that holds it; no cosignature is asked for then.
    #[arg(long, value_name = "VKEY|FILE")]
    pub log_vkey: Option<String>,
}

impl Trust {
    /// The policy; `None` when neither was given.
    ///
    /// # Errors
    /// [`Stop::Usage`] for what cannot be read.
    pub fn read(&self) -> Result<Option<Policy>, Stop> {
        if let Some(path) = &self.policy {
            let bytes = read_small(path, policy::MAX_LENGTH_BYTES as u64)?;
            return match Policy::parse(&bytes) {
                Ok(policy) => Ok(Some(policy)),
                Err(error) => {
                    let path = path.display();
                    Err(Stop::usage(
                        format!(
                            "--policy {path}: bukan kebijakan (C2SP tlog-policy): {error}",
                            error = told(&error)
                        ),
                        format!("--policy {path}: no policy (C2SP tlog-policy): {error}"),
                    ))
                }
            };
        }
        let Some(given) = &self.log_vkey else { return Ok(None) };
        let key = read_vkey("--log-vkey", given)?;
        let policy = Policy::of_log(key).map_err(|error| {
            Stop::usage(
                format!("--log-vkey: bukan kunci log: {error}", error = told(&error)),
                format!("--log-vkey: no log's key: {error}"),
            )
        })?;
        Ok(Some(policy))
    }
}

/// A vkey as it was given: itself, or in a file.
///
/// # Errors
/// [`Stop::Usage`], which repeats nothing of a file.
pub fn read_vkey(option: &str, given: &str) -> Result<VerifierKey, Stop> {
    let wrong = |given: &str, error: NoteError| {
        Stop::usage(
            format!(
                "{option} {given}: bukan kunci log (vkey) dan bukan berkas yang memuatnya: {error}",
                error = told(&error)
            ),
            format!("{option} {given}: no key of a log (vkey) and no file that holds one: {error}"),
        )
    };
    let path = Path::new(given);
    match given.parse() {
        Ok(key) => Ok(key),
        Err(_) if holds_secret(given.as_bytes()) => Err(Stop::usage(
            format!("{option}: ini kunci rahasia; sebut kunci publiknya (vkey), dan jangan bagikan yang ini"),
            format!(
                "{option}: this is a secret key; name its public key (vkey), and give this one to nobody"
            ),
        )),
        Err(error) if !path.exists() => Err(wrong(&excerpt(given), error)),
        Err(_) => {
            let bytes = read_small(path, policy::MAX_LENGTH_BYTES as u64)?;
            String::from_utf8_lossy(&bytes).trim_end().parse().map_err(|error| {
                let unquoted = match error {
                    // It would repeat what the file holds.
                    NoteError::KeyFormat(_) | NoteError::KeyName(_) => NoteError::KeyFormat("…".to_owned()),
                    other => other,
                };
                wrong(given, unquoted)
            })
        }
    }
}

/// Checkpoints that somebody kept.
///
/// # Errors
/// [`Stop::Usage`] for what is none.
pub fn read_kept(paths: &[PathBuf]) -> Result<Vec<SignedCheckpoint>, Stop> {
    let read = |path: &PathBuf| {
        open_file(path)?;
        read_checkpoint(&RealDisk, path).map_err(|error| match error {
            SourceError::Wrong(why) | SourceError::Absent(why) => Stop::Usage(why),
            failed @ SourceError::Failed { .. } => Stop::Failed(failed.into()),
        })
    };
    paths.iter().map(read).collect()
}

/// The moment to judge for, as `--at` gives it.
///
/// # Errors
/// [`Stop::Usage`].
pub fn read_at(given: &str) -> Result<At, Stop> {
    At::parse(given).ok_or_else(|| {
        Stop::usage(
            format!("--at {given} harus tanggal atau waktu RFC 3339; contoh: 2026-12-31, 2026-12-31T09:00:00+07:00", given = quoted(given)),
            format!("--at {given} must be a date or an RFC 3339 time; examples: 2026-12-31, 2026-12-31T09:00:00+07:00", given = quoted(given)),
        )
    })
}

/// A moment in seconds since 1970, for people, in the time of an area where one is known.
#[must_use]
pub fn moment_text(seconds: u64, area: Option<AreaCode>, language: Language) -> String {
    let unix_ms = i64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(1000));
    let moment = unix_ms.and_then(RecordedTime::from_unix_ms);
    match (moment, area) {
        (None, _) => format!("{seconds} s"),
        (Some(moment), None) => moment.to_string(),
        (Some(moment), Some(area)) => event_words::moment(moment, area, language),
    }
}
