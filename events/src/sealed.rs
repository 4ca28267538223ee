//! Sealed fields: SD-JWT disclosures and their digests (RFC 9901, section 4.2).
//!
//! The record carries only digests; the disclosures `[salt, name, value]` live in the vault. Every
//! sealed field that a type declares has a digest, over `null` where it has no value, so that absence
//! cannot be read off the log. Salts are given by the caller: nothing here makes randomness.

use crate::excerpt::quoted;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::fault::Message;
use crate::values::{SetOf, written_form};

/// Which key a field is sealed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Names or singles out a person or a sole proprietor (UU 27/2022).
    Personal,
    /// A figure of one enterprise (UU 3/2014, arts. 69-70).
    Confidential,
}

impl Group {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Confidential => "confidential",
        }
    }

    /// The group of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Personal, Self::Confidential].into_iter().find(|group| group.name() == name)
    }
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// SHA-256 of a disclosure, base64url without padding, 43 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    fn parse(text: &str) -> Result<Self, Message> {
        let good = BASE64_URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
        good.then(|| Self(text.to_owned())).ok_or_else(|| {
            Message::new(
                format!("digest {text} harus base64url dari 32 byte", text = quoted(text)),
                format!("digest {text} must be the base64url form of 32 bytes", text = quoted(text)),
            )
        })
    }

    /// The digest of an encoded disclosure: SHA-256 over its ASCII characters.
    #[must_use]
    pub fn of(disclosure: &str) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(disclosure.as_bytes())))
    }

    /// The 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

written_form!(
    Digest,
    |value, serializer| serializer.serialize_str(&value.0),
    "digest as text",
    {"pattern": "^[A-Za-z0-9_-]{43}$", "description": "SHA-256 of a disclosure, base64url"}
);

/// The digests of one group, sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Digests {
    /// One digest for each declared field of the group.
    #[serde(rename = "_sd")]
    pub sd: SetOf<Digest>,
}

/// `data.sealed` of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Digests of the confidential fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidential: Option<Digests>,
    /// Names of the confidential fields that have a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has: Option<SetOf<String>>,
    /// Digests of the personal fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<Digests>,
}

impl Sealed {
    /// The digests of a group.
    #[must_use]
    pub fn group(&self, group: Group) -> &[Digest] {
        let digests = match group {
            Group::Personal => &self.personal,
            Group::Confidential => &self.confidential,
        };
        digests.as_ref().map_or(&[], |digests| &digests.sd)
    }
}

/// Length of a salt in bytes (128 bits, as RFC 9901 recommends).
pub const SALT_BYTES: usize = 16;

/// One disclosure, encoded: base64url of the JSON array `[salt, name, value]`.
#[must_use]
pub fn encode_disclosure(salt: [u8; SALT_BYTES], name: &str, value: &Value) -> String {
    let salt = BASE64_URL_SAFE_NO_PAD.encode(salt);
    BASE64_URL_SAFE_NO_PAD
        .encode(Value::from(vec![Value::from(salt), Value::from(name), value.clone()]).to_string())
}

/// An encoded disclosure taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    /// Its salt; `None` where it is not the base64url form of 16 bytes. A shorter one lets the value be guessed back
    /// from the digest.
    pub salt: Option<[u8; SALT_BYTES]>,
    /// The name of the field.
    pub name: String,
    /// Its value.
    pub value: Value,
}

impl Disclosure {
    /// Takes an encoded disclosure apart; `None` when it is no disclosure of an object's field.
    #[must_use]
    pub fn parse(disclosure: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(disclosure).ok()?;
        let (salt, name, value): (String, String, Value) = serde_json::from_slice(&bytes).ok()?;
        let salt = BASE64_URL_SAFE_NO_PAD.decode(salt).ok().and_then(|bytes| bytes.try_into().ok());
        Some(Self { salt, name, value })
    }
}

/// What an encoded disclosure says: name and value; `None` when it is no disclosure of an object's field, or one
/// without a salt of 16 bytes.
#[must_use]
pub fn decode_disclosure(disclosure: &str) -> Option<(String, Value)> {
    let Disclosure { salt, name, value } = Disclosure::parse(disclosure)?;
    salt.map(|_| (name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 9901, section 4.2.1 and 4.2.3: salt, claim name, value and their digest.
    #[test]
    fn digest_of_the_rfc() {
        let disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        assert_eq!(Digest::of(disclosure).as_str(), "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
        // The salt of the RFC's example has 17 bytes; ours have 16, and no other length is taken.
        assert_eq!(decode_disclosure(disclosure), None);
        let ours = encode_disclosure([7; SALT_BYTES], "family_name", &Value::from("Möbius"));
        assert_eq!(decode_disclosure(&ours), Some(("family_name".into(), Value::from("Möbius"))));
    }

    #[test]
    fn a_salt_is_sixteen_bytes() {
        let encode = |salt: &str| BASE64_URL_SAFE_NO_PAD.encode(format!("[{salt:?},\"workers\",12]"));
        let salts =
            ["", "AA", "AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "  "];
        for salt in salts.into_iter().chain([&*"A".repeat(24), &*"A".repeat(4000), "AAAAAAAAAAAAAAAAAAAAAB"])
        {
            assert_eq!(decode_disclosure(&encode(salt)), None, "{salt:?}");
            assert_eq!(Disclosure::parse(&encode(salt)).unwrap().salt, None, "{salt:?}");
        }
        let whole = "AAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(decode_disclosure(&encode(whole)), Some(("workers".into(), Value::from(12))));
    }

    #[test]
    fn disclosures_round_trip() {
        let disclosure = encode_disclosure([7; SALT_BYTES], "workers", &Value::from(12));
        assert_eq!(decode_disclosure(&disclosure), Some(("workers".into(), Value::from(12))));
        assert_ne!(
            Digest::of(&disclosure),
            Digest::of(&encode_disclosure([8; SALT_BYTES], "workers", &Value::from(12)))
        );
    }
}
