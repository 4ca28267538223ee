//! Stored state: facts and the rules' state at one size of the log, in `state/` beside it.
//!
//! It is derived from the log and nothing else, and may be deleted at any time. It is believed only where the log
//! leads through the root that it ends at; whatever is wrong with it, the log is read instead. Nothing in it rests on
//! sealed values, so that an erasure has nothing to forget here: certificate numbers, which could be guessed back
//! from their hashes, are read from the vault when they are asked for.
//!
//! Two plain files hold a state of so many events, `<size>.facts` and `<size>.rules`: a reader of views needs the
//! first alone. Must never be written before what it rests on is durable, nor keep anybody waiting.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak_events::fault::Message;
use jejak_events::translation;
use jejak_events::tree::Hash;
use jejak_projections::error::ProjectionError;
use jejak_projections::facts::{CHUNK_VERSION, Facts};

use super::state_file::{Contents, Header, StateFileReader, StateFileWriter, Unread};
use crate::disk::{Disk, FileKind, create_directory_durably};
use crate::log::LogReader;
use crate::rules::machine::{MACHINE_PARTS, MACHINE_VERSION, StateMachine};

const FACTS: &str = ".facts";
const RULES: &str = ".rules";
/// What a file is named behind its name until it is whole.
const ASIDE: &str = ".new";
/// Times that a reader looks for files that another process replaces meanwhile.
const LOOKS: u32 = 3;

/// When state is stored, in events that are not stored yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatePolicy {
    /// At closing, at least so many, and a sixty-fourth of what is stored.
    pub closing_events: u64,
    /// While running, at least so many, and an eighth of what is stored.
    pub running_events: u64,
}

impl Default for StatePolicy {
    fn default() -> Self {
        // Replaying so many takes about 20 ms and 700 ms.
        Self { closing_events: 4_096, running_events: 131_072 }
    }
}

impl StatePolicy {
    /// Whether a registry that closes with so many events, of which so many are stored, is to store its state.
    #[must_use]
    pub fn is_due_at_closing(&self, size: u64, stored: u64) -> bool {
        size.saturating_sub(stored) >= self.closing_events.max(stored / 64)
    }

    /// The same while it runs.
    #[must_use]
    pub fn is_due_while_running(&self, size: u64, stored: u64) -> bool {
        size.saturating_sub(stored) >= self.running_events.max(stored / 8)
    }
}

/// State could not be stored. Nothing is lost by it: the next opening reads more of the log.
#[derive(Debug, thiserror::Error)]
pub enum StoringError {
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// Facts that cannot be written.
    #[error(transparent)]
    Facts(#[from] ProjectionError),
    /// The log is too large for the form.
    #[error("the state is too large for its stored form")]
    TooLarge,
    /// Machine and facts stand at different sizes.
    #[error("machine and facts are of different sizes")]
    Apart,
}

/// State as it was stored; nothing known by default.
#[derive(Debug, Default)]
pub struct StoredState {
    /// What the rules know.
    pub machine: StateMachine,
    /// For views.
    pub facts: Facts,
}

/// What loading came to.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The latest state that the log leads through; `None` where there is none.
    pub state: Option<StoredState>,
    /// What is wrong with the states that were not taken, for people.
    pub problems: Vec<Message>,
}

/// The files of stored state.
#[derive(Clone, Debug)]
pub struct StateFiles {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    free_floor_bytes: u64,
}

/// Whether a file in `state/` is one of its own.
#[must_use]
pub fn is_state_name(name: &str) -> bool {
    let name = name.strip_suffix(ASIDE).unwrap_or(name);
    [FACTS, RULES].into_iter().any(|ending| size_in(name, ending).is_some())
}

/// The size in a file's name.
fn size_in(name: &str, ending: &str) -> Option<u64> {
    let digits = name.strip_suffix(ending)?;
    let size = digits.parse().ok()?;
    (name == name_of(size, ending)).then_some(size)
}

/// As long for every log there will be, so that files are listed in their order.
fn name_of(size: u64, ending: &str) -> String {
    format!("{size:012}{ending}")
}

impl StateFiles {
    /// Those of a registry's data directory. State is not stored where that would leave less free space.
    #[must_use]
    pub fn of(disk: Arc<dyn Disk>, data_directory: &Path, free_floor_bytes: u64) -> Self {
        Self { disk, directory: data_directory.join("state"), free_floor_bytes }
    }

    /// Where they lie.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The sizes of which there are all these files, the largest first.
    fn sizes(&self, endings: &[&str]) -> io::Result<Vec<u64>> {
        let names = self.disk.list(&self.directory)?;
        let mut sizes: Vec<u64> = names.iter().filter_map(|name| size_in(name, endings.first()?)).collect();
        sizes.retain(|size| endings.iter().all(|ending| names.contains(&name_of(*size, ending))));
        sizes.sort_unstable_by(|one, other| other.cmp(one));
        Ok(sizes)
    }

    /// What lies in their directory's place and is none.
    fn misplaced(&self) -> Option<FileKind> {
        // What cannot be looked at is told when it is read.
        self.disk.kind(&self.directory).ok().flatten().filter(|kind| {
            // A disk without directories of its own tells files from nothing.
            matches!(kind, FileKind::Link | FileKind::Device)
                || (*kind == FileKind::File && self.disk.open_existing(&self.directory).is_ok())
        })
    }

    /// Loads the latest state that is sound and that the log leads through.
    #[must_use]
    pub fn load(&self, reader: &LogReader) -> Loaded {
        self.latest(&[FACTS, RULES], |size| self.load_state(size, reader))
    }

    /// Which events name public keys, as far as something sound is stored that the log leads through: of so many events,
    /// the indexes. For whoever needs nothing else of the state; what is wrong with it, whoever loads it says.
    #[must_use]
    pub fn load_key_events(&self, reader: &LogReader) -> (u64, Vec<u64>) {
        let load = |size| -> Result<(u64, Vec<u64>), Refused> {
            let part = self.sound_file(size, Contents::Rules, reader)?.first_part()?;
            let indexes = StateMachine::key_events_of(size, &part).ok_or(Unread::Damaged)?;
            Ok((size, indexes))
        };
        // A file that another process replaces meanwhile costs a longer way, and nothing else.
        let sizes = self.sizes(&[RULES]).unwrap_or_default();
        sizes.into_iter().find_map(|size| load(size).ok()).unwrap_or_default()
    }

    /// Another process may store while this one looks: what is gone when it is opened is looked up again.
    fn latest(&self, endings: &[&str], load: impl Fn(u64) -> Result<StoredState, Refused>) -> Loaded {
        for _ in 1..LOOKS {
            let (loaded, has_gone) = self.look(endings, &load);
            if !has_gone {
                return loaded;
            }
        }
        self.look(endings, &load).0
    }

    /// One look; and whether a file went away under it.
    fn look(&self, endings: &[&str], load: &impl Fn(u64) -> Result<StoredState, Refused>) -> (Loaded, bool) {
        let (mut loaded, mut has_gone) = (Loaded::default(), false);
        if let Some(kind) = self.misplaced() {
            loaded.problems.push(told_misplaced(&self.directory, kind));
            return (loaded, false);
        }
        let sizes = match self.sizes(endings) {
            Ok(sizes) => sizes,
            Err(error) => {
                loaded.problems.push(told(&self.directory, &Refused::Unread(error.into())));
                return (loaded, false);
            }
        };
        for size in sizes {
            match load(size) {
                Ok(state) => {
                    loaded.state = Some(state);
                    break;
                }
                Err(refused) => {
                    has_gone |= refused.has_gone();
                    let path = self.directory.join(name_of(size, ""));
                    loaded.problems.push(told(&path, &refused));
                }
            }
        }
        (loaded, has_gone)
    }

    fn load_state(&self, size: u64, reader: &LogReader) -> Result<StoredState, Refused> {
        std::thread::scope(|scope| {
            let facts = scope.spawn(|| self.load_facts_of(size, reader));
            let parts = self.sound_parts(size, Contents::Rules, reader);
            let machine = parts.and_then(|parts| {
                StateMachine::from_parts(size, parts).ok_or(Refused::Unread(Unread::Damaged))
            });
            let facts = facts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok(StoredState { machine: machine?, facts: facts? })
        })
    }

    fn load_facts_of(&self, size: u64, reader: &LogReader) -> Result<Facts, Refused> {
        let damaged = || Refused::Unread(Unread::Damaged);
        let parts = self.sound_parts(size, Contents::Facts, reader)?;
        let facts = Facts::decode(parts.first().ok_or_else(damaged)?).map_err(|_| damaged())?;
        // From the first event on, without a gap, and with all that was ever said.
        let is_whole = facts.size() == size && facts.ranges().len() == 1 && facts.floor() == 0;
        if is_whole { Ok(facts) } else { Err(damaged()) }
    }

    /// The parts of a file, if it is whole and the log leads through what it ends at.
    fn sound_parts(
        &self,
        size: u64,
        contents: Contents,
        reader: &LogReader,
    ) -> Result<Vec<Vec<u8>>, Refused> {
        Ok(self.sound_file(size, contents, reader)?.parts()?)
    }

    /// A file, if the log leads through what it ends at.
    fn sound_file(
        &self,
        size: u64,
        contents: Contents,
        reader: &LogReader,
    ) -> Result<StateFileReader, Refused> {
        let file = self.open(size, contents)?;
        let header = file.header();
        if header.range != (0..size) {
            return Err(Refused::Unread(Unread::Damaged));
        }
        // A log that cannot tell its root is damaged there, which whoever reads it is told.
        if !reader.leads_through(size, header.root).unwrap_or(false) {
            return Err(Refused::OtherLog);
        }
        Ok(file)
    }

    fn open(&self, size: u64, contents: Contents) -> Result<StateFileReader, Unread> {
        let (ending, version) = match contents {
            Contents::Facts => (FACTS, u32::from(CHUNK_VERSION)),
            Contents::Rules => (RULES, MACHINE_VERSION),
        };
        let path = self.directory.join(name_of(size, ending));
        StateFileReader::open(&*self.disk, &path, contents, version)
    }

    /// Stores the state of a log with this root, and removes what was stored before.
    ///
    /// # Errors
    /// When it cannot be written; what was stored before stands then.
    pub fn store(&self, machine: &StateMachine, facts: &Facts, root: Hash) -> Result<(), StoringError> {
        let size = machine.size();
        if facts.size() != size {
            return Err(StoringError::Apart);
        }
        if self.misplaced().is_some() {
            return Err(StoringError::File(io::ErrorKind::NotADirectory.into()));
        }
        create_directory_durably(&*self.disk, &self.directory)?;
        // Crash here: an empty directory, or what was stored before.
        self.remove(|name| name.ends_with(ASIDE))?;
        let written = self.write_aside(machine, facts, root).and_then(|()| {
            // Crash here: two whole files aside, which the next storing removes.
            for ending in [FACTS, RULES] {
                let name = name_of(size, ending);
                let aside = self.directory.join(format!("{name}{ASIDE}"));
                self.disk.rename(&aside, &self.directory.join(name))?;
                // Crash here: one of two files has its name. Without the other it is not taken; both follow from the
                // same events, so that one beside an older copy of the other says the same.
            }
            Ok(self.disk.sync_directory(&self.directory)?)
        });
        if let Err(error) = written {
            // What cannot be removed now is removed by the next storing.
            let _ = self.remove(|name| name.ends_with(ASIDE));
            return Err(error);
        }
        // Crash here: two states, of which the later is taken.
        Ok(self.remove(|name| {
            let of = |ending| size_in(name, ending).is_some_and(|other| other != size);
            of(FACTS) || of(RULES)
        })?)
        // Crash here: what was removed may come back, and is older.
    }

    fn write_aside(&self, machine: &StateMachine, facts: &Facts, root: Hash) -> Result<(), StoringError> {
        let size = machine.size();
        let header = |contents, version, parts: usize| {
            let parts = u32::try_from(parts).map_err(|_| StoringError::TooLarge)?;
            Ok::<_, StoringError>(Header { contents, version, range: 0..size, root, parts })
        };
        let begin = |ending, header| {
            let path = self.directory.join(format!("{}{ASIDE}", name_of(size, ending)));
            StateFileWriter::begin(&*self.disk, &path, &header)
        };
        let mut file = begin(FACTS, header(Contents::Facts, u32::from(CHUNK_VERSION), 1)?)?;
        let bytes = facts.encode()?;
        self.check_room(&bytes)?;
        file.part(&bytes)?;
        drop(bytes);
        // Crash here: a file aside that is perhaps not whole, which the next storing removes.
        file.finish()?;
        let mut file = begin(RULES, header(Contents::Rules, MACHINE_VERSION, MACHINE_PARTS)?)?;
        let mut parts = 0;
        machine.parts(|part| {
            parts += 1;
            self.check_room(&part)?;
            file.part(&part)
        })?;
        if parts != MACHINE_PARTS {
            return Err(StoringError::TooLarge);
        }
        Ok(file.finish()?)
    }

    /// What is derived must never take the space that the log needs.
    fn check_room(&self, part: &[u8]) -> io::Result<()> {
        let free = self.disk.free_bytes(&self.directory)?;
        if free.saturating_sub(part.len() as u64) < self.free_floor_bytes {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn remove(&self, is_wanted: impl Fn(&str) -> bool) -> io::Result<()> {
        for name in self.disk.list(&self.directory)? {
            if is_state_name(&name) && is_wanted(&name) {
                self.disk.remove(&self.directory.join(name))?;
            }
        }
        Ok(())
    }
}

/// Why a state is not taken.
#[derive(Debug)]
enum Refused {
    Unread(Unread),
    OtherLog,
}

impl Refused {
    fn has_gone(&self) -> bool {
        matches!(self, Self::Unread(Unread::File(error)) if error.kind() == io::ErrorKind::NotFound)
    }
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread)
    }
}

fn told_misplaced(path: &Path, kind: FileKind) -> Message {
    let path = path.display();
    let (id, en) = match kind {
        FileKind::Link => ("adalah tautan", "is a link"),
        FileKind::Device => ("adalah perangkat", "is a device"),
        FileKind::File | FileKind::Directory => ("adalah berkas", "is a file"),
    };
    Message::new(
        format!(
            "{path} {id}, bukan direktori; log dibaca sebagai gantinya: pindahkan atau hapus, yang seharusnya di sana \
             turunan dari log"
        ),
        format!(
            "{path} {en}, not a directory; the log is read instead: move or delete it, what belongs there is derived from \
             the log"
        ),
    )
}

fn told(path: &Path, refused: &Refused) -> Message {
    let path = path.display();
    let (id, en) = match refused {
        Refused::Unread(Unread::File(error)) => {
            (format!("tidak terbaca ({})", translation::told(error)), format!("cannot be read ({error})"))
        }
        Refused::Unread(Unread::Damaged) => ("rusak".into(), "is damaged".into()),
        Refused::Unread(Unread::OtherVersion) => {
            ("ditulis oleh versi lain".into(), "was written by another version".into())
        }
        Refused::OtherLog => ("bukan dari log ini".into(), "is not of this log".into()),
    };
    Message::new(
        format!(
            "keadaan tersimpan {path} {id} dan tidak dipakai: log dibaca sebagai gantinya, dan tidak ada yang hilang; \
             penulisan berikutnya menyimpannya lagi"
        ),
        format!(
            "the stored state {path} {en} and was not used: the log was read instead, and nothing is lost; the next writing \
             stores it again"
        ),
    )
}
