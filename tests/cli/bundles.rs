//! `bundle create` and `bundle verify` from outside: what a stranger with nothing but the file finds, and
//! what is answered to everybody who altered it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use jejak::bundle::archive::{Content, Member, Reader, Writer};
use jejak::disk::RealDisk;
use jejak::vault::KeyFile;
use jejak_events::bundle;
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::note::NoteSigner;
use jejak_events::tile::BundlePlace;
use jejak_events::tree::{Frontier, leaf_hash};
use jejak_projections::claims::Claim;
use serde_json::Value;

use super::{Ran, World, in_repository, ran};

const ORIGIN: &str = "jejak.example/demo";
const CLAIM: &str = "tests/data/claims/mojokerto-5-foreign-trade-training.toml";

type Members = Vec<(Member, Vec<u8>)>;

fn demo() -> World {
    let world = World::empty();
    assert_eq!(world.run(&["demo"]).code, 0);
    world
}

fn created(world: &World, name: &str, asked: &[&str]) -> PathBuf {
    let path = world.beside(name);
    let made = world.run(&[&["bundle", "create", "-o", path.to_str().unwrap()], asked].concat());
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    path
}

fn created_for_claim(world: &World) -> PathBuf {
    created(world, "bukti.zip", &["--claim", in_repository(CLAIM).to_str().unwrap()])
}

/// Verifies as a stranger does: an empty home, no registry, nothing in the environment.
fn verified(path: &Path, flags: &[&str]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jejak"));
    command.args(["bundle", "verify"]).arg(path).args(flags).args(["--lang", "en"]);
    command.env_clear().env("HOME", home.path()).current_dir(home.path()).stdin(Stdio::null());
    let ran = ran(command.output().unwrap());
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "it leaves nothing behind");
    ran
}

fn vkey(world: &World) -> String {
    world.run(&["log", "vkey"]).out.trim().to_owned()
}

fn members(path: &Path) -> Members {
    let bytes = std::fs::read(path).unwrap();
    let mut reader = Reader::new(bytes.as_slice());
    let mut members = Vec::new();
    while let Some(Content { member, bytes }) = reader.next().unwrap() {
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
    let mut writer = Writer::create(&RealDisk, path).unwrap();
    for (member, content) in members.iter().filter(|(member, _)| *member != Member::Manifest) {
        writer.add(*member, content).unwrap();
    }
    writer.finish(signer).unwrap().publish().unwrap();
    path.to_owned()
}

fn content(members: &mut Members, of: Member) -> &mut Vec<u8> {
    &mut members.iter_mut().find(|(member, _)| *member == of).unwrap().1
}

fn replace(members: &mut Members, of: Member, from: &str, to: &str) {
    let text = String::from_utf8(content(members, of).clone()).unwrap();
    assert!(text.contains(from), "{of}: {from}");
    *content(members, of) = text.replacen(from, to, 1).into_bytes();
}

fn entries(members: &Members) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    for (member, bytes) in members {
        if let Member::Entries(place) = member {
            entries.extend(bundle::decode(bytes, place.width()).unwrap().into_iter().map(<[u8]>::to_vec));
        }
    }
    entries
}

fn put_entries(members: &mut Members, entries: &[Vec<u8>]) {
    members.retain(|(member, _)| !matches!(member, Member::Entries(_)));
    for (index, chunk) in (0..).zip(entries.chunks(256)) {
        let place = BundlePlace::new(index, u16::try_from(chunk.len()).unwrap()).unwrap();
        members.push((Member::Entries(place), bundle::encode(chunk.iter().map(Vec::as_slice)).unwrap()));
    }
}

/// A checkpoint over some entries, signed with the log's own key.
fn checkpoint(world: &World, origin: &str, entries: &[Vec<u8>]) -> Vec<u8> {
    let mut tree = Frontier::new();
    entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
    let keys = KeyFile::read(Arc::new(RealDisk), &world.dir().join("keys")).unwrap();
    let signer = NoteSigner::new(origin, keys.signing("checkpoint").unwrap().bytes()).unwrap();
    let checkpoint = Checkpoint::new(origin, tree.size(), tree.root()).unwrap();
    SignedCheckpoint::sign(checkpoint, &signer).unwrap().to_string().into_bytes()
}

#[test]
fn a_stranger_verifies_a_claim_with_the_file_alone() {
    let world = demo();
    let path = created_for_claim(&world);
    let alone = verified(&path, &[]);
    assert_eq!(alone.code, 0, "{}{}", alone.out, alone.err);
    for said in [
        "VERIFIED",
        "compare it with the one that you know",
        "its maker's hint and was not used",
        "supported (synthetic); reported 30, counted 30",
        "right and complete by the log: it was counted again from all of its first 1126 events",
        "no bundle can know",
        "attested by whoever signed, not proven",
        "made-up (synthetic) data",
        "age, and times in the future, were not judged",
    ] {
        assert!(alone.out.contains(said), "{said}: {}", alone.out);
    }
    let known = verified(&path, &["--log-vkey", &vkey(&world), "--at", "2026-12-31"]);
    assert_eq!(known.code, 0, "{}{}", known.out, known.err);
    assert!(
        !known.out.contains("compare it") && known.out.contains(" days before 2026-12-31"),
        "{}",
        known.out
    );

    let json = verified(&path, &["--log-vkey", &vkey(&world), "--format", "json"]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&json["verified"], &json["size"]), (&true.into(), &1126.into()));
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
    assert_eq!((&rotated["index"], &rotated["size"]), (&1126.into(), &1127.into()));
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
    for (original, signer, size) in [(&early, &new, 1126), (&late, &old, 1127)] {
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
    let text = String::from_utf8(content(&mut original.clone(), Member::Claim).clone()).unwrap();
    assert_eq!(Claim::parse(&text), Claim::parse(&std::fs::read_to_string(file).unwrap()));

    let none =
        world.run(&["bundle", "create", "--claim", &other(stream), "-o", &text_of(&world.beside("no.zip"))]);
    assert_eq!((none.code, none.err.contains("is not recorded; check")), (1, true), "{}", none.err);
    let signer = own_signer(&world, "attestation");
    let edits = [
        (
            Member::Claim,
            "value = 30",
            "value = 29".to_owned(),
            "the claim is not the one that is recorded as claim/",
        ),
        (Member::Question, stream, other(stream), "is not recorded at log size 1128"),
        (Member::Question, "claim/", "program/".to_owned(), "question.json: "),
    ];
    for (member, from, to, said) in edits {
        let mut altered = original.clone();
        replace(&mut altered, member, from, &to);
        let path = written(&world.beside("altered.zip"), &altered, &signer);
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
    let mut members = members(&path);
    let answer: Value = serde_json::from_slice(content(&mut members, Member::Answer)).unwrap();
    assert_eq!(answer, world.json(&[&["view", "green_certified", "--list"], &asked[..]].concat()));
    // As known before: the later events are in it and do not count.
    let path = created(&world, "then.zip", &["--view", "trained", "--on", "2026-06-30", "--as-known", "600"]);
    let then = verified(&path, &[]);
    assert_eq!(then.code, 0, "{}", then.out);
    assert!(then.out.contains("526 later ones are in this bundle and do not count"), "{}", then.out);

    let log = std::fs::read_to_string(world.dir().join("access.jsonl")).unwrap();
    assert!(log.contains("bundle create --view trained, 1126 events"), "{log}");
    // Every value that the vault holds, and nothing of it in the file.
    let open: Vec<u8> = members.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
    let open = String::from_utf8_lossy(&open);
    let named = world.json(&["view", "green_certified", "--list", "--names"]);
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

fn witness() -> CosignatureSigner {
    CosignatureSigner::new("witness.example", &[5; 32]).unwrap()
}

#[test]
fn a_cosigned_checkpoint_is_handed_out_and_held_against_the_readers_policy() {
    const COSIGNED_AT: u64 = 1_800_000_000;
    let world = demo();
    let mut signed = SignedCheckpoint::parse(world.run(&["log", "checkpoint"]).out.as_bytes()).unwrap();
    signed.add(witness().cosign(&signed, COSIGNED_AT).unwrap()).unwrap();
    let [brought, policy] = ["brought.txt", "policy.txt"].map(|name| world.beside(name));
    std::fs::write(&brought, signed.to_string()).unwrap();
    let witness = witness();
    let listed = format!("log {}\nwitness w {}\nquorum w\n", vkey(&world), witness.verifier_key());
    std::fs::write(&policy, listed).unwrap();
    let [brought, policy] = [&brought, &policy].map(|path| path.to_str().unwrap());
    let kept = world.run(&["cosign", "--add", brought, "--policy", policy]);
    assert_eq!(kept.code, 0, "{}{}", kept.out, kept.err);

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

/// What an operator can try who has every key of the registry.
#[test]
fn an_operator_who_alters_a_bundle_and_signs_it_is_found_out() {
    type Edit = fn(&World, &mut Members);
    let world = demo();
    let original = members(&created_for_claim(&world));
    let signer = own_signer(&world, "attestation");
    let cases: &[(&str, Edit, &str)] = &[
        (
            "another answer",
            |_, all| replace(all, Member::Answer, "\"counted\": 30", "\"counted\": 31"),
            "claims[0].report.counted says 31, counting again gives 30",
        ),
        (
            "another verdict",
            |_, all| replace(all, Member::Answer, "\"supported\"", "\"understated\""),
            "claims[0].report.verdict says \"understated\", counting again gives \"supported\"",
        ),
        (
            "an answer without what was recorded late",
            |_, all| replace(all, Member::Answer, "\"recorded_late\"", "\"x\""),
            "claims[0].report.x says [], counting again gives -",
        ),
        ("no answer", |_, all| *content(all, Member::Answer) = b"{".to_vec(), "answer.json is not what"),
        (
            "another definition",
            |_, all| replace(all, Member::Definition, "\n\n", "\n\nAnd whom we like.\n"),
            "definition.txt is not the definition that was counted by",
        ),
        (
            "another claim",
            |_, all| replace(all, Member::Claim, "value = 30", "value = 29"),
            "counting again gives",
        ),
        ("no claim", |_, all| *content(all, Member::Claim) = b"x".to_vec(), "claim.toml: "),
        (
            "as known at another size",
            |_, all| replace(all, Member::Question, "1126", "1000"),
            "counting again gives",
        ),
        (
            "as known beyond the log",
            |_, all| replace(all, Member::Question, "1126", "1127"),
            "asked as known at 1127 events, more than there are",
        ),
        (
            "another question",
            |_, all| replace(all, Member::Question, "today", "toady"),
            "unknown field `toady`",
        ),
        (
            "an event edited",
            |_, all| {
                let mut changed = entries(all);
                let at = changed[700].iter().rposition(u8::is_ascii_digit).unwrap();
                changed[700][at] ^= 1;
                put_entries(all, &changed);
            },
            "some were changed, dropped, inserted or reordered",
        ),
        (
            "an event edited, under a checkpoint signed anew",
            |world, all| {
                let mut changed = entries(all);
                let text = String::from_utf8(changed[0].clone()).unwrap();
                changed[0] = text.replace("\"synthetic\":true", "\"synthetic\":false").into_bytes();
                *content(all, Member::Checkpoint) = checkpoint(world, ORIGIN, &changed);
                put_entries(all, &changed);
            },
            "claims[0].report.synthetic says true, counting again gives false",
        ),
        (
            "an event left out",
            |_, all| {
                let mut changed = entries(all);
                changed.remove(700);
                put_entries(all, &changed);
            },
            "tile/entries/004.p/101: no part of the log of 1126 events",
        ),
        (
            "the last bundle of events left out",
            |_, all| all.retain(|(member, _)| !member.to_string().contains(".p/")),
            "the checkpoint states 1126 events, only 1024 are there",
        ),
        (
            "an event put in twice",
            |_, all| {
                let mut changed = entries(all);
                changed.insert(700, changed[699].clone());
                put_entries(all, &changed);
            },
            "tile/entries/004.p/103: no part of the log of 1126 events",
        ),
        (
            "events swapped",
            |_, all| {
                let mut changed = entries(all);
                changed.swap(700, 701);
                put_entries(all, &changed);
            },
            "some were changed, dropped, inserted or reordered",
        ),
        (
            "events beyond the checkpoint",
            |world, all| *content(all, Member::Checkpoint) = checkpoint(world, ORIGIN, &entries(all)[..1024]),
            "tile/entries/004.p/102: events beyond those that the checkpoint states",
        ),
        (
            "an older checkpoint, and fewer events",
            |world, all| {
                let fewer = entries(all)[..1100].to_vec();
                *content(all, Member::Checkpoint) = checkpoint(world, ORIGIN, &fewer);
                put_entries(all, &fewer);
            },
            "asked as known at 1126 events, more than there are",
        ),
        (
            "the checkpoint of another log",
            |world, all| {
                *content(all, Member::Checkpoint) = checkpoint(world, "other.example", &entries(all))
            },
            "the checkpoint is of `other.example`",
        ),
        (
            "another root",
            |_, all| {
                let text = String::from_utf8(content(all, Member::Checkpoint).clone()).unwrap();
                let root = text.lines().nth(2).unwrap().to_owned();
                let other = leaf_hash(b"other").to_string();
                *content(all, Member::Checkpoint) = text.replace(&root, &other).into_bytes();
            },
            "does not verify: text, signature or key was altered",
        ),
        (
            "a checkpoint of impossible size",
            |_, all| replace(all, Member::Checkpoint, "\n1126\n", "\n18446744073709551615\n"),
            "more than a bundle can hold",
        ),
        ("no checkpoint", |_, all| *content(all, Member::Checkpoint) = b"x\n".to_vec(), "checkpoint: "),
    ];
    let key = vkey(&world);
    for (what, edit, said) in cases {
        let mut altered = original.clone();
        edit(&world, &mut altered);
        assert!(altered != original, "{what}");
        let path = written(&world.beside("altered.zip"), &altered, &signer);
        let answer = verified(&path, &["--log-vkey", &key]);
        assert_eq!(answer.code, 1, "{what}: {}{}", answer.out, answer.err);
        assert!(answer.out.contains("NOT VERIFIED"), "{what}: {}", answer.out);
        assert!(answer.out.contains(said), "{what}: expected `{said}`: {}", answer.out);
        assert!(!answer.out.contains("Proven"), "{what}: {}", answer.out);
    }
    // The policy and the README are the maker's to write.
    let mut altered = original;
    *content(&mut altered, Member::Policy) = b"quorum none\n".to_vec();
    let path = written(&world.beside("altered.zip"), &altered, &signer);
    assert_eq!(verified(&path, &["--log-vkey", &key]).code, 0);
}

/// What anybody can try who has no key: alter a member and leave, or make, a manifest.
#[test]
fn a_forger_without_a_key_is_found_out_at_the_member() {
    let world = demo();
    let original = members(&created_for_claim(&world));
    let stranger = NoteSigner::new(&format!("{ORIGIN}/attestation"), &[7; 32]).unwrap();
    let path = written(&world.beside("stranger.zip"), &original, &stranger);
    let answer = verified(&path, &[]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("the manifest is not signed by the registry"), "{}", answer.out);

    for member in original.iter().map(|(member, _)| *member).filter(|member| *member != Member::Manifest) {
        let mut altered = original.clone();
        let bytes = content(&mut altered, member);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let path = written(&world.beside("forged.zip"), &altered, &stranger);
        keep_manifest(&path, &original.last().unwrap().1);
        let answer = verified(&path, &[]);
        assert_eq!(answer.code, 1, "{member}");
        let said = "its content is not what the manifest was signed over";
        assert!(answer.out.contains(&format!("    {member} (from byte ")), "{member}: {}", answer.out);
        assert!(answer.out.contains(said), "{member}: {}", answer.out);
    }
}

/// Puts the manifest of another bundle in the place of one of the same length, with its checksum.
fn keep_manifest(path: &Path, manifest: &[u8]) {
    let mut bytes = std::fs::read(path).unwrap();
    let start = bytes.windows(15).position(|window| window == b"jejak-bundle/0\n").unwrap();
    let local = start - "manifest".len() - 30;
    bytes[start..start + manifest.len()].copy_from_slice(manifest);
    let mut checksum = flate2::Crc::new();
    checksum.update(manifest);
    let checksum = checksum.sum().to_le_bytes();
    bytes[local + 14..local + 18].copy_from_slice(&checksum);
    // The last entry of the directory, in front of the end record.
    let entry = bytes.len() - 22 - "manifest".len() - 46;
    assert_eq!(&bytes[entry..entry + 4], b"PK\x01\x02");
    bytes[entry + 16..entry + 20].copy_from_slice(&checksum);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn another_key_policy_or_moment_is_not_accepted() {
    let world = demo();
    let path = created_for_claim(&world);
    let other = NoteSigner::new(ORIGIN, &[9; 32]).unwrap().verifier_key().to_string();
    let elsewhere = NoteSigner::new("other.example", &[9; 32]).unwrap().verifier_key().to_string();
    for (flags, said) in [
        (["--log-vkey", &other], "no signature by a known key"),
        (["--log-vkey", &elsewhere], "which is none of the logs that the policy lists: other.example"),
        (["--at", "2020-01-01"], "the last event was recorded at "),
        (["--at", "2020-01-01T00:00:00Z"], "after 2020-01-01T00:00:00.000Z"),
    ] {
        let answer = verified(&path, &flags);
        assert_eq!(answer.code, 1, "{flags:?}: {}{}", answer.out, answer.err);
        assert!(answer.out.contains(said), "{flags:?}: {}", answer.out);
    }
    for flags in [["--log-vkey", "x"], ["--at", "1126"], ["--policy", "missing.txt"]] {
        assert_eq!(verified(&path, &flags).code, 2, "{flags:?}");
    }
    // A day that has not come yet.
    let path = created(&world, "later.zip", &["--view", "trained", "--on", "2999-12-31"]);
    let answer = verified(&path, &["--at", "2998-01-01"]);
    assert_eq!(answer.code, 1, "{}", answer.out);
    assert!(answer.out.contains("the answer is for 2999-12-31"), "{}", answer.out);
    assert!(verified(&path, &[]).out.contains("what happened in between may not be on record"));
}
