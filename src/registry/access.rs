//! The access log: every look at sealed fields and every hand-out, one line of JSON each.
//!
//! It is a log of its own because it must hold what the public log may not: who looked at whom
//! (UU 27/2022). It must never hold a sealed value.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak_events::identity::{Actor, Subject};
use serde::{Deserialize, Serialize};

use super::outcome::RegistryError;
use crate::disk::Disk;
use crate::environment::Environment;

/// The open access log.
#[derive(Debug)]
pub struct AccessLog {
    disk: Arc<dyn Disk>,
    environment: Environment,
    path: PathBuf,
}

#[derive(Serialize)]
struct Line<'a> {
    at: String,
    authtype: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authid: Option<&'a str>,
    purpose: &'a str,
    subjects: Vec<String>,
}

/// A look or a hand-out that was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When, RFC 3339.
    pub at: String,
    /// Kind of actor, as in events.
    pub authtype: String,
    /// Pseudonym of the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authid: Option<String>,
    /// The command.
    pub purpose: String,
    /// Whose data were looked at.
    pub subjects: Vec<String>,
}

impl AccessLog {
    /// The looks at any of these subjects, oldest first. A line that a crash cut short is passed over:
    /// nothing was shown under it.
    ///
    /// # Errors
    /// When the access log cannot be read.
    pub fn looks_at(&self, subjects: &[Subject]) -> Result<Vec<Look>, RegistryError> {
        let bytes = match self.disk.read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => {
                let path = self.path.display().to_string();
                return Err(RegistryError::File { operation: "read", path, source });
            }
        };
        let names: std::collections::BTreeSet<String> = subjects.iter().map(ToString::to_string).collect();
        let looks = bytes.split(|byte| *byte == b'\n');
        let looks = looks.filter_map(|line| serde_json::from_slice::<Look>(line).ok());
        Ok(looks.filter(|look| look.subjects.iter().any(|subject| names.contains(subject))).collect())
    }

    /// The access log of a data directory.
    #[must_use]
    pub fn in_directory(directory: &Path, disk: Arc<dyn Disk>, environment: Environment) -> Self {
        Self { disk, environment, path: directory.join("access.jsonl") }
    }

    /// Notes a look before it is taken: durable on return, so that nothing is shown unnoted.
    ///
    /// # Errors
    /// When the line cannot be written; then nothing may be shown.
    pub fn note(&self, actor: &Actor, purpose: &str, subjects: &[Subject]) -> Result<(), RegistryError> {
        let failed = |operation| {
            move |source| RegistryError::File { operation, path: self.path.display().to_string(), source }
        };
        let line = Line {
            at: self.environment.clock.wall().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            authtype: actor.kind.name(),
            authid: actor.id.as_deref(),
            purpose,
            subjects: subjects.iter().map(ToString::to_string).collect(),
        };
        let json = serde_json::to_string(&line).map_err(std::io::Error::from).map_err(failed("write"))?;
        let length = self.disk.length(&self.path).map_err(failed("look at"))?;
        let end = length.unwrap_or(0);
        let mut file = self.disk.open(&self.path).map_err(failed("open"))?;
        if end == 0 {
            // Who looked at whom is nobody else's business. Also for an empty file: whoever made it may
            // have come no further.
            crate::vault::restrict(&self.path, 0o600).map_err(failed("restrict"))?;
            let directory = self.path.parent().unwrap_or(Path::new("."));
            self.disk.sync_directory(directory).map_err(failed("sync the directory of"))?;
            // Crash here: an empty access log.
        }
        let mut last = *b"\n";
        if end > 0 {
            file.read_at(end - 1, &mut last).map_err(failed("read"))?;
        }
        // A line that was cut short stays one broken line, and this one is whole.
        let text = if last == *b"\n" { format!("{json}\n") } else { format!("\n{json}\n") };
        file.write_at(end, text.as_bytes()).map_err(failed("append to"))?;
        file.sync().map_err(failed("sync"))
        // Crash before this: a torn last line, and nothing was shown.
    }
}

#[cfg(test)]
mod tests {
    use jejak_events::identity::ActorKind;
    use jejak_events::time::RecordedTime;

    use super::*;
    use crate::disk::sim::{Fault, FaultKind, Faults, SimulatedDisk};
    use crate::environment::{ManualClock, SeededRandomness};

    const DIRECTORY: &str = "/data";

    fn log(disk: Arc<dyn Disk>, directory: &Path) -> AccessLog {
        let clock = ManualClock::at(RecordedTime::parse("2025-10-09T03:00:00.000Z").unwrap());
        let environment =
            Environment { clock: Arc::new(clock), randomness: Arc::new(SeededRandomness::new(1)) };
        AccessLog::in_directory(directory, disk, environment)
    }

    fn note(log: &AccessLog, purpose: &str) -> Result<(), RegistryError> {
        log.note(&Actor { kind: ActorKind::Unknown, id: None }, purpose, &[Subject::Registry])
    }

    /// The purposes of the whole lines, and the number of broken ones.
    fn purposes(disk: &SimulatedDisk) -> (Vec<String>, usize) {
        let bytes = disk.read(&Path::new(DIRECTORY).join("access.jsonl")).unwrap_or_default();
        let text = String::from_utf8(bytes).unwrap();
        let (mut whole, mut broken) = (Vec::new(), 0);
        for line in text.lines() {
            match serde_json::from_str::<serde_json::Value>(line) {
                Ok(line) => whole.push(line["purpose"].as_str().unwrap().to_owned()),
                Err(_) => broken += 1,
            }
        }
        (whole, broken)
    }

    #[test]
    fn what_was_noted_survives_a_power_cut() {
        let disk = SimulatedDisk::default();
        let noted = log(Arc::new(disk.clone()), Path::new(DIRECTORY));
        note(&noted, "first").unwrap();
        note(&noted, "second").unwrap();
        // Nothing survives but what was synced, the name of the file too.
        assert_eq!(purposes(&disk.crash(0)), (vec!["first".to_owned(), "second".to_owned()], 0));
    }

    #[test]
    fn every_failure_leaves_the_lines_before_and_the_line_after_whole() {
        let kinds =
            [FaultKind::NotDone, FaultKind::Done, FaultKind::Short, FaultKind::Full, FaultKind::PowerCut];
        let faults = Faults::default();
        let disk = SimulatedDisk::new(faults.clone());
        let noted = log(Arc::new(disk.clone()), Path::new(DIRECTORY));
        note(&noted, "first").unwrap();
        let before = disk.fork();
        faults.plan(None);
        note(&noted, "second").unwrap();
        let steps = faults.count();
        assert!(steps >= 2, "a write and a sync");
        let mut torn = 0;
        for kind in kinds {
            for operation in 0..steps {
                for seed in 0..4 {
                    let disk = before.fork();
                    disk.faults().plan(Some(Fault { operation, kind }));
                    note(&log(Arc::new(disk.clone()), Path::new(DIRECTORY)), "failed").unwrap_err();
                    let disk = disk.crash(seed);
                    note(&log(Arc::new(disk.clone()), Path::new(DIRECTORY)), "after").unwrap();
                    let (whole, broken) = purposes(&disk.crash(0));
                    let ends = (whole.first().map(String::as_str), whole.last().map(String::as_str));
                    assert_eq!(ends, (Some("first"), Some("after")), "{kind:?} at {operation}, {seed}");
                    torn += broken;
                }
            }
        }
        assert!(torn > 0, "no case left a torn line");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("access.jsonl");
        std::fs::File::create(&path).unwrap();
        note(&log(Arc::new(crate::disk::RealDisk), directory.path()), "look").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
