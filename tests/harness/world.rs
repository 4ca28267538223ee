//! A whole registry on a simulated disk and store: a script that works on it, a witness of what it
//! answered, and the check of what is left.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jejak::disk::Disk;
use jejak::disk::sim::{Fault, Faults, SimulatedDisk};
use jejak::log::LogError;
use jejak::registry::{Engine, Options, PreparedEvent, RegistryError, Request, create, open_engine};
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::identity::{Actor, ActorKind};
use jejak_events::proposal::comparable;
use jejak_events::record::Event;
use jejak_events::tree::{Frontier, leaf_hash};

use super::planted::{Planted, PlantedDisk};
use super::store::SimulatedOpener;
use super::workload;

/// Everything a registry stands on.
#[derive(Clone, Debug)]
pub struct World {
    /// Its disk.
    pub disk: SimulatedDisk,
    /// Its store.
    pub opener: SimulatedOpener,
    /// A bug planted under its journal.
    pub planted: Option<Planted>,
}

/// What the outside was told.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Whether making the registry was acknowledged.
    pub created: bool,
    /// Operations sent, with the indexes of those that were acknowledged.
    pub operations: BTreeMap<u32, Option<Vec<u64>>>,
    /// Checkpoints handed out.
    pub checkpoints: Vec<String>,
}

impl World {
    /// An empty machine.
    pub fn new(fault: Option<Fault>, planted: Option<Planted>) -> Self {
        let faults = Faults::default();
        faults.plan(fault);
        Self { disk: SimulatedDisk::new(faults.clone()), opener: SimulatedOpener::new(faults), planted }
    }

    /// The same files, as another process on the same machine sees them.
    pub fn fork(&self) -> Self {
        let disk = self.disk.fork();
        let opener = self.opener.fork(disk.faults());
        Self { disk, opener, planted: None }
    }

    /// The files after a power cut.
    pub fn crash(&self, seed: u64) -> Self {
        let disk = self.disk.crash(seed);
        let opener = self.opener.crash(seed, disk.faults());
        Self { disk, opener, planted: None }
    }

    /// Options of its registry, with randomness from `seed`.
    pub fn options(&self, seed: u64) -> Options {
        let mut options = workload::options(Path::new("/simulated/data"), seed);
        options.keys_dir = "/simulated/keys".into();
        options.anchor = "/simulated/elsewhere/anchor".into();
        options.log.segment_bytes = 4_000;
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        options.disk = match self.planted {
            Some(planted) => Arc::new(PlantedDisk::new(disk, planted)),
            None => disk,
        };
        options.store = Arc::new(self.opener.clone());
        options.hold_directory = false;
        options
    }
}

/// Sends operations of thread 0 in one group, each as a request of its own.
fn send(
    engine: &mut Engine,
    options: &Options,
    numbers: &[u32],
    seen: &mut Seen,
) -> Result<(), RegistryError> {
    let mut requests = Vec::new();
    for number in numbers {
        let operation = workload::operation(0, *number);
        let proposals = operation.values.iter().map(workload::proposal);
        let randomness = &options.environment.randomness;
        let prepared = proposals.map(|proposal| PreparedEvent::new(proposal, randomness).unwrap()).collect();
        requests.push(Request { prepared, atomic: operation.atomic });
        seen.operations.entry(*number).or_default();
    }
    let (answers, _) = engine.process(requests)?;
    for (number, outcomes) in numbers.iter().zip(answers) {
        let outcomes = outcomes?;
        let indexes: Vec<u64> =
            outcomes.iter().map(|outcome| outcome.index().unwrap_or_else(|| panic!("{outcome:?}"))).collect();
        let before = seen.operations.insert(*number, Some(indexes.clone())).flatten();
        assert!(before.is_none_or(|before| before == indexes), "{number} moved");
    }
    Ok(())
}

fn anchor(engine: &mut Engine, seen: &mut Seen) -> Result<(), RegistryError> {
    seen.checkpoints.extend(engine.anchor()?);
    Ok(())
}

/// After a failure nothing is acknowledged any more, until reopened. What was acknowledged before may
/// still be signed; then it may not be taken back either.
fn answers_nothing(engine: &mut Engine, options: &Options, seen: &mut Seen) {
    let next = workload::operation(9, 0);
    let prepared = next.values.iter().map(workload::proposal);
    let prepared = prepared
        .map(|proposal| PreparedEvent::new(proposal, &options.environment.randomness).unwrap())
        .collect();
    let answer = engine.process(vec![Request { prepared, atomic: false }]);
    assert!(answer.is_err(), "acknowledged after a failure: {answer:?}");
    seen.checkpoints.extend(engine.anchor().ok().flatten());
}

/// Makes a registry, works on it, closes it, opens it and goes on. Stops at the first failure.
pub fn script(world: &World, seen: &mut Seen) -> Result<(), RegistryError> {
    let options = world.options(1);
    create(&options, &workload::about(&options.dir))?;
    seen.created = true;
    for groups in [[&[0_u32, 1][..], &[2], &[3, 4]], [&[5, 6], &[7, 8], &[9, 10]]] {
        let (mut engine, _, _) = open_engine(&options)?;
        for (place, numbers) in groups.into_iter().enumerate() {
            let step = send(&mut engine, &options, numbers, seen)
                .and_then(|()| if place == 1 { anchor(&mut engine, seen) } else { Ok(()) });
            if let Err(error) = step {
                answers_nothing(&mut engine, &options, seen);
                return Err(error);
            }
        }
        engine.close()?;
        seen.checkpoints
            .push(String::from_utf8(options.disk.read(&options.paths().checkpoint()).unwrap()).unwrap());
    }
    Ok(())
}

/// Opens what is left and holds it against what was seen: `Err` says what is wrong. Then goes on with it,
/// which must work.
///
/// # Errors
/// What is wrong, in words.
pub fn verify(world: &World, seen: &Seen) -> Result<(), String> {
    let options = world.options(2);
    if !seen.created {
        match create(&options, &workload::about(&options.dir)) {
            Ok(_) | Err(RegistryError::Exists { .. } | RegistryError::Log(LogError::Exists { .. })) => {}
            Err(error) => return Err(format!("init cannot be finished: {error}")),
        }
    }
    let (mut engine, facts, opened) =
        open_engine(&options).map_err(|error| format!("it does not open: {error}"))?;
    let reader = engine.log().reader();
    let (mut events, mut tree) = (Vec::new(), Frontier::new());
    let mut roots = vec![tree.root()];
    let size = reader.size();
    let scanned = reader.scan(0..size, &mut |_, bytes| {
        tree.push(leaf_hash(bytes));
        roots.push(tree.root());
        events.push(Event::parse(bytes).unwrap());
        true
    });
    scanned.map_err(|error| format!("it does not read: {error}"))?;
    if facts.size() != size {
        return Err("the facts do not cover the log".into());
    }
    for note in &seen.checkpoints {
        let signed = SignedCheckpoint::parse(note.as_bytes()).unwrap();
        let checkpoint = signed.verify(&opened.verifier_key).map_err(|error| error.to_string())?;
        if usize::try_from(checkpoint.size()).ok().and_then(|size| roots.get(size))
            != Some(&checkpoint.root())
        {
            return Err(format!("what was signed at {} was taken back", checkpoint.size()));
        }
    }
    let actor = Actor { kind: ActorKind::System, id: None };
    let look = engine.look_at_everybody(&actor, "test").map_err(|error| error.to_string())?;
    let mut known = 1;
    for (number, indexes) in &seen.operations {
        let values = workload::operation(0, *number).values;
        let found: Vec<Option<u64>> = values
            .iter()
            .map(|value| {
                let mut places = (0_u64..)
                    .zip(&events)
                    .filter(|(_, event)| value["id"] == event.draft.id.to_string().as_str());
                let first = places.next();
                assert!(places.next().is_none(), "an id stands twice");
                first.map(|(place, _)| place)
            })
            .collect();
        let there = found.iter().flatten().count();
        let lost = match indexes {
            Some(indexes) => indexes.iter().zip(&found).any(|(index, found)| Some(*index) != *found),
            None => there != 0 && there != values.len(),
        };
        if lost {
            return Err(format!("operation {number}: acknowledged {indexes:?}, found {found:?}"));
        }
        known += there;
        for (place, (value, index)) in values.iter().zip(&found).enumerate() {
            let Some(index) = *index else { continue };
            let (event, draft) =
                (&events[usize::try_from(index).unwrap()].draft, workload::proposal(value).draft);
            if event.subject != draft.subject || comparable(&event.data) != comparable(&draft.data) {
                return Err(format!("event {index} is not what was proposed"));
            }
            let Some(sealed) = workload::sealed(0, *number, u32::try_from(place).unwrap()) else { continue };
            let values = engine.sealed(&look, index).map_err(|error| format!("event {index}: {error}"))?;
            if !sealed.iter().all(|(name, value)| values.get(name.as_str()) == Some(value)) {
                return Err(format!("event {index} opens to {values:?}"));
            }
        }
    }
    if known != events.len() {
        return Err(format!("{} events, {known} were sent", events.len()));
    }
    go_on(&mut engine, &options, seen).map_err(|error| format!("it does not go on: {error}"))?;
    engine.close().map_err(|error| format!("it does not close: {error}"))
}

/// Sends again what has no answer, then something new; the answers must be as before.
fn go_on(engine: &mut Engine, options: &Options, seen: &Seen) -> Result<(), RegistryError> {
    let mut seen = seen.clone();
    let last = seen.operations.keys().next_back().map_or(0, |last| last + 1);
    for number in 0..=last {
        send(engine, options, &[number], &mut seen)?;
    }
    anchor(engine, &mut seen)
}
