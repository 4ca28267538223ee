//! Registration and training of IKMs.

use jejak_events::types::ScaleRule;
use jejak_events::types::ikm::{
    AssessmentRecorded, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    IkmRegistered, MentoringVisited, TrainingAttended,
};

use jejak_events::identity::{PersonId, ProgramId};
use jejak_events::values::{Code, SetOf};

use super::{Intake, Rows, add, scale};
use crate::error::ProjectionError;
use crate::facts::tables::{
    Assessment, AssessmentScore, Attendance, Enrolment, Ikm, Mentoring, MentoringFinding, Wait, Withdrawal,
};

impl Rows for IkmRegistered {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            ikms,
            Ikm {
                ikm: intake.stream()?,
                area: self.area,
                district: intake.intern_district(self.district.as_ref())?,
                commodity: intake.intern_code(&self.commodity)?,
                owner: intake.intern_optional(self.owner.map(|owner| owner.uuid()))?,
                by_workers: scale(self.scales.as_ref(), ScaleRule::Permenperin64Of2016),
                by_capital: scale(self.scales.as_ref(), ScaleRule::Pp7Of2021),
            }
        );
        Ok(())
    }
}

impl Rows for MentoringVisited {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            mentorings,
            Mentoring { ikm: intake.stream()?, program: intake.intern(self.program.uuid())? }
        );
        for finding in self.findings.iter().flat_map(|findings| findings.iter()) {
            add!(intake, mentoring_findings, MentoringFinding { finding: intake.intern_code(finding)? });
        }
        Ok(())
    }
}

impl Rows for EnrolmentMade {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        enrol(intake, self.program, self.group.as_ref(), self.persons.as_ref())
    }
}

// A place from the waiting list is a place.
impl Rows for EnrolmentPromoted {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        enrol(intake, self.program, self.group.as_ref(), self.persons.as_ref())
    }
}

impl Rows for EnrolmentWaitlisted {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let program = intake.intern(self.program.uuid())?;
        for (ikm, person) in intake.intern_enrolled(self.persons.as_ref())? {
            add!(intake, waits, Wait { ikm, program, person });
        }
        Ok(())
    }
}

impl Rows for EnrolmentWithdrawn {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let program = intake.intern(self.program.uuid())?;
        let reason = intake.intern_code(&self.reason)?;
        for (ikm, person) in intake.intern_enrolled(self.persons.as_ref())? {
            add!(intake, withdrawals, Withdrawal { ikm, program, person, reason });
        }
        Ok(())
    }
}

impl Rows for TrainingAttended {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (ikm, own_name) = intake.enrollee()?;
        let named = intake.intern_optional(self.person.map(|person| person.uuid()))?;
        add!(
            intake,
            attendances,
            Attendance {
                ikm,
                program: intake.intern(self.program.uuid())?,
                session: intake.intern(self.session.uuid())?,
                person: if own_name.is_some() { own_name } else { named },
                date: self.day,
                minutes: self.minutes,
                status: self.status,
            }
        );
        Ok(())
    }
}

impl Rows for AssessmentRecorded {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            assessments,
            Assessment {
                ikm: intake.stream()?,
                program: intake.intern(self.program.uuid())?,
                scheme: intake.intern_code(&self.scheme)?,
                scheme_version: self.scheme_version.get(),
                verdict: self.verdict,
            }
        );
        for criterion in self.criteria.iter().flat_map(|criteria| criteria.iter()) {
            let score = AssessmentScore {
                criterion: intake.intern_code(&criterion.code)?,
                score: criterion.score_hundredths,
                maximum: criterion.maximum_hundredths,
            };
            add!(intake, assessment_scores, score);
        }
        Ok(())
    }
}

/// A place for each person, or for the IKM's delegation; of no IKM for a person in their own name.
fn enrol(
    intake: &mut Intake<'_>,
    program: ProgramId,
    group: Option<&Code>,
    persons: Option<&SetOf<PersonId>>,
) -> Result<(), ProjectionError> {
    let program = intake.intern(program.uuid())?;
    let group = intake.intern_optional_code(group)?;
    for (ikm, person) in intake.intern_enrolled(persons)? {
        add!(intake, enrolments, Enrolment { ikm, program, group, person });
    }
    Ok(())
}
