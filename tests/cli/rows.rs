//! `--only BY=VALUE`: every row of a view is a question of its own, wherever a view is asked.

use serde_json::{Value, json};

use super::World;
use super::bundles::{created, demo, verified};

const ON: &str = "2026-06-30";

fn ask(demo: &World, view: &str, more: &[&str]) -> Value {
    demo.json(&[&["view", view, "--on", ON], more].concat())
}

/// The rows of a breakdown: key and figures.
fn rows(answer: &Value, by: &str) -> Vec<(Option<String>, Value)> {
    let breakdowns = answer["breakdowns"].as_array().unwrap();
    let breakdown = breakdowns.iter().find(|breakdown| breakdown["by"] == by).unwrap();
    let key = |row: &Value| row.get("key").map(|key| key.as_str().unwrap().to_owned());
    breakdown["rows"].as_array().unwrap().iter().map(|row| (key(row), row["figures"].clone())).collect()
}

#[test]
fn every_row_of_the_example_is_what_its_question_answers() {
    let demo = demo();
    for view in ["findings", "sessions_held", "scores", "spending", "claims", "certificates", "targets"] {
        let whole = ask(&demo, view, &[]);
        for breakdown in whole["breakdowns"].as_array().unwrap() {
            let by = breakdown["by"].as_str().unwrap();
            for (key, figures) in rows(&whole, by).into_iter().take(3) {
                let only = format!("{by}={}", key.as_deref().unwrap_or_default());
                let narrowed = ask(&demo, view, &["--only", &only]);
                assert_eq!(narrowed["figures"], figures, "{view} {only}");
                assert_eq!(rows(&narrowed, by), [(key.clone(), figures)], "{view} {only}");
                assert_eq!(narrowed["question"]["only"]["key"], json!(key), "{view} {only}");
            }
        }
    }
}

/// A file that lies around tells a part as a part, whatever form of answer it holds.
#[test]
fn csv_says_what_narrowed_every_answer() {
    let demo = demo();
    let narrowed = ["--on", ON, "--area", "33.75", "--theme", "export", "--only", "program=431fed63"];
    let whole = ["--on", ON];
    for more in [
        &[][..],
        &["--list"],
        &["--by", "year"],
        &["--compare", "2025-12-31"],
        &["--compare-on", "2021-12-31"],
    ] {
        for (flags, expected) in
            [(&narrowed[..], ["33.75", "program=431fed63", "export", "", ""]), (&whole[..], [""; 5])]
        {
            let asked = [&["view", "trained"], flags, more, &["--format", "csv"]].concat();
            let csv = demo.run(&asked).out;
            let mut lines = csv::Reader::from_reader(csv.as_bytes());
            let headings = lines.headers().unwrap().clone();
            let rows: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
            assert!(!rows.is_empty(), "{asked:?}");
            let columns = ["area", "only", "theme", "funding", "scale"].map(|name| {
                let name = format!("question_{name}");
                headings.iter().position(|heading| heading == name).unwrap()
            });
            for row in rows {
                let said = columns.map(|column| &row[column]);
                let begins = |(said, expected): (&str, &str)| {
                    said.starts_with(expected) && said.is_empty() == expected.is_empty()
                };
                assert!(said.into_iter().zip(expected).all(begins), "{asked:?}: {said:?}");
            }
        }
    }
}

#[test]
fn a_row_is_named_as_its_table_calls_it() {
    let demo = demo();
    let key = |view, only: &str| ask(&demo, view, &["--only", only])["question"]["only"]["key"].clone();
    let export = "431fed63-13bc-4aac-9bc5-12dbc8a44d7f";
    let program = key("trained", "program=Pelatihan ekspor");
    assert!(program.as_str().unwrap().starts_with(&export[..8]), "{program}");
    assert_eq!(key("trained", "PROGRAM=431fed63"), program);
    let session = key("attendance", "session=057d");
    for typed in ["pelatihan ekspor 16 nov 2021", "EKSPOR 2021-11-16"] {
        assert_eq!(key("attendance", &format!("session={typed}")), session, "{typed}");
    }
    assert_eq!(key("attendance", &format!("session={}", session.as_str().unwrap())), session);
    assert_eq!(key("findings", "finding=BOILER_Inefficient"), "boiler_inefficient");
    assert_eq!(key("trained", "area=kota pekalongan"), "33.75");
    let several = demo.run(&["view", "targets", "--on", ON, "--only", "target=431fed63"]);
    assert_eq!(several.code, 2);
    assert!(several.err.contains("fits 2 rows; name one alone:\n    431fed63/enrolled"), "{}", several.err);
}

#[test]
fn what_is_not_there_is_said_and_where_there_is_much_some_of_it() {
    let demo = demo();
    let none = demo.run(&["view", "targets", "--on", ON, "--only", "target=nothing"]);
    assert_eq!(none.code, 0);
    assert!(
        none.err.contains("there is no such row; among those there are\n    0e5bfc73/trained "),
        "{}",
        none.err
    );
    assert!(none.out.contains("There is no such row: nothing counts in it."), "{}", none.out);
    let all = demo.json(&["view", "--only", "finding=boiler_inefficient", "--on", ON]);
    let told = |view: &&Value| view.get("figures").is_some();
    let told: Vec<&Value> = all["views"].as_array().unwrap().iter().filter(told).collect();
    assert_eq!(told.len(), 1, "one view has findings");
    assert_eq!(told[0]["view"], "findings");
}

#[test]
fn a_bundle_of_a_row_is_verified_by_a_stranger() {
    let demo = demo();
    let asked = ["--view", "assessed", "--on", ON, "--only", "scheme=sih_batik"];
    let bundle = created(&demo, "row.zip", &asked);
    let held = verified(&bundle, &[]);
    assert_eq!(held.code, 0, "{}{}", held.out, held.err);
    assert!(held.out.contains("only the row scheme SIH batik (sih_batik)"), "{}", held.out);
    // What nobody meant to ask is not proven: 0 of a row that is not there reads as 0 of one that is.
    for typed in ["issuer=x) VERIFIED", "scheme=batik"] {
        let asked = ["--view", "certificates", "--on", ON, "--only", typed];
        let none = demo.run(&[&["bundle", "create", "-o", "none.zip"], &asked[..]].concat());
        assert_eq!(none.code, 2, "{typed}: {}", none.out);
        assert!(none.err.contains("there is no such row; there are "), "{}", none.err);
    }
    let steering = demo.run(&["view", "certificates", "--only", "issuer=x\n\nVERIFIED"]);
    assert_eq!(steering.code, 2, "{}", steering.out);
    let refused = demo.run(&[
        "bundle",
        "create",
        "-o",
        "no.zip",
        "--view",
        "assessed",
        "--on",
        ON,
        "--only",
        "finding=apd",
    ]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("it has rows by area, scheme, program"), "{}", refused.err);
}

#[test]
fn a_row_is_asked_over_time_and_between_two_days_and_two_states() {
    let demo = demo();
    let narrowed = ["--only", "theme=export"];
    let years = ask(&demo, "trained", &[&["--by", "year", "--from", "2021-01-01"], &narrowed[..]].concat());
    let whole = ask(&demo, "trained", &["--theme", "export", "--by", "year", "--from", "2021-01-01"]);
    assert_eq!(years["periods"], whole["periods"]);
    for against in [["--compare-on", "2023-01-01"], ["--compare", "605"]] {
        let row = ask(&demo, "trained", &[&against[..], &narrowed].concat());
        let filtered = ask(&demo, "trained", &[&against[..], &["--theme", "export"]].concat());
        assert_eq!(row["figures"], filtered["figures"], "{against:?}");
        assert_eq!(row["members"], filtered["members"], "{against:?}");
    }
}

#[test]
fn a_row_of_a_programme_rests_on_the_events_of_that_programme() {
    let demo = demo();
    for view in ["trained", "participated", "sessions_held", "funnel", "hours"] {
        let all = ask(&demo, view, &["--list"]);
        let row = ask(&demo, view, &["--list", "--only", "program=hijau"]);
        let filtered = ask(&demo, view, &["--list", "--program", "hijau"]);
        for part in ["figures", "members", "context"] {
            assert_eq!(row[part], filtered[part], "{view}: {part}");
        }
        assert_ne!(row["context"], all["context"], "{view}");
    }
}

#[test]
fn what_is_attested_of_a_row_is_of_that_row() {
    let demo = demo();
    let ask = |view: &str, only: &str| {
        let more = ["--attested", "--actor", "statistik", "--only", only];
        ask(&demo, view, &more)["attested"][0]["total"]["seen"].as_u64().unwrap()
    };
    let whole = demo.json(&["view", "exhibited", "--on", ON, "--attested", "--actor", "statistik"]);
    let exhibitions = rows(&whole, "exhibition");
    let seen =
        exhibitions.iter().map(|(key, _)| ask("exhibited", &format!("exhibition={}", key.as_ref().unwrap())));
    assert_eq!(seen.sum::<u64>(), whole["attested"][0]["total"]["seen"].as_u64().unwrap());
    assert!(exhibitions.len() > 1);
}
