//! `jejak due`.

use std::io::Write;

use clap::Args;
use jejak_events::area::AreaCode;
use jejak_events::record::Event;
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, Words};
use jejak_projections::lineage::is_amendment;
use jejak_projections::question::Question;
use jejak_projections::views::view;
use serde::Serialize;

use crate::cli::clocks::{AsKnown, LogPlace, asked, date};
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{SYNTHETIC_COLUMN, Sheet, joined, page, write_json};
use crate::cli::{Context, Format};
use crate::registry::{Registry, RegistryError};
use crate::rules::LATE_DAYS;
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

/// Days before the day asked about of which late recordings are listed.
const RECORDED_WITHIN_DAYS: i32 = 90;

#[derive(Serialize)]
struct Row {
    who: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<AreaCode>,
    events: Vec<u64>,
}

#[derive(Serialize)]
struct Section {
    name: &'static str,
    title: Words,
    total: usize,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Output {
    on: Date,
    sections: Vec<Section>,
    log: LogPlace,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let area = arguments.area.as_deref().map(AreaCode::parse).transpose().map_err(Stop::Usage)?;
    let on = arguments.on.as_deref().map(|text| date("--on", text)).transpose()?;
    context.with_registry(|registry| {
        let (on, size) = asked(context, registry, on, None)?;
        let mut sections = Vec::new();
        for name in ["certificates_expiring", "assessments_overdue", "unheard"] {
            let view = view(name)?;
            let question = Question { area, ..Question::new(on, size) };
            sections.push(of_view(view.answer(&registry.facts(), &question)?));
        }
        sections.push(recorded_late(registry, area, on)?);
        for section in &mut sections {
            section.total = section.rows.len();
            if arguments.limit > 0 {
                section.rows.truncate(arguments.limit);
            }
        }
        print(context, &Output { on, sections, log: LogPlace::at(registry, size)? })?;
        Ok(Exit::Fine)
    })
}

/// The members of a view, the most urgent first.
fn of_view(answer: Answer) -> Section {
    let mut members = answer.members;
    members.sort_by_key(|member| (member.day, member.who));
    let row = |member: jejak_projections::answer::Member| Row {
        who: member.who.to_string(),
        day: member.day,
        area: member.area,
        events: member.events,
    };
    let rows = members.into_iter().map(row).collect();
    Section { name: answer.view, title: answer.title, total: 0, rows }
}

/// The events of the last days that were recorded long after the fact, the latest first.
fn recorded_late(registry: &Registry, area: Option<AreaCode>, on: Date) -> Result<Section, Stop> {
    let (reader, office) = (registry.reader(), registry.source().area);
    // What was known before the first of these days; nothing, when there is no such day.
    let before = Date::from_day_number(on.day_number() - RECORDED_WITHIN_DAYS - 1);
    let from = before.map_or(Ok(0), |day| AsKnown::Day(day).count(registry))?;
    let mut rows = Vec::new();
    let mut failed = None;
    reader.scan(from..reader.size(), &mut |index, bytes| {
        let event = match Event::read(bytes) {
            Ok(event) => event,
            Err(error) => {
                failed = Some(RegistryError::Unreadable(format!("event {index}: {error}")));
                return false;
            }
        };
        let (draft, recorded) = (&event.draft, event.recorded.date_in(office));
        let (source, day) = (draft.source.area, draft.time.date());
        let days_late = i64::from(recorded.day_number()) - i64::from(day.day_number());
        let wanted = area.is_none_or(|wanted| source.is_within(wanted));
        if recorded <= on && wanted && days_late > LATE_DAYS && !is_amendment(&draft.data) {
            let who = draft.subject.to_string();
            rows.push(Row { who, day: Some(day), area: Some(source), events: vec![index] });
        }
        recorded <= on
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    rows.reverse();
    let title = Words { id: "Dicatat terlambat", en: "Recorded late" };
    Ok(Section { name: "recorded_late", title, total: 0, rows })
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

fn cells(row: &Row) -> [String; 4] {
    let events = joined(&row.events);
    let day = row.day.map_or("-".to_owned(), |day| day.to_string());
    [row.who.clone(), day, row.area.map_or("-".to_owned(), |area| area.to_string()), events]
}
