//! Exhibitions and who took part.

use super::event_type;
use super::sentence::{list, said, with, with_number};
use crate::area::AreaCode;
use crate::identity::{ExhibitionId, Subject, SubjectKind};
use crate::values::{Code, Count, Date, Rupiah, SetOf, Text};

event_type! {
    /// An exhibition is announced. `time`: the day of the announcement.
    ExhibitionAnnounced = "id.jejak.exhibition.announced.v1" on Some(SubjectKind::Exhibition), Begins("announced"),
        called ["pameran diumumkan", "exhibition announced"];
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
    says |data, call| { said!(
        "pameran {name} diumumkan: {from} sampai {to} di {venue}, {area}, tingkat {level}",
        "exhibition {name} announced: {from} to {to} at {venue}, {area}, level {level}",
        name = &data.name,
        from = data.from,
        to = data.to,
        venue = &data.venue,
        area = data.area.name(),
        level = &data.level,
    ) }
}

event_type! {
    /// An IKM takes part in an exhibition. `time`: its first day there.
    ExhibitionJoined = "id.jejak.exhibition.joined.v1" on Some(SubjectKind::Ikm), Reports,
        called ["ikut pameran", "took part in an exhibition"];
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
    says |data, call| {
        let said = said!(
            "ikut pameran {exhibition}",
            "took part in the exhibition {exhibition}",
            exhibition = call.stream(Subject::Exhibition(data.exhibition)),
        );
        let said = with(said, ", produk ", ", products ", data.products.as_ref().map(list));
        with_number(said, ", pengunjung ", ", visitors ", data.visitors.map(|visitors| visitors.get()))
    }
}
