//! Facts: the log as compact weighted rows.
//!
//! A plain event adds its rows with weight +1. A correction or retraction adds the rows that go with
//! weight -1 and those that come with +1 (a Z-set), each at its own position, so rows can be put
//! together in any order and any split, and *as known at N* is a fold of the rows below N. Facts hold
//! open fields only. Nothing here may depend on the order in which parts were merged.

mod chunk;
mod chunks;
mod described;
mod dictionary;
mod fast;
mod intake;
mod live;
mod rows;
mod tables;
mod without;

use std::ops::Range;

use jejak_events::area::AreaCode;
use jejak_events::identity::{ClaimId, ProgramId};
use jejak_events::record::Event;
use jejak_events::values::{Code, Date, Issuer};
use uuid::Uuid;

use crate::error::ProjectionError;
use crate::lineage::{Change, EventSource, Lineage, is_amendment};
use dictionary::Interned;
use rows::{Dictionary, Fact, Visit};
use tables::Tables;

pub use chunk::CHUNK_VERSION;
pub(crate) use chunks::Chunks;
pub(crate) use live::Live;
pub(crate) use rows::{CodeId, HolderKind, Id, IssuerId, RecordingKind, Row, SentraStage};
pub(crate) use tables::{
    AreaTarget, Assessment, AssessmentScore, Attendance, Cancellation, Certificate, Check, Claim, Coverage,
    Enrolment, Ikm, IkmMerge, Membership, Mentoring, Person, PersonArea, PersonMerge, PersonMove, Population,
    Profile, Program, ProgramTarget, Session, SessionDay, Shipment, Spending, Turnover, Wait, Withdrawal,
    Workforce, Working,
};

/// Where the rows of a change come from, when they are not those of a plain event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct AmendmentRows {
    /// Index of the correction or retraction.
    position: u64,
    /// +1 or -1.
    weight: i32,
    /// Index of the original event.
    index: u64,
    /// Index of the event whose content the rows are.
    effective: u64,
}

/// Rows of one or more ranges of the log. A copy costs a few hundred counters, however many rows there are.
#[derive(Clone, Debug)]
pub struct Facts {
    ids: Interned<Uuid>,
    codes: Interned<Code>,
    issuers: Interned<Issuer>,
    amendments: Chunks<AmendmentRows>,
    /// Positions of all corrections and retractions, also of those that change nothing; ascending.
    amending: Chunks<u64>,
    pub(crate) tables: Tables,
    /// What the rows cover: ascending, apart, at least one range (which may be empty).
    ranges: Vec<Range<u64>>,
    /// Smallest log size that the rows still tell; more than 0 once consolidated.
    floor: u64,
}

/// Facts of a range whose corrections and retractions still wait for the events that they target.
///
/// Only [`Facts::assemble`] takes them further, so none can be forgotten.
#[derive(Clone, Debug)]
pub struct FactsPart {
    facts: Facts,
}

impl FactsPart {
    /// Positions of the corrections and retractions that wait, ascending.
    pub fn amending(&self) -> impl Iterator<Item = u64> {
        self.facts.amending()
    }
}

impl Default for Facts {
    fn default() -> Self {
        Self::starting_at(0)
    }
}

impl Facts {
    /// No facts yet; the next event is the one at index `first`.
    #[must_use]
    pub fn starting_at(first: u64) -> Self {
        Self {
            ids: Interned::new("identifiers"),
            codes: Interned::new("codes"),
            issuers: Interned::new("issuers"),
            amendments: Chunks::default(),
            amending: Chunks::default(),
            tables: Tables::default(),
            ranges: std::iter::once(first..first).collect(),
            floor: 0,
        }
    }

    /// The ranges of log indexes that the rows cover, ascending and apart.
    #[must_use]
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }

    /// Log size that can be answered for: the events covered without a gap from index 0 on.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.ranges.first().filter(|range| range.start == 0).map_or(0, |range| range.end)
    }

    /// Smallest log size that can be answered for: 0 unless rows were consolidated.
    #[must_use]
    pub fn floor(&self) -> u64 {
        self.floor
    }

    /// Drops the rows that cancel each other out. What is left answers as before for the present log
    /// size and every later one, but no longer for earlier ones.
    ///
    /// Changes nothing while the facts have a gap: what cancels may lie beyond it.
    pub fn consolidate(&mut self) {
        let size = self.size();
        if self.ranges.len() != 1 || size == 0 {
            return;
        }
        let live = Live::new(self, size);
        let kept: Vec<bool> = (0..self.amendments.len()).map(|place| live.holds_amendment(place)).collect();
        let mut numbers = vec![0u32; kept.len()];
        for (number, place) in (1u32..).zip((0..kept.len()).filter(|place| kept[*place])) {
            numbers[place] = number;
        }
        let mut keep = Keep { plain: live.into_gone(), numbers };
        // Who recorded what is gone stays.
        let recordings = std::mem::take(&mut self.tables.recordings);
        let Ok(()) = self.tables.each(&mut keep);
        self.tables.recordings = recordings;
        let mut kept = kept.into_iter();
        self.amendments.edit(|amendments| amendments.retain(|_| kept.next().unwrap_or(false)));
        self.floor = size;
    }

    /// Number of rows of all kinds.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.tables.len()
    }

    /// Positions of the corrections and retractions covered, ascending.
    pub fn amending(&self) -> impl Iterator<Item = u64> {
        self.amending.iter().copied()
    }

    /// Takes in the next event of the log.
    ///
    /// # Errors
    /// When `position` is not the next one, or as [`Lineage::changes`]. Neither the facts nor the
    /// lineage have changed then.
    pub fn append_event(
        &mut self,
        position: u64,
        event: &Event,
        lineage: &mut Lineage,
        recorded: &dyn EventSource,
    ) -> Result<(), ProjectionError> {
        self.expect_next(position)?;
        let changes = lineage.changes(position, event, recorded)?;
        self.append_changes(position, event, &changes).inspect_err(|_| lineage.undo_to(position))
    }

    /// Takes in what the next event of the log changes, for a caller that asked the lineage itself.
    /// A correction or retraction that changes nothing has no changes but still comes here.
    ///
    /// # Errors
    /// When `position` is not the next one, or facts stand in a stream that does not fit them.
    /// Nothing has changed then.
    pub fn append_changes(
        &mut self,
        position: u64,
        event: &Event,
        changes: &[Change<'_>],
    ) -> Result<(), ProjectionError> {
        self.expect_next(position)?;
        let applied = changes.iter().try_for_each(|change| self.apply(position, change));
        applied.and_then(|()| self.note_recording(position, event)).inspect_err(|_| {
            self.forget_from(position);
        })?;
        if is_amendment(&event.draft.data) {
            self.amending.push(position);
        }
        if let Some(range) = self.ranges.last_mut() {
            range.end = position + 1;
        }
        Ok(())
    }

    fn expect_next(&self, position: u64) -> Result<(), ProjectionError> {
        let expected = self.ranges.last().map_or(0, |range| range.end);
        if position == expected {
            Ok(())
        } else {
            Err(ProjectionError::OutOfOrder { expected, given: position })
        }
    }

    /// Adds the rows of one change.
    fn apply(&mut self, position: u64, change: &Change<'_>) -> Result<(), ProjectionError> {
        let plain = change.weight == 1 && change.index == position && change.effective == position;
        let amendment = if plain {
            0
        } else {
            let limit = u32::MAX;
            self.amendments.push(AmendmentRows {
                position,
                weight: change.weight,
                index: change.index,
                effective: change.effective,
            });
            u32::try_from(self.amendments.len())
                .map_err(|_| ProjectionError::TooMany { what: "corrections and retractions", limit })?
        };
        self.take(position, amendment, &change.content)
    }

    /// Takes out the rows of an event that failed half way. Its position is the largest, and they come last.
    fn forget_from(&mut self, position: u64) {
        struct Forget(u64);
        impl Visit for Forget {
            type Error = std::convert::Infallible;
            fn table<T: Fact>(&mut self, rows: &mut Chunks<rows::Row<T>>) -> Result<(), Self::Error> {
                while rows.last().is_some_and(|row| row.position >= self.0) {
                    rows.pop();
                }
                Ok(())
            }
        }
        while self.amendments.last().is_some_and(|amendment| amendment.position >= position) {
            self.amendments.pop();
        }
        let Ok(()) = self.tables.each(&mut Forget(position));
    }

    /// Reads consecutive records, the first at index `first`. Corrections and retractions are only
    /// noted: they wait for [`Facts::assemble`].
    ///
    /// The caller has checked the records against the tree; they are read, not judged again.
    ///
    /// # Errors
    /// When bytes are no record or of a type that is not known.
    pub fn from_records<'a>(
        first: u64,
        records: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<FactsPart, ProjectionError> {
        let mut facts = Self::starting_at(first);
        let mut reader = fast::RecordReader::default();
        let mut position = first;
        for bytes in records {
            if !facts.take_hot(position, bytes, &mut reader)? {
                let event = Event::read(bytes)
                    .map_err(|source| ProjectionError::NotARecord { index: position, source })?;
                facts.note_recording(position, &event)?;
                if is_amendment(&event.draft.data) {
                    facts.amending.push(position);
                } else {
                    facts.take(position, 0, &crate::lineage::Content::of(&event))?;
                }
            }
            position += 1;
        }
        facts.ranges = std::iter::once(first..position).collect();
        Ok(FactsPart { facts })
    }

    /// Puts parts together, in any order, and takes in their corrections and retractions.
    ///
    /// # Errors
    /// When two parts cover the same index, or as [`Lineage::changes`].
    pub fn assemble(
        parts: impl IntoIterator<Item = FactsPart>,
        recorded: &dyn EventSource,
    ) -> Result<(Self, Lineage), ProjectionError> {
        Self::default().extend(parts, recorded)
    }

    /// Adds parts to facts that are complete in themselves, such as stored ones: [`Facts::assemble`]
    /// for what the store did not hold. Together they should begin at index 0.
    ///
    /// # Errors
    /// When two of them cover the same index, or as [`Lineage::changes`].
    pub fn extend(
        self,
        parts: impl IntoIterator<Item = FactsPart>,
        recorded: &dyn EventSource,
    ) -> Result<(Self, Lineage), ProjectionError> {
        let complete = self.ranges.clone();
        let mut facts = Self::merge(std::iter::once(self).chain(parts.into_iter().map(|part| part.facts)))?;
        let mut lineage = Lineage::default();
        for position in &facts.amending.clone() {
            let position = *position;
            let event = read(position, recorded)?;
            let changes = lineage.changes(position, &event, recorded)?;
            if !complete.iter().any(|range| range.contains(&position)) {
                changes.iter().try_for_each(|change| facts.apply(position, change))?;
            }
        }
        Ok((facts, lineage))
    }

    /// The lineage of what is covered, for facts that were stored and read back.
    ///
    /// # Errors
    /// As [`Lineage::changes`].
    pub fn lineage(&self, recorded: &dyn EventSource) -> Result<Lineage, ProjectionError> {
        let mut lineage = Lineage::default();
        for position in &self.amending {
            lineage.changes(*position, &read(*position, recorded)?, recorded)?;
        }
        Ok(lineage)
    }

    /// Puts facts of different ranges together, in any order.
    ///
    /// # Errors
    /// When two of them cover the same index.
    pub fn merge(parts: impl IntoIterator<Item = Self>) -> Result<Self, ProjectionError> {
        let mut merged: Option<Self> = None;
        for part in parts {
            match &mut merged {
                None => merged = Some(part),
                // Nothing to number anew; the common case of a rebuild.
                Some(merged) if merged.covers_nothing() && !part.covers_nothing() => *merged = part,
                Some(merged) => merged.absorb(part)?,
            }
        }
        Ok(merged.unwrap_or_default())
    }

    fn covers_nothing(&self) -> bool {
        self.ranges.iter().all(Range::is_empty)
    }

    fn absorb(&mut self, mut other: Self) -> Result<(), ProjectionError> {
        let ranges = join(&self.ranges, &other.ranges)?;
        let limit = u32::MAX;
        let offset = u32::try_from(self.amendments.len())
            .ok()
            .filter(|offset| {
                u32::try_from(other.amendments.len()).is_ok_and(|more| offset.checked_add(more).is_some())
            })
            .ok_or(ProjectionError::TooMany { what: "corrections and retractions", limit })?;
        let ids: Vec<u32> =
            other.ids.values().iter().map(|id| self.ids.intern(id)).collect::<Result<_, _>>()?;
        let codes: Vec<u32> =
            other.codes.values().iter().map(|code| self.codes.intern(code)).collect::<Result<_, _>>()?;
        let issuers = other.issuers.values().iter().map(|issuer| self.issuers.intern(issuer));
        let issuers: Vec<u32> = issuers.collect::<Result<_, _>>()?;
        let number = |dictionary, number: u32| {
            let numbers = match dictionary {
                Dictionary::Ids => &ids,
                Dictionary::Codes => &codes,
                Dictionary::Issuers => &issuers,
            };
            numbers.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
        };
        // Numbers of a whole part always lie in its own dictionaries.
        let Some(()) = other.tables.renumber(|amendment| amendment + offset, number) else {
            unreachable!("a part of facts numbers what it does not hold")
        };
        self.tables.append(other.tables);
        self.amendments.append(other.amendments);
        self.amending.append(other.amending);
        self.amending.edit(|positions| positions.sort_unstable());
        self.ranges = ranges;
        self.floor = self.floor.max(other.floor);
        Ok(())
    }

    /// Whether any event opens this programme, in force or not.
    #[must_use]
    pub fn has_program(&self, program: ProgramId) -> bool {
        let program = self.id(program.uuid());
        program.is_some() && self.tables.programs.iter().any(|row| Some(row.fact.program) == program)
    }

    /// Whether any event opens a programme of this theme, in force or not.
    #[must_use]
    pub fn has_theme(&self, theme: &Code) -> bool {
        let theme = self.code_id(theme);
        theme.is_some() && self.tables.programs.iter().any(|row| Some(row.fact.theme) == theme)
    }

    /// Whether any event opens a programme with money of this source, or reports some, in force or not.
    #[must_use]
    pub fn has_funding(&self, source: &Code) -> bool {
        let source = self.code_id(source);
        let tables = &self.tables;
        source.is_some()
            && (tables.program_funding.iter().any(|row| Some(row.fact.source) == source)
                || tables.spendings.iter().any(|row| Some(row.fact.source) == source)
                || tables.sentra_funds.iter().any(|row| Some(row.fact.source) == source))
    }

    /// Index of the event whose content a claim is at a log size of at least [`Facts::floor`]: its making, or the
    /// correction that speaks for it; of several makings the latest, as in the view `claims`. `None` when none is in
    /// force.
    #[must_use]
    pub fn claim(&self, claim: ClaimId, known: u64) -> Option<u64> {
        let (claim, live) = (self.id(claim.uuid())?, Live::new(self, known));
        let rows = self.tables.claims.iter().filter(|row| row.fact.claim == claim && live.holds(row));
        rows.map(|row| (row.day, live.origin(row))).max().map(|(_, (_, effective))| effective)
    }

    /// The claims in force at a log size of at least [`Facts::floor`], in the order in which they were made: the index of
    /// the event whose content each is, and its stream.
    #[must_use]
    pub fn claims_made(&self, known: u64) -> Vec<(u64, ClaimId)> {
        let live = Live::new(self, known);
        let rows = self.tables.claims.iter().filter(|row| live.holds(row));
        let mut made: Vec<_> = rows.map(|row| (live.origin(row), row.fact.claim)).collect();
        made.sort_unstable();
        let id = |claim| self.uuid(claim).and_then(ClaimId::new);
        made.into_iter().filter_map(|((_, effective), claim)| Some((effective, id(claim)?))).collect()
    }

    /// The day on which the last event below a log size was recorded, by the clocks of the office that did.
    #[must_use]
    pub(crate) fn recorded_last_on(&self, known: u64) -> Option<Date> {
        let rows = self.tables.recordings.iter().filter(|row| row.position < known);
        rows.max_by_key(|row| row.position).map(|row| row.day)
    }

    /// The last day on which offices recorded facts, or mended them, below a log size: those of an area, where one of them
    /// did anything, and else all; with that area where it is theirs.
    #[must_use]
    pub fn recorded_until(&self, area: Option<AreaCode>, known: u64) -> Option<(Date, Option<AreaCode>)> {
        let is_of_facts = |kind| matches!(kind, RecordingKind::Fact | RecordingKind::Amendment);
        let (mut there, mut anywhere) = (None, None);
        for row in self.tables.recordings.iter() {
            if row.position < known && is_of_facts(row.fact.kind) {
                anywhere = anywhere.max(Some(row.day));
                if area.is_some_and(|area| row.fact.area.is_within(area)) {
                    there = there.max(Some(row.day));
                }
            }
        }
        there.map(|day| (day, area)).or(anywhere.map(|day| (day, None)))
    }

    /// The checks of claims in force at a log size: the index of the event that says each, in order.
    #[must_use]
    pub fn checks(&self, known: u64) -> Vec<u64> {
        let live = Live::new(self, known);
        let rows = self.tables.checks.iter().filter(|row| live.holds(row));
        let mut indexes: Vec<u64> = rows.map(|row| live.origin(row).1).collect();
        indexes.sort_unstable();
        indexes
    }

    /// The UUID behind a number; `None` for none.
    pub(crate) fn uuid(&self, id: Id) -> Option<Uuid> {
        self.ids.value(id.0).copied()
    }

    /// The number of a UUID that some row names.
    pub(crate) fn id(&self, uuid: Uuid) -> Option<Id> {
        self.ids.number(&uuid).map(Id)
    }

    /// The code behind a number; `None` for none.
    pub(crate) fn code(&self, code: CodeId) -> Option<&Code> {
        self.codes.value(code.0)
    }

    /// All codes that some row names.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.codes.values().iter()
    }

    /// The issuer behind a number; `None` for none.
    pub(crate) fn issuer(&self, issuer: IssuerId) -> Option<&Issuer> {
        self.issuers.value(issuer.0)
    }

    /// The number of a code that some row names.
    pub(crate) fn code_id(&self, code: &Code) -> Option<CodeId> {
        self.codes.number(code).map(CodeId)
    }
}

/// Keeps the rows in force and renumbers their amendments.
struct Keep {
    plain: live::Gone,
    /// By amendment: its new number, or 0 when its rows go.
    numbers: Vec<u32>,
}

impl Visit for Keep {
    type Error = std::convert::Infallible;
    fn table<T: Fact>(&mut self, rows: &mut Chunks<rows::Row<T>>) -> Result<(), Self::Error> {
        rows.edit(|rows| {
            rows.retain_mut(|row| {
                if row.amendment == 0 {
                    return !self.plain.holds(row.position);
                }
                row.amendment = self.numbers[live::place(row.amendment)];
                row.amendment != 0
            });
        });
        Ok(())
    }
}

impl Tables {
    /// Renumbers every row; `amendment` maps numbers above 0. `None` when a number is not known.
    fn renumber(
        &mut self,
        amendment: impl Fn(u32) -> u32,
        number: impl FnMut(Dictionary, u32) -> Option<u32>,
    ) -> Option<()> {
        struct Renumber<A, N>(A, N);
        impl<A: Fn(u32) -> u32, N: FnMut(Dictionary, u32) -> Option<u32>> Visit for Renumber<A, N> {
            type Error = ();
            fn table<T: Fact>(&mut self, rows: &mut Chunks<rows::Row<T>>) -> Result<(), ()> {
                for row in rows.iter_mut() {
                    row.fact = row.fact.renumber(&mut self.1).ok_or(())?;
                    if row.amendment != 0 {
                        row.amendment = (self.0)(row.amendment);
                    }
                }
                Ok(())
            }
        }
        self.each(&mut Renumber(amendment, number)).ok()
    }
}

fn read(index: u64, recorded: &dyn EventSource) -> Result<Event, ProjectionError> {
    recorded.event(index).map_err(|source| ProjectionError::Unreadable { index, source })
}

/// The ranges of two parts together, adjoining ones as one.
fn join(left: &[Range<u64>], right: &[Range<u64>]) -> Result<Vec<Range<u64>>, ProjectionError> {
    let mut all: Vec<Range<u64>> =
        left.iter().chain(right).filter(|range| !range.is_empty()).cloned().collect();
    all.sort_unstable_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::with_capacity(all.len());
    for range in all {
        match joined.last_mut() {
            Some(last) if range.start < last.end => {
                return Err(ProjectionError::Overlap { index: range.start });
            }
            Some(last) if range.start == last.end => last.end = range.end,
            _ => joined.push(range),
        }
    }
    if joined.is_empty() {
        // Both were empty; keep where the later one stands.
        let next = left.iter().chain(right).map(|range| range.end).max().unwrap_or(0);
        joined.push(next..next);
    }
    Ok(joined)
}
