//! Feeds altered bundles, receipts, policies, claims, proposals, records, proofs and tiles to their parsers.
//!
//! `cargo run --release --example fuzz -- FOLDER SECONDS SEED [PARSER ...]`, from the root of the repository; without
//! names all parsers of the table.
//!
//! FOLDER holds `registry/` (a data directory), `vkey` (its log's key), and any number of `*.zip` (evidence bundles)
//! and `*.html` (receipts) of that registry. Each parser gets SECONDS. A panic ends the run with the input written
//! beside the folder; so does a changed input that is accepted where no change may be:
//!
//! | parser | accepted though changed |
//! |---|---|
//! | bundle, receipt, record, proof, tile, entries | any other bytes that verify, or that do not come out as they went in |
//! | bundle signed anew | another answer than counting gives: it says what the honest bundle says, or is refused |
//! | policy, claim, proposal | a text that reads as one thing and, written out and read again, as another |

#![allow(clippy::expect_used, reason = "the run stops at the first surprise")]

mod mutate;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jejak::disk::RealDisk;
use jejak::proof::bundle::archive::{ArchiveMember, BundleReader, BundleWriter, UnpackedMember};
use jejak::proof::bundle::verify::{BundleTrust, verify};
use jejak::proof::receipt::Receipt;
use jejak::registry::{Options, RegistryReading, Signed};
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::note::{NoteSigner, VerifierKey};
use jejak_events::policy::Policy;
use jejak_events::proposal::{Defaults, Proposal};
use jejak_events::record::Event;
use jejak_events::tile::Tile;
use jejak_events::tlog_proof::TlogProof;
use jejak_projections::claims::Claim;
use mutate::{Dice, mutate};

/// What every parser is given beside its seeds.
struct Bench {
    folder: PathBuf,
    seconds: u64,
    seed: u64,
    policy: Policy,
    key: VerifierKey,
    /// The parsers asked for; none for all.
    only: Vec<String>,
}

impl Bench {
    /// Runs a parser over altered seeds until its time is up. It answers whether it accepted what it may not.
    fn run(&self, name: &str, seeds: &[Vec<u8>], mut parse: impl FnMut(&mut Dice, &[u8], &[u8]) -> Judged) {
        if !self.only.is_empty() && !self.only.iter().any(|one| one == name) {
            return;
        }
        assert!(!seeds.is_empty(), "{name}: the folder has no seed");
        let mut dice = Dice::new(
            self.seed
                ^ name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))),
        );
        let last_input = self.folder.join(format!("{name}.input"));
        let began = Instant::now();
        let (mut inputs, mut accepted) = (0_u64, 0_u64);
        while began.elapsed() < Duration::from_secs(self.seconds) {
            let (seed, other) = (&seeds[dice.below(seeds.len())], &seeds[dice.below(seeds.len())]);
            let input = mutate(&mut dice, seed, other);
            if input == *seed {
                continue;
            }
            inputs += 1;
            let judged =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| parse(&mut dice, seed, &input)));
            match judged {
                Ok(Judged::Refused) => {}
                Ok(Judged::Same) => accepted += 1,
                Ok(Judged::Wrong(why)) => {
                    std::fs::write(&last_input, &input).expect("the input is kept");
                    panic!("{name}: input {inputs}, kept in {}: {why}", last_input.display());
                }
                Err(_) => {
                    std::fs::write(&last_input, &input).expect("the input is kept");
                    panic!("{name}: input {inputs} panicked; it is kept in {}", last_input.display());
                }
            }
        }
        println!(
            "{name:<20} {inputs:>9} inputs, {accepted:>8} read as what they are, 0 panics, 0 accepted though changed"
        );
    }
}

/// What became of an altered input.
enum Judged {
    /// Refused.
    Refused,
    /// Accepted for what it is, where that is right.
    Same,
    /// Accepted for what it is not.
    Wrong(String),
}

/// Accepted: right where `holds`.
fn accepted(holds: bool, why: &str) -> Judged {
    if holds { Judged::Same } else { Judged::Wrong(why.to_owned()) }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, seconds, seed, only @ ..] = &arguments[..] else {
        panic!("usage: fuzz FOLDER SECONDS SEED [PARSER ...]")
    };
    let folder = PathBuf::from(folder);
    let vkey = std::fs::read_to_string(folder.join("vkey")).expect("FOLDER/vkey");
    let key: VerifierKey = vkey.trim().parse().expect("a vkey");
    let bench = Bench {
        policy: Policy::of_log(key.clone()).expect("a policy"),
        seconds: seconds.parse().expect("seconds"),
        seed: seed.parse().expect("a seed"),
        folder,
        key,
        only: only.to_vec(),
    };
    let options = Options::in_directory(bench.folder.join("registry"));
    let registry = RegistryReading::open(&options, Signed::NotNeeded).expect("a registry");
    let reader = registry.log().reader();
    let entries: Vec<Vec<u8>> =
        (0..reader.size()).map(|index| reader.read(index).expect("an entry")).collect();
    let checkpoint = std::fs::read(bench.folder.join("registry/checkpoint")).expect("a checkpoint");
    let checkpoint = SignedCheckpoint::parse(&checkpoint).expect("a checkpoint");
    let signer = registry.attestation_signer(checkpoint.unverified().size()).expect("the attestation key");
    let proofs: Vec<(u64, TlogProof)> = (0..entries.len() as u64)
        .step_by(entries.len() / 20)
        .map(|index| {
            let keys = registry.log().log_keys();
            let note = checkpoint.to_string();
            (index, jejak::proof::hand_out::inclusion(reader, &note, keys, index).expect("a proof"))
        })
        .collect();

    bundles(&bench, &signer);
    receipts(&bench);
    texts(&bench);
    records(&bench, &entries);
    places(&bench, &entries, &proofs);
}

fn files(folder: &Path, extension: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a file")).collect()
}

fn bundles(bench: &Bench, signer: &NoteSigner) {
    let seeds = files(&bench.folder, "zip");
    let trust = BundleTrust { policy: Some(bench.policy.clone()), ..BundleTrust::default() };
    let judge =
        |bytes: &[u8]| verify(BundleReader::new(bytes), &trust, &|_| true).expect("no failing machine");
    for seed in &seeds {
        assert!(judge(seed).verified, "an honest bundle verifies");
    }
    bench.run("bundle", &seeds, |_, _, input| match judge(input).verified {
        true => Judged::Wrong("another bundle verifies".to_owned()),
        false => Judged::Refused,
    });
    let said = |bytes: &[u8]| {
        let verification = judge(bytes);
        verification.verified.then(|| serde_json::to_value(&verification.said).expect("JSON"))
    };
    let honest: Vec<_> = seeds.iter().map(|seed| (members(seed), said(seed))).collect();
    let path = bench.folder.join("again.zip.made");
    // The drawn input is not used: one member of an honest bundle is altered, and all signed by the registry.
    bench.run("bundle signed anew", &seeds, |dice, _, _| {
        let (members, says) = &honest[dice.below(honest.len())];
        let mut members = members.clone();
        let changed = dice.below(members.len());
        let (other, content) = (members[dice.below(members.len())].1.clone(), members[changed].1.clone());
        members[changed].1 = mutate(dice, &content, &other);
        let Some(bytes) = signed_anew(&path, &members, signer) else { return Judged::Refused };
        match said(&bytes) {
            None => Judged::Refused,
            found => {
                accepted(found == *says, "a bundle that was altered and signed anew says something else")
            }
        }
    });
}

fn members(bundle: &[u8]) -> Vec<(ArchiveMember, Vec<u8>)> {
    let mut reader = BundleReader::new(bundle);
    let mut members = Vec::new();
    while let Some(UnpackedMember { member, bytes }) = reader.next().expect("an honest bundle") {
        members.push((member, bytes));
    }
    members.retain(|(member, _)| *member != ArchiveMember::Manifest);
    members
}

/// The members under a manifest that the registry signs; none where they are too long for a bundle.
fn signed_anew(path: &Path, members: &[(ArchiveMember, Vec<u8>)], signer: &NoteSigner) -> Option<Vec<u8>> {
    let mut writer = BundleWriter::create(&RealDisk, path, false).expect("a file to write");
    for (member, content) in members {
        writer.add(*member, content).ok()?;
    }
    writer.finish(signer).expect("a bundle").publish(jejak::disk::Existing::Replaced).expect("a bundle");
    Some(std::fs::read(path).expect("a bundle"))
}

fn receipts(bench: &Bench) {
    let seeds = files(&bench.folder, "html");
    bench.run("receipt", &seeds, |_, _, input| match Receipt::verify(input, &bench.policy, None) {
        Ok(_) => Judged::Wrong("another page verifies".to_owned()),
        Err(error) => {
            assert!(!error.message().id.is_empty());
            Judged::Refused
        }
    });
}

fn texts(bench: &Bench) {
    let policies = vec![format!("log {}\nquorum none\n", bench.key).into_bytes(), policy_of_three()];
    bench.run("policy", &policies, |_, _, input| match Policy::parse(input) {
        Err(_) => Judged::Refused,
        Ok(policy) => {
            let text = String::from_utf8_lossy(input);
            let named = policy.witnesses().iter().map(|witness| witness.key()).chain(policy.logs());
            let holds = named.map(ToString::to_string).all(|key| text.contains(&key));
            accepted(holds, "a policy has a key that does not stand in it")
        }
    });
    bench.run("claim", &files(Path::new("tests/data/claims"), "toml"), |_, _, input| {
        let Ok(text) = std::str::from_utf8(input) else { return Judged::Refused };
        let Ok(claim) = Claim::parse(text) else { return Judged::Refused };
        let Ok(written) = claim.to_toml() else { return Judged::Refused };
        accepted(
            Claim::parse(&written).ok().as_ref() == Some(&claim),
            "a claim reads otherwise when written out",
        )
    });
}

/// The policy of the published vector: three witnesses in two groups.
fn policy_of_three() -> Vec<u8> {
    let vector = std::fs::read("events/vectors/policy/good.json").expect("the vector");
    let vector: serde_json::Value = serde_json::from_slice(&vector).expect("JSON");
    vector["inputs"]["policy"].as_str().expect("a policy").as_bytes().to_vec()
}

fn records(bench: &Bench, entries: &[Vec<u8>]) {
    let steps = jejak::demo::proposals();
    let proposals: Vec<Vec<u8>> =
        steps.iter().flat_map(|step| &step.proposals).map(|one| one.to_string().into_bytes()).collect();
    let source = Source::parse("urn:jejak:33.75:dinperinaker").expect("a source");
    let defaults = Defaults { source, actor: Actor { kind: ActorKind::Unknown, id: None } };
    bench.run("proposal", &proposals, |_, _, input| match Proposal::parse(input, &defaults) {
        Err(refusal) => {
            assert!(!refusal.message.id.is_empty() && !refusal.message.en.is_empty());
            Judged::Refused
        }
        Ok(proposal) => {
            // A lenient parser drops what the strict one must refuse: a key that is there twice, a number's other form.
            let written = serde_json::from_slice::<serde_json::Value>(input).map(|value| value.to_string());
            let again = written.ok().and_then(|text| Proposal::parse(text.as_bytes(), &defaults).ok());
            accepted(again.as_ref() == Some(&proposal), "a proposal reads otherwise when written out")
        }
    });
    bench.run("record", entries, |_, _, input| match Event::parse(input) {
        Err(_) => Judged::Refused,
        Ok(event) => accepted(event.encode() == input, "a record that is not canonical"),
    });
}

fn places(bench: &Bench, entries: &[Vec<u8>], proofs: &[(u64, TlogProof)]) {
    let texts: Vec<Vec<u8>> = proofs.iter().map(|(_, proof)| proof.to_string().into_bytes()).collect();
    bench.run("proof", &texts, |_, seed, input| {
        let Ok(proof) = TlogProof::parse(input) else { return Judged::Refused };
        let of = texts.iter().position(|text| text == seed).expect("the seed");
        let (index, honest) = &proofs[of];
        match proof.verify(&entries[*index as usize], &bench.key) {
            Err(_) => Judged::Refused,
            Ok(checkpoint) => {
                let same = proof.index() == *index && checkpoint == honest.checkpoint().unverified();
                accepted(same, "another proof verifies")
            }
        }
    });
    let packed = |entries: &[Vec<u8>]| {
        jejak_events::bundle::encode(entries.iter().map(Vec::as_slice)).expect("entries of a log")
    };
    let seeds: Vec<Vec<u8>> = entries.chunks(7).take(40).map(packed).collect();
    bench.run("entries", &seeds, |_, _, input| match jejak_events::bundle::decode(input, 7) {
        Err(_) => Judged::Refused,
        Ok(found) => {
            let again = jejak_events::bundle::encode(found.iter().copied());
            accepted(again.as_deref() == Ok(input), "entries that come out in other bytes")
        }
    });
    let names: Vec<Vec<u8>> =
        ["tile/0/000", "tile/2/x001/x234/067.p/9", "tile/1/999.p/255", "tile/63/000.p/1"]
            .map(|name| name.as_bytes().to_vec())
            .to_vec();
    bench.run("tile", &names, |dice, _, input| {
        let Ok(text) = std::str::from_utf8(input) else { return Judged::Refused };
        let Ok(tile) = text.parse::<Tile>() else { return Judged::Refused };
        let bytes: Vec<u8> = (0..dice.below(tile.length_bytes() + 64)).map(|byte| byte as u8).collect();
        let whole = tile.hashes(&bytes).is_ok() == (bytes.len() == tile.length_bytes());
        accepted(
            tile.to_string() == text && whole,
            "a tile under two names, or with too few or too many bytes",
        )
    });
}
