//! `jejak key`.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jejak_events::note::Algorithm;
use jejak_events::signing_key::{self, SigningKey};
use jejak_events::translation::told;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::new_file::{Force, NewFile};
use crate::cli::output::{stdout, write_json};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::words::language::text;

/// Make a key pair for an auditor or a witness: the secret half to a file, the public half (C2SP vkey) to the
/// screen.
///
/// The file is one line, `PRIVATE+KEY+<name>+<id>+<base64>`, as witness programs keep theirs; nobody but its owner
/// may read it. The log's own keys are made by `init`. Use one key for one kind of statement.
///
/// JSON: `{"kind","name","vkey","file"}`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak key --kind cosigner --name auditor.example/cosigner --out auditor.key"
)]
pub struct Arguments {
    /// What the key signs.
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Kind,
    /// Name of the key for ever, on every signature: a URL without its scheme, without spaces and `+`.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// File for the secret half. One that holds a secret key is never replaced.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    force: Force,
}

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Cosignatures of checkpoints.
    Cosigner,
    /// Audit statements.
    Statement,
}

/// A new key pair.
#[derive(Serialize, JsonSchema)]
struct Made<'a> {
    /// What the key signs.
    kind: Kind,
    /// Name of the key.
    name: &'a str,
    /// The public half.
    #[schemars(with = "jejak_events::values::Vkey")]
    vkey: String,
    /// The file with the secret half.
    file: String,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Made<'static>>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let algorithm = match arguments.kind {
        Kind::Cosigner => Algorithm::CosignatureV1,
        Kind::Statement => Algorithm::Ed25519,
    };
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    context.environment.randomness.fill(&mut *seed).context("there is no randomness")?;
    let wrong =
        |error| Stop::usage(format!("--name: {error}", error = told(&error)), format!("--name: {error}"));
    let key = SigningKey::new(&arguments.name, algorithm, &seed).map_err(wrong)?;
    let secret = signing_key::text(&arguments.name, algorithm, &seed).map_err(wrong)?;
    let secret = zeroize::Zeroizing::new(secret + "\n");
    NewFile::at(&arguments.out, arguments.force, context)?.private(true).write(secret.as_bytes())?;
    let made = Made {
        kind: arguments.kind,
        name: &arguments.name,
        vkey: key.verifier_key().to_string(),
        file: arguments.out.display().to_string(),
    };
    let mut out = stdout();
    if context.format() == Format::Json {
        write_json(&mut out, &made)?;
    } else {
        writeln!(out, "{}", made.vkey)?;
        out.flush()?;
        let file = &made.file;
        context.say(&text!(
            context.language,
            "jejak: rahasianya ada di {file}; simpan, dan bagikan hanya baris di atas",
            "jejak: the secret is in {file}; keep it, and give away only the line above"
        ));
    }
    Ok(Exit::Fine)
}
