//! How events are told on paper, in every command alike: their types, fields, codes, days and moments in words.
//!
//! For people only. Forms for programs keep names, codes and times as they are recorded, and this module must never
//! change a text that somebody wrote.

mod tables;

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::time::{RecordedTime, TimePrecision, ValidTime};
use jejak_events::types::declaration;
use serde_json::{Map, Value};

use super::language::{Language, counted, number, text};
pub use super::sentence::happened;
use tables::{CODES, FIELDS, MONTHS};

/// `training.attended` for `id.jejak.training.attended.v1`.
pub fn short_name(type_name: &str) -> &str {
    let name = type_name.strip_prefix("id.jejak.").unwrap_or(type_name);
    name.rsplit_once(".v").map_or(name, |(name, _)| name)
}

fn found(
    table: &[(&str, &'static str, &'static str)],
    name: &str,
    language: Language,
) -> Option<&'static str> {
    table.iter().find(|row| row.0 == name).map(|row| language.pick(row.1, row.2))
}

/// What an event of a type is called: `hadir di pelatihan`.
pub fn type_words(type_name: &str, language: Language) -> &str {
    declaration(type_name)
        .map_or(short_name(type_name), |declared| language.pick(declared.words[0], declared.words[1]))
}

/// What a field is called, with its dots where it lies deeper: `KBLI, kode`.
pub fn field_words(name: &str, language: Language) -> String {
    if let Some(words) = found(FIELDS, name, language) {
        return words.to_owned();
    }
    let part = |part: &str| found(FIELDS, part, language).map_or_else(|| part.to_owned(), str::to_owned);
    name.split('.').map(part).collect::<Vec<_>>().join(", ")
}

/// Several of them.
pub fn fields_words<'a>(names: impl IntoIterator<Item = &'a str>, language: Language) -> String {
    names.into_iter().map(|name| field_words(name, language)).collect::<Vec<_>>().join(", ")
}

/// A value of an open field in words, where it is a code or a day that is known.
pub fn value_words(value: &str, language: Language) -> String {
    let known = found(CODES, value, language).map(str::to_owned);
    known.or_else(|| date_words(value, language)).unwrap_or_else(|| value.to_owned())
}

/// A number in words: with its thousands apart, but for what can be a year.
pub fn number_words(value: &serde_json::Number, language: Language) -> String {
    value
        .as_u64()
        .filter(|value| *value > 9_999)
        .map_or_else(|| value.to_string(), |value| number(value, language))
}

/// A code in words, with the code itself beside it where it is written otherwise: one asks with it.
pub fn code_words(code: &str, language: Language) -> String {
    match value_words(code, language) {
        same if same.to_lowercase() == code => same,
        words => format!("{words} ({code})"),
    }
}

/// The value of a fact as [`super::difference::plain`] lays it out, in words: several with commas, parts as
/// `name=value`.
pub fn fact_words(value: &str, language: Language) -> String {
    let part = |part: &str| match part.split_once('=') {
        Some((name, value)) => format!("{}: {}", field_words(name, language), value_words(value, language)),
        None => value_words(part, language),
    };
    let one = |one: &str| match one.split_once('=') {
        Some((name, _)) if found(FIELDS, name, language).is_some() => {
            one.split(' ').map(part).collect::<Vec<_>>().join(", ")
        }
        _ => value_words(one, language),
    };
    let several: Vec<String> = value.split(", ").map(one).collect();
    several.join(if value.contains('=') { "; " } else { ", " })
}

/// After these words of ours a code follows, whatever it looks like.
const CODE_FOLLOWS: [&str; 2] = [", tingkat ", "sentra berbentuk "];

/// A sentence with the codes and days in it in words. A code stands for itself where it is written as no word is: with
/// an underscore, as the letters of a name, or alone between brackets.
pub fn in_words(text: &str, language: Language) -> String {
    in_words_but(text, language, &|word, bracketed| {
        let is_code = word.contains('_') || bracketed || ["apbd", "apbn", "ipal", "sih"].contains(&word);
        found(CODES, word, language).filter(|_| is_code)
    })
}

/// A sentence with the days in it in words; codes stay, for one asks with them.
pub fn days_in_words(text: &str, language: Language) -> String {
    in_words_but(text, language, &|_, _| None)
}

/// A sentence with its days in words, and each word that `code` knows, which hears whether it stands where codes do.
fn in_words_but(text: &str, language: Language, code: &dyn Fn(&str, bool) -> Option<&'static str>) -> String {
    let is_part = |char: char| char.is_alphanumeric() || "_-/.:@".contains(char);
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if is_part(first) {
            rest.find(|char| !is_part(char)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        let word = token.trim_end_matches(['.', ':']);
        let bracketed = said.ends_with('(') && after.starts_with(')');
        let expected = bracketed || CODE_FOLLOWS.iter().any(|words| said.ends_with(words));
        let period = word.split_once("..").and_then(|(from, to)| {
            let (from, to) = (date_words(from, language)?, date_words(to, language)?);
            Some(format!("{from} {} {to}", language.pick("sampai", "to")))
        });
        let in_words =
            period.or_else(|| date_words(word, language)).or_else(|| code(word, expected).map(str::to_owned));
        said.push_str(in_words.as_deref().unwrap_or(word));
        said.push_str(&token[word.len()..]);
        rest = after;
    }
    said
}

/// `2025-10-08` as `8 Okt 2025`.
fn date_words(text: &str, language: Language) -> Option<String> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let is_number =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if !(is_number(year, 4) && is_number(month, 2) && is_number(day, 2)) {
        return None;
    }
    let day = day.trim_start_matches('0');
    Some(format!("{day} {} {year}", month_words(month, language)?))
}

fn month_words(month: &str, language: Language) -> Option<&'static str> {
    let (id, en) = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(language.pick(id, en))
}

/// A day in words: `8 Okt 2025`.
pub fn day(date: impl std::fmt::Display, language: Language) -> String {
    in_words(&date.to_string(), language)
}

/// When it happened, as exactly as it is known: `8 Okt 2025`, `Okt 2025`, `2025`, or with the time of day.
pub fn happened_words(time: ValidTime, language: Language) -> String {
    let text = happened(time);
    match time.precision() {
        TimePrecision::Year => text,
        TimePrecision::Month => text
            .split_once('-')
            .and_then(|(year, month)| Some(format!("{} {year}", month_words(month, language)?)))
            .unwrap_or(text),
        TimePrecision::Day => in_words(&text, language),
        TimePrecision::Instant => {
            let hours = time.offset().local_minus_utc() / 3600;
            clock_words(&text, hours, language).unwrap_or(text)
        }
    }
}

/// A moment in the time of an area: `8 Okt 2025 09.00 WIB`.
pub fn moment(recorded: RecordedTime, area: AreaCode, language: Language) -> String {
    let offset = area.offset();
    let seconds = i64::from(offset.local_minus_utc());
    let local = RecordedTime::from_unix_ms(recorded.unix_ms() + seconds * 1000);
    let text =
        local.and_then(|local| clock_words(&local.to_string(), offset.local_minus_utc() / 3600, language));
    text.unwrap_or_else(|| recorded.to_string())
}

/// `2025-10-08T09:00:00` of a zone as `8 Okt 2025 09.00 WIB`.
fn clock_words(text: &str, hours: i32, language: Language) -> Option<String> {
    let (date, clock) = text.split_once('T')?;
    let (hour, minute) = clock.get(..5)?.split_once(':')?;
    let (date, dot) = (date_words(date, language)?, language.pick('.', ':'));
    let zone = match hours {
        7 => "WIB".to_owned(),
        8 => "WITA".to_owned(),
        9 => "WIT".to_owned(),
        other => format!("UTC{other:+}"),
    };
    Some(format!("{date} {hour}{dot}{minute} {zone}"))
}

/// A number of events: `1.139 peristiwa`, in English `1,139 events`.
pub fn events(count: u64, language: Language) -> String {
    let noun = counted(count, language.pick("peristiwa", "events"), language);
    format!("{} {noun}", number(count, language))
}

/// What is said of a stream of which nothing is recorded. An area is one, whether somebody recorded anything of it or not.
pub fn no_events(subject: Subject, language: Language) -> String {
    if matches!(subject, Subject::Area(_)) {
        return text!(
            language,
            "{subject}: belum ada peristiwa tentang wilayah ini",
            "{subject}: no events about this area yet"
        );
    }
    text!(
        language,
        "{subject}: tidak ada peristiwa; periksa pengenalnya, atau cari dengan `jejak find`",
        "{subject}: no events; check the identifier, or look with `jejak find`"
    )
}

/// Fields and values in words; of evidence only how much there is, unless it is asked for.
pub fn pairs(object: &Map<String, Value>, evidence: bool, language: Language) -> Vec<String> {
    let mut said = Vec::new();
    for (name, value) in object {
        let field = |name: &str| field_words(name, language);
        match (name.as_str(), value) {
            ("sealed", sealed) => {
                if let Some(Value::Array(has)) = sealed.get("has") {
                    let has: Vec<String> = has.iter().filter_map(Value::as_str).map(field).collect();
                    said.push(format!("{}: {}", field("sealed.has"), has.join(", ")));
                }
            }
            ("evidence", Value::Array(files)) if !evidence => {
                said.push(format!("{}: {}", field(name), files.len()))
            }
            // The day tells how exactly it is known.
            ("timeprecision", _) => {}
            ("time", Value::String(time)) => {
                let day = time.split_once('T').map_or(time.as_str(), |(day, _)| day);
                said.push(format!("{}: {}", field(name), value_words(day, language)));
            }
            // The replacement of a correction.
            ("data", Value::Object(inner)) => said.extend(pairs(inner, evidence, language)),
            ("type", Value::String(name)) => {
                said.push(format!("{}: {}", field("type"), type_words(name, language)));
            }
            (name, value) => said.push(format!("{}: {}", field(name), plain(value, language))),
        }
    }
    said
}

/// A value in words.
pub fn plain(value: &Value, language: Language) -> String {
    match value {
        Value::String(text) => value_words(text, language),
        Value::Array(values) => {
            let separator = if values.iter().all(Value::is_object) { "; " } else { ", " };
            values.iter().map(|value| plain(value, language)).collect::<Vec<_>>().join(separator)
        }
        Value::Object(object) => format!("({})", pairs(object, true, language).join(", ")),
        Value::Bool(value) => value_words(&value.to_string(), language),
        Value::Number(value) => number_words(value, language),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn moments_are_told_in_the_time_of_the_area() {
        let recorded = RecordedTime::parse("2025-10-08T20:05:59.999Z").unwrap();
        for (area, id, en) in [
            ("33.75", "9 Okt 2025 03.05 WIB", "9 Oct 2025 03:05 WIB"),
            ("73.71", "9 Okt 2025 04.05 WITA", "9 Oct 2025 04:05 WITA"),
            ("91.71", "9 Okt 2025 05.05 WIT", "9 Oct 2025 05:05 WIT"),
        ] {
            let area = AreaCode::parse(area).unwrap();
            assert_eq!(moment(recorded, area, Language::Id), id);
            assert_eq!(moment(recorded, area, Language::En), en);
        }
    }

    #[test]
    fn days_and_codes_are_told_in_words_and_texts_of_others_stay() {
        let said = |text: &str| in_words(text, Language::Id);
        assert_eq!(said("dikoreksi (typing_error)"), "dikoreksi (salah ketik)");
        assert_eq!(said("pada 2022-05-01, dan 2022-05-24."), "pada 1 Mei 2022, dan 24 Mei 2022.");
        assert_eq!(said("masa 2021-01-01..2021-06-30"), "masa 1 Jan 2021 sampai 30 Jun 2021");
        assert_eq!(said("dana apbd; fasilitas dye_house"), "dana APBD; fasilitas rumah pewarnaan");
        for same in
            ["ikm/7f2c1a34-5b6d", "scan-2022-05-01.jpg", "completed", "my_own_code", "2022-13-01", "É."]
        {
            assert_eq!(said(same), same);
        }
    }

    #[test]
    fn types_and_fields_are_told_in_words() {
        assert_eq!(type_words("id.jejak.claim.made.v1", Language::En), "claim recorded");
        assert_eq!(type_words("id.jejak.claim.made.v1", Language::Id), "klaim dicatat");
        assert_eq!(field_words("area_table_sha256", Language::En), "digest of the table of areas");
        assert_eq!(field_words("kbli.year", Language::Id), "tahun KBLI");
    }

    #[test]
    fn every_type_and_field_has_its_words() {
        let (mut names, mut lacking) = (BTreeSet::new(), Vec::new());
        fn walk(value: &Value, names: &mut BTreeSet<String>) {
            match value {
                Value::Object(object) => object.iter().for_each(|(name, inner)| {
                    names.insert(name.clone());
                    walk(inner, names);
                }),
                Value::Array(values) => values.iter().for_each(|value| walk(value, names)),
                _ => {}
            }
        }
        for declaration in jejak_events::types::TYPES {
            if declaration.words.iter().any(|word| word.is_empty()) {
                lacking.push(declaration.name.to_owned());
            }
            let golden =
                format!("{}/events/golden/{}.full.json", env!("CARGO_MANIFEST_DIR"), declaration.name);
            let file: Value = serde_json::from_str(&std::fs::read_to_string(golden).unwrap()).unwrap();
            let record: Value = serde_json::from_str(file["record"].as_str().unwrap()).unwrap();
            walk(&record["data"], &mut names);
            names.extend(declaration.sealed.iter().map(|field| field.name.to_owned()));
        }
        names.remove("_sd");
        lacking.extend(names.into_iter().filter(|name| found(FIELDS, name, Language::Id).is_none()));
        assert!(lacking.is_empty(), "put words for these into tables.rs: {lacking:#?}");
    }
}
