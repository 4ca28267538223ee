//! What views say of an area or a programme, on paper.

use std::io::Write;

use jejak_events::values::Date;

use super::super::due::write_sections;
use crate::cli::clocks::LogPlace;
use crate::cli::exit::Stop;
use crate::cli::output::on_page;
use crate::queries::names::Names;
use crate::queries::show::{Summary, SummaryPlace};
use crate::tables;
use crate::words::language::Language;

/// The heading over the figures of a place; none over tables, which have one each.
fn heading(place: SummaryPlace, language: Language) -> &'static str {
    match place {
        SummaryPlace::Headline => language.pick("Angka pokok", "Headline figures"),
        SummaryPlace::LastYear => language.pick("Dalam setahun terakhir", "In the last year"),
        SummaryPlace::Quality => language.pick("Mutu pencatatan", "Quality of recording"),
        SummaryPlace::Table => "",
    }
}

/// Prints figures, tables, what is due, and the quality of recording.
///
/// # Errors
/// When the output cannot be written.
pub fn print(
    out: &mut dyn Write,
    language: Language,
    summary: &Summary,
    day: (Date, &LogPlace),
    names: Option<&Names>,
) -> Result<(), Stop> {
    let figures = |out: &mut dyn Write, place| -> Result<(), Stop> {
        let table = tables::summary::figures(summary, place, language);
        if !table.is_empty() {
            writeln!(out, "{}\n{}\n", heading(place, language), on_page(&table))?;
        }
        Ok(())
    };
    writeln!(out)?;
    figures(out, SummaryPlace::Headline)?;
    figures(out, SummaryPlace::LastYear)?;
    for part in summary.parts.iter().filter(|part| part.place == SummaryPlace::Table) {
        if let Some(table) = tables::summary::breakdown(summary, part, language) {
            writeln!(out, "{} ({})\n{}\n", language.words(part.title), part.view, on_page(&table))?;
        }
    }
    let all = format!("`jejak due --area {}`", summary.area.map(|area| area.to_string()).unwrap_or_default());
    write_sections(out, language, &summary.due, day, (names, &summary.titles), &all)?;
    figures(out, SummaryPlace::Quality)
}
