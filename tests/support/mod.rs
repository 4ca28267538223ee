//! A registry on a simulated disk and a store in memory, with a clock and randomness of its own.

use std::path::Path;
use std::sync::{Arc, Mutex};

use jejak::disk::sim::SimulatedDisk;
use jejak::environment::{Environment, ManualClock, SeededRandomness};
use jejak::log::StoreOpener;
use jejak::log::local::store::{MemoryStore, Store, StoreError};
use jejak::log::memory::MemoryPlace;
use jejak::registry::{InitReport, Look, Options, Registry, create};
use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::{Defaults, Proposal};
use jejak_events::time::RecordedTime;
use jejak_events::values::Sha256Hex;

/// A store in memory that every opening finds again.
#[derive(Debug, Default)]
pub struct MemoryOpener {
    store: Mutex<Arc<MemoryStore>>,
}

impl StoreOpener for MemoryOpener {
    fn open_in_place(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(self.store.lock().unwrap().clone())
    }
    fn open_copy(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.open_in_place()
    }
    fn set_aside(&self, _to: &Path) -> Result<(), StoreError> {
        *self.store.lock().unwrap() = Arc::default();
        Ok(())
    }
}

/// The moment at which registries in memory open.
pub const OPENED: &str = "2025-10-09T03:00:00.000Z";

/// Options of a registry that lives as long as they do, and the clock under it.
pub fn in_memory(seed: u64) -> (Options, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(RecordedTime::parse(OPENED).unwrap()));
    let mut options = Options::in_directory("/data");
    options.environment =
        Environment { clock: clock.clone(), randomness: Arc::new(SeededRandomness::new(seed)) };
    options.disk = Arc::new(SimulatedDisk::default());
    options.store = Arc::new(MemoryOpener::default());
    options.hold_directory = false;
    (options, clock)
}

/// As [`in_memory`], with the log in a place of its own that is no directory: what lies beside it is all that is left
/// on the disk.
pub fn with_log_in_memory(seed: u64) -> (Options, Arc<ManualClock>) {
    let (mut options, clock) = in_memory(seed);
    options.backend = Some(Arc::new(MemoryPlace::default()));
    (options, clock)
}

/// A new registry in memory.
pub fn registry(seed: u64) -> (Registry, Arc<ManualClock>) {
    let (options, clock) = in_memory(seed);
    (created(&options), clock)
}

/// A new registry where these options say.
pub fn created(options: &Options) -> Registry {
    let about = InitReport {
        origin: jejak_events::values::Origin::parse("jejak.example/test").unwrap(),
        source: source(),
        synthetic: true,
        recovery_file: "/recovery/secret".into(),
    };
    create(options, &about).unwrap();
    Registry::open(options).unwrap()
}

/// The test office.
pub fn source() -> Source {
    Source::parse("urn:jejak:33.75:dinperinaker").unwrap()
}

/// Reads a proposal of the test office.
pub fn proposal(value: &serde_json::Value) -> Proposal {
    let defaults = Defaults { source: source(), actor: Actor { kind: ActorKind::Unknown, id: None } };
    Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap()
}

/// The registry's own actor, who is nobody.
pub fn nobody() -> Actor {
    Actor { kind: ActorKind::System, id: None }
}

/// A noted look at an attachment.
pub fn look_at_file(registry: &Registry, file: &Sha256Hex) -> Look {
    registry.look_at_file(&nobody(), "test", file, &[]).unwrap()
}

/// A noted look at everybody's sealed values.
pub fn look(registry: &Registry) -> Look {
    registry.look_at_everybody(&nobody(), "test").unwrap()
}
