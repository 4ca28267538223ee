//! Exhibitions.

use jejak_events::types::exhibition::{ExhibitionAnnounced, ExhibitionJoined};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::tables::{Exhibition, Participation};

impl Rows for ExhibitionAnnounced {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            exhibitions,
            Exhibition { exhibition: intake.stream()?, area: self.area, from: self.from, to: self.to }
        );
        Ok(())
    }
}

impl Rows for ExhibitionJoined {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            participations,
            Participation {
                ikm: intake.stream()?,
                exhibition: intake.intern(self.exhibition.uuid())?,
                visitors: self.visitors,
            }
        );
        Ok(())
    }
}
