//! Every command once, on the worked example: none is forgotten, none takes a lost output for success.

use std::path::Path;
use std::process::{Command, Stdio};

use clap::CommandFactory as _;

use super::{World, in_repository};

/// A call: name of its page, words, exit code.
pub type Call = (&'static str, &'static [&'static str], i32);

/// An IKM that was registered twice, then merged.
const IKM: &str = "ikm/c81ecdae-6b37-4cb0-8369-cc9e9af1bb3d";

/// Every command. The files that they name are made by [`Example::new`].
pub const CALLS: &[Call] = &[
    ("demo", &["demo"], 0),
    (
        "init",
        &["init", "--dir", "new", "--origin", "jejak.example/new", "--source", "urn:jejak:33.75:dinas"],
        0,
    ),
    ("append", &["append", "lines.jsonl", "--format", "table"], 1),
    ("attach", &["attach", "scan.jpg", "--subject", IKM], 0),
    ("show", &["show", IKM, "--on", "2026-06-30"], 0),
    ("history", &["history", IKM], 0),
    ("find", &["find", "batik", "--kind", "program"], 0),
    ("subject-show", &["subject", "show", IKM, "--actor", "petugas-3"], 0),
    ("subject-export", &["subject", "export", IKM, "--actor", "petugas-3"], 0),
    ("subject-erase", &["subject", "erase", IKM, "--basis", "subject_request", "--dry-run"], 0),
    ("views", &["view"], 0),
    ("view", &["view", "green_certified", "--area", "33.75", "--on", "2026-06-30", "--list"], 0),
    ("view-compare", &["view", "export_trained", "--on", "2023-10-26", "--compare", "2024-06-30"], 0),
    ("view-compare-on", &["view", "export_trained", "--on", "2023-10-26", "--compare-on", "2023-10-01"], 0),
    ("due", &["due", "--on", "2026-06-30", "--limit", "5"], 0),
    ("claim-check", &["claim", "check", "claim.toml"], 0),
    ("claim-sample", &["claim", "sample", "claim.toml", "--seed", "dice"], 0),
    (
        "bundle-create",
        &["bundle", "create", "--view", "registered", "--on", "2026-06-30", "-o", "new.zip"],
        0,
    ),
    ("bundle-verify", &["bundle", "verify", "bundle.zip", "--log-vkey", "log.vkey"], 0),
    ("release", &["release", "--period", "2025", "--actor", "statistik-1", "--dry-run"], 0),
    ("log-export", &["log", "export", "--to", "2"], 0),
    ("log-checkpoint", &["log", "checkpoint"], 0),
    ("log-vkey", &["log", "vkey"], 0),
    ("log-rotate-key", &["log", "rotate-key"], 0),
    ("log-proof", &["log", "proof", "1"], 0),
    ("log-consistency", &["log", "consistency", "checkpoint"], 0),
    ("log-tiles", &["log", "tiles", "tree"], 0),
    ("receipt", &["receipt", "1", "-o", "new.html"], 0),
    ("receipt-verify", &["receipt", "verify", "receipt.html", "--log-vkey", "log.vkey"], 0),
    ("rebuild", &["rebuild"], 0),
    ("verify", &["verify"], 0),
    ("audit", &["audit", "data", "--log-vkey", "log.vkey"], 0),
    ("cosign", &["cosign", "--add", "signed/checkpoint", "--policy", "policy"], 0),
    ("key", &["key", "--kind", "cosigner", "--name", "auditor.example/new", "--out", "new.key"], 0),
    ("recover", &["recover"], 0),
    ("schema", &["schema"], 0),
];

/// The worked example in `data`, and files that commands take.
pub struct Example(tempfile::TempDir);

impl Example {
    pub fn new() -> Self {
        let example = Self::empty();
        let made = |words: &[&str]| {
            let said = super::snapshots::at_a_fixed_moment(example.path(), words);
            assert_eq!(said.code, 0, "{words:?}: {}", said.err);
            said.out.into_bytes()
        };
        let write = |name: &str, bytes: &[u8]| std::fs::write(example.path().join(name), bytes).unwrap();
        made(&["demo"]);
        write("log.vkey", &made(&["log", "vkey"]));
        write("checkpoint", &made(&["log", "checkpoint"]));
        write("lines.jsonl", b"{\"id\":1}\n{\n");
        write("scan.jpg", b"\xff\xd8 a scan");
        let claim = in_repository("tests/data/claims/pekalongan-green-2-ikms-taking-part.toml");
        std::fs::copy(claim, example.path().join("claim.toml")).unwrap();
        made(&["bundle", "create", "--view", "registered", "--on", "2026-06-30", "-o", "bundle.zip"]);
        made(&["receipt", "1", "-o", "receipt.html"]);
        let key = ["key", "--kind", "cosigner", "--name", "auditor.example/a", "--out", "auditor.key"];
        let auditor = made(&[&key[..], &["--format", "json"]].concat());
        let auditor: serde_json::Value = serde_json::from_slice(&auditor).unwrap();
        let cosign = ["--cosign-key", "auditor.key", "--state", "state", "--out", "signed"];
        made(&[&["audit", "data", "--log-vkey", "log.vkey"], &cosign[..]].concat());
        let log = std::fs::read_to_string(example.path().join("log.vkey")).unwrap();
        let vkey = auditor["vkey"].as_str().unwrap();
        write("policy", format!("log {log}witness a {vkey}\nquorum a\n").as_bytes());
        example
    }

    /// In a directory whose path has the same width everywhere; in memory where that is possible, since nothing here
    /// is about disks.
    fn empty() -> Self {
        let in_memory = tempfile::Builder::new().prefix("ej").rand_bytes(6).tempdir_in("/dev/shm");
        let on_disk = || tempfile::Builder::new().prefix("jejak-").rand_bytes(6).tempdir_in("/tmp");
        Self(in_memory.or_else(|_| on_disk()).unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The same once more, to be written to.
    pub fn copied(&self) -> Self {
        let copy = Self::empty();
        let copied = Command::new("cp").arg("-a").arg(self.path().join(".")).arg(copy.path()).status();
        assert!(copied.unwrap().success());
        copy
    }

    /// The program in this folder, so that no page holds a path of this machine.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jejak"));
        command.current_dir(self.path()).args(words).stdin(Stdio::null());
        for variable in ["COLUMNS", "JEJAK_LANG"] {
            command.env_remove(variable);
        }
        command.env("JEJAK_DIR", "data");
        command
    }
}

/// The paths of all commands: those without subcommands, and those that need none.
pub fn all_commands() -> Vec<Vec<String>> {
    fn walk(command: &clap::Command, path: &[String], found: &mut Vec<Vec<String>>) {
        if !path.is_empty() && !command.is_subcommand_required_set() {
            found.push(path.to_vec());
        }
        for inner in command.get_subcommands() {
            walk(inner, &[path, &[inner.get_name().to_owned()]].concat(), found);
        }
    }
    let mut found = Vec::new();
    walk(&jejak::cli::Arguments::command(), &[], &mut found);
    found
}

#[test]
fn no_command_is_forgotten() {
    for path in all_commands() {
        let called = CALLS.iter().any(|(_, words, _)| {
            words.len() >= path.len() && words.iter().zip(&path).all(|(word, name)| word == name)
        });
        assert!(called, "{path:?}: put a call of it into CALLS");
    }
}

/// A pipe whose reader has gone before anything is written.
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn a_lost_output_is_no_success_and_changes_no_verdict() {
    let example = Example::new();
    for (name, words, code) in CALLS {
        let copy = example.copied();
        let closed = copy.command(words).stdout(closed_pipe()).stderr(Stdio::null()).status().unwrap().code();
        // What prints nothing loses nothing.
        let printed = !example.copied().command(words).output().unwrap().stdout.is_empty();
        let expected = if *code == 0 && printed { 3 } else { *code };
        assert_eq!(closed, Some(expected), "{name} with a closed pipe");
    }
    let rubbish = ["bundle", "verify", "scan.jpg"];
    for (words, expected) in [(&rubbish[..], 1), (&["view"][..], 3), (&["--help"][..], 3)] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = example.command(words).stdout(full).output().unwrap();
        assert_eq!(ran.status.code(), Some(expected), "{words:?} on a full disk");
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(
            said.contains("tidak dapat ditulis seluruhnya: ") || words == rubbish,
            "{words:?} says nothing of it: {said}"
        );
    }
}

#[test]
fn a_file_is_recorded_to_its_end_whoever_reads() {
    let world = World::new();
    let path = world.beside("many.jsonl");
    std::fs::write(&path, super::proposals::lines((1..=3_000).map(super::proposals::registered))).unwrap();
    let mut running = world.command(&["append", path.to_str().unwrap()]);
    let ran = super::ran(running.stdout(closed_pipe()).output().unwrap());
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(
        ran.err.contains("3,000 recorded")
            && ran.err.contains("not every result line arrived; run the same file again"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("the output was cut short, its reader has gone"), "{}", ran.err);
    assert_eq!(world.json(&["view"])["log"]["size"], 3_001);
    // Long output, of which the reader takes the beginning.
    let mut export = world.command(&["log", "export"]);
    let export = export.stdout(closed_pipe()).stderr(Stdio::null()).status().unwrap();
    assert_eq!(export.code(), Some(3));
}
