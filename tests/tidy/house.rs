//! The house (`docs/architecture.md`): which room may import which, and how long a function may be.
//!
//! A room is a folder of `src/`, or a file that stands beside them.

use std::collections::{BTreeMap, BTreeSet};

use super::code::lines_with;
use super::{assert_tidy, check_all, production};

/// Longest function, in lines.
const LONGEST_FUNCTION_LINES: usize = 70;

/// What some files must never import.
struct Never {
    /// Files, by how their paths begin.
    who: &'static [&'static str],
    /// Modules of the crate.
    imports: &'static [&'static str],
    reason: &'static str,
}

/// Places of `src/` that have no business with the machine that they run on.
const PURE: &[&str] = &["src/rules/", "src/words/", "src/answer_json.rs", "src/moment.rs"];

/// What verifies for a stranger. The words stay allowed: the README of a bundle and the page of a receipt are made again
/// and compared, so they are part of what is verified.
const VERIFIERS: &[&str] = &[
    "src/proof/replay/",
    "src/proof/audit/",
    "src/proof/receipt/",
    "src/proof/bundle/",
    "src/proof/disclosures.rs",
];

/// What makes a bundle, beside what verifies it.
const MAKERS: &[&str] = &["src/proof/bundle/create.rs", "src/proof/bundle/archive/write.rs"];

const NEVERS: &[Never] = &[
    Never {
        who: PURE,
        imports: &[
            "cli",
            "disk",
            "environment",
            "log",
            "proof",
            "queries",
            "readmodel",
            "registry",
            "vault",
            "verify",
        ],
        reason: "it is pure",
    },
    Never { who: &["src/rules/"], imports: &["words"], reason: "a refusal brings its own words" },
    Never {
        who: VERIFIERS,
        imports: &["log", "queries", "registry", "vault"],
        reason: "a stranger verifies without the registry",
    },
    Never {
        who: &["src/log/", "src/vault/", "src/disk/"],
        imports: &["registry", "rules"],
        reason: "bytes know no rules",
    },
    Never { who: &["src/queries/"], imports: &["cli"], reason: "whoever asks, a question is the same" },
    Never {
        who: &["src/tables/"],
        imports: &["cli", "disk", "environment", "log", "readmodel", "registry", "vault"],
        reason: "an answer is told in rows by whoever has it",
    },
    Never {
        who: &["src/readmodel/"],
        imports: &["registry", "cli", "queries"],
        reason: "the read side follows the log",
    },
    Never {
        who: &["src/registry/"],
        imports: &["cli", "proof", "queries"],
        reason: "the writer answers no questions",
    },
];

/// Imports that the nevers forbid and that stand all the same, with the reason. The list only shrinks.
const ALLOWED: &[(&str, &str, &str)] =
    &[("src/proof/audit/cosigner.rs", "log", "the lock of its own directory")];

/// What opens something sealed without a noted look, or below the check of one, and the places that may say it.
const OPENERS: &[(&str, &[&str], &str)] = &[
    (
        "OwnWork",
        &["src/vault/access/", "src/registry/past.rs", "src/verify/"],
        "whoever shows a sealed value takes a look that was noted",
    ),
    ("open_frame", &["src/vault/mod.rs", "src/readmodel/vault.rs"], "a frame is opened by the vault"),
    (
        "chacha20poly1305",
        &["src/vault/"],
        "only the vault decrypts, where it holds the pass against what it opens",
    ),
];

fn opens_without_a_look(path: &str, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, places, reason) in OPENERS {
        if !places.iter().any(|place| path.starts_with(place)) {
            found
                .extend(lines_with(code, word).iter().map(|line| format!("{path}:{line}: {word}; {reason}")));
        }
    }
    found
}

#[test]
fn nothing_sealed_is_opened_without_a_pass() {
    let sources = production(&["src"]);
    assert_tidy(&check_all(&sources, opens_without_a_look));
    for (word, ..) in OPENERS {
        assert!(sources.iter().any(|(_, code)| !lines_with(code, word).is_empty()), "nobody says {word}");
    }
}

#[test]
fn an_opener_in_the_wrong_place_is_found() {
    for (path, wrong) in [
        ("src/queries/names.rs", "snapshot.sealed(&OwnWork::new(), 1)"),
        ("src/registry/release.rs", "use crate::vault::access::OwnWork;"),
        ("src/readmodel/snapshot.rs", "open_frame(pass, &frame, about, &key)"),
        ("src/cli/mod.rs", "use chacha20poly1305::Key;"),
    ] {
        assert_eq!(opens_without_a_look(path, wrong).len(), 1, "{path}: {wrong}");
    }
    assert!(opens_without_a_look("src/verify/sealed.rs", "OwnWork::new()").is_empty());
}

/// The module that a file is, as the names from the crate's root.
fn module_of(path: &str) -> Vec<&str> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut names: Vec<&str> = inside.split('/').collect();
    if matches!(names.last(), Some(&("mod" | "lib" | "main"))) {
        names.pop();
    }
    names
}

/// The rooms that a file names, each with the lines.
fn named_rooms(path: &str, code: &str) -> BTreeMap<String, Vec<usize>> {
    let module = module_of(path);
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, line) in (1..).zip(code.lines()) {
        for (at, _) in line.match_indices("crate::") {
            let is_word = line[..at].ends_with(|one: char| one.is_alphanumeric() || one == '_');
            let name = first_name(&line[at + "crate::".len()..]);
            if !is_word && !name.is_empty() {
                named.entry(name.to_owned()).or_default().push(number);
            }
        }
        for (at, _) in line.match_indices("super::") {
            if line[..at].ends_with("super::") {
                continue;
            }
            let chain = &line[at..];
            let after = chain.trim_start_matches("super::");
            let steps = (chain.len() - after.len()) / "super::".len();
            // Inside a module of the same file a step leads to the file's own, so this is the farthest it can lead.
            if steps == module.len() {
                named.entry(first_name(after).to_owned()).or_default().push(number);
            }
        }
    }
    named
}

fn first_name(text: &str) -> &str {
    let end = text.find(|one: char| !(one.is_alphanumeric() || one == '_')).unwrap_or(text.len());
    &text[..end]
}

fn breaks_a_never(path: &str, code: &str) -> Vec<String> {
    let rooms = named_rooms(path, code);
    let mut found = Vec::new();
    if MAKERS.contains(&path) {
        return found;
    }
    for never in NEVERS.iter().filter(|never| never.who.iter().any(|who| path.starts_with(who))) {
        for import in never.imports {
            let is_allowed = ALLOWED.iter().any(|(file, room, _)| *file == path && room == import);
            for line in rooms.get(*import).into_iter().flatten().filter(|_| !is_allowed) {
                found.push(format!("{path}:{line}: imports {import}; {}", never.reason));
            }
        }
    }
    found
}

#[test]
fn no_room_imports_what_it_must_never() {
    let sources = production(&["src"]);
    let mut found = check_all(&sources, breaks_a_never);
    for (file, room, _) in ALLOWED {
        let stands =
            sources.iter().any(|(path, code)| path == file && named_rooms(path, code).contains_key(*room));
        if !stands {
            found.push(format!("{file} no longer imports {room}; take it out of ALLOWED"));
        }
    }
    assert_tidy(&found);
}

#[test]
fn a_broken_never_is_found() {
    for (path, wrong) in [
        ("src/rules/state.rs", "use crate::registry::Registry;"),
        ("src/rules/state.rs", "use super::super::log::LogReader;"),
        ("src/rules/mod.rs", "use super::vault::KeyFile;"),
        ("src/proof/bundle/verify.rs", "let x = crate::vault::KeyFile::read();"),
        ("src/log/mod.rs", "use crate::rules;"),
    ] {
        assert_eq!(breaks_a_never(path, wrong).len(), 1, "{path}: {wrong}");
    }
    assert!(
        breaks_a_never("src/rules/state.rs", "use super::super::rules::Moment; use crate::rules::x;")
            .is_empty()
    );
    assert!(
        breaks_a_never("src/rules/types/ikm.rs", "use super::super::registry;").is_empty(),
        "that is rules::registry"
    );
}

/// Rooms that import each other in a loop: each reaches itself by the imports.
fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let reached = |room: &String| {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&String> = imports.get(room).into_iter().flatten().collect();
        while let Some(other) = next.pop() {
            if reached.insert(other.clone()) {
                next.extend(imports.get(other).into_iter().flatten());
            }
        }
        reached
    };
    imports
        .keys()
        .filter(|room| reached(room).contains(*room))
        .map(|room| format!("{room} imports itself by others"))
        .collect()
}

/// What each room imports.
fn imports(sources: &[(String, String)]) -> BTreeMap<String, BTreeSet<String>> {
    let rooms: BTreeSet<String> =
        sources.iter().filter_map(|(path, _)| module_of(path).first().map(ToString::to_string)).collect();
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, code) in sources {
        let Some(room) = module_of(path).first().map(ToString::to_string) else { continue };
        let named = named_rooms(path, code).into_keys().filter(|name| rooms.contains(name) && *name != room);
        imports.entry(room.clone()).or_default().extend(named);
    }
    imports
}

#[test]
fn no_rooms_stand_in_a_circle() {
    let sources = production(&["src"]);
    assert!(
        sources.iter().all(|(_, code)| lines_with(code, "crate::{").is_empty()),
        "name each room by itself"
    );
    let imports = imports(&sources);
    assert!(imports.len() > 10, "no rooms; does the test still fit the layout?");
    let found = circles(&imports);
    assert!(found.is_empty(), "{found:#?}\n{imports:#?}");
}

#[test]
fn a_circle_is_found() {
    let source = |path: &str, code: &str| (path.to_owned(), code.to_owned());
    let mut sources = vec![
        source("src/a/mod.rs", "use crate::b::X;"),
        source("src/b.rs", "use super::c::Y;"),
        source("src/c/d.rs", "use crate::e::Z;"),
        source("src/e.rs", ""),
    ];
    assert!(circles(&imports(&sources)).is_empty());
    sources.push(source("src/e/f.rs", "fn f() { crate::a::g() }"));
    assert_eq!(circles(&imports(&sources)).len(), 4);
}

/// The functions of some code, each with its name, its first line and how many lines it has.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let mut depth = 0_usize;
        let mut last = None;
        'body: for (number, line) in lines.iter().enumerate().skip(first) {
            for one in line.chars() {
                match one {
                    // A declaration without a body.
                    ';' if depth == 0 => break 'body,
                    '{' => depth += 1,
                    '}' if depth == 1 => {
                        last = Some(number);
                        break 'body;
                    }
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
        }
        found.extend(last.map(|last| (name.to_owned(), first + 1, last - first + 1)));
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    loop {
        match words.next()? {
            "fn" => return words.next().map(first_name),
            "const" | "async" | "unsafe" => {}
            word if word.starts_with("pub") => {}
            // The rest of `pub(in crate::...)`.
            word if word.ends_with(')') => {}
            _ => return None,
        }
    }
}

fn too_long_functions(path: &str, code: &str) -> Vec<String> {
    let long = functions(code).into_iter().filter(|(_, _, lines)| *lines > LONGEST_FUNCTION_LINES);
    long.map(|(name, line, lines)| {
        format!(
            "{path}:{line}: {name} has {lines} lines, at most {LONGEST_FUNCTION_LINES} are read at a glance"
        )
    })
    .collect()
}

#[test]
fn functions_are_short() {
    assert_tidy(&check_all(&production(&["src", "events/src", "projections/src"]), too_long_functions));
}

#[test]
fn a_long_function_is_found() {
    let long = format!("pub(in crate::log) fn long<T>(\n    x: T,\n) {{\n{}}}\n", "    x();\n".repeat(67));
    assert_eq!(functions(&long), [("long".to_owned(), 1, 71)]);
    assert_eq!(too_long_functions("x.rs", &long).len(), 1);
    let short = "trait T {\n    fn declared(&self);\n    fn short() { if x { y } }\n}\n";
    assert_eq!(functions(short), [("short".to_owned(), 3, 1)]);
}
