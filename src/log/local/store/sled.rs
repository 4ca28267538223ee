//! The store on sled 0.34.
//!
//! All key spaces share one sled tree, told apart by the first byte of the key: sled applies a batch to
//! one tree atomically. Over several trees that takes a transaction, which may run its closure again
//! and locks out every reader of the process meanwhile, and is no faster (a chunk of 64 events of 350
//! bytes, a tile and a vault frame: 54 µs per batch in one tree, 56 µs per transaction over three,
//! which is within the noise). In that tree
//!
//! * `00 ‖ first position (u64 big-endian)` holds a chunk, packed as [`super::packed`] says.
//! * `01 ‖ key` and `02 ‖ key` hold the values of [`Table::Tiles`] and [`Table::Vault`]: crc32c (u32
//!   little-endian) of whole key and value, then the value.
//!
//! Facts of sled 0.34.7 that shape this file, all measured:
//!
//! * `flush()` does not reach the medium, so [`SledStore::sync`](Store::sync) adds `fdatasync` on a
//!   descriptor of its own.
//! * A page takes up to 16 values before it splits, whatever their size, and a page larger than a
//!   quarter of a segment becomes a file under `blobs/`, which sled never syncs and which its cache
//!   counts as 17 bytes. With the default segment of 512 KiB, chunks of 28 kB made 1.1 GB of blobs
//!   and a cache without bound (1 GB at 3 M events). Hence the larger segment (see `SEGMENT_BYTES`);
//!   blobs that still come about are synced here.
//! * The cache looks for what to evict at every 64th access to one of 256 shards only; large values
//!   are touched more often, so that it stays near its capacity (see `settle_cache`).
//! * A batch closes the log buffer at its begin and at its end, and each closed buffer wakes all seven
//!   of sled's threads: 60 to 70 µs of processor time, where a single insert takes 3. Most commits of
//!   few events are one chunk, which needs no batch.
//! * Damaged pages make it panic, so every call goes through [`quiet::catch`].
//!
//! This file must never answer with bytes whose checksum it has not seen to be right, and never
//! write again after a write or sync whose outcome it does not know.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use super::packed::{self, Packer};
use super::{Batch, Chunk, Store, StoreError, Table, quiet};

/// First key byte of chunks.
const CHUNK_PREFIX: u8 = 0;
/// Length of the checksum before a table value.
const VALUE_HEADER_BYTES: usize = 4;
/// Size of sled's log segments: a page of 16 values of 128 KiB fits into a quarter of one and stays out
/// of `blobs/`. Fixed for ever for a directory: sled refuses to open it with another.
const SEGMENT_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of pages sled may keep in memory.
const CACHE_CAPACITY_BYTES: u64 = 64 * 1024 * 1024;
/// One extra access per so many bytes of a value keeps sled's cache near its capacity: 64 accesses
/// settle a shard, so about 256 × 64 × this many bytes can lie beyond it.
const CACHE_TOUCH_BYTES: usize = 4 * 1024;

/// Sees a whole key and its stored value; answers whether to go on.
type VisitRaw<'a> = dyn FnMut(&[u8], &[u8]) -> Result<bool, StoreError> + 'a;

/// First key byte of a table. Written to disk: never changes, never reused.
const fn prefix_of(table: Table) -> u8 {
    match table {
        Table::Tiles => 1,
        Table::Vault => 2,
    }
}

/// A registry's second copy in a sled directory. Open it through [`super::SledLocation`].
pub struct SledStore {
    directory: PathBuf,
    /// `None` only while it is dropped.
    database: Option<sled::Db>,
    tip: AtomicU64,
    writer: Mutex<Writer>,
}

/// What a complete check of a [`SledStore`] has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreCheck {
    /// Positions, dense from 0.
    pub positions: u64,
    /// Chunks that hold them.
    pub chunks: u64,
    /// Values in all tables.
    pub values: u64,
}

/// What only the thread that writes or syncs may touch.
struct Writer {
    /// Our own descriptor of sled's `db` file, for `fdatasync`.
    database_file: File,
    /// Blob files that are known to be on the medium.
    synced_blobs: HashSet<OsString>,
    /// Why nothing may be written any more, once that is so.
    failed: Option<String>,
    packer: Packer,
}

impl fmt::Debug for SledStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SledStore")
            .field("directory", &self.directory)
            .field("tip", &self.tip.load(Ordering::Relaxed))
            .finish_non_exhaustive()
    }
}

impl SledStore {
    /// sled's settings: no background flush (the registry decides when), no compression (chunks
    /// arrive compressed, and sled's own is 3 to 6 times slower), a bounded cache.
    fn config(directory: &Path) -> sled::Config {
        sled::Config::new()
            .path(directory)
            .segment_size(SEGMENT_BYTES)
            .flush_every_ms(None)
            .use_compression(false)
            .mode(sled::Mode::HighThroughput)
            .cache_capacity(CACHE_CAPACITY_BYTES)
    }

    /// Opens sled in `directory`, creating it when absent. Must run where a panic is caught.
    pub(super) fn open_unguarded(directory: &Path) -> sled::Result<sled::Db> {
        Self::config(directory).open()
    }

    /// Wraps an open database and finds its tip.
    pub(super) fn from_database(directory: &Path, database: sled::Db) -> Result<Self, StoreError> {
        let machine = |operation| move |source| StoreError::Machine { operation, source };
        let database_file = File::options()
            .read(true)
            .write(true)
            .open(directory.join("db"))
            .map_err(machine("open sled's db file to sync it"))?;
        let packer = Packer::new().map_err(machine("get memory to compress with"))?;
        let writer = Writer { database_file, synced_blobs: HashSet::new(), failed: None, packer };
        let store = Self {
            directory: directory.to_owned(),
            database: Some(database),
            tip: AtomicU64::new(0),
            writer: Mutex::new(writer),
        };
        store.sync_creation().map_err(machine("sync sled's new files"))?;
        // Past the last possible chunk key, and before every table.
        let last = store.guarded(
            || "the last chunk".to_owned(),
            |db| {
                let mut range = db.range::<&[u8], _>(&[CHUNK_PREFIX][..]..&[CHUNK_PREFIX + 1][..]);
                range.next_back().transpose()
            },
        )?;
        if let Some((key, value)) = last {
            let chunk = decode_chunk(&key, &value)?;
            store.tip.store(chunk.first + chunk.count, Ordering::Release);
        }
        Ok(store)
    }

    /// sled creates its files without syncing their names.
    fn sync_creation(&self) -> io::Result<()> {
        File::open(self.directory.join("conf"))?.sync_all()?;
        // Crash here: a directory without a durable name, which is an empty store on the next open.
        for directory in [self.directory.join("blobs"), self.directory.clone()] {
            File::open(directory)?.sync_all()?;
        }
        let parent = self.directory.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
        // Crash here: an empty store with its name.
    }

    /// Reads everything: chunks dense from 0 to the tip, all checksums, no unknown keys.
    ///
    /// sled may have dropped trailing batches in silence when it opened a damaged file; what is
    /// left is then whole and shorter, which only the journal or the anchor can tell.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first place that is wrong.
    pub fn check(&self) -> Result<StoreCheck, StoreError> {
        let tip = self.tip()?;
        let mut seen = StoreCheck::default();
        self.scan(0, &mut |chunk| {
            seen.chunks += 1;
            seen.positions += chunk.count;
            true
        })?;
        for table in [Table::Tiles, Table::Vault] {
            self.scan_table(table, &[], &mut |_, _| {
                seen.values += 1;
                true
            })?;
        }
        let known_end = [prefix_of(Table::Vault) + 1];
        let stray = self.guarded(
            || "the end of the key space".to_owned(),
            |db| db.range::<&[u8], _>(&known_end[..]..).next().transpose(),
        )?;
        if let Some((key, _)) = stray {
            return Err(damaged(format!("unknown key {}", hex(&key)), "no table has such keys".to_owned()));
        }
        debug_assert!(seen.positions >= tip, "scan covers 0..tip or fails");
        Ok(seen)
    }

    /// Runs a sled operation; its panic or its complaint about bytes becomes `Damaged`.
    fn guarded<T>(
        &self,
        place: impl Fn() -> String,
        operation: impl FnOnce(&sled::Db) -> sled::Result<T>,
    ) -> Result<T, StoreError> {
        let Some(database) = &self.database else {
            return Err(damaged(place(), "the store is closed".to_owned()));
        };
        match quiet::catch(|| operation(database)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(classify(place(), error)),
            Err(panic) => Err(damaged(place(), format!("sled panicked: {panic}"))),
        }
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes sled look at its cache: see [`CACHE_TOUCH_BYTES`].
    fn settle_cache(&self, key: &[u8], value_length: usize) -> Result<(), StoreError> {
        for _ in 0..value_length / CACHE_TOUCH_BYTES {
            self.guarded(|| describe_key(key), |db| db.get(key))?;
        }
        Ok(())
    }

    /// Visits raw entries of one prefix in key order; keys are whole.
    fn scan_raw(&self, range: std::ops::Range<&[u8]>, visit: &mut VisitRaw<'_>) -> Result<(), StoreError> {
        let start = range.start.to_vec();
        let mut entries = self.guarded(|| describe_key(&start), |db| Ok(db.range::<&[u8], _>(range)))?;
        let mut last = start;
        loop {
            let place = || format!("what follows {}", describe_key(&last));
            let Some((key, value)) = self.guarded(place, |_| entries.next().transpose())? else {
                break;
            };
            if !visit(&key, &value)? {
                break;
            }
            self.settle_cache(&key, value.len())?;
            last = key.to_vec();
        }
        // An iterator over a damaged tree may panic once more when it goes.
        self.guarded(
            || describe_key(&last),
            |_| {
                drop(entries);
                Ok(())
            },
        )
    }
}

impl Store for SledStore {
    fn tip(&self) -> Result<u64, StoreError> {
        Ok(self.tip.load(Ordering::Acquire))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let end = batch.end()?;
        let mut writer = self.writer();
        writer.refuse_if_failed("write after a failed write or sync")?;
        let tip = self.tip.load(Ordering::Acquire);
        if batch.at != tip {
            return Err(StoreError::Conflict { expected: batch.at, tip });
        }
        let mut values: Vec<(Vec<u8>, Vec<u8>)> = Vec::with_capacity(batch.chunks.len() + batch.puts.len());
        let chunks = batch.chunks.iter();
        values.extend(chunks.map(|chunk| (chunk_key(chunk.first).to_vec(), writer.packer.pack(chunk))));
        let chunk_lengths: Vec<usize> = values.iter().map(|(_, value)| value.len()).collect();
        values.extend(batch.puts.iter().map(|(table, key, value)| {
            let key = value_key(*table, key);
            let value = encode_value(&key, value);
            (key, value)
        }));
        let place = || format!("position {}", batch.at);
        let written = match <[_; 1]>::try_from(values) {
            // A single insert is one message of sled's log: a crash leaves it whole or not at all, and so it
            // needs none of what a batch costs (see the facts of sled above).
            Ok([(key, value)]) => self.guarded(place, |db| db.insert(key, value).map(drop)),
            Err(values) => {
                let mut changes = sled::Batch::default();
                values.into_iter().for_each(|(key, value)| changes.insert(key, value));
                self.guarded(place, |db| db.apply_batch(changes))
            }
        };
        if let Err(error) = written {
            // Some of it may be in memory or on the medium: only reopening tells, so no more writes.
            writer.failed = Some(error.to_string());
            let source = with_kind_of(&error);
            return Err(StoreError::OutcomeUnknown { at: batch.at, source });
        }
        // Crash here: the batch is there whole or, since nothing is synced, not at all.
        self.tip.store(end, Ordering::Release);
        for (chunk, length) in batch.chunks.iter().zip(chunk_lengths) {
            self.settle_cache(&chunk_key(chunk.first), length)?;
        }
        Ok(())
    }

    fn chunk_at(&self, position: u64) -> Result<Option<Chunk>, StoreError> {
        if position >= self.tip()? {
            return Ok(None);
        }
        let place = || format!("position {position}");
        let found = self.guarded(place, |db| {
            let mut range = db.range::<&[u8], _>(&[CHUNK_PREFIX][..]..=&chunk_key(position)[..]);
            range.next_back().transpose()
        })?;
        let missing = || damaged(place(), "no chunk covers it".to_owned());
        let (key, value) = found.ok_or_else(missing)?;
        let chunk = decode_chunk(&key, &value)?;
        if position - chunk.first >= chunk.count {
            return Err(missing());
        }
        self.settle_cache(&key, value.len())?;
        Ok(Some(chunk))
    }

    fn scan(&self, from: u64, visit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), StoreError> {
        let tip = self.tip()?;
        // What is committed after the tip was read is not part of this scan.
        let Some(first) = (from < tip).then(|| self.chunk_at(from)).transpose()?.flatten() else {
            return Ok(());
        };
        let mut expected = first.first + first.count;
        let mut stopped = !visit(first);
        if stopped {
            return Ok(());
        }
        // What a batch adds after the tip was read may be half there: it is not part of this scan.
        let (start, end) = (chunk_key(expected), chunk_key(tip));
        self.scan_raw(&start[..]..&end[..], &mut |key, value| {
            let chunk = decode_chunk(key, value)?;
            if chunk.first != expected {
                let reason = format!("the next chunk there starts at {}", chunk.first);
                return Err(damaged(format!("position {expected}"), reason));
            }
            expected += chunk.count;
            stopped = !visit(chunk);
            Ok(!stopped)
        })?;
        if !stopped && expected != tip {
            return Err(damaged(format!("position {expected}"), format!("no chunk from there to {tip}")));
        }
        Ok(())
    }

    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let key = value_key(table, key);
        let found = self.guarded(|| describe_key(&key), |db| db.get(&key))?;
        found.map(|value| decode_value(&key, &value).map(<[u8]>::to_vec)).transpose()
    }

    fn scan_table(
        &self,
        table: Table,
        from: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let (start, end) = (value_key(table, from), [prefix_of(table) + 1]);
        self.scan_raw(&start[..]..&end[..], &mut |key, value| {
            let value = decode_value(key, value)?;
            Ok(visit(&key[1..], value))
        })
    }

    fn sync(&self) -> Result<(), StoreError> {
        let mut writer = self.writer();
        writer.refuse_if_failed("sync after a failed write or sync")?;
        let outcome = self
            .guarded(|| "the log buffer".to_owned(), |db| db.flush().map(drop))
            .map_err(|error| with_kind_of(&error))
            // Crash here: the batches are in the page cache at most.
            .and_then(|()| writer.sync_blobs(&self.directory.join("blobs")))
            // Crash here: blobs without the pages that point to them; sled removes them on open.
            .and_then(|()| writer.database_file.sync_data());
        // Crash here: everything committed before this call is durable.
        outcome.map_err(|source| {
            // After a failed sync the page cache may show what the medium does not hold.
            writer.failed = Some(source.to_string());
            StoreError::OutcomeUnknown { at: self.tip.load(Ordering::Acquire), source }
        })
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        let database = self.database.take();
        // sled flushes when it goes, and may panic on what is damaged; nothing can be done about
        // it here, and nothing that was promised depends on it.
        let _ = quiet::catch(move || drop(database));
    }
}

impl Writer {
    fn refuse_if_failed(&self, operation: &'static str) -> Result<(), StoreError> {
        match &self.failed {
            None => Ok(()),
            Some(reason) => Err(StoreError::Machine {
                operation,
                source: io::Error::other(format!("{reason}; reopen the registry")),
            }),
        }
    }

    fn sync_blobs(&mut self, directory: &Path) -> io::Result<()> {
        let mut new = Vec::new();
        for entry in std::fs::read_dir(directory)? {
            let name = entry?.file_name();
            if !self.synced_blobs.contains(&name) {
                new.push(name);
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        for name in new {
            match File::open(directory.join(&name)) {
                Ok(file) => file.sync_data()?,
                // sled removed a blob that is no longer needed.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            }
            self.synced_blobs.insert(name);
        }
        File::open(directory)?.sync_all()
    }
}

fn chunk_key(first: u64) -> [u8; 9] {
    let mut key = [CHUNK_PREFIX; 9];
    key[1..].copy_from_slice(&first.to_be_bytes());
    key
}

fn decode_chunk(key: &[u8], value: &[u8]) -> Result<Chunk, StoreError> {
    let Some(Ok(first)) = key.get(1..).map(<[u8; 8]>::try_from) else {
        return Err(damaged(describe_key(key), "a chunk key has 9 bytes".to_owned()));
    };
    packed::unpack(u64::from_be_bytes(first), value, || describe_key(key))
}

fn value_key(table: Table, key: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(1 + key.len());
    whole.push(prefix_of(table));
    whole.extend_from_slice(key);
    whole
}

fn encode_value(whole_key: &[u8], value: &[u8]) -> Vec<u8> {
    let checksum = crc32c::crc32c_append(crc32c::crc32c(whole_key), value);
    let mut stored = Vec::with_capacity(VALUE_HEADER_BYTES + value.len());
    stored.extend_from_slice(&checksum.to_le_bytes());
    stored.extend_from_slice(value);
    stored
}

fn decode_value<'a>(whole_key: &[u8], stored: &'a [u8]) -> Result<&'a [u8], StoreError> {
    let refuse = |reason: &str| damaged(describe_key(whole_key), reason.to_owned());
    let (checksum, value) = stored
        .split_first_chunk::<VALUE_HEADER_BYTES>()
        .ok_or_else(|| refuse("the value is shorter than its checksum"))?;
    if crc32c::crc32c_append(crc32c::crc32c(whole_key), value) != u32::from_le_bytes(*checksum) {
        return Err(refuse("the value does not match its checksum"));
    }
    Ok(value)
}

pub(super) fn damaged(place: String, reason: String) -> StoreError {
    StoreError::Damaged { place, reason }
}

/// An error of the system with the text of a store error, and with its kind where it has one.
fn with_kind_of(error: &StoreError) -> io::Error {
    let kind = match error {
        StoreError::Machine { source, .. } => match source.kind() {
            // What had no kind but came from the machine must stay apart from damage.
            kind if super::is_of_the_machine(&kind.into()) => kind,
            _ => io::ErrorKind::ResourceBusy,
        },
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error.to_string())
}

/// Tells a machine that cannot (full, forbidden, busy) from bytes that are wrong.
pub(super) fn classify(place: String, error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(source) if super::is_of_the_machine(&source) => {
            StoreError::Machine { operation: "use its sled directory", source }
        }
        sled::Error::Io(source) => damaged(place, source.to_string()),
        // What sled says of it is for its own makers.
        sled::Error::Corruption { .. } => damaged(place, "sled reads bytes that it did not write".to_owned()),
        _ => damaged(place, "sled refuses its own files".to_owned()),
    }
}

fn describe_key(key: &[u8]) -> String {
    match key.split_first() {
        Some((&CHUNK_PREFIX, rest)) => match <[u8; 8]>::try_from(rest) {
            Ok(first) => format!("the chunk at position {}", u64::from_be_bytes(first)),
            Err(_) => format!("chunk key {}", hex(rest)),
        },
        Some((1, rest)) => format!("tile key {}", hex(rest)),
        Some((2, rest)) => format!("vault key {}", hex(rest)),
        _ => format!("unknown key {}", hex(key)),
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
