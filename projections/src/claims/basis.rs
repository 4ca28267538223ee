//! What was counted for a claim, in the words of the view and not of whoever claims.
//!
//! A claim's own words say what somebody wants to be believed; the count is of a view. This module must never repeat
//! a word of the claimant.

use crate::names::{BreakdownName, FigureName, ViewName};
use jejak_events::fault::Message;
use jejak_events::types::grouped;
use jejak_events::values::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::count::Asking;
use super::measured::Measured;
use super::report::{Report, SilentSince};
use super::written::{Claim, WrittenScope};
use crate::answer::{FigureUnit, Words};
use crate::question::scale_text;
use crate::views::{ViewDeclaration, newest_version};

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Basis {
    /// The view.
    #[schemars(with = "ViewName")]
    pub view: &'static str,
    /// Its version.
    pub version: u32,
    /// Its name in words.
    pub title: Words,
    /// The figure; none where the values of a breakdown are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FigureName>")]
    pub figure: Option<&'static str>,
    /// The figure that it is a part of, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FigureName>")]
    pub of: Option<&'static str>,
    /// The breakdown whose values are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BreakdownName>")]
    pub rows: Option<&'static str>,
    /// What it was narrowed to, in words.
    pub scope: Message,
    /// The first sentence of its definition.
    pub definition: Words,
    /// Whether persons are counted where the view counts IKMs, too, and its definition speaks of these.
    #[serde(skip)]
    counts_persons: bool,
    /// The whole that the claim speaks of: what is counted are those of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole: Option<Box<Self>>,
}

impl Basis {
    /// What a claim is held against, for a day, and the whole that it speaks of.
    pub(super) fn new(asking: &Asking<'_>, whole: Option<&Asking<'_>>) -> Self {
        let Asking { view, measured, scope, on } = *asking;
        let (figure, of, rows) = match measured {
            Measured::Figure(figure) => (Some(figure.name), None, None),
            Measured::Share { part, whole } => (Some(part.name), Some(whole.name), None),
            Measured::Rows(by) => (None, None, Some(by)),
        };
        let Words { id, en } = view.definition;
        Self {
            view: view.name,
            version: view.version,
            title: view.title,
            figure,
            of,
            rows,
            scope: scope_words(scope, on),
            definition: Words { id: first_sentence(id), en: first_sentence(en) },
            counts_persons: counts_persons(view, measured),
            whole: whole.map(|whole| Box::new(Self::new(whole, None))),
        }
    }

    /// The view, its version and what of it was counted, short: `trained v1, trained`.
    #[must_use]
    pub fn short(&self) -> Message {
        let Self { view, version, .. } = self;
        let named = |figure: &str| {
            Message::new(format!("{view} v{version}, {figure}"), format!("{view} v{version}, {figure}"))
        };
        match (self.figure, self.of, self.rows) {
            (Some(part), Some(whole), _) => Message::new(
                format!("{view} v{version}, {part} dari {whole}"),
                format!("{view} v{version}, {part} of {whole}"),
            ),
            (Some(figure), ..) => named(figure),
            (None, _, Some(by)) => Message::new(
                format!("{view} v{version}, banyaknya {by}"),
                format!("{view} v{version}, number of {by}"),
            ),
            (None, _, None) => named("-"),
        }
    }

    /// A newer version of the view, where one stands. It is what this program knows, and no part of the answer: whoever
    /// checks later may know a newer one.
    #[must_use]
    pub fn newer_version(&self) -> Option<u32> {
        Some(newest_version(self.view)).filter(|newest| *newest > self.version)
    }

    /// What was counted, in a sentence.
    #[must_use]
    pub fn words(&self, newer_version: Option<u32>) -> Message {
        let (Words { id: title_id, en: title_en }, short) = (self.title, self.short());
        let (Words { id: what_id, en: what_en }, scope) = (self.definition, &self.scope);
        let [newer_id, newer_en] = newer_version.map_or_else(Default::default, newer_words);
        let [whole_id, whole_en] = self.whole.as_ref().map_or_else(Default::default, |whole| {
            let Message { id, en } = whole.words(None);
            [format!(" Dihitung hanya yang termasuk: {id}"), format!(" Only those count who are among: {en}")]
        });
        let [persons_id, persons_en] = match self.counts_persons {
            true => [
                " Di sini orangnya yang dihitung, bukan IKM-nya.",
                " Here the persons are counted, not the IKMs.",
            ],
            false => [""; 2],
        };
        Message::new(
            format!("{title_id} ({}), {}: {what_id}{persons_id}{whole_id}{newer_id}", short.id, scope.id),
            format!("{title_en} ({}), {}: {what_en}{persons_en}{whole_en}{newer_en}", short.en, scope.en),
        )
    }
}

/// Whether a figure counts persons beside one that counts IKMs.
fn counts_persons(view: &ViewDeclaration, measured: Measured) -> bool {
    let of = |unit| view.figures.iter().any(|figure| figure.unit == unit);
    let own = match measured {
        Measured::Figure(figure) | Measured::Share { part: figure, .. } => figure.unit,
        Measured::Rows(_) => return false,
    };
    own == FigureUnit::Person && of(FigureUnit::Ikm)
}

/// That a newer version of a view stands, as a further sentence in both languages.
#[must_use]
pub fn newer_words(version: u32) -> [String; 2] {
    [
        format!(" Tampilan ini sudah punya versi yang lebih baru: v{version}."),
        format!(" A newer version of this view stands: v{version}."),
    ]
}

/// Up to the first full stop before a blank.
fn first_sentence(text: &'static str) -> &'static str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// What is said of every claim: whose words they are.
#[must_use]
pub fn claimant_words() -> Message {
    Message::new(
        "Kata-kata klaim itu milik pembuat klaim, dan tidak dinilai; yang dihitung adalah:",
        "The words of the claim are the claimant's, and were not judged; what was counted is:",
    )
}

fn scope_words(scope: &WrittenScope, on: Date) -> Message {
    let (mut id, mut en) = (Vec::new(), Vec::new());
    let mut say = |words: [&str; 2], value: &str| {
        id.push(format!("{} {value}", words[0]));
        en.push(format!("{} {value}", words[1]));
    };
    if let Some(area) = scope.area {
        say(["wilayah", "area"], &format!("{area} {}", area.name()));
    }
    for program in &scope.program {
        say(["program", "programme"], &program.to_string());
    }
    for theme in &scope.theme {
        say(["tema", "theme"], theme);
    }
    if let Some(scale) = scope.scale {
        say(["golongan usaha", "size class"], &scale_text(scale));
    }
    if let Some(funding) = &scope.funding {
        say(["sumber dana", "money of"], funding);
    }
    if let Some((by, value)) = scope.key() {
        say([key_words(by), by], value);
    }
    match (scope.from, scope.to) {
        (Some(from), Some(to)) if from == to => say(["hari", "day"], &from.to_string()),
        (from, to) => {
            for (day, words) in [(from, ["sejak", "from"]), (to, ["sampai", "to"])] {
                day.into_iter().for_each(|day| say(words, &day.to_string()));
            }
        }
    }
    if id.is_empty() {
        id.push("seluruh registri".to_owned());
        en.push("the whole registry".to_owned());
    }
    Message::new(format!("{}, per {on}", id.join(", ")), format!("{}, on {on}", en.join(", ")))
}

/// What a value of a breakdown is one of, in Indonesian.
fn key_words(by: &str) -> &str {
    match by {
        "commodity" => "komoditas",
        "exhibition" => "pameran",
        "kind" => "jenis",
        "legal_form" => "badan hukum",
        "scheme" => "skema",
        "stage" => "tahap",
        other => other,
    }
}

impl Report {
    /// Whose the words are, and what was counted; the second where nothing was to be counted.
    #[must_use]
    pub fn counted_words(&self, newer_version: Option<u32>) -> Message {
        let claimant = claimant_words();
        let counted = self.basis.as_ref().map_or_else(
            || {
                Message::new(
                    "tidak ada; klaim ini tidak menyebut yang dapat dihitung.",
                    "nothing; the claim names nothing to be counted.",
                )
            },
            |basis| basis.words(newer_version),
        );
        Message::new(format!("{} {}", claimant.id, counted.id), format!("{} {}", claimant.en, counted.en))
    }

    /// A newer version of the view that was counted by, where this program knows one.
    #[must_use]
    pub fn newer_version(&self) -> Option<u32> {
        self.basis.as_ref().and_then(Basis::newer_version)
    }

    /// How much was known on the claim's day, and how much was recorded after it; `None` where nothing was counted.
    #[must_use]
    pub fn known_words(&self) -> Option<Message> {
        self.counted?;
        let late = self.recorded_late.len();
        Some(match self.known_then {
            Some(then) => {
                let on = then.on;
                let unknown = || ["tidak diketahui".to_owned(), "not known".to_owned()];
                let [id, en] = then.counted.map_or_else(unknown, |counted| self.amount(counted));
                let [known_id, known_en] = ['.', ','].map(|sign| grouped(then.as_known.into(), sign));
                Message::new(
                    format!(
                        "pada {on}, dari {known_id} peristiwa: {id}; dicatat sesudah hari itu: {late} dari peristiwa di balik hitungan ini"
                    ),
                    format!(
                        "on {on}, from {known_en} events: {en}; recorded after that day: {late} of the events behind this count"
                    ),
                )
            }
            None => Message::new(
                format!(
                    "keadaan pada hari klaim tidak dapat dihitung lagi; dicatat sesudahnya: {late} dari peristiwa di balik hitungan ini"
                ),
                format!(
                    "the state on the claim's day cannot be counted any more; recorded after it: {late} of the events behind this count"
                ),
            ),
        })
    }

    /// That nothing is recorded since a day before the one that it was judged for, where that is so.
    #[must_use]
    pub fn silent_words(&self) -> Option<Message> {
        let SilentSince { day, area } = self.silent_since?;
        let [by_id, by_en] = area.map_or_else(Default::default, |area| {
            let name = area.name();
            [format!(" oleh kantor di {area} {name}"), format!(" by offices of {area} {name}")]
        });
        let on = self.on;
        Some(Message::new(
            format!(
                "sesudah {day} tidak ada yang dicatat{by_id}, padahal klaim dinilai untuk {on}: angkanya mungkin tertinggal"
            ),
            format!(
                "nothing is recorded after {day}{by_en}, and the claim is judged for {on}: the figure may be behind"
            ),
        ))
    }

    /// What is reported, in Indonesian and English, with the places that it was given with: `67 %`, or `about 700`.
    /// `None` where nothing is.
    #[must_use]
    pub fn reported_words(&self, claim: &Claim) -> Option<[String; 2]> {
        let is_share = self.basis.as_ref().is_some_and(|basis| basis.of.is_some());
        let Some(value) = claim.value else { return self.reported.map(|reported| self.amount(reported)) };
        let Message { id, en } = value.grouped();
        let percent = if is_share { " %" } else { "" };
        let about = if claim.is_approximate() { ["sekitar ", "about "] } else { [""; 2] };
        Some([format!("{}{id}{percent}", about[0]), format!("{}{en}{percent}", about[1])])
    }

    /// An amount in the unit of the claim, in Indonesian and English: `1.048`, or `80,00 %`.
    #[must_use]
    pub fn amount(&self, value: u64) -> [String; 2] {
        let is_share = self.basis.as_ref().is_some_and(|basis| basis.of.is_some());
        [('.', ','), (',', '.')].map(|(thousands, decimal)| match is_share {
            true => format!("{}{decimal}{:02} %", grouped(i128::from(value / 100), thousands), value % 100),
            false => grouped(i128::from(value), thousands),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::VIEWS;

    #[test]
    fn the_first_sentence_of_every_definition_says_something() {
        for view in VIEWS {
            for text in [view.definition.id, view.definition.en] {
                let first = first_sentence(text);
                assert!(first.ends_with('.') && first.split(' ').count() >= 4, "{}: {first}", view.name);
            }
        }
    }
}
