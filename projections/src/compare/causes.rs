//! Why a member entered, left or changed from one day to the next: a closed list.

use jejak_events::values::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Member, Who};
use crate::views::causes::COMPLETIONS;

/// What kind of cause it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// It was entered in the register.
    Registered,
    /// An IKM moved to another area.
    Moved,
    /// What the register says of it changed otherwise.
    ProfileChanged,
    /// An IKM closed.
    Closed,
    /// An IKM works again.
    Reopened,
    /// A certificate was issued.
    Issued,
    /// A certificate came into force on the first day of its term; no event of that day made it.
    InForce,
    /// A certificate was renewed.
    Renewed,
    /// A certificate was suspended.
    Suspended,
    /// A certificate was reinstated.
    Reinstated,
    /// A certificate was revoked.
    Revoked,
    /// The last day of a certificate passed; the day is that last one.
    Lapsed,
    /// The last day of a certificate came near; the day is that last one.
    EndingSoon,
    /// It was given a place in a programme.
    Enrolled,
    /// It was put on a waiting list.
    Waitlisted,
    /// It left a programme or a waiting list.
    Withdrawn,
    /// It was present.
    Attended,
    /// It was recorded as excused or absent.
    Absent,
    /// It completed a programme: the day is a closing day of its group, the events its presences of that day.
    Completed,
    /// A session day of its programme passed.
    SessionPassed,
    /// A mentor visited it.
    Visited,
    /// It was assessed.
    Assessed,
    /// An exhibition was announced.
    ExhibitionAnnounced,
    /// It took part in an exhibition.
    Exhibited,
    /// Something was reported: workers, turnover, a shipment, spending, a population.
    Reported,
    /// A facility was added.
    FacilityAdded,
    /// An IKM became a member of a sentra.
    JoinedSentra,
    /// An IKM left a sentra.
    LeftSentra,
    /// A sentra was planned, funded, built, opened or given a legal form.
    SentraChanged,
    /// A programme opened.
    ProgramOpened,
    /// A programme closed.
    ProgramClosed,
    /// A session was put on the calendar or to other days.
    SessionScheduled,
    /// A session was called off.
    SessionCancelled,
    /// An area's target was set.
    TargetSet,
    /// Recording was declared complete.
    DeclaredComplete,
    /// A claim was made.
    Claimed,
    /// A claim was checked.
    Checked,
    /// Something about it was recorded, whenever it happened: where the recording itself is counted.
    Recorded,
    /// No event of that day is about it, and it changes without any: a window of days went by.
    TimePassed,
    /// No event of that day is about it: it hangs on what happened to others, or too many answers were asked for to tell.
    Elsewhere,
}

impl CauseKind {
    /// All of them, in their order.
    pub const ALL: [Self; 40] = [
        Self::Registered,
        Self::Moved,
        Self::ProfileChanged,
        Self::Closed,
        Self::Reopened,
        Self::Issued,
        Self::InForce,
        Self::Renewed,
        Self::Suspended,
        Self::Reinstated,
        Self::Revoked,
        Self::Lapsed,
        Self::EndingSoon,
        Self::Enrolled,
        Self::Waitlisted,
        Self::Withdrawn,
        Self::Attended,
        Self::Absent,
        Self::Completed,
        Self::SessionPassed,
        Self::Visited,
        Self::Assessed,
        Self::ExhibitionAnnounced,
        Self::Exhibited,
        Self::Reported,
        Self::FacilityAdded,
        Self::JoinedSentra,
        Self::LeftSentra,
        Self::SentraChanged,
        Self::ProgramOpened,
        Self::ProgramClosed,
        Self::SessionScheduled,
        Self::SessionCancelled,
        Self::TargetSet,
        Self::DeclaredComplete,
        Self::Claimed,
        Self::Checked,
        Self::Recorded,
        Self::TimePassed,
        Self::Elsewhere,
    ];

    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Moved => "moved",
            Self::ProfileChanged => "profile_changed",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Issued => "issued",
            Self::InForce => "in_force",
            Self::Renewed => "renewed",
            Self::Suspended => "suspended",
            Self::Reinstated => "reinstated",
            Self::Revoked => "revoked",
            Self::Lapsed => "lapsed",
            Self::EndingSoon => "ending_soon",
            Self::Enrolled => "enrolled",
            Self::Waitlisted => "waitlisted",
            Self::Withdrawn => "withdrawn",
            Self::Attended => "attended",
            Self::Absent => "absent",
            Self::Completed => "completed",
            Self::SessionPassed => "session_passed",
            Self::Visited => "visited",
            Self::Assessed => "assessed",
            Self::ExhibitionAnnounced => "exhibition_announced",
            Self::Exhibited => "exhibited",
            Self::Reported => "reported",
            Self::FacilityAdded => "facility_added",
            Self::JoinedSentra => "joined_sentra",
            Self::LeftSentra => "left_sentra",
            Self::SentraChanged => "sentra_changed",
            Self::ProgramOpened => "program_opened",
            Self::ProgramClosed => "program_closed",
            Self::SessionScheduled => "session_scheduled",
            Self::SessionCancelled => "session_cancelled",
            Self::TargetSet => "target_set",
            Self::DeclaredComplete => "declared_complete",
            Self::Claimed => "claimed",
            Self::Checked => "checked",
            Self::Recorded => "recorded",
            Self::TimePassed => "time_passed",
            Self::Elsewhere => "elsewhere",
        }
    }
}

impl CauseKind {
    /// What it is to one of the figures that a member entered by it: to be present on the last day is how one completes,
    /// and no more than being present where completing is not counted.
    #[must_use]
    pub fn in_figure(self, figure: &str) -> Self {
        if self == Self::Completed && !COMPLETIONS.contains(&figure) { Self::Attended } else { self }
    }
}

/// Why a member changed on a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Cause {
    /// What it is.
    pub cause: CauseKind,
    /// The day of the events; the last day of the certificate where that lapsed or ends soon; else the day that passed.
    pub day: Date,
    /// Indexes of the events that say so, ascending: originals, and the corrections that speak for them. None where a
    /// day passed.
    pub events: Vec<u64>,
}

/// A member that counts otherwise on a day than on the day before.
pub(crate) struct Turn<'a> {
    pub(crate) who: Who,
    pub(crate) day: Date,
    /// How it counted the day before.
    pub(crate) before: Option<&'a Member>,
    /// How it counts on the day.
    pub(crate) after: Option<&'a Member>,
}
