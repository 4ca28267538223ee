//! What an IKM is and does: registration, enrolment, attendance, mentoring, assessment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Scaled, event_type, parts::Mention};
use crate::area::AreaCode;
use crate::identity::{IkmId, PersonId, ProgramId, SessionId, Subject, SubjectKind};
use crate::values::{
    Code, Count, Date, KbliCode, Minutes, Nib, Rupiah, SealedText, SetOf, Text, Version, Year,
};

/// An industry class with the edition it is taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kbli {
    /// The class, such as `13134` (batik in KBLI 2020).
    pub code: KbliCode,
    /// Year of the edition.
    pub year: Year,
}

impl Mention for Kbli {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

event_type! {
    /// An IKM enters the register. `time`: when it was registered with the office.
    IkmRegistered = "id.jejak.ikm.registered.v1" on Some(SubjectKind::Ikm), Begins("active");
    required {
        /// Kabupaten or kota.
        area: AreaCode,
        /// What it makes, such as `batik`.
        commodity: Code,
        /// Industry class.
        kbli: Kbli,
        /// Whether enterprise and owner are one person in law: erasing the owner then erases it too, and later what was said of that time.
        sole_proprietor: bool,
    }
    optional {
        /// Year of foundation.
        founded: Year,
        /// The owner, where recorded as a person.
        owner: PersonId,
    }
    derived {
        /// Size classes, each with its rule; set where workers and investment are known.
        scales: SetOf<Scaled>,
    }
    sealed {
        Confidential optional "Investment in rupiah, without land and buildings." investment: Rupiah,
        Personal required "Name of the enterprise." name: SealedText,
        Personal optional "Business number." nib: Nib,
        Personal optional "Village (kelurahan or desa)." village: SealedText,
        Confidential optional "Number of workers." workers: Count,
    }
}

event_type! {
    /// An IKM is given a place in a programme. `time`: the day of enrolment.
    EnrolmentMade = "id.jejak.enrolment.made.v1" on Some(SubjectKind::Ikm), Enrols;
    required {
        /// The programme.
        program: ProgramId,
    }
    optional {
        /// Group within the programme; sessions of other groups do not concern it.
        group: Code,
        /// The persons it sends.
        persons: SetOf<PersonId>,
    }
    derived {}
    sealed {}
}

event_type! {
    /// An IKM waits for a place in a programme whose quota is full. `time`: the day it was put on the
    /// list.
    EnrolmentWaitlisted = "id.jejak.enrolment.waitlisted.v1" on Some(SubjectKind::Ikm), Waits;
    required {
        /// The programme.
        program: ProgramId,
    }
    optional {
        /// Group within the programme.
        group: Code,
        /// The persons it means to send.
        persons: SetOf<PersonId>,
    }
    derived {}
    sealed {}
}

event_type! {
    /// An IKM gets a place from the waiting list. What is said here takes the place of the entry on
    /// the list, whole: group and persons that still hold are said again. `time`: the day it got the
    /// place.
    EnrolmentPromoted = "id.jejak.enrolment.promoted.v1" on Some(SubjectKind::Ikm), Promotes;
    required {
        /// The programme.
        program: ProgramId,
    }
    optional {
        /// Group within the programme; sessions of other groups do not concern it.
        group: Code,
        /// The persons it sends.
        persons: SetOf<PersonId>,
    }
    derived {}
    sealed {}
}

event_type! {
    /// An IKM, or some of the persons it sends, leave a programme. `time`: the day they left.
    EnrolmentWithdrawn = "id.jejak.enrolment.withdrawn.v1" on Some(SubjectKind::Ikm), Withdraws;
    required {
        /// The programme.
        program: ProgramId,
        /// Why.
        reason: Code,
    }
    optional {
        /// The only persons who leave; the whole enrolment when not said.
        persons: SetOf<PersonId>,
    }
    derived {}
    sealed {}
}

/// Whether somebody was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttendanceStatus {
    /// Was there.
    Present,
    /// Was away with leave.
    Excused,
    /// Was away.
    Absent,
}

impl Mention for AttendanceStatus {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

event_type! {
    /// One day of one session for one IKM, or for one person of it. `time`: that day.
    TrainingAttended = "id.jejak.training.attended.v1" on Some(SubjectKind::Ikm), Reports;
    required {
        /// The day of the session.
        day: Date,
        /// The programme.
        program: ProgramId,
        /// The session.
        session: SessionId,
        /// Present, excused or absent.
        status: AttendanceStatus,
    }
    optional {
        /// Minutes attended; a whole day when not said.
        minutes: Minutes,
        /// The person; the IKM's delegation when not said.
        person: PersonId,
    }
    derived {}
    sealed {}
}

/// Outcome of an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Meets the scheme.
    Passed,
    /// Does not.
    Failed,
}

impl Verdict {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
        }
    }
}

impl Mention for Verdict {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

/// One scored criterion.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// The criterion within the scheme, such as `energy`.
    pub code: Code,
    /// Best possible score in hundredths.
    pub maximum_hundredths: Count,
    /// Score given in hundredths.
    pub score_hundredths: Count,
}

impl Mention for Criterion {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

event_type! {
    /// An IKM is assessed against a scheme. `time`: the day of the assessment.
    AssessmentRecorded = "id.jejak.assessment.recorded.v1" on Some(SubjectKind::Ikm), Reports;
    required {
        /// The programme it belongs to.
        program: ProgramId,
        /// The scheme, such as `sih_batik`.
        scheme: Code,
        /// Version of the scheme's criteria.
        scheme_version: Version,
        /// Passed or failed.
        verdict: Verdict,
    }
    optional {
        /// Who assessed.
        assessor: PersonId,
        /// The scores by criterion.
        criteria: SetOf<Criterion>,
    }
    derived {}
    sealed {}
}

event_type! {
    /// A mentor visits an IKM at its place. `time`: the day of the visit.
    MentoringVisited = "id.jejak.mentoring.visited.v1" on Some(SubjectKind::Ikm), Reports;
    required {
        /// The institution that mentors, not a person.
        mentor: Text,
        /// The programme it belongs to.
        program: ProgramId,
    }
    optional {
        /// What was found, by code.
        findings: SetOf<Code>,
    }
    derived {}
    sealed {
        Personal optional "Note of the mentor." note: SealedText,
    }
}

impl TrainingAttended {
    /// The IKM of a stream, which every event of this module has.
    #[must_use]
    pub fn ikm(subject: Subject) -> Option<IkmId> {
        match subject {
            Subject::Ikm(ikm) => Some(ikm),
            _ => None,
        }
    }
}
