//! What changes and is reported of an IKM.

use jejak_events::types::ScaleRule;
use jejak_events::types::enterprise::{
    IkmClosed, IkmFacilityAdded, IkmMerged, IkmProfileChanged, IkmReopened, ShipmentReported,
    TurnoverReported, WorkforceReported,
};

use super::{Intake, Rows, add, scale};
use crate::error::ProjectionError;
use crate::facts::rows::Id;
use crate::facts::tables::{Facility, IkmMerge, Profile, Shipment, Turnover, Workforce, Working};

impl Rows for IkmProfileChanged {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            profiles,
            Profile {
                ikm: intake.stream()?,
                area: self.area,
                district: intake.intern_district(self.district.as_ref())?,
                commodity: intake.intern_optional_code(self.commodity.as_ref())?,
                owner: intake.intern_optional(self.owner.map(|owner| owner.uuid()))?,
                by_workers: scale(self.scales.as_ref(), ScaleRule::Permenperin64Of2016),
                by_capital: scale(self.scales.as_ref(), ScaleRule::Pp7Of2021),
            }
        );
        Ok(())
    }
}

impl Rows for IkmClosed {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(intake, workings, Working { ikm: intake.stream()?, works: false });
        Ok(())
    }
}

impl Rows for IkmReopened {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(intake, workings, Working { ikm: intake.stream()?, works: true });
        Ok(())
    }
}

impl Rows for IkmMerged {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (gone, into) = (intake.stream()?, intake.intern(self.into.uuid())?);
        add!(intake, ikm_merges, IkmMerge { gone, into });
        Ok(())
    }
}

impl Rows for IkmFacilityAdded {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (ikm, kind) = (intake.stream()?, intake.intern_code(&self.kind)?);
        add!(intake, facilities, Facility { ikm, sentra: Id::NONE, kind });
        Ok(())
    }
}

impl Rows for WorkforceReported {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(intake, workforces, Workforce { ikm: intake.stream()?, to: self.period.to });
        Ok(())
    }
}

impl Rows for TurnoverReported {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (from, to) = (self.period.from, self.period.to);
        add!(intake, turnovers, Turnover { ikm: intake.stream()?, from, to });
        Ok(())
    }
}

impl Rows for ShipmentReported {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            shipments,
            Shipment {
                ikm: intake.stream()?,
                country: intake.intern_text(&self.country.to_lowercase())?,
                hs_code: intake.intern_text(&self.hs_code)?,
            }
        );
        Ok(())
    }
}
