//! `jejak due`.

use std::io::Write;

use clap::Args;
use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::values::Date;
use jejak_projections::question::BY_AREA;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::clocks::{LogPlace, asked, date, day_asked, note_to_come};
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{on_page, page, write_csv, write_json, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::due::{DueError, Section, due, people};
use crate::queries::names::{self, Names, Titles};
use crate::queries::which::area_code;
use crate::registry::{RegistryError, Signed};
use crate::tables;
use crate::words::event_words::events;
use crate::words::ids::area_words;
use crate::words::language::{Language, breakdown, count, text};

/// Show what an office should look into: certificates that end within 90 days, assessments overdue,
/// IKMs not heard of for a year, and what was recorded late of the last 90 days.
///
/// The first three are views (`certificates_expiring`, `assessments_overdue`, `unheard`), whose
/// definitions `jejak view NAME` shows; the last lists events recorded more than 30 days after they
/// happened. Corrections, retractions and what an office says of its own log are not among them.
///
/// JSON: `{"on","area","sections":[{"name","title","total","rows":[{"who","day","area","events"}]}],"log":
/// {"size","root","recorded_until","synthetic"}}`; `day` is the last day of a certificate, the last session day, the day of the last news, or
/// the day that an event happened; `total` counts also the rows beyond --limit;
/// with --names, `names` by `who`. `area` is there where --area is. Every row of CSV says the `total` of its section, and
/// the area asked for (`question_area`).
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
    /// With the names of IKMs and persons; the look is noted in the access log first.
    #[arg(long)]
    names: bool,
    /// Rows shown of each section at most; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// What an office should look into.
#[derive(Serialize, JsonSchema)]
struct Output {
    /// The day.
    on: Date,
    /// The area that was asked for; none where all are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<AreaCode>,
    /// Things that are due, by kind.
    sections: Vec<Section>,
    /// How much of the log it knows.
    log: LogPlace,
    /// With --names: names by `who`.
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<Names>,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Output>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let area = arguments.area.as_deref().map(area_code).transpose().map_err(Stop::Usage)?;
    let actor = crate::cli::looker(&context.global, arguments.names)?;
    let on = arguments.on.as_deref().map(|text| date("--on", text)).transpose()?;
    context.with_looks(arguments.names, Signed::NotNeeded, |reading, registry| {
        let snapshot = reading.snapshot();
        let (on, size) = asked(context, snapshot, on, None)?;
        note_to_come(context, snapshot, [("--on", Some(on))])?;
        let sections = due(snapshot, area, (on, size), arguments.limit).map_err(stop_of)?;
        let log = LogPlace::at(snapshot, size)?;
        let mut names = None;
        if let Some(registry) = registry {
            let who = people(&sections);
            let of_area = area.map(|area| format!(" --area {area}")).unwrap_or_default();
            let purpose = format!("due --names{of_area} --on {on} --limit {}", arguments.limit);
            let look = registry.look(&actor, &purpose, &who)?;
            names = Some(names::look_up(snapshot, &look, &who).map_err(RegistryError::from)?);
        }
        let streams = sections.iter().flat_map(|section| &section.rows);
        let streams = streams.filter_map(|row| Subject::parse(&row.who).ok());
        let titles = names::titles_of(snapshot, streams).map_err(RegistryError::from)?;
        let output = Output { on, area, sections, log, names };
        print(context, &output, &titles, context.today(snapshot)?)?;
        Ok(Exit::Fine)
    })
}

/// What keeps it from being told.
pub(super) fn stop_of(error: DueError) -> Stop {
    match error {
        DueError::Question(error) => Stop::from(error),
        DueError::Read(error) => RegistryError::from(error).into(),
        DueError::Unread(error) => RegistryError::from(error).into(),
    }
}

fn print(context: &Context, output: &Output, titles: &Titles, today: Date) -> Result<(), Stop> {
    let (mut out, language) = (page(context), context.language);
    let (on, log) = (output.on, &output.log);
    let (asked, names) = ((on, output.area, log), output.names.as_ref());
    let table = |sections| tables::due::table(sections, asked, (names, titles), language);
    match context.format() {
        Format::Json => return write_json(&mut out, output),
        Format::Csv => return write_csv(&mut out, context, &table(&output.sections)),
        Format::Table => {}
    }
    write_synthetic(&mut out, log.synthetic, language)?;
    write_sections(
        &mut out,
        language,
        &output.sections,
        (on, log),
        (output.names.as_ref(), titles),
        "--limit 0",
    )?;
    let (on, size, until) = (day_asked(on, today, language), events(log.size, language), log.until(language));
    let of_area = output.area.map(|area| format!(", {} {}", breakdown(BY_AREA, language), area_words(area)));
    let of_area = of_area.unwrap_or_default();
    writeln!(
        out,
        "{}",
        text!(
            language,
            "per tanggal {on}, dari {size}, dicatat sampai {until}{of_area}",
            "as of {on}, from {size}, recorded until {until}{of_area}"
        )
    )?;
    Ok(out.flush()?)
}

/// Prints the sections, each under its title and total; `rest` is what tells those that are left out.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn write_sections(
    out: &mut dyn Write,
    language: Language,
    sections: &[Section],
    (on, log): (Date, &LogPlace),
    (names, titles): (Option<&Names>, &Titles),
    rest: &str,
) -> Result<(), Stop> {
    for section in sections {
        let counted = |of| count(of, language);
        writeln!(out, "{}: {}", language.words(section.title), counted(section.total))?;
        let table =
            tables::due::table(std::slice::from_ref(section), (on, None, log), (names, titles), language);
        if !table.is_empty() {
            writeln!(out, "{}", on_page(&table))?;
        }
        let more = section.total - section.rows.len();
        if more > 0 {
            let more = counted(more);
            writeln!(
                out,
                "{}",
                text!(language, "dan {more} lagi ({rest}: semua)", "and {more} more ({rest}: all)")
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
