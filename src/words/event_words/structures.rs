//! What the structures within events say, as people would: a target, a score, a day of a session, a period, a holder.

use jejak_projections::answer::FigureUnit;
use serde_json::{Map, Value};

use super::{field_words, figure_words, value_of_field, value_words};
use crate::words::figures::counted_words;
use crate::words::language::{Language, hundredths, number, text, unit};

/// What the structure in a field says; `None` for a field that holds none of these.
pub fn structure_words(field: &str, object: &Map<String, Value>, language: Language) -> Option<String> {
    match field {
        "baseline" => baseline(object, language),
        "cells" => released_cell(object, language),
        "criteria" => criterion(object, language),
        "days" => session_day(object, language),
        "holder" => Some(holder(object, language)),
        "period" => period(object, language),
        "targets" => target(object, language),
        _ => None,
    }
}

fn count(object: &Map<String, Value>, field: &str) -> Option<u64> {
    object.get(field)?.as_u64()
}

fn text_of<'a>(object: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    object.get(field)?.as_str()
}

/// `10 IKM bersertifikat hijau paling lambat 31 Des 2026 (nilai semula 0 pada 2024)`; of one in words, what it is of and how many.
fn target(object: &Map<String, Value>, language: Language) -> Option<String> {
    let value = count(object, "value")?;
    let mut said = match (text_of(object, "figure"), text_of(object, "text")) {
        (Some(figure), _) => counted_words(figure, value, language)
            .unwrap_or_else(|| format!("{} {figure}", number(value, language))),
        (None, Some(text)) => format!("{text}: {}", number(value, language)),
        (None, None) => return None,
    };
    if let Some(due) = text_of(object, "due").map(|due| value_words(due, language)) {
        said.push_str(&text!(language, " paling lambat {due}", " by {due}"));
    }
    if let Some(Value::Object(before)) = object.get("baseline") {
        let before = baseline(before, language)?;
        said.push_str(&text!(language, " (nilai semula {before})", " (from a baseline of {before})"));
    }
    Some(said)
}

/// `0 pada 2024`.
fn baseline(object: &Map<String, Value>, language: Language) -> Option<String> {
    let value = number(count(object, "value")?, language);
    let Some(year) = count(object, "year") else { return Some(value) };
    Some(text!(language, "{value} pada {year}", "{value} in {year}"))
}

/// `energi 82,05 dari 100`.
fn criterion(object: &Map<String, Value>, language: Language) -> Option<String> {
    let code = value_words(text_of(object, "code")?, language);
    let Some(score) = count(object, "score_hundredths") else { return Some(code) };
    let score = points(score, language);
    let Some(most) = count(object, "maximum_hundredths") else { return Some(format!("{code} {score}")) };
    let most = points(most, language);
    Some(text!(language, "{code} {score} dari {most}", "{code} {score} of {most}"))
}

/// Hundredths of points, without the zeros behind a whole number.
fn points(value: u64, language: Language) -> String {
    if value.is_multiple_of(100) { number(value / 100, language) } else { hundredths(value, language) }
}

/// `8 Okt 2025 (180 menit teori, 180 menit praktik)`.
fn session_day(object: &Map<String, Value>, language: Language) -> Option<String> {
    let day = value_words(text_of(object, "date")?, language);
    let minutes = |field| count(object, field).map(|minutes| number(minutes, language));
    let (Some(theory), Some(practice)) = (minutes("theory_minutes"), minutes("practice_minutes")) else {
        return Some(day);
    };
    Some(text!(
        language,
        "{day} ({theory} menit teori, {practice} menit praktik)",
        "{day} ({theory} minutes of theory, {practice} of practice)"
    ))
}

/// `1 Jan 2021 sampai 30 Jun 2021`.
fn period(object: &Map<String, Value>, language: Language) -> Option<String> {
    let [from, to] = ["from", "to"].map(|field| text_of(object, field).map(|day| value_words(day, language)));
    let (from, to) = (from?, to?);
    Some(text!(language, "{from} sampai {to}", "{from} to {to}"))
}

/// `BPJS Kesehatan 227 (16 IKM)`; of one that is withheld, that it is.
fn released_cell(object: &Map<String, Value>, language: Language) -> Option<String> {
    let figure = text_of(object, "figure")?;
    let figure = figure_words(figure, language).unwrap_or_else(|| figure.to_owned());
    let withheld = || language.pick("ditahan", "withheld").to_owned();
    let sum = object.get("sum").map_or_else(withheld, |sum| value_of_field("sum", sum, language));
    let ikms = count(object, "ikms").unwrap_or_default();
    let mut of = vec![format!("{} {}", number(ikms, language), unit(FigureUnit::Ikm, language))];
    let lacking = [("unseen", "tidak diisi", "not given"), ("erased", "dihapus", "erased")];
    for (field, id, en) in lacking {
        let count = count(object, field).filter(|count| *count > 0);
        of.extend(count.map(|count| format!("{} {}", number(count, language), language.pick(id, en))));
    }
    Some(format!("{figure} {sum} ({})", of.join(", ")))
}

/// `IKM afc7ebfd`, with the product where it is of one.
fn holder(object: &Map<String, Value>, language: Language) -> String {
    let said = |(field, value): (&String, &Value)| {
        format!("{} {}", field_words(field, language), value_of_field(field, value, language))
    };
    object.iter().map(said).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(field: &str, object: &str) -> [String; 2] {
        let object: Map<String, Value> = serde_json::from_str(object).unwrap();
        [Language::Id, Language::En].map(|language| structure_words(field, &object, language).unwrap())
    }

    #[test]
    fn targets_are_told_as_people_say_them() {
        let whole = r#"{"baseline":{"value":0,"year":2024},"due":"2026-12-31","figure":"green_certified","value":10}"#;
        assert_eq!(
            said("targets", whole),
            [
                "10 IKM bersertifikat hijau paling lambat 31 Des 2026 (nilai semula 0 pada 2024)",
                "10 IKM green certified by 31 Dec 2026 (from a baseline of 0 in 2024)",
            ]
        );
        let persons = r#"{"baseline":{"value":3},"figure":"enrolled_persons","value":1200}"#;
        assert_eq!(
            said("targets", persons),
            ["1.200 orang mendapat tempat (nilai semula 3)", "1,200 persons enrolled (from a baseline of 3)"]
        );
        assert_eq!(said("targets", r#"{"text":"a b=c, d","value":1}"#), ["a b=c, d: 1"; 2]);
        assert_eq!(said("targets", r#"{"figure":"no_such","value":1}"#), ["1 no_such"; 2]);
    }

    #[test]
    fn scores_days_periods_and_sums_are_told_as_people_say_them() {
        let score = r#"{"code":"energy","maximum_hundredths":10000,"score_hundredths":8205}"#;
        assert_eq!(said("criteria", score), ["energi 82,05 dari 100", "energy 82.05 of 100"]);
        assert_eq!(said("criteria", r#"{"code":"water"}"#), ["air", "water"]);
        let day = r#"{"date":"2025-10-08","practice_minutes":1180,"theory_minutes":180}"#;
        assert_eq!(
            said("days", day),
            [
                "8 Okt 2025 (180 menit teori, 1.180 menit praktik)",
                "8 Oct 2025 (180 minutes of theory, 1,180 of practice)"
            ]
        );
        let period = r#"{"from":"2021-01-01","to":"2021-06-30"}"#;
        assert_eq!(said("period", period), ["1 Jan 2021 sampai 30 Jun 2021", "1 Jan 2021 to 30 Jun 2021"]);
        let cell = r#"{"erased":0,"figure":"bpjs_kesehatan","ikms":16,"sum":"1227","unseen":6}"#;
        assert_eq!(
            said("cells", cell),
            ["BPJS Kesehatan 1.227 (16 IKM, 6 tidak diisi)", "BPJS Kesehatan 1,227 (16 IKM, 6 not given)"]
        );
        let withheld = r#"{"erased":1,"figure":"shipment_value","ikms":2,"unseen":0}"#;
        assert_eq!(said("cells", withheld)[0], "Nilai pengiriman (Rp) ditahan (2 IKM, 1 dihapus)");
        assert_eq!(said("holder", r#"{"ikm":"x","product":"batik_tulis"}"#)[0], "IKM x, produk batik tulis");
    }
}
