//! The stored form of the contents in force.

use super::{
    CertificateStep, Exhibition, IkmStep, MemberStep, Program, ProgramOpening, SentraStep, SessionStep,
    SizeInputs, State,
};
use crate::rules::RULES;
use crate::rules::attendances::Attendances;
use crate::rules::stored::{Stored, StoredBytes, put_map, stored_choice, stored_struct};
use crate::rules::timeline::Timeline;

stored_struct!(SizeInputs { workers, investment });
stored_struct!(Program { opened, closed });
stored_struct!(ProgramOpening { moment, unit, quota });
stored_struct!(Exhibition { moment, from, to });
stored_choice!(SentraStep { SentraStep::Planned = 1, SentraStep::Built = 2, SentraStep::Opened = 3 });
stored_choice!(MemberStep { MemberStep::Joined = 1, MemberStep::Left = 2 });

impl Stored for IkmStep {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Registered(inputs) => {
                out.push(1);
                inputs.write(out);
            }
            Self::Changed(inputs) => {
                out.push(2);
                inputs.write(out);
            }
            Self::Closed => out.push(3),
            Self::Reopened => out.push(4),
        }
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Some(match input.number()? {
            1 => Self::Registered(Stored::read(input)?),
            2 => Self::Changed(Stored::read(input)?),
            3 => Self::Closed,
            4 => Self::Reopened,
            _ => return None,
        })
    }
}

impl Stored for SessionStep {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Scheduled { program, group, days } => {
                out.push(1);
                program.write(out);
                group.write(out);
                days.write(out);
            }
            Self::Rescheduled { days } => {
                out.push(2);
                days.write(out);
            }
            Self::Cancelled => out.push(3),
        }
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Some(match input.number()? {
            1 => Self::Scheduled {
                program: Stored::read(input)?,
                group: Stored::read(input)?,
                days: Stored::read(input)?,
            },
            2 => Self::Rescheduled { days: Stored::read(input)? },
            3 => Self::Cancelled,
            _ => return None,
        })
    }
}

impl Stored for CertificateStep {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Issued(valid_to, holder) => {
                out.push(1);
                valid_to.write(out);
                holder.write(out);
            }
            Self::Suspended => out.push(2),
            Self::Reinstated => out.push(3),
            Self::Renewed(valid_to) => {
                out.push(4);
                valid_to.write(out);
            }
            Self::Revoked => out.push(5),
        }
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Some(match input.number()? {
            1 => Self::Issued(Stored::read(input)?, Stored::read(input)?),
            2 => Self::Suspended,
            3 => Self::Reinstated,
            4 => Self::Renewed(Stored::read(input)?),
            5 => Self::Revoked,
            _ => return None,
        })
    }
}

/// What is left of something whose every event was taken back says nothing, and is not written.
fn says<S>(steps: &Timeline<S>) -> bool {
    !steps.is_empty()
}

impl State {
    /// Writes the contents in force, but for attendances, which lie in runs of their own.
    pub(in crate::rules) fn write(&self, out: &mut Vec<u8>) {
        // Every field is named, so that a new one does not compile until somebody has thought of it here.
        let Self {
            ikms,
            merged_ikms,
            persons,
            merged_persons,
            destroyed,
            programs,
            certificates,
            claims,
            exhibitions,
            joined,
            sentras,
            members,
            sessions,
            enrolments,
            // Follows from the size.
            latest: _,
            rules,
            origin,
            public_keys,
            attendances: _,
            precedents,
        } = self;
        put_map(ikms, says, out);
        Stored::write(merged_ikms, out);
        persons.write(out);
        Stored::write(merged_persons, out);
        Stored::write(destroyed, out);
        put_map(programs, |program| program.opened.is_some() || says(&program.closed), out);
        put_map(certificates, says, out);
        put_map(claims, |claim| claim.made.is_some() || !claim.checks.is_empty(), out);
        exhibitions.write(out);
        joined.write(out);
        put_map(sentras, says, out);
        put_map(members, says, out);
        put_map(sessions, says, out);
        Stored::write(enrolments, out);
        rules.write(out);
        origin.write(out);
        public_keys.write(out);
        precedents.write(out);
    }

    /// Reads [`State::write`], of a log of so many events; `None` when it is not that, or of rules that are not known.
    pub(in crate::rules) fn read(
        input: &mut StoredBytes<'_>,
        attendances: Attendances,
        size: u64,
    ) -> Option<Self> {
        let state = Self {
            ikms: Stored::read(input)?,
            merged_ikms: Stored::read(input)?,
            persons: Stored::read(input)?,
            merged_persons: Stored::read(input)?,
            destroyed: Stored::read(input)?,
            programs: Stored::read(input)?,
            certificates: Stored::read(input)?,
            claims: Stored::read(input)?,
            exhibitions: Stored::read(input)?,
            joined: Stored::read(input)?,
            sentras: Stored::read(input)?,
            members: Stored::read(input)?,
            sessions: Stored::read(input)?,
            enrolments: Stored::read(input)?,
            // Too high costs a count of places, too low would miss one.
            latest: size.saturating_sub(1),
            rules: Stored::read(input)?,
            origin: Stored::read(input)?,
            public_keys: Stored::read(input)?,
            attendances,
            precedents: Stored::read(input)?,
        };
        state.rules.values().all(|version| RULES.contains(version)).then_some(state)
    }

    /// Turns the table of attendances into a run.
    pub(in crate::rules) fn settle_attendances(&mut self) {
        let settled = self.attendances.parts().and_then(|[ids, runs]| Attendances::stored(ids, runs));
        if let Some(settled) = settled {
            self.attendances = settled;
        }
    }

    /// The attendances in force.
    pub(in crate::rules) fn attendances(&self) -> &Attendances {
        &self.attendances
    }

    /// The indexes of the events that name public keys, ascending.
    pub fn key_events(&self) -> impl Iterator<Item = u64> {
        let indexes: std::collections::BTreeSet<u64> =
            self.public_keys.iter().map(|(index, _)| *index).collect();
        indexes.into_iter()
    }
}
