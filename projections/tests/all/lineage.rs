//! What corrections and retractions do, event by event.

use jejak_events::identity::EventId;
use jejak_events::record::Event;
use jejak_events::types::program::Unit;
use jejak_projections::error::{ProjectionError, ReadFailure};
use jejak_projections::lineage::{EventSource, InForce, Lineage};
use proptest::prelude::*;

use crate::said::Said;
use crate::story::{self, Story};

/// What one event brings: an original, a correction or a retraction of an earlier index.
#[derive(Clone, Copy, Debug)]
enum Move {
    Plain,
    Correct(u64),
    Retract(u64),
}
use Move::{Correct, Plain, Retract};

/// Weight, index and effective index of a change.
type Weighted = (i32, u64, u64);

fn tell(moves: &[Move]) -> Story {
    let mut story = Story::default();
    for (number, one) in (0..).zip(moves) {
        match one {
            Plain => story.add("2025-01-01", story::registered(number, "33.75", None)),
            Correct(target) => story.correct(*target, "2025-01-01", story::registered(number, "33.74", None)),
            Retract(target) => story.retract(*target),
        };
    }
    story
}

/// Takes everything in; the changes of each event as (weight, index, effective).
fn fold(story: &Story) -> (Lineage, Vec<Vec<Weighted>>) {
    let mut lineage = Lineage::default();
    let changes = (0..).zip(&story.events).map(|(position, event)| {
        let changes = lineage.changes(position, event, story).unwrap();
        for change in &changes {
            let carrier = &story.events[change.effective as usize];
            assert_eq!(change.content.event(), carrier, "the content is that of the effective event");
        }
        changes.iter().map(|change| (change.weight, change.index, change.effective)).collect()
    });
    let changes = changes.collect();
    (lineage, changes)
}

#[test]
fn each_event_changes_what_is_in_force() {
    let cases: [(&[Move], &[Weighted], InForce); 9] = [
        (&[Plain], &[(1, 0, 0)], InForce::Original),
        (&[Plain, Correct(0)], &[(-1, 0, 0), (1, 0, 1)], InForce::Correction(1)),
        (&[Plain, Correct(0), Correct(0)], &[(-1, 0, 1), (1, 0, 2)], InForce::Correction(2)),
        (&[Plain, Retract(0)], &[(-1, 0, 0)], InForce::Retracted),
        (&[Plain, Correct(0), Retract(1)], &[(-1, 0, 1), (1, 0, 0)], InForce::Original),
        (&[Plain, Correct(0), Correct(0), Retract(2)], &[(-1, 0, 2), (1, 0, 1)], InForce::Correction(1)),
        (&[Plain, Correct(0), Correct(0), Retract(1)], &[], InForce::Correction(2)),
        // Hidden for ever: later corrections, and retractions of corrections, change nothing.
        (&[Plain, Correct(0), Retract(0), Correct(0)], &[], InForce::Retracted),
        (&[Plain, Correct(0), Retract(0), Retract(1)], &[], InForce::Retracted),
    ];
    for (moves, last, in_force) in cases {
        let (lineage, changes) = fold(&tell(moves));
        assert_eq!(changes.last().unwrap(), last, "{moves:?}");
        assert_eq!(lineage.in_force(0), in_force, "{moves:?}");
    }
}

#[test]
fn retracting_twice_changes_nothing() {
    let (lineage, changes) =
        fold(&tell(&[Plain, Correct(0), Retract(1), Retract(1), Retract(0), Retract(0)]));
    assert!(changes[3].is_empty() && changes[5].is_empty());
    assert_eq!(lineage.in_force(0), InForce::Retracted);
    assert_eq!(lineage.original_of(1), Some(0));
    assert!(lineage.is_retracted_correction(1) && !lineage.is_retracted_correction(0));
}

#[test]
fn unsuitable_targets_stop_loudly_and_leave_no_trace() {
    type Spoil = fn(&mut Story);
    let cases: [(&str, Spoil); 8] = [
        ("a retraction", |story| {
            story.retract(2);
        }),
        ("correcting a correction", |story| {
            story.correct(1, "2025-01-01", story::registered(0, "33.75", None));
        }),
        ("correcting a retraction", |story| {
            story.correct(2, "2025-01-01", story::registered(0, "33.75", None));
        }),
        ("another type", |story| {
            story.correct(0, "2025-01-01", story::opened(0, "33.75", "export", Unit::Ikm, None));
        }),
        ("itself", |story| {
            let own = story.size();
            story.correct(own, "2025-01-01", story::registered(0, "33.75", None));
        }),
        ("a later event", |story| {
            let later = story.size() + 1;
            story.correct(later, "2025-01-01", story::registered(0, "33.75", None));
            story.add("2025-01-01", story::registered(9, "33.75", None));
        }),
        ("the registry's own", |story| {
            story.events[0].draft.data = story::key_introduced().1;
            story.correct(0, "2025-01-01", story::registered(0, "33.75", None));
        }),
        ("an erasure", |story| {
            story.events[0].draft.data = story::ikm_erasure_requested(0).1;
            story.correct(0, "2025-01-01", story::registered(0, "33.75", None));
        }),
    ];
    let mut said = Said::new("lineage");
    for (what, spoil) in cases {
        let mut story = tell(&[Plain, Correct(0), Retract(1)]);
        let (before, _) = fold(&story);
        spoil(&mut story);
        let mut lineage = before.clone();
        let error = lineage.changes(3, &story.events[3], &story).unwrap_err();
        let fits = match what {
            "another type" => matches!(error, ProjectionError::TypeChanged { index: 3, target_index: 0, .. }),
            "itself" | "a later event" => matches!(error, ProjectionError::UnknownTarget { index: 3, .. }),
            _ => matches!(error, ProjectionError::UnsuitableTarget { index: 3, .. }),
        };
        assert!(fits, "{what}: {error}");
        assert_eq!(lineage, before, "{what}");
        said.error(what, error);
    }
    // A correction that this lineage never saw, and a log that cannot be read.
    let mut story = tell(&[Plain, Correct(0)]);
    story.correct(1, "2025-01-01", story::registered(0, "33.75", None));
    let unseen = Lineage::default().changes(2, &story.events[2], &story).unwrap_err();
    said.error("a correction not taken in", unseen);
    let unread = Lineage::default().changes(2, &story.events[2], &Unreadable).unwrap_err();
    said.error("a log that cannot be read", unread);
    said.check();
}

struct Unreadable;

impl EventSource for Unreadable {
    fn index_of(&self, _: EventId) -> Result<Option<u64>, ReadFailure> {
        Err("it is missing".into())
    }
    fn event(&self, _: u64) -> Result<Event, ReadFailure> {
        Err("it is missing".into())
    }
}

/// Turns random numbers into moves with suitable targets.
fn moves(seeds: &[(u8, usize)]) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for (kind, pick) in seeds {
        let target = |suits: fn(&Move) -> bool| {
            let suitable: Vec<u64> =
                (0..).zip(&moves).filter(|(_, one)| suits(one)).map(|(index, _)| index).collect();
            suitable.get(pick % suitable.len().max(1)).copied()
        };
        let one = match kind {
            0..=3 => None,
            4..=7 => target(|one| matches!(one, Plain)).map(Correct),
            _ => target(|one| !matches!(one, Retract(_))).map(Retract),
        };
        moves.push(one.unwrap_or(Plain));
    }
    moves
}

/// The rule as `docs/domain.md`, section 3, states it, over the whole history at once.
fn expected(moves: &[Move], original: u64) -> InForce {
    let retracted = |index: u64| moves.iter().any(|one| matches!(one, Retract(target) if *target == index));
    if retracted(original) {
        return InForce::Retracted;
    }
    let corrections =
        (0..).zip(moves).filter(|(_, one)| matches!(one, Correct(target) if *target == original));
    corrections
        .map(|(index, _)| index)
        .filter(|index| !retracted(*index))
        .max()
        .map_or(InForce::Original, InForce::Correction)
}

proptest! {
    #[test]
    fn the_fold_agrees_with_the_rule_and_can_be_undone(
        seeds in prop::collection::vec((0u8..12, any::<usize>()), 0..30),
        keep in any::<prop::sample::Index>(),
    ) {
        let moves = moves(&seeds);
        let story = tell(&moves);
        let (mut lineage, changes) = fold(&story);
        for (index, _) in (0..).zip(&moves).filter(|(_, one)| matches!(one, Plain)) {
            prop_assert_eq!(lineage.in_force(index), expected(&moves, index));
            // The weights of each content add up to whether it is in force.
            for effective in 0..story.size() {
                let all = changes.iter().flatten().filter(|one| (one.1, one.2) == (index, effective));
                let sum: i32 = all.map(|one| one.0).sum();
                prop_assert_eq!(sum, i32::from(lineage.effective(index) == Some(effective)));
            }
        }
        let kept = keep.index(moves.len() + 1);
        let shorter = fold(&tell(&moves[..kept])).0;
        // Whoever reads at a size sees what stood then, also when all after it was undone.
        let reader = lineage.at(kept as u64);
        for undone in [false, true] {
            for index in 0..story.size() {
                prop_assert_eq!(reader.in_force(index), shorter.in_force(index), "{} {}", index, undone);
                prop_assert_eq!(reader.original_of(index), shorter.original_of(index));
                prop_assert_eq!(reader.is_retracted_correction(index), shorter.is_retracted_correction(index));
            }
            lineage.undo_to(kept as u64);
        }
        prop_assert_eq!(lineage, shorter);
    }
}
