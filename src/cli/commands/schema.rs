//! `jejak schema`: what answers and events look like, for programs.

use std::io::Write;

use clap::Args;
use jejak_events::schema::{SchemaForm, schema};
use jejak_events::types::TYPES;

use super::{
    append, attach, audit, bundle, claim, cosign, demo, due, find, history, init, key, log, rebuild, receipt,
    recover, release, show, subject, verify, view,
};
use crate::cli::Context;
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{page, stdout, write_json};
use crate::cli::schema::{Answer, Layout, Shape};
use crate::words::event_words::type_words;
use crate::words::language::text;

/// Print the JSON Schema (draft 2020-12) of what a command answers, or of a type of event.
///
/// Without a name it lists them: the commands that answer with JSON, and the types of events. A type may be named
/// without `id.jejak.` and its version. Of a type it is the proposal, as `jejak append` takes it; with --record the
/// record, as `jejak log export` writes it.
///
/// Of `append` and `log export` it is about each line. Refusals and errors of a call go to standard error in words;
/// an answer that says no is on standard output and in the schema.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak schema view\n  jejak schema ikm.registered")]
pub struct Arguments {
    /// A command, such as `"claim check"` or `claim-check`, or a type of event.
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The record instead of the proposal, of a type of event.
    #[arg(long)]
    record: bool,
}

const fn document(command: &'static str, shapes: &'static [Shape]) -> Answer {
    Answer { command, layout: Layout::Document, shapes }
}

const fn lines(command: &'static str, shapes: &'static [Shape]) -> Answer {
    Answer { command, layout: Layout::Lines, shapes }
}

/// What each command prints as JSON.
pub const ANSWERS: &[Answer] = &[
    document("demo", demo::ANSWERS),
    document("init", init::ANSWERS),
    lines("append", append::ANSWERS),
    document("attach", attach::ANSWERS),
    document("show", show::ANSWERS),
    document("history", history::ANSWERS),
    document("find", find::ANSWERS),
    document("subject show", subject::HELD),
    document("subject export", subject::HELD),
    document("subject erase", subject::ERASED),
    document("view", view::ANSWERS),
    document("due", due::ANSWERS),
    document("claim check", claim::CHECKED),
    document("claim sample", claim::SAMPLED),
    document("bundle create", bundle::CREATED),
    document("bundle verify", bundle::VERIFIED),
    lines("log export", log::RECORDS),
    document("log rotate-key", log::ROTATED),
    document("receipt", receipt::MADE),
    document("receipt verify", receipt::VERIFIED),
    document("release", release::ANSWERS),
    document("rebuild", rebuild::ANSWERS),
    document("verify", verify::ANSWERS),
    document("audit", audit::ANSWERS),
    document("cosign", cosign::ANSWERS),
    document("key", key::ANSWERS),
    document("recover", recover::ANSWERS),
];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let Some(name) = arguments.name.as_deref() else { return list(context) };
    let hyphened = name.replace(' ', "-");
    let is_named = |answer: &&Answer| answer.command.replace(' ', "-") == hyphened;
    if let Some(answer) = ANSWERS.iter().find(is_named).filter(|_| !arguments.record) {
        write_json(&mut stdout(), &answer.schema())?;
        return Ok(Exit::Fine);
    }
    let form = if arguments.record { SchemaForm::Record } else { SchemaForm::Proposal };
    let declaration = TYPES.iter().find(|one| one.name == name || short(one.name) == name);
    let Some(declaration) = declaration else { return Err(unknown(name)) };
    write_json(&mut stdout(), &schema(declaration, form))?;
    Ok(Exit::Fine)
}

/// A type without `id.jejak.` and its version.
fn short(name: &str) -> &str {
    let inner = name.strip_prefix("id.jejak.").unwrap_or(name);
    inner.rsplit_once(".v").map_or(inner, |(inner, _)| inner)
}

fn unknown(name: &str) -> Stop {
    Stop::usage(
        format!(
            "{name:?} bukan perintah yang menjawab dengan JSON dan bukan jenis peristiwa; `jejak schema` menyebut semuanya"
        ),
        format!(
            "{name:?} is neither a command that answers with JSON nor a type of event; `jejak schema` lists them all"
        ),
    )
}

fn list(context: &Context) -> Result<Exit, Stop> {
    let (mut out, language) = (page(context), context.language);
    writeln!(out, "{}", language.pick("Jawaban perintah:", "Answers of commands:"))?;
    for answer in ANSWERS {
        writeln!(out, "  {}", answer.command)?;
    }
    writeln!(out, "\n{}", language.pick("Jenis peristiwa:", "Types of events:"))?;
    for declaration in TYPES {
        let words = type_words(declaration.name, language);
        writeln!(out, "  {}: {words}", declaration.name)?;
    }
    let hint = text!(
        language,
        "`jejak schema NAMA` mencetak skemanya (JSON Schema)",
        "`jejak schema NAME` prints its schema (JSON Schema)"
    );
    writeln!(out, "\n{hint}")?;
    out.flush()?;
    Ok(Exit::Fine)
}
