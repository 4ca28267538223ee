//! Persons: artisans, owners, instructors, assessors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event_type;
use crate::identity::{IkmId, SubjectKind};
use crate::values::{Nik, Phone, Text, Year};

/// Sex as attendance lists print it (`L/P`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Sex {
    /// Laki-laki.
    L,
    /// Perempuan.
    P,
}

event_type! {
    /// A person enters the register. `time`: the day of registration.
    PersonRegistered = "id.jejak.person.registered.v1" on Some(SubjectKind::Person);
    required {}
    optional {
        /// The IKM the person works for.
        ikm: IkmId,
    }
    derived {}
    sealed {
        Personal optional "Year of birth." birth_year: Year,
        Personal required "Name." name: Text,
        Personal optional "Identity number." nik: Nik,
        Personal optional "Phone number." phone: Phone,
        Personal optional "Sex, L or P." sex: Sex,
    }
}
