//! What the rows of a breakdown are called.

use jejak_projections::question::BY_AREA;

use super::event_words::{code_words, figure_words, value_words, view_words, with_code};
use super::ids::{area_code_words, district_words};
use super::language::Language;

/// What a row of a breakdown is called where it has no title.
#[must_use]
pub fn row_words(by: &str, key: Option<&str>, language: Language) -> String {
    let Some(key) = key else { return language.pick("(tidak disebut)", "(not given)").to_owned() };
    match by {
        BY_AREA => area_code_words(key).into_owned(),
        "country" => key.to_uppercase(),
        "criterion" => criterion_words(key, language),
        "district" => district_words(key),
        "figure" => figure_words(key, language).map_or_else(|| key.to_owned(), |words| with_code(key, words)),
        // What a claim is held against is a view.
        "indicator" => view_words(key, language),
        // The name of an institution is no code.
        "issuer" => key.to_owned(),
        "source_year" => source_year_words(key, language),
        _ => code_words(key, language),
    }
}

/// A criterion with its scheme, `sih_batik/energy`, in words, with the code itself behind them.
fn criterion_words(key: &str, language: Language) -> String {
    let Some((scheme, criterion)) = key.split_once('/') else { return code_words(key, language) };
    format!("{}: {} ({key})", value_words(scheme, language), value_words(criterion, language))
}

/// A source of money in words, with its fiscal year, `apbd/2021`, where one is said.
fn source_year_words(key: &str, language: Language) -> String {
    match key.split_once('/') {
        Some((source, year)) => format!("{}, {year}", value_words(source, language)),
        None => {
            let unsaid = language.pick("tahun tidak disebut", "year not given");
            format!("{}, {unsaid}", value_words(key, language))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_in_words() {
        let of = |key| [Language::Id, Language::En].map(|language| source_year_words(key, language));
        assert_eq!(of("apbd/2021"), ["APBD, 2021", "APBD, 2021"]);
        assert_eq!(of("apbd"), ["APBD, tahun tidak disebut", "APBD, year not given"]);
        assert_eq!(district_words("33.75.01"), "Pekalongan Barat (33.75.01)");
        assert_eq!(district_words("33.75.99"), "33.75.99", "the table may be older than the code");
    }
}
