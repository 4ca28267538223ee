//! Events made by hand, for tests and the example. Not part of the library.
//!
//! A builder gives the stream and the facts of one event; [`Story::add`] records them on a day. Builders
//! are short and say nothing that the tests do not look at.

mod certificate;
mod claim;
mod enterprise;
mod program;
mod rights;
mod sentra;

use jejak_events::area::AreaCode;
use jejak_events::identity::{
    Actor, ActorKind, CertificateId, ClaimId, EventId, ExhibitionId, IkmId, PersonId, ProgramId, SentraId,
    SessionId, Source, Subject,
};
use jejak_events::record::{Draft, Event};
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_events::types::{Data, EventCorrected, EventRetracted, Period, Replacement};
use jejak_events::values::{Code, Count, Date, Rupiah, SetOf, Text, Year};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::EventSource;
use uuid::{Builder, Uuid};

pub use certificate::*;
pub use claim::*;
pub use enterprise::*;
pub use program::*;
pub use rights::*;
pub use sentra::*;

/// A log in memory.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub events: Vec<Event>,
    /// Who records from here on, and how many days after 14 November 2023; an office of Kota Pekalongan on that day
    /// when not said.
    pub office: Option<(&'static str, &'static str)>,
    pub days_later: i64,
}

impl EventSource for Story {
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
pub fn sentra(number: u32) -> SentraId {
    SentraId::new(uuid(7, number)).unwrap()
}
pub fn claim(number: u32) -> ClaimId {
    ClaimId::new(uuid(8, number)).unwrap()
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
fn year(year: u16) -> Year {
    Year::new(year).unwrap()
}
fn count(number: u32) -> Count {
    Count::new(number).unwrap()
}
fn rupiah(amount: i64) -> Rupiah {
    Rupiah::new(amount).unwrap()
}
fn period((from, to): (&str, &str)) -> Period {
    Period { from: date(from), to: date(to) }
}
fn persons(numbers: &[u32]) -> Option<SetOf<PersonId>> {
    SetOf::new(numbers.iter().copied().map(person).collect())
}

/// What happens: a stream and its facts.
pub type Happening = (Subject, Data);

/// The facts of a type: nothing sealed, nothing beside them.
macro_rules! facts {
    ($name:ident { $($field:ident: $value:expr),* $(,)? }) => {
        $name { $($field: $value,)* evidence: None, imported_from: None, sealed: None }.into()
    };
}
use facts;

impl Story {
    pub fn size(&self) -> u64 {
        self.events.len() as u64
    }

    /// Records what happened on a day; its index.
    pub fn add(&mut self, day: &str, (subject, data): Happening) -> u64 {
        let index = self.size();
        let (place, office) = self.office.unwrap_or(("33.75", "dinperinaker"));
        let source = Source { area: area(place), office: code(office) };
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
        let recorded =
            RecordedTime::from_unix_ms(1_700_000_000_000 + self.days_later * 86_400_000 + index as i64)
                .unwrap();
        self.events.push(Event { recorded, draft });
        index
    }

    /// Corrects the event at an index.
    pub fn correct(&mut self, target: u64, day: &str, (subject, data): Happening) -> u64 {
        let (place, _) = self.office.unwrap_or(("33.75", ""));
        let time = ValidTime::day(date(day), area(place));
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
        let subject = self.events[target as usize].draft.subject;
        let data =
            facts!(EventRetracted { reason: code("mistake"), target: event_id(target), authority: None });
        self.add("2025-12-02", (subject, data))
    }
}
