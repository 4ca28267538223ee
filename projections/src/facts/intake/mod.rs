//! From the content of an event to its rows.
//!
//! Every type says which rows it has, or that it has none: a new one does not compile until it does.

mod area_reports;
mod certificate;
mod claim;
mod enterprise;
mod exhibition;
mod ikm;
mod person;
mod program;
mod sentra;

use jejak_events::area::AreaCode;
use jejak_events::identity::{PersonId, Subject, SubjectKind};
use jejak_events::match_data;
use jejak_events::record::Event;
use jejak_events::types::area_reports::FiguresReleased;
use jejak_events::types::enterprise::{IkmErased, IkmErasureRequested};
use jejak_events::types::person::{PersonErased, PersonErasureRequested};
use jejak_events::types::{Data, ScaleRule, Scaled};
use jejak_events::types::{
    EventCorrected, EventRetracted, EvidenceRedacted, KeyIntroduced, RegistryOpened, RulesAdopted,
};
use jejak_events::values::{Code, Date, DistrictCode, Issuer, SetOf};
use uuid::Uuid;

use super::Facts;
use super::rows::{CodeId, Id, IssuerId, RecordingKind, Row};
use super::tables::Recording;
use crate::error::ProjectionError;
use crate::lineage::{Content, is_amendment};

/// The facts of a type as rows.
pub(super) trait Rows {
    /// Adds the rows. On an error some may have been added; the caller forgets them.
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError>;
}

/// Where the rows of one event go.
pub(super) struct Intake<'a> {
    facts: &'a mut Facts,
    position: u64,
    amendment: u32,
    day: Date,
    subject: Subject,
    /// The UUID of the stream; nil where an area or the registry is the stream.
    stream: Uuid,
    type_name: &'static str,
}

/// Adds a row to a table.
macro_rules! add {
    ($intake:ident, $table:ident, $fact:expr) => {{
        let fact = $fact;
        let (position, amendment, day) = ($intake.position, $intake.amendment, $intake.day);
        $intake.facts.tables.$table.push($crate::facts::rows::Row { position, amendment, day, fact });
    }};
}
use add;

/// Types without a row.
macro_rules! no_rows {
    ($( $name:path ),* $(,)?) => {
        $( impl Rows for $name {
            fn rows(&self, _: &mut Intake<'_>) -> Result<(), ProjectionError> {
                Ok(())
            }
        } )*
    };
}

// The registry about itself: no view asks for it.
no_rows!(KeyIntroduced, RegistryOpened, RulesAdopted);
// What was destroyed changes no figure: rows hold open facts only, and those stay. Nor does what was released of them.
no_rows!(
    EvidenceRedacted,
    FiguresReleased,
    IkmErased,
    IkmErasureRequested,
    PersonErased,
    PersonErasureRequested,
);

/// Types that act on another event: [`Content`] has what they put in its place, never themselves.
macro_rules! no_content {
    ($( $name:path ),* $(,)?) => {
        $( impl Rows for $name {
            fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
                Err(intake.wrong_stream())
            }
        } )*
    };
}
no_content!(EventCorrected, EventRetracted);

impl Facts {
    pub(super) fn intern(&mut self, uuid: Uuid) -> Result<Id, ProjectionError> {
        self.ids.intern(&uuid).map(Id)
    }

    pub(super) fn intern_optional(&mut self, uuid: Option<Uuid>) -> Result<Id, ProjectionError> {
        uuid.map_or(Ok(Id::NONE), |uuid| self.intern(uuid))
    }

    pub(super) fn intern_code(&mut self, code: &Code) -> Result<CodeId, ProjectionError> {
        self.codes.intern(code).map(CodeId)
    }

    pub(super) fn intern_optional_code(&mut self, code: Option<&Code>) -> Result<CodeId, ProjectionError> {
        code.map_or(Ok(CodeId::NONE), |code| self.intern_code(code))
    }

    pub(super) fn intern_issuer(&mut self, issuer: &Issuer) -> Result<IssuerId, ProjectionError> {
        self.issuers.intern(issuer).map(IssuerId)
    }

    /// Adds the rows of some content. `amendment` as in [`Row`](super::rows::Row).
    ///
    /// On an error some rows may have been added; the caller forgets them.
    pub(super) fn take(
        &mut self,
        position: u64,
        amendment: u32,
        content: &Content<'_>,
    ) -> Result<(), ProjectionError> {
        let (subject, data) = (content.subject(), content.data());
        let intake = &mut Intake {
            facts: self,
            position,
            amendment,
            day: content.time().date(),
            subject,
            stream: stream_uuid(position, subject, data)?,
            type_name: data.type_name(),
        };
        match_data!(data, facts => facts.rows(intake))
    }
}

impl Facts {
    /// Adds who recorded an event, and how long after it happened.
    pub(super) fn note_recording(&mut self, position: u64, event: &Event) -> Result<(), ProjectionError> {
        let (draft, source) = (&event.draft, &event.draft.source);
        let kind = match draft.subject {
            Subject::Registry => RecordingKind::OfRegistry,
            _ if is_amendment(&draft.data) => RecordingKind::Amendment,
            Subject::Claim(_) => RecordingKind::OfClaim,
            _ => RecordingKind::Fact,
        };
        let office = self.intern_code(&source.office)?;
        let (day, happened) = (event.recorded.date_in(source.area), draft.time.date());
        self.push_recording(position, day, happened, (source.area, office, kind));
        Ok(())
    }

    pub(super) fn push_recording(
        &mut self,
        position: u64,
        day: Date,
        happened: Date,
        (area, office, kind): (AreaCode, CodeId, RecordingKind),
    ) {
        let days = (day.day_number() - happened.day_number()).clamp(0, i32::from(u16::MAX));
        let days_after = u16::try_from(days).unwrap_or(u16::MAX);
        let fact = Recording { area, office, kind, days_after };
        self.tables.recordings.push(Row { position, amendment: 0, day, fact });
    }
}

impl Intake<'_> {
    /// The number of the stream.
    fn stream(&mut self) -> Result<Id, ProjectionError> {
        self.facts.intern(self.stream)
    }

    /// The area that the stream is about.
    fn area(&self) -> Result<AreaCode, ProjectionError> {
        match self.subject {
            Subject::Area(area) => Ok(area),
            _ => Err(self.wrong_stream()),
        }
    }

    fn intern(&mut self, uuid: Uuid) -> Result<Id, ProjectionError> {
        self.facts.intern(uuid)
    }

    fn intern_optional(&mut self, uuid: Option<Uuid>) -> Result<Id, ProjectionError> {
        self.facts.intern_optional(uuid)
    }

    fn intern_code(&mut self, code: &Code) -> Result<CodeId, ProjectionError> {
        self.facts.intern_code(code)
    }

    fn intern_optional_code(&mut self, code: Option<&Code>) -> Result<CodeId, ProjectionError> {
        self.facts.intern_optional_code(code)
    }

    /// A district as a code, or none.
    fn intern_district(&mut self, district: Option<&DistrictCode>) -> Result<CodeId, ProjectionError> {
        let code = district.and_then(|district| Code::parse(district).ok());
        self.facts.intern_optional_code(code.as_ref())
    }

    /// The IKM of the stream, and no person; or no IKM, and the person of the stream, who takes part in their own
    /// name.
    fn enrollee(&mut self) -> Result<(Id, Id), ProjectionError> {
        let stream = self.stream()?;
        Ok(if self.subject.kind() == SubjectKind::Person { (Id::NONE, stream) } else { (stream, Id::NONE) })
    }

    /// Who takes part by an event, which has one row for each: the IKM with each person that is named, or with none;
    /// or no IKM and the person in their own name.
    fn intern_enrolled(
        &mut self,
        persons: Option<&SetOf<PersonId>>,
    ) -> Result<Vec<(Id, Id)>, ProjectionError> {
        match (self.enrollee()?, persons) {
            ((ikm, Id::NONE), Some(persons)) => {
                persons.iter().map(|person| Ok((ikm, self.intern(person.uuid())?))).collect()
            }
            (enrollee, _) => Ok(vec![enrollee]),
        }
    }

    /// A value that has the form of a code without being one.
    fn intern_text(&mut self, text: &str) -> Result<CodeId, ProjectionError> {
        let code = Code::parse(text).map_err(|message| ProjectionError::Unreadable {
            index: self.position,
            source: message.en.into(),
        })?;
        self.intern_code(&code)
    }

    fn wrong_stream(&self) -> ProjectionError {
        ProjectionError::WrongStream {
            index: self.position,
            type_name: self.type_name,
            subject: self.subject.to_string(),
        }
    }
}

fn scale(scales: Option<&SetOf<Scaled>>, rule: ScaleRule) -> Option<jejak_events::types::Scale> {
    scales.and_then(|set| set.iter().find(|scaled| scaled.rule == rule)).map(|scaled| scaled.scale)
}

/// The UUID of a stream, which must be of the kind that the type declares; nil for the registry's.
fn stream_uuid(index: u64, subject: Subject, data: &Data) -> Result<Uuid, ProjectionError> {
    if !data.declaration().belongs_in(subject) {
        return Err(ProjectionError::WrongStream {
            index,
            type_name: data.type_name(),
            subject: subject.to_string(),
        });
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
