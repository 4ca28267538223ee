//! `certificates`: what happened to certificates in a period.

use jejak_events::values::Date;

use super::certified::{self, by_scheme};
use super::scope::{NumberMap, Scope};
use super::tally::{Key, Tally};
use super::validity::{Valid, runs};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Id, Row};
use crate::question::Filter;

const fn of_certificates(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::Certificate }
}

pub(super) const CERTIFICATES: ViewDeclaration = ViewDeclaration {
    name: "certificates",
    version: 1,
    title: Words { id: "Yang terjadi pada sertifikat", en: "What happened to certificates" },
    definition: Words {
        id: "Sertifikat yang terbit, diperpanjang, dibekukan, dipulihkan dan dicabut paling lambat pada hari \
             yang ditanyakan, dan yang berakhir (certificates_lapsed): hari terakhirnya sudah lewat tanpa \
             perpanjangan yang menyambung, dan tidak dicabut sebelumnya. Masing-masing dihitung sekali; yang dibekukan \
             dan dicabut juga menurut alasannya. \
             Wilayah dan program seperti pada certified. Dengan tanggal awal: hanya yang terjadi dalam masa itu.",
        en: "Certificates that were issued, renewed, suspended, reinstated and revoked no later than the day \
             asked for, and those that lapsed: their last day is past without a renewal that follows at once, \
             and they were not revoked before. Each counts once; those suspended and revoked also by reason. The area and the programme are as in \
             certified. With a first day: only what happened in that period.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Scale, Filter::From],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::Flow,
    figures: &[
        of_certificates("certificates_issued"),
        of_certificates("certificates_renewed"),
        of_certificates("certificates_suspended"),
        of_certificates("certificates_reinstated"),
        of_certificates("certificates_revoked"),
        of_certificates("certificates_lapsed"),
    ],
    breakdowns: &["scheme", "program", "issuer", "reason"],
    shares: &[],
    attested: &[],
    count,
};

/// Places of the figures.
const ISSUED: usize = 0;
const RENEWED: usize = 1;
const SUSPENDED: usize = 2;
const REINSTATED: usize = 3;
const REVOKED: usize = 4;
const LAPSED: usize = 5;

/// Something that happened to a certificate: the figure, the day, why where that is said, and its events.
type Step = (usize, Date, Key, Vec<u64>);

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let mut steps: NumberMap<Id, Vec<Step>> = NumberMap::default();
    let mut renewals: NumberMap<Id, Vec<_>> = NumberMap::default();
    for row in scope.rows(&tables.renewals) {
        renewals.entry(row.fact.certificate).or_default().push(row);
        steps.entry(row.fact.certificate).or_default().push(step(scope, RENEWED, row, Key::NoRow));
    }
    for row in scope.rows(&tables.suspensions) {
        let reason = Key::Code(row.fact.reason);
        let (figure, why) = if row.fact.suspended { (SUSPENDED, reason) } else { (REINSTATED, Key::NoRow) };
        steps.entry(row.fact.certificate).or_default().push(step(scope, figure, row, why));
    }
    for row in scope.rows(&tables.revocations) {
        let why = Key::Code(row.fact.reason);
        steps.entry(row.fact.certificate).or_default().push(step(scope, REVOKED, row, why));
    }
    for issue in scope.rows(&tables.certificates) {
        let certificate = issue.fact.certificate;
        let happened = steps.get(&certificate).map_or(&[][..], Vec::as_slice);
        let revoked =
            happened.iter().filter(|(figure, ..)| *figure == REVOKED).map(|(_, day, ..)| *day).min();
        let renewed = renewals.get(&certificate).map_or(&[][..], Vec::as_slice);
        let mut terms = vec![issue.fact.valid_from..=issue.fact.valid_to];
        terms.extend(renewed.iter().map(|row| row.fact.valid_from..=row.fact.valid_to));
        let mut said = Vec::new();
        renewed.iter().for_each(|row| scope.trace(row, &mut said));
        let lapses = runs(&mut terms).into_iter().filter_map(|run| {
            let after = Date::from_day_number(run.end().day_number() + 1)?;
            let is_past = after <= scope.question.on && revoked.is_none_or(|revoked| revoked > *run.end());
            is_past.then(|| (LAPSED, after, Key::NoRow, said.clone()))
        });
        let lapses: Vec<Step> = lapses.collect();
        let own = [step(scope, ISSUED, issue, Key::NoRow)];
        for (figure, day, why, events) in own.iter().chain(happened).chain(&lapses) {
            if scope.since(*day) {
                let mut events = events.clone();
                scope.trace(issue, &mut events);
                let valid = Valid { issue, until: issue.fact.valid_to, events };
                let [scheme, program, ..] = by_scheme(&valid);
                let keys = [scheme, program, Key::Issuer(issue.fact.issuer), *why];
                certified::credit_any(scope, tally, &valid, (*figure, Key::Id(certificate)), keys);
            }
        }
    }
}

fn step<T>(scope: &Scope<'_>, figure: usize, row: &Row<T>, why: Key) -> Step {
    let mut events = Vec::new();
    scope.trace(row, &mut events);
    (figure, row.day, why, events)
}
