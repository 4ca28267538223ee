//! `jejak view --compare`: two answers side by side, who entered and left, and by which events.

use std::collections::BTreeSet;
use std::io::Write;

use jejak_events::identity::Subject;
use jejak_projections::compare::{Comparison, Side};
use jejak_projections::question::Question;
use jejak_projections::views::ViewDeclaration;

use super::print::{narrowing, period, write_definition};
use crate::cli::clocks::LogPlace;
use crate::cli::exit::Stop;
use crate::cli::output::{on_page, page, write_csv, write_json, write_label, write_synthetic};
use crate::cli::progress::Progress;
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::compare::{
    self, ANSWERS_LIMIT, ComparedAnswers, ComparedEvent, ComparedMember, ComparedSide, Incomparable,
};
use crate::queries::names::{self, Names, Titles};
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;
use crate::tables;
use crate::words::event_words::events;
use crate::words::language::{Language, count, text};

/// Compares what is known at the log size of the question with what is known at another one.
///
/// # Errors
/// When the question makes no sense for the view, or one of the sizes lies beyond the log.
pub fn states(
    context: &Context,
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    question: &Question,
    other_size: u64,
) -> Result<Comparison, Stop> {
    let progress = Progress::of_work(context.language.pick("mencari peristiwa", "finding events"));
    let mut asked = |count| progress.at_share(count, ANSWERS_LIMIT as u64);
    let compared = compare::states(snapshot, view, question, other_size, &mut asked);
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
    let wanted: BTreeSet<u64> =
        comparison.members.iter().flat_map(|member| member.events.iter().copied()).collect();
    let events = compare::read_events(snapshot, &wanted).map_err(RegistryError::from)?;
    let side = |side: &'_ Side| -> Result<LogPlace, Stop> { LogPlace::at(snapshot, side.as_known) };
    let of = |index: &u64| {
        events.get(index).map(|event| ComparedEvent {
            index: *index,
            r#type: event.draft.data.type_name(),
            recordedtime: event.recorded.to_string(),
            recorded: (event.recorded, event.draft.source.area),
        })
    };
    let members = comparison.members.iter().map(|member| ComparedMember {
        who: member.who.to_string(),
        difference: member.difference,
        before: member.before.as_ref(),
        after: member.after.as_ref(),
        events: member.events.iter().filter_map(of).collect(),
        unfound: &member.unfound,
    });
    let output = ComparedAnswers {
        view: comparison.view,
        title: view.title,
        definition: view.definition,
        question,
        before: ComparedSide {
            version: comparison.before.version,
            digest: &comparison.before.digest,
            log: side(&comparison.before)?,
        },
        after: ComparedSide {
            version: comparison.after.version,
            digest: &comparison.after.digest,
            log: side(&comparison.after)?,
        },
        figures: &comparison.figures,
        members: members.collect(),
        answers_between: comparison.answers_between,
        names,
    };
    let mut out = page(context);
    match context.format() {
        Format::Json => write_json(&mut out, &output),
        Format::Csv => write_csv(&mut out, context, &tables::compare::table(&output, context.language)),
        Format::Table => {
            let titles = names::titles_of(snapshot, question.program.map(Subject::Program));
            let titles = titles.map_err(RegistryError::from)?;
            table(&mut out, context.language, &output, &titles)
        }
    }
}

fn table(
    out: &mut dyn Write,
    language: Language,
    output: &ComparedAnswers<'_>,
    titles: &Titles,
) -> Result<(), Stop> {
    write_synthetic(out, output.after.log.synthetic, language)?;
    writeln!(out, "{}\n", language.words(output.title))?;
    writeln!(out, "{}\n", on_page(&tables::compare::figures(output, language)))?;
    period(out, language, output.question)?;
    for (label, side) in [
        (language.pick("sebelum", "before"), &output.before),
        (language.pick("sesudah", "after"), &output.after),
    ] {
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
    narrowing(out, language, output.question, titles)?;
    write_label(out, language.pick("definisi", "definition"), output.view)?;
    write_definition(out, language.words(output.definition))?;
    if output.members.is_empty() {
        let same =
            language.pick("tidak ada yang masuk, keluar atau berubah", "nobody entered, left or changed");
        writeln!(out, "\n{same}")?;
        return Ok(out.flush()?);
    }
    writeln!(out, "\n{}", on_page(&tables::compare::table(output, language)))?;
    if output.members.iter().any(|member| !member.unfound.is_empty()) {
        let asked = count(output.answers_between, language);
        writeln!(
            out,
            "\n{}",
            text!(
                language,
                "dalam {asked} jawaban antara tidak semua peristiwa ditemukan; a..b berarti: satu atau lebih di antaranya",
                "{asked} answers in between did not find every event; a..b means: one or more of those"
            )
        )?;
    }
    Ok(out.flush()?)
}
