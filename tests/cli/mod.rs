//! Runs the built program as a shell would.

mod append;
mod audit;
mod beside;
mod bundles;
mod claims;
mod codes;
mod columns;
mod commands;
mod comparisons;
mod damaged;
mod demo;
mod every;
mod files;
mod finding;
mod interrupts;
mod known;
mod looks;
mod manual;
mod meant;
mod misplaced;
mod other_users;
mod overviews;
mod pages;
mod proposals;
mod questions;
mod reading;
mod readme;
mod receipts;
mod releases;
mod rows;
mod schemas;
mod sealed_bundles;
mod snapshots;
mod subject;
mod synthetic;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

/// A registry in a directory of its own, driven from outside.
pub struct World {
    directory: tempfile::TempDir,
}

/// What a run of the program left.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl World {
    /// An empty directory.
    pub fn empty() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// A fresh registry of Kota Pekalongan.
    pub fn new() -> Self {
        let world = Self::empty();
        let made = world.run(&[
            "init",
            "--origin",
            "jejak.example/test",
            "--source",
            "urn:jejak:33.75:dinperinaker",
        ]);
        assert_eq!(made.code, 0, "{}", made.err);
        world
    }

    /// A world with a copy of this one's registry.
    pub fn copy(&self) -> Self {
        let world = Self::empty();
        copy_directory(&self.dir(), &world.dir());
        world
    }

    /// The data directory.
    pub fn dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// A path beside the data directory.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The program, to be started; English, so that tests read what they compare.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jejak"));
        command.args(arguments).arg("--dir").arg(self.dir()).args(["--lang", "en"]).env_remove("JEJAK_DIR");
        // As wide as need be, so that a test finds what it looks for on one line.
        command.env("COLUMNS", "1000");
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let ran = ran(self.command(arguments).stdin(Stdio::null()).output().unwrap());
        keep_answer(arguments, &ran);
        ran
    }

    /// Runs the program to its end, in Indonesian.
    pub fn run_in_indonesian(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jejak"));
        command.args(arguments).arg("--dir").arg(self.dir()).args(["--lang", "id"]).env_remove("JEJAK_DIR");
        command.env("COLUMNS", "1000");
        ran(command.stdin(Stdio::null()).output().unwrap())
    }

    /// Runs the program, which must succeed, and reads its JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.out, ran.err);
        serde_json::from_str(&ran.out).unwrap()
    }

    /// Appends lines of JSON from a file.
    pub fn append(&self, lines: &str, flags: &[&str]) -> Ran {
        let path = self.beside("proposals.jsonl");
        std::fs::write(&path, lines).unwrap();
        self.run(&[&["append", path.to_str().unwrap()], flags].concat())
    }

    /// Holds `verify` to its promise: exit 0 and nothing to say.
    pub fn assert_sound(&self) {
        let report = self.json(&["verify"]);
        assert_eq!(report["sound"], true, "{report:#}");
    }
}

/// Copies a directory to where nothing lies.
pub fn copy_directory(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(copied.success());
}

/// Keeps an answer in JSON for `tests/check_answers.py`, in the folder that `JEJAK_WRITE_ANSWERS` names.
pub fn keep_answer(words: &[&str], ran: &Ran) {
    let Some(folder) = std::env::var_os("JEJAK_WRITE_ANSWERS") else { return };
    let form = words.windows(2).find(|pair| pair[0] == "--format").map(|pair| pair[1]);
    let is_json = match words {
        ["append", ..] => form.is_none_or(|form| form == "json"),
        ["log", "export", ..] | ["subject", "export", ..] => true,
        _ => form == Some("json"),
    };
    if !is_json || words.contains(&"--help") || ran.out.is_empty() {
        return;
    }
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let kept = serde_json::json!({"words": words, "code": ran.code, "out": ran.out});
    let path = Path::new(&folder).join(format!("{}-{number}.json", std::process::id()));
    std::fs::write(path, kept.to_string()).unwrap();
}

/// What a finished process left.
pub fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The result lines of an append.
pub fn results(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The tracked file of this repository.
pub fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
