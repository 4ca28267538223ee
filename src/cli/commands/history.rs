//! `jejak history`.

use std::io::Write as _;

use clap::Args;
use jejak_events::identity::Subject;
use jejak_events::types::Data;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{SYNTHETIC_COLUMN, Sheet, page, write_marked};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::history::{EntryStatus, HistoryEntry, history};
use crate::registry::{RegistryError, Signed};
use crate::words::event_words::{field_words, happened_words, moment, number_words, type_words, value_words};
use crate::words::language::{Language, made_up, text};

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
    /// The stream: ikm/<uuid>, person/<uuid>, program/<uuid>, exhibition/<uuid>, certificate/<uuid>,
    /// or registry.
    subject: String,
}

impl EntryStatus {
    pub(super) fn word(self, language: Language) -> &'static str {
        match self {
            Self::InForce => language.pick("berlaku", "in force"),
            Self::Corrected => language.pick("dikoreksi", "corrected"),
            Self::Retracted => language.pick("DITARIK", "RETRACTED"),
            Self::Superseded => language.pick("diganti koreksi lain", "superseded"),
            Self::Note => "",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Corrected => "corrected",
            Self::Retracted => "retracted",
            Self::Superseded => "superseded",
            Self::Note => "note",
        }
    }
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<crate::cli::output::Marked<'static, Output>>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let subject = crate::cli::input::identifier(&arguments.subject, Subject::parse)?;
    context.with_reading(Signed::NotNeeded, |reading| {
        let snapshot = reading.snapshot();
        let (revision, entries) = history(snapshot, subject).map_err(RegistryError::from)?;
        print(context, subject, revision, &entries, snapshot.constitution().synthetic)?;
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
    subject: Subject,
    revision: u64,
    entries: &[HistoryEntry],
    synthetic: bool,
) -> Result<(), Stop> {
    let mut out = page(context);
    let language = context.language;
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
        Format::Csv => csv_sheet(entries, synthetic).write_csv(&mut out, context.csv()),
        Format::Table => {
            if synthetic {
                writeln!(out, "{}", made_up(language))?;
            }
            if entries.is_empty() {
                writeln!(
                    out,
                    "{}",
                    text!(
                        language,
                        "{subject}: tidak ada peristiwa; periksa pengenalnya, atau cari dengan `jejak find`",
                        "{subject}: no events; check the identifier, or look with `jejak find`"
                    )
                )?;
                return Ok(out.flush()?);
            }
            writeln!(
                out,
                "{}",
                text!(language, "{subject}, revisi {revision}", "{subject}, revision {revision}")
            )?;
            writeln!(out, "{}", table(subject, entries, language).to_table())?;
            Ok(out.flush()?)
        }
    }
}

fn table(subject: Subject, entries: &[HistoryEntry], language: Language) -> Sheet {
    let mut sheet = Sheet::new(match language {
        Language::Id => ["#indeks", "terjadi", "dicatat", "peristiwa", "isi", "status"],
        Language::En => ["#index", "happened", "recorded", "event", "content", "status"],
    });
    for entry in entries {
        let draft = &entry.event.draft;
        let under = match entry.depth {
            0 => String::new(),
            depth => format!("{}└ ", "  ".repeat(depth - 1)),
        };
        let mut content = said(&draft.data, language);
        if draft.subject != subject && entry.about.is_none() {
            content = format!("{} {content}", draft.subject);
        }
        if let Some(about) = entry.about {
            content = text!(language, "atas peristiwa {about}: {content}", "about event {about}: {content}");
        }
        sheet.row([
            entry.index.to_string(),
            happened_words(draft.time, language),
            moment(entry.event.recorded, draft.source.area, language),
            format!("{under}{}", type_words(draft.data.type_name(), language)),
            content,
            entry.status.word(language).to_owned(),
        ]);
    }
    sheet
}

fn csv_sheet(entries: &[HistoryEntry], synthetic: bool) -> Sheet {
    let mut sheet = Sheet::new([
        "#index",
        "#about",
        "status",
        "time",
        "timeprecision",
        "recordedtime",
        "type",
        "subject",
        "id",
        "source",
        "data",
        SYNTHETIC_COLUMN,
    ]);
    for HistoryEntry { index, about, status, event, .. } in entries {
        let draft = &event.draft;
        sheet.row([
            index.to_string(),
            about.map_or(String::new(), |about| about.to_string()),
            status.name().to_owned(),
            draft.time.to_string(),
            draft.time.precision().name().to_owned(),
            event.recorded.to_string(),
            draft.data.type_name().to_owned(),
            draft.subject.to_string(),
            draft.id.to_string(),
            draft.source.to_string(),
            Value::Object(draft.data.to_object()).to_string(),
            synthetic.to_string(),
        ]);
    }
    sheet
}

/// The open facts in one line. Of the sealed fields only the names of those that have a value.
/// The open facts in words, with their fields.
fn said(data: &Data, language: Language) -> String {
    pairs(&data.to_object(), false, language).join(", ")
}

/// Fields and values in words; of evidence only how much there is, unless it is asked for.
pub(super) fn pairs(object: &Map<String, Value>, evidence: bool, language: Language) -> Vec<String> {
    let mut said = Vec::new();
    for (name, value) in object {
        let field = |name: &str| field_words(name, language);
        match (name.as_str(), value) {
            ("sealed", sealed) => {
                if let Some(Value::Array(has)) = sealed.get("has") {
                    let has: Vec<String> = has.iter().filter_map(Value::as_str).map(field).collect();
                    said.push(format!("{}: {}", field("sealed.has"), has.join(", ")));
                }
            }
            ("evidence", Value::Array(files)) if !evidence => {
                said.push(format!("{}: {}", field(name), files.len()))
            }
            // The day tells how exactly it is known.
            ("timeprecision", _) => {}
            ("time", Value::String(time)) => {
                let day = time.split_once('T').map_or(time.as_str(), |(day, _)| day);
                said.push(format!("{}: {}", field(name), value_words(day, language)));
            }
            // The replacement of a correction.
            ("data", Value::Object(inner)) => said.extend(pairs(inner, evidence, language)),
            ("type", Value::String(name)) => {
                said.push(format!("{}: {}", field("type"), type_words(name, language)));
            }
            (name, value) => said.push(format!("{}: {}", field(name), plain(value, language))),
        }
    }
    said
}

pub(super) fn plain(value: &Value, language: Language) -> String {
    match value {
        Value::String(text) => value_words(text, language),
        Value::Array(values) => {
            let separator = if values.iter().all(Value::is_object) { "; " } else { ", " };
            values.iter().map(|value| plain(value, language)).collect::<Vec<_>>().join(separator)
        }
        Value::Object(object) => format!("({})", pairs(object, true, language).join(", ")),
        Value::Bool(value) => value_words(&value.to_string(), language),
        Value::Number(value) => number_words(value, language),
        other => other.to_string(),
    }
}
