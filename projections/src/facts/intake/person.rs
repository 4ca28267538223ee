//! Persons.

use jejak_events::types::person::{PersonMerged, PersonRegistered};

use super::{Intake, Rows, add};
use crate::error::ProjectionError;
use crate::facts::tables::{Person, PersonMerge};

impl Rows for PersonRegistered {
    fn rows(&self, intake: &mut Intake<'_>) -> Result<(), ProjectionError> {
        add!(
            intake,
            persons,
            Person { person: intake.stream()?, ikm: intake.intern_optional(self.ikm.map(|ikm| ikm.uuid()))? }
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
