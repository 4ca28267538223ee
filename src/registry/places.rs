//! What belongs under each name in a registry's directories, and whether something else lies there.
//!
//! Looked at before anything is locked, read or written, so that nobody writes past a directory, hangs on a pipe or follows
//! a link that leads nowhere. A link to what belongs there is as good as that. Must never change anything.

use std::path::{Path, PathBuf};

use jejak_events::fault::Message;

use super::Options;
use crate::disk::{Disk, FileKind};
use crate::log::{InTheWay, LogError, Wanted, is_segment_name};
use crate::vault::COPIES;

/// What a file is named behind its name until it is whole.
const ASIDE: &str = ".new";

/// Who cannot go on with something else under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needed {
    /// Nobody without it: also whoever only reads.
    ToRead,
    /// Whoever writes.
    ToWrite,
}

/// What makes it again once the way is free.
#[derive(Clone, Copy)]
enum Remedy {
    OtherCopy,
    Keys,
    Anchor,
    Elsewhere,
    Nothing,
    PutBack,
}

impl Remedy {
    fn words(self) -> &'static str {
        match self {
            Self::OtherCopy => {
                "move it away, then run `jejak recover`, which makes what belongs there again from the other copy"
            }
            Self::Keys => {
                "move it away; the next command that writes makes what belongs there again from its other copy"
            }
            Self::Anchor => {
                "move it away; the next command that writes makes the anchor again from the stored checkpoint"
            }
            Self::Elsewhere => {
                "move it away, and give the place of the anchor with --anchor if it lies elsewhere"
            }
            Self::Nothing => "move it away",
            Self::PutBack => "move it away, and put back what belongs there, from a backup if need be",
        }
    }
}

/// A name, and what belongs under it.
struct Place {
    path: PathBuf,
    wanted: Wanted,
    needed: Needed,
    remedy: Remedy,
}

/// What lies where something else belongs, in the way of whoever reads or only of whoever writes.
struct Found {
    needed: Needed,
    in_the_way: InTheWay,
}

/// Refuses to write a registry where something else lies under one of its names.
///
/// # Errors
/// [`LogError::InTheWay`].
pub(super) fn hold_to_write(options: &Options) -> Result<(), LogError> {
    match found(options).next() {
        Some(found) => Err(LogError::InTheWay(found.in_the_way)),
        None => Ok(()),
    }
}

/// Refuses to read a registry where something else lies under a name that reading needs; answers with what only keeps
/// others from writing, for people.
///
/// # Errors
/// [`LogError::InTheWay`].
pub(super) fn hold_to_read(options: &Options) -> Result<Vec<Message>, LogError> {
    let mut problems = Vec::new();
    for found in found(options) {
        match found.needed {
            Needed::ToRead => return Err(LogError::InTheWay(found.in_the_way)),
            Needed::ToWrite => problems.push(Message::of_error(found.in_the_way)),
        }
    }
    Ok(problems)
}

fn found(options: &Options) -> impl Iterator<Item = Found> {
    places(options).into_iter().filter_map(move |place| {
        let found = what_else(&*options.disk, &place.path, place.wanted)?;
        let Place { path, wanted, needed, remedy } = place;
        Some(Found { needed, in_the_way: InTheWay { path, found, wanted, to_do: remedy.words() } })
    })
}

fn places(options: &Options) -> Vec<Place> {
    use Needed::{ToRead, ToWrite};
    use Remedy::{Anchor, Elsewhere, Keys, Nothing, OtherCopy, PutBack};
    use Wanted::{Directory, File};
    let (paths, dir) = (options.paths(), &options.dir);
    let mut places = Vec::new();
    let mut add = |path: PathBuf, wanted, needed, remedy| places.push(Place { path, wanted, needed, remedy });
    let journal = paths.journal();
    add(journal.clone(), Directory, ToRead, OtherCopy);
    // What cannot be listed is told by whoever reads it.
    for name in options.disk.list(&journal).unwrap_or_default() {
        if is_segment_name(&name) {
            add(journal.join(name), File, ToRead, OtherCopy);
        } else if name.ends_with(ASIDE) {
            add(journal.join(name), File, ToWrite, Nothing);
        }
    }
    if options.anchor == dir.join("anchor") {
        add(options.anchor.clone(), File, ToRead, Anchor);
    }
    add(paths.anchor_elsewhere(), File, ToRead, Elsewhere);
    add(options.keys_dir.clone(), Directory, ToRead, PutBack);
    for name in COPIES {
        add(options.keys_dir.join(name), File, ToRead, Keys);
        for ending in [ASIDE, ".old"] {
            add(options.keys_dir.join(format!("{name}{ending}")), File, ToWrite, Nothing);
        }
    }
    for directory in [dir, &options.keys_dir] {
        add(directory.join("LOCK"), File, ToWrite, Nothing);
    }
    add(paths.vault(), File, ToWrite, OtherCopy);
    let sled = dir.join("sled");
    for (path, wanted) in [
        (sled.clone(), Directory),
        (sled.join("db"), File),
        (sled.join("conf"), File),
        (sled.join("blobs"), Directory),
    ] {
        add(path, wanted, ToWrite, OtherCopy);
    }
    add(dir.join("sled.copy"), Directory, ToWrite, Nothing);
    add(paths.torn(), Directory, ToWrite, Nothing);
    add(dir.join("access.jsonl"), File, ToWrite, PutBack);
    add(dir.join("cosigned"), File, ToWrite, PutBack);
    add(dir.join("evidence"), Directory, ToWrite, PutBack);
    add(paths.handovers(), Directory, ToWrite, PutBack);
    for path in [paths.vault(), paths.checkpoint(), paths.anchor_elsewhere(), paths.scrub()] {
        let mut aside = path.into_os_string();
        aside.push(ASIDE);
        add(aside.into(), File, ToWrite, Nothing);
    }
    places
}

/// What lies under a name in the place of what is wanted; `None` where that lies there, or nothing.
fn what_else(disk: &dyn Disk, path: &Path, wanted: Wanted) -> Option<&'static str> {
    // What cannot be looked at is told by whoever opens it.
    let kind = disk.kind(path).ok()??;
    let led_to = match kind {
        FileKind::Link => match disk.length(path) {
            Ok(Some(_)) if disk.list(path).is_ok() => FileKind::Directory,
            Ok(Some(_)) if disk.open_existing(path).is_ok() => FileKind::File,
            Ok(Some(_)) => FileKind::Device,
            Ok(None) | Err(_) => return Some("a link that leads nowhere"),
        },
        kind => kind,
    };
    match (wanted, led_to) {
        (Wanted::File, FileKind::File) | (Wanted::Directory, FileKind::Directory) => None,
        // A disk that does not know directories calls them files, and cannot open one.
        (Wanted::Directory, FileKind::File) if disk.open_existing(path).is_err() => None,
        (_, FileKind::File) => Some("a file"),
        (_, FileKind::Directory) => Some("a directory"),
        (_, FileKind::Device | FileKind::Link) => Some("a device"),
    }
}
