//! What a row is, whatever it holds: cells as numbers, rows with where they came from, and the macro
//! that makes a table of each kind in [`super::tables`].

use jejak_events::area::AreaCode;
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::types::program::Unit;
use jejak_events::types::{FundingStage, Scale};
use jejak_events::values::{Amount, Count, Date, Minutes, Rupiah};

use super::chunks::Chunks;

/// An identifier (UUID) in the dictionary of the facts that hold the row; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(super) u32);

impl Id {
    /// No identifier.
    pub const NONE: Self = Self(0);

    /// The number, small and dense: places in tables by identifier.
    pub(crate) fn number(self) -> usize {
        self.0 as usize
    }

    /// The identifier with this number; `None` for none.
    pub(crate) fn numbered(number: usize) -> Option<Self> {
        u32::try_from(number).ok().filter(|number| *number != 0).map(Self)
    }

    /// Whether there is one.
    #[must_use]
    pub fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// A code in the dictionary of the facts that hold the row; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId(pub(super) u32);

impl CodeId {
    /// No code.
    pub const NONE: Self = Self(0);
}

/// The name of an institution that issues certificates, in the dictionary of the facts that hold the row; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssuerId(pub(super) u32);

/// Who or what holds a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolderKind {
    /// An IKM.
    Ikm,
    /// A person.
    Person,
    /// A kind of product of an IKM.
    Product,
}

/// How far a sentra has come beyond its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SentraStage {
    /// Its buildings stand.
    Built,
    /// In use.
    Opened,
}

/// What an office recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordingKind {
    /// Something that happened.
    Fact,
    /// A correction or a retraction of it.
    Amendment,
    /// Something of the registry about itself.
    OfRegistry,
    /// A claim, or a check of one: what others said is quoted whenever it is found.
    OfClaim,
}

/// Which dictionary a number points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dictionary {
    /// UUIDs.
    Ids,
    /// Codes.
    Codes,
    /// Names of institutions that issue certificates.
    Issuers,
}

/// One cell of a row.
pub(super) trait RowCell: Copy {
    /// As a number, never depending on the order of an enum.
    fn to_wire(self) -> u64;
    /// Back; `None` for a number that no cell has.
    fn from_wire(wire: u64) -> Option<Self>;
    /// Renumbers an identifier or code; other cells stay.
    fn renumber(self, _: &mut impl FnMut(Dictionary, u32) -> Option<u32>) -> Option<Self> {
        Some(self)
    }
}

macro_rules! dictionary_cell {
    ($name:ident, $dictionary:expr) => {
        impl RowCell for $name {
            fn to_wire(self) -> u64 {
                u64::from(self.0)
            }
            fn from_wire(wire: u64) -> Option<Self> {
                u32::try_from(wire).ok().map(Self)
            }
            fn renumber(self, number: &mut impl FnMut(Dictionary, u32) -> Option<u32>) -> Option<Self> {
                if self.0 == 0 { Some(self) } else { number($dictionary, self.0).map(Self) }
            }
        }
    };
}
dictionary_cell!(Id, Dictionary::Ids);
dictionary_cell!(CodeId, Dictionary::Codes);
dictionary_cell!(IssuerId, Dictionary::Issuers);

macro_rules! closed_cell {
    ($name:ty { $($variant:path = $wire:literal),* $(,)? }) => {
        impl RowCell for $name {
            fn to_wire(self) -> u64 {
                match self { $( $variant => $wire, )* }
            }
            fn from_wire(wire: u64) -> Option<Self> {
                match wire { $( $wire => Some($variant), )* _ => None }
            }
        }
    };
}
closed_cell!(Unit { Unit::Ikm = 1, Unit::Person = 2 });
closed_cell!(Verdict { Verdict::Failed = 1, Verdict::Passed = 2 });
closed_cell!(Scale { Scale::Mikro = 1, Scale::Kecil = 2, Scale::Menengah = 3 });
closed_cell!(HolderKind { HolderKind::Ikm = 1, HolderKind::Person = 2, HolderKind::Product = 3 });
closed_cell!(RecordingKind {
    RecordingKind::Fact = 1,
    RecordingKind::Amendment = 2,
    RecordingKind::OfRegistry = 3,
    RecordingKind::OfClaim = 4,
});
closed_cell!(SentraStage { SentraStage::Built = 1, SentraStage::Opened = 2 });
closed_cell!(FundingStage {
    FundingStage::Planned = 1,
    FundingStage::Allocated = 2,
    FundingStage::Realised = 3,
});
closed_cell!(ClaimVerdict {
    ClaimVerdict::Inconsistent = 1,
    ClaimVerdict::NotCountable = 2,
    ClaimVerdict::NotRecorded = 3,
    ClaimVerdict::NotQuantified = 4,
    ClaimVerdict::Supported = 5,
    ClaimVerdict::Understated = 6,
    ClaimVerdict::Overstated = 7,
    ClaimVerdict::NotConfirmed = 8,
    ClaimVerdict::Consistent = 9,
    ClaimVerdict::Kept = 10,
    ClaimVerdict::NotKept = 11,
    ClaimVerdict::NotYetDue = 12,
});
closed_cell!(AttendanceStatus {
    AttendanceStatus::Present = 1,
    AttendanceStatus::Excused = 2,
    AttendanceStatus::Absent = 3,
});

impl<T: RowCell> RowCell for Option<T> {
    fn to_wire(self) -> u64 {
        self.map_or(0, |cell| cell.to_wire() + 1)
    }
    fn from_wire(wire: u64) -> Option<Self> {
        if wire == 0 { Some(None) } else { T::from_wire(wire - 1).map(Some) }
    }
}

macro_rules! number_cell {
    ($($name:ty),*) => { $(
        impl RowCell for $name {
            fn to_wire(self) -> u64 {
                u64::from(self)
            }
            fn from_wire(wire: u64) -> Option<Self> {
                Self::try_from(wire).ok()
            }
        }
    )* };
}
number_cell!(u8, u16, u32);

impl RowCell for bool {
    fn to_wire(self) -> u64 {
        u64::from(self)
    }
    fn from_wire(wire: u64) -> Option<Self> {
        (wire < 2).then_some(wire == 1)
    }
}

impl RowCell for Amount {
    fn to_wire(self) -> u64 {
        // Never negative.
        self.get().unsigned_abs()
    }
    fn from_wire(wire: u64) -> Option<Self> {
        i64::try_from(wire).ok().and_then(Self::new)
    }
}

impl RowCell for Rupiah {
    fn to_wire(self) -> u64 {
        // Never negative.
        self.get().unsigned_abs()
    }
    fn from_wire(wire: u64) -> Option<Self> {
        i64::try_from(wire).ok().and_then(Self::new)
    }
}

impl RowCell for Minutes {
    fn to_wire(self) -> u64 {
        u64::from(self.get())
    }
    fn from_wire(wire: u64) -> Option<Self> {
        u16::try_from(wire).ok().and_then(Self::new)
    }
}

impl RowCell for Count {
    fn to_wire(self) -> u64 {
        u64::from(self.get())
    }
    fn from_wire(wire: u64) -> Option<Self> {
        u32::try_from(wire).ok().and_then(Self::new)
    }
}

impl RowCell for AreaCode {
    fn to_wire(self) -> u64 {
        u64::from(self.number())
    }
    fn from_wire(wire: u64) -> Option<Self> {
        u16::try_from(wire).ok().and_then(Self::from_number)
    }
}

impl RowCell for Date {
    fn to_wire(self) -> u64 {
        // Years are 1900 to 2999, so the number is positive.
        u64::from(self.day_number().unsigned_abs())
    }
    fn from_wire(wire: u64) -> Option<Self> {
        i32::try_from(wire).ok().and_then(Self::from_day_number)
    }
}

/// One weighted row: a fact with where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<T> {
    /// Log index at which the row was added.
    pub position: u64,
    /// 0 for the row of a plain event: weight +1, and original, effective and position are one. Else
    /// one more than the place in the table of amendments that says otherwise.
    pub(super) amendment: u32,
    /// Local date of the content's `time`.
    pub day: Date,
    /// The fact.
    pub fact: T,
}

/// What a kind of row can do for merging and storing.
pub(super) trait Fact: Copy {
    /// Number of columns.
    const WIDTH: usize;
    /// One cell as a number.
    fn wire(&self, column: usize) -> u64;
    /// A row from its cells; `None` when one does not fit its column.
    fn from_wire(cells: &[u64]) -> Option<Self>;
    /// Renumbers identifiers and codes.
    fn renumber(&self, number: &mut impl FnMut(Dictionary, u32) -> Option<u32>) -> Option<Self>;
}

/// Works on one table of rows of any kind.
pub(super) trait Visit {
    /// What can go wrong.
    type Error;
    /// Works on one table.
    fn table<T: Fact>(&mut self, rows: &mut Chunks<Row<T>>) -> Result<(), Self::Error>;
}

/// Declares the kinds of rows and the tables that hold them.
macro_rules! tables {
    ($( $(#[$doc:meta])* $name:ident in $table:ident { $( $(#[$column_doc:meta])* $column:ident : $cell:ty, )* } )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $name { $( $(#[$column_doc])* pub $column: $cell, )* }

            impl Fact for $name {
                const WIDTH: usize = [$( stringify!($column) ),*].len();
                fn wire(&self, column: usize) -> u64 {
                    [$( RowCell::to_wire(self.$column) ),*][column]
                }
                fn from_wire(cells: &[u64]) -> Option<Self> {
                    let mut cells = cells.iter();
                    Some(Self { $( $column: RowCell::from_wire(*cells.next()?)?, )* })
                }
                fn renumber(&self, number: &mut impl FnMut(Dictionary, u32) -> Option<u32>) -> Option<Self> {
                    Some(Self { $( $column: self.$column.renumber(number)?, )* })
                }
            }
        )*

        /// All rows, by kind.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Tables { $( $(#[$doc])* pub(crate) $table: Chunks<Row<$name>>, )* }

        impl Tables {
            /// Visits every table in stored order.
            pub(super) fn each<V: Visit>(&mut self, visit: &mut V) -> Result<(), V::Error> {
                $( visit.table(&mut self.$table)?; )*
                Ok(())
            }
            /// Adds the rows of other tables behind these.
            pub(super) fn append(&mut self, other: Self) {
                $( self.$table.append(other.$table); )*
            }
            /// Number of rows of all kinds.
            pub(super) fn len(&self) -> usize {
                0 $( + self.$table.len() )*
            }
        }
    };
}
pub(super) use tables;
