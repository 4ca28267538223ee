//! What is said of an area as a whole: how many IKMs there are, and how far recording is complete
//! (DOMAIN, sections 2 and 4).

use super::event_type;
use crate::identity::{ProgramId, SubjectKind};
use crate::values::{Code, Count, Date, Text};

event_type! {
    /// A source says how many IKMs an area has. The figures are the source's own, even where they do
    /// not add up. `time`: the day that the figures are of.
    PopulationReported = "id.jejak.area.population_reported.v1" on Some(SubjectKind::Area);
    required {
        /// What the IKMs make, such as `batik`.
        commodity: Code,
        /// Who says so and where, such as the title of a report or an article.
        source: Text,
    }
    optional {
        /// Small IKMs, as the source counts them.
        kecil: Count,
        /// Medium IKMs, as the source counts them.
        menengah: Count,
        /// All IKMs as the source gives them; not necessarily the sum of the two.
        total: Count,
    }
    derived {}
    sealed {}
}

event_type! {
    /// The office declares what it has recorded of an area to be complete, for one programme or for
    /// one theme: exactly one of the two is given. Only then can a claim be found overstated. `time`:
    /// the day of the declaration.
    CoverageDeclared = "id.jejak.area.coverage_declared.v1" on Some(SubjectKind::Area);
    required {
        /// Last day of what is complete, inclusive.
        through: Date,
    }
    optional {
        /// The programme.
        program: ProgramId,
        /// The theme, such as `export`.
        theme: Code,
    }
    derived {}
    sealed {}
}
