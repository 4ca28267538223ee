//! Files that a command reads.
//!
//! A secret key given by mistake is refused here, before anybody reads or repeats what it says.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use jejak_events::excerpt::holds_secret;
use jejak_events::fault::Message;
use jejak_events::identity::{ProgramId, Subject, SubjectKind};
use jejak_events::translation::told;

use super::exit::Stop;
use crate::queries::which::{Meant, no_such, refusal, which};
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;

/// The stream that a command is called with: whole, by its beginning, or by words of its title.
///
/// # Errors
/// [`Stop::Usage`] where it is not one alone, saying how to find it; or when the log cannot be read.
pub fn stream(snapshot: &Snapshot, typed: &str, kinds: &[SubjectKind]) -> Result<Subject, Stop> {
    let meant = which(snapshot, typed, kinds).map_err(RegistryError::from)?;
    if let Meant::One(subject) = meant {
        return Ok(subject);
    }
    let is_nothing = matches!(&meant, Meant::Nothing(near) if near.is_empty());
    if let Some(refused) = no_such(typed, kinds).filter(|_| is_nothing) {
        return Err(Stop::Usage(refused));
    }
    let wanted = match Subject::parse(typed) {
        // Of the length of a whole one, and none.
        Err(fault) if typed.rsplit('/').next().is_some_and(|id| id.len() == UUID_CHARS) => fault,
        _ => Message::new(
            "tulis pengenalnya, awalnya (empat huruf atau lebih), atau kata-kata judulnya; `jejak find` mencarinya \
             menurut nama atau nomor",
            "write its identifier, the beginning of that (four characters or more), or words of its title; `jejak find` \
             looks for it by name or number",
        ),
    };
    let Message { id, en } = refusal(typed, &meant, &wanted);
    Err(Stop::usage(id, en))
}

/// Characters of a UUID.
const UUID_CHARS: usize = 36;

/// The programme that a command is called with; see [`stream`].
///
/// # Errors
/// As there.
pub fn program(snapshot: &Snapshot, typed: &str) -> Result<ProgramId, Stop> {
    match stream(snapshot, typed, &[SubjectKind::Program])? {
        Subject::Program(program) => Ok(program),
        other => unreachable!("a programme was looked for, not {other}"),
    }
}

/// Bytes of a file that tell a secret key.
const TELLING_BYTES: u64 = 64;

/// Opens a file and says how many bytes it holds now.
///
/// # Errors
/// [`Stop::Usage`], naming the path, when it cannot be opened, is a directory or begins with a secret key.
pub fn open_file(path: &Path) -> Result<(File, u64), Stop> {
    let (file, length_bytes) = open(path)?;
    if starts_with_secret(&file) { Err(secret(path)) } else { Ok((file, length_bytes)) }
}

/// Reads a whole file that must be small.
///
/// # Errors
/// As [`open_file`], and for a secret key on any line.
pub fn read_small(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, Stop> {
    let (file, length_bytes) = open_file(path)?;
    let bytes = read_up_to(path, file, length_bytes, limit_bytes)?;
    if holds_secret(&bytes) { Err(secret(path)) } else { Ok(bytes) }
}

/// Reads a file that is to hold a secret key. The caller wipes it.
///
/// # Errors
/// [`Stop::Usage`], naming the path.
pub fn read_secret(path: &Path, limit_bytes: u64) -> Result<zeroize::Zeroizing<Vec<u8>>, Stop> {
    let (file, length_bytes) = open(path)?;
    read_up_to(path, file, length_bytes, limit_bytes).map(zeroize::Zeroizing::new)
}

/// Whether a file begins with a secret key. What is no file with a place, as a pipe, is not looked into: that would
/// take it away from whoever reads it.
pub fn starts_with_secret(file: &File) -> bool {
    let mut start = [0; TELLING_BYTES as usize];
    let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
    is_file && file.read_at(&mut start, 0).is_ok_and(|length| holds_secret(&start[..length]))
}

fn open(path: &Path) -> Result<(File, u64), Stop> {
    let opened = File::open(path).and_then(|file| file.metadata().map(|metadata| (file, metadata)));
    let (file, metadata) = opened.map_err(|error| {
        let path = path.display();
        Stop::usage(
            format!("tidak dapat membuka {path}: {error}", error = told(&error)),
            format!("cannot open {path}: {error}"),
        )
    })?;
    if metadata.is_dir() {
        let path = path.display();
        return Err(Stop::usage(
            format!("{path} adalah direktori; sebut satu berkas"),
            format!("{path} is a directory; name one file"),
        ));
    }
    Ok((file, metadata.len()))
}

fn read_up_to(path: &Path, file: File, length_bytes: u64, limit_bytes: u64) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    if length_bytes <= limit_bytes {
        file.take(limit_bytes + 1).read_to_end(&mut bytes).map_err(|error| {
            let path = path.display();
            Stop::usage(format!("{path}: {error}", error = told(&error)), format!("{path}: {error}"))
        })?;
    }
    // Of a pipe the length is known when it is read.
    let length_bytes = length_bytes.max(bytes.len() as u64);
    if length_bytes > limit_bytes {
        let path = path.display();
        return Err(Stop::usage(
            format!("{path}: {length_bytes} byte; paling banyak {limit_bytes}"),
            format!("{path}: {length_bytes} bytes; at most {limit_bytes} are read"),
        ));
    }
    Ok(bytes)
}

/// What is said of a secret key where something else is wanted.
fn secret(path: &Path) -> Stop {
    let path = path.display();
    Stop::usage(
        format!("{path} menyimpan kunci rahasia; sebut berkas lain, dan jangan bagikan berkas ini"),
        format!("{path} holds a secret key; name another file, and give this one to nobody"),
    )
}
