//! Checks of claims that say another count than the events before them give: the operator has every key, and signs anew.

use jejak::queries::claims::{judge, record};
use jejak_events::identity::{Actor, ActorKind};
use jejak_events::values::Date;
use jejak_projections::claims::{Claim, Judging};

use super::history::{Recorded, five_reports};
use super::tricks::{Tricks, edited, signed, with_known_key};

const CLAIM: &str = r#"claim = "5 IKM tercatat"
document = "contoh"
kind = "fact"
publisher = "Koran Contoh"
unit = "ikm"
value = 5
[indicator]
figure = "registered"
view = "registered"
[scope]
area = "33.75"
"#;

/// The index of the check.
const CHECK: usize = 12;

/// Five IKMs, a claim of five, and the check that `jejak claim check --record` makes of it.
fn checked() -> Recorded {
    let recorded = Recorded::new(16, &five_reports());
    let claim = Claim::parse(CLAIM).unwrap();
    let (registry, on) = (&recorded.registry, Date::parse("2025-06-30").unwrap());
    let as_known = registry.snapshot().facts().size();
    let judging = Judging { today: Date::parse("2025-10-09").unwrap(), on: Some(on), as_known };
    let report = judge(&registry.snapshot(), &claim, judging).unwrap();
    let actor = Actor { kind: ActorKind::User, id: None };
    let stands = record(registry, &claim, &report, (as_known, None), &actor).unwrap();
    assert_eq!(stands.checked, CHECK as u64);
    recorded
}

pub fn add(tricks: &mut Tricks) {
    let log = with_known_key(&checked());
    let mut put = |who: &str, name: &str, trick: &str, answer: &str, entries: &[String]| {
        tricks.add(who, name, trick, answer, (entries, signed(entries).to_string()));
    };
    put("nobody", "honest-check", "a claim and its check, as counted", "", &log);
    let said = |from: &str, to: &str| edited(&log, CHECK, from, to);
    let more =
        edited(&said("\"counted\":5", "\"counted\":77"), CHECK - 1, "\"value\":\"5\"", "\"value\":\"77\"");
    put(
        "operator",
        "check-of-a-false-count",
        "a claim of 77 is recorded as checked and supported, where five are counted",
        "event 12: the check of a claim says supported 77 (registered v1, ",
        &more,
    );
    let less =
        edited(&said("\"supported\"", "\"overstated\""), CHECK - 1, "\"value\":\"5\"", "\"value\":\"6\"");
    put(
        "operator",
        "check-overstated-without-declaration",
        "a claim is recorded as overstated, where the office never declared its recording complete",
        "event 12: the check of a claim says overstated 5 (registered v1, ",
        &less,
    );
    let other_view = said("\"view\":\"registered\"", "\"view\":\"enrolled\"");
    put(
        "operator",
        "check-of-another-view",
        "a check names another view than the claim asks",
        "event 12: the check of a claim says supported 5 (enrolled v1, ",
        &other_view,
    );
    put(
        "operator",
        "check-of-no-such-version",
        "a check names a version of the view that there is not",
        "event 12: the check of a claim cannot be counted again",
        &said("\"version\":1,\"view\"", "\"version\":9,\"view\""),
    );
    let digest = |entry: &str| entry.split("\"digest\":\"").nth(1).unwrap()[..64].to_owned();
    put(
        "operator",
        "check-of-another-answer",
        "a check names the digest of another answer",
        "event 12: the check of a claim says supported 5 (registered v1, 00000000), while supported 5 (registered v1, ",
        &said(&digest(&log[CHECK]), &"0".repeat(64)),
    );
}
