//! Persons.

use jejak_events::types::person::{PersonMerged, PersonProfileChanged, PersonRegistered};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::tables::{Person, PersonArea, PersonMerge, PersonMove, PersonSealed};

impl Rows for PersonRegistered {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            persons,
            Person {
                person: intake.stream()?,
                area: self.area,
                ikm: intake.intern_optional(self.ikm.map(|ikm| ikm.uuid()))?,
            }
        );
        Ok(())
    }
}

impl Rows for PersonMerged {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        let (gone, into) = (intake.stream()?, intake.intern(self.into.uuid())?);
        add!(intake, person_merges, PersonMerge { gone, into });
        Ok(())
    }
}

impl Rows for PersonProfileChanged {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        if let Some(area) = self.area {
            add!(intake, person_areas, PersonArea { person: intake.stream()?, area });
        }
        if self.ikm.is_none() && self.leaves_ikm != Some(true) {
            if self.area.is_none() {
                add!(intake, person_seals, PersonSealed { person: intake.stream()? });
            }
            return Ok(());
        }
        let ikm = intake.intern_optional(self.ikm.map(|ikm| ikm.uuid()))?;
        add!(intake, person_moves, PersonMove { person: intake.stream()?, ikm });
        Ok(())
    }
}
