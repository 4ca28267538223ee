//! IKMs and persons: who they are, what they report, what they take part in.

use jejak_events::identity::Subject;
use jejak_events::types::enterprise::{
    IkmClosed, IkmFacilityAdded, IkmMerged, IkmProfileChanged, IkmReopened, ShipmentReported,
    TurnoverReported, WorkforceReported,
};
use jejak_events::types::exhibition::{ExhibitionAnnounced, ExhibitionJoined};
use jejak_events::types::ikm::{
    AssessmentRecorded, Criterion, IkmRegistered, Kbli, MentoringVisited, Verdict,
};
use jejak_events::types::person::{PersonMerged, PersonProfileChanged, PersonRegistered};
use jejak_events::types::{Data, Scale, ScaleRule, Scaled};
use jejak_events::values::{CountryCode, DistrictCode, HsCode, KbliCode, SetOf, Version};

use super::{
    Happening, area, code, count, date, exhibition, facts, ikm, period, person, program, text, year,
};

fn of(number: u32) -> Subject {
    Subject::Ikm(ikm(number))
}

/// A size class by workers and investment.
pub fn by_workers(scale: Scale) -> Scaled {
    Scaled { rule: ScaleRule::Permenperin64Of2016, scale }
}

/// A size class by capital.
pub fn by_capital(scale: Scale) -> Scaled {
    Scaled { rule: ScaleRule::Pp7Of2021, scale }
}

/// Makes batik; `scale` by workers and investment.
pub fn registered(number: u32, at: &str, scale: Option<Scale>) -> Happening {
    registered_as(number, at, "batik", &scale.map(by_workers).into_iter().collect::<Vec<_>>())
}

pub fn registered_as(number: u32, at: &str, commodity: &str, scales: &[Scaled]) -> Happening {
    let kbli = Kbli { code: KbliCode::parse("13134").unwrap(), year: year(2020) };
    let data = facts!(IkmRegistered {
        area: area(at),
        commodity: code(commodity),
        kbli: kbli,
        sole_proprietor: true,
        district: None,
        founded: None,
        owner: None,
        scales: SetOf::new(scales.to_vec()),
    });
    (of(number), data)
}

pub fn profile_changed(
    number: u32,
    at: Option<&str>,
    commodity: Option<&str>,
    scales: &[Scaled],
) -> Happening {
    let data = facts!(IkmProfileChanged {
        area: at.map(area),
        commodity: commodity.map(code),
        district: None,
        founded: None,
        kbli: None,
        owner: None,
        sole_proprietor: None,
        scales: SetOf::new(scales.to_vec()),
    });
    (of(number), data)
}

/// The same, saying who owns it.
pub fn owned(by: u32, (subject, mut data): Happening) -> Happening {
    match &mut data {
        Data::IkmRegistered(data) => data.owner = Some(person(by)),
        Data::IkmProfileChanged(data) => data.owner = Some(person(by)),
        other => panic!("{other:?} names no owner"),
    }
    (subject, data)
}

/// Moves to a district of an area.
pub fn moved_within(number: u32, to: &str, district: &str) -> Happening {
    let (subject, mut data) = profile_changed(number, Some(to), None, &[]);
    if let Data::IkmProfileChanged(change) = &mut data {
        change.district = Some(DistrictCode::parse(district).unwrap());
    }
    (subject, data)
}

/// Moves to another area; the rest stays.
pub fn moved(number: u32, to: &str) -> Happening {
    profile_changed(number, Some(to), None, &[])
}

pub fn closed(number: u32) -> Happening {
    (of(number), facts!(IkmClosed { reason: code("retired") }))
}

pub fn reopened(number: u32) -> Happening {
    (of(number), facts!(IkmReopened { reason: None }))
}

pub fn merged(number: u32, into: u32) -> Happening {
    (of(number), facts!(IkmMerged { into: ikm(into), reason: None }))
}

pub fn workforce(number: u32, days: (&str, &str)) -> Happening {
    (of(number), facts!(WorkforceReported { period: period(days) }))
}

pub fn turnover(number: u32, days: (&str, &str)) -> Happening {
    (of(number), facts!(TurnoverReported { period: period(days) }))
}

pub fn shipped(number: u32, country: &str, hs_code: &str) -> Happening {
    let (country, hs_code) = (CountryCode::parse(country).unwrap(), HsCode::parse(hs_code).unwrap());
    (of(number), facts!(ShipmentReported { country: country, hs_code: hs_code, papers: None }))
}

pub fn equipped(number: u32, kind: &str) -> Happening {
    (of(number), facts!(IkmFacilityAdded { kind: code(kind) }))
}

pub fn person_registered(number: u32, works_for: Option<u32>) -> Happening {
    (Subject::Person(person(number)), facts!(PersonRegistered { area: None, ikm: works_for.map(ikm) }))
}

/// Works for another IKM from then on, or for none.
pub fn person_moved(number: u32, works_for: Option<u32>) -> Happening {
    let leaves = works_for.is_none().then_some(true);
    let data = facts!(PersonProfileChanged { area: None, ikm: works_for.map(ikm), leaves_ikm: leaves });
    (Subject::Person(person(number)), data)
}

/// Is elsewhere from then on, and works for whom they did.
pub fn person_at(number: u32, code: &str) -> Happening {
    let data = facts!(PersonProfileChanged { area: Some(area(code)), ikm: None, leaves_ikm: None });
    (Subject::Person(person(number)), data)
}

/// Another name or number, which is sealed.
pub fn person_renamed(number: u32) -> Happening {
    let data = facts!(PersonProfileChanged { area: None, ikm: None, leaves_ikm: None });
    (Subject::Person(person(number)), data)
}

/// The same with the area that the person is in.
pub fn person_in(code: &str, (subject, mut data): Happening) -> Happening {
    match &mut data {
        Data::PersonRegistered(data) => data.area = Some(area(code)),
        Data::PersonProfileChanged(data) => data.area = Some(area(code)),
        other => panic!("{other:?} says nothing of where a person is"),
    }
    (subject, data)
}

pub fn person_merged(number: u32, into: u32) -> Happening {
    (Subject::Person(person(number)), facts!(PersonMerged { into: person(into), reason: None }))
}

pub fn assessed(who: u32, on: u32, scheme: &str, verdict: Verdict) -> Happening {
    scored(who, on, scheme, verdict, &[])
}

/// An assessment with a score out of 40 for each criterion, in hundredths.
pub fn scored(who: u32, on: u32, scheme: &str, verdict: Verdict, scores: &[(&str, u32)]) -> Happening {
    let criterion = |(name, score): &(&str, u32)| Criterion {
        code: code(name),
        maximum_hundredths: count(4_000),
        score_hundredths: count(*score),
    };
    let data = facts!(AssessmentRecorded {
        program: program(on),
        scheme: code(scheme),
        scheme_version: Version::new(1).unwrap(),
        verdict: verdict,
        assessor: None,
        criteria: SetOf::new(scores.iter().map(criterion).collect()),
    });
    (of(who), data)
}

pub fn visited(who: u32, on: u32) -> Happening {
    visited_and_found(who, on, &[])
}

pub fn visited_and_found(who: u32, on: u32, findings: &[&str]) -> Happening {
    let findings = SetOf::new(findings.iter().map(|one| code(one)).collect());
    (of(who), facts!(MentoringVisited { mentor: text("BBSPJIKB"), program: program(on), findings: findings }))
}

pub fn announced(number: u32, at: &str, from: &str, to: &str) -> Happening {
    let data = facts!(ExhibitionAnnounced {
        area: area(at),
        from: date(from),
        level: code("city"),
        name: text("Pameran"),
        to: date(to),
        venue: text("Mal"),
    });
    (Subject::Exhibition(exhibition(number)), data)
}

pub fn joined(who: u32, at: u32) -> Happening {
    (of(who), facts!(ExhibitionJoined { exhibition: exhibition(at), products: None, visitors: None }))
}
