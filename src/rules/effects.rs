//! What may come of an event after it was recorded, each effect with its words.
//!
//! Must never tell which effect an event had: that is asked of its streams.

use std::borrow::Cow;
use std::fmt;

use jejak_events::values::Date;
use jejak_projections::answer::Words;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// What came of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Retracted.
    Retracted,
    /// Replaced by a correction.
    Corrected,
    /// Its certificate was revoked.
    Revoked,
    /// Its certificate is suspended.
    Suspended,
    /// The last day of validity is past.
    Lapsed,
    /// Its certificate has a further term.
    Renewed,
    /// A suspension was lifted.
    Reinstated,
    /// An enrolment was withdrawn.
    Withdrawn,
    /// Somebody on the waiting list has a place.
    Promoted,
    /// A session was cancelled.
    Cancelled,
    /// A session was moved to other days.
    Rescheduled,
    /// The IKM or the programme was closed.
    Closed,
    /// An IKM was opened again.
    Reopened,
    /// A later profile says otherwise.
    Changed,
    /// The IKM or person counts as another one.
    Merged,
    /// A sentra was left.
    Left,
    /// What was withdrawn or left was taken up again.
    Resumed,
    /// A document that it lists was withdrawn.
    Redacted,
    /// The keys of its sealed values were destroyed.
    Erased,
}

/// Code, whether nothing that the event says holds any more, words in both languages.
type EffectWords = (Effect, &'static str, bool, &'static str, &'static str);

const EFFECTS: &[EffectWords] = &[
    (Effect::Retracted, "retracted", true, "ditarik", "retracted"),
    (Effect::Corrected, "corrected", true, "dikoreksi dan diganti", "corrected and replaced"),
    (Effect::Revoked, "revoked", true, "sertifikatnya dicabut", "its certificate was revoked"),
    (Effect::Suspended, "suspended", true, "sertifikatnya dibekukan", "its certificate is suspended"),
    (Effect::Lapsed, "lapsed", true, "masa berlaku sertifikatnya habis", "its certificate has lapsed"),
    (Effect::Renewed, "renewed", false, "sertifikatnya diperpanjang", "its certificate was renewed"),
    (Effect::Reinstated, "reinstated", true, "pembekuannya dihentikan", "the suspension was lifted"),
    (Effect::Withdrawn, "withdrawn", true, "pendaftarannya dibatalkan", "the enrolment was withdrawn"),
    (Effect::Promoted, "promoted", true, "sudah mendapat tempat", "a place was given since"),
    (Effect::Cancelled, "cancelled", true, "sesinya dibatalkan", "the session was cancelled"),
    (Effect::Rescheduled, "rescheduled", true, "sesinya dijadwalkan ulang", "the session was rescheduled"),
    (Effect::Closed, "closed", false, "sudah ditutup", "closed since"),
    (Effect::Reopened, "reopened", true, "sudah dibuka kembali", "opened again since"),
    (Effect::Changed, "changed", false, "profilnya diubah kemudian", "the profile was changed since"),
    (Effect::Merged, "merged", false, "digabungkan ke entri lain", "merged into another entry"),
    (Effect::Left, "left", true, "sudah keluar dari sentra", "the sentra was left since"),
    (Effect::Resumed, "resumed", true, "kemudian ikut lagi", "taken up again since"),
    (
        Effect::Redacted,
        "redacted",
        false,
        "dokumen buktinya ditarik",
        "a document of its evidence was withdrawn",
    ),
    (Effect::Erased, "erased", false, "data pribadinya dihapus", "its personal data were erased"),
];

impl Effect {
    /// The codes of all, in their order.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        EFFECTS.iter().map(|row| row.1)
    }

    fn row(self) -> EffectWords {
        // Every effect has its row; the test holds it.
        EFFECTS.iter().copied().find(|row| row.0 == self).unwrap_or(EFFECTS[0])
    }

    /// As statements and JSON name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The effect that a statement names so.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        EFFECTS.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// What happened, in words.
    #[must_use]
    pub fn words(self) -> Words {
        let (_, _, _, id, en) = self.row();
        Words { id, en }
    }

    /// Whether what the event says does not hold any more.
    #[must_use]
    pub fn voids(self) -> bool {
        self.row().2
    }
}

/// The codes of effects, as a schema.
#[derive(Clone, Copy, Debug)]
pub enum EffectCode {}

impl JsonSchema for EffectCode {
    fn schema_name() -> Cow<'static, str> {
        "EffectCode".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "enum": Effect::codes().collect::<Vec<_>>(), "description": "What an effect did"})
    }
}

/// By what an effect came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The event at this index.
    Event(u64),
    /// The end of this day.
    Day(Date),
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(index) => write!(f, "event {index}"),
            Self::Day(day) => write!(f, "day {day}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_has_its_row() {
        for (position, row) in EFFECTS.iter().enumerate() {
            assert_eq!((row.0.code(), row.0 as usize), (row.1, position));
        }
        assert_eq!(EFFECTS.last().map(|row| row.0), Some(Effect::Erased));
    }
}
