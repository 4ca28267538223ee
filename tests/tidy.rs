//! What must never be (`docs/architecture.md`), held against the sources and the manifests.
//!
//! Each check is a function over text that answers with what it found, so that a wrong snippet can
//! show that it finds something.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

mod code;
mod house;
mod manifest;
mod types;

use code::{code, lines_with, lines_with_std, outside_tests};
use manifest::{Dependency, dependencies};

/// Longest source file, in lines.
const LONGEST_FILE_LINES: usize = 700;

/// What the two pure crates may depend on: nothing here does input or output or reads a clock.
const PURE_DEPENDENCIES: &[&str] = &[
    "base64",
    "chrono",
    "ed25519-dalek",
    "schemars",
    "serde",
    "serde_json",
    "serde_path_to_error",
    "sha2",
    "thiserror",
    "toml",
    "unicase",
    "unicode-normalization",
    "uuid",
];

/// Modules of the standard library that reach outside.
const OUTSIDE: &[&str] = &["env", "fs", "net", "os", "process", "thread", "time"];
/// Words that reach outside by other ways.
const OUTSIDE_WORDS: &[&str] = &[
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "dbg!",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "stdin",
    "stdout",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Files below a folder of the repository with one of the extensions, as paths from its root, sorted.
fn files(folder: &str, extensions: &[&str]) -> Vec<String> {
    fn walk(directory: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(directory) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    walk(&path, extensions, found);
                }
            } else if extensions.iter().any(|one| path.extension().is_some_and(|extension| extension == *one))
            {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), extensions, &mut found);
    let relative = |path: PathBuf| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    let mut files: Vec<String> = found.into_iter().map(relative).collect();
    files.sort();
    files
}

/// Whether a source file is seen by tests only, by its place or name.
fn is_test_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("tests/")
        || path.contains("/tests/")
        || name == "tests.rs"
        || name.ends_with("_tests.rs")
        // The suite that every store runs.
        || name == "conformance.rs"
}

/// The sources below some folders as (path, code outside tests).
fn production(folders: &[&str]) -> Vec<(String, String)> {
    let paths = folders.iter().flat_map(|folder| files(folder, &["rs"])).filter(|path| !is_test_file(path));
    paths.map(|path| (path.clone(), outside_tests(&code(&read(&path))))).collect()
}

fn assert_tidy(found: &[String]) {
    assert!(found.is_empty(), "{} untidy places:\n{}", found.len(), found.join("\n"));
}

/// Applies a check to every (path, text) and collects what it finds.
fn check_all(texts: &[(String, String)], check: impl Fn(&str, &str) -> Vec<String>) -> Vec<String> {
    assert!(!texts.is_empty(), "no file to check; does the test still fit the layout?");
    texts.iter().flat_map(|(path, text)| check(path, text)).collect()
}

// What the pure crates must never do.

fn reaches_outside(path: &str, code: &str) -> Vec<String> {
    let modules = OUTSIDE.iter().flat_map(|module| {
        let place = move |line| {
            format!("{path}:{line}: std::{module} reaches outside; take the value as an argument")
        };
        lines_with_std(code, module).into_iter().map(place)
    });
    let words = OUTSIDE_WORDS.iter().flat_map(|word| {
        lines_with(code, word).into_iter().map(move |line| format!("{path}:{line}: {word} reaches outside"))
    });
    modules.chain(words).collect()
}

#[test]
fn the_pure_crates_reach_nothing_outside() {
    assert_tidy(&check_all(&production(&["events/src", "projections/src"]), reaches_outside));
}

/// What rules and what verifies: a browser is to run it one day, on bytes that it is handed.
const VERIFYING: &[&str] =
    &["src/rules", "src/proof/replay", "src/proof/audit", "src/proof/bundle", "src/proof/receipt"];

/// Files beside them that reach outside all the same, each with the reason. The list only shrinks.
const REACHING: &[(&str, &str)] = &[
    ("src/proof/audit/cosigner.rs", "makes and keeps a cosignature: state of its own, with a lock"),
    ("src/proof/audit/mod.rs", "hands the disk to the cosigner and to where the log is read from"),
    ("src/proof/audit/source.rs", "reads what is audited from files"),
    ("src/proof/bundle/archive/write.rs", "makes a bundle"),
    ("src/proof/bundle/create.rs", "makes a bundle"),
    ("src/proof/replay/entries.rs", "reads and hashes on two threads"),
    ("src/proof/replay/journal_lines.rs", "reads the lines of a journal from files"),
    ("src/proof/replay/spool.rs", "lays entries aside in a file, for more of them than fit into memory"),
];

/// As [`reaches_outside`], and the places of the program itself that do.
fn verifying_reaches(path: &str, code: &str) -> Vec<String> {
    let own = ["crate::disk", "crate::environment"].into_iter().flat_map(|module| {
        let place =
            move |line| format!("{path}:{line}: {module} reaches outside; take the bytes as an argument");
        lines_with(code, module).into_iter().map(place)
    });
    reaches_outside(path, code).into_iter().chain(own).collect()
}

#[test]
fn what_verifies_reaches_nothing_outside() {
    let code = production(VERIFYING);
    let is_listed = |path: &str| REACHING.iter().any(|(listed, _)| *listed == path);
    let unlisted: Vec<_> = code.iter().filter(|(path, _)| !is_listed(path)).cloned().collect();
    assert_tidy(&check_all(&unlisted, verifying_reaches));
    let reaches =
        |path: &str| code.iter().any(|(of, text)| of == path && !verifying_reaches(of, text).is_empty());
    let done: Vec<String> = REACHING
        .iter()
        .filter(|(path, _)| !reaches(path))
        .map(|(path, _)| format!("{path} reaches nothing outside any more; take it off the list"))
        .collect();
    assert_tidy(&done);
}

#[test]
fn verifying_that_reaches_outside_is_found() {
    for wrong in
        ["use crate::disk::Disk;", "crate::environment::now()", "std::fs::read(path)", "use std::time;"]
    {
        assert_eq!(verifying_reaches("x.rs", wrong).len(), 1, "{wrong}");
    }
    assert_eq!(verifying_reaches("x.rs", "use crate::rules::State;"), Vec::<String>::new());
}

#[test]
fn reaching_outside_is_found() {
    for wrong in [
        "use std::fs;",
        "use std::{fmt, time::Instant};",
        "println!(\"x\")",
        "chrono::Utc::now()",
        "std::thread::spawn(f)",
    ] {
        assert!(!reaches_outside("x.rs", wrong).is_empty(), "{wrong}");
    }
    assert!(reaches_outside("x.rs", "use crate::time::ValidTime; let environment = instant;").is_empty());
}

/// Dependencies beyond those allowed, of the tables that a build of the library uses.
fn beyond(path: &str, manifest: &str, siblings: &[&str]) -> Vec<String> {
    let allowed = |name: &str| siblings.contains(&name) || PURE_DEPENDENCIES.contains(&name);
    let of_library = |one: &Dependency| !one.table.ends_with("dev-dependencies");
    let found = dependencies(manifest).into_iter().filter(|one| of_library(one) && !allowed(&one.name));
    found.map(|one| format!("{path}: {} is not among the pure dependencies", one.name)).collect()
}

#[test]
fn the_pure_crates_depend_on_pure_crates() {
    let mut found = beyond("events/Cargo.toml", &read("events/Cargo.toml"), &[]);
    found.extend(beyond("projections/Cargo.toml", &read("projections/Cargo.toml"), &["jejak-events"]));
    // chrono is pure only without its clock.
    let shared = dependencies(&read("Cargo.toml"));
    let chrono =
        shared.iter().find(|one| one.table == "workspace.dependencies" && one.name == "chrono").unwrap();
    found.extend(has_clock("Cargo.toml", &chrono.requirement));
    assert_tidy(&found);
}

fn has_clock(path: &str, requirement: &str) -> Vec<String> {
    let bad = !requirement.contains("default-features = false")
        || ["\"clock\"", "\"now\"", "\"std\""].iter().any(|feature| requirement.contains(feature));
    if bad { vec![format!("{path}: chrono brings its clock into the pure crates")] } else { Vec::new() }
}

#[test]
fn impure_dependencies_are_found() {
    assert_eq!(beyond("x", "[dependencies]\nsled = \"0.34\"\nserde.workspace = true", &[]).len(), 1);
    assert_eq!(beyond("x", "[dependencies]\njejak-projections.workspace = true", &["jejak-events"]).len(), 1);
    assert_eq!(beyond("x", "[target.'cfg(unix)'.dependencies]\nrustix = \"1\"", &[]).len(), 1);
    assert!(beyond("x", "[dev-dependencies]\nproptest = \"1\"", &[]).is_empty());
    assert!(!has_clock("x", "chrono = { version = \"0.4\" }").is_empty());
    assert!(
        !has_clock("x", "chrono = { version = \"0.4\", default-features = false, features = [\"clock\"] }")
            .is_empty()
    );
}

// Who may write, and who may know what is underneath.

/// A word that only some places may use.
struct Reserved {
    word: &'static str,
    places: &'static [&'static str],
    reason: &'static str,
}

/// The way of an event into the log, and no further.
const APPENDERS: &[&str] = &["src/registry/", "src/log/"];

const RESERVED: &[Reserved] = &[
    // Of the log and of the store.
    Reserved { word: ".commit(", places: APPENDERS, reason: "only the registry appends" },
    Reserved { word: "::commit(", places: APPENDERS, reason: "only the registry appends" },
    Reserved { word: "sled::", places: &["src/log/local/store/"], reason: "only the store knows sled" },
    Reserved {
        word: "open_in_place",
        places: &["src/log/", "src/registry/options.rs"],
        reason: "only the log opens the store",
    },
    Reserved { word: "getrandom::", places: &["src/environment.rs"], reason: "randomness is injected" },
    Reserved { word: "Utc::now", places: &["src/environment.rs"], reason: "the clock is injected" },
    Reserved { word: "Local::now", places: &[], reason: "the clock is injected" },
    Reserved { word: "SystemTime::now", places: &["src/environment.rs"], reason: "the clock is injected" },
    Reserved {
        word: "anyhow::",
        places: &["src/cli/", "src/main.rs"],
        reason: "errors are typed but at the edge",
    },
    Reserved { word: "unsafe", places: &[], reason: "unsafe is forbidden" },
];

fn out_of_place(path: &str, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for reserved in RESERVED {
        if reserved.places.iter().any(|place| path.starts_with(place)) {
            continue;
        }
        let places = lines_with(code, reserved.word).into_iter();
        found
            .extend(places.map(|line| format!("{path}:{line}: {} here; {}", reserved.word, reserved.reason)));
    }
    found
}

#[test]
fn everybody_keeps_to_their_place() {
    assert_tidy(&check_all(&production(&["src", "events/src", "projections/src"]), out_of_place));
}

#[test]
fn things_out_of_place_are_found() {
    for wrong in [
        "log.commit(&Commit { events, vault_frames })",
        "Log::commit(&mut log, &commit)",
        "sled::open(path)",
        "Utc::now()",
        "unsafe { x }",
    ] {
        assert_eq!(out_of_place("src/cli/x.rs", wrong).len(), 1, "{wrong}");
    }
    assert!(out_of_place("src/registry/engine.rs", "log.commit(&Commit { events })").is_empty());
    assert!(out_of_place("src/log/local/store/x.rs", "sled::open(path)").is_empty());
}

// How code is written.

/// `unwrap` never; `expect` only where the file gives its reason to clippy.
fn may_panic(path: &str, code: &str) -> Vec<String> {
    let mut found: Vec<String> = lines_with(code, ".unwrap()")
        .into_iter()
        .map(|line| format!("{path}:{line}: unwrap outside tests; return an error"))
        .collect();
    if !code.contains("clippy::expect_used, reason =") {
        let lines = lines_with(code, ".expect(").into_iter();
        found.extend(
            lines.map(|line| {
                format!("{path}:{line}: expect without `#[expect(clippy::expect_used, reason)]`")
            }),
        );
    }
    for word in ["todo!", "unimplemented!"] {
        let lines = lines_with(code, word).into_iter();
        found.extend(lines.map(|line| format!("{path}:{line}: {word} is a stub")));
    }
    found
}

#[test]
fn nothing_panics_without_a_reason() {
    assert_tidy(&check_all(&production(&["src", "events/src", "projections/src"]), may_panic));
}

/// A new type of event must not compile until everything that depends on the type has said what it does with it.
#[test]
fn no_type_of_event_is_passed_over() {
    let mut code = production(&["events/src", "projections/src", "src"]);
    // Its macro makes what asks for one type.
    code.retain(|(path, _)| path != "events/src/types/mod.rs" && path != "events/src/types/registry.rs");
    assert_tidy(&check_all(&code, types::passes_types_over));
}

#[test]
fn panics_are_found() {
    assert_eq!(may_panic("x.rs", "a().unwrap();\nb().expect(c);\ntodo!()").len(), 3);
    assert!(may_panic("x.rs", "a().unwrap_or(1); b.unwrap_or_default()").is_empty());
    assert!(may_panic("x.rs", "#[expect(clippy::expect_used, reason = )]\nb().expect(c)").is_empty());
}

fn too_long(path: &str, source: &str) -> Vec<String> {
    let lines = source.lines().count();
    let found = (lines > LONGEST_FILE_LINES).then(|| {
        format!("{path}: {lines} lines, at most {LONGEST_FILE_LINES} can be read in one sitting; split it")
    });
    found.into_iter().collect()
}

/// Paths of a machine or of somebody's home; put together here so that this file has none.
fn machine_paths() -> Vec<String> {
    ["work", "home", "root", "Users", "mnt"].iter().map(|folder| format!("/{folder}/")).collect()
}

fn names_machine_path(path: &str, text: &str) -> Vec<String> {
    let starts = |line: &str, folder: &str| {
        line.match_indices(folder).any(|(at, _)| {
            // A URL or a relative path may have such a folder inside.
            !line[..at].ends_with(|one: char| one.is_alphanumeric() || "._-}~/*".contains(one))
        })
    };
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for folder in machine_paths().iter().filter(|folder| starts(line, folder)) {
            found.push(format!("{path}:{}: a path of one machine, {folder}...", number + 1));
        }
    }
    found
}

#[test]
fn files_are_short_and_belong_to_no_machine() {
    let texts = |extensions: &[&str]| -> Vec<(String, String)> {
        files("", extensions).into_iter().map(|path| (path.clone(), read(&path))).collect()
    };
    let mut found = check_all(&texts(&["rs"]), too_long);
    found.extend(check_all(
        &texts(&["rs", "toml", "md", "py", "sh", "json", "txt", "yml"]),
        names_machine_path,
    ));
    assert_tidy(&found);
}

#[test]
fn long_files_and_machine_paths_are_found() {
    assert_eq!(too_long("x.rs", &"x\n".repeat(701)).len(), 1);
    assert!(too_long("x.rs", &"x\n".repeat(700)).is_empty());
    for folder in machine_paths() {
        assert_eq!(names_machine_path("x.md", &format!("see `{folder}somebody/file`")).len(), 1, "{folder}");
    }
    assert!(names_machine_path("x.md", "https://example.org/home/page, src/work/x").is_empty());
}

// Nothing is forgotten.

/// Modules that a file declares, with the path to each from the folder of the file.
fn declared(source: &str, of: &str) -> Vec<[String; 2]> {
    let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
    let inside = match name {
        "mod.rs" | "all.rs" => folder.to_owned(),
        name => format!("{folder}/{}", name.trim_end_matches(".rs")),
    };
    let modules = code(source);
    let names = modules.lines().filter_map(|line| {
        let line = line.trim().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        line.strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    });
    names.map(|name| [format!("{inside}/{name}.rs"), format!("{inside}/{name}/mod.rs")]).collect()
}

/// Files among `files` that no chain of `mod` lines from `first` reaches.
fn forgotten(first: &str, files: &[String], read: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut next = vec![first.to_owned()];
    while let Some(path) = next.pop() {
        let places = declared(&read(&path), &path).into_iter().flatten();
        next.extend(places.filter(|place| files.contains(place) && !reached.contains(place)));
        reached.insert(path);
    }
    let left = files.iter().filter(|path| !reached.contains(*path));
    left.map(|path| format!("{path}: no `mod` line leads to it from {first}")).collect()
}

#[test]
fn every_test_file_is_part_of_the_one_binary() {
    let files: Vec<String> = files("tests", &["rs"]);
    assert_tidy(&forgotten("tests/all.rs", &files, &|path| read(path)));
}

#[test]
fn a_forgotten_test_file_is_found() {
    let files: Vec<String> = ["tests/all.rs", "tests/a.rs", "tests/a/b.rs", "tests/c/mod.rs", "tests/d.rs"]
        .map(String::from)
        .into();
    let read = |path: &str| match path {
        "tests/all.rs" => "mod a;\npub mod c;\n// mod d;".to_owned(),
        "tests/a.rs" => "mod b;".to_owned(),
        _ => String::new(),
    };
    assert_eq!(
        forgotten("tests/all.rs", &files, &read),
        ["tests/d.rs: no `mod` line leads to it from tests/all.rs"]
    );
}

/// Dependencies whose name never stands in the sources that may use them.
fn unused(path: &str, manifest: &str, library: &str, tests: &str) -> Vec<String> {
    let mut found = Vec::new();
    for Dependency { table, name, .. } in dependencies(manifest) {
        let sources: &[&str] = match table.as_str() {
            "dependencies" => &[library],
            "dev-dependencies" => &[library, tests],
            _ => continue,
        };
        let word = name.replace('-', "_");
        if sources.iter().all(|source| lines_with(source, &word).is_empty()) {
            found.push(format!("{path}: nothing uses {name} of [{table}]; take it out"));
        }
    }
    found
}

#[test]
fn every_dependency_is_used() {
    let all = |folders: &[String]| -> String {
        let paths = folders.iter().flat_map(|folder| files(folder, &["rs"]));
        paths.map(|path| code(&read(&path)) + "\n").collect()
    };
    let mut found = Vec::new();
    for package in ["", "events/", "projections/"] {
        let manifest = format!("{package}Cargo.toml");
        let library = all(&[format!("{package}src")]);
        let tests = all(&["tests", "examples", "benches"].map(|folder| format!("{package}{folder}")));
        found.extend(unused(&manifest, &read(&manifest), &library, &tests));
    }
    assert_tidy(&found);
}

#[test]
fn an_unused_dependency_is_found() {
    let manifest = "[dependencies]\na-b = \"1\"\nc = \"1\"\n[dev-dependencies]\nd = \"1\"";
    assert_eq!(unused("x", manifest, "use a_b::X;", "use d::X; use c::Y;").len(), 1);
    assert!(unused("x", manifest, "use a_b::X; c::y()", "d::z()").is_empty());
}
