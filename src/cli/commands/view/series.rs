//! `jejak view --by`: a view over time.

use std::io::Write;

use jejak_events::fault::Message;
use jejak_events::values::Date;
use jejak_projections::series::{Series, SeriesRule};
use schemars::JsonSchema;
use serde::Serialize;

use super::print::{definition, question, write_definition};
use crate::answer_json::words_of;
use crate::cli::clocks::LogPlace;
use crate::cli::exit::Stop;
use crate::cli::output::{on_page, page, write_csv, write_json, write_label, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::names;
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;
use crate::tables;
use crate::words::language::{Language, period_lengths};

/// A view over time, and how much of the log it knows.
#[derive(Serialize, JsonSchema)]
struct SeriesAnswer<'a> {
    #[serde(flatten)]
    series: &'a Series,
    /// Whose words the claims are, where the view counts claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Message>,
    /// How much of the log it knows.
    log: &'a LogPlace,
}

/// What `view --by` answers.
pub const ANSWER: Shape = shape::<SeriesAnswer<'static>>;

/// Prints a series.
///
/// # Errors
/// When the log cannot be read or the output cannot be written.
pub fn print(context: &Context, snapshot: &Snapshot, series: &Series, log: &LogPlace) -> Result<(), Stop> {
    let (mut out, language) = (page(context), context.language);
    match context.format() {
        Format::Json => write_json(&mut out, &SeriesAnswer { series, words: words_of(series.view), log }),
        Format::Csv => write_csv(&mut out, context, &tables::series::figures(series, log, language)),
        Format::Table => {
            write_synthetic(&mut out, log.synthetic, language)?;
            writeln!(out, "{}", language.words(series.title))?;
            for table in tables::series::tables(series, language) {
                writeln!(out, "\n{}", on_page(&table))?;
            }
            writeln!(out)?;
            let titles = names::titles_of(snapshot, names::asked(&series.question));
            let titles = titles.map_err(RegistryError::from)?;
            let today = context.today(snapshot)?;
            question(&mut out, language, (&series.question, &titles, today), log)?;
            let recorded = snapshot.facts().recorded_until(None, log.size).map(|(day, _)| day);
            rule(&mut out, series, recorded, language)?;
            definition(&mut out, language, (series.view, series.version), series.definition)?;
            Ok(out.flush()?)
        }
    }
}

/// What a row says, which periods are not told in full, and which no facts were `recorded` for.
fn rule(
    out: &mut dyn Write,
    series: &Series,
    recorded: Option<Date>,
    language: Language,
) -> Result<(), Stop> {
    let by = period_lengths(series.by, language);
    let of_a_row = match series.rule {
        SeriesRule::Flow => language.pick(
            "tiap baris: yang terjadi pada hari-hari masa itu",
            "each row: what came about on the days of that period",
        ),
        SeriesRule::State => language.pick(
            "tiap baris: keadaan pada akhir hari terakhir masa itu",
            "each row: the state at the end of the last day of that period",
        ),
    };
    // A period that is cut has another last day than the calendar gives it.
    let is_cut = series.periods.iter().any(|period| !period.is_whole && series.has_begun(period));
    let cut = match is_cut {
        true => language.pick(
            "; masa bertanda * hanya sampai atau sejak hari yang disebut di bawah",
            "; a period marked * only until or from the day named below",
        ),
        false => "",
    };
    write_label(out, language.pick("deret", "series"), format!("{by}; {of_a_row}{cut}"))?;
    tables::series::notes(series, recorded, language).iter().try_for_each(|note| write_definition(out, note))
}
