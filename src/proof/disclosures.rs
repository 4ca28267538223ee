//! Disclosures of an event's sealed fields (RFC 9901, section 4.2), held against the digests that it carries.
//!
//! What is told here was sealed with the event when it was recorded; that it was true then, nothing here can know.

use jejak_events::fault::Message;
use jejak_events::proposal::sealed_by;
use jejak_events::record::Event;
use jejak_events::sealed::{Digest, Disclosure, Group, SALT_BYTES};
use jejak_events::types::SealedField as TypeField;
use serde_json::Value;

/// A sealed field that an event's type declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosableField {
    pub name: &'static str,
    pub group: Group,
    /// Its value where it is disclosed; null where it has none.
    pub value: Option<Value>,
}

/// The sealed fields of an event, as its type declares them, with those disclosures that it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disclosed {
    /// Every field, in the declared order.
    pub fields: Vec<DisclosableField>,
    /// The disclosures, in that order too.
    pub disclosures: Vec<String>,
    /// Their salts, no two of them the same.
    pub salts: Vec<[u8; SALT_BYTES]>,
}

/// Why a disclosure is none of this event's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// A disclosure of no field of this event.
    #[error("disclosure {number} is of no sealed field of type {type_name}")]
    NoField {
        /// Its place among those given, from 1.
        number: usize,
        type_name: &'static str,
    },
    /// A disclosure whose digest does not stand in the event.
    #[error(
        "disclosure {number}, {field}, is not what was sealed with this event: it was altered, or belongs to another"
    )]
    NotSealed {
        /// Its place among those given, from 1.
        number: usize,
        /// The field that it says it is of.
        field: &'static str,
    },
    /// What was sealed is not what the field holds, or not what the event says of it in the open.
    #[error("disclosure {number}, {field}: {}", .fault.en)]
    Malformed {
        /// Its place among those given, from 1.
        number: usize,
        field: &'static str,
        fault: Message,
    },
    /// A salt that is not 16 bytes: whoever has the digest could guess the value back.
    #[error(
        "disclosure {number}, {field}, has no salt of 16 bytes: its value could be guessed from its digest"
    )]
    Salt {
        /// Its place among those given, from 1.
        number: usize,
        /// The field that it says it is of.
        field: &'static str,
    },
    /// A salt that another disclosure has: each must be drawn for itself.
    #[error("disclosure {number}, {field}, has the salt of another one")]
    SaltRepeated {
        /// Its place among those given, from 1.
        number: usize,
        field: &'static str,
    },
    /// One field disclosed twice.
    #[error("disclosure {number} discloses {field} once more")]
    Repeated {
        /// Its place among those given, from 1.
        number: usize,
        field: &'static str,
    },
}

impl DisclosureError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Malformed { number, field, fault } => {
                Message::new(format!("pembukaan {number}, {field}: {}", fault.id), self.to_string())
            }
            other => Message::of_error(other),
        }
    }
}

/// Holds disclosures (base64url) against an event: each is of one of its sealed fields, and sealed with it.
///
/// # Errors
/// The first that is not.
pub fn hold(event: &Event, disclosures: &[String]) -> Result<Disclosed, DisclosureError> {
    let (_, declared) = sealed_by(event);
    let mut fields: Vec<DisclosableField> = declared
        .iter()
        .map(|field| DisclosableField { name: field.name, group: field.group, value: None })
        .collect();
    let mut ordered = vec![None; fields.len()];
    let mut salts = Vec::with_capacity(disclosures.len());
    for (number, disclosure) in (1..).zip(disclosures) {
        let decoded = Disclosure::parse(disclosure).and_then(|Disclosure { salt, name, value }| {
            Some((fields.iter().position(|field| field.name == name)?, salt, value))
        });
        let Some((place, salt, value)) = decoded else {
            return Err(DisclosureError::NoField { number, type_name: event.draft.data.type_name() });
        };
        let DisclosableField { name: field, group, value: known } = &mut fields[place];
        let digests = event.draft.data.sealed().map_or(&[][..], |sealed| sealed.group(*group));
        if !digests.contains(&Digest::of(disclosure)) {
            return Err(DisclosureError::NotSealed { number, field });
        }
        let Some(salt) = salt else { return Err(DisclosureError::Salt { number, field }) };
        hold_form(event, &declared[place], &value).map_err(|fault| DisclosureError::Malformed {
            number,
            field,
            fault,
        })?;
        if known.replace(value).is_some() {
            return Err(DisclosureError::Repeated { number, field });
        }
        if salts.contains(&salt) {
            return Err(DisclosureError::SaltRepeated { number, field });
        }
        salts.push(salt);
        ordered[place] = Some(disclosure.clone());
    }
    Ok(Disclosed { fields, disclosures: ordered.into_iter().flatten().collect(), salts })
}

/// The value has the form of its field, and is there where the event says in the open that it is.
fn hold_form(event: &Event, field: &TypeField, value: &Value) -> Result<(), Message> {
    let is_there = !value.is_null();
    if is_there {
        (field.check)(value).map_err(|error| Message::from_serde(&error.to_string()))?;
    }
    // Of personal fields the record does not say it.
    if field.group == Group::Personal {
        return Ok(());
    }
    let has = event.draft.data.sealed().and_then(|sealed| sealed.has.as_ref());
    if has.is_some_and(|names| names.iter().any(|name| name == field.name)) != is_there {
        return Err(Message::new(
            "peristiwanya menyatakan terbuka yang sebaliknya: ada nilainya atau tidak",
            "the event says otherwise in the open: whether it has a value",
        ));
    }
    Ok(())
}
