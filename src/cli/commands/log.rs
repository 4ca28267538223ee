//! `jejak log export|checkpoint|vkey|proof`.

use std::io::Write as _;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::cli::Context;
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::stdout;
use crate::log::LogError;
use crate::proof;
use crate::registry::Registry;

// `Export` and `Proof` are documented by their arguments, whose long help a text here would replace.
/// The log itself: export, checkpoint, key, proofs.
#[derive(Debug, Subcommand)]
pub enum Command {
    Export(ExportArguments),
    /// Anchor the log and print its signed checkpoint (C2SP tlog-checkpoint).
    #[command(after_help = "Example:\n  jejak log checkpoint > checkpoint.txt")]
    Checkpoint,
    /// Print the log's public key (C2SP vkey).
    #[command(after_help = "Example:\n  jejak log vkey > log.vkey")]
    Vkey,
    Proof(ProofArguments),
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

/// Prove that an event is in the log (C2SP tlog-proof).
///
/// The file holds index, hashes and signed checkpoint; with the event's line of `log export` and the
/// log's vkey anyone can check it offline. It was verified before it is handed out.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak log proof 42 --out event-42.tlog-proof")]
pub struct ProofArguments {
    /// Index of the event.
    index: u64,
    /// File to write [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Command {
    /// Whether nothing is anchored, signed or written to a file.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Export(_) | Self::Vkey => true,
            Self::Checkpoint | Self::Proof(_) => false,
        }
    }
}

impl ExportArguments {
    /// The indexes asked for, in a log of `size` events.
    fn range(&self, size: u64) -> Result<Range<u64>, Stop> {
        let Self { from, to } = *self;
        for (flag, typed) in [("--from", Some(from)), ("--to", to)] {
            if let Some(typed) = typed.filter(|typed| *typed > size) {
                return Err(Stop::usage(
                    format!("{flag} {typed} tidak ada dalam log, yang berisi {size} peristiwa"),
                    format!("{flag} {typed} is not in the log, which holds {size} events"),
                ));
            }
        }
        let to = to.unwrap_or(size);
        if from > to {
            return Err(Stop::usage(
                format!("--from {from} lebih besar dari --to {to}; tukar keduanya"),
                format!("--from {from} is greater than --to {to}; swap them"),
            ));
        }
        Ok(from..to)
    }
}

pub fn run(command: &Command, context: &Context) -> Result<Exit, Stop> {
    context.with_registry(|registry| answer(command, context, registry))
}

fn answer(command: &Command, context: &Context, registry: &Registry) -> Result<Exit, Stop> {
    let mut out = stdout();
    match command {
        Command::Export(arguments) => {
            let range = arguments.range(registry.reader().size())?;
            let mut failed: Option<Stop> = None;
            registry.reader().scan(range, &mut |_, bytes| {
                let written = out.write_all(bytes).and_then(|()| out.write_all(b"\n"));
                failed = written.map_err(Stop::from).and_then(|()| context.interrupt.check()).err();
                failed.is_none()
            })?;
            if let Some(stop) = failed {
                return Err(stop);
            }
        }
        Command::Checkpoint => {
            let note = proof::current_checkpoint(registry, &context.options())?;
            out.write_all(note.as_bytes())?;
        }
        Command::Vkey => writeln!(out, "{}", registry.verifier_key())?,
        Command::Proof(arguments) => {
            let note = proof::current_checkpoint(registry, &context.options())?;
            let proof = proof::inclusion(registry.reader(), &note, registry.verifier_key(), arguments.index)
                .map_err(|error| match error {
                    proof::ProofFailure::Log(error) => out_of_range(error),
                    other => Stop::Failed(other.into()),
                })?;
            match &arguments.out {
                None => write!(out, "{proof}")?,
                Some(path) => std::fs::write(path, proof.to_string())
                    .with_context(|| format!("cannot write {}", path.display()))?,
            }
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// An index that is not in the log was typed by somebody.
fn out_of_range(error: LogError) -> Stop {
    match error {
        LogError::OutOfRange { index, size } => Stop::usage(
            format!("indeks {index} tidak ada dalam log, yang berisi {size} peristiwa"),
            format!("index {index} is not in the log, which holds {size} events"),
        ),
        other => other.into(),
    }
}
