//! From the content of an event to its rows.
//!
//! The match is over every type: a new one does not compile until somebody says here which rows it
//! has, or that it has none.

use jejak_events::area::AreaCode;
use jejak_events::identity::{PersonId, Subject};
use jejak_events::types::{Data, Holder, ScaleRule, Scaled};
use jejak_events::values::{Code, SetOf};
use uuid::Uuid;

use super::Facts;
use super::rows::{CodeId, HolderKind, Id, Row, SentraStage};
use super::tables::{
    Assessment, Attendance, Cancellation, Certificate, Check, Claim, ClaimProgram, ClaimTheme, Coverage,
    Enrolment, Exhibition, Facility, Ikm, IkmMerge, Membership, Mentoring, Participation, Person,
    PersonMerge, Population, Profile, Program, ProgramClosing, ProgramFunding, ProgramTarget, Renewal,
    Revocation, Sentra, SentraForm, SentraFund, SentraStep, Session, SessionDay, Shipment, Spending,
    Suspension, Turnover, Wait, Withdrawal, Workforce, Working,
};
use crate::error::ProjectionError;
use crate::lineage::Content;

/// Completion percent of a programme that does not say one (`docs/domain.md`: `trained`).
const DEFAULT_COMPLETION_PERCENT: u8 = 80;

impl Facts {
    pub(super) fn intern(&mut self, uuid: Uuid) -> Result<Id, ProjectionError> {
        self.ids.intern(&uuid).map(Id)
    }

    pub(super) fn intern_optional(&mut self, uuid: Option<Uuid>) -> Result<Id, ProjectionError> {
        uuid.map_or(Ok(Id::NONE), |uuid| self.intern(uuid))
    }

    fn intern_code(&mut self, code: &Code) -> Result<CodeId, ProjectionError> {
        self.codes.intern(code).map(CodeId)
    }

    pub(super) fn intern_optional_code(&mut self, code: Option<&Code>) -> Result<CodeId, ProjectionError> {
        code.map_or(Ok(CodeId::NONE), |code| self.intern_code(code))
    }

    /// The persons that an event names, or one that is none: it has one row for each.
    fn intern_persons(&mut self, persons: Option<&SetOf<PersonId>>) -> Result<Vec<Id>, ProjectionError> {
        match persons {
            None => Ok(vec![Id::NONE]),
            Some(persons) => persons.iter().map(|person| self.intern(person.uuid())).collect(),
        }
    }

    /// A value that has the form of a code without being one.
    fn intern_text(&mut self, index: u64, text: &str) -> Result<CodeId, ProjectionError> {
        let code = Code::parse(text)
            .map_err(|message| ProjectionError::Unreadable { index, source: message.en.into() })?;
        self.intern_code(&code)
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
                for target in data.targets.iter().flat_map(|set| set.iter()) {
                    let indicator = self.intern_code(&target.indicator)?;
                    add!(program_targets, ProgramTarget { program, indicator, value: target.value });
                }
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
                for day in data.days.iter() {
                    add!(session_days, session_day(session, day));
                }
            }
            // The days of a session are those of its latest word on them, scheduled or rescheduled.
            Data::SessionRescheduled(data) => {
                let session = self.intern(data.session.uuid())?;
                for day in data.days.iter() {
                    add!(session_days, session_day(session, day));
                }
            }
            Data::SessionCancelled(data) => {
                add!(cancellations, Cancellation { session: self.intern(data.session.uuid())? });
            }
            Data::ProgramClosed(_) => {
                add!(program_closings, ProgramClosing { program: self.intern(stream)? })
            }
            Data::SpendingReported(data) => add!(
                spendings,
                Spending {
                    program: self.intern(stream)?,
                    source: self.intern_code(&data.source)?,
                    stage: data.stage,
                    fiscal_year: data.fiscal_year.map(|year| year.get()),
                    amount: data.amount,
                }
            ),
            Data::IkmProfileChanged(data) => add!(
                profiles,
                Profile {
                    ikm: self.intern(stream)?,
                    area: data.area,
                    commodity: self.intern_optional_code(data.commodity.as_ref())?,
                    by_workers: scale(data.scales.as_ref(), ScaleRule::Permenperin64Of2016),
                    by_capital: scale(data.scales.as_ref(), ScaleRule::Pp7Of2021),
                }
            ),
            Data::IkmClosed(_) => add!(workings, Working { ikm: self.intern(stream)?, works: false }),
            Data::IkmReopened(_) => add!(workings, Working { ikm: self.intern(stream)?, works: true }),
            Data::IkmMerged(data) => {
                let (gone, into) = (self.intern(stream)?, self.intern(data.into.uuid())?);
                add!(ikm_merges, IkmMerge { gone, into });
            }
            Data::PersonMerged(data) => {
                let (gone, into) = (self.intern(stream)?, self.intern(data.into.uuid())?);
                add!(person_merges, PersonMerge { gone, into });
            }
            Data::IkmFacilityAdded(data) => {
                let (ikm, kind) = (self.intern(stream)?, self.intern_code(&data.kind)?);
                add!(facilities, Facility { ikm, sentra: Id::NONE, kind });
            }
            Data::WorkforceReported(data) => {
                add!(workforces, Workforce { ikm: self.intern(stream)?, to: data.period.to });
            }
            Data::TurnoverReported(data) => {
                let (from, to) = (data.period.from, data.period.to);
                add!(turnovers, Turnover { ikm: self.intern(stream)?, from, to });
            }
            Data::ShipmentReported(data) => add!(
                shipments,
                Shipment {
                    ikm: self.intern(stream)?,
                    country: self.intern_text(position, &data.country.to_lowercase())?,
                    hs_code: self.intern_text(position, &data.hs_code)?,
                }
            ),
            Data::MentoringVisited(data) => add!(
                mentorings,
                Mentoring { ikm: self.intern(stream)?, program: self.intern(data.program.uuid())? }
            ),
            Data::SentraMemberJoined(data) => {
                let (ikm, sentra) = (self.intern(stream)?, self.intern(data.sentra.uuid())?);
                add!(memberships, Membership { ikm, sentra, member: true });
            }
            Data::SentraMemberLeft(data) => {
                let (ikm, sentra) = (self.intern(stream)?, self.intern(data.sentra.uuid())?);
                add!(memberships, Membership { ikm, sentra, member: false });
            }
            Data::EnrolmentMade(data) => {
                let (ikm, program) = (self.intern(stream)?, self.intern(data.program.uuid())?);
                let group = self.intern_optional_code(data.group.as_ref())?;
                for person in self.intern_persons(data.persons.as_ref())? {
                    add!(enrolments, Enrolment { ikm, program, group, person });
                }
            }
            // A place from the waiting list is a place.
            Data::EnrolmentPromoted(data) => {
                let (ikm, program) = (self.intern(stream)?, self.intern(data.program.uuid())?);
                let group = self.intern_optional_code(data.group.as_ref())?;
                for person in self.intern_persons(data.persons.as_ref())? {
                    add!(enrolments, Enrolment { ikm, program, group, person });
                }
            }
            Data::EnrolmentWaitlisted(data) => {
                let (ikm, program) = (self.intern(stream)?, self.intern(data.program.uuid())?);
                for person in self.intern_persons(data.persons.as_ref())? {
                    add!(waits, Wait { ikm, program, person });
                }
            }
            Data::EnrolmentWithdrawn(data) => {
                let (ikm, program) = (self.intern(stream)?, self.intern(data.program.uuid())?);
                for person in self.intern_persons(data.persons.as_ref())? {
                    add!(withdrawals, Withdrawal { ikm, program, person });
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
            Data::CertificateSuspended(_) => {
                add!(suspensions, Suspension { certificate: self.intern(stream)?, suspended: true });
            }
            Data::CertificateReinstated(_) => {
                add!(suspensions, Suspension { certificate: self.intern(stream)?, suspended: false });
            }
            Data::CertificateRenewed(data) => {
                let (certificate, valid_from, valid_to) =
                    (self.intern(stream)?, data.valid_from, data.valid_to);
                add!(renewals, Renewal { certificate, valid_from, valid_to });
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
            Data::SentraPlanned(data) => add!(
                sentras,
                Sentra {
                    sentra: self.intern(stream)?,
                    area: data.area,
                    commodity: self.intern_code(&data.commodity)?,
                }
            ),
            Data::SentraBuilt(_) => {
                add!(sentra_steps, SentraStep { sentra: self.intern(stream)?, stage: SentraStage::Built });
            }
            Data::SentraOpened(_) => {
                add!(sentra_steps, SentraStep { sentra: self.intern(stream)?, stage: SentraStage::Opened });
            }
            Data::SentraFacilityAdded(data) => {
                let (sentra, kind) = (self.intern(stream)?, self.intern_code(&data.kind)?);
                add!(facilities, Facility { ikm: Id::NONE, sentra, kind });
            }
            Data::SentraLegalFormRecorded(data) => {
                let (sentra, form) = (self.intern(stream)?, self.intern_code(&data.form)?);
                add!(sentra_forms, SentraForm { sentra, form });
            }
            Data::SentraFunded(data) => add!(
                sentra_funds,
                SentraFund {
                    sentra: self.intern(stream)?,
                    source: self.intern_code(&data.source)?,
                    stage: data.stage,
                    amount: data.amount,
                }
            ),
            Data::PopulationReported(data) => add!(
                populations,
                Population {
                    area: stream_area(position, content)?,
                    commodity: self.intern_code(&data.commodity)?,
                    kecil: data.kecil,
                    menengah: data.menengah,
                    total: data.total,
                }
            ),
            Data::CoverageDeclared(data) => add!(
                coverages,
                Coverage {
                    area: stream_area(position, content)?,
                    program: self.intern_optional(data.program.map(|program| program.uuid()))?,
                    theme: self.intern_optional_code(data.theme.as_ref())?,
                    through: data.through,
                }
            ),
            Data::ClaimMade(data) => {
                let claim = self.intern(stream)?;
                let view = data.indicator.as_ref().map(|indicator| &indicator.view);
                add!(
                    claims,
                    Claim {
                        claim,
                        area: data.scope.as_ref().and_then(|scope| scope.area),
                        view: self.intern_optional_code(view)?,
                        value: data.counted_value(),
                    }
                );
                let scope = data.scope.as_ref();
                for program in scope.iter().flat_map(|scope| scope.program.iter()).flat_map(|set| set.iter())
                {
                    let program = self.intern(program.uuid())?;
                    add!(claim_programs, ClaimProgram { claim, program });
                }
                for theme in scope.iter().flat_map(|scope| scope.theme.iter()).flat_map(|set| set.iter()) {
                    let theme = self.intern_code(theme)?;
                    add!(claim_themes, ClaimTheme { claim, theme });
                }
            }
            Data::ClaimChecked(data) => add!(
                checks,
                Check {
                    claim: self.intern(stream)?,
                    verdict: data.verdict,
                    counted: data.count.as_ref().and_then(|count| count.counted),
                }
            ),
            // The registry about itself: no view asks for it.
            Data::KeyIntroduced(_) | Data::RegistryOpened(_) | Data::RulesAdopted(_) => {}
            // What was destroyed changes no figure: rows hold open facts only, and those stay. Nor does what was
            // released of them.
            Data::EvidenceRedacted(_)
            | Data::FiguresReleased(_)
            | Data::IkmErased(_)
            | Data::IkmErasureRequested(_)
            | Data::PersonErased(_)
            | Data::PersonErasureRequested(_) => {}
            Data::EventCorrected(_) | Data::EventRetracted(_) => {
                return Err(wrong_stream(position, subject, data));
            }
        }
        Ok(())
    }
}

fn session_day(session: Id, day: &jejak_events::types::program::SessionDay) -> SessionDay {
    SessionDay {
        session,
        date: day.date,
        practice_minutes: day.practice_minutes,
        theory_minutes: day.theory_minutes,
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

/// The area of a stream about an area.
fn stream_area(index: u64, content: &Content<'_>) -> Result<AreaCode, ProjectionError> {
    match content.subject() {
        Subject::Area(area) => Ok(area),
        other => Err(wrong_stream(index, other, content.data())),
    }
}
