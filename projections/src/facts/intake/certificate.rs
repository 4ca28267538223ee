//! Certificates.

use jejak_events::types::Holder;
use jejak_events::types::certificate::{
    CertificateIssued, CertificateReinstated, CertificateRenewed, CertificateRevoked, CertificateSuspended,
};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::rows::{CodeId, HolderKind};
use crate::facts::tables::{Certificate, Renewal, Revocation, Suspension};

impl Rows for CertificateIssued {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (holder_kind, holder, product) = match &self.holder {
            Holder::Ikm { ikm } => (HolderKind::Ikm, ikm.uuid(), None),
            Holder::Person { person } => (HolderKind::Person, person.uuid(), None),
            Holder::Product { ikm, product } => (HolderKind::Product, ikm.uuid(), Some(product)),
        };
        add!(
            intake,
            certificates,
            Certificate {
                certificate: intake.stream()?,
                scheme: intake.intern_code(&self.scheme)?,
                holder_kind,
                holder: intake.intern(holder)?,
                product: intake.intern_optional_code(product)?,
                program: intake.intern_optional(self.program.map(|program| program.uuid()))?,
                valid_from: self.valid_from,
                valid_to: self.valid_to,
                issuer: intake.facts.intern_issuer(&self.issuer)?,
            }
        );
        Ok(())
    }
}

impl Rows for CertificateRevoked {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            revocations,
            Revocation { certificate: intake.stream()?, reason: intake.intern_code(&self.reason)? }
        );
        Ok(())
    }
}

impl Rows for CertificateSuspended {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (certificate, reason) = (intake.stream()?, intake.intern_code(&self.reason)?);
        add!(intake, suspensions, Suspension { certificate, suspended: true, reason });
        Ok(())
    }
}

impl Rows for CertificateReinstated {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            suspensions,
            Suspension { certificate: intake.stream()?, suspended: false, reason: CodeId::NONE }
        );
        Ok(())
    }
}

impl Rows for CertificateRenewed {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (certificate, valid_from, valid_to) = (intake.stream()?, self.valid_from, self.valid_to);
        add!(intake, renewals, Renewal { certificate, valid_from, valid_to });
        Ok(())
    }
}
