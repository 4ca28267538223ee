//! The moment that something is judged for. It is given by the reader: no clock is read.

use jejak_events::area::AreaCode;
use jejak_events::values::Date;

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Moment(i64),
    /// The end of a day where the registry is.
    Day(Date),
}

impl At {
    /// Reads a time (RFC 3339) or a date; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match chrono::DateTime::parse_from_rfc3339(text) {
            Ok(moment) => Some(Self::Moment(moment.timestamp_millis())),
            Err(_) => Date::parse(text).ok().map(Self::Day),
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z. `area` says where the registry is.
    #[must_use]
    pub fn unix_ms(self, area: AreaCode) -> i64 {
        match self {
            Self::Moment(unix_ms) => unix_ms,
            Self::Day(day) => {
                let end = format!("{day}T23:59:59.999{}", area.offset());
                chrono::DateTime::parse_from_rfc3339(&end).map_or(i64::MAX, |end| end.timestamp_millis())
            }
        }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, as cosignatures count them; 0 before.
    #[must_use]
    pub fn unix_seconds(self, area: AreaCode) -> u64 {
        u64::try_from(self.unix_ms(area).div_euclid(1000)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_registry_is() {
        let ends = |text: &str, area: &str| {
            At::parse(text).map(|at| at.unix_seconds(AreaCode::parse(area).unwrap()))
        };
        let (pekalongan, jayapura) = ("33.75", "91.71");
        assert_eq!(ends("1970-01-02", pekalongan), Some((24 + 17) * 3600 - 1));
        assert_eq!(ends("1970-01-02", jayapura), Some((24 + 15) * 3600 - 1));
        let last_ms = At::parse("1970-01-02").map(|at| at.unix_ms(AreaCode::parse(pekalongan).unwrap()));
        assert_eq!(last_ms, Some((24 + 17) * 3600 * 1000 - 1), "its last millisecond is of the day");
        for area in [pekalongan, jayapura] {
            assert_eq!(ends("1970-01-01T07:00:01.999+07:00", area), Some(1));
            assert_eq!(ends("1969-12-31T23:59:59Z", area), Some(0));
            for wrong in ["", "yesterday", "2026-02-30", "2026-06-30T10:00:00", "12"] {
                assert_eq!(ends(wrong, area), None, "{wrong:?}");
            }
        }
    }
}
