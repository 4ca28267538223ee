//! The files that commands write for people: the one place that decides whether a name may be written to.
//!
//! A file that exists stays unless `--force` is given. A device, a link, a directory, a secret key, an anchor, what a
//! cosigner remembers, a published log and what a registry has stay also then, and nothing new takes a name that a
//! registry uses. This module must never write into a file that was there: a new one takes its name, whole and durable.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Context;
use super::exit::Stop;
use super::input::starts_with_secret;
use crate::disk::{
    Disk as _, DiskFile, Existing, FileKind, OutFile, RealDisk, create_directory_durably, write_out,
};

/// The names that a registry uses in its data directory, each up to its first full stop.
const OWN: &[&str] = &[
    "LOCK",
    "access",
    "access-head",
    "anchor",
    "anchor-elsewhere",
    "checkpoint",
    "cosigned",
    "evidence",
    "handover",
    "handovers",
    "initialising",
    "journal",
    "keys",
    "keys-a",
    "keys-b",
    "recovery",
    "recovery-secret",
    "scrub",
    "sled",
    "sled-copy",
    "state",
    "tiles",
    "torn",
    "vault",
];

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

impl NewFile {
    /// Whether a command may write to `path`. Asked before anything is noted, signed or counted.
    ///
    /// # Errors
    /// [`Stop::Usage`] with the path and why not.
    pub fn at(path: &Path, force: Force, context: &Context) -> Result<Self, Stop> {
        refuse_dash(path)?;
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
        if is_published(path) {
            return Err(refused(
                path,
                "bagian dari log yang diterbitkan dan hanya ditulis `jejak log tiles`",
                "is part of a published log, which only `jejak log tiles` writes",
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
                let file = File::open(path).map_err(|error| unwritable(path, &error))?;
                if starts_with_secret(&file) {
                    return Err(refused(
                        path,
                        "menyimpan kunci rahasia dan tidak ditimpa",
                        "holds a secret key and is not written over",
                    ));
                }
                if remembers(path, &file) {
                    return Err(refused(
                        path,
                        "mengingat keadaan sebuah log (jangkar atau catatan saksi) dan tidak ditimpa",
                        "remembers the state of a log (an anchor, or what a cosigner signed) and is not written over",
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
    hold_directory(path, context)?;
    create_directory_durably(&RealDisk, path).map_err(|error| unwritable(path, &error))
}

/// Refuses a directory that is a registry's data directory, one of keys, or of a name that a registry uses: for what a
/// command keeps or publishes in a directory of its own.
///
/// # Errors
/// [`Stop::Usage`] with the path.
pub fn hold_directory(path: &Path, context: &Context) -> Result<(), Stop> {
    refuse_dash(path)?;
    if belongs_to_registry(path, context) {
        return Err(refused(path, "milik registri", "belongs to a registry"));
    }
    Ok(())
}

/// Refuses places for a new registry that lie in another one, or where a file would be written over.
///
/// # Errors
/// [`Stop::Usage`] with the path.
pub fn hold_new_registry(recovery: &Path, context: &Context) -> Result<(), Stop> {
    refuse_dash(recovery)?;
    let options = context.options();
    let own = [&options.dir, &options.keys_dir];
    for directory in own {
        // One that is there already is refused by what makes the registry, or gone on with.
        let lies_in_another = real_place(directory).is_some_and(|place| {
            let mut above = place.ancestors().skip(1);
            above.any(|above| is_registry(above) && real_place(&options.dir).as_deref() != Some(above))
        });
        if lies_in_another {
            return Err(refused(directory, "terletak di dalam registri lain", "lies in another registry"));
        }
    }
    let place = real_place(recovery);
    let inside = |directory: &PathBuf| {
        real_place(directory).is_some_and(|own| place.as_ref().is_some_and(|place| place.starts_with(own)))
    };
    let in_another = place
        .as_ref()
        .is_some_and(|place| place.ancestors().any(|above| is_registry(above) || holds_keys(above)));
    if own.into_iter().any(inside)
        || in_another
        || belongs_to_registry(recovery, context)
        || is_published(recovery)
    {
        return Err(refused(
            recovery,
            "milik registri, sedangkan rahasia pemulihan disimpan di tempat lain",
            "belongs to a registry, and the recovery secret is kept elsewhere",
        ));
    }
    Ok(())
}

/// Refuses a place for the anchor that a registry uses for something else.
///
/// # Errors
/// [`Stop::Usage`] with the path.
pub fn hold_anchor(context: &Context) -> Result<(), Stop> {
    let Some(anchor) = &context.global.anchor else { return Ok(()) };
    let own = real_place(&context.options().dir);
    let is_named_so = anchor.file_name().is_some_and(|name| name == "anchor");
    let lies_in_registry = real_place(anchor).is_some_and(|place| {
        // Under its own name it may lie directly in a data directory, or beside keys.
        let beside = place.parent().filter(|_| is_named_so);
        let mut above = place.ancestors().skip(1).filter(|above| beside != Some(above));
        above.any(|above| own.as_deref() == Some(above) || is_registry(above) || holds_keys(above))
    });
    if lies_in_registry || is_published(anchor) {
        return Err(refused(
            anchor,
            "dipakai registri atau log terbitan untuk hal lain, bukan untuk jangkar",
            "serves a registry or a published log for something else than an anchor",
        ));
    }
    Ok(())
}

/// Refuses the name `-`, which elsewhere stands for standard input or output: nobody means a file of that name.
fn refuse_dash(path: &Path) -> Result<(), Stop> {
    if path.as_os_str() != "-" {
        return Ok(());
    }
    Err(Stop::usage(
        "- bukan nama berkas atau direktori: yang ditulis ini menjadi berkas, bukan keluaran standar; sebut namanya (./- bila memang bernama -)",
        "- is no name of a file or directory: what is written here becomes a file, not standard output; give its name (./- if it is called -)",
    ))
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

/// Whether a file is all that somebody has of a log's state: an anchor, or the checkpoint that a cosigner remembers.
fn remembers(path: &Path, file: &File) -> bool {
    const ANCHOR: &[u8] = b"jejak-anchor ";
    let mut start = [0; ANCHOR.len()];
    let is_anchor = file.read_at(&mut start, 0).is_ok() && start == ANCHOR;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".checkpoint").unwrap_or_default();
    is_anchor || (stem.len() == 64 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether a path is one of a log that was published into a directory.
fn is_published(path: &Path) -> bool {
    let Some(place) = real_place(path) else { return false };
    place.ancestors().skip(1).any(|above| {
        let first = place.strip_prefix(above).ok().and_then(|below| below.iter().next());
        first.is_some_and(|first| ["checkpoint", "tile", "handover"].iter().any(|own| first == *own))
            && above.join("tile").is_dir()
            && above.join("checkpoint").is_file()
    })
}

/// Whether a path is a registry's own: its data directory, a place in a directory of keys, or a name that a registry uses
/// in its data directory; of the registry that the command is about, or of any other. The anchor of the former is its
/// own wherever it lies. Under other names a data directory has room for what somebody puts there.
fn belongs_to_registry(path: &Path, context: &Context) -> bool {
    // Where it really lies: a link above it may lead into a registry.
    let Some(place) = real_place(path) else { return false };
    let options = context.options();
    let is_anchor = real_place(&options.anchor).is_some_and(|anchor| {
        place.parent() == anchor.parent() && without_endings(&place) == without_endings(&anchor)
    });
    let data = options.dir.canonicalize().ok();
    let keys = options.keys_dir.canonicalize().ok().filter(|keys| Some(keys) != data.as_ref());
    let is_own_name = |above: &Path| {
        let first = place.strip_prefix(above).ok().and_then(|below| below.iter().next());
        first.is_some_and(|first| OWN.contains(&without_endings(Path::new(first)).as_str()))
    };
    is_anchor
        || is_registry(&place)
        || keys.is_some_and(|keys| place.starts_with(keys))
        || place.ancestors().any(holds_keys)
        || place
            .ancestors()
            .skip(1)
            .any(|above| (Some(above) == data.as_deref() || is_registry(above)) && is_own_name(above))
}

/// Whether a directory is a registry's data directory, be it damaged or a copy.
fn is_registry(directory: &Path) -> bool {
    let has = |name: &&str| directory.join(name).exists();
    let others = ["anchor", "anchor-elsewhere", "LOCK", "checkpoint", "vault", "keys", "sled"];
    directory.join("journal").is_dir() && others.iter().any(has)
        || directory.join("sled").is_dir() && others.iter().filter(|name| has(name)).count() > 1
}

/// Whether a directory is one of keys.
fn holds_keys(directory: &Path) -> bool {
    ["keys-a", "keys-b"].iter().any(|name| directory.join(name).is_file())
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
