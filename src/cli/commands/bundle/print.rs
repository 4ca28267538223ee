//! Bundles on paper: tables and JSON.

use std::io::Write;
use std::path::Path;

use jejak_events::fault::Message;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::cli::commands::verify::check_lines;
use crate::cli::exit::Stop;
use crate::cli::output::{on_page, page, printable, write_json, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::proof::bundle::create::Created;
use crate::proof::bundle::verify::{DisclosedEvent, Verification, VerifiedBundle};
use crate::rules::release::told::Released;
use crate::tables;
use crate::words::event_words::{BETWEEN_FIELDS, events, field_words, value_of_field};
use crate::words::language::{Language, count, counted, number, text};

/// An evidence bundle that was made, and what its verification said.
#[derive(Serialize, JsonSchema)]
struct CreatedOutput<'a> {
    /// The file.
    file: String,
    /// Its length in bytes.
    length_bytes: u64,
    /// Their number; they are for the recipient.
    disclosed_values: usize,
    /// What its verification said, without the disclosed values.
    verification: &'a Verification,
}

/// What `bundle create` answers.
pub const CREATED: &[Shape] = &[shape::<CreatedOutput<'static>>];
/// What `bundle verify` answers.
pub const VERIFIED: &[Shape] = &[shape::<Verification>];

/// Says what was made.
pub fn created(context: &Context, path: &Path, created: Created) -> Result<(), Stop> {
    let mut out = page(context);
    let Created { mut verification, length_bytes } = created;
    let disclosed = verification.said.as_mut().map(|said| std::mem::take(&mut said.disclosed));
    let disclosed_values = disclosed.iter().flatten().map(|event| event.values.len()).sum();
    if context.format() == Format::Json {
        let file = path.display().to_string();
        let verification = &verification;
        return write_json(&mut out, &CreatedOutput { file, length_bytes, disclosed_values, verification });
    }
    let language = context.language;
    let (path, size) = (path.display(), verification.size.unwrap_or(0));
    write_synthetic(&mut out, is_synthetic(&verification), language)?;
    writeln!(
        out,
        "{}",
        text!(
            language,
            "{path}: {length_bytes} byte, {size}, sudah diperiksa",
            "{path}: {length_bytes} bytes, {size}, verified",
            length_bytes = number(length_bytes, language),
            size = events(size, language)
        )
    )?;
    said(&mut out, &verification, language)?;
    // What was left out and could be missed stands in the notes of the archive.
    let archive = verification.checks.iter().find(|check| check.part == "archive");
    archive
        .into_iter()
        .flat_map(|check| &check.notes)
        .try_for_each(|note| bullet(&mut out, note, language))?;
    if disclosed_values > 0 {
        let line = text!(
            language,
            "nilai tersegel yang dibuka di dalamnya: {disclosed_values}; siapa pun yang memegangnya dapat membaca dan membuktikannya",
            "sealed values disclosed in it: {disclosed_values}; whoever has it can read and prove them",
            disclosed_values = count(disclosed_values, language)
        );
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

/// Whether it was found that event 0 says so.
fn is_synthetic(verification: &Verification) -> bool {
    verification.said.as_ref().is_some_and(|said| said.synthetic)
}

/// Says what came of a verification.
pub fn verified(context: &Context, verification: &Verification) -> Result<(), Stop> {
    let mut out = page(context);
    if context.format() == Format::Json {
        return write_json(&mut out, verification);
    }
    let language = context.language;
    write_synthetic(&mut out, is_synthetic(verification), language)?;
    for check in &verification.checks {
        check_lines(&mut out, check, language)?;
    }
    writeln!(out, "{}", language.of(&verification.verdict))?;
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
        (language.pick("dihitung", "counted"), language.of(&said.counted)),
    ] {
        writeln!(out, "{word:<11} {}", printable(value))?;
    }
    if let Some(known) = &said.known_then {
        writeln!(out, "{:<11} {}", language.pick("diketahui", "known then"), printable(language.of(known)))?;
    }
    writeln!(out, "{:<11} {}", language.pick("daftar", "list"), printable(language.of(&said.list)))?;
    releases(out, said, language)?;
    disclosed(out, said, language)
}

/// The cells of the release that was asked about; otherwise which releases the log has.
fn releases(out: &mut dyn Write, said: &VerifiedBundle, language: Language) -> Result<(), Stop> {
    const LISTED_RELEASES: usize = 20;
    if let Some(release) = &said.release {
        let table = tables::release::table(&release.period, &release.cells, false, language);
        writeln!(out, "\n{}", on_page(&table))?;
        return Ok(());
    }
    for release in said.releases.iter().take(LISTED_RELEASES) {
        let Released { period, told, withheld, recorded, .. } = release;
        let index = recorded.first().copied().unwrap_or_default();
        let line = text!(
            language,
            "{period}, indeks {index}: {told} {sums} disebut, {withheld} ditahan",
            "{period}, index {index}: {told} {sums} told, {withheld} withheld",
            sums = counted(*told as u64, language.pick("jumlah", "sums"), language),
            told = count(*told, language),
            withheld = count(*withheld, language)
        );
        writeln!(out, "{:<11} {line}", language.pick("rilis", "release"))?;
    }
    if !said.releases.is_empty() {
        let (more, all) = (said.releases.len().saturating_sub(LISTED_RELEASES), said.releases.len());
        let line = text!(
            language,
            "{all} rilis ada di dalam log ini ({more} tidak disebut di sini); sel-selnya: --format json, atau minta `jejak bundle create --release INDEKS`",
            "{all} releases are in this log ({more} not named here); their cells: --format json, or ask for `jejak bundle create --release INDEX`",
            all = count(all, language),
            more = count(more, language)
        );
        writeln!(out, "{:<11} {line}", "")?;
    }
    Ok(())
}

/// The disclosed values, the first of them.
fn disclosed(out: &mut dyn Write, said: &VerifiedBundle, language: Language) -> Result<(), Stop> {
    const LISTED_EVENTS: usize = 20;
    if said.disclosed.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", language.pick("Nilai tersegel yang dibuka:", "Disclosed sealed values:"))?;
    for DisclosedEvent { index, subject, values } in said.disclosed.iter().take(LISTED_EVENTS) {
        let shown = |(name, value): (&&str, &Value)| match value {
            Value::String(text) => format!("{}: {text}", field_words(name, language)),
            Value::Null => {
                format!("{}: {}", field_words(name, language), language.pick("tidak diisi", "not given"))
            }
            number @ Value::Number(_) => {
                format!("{}: {}", field_words(name, language), value_of_field(name, number, language))
            }
            other => format!("{}: {other}", field_words(name, language)),
        };
        let values: Vec<String> = values.iter().map(shown).collect();
        let values = values.join(BETWEEN_FIELDS);
        let line =
            text!(language, "peristiwa {index} ({subject}): {values}", "event {index} ({subject}): {values}");
        writeln!(out, "- {}", printable(&line))?;
    }
    let more = said.disclosed.len().saturating_sub(LISTED_EVENTS);
    if more > 0 {
        let more = text!(
            language,
            "- dan {more} peristiwa lagi; --format json menyebut semuanya",
            "- and {more} more events; --format json tells all",
            more = count(more, language)
        );
        writeln!(out, "{more}")?;
    }
    Ok(())
}
