//! Bundles on paper: tables and JSON.

use std::io::Write;
use std::path::Path;

use jejak_events::fault::Message;
use serde::Serialize;

use crate::bundle::create::Created;
use crate::bundle::verify::Verification;
use crate::cli::commands::verify::check_lines;
use crate::cli::exit::Stop;
use crate::cli::language::{Language, text};
use crate::cli::output::{printable, stdout, write_json};
use crate::cli::{Context, Format};

#[derive(Serialize)]
struct CreatedOutput<'a> {
    file: String,
    length_bytes: u64,
    verification: &'a Verification,
}

/// Says what was made.
pub fn created(context: &Context, path: &Path, created: &Created) -> Result<(), Stop> {
    let mut out = stdout();
    let Created { verification, length_bytes } = created;
    if context.format() == Format::Json {
        let file = path.display().to_string();
        return write_json(&mut out, &CreatedOutput { file, length_bytes: *length_bytes, verification });
    }
    let language = context.language;
    let (path, size) = (path.display(), verification.size.unwrap_or(0));
    writeln!(
        out,
        "{}",
        text!(
            language,
            "{path}: {length_bytes} bita, {size} peristiwa, sudah diperiksa",
            "{path}: {length_bytes} bytes, {size} events, verified"
        )
    )?;
    said(&mut out, verification, language)?;
    Ok(out.flush()?)
}

/// Says what came of a verification.
pub fn verified(context: &Context, verification: &Verification) -> Result<(), Stop> {
    let mut out = stdout();
    if context.format() == Format::Json {
        return write_json(&mut out, verification);
    }
    let language = context.language;
    for check in &verification.checks {
        check_lines(&mut out, check, language)?;
    }
    let verdict = if verification.verified {
        language.pick("TERVERIFIKASI", "VERIFIED")
    } else {
        language.pick("TIDAK TERVERIFIKASI", "NOT VERIFIED")
    };
    writeln!(out, "{verdict}")?;
    if verification.verified {
        writeln!(out)?;
        said(&mut out, verification, language)?;
        for (heading, statements) in [
            (language.pick("Terbukti:", "Proven:"), &verification.proven),
            (language.pick("Tidak terbukti:", "Not proven:"), &verification.not_proven),
            (language.pick("Yang harus dipercaya:", "Who must be trusted for what:"), &verification.trusted),
        ] {
            writeln!(out, "\n{heading}")?;
            statements.iter().try_for_each(|statement| bullet(&mut out, statement, language))?;
        }
    }
    Ok(out.flush()?)
}

fn bullet(out: &mut dyn Write, statement: &Message, language: Language) -> Result<(), Stop> {
    Ok(writeln!(out, "- {}", printable(language.of(statement)))?)
}

fn said(out: &mut dyn Write, verification: &Verification, language: Language) -> Result<(), Stop> {
    let Some(said) = &verification.said else { return Ok(()) };
    let root = verification.root.as_deref().unwrap_or("-");
    for (word, value) in [
        (language.pick("log", "log"), said.origin.as_str()),
        (language.pick("akar", "root"), root),
        (language.pick("pertanyaan", "question"), language.of(&said.asked)),
        (language.pick("jawaban", "answer"), language.of(&said.answer)),
    ] {
        writeln!(out, "{word:<11} {}", printable(value))?;
    }
    Ok(())
}
