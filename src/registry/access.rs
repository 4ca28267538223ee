//! The access log: every look at sealed fields and every hand-out, one line of JSON each.
//!
//! It is a log of its own because it must hold what the public log may not: who looked at whom
//! (UU 27/2022). It must never hold a sealed value.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak_events::identity::{Actor, Subject};
use serde::Serialize;

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

impl AccessLog {
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
        let mut text = serde_json::to_string(&line).map_err(std::io::Error::from).map_err(failed("write"))?;
        text.push('\n');
        let end = self.disk.length(&self.path).map_err(failed("look at"))?.unwrap_or(0);
        let mut file = self.disk.open(&self.path).map_err(failed("open"))?;
        file.write_at(end, text.as_bytes()).map_err(failed("append to"))?;
        file.sync().map_err(failed("sync"))
        // Crash before this: a torn last line, and nothing was shown.
    }
}
