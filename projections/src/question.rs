//! What can be asked of a view.

use std::fmt;

use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::identity::ProgramId;
use jejak_events::types::{Scale, ScaleRule, Scaled};
use jejak_events::values::{Code, Date, SealedText};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::answer::Words;
use crate::views::view;

/// Whose area results of programmes count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AreaOf {
    /// That of the IKM on the day.
    Ikm,
}

impl AreaOf {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ikm => "ikm",
        }
    }
}

/// One row of a breakdown, as an answer has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnlyRow {
    /// The breakdown, or [`BY_AREA`].
    pub by: String,
    /// The `key` of the row, or its area; none for the row of what is not said. A text of one line, as events hold it:
    /// whatever reads a question may print it.
    #[serde(default, deserialize_with = "row_key", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<SealedText>")]
    pub key: Option<String>,
}

impl OnlyRow {
    /// One row, or, without a key, that of what is not said.
    ///
    /// # Errors
    /// When no text of an event could be such a key: it is empty, longer than 500 characters, or has characters that
    /// are not seen.
    pub fn new(by: &str, key: Option<&str>) -> Result<Self, Message> {
        key.map(SealedText::parse).transpose()?;
        Ok(Self { by: by.to_owned(), key: key.map(str::to_owned) })
    }
}

/// `BY=KEY`, or `BY=` for the row of what is not said, as one asks for it.
impl fmt::Display for OnlyRow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={}", self.by, self.key.as_deref().unwrap_or_default())
    }
}

/// Reads a key as [`OnlyRow::new`] does.
fn row_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<SealedText>::deserialize(deserializer)?.map(|key| key.to_string()))
}

/// What the rows by area are by: they are no breakdown of a view, for every view has them.
pub const BY_AREA: &str = "area";

/// A question to a view. Fields stand in the order of their names, as canonical JSON wants them;
/// what is not asked for is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Only this area; a province adds up its kabupaten and kota. Whose area it is, the IKM's or the
    /// programme's, the definition of the view and `area_of` say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// Whose area the results of programmes count in; that of the programme where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_of: Option<AreaOf>,
    /// Log size to answer from: events with an index below it count as known.
    pub as_known: u64,
    /// Only what came about on this day or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Only programmes that have money of this source by any event; where money itself is counted, only the
    /// money of this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Code>,
    /// The day the figure is for: what happened later is left out.
    pub on: Date,
    /// Only what counts in this row: the figures are those of the row, and who is behind them is behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<OnlyRow>,
    /// Only this programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<ProgramId>,
    /// Only IKMs of this size class, under the rule it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scaled>,
    /// Only programmes of this theme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Code>,
}

impl Question {
    /// Everything on one day, as known at one log size.
    #[must_use]
    pub fn new(on: Date, as_known: u64) -> Self {
        Self {
            area: None,
            area_of: None,
            as_known,
            from: None,
            funding: None,
            on,
            only: None,
            program: None,
            scale: None,
            theme: None,
        }
    }

    /// The filters that are set.
    pub fn filters(&self) -> impl Iterator<Item = Filter> {
        let set = [
            (Filter::Area, self.area.is_some()),
            (Filter::AreaOf, self.area_of.is_some()),
            (Filter::From, self.from.is_some()),
            (Filter::Funding, self.funding.is_some()),
            (Filter::Program, self.program.is_some()),
            (Filter::Scale, self.scale.is_some()),
            (Filter::Theme, self.theme.is_some()),
        ];
        set.into_iter().filter_map(|(filter, is_set)| is_set.then_some(filter))
    }
}

/// A narrowing of a question that not every view knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the fields of Question")]
pub enum Filter {
    Area,
    AreaOf,
    From,
    Funding,
    Program,
    Scale,
    Theme,
}

impl Filter {
    /// The written form, as in the fields of a question.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::AreaOf => "area_of",
            Self::From => "from",
            Self::Funding => "funding",
            Self::Program => "program",
            Self::Scale => "scale",
            Self::Theme => "theme",
        }
    }
}

/// What a filter is called in Indonesian, with the name that one asks with.
fn filter_words(name: &str) -> String {
    let words = match name {
        "area" => "wilayah",
        "area_of" => "pemilik wilayahnya",
        "from" => "tanggal awal",
        "funding" => "sumber dana",
        "scale" => "skala",
        "theme" => "tema",
        _ => return option(name),
    };
    format!("{words} ({})", option(name))
}

/// A filter as it is asked for: `--area-of`.
fn option(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

/// Filters as they are asked for; `nothing` where there is none.
fn options(names: &[&'static str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => names.iter().map(|name| option(name)).collect::<Vec<_>>().join(", "),
    }
}

/// Reads a size class: `kecil` or `menengah` under Permenperin 64/2016, `mikro` under PP 7/2021, or
/// `<rule>:<class>`; `None` for anything else.
#[must_use]
pub fn scale(text: &str) -> Option<Scaled> {
    let (rule, class) = text.split_once(':').unwrap_or(("", text));
    let scale = [Scale::Mikro, Scale::Kecil, Scale::Menengah].into_iter().find(|one| one.name() == class)?;
    let rule = match (rule, scale) {
        // The ministry's rule knows no micro enterprises.
        ("", Scale::Mikro) | (PP_7_2021, _) => ScaleRule::Pp7Of2021,
        ("" | PERMENPERIN_64_2016, Scale::Kecil | Scale::Menengah) => ScaleRule::Permenperin64Of2016,
        _ => return None,
    };
    Some(Scaled { rule, scale })
}

/// A size class as [`scale`] reads it, with its rule: the same word means other IKMs under another.
#[must_use]
pub fn scale_text(scaled: Scaled) -> String {
    let rule = match scaled.rule {
        ScaleRule::Permenperin64Of2016 => PERMENPERIN_64_2016,
        ScaleRule::Pp7Of2021 => PP_7_2021,
    };
    format!("{rule}:{}", scaled.scale.name())
}

const PERMENPERIN_64_2016: &str = "permenperin_64_2016";
const PP_7_2021: &str = "pp_7_2021";

/// A view with its name in words; of a figure the view that gives it.
fn titled(name: &str, words: fn(Words) -> &'static str) -> String {
    view(name).map_or_else(|_| name.to_owned(), |view| format!("{name} ({})", words(view.title)))
}

/// Views with their names in words.
fn titled_views(known: &[&'static str], words: fn(Words) -> &'static str) -> String {
    known.iter().map(|name| titled(name, words)).collect::<Vec<_>>().join(", ")
}

/// A question that has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// There is no such view, and none that is written nearly so.
    #[error("there is no view {name:?}; there is {}", titled_views(.known, |title| title.en))]
    UnknownView {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<&'static str>,
    },
    /// There is no such view; a view or a figure is written nearly so.
    #[error("there is no view {name:?}; perhaps you mean: {}", titled(near, |title| title.en))]
    MistypedView {
        /// The name asked for.
        name: String,
        /// The name that is written most like it.
        near: &'static str,
    },
    /// The view has no such version.
    #[error("view {view} has no version {asked}; it has {}", numbers(.known))]
    UnknownVersion {
        /// The view.
        view: &'static str,
        /// The version asked for.
        asked: u32,
        /// The versions there are, ascending.
        known: Vec<u32>,
    },
    /// The filter says nothing about what the view counts.
    #[error("view {view} cannot be narrowed by {}; it can by {}", option(.filter.name()), options(.possible))]
    FilterNotPossible {
        /// The view.
        view: &'static str,
        /// The filter.
        filter: Filter,
        /// The filters that are possible.
        possible: Vec<&'static str>,
    },
    /// The view has no such breakdown.
    #[error("view {view} has no rows by {by:?}; it has rows by {}", rows(.possible).join(", "))]
    BreakdownNotPossible {
        /// The view.
        view: &'static str,
        /// What was asked for.
        by: String,
        /// The breakdowns there are, besides the area.
        possible: &'static [&'static str],
    },
    /// The period ends before it begins.
    #[error(
        "the period from {from} to {on} ends before it begins; give an earlier first day or a later last one"
    )]
    PeriodBackward {
        /// First day.
        from: Date,
        /// Last day.
        on: Date,
    },
    /// A series would have too many periods.
    #[error(
        "that is {count} periods, and a series has at most {limit}; ask for longer periods or a later first day"
    )]
    TooManyPeriods {
        /// How many there would be.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The rows that told the state at this size were consolidated away.
    #[error(
        "asked as known at log size {asked}, but the facts were consolidated at {floor}; rebuild them from the log"
    )]
    Consolidated {
        /// The log size asked for.
        asked: u64,
        /// The smallest log size that can be answered for.
        floor: u64,
    },
    /// What a figure adds up is more than [`crate::answer::FIGURE_LIMIT`].
    #[error(
        "{figure} of view {view} is too large to be told, more than 2^53 - 1; correct the reports that are added up"
    )]
    TooLarge {
        /// The view.
        view: &'static str,
        /// The figure.
        figure: &'static str,
    },
    /// The facts do not reach so far.
    #[error("asked as known at log size {asked}, but the facts reach to {size}; ask for at most that")]
    NotRecordedYet {
        /// The log size asked for.
        asked: u64,
        /// The log size that the facts cover.
        size: u64,
    },
}

/// What the rows of a view with these breakdowns are by.
fn rows(breakdowns: &[&'static str]) -> Vec<&'static str> {
    std::iter::once(BY_AREA).chain(breakdowns.iter().copied()).collect()
}

fn numbers(versions: &[u32]) -> String {
    versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl QuestionError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        let id = match self {
            Self::UnknownView { name, known } => {
                format!("tampilan {name:?} tidak ada; yang ada: {}", titled_views(known, |title| title.id))
            }
            Self::MistypedView { name, near } => {
                format!(
                    "tampilan {name:?} tidak ada; barangkali maksud Anda: {}",
                    titled(near, |title| title.id)
                )
            }
            Self::UnknownVersion { view, asked, known } => {
                format!("tampilan {view} tidak punya versi {asked}; yang ada: {}", numbers(known))
            }
            Self::FilterNotPossible { view, filter, possible } => {
                let possible: Vec<String> = possible.iter().map(|name| filter_words(name)).collect();
                let possible = if possible.is_empty() { "tidak ada".to_owned() } else { possible.join(", ") };
                format!(
                    "tampilan {view} tidak dapat disaring menurut {}; yang dapat: {possible}",
                    filter_words(filter.name())
                )
            }
            Self::BreakdownNotPossible { view, by, possible } => {
                let possible = rows(possible).join(", ");
                format!("tampilan {view} tidak punya baris menurut {by:?}; yang ada: {possible}")
            }
            Self::PeriodBackward { from, on } => {
                format!("masa {from} sampai {on} berakhir sebelum dimulai; tukar tanggalnya")
            }
            Self::TooManyPeriods { count, limit } => format!(
                "itu {count} masa, padahal suatu deret paling banyak {limit}; minta masa yang lebih panjang atau \
                 tanggal awal yang lebih baru"
            ),
            Self::Consolidated { asked, floor } => {
                format!(
                    "diminta keadaan pada ukuran log {asked}, padahal fakta sudah diringkas pada {floor}; \
                     bangun ulang dari log"
                )
            }
            Self::TooLarge { view, figure } => {
                format!(
                    "{figure} pada tampilan {view} terlalu besar untuk disebut, lebih dari 2^53 - 1; \
                     koreksi laporan yang dijumlahkan"
                )
            }
            Self::NotRecordedYet { asked, size } => {
                format!(
                    "diminta keadaan pada ukuran log {asked}, padahal baru ada {size}; minta paling banyak itu"
                )
            }
        };
        Message::new(id, self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_named_in_words_beside_what_one_writes() {
        let said = QuestionError::FilterNotPossible {
            view: "population",
            filter: Filter::AreaOf,
            possible: vec!["area", "from"],
        };
        assert_eq!(
            said.message().id,
            "tampilan population tidak dapat disaring menurut pemilik wilayahnya (--area-of); yang \
             dapat: wilayah (--area), tanggal awal (--from)"
        );
    }
}
