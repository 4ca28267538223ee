//! How events are told on paper, in every command alike: their types, fields, codes, days and moments in words.
//!
//! For people only. Forms for programs keep names, codes and times as they are recorded, and this module must never
//! change a text that somebody wrote.

mod structures;
mod tables;

use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::identity::Subject;
use jejak_events::time::{RecordedTime, TimePrecision, ValidTime};
use jejak_events::types::declaration;
use jejak_events::values::{Date, Decimal};
use jejak_projections::answer::FigureUnit;
use jejak_projections::calendar::{CalendarPeriod, PeriodLength};
use jejak_projections::views::releases::release_figure;
use jejak_projections::views::view;
use serde_json::{Map, Value};

use super::difference::{FieldValue, is_share};
use super::figures::known_title;
use super::ids::{area_code_words, district_words};
use super::language::{Language, breakdown, counted, hundredths, number, text, unit, unit_of};
pub use super::sentence::happened;
use jejak_events::codes::CODES;
use structures::structure_words;
use tables::{FIELDS, MONTHS};

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

/// A code in words, with the code itself beside it where it is written otherwise: one asks with it.
pub fn code_words(code: &str, language: Language) -> String {
    with_code(code, value_words(code, language))
}

/// What a code is called, with the code behind it where that is written otherwise.
pub fn with_code(code: &str, called: String) -> String {
    match called.to_lowercase() == code {
        true => called,
        false => format!("{called} ({code})"),
    }
}

/// A size class with its rule, `pp_7_2021:mikro`, in words, with what one asks with behind them.
pub fn scale_words(asked: &str, language: Language) -> String {
    let Some((rule, scale)) = asked.split_once(':') else { return code_words(asked, language) };
    let (rule, scale) = (value_words(rule, language), value_words(scale, language));
    let by = language.pick("menurut", "by");
    format!("{scale} {by} {rule} ({asked})")
}

/// The value of a fact in words; `field` has dots where it lies deeper.
pub fn fact_words(field: &str, fact: &FieldValue, language: Language) -> String {
    match &fact.value {
        Value::Array(names) if field == "sealed.has" => {
            fields_words(names.iter().filter_map(Value::as_str), language)
        }
        value if fact.is_share => share_words(value, language),
        value => value_of_field(field.rsplit('.').next().unwrap_or(field), value, language),
    }
}

/// Hundredths of a percent.
fn share_words(value: &Value, language: Language) -> String {
    value
        .as_u64()
        .map_or_else(|| plain(value, language), |share| format!("{} %", hundredths(share, language)))
}

/// Fields that hold amounts, whose thousands stand apart; digits of others are a year or a name.
const AMOUNTS: &[&str] = &[
    "amount",
    "bpjs_kesehatan",
    "bpjs_ketenagakerjaan",
    "buyers",
    "counted",
    "ikms",
    "investment",
    "kecil",
    "log_size",
    "menengah",
    "minutes",
    "of",
    "orders",
    "over_60",
    "part",
    "practice_minutes",
    "quota",
    "sales",
    "sum",
    "theory_minutes",
    "total",
    "turnover",
    "under_35",
    "unseen",
    "value",
    "value_rupiah",
    "visitors",
    "women",
    "workers",
];

fn is_amount(name: &str) -> bool {
    AMOUNTS.contains(&name)
}

/// Whether a field holds the code of an area.
fn is_area(name: &str) -> bool {
    name == "area"
}

/// Whether a field holds hundredths: of points, as scores are.
fn is_hundredths(name: &str) -> bool {
    ["maximum_hundredths", "score_hundredths"].contains(&name)
}

/// What the code in a field is called, where the field says what kind of code it is, with the code itself behind it: one
/// asks with it.
fn named_words(name: &str, code: &str, language: Language) -> Option<String> {
    let called = match name {
        "figure" | "of" => figure_words(code, language)?,
        "rows" => breakdown(code, language).to_owned(),
        "unit" => return FigureUnit::named(code).map(|of| unit(of, language).to_owned()),
        "view" => return Some(view_words(code, language)),
        _ => return None,
    };
    Some(with_code(code, called))
}

/// What a figure is called, as a target or a claim names it; `None` where there is none of that name.
pub fn figure_words(figure: &str, language: Language) -> Option<String> {
    let title = known_title(figure).or_else(|| release_figure(figure).map(|released| released.title))?;
    let title = language.words(title);
    // Beside the figure of the IKMs it would be called alike.
    let of_persons = figure.ends_with("_persons").then(|| unit(FigureUnit::Person, language));
    Some(of_persons.map_or_else(|| title.to_owned(), |persons| format!("{persons} {title}")))
}

/// What a view is called, with its name behind it.
pub fn view_words(name: &str, language: Language) -> String {
    view(name).map_or_else(|_| name.to_owned(), |view| with_code(name, language.words(view.title).to_owned()))
}

/// The places of a programme, with what they are for: `30 IKM`.
pub fn quota_words(quota: &Value, unit: &Value, language: Language) -> String {
    let said = value_of_field("quota", quota, language);
    let (count, of) = (quota.as_u64(), unit.as_str().and_then(FigureUnit::named));
    count
        .zip(of)
        .map_or_else(|| said.clone(), |(count, of)| format!("{said} {}", unit_of(count, of, language)))
}

/// The value of a field in words: see [`plain`].
pub fn value_of_field(name: &str, value: &Value, language: Language) -> String {
    if let Value::Array(values) = value {
        return values
            .iter()
            .map(|value| value_of_field(name, value, language))
            .collect::<Vec<_>>()
            .join(", ");
    }
    if let Some(said) = value.as_object().and_then(|object| structure_words(name, object, language)) {
        return said;
    }
    if let Some(named) = value.as_str().and_then(|code| named_words(name, code, language)) {
        return named;
    }
    match value.as_u64() {
        Some(points) if is_hundredths(name) => hundredths(points, language),
        Some(amount) if is_amount(name) => number(amount, language),
        _ => match value.as_str() {
            Some(code) if is_area(name) => area_code_words(code).into_owned(),
            Some(code) if name == "district" => district_words(code),
            // A number that keeps its places stands as text.
            Some(text) if is_amount(name) => match Decimal::parse(text) {
                Ok(number) => language.of(&number.grouped()).to_owned(),
                Err(_) => plain(value, language),
            },
            _ => plain(value, language),
        },
    }
}

/// What stands between two fields. Between members of a list stands a comma.
pub const BETWEEN_FIELDS: &str = "; ";

/// The parts of a value in brackets. Of a pair that everybody knows the first is said, and the other behind it.
fn object_words(parts: Vec<(&str, String)>, language: Language) -> String {
    let part = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, said)| said.as_str());
    for (first, behind) in [("scale", "rule"), ("code", "year"), ("source", "fiscal_year")] {
        if let (2, Some(first), Some(behind)) = (parts.len(), part(first), part(behind)) {
            return format!("{first} ({behind})");
        }
    }
    let said = parts.iter().map(|(name, said)| format!("{}: {said}", field_words(name, language)));
    format!("({})", said.collect::<Vec<_>>().join(BETWEEN_FIELDS))
}

/// After these words of ours a code follows, whatever it looks like.
const CODE_FOLLOWS: [&str; 20] = [
    " fasilitas ",
    " the facility ",
    ", temuan ",
    ", findings ",
    ", produk ",
    ", products ",
    ", dokumen ",
    ", papers ",
    "; nilai ",
    "; score ",
    ", tingkat ",
    ", level ",
    "sentra berbentuk ",
    "sentra in the form ",
    ", tema ",
    ", theme ",
    ", kelompok ",
    ", group ",
    "sertifikat ",
    "sumber dana ",
];

/// Where a word stands in a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind words after which a code follows.
    OfACode,
    /// Alone between brackets.
    Bracketed,
    /// Anywhere else.
    Any,
}

/// A sentence with the codes and days in it in words. A code stands for itself where it is written as no word is: with
/// an underscore, as the letters of a name, or alone between brackets.
pub fn in_words(text: &str, language: Language) -> String {
    in_words_but(text, language, &|word, place| {
        let is_code =
            word.contains('_') || place != Place::Any || ["apbd", "apbn", "ipal", "sih"].contains(&word);
        found(CODES, word, language).filter(|_| is_code)
    })
}

/// A sentence with the days in it in words, and the codes that stand where only codes do; what stands in brackets is
/// what one asks with, and stays.
pub fn days_in_words(text: &str, language: Language) -> String {
    in_words_but(text, language, &|word, place| {
        found(CODES, word, language).filter(|_| place == Place::OfACode)
    })
}

/// Both languages of a text with its days in words.
#[must_use]
pub fn with_days_in_words(text: &Message) -> Message {
    Message::new(days_in_words(&text.id, Language::Id), days_in_words(&text.en, Language::En))
}

/// A day in both languages.
#[must_use]
pub fn day_in_both(date: Date) -> Message {
    Message::new(day(date, Language::Id), day(date, Language::En))
}

/// When it happened, in both languages: see [`happened_words`].
#[must_use]
pub fn happened_in_both(time: ValidTime) -> Message {
    Message::new(happened_words(time, Language::Id), happened_words(time, Language::En))
}

/// A moment in the time of an area, in both languages.
#[must_use]
pub fn moment_in_both(recorded: RecordedTime, area: AreaCode) -> Message {
    let said = |language| moment(recorded, area, language);
    Message::new(said(Language::Id), said(Language::En))
}

/// A number in both languages, its thousands apart.
#[must_use]
pub fn number_in_both(value: u64) -> Message {
    Message::new(number(value, Language::Id), number(value, Language::En))
}

/// A sentence with its days in words, and each word that `code` knows, which hears where it stands.
fn in_words_but(
    text: &str,
    language: Language,
    code: &dyn Fn(&str, Place) -> Option<&'static str>,
) -> String {
    let is_part = |char: char| char.is_alphanumeric() || "_-/.:@".contains(char);
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    // How long it was behind the last code of a list of codes; what a comma parts from that is one, too.
    let mut listed = 0;
    while let Some(first) = rest.chars().next() {
        let length = if is_part(first) {
            rest.find(|char| !is_part(char)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        let word = token.trim_end_matches(['.', ':']);
        let place = match said.ends_with('(') && after.starts_with(')') {
            true => Place::Bracketed,
            false if CODE_FOLLOWS.iter().any(|words| said.ends_with(words)) => Place::OfACode,
            false if listed > 0 && said.get(listed..) == Some(", ") => Place::OfACode,
            false => Place::Any,
        };
        let period = word.split_once("..").and_then(|(from, to)| period_words(from, to, language));
        let in_words =
            period.or_else(|| date_words(word, language)).or_else(|| code(word, place).map(str::to_owned));
        said.push_str(in_words.as_deref().unwrap_or(word));
        if place == Place::OfACode {
            listed = said.len();
        }
        said.push_str(&token[word.len()..]);
        rest = after;
    }
    said
}

/// From one day to another, `1 Jan 2021 sampai 30 Jun 2021`; a single day is said once.
fn period_words(from: &str, to: &str, language: Language) -> Option<String> {
    let (first, last) = (date_words(from, language)?, date_words(to, language)?);
    Some(match first == last {
        true => first,
        false => format!("{first} {} {last}", language.pick("sampai", "to")),
    })
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

/// A calendar period in words: `Okt 2025`, `triwulan 4 2025`, `2025`.
pub fn calendar_words(period: CalendarPeriod, language: Language) -> String {
    let written = period.to_string();
    let (year, rest) = written.split_once('-').unwrap_or((&written, ""));
    match (period.length(), rest.trim_start_matches('Q')) {
        (PeriodLength::Month, month) => {
            format!("{} {year}", month_words(month, language).unwrap_or(month))
        }
        (PeriodLength::Quarter, quarter) => {
            text!(language, "triwulan {quarter} {year}", "Q{quarter} {year}")
        }
        (PeriodLength::Year, _) => written,
    }
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
            ("quota", quota) => {
                let unit = object.get("unit").unwrap_or(&Value::Null);
                said.push(format!("{}: {}", field(name), quota_words(quota, unit, language)));
            }
            (name, value) => said.push(format!("{}: {}", field(name), value_of_field(name, value, language))),
        }
    }
    said
}

/// A value in words.
pub fn plain(value: &Value, language: Language) -> String {
    match value {
        Value::String(text) => value_words(text, language),
        Value::Array(values) => {
            values.iter().map(|value| plain(value, language)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(object) => {
            let part = |name: &str, value: &Value| match is_share(object, name) {
                true => share_words(value, language),
                false => value_of_field(name, value, language),
            };
            let parts = object.iter().map(|(name, value)| (name.as_str(), part(name, value)));
            object_words(parts.collect(), language)
        }
        Value::Bool(value) => value_words(&value.to_string(), language),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn fields_and_members_are_told_apart_and_pairs_are_told_as_people_say_them() {
        let said = |text: &str| {
            let Value::Object(object) = serde_json::from_str(text).unwrap() else { panic!("{text}") };
            pairs(&object, true, Language::Id).join(BETWEEN_FIELDS)
        };
        let scales =
            r#"[{"rule":"permenperin_64_2016","scale":"kecil"},{"rule":"pp_7_2021","scale":"mikro"}]"#;
        let ikm = format!(r#"{{"founded":1975,"kbli":{{"code":"13134","year":2020}},"scales":{scales}}}"#);
        assert_eq!(
            said(&ikm),
            "tahun berdiri: 1975; KBLI: 13134 (2020); skala: kecil (Permenperin 64/2016), mikro (PP 7/2021)"
        );
        assert_eq!(
            said(r#"{"sealed":{"has":["investment","workers"]},"visitors":1140}"#),
            "kolom tersegel yang terisi: investasi (Rp), pekerja; pengunjung: 1.140"
        );
        let fact = |field, text, language| {
            let value: Value = serde_json::from_str(text).unwrap();
            fact_words(field, &value.into(), language)
        };
        let criteria =
            r#"[{"code":"energy","maximum_hundredths":10000,"score_hundredths":8205},{"code":"water"}]"#;
        assert_eq!(fact("criteria", criteria, Language::Id), "energi 82,05 dari 100, air");
        assert_eq!(fact("criteria", criteria, Language::En), "energy 82.05 of 100, water");
        let targets = r#"[{"baseline":{"value":0},"figure":"participated","value":1200},{"text":"a b=c, d","value":1}]"#;
        assert_eq!(
            fact("targets", targets, Language::Id),
            "1.200 IKM pernah hadir (nilai semula 0), a b=c, d: 1"
        );
        let scales = r#"[{"rule":"pp_7_2021","scale":"mikro"}]"#;
        assert_eq!(fact("scales", scales, Language::En), "micro (PP 7/2021)");
        for (field, value, is) in
            [("quota", "1200", "1,200"), ("founded", "1975", "1975"), ("kbli.code", "\"13134\"", "13134")]
        {
            assert_eq!(fact(field, value, Language::En), is);
        }
    }

    #[test]
    fn what_a_claim_names_is_told_in_words_with_what_one_asks_with() {
        let said = |text: &str| {
            let Value::Object(object) = serde_json::from_str(text).unwrap() else { panic!("{text}") };
            pairs(&object, true, Language::Id).join(BETWEEN_FIELDS)
        };
        let indicator = r#"{"figure":"practice_planned","of":"all_planned","view":"method_mix"}"#;
        assert_eq!(
            said(&format!(r#"{{"indicator":{indicator},"kind":"plan","unit":"percent"}}"#)),
            "indikator: (angka: direncanakan, praktik (practice_planned); dari: direncanakan, semuanya (all_planned); \
             tampilan: Teori dan praktik (menit) (method_mix)); jenis: rencana; dihitung dalam: %"
        );
        assert_eq!(
            said(r#"{"indicator":{"rows":"exhibition"}}"#),
            "indikator: (rincian: pameran (exhibition))"
        );
        // What was counted is a share where the part of it stands beside it.
        assert_eq!(
            said(r#"{"count":{"counted":8000,"of":1080,"part":864}}"#),
            "jumlah: (terhitung: 80,00 %; dari: 1.080; bagian: 864)"
        );
        assert_eq!(said(r#"{"count":{"counted":8000}}"#), "jumlah: (terhitung: 8.000)");
    }

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
        assert_eq!(said("sesi a, 2021-11-23..2021-11-23"), "sesi a, 23 Nov 2021");
        assert_eq!(
            said("bagi IKM, tema workforce, kelompok second"),
            "bagi IKM, tema tenaga kerja, kelompok kedua"
        );
        assert_eq!(
            said(
                "didampingi Balai X, temuan waste, energy, catatan water; sentra mendapat fasilitas showroom"
            ),
            "didampingi Balai X, temuan limbah, energi, catatan water; sentra mendapat fasilitas ruang pamer"
        );
        // What one asks with stays where days alone are told in words.
        assert_eq!(
            days_in_words("view (green_certified v1, green_certified), theme green_industry", Language::En),
            "view (green_certified v1, green_certified), theme green industry"
        );
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
