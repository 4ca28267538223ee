//! The journal, read as its format says and by nothing of the log's own code: lines, checksums, roots.

use jejak_events::translation::told;
use jejak_events::tree::{Frontier, Hash, leaf_hash};

use super::{Check, OnProgress, Stage, VerifyError};
use crate::proof::replay::journal_lines::{self, Ended, JournalError, SegmentChoice};
use crate::registry::{Options, RegistryError};

/// How often progress is told, in events.
const STEP: u64 = 4096;

/// Reads every segment from front to back.
///
/// # Errors
/// When a file cannot be read, or the caller stops.
pub fn check(
    options: &Options,
    size: u64,
    root: Hash,
    on_progress: OnProgress<'_>,
) -> Result<Check, VerifyError> {
    let mut check = Check::new("journal", "peristiwa", "events");
    let mut walk = JournalWalk {
        check: &mut check,
        frontier: Frontier::new(),
        checksum: 0,
        open_lines: 0,
        go_on: &|done| on_progress(Stage::Journal, done, size),
        is_stopped: false,
    };
    let read = journal_lines::read(&*options.disk, &options.paths().journal(), &mut walk);
    if walk.is_stopped {
        return Err(VerifyError::Stopped);
    }
    match read {
        Ok(Ended::AtTheEnd) => {}
        Ok(Ended::Early) => return Ok(check),
        Err(JournalError::Unreadable { name, source }) => {
            check.told(&format!("{name} tidak terbaca"), &format!("{name} cannot be read"), source);
            return Ok(check);
        }
        Err(JournalError::Disk { operation, path, source }) => {
            let path = path.display().to_string();
            return Err(RegistryError::File { operation, path, source }.into());
        }
    }
    let (read, own) = (walk.frontier.size(), walk.frontier.root());
    let open_lines = walk.open_lines;
    check.checked = read;
    if open_lines > 0 {
        check.problem("jurnal berakhir di tengah commit", "the journal ends within a commit");
    }
    if (read, own) != (size, root) {
        check.problem(
            format!("jurnal berisi {read} peristiwa berakar {own}, log {size} berakar {root}"),
            format!("the journal holds {read} events of root {own}, the log {size} of root {root}"),
        );
    }
    Ok(check)
}

struct JournalWalk<'a> {
    check: &'a mut Check,
    go_on: &'a dyn Fn(u64) -> bool,
    is_stopped: bool,
    frontier: Frontier,
    /// CRC-32C of the commit so far.
    checksum: u32,
    /// Event lines since the last commit line.
    open_lines: u64,
}

impl journal_lines::JournalReader for JournalWalk<'_> {
    fn segment(&mut self, name: &str, first: Option<u64>) -> SegmentChoice {
        let at = self.frontier.size();
        match first {
            Some(first) if first == at => SegmentChoice::Read,
            // Compressed and not yet removed: the same events once more.
            Some(first) if first < at => SegmentChoice::Skip,
            _ => {
                self.check.problem(
                    format!("{name} seharusnya mulai pada indeks {at}"),
                    format!("{name} should start at index {at}"),
                );
                SegmentChoice::Stop
            }
        }
    }

    fn line(&mut self, name: &str, line: &[u8]) -> bool {
        if !self.take(name, line) {
            return false;
        }
        let done = self.frontier.size();
        self.is_stopped = done.is_multiple_of(STEP) && !(self.go_on)(done);
        !self.is_stopped
    }
}

impl JournalWalk<'_> {
    /// Takes one line with its line break; `false` when reading on is pointless.
    fn take(&mut self, name: &str, line: &[u8]) -> bool {
        let at = self.frontier.size();
        let Some(content) = line.strip_suffix(b"\n") else {
            self.check.problem(
                format!("{name} berakhir di tengah baris sesudah indeks {at}"),
                format!("{name} ends within a line after index {at}"),
            );
            return false;
        };
        if content.first() == Some(&b'{') {
            self.frontier.push(leaf_hash(content));
            self.checksum = crc32c::crc32c_append(self.checksum, line);
            self.open_lines += 1;
            return true;
        }
        let holds = self.commit_line(content);
        if let Err(reason) = &holds {
            self.check.problem(
                format!("{name}, commit yang berakhir pada ukuran {at}: {}", told(reason)),
                format!("{name}, the commit that ends at size {at}: {reason}"),
            );
        }
        self.checksum = 0;
        self.open_lines = 0;
        holds.is_ok()
    }

    /// `#commit <size> <root> <vault length> <crc32c>`.
    fn commit_line(&self, content: &[u8]) -> Result<(), String> {
        let text = std::str::from_utf8(content).map_err(|_| "it is not UTF-8")?;
        let fields: Vec<&str> = text.split(' ').collect();
        let ["#commit", size, root, _vault_length, checksum] = fields[..] else {
            return Err("the commit line is malformed".to_owned());
        };
        let (own_size, own_root) = (self.frontier.size().to_string(), self.frontier.root().to_string());
        if size != own_size {
            return Err(format!("the commit line says size {size}, its events end at size {own_size}"));
        }
        if root != own_root {
            return Err(format!("the events hash to root {own_root}, the commit line says {root}"));
        }
        let covered = content.len() - checksum.len();
        let own = format!("{:08x}", crc32c::crc32c_append(self.checksum, &content[..covered]));
        if checksum != own {
            return Err(format!("the checksum is {own}, the commit line says {checksum}"));
        }
        Ok(())
    }
}
