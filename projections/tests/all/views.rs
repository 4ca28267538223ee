//! Small stories with figures counted by hand.

use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::types::program::Unit;
use jejak_events::types::{Holder, Scale, ScaleRule, Scaled};
use jejak_projections::answer::{Answer, Who};
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Lineage;
use jejak_projections::question::{Filter, Question, QuestionError};
use jejak_projections::views::{VIEWS, view};

use sha2::Digest as _;

use crate::story::{self, Happening, Story};

use AttendanceStatus::{Absent, Excused, Present};

fn facts(story: &Story) -> Facts {
    let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
    for (position, event) in (0..).zip(&story.events) {
        facts.append_event(position, event, &mut lineage, story).unwrap();
    }
    facts
}

fn ask(story: &Story, name: &str, day: &str, narrow: impl FnOnce(&mut Question)) -> Answer {
    let mut question = Question::new(story::date(day), story.size());
    narrow(&mut question);
    view(name).unwrap().answer(&facts(story), &question).unwrap()
}

/// The figures of a view on a day, in declared order.
fn figures(story: &Story, name: &str, day: &str) -> Vec<u64> {
    ask(story, name, day, |_| {}).figures.iter().map(|figure| figure.value).collect()
}

fn tell(happenings: Vec<(&str, Happening)>) -> Story {
    let mut story = Story::default();
    for (day, happening) in happenings {
        story.add(day, happening);
    }
    story
}

/// Events 0 to 4: two IKMs, a programme of unit person in two sessions with three days in all, and
/// both IKMs enrolled (events 5 and 6).
fn export_training() -> Story {
    tell(vec![
        ("2023-01-10", story::registered(1, "35.76", Some(Scale::Kecil))),
        ("2023-01-10", story::registered(2, "33.75", Some(Scale::Menengah))),
        ("2023-10-01", story::opened(1, "35.76", "export", Unit::Person, None)),
        ("2023-10-02", story::scheduled(1, 1, None, &["2023-10-24", "2023-10-25"])),
        ("2023-10-02", story::scheduled(1, 2, None, &["2023-10-26"])),
        ("2023-10-10", story::enrolled(1, 1, None, &[11, 12])),
        ("2023-10-10", story::enrolled(2, 1, None, &[21])),
    ])
}

fn attend(story: &mut Story, who: u32, person: u32, days: &[(u32, &str, AttendanceStatus)]) {
    for (session, day, status) in days {
        story.add(day, story::attended(who, (1, *session), day, Some(person), *status));
    }
}

const ALL: [(u32, &str, AttendanceStatus); 3] =
    [(1, "2023-10-24", Present), (1, "2023-10-25", Present), (2, "2023-10-26", Present)];

#[test]
fn an_empty_registry_answers_with_zeros_and_definitions() {
    for view in VIEWS {
        let answer = view.answer(&Facts::default(), &Question::new(story::date("2025-01-01"), 0)).unwrap();
        assert_eq!(answer.figures.len(), view.figures.len());
        assert!(answer.figures.iter().all(|figure| figure.value == 0));
        assert!(answer.members.is_empty() && answer.by_area.is_empty() && answer.context.is_empty());
        assert!(answer.definition.id.len() > 60 && answer.definition.en.len() > 60);
        assert_ne!(answer.definition.id, answer.definition.en);
        assert_eq!(answer.digest.len(), 64);
    }
}

#[test]
fn names_are_unique_and_keys_of_json_canonical() {
    let mut names: Vec<_> = VIEWS.iter().flat_map(|view| view.figures).map(|figure| figure.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    let answer = ask(&story, "trained", "2023-10-26", |question| {
        question.area = Some(story::area("35"));
        question.scale = Some(Scaled { rule: ScaleRule::Permenperin64Of2016, scale: Scale::Kecil });
        question.program = Some(story::program(1));
        question.theme = Some(story::code("export"));
        question.from = Some(story::date("2023-01-01"));
    });
    let text = serde_json::to_string(&answer).unwrap();
    let sorted: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(text, sorted.to_string(), "keys out of canonical order");
}

#[test]
fn export_trained_counts_ikms_and_persons_apart() {
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    attend(&mut story, 1, 12, &ALL);
    // Two of three days is 66 %, below 80 %.
    attend(&mut story, 2, 21, &[ALL[0], (1, "2023-10-25", Excused), ALL[2]]);
    for name in ["trained", "export_trained"] {
        assert_eq!(figures(&story, name, "2023-10-26"), [1, 2]);
        // A programme that is not over completes nobody.
        assert_eq!(figures(&story, name, "2023-10-25"), [0, 0]);
    }
    assert_eq!(figures(&story, "green_trained", "2023-12-31"), [0, 0]);
    assert_eq!(figures(&story, "enrolled", "2023-10-10"), [2, 3]);
    assert_eq!(figures(&story, "enrolled", "2023-10-09"), [0, 0]);

    let answer = ask(&story, "export_trained", "2023-10-26", |_| {});
    let who: Vec<_> = answer.members.iter().map(|member| member.who).collect();
    let mut persons = [Who::Person(story::person(11).uuid()), Who::Person(story::person(12).uuid())];
    persons.sort();
    assert_eq!(who, [Who::Ikm(story::ikm(1).uuid()), persons[0], persons[1]]);
    // Registration, enrolment and the attendances of both persons; programme and sessions beside.
    assert_eq!(answer.members[0].events, [0, 5, 7, 8, 9, 10, 11, 12]);
    assert_eq!(answer.members[0].who.subject().unwrap().to_string(), answer.members[0].who.to_string());
    assert_eq!(answer.members[0].area, Some(story::area("35.76")));
    assert_eq!(answer.context, [2, 3, 4]);
    assert_eq!(answer.breakdowns[0].rows[0].key, Some(story::program(1).to_string()));
}

#[test]
fn completion_is_by_percent_of_the_days_of_ones_group() {
    let base = |percent| {
        tell(vec![
            ("2025-01-01", story::registered(1, "33.75", None)),
            ("2025-01-01", story::opened(1, "33.75", "export", Unit::Person, percent)),
            ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02"])),
            ("2025-01-02", story::scheduled(1, 2, Some("a"), &["2025-02-03"])),
            ("2025-01-02", story::scheduled(1, 3, Some("b"), &["2025-02-03", "2025-03-01"])),
            ("2025-01-03", story::enrolled(1, 1, Some("a"), &[1])),
        ])
    };
    let attended = |session, day| story::attended(1, (1, session), day, Some(1), Present);
    let mut two_of_three = base(None);
    two_of_three.add("2025-02-01", attended(1, "2025-02-01"));
    two_of_three.add("2025-02-03", attended(2, "2025-02-03"));
    assert_eq!(figures(&two_of_three, "trained", "2025-02-03"), [0, 0]);
    // Another group's session, a day twice, and a day that was never scheduled add nothing.
    two_of_three.add("2025-02-03", attended(3, "2025-02-03"));
    two_of_three.add("2025-02-01", attended(1, "2025-02-01"));
    two_of_three.add("2025-02-04", attended(1, "2025-02-04"));
    assert_eq!(figures(&two_of_three, "trained", "2025-12-31"), [0, 0]);
    two_of_three.add("2025-02-02", attended(1, "2025-02-02"));
    assert_eq!(figures(&two_of_three, "trained", "2025-02-03"), [1, 1]);

    // Exactly the percentage is enough; one more is not.
    for (percent, trained) in [(66, 1), (67, 0)] {
        let mut story = base(Some(percent));
        story.add("2025-02-01", attended(1, "2025-02-01"));
        story.add("2025-02-03", attended(2, "2025-02-03"));
        assert_eq!(figures(&story, "trained", "2025-02-03"), [trained, trained], "{percent} %");
    }
    // Nothing scheduled completes nobody.
    let mut nothing = base(Some(1));
    for session in [2, 3, 4] {
        nothing.retract(session);
    }
    assert_eq!(figures(&nothing, "trained", "2025-12-31"), [0, 0]);
}

#[test]
fn a_delegation_is_present_when_anyone_is() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "green_industry", Unit::Ikm, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-02", "2025-02-03"])),
        ("2025-01-03", story::enrolled(1, 1, None, &[1, 2])),
        ("2025-02-01", story::attended(1, (1, 1), "2025-02-01", Some(1), Present)),
        ("2025-02-02", story::attended(1, (1, 1), "2025-02-02", Some(2), Present)),
        ("2025-02-02", story::attended(1, (1, 1), "2025-02-02", Some(1), Absent)),
    ]);
    assert_eq!(figures(&story, "green_trained", "2025-02-03"), [0, 0]);
    story.add("2025-02-03", story::attended(1, (1, 1), "2025-02-03", None, Present));
    // The delegation completed; persons are not counted in such a programme.
    assert_eq!(figures(&story, "green_trained", "2025-02-03"), [1, 0]);
    // Who is not enrolled does not count.
    story.retract(3);
    assert_eq!(figures(&story, "green_trained", "2025-02-03"), [0, 0]);
}

#[test]
fn green_certified_is_a_state_on_a_day() {
    let by = |number| Holder::Ikm { ikm: story::ikm(number) };
    let person = Holder::Person { person: story::person(1) };
    let product = Holder::Product { ikm: story::ikm(3), product: story::code("batik") };
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.75", None)),
        ("2025-10-01", story::certified(1, "sih", by(1), "2025-10-08", "2025-12-31")),
        ("2025-10-10", story::certified(2, "sih", by(2), "2025-10-01", "2029-09-30")),
        ("2025-10-01", story::certified(3, "sni", by(2), "2025-01-01", "2029-09-30")),
        ("2025-10-01", story::certified(4, "sih", person, "2025-01-01", "2029-09-30")),
        ("2025-10-01", story::certified(5, "sih", product, "2025-01-01", "2029-09-30")),
        ("2025-11-20", story::revoked(2)),
    ]);
    for (day, count) in [
        ("2025-10-07", 0), // issued, not yet valid
        ("2025-10-08", 1),
        ("2025-10-10", 2), // the second is issued only now, though valid before
        ("2025-11-19", 2),
        ("2025-11-20", 1), // revoked on its first day of not holding
        ("2025-12-31", 1), // the last day is inclusive
        ("2026-01-01", 0),
    ] {
        assert_eq!(figures(&story, "green_certified", day), [count], "{day}");
    }
}

#[test]
fn the_latest_assessment_in_a_scheme_decides() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-03-01", story::assessed(1, 1, "sih_batik", Verdict::Passed)),
        // Recorded later, but for an earlier day.
        ("2025-02-01", story::assessed(1, 1, "sih_batik", Verdict::Failed)),
    ]);
    assert_eq!(figures(&story, "assessed", "2025-02-15"), [1, 0]);
    assert_eq!(figures(&story, "assessed", "2025-03-01"), [1, 1]);
    // On the same day the later record decides.
    story.add("2025-03-01", story::assessed(1, 1, "sih_batik", Verdict::Failed));
    assert_eq!(figures(&story, "assessed", "2025-03-01"), [1, 0]);
    story.add("2025-03-01", story::assessed(1, 2, "sni", Verdict::Passed));
    let answer = ask(&story, "assessed", "2025-03-01", |_| {});
    let by_scheme: Vec<_> = answer.breakdowns[0]
        .rows
        .iter()
        .map(|row| (row.key.as_deref(), row.figures[0].value, row.figures[1].value))
        .collect();
    assert_eq!(by_scheme, [(Some("sih_batik"), 1, 0), (Some("sni"), 1, 1)]);
    assert_eq!(answer.members.len(), 1);
    assert_eq!(answer.members[0].figures, ["assessed", "passed"]);
}

#[test]
fn exhibitions_and_sessions() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-01", story::announced(1, "35.76", "2025-03-01", "2025-03-05")),
        ("2025-01-01", story::announced(2, "33.75", "2025-04-01", "2025-04-05")),
        ("2025-03-01", story::joined(1, 1)),
        ("2025-04-02", story::joined(1, 2)),
        ("2025-03-02", story::joined(2, 1)),
        ("2025-01-01", story::opened(1, "33.74", "export", Unit::Ikm, None)),
        ("2025-01-02", story::scheduled(1, 1, None, &["2025-02-01", "2025-02-05"])),
        ("2025-01-02", story::scheduled(1, 2, None, &["2025-02-06"])),
    ]);
    assert_eq!(figures(&story, "exhibited", "2025-03-31"), [2, 2]);
    assert_eq!(figures(&story, "exhibited", "2025-04-02"), [2, 3]);
    let at_home =
        ask(&story, "exhibited", "2025-12-31", |question| question.area = Some(story::area("33.75")));
    assert_eq!((at_home.value("exhibited"), at_home.value("participations")), (Some(1), Some(2)));
    assert_eq!(figures(&story, "sessions_held", "2025-02-04"), [0]);
    assert_eq!(figures(&story, "sessions_held", "2025-02-05"), [1]);
    let period =
        |from, on| ask(&story, "sessions_held", on, |question| question.from = Some(story::date(from)));
    // A session from the 1st to the 5th lies in the period of its last day, wherever the boundary is.
    for (boundary, before, after) in [
        (["2025-01-31", "2025-02-01"], 0, 2),
        (["2025-02-01", "2025-02-02"], 0, 2),
        (["2025-02-04", "2025-02-05"], 0, 2),
        (["2025-02-05", "2025-02-06"], 1, 1),
    ] {
        let first = period("2025-01-01", boundary[0]).value("sessions_held");
        let second = period(boundary[1], "2025-02-28").value("sessions_held");
        assert_eq!((first, second), (Some(before), Some(after)), "{boundary:?}");
    }
    let within = period("2025-02-02", "2025-02-28");
    assert_eq!(within.by_area[0].area, Some(story::area("33.74")));
}

#[test]
fn filters_narrow_and_a_province_adds_up_its_cities() {
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    attend(&mut story, 2, 21, &ALL);
    let count = |narrow: fn(&mut Question)| ask(&story, "trained", "2023-12-31", narrow).value("trained");
    assert_eq!(count(|_| {}), Some(2));
    assert_eq!(count(|question| question.area = Some(story::area("33.75"))), Some(1));
    assert_eq!(count(|question| question.area = Some(story::area("33"))), Some(1));
    assert_eq!(count(|question| question.area = Some(story::area("33.26"))), Some(0));
    assert_eq!(count(|question| question.theme = Some(story::code("export"))), Some(2));
    assert_eq!(count(|question| question.theme = Some(story::code("never_seen"))), Some(0));
    assert_eq!(count(|question| question.program = Some(story::program(9))), Some(0));
    assert_eq!(count(|question| question.funding = Some(story::code("apbd"))), Some(0));
    assert_eq!(count(|question| question.from = Some(story::date("2023-10-26"))), Some(2));
    assert_eq!(count(|question| question.from = Some(story::date("2023-10-27"))), Some(0));
    let kecil = Scaled { rule: ScaleRule::Permenperin64Of2016, scale: Scale::Kecil };
    let small = ask(&story, "registered", "2023-12-31", |question| question.scale = Some(kecil));
    assert_eq!(small.value("registered"), Some(1));
    let all = ask(&story, "registered", "2023-12-31", |_| {});
    let areas: Vec<_> = all.by_area.iter().map(|row| row.area.unwrap().to_string()).collect();
    assert_eq!(areas, ["33.75", "35.76"]);
}

#[test]
fn money_is_found_however_programmes_were_first_named() {
    let mut story = Story::default();
    // Sessions name the programmes in another order than the openings.
    for program in [6, 4, 2, 1] {
        story.add("2025-01-02", story::scheduled(program, program, None, &["2025-02-01"]));
    }
    for program in [1, 2, 4, 6] {
        story.add("2025-01-01", story::opened(program, "33.75", "export", Unit::Ikm, None));
    }
    let paid_by = |source: &str| {
        let answer = ask(&story, "sessions_held", "2025-02-01", |question| {
            question.funding = Some(story::code(source));
        });
        answer.value("sessions_held").unwrap()
    };
    assert_eq!((paid_by("apbd"), paid_by("dak_nonfisik")), (3, 0));
}

#[test]
fn consolidated_facts_do_not_answer_for_the_past() {
    let mut story = export_training();
    story.retract(0);
    let mut early = facts(&story);
    early.consolidate();
    let mut later = Facts::starting_at(story.size());
    let position = story.add("2023-01-10", story::registered(3, "33.75", None));
    let mut lineage = early.lineage(&story).unwrap();
    later.append_event(position, &story.events[position as usize], &mut lineage, &story).unwrap();
    let merged = Facts::merge([later, early]).unwrap();
    let ask = |known| {
        let question = Question::new(story::date("2023-12-31"), known);
        view("registered").unwrap().answer(&merged, &question)
    };
    assert_eq!(ask(9).unwrap().value("registered"), Some(2));
    assert_eq!(ask(8).unwrap().value("registered"), Some(1));
    assert_eq!(ask(7).unwrap_err(), QuestionError::Consolidated { asked: 7, floor: 8 });
}

#[test]
fn questions_without_an_answer_say_why() {
    let facts = facts(&export_training());
    let day = story::date("2025-01-01");
    let mut question = Question::new(day, 3);
    question.theme = Some(story::code("export"));
    let error = view("registered").unwrap().answer(&facts, &question).unwrap_err();
    assert!(matches!(
        &error,
        QuestionError::FilterNotPossible { view: "registered", filter: Filter::Theme, .. }
    ));
    assert!(error.to_string().contains("registered") && error.to_string().contains("theme"), "{error}");
    assert_ne!(error.message().id, error.message().en);
    let mut question = Question::new(day, 3);
    question.from = Some(story::date("2025-01-02"));
    let error = view("trained").unwrap().answer(&facts, &question).unwrap_err();
    assert_eq!(error, QuestionError::PeriodBackward { from: story::date("2025-01-02"), on: day });
    let error = view("trained").unwrap().answer(&facts, &Question::new(day, 8)).unwrap_err();
    assert_eq!(error, QuestionError::NotRecordedYet { asked: 8, size: 7 });
    assert!(matches!(view("welfare"), Err(QuestionError::UnknownView { .. })));
}

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

/// The digest is part of what is promised outside: it must not change with the program.
#[test]
fn the_digest_is_what_it_was() {
    let mut story = export_training();
    attend(&mut story, 1, 11, &ALL);
    let answer = ask(&story, "export_trained", "2023-10-26", |question| {
        question.area = Some(story::area("35.76"));
    });
    assert_eq!(answer.digest, "99ac906b489c57afe131f5759b0d315e4329de48d8e6e956296ff9dac482668a");
    // Anyone can make it from the printed answer: leave the words and the digest out, hash the rest.
    let mut value = serde_json::to_value(&answer).unwrap();
    for words in ["definition", "digest", "title"] {
        value.as_object_mut().unwrap().remove(words).unwrap();
    }
    let hash = sha2::Sha256::digest(value.to_string().as_bytes());
    assert_eq!(answer.digest, hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let mut changed = answer.clone();
    changed.members[0].events.push(99);
    assert_ne!(changed.compute_digest(), answer.digest);
}
