//! Events made by hand, for tests and the example. Not part of the library.

use jejak_events::area::AreaCode;
use jejak_events::identity::{
    Actor, ActorKind, CertificateId, EventId, ExhibitionId, IkmId, PersonId, ProgramId, SessionId, Source,
    Subject,
};
use jejak_events::record::{Draft, Event};
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_events::types::certificate::{CertificateIssued, CertificateRevoked};
use jejak_events::types::enterprise::IkmClosed;
use jejak_events::types::exhibition::{ExhibitionAnnounced, ExhibitionJoined};
use jejak_events::types::ikm::{
    AssessmentRecorded, AttendanceStatus, EnrolmentMade, IkmRegistered, Kbli, TrainingAttended, Verdict,
};
use jejak_events::types::person::PersonRegistered;
use jejak_events::types::program::{Funding, ProgramOpened, SessionDay, SessionScheduled, Unit};
use jejak_events::types::{
    Data, EventCorrected, EventRetracted, Holder, Replacement, Scale, ScaleRule, Scaled,
};
use jejak_events::values::{Code, Count, Date, KbliCode, Minutes, Percent, SetOf, Text, Version, Year};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Recorded;
use uuid::{Builder, Uuid};

/// A log in memory.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub events: Vec<Event>,
}

impl Recorded for Story {
    fn index_of(&self, id: EventId) -> Result<Option<u64>, ReadFailure> {
        // The ids of a story carry their index.
        let index = u64::from_be_bytes(id.uuid().as_bytes()[8..].try_into().unwrap()) & 0xffff_ffff;
        Ok(self.events.get(index as usize).filter(|event| event.draft.id == id).map(|_| index))
    }
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        self.events.get(index as usize).cloned().ok_or_else(|| format!("no event {index}").into())
    }
}

/// A random-looking UUID of version 4 made of a kind and a number.
pub fn uuid(kind: u8, number: u32) -> Uuid {
    let mut bytes =
        (u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_be_bytes();
    bytes[0] = kind;
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    Builder::from_random_bytes(bytes).into_uuid()
}

pub fn event_id(index: u64) -> EventId {
    let mut random = [0u8; 10];
    random[6..].copy_from_slice(&(index as u32).to_be_bytes());
    EventId::new(Builder::from_unix_timestamp_millis(1_600_000_000_000, &random).into_uuid()).unwrap()
}

pub fn ikm(number: u32) -> IkmId {
    IkmId::new(uuid(1, number)).unwrap()
}
pub fn person(number: u32) -> PersonId {
    PersonId::new(uuid(2, number)).unwrap()
}
pub fn program(number: u32) -> ProgramId {
    ProgramId::new(uuid(3, number)).unwrap()
}
pub fn session(number: u32) -> SessionId {
    SessionId::new(uuid(4, number)).unwrap()
}
pub fn certificate(number: u32) -> CertificateId {
    CertificateId::new(uuid(5, number)).unwrap()
}
pub fn exhibition(number: u32) -> ExhibitionId {
    ExhibitionId::new(uuid(6, number)).unwrap()
}
pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}
pub fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}
pub fn area(text: &str) -> AreaCode {
    AreaCode::parse(text).unwrap()
}
fn text(text: &str) -> Text {
    Text::parse(text).unwrap()
}

/// What happens: a stream and its facts.
pub type Happening = (Subject, Data);

pub fn registered(number: u32, at: &str, scale: Option<Scale>) -> Happening {
    let scaled = scale.map(|scale| Scaled { rule: ScaleRule::Permenperin64Of2016, scale });
    let data = IkmRegistered {
        area: area(at),
        commodity: code("batik"),
        kbli: Kbli { code: KbliCode::parse("13134").unwrap(), year: Year::new(2020).unwrap() },
        sole_proprietor: true,
        founded: None,
        owner: None,
        scales: scaled.and_then(|scaled| SetOf::new(vec![scaled])),
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Ikm(ikm(number)), data.into())
}

pub fn person_registered(number: u32, of: Option<u32>) -> Happening {
    let data = PersonRegistered { ikm: of.map(ikm), evidence: None, imported_from: None, sealed: None };
    (Subject::Person(person(number)), data.into())
}

pub fn opened(number: u32, at: &str, theme: &str, unit: Unit, percent: Option<u8>) -> Happening {
    let funding = Funding { fiscal_year: Year::new(2025).unwrap(), source: code("apbd") };
    let data = ProgramOpened {
        area: area(at),
        organiser: text("Dinas Perindustrian"),
        theme: code(theme),
        title: text("Pelatihan (synthetic)"),
        unit,
        completion_percent: percent.map(|percent| Percent::new(percent).unwrap()),
        eligibility: None,
        funding: (number.is_multiple_of(2)).then(|| SetOf::new(vec![funding])).flatten(),
        legal_basis: None,
        partners: None,
        quota: Count::new(30),
        targets: None,
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Program(program(number)), data.into())
}

pub fn scheduled(of: u32, number: u32, group: Option<&str>, days: &[&str]) -> Happening {
    let minutes = |minutes| Minutes::new(minutes).unwrap();
    let day = |day: &&str| SessionDay {
        date: date(day),
        practice_minutes: minutes(288),
        theory_minutes: minutes(72),
    };
    let data = SessionScheduled {
        days: SetOf::new(days.iter().map(day).collect()).unwrap(),
        session: session(number),
        venue: text("Aula"),
        group: group.map(code),
        instructors: None,
        sentra: None,
        topics: None,
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Program(program(of)), data.into())
}

pub fn enrolled(who: u32, on: u32, group: Option<&str>, persons: &[u32]) -> Happening {
    let data = EnrolmentMade {
        program: program(on),
        group: group.map(code),
        persons: SetOf::new(persons.iter().copied().map(person).collect()),
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Ikm(ikm(who)), data.into())
}

pub fn attended(
    who: u32,
    (on, at): (u32, u32),
    day: &str,
    of: Option<u32>,
    status: AttendanceStatus,
) -> Happening {
    let data = TrainingAttended {
        day: date(day),
        program: program(on),
        session: session(at),
        status,
        minutes: Minutes::new(360),
        person: of.map(person),
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Ikm(ikm(who)), data.into())
}

pub fn assessed(who: u32, on: u32, scheme: &str, verdict: Verdict) -> Happening {
    let data = AssessmentRecorded {
        program: program(on),
        scheme: code(scheme),
        scheme_version: Version::new(1).unwrap(),
        verdict,
        assessor: None,
        criteria: None,
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Ikm(ikm(who)), data.into())
}

pub fn certified(number: u32, scheme: &str, holder: Holder, from: &str, to: &str) -> Happening {
    let data = CertificateIssued {
        holder,
        issuer: text("LSIH"),
        scheme: code(scheme),
        valid_from: date(from),
        valid_to: date(to),
        standard: None,
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Certificate(certificate(number)), data.into())
}

pub fn revoked(number: u32) -> Happening {
    let data = CertificateRevoked {
        reason: code("surveillance"),
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Certificate(certificate(number)), data.into())
}

pub fn closed(who: u32) -> Happening {
    let data = IkmClosed { reason: code("retired"), evidence: None, imported_from: None, sealed: None };
    (Subject::Ikm(ikm(who)), data.into())
}

pub fn announced(number: u32, at: &str, from: &str, to: &str) -> Happening {
    let data = ExhibitionAnnounced {
        area: area(at),
        from: date(from),
        level: code("city"),
        name: text("Pameran"),
        to: date(to),
        venue: text("Mal"),
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Exhibition(exhibition(number)), data.into())
}

pub fn joined(who: u32, at: u32) -> Happening {
    let data = ExhibitionJoined {
        exhibition: exhibition(at),
        products: None,
        visitors: None,
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    (Subject::Ikm(ikm(who)), data.into())
}

impl Story {
    pub fn size(&self) -> u64 {
        self.events.len() as u64
    }

    /// Records what happened on a day; its index.
    pub fn add(&mut self, day: &str, (subject, data): Happening) -> u64 {
        let index = self.size();
        let source = Source { area: area("33.75"), office: code("dinperinaker") };
        let draft = Draft {
            id: event_id(index),
            subject,
            time: ValidTime::day(date(day), source.area),
            source,
            actor: Actor { kind: ActorKind::User, id: Some(code("u1")) },
            correlation: None,
            causation: None,
            data,
        };
        let recorded = RecordedTime::from_unix_ms(1_700_000_000_000 + index as i64).unwrap();
        self.events.push(Event { recorded, draft });
        index
    }

    /// Corrects the event at an index.
    pub fn correct(&mut self, target: u64, day: &str, (subject, data): Happening) -> u64 {
        let time = ValidTime::day(date(day), area("33.75"));
        let data = EventCorrected {
            authority: None,
            evidence: None,
            imported_from: None,
            reason: code("typing_error"),
            replacement: Replacement { subject, time, data },
            target: event_id(target),
        };
        self.add("2025-12-01", (subject, data.into()))
    }

    /// Retracts the event at an index.
    pub fn retract(&mut self, target: u64) -> u64 {
        let data = EventRetracted {
            reason: code("mistake"),
            target: event_id(target),
            authority: None,
            evidence: None,
            imported_from: None,
            sealed: None,
        };
        let subject = self.events[target as usize].draft.subject;
        self.add("2025-12-02", (subject, data.into()))
    }
}
