//! The figures in `docs/domain.md` are defined by the words of their views. `JEJAK_BLESS=1` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use jejak_projections::views::VIEWS;

const BEGIN: &str = "<!-- Made from the views by the tests; `JEJAK_BLESS=1` writes it anew. -->\n";
const END: &str = "## 4. Claims";

fn table() -> String {
    let mut table = String::from("\n| view | figures | what it counts |\n|---|---|---|\n");
    for view in VIEWS {
        let figures: Vec<String> = view.figures.iter().map(|figure| format!("`{}`", figure.name)).collect();
        let definition = view.definition.en.replace('|', "\\|").replace('\n', " ");
        let _ =
            writeln!(table, "| `{}` {} | {} | {definition} |", view.name, view.version, figures.join(", "));
    }
    table.push('\n');
    table
}

#[test]
fn the_definitions_are_in_step() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/domain.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let begin = page.find(BEGIN).expect("the mark before the table") + BEGIN.len();
    let end = page.find(END).expect("the section after it");
    let wanted = format!("{}{}{}", &page[..begin], table(), &page[end..]);
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(
        written == wanted,
        "docs/domain.md is out of step; run the tests once with JEJAK_BLESS=1 and commit it"
    );
}
