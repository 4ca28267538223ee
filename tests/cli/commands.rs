//! The commands that read, their forms and their exit codes.

use serde_json::json;

use super::proposals::{ikm, lines, moved, registered, retracted};
use super::{World, results};

#[test]
fn an_empty_registry_answers_every_view_and_says_what_nobody_told_it() {
    // Of these an event must tell, else they are not known, which is not 0; and a funnel has no total.
    const UNTOLD: &[&str] = &[
        "enrolled_persons",
        "waitlisted_persons",
        "participated_persons",
        "no_show_persons",
        "incomplete_persons",
        "withdrawn_persons",
        "trained_persons",
        "export_trained_persons",
        "green_trained_persons",
        "persons_trained",
        "spending_planned",
        "spending_allocated",
        "spending_realised",
        "target_value",
        "target_realised",
        "funnel_enrolled",
        "funnel_participated",
        "funnel_completed",
        "funnel_assessed",
        "funnel_passed",
        "funnel_certified",
        "funnel_exhibited_after",
        "funnel_exported_after",
        "sentra_planned",
        "sentra_allocated",
        "sentra_realised",
        "population_total",
        "population_kecil",
        "population_menengah",
        "coverage_population",
        "claim_reported",
        "claim_counted",
        "check_counted",
        "quota_ikms",
        "quota_ikms_taken",
        "quota_persons",
        "quota_persons_taken",
        "certified_per_hundred",
        "days_late",
        "days_to_assessment",
        "days_to_certificate",
        "exported_per_hundred",
        "target_baseline",
        "score_first",
        "score_latest",
        "trained_per_hundred",
        "spending_per_participant",
        "spending_per_completer",
        "spending_per_certificate",
        "spending_absorbed",
    ];
    let world = World::new();
    let list = world.json(&["view"]);
    let views = list["views"].as_array().unwrap();
    assert_eq!(views.len(), jejak_projections::views::current_views().count());
    for view in views {
        let answer = world.json(&["view", view["view"].as_str().unwrap()]);
        for figure in answer["figures"].as_array().unwrap() {
            let is_untold = UNTOLD.contains(&figure["name"].as_str().unwrap());
            assert_eq!(figure["value"], if is_untold { json!(null) } else { json!(0) }, "{figure}");
        }
        for language in ["id", "en"] {
            assert!(answer["definition"][language].as_str().unwrap().len() > 40);
        }
        assert_eq!(answer["log"]["size"], 1);
        assert_eq!(answer["question"]["as_known"], 1);
    }
}

#[test]
fn exit_codes_say_what_kind_of_no_it_was() {
    let world = World::new();
    let cases: [(&[&str], i32, &str); 25] = [
        (&["view", "nope"], 2, "there is no view \"nope\""),
        (&["view", "registered", "--theme", "export"], 2, "cannot be narrowed by --theme"),
        (
            &["view", "registered", "--only", "theme=export"],
            2,
            "it has rows by area, commodity, district, scale",
        ),
        (&["view", "registered", "--only", "export"], 2, "--only \"export\": write BY=VALUE"),
        (&["view", "registered", "--on", "2025-02-31"], 2, "--on"),
        (&["view", "registered", "--as-known", "99"], 2, "asked as known at log size 99"),
        (&["view", "registered", "--as-known", "soon"], 2, "--as-known"),
        (&["view", "--list"], 2, "required"),
        (&["history", "ikm/x"], 2, "\"ikm/x\" fits nothing on record"),
        (
            &["history", "ikm/7F2C1A34-5B6D-4E8F-9A0B-1C2D3E4F5A6B"],
            2,
            "must be lower-case with hyphens, of version 4",
        ),
        (
            &["history", "company/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b"],
            2,
            "there is no kind \"company\"; the kinds are area, certificate, ",
        ),
        (&["log", "proof", "7"], 2, "index 7 is not in the log"),
        (&["log", "export", "--from", "5", "--to", "2"], 2, "--from 5 is greater than --to 2; swap them"),
        (&["log", "export", "--from", "99999"], 2, "--from 99999 is not in the log, which holds 1 event"),
        (&["log", "export", "--to", "900"], 2, "--to 900 is not in the log"),
        (&["log", "export", "--from", "1", "--to", "0"], 2, "--from 1 is greater than --to 0"),
        (&["append", "/"], 2, "/ is a directory"),
        (&["view", "--keys", "/nonexistent/keys"], 2, "--keys /nonexistent/keys"),
        (&["recover", "--keys", "/nonexistent/keys"], 2, "--keys /nonexistent/keys"),
        (&["init", "--origin", "x", "--source", "y", "--format", "csv"], 2, "--format csv is not possible"),
        (&["recover", "--format", "csv"], 2, "possible: table, json"),
        (&["log", "proof", "0", "--format", "json"], 2, "leave --format out"),
        (&["melt"], 2, "unrecognized subcommand"),
        (&["init", "--origin", "https://x", "--source", "urn:jejak:33.75:d"], 2, "origin"),
        (&["init", "--origin", "x.example", "--source", "urn:jejak:33.75:d"], 1, "holds a registry already"),
    ];
    for (arguments, code, said) in cases {
        let ran = world.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{arguments:?}: {}", ran.out);
    }
    assert_eq!(world.run(&["--help"]).code, 0);
    assert_eq!(world.run(&["--version"]).code, 0);
    for command in ["view", "rebuild", "verify", "recover"] {
        let ran = World::empty().run(&[command]);
        assert_eq!(ran.code, 2, "{command}: {}", ran.err);
        assert!(ran.err.contains("holds no registry"), "{command}: {}", ran.err);
    }
}

#[test]
fn messages_come_in_both_languages() {
    let world = World::empty();
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_jejak"))
        .args(["view", "--dir"])
        .arg(world.dir())
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("belum berisi registri"));
    assert!(world.run(&["view"]).err.contains("holds no registry"));
}

#[test]
fn a_history_shows_corrections_under_what_they_correct_and_no_sealed_value() {
    let world = World::new();
    let subject = format!("ikm/{}", ikm(1));
    let all = lines([registered(1), registered(2), moved(3, 1), retracted(4, 2, &format!("ikm/{}", ikm(2)))]);
    let appended = world.append(&all, &[]);
    assert_eq!(appended.code, 0, "{}", appended.out);

    let history = world.json(&["history", &subject]);
    assert_eq!(history["revision"], 2);
    let shown: Vec<_> = history["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            (entry["index"].as_u64().unwrap(), entry["about"].as_u64(), entry["status"].as_str().unwrap())
        })
        .collect();
    assert_eq!(shown, [(1, None, "corrected"), (3, Some(1), "in_force")]);
    let other = world.json(&["history", &format!("ikm/{}", ikm(2))]);
    assert_eq!(other["events"][0]["status"], "retracted");
    assert_eq!(other["events"][1]["status"], "note");

    for format in ["table", "json", "csv"] {
        let ran = world.run(&["history", &subject, "--format", format]);
        assert!(!ran.out.contains("Batik Nomor"), "{format}: {}", ran.out);
        assert!(!ran.out.contains("1234567890123"), "{format}");
        assert!(ran.out.contains("workers"), "{format}: which fields have a value is open");
    }
    let table = world.run(&["history", &subject]).out;
    assert!(table.contains("└ correction") && table.contains("in force"), "{table}");
}

#[test]
fn a_view_opens_to_members_events_and_logged_names() {
    let world = World::new();
    world.append(&lines([registered(1), registered(2)]), &[]);
    world.append(&lines([moved(3, 1)]), &[]);
    let ask = ["view", "registered", "--on", "2025-12-31"];
    let answer = world.json(&[&ask[..], &["--list"]].concat());
    assert_eq!(answer["figures"], json!([{"name": "registered", "unit": "ikm", "value": 2}]));
    let moved_member =
        answer["members"].as_array().unwrap().iter().find(|member| member["area"] == "33.74").unwrap();
    assert_eq!(moved_member["events"], json!([1, 3]));
    assert!(answer.get("names").is_none());
    assert!(!world.dir().join("access.jsonl").exists());

    let named = world.json(&[&ask[..], &["--list", "--names", "--actor", "auditor-1"]].concat());
    assert_eq!(named["names"][format!("ikm/{}", ikm(1))], "Batik Nomor 1");
    assert_eq!(named["digest"], answer["digest"]);
    let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    assert!(log.contains("auditor-1") && log.contains(&ikm(1)), "{log}");
    assert!(!log.contains("Batik Nomor"), "{log}");

    // Before the correction was known, the IKM stood in Pekalongan.
    let before = world.json(&[&ask[..], &["--area", "33.75", "--as-known", "3"]].concat());
    let now = world.json(&[&ask[..], &["--area", "33.75"]].concat());
    assert_eq!((&before["figures"][0]["value"], &now["figures"][0]["value"]), (&json!(2), &json!(1)));
    let early = world.json(&[&ask[..], &["--as-known", "2000-01-01"]].concat());
    assert_eq!((&early["log"]["size"], &early["figures"][0]["value"]), (&json!(0), &json!(0)));
    let until = world.json(&["show", "registry"])["log"]["recorded_until"].as_str().unwrap().to_owned();
    let now = world.json(&[&ask[..], &["--as-known", &until]].concat());
    assert_eq!(now["log"]["size"], 4);
    let office = jejak_events::area::AreaCode::parse("33.75").unwrap();
    let day = jejak_events::time::RecordedTime::parse(&until).unwrap().date_in(office).to_string();
    assert_eq!(world.json(&[&ask[..], &["--as-known", &day]].concat())["log"]["size"], 4, "{day}");
    let csv = world.run(&[&ask[..], &["--format", "csv"]].concat()).out;
    assert!(csv.contains("registered,area,\"33.74\",registered,ikm,1"), "{csv}");
}

/// What somebody typed or named comes back readable, never acting.
#[test]
fn no_message_steers_a_terminal() {
    const STEERING: &str = "\u{1b}[31mVERIFIED\u{202e}";
    let world = World::new();
    let mut unknown = registered(1);
    unknown["data"][STEERING] = json!(1);
    unknown["data"]["commodity"] = json!(STEERING);
    let refused = world.append(&lines([unknown]), &["--format", "table"]);
    let missing = format!("{STEERING}.zip");
    let missing = world.run(&["bundle", "verify", &missing]);
    for ran in [refused, missing] {
        let said = ran.out + &ran.err;
        assert!(said.contains("␛[31mVERIFIED<U+202E>"), "{said:?}");
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    }
}

/// What narrowed a question, in every row of CSV.
const NARROWED: &str = "question_area,question_area_of,question_funding,question_only,question_program,question_scale,\
                        question_theme,";

#[test]
fn every_row_of_csv_states_both_clocks() {
    let world = World::new();
    world.append(&lines([registered(1)]), &[]);
    world.append(&lines([registered(2)]), &[]);
    let ask = ["view", "registered", "--from", "2025-01-01", "--on", "2025-12-31", "--as-known", "2"];
    let root = world.json(&ask)["log"]["root"].as_str().unwrap().to_owned();
    let end = format!(",2025-01-01,2025-12-31,2,\"{root}\",false");
    for (flags, heading, version) in [
        (&[][..], "view,by,key,figure,unit,value,version,day,", ",1,"),
        (&["--list"][..], "who,name,area,day,reasons,figures,events,view,version,", ",1"),
    ] {
        let heading = format!("{heading}{NARROWED}from,on,as_known,root,synthetic");
        let end = format!("{version},,,,,,,{end}");
        let csv = world.run(&[&ask[..], flags, &["--format", "csv"]].concat()).out;
        let rows: Vec<_> = csv.lines().collect();
        assert_eq!(rows[0], heading);
        assert!(rows.len() > 1 && rows[1..].iter().all(|row| row.ends_with(&end)), "{csv}");
    }
    let all = world.run(&["view", "--on", "2025-12-31", "--as-known", "2", "--format", "csv"]).out;
    let rows: Vec<_> = all.lines().collect();
    assert_eq!(rows[0], format!("view,version,figure,unit,value,{NARROWED}from,on,as_known,root,synthetic"));
    let end = format!(",,,,,,,,,2025-12-31,2,\"{root}\",false");
    assert!(rows.len() > 9 && rows[1..].iter().all(|row| row.ends_with(&end)), "{all}");
}

#[test]
fn a_filter_names_its_rule_and_one_that_nothing_fits_is_noted() {
    let world = World::new();
    let table = world.run(&["view", "registered", "--scale", "kecil"]).out;
    assert!(table.contains("size class small by Permenperin 64/2016 (permenperin_64_2016:kecil)"), "{table}");

    let unknown = ikm(9);
    for (flag, value) in [("--theme", "exports"), ("--funding", "apbd"), ("--program", unknown.as_str())] {
        let ran = world.run(&["view", "trained", flag, value]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.err, format!("jejak: {flag} {value}: no programme in the log names it\n"));
    }
    let demo = World::empty();
    assert_eq!(demo.run(&["demo"]).code, 0);
    for (theme, noted) in [("export", false), ("exports", true)] {
        let ran = demo.run(&["view", "trained", "--theme", theme, "--on", "2026-06-30"]);
        assert_eq!(ran.err.contains("no programme in the log names it"), noted, "{theme}: {}", ran.err);
    }
}

#[test]
fn the_readme_shows_a_proposal_that_is_accepted() {
    let example = super::in_repository("tests/data/example.jsonl");
    let line = std::fs::read_to_string(&example).unwrap();
    let readme = std::fs::read_to_string(super::in_repository("README.md")).unwrap();
    assert!(readme.contains(line.trim_end()), "README.md does not show tests/data/example.jsonl");
    let world = World::new();
    let ran = world.run(&["append", example.to_str().unwrap()]);
    assert_eq!((ran.code, results(&ran)[0]["index"].as_u64()), (0, Some(1)), "{}{}", ran.out, ran.err);
    world.assert_sound();
}

#[test]
fn the_log_can_be_exported_and_each_event_proven() {
    use jejak_events::note::VerifierKey;
    use jejak_events::tlog_proof::TlogProof;
    let world = World::new();
    world.append(&lines((1..=300).map(registered)), &[]);
    let export = world.run(&["log", "export"]).out;
    let events: Vec<&str> = export.lines().collect();
    assert_eq!(events.len(), 301);
    assert_eq!(
        world.run(&["log", "export", "--from", "7", "--to", "9"]).out.lines().collect::<Vec<_>>(),
        events[7..9]
    );
    let vkey: VerifierKey = world.run(&["log", "vkey"]).out.trim().parse().unwrap();
    for index in [0, 255, 256, 300] {
        let path = world.beside("proof");
        let ran =
            world.run(&["log", "proof", &index.to_string(), "--out", path.to_str().unwrap(), "--force"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let proof = TlogProof::parse(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(proof.verify(events[index].as_bytes(), &vkey).unwrap().size(), 301);
        assert!(
            proof
                .verify(events[index - usize::from(index > 0) + usize::from(index == 0)].as_bytes(), &vkey)
                .is_err()
        );
    }
    let checkpoint = world.run(&["log", "checkpoint"]).out;
    assert!(checkpoint.starts_with("jejak.example/test\n301\n"), "{checkpoint}");
    // Asked again with nothing new: the same checkpoint.
    assert_eq!(world.run(&["log", "checkpoint"]).out, checkpoint);
}

#[test]
fn a_rebuild_agrees_and_verify_finds_nothing() {
    let world = World::new();
    world.append(&lines([registered(1), registered(2), moved(3, 1)]), &[]);
    let rebuilt = world.json(&["rebuild"]);
    assert_eq!(rebuilt["views"].as_array().unwrap().len(), jejak_projections::views::VIEWS.len());
    assert!(rebuilt["views"].as_array().unwrap().iter().all(|view| view["same"] == true), "{rebuilt:#}");
    let one = world.json(&["rebuild", "registered"]);
    assert_eq!(one["views"][0]["digest"], rebuilt["views"][0]["digest"]);
    world.assert_sound();
    let parts: Vec<String> = world.json(&["verify"])["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["part"].as_str().unwrap().to_owned())
        .collect();
    for part in [
        "store",
        "records",
        "order",
        "rules",
        "tree",
        "journal",
        "signature",
        "anchor",
        "keys",
        "vault",
        "views",
    ] {
        assert!(parts.iter().any(|have| have == part), "{part} is not checked: {parts:?}");
    }
}

#[test]
fn what_was_lost_is_noticed_and_recovered() {
    let world = World::new();
    world.append(&lines((1..=50).map(registered)), &[]);
    let checkpoint = world.run(&["log", "checkpoint"]).out;
    let kept = world.beside("kept-checkpoint");
    std::fs::write(&kept, &checkpoint).unwrap();

    // The store is gone: opening rebuilds it, and says so.
    std::fs::remove_dir_all(world.dir().join("sled")).unwrap();
    let ran = world.run(&["verify"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    // Anchor and checkpoint are gone: nobody knows how long the log was.
    std::fs::remove_file(world.dir().join("anchor")).unwrap();
    std::fs::remove_file(world.dir().join("checkpoint")).unwrap();
    let ran = world.run(&["verify"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert_eq!(world.run(&["recover"]).code, 3);
    let ran = world.run(&["recover", "--checkpoint", kept.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    // What was cut from the access log before that cannot be told, until somebody says that the loss is known.
    let ran = world.run(&["verify"]);
    let said = "before line 1 the anchor was lost once: nobody can tell what was cut there; find out why";
    assert!(ran.code == 1 && ran.out.contains(said), "{}{}", ran.out, ran.err);
    let ran = world.run(&["recover", "--loss-known"]);
    assert!(ran.code == 2 && ran.err.contains("--loss-known is noted in the access log; give --actor"));
    let ran = world.run(&["recover", "--loss-known", "--actor", "admin-1"]);
    assert!(ran.code == 0 && ran.out.contains("that the anchor was lost is noted as known"), "{}", ran.out);
    world.assert_sound();
    assert_eq!(world.run(&["log", "checkpoint"]).out, checkpoint);
    // A checkpoint of nobody's log.
    std::fs::write(&kept, checkpoint.replace("51\n", "52\n")).unwrap();
    assert_eq!(world.run(&["recover", "--checkpoint", kept.to_str().unwrap()]).code, 3);
}

#[test]
fn verify_names_what_was_altered() {
    let world = World::new();
    world.append(&lines((1..=5).map(registered)), &[]);
    // A vault whose keys are another registry's cannot be opened.
    let keys = world.dir().join("keys");
    let other = World::new();
    std::fs::remove_dir_all(&keys).unwrap();
    std::fs::rename(other.dir().join("keys"), &keys).unwrap();
    let ran = world.run(&["verify", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["sound"], false);
    assert_ne!(world.run(&["view"]).code, 0);
}

#[test]
fn an_append_after_an_append_keeps_its_indexes() {
    let world = World::new();
    world.append(&lines([registered(1)]), &[]);
    let again = results(&world.append(&lines([registered(2), registered(1)]), &[]));
    assert_eq!(
        (&again[0]["index"], &again[1]["index"], &again[1]["repeated"]),
        (&json!(2), &json!(1), &json!(true))
    );
}

#[test]
fn the_published_tree_and_its_proofs_are_written_as_files() {
    let world = World::new();
    world.append(&lines([registered(1), registered(2)]), &[]);
    let (tree, old, proof) = (world.beside("www"), world.beside("old.txt"), world.beside("since.txt"));
    let [tree_text, old_text, proof_text] = [&tree, &old, &proof].map(|path| path.to_str().unwrap());
    std::fs::write(&old, world.run(&["log", "checkpoint"]).out).unwrap();
    let first = world.run(&["log", "tiles", tree_text]);
    assert_eq!((first.code, first.out.as_str()), (0, ""), "{}", first.err);
    assert!(first.err.contains("holds 3 events"), "{}", first.err);
    assert_eq!(std::fs::read(tree.join("checkpoint")).unwrap(), std::fs::read(&old).unwrap());

    world.append(&lines([moved(3, 1)]), &[]);
    let second = world.run(&["log", "tiles", tree_text]);
    assert!(second.err.contains("holds 4 events") && second.err.contains("before 3"), "{}", second.err);
    let proven = world.run(&["log", "consistency", old_text, "--out", proof_text]);
    assert_eq!((proven.code, proven.out.as_str()), (0, ""), "{}", proven.err);
    assert!(proven.err.contains("checkpoint 4 extends checkpoint 3"), "{}", proven.err);
    assert!(std::fs::read_to_string(&proof).unwrap().starts_with("old 3\n"));
    let current = tree.join("checkpoint");
    let backward = world.run(&["log", "consistency", current.to_str().unwrap(), old_text]);
    assert_eq!(backward.code, 2, "{}", backward.err);

    // Another registry neither publishes there nor calls that checkpoint its own.
    let other = World::new();
    let refused = other.run(&["log", "tiles", tree_text]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("is not a checkpoint of this log"), "{}", refused.err);
    let refused = other.run(&["log", "consistency", old_text]);
    assert_eq!(refused.code, 1, "{}", refused.err);

    // The entry lies beside its proof.
    let out = world.beside("event.tlog-proof");
    assert_eq!(world.run(&["log", "proof", "2", "--out", out.to_str().unwrap()]).code, 0);
    let line = world.run(&["log", "export", "--from", "2", "--to", "3"]).out;
    assert_eq!(std::fs::read_to_string(world.beside("event.json")).unwrap(), line.trim_end());
    let taken = world.run(&["log", "proof", "2", "--out", world.beside("x.json").to_str().unwrap()]);
    assert_eq!(taken.code, 2, "{}", taken.err);
}

#[test]
fn a_key_hands_over_to_the_next_and_whoever_knows_the_old_one_follows() {
    let world = World::new();
    world.append(&lines([registered(1)]), &[]);
    let [old, new, kept, handover] =
        ["old.vkey", "new.vkey", "kept.txt", "data/handover/3"].map(|name| world.beside(name));
    let text = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    std::fs::write(&old, world.run(&["log", "vkey"]).out).unwrap();
    std::fs::write(&kept, world.run(&["log", "checkpoint"]).out).unwrap();
    let rotated = world.json(&["log", "rotate-key", "--basis", "Keputusan contoh"]);
    assert_eq!((&rotated["index"], &rotated["size"]), (&json!(2), &json!(3)));
    assert_eq!(rotated["handover"], text(&handover));
    world.append(&lines([registered(2)]), &[]);
    world.assert_sound();

    let vkey = world.run(&["log", "vkey"]).out;
    assert_eq!(vkey.trim(), rotated["vkey"].as_str().unwrap());
    std::fs::write(&new, &vkey).unwrap();
    let all = world.run(&["log", "vkey", "--all"]).out;
    let old_vkey = std::fs::read_to_string(&old).unwrap();
    assert_eq!(all, format!("1 {old_vkey}3 {vkey}"));
    let page = world.run(&["show", "registry"]).out;
    assert!(page.contains("new checkpoint key jejak.example/test+") && page.contains("Keputusan contoh"));

    // Old checkpoints are extended as before.
    let proven = world.run(&["log", "consistency", &text(&kept)]);
    assert_eq!(proven.code, 0, "{}", proven.err);
    // Outside: the new key, or the old one with the handover.
    let audit = |more: &[&str]| world.run(&[&["audit", &text(&world.dir())], more].concat());
    let fine = audit(&["--log-vkey", &text(&new), "--kept", &text(&kept)]);
    assert_eq!(fine.code, 0, "{}{}", fine.out, fine.err);
    let follows = |more: &[&str]| {
        let followed = audit(&[&["--log-vkey", &text(&old)], more].concat());
        assert_eq!(followed.code, 0, "{}{}", followed.out, followed.err);
        assert!(followed.out.contains("handed over by the one that you know, at size 3"), "{}", followed.out);
    };
    // It lies with the log; where it does not, it is asked for, and may be brought.
    follows(&[]);
    let brought = world.beside("handover.txt");
    std::fs::rename(&handover, &brought).unwrap();
    let refused = audit(&["--log-vkey", &text(&old)]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.out.contains("ask for the file `handover/3`"), "{}", refused.out);
    follows(&["--kept", &text(&brought)]);
    let remade = world.run(&["append", "/dev/null"]);
    let said = "jejak: handovers of the key that were cut short or lost and are made now: 1";
    assert!(remade.err.contains(said), "{}", remade.err);
    assert!(handover.exists());

    world.json(&["log", "rotate-key", "--purpose", "attestation", "--basis", "Keputusan contoh"]);
    let page = world.run(&["show", "registry"]).out;
    assert!(page.contains("new attestation key jejak.example/test"), "{page}");

    let typed = world.run(&["log", "rotate-key", "--basis", " "]);
    assert_eq!(typed.code, 2, "{}", typed.err);
}

/// Secrets that others can read are a fault; what lies among the files and is none of them is named.
#[test]
fn verify_looks_at_modes_and_at_what_does_not_belong() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    assert_eq!(world.append(&lines([registered(1)]), &[]).code, 0);
    assert_eq!(world.run(&["view", "registered", "--list", "--names", "--actor", "officer-1"]).code, 0);
    world.assert_sound();
    std::fs::copy(world.beside("data.recovery"), world.dir().join("recovery-secret")).unwrap();
    let chmod = |name: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(world.dir().join(name), permissions).unwrap();
    };
    let secrets = ["keys/keys-a", "keys/keys-b", "access.jsonl", "recovery-secret"];
    for name in secrets {
        chmod(name, 0o600);
    }
    for (name, mode) in secrets.into_iter().zip([0o644, 0o640, 0o602, 0o604]) {
        chmod(name, mode);
        let ran = world.run(&["verify"]);
        let said = format!("{name} is open to others (mode {mode:o}); restrict it by `chmod 600`");
        assert!(ran.code == 1 && ran.out.contains(&said), "{name}: {}{}", ran.out, ran.err);
        chmod(name, 0o600);
        world.assert_sound();
    }
    std::fs::write(world.dir().join("zz"), "x").unwrap();
    // What was cut short on its way is the registry's own.
    std::fs::write(world.dir().join("cosigned.new"), "x").unwrap();
    let ran = world.run(&["verify"]);
    let said = format!(
        "in {} lies what is no file of the registry and is not read: \"zz\"; move it",
        world.dir().display()
    );
    assert!(ran.code == 0 && ran.out.contains(&said), "{}{}", ran.out, ran.err);
}

#[test]
fn what_fits_nothing_is_told_how_to_find_it() {
    let world = World::new();
    for words in [
        &["history", "ikm/5dcc"][..],
        &["show", "ikm/5dcc"],
        &["subject", "show", "ikm/5dcc", "--actor", "a"],
    ] {
        let ran = world.run(words);
        assert_eq!(ran.code, 2);
        assert_eq!(
            ran.err.trim(),
            "jejak: cannot do that: \"ikm/5dcc\" fits nothing on record; write its identifier, the beginning of that (four \
             characters or more), or words of its title; `jejak find` looks for it by name or number"
        );
    }
    let ran = world.run_in_indonesian(&["history", "5dcc"]);
    assert!(
        ran.err.contains("\"5dcc\" tidak cocok dengan apa pun yang tercatat")
            && ran.err.contains("`jejak find`"),
        "{}",
        ran.err
    );
}

#[test]
fn a_value_that_is_missing_is_told_what_stands_in_its_place() {
    let world = World::new();
    let ran = world.run(&["log", "export", "--from", "--to", "1"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("--to follows --from directly; write the value of --from between them"),
        "{}",
        ran.err
    );
    let ran = world.run_in_indonesian(&["log", "export", "--from", "--to", "1"]);
    assert!(
        ran.err.contains("sesudah --from langsung tertulis --to; tulis nilai --from di antara keduanya"),
        "{}",
        ran.err
    );
}
