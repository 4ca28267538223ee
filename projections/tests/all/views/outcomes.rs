//! `assessed`, `mentored`, `exhibited`, `exported`.

use jejak_events::time::RecordedTime;
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::types::program::Unit;
use jejak_projections::answer::BasisEvents;
use jejak_projections::compare::Asked;
use jejak_projections::question::AreaOf;

use super::*;

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
        .map(|row| (row.key.as_deref(), row.figures[0].value.unwrap(), row.figures[1].value.unwrap()))
        .collect();
    assert_eq!(by_scheme, [(Some("sih_batik"), 1, 0), (Some("sni"), 1, 1)]);
    assert_eq!(answer.members.len(), 1);
    assert_eq!(answer.members[0].figures, ["assessed", "passed"]);
}

#[test]
fn assessments_narrowed_to_a_programme_or_a_period_are_the_only_ones_looked_at() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "green_industry", Unit::Ikm, None)),
        ("2025-01-01", story::opened(2, "33.75", "standardisation", Unit::Ikm, None)),
        ("2025-03-01", story::assessed(1, 1, "sih_batik", Verdict::Passed)),
        ("2025-04-01", story::assessed(1, 2, "sih_batik", Verdict::Failed)),
    ]);
    let narrowed = |narrow: fn(&mut Question)| values(&ask(&story, "assessed", "2025-12-31", narrow));
    assert_eq!(narrowed(|_| {}), [1, 0]);
    assert_eq!(narrowed(|q| q.program = Some(story::program(1))), [1, 1]);
    assert_eq!(narrowed(|q| q.theme = Some(story::code("standardisation"))), [1, 0]);
    assert_eq!(narrowed(|q| q.funding = Some(story::code("apbd"))), [1, 0]);
    assert_eq!(narrowed(|q| q.from = Some(story::date("2025-04-01"))), [1, 0]);
    assert_eq!(narrowed(|q| q.from = Some(story::date("2025-04-02"))), [0, 0]);
    assert_eq!(values(&ask(&story, "assessed", "2025-02-28", |_| {})), [0, 0]);
}

#[test]
fn mentored_counts_ikms_and_visits() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-01", story::opened(1, "35.76", "green_industry", Unit::Ikm, None)),
        ("2025-03-01", story::visited(1, 1)),
        ("2025-03-01", story::visited(1, 1)), // twice on a day are two visits
        ("2025-04-01", story::visited(2, 1)),
        ("2025-05-01", story::visited(2, 2)),
    ]);
    on_days(
        &story,
        "mentored",
        &[("2025-02-28", &[0, 0]), ("2025-03-01", &[1, 2]), ("2025-04-01", &[2, 3]), ("2025-05-01", &[2, 4])],
    );
    let narrowed = |narrow: fn(&mut Question)| values(&ask(&story, "mentored", "2025-12-31", narrow));
    assert_eq!(narrowed(|q| q.from = Some(story::date("2025-04-01"))), [1, 2]);
    assert_eq!(narrowed(|q| q.program = Some(story::program(1))), [2, 3]);
    assert_eq!(narrowed(|q| q.area = Some(story::area("33.74"))), [0, 0], "the area of the programme");
    assert_eq!(narrowed(|q| q.area = Some(story::area("35.76"))), [2, 3]);
    let of_ikm = narrowed(|q| (q.area, q.area_of) = (Some(story::area("33.74")), Some(AreaOf::Ikm)));
    assert_eq!(of_ikm, [1, 2]);
}

#[test]
fn exhibited_counts_ikms_and_participations() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-01", story::announced(1, "35.76", "2025-03-01", "2025-03-05")),
        ("2025-01-01", story::announced(2, "33.75", "2025-04-01", "2025-04-05")),
        ("2025-03-01", story::joined(1, 1)),
        ("2025-04-02", story::joined(1, 2)),
        ("2025-03-02", story::joined(2, 1)),
    ]);
    on_days(
        &story,
        "exhibited",
        &[("2025-02-28", &[0, 0]), ("2025-03-01", &[1, 1]), ("2025-03-31", &[2, 2]), ("2025-04-02", &[2, 3])],
    );
    let narrowed = |narrow: fn(&mut Question)| values(&ask(&story, "exhibited", "2025-12-31", narrow));
    assert_eq!(narrowed(|q| q.area = Some(story::area("33.75"))), [1, 2], "the area of the IKM");
    assert_eq!(narrowed(|q| q.from = Some(story::date("2025-03-02"))), [2, 2]);
    // The sales, orders and buyers beside it are those of the same events.
    let bases = ask(&story, "exhibited", "2025-03-31", |_| {}).bases;
    let mut events: Vec<_> = bases.iter().map(|basis| basis.events).collect();
    events.sort_unstable();
    assert_eq!(events, [BasisEvents::One(4), BasisEvents::One(6)]);
}

#[test]
fn exported_counts_ikms_and_shipments() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-03-01", story::shipped(1, "JP", "6204")),
        ("2025-04-01", story::shipped(1, "NL", "6204")),
        ("2025-05-01", story::shipped(2, "JP", "520852")),
    ]);
    on_days(
        &story,
        "exported",
        &[("2025-02-28", &[0, 0]), ("2025-03-01", &[1, 1]), ("2025-04-01", &[1, 2]), ("2025-05-01", &[2, 3])],
    );
    let answer = ask(&story, "exported", "2025-12-31", |_| {});
    assert_eq!(by(&answer, "country", "exported"), rows(&[("jp", 2), ("nl", 1)]));
    assert_eq!(by(&answer, "hs_code", "shipments"), rows(&[("520852", 1), ("6204", 2)]));
    let later = ask(&story, "exported", "2025-12-31", |q| q.from = Some(story::date("2025-04-01")));
    assert_eq!(values(&later), [2, 2]);
    // The rupiah of a corrected shipment are those of the correction.
    let correction = story.correct(2, "2025-03-01", story::shipped(1, "JP", "6204"));
    let bases = ask(&story, "exported", "2025-03-31", |_| {}).bases;
    assert_eq!(bases.len(), 1);
    assert_eq!((bases[0].events, bases[0].area), (BasisEvents::One(correction), Some(story::area("33.75"))));
}

#[test]
fn a_programme_s_row_looks_at_its_own_assessments() {
    let story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::opened(1, "33.75", "green_industry", Unit::Ikm, None)),
        ("2025-01-01", story::opened(2, "33.74", "green_industry", Unit::Ikm, None)),
        ("2025-02-01", story::assessed(1, 1, "sih_batik", Verdict::Passed)),
        ("2025-03-01", story::assessed(1, 2, "sih_batik", Verdict::Failed)),
    ]);
    let all = ask(&story, "assessed", "2025-12-31", |_| {});
    // The latest of all is negative; that of programme 1, and of its city, is not.
    assert_eq!(values(&all), [1, 0]);
    let program = story::program(1).to_string();
    assert_eq!(by(&all, "program", "passed"), rows(&[(&program, 1)]));
    assert_eq!(by_area(&all, "passed"), rows(&[("33.75", 1)]));
    let narrowed = |narrow: fn(&mut Question)| values(&ask(&story, "assessed", "2025-12-31", narrow));
    assert_eq!(narrowed(|q| q.program = Some(story::program(1))), [1, 1]);
    assert_eq!(narrowed(|q| q.area = Some(story::area("33.75"))), [1, 1]);
    // Only what counts in the whole is told of who is behind it.
    assert_eq!(all.members[0].figures, ["assessed"]);
}

#[test]
fn means_are_of_one_criterion_and_of_three_ikms_or_more_at_first_and_last() {
    let mut happenings = vec![("2025-01-01", story::opened(1, "33.74", "green_industry", Unit::Ikm, None))];
    happenings.extend((1..6).map(|ikm| ("2025-01-01", story::registered(ikm, "33.75", None))));
    let scored = |ikm, scores: &[(&str, u32)]| story::scored(ikm, 1, "sih_batik", Verdict::Passed, scores);
    happenings.push(("2025-02-01", scored(1, &[("energy", 1_000), ("waste", 4_000)])));
    happenings.push(("2025-02-01", scored(2, &[("energy", 2_000)])));
    let mut story = tell(happenings);
    let energy = |percent| rows(&[("sih_batik/energy", percent)]);
    let by_criterion = |story: &Story, figure: &str| {
        let answer = ask(story, "scores", "2025-12-31", |_| {});
        assert_eq!(known(&answer)[1..], [None, None], "no mean of unlike criteria");
        by(&answer, "criterion", figure)
    };
    assert_eq!(by_criterion(&story, "scored"), rows(&[("sih_batik/energy", 2), ("sih_batik/waste", 1)]));
    assert_eq!(by_criterion(&story, "score_first"), [], "two are too few");
    story.add("2025-02-01", scored(3, &[("energy", 3_002)]));
    // 25, 50 and 75.05 %.
    assert_eq!(by_criterion(&story, "score_first"), energy(50));
    // Later on better; what lies between the first and the latest does not count.
    story.add("2025-03-01", scored(1, &[("energy", 0)]));
    story.add("2025-04-01", scored(1, &[("energy", 4_000)]));
    assert_eq!(by_criterion(&story, "score_first"), energy(50));
    assert_eq!(by_criterion(&story, "score_latest"), energy(75));
    // A latest assessment that does not score the criterion leaves two.
    story.add("2025-05-01", scored(1, &[("waste", 4_000)]));
    assert_eq!(by_criterion(&story, "score_latest"), []);
    assert_eq!(by_area(&ask(&story, "scores", "2025-12-31", |_| {}), "scored"), rows(&[("33.74", 3)]));
    // Only the mean is rounded: each rounded to hundredths of a percent, the last would come to 50.
    let halves: [(_, &[u32], _); 3] = [
        ("sni", &[1_979, 1_980, 1_981], 50),
        ("halal", &[1_979, 1_979, 1_980], 49),
        ("iso", &[1_979, 1_979, 1_979, 1_981, 1_981], 49),
    ];
    for (scheme, scores, mean) in halves {
        for (ikm, score) in (1..).zip(scores.iter().copied()) {
            story.add("2025-06-01", story::scored(ikm, 1, scheme, Verdict::Passed, &[("energy", score)]));
        }
        let criterion = format!("{scheme}/energy");
        let told = by_criterion(&story, "score_latest").into_iter().find(|(of, _)| *of == criterion);
        assert_eq!(told, Some((criterion, mean)), "49.5, 49.48 and 49.495 percent");
    }
}

#[test]
fn of_those_registered_some_are_reached_and_some_by_nothing() {
    let mut happenings = vec![
        ("2025-01-01", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2025-01-01", story::scheduled(1, 1, None, &["2025-02-01"])),
    ];
    happenings.extend((1..6).map(|ikm| ("2025-01-01", story::registered(ikm, "33.74", None))));
    happenings.extend((1..4).map(|ikm| ("2025-01-02", story::enrolled(ikm, 1, None, &[]))));
    let came = |ikm, minutes| {
        let here = AttendanceStatus::Present;
        ("2025-02-01", story::attended_for(ikm, (1, 1), "2025-02-01", (None, minutes), here))
    };
    // One completes, one comes for a minute, one never: it is reached no more than those without a place.
    happenings.extend([came(1, None), came(2, Some(1))]);
    happenings.push(("2025-03-01", story::shipped(4, "JP", "6204")));
    let mut story = tell(happenings);
    let day = "2025-12-31";
    assert_eq!(known(&ask(&story, "reach", day, |_| {})), [5, 1, 0, 1, 2, 20, 0, 20].map(Some));
    let product = story::certified_through(1, None, "sni", story::by_product(5, "cap"), "2025-06-01", day);
    story.add("2025-06-01", product);
    story.add("2025-06-02", story::closed(3));
    let answer = ask(&story, "reach", day, |_| {});
    assert_eq!(known(&answer), [4, 1, 1, 1, 0, 25, 25, 25].map(Some));
    assert_eq!(by_area(&answer, "reach_trained"), rows(&[("33.74", 1)]), "the area is that of the IKM");
    // Who is one of those of whom so many in a hundred are certified need not be certified.
    let told = serde_json::to_value(&answer.members).unwrap();
    let told: Vec<_> = told.as_array().unwrap().iter().map(|member| member["figures"].clone()).collect();
    assert!(told.contains(&serde_json::json!(["reach_registered"])), "{told:?}");
    assert!(!serde_json::to_string(&told).unwrap().contains("per_hundred"), "{told:?}");
    // Where nothing else is counted, they are all there is.
    let reach = Asked { view: view("reach").unwrap(), figure: Some("certified_per_hundred") };
    let alone = reach.answer(&facts(&story), &Question::new(story::date(day), story.size())).unwrap();
    let told = serde_json::to_value(&alone.members[0]).unwrap();
    assert_eq!(told["figures"], serde_json::json!(["certified_per_hundred"]));
    story.add("2025-06-03", story::closed(4));
    story.add("2025-06-03", story::closed(5));
    assert_eq!(known(&ask(&story, "reach", day, |_| {}))[5..], [None; 3], "two are too few");
}

#[test]
fn an_office_records_late_corrects_and_leaves_sessions_without_a_list() {
    let mut story = tell(vec![
        ("2024-12-20", story::registered(1, "33.75", None)),
        ("2024-11-19", story::registered(2, "33.75", None)),
        ("2024-11-18", story::opened(1, "33.75", "export", Unit::Ikm, None)),
        ("2024-11-18", story::scheduled(1, 1, None, &["2025-01-05"])),
        ("2024-11-18", story::enrolled(1, 1, None, &[])),
    ]);
    // All of it on 19 December 2024 by the clocks there: one before it happened, one after 30 days, three after 31.
    for event in &mut story.events {
        event.recorded = RecordedTime::parse("2024-12-18T17:30:00.000Z").unwrap();
    }
    let on = |story: &Story, day, narrow: fn(&mut Question)| values(&ask(story, "quality", day, narrow));
    assert_eq!(on(&story, "2024-12-18", |_| {}), [0, 0, 0, 0, 0]);
    assert_eq!(on(&story, "2024-12-19", |_| {}), [5, 3, 31, 0, 0]);
    assert_eq!(on(&story, "2025-01-05", |_| {}), [5, 3, 31, 0, 1]);
    (story.office, story.days_later) = (Some(("33.74", "disperin")), 420);
    let correction = story.correct(1, "2024-12-19", story::registered(2, "33.74", None));
    // It is the other office that corrects; how the event was recorded stays.
    let all = ask(&story, "quality", "2025-01-08", |_| {});
    assert_eq!(values(&all), [5, 3, 31, 1, 1]);
    assert_eq!(by(&all, "office", "amendments"), rows(&[("33.74:disperin", 1)]));
    assert_eq!(by_area(&all, "events_recorded"), rows(&[("33.75", 5)]));
    let other = all.members.iter().find(|member| member.area == Some(story::area("33.74"))).unwrap();
    assert_eq!(other.events, [correction]);
    assert_eq!(other.figures, ["amendments"], "it recorded nothing else");
    assert_eq!(on(&story, "2025-01-08", |q| q.from = Some(story::date("2025-01-06"))), [0, 0, 0, 1, 0]);
    story.retract(0);
    assert_eq!(on(&story, "2025-01-08", |_| {}), [5, 3, 31, 2, 1]);
    // Whoever comes late is on the list all the same.
    story.add("2025-01-05", story::attended(1, (1, 1), "2025-01-05", None, AttendanceStatus::Present));
    assert_eq!(on(&story, "2025-01-08", |_| {})[4], 0);
}

/// The day of a claim is that of its publication; it says nothing of how an office records.
#[test]
fn a_claim_is_quoted_whenever_it_is_found_and_never_late() {
    let mut story = Story { days_later: 420, ..Story::default() };
    story.add("2024-01-02", story::registered(1, "33.75", None));
    let about = story::About { area: Some("33.75"), ..story::About::default() };
    story.add("2024-01-02", story::claim_made(1, about, "ikm", Some(4)));
    story.add("2025-01-08", story::claim_checked(1, 1, ClaimVerdict::NotConfirmed, Some(1)));
    assert_eq!(values(&ask(&story, "quality", "2025-01-31", |_| {}))[..2], [1, 1]);
}

#[test]
fn findings_are_those_of_the_first_visit_and_of_the_latest_and_not_those_between() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.74", None)),
        ("2025-01-01", story::registered(2, "33.74", None)),
        ("2025-01-01", story::opened(1, "33.75", "green_industry", Unit::Ikm, None)),
        ("2025-02-01", story::visited_and_found(1, 1, &["waste", "permit"])),
        ("2025-02-02", story::visited_and_found(2, 1, &["waste"])),
        ("2025-03-01", story::visited_and_found(1, 1, &["safety"])),
        ("2025-04-01", story::visited_and_found(1, 1, &["permit"])),
    ]);
    let days: [(&str, &[u64]); 3] =
        [("2025-02-01", &[2, 2]), ("2025-03-01", &[3, 2]), ("2025-04-01", &[3, 2])];
    on_days(&story, "findings", &days);
    let answer = ask(&story, "findings", "2025-04-01", |_| {});
    assert_eq!(by(&answer, "finding", "findings_first"), rows(&[("permit", 1), ("waste", 2)]));
    assert_eq!(by(&answer, "finding", "findings_latest"), rows(&[("permit", 1), ("waste", 1)]));
    assert_eq!(by_area(&answer, "findings_latest"), rows(&[("33.75", 2)]));
    let later = ask(&story, "findings", "2025-04-01", |q| q.from = Some(story::date("2025-03-01")));
    assert_eq!(values(&later), [1, 1]);
    // A visit that found nothing any more is the latest all the same.
    story.add("2025-05-01", story::visited(1, 1));
    on_days(&story, "findings", &[("2025-05-01", &[3, 1])]);
}

#[test]
fn a_score_counts_in_its_scheme_and_an_assessment_without_scores_in_none() {
    let mut story = tell(vec![("2025-01-01", story::opened(1, "33.74", "green_industry", Unit::Ikm, None))]);
    for ikm in 1..=4 {
        story.add("2025-01-01", story::registered(ikm, "33.75", None));
    }
    let energy = |ikm, scheme, score| story::scored(ikm, 1, scheme, Verdict::Passed, &[("energy", score)]);
    for ikm in 1..=3 {
        story.add("2025-02-01", energy(ikm, "sih_batik", 1_000 * ikm));
    }
    story.add("2025-02-01", story::assessed(4, 1, "sih_batik", Verdict::Passed));
    story.add("2025-02-02", energy(1, "sni", 4_000));
    let answer = ask(&story, "scores", "2025-02-02", |_| {});
    assert_eq!(answer.value("scored"), Some(3), "of the fourth nobody says a score");
    // An only assessment is both the first and the latest; another scheme is another criterion.
    for figure in ["score_first", "score_latest"] {
        assert_eq!(by(&answer, "criterion", figure), rows(&[("sih_batik/energy", 50)]), "{figure}");
    }
    assert_eq!(by(&answer, "scheme", "scored"), rows(&[("sih_batik", 3), ("sni", 1)]));
    assert_eq!(by_area(&answer, "scored"), rows(&[("33.74", 3)]));
    let of_ikm = ask(&story, "scores", "2025-02-02", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "scored"), rows(&[("33.75", 3)]));
    let scored = |from: Option<&str>, on| {
        ask(&story, "scores", on, |q| q.from = from.map(story::date)).value("scored").unwrap_or(0)
    };
    assert_eq!((scored(None, "2025-01-31"), scored(None, "2025-02-01")), (0, 3));
    assert_eq!((scored(Some("2025-02-02"), "2025-02-02"), scored(Some("2025-02-03"), "2025-02-03")), (1, 0));
}

#[test]
fn a_finding_counts_once_for_each_ikm_and_programme() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.74", None)),
        ("2025-01-01", story::opened(1, "33.75", "green_industry", Unit::Ikm, None)),
        ("2025-01-01", story::opened(2, "33.75", "green_industry", Unit::Ikm, None)),
        ("2025-02-01", story::visited_and_found(1, 1, &["waste"])),
        ("2025-02-01", story::visited_and_found(1, 2, &["waste"])),
    ]);
    on_days(&story, "findings", &[("2025-02-01", &[2, 2])]);
    story.add("2025-02-01", story::visited_and_found(1, 1, &["waste"]));
    on_days(&story, "findings", &[("2025-02-01", &[2, 2])]);
    let of_ikm = ask(&story, "findings", "2025-02-01", |q| q.area_of = Some(AreaOf::Ikm));
    assert_eq!(by_area(&of_ikm, "findings_first"), rows(&[("33.74", 2)]));
}

/// Two IKMs that came to nothing.
#[test]
fn a_certificate_reaches_while_it_is_valid_and_not_through_a_person() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "33.75", None)),
        ("2025-01-01", story::registered(2, "33.75", None)),
        ("2025-01-01", story::person_registered(21, Some(2))),
        ("2025-01-01", story::certified(1, "sih", story::by_ikm(1), "2025-01-01", "2025-06-30")),
        ("2025-01-01", story::certified(2, "competence", story::by_person(21), "2025-01-01", "2027-12-31")),
    ]);
    let of = |story: &Story, day| values(&ask(story, "reach", day, |_| {}))[..5].to_vec();
    assert_eq!(of(&story, "2025-06-30"), [2, 0, 1, 0, 1]);
    assert_eq!(of(&story, "2025-07-01"), [2, 0, 0, 0, 2]);
    // A shipment reaches for ever.
    story.add("2025-03-01", story::shipped(2, "JP", "6204"));
    assert_eq!(of(&story, "2029-07-01"), [2, 0, 0, 1, 1]);
    story.add("2025-04-01", story::moved_within(2, "33.74", "33.74.01"));
    let answer = ask(&story, "reach", "2025-04-01", |_| {});
    assert_eq!(by(&answer, "district", "reach_exported"), rows(&[("33.74.01", 1)]));
    assert_eq!(by_area(&answer, "reach_exported"), rows(&[("33.74", 1)]));
}

#[test]
fn of_two_late_records_no_median_is_told() {
    let mut story = tell(vec![
        ("2024-11-18", story::registered(1, "33.75", None)),
        ("2024-11-18", story::registered(2, "33.75", None)),
        ("2024-11-19", story::registered(3, "33.75", None)),
    ]);
    let told = |story: &Story| known(&ask(story, "quality", "2024-12-31", |_| {}))[..3].to_vec();
    let record = |story: &mut Story, at| {
        story.events.iter_mut().for_each(|event| event.recorded = RecordedTime::parse(at).unwrap());
    };
    // After 31 days two of them, after 32 all three.
    record(&mut story, "2024-12-19T03:00:00.000Z");
    assert_eq!(told(&story), [Some(3), Some(2), None]);
    record(&mut story, "2024-12-20T03:00:00.000Z");
    assert_eq!(told(&story), [Some(3), Some(3), Some(32)]);
}
