//! `jejak recover`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use jejak_events::fault::Message;
use jejak_events::identity::Actor;
use jejak_events::policy::MAX_LENGTH_BYTES;
use jejak_events::translation::told;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::input::read_small;
use crate::cli::new_file::hold_anchor;
use crate::cli::output::{page, printable, write_json};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format, actor};
use crate::registry::{Registry, recover};
use crate::verify::{healed, healed_keys};
use crate::words::counts::counts_grouped;
use crate::words::event_words::events;
use crate::words::language::text;

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
    /// Say that you know why the anchor was lost, which the access log notes with --actor. Until somebody does, `jejak
    /// verify` does not agree: what was cut from the access log before cannot be told.
    #[arg(long)]
    loss_known: bool,
}

/// What was recovered.
#[derive(Serialize, JsonSchema)]
struct Output {
    /// Number of events.
    size: u64,
    /// What was mended.
    healed: Vec<Message>,
    /// Files that were set aside.
    abandoned: Vec<String>,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Output>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let language = context.language;
    let checkpoint = match &arguments.checkpoint {
        None => None,
        Some(path) => {
            let bytes = read_small(path, MAX_LENGTH_BYTES as u64)?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
    };
    let knows = arguments.loss_known.then(|| who_knows(context)).transpose()?;
    context.check_keys_dir()?;
    hold_anchor(context)?;
    let report =
        context.showing(language.pick("memulihkan", "recovering"), &context.options(), |options| {
            recover(options, checkpoint.as_deref())
        })?;
    let mut mended = healed(&report.log.opened);
    mended.extend(healed_keys(&report.healed_keys));
    mended.extend(report.state_problems);
    let mut has_unknown_loss = report.has_unknown_loss;
    if let Some(actor) = knows {
        let registry = Registry::open(&context.options())?;
        let noted = registry.access().say_loss_known(&actor);
        registry.close()?;
        has_unknown_loss = false;
        if noted? {
            mended.push(Message::new(
                "bahwa jangkar pernah hilang dicatat sebagai diketahui",
                "that the anchor was lost is noted as known",
            ));
        }
    }
    let output = Output {
        size: report.log.opened.size,
        healed: mended,
        abandoned: report.log.abandoned.iter().map(ToString::to_string).collect(),
    };
    let mut out = page(context);
    if context.format() == Format::Json {
        write_json(&mut out, &output)?;
    } else {
        for message in &output.healed {
            writeln!(out, "{}", printable(&counts_grouped(language.of(message), language)))?;
        }
        for given_up in &output.abandoned {
            let given_up = counts_grouped(language.pick(&told(given_up), given_up), language);
            let given_up = printable(&given_up);
            writeln!(out, "{}", text!(language, "hilang: {given_up}", "given up: {given_up}"))?;
        }
        let size = events(output.size, language);
        let said = match has_unknown_loss {
            false => text!(language, "registri utuh pada {size}", "the registry is whole at {size}"),
            true => text!(
                language,
                "log utuh pada {size}, tetapi jangkarnya pernah hilang: yang dipotong dari catatan akses sebelum itu tidak \
                 diketahui, dan `jejak verify` tidak menyatakan cocok. Cari tahu sebabnya, lalu nyatakan dengan `jejak \
                 recover --loss-known --actor ID`",
                "the log is whole at {size}, but its anchor was lost: what was cut from the access log before cannot be \
                 told, and `jejak verify` does not agree. Find out why, then say so by `jejak recover --loss-known \
                 --actor ID`"
            ),
        };
        writeln!(out, "{said}")?;
        out.flush()?;
    }
    Ok(if output.abandoned.is_empty() { Exit::Fine } else { Exit::No })
}

/// Who says that the loss of the anchor is known.
fn who_knows(context: &Context) -> Result<Actor, Stop> {
    if context.global.actor.is_none() {
        return Err(Stop::usage(
            "--loss-known dicatat dalam catatan akses; sebut --actor",
            "--loss-known is noted in the access log; give --actor",
        ));
    }
    actor(&context.global)
}
