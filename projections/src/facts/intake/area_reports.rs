//! Reports about areas.

use jejak_events::types::area_reports::{CoverageDeclared, PopulationReported, TargetSet};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::tables::{AreaTarget, Coverage, Population};

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

impl Rows for TargetSet {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            area_targets,
            AreaTarget {
                area: intake.area()?,
                figure: intake.intern_optional_code(self.figure.as_ref())?,
                theme: intake.intern_optional_code(self.theme.as_ref())?,
                commodity: intake.intern_optional_code(self.commodity.as_ref())?,
                value: self.value,
                baseline: self.baseline.map(|before| before.value),
                due: self.due,
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
