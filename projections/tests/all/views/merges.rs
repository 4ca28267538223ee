//! Merged IKMs and persons count as the one they were merged into, on every day, from the index of the
//! merge on.

use jejak_events::identity::{PersonId, Subject};
use jejak_events::types::Data;
use jejak_events::types::program::Unit;
use jejak_projections::answer::{BasisEvents, Who};

use super::*;

/// IKM 1 in 33.75, and IKM 2 in 33.74, registered before it. They are the same.
fn two() -> Story {
    tell(vec![
        ("2025-01-10", story::registered(1, "33.75", None)),
        ("2025-01-05", story::registered(2, "33.74", None)),
    ])
}

/// A programme of unit person with sessions on two days.
fn with_training(mut story: Story) -> Story {
    story.add("2025-01-15", story::opened(1, "33.75", "export", Unit::Person, None));
    story.add("2025-01-15", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02"]));
    story
}

#[test]
fn merged_ikms_count_once_on_every_day_from_the_index_of_the_merge_on() {
    let mut story = two();
    let merge = story.add("2025-06-01", story::merged(2, 1));
    let known = |day, known| by_area(&ask(&story, "registered", day, |q| q.as_known = known), "registered");
    // As known before the merge, both; whatever the day of the merge, one as known after it.
    assert_eq!(known("2025-12-31", merge), rows(&[("33.74", 1), ("33.75", 1)]));
    for day in ["2025-01-10", "2025-05-31", "2025-06-01", "2025-12-31"] {
        assert_eq!(known(day, merge + 1), rows(&[("33.75", 1)]), "{day}");
    }
    // Before its own registration the duplicate speaks for it.
    assert_eq!(known("2025-01-09", merge + 1), rows(&[("33.74", 1)]));
    assert_eq!(known("2025-01-04", merge + 1), rows(&[]));
    let answer = ask(&story, "registered", "2025-12-31", |_| {});
    assert_eq!(answer.members.len(), 1);
    assert_eq!(answer.members[0].who, Who::Ikm(story::ikm(1).uuid()));
    // The register knows it since the 5th, under whichever stream.
    let since = |from| values(&ask(&story, "registered", "2025-12-31", |q| q.from = Some(story::date(from))));
    assert_eq!((since("2025-01-05"), since("2025-01-06")), (vec![1], vec![0]));
}

#[test]
fn an_ikm_that_others_were_merged_into_is_new_on_the_earliest_day() {
    let mut story = tell(vec![
        ("2025-01-10", story::registered(1, "33.75", None)),
        ("2025-03-10", story::registered(2, "33.75", None)),
    ]);
    let since = |story: &Story, from| {
        values(&ask(story, "registered", "2025-04-30", |q| q.from = Some(story::date(from))))
    };
    assert_eq!((since(&story, "2025-01-10"), since(&story, "2025-03-01")), (vec![2], vec![1]));
    story.add("2025-04-01", story::merged(1, 2));
    assert_eq!((since(&story, "2025-01-10"), since(&story, "2025-03-01")), (vec![1], vec![0]));
}

#[test]
fn a_merge_is_undone_by_retracting_it() {
    let mut story = two();
    let merge = story.add("2025-06-01", story::merged(2, 1));
    let undone = story.retract(merge);
    for (known, count) in [(merge, 2), (undone, 1), (undone + 1, 2)] {
        assert_eq!(figures_known(&story, "registered", "2025-12-31", known), [count], "{known}");
    }
}

#[test]
fn a_corrected_merge_leads_elsewhere() {
    let mut story = two();
    story.add("2025-01-10", story::registered(3, "35.76", None));
    let merge = story.add("2025-06-01", story::merged(2, 1));
    story.add("2025-02-01", story::shipped(2, "JP", "6204"));
    let where_it_counts = |story: &Story| by_area(&ask(story, "exported", "2025-12-31", |_| {}), "exported");
    assert_eq!(where_it_counts(&story), rows(&[("33.75", 1)]));
    let correction = story.correct(merge, "2025-06-01", story::merged(2, 3));
    assert_eq!(where_it_counts(&story), rows(&[("35.76", 1)]));
    let by_what = told(&ask(&story, "exported", "2025-12-31", |_| {}));
    assert_eq!(
        by_what,
        ["ikm 3 in 35.76 by [2, 3, 4, 5]: exported shipments"],
        "the merge and its correction"
    );
    story.retract(correction);
    assert_eq!(where_it_counts(&story), rows(&[("33.75", 1)]));
}

#[test]
fn merges_form_chains_and_a_circle_merges_nobody() {
    let mut story = two();
    story.add("2025-01-05", story::registered(3, "33.26", None));
    story.add("2025-02-01", story::shipped(3, "JP", "6204"));
    let second = story.add("2025-06-01", story::merged(2, 1));
    story.add("2025-06-02", story::merged(3, 2));
    let where_it_counts = |story: &Story| by_area(&ask(story, "exported", "2025-12-31", |_| {}), "exported");
    assert_eq!(figures(&story, "registered", "2025-12-31"), [1]);
    assert_eq!(where_it_counts(&story), rows(&[("33.75", 1)]));
    story.retract(second);
    assert_eq!(figures(&story, "registered", "2025-12-31"), [2]);
    assert_eq!(where_it_counts(&story), rows(&[("33.74", 1)]));
    // No lawful log has a circle.
    story.add("2025-06-03", story::merged(2, 3));
    assert_eq!(figures(&story, "registered", "2025-12-31"), [3]);
    assert_eq!(where_it_counts(&story), rows(&[("33.26", 1)]));
}

#[test]
fn places_and_attendances_of_a_duplicate_are_the_survivors() {
    let mut story = with_training(two());
    story.add("2025-01-20", story::enrolled(2, 1, None, &[11]));
    story.add("2025-01-20", story::enrolled(1, 1, None, &[12]));
    for (who, person, day) in [(2, 11, "2025-02-01"), (1, 11, "2025-02-02"), (1, 12, "2025-02-01")] {
        story.add(day, story::attended(who, (1, 1), day, Some(person), Present));
    }
    let merge = story.add("2025-06-01", story::merged(2, 1));
    assert_eq!(figures_known(&story, "enrolled", "2025-03-01", merge), [2, 2]);
    assert_eq!(figures_known(&story, "trained", "2025-03-01", merge), [0, 0], "each was there for one day");
    assert_eq!(figures(&story, "enrolled", "2025-03-01"), [1, 2]);
    assert_eq!(figures(&story, "trained", "2025-03-01"), [1, 1], "person 11 was there on both");
    let answer = ask(&story, "trained", "2025-03-01", |_| {});
    assert_eq!(by_area(&answer, "trained"), rows(&[("33.75", 1)]));
    assert!(answer.members[0].events.contains(&merge), "by which it counts");
    // The two are one person as well: it was there on both days.
    story.add("2025-06-02", story::person_merged(12, 11));
    assert_eq!(figures(&story, "enrolled", "2025-03-01"), [1, 1]);
    assert_eq!(figures(&story, "trained", "2025-03-01"), [1, 1]);
}

#[test]
fn attendances_of_merged_persons_add_up() {
    let mut story = with_training(two());
    story.add("2025-01-20", story::enrolled(1, 1, None, &[12]));
    for (person, day) in [(11, "2025-02-01"), (12, "2025-02-02")] {
        story.add(day, story::attended(1, (1, 1), day, Some(person), Present));
    }
    assert_eq!(figures(&story, "persons_trained", "2025-03-01"), [0]);
    let merge = story.add("2025-06-01", story::person_merged(11, 12));
    assert_eq!(figures(&story, "persons_trained", "2025-03-01"), [1]);
    story.retract(merge);
    assert_eq!(figures(&story, "persons_trained", "2025-03-01"), [0]);
}

#[test]
fn certificates_memberships_and_facilities_of_a_duplicate_are_the_survivors() {
    let mut story = two();
    story.add("2025-01-20", story::certified(1, "sih", story::by_ikm(2), "2025-01-20", "2029-01-19"));
    story.add("2025-01-20", story::certified(2, "sih", story::by_ikm(1), "2025-01-20", "2029-01-19"));
    story.add("2025-01-20", story::sentra_planned(1, "33.75", "batik"));
    story.add("2025-01-20", story::member_joined(1, 1));
    story.add("2025-01-20", story::member_joined(2, 1));
    story.add("2025-01-20", story::equipped(2, "ipal"));
    story.add("2025-01-20", story::joined(1, 1));
    story.add("2025-01-20", story::joined(2, 1));
    let merge = story.add("2025-06-01", story::merged(2, 1));
    for (view, before, after) in [
        ("green_certified", &[2][..], &[1][..]),
        ("certificates_expiring", &[0, 0, 0], &[0, 0, 0]),
        ("sentra", &[1, 2, 0, 0, 0, 0], &[1, 1, 0, 0, 0, 0]),
        ("exhibited", &[2, 2], &[1, 1]),
        ("facilities", &[1], &[1]),
    ] {
        assert_eq!(figures_known(&story, view, "2025-03-01", merge), before, "{view} before");
        assert_eq!(figures(&story, view, "2025-03-01"), after, "{view} after");
    }
    let facilities = ask(&story, "facilities", "2025-03-01", |_| {});
    assert_eq!(by_area(&facilities, "facilities"), rows(&[("33.75", 1)]));
    // Both certificates end on one day, and remain two.
    assert_eq!(figures(&story, "certificates_expiring", "2029-01-01"), [2, 2, 2]);
}

#[test]
fn what_a_duplicate_gave_up_the_survivor_may_still_hold() {
    let mut story = with_training(two());
    story.add("2025-01-20", story::enrolled(1, 1, None, &[11]));
    story.add("2025-01-20", story::enrolled(2, 1, None, &[12]));
    story.add("2025-01-20", story::sentra_planned(1, "33.75", "batik"));
    story.add("2025-01-20", story::member_joined(1, 1));
    story.add("2025-01-20", story::member_joined(2, 1));
    story.add("2025-01-25", story::withdrawn(2, 1, &[]));
    story.add("2025-01-25", story::closed(2));
    story.add("2025-01-25", story::member_left(2, 1));
    story.add("2025-06-01", story::merged(2, 1));
    on_days(&story, "registered", &[("2025-02-01", &[1])]);
    on_days(&story, "enrolled", &[("2025-01-25", &[1, 2]), ("2025-01-26", &[1, 1])]);
    on_days(&story, "sentra", &[("2025-01-26", &[1, 1, 0, 0, 0, 0])]);
    // Closed itself, it is closed.
    story.add("2025-03-01", story::closed(1));
    on_days(&story, "registered", &[("2025-02-28", &[1]), ("2025-03-01", &[0])]);
}

/// What is recorded for the one that is left is about all that were merged into it by then.
#[test]
fn what_is_recorded_after_the_merge_covers_the_duplicate() {
    let gone = |merge_first: bool| {
        let mut story = with_training(two());
        story.add("2025-01-20", story::enrolled(2, 1, None, &[12]));
        story.add("2025-01-20", story::waitlisted(2, 2, None, &[]));
        story.add("2025-01-20", story::sentra_planned(1, "33.75", "batik"));
        story.add("2025-01-20", story::member_joined(2, 1));
        let end = |story: &mut Story| {
            story.add("2025-02-10", story::withdrawn(1, 1, &[]));
            story.add("2025-02-10", story::withdrawn(1, 2, &[]));
            story.add("2025-02-10", story::member_left(1, 1));
        };
        if merge_first {
            // The merge was found out on a later day than that of the withdrawal, but recorded before it.
            story.add("2025-06-01", story::merged(2, 1));
            end(&mut story);
        } else {
            end(&mut story);
            story.add("2025-06-01", story::merged(2, 1));
        }
        story
    };
    let after = gone(true);
    on_days(&after, "enrolled", &[("2025-02-10", &[1, 1]), ("2025-02-11", &[0, 0])]);
    on_days(&after, "waitlisted", &[("2025-02-10", &[1, 0]), ("2025-02-11", &[0, 0])]);
    let one = |members| [1, members, 0, 0, 0, 0];
    on_days(&after, "sentra", &[("2025-02-09", &one(1)), ("2025-02-10", &one(0))]);
    // What the survivor gave up before the merge was only its own.
    let before = gone(false);
    on_days(&before, "enrolled", &[("2025-02-11", &[1, 1])]);
    on_days(&before, "waitlisted", &[("2025-02-11", &[1, 0])]);
    on_days(&before, "sentra", &[("2025-02-11", &one(1))]);
}

/// Neither before nor after the merge does a third one give up what they hold.
#[test]
fn what_somebody_else_gave_up_they_still_hold() {
    let mut story = with_training(two());
    story.add("2025-01-20", story::enrolled(2, 1, None, &[12]));
    story.add("2025-06-01", story::merged(2, 1));
    story.add("2025-02-10", story::withdrawn(3, 1, &[]));
    on_days(&story, "enrolled", &[("2025-02-11", &[1, 1])]);
}

#[test]
fn a_survivor_among_persons_leaves_for_those_merged_into_it() {
    let story = |merge_first: bool| {
        let mut story = with_training(two());
        story.add("2025-01-20", story::enrolled(1, 1, None, &[11, 13]));
        let mut steps =
            [("2025-06-01", story::person_merged(11, 12)), ("2025-02-10", story::withdrawn(1, 1, &[12]))];
        if !merge_first {
            steps.reverse();
        }
        for (day, happening) in steps {
            story.add(day, happening);
        }
        story
    };
    on_days(&story(true), "enrolled", &[("2025-02-10", &[1, 2]), ("2025-02-11", &[1, 1])]);
    on_days(&story(false), "enrolled", &[("2025-02-11", &[1, 2])]);
}

/// They are one, and it has a place.
#[test]
fn a_place_of_any_of_them_ends_the_wait_of_all() {
    for (waits, has_a_place) in [(1, 2), (2, 1)] {
        let mut story = with_training(two());
        story.add("2025-01-20", story::waitlisted(waits, 1, None, &[11]));
        story.add("2025-01-25", story::enrolled(has_a_place, 1, None, &[12]));
        let merge = story.add("2025-06-01", story::merged(2, 1));
        assert_eq!(figures_known(&story, "waitlisted", "2025-01-25", merge), [1, 1]);
        on_days(&story, "waitlisted", &[("2025-01-24", &[1, 1]), ("2025-01-25", &[0, 0])]);
        on_days(&story, "enrolled", &[("2025-01-25", &[1, 1])]);
    }
}

#[test]
fn a_person_works_for_whom_its_own_stream_says() {
    let mut story = two();
    story.add("2025-01-10", story::registered(3, "35.76", None));
    story.add("2025-01-10", story::person_registered(11, Some(1)));
    story.add("2025-02-10", story::person_registered(12, Some(3))); // the one that is left
    story.add(
        "2025-01-10",
        story::certified(1, "competence", story::by_person(11), "2025-01-10", "2028-01-09"),
    );
    story.add(
        "2025-01-10",
        story::certified(2, "competence", story::by_person(12), "2025-01-10", "2028-01-09"),
    );
    story.add("2025-06-01", story::person_merged(11, 12));
    let persons = |day| by_area(&ask(&story, "certified", day, |_| {}), "certified_persons");
    assert_eq!(persons("2025-02-10"), rows(&[("35.76", 1)]));
    // Not registered by then, the duplicate speaks for it.
    assert_eq!(persons("2025-02-09"), rows(&[("33.75", 1)]));
    let held = ask(&story, "certified", "2025-02-10", |_| {});
    assert_eq!(told(&held), ["person 12 in 35.76 by [2, 4, 5, 6, 7]: certified_persons"]);
    // Of several duplicates the one that was registered first.
    story.add("2025-01-09", story::person_registered(13, Some(2)));
    story.add("2025-06-01", story::person_merged(13, 12));
    let persons = |day| by_area(&ask(&story, "certified", day, |_| {}), "certified_persons");
    assert_eq!(persons("2025-02-09"), rows(&[("33.74", 1)]));
    assert_eq!(persons("2025-02-10"), rows(&[("35.76", 1)]));
}

/// The latest assessment of both is the one that decides.
#[test]
fn an_assessment_of_a_duplicate_is_the_survivors() {
    use jejak_events::types::ikm::Verdict::{Failed, Passed};
    let mut story = two();
    story.add("2025-02-01", story::assessed(1, 1, "sih_batik", Passed));
    story.add("2025-02-02", story::assessed(2, 1, "sih_batik", Failed));
    on_days(&story, "assessed", &[("2025-12-31", &[2, 1])]);
    story.add("2025-06-01", story::merged(2, 1));
    on_days(&story, "assessed", &[("2025-02-01", &[1, 1]), ("2025-12-31", &[1, 0])]);
}

#[test]
fn the_profile_of_the_survivor_is_its_own() {
    let mut story = two();
    story.add("2025-02-01", story::moved(2, "35.76"));
    story.add("2025-06-01", story::merged(2, 1));
    let areas = |story: &Story, day| by_area(&ask(story, "registered", day, |_| {}), "registered");
    assert_eq!(areas(&story, "2025-03-01"), rows(&[("33.75", 1)]), "the duplicate moved, not the survivor");
    // Of several that speak for one not registered by then, the one registered first.
    let mut later = tell(vec![
        ("2025-03-01", story::registered(1, "33.75", None)),
        ("2025-01-05", story::registered(2, "33.74", None)),
        ("2025-01-04", story::registered(3, "33.26", None)),
    ]);
    later.add("2025-01-20", story::moved(3, "35.76"));
    later.add("2025-06-01", story::merged(2, 1));
    later.add("2025-06-01", story::merged(3, 1));
    assert_eq!(areas(&later, "2025-01-05"), rows(&[("33.26", 1)]));
    assert_eq!(areas(&later, "2025-01-20"), rows(&[("35.76", 1)]));
    assert_eq!(areas(&later, "2025-03-01"), rows(&[("33.75", 1)]));
}

#[test]
fn while_the_duplicate_speaks_its_closing_counts() {
    let mut story = tell(vec![
        ("2025-03-01", story::registered(1, "33.75", None)),
        ("2025-01-05", story::registered(2, "33.74", None)),
        ("2025-02-01", story::closed(2)),
        ("2025-06-01", story::merged(2, 1)),
    ]);
    let days: [(&str, &[u64]); 4] =
        [("2025-01-31", &[1]), ("2025-02-01", &[0]), ("2025-02-28", &[0]), ("2025-03-01", &[1])];
    on_days(&story, "registered", &days);
    // Of several merges of one stream the last recorded counts, whatever their days.
    story.add("2025-01-10", story::registered(3, "35.76", None));
    story.add("2025-02-01", story::shipped(2, "JP", "6204"));
    story.add("2025-05-01", story::merged(2, 3));
    let exported = ask(&story, "exported", "2025-12-31", |_| {});
    assert_eq!(by_area(&exported, "exported"), rows(&[("35.76", 1)]));
}

#[test]
fn reports_of_a_duplicate_are_the_survivors() {
    let mut story = two();
    let own = story.add("2025-02-01", story::workforce(1, ("2024-01-01", "2024-06-30")));
    let of_duplicate = story.add("2025-01-20", story::workforce(2, ("2024-01-01", "2024-12-31")));
    let merge = story.add("2025-06-01", story::merged(2, 1));
    let rests_on = |known| {
        let bases = ask(&story, "welfare", "2025-03-01", |q| q.as_known = known).bases;
        bases.into_iter().map(|basis| (basis.ikm, basis.events)).collect::<Vec<_>>()
    };
    assert_eq!(rests_on(merge).len(), 2);
    let survivor = story::ikm(1).uuid();
    assert_eq!(rests_on(merge + 1), [(survivor, BasisEvents::One(of_duplicate))], "the latest period");
    assert_ne!(own, of_duplicate);
    assert_eq!(figures(&story, "welfare", "2025-03-01"), [1, 0]);
}

/// No lawful log gives a person the UUID of an IKM; where one does, merging the persons merges no IKMs.
#[test]
fn merges_of_persons_are_not_those_of_ikms() {
    let mut story = two();
    let as_person = |number| PersonId::new(story::ikm(number).uuid()).unwrap();
    story.add("2025-02-01", story::shipped(2, "JP", "6204"));
    let (_, merged) = story::person_merged(12, 11);
    let Data::PersonMerged(mut merged) = merged else { panic!("{merged:?}") };
    merged.into = as_person(1);
    story.add("2025-06-01", (Subject::Person(as_person(2)), Data::PersonMerged(merged)));
    assert_eq!(figures(&story, "registered", "2025-12-31"), [2]);
    let exported = ask(&story, "exported", "2025-12-31", |_| {});
    assert_eq!(
        by_area(&exported, "exported"),
        rows(&[("33.74", 1)]),
        "of the one that was merged into nobody"
    );
}

/// What a release asks for: as what its IKMs count at a size of the log.
#[test]
fn a_release_knows_who_counts_as_whom_at_its_size() {
    let mut story = two();
    let merge = story.add("2025-06-01", story::merged(2, 1));
    let facts = facts(&story);
    let [survivor, duplicate, unknown] = [1, 2, 9].map(|number| story::ikm(number).uuid());
    let at = |size| {
        let ikms = [survivor, duplicate, unknown];
        jejak_projections::views::releases::release_survivors(&facts, story::date("2025-12-31"), size, ikms)
    };
    let alone = [survivor, duplicate, unknown].map(|ikm| (ikm, ikm)).into();
    assert_eq!(at(merge), alone);
    let merged = [(survivor, survivor), (duplicate, survivor), (unknown, unknown)].into();
    assert_eq!(at(merge + 1), merged);
}
