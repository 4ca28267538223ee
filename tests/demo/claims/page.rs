//! The page of all verdicts, `docs/claims.md`: `JEJAK_BLESS=1` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use jejak::demo::JudgedClaim;
use jejak_projections::claims::Verdict;

use super::{Expected, expected, judged};

const HEAD: &str = "# What five press articles claim, and what the worked example counts

Each row is a claim of one of the articles that the worked example follows, held against the example: `jejak demo`
fills it, and `jejak claim check tests/data/claims/NAME.toml` asks again. The words are the claimants'. Participants,
attendance and results in the example are made up, so every verdict here is about made-up data: the page shows how a
claim is judged, and says nothing of the five cities.

*Reported* is what the article says, *counted* what the view gives for the day of the claim. `docs/domain.md`, section
4, says what the verdicts mean. `tests/demo/claims.rs` writes this page from `tests/data/claims` and holds it.
";

/// How many indexes of events are written out.
const EVENTS_SHOWN: usize = 6;

fn row(one: &JudgedClaim, expected: &Expected) -> String {
    let JudgedClaim { name, claim, report } = one;
    let reported = report.reported_words(claim).map_or_else(|| "-".to_owned(), |[_, words]| words);
    let counted = report.counted.map_or_else(|| "-".to_owned(), |counted| report.amount(counted)[1].clone());
    let [_, verdict] = report.verdict.words();
    let basis = report.basis.as_ref().map_or_else(|| "-".to_owned(), |basis| basis.short().en);
    let reason = expected.reason.as_deref().unwrap_or_default();
    format!(
        "| `{name}` | {}: {} | {reported} | {counted} | {basis} | {verdict} | {reason} |\n",
        claim.publisher, expected.said
    )
}

/// What a count rests on: the view, figure, scope and definition, what was known on the day of the claim, who and how
/// many events are behind it.
fn ground(one: &JudgedClaim) -> Option<String> {
    let JudgedClaim { name, report, .. } = one;
    let basis = report.basis.as_ref()?;
    let mut said = format!("* `{name}`: {}", basis.words(None).en);
    if let Some(known) = report.known_words() {
        let _ = write!(said, " Known: {}.", known.en);
    }
    let behind: BTreeSet<u64> =
        report.members.iter().flat_map(|member| &member.events).chain(&report.context).copied().collect();
    let shown: Vec<String> = behind.iter().take(EVENTS_SHOWN).map(ToString::to_string).collect();
    let more = if behind.len() > EVENTS_SHOWN { ", ..." } else { "" };
    if !behind.is_empty() {
        // Of a kind that is not counted nobody is behind it.
        let kinds = [(report.behind.ikms, "IKMs"), (report.behind.persons, "persons")];
        let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
        let kinds: String = kinds.map(|(count, of)| format!("{count} {of}, ")).collect();
        let events =
            if behind.len() == 1 { "1 event".to_owned() } else { format!("{} events", behind.len()) };
        let _ = write!(said, " Behind it: {kinds}{events} ({}{more}).", shown.join(", "));
    }
    if !report.set_aside.is_empty() {
        let own: Vec<String> = report.set_aside.iter().map(ToString::to_string).collect();
        let _ = write!(
            said,
            " Not counted, for it rests on the claiming document only: event {}.",
            own.join(", ")
        );
    }
    Some(said + "\n")
}

fn page() -> String {
    let (judged, expected) = (judged(), expected());
    let mut page = HEAD.to_owned();
    page.push_str("\n| claim | what it says | reported | counted | counted by | verdict | why |\n");
    page.push_str("|---|---|---|---|---|---|---|\n");
    for one in &judged {
        page.push_str(&row(one, &expected[one.name]));
    }
    page.push_str("\n## How many of each\n\n| verdict | claims |\n|---|---|\n");
    for verdict in Verdict::ALL {
        let count = judged.iter().filter(|one| one.report.verdict == verdict).count();
        if count > 0 {
            let _ = writeln!(page, "| {} | {count} |", verdict.words()[1]);
        }
    }
    let changed: Vec<_> =
        judged.iter().filter_map(|one| Some((one, expected[one.name].first_edition.as_deref()?))).collect();
    let golden: serde_json::Value = serde_json::from_str(include_str!("../../data/demo.json")).unwrap();
    let (size, root) = (&golden["size"], golden["root"].as_str().unwrap());
    let _ = write!(
        page,
        "\n## What the counts rest on\n\nThe first {size} events of the example, with the root `{root}`. \
         `jejak claim check --list` names all IKMs, persons and events behind a count.\n\n"
    );
    page.extend(judged.iter().filter_map(ground));
    if !changed.is_empty() {
        page.push_str("\n## What changed since the first edition\n\n| claim | then | now |\n|---|---|---|\n");
        for (one, first) in changed {
            let _ = writeln!(page, "| `{}` | {first} | {} |", one.name, one.report.verdict.words()[1]);
        }
    }
    page
}

#[test]
fn the_page_of_verdicts_is_in_step() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/claims.md");
    let wanted = page();
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == wanted, "docs/claims.md is out of step; JEJAK_BLESS=1 writes it anew");
}
