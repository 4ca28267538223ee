//! Programmes, their sessions and their money.

use jejak_events::types::program::{
    ProgramClosed, ProgramOpened, SessionCancelled, SessionRescheduled, SessionScheduled, SpendingReported,
};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::rows::Id;
use crate::facts::tables::{
    Cancellation, Program, ProgramClosing, ProgramFunding, ProgramTarget, Session, SessionDay, Spending,
};

/// Completion percent of a programme that does not say one (`docs/domain.md`: `trained`).
const DEFAULT_COMPLETION_PERCENT: u8 = 80;

impl Rows for ProgramOpened {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let program = intake.stream()?;
        add!(
            intake,
            programs,
            Program {
                program,
                area: self.area,
                theme: intake.intern_code(&self.theme)?,
                unit: self.unit,
                completion_percent: self
                    .completion_percent
                    .map_or(DEFAULT_COMPLETION_PERCENT, |percent| percent.get()),
                quota: self.quota,
            }
        );
        for (place, target) in (0..).zip(self.targets.iter().flat_map(|set| set.iter())) {
            add!(
                intake,
                program_targets,
                ProgramTarget {
                    program,
                    place,
                    figure: intake.intern_optional_code(target.figure.as_ref())?,
                    value: target.value,
                    baseline: target.baseline.map(|before| before.value),
                    due: target.due,
                }
            );
        }
        for funding in self.funding.iter().flat_map(|set| set.iter()) {
            add!(
                intake,
                program_funding,
                ProgramFunding {
                    program,
                    source: intake.intern_code(&funding.source)?,
                    fiscal_year: funding.fiscal_year.get(),
                }
            );
        }
        Ok(())
    }
}

impl Rows for SessionScheduled {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let session = intake.intern(self.session.uuid())?;
        add!(
            intake,
            sessions,
            Session {
                program: intake.stream()?,
                session,
                group: intake.intern_optional_code(self.group.as_ref())?,
                sentra: intake.intern_optional(self.sentra.map(|sentra| sentra.uuid()))?,
            }
        );
        for day in self.days.iter() {
            add!(intake, session_days, session_day(session, day));
        }
        Ok(())
    }
}

// The days of a session are those of its latest word on them, scheduled or rescheduled.
impl Rows for SessionRescheduled {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let session = intake.intern(self.session.uuid())?;
        for day in self.days.iter() {
            add!(intake, session_days, session_day(session, day));
        }
        Ok(())
    }
}

impl Rows for SessionCancelled {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(intake, cancellations, Cancellation { session: intake.intern(self.session.uuid())? });
        Ok(())
    }
}

impl Rows for ProgramClosed {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(intake, program_closings, ProgramClosing { program: intake.stream()? });
        Ok(())
    }
}

impl Rows for SpendingReported {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            spendings,
            Spending {
                program: intake.stream()?,
                source: intake.intern_code(&self.source)?,
                stage: self.stage,
                fiscal_year: self.fiscal_year.map(|year| year.get()),
                amount: self.amount,
            }
        );
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
