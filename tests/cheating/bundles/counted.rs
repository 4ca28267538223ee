//! What was counted, and on whose word: words that are not those of the count, days that only the maker states, lists
//! that are left out, and files that ask for more work than they are worth.

use jejak::proof::bundle::archive::ArchiveMember;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::note::NoteSigner;

use super::draft::{Asking, Draft, Operator, TODAY};
use super::tricks::Tricks;
use super::{Row, stored};
use crate::cheating::history::{A, B, ORIGIN, registered};

pub fn add(tricks: &mut Tricks) {
    words(tricks);
    wider(tricks);
    days(tricks);
    lists(tricks);
    work(tricks);
}

/// A README without its line breaks.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words(tricks: &mut Tricks) {
    let boast = tricks.operator.honest(Asking::Boast);
    tricks.add(
        "operator",
        "claim-of-other-words",
        "a claim of certified exporters that is held against those registered: sound, and it says what was counted",
        "",
        boast,
    );
    let older = tricks.operator.honest(Asking::Version("enrolled", 1, TODAY));
    tricks.add(
        "nobody",
        "honest-older-version",
        "an honest bundle by an older version of a view: sound, and it says that a newer one stands",
        "",
        older,
    );
    tricks.altered(
        "basis-altered",
        "the answer to a claim says that another view was counted",
        "claims[0].report.basis.view says \"certified\", counting again gives \"trained\"",
        |_, draft| {
            let text = draft.text(ArchiveMember::Answer);
            let (before, basis) = text.split_once("\"basis\"").unwrap();
            let other = basis.replacen("\"view\": \"trained\"", "\"view\": \"certified\"", 1);
            draft.put(ArchiveMember::Answer, format!("{before}\"basis\"{other}"));
        },
    );
    tricks.altered(
        "basis-left-out",
        "the answer to a claim does not say what was counted",
        "claims[0].report.basis says -, counting again gives {",
        |_, draft| {
            let text = draft.text(ArchiveMember::Answer);
            let start = text.find("\"basis\"").unwrap();
            let end = start + text[start..].find("\"factor\"").unwrap();
            draft.put(ArchiveMember::Answer, format!("{}{}", &text[..start], &text[end..]));
        },
    );
    tricks.altered(
        "readme-counted-lies",
        "the README says that something else was counted",
        "README.txt: line 7 reads",
        |_, draft| draft.replace(ArchiveMember::Readme, "trained v2", "certified v2"),
    );
}

/// Values of those whom an answer names and does not count.
fn wider(tricks: &mut Tricks) {
    let mut other = registered(2, B, "Tenun Dua");
    other["data"]["commodity"] = "tenun".into();
    let operator = Operator::new(31, &[registered(1, A, "Batik Satu"), other]);
    let mut draft = Draft::of(&operator.honest(Asking::Wider));
    let disclose = "  \"disclose\": [\n    \"name\"\n  ],\n  \"list\"";
    draft.replace(ArchiveMember::Question, "  \"list\"", disclose);
    draft.put(ArchiveMember::Disclosures, "{}\n");
    let (trick, policy) = (operator.packed(&draft), operator.policy());
    let answer = "values are disclosed, while the answer also names some that it does not count";
    let what = "names are asked for of all whom the answer to a claim about one commodity names";
    tricks.add("operator", "disclosed-wider", what, answer, trick).policy = Some(policy);
}

fn days(tricks: &mut Tricks) {
    for (name, trick, day) in [
        ("today-altered", "the day on which it was asked is set back by years", "2024-01-01"),
        (
            "today-set-back",
            "the day on which it was asked is set back to the day before the last event",
            "2025-10-08",
        ),
    ] {
        tricks.altered(
            name,
            trick,
            "and knows an event that was recorded only at 10 Oct 2025 04:00 WIB: the day of asking cannot be before that",
            |_, draft| draft.replace(ArchiveMember::Question, TODAY, day),
        );
    }
    let row = tricks.altered(
        "today-to-come",
        "a bundle that says it was asked on a day that has not come where the reader is",
        "it was asked on 12 Oct 2025, after 11 Oct 2025 23:59 WIB: that day has not come",
        |_, draft| draft.replace(ArchiveMember::Question, TODAY, "2025-10-12"),
    );
    row.at = Some("2025-10-11".to_owned());
}

fn lists(tricks: &mut Tricks) {
    tricks.altered_view(
        "honest-without-list",
        "who is behind the figure is left out, and it says so: sound",
        "",
        |operator, draft| {
            draft.replace(ArchiveMember::Question, "\"list\": true", "\"list\": false");
            operator.count_anew(draft, &operator.entries);
        },
    );
    tricks.altered_view(
        "list-left-out-unsaid",
        "who is behind the figure is left out, and the README says that it is there",
        "README.txt: line 10 reads",
        |operator, draft| {
            let honest = draft.text(ArchiveMember::Readme);
            draft.replace(ArchiveMember::Question, "\"list\": true", "\"list\": false");
            operator.count_anew(draft, &operator.entries);
            draft.put(ArchiveMember::Readme, honest);
        },
    );
}

fn work(tricks: &mut Tricks) {
    const MANY: usize = 10_000;
    let mut long = |name: &str, trick: &str, answer: &str, from: &str, to: String| {
        tricks.altered(name, trick, answer, |_, draft| draft.replace(ArchiveMember::Claim, from, &to));
    };
    let themes: Vec<String> = (0..MANY).map(|theme| format!("\"t{theme}\"")).collect();
    long(
        "themes-too-many",
        "a claim names 10,000 themes, each of which would be asked for",
        "claim.toml: scope.theme: has 10000 entries; at most 64 are read",
        "theme = \"green_industry\"",
        format!("theme = [{}]", themes.join(",")),
    );
    long(
        "parts-too-many",
        "a claim has 10,000 parts",
        "claim.toml: parts: has 10000 entries; at most 64 are read",
        "value = 2",
        format!("value = 2\nparts = [{}]", vec!["0"; MANY].join(",")),
    );
    long(
        "parts-that-run-over",
        "a claim's parts are as large as numbers of 64 bits, so that their sum runs over",
        "claim.toml: parts: 9223372036854775807 is too large; at most 9007199254740991",
        "value = 2",
        format!("value = 2\nparts = [{}]", [i64::MAX; 3].map(|part| part.to_string()).join(",")),
    );
    let thief = NoteSigner::new(ORIGIN, &[2; 32]).unwrap();
    tricks.altered(
        "nobody-known-not-counted",
        "another key signs a log of its own: nothing of it is replayed or counted",
        "not replayed and not counted: no key that you know has signed the checkpoint",
        |operator, draft| {
            let checkpoint = operator.signed(&operator.entries).unverified().clone();
            draft.put(
                ArchiveMember::Checkpoint,
                SignedCheckpoint::sign(checkpoint, &thief).unwrap().to_string(),
            );
        },
    );
}

/// A file as it was verified, whose verdict must be sound, and its README.
fn sound(name: &str) -> (jejak::proof::bundle::verify::VerifiedBundle, String, Row) {
    let (row, bytes) = stored("bundle").0.remove(name).unwrap();
    let verification = row.verify(&bytes);
    let readme = Draft::of(&bytes).text(ArchiveMember::Readme);
    (verification.said.unwrap_or_else(|| panic!("{name}: {:?}", verification.checks)), readme, row)
}

#[test]
fn a_verdict_says_what_was_counted() {
    let (said, readme, _) = sound("claim-of-other-words");
    let basis = said.basis.as_ref().unwrap();
    assert_eq!((basis.view, basis.figure, said.newer_version), ("registered", Some("registered"), None));
    for part in
        ["the claimant's", "registered v1, registered", "area 33.75 Kota Pekalongan", basis.definition.en]
    {
        assert!(said.counted.en.contains(part), "{part}: {}", said.counted.en);
        assert!(plain(&readme).contains(&plain(part)), "{part}: {readme}");
    }
    for part in ["milik pembuat klaim", "wilayah 33.75 Kota Pekalongan", basis.definition.id] {
        assert!(
            said.counted.id.contains(part) && plain(&readme).contains(&plain(part)),
            "{part}: {}",
            said.counted.id
        );
    }
    let known = said.known_then.unwrap();
    assert!(
        known.en.starts_with("on 30 Jun 2025, from 0 events: 0; recorded after that day: "),
        "{}",
        known.en
    );
    assert!(plain(&readme).contains(&known.en) && plain(&readme).contains(&known.id), "{readme}");
}

#[test]
fn an_older_version_says_that_a_newer_one_stands() {
    let (said, readme, _) = sound("honest-older-version");
    assert_eq!(said.newer_version, Some(2));
    for (text, part) in [
        (&said.counted.en, "A newer version of this view stands: v2."),
        (&said.counted.id, "sudah punya versi yang lebih baru: v2."),
    ] {
        assert!(text.contains(part) && plain(&readme).contains(&plain(part)), "{part}: {text}");
    }
}

#[test]
fn a_list_that_is_left_out_is_said_to_be() {
    let (said, readme, row) = sound("honest-without-list");
    assert!(!said.listed && row.answer.is_none());
    assert!(
        said.list.en.contains("NOT told in it") && said.list.id.contains("TIDAK disebut"),
        "{}",
        said.list.en
    );
    assert!(plain(&readme).contains(&said.list.en) && plain(&readme).contains(&said.list.id), "{readme}");
    let (said, readme, _) = sound("honest-view");
    assert!(said.listed && plain(&readme).contains(&said.list.en), "{readme}");
}

#[test]
fn a_day_of_asking_before_the_last_event_makes_no_bundle() {
    let operator = Operator::new(21, &crate::cheating::history::two_trainings());
    let said = operator.refused(Asking::ClaimOn("2025-10-08"));
    assert!(said.contains("the day of asking cannot be before that"), "{said}");
    let mut words = crate::said::Said::new("bundles_not_made");
    words.error("stopped", operator.kept_from(Asking::View("enrolled", "2025-10-09"), &|_| false));
    words.check();
}
