//! A log replayed from its entries alone: no registry, no vault, no keys.
//!
//! Reading, hashing and parsing run on a thread of their own, a few groups of entries ahead of the rules. Of what
//! rests on sealed values nothing is judged here; [`AttestedCount`] counts it, so that a report can say so.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use jejak_events::fault::Message;
use jejak_events::identity::Source;
use jejak_events::log_keys::LogKeys;
use jejak_events::moment::{is_known_on, sizes_around};
use jejak_events::proposal::SealedValues;
use jejak_events::record::{Event, RecordError};
use jejak_events::time::RecordedTime;
use jejak_events::tree::{Frontier, Hash, leaf_hash};
use jejak_events::types::area_reports::FiguresReleased;
use jejak_events::types::exhibition::ExhibitionJoined;
use jejak_events::types::{Constitution, EventType, Role};
use jejak_events::types::{Data, RegistryOpened};
use jejak_events::values::Date;
use jejak_events::{area, constitution};
use jejak_projections::claims::ClaimLog;
use jejak_projections::error::ReadFailure;
use jejak_projections::facts::Facts;

use super::spool::Spool;
use super::{Check, Records, Rules};
use crate::rules;
use crate::rules::machine::{EventReader as _, History};
use crate::rules::reached::Reached;
use crate::rules::release::told::Released;

/// Entries handed over together: enough that it costs nothing.
const GROUP_ENTRIES: usize = 1024;

/// Groups that may wait for the rules.
const WAITING_GROUPS: usize = 4;

/// Where entries come from.
pub trait EntrySource: Send {
    /// Hands over entries in the order of their indexes, from index 0 on, until `take` says `false` or there are
    /// no more. Each has at most [`jejak_events::bundle::MAX_ENTRY_LENGTH_BYTES`].
    ///
    /// # Errors
    /// When they cannot be read, or do not have the form of their place.
    fn read(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), SourceError>;

    /// After reading: how many entries follow those that were taken, in whole commits. They were not looked at.
    fn following(&self) -> u64 {
        0
    }
}

/// Why entries could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// What is there is not what should be there: the answer is no.
    #[error("{}", .0.en)]
    Wrong(Message),
    /// There is nothing of the kind at the place that was named.
    #[error("{}", .0.en)]
    Absent(Message),
    /// The machine failed.
    #[error("{what}: {source}")]
    Failed {
        /// What could not be done, with the path.
        what: String,
        /// Why.
        source: std::io::Error,
    },
}

impl SourceError {
    /// What is wrong, in the words of a typed error or like one.
    pub fn wrong(what: impl std::fmt::Display) -> Self {
        Self::Wrong(Message::of_error(what))
    }
}

/// The replay could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The entries could not be read to the end.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The temporary file failed.
    #[error("cannot keep the entries in a temporary file (TMPDIR says where): {0}")]
    Spool(#[source] std::io::Error),
    /// The caller asked to stop.
    #[error("stopped before the end")]
    Stopped,
}

/// What only the registry, which holds the vault, can say; counted, not judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct AttestedCount {
    /// Events with sealed values.
    pub sealed: u64,
    /// Certificates and renewals, whose number is sealed: that it is the only one of its issuer.
    pub certificate_numbers: u64,
    /// Profiles with a scale: that it follows from the sealed workers and investment.
    pub scales: u64,
    /// Reports whose figures are sealed: that no part of one is larger than its whole.
    pub parts: u64,
    /// Persons, whose year of birth is sealed: that it lies before their registration.
    pub birth_years: u64,
    /// Files of evidence: that they are there, and say what the event says.
    pub evidence: u64,
    /// Erasures that are recorded as done: that the keys are gone.
    pub erasures: u64,
    /// Sums that releases tell: that they are those of the sealed figures, and tell nobody's.
    pub released_sums: u64,
}

impl AttestedCount {
    fn count(&mut self, data: &Data) {
        self.evidence += data.evidence().count() as u64;
        let data = data.said();
        self.sealed += u64::from(!data.declaration().sealed.is_empty());
        self.certificate_numbers += u64::from(data.seals("number"));
        self.scales += u64::from(data.scales().is_some());
        let visitors = ExhibitionJoined::of(data).and_then(|joined| joined.visitors);
        self.parts += u64::from(data.seals("women") || visitors.is_some());
        self.birth_years += u64::from(data.seals("birth_year"));
        self.erasures += u64::from(data.role() == Role::Erased);
        let sums = FiguresReleased::of(data).map(|told| told.cells.iter().filter(|cell| cell.sum.is_some()));
        self.released_sums += sums.map_or(0, |sums| sums.count() as u64);
    }
}

/// A log as it was replayed.
#[derive(Debug)]
pub struct Replayed {
    /// Number of entries read; smaller than asked for when there were no more.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// The roots that were asked for, by size; those beyond the entries are absent.
    pub roots: BTreeMap<u64, Hash>,
    /// Form, order and rules.
    pub checks: Vec<Check>,
    /// What event 0 says, and who recorded it; absent when it could not be read.
    pub opened: Option<(RegistryOpened, Source)>,
    /// The checkpoint keys that the events name.
    pub log_keys: LogKeys,
    /// Recorded time of the last event.
    pub last_recorded: Option<RecordedTime>,
    /// What the views count; of the first events only, when the rules ended before the last.
    pub facts: Facts,
    /// What was not judged.
    pub attested: AttestedCount,
    /// Every release that the log holds.
    pub releases: Vec<Released>,
    /// The keys of sealed values that erasures reach: what is sealed under them cannot be disclosed any more.
    pub erased: Reached,
    spool: Spool,
}

impl Replayed {
    /// Whether every record is in form, in order and allowed by the rules.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(Check::is_sound)
    }

    /// The day of the last event, where the registry is: the last day that the log can say everything about.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        let (_, source) = self.opened.as_ref()?;
        Some(self.last_recorded?.date_in(source.area))
    }

    /// Number of events up to the last whose recorded time is still known: `known` must not come true again once
    /// it is false.
    ///
    /// # Errors
    /// When an event cannot be read.
    pub fn size_while(&self, known: impl Fn(RecordedTime) -> bool) -> Result<u64, ReadFailure> {
        let (mut from, mut to) = (0, self.size);
        while from < to {
            let middle = from.midpoint(to);
            if known(self.spool.event(middle)?.recorded) { from = middle + 1 } else { to = middle }
        }
        Ok(from)
    }
}

impl Replayed {
    /// The sizes around one at which the log never stood, see [`jejak_events::moment`]; `None` for any other.
    ///
    /// # Errors
    /// When an event cannot be read.
    pub fn sizes_around(&self, size: u64) -> Result<Option<RangeInclusive<u64>>, ReadFailure> {
        sizes_around(size, self.size, |index| Ok(self.spool.event(index)?.recorded))
    }
}

impl ClaimLog for Replayed {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        self.spool.event(index)
    }

    fn size_on(&self, day: Date) -> Result<u64, ReadFailure> {
        let (_, source) = self.opened.as_ref().ok_or("event 0 opens no registry")?;
        self.size_while(|recorded| is_known_on(recorded, day, source.area))
    }
}

/// Entries on their way to the rules.
struct EntryGroup {
    text: Vec<u8>,
    /// Of each entry: where it ends, its leaf hash, and what it reads as.
    entries: Vec<(usize, Hash, Result<Event, RecordError>)>,
}

impl EntryGroup {
    fn new() -> Self {
        Self { text: Vec::new(), entries: Vec::with_capacity(GROUP_ENTRIES) }
    }
}

/// Replays the first `size` entries of a source.
///
/// `roots_at` are sizes whose roots are wanted besides. `go_on` hears how many entries are done, and stops the
/// replay by `false`.
///
/// # Errors
/// When entries cannot be read or kept. What does not hold is no error: it stands in the checks.
pub fn replay(
    source: &mut dyn EntrySource,
    size: u64,
    roots_at: impl IntoIterator<Item = u64>,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<Replayed, ReplayError> {
    let mut fold = Fold::new(roots_at).map_err(ReplayError::Spool)?;
    let (groups, parsed) = sync_channel(WAITING_GROUPS);
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || read_groups(source, size, &groups));
        let folded = fold_all(&mut fold, parsed, go_on);
        match reading.join() {
            Ok(read) => folded.and(read.map_err(ReplayError::from)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })?;
    Ok(fold.finish())
}

fn read_groups(
    source: &mut dyn EntrySource,
    size: u64,
    groups: &SyncSender<EntryGroup>,
) -> Result<(), SourceError> {
    let (mut group, mut read) = (EntryGroup::new(), 0);
    if size == 0 {
        return Ok(());
    }
    source.read(&mut |entry| {
        group.text.extend_from_slice(entry);
        group.entries.push((group.text.len(), leaf_hash(entry), Event::parse(entry)));
        read += 1;
        let heard = group.entries.len() < GROUP_ENTRIES
            || groups.send(std::mem::replace(&mut group, EntryGroup::new())).is_ok();
        heard && read < size
    })?;
    // Whoever folds has stopped with an error of their own when they no longer listen.
    let _ = groups.send(group);
    Ok(())
}

fn fold_all(
    fold: &mut Fold,
    parsed: Receiver<EntryGroup>,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<(), ReplayError> {
    for group in parsed {
        let mut start = 0;
        for (end, leaf, read) in group.entries {
            fold.take(&group.text[start..end], leaf, read).map_err(ReplayError::Spool)?;
            start = end;
        }
        if !go_on(fold.spool.size()) {
            return Err(ReplayError::Stopped);
        }
    }
    Ok(())
}

struct Fold {
    tree: Frontier,
    wanted: Vec<u64>,
    roots: BTreeMap<u64, Hash>,
    records: Records,
    rules: Rules,
    constitution: Check,
    opened: Option<(RegistryOpened, Source)>,
    log_keys: LogKeys,
    facts: Facts,
    attested: AttestedCount,
    spool: Spool,
}

impl Fold {
    fn new(roots_at: impl IntoIterator<Item = u64>) -> std::io::Result<Self> {
        let mut wanted: Vec<u64> = roots_at.into_iter().collect();
        // The next one stands at the end.
        wanted.sort_unstable_by(|a, b| b.cmp(a));
        wanted.dedup();
        let mut fold = Self {
            tree: Frontier::new(),
            wanted,
            roots: BTreeMap::new(),
            records: Records::default(),
            rules: Rules::default(),
            constitution: Check::new("registry", "peristiwa pembuka", "opening events"),
            opened: None,
            log_keys: LogKeys::new(),
            facts: Facts::default(),
            attested: AttestedCount::default(),
            spool: Spool::new()?,
        };
        fold.note_root();
        Ok(fold)
    }

    fn note_root(&mut self) {
        if let Some(size) = self.wanted.pop_if(|next| *next == self.tree.size()) {
            self.roots.insert(size, self.tree.root());
        }
    }

    fn take(&mut self, entry: &[u8], leaf: Hash, read: Result<Event, RecordError>) -> std::io::Result<()> {
        let index = self.spool.size();
        self.spool.push(entry)?;
        self.tree.push(leaf);
        self.note_root();
        let Some(event) = self.records.take(index, read) else {
            if !self.rules.has_ended() {
                self.rules.end(index, "not a record; nothing after it was judged or counted");
            }
            return Ok(());
        };
        self.attested.count(&event.draft.data);
        self.log_keys.observe(index, &event.draft.data);
        if let (0, Some(Constitution::Opened(opened))) = (index, event.draft.data.constitution()) {
            self.hold_constitution(opened);
            self.opened = Some((opened.clone(), event.draft.source.clone()));
        }
        let past = (&self.spool as &dyn History, &self.facts);
        let Some(admitted) = self.rules.take(index, event, &SealedValues::new(), past) else {
            return Ok(());
        };
        if let Err(error) = admitted.append_to(&mut self.facts) {
            self.rules.end(index, error);
        }
        Ok(())
    }

    /// Whether this program judges as the registry did when it was opened.
    fn hold_constitution(&mut self, opened: &RegistryOpened) {
        self.constitution.checked = 1;
        for fault in constitution::faults(opened) {
            self.constitution.problem(format!("peristiwa 0: {}", fault.id), format!("event 0: {}", fault.en));
        }
        let rules = opened.rules.get();
        if !rules::RULES.contains(&rules) {
            self.constitution.problem(
                format!("aturan versi {rules} tidak dikenal program ini; pakai program yang lebih baru"),
                format!("rules of version {rules} are not known to this program; use a newer one"),
            );
        }
        let own = area::table_sha256();
        if *opened.area_table_sha256 != own {
            let theirs = &opened.area_table_sha256;
            self.constitution.problem(
                format!("registri ini memakai tabel wilayah {theirs}, program ini {own}"),
                format!("this registry uses the table of areas {theirs}, this program {own}"),
            );
        } else if opened.area_table_year.get() != area::TABLE_YEAR {
            let (theirs, own) = (opened.area_table_year.get(), area::TABLE_YEAR);
            self.constitution.problem(
                format!("peristiwa 0 menyebut tabel wilayah tahun {theirs}, padahal tabel itu tahun {own}"),
                format!("event 0 dates the table of areas {theirs}, while it is that of {own}"),
            );
        }
    }

    fn finish(mut self) -> Replayed {
        let rules = self.rules.finish(&self.spool, &self.facts);
        let last_recorded = self.records.last_recorded();
        let [form, order] = self.records.finish();
        if self.opened.is_none() {
            self.constitution.problem("peristiwa 0 tidak membuka registri", "event 0 opens no registry");
        }
        Replayed {
            size: self.tree.size(),
            root: self.tree.root(),
            roots: self.roots,
            checks: vec![self.constitution, form, order, rules],
            opened: self.opened,
            log_keys: self.log_keys,
            last_recorded,
            facts: self.facts,
            attested: self.attested,
            releases: self.rules.take_releases(),
            erased: self.rules.into_reached(),
            spool: self.spool,
        }
    }
}
