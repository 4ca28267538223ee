//! The events behind a figure: of each member, and of the answer as a whole.
//!
//! Whatever is told of the duplicate, IKM 2, makes IKM 1 count, and by which merge must be said.

use jejak_events::types::ikm::Verdict;

use jejak_projections::compare::Asked;
use jejak_projections::question::{AreaOf, Filter};

use super::*;

/// The figures are asked for on this day.
const DAY: &str = "2025-12-01";

/// Events 0 to 4: IKM 1 in 33.75, its duplicate 2, the move of the former to 35.76, the merge, and a
/// programme of unit person in 33.26, paid by apbd.
fn begun() -> Story {
    tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-02", story::moved(1, "35.76")),
        ("2025-06-01", story::merged(2, 1)),
        ("2025-01-03", story::opened_for(1, "33.26", "export", Unit::Person, None, &["apbd"], &[])),
    ])
}

/// What a view answers, by the areas of IKMs also where results of programmes count in the programme's.
fn of_ikms(story: &Story, name: &str) -> Answer {
    let of_programs = view(name).unwrap().filters.contains(&Filter::AreaOf);
    ask(story, name, DAY, |question| question.area_of = of_programs.then_some(AreaOf::Ikm))
}

/// Asserts who is behind a view, by which events, and what it rests on besides.
fn rests(story: &Story, view: &str, members: &[&str], context: &[u64]) {
    let answer = of_ikms(story, view);
    assert_eq!((told(&answer), &answer.context[..]), (owned(members), context), "{view}");
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Asserts one figure by area, programme and theme; those that the view does not break down left out.
fn lies(story: &Story, view: &str, figure: &str, area: &str) {
    let answer = of_ikms(story, view);
    assert_eq!(by_area(&answer, figure), rows(&[(area, 1)]), "{view} by area");
    let program = story::program(1).to_string();
    for (breakdown, key) in [("program", program.as_str()), ("theme", "export")] {
        if answer.breakdowns.iter().any(|one| one.by == breakdown) {
            assert_eq!(by(&answer, breakdown, figure), rows(&[(key, 1)]), "{view} by {breakdown}");
        }
    }
}

#[test]
fn of_what_happened_to_a_duplicate() {
    let mut story = begun();
    story.add("2025-03-01", story::assessed(2, 1, "sih_batik", Verdict::Passed)); // 5
    story.add("2025-03-02", story::visited(2, 1));
    story.add("2025-03-03", story::shipped(2, "JP", "6204")); // 7
    story.add("2025-03-04", story::equipped(2, "ipal"));
    story.add("2025-03-05", story::announced(1, "33.74", "2025-04-01", "2025-04-05")); // 9
    story.add("2025-03-05", story::announced(2, "33.74", "2025-04-01", "2025-04-05")); // nobody went
    story.add("2025-04-01", story::joined(2, 1)); // 11
    rests(&story, "registered", &["ikm 1 in 35.76 by [0, 2]: registered"], &[]);
    rests(&story, "assessed", &["ikm 1 in 35.76 by [0, 2, 3, 5]: assessed passed"], &[4]);
    rests(&story, "mentored", &["ikm 1 in 35.76 by [0, 2, 3, 6]: mentored mentoring_visits"], &[4]);
    rests(&story, "exported", &["ikm 1 in 35.76 by [0, 2, 3, 7]: exported shipments"], &[]);
    rests(&story, "facilities", &["ikm 1 in 35.76 by [0, 2, 3, 8]: facilities"], &[]);
    rests(&story, "exhibited", &["ikm 1 in 35.76 by [0, 2, 3, 11]: exhibited participations"], &[9]);
    for (view, figure) in [
        ("assessed", "passed"),
        ("mentored", "mentored"),
        ("exported", "shipments"),
        ("exhibited", "exhibited"),
    ] {
        lies(&story, view, figure, "35.76");
    }
    let exhibited = ask(&story, "exhibited", DAY, |_| {});
    let exhibition = story::exhibition(1).to_string();
    assert_eq!(by(&exhibited, "exhibition", "participations"), rows(&[(&exhibition, 1)]));
}

#[test]
fn of_places_and_waits() {
    let mut story = begun();
    story.add("2025-02-01", story::enrolled(2, 1, None, &[12])); // 5
    story.add("2025-06-01", story::person_merged(12, 11)); // 6
    let by = "in 35.76 by [0, 2, 3, 5, 6]";
    rests(
        &story,
        "enrolled",
        &[&format!("ikm 1 {by}: enrolled"), &format!("person 11 {by}: enrolled_persons")],
        &[4],
    );
    lies(&story, "enrolled", "enrolled", "35.76");
    lies(&story, "enrolled", "enrolled_persons", "35.76");
    story.add("2025-02-10", story::withdrawn(2, 1, &[]));
    story.add("2025-02-20", story::waitlisted(2, 1, None, &[12])); // 8
    let by = "in 35.76 by [0, 2, 3, 6, 8]";
    rests(
        &story,
        "waitlisted",
        &[&format!("ikm 1 {by}: waitlisted"), &format!("person 11 {by}: waitlisted_persons")],
        &[4],
    );
    lies(&story, "waitlisted", "waitlisted", "35.76");
}

#[test]
fn of_whoever_completed_a_programme() {
    let mut story = begun();
    story.add("2025-01-04", story::scheduled(1, 1, None, &["2025-02-01"])); // 5
    story.add("2025-01-05", story::rescheduled(1, 1, &["2025-02-02"])); // 6
    story.add("2025-02-01", story::enrolled(1, 1, None, &[12])); // 7
    story.add("2025-06-01", story::person_merged(12, 11)); // 8
    story.add("2025-06-01", story::person_merged(13, 11)); // 9
    // Recorded under the duplicate, and under a third name of the person.
    story.add("2025-02-02", story::attended(2, (1, 1), "2025-02-02", Some(13), Present)); // 10
    let by = "in 35.76 by [0, 2, 3, 7, 8, 9, 10]";
    rests(
        &story,
        "trained",
        &[&format!("ikm 1 {by}: trained"), &format!("person 11 {by}: trained_persons")],
        &[4, 5, 6],
    );
    lies(&story, "trained", "trained", "35.76");
    lies(&story, "persons_trained", "persons_trained", "35.76");
    // Sessions and minutes are those of the programme, and lie where it does.
    rests(
        &story,
        "sessions_held",
        &["session 1 in 33.26 by [5, 6, 10]: sessions_scheduled sessions_held"],
        &[4],
    );
    lies(&story, "sessions_held", "sessions_held", "33.26");
    let minutes = "theory_planned practice_planned all_planned theory_held practice_held all_held";
    rests(&story, "method_mix", &[&format!("session 1 in 33.26 by [5, 6, 10]: {minutes}")], &[4]);
    // Minutes that are not held yet are no part of it; without any in the period there is nothing.
    let narrowed = |day, from: Option<&str>| {
        let answer = ask(&story, "method_mix", day, |q| q.from = from.map(story::date));
        (told(&answer), answer.context)
    };
    let planned = "session 1 in 33.26 by [5, 6]: theory_planned practice_planned all_planned";
    assert_eq!(narrowed("2025-02-01", None), (owned(&[planned]), vec![4]));
    assert_eq!(narrowed(DAY, Some("2025-02-03")), (vec![], vec![]));
}

#[test]
fn of_certificates() {
    let mut story = begun();
    let first = story::certified_through(1, Some(1), "sih", story::by_ikm(2), "2025-01-05", "2025-06-30");
    story.add("2025-01-05", first); // 5
    story.add("2025-02-01", story::suspended(1)); // 6
    story.add("2025-03-01", story::reinstated(1)); // 7
    story.add("2025-06-01", story::renewed(1, story::by_ikm(2), "2025-07-01", "2026-01-31")); // 8
    rests(&story, "certified", &["ikm 1 in 35.76 by [0, 2, 3, 5, 7, 8]: certified"], &[]);
    lies(&story, "certified", "certified", "35.76");
    // A certificate of a product, of a person that was merged, and of one who works for the duplicate.
    story.retract(5);
    story.add(
        "2025-01-05",
        story::certified(2, "sni", story::by_product(2, "cap"), "2025-01-05", "2026-06-30"),
    );
    story.add("2025-06-01", story::person_merged(12, 11)); // 11
    story.add("2025-01-05", story::person_registered(12, Some(2))); // 12
    story.add("2025-01-05", story::certified(3, "sni", story::by_person(12), "2025-01-05", "2026-06-30")); // 13
    rests(
        &story,
        "certified",
        &[
            "ikm 1 in 35.76 by [0, 2, 3, 10]: certified_products",
            "person 11 in 35.76 by [0, 2, 3, 11, 12, 13]: certified_persons",
        ],
        &[],
    );
    // The other person speaks for the one that is left; what is held by the latter is by that merge, too.
    story.retract(13);
    story.add("2025-01-05", story::certified(4, "sni", story::by_person(11), "2025-01-05", "2026-06-30")); // 15
    let person = "person 11 in 35.76 by [0, 2, 3, 11, 12, 15]: certified_persons";
    assert_eq!(told(&ask(&story, "certified", DAY, |_| {}))[1], person);
    // It is held by whoever works, and by what says so.
    story.add("2025-07-01", story::closed(1)); // 16
    story.add("2025-08-01", story::reopened(1)); // 17
    rests(
        &story,
        "certified",
        &[
            "ikm 1 in 35.76 by [0, 2, 3, 10, 17]: certified_products",
            "person 11 in 35.76 by [0, 2, 3, 11, 12, 15, 17]: certified_persons",
        ],
        &[],
    );
}

#[test]
fn of_the_first_and_the_last_of_several() {
    let mut story = begun();
    // Of two certificates that end soon the earlier day; of two areas of a person the lower code.
    for (number, to) in [(1, "2025-12-31"), (2, "2025-12-15"), (3, "2026-01-15")] {
        story.add("2025-01-05", story::certified(number, "sih", story::by_ikm(1), "2025-01-05", to));
    }
    let expiring = ask(&story, "certificates_expiring", DAY, |_| {});
    assert_eq!(expiring.members[0].day, Some(story::date("2025-12-15")));
    let mut several = tell(vec![
        ("2025-01-01", story::registered(1, "35.76", None)),
        ("2025-01-01", story::registered(2, "33.75", None)),
        ("2025-01-01", story::registered(3, "35.74", None)),
    ]);
    for who in 1..=6 {
        several.add("2025-02-01", story::enrolled(who, who, None, &[11]));
    }
    for (program, area) in [(1, "35.76"), (2, "33.75"), (3, "35.74")] {
        several.add("2025-01-01", story::opened(program, area, "export", Unit::Person, None));
    }
    let members = ask(&several, "enrolled", DAY, |_| {}).members;
    assert!(members.is_sorted_by_key(|member| member.who), "IKMs before persons, by identifier");
    assert_eq!(members[6].area, Some(story::area("33.75")));
}

/// Where somebody is in whose name, if they count there: who is sent counts where the IKM is, or the programme.
#[test]
fn of_where_a_person_is() {
    let own = story::in_own_name;
    let mut story = tell(vec![
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-01", story::opened(1, "33.26", "export", Unit::Person, None)),
        ("2025-01-01", story::person_registered(1, None)),
        ("2025-01-02", story::person_moved(1, Some(2))), // 3
        ("2025-01-03", story::person_at(1, "35.76")),    // 4
        ("2025-01-10", own(1, story::enrolled(0, 1, None, &[]))), // 5
        ("2025-01-11", story::certified(1, "sni", story::by_person(1), "2025-01-11", "2026-06-30")), // 6
        ("2025-01-01", story::person_registered(2, Some(2))),
        ("2025-01-03", story::person_at(2, "35.76")),
        ("2025-01-10", story::enrolled(2, 1, None, &[2])), // 9
    ]);
    let [sent_by, sent] = ["ikm 2", "person 2"].map(|who| format!("{who} in 33.74 by [0, 9]: enrolled"));
    let own_name = "person 1 in 35.76 by [0, 2, 3, 4, 5]: enrolled_persons";
    rests(&story, "enrolled", &[&sent_by, own_name, &format!("{sent}_persons")], &[1]);
    let by_program = told(&ask(&story, "enrolled", DAY, |_| {}));
    assert_eq!(by_program[1], "person 1 in 33.26 by [5]: enrolled_persons");
    rests(&story, "certified", &["person 1 in 33.74 by [0, 2, 3, 4, 6]: certified_persons"], &[]);
    let began = ask(&story, "beginners", DAY, |question| question.area_of = Some(AreaOf::Ikm));
    assert_eq!(told(&began), ["person 1 in 35.76 by [0, 2, 3, 4, 5]: beginners_enrolled"]);
    // In every view of what came of a programme.
    story.add("2025-01-04", story::scheduled(1, 1, None, &["2025-02-01"]));
    story.add("2025-02-01", own(1, story::attended(0, (1, 1), "2025-02-01", None, Present)));
    for name in ["participated", "hours", "trained", "persons_trained", "beginners"] {
        let rests_on_it = |area_of| {
            let members = ask(&story, name, DAY, |question| question.area_of = area_of).members;
            let who = Who::Person(story::person(1).uuid());
            members.into_iter().find(|member| member.who == who).unwrap().events.contains(&4)
        };
        assert_eq!((rests_on_it(Some(AreaOf::Ikm)), rests_on_it(None)), (true, false), "{name}");
    }
    let came = of_ikms(&story, "participated");
    assert_eq!(by_area(&came, "participated_persons"), rows(&[("35.76", 1)]));
    story.add("2025-03-01", own(1, story::withdrawn(0, 1, &[])));
    for (area, left) in [("35.76", [0, 1]), ("33.74", [0, 0])] {
        let answer = ask(&story, "withdrawn", DAY, |question| {
            (question.area, question.area_of) = (Some(story::area(area)), Some(AreaOf::Ikm));
        });
        assert_eq!(values(&answer), left, "{area}");
    }
    assert_eq!(
        told(&of_ikms(&story, "withdrawn")),
        ["person 1 in 35.76 by [0, 2, 3, 4, 5, 12]: withdrawn_persons"]
    );
}

/// Two that count in one figure alone: one came after leaving, one has a day behind and a day to come.
#[test]
fn of_where_a_person_is_who_came_or_was_due() {
    let own = story::in_own_name;
    let mut story = tell(vec![
        ("2025-01-01", story::opened(1, "33.26", "export", Unit::Person, None)),
        ("2025-01-01", story::scheduled(1, 1, None, &["2025-02-01", "2025-12-20"])),
    ]);
    for who in [1, 2] {
        story.add("2025-01-01", story::person_registered(who, None)); // 2, 5
        story.add("2025-01-03", story::person_at(who, "35.76")); // 3, 6
        story.add("2025-01-10", own(who, story::enrolled(0, 1, None, &[]))); // 4, 7
    }
    story.add("2025-01-20", own(1, story::withdrawn(0, 1, &[]))); // 8
    story.add("2025-02-01", own(1, story::attended(0, (1, 1), "2025-02-01", None, Present))); // 9
    let members = [
        "person 1 in 35.76 by [2, 3, 9]: participated_persons",
        "person 2 in 35.76 by [5, 6, 7]: attendance_due",
    ];
    rests(&story, "participated", &members, &[0, 1]);
}

/// Before the survivor is registered, whoever speaks for it does so by its merge.
#[test]
fn of_a_survivor_that_is_not_registered_yet() {
    let mut story = tell(vec![
        ("2025-12-02", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-02", story::moved(2, "35.76")),
        ("2025-12-20", story::merged(2, 1)),
    ]);
    rests(&story, "registered", &["ikm 1 in 35.76 by [1, 2, 3]: registered"], &[]);
    story.add("2025-02-01", story::closed(2)); // 4
    story.add("2025-03-01", story::reopened(2)); // 5
    rests(&story, "registered", &["ikm 1 in 35.76 by [1, 2, 3, 5]: registered"], &[]);
    // What is told of the survivor itself says where it lies by the duplicate all the same.
    story.add("2025-04-01", story::shipped(1, "JP", "6204")); // 6
    rests(&story, "exported", &["ikm 1 in 35.76 by [1, 2, 3, 6]: exported shipments"], &[]);
}

#[test]
fn of_programmes_and_their_money() {
    use jejak_events::types::FundingStage::Realised;
    let mut story = begun();
    story.add("2025-02-01", story::spent(1, Realised, "apbd", Some(2025), 1)); // 5
    story.add("2025-03-01", story::program_closed(1)); // 6
    rests(&story, "programs", &["program 1 in 33.26 by [4, 6]: programs"], &[]);
    rests(&story, "spending", &["program 1 in 33.26 by [5]: spending_realised"], &[4]);
    lies(&story, "spending", "spending_realised", "33.26");
    let targets = [("enrolled", 1), ("trained", 1)];
    story.add("2025-04-01", story::opened_for(2, "33.74", "export", Unit::Ikm, None, &[], &targets)); // 7
    rests(&story, "targets", &["program 2 in 33.74 by [7]: targets targets_without_day"], &[]);
    // The opening that is in force is the corrected one.
    story.correct(4, "2025-01-03", story::opened(1, "33.75", "export", Unit::Ikm, None)); // 8
    rests(&story, "spending", &["program 1 in 33.75 by [5]: spending_realised"], &[4, 8]);
}

/// A city that missed one target and reached another one counts as missing one by that target alone.
#[test]
fn of_one_figure_alone() {
    let of = |what, value, due| story::target_set("33.75", what, [None, None], value, due);
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-02", of("registered", 1, "2025-01-31")), // 1
        ("2025-01-03", of("enrolled", 5, "2025-01-31")),   // 2
    ]);
    let events = |figure| {
        let asked = Asked { view: view("targets").unwrap(), figure };
        let answer = asked.answer(&facts(&story), &Question::new(story::date(DAY), story.size())).unwrap();
        assert_eq!(answer.digest, ask(&story, "targets", DAY, |_| {}).digest, "of the whole answer");
        answer.members.into_iter().map(|member| member.events).collect::<Vec<_>>()
    };
    assert_eq!(events(None), [[1, 2]]);
    assert_eq!(events(Some("targets_missed")), [[2]]);
    assert_eq!(events(Some("targets_reached")), [[1]]);
    assert!(events(Some("targets_in_words")).is_empty());
}

#[test]
fn of_sentras_and_areas() {
    use jejak_events::types::FundingStage::Planned;
    let mut story = begun();
    story.add("2025-02-01", story::sentra_planned(1, "33.75", "batik")); // 5
    story.add("2025-02-02", story::sentra_built(1));
    story.add("2025-02-03", story::sentra_form(1, "cooperative")); // 7
    story.add("2025-02-04", story::member_joined(2, 1));
    story.add("2025-02-05", story::sentra_equipped(1, "ipal")); // 9
    story.add("2025-02-06", story::sentra_funded(1, Planned, Some(5)));
    story.add("2025-02-07", story::equipped(1, "stove")); // 11
    story.add("2025-02-08", story::member_joined(2, 1)); // said twice; both hold
    rests(
        &story,
        "sentra",
        &[
            "ikm 1 in 33.75 by [3, 8, 12]: sentra_members",
            "sentra 1 in 33.75 by [5, 6, 7, 9, 10]: sentras sentra_facilities sentra_planned",
        ],
        &[],
    );
    let sentra = ask(&story, "sentra", DAY, |_| {});
    assert_eq!(by(&sentra, "sentra", "sentra_members"), rows(&[(&story::sentra(1).to_string(), 1)]));
    assert_eq!(by(&sentra, "commodity", "sentras"), rows(&[("batik", 1)]));
    rests(
        &story,
        "facilities",
        &["ikm 1 in 35.76 by [0, 2, 11]: facilities", "sentra 1 in 33.75 by [5, 9]: facilities"],
        &[],
    );
    story.add("2025-03-01", story::population("33.75", "batik", [None, None, Some(7)])); // 13
    story.add("2025-03-02", story::complete_for_program("33.75", 1, "2025-02-28")); // 14
    let population = told(&ask(&story, "population", DAY, |_| {}));
    assert_eq!(population[0], "area in 33.01 by [13]: population_unreported");
    assert!(population.contains(&"area in 33.75 by [13]: population_total".to_owned()), "{population:?}");
    rests(&story, "declared_complete", &["area in 33.75 by [14]: declared_complete"], &[]);
}

#[test]
fn of_reports() {
    let mut story = begun();
    story.add("2025-01-10", story::workforce(2, ("2024-01-01", "2024-12-31"))); // 5
    rests(&story, "welfare", &["ikm 1 in 35.76 by [0, 2, 3, 5]: workforce_reported"], &[]);
    story.add("2025-01-04", story::scheduled(1, 1, None, &["2025-02-01"])); // 6
    story.add("2025-01-10", story::enrolled(1, 1, None, &[])); // 7
    story.add("2025-01-10", story::turnover(2, ("2024-01-01", "2024-12-31"))); // 8
    story.add("2025-04-01", story::turnover(1, ("2025-02-02", "2025-03-31"))); // 9
    rests(&story, "turnover_change", &["ikm 1 in 35.76 by [0, 2, 3, 7, 8, 9]: turnover_compared"], &[4, 6]);
    lies(&story, "turnover_change", "turnover_compared", "35.76");
    // The place of the duplicate, and its own reports, which the survivor has none of.
    story.retract(7);
    story.add("2025-01-10", story::enrolled(2, 1, None, &[])); // 11
    rests(&story, "turnover_change", &["ikm 1 in 35.76 by [0, 2, 3, 8, 9, 11]: turnover_compared"], &[4, 6]);
}

#[test]
fn of_what_an_office_should_look_into() {
    let mut story = begun();
    story.add("2025-01-04", story::scheduled(1, 1, None, &["2025-02-01"])); // 5
    story.add("2025-01-10", story::enrolled(2, 1, None, &[])); // 6
    story.add("2025-02-10", story::assessed(9, 1, "sih_batik", Verdict::Passed)); // 7
    rests(&story, "assessments_overdue", &["ikm 1 in 35.76 by [0, 2, 3, 6]: assessments_overdue"], &[4, 5]);
    lies(&story, "assessments_overdue", "assessments_overdue", "35.76");
    // Assessed under either name, it is assessed.
    for who in [1, 2] {
        let mut assessed = story.clone();
        assessed.add("2025-02-10", story::assessed(who, 1, "sih_batik", Verdict::Failed));
        assert_eq!(figures(&assessed, "assessments_overdue", DAY), [0]);
    }
    let unheard = ask(&story, "unheard", "2026-01-10", |_| {});
    assert_eq!(told(&unheard), ["ikm 1 in 35.76 by [0, 2]: unheard"]);
    assert_eq!(unheard.members[0].day, Some(story::date("2025-01-10")));
}
