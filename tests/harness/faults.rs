//! Every operation of the registry's disk and store failed in every way, and the power cut at each.

use std::collections::BTreeSet;

use jejak::disk::sim::{Fault, FaultKind};
use jejak::log::LogError;
use jejak::registry::{PreparedEvent, RegistryError, Request, open_engine};

use super::random::Random;
use super::world::{Seen, World, script, verify};
use super::{seed, share, workload};

fn operations() -> u64 {
    let (world, mut seen) = (World::new(None, None), Seen::default());
    script(&world, &mut seen).unwrap();
    verify(&world.fork(), &seen).unwrap();
    world.disk.faults().count()
}

fn run(operation: u64, kind: FaultKind) -> (World, Seen, Result<(), RegistryError>) {
    let world = World::new(Some(Fault { operation, kind }), None);
    let mut seen = Seen::default();
    let outcome = script(&world, &mut seen);
    (world, seen, outcome)
}

#[test]
fn no_failed_operation_loses_or_takes_back_anything() {
    let total = operations();
    let mut random = Random::new(seed("faults"));
    let (mut failures, mut reopenings, mut wrong) = (0, 0, BTreeSet::new());
    let step = usize::try_from(share(3, 1)).unwrap();
    let kinds =
        [FaultKind::NotDone, FaultKind::Done, FaultKind::Short, FaultKind::Full, FaultKind::LyingSync];
    for (shift, kind) in kinds.into_iter().enumerate() {
        for operation in (0..total).skip(shift % step).step_by(step) {
            let (world, seen, outcome) = run(operation, kind);
            failures += u64::from(outcome.is_err());
            let mut check = |world: World, after: String| {
                reopenings += 1;
                if let Err(what) = verify(&world, &seen) {
                    wrong.insert(format!(
                        "{kind:?} at {operation}{after}: {what}; the failure was {outcome:?}"
                    ));
                }
            };
            check(world.fork(), String::new());
            for seed in [0, 1, random.between(2, u64::MAX)] {
                check(world.crash(seed), format!(", then a power cut with seed {seed}"));
            }
        }
    }
    println!(
        "operations: {total}, failures injected: {failures}, reopenings: {reopenings}, wrong: {}",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(failures > total, "faults hardly ever failed anything");
}

#[test]
fn no_power_cut_loses_or_takes_back_anything() {
    let total = operations();
    let mut random = Random::new(seed("simulated power cuts"));
    let (mut reopenings, mut wrong) = (0, BTreeSet::new());
    for operation in 0..total {
        let (world, seen, outcome) = run(operation, FaultKind::PowerCut);
        assert!(outcome.is_err(), "operation {operation} was not cut");
        let seeds = [0, 1].into_iter().chain((0..share(1, 10)).map(|_| random.between(2, u64::MAX)));
        for seed in seeds {
            reopenings += 1;
            if let Err(what) = verify(&world.crash(seed), &seen) {
                wrong.insert(format!("cut at {operation}, seed {seed}: {what}"));
            }
        }
    }
    println!("operations: {total}, power cuts: {reopenings}, wrong: {}", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_disk_below_its_floor_refuses_and_goes_on_once_there_is_space() {
    let world = World::new(None, None);
    let mut seen = Seen::default();
    script(&world, &mut seen).unwrap();
    let options = world.options(3);
    let (mut engine, _, _) = open_engine(&options).unwrap();
    let size = engine.log().size();
    let request = || {
        let values = workload::operation(1, 1).values;
        let prepared = values.iter().map(workload::proposal);
        let prepared =
            prepared.map(|proposal| PreparedEvent::new(proposal, &options.environment.randomness).unwrap());
        vec![Request { prepared: prepared.collect(), atomic: false }]
    };
    world.disk.set_free_bytes(options.log.free_floor_bytes);
    let error = engine.process(request()).unwrap_err();
    assert!(matches!(error, RegistryError::Log(LogError::DiskFloor { .. })), "{error}");
    assert_eq!(engine.log().size(), size);
    world.disk.set_free_bytes(1 << 30);
    let (answers, _) = engine.process(request()).unwrap();
    assert_eq!(answers[0].as_ref().unwrap()[0].index(), Some(size));
    engine.close().unwrap();
}
