//! Every operation of a script failed in every way, and the power cut at each.

use super::world::*;
use crate::disk::sim::{Fault, FaultKind};

/// Commits of the script; every operation of it is failed in turn.
const STEPS: usize = 14;

fn operations() -> u64 {
    let world = World::new(None);
    script(&world, STEPS, true, &mut Witness::default()).unwrap();
    world.disk.faults().count()
}

fn run(operation: u64, kind: FaultKind) -> (World, Witness, bool) {
    let world = World::new(Some(Fault { operation, kind }));
    let mut witness = Witness::default();
    let failed = script(&world, STEPS, true, &mut witness).is_err();
    (world, witness, failed)
}

#[test]
fn no_failed_operation_loses_or_takes_back_anything() {
    let total = operations();
    let (mut runs, mut failures) = (0, 0);
    for kind in [FaultKind::NotDone, FaultKind::Done, FaultKind::Short, FaultKind::Full, FaultKind::LyingSync]
    {
        for operation in 0..total {
            let (world, witness, failed) = run(operation, kind);
            failures += u64::from(failed);
            let context = format!("{kind:?} at {operation}");
            verify(&world.fork(), &witness, &context);
            for seed in [operation + 2, 0, 1].into_iter().take(amount(1, 3)) {
                verify(&world.crash(seed), &witness, &format!("{context}, then crash {seed}"));
                runs += 1;
            }
            runs += 1;
        }
    }
    println!("{total} operations, {failures} failures injected, {runs} reopenings verified");
    assert!(failures > 3 * total);
}

#[test]
fn no_power_cut_loses_or_takes_back_anything() {
    let total = operations();
    let mut runs = 0;
    for operation in 0..total {
        let (world, witness, failed) = run(operation, FaultKind::PowerCut);
        assert!(failed, "operation {operation} was not cut");
        let seeds = [0, 1].into_iter().chain(8 * operation + 2..);
        for seed in seeds.take(amount(4, 24)) {
            verify(&world.crash(seed), &witness, &format!("cut at {operation}, seed {seed}"));
            runs += 1;
        }
    }
    println!("{total} operations, {runs} power cuts verified");
}

#[test]
fn a_power_cut_while_opening_after_a_power_cut_changes_nothing_either() {
    let total = operations();
    let (mut openings, mut runs) = (0, 0);
    for operation in (0..total).step_by(amount(16, 3)) {
        let (world, mut witness, _) = run(operation, FaultKind::PowerCut);
        let crashed = world.crash(operation + 2);
        let counted = crashed.fork();
        if counted.open().is_err() {
            continue;
        }
        openings += 1;
        for again in 0..counted.disk.faults().count() {
            for kind in [FaultKind::PowerCut, FaultKind::LyingSync] {
                witness.cut_may_return = kind == FaultKind::LyingSync;
                let second = crashed.fork();
                second.disk.faults().plan(Some(Fault { operation: again, kind }));
                let opened = second.open().map(|_| ());
                assert!(opened.is_err() || kind == FaultKind::LyingSync);
                let context = format!("cut at {operation}, {kind:?} at {again} of opening");
                for seed in [0, 1, again + 2] {
                    verify(&second.crash(seed), &witness, &context);
                    runs += 1;
                }
                if kind == FaultKind::LyingSync {
                    verify(&second.fork(), &witness, &context);
                    runs += 1;
                }
            }
        }
    }
    println!("{openings} openings failed at each of their operations, {runs} reopenings verified");
    assert!(openings > 5);
}
