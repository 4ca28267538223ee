//! From the content of an event to its rows.
//!
//! The match is over every type: a new one does not compile until somebody says here which rows it
//! has, or that it has none.

use jejak_events::identity::Subject;
use jejak_events::types::{Data, Holder, ScaleRule, Scaled};
use jejak_events::values::{Code, SetOf};
use uuid::Uuid;

use super::Facts;
use super::fast::{Hot, Reader};
use super::rows::{
    Assessment, Attendance, Certificate, CodeId, Enrolment, Exhibition, HolderKind, Id, Ikm, Participation,
    Person, Program, ProgramFunding, Revocation, Row, Session, SessionDay,
};
use crate::error::ProjectionError;
use crate::lineage::Content;

/// Completion percent of a programme that does not say one (DOMAIN: indicator `trained`).
const DEFAULT_COMPLETION_PERCENT: u8 = 80;

/// Pattern of the contents that have no rows yet. A type that gets its rows leaves this list, and the
/// compiler then names where they are made.
macro_rules! not_understood {
    () => {
        Data::CertificateReinstated(_)
            | Data::CertificateRenewed(_)
            | Data::CertificateSuspended(_)
            | Data::CoverageDeclared(_)
            | Data::EnrolmentPromoted(_)
            | Data::EnrolmentWaitlisted(_)
            | Data::EnrolmentWithdrawn(_)
            | Data::EvidenceRedacted(_)
            | Data::IkmClosed(_)
            | Data::IkmErased(_)
            | Data::IkmErasureRequested(_)
            | Data::IkmFacilityAdded(_)
            | Data::IkmMerged(_)
            | Data::IkmProfileChanged(_)
            | Data::IkmReopened(_)
            | Data::MentoringVisited(_)
            | Data::PersonErased(_)
            | Data::PersonErasureRequested(_)
            | Data::PersonMerged(_)
            | Data::PopulationReported(_)
            | Data::ProgramClosed(_)
            | Data::SentraBuilt(_)
            | Data::SentraFacilityAdded(_)
            | Data::SentraFunded(_)
            | Data::SentraLegalFormRecorded(_)
            | Data::SentraMemberJoined(_)
            | Data::SentraMemberLeft(_)
            | Data::SentraOpened(_)
            | Data::SentraPlanned(_)
            | Data::SessionCancelled(_)
            | Data::SessionRescheduled(_)
            | Data::ShipmentReported(_)
            | Data::SpendingReported(_)
            | Data::TurnoverReported(_)
            | Data::WorkforceReported(_)
    };
}

/// Whether facts can be made of some content. An event that nobody understands stops the projection, so
/// the registry records only what is understood.
#[must_use]
pub fn is_understood(data: &Data) -> bool {
    !matches!(data, not_understood!())
}

impl Facts {
    fn intern(&mut self, uuid: Uuid) -> Result<Id, ProjectionError> {
        self.ids.intern(&uuid).map(Id)
    }

    fn intern_optional(&mut self, uuid: Option<Uuid>) -> Result<Id, ProjectionError> {
        uuid.map_or(Ok(Id::NONE), |uuid| self.intern(uuid))
    }

    fn intern_code(&mut self, code: &Code) -> Result<CodeId, ProjectionError> {
        self.codes.intern(code).map(CodeId)
    }

    fn intern_optional_code(&mut self, code: Option<&Code>) -> Result<CodeId, ProjectionError> {
        code.map_or(Ok(CodeId::NONE), |code| self.intern_code(code))
    }

    /// Adds the rows of some content. `amendment` as in [`Row`].
    ///
    /// On an error some rows may have been added; the caller forgets them.
    pub(super) fn take(
        &mut self,
        position: u64,
        amendment: u32,
        content: &Content<'_>,
    ) -> Result<(), ProjectionError> {
        let day = content.time().date();
        let subject = content.subject();
        let data = content.data();
        let stream = stream_uuid(position, subject, data)?;
        macro_rules! add {
            ($table:ident, $fact:expr) => {{
                let fact = $fact;
                self.tables.$table.push(Row { position, amendment, day, fact });
            }};
        }
        match data {
            Data::IkmRegistered(data) => add!(
                ikms,
                Ikm {
                    ikm: self.intern(stream)?,
                    area: data.area,
                    commodity: self.intern_code(&data.commodity)?,
                    by_workers: scale(data.scales.as_ref(), ScaleRule::Permenperin64Of2016),
                    by_capital: scale(data.scales.as_ref(), ScaleRule::Pp7Of2021),
                }
            ),
            Data::PersonRegistered(data) => add!(
                persons,
                Person {
                    person: self.intern(stream)?,
                    ikm: self.intern_optional(data.ikm.map(|ikm| ikm.uuid()))?,
                }
            ),
            Data::ProgramOpened(data) => {
                let program = self.intern(stream)?;
                add!(
                    programs,
                    Program {
                        program,
                        area: data.area,
                        theme: self.intern_code(&data.theme)?,
                        unit: data.unit,
                        completion_percent: data
                            .completion_percent
                            .map_or(DEFAULT_COMPLETION_PERCENT, |percent| percent.get()),
                        quota: data.quota,
                    }
                );
                for funding in data.funding.iter().flat_map(|set| set.iter()) {
                    add!(
                        program_funding,
                        ProgramFunding {
                            program,
                            source: self.intern_code(&funding.source)?,
                            fiscal_year: funding.fiscal_year.get(),
                        }
                    );
                }
            }
            Data::SessionScheduled(data) => {
                let session = self.intern(data.session.uuid())?;
                add!(
                    sessions,
                    Session {
                        program: self.intern(stream)?,
                        session,
                        group: self.intern_optional_code(data.group.as_ref())?,
                        sentra: self.intern_optional(data.sentra.map(|sentra| sentra.uuid()))?,
                    }
                );
                for scheduled in data.days.iter() {
                    add!(
                        session_days,
                        SessionDay {
                            session,
                            date: scheduled.date,
                            practice_minutes: scheduled.practice_minutes,
                            theory_minutes: scheduled.theory_minutes,
                        }
                    );
                }
            }
            Data::EnrolmentMade(data) => {
                let (ikm, program) = (self.intern(stream)?, self.intern(data.program.uuid())?);
                let group = self.intern_optional_code(data.group.as_ref())?;
                match &data.persons {
                    None => add!(enrolments, Enrolment { ikm, program, group, person: Id::NONE }),
                    Some(persons) => {
                        for person in persons.iter() {
                            let person = self.intern(person.uuid())?;
                            add!(enrolments, Enrolment { ikm, program, group, person });
                        }
                    }
                }
            }
            Data::TrainingAttended(data) => add!(
                attendances,
                Attendance {
                    ikm: self.intern(stream)?,
                    program: self.intern(data.program.uuid())?,
                    session: self.intern(data.session.uuid())?,
                    person: self.intern_optional(data.person.map(|person| person.uuid()))?,
                    date: data.day,
                    minutes: data.minutes,
                    status: data.status,
                }
            ),
            Data::AssessmentRecorded(data) => add!(
                assessments,
                Assessment {
                    ikm: self.intern(stream)?,
                    program: self.intern(data.program.uuid())?,
                    scheme: self.intern_code(&data.scheme)?,
                    scheme_version: data.scheme_version.get(),
                    verdict: data.verdict,
                }
            ),
            Data::CertificateIssued(data) => {
                let (holder_kind, holder, product) = match &data.holder {
                    Holder::Ikm { ikm } => (HolderKind::Ikm, ikm.uuid(), None),
                    Holder::Person { person } => (HolderKind::Person, person.uuid(), None),
                    Holder::Product { ikm, product } => (HolderKind::Product, ikm.uuid(), Some(product)),
                };
                add!(
                    certificates,
                    Certificate {
                        certificate: self.intern(stream)?,
                        scheme: self.intern_code(&data.scheme)?,
                        holder_kind,
                        holder: self.intern(holder)?,
                        product: self.intern_optional_code(product)?,
                        valid_from: data.valid_from,
                        valid_to: data.valid_to,
                    }
                );
            }
            Data::CertificateRevoked(_) => {
                add!(revocations, Revocation { certificate: self.intern(stream)? });
            }
            Data::ExhibitionAnnounced(data) => add!(
                exhibitions,
                Exhibition {
                    exhibition: self.intern(stream)?,
                    area: data.area,
                    from: data.from,
                    to: data.to,
                }
            ),
            Data::ExhibitionJoined(data) => add!(
                participations,
                Participation {
                    ikm: self.intern(stream)?,
                    exhibition: self.intern(data.exhibition.uuid())?,
                    visitors: data.visitors,
                }
            ),
            // The registry about itself: no view asks for it.
            Data::RegistryOpened(_) | Data::RulesAdopted(_) => {}
            Data::EventCorrected(_) | Data::EventRetracted(_) => {
                return Err(wrong_stream(position, subject, data));
            }
            // Passed over in silence, these would be missing from the figures that they change.
            not_understood!() => {
                return Err(ProjectionError::NotUnderstood { index: position, type_name: data.type_name() });
            }
        }
        Ok(())
    }

    /// Adds the rows of a record of the most frequent types without parsing all of it; `false` when
    /// the record is of another type or looks in any way unexpected.
    pub(super) fn take_hot(
        &mut self,
        position: u64,
        bytes: &[u8],
        reader: &mut Reader,
    ) -> Result<bool, ProjectionError> {
        match reader.read(bytes) {
            None => return Ok(false),
            Some(Hot::Attended { ikm, program, session, person, date, minutes, status, day }) => {
                let ikm = reader.subjects.number(ikm, |uuid| self.ids.intern(&uuid))?;
                let program = reader.programs.number(program, |uuid| self.ids.intern(&uuid))?;
                let session = reader.sessions.number(session, |uuid| self.ids.intern(&uuid))?;
                let (ikm, program, session) = (Id(ikm), Id(program), Id(session));
                let person = self.intern_optional(person)?;
                let fact = Attendance { ikm, program, session, person, date, minutes, status };
                self.tables.attendances.push(Row { position, amendment: 0, day, fact });
            }
            Some(Hot::Enrolled { ikm, program, group, persons, day }) => {
                let ikm = Id(reader.subjects.number(ikm, |uuid| self.ids.intern(&uuid))?);
                let program = Id(reader.programs.number(program, |uuid| self.ids.intern(&uuid))?);
                let group = self.intern_optional_code(group.as_ref())?;
                let mut add = |person| {
                    let fact = Enrolment { ikm, program, group, person };
                    self.tables.enrolments.push(Row { position, amendment: 0, day, fact });
                };
                if persons.is_empty() {
                    add(Id::NONE);
                }
                for person in persons {
                    add(Id(self.ids.intern(&person)?));
                }
            }
        }
        Ok(true)
    }
}

fn scale(scales: Option<&SetOf<Scaled>>, rule: ScaleRule) -> Option<jejak_events::types::Scale> {
    scales.and_then(|set| set.iter().find(|scaled| scaled.rule == rule)).map(|scaled| scaled.scale)
}

fn wrong_stream(index: u64, subject: Subject, data: &Data) -> ProjectionError {
    ProjectionError::WrongStream { index, type_name: data.type_name(), subject: subject.to_string() }
}

/// The UUID of a stream, which must be of the kind that the type declares; nil for the registry's.
fn stream_uuid(index: u64, subject: Subject, data: &Data) -> Result<Uuid, ProjectionError> {
    if data.declaration().subject.is_some_and(|kind| kind != subject.kind()) {
        return Err(wrong_stream(index, subject, data));
    }
    Ok(match subject {
        Subject::Certificate(id) => id.uuid(),
        Subject::Claim(id) => id.uuid(),
        Subject::Exhibition(id) => id.uuid(),
        Subject::Ikm(id) => id.uuid(),
        Subject::Person(id) => id.uuid(),
        Subject::Program(id) => id.uuid(),
        Subject::Sentra(id) => id.uuid(),
        Subject::Area(_) | Subject::Registry => Uuid::nil(),
    })
}
