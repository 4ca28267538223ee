//! An answer on paper: tables, JSON, CSV.

use std::io::Write;

use jejak_events::area::AreaCode;
use jejak_projections::answer::{Answer, AreaRow, Breakdown, BreakdownRow, Figure, FigureUnit, Words};
use jejak_projections::claims::newer_words;
use jejak_projections::question::{Question, scale_text};
use jejak_projections::views::{ViewDeclaration, newest_version};
use schemars::JsonSchema;
use serde::Serialize;

use super::compare::COMPARED;
use crate::answer_json::{Attested, ViewAnswer, words_of};
use crate::cli::clocks::LogPlace;
use crate::cli::exit::Stop;
use crate::cli::output::{
    Cell, PROSE_COLUMNS, SYNTHETIC_COLUMN, Sheet, joined, page, page_width, printable, wrapped, write_json,
};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::names::{Names, Titles};
use crate::words::event_words::{code_words, day, events};
use crate::words::figures::title;
use crate::words::language::{Language, breakdown, hundredths, made_up, number, text, unit, unit_of};

/// What is shown beside an answer.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Names by member.
    pub names: Option<&'a Names>,
    /// Attested figures.
    pub attested: Option<&'a [Attested]>,
    /// Titles of the programmes, sentras and exhibitions that a breakdown names.
    pub titles: &'a Titles,
}

/// Prints one answer.
///
/// # Errors
/// When the output cannot be written.
pub fn answer(
    context: &Context,
    answer: &Answer,
    log: &LogPlace,
    list: bool,
    beside: Beside<'_>,
) -> Result<(), Stop> {
    let mut out = page(context);
    let Beside { names, attested, titles } = beside;
    match context.format() {
        Format::Json => {
            let mut told = ViewAnswer::new(answer, log, list);
            (told.names, told.attested) = (names, attested);
            write_json(&mut out, &told)
        }
        Format::Csv if list => members_csv(answer, log, names).write_csv(&mut out, context.csv()),
        Format::Csv => {
            figures_csv(answer, log, attested.unwrap_or_default()).write_csv(&mut out, context.csv())
        }
        Format::Table => {
            table(&mut out, context.language, answer, log, list, (names, titles))?;
            if let Some(attested) = attested {
                super::attested::table(&mut out, context.language, attested)?;
            }
            Ok(out.flush()?)
        }
    }
}

/// Columns at the end of every row of CSV, so that no row is without the period and both clocks.
const ASKED: [&str; 5] = ["from", "on", "#as_known", "root", SYNTHETIC_COLUMN];

/// The last column of an answer about claims: whose words they are.
const WORDS_COLUMN: &str = "words";

/// The cells under [`ASKED`]; `from` is empty where there is no first day.
fn asked(question: &Question, log: &LogPlace) -> [String; 5] {
    let from = question.from.map_or(String::new(), |from| from.to_string());
    [from, question.on.to_string(), log.size.to_string(), log.root.clone(), log.synthetic.to_string()]
}

/// One row for each figure of the whole, of each area, and of each value of each breakdown, and for each
/// attested figure.
fn figures_csv(answer: &Answer, log: &LogPlace, attested: &[Attested]) -> Sheet {
    let headings = ["view", "by", "key", "figure", "unit", "#value", "#version"];
    let words = words_of(answer.view);
    let mut sheet = Sheet::new(headings.into_iter().chain(ASKED).chain(words.iter().map(|_| WORDS_COLUMN)));
    let version = answer.version.to_string();
    let asked = |question: &Question, log: &LogPlace| {
        self::asked(question, log).into_iter().chain(words.iter().map(|words| words.en.clone()))
    };
    let mut add = |by: &str, key: &str, figures: &[Figure]| {
        for figure in figures {
            let (name, unit) = (figure.name, figure.unit.name());
            let cells = [answer.view, by, key, name, unit, &figure.value.to_string(), &version];
            sheet.row(cells.map(str::to_owned).into_iter().chain(asked(&answer.question, log)));
        }
    };
    add("total", "", &answer.figures);
    for row in &answer.by_area {
        add("area", &row.area.map_or(String::new(), |area| area.to_string()), &row.figures);
    }
    for breakdown in &answer.breakdowns {
        for row in &breakdown.rows {
            add(breakdown.by, row.key.as_deref().unwrap_or_default(), &row.figures);
        }
    }
    for (by, key, figure, value) in super::attested::rows(attested) {
        let cells = [answer.view, by, &key, figure, "attested", &value, &version];
        sheet.row(cells.map(str::to_owned).into_iter().chain(asked(&answer.question, log)));
    }
    sheet
}

fn members_csv(answer: &Answer, log: &LogPlace, names: Option<&Names>) -> Sheet {
    let headings = ["who", "name", "area", "figures", "events", "view", "#version"];
    let words = words_of(answer.view);
    let mut sheet = Sheet::new(headings.into_iter().chain(ASKED).chain(words.iter().map(|_| WORDS_COLUMN)));
    for member in &answer.members {
        let who = member.who.to_string();
        let name = names.and_then(|names| names.get(&who)).cloned().flatten().unwrap_or_default();
        let area = member.area.map_or(String::new(), |area| area.to_string());
        let view = [answer.view.to_owned(), answer.version.to_string()];
        let cells = [who, name, area, member.figures.join(" "), joined(&member.events)];
        let words = words.iter().map(|words| words.en.clone());
        sheet.row(cells.into_iter().chain(view).chain(asked(&answer.question, log)).chain(words));
    }
    sheet
}

fn table(
    out: &mut dyn Write,
    language: Language,
    answer: &Answer,
    log: &LogPlace,
    list: bool,
    (names, titles): (Option<&Names>, &Titles),
) -> Result<(), Stop> {
    writeln!(out, "{}", language.words(answer.title))?;
    writeln!(out)?;
    let widths = answer.figures.iter().map(|figure| number(figure.value, language).len());
    let width = widths.max().unwrap_or(0).max(8);
    for figure in &answer.figures {
        let value = number(figure.value, language);
        let counted = counts(figure, language);
        writeln!(out, "  {value:>width$}  {counted}  ({})", figure.name)?;
    }
    for share in &answer.shares {
        writeln!(
            out,
            "  {:>width$}  {} ({} = {} / {})",
            percent(share.basis_points, language),
            language.words(title(share.name)),
            share.name,
            share.part,
            share.whole
        )?;
    }
    writeln!(out)?;
    question(out, language, &answer.question, log)?;
    let (name, version) = (answer.view, answer.version);
    writeln!(
        out,
        "{}",
        text!(language, "definisi     {name} versi {version}", "definition   {name} version {version}")
    )?;
    if let Some(newer) = Some(newest_version(name)).filter(|newest| *newest > version) {
        let [id, en] = newer_words(newer);
        writeln!(out, "            {}", language.pick(&id, &en))?;
    }
    if let Some(words) = words_of(name) {
        write_definition(out, language.of(&words))?;
    }
    write_definition(out, language.words(answer.definition))?;
    writeln!(out, "{:<12} {}", language.pick("sidik jari", "digest"), answer.digest)?;
    if !answer.by_area.is_empty() {
        let mut sheet = figures_sheet(&[language.pick("wilayah", "area"), ""], answer, language);
        for AreaRow { area, figures } in &answer.by_area {
            let (code, name) = match area {
                Some(area) => (area.to_string(), area_name(*area)),
                None => (String::new(), language.pick("tidak tercatat", "not on record").to_owned()),
            };
            sheet.row([code, name].into_iter().chain(values(figures, language)));
        }
        writeln!(out, "\n{}", sheet.to_table())?;
    }
    for Breakdown { by, rows } in answer.breakdowns.iter().filter(|breakdown| !breakdown.rows.is_empty()) {
        let titles: Vec<Option<&str>> =
            rows.iter().map(|row| titles.of(by, row.key.as_deref().unwrap_or_default())).collect();
        // A title says what a row is about; its identifier is what one asks with.
        let titled = titles.iter().any(Option::is_some);
        let called = breakdown(by, language);
        let mut sheet = match titled {
            true => figures_sheet(&[called, language.pick("pengenal", "identifier")], answer, language),
            false => figures_sheet(&[called], answer, language),
        };
        for (BreakdownRow { figures, key }, title) in rows.iter().zip(titles) {
            let none = || language.pick("(tidak disebut)", "(not given)").to_owned();
            let mut cells = Vec::new();
            if titled {
                cells.push(title.map_or_else(none, str::to_owned));
                cells.push(key.clone().unwrap_or_default());
            } else {
                cells.push(key.as_deref().map_or_else(none, |key| code_words(key, language)));
            }
            sheet.row(cells.into_iter().chain(values(figures, language)));
        }
        writeln!(out, "\n{}", sheet.to_table())?;
    }
    if list {
        members(out, language, answer, names)?;
    }
    Ok(out.flush()?)
}

/// The two clocks and the narrowing of a question, and where in the log it was answered.
fn question(
    out: &mut dyn Write,
    language: Language,
    question: &Question,
    log: &LogPlace,
) -> Result<(), Stop> {
    period(out, language, question)?;
    let (size, until) = (events(log.size, language), log.until(language));
    writeln!(
        out,
        "{}",
        text!(
            language,
            "diketahui    {size}, dicatat sampai {until}",
            "as known at  {size}, recorded until {until}"
        )
    )?;
    let root = &log.root;
    writeln!(out, "{}", text!(language, "akar         {root}", "root         {root}"))?;
    narrowing(out, language, question)?;
    if log.synthetic {
        writeln!(out, "{}", made_up(language))?;
    }
    Ok(())
}

/// The days that a question is for.
pub fn period(out: &mut dyn Write, language: Language, question: &Question) -> Result<(), Stop> {
    let on = day(question.on, language);
    match question.from.map(|from| day(from, language)) {
        Some(from) => writeln!(
            out,
            "{}",
            text!(language, "masa         {from} sampai {on}", "period       {from} to {on}")
        )?,
        None => writeln!(out, "{}", text!(language, "per tanggal  {on}", "as of        {on}"))?,
    }
    Ok(())
}

/// What narrows a question, if anything does.
pub fn narrowing(out: &mut dyn Write, language: Language, question: &Question) -> Result<(), Stop> {
    let mut filters = Vec::new();
    if let Some(area) = question.area {
        let name = area_name(area);
        filters.push(text!(language, "wilayah {area} {name}", "area {area} {name}"));
    }
    for (name, value) in [
        (language.pick("program", "programme"), question.program.map(|program| program.to_string())),
        (language.pick("tema", "theme"), question.theme.as_ref().map(ToString::to_string)),
        (language.pick("sumber dana", "money of"), question.funding.as_ref().map(ToString::to_string)),
        (language.pick("skala", "size class"), question.scale.map(scale_text)),
    ] {
        filters.extend(value.map(|value| format!("{name} {value}")));
    }
    if !filters.is_empty() {
        let filters = filters.join(", ");
        writeln!(out, "{}", text!(language, "saringan     {filters}", "filters      {filters}"))?;
    }
    Ok(())
}

fn members(
    out: &mut dyn Write,
    language: Language,
    answer: &Answer,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let mut headings = vec![language.pick("siapa", "who")];
    if names.is_some() {
        headings.push(language.pick("nama", "name"));
    }
    // Where there is one figure, everybody counts for it.
    let several = answer.figures.len() > 1;
    headings.push(language.pick("wilayah", "area"));
    headings.extend(several.then_some(language.pick("angka", "figures")));
    headings.push(language.pick("peristiwa", "events"));
    let mut sheet = Sheet::new(headings);
    for member in &answer.members {
        let who = member.who.to_string();
        let mut cells = vec![who.clone()];
        if let Some(names) = names {
            let name = names.get(&who).cloned().flatten();
            cells.push(name.unwrap_or_else(|| language.pick("(tidak ada)", "(none)").to_owned()));
        }
        cells.push(member.area.map_or("-".to_owned(), |area| area.to_string()));
        cells.extend(several.then(|| titles_of(&member.figures, language)));
        cells.push(joined(&member.events));
        sheet.row(cells);
    }
    if sheet.is_empty() {
        writeln!(
            out,
            "\n{}",
            text!(language, "tidak ada siapa pun di balik angka ini", "nobody is behind this figure")
        )?;
    } else {
        writeln!(out, "\n{}", sheet.to_table())?;
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

/// A sheet with the given first headings and one column of numbers for each figure.
fn figures_sheet(first: &[&str], answer: &Answer, language: Language) -> Sheet {
    let figures = answer.figures.iter().map(|figure| heading(figure, language));
    Sheet::new(first.iter().map(|heading| (*heading).to_owned()).chain(figures))
}

/// The titles of some figures.
pub fn titles_of(names: &[&'static str], language: Language) -> String {
    names.iter().map(|name| language.words(title(name))).collect::<Vec<_>>().join(", ")
}

fn heading(figure: &Figure, language: Language) -> String {
    let (title, unit) = (language.words(title(figure.name)), unit(figure.unit, language));
    if title == unit { format!("#{title}") } else { format!("#{title} ({unit})") }
}

fn values(figures: &[Figure], language: Language) -> impl Iterator<Item = String> {
    figures.iter().map(move |figure| number(figure.value, language))
}

/// Hundredths of a percent as percent.
fn percent(basis_points: Option<u64>, language: Language) -> String {
    basis_points.map_or_else(|| "-".to_owned(), |share| format!("{} %", hundredths(share, language)))
}

fn area_name(area: AreaCode) -> String {
    area.name().to_owned()
}

/// Writes a definition under the labels of an answer.
pub fn write_definition(out: &mut dyn Write, definition: &str) -> Result<(), Stop> {
    const INDENT: usize = 13;
    let columns = page_width().unwrap_or(PROSE_COLUMNS).saturating_sub(INDENT);
    for line in wrapped(definition, columns) {
        writeln!(out, "{:INDENT$}{line}", "")?;
    }
    Ok(())
}

/// What `view` answers: a figure, the list of views, or what differs between two answers.
pub const ANSWERS: &[Shape] = &[shape::<ViewAnswer<'static>>, shape::<ViewsOutput<'static>>, COMPARED];

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
    rows: &[(&ViewDeclaration, Option<Answer>)],
    question: &Question,
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
    if context.format() == Format::Csv {
        let headings = ["view", "#version", "figure", "unit", "#value"];
        let mut sheet = Sheet::new(headings.into_iter().chain(ASKED));
        for (view, answer) in rows {
            for figure in answer.iter().flat_map(|answer| &answer.figures) {
                let (version, value) = (view.version.to_string(), figure.value.to_string());
                let cells = [view.name, &version, figure.name, figure.unit.name(), &value];
                sheet.row(cells.map(str::to_owned).into_iter().chain(asked(question, log)));
            }
        }
        return sheet.write_csv(&mut out, context.csv());
    }
    self::question(&mut out, language, question, log)?;
    let headings = match language {
        Language::Id => ["tampilan", "nama", "angka"],
        Language::En => ["view", "title", "figures"],
    };
    let mut sheet = Sheet::new(headings);
    for (view, answer) in rows {
        let figures = match answer {
            Some(answer) => Cell::Lines(answer.figures.iter().map(|figure| said(figure, language)).collect()),
            None => text!(language, "- (saringan tidak berlaku)", "- (filter does not apply)").into(),
        };
        sheet.row([view.name.into(), language.words(view.title).into(), figures]);
    }
    writeln!(out, "\n{}", sheet.to_table())?;
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

/// A figure in words: `12 IKM`, with its name where the unit does not say it.
fn said(figure: &Figure, language: Language) -> String {
    let value = number(figure.value, language);
    printable(&format!("{value} {}", counts(figure, language)))
}

/// What a figure counts: `IKM terdaftar`.
fn counts(figure: &Figure, language: Language) -> String {
    let title = language.words(title(figure.name));
    // One of something is said in the singular; the title is that of several.
    let (unit, several) = (unit_of(figure.value, figure.unit, language), unit(figure.unit, language));
    match figure.unit {
        FigureUnit::OfClaim | FigureUnit::OfTarget => title.to_owned(),
        _ if title == several => unit.to_owned(),
        FigureUnit::Minute | FigureUnit::Rupiah | FigureUnit::ReportedIkm => format!("{unit}, {title}"),
        _ => format!("{unit} {title}"),
    }
}
