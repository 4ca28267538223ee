//! What a writer does when its place says *conflict* or *unknown*.

use std::sync::Arc;

use jejak_events::tree::Hash;

use super::world::*;
use crate::log::memory::{MemoryFault, MemoryPlace};
use crate::log::{BackendOpener as _, Follower, Log, LogError, Notary, Tip};
use crate::said::Said;

const DONE: MemoryFault = MemoryFault::Unknown { done: true };
const NOT_DONE: MemoryFault = MemoryFault::Unknown { done: false };

/// Signs, and sees to it that what it signs is anchored by then.
#[derive(Debug)]
struct Watchful(MemoryPlace);

impl Notary for Watchful {
    fn sign(&self, size: u64, root: Hash) -> Result<String, String> {
        assert_eq!(self.0.head().anchored, Tip { size, root }, "signed before the anchor says so");
        TestNotary.sign(size, root)
    }

    fn check(&self, note: &str) -> Result<(u64, Hash), String> {
        TestNotary.check(note)
    }
}

fn open(place: &MemoryPlace) -> Log {
    Log::open_in(place, Arc::new(Watchful(place.clone()))).unwrap().0
}

/// A place with some events, its writer, and the witness of them.
fn begun() -> (MemoryPlace, Log, Witness) {
    let place = MemoryPlace::default();
    let mut log = open(&place);
    let mut witness = Witness::default();
    commit(&mut log, &mut Numbers(1), 3, 1, &mut witness).unwrap();
    anchor(&mut log, &mut witness).unwrap();
    (place, log, witness)
}

fn events(log: &Log) -> Vec<Vec<u8>> {
    let mut events = Vec::new();
    log.reader()
        .scan(0..log.size(), &mut |_, event| {
            events.push(event.to_vec());
            true
        })
        .unwrap();
    events
}

#[test]
fn an_unknown_append_is_settled_before_anybody_is_answered() {
    for (faults, attempts) in [(vec![DONE], 1), (vec![NOT_DONE], 2), (vec![NOT_DONE, DONE], 2)] {
        let (place, mut log, mut witness) = begun();
        let before = place.operations();
        // Every other operation is the question for the head.
        for (number, fault) in faults.iter().enumerate() {
            place.plan(before + 2 * number as u64, *fault);
        }
        commit(&mut log, &mut Numbers(2), 4, 2, &mut witness).unwrap();
        let questions = faults.len() as u64;
        assert_eq!(place.operations() - before, attempts + questions, "{faults:?}");
        anchor(&mut log, &mut witness).unwrap();
        commit(&mut log, &mut Numbers(3), 1, 0, &mut witness).unwrap();
        let again = open(&place);
        assert_eq!(events(&again), witness.acknowledged, "{faults:?}: once each");
        compare(&again, &witness.acknowledged, &witness, "settled");
    }
}

#[test]
fn what_is_not_taken_however_often_is_said_not_to_be_recorded_and_is_not() {
    let (place, mut log, mut witness) = begun();
    let before = place.operations();
    for attempt in 0..3 {
        place.plan(before + 2 * attempt, NOT_DONE);
    }
    let refused = commit(&mut log, &mut Numbers(2), 4, 2, &mut witness).unwrap_err();
    assert!(matches!(refused, LogError::NotTaken { .. }) && refused.left_log_usable(), "{refused}");
    assert_eq!((place.operations() - before, place.head().tip.size, log.size()), (6, 3, 3));
    commit(&mut log, &mut Numbers(2), 4, 2, &mut witness).unwrap();
    anchor(&mut log, &mut witness).unwrap();
    assert_eq!(events(&open(&place)), witness.acknowledged);
}

#[test]
fn what_cannot_be_asked_about_is_unknown_until_opened_again() {
    for done in [true, false] {
        let (place, mut log, mut witness) = begun();
        place.plan_next(MemoryFault::BreaksOff { done });
        let unknown = commit(&mut log, &mut Numbers(2), 4, 2, &mut witness).unwrap_err();
        assert!(matches!(unknown, LogError::OutcomeUnknown { at: 3, .. }), "{unknown}");
        assert!(matches!(log.anchor(), Err(LogError::Poisoned { .. })));
        assert_eq!(events(&log), witness.acknowledged, "its readers go on");
        let again = open(&place);
        assert_eq!(again.size(), if done { 7 } else { 3 });
        compare(&again, &events(&again), &witness, "opened again");
    }
}

/// The commit arrived, nobody was told, and another writer went on behind it: it is acknowledged, and then the writer
/// stands down.
#[test]
fn a_commit_that_arrived_is_acknowledged_though_another_writer_went_on_behind_it() {
    let (place, mut log, mut witness) = begun();
    let (elsewhere, mut of_other) = (place.clone(), witness.clone());
    place.plan_next(DONE);
    place.before_head(move || {
        let mut other = open(&elsewhere);
        commit(&mut other, &mut Numbers(9), 2, 0, &mut of_other).unwrap();
    });
    commit(&mut log, &mut Numbers(2), 4, 2, &mut witness).unwrap();
    assert_eq!((log.size(), place.head().tip.size, log.has_stood_down()), (7, 9, false));
    let stood_down = commit(&mut log, &mut Numbers(3), 1, 0, &mut witness).unwrap_err();
    assert!(matches!(stood_down, LogError::StoodDown { size: 7 }), "{stood_down}");
    assert_eq!(log.catch_up(None).unwrap(), 7..9);
    assert_eq!(events(&log)[..7], witness.acknowledged[..]);
}

/// The commit did not arrive, and another writer's stands in its place: it is never said to be recorded.
#[test]
fn a_commit_that_was_displaced_is_not_acknowledged() {
    let (place, mut log, witness) = begun();
    let (elsewhere, mut of_other) = (place.clone(), witness.clone());
    place.plan_next(NOT_DONE);
    place.before_head(move || {
        let mut other = open(&elsewhere);
        commit(&mut other, &mut Numbers(9), 4, 0, &mut of_other).unwrap();
    });
    let stood_down = commit(&mut log, &mut Numbers(2), 4, 2, &mut witness.clone()).unwrap_err();
    assert!(matches!(stood_down, LogError::StoodDown { size: 3 }), "{stood_down}");
    assert_eq!((log.size(), events(&log)), (3, witness.acknowledged));
}

#[test]
fn anchor_and_checkpoint_are_settled_and_nothing_is_signed_before_the_anchor_says_so() {
    // The anchor, or the checkpoint behind it.
    for after in [0, 1] {
        for fault in [DONE, NOT_DONE] {
            let (place, mut log, mut witness) = begun();
            commit(&mut log, &mut Numbers(2), 4, 2, &mut witness).unwrap();
            place.plan(place.operations() + after, fault);
            anchor(&mut log, &mut witness).unwrap();
            assert_eq!((place.head().anchored.size, place.head().signed), (7, Some(7)), "{fault:?} {after}");
            assert_eq!(witness.checkpoints.len(), 2);
            assert!(!log.is_ahead_of_checkpoint());
        }
        let (place, mut log, mut witness) = begun();
        commit(&mut log, &mut Numbers(2), 4, 2, &mut witness).unwrap();
        for attempt in 0..3 {
            place.plan(place.operations() + after + 2 * attempt, NOT_DONE);
        }
        let refused = anchor(&mut log, &mut witness).unwrap_err();
        assert!(matches!(refused, LogError::NotTaken { .. }), "{refused}");
        assert_eq!(
            (place.head().anchored.size, place.head().signed),
            (if after == 0 { 3 } else { 7 }, Some(3))
        );
        // Nothing of the log is lost by it, and the next time it may go well.
        commit(&mut log, &mut Numbers(3), 1, 0, &mut witness).unwrap();
        anchor(&mut log, &mut witness).unwrap();
        assert_eq!(place.head().signed, Some(8));
    }
}

/// Another writer opened the log and anchored what both know: that alone takes nothing from this one.
#[test]
fn an_anchor_that_another_moved_on_the_same_way_is_no_reason_to_stand_down() {
    let (place, mut log, mut witness) = begun();
    commit(&mut log, &mut Numbers(2), 4, 2, &mut witness).unwrap();
    let mut other = open(&place);
    commit(&mut log, &mut Numbers(3), 1, 0, &mut witness).unwrap();
    anchor(&mut other, &mut Witness::default()).unwrap();
    assert_eq!((place.head().anchored.size, place.head().signed), (7, Some(7)));
    anchor(&mut log, &mut witness).unwrap();
    commit(&mut log, &mut Numbers(4), 1, 0, &mut witness).unwrap();
    anchor(&mut log, &mut witness).unwrap();
    assert_eq!((place.head().anchored.size, log.has_stood_down()), (9, false));
    let stood_down = commit(&mut other, &mut Numbers(5), 1, 0, &mut Witness::default()).unwrap_err();
    assert!(matches!(stood_down, LogError::StoodDown { .. }), "{stood_down}");
}

#[test]
fn a_reader_that_lags_sees_an_older_size_and_whole_commits() {
    let (place, mut log, mut witness) = begun();
    let late = place.lagging(2);
    let mut follower = Follower::open(late.reader().unwrap()).unwrap();
    assert_eq!(follower.tip(), Tip::empty());
    let mut ends = vec![0, 0, 3];
    for step in 0..5 {
        commit(&mut log, &mut Numbers(step), 2, 1, &mut witness).unwrap();
        ends.push(log.size());
        follower.catch_up(None).unwrap();
        let shown = ends[ends.len() - 3];
        assert_eq!(follower.tip().size, shown);
        assert_eq!(log.reader().root_at(shown).unwrap(), follower.tip().root);
    }
    late.lag(0);
    assert_eq!(follower.catch_up(Some(12)).unwrap(), 9..11, "as far as whole commits go");
    assert_eq!(follower.catch_up(None).unwrap(), 11..13);
    assert_eq!((follower.tip().root, follower.vault_length()), (log.root(), log.vault_length()));
}

/// A place that was put back, or holds another log, is not followed.
#[test]
fn what_is_no_continuation_is_not_taken_in() {
    let (place, mut log, mut witness) = begun();
    let other = place.fork();
    commit(&mut log, &mut Numbers(2), 2, 1, &mut witness).unwrap();
    let mut follower = Follower::open(place.reader().unwrap()).unwrap();
    let mut branch = open(&other);
    commit(&mut branch, &mut Numbers(8), 2, 0, &mut Witness::default()).unwrap();
    commit(&mut branch, &mut Numbers(9), 2, 0, &mut Witness::default()).unwrap();
    let tip = follower.tip();
    let (mut backend, _) = other.writer().unwrap();
    assert!(backend.head().unwrap().tip.size > tip.size);
    place.become_like(&other);
    let wrong = follower.catch_up(None).unwrap_err();
    assert!(matches!(wrong, LogError::Damaged { .. }), "{wrong}");
    assert_eq!(follower.tip(), tip);
    let stood_down = commit(&mut log, &mut Numbers(3), 1, 0, &mut witness).unwrap_err();
    assert!(matches!(stood_down, LogError::StoodDown { size: 5 }), "{stood_down}");
    assert!(matches!(log.catch_up(None), Err(LogError::Damaged { .. })));
}

#[test]
fn what_a_place_does_is_said() {
    let mut said = Said::new("log_places");
    for (case, after) in [("the anchor is not taken", 0), ("the checkpoint is not taken", 1)] {
        let (place, mut log, mut witness) = begun();
        commit(&mut log, &mut Numbers(2), 1, 0, &mut witness).unwrap();
        (0..3)
            .for_each(|attempt| place.plan(place.operations() + after + 2 * attempt, MemoryFault::Conflict));
        said.error(case, log.anchor().unwrap_err());
    }
    let (place, mut log, mut witness) = begun();
    (0..3).for_each(|attempt| place.plan(place.operations() + 2 * attempt, NOT_DONE));
    said.error("events are not taken", commit(&mut log, &mut Numbers(2), 1, 0, &mut witness).unwrap_err());
    place.plan_next(MemoryFault::Conflict);
    said.error("taken over", commit(&mut log, &mut Numbers(2), 1, 0, &mut witness).unwrap_err());
    let reader = place.reader().unwrap();
    said.error("no frame", reader.vault_frame(3).unwrap_err());
    said.error("beyond the vault", reader.read_vault(1 << 20, &mut [0]).unwrap_err());

    let open = |place: &MemoryPlace| Log::open_in(place, Arc::new(TestNotary)).map(drop).unwrap_err();
    let other = Tip { size: 3, root: Hash([7; 32]) };
    let altered = |alter: &dyn Fn(&mut crate::log::BackendHead)| {
        let (place, ..) = begun();
        place.alter(alter);
        place
    };
    said.error("another end", open(&altered(&|head| head.tip = other)));
    said.error("another anchor", open(&altered(&|head| head.anchored = other)));
    let (signed, mut log, mut witness) = begun();
    commit(&mut log, &mut Numbers(2), 1, 0, &mut witness).unwrap();
    let (short, mut fork, mut of_fork) = begun();
    commit(&mut fork, &mut Numbers(3), 1, 0, &mut of_fork).unwrap();
    anchor(&mut fork, &mut of_fork).unwrap();
    signed.store_note(of_fork.note.as_deref().unwrap());
    said.error("another checkpoint", open(&signed));

    // It loses what it had while a writer is at work.
    let (place, mut log, mut witness) = begun();
    commit(&mut log, &mut Numbers(2), 1, 0, &mut witness).unwrap();
    let elsewhere = place.clone();
    place.plan_next(NOT_DONE);
    place.before_head(move || elsewhere.become_like(&MemoryPlace::default()));
    said.error("unknown", commit(&mut log, &mut Numbers(3), 1, 0, &mut witness).unwrap_err());
    let (place, mut log, mut witness) = begun();
    commit(&mut log, &mut Numbers(2), 1, 0, &mut witness).unwrap();
    place.plan_next(MemoryFault::Conflict);
    place.alter(|head| head.anchored = other);
    said.error("the anchor turns", log.anchor().unwrap_err());
    said.check();
    drop(short);
}
