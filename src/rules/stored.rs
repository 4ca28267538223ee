//! How what the rules know is written down: numbers, identifiers, lists and maps as bytes, and back.
//!
//! Numbers are LEB128; a choice is its number, never the place of a variant in an enum; maps are sorted by key,
//! so that equal contents have equal bytes. Must never panic on bytes, whatever they are: what does not read is
//! `None`, and the state is made from the log again.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

use foldhash::HashMap;
use jejak_events::area::AreaCode;
use jejak_events::identity::{
    CertificateId, ClaimId, ExhibitionId, IkmId, PersonId, ProgramId, SentraId, SessionId, Subject,
    SubjectKind,
};
use jejak_events::sealed::Group;
use jejak_events::types::FundingStage;
use jejak_events::types::ikm::Verdict;
use jejak_events::types::program::Unit;
use jejak_events::values::{Code, Date, Decimal, Rupiah, Sha256Hex, Year};
use uuid::Uuid;

/// What can be written down and read back.
pub trait Stored: Sized {
    /// Writes it behind what is there.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads it; `None` when the bytes are not its.
    fn read(input: &mut StoredBytes<'_>) -> Option<Self>;
}

/// Bytes that are read from front to back.
#[derive(Clone, Debug)]
pub struct StoredBytes<'a> {
    rest: &'a [u8],
}

impl<'a> StoredBytes<'a> {
    /// Begins at the front.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next bytes.
    pub fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// The next number.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.slice(1)?.first()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number of things that follow. Each takes a byte at least, so that damage cannot ask for more memory.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|count| *count <= self.rest.len())
    }
}

/// Writes a number.
pub fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push((number & 0x7f) as u8);
}

/// Declares how a struct is written: its fields in turn.
macro_rules! stored_struct {
    ($name:ident $(<$parameter:ident>)? { $($field:ident),* $(,)? }) => {
        impl $(<$parameter: $crate::rules::stored::Stored>)? $crate::rules::stored::Stored for $name $(<$parameter>)? {
            fn write(&self, out: &mut Vec<u8>) {
                $( $crate::rules::stored::Stored::write(&self.$field, out); )*
            }
            fn read(input: &mut $crate::rules::stored::StoredBytes<'_>) -> Option<Self> {
                Some(Self { $( $field: $crate::rules::stored::Stored::read(input)?, )* })
            }
        }
    };
}
pub(super) use stored_struct;

/// Declares the numbers of a choice without contents.
macro_rules! stored_choice {
    ($name:ty { $($variant:path = $number:literal),* $(,)? }) => {
        impl $crate::rules::stored::Stored for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.push(match self { $( $variant => $number, )* });
            }
            fn read(input: &mut $crate::rules::stored::StoredBytes<'_>) -> Option<Self> {
                match *input.slice(1)?.first()? { $( $number => Some($variant), )* _ => None }
            }
        }
    };
}
pub(super) use stored_choice;

stored_choice!(Group { Group::Personal = 1, Group::Confidential = 2 });
stored_choice!(Verdict { Verdict::Failed = 1, Verdict::Passed = 2 });
stored_choice!(Unit { Unit::Ikm = 1, Unit::Person = 2 });
stored_choice!(FundingStage {
    FundingStage::Planned = 1,
    FundingStage::Allocated = 2,
    FundingStage::Realised = 3,
});

impl Stored for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        match *input.slice(1)?.first()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Stored for () {
    fn write(&self, _: &mut Vec<u8>) {}
    fn read(_: &mut StoredBytes<'_>) -> Option<Self> {
        Some(())
    }
}

/// Declares what is written as a number.
macro_rules! stored_numbers {
    ($($name:ty: $to:expr, $from:expr;)*) => { $(
        impl Stored for $name {
            fn write(&self, out: &mut Vec<u8>) {
                let to: fn(&$name) -> u64 = $to;
                put_number(out, to(self));
            }
            fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
                let from: fn(u64) -> Option<$name> = $from;
                from(input.number()?)
            }
        }
    )* };
}
stored_numbers! {
    u64: |number| *number, Some;
    u32: |number| u64::from(*number), |number| u32::try_from(number).ok();
    // Days are counted from year 1, so none is negative.
    Date: |date| u64::from(date.day_number().unsigned_abs()),
        |number| i32::try_from(number).ok().and_then(Date::from_day_number);
    Year: |year| u64::from(year.get()), |number| u16::try_from(number).ok().and_then(Year::new);
    Rupiah: |amount| amount.get().unsigned_abs(), |number| i64::try_from(number).ok().and_then(Rupiah::new);
}

impl Stored for Decimal {
    fn write(&self, out: &mut Vec<u8>) {
        put_number(out, self.digits());
        out.push(self.places());
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Self::new(input.number()?, *input.slice(1)?.first()?)
    }
}

impl<const N: usize> Stored for [u8; N] {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        input.slice(N)?.try_into().ok()
    }
}

/// Declares identifiers: 16 bytes, of a version that the kind allows.
macro_rules! stored_ids {
    ($($name:ident),*) => { $(
        impl Stored for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(self.uuid().as_bytes());
            }
            fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
                $name::new(Uuid::from_bytes(Stored::read(input)?))
            }
        }
    )* };
}
stored_ids!(CertificateId, ClaimId, ExhibitionId, IkmId, PersonId, ProgramId, SentraId, SessionId);

impl Stored for String {
    fn write(&self, out: &mut Vec<u8>) {
        put_number(out, self.len() as u64);
        out.extend_from_slice(self.as_bytes());
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let length = input.count()?;
        std::str::from_utf8(input.slice(length)?).ok().map(str::to_owned)
    }
}

impl Stored for Code {
    fn write(&self, out: &mut Vec<u8>) {
        put_number(out, self.len() as u64);
        out.extend_from_slice(self.as_bytes());
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Self::parse(&String::read(input)?).ok()
    }
}

impl Stored for Sha256Hex {
    fn write(&self, out: &mut Vec<u8>) {
        self.to_string().write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Self::parse(&String::read(input)?).ok()
    }
}

/// Bytes of a subject that has them all: its kind, then its identifier or the number of its area.
pub(super) const SUBJECT_BYTES: usize = 17;

/// Writes a subject in so many bytes that subjects can stand in a table.
pub(super) fn subject_bytes(subject: Subject) -> [u8; SUBJECT_BYTES] {
    let kind = match subject.kind() {
        SubjectKind::Area => 1,
        SubjectKind::Certificate => 2,
        SubjectKind::Claim => 3,
        SubjectKind::Exhibition => 4,
        SubjectKind::Ikm => 5,
        SubjectKind::Person => 6,
        SubjectKind::Program => 7,
        SubjectKind::Registry => 8,
        SubjectKind::Sentra => 9,
    };
    let mut bytes = [0; SUBJECT_BYTES];
    bytes[0] = kind;
    match subject {
        Subject::Area(area) => bytes[1..3].copy_from_slice(&area.number().to_be_bytes()),
        other => bytes[1..].copy_from_slice(other.uuid().unwrap_or_default().as_bytes()),
    }
    bytes
}

impl Stored for Subject {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&subject_bytes(*self));
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let [kind, id @ ..] = <[u8; SUBJECT_BYTES]>::read(input)?;
        let of_kind = |kind| Self::of_kind(kind, Uuid::from_bytes(id));
        match kind {
            1 => AreaCode::from_number(u16::from_be_bytes([id[0], id[1]])).map(Self::Area),
            2 => of_kind(SubjectKind::Certificate),
            3 => of_kind(SubjectKind::Claim),
            4 => of_kind(SubjectKind::Exhibition),
            5 => of_kind(SubjectKind::Ikm),
            6 => of_kind(SubjectKind::Person),
            7 => of_kind(SubjectKind::Program),
            8 => Some(Self::Registry),
            9 => of_kind(SubjectKind::Sentra),
            _ => None,
        }
    }
}

impl<T: Stored> Stored for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        if bool::read(input)? { T::read(input).map(Some) } else { Some(None) }
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        put_number(out, self.len() as u64);
        self.iter().for_each(|one| one.write(out));
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        (0..input.count()?).map(|_| T::read(input)).collect()
    }
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Some((A::read(input)?, B::read(input)?))
    }
}

impl<A: Stored, B: Stored, C: Stored> Stored for (A, B, C) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
        self.2.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Some((A::read(input)?, B::read(input)?, C::read(input)?))
    }
}

impl<A: Stored, B: Stored, C: Stored, D: Stored, E: Stored> Stored for (A, B, C, D, E) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
        self.2.write(out);
        self.3.write(out);
        self.4.write(out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Some((A::read(input)?, B::read(input)?, C::read(input)?, D::read(input)?, E::read(input)?))
    }
}

impl<T: Stored + Ord> Stored for BTreeSet<T> {
    fn write(&self, out: &mut Vec<u8>) {
        put_number(out, self.len() as u64);
        self.iter().for_each(|one| one.write(out));
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Vec::read(input).map(Self::from_iter)
    }
}

impl<K: Stored + Ord, V: Stored> Stored for BTreeMap<K, V> {
    fn write(&self, out: &mut Vec<u8>) {
        put_number(out, self.len() as u64);
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        Vec::read(input).map(Self::from_iter)
    }
}

/// Writes the entries of a map that say anything, by key.
pub fn put_map<K: Stored + Ord, V: Stored>(
    map: &HashMap<K, V>,
    says: impl Fn(&V) -> bool,
    out: &mut Vec<u8>,
) {
    let mut entries: Vec<(&K, &V)> = map.iter().filter(|(_, value)| says(value)).collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    put_number(out, entries.len() as u64);
    for (key, value) in entries {
        key.write(out);
        value.write(out);
    }
}

impl<K: Stored + Ord + Hash, V: Stored> Stored for HashMap<K, V> {
    fn write(&self, out: &mut Vec<u8>) {
        put_map(self, |_| true, out);
    }
    fn read(input: &mut StoredBytes<'_>) -> Option<Self> {
        let count = input.count()?;
        let mut map = Self::with_capacity_and_hasher(count, foldhash::fast::RandomState::default());
        for _ in 0..count {
            map.insert(K::read(input)?, V::read(input)?);
        }
        Some(map)
    }
}
