//! The claims of the five articles, each with the verdict that is expected of it; `docs/claims.md` shows them all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jejak::demo::{CLAIMS, JudgedClaim, judge_claims};
use jejak_projections::answer::Who;
use jejak_projections::claims::{Claim, Contradiction, Together, Verdict};
use serde::Deserialize;

use super::{date, filled};

mod page;

/// What is expected of a claim.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    verdict: String,
    #[serde(default)]
    counted: Option<u64>,
    /// What the claim says, in English.
    said: String,
    /// Why the verdict is the right one, where that is not obvious.
    #[serde(default)]
    reason: Option<String>,
    /// The verdict of the first edition, where it was another.
    #[serde(default)]
    first_edition: Option<String>,
}

fn expected() -> BTreeMap<String, Expected> {
    serde_json::from_str(include_str!("../data/claims/expected.json")).unwrap()
}

fn judged() -> Vec<JudgedClaim> {
    judge_claims(&filled().1).unwrap()
}

fn find<'a>(judged: &'a [JudgedClaim], name: &str) -> &'a JudgedClaim {
    judged.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("no claim {name}"))
}

#[test]
fn every_claim_reaches_its_verdict() {
    let expected = expected();
    let judged = judged();
    let mut wrong = Vec::new();
    for one in &judged {
        let verdict = serde_json::to_value(one.report.verdict).unwrap();
        let expected = &expected[one.name];
        // A claim that is not held against a count may still tell one.
        let counted = one.report.counted.filter(|_| expected.counted.is_some());
        if verdict != expected.verdict || counted != expected.counted {
            wrong.push(format!("{}: {verdict} {:?}, expected {expected:?}", one.name, one.report.counted));
        }
        assert!(one.report.synthetic, "{}", one.name);
        assert!(one.report.verdict_words().en.ends_with(" (synthetic)"), "{}", one.name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((judged.len(), expected.len()), (34, 34));
}

#[test]
fn every_file_is_among_the_claims() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/claims");
    let files: BTreeSet<String> = std::fs::read_dir(directory)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".toml")?.to_owned()))
        .collect();
    let listed: BTreeSet<String> = CLAIMS.iter().map(|written| written.name.to_owned()).collect();
    assert_eq!(files, listed, "src/demo/claims.rs and tests/data/claims differ");
}

#[test]
fn what_contradicts_itself_says_where() {
    let judged = judged();
    let population = &find(&judged, "semarang-1-population").report;
    assert_eq!(population.contradictions, [Contradiction::Parts { sum: 3629, value: 3638, difference: 9 }]);
    let said = &find(&judged, "mojokerto-1-weekday").report.contradictions;
    let [Contradiction::Weekday { date: on, said, is }] = said[..] else { panic!("{said:?}") };
    let is = serde_json::to_value([said, is]).unwrap();
    assert_eq!((on, is), (date("2024-01-06"), serde_json::json!(["tuesday", "saturday"])));
}

/// The only report of the population is the article that claims it.
#[test]
fn a_source_does_not_support_itself() {
    let (_, registry) = filled();
    let judged = judge_claims(&registry).unwrap();
    for name in ["pekalongan-green-3-batik-ikms-in-the-city", "semarang-2-population-small"] {
        let report = &find(&judged, name).report;
        let [own] = report.set_aside[..] else { panic!("{name}: {:?}", report.set_aside) };
        let event = registry.event(own).unwrap();
        assert_eq!(event.draft.data.type_name(), "id.jejak.area.population_reported.v1");
        assert_eq!((report.verdict, report.counted), (Verdict::NotRecorded, None), "{name}");
    }
    // Another document that says the same is supported by it, also one of that publisher.
    let written = CLAIMS.iter().find(|written| written.name == "semarang-2-population-small").unwrap();
    let toml = written.toml.replace("002_388c9fec472f7b65\"\npublisher", "005\"\npublisher");
    assert_ne!(toml, written.toml);
    let judging = jejak_projections::claims::Judging {
        today: date("2026-06-30"),
        on: None,
        as_known: registry.snapshot().facts().size(),
    };
    let report =
        jejak::queries::claims::judge(&registry.snapshot(), &Claim::parse(&toml).unwrap(), judging).unwrap();
    assert_eq!((report.verdict, report.counted), (Verdict::Supported, Some(2840)));
}

#[test]
fn persons_are_counted_as_persons_and_once_over_both_trainings() {
    let judged = judged();
    for name in ["mojokerto-3-production-training", "mojokerto-5-foreign-trade-training"] {
        let report = &find(&judged, name).report;
        // Ten IKMs sent three persons each.
        assert_eq!((report.behind.persons, report.behind.ikms), (30, 10), "{name}");
        assert_eq!(report.counted, Some(30), "{name}");
        let persons = report.members.iter().filter(|member| matches!(member.who, Who::Person(_)));
        assert!(persons.clone().count() == 30 && persons.into_iter().all(|one| !one.events.is_empty()));
    }
    let together = find(&judged, "mojokerto-5-foreign-trade-training").report.together;
    assert_eq!(together, Some(Together { counted: 48, at_least: Some(30), at_most: Some(60) }));
}

#[test]
fn a_claim_tells_what_was_known_at_its_date() {
    let (_, registry) = filled();
    let size = registry.snapshot().facts().size();
    let training =
        CLAIMS.iter().find(|written| written.name == "pekalongan-green-2-ikms-taking-part").unwrap();
    // The same claim about those who completed it: three lists turned up eight weeks later.
    let toml = training.toml.replace("\"enrolled\"", "\"trained\"");
    let judging = |on: Option<&str>, as_known| jejak_projections::claims::Judging {
        today: date("2026-06-30"),
        on: on.map(date),
        as_known,
    };
    let judge = |toml: &str, judging| {
        jejak::queries::claims::judge(&registry.snapshot(), &Claim::parse(toml).unwrap(), judging).unwrap()
    };
    let now = judge(&toml, judging(None, size));
    assert_eq!((now.verdict, now.counted), (Verdict::Supported, Some(30)));
    let then = now.known_then.unwrap();
    assert_eq!((then.on, then.counted), (date("2025-10-13"), Some(27)));
    assert_eq!(now.recorded_late.len(), 3);
    // As known on the day itself the claim is not borne out, and nobody had declared the recording complete.
    let before = judge(&toml, judging(None, then.as_known));
    let factor = before.factor.unwrap();
    assert_eq!((before.verdict, factor.hundredths), (Verdict::NotConfirmed, 90));
    // Of 31, one was never counted, and the office says that nothing is missing.
    let more = judge(&toml.replace("value = 30", "value = 31"), judging(None, size));
    assert_eq!((more.verdict, more.factor.unwrap().hundredths), (Verdict::Overstated, 96));
    let fewer = judge(&toml.replace("value = 30", "value = 29"), judging(None, size));
    assert_eq!((fewer.verdict, fewer.factor.unwrap().hundredths), (Verdict::Understated, 103));
}

/// What the reasons say of confidential sums is what the office released, and nothing else.
#[test]
fn a_reason_tells_only_sums_that_were_released() {
    let (_, registry) = filled();
    let released = jejak::registry::release::earlier_releases(&registry.snapshot()).unwrap();
    let area = jejak_events::area::AreaCode::parse("33.75").unwrap();
    let of_2021 =
        released.iter().find(|one| one.area == area && one.released.period.to == date("2021-12-31"));
    let sum = |name: &str| {
        let cell = of_2021.unwrap().released.cells.iter().find(|cell| &*cell.figure == name).unwrap();
        (cell.ikms.get(), cell.sum.unwrap().get())
    };
    let ((ikms, workers), (_, over_60)) = (sum("workers"), sum("over_60"));
    let expected = expected();
    let reason = |name: &str| expected[name].reason.as_deref().unwrap();
    let said = format!("{over_60} of the {workers} workers of the {ikms} IKMs that reported");
    assert!(reason("pekalongan-focus-4-succession").contains(&said), "{said}");
    let said = format!("{workers} workers, of the {ikms} IKMs that reported");
    assert!(reason("pekalongan-focus-6-thousands").contains(&said), "{said}");
}
