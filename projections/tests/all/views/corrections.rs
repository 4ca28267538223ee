//! Corrections and retractions of each kind of event act from their index on.

use jejak_events::types::FundingStage::{Planned, Realised};
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::types::program::Unit;
use jejak_projections::answer::Who;
use jejak_projections::views::view;

use super::*;

#[test]
fn corrections_act_from_their_index_on() {
    let mut story = export_training();
    let moved = story.correct(0, "2023-01-10", story::registered(1, "33.74", None));
    let facts = facts(&story);
    let at = |known| {
        let question = Question::new(story::date("2023-12-31"), known);
        view("registered").unwrap().answer(&facts, &question).unwrap()
    };
    let (before, after) = (at(moved), at(moved + 1));
    let areas = |answer: &Answer| -> Vec<_> {
        answer.by_area.iter().map(|row| row.area.unwrap().to_string()).collect()
    };
    assert_eq!(
        (areas(&before), areas(&after)),
        (vec!["33.75".into(), "35.76".into()], vec!["33.74".into(), "33.75".into()])
    );
    let member = after.members.iter().find(|member| member.who == Who::Ikm(story::ikm(1).uuid())).unwrap();
    assert_eq!(member.events, [0, moved], "the original and what speaks for it");
}

#[test]
fn what_says_who_somebody_is_follows_corrections_and_retractions() {
    let mut story = Story::default();
    let first = story.add("2023-01-10", story::registered(1, "33.75", None));
    let other = story.add("2023-01-10", story::registered(2, "33.75", None));
    let changed = story.add("2023-05-10", story::profile_changed(1, Some("33.74"), None, &[]));
    let person = story.add("2023-06-10", story::person_registered(1, Some(1)));
    let corrected = story.correct(first, "2023-01-10", story::registered(1, "33.74", None));
    let retracted = story.retract(changed);
    let facts = facts(&story);
    let who = [Who::Ikm(story::ikm(1).uuid()), Who::Person(story::person(1).uuid())];
    let describing = |known| facts.describing(who, known).into_iter().collect::<Vec<_>>();
    assert!(describing(first).is_empty());
    assert_eq!(describing(corrected), [first, changed, person]);
    assert_eq!(describing(retracted), [changed, person, corrected]);
    assert_eq!(describing(retracted + 1), [person, corrected]);
    // Of a person whatever changed: the IKM, the area, or what is sealed alone.
    let changes = [story::person_moved(1, Some(2)), story::person_at(1, "35.76"), story::person_renamed(1)];
    let mut elsewhere = story.clone();
    let [moved, at, renamed] = changes.map(|change| elsewhere.add("2023-07-10", change));
    elsewhere.add("2023-07-10", story::person_renamed(2));
    let facts = super::facts(&elsewhere);
    let found = facts.describing([Who::Person(story::person(1).uuid())], elsewhere.size());
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [person, moved, at, renamed]);
    let in_force = |known| facts.in_force(0..story.size() + 3, known).into_iter().collect::<Vec<_>>();
    assert_eq!(in_force(corrected), [first, other, changed, person]);
    assert_eq!(in_force(story.size()), [other, person, corrected, retracted]);
}

/// A figure on a day, narrowed or broken down as the case needs it.
type Measure = Box<dyn Fn(&Story) -> u64>;

const DAY: &str = "2025-03-01";

fn figure(view: &'static str, name: &'static str) -> Measure {
    Box::new(move |story| ask(story, view, DAY, |_| {}).value(name).unwrap_or(0))
}

fn in_area(view: &'static str, name: &'static str, area: &'static str) -> Measure {
    Box::new(move |story| {
        ask(story, view, DAY, |question| question.area = Some(story::area(area))).value(name).unwrap_or(0)
    })
}

fn under(view: &'static str, name: &'static str, breakdown: &'static str, key: &'static str) -> Measure {
    Box::new(move |story| {
        let rows = by(&ask(story, view, DAY, |_| {}), breakdown, name);
        rows.into_iter().find(|(other, _)| other == key).map_or(0, |(_, value)| value)
    })
}

/// Records what is wrong, corrects it twice, takes the corrections back one by one, and then the event.
/// `expected`: the figure by what is wrong, by what is right, and without either.
fn amend(
    base: &[(&str, Happening)],
    wrong: Happening,
    right: Happening,
    measure: &Measure,
    expected: [u64; 3],
) {
    let [by_wrong, by_right, without] = expected;
    let what = wrong.1.type_name();
    let mut story = tell(base.to_vec());
    assert_eq!(measure(&story), without, "{what}: before it");
    let day = "2025-02-10";
    let event = story.add(day, wrong.clone());
    assert_eq!(measure(&story), by_wrong, "{what}: as recorded");
    let first = story.correct(event, day, right);
    assert_eq!(measure(&story), by_right, "{what}: corrected");
    let second = story.correct(event, day, wrong.clone());
    assert_eq!(measure(&story), by_wrong, "{what}: corrected again");
    story.retract(second);
    assert_eq!(measure(&story), by_right, "{what}: the second correction retracted");
    story.retract(first);
    assert_eq!(measure(&story), by_wrong, "{what}: both corrections retracted");
    story.retract(event);
    assert_eq!(measure(&story), without, "{what}: retracted");
    // Hidden for ever, also from a correction that comes later.
    story.correct(event, day, wrong.clone());
    assert_eq!(measure(&story), without, "{what}: corrected after its retraction");
    // Said of a later day, it has not happened by the day asked for.
    let mut late = tell(base.to_vec());
    let event = late.add(day, wrong.clone());
    late.correct(event, "2025-03-02", wrong);
    let acts_on_every_day = what.contains(".merged.");
    assert_eq!(measure(&late), if acts_on_every_day { by_wrong } else { without }, "{what}: later");
}

fn registered_two() -> Vec<(&'static str, Happening)> {
    vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
    ]
}

#[test]
fn what_is_said_of_ikms_and_persons() {
    let base = registered_two();
    let and = |more: Vec<(&'static str, Happening)>| [registered_two(), more].concat();
    let registered = figure("registered", "registered");
    let there = in_area("registered", "registered", "35.76");
    amend(&base, story::moved(1, "35.76"), story::moved(1, "33.26"), &there, [1, 0, 0]);
    amend(&base, story::closed(1), story::closed(9), &registered, [1, 2, 2]);
    let closed = and(vec![("2025-01-02", story::closed(1))]);
    amend(&closed, story::reopened(1), story::reopened(9), &registered, [2, 1, 1]);
    let first = in_area("registered", "registered", "33.75");
    amend(&base, story::merged(1, 2), story::merged(2, 1), &first, [0, 1, 1]);
    let reported = in_area("welfare", "workforce_reported", "33.75");
    let year = ("2024-01-01", "2024-12-31");
    amend(&base, story::workforce(1, year), story::workforce(2, year), &reported, [1, 0, 0]);
    let exported = under("exported", "exported", "country", "jp");
    amend(&base, story::shipped(1, "JP", "6204"), story::shipped(1, "NL", "6204"), &exported, [1, 0, 0]);
    let ipal = under("facilities", "facilities", "kind", "ipal");
    amend(&base, story::equipped(1, "ipal"), story::equipped(1, "stove"), &ipal, [1, 0, 0]);
    let persons = and(vec![("2025-01-03", story::enrolled(1, 1, None, &[11, 12]))]);
    let enrolled = figure("enrolled", "enrolled_persons");
    amend(&persons, story::person_merged(11, 12), story::person_merged(13, 12), &enrolled, [1, 2, 2]);
}

#[test]
fn what_is_said_of_programmes_and_places() {
    let begun = || {
        vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
            ("2025-01-01", story::opened(2, "33.75", "export", Unit::Ikm, None)),
            ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-15"])),
        ]
    };
    let and = |more: Vec<(&'static str, Happening)>| [begun(), more].concat();
    let open = in_area("programs", "programs_open", "33.75");
    amend(&begun(), story::program_closed(1), story::program_closed(9), &open, [1, 2, 2]);
    let held = figure("sessions_held", "sessions_scheduled");
    let to = |day| story::rescheduled(1, 1, &[day]);
    amend(&begun(), to("2025-03-02"), to("2025-03-01"), &held, [0, 1, 1]);
    amend(&begun(), story::cancelled(1, 1), story::cancelled(1, 9), &held, [0, 1, 1]);
    let spent = figure("spending", "spending_realised");
    let spending = |amount| story::spent(1, Realised, "apbd", Some(2025), amount);
    amend(&begun(), spending(5), spending(7), &spent, [5, 7, 0]);
    let waiting = figure("waitlisted", "waitlisted_persons");
    let wait = |persons: &[u32]| story::waitlisted(1, 1, None, persons);
    amend(&begun(), wait(&[11, 12]), wait(&[11]), &waiting, [2, 1, 0]);
    let enrolled = figure("enrolled", "enrolled_persons");
    let promotion = |persons: &[u32]| story::promoted(1, 1, None, persons);
    amend(&begun(), promotion(&[11, 12]), promotion(&[11]), &enrolled, [2, 1, 0]);
    let placed = and(vec![("2025-01-03", story::enrolled(1, 1, None, &[11, 12]))]);
    amend(&placed, story::withdrawn(1, 1, &[]), story::withdrawn(1, 1, &[11]), &enrolled, [0, 1, 2]);
    let mentored = under("mentored", "mentored", "theme", "export");
    amend(&begun(), story::visited(1, 1), story::visited(1, 9), &mentored, [1, 0, 0]);
    let compared = figure("turnover_change", "turnover_compared");
    let reported = and(vec![
        ("2025-01-03", story::enrolled(1, 1, None, &[])),
        ("2025-01-03", story::turnover(1, ("2024-01-01", "2024-12-31"))),
    ]);
    let turnover = |from| story::turnover(1, (from, "2025-02-28"));
    amend(&reported, turnover("2025-02-16"), turnover("2025-02-15"), &compared, [1, 0, 0]);
}

#[test]
fn what_is_said_of_certificates() {
    let holder = || story::by_ikm(1);
    let issued = |to| {
        let issue = story::certified(1, "sih", holder(), "2025-01-01", to);
        [registered_two(), vec![("2025-01-01", issue)]].concat()
    };
    let valid = figure("green_certified", "green_certified");
    amend(&issued("2029-12-31"), story::suspended(1), story::suspended(9), &valid, [0, 1, 1]);
    let suspended = [issued("2029-12-31"), vec![("2025-01-02", story::suspended(1))]].concat();
    amend(&suspended, story::reinstated(1), story::reinstated(9), &valid, [1, 0, 0]);
    let renewal = |from| story::renewed(1, holder(), from, "2029-12-31");
    amend(&issued("2025-02-28"), renewal("2025-03-01"), renewal("2025-03-02"), &valid, [1, 0, 0]);
    amend(&issued("2029-12-31"), story::revoked(1), story::revoked(9), &valid, [0, 1, 1]);
}

#[test]
fn what_is_said_of_sentras_and_areas() {
    let planned = || vec![("2025-01-01", story::sentra_planned(1, "33.75", "batik"))];
    let plan = |area| story::sentra_planned(2, area, "batik");
    amend(&planned(), plan("33.75"), plan("33.74"), &in_area("sentra", "sentras", "33.75"), [2, 1, 1]);
    let stage = |stage| under("sentra", "sentras", "stage", stage);
    amend(&planned(), story::sentra_built(1), story::sentra_built(9), &stage("built"), [1, 0, 0]);
    amend(&planned(), story::sentra_opened(1), story::sentra_opened(9), &stage("opened"), [1, 0, 0]);
    let funds = |amount| story::sentra_funded(1, Planned, amount);
    amend(&planned(), funds(Some(5)), funds(Some(7)), &figure("sentra", "sentra_planned"), [5, 7, 0]);
    amend(&planned(), funds(Some(5)), funds(None), &figure("sentra", "sentra_planned"), [5, 0, 0]);
    let hall = under("facilities", "facilities", "kind", "hall");
    amend(&planned(), story::sentra_equipped(1, "hall"), story::sentra_equipped(1, "ipal"), &hall, [1, 0, 0]);
    let form = under("sentra", "sentras", "legal_form", "cooperative");
    amend(&planned(), story::sentra_form(1, "cooperative"), story::sentra_form(1, "cv"), &form, [1, 0, 0]);
    let members = figure("sentra", "sentra_members");
    amend(&planned(), story::member_joined(1, 1), story::member_joined(1, 9), &members, [1, 0, 0]);
    let joined = [planned(), vec![("2025-01-02", story::member_joined(1, 1))]].concat();
    amend(&joined, story::member_left(1, 1), story::member_left(1, 9), &members, [0, 1, 1]);
    let total = |total| story::population("33.75", "batik", [None, None, Some(total)]);
    amend(&[], total(700), total(690), &figure("population", "population_total"), [700, 690, 0]);
    let through = under("declared_complete", "declared_complete", "through", "2025-01-31");
    let complete = |through| story::complete_for_theme("33.75", "export", through);
    amend(&[], complete("2025-01-31"), complete("2025-01-30"), &through, [1, 0, 0]);
    let claim = |value| story::claim_made(1, story::About::default(), "ikm", Some(value));
    amend(&[], claim(7), claim(6), &figure("claims", "claim_reported"), [7, 6, 0]);
    let check = |counted| story::claim_checked(1, 1, ClaimVerdict::Supported, Some(counted));
    let made = [("2025-01-01", claim(7))];
    amend(&made, check(7), check(6), &figure("claims", "claim_counted"), [7, 6, 0]);
}
