//! What comes of a claim: the verdict, and all that it rests on.

use crate::names::ViewName;
use jejak_events::area::AreaCode;
use jejak_events::fault::Message;
use jejak_events::identity::ProgramId;
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::values::Date;
use jejak_events::values::Sha256Hex;
use schemars::JsonSchema;
use serde::Serialize;

use super::basis::Basis;
use super::itself::Contradiction;
use super::written::ClaimFault;
use crate::answer::{Member, Words};
use crate::error::ReadFailure;
use crate::question::{Question, QuestionError};

/// A verdict in words.
#[must_use]
pub fn verdict_words(verdict: ClaimVerdict) -> Words {
    let [id, en] = verdict.words();
    Words { id, en }
}

/// Counted ÷ reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Factor {
    /// Counted.
    pub counted: u64,
    /// Reported; never 0.
    pub reported: u64,
    /// The quotient in hundredths, rounded down: 100 only when at least as many were counted.
    pub hundredths: u64,
}

impl Factor {
    /// None where nothing was reported to divide by.
    pub(super) fn of(counted: u64, reported: u64) -> Option<Self> {
        let hundredths = (u128::from(counted) * 100).checked_div(u128::from(reported))?;
        // Both are at most FIGURE_LIMIT, 2^53 - 1: a hundred times that fits.
        Some(Self { counted, reported, hundredths: u64::try_from(hundredths).ok()? })
    }
}

/// What was known at the claim's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KnownThen {
    /// The claim's date: its publication, else the day that it is of, else today; of a plan, no later than it is due.
    pub on: Date,
    /// Log size at the end of that day, where the office is.
    pub as_known: u64,
    /// The same count, from what was known then; of a share, hundredths of a percent. Null where it is not known.
    pub counted: Option<u64>,
}

/// Since when nothing is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SilentSince {
    /// The last day on which something was recorded, where the office is; claims and what the registry says of itself
    /// aside.
    pub day: Date,
    /// The area whose offices are meant; none where no office of the area asked for ever recorded anything, or none is
    /// asked for: then it is the whole log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
}

/// How many IKMs and persons are behind a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// IKMs.
    pub ikms: u64,
    /// Persons.
    pub persons: u64,
}

/// An answer that a count comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AnswerUsed {
    /// The view.
    #[schemars(with = "ViewName")]
    pub view: &'static str,
    /// Its version.
    pub version: u32,
    /// What it was asked.
    pub question: Question,
    /// Digest of the answer.
    #[schemars(with = "Sha256Hex")]
    pub digest: String,
}

/// Two claims of one document about different scopes, taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Together {
    /// Distinct ones counted over both.
    pub counted: u64,
    /// The fewest that both values allow: the greater of the two; none where one is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u64>,
    /// The most that both values allow: their sum; none where one is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
}

/// A verdict with all that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// The verdict.
    pub verdict: ClaimVerdict,
    /// Whether the registry holds made-up data: then the verdict is about that.
    pub synthetic: bool,
    /// Where the claim contradicts itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<Contradiction>,
    /// The day that it was judged for.
    pub on: Date,
    /// What it reports, in its unit; of a share, hundredths of a percent. Of a claim that speaks of a whole, that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported: Option<u64>,
    /// What was counted, in its unit; of a share, hundredths of a percent, rounded to the nearest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<u64>,
    /// The whole that it is a part of: of a share, and where the claim speaks of a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// Of a share what was counted, before it was made a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u64>,
    /// Of a plan the day that it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// What was counted; none where the claim names nothing to be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Why there is no count although the scope holds programmes, where that is so.
    #[serde(skip)]
    pub not_known: Option<Message>,
    /// The verification factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<Factor>,
    /// What was known at the claim's date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_then: Option<KnownThen>,
    /// Nothing is recorded since a day before the one that it was judged for: the count may be behind. Left out where
    /// something is, where the office has declared its recording complete, and where nothing was to be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<SilentSince>,
    /// Events behind the count that were recorded after the claim's date, ascending.
    pub recorded_late: Vec<u64>,
    /// Events in the scope that rest on nothing but the document that makes the claim, and were not
    /// counted, ascending.
    pub set_aside: Vec<u64>,
    /// Whether the office has declared its recording of the scope complete.
    pub complete: bool,
    /// The programmes that the claim is about, where it is about programmes.
    pub programs: Vec<ProgramId>,
    /// How many IKMs and persons are behind the count.
    pub behind: Counts,
    /// Who is behind the count, with the events that make each count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Whether `members` may hold others besides: a view lists nobody by the value of a breakdown.
    pub members_are_wider: bool,
    /// Events that the count rests on without being about one member, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<u64>,
    /// The answers that the count comes from.
    pub answers: Vec<AnswerUsed>,
    /// Taken together with the other claim that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together: Option<Together>,
}

impl Report {
    /// Leaves out who and what is behind the count, for whoever did not ask for it.
    pub fn leave_out_members(&mut self) {
        self.members.clear();
        self.context.clear();
    }

    /// The verdict in words: `supported (synthetic)`. Of a plan before it is due also how it stands.
    #[must_use]
    pub fn verdict_words(&self) -> Message {
        let words = verdict_words(self.verdict);
        let [id, en] = match self.verdict {
            ClaimVerdict::Kept if self.is_early() => [" sebelum jatuh tempo", " before it was due"],
            ClaimVerdict::NotYetDue
                if self.counted.zip(self.reported).is_some_and(|(is, said)| is >= said) =>
            {
                [", sejauh ini tercapai", ", reached so far"]
            }
            _ => [""; 2],
        };
        let [synthetic_id, synthetic_en] =
            if self.synthetic { [" (sintetis)", " (synthetic)"] } else { [""; 2] };
        Message::new(format!("{}{id}{synthetic_id}", words.id), format!("{}{en}{synthetic_en}", words.en))
    }

    /// Whether it is judged before the day that it is due.
    fn is_early(&self) -> bool {
        self.due.is_some_and(|due| self.on < due)
    }
}

/// Most programmes that are counted for one claim: each takes an answer of its own, over all of the facts.
pub const PROGRAMS_LIMIT: usize = 256;

/// How often events that rest on the document are set aside and the rest counted anew.
pub const OWN_ROUNDS_LIMIT: usize = 32;

/// Why a claim could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The claim asks what its view cannot answer.
    #[error(transparent)]
    Claim(#[from] ClaimFault),
    /// The view has no answer.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// The claim is about several programmes and one value of a breakdown.
    #[error("view {view} does not tell who stands under one {by} in several programmes; name one programme")]
    NotDistinct {
        /// The view.
        view: &'static str,
        /// The breakdown.
        by: &'static str,
    },
    /// The claim speaks of a whole, and its view does not tell who is behind the part.
    #[error(
        "the answer does not tell who is behind {figure} under that one value of a breakdown, so it cannot be held \
         against a whole; narrow the claim by `program` instead"
    )]
    NotApart {
        /// The figure.
        figure: &'static str,
    },
    /// More programmes fit than are counted for one claim.
    #[error(
        "{found} programmes fit the claim; at most {PROGRAMS_LIMIT} are counted for one claim: name its theme, its \
         programmes or its period"
    )]
    TooManyPrograms {
        /// How many fit.
        found: usize,
    },
    /// Events that rest on the document hide others that do, again and again.
    #[error(
        "events that rest on the claiming document hide others that do, more than {OWN_ROUNDS_LIMIT} deep: the claim \
         cannot be judged apart from its own document"
    )]
    TooManyOwn,
    /// The day that the claim is judged for has not come.
    #[error("a claim cannot be judged for {on}, which has not come on {today}; name a day that is past")]
    NotCome {
        /// The day that it would be judged for.
        on: Date,
        /// The day of asking.
        today: Date,
    },
    /// The day that the claim says its figure is of has not come.
    #[error(
        "the figure is as of {as_of}, which has not come on {today}; mend `as_of`, or name a day that is past"
    )]
    AsOfNotCome {
        /// The day that the claim names.
        as_of: Date,
        /// The day of asking.
        today: Date,
    },
    /// The claim is not published yet: nobody could have known then what is counted now.
    #[error("the claim was published on {published_on}, which has not come on {today}; mend `published_on`")]
    NotPublished {
        /// The day of publication.
        published_on: Date,
        /// The day of asking.
        today: Date,
    },
    /// An event cannot be read.
    #[error("event {index} cannot be read: {source}; run `jejak verify`")]
    Unreadable {
        /// Its index.
        index: u64,
        /// Why.
        source: ReadFailure,
    },
    /// The log cannot tell how much of it was recorded by a day.
    #[error("the log cannot be read: {0}; run `jejak verify`")]
    Log(ReadFailure),
}

impl CheckError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Claim(fault) => fault.message.clone(),
            Self::Question(error) => error.message(),
            other => Message::of_error(other),
        }
    }
}
