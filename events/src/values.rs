//! The small values that events are made of, each checked when it is read.
//!
//! A value of one of these types is always valid; none can be built around its check. Nothing here
//! knows an event type.

use crate::area::{self, AreaCode, Level};
use crate::excerpt::quoted;
use std::fmt;
use std::ops::Deref;

use chrono::{Datelike, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::Message;
use crate::text::persons;
use crate::translation::told;

/// Largest whole number of the record, exclusive on both sides: beyond it JSON readers round (RFC 8785).
pub const INTEGER_LIMIT: i64 = 1 << 53;

/// Reads a JSON string through a check; anything but a string is refused with `expected`.
pub(crate) fn read_text<'de, D, T>(
    deserializer: D,
    expected: &'static str,
    check: fn(&str) -> Result<T, Message>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    struct Text<T>(&'static str, fn(&str) -> Result<T, Message>);
    impl<T> Visitor<'_> for Text<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.1)(text).map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Text(expected, check))
}

/// Serde and schema for a value that stands in JSON as text: how it is written, what is expected where
/// its `parse` is not even given text, and what the schema says beside `"type": "string"`.
macro_rules! written_form {
    ($name:ident, |$value:ident, $serializer:ident| $write:expr, $expected:literal, {$($schema:tt)*}) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, $serializer: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                $write
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::values::read_text(deserializer, $expected, Self::parse)
            }
        }
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", $($schema)*})
            }
        }
    };
}
pub(crate) use written_form;

/// What a newtype over text has beside its check.
macro_rules! text_value {
    ($name:ident, $expected:literal, $pattern:expr, $description:literal) => {
        $crate::values::written_form!(
            $name,
            |value, serializer| serializer.serialize_str(&value.0),
            $expected,
            {"pattern": $pattern, "description": $description}
        );
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl std::ops::Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }
    };
}

mod document;
mod texts;
mod trade;
pub use document::{Decimal, URN_LIMIT_CHARS, Urn};
pub use texts::{CertificateNumber, Issuer, SealedText, TEXT_LIMIT_CHARS, Text};
pub use trade::{CountryCode, HsCode};

fn fixed_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A code of an open list (theme, scheme, reason, ...): lower-case letters, digits, `_`, `-`, `.`, `:`;
/// begins with a letter or digit; 1 to 64 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

impl Code {
    /// Checks a code.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let good = (1..=64).contains(&text.len())
            && text.bytes().next().is_some_and(plain)
            && text.bytes().all(|byte| plain(byte) || b"_-.:".contains(&byte));
        if good && let Some((number, place)) = persons::find(text) {
            return Err(number.message(place));
        }
        if good {
            return Ok(Self(text.to_owned()));
        }
        let text = quoted(text);
        Err(Message::new(
            format!(
                "kode {text} harus huruf kecil, angka, _ - . atau :, 1-64 karakter, misalnya green_industry"
            ),
            format!(
                "code {text} must be lower-case letters, digits, _ - . or :, 1 to 64 characters, such as green_industry"
            ),
        ))
    }
}
text_value!(Code, "a code as text", "^[a-z0-9][a-z0-9_.:-]{0,63}$", "Code of an open list");

/// Business number (*Nomor Induk Berusaha*): 13 digits, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nib(String);

impl Nib {
    /// Checks a number.
    ///
    /// # Errors
    /// When it is not 13 digits.
    pub fn parse(text: &str) -> Result<Self, Message> {
        if fixed_digits(text, 13) {
            return Ok(Self(text.to_owned()));
        }
        Err(Message::new("NIB harus teks 13 angka", "an NIB is text of 13 digits"))
    }
}
text_value!(Nib, "NIB: text of 13 digits, not a number", "^[0-9]{13}$", "Business number, 13 digits");

/// Identity number of a person (*Nomor Induk Kependudukan*): 16 digits, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nik(String);

impl Nik {
    /// Checks a number.
    ///
    /// # Errors
    /// When it is not 16 digits.
    pub fn parse(text: &str) -> Result<Self, Message> {
        if fixed_digits(text, 16) {
            return Ok(Self(text.to_owned()));
        }
        Err(Message::new("NIK harus teks 16 angka", "a NIK is text of 16 digits"))
    }
}
text_value!(
    Nik,
    "NIK: text of 16 digits, not a number",
    "^[0-9]{16}$",
    "Identity number of a person, 16 digits"
);

/// Phone number: digits with an optional leading `+`, 6 to 15 digits (ITU-T E.164).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Checks a number.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(Message::new(
            "nomor telepon harus teks 6-15 angka, boleh diawali +",
            "a phone number is text of 6 to 15 digits, + may lead",
        ))
    }
}
text_value!(Phone, "phone number as text, not a number", "^\\+?[0-9]{6,15}$", "Phone number");

/// Lower-case hex SHA-256 of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sha256Hex(String);

impl Sha256Hex {
    /// Checks a hash.
    ///
    /// # Errors
    /// When it is not 64 lower-case hex digits.
    pub fn parse(text: &str) -> Result<Self, Message> {
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        {
            return Ok(Self(text.to_owned()));
        }
        Err(Message::new(
            format!("SHA-256 {text} harus 64 digit heksadesimal huruf kecil", text = quoted(text)),
            format!("SHA-256 {text} must be 64 lower-case hex digits", text = quoted(text)),
        ))
    }
}
text_value!(Sha256Hex, "SHA-256 as text", "^[0-9a-f]{64}$", "SHA-256 in lower-case hex");

/// Media type of a file, `type/subtype` in lower case (RFC 6838, section 4.2), without parameters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MediaType(String);

impl MediaType {
    /// Checks a media type.
    ///
    /// # Errors
    /// When it has another form.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let name = |part: &str| {
            (1..=127).contains(&part.len())
                && part.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
                && part.bytes().all(|byte| {
                    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$&-^_.+".contains(&byte)
                })
        };
        if text.split_once('/').is_some_and(|(kind, subtype)| name(kind) && name(subtype)) {
            return Ok(Self(text.to_owned()));
        }
        Err(Message::new(
            format!(
                "jenis media {text} harus berbentuk jenis/subjenis, misalnya image/jpeg",
                text = quoted(text)
            ),
            format!(
                "media type {text} must have the form type/subtype, such as image/jpeg",
                text = quoted(text)
            ),
        ))
    }
}
text_value!(
    MediaType,
    "media type as text, such as \"image/jpeg\"",
    "^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$",
    "Media type, type/subtype in lower case"
);

/// Origin of a log: a URL without its scheme (C2SP tlog-checkpoint), such as `jejak.example/registry`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// Checks an origin.
    ///
    /// # Errors
    /// When it holds a scheme, spaces, `+` or anything but visible ASCII, or is longer than 200 bytes.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let good = (1..=200).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'+' && byte != b'"' && byte != b'\\')
            && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
            && !text.contains("://")
            && !text.ends_with('/');
        if good {
            return Ok(Self(text.to_owned()));
        }
        Err(Message::new(
            format!(
                "asal {text} harus URL tanpa skema dan tanpa spasi, misalnya jejak.example/registri",
                text = quoted(text)
            ),
            format!(
                "origin {text} must be a URL without its scheme and without spaces, such as jejak.example/registry",
                text = quoted(text)
            ),
        ))
    }
}
text_value!(
    Origin,
    "origin as text, such as \"jejak.example/registry\"",
    "^[A-Za-z0-9]([!#-*,-\\[\\]-~]{0,198}[!#-*,-.0-\\[\\]-~])?$",
    "Origin of a log: a URL without its scheme"
);

/// Format of the record that a log keeps: `jejak/0` while `data` is a preview, `jejak/1` when frozen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Format(String);

impl Format {
    /// Checks a format.
    ///
    /// # Errors
    /// When this program does not know it.
    pub fn parse(text: &str) -> Result<Self, Message> {
        if text == crate::record::FORMAT {
            return Ok(Self(text.to_owned()));
        }
        Err(Message::new(
            format!(
                "format {text} tidak dikenal program ini; yang dikenal {:?}",
                crate::record::FORMAT,
                text = quoted(text)
            ),
            format!(
                "format {text} is not known to this program; it knows {:?}",
                crate::record::FORMAT,
                text = quoted(text)
            ),
        ))
    }
}
text_value!(Format, "format as text, such as \"jejak/0\"", "^jejak/0$", "Format of the record");

/// A public key as a C2SP vkey: `<name>+<key id>+<key>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vkey(String);

impl Vkey {
    /// Checks a key.
    ///
    /// # Errors
    /// When it is no vkey of a known algorithm.
    pub fn parse(text: &str) -> Result<Self, Message> {
        match text.parse::<crate::note::VerifierKey>() {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) => Err(Message::new(
                format!("kunci {text} bukan vkey: {error}", error = told(&error), text = quoted(text)),
                format!("key {text} is no vkey: {error}", text = quoted(text)),
            )),
        }
    }
}
text_value!(
    Vkey,
    "key as text, \"<name>+<key id>+<key>\"",
    "^[^\\s+]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+$",
    "Public key as a C2SP vkey"
);

/// Kemendagri code of a district (kecamatan), such as `33.75.01`: the code of its kabupaten or kota, and two digits.
/// Only the former must be in the table: districts are split and numbered anew more often than it is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DistrictCode(String);

impl DistrictCode {
    /// Checks a code.
    ///
    /// # Errors
    /// When it is not of that form, or its kabupaten or kota is not known.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let is_district = |district: &str| fixed_digits(district, 2) && district != "00";
        let parts = text.rsplit_once('.').filter(|(_, district)| is_district(district));
        let area = parts.and_then(|(area, _)| AreaCode::parse(area).ok());
        if area.is_some_and(|area| area.level() != Level::Province) {
            return Ok(Self(text.to_owned()));
        }
        let text = quoted(text);
        Err(Message::new(
            format!("kode kecamatan {text} harus kode kabupaten atau kota dan 2 angka, misalnya 33.75.01"),
            format!(
                "district code {text} must be the code of a kabupaten or kota and 2 digits, such as 33.75.01"
            ),
        ))
    }

    /// Its name with the code behind it, such as `Pekalongan Barat (33.75.01)`; the code alone where the table of areas
    /// does not know it.
    #[must_use]
    pub fn called(&self) -> String {
        match area::district_name(&self.0) {
            Some(name) => format!("{name} ({})", self.0),
            None => self.0.clone(),
        }
    }

    /// The kabupaten or kota that it lies in.
    #[must_use]
    pub fn area(&self) -> Option<AreaCode> {
        self.0.rsplit_once('.').and_then(|(area, _)| AreaCode::parse(area).ok())
    }
}
text_value!(
    DistrictCode,
    "district code as text, such as \"33.75.01\"",
    "^[0-9]{2}\\.[0-9]{2}\\.[0-9]{2}$",
    "Code of a district (kecamatan)"
);

/// KBLI class: 5 digits, as text; which edition stands in the year beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KbliCode(String);

impl KbliCode {
    /// Checks a code.
    ///
    /// # Errors
    /// When it is not 5 digits.
    pub fn parse(text: &str) -> Result<Self, Message> {
        if fixed_digits(text, 5) {
            return Ok(Self(text.to_owned()));
        }
        Err(Message::new(
            format!("kode KBLI {text} harus teks 5 angka, misalnya 13134", text = quoted(text)),
            format!("KBLI code {text} must be text of 5 digits, such as 13134", text = quoted(text)),
        ))
    }
}
text_value!(KbliCode, "KBLI code: text of 5 digits, not a number", "^[0-9]{5}$", "KBLI class, 5 digits");

/// A calendar date, `YYYY-MM-DD`, years 1900 to 2999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// When the text has another form or the day does not exist.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let bytes = text.as_bytes();
        let number = |range: std::ops::Range<usize>| {
            bytes
                .get(range)?
                .iter()
                .try_fold(0u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
        };
        let parts = (bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-')
            .then(|| Some((number(0..4)?, number(5..7)?, number(8..10)?)))
            .flatten();
        let Some((year, month, day)) = parts else {
            return Err(Message::new(
                format!(
                    "tanggal {text} harus berbentuk TTTT-BB-HH, misalnya 2025-10-08",
                    text = quoted(text)
                ),
                format!("date {text} must have the form YYYY-MM-DD, such as 2025-10-08", text = quoted(text)),
            ));
        };
        let date =
            NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(0), month, day).ok_or_else(|| {
                Message::new(
                    format!("tanggal {text} tidak ada dalam kalender", text = quoted(text)),
                    format!("date {text} does not exist in the calendar", text = quoted(text)),
                )
            })?;
        Self::new(date).ok_or_else(|| {
            Message::new(
                format!("tanggal {text:?} di luar tahun 1900 sampai 2999; periksa tahunnya"),
                format!("date {text:?} lies outside the years 1900 to 2999; check the year"),
            )
        })
    }

    /// A date, when its year is 1900 to 2999.
    #[must_use]
    pub fn new(date: NaiveDate) -> Option<Self> {
        (1900..=2999).contains(&date.year()).then_some(Self(date))
    }

    /// The date for calendar arithmetic.
    #[must_use]
    pub fn naive(self) -> NaiveDate {
        self.0
    }

    /// The year, 1900 to 2999.
    #[must_use]
    pub fn year(self) -> u16 {
        u16::try_from(self.0.year()).unwrap_or(0)
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        u8::try_from(self.0.month()).unwrap_or(1)
    }

    /// Days since 1 January of year 1 (day 1), the compact form for rows of facts.
    #[must_use]
    pub fn day_number(self) -> i32 {
        self.0.num_days_from_ce()
    }

    /// Reads [`Date::day_number`]; `None` outside 1900 to 2999.
    #[must_use]
    pub fn from_day_number(number: i32) -> Option<Self> {
        NaiveDate::from_num_days_from_ce_opt(number).and_then(Self::new)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

written_form!(
    Date,
    |value, serializer| serializer.collect_str(value),
    "date as text, YYYY-MM-DD",
    {"format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
);

/// Serde and schema for a whole number within bounds.
macro_rules! number_value {
    ($(#[$doc:meta])* $name:ident($inner:ty), $low:expr, $high:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name($inner);

        impl $name {
            /// The number, when it is within bounds.
            #[must_use]
            pub fn new(number: $inner) -> Option<Self> {
                (($low as $inner)..=($high as $inner)).contains(&number).then_some(Self(number))
            }
            /// The number itself.
            #[must_use]
            pub fn get(self) -> $inner {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Number;
                impl Visitor<'_> for Number {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_u64<E: de::Error>(self, number: u64) -> Result<$name, E> {
                        <$inner>::try_from(number).ok().and_then($name::new).ok_or_else(|| {
                            E::invalid_value(de::Unexpected::Unsigned(number), &self)
                        })
                    }
                    fn visit_i64<E: de::Error>(self, number: i64) -> Result<$name, E> {
                        <$inner>::try_from(number).ok().and_then($name::new).ok_or_else(|| {
                            E::invalid_value(de::Unexpected::Signed(number), &self)
                        })
                    }
                }
                deserializer.deserialize_i64(Number)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "integer", "minimum": $low, "maximum": $high, "description": $expected})
            }
        }
    };
}

number_value!(
    /// A count of persons, minutes, hundredths or the like: 0 to 4,000,000,000.
    Count(u32), 0u32, 4_000_000_000u32, "a whole number from 0 to 4000000000"
);
number_value!(
    /// A figure of whatever unit: 0 to 2^53 - 1.
    Amount(i64), 0i64, INTEGER_LIMIT - 1, "a whole number from 0 to 2^53 - 1"
);
number_value!(
    /// Whole rupiah, 0 to 2^53 - 1.
    Rupiah(i64), 0i64, INTEGER_LIMIT - 1, "whole rupiah, a number from 0 to 2^53 - 1"
);
number_value!(
    /// A calendar year, 1900 to 2999.
    Year(u16), 1900u16, 2999u16, "a year from 1900 to 2999"
);
number_value!(
    /// Whole percent, 1 to 100.
    Percent(u8), 1u8, 100u8, "whole percent from 1 to 100"
);
number_value!(
    /// Minutes of one day, 0 to 1440. One JP (lesson hour) is 45.
    Minutes(u16), 0u16, 1440u16, "minutes of a day, 0 to 1440"
);
number_value!(
    /// Version of a set of rules or criteria, from 1.
    Version(u32), 1u32, 1_000_000u32, "a version number from 1"
);

/// A list that means a set: at least one element, none twice, sorted by the bytes of each element's
/// canonical JSON, so that any language sorts alike. What has no elements is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOf<T>(Vec<T>);

impl<T: Serialize> SetOf<T> {
    /// Sorts and removes repeats; `None` when nothing is there.
    #[must_use]
    pub fn new(mut elements: Vec<T>) -> Option<Self> {
        if elements.len() > 1 {
            let mut keyed: Vec<(String, T)> =
                elements.into_iter().map(|element| (canonical_text(&element), element)).collect();
            keyed.sort_by(|left, right| left.0.cmp(&right.0));
            keyed.dedup_by(|left, right| left.0 == right.0);
            elements = keyed.into_iter().map(|(_, element)| element).collect();
        }
        (!elements.is_empty()).then_some(Self(elements))
    }
}

/// Canonical JSON of a small value: keys sorted by way of [`serde_json::Map`], whole numbers only.
fn canonical_text<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).map(|value| value.to_string()).unwrap_or_default()
}

impl<T> Deref for SetOf<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Serialize> Serialize for SetOf<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Serialize + Deserialize<'de>> Deserialize<'de> for SetOf<T> {
    /// Accepts any order in a proposal: sorting is the registry's work. A record that is not sorted
    /// fails the canonical comparison.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let elements = Vec::<T>::deserialize(deserializer)?;
        let given = elements.len();
        let set = Self::new(elements).ok_or_else(|| {
            de::Error::custom(Message::new(
                "daftar kosong; hapus kolomnya",
                "the list is empty; leave the field out",
            ))
        })?;
        if set.len() != given {
            return Err(de::Error::custom(Message::new(
                "isi daftar ada yang berulang",
                "the list holds the same value twice",
            )));
        }
        Ok(set)
    }
}

impl<T: JsonSchema> JsonSchema for SetOf<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("SetOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<T>(),
            "minItems": 1,
            "uniqueItems": true,
            "description": "A set: sorted in the record"
        })
    }
}

#[cfg(test)]
mod tests;
