//! Who entered and left between two answers, and by which events.

use std::cell::Cell;

use jejak_events::types::Holder;
use jejak_events::types::ikm::AttendanceStatus::Present;
use jejak_events::types::program::Unit;
use jejak_projections::answer::{Answer, Figure, FigureUnit, Member, Who, Words};
use jejak_projections::compare::{
    CompareError, Comparison, Difference, FigureChange, IndexRange, Standing, compare, compare_versions,
};
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Lineage;
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::{view, view_version};

use crate::story::{self, Story};

/// An answer made up from who counts in which figures on which events.
fn answer(as_known: u64, members: &[(u32, &[&'static str], &[u64])]) -> Answer {
    let mut members: Vec<Member> = members
        .iter()
        .map(|(number, figures, events)| Member {
            amounts: None,
            area: Some(story::area("33.75")),
            day: None,
            events: events.to_vec(),
            figures: figures.to_vec(),
            who: Who::Ikm(story::ikm(*number).uuid()),
        })
        .collect();
    members.sort_by_key(|member| member.who);
    let count = |name| members.iter().filter(|member| member.figures.contains(&name)).count() as u64;
    let words = Words { en: "", id: "" };
    Answer {
        bases: Vec::new(),
        shares: Vec::new(),
        breakdowns: Vec::new(),
        by_area: Vec::new(),
        context: Vec::new(),
        definition: words,
        digest: String::new(),
        figures: ["a", "b"]
            .map(|name| Figure { name, unit: FigureUnit::Ikm, value: Some(count(name)) })
            .to_vec(),
        members,
        question: Question::new(story::date("2025-12-31"), as_known),
        title: words,
        version: 1,
        view: "made_up",
    }
}

/// How many members, all of one kind, entered a figure and left it.
fn came_and_went(figure: &FigureChange) -> (u64, u64) {
    match figure.members[..] {
        [] => (0, 0),
        [of] => (of.entered, of.left),
        _ => panic!("{figure:?} counts members of several kinds"),
    }
}

/// Member 1 counts in `a` at the sizes for which `counts` says so.
fn one_at(size: u64, counts: impl Fn(u64) -> bool) -> Answer {
    if counts(size) { answer(size, &[(1, &["a"], &[3])]) } else { answer(size, &[]) }
}

/// Compares two sizes of a story of answers; the number of answers asked for in between.
fn between(from: u64, to: u64, limit: usize, counts: impl Fn(u64) -> bool) -> Comparison {
    let asked = Cell::new(0);
    let comparison = compare(&one_at(from, &counts), &one_at(to, &counts), limit, &mut |size| {
        assert!(from < size && size < to, "{size} is not in between");
        asked.set(asked.get() + 1);
        Ok(one_at(size, &counts))
    })
    .unwrap();
    assert_eq!(comparison.answers_between, asked.get());
    assert!(asked.get() <= limit);
    comparison
}

#[test]
fn who_left_is_traced_to_the_event_at_which_it_left() {
    for at in [10, 11, 57, 98, 99] {
        let comparison = between(10, 100, 20, |size| size <= at);
        assert_eq!(comparison.members.len(), 1);
        let change = &comparison.members[0];
        assert_eq!((change.difference, &change.events[..]), (Difference::Left, &[at][..]), "{at}");
        assert!(change.unfound.is_empty());
        let figure = &comparison.figures[0];
        assert_eq!((figure.before, figure.after, figure.difference), (Some(1), Some(0), Some(-1)));
        assert_eq!(came_and_went(figure), (0, 1));
    }
    // One event between the two: nothing has to be asked.
    assert_eq!(between(10, 11, 0, |size| size <= 10).members[0].events, [10]);
}

#[test]
fn who_entered_by_new_events_needs_no_search() {
    let (before, after) = (answer(10, &[]), answer(100, &[(1, &["a"], &[3, 42, 77])]));
    let comparison = compare(&before, &after, 0, &mut |size| panic!("asked at {size}")).unwrap();
    let change = &comparison.members[0];
    assert_eq!((change.difference, &change.events[..]), (Difference::Entered, &[42, 77][..]));
    // On old events alone it entered by something else, which is looked for.
    let comparison = between(10, 100, 20, |size| size > 64);
    assert_eq!(
        (comparison.members[0].difference, &comparison.members[0].events[..]),
        (Difference::Entered, &[64][..])
    );
}

#[test]
fn beyond_the_bound_a_range_is_given_instead_of_a_guess() {
    let comparison = between(0, 1024, 3, |size| size <= 700);
    let change = &comparison.members[0];
    assert!(change.events.is_empty());
    assert_eq!(change.unfound, [IndexRange { from: 640, to: 767 }]);
    assert_eq!(comparison.answers_between, 3);
    let whole = between(0, 1024, 0, |size| size <= 700);
    assert_eq!(whole.members[0].unfound, [IndexRange { from: 0, to: 1023 }]);
}

#[test]
fn a_member_that_changed_twice_gets_both_steps() {
    let at = |size: u64| match size {
        0..=20 => answer(size, &[(1, &["a"], &[3])]),
        21..=60 => answer(size, &[(1, &["a", "b"], &[3])]),
        _ => answer(size, &[(1, &["b"], &[3])]),
    };
    let comparison = compare(&at(10), &at(100), 50, &mut |size| Ok(at(size))).unwrap();
    let change = &comparison.members[0];
    assert_eq!((change.difference, &change.events[..]), (Difference::Changed, &[20, 60][..]));
    let moves: Vec<_> =
        comparison.figures.iter().map(|one| (one.name, came_and_went(one), one.difference)).collect();
    assert_eq!(moves, [("a", (0, 1), Some(-1)), ("b", (1, 0), Some(1))]);
}

#[test]
fn one_search_serves_all_members() {
    // Eight members leave at eight neighbouring events.
    let at = |size: u64| {
        let left: Vec<(u32, &[&'static str], &[u64])> = (0..8)
            .filter(|number| size <= 500 + u64::from(*number))
            .map(|number| (number, &["a"][..], &[3][..]))
            .collect();
        answer(size, &left)
    };
    let comparison = compare(&at(0), &at(1024), 30, &mut |size| Ok(at(size))).unwrap();
    let mut events: Vec<u64> = comparison.members.iter().flat_map(|change| change.events.clone()).collect();
    events.sort_unstable();
    assert_eq!(events, (500..508).collect::<Vec<u64>>());
    assert!(comparison.answers_between < 20, "{}", comparison.answers_between);
}

#[test]
fn what_counts_more_than_once_is_recounted() {
    let at = |size, value, events: &[u64]| {
        let mut answer = answer(size, &[(1, &["a"], events), (2, &["a"], &[4])]);
        answer.figures[0].value = Some(value);
        answer.members[0].amounts = Some(Box::from([value - 1]));
        answer
    };
    let none = &mut |size| panic!("asked at {size}");
    let comparison = compare(&at(10, 2, &[3]), &at(20, 3, &[3, 15]), 0, none).unwrap();
    assert_eq!(comparison.members.len(), 1);
    let change = &comparison.members[0];
    assert_eq!((change.difference, &change.events[..]), (Difference::Recounted, &[15][..]));
    // One taken away: looked for.
    let down = |size| if size <= 17 { at(size, 3, &[3, 5]) } else { at(size, 2, &[3]) };
    let comparison = compare(&down(10), &down(20), 9, &mut |size| Ok(down(size))).unwrap();
    let change = &comparison.members[0];
    assert_eq!((change.difference, &change.events[..]), (Difference::Recounted, &[17][..]));
    let amount = |standing: &Option<Standing>| standing.as_ref().unwrap().amounts.get("a").copied();
    assert_eq!((amount(&change.before), amount(&change.after)), (Some(2), None), "twice, and once");
}

#[test]
fn only_answers_to_one_question_are_compared() {
    let (one, two) = (answer(10, &[]), answer(20, &[]));
    let none = &mut |size| panic!("asked at {size}");
    assert!(matches!(compare(&two, &one, 5, none), Err(CompareError::Backward { before: 20, after: 10 })));
    let mut other = two.clone();
    other.question.on = story::date("2024-01-01");
    assert!(matches!(compare(&one, &other, 5, none), Err(CompareError::DifferentQuestions)));
    assert!(matches!(compare_versions(&one, &two), Err(CompareError::DifferentQuestions)));
    let same = compare(&one, &one, 5, none).unwrap();
    assert!(same.members.is_empty() && same.figures.iter().all(|figure| figure.difference == Some(0)));
}

/// As compare does it on the facts of a story.
fn told(story: &Story, name: &str, day: &str, from: u64) -> Comparison {
    let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
    for (position, event) in (0..).zip(&story.events) {
        facts.append_event(position, event, &mut lineage, story).unwrap();
    }
    let view = view(name).unwrap();
    let at = |size| view.answer(&facts, &Question::new(story::date(day), size));
    compare(&at(from).unwrap(), &at(story.size()).unwrap(), 100, &mut |size| at(size)).unwrap()
}

/// Who differs, how, and by which events, by the number of the IKM.
fn by_ikm(comparison: &Comparison, numbers: &[u32]) -> Vec<(Difference, Vec<u64>)> {
    let of = |number: &u32| {
        let who = Who::Ikm(story::ikm(*number).uuid());
        let change = comparison.members.iter().find(|change| change.who == who);
        change.map(|change| (change.difference, change.events.clone()))
    };
    numbers.iter().filter_map(of).collect()
}

#[test]
fn certificates_come_and_go_in_real_facts() {
    let mut story = Story::default();
    for number in 1..=4 {
        story.add("2025-01-10", story::registered(number, "33.75", None));
    }
    let holder = |number| Holder::Ikm { ikm: story::ikm(number) };
    story.add("2025-02-01", story::certified(1, "sih", holder(1), "2025-02-01", "2029-01-31")); // 4
    story.add("2025-02-01", story::certified(2, "sih", holder(2), "2025-02-01", "2029-01-31")); // 5
    let then = story.size();
    story.add("2025-03-01", story::certified(3, "sih", holder(3), "2025-03-01", "2029-02-28")); // 6
    story.add("2025-04-01", story::revoked(1)); // 7
    story.retract(5); // 8
    story.correct(3, "2025-01-10", story::registered(4, "33.74", None)); // 9
    let comparison = told(&story, "green_certified", "2025-12-31", then);
    let figure = &comparison.figures[0];
    assert_eq!((figure.before, figure.after, came_and_went(figure)), (Some(2), Some(1), (1, 2)));
    assert_eq!(
        by_ikm(&comparison, &[1, 2, 3, 4]),
        [(Difference::Left, vec![7]), (Difference::Left, vec![8]), (Difference::Entered, vec![6])]
    );
    let moved = told(&story, "registered", "2025-12-31", then);
    assert_eq!(by_ikm(&moved, &[1, 2, 3, 4]), [(Difference::Changed, vec![9])]);
    let change = &moved.members[0];
    assert_eq!(change.before.as_ref().unwrap().area, Some(story::area("33.75")));
    assert_eq!(change.after.as_ref().unwrap().area, Some(story::area("33.74")));
    assert_eq!(moved.figures[0].difference, Some(0));
}

#[test]
fn a_further_participation_is_recounted_and_a_late_session_day_takes_out() {
    let mut story = Story::default();
    story.add("2025-01-10", story::registered(1, "33.75", None)); // 0
    story.add("2025-01-10", story::announced(1, "33.75", "2025-03-01", "2025-03-02")); // 1
    story.add("2025-01-10", story::announced(2, "33.75", "2025-04-01", "2025-04-02")); // 2
    story.add("2025-03-01", story::joined(1, 1)); // 3
    story.add("2025-02-01", story::opened(1, "33.75", "export", Unit::Ikm, None)); // 4
    story.add("2025-02-01", story::scheduled(1, 1, None, &["2025-02-10"])); // 5
    story.add("2025-02-02", story::enrolled(1, 1, None, &[])); // 6
    story.add("2025-02-10", story::attended(1, (1, 1), "2025-02-10", None, Present)); // 7
    let then = story.size();
    story.add("2025-04-01", story::joined(1, 2)); // 8
    story.add("2025-02-05", story::scheduled(1, 2, None, &["2025-02-11", "2025-02-12"])); // 9
    let joined = told(&story, "exhibited", "2025-12-31", then);
    assert_eq!(by_ikm(&joined, &[1]), [(Difference::Recounted, vec![8])]);
    let trained = told(&story, "trained", "2025-12-31", then);
    assert_eq!(by_ikm(&trained, &[1]), [(Difference::Left, vec![9])]);
}

#[test]
fn a_new_version_is_held_against_the_old_one() {
    let mut story = Story::default();
    for number in [1, 2] {
        story.add("2025-01-10", story::registered(number, "33.75", None));
    }
    story.add("2025-02-01", story::opened(1, "33.75", "export", Unit::Person, None));
    story.add("2025-02-10", story::enrolled(1, 1, None, &[11]));
    story.add("2025-02-10", story::enrolled(2, 1, None, &[21]));
    story.add("2025-02-20", story::withdrawn(2, 1, &[]));
    let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
    for (position, event) in (0..).zip(&story.events) {
        facts.append_event(position, event, &mut lineage, &story).unwrap();
    }
    let question = Question::new(story::date("2025-12-31"), story.size());
    let answer = |version| view_version("enrolled", version).unwrap().answer(&facts, &question).unwrap();
    // Version 1 counts those who left later, version 2 does not.
    let (first, second) = (answer(1), answer(2));
    assert_eq!(view("enrolled").unwrap().version, 2);
    let comparison = compare_versions(&first, &second).unwrap();
    assert_eq!((comparison.before.version, comparison.after.version), (1, 2));
    let figures: Vec<_> =
        comparison.figures.iter().map(|one| (one.name, one.before, one.after, one.difference)).collect();
    assert_eq!(
        figures,
        [("enrolled", Some(2), Some(1), Some(-1)), ("enrolled_persons", Some(2), Some(1), Some(-1))]
    );
    let mut left: Vec<_> =
        comparison.members.iter().map(|one| (one.difference, one.who.to_string())).collect();
    left.sort_by(|one, other| one.1.cmp(&other.1));
    let expected = [story.events[1].draft.subject.to_string(), format!("person/{}", story::person(21))];
    assert_eq!(left, expected.map(|who| (Difference::Left, who)));
    // The definition did it, no event.
    assert!(comparison.members.iter().all(|one| one.events.is_empty() && one.unfound.is_empty()));
    assert!(compare(&first, &second, 9, &mut |_| Ok(first.clone())).is_err());
    let unknown = view_version("enrolled", 3).map(|view| view.version).unwrap_err();
    assert_eq!(unknown, QuestionError::UnknownVersion { view: "enrolled", asked: 3, known: vec![1, 2] });
}
