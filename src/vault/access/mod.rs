//! The access log: every look at sealed fields and every hand-out, one line of JSON each.
//!
//! It is a log of its own because it must hold what the public log may not: who looked at whom
//! (UU 27/2022). Each line carries its number and the hash of the line before it, the first one the hash over
//! the log's id; how many there are, and the hash of the last one, stand in the anchor before anything is shown
//! (`head`). So a line that is altered, left out or cut from the end does not fit any more, and stays so: what
//! is noted next follows the head in the anchor, not the last line that is left.
//!
//! It must never hold a sealed value.

mod chain;
mod guess;
mod head;
mod look;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jejak_events::identity::{Actor, ActorKind, EventId, Subject};
use jejak_events::tree::Hash;
use jejak_events::values::Sha256Hex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::chain::AccessReport;
use self::chain::{HEAD_LOST, LOSS_KNOWN, Line, Link, hash_of};
pub use self::guess::{Guess, GuessKind, Guesses, guess_digest};
use self::head::Head;
pub use self::look::{Look, OwnWork, RegistryMark, VaultPass};
use crate::disk::{Disk, DiskFile, FileError};
use crate::environment::Environment;

/// The access log of an open registry; one for all its threads.
#[derive(Debug)]
pub struct AccessLog {
    disk: Arc<dyn Disk>,
    environment: Environment,
    path: PathBuf,
    anchor: PathBuf,
    /// Leaf hash of event 0.
    log_id: Hash,
    /// False where the anchor is lost: a file in its place must not pass for one.
    is_anchored: bool,
    /// Of which registry the looks that it notes are.
    mark: RegistryMark,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Where the next line goes; unknown before the first one, and after a failure.
    tail: Option<Tail>,
    /// By event, which guesses are noted; unknown before the first comparison.
    guesses: Option<BTreeMap<EventId, Guesses>>,
}

/// Where the next line goes.
#[derive(Debug)]
struct Tail {
    place: Link,
    /// Length of the file up to the line of `place`.
    end: u64,
    /// Bytes past the anchored head that are written anew before they count: a failed sync may have left them in
    /// the page cache alone. With the anchored line before them, which starts at `again_from`.
    again: Vec<u8>,
    again_from: u64,
    head: Option<Head>,
}

/// A look or a hand-out that was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Look")]
pub struct NotedLook {
    /// When, RFC 3339.
    #[schemars(with = "jejak_events::schema::texts::Moment")]
    pub at: String,
    /// Kind of actor, as in events.
    #[schemars(with = "jejak_events::identity::ActorKind")]
    pub authtype: String,
    /// Pseudonym of the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::values::Code>")]
    pub authid: Option<String>,
    /// The command.
    pub purpose: String,
    /// Whose data were looked at.
    #[schemars(with = "Vec<jejak_events::identity::Subject>")]
    pub subjects: Vec<String>,
    /// The event with which a proposal of other sealed values was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unequal: Option<EventId>,
    /// The event with which a dry run compared a proposal of other sealed values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsed: Option<EventId>,
    /// The event with which a dry run compared a proposal of which no sealed value was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsed_right: Option<EventId>,
    /// What was asked of it, digested under the keys of its sealed values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guess: Option<String>,
}

impl NotedLook {
    /// The event that was guessed at, if any.
    fn guessed_at(&self) -> Option<(EventId, GuessKind)> {
        let asked = [
            (self.unequal, GuessKind::Appended),
            (self.rehearsed, GuessKind::Rehearsed),
            (self.rehearsed_right, GuessKind::RehearsedRight),
        ];
        asked.into_iter().find_map(|(event, kind)| Some((event?, kind)))
    }
}

/// A look that is about to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLook {
    /// Who looks.
    pub actor: Actor,
    /// With which command.
    pub purpose: String,
    /// At whose data.
    pub subjects: Vec<Subject>,
    /// What it tells of a sealed value without showing it.
    pub guess: Option<Guess>,
}

/// Where an access log lies, and whose clock it reads.
#[derive(Debug)]
pub struct AccessPlace {
    /// The disk.
    pub disk: Arc<dyn Disk>,
    /// The clock.
    pub environment: Environment,
    /// The file with the lines.
    pub path: PathBuf,
    /// The anchor, which keeps the head.
    pub anchor: PathBuf,
}

impl AccessLog {
    /// The access log of a registry whose event 0 has this leaf hash. Nothing is read yet.
    #[must_use]
    pub fn new(place: AccessPlace, log_id: Hash, is_anchored: bool) -> Self {
        let AccessPlace { disk, environment, path, anchor } = place;
        let mark = RegistryMark::fresh();
        Self { disk, environment, path, anchor, log_id, is_anchored, mark, state: Mutex::default() }
    }

    /// As the access log of an open registry, whose sealed values its looks open.
    #[must_use]
    pub fn of(self, mark: RegistryMark) -> Self {
        Self { mark, ..self }
    }

    /// Writes into the anchor of a new registry that nothing is noted yet: a head that is missing later was lost.
    ///
    /// # Errors
    /// When the anchor cannot be written.
    pub(crate) fn begin(&self) -> Result<(), FileError> {
        if self.read_head()?.is_none() {
            Head::default().write(&*self.disk, &self.anchor, None).map_err(failed("write", &self.anchor))?;
        }
        Ok(())
    }

    /// Notes that the anchor had lost the head, where it had: then this says so for ever, and the chain goes on.
    ///
    /// # Errors
    /// When the line cannot be written.
    pub(crate) fn settle(&self) -> Result<(), FileError> {
        if !self.is_anchored || self.read_head()?.is_some() {
            return Ok(());
        }
        let actor = Actor { kind: ActorKind::System, id: None };
        self.note(&actor, HEAD_LOST, &[])
        // Crash within: as for any line; without a head in the anchor the next opening notes it again.
    }

    /// Notes that somebody knows why the anchor lost the head, each time that it did; until then the examination does not
    /// agree. Answers whether there was such a loss.
    ///
    /// # Errors
    /// When the access log cannot be read, or the line cannot be written.
    pub fn say_loss_known(&self, actor: &Actor) -> Result<bool, FileError> {
        if self.report()?.lost.is_empty() {
            return Ok(false);
        }
        self.note(actor, LOSS_KNOWN, &[])?;
        Ok(true)
    }

    /// Notes a look before it is taken: durable on return, and named by the anchor, so that nothing is shown
    /// unnoted.
    ///
    /// # Errors
    /// When the line cannot be written; then nothing may be shown.
    pub fn note(&self, actor: &Actor, purpose: &str, subjects: &[Subject]) -> Result<(), FileError> {
        self.note_all(&[NewLook {
            actor: actor.clone(),
            purpose: purpose.to_owned(),
            subjects: subjects.to_vec(),
            guess: None,
        }])
    }

    /// Notes a look at the sealed values of some subjects, and gives the pass to them.
    ///
    /// # Errors
    /// As [`AccessLog::note`]; then there is no pass.
    pub(crate) fn look(&self, actor: &Actor, purpose: &str, subjects: &[Subject]) -> Result<Look, FileError> {
        self.note(actor, purpose, subjects)?;
        // Crash here, and wherever a pass is in hand: noted, and perhaps nothing was read.
        Ok(Look::at_subjects(self.mark, subjects))
    }

    /// As [`AccessLog::look`], at the sealed values of everybody: the line names nobody.
    ///
    /// # Errors
    /// As [`AccessLog::look`].
    pub(crate) fn look_at_everybody(&self, actor: &Actor, purpose: &str) -> Result<Look, FileError> {
        self.note(actor, purpose, &[])?;
        Ok(Look::at_everybody(self.mark))
    }

    /// As [`AccessLog::look`], at one attachment, which is about these subjects.
    ///
    /// # Errors
    /// As [`AccessLog::look`].
    pub(crate) fn look_at_file(
        &self,
        actor: &Actor,
        purpose: &str,
        file: &Sha256Hex,
        subjects: &[Subject],
    ) -> Result<Look, FileError> {
        self.note(actor, purpose, subjects)?;
        Ok(Look::at_file(self.mark, file))
    }

    /// Notes several looks together; as [`AccessLog::note`].
    ///
    /// # Errors
    /// When the lines cannot be written; then nothing may be shown.
    pub fn note_all(&self, looks: &[NewLook]) -> Result<(), FileError> {
        if looks.is_empty() {
            return Ok(());
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken: what a failure leaves is read anew by whoever notes next.
        let length = self.length()?;
        let tail = match state.tail.take().filter(|tail| tail.end == length) {
            Some(tail) => tail,
            None => self.read_tail(length)?,
        };
        state.tail = Some(self.append(tail, looks)?);
        if let Some(guesses) = &mut state.guesses {
            for guess in looks.iter().filter_map(|look| look.guess.as_ref()) {
                guesses.entry(guess.event).or_default().add(guess.digest.clone(), guess.kind);
            }
        }
        Ok(())
    }

    /// Which proposals of other sealed values were compared with this event, by what is noted.
    ///
    /// # Errors
    /// When the access log cannot be read.
    pub fn guesses(&self, event: EventId) -> Result<Guesses, FileError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let guesses = match &mut state.guesses {
            Some(guesses) => guesses,
            unknown => unknown.insert(self.report()?.guesses),
        };
        Ok(guesses.get(&event).cloned().unwrap_or_default())
    }

    /// Everything that is noted, and whether it is what was written.
    ///
    /// # Errors
    /// When the access log or the anchor cannot be read.
    pub fn report(&self) -> Result<AccessReport, FileError> {
        let bytes = match self.disk.read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(failed("read", &self.path)(source)),
        };
        Ok(AccessReport::of(&bytes, self.log_id, self.read_head()?, self.is_anchored))
    }

    fn length(&self) -> Result<u64, FileError> {
        Ok(self.disk.length(&self.path).map_err(failed("look at", &self.path))?.unwrap_or(0))
    }

    fn read_head(&self) -> Result<Option<Head>, FileError> {
        Head::read(&*self.disk, &self.anchor).map_err(failed("read", &self.anchor))
    }

    /// Finds where the next line goes.
    fn read_tail(&self, length: u64) -> Result<Tail, FileError> {
        let head = self.read_head()?;
        let (first, read) = (Link::first(self.log_id), |from, to| self.read_bytes(from, to));
        let Some(anchored) = head else {
            // Whatever is left is gone on from.
            let bytes = read(0, length)?;
            let lines = bytes.split(|byte| *byte == b'\n');
            let last = lines.rev().find_map(|line| Some((serde_json::from_slice::<Line>(line).ok()?, line)));
            let place = last.map_or(first, |(line, text)| Link::at(line.number, text));
            return Ok(Tail { place, end: length, again: Vec::new(), again_from: length, head });
        };
        let place = match anchored.hash {
            Some(hash) => Link { number: anchored.lines, hash },
            None => first,
        };
        let again_from = anchored.bytes.saturating_sub(anchored.last_bytes);
        let last = read(again_from, anchored.bytes.min(length))?;
        let fits = last.len() as u64 == anchored.last_bytes
            && last.strip_suffix(b"\n").map(hash_of) == anchored.hash;
        if !fits {
            // Not what was anchored. The next line follows the anchor all the same, so that the gap stays in sight.
            return Ok(Tail { place, end: length, again: Vec::new(), again_from: length, head });
        }
        let mut tail = Tail { place, end: anchored.bytes, again: last, again_from, head };
        for line in read(anchored.bytes, length)?.split_inclusive(|byte| *byte == b'\n') {
            // What does not follow was cut short, and nothing was shown under it: the next line is written over it.
            let Some(next) = line.strip_suffix(b"\n").and_then(|text| tail.place.follow(text)) else { break };
            (tail.place, tail.end) = (next, tail.end + line.len() as u64);
            tail.again.extend_from_slice(line);
        }
        Ok(tail)
    }

    fn read_bytes(&self, from: u64, to: u64) -> Result<Vec<u8>, FileError> {
        let length = to.saturating_sub(from);
        if length == 0 {
            return Ok(Vec::new());
        }
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        let file = self.disk.open_existing(&self.path).map_err(failed("open", &self.path))?;
        file.read_at(from, &mut bytes).map_err(failed("read", &self.path))?;
        Ok(bytes)
    }

    /// Writes the lines behind the tail, then the head into the anchor; answers with the new tail.
    fn append(&self, tail: Tail, looks: &[NewLook]) -> Result<Tail, FileError> {
        let Tail { mut place, mut end, again, again_from, head } = tail;
        let mut file = self.open()?;
        if self.length()? > end {
            file.set_length(end).map_err(failed("cut", &self.path))?;
        }
        let (mut text, from) =
            if again.is_empty() { (self.line_end(&*file, end)?, end) } else { (again, again_from) };
        end = from + text.len() as u64;
        let mut last_bytes = 0;
        for look in looks {
            let line = self.line(place, look).map_err(failed("write", &self.path))?;
            place = Link::at(place.number + 1, &line);
            last_bytes = line.len() as u64 + 1;
            end += last_bytes;
            text.extend_from_slice(&line);
            text.push(b'\n');
        }
        file.write_at(from, &text).map_err(failed("append to", &self.path))?;
        file.sync().map_err(failed("sync", &self.path))?;
        // Crash before this: nothing new, or lines past the head, whole or torn. Whole ones stay, and nothing was
        // shown under any of them.
        let head = if self.is_anchored {
            let new =
                Head { sequence: 0, lines: place.number, bytes: end, last_bytes, hash: Some(place.hash) };
            Some(new.write(&*self.disk, &self.anchor, head).map_err(failed("write", &self.anchor))?)
        } else {
            head
        };
        // Crash here: noted and anchored, and nothing was shown yet.
        Ok(Tail { place, end, again: Vec::new(), again_from: end, head })
    }

    fn open(&self) -> Result<Box<dyn DiskFile>, FileError> {
        let is_new = self.length()? == 0;
        let file = self.disk.open(&self.path).map_err(failed("open", &self.path))?;
        if is_new {
            // Who looked at whom is nobody else's business. Also for an empty file: whoever made it may
            // have come no further.
            crate::vault::restrict(&self.path, 0o600).map_err(failed("restrict", &self.path))?;
            let directory = self.path.parent().unwrap_or(Path::new("."));
            self.disk.sync_directory(directory).map_err(failed("sync the directory of", &self.path))?;
            // Crash here: an empty access log.
        }
        Ok(file)
    }

    /// The line end that is missing before the next line, where what was there is not what was written.
    fn line_end(&self, file: &dyn DiskFile, end: u64) -> Result<Vec<u8>, FileError> {
        let mut last = *b"\n";
        if end > 0 {
            file.read_at(end - 1, &mut last).map_err(failed("read", &self.path))?;
        }
        Ok(if last == *b"\n" { Vec::new() } else { vec![b'\n'] })
    }

    fn line(&self, before: Link, noted: &NewLook) -> io::Result<Vec<u8>> {
        let guessed = |kind| noted.guess.as_ref().filter(|guess| guess.kind == kind).map(|guess| guess.event);
        let look = NotedLook {
            at: self.environment.clock.wall().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            authtype: noted.actor.kind.name().to_owned(),
            authid: noted.actor.id.as_ref().map(ToString::to_string),
            purpose: noted.purpose.clone(),
            subjects: noted.subjects.iter().map(ToString::to_string).collect(),
            unequal: guessed(GuessKind::Appended),
            rehearsed: guessed(GuessKind::Rehearsed),
            rehearsed_right: guessed(GuessKind::RehearsedRight),
            guess: noted.guess.as_ref().map(|guess| guess.digest.clone()),
        };
        let line = Line { number: before.number + 1, before: before.hash.to_string(), look };
        serde_json::to_vec(&line).map_err(io::Error::from)
    }
}

fn failed(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.display().to_string();
    move |source| FileError { operation, path, source }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
