//! Releases that say something else than the events before them: the operator has every key, and signs anew.
//!
//! The sums rest on sealed values, and nobody outside can add them up. How many IKMs stand behind them, which cells there
//! are and what they leave between them follows from open facts.

use super::history::{Recorded, five_reports, late_report};
use super::tricks::{Tricks, edited, signed, with_known_key};

/// The index of the first event of the first release, and that of the second.
const FIRST: usize = 11;
const SECOND: usize = 15;

/// A log with two releases of one quarter: five IKMs, and a sixth that reported late, whose sum is withheld.
pub fn two_releases() -> Recorded {
    let recorded = Recorded::new(22, &five_reports());
    recorded.release();
    recorded.record(&late_report());
    recorded.release();
    recorded
}

/// What can be done to such a log: the name, the trick, the answer and the entries.
pub fn altered(entries: &[String]) -> Vec<(&'static str, &'static str, &'static str, Vec<String>)> {
    let of_first = |from, to| edited(entries, FIRST + 1, from, to);
    let mut without_province = entries[..FIRST].to_vec();
    without_province.push(entries[FIRST + 1].clone());
    let knows = format!("\"log_size\":{SECOND}");
    let late_told = {
        let told = edited(entries, SECOND, "\"ikms\":6,\"unseen\":0", "\"ikms\":6,\"sum\":89,\"unseen\":0");
        edited(&told, SECOND + 1, "\"ikms\":6,\"unseen\":0", "\"ikms\":6,\"sum\":89,\"unseen\":0")
    };
    let knows_less = edited(entries, SECOND, &knows, "\"log_size\":13");
    let knows_less = edited(&knows_less, SECOND + 1, &knows, "\"log_size\":13");
    vec![
        (
            "release-of-more-ikms",
            "a release says that six IKMs stand behind a sum, where five reported",
            "event 11: 33.75 workers: `ikms` is said to be 6, while 5 are counted from the events before it [release_miscounted]",
            of_first("\"ikms\":5", "\"ikms\":6"),
        ),
        (
            "release-hides-who-gave-nothing",
            "a release says that one more reported and did not give the figure",
            "event 11: 33.75 workers: `unseen` is said to be 1, while 0 are counted from the events before it [release_miscounted]",
            of_first("\"unseen\":0", "\"unseen\":1"),
        ),
        (
            "release-of-erased-figures",
            "a release says that a figure was erased that is still there",
            "event 11: 33.75 workers: `erased` is said to be 1, while 0 are counted from the events before it [release_miscounted]",
            of_first("\"erased\":0", "\"erased\":1"),
        ),
        (
            "release-of-another-figure",
            "a release tells a figure that no report gives",
            "event 11: 33.75 sales stands in the release, and no report of the period gives that figure [cell_of_nobody]",
            of_first("\"figure\":\"workers\"", "\"figure\":\"sales\""),
        ),
        (
            "release-of-one-area-only",
            "a release leaves the province out",
            "event 11: 33 workers is missing in the release, and reports of the period give that figure [cell_missing]",
            without_province,
        ),
        (
            "release-of-another-area",
            "the events of a release bear different correlation ids",
            "event 11: the events of one release lie together and have the same `period`, `log_size`, day and `correlationid` [released_apart]",
            edited(
                entries,
                FIRST + 1,
                "\"correlationid\":\"",
                "\"correlationid\":\"0197f2c1-5b6d-7e8f-9a0b-00000000c0de\",\"x\":\"",
            )
            .into_iter()
            .map(|entry| match entry.find(",\"x\":\"") {
                Some(at) => format!("{}{}", &entry[..at], &entry[at + 6 + 36 + 1..]),
                None => entry,
            })
            .collect(),
        ),
        (
            "release-tells-the-late-one",
            "a second release tells the sum with one IKM more, and so that one's figure",
            "event 15: 33 workers: beside other released sums its sum tells the figure of 1 IKMs only (those of one owner count as one), where 4 are the fewest [tells_too_few]",
            late_told,
        ),
        (
            "release-that-knows-less",
            "a release says that it was made before the last report came",
            "event 15: a release at index 15 knows all 15 events before it, not 13 [release_knows_not_all]",
            knows_less,
        ),
    ]
}

pub fn add(tricks: &mut Tricks) {
    let log = with_known_key(&two_releases());
    tricks.add(
        "nobody",
        "honest-releases",
        "two releases of one quarter",
        "",
        (&log, signed(&log).to_string()),
    );
    for (name, trick, answer, entries) in altered(&log) {
        tricks.add("operator", name, trick, answer, (&entries, signed(&entries).to_string()));
    }
}
