//! `jejak cosign`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::fault::Message;
use jejak_events::policy::{self, Policy};
use jejak_events::translation::told;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::input::read_small;
use crate::cli::output::{stdout, write_json};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::proof::cosigned::{self, CosignedError};
use crate::words::language::text;

/// Keep the cosignatures that witnesses and auditors brought back, beside the log.
///
/// FILE is the checkpoint with their signatures, as `jejak audit --out` writes it. Each is checked under the key
/// that the policy lists; the checkpoint must be of this log's own tree. The largest cosigned checkpoint is kept;
/// `log checkpoint --cosigned`, `log proof --cosigned` and bundles carry it.
///
/// JSON: `{"size","root","added":[name],"checkpoint"}`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak cosign --add signed/checkpoint --policy policy.txt")]
pub struct Arguments {
    /// The cosigned checkpoint.
    #[arg(long, value_name = "FILE")]
    add: PathBuf,
    /// A policy (C2SP tlog-policy) that lists the witnesses; the log and the quorum in it do not matter here.
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
}

/// Cosignatures that are kept.
#[derive(Serialize, JsonSchema)]
struct Output {
    /// Size of the checkpoint.
    size: u64,
    /// Its root.
    #[schemars(with = "jejak_events::schema::texts::Root")]
    root: String,
    /// Names of the witnesses whose cosignatures are new.
    added: Vec<String>,
    /// The file that holds it.
    checkpoint: String,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Output>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let limit = policy::MAX_LENGTH_BYTES as u64;
    let wrong = |path: &PathBuf, error: &dyn std::fmt::Display| {
        let path = path.display();
        Stop::usage(format!("{path}: {error}", error = told(error)), format!("{path}: {error}"))
    };
    let policy = Policy::parse(&read_small(&arguments.policy, limit)?)
        .map_err(|error| wrong(&arguments.policy, &error))?;
    let brought = SignedCheckpoint::parse(&read_small(&arguments.add, limit)?)
        .map_err(|error| wrong(&arguments.add, &error))?;
    context.with_registry(|registry| {
        let options = context.options();
        let kept = cosigned::add(
            &*options.disk,
            &options.dir,
            registry.reader(),
            &registry.log_keys(),
            &brought,
            &policy,
        )
        .map_err(stop_of)?;
        let checkpoint = kept.signed.unverified();
        let output = Output {
            size: checkpoint.size(),
            root: checkpoint.root().to_string(),
            added: kept.added,
            checkpoint: kept.signed.to_string(),
        };
        let mut out = stdout();
        if context.format() == Format::Json {
            write_json(&mut out, &output)?;
        } else {
            write!(out, "{}", output.checkpoint)?;
            out.flush()?;
            let none = context.language.pick("tidak ada", "none");
            let (size, added) = (output.size, output.added.join(", "));
            let added = if added.is_empty() { none } else { added.as_str() };
            context.say(&text!(
                context.language,
                "jejak: checkpoint berukuran {size} disimpan dengan tanda tangan baru: {added}",
                "jejak: the checkpoint of size {size} is kept with new signatures: {added}"
            ));
        }
        Ok(Exit::Fine)
    })
}

/// What keeps cosignatures from being added.
pub fn stop_of(error: CosignedError) -> Stop {
    let en = error.to_string();
    let id = match error {
        CosignedError::Log(error) => return error.into(),
        error @ CosignedError::Disk { .. } => return Stop::Failed(error.into()),
        CosignedError::Checkpoint(error) => {
            format!("bukan checkpoint log ini yang ikut ditandatangani: {error}", error = told(&error))
        }
        CosignedError::Fork(fork) => return Stop::No(fork.message()),
        CosignedError::Nobody => {
            "tidak ada saksi dalam kebijakan yang ikut menandatangani checkpoint ini".to_owned()
        }
        CosignedError::Smaller { size, kept } => {
            format!("yang tersimpan sudah berukuran {kept}; yang ini hanya {size}")
        }
    };
    Stop::No(Message::new(id, en))
}
