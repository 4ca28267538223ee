//! What an operator, a thief of the disk or a forger can try, and the sentence that the verifier answers.
//!
//! Each trick is a file in `data/cheating/log/`: the entries that somebody is shown, the checkpoint over them, what
//! the reader knows beforehand, and what must be said. [`tricks`] makes the files; the expected answers are stated
//! there by hand. Receipts lie in `data/cheating/receipt/` ([`receipts`]), published trees in `data/cheating/tree/`
//! ([`trees`]). What can be tried with an evidence bundle lies in `data/cheating/bundle/` and `archive/`, of which
//! [`bundles`] tells. `JEJAK_BLESS=1` writes files and table (`docs/cheating.md`) anew.

mod archives;
pub mod bundles;
mod checked;
mod history;
mod names;
mod receipts;
mod released;
mod rotated;
mod table;
mod trees;
mod tricks;

use std::path::PathBuf;

use jejak::moment::At;
use jejak::proof::audit::{Audit, FoundLog, SourceKind, audit};
use jejak::proof::replay::hold::Against;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::policy::Policy;
use serde::{Deserialize, Serialize};

use history::Shown;

/// A log as it is shown to somebody, and what they know beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trick {
    /// Who tries it.
    pub who: String,
    /// What is done.
    pub trick: String,
    /// What must be answered, in English, as a part of the sentence; nothing for a log that is sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The reader's policy; without one the key of event 0 is believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Checkpoints that the reader kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// The moment that the reader judges for, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// The checkpoint.
    pub checkpoint: String,
    /// The entries.
    pub entries: Vec<String>,
}

impl Trick {
    /// The log, audited by somebody who has no more than this.
    pub fn audit(&self) -> Audit {
        let parse = |text: &String| SignedCheckpoint::parse(text.as_bytes()).unwrap();
        let found = FoundLog {
            kind: SourceKind::Tiles,
            handovers: Vec::new(),
            checkpoint: parse(&self.checkpoint),
            entries: Box::new(Shown(self.entries.clone())),
        };
        let against = Against {
            policy: self.policy.as_ref().map(|policy| Policy::parse(policy.as_bytes()).unwrap()),
            kept: self.kept.iter().map(parse).collect(),
            at: self.at.and_then(|seconds| Some(At::Moment(i64::try_from(seconds).ok()? * 1000))),
            on: None,
        };
        audit(found, &against, &|_| true).unwrap()
    }

    /// Everything that does not hold, in English.
    pub fn said(&self) -> Vec<String> {
        let audit = self.audit();
        audit.checks.iter().flat_map(|check| &check.problems).map(|problem| problem.en.clone()).collect()
    }
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    root().join("tests/data/cheating/log")
}

/// The tricks as they lie in their files, by name.
pub fn stored() -> Vec<(String, Trick)> {
    let mut stored: Vec<(String, Trick)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
        })
        .collect();
    stored.sort_by(|a, b| a.0.cmp(&b.0));
    stored
}

/// What was not understood is not counted.
#[test]
fn a_log_that_is_not_understood_gives_no_figures() {
    let (_, trick) = stored().into_iter().find(|(name, _)| name == "unknown-type").unwrap();
    let views = trick.audit().checks.into_iter().find(|check| check.part == "views").unwrap();
    assert_eq!(views.problems[0].en, "cannot be counted: not every event was understood");
}

#[test]
fn every_trick_gets_its_answer() {
    let mut wrong = Vec::new();
    let stored = stored();
    for (name, trick) in &stored {
        let said = trick.said();
        let is_right = match &trick.answer {
            None => said.is_empty(),
            Some(answer) => said.iter().any(|sentence| sentence.contains(answer.as_str())),
        };
        if !is_right {
            wrong.push(format!("{name}: expected {:?}, said {said:#?}", trick.answer));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let honest = stored.iter().filter(|(_, trick)| trick.answer.is_none()).count();
    assert!(honest > 0, "there must be a sound log among them, or the answers mean nothing");
}

#[test]
fn the_files_are_those_of_the_tricks() {
    let made = tricks::all();
    if std::env::var_os("JEJAK_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(folder());
        std::fs::create_dir_all(folder()).unwrap();
        for (name, trick) in &made {
            let text = serde_json::to_string_pretty(trick).unwrap() + "\n";
            std::fs::write(folder().join(format!("{name}.json")), text).unwrap();
        }
    }
    let stored = stored();
    let names = |tricks: &[(String, Trick)]| tricks.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&made), names(&stored));
    for (made, stored) in made.iter().zip(&stored) {
        assert_eq!(made.1, stored.1, "{}: JEJAK_BLESS=1 writes it anew", made.0);
    }
}
