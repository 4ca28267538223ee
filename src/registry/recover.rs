//! Recovering a registry: the log from its sound copy, the keys file from its other copy.
//!
//! It must never sign a name that event 0 does not give.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::Arc;

use jejak_events::record::Event;
use jejak_events::tree::Hash;
use jejak_events::types::Data;

use super::open::checkpoint_seed;
use super::outcome::RegistryError;
use super::signer::Signer;
use super::{Options, Registry};
use crate::log::{self, Notary, RecoverReport};
use crate::vault::KeyFile;

/// Longest first line of a journal that is read: an event and its line break.
const FIRST_LINE_BYTES: u64 = (log::LONGEST_EVENT_BYTES + 1) as u64;

/// Signs as the log does, reading the origin from event 0 when the journal is whole again.
struct RecoveringNotary {
    options: Options,
    signer: Signer,
}

impl RecoveringNotary {
    /// The origin that event 0 gives. Only asked once the journal reproduces what was anchored.
    fn origin(&self) -> Result<String, String> {
        let journal = self.options.paths().journal();
        let names = self.options.disk.list(&journal).map_err(|error| error.to_string())?;
        let first = names.iter().find(|name| name.ends_with(".jsonl") || name.ends_with(".jsonl.zst"));
        let path = journal.join(first.ok_or("the journal has no segment")?);
        let bytes = self.options.disk.read(&path).map_err(|error| error.to_string())?;
        let text: Box<dyn Read + '_> = if path.extension().is_some_and(|extension| extension == "zst") {
            let decoder = zstd::stream::read::Decoder::new(&bytes[..]);
            Box::new(decoder.map_err(|error| error.to_string())?)
        } else {
            Box::new(&bytes[..])
        };
        let mut line = Vec::new();
        let read = BufReader::new(text).take(FIRST_LINE_BYTES).read_until(b'\n', &mut line);
        read.map_err(|error| error.to_string())?;
        let event = Event::read(line.trim_ascii_end()).map_err(|error| error.to_string())?;
        match event.draft.data {
            Data::RegistryOpened(constitution) => Ok(constitution.origin),
            _ => Err("event 0 is not registry.opened".to_owned()),
        }
    }
}

impl Notary for RecoveringNotary {
    fn sign(&self, size: u64, root: Hash) -> Result<String, String> {
        self.signer.name(&self.origin()?).map_err(|error| error.to_string())?;
        self.signer.sign(size, root)
    }

    fn check(&self, note: &str) -> Result<(u64, Hash), String> {
        self.signer.check(note)
    }
}

/// Rebuilds what is damaged from what is sound, anchors it, and opens and closes the result once, so
/// that keys, records and views are seen to fit. `checkpoint` is one that somebody kept, for when anchor
/// and checkpoint are gone.
///
/// # Errors
/// When the sound parts do not reproduce what was anchored (nothing is changed then), when the keys are
/// not those of the log, or when the machine fails.
pub fn recover(options: &Options, checkpoint: Option<&str>) -> Result<RecoverReport, RegistryError> {
    let lock = options.lock()?;
    let keys = KeyFile::open(Arc::clone(&options.disk), &options.keys_dir)?;
    let signer = Signer::new(checkpoint_seed(&keys, options)?);
    let notary = Arc::new(RecoveringNotary { options: options.clone(), signer });
    let report = log::recover(
        Arc::clone(&options.disk),
        &*options.store,
        notary,
        options.paths(),
        options.log,
        checkpoint,
    )
    .inspect_err(|_| options.discard_copy())?;
    // Crash here: a log that is whole and anchored; opening goes on from it.
    drop(lock);
    Registry::open(options)?.close()?;
    Ok(report)
}
