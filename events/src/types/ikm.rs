//! What an IKM is and does: registration, enrolment, attendance, mentoring, assessment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sentence::{hundredths, list, said, sending, short_session, with, with_message};
use super::{Scaled, event_type, parts::Mention};
use crate::area::AreaCode;
use crate::fault::Message;
use crate::identity::{IkmId, PersonId, ProgramId, SessionId, Subject, SubjectKind};
use crate::values::{
    Code, Count, Date, DistrictCode, KbliCode, Minutes, Nib, Rupiah, SealedText, SetOf, Text, Version, Year,
};

/// Where enrolment and attendance stand: in the stream of the IKM that sends somebody, or of a person who takes part
/// in their own name.
const ENROLLED: &[SubjectKind] = &[SubjectKind::Ikm, SubjectKind::Person];

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
    IkmRegistered = "id.jejak.ikm.registered.v1" on &[SubjectKind::Ikm], Begins("active"),
        called ["IKM terdaftar", "IKM registered"];
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
        /// District (kecamatan) within the area.
        district: DistrictCode,
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
    says |data, call| {
        let said = said!(
            "terdaftar sebagai IKM {commodity} di {area}, KBLI {kbli} ({year})",
            "registered as an IKM making {commodity} in {area}, KBLI {kbli} ({year})",
            commodity = &data.commodity,
            area = data.area.name(),
            kbli = &data.kbli.code,
            year = data.kbli.year.get(),
        );
        let said = with(said, ", kecamatan ", ", district ", data.district.as_ref().map(DistrictCode::called));
        let owner = data.owner.map(|owner| call.stream(Subject::Person(owner)));
        with(said, ", pemilik ", ", owner ", owner)
    }
}

event_type! {
    /// An IKM, or a person in their own name, is given a place in a programme. `time`: the day of enrolment.
    EnrolmentMade = "id.jejak.enrolment.made.v1" on ENROLLED, Enrols,
        called ["mendapat tempat", "enrolled"];
    required {
        /// The programme.
        program: ProgramId,
    }
    optional {
        /// Group within the programme; sessions of other groups do not concern it.
        group: Code,
        /// The persons that an IKM sends; nobody where a person enrols in their own name.
        persons: SetOf<PersonId>,
    }
    derived {}
    sealed {}
    says |data, call| {
        let said = said!(
            "mendapat tempat pada {program}",
            "got a place in {program}",
            program = call.stream(Subject::Program(data.program)),
        );
        sending(said, data.group.as_ref(), data.persons.as_ref(), call)
    }
}

event_type! {
    /// An IKM, or a person in their own name, waits for a place in a programme whose quota is full. `time`: the day
    /// it was put on the list.
    EnrolmentWaitlisted = "id.jejak.enrolment.waitlisted.v1" on ENROLLED, Waits,
        called ["masuk daftar tunggu", "put on the waiting list"];
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
    says |data, call| {
        let said = said!(
            "masuk daftar tunggu {program}",
            "was put on the waiting list of {program}",
            program = call.stream(Subject::Program(data.program)),
        );
        sending(said, data.group.as_ref(), data.persons.as_ref(), call)
    }
}

event_type! {
    /// An IKM, or a person in their own name, gets a place from the waiting list. What is said here takes the place of the entry on
    /// the list, whole: group and persons that still hold are said again. `time`: the day it got the
    /// place.
    EnrolmentPromoted = "id.jejak.enrolment.promoted.v1" on ENROLLED, Promotes,
        called ["naik dari daftar tunggu", "given a place from the waiting list"];
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
    says |data, call| {
        let said = said!(
            "naik dari daftar tunggu {program}",
            "got a place from the waiting list of {program}",
            program = call.stream(Subject::Program(data.program)),
        );
        sending(said, data.group.as_ref(), data.persons.as_ref(), call)
    }
}

event_type! {
    /// An IKM, some of the persons it sends, or a person in their own name leave a programme. `time`: the day they left.
    EnrolmentWithdrawn = "id.jejak.enrolment.withdrawn.v1" on ENROLLED, Withdraws,
        called ["mengundurkan diri", "enrolment withdrawn"];
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
    says |data, call| {
        let said = said!(
            "mundur dari {program} ({reason})",
            "left {program} ({reason})",
            program = call.stream(Subject::Program(data.program)),
            reason = &data.reason,
        );
        sending(said, None::<&str>, data.persons.as_ref(), call)
    }
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
    /// One day of one session for one IKM, for one person of it, or for a person in their own name. `time`: that day.
    TrainingAttended = "id.jejak.training.attended.v1" on ENROLLED, Reports,
        called ["kehadiran pelatihan", "attendance at training"];
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
        /// The person; in the stream of an IKM its delegation when not said.
        person: PersonId,
    }
    derived {}
    sealed {}
    says |data, call| {
        let status = match data.status {
            AttendanceStatus::Present => Message::new("hadir", "was present"),
            AttendanceStatus::Excused => Message::new("izin", "was excused"),
            AttendanceStatus::Absent => Message::new("tidak hadir", "was absent"),
        };
        let said = with_message(
            status,
            &said!(
                " pada {program}, sesi {session}, {day}",
                " at {program}, session {session}, {day}",
                program = call.stream(Subject::Program(data.program)),
                session = short_session(data.session),
                day = data.day,
            ),
        );
        let said = with(said, ": ", ": ", data.person.map(|person| call.stream(Subject::Person(person))));
        let minutes = data.minutes.map(|minutes| minutes.get());
        match minutes {
            Some(minutes) => with_message(said, &said!(", {minutes} menit", ", {minutes} minutes")),
            None => said,
        }
    }
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
    AssessmentRecorded = "id.jejak.assessment.recorded.v1" on &[SubjectKind::Ikm], Reports,
        called ["penilaian", "assessment"];
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
    says |data, call| {
        let said = said!(
            "dinilai menurut {scheme} versi {version} dalam {program}",
            "was assessed by {scheme} version {version} for {program}",
            scheme = &data.scheme,
            version = data.scheme_version.get(),
            program = call.stream(Subject::Program(data.program)),
        );
        let verdict = match data.verdict {
            Verdict::Passed => Message::new(": lulus", ": passed"),
            Verdict::Failed => Message::new(": tidak lulus", ": failed"),
        };
        let mut said = with_message(said, &verdict);
        for one in data.criteria.iter().flat_map(|criteria| criteria.iter()) {
            let (code, score, most) = (&one.code, hundredths(one.score_hundredths), hundredths(one.maximum_hundredths));
            let told = Message::new(
                format!("; nilai {code} {} dari {}", score.id, most.id),
                format!("; score {code} {} of {}", score.en, most.en),
            );
            said = with_message(said, &told);
        }
        let assessor = data.assessor.map(|person| call.stream(Subject::Person(person)));
        with(said, ", penilai ", ", assessor ", assessor)
    }
}

event_type! {
    /// A mentor visits an IKM at its place. `time`: the day of the visit.
    MentoringVisited = "id.jejak.mentoring.visited.v1" on &[SubjectKind::Ikm], Reports,
        called ["kunjungan pendampingan", "mentoring visit"];
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
    says |data, call| {
        let said = said!(
            "didampingi {mentor} dalam {program}",
            "was visited by {mentor} for {program}",
            mentor = &data.mentor,
            program = call.stream(Subject::Program(data.program)),
        );
        with(said, ", temuan ", ", findings ", data.findings.as_ref().map(list))
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
