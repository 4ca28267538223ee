//! How an event stands at a size of the log: the registry's word, in a form of its own, signed.
//!
//! A tree proves that an event is in it, never that nothing after it took the event back: who has no log must be told,
//! and must see who says so. A statement binds the word to one event, one tree and one day, under the attestation key.
//! This module must never read a statement that says a thing twice or in two ways, nor one with a second signature.

use std::fmt;

use jejak_events::area::AreaCode;
use jejak_events::checkpoint::{Checkpoint, parse_decimal};
use jejak_events::fault::Message;
use jejak_events::note::{Note, NoteError, NoteSigner, VerifierKey};
use jejak_events::time::RecordedTime;
use jejak_events::tree::Hash;
use jejak_events::values::Date;

use crate::rules::effects::{By, Effect};
use crate::words::event_words::day_in_both;

const HEADER: &str = "jejak receipt standing v1";

/// How an event stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventStanding {
    /// Name of the log.
    pub origin: String,
    /// Index of the event.
    pub index: u64,
    /// Size of the log that was looked at.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// The day that it stands so.
    pub on: Date,
    /// Whether the registry holds made-up data.
    pub synthetic: bool,
    /// In the order of [`Effect`], each once; none where it is in force.
    pub effects: Vec<(Effect, By)>,
}

/// Why a statement is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StandingError {
    /// The note around it was refused, or its signature does not check.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Another signature stands under it, by nobody known.
    #[error("it has {0} signatures; the attestation key signs it alone")]
    Signatures(usize),
    /// A line is not what stands in its place.
    #[error("line {line} is not `{wanted}`")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// The form expected.
        wanted: &'static str,
    },
    /// It is of another event, tree or log.
    #[error("it is about another event, or another state of the log")]
    OfAnother,
    /// The registry did not hold the event on the day that the word is of.
    #[error("it is of {on}, and the event was recorded only at {recorded}")]
    TooEarly {
        /// The day of the word.
        on: Date,
        /// When the event was recorded.
        recorded: RecordedTime,
    },
    /// The word is of a day after the moment that it is judged for.
    #[error("it is of {on}, which has not come on {day}")]
    NotCome {
        /// The day of the word.
        on: Date,
        /// The day that it is judged for.
        day: Date,
    },
}

impl EventStanding {
    /// Whether what the event says does not hold any more.
    #[must_use]
    pub fn is_void(&self) -> bool {
        self.effects.iter().any(|(effect, _)| effect.voids())
    }

    /// How it stands, in words.
    #[must_use]
    pub fn message(&self) -> Message {
        if self.effects.is_empty() {
            return Message::new("berlaku", "in force");
        }
        let (mut id, mut en) = (Vec::new(), Vec::new());
        for (effect, by) in &self.effects {
            let words = effect.words();
            match by {
                By::Event(index) => {
                    id.push(format!("{} (peristiwa {index})", words.id));
                    en.push(format!("{} (event {index})", words.en));
                }
                By::Day(day) => {
                    let day = day_in_both(*day);
                    id.push(format!("{} (sesudah {})", words.id, day.id));
                    en.push(format!("{} (after {})", words.en, day.en));
                }
            }
        }
        Message::new(id.join("; "), en.join("; "))
    }

    /// Signs the statement.
    ///
    /// # Errors
    /// [`StandingError::Note`] when the text cannot be a note's.
    pub fn sign(&self, signer: &NoteSigner) -> Result<String, StandingError> {
        let mut note = Note::new(self.to_string())?;
        note.add(signer.sign(&note))?;
        Ok(note.to_string())
    }

    /// Reads a signed statement about the event at `index` under a checkpoint, and believes it when `key` signed it,
    /// alone.
    ///
    /// # Errors
    /// [`StandingError`].
    pub fn open(
        bytes: &[u8],
        key: &VerifierKey,
        index: u64,
        checkpoint: &Checkpoint,
    ) -> Result<Self, StandingError> {
        let note = Note::parse(bytes)?;
        note.verify([key])?;
        match note.signatures().len() {
            1 => {}
            count => return Err(StandingError::Signatures(count)),
        }
        let standing = Self::parse(note.text())?;
        let of = (standing.origin.as_str(), standing.index, standing.size, standing.root);
        let is_beyond = |(_, by): &(Effect, By)| matches!(by, By::Event(index) if *index >= standing.size);
        if of != (checkpoint.origin(), index, checkpoint.size(), checkpoint.root())
            || standing.effects.iter().any(is_beyond)
        {
            return Err(StandingError::OfAnother);
        }
        // One form: what it says is what is written out again.
        if standing.to_string() != note.text() {
            return Err(StandingError::Line {
                line: 8,
                wanted: "stands <code> <event or day>, in order, each once",
            });
        }
        Ok(standing)
    }

    /// Holds the day of the word against when the event was recorded, and against the moment that it is judged for, in
    /// milliseconds since 1970-01-01T00:00:00Z; `None` judges none.
    ///
    /// # Errors
    /// [`StandingError::TooEarly`], [`StandingError::NotCome`].
    pub fn hold_day(
        &self,
        recorded: RecordedTime,
        at: Option<i64>,
        area: AreaCode,
    ) -> Result<(), StandingError> {
        let on = self.on;
        if on < recorded.date_in(area) {
            return Err(StandingError::TooEarly { on, recorded });
        }
        match at.and_then(RecordedTime::from_unix_ms).map(|at| at.date_in(area)) {
            Some(day) if on > day => Err(StandingError::NotCome { on, day }),
            _ => Ok(()),
        }
    }

    fn parse(text: &str) -> Result<Self, StandingError> {
        let mut lines = text.lines();
        let mut field = |line: usize, before: &str, wanted: &'static str| {
            let found = lines.next().and_then(|text| text.strip_prefix(before));
            found.ok_or(StandingError::Line { line, wanted })
        };
        let wrong = |line, wanted| move || StandingError::Line { line, wanted };
        if !field(1, HEADER, HEADER)?.is_empty() {
            return Err(wrong(1, HEADER)());
        }
        let origin = field(2, "origin ", "origin <origin>")?.to_owned();
        let number = |text, line, wanted| parse_decimal(text).ok_or_else(wrong(line, wanted));
        let index = number(field(3, "index ", "index <decimal>")?, 3, "index <decimal>")?;
        let size = number(field(4, "size ", "size <decimal>")?, 4, "size <decimal>")?;
        let root = field(5, "root ", "root <base64>")?;
        let root = Hash::from_base64(root).ok_or_else(wrong(5, "root <base64>"))?;
        let on = Date::parse(field(6, "on ", "on <YYYY-MM-DD>")?);
        let on = on.map_err(|_| wrong(6, "on <YYYY-MM-DD>")())?;
        let synthetic = match field(7, "synthetic ", "synthetic yes|no")? {
            "yes" => true,
            "no" => false,
            _ => return Err(wrong(7, "synthetic yes|no")()),
        };
        let wanted = "stands in_force | stands <code> event <index> | stands <code> day <YYYY-MM-DD>";
        let mut effects: Vec<(Effect, By)> = Vec::new();
        for (line, text) in (8..).zip(lines) {
            let words: Vec<&str> = text.split(' ').collect();
            let (code, by) = match words[..] {
                ["stands", "in_force"] => continue,
                ["stands", code, "event", index] => (code, parse_decimal(index).map(By::Event)),
                ["stands", code, "day", day] => (code, Date::parse(day).ok().map(By::Day)),
                _ => return Err(wrong(line, wanted)()),
            };
            let effect = Effect::of_code(code);
            let effect = effect.zip(by).ok_or_else(wrong(line, wanted))?;
            if effects.last().is_some_and(|last| last.0 >= effect.0) {
                return Err(wrong(line, "each effect once, in the order of FORMAT.md")());
            }
            effects.push(effect);
        }
        Ok(Self { origin, index, size, root, on, synthetic, effects })
    }
}

impl fmt::Display for EventStanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let synthetic = if self.synthetic { "yes" } else { "no" };
        writeln!(
            f,
            "{HEADER}\norigin {}\nindex {}\nsize {}\nroot {}\non {}\nsynthetic {synthetic}",
            self.origin, self.index, self.size, self.root, self.on
        )?;
        if self.effects.is_empty() {
            return writeln!(f, "stands in_force");
        }
        self.effects.iter().try_for_each(|(effect, by)| writeln!(f, "stands {} {by}", effect.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(effects: Vec<(Effect, By)>) -> EventStanding {
        let (origin, on) = ("jejak.example/test".to_owned(), Date::parse("2026-01-31").unwrap());
        EventStanding { origin, index: 1, size: 2, root: Hash([7; 32]), on, synthetic: true, effects }
    }

    fn signer(seed: u8) -> NoteSigner {
        NoteSigner::new("jejak.example/test/attestation", &[seed; 32]).unwrap()
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint::new("jejak.example/test", 2, Hash([7; 32])).unwrap()
    }

    #[test]
    fn what_came_of_an_event_is_said_in_words() {
        for (effect, said) in [
            (Effect::Corrected, "corrected and replaced (event 1)"),
            (Effect::Promoted, "a place was given since (event 1)"),
            (Effect::Left, "the sentra was left since (event 1)"),
        ] {
            assert_eq!(standing(vec![(effect, By::Event(1))]).message().en, said);
        }
    }

    #[test]
    fn a_statement_is_read_as_it_was_signed() {
        let day = By::Day(Date::parse("2025-12-31").unwrap());
        for effects in [
            vec![],
            vec![(Effect::Retracted, By::Event(1))],
            vec![(Effect::Lapsed, day), (Effect::Renewed, By::Event(0))],
        ] {
            let standing = standing(effects);
            let signed = standing.sign(&signer(1)).unwrap();
            let read = EventStanding::open(signed.as_bytes(), signer(1).verifier_key(), 1, &checkpoint());
            assert_eq!(read.unwrap(), standing);
        }
    }

    /// By the clocks of the office: its day begins seven hours before that of UTC.
    #[test]
    fn a_word_is_of_a_day_on_which_the_event_stood_and_that_has_come() {
        let standing = standing(vec![]);
        let area = AreaCode::parse("33.75").unwrap();
        let at = |text: &str| RecordedTime::parse(text).unwrap();
        let hold = |recorded, judged: Option<&str>| {
            standing.hold_day(at(recorded), judged.map(|judged| at(judged).unix_ms()), area)
        };
        const BEFORE: &str = "2026-01-30T16:59:59.999Z";
        for (recorded, judged) in [
            ("2026-01-31T16:59:59.999Z", None),
            (BEFORE, None),
            (BEFORE, Some("2026-01-30T17:00:00.000Z")),
            (BEFORE, Some("2026-02-28T17:00:00.000Z")),
        ] {
            assert_eq!(hold(recorded, judged), Ok(()), "{recorded} {judged:?}");
        }
        assert!(matches!(hold("2026-01-31T17:00:00.000Z", None), Err(StandingError::TooEarly { .. })));
        assert!(matches!(hold(BEFORE, Some(BEFORE)), Err(StandingError::NotCome { .. })));
    }

    #[test]
    fn what_is_signed_otherwise_or_about_another_is_refused() {
        let good = standing(vec![(Effect::Retracted, By::Event(1))]);
        let signed = good.sign(&signer(1)).unwrap();
        let open =
            |text: &str| EventStanding::open(text.as_bytes(), signer(1).verifier_key(), 1, &checkpoint());
        let with = |from: &str, to: &str| {
            let text = good.to_string();
            assert!(text.contains(from), "{from}");
            let mut note = Note::new(text.replacen(from, to, 1)).unwrap();
            note.add(signer(1).sign(&note)).unwrap();
            note.to_string()
        };
        for (altered, said) in [
            (with("index 1", "index 0"), "another event"),
            (with("size 2", "size 3"), "another event"),
            (with("origin jejak", "origin other"), "another event"),
            (with("standing v1", "standing v2"), "line 1"),
            (with("size 2", "size 02"), "line 4"),
            (with("synthetic yes", "synthetic maybe"), "line 7"),
            (with("event 1", "event x"), "line 8"),
            (with("event 1", "event 2"), "another state of the log"),
            (with("stands retracted event 1\n", ""), "line 8"),
            (with("stands retracted", "stands unknown"), "line 8"),
            (with("stands retracted event 1\n", "stands in_force\nstands retracted event 1\n"), "line 8"),
            (
                with("stands retracted event 1\n", "stands retracted event 1\nstands retracted event 1\n"),
                "line 9",
            ),
            (signed.replacen("event 1", "event 0", 1), "signature"),
        ] {
            let refused = open(&altered).unwrap_err().to_string();
            assert!(refused.contains(said), "{said}: {refused}");
        }
        let mut more = Note::parse(signed.as_bytes()).unwrap();
        more.add(NoteSigner::new("bpk.example", &[9; 32]).unwrap().sign(&more)).unwrap();
        assert_eq!(open(&more.to_string()).unwrap_err(), StandingError::Signatures(2));
        assert!(EventStanding::open(signed.as_bytes(), signer(2).verifier_key(), 1, &checkpoint()).is_err());
    }
}
