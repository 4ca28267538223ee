//! What a bundle carries beside open facts: disclosures, an auditor's statement, handovers.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use jejak::proof::bundle::archive::ArchiveMember;
use serde_json::{Value, json};

use super::bundles::{CLAIM, cosigned, created, demo, members, verified, vkey};
use super::{World, in_repository};

/// What a stranger reads of a bundle that verifies.
fn said(path: &Path, flags: &[&str]) -> Value {
    let ran = verified(path, &[flags, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn has(path: &Path, member: ArchiveMember) -> bool {
    members(path).iter().any(|(other, _)| *other == member)
}

fn accesses(world: &World) -> Vec<Value> {
    let text = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_named_fields_of_those_behind_an_answer_are_disclosed_and_noted_first() {
    let world = demo();
    let asked = [
        "--view",
        "green_certified",
        "--on",
        "2026-06-30",
        "--actor",
        "petugas-3",
        "--disclose",
        "name,number",
    ];
    let path = created(&world, "named.zip", &asked);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let [.., look, hand_out] = &accesses(&world)[..] else { panic!("two notes") };
    let purpose =
        "bundle create --view green_certified --disclose name,number --on 2026-06-30 --as-known 1144";
    assert_eq!(look["purpose"], purpose);
    assert_eq!(look["subjects"].as_array().unwrap().len(), 7);
    assert_eq!(hand_out["purpose"], format!("{purpose}, 1144 events"));

    let report = said(&path, &["--log-vkey", &vkey(&world)]);
    let disclosed = report["said"]["disclosed"].as_array().unwrap();
    let values = |field: &str| -> BTreeSet<String> {
        let of = |event: &Value| Some(event["values"].get(field)?.as_str()?.to_owned());
        disclosed.iter().filter_map(of).collect()
    };
    let listed =
        world.json(&["view", "green_certified", "--on", "2026-06-30", "--list", "--names", "--actor", "a"]);
    let names: BTreeSet<String> =
        listed["names"].as_object().unwrap().values().map(|name| name.as_str().unwrap().to_owned()).collect();
    assert_eq!((values("name"), values("number").len()), (names, 7));
    // Nothing else of what those events seal.
    let fields: BTreeSet<&String> =
        disclosed.iter().flat_map(|event| event["values"].as_object().unwrap().keys()).collect();
    assert_eq!(fields, BTreeSet::from([&"name".to_owned(), &"number".to_owned()]));
    let made =
        world.run(&[&["bundle", "create", "--force", "-o", path.to_str().unwrap()], &asked[..]].concat());
    assert!(made.out.contains("sealed values disclosed in it: 14;"), "{}", made.out);
    assert!(!made.out.contains("Kenanga"), "they are for the recipient: {}", made.out);
    let told = verified(&path, &[]);
    for part in [
        "name: Batik Kenanga Makmur (sintetis)",
        "The 14 sealed values of 14 events",
        "those disclosed here are true on the word of whoever recorded them",
    ] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    let readme = members(&path).into_iter().find(|(member, _)| *member == ArchiveMember::Readme).unwrap().1;
    let readme = String::from_utf8(readme).unwrap().replace('\n', " ");
    assert!(readme.contains("sealed values of the fields name, number"));

    let open = created(&world, "open.zip", &["--view", "green_certified"]);
    assert!(!has(&open, ArchiveMember::Disclosures) && said(&open, &[])["said"]["disclosed"] == json!([]));
    let out = world.beside("none.zip");
    for (flags, part) in [
        (&["--actor", "petugas-3", "--disclose", "names"][..], "no sealed field has that name; there are: "),
        (&["--actor", "petugas-3", "--disclose", "x\nVERIFIED"], "\n    VERIFIED: no sealed field"),
        (&["--statement", "x"], "--statement-vkey"),
    ] {
        let asked = ["bundle", "create", "--view", "green_certified", "-o", out.to_str().unwrap()];
        let made = world.run(&[&asked[..], flags].concat());
        assert_eq!((made.code, made.err.contains(part)), (2, true), "{flags:?}: {}", made.err);
        assert!(!out.exists());
    }
}

#[test]
fn who_was_erased_is_missing_for_a_reason_that_the_log_tells() {
    let world = demo();
    let claim = in_repository(CLAIM);
    let path = created(
        &world,
        "persons.zip",
        &["--claim", claim.to_str().unwrap(), "--actor", "petugas-3", "--disclose", "name,phone"],
    );
    let report = said(&path, &[]);
    let persons = report["said"]["disclosed"].as_array().unwrap();
    let named = persons.iter().filter(|event| event["subject"].as_str().unwrap().starts_with("person/"));
    assert_eq!((named.count(), &report["said"]["erased"]), (29, &json!(2)), "{report:#}");
}

/// Two sums made on the spot may differ by one IKM; what leaves the office is a release.
#[test]
fn no_sum_made_on_the_spot_goes_with_a_bundle() {
    let world = demo();
    let out = world.beside("attested.zip");
    let asked = ["bundle", "create", "--view", "welfare", "--attested", "-o", out.to_str().unwrap()];
    let made = world.run(&asked);
    assert_eq!((made.code, out.exists()), (2, false), "{}", made.err);
}

#[test]
fn an_auditors_statement_goes_with_it_and_holds_for_whoever_knows_the_auditor() {
    let world = demo();
    let [key, out] = ["statement.key", "signed"].map(|name| world.beside(name).to_str().unwrap().to_owned());
    let auditor = |key: &str| {
        let made = world.json(&["key", "--kind", "statement", "--name", "auditor.example", "--out", key]);
        made["vkey"].as_str().unwrap().to_owned()
    };
    let vkey_of_auditor = auditor(&key);
    let dir = world.dir();
    let log = vkey(&world);
    let audit = ["audit", dir.to_str().unwrap(), "--log-vkey", &log, "--statement-key", &key, "--out", &out];
    assert_eq!(world.run(&audit).code, 0);
    let statement = world.beside("signed/audit-statement");
    let with = ["--statement", statement.to_str().unwrap(), "--statement-vkey", &vkey_of_auditor];
    let path = created(&world, "audited.zip", &[&["--view", "trained"][..], &with].concat());

    let report = said(&path, &["--statement-vkey", &vkey_of_auditor]);
    let audited = &report["said"]["audited"];
    assert_eq!((&audited["auditor"], &audited["size"]), (&json!("auditor.example"), &json!(1144)));
    assert!(audited["views"].as_u64().unwrap() > 20);
    assert!(verified(&path, &[]).out.contains("was not judged; give its auditor's key by --statement-vkey"));
    let other = auditor(world.beside("other.key").to_str().unwrap());
    let answer = verified(&path, &["--statement-vkey", &other]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.out.contains("audit-statement: the note has no signature by a known key"),
        "{}",
        answer.out
    );
    let bare = created(&world, "bare.zip", &["--view", "trained"]);
    let answer = verified(&bare, &["--statement-vkey", &vkey_of_auditor]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("there is no audit statement of auditor.example in it"), "{}", answer.out);
}

#[test]
fn a_reader_who_knows_an_old_key_needs_nothing_but_the_bundle() {
    let world = demo();
    let old = vkey(&world);
    let rotated = world.run(&["log", "rotate-key", "--basis", "Keputusan contoh"]);
    assert_eq!(rotated.code, 0, "{}", rotated.err);
    let path = created(&world, "rotated.zip", &["--view", "trained", "--on", "2026-06-30"]);
    assert!(has(&path, ArchiveMember::Handover(1145)));
    for key in [&old, &vkey(&world)] {
        assert_eq!(verified(&path, &["--log-vkey", key]).code, 0, "{key}");
    }
}

/// A claim about one value of a breakdown lists everybody of its view: their names are nobody's business.
#[test]
fn no_values_go_with_an_answer_that_also_names_others() {
    const CLAIM: &str = r#"document = "siaran-pers.txt"
publisher = "Kabar Contoh"
claim = "6 IKMs at one exhibition"
kind = "fact"
unit = "ikm"
value = 6
as_of = 2026-06-30

[indicator]
view = "exhibited"
figure = "exhibited"

[scope]
exhibition = "d505689c-0101-4502-951d-11e5452a7b61"
"#;
    let world = demo();
    let claim = world.beside("claim.toml");
    std::fs::write(&claim, CLAIM).unwrap();
    let claim = claim.to_str().unwrap();
    let before = accesses(&world).len();
    created(&world, "open.zip", &["--claim", claim]);
    let out = world.beside("named.zip");
    let asked = [
        "bundle",
        "create",
        "--claim",
        claim,
        "--actor",
        "petugas-3",
        "--disclose",
        "name",
        "-o",
        out.to_str().unwrap(),
    ];
    let made = world.run(&asked);
    assert_eq!((made.code, made.err.contains("ask the view, narrowed")), (2, true), "{}", made.err);
    assert!(!out.exists());
    let since = accesses(&world).split_off(before);
    assert!(since.iter().all(|noted| noted["subjects"] == json!([])), "nothing was looked at");
}

/// The vault no longer has what was erased after an older checkpoint, and a bundle of that could not say why.
#[test]
fn an_older_checkpoint_cannot_explain_a_later_erasure() {
    let world = demo();
    let policy = cosigned(&world, 1_800_000_000);
    let listed = world.json(&["view", "welfare", "--on", "2026-06-30", "--list"]);
    let reported = |member: &&Value| member["figures"][0] == "workforce_reported";
    let ikm = listed["members"].as_array().unwrap().iter().find(reported).unwrap()["who"].as_str().unwrap();
    let erased = world.run(&["subject", "erase", ikm, "--basis", "subject_request"]);
    assert_eq!(erased.code, 0, "{}", erased.err);
    let out = world.beside("welfare.zip");
    for beside in
        [&["--actor", "petugas-3", "--disclose", "workers"], &["--actor", "petugas-3", "--disclose", "name"]]
    {
        let asked =
            ["--view", "welfare", "--on", "2026-06-30", "--policy", &policy, "-o", out.to_str().unwrap()];
        let older = world.run(&[&["bundle", "create", "--cosigned"], &asked[..], &beside[..]].concat());
        let said = "were erased after the checkpoint of size 1,144";
        assert_eq!((older.code, older.err.contains(said)), (1, true), "{beside:?}: {}", older.err);
        assert!(!out.exists());
    }
    let asked =
        ["--view", "welfare", "--on", "2026-06-30", "--actor", "petugas-3", "--disclose", "name,workers"];
    let newest = said(&created(&world, "newest.zip", &asked), &[]);
    assert!(newest["said"]["erased"].as_u64().unwrap() > 0);
}
