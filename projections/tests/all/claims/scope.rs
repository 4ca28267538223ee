//! What a claim is about: its programmes, its size class, its money, and one value of a breakdown.

use jejak_events::types::ikm::{AttendanceStatus, Verdict as Outcome};
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

/// A view that tells values apart lists those of all of them: they are no part of a value that it does not have.
#[test]
fn of_a_value_that_nobody_used_nobody_is_listed() {
    let mut story = two_trainings();
    for (number, scheme) in [(1, "siinas"), (2, "halal")] {
        let holder = story::by_ikm(number);
        story.add("2025-05-01", story::certified(number, scheme, holder, "2025-05-01", "2028-05-01"));
    }
    let of = |scope: &str| judge(&story, &claim("certified", "certified", "ikm", Some(1), scope));
    let used = of("scheme = \"siinas\"\n");
    assert_eq!((used.verdict, used.members.len()), (Verdict::Supported, 2));
    for scope in ["scheme = \"organic\"\n", "area = \"33.75\"\nscheme = \"siinas\"\n"] {
        let nobody = of(scope);
        assert_eq!(
            (nobody.verdict, nobody.members.len(), nobody.behind.ikms),
            (Verdict::NotRecorded, 0, 0),
            "{scope}"
        );
    }
    let trade = claim("registered", "registered", "ikm", Some(1), "commodity = \"organic\"\n");
    assert_eq!(
        (judge(&story, &trade).verdict, judge(&story, &trade).members.len()),
        (Verdict::NotRecorded, 0)
    );
    // IKMs hold it, and no person does; others hold another one.
    let by_persons = claim("certified", "certified_persons", "person", Some(1), "scheme = \"siinas\"\n");
    assert_eq!(verdict(&story, &by_persons), (Verdict::NotRecorded, None));
    // A plan for such a scheme was not kept, and nobody kept it.
    let planned = claim("certified", "certified", "ikm", Some(1), "scheme = \"organic\"\n");
    let planned = judge(&story, &planned.replace("\"fact\"", "\"plan\"\ndue = 2025-12-01"));
    assert_eq!((planned.verdict, planned.counted, planned.members.len()), (Verdict::NotKept, Some(0), 0));
}

/// Money of several programmes is added up, as far as anybody reported it; what it cost for each is not.
#[test]
fn amounts_of_several_programmes_are_added_up_where_they_are_known() {
    let mut story = two_trainings();
    let planned = |of: &str| {
        claim("spending", "spending_planned", "rupiah", Some(30), &format!("area = \"35.76\"\n{of}"))
    };
    assert_eq!(verdict(&story, &planned("")), (Verdict::NotRecorded, None), "nobody reported any");
    story.add("2025-02-02", story::spent(1, FundingStage::Planned, "apbd", Some(2025), 10));
    assert_eq!(verdict(&story, &planned("")), (Verdict::NotConfirmed, Some(10)));
    story.add("2025-02-02", story::spent(2, FundingStage::Planned, "apbd", Some(2025), 20));
    assert_eq!(verdict(&story, &planned("")), (Verdict::Supported, Some(30)));
    assert_eq!(verdict(&story, &planned("theme = \"export\"\n")), (Verdict::NotConfirmed, Some(20)));
    for (number, day) in [(1, "2025-07-10"), (2, "2025-10-24")] {
        story.add(day, story::attended(1, (number, number), day, Some(11), AttendanceStatus::Present));
        story.add("2025-11-01", story::spent(number, FundingStage::Realised, "apbd", Some(2025), 6));
    }
    let each = |of: &str| {
        let scope = format!("area = \"35.76\"\n{of}");
        claim("spending", "spending_per_participant", "rupiah_each", Some(6), &scope)
    };
    assert_eq!(verdict(&story, &each("theme = \"export\"\n")), (Verdict::Supported, Some(6)));
    assert_eq!(verdict(&story, &each("")), (Verdict::NotRecorded, None));
}

/// A claim is counted in the version that it names; that a newer one stands is told beside it.
#[test]
fn a_claim_counts_in_its_version_and_says_that_a_newer_one_stands() {
    let mut story = two_trainings();
    story.add("2025-06-01", story::withdrawn(3, 1, &[]));
    let toml = enrolled(Some(3), "area = \"35.76\"\ntheme = \"standardisation\"\n");
    let judged = |version: u32| {
        let named = format!("view = \"enrolled\"\nversion = {version}");
        let report = judge(&story, &toml.replace("view = \"enrolled\"", &named));
        let basis = report.basis.unwrap();
        let newer = basis.newer_version();
        assert_eq!(
            basis.words(newer).en.contains("A newer version of this view stands: v2."),
            newer.is_some()
        );
        (report.counted, basis.version, newer)
    };
    assert_eq!((judged(1), judged(2)), ((Some(3), 1, Some(2)), (Some(2), 2, None)));
}

/// Who exported need not have exhibited: a part in percent are those who count in the whole, too.
#[test]
fn a_part_in_percent_lies_within_its_whole() {
    let mut story = two_trainings();
    story.add("2025-02-01", story::announced(1, "33.74", "2025-08-01", "2025-08-01"));
    story.add("2025-08-01", story::joined(1, 1));
    for ikm in [1, 2, 3] {
        story.add("2025-08-02", story::shipped(ikm, "JP", "6204"));
    }
    let of = |part: &str, whole: &str| {
        let toml = claim("funnel", part, "percent", Some(100), super::JULY);
        judge(&story, &toml.replace(&format!("\"{part}\"\n"), &format!("\"{part}\"\nof = \"{whole}\"\n")))
    };
    let told = |report: super::Report| (report.verdict, report.part, report.of);
    let (exhibited, exported) = ("funnel_exhibited_after", "funnel_exported_after");
    assert_eq!(told(of(exported, exhibited)), (Verdict::Supported, Some(1), Some(1)));
    assert_eq!(told(of(exhibited, exported)), (Verdict::NotConfirmed, Some(1), Some(3)));
}
