//! `claim check` and `claim sample` from outside.

use serde_json::{Value, json};

use super::{World, in_repository};

fn demo() -> World {
    let world = World::empty();
    assert_eq!(world.run(&["demo"]).code, 0);
    world
}

/// The path of a claim of the example.
fn example(name: &str) -> String {
    in_repository(&format!("tests/data/claims/{name}.toml")).to_str().unwrap().to_owned()
}

/// A claim written for a test.
fn written(world: &World, name: &str, toml: &str) -> String {
    let path = world.beside(name);
    std::fs::write(&path, toml).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_exit_code_says_whether_every_claim_held() {
    let world = demo();
    let [held, broken, plan] =
        ["pekalongan-green-2-ikms-taking-part", "mojokerto-1-weekday", "semarang-7-exhibition"].map(example);
    let unsaid = example("mojokerto-4-competence");
    let unrecorded = example("semarang-2-population-small");
    for (files, code) in [
        (vec![&held], 0),
        (vec![&held, &plan, &unsaid], 0),
        (vec![&broken], 1),
        (vec![&held, &unrecorded], 1),
    ] {
        let arguments: Vec<&str> =
            ["claim", "check"].into_iter().chain(files.into_iter().map(String::as_str)).collect();
        let ran = world.run(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    }
    // One more than there were: overstated, for the recording was declared complete; not confirmed, as long
    // as it was not.
    let toml = std::fs::read_to_string(&held).unwrap().replace("value = 30", "value = 31");
    let more = written(&world, "more.toml", &toml);
    let verdict = |flags: &[&str]| {
        let ran = world.run(&[&["claim", "check", &more, "--format", "json"], flags].concat());
        assert_eq!(ran.code, 1, "{}", ran.err);
        serde_json::from_str::<Value>(&ran.out).unwrap()["claims"][0]["report"]["verdict"].clone()
    };
    assert_eq!(verdict(&[]), "overstated");
    assert_eq!(verdict(&["--as-known", "2025-12-01"]), "not_confirmed");
    assert_eq!(verdict(&["--on", "2025-09-30"]), "overstated");
    assert_eq!(verdict(&["--on", "2025-01-31"]), "not_recorded");
}

#[test]
fn a_verdict_prints_in_every_form_and_names_its_events_when_asked() {
    let world = demo();
    let claim = example("mojokerto-5-foreign-trade-training");
    let table = world.run(&["claim", "check", &claim]).out;
    for said in ["supported (synthetic)", "1.00", "10 IKM, 30 persons", "48 persons (by the claims 30 to 60)"]
    {
        assert!(table.contains(said), "{said}: {table}");
    }
    assert!(!table.contains("person/"), "{table}");
    let listed = world.run(&["claim", "check", &claim, "--list"]).out;
    assert_eq!(listed.matches(" person/").count(), 30, "{listed}");
    let indonesian = world.run(&["claim", "check", &example("mojokerto-1-weekday")]);
    assert!(indonesian.out.contains("2024-01-06 is a Saturday, not a Tuesday"), "{}", indonesian.out);

    let report = &world.json(&["claim", "check", &claim])["claims"][0]["report"];
    assert_eq!(report["factor"], json!({"counted": 30, "reported": 30, "hundredths": 100}));
    assert_eq!(report["together"], json!({"counted": 48, "at_least": 30, "at_most": 60}));
    assert_eq!((&report["members"], &report["synthetic"]), (&Value::Null, &json!(true)));
    // The answers can be asked for again: the same digest.
    let used = &report["answers"][0];
    let program = used["question"]["program"].as_str().unwrap();
    let on = used["question"]["on"].as_str().unwrap();
    let again = world.json(&["view", "enrolled", "--program", program, "--on", on]);
    assert_eq!(again["digest"], used["digest"]);
    let listed = world.json(&["claim", "check", &claim, "--list"]);
    assert_eq!(listed["claims"][0]["report"]["members"].as_array().unwrap().len(), 40);

    let csv = world.run(&["claim", "check", &claim, "--format", "csv"]).out;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(
        rows[0].starts_with("file,document,publisher,published_on,claim,kind,view,unit,reported,counted,")
    );
    assert_eq!(rows.len(), 2, "{csv}");
    assert!(rows[1].contains(",fact,enrolled,person,30,30,100,supported,true,2023-10-26,"), "{csv}");
    let csv = world.run(&["claim", "check", &claim, "--list", "--format", "csv"]).out;
    assert_eq!(csv.lines().count(), 41, "{csv}");
}

#[test]
fn a_file_that_is_no_claim_says_where() {
    let world = World::new();
    let good = std::fs::read_to_string(example("pekalongan-green-2-ikms-taking-part")).unwrap();
    for (name, from, to, said) in [
        ("unit.toml", "\"ikm\"", "\"person\"", "unit.toml: unit: unit \"person\" is not what"),
        ("area.toml", "33.75", "33.99", "area.toml:14: scope.area: "),
        ("field.toml", "theme", "thema", "scope.thema: unknown field `thema`"),
        ("broken.toml", "value = 30", "value = ", "broken.toml:7: no TOML: "),
    ] {
        let path = written(&world, name, &good.replace(from, to));
        let ran = world.run(&["claim", "check", &path]);
        assert_eq!(ran.code, 2, "{name}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    let missing = world.beside("missing.toml");
    let ran = world.run(&["claim", "check", missing.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(world.run(&["claim", "check"]).code, 2);
    // A registry without a single programme has nothing in the scope.
    let ran = world.run(&["claim", "check", &written(&world, "good.toml", &good)]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("not recorded") && !ran.out.contains("synthetic"), "{}", ran.out);
}

#[test]
fn a_sample_is_drawn_again_by_its_seed() {
    let world = demo();
    let claim = example("pekalongan-green-2-ikms-taking-part");
    let ask = ["claim", "sample", &claim, "--seed", "2026-07-01"];
    let sample = world.json(&ask);
    // 384.16 · 30 / (384.16 + 29) = 27.9.
    assert_eq!((&sample["population"], &sample["size"]), (&json!(30), &json!(28)));
    assert_eq!(world.json(&ask), sample);
    let drawn = |sample: &Value| -> Vec<String> {
        let ikms = sample["ikms"].as_array().unwrap().iter();
        ikms.map(|one| one["sha256"].as_str().unwrap().to_owned()).collect()
    };
    let hashes = drawn(&sample);
    assert!(hashes.len() == 28 && hashes.is_sorted());
    // 96.04 · 30 / (96.04 + 29) = 23.04, and of the same IKMs.
    let fewer = world.json(&[&ask[..], &["--margin", "10"]].concat());
    assert_eq!(fewer["size"], 24);
    assert_eq!(drawn(&fewer), hashes[..24]);
    let other = world.json(&["claim", "sample", &claim, "--seed", "2026-07-02"]);
    assert_ne!(drawn(&other), hashes);
    let table = world.run(&ask).out;
    assert!(table.contains("28 of 30 IKMs") && table.contains("2026-07-01"), "{table}");
    assert_eq!(world.run(&[&ask[..], &["--format", "csv"]].concat()).out.lines().count(), 29);

    assert_eq!(world.run(&[&ask[..], &["--confidence", "94"]].concat()).code, 2);
    assert_eq!(world.run(&[&ask[..], &["--margin", "0"]].concat()).code, 2);
    assert_eq!(world.run(&["claim", "sample", &claim]).code, 2);
    let no_ikms = world.run(&["claim", "sample", &example("semarang-6-third-edition"), "--seed", "x"]);
    assert_eq!(no_ikms.code, 1, "{}", no_ikms.err);
}
