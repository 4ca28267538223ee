//! Sentras, their members and their money.

use jejak_events::types::sentra::{
    SentraBuilt, SentraFacilityAdded, SentraFunded, SentraLegalFormRecorded, SentraMemberJoined,
    SentraMemberLeft, SentraOpened, SentraPlanned,
};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::rows::{Id, SentraStage};
use crate::facts::tables::{Facility, Membership, Sentra, SentraForm, SentraFund, SentraStep};

impl Rows for SentraMemberJoined {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (ikm, sentra) = (intake.stream()?, intake.intern(self.sentra.uuid())?);
        add!(intake, memberships, Membership { ikm, sentra, member: true });
        Ok(())
    }
}

impl Rows for SentraMemberLeft {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (ikm, sentra) = (intake.stream()?, intake.intern(self.sentra.uuid())?);
        add!(intake, memberships, Membership { ikm, sentra, member: false });
        Ok(())
    }
}

impl Rows for SentraPlanned {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            sentras,
            Sentra {
                sentra: intake.stream()?,
                area: self.area,
                commodity: intake.intern_code(&self.commodity)?,
            }
        );
        Ok(())
    }
}

impl Rows for SentraBuilt {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(intake, sentra_steps, SentraStep { sentra: intake.stream()?, stage: SentraStage::Built });
        Ok(())
    }
}

impl Rows for SentraOpened {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(intake, sentra_steps, SentraStep { sentra: intake.stream()?, stage: SentraStage::Opened });
        Ok(())
    }
}

impl Rows for SentraFacilityAdded {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (sentra, kind) = (intake.stream()?, intake.intern_code(&self.kind)?);
        add!(intake, facilities, Facility { ikm: Id::NONE, sentra, kind });
        Ok(())
    }
}

impl Rows for SentraLegalFormRecorded {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (sentra, form) = (intake.stream()?, intake.intern_code(&self.form)?);
        add!(intake, sentra_forms, SentraForm { sentra, form });
        Ok(())
    }
}

impl Rows for SentraFunded {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            sentra_funds,
            SentraFund {
                sentra: intake.stream()?,
                source: intake.intern_code(&self.source)?,
                stage: self.stage,
                amount: self.amount,
            }
        );
        Ok(())
    }
}
