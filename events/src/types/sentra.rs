//! Sentras (clusters of IKMs of one trade in one place) and the IKMs that belong to them (`docs/domain.md`,
//! sections 1 and 2).

use super::{FundingStage, event_type};
use crate::area::AreaCode;
use crate::identity::{SentraId, SubjectKind};
use crate::values::{Code, Rupiah, Text, Year};

event_type! {
    /// A sentra is planned. `time`: the day of the plan.
    SentraPlanned = "id.jejak.sentra.planned.v1" on Some(SubjectKind::Sentra), Begins("planned");
    required {
        /// Where it is to stand.
        area: AreaCode,
        /// What its IKMs make, such as `batik`.
        commodity: Code,
        /// Name, without names of persons.
        name: Text,
    }
    optional {}
    derived {}
    sealed {}
}

event_type! {
    /// Money for a sentra, added to what was recorded of its stage before. `time`: the day that it reached
    /// its stage.
    SentraFunded = "id.jejak.sentra.funded.v1" on Some(SubjectKind::Sentra), Reports;
    required {
        /// Source, such as `dak_fisik`, `apbd`, as it was claimed: DAK fisik and nonfisik are often
        /// confused.
        source: Code,
        /// How far it has come.
        stage: FundingStage,
    }
    optional {
        /// How much, in rupiah.
        amount: Rupiah,
        /// Fiscal year.
        fiscal_year: Year,
    }
    derived {}
    sealed {}
}

event_type! {
    /// The buildings of a sentra stand. `time`: the day they were finished.
    SentraBuilt = "id.jejak.sentra.built.v1" on Some(SubjectKind::Sentra), Advances("built");
    required {}
    optional {}
    derived {}
    sealed {}
}

event_type! {
    /// A sentra opens. `time`: its first day.
    SentraOpened = "id.jejak.sentra.opened.v1" on Some(SubjectKind::Sentra), Advances("opened");
    required {}
    optional {}
    derived {}
    sealed {}
}

event_type! {
    /// A sentra gets a facility. `time`: the first day that it can be used.
    SentraFacilityAdded = "id.jejak.sentra.facility_added.v1" on Some(SubjectKind::Sentra), Reports;
    required {
        /// Kind of facility, such as `ipal` (waste-water plant).
        kind: Code,
    }
    optional {}
    derived {}
    sealed {}
}

event_type! {
    /// A sentra is given a legal form. `time`: the first day that it has it.
    SentraLegalFormRecorded = "id.jejak.sentra.legal_form_recorded.v1" on Some(SubjectKind::Sentra), Reports;
    required {
        /// The form, such as `cooperative`.
        form: Code,
    }
    optional {}
    derived {}
    sealed {}
}

event_type! {
    /// An IKM becomes a member of a sentra. `time`: its first day as one.
    SentraMemberJoined = "id.jejak.sentra.member_joined.v1" on Some(SubjectKind::Ikm), Joins;
    required {
        /// The sentra.
        sentra: SentraId,
    }
    optional {}
    derived {}
    sealed {}
}

event_type! {
    /// An IKM is a member of a sentra no longer. `time`: the first day that it is none.
    SentraMemberLeft = "id.jejak.sentra.member_left.v1" on Some(SubjectKind::Ikm), Leaves;
    required {
        /// The sentra.
        sentra: SentraId,
    }
    optional {
        /// Why.
        reason: Code,
    }
    derived {}
    sealed {}
}
