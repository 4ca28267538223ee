//! Exhibitions and who took part.

use super::event_type;
use crate::area::AreaCode;
use crate::identity::{ExhibitionId, SubjectKind};
use crate::values::{Code, Count, Date, Rupiah, SetOf, Text};

event_type! {
    /// An exhibition is announced. `time`: the day of the announcement.
    ExhibitionAnnounced = "id.jejak.exhibition.announced.v1" on Some(SubjectKind::Exhibition), Begins("announced");
    required {
        /// Where it is held.
        area: AreaCode,
        /// First day.
        from: Date,
        /// Level: `city`, `province`, `national`, `international`.
        level: Code,
        /// Name, without names of persons.
        name: Text,
        /// Last day, inclusive.
        to: Date,
        /// Hall, mall or street.
        venue: Text,
    }
    optional {}
    derived {}
    sealed {}
}

event_type! {
    /// An IKM takes part in an exhibition. `time`: its first day there.
    ExhibitionJoined = "id.jejak.exhibition.joined.v1" on Some(SubjectKind::Ikm), Reports;
    required {
        /// The exhibition.
        exhibition: ExhibitionId,
    }
    optional {
        /// Kinds of products shown.
        products: SetOf<Code>,
        /// Visitors counted at its stand.
        visitors: Count,
    }
    derived {}
    sealed {
        Confidential optional "Number of buyers." buyers: Count,
        Confidential optional "Orders taken, in rupiah." orders: Rupiah,
        Confidential optional "Sales, in rupiah." sales: Rupiah,
    }
}
