//! What views say of an area or a programme, on paper.

use std::collections::BTreeSet;
use std::io::Write;

use jejak_events::area::AreaCode;

use super::super::due::write_sections;
use super::print::PageDay;
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
        SummaryPlace::Quality => language
            .pick("Mutu pencatatan, semua sampai hari itu", "Quality of recording, all up to that day"),
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
    day: PageDay<'_>,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let figures = |out: &mut dyn Write, place| -> Result<(), Stop> {
        let table = tables::summary::figures(summary, place, language);
        if !table.is_empty() {
            writeln!(out, "{}\n{}", heading(place, language), on_page(&table))?;
            // Of several answers that leave out the same it is said once.
            let parts = summary.parts.iter().filter(|part| part.place == place);
            let notes: BTreeSet<&str> =
                parts.flat_map(|part| &part.notes).map(|note| language.of(note)).collect();
            notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
            writeln!(out)?;
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
    let all = all_due(summary.area, day);
    write_sections(out, language, &summary.due, (day.on, day.log), (names, &summary.titles), &all)?;
    figures(out, SummaryPlace::Quality)
}

/// The command that tells all that is due on the day of the page.
fn all_due(area: Option<AreaCode>, day: PageDay<'_>) -> String {
    let area = area.map(|area| format!(" --area {area}")).unwrap_or_default();
    let on = if day.is_asked { format!(" --on {}", day.on) } else { String::new() };
    format!("`jejak due{area}{on} --limit 0`")
}

#[cfg(test)]
mod tests {
    use jejak_events::values::Date;

    use super::*;
    use crate::cli::clocks::LogPlace;

    #[test]
    fn all_that_is_due_is_told_for_the_day_of_the_page() {
        let area = AreaCode::parse("33.75").ok();
        let on = Date::parse("2026-03-01").unwrap();
        let log = LogPlace::new(0, jejak_events::tree::Hash([0; 32]), None, true);
        let day = |is_asked| PageDay { on, is_asked, today: on, log: &log };
        assert_eq!(all_due(area, day(true)), "`jejak due --area 33.75 --on 2026-03-01 --limit 0`");
        assert_eq!(all_due(area, day(false)), "`jejak due --area 33.75 --limit 0`");
    }
}
