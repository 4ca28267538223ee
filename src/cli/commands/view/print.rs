//! An answer on paper: tables, JSON, CSV.

use std::io::Write;

use jejak_events::identity::ProgramId;
use jejak_events::values::{Code, Date};
use jejak_projections::answer::{Answer, Figure, Share, Words};
use jejak_projections::claims::newer_words;
use jejak_projections::question::{Question, scale_text};
use jejak_projections::views::newest_version;
use schemars::JsonSchema;
use serde::Serialize;

use super::compare::COMPARED;
use super::series;
use crate::answer_json::{Attested, ViewAnswer, notes_of, words_of};
use crate::cli::clocks::{LogPlace, day_asked, write_place};
use crate::cli::exit::Stop;
use crate::cli::output::{
    LABEL_COLUMNS, joined, on_page, page, page_width, wrapped, write_csv, write_json, write_label,
    write_synthetic,
};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::names::Titles;
use crate::tables;
use crate::tables::view::ListedView;
use crate::words::event_words::{code_words, scale_words};
use crate::words::figures::{counts, figure_value, title};
use crate::words::ids::{area_words, titled};
use crate::words::language::{Language, hundredths, text};
use crate::words::table::Table;

/// What is shown beside an answer.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// What is told of members.
    pub behind: tables::view::Behind<'a>,
    /// Attested figures.
    pub attested: Option<&'a [Attested]>,
    /// Whether who is behind the figures is told.
    pub list: bool,
    /// Today, where the office is.
    pub today: Date,
}

/// Prints one answer.
///
/// # Errors
/// When the output cannot be written.
pub fn answer(context: &Context, answer: &Answer, log: &LogPlace, beside: Beside<'_>) -> Result<(), Stop> {
    let (mut out, language) = (page(context), context.language);
    let Beside { behind, attested, list, .. } = beside;
    match context.format() {
        Format::Json => {
            let mut told = ViewAnswer::new(answer, log, list);
            (told.names, told.columns, told.attested) = (behind.names, behind.columns, attested);
            (told.titles, told.reasons) = (behind.titles.all(), behind.reasons.clone());
            write_json(&mut out, &told)
        }
        Format::Csv => {
            let table = match list {
                true => tables::view::members(answer, log, &behind, language),
                false => tables::view::figures(answer, log, attested.unwrap_or_default(), language),
            };
            write_csv(&mut out, context, &table)
        }
        Format::Table => table(&mut out, language, answer, log, beside),
    }
}

fn table(
    out: &mut dyn Write,
    language: Language,
    answer: &Answer,
    log: &LogPlace,
    Beside { behind, attested, list, today }: Beside<'_>,
) -> Result<(), Stop> {
    let titles = behind.titles;
    write_synthetic(out, log.synthetic, language)?;
    writeln!(out, "{}\n", language.words(answer.title))?;
    figures(out, language, answer)?;
    writeln!(out)?;
    question(out, language, (&answer.question, titles, today), log)?;
    for note in notes_of(answer) {
        write_label(out, "", language.of(&note))?;
    }
    definition(out, language, (answer.view, answer.version), answer.definition)?;
    write_label(out, language.pick("sidik jari", "digest"), &answer.digest)?;
    let areas = tables::view::areas(answer, language);
    let breakdowns =
        answer.breakdowns.iter().map(|breakdown| tables::view::by(breakdown, answer, titles, language));
    for table in std::iter::once(areas).chain(breakdowns).filter(|table| !table.is_empty()) {
        writeln!(out, "\n{}", on_page(&table))?;
    }
    if list {
        members(out, answer, &tables::view::members(answer, log, &behind, language), language)?;
    }
    attested.map_or(Ok(()), |attested| super::attested::table(out, language, attested, titles))?;
    Ok(out.flush()?)
}

/// The figures of the whole, and shares of one in another.
fn figures(out: &mut dyn Write, language: Language, answer: &Answer) -> Result<(), Stop> {
    let figures = answer.figures.iter().map(|figure| {
        (figure_value(figure, language), format!("{}  ({})", counts(figure, language), figure.name))
    });
    let shares = answer.shares.iter().map(|share| {
        let percent = share
            .basis_points
            .map_or_else(|| "-".to_owned(), |one| format!("{} %", hundredths(one, language)));
        let Share { name, part, whole, .. } = share;
        (percent, format!("{} ({name} = {part} / {whole})", language.words(title(name))))
    });
    let lines: Vec<(String, String)> = figures.chain(shares).collect();
    let width = lines.iter().map(|(value, _)| value.len()).max().unwrap_or(0).max(8);
    lines.iter().try_for_each(|(value, what)| Ok(writeln!(out, "  {value:>width$}  {what}")?))
}

/// What is counted, and whose words it is in.
///
/// # Errors
/// When the output cannot be written.
pub fn definition(
    out: &mut dyn Write,
    language: Language,
    (name, version): (&str, u32),
    definition: Words,
) -> Result<(), Stop> {
    let of = text!(language, "{name} versi {version}", "{name} version {version}");
    write_label(out, language.pick("definisi", "definition"), of)?;
    if let Some(newer) = Some(newest_version(name)).filter(|newest| *newest > version) {
        let [id, en] = newer_words(newer);
        write_label(out, "", language.pick(id, en).trim_start())?;
    }
    if let Some(words) = words_of(name) {
        write_definition(out, language.of(&words))?;
    }
    write_definition(out, language.words(definition))
}

/// The two clocks and the narrowing of a question, and where in the log it was answered.
///
/// # Errors
/// When the output cannot be written.
pub fn question(
    out: &mut dyn Write,
    language: Language,
    (question, titles, today): (&Question, &Titles, Date),
    log: &LogPlace,
) -> Result<(), Stop> {
    period(out, language, question, today)?;
    write_place(out, log, language)?;
    narrowing(out, language, question, titles)
}

/// The days that a question is for.
pub fn period(out: &mut dyn Write, language: Language, question: &Question, today: Date) -> Result<(), Stop> {
    let label = match question.from {
        Some(_) => language.pick("masa", "period"),
        None => language.pick("per tanggal", "as of"),
    };
    write_label(out, label, days(question.from, question.on, today, language))
}

/// A day, or those from a first one on; of one that has not come, that too.
pub fn days(from: Option<Date>, on: Date, today: Date, language: Language) -> String {
    let on = day_asked(on, today, language);
    match from.map(|from| day_asked(from, today, language)) {
        Some(from) => text!(language, "{from} sampai {on}", "{from} to {on}"),
        None => on,
    }
}

/// What narrows a question, if anything does.
pub fn narrowing(
    out: &mut dyn Write,
    language: Language,
    question: &Question,
    titles: &Titles,
) -> Result<(), Stop> {
    let mut filters = Vec::new();
    if let Some(area) = question.area {
        filters.push(format!("{} {}", language.pick("wilayah", "area"), area_words(area)));
    }
    if question.area_of.is_some() {
        filters.push(language.pick("menurut wilayah IKM", "by the area of the IKM").to_owned());
    }
    let called =
        |program: &ProgramId| titled(titles.of("program", &program.to_string()), &program.to_string());
    let words = |code: &Code| code_words(&code.to_string(), language);
    for (name, value) in [
        (language.pick("program", "programme"), question.program.map(|program| called(&program))),
        (language.pick("tema", "theme"), question.theme.as_ref().map(words)),
        (language.pick("sumber dana", "money of"), question.funding.as_ref().map(words)),
        (
            language.pick("skala", "size class"),
            question.scale.map(|scale| scale_words(&scale_text(scale), language)),
        ),
    ] {
        filters.extend(value.map(|value| format!("{name} {value}")));
    }
    if let Some(only) = &question.only {
        let row = tables::view::row_asked(only, titles, language);
        filters.push(text!(language, "hanya baris {row}", "only the row {row}"));
    }
    if filters.is_empty() {
        return Ok(());
    }
    write_label(out, language.pick("saringan", "filters"), filters.join(", "))
}

fn members(out: &mut dyn Write, answer: &Answer, members: &Table, language: Language) -> Result<(), Stop> {
    match members.is_empty() {
        true => {
            let nobody =
                language.pick("tidak ada siapa pun di balik angka ini", "nobody is behind this figure");
            writeln!(out, "\n{nobody}")?;
        }
        false => writeln!(out, "\n{}", on_page(members))?,
    }
    if !answer.context.is_empty() {
        let indexes = joined(&answer.context);
        writeln!(
            out,
            "\n{}",
            text!(language, "bertumpu pula pada peristiwa {indexes}", "resting also on events {indexes}")
        )?;
    }
    Ok(())
}

/// Writes a definition under the labels of an answer.
pub fn write_definition(out: &mut dyn Write, definition: &str) -> Result<(), Stop> {
    let columns = page_width().saturating_sub(LABEL_COLUMNS);
    wrapped(definition, columns).iter().try_for_each(|line| write_label(out, "", line))
}

/// What `view` answers: a figure, the list of views, what differs between two answers, or a figure over time.
pub const ANSWERS: &[Shape] =
    &[shape::<ViewAnswer<'static>>, shape::<ViewsOutput<'static>>, COMPARED, series::ANSWER];

/// A view with its figures.
#[derive(Serialize, JsonSchema)]
struct ViewOutput<'a> {
    /// Name of the view.
    #[schemars(with = "jejak_projections::names::ViewName")]
    view: &'a str,
    /// Version of its definition.
    version: u32,
    /// The name in words.
    title: Words,
    /// What it counts, in full.
    definition: Words,
    /// None where a filter says nothing about what the view counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<&'a [Figure]>,
}

/// All views.
#[derive(Serialize, JsonSchema)]
struct ViewsOutput<'a> {
    /// The views; versions of one stand together.
    views: Vec<ViewOutput<'a>>,
    /// What was asked of each.
    question: &'a Question,
    /// How much of the log they know.
    log: &'a LogPlace,
}

/// Prints the list of views with their figures.
///
/// # Errors
/// When the output cannot be written.
pub fn views(
    context: &Context,
    rows: &[ListedView<'_>],
    (question, titles, today): (&Question, &Titles, Date),
    log: &LogPlace,
) -> Result<(), Stop> {
    let mut out = page(context);
    let language = context.language;
    if context.format() == Format::Json {
        let views = rows.iter().map(|(view, answer)| ViewOutput {
            view: view.name,
            version: view.version,
            title: view.title,
            definition: view.definition,
            figures: answer.as_ref().map(|answer| &answer.figures[..]),
        });
        return write_json(&mut out, &ViewsOutput { views: views.collect(), question, log });
    }
    let table = tables::view::views(rows, question, log, language);
    if context.format() == Format::Csv {
        return write_csv(&mut out, context, &table);
    }
    write_synthetic(&mut out, log.synthetic, language)?;
    self::question(&mut out, language, (question, titles, today), log)?;
    writeln!(out, "\n{}", on_page(&table))?;
    // Event 0 only makes the registry.
    let next = match log.size {
        0 | 1 => language.pick(
            "belum ada yang dicatat; catat dengan `jejak append BERKAS`",
            "nothing is recorded yet; record by `jejak append FILE`",
        ),
        _ => language.pick(
            "definisi dan rincian satu angka: `jejak view TAMPILAN`; siapa di baliknya: tambahkan --list",
            "the definition and details of a figure: `jejak view VIEW`; who is behind it: add --list",
        ),
    };
    writeln!(out, "{next}")?;
    Ok(out.flush()?)
}
