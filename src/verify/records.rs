//! Every record: its form, its place in the order of time, its id, and the rules it was recorded under.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::tile::{TileBytes, TileTree};
use jejak_events::time::RecordedTime;
use jejak_events::tree::{Hash, leaf_hash};
use jejak_events::types::{Data, Evidence};
use jejak_events::values::Sha256Hex;

use super::{Check, OnProgress, Stage, VerifyError};
use crate::decide;
use crate::log::{LogError, LogReader};
use crate::registry::Registry;
use crate::registry::core::{Core, Denied, Dependents, History as _};

/// Events judged at a time on the writer's thread.
const STEP: u64 = 1024;

/// What the log says of destroyed keys, and which evidence it lists.
#[derive(Debug, Default)]
pub struct Explained {
    /// Keys that an erasure reached: the index of its request and whose erasure it is.
    pub erased: BTreeMap<(Subject, Group), (u64, Subject)>,
    /// Subjects whose erasure is recorded as done.
    pub done: BTreeSet<Subject>,
    /// Redacted files.
    redacted: BTreeSet<Sha256Hex>,
    /// Evidence listed, with the event that lists it.
    pub evidence: Vec<(u64, Evidence)>,
}

impl Explained {
    /// Whether the key of a file must be gone.
    #[must_use]
    pub fn is_destroyed(&self, evidence: &Evidence) -> bool {
        let erased = |subject: &Subject| {
            let reached = self.erased.get(&(*subject, Group::Personal));
            reached.is_some_and(|(_, root)| self.done.contains(root))
        };
        self.redacted.contains(&evidence.sha256)
            || evidence.subjects.iter().flat_map(|subjects| subjects.iter()).any(erased)
    }

    /// Takes in an event that `core` has just taken in.
    fn take(&mut self, index: u64, event: &Event, core: &Core) {
        let subject = event.draft.subject;
        match &event.draft.data {
            Data::IkmErasureRequested(_) | Data::PersonErasureRequested(_) => {
                for reached in decide::reach(core.state(), subject) {
                    self.erased.entry(reached).or_insert((index, subject));
                }
            }
            Data::IkmErased(_) | Data::PersonErased(_) => drop(self.done.insert(subject)),
            Data::EvidenceRedacted(data) => drop(self.redacted.insert(data.file.clone())),
            _ => {}
        }
        self.evidence.extend(event.draft.data.evidence().map(|evidence| (index, evidence.clone())));
    }
}

/// Checks records and rules, and answers with the root that the stored bytes hash to (`None` when not
/// all of them could be read) and with what the log explains.
///
/// # Errors
/// When the machine fails, or the caller stops.
pub fn check(
    registry: &Registry,
    size: u64,
    on_progress: OnProgress<'_>,
) -> Result<(Vec<Check>, Option<Hash>, Explained), VerifyError> {
    let reader = registry.reader();
    let mut records = Records {
        records: Check::new("records", "peristiwa", "events"),
        order: Check::new("order", "peristiwa", "events"),
        store: Check::new("store", "peristiwa", "events"),
        tree: TileTree::new(),
        last_recorded: None,
        ids: Vec::with_capacity(usize::try_from(size).unwrap_or(0)),
    };
    let mut rules = Rules {
        check: Check::new("rules", "peristiwa", "events"),
        core: Core::new(),
        explained: Explained::default(),
        ended: false,
    };
    let mut from = 0;
    while from < size {
        let to = size.min(from + STEP);
        let mut full = Vec::new();
        let scanned = reader.scan(from..to, &mut |index, bytes| {
            full.extend(records.take(index, bytes));
            true
        });
        match scanned {
            Ok(()) => {}
            Err(error @ LogError::Damaged { .. }) => {
                records.store.told("penyimpanan rusak", "the store is damaged", error);
                let checks = vec![records.store, records.records, records.order, rules.check];
                return Ok((checks, None, rules.explained));
            }
            Err(error) => return Err(error.into()),
        }
        for tile in &full {
            records.hold_tile(reader, tile)?;
        }
        rules = registry.with_engine(move |engine| {
            rules.judge(engine, from..to);
            rules
        })?;
        from = to;
        if !on_progress(Stage::Records, from, size) {
            return Err(VerifyError::Stopped);
        }
    }
    let root = records.tree.root();
    records.store.checked = size;
    records.finish_ids();
    let checks = vec![records.store, records.records, records.order, rules.check];
    Ok((checks, Some(root), rules.explained))
}

struct Records {
    records: Check,
    order: Check,
    store: Check,
    tree: TileTree,
    last_recorded: Option<RecordedTime>,
    ids: Vec<u128>,
}

impl Records {
    /// Checks one record on its own and in its place; answers with the tiles that it fills.
    fn take(&mut self, index: u64, bytes: &[u8]) -> Vec<TileBytes> {
        let full = self.tree.push(leaf_hash(bytes));
        self.records.checked += 1;
        let event = match Event::parse(bytes) {
            Ok(event) => event,
            Err(error) => {
                let message = &error.0.message;
                self.records.problem(
                    format!("peristiwa {index}: {}", message.id),
                    format!("event {index}: {}", message.en),
                );
                return full;
            }
        };
        self.order.checked += 1;
        if let Some(last) = self.last_recorded.filter(|last| event.recorded < *last) {
            let recorded = event.recorded;
            self.order.problem(
                format!("peristiwa {index} dicatat {recorded}, sebelum pendahulunya {last}"),
                format!("event {index} was recorded at {recorded}, before the one ahead of it at {last}"),
            );
        }
        self.last_recorded = Some(event.recorded);
        if (index == 0) != matches!(event.draft.data, Data::RegistryOpened(_)) {
            self.order.problem(
                format!("peristiwa {index}: registry.opened hanya boleh pada indeks 0, dan harus di sana"),
                format!("event {index}: registry.opened stands at index 0 and nowhere else"),
            );
        }
        self.ids.push(event.draft.id.uuid().as_u128());
        full
    }

    /// The tile that the log hands out is the one that the leaves make.
    fn hold_tile(&mut self, reader: &LogReader, own: &TileBytes) -> Result<(), VerifyError> {
        let tile = own.tile;
        let stored: Vec<u8> =
            reader.tile(tile.level(), tile.index())?.iter().flat_map(|hash| hash.0).collect();
        if stored != own.bytes {
            self.store.problem(
                format!("{tile} bukan hash dari peristiwanya"),
                format!("{tile} is not what its events hash to"),
            );
        }
        Ok(())
    }

    fn finish_ids(&mut self) {
        self.ids.sort_unstable();
        let doubles = self.ids.windows(2).filter(|pair| pair[0] == pair[1]).count();
        if doubles > 0 {
            self.order.problem(
                format!("{doubles} id dipakai lebih dari sekali"),
                format!("{doubles} ids are used more than once"),
            );
        }
    }
}

/// Replays the log through the rules: what was recorded must be allowed again.
struct Rules {
    check: Check,
    core: Core,
    explained: Explained,
    /// Nothing after an event that cannot be taken in can be judged.
    ended: bool,
}

impl Rules {
    fn judge(&mut self, engine: &crate::registry::Engine, range: std::ops::Range<u64>) {
        let past = engine.past();
        // Which events were one atomic batch is not recorded, so what rests on a changed event is not
        // judged again here: the batch may have mended it.
        let mut touched = BTreeSet::new();
        for index in range {
            if self.ended {
                return;
            }
            let read = past.event(index).and_then(|event| Ok((past.sealed(index)?, event)));
            let (sealed, event) = match read {
                Ok(read) => read,
                Err(error) => {
                    self.check.told(&format!("peristiwa {index}"), &format!("event {index}"), error);
                    self.ended = true;
                    return;
                }
            };
            self.check.checked += 1;
            // Event 0 makes the rules.
            let judged = if index == 0 {
                self.core.absorb(event, &past)
            } else {
                self.core.admit(event, &sealed, &past, Dependents::Later(&mut touched))
            };
            match judged {
                Ok(admitted) => self.explained.take(index, &admitted.event, &self.core),
                Err(Denied::Refused(refusal)) => {
                    self.check.problem(
                        format!("peristiwa {index}: {} [{}]", refusal.message.id, refusal.rule),
                        format!("event {index}: {} [{}]", refusal.message.en, refusal.rule),
                    );
                    self.ended = true;
                }
                Err(error) => {
                    self.check.told(&format!("peristiwa {index}"), &format!("event {index}"), error);
                    self.ended = true;
                }
            }
        }
    }
}
