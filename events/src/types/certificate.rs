//! Certificates of IKMs, persons and products.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Holder, event_type, parts::Mention};
use crate::identity::{Subject, SubjectKind};
use crate::values::{Code, Date, Text, Year};

/// A standard with its edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// The standard, such as `13134` for SIH batik, or `sni-8302`.
    pub code: Code,
    /// Year of its edition.
    pub year: Year,
}

impl Mention for Standard {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

event_type! {
    /// A body issues a certificate. `time`: the day of issue.
    CertificateIssued = "id.jejak.certificate.issued.v1" on Some(SubjectKind::Certificate);
    required {
        /// Who or what holds it.
        holder: Holder,
        /// The certifying institution.
        issuer: Text,
        /// Scheme: `sih`, `competence`, `batikmark`, `sni`, ...
        scheme: Code,
        /// First day of validity.
        valid_from: Date,
        /// Last day of validity, inclusive.
        valid_to: Date,
    }
    optional {
        /// The standard it certifies.
        standard: Standard,
    }
    derived {}
    sealed {
        Personal required "Number on the certificate." number: Text,
    }
}

event_type! {
    /// The issuer takes a certificate back. `time`: the first day it no longer holds.
    CertificateRevoked = "id.jejak.certificate.revoked.v1" on Some(SubjectKind::Certificate);
    required {
        /// Why.
        reason: Code,
    }
    optional {}
    derived {}
    sealed {}
}
