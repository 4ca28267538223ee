//! `jejak log export|checkpoint|vkey|rotate-key|proof|consistency|tiles`.

use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use jejak_events::fault::Message;
use jejak_events::policy::MAX_LENGTH_BYTES;
use jejak_events::schema::AnyRecord;
use jejak_events::translation::told;
use jejak_events::values::Text;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::input::read_small;
use crate::cli::new_file::{Force, NewFile, hold_directory};
use crate::cli::output::{is_cut_short, stdout, write_json};
use crate::cli::progress::Progress;
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format, actor};
use crate::log::LogError;
use crate::proof::hand_out::{self, NoCheckpoint, ProofFailure};
use crate::proof::publish::{PublishError, publish};
use crate::registry::{LogReading, Registry, Signed};
use crate::words::event_words::events;
use crate::words::language::{Language, number, text};

// What has arguments is documented by them, whose long help a text here would replace.
/// The log itself: export, checkpoint, key, proofs, the published tree.
#[derive(Debug, Subcommand)]
pub enum Command {
    Export(ExportArguments),
    Checkpoint(CheckpointArguments),
    Vkey(VkeyArguments),
    RotateKey(RotateKeyArguments),
    Proof(ProofArguments),
    Consistency(ConsistencyArguments),
    Tiles(TilesArguments),
}

/// Write the events as they were recorded, one per line: the canonical bytes that the tree hashes.
///
/// From --from up to but not including --to; both may be the size of the log, and nothing is written
/// then. The output never holds a sealed value. Every byte is checked against the tree before it is written.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak log export --from 100 --to 200 > events.jsonl")]
pub struct ExportArguments {
    /// First index.
    #[arg(long, value_name = "INDEX", default_value_t = 0)]
    from: u64,
    /// One past the last index [default: the end of the log].
    #[arg(long, value_name = "INDEX")]
    to: Option<u64>,
}

/// Print the newest signed checkpoint of the log (C2SP tlog-checkpoint).
///
/// It covers all that is recorded: what is not signed yet is anchored and signed first, or, where another process writes
/// the registry, signed by that one within a second, which is waited for.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak log checkpoint > checkpoint.txt")]
pub struct CheckpointArguments {
    #[command(flatten)]
    which: Which,
}

/// Which checkpoint.
#[derive(Debug, Args)]
pub struct Which {
    /// The largest checkpoint that was cosigned (`jejak cosign`), instead of the newest.
    #[arg(long)]
    cosigned: bool,
}

impl Which {
    /// The signed checkpoint asked for.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn checkpoint(&self, log: &LogReading, context: &Context) -> Result<String, Stop> {
        let options = context.options();
        let found = if self.cosigned {
            hand_out::cosigned_checkpoint(log, &options)
        } else {
            hand_out::current_checkpoint(log, &options)
        };
        found.map_err(stop_of_checkpoint)
    }
}

/// What keeps a checkpoint from being handed out.
pub fn stop_of_checkpoint(error: NoCheckpoint) -> Stop {
    let en = error.to_string();
    match error {
        error @ NoCheckpoint::NeverSigned => Stop::Failed(error.into()),
        NoCheckpoint::Cosigned(error) => super::cosign::stop_of(error),
        NoCheckpoint::NeverCosigned => Stop::No(Message::new(
            "belum ada checkpoint yang ikut ditandatangani; mintalah (`jejak audit`), lalu tambahkan (`jejak cosign`)",
            en,
        )),
    }
}

/// Print the log's public key (C2SP vkey): the one that signs now.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak log vkey > log.vkey")]
pub struct VkeyArguments {
    /// Every key that the log had, each on a line `SIZE VKEY` with the size of the smallest checkpoint it signs.
    #[arg(long)]
    all: bool,
}

/// Draw a new key for the checkpoints, or for attestation, and let it sign from here on.
///
/// The new key of the checkpoints is introduced by an event, and a checkpoint over that event is signed by the old key and the new one:
/// the handover, a file that stays in the data directory. Give it and the new key to all who know the old one; with
/// the handover (`jejak audit --kept`) the old key is enough to check the log. Old checkpoints keep verifying. Back
/// up the keys directory afterwards: the copies of before cannot sign any more.
///
/// The attestation key signs evidence bundles (`jejak bundle`). A new one is introduced by an event and signs bundles
/// over every checkpoint that covers it; there is nothing to hand over, for the log in a bundle names the key. The
/// recovery key stays: its secret lies outside the registry, and it speaks only where the others are lost.
///
/// JSON: `{"index","size","vkey","handover"}`; `handover` of a checkpoint key only.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak log rotate-key --basis \"Keputusan Kepala Dinas No. 9/2026\"")]
pub struct RotateKeyArguments {
    /// What the key signs.
    #[arg(long, value_enum, default_value_t = Rotatable::Checkpoint)]
    purpose: Rotatable,
    /// Decree or reason. It is public.
    #[arg(long, value_name = "TEXT")]
    basis: Option<String>,
}

/// What a key signs that can be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rotatable {
    /// Checkpoints.
    Checkpoint,
    /// Evidence bundles.
    Attestation,
}

/// A new key of the registry.
#[derive(Serialize, JsonSchema)]
struct Rotation {
    /// Index of the event that introduces it.
    index: u64,
    /// Size of the smallest checkpoint that it signs, or that its bundles rest on.
    size: u64,
    /// The key.
    #[schemars(with = "jejak_events::values::Vkey")]
    vkey: String,
    /// File with the handover, of a checkpoint key.
    #[serde(skip_serializing_if = "Option::is_none")]
    handover: Option<String>,
}

/// Prove that an event is in the log (C2SP tlog-proof).
///
/// The file holds index, hashes and signed checkpoint; with the event's line of `log export` and the
/// log's vkey anyone can check it offline. It was verified before it is handed out.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak log proof 42 --out event-42.tlog-proof")]
pub struct ProofArguments {
    /// Index of the event.
    index: u64,
    #[command(flatten)]
    which: Which,
    /// File to write; the event lies beside it, as FILE with the ending .json [default: the proof alone, to
    /// standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
}

/// Prove that one checkpoint extends another: nothing that the earlier covers was changed or left out.
///
/// What is written is the request that a C2SP tlog-witness takes (old size, hashes, the later checkpoint).
/// It was verified before it is handed out. Exit code 1: one of the checkpoints is not of this log's tree.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak log consistency checkpoint-2025.txt --out since-2025.txt")]
pub struct ConsistencyArguments {
    /// File with the earlier checkpoint.
    old: PathBuf,
    /// File with the later checkpoint [default: the current one].
    new: Option<PathBuf>,
    /// File to write [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
}

/// Write the log as static files (C2SP tlog-tiles) that any web server can serve, or extend them.
///
/// Beside the checkpoint lie the handovers between the log's keys (`handover/<size>`), which `jejak audit` follows
/// by itself. The checkpoint is replaced last, so a reader never sees one without its tiles, also if this is cut
/// short; run it again to go on. Every file that lies there is compared with the log each time: one that is missing,
/// cut short or altered is written anew and named. A directory published from another log, or from another state of this
/// one, is refused, and so are links and whatever else lies where a file of the log belongs. Confidential and personal values are not in it: entries hold their digests.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak log tiles /srv/www/log")]
pub struct TilesArguments {
    /// The directory to write to.
    directory: PathBuf,
    #[command(flatten)]
    which: Which,
}

impl Command {
    /// The forms that its output has; none where it is in a form of its own.
    pub fn formats(&self) -> &'static [Format] {
        match self {
            Self::RotateKey(_) => &[Format::Table, Format::Json],
            _ => &[],
        }
    }

    /// Whether nothing is anchored, signed or written to a file.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Export(_) | Self::Vkey(_) => true,
            Self::RotateKey(_)
            | Self::Checkpoint(_)
            | Self::Proof(_)
            | Self::Consistency(_)
            | Self::Tiles(_) => false,
        }
    }
}

impl ExportArguments {
    /// The indexes asked for, in a log of `size` events.
    fn range(&self, size: u64) -> Result<Range<u64>, Stop> {
        let Self { from, to } = *self;
        if let Some(to) = to.filter(|to| from > *to) {
            return Err(Stop::usage(
                format!("--from {from} lebih besar dari --to {to}; tukar keduanya"),
                format!("--from {from} is greater than --to {to}; swap them"),
            ));
        }
        for (flag, typed) in [("--from", Some(from)), ("--to", to)] {
            if let Some(typed) = typed.filter(|typed| *typed > size) {
                return Err(Stop::usage(
                    format!("{flag} {typed} tidak ada dalam log, yang berisi {}", events(size, Language::Id)),
                    format!("{flag} {typed} is not in the log, which holds {}", events(size, Language::En)),
                ));
            }
        }
        Ok(from..to.unwrap_or(size))
    }
}

/// What `log export` writes.
pub const RECORDS: &[Shape] = &[shape::<AnyRecord>];
/// What `log rotate-key` answers.
pub const ROTATED: &[Shape] = &[shape::<Rotation>];

pub fn run(command: &Command, context: &Context) -> Result<Exit, Stop> {
    let read = |signed, work: &dyn Fn(&LogReading) -> Result<(), Stop>| {
        context.with_log(signed, |log| work(log).map(|()| Exit::Fine))
    };
    match command {
        Command::Export(arguments) => read(Signed::NotNeeded, &|log| export(arguments, context, log)),
        Command::Checkpoint(arguments) => read(Signed::Wanted, &|log| checkpoint(arguments, context, log)),
        Command::Vkey(arguments) => read(Signed::NotNeeded, &|log| vkey(arguments, log)),
        Command::RotateKey(arguments) => {
            context.with_registry(|registry| rotate_key(arguments, context, registry))
        }
        Command::Proof(arguments) => read(Signed::Wanted, &|log| proof(arguments, context, log)),
        Command::Consistency(arguments) => {
            let signed = if arguments.new.is_some() { Signed::NotNeeded } else { Signed::Wanted };
            read(signed, &|log| consistency(arguments, context, log))
        }
        Command::Tiles(arguments) => read(Signed::Wanted, &|log| tiles(arguments, context, log)),
    }
}

fn export(arguments: &ExportArguments, context: &Context, log: &LogReading) -> Result<(), Stop> {
    let (reader, mut out) = (log.reader(), stdout());
    let range = arguments.range(reader.size())?;
    let mut failed: Option<Stop> = None;
    reader.scan(range, &mut |_, bytes| {
        let written = out.write_all(bytes).and_then(|()| out.write_all(b"\n"));
        failed = written.map_err(Stop::from).and_then(|()| context.interrupt.check()).err();
        // Nothing is made here but output: a reader who has gone wants no more of it.
        failed.is_none() && !is_cut_short()
    })?;
    failed.map_or(Ok(()), Err)?;
    Ok(out.flush()?)
}

fn checkpoint(arguments: &CheckpointArguments, context: &Context, log: &LogReading) -> Result<(), Stop> {
    let (note, mut out) = (arguments.which.checkpoint(log, context)?, stdout());
    out.write_all(note.as_bytes())?;
    Ok(out.flush()?)
}

fn vkey(arguments: &VkeyArguments, log: &LogReading) -> Result<(), Stop> {
    let (keys, mut out) = (log.log_keys(), stdout());
    if arguments.all {
        keys.all().iter().try_for_each(|one| writeln!(out, "{} {}", one.from_size, one.key))?;
    } else {
        keys.current().into_iter().try_for_each(|key| writeln!(out, "{key}"))?;
    }
    Ok(out.flush()?)
}

fn proof(arguments: &ProofArguments, context: &Context, log: &LogReading) -> Result<(), Stop> {
    let note = arguments.which.checkpoint(log, context)?;
    let (reader, index) = (log.reader(), arguments.index);
    let proof = hand_out::inclusion(reader, &note, log.log_keys(), index).map_err(stop_of_inclusion)?;
    let event = reader.read(index)?;
    if let Some(path) = &arguments.out {
        return write_proof(&proof.to_string(), &event, path, arguments.force, context);
    }
    let mut out = stdout();
    write!(out, "{proof}")?;
    Ok(out.flush()?)
}

fn consistency(arguments: &ConsistencyArguments, context: &Context, log: &LogReading) -> Result<(), Stop> {
    let old = read_file(&arguments.old)?;
    let new = match &arguments.new {
        Some(path) => read_file(path)?,
        None => hand_out::current_checkpoint(log, &context.options()).map_err(stop_of_checkpoint)?,
    };
    let proven =
        hand_out::consistency(log.reader(), &old, &new, log.log_keys()).map_err(stop_of_consistency)?;
    match &arguments.out {
        None => {
            let mut out = stdout();
            write!(out, "{proven}")?;
            out.flush()?;
        }
        Some(path) => NewFile::at(path, arguments.force, context)?.write(proven.to_string().as_bytes())?,
    }
    context.say(&text!(
        context.language,
        "jejak: checkpoint {} melanjutkan checkpoint {}; tidak ada yang diubah atau dihilangkan di antaranya",
        "jejak: checkpoint {} extends checkpoint {}; nothing that it covers was changed or left out",
        proven.new.size(),
        proven.old.size()
    ));
    Ok(())
}

fn rotate_key(arguments: &RotateKeyArguments, context: &Context, registry: &Registry) -> Result<Exit, Stop> {
    let basis = arguments.basis.as_deref().map(Text::parse).transpose().map_err(Stop::Usage)?;
    let actor = actor(&context.global)?;
    let (index, key, handover) = match arguments.purpose {
        Rotatable::Checkpoint => {
            let rotated = registry.rotate_key(actor, basis)?;
            (rotated.index, rotated.key, Some(rotated.handover.display().to_string()))
        }
        Rotatable::Attestation => {
            let (index, key) = registry.rotate_attestation_key(actor, basis)?;
            (index, key, None)
        }
    };
    let made = Rotation { index, size: index + 1, vkey: key.to_string(), handover };
    let mut out = stdout();
    if context.format() == Format::Json {
        write_json(&mut out, &made)?;
        return Ok(Exit::Fine);
    }
    writeln!(out, "{}", made.vkey)?;
    out.flush()?;
    let Rotation { index, size, handover, .. } = &made;
    context.say(&match handover {
        Some(handover) => text!(
            context.language,
            "jejak: kunci di atas menandatangani sejak peristiwa {index}; serah terimanya, ditandatangani kedua kunci, ada di \
             {handover}: berikan keduanya kepada semua yang memegang kunci lama, dan cadangkan direktori kunci",
            "jejak: the key above signs from event {index} on; the handover, signed by both keys, is in {handover}: give \
             both to all who hold the old key, and back up the keys directory"
        ),
        None => text!(
            context.language,
            "jejak: kunci di atas menandatangani berkas bukti dari checkpoint berukuran {size} ke atas; log sendiri \
             menyebutnya: tidak ada yang perlu diserahkan. Cadangkan direktori kunci",
            "jejak: the key above signs evidence bundles over checkpoints of size {size} and more; the log itself names \
             it: there is nothing to hand over. Back up the keys directory"
        ),
    });
    Ok(Exit::Fine)
}

fn read_file(path: &Path) -> Result<String, Stop> {
    let bytes = read_small(path, MAX_LENGTH_BYTES as u64)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a proof, and the event beside it: both or none.
fn write_proof(proof: &str, event: &[u8], path: &Path, force: Force, context: &Context) -> Result<(), Stop> {
    let beside = path.with_extension("json");
    if beside == *path {
        return Err(Stop::usage(
            format!("--out {}: nama .json dipakai untuk peristiwanya", path.display()),
            format!("--out {}: the ending .json is taken for the event", path.display()),
        ));
    }
    let files = [(beside.as_path(), event), (path, proof.as_bytes())];
    let files = files.map(|(path, bytes)| Ok((NewFile::at(path, force, context)?, bytes)));
    let files: Vec<_> = files.into_iter().collect::<Result<_, Stop>>()?;
    files.iter().try_for_each(|(file, bytes)| file.write(bytes))
}

/// A checkpoint that does not check was brought by somebody: the answer is no.
fn stop_of_consistency(failure: ProofFailure) -> Stop {
    match failure {
        ProofFailure::Backward { old, new } => Stop::usage(
            format!(
                "checkpoint berukuran {new} tidak dapat melanjutkan yang berukuran {old}; tukar keduanya"
            ),
            format!("the checkpoint of size {new} cannot extend the one of size {old}; swap them"),
        ),
        ProofFailure::Fork(fork) => Stop::No(fork.message()),
        ProofFailure::Checkpoint(error) => Stop::No(Message::new(
            format!("bukan checkpoint log ini: {error}", error = told(&error)),
            format!("not a checkpoint of this log: {error}"),
        )),
        other => Stop::Failed(other.into()),
    }
}

fn tiles(arguments: &TilesArguments, context: &Context, log: &LogReading) -> Result<(), Stop> {
    let (language, directory) = (context.language, &arguments.directory);
    hold_directory(directory, context)?;
    let options = context.options();
    let note = arguments.which.checkpoint(log, context)?;
    let (reader, keys, handovers) = (log.reader(), log.log_keys(), log.handovers());
    let progress = Progress::of_events(reader.size(), language.pick("menerbitkan", "publishing"));
    let done = publish(reader, &note, keys, handovers, &*options.disk, directory, &|done| {
        progress.at(done);
        !context.interrupt.is_raised()
    });
    progress.finish();
    let done = done.map_err(|error| match error {
        PublishError::Stopped => Stop::Interrupted,
        PublishError::Log(error) => error.into(),
        PublishError::Handover(error) => error.into(),
        PublishError::NotExtended { .. }
        | PublishError::Older { .. }
        | PublishError::Foreign { .. }
        | PublishError::InTheWay { .. }
        | PublishError::Altered { .. } => Stop::No(Message::new(
            format!("tidak diterbitkan: {error}", error = told(&error)),
            format!("not published: {error}"),
        )),
        other => Stop::Failed(other.into()),
    })?;
    let (size, root) = (done.checkpoint.size(), done.checkpoint.root());
    context.say(&text!(
        language,
        "jejak: {} memuat {size}, akar {root}; sebelumnya {}; {} berkas baru, {} ditulis ulang, seluruhnya {} byte",
        "jejak: {} holds {size}, root {root}; before {}; files: {} new, {} written anew; {} bytes in all",
        directory.display(),
        events(done.size_before.unwrap_or(0), language),
        number(done.files_written, language),
        number(done.mended_count, language),
        number(done.bytes_written, language),
        size = events(size, language)
    ));
    if done.mended_count > 0 {
        let (count, names) = (done.mended_count, done.mended.join(", "));
        context.say(&text!(
            language,
            "jejak: {count} berkas yang sudah diterbitkan hilang atau berubah, dan ditulis ulang dari log: {names}; cari tahu sebabnya",
            "jejak: {count} published files were missing or altered, and were written anew from the log: {names}; find out why"
        ));
    }
    for size in done.handovers_missing {
        context.say(&text!(
            language,
            "jejak: serah terima kunci pada ukuran {size} tidak ada atau rusak, dan tidak diterbitkan; lihat `jejak verify`",
            "jejak: the handover at size {size} is missing or damaged and was not published; see `jejak verify`"
        ));
    }
    Ok(())
}

/// An index that is not in the log was typed by somebody.
pub(super) fn stop_of_inclusion(failure: ProofFailure) -> Stop {
    match failure {
        ProofFailure::Log(LogError::OutOfRange { index, size }) => Stop::usage(
            format!("indeks {index} tidak ada dalam log, yang berisi {}", events(size, Language::Id)),
            format!("index {index} is not in the log, which holds {}", events(size, Language::En)),
        ),
        ProofFailure::Log(error) => error.into(),
        other => Stop::Failed(other.into()),
    }
}
