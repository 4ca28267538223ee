//! Calendar periods: a month, a quarter or a year, as releases and series go by.
//!
//! Nothing here reads a clock.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jejak_events::schema::texts;
use jejak_events::types::Period;
use jejak_events::values::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};

/// How long a calendar period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodLength {
    /// From the first to the last day of a month.
    Month,
    /// Three months: January to March, and so on.
    Quarter,
    /// From 1 January to 31 December.
    Year,
}

impl PeriodLength {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Month, Self::Quarter, Self::Year];

    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// In months.
    fn months(self) -> u8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

/// A month `2025-07`, a quarter `2025-Q3` or a year `2025`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarPeriod {
    year: u16,
    first_month: u8,
    months: u8,
}

impl CalendarPeriod {
    fn new(year: u16, first_month: u8, months: u8) -> Option<Self> {
        let is_period = matches!((months, first_month), (1, 1..=12) | (3, 1 | 4 | 7 | 10) | (12, 1));
        let period = Self { year, first_month, months };
        (is_period && period.days().is_some()).then_some(period)
    }

    fn days(self) -> Option<Period> {
        let first = |year: u16, month: u8| Date::parse(&format!("{year:04}-{month:02}-01")).ok();
        let from = first(self.year, self.first_month)?;
        let last_month = self.first_month + self.months - 1;
        let to = (28..=31)
            .rev()
            .find_map(|day| Date::parse(&format!("{:04}-{last_month:02}-{day}", self.year)).ok())?;
        Some(Period { from, to })
    }

    /// The period that has exactly these days.
    #[must_use]
    pub fn of(days: Period) -> Option<Self> {
        let text = days.from.to_string();
        let (year, month) = (text.get(..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?);
        [1, 3, 12]
            .into_iter()
            .filter_map(|months| Self::new(year, month, months))
            .find(|period| period.days() == Some(days))
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> PeriodLength {
        match self.months {
            1 => PeriodLength::Month,
            3 => PeriodLength::Quarter,
            _ => PeriodLength::Year,
        }
    }

    /// The period of a length that a day lies in.
    #[must_use]
    pub fn containing(day: Date, length: PeriodLength) -> Self {
        let months = length.months();
        Self { year: day.year(), first_month: (day.month() - 1) / months * months + 1, months }
    }

    /// The period of the same length that follows; `None` where its days are no dates.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let Self { year, first_month, months } = self;
        match first_month + months {
            13.. => Self::new(year + 1, 1, months),
            first_month => Self::new(year, first_month, months),
        }
    }

    /// The period of the same length that comes before; `None` where its days are no dates.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        let Self { year, first_month, months } = self;
        match first_month {
            1 => Self::new(year.checked_sub(1)?, 13 - months, months),
            first_month => Self::new(year, first_month - months, months),
        }
    }

    /// First and last day.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a period is made only with days that exist")]
    pub fn period(self) -> Period {
        self.days().expect("the days of a calendar period exist")
    }
}

impl FromStr for CalendarPeriod {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = |text: &str, length: usize| {
            let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse::<u16>().ok()).flatten()
        };
        let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
        let year = digits(year, 4).ok_or(())?;
        let (first, months) = match rest {
            None => (1, 12),
            Some(rest) => match rest.strip_prefix('Q') {
                Some(quarter) => {
                    (digits(quarter, 1).and_then(|quarter| (quarter * 3).checked_sub(2)).ok_or(())?, 3)
                }
                None => (digits(rest, 2).ok_or(())?, 1),
            },
        };
        Self::new(year, u8::try_from(first).map_err(|_| ())?, months).ok_or(())
    }
}

impl fmt::Display for CalendarPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, first_month, months } = *self;
        match months {
            1 => write!(f, "{year:04}-{first_month:02}"),
            3 => write!(f, "{year:04}-Q{}", first_month.div_ceil(3)),
            _ => write!(f, "{year:04}"),
        }
    }
}

impl Serialize for CalendarPeriod {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for CalendarPeriod {
    fn schema_name() -> Cow<'static, str> {
        texts::CalendarPeriod::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        texts::CalendarPeriod::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_quarters_and_years_are_read_and_nothing_else() {
        for (text, from, to) in [
            ("2025-Q3", "2025-07-01", "2025-09-30"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2025", "2025-01-01", "2025-12-31"),
            ("2025-Q4", "2025-10-01", "2025-12-31"),
        ] {
            let period: CalendarPeriod = text.parse().unwrap();
            let days = period.period();
            assert_eq!((days.from.to_string(), days.to.to_string()), (from.to_owned(), to.to_owned()));
            assert_eq!(CalendarPeriod::of(days), Some(period));
            assert_eq!(period.to_string(), text);
        }
        for wrong in [
            "",
            "2025-",
            "2025-13",
            "2025-00",
            "2025-Q0",
            "2025-Q5",
            "2025-q3",
            "25",
            "2025-7",
            "2025-07-01",
            "+025",
        ] {
            assert!(wrong.parse::<CalendarPeriod>().is_err(), "{wrong:?}");
        }
        let days = |from, to| Period { from: Date::parse(from).unwrap(), to: Date::parse(to).unwrap() };
        assert_eq!(CalendarPeriod::of(days("2025-07-01", "2025-09-29")), None);
        assert_eq!(CalendarPeriod::of(days("2025-02-01", "2025-04-30")), None);
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        for length in PeriodLength::ALL {
            let mut period = CalendarPeriod::containing(Date::parse("1900-01-01").unwrap(), length);
            assert_eq!(period.previous(), None);
            while let Some(next) = period.next() {
                assert_eq!(next.previous(), Some(period));
                let (days, then) = (period.period(), next.period());
                assert_eq!(days.to.day_number() + 1, then.from.day_number());
                for day in [days.from, days.to] {
                    assert_eq!(CalendarPeriod::containing(day, length), period);
                }
                period = next;
            }
            assert_eq!(period.period().to.to_string(), "2999-12-31");
        }
    }
}
