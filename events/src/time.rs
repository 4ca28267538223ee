//! The two clocks of an event: valid time (when it happened) and recorded time (when the registry
//! learnt it).
//!
//! Nothing here reads a clock.

use crate::excerpt::quoted;
use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, NaiveTime, SecondsFormat, Timelike, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::fault::Message;
use crate::values::Date;

/// How exactly `time` is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimePrecision {
    /// To the day; written as midnight.
    Day,
    /// To the second.
    Instant,
    /// To the month; written as midnight of its first day.
    Month,
    /// To the year; written as midnight of 1 January.
    Year,
}

impl TimePrecision {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Instant => "instant",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// Valid time: local wall time with the offset of the source's area, exactly
/// `YYYY-MM-DDThh:mm:ss±hh:mm`, and how exactly it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ValidTime {
    local: NaiveDateTime,
    offset: FixedOffset,
    precision: TimePrecision,
}

impl ValidTime {
    /// Reads the written form and holds it against precision and area.
    ///
    /// # Errors
    /// When the form is another, the day does not exist, the offset is not that of the area, or the
    /// part beyond the precision is not zero.
    pub fn parse(text: &str, precision: TimePrecision, area: AreaCode) -> Result<Self, Message> {
        let wrong_form = || {
            Message::new(
                format!(
                    "waktu {text} harus berbentuk TTTT-BB-HHjj:mm:dd±jj:mm, misalnya 2025-10-08T00:00:00+07:00",
                    text = quoted(text)
                ),
                format!(
                    "time {text} must have the form YYYY-MM-DDThh:mm:ss±hh:mm, such as 2025-10-08T00:00:00+07:00",
                    text = quoted(text)
                ),
            )
        };
        let (date, rest) = text.split_at_checked(10).ok_or_else(wrong_form)?;
        let date = Date::parse(date)?;
        let offset = area.offset();
        let expected_offset = offset_text(offset);
        let (clock, given_offset) = rest.split_at_checked(9).ok_or_else(wrong_form)?;
        let time = parse_clock(clock).ok_or_else(wrong_form)?;
        if given_offset != expected_offset {
            return Err(Message::new(
                format!(
                    "selisih waktu {given_offset} bukan milik wilayah {area}; seharusnya {expected_offset}",
                    given_offset = quoted(given_offset)
                ),
                format!(
                    "offset {given_offset} is not that of area {area}; it should be {expected_offset}",
                    given_offset = quoted(given_offset)
                ),
            ));
        }
        let day = date.naive();
        let midnight = time == NaiveTime::MIN;
        let fits = match precision {
            TimePrecision::Instant => true,
            TimePrecision::Day => midnight,
            TimePrecision::Month => midnight && day.day() == 1,
            TimePrecision::Year => midnight && day.day() == 1 && day.month() == 1,
        };
        if !fits {
            return Err(Message::new(
                format!(
                    "waktu {text} lebih rinci daripada ketelitian {:?}; tulis awal masanya",
                    precision.name(),
                    text = quoted(text)
                ),
                format!(
                    "time {text} says more than its precision {:?}; write the start of the period",
                    precision.name(),
                    text = quoted(text)
                ),
            ));
        }
        Ok(Self { local: NaiveDateTime::new(day, time), offset, precision })
    }

    /// A day known to the day.
    #[must_use]
    pub fn day(date: Date, area: AreaCode) -> Self {
        let local = NaiveDateTime::new(date.naive(), NaiveTime::MIN);
        Self { local, offset: area.offset(), precision: TimePrecision::Day }
    }

    /// The local date, which every rule and question compares.
    #[must_use]
    pub fn date(&self) -> Date {
        // The only constructors go through Date, so its bounds hold.
        Date::new(self.local.date()).unwrap_or_else(|| unreachable!("built from a Date"))
    }

    /// How exactly the time is known.
    #[must_use]
    pub fn precision(&self) -> TimePrecision {
        self.precision
    }

    /// The offset written behind the time.
    #[must_use]
    pub fn offset(&self) -> FixedOffset {
        self.offset
    }
}

fn parse_clock(text: &str) -> Option<NaiveTime> {
    let bytes = text.as_bytes();
    let two = |at: usize| {
        let (high, low) = (bytes.get(at)?, bytes.get(at + 1)?);
        (high.is_ascii_digit() && low.is_ascii_digit())
            .then(|| u32::from(high - b'0') * 10 + u32::from(low - b'0'))
    };
    if bytes.len() != 9 || bytes[0] != b'T' || bytes[3] != b':' || bytes[6] != b':' {
        return None;
    }
    NaiveTime::from_hms_opt(two(1)?, two(4)?, two(7)?)
}

fn offset_text(offset: FixedOffset) -> String {
    format!("+{:02}:00", offset.local_minus_utc() / 3600)
}

impl fmt::Display for ValidTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.local.time();
        let date = self.local.date();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            offset_text(self.offset)
        )
    }
}

/// Recorded time: RFC 3339, UTC, milliseconds, `2025-10-09T03:12:44.120Z`
/// (CloudEvents recordedtime extension).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordedTime {
    unix_ms: i64,
}

impl RecordedTime {
    /// Reads the written form.
    ///
    /// # Errors
    /// When the text has another form, or the year is not one of [`RecordedTime::from_unix_ms`].
    pub fn parse(text: &str) -> Result<Self, Message> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .and_then(|time| Self::from_unix_ms(time.timestamp_millis()))
            .filter(|time| time.to_string() == text)
            .ok_or_else(|| {
                Message::new(
                    format!("recordedtime {text} harus RFC 3339 UTC dengan milidetik", text = quoted(text)),
                    format!(
                        "recordedtime {text} must be RFC 3339, UTC, with milliseconds",
                        text = quoted(text)
                    ),
                )
            })
    }

    /// From milliseconds since 1970-01-01T00:00:00Z; `None` outside the years 1900 to 2999, in UTC or
    /// in any time zone of Indonesia, so that [`RecordedTime::date_in`] always has an answer.
    #[must_use]
    pub fn from_unix_ms(unix_ms: i64) -> Option<Self> {
        const EASTERNMOST_OFFSET_MS: i64 = 9 * 3_600_000;
        let first = DateTime::<Utc>::from_timestamp_millis(unix_ms)?;
        let last = DateTime::<Utc>::from_timestamp_millis(unix_ms.checked_add(EASTERNMOST_OFFSET_MS)?)?;
        (first.year() >= 1900 && last.year() <= 2999).then_some(Self { unix_ms })
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_ms(self) -> i64 {
        self.unix_ms
    }

    /// The date on which this moment fell in an area: what "today" and "the future" mean there.
    #[must_use]
    pub fn date_in(self, area: AreaCode) -> Date {
        let utc = DateTime::<Utc>::from_timestamp_millis(self.unix_ms).unwrap_or_default();
        let local = utc.with_timezone(&area.offset()).date_naive();
        Date::new(local).unwrap_or_else(|| unreachable!("years are bounded when the time is made"))
    }
}

impl fmt::Display for RecordedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::<Utc>::from_timestamp_millis(self.unix_ms).unwrap_or_default();
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pekalongan() -> AreaCode {
        AreaCode::parse("33.75").unwrap()
    }

    #[test]
    fn written_form_round_trips() {
        let text = "2025-10-08T00:00:00+07:00";
        assert_eq!(ValidTime::parse(text, TimePrecision::Day, pekalongan()).unwrap().to_string(), text);
        let text = "2025-10-08T13:45:59+07:00";
        assert_eq!(ValidTime::parse(text, TimePrecision::Instant, pekalongan()).unwrap().to_string(), text);
    }

    #[test]
    fn form_offset_and_precision_are_held() {
        for (text, precision) in [
            ("2025-10-08T00:00:00+08:00", TimePrecision::Day),
            ("2025-10-08T00:00:00Z", TimePrecision::Day),
            ("2025-10-08 00:00:00+07:00", TimePrecision::Day),
            ("2025-10-08T00:00+07:00", TimePrecision::Day),
            ("2025-02-31T00:00:00+07:00", TimePrecision::Day),
            ("2025-10-08T08:00:00+07:00", TimePrecision::Day),
            ("2025-10-08T00:00:00+07:00", TimePrecision::Month),
            ("2025-10-01T00:00:00+07:00", TimePrecision::Year),
            ("2025-10-08T24:00:00+07:00", TimePrecision::Instant),
            ("2025-10-08T00:00:60+07:00", TimePrecision::Instant),
            ("", TimePrecision::Day),
        ] {
            assert!(ValidTime::parse(text, precision, pekalongan()).is_err(), "{text:?} {precision:?}");
        }
    }

    #[test]
    fn recorded_time_has_one_form() {
        let text = "2025-10-09T03:12:44.120Z";
        assert_eq!(RecordedTime::parse(text).unwrap().to_string(), text);
        for text in ["2025-10-09T03:12:44Z", "2025-10-09T03:12:44.12Z", "2025-10-09T10:12:44.120+07:00"] {
            assert!(RecordedTime::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_recorded_time_has_a_local_date() {
        for text in ["1900-01-01T00:00:00.000Z", "2999-12-31T14:59:59.999Z"] {
            let time = RecordedTime::parse(text).unwrap();
            assert!(AreaCode::all().all(|area| time.date_in(area).to_string() != text));
        }
        for text in ["1899-12-31T23:59:59.999Z", "2999-12-31T15:00:00.000Z", "0001-01-01T00:00:00.000Z"] {
            assert!(RecordedTime::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn today_is_local() {
        let late_evening_utc = RecordedTime::parse("2025-10-08T18:00:00.000Z").unwrap();
        assert_eq!(late_evening_utc.date_in(pekalongan()).to_string(), "2025-10-09");
    }
}
