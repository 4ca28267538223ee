//! Every page that a person sees, as it looks: `tests/data/pages/<language>/<columns>/<page>.txt`, in both languages, 80
//! and 120 columns wide. `JEJAK_BLESS=1` writes them anew:
//!
//! ```sh
//! JEJAK_BLESS=1 cargo test --test all snapshots
//! ```
//!
//! The list is complete by construction: every command ([`CALLS`]), every view, every help. A command, view or help
//! without a page fails, and so does a page that nothing asks for.

mod calls;
pub mod door;
mod stage;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use door::Form;
use jejak::cli::ANSWERS;
use jejak::proof::bundle::archive::ArchiveMember;
use jejak::words::sentence::sentence;
use jejak_events::identity::Subject;
use jejak_events::types::{Data, TYPES};
use jejak_projections::views::VIEWS;
use serde_json::Value;

use super::every::{CALLS, Call, Example, all_commands};
use super::{Ran, in_repository};

const FORMS: [Form; 4] = [
    Form { language: "id", columns: 80 },
    Form { language: "id", columns: 120 },
    Form { language: "en", columns: 80 },
    Form { language: "en", columns: 120 },
];

/// What the program answers in `directory` to these words, in English, on a page as wide as need be.
pub fn at_a_fixed_moment(directory: &Path, words: &[&str]) -> Ran {
    door::answer(directory, words, Form { language: "en", columns: 1_000 })
}

/// A page: its name, the words that ask for it, the exit code.
type Asked = (String, Vec<String>, i32);

/// All pages. Those of [`CALLS`] and of every view and help come by themselves.
fn pages() -> Vec<Asked> {
    let owned = |(name, words, code): &Call| {
        ((*name).to_owned(), words.iter().map(|word| (*word).to_owned()).collect(), *code)
    };
    let mut pages: Vec<Asked> = CALLS.iter().chain(calls::MORE).map(owned).collect();
    for view in VIEWS {
        let name = format!("view-{}-{}", view.name, view.version);
        let version = view.version.to_string();
        let words = ["view", view.name, "--version", &version, "--on", "2026-06-30"];
        pages.push((name, words.map(str::to_owned).to_vec(), 0));
    }
    for path in std::iter::once(Vec::new()).chain(all_commands()) {
        for flag in ["-h", "--help"] {
            let kind = if flag == "-h" { "brief" } else { "long" };
            let name = format!("help-{}-{kind}", [vec!["jejak".to_owned()], path.clone()].concat().join("-"));
            pages.push((name, [path.clone(), vec![flag.to_owned()]].concat(), 0));
        }
    }
    pages
}

/// Whether a page leaves the files as they are, so that others may be asked for beside it.
fn only_reads(words: &[String]) -> bool {
    const READING: &[&str] = &["view", "show", "history", "due", "rebuild", "audit", "vieuw"];
    let is = |number: usize, word: &str| words.get(number).is_some_and(|given| given == word);
    let is_help = words.last().is_none_or(|word| word == "-h" || word == "--help");
    let looks = words.iter().any(|word| word == "--actor" || word == "--record");
    let checks =
        is(1, "verify") || is(1, "check") || (is(0, "log") && !is(1, "rotate-key") && !is(1, "tiles"));
    is_help || (!looks && (checks || READING.iter().any(|word| is(0, word))))
}

/// What a person sees: the call, the answer, what is said beside it, and an exit code that is not 0.
fn page(example: &Example, asked: &Asked, form: Form) -> String {
    let (_, words, _) = asked;
    let copy = (!only_reads(words)).then(|| example.copied());
    let directory = copy.as_ref().unwrap_or(example).path();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ran = door::answer(directory, &words, form);
    let mut page = format!("$ jejak {}\n{}", words.join(" "), ran.out);
    if !ran.err.is_empty() {
        page = format!("{page}--- stderr\n{}", ran.err);
    }
    if ran.code != 0 {
        page = format!("{page}--- exit {}\n", ran.code);
    }
    let here = directory.to_str().unwrap();
    page.replace(here, &stable(here))
}

/// The exit code that stands under a page.
fn exit_code(page: &str) -> i32 {
    let last = page.lines().next_back().and_then(|line| line.strip_prefix("--- exit "));
    last.map_or(0, |code| code.parse().unwrap())
}

/// A path of the same width for a directory of this run.
fn stable(directory: &str) -> String {
    format!("{:_<width$}", "/srv/jejak", width = directory.chars().count())
}

/// Pages by path below `tests/data/pages`, in one form.
fn printed(example: &Example, form: Form) -> BTreeMap<PathBuf, String> {
    let folder = Path::new(form.language).join(form.columns.to_string());
    let path = |name: &str| folder.join(format!("{name}.txt"));
    pages().iter().map(|asked| (path(&asked.0), page(example, asked, form))).collect()
}

/// Pages that are files, in both languages at once: what stands in a bundle, and receipts.
fn in_files(example: &Example) -> BTreeMap<PathBuf, String> {
    let mut pages = BTreeMap::new();
    for bundle in ["bundle", "claim", "named"] {
        let members = super::bundles::members(&example.path().join(format!("{bundle}.zip")));
        let (_, readme) = members.iter().find(|(member, _)| *member == ArchiveMember::Readme).unwrap();
        let readme = String::from_utf8(readme.clone()).unwrap();
        pages.insert(Path::new("files").join(format!("{bundle}-README.txt")), readme);
    }
    pages.insert(Path::new("files").join("sentences.txt"), sentences());
    for receipt in ["receipt", "certificate", "named", "void"] {
        let page = std::fs::read_to_string(example.path().join(format!("{receipt}.html"))).unwrap();
        pages.insert(Path::new("files").join(format!("{receipt}.html")), page);
    }
    pages
}

/// What is said of an event, of each type with all fields and with only those that must be.
fn sentences() -> String {
    let call = |subject: Subject| subject.kind().name().to_owned();
    let mut page = String::new();
    for declaration in TYPES {
        for variant in ["full", "minimal"] {
            let file = in_repository("events/golden").join(format!("{}.{variant}.json", declaration.name));
            let file: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
            let record: Value = serde_json::from_str(file["record"].as_str().unwrap()).unwrap();
            let data = Data::from_json(declaration.name, &record["data"].to_string()).unwrap().unwrap();
            let said = sentence(&data, &call);
            let _ = writeln!(page, "{}\n  {}\n  {}", declaration.name, said.id, said.en);
        }
    }
    page
}

fn all_printed() -> BTreeMap<PathBuf, String> {
    let example = Example::new();
    stage::set(&example);
    let in_files = in_files(&example);
    let printed: BTreeMap<PathBuf, String> = std::thread::scope(|scope| {
        let copies: Vec<_> = FORMS
            .iter()
            .map(|form| {
                let copy = example.copied();
                scope.spawn(move || printed(&copy, *form))
            })
            .collect();
        copies.into_iter().flat_map(|printed| printed.join().unwrap()).collect()
    });
    printed.into_iter().chain(in_files).collect()
}

/// The files below a folder, by path below it.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    fn walk(folder: &Path, below: &Path, found: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, below, found);
            } else {
                let name = path.strip_prefix(below).unwrap().to_owned();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// A line of one that is not the same in the other.
fn first_difference(written: &str, printed: &str) -> String {
    let mut lines = written.lines().zip(printed.lines()).enumerate();
    let different = lines.find(|(_, (written, printed))| written != printed);
    different.map_or_else(
        || "one goes on after the other's end".to_owned(),
        |(number, (written, printed))| format!("line {}\n  - {written}\n  + {printed}", number + 1),
    )
}

/// Lines wider than the page, but for one word alone: a hash or a path is not broken.
fn too_wide(page: &str, columns: usize) -> Vec<&str> {
    let is_wide = |line: &&str| line.chars().count() > columns && line.trim().contains(' ');
    // The call and where it was made are the reader's own.
    page.lines().skip(1).filter(is_wide).collect()
}

/// Says that the data are made up, in each language.
const MADE_UP: [&str; 2] = ["SINTETIS: data registri ini", "SYNTHETIC: this registry's data"];

/// Whether a page says so elsewhere than in its first line, behind the call.
fn is_said_elsewhere(page: &str) -> bool {
    let says = |line: &&str| MADE_UP.iter().any(|words| line.contains(words));
    page.lines().skip(2).any(|line| says(&line))
}

/// Numbers of four digits and more that count something and whose thousands do not stand apart.
fn ungrouped(page: &str) -> Vec<String> {
    const NOUNS: &[&str] = &[
        "IKM",
        "IKMs",
        "baris",
        "byte",
        "bytes",
        "daun",
        "days",
        "events",
        "hari",
        "hash",
        "hashes",
        "kunjungan",
        "laporan",
        "leaves",
        "lines",
        "menit",
        "minutes",
        "orang",
        "peristiwa",
        "persons",
        "reports",
        "rupiah",
        "sesi",
        "sessions",
        "tampilan",
        "views",
        "visits",
    ];
    // From here on a line goes on in a cell of a table.
    const CELL_COLUMNS: usize = 30;
    const BEFORE: &[[&str; 2]] = &[
        ["at", "most"],
        ["log", "size"],
        ["of", "size"],
        ["paling", "banyak"],
        ["pada", "ukuran"],
        ["ukuran", "log"],
        ["checkpoint", "berukuran"],
        ["log", "berukuran"],
    ];
    let lines = page.lines().skip(1).filter(|line| !line.trim_start().starts_with(['{', '"', '—']));
    // What stands behind an empty line belongs to something else, and so does the rest of one cell below another's.
    let is_apart = |line: &str| line.len() - line.trim_start().len() >= CELL_COLUMNS || line.is_empty();
    let words: Vec<&str> = lines
        .flat_map(|line| is_apart(line).then_some(".").into_iter().chain(line.split_whitespace()))
        .collect();
    let bare = |at: usize| words.get(at).map_or("", |word| word.trim_matches(|char| "(),;:.".contains(char)));
    let is_number = |word: &str| {
        word.len() > 3 && !word.starts_with('0') && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    // `8 Okt 2025` is a day, whatever follows.
    let is_year = |at: usize| at > 1 && bare(at - 1).len() == 3 && bare(at - 2).parse::<u8>().is_ok();
    let counts = |at: usize| {
        let named = words[at].ends_with(bare(at)) && NOUNS.contains(&bare(at + 1)) && !is_year(at);
        named || (at > 1 && BEFORE.contains(&[bare(at - 2), bare(at - 1)]))
    };
    let found = (0..words.len()).filter(|at| is_number(bare(*at)) && counts(*at));
    found.map(|at| format!("{} {} {}", bare(at.saturating_sub(1)), bare(at), bare(at + 1))).collect()
}

#[test]
fn every_page_is_as_it_was_blessed_and_fits() {
    let printed = all_printed();
    let folder = in_repository("tests/data/pages");
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::remove_dir_all(&folder).ok();
        for (path, page) in &printed {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, page).unwrap();
        }
    }
    let written = files(&folder);
    let mut faults = Vec::new();
    let codes: BTreeMap<String, i32> = pages().into_iter().map(|(name, _, code)| (name, code)).collect();
    for (path, page) in &printed {
        let name = path.display();
        let code = path.file_stem().and_then(|stem| codes.get(stem.to_str()?));
        if code.is_some_and(|code| exit_code(page) != *code) {
            faults.push(format!("{name}: exit code {}", exit_code(page)));
        }
        let columns = path.iter().nth(1).and_then(|columns| columns.to_str()?.parse().ok());
        match written.get(path) {
            None => faults.push(format!("{name}: new")),
            Some(written) if written != page => {
                faults.push(format!("{name}: {}", first_difference(written, page)));
            }
            Some(_) => {}
        }
        if !calls::OF_OTHERS.iter().any(|of_others| path.file_stem().unwrap() == *of_others) {
            let wide = columns.map_or_else(Vec::new, |columns| too_wide(page, columns));
            faults.extend(wide.iter().map(|line| format!("{name} is too wide: {line}")));
        }
        faults.extend(ungrouped(page).iter().map(|found| format!("{name} has an ungrouped count: {found}")));
        if columns.is_some() && is_said_elsewhere(page) {
            faults.push(format!("{name} does not say in its first line that the data are made up"));
        }
        if page.contains("\\u{") && !calls::STEERING.iter().any(|page| path.file_stem().unwrap() == *page) {
            faults.push(format!("{name}: a line break of ours is shown as a character"));
        }
    }
    faults.extend(
        written
            .keys()
            .filter(|path| !printed.contains_key(*path))
            .map(|path| format!("{}: nothing asks for this page", path.display())),
    );
    assert!(
        faults.is_empty(),
        "{} pages differ; read them, then JEJAK_BLESS=1 cargo test --test all snapshots\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// Whether a call answers with JSON: by its command.
fn answers_with_json(words: &[String]) -> bool {
    ANSWERS.iter().any(|answer| answer.command.split(' ').zip(words).all(|(name, word)| name == word))
}

#[test]
fn every_page_is_an_answer_in_json_too() {
    let example = Example::new();
    stage::set(&example);
    for (name, words, code) in pages() {
        let is_help = words.last().is_none_or(|word| word == "-h" || word == "--help");
        if is_help || words.iter().any(|word| word == "--format") || !answers_with_json(&words) {
            continue;
        }
        let copy = (!only_reads(&words)).then(|| example.copied());
        let directory = copy.as_ref().unwrap_or(&example).path();
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        if !words.starts_with(&["log", "export"]) {
            words.extend(["--format", "json"]);
        }
        let ran = at_a_fixed_moment(directory, &words);
        assert_eq!(ran.code, code, "{name}: {}{}", ran.out, ran.err);
        let lines = serde_json::Deserializer::from_str(&ran.out).into_iter::<Value>();
        lines.for_each(|answer| assert!(answer.is_ok(), "{name}: {}", ran.out));
        super::keep_answer(&words, &ran);
    }
}

#[test]
fn a_wide_line_and_a_changed_page_are_found() {
    assert_eq!(too_wide("$ a call of any width\none two three\nseventeen-columns\n", 9), ["one two three"]);
    assert!(first_difference("a\nb\n", "a\nc\n").contains("- b\n  + c"));
    assert!(is_said_elsewhere(&format!("$ a\nb\n{} x\n", MADE_UP[0])));
    assert!(!is_said_elsewhere(&format!("$ a\n{} x\nb\n", MADE_UP[1])));
    for (said, count) in [
        ("$ a\n1139 peristiwa (1372\n  bytes), log size 1139; at most 1000", 4),
        ("$ a\n1.139 peristiwa, 8 Okt 2025 orang, peristiwa 1139, 999 hari\n{\"a\": 1000 days}", 0),
    ] {
        assert_eq!(ungrouped(said).len(), count, "{said}: {:?}", ungrouped(said));
    }
    let all = pages();
    let mut names: Vec<&String> = all.iter().map(|(name, ..)| name).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(twice.is_empty(), "two pages have one name: {twice:?}");
}
