//! Two registries on one log: who stands down, what is acknowledged, and what goes on. The log lies in memory; the
//! engine knows nothing of it but what every place must do.

use std::sync::Arc;
use std::time::Duration;

use jejak_events::identity::{Actor, ActorKind, Source, Subject};
use jejak_events::proposal::{Proposal, SealedValues};
use jejak_events::time::RecordedTime;
use jejak_events::values::{Code, Date};
use jejak_projections::answer::Answer;
use jejak_projections::question::Question;
use jejak_projections::views::VIEWS;
use serde_json::{Value, json};

use super::{InitReport, Options, Outcome, Registry, RegistryError, create};
use crate::disk::sim::SimulatedDisk;
use crate::environment::{Environment, ManualClock, SeededRandomness};
use crate::log::memory::{MemoryFault, MemoryPlace};
use crate::log::{LogError, Tip};

const IKM: &str = "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b";

/// A machine: a disk for keys and all that lies beside a log, and the log's place.
struct Machine {
    disk: SimulatedDisk,
    place: MemoryPlace,
    seed: u64,
}

impl Machine {
    fn options(&self) -> Options {
        let mut options = Options::in_directory("/data");
        let clock = Arc::new(ManualClock::at(RecordedTime::parse("2025-10-09T03:00:00.000Z").unwrap()));
        options.environment = Environment { clock, randomness: Arc::new(SeededRandomness::new(self.seed)) };
        options.disk = Arc::new(self.disk.clone());
        options.backend = Some(Arc::new(self.place.clone()));
        // Nothing happens by itself, so that the tests say which operation comes next.
        options.anchor_interval = Some(Duration::from_secs(24 * 60 * 60));
        options.hold_directory = false;
        options
    }

    fn open(&self) -> Registry {
        Registry::open(&self.options()).unwrap()
    }

    /// Another machine with a copy of what this one has on its disk.
    fn copy(&self) -> Self {
        Self { disk: self.disk.fork(), place: self.place.clone(), seed: self.seed + 1 }
    }
}

/// A machine with a registry of one IKM and one exhibition, both known to it.
fn begun() -> (Machine, Registry) {
    let machine = Machine { disk: SimulatedDisk::default(), place: MemoryPlace::default(), seed: 7 };
    let about = InitReport {
        origin: jejak_events::values::Origin::parse("jejak.example/test").unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: "/recovery/secret".into(),
    };
    create(&machine.options(), &about).unwrap();
    let again = create(&machine.options(), &about).unwrap_err();
    assert!(matches!(again, RegistryError::Exists { .. }), "{again}");
    let registry = machine.open();
    assert_eq!(indexes(&append(&registry, &[ikm(1), exhibition(2)]).unwrap()), [1, 2]);
    registry.checkpoint().unwrap().unwrap();
    (machine, registry)
}

fn id(number: u32) -> String {
    format!("01890a5d-ac96-774b-bcce-{number:012x}")
}

fn ikm(number: u32) -> Value {
    json!({"id": id(number), "type": "id.jejak.ikm.registered.v1", "subject": IKM, "time": "2021-03-01T00:00:00+07:00",
        "data": {"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true,
            "name": "Batik Melati", "workers": 7, "investment": 50_000_000}})
}

fn exhibition(number: u32) -> Value {
    json!({"id": id(number), "type": "id.jejak.exhibition.announced.v1", "time": "2025-04-21T00:00:00+07:00",
        "subject": format!("exhibition/01890a5d-ac96-774b-bccf-{number:012x}"),
        "data": {"area": "33.75", "from": "2025-05-05", "to": "2025-05-07", "level": "city", "name": "Pameran contoh",
            "venue": "Gedung Contoh"}})
}

fn append(registry: &Registry, values: &[Value]) -> Result<Vec<Outcome>, RegistryError> {
    let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
    let proposal = |value: &Value| Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap();
    registry.append_blocking(values.iter().map(proposal).collect(), false)
}

fn indexes(outcomes: &[Outcome]) -> Vec<u64> {
    outcomes.iter().map(|outcome| outcome.index().unwrap_or_else(|| panic!("{outcome:?}"))).collect()
}

fn is_repeated(outcomes: &[Outcome]) -> bool {
    matches!(outcomes, [Outcome::Recorded { repeated: true, .. }])
}

fn answers(registry: &Registry) -> Vec<Answer> {
    let snapshot = registry.snapshot();
    let question = Question::new(Date::parse("2025-10-09").unwrap(), snapshot.size());
    VIEWS.iter().map(|view| view.answer(snapshot.facts(), &question).unwrap()).collect()
}

fn sealed(registry: &Registry, index: u64) -> Result<SealedValues, RegistryError> {
    let look = registry.look_at_everybody(&Actor { kind: ActorKind::Unknown, id: None }, "test")?;
    registry.sealed(&look, index)
}

fn stood_down(error: &RegistryError) -> bool {
    error.has_stood_down() && error.to_string().contains("another process has taken over")
}

#[test]
fn whom_another_writer_overtakes_stands_down_answers_as_before_and_follows() {
    let (first, one) = begun();
    let second = first.copy();
    let two = second.open();
    let (before, known) = (answers(&one), one.snapshot());
    let mut feed = one.watch(known.size());
    assert_eq!(indexes(&append(&two, &[exhibition(3), exhibition(4)]).unwrap()), [3, 4]);
    let refused = append(&one, &[exhibition(5)]).unwrap_err();
    assert!(stood_down(&refused), "{refused}");
    // No poison: whoever asks is answered as before, and nothing more is decided here.
    assert_eq!((answers(&one), one.snapshot().size(), one.snapshot().root()), (before, 3, known.root()));
    assert!(stood_down(&append(&one, &[ikm(1)]).unwrap_err()), "not even what stands there");
    assert!(stood_down(&one.checkpoint().unwrap_err()));
    assert!(stood_down(&one.dry_run(vec![Vec::new()], false).unwrap_err()));
    let subject = Subject::parse(IKM).unwrap();
    let actor = || Actor { kind: ActorKind::User, id: None };
    assert!(stood_down(&one.erase(actor(), subject, Code::parse("subject_request").unwrap()).unwrap_err()));
    assert!(stood_down(&one.rotate_key(actor(), None).unwrap_err()));
    assert_eq!(sealed(&one, 1).unwrap().len(), 5, "no key was destroyed");
    assert!(feed.take().is_none());

    // It becomes a reader.
    for size in [5, 5] {
        assert_eq!(one.catch_up().unwrap(), size);
        assert_eq!((one.snapshot().size(), one.snapshot().root()), (size, two.snapshot().root()));
        assert_eq!(answers(&one), answers(&two));
    }
    assert_eq!(feed.take().map(|(new, _)| new), Some(3..5), "watchers miss nothing");
    append(&two, &[exhibition(5), exhibition(6)]).unwrap();
    assert_eq!((one.catch_up().unwrap(), answers(&one)), (7, answers(&two)));
    assert_eq!(one.event(6).unwrap(), two.event(6).unwrap());
    assert!(stood_down(&append(&one, &[exhibition(7)]).unwrap_err()));
    one.close().unwrap();

    // The other goes on, and what it was given is there once.
    assert!(is_repeated(&append(&two, &[exhibition(5)]).unwrap()));
    two.checkpoint().unwrap().unwrap();
    two.close().unwrap();
    assert_eq!(first.place.head().signed, Some(7));

    // Opened again, the first one writes.
    let one = first.open();
    assert_eq!(indexes(&append(&one, &[exhibition(7)]).unwrap()), [7]);
    one.close().unwrap();
}

/// What the other sealed is there, under a key that lies with the other: everything else is answered.
#[test]
fn frames_of_another_writer_are_taken_in_though_their_keys_lie_elsewhere() {
    let (first, one) = begun();
    let two = first.copy().open();
    let mut other = ikm(3);
    other["subject"] = json!("ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6c");
    append(&two, &[other]).unwrap();
    assert!(stood_down(&append(&one, &[exhibition(5)]).unwrap_err()));
    assert_eq!(one.catch_up().unwrap(), 4);
    assert_eq!(one.vault_length().unwrap(), two.vault_length().unwrap());
    assert_eq!((one.event(3).unwrap(), answers(&one)), (two.event(3).unwrap(), answers(&two)));
    assert_eq!((sealed(&one, 1).unwrap(), sealed(&two, 3).unwrap().len()), (sealed(&two, 1).unwrap(), 5));
    assert!(sealed(&one, 3).is_err(), "its key is not here");
}

#[test]
fn an_unknown_append_is_acknowledged_once_whether_or_not_it_had_arrived() {
    for done in [true, false] {
        let (machine, registry) = begun();
        machine.place.plan_next(MemoryFault::Unknown { done });
        let outcomes = append(&registry, &[exhibition(3)]).unwrap();
        assert!(
            matches!(outcomes[..], [Outcome::Recorded { index: 3, repeated: false, .. }]),
            "{outcomes:?}"
        );
        assert_eq!((registry.snapshot().size(), machine.place.head().tip.size), (4, 4));
        assert!(is_repeated(&append(&registry, &[exhibition(3)]).unwrap()));
        registry.close().unwrap();
        let registry = machine.open();
        assert_eq!((registry.snapshot().size(), machine.place.head().signed), (4, Some(4)));
        registry.close().unwrap();
    }
}

#[test]
fn what_the_place_does_not_take_is_told_as_not_recorded_and_can_be_sent_again() {
    let (machine, registry) = begun();
    let next = machine.place.operations();
    (0..3).for_each(|attempt| machine.place.plan(next + 2 * attempt, MemoryFault::Unknown { done: false }));
    let mut other = ikm(4);
    other["subject"] = json!("ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6c");
    let error = append(&registry, &[exhibition(3), other.clone()]).unwrap_err();
    assert!(error.to_string().contains("did not take the events") && !error.has_stood_down(), "{error}");
    assert_eq!((registry.snapshot().size(), machine.place.head().tip.size), (3, 3));
    let outcomes = append(&registry, &[exhibition(3), other]).unwrap();
    assert_eq!(indexes(&outcomes), [3, 4]);
    assert!(outcomes.iter().all(|one| matches!(one, Outcome::Recorded { repeated: false, .. })));
    assert_eq!(sealed(&registry, 4).unwrap().len(), 5);
    registry.close().unwrap();
}

#[test]
fn what_cannot_be_asked_about_is_told_as_unknown_and_sending_again_says_what_became_of_it() {
    for done in [true, false] {
        let (machine, registry) = begun();
        machine.place.plan_next(MemoryFault::BreaksOff { done });
        let error = append(&registry, &[exhibition(3)]).unwrap_err();
        assert!(error.to_string().starts_with("it is not known whether the events"), "{error}");
        assert!(matches!(
            append(&registry, &[exhibition(4)]).unwrap_err(),
            RegistryError::Group(_) | RegistryError::Closed
        ));
        assert_eq!(registry.snapshot().size(), 3, "who asks is answered");
        drop(registry);
        let registry = machine.open();
        let outcomes = append(&registry, &[exhibition(3)]).unwrap();
        assert_eq!((indexes(&outcomes), is_repeated(&outcomes)), (vec![3], done));
        registry.close().unwrap();
    }
}

/// The commit arrived, and before anybody asked another writer went on behind it.
#[test]
fn what_arrived_before_another_took_over_is_acknowledged() {
    let (first, one) = begun();
    let second = first.copy();
    first.place.plan_next(MemoryFault::Unknown { done: true });
    first.place.before_head(move || {
        let two = second.open();
        assert_eq!(indexes(&append(&two, &[exhibition(9)]).unwrap()), [4]);
        two.close().unwrap();
    });
    assert_eq!(indexes(&append(&one, &[exhibition(3)]).unwrap()), [3]);
    assert!(stood_down(&append(&one, &[exhibition(4)]).unwrap_err()));
    assert_eq!(one.catch_up().unwrap(), 5);
    assert_eq!(one.event(4).unwrap().draft.id.to_string(), id(9));
}

/// An erasure is requested, and its anchor meets another writer: the request stands, and no key is destroyed here.
#[test]
fn no_key_is_destroyed_where_the_anchor_meets_another_writer() {
    let (first, one) = begun();
    let second = first.copy();
    // The request is committed; the anchor that must come before the keys go is not made, and nobody is told.
    let anchor = first.place.operations() + 1;
    first.place.plan(anchor, MemoryFault::Unknown { done: false });
    first.place.before_head(move || {
        let two = second.open();
        // Opening carries it out there.
        assert_eq!(two.opened().finished_erasures, 1);
        two.close().unwrap();
    });
    let subject = Subject::parse(IKM).unwrap();
    let actor = Actor { kind: ActorKind::User, id: None };
    let error = one.erase(actor, subject, Code::parse("subject_request").unwrap()).unwrap_err();
    assert!(stood_down(&error), "{error}");
    assert_eq!(sealed(&one, 1).unwrap().len(), 5);
    assert_eq!(one.catch_up().unwrap(), 5);
    drop(one);
    let one = first.open();
    assert_eq!(sealed(&one, 1).unwrap().len(), 0, "opening destroys what was erased elsewhere");
    one.close().unwrap();
}

/// The log's place says that it holds something else than its events.
#[test]
fn a_place_that_does_not_fit_its_events_is_not_opened() {
    let (machine, registry) = begun();
    registry.close().unwrap();
    machine.place.alter(|head| head.tip = Tip { size: head.tip.size + 1, ..head.tip });
    let error = Registry::open(&machine.options()).unwrap_err();
    assert!(matches!(error, RegistryError::Log(LogError::Damaged { .. })), "{error}");
}
