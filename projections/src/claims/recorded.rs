//! A claim and its check as events: what is recorded, and read back to be judged again.

use jejak_events::fault::Message;
use jejak_events::identity::ClaimId;
use jejak_events::text::folded;
use jejak_events::types::claim::{
    ClaimChecked, ClaimCompanion, ClaimCount, ClaimDate, ClaimIndicator, ClaimMade, ClaimPart,
    ClaimScope as RecordedScope, ClaimWhole,
};
use jejak_events::types::{Data, EventType};
use jejak_events::values::{Amount, Code, Count, SetOf, Sha256Hex, Version};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::check::ClaimLog;
use super::report::{AnswerUsed, CheckError, Report};
use super::written::{Claim, ClaimFault, Companion, Indicator, SpokenWhole, WrittenScope};
use crate::facts::Facts;
use crate::lineage::Content;

impl Claim {
    /// The claim as an event says it: whole, with its sets in the order of the record.
    ///
    /// # Errors
    /// When something of it cannot stand in a record: a figure beyond 2^53 - 1, a name that is no code.
    pub fn to_event(&self) -> Result<ClaimMade, ClaimFault> {
        // One weekday is for all the dates.
        let weekdays = self.weekday.iter().chain(std::iter::repeat_n(
            self.weekday.last().unwrap_or(&super::Weekday::Monday),
            self.dates.len(),
        ));
        let dates = self.dates.iter().zip(weekdays);
        Ok(ClaimMade {
            claim: self.claim.clone(),
            document: self.document.clone(),
            kind: self.kind,
            publisher: self.publisher.clone(),
            approximate: self.approximate.then_some(true),
            as_of: self.as_of,
            dates: SetOf::new(
                dates.map(|(date, weekday)| ClaimDate { date: *date, weekday: *weekday }).collect(),
            ),
            due: self.due,
            indicator: self.indicator.as_ref().map(indicator_to_event).transpose()?,
            parts: parts(&self.parts)?,
            published_on: self.published_on,
            scope: scope_to_event(&self.scope),
            sha256: SetOf::new(self.sha256.clone()),
            together: self.together.as_ref().map(companion_to_event).transpose()?,
            unit: self.unit.clone(),
            urn: self.urn.clone(),
            value: self.value,
            whole: self.whole.as_ref().map(whole_to_event).transpose()?,
            evidence: None,
            imported_from: None,
            sealed: None,
        })
    }

    /// The claim that an event says: judged again, it gets the verdict that it got before.
    ///
    /// # Errors
    /// As [`Claim::parse`], for what asks something that its view cannot answer.
    pub fn of_event(made: &ClaimMade) -> Result<Self, ClaimFault> {
        let dates = || made.dates.iter().flat_map(|set| set.iter());
        let mut parts: Vec<&ClaimPart> = made.parts.iter().flat_map(|set| set.iter()).collect();
        parts.sort_by_key(|part| part.number);
        let claim = Self {
            document: made.document.clone(),
            sha256: listed(made.sha256.as_ref()),
            publisher: made.publisher.clone(),
            published_on: made.published_on,
            claim: made.claim.clone(),
            kind: made.kind,
            indicator: made.indicator.as_ref().map(|indicator| Indicator {
                view: indicator.view.to_string(),
                version: indicator.version.map(Version::get),
                figure: indicator.figure.as_ref().map(ToString::to_string),
                of: indicator.of.as_ref().map(ToString::to_string),
                rows: indicator.rows.as_ref().map(ToString::to_string),
            }),
            scope: made.scope.as_ref().map(scope_of_event).unwrap_or_default(),
            unit: made.unit.clone(),
            urn: made.urn.clone(),
            value: made.value,
            approximate: made.approximate == Some(true),
            as_of: made.as_of,
            due: made.due,
            parts: parts.into_iter().map(|part| value_of(part.value)).collect(),
            weekday: dates().map(|one| one.weekday).collect(),
            dates: dates().map(|one| one.date).collect(),
            together: made.together.as_ref().map(|companion| Companion {
                scope: companion.scope.as_ref().map(scope_of_event).unwrap_or_default(),
                value: companion.value.map(value_of),
            }),
            whole: made.whole.as_ref().map(|whole| SpokenWhole {
                view: whole.view.to_string(),
                version: whole.version.map(Version::get),
                figure: whole.figure.to_string(),
                scope: whole.scope.as_ref().map(scope_of_event).unwrap_or_default(),
            }),
        };
        claim.validate()?;
        Ok(claim)
    }
}

/// The claim of a stream as it stands at a log size, by its last correction; `None` when none is in force.
///
/// # Errors
/// When the log cannot be read, or the claim asks what no view can answer.
pub fn recorded_claim(
    facts: &Facts,
    log: &dyn ClaimLog,
    id: ClaimId,
    known: u64,
) -> Result<Option<Claim>, CheckError> {
    let Some(index) = facts.claim(id, known) else { return Ok(None) };
    let event = log.event(index).map_err(|source| CheckError::Unreadable { index, source })?;
    Ok(ClaimMade::of(Content::of(&event).data()).map(Claim::of_event).transpose()?)
}

impl Report {
    /// The check of this claim as an event says it.
    ///
    /// # Errors
    /// When a count lies beyond 2^53 - 1.
    pub fn to_event(&self, claim: &Claim, as_known: u64) -> Result<ClaimChecked, ClaimFault> {
        let count = match claim.measured()? {
            None => None,
            Some((view, _)) => Some(ClaimCount {
                counted: amount_of("counted", self.counted)?,
                digest: digest_of(&self.answers),
                of: amount_of("of", self.of)?,
                part: amount_of("part", self.part)?,
                version: version_of(view.version)?,
                view: code("indicator.view", view.name)?,
                whole_version: claim
                    .whole_measured()?
                    .map(|(view, _)| version_of(view.version))
                    .transpose()?,
            }),
        };
        Ok(ClaimChecked {
            as_known: amount("as_known", as_known)?,
            on: self.on,
            verdict: self.verdict,
            count,
            evidence: None,
            imported_from: None,
            sealed: None,
        })
    }
}

/// SHA-256 over the digests of answers, each in hex and a line feed, in the order of the bytes.
#[must_use]
pub fn digest_of(answers: &[AnswerUsed]) -> Sha256Hex {
    let mut digests: Vec<&str> = answers.iter().map(|answer| answer.digest.as_str()).collect();
    digests.sort_unstable();
    let text: String = digests.into_iter().flat_map(|digest| [digest, "\n"]).collect();
    let hex: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    match Sha256Hex::parse(&hex) {
        Ok(digest) => digest,
        Err(message) => unreachable!("SHA-256 in hex is not read: {message}"),
    }
}

/// The identifier of a claim, which follows from what it says: a UUIDv8 of the first bits of SHA-256 over
/// `jejak claim`, a line feed and the facts of its event in canonical JSON, without evidence. Whoever
/// records the same claim again finds it there.
#[must_use]
pub fn id_of(made: &ClaimMade) -> ClaimId {
    let said = ClaimMade { evidence: None, imported_from: None, ..made.clone() };
    let json = Value::Object(Data::from(said).to_object()).to_string();
    let hash = Sha256::digest(format!("jejak claim\n{json}"));
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    // RFC 9562, section 5.8: version and variant; the rest is ours.
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    match ClaimId::new(Uuid::from_bytes(bytes)) {
        Some(id) => id,
        None => unreachable!("a UUIDv8 is the identifier of a claim"),
    }
}

/// What a claim says, with each text in folded form: equal for claims that say the same in other writing.
#[must_use]
pub fn folded_claim(made: &ClaimMade) -> Value {
    fn fold(value: &mut Value) {
        match value {
            Value::String(text) => *text = folded(text),
            Value::Array(list) => list.iter_mut().for_each(fold),
            Value::Object(object) => object.values_mut().for_each(fold),
            _ => {}
        }
    }
    let said = ClaimMade { evidence: None, imported_from: None, ..made.clone() };
    let mut said = Value::Object(Data::from(said).to_object());
    fold(&mut said);
    said
}

fn listed<T: Clone + serde::Serialize>(set: Option<&SetOf<T>>) -> Vec<T> {
    set.map(|set| set.to_vec()).unwrap_or_default()
}

fn value_of(amount: Amount) -> u64 {
    amount.get().unsigned_abs()
}

fn amount(field: &str, value: u64) -> Result<Amount, ClaimFault> {
    i64::try_from(value).ok().and_then(Amount::new).ok_or_else(|| {
        ClaimFault::at(
            field,
            format!("{value} terlalu besar untuk dicatat; paling besar 2^53 - 1"),
            format!("{value} is too large to be recorded; at most 2^53 - 1"),
        )
    })
}

fn amount_of(field: &str, value: Option<u64>) -> Result<Option<Amount>, ClaimFault> {
    value.map(|value| amount(field, value)).transpose()
}

fn code(field: &str, name: &str) -> Result<Code, ClaimFault> {
    Code::parse(name).map_err(|Message { id, en }| ClaimFault::at(field, id, en))
}

fn version_of(version: u32) -> Result<Version, ClaimFault> {
    Version::new(version).ok_or_else(|| {
        ClaimFault::at(
            "indicator.version",
            format!("versi {version} tidak ada; versi dimulai dari 1"),
            format!("there is no version {version}; versions begin at 1"),
        )
    })
}

fn parts(parts: &[u64]) -> Result<Option<SetOf<ClaimPart>>, ClaimFault> {
    let numbered = (1u32..).zip(parts).map(|(number, value)| {
        let number = Count::new(number).ok_or_else(|| {
            ClaimFault::at("parts", "bagiannya terlalu banyak untuk dicatat", "too many parts to be recorded")
        })?;
        Ok(ClaimPart { number, value: amount("parts", *value)? })
    });
    Ok(SetOf::new(numbered.collect::<Result<_, ClaimFault>>()?))
}

fn indicator_to_event(indicator: &Indicator) -> Result<ClaimIndicator, ClaimFault> {
    let named = |field: &str, name: &Option<String>| {
        name.as_ref().map(|name| code(&format!("indicator.{field}"), name)).transpose()
    };
    Ok(ClaimIndicator {
        view: code("indicator.view", &indicator.view)?,
        version: indicator.version.map(version_of).transpose()?,
        figure: named("figure", &indicator.figure)?,
        of: named("of", &indicator.of)?,
        rows: named("rows", &indicator.rows)?,
    })
}

fn companion_to_event(companion: &Companion) -> Result<ClaimCompanion, ClaimFault> {
    Ok(ClaimCompanion {
        scope: scope_to_event(&companion.scope),
        value: amount_of("together.value", companion.value)?,
    })
}

fn whole_to_event(whole: &SpokenWhole) -> Result<ClaimWhole, ClaimFault> {
    Ok(ClaimWhole {
        figure: code("whole.figure", &whole.figure)?,
        scope: scope_to_event(&whole.scope),
        version: whole.version.map(version_of).transpose()?,
        view: code("whole.view", &whole.view)?,
    })
}

/// None where the scope narrows nothing.
fn scope_to_event(scope: &WrittenScope) -> Option<RecordedScope> {
    let WrittenScope {
        area,
        program,
        theme,
        scale,
        funding,
        from,
        to,
        commodity,
        exhibition,
        kind,
        legal_form,
        scheme,
        sentra,
        stage,
    } = scope.clone();
    let recorded = RecordedScope {
        area,
        commodity,
        exhibition,
        from,
        funding,
        kind,
        legal_form,
        program: SetOf::new(program),
        scale,
        scheme,
        sentra,
        stage,
        theme: SetOf::new(theme),
        to,
    };
    Some(recorded).filter(|recorded| *recorded != RecordedScope::default())
}

fn scope_of_event(scope: &RecordedScope) -> WrittenScope {
    let RecordedScope {
        area,
        commodity,
        exhibition,
        from,
        funding,
        kind,
        legal_form,
        program,
        scale,
        scheme,
        sentra,
        stage,
        theme,
        to,
    } = scope.clone();
    WrittenScope {
        area,
        program: listed(program.as_ref()),
        theme: listed(theme.as_ref()),
        scale,
        funding,
        from,
        to,
        commodity,
        exhibition,
        kind,
        legal_form,
        scheme,
        sentra,
        stage,
    }
}
