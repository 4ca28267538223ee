//! Exhibitions and who took part.

use super::event_type;
use super::sentence::{list, said, span, with, with_message, with_number, with_words};
use crate::area::AreaCode;
use crate::identity::{ExhibitionId, Subject, SubjectKind};
use crate::values::{Code, Count, Date, Rupiah, SetOf, Text};

event_type! {
    /// An exhibition is announced. `time`: the day of the announcement.
    ExhibitionAnnounced = "id.jejak.exhibition.announced.v1" on &[SubjectKind::Exhibition], Begins("announced"),
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
    says |data, call| {
        let said = said!("pameran {name} diumumkan", "exhibition {name} announced", name = &data.name);
        let said = with_words(said, ": ", ": ", Some(&span(data.from, data.to)));
        let place = said!(
            " di {venue}, {area}, tingkat {level}",
            " at {venue}, {area}, level {level}",
            venue = &data.venue,
            area = data.area.name(),
            level = &data.level,
        );
        with_message(said, &place)
    }
}

event_type! {
    /// An IKM takes part in an exhibition. `time`: its first day there.
    ExhibitionJoined = "id.jejak.exhibition.joined.v1" on &[SubjectKind::Ikm], Reports,
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
