//! Numbers and names that documents give.

use std::fmt;

use super::INTEGER_LIMIT;
use crate::excerpt::quoted;
use crate::fault::Message;
use crate::text::persons;
use crate::types::grouped;

/// A number of whatever unit, as a document gives it: 0 to 2^53 - 1, with none, one or two places behind the point.
/// The places are part of what is said: `67` and `67.00` are two numbers of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    /// All digits, without the point.
    digits: u64,
    places: u8,
}

impl Decimal {
    /// Most places behind the point.
    pub const PLACES: u8 = 2;

    /// A number by its digits without the point, and how many of them stand behind it; `None` beyond the bounds.
    #[must_use]
    pub fn new(digits: u64, places: u8) -> Option<Self> {
        let scale = 10u64.checked_pow(places.into())?;
        let is_within = places <= Self::PLACES && digits / scale < INTEGER_LIMIT.unsigned_abs();
        is_within.then_some(Self { digits, places })
    }

    /// Reads a number such as `80` or `66.67`.
    ///
    /// # Errors
    /// When it is none: a sign, grouped thousands, a comma, more places, leading zeros.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_good = is_number(whole)
            && is_number(behind)
            && behind.len() <= usize::from(Self::PLACES)
            && !whole.is_empty()
            && (whole.len() == 1 || !whole.starts_with('0'))
            && !text.ends_with('.');
        let read = || {
            let places = u8::try_from(behind.len()).ok()?;
            Self::new(format!("{whole}{behind}").parse().ok()?, places)
        };
        if is_good {
            let limit = INTEGER_LIMIT - 1;
            let large = || {
                let (id, en) = (
                    format!("{text} terlalu besar; paling besar {limit}"),
                    format!("{text} is too large; at most {limit}"),
                );
                Message::new(id, en)
            };
            return read().ok_or_else(large);
        }
        let text = quoted(text);
        Err(Message::new(
            format!(
                "angka {text} harus teks angka dengan paling banyak dua angka di belakang titik, misalnya 80 atau 66.67"
            ),
            format!(
                "number {text} must be text of digits, with at most two behind a point, such as 80 or 66.67"
            ),
        ))
    }

    /// A whole number; `None` from 2^53 on.
    #[must_use]
    pub fn whole(number: u64) -> Option<Self> {
        Self::new(number, 0)
    }

    /// It, where no places stand behind the point.
    #[must_use]
    pub fn as_whole(self) -> Option<u64> {
        (self.places == 0).then_some(self.digits)
    }

    /// All digits, without the point.
    #[must_use]
    pub fn digits(self) -> u64 {
        self.digits
    }

    /// How many digits stand behind the point.
    #[must_use]
    pub fn places(self) -> u8 {
        self.places
    }

    /// It in hundredths.
    #[must_use]
    pub fn hundredths(self) -> u64 {
        // At most 2^53 * 100.
        self.digits * 10u64.pow(u32::from(Self::PLACES - self.places))
    }

    /// It as people read it, in Indonesian and English: `3.638,5` and `3,638.5`.
    #[must_use]
    pub fn grouped(self) -> Message {
        let scale = 10u64.pow(self.places.into());
        let (whole, behind) = (self.digits / scale, self.digits % scale);
        let shown = |thousands, point| match self.places {
            0 => grouped(whole.into(), thousands),
            places => format!(
                "{}{point}{behind:0places$}",
                grouped(whole.into(), thousands),
                places = places.into()
            ),
        };
        Message::new(shown('.', ','), shown(',', '.'))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10u64.pow(self.places.into());
        write!(f, "{}", self.digits / scale)?;
        match self.places {
            0 => Ok(()),
            places => write!(f, ".{:0places$}", self.digits % scale, places = places.into()),
        }
    }
}

written_form!(
    Decimal,
    |value, serializer| serializer.collect_str(value),
    "a number as text, such as \"66.67\"",
    {
        "pattern": "^(0|[1-9][0-9]{0,15})(\\.[0-9]{1,2})?$",
        "description": "A number as it was given, 0 to 2^53 - 1, with at most two places"
    }
);

/// Most characters of an [`Urn`].
pub const URN_LIMIT_CHARS: usize = 200;

/// Name of a document by itself (RFC 8141), such as `urn:example:harian-contoh:2025-10-13:3`: whoever names the document
/// writes it the same, sign by sign.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Urn(String);

impl Urn {
    /// Checks a name.
    ///
    /// # Errors
    /// When it is not `urn:`, the name of a namespace, `:` and a name in it, all in lower-case letters, digits and
    /// `-._:/`, or holds a number that singles out a person.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_name = |part: &str| {
            part.bytes().all(|byte| plain(byte) || b"-._:/".contains(&byte))
                && part.bytes().next().is_some_and(plain)
        };
        let parts = text.strip_prefix("urn:").and_then(|rest| rest.split_once(':'));
        let is_good = text.len() <= URN_LIMIT_CHARS
            && parts.is_some_and(|(space, name)| {
                (2..=32).contains(&space.len()) && is_name(space) && is_name(name)
            });
        if is_good && let Some((number, place)) = persons::find(text) {
            return Err(number.message(place));
        }
        if is_good {
            return Ok(Self(text.to_owned()));
        }
        let text = quoted(text);
        Err(Message::new(
            format!(
                "nama {text} harus berbentuk urn:ruang:nama dengan huruf kecil, angka dan - . _ : /, paling banyak {URN_LIMIT_CHARS} karakter, misalnya urn:example:harian-contoh:2025-10-13:3"
            ),
            format!(
                "name {text} must be urn:space:name in lower-case letters, digits and - . _ : /, at most {URN_LIMIT_CHARS} characters, such as urn:example:harian-contoh:2025-10-13:3"
            ),
        ))
    }
}
text_value!(
    Urn,
    "name of a document as text, such as \"urn:example:harian-contoh:3\"",
    "^urn:[a-z0-9][a-z0-9._/-]{1,31}:[a-z0-9][a-z0-9._:/-]*$",
    "Name of a document by itself (RFC 8141)"
);
