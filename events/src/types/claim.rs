//! Claims: what somebody reported of a programme, and what came of holding it against the log (`docs/domain.md`,
//! section 4).
//!
//! The claim is carried whole and open, so that anybody can judge it again from the log alone. Nothing
//! here counts: which figure is meant, and what was counted, are for the views.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event_type;
use super::parts::{Mention, Scaled};
use super::sentence::{grouped, said, with, with_message, with_number, with_words};
use crate::area::AreaCode;
use crate::fault::Message;
use crate::identity::{ProgramId, Subject, SubjectKind};
use crate::values::{Amount, Code, Count, Date, Decimal, SetOf, Sha256Hex, Text, Urn, Version};

/// What kind of statement a claim is. Only the first two, and a plan with a day, can hold or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Something that is said to have happened or to be so.
    Fact,
    /// A figure that is said to be about right.
    Estimate,
    /// Something announced: kept or not by the day that it is due.
    Plan,
    /// Something wished for.
    Hope,
    /// A judgement.
    Opinion,
    /// Said to explain the rest.
    Background,
}

impl ClaimKind {
    /// Whether it can be held against a count, with a day that it is due or without.
    #[must_use]
    pub fn is_countable(self, due: Option<Date>) -> bool {
        match self {
            Self::Fact | Self::Estimate => true,
            Self::Plan => due.is_some(),
            Self::Hope | Self::Opinion | Self::Background => false,
        }
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
    /// A plan without a day, a hope, an opinion or background: nothing to be counted.
    NotCountable,
    /// The registry has no events in its scope.
    NotRecorded,
    /// It gives no value, and no whole to hold the count against; the count is given.
    NotQuantified,
    /// A plan: on the day that it was due as many were counted, or before that was over, of what cannot become fewer again.
    Kept,
    /// A plan: on the day that it was due, which is over, fewer were counted.
    NotKept,
    /// A plan: the day is not over, and fewer were counted, or as many of what may become fewer again.
    NotYetDue,
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
            Self::Kept => ["ditepati", "kept"],
            Self::NotKept => ["tidak ditepati", "not kept"],
            Self::NotYetDue => ["belum jatuh tempo", "not yet due"],
            Self::Supported => ["didukung", "supported"],
            Self::Understated => ["terlalu rendah", "understated"],
            Self::Overstated => ["berlebihan", "overstated"],
            Self::NotConfirmed => ["belum terkonfirmasi", "not confirmed"],
            Self::Consistent => ["konsisten", "consistent"],
        }
    }

    /// All, in the order of their precedence.
    pub const ALL: [Self; 12] = [
        Self::Inconsistent,
        Self::NotCountable,
        Self::NotRecorded,
        Self::NotQuantified,
        Self::Kept,
        Self::NotKept,
        Self::NotYetDue,
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
            Self::Kept => "kept",
            Self::NotKept => "not_kept",
            Self::NotYetDue => "not_yet_due",
            Self::Supported => "supported",
            Self::Understated => "understated",
            Self::Overstated => "overstated",
            Self::NotConfirmed => "not_confirmed",
            Self::Consistent => "consistent",
        }
    }

    /// Whether a count was held against a value or a whole.
    #[must_use]
    pub fn is_comparison(self) -> bool {
        match self {
            Self::Supported | Self::Understated | Self::Overstated | Self::NotConfirmed => true,
            Self::Kept | Self::NotKept | Self::NotYetDue => true,
            Self::Inconsistent | Self::NotCountable | Self::NotRecorded => false,
            Self::NotQuantified | Self::Consistent => false,
        }
    }

    /// Whether the claim did not hold: it contradicts itself, or the registry does not bear out what it
    /// says. A claim that says nothing to be counted has not failed.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(
            self,
            Self::Inconsistent | Self::NotRecorded | Self::NotKept | Self::Overstated | Self::NotConfirmed
        )
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

/// The whole that a claim without a value speaks of, such as *the participants*: all of it is claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimWhole {
    /// The figure that gives it.
    pub figure: Code,
    /// What it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ClaimScope>,
    /// Version of the view; the highest where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// Name of the view.
    pub view: Code,
}

impl Mention for ClaimWhole {
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
    /// What was counted, in the unit of the claim; of percent hundredths, rounded to the nearest. Left out where
    /// the registry held nothing in the scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Amount>,
    /// SHA-256 over the digests of the answers that the count comes from: each in hex and a line feed,
    /// in the order of the bytes.
    pub digest: Sha256Hex,
    /// The whole that it is a part of: of percent, and where the claim speaks of a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Amount>,
    /// Of percent what was counted, before it was made a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Amount>,
    /// Version of the view.
    pub version: Version,
    /// Name of the view.
    pub view: Code,
    /// Version of the view that the whole comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_version: Option<Version>,
}

impl ClaimCount {
    /// What was counted; of a claim in percent, beside which stands the part itself, in percent.
    fn counted_words(&self) -> Option<Message> {
        let counted = self.counted?.get();
        if self.part.is_none() {
            return Some(Message::new(grouped(counted.into(), '.'), grouped(counted.into(), ',')));
        }
        let percent = |thousands, point| {
            let (whole, rest) = (counted / 100, counted % 100);
            format!("{}{point}{rest:02} %", grouped(whole.into(), thousands))
        };
        Some(Message::new(percent('.', ','), percent(',', '.')))
    }
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
    ClaimMade = "id.jejak.claim.made.v1" on &[SubjectKind::Claim], Begins("made"),
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
        /// Whether it says that its figure is about right: then a tenth more or less is as many. Left out where it
        /// does not.
        approximate: bool,
        /// The day that the figure is of, where it is not that of the publication.
        as_of: Date,
        /// The dates that it gives a weekday for.
        dates: SetOf<ClaimDate>,
        /// Of a plan, the last day for it.
        due: Date,
        /// What it speaks about; left out where it is only held against itself, or cannot be counted.
        indicator: ClaimIndicator,
        /// What it says that the value is made of.
        parts: SetOf<ClaimPart>,
        /// When it was published, where the document says so.
        published_on: Date,
        /// What it is about.
        scope: ClaimScope,
        /// SHA-256 of the document, of each form that events may name. What rests on nothing but the document does
        /// not count for the claim.
        sha256: SetOf<Sha256Hex>,
        /// Another claim of the document, to be taken together with it.
        together: ClaimCompanion,
        /// What it counts: the unit of the figure, the name of the breakdown whose values are counted,
        /// or `percent`.
        unit: Code,
        /// Name of the document by itself, for those who name it without having it as a file. As `sha256`.
        urn: Urn,
        /// The figure, where it gives one, with the places that it gives.
        value: Decimal,
        /// The whole that it speaks of, where it gives no figure.
        whole: ClaimWhole,
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
        let about = data.approximate.is_some_and(|approximate| approximate);
        let [id, en] = if about { ["; angka sekitar ", "; figure about "] } else { ["; angka ", "; figure "] };
        let said = with_words(said, id, en, data.value.map(Decimal::grouped).as_ref());
        let unit = data.unit.as_ref().filter(|_| data.value.is_some()).map(|unit| unit_words(unit));
        let said = with_words(said, " ", " ", unit.as_ref());
        with(said, "; paling lambat ", "; due ", data.due)
    }
}

event_type! {
    /// The claim of this stream was held against itself and against the log. `time`: the day of the
    /// check.
    ClaimChecked = "id.jejak.claim.checked.v1" on &[SubjectKind::Claim], Checks,
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
        let counted = data.count.as_ref().and_then(ClaimCount::counted_words);
        let said = with_words(said, ", terhitung ", ", counted ", counted.as_ref());
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
    /// Whether its value is a share of a whole, in percent. A figure that is in percent itself is none: it is whole.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.unit.as_deref() == Some(PERCENT)
            && self.indicator.as_ref().is_none_or(|indicator| indicator.of.is_some())
    }

    /// Whether its figure is about right.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.approximate == Some(true) || self.kind == ClaimKind::Estimate
    }

    /// Its value on the scale of a [`ClaimCount::counted`]: of percent hundredths. `None` also for a share whose
    /// hundredths are no amount, and for a part of what is counted whole; a registry records no such claim.
    #[must_use]
    pub fn counted_value(&self) -> Option<Amount> {
        let value = self.value?;
        let counted = if self.is_share() { value.hundredths() } else { value.as_whole()? };
        i64::try_from(counted).ok().and_then(Amount::new)
    }
}

/// What a count is held against: a value at its own precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimedValue {
    /// The value.
    pub value: Decimal,
    /// Whether a tenth more or less is as many.
    pub is_approximate: bool,
}

impl ClaimedValue {
    /// Where a count lies beside the value; `Equal` where it is as many at the precision of the value.
    #[must_use]
    pub fn compare_count(self, counted: u64) -> Ordering {
        self.compare(counted.into(), 1)
    }

    /// Where a part of a whole lies beside the value in percent; `None` for a part of nothing. Some are more than an exact 0
    /// percent and not all are less than an exact 100, however little that is.
    #[must_use]
    pub fn compare_share(self, part: u64, whole: u64) -> Option<Ordering> {
        let all = 100 * 10u128.pow(self.value.places().into());
        let exactly = |digits: u128| !self.is_approximate && u128::from(self.value.digits()) == digits;
        (whole > 0).then(|| match part {
            1.. if exactly(0) => Ordering::Greater,
            part if part < whole && exactly(all) => Ordering::Less,
            _ => self.compare(u128::from(part) * 100, whole.into()),
        })
    }

    /// Where `counted / of` lies beside the value. All of it fits: a figure is below 2^53.
    fn compare(self, counted: u128, of: u128) -> Ordering {
        let scaled = counted * 10u128.pow(self.value.places().into());
        let digits = u128::from(self.value.digits());
        if self.is_approximate && scaled.abs_diff(digits * of) * 10 <= digits * of {
            return Ordering::Equal;
        }
        // A half is rounded up.
        ((2 * scaled + of) / (2 * of)).cmp(&digits)
    }
}

/// The whole in hundredths of a percent.
const ALL_OF_IT: u64 = 10_000;

/// A part of a whole in hundredths of a percent, rounded to the nearest, halves up; of some at least 0.01 %, of less than the
/// whole at most 99.99 %. `None` for a part of nothing, or beyond 64 bits.
#[must_use]
pub fn percent_hundredths(part: u64, whole: u64) -> Option<u64> {
    let (of, all) = (u128::from(part), u128::from(whole));
    let nearest = (of * 2 * u128::from(ALL_OF_IT) + all).checked_div(2 * all)?;
    let nearest = u64::try_from(nearest).ok()?;
    Some(if part > 0 && part < whole { nearest.clamp(1, ALL_OF_IT - 1) } else { nearest })
}

/// The same as a claim is told; `None` also beyond an amount.
#[must_use]
pub fn share_hundredths(part: u64, whole: u64) -> Option<u64> {
    let is_amount = |told: &u64| i64::try_from(*told).ok().and_then(Amount::new).is_some();
    percent_hundredths(part, whole).filter(is_amount)
}
