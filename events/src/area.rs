//! Indonesian administrative areas: codes, names, levels and time zones.
//!
//! The table is of 2025 (`events/data/areas.csv`, notice beside it). Codes get reissued, so the log
//! states the hash of the table it was opened with. This module must never fall back to a name:
//! same-named kabupaten and kota are different areas.

use crate::excerpt::quoted;
use std::fmt;
use std::sync::LazyLock;

use chrono::FixedOffset;
use sha2::{Digest, Sha256};

use crate::fault::Message;
use crate::values::written_form;

const TABLE: &str = include_str!("../data/areas.csv");

const DISTRICTS: &str = include_str!("../data/districts.csv");

/// Codes and names of districts, sorted by code. Nothing is refused by this table: it gives names, and tells an officer
/// of a code that it does not list.
static DISTRICT_ROWS: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| DISTRICTS.lines().skip(1).filter_map(|line| line.split_once(',')).collect());

/// The name of a district (kecamatan) by its code, such as `Pekalongan Barat` for `33.75.01`; `None` where the table of
/// [`TABLE_YEAR`] does not list it.
#[must_use]
pub fn district_name(code: &str) -> Option<&'static str> {
    let place = DISTRICT_ROWS.binary_search_by_key(&code, |(code, _)| code).ok()?;
    DISTRICT_ROWS.get(place).map(|(_, name)| *name)
}

/// Year of the table of areas.
pub const TABLE_YEAR: u16 = 2025;

/// SHA-256 of the table's bytes in lower-case hex, as event 0 states it.
#[must_use]
pub fn table_sha256() -> String {
    Sha256::digest(TABLE.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Level of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Province.
    Province,
    /// Regency.
    Kabupaten,
    /// City.
    Kota,
}

struct AreaLine {
    code: u16,
    level: Level,
    name: &'static str,
}

/// Rows sorted by code; the table is sorted when it is made and a test holds that.
static ROWS: LazyLock<Vec<AreaLine>> = LazyLock::new(|| {
    let parse = |line: &'static str| {
        let mut cells = line.split(',');
        let code = AreaCode::digits(cells.next()?)?;
        let level = match cells.next()? {
            "province" => Level::Province,
            "kabupaten" => Level::Kabupaten,
            "kota" => Level::Kota,
            _ => return None,
        };
        Some(AreaLine { code, level, name: cells.next()? })
    };
    TABLE.lines().skip(1).filter_map(parse).collect()
});

/// A Kemendagri area code that the table knows: `33` (province) or `33.75` (kabupaten or kota).
///
/// Held as a number: `3300` for province 33, `3375` for 33.75.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode(u16);

impl AreaCode {
    fn digits(text: &str) -> Option<u16> {
        // Digits only: the number parser of the language would take "+1" as well.
        let two = |part: &str| match part.as_bytes() {
            [high @ b'0'..=b'9', low @ b'0'..=b'9'] => {
                Some(u16::from(high - b'0') * 10 + u16::from(low - b'0'))
            }
            _ => None,
        };
        match text.split_once('.') {
            None => Some(two(text)? * 100),
            Some((province, city)) => {
                let city = two(city)?;
                (city != 0).then_some(two(province)? * 100 + city)
            }
        }
    }

    /// Reads a code and looks it up.
    ///
    /// # Errors
    /// When the text is no code or the table of [`TABLE_YEAR`] does not list it.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let known = |code: &u16| ROWS.binary_search_by_key(code, |row| row.code).is_ok();
        Self::digits(text).filter(known).map(Self).ok_or_else(|| {
            Message::new(
                format!(
                    "kode wilayah {text} tidak ada dalam tabel {TABLE_YEAR}; contoh: 33.75 (Kota Pekalongan)",
                    text = quoted(text)
                ),
                format!(
                    "area code {text} is not in the table of {TABLE_YEAR}; example: 33.75 (Kota Pekalongan)",
                    text = quoted(text)
                ),
            )
        })
    }

    /// The compact form for rows of facts; [`AreaCode::from_number`] reads it back.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    /// Reads [`AreaCode::number`]; `None` when the table does not know it.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        ROWS.binary_search_by_key(&number, |row| row.code).ok().map(|_| Self(number))
    }

    fn row(self) -> &'static AreaLine {
        let place = ROWS.partition_point(|row| row.code < self.0);
        &ROWS[place.min(ROWS.len() - 1)]
    }

    /// Name as the table writes it, such as `Kota Pekalongan`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Province, kabupaten or kota.
    #[must_use]
    pub fn level(self) -> Level {
        self.row().level
    }

    /// The province an area lies in; a province is its own.
    #[must_use]
    pub fn province(self) -> Self {
        Self(self.0 / 100 * 100)
    }

    /// Whether `self` is `area` or lies in it.
    #[must_use]
    pub fn is_within(self, area: Self) -> bool {
        self == area || (area.level() == Level::Province && self.province() == area)
    }

    /// Offset of the area's time zone: WIB +07:00, WITA +08:00, WIT +09:00 (Keppres 41/1987 and the
    /// provinces founded since).
    #[must_use]
    pub fn offset(self) -> FixedOffset {
        let hours = match self.0 / 100 {
            51..=53 | 63..=65 | 71..=76 => 8,
            81..=99 => 9,
            _ => 7,
        };
        // 7, 8 or 9 hours are always within a day; UTC would be the answer to an impossible one.
        FixedOffset::east_opt(hours * 3600).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc))
    }

    /// All areas in code order.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| Self(row.code))
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 100 {
            0 => write!(f, "{:02}", self.0 / 100),
            city => write!(f, "{:02}.{city:02}", self.0 / 100),
        }
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AreaCode({self})")
    }
}

written_form!(
    AreaCode,
    |value, serializer| serializer.collect_str(value),
    "area code as text, such as \"33.75\"",
    {
        "pattern": "^[0-9]{2}(\\.[0-9]{2})?$",
        "description": "Kemendagri code of a province, kabupaten or kota, in the table of areas"
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn districts_are_sorted_and_lie_in_known_areas() {
        let rows = &*DISTRICT_ROWS;
        assert_eq!(rows.len(), DISTRICTS.lines().count() - 1);
        assert!(rows.is_sorted_by(|(one, _), (next, _)| one < next));
        let lies = |code: &str| code.rsplit_once('.').is_some_and(|(area, _)| AreaCode::parse(area).is_ok());
        assert!(rows.iter().all(|(code, name)| lies(code) && !name.is_empty()));
        assert_eq!(district_name("33.75.01"), Some("Pekalongan Barat"));
        assert_eq!(district_name("33.75.09"), None);
    }

    #[test]
    fn table_is_whole_sorted_and_found() {
        assert_eq!(ROWS.len(), 38 + 514);
        assert!(ROWS.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(TABLE.lines().count(), ROWS.len() + 1, "a line that did not parse");
        let pekalongan = AreaCode::parse("33.75").unwrap();
        assert_eq!(pekalongan.name(), "Kota Pekalongan");
        assert_eq!(pekalongan.province().name(), "Jawa Tengah");
        assert_eq!(pekalongan.to_string(), "33.75");
        assert_ne!(AreaCode::parse("33.26").unwrap(), pekalongan);
        for code in AreaCode::all() {
            assert_eq!(AreaCode::parse(&code.to_string()).unwrap(), code);
        }
    }

    #[test]
    fn wrong_codes_are_refused() {
        for code in ["", "3", "333", "33.00", "33.7", "33.999", "99.01", "33,75", "+3.75", "33.+1", "33.75 "]
        {
            assert!(AreaCode::parse(code).is_err(), "{code:?}");
        }
    }

    #[test]
    fn zones_follow_the_province() {
        let hours = |code| AreaCode::parse(code).unwrap().offset().local_minus_utc() / 3600;
        assert_eq!(
            (hours("33.75"), hours("51"), hours("61"), hours("73"), hours("81"), hours("91")),
            (7, 8, 7, 8, 9, 9)
        );
    }
}
