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
    let unsaid = example("probolinggo-4-money");
    let not_kept = example("probolinggo-3-batik-house");
    let unrecorded = example("semarang-2-population-small");
    for (files, code) in [
        (vec![&held], 0),
        (vec![&held, &plan, &unsaid], 0),
        (vec![&broken], 1),
        (vec![&held, &unrecorded], 1),
        (vec![&held, &not_kept], 1),
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
    // Whose words they are, and what was counted.
    for said in [
        "The words of the claim are the claimant's, and were not judged; what was counted is:",
        "(participated v1, participated_persons), area 35.76 Kota Mojokerto",
        "on 26 Oct 2023, from ",
        "of the events behind this count",
    ] {
        assert!(table.contains(said), "{said}: {table}");
    }
    let listed = world.run(&["claim", "check", &claim, "--list"]).out;
    assert_eq!(listed.matches(" person/").count(), 30, "{listed}");
    let indonesian = world.run(&["claim", "check", &example("mojokerto-1-weekday")]);
    assert!(indonesian.out.contains("6 Jan 2024 is a Saturday, not a Tuesday"), "{}", indonesian.out);

    let json = world.json(&["claim", "check", &claim]);
    assert!(json["words"]["id"].as_str().unwrap().contains("milik pembuat klaim"), "{json}");
    let report = &json["claims"][0]["report"];
    assert_eq!((&report["basis"]["view"], &report["basis"]["version"]), (&json!("participated"), &json!(1)));
    assert_eq!(report["factor"], json!({"counted": 30, "reported": 30, "hundredths": 100}));
    assert_eq!(report["together"], json!({"counted": 48, "at_least": 30, "at_most": 60}));
    assert_eq!((&report["members"], &report["synthetic"]), (&Value::Null, &json!(true)));
    // The answers can be asked for again: the same digest.
    let used = &report["answers"][0];
    let program = used["question"]["program"].as_str().unwrap();
    let on = used["question"]["on"].as_str().unwrap();
    let again = world.json(&["view", "participated", "--program", program, "--on", on]);
    assert_eq!(again["digest"], used["digest"]);
    let listed = world.json(&["claim", "check", &claim, "--list"]);
    assert_eq!(listed["claims"][0]["report"]["members"].as_array().unwrap().len(), 40);

    let csv = world.run(&["claim", "check", &claim, "--format", "csv"]).out;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(
        rows[0].starts_with("file,document,publisher,published_on,claim,kind,view,unit,reported,counted,")
    );
    assert_eq!(rows.len(), 2, "{csv}");
    assert!(rows[1].contains(",fact,participated,person,30,30,100,supported,true,2023-10-26,"), "{csv}");
    let csv = world.run(&["claim", "check", &claim, "--list", "--format", "csv"]).out;
    assert_eq!(csv.lines().count(), 41, "{csv}");
}

#[test]
fn a_file_that_is_no_claim_says_where() {
    let world = World::new();
    let good = std::fs::read_to_string(example("pekalongan-green-2-ikms-taking-part")).unwrap();
    for (name, from, to, said) in [
        ("unit.toml", "\"ikm\"", "\"person\"", "unit.toml: unit: unit \"person\" is not what"),
        ("area.toml", "33.75", "33.99", "area.toml:15: scope.area: "),
        ("field.toml", "theme", "thema", "scope.thema: unknown field `thema`"),
        ("broken.toml", "value = 30", "value = ", "broken.toml:8: no TOML: "),
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

#[test]
fn a_claim_is_recorded_once_and_every_run_checks_it() {
    let world = demo();
    let claim = example("pekalongan-green-2-ikms-taking-part");
    let size = |world: &World| world.json(&["claim", "check", &claim])["log"]["size"].as_u64().unwrap();
    let before = size(&world);
    let recorded = |flags: &[&str]| {
        let arguments = [&["claim", "check", &claim, "--record", "--actor", "auditor-2"], flags].concat();
        world.json(&arguments)["claims"][0]["recorded"].clone()
    };
    let first = recorded(&[]);
    let stream = first["claim"].as_str().unwrap().to_owned();
    assert!(stream.starts_with("claim/") && stream.as_bytes()[20] == b'8', "{stream}");
    assert_eq!((&first["made"], &first["checked"]), (&json!(before), &json!(before + 1)));
    // The claim is there; what it is checked against has grown by the two events.
    let second = recorded(&[]);
    assert_eq!((&second["claim"], &second["made"]), (&first["claim"], &first["made"]));
    assert_eq!(second["checked"], json!(before + 2));
    // The same claim in other writing is that claim.
    let text = std::fs::read_to_string(&claim).unwrap();
    let other = world.beside("other-writing.toml");
    let written =
        text.replacen("publisher = \"Radar Pekalongan\"", "publisher = \"RADAR\u{a0}pekalongan\"", 1);
    assert_ne!(written, text);
    std::fs::write(&other, written).unwrap();
    let arguments =
        ["claim", "check", other.to_str().unwrap(), "--record", "--as-known", &before.to_string()];
    let same = world.json(&arguments)["claims"][0]["recorded"].clone();
    assert_eq!(
        (&same["claim"], &same["checked"], &same["repeated"]),
        (&first["claim"], &first["checked"], &json!(true))
    );
    // For the same day at the same log size the first check is there already.
    let known = before.to_string();
    let again = recorded(&["--as-known", &known]);
    assert_eq!((&again["checked"], &again["repeated"]), (&first["checked"], &json!(true)));
    assert_eq!(size(&world), before + 3);

    let page = world.json(&["show", &stream]);
    assert_eq!((&page["state"], page["story"].as_array().unwrap().len()), (&json!("supported"), 3));
    let view = world.json(&["view", "claims", "--area", "33.75", "--list"]);
    let values: Vec<u64> =
        view["figures"].as_array().unwrap().iter().map(|figure| figure["value"].as_u64().unwrap()).collect();
    assert_eq!(values, [1, 1, 2, 30, 30, 30]);
    assert_eq!(view["members"][0]["events"], json!([before, before + 1, before + 2]));
    let verdicts = view["breakdowns"].as_array().unwrap().iter().find(|rows| rows["by"] == "verdict");
    assert_eq!(verdicts.unwrap()["rows"][0]["key"], "supported");
    // Checked again without the file, into the same stream.
    let from_log = &world.json(&["claim", "check", &stream, "--record"])["claims"][0];
    assert_eq!(from_log["recorded"]["claim"], stream);
    assert_eq!((&from_log["recorded"]["made"], &from_log["report"]["counted"]), (&json!(before), &json!(30)));
    let unknown = world.run(&["claim", "check", "claim/01930a5d-ac96-774b-bcce-b302099a8011"]);
    assert!(unknown.code == 1 && unknown.err.contains("is not recorded"), "{}", unknown.err);
    let table = world.run(&["claim", "check", &claim, "--record", "--as-known", &known]).out;
    assert!(
        table.contains(&format!("{stream}: claim {before}, check {}, there before", before + 1)),
        "{table}"
    );
}

#[test]
fn every_claim_is_recorded_with_its_verdict_and_none_counts_for_another() {
    let world = demo();
    let directory = in_repository("tests/data/claims");
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let mut files: Vec<String> = files.map(|path| path.to_str().unwrap().to_owned()).collect();
    files.sort();
    let check = |flags: &[&str]| {
        let named = files.iter().map(String::as_str);
        let head = ["claim", "check", "--format", "json"].into_iter();
        let arguments: Vec<&str> = head.chain(named).chain(flags.iter().copied()).collect();
        let ran = world.run(&arguments);
        assert_eq!(ran.code, 1, "{}", ran.err);
        serde_json::from_str::<Value>(&ran.out).unwrap()["claims"].as_array().unwrap().clone()
    };
    let before = check(&["--record"]);
    let after = check(&[]);
    assert_eq!(before.len(), 34);
    for (one, other) in before.iter().zip(&after) {
        for said in ["verdict", "counted", "recorded_late", "set_aside", "behind"] {
            assert_eq!(one["report"][said], other["report"][said], "{}: {said}", one["file"]);
        }
        assert!(one["recorded"]["checked"].as_u64() > one["recorded"]["made"].as_u64());
    }
    let view = world.json(&["view", "claims"]);
    assert_eq!(view["figures"][0], json!({"name": "claims", "unit": "claim", "value": 34}));
    let rows = view["breakdowns"].as_array().unwrap().iter().find(|rows| rows["by"] == "verdict").unwrap();
    for row in rows["rows"].as_array().unwrap() {
        let of_verdict = before.iter().filter(|one| one["report"]["verdict"] == row["key"]).count();
        assert_eq!(row["figures"][0]["value"], json!(of_verdict), "{row}");
    }
    world.assert_sound();
}

#[test]
fn what_cannot_be_recorded_says_why_and_records_nothing() {
    let world = World::new();
    let good = std::fs::read_to_string(example("pekalongan-green-2-ikms-taking-part")).unwrap();
    let large = written(&world, "large.toml", &good.replace("value = 30", "value = 9007199254740992"));
    let ran = world.run(&["claim", "check", &large, "--record"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("large.toml:8: value: 9007199254740992 is too large"), "{}", ran.err);
    // Published tomorrow, as the office sees it.
    let early = written(&world, "early.toml", &good.replace("2025-10-13", "2999-01-01"));
    let ran = world.run(&["claim", "check", &early, "--record"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    let said = "early.toml: the claim was published on 2999-01-01, which has not come on ";
    assert!(ran.err.contains(said), "{}", ran.err);
    let view = world.json(&["view", "claims"]);
    assert_eq!(view["figures"][0]["value"], 0);
    assert_eq!(view["question"]["as_known"], 1);
}

/// A slip of the pen comes to a verdict like any other word; the note says that nobody ever used it.
#[test]
fn a_code_that_no_event_names_is_noted_with_the_nearest_one() {
    let world = demo();
    let claim = |scheme: &str| {
        format!(
            "document = \"x\"\npublisher = \"x\"\nclaim = \"x\"\nkind = \"fact\"\nunit = \"ikm\"\nvalue = 5\n\
             [indicator]\nview = \"certified\"\nfigure = \"certified\"\n[scope]\nscheme = \"{scheme}\"\n"
        )
    };
    let slip = written(&world, "slip.toml", &claim("sihh"));
    let said = "slip.toml: scheme = \"sihh\": no event in the log names it; the nearest: sih";
    let ran = world.run(&["claim", "check", &slip]);
    assert!(ran.code == 1 && ran.err.contains(said), "{}{}", ran.out, ran.err);
    let said = "scheme = \"sihh\": tidak ada peristiwa dalam log yang menyebutnya; yang mirip: sih";
    let ran = world.run_in_indonesian(&["claim", "check", &slip]);
    assert!(ran.err.contains(said), "{}", ran.err);
    let far = written(&world, "far.toml", &claim("zzzzzz"));
    assert!(world.run(&["claim", "check", &far]).err.trim_end().ends_with("no event in the log names it"));
    for known in ["sih", "SIH"] {
        let right = written(&world, "right.toml", &claim(known));
        assert_eq!(world.run(&["claim", "check", &right]).err, "", "{known}");
    }
}

/// A file goes before a claim; where there is none, a claim on record is meant by its words or its beginning.
#[test]
fn a_claim_on_record_is_checked_by_its_words_and_by_its_beginning() {
    let world = demo();
    let claim = example("mojokerto-5-foreign-trade-training");
    let recorded = world.json(&["claim", "check", &claim, "--record"]);
    let stream = recorded["claims"][0]["recorded"]["claim"].as_str().unwrap().to_owned();
    let words = recorded["claims"][0]["claim"]["claim"].as_str().unwrap().to_owned();
    for typed in [&stream[..], &stream[.."claim/".len() + 8], &words] {
        let again = world.json(&["claim", "check", typed]);
        assert_eq!(again["claims"][0]["file"], json!(stream), "{typed}");
        assert_eq!(again["claims"][0]["report"]["verdict"], "supported");
    }
    let drawn = world.json(&["claim", "sample", &words, "--seed", "a"]);
    assert_eq!((&drawn["file"], &drawn["population"]), (&json!(stream), &json!(10)));
    let ran = world.run(&["claim", "check", "nowhere.toml"]);
    let said = "there is no file \"nowhere.toml\"; check its name and folder";
    assert!(ran.code == 2 && ran.err.replace("\n  ", " ").contains(said), "{}", ran.err);
    let ran = world.run_in_indonesian(&["claim", "check", "nowhere.toml"]);
    let said = "tidak ada berkas \"nowhere.toml\"; periksa nama dan foldernya";
    assert!(ran.err.replace("\n  ", " ").contains(said), "{}", ran.err);
    // Words may be those of a claim.
    let ran = world.run(&["claim", "check", "nobody said so"]);
    let said = "there is no file \"nobody said so\"; as a claim on record, \"nobody said so\" fits nothing on record";
    assert!(ran.code == 2 && ran.err.replace("\n  ", " ").contains(said), "{}", ran.err);
    let ran = world.run_in_indonesian(&["claim", "check", "nobody said so"]);
    let said = "tidak ada berkas \"nobody said so\"; sebagai klaim yang tercatat, ";
    assert!(ran.err.replace("\n  ", " ").contains(said), "{}", ran.err);
}

/// Each verdict says why: what was counted of the figure, what is claimed and what is missing.
#[test]
fn every_verdict_says_why() {
    let world = demo();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let own = example("pekalongan-green-3-batik-ikms-in-the-city");
    let ran = world.run(&["claim", "check", &own]);
    assert!(one_line(&ran.out).contains("rests on the claim's own document only"), "{}", ran.out);
    let ran = world.run_in_indonesian(&["claim", "check", &own]);
    assert!(one_line(&ran.out).contains("hanya bersandar pada dokumen klaim ini sendiri"), "{}", ran.out);
    for (name, said, in_indonesian) in [
        (
            "pekalongan-green-7-large-capacity",
            "took part: 30 of 30 IKM on record; the claim speaks of all of them; all of them are on record",
            "pernah hadir: tercatat 30 dari 30 IKM; klaim menyebut semuanya; semuanya tercatat",
        ),
        (
            "semarang-1-population",
            "the claim contradicts itself; what is recorded does not change that",
            "klaim ini bertentangan dengan dirinya sendiri; apa yang tercatat tidak mengubahnya",
        ),
        (
            "pekalongan-focus-1-weekday",
            "its parts and days fit, and there was nothing else to check",
            "bagian-bagian dan hari-harinya cocok, dan tidak ada yang lain untuk diperiksa",
        ),
        (
            "mojokerto-3-production-training",
            "Here the persons are counted, not the IKMs.",
            "Di sini orangnya yang dihitung, bukan IKM-nya.",
        ),
    ] {
        let ran = world.run(&["claim", "check", &example(name)]);
        assert!(one_line(&ran.out).contains(said), "{said}: {}", ran.out);
        let ran = world.run_in_indonesian(&["claim", "check", &example(name)]);
        assert!(one_line(&ran.out).contains(in_indonesian), "{in_indonesian}: {}", ran.out);
    }
    let ran =
        world.run(&["claim", "check", &example("pekalongan-green-2-ikms-taking-part"), "--on", "2026-09-30"]);
    let said = "recorded until nothing is recorded after 30 Jun 2026";
    assert!(!one_line(&ran.out).contains(said), "declared complete: {}", ran.out);
    let ran = world.run(&["view", "targets", "--on", "2026-06-30"]);
    assert!(
        one_line(&ran.out).contains("targets not reached and without a due day (targets_without_day)"),
        "{}",
        ran.out
    );
    let scope = "[indicator]\nview = \"certified\"\nfigure = \"certified\"\n[scope]\narea = \"33.75\"\n";
    let took_part = "[indicator]\nview = \"participated\"\nfigure = \"participated\"\n[scope]\narea = \"33.75\"\n\
                     theme = \"green_industry\"\nto = 2025-10-08\n";
    let of_assessed = "[indicator]\nview = \"funnel\"\nfigure = \"funnel_certified\"\nof = \"funnel_assessed\"\n\
                       [scope]\nprogram = \"e6ac2ed1-f61f-4487-80e4-6c41ae562522\"\n";
    let claim = |fields: &str, scope: &str| {
        let head = "document = \"x\"\npublisher = \"x\"\nclaim = \"x\"\nas_of = 2026-06-30\nunit = \"ikm\"\n";
        let text = format!("{head}{fields}{scope}");
        let text = if scope == of_assessed { text.replace("\"ikm\"", "\"percent\"") } else { text };
        let text = if fields.contains("plan") { text.replace("as_of = 2026-06-30\n", "") } else { text };
        written(&world, "why.toml", &text)
    };
    for (fields, scope, said, in_indonesian) in [
        (
            "kind = \"fact\"\nvalue = 10\n",
            scope,
            "certified: 7 IKM on record; claimed 10 IKM; another 3 IKM not on record, and the office has not declared its recording complete: the claim is neither borne out nor refuted",
            "bersertifikat: tercatat 7 IKM; diklaim 10 IKM; 3 IKM lagi tidak tercatat, dan kantor belum menyatakan pencatatannya lengkap",
        ),
        (
            "kind = \"fact\"\nvalue = 10\n",
            scope,
            "factor 0.70: what is on record, divided by what is claimed",
            "faktor 0,70: yang tercatat dibagi yang diklaim",
        ),
        (
            "kind = \"fact\"\nvalue = 5\n",
            scope,
            "factor 1.40: what is on record, divided by what is claimed",
            "faktor 1,40: yang tercatat dibagi yang diklaim",
        ),
        (
            "kind = \"fact\"\nvalue = 5\n",
            scope,
            "certified: 7 IKM on record; claimed 5 IKM; more are on record",
            "diklaim 5 IKM; tercatat lebih banyak",
        ),
        (
            "kind = \"fact\"\nvalue = 7\n",
            scope,
            "claimed 7 IKM; as many, at the precision of the claim",
            "diklaim 7 IKM; sama menurut ketelitian klaim",
        ),
        (
            "kind = \"estimate\"\nvalue = 7\n",
            scope,
            "claimed about 7 IKM; that is within a tenth of a figure that is only about right",
            "selisihnya dengan angka kira-kira itu paling banyak sepersepuluh",
        ),
        (
            "kind = \"fact\"\n",
            scope,
            "certified: 7 IKM on record; the claim gives neither a value nor a whole to hold it against",
            "bersertifikat: tercatat 7 IKM; klaim ini tidak menyebut angka maupun keseluruhan untuk dibandingkan",
        ),
        (
            "kind = \"plan\"\nvalue = 10\ndue = 2026-06-29\n",
            scope,
            "planned 10 IKM; the day that it was due is over, and the plan was not reached",
            "direncanakan 10 IKM; hari jatuh temponya sudah berakhir, dan yang direncanakan tidak tercapai",
        ),
        (
            "kind = \"plan\"\nvalue = 7\ndue = 2026-06-29\n",
            scope,
            "certified: 7 IKM on record; planned 7 IKM; that was reached on the day that it was due",
            "direncanakan 7 IKM; itu tercapai pada hari jatuh temponya",
        ),
        (
            "kind = \"plan\"\nvalue = 10\ndue = 2999-12-31\n",
            scope,
            "planned 10 IKM; the day that it is due is not over",
            "direncanakan 10 IKM; hari jatuh temponya belum berakhir",
        ),
        (
            "kind = \"plan\"\nvalue = 7\ndue = 2999-12-31\n",
            scope,
            "planned 7 IKM; the day that it is due is not over, and until then they may become fewer",
            "hari jatuh temponya belum berakhir, dan sampai itu yang tercatat masih dapat berkurang",
        ),
        (
            "kind = \"plan\"\nvalue = 30\ndue = 2999-12-31\n",
            took_part,
            "planned 30 IKM; they cannot become fewer again",
            "direncanakan 30 IKM; itu tidak dapat berkurang lagi",
        ),
        (
            "kind = \"plan\"\nvalue = 10\n",
            scope,
            "the plan names no due day, so there is no day to judge it on",
            "rencana ini tidak menyebut hari jatuh tempo",
        ),
        (
            "kind = \"hope\"\n",
            scope,
            "a hope, an opinion or background names nothing that can be counted",
            "harapan, pendapat, dan latar belakang tidak menyebut sesuatu yang dapat dihitung",
        ),
        (
            "kind = \"fact\"\nvalue = 31\n",
            took_part,
            "claimed 31 IKM; the office has declared its recording complete, so the rest is not there",
            "diklaim 31 IKM; kantor menyatakan pencatatannya lengkap, jadi selebihnya tidak ada",
        ),
        (
            "kind = \"fact\"\nvalue = 9\n",
            &scope.replace("33.75", "11.01"),
            "certified: nothing is recorded of this figure in this scope",
            "bersertifikat: tidak ada yang tercatat tentang angka ini dalam cakupan ini",
        ),
        (
            "kind = \"fact\"\nvalue = 9\n",
            &took_part.replace("33.75", "11.01"),
            "no such programme is recorded in this scope",
            "tidak ada program seperti itu yang tercatat dalam cakupan ini",
        ),
        (
            "kind = \"fact\"\nvalue = 80\n",
            of_assessed,
            "\"certified, also through persons or products\" of assessed: 7 of 14 IKM (50.00 %) on record; claimed 80 %; the rest is not on record, and the office has not declared its recording complete: the claim is neither borne out nor refuted",
            "\"bersertifikat, juga lewat orang atau produk\" dari dinilai: tercatat 7 dari 14 IKM (50,00 %); diklaim 80 %; selebihnya tidak tercatat, dan kantor belum menyatakan pencatatannya lengkap: klaim ini belum terbukti dan belum terbantah",
        ),
    ] {
        let path = claim(fields, scope);
        let ran = world.run(&["claim", "check", &path]);
        assert!(one_line(&ran.out).contains(said), "{said}: {}{}", ran.out, ran.err);
        let ran = world.run_in_indonesian(&["claim", "check", &path]);
        assert!(one_line(&ran.out).contains(in_indonesian), "{in_indonesian}: {}{}", ran.out, ran.err);
    }
}

/// A fact of a day that the log does not reach.
#[test]
fn how_far_the_log_reaches_is_told_beside_a_later_day() {
    let world = demo();
    let late = written(
        &world,
        "late.toml",
        "document = \"x\"\npublisher = \"x\"\nclaim = \"x\"\nas_of = 2026-09-30\nkind = \"fact\"\nunit = \"ikm\"\nvalue = 10\n\
         [indicator]\nview = \"certified\"\nfigure = \"certified\"\n[scope]\narea = \"33.75\"\n",
    );
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = one_line(&world.run(&["claim", "check", &late]).out);
    let said = "recorded until nothing is recorded after 30 Jun 2026 by offices of 33.75 Kota Pekalongan, and the claim is judged for \
                30 Sep 2026: the figure may be behind";
    assert!(page.contains(said), "{page}");
    let page = one_line(&world.run_in_indonesian(&["claim", "check", &late]).out);
    let said =
        "tercatat sampai sesudah 30 Jun 2026 tidak ada yang dicatat oleh kantor di 33.75 Kota Pekalongan";
    assert!(page.contains(said), "{page}");
    let json = world.run(&["claim", "check", &late, "--format", "json"]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    let silent = &json["claims"][0]["report"]["silent_since"];
    assert_eq!(silent, &json!({"day": "2026-06-30", "area": "33.75"}));
    // A claim that names no area has no row of one.
    let anywhere = std::fs::read_to_string(&late).unwrap().replace("area = \"33.75\"\n", "");
    let anywhere = written(&world, "anywhere.toml", &anywhere);
    world.run(&["claim", "check", &anywhere, "--record"]);
    let page = one_line(&world.run(&["view", "claims"]).out);
    assert!(page.contains("not named by the claim"), "{page}");
}

/// The page of a claim calls the view of a check by its title, and says of a plan before its day what is reached so far.
#[test]
fn the_page_of_a_claim_tells_its_checks_in_words() {
    let world = demo();
    let plan = written(
        &world,
        "plan.toml",
        "document = \"x\"\npublisher = \"x\"\nclaim = \"seven certified\"\npublished_on = 2025-01-01\nkind = \"plan\"\n\
         unit = \"ikm\"\nvalue = 7\ndue = 2999-12-31\n[indicator]\nview = \"certified\"\nfigure = \"certified\"\n\
         [scope]\narea = \"33.75\"\n",
    );
    assert_eq!(world.run(&["claim", "check", &plan, "--record"]).code, 0);
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = one_line(&world.run(&["show", "seven certified"]).out);
    let said = "claim checked: not yet due, reached so far, counted 7 by the view Certified (version 2)";
    assert!(page.contains(said) && !page.contains("LATE"), "{page}");
    let page = one_line(&world.run_in_indonesian(&["show", "seven certified"]).out);
    let said = "klaim diperiksa: belum jatuh tempo, sejauh ini tercapai, terhitung 7 menurut tampilan Bersertifikat (versi 2)";
    assert!(page.contains(said) && !page.contains("TERLAMBAT"), "{page}");
    // The checks of the view are called by the claim and the day.
    let page = one_line(&world.run(&["view", "claims"]).out);
    assert!(page.contains("seven certified, ") && page.contains("checked"), "{page}");
}

/// The first row of CSV, by column.
fn first_row(csv: &str) -> std::collections::BTreeMap<String, String> {
    let mut lines = csv::Reader::from_reader(csv.as_bytes());
    let headings = lines.headers().unwrap().clone();
    let row = lines.records().next().unwrap().unwrap();
    headings.iter().zip(row.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
}

#[test]
fn every_form_says_whose_the_words_are_and_what_was_counted() {
    let world = demo();
    let claim = example("pekalongan-green-2-ikms-taking-part");
    let listed = world.run(&["claim", "check", &claim, "--list", "--format", "csv"]);
    assert_eq!(listed.code, 0, "{}", listed.err);
    let row = first_row(&listed.out);
    let of = |name: &str| row[name].as_str();
    assert_eq!((of("view"), of("version"), of("newer_version")), ("participated", "1", ""));
    assert_eq!(of("figure"), "participated v1, participated");
    assert!(of("scope").starts_with("area 33.75 Kota Pekalongan"), "{row:?}");
    assert!(of("definition").starts_with("IKMs, and persons apart"), "{row:?}");
    assert!(of("words").contains("the claimant's"), "{row:?}");
    assert_eq!(world.run(&["claim", "check", &claim, "--record"]).code, 0);
    let view = world.json(&["view", "claims"]);
    assert!(view["words"]["en"].as_str().unwrap().contains("the claimant's"), "{view}");
    assert!(world.json(&["view", "registered"]).get("words").is_none());
    for flags in [&[][..], &["--list"]] {
        let csv = world.run(&[&["view", "claims", "--format", "csv"], flags].concat());
        assert!(first_row(&csv.out)["words"].contains("the claimant's"), "{}", csv.out);
    }
}
