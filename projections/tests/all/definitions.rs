//! `docs/definitions.md`: each statement of a definition with the tests that show what counts and what does not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jejak_projections::claims::Verdict;
use jejak_projections::views::VIEWS;

const PAGE: &str = include_str!("../../../docs/definitions.md");
const DOMAIN: &str = include_str!("../../../docs/domain.md");

/// Statements that nothing follows from: they warn of what a figure does not mean.
const CAUTIONS: [&str; 3] = [
    "To survive does not prove that the training was the cause.",
    "This change is not impact: much else changes, too.",
    "This change is not impact: much else changes, too.",
];

struct Statement<'a> {
    says: String,
    counts: &'a str,
    not: &'a str,
}

/// The cells of a row of a table; none of what is no row or the head of a table.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(row.split(" | ").collect())
}

/// The statements under each heading, in the order of the page.
fn sections(page: &str) -> Vec<(&str, Vec<Statement<'_>>)> {
    let mut sections = Vec::new();
    for section in page.split("\n## ").skip(1) {
        let (heading, rows) = section.split_once('\n').unwrap();
        let rows = rows.lines().filter_map(cells).skip(1);
        sections.push((heading, rows.map(statement).collect()));
    }
    sections
}

fn statement(cells: Vec<&str>) -> Statement<'_> {
    let [says, counts, not] = cells[..] else { panic!("{cells:?}") };
    Statement { says: says.replace("\\|", "|"), counts, not }
}

/// The text of a part of `docs/domain.md` on one line; of a row of a table, its cells.
fn text_between(begin: &str, end: &str) -> String {
    let (_, after) = DOMAIN.split_once(begin).unwrap();
    let (part, _) = after.split_once(end).unwrap_or((after, ""));
    let line = |line: &str| match cells(line) {
        Some(cells) if cells[0] == "verdict" => String::new(),
        Some(cells) => cells.join(": "),
        None if line.starts_with("|--") => String::new(),
        None => line.trim_start_matches("* ").to_owned(),
    };
    one_line(&part.lines().map(line).collect::<Vec<_>>().join(" "))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the statements under each heading say together.
fn expected() -> Vec<(String, String)> {
    let mut expected = vec![(
        "Rules for all figures".to_owned(),
        text_between("## 3. Figures\n", "<!-- Made from the views"),
    )];
    expected.extend(
        VIEWS.iter().map(|view| (format!("{} {}", view.name, view.version), one_line(view.definition.en))),
    );
    expected.push(("Claims".to_owned(), text_between("## 4. Claims\n", "\n## ")));
    expected
}

/// Whether the statements are the text, in its order and with nothing between them.
fn left_out(statements: &[Statement<'_>], text: &str) -> Option<String> {
    let mut rest = text;
    for statement in statements {
        match rest.strip_prefix(statement.says.as_str()) {
            Some(after) => rest = after.trim_start(),
            None => return Some(format!("not as defined: {}\n  defined: {rest:.120}", statement.says)),
        }
    }
    (!rest.is_empty()).then(|| format!("left out: {rest}"))
}

#[test]
fn the_statements_are_the_definitions_and_nothing_is_left_out() {
    let (sections, expected) = (sections(PAGE), expected());
    let headings: Vec<_> = sections.iter().map(|(heading, _)| *heading).collect();
    assert_eq!(headings, expected.iter().map(|(heading, _)| heading.as_str()).collect::<Vec<_>>());
    for ((heading, statements), (_, text)) in sections.iter().zip(&expected) {
        if let Some(wrong) = left_out(statements, text) {
            panic!("docs/definitions.md, {heading}: {wrong}");
        }
    }
    let claims = &sections.last().unwrap().1;
    for verdict in Verdict::ALL {
        let name = serde_json::to_value(verdict).unwrap();
        let begin = format!("`{}`: ", name.as_str().unwrap());
        assert_eq!(claims.iter().filter(|one| one.says.starts_with(&begin)).count(), 1, "{begin}");
    }
}

/// The functions that are tests, with how often a test has the name.
fn tests(source: &str, found: &mut BTreeMap<String, usize>) {
    let mut is_test = false;
    for line in source.lines().map(str::trim_start) {
        if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split(['(', '<']).next()) {
            if std::mem::take(&mut is_test) {
                *found.entry(name.to_owned()).or_default() += 1;
            }
        } else if line == "#[test]" {
            is_test = true;
        }
    }
}

fn search(folder: &Path, found: &mut BTreeMap<String, usize>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            tests(&std::fs::read_to_string(&path).unwrap(), found);
        }
    }
}

#[test]
fn every_statement_has_a_test_of_either_side_and_none_stands_twice() {
    let mut found = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["projections/tests", "projections/src", "tests", "src"] {
        search(&root.join(folder), &mut found);
    }
    let mut cautions = Vec::new();
    for (heading, statements) in sections(PAGE) {
        let mut seen = BTreeSet::new();
        for Statement { says, counts, not } in statements {
            // What shows it is part of it: one condition may stand for two figures.
            assert!(
                seen.insert((says.clone(), counts)) || says.starts_with("all session days"),
                "{heading}: {says}"
            );
            if (counts, not) == ("-", "-") {
                cautions.push(says);
                continue;
            }
            for test in [counts, not] {
                let name = test.strip_prefix('`').and_then(|test| test.strip_suffix('`'));
                let times = name.and_then(|name| found.get(name)).copied().unwrap_or(0);
                assert_eq!(times, 1, "{heading}: {says}: {test} is not the name of one test");
            }
        }
    }
    cautions.sort_unstable();
    let mut expected = CAUTIONS;
    expected.sort_unstable();
    assert_eq!(cautions, expected, "a statement without a test");
}

#[test]
fn what_is_left_out_is_found() {
    let statement = |says: &str| Statement { says: says.to_owned(), counts: "", not: "" };
    let text = "IKMs that work, and no others. Each counts once.";
    let said = |says: &[&str]| left_out(&says.iter().copied().map(statement).collect::<Vec<_>>(), text);
    assert_eq!(said(&["IKMs that work,", "and no others.", "Each counts once."]), None);
    assert!(said(&["IKMs that work,", "and no others."]).unwrap().starts_with("left out: Each"));
    assert!(said(&["IKMs that work,", "Each counts once."]).unwrap().starts_with("not as defined: Each"));
    let mut found = BTreeMap::new();
    tests("#[test]\nfn one() {}\nfn helper() {}\n    #[test]\n    fn two() {}", &mut found);
    assert_eq!(found.into_keys().collect::<Vec<_>>(), ["one", "two"]);
}
