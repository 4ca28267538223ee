//! Narrowing: an answer that is narrowed to one side is the answer of a log where the other never was.

use jejak_events::types::FundingStage::{Allocated, Planned, Realised};
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::types::ikm::Verdict;
use jejak_events::types::{Scale, Scaled};
use jejak_projections::question::Filter;
use jejak_projections::views::ViewDeclaration;

use super::*;

const DAY: &str = "2025-12-01";

/// Where a side lies, and what its programme is.
struct Side {
    number: u32,
    area: &'static str,
    theme: &'static str,
    source: &'static str,
    scale: Scaled,
}

fn sides() -> [Side; 2] {
    let side = |number, area, theme, source, scale| Side { number, area, theme, source, scale };
    [
        side(1, "33.75", "export", "apbd", story::by_workers(Scale::Kecil)),
        side(2, "35.76", "green_industry", "dak", story::by_workers(Scale::Menengah)),
    ]
}

/// Something for every view: IKM `n` does everything in programme `n`; IKM `n + 10` has a place and was not
/// heard of since; IKM `n + 20` waits; IKM `n + 40` left.
fn live(story: &mut Story, side: &Side) {
    let n = side.number;
    story.office = Some((side.area, "disperin"));
    let (silent, waiting, person, gone) = (n + 10, n + 20, n + 30, n + 40);
    let targets = [("enrolled", 1), ("passed", 9)];
    for who in [n, silent, waiting, gone] {
        story.add("2024-01-01", story::registered_as(who, side.area, "batik", &[side.scale]));
    }
    let opening = story::opened_for(n, side.area, side.theme, Unit::Person, None, &[side.source], &targets);
    let about = story::About { area: Some(side.area), programs: &[n], themes: &[side.theme] };
    for (day, happening) in [
        ("2024-01-01", story::person_registered(person, Some(n))),
        ("2024-01-01", opening),
        ("2024-01-02", story::sentra_planned(n, side.area, "batik")),
        ("2024-01-02", story::scheduled_at(n, n, None, &["2024-02-01"], Some(n))),
        ("2024-01-10", story::enrolled(n, n, None, &[person])),
        ("2024-01-10", story::enrolled(silent, n, None, &[])),
        ("2024-01-10", story::enrolled(gone, n, None, &[])),
        ("2024-01-12", story::withdrawn(gone, n, &[])),
        ("2025-01-10", story::waitlisted(waiting, n, None, &[])),
        ("2024-02-01", story::attended(n, (n, n), "2024-02-01", Some(person), Present)),
        ("2024-02-10", story::visited_and_found(n, n, &["waste"])),
        ("2024-03-01", story::scored(n, n, "sih_batik", Verdict::Passed, &[("energy", 1)])),
        (
            "2024-03-05",
            story::certified_through(n, Some(n), "sih", story::by_ikm(n), "2024-03-05", "2025-12-31"),
        ),
        ("2024-04-01", story::announced(n, side.area, "2024-04-01", "2024-04-05")),
        ("2024-04-01", story::joined(n, n)),
        ("2024-05-01", story::shipped(n, "JP", "6204")),
        ("2024-05-02", story::equipped(n, "ipal")),
        ("2024-05-02", story::member_joined(n, n)),
        ("2024-05-03", story::sentra_funded_from(n, side.source, Planned, Some(5))),
        ("2024-06-01", story::spent(n, Allocated, side.source, Some(2024), 30)),
        ("2024-06-01", story::spent(n, Realised, side.source, Some(2024), 20)),
        ("2024-06-01", story::turnover(n, ("2023-01-01", "2023-12-31"))),
        ("2025-06-01", story::turnover(n, ("2024-07-01", "2024-12-31"))),
        ("2024-06-01", story::workforce(n, ("2023-01-01", "2023-12-31"))),
        ("2025-06-01", story::workforce(n, ("2024-01-01", "2024-12-31"))),
        ("2025-06-01", story::population(side.area, "batik", [Some(4), Some(3), None])),
        ("2025-06-01", story::complete_for_program(side.area, n, "2025-05-31")),
        ("2025-06-01", story::complete_for_theme(side.area, side.theme, "2025-05-31")),
        ("2025-07-01", story::claim_made(n, about, "ikm", Some(2))),
        ("2025-07-02", story::claim_checked(n, 1, ClaimVerdict::Supported, Some(2))),
    ] {
        story.add(day, happening);
    }
}

/// Somebody in their own name, who registers an IKM later. Nobody of the kind has a size class.
fn live_alone(story: &mut Story, side: &Side) {
    live(story, side);
    let (n, person) = (side.number, side.number + 50);
    for (day, happening) in [
        ("2024-01-01", story::person_registered(person, None)),
        ("2024-01-11", story::in_own_name(person, story::enrolled(0, n, None, &[]))),
        ("2024-02-01", story::in_own_name(person, story::attended(0, (n, n), "2024-02-01", None, Present))),
        ("2024-03-01", story::owned(person, story::registered(n + 60, side.area, None))),
    ] {
        story.add(day, happening);
    }
}

fn narrow(question: &mut Question, filter: Filter, side: &Side) {
    match filter {
        Filter::Area => question.area = Some(story::area(side.area)),
        Filter::Program => question.program = Some(story::program(side.number)),
        Filter::Theme => question.theme = Some(story::code(side.theme)),
        Filter::Funding => question.funding = Some(story::code(side.source)),
        Filter::Scale => question.scale = Some(side.scale),
        Filter::AreaOf => question.area_of = Some(jejak_projections::question::AreaOf::Ikm),
        Filter::From => {}
    }
}

#[test]
fn an_answer_narrowed_to_one_side_is_that_side_alone() {
    let (beginners, others): (Vec<_>, Vec<_>) = VIEWS.iter().partition(|view| view.name == "beginners");
    narrowed_alike(&others, live);
    narrowed_alike(&beginners, live_alone);
}

fn narrowed_alike(views: &[&ViewDeclaration], live: fn(&mut Story, &Side)) {
    let [first, second] = sides();
    let (mut alone, mut other, mut both) = (Story::default(), Story::default(), Story::default());
    live(&mut alone, &first);
    live(&mut other, &second);
    live(&mut both, &first);
    live(&mut both, &second);
    for view in views {
        let answer = |story: &Story, narrowed: &dyn Fn(&mut Question)| {
            let mut question = Question::new(story::date(DAY), story.size());
            narrowed(&mut question);
            view.answer(&facts(story), &question).unwrap()
        };
        let (here, there) = (answer(&alone, &|_| {}), answer(&other, &|_| {}));
        // What takes a theme or an indicator of its own lies on one side only.
        let counts = |answer: &Answer| {
            let rows = answer.breakdowns.iter().flat_map(|by| &by.rows).flat_map(|row| &row.figures);
            answer.figures.iter().chain(rows).any(|figure| figure.value.unwrap_or(0) > 0)
        };
        assert!(counts(&here) || counts(&there), "{} counts nothing", view.name);
        let sides = |filter: &&Filter| !matches!(filter, Filter::From | Filter::AreaOf);
        for filter in view.filters.iter().filter(sides) {
            let what = format!("{} {}, {filter:?}", view.name, view.version);
            let one = answer(&both, &|q| narrow(q, *filter, &first));
            // All of coverage but the trained is narrowed by the area only.
            if view.name == "coverage" && *filter != Filter::Area {
                assert_eq!(values(&one), [8, 1, 14, 8, 1, 0], "{what}");
                continue;
            }
            // A declaration about a theme as a whole is about no programme, and none's money.
            if view.name == "declared_complete" && *filter == Filter::Program {
                assert_eq!(values(&one), [1], "{what}");
                continue;
            }
            // A kabupaten or kota by itself lacks no other's report.
            if view.name == "population" {
                assert_eq!(values(&one)[..4], values(&here)[..4], "{what}");
                continue;
            }
            // A funnel of one programme has a total.
            if view.name == "funnel" && *filter == Filter::Program {
                assert_eq!(one.breakdowns, here.breakdowns, "{what}");
                continue;
            }
            assert_eq!(one.figures, here.figures, "{what}");
            assert_eq!((&one.by_area, &one.breakdowns), (&here.by_area, &here.breakdowns), "{what}");
            assert_eq!((&one.members, &one.context), (&here.members, &here.context), "{what}");
            assert_eq!(one.bases, here.bases, "{what}");
            let two = answer(&both, &|q| narrow(q, *filter, &second));
            assert_eq!(two.figures, there.figures, "{what}");
        }
    }
}

#[test]
fn minutes_and_declarations_lie_under_their_programme_theme_and_sentra() {
    let [first, _] = sides();
    let mut story = Story::default();
    live(&mut story, &first);
    let (program, sentra) = (story::program(1).to_string(), story::sentra(1).to_string());
    let minutes = ask(&story, "method_mix", DAY, |_| {});
    for (breakdown, key) in [("program", program.as_str()), ("theme", "export"), ("sentra", sentra.as_str())]
    {
        assert_eq!(by(&minutes, breakdown, "all_held"), rows(&[(key, 360)]), "{breakdown}");
    }
    // Of one area two programmes and a theme are declared complete: three declarations.
    story.add("2025-06-01", story::complete_for_program(first.area, 2, "2025-05-31"));
    let declared = ask(&story, "declared_complete", DAY, |_| {});
    assert_eq!(values(&declared), [3]);
    let mut programs = [("-", 1), (program.as_str(), 1), (&story::program(2).to_string(), 1)];
    programs.sort_unstable();
    assert_eq!(by(&declared, "program", "declared_complete"), rows(&programs));
    assert_eq!(by(&declared, "theme", "declared_complete"), rows(&[("-", 2), ("export", 1)]));
}
