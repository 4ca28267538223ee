//! What the rules need to know of the past: the contents in force, by what they are about.
//!
//! A state is a fold of weighted contents: adding one with weight +1 and the same one with weight -1
//! leaves it as it was, which is how corrections, retractions and a refused batch are undone. It must
//! never decide anything; that is for [`super::judge`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use foldhash::HashMap;
use jejak_events::identity::{
    CertificateId, ExhibitionId, IkmId, PersonId, ProgramId, SentraId, SessionId, Subject,
};
use jejak_events::time::ValidTime;
use jejak_events::types::Data;
use jejak_events::types::program::Unit;
use jejak_events::values::{Code, Count, Date, SetOf};
use uuid::Uuid;

use super::timeline::{Moment, Timeline};

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

/// A step in the life of an IKM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IkmStep {
    /// Entered the register.
    Registered,
    /// Closed down: from that day on.
    Closed,
    /// Took up work again.
    Reopened,
}

/// A programme in force.
#[derive(Debug, Default)]
pub struct Program {
    /// Its opening; `None` while only enrolments are left of it, in the middle of a batch.
    pub opened: Option<Opened>,
    /// Its closings: there is one at most unless a batch is under way.
    pub closed: Timeline<()>,
    /// IKMs with a place now.
    pub enrolled_ikms: u64,
    /// Persons with a place now, each with the number of enrolments that name them.
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

/// A step in the calendar of a session.
#[derive(Debug)]
pub enum SessionStep {
    /// Put on the calendar.
    Scheduled {
        /// Its programme.
        program: ProgramId,
        /// The only group it concerns.
        group: Option<Code>,
        /// Its days with their minutes.
        days: Vec<(Date, u32)>,
    },
    /// Its days replaced by these.
    Rescheduled {
        /// Its days with their minutes.
        days: Vec<(Date, u32)>,
    },
    /// Taken off the calendar.
    Cancelled,
}

/// A session as its calendar stands, with all that is recorded.
#[derive(Debug)]
pub struct Session<'a> {
    /// When it was put on the calendar.
    pub scheduled: Moment,
    /// Its programme.
    pub program: ProgramId,
    /// The only group it concerns.
    pub group: Option<&'a Code>,
    /// Its days with their minutes, as last said.
    pub days: &'a [(Date, u32)],
    /// When it was cancelled.
    pub cancelled: Option<Moment>,
}

/// A step of one IKM in one programme.
#[derive(Debug)]
pub enum EnrolmentStep {
    /// Given a place, at once or from the waiting list.
    Placed {
        /// Its group.
        group: Option<Code>,
        /// The persons named.
        persons: Vec<PersonId>,
    },
    /// Put on the waiting list.
    Waitlisted,
    /// Gave the place or the wait up: these persons, or all of it.
    Withdrawn(Option<Vec<PersonId>>),
}

/// How an IKM stands with a programme at some moment.
#[derive(Debug)]
pub enum Standing<'a> {
    /// Nothing was recorded.
    Nothing,
    /// Waits for a place since then.
    Waiting(Moment),
    /// Has a place.
    Placed(Place<'a>),
    /// Left at that moment.
    Withdrawn(Moment),
}

/// A place in a programme.
#[derive(Debug)]
pub struct Place<'a> {
    /// Since when.
    pub since: Moment,
    /// The group.
    pub group: Option<&'a Code>,
    /// The persons named that have not left.
    pub persons: Cow<'a, [PersonId]>,
}

/// A step in the life of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateStep {
    /// Issued to the holder in this stream, valid to the last day given.
    Issued(Date, Subject),
    /// Suspended from that day on.
    Suspended,
    /// Holds again from that day on.
    Reinstated,
    /// Valid to another last day.
    Renewed(Date),
    /// Taken back from that day on.
    Revoked,
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

/// A step in the life of a sentra.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentraStep {
    /// Planned: from here on the registry knows it.
    Planned,
    /// Its buildings stand.
    Built,
    /// In use.
    Opened,
}

/// A step of one IKM in one sentra.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberStep {
    /// Became a member.
    Joined,
    /// Left: from that day on.
    Left,
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
    /// IKMs.
    pub ikms: HashMap<IkmId, Timeline<IkmStep>>,
    /// IKMs merged into others, by the index of the merge: it acts on every day, from that index on.
    pub merged_ikms: HashMap<IkmId, BTreeMap<u64, IkmId>>,
    /// Registered persons.
    pub persons: HashMap<PersonId, Moment>,
    /// Persons merged into others, as IKMs are.
    pub merged_persons: HashMap<PersonId, BTreeMap<u64, PersonId>>,
    /// Programmes.
    pub programs: HashMap<ProgramId, Program>,
    /// Certificates.
    pub certificates: HashMap<CertificateId, Timeline<CertificateStep>>,
    /// Exhibitions.
    pub exhibitions: HashMap<ExhibitionId, Exhibition>,
    /// Participations by exhibition and IKM.
    pub joined: HashMap<(ExhibitionId, IkmId), u64>,
    /// Sentras.
    pub sentras: HashMap<SentraId, Timeline<SentraStep>>,
    /// Memberships by sentra and IKM.
    pub members: HashMap<(SentraId, IkmId), Timeline<MemberStep>>,
    sessions: HashMap<SessionId, Timeline<SessionStep>>,
    enrolments: HashMap<(ProgramId, IkmId), Timeline<EnrolmentStep>>,
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

    /// The session as its calendar stands; `None` while it is not scheduled. Whoever attends goes by
    /// the last word on its days, also by one that was said later than the day.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<Session<'_>> {
        let mut session: Option<Session<'_>> = None;
        for (moment, step) in self.sessions.get(&id)?.steps() {
            match (step, &mut session) {
                (SessionStep::Scheduled { program, group, days }, none @ None) => {
                    let (scheduled, program, group) = (moment, *program, group.as_ref());
                    *none = Some(Session { scheduled, program, group, days, cancelled: None });
                }
                (SessionStep::Rescheduled { days }, Some(session)) => session.days = days,
                (SessionStep::Cancelled, Some(session)) => session.cancelled = Some(moment),
                // Left without their scheduling in the middle of a batch.
                (SessionStep::Scheduled { .. }, Some(_)) | (_, None) => {}
            }
        }
        session
    }

    /// The steps of an IKM in a programme, earliest first.
    pub fn enrolment_steps(
        &self,
        program: ProgramId,
        ikm: IkmId,
    ) -> impl Iterator<Item = (Moment, &EnrolmentStep)> {
        self.enrolments.get(&(program, ikm)).into_iter().flat_map(Timeline::steps)
    }

    /// How an IKM stands with a programme just before a moment.
    #[must_use]
    pub fn standing_before(&self, program: ProgramId, ikm: IkmId, moment: Moment) -> Standing<'_> {
        let steps = self.enrolments.get(&(program, ikm));
        standing(steps.into_iter().flat_map(|steps| steps.before(moment)))
    }

    /// How an IKM stands with a programme on a day for what it does that day: whoever leaves on it was
    /// still there.
    #[must_use]
    pub fn standing_on(&self, program: ProgramId, ikm: IkmId, moment: Moment) -> Standing<'_> {
        let steps = self.enrolments.get(&(program, ikm));
        standing(
            steps
                .into_iter()
                .flat_map(|steps| steps.before(moment))
                .filter(|(at, step)| !matches!(step, EnrolmentStep::Withdrawn(_)) || at.date < moment.date),
        )
    }

    /// Into which IKM, and at which index, this one was merged before an index.
    #[must_use]
    pub fn merged_ikm(&self, ikm: IkmId, before: u64) -> Option<(u64, IkmId)> {
        let (index, into) = self.merged_ikms.get(&ikm)?.range(..before).next_back()?;
        Some((*index, *into))
    }

    /// Into which person, and at which index, this one was merged before an index.
    #[must_use]
    pub fn merged_person(&self, person: PersonId, before: u64) -> Option<(u64, PersonId)> {
        let (index, into) = self.merged_persons.get(&person)?.range(..before).next_back()?;
        Some((*index, *into))
    }

    /// Adds (`weight` +1) or takes away (-1) the content of the original event at `index`.
    ///
    /// Taking away what was never added leaves the state unchanged; the lineage of corrections sees to
    /// it that this does not happen.
    pub fn apply(&mut self, weight: i32, index: u64, content: Content<'_>) {
        let add = weight > 0;
        let moment = Moment { date: content.time.date(), index };
        match content.subject {
            Subject::Ikm(ikm) => self.apply_to_ikm(add, moment, ikm, content.data),
            Subject::Person(person) => match content.data {
                Data::PersonRegistered(_) => put(&mut self.persons, person, moment, add),
                Data::PersonMerged(data) => {
                    put_merge(&mut self.merged_persons, person, index, data.into, add)
                }
                _ => {}
            },
            Subject::Program(program) => self.apply_to_program(add, moment, program, content.data),
            Subject::Certificate(certificate) => {
                let step = match content.data {
                    Data::CertificateIssued(data) => {
                        CertificateStep::Issued(data.valid_to, data.holder.subject())
                    }
                    Data::CertificateSuspended(_) => CertificateStep::Suspended,
                    Data::CertificateReinstated(_) => CertificateStep::Reinstated,
                    Data::CertificateRenewed(data) => CertificateStep::Renewed(data.valid_to),
                    Data::CertificateRevoked(_) => CertificateStep::Revoked,
                    _ => return,
                };
                put_step(&mut self.certificates, certificate, moment, step, add);
            }
            Subject::Exhibition(exhibition) => {
                if let Data::ExhibitionAnnounced(data) = content.data {
                    let announced = Exhibition { moment, from: data.from, to: data.to };
                    put(&mut self.exhibitions, exhibition, announced, add);
                }
            }
            Subject::Sentra(sentra) => {
                let step = match content.data {
                    Data::SentraPlanned(_) => SentraStep::Planned,
                    Data::SentraBuilt(_) => SentraStep::Built,
                    Data::SentraOpened(_) => SentraStep::Opened,
                    // Funds, facilities and legal forms restrict nothing that follows.
                    _ => return,
                };
                put_step(&mut self.sentras, sentra, moment, step, add);
            }
            Subject::Registry => match content.data {
                Data::RegistryOpened(data) => put_ordered(&mut self.rules, index, data.rules.get(), add),
                Data::RulesAdopted(data) => put_ordered(&mut self.rules, index, data.rules.get(), add),
                _ => {}
            },
            // What is said of an area or in a claim restricts nothing that follows.
            Subject::Area(_) | Subject::Claim(_) => {}
        }
    }

    fn apply_to_ikm(&mut self, add: bool, moment: Moment, ikm: IkmId, data: &Data) {
        let index = moment.index;
        match data {
            Data::IkmRegistered(_) => put_step(&mut self.ikms, ikm, moment, IkmStep::Registered, add),
            Data::IkmClosed(_) => put_step(&mut self.ikms, ikm, moment, IkmStep::Closed, add),
            Data::IkmReopened(_) => put_step(&mut self.ikms, ikm, moment, IkmStep::Reopened, add),
            Data::IkmMerged(data) => put_merge(&mut self.merged_ikms, ikm, index, data.into, add),
            Data::EnrolmentMade(data) => {
                let step = placed(data.group.as_ref(), data.persons.as_ref());
                self.put_enrolment(data.program, ikm, moment, step, add);
            }
            Data::EnrolmentPromoted(data) => {
                let step = placed(data.group.as_ref(), data.persons.as_ref());
                self.put_enrolment(data.program, ikm, moment, step, add);
            }
            Data::EnrolmentWaitlisted(data) => {
                self.put_enrolment(data.program, ikm, moment, EnrolmentStep::Waitlisted, add);
            }
            Data::EnrolmentWithdrawn(data) => {
                let persons = data.persons.as_ref().map(|persons| persons.to_vec());
                self.put_enrolment(data.program, ikm, moment, EnrolmentStep::Withdrawn(persons), add);
            }
            Data::TrainingAttended(data) => {
                let session = self.number(data.session.uuid());
                let (ikm, person) = match data.person {
                    Some(person) => (ANY_IKM, self.number(person.uuid())),
                    None => (self.number(ikm.uuid()), DELEGATION),
                };
                put(&mut self.attendances, (session, ikm, person, data.day.day_number()), index, add);
            }
            Data::ExhibitionJoined(data) => put(&mut self.joined, (data.exhibition, ikm), index, add),
            Data::SentraMemberJoined(data) => {
                put_step(&mut self.members, (data.sentra, ikm), moment, MemberStep::Joined, add);
            }
            Data::SentraMemberLeft(data) => {
                put_step(&mut self.members, (data.sentra, ikm), moment, MemberStep::Left, add);
            }
            // Profiles, reports, visits and assessments restrict nothing that follows; corrections and
            // retractions act through the contents they add and take away.
            _ => {}
        }
    }

    fn apply_to_program(&mut self, add: bool, moment: Moment, program: ProgramId, data: &Data) {
        match data {
            Data::ProgramOpened(data) => {
                let opened = Opened { moment, unit: data.unit, quota: data.quota.map(Count::get) };
                self.programs.entry(program).or_default().opened = add.then_some(opened);
            }
            Data::ProgramClosed(_) => {
                self.programs.entry(program).or_default().closed.put(moment, (), add);
            }
            Data::SessionScheduled(data) => {
                let days = days(&data.days);
                let step = SessionStep::Scheduled { program, group: data.group.clone(), days };
                put_step(&mut self.sessions, data.session, moment, step, add);
            }
            Data::SessionRescheduled(data) => {
                let step = SessionStep::Rescheduled { days: days(&data.days) };
                put_step(&mut self.sessions, data.session, moment, step, add);
            }
            Data::SessionCancelled(data) => {
                put_step(&mut self.sessions, data.session, moment, SessionStep::Cancelled, add);
            }
            // Spending restricts nothing that follows.
            _ => {}
        }
    }

    /// Changes an enrolment and the places taken in its programme.
    fn put_enrolment(
        &mut self,
        program: ProgramId,
        ikm: IkmId,
        moment: Moment,
        step: EnrolmentStep,
        add: bool,
    ) {
        let steps = self.enrolments.entry((program, ikm)).or_default();
        let places = self.programs.entry(program).or_default();
        count(places, steps, false);
        steps.put(moment, step, add);
        count(places, steps, true);
        if steps.is_empty() {
            self.enrolments.remove(&(program, ikm));
        }
    }
}

/// Adds the place that an IKM has in the end to those taken, or takes it away.
fn count(program: &mut Program, steps: &Timeline<EnrolmentStep>, add: bool) {
    let Standing::Placed(place) = standing(steps.steps()) else { return };
    if add {
        program.enrolled_ikms += 1;
    } else {
        program.enrolled_ikms = program.enrolled_ikms.saturating_sub(1);
    }
    for person in place.persons.iter() {
        let times = program.enrolled_persons.entry(*person).or_insert(0);
        *times = if add { *times + 1 } else { times.saturating_sub(1) };
        if *times == 0 {
            program.enrolled_persons.remove(person);
        }
    }
}

fn standing<'a>(steps: impl Iterator<Item = (Moment, &'a EnrolmentStep)>) -> Standing<'a> {
    let mut standing = Standing::Nothing;
    for (moment, step) in steps {
        standing = match (step, standing) {
            (EnrolmentStep::Placed { group, persons }, _) => Standing::Placed(Place {
                since: moment,
                group: group.as_ref(),
                persons: Cow::Borrowed(persons),
            }),
            (EnrolmentStep::Waitlisted, _) => Standing::Waiting(moment),
            (EnrolmentStep::Withdrawn(Some(left)), Standing::Placed(mut place)) => {
                place.persons.to_mut().retain(|person| !left.contains(person));
                // A delegation whose last named person leaves has left.
                if place.persons.is_empty() { Standing::Withdrawn(moment) } else { Standing::Placed(place) }
            }
            (EnrolmentStep::Withdrawn(_), _) => Standing::Withdrawn(moment),
        };
    }
    standing
}

fn placed(group: Option<&Code>, persons: Option<&SetOf<PersonId>>) -> EnrolmentStep {
    let persons = persons.map(|persons| persons.to_vec()).unwrap_or_default();
    EnrolmentStep::Placed { group: group.cloned(), persons }
}

fn days(days: &SetOf<jejak_events::types::program::SessionDay>) -> Vec<(Date, u32)> {
    days.iter().map(|day| (day.date, day.minutes())).collect()
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

fn put_step<K: Eq + std::hash::Hash + Copy, S>(
    map: &mut HashMap<K, Timeline<S>>,
    key: K,
    moment: Moment,
    step: S,
    add: bool,
) {
    let steps = map.entry(key).or_default();
    steps.put(moment, step, add);
    if steps.is_empty() {
        map.remove(&key);
    }
}

fn put_merge<I: Eq + std::hash::Hash + Copy>(
    map: &mut HashMap<I, BTreeMap<u64, I>>,
    gone: I,
    index: u64,
    into: I,
    add: bool,
) {
    let merges = map.entry(gone).or_default();
    if add {
        merges.insert(index, into);
    } else {
        merges.remove(&index);
        if merges.is_empty() {
            map.remove(&gone);
        }
    }
}
