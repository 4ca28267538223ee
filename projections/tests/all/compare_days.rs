//! Who entered and left between two days, on which day, and why.

use jejak_events::types::ikm::AttendanceStatus::Present;
use jejak_events::types::ikm::Verdict;
use jejak_events::types::program::Unit;
use jejak_projections::answer::{MemberKind, Who};
use jejak_projections::compare::{
    Asked, CauseKind, CompareError, Comparison, DayRange, Difference, FigureMembers, compare_days,
};
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Lineage;
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::view;

use crate::story::{self, Story, by_ikm, by_person};

/// More than any of these stories needs.
const ENOUGH: usize = 100;

fn facts(story: &Story) -> Facts {
    let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
    for (position, event) in (0..).zip(&story.events) {
        facts.append_event(position, event, &mut lineage, story).unwrap();
    }
    facts
}

fn compared(story: &Story, name: &str, days: [&str; 2], narrow: impl Fn(&mut Question)) -> Comparison {
    let mut question = Question::new(story::date(days[1]), story.size());
    narrow(&mut question);
    let (facts, earlier) = (facts(story), story::date(days[0]));
    compare_days(Asked::whole(view(name).unwrap()), &facts, &question, earlier, ENOUGH, &mut || ()).unwrap()
}

/// Each step of somebody: how it differs, on which day, and each cause with its day and events.
fn steps(comparison: &Comparison, who: Who) -> Vec<String> {
    let change = comparison.members.iter().find(|change| change.who == who);
    let steps = change.iter().flat_map(|change| &change.steps);
    let told = steps.map(|step| {
        let causes =
            step.causes.iter().map(|one| format!("{} {} {:?}", one.cause.name(), one.day, one.events));
        let causes: Vec<String> = causes.collect();
        format!("{} {}: {}", step.difference.name(), step.day, causes.join("; "))
    });
    told.collect()
}

fn of_ikm(comparison: &Comparison, number: u32) -> Vec<String> {
    steps(comparison, Who::Ikm(story::ikm(number).uuid()))
}

const WHOLE: fn(&mut Question) = |_| ();

#[test]
fn certificates_come_and_go_by_their_events_and_by_their_last_day() {
    let mut story = Story::default();
    for number in 1..=7 {
        story.add("2022-01-10", story::registered(number, "33.75", None)); // 0 to 6
    }
    let mut certify = |number, day: &str, from: &str, to: &str| {
        story.add(day, story::certified(number, "sih", by_ikm(number), from, to))
    };
    certify(1, "2022-02-01", "2022-02-01", "2025-12-31"); // 7: lapses
    certify(2, "2022-02-01", "2022-02-01", "2026-01-31"); // 8: revoked
    certify(3, "2022-02-01", "2022-02-01", "2026-01-31"); // 9: suspended
    certify(4, "2022-02-01", "2022-02-01", "2026-01-31"); // 10: its holder closes
    certify(5, "2025-06-01", "2025-06-01", "2029-05-31"); // 11: new
    certify(6, "2025-06-01", "2025-07-01", "2029-05-31"); // 12: issued ahead
    certify(7, "2022-02-01", "2022-02-01", "2026-06-30"); // 13: suspended before, reinstated
    story.add("2024-11-01", story::suspended(7)); // 14
    story.add("2025-03-03", story::revoked(2)); // 15
    story.add("2025-04-04", story::suspended(3)); // 16
    story.add("2025-05-05", story::closed(4)); // 17
    story.add("2025-08-08", story::reinstated(7)); // 18
    let told = compared(&story, "certified", ["2025-01-01", "2026-01-15"], WHOLE);
    for (number, said) in [
        (1, "left 2026-01-01: lapsed 2025-12-31 []"),
        (2, "left 2025-03-03: revoked 2025-03-03 [15]"),
        (3, "left 2025-04-04: suspended 2025-04-04 [16]"),
        (4, "left 2025-05-05: closed 2025-05-05 [17]"),
        (5, "entered 2025-06-01: issued 2025-06-01 [11]"),
        (6, "entered 2025-07-01: in_force 2025-07-01 []"),
        (7, "entered 2025-08-08: reinstated 2025-08-08 [18]"),
    ] {
        assert_eq!(of_ikm(&told, number), [said]);
    }
    let figure = &told.figures[0];
    let of_ikms = FigureMembers { entered: 3, kind: MemberKind::Ikm, left: 4, stayed: 0 };
    assert_eq!((figure.before, figure.after, &figure.members[..]), (Some(4), Some(3), &[of_ikms][..]));
    assert_eq!((told.before.on, told.after.on), (story::date("2025-01-01"), story::date("2026-01-15")));
    // Who stayed is no difference, and is counted.
    let few = compared(&story, "certified", ["2024-12-31", "2025-03-31"], WHOLE);
    assert_eq!((few.members.len(), few.figures[0].members[0].stayed), (1, 3));
}

#[test]
fn a_corrected_day_counts_as_corrected_and_a_retraction_holds_on_both_days() {
    let mut story = Story::default();
    for number in 1..=3 {
        story.add("2022-01-10", story::registered(number, "33.75", None)); // 0 to 2
        story.add("2022-02-01", story::certified(number, "sih", by_ikm(number), "2022-02-01", "2026-01-31"));
    }
    story.add("2025-03-03", story::revoked(1)); // 6
    story.add("2025-03-03", story::revoked(2)); // 7
    story.correct(6, "2025-04-04", story::revoked(1)); // 8
    story.retract(7); // 9
    story.add("2025-05-05", story::merged(3, 1)); // 10
    let told = compared(&story, "registered", ["2025-01-01", "2025-12-31"], WHOLE);
    assert!(told.members.is_empty(), "a merge holds on both days");
    let told = compared(&story, "certified", ["2025-01-01", "2025-03-31"], WHOLE);
    assert!(told.members.is_empty());
    let story = {
        story.retract(10);
        story
    };
    let told = compared(&story, "certified", ["2025-01-01", "2025-12-31"], WHOLE);
    assert_eq!(of_ikm(&told, 1), ["left 2025-04-04: revoked 2025-04-04 [6, 8]"]);
    assert_eq!(told.members.len(), 1);
}

#[test]
fn who_counts_as_another_goes_by_what_happened_to_either() {
    let mut story = Story::default();
    story.add("2022-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2022-01-10", story::registered(2, "33.75", None)); // 1
    story.add("2022-02-01", story::certified(1, "sih", by_ikm(2), "2022-02-01", "2026-01-31")); // 2
    story.add("2022-03-01", story::merged(2, 1)); // 3
    story.add("2025-03-03", story::revoked(1)); // 4
    story.add("2025-06-06", story::certified(2, "sih", by_ikm(2), "2025-06-06", "2029-06-05")); // 5
    let left = compared(&story, "certified", ["2025-01-01", "2025-05-31"], WHOLE);
    assert_eq!(of_ikm(&left, 1), ["left 2025-03-03: revoked 2025-03-03 [4]"]);
    assert!(of_ikm(&left, 2).is_empty());
    let entered = compared(&story, "certified", ["2025-05-31", "2025-06-30"], WHOLE);
    assert_eq!(of_ikm(&entered, 1), ["entered 2025-06-06: issued 2025-06-06 [5]"]);
}

#[test]
fn the_register_of_an_area_grows_by_registration_and_moving_in_and_shrinks_by_moving_out_and_closing() {
    let mut story = Story::default();
    for (number, area) in [(1, "33.75"), (2, "33.74"), (3, "33.75")] {
        story.add("2022-01-10", story::registered(number, area, None)); // 0 to 2
    }
    story.add("2025-03-03", story::moved(1, "33.74")); // 3
    story.add("2025-04-04", story::moved(2, "33.75")); // 4
    story.add("2025-05-05", story::closed(3)); // 5
    story.add("2025-06-06", story::registered(4, "33.75", None)); // 6
    story.add("2025-07-07", story::reopened(3)); // 7
    let days = ["2025-01-01", "2025-12-31"];
    let told = compared(&story, "registered", days, |asked| asked.area = Some(story::area("33.75")));
    assert_eq!(of_ikm(&told, 1), ["left 2025-03-03: moved 2025-03-03 [3]"]);
    assert_eq!(of_ikm(&told, 2), ["entered 2025-04-04: moved 2025-04-04 [4]"]);
    assert_eq!(of_ikm(&told, 4), ["entered 2025-06-06: registered 2025-06-06 [6]"]);
    // It closed and works again: it counts on both days.
    assert!(of_ikm(&told, 3).is_empty());
    let everywhere = compared(&story, "registered", days, WHOLE);
    assert_eq!(of_ikm(&everywhere, 1), ["changed 2025-03-03: moved 2025-03-03 [3]"]);
    let closed = compared(&story, "registered", ["2025-01-01", "2025-06-30"], WHOLE);
    assert_eq!(of_ikm(&closed, 3), ["left 2025-05-05: closed 2025-05-05 [5]"]);
}

/// Two are enrolled for three days, of which each is present on two at least.
fn training() -> Story {
    let mut story = Story::default();
    for number in 1..=3 {
        story.add("2024-01-10", story::registered(number, "33.75", None)); // 0 to 2
    }
    story.add("2025-02-01", story::opened(1, "33.75", "export", Unit::Ikm, Some(60))); // 3
    story.add("2025-02-01", story::scheduled(1, 1, None, &["2025-02-10", "2025-02-11", "2025-02-12"])); // 4
    story.add("2025-02-03", story::enrolled(1, 1, None, &[])); // 5
    story.add("2025-02-03", story::enrolled(2, 1, None, &[])); // 6
    story.add("2025-02-03", story::waitlisted(3, 1, None, &[])); // 7
    story.add("2025-02-10", story::attended(1, (1, 1), "2025-02-10", None, Present)); // 8
    story.add("2025-02-11", story::attended(1, (1, 1), "2025-02-11", None, Present)); // 9
    story.add("2025-02-11", story::attended(2, (1, 1), "2025-02-11", None, Present)); // 10
    story.add("2025-02-12", story::attended(2, (1, 1), "2025-02-12", None, Present)); // 11
    story.add("2025-02-20", story::withdrawn(2, 1, &[])); // 12
    story.add("2025-02-21", story::promoted(3, 1, None, &[])); // 13
    story.add("2025-03-01", story::program_closed(1)); // 14
    story
}

#[test]
fn programmes_are_entered_by_a_place_and_left_by_withdrawing() {
    let story = training();
    let told = compared(&story, "enrolled", ["2025-02-02", "2025-02-28"], WHOLE);
    assert_eq!(of_ikm(&told, 1), ["entered 2025-02-03: enrolled 2025-02-03 [5]"]);
    // It came and went between the two days.
    assert!(of_ikm(&told, 2).is_empty());
    let left = compared(&story, "enrolled", ["2025-02-19", "2025-02-28"], WHOLE);
    assert_eq!(of_ikm(&left, 2), ["left 2025-02-21: withdrawn 2025-02-20 [12]"]);
    assert_eq!(of_ikm(&left, 3), ["entered 2025-02-21: enrolled 2025-02-21 [13]"]);
    let waits = compared(&story, "waitlisted", ["2025-02-02", "2025-02-10"], WHOLE);
    assert_eq!(of_ikm(&waits, 3), ["entered 2025-02-03: waitlisted 2025-02-03 [7]"]);
    let promoted = compared(&story, "waitlisted", ["2025-02-10", "2025-02-28"], WHOLE);
    assert_eq!(of_ikm(&promoted, 3), ["left 2025-02-21: enrolled 2025-02-21 [13]"]);
}

#[test]
fn a_programme_is_completed_on_a_closing_day() {
    let story = training();
    let told = compared(&story, "trained", ["2025-02-01", "2025-02-28"], WHOLE);
    // Absent on the last day, it had enough of the others by then.
    assert_eq!(of_ikm(&told, 1), ["entered 2025-02-12: completed 2025-02-12 []"]);
    assert_eq!(of_ikm(&told, 2), ["entered 2025-02-12: completed 2025-02-12 [11]"]);
    let took_part = compared(&story, "participated", ["2025-02-01", "2025-02-28"], WHOLE);
    assert_eq!(of_ikm(&took_part, 1), ["entered 2025-02-10: attended 2025-02-10 [8]"]);
    let session = compared(&story, "sessions_held", ["2025-02-01", "2025-02-28"], WHOLE);
    let of = |number| steps(&session, Who::Session(story::session(number).uuid()));
    assert!(of(1).iter().any(|step| step.contains("2025-02-12: ")), "{:?}", of(1));
}

#[test]
fn a_window_of_days_that_went_by_is_a_cause_too() {
    let mut story = Story::default();
    story.add("2024-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2024-01-20", story::certified(1, "sih", by_ikm(1), "2024-02-01", "2028-01-31")); // 1
    story.add("2025-06-01", story::shipped(1, "JP", "620890")); // 2
    let unheard = compared(&story, "unheard", ["2025-01-01", "2025-03-01"], WHOLE);
    assert_eq!(of_ikm(&unheard, 1), ["entered 2025-01-19: time_passed 2025-01-19 []"]);
    let heard = compared(&story, "unheard", ["2025-03-01", "2025-07-01"], WHOLE);
    assert_eq!(of_ikm(&heard, 1), ["left 2025-06-01: reported 2025-06-01 [2]"]);
    let ending = compared(&story, "certificates_expiring", ["2027-06-01", "2027-12-31"], WHOLE);
    assert_eq!(
        of_ikm(&ending, 1),
        ["entered 2027-08-04: ending_soon 2028-01-31 []", "changed 2027-11-02: ending_soon 2028-01-31 []"]
    );
}

#[test]
fn persons_go_by_their_own_certificates_and_by_the_ikm_they_work_for() {
    let mut story = Story::default();
    story.add("2022-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2022-01-10", story::person_registered(11, Some(1))); // 1
    story.add("2022-01-10", story::person_registered(12, Some(1))); // 2
    story.add("2022-02-01", story::certified(1, "competence", by_person(11), "2022-02-01", "2025-01-31")); // 3
    story.add("2024-02-01", story::certified(2, "competence", by_person(12), "2024-02-01", "2027-01-31")); // 4
    story.add("2025-05-05", story::closed(1)); // 5
    let told = compared(&story, "certified", ["2025-01-01", "2025-12-31"], WHOLE);
    let of = |number| steps(&told, Who::Person(story::person(number).uuid()));
    assert_eq!(of(11), ["left 2025-02-01: lapsed 2025-01-31 []"]);
    assert_eq!(of(12), ["left 2025-05-05: closed 2025-05-05 [5]"]);
}

#[test]
fn a_person_goes_with_another_ikm_and_with_the_one_they_left_no_more() {
    let mut story = Story::default();
    story.add("2022-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2022-01-10", story::registered(2, "33.74", None)); // 1
    story.add("2022-01-10", story::person_registered(11, Some(1))); // 2
    story.add("2024-02-01", story::certified(1, "competence", by_person(11), "2024-02-01", "2027-01-31")); // 3
    story.add("2025-03-03", story::person_moved(11, Some(2))); // 4
    story.add("2025-04-04", story::closed(1)); // 5
    story.add("2025-05-05", story::closed(2)); // 6
    let told = compared(&story, "certified", ["2025-01-01", "2025-12-31"], WHOLE);
    let found = steps(&told, Who::Person(story::person(11).uuid()));
    assert_eq!(
        found,
        ["changed 2025-03-03: profile_changed 2025-03-03 [4]", "left 2025-05-05: closed 2025-05-05 [6]"]
    );
}

#[test]
fn who_comes_in_their_own_name_completes_and_registers_an_ikm() {
    let own = |happening| story::in_own_name(11, happening);
    let mut story = Story::default();
    story.add("2025-01-01", story::person_registered(11, None)); // 0
    story.add("2025-01-01", story::opened(1, "33.75", "basic_batik", Unit::Person, None)); // 1
    story.add("2025-01-01", story::scheduled(1, 1, None, &["2025-02-01"])); // 2
    story.add("2025-01-10", own(story::enrolled(0, 1, None, &[]))); // 3
    story.add("2025-02-01", own(story::attended(0, (1, 1), "2025-02-01", None, Present))); // 4
    story.add("2025-06-01", story::owned(11, story::registered(1, "33.75", None))); // 5
    let told = compared(&story, "beginners", ["2025-01-01", "2025-12-31"], WHOLE);
    assert_eq!(
        steps(&told, Who::Person(story::person(11).uuid())),
        [
            "entered 2025-01-10: enrolled 2025-01-10 [3]",
            "changed 2025-02-01: completed 2025-02-01 [4]",
            "changed 2025-06-01: registered 2025-06-01 [5]"
        ]
    );
}

#[test]
fn an_assessment_counts_on_its_day_and_what_else_happened_then_is_no_cause() {
    let mut story = training();
    story.add("2025-03-10", story::assessed(1, 1, "sih", Verdict::Passed)); // 15
    story.add("2025-03-10", story::shipped(1, "JP", "620890")); // 16
    story.add("2025-03-10", story::visited(1, 1)); // 17
    let told = compared(&story, "assessed", ["2025-03-01", "2025-03-31"], WHOLE);
    assert_eq!(of_ikm(&told, 1), ["entered 2025-03-10: assessed 2025-03-10 [15]"]);
}

#[test]
fn every_step_that_was_found_is_told() {
    let mut story = Story::default();
    story.add("2022-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2022-02-01", story::certified(1, "sih", by_ikm(1), "2022-02-01", "2026-01-31")); // 1
    story.add("2025-02-15", story::suspended(1)); // 2
    story.add("2025-05-18", story::reinstated(1)); // 3
    story.add("2025-11-20", story::revoked(1)); // 4
    let told = compared(&story, "certified", ["2025-01-01", "2025-12-31"], WHOLE);
    let said = of_ikm(&told, 1);
    assert_eq!(said.last().unwrap(), "left 2025-11-20: revoked 2025-11-20 [4]");
    assert_eq!(told.members[0].difference, Difference::Left);
}

#[test]
fn beyond_the_bound_the_days_that_are_left_are_given() {
    let mut story = Story::default();
    story.add("2025-06-15", story::registered(1, "33.75", None));
    let question = Question::new(story::date("2025-12-31"), story.size());
    let view = view("registered").unwrap();
    let ask = |limit, earlier| {
        compare_days(Asked::whole(view), &facts(&story), &question, story::date(earlier), limit, &mut || ())
    };
    let told = ask(1, "2025-01-01").unwrap();
    let change = &told.members[0];
    assert!(change.steps.is_empty());
    assert_eq!(
        change.unfound_days,
        [DayRange { from: story::date("2025-01-02"), to: story::date("2025-07-02") }]
    );
    assert_eq!(told.answers_between, 1);
    // The day after needs no answer, and the same day none at all.
    assert_eq!(ask(0, "2025-12-31").unwrap().members, []);
    assert!(matches!(ask(9, "2026-01-01"), Err(CompareError::DaysBackward { .. })));
    let mut from = question.clone();
    from.from = Some(story::date("2025-02-01"));
    let wrong =
        compare_days(Asked::whole(view), &facts(&story), &from, story::date("2025-01-01"), 9, &mut || ());
    let Err(CompareError::Between(wrong)) = wrong else { panic!("compared") };
    assert!(matches!(wrong, QuestionError::FilterNotPossible { .. } | QuestionError::PeriodBackward { .. }));
}

/// Whoever completes is present on the last day: where completing is not counted, that is all that it is.
#[test]
fn completing_is_a_cause_where_it_is_counted() {
    for (cause, figure, told) in [
        (CauseKind::Completed, "trained", CauseKind::Completed),
        (CauseKind::Completed, "reach_trained", CauseKind::Completed),
        (CauseKind::Completed, "reach_none", CauseKind::Attended),
        (CauseKind::Moved, "reach_none", CauseKind::Moved),
        (CauseKind::Moved, "trained", CauseKind::Moved),
    ] {
        assert_eq!(cause.in_figure(figure), told, "{cause:?} in {figure}");
    }
}

/// A person without an IKM moves, by what is said of them alone.
#[test]
fn a_person_goes_by_where_they_are() {
    let mut story = Story::default();
    story.add("2025-01-10", story::person_in("33.74", story::person_registered(11, None))); // 0
    story.add("2025-01-10", story::certified(1, "sni", by_person(11), "2025-01-10", "2028-01-09")); // 1
    story.add("2025-03-03", story::person_at(11, "35.76")); // 2
    let in_area = |code: &'static str| move |question: &mut Question| question.area = Some(story::area(code));
    let steps_in = |code| {
        let told = compared(&story, "certified", ["2025-02-01", "2025-04-01"], in_area(code));
        steps(&told, Who::Person(story::person(11).uuid()))
    };
    assert_eq!(steps_in("33.74"), ["left 2025-03-03: moved 2025-03-03 [2]"]);
    assert_eq!(steps_in("35.76"), ["entered 2025-03-03: moved 2025-03-03 [2]"]);
}

#[test]
fn each_cause_has_one_code() {
    let codes: Vec<_> = CauseKind::ALL.iter().map(|kind| serde_json::to_value(kind).unwrap()).collect();
    assert_eq!(codes.iter().collect::<std::collections::HashSet<_>>().len(), codes.len());
    let names: Vec<_> = CauseKind::ALL.iter().map(|kind| serde_json::json!(kind.name())).collect();
    assert_eq!(codes, names);
    assert!(CauseKind::ALL.is_sorted());
}

#[test]
fn what_is_counted_by_its_recording_says_so() {
    let mut story = Story::default();
    story.add("2023-01-10", story::registered(1, "33.75", None));
    let told = compared(&story, "quality", ["2023-01-01", "2024-01-01"], WHOLE);
    let causes = told.members.iter().flat_map(|change| &change.steps).flat_map(|step| &step.causes);
    let kinds: Vec<_> = causes.map(|one| one.cause).collect();
    assert!(kinds.iter().all(|kind| *kind == CauseKind::Recorded), "{kinds:?}");
}

#[test]
fn who_changes_by_what_happened_to_others_is_told_apart_from_time() {
    let mut story = Story::default();
    story.add("2024-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2025-02-02", story::population("33.75", "batik", [None, None, Some(700)])); // 1
    let told = compared(&story, "coverage", ["2025-01-31", "2025-02-03"], WHOLE);
    assert_eq!(of_ikm(&told, 1), ["changed 2025-02-02: elsewhere 2025-02-02 []"]);
    let unheard = compared(&story, "unheard", ["2025-01-01", "2025-03-01"], WHOLE);
    assert_eq!(of_ikm(&unheard, 1), ["entered 2025-01-09: time_passed 2025-01-09 []"]);
}

#[test]
fn a_session_that_is_called_off_closes_a_programme() {
    let mut story = Story::default();
    story.add("2024-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2025-02-01", story::opened(1, "33.75", "export", Unit::Ikm, Some(80))); // 1
    story.add("2025-02-01", story::scheduled(1, 1, None, &["2025-02-10"])); // 2
    story.add("2025-02-01", story::scheduled(1, 2, None, &["2025-03-10"])); // 3
    story.add("2025-02-03", story::enrolled(1, 1, None, &[])); // 4
    story.add("2025-02-10", story::attended(1, (1, 1), "2025-02-10", None, Present)); // 5
    story.add("2025-02-20", story::cancelled(1, 2)); // 6
    let told = compared(&story, "trained", ["2025-02-01", "2025-02-28"], WHOLE);
    assert_eq!(
        of_ikm(&told, 1),
        ["entered 2025-02-20: completed 2025-02-20 []; session_cancelled 2025-02-20 [6]"]
    );
}

#[test]
fn a_profile_that_changed_makes_nobody_count_more_often() {
    let mut story = training();
    story.add("2025-03-15", story::moved(1, "33.74")); // 15
    let told = compared(&story, "attendance", ["2025-02-11", "2025-12-31"], WHOLE);
    let causes = told.members.iter().flat_map(|change| &change.steps).flat_map(|step| &step.causes);
    assert!(causes.map(|one| one.cause).all(|kind| kind != CauseKind::ProfileChanged), "{told:?}");
    assert!(told.members.iter().all(|change| !change.steps.is_empty()));
}

/// Who leaves without being named leaves with all whom the IKM sent.
#[test]
fn who_is_sent_goes_with_the_place_of_the_ikm() {
    let mut story = Story::default();
    story.add("2024-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2025-02-01", story::opened(1, "33.75", "export", Unit::Person, None)); // 1
    story.add("2025-02-03", story::enrolled(1, 1, None, &[11, 12])); // 2
    story.add("2025-02-10", story::withdrawn(1, 1, &[11])); // 3
    story.add("2025-02-20", story::withdrawn(1, 1, &[])); // 4
    let told = compared(&story, "enrolled", ["2025-02-09", "2025-02-28"], WHOLE);
    let of = |number| steps(&told, Who::Person(story::person(number).uuid()));
    assert_eq!(of(11), ["left 2025-02-11: withdrawn 2025-02-10 [3]"]);
    assert_eq!(of(12), ["left 2025-02-21: withdrawn 2025-02-20 [4]"]);
    assert_eq!(of_ikm(&told, 1), ["left 2025-02-21: withdrawn 2025-02-20 [4]"]);
}

/// What else happens to it on that day, and what it leaves elsewhere, is no cause.
#[test]
fn leaving_the_programme_by_which_it_counted_is_the_only_cause() {
    let mut story = training();
    story.add("2025-02-01", story::opened(2, "33.75", "basic_batik", Unit::Ikm, None)); // 15
    story.add("2025-02-03", story::waitlisted(2, 2, None, &[])); // 16
    story.add("2025-02-20", story::withdrawn(2, 2, &[])); // 17
    story.add("2025-02-21", story::visited(2, 1)); // 18
    let told = compared(&story, "enrolled", ["2025-02-19", "2025-02-28"], WHOLE);
    assert_eq!(of_ikm(&told, 2), ["left 2025-02-21: withdrawn 2025-02-20 [12]"]);
}

#[test]
fn nobody_waits_for_a_programme_that_closed() {
    let mut story = training();
    story.add("2025-02-22", story::waitlisted(2, 1, None, &[])); // 15
    let told = compared(&story, "waitlisted", ["2025-02-28", "2025-03-31"], WHOLE);
    assert_eq!(of_ikm(&told, 2), ["left 2025-03-01: program_closed 2025-03-01 [14]"]);
}

#[test]
fn a_session_that_is_put_on_a_day_that_is_past_closes_a_programme() {
    let mut story = Story::default();
    story.add("2024-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2025-02-01", story::opened(1, "33.75", "export", Unit::Ikm, Some(50))); // 1
    story.add("2025-02-01", story::scheduled(1, 1, None, &["2025-02-10"])); // 2
    story.add("2025-02-01", story::scheduled(1, 2, None, &["2025-03-10"])); // 3
    story.add("2025-02-03", story::enrolled(1, 1, None, &[])); // 4
    story.add("2025-02-10", story::attended(1, (1, 1), "2025-02-10", None, Present)); // 5
    story.add("2025-02-20", story::rescheduled(1, 2, &["2025-02-15"])); // 6
    let told = compared(&story, "trained", ["2025-02-01", "2025-02-28"], WHOLE);
    assert_eq!(
        of_ikm(&told, 1),
        ["entered 2025-02-20: completed 2025-02-20 []; session_scheduled 2025-02-20 [6]"]
    );
}

/// An IKM reaches the stage by the certificate of a person of it, and not by the visit of that day.
#[test]
fn the_certificate_that_an_ikm_counts_by_is_the_cause_whoever_holds_it() {
    let mut story = training();
    story.add("2024-01-10", story::person_registered(11, Some(1))); // 15
    let issued =
        story::certified_through(1, Some(1), "competence", by_person(11), "2025-03-10", "2028-03-09");
    story.add("2025-03-10", issued); // 16
    story.add("2025-03-10", story::visited(1, 1)); // 17
    let told = compared(&story, "funnel", ["2025-03-01", "2025-03-31"], |asked| {
        asked.program = Some(story::program(1));
    });
    assert_eq!(of_ikm(&told, 1), ["changed 2025-03-10: issued 2025-03-10 [16]"]);
}

#[test]
fn a_member_counts_once_its_sentra_is_planned() {
    let mut story = Story::default();
    story.add("2024-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2025-02-01", story::member_joined(1, 1)); // 1
    story.add("2025-03-01", story::sentra_planned(1, "33.75", "batik")); // 2
    let told = compared(&story, "sentra", ["2025-01-01", "2025-12-31"], WHOLE);
    assert_eq!(of_ikm(&told, 1), ["entered 2025-03-01: sentra_changed 2025-03-01 [2]"]);
}

#[test]
fn what_a_duplicate_did_is_what_the_survivor_did() {
    let mut story = Story::default();
    story.add("2023-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2023-01-10", story::registered(2, "33.75", None)); // 1
    story.add("2023-02-10", story::merged(2, 1)); // 2
    story.add("2025-06-01", story::shipped(2, "JP", "620890")); // 3
    let heard = compared(&story, "unheard", ["2025-03-01", "2025-07-01"], WHOLE);
    assert_eq!(of_ikm(&heard, 1), ["left 2025-06-01: reported 2025-06-01 [3]"]);
}

/// From what is not known to what is there is no difference that anybody could tell.
#[test]
fn there_is_no_difference_from_what_is_not_known() {
    let mut story = Story::default();
    story.add("2025-02-02", story::population("33.75", "batik", [None, None, Some(700)]));
    story.add("2025-03-03", story::population("33.75", "batik", [None, None, Some(690)]));
    let difference = |days| {
        let told = compared(&story, "population", days, WHOLE);
        let figure = told.figures.iter().find(|figure| figure.name == "population_total").unwrap();
        (figure.before, figure.after, figure.difference)
    };
    assert_eq!(difference(["2025-01-01", "2025-02-02"]), (None, Some(700), None));
    assert_eq!(difference(["2025-02-02", "2025-03-03"]), (Some(700), Some(690), Some(-10)));
}

/// An IKM is registered, reaches a training, completes it and ships; another was there before and closes.
fn reached() -> Story {
    let mut story = Story::default();
    story.add("2024-01-10", story::registered(9, "33.75", None)); // 0
    story.add("2025-01-10", story::registered(1, "33.75", None)); // 1
    story.add("2025-02-01", story::opened(1, "33.75", "export", Unit::Ikm, Some(100))); // 2
    story.add("2025-02-01", story::scheduled(1, 1, None, &["2025-02-10", "2025-02-11"])); // 3
    story.add("2025-02-03", story::enrolled(1, 1, None, &[])); // 4
    story.add("2025-02-10", story::attended(1, (1, 1), "2025-02-10", None, Present)); // 5
    story.add("2025-02-11", story::attended(1, (1, 1), "2025-02-11", None, Present)); // 6
    story.add("2025-06-01", story::shipped(1, "JP", "620890")); // 7
    story.add("2025-07-01", story::closed(9)); // 8
    story
}

const A_YEAR: [&str; 2] = ["2025-01-01", "2025-12-31"];

#[test]
fn each_step_names_the_figures_that_it_entered_and_left() {
    let told = compared(&reached(), "reach", A_YEAR, WHOLE);
    let change = told.members.iter().find(|change| change.who == Who::Ikm(story::ikm(1).uuid())).unwrap();
    let steps: Vec<_> =
        change.steps.iter().map(|step| (step.day, &step.entered[..], &step.left[..])).collect();
    let registered = ["reach_registered", "reach_none"];
    assert_eq!(
        steps,
        [
            (story::date("2025-01-10"), &registered[..], &[][..]),
            (story::date("2025-02-10"), &[], &["reach_none"]),
            (story::date("2025-02-11"), &["reach_trained"], &[]),
            (story::date("2025-06-01"), &["reach_exported"], &[]),
        ]
    );
}

#[test]
fn one_figure_is_compared_as_if_the_view_had_no_other() {
    let story = reached();
    let (facts, question) = (facts(&story), Question::new(story::date(A_YEAR[1]), story.size()));
    let view = view("reach").unwrap();
    let of = |figure| {
        let asked = Asked { view, figure: Some(figure) };
        compare_days(asked, &facts, &question, story::date(A_YEAR[0]), ENOUGH, &mut || ()).unwrap()
    };
    let trained = of("reach_trained");
    assert_eq!(trained.figures.iter().map(|figure| figure.name).collect::<Vec<_>>(), ["reach_trained"]);
    assert_eq!(of_ikm(&trained, 1), ["entered 2025-02-11: completed 2025-02-11 [6]"]);
    assert_eq!(trained.members.len(), 1, "who closed was not trained");
    assert_eq!(trained.members[0].after.as_ref().unwrap().figures, ["reach_trained"]);
    let registered = of("reach_registered");
    assert_eq!(of_ikm(&registered, 1), ["entered 2025-01-10: registered 2025-01-10 [1]"]);
    assert_eq!(of_ikm(&registered, 9), ["left 2025-07-01: closed 2025-07-01 [8]"]);
    // It came and went in between.
    assert!(of_ikm(&of("reach_none"), 1).is_empty());
    // The digests stay those of the whole answers.
    let whole = compared(&story, "reach", A_YEAR, WHOLE);
    assert_eq!((&trained.before.digest, &trained.after.digest), (&whole.before.digest, &whole.after.digest));
}

/// Whoever counts in other figures, too, is held against what that figure alone says of a day on which nothing happened.
#[test]
fn time_passes_for_one_figure_as_for_all() {
    let story = reached();
    let question = Question::new(story::date("2026-12-31"), story.size());
    let asked = Asked { view: view("survival").unwrap(), figure: Some("trained_one_year_ago") };
    let told = compare_days(asked, &facts(&story), &question, story::date("2025-12-31"), ENOUGH, &mut || ())
        .unwrap();
    assert_eq!(of_ikm(&told, 1), ["entered 2026-02-11: time_passed 2026-02-11 []"]);
}

#[test]
fn ikms_and_persons_behind_one_figure_are_counted_apart() {
    let mut story = Story::default();
    story.add("2022-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2022-01-10", story::person_registered(11, Some(1))); // 1
    story.add("2025-02-01", story::certified(1, "sih", by_ikm(1), "2025-02-01", "2029-01-31")); // 2
    story.add("2025-02-01", story::certified(2, "batikmark", by_ikm(1), "2025-02-01", "2029-01-31")); // 3
    story.add("2025-03-01", story::certified(3, "competence", by_person(11), "2025-03-01", "2028-02-28")); // 4
    let told = compared(&story, "certificates", A_YEAR, WHOLE);
    let issued = told.figures.iter().find(|figure| figure.name == "certificates_issued").unwrap();
    assert_eq!(issued.difference, Some(3), "certificates");
    let entered = |kind| FigureMembers { entered: 1, kind, left: 0, stayed: 0 };
    assert_eq!(issued.members, [entered(MemberKind::Ikm), entered(MemberKind::Person)]);
    let renewed = told.figures.iter().find(|figure| figure.name == "certificates_renewed").unwrap();
    assert!(renewed.members.is_empty(), "nobody is behind it");
}

/// A programme that missed one target and misses a second one has not entered again: it counts twice.
#[test]
fn who_counts_already_and_counts_more_is_told() {
    let targets = vec![
        story::aim("enrolled", 5, Some("2025-02-01")),
        story::aim("participated", 5, Some("2025-03-01")),
    ];
    let mut story = Story::default();
    story.add("2025-01-01", story::opened_to_reach(1, "33.75", ("export", Unit::Ikm), None, &[], targets));
    let missed = compared(&story, "targets", ["2025-02-15", "2025-03-15"], WHOLE);
    let figure = missed.figures.iter().find(|figure| figure.name == "targets_missed").unwrap();
    assert_eq!((figure.before, figure.after, figure.difference), (Some(1), Some(2), Some(1)));
    let change = &missed.members[0];
    let amount = |standing: &Option<jejak_projections::compare::Standing>| {
        standing.as_ref().unwrap().amounts.get("targets_missed").copied()
    };
    assert_eq!((amount(&change.before), amount(&change.after)), (None, Some(2)), "once, then twice");
    let view = view("targets").unwrap();
    let alone = Asked { view, figure: Some("targets_missed") };
    let question = Question::new(story::date("2025-03-15"), story.size());
    let (facts, earlier) = (facts(&story), story::date("2025-02-15"));
    let alone = compare_days(alone, &facts, &question, earlier, ENOUGH, &mut || ()).unwrap();
    assert_eq!(alone.members.len(), 1);
    assert_eq!(alone.members[0].difference, Difference::Recounted);
    assert_eq!(
        steps(&alone, Who::Program(story::program(1).uuid())),
        ["recounted 2025-03-02: time_passed 2025-03-02 []"]
    );
    // Each day is held against what that day would be without its events, not against the last one.
    let both = compared(&story, "targets", ["2025-01-15", "2025-03-15"], WHOLE);
    assert_eq!(
        steps(&both, Who::Program(story::program(1).uuid())),
        ["changed 2025-02-02: time_passed 2025-02-02 []", "changed 2025-03-02: time_passed 2025-03-02 []"]
    );
}

/// Persons of a programme that counts IKMs may have been there before: that they entered nobody knows.
#[test]
fn where_a_figure_was_not_known_nobody_is_said_to_have_entered_it() {
    let mut story = Story::default();
    for number in 1..=2 {
        story.add("2025-01-01", story::registered(number, "33.75", None));
    }
    story.add("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None));
    story.add("2025-01-01", story::opened(2, "33.75", "export", Unit::Person, None));
    story.add("2025-01-10", story::enrolled(1, 1, None, &[]));
    story.add("2025-02-10", story::enrolled(2, 2, None, &[21, 22]));
    let comparison = compared(&story, "enrolled", ["2025-01-31", "2025-02-28"], WHOLE);
    let of = |name: &str| comparison.figures.iter().find(|figure| figure.name == name).unwrap();
    let persons = of("enrolled_persons");
    assert_eq!((persons.before, persons.after, persons.members_unknown), (None, Some(2), true));
    assert!(persons.members.is_empty());
    let ikms = of("enrolled");
    assert!(!ikms.members_unknown);
    assert_eq!((ikms.members[0].entered, ikms.members[0].stayed), (1, 1));
    let changed: Vec<Who> = comparison.members.iter().map(|change| change.who).collect();
    assert_eq!(changed, [Who::Ikm(story::ikm(2).uuid())], "no person");
    // Once both sides know persons, it is said who entered.
    story.add("2025-03-10", story::enrolled(1, 2, None, &[11]));
    let later = compared(&story, "enrolled", ["2025-02-28", "2025-03-31"], WHOLE);
    let persons = later.figures.iter().find(|figure| figure.name == "enrolled_persons").unwrap();
    assert_eq!((persons.members_unknown, persons.members[0].entered), (false, 1));
    // Where it is known on neither side there is nothing to compare.
    let early = compared(&story, "enrolled", ["2025-01-10", "2025-01-31"], WHOLE);
    assert!(early.figures.iter().all(|figure| !figure.members_unknown));
}
