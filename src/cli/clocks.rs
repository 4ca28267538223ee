//! The two clocks of a question: the day it is for, and how much of the log it knows.

use jejak_events::values::Date;

use super::Context;
use super::exit::Stop;
pub use crate::answers::LogPlace;
use crate::registry::Registry;

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
                    "{flag} {text:?} harus ukuran log, tanggal, atau waktu RFC 3339; contoh: 120, 2025-10-08, 2025-10-08T09:00:00+07:00"
                ),
                format!(
                    "{flag} {text:?} must be a log size, a date, or an RFC 3339 time; examples: 120, 2025-10-08, 2025-10-08T09:00:00+07:00"
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

    /// The number of events known then.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn size(self, registry: &Registry) -> Result<u64, Stop> {
        let area = registry.source().area;
        match self {
            Self::Size(size) => Ok(size),
            Self::Moment(unix_ms) => Ok(registry.size_while(|recorded| recorded.unix_ms() <= unix_ms)?),
            Self::Day(day) => Ok(registry.size_while(|recorded| recorded.date_in(area) <= day)?),
        }
    }
}

/// The day and the log size that a question is for: today, and all of the log, where it names none.
///
/// # Errors
/// When the clock cannot be read as a date, or the log cannot be read.
pub fn asked(
    context: &Context,
    registry: &Registry,
    on: Option<Date>,
    known: Option<AsKnown>,
) -> Result<(Date, u64), Stop> {
    let on = on.map_or_else(|| context.today(registry), Ok)?;
    let size = known.map_or_else(|| Ok(registry.reader().size()), |known| known.size(registry))?;
    Ok((on, size))
}

impl LogPlace {
    /// Reads root and recorded time at a size.
    ///
    /// # Errors
    /// When the log is smaller or cannot be read.
    pub fn at(registry: &Registry, size: u64) -> Result<Self, Stop> {
        let now = registry.reader().size();
        if size > now {
            return Err(Stop::usage(
                format!(
                    "diminta keadaan pada ukuran log {size}, padahal baru ada {now}; minta paling banyak itu"
                ),
                format!("asked as known at log size {size}, but the log holds {now}; ask for at most that"),
            ));
        }
        let root = registry.reader().root_at(size)?;
        let last = size.checked_sub(1).map(|last| registry.event(last)).transpose()?;
        Ok(Self::new(size, root, last.map(|event| event.recorded), registry.constitution().synthetic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
