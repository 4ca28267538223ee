//! The part of a programme's page that is counted instead of told: sessions day by day, and everybody
//! enrolled on one line each.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::{IkmId, PersonId, ProgramId, SessionId, Subject};
use jejak_events::types::Data;
use jejak_events::types::EventType;
use jejak_events::types::certificate::{
    CertificateIssued, CertificateReinstated, CertificateRenewed, CertificateRevoked, CertificateSuspended,
};
use jejak_events::types::exhibition::ExhibitionJoined;
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::types::ikm::{
    AssessmentRecorded, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    TrainingAttended,
};
use jejak_events::types::program::{SessionCancelled, SessionRescheduled, SessionScheduled};
use jejak_events::values::{Date, SetOf};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;
use schemars::JsonSchema;
use serde::Serialize;

use super::gather::GatheredLog;
use super::{EntryStanding, Item};

/// One day of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Enrolled who were present.
    pub present: u64,
    /// Enrolled who were away with leave.
    pub excused: u64,
    /// Enrolled who were away.
    pub absent: u64,
}

/// A session as it stands on the day of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProgramSession {
    /// Its identifier.
    pub session: SessionId,
    /// Its days, with who was there.
    pub days: Vec<Day>,
    /// Where it is held.
    pub venue: String,
    /// The only group it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether it was called off.
    pub cancelled: bool,
}

/// Where an enrolment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentState {
    /// Has a place.
    Enrolled,
    /// Waits for one.
    Waitlisted,
    /// Left.
    Withdrawn,
    /// Has attendances and no enrolment in force.
    NotEnrolled,
}

/// Somebody's attendance on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Presence {
    /// The day.
    pub date: Date,
    /// The session.
    pub session: SessionId,
    /// Present, excused or absent.
    pub status: ResolvedStatus,
}

/// As [`AttendanceStatus`], in the order in which several on one day are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResolvedStatus {
    /// Was there.
    Present,
    /// Was away with leave.
    Excused,
    /// Was away.
    Absent,
}

impl From<AttendanceStatus> for ResolvedStatus {
    fn from(status: AttendanceStatus) -> Self {
        match status {
            AttendanceStatus::Present => Self::Present,
            AttendanceStatus::Excused => Self::Excused,
            AttendanceStatus::Absent => Self::Absent,
        }
    }
}

/// What came of somebody's taking part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Achievement {
    /// The day.
    pub date: Date,
    /// The certificate or exhibition; the programme of an assessment.
    #[serde(serialize_with = "super::program::as_text")]
    #[schemars(with = "jejak_events::identity::Subject")]
    pub subject: Subject,
    /// Scheme and verdict of an assessment, scheme of a certificate; empty for an exhibition.
    pub what: String,
    /// Why a certificate does not hold on the day asked for; none where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<CertificateEnd>,
}

/// Why a certificate does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateEnd {
    /// Its last term is over.
    Lapsed,
    /// The issuer took it back.
    Revoked,
    /// The issuer suspended it.
    Suspended,
}

pub(super) fn as_text<S: serde::Serializer>(subject: &Subject, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(subject)
}

/// Somebody on the list of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Enrolled {
    /// The IKM; none for a person in their own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ikm: Option<IkmId>,
    /// The person it sends, where named, or who takes part in their own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Where the enrolment stands.
    pub state: EnrolmentState,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The days on record, in order.
    pub attendance: Vec<Presence>,
    /// Assessments of the IKM in this programme.
    pub assessments: Vec<Achievement>,
    /// Certificates of the IKM or the person that name this programme.
    pub certificates: Vec<Achievement>,
    /// Exhibitions that the IKM joined on the day of enrolment or later.
    pub exhibitions: Vec<Achievement>,
}

/// Sessions and enrolled of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProgramSection {
    /// By first day.
    pub sessions: Vec<ProgramSession>,
    /// By state and identifier.
    pub enrolled: Vec<Enrolled>,
}

impl ProgramSection {
    /// Everything that it names.
    pub(super) fn subjects(&self) -> BTreeSet<Subject> {
        let mut subjects = BTreeSet::new();
        for one in &self.enrolled {
            subjects.extend(one.ikm.map(Subject::Ikm));
            subjects.extend(one.person.map(Subject::Person));
            subjects.extend(one.exhibitions.iter().map(|joined| joined.subject));
        }
        subjects
    }
}

/// Whether the part tells such an event, so that an unamended one needs no line of its own.
pub(super) fn is_told(data: &Data) -> bool {
    data.role().takes_place()
        || TrainingAttended::of(data).is_some()
        || AssessmentRecorded::of(data).is_some()
        || CertificateIssued::of(data).is_some()
}

type PlaceKey = (Option<IkmId>, Option<PersonId>);

/// The IKM of a stream, or none and the person of it, who takes part in their own name.
pub(super) fn enrollee(stream: Subject) -> Option<PlaceKey> {
    match stream {
        Subject::Ikm(ikm) => Some((Some(ikm), None)),
        Subject::Person(person) => Some((None, Some(person))),
        _ => None,
    }
}

/// Counts the part from the items of the page, which are in the order in which they happened.
pub(super) fn part(
    known: &mut GatheredLog<'_>,
    program: ProgramId,
    items: &[Item],
    on: Date,
) -> Result<ProgramSection, ReadFailure> {
    let mut counting = Counting::default();
    for item in items.iter().filter(|item| item.standing != EntryStanding::Retracted) {
        let (content, day) = (item.content(), item.day());
        counting.take_session(content.data());
        if let Some(enrollee) = enrollee(content.subject()) {
            counting.take_enrolment(program, enrollee, content.data(), day);
            counting.take_result(program, enrollee, content.data(), day);
        }
    }
    counting.count_presence();
    let everybody: BTreeSet<PlaceKey> =
        counting.places.keys().chain(counting.attendance.keys()).copied().collect();
    let outcomes = outcomes(known, program, &everybody, on)?;
    let mut enrolled: Vec<_> =
        everybody.into_iter().map(|place| counting.enrolled(place, &outcomes)).collect();
    enrolled.sort_by_key(|one| (one.state as u8, one.ikm, one.person));
    let mut sessions: Vec<ProgramSession> = counting.sessions.into_values().collect();
    sessions.sort_by_key(|session| (session.days.first().map(|day| day.date), session.session));
    Ok(ProgramSection { sessions, enrolled })
}

/// What is known of a programme so far.
#[derive(Default)]
struct Counting {
    sessions: BTreeMap<SessionId, ProgramSession>,
    places: BTreeMap<PlaceKey, (EnrolmentState, Date)>,
    attendance: BTreeMap<PlaceKey, BTreeSet<Presence>>,
    assessments: BTreeMap<IkmId, Vec<Achievement>>,
}

impl Counting {
    fn take_session(&mut self, said: &Data) {
        if let Some(data) = SessionScheduled::of(said) {
            let session = ProgramSession {
                session: data.session,
                days: empty_days(data.days.iter().map(|day| day.date)),
                venue: data.venue.to_string(),
                group: data.group.as_ref().map(ToString::to_string),
                cancelled: false,
            };
            self.sessions.insert(data.session, session);
        } else if let Some(data) = SessionRescheduled::of(said) {
            if let Some(session) = self.sessions.get_mut(&data.session) {
                session.days = empty_days(data.days.iter().map(|day| day.date));
                session.venue = data.venue.as_ref().map_or(session.venue.clone(), ToString::to_string);
            }
        } else if let Some(data) = SessionCancelled::of(said)
            && let Some(session) = self.sessions.get_mut(&data.session)
        {
            session.cancelled = true;
        }
    }

    fn take_enrolment(&mut self, program: ProgramId, enrollee: PlaceKey, said: &Data, day: Date) {
        let places = &mut self.places;
        let mut put = |persons: Option<&SetOf<PersonId>>, state| {
            for place in places_of(enrollee, persons) {
                places.insert(place, (state, day));
            }
        };
        if let Some(data) = EnrolmentMade::of(said).filter(|data| data.program == program) {
            put(data.persons.as_ref(), EnrolmentState::Enrolled);
        } else if let Some(data) = EnrolmentWaitlisted::of(said).filter(|data| data.program == program) {
            put(data.persons.as_ref(), EnrolmentState::Waitlisted);
        } else if let Some(data) = EnrolmentPromoted::of(said).filter(|data| data.program == program) {
            // It takes the place of the entry on the list, whole.
            places
                .retain(|place, (state, _)| !is_of(place, enrollee) || *state != EnrolmentState::Waitlisted);
            for place in places_of(enrollee, data.persons.as_ref()) {
                places.insert(place, (EnrolmentState::Enrolled, day));
            }
        } else if let Some(data) = EnrolmentWithdrawn::of(said).filter(|data| data.program == program) {
            let leaves = |person: &Option<PersonId>| match &data.persons {
                None => true,
                Some(persons) => person.is_some_and(|one| persons.contains(&one)),
            };
            for (place, stands) in places {
                if is_of(place, enrollee) && leaves(&place.1) {
                    *stands = (EnrolmentState::Withdrawn, day);
                }
            }
        }
    }

    fn take_result(&mut self, program: ProgramId, enrollee: PlaceKey, said: &Data, day: Date) {
        let (ikm, own_name) = enrollee;
        if let Some(data) = TrainingAttended::of(said).filter(|data| data.program == program) {
            let presence = Presence { date: data.day, session: data.session, status: data.status.into() };
            self.attendance.entry((ikm, own_name.or(data.person))).or_default().insert(presence);
        } else if let Some(data) = AssessmentRecorded::of(said).filter(|data| data.program == program) {
            let what = format!("{} {}", data.scheme, data.verdict.name());
            let subject = Subject::Program(program);
            let assessed = ikm.map(|ikm| self.assessments.entry(ikm).or_default());
            assessed.into_iter().for_each(|all| {
                all.push(Achievement { date: day, subject, what: what.clone(), ended: None })
            });
        }
    }

    /// Counts on each day of a session who was there.
    fn count_presence(&mut self) {
        for presence in self.attendance.values().flatten() {
            let day = self.sessions.get_mut(&presence.session);
            let day = day.and_then(|session| session.days.iter_mut().find(|day| day.date == presence.date));
            if let Some(day) = day {
                *match presence.status {
                    ResolvedStatus::Present => &mut day.present,
                    ResolvedStatus::Excused => &mut day.excused,
                    ResolvedStatus::Absent => &mut day.absent,
                } += 1;
            }
        }
    }

    /// Takes everything on one place.
    fn enrolled(&mut self, place: PlaceKey, outcomes: &BTreeMap<Subject, Outcomes>) -> Enrolled {
        let (ikm, person) = place;
        let entry = self.places.get(&place).copied();
        let since = entry.map(|(_, since)| since);
        let of = |pick: fn(&Outcomes) -> &[Achievement], since: Option<Date>| -> Vec<Achievement> {
            let holders = [ikm.map(Subject::Ikm), person.map(Subject::Person)].into_iter().flatten();
            let all = holders.filter_map(|holder| outcomes.get(&holder)).flat_map(pick);
            let mut all: Vec<_> =
                all.filter(|one| since.is_none_or(|since| one.date >= since)).cloned().collect();
            all.sort();
            all
        };
        Enrolled {
            ikm,
            person,
            state: entry.map_or(EnrolmentState::NotEnrolled, |(state, _)| state),
            since,
            attendance: self.attendance.remove(&place).unwrap_or_default().into_iter().collect(),
            assessments: ikm.and_then(|ikm| self.assessments.get(&ikm)).cloned().unwrap_or_default(),
            certificates: of(|outcomes| &outcomes.certificates, None),
            exhibitions: of(|outcomes| &outcomes.exhibitions, since),
        }
    }
}

/// The places of an enrolment: of the persons named, of the IKM's delegation where none is, or of a person in their
/// own name.
fn places_of(enrollee: PlaceKey, persons: Option<&SetOf<PersonId>>) -> Vec<PlaceKey> {
    match (enrollee, persons) {
        ((Some(ikm), None), Some(persons)) => persons.iter().map(|one| (Some(ikm), Some(*one))).collect(),
        (enrollee, _) => vec![enrollee],
    }
}

/// Whether a place is one of an IKM, or that of a person in their own name.
fn is_of(place: &PlaceKey, enrollee: PlaceKey) -> bool {
    place.0 == enrollee.0 && (place.0.is_some() || place.1 == enrollee.1)
}

fn empty_days(dates: impl Iterator<Item = Date>) -> Vec<Day> {
    dates.map(|date| Day { date, present: 0, excused: 0, absent: 0 }).collect()
}

/// What came of somebody's taking part: certificates that name the programme, and exhibitions.
#[derive(Default)]
struct Outcomes {
    certificates: Vec<Achievement>,
    exhibitions: Vec<Achievement>,
}

/// Why a certificate does not hold on a day, by what its own stream says.
fn certificate_end(
    known: &mut GatheredLog<'_>,
    certificate: Subject,
    on: Date,
) -> Result<Option<CertificateEnd>, ReadFailure> {
    let (mut last_day, mut latest) = (None, None);
    for (index, carrier) in known.originals(certificate)? {
        let Some(carrier) = carrier else { continue };
        let content = Content::of(&carrier);
        let (said, date) = (content.data(), content.time().date());
        if content.subject() != certificate || date > on {
            continue;
        }
        if CertificateRevoked::of(said).is_some() {
            return Ok(Some(CertificateEnd::Revoked));
        }
        let issued = CertificateIssued::of(said).map(|data| data.valid_to);
        last_day = last_day.max(issued.or_else(|| CertificateRenewed::of(said).map(|data| data.valid_to)));
        let is_suspended = CertificateSuspended::of(said).is_some();
        if is_suspended || CertificateReinstated::of(said).is_some() {
            latest = latest.max(Some((date, index, is_suspended)));
        }
    }
    let is_over = last_day.is_some_and(|last| last < on);
    let is_suspended = latest.is_some_and(|(_, _, is_suspended)| is_suspended);
    Ok(match (is_over, is_suspended) {
        (true, _) => Some(CertificateEnd::Lapsed),
        (false, true) => Some(CertificateEnd::Suspended),
        (false, false) => None,
    })
}

fn outcomes(
    known: &mut GatheredLog<'_>,
    program: ProgramId,
    everybody: &BTreeSet<PlaceKey>,
    on: Date,
) -> Result<BTreeMap<Subject, Outcomes>, ReadFailure> {
    let holders: BTreeSet<Subject> = everybody
        .iter()
        .flat_map(|(ikm, person)| [ikm.map(Subject::Ikm), person.map(Subject::Person)])
        .flatten()
        .collect();
    let mut outcomes: BTreeMap<Subject, Outcomes> = BTreeMap::new();
    for holder in holders {
        for carrier in known.originals(holder)?.into_values().flatten() {
            let content = Content::of(&carrier);
            let date = content.time().date();
            if date > on {
                continue;
            }
            let said = content.data();
            let of_holder = |data: &&CertificateIssued| data.holder.subject() == holder;
            if let Some(data) = CertificateIssued::of(said).filter(of_holder) {
                if data.program != Some(program) {
                    continue;
                }
                let (subject, what) = (content.subject(), data.scheme.to_string());
                let ended = certificate_end(known, subject, on)?;
                let certificate = Achievement { date, subject, what, ended };
                outcomes.entry(holder).or_default().certificates.push(certificate);
            } else if let Some(data) = ExhibitionJoined::of(said).filter(|_| content.subject() == holder) {
                let (subject, what) = (Subject::Exhibition(data.exhibition), String::new());
                let joined = Achievement { date, subject, what, ended: None };
                outcomes.entry(holder).or_default().exhibitions.push(joined);
            }
        }
    }
    Ok(outcomes)
}
