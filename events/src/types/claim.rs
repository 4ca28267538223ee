//! Claims: what somebody reported of a programme, and what came of holding it against the log (`docs/domain.md`,
//! section 4).
//!
//! The claim is carried whole and open, so that anybody can judge it again from the log alone. Nothing
//! here counts: which figure is meant, and what was counted, are for the views.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event_type;
use super::parts::{Mention, Scaled};
use super::sentence::{said, with, with_message, with_number, with_words};
use crate::area::AreaCode;
use crate::fault::Message;
use crate::identity::{ProgramId, Subject, SubjectKind};
use crate::values::{Amount, Code, Count, Date, SetOf, Sha256Hex, Text, Version};

/// What kind of statement a claim is. Only the first two can hold or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Something that is said to have happened or to be so.
    Fact,
    /// A figure that is said to be about right.
    Estimate,
    /// Something announced.
    Plan,
    /// Something wished for.
    Hope,
    /// A judgement.
    Opinion,
    /// Said to explain the rest.
    Background,
}

impl ClaimKind {
    /// Whether it can be held against a count.
    #[must_use]
    pub fn is_countable(self) -> bool {
        matches!(self, Self::Fact | Self::Estimate)
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are the days of the week")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// The weekday of a date.
    #[must_use]
    pub fn of(date: Date) -> Self {
        // Day 1 of the calendar, 1 January of year 1, is a Monday.
        match date.day_number().rem_euclid(7) {
            1 => Self::Monday,
            2 => Self::Tuesday,
            3 => Self::Wednesday,
            4 => Self::Thursday,
            5 => Self::Friday,
            6 => Self::Saturday,
            _ => Self::Sunday,
        }
    }
}

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimVerdict {
    /// It contradicts itself, whatever the registry holds.
    Inconsistent,
    /// A plan, a hope, an opinion or background: nothing to be counted.
    NotCountable,
    /// The registry has no events in its scope.
    NotRecorded,
    /// It gives no value; the count is given.
    NotQuantified,
    /// As many were counted.
    Supported,
    /// More were counted.
    Understated,
    /// Fewer were counted, and the office has declared its recording complete.
    Overstated,
    /// Fewer were counted, and nobody has declared the recording complete.
    NotConfirmed,
    /// It agrees with itself, and that was all there was to check.
    Consistent,
}

impl ClaimVerdict {
    /// In words, Indonesian and English.
    #[must_use]
    pub fn words(self) -> [&'static str; 2] {
        match self {
            Self::Inconsistent => ["tidak konsisten", "inconsistent"],
            Self::NotCountable => ["tidak dapat dihitung", "not countable"],
            Self::NotRecorded => ["tidak tercatat", "not recorded"],
            Self::NotQuantified => ["tanpa angka", "not quantified"],
            Self::Supported => ["didukung", "supported"],
            Self::Understated => ["terlalu rendah", "understated"],
            Self::Overstated => ["berlebihan", "overstated"],
            Self::NotConfirmed => ["belum terkonfirmasi", "not confirmed"],
            Self::Consistent => ["konsisten", "consistent"],
        }
    }

    /// All, in the order of their precedence.
    pub const ALL: [Self; 9] = [
        Self::Inconsistent,
        Self::NotCountable,
        Self::NotRecorded,
        Self::NotQuantified,
        Self::Supported,
        Self::Understated,
        Self::Overstated,
        Self::NotConfirmed,
        Self::Consistent,
    ];

    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inconsistent => "inconsistent",
            Self::NotCountable => "not_countable",
            Self::NotRecorded => "not_recorded",
            Self::NotQuantified => "not_quantified",
            Self::Supported => "supported",
            Self::Understated => "understated",
            Self::Overstated => "overstated",
            Self::NotConfirmed => "not_confirmed",
            Self::Consistent => "consistent",
        }
    }

    /// Whether a count was held against a value.
    #[must_use]
    pub fn is_comparison(self) -> bool {
        matches!(self, Self::Supported | Self::Understated | Self::Overstated | Self::NotConfirmed)
    }

    /// Whether the claim did not hold: it contradicts itself, or the registry does not bear out what it
    /// says. A claim that says nothing to be counted has not failed.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Inconsistent | Self::NotRecorded | Self::Overstated | Self::NotConfirmed)
    }
}

/// What a claim speaks about: a view, and what of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimIndicator {
    /// Name of the view.
    pub view: Code,
    /// Its version; the highest where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// A figure of the view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Code>,
    /// The figure that `figure` is a part of, for claims in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Code>,
    /// A breakdown of the view whose values are counted, such as `exhibition`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Code>,
}

/// What a claim is about. What it does not say does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimScope {
    /// The area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// Among the values of the view's breakdown by commodity, this one. At most one of the seven
    /// fields of this kind is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commodity: Option<Text>,
    /// As `commodity`: the exhibition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exhibition: Option<Text>,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The source of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Code>,
    /// As `commodity`: kind of facility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text>,
    /// As `commodity`: legal form of a sentra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_form: Option<Text>,
    /// The programmes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<SetOf<ProgramId>>,
    /// The size class of the IKMs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scaled>,
    /// As `commodity`: scheme of a certificate or an assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Text>,
    /// As `commodity`: the sentra, by its UUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentra: Option<Text>,
    /// As `commodity`: stage of a sentra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Text>,
    /// The themes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<SetOf<Code>>,
    /// Last day, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Mention for ClaimScope {
    fn mention(&self, subjects: &mut Vec<Subject>) {
        self.program.mention(subjects);
    }
}

/// Another claim of the document about the same figure: who is behind both is counted once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimCompanion {
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ClaimScope>,
    /// The figure that it states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Amount>,
}

impl Mention for ClaimCompanion {
    fn mention(&self, subjects: &mut Vec<Subject>) {
        self.scope.mention(subjects);
    }
}

/// A part that the value of a claim is said to be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimPart {
    /// Its place in the claim, counted from 1: two parts may be of one size.
    pub number: Count,
    /// The part.
    pub value: Amount,
}

/// A date with the weekday that a claim gives for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimDate {
    /// The date.
    pub date: Date,
    /// The weekday.
    pub weekday: Weekday,
}

/// What a claim was held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimCount {
    /// What was counted, in the unit of the claim; of percent hundredths, rounded down. Left out where
    /// the registry held nothing in the scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Amount>,
    /// SHA-256 over the digests of the answers that the count comes from: each in hex and a line feed,
    /// in the order of the bytes.
    pub digest: Sha256Hex,
    /// Version of the view.
    pub version: Version,
    /// Name of the view.
    pub view: Code,
}

macro_rules! mention_nothing {
    ($($type:ty),*) => {
        $( impl Mention for $type {
            fn mention(&self, _: &mut Vec<Subject>) {}
        } )*
    };
}
mention_nothing!(ClaimKind, ClaimVerdict, ClaimIndicator, ClaimPart, ClaimDate, ClaimCount);

event_type! {
    /// Somebody claims a figure, in public: what it says, word for word as a claim file has it. It is
    /// no source of what it claims: no view counts by it but the one that lists claims. It names no
    /// person and no IKM. `time`: the day of publication, else the day on which it was recorded.
    ClaimMade = "id.jejak.claim.made.v1" on Some(SubjectKind::Claim), Begins("made"),
        called ["klaim dicatat", "claim recorded"];
    required {
        /// What it says, in a few words of our own.
        claim: Text,
        /// The document that makes it, such as a file name or a headline.
        document: Text,
        /// What kind of statement it is.
        kind: ClaimKind,
        /// Who published it.
        publisher: Text,
    }
    optional {
        /// The day that the figure is of, where it is not that of the publication.
        as_of: Date,
        /// The dates that it gives a weekday for.
        dates: SetOf<ClaimDate>,
        /// What it speaks about; left out where it is only held against itself, or cannot be counted.
        indicator: ClaimIndicator,
        /// What it says that the value is made of.
        parts: SetOf<ClaimPart>,
        /// When it was published, where the document says so.
        published_on: Date,
        /// What it is about.
        scope: ClaimScope,
        /// SHA-256 of the document, of each form that events may name. What rests on nothing else does
        /// not count for the claim.
        sha256: SetOf<Sha256Hex>,
        /// Another claim of the document, to be taken together with it.
        together: ClaimCompanion,
        /// What it counts: the unit of the figure, the name of the breakdown whose values are counted,
        /// or `percent`.
        unit: Code,
        /// The figure, where it gives one.
        value: Amount,
    }
    derived {}
    sealed {}
    says |data, call| {
        let said = said!(
            "klaim {publisher} dalam {document}: {claim}",
            "claim of {publisher} in {document}: {claim}",
            publisher = &data.publisher,
            document = &data.document,
            claim = &data.claim,
        );
        let said = with_number(said, "; angka ", "; figure ", data.value.map(|value| value.get()));
        let unit = data.unit.as_ref().filter(|_| data.value.is_some()).map(|unit| unit_words(unit));
        with_words(said, " ", " ", unit.as_ref())
    }
}

event_type! {
    /// The claim of this stream was held against itself and against the log. `time`: the day of the
    /// check.
    ClaimChecked = "id.jejak.claim.checked.v1" on Some(SubjectKind::Claim), Checks,
        called ["klaim diperiksa", "claim checked"];
    required {
        /// Log size that was known: events with an index below it. Not within one recorded time, not above the check's own index, and the last of them recorded by the day of the check.
        as_known: Amount,
        /// The day that the claim was judged for.
        on: Date,
        /// What came of it.
        verdict: ClaimVerdict,
    }
    optional {
        /// What it was held against; left out where it names nothing to be counted.
        count: ClaimCount,
    }
    derived {}
    sealed {}
    says |data, call| {
        let words = data.verdict.words();
        let verdict = Message::new(words[0], words[1]);
        let said = with_message(Message::new("klaim diperiksa: ", "claim checked: "), &verdict);
        let counted = data.count.as_ref().and_then(|count| count.counted);
        let said = with_number(said, ", terhitung ", ", counted ", counted.map(|counted| counted.get()));
        let view = data.count.as_ref().map(|count| format!("{} v{}", count.view, count.version.get()));
        let said = with(said, " menurut tampilan ", " by the view ", view);
        let said = with(said, ", untuk ", ", for ", Some(data.on));
        let said = with_number(said, ", diketahui ", ", ", Some(data.as_known.get()));
        with_message(said, &Message::new(" peristiwa", " events known"))
    }
}

/// What a claim counts in, where that is a word of ours.
fn unit_words(unit: &str) -> Message {
    match unit {
        "exhibition" => Message::new("pameran", "exhibitions"),
        "ikm" => Message::new("IKM", "IKM"),
        "person" => Message::new("orang", "persons"),
        "percent" => Message::new("%", "%"),
        "session" => Message::new("sesi", "sessions"),
        "worker" => Message::new("pekerja", "workers"),
        other => Message::new(other, other),
    }
}

/// The unit of a claim in percent.
pub const PERCENT: &str = "percent";

impl ClaimMade {
    /// Whether its value is a share in percent.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.unit.as_deref() == Some(PERCENT)
    }

    /// Its value on the scale of a [`ClaimCount::counted`]: of percent hundredths. `None` also for a share whose
    /// hundredths are no amount; a registry records no such claim.
    #[must_use]
    pub fn counted_value(&self) -> Option<Amount> {
        let value = self.value?;
        if !self.is_share() {
            return Some(value);
        }
        value.get().checked_mul(100).and_then(Amount::new)
    }
}
