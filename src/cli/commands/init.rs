//! `jejak init`.

use std::path::PathBuf;

use clap::Args;
use jejak_events::identity::Source;
use jejak_events::values::Origin;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::new_file::{hold_anchor, hold_new_registry};
use crate::cli::output::{page, write_json};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::registry::{InitReport, create};
use crate::words::language::text;
use std::io::Write as _;

/// Make a new registry: keys, anchor, event 0, first checkpoint.
///
/// The recovery secret goes to a file of its own. Take it off this machine and keep it: with it, and
/// only with it, the office can later name new keys for the log.
///
/// An init that was cut short is finished by running it again.
///
/// JSON: `{"dir","origin","source","vkey","recovery"}`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak init --origin jejak.pekalongankota.example/log --source urn:jejak:33.75:dinperinaker"
)]
pub struct Arguments {
    /// Name of the log for ever, on every checkpoint: a URL without its scheme.
    #[arg(long, value_name = "ORIGIN")]
    origin: String,
    /// The office that opens the registry: urn:jejak:<area code>:<office>.
    #[arg(long, value_name = "URN")]
    source: String,
    /// Mark the registry as holding made-up data.
    #[arg(long)]
    synthetic: bool,
    /// Where the recovery secret goes [default: the data directory's name with `.recovery`].
    #[arg(long, value_name = "FILE")]
    recovery: Option<PathBuf>,
}

/// A new registry.
#[derive(Serialize, JsonSchema)]
struct Made<'a> {
    /// The data directory.
    dir: String,
    /// Name of the log for ever.
    #[schemars(with = "jejak_events::values::Origin")]
    origin: &'a str,
    /// The office that opened it.
    #[schemars(with = "jejak_events::identity::Source")]
    source: String,
    /// The log's key.
    #[schemars(with = "jejak_events::values::Vkey")]
    vkey: String,
    /// The file with the recovery secret.
    recovery: String,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Made<'static>>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let language = context.language;
    let source = Source::parse(&arguments.source).map_err(Stop::Usage)?;
    let recovery_file = arguments.recovery.clone().unwrap_or_else(|| {
        let mut name = context.global.dir.clone().into_os_string();
        name.push(".recovery");
        name.into()
    });
    let origin = Origin::parse(&arguments.origin).map_err(Stop::Usage)?;
    let about = InitReport { origin, source, synthetic: arguments.synthetic, recovery_file };
    hold_anchor(context)?;
    hold_new_registry(&about.recovery_file, context)?;
    let vkey = create(&context.options(), &about)?;
    let made = Made {
        dir: context.global.dir.display().to_string(),
        origin: &about.origin,
        source: about.source.to_string(),
        vkey: vkey.to_string(),
        recovery: about.recovery_file.display().to_string(),
    };
    let mut out = page(context);
    match context.format() {
        Format::Json => write_json(&mut out, &made)?,
        Format::Table | Format::Csv => {
            let (dir, recovery) = (&made.dir, &made.recovery);
            writeln!(out, "{}", text!(language, "registri dibuat di {dir}", "registry made in {dir}"))?;
            writeln!(out, "vkey      {}", made.vkey)?;
            writeln!(
                out,
                "{}",
                text!(
                    language,
                    "rahasia pemulihan ada di {recovery}: pindahkan dari mesin ini dan simpan\nselanjutnya: jejak append BERKAS --dir {dir}",
                    "the recovery secret is in {recovery}: take it off this machine and keep it\nnext: jejak append FILE --dir {dir}"
                )
            )?;
            out.flush()?;
        }
    }
    Ok(Exit::Fine)
}
