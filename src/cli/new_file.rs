//! The files that commands write for people: the one place that decides whether a name may be written to.
//!
//! A file that exists stays unless `--force` is given. A device, a link, a directory, a secret key and whatever
//! belongs to a registry stay also then. This module must never write into a file that was there: a new one takes
//! its name, whole and durable.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Context;
use super::exit::Stop;
use crate::disk::{
    Disk as _, DiskFile, Existing, FileKind, OutFile, RealDisk, create_directory_durably, write_out,
};

/// Whether a file that exists may be replaced.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Force {
    /// Replace a file that exists. Never a link, a device, a secret key or a file of a registry.
    #[arg(long)]
    pub force: bool,
}

/// A name that may be written to.
#[derive(Clone, Debug)]
pub struct NewFile {
    path: PathBuf,
    existing: Existing,
    /// Nobody but its owner may read it.
    private: bool,
}

/// What a registry keeps in its data directory, also what it keeps for a moment. Endings `.new` and the like are
/// taken off before a name is looked up here.
const OWN: &[&str] = &[
    "LOCK",
    "access",
    "anchor",
    "anchor-elsewhere",
    "checkpoint",
    "cosigned",
    "evidence",
    "handover",
    "initialising",
    "journal",
    "keys",
    "keys-a",
    "keys-b",
    "sled",
    "sled-copy",
    "state",
    "torn",
    "vault",
];

/// How a file begins that holds a secret key.
const SECRETS: &[&[u8]] = &[b"PRIVATE+KEY+", b"jejak recovery secret", b"0 0 jejak-keys/"];

impl NewFile {
    /// Whether a command may write to `path`. Asked before anything is noted, signed or counted.
    ///
    /// # Errors
    /// [`Stop::Usage`] with the path and why not.
    pub fn at(path: &Path, force: Force, context: &Context) -> Result<Self, Stop> {
        let kind = match RealDisk.kind(path) {
            Ok(kind) => kind,
            // A place that somebody typed.
            Err(error) => return Err(unwritable(path, &error)),
        };
        if belongs_to_registry(path, context) {
            return Err(refused(
                path,
                "milik registri dan tidak ditimpa",
                "belongs to a registry and is not written over",
            ));
        }
        let mut private = false;
        match kind {
            None => {}
            Some(FileKind::Link) => {
                return Err(refused(path, "adalah tautan, bukan berkas", "is a link, not a file"));
            }
            Some(FileKind::Device) => {
                return Err(refused(path, "adalah perangkat, bukan berkas", "is a device, not a file"));
            }
            Some(FileKind::Directory) => {
                return Err(refused(path, "adalah direktori, bukan berkas", "is a directory, not a file"));
            }
            Some(FileKind::File) if !force.force => return Err(exists(path)),
            Some(FileKind::File) => {
                if holds_secret(path).map_err(|error| unwritable(path, &error))? {
                    return Err(refused(
                        path,
                        "menyimpan kunci rahasia dan tidak ditimpa",
                        "holds a secret key and is not written over",
                    ));
                }
                // Who could not read the old one is not shown the new one.
                let metadata = path.metadata().map_err(|error| unwritable(path, &error))?;
                private = metadata.permissions().mode() & 0o077 == 0;
            }
        }
        let existing = if force.force { Existing::Replaced } else { Existing::Kept };
        Ok(Self { path: path.to_owned(), existing, private })
    }

    /// Keeps it for its owner, from its first moment on.
    #[must_use]
    pub fn private(mut self, private: bool) -> Self {
        self.private |= private;
        self
    }

    /// Where it will lie.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What happens to a file that lies there.
    pub fn existing(&self) -> Existing {
        self.existing
    }

    /// Whether nobody but its owner may read it.
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// Writes it, whole and durable.
    ///
    /// # Errors
    /// When a file came to lie there meanwhile, or the machine fails; then what was there is there.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Stop> {
        write_out(&RealDisk, &self.path, bytes, self.private, self.existing)
            .map_err(|error| self.stop_of(error))
    }

    /// Writes it piece by piece; it has its name when it is whole.
    ///
    /// # Errors
    /// As [`NewFile::write`]; what `content` says, and then nothing is left of it.
    pub fn write_with(
        &self,
        content: &mut dyn FnMut(&mut dyn io::Write) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let made = OutFile::create(&RealDisk, &self.path, self.private);
        let (out, file) = made.map_err(|error| self.stop_of(error))?;
        let mut end = End { file, length_bytes: 0 };
        content(&mut end)?;
        let placed = end.file.sync().and_then(|()| out.place(self.existing));
        placed.map_err(|error| self.stop_of(error))
    }

    /// What is said of a failure to write it.
    pub fn stop_of(&self, error: io::Error) -> Stop {
        let path = &self.path;
        match error.kind() {
            ErrorKind::AlreadyExists => exists(path),
            ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::NotADirectory => {
                unwritable(path, &error)
            }
            _ => Stop::Failed(anyhow::Error::new(error).context(format!("cannot write {}", path.display()))),
        }
    }
}

/// The end of a growing file.
struct End {
    file: Box<dyn DiskFile>,
    length_bytes: u64,
}

impl io::Write for End {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(self.length_bytes, bytes)?;
        self.length_bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes a directory for such files, and its parents.
///
/// # Errors
/// What keeps it from being made; a directory of a registry's own is refused.
pub fn new_directory(path: &Path, context: &Context) -> Result<(), Stop> {
    if belongs_to_registry(path, context) {
        return Err(refused(path, "milik registri", "belongs to a registry"));
    }
    create_directory_durably(&RealDisk, path).map_err(|error| unwritable(path, &error))
}

fn refused(path: &Path, id: &str, en: &str) -> Stop {
    let path = path.display();
    Stop::usage(format!("{path} {id}; sebut nama lain"), format!("{path} {en}; give another name"))
}

fn exists(path: &Path) -> Stop {
    let path = path.display();
    Stop::usage(
        format!("{path} sudah ada dan tidak ditimpa; sebut nama lain, atau --force untuk menggantinya"),
        format!("{path} exists and is not written over; give another name, or --force to replace it"),
    )
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    let path = path.display();
    Stop::usage(
        format!("tidak dapat membuat {path}: {}", jejak_events::translation::told(error)),
        format!("cannot create {path}: {error}"),
    )
}

fn holds_secret(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut start)?;
    Ok(SECRETS.iter().any(|secret| start.starts_with(secret)))
}

/// Whether a name is one that a registry uses: of the registry that the command is about, or of any other.
fn belongs_to_registry(path: &Path, context: &Context) -> bool {
    // Where it really lies: a link above it may lead into a registry.
    let Some(place) = real_place(path) else { return false };
    let options = context.options();
    let is_anchor = real_place(&options.anchor).is_some_and(|anchor| {
        place.parent() == anchor.parent() && without_endings(&place) == without_endings(&anchor)
    });
    let data = options.dir.canonicalize().ok();
    let keys = options.keys_dir.canonicalize().ok().filter(|keys| Some(keys) != data.as_ref());
    is_anchor
        || keys.is_some_and(|keys| place.starts_with(keys))
        || place.ancestors().skip(1).any(|above| {
            let own = Some(above) == data.as_deref() || is_registry(above);
            let first = place.strip_prefix(above).ok().and_then(|below| below.iter().next());
            own && first.is_some_and(|first| OWN.contains(&without_endings(Path::new(first)).as_str()))
                // A directory of keys that lies apart.
                || above.join("keys-a").is_file()
        })
}

fn is_registry(directory: &Path) -> bool {
    let has = |name: &str| directory.join(name).exists();
    directory.join("journal").is_dir() && (has("anchor") || has("anchor-elsewhere") || has("LOCK"))
}

fn real_place(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    // As much of it as is there; the rest is yet to be made.
    let there = path.ancestors().skip(1).find_map(|above| Some((above, above.canonicalize().ok()?)));
    let (above, real) = there?;
    Some(real.join(path.strip_prefix(above).ok()?))
}

/// The last part of a path up to its first full stop: `anchor.new` stands in for `anchor`.
fn without_endings(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split_once('.').map_or(name.as_ref(), |(name, _)| name).to_owned()
}
