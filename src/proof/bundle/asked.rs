//! What a bundle answers, and the answer itself: from a registry when it is made, from entries alone when it is
//! verified, by the same code.

use std::collections::BTreeSet;

use jejak_events::identity::{ClaimId, Subject};
use jejak_events::values::Date;
use jejak_projections::answer::Answer;
use jejak_projections::claims::{Claim, ClaimLog, claimant_words, recorded_claim};
use jejak_projections::error::ReadFailure;
use jejak_projections::facts::Facts;
use jejak_projections::question::Question;
use jejak_projections::views::{ViewDeclaration, newest_version, view_version};
use serde::{Deserialize, Serialize};

use super::archive::ArchiveMember;
use super::released::{self, ReleaseAnswer, find_release};
use super::{Problem, in_another_form, unreadable};
use crate::answer_json::{Judged, JudgedClaims, LogPlace, ViewAnswer, to_json};
use crate::rules::release::told::Released;
use jejak_projections::claims::Judging;

/// What is asked.
#[derive(Clone)]
pub enum Asked {
    /// Whether a claim holds.
    Claim {
        /// Its file, byte for byte.
        text: String,
        /// The claim.
        claim: Box<Claim>,
        /// The stream that it was recorded in, where it was read from there.
        stream: Option<ClaimId>,
        /// For which days it is judged.
        judging: Judging,
    },
    /// What a view counts.
    View {
        /// The view.
        view: &'static ViewDeclaration,
        /// The question.
        question: Question,
    },
    /// What a release tells.
    Release {
        /// Index of one of its events.
        index: u64,
        /// Log size that is known.
        as_known: u64,
    },
}

/// What goes with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerExtras {
    /// Whether the answer names who and which events are behind it.
    pub list: bool,
    /// Names of the sealed fields whose values are disclosed, as far as the events behind the answer have them.
    pub disclose: BTreeSet<String>,
}

/// `question.json` beside a claim.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimQuestion {
    /// Log size that is known.
    as_known: u64,
    /// Sealed fields that are disclosed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    disclose: BTreeSet<String>,
    /// Whether the answer names who is behind the count.
    list: bool,
    /// The day to judge for, where it is not the claim's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<Date>,
    /// The stream that the claim was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stream: Option<Subject>,
    /// The day the bundle was made, where the office is.
    today: Date,
}

/// `question.json` without a claim.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewQuestion {
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    disclose: BTreeSet<String>,
    list: bool,
    question: Question,
    version: u32,
    view: String,
}

/// `question.json` about a release. It names no sealed fields: of what is behind its sums nothing is disclosed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseQuestion {
    /// Log size that is known.
    as_known: u64,
    /// Index of one of its events.
    release: u64,
}

/// Where facts and events come from.
#[derive(Clone, Copy)]
pub struct AnswerSource<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The log that they come from.
    pub log: &'a dyn ClaimLog,
    /// Log size at which a recorded claim is read: that of the checkpoint.
    pub size: u64,
    /// Whether the registry holds made-up data.
    pub synthetic: bool,
}

/// An answer.
#[derive(Debug)]
pub enum BundleAnswer {
    /// The verdict on a claim.
    Claim(Box<Judged>),
    /// The answer of a view.
    View(Box<Answer>),
    /// A release.
    Release(Box<Released>),
}

/// An answer as a bundle holds it.
#[derive(Debug)]
pub struct Answered {
    /// The answer.
    pub told: BundleAnswer,
    /// It as `answer.json`.
    pub json: Vec<u8>,
    /// What the views behind it count, as `definition.txt`.
    pub definition: String,
}

impl Asked {
    /// Reads what is asked, and what goes with the answer, from the members of a bundle.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(claim: Option<&[u8]>, question: &[u8]) -> Result<(Self, AnswerExtras), Problem> {
        let (asked, beside) = Self::read_in_any_form(claim, question)?;
        if asked.question(&beside).ok().as_deref() == Some(question) {
            return Ok((asked, beside));
        }
        Err(in_another_form(ArchiveMember::Question))
    }

    fn read_in_any_form(claim: Option<&[u8]>, question: &[u8]) -> Result<(Self, AnswerExtras), Problem> {
        let wrong = |member: ArchiveMember, id: &str, en: &str| {
            Problem::new(format!("{member}: {id}"), format!("{member}: {en}"))
        };
        let json = |error: serde_json::Error| unreadable(ArchiveMember::Question, None, &error);
        if let Some(bytes) = claim {
            if serde_json::from_slice::<ViewQuestion>(question).is_ok()
                || serde_json::from_slice::<ReleaseQuestion>(question).is_ok()
            {
                return Err(wrong(ArchiveMember::Claim, "tidak ditanyakan", "is not what is asked about"));
            }
            let asked: ClaimQuestion = serde_json::from_slice(question).map_err(json)?;
            let text = str::from_utf8(bytes)
                .map_err(|_| wrong(ArchiveMember::Claim, "bukan teks UTF-8", "is no text in UTF-8"))?;
            let claim = Claim::parse(text).map_err(|fault| {
                let field = fault.field.map(|field| format!("{field}: ")).unwrap_or_default();
                let Problem { id, en } = fault.message;
                wrong(ArchiveMember::Claim, &format!("{field}{id}"), &format!("{field}{en}"))
            })?;
            let ClaimQuestion { as_known, disclose, list, on, stream, today } = asked;
            let stream = match stream {
                None => None,
                Some(Subject::Claim(id)) => Some(id),
                Some(other) => {
                    let (id, en) =
                        (format!("{other} bukan aliran klaim"), format!("{other} is no stream of a claim"));
                    return Err(wrong(ArchiveMember::Question, &id, &en));
                }
            };
            let judging = Judging { today, on, as_known };
            let beside = AnswerExtras { list, disclose };
            let claim = Box::new(claim);
            return Ok((Self::Claim { text: text.to_owned(), claim, stream, judging }, beside));
        }
        if serde_json::from_slice::<ClaimQuestion>(question).is_ok() {
            return Err(wrong(ArchiveMember::Claim, "tidak ada", "is missing"));
        }
        let value: serde_json::Value = serde_json::from_slice(question).map_err(json)?;
        if value.get("release").is_some() {
            let ReleaseQuestion { as_known, release } = serde_json::from_slice(question).map_err(json)?;
            let beside = AnswerExtras { list: true, disclose: BTreeSet::new() };
            return Ok((Self::Release { index: release, as_known }, beside));
        }
        let asked: ViewQuestion = serde_json::from_slice(question).map_err(json)?;
        let view = view_version(&asked.view, asked.version).map_err(|error| {
            let message = error.message();
            wrong(ArchiveMember::Question, &message.id, &message.en)
        })?;
        let ViewQuestion { disclose, list, question, .. } = asked;
        Ok((Self::View { view, question }, AnswerExtras { list, disclose }))
    }

    /// It as `question.json`.
    ///
    /// # Errors
    /// None that a question can cause.
    pub fn question(&self, beside: &AnswerExtras) -> serde_json::Result<Vec<u8>> {
        let AnswerExtras { list, disclose } = beside.clone();
        match self {
            Self::Claim { judging: Judging { today, on, as_known }, stream, .. } => {
                let (as_known, on, today) = (*as_known, *on, *today);
                let stream = stream.map(Subject::Claim);
                to_json(&ClaimQuestion { as_known, disclose, list, on, stream, today })
            }
            Self::View { view, question } => to_json(&ViewQuestion {
                disclose,
                list,
                question: question.clone(),
                version: view.version,
                view: view.name.to_owned(),
            }),
            Self::Release { index, as_known } => {
                to_json(&ReleaseQuestion { as_known: *as_known, release: *index })
            }
        }
    }

    /// Number of events that the answer knows.
    #[must_use]
    pub fn as_known(&self) -> u64 {
        match self {
            Self::Claim { judging, .. } => judging.as_known,
            Self::View { question, .. } => question.as_known,
            Self::Release { as_known, .. } => *as_known,
        }
    }

    /// The latest day that it is about; of a release, which is of a period that was over, none is asked.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Claim { claim, judging, .. } => Some(claim.judged_on(judging.on, judging.today)),
            Self::View { question, .. } => Some(question.on),
            Self::Release { .. } => None,
        }
    }

    /// A newer version of the view that it is answered by, where this program knows one: no part of the answer, for
    /// whoever checks later may know a newer one.
    #[must_use]
    pub fn newer_version(&self) -> Option<u32> {
        let view = self.view()?;
        Some(newest_version(view.name)).filter(|newest| *newest > view.version)
    }

    /// The view that it is answered by; none for a claim that names nothing to be counted.
    #[must_use]
    pub fn view(&self) -> Option<&'static ViewDeclaration> {
        match self {
            Self::Claim { claim, .. } => Some(claim.measured().ok()??.0),
            Self::View { view, .. } => Some(view),
            Self::Release { .. } => None,
        }
    }

    /// Answers from facts and events.
    ///
    /// # Errors
    /// When there is no answer, and when an event cannot be read.
    pub fn answer(
        &self,
        ground: AnswerSource<'_>,
        place: &LogPlace,
        list: bool,
    ) -> Result<Answered, Problem> {
        let json = |error: serde_json::Error| Problem::new(error.to_string(), error.to_string());
        match self {
            Self::Claim { claim, judging, stream, .. } => {
                if let Some(id) = stream {
                    hold_recorded(ground, *id, claim)?;
                }
                let mut report = judging
                    .judge(claim, ground.facts, ground.log, ground.synthetic)
                    .map_err(|error| Problem::from(error.message()))?;
                if !list {
                    report.leave_out_members();
                }
                let used = report.answers.iter().map(|used| (used.view, used.version));
                let definition = definition(used)?;
                let file = ArchiveMember::Claim.to_string();
                let claim = (**claim).clone();
                let judged = Judged { file, claim, report, stream: None, recorded: None };
                let claims = std::slice::from_ref(&judged);
                let json =
                    to_json(&JudgedClaims { words: claimant_words(), claims, log: place }).map_err(json)?;
                Ok(Answered { told: BundleAnswer::Claim(Box::new(judged)), json, definition })
            }
            Self::View { view, question } => {
                let answer =
                    view.answer(ground.facts, question).map_err(|error| Problem::from(error.message()))?;
                let json = to_json(&ViewAnswer::new(&answer, place, list)).map_err(json)?;
                let definition = definition([(view.name, view.version)])?;
                Ok(Answered { told: BundleAnswer::View(Box::new(answer)), json, definition })
            }
            Self::Release { index, as_known } => {
                let released = find_release(ground.log, *index, *as_known)?;
                let json = to_json(&ReleaseAnswer { release: &released, log: place }).map_err(json)?;
                let definition = released::definition();
                Ok(Answered { told: BundleAnswer::Release(Box::new(released)), json, definition })
            }
        }
    }
}

/// A claim that names a stream must be what that says.
fn hold_recorded(ground: AnswerSource<'_>, id: ClaimId, claim: &Claim) -> Result<(), Problem> {
    let (stream, size) = (Subject::Claim(id), ground.size);
    let recorded = recorded_claim(ground.facts, ground.log, id, size).map_err(|error| error.message())?;
    match recorded {
        Some(recorded) if recorded == *claim => Ok(()),
        Some(_) => Err(Problem::new(
            format!("klaimnya bukan yang tercatat sebagai {stream} pada ukuran log {size}"),
            format!("the claim is not the one that is recorded as {stream} at log size {size}"),
        )),
        None => Err(Problem::new(
            format!("{stream} tidak tercatat pada ukuran log {size}"),
            format!("{stream} is not recorded at log size {size}"),
        )),
    }
}

/// `definition.txt`: name, version and both languages of each view, each once.
fn definition(views: impl IntoIterator<Item = (&'static str, u32)>) -> Result<String, Problem> {
    let mut text = String::new();
    let mut told: Vec<(&str, u32)> = Vec::new();
    for (name, version) in views {
        if told.contains(&(name, version)) {
            continue;
        }
        told.push((name, version));
        let view = view_version(name, version).map_err(|error| Problem::from(error.message()))?;
        let (title, words) = (view.title, view.definition);
        text.push_str(&format!(
            "{name} v{version}\n\n{}\n{}\n\n{}\n{}\n\n",
            title.id, words.id, title.en, words.en
        ));
    }
    if told.is_empty() {
        text.push_str(
            "Klaim ini tidak dihitung dari tampilan mana pun.\n\nNo view counts what this claim says.\n",
        );
    }
    Ok(text)
}

/// The place in a log that is `synthetic` or not, for an answer that knows `size` of its events.
///
/// # Errors
/// When the last of them cannot be read.
pub fn place(
    log: &dyn ClaimLog,
    size: u64,
    root: jejak_events::tree::Hash,
    synthetic: bool,
) -> Result<LogPlace, ReadFailure> {
    let last = size.checked_sub(1).map(|last| log.event(last)).transpose()?;
    Ok(LogPlace::new(size, root, last.map(|event| (event.recorded, event.draft.source.area)), synthetic))
}
