//! Values of foreign trade: where goods go, and what they are.

use crate::excerpt::quoted;
use crate::fault::Message;

/// A country by its two-letter code (ISO 3166-1 alpha-2), in upper case.
///
/// Only the form is checked: which codes are in use changes, and a record must read the same for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountryCode(String);

impl CountryCode {
    /// Checks a code.
    ///
    /// # Errors
    /// When it is not two upper-case letters.
    pub fn parse(text: &str) -> Result<Self, Message> {
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Ok(Self(text.to_owned()));
        }
        let text = quoted(text);
        Err(Message::new(
            format!("kode negara {text} harus dua huruf besar (ISO 3166-1), misalnya JP"),
            format!("country code {text} must be two upper-case letters (ISO 3166-1), such as JP"),
        ))
    }
}
text_value!(
    CountryCode,
    "country code as text, such as \"JP\"",
    "^[A-Z]{2}$",
    "Country, two upper-case letters (ISO 3166-1 alpha-2)"
);

/// Code of goods in the Harmonized System of the World Customs Organization, as text: a heading of 4
/// digits, a subheading of 6, or a tariff line of 8 (as in Indonesia's BTKI) or 10.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HsCode(String);

impl HsCode {
    /// Checks a code.
    ///
    /// # Errors
    /// When it is not 4, 6, 8 or 10 digits.
    pub fn parse(text: &str) -> Result<Self, Message> {
        if matches!(text.len(), 4 | 6 | 8 | 10) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        let text = quoted(text);
        Err(Message::new(
            format!("kode HS {text} harus teks 4, 6, 8 atau 10 angka tanpa titik, misalnya 620442"),
            format!("HS code {text} must be text of 4, 6, 8 or 10 digits without dots, such as 620442"),
        ))
    }
}
text_value!(
    HsCode,
    "HS code: text of digits, not a number",
    "^([0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10})$",
    "Goods in the Harmonized System, 4, 6, 8 or 10 digits"
);
