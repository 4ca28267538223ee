//! What the tests of the format share: files that can be blessed.

#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a tool of tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// `events/`.
pub fn crate_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether expected files are to be written anew: `JEJAK_BLESS=1 cargo test -p jejak-events`.
pub fn blessing() -> bool {
    std::env::var_os("JEJAK_BLESS").is_some_and(|value| value == "1")
}

/// Compares a file with what it should hold; writes it when blessing.
pub fn check_file(path: &Path, expected: &str) {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found == expected {
        return;
    }
    if blessing() {
        fs::write(path, expected).unwrap();
        return;
    }
    let line = found.lines().zip(expected.lines()).take_while(|(found, expected)| found == expected).count();
    panic!(
        "{} differs from line {} on; if that is meant, run JEJAK_BLESS=1 cargo test -p jejak-events and \
         look at the difference before committing it",
        path.display(),
        line + 1
    );
}

/// Fails when the directory holds a file that is not expected there.
pub fn check_no_others(directory: &Path, expected: &BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            expected.contains(&name),
            "{}: belongs to no type; remove it",
            directory.join(&name).display()
        );
    }
}

/// JSON with sorted keys, indented, with a final line end.
pub fn pretty(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

/// A path under `events/`.
pub fn path(relative: &str) -> PathBuf {
    crate_dir().join(relative)
}
