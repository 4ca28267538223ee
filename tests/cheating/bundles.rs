//! Evidence bundles that somebody hands out, as files, and what is answered to them.
//!
//! `data/cheating/bundle/` has bundles that say something wrong, made by [`tricks`]; `data/cheating/archive/` has
//! files that are laid out in a wrong way, made by [`super::archives`]. Beside each lies `answers.json`: who tries
//! it, what the reader knows beforehand, and the answer, as a part of the sentence; `null` where the bundle is sound.
//! A row with the very file of another row names that one, and the file is kept once.
//!
//! The files are the same on every machine: log, keys and times are simulated, and deflate is `miniz_oxide`, pinned
//! in Cargo.lock. A later version of it may pack otherwise. Then `JEJAK_BLESS=1` writes the files anew; the answers
//! must stay as they are, but for the numbers of bytes in them.

mod beside;
mod counted;
mod draft;
mod logs;
mod released;
mod rotated;
mod signers;
mod tricks;

pub use draft::{Asking, Draft, Operator};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jejak::moment::At;
use jejak::proof::bundle::archive::{ArchiveMember, BundleReader};
use jejak::proof::bundle::verify::{BundleTrust, Verification, verify};
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::note::NoteSigner;
use jejak_events::policy::Policy;
use serde::{Deserialize, Serialize};

use super::{archives, root};

/// What is answered to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Who tries it.
    pub who: String,
    /// What is done.
    pub trick: String,
    /// What must be answered, in English, as a part of the sentence; nothing for a bundle that is sound.
    pub answer: Option<String>,
    /// The row that has the very same file, where that is not this one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_of: Option<String>,
    /// The reader's policy; without one the key of event 0 is believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Checkpoints that the reader kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// The key of the auditor whose statement the reader asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement_vkey: Option<String>,
    /// The moment that the reader judges for: a day or a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Row {
    /// Verifies a file as a stranger does who has no more than this.
    pub fn verify(&self, bytes: &[u8]) -> Verification {
        let trust = BundleTrust {
            policy: self.policy.as_ref().map(|policy| Policy::parse(policy.as_bytes()).unwrap()),
            at: self.at.as_ref().map(|text| At::parse(text).unwrap()),
            kept: self.kept.iter().map(|kept| SignedCheckpoint::parse(kept.as_bytes()).unwrap()).collect(),
            statement_key: self.statement_vkey.as_ref().map(|key| key.parse().unwrap()),
        };
        verify(BundleReader::new(bytes), &trust, &|_| true).unwrap()
    }

    /// The sentence that was asked for, whole; `None` for a sound bundle. Otherwise what was said instead.
    pub fn answered(&self, bytes: &[u8]) -> Result<Option<String>, String> {
        let verification = self.verify(bytes);
        let said: Vec<&str> = verification.problems().map(|problem| problem.en.as_str()).collect();
        let found = match &self.answer {
            None => Some(None).filter(|_| said.is_empty()),
            Some(answer) => said.iter().find(|said| said.contains(answer.as_str())).copied().map(Some),
        };
        let sound = self.answer.is_none();
        let claims = [&verification.proven, &verification.not_proven, &verification.trusted];
        let told_of_it = verification.said.is_some() && claims.iter().all(|texts| !texts.is_empty());
        let silent = verification.said.is_none() && claims.iter().all(|texts| texts.is_empty());
        match found {
            Some(found) if verification.verified == sound && (if sound { told_of_it } else { silent }) => {
                Ok(found.map(str::to_owned))
            }
            _ => Err(format!(
                "expected {:?}, verified: {}, said {said:#?}",
                self.answer, verification.verified
            )),
        }
    }
}

/// Files by name.
#[derive(Debug, Default)]
pub struct Rows(pub BTreeMap<String, (Row, Vec<u8>)>);

impl Rows {
    /// Adds a file; one that is there already is not kept twice. An empty answer is that to a sound bundle.
    pub fn add(&mut self, who: &str, name: &str, trick: &str, answer: &str, bytes: Vec<u8>) -> &mut Row {
        let answer = (!answer.is_empty()).then(|| answer.to_owned());
        let (who, trick) = (who.to_owned(), trick.to_owned());
        let same = self.0.iter().find(|(_, (row, own))| row.file_of.is_none() && *own == bytes);
        let file_of = same.map(|(name, _)| name.clone());
        let row = Row {
            who,
            trick,
            answer,
            file_of,
            policy: None,
            kept: Vec::new(),
            statement_vkey: None,
            at: None,
        };
        let before = self.0.insert(name.to_owned(), (row, bytes));
        assert!(before.is_none(), "{name} is there twice");
        &mut self.0.get_mut(name).unwrap().0
    }
}

type Make = fn() -> Rows;

/// The folders with files, and who makes these.
const FOLDERS: [(&str, Make); 2] = [("bundle", tricks::all), ("archive", archives::all)];

fn folder(name: &str) -> PathBuf {
    root().join("tests/data/cheating").join(name)
}

const INDEX: &str = "answers.json";

/// Where a file lies.
pub fn file(folder_name: &str, name: &str) -> PathBuf {
    folder(folder_name).join(format!("{name}.zip"))
}

/// What lies in a folder; the index must tell of each file.
pub fn stored(folder_name: &str) -> Rows {
    let path = folder(folder_name);
    let index = std::fs::read(path.join(INDEX)).unwrap();
    let index: BTreeMap<String, Row> = serde_json::from_slice(&index).unwrap();
    let files = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files
        .filter(|path| path.file_name() != Some(INDEX.as_ref()))
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let own = index.iter().filter(|(_, row)| row.file_of.is_none());
    let mut told: Vec<String> = own.map(|(name, _)| format!("{name}.zip")).collect();
    told.sort();
    assert_eq!(names, told, "{}: each file, and no other, stands in {INDEX}", path.display());
    Rows(
        index
            .into_iter()
            .map(|(name, row)| {
                let bytes = std::fs::read(file(folder_name, row.file_of.as_ref().unwrap_or(&name))).unwrap();
                (name, (row, bytes))
            })
            .collect(),
    )
}

fn write(path: &Path, rows: &Rows) {
    let _ = std::fs::remove_dir_all(path);
    std::fs::create_dir_all(path).unwrap();
    for (name, (_, bytes)) in rows.0.iter().filter(|(_, (row, _))| row.file_of.is_none()) {
        std::fs::write(path.join(format!("{name}.zip")), bytes).unwrap();
    }
    let index: BTreeMap<&String, &Row> = rows.0.iter().map(|(name, (row, _))| (name, row)).collect();
    std::fs::write(path.join(INDEX), serde_json::to_string_pretty(&index).unwrap() + "\n").unwrap();
}

#[test]
fn every_file_gets_its_answer() {
    for (folder, _) in FOLDERS {
        let rows = stored(folder).0;
        let answered = rows.iter().map(|(name, (row, bytes))| (name, row.answered(bytes)));
        let wrong: Vec<String> =
            answered.filter_map(|(name, answered)| Some(format!("{name}: {}", answered.err()?))).collect();
        assert!(wrong.is_empty(), "{folder}:\n{}", wrong.join("\n"));
        let sound = rows.values().filter(|(row, _)| row.answer.is_none()).count();
        assert!(sound > 0, "{folder}: there must be a sound bundle among them, or the answers mean nothing");
    }
}

/// Whatever is wrong with what a bundle says: its members are counted, each once.
#[test]
fn every_member_that_was_read_is_counted() {
    let mut early = 0;
    for (name, (row, bytes)) in stored("bundle").0 {
        let verification = row.verify(&bytes);
        let archive = &verification.checks[0];
        let mut reader = BundleReader::new(&bytes[..]);
        let mut count = 0;
        while let Ok(Some(_)) = reader.next() {
            count += 1;
        }
        // An archive that was refused is judged no further.
        if verification.size.is_some() {
            assert_eq!(archive.checked, count, "{name}");
            early += u64::from(
                verification.problems().any(|one| one.en.starts_with("not replayed and not counted")),
            );
        }
    }
    assert!(early > 0, "no bundle that was refused before it was replayed");
}

/// What is no fault and is said all the same.
#[test]
fn what_a_sound_bundle_lacks_is_noted() {
    let rows = stored("bundle").0;
    let notes = |row: &Row, bytes: &[u8]| -> Vec<String> {
        let checks = row.verify(bytes).checks;
        checks.iter().flat_map(|check| &check.notes).map(|note| note.en.clone()).collect()
    };
    let said = notes(&Row::default(), &rows["handover-left-out"].1);
    let is_said =
        |note: &String| note.starts_with("the handover at size ") && note.ends_with(" is not in it");
    assert!(said.iter().any(is_said), "{said:#?}");
    // A policy that cannot be read is only a hint, and is not used.
    let operator = Operator::new(23, &[]);
    let mut draft = Draft::of(&operator.honest(Asking::Claim));
    draft.put(ArchiveMember::Policy, "quorum everybody\n");
    let said = notes(&Row::default(), &operator.packed(&draft));
    assert!(
        said.iter()
            .any(|note| note.starts_with("the policy in the bundle cannot be read, and was not used: ")),
        "{said:#?}"
    );
    // A view of the auditor's that this program does not have.
    let auditor = NoteSigner::new("auditor.example/statement", &[8; 32]).unwrap();
    let mut draft = Draft::of(&operator.honest_beside(Asking::Claim, &[], Some(&auditor)));
    let statement = operator.stated(&auditor, |statement| statement.views[0].version = 900);
    draft.put(ArchiveMember::AuditStatement, statement);
    let key = Some(auditor.verifier_key().to_string());
    let row = Row { policy: Some(operator.policy()), statement_vkey: key, ..Row::default() };
    let said = notes(&row, &operator.packed(&draft));
    let ending = "v900 in the statement of auditor.example/statement is not known to this program";
    assert!(said.iter().any(|note| note.ends_with(ending)), "{said:#?}");
}

#[test]
fn the_files_are_those_that_are_made() {
    for (name, make) in FOLDERS {
        let made = make();
        if std::env::var_os("JEJAK_BLESS").is_some() {
            write(&folder(name), &made);
        }
        let stored = stored(name);
        assert!(made.0.keys().eq(stored.0.keys()), "{name}: JEJAK_BLESS=1 writes them anew");
        for (file, made) in &made.0 {
            assert!(*made == stored.0[file], "{name}/{file}: JEJAK_BLESS=1 writes it anew");
        }
    }
}
