//! The person of the worked example whose data are to be erased (UU PDP 27/2022, arts. 43-44).
//!
//! An erasure is no proposal: the registry itself destroys keys between its two events. So the script only
//! says here whose data and when; filling the example erases nobody yet. Whoever joins the two asks for the
//! erasure of [`to_erase`] on its day, between the steps of the days before and after. Nothing of the
//! story names the person after that day, and every figure stays as it is, for figures rest on open fields.

use uuid::Uuid;

use super::people::Person;

/// Who is to be erased, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToErase {
    /// The stream `person/<uuid>`.
    pub person: Uuid,
    /// The day of the request, `YYYY-MM-DD`.
    pub requested: &'static str,
}

/// A person of Kota Mojokerto, who completed both trainings and holds a competence certificate.
#[must_use]
pub fn to_erase() -> ToErase {
    ToErase { person: Person::new("35.76", 22).id, requested: "2025-11-17" }
}
