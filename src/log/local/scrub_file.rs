//! What the last look at the whole log came to: one self-checking line in the file `scrub`.
//!
//! ```text
//! jejak-scrub <log id> <position> <started> <ended> <covered> <finding, or -> <crc>
//! ```
//!
//! The log id is the leaf hash of event 0: a record of another log says nothing of this one. Position: the index up to which the pass under way is. Started, ended: of the last whole pass, milliseconds since
//! 1970, `-` where there was none, and the size it covered. A finding is what is wrong with a copy, in a sentence; while it
//! stands, opening reads everything and mends. Must never say that something is right that was not looked at: a line that
//! does not check, or is of another log, counts as a finding. What is no file is no record, and keeps nobody from opening.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jejak_events::tree::Hash;

use super::journal::{ASIDE, with_suffix};
use crate::disk::{Disk, FileKind, replace_durably};

/// First word of the line.
const MAGIC: &str = "jejak-scrub";

/// What looking at the whole log came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScrubRecord {
    /// Index up to which the pass under way has looked; 0 between passes.
    pub position: u64,
    /// When the last whole pass started, in milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// Size of the log that it covered.
    pub covered: u64,
    /// What is wrong with a copy; the next opening mends it.
    pub finding: Option<String>,
}

impl ScrubRecord {
    pub(crate) fn print(&self, log_id: Hash) -> Vec<u8> {
        let time = |ms: Option<i64>| ms.map_or_else(|| "-".to_owned(), |ms| ms.to_string());
        let (started, ended) = (time(self.started_ms), time(self.ended_ms));
        let finding = self.finding.as_deref().unwrap_or("-");
        let body =
            format!("{MAGIC} {log_id} {} {started} {ended} {} {finding} ", self.position, self.covered);
        format!("{body}{:08x}\n", crc32c::crc32c(body.as_bytes())).into_bytes()
    }

    fn parse(bytes: &[u8], log_id: Hash) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
        let (body, _) = text.rsplit_once(' ')?;
        let mut fields = body.splitn(7, ' ');
        let mut next = || fields.next();
        let (_, _, position, started, ended) = (next()?, next()?, next()?, next()?, next()?);
        let (covered, finding) = (next()?, next()?);
        let time = |text: &str| if text == "-" { Some(None) } else { text.parse().ok().map(Some) };
        let record = Self {
            position: position.parse().ok()?,
            started_ms: time(started)?,
            ended_ms: time(ended)?,
            covered: covered.parse().ok()?,
            finding: (finding != "-").then(|| finding.to_owned()),
        };
        // Printing again checks the rest: first word, log, checksum, one form only.
        (record.print(log_id) == bytes).then_some(record)
    }
}

/// The record of an open log, and its file; readers, writer and scrub share it.
#[derive(Debug)]
pub(crate) struct Scrubbed {
    /// `None`: nothing is written, because this process only reads.
    disk: Option<Arc<dyn Disk>>,
    path: PathBuf,
    /// `None`: nothing is kept, because there is no event yet.
    log_id: Option<Hash>,
    record: Mutex<ScrubRecord>,
}

impl Scrubbed {
    /// What the file says of the log with this id; nothing yet where there is no file, or no event.
    pub(crate) fn read(disk: &dyn Disk, path: &Path, log_id: Option<Hash>) -> ScrubRecord {
        let found = disk.read(path).ok().zip(log_id);
        let record = found.map(|(bytes, log_id)| ScrubRecord::parse(&bytes, log_id));
        record.map_or_else(ScrubRecord::default, |record| {
            record.unwrap_or_else(|| ScrubRecord {
                finding: Some("the record of the last look at the whole log does not check".to_owned()),
                ..ScrubRecord::default()
            })
        })
    }

    pub(crate) fn new(
        disk: Option<Arc<dyn Disk>>,
        path: PathBuf,
        log_id: Option<Hash>,
        record: ScrubRecord,
    ) -> Self {
        Self { disk, path, log_id, record: Mutex::new(record) }
    }

    fn lock(&self) -> MutexGuard<'_, ScrubRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn record(&self) -> ScrubRecord {
        self.lock().clone()
    }

    /// Notes what is wrong, if nothing is noted yet, and keeps it for the next opening.
    pub(crate) fn note(&self, finding: &str) {
        let mut record = self.lock();
        if record.finding.is_none() {
            record.finding = Some(finding.replace('\n', " "));
            self.keep(&record);
        }
    }

    /// Notes when a pass began; kept with its position.
    pub(crate) fn begin(&self, now_ms: i64) {
        let mut record = self.lock();
        (record.position, record.started_ms) = (0, Some(now_ms));
    }

    /// Changes the record and keeps it.
    pub(crate) fn change(&self, change: impl FnOnce(&mut ScrubRecord)) {
        let mut record = self.lock();
        change(&mut record);
        self.keep(&record);
    }

    fn keep(&self, record: &ScrubRecord) {
        if let Some((disk, log_id)) = self.disk.as_ref().zip(self.log_id) {
            // What is no file was named, and whoever put it there takes it away.
            if disk.kind(&self.path).is_ok_and(|kind| kind.is_some_and(|kind| kind != FileKind::File)) {
                return;
            }
            let (aside, line) = (with_suffix(&self.path, ASIDE), record.print(log_id));
            // What cannot be kept is found again by whoever looks next.
            let _ = replace_durably(&**disk, &self.path, &aside, &line);
            // A crash here leaves the old record or the new one.
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Hash = Hash([7; 32]);

    #[test]
    fn a_record_reads_back_and_no_flipped_bit_passes() {
        let looked = ScrubRecord {
            position: 7,
            started_ms: Some(-1),
            ended_ms: Some(1_700_000_000_000),
            covered: 9,
            finding: Some("the store's chunk at 3 differs".to_owned()),
        };
        for record in [ScrubRecord::default(), looked] {
            let bytes = record.print(OWN);
            assert_eq!(ScrubRecord::parse(&bytes, Hash([8; 32])), None, "of another log");
            assert_eq!(ScrubRecord::parse(&bytes, OWN), Some(record));
            for at in 0..bytes.len() {
                for bit in 0..8 {
                    let mut wrong = bytes.clone();
                    wrong[at] ^= 1 << bit;
                    assert_eq!(ScrubRecord::parse(&wrong, OWN), None, "byte {at} bit {bit}");
                }
            }
        }
    }
}
