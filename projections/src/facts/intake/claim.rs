//! Claims and their checks.

use jejak_events::types::claim::{ClaimChecked, ClaimMade};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::tables::{Check, Claim, ClaimProgram, ClaimTheme};

impl Rows for ClaimMade {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let claim = intake.stream()?;
        let view = self.indicator.as_ref().map(|indicator| &indicator.view);
        add!(
            intake,
            claims,
            Claim {
                claim,
                area: self.scope.as_ref().and_then(|scope| scope.area),
                view: intake.intern_optional_code(view)?,
                unit: intake.intern_optional_code(self.unit.as_ref())?,
                is_share: self.is_share(),
                value: self.counted_value(),
            }
        );
        let scope = self.scope.as_ref();
        for program in scope.iter().flat_map(|scope| scope.program.iter()).flat_map(|set| set.iter()) {
            let program = intake.intern(program.uuid())?;
            add!(intake, claim_programs, ClaimProgram { claim, program });
        }
        for theme in scope.iter().flat_map(|scope| scope.theme.iter()).flat_map(|set| set.iter()) {
            let theme = intake.intern_code(theme)?;
            add!(intake, claim_themes, ClaimTheme { claim, theme });
        }
        Ok(())
    }
}

impl Rows for ClaimChecked {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            checks,
            Check {
                claim: intake.stream()?,
                verdict: self.verdict,
                counted: self.count.as_ref().and_then(|count| count.counted),
            }
        );
        Ok(())
    }
}
