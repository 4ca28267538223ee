//! What a question lets a view see: the rows in force at its log size, up to its day, and the
//! relations that several views join.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use jejak_events::area::AreaCode;
use jejak_events::values::Date;

use super::known::Known;
use super::persons::Persons;
use super::profiles::Profiles;
use crate::facts::{Chunks, CodeId, Facts, Id, Program, Row};
use crate::question::Question;

/// A map whose keys are the small numbers of a dictionary, which nobody outside can choose.
pub(super) type NumberMap<K, V> = HashMap<K, V, BuildHasherDefault<NumberHasher>>;

/// Mixes small numbers by multiplication with an odd constant (Fibonacci hashing).
#[derive(Default)]
pub(super) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }
    fn write_u16(&mut self, number: u16) {
        self.write_u64(u64::from(number));
    }
    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }
    fn write_i32(&mut self, number: i32) {
        self.write_u32(number.cast_unsigned());
    }
    /// What an enum is.
    fn write_isize(&mut self, number: isize) {
        self.write_u64(number.cast_unsigned() as u64);
    }
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(23) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// Something for each identifier, by its number.
pub(super) struct ById<T>(Vec<Option<T>>);

impl<T> Default for ById<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> ById<T> {
    /// What is there for an identifier.
    pub(super) fn get(&self, id: Id) -> Option<T> {
        self.0.get(id.number()).copied().flatten()
    }

    /// All that is there, by identifier.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Id, T)> {
        self.0.iter().enumerate().filter_map(|(number, value)| Some((Id::numbered(number)?, (*value)?)))
    }

    /// All that is there.
    pub(super) fn values(&self) -> impl Iterator<Item = T> {
        self.0.iter().filter_map(|value| *value)
    }

    /// The place of an identifier.
    pub(super) fn slot(&mut self, id: Id) -> &mut Option<T> {
        let place = id.number();
        if self.0.len() <= place {
            self.0.resize_with(place + 1, || None);
        }
        &mut self.0[place]
    }
}

/// Puts a row in the place of another one when it ranks higher. Ranks end in the index of the event, and
/// no event has two rows in one place: only a row and itself rank alike.
pub(super) fn keep_highest<'r, T, K: Ord>(
    kept: &mut &'r Row<T>,
    row: &'r Row<T>,
    rank: impl Fn(&Row<T>) -> K,
) {
    if rank(kept) < rank(row) {
        *kept = row;
    }
}

/// A value that is asked for: none, or one that the facts may not even hold.
#[derive(Clone, Copy)]
enum Wanted<T> {
    Any,
    Only(Option<T>),
}

impl<T: PartialEq> Wanted<T> {
    fn fits(&self, given: T) -> bool {
        match self {
            Self::Any => true,
            Self::Only(wanted) => wanted.as_ref() == Some(&given),
        }
    }
}

/// The rows and relations behind one question.
pub(super) struct Scope<'a> {
    pub(super) facts: &'a Facts,
    pub(super) question: Question,
    pub(super) known: Arc<Known<'a>>,
    pub(super) profiles: Profiles<'a>,
    persons: OnceCell<Persons<'a>>,
    /// The opening of each programme.
    programs: ById<&'a Row<Program>>,
    /// Programmes with the source of money asked for; `None` when none is.
    funded: Option<Vec<Id>>,
    source: Wanted<CodeId>,
    program: Wanted<Id>,
    theme: Wanted<CodeId>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(facts: &'a Facts, question: &Question) -> Self {
        Self::among(&Known::new(facts, question.as_known), question)
    }

    /// As [`Scope::new`], among what is known at the log size asked for.
    pub(super) fn among(known: &Arc<Known<'a>>, question: &Question) -> Self {
        let facts = known.facts;
        let mut scope = Self {
            facts,
            question: question.clone(),
            known: Arc::clone(known),
            profiles: Profiles::default(),
            persons: OnceCell::new(),
            programs: ById::default(),
            funded: None,
            source: question.funding.as_ref().map_or(Wanted::Any, |code| Wanted::Only(facts.code_id(code))),
            program: question.program.map_or(Wanted::Any, |program| Wanted::Only(facts.id(program.uuid()))),
            theme: question.theme.as_ref().map_or(Wanted::Any, |theme| Wanted::Only(facts.code_id(theme))),
        };
        scope.profiles = Profiles::new(&scope);
        scope.programs = scope.latest(&facts.tables.programs, |fact| fact.program);
        scope.funded = question.funding.as_ref().map(|_| {
            let of_source = |(_, source): &(Id, CodeId)| scope.wants_source(*source);
            let mut funded: Vec<Id> =
                scope.program_money().filter(of_source).map(|(program, _)| program).collect();
            funded.sort_unstable();
            funded
        });
        scope
    }

    /// The rows of a table that are in force at the log size asked for and happened by the day.
    pub(super) fn rows<T>(&self, table: &'a Chunks<Row<T>>) -> impl Iterator<Item = &'a Row<T>> {
        table.iter().filter(|row| row.day <= self.question.on && self.known.live.holds(row))
    }

    /// Of each thing the latest row, by day, then by original index.
    pub(super) fn latest<T>(&self, table: &'a Chunks<Row<T>>, key: impl Fn(&T) -> Id) -> ById<&'a Row<T>> {
        let mut latest = ById::default();
        for row in self.rows(table) {
            keep_highest(latest.slot(key(&row.fact)).get_or_insert(row), row, |row| self.order(row));
        }
        latest
    }

    /// Persons on the day.
    pub(super) fn persons(&self) -> &Persons<'a> {
        self.persons.get_or_init(|| Persons::new(self))
    }

    /// Index of the original event of a row.
    pub(super) fn index<T>(&self, row: &Row<T>) -> u64 {
        self.known.live.origin(row).0
    }

    /// Index of the event whose content a row is: the original, or the correction that speaks for it.
    pub(super) fn effective<T>(&self, row: &Row<T>) -> u64 {
        self.known.live.origin(row).1
    }

    /// When a row counts as having happened: by day, ties by original index. Two events never are alike.
    pub(super) fn order<T>(&self, row: &Row<T>) -> (Date, u64) {
        (row.day, self.known.live.origin(row).0)
    }

    /// Adds the events that a row comes from: the original, and the correction that speaks for it.
    pub(super) fn trace<T>(&self, row: &Row<T>, events: &mut Vec<u64>) {
        let (index, effective) = self.known.live.origin(row);
        events.push(index);
        // Repeats are dropped in the end, but most events were never corrected: noting each twice costs time.
        if effective != index {
            events.push(effective);
        }
    }

    /// Whether a day lies in the period asked for; days after its end are never asked about.
    pub(super) fn since(&self, day: Date) -> bool {
        self.question.from.is_none_or(|from| from <= day)
    }

    /// Whether anything happened in a programme in the period asked for by which somebody in it came to stand otherwise;
    /// always where no first day is asked for. A view that looks for what came first of all, as survival does, must look at
    /// the other programmes, too.
    pub(super) fn stirs(&self, program: Id) -> bool {
        self.question.from.is_none_or(|from| self.known.stirs(program, from, self.question.on))
    }

    /// Whether the question is about part of the programmes and IKMs.
    pub(super) fn is_narrow(&self) -> bool {
        let Question { area, funding, program, scale, theme, .. } = &self.question;
        area.is_some() || funding.is_some() || program.is_some() || scale.is_some() || theme.is_some()
    }

    /// The opening of a programme; `None` when it is not in force by the day.
    pub(super) fn program(&self, program: Id) -> Option<&'a Row<Program>> {
        self.programs.get(program)
    }

    /// Adds the event that opens a programme, which says its theme and its area.
    pub(super) fn trace_program(&self, program: Id, events: &mut Vec<u64>) {
        if let Some(opening) = self.program(program) {
            self.trace(opening, events);
        }
    }

    /// Whether a row comes from the very event that opens a programme: in a log of another program it may
    /// be opened twice, and then all that is said of it is what the last opening says.
    pub(super) fn is_of_opening<T>(&self, row: &Row<T>, program: Id) -> bool {
        self.program(program).is_some_and(|opening| self.index(opening) == self.index(row))
    }

    /// The openings of all programmes, in no order.
    pub(super) fn programs(&self) -> impl Iterator<Item = &'a Row<Program>> {
        self.programs.values()
    }

    /// Whether the question is about this theme. Programmes and their money are not looked at.
    pub(super) fn wants_theme(&self, theme: CodeId) -> bool {
        matches!(self.program, Wanted::Any) && self.theme.fits(theme)
    }

    /// Whether the question is about this area.
    pub(super) fn wants_area(&self, area: Option<AreaCode>) -> bool {
        self.question.area.is_none_or(|wanted| area.is_some_and(|area| area.is_within(wanted)))
    }

    /// Each programme with the sources that it has money of, by its opening or a report of its cost; with repeats.
    pub(super) fn program_money(&self) -> impl Iterator<Item = (Id, CodeId)> {
        let tables = &self.facts.tables;
        let named = self.rows(&tables.program_funding);
        let named = named.filter(|row| self.is_of_opening(row, row.fact.program));
        let reported = self.rows(&tables.spendings).map(|row| (row.fact.program, row.fact.source));
        named.map(|row| (row.fact.program, row.fact.source)).chain(reported)
    }

    /// Whether the question is about money of this source.
    pub(super) fn wants_source(&self, source: CodeId) -> bool {
        self.source.fits(source)
    }

    /// Whether the question is about this programme, by itself and its theme, whatever money it has.
    pub(super) fn wants_program_of_any_money(&self, program: Id) -> bool {
        self.program.fits(program) && self.theme.fits(self.theme(program))
    }

    /// Whether the question is about this programme, by itself, its theme and its money.
    pub(super) fn wants_program(&self, program: Id) -> bool {
        self.wants_program_of_any_money(program)
            && self.funded.as_ref().is_none_or(|funded| funded.binary_search(&program).is_ok())
    }

    /// The theme of a programme, or none.
    pub(super) fn theme(&self, program: Id) -> CodeId {
        self.program(program).map_or(CodeId::NONE, |row| row.fact.theme)
    }
}
