//! Identifiers as people read them: the title first, and the beginning of the identifier beside it, with which one asks
//! on. Pure.
//!
//! Forms for programs keep every identifier whole.

use std::borrow::Cow;

use jejak_events::area::AreaCode;
use jejak_events::values::DistrictCode;
use uuid::Uuid;

/// Characters of an identifier that people are shown: enough to find it again.
const SHOWN_CHARS: usize = 8;

/// The first characters of an identifier.
#[must_use]
pub fn short_id(id: &str) -> String {
    id.get(..SHOWN_CHARS).unwrap_or(id).to_owned()
}

/// A stream, or a key of a breakdown, with every UUID in it shortened: `ikm/7f2c1a34`, `7f2c1a34/trained`.
#[must_use]
pub fn short_stream(stream: &str) -> String {
    let short = |part| if is_uuid(part) { short_id(part) } else { part.to_owned() };
    stream.split('/').map(short).collect::<Vec<_>>().join("/")
}

/// An area with its name: `33.75 Kota Pekalongan`.
#[must_use]
pub fn area_words(area: AreaCode) -> String {
    format!("{area} {}", area.name())
}

/// A code of an area with its name; anything else as it is.
#[must_use]
pub fn area_code_words(code: &str) -> Cow<'_, str> {
    AreaCode::parse(code).map_or(Cow::Borrowed(code), |area| Cow::Owned(area_words(area)))
}

/// A district by its name, with its code behind it; by its code alone where the table does not know it.
#[must_use]
pub fn district_words(key: &str) -> String {
    DistrictCode::parse(key).map_or_else(|_| key.to_owned(), |district| district.called())
}

/// A stream under its title, `Batik dasar (program/7f2c1a34)`; without one the stream alone.
#[must_use]
pub fn titled(title: Option<&str>, stream: &str) -> String {
    let short = short_stream(stream);
    title.map_or_else(|| short.clone(), |title| format!("{title} ({short})"))
}

/// A text of ours in which streams and UUIDs stand under their titles and are shortened. One UUID serves one kind of
/// stream, so `title` is asked by UUID alone.
#[must_use]
pub fn with_titles<'a>(text: &str, title: &dyn Fn(Uuid) -> Option<&'a str>) -> String {
    let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '/' | '_');
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match is_part(first) {
            true => rest.find(|char| !is_part(char)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        let id = word.rsplit('/').next().filter(|id| is_uuid(id)).and_then(|id| Uuid::try_parse(id).ok());
        match id {
            Some(id) => said.push_str(&titled(title(id), word)),
            None => said.push_str(word),
        }
        rest = after;
    }
    said
}

/// Whether a text is a UUID as we write it.
fn is_uuid(text: &str) -> bool {
    text.len() == Uuid::nil().hyphenated().to_string().len() && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b";

    #[test]
    fn identifiers_are_shortened_and_nothing_else_is() {
        assert_eq!(short_stream(&format!("ikm/{ID}")), "ikm/7f2c1a34");
        assert_eq!(short_stream(&format!("{ID}/trained")), "7f2c1a34/trained");
        for same in ["area/33.75", "registry", "waste_management", "2025-10-08"] {
            assert_eq!(short_stream(same), same);
        }
        assert_eq!(area_code_words("33.75"), "33.75 Kota Pekalongan");
        assert_eq!(area_code_words("99.99"), "99.99");
    }

    #[test]
    fn a_text_names_streams_by_their_titles() {
        let title = |id: Uuid| (id.to_string() == ID).then_some("Batik dasar");
        let other = ID.replace("7f2c", "aaaa");
        let text = format!("programme: {ID}; person: {other}, ikm/{other}.");
        assert_eq!(
            with_titles(&text, &title),
            "programme: Batik dasar (7f2c1a34); person: aaaa1a34, ikm/aaaa1a34."
        );
        assert_eq!(with_titles(&format!("program/{ID}"), &title), "Batik dasar (program/7f2c1a34)");
        for same in ["", "topics: é, 2025-10-08", "c4a1e5d2-0b3f"] {
            assert_eq!(with_titles(same, &title), same);
        }
    }
}
