//! Reports about areas.

use jejak_events::types::area_reports::{CoverageDeclared, PopulationReported};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::tables::{Coverage, Population};

impl Rows for PopulationReported {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            populations,
            Population {
                area: intake.area()?,
                commodity: intake.intern_code(&self.commodity)?,
                kecil: self.kecil,
                menengah: self.menengah,
                total: self.total,
            }
        );
        Ok(())
    }
}

impl Rows for CoverageDeclared {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            coverages,
            Coverage {
                area: intake.area()?,
                program: intake.intern_optional(self.program.map(|program| program.uuid()))?,
                theme: intake.intern_optional_code(self.theme.as_ref())?,
                through: self.through,
            }
        );
        Ok(())
    }
}
