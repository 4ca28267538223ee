//! Certificates and who holds them.

use jejak_events::identity::Subject;
use jejak_events::types::Holder;
use jejak_events::types::certificate::{
    CertificateIssued, CertificateReinstated, CertificateRenewed, CertificateRevoked, CertificateSuspended,
};
use jejak_events::values::Issuer;

use super::{Happening, certificate, code, date, facts, ikm, person, program};

fn of(number: u32) -> Subject {
    Subject::Certificate(certificate(number))
}

pub fn by_ikm(number: u32) -> Holder {
    Holder::Ikm { ikm: ikm(number) }
}

pub fn by_person(number: u32) -> Holder {
    Holder::Person { person: person(number) }
}

pub fn by_product(number: u32, product: &str) -> Holder {
    Holder::Product { ikm: ikm(number), product: code(product) }
}

pub fn certified(number: u32, scheme: &str, holder: Holder, from: &str, to: &str) -> Happening {
    certified_through(number, None, scheme, holder, from, to)
}

/// A certificate that a programme led to, where one is named.
pub fn certified_through(
    number: u32,
    through: Option<u32>,
    scheme: &str,
    holder: Holder,
    from: &str,
    to: &str,
) -> Happening {
    let data = facts!(CertificateIssued {
        holder: holder,
        issuer: Issuer::parse("LSIH").unwrap(),
        scheme: code(scheme),
        valid_from: date(from),
        valid_to: date(to),
        program: through.map(program),
        standard: None,
    });
    (of(number), data)
}

pub fn renewed(number: u32, holder: Holder, from: &str, to: &str) -> Happening {
    let data = facts!(CertificateRenewed { holder: holder, valid_from: date(from), valid_to: date(to) });
    (of(number), data)
}

pub fn suspended(number: u32) -> Happening {
    (of(number), facts!(CertificateSuspended { reason: code("surveillance") }))
}

pub fn reinstated(number: u32) -> Happening {
    (of(number), facts!(CertificateReinstated { reason: None }))
}

pub fn revoked(number: u32) -> Happening {
    (of(number), facts!(CertificateRevoked { reason: code("surveillance") }))
}
