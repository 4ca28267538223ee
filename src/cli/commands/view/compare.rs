//! `jejak view --compare` and `--compare-on`: two answers side by side, who entered and left, and by which events or why.

use std::io::Write;

use jejak_events::values::Date;
use jejak_projections::compare::{Asked, Comparison, FigureChange, Side};
use jejak_projections::question::Question;
use jejak_projections::views::ViewDeclaration;

use super::print::{days as days_words, narrowing, period, write_definition};
use crate::cli::clocks::{LogPlace, write_place};
use crate::cli::exit::Stop;
use crate::cli::output::{on_page, page, page_width, write_csv, write_json, write_label, write_synthetic};
use crate::cli::progress::Progress;
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::compare::{self, ANSWERS_LIMIT, ComparedAnswers, DAYS_LIMIT, Gathered, Incomparable};
use crate::queries::names::{self, Names, Titles};
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;
use crate::tables;
use crate::words::event_words::{day, events};
use crate::words::figures::title;
use crate::words::language::{Language, count, text};
use crate::words::lines::wrapped;

/// Compares what is known at the log size of the question with what is known at another one.
///
/// # Errors
/// When the question makes no sense for the view, or one of the sizes lies beyond the log.
pub fn states(
    context: &Context,
    snapshot: &Snapshot,
    of: Asked<'_>,
    question: &Question,
    other_size: u64,
) -> Result<Comparison, Stop> {
    let progress = Progress::of_work(context.language.pick("mencari peristiwa", "finding events"));
    let mut asked = |count| progress.at_share(count, ANSWERS_LIMIT as u64);
    let compared = compare::states(snapshot, of, question, other_size, &mut asked);
    progress.finish();
    compared.map_err(stop_of)
}

/// Compares the answer on the day of the question with the one on another day; with the question of the later day.
///
/// # Errors
/// When the question makes no sense for the view on one of the days.
pub fn days(
    context: &Context,
    snapshot: &Snapshot,
    of: Asked<'_>,
    question: &Question,
    other: Date,
) -> Result<(Question, Comparison), Stop> {
    let progress = Progress::of_work(context.language.pick("mencari hari", "finding days"));
    let mut asked = |count| progress.at_share(count, DAYS_LIMIT as u64);
    let compared = compare::days(snapshot, of, question, other, &mut asked);
    progress.finish();
    compared.map_err(stop_of)
}

/// What keeps two answers from being compared.
pub fn stop_of(error: Incomparable) -> Stop {
    match error {
        Incomparable::Question(error) => error.into(),
        Incomparable::Compare(error) => Stop::Usage(error.message()),
    }
}

/// What `view --compare` answers.
pub const COMPARED: Shape = shape::<ComparedAnswers<'static>>;

/// Prints a comparison.
///
/// # Errors
/// When the events cannot be read or the output cannot be written.
pub fn print(
    context: &Context,
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    question: &Question,
    comparison: &Comparison,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let gathered = Gathered::read(snapshot, comparison).map_err(RegistryError::from)?;
    let side = |side: &'_ Side| -> Result<LogPlace, Stop> { LogPlace::at(snapshot, side.as_known) };
    let output = ComparedAnswers {
        view: comparison.view,
        title: view.title,
        definition: view.definition,
        question,
        before: Gathered::side(&comparison.before, side(&comparison.before)?),
        after: Gathered::side(&comparison.after, side(&comparison.after)?),
        figures: &comparison.figures,
        members: gathered.members(),
        answers_between: comparison.answers_between,
        names,
    };
    let mut out = page(context);
    match context.format() {
        Format::Json => write_json(&mut out, &output),
        Format::Csv => {
            let titles = Titles::default();
            write_csv(&mut out, context, &tables::compare::table(&output, &titles, context.language))
        }
        Format::Table => {
            let subjects = comparison.members.iter().filter_map(|change| change.who.subject());
            let subjects = subjects.chain(names::asked(question));
            let titles = names::titles_of(snapshot, subjects);
            let titles = titles.map_err(RegistryError::from)?;
            table(&mut out, context.language, &output, (&titles, context.today(snapshot)?))
        }
    }
}

fn table(
    out: &mut dyn Write,
    language: Language,
    output: &ComparedAnswers<'_>,
    (titles, today): (&Titles, Date),
) -> Result<(), Stop> {
    write_synthetic(out, output.after.log.synthetic, language)?;
    writeln!(out, "{}\n", language.words(output.title))?;
    let [figures, members, causes] = tables::compare::summary(output, language);
    for table in
        std::iter::once(figures).chain([members, causes].into_iter().filter(|table| !table.is_empty()))
    {
        writeln!(out, "{}\n", on_page(&table))?;
    }
    sides(out, language, output, today)?;
    narrowing(out, language, output.question, titles)?;
    write_label(out, language.pick("definisi", "definition"), output.view)?;
    write_definition(out, language.words(output.definition))?;
    for unknown in output.figures.iter().filter(|figure| figure.members_unknown) {
        writeln!(out, "\n{}", wrapped(&not_known(output, unknown, language), page_width()).join("\n"))?;
    }
    if output.members.is_empty() {
        if output.figures.iter().any(|figure| !figure.members_unknown) {
            let same =
                language.pick("tidak ada yang masuk, keluar atau berubah", "nobody entered, left or changed");
            writeln!(out, "\n{same}")?;
        }
        return Ok(out.flush()?);
    }
    writeln!(out, "\n{}", on_page(&tables::compare::table(output, titles, language)))?;
    if let Some(left_unfound) = left_unfound(output, language) {
        writeln!(out, "\n{left_unfound}")?;
    }
    Ok(out.flush()?)
}

/// The two sides: between two days the days, and what of the log both know; else the day, and what each of them knows.
fn sides(
    out: &mut dyn Write,
    language: Language,
    output: &ComparedAnswers<'_>,
    today: Date,
) -> Result<(), Stop> {
    let labels = [language.pick("sebelum", "before"), language.pick("sesudah", "after")];
    let sides = labels.into_iter().zip([&output.before, &output.after]);
    if output.before.on != output.after.on {
        for (label, side) in sides {
            write_label(out, label, days_words(output.question.from, side.on, today, language))?;
        }
        return write_place(out, &output.after.log, language);
    }
    period(out, language, output.question, today)?;
    for (label, side) in sides {
        let (size, until, version) =
            (events(side.log.size, language), side.log.until(language), side.version);
        let known = text!(
            language,
            "{size}, dicatat sampai {until}, versi {version}",
            "{size}, recorded until {until}, version {version}"
        );
        write_label(out, label, known)?;
        write_label(out, "", format!("{} {}", language.pick("akar", "root"), side.log.root))?;
    }
    Ok(())
}

/// That of who entered and left a figure nothing can be said, and on which side it was not known.
fn not_known(output: &ComparedAnswers<'_>, figure: &FigureChange, language: Language) -> String {
    let called = language.words(title(figure.name));
    let name = figure.name;
    let side = if figure.before.is_none() { &output.before } else { &output.after };
    let at = match output.before.on == output.after.on {
        true => {
            let size = events(side.log.size, language);
            text!(language, "dengan {size} yang diketahui", "with {size} known")
        }
        false => {
            let on = day(side.on, language);
            text!(language, "pada {on}", "on {on}")
        }
    };
    text!(
        language,
        "siapa yang masuk atau keluar dari \"{called}\" ({name}) tidak dapat dikatakan: {at} angka itu tidak diketahui",
        "nothing can be said of who entered or left \"{called}\" ({name}): {at} the figure was not known"
    )
}

/// What the bound on answers left unfound, if anything.
fn left_unfound(output: &ComparedAnswers<'_>, language: Language) -> Option<String> {
    let asked = count(output.answers_between, language);
    if output.members.iter().any(|member| !member.unfound.is_empty()) {
        return Some(text!(
            language,
            "dalam {asked} jawaban antara tidak semua peristiwa ditemukan; a..b berarti: satu atau lebih di antaranya",
            "{asked} answers in between did not find every event; a..b means: one or more of those"
        ));
    }
    let days = output.members.iter().any(|member| !member.unfound_days.is_empty());
    days.then(|| {
        text!(
            language,
            "dalam {asked} jawaban antara tidak semua hari ditemukan; perubahan terjadi pada satu hari atau lebih dari yang disebut; perpendek jarak kedua hari untuk menemukannya",
            "{asked} answers in between did not find every day; the change is on one or more of those named; compare days that lie closer to find it"
        )
    })
}
