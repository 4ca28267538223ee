//! `jejak due`.

use std::io::Write;

use clap::Args;
use jejak_events::area::AreaCode;
use jejak_events::values::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::clocks::{LogPlace, asked, date};
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{SYNTHETIC_COLUMN, Sheet, joined, page, write_json};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::due::{DueError, DueItem, Section, due};
use crate::registry::{RegistryError, Signed};
use crate::words::event_words::{day, events};
use crate::words::language::{Language, made_up, text};

/// Show what an office should look into: certificates that end within 90 days, assessments overdue,
/// IKMs not heard of for a year, and what was recorded late of the last 90 days.
///
/// The first three are views (`certificates_expiring`, `assessments_overdue`, `unheard`), whose
/// definitions `jejak view NAME` shows; the last lists events recorded more than 30 days after they
/// happened. Corrections, retractions and what an office says of its own log are not among them.
///
/// JSON: `{"on","sections":[{"name","title","total","rows":[{"who","day","area","events"}]}],"log":
/// {"size","root","recorded_until","synthetic"}}`; `day` is the last day of a certificate, the last session day, the day of the last news, or
/// the day that an event happened; `total` counts also the rows beyond --limit.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak due --area 33.75 --on 2026-06-30")]
pub struct Arguments {
    /// Only this area; a province adds up its kabupaten and kota. Late recordings go by the area of
    /// the office that recorded them.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// The day to look from [default: today].
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Rows shown of each section at most; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// What an office should look into.
#[derive(Serialize, JsonSchema)]
struct Output {
    /// The day.
    on: Date,
    /// Things that are due, by kind.
    sections: Vec<Section>,
    /// How much of the log it knows.
    log: LogPlace,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Output>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let area = arguments.area.as_deref().map(AreaCode::parse).transpose().map_err(Stop::Usage)?;
    let on = arguments.on.as_deref().map(|text| date("--on", text)).transpose()?;
    context.with_reading(Signed::NotNeeded, |reading| {
        let snapshot = reading.snapshot();
        let (on, size) = asked(context, snapshot, on, None)?;
        let sections = due(snapshot, area, (on, size), arguments.limit).map_err(|error| match error {
            DueError::Question(error) => Stop::from(error),
            DueError::Read(error) => RegistryError::from(error).into(),
        })?;
        print(context, &Output { on, sections, log: LogPlace::at(snapshot, size)? })?;
        Ok(Exit::Fine)
    })
}

fn print(context: &Context, output: &Output) -> Result<(), Stop> {
    let (mut out, language) = (page(context), context.language);
    match context.format() {
        Format::Json => return write_json(&mut out, output),
        Format::Csv => {
            let mut sheet =
                Sheet::new(["section", "who", "day", "area", "events", "on", "#as_known", SYNTHETIC_COLUMN]);
            let (on, log) = (output.on, &output.log);
            let asked = [on.to_string(), log.size.to_string(), log.synthetic.to_string()];
            for (section, row) in
                output.sections.iter().flat_map(|one| one.rows.iter().map(move |row| (one, row)))
            {
                sheet.row(std::iter::once(section.name.to_owned()).chain(cells(row)).chain(asked.clone()));
            }
            return sheet.write_csv(&mut out, context.csv());
        }
        Format::Table => {}
    }
    for section in &output.sections {
        let (title, total) = (language.words(section.title), section.total);
        writeln!(out, "{title}: {total}")?;
        if !section.rows.is_empty() {
            let day = match section.name {
                "certificates_expiring" => language.pick("berlaku sampai", "valid to"),
                "assessments_overdue" => language.pick("sesi terakhir", "last session"),
                "unheard" => language.pick("terakhir", "last news"),
                _ => language.pick("terjadi", "happened"),
            };
            let mut sheet = Sheet::new(match language {
                Language::Id => ["siapa", day, "wilayah", "peristiwa"],
                Language::En => ["who", day, "area", "events"],
            });
            section.rows.iter().for_each(|row| sheet.row(cells(row)));
            writeln!(out, "{}", sheet.to_table())?;
        }
        let more = total - section.rows.len();
        if more > 0 {
            writeln!(
                out,
                "{}",
                text!(language, "dan {more} lagi (--limit 0: semua)", "and {more} more (--limit 0: all)")
            )?;
        }
        writeln!(out)?;
    }
    let (on, size) = (output.on, output.log.size);
    writeln!(
        out,
        "{}",
        text!(
            language,
            "per tanggal {on}, dari {size}",
            "as of {on}, from {size}",
            on = day(on, language),
            size = events(size, language)
        )
    )?;
    if output.log.synthetic {
        writeln!(out, "{}", made_up(language))?;
    }
    Ok(out.flush()?)
}

fn cells(row: &DueItem) -> [String; 4] {
    let events = joined(&row.events);
    let day = row.day.map_or("-".to_owned(), |day| day.to_string());
    [row.who.clone(), day, row.area.map_or("-".to_owned(), |area| area.to_string()), events]
}
