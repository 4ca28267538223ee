//! A claim as it is written: TOML, read strictly.

use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::identity::ProgramId;
use jejak_events::shape;
use jejak_events::types::Scaled;
use jejak_events::types::claim::{ClaimKind, Weekday};
use jejak_events::values::{Code, Date, Decimal, Sha256Hex, Text, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::question::scale_text;

use super::fields::{day, days, number, one_or_many, size_class, weekdays};

/// Why a text is no claim: where in it, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .message.en)]
pub struct ClaimFault {
    /// The field, as a path such as `scope.area`; none where the text is no TOML.
    pub field: Option<String>,
    /// The line, counted from 1, where one is known.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub message: Message,
}

impl ClaimFault {
    /// A fault in a field.
    pub(super) fn at(field: &str, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), line: None, message: Message::new(id, en) }
    }
}

/// What a claim speaks about: a view, and what of it.
///
/// Exactly one of `figure` and `rows` is given; neither, where the claim cannot be counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Name of the view.
    pub view: String,
    /// Its version; the highest where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// A figure of the view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
    /// The figure that `figure` is a part of, for claims in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// A breakdown of the view whose values are counted, such as `exhibition`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
}

/// What a claim is about. What it does not say does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenScope {
    /// The area: that of the programme where the view counts programmes, else as the view defines it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// The programmes; one, or a list.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub program: Vec<ProgramId>,
    /// The themes; one, or a list.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub theme: Vec<Code>,
    /// The size class of the IKMs, as [`crate::question::scale`] reads it.
    #[serde(default, deserialize_with = "size_class", skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scaled>,
    /// The source of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Code>,
    /// First day.
    #[serde(default, deserialize_with = "day", skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day.
    #[serde(default, deserialize_with = "day", skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// One value of a breakdown of the view; at most one of these seven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commodity: Option<Text>,
    /// See `commodity`: the exhibition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exhibition: Option<Text>,
    /// See `commodity`: kind of facility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text>,
    /// See `commodity`: legal form of a sentra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_form: Option<Text>,
    /// See `commodity`: scheme of a certificate or an assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Text>,
    /// See `commodity`: the sentra, by its UUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentra: Option<Text>,
    /// See `commodity`: stage of a sentra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Text>,
}

/// The fields of a scope that are values of a breakdown.
pub const BREAKDOWN_KEYS: [&str; 7] =
    ["commodity", "exhibition", "kind", "legal_form", "scheme", "sentra", "stage"];

impl WrittenScope {
    /// The values of breakdowns that it gives; more than one cannot be asked for.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let values = [
            &self.commodity,
            &self.exhibition,
            &self.kind,
            &self.legal_form,
            &self.scheme,
            &self.sentra,
            &self.stage,
        ];
        BREAKDOWN_KEYS.into_iter().zip(values).filter_map(|(by, value)| Some((by, &**value.as_ref()?)))
    }

    /// It in whatever period, and under whatever value of a breakdown.
    pub(super) fn without_period_and_key(&self) -> Self {
        Self {
            area: self.area,
            program: self.program.clone(),
            theme: self.theme.clone(),
            scale: self.scale,
            funding: self.funding.clone(),
            ..Self::default()
        }
    }

    /// The value of a breakdown that it narrows to: the breakdown, and the value.
    #[must_use]
    pub fn key(&self) -> Option<(&'static str, &str)> {
        self.keys().next()
    }
}

/// A claim of the same document about the same indicator, to be taken together with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// What it is about.
    pub scope: WrittenScope,
    /// The figure that it states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<u64>,
}

/// The whole that a claim without a value speaks of, such as *the participants*: all of it is claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpokenWhole {
    /// Name of the view.
    pub view: String,
    /// Its version; the highest where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// A figure of the view, in the unit of the claim.
    pub figure: String,
    /// What it is of.
    #[serde(default)]
    pub scope: WrittenScope,
}

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The document that makes it, such as a file name or a headline.
    pub document: Text,
    /// SHA-256 of the document, of each form that events may name: the file, and its sealed form that
    /// `jejak attach` prints. What rests on nothing but the document does not count for the claim.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub sha256: Vec<Sha256Hex>,
    /// Name of the document by itself, as events name it that do not have it as a file. As `sha256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urn: Option<Urn>,
    /// Who published it.
    pub publisher: Text,
    /// When, where it says so.
    #[serde(default, deserialize_with = "day", skip_serializing_if = "Option::is_none")]
    pub published_on: Option<Date>,
    /// What it says, in a few words of our own.
    #[serde(alias = "statement")]
    pub claim: Text,
    /// What kind of statement it is.
    pub kind: ClaimKind,
    /// What it speaks about; none where it is only held against itself, or cannot be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<Indicator>,
    /// What it is about.
    #[serde(default)]
    pub scope: WrittenScope,
    /// What it counts: the unit of the figure, the name of the breakdown whose values are counted, or
    /// `percent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Code>,
    /// The figure, where it gives one, with the places that it gives.
    #[serde(default, deserialize_with = "number", skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// Whether it says that its figure is about right: then a tenth more or less is as many. Of an estimate it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
    /// The day that the figure is of, where it is not that of the publication.
    #[serde(default, deserialize_with = "day", skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// Of a plan, the last day for it.
    #[serde(default, deserialize_with = "day", skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// What the claim says that the value is made of: they must add up to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<u64>,
    /// The weekday that it gives for `dates`: one for all, or one for each.
    #[serde(default, deserialize_with = "weekdays", skip_serializing_if = "Vec::is_empty")]
    pub weekday: Vec<Weekday>,
    /// The dates that it gives a weekday for.
    #[serde(default, deserialize_with = "days", skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<Date>,
    /// Another claim of the document: who is behind both is counted once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<Companion>,
    /// The whole that it speaks of, where it gives no figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<SpokenWhole>,
}

impl Claim {
    /// The day that it is judged for: a plan for its own last day, or the day of asking before that; anything else for
    /// the day that is asked for, else its own, else that of its publication, else the day of asking.
    #[must_use]
    pub fn judged_on(&self, asked: Option<Date>, today: Date) -> Date {
        match self.due {
            Some(due) => asked.unwrap_or(today).min(due),
            None => asked.or(self.as_of).or(self.published_on).unwrap_or(today),
        }
    }

    /// Whether its figure is about right.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.approximate || self.kind == ClaimKind::Estimate
    }

    /// Reads a claim from TOML.
    ///
    /// # Errors
    /// When the text is no TOML, a field is missing, unknown or of the wrong kind, or the claim asks what
    /// its view cannot answer.
    pub fn parse(text: &str) -> Result<Self, ClaimFault> {
        let line = |span: Option<std::ops::Range<usize>>| {
            span.and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1)
        };
        let document = toml::Deserializer::parse(text).map_err(|error| ClaimFault {
            field: None,
            line: line(error.span()),
            message: Message::new(
                // The parser speaks English only.
                "bukan TOML; tulis tiap baris sebagai `nama = nilai`, teks di antara tanda kutip",
                format!("no TOML: {}; mend the line", error.message()),
            ),
        })?;
        let claim: Self = serde_path_to_error::deserialize(document).map_err(|error| {
            let path = error.path().to_string();
            ClaimFault {
                field: (path != ".").then_some(path),
                line: line(error.inner().span()),
                message: Message::from_serde(error.inner().message()),
            }
        })?;
        claim.hold_shape(text)?;
        claim.validate()?;
        Ok(claim)
    }

    /// Refuses a list of values where a table of fields belongs.
    fn hold_shape(&self, text: &str) -> Result<(), ClaimFault> {
        let fault = |field, message| ClaimFault { field, line: None, message };
        let read = serde_json::to_value(self)
            .map_err(|error| fault(None, Message::from_serde(&error.to_string())))?;
        let given =
            toml::from_str(text).map_err(|error| fault(None, Message::from_serde(error.message())))?;
        match shape::list_for_object(&given, &read, "") {
            None => Ok(()),
            Some(place) => Err(fault(Some(place), shape::must_be_object())),
        }
    }

    /// The claim as a file that [`Claim::parse`] reads back as this very claim; fields in alphabetical order.
    ///
    /// # Errors
    /// When no file says it: it names a size class that its rule does not know.
    pub fn to_toml(&self) -> Result<String, ClaimFault> {
        let unwritable = |Message { id, en }| ClaimFault {
            field: None,
            line: None,
            message: Message::new(
                format!("klaim ini tidak dapat ditulis sebagai berkas: {id}"),
                format!("this claim cannot be written as a file: {en}"),
            ),
        };
        let mut table = toml::Table::try_from(self).map_err(|error| unwritable(Message::of_error(error)))?;
        // People write a size class as one word.
        let put_scale = |table: Option<&mut toml::Value>, scope: &WrittenScope| {
            let table = table.and_then(|scope| scope.as_table_mut());
            if let (Some(table), Some(scaled)) = (table, scope.scale) {
                table.insert("scale".to_owned(), scale_text(scaled).into());
            }
        };
        put_scale(table.get_mut("scope"), &self.scope);
        let other = self.together.iter().map(|together| ("together", &together.scope));
        for (name, scope) in other.chain(self.whole.iter().map(|whole| ("whole", &whole.scope))) {
            put_scale(table.get_mut(name).and_then(|table| table.get_mut("scope")), scope);
        }
        let text = table.to_string();
        match Self::parse(&text) {
            Ok(read) if read == *self => Ok(text),
            Ok(_) => Err(unwritable(Message::new("terbaca sebagai klaim lain", "it reads back as another"))),
            Err(fault) => Err(unwritable(fault.message)),
        }
    }
}
