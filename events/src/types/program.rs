//! Programmes and their sessions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sentence::{because, days, money, said, short_session, with, with_message, with_number};
use super::{Baseline, FundingStage, event_type, parts::Mention};
use crate::area::AreaCode;
use crate::fault::Message;
use crate::identity::{PersonId, SentraId, SessionId, Subject, SubjectKind};
use crate::values::{Code, Count, Date, Minutes, Percent, Rupiah, SetOf, Text, Year};

/// What a programme enrols and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// IKMs, each by its delegation.
    Ikm,
    /// Persons.
    Person,
}

impl Mention for Unit {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

/// Where the money comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Funding {
    /// Fiscal year.
    pub fiscal_year: Year,
    /// Source, such as `apbd`, `dak_nonfisik`.
    pub source: Code,
}

impl Mention for Funding {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

/// What the programme means to reach: of a figure, or in words where no figure counts it; exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What it was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// The day by which it is to be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// The figure of a view, such as `trained`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Code>,
    /// In words, where no figure counts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// How many.
    pub value: Count,
}

impl Mention for Target {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

event_type! {
    /// A programme opens for enrolment. `time`: the day it opened.
    ProgramOpened = "id.jejak.program.opened.v1" on &[SubjectKind::Program], Begins("open"),
        called ["program dibuka", "programme opened"];
    required {
        /// The area it is held for.
        area: AreaCode,
        /// Who runs it.
        organiser: Text,
        /// Theme, such as `green_industry`, `export`.
        theme: Code,
        /// Title, without names of persons.
        title: Text,
        /// What it enrols and counts.
        unit: Unit,
    }
    optional {
        /// Share of the scheduled minutes that completes it; 80 when not said.
        completion_percent: Percent,
        /// Who may take part, in words.
        eligibility: Text,
        /// Sources of money by fiscal year.
        funding: SetOf<Funding>,
        /// Law or decree it rests on.
        legal_basis: Text,
        /// Institutions that take part.
        partners: SetOf<Text>,
        /// Places, in its unit; without a limit when not said.
        quota: Count,
        /// What it means to reach.
        targets: SetOf<Target>,
    }
    derived {}
    sealed {}
    says |data, call| {
        let unit = match data.unit {
            Unit::Ikm => Message::new("IKM", "IKMs"),
            Unit::Person => Message::new("orang", "persons"),
        };
        let said = said!(
            "dibuka oleh {organiser}: {title}, tema {theme}, di {area}, bagi ",
            "opened by {organiser}: {title}, theme {theme}, in {area}, for ",
            organiser = &data.organiser,
            title = &data.title,
            theme = &data.theme,
            area = data.area.name(),
        );
        let said = with_message(said, &unit);
        let Some(quota) = data.quota else { return said };
        let of = match (data.unit, quota.get()) {
            (Unit::Ikm, 1) => Message::new(" IKM", " IKM"),
            (Unit::Person, 1) => Message::new(" orang", " person"),
            _ => Message::new(format!(" {}", unit.id), format!(" {}", unit.en)),
        };
        with_message(with_number(said, ", kuota ", ", quota ", Some(quota.get())), &of)
    }
}

/// One day of a session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionDay {
    /// The day.
    pub date: Date,
    /// Minutes of practice.
    pub practice_minutes: Minutes,
    /// Minutes of theory.
    pub theory_minutes: Minutes,
}

impl SessionDay {
    /// Minutes of theory and practice together.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        u32::from(self.practice_minutes.get()) + u32::from(self.theory_minutes.get())
    }
}

impl Mention for SessionDay {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

event_type! {
    /// A session of a programme is put on the calendar. `time`: the day of that decision.
    SessionScheduled = "id.jejak.program.session_scheduled.v1" on &[SubjectKind::Program], Schedules,
        called ["sesi dijadwalkan", "session scheduled"];
    required {
        /// Its days.
        days: SetOf<SessionDay>,
        /// The session.
        session: SessionId,
        /// Where it is held.
        venue: Text,
    }
    optional {
        /// The only group it concerns; all groups when not said.
        group: Code,
        /// Instructors.
        instructors: SetOf<PersonId>,
        /// The sentra it is held for.
        sentra: SentraId,
        /// Topics.
        topics: SetOf<Text>,
    }
    derived {}
    sealed {}
    says |data, call| {
        let said = said!(
            "sesi {session} dijadwalkan {days} di {venue}",
            "session {session} scheduled on {days} at {venue}",
            session = short_session(data.session),
            days = days(&data.days),
            venue = &data.venue,
        );
        let said = with(said, ", kelompok ", ", group ", data.group.as_ref());
        with(said, ", untuk ", ", for ", data.sentra.map(|sentra| call.stream(Subject::Sentra(sentra))))
    }
}

event_type! {
    /// A session gets other days; its identifier stays, and what is said here takes the place of what
    /// was said before. `time`: the day of that decision.
    SessionRescheduled = "id.jejak.program.session_rescheduled.v1" on &[SubjectKind::Program], Reschedules,
        called ["sesi dijadwalkan ulang", "session rescheduled"];
    required {
        /// All its days from now on, also those that stay.
        days: SetOf<SessionDay>,
        /// The session.
        session: SessionId,
    }
    optional {
        /// Where it is held; where it was to be held before when not said.
        venue: Text,
    }
    derived {}
    sealed {}
    says |data, call| {
        let said = said!(
            "sesi {session} dipindah ke {days}",
            "session {session} moved to {days}",
            session = short_session(data.session),
            days = days(&data.days),
        );
        with(said, " di ", " at ", data.venue.as_ref())
    }
}

event_type! {
    /// A session is called off. `time`: the day of that decision.
    SessionCancelled = "id.jejak.program.session_cancelled.v1" on &[SubjectKind::Program], Cancels,
        called ["sesi dibatalkan", "session cancelled"];
    required {
        /// Why.
        reason: Code,
        /// The session.
        session: SessionId,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| { said!(
        "sesi {session} dibatalkan ({reason})",
        "session {session} cancelled ({reason})",
        session = short_session(data.session),
        reason = &data.reason,
    ) }
}

event_type! {
    /// What a programme costs, by stage and source, all in all: a later report of the same stage, source
    /// and fiscal year takes the place of this one. `time`: the day of the report.
    SpendingReported = "id.jejak.program.spending_reported.v1" on &[SubjectKind::Program], Reports,
        called ["belanja dilaporkan", "spending reported"];
    required {
        /// How much, in rupiah: public money, so it stands open.
        amount: Rupiah,
        /// Source, such as `apbd`, `dak_nonfisik`.
        source: Code,
        /// How far the money has come.
        stage: FundingStage,
    }
    optional {
        /// Fiscal year.
        fiscal_year: Year,
    }
    derived {}
    sealed {}
    says |data, call| {
        let said = money(data.stage, data.source.to_string(), Some(data.amount));
        with(said, ", tahun anggaran ", ", fiscal year ", data.fiscal_year.map(|year| year.get()))
    }
}

event_type! {
    /// A programme ends; it enrols nobody any more. `time`: the first day that it is closed.
    ProgramClosed = "id.jejak.program.closed.v1" on &[SubjectKind::Program], Ends("closed"),
        called ["program ditutup", "programme closed"];
    required {}
    optional {
        /// Why.
        reason: Code,
    }
    derived {}
    sealed {}
    says |data, call| { because(Message::new("ditutup", "closed"), data.reason.as_ref()) }
}
