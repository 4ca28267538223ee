//! `jejak recover`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use jejak_events::fault::Message;
use jejak_events::translation::told;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::language::text;
use crate::cli::output::{page, printable, write_json};
use crate::cli::{Context, Format};
use crate::registry::recover;
use crate::verify::healed;

/// Rebuild the damaged copy from the sound one, and anchor the result.
///
/// Journal, store and vault heal each other as far as the anchor vouches for them; the keys file heals
/// from its other copy. What neither copy holds cannot be made again: where it lies within the anchor,
/// nothing is changed and the damage is named; where it lies beyond, it is given up and listed, and
/// what was left of it is moved to `torn/`. With anchor and checkpoint gone, give a checkpoint that
/// somebody kept.
///
/// Exit code 1 when acknowledged events were given up.
///
/// JSON: `{"size","healed":[{"id","en"}],"abandoned":[text]}`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak recover --checkpoint checkpoint.txt")]
pub struct Arguments {
    /// A signed checkpoint of this log that somebody kept.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

#[derive(Serialize)]
struct Output {
    size: u64,
    healed: Vec<Message>,
    abandoned: Vec<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let language = context.language;
    let checkpoint = match &arguments.checkpoint {
        None => None,
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
            let path = path.display();
            Stop::usage(
                format!("tidak dapat membaca {path}: {error}", error = told(&error)),
                format!("cannot read {path}: {error}"),
            )
        })?),
    };
    context.check_keys_dir()?;
    let report =
        context.showing(language.pick("memulihkan", "recovering"), &context.options(), |options| {
            recover(options, checkpoint.as_deref())
        })?;
    let output = Output {
        size: report.log.opened.size,
        healed: healed(&report.log.opened),
        abandoned: report.log.abandoned.iter().map(ToString::to_string).collect(),
    };
    let mut out = page(context);
    if context.format() == Format::Json {
        write_json(&mut out, &output)?;
    } else {
        for message in &output.healed {
            writeln!(out, "{}", printable(language.of(message)))?;
        }
        for given_up in &output.abandoned {
            let given_up = printable(given_up);
            writeln!(out, "{}", text!(language, "hilang: {given_up}", "given up: {given_up}"))?;
        }
        let size = output.size;
        writeln!(
            out,
            "{}",
            text!(language, "registri utuh pada {size} peristiwa", "the registry is whole at {size} events")
        )?;
        out.flush()?;
    }
    Ok(if output.abandoned.is_empty() { Exit::Fine } else { Exit::No })
}
