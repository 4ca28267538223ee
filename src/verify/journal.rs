//! The journal, read as its format says and by nothing of the log's own code: lines, checksums, roots.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use jejak_events::tree::{Frontier, Hash, leaf_hash};

use super::{Check, OnProgress, Stage, VerifyError};
use crate::disk::{Disk, DiskFile};
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
    let directory = options.paths().journal();
    let failed = |operation, path: &Path| {
        let path = path.display().to_string();
        move |source| VerifyError::from(RegistryError::File { operation, path, source })
    };
    let mut names = options.disk.list(&directory).map_err(failed("list", &directory))?;
    names.retain(|name| name.ends_with(".jsonl") || name.ends_with(".jsonl.zst"));
    let mut walk = Walk { check: &mut check, frontier: Frontier::new(), checksum: 0, open_lines: 0 };
    for name in &names {
        let path = directory.join(name);
        let first: Option<u64> = name.split('.').next().and_then(|digits| digits.parse().ok());
        let at = walk.frontier.size();
        match first {
            Some(first) if first == at => {}
            // Compressed and not yet removed: the same events once more.
            Some(first) if first < at => continue,
            _ => {
                walk.check.problem(
                    format!("{name} seharusnya mulai pada indeks {at}"),
                    format!("{name} should start at index {at}"),
                );
                return Ok(check);
            }
        }
        let opened = match FileReader::open(&*options.disk, &path) {
            // Compressed since the names were listed: the same events under another name.
            Err(error) if error.kind() == ErrorKind::NotFound && name.ends_with(".jsonl") => {
                let packed = directory.join(format!("{name}.zst"));
                FileReader::open(&*options.disk, &packed).map(|file| (file, true))
            }
            opened => opened.map(|file| (file, name.ends_with(".zst"))),
        };
        let (file, is_packed) = opened.map_err(failed("open", &path))?;
        let mut text: Box<dyn BufRead> = if is_packed {
            let decoder = zstd::stream::read::Decoder::new(file).map_err(failed("decompress", &path))?;
            Box::new(BufReader::with_capacity(1 << 20, decoder))
        } else {
            Box::new(BufReader::with_capacity(1 << 20, file))
        };
        let mut line = Vec::new();
        loop {
            line.clear();
            if let Err(error) = text.read_until(b'\n', &mut line) {
                walk.check.told(&format!("{name} tidak terbaca"), &format!("{name} cannot be read"), error);
                return Ok(check);
            }
            if line.is_empty() {
                break;
            }
            if !walk.take(name, &line) {
                return Ok(check);
            }
            let done = walk.frontier.size();
            if done.is_multiple_of(STEP) && !on_progress(Stage::Journal, done, size) {
                return Err(VerifyError::Stopped);
            }
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

struct Walk<'a> {
    check: &'a mut Check,
    frontier: Frontier,
    /// CRC-32C of the commit so far.
    checksum: u32,
    /// Event lines since the last commit line.
    open_lines: u64,
}

impl Walk<'_> {
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
                format!("{name}, commit yang berakhir pada ukuran {at}: {reason}"),
                format!("{name}, the commit that ends at size {at}: {reason}"),
            );
        }
        self.checksum = 0;
        self.open_lines = 0;
        holds.is_ok()
    }

    /// `#commit <size> <root> <vault length> <crc32c>`.
    fn commit_line(&self, content: &[u8]) -> Result<(), String> {
        let text = std::str::from_utf8(content).map_err(|_| "commit line: not UTF-8")?;
        let fields: Vec<&str> = text.split(' ').collect();
        let ["#commit", size, root, _vault_length, checksum] = fields[..] else {
            return Err("commit line: malformed".to_owned());
        };
        let (own_size, own_root) = (self.frontier.size().to_string(), self.frontier.root().to_string());
        if (size, root) != (&own_size, &own_root) {
            return Err(format!(
                "commit line: size {size} root {root}; events: size {own_size} root {own_root}"
            ));
        }
        let covered = content.len() - checksum.len();
        let own = format!("{:08x}", crc32c::crc32c_append(self.checksum, &content[..covered]));
        if checksum != own {
            return Err(format!("commit line: checksum {checksum}; events: {own}"));
        }
        Ok(())
    }
}

struct FileReader {
    file: Box<dyn DiskFile>,
    offset: u64,
    length_bytes: u64,
}

impl FileReader {
    fn open(disk: &dyn Disk, path: &Path) -> io::Result<Self> {
        let file = disk.open_existing(path)?;
        let length_bytes = disk.length(path)?.ok_or(ErrorKind::NotFound)?;
        Ok(Self { file, offset: 0, length_bytes })
    }
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length_bytes.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let count = buffer.len().min(left);
        self.file.read_at(self.offset, &mut buffer[..count])?;
        self.offset += count as u64;
        Ok(count)
    }
}
