//! `certified`, `green_certified`, `certificates_expiring`.

use std::collections::BTreeSet;

use jejak_events::identity::Subject;
use jejak_events::types::certificate::CertificateIssued;
use jejak_events::types::{Data, Holder};
use jejak_events::values::Date;

use super::Counted;
use super::world::{Fact, World};

/// A certificate that is valid on the day.
pub struct Valid<'w, 'a> {
    issue: &'w Fact<'a>,
    pub data: &'a CertificateIssued,
    /// Last day of the term that runs, and of those that follow it without a gap.
    ends: Date,
}

/// Issued, the day within its validity or that of a renewal, and on the day neither suspended nor revoked.
pub fn valid<'w, 'a>(world: &'w World<'a>) -> Vec<Valid<'w, 'a>> {
    let mut valid = Vec::new();
    for issue in &world.facts {
        let Data::CertificateIssued(data) = issue.data else { continue };
        let mut own: Vec<_> = world.facts.iter().filter(|fact| fact.subject == issue.subject).collect();
        own.sort_by_key(|fact| fact.order());
        let (mut revoked, mut suspended, mut terms) = (false, false, vec![(data.valid_from, data.valid_to)]);
        for fact in own {
            match fact.data {
                Data::CertificateRevoked(_) => revoked = true,
                Data::CertificateSuspended(_) => suspended = true,
                Data::CertificateReinstated(_) => suspended = false,
                Data::CertificateRenewed(data) => terms.push((data.valid_from, data.valid_to)),
                _ => {}
            }
        }
        let ends = end_of_terms(&terms, world.question.on);
        if let Some(ends) = ends.filter(|_| !revoked && !suspended) {
            valid.push(Valid { issue, data, ends });
        }
    }
    valid
}

/// Goes on from day to day as long as a term holds.
fn end_of_terms(terms: &[(Date, Date)], on: Date) -> Option<Date> {
    let holds = |day: Date| terms.iter().any(|(from, to)| *from <= day && day <= *to);
    let next = |day: &Date| Date::from_day_number(day.day_number() + 1);
    std::iter::successors(Some(on), next).take_while(|day| holds(*day)).last()
}

/// The IKM that a certificate belongs to: its holder, or the one that the person who holds it works for.
pub fn ikm_of(world: &World<'_>, data: &CertificateIssued) -> Option<Subject> {
    match data.holder {
        Holder::Ikm { ikm } | Holder::Product { ikm, .. } => Some(world.counts_as(Subject::Ikm(ikm))),
        Holder::Person { person } => world.works_for(world.counts_as(Subject::Person(person))),
    }
}

/// Whether the question is about a certificate: its area, its size, which a person without an IKM has not, and the
/// programme that it names.
fn is_wanted(world: &World<'_>, data: &CertificateIssued) -> bool {
    let names = |program| data.program == Some(program);
    world.question.program.is_none_or(names)
        && match ikm_of(world, data) {
            Some(ikm) => world.wants_ikm(ikm),
            None => {
                let area = world.area_of_person(world.counts_as(data.holder.subject()));
                world.wants_area(area) && world.question.scale.is_none()
            }
        }
}

/// Nobody holds anything for an IKM that is closed.
pub fn is_held(world: &World<'_>, data: &CertificateIssued) -> bool {
    let profile = ikm_of(world, data).and_then(|ikm| world.profile(ikm));
    profile.is_none_or(|profile| profile.works)
}

/// Those that are valid, held, and asked for.
fn wanted<'w, 'a>(world: &'w World<'a>) -> impl Iterator<Item = Valid<'w, 'a>> {
    valid(world).into_iter().filter(|valid| is_wanted(world, valid.data) && is_held(world, valid.data))
}

pub fn certified(world: &World<'_>, counted: &mut Counted) {
    for Valid { data, .. } in wanted(world) {
        let holder = world.counts_as(data.holder.subject());
        match &data.holder {
            Holder::Ikm { .. } => counted.one("certified", holder),
            Holder::Person { .. } => counted.one("certified_persons", holder),
            Holder::Product { product, .. } => {
                counted.one("certified_products", format!("{holder} {product}"))
            }
        }
    }
}

/// The IKMs that hold a valid certificate, for themselves or a product.
pub fn holders(world: &World<'_>) -> BTreeSet<Subject> {
    let of_person = |data: &CertificateIssued| matches!(data.holder, Holder::Person { .. });
    let held = wanted(world).filter(|valid| !of_person(valid.data));
    held.map(|valid| world.counts_as(valid.data.holder.subject())).collect()
}

pub fn green_certified(world: &World<'_>, counted: &mut Counted) {
    for Valid { data, .. } in wanted(world) {
        if let (Holder::Ikm { ikm }, "sih") = (&data.holder, &*data.scheme) {
            counted.one("green_certified", world.counts_as(Subject::Ikm(*ikm)));
        }
    }
}

pub fn certificates_expiring(world: &World<'_>, counted: &mut Counted) {
    for Valid { issue, data, ends } in wanted(world) {
        let holder = world.counts_as(data.holder.subject());
        for (days, figure) in [
            (30, "certificates_ending_30_days"),
            (90, "certificates_expiring"),
            (180, "certificates_ending_180_days"),
        ] {
            if ends.day_number() - world.question.on.day_number() <= days {
                counted.one(figure, format!("{} of {holder}", issue.subject));
            }
        }
    }
}

pub fn certificates(world: &World<'_>, counted: &mut Counted) {
    for issue in &world.facts {
        let Data::CertificateIssued(data) = issue.data else { continue };
        if !is_wanted(world, data) {
            continue;
        }
        let what = format!("{} of {}", issue.subject, world.counts_as(data.holder.subject()));
        let mut terms = vec![(data.valid_from, data.valid_to)];
        let mut revoked = Vec::new();
        if world.since(issue.day) {
            counted.one("certificates_issued", &what);
        }
        for fact in world.facts.iter().filter(|fact| fact.subject == issue.subject) {
            let figure = match fact.data {
                Data::CertificateRenewed(data) => {
                    terms.push((data.valid_from, data.valid_to));
                    "certificates_renewed"
                }
                Data::CertificateSuspended(_) => "certificates_suspended",
                Data::CertificateReinstated(_) => "certificates_reinstated",
                Data::CertificateRevoked(_) => {
                    revoked.push(fact.day);
                    "certificates_revoked"
                }
                _ => continue,
            };
            if world.since(fact.day) {
                counted.one(figure, &what);
            }
        }
        // The day after each last day, where no term holds it.
        let holds = |day: Date| terms.iter().any(|(from, to)| *from <= day && day <= *to);
        for (_, to) in &terms {
            let Some(after) = Date::from_day_number(to.day_number() + 1) else { continue };
            let was_revoked = revoked.iter().any(|day| day <= to);
            if !holds(after) && !was_revoked && after <= world.question.on && world.since(after) {
                counted.one("certificates_lapsed", &what);
            }
        }
    }
}
