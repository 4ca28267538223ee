//! Bundles of a log with releases that say something else than the events before them.

use jejak::proof::bundle::archive::ArchiveMember;

use super::Rows;
use super::draft::{Asking, Draft, Operator, TODAY};
use crate::cheating::released::{altered, two_releases};

pub fn add(rows: &mut Rows) {
    let operator = Operator::of(two_releases());
    let honest = operator.honest(Asking::View("registered", TODAY));
    let draft = Draft::of(&honest);
    let mut add = |who: &str, name: &str, trick: &str, answer: &str, bytes| {
        rows.add(who, name, trick, answer, bytes).policy = Some(operator.policy());
    };
    add("nobody", "honest-releases", "an honest bundle of a log with two releases", "", honest);
    let honest = operator.honest(Asking::Release(11));
    let released = Draft::of(&honest);
    add("nobody", "honest-release", "an honest bundle for a release", "", honest);
    let with = |edit: &dyn Fn(&mut Draft)| {
        let mut draft = released.clone();
        edit(&mut draft);
        assert!(draft != released);
        operator.packed(&draft)
    };
    for (name, trick, answer, bytes) in [
        (
            "release-answered-otherwise",
            "the answer tells another sum than the release",
            "answer.json is not what counting again gives: release.cells[0].sum says 81, counting again gives 80",
            with(&|draft| draft.replace(ArchiveMember::Answer, "\"sum\": 80", "\"sum\": 81")),
        ),
        (
            "release-told-otherwise",
            "the README tells another sum than the release",
            "README.txt: line 5 reads",
            with(&|draft| draft.replace(ArchiveMember::Readme, "Pekerja: 80", "Pekerja: 81")),
        ),
        (
            "release-of-no-release",
            "the question names an event that is no release",
            "event 10 is no release but id.jejak.ikm.workforce_reported.v1; `jejak history area/<code>` tells the index of one",
            with(&|draft| draft.replace(ArchiveMember::Question, "\"release\": 11", "\"release\": 10")),
        ),
        (
            "release-not-known-yet",
            "the question knows fewer events than lead to the release",
            "there is no release at index 11 among 11 events",
            with(&|draft| draft.replace(ArchiveMember::Question, "\"as_known\": 17", "\"as_known\": 11")),
        ),
        (
            "release-with-disclosures",
            "the question about a release asks for sealed values",
            "question.json: cannot be read: unknown field `disclose`",
            with(&|draft| {
                draft.replace(ArchiveMember::Question, "{\n", "{\n  \"disclose\": [\n    \"workers\"\n  ],\n")
            }),
        ),
    ] {
        add("operator", name, trick, answer, bytes);
    }
    for (name, trick, answer, entries) in altered(&operator.entries) {
        let mut draft = draft.clone();
        operator.count_anew(&mut draft, &entries);
        let trick = format!("{trick}, everything signed and counted anew");
        add("operator", name, &trick, answer, operator.packed(&draft));
    }
}
