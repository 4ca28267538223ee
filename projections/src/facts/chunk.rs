//! The stored form of facts, kept beside the log and rebuilt from it when in doubt.
//!
//! ```text
//! version (1 byte)
//! ranges      count, then (start, length) each
//! floor       smallest log size the rows still tell
//! amending    count, then one column
//! amendments  count, then the columns position, weight, index, effective
//! identifiers count, then 16 bytes each
//! codes       count, then (length, characters) each
//! issuers     count, then (length, characters) each
//! each table  count, then its rows in blocks of 65,536 (the last as long as it is), each with the columns
//!             position, amendment, day and those of its kind
//! ```
//!
//! Numbers are LEB128. Blocks keep what is read at a time small. A column holds the difference of each cell to the one before (zigzag), and a
//! difference of 0 is followed by how many more zeros come. The form is canonical: facts of the same
//! ranges have the same bytes however they were put together. It has no checksum: whoever stores it
//! adds the root at its end and one (`FORMAT.md`, section 8).

use jejak_events::values::{Code, Date, Issuer};
use uuid::Uuid;

use super::chunks::Chunks;
use super::dictionary::Interned;
use super::rows::{Dictionary, Fact, Row, RowCell, Visit};
use super::tables::Tables;
use super::{AmendmentRows, Facts};
use crate::error::ProjectionError;

/// Version of the stored form, its first byte. A chunk of another version is rebuilt, never read.
pub const CHUNK_VERSION: u8 = 16;

/// Rows that share columns.
const BLOCK_ROWS: usize = 1 << 16;

impl Facts {
    /// The stored form.
    ///
    /// # Errors
    /// Never for facts of a log whose corrections are in order; else when they cannot be numbered.
    pub fn encode(&self) -> Result<Vec<u8>, ProjectionError> {
        let facts = self.canonical()?;
        let mut out = vec![CHUNK_VERSION];
        put(&mut out, facts.ranges.len() as u64);
        for range in &facts.ranges {
            put(&mut out, range.start);
            put(&mut out, range.end - range.start);
        }
        put(&mut out, facts.floor);
        put(&mut out, facts.amending.len() as u64);
        put_column(&mut out, facts.amending.iter().copied());
        put(&mut out, facts.amendments.len() as u64);
        put_column(&mut out, facts.amendments.iter().map(|amendment| amendment.position));
        put_column(&mut out, facts.amendments.iter().map(|amendment| u64::from(amendment.weight > 0)));
        put_column(&mut out, facts.amendments.iter().map(|amendment| amendment.index));
        put_column(&mut out, facts.amendments.iter().map(|amendment| amendment.effective));
        put(&mut out, facts.ids.values().len() as u64);
        for id in facts.ids.values() {
            out.extend_from_slice(id.as_bytes());
        }
        put(&mut out, facts.codes.values().len() as u64);
        for code in facts.codes.values() {
            put(&mut out, code.len() as u64);
            out.extend_from_slice(code.as_bytes());
        }
        put(&mut out, facts.issuers.values().len() as u64);
        for issuer in facts.issuers.values() {
            put(&mut out, issuer.len() as u64);
            out.extend_from_slice(issuer.as_bytes());
        }
        let mut encoder = Encode { out };
        let mut tables = facts.tables;
        let Ok(()) = tables.each(&mut encoder);
        Ok(encoder.out)
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// With the offset, when the bytes are of another version or cannot be what [`Facts::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProjectionError> {
        let mut input = ChunkBytes { bytes, at: 0 };
        if input.byte()? != CHUNK_VERSION {
            return Err(ProjectionError::DamagedChunk { offset: 0, reason: "another version" });
        }
        let mut facts = Self::starting_at(0);
        facts.ranges.clear();
        for _ in 0..input.count()? {
            let (start, length) = (input.number()?, input.number()?);
            let end = start.checked_add(length).ok_or_else(|| input.damaged("a range without end"))?;
            if facts.ranges.last().is_some_and(|last| last.end >= start) {
                return Err(input.damaged("ranges out of order"));
            }
            facts.ranges.push(start..end);
        }
        if facts.ranges.is_empty() {
            return Err(input.damaged("no range"));
        }
        facts.floor = input.number()?;
        let amending = input.count()?;
        let amending = input.column(amending)?;
        if !amending.is_sorted_by(|left, right| left < right) {
            return Err(input.damaged("corrections out of order"));
        }
        facts.amending = amending.into_iter().collect();
        facts.amendments = input.amendments()?;
        for _ in 0..input.count()? {
            let id = Uuid::from_bytes(*input.take()?);
            facts.ids.intern(&id)?;
        }
        for _ in 0..input.count()? {
            let length = input.count()?;
            let text = std::str::from_utf8(input.slice(length)?).ok().and_then(|text| Code::parse(text).ok());
            facts.codes.intern(&text.ok_or_else(|| input.damaged("no code"))?)?;
        }
        for _ in 0..input.count()? {
            let length = input.count()?;
            let text =
                std::str::from_utf8(input.slice(length)?).ok().and_then(|text| Issuer::parse(text).ok());
            facts.issuers.intern(&text.ok_or_else(|| input.damaged("no issuer"))?)?;
        }
        let (ids, codes) = (facts.ids.values().len(), facts.codes.values().len());
        let issuers = facts.issuers.values().len();
        let mut tables = Tables::default();
        let amendments = facts.amendments.iter().map(|amendment| amendment.position).collect();
        let mut decoder = Decode { input, ids, codes, issuers, amendments };
        tables.each(&mut decoder)?;
        if decoder.input.at != bytes.len() {
            return Err(decoder.input.damaged("bytes behind the end"));
        }
        facts.tables = tables;
        Ok(facts)
    }

    /// The same facts in the one order that does not depend on how they were put together: rows by
    /// position, amendments by position, numbers by first use.
    fn canonical(&self) -> Result<Self, ProjectionError> {
        let mut facts = self.clone();
        let mut order: Vec<usize> = (0..facts.amendments.len()).collect();
        order.sort_unstable_by_key(|place| facts.amendments.get(*place));
        let mut numbers = vec![0u32; order.len()];
        for (number, place) in (1u32..).zip(&order) {
            numbers[*place] = number;
        }
        facts.amendments = order.iter().filter_map(|place| self.amendments.get(*place).copied()).collect();
        let Ok(()) = facts.tables.each(&mut Sort);
        // Sorting first: amendments are numbered by position, so renumbering keeps rows in order.
        let (mut ids, mut codes) = (Interned::new("identifiers"), Interned::new("codes"));
        let mut issuers = Interned::new("issuers");
        // By old number: the new one, 0 until it is used first.
        let mut new_ids = vec![0; self.ids.values().len() + 1];
        let mut new_codes = vec![0; self.codes.values().len() + 1];
        let mut new_issuers = vec![0; self.issuers.values().len() + 1];
        let known = facts.tables.renumber(
            |amendment| numbers[amendment as usize - 1],
            |dictionary, number| match dictionary {
                Dictionary::Ids => {
                    renumbered(&mut new_ids, number, |number| ids.intern(self.ids.value(number)?).ok())
                }
                Dictionary::Codes => {
                    renumbered(&mut new_codes, number, |number| codes.intern(self.codes.value(number)?).ok())
                }
                Dictionary::Issuers => {
                    let intern = |number| issuers.intern(self.issuers.value(number)?).ok();
                    renumbered(&mut new_issuers, number, intern)
                }
            },
        );
        known.ok_or(ProjectionError::TooMany { what: "identifiers", limit: u32::MAX })?;
        let Ok(()) = facts.tables.each(&mut Sort);
        (facts.ids, facts.codes, facts.issuers) = (ids, codes, issuers);
        Ok(facts)
    }
}

/// The new number of an old one, made at its first use.
fn renumbered(known: &mut [u32], number: u32, make: impl FnOnce(u32) -> Option<u32>) -> Option<u32> {
    let new = known.get_mut(number as usize)?;
    if *new == 0 {
        *new = make(number)?;
    }
    Some(*new)
}

/// Rows by position, those of one event in the order in which it brought them.
struct Sort;

impl Visit for Sort {
    type Error = std::convert::Infallible;
    fn table<T: Fact>(&mut self, rows: &mut Chunks<Row<T>>) -> Result<(), Self::Error> {
        rows.edit(|rows| rows.sort_by_key(|row| (row.position, row.amendment)));
        Ok(())
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_column(out: &mut Vec<u8>, cells: impl Iterator<Item = u64>) {
    let mut last = 0u64;
    let mut zeros = 0u64;
    let flush = |out: &mut Vec<u8>, zeros: u64| {
        if zeros > 0 {
            out.push(0);
            put(out, zeros - 1);
        }
    };
    for cell in cells {
        let difference = cell.wrapping_sub(last) as i64;
        last = cell;
        if difference == 0 {
            zeros += 1;
            continue;
        }
        flush(out, zeros);
        zeros = 0;
        put(out, ((difference << 1) ^ (difference >> 63)) as u64);
    }
    flush(out, zeros);
}

struct Encode {
    out: Vec<u8>,
}

impl Visit for Encode {
    type Error = std::convert::Infallible;
    fn table<T: Fact>(&mut self, rows: &mut Chunks<Row<T>>) -> Result<(), Self::Error> {
        put(&mut self.out, rows.len() as u64);
        for from in (0..rows.len()).step_by(BLOCK_ROWS) {
            let block = || rows.iter_from(from).take(BLOCK_ROWS);
            put_column(&mut self.out, block().map(|row| row.position));
            put_column(&mut self.out, block().map(|row| u64::from(row.amendment)));
            put_column(&mut self.out, block().map(|row| row.day.to_wire()));
            for column in 0..T::WIDTH {
                put_column(&mut self.out, block().map(|row| row.fact.wire(column)));
            }
        }
        Ok(())
    }
}

struct ChunkBytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> ChunkBytes<'a> {
    fn damaged(&self, reason: &'static str) -> ProjectionError {
        ProjectionError::DamagedChunk { offset: self.at, reason }
    }

    fn slice(&mut self, length: usize) -> Result<&'a [u8], ProjectionError> {
        let end = self.at.checked_add(length);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| self.damaged("it ends too early"))?;
        self.at += length;
        Ok(taken)
    }

    fn take<const N: usize>(&mut self) -> Result<&'a [u8; N], ProjectionError> {
        let slice = self.slice(N)?;
        slice.try_into().map_err(|_| self.damaged("it ends too early"))
    }

    fn byte(&mut self) -> Result<u8, ProjectionError> {
        self.take::<1>().map(|byte| byte[0])
    }

    fn number(&mut self) -> Result<u64, ProjectionError> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.damaged("a number without end"))
    }

    /// A count of things. Bounded by what a run of zeros can stand for, so that damage cannot ask for
    /// more memory than rows of a log can need.
    fn count(&mut self) -> Result<usize, ProjectionError> {
        let number = self.number()?;
        usize::try_from(number)
            .ok()
            .filter(|count| *count <= ROW_LIMIT)
            .ok_or_else(|| self.damaged("more of something than a chunk can hold"))
    }

    fn column(&mut self, count: usize) -> Result<Vec<u64>, ProjectionError> {
        let mut cells: Vec<u64> = Vec::new();
        let mut last = 0u64;
        while cells.len() < count {
            let zigzag = self.number()?;
            if zigzag == 0 {
                let zeros = self.count()? + 1;
                if zeros > count - cells.len() {
                    return Err(self.damaged("a run beyond its column"));
                }
                cells.resize(cells.len() + zeros, last);
            } else {
                last = last.wrapping_add((zigzag >> 1) ^ (zigzag & 1).wrapping_neg());
                cells.push(last);
            }
        }
        Ok(cells)
    }

    fn amendments(&mut self) -> Result<Chunks<AmendmentRows>, ProjectionError> {
        let count = self.count()?;
        let positions = self.column(count)?;
        let weights = self.column(count)?;
        let indexes = self.column(count)?;
        let effectives = self.column(count)?;
        let columns = positions.into_iter().zip(weights).zip(indexes.into_iter().zip(effectives));
        columns
            .map(|((position, weight), (index, effective))| {
                let weight = if weight == 0 { -1 } else { 1 };
                let sound = index <= effective && effective <= position;
                sound.then_some(AmendmentRows { position, weight, index, effective })
            })
            .collect::<Option<_>>()
            .ok_or_else(|| self.damaged("an amendment of something later"))
    }
}

/// Most rows of one kind in a chunk.
const ROW_LIMIT: usize = 1 << 28;

struct Decode<'a> {
    input: ChunkBytes<'a>,
    ids: usize,
    codes: usize,
    issuers: usize,
    /// Their positions.
    amendments: Vec<u64>,
}

impl Visit for Decode<'_> {
    type Error = ProjectionError;
    fn table<T: Fact>(&mut self, rows: &mut Chunks<Row<T>>) -> Result<(), ProjectionError> {
        let count = self.input.count()?;
        let mut cells = vec![0u64; T::WIDTH];
        for from in (0..count).step_by(BLOCK_ROWS) {
            self.block(BLOCK_ROWS.min(count - from), &mut cells, rows)?;
        }
        Ok(())
    }
}

impl Decode<'_> {
    /// Reads the next rows of a table; `cells` is room for those of one.
    fn block<T: Fact>(
        &mut self,
        count: usize,
        cells: &mut [u64],
        rows: &mut Chunks<Row<T>>,
    ) -> Result<(), ProjectionError> {
        let positions = self.input.column(count)?;
        let amendments = self.input.column(count)?;
        let days = self.input.column(count)?;
        let columns = (0..T::WIDTH).map(|_| self.input.column(count)).collect::<Result<Vec<_>, _>>()?;
        let (ids, codes, issuers) = (self.ids, self.codes, self.issuers);
        let mut within = |dictionary, number: u32| {
            let limit = match dictionary {
                Dictionary::Ids => ids,
                Dictionary::Codes => codes,
                Dictionary::Issuers => issuers,
            };
            (number as usize <= limit).then_some(number)
        };
        for row in 0..count {
            for (cell, column) in cells.iter_mut().zip(&columns) {
                *cell = column[row];
            }
            let fact = T::from_wire(cells).and_then(|fact| fact.renumber(&mut within));
            let amendment = u32::try_from(amendments[row]).ok().filter(|amendment| {
                match (*amendment as usize).checked_sub(1) {
                    None => true,
                    Some(place) => self.amendments.get(place) == Some(&positions[row]),
                }
            });
            let (Some(fact), Some(amendment), Some(day)) = (fact, amendment, Date::from_wire(days[row]))
            else {
                return Err(self.input.damaged("a cell that no row has"));
            };
            rows.push(Row { position: positions[row], amendment, day, fact });
        }
        Ok(())
    }
}
