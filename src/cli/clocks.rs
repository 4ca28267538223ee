//! The two clocks of a question: the day it is for, and how much of the log it knows.

use std::io::Write;

use jejak_events::excerpt::quoted;
use jejak_events::moment::{inside, is_known_at, is_known_on};
use jejak_events::time::RecordedTime;
use jejak_events::values::Date;

use super::Context;
use super::exit::Stop;
use super::output::write_label;
pub use crate::answer_json::LogPlace;
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;
use crate::words::event_words::{day, events, moment};
use crate::words::language::{Language, text};

/// A day given to a flag.
///
/// # Errors
/// [`Stop::Usage`], naming the flag.
pub fn date(flag: &str, text: &str) -> Result<Date, Stop> {
    Date::parse(text)
        .map_err(|message| Stop::usage(format!("{flag}: {}", message.id), format!("{flag}: {}", message.en)))
}

/// How much of the log is to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsKnown {
    /// The first so many events.
    Size(u64),
    /// Milliseconds since 1970-01-01T00:00:00Z, inclusive.
    Moment(i64),
    /// Through the end of this day where the office is.
    Day(Date),
}

impl AsKnown {
    /// Reads what `flag` was given: a log size, a moment or a day.
    ///
    /// # Errors
    /// [`Stop::Usage`] for anything else.
    pub fn read(flag: &str, text: &str) -> Result<Self, Stop> {
        let unknown = || {
            Stop::usage(
                format!(
                    "{flag} {text} harus ukuran log, tanggal, atau waktu RFC 3339; contoh: 120, 2025-10-08, 2025-10-08T09:00:00+07:00",
                    text = quoted(text)
                ),
                format!(
                    "{flag} {text} must be a log size, a date, or an RFC 3339 time; examples: 120, 2025-10-08, 2025-10-08T09:00:00+07:00",
                    text = quoted(text)
                ),
            )
        };
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Size).map_err(|_| unknown());
        }
        if let Ok(moment) = chrono::DateTime::parse_from_rfc3339(text) {
            return Ok(Self::Moment(moment.timestamp_millis()));
        }
        Date::parse(text).map(Self::Day).map_err(|_| unknown())
    }

    /// The number of events known then, for a question.
    ///
    /// # Errors
    /// [`Stop::Usage`] for a time that has not come and a size that the log never had; else when the log cannot
    /// be read.
    pub fn size(self, context: &Context, snapshot: &Snapshot) -> Result<u64, Stop> {
        match self {
            Self::Moment(unix_ms) if unix_ms > context.now(snapshot)?.unix_ms() => {
                let moment = RecordedTime::from_unix_ms(unix_ms);
                return Err(not_come(
                    moment.map_or_else(|| unix_ms.to_string(), |moment| moment.to_string()),
                ));
            }
            Self::Day(day) if day > context.today(snapshot)? => return Err(not_come(day.to_string())),
            _ => {}
        }
        let size = self.count(snapshot)?;
        match snapshot.sizes_around(size).map_err(RegistryError::from)? {
            None => Ok(size),
            Some(around) => {
                let message = inside(size, &around);
                Err(Stop::usage(message.id, message.en))
            }
        }
    }

    /// The number of events recorded by then.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn count(self, snapshot: &Snapshot) -> Result<u64, RegistryError> {
        let area = snapshot.source().area;
        match self {
            Self::Size(size) => Ok(size),
            Self::Moment(unix_ms) => Ok(snapshot.size_while(|recorded| is_known_at(recorded, unix_ms))?),
            Self::Day(day) => Ok(snapshot.size_while(|recorded| is_known_on(recorded, day, area))?),
        }
    }
}

/// Refuses what cannot be known yet.
fn not_come(moment: String) -> Stop {
    Stop::usage(
        format!(
            "{moment} belum tiba: yang dicatat sampai saat itu belum dapat diketahui; sebut waktu yang sudah lewat"
        ),
        format!(
            "{moment} has not come: what is recorded by then cannot be known yet; name a time that is past"
        ),
    )
}

/// The day and the log size that a question is for: today, and all of the log, where it names none.
///
/// # Errors
/// When the clock cannot be read as a date, or the log cannot be read.
pub fn asked(
    context: &Context,
    snapshot: &Snapshot,
    on: Option<Date>,
    known: Option<AsKnown>,
) -> Result<(Date, u64), Stop> {
    let on = on.map_or_else(|| context.today(snapshot), Ok)?;
    let size = known.map_or_else(|| Ok(snapshot.size()), |known| known.size(context, snapshot))?;
    Ok((on, size))
}

/// Notes on stderr which of the days asked for have not come: what is recorded says nothing of what happens until then.
///
/// # Errors
/// When the clock cannot be read as a date.
pub fn note_to_come<'a>(
    context: &Context,
    snapshot: &Snapshot,
    days: impl IntoIterator<Item = (&'a str, Option<Date>)>,
) -> Result<(), Stop> {
    let today = context.today(snapshot)?;
    for (flag, on) in days {
        let Some(on) = on.filter(|on| *on > today) else { continue };
        context.say(&text!(
            context.language,
            "jejak: {flag} {on} belum tiba: jawaban ini hanya menurut yang sudah tercatat, tanpa yang masih akan terjadi",
            "jejak: {flag} {on} has not come: this answer goes by what is recorded so far, without what is still to happen"
        ));
    }
    Ok(())
}

/// A day that was asked for, in words; of one that has not come that too, since a page is read apart from its notes.
#[must_use]
pub fn day_asked(on: Date, today: Date, language: Language) -> String {
    let said = day(on, language);
    match on > today {
        true => text!(language, "{said} (belum tiba)", "{said} (has not come)"),
        false => said,
    }
}

impl LogPlace {
    /// Reads root and recorded time at a size.
    ///
    /// # Errors
    /// When the log is smaller or cannot be read.
    pub fn at(snapshot: &Snapshot, size: u64) -> Result<Self, Stop> {
        let now = snapshot.size();
        if size > now {
            return Err(Stop::usage(
                format!(
                    "diminta keadaan pada ukuran log {size}, padahal baru ada {now}; minta paling banyak itu"
                ),
                format!("asked as known at log size {size}, but the log holds {now}; ask for at most that"),
            ));
        }
        let root = snapshot.root_at(size)?;
        let last =
            size.checked_sub(1).map(|last| snapshot.event(last)).transpose().map_err(RegistryError::from)?;
        let last = last.map(|event| (event.recorded, event.draft.source.area));
        Ok(Self::new(size, root, last, snapshot.constitution().synthetic))
    }

    /// Until when it was recorded, in words.
    pub fn until(&self, language: Language) -> String {
        self.last.map_or_else(|| "-".to_owned(), |(recorded, area)| moment(recorded, area, language))
    }
}

/// Writes how much of the log an answer knows.
///
/// # Errors
/// When the output cannot be written.
pub fn write_known(out: &mut dyn Write, log: &LogPlace, language: Language) -> Result<(), Stop> {
    let (size, until) = (events(log.size, language), log.until(language));
    let known = text!(language, "{size}, dicatat sampai {until}", "{size}, recorded until {until}");
    write_label(out, language.pick("diketahui", "as known at"), known)
}

/// The same with the root there.
///
/// # Errors
/// When the output cannot be written.
pub fn write_place(out: &mut dyn Write, log: &LogPlace, language: Language) -> Result<(), Stop> {
    write_known(out, log, language)?;
    write_label(out, language.pick("akar", "root"), &log.root)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jejak_events::identity::{Actor, ActorKind, Source};
    use jejak_events::proposal::Proposal;
    use jejak_projections::claims::ClaimLog;

    use super::*;
    use crate::environment::{Environment, ManualClock, SeededRandomness};
    use crate::proof::replay::entries::{EntrySource, SourceError, replay};
    use crate::registry::{InitReport, Options, Registry, create};

    fn at(text: &str) -> RecordedTime {
        RecordedTime::parse(text).unwrap()
    }

    struct Entries(Vec<Vec<u8>>);

    impl EntrySource for Entries {
        fn read(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), SourceError> {
            let _ = self.0.iter().all(|entry| take(entry));
            Ok(())
        }
    }

    /// A registry of Pekalongan that recorded one IKM at each of these moments.
    fn recorded_at(directory: &std::path::Path, moments: &[&str]) -> Registry {
        let clock = Arc::new(ManualClock::at(at("2025-10-06T03:00:00.000Z")));
        let mut options = Options::in_directory(directory.join("data"));
        let randomness = Arc::new(SeededRandomness::new(7));
        options.environment = Environment { clock: clock.clone(), randomness };
        let source = Source::parse("urn:jejak:33.75:dinperinaker").unwrap();
        let origin = jejak_events::values::Origin::parse("jejak.example/test").unwrap();
        let recovery_file = directory.join("recovery");
        create(&options, &InitReport { origin, source, synthetic: true, recovery_file }).unwrap();
        let registry = Registry::open(&options).unwrap();
        let mut now = at("2025-10-06T03:00:00.000Z");
        for (number, moment) in (1..).zip(moments) {
            let next = at(moment);
            let ms = u64::try_from(next.unix_ms() - now.unix_ms()).unwrap();
            clock.advance(std::time::Duration::from_millis(ms));
            now = next;
            let ikm = format!(
                r#"{{"id":"01890a5d-ac96-774b-bcce-{number:012x}","type":"id.jejak.ikm.registered.v1",
                "subject":"ikm/7f2c1a34-5b6d-4e8f-9a0b-{number:012x}","time":"2025-01-06T00:00:00+07:00",
                "data":{{"area":"33.75","commodity":"batik","kbli":{{"code":"13134","year":2020}},
                "sole_proprietor":false,"name":"Batik Contoh"}}}}"#
            );
            let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
            let proposal = Proposal::parse(ikm.as_bytes(), &defaults).unwrap();
            assert!(registry.append_blocking(vec![proposal], false).unwrap()[0].refusal().is_none());
        }
        registry
    }

    /// The end of 8 October in Pekalongan is 17:00 UTC: by the command line, for claims, and in a replay.
    #[test]
    fn a_size_is_that_at_the_very_moment_and_at_the_end_of_the_day_there() {
        let directory = tempfile::tempdir().unwrap();
        let (last, first) = ("2025-10-08T16:59:59.999Z", "2025-10-08T17:00:00.000Z");
        let registry = recorded_at(directory.path(), &[last, first]);
        let reader = registry.reader();
        let mut entries = Vec::new();
        reader
            .scan(0..reader.size(), &mut |_, bytes| {
                entries.push(bytes.to_vec());
                true
            })
            .unwrap();
        let replayed = replay(&mut Entries(entries), 3, [3], &|_| true).unwrap();
        let moments = [(last, -1, 1), (last, 0, 2), (first, -1, 2), (first, 0, 3), (first, 1, 3)];
        for (moment, ms, size) in moments {
            let known = AsKnown::Moment(at(moment).unix_ms() + ms);
            assert_eq!(known.count(&registry.snapshot()).unwrap(), size, "{ms} ms after {moment}");
        }
        for (day, size) in
            [("2025-10-05", 0), ("2025-10-06", 1), ("2025-10-07", 1), ("2025-10-08", 2), ("2025-10-09", 3)]
        {
            let on = Date::parse(day).unwrap();
            assert_eq!(AsKnown::Day(on).count(&registry.snapshot()).unwrap(), size, "{day}");
            assert_eq!(registry.snapshot().size_on(on).unwrap(), size, "claims, {day}");
            assert_eq!(replayed.size_on(on).unwrap(), size, "replay, {day}");
        }
        registry.close().unwrap();
    }

    #[test]
    fn a_day_to_come_is_said_to_have_not_come() {
        let day = |text| Date::parse(text).unwrap();
        let said = |on, language| day_asked(day(on), day("2026-06-30"), language);
        assert_eq!(said("2026-06-30", Language::En), "30 Jun 2026");
        assert_eq!(said("2026-07-01", Language::En), "1 Jul 2026 (has not come)");
        assert_eq!(said("2030-01-01", Language::Id), "1 Jan 2030 (belum tiba)");
    }

    #[test]
    fn as_known_takes_a_size_a_moment_or_a_day() {
        assert_eq!(AsKnown::read("--as-known", "120").unwrap(), AsKnown::Size(120));
        assert_eq!(AsKnown::read("--as-known", "1970-01-01T07:00:01+07:00").unwrap(), AsKnown::Moment(1000));
        let day = Date::parse("2025-10-08").unwrap();
        assert_eq!(AsKnown::read("--as-known", "2025-10-08").unwrap(), AsKnown::Day(day));
        for wrong in ["", "-1", "2025-02-31", "yesterday", "99999999999999999999999"] {
            assert!(AsKnown::read("--as-known", wrong).is_err(), "{wrong:?}");
        }
    }
}
