//! What the rules need to know of the past: the contents in force, by what they are about.
//!
//! A state is a fold of weighted contents: adding one with weight +1 and the same one with weight -1
//! leaves it as it was, which is how corrections, retractions and a refused batch are undone. It must
//! never decide anything; that is for [`super::judge`].

use std::collections::BTreeMap;

use foldhash::HashMap;
use jejak_events::identity::{CertificateId, ExhibitionId, IkmId, PersonId, ProgramId, SessionId, Subject};
use jejak_events::time::ValidTime;
use jejak_events::types::Data;
use jejak_events::types::program::Unit;
use jejak_events::values::{Code, Date};
use uuid::Uuid;

use super::unruled::unruled;

/// What an event says, whoever recorded it: the part that corrections replace.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Its stream.
    pub subject: Subject,
    /// When it happened.
    pub time: ValidTime,
    /// The facts.
    pub data: &'a Data,
}

/// Where an event stands in time for the rules: by local date, then by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Local date of the event.
    pub date: Date,
    /// Index of the original event.
    pub index: u64,
}

/// A programme in force.
#[derive(Debug, Default)]
pub struct Program {
    /// Its opening; `None` while only enrolments are left of it, in the middle of a batch.
    pub opened: Option<Opened>,
    /// IKMs with a live enrolment.
    pub enrolled_ikms: u64,
    /// Persons of those enrolments, each with the number of enrolments that name them.
    pub enrolled_persons: HashMap<PersonId, u32>,
}

/// The opening of a programme, as far as rules need it.
#[derive(Debug)]
pub struct Opened {
    /// When it opened.
    pub moment: Moment,
    /// What it counts.
    pub unit: Unit,
    /// Places.
    pub quota: Option<u32>,
}

/// A session in force.
#[derive(Debug)]
pub struct Session {
    /// When it was put on the calendar.
    pub moment: Moment,
    /// Its programme.
    pub program: ProgramId,
    /// The only group it concerns.
    pub group: Option<Code>,
    /// Its days with their minutes.
    pub days: Vec<(Date, u32)>,
}

/// An enrolment in force.
#[derive(Debug)]
pub struct Enrolment {
    /// When it was made.
    pub moment: Moment,
    /// Its group.
    pub group: Option<Code>,
    /// The persons named.
    pub persons: Vec<PersonId>,
}

/// A certificate in force.
#[derive(Debug, Default)]
pub struct Certificate {
    /// When it was issued.
    pub issued: Option<Moment>,
    /// When it was revoked.
    pub revoked: Option<Moment>,
}

/// An exhibition in force.
#[derive(Debug)]
pub struct Exhibition {
    /// When it was announced.
    pub moment: Moment,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Session, IKM, person and day of an attendance, with the identifiers as small numbers: there may be
/// millions.
type AttendanceKey = (u32, u32, u32, i32);

/// Person number of an attendance of the whole delegation.
const DELEGATION: u32 = u32::MAX;

/// IKM number of an attendance of a named person.
const ANY_IKM: u32 = u32::MAX;

/// The contents in force.
#[derive(Debug, Default)]
pub struct State {
    /// Registered IKMs.
    pub ikms: HashMap<IkmId, Moment>,
    /// Registered persons.
    pub persons: HashMap<PersonId, Moment>,
    /// Programmes.
    pub programs: HashMap<ProgramId, Program>,
    /// Sessions.
    pub sessions: HashMap<SessionId, Session>,
    /// Enrolments by programme and IKM.
    pub enrolments: HashMap<(ProgramId, IkmId), Enrolment>,
    /// Certificates.
    pub certificates: HashMap<CertificateId, Certificate>,
    /// Exhibitions.
    pub exhibitions: HashMap<ExhibitionId, Exhibition>,
    /// Participations by exhibition and IKM.
    pub joined: HashMap<(ExhibitionId, IkmId), u64>,
    /// The versions of the rules adopted, by the index that adopted them; the last is in force.
    rules: BTreeMap<u64, u32>,
    attendances: HashMap<AttendanceKey, u64>,
    numbers: HashMap<Uuid, u32>,
}

impl State {
    /// The state before event 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The version of the rules in force; 0 before event 0.
    #[must_use]
    pub fn rules(&self) -> u32 {
        self.rules.last_key_value().map_or(0, |(_, version)| *version)
    }

    fn number(&mut self, id: Uuid) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(DELEGATION - 1);
        *self.numbers.entry(id).or_insert(next)
    }

    fn attendance_key(
        &self,
        session: SessionId,
        ikm: IkmId,
        person: Option<PersonId>,
        day: Date,
    ) -> Option<AttendanceKey> {
        let number = |id: Uuid| self.numbers.get(&id).copied();
        let (ikm, person) = match person {
            // A person is in one place on one day, whichever IKM sent them.
            Some(person) => (ANY_IKM, number(person.uuid())?),
            None => (number(ikm.uuid())?, DELEGATION),
        };
        Some((number(session.uuid())?, ikm, person, day.day_number()))
    }

    /// The index of the attendance already recorded for a session, IKM, person (or delegation) and day.
    #[must_use]
    pub fn attendance(
        &self,
        session: SessionId,
        ikm: IkmId,
        person: Option<PersonId>,
        day: Date,
    ) -> Option<u64> {
        self.attendances.get(&self.attendance_key(session, ikm, person, day)?).copied()
    }

    /// Adds (`weight` +1) or takes away (-1) the content of the original event at `index`.
    ///
    /// Taking away what was never added leaves the state unchanged; the lineage of corrections sees to
    /// it that this does not happen.
    pub fn apply(&mut self, weight: i32, index: u64, content: Content<'_>) {
        let add = weight > 0;
        let moment = Moment { date: content.time.date(), index };
        match content.data {
            Data::RegistryOpened(data) => put_ordered(&mut self.rules, index, data.rules.get(), add),
            Data::RulesAdopted(data) => put_ordered(&mut self.rules, index, data.rules.get(), add),
            Data::IkmRegistered(_) => {
                if let Subject::Ikm(ikm) = content.subject {
                    put(&mut self.ikms, ikm, moment, add);
                }
            }
            Data::PersonRegistered(_) => {
                if let Subject::Person(person) = content.subject {
                    put(&mut self.persons, person, moment, add);
                }
            }
            Data::ProgramOpened(data) => {
                if let Subject::Program(program) = content.subject {
                    let opened = Opened {
                        moment,
                        unit: data.unit,
                        quota: data.quota.map(jejak_events::values::Count::get),
                    };
                    self.programs.entry(program).or_default().opened = add.then_some(opened);
                }
            }
            Data::SessionScheduled(data) => {
                if let Subject::Program(program) = content.subject {
                    let days = data.days.iter().map(|day| (day.date, day.minutes())).collect();
                    let session = Session { moment, program, group: data.group.clone(), days };
                    put(&mut self.sessions, data.session, session, add);
                }
            }
            Data::EnrolmentMade(data) => {
                if let Subject::Ikm(ikm) = content.subject {
                    let persons: Vec<PersonId> =
                        data.persons.iter().flat_map(|set| set.iter()).copied().collect();
                    self.enrol(data.program, &persons, add);
                    let enrolment = Enrolment { moment, group: data.group.clone(), persons };
                    put(&mut self.enrolments, (data.program, ikm), enrolment, add);
                }
            }
            Data::TrainingAttended(data) => {
                if let Subject::Ikm(ikm) = content.subject {
                    let session = self.number(data.session.uuid());
                    let (ikm, person) = match data.person {
                        Some(person) => (ANY_IKM, self.number(person.uuid())),
                        None => (self.number(ikm.uuid()), DELEGATION),
                    };
                    put(&mut self.attendances, (session, ikm, person, data.day.day_number()), index, add);
                }
            }
            Data::CertificateIssued(_) => {
                if let Subject::Certificate(certificate) = content.subject {
                    self.certificates.entry(certificate).or_default().issued = add.then_some(moment);
                }
            }
            Data::CertificateRevoked(_) => {
                if let Subject::Certificate(certificate) = content.subject {
                    self.certificates.entry(certificate).or_default().revoked = add.then_some(moment);
                }
            }
            Data::ExhibitionAnnounced(data) => {
                if let Subject::Exhibition(exhibition) = content.subject {
                    put(
                        &mut self.exhibitions,
                        exhibition,
                        Exhibition { moment, from: data.from, to: data.to },
                        add,
                    );
                }
            }
            Data::ExhibitionJoined(data) => {
                if let Subject::Ikm(ikm) = content.subject {
                    put(&mut self.joined, (data.exhibition, ikm), index, add);
                }
            }
            // An assessment restricts nothing that follows; corrections and retractions act through
            // the contents they add and take away.
            Data::AssessmentRecorded(_) | Data::EventCorrected(_) | Data::EventRetracted(_) => {}
            // None of these can be in a log that this program wrote.
            unruled!() => {}
        }
    }

    fn enrol(&mut self, program: ProgramId, persons: &[PersonId], add: bool) {
        let program = self.programs.entry(program).or_default();
        if add {
            program.enrolled_ikms += 1;
        } else {
            program.enrolled_ikms = program.enrolled_ikms.saturating_sub(1);
        }
        for person in persons {
            let times = program.enrolled_persons.entry(*person).or_insert(0);
            *times = if add { *times + 1 } else { times.saturating_sub(1) };
            if *times == 0 {
                program.enrolled_persons.remove(person);
            }
        }
    }
}

fn put_ordered(map: &mut BTreeMap<u64, u32>, key: u64, value: u32, add: bool) {
    if add {
        map.insert(key, value);
    } else {
        map.remove(&key);
    }
}

fn put<K: Eq + std::hash::Hash, V>(map: &mut HashMap<K, V>, key: K, value: V, add: bool) {
    if add {
        map.insert(key, value);
    } else {
        map.remove(&key);
    }
}
