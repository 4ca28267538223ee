//! Certificates of IKMs, persons and products.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sentence::{because, said, span, with, with_words};
use super::{Holder, event_type, parts::Mention};
use crate::fault::Message;
use crate::identity::{ProgramId, Subject, SubjectKind};
use crate::values::{CertificateNumber, Code, Date, Issuer, Year};

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
    CertificateIssued = "id.jejak.certificate.issued.v1" on &[SubjectKind::Certificate], Begins("valid"),
        called ["sertifikat diterbitkan", "certificate issued"];
    required {
        /// Who or what holds it.
        holder: Holder,
        /// The certifying institution.
        issuer: Issuer,
        /// Scheme: `sih`, `competence`, `batikmark`, `sni`, ...
        scheme: Code,
        /// First day of validity.
        valid_from: Date,
        /// Last day of validity, inclusive.
        valid_to: Date,
    }
    optional {
        /// The programme that led to it. A renewal is of the same certificate, and so of the same programme.
        program: ProgramId,
        /// The standard it certifies.
        standard: Standard,
    }
    derived {}
    sealed {
        Personal required "Number on the certificate." number: CertificateNumber,
    }
    says |data, call| {
        let said = said!(
            "sertifikat {scheme} diterbitkan {issuer} bagi {holder}",
            "{scheme} certificate issued by {issuer} to {holder}",
            scheme = &data.scheme,
            issuer = &data.issuer,
            holder = call.stream(data.holder.subject()),
        );
        let said = with_words(said, ", berlaku ", ", valid ", Some(&span(data.valid_from, data.valid_to)));
        let standard = data.standard.as_ref().map(|one| format!("{}:{}", one.code, one.year.get()));
        let said = with(said, ", standar ", ", standard ", standard);
        let program = data.program.map(|program| call.stream(Subject::Program(program)));
        with(said, ", sebagai hasil ", ", as a result of ", program)
    }
}

event_type! {
    /// The issuer takes a certificate back. `time`: the first day it no longer holds.
    CertificateRevoked = "id.jejak.certificate.revoked.v1" on &[SubjectKind::Certificate], Ends("revoked"),
        called ["sertifikat dicabut", "certificate revoked"];
    required {
        /// Why.
        reason: Code,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| {
        said!("sertifikat dicabut ({reason})", "certificate revoked ({reason})", reason = &data.reason)
    }
}

event_type! {
    /// The issuer suspends a certificate. `time`: the first day it does not hold.
    CertificateSuspended = "id.jejak.certificate.suspended.v1" on &[SubjectKind::Certificate], Pauses("suspended"),
        called ["sertifikat dibekukan", "certificate suspended"];
    required {
        /// Why.
        reason: Code,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| {
        said!(
            "sertifikat dibekukan ({reason})",
            "certificate suspended ({reason})",
            reason = &data.reason
        )
    }
}

event_type! {
    /// The issuer lifts a suspension. `time`: the first day it holds again.
    CertificateReinstated = "id.jejak.certificate.reinstated.v1" on &[SubjectKind::Certificate], Resumes("valid"),
        called ["sertifikat dipulihkan", "certificate reinstated"];
    required {}
    optional {
        /// Why.
        reason: Code,
    }
    derived {}
    sealed {}
    says |data, call| { because(
        Message::new("pembekuan sertifikat dicabut", "suspension of the certificate lifted"),
        data.reason.as_ref(),
    ) }
}

event_type! {
    /// The issuer gives a certificate a further term. `time`: the day of the renewal.
    CertificateRenewed = "id.jejak.certificate.renewed.v1" on &[SubjectKind::Certificate], Extends("valid"),
        called ["sertifikat diperpanjang", "certificate renewed"];
    required {
        /// Who or what holds it, as at its issue: said again because the number is sealed under the
        /// holder's key, as that of the issue, and erasing the holder makes it unreadable.
        holder: Holder,
        /// First day of the further term.
        valid_from: Date,
        /// Last day of the further term, inclusive.
        valid_to: Date,
    }
    optional {}
    derived {}
    sealed {
        Personal optional "Number on the renewed certificate, where it is a new one." number: CertificateNumber,
    }
    says |data, call| {
        let said = said!(
            "sertifikat diperpanjang bagi {holder}",
            "certificate renewed to {holder}",
            holder = call.stream(data.holder.subject()),
        );
        with_words(said, ", berlaku ", ", valid ", Some(&span(data.valid_from, data.valid_to)))
    }
}
