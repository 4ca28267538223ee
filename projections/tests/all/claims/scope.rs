//! What a claim is about: its programmes, its size class, its money, and one value of a breakdown.

use jejak_events::types::ikm::Verdict as Outcome;
use jejak_events::types::{FundingStage, Scale};
use jejak_projections::claims::Verdict;

use super::{claim, enrolled, judge, two_trainings, verdict};
use crate::story;

/// A plan of which nothing came was not kept, where something of the like came at another time; of another programme,
/// theme, size class or money it tells nothing.
#[test]
fn a_plan_of_which_nothing_came_is_held_against_the_like_only() {
    let mut story = two_trainings();
    story.add("2025-02-02", story::spent(2, FundingStage::Planned, "apbd", Some(2025), 1));
    story.add("2025-02-02", story::registered(4, "33.74", Some(Scale::Kecil)));
    let said = |toml: &str| judge(&story, &toml.replace("\"fact\"", "\"plan\"\ndue = 2025-12-01")).verdict;
    let november = |more: &str| {
        enrolled(Some(1), &format!("area = \"35.76\"\nfrom = 2025-11-01\nto = 2025-11-30\n{more}"))
    };
    for (like, other) in [
        ("theme = \"export\"\n".to_owned(), "theme = \"halal\"\n".to_owned()),
        (format!("program = \"{}\"\n", story::program(1)), format!("program = \"{}\"\n", story::program(9))),
        ("funding = \"apbd\"\n".to_owned(), "funding = \"grant\"\n".to_owned()),
    ] {
        assert_eq!(said(&november(&like)), Verdict::NotKept, "{like}");
        assert_eq!(said(&november(&other)), Verdict::NotRecorded, "{other}");
    }
    let new = |scale: &str| {
        let scope = format!("area = \"33.74\"\nfrom = 2025-11-01\nto = 2025-11-30\nscale = \"{scale}\"\n");
        claim("registered", "registered", "ikm", Some(1), &scope)
    };
    assert_eq!((said(&new("kecil")), said(&new("menengah"))), (Verdict::NotKept, Verdict::NotRecorded));
}

/// Where a view tells several values apart, those behind the one may be more than those that count.
#[test]
fn those_behind_a_value_are_wider_where_there_are_several_values() {
    let mut story = two_trainings();
    let named = format!("scheme = \"siinas\"\nprogram = \"{}\"\n", story::program(1));
    let toml = claim("assessed", "assessed", "ikm", Some(1), &named);
    story.add("2025-11-01", story::assessed(1, 1, "siinas", Outcome::Passed));
    let report = judge(&story, &toml);
    assert_eq!((report.counted, report.members_are_wider), (Some(1), false));
    story.add("2025-11-01", story::assessed(2, 1, "halal", Outcome::Passed));
    let report = judge(&story, &toml);
    assert_eq!((report.counted, report.members_are_wider), (Some(1), true));
    assert_eq!(verdict(&story, &toml.replace("siinas", "organic")), (Verdict::NotRecorded, None));
}
