//! Runs every file in `vectors/`: the verdict, and for a refusal the exact error, must be as stated.
//! `examples/proof_vectors.rs` writes them. What is said of each refusal, in both languages, stands in
//! `proof_refusals.json`, by the first file that provokes it.
//!
//! After a wanted change: `JEJAK_BLESS=1 cargo test -p jejak-events --test proof_vectors`; then read the difference.

#![expect(clippy::unwrap_used, reason = "a file in wrong form fails the test")]

mod support;

use std::{collections::BTreeMap, fmt::Display, fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::{
    checkpoint::{CheckpointError, SignedCheckpoint},
    note::{Note, NoteError, VerifierKey},
    policy::{NotAccepted, Policy, PolicyError},
    proof::{ConsistencyProof, InclusionProof, ProofError},
    tlog_proof::{TlogProof, TlogProofError},
    translation::indonesian,
    tree::Hash,
};
use serde_json::{Value, json};

const ACCEPT: &str = "accept";

/// One file: its name and the inputs in it.
struct Vector {
    file: String,
    value: Value,
}

impl Vector {
    fn text(&self, field: &str) -> &str {
        self.value["inputs"][field].as_str().unwrap_or_else(|| panic!("{}: no text `{field}`", self.file))
    }

    fn number(&self, field: &str) -> u64 {
        self.value["inputs"][field].as_u64().unwrap_or_else(|| panic!("{}: no number `{field}`", self.file))
    }

    fn hash(&self, field: &str) -> Hash {
        Hash::from_base64(self.text(field)).unwrap_or_else(|| panic!("{}: no hash `{field}`", self.file))
    }

    fn texts(&self, field: &str) -> impl Iterator<Item = &str> {
        let list = self.value["inputs"][field].as_array();
        list.unwrap_or_else(|| panic!("{}: no list `{field}`", self.file)).iter().map(|v| v.as_str().unwrap())
    }

    fn hashes(&self) -> Vec<Hash> {
        self.texts("hashes").map(|text| Hash::from_base64(text).unwrap()).collect()
    }
}

/// The verdict as the files write it, and what is said of a refusal.
type Verdict = (&'static str, String);

fn verdict<T, E: Display>(result: Result<T, E>, name: impl Fn(&E) -> &'static str) -> Verdict {
    result.map_or_else(|error| (name(&error), error.to_string()), |_| (ACCEPT, String::new()))
}

fn inclusion(vector: &Vector) -> Verdict {
    let proof = InclusionProof {
        index: vector.number("index"),
        size: vector.number("size"),
        hashes: vector.hashes(),
    };
    verdict(proof.verify(&vector.hash("leaf"), &vector.hash("root")), ProofError::name)
}

fn consistency(vector: &Vector) -> Verdict {
    let proof = ConsistencyProof {
        old_size: vector.number("old_size"),
        new_size: vector.number("new_size"),
        hashes: vector.hashes(),
    };
    verdict(proof.verify(&vector.hash("old_root"), &vector.hash("new_root")), ProofError::name)
}

fn note(vector: &Vector) -> Verdict {
    let check = || -> Result<(), NoteError> {
        let keys: Vec<VerifierKey> = vector.texts("keys").map(str::parse).collect::<Result<_, _>>()?;
        let bytes = match vector.value["inputs"].get("note_base64") {
            Some(base64) => BASE64_STANDARD.decode(base64.as_str().unwrap()).unwrap(),
            None => vector.text("note").as_bytes().to_vec(),
        };
        let note = Note::parse(&bytes)?;
        assert_eq!(note.to_string().as_bytes(), bytes, "{}: prints as it was read", vector.file);
        assert_eq!(note.verify(&keys)?.len(), keys.len(), "{}", vector.file);
        Ok(())
    };
    verdict(check(), NoteError::name)
}

fn checkpoint(vector: &Vector) -> Verdict {
    let check = || -> Result<(), CheckpointError> {
        let log_key: VerifierKey = vector.text("log_key").parse()?;
        let signed = SignedCheckpoint::parse(vector.text("checkpoint").as_bytes())?;
        assert_eq!(signed.to_string(), vector.text("checkpoint"), "{}", vector.file);
        assert_eq!(signed.unverified().to_string(), signed.note().text(), "{}", vector.file);
        signed.verify(&log_key)?;
        if vector.value["inputs"].get("witness_key").is_some() {
            let witness_key: VerifierKey = vector.text("witness_key").parse()?;
            assert_eq!(signed.cosigned_at(&witness_key)?, vector.number("time"), "{}", vector.file);
        }
        Ok(())
    };
    verdict(check(), CheckpointError::name)
}

fn tlog_proof(vector: &Vector) -> Verdict {
    let log_key: VerifierKey = vector.text("log_key").parse().unwrap();
    let check = || -> Result<(), TlogProofError> {
        let proof = TlogProof::parse(vector.text("proof").as_bytes())?;
        assert_eq!(proof.to_string(), vector.text("proof"), "{}", vector.file);
        proof.verify(vector.text("entry").as_bytes(), &log_key)?;
        Ok(())
    };
    verdict(check(), TlogProofError::name)
}

fn policy(vector: &Vector) -> Verdict {
    let policy = match Policy::parse(vector.text("policy").as_bytes()) {
        Ok(policy) => policy,
        refused => return verdict(refused, PolicyError::name),
    };
    let inputs = &vector.value["inputs"];
    let Some(checkpoint) = inputs.get("checkpoint").and_then(Value::as_str) else {
        return verdict(Ok(policy), PolicyError::name);
    };
    let signed = SignedCheckpoint::parse(checkpoint.as_bytes()).unwrap();
    let accepted = policy.check(&signed, inputs.get("at").and_then(Value::as_u64));
    if let (Ok(accepted), Some(wanted)) = (&accepted, inputs.get("cosigned")) {
        let found: Vec<String> = accepted.cosigned.iter().map(|(witness, _)| witness.name()).collect();
        assert_eq!(serde_json::json!(found), *wanted, "{}", vector.file);
    }
    verdict(accepted, NotAccepted::name)
}

/// A message without its values: what stands between backticks, and words with a digit in them.
fn wording(message: &str) -> String {
    let fixed: Vec<&str> = message.split('`').step_by(2).collect();
    let words = fixed.iter().flat_map(|part| part.split(' '));
    words.filter(|word| !word.contains(|char: char| char.is_ascii_digit())).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_vector_has_its_stated_verdict() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let runners: BTreeMap<&str, fn(&Vector) -> Verdict> = BTreeMap::from([
        ("checkpoint", checkpoint as fn(&Vector) -> Verdict),
        ("consistency", consistency),
        ("inclusion", inclusion),
        ("note", note),
        ("policy", policy),
        ("tlog_proof", tlog_proof),
    ]);
    let (mut wrong_verdicts, mut said) = (Vec::new(), BTreeMap::new());
    for (kind, run) in runners {
        let (mut good, mut refused) = (0, 0);
        let mut paths: Vec<_> =
            fs::read_dir(root.join(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let file = path.strip_prefix(&root).unwrap().display().to_string();
            let value: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            assert!(value["description"].as_str().is_some_and(|text| !text.is_empty()), "{file}");
            let expected = value["expect"].as_str().unwrap().to_owned();
            *(if expected == ACCEPT { &mut good } else { &mut refused }) += 1;
            let (found, en) = run(&Vector { file: file.clone(), value });
            if found != ACCEPT {
                let row = json!({"file": file, "id": indonesian(&en), "en": en});
                said.entry((found, wording(&en))).or_insert(row);
            }
            if found != expected {
                wrong_verdicts.push(format!("{file}: expected {expected}, found {found}"));
            }
        }
        assert!(good > 0, "no good vector in {kind}");
        assert!(refused >= 4 * good, "{kind}: {refused} wrong vectors for {good} good ones, 4 each wanted");
        println!("{kind}: {good} good, {refused} wrong");
    }
    assert!(wrong_verdicts.is_empty(), "{}", wrong_verdicts.join("\n"));
    let path = support::crate_dir().join("tests/proof_refusals.json");
    let said: Vec<Value> = said.into_values().collect();
    support::check_file(&path, &support::pretty(&json!(said)));
}
