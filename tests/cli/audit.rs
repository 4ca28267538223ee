//! An auditor at the command line: keys, audit, cosignature, statement, and the way back to the registry.

use jejak_events::audit_statement::AuditStatement;
use jejak_events::checkpoint::SignedCheckpoint;

use super::World;

const PROPOSAL: &str = r#"{"id":"0197f2c1-5b6d-7e8f-9a0b-00000000000N","type":"id.jejak.ikm.registered.v1","subject":"ikm/7f2c1a34-5b6d-4e8f-9a0b-00000000000N","time":"2025-03-03T00:00:00+07:00","data":{"area":"33.75","commodity":"batik","kbli":{"code":"13134","year":2020},"sole_proprietor":false,"name":"Batik N"}}"#;

/// A path beside the data directory, as an argument.
fn path(world: &World, name: &str) -> String {
    world.beside(name).to_str().unwrap().to_owned()
}

fn append(world: &World, number: &str) {
    let appended = world.append(&PROPOSAL.replace('N', number), &[]);
    assert_eq!(appended.code, 0, "{}{}", appended.out, appended.err);
}

/// Makes a key pair and answers with the public half.
fn key(world: &World, kind: &str, name: &str) -> String {
    let file = path(world, &format!("{kind}.key"));
    let made = world.json(&["key", "--kind", kind, "--name", name, "--out", &file]);
    made["vkey"].as_str().unwrap().to_owned()
}

#[test]
fn an_auditor_cosigns_and_the_registry_keeps_it() {
    let world = World::new();
    append(&world, "1");
    let log = world.run(&["log", "vkey"]).out.trim().to_owned();
    let cosigner = key(&world, "cosigner", "auditor.example/cosigner");
    let statement = key(&world, "statement", "auditor.example/statement");
    let [dir, cosign_key, statement_key, state, out, policy] =
        ["data", "cosigner.key", "statement.key", "state", "out", "policy"].map(|name| path(&world, name));
    std::fs::write(&policy, format!("log {log}\nwitness auditor {cosigner}\nquorum auditor\n")).unwrap();
    let again = world.run(&["key", "--kind", "cosigner", "--name", "x", "--out", &cosign_key, "--force"]);
    assert_eq!((again.code, again.err.contains("holds a secret key")), (2, true), "{}", again.err);

    let audit = [
        "audit",
        &dir,
        "--cosign-key",
        &cosign_key,
        "--state",
        &state,
        "--out",
        &out,
        "--statement-key",
        &statement_key,
    ];
    let report = world.json(&[&audit[..], &["--log-vkey", &log]].concat());
    assert_eq!((&report["sound"], &report["size"]), (&true.into(), &2.into()), "{report:#}");
    let cosigned = std::fs::read(world.beside("out/checkpoint")).unwrap();
    let signed = SignedCheckpoint::parse(&cosigned).unwrap();
    signed.cosigned_at(&cosigner.parse().unwrap()).unwrap();
    let said = std::fs::read(world.beside("out/audit-statement")).unwrap();
    let said = AuditStatement::open(&said, &statement.parse().unwrap()).unwrap();
    // Each digest is that of the view as anybody asks for it.
    let counted = said.views.iter().find(|view| view.name == "registered").unwrap();
    let on = said.on.to_string();
    let view = world.json(&["view", "registered", "--on", &on, "--as-known", "2"]);
    assert_eq!(view["digest"], *counted.digest);

    let none = world.run(&["log", "checkpoint", "--cosigned"]);
    assert_eq!((none.code, none.err.contains("no cosigned checkpoint")), (1, true), "{}", none.err);
    let brought = path(&world, "out/checkpoint");
    let kept = world.json(&["cosign", "--add", &brought, "--policy", &policy]);
    assert_eq!(kept["added"], serde_json::json!(["auditor"]));
    let twice = world.json(&["cosign", "--add", &brought, "--policy", &policy]);
    assert_eq!(twice["added"], serde_json::json!([]));
    // Of one size both are one; the proof carries it; whoever asks for the auditor is satisfied.
    assert_eq!(world.run(&["log", "checkpoint"]).out, world.run(&["log", "checkpoint", "--cosigned"]).out);
    assert!(world.run(&["log", "proof", "1"]).out.contains("auditor.example/cosigner"));
    // The checkpoint that lies with the log is the log's own.
    let asked = world.run(&["audit", &dir, "--policy", &policy]);
    assert_eq!((asked.code, asked.out.contains("`auditor` is not reached")), (1, true), "{}", asked.out);
    let kept_file = path(&world, "cosigned-checkpoint");
    std::fs::write(&kept_file, world.run(&["log", "checkpoint", "--cosigned"]).out).unwrap();
    let audit_kept = ["audit", &dir, "--policy", &policy, "--checkpoint", &kept_file];
    let cosigned = &world.json(&audit_kept)["cosigned"][0];
    assert_eq!((&cosigned["witness"], cosigned["unix_seconds"].is_u64()), (&"auditor".into(), true));
    for at in ["2020-01-01T00:00:00Z", "2020-01-01"] {
        let early = world.run(&[&audit_kept[..], &["--at", at]].concat());
        assert_eq!((early.code, early.out.contains("cannot be from the future")), (1, true), "{}", early.out);
    }

    // The log in a bundle is as good as any.
    let bundle = path(&world, "bundle.zip");
    let made = world.run(&["bundle", "create", "--view", "registered", "--cosigned", "-o", &bundle]);
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    let of_bundle = world.json(&["audit", &bundle, "--policy", &policy]);
    assert_eq!((&of_bundle["kind"], &of_bundle["size"]), (&"bundle".into(), &2.into()));

    // What lies there altered stands in nobody's way, and is made anew from what the cosigner has.
    let file = world.dir().join("cosigned");
    let whole = std::fs::read_to_string(&file).unwrap();
    for altered in ["nothing".to_owned(), whole.replacen("\n2\n", "\n3\n", 1)] {
        std::fs::write(&file, altered).unwrap();
        let own = world.run(&["log", "checkpoint"]);
        assert_eq!((own.code, own.out.contains("auditor")), (0, false), "{}{}", own.out, own.err);
        let none = world.run(&["log", "checkpoint", "--cosigned"]);
        assert_eq!((none.code, none.err.contains("no cosigned checkpoint")), (1, true), "{}", none.err);
        let kept = world.json(&["cosign", "--add", &brought, "--policy", &policy]);
        assert_eq!(kept["added"], serde_json::json!(["auditor"]));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), whole);
    }

    // The log goes on; what was cosigned stays.
    append(&world, "2");
    assert!(!world.run(&["log", "checkpoint"]).out.contains("auditor"));
    assert!(world.run(&["log", "proof", "1", "--cosigned"]).out.contains("auditor.example/cosigner"));
    world.assert_sound();
}

#[test]
fn what_was_erased_since_a_checkpoint_is_not_disclosed_under_it() {
    let world = World::new();
    append(&world, "1");
    let log = world.run(&["log", "vkey"]).out.trim().to_owned();
    let cosigner = key(&world, "cosigner", "auditor.example/cosigner");
    let [dir, cosign_key, state, out, policy, bundle] =
        ["data", "cosigner.key", "state", "out", "policy", "bundle.zip"].map(|name| path(&world, name));
    std::fs::write(&policy, format!("log {log}\nwitness auditor {cosigner}\nquorum auditor\n")).unwrap();
    let audit =
        ["audit", &dir, "--log-vkey", &log, "--cosign-key", &cosign_key, "--state", &state, "--out", &out];
    assert_eq!(world.json(&audit)["sound"], true);
    let brought = path(&world, "out/checkpoint");
    world.json(&["cosign", "--add", &brought, "--policy", &policy]);
    let ikm = "ikm/7f2c1a34-5b6d-4e8f-9a0b-000000000001";
    let erased = world.run(&["subject", "erase", ikm, "--basis", "subject_request"]);
    assert_eq!(erased.code, 0, "{}", erased.err);
    let create = [
        "bundle",
        "create",
        "--view",
        "registered",
        "--actor",
        "petugas-3",
        "--disclose",
        "name",
        "--cosigned",
        "-o",
        &bundle,
    ];
    let made = world.run(&create);
    let said = "the data of event 1 were erased after the checkpoint of size 2: a bundle of that size could not say why \
                they are missing; take a newer checkpoint, and have that one cosigned";
    assert!(made.code != 0 && made.err.replace('\n', " ").contains(said), "{}{}", made.out, made.err);
    assert!(!world.beside("bundle.zip").exists());
}

#[test]
fn a_missing_temporary_directory_is_named() {
    let world = World::new();
    append(&world, "1");
    let mut command = world.command(&["audit", &path(&world, "data")]);
    let output = command.env("TMPDIR", path(&world, "nowhere")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("cannot keep the entries in a temporary file (TMPDIR says where): "), "{said}");
}

#[test]
fn nothing_is_signed_without_reason() {
    let world = World::new();
    append(&world, "1");
    let log = world.run(&["log", "vkey"]).out.trim().to_owned();
    key(&world, "cosigner", "auditor.example/cosigner");
    key(&world, "statement", "auditor.example/statement");
    let [dir, cosign_key, statement_key, state, out] =
        ["data", "cosigner.key", "statement.key", "state", "out"].map(|name| path(&world, name));
    let with = |more: &[&str]| {
        let base = ["audit", dir.as_str(), "--out", out.as_str(), "--state", state.as_str()];
        world.run(&[&base[..], more].concat())
    };
    let cosign = ["--cosign-key", cosign_key.as_str()];
    for (arguments, code, said) in [
        (&cosign[..], 2, "name the log's key"),
        (&["--cosign-key", &statement_key, "--log-vkey", &log], 2, "this key is for something else"),
        (
            &["--cosign-key", &cosign_key, "--statement-key", &cosign_key, "--log-vkey", &log],
            2,
            "for something else",
        ),
        (&["--cosign-key", &dir, "--log-vkey", &log], 2, "is a directory"),
        (&["--cosign-key", &cosign_key, "--log-vkey", "x"], 2, "no key of a log"),
        (&["--cosign-key", &cosign_key, "--log-vkey", &log, "--on", "2025-02-31"], 2, "--on"),
        (&["--cosign-key", &cosign_key, "--log-vkey", &log, "--at", "now"], 2, "must be a date"),
    ] {
        let ran = with(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
    }
    assert!(!world.beside("out").exists() && !world.beside("state").exists());

    // A fork is not cosigned: the log is put back to the state of before and grows anew.
    let copy = world.beside("copy");
    copy_directory(&world.dir(), &copy);
    append(&world, "2");
    let signed = with(&[&cosign[..], &["--log-vkey", &log]].concat());
    assert_eq!(signed.code, 0, "{}{}", signed.out, signed.err);
    std::fs::remove_dir_all(world.dir()).unwrap();
    copy_directory(&copy, &world.dir());
    append(&world, "3");
    std::fs::remove_dir_all(world.beside("out")).unwrap();
    let forked = with(&[&cosign[..], &["--log-vkey", &log]].concat());
    assert_eq!(forked.code, 1, "{}{}", forked.out, forked.err);
    assert!(forked.out.contains("two checkpoints of size 3 with different roots"), "{}", forked.out);
    assert!(!world.beside("out").exists(), "nothing is signed");
}

fn copy_directory(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_directory(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn a_verdict_without_a_key_says_on_what_it_rests() {
    let world = World::new();
    append(&world, "1");
    let known = world.run(&["log", "vkey"]).out;
    let dir = world.dir().display().to_string();
    for (more, said) in
        [(None, "VERDICT: SOUND, if event 0's key is the log's\n"), (Some(known.trim()), "VERDICT: SOUND\n")]
    {
        let mut words = vec!["audit", &dir];
        more.iter().for_each(|key| words.extend(["--log-vkey", key]));
        let audited = world.run(&words);
        assert!(audited.code == 0 && audited.out.contains(said), "{said}: {}{}", audited.out, audited.err);
        // Every figure has its name and its unit.
        let told = [
            "certificates_expiring v2",
            "ending within 90 days",
            "0 certificates",
            "enrolled v2",
            "0 persons",
        ];
        assert!(told.iter().all(|told| audited.out.contains(told)), "{}", audited.out);
    }
    let report = world.json(&["audit", &dir]);
    assert_eq!((&report["sound"], &report["key_is_known"]), (&true.into(), &false.into()));
    assert_eq!(report["verdict"]["en"], "SOUND, if event 0's key is the log's");
    assert_eq!(report["verdict"]["id"], "COCOK, bila kunci pada peristiwa 0 memang kunci log itu");
}

/// A slip of the pen is no evidence of tampering.
#[test]
fn a_path_without_a_log_is_a_slip_of_the_pen() {
    let world = World::new();
    let [nowhere, empty, letter, kept] =
        ["nowhere", "empty", "letter", "no-checkpoint"].map(|name| path(&world, name));
    std::fs::create_dir(&empty).unwrap();
    std::fs::write(&letter, "Dear Bu Sari,\n").unwrap();
    std::fs::write(&kept, "Dear Bu Sari,\n").unwrap();
    let data = path(&world, "data");
    for (words, id, en) in [
        (vec![nowhere.as_str()], "bukan registri (tidak ada `journal`)", "is no registry (no `journal`)"),
        (vec![&empty], "bukan registri (tidak ada `journal`)", "is no registry (no `journal`)"),
        (vec![&letter], "bukan registri (tidak ada `journal`)", "is no registry (no `journal`)"),
        (vec![&data, "--checkpoint", &nowhere], "tidak dapat membuka", "cannot open"),
        (vec![&data, "--checkpoint", &kept], "no-checkpoint", "the note has no blank line"),
    ] {
        let english = world.run(&[&["audit"], &words[..]].concat());
        assert!(english.code == 2 && english.err.contains(en), "{words:?}: {}{}", english.out, english.err);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jejak"));
        let said = super::ran(command.arg("audit").args(&words).args(["--lang", "id"]).output().unwrap());
        assert!(said.code == 2 && said.err.contains(id), "{words:?}: {}{}", said.out, said.err);
        assert!(!said.err.contains("diubah"), "{words:?}: {}", said.err);
    }
}

/// What lies beyond the checkpoint is no part of the verdict, and is not passed over either.
#[test]
fn what_follows_the_checkpoint_is_counted() {
    let world = World::new();
    let checkpoint = world.dir().join("checkpoint");
    let first = std::fs::read(&checkpoint).unwrap();
    let data = path(&world, "data");
    assert_eq!(world.json(&["audit", &data])["following"], 0);
    for number in ["1", "2", "3"] {
        append(&world, number);
    }
    std::fs::write(&checkpoint, first).unwrap();
    let report = world.json(&["audit", &data]);
    assert_eq!((&report["size"], &report["following"]), (&1.into(), &3.into()), "{report:#}");
    let table = world.run(&["audit", &data]);
    let said = "3 more events follow, which this checkpoint does not cover and nobody checked here";
    assert!(table.code == 0 && table.out.contains(said), "{}", table.out);
    // A commit that is being written is none yet, and what is damaged behind the checkpoint takes nothing from it.
    let segment = world.dir().join("journal/00000000000000000000.jsonl");
    let text = std::fs::read_to_string(&segment).unwrap();
    let cut = text.trim_end().rfind('\n').unwrap() + 1;
    std::fs::write(&segment, &text[..cut]).unwrap();
    assert_eq!(world.json(&["audit", &data])["following"], 2);
    std::fs::write(&segment, format!("{text}{{torn")).unwrap();
    assert_eq!(world.json(&["audit", &data])["following"], 3);
}
