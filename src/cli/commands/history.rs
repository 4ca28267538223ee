//! `jejak history`.

use std::io::Write as _;

use clap::Args;
use jejak_events::identity::{Subject, SubjectKind};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{on_page, page, printable, write_csv, write_marked, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::history::{EntryStatus, HistoryEntry, history};
use crate::queries::names::{self, Titles};
use crate::registry::{RegistryError, Signed};
use crate::tables;
use crate::words::event_words::no_events;
use crate::words::language::text;

/// Show the events of a stream and those that name it, oldest first, with both clocks.
///
/// A correction, a retraction or a redaction of evidence stands right under the event it is about.
/// Sealed values are never shown, only which confidential fields have one.
///
/// JSON: `{"subject","revision","events":[{"index","about","status","event"}],"synthetic"}`; `about` is the index
/// that a correction, retraction or redaction is about; `status` is one of `in_force`, `corrected`, `retracted`,
/// `superseded` (a correction that a later one replaced) and `note` (a retraction); `event` is the
/// record as in `log export`. `revision` is what `expectedrevision` is held against.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak history ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b")]
pub struct Arguments {
    /// The stream: ikm/<uuid>, person/<uuid>, program/<uuid>, certificate/<uuid>, exhibition/<uuid>,
    /// sentra/<uuid>, claim/<uuid>, area/<code>, or registry; the beginning of an identifier (four characters or more),
    /// words of a title, or the name of an area will do where one alone fits.
    subject: String,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<crate::cli::output::Marked<'static, Output>>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    context.with_reading(Signed::NotNeeded, |reading| {
        let snapshot = reading.snapshot();
        let subject = crate::cli::input::stream(snapshot, &arguments.subject, &SubjectKind::ALL)?;
        let (revision, entries) = history(snapshot, subject).map_err(RegistryError::from)?;
        let (mut named, mut mentioned) = (vec![subject], Vec::new());
        for entry in &entries {
            entry.event.draft.data.mentions(&mut mentioned);
            named.push(entry.event.draft.subject);
            named.append(&mut mentioned);
        }
        let titles = names::titles_of(snapshot, named).map_err(RegistryError::from)?;
        print(context, (subject, &titles), revision, &entries, snapshot.constitution().synthetic)?;
        Ok(Exit::Fine)
    })
}

/// One event of the stream, or one that names it.
#[derive(Serialize, JsonSchema)]
struct EntryOutput {
    /// Its index.
    index: u64,
    /// Index of the event that a correction, a retraction or a redaction is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<u64>,
    /// Whether what it says counts.
    status: EntryStatus,
    /// The record, as in `log export`.
    #[schemars(with = "jejak_events::schema::AnyRecord")]
    event: Value,
}

/// The events of a stream and those that name it, oldest first.
#[derive(Serialize, JsonSchema)]
struct Output {
    /// The stream.
    #[schemars(with = "jejak_events::identity::Subject")]
    subject: String,
    /// Number of events of the stream; `expectedrevision` is held against it.
    revision: u64,
    /// The events; amendments stand under what they are about.
    events: Vec<EntryOutput>,
}

fn print(
    context: &Context,
    (subject, titles): (Subject, &Titles),
    revision: u64,
    entries: &[HistoryEntry],
    synthetic: bool,
) -> Result<(), Stop> {
    let mut out = page(context);
    let language = context.language;
    let table = || tables::history::table((subject, titles), entries, synthetic, language);
    match context.format() {
        Format::Json => {
            let mut events = Vec::with_capacity(entries.len());
            for entry in entries {
                let event = serde_json::from_slice(&entry.event.encode()).map_err(std::io::Error::from)?;
                events.push(EntryOutput {
                    index: entry.index,
                    about: entry.about,
                    status: entry.status,
                    event,
                });
            }
            write_marked(&mut out, &Output { subject: subject.to_string(), revision, events }, synthetic)
        }
        Format::Csv => write_csv(&mut out, context, &table()),
        Format::Table => {
            write_synthetic(&mut out, synthetic, language)?;
            if entries.is_empty() {
                writeln!(out, "{}", no_events(subject, language))?;
                return Ok(out.flush()?);
            }
            if let Some(title) = titles.of_stream(&subject.to_string()) {
                writeln!(out, "{}", printable(title))?;
            }
            writeln!(
                out,
                "{}",
                text!(language, "{subject}, revisi {revision}", "{subject}, revision {revision}")
            )?;
            writeln!(out, "{}", on_page(&table()))?;
            Ok(out.flush()?)
        }
    }
}
