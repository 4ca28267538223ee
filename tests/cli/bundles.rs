//! `bundle create` and `bundle verify` from outside: what a stranger with nothing but the file finds. What is
//! answered to everybody who altered it lies in files (`tests/cheating/bundles.rs`).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use jejak::disk::{Existing, RealDisk};
use jejak::proof::bundle::archive::{ArchiveMember, BundleReader, BundleWriter, UnpackedMember};
use jejak::vault::KeyFile;
use jejak_events::bundle;
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::note::NoteSigner;
use jejak_events::tree::{Frontier, leaf_hash};
use jejak_projections::claims::Claim;
use serde_json::Value;

use super::proposals::{event, ikm, lines};
use super::{Ran, World, in_repository, ran};
use crate::cheating::bundles::{Draft, file, stored};

const ORIGIN: &str = "jejak.example/demo";
pub(super) const CLAIM: &str = "tests/data/claims/mojokerto-5-foreign-trade-training.toml";

pub(super) type Members = Vec<(ArchiveMember, Vec<u8>)>;

pub(super) fn demo() -> World {
    let world = World::empty();
    assert_eq!(world.run(&["demo"]).code, 0);
    world
}

pub(super) fn created(world: &World, name: &str, asked: &[&str]) -> PathBuf {
    let path = world.beside(name);
    let made = world.run(&[&["bundle", "create", "-o", path.to_str().unwrap()], asked].concat());
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    path
}

fn created_for_claim(world: &World) -> PathBuf {
    created(world, "bukti.zip", &["--claim", in_repository(CLAIM).to_str().unwrap()])
}

/// Verifies as a stranger does: an empty home, no registry, nothing in the environment.
pub(super) fn verified(path: &Path, flags: &[&str]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jejak"));
    command.args(["bundle", "verify"]).arg(path).args(flags).args(["--lang", "en"]);
    command
        .env_clear()
        .env("COLUMNS", "1000")
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(Stdio::null());
    let ran = ran(command.output().unwrap());
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "it leaves nothing behind");
    ran
}

pub(super) fn vkey(world: &World) -> String {
    world.run(&["log", "vkey"]).out.trim().to_owned()
}

pub(super) fn members(path: &Path) -> Members {
    let bytes = std::fs::read(path).unwrap();
    let mut reader = BundleReader::new(bytes.as_slice());
    let mut members = Vec::new();
    while let Some(UnpackedMember { member, bytes }) = reader.next().unwrap() {
        members.push((member, bytes));
    }
    members
}

/// The registry's own signer: what a cheating operator has at hand.
fn own_signer(world: &World, purpose: &str) -> NoteSigner {
    let keys = KeyFile::read(Arc::new(RealDisk), &world.dir().join("keys")).unwrap();
    let name = if purpose == "checkpoint" { ORIGIN.to_owned() } else { format!("{ORIGIN}/{purpose}") };
    NoteSigner::new(&name, keys.signing(purpose).unwrap().bytes()).unwrap()
}

/// Lays members out as a bundle, under a manifest of one's own.
fn written(path: &Path, members: &Members, signer: &NoteSigner) -> PathBuf {
    let mut writer = BundleWriter::create(&RealDisk, path, false).unwrap();
    for (member, content) in members.iter().filter(|(member, _)| *member != ArchiveMember::Manifest) {
        writer.add(*member, content).unwrap();
    }
    writer.finish(signer).unwrap().publish(Existing::Replaced).unwrap();
    path.to_owned()
}

fn entries(members: &Members) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    for (member, bytes) in members {
        if let ArchiveMember::Entries(place) = member {
            entries.extend(bundle::decode(bytes, place.width()).unwrap().into_iter().map(<[u8]>::to_vec));
        }
    }
    entries
}

/// A checkpoint over some entries, signed with the log's own key.
fn checkpoint(world: &World, entries: &[Vec<u8>]) -> Vec<u8> {
    let mut tree = Frontier::new();
    entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
    let checkpoint = Checkpoint::new(ORIGIN, tree.size(), tree.root()).unwrap();
    let signed = SignedCheckpoint::sign(checkpoint, &own_signer(world, "checkpoint")).unwrap();
    signed.to_string().into_bytes()
}

#[test]
fn a_stranger_verifies_a_claim_with_the_file_alone() {
    let world = demo();
    let path = created_for_claim(&world);
    let alone = verified(&path, &[]);
    assert_eq!(alone.code, 0, "{}{}", alone.out, alone.err);
    for said in [
        "\nVERIFIED, if event 0's key is the log's\n",
        "read and counted on the word of whoever made this file",
        "answer.json names who and which events are behind the answer",
        "compare it with the one that you know",
        "its maker's hint and was not used",
        "supported (synthetic); reported 30, counted 30",
        "right and complete by the log: it was counted again from all of its first 1,144 events",
        "no bundle can know",
        "attested by whoever signed, not proven",
        "made-up (synthetic) data",
        "age, and times in the future, were not judged",
    ] {
        assert!(alone.out.contains(said), "{said}: {}", alone.out);
    }
    let known = verified(&path, &["--log-vkey", &vkey(&world), "--at", "2026-12-31"]);
    assert_eq!(known.code, 0, "{}{}", known.out, known.err);
    assert!(known.out.contains("\nVERIFIED\n"), "{}", known.out);
    assert!(
        !known.out.contains("compare it") && known.out.contains(" days before 31 Dec 2026"),
        "{}",
        known.out
    );

    let json = verified(&path, &["--log-vkey", &vkey(&world), "--format", "json"]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&json["verified"], &json["size"]), (&true.into(), &1144.into()));
    assert_eq!(json["signed"]["from_reader"], true);
    assert_eq!(json["said"]["known"]["root"], json["root"]);
}

/// The log says which attestation key signs the bundle over a checkpoint: no other does, neither an old one nor one that
/// came later.
#[test]
fn a_manifest_is_signed_by_the_attestation_key_of_its_size() {
    let world = demo();
    let asked = ["--view", "trained"];
    let early = created(&world, "early.zip", &asked);
    let old = own_signer(&world, "attestation");
    let rotated =
        world.json(&["log", "rotate-key", "--purpose", "attestation", "--basis", "Keputusan contoh"]);
    assert_eq!((&rotated["index"], &rotated["size"]), (&1144.into(), &1145.into()));
    assert!(rotated.get("handover").is_none(), "{rotated}");
    let new = own_signer(&world, "attestation");
    assert_eq!(rotated["vkey"], new.verifier_key().to_string());
    let late = created(&world, "late.zip", &asked);
    // The checkpoint key is the one that it was.
    let known = ["--log-vkey", &vkey(&world)];
    for path in [&early, &late] {
        let answer = verified(path, &known);
        assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    }
    for (original, signer, size) in [(&early, &new, 1144), (&late, &old, 1145)] {
        let path = written(&world.beside("by-another.zip"), &members(original), signer);
        let answer = verified(&path, &known);
        assert_eq!(answer.code, 1, "{}", answer.out);
        let said = format!("is not signed by the registry, whose attestation key at size {size} is");
        assert!(answer.out.contains(&said), "{}", answer.out);
        std::fs::remove_file(path).unwrap();
    }
    let verify = world.run(&["verify"]);
    assert_eq!(verify.code, 0, "{}{}", verify.out, verify.err);
}

/// A claim that was recorded needs no file, and whoever verifies learns that it is the recorded one.
#[test]
fn a_recorded_claim_is_held_against_its_record() {
    let world = demo();
    let file = in_repository(CLAIM);
    let file = file.to_str().unwrap();
    let recorded = &world.json(&["claim", "check", file, "--record", "--actor", "auditor-2"])["claims"][0];
    let stream = recorded["recorded"]["claim"].as_str().unwrap();
    let path = created(&world, "recorded.zip", &["--claim", stream]);
    let answer = verified(&path, &["--log-vkey", &vkey(&world)]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(
        answer.out.contains(&format!("claim of Kabar Terdepan, recorded as {stream}: 30 ")),
        "{}",
        answer.out
    );
    let original = members(&path);
    let text = Draft(original.clone()).text(ArchiveMember::Claim);
    assert_eq!(Claim::parse(&text), Claim::parse(&std::fs::read_to_string(file).unwrap()));

    let none =
        world.run(&["bundle", "create", "--claim", &other(stream), "-o", &text_of(&world.beside("no.zip"))]);
    assert_eq!((none.code, none.err.contains("is not recorded; check")), (1, true), "{}", none.err);
    let signer = own_signer(&world, "attestation");
    let edits = [
        (
            ArchiveMember::Claim,
            "value = 30",
            "value = 29".to_owned(),
            "the claim is not the one that is recorded as claim/",
        ),
        (ArchiveMember::Question, stream, other(stream), "is not recorded at log size 1,146"),
        (ArchiveMember::Question, "claim/", "program/".to_owned(), "question.json: "),
    ];
    for (member, from, to, said) in edits {
        let mut altered = Draft(original.clone());
        altered.replace(member, from, &to);
        let path = written(&world.beside("altered.zip"), &altered.0, &signer);
        let answer = verified(&path, &[]);
        assert_eq!((answer.code, answer.out.contains(said)), (1, true), "{said}: {}", answer.out);
        std::fs::remove_file(path).unwrap();
    }
}

/// A stream beside this one.
fn other(stream: &str) -> String {
    let last = if stream.ends_with('0') { "1" } else { "0" };
    format!("{}{last}", &stream[..stream.len() - 1])
}

fn text_of(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_view_answers_the_same_in_a_bundle_and_from_the_command() {
    let world = demo();
    let asked = ["--area", "33.75", "--on", "2026-06-30"];
    let path = created(&world, "view.zip", &[&["--view", "green_certified"], &asked[..]].concat());
    assert_eq!(verified(&path, &[]).code, 0);
    let members = members(&path);
    let (_, answer) = members.iter().find(|(member, _)| *member == ArchiveMember::Answer).unwrap();
    let answer: Value = serde_json::from_slice(answer).unwrap();
    let mut own = world.json(&[&["view", "green_certified", "--list"], &asked[..]].concat());
    // The titles of programmes are beside the answer, which is by their ids.
    assert!(own.as_object_mut().unwrap().remove("titles").is_some());
    assert_eq!(answer, own);
    // As known before: the later events are in it and do not count.
    let path = created(&world, "then.zip", &["--view", "trained", "--on", "2026-06-30", "--as-known", "605"]);
    let then = verified(&path, &[]);
    assert_eq!(then.code, 0, "{}", then.out);
    assert!(then.out.contains("539 later ones are in this bundle and do not count"), "{}", then.out);

    let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    let noted = "bundle create --view trained --on 2026-06-30 --as-known 605, 1144 events";
    assert!(log.contains(noted), "{log}");
    // Every value that the vault holds, and nothing of it in the file.
    let open: Vec<u8> = members.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
    let open = String::from_utf8_lossy(&open);
    let named = world.json(&["view", "green_certified", "--list", "--actor", "petugas-3", "--names"]);
    let names: Vec<&str> = named["names"].as_object().unwrap().values().filter_map(Value::as_str).collect();
    assert!(!names.is_empty());
    for name in names {
        assert!(!open.contains(name), "{name}");
    }
}

#[test]
fn what_cannot_be_asked_is_refused_and_leaves_no_file() {
    let world = demo();
    let out = world.beside("no.zip");
    let out = out.to_str().unwrap();
    let claim = in_repository(CLAIM);
    let claim = claim.to_str().unwrap();
    let policy = world.beside("policy.txt");
    let policy = policy.to_str().unwrap();
    let broken = world.beside("broken.txt");
    let broken = broken.to_str().unwrap();
    std::fs::write(broken, "quorum nobody\n").unwrap();
    let witness = witness();
    let witness = witness.verifier_key();
    std::fs::write(policy, format!("log {}\nwitness w {witness}\nquorum w\n", vkey(&world))).unwrap();
    for (arguments, code) in [
        (&["--view", "green_certified", "--as-known", "99999"][..], 2),
        (&["--view", "nothing"], 2),
        (&["--view", "trained", "--scale", "besar"], 2),
        (&["--claim", claim, "--area", "33.75"], 2),
        (&["--claim", claim, "--view", "trained"], 2),
        (&[], 2),
        (&["--view", "trained", "--policy", broken], 2),
        // Nobody has cosigned.
        (&["--view", "trained", "--policy", policy], 1),
        (&["--view", "trained", "--cosigned"], 1),
    ] {
        let made = world.run(&[&["bundle", "create", "-o", out], arguments].concat());
        assert_eq!(made.code, code, "{arguments:?}: {}{}", made.out, made.err);
        assert!(!Path::new(out).exists(), "{arguments:?}");
    }
    assert_eq!(std::fs::read_dir(world.beside("")).unwrap().count(), 3, "data and policies, nothing aside");
    assert_eq!(verified(Path::new(policy), &[]).code, 1, "a text is no bundle");
    assert_eq!(verified(Path::new(out), &[]).code, 2, "no such file");
}

/// Has a witness cosign the newest checkpoint, and the registry keep that. Answers with a policy that asks for it.
pub(super) fn cosigned(world: &World, at: u64) -> String {
    let mut signed = SignedCheckpoint::parse(world.run(&["log", "checkpoint"]).out.as_bytes()).unwrap();
    signed.add(witness().cosign(&signed, at).unwrap()).unwrap();
    let [brought, policy] = ["brought.txt", "policy.txt"].map(|name| text_of(&world.beside(name)));
    std::fs::write(&brought, signed.to_string()).unwrap();
    let listed = format!("log {}\nwitness w {}\nquorum w\n", vkey(world), witness().verifier_key());
    std::fs::write(&policy, listed).unwrap();
    let kept = world.run(&["cosign", "--add", &brought, "--policy", &policy]);
    assert_eq!(kept.code, 0, "{}{}", kept.out, kept.err);
    policy
}

fn witness() -> CosignatureSigner {
    CosignatureSigner::new("witness.example", &[5; 32]).unwrap()
}

#[test]
fn a_cosigned_checkpoint_is_handed_out_and_held_against_the_readers_policy() {
    const COSIGNED_AT: u64 = 1_800_000_000;
    let world = demo();
    let policy = &cosigned(&world, COSIGNED_AT);
    let path = created(&world, "cosigned.zip", &["--view", "trained", "--cosigned", "--policy", policy]);
    let answer = verified(&path, &["--policy", policy, "--at", "2027-02-01"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert!(answer.out.contains("w: that others are shown the same log."), "{}", answer.out);
    let answer = verified(&path, &["--policy", policy, "--at", "2027-01-01"]);
    assert_eq!(answer.code, 1, "{}", answer.out);
    assert!(answer.out.contains("cannot be from the future"), "{}", answer.out);
    // What the bundle says of itself is no policy.
    let answer = verified(&path, &[]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert!(answer.out.contains("the policy in the bundle (quorum w) is its maker's hint"), "{}", answer.out);
    assert!(answer.out.contains("No witness that you listed has cosigned"), "{}", answer.out);
}

/// What needs more than one bundle of entries; all else that an operator can try lies in files.
#[test]
fn a_bundle_of_entries_left_out_or_put_in_is_found_out() {
    let world = demo();
    let original = members(&created_for_claim(&world));
    let signer = own_signer(&world, "attestation");
    let (mut fewer, mut beyond) = (original.clone(), original.clone());
    fewer.retain(|(member, _)| !member.to_string().contains(".p/"));
    let checkpoint = checkpoint(&world, &entries(&original)[..1024]);
    beyond.iter_mut().find(|(member, _)| *member == ArchiveMember::Checkpoint).unwrap().1 = checkpoint;
    for (altered, said) in [
        (fewer, "the checkpoint states 1,144 events, only 1,024 are there"),
        (beyond, "tile/entries/004.p/120: events beyond those that the checkpoint states"),
    ] {
        let path = written(&world.beside("altered.zip"), &altered, &signer);
        let answer = verified(&path, &["--log-vkey", &vkey(&world)]);
        assert_refused(&answer, said, said);
    }
}

fn assert_refused(answer: &Ran, what: &str, said: &str) {
    assert_eq!(answer.code, 1, "{what}: {}{}", answer.out, answer.err);
    assert!(answer.out.lines().any(|line| line == "NOT VERIFIED"), "{what}: {}", answer.out);
    // Nobody's text passes for a line of ours.
    assert!(!answer.out.lines().any(|line| line == "VERIFIED"), "{what}: {}", answer.out);
    // People see the thousands of counts apart.
    let said = said.replace(',', "");
    assert!(answer.out.replace(',', "").contains(&said), "{what}: expected `{said}`: {}", answer.out);
    assert!(!answer.out.lines().any(|line| line.starts_with("Proven")), "{what}: {}", answer.out);
}

/// What the library answers to these files is compared for all of them in `tests/cheating/bundles.rs`.
#[test]
fn the_command_answers_to_files_what_their_index_says() {
    let directory = tempfile::tempdir().unwrap();
    let written = |name: String, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for (folder, names) in [
        (
            "bundle",
            &[
                "honest-cosigned",
                "honest-kept",
                "figure-altered",
                "cosigned-in-the-future",
                "two-of-one-size",
                "question-feigns-a-verdict",
                "disclosures-feign-a-verdict",
                "later-than-the-day",
                "question-clears-the-screen",
            ][..],
        ),
        ("archive", &["honest", "bomb", "empty", "name-clears-the-screen", "manifest-of-a-stranger"]),
    ] {
        let rows = stored(folder).0;
        for name in names {
            let (row, _) = &rows[*name];
            let path = file(folder, row.file_of.as_deref().unwrap_or(name));
            let mut flags = Vec::new();
            if let Some(policy) = &row.policy {
                flags.extend(["--policy".to_owned(), written("policy".to_owned(), policy)]);
            }
            for (number, kept) in row.kept.iter().enumerate() {
                flags.extend(["--kept".to_owned(), written(format!("kept-{number}"), kept)]);
            }
            if let Some(at) = &row.at {
                flags.extend(["--at".to_owned(), at.clone()]);
            }
            if let Some(key) = &row.statement_vkey {
                flags.extend(["--statement-vkey".to_owned(), key.clone()]);
            }
            let answer = verified(&path, &flags.iter().map(String::as_str).collect::<Vec<_>>());
            let control = |one: char| one.is_control() && one != '\n';
            assert!(!answer.out.contains(control), "{name}: {:?}", answer.out);
            match &row.answer {
                Some(said) => assert_refused(&answer, name, said),
                None => {
                    assert_eq!(answer.code, 0, "{name}: {}{}", answer.out, answer.err);
                    assert!(answer.out.contains("Proven"), "{name}: {}", answer.out);
                }
            }
        }
    }
    let honest = file("archive", "honest");
    for flags in [["--log-vkey", "x"], ["--at", "1144"], ["--policy", "missing.txt"]] {
        assert_eq!(verified(&honest, &flags).code, 2, "{flags:?}");
    }
}

#[test]
fn a_day_beyond_the_last_event_is_told() {
    let answer = verified(&file("bundle", "day-to-come"), &[]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert!(answer.out.contains("what happened in between may not be on record"), "{}", answer.out);
}

/// The very moment of what is recorded, and the first of a day, are not before them.
#[test]
fn a_bundle_is_judged_to_the_millisecond() {
    let world = World::new();
    assert_eq!(world.append(&super::proposals::lines([super::proposals::registered(2)]), &[]).code, 0);
    let exported = world.run(&["log", "export", "--from", "1"]).out;
    let event: Value = serde_json::from_str(exported.trim()).unwrap();
    let last = event["recordedtime"].as_str().unwrap();
    let (head, millis) =
        (&last[..last.len() - 4], last[last.len() - 4..last.len() - 1].parse::<u32>().unwrap());
    // A second earlier where the millisecond before lies in another one.
    let before = match millis {
        0 => jejak_events::time::RecordedTime::parse(last).unwrap().unix_ms() - 1,
        _ => 0,
    };
    let before = match before {
        0 => format!("{head}{:03}Z", millis - 1),
        ms => jejak_events::time::RecordedTime::from_unix_ms(ms).unwrap().to_string(),
    };
    let key = vkey(&world);
    let cases = [(last.to_owned(), true), (before, false)];
    for (number, (at, holds)) in cases.into_iter().enumerate() {
        let path = text_of(&world.beside(&format!("{number}.zip")));
        let made =
            world.run(&["bundle", "create", "--view", "registered", "--on", "2025-03-03", "-o", &path]);
        assert_eq!(made.code, 0, "{}", made.err);
        let ran = World::empty().run(&["bundle", "verify", &path, "--log-vkey", &key, "--at", &at]);
        assert_eq!(ran.code == 0, holds, "at {at}: {}{}", ran.out, ran.err);
    }
    // The first moment of a day that a bundle answers for, and the last one before it.
    for (at, holds) in [
        ("2999-12-31T00:00:00+07:00", true),
        ("2999-12-30T23:59:59.999+07:00", false),
        ("2999-12-31", true),
        ("2999-12-30", false),
    ] {
        let ran = verified(&file("bundle", "day-to-come"), &["--at", at]);
        assert_eq!(ran.code == 0, holds, "at {at}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn how_a_filter_is_understood_is_said() {
    let world = World::new();
    let data = serde_json::json!({"area": "33.75", "organiser": "Dinas Contoh", "theme": "export",
        "title": "Pelatihan ekspor", "unit": "ikm", "funding": [{"source": "apbd", "fiscal_year": 2025}]});
    let program = event(1, "program.opened", &format!("program/{}", ikm(9)), "2025-01-06", data);
    assert_eq!(world.append(&lines([program]), &[]).code, 0);
    for (view, said) in [
        ("spending", "Money counts by its own source: only that of apbd."),
        ("trained", "Only programmes that have money of apbd, by any event."),
    ] {
        let asked = ["view", view, "--funding", "apbd"];
        assert!(world.run(&asked).out.contains(said), "{}", world.run(&asked).out);
        assert_eq!(world.json(&asked)["notes"][0]["en"], said);
    }
    let asked = ["--view", "trained", "--area", "33.75", "--area-of", "ikm"];
    let bundle = created(&world, "by-ikm.zip", &asked);
    let (_, readme) =
        members(&bundle).into_iter().find(|(member, _)| *member == ArchiveMember::Readme).unwrap();
    let readme = String::from_utf8(readme).unwrap();
    assert!(readme.contains("by the area of the IKM"), "{readme}");
}
