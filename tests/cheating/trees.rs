//! Published trees that somebody altered, as files, and what an audit and the next `log tiles` say to them.
//!
//! Each file of `data/cheating/tree/` holds the files of a tree by name, in base64. The registry that publishes over it
//! is made anew, the same each time. `JEJAK_BLESS=1` writes them anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jejak::disk::RealDisk;
use jejak::disk::sim::SimulatedDisk;
use jejak::proof::audit::audit_at;
use jejak::proof::publish::publish;
use jejak::proof::replay::hold::Against;
use jejak::registry::{Handovers, Options};
use jejak_events::bundle;
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::policy::Policy;
use jejak_events::tree::{Frontier, leaf_hash};
use serde::{Deserialize, Serialize};

use super::history::{ORIGIN, Recorded, one_training};
use super::root;
use super::tricks::edited;

const PLACE: &str = "/www/log";
const ENTRIES: &str = "tile/entries/000.p/11";
const HASHES: &str = "tile/0/000.p/11";

/// A tree, and what is said to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// Who tries it.
    pub who: String,
    /// What is done.
    pub trick: String,
    /// What an audit answers, in English, as a part of the sentence; nothing where it finds the tree sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    audit: Option<String>,
    /// What the next publication answers: why it refuses, or the files that it mends.
    published: String,
    /// The files, in base64.
    files: BTreeMap<String, String>,
}

type Files = BTreeMap<String, Vec<u8>>;

/// What an audit and the next publication say; otherwise what was said instead.
type Said = Result<(String, String), String>;

/// The registry that publishes.
struct Office {
    recorded: Recorded,
    note: String,
}

impl Office {
    fn new(seed: u64) -> Self {
        let recorded = Recorded::new(seed, &one_training());
        let note = signed(&recorded, &recorded.entries());
        Self { recorded, note }
    }

    /// Publishes over what lies on a disk, and says what came of it.
    fn publish(&self, disk: &SimulatedDisk) -> String {
        let registry = &self.recorded.registry;
        let (keys, handovers) = (registry.log_keys(), Handovers::of(&Options::in_directory("/data")));
        let done =
            publish(registry.reader(), &self.note, &keys, &handovers, disk, Path::new(PLACE), &|_| true);
        match done {
            Ok(done) if done.mended_count == 0 => "nothing mended".to_owned(),
            Ok(done) => format!("mended: {}", done.mended.join(", ")),
            Err(error) => error.to_string(),
        }
    }

    fn published(&self) -> Files {
        let disk = SimulatedDisk::default();
        assert_eq!(self.publish(&disk), "nothing mended");
        let files = disk.snapshot().into_iter();
        files.map(|(path, bytes)| (place(&path), bytes)).collect()
    }

    /// What an audit says, by somebody who knows the key.
    fn audited(&self, files: &Files) -> Vec<String> {
        let policy = format!("log {}\nquorum none\n", self.recorded.signer("checkpoint").verifier_key());
        let policy = Some(Policy::parse(policy.as_bytes()).unwrap());
        let against = Against { policy, ..Against::default() };
        // An audit asks for directories, which a simulated disk does not list.
        let directory = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let said = match audit_at(Arc::new(RealDisk), directory.path(), None, &against, &|_| true) {
            Err(error) => vec![error.to_string()],
            Ok((_, audit)) => {
                let problems = audit.checks.iter().flat_map(|check| &check.problems);
                problems.map(|problem| problem.en.clone()).collect()
            }
        };
        let own = directory.path().display().to_string();
        said.into_iter().map(|said| said.replace(&own, PLACE)).collect()
    }
}

fn place(path: &Path) -> String {
    path.strip_prefix(PLACE).unwrap().to_str().unwrap().to_owned()
}

fn on_disk(files: &Files) -> SimulatedDisk {
    let disk = SimulatedDisk::default();
    files.iter().for_each(|(name, bytes)| disk.put(&Path::new(PLACE).join(name), bytes));
    disk
}

fn signed(recorded: &Recorded, entries: &[String]) -> String {
    let mut tree = Frontier::new();
    entries.iter().for_each(|entry| tree.push(leaf_hash(entry.as_bytes())));
    let stated = Checkpoint::new(ORIGIN, tree.size(), tree.root()).unwrap();
    SignedCheckpoint::sign(stated, &recorded.signer("checkpoint")).unwrap().to_string()
}

/// The tree of other entries under the same key.
fn forked(recorded: &Recorded, entries: &[String]) -> Files {
    let hashes = entries.iter().flat_map(|entry| leaf_hash(entry.as_bytes()).0).collect();
    let count = entries.len();
    BTreeMap::from([
        ("checkpoint".to_owned(), signed(recorded, entries).into_bytes()),
        (format!("tile/0/000.p/{count}"), hashes),
        (
            format!("tile/entries/000.p/{count}"),
            bundle::encode(entries.iter().map(String::as_bytes)).unwrap(),
        ),
    ])
}

fn all() -> BTreeMap<String, Tree> {
    let office = Office::new(43);
    let honest = office.published();
    let mut trees = BTreeMap::new();
    let mut add = |who: &str, name: &str, trick: &str, audit: &str, published: &str, files: Files| {
        let files = files.into_iter().map(|(name, bytes)| (name, BASE64_STANDARD.encode(bytes)));
        let tree = Tree {
            who: who.to_owned(),
            trick: trick.to_owned(),
            audit: (!audit.is_empty()).then(|| audit.to_owned()),
            published: published.to_owned(),
            files: files.collect(),
        };
        assert!(trees.insert(name.to_owned(), tree).is_none(), "{name} is there twice");
    };
    let with = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut files = honest.clone();
        change(files.get_mut(name).unwrap());
        files
    };
    let without = |name: &str| {
        let mut files = honest.clone();
        files.remove(name).unwrap();
        files
    };
    add("nobody", "honest", "a tree as it was published", "", "nothing mended", honest.clone());
    let flip = |bytes: &mut Vec<u8>| bytes[500] ^= 1;
    let mended = format!("mended: {ENTRIES}");
    add("forger", "entry-altered", "a bit of an entry is altered", HASHES, &mended, with(ENTRIES, &flip));
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(500);
    add("forger", "entries-cut", "the entries are cut short", ENTRIES, &mended, with(ENTRIES, &cut));
    add("forger", "entries-missing", "the entries are taken away", ENTRIES, &mended, without(ENTRIES));
    let mended = format!("mended: {HASHES}");
    let flip = |bytes: &mut Vec<u8>| bytes[40] ^= 1;
    add("forger", "hash-altered", "a bit of a hash is altered", HASHES, &mended, with(HASHES, &flip));
    let same_length = |bytes: &mut Vec<u8>| bytes.rotate_left(32);
    let swapped = with(HASHES, &same_length);
    add("forger", "hashes-moved", "the hashes are in another order", HASHES, &mended, swapped);
    add("forger", "hashes-missing", "the hashes are taken away", HASHES, &mended, without(HASHES));
    let larger = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replacen("\n11\n", "\n12\n", 1).into_bytes();
    };
    add(
        "forger",
        "checkpoint-altered",
        "the size in the checkpoint is altered",
        "tile/",
        "is not a checkpoint of this log",
        with("checkpoint", &larger),
    );
    let mut no_checkpoint = with(ENTRIES, &|bytes| bytes[500] ^= 1);
    no_checkpoint.remove("checkpoint").unwrap();
    add(
        "forger",
        "no-checkpoint-and-other-bytes",
        "the checkpoint is taken away, and an entry altered: as if nothing had been published here",
        "there is no checkpoint here",
        "has other bytes than this log",
        no_checkpoint,
    );
    let entries = office.recorded.entries();
    add(
        "operator",
        "published-fork",
        "another history under the same key: sound for whoever has seen no other",
        "",
        "fork",
        forked(&office.recorded, &edited(&entries, 7, "\"present\"", "\"absent\"")),
    );
    let mut longer = entries.clone();
    longer.push(
        edited(&entries, 2, &super::history::id(2), &super::history::id(92))[2].replace("T05:", "T23:"),
    );
    add(
        "operator",
        "published-further",
        "a tree of more events than the log has: the log was put back",
        "[registered_once]",
        "12",
        forked(&office.recorded, &longer),
    );
    let other = Office::new(44).published();
    add(
        "forger",
        "tree-of-another",
        "the tree of another registry of the same name",
        "no signature by a known key",
        "is not a checkpoint of this log",
        other,
    );
    let mut handover = honest.clone();
    handover.insert("handover/7".to_owned(), honest["checkpoint"].clone());
    add(
        "forger",
        "handover-that-is-none",
        "a checkpoint is put among the handovers",
        "this is a checkpoint of size 11",
        "is no handover of this log",
        handover,
    );
    trees
}

fn folder() -> PathBuf {
    root().join("tests/data/cheating/tree")
}

fn stored() -> BTreeMap<String, Tree> {
    let paths = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
    };
    paths.map(read).collect()
}

/// Each tree by name, with what the audit says to it (nothing where it is sound) and what the next publication does.
pub fn answered() -> Vec<(String, Tree, Said)> {
    let office = Office::new(43);
    let answer = |tree: &Tree| {
        let decoded =
            tree.files.iter().map(|(name, bytes)| (name.clone(), BASE64_STANDARD.decode(bytes).unwrap()));
        let files: Files = decoded.collect();
        let (audited, published) = (office.audited(&files), office.publish(&on_disk(&files)));
        let said = match &tree.audit {
            None => Some(String::new()).filter(|_| audited.is_empty()),
            Some(wanted) => audited.iter().find(|said| said.contains(wanted.as_str())).cloned(),
        };
        match said {
            Some(said) if published.contains(&tree.published) => Ok((said, published)),
            _ => Err(format!(
                "expected {:?} and {}, the audit said {audited:#?}, publishing {published}",
                tree.audit, tree.published
            )),
        }
    };
    stored().into_iter().map(|(name, tree)| (name, tree.clone(), answer(&tree))).collect()
}

#[test]
fn every_tree_gets_its_answer() {
    let wrong: Vec<String> = answered()
        .into_iter()
        .filter_map(|(name, _, said)| Some(format!("{name}: {}", said.err()?)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_trees_are_those_that_are_made() {
    let made = all();
    if std::env::var_os("JEJAK_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(folder());
        std::fs::create_dir_all(folder()).unwrap();
        for (name, tree) in &made {
            let text = serde_json::to_string_pretty(tree).unwrap() + "\n";
            std::fs::write(folder().join(format!("{name}.json")), text).unwrap();
        }
    }
    assert!(made == stored(), "JEJAK_BLESS=1 writes them anew");
}
