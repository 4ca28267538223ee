//! Writes the proof vectors in `events/vectors/`: `cargo run -p jejak-events --example proof_vectors`.
//!
//! Each file says what it holds, gives the inputs and the expected verdict: `accept` or the stable name of
//! the error. The verdicts are stated here by hand, never computed by the verifier that they test;
//! `tests/proof_vectors.rs` runs them.

use std::{error::Error, fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    cosignature::CosignatureSigner,
    note::{Note, NoteSigner},
    prove::Prover,
    tile::{Tile, TileTree},
    tlog_proof::TlogProof,
    tree::{Hash, empty_root, leaf_hash},
};
use serde_json::{Value, json};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const ACCEPT: &str = "accept";
const ORIGIN: &str = "jejak.example/registry";
const WITNESS: &str = "witness.example/w1";

fn main() -> Outcome {
    inclusion()?;
    consistency()?;
    note()?;
    checkpoint()?;
    tlog_proof()
}

/// Writes the files of one folder; the folder is emptied first so that no forgotten file stays.
struct Folder {
    path: std::path::PathBuf,
}

impl Folder {
    fn new(name: &str) -> Outcome<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        Ok(Self { path })
    }

    fn write(&self, name: &str, description: &str, inputs: &Value, expect: &str) -> Outcome {
        let path = self.path.join(name).with_added_extension("json");
        if path.exists() {
            return Err(format!("two vectors are called {name}").into());
        }
        let vector = json!({ "description": description, "expect": expect, "inputs": inputs });
        Ok(fs::write(path, serde_json::to_string_pretty(&vector)? + "\n")?)
    }
}

/// Entry number `index` of the example log.
fn entry(index: u64) -> String {
    format!("entry {index}")
}

fn leaf(index: u64) -> Hash {
    leaf_hash(entry(index).as_bytes())
}

/// A prover for the example log of 700 entries.
fn prover() -> Prover<impl Fn(Tile) -> Result<Vec<u8>, String>> {
    const SIZE: u64 = 700;
    let mut tree = TileTree::new();
    let mut tiles: Vec<_> = (0..SIZE).flat_map(|index| tree.push(leaf(index))).collect();
    tiles.extend(tree.partial_tiles());
    Prover::new(SIZE, move |wanted: Tile| {
        let found = tiles.iter().find(|stored| stored.tile == wanted);
        found.map(|stored| stored.bytes.clone()).ok_or_else(|| format!("no {wanted}"))
    })
}

fn flipped(hash: &Hash) -> Hash {
    let mut hash = *hash;
    hash.0[31] ^= 1;
    hash
}

fn texts(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(Hash::to_string).collect()
}

/// A proof's hashes, wrong in every way that does not depend on its kind, with the verdict.
fn wrong_hashes(hashes: &[Hash]) -> Vec<(String, Vec<Hash>, &'static str)> {
    let extra = leaf_hash(b"extra");
    let all = |before: &[Hash], after: &[Hash]| [before, hashes, after].concat();
    let mut wrong = vec![
        ("extra-hash-at-end".to_owned(), all(&[], &[extra]), "proof_too_long"),
        ("extra-hash-at-start".to_owned(), all(&[extra], &[]), "proof_too_long"),
    ];
    if let (Some((first, after_first)), Some((last, before_last))) =
        (hashes.split_first(), hashes.split_last())
    {
        wrong.push(("first-hash-missing".to_owned(), after_first.to_vec(), "proof_too_short"));
        wrong.push(("first-hash-twice".to_owned(), all(&[*first], &[]), "proof_too_long"));
        wrong.push(("last-hash-twice".to_owned(), all(&[], &[*last]), "proof_too_long"));
        if hashes.len() > 1 {
            wrong.push(("last-hash-missing".to_owned(), before_last.to_vec(), "proof_too_short"));
            wrong.push(("no-hashes".to_owned(), Vec::new(), "proof_too_short"));
        }
    }
    wrong
}

fn inclusion() -> Outcome {
    let folder = Folder::new("inclusion")?;
    let mut prover = prover();
    for (index, size) in
        [(0, 1), (0, 2), (1, 2), (2, 3), (4, 5), (5, 7), (3, 8), (6, 13), (255, 256), (256, 257), (300, 700)]
    {
        let root = prover.root_at(size)?;
        let hashes = prover.inclusion(index, size)?.hashes;
        let place = format!("{index}-of-{size}");
        let inputs = |index: u64, size: u64, leaf: &Hash, root: &Hash, hashes: &[Hash]| {
            json!({ "index": index, "size": size, "leaf": leaf.to_string(), "root": root.to_string(),
                    "hashes": texts(hashes) })
        };
        let write = |name: &str, inputs: &Value, expect: &str| {
            let description =
                format!("inclusion of index {index} in size {size}: {}", name.replace('-', " "));
            folder.write(&format!("{place}-{name}"), &description, inputs, expect)
        };
        let own = leaf(index);
        write("good", &inputs(index, size, &own, &root, &hashes), ACCEPT)?;
        for (name, wrong, expect) in wrong_hashes(&hashes) {
            write(&name, &inputs(index, size, &own, &root, &wrong), expect)?;
        }
        for position in 0..hashes.len() {
            let mut wrong = hashes.clone();
            wrong[position] = flipped(&wrong[position]);
            let name = format!("flipped-bit-in-hash-{position}");
            write(&name, &inputs(index, size, &own, &root, &wrong), "root_mismatch")?;
            if position > 0 {
                let mut wrong = hashes.clone();
                wrong.swap(position - 1, position);
                let name = format!("hashes-{}-and-{position}-swapped", position - 1);
                write(&name, &inputs(index, size, &own, &root, &wrong), "root_mismatch")?;
            }
        }
        let mismatch = "root_mismatch";
        write("flipped-bit-in-leaf", &inputs(index, size, &flipped(&own), &root, &hashes), mismatch)?;
        write("flipped-bit-in-root", &inputs(index, size, &own, &flipped(&root), &hashes), mismatch)?;
        write("other-leaf", &inputs(index, size, &leaf(index + 1), &root, &hashes), mismatch)?;
        let other_root = prover.root_at(size - 1)?;
        write("root-of-size-before", &inputs(index, size, &own, &other_root, &hashes), mismatch)?;
        write("root-of-empty-tree", &inputs(index, size, &own, &empty_root(), &hashes), mismatch)?;
        write("index-is-size", &inputs(size, size, &own, &root, &hashes), "index_beyond_tree")?;
        write("index-is-largest", &inputs(u64::MAX, size, &own, &root, &hashes), "index_beyond_tree")?;
        write("size-zero", &inputs(index, 0, &own, &root, &hashes), "empty_tree")?;
        // What a number off by one does depends on the shape of the tree.
        match (index, size) {
            (5, 7) => {
                write("index-minus-one", &inputs(4, 7, &own, &root, &hashes), mismatch)?;
                write("index-plus-one", &inputs(6, 7, &own, &root, &hashes), "proof_too_long")?;
                write("size-minus-one", &inputs(5, 6, &own, &root, &hashes), "proof_too_long")?;
                write("size-plus-two", &inputs(5, 9, &own, &root, &hashes), "proof_too_short")?;
                let node_as_leaf = inputs(2, 4, &leaf_hash(own.0.as_slice()), &root, &hashes[1..]);
                write("node-passed-off-as-leaf", &node_as_leaf, mismatch)?;
            }
            (3, 8) => {
                write("index-minus-one", &inputs(2, 8, &own, &root, &hashes), mismatch)?;
                write("index-plus-one", &inputs(4, 8, &own, &root, &hashes), mismatch)?;
                write("size-minus-four", &inputs(3, 4, &own, &root, &hashes), "proof_too_long")?;
                write("size-plus-one", &inputs(3, 9, &own, &root, &hashes), "proof_too_short")?;
            }
            (256, 257) => {
                write("size-plus-one", &inputs(256, 258, &own, &root, &hashes), "proof_too_short")?;
                write("index-minus-one", &inputs(255, 257, &own, &root, &hashes), "proof_too_short")?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn consistency() -> Outcome {
    let folder = Folder::new("consistency")?;
    let mut prover = prover();
    // With each pair: which root each hash of the proof goes into: both (`old`) or the new one only.
    for (old_size, new_size, parts) in [
        (1, 2, ["new"].as_slice()),
        (1, 8, &["new", "new", "new"]),
        (3, 4, &["old", "new", "old"]),
        (3, 7, &["old", "new", "old", "new"]),
        (4, 7, &["new"]),
        (6, 8, &["old", "new", "old"]),
        (6, 7, &["old", "new", "old"]),
        (256, 700, &["new", "new"]),
        (257, 258, &["old", "new", "old"]),
        (7, 7, &[]),
    ] {
        let (old_root, new_root) = (prover.root_at(old_size)?, prover.root_at(new_size)?);
        let hashes = prover.consistency(old_size, new_size)?.hashes;
        let sizes = format!("{old_size}-to-{new_size}");
        let inputs = |old_size: u64, new_size: u64, old_root: &Hash, new_root: &Hash, hashes: &[Hash]| {
            json!({ "old_size": old_size, "new_size": new_size, "old_root": old_root.to_string(),
                    "new_root": new_root.to_string(), "hashes": texts(hashes) })
        };
        let write = |name: &str, inputs: &Value, expect: &str| {
            let description = format!("size {old_size} to size {new_size}: {}", name.replace('-', " "));
            folder.write(&format!("{sizes}-{name}"), &description, inputs, expect)
        };
        write("good", &inputs(old_size, new_size, &old_root, &new_root, &hashes), ACCEPT)?;
        for (name, wrong, expect) in wrong_hashes(&hashes) {
            write(&name, &inputs(old_size, new_size, &old_root, &new_root, &wrong), expect)?;
        }
        if parts.len() != hashes.len() {
            return Err(format!("{sizes} has {} hashes", hashes.len()).into());
        }
        for (position, part) in parts.iter().enumerate() {
            let mut wrong = hashes.clone();
            wrong[position] = flipped(&wrong[position]);
            let expect = if *part == "old" { "old_root_mismatch" } else { "new_root_mismatch" };
            let name = format!("flipped-bit-in-hash-{position}");
            write(&name, &inputs(old_size, new_size, &old_root, &new_root, &wrong), expect)?;
        }
        // When the old tree is perfect its root is not computed but taken as given, so that a wrong one
        // shows in the new root. The same when both trees are one.
        let given = old_size.is_power_of_two() || old_size == new_size;
        let old_mismatch = if given { "new_root_mismatch" } else { "old_root_mismatch" };
        let wrong_old = inputs(old_size, new_size, &flipped(&old_root), &new_root, &hashes);
        write("flipped-bit-in-old-root", &wrong_old, old_mismatch)?;
        let wrong_new = inputs(old_size, new_size, &old_root, &flipped(&new_root), &hashes);
        write("flipped-bit-in-new-root", &wrong_new, "new_root_mismatch")?;
        let earlier_root = prover.root_at(new_size - 1)?;
        if new_size - 1 != old_size {
            let wrong = inputs(old_size, new_size, &old_root, &earlier_root, &hashes);
            write("new-root-of-size-before", &wrong, "new_root_mismatch")?;
        }
        if old_size != new_size {
            let swapped = inputs(old_size, new_size, &new_root, &old_root, &hashes);
            write("roots-swapped", &swapped, old_mismatch)?;
            let shrunk = inputs(new_size, old_size, &new_root, &old_root, &hashes);
            write("sizes-swapped", &shrunk, "old_larger_than_new")?;
            let equal = inputs(new_size, new_size, &old_root, &new_root, &hashes);
            write("old-size-is-new-size", &equal, "proof_too_long")?;
        }
        let from_empty = inputs(0, new_size, &empty_root(), &new_root, &[]);
        write("old-size-zero", &from_empty, "empty_tree")?;
        write("both-sizes-zero", &inputs(0, 0, &empty_root(), &empty_root(), &[]), "empty_tree")?;
    }
    Ok(())
}

/// The example log's key; the seeds are public, these keys protect nothing.
fn log_signer() -> Outcome<NoteSigner> {
    Ok(NoteSigner::new(ORIGIN, &[1; 32])?)
}

/// Replaces exactly one place of a text.
fn edit(text: &str, from: &str, to: &str) -> Outcome<String> {
    if text.matches(from).count() != 1 {
        return Err(format!("`{from}` is not exactly once in {text}").into());
    }
    Ok(text.replacen(from, to, 1))
}

/// Flips a bit of the signature in the signature line of `name`, `back` bytes before its end.
fn spoil_signature(note: &str, name: &str, back: usize) -> Outcome<String> {
    rewrite_signature(note, name, |payload| {
        let at = payload.len() - back;
        payload[at] ^= 1;
    })
}

fn rewrite_signature(note: &str, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Outcome<String> {
    let line = line_of(note, name)?;
    let (start, base64) = line.trim_end().rsplit_once(' ').ok_or("no signature line")?;
    let mut payload = BASE64_STANDARD.decode(base64)?;
    change(&mut payload);
    edit(note, line, &format!("{start} {}\n", BASE64_STANDARD.encode(payload)))
}

/// The signature line of a key, with its newline.
fn line_of<'note>(note: &'note str, name: &str) -> Outcome<&'note str> {
    let start = format!("\u{2014} {name} ");
    Ok(note.split_inclusive('\n').find(|line| line.starts_with(&start)).ok_or("no such line")?)
}

/// A last base64 character with unused bits set: decodes to the same bytes in a careless reader.
fn non_canonical(base64_line: &str) -> Outcome<String> {
    let line = base64_line.trim_end_matches('\n');
    let body = line.trim_end_matches('=');
    let (start, last) = body.split_at(body.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let next = alphabet.find(last).and_then(|at| alphabet.get(at + 1..at + 2)).ok_or("no next character")?;
    Ok(base64_line.replacen(body, &format!("{start}{next}"), 1))
}

fn note() -> Outcome {
    let folder = Folder::new("note")?;
    let write = |name: &str, description: &str, note: &str, keys: &[&str], expect: &str| {
        folder.write(name, description, &json!({ "note": note, "keys": keys }), expect)
    };
    let signer = log_signer()?;
    let other = NoteSigner::new("other.example/key", &[2; 32])?;
    let (key, other_key) = (signer.verifier_key().to_string(), other.verifier_key().to_string());
    let (key, other_key) = (key.as_str(), other_key.as_str());

    let mut one = Note::new("Jejak langkah.\n".to_owned())?;
    one.add(signer.sign(&one))?;
    let mut two = one.clone();
    two.add(other.sign(&two))?;
    let (one, two) = (one.to_string(), two.to_string());
    let mut blank = Note::new("Satu.\n\nDua: é, 字.\n".to_owned())?;
    blank.add(signer.sign(&blank))?;

    write("good-one-signature", "one signature, its key known", &one, &[key], ACCEPT)?;
    write("good-two-signatures", "two signatures, both keys known", &two, &[key, other_key], ACCEPT)?;
    write("good-unknown-second", "the second signature is by an unknown key: ignored", &two, &[key], ACCEPT)?;
    let blank = blank.to_string();
    write("good-blank-line-in-text", "a blank line and other scripts in the text", &blank, &[key], ACCEPT)?;

    // The note.
    let bytes = [one.as_bytes(), b"\xff"].concat();
    folder.write(
        "not-utf8",
        "a byte that is not UTF-8 at the end",
        &json!({ "note_base64": BASE64_STANDARD.encode(bytes), "keys": [key] }),
        "not_utf8",
    )?;
    let wrong =
        |name: &str, note: &str, expect: &str| write(name, &name.replace('-', " "), note, &[key], expect);
    wrong("text-changed", &edit(&one, "langkah", "langkai")?, "bad_signature")?;
    wrong("text-line-added", &edit(&one, "langkah.\n", "langkah.\nLagi.\n")?, "bad_signature")?;
    wrong("space-at-end-of-text-line", &edit(&one, "langkah.", "langkah. ")?, "bad_signature")?;
    wrong("tab-in-text", &edit(&one, "Jejak ", "Jejak\t")?, "control_character")?;
    wrong("nul-in-text", &edit(&one, "Jejak ", "Jejak\0")?, "control_character")?;
    wrong("carriage-returns", &one.replace('\n', "\r\n"), "control_character")?;
    wrong("no-final-newline", one.trim_end(), "no_final_newline")?;
    wrong("empty", "", "no_final_newline")?;
    wrong("no-blank-line", &edit(&one, "\n\n", "\n")?, "no_separator")?;
    wrong("no-signature", "Jejak langkah.\n\n", "no_signatures")?;
    wrong("blank-line-at-end", &format!("{one}\n"), "no_signatures")?;
    wrong("trailing-text", &format!("{one}tambahan\n"), "signature_line")?;
    wrong("hyphen-for-em-dash", &edit(&one, "\u{2014} ", "- ")?, "signature_line")?;
    wrong("en-dash-for-em-dash", &edit(&one, "\u{2014} ", "\u{2013} ")?, "signature_line")?;
    wrong("no-space-after-dash", &edit(&one, "\u{2014} ", "\u{2014}")?, "signature_line")?;
    wrong("two-spaces-after-dash", &edit(&one, "\u{2014} ", "\u{2014}  ")?, "signature_line")?;
    wrong("space-at-end-of-signature", &format!("{} \n", one.trim_end()), "signature_line")?;
    wrong("plus-in-key-name", &edit(&one, "example/registry", "example+registry")?, "signature_line")?;
    let line = line_of(&one, ORIGIN)?;
    wrong("base64-without-padding", &edit(&one, line, &line.replace('=', ""))?, "signature_line")?;
    let (line_start, base64) = line.rsplit_once(' ').ok_or("no base64")?;
    let unused_bits = format!("{line_start} {}", non_canonical(base64)?);
    wrong("base64-with-unused-bits-set", &edit(&one, line, &unused_bits)?, "signature_line")?;
    let url_safe = format!("{line_start} {}", base64.replace('+', "-").replace('/', "_"));
    if url_safe != line {
        wrong("base64-of-the-url-alphabet", &edit(&one, line, &url_safe)?, "signature_line")?;
    }
    wrong("signature-only-key-id", &rewrite_signature(&one, ORIGIN, |b| b.truncate(4))?, "signature_line")?;
    wrong(
        "signature-one-byte-short",
        &rewrite_signature(&one, ORIGIN, |b| b.truncate(67))?,
        "signature_length",
    )?;
    wrong("signature-one-byte-long", &rewrite_signature(&one, ORIGIN, |b| b.push(0))?, "signature_length")?;
    wrong("flipped-bit-in-signature-r", &spoil_signature(&one, ORIGIN, 64)?, "bad_signature")?;
    wrong("flipped-bit-in-signature-s", &spoil_signature(&one, ORIGIN, 32)?, "bad_signature")?;
    wrong("all-zero-signature", &rewrite_signature(&one, ORIGIN, |b| b[4..].fill(0))?, "bad_signature")?;
    wrong("flipped-bit-in-key-id", &spoil_signature(&one, ORIGIN, 68)?, "no_known_signature")?;
    wrong(
        "other-key-name",
        &edit(&one, "jejak.example/registry", "jejak.example/other")?,
        "no_known_signature",
    )?;
    wrong("signature-twice", &format!("{one}{line}"), "duplicate_signature")?;
    let spoilt = spoil_signature(&one, ORIGIN, 1)?;
    let good_and_bad = format!("{one}{}", line_of(&spoilt, ORIGIN)?);
    wrong("good-and-bad-signature-by-one-key", &good_and_bad, "duplicate_signature")?;
    wrong("too-many-signatures", &format!("{one}{}", line.repeat(100)), "too_many_signatures")?;
    let second_bad = spoil_signature(&two, "other.example/key", 1)?;
    write(
        "second-known-signature-bad",
        "of two known signatures one is bad",
        &second_bad,
        &[key, other_key],
        "bad_signature",
    )?;
    write("key-swapped", "only another key is known", &one, &[other_key], "no_known_signature")?;
    write("no-keys", "no key is known", &one, &[], "no_known_signature")?;
    let imposter = NoteSigner::new(ORIGIN, &[3; 32])?.verifier_key().to_string();
    write(
        "same-name-other-key",
        "a key of the same name, another id",
        &one,
        &[&imposter],
        "no_known_signature",
    )?;

    // The key.
    let bad_key =
        |name: &str, key: &str, expect: &str| write(name, &name.replace('-', " "), &one, &[key], expect);
    let (head, key_base64) = key.rsplit_once("+A").ok_or("no type byte in key")?;
    let (name, id) = head.rsplit_once('+').ok_or("no id in key")?;
    bad_key("key-without-id", &format!("{name}+A{key_base64}"), "key_format")?;
    bad_key("key-id-upper-case", &format!("{name}+{}+A{key_base64}", id.to_uppercase()), "key_format")?;
    bad_key("key-id-too-short", &format!("{name}+{}+A{key_base64}", &id[1..]), "key_format")?;
    bad_key("key-with-newline", &format!("{key}\n"), "key_format")?;
    bad_key("key-with-needless-padding", &format!("{key}="), "key_format")?;
    bad_key("key-of-other-name", &format!("other.example+{id}+A{key_base64}"), "key_id")?;
    bad_key("key-id-zero", &format!("{name}+00000000+A{key_base64}"), "key_id")?;
    bad_key("key-name-empty", &format!("+{id}+A{key_base64}"), "key_name")?;
    bad_key("key-name-with-space", &format!("jejak example+{id}+A{key_base64}"), "key_name")?;
    let raw = BASE64_STANDARD.decode(format!("A{key_base64}"))?;
    let with = |bytes: &[u8]| format!("{name}+{id}+{}", BASE64_STANDARD.encode(bytes));
    bad_key("key-one-byte-short", &with(&raw[..32]), "key_format")?;
    bad_key("key-one-byte-long", &with(&[&raw[..], &[0]].concat()), "key_format")?;
    bad_key("key-of-unknown-type", &with(&[&[2], &raw[1..]].concat()), "key_algorithm")?;
    bad_key("key-of-small-order", &with(&[[1].as_slice(), &[1], &[0; 31]].concat()), "public_key")?;
    bad_key("key-not-on-curve", &with(&[[1].as_slice(), &[2], &[0; 31]].concat()), "public_key")
}

fn checkpoint() -> Outcome {
    let folder = Folder::new("checkpoint")?;
    let signer = log_signer()?;
    let key = signer.verifier_key().to_string();
    let witness = CosignatureSigner::new(WITNESS, &[4; 32])?;
    let witness_key = witness.verifier_key().to_string();
    let root = prover().root_at(700)?;
    // Signs any text at all, also one that is no checkpoint.
    let sign = |text: &str| -> Outcome<String> {
        let mut note = Note::new(text.to_owned())?;
        note.add(signer.sign(&note))?;
        Ok(note.to_string())
    };
    let good_text = format!("{ORIGIN}\n700\n{root}\n");
    let good = sign(&good_text)?;
    let write = |name: &str, text: &str, expect: &str| {
        let inputs = json!({ "checkpoint": text, "log_key": key });
        folder.write(name, &name.replace('-', " "), &inputs, expect)
    };
    write("good", &good, ACCEPT)?;
    write("good-empty-tree", &sign(&format!("{ORIGIN}\n0\n{}\n", empty_root()))?, ACCEPT)?;
    write("good-with-extension-line", &sign(&format!("{good_text}extension\n"))?, ACCEPT)?;
    let text_wrong = |name: &str, text: String, expect: &str| write(name, &sign(&text)?, expect);
    for (name, size) in [
        ("size-with-leading-zero", "0700"),
        ("size-with-two-zeroes", "00"),
        ("size-with-plus", "+700"),
        ("size-negative", "-700"),
        ("size-with-space", " 700"),
        ("size-in-hex", "0x2bc"),
        ("size-with-fraction", "700.0"),
        ("size-with-group-separator", "1,000"),
        ("size-above-64-bits", "18446744073709551616"),
        ("size-in-other-digits", "\u{667}\u{660}\u{660}"),
    ] {
        text_wrong(name, format!("{ORIGIN}\n{size}\n{root}\n"), "checkpoint_size")?;
    }
    let base64 = root.to_string();
    for (name, root) in [
        ("root-without-padding", base64.trim_end_matches('=').to_owned()),
        ("root-with-unused-bits-set", non_canonical(&base64)?),
        ("root-one-byte-short", BASE64_STANDARD.encode(&root.0[1..])),
        ("root-one-byte-long", BASE64_STANDARD.encode([root.0.as_slice(), &[0]].concat())),
        ("root-in-hex", "00".repeat(32)),
        ("root-with-space", format!("{base64} ")),
    ] {
        text_wrong(name, format!("{ORIGIN}\n700\n{root}\n"), "checkpoint_root")?;
    }
    text_wrong("size-zero-with-other-root", format!("{ORIGIN}\n0\n{root}\n"), "checkpoint_empty_tree_root")?;
    text_wrong("no-root", format!("{ORIGIN}\n700\n"), "checkpoint_too_few_lines")?;
    text_wrong("only-origin", format!("{ORIGIN}\n"), "checkpoint_too_few_lines")?;
    text_wrong("empty-origin", format!("\n700\n{root}\n"), "checkpoint_line")?;
    text_wrong("empty-extension-line", format!("{good_text}\nextension\n"), "checkpoint_line")?;
    text_wrong("lines-in-other-order", format!("{ORIGIN}\n{root}\n700\n"), "checkpoint_size")?;
    text_wrong("wrong-origin", format!("other.example/log\n700\n{root}\n"), "checkpoint_origin")?;
    text_wrong(
        "origin-in-other-case",
        format!("Jejak.example/registry\n700\n{root}\n"),
        "checkpoint_origin",
    )?;
    write("size-changed-after-signing", &edit(&good, "\n700\n", "\n701\n")?, "bad_signature")?;
    let other_root = prover().root_at(699)?.to_string();
    write("root-changed-after-signing", &edit(&good, &base64, &other_root)?, "bad_signature")?;
    write("extension-added-after-signing", &edit(&good, "\n\n", "\nextension\n\n")?, "bad_signature")?;
    write("bad-signature", &spoil_signature(&good, ORIGIN, 1)?, "bad_signature")?;
    write("trailing-garbage", &format!("{good}tambahan\n"), "signature_line")?;
    write("signature-twice", &format!("{good}{}", line_of(&good, ORIGIN)?), "duplicate_signature")?;
    write("unsigned", &good_text, "no_separator")?;
    let imposter = NoteSigner::new(ORIGIN, &[3; 32])?.verifier_key().to_string();
    let swapped = json!({ "checkpoint": good, "log_key": imposter });
    folder.write(
        "key-swapped",
        "a key of the same name that did not sign",
        &swapped,
        "no_known_signature",
    )?;
    let same_name = CosignatureSigner::new(ORIGIN, &[1; 32])?.verifier_key().to_string();
    let as_log = json!({ "checkpoint": good, "log_key": same_name });
    folder.write(
        "log-key-is-for-cosignatures",
        "a cosignature key as the log's",
        &as_log,
        "key_algorithm",
    )?;

    // Cosignatures.
    const TIME: u64 = 1_760_000_000;
    let mut signed = SignedCheckpoint::parse(good.as_bytes())?;
    signed.add(witness.cosign(&signed, TIME)?)?;
    let cosigned = signed.to_string();
    let write = |name: &str, text: &str, witness_key: &str, expect: &str| {
        let inputs = json!({ "checkpoint": text, "log_key": key, "witness_key": witness_key, "time": TIME });
        folder.write(
            &format!("cosigned-{name}"),
            &format!("cosigned, {}", name.replace('-', " ")),
            &inputs,
            expect,
        )
    };
    write("good", &cosigned, &witness_key, ACCEPT)?;
    write("bad-signature", &spoil_signature(&cosigned, WITNESS, 1)?, &witness_key, "bad_signature")?;
    write("time-changed", &spoil_signature(&cosigned, WITNESS, 65)?, &witness_key, "bad_signature")?;
    let late = rewrite_signature(&cosigned, WITNESS, |payload| payload[4] |= 0x80)?;
    write("time-above-63-bits", &late, &witness_key, "cosignature_time")?;
    let timeless = rewrite_signature(&cosigned, WITNESS, |payload| drop(payload.drain(4..12)))?;
    write("without-time", &timeless, &witness_key, "signature_length")?;
    write("not-at-all", &good, &witness_key, "no_known_signature")?;
    let twice = format!("{cosigned}{}", line_of(&cosigned, WITNESS)?);
    write("twice", &twice, &witness_key, "duplicate_signature")?;
    let stranger = CosignatureSigner::new(WITNESS, &[5; 32])?.verifier_key().to_string();
    write("by-other-key-of-same-name", &cosigned, &stranger, "no_known_signature")?;
    let plain = NoteSigner::new(WITNESS, &[4; 32])?;
    write("witness-key-is-for-notes", &cosigned, &plain.verifier_key().to_string(), "key_algorithm")?;
    // The same secret under the plain type: another key id, so not a cosignature.
    let mut plainly = SignedCheckpoint::parse(good.as_bytes())?;
    plainly.add(plain.sign(plainly.note()))?;
    write("with-plain-signature", &plainly.to_string(), &witness_key, "no_known_signature")?;
    // A cosignature of another checkpoint, moved over.
    let mut other = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, 699, prover().root_at(699)?)?, &signer)?;
    other.add(witness.cosign(&other, TIME)?)?;
    let moved = format!("{good}{}", line_of(&other.to_string(), WITNESS)?);
    write("moved-from-other-checkpoint", &moved, &witness_key, "bad_signature")
}

fn tlog_proof() -> Outcome {
    let folder = Folder::new("tlog_proof")?;
    let mut prover = prover();
    let signer = log_signer()?;
    let key = signer.verifier_key().to_string();
    let mut proof_of = |index: u64, size: u64| -> Outcome<TlogProof> {
        let checkpoint = Checkpoint::new(ORIGIN, size, prover.root_at(size)?)?;
        Ok(TlogProof::new(prover.inclusion(index, size)?, SignedCheckpoint::sign(checkpoint, &signer)?)?)
    };
    let write_with = |name: &str, proof: &str, entry: &str, key: &str, expect: &str| {
        let inputs = json!({ "proof": proof, "entry": entry, "log_key": key });
        folder.write(name, &name.replace('-', " "), &inputs, expect)
    };
    let write = |name: &str, proof: &str, expect: &str| write_with(name, proof, &entry(5), &key, expect);

    let good = proof_of(5, 7)?.to_string();
    write("good", &good, ACCEPT)?;
    write_with("good-only-entry", &proof_of(0, 1)?.to_string(), &entry(0), &key, ACCEPT)?;
    write_with("good-300-of-700", &proof_of(300, 700)?.to_string(), &entry(300), &key, ACCEPT)?;
    let with_extra = proof_of(5, 7)?.with_extra(b"not authenticated".to_vec()).to_string();
    write("good-with-extra", &with_extra, ACCEPT)?;

    write("header-of-version-2", &edit(&good, "proof@v1", "proof@v2")?, "tlog_proof_header")?;
    write("header-missing", &edit(&good, "c2sp.org/tlog-proof@v1\n", "")?, "tlog_proof_header")?;
    write("header-with-space", &edit(&good, "proof@v1", "proof@v1 ")?, "tlog_proof_header")?;
    write("blank-line-first", &format!("\n{good}"), "tlog_proof_header")?;
    write("empty", "", "tlog_proof_header")?;
    write("carriage-returns", &good.replace('\n', "\r\n"), "tlog_proof_header")?;
    let extra = with_extra.lines().nth(1).ok_or("no extra line")?;
    write("extra-empty", &edit(&with_extra, extra, "extra ")?, "tlog_proof_extra")?;
    write("extra-not-base64", &edit(&with_extra, extra, "extra ???")?, "tlog_proof_extra")?;
    let unused_bits = non_canonical(extra)?;
    write("extra-with-unused-bits-set", &edit(&with_extra, extra, &unused_bits)?, "tlog_proof_extra")?;
    let twice = format!("{extra}\n{extra}");
    write("extra-twice", &edit(&with_extra, extra, &twice)?, "tlog_proof_index")?;
    let after_index = format!("index 5\n{extra}\n");
    write("extra-after-index", &edit(&good, "index 5\n", &after_index)?, "tlog_proof_hash")?;
    for (name, line) in [
        ("index-missing", ""),
        ("index-with-leading-zero", "index 05\n"),
        ("index-with-plus", "index +5\n"),
        ("index-negative", "index -5\n"),
        ("index-with-two-spaces", "index  5\n"),
        ("index-with-space-after", "index 5 \n"),
        ("index-without-number", "index \n"),
        ("index-above-64-bits", "index 18446744073709551616\n"),
        ("index-in-upper-case", "Index 5\n"),
    ] {
        write(name, &edit(&good, "index 5\n", line)?, "tlog_proof_index")?;
    }
    write("index-minus-one", &edit(&good, "index 5", "index 4")?, "root_mismatch")?;
    write("index-plus-one", &edit(&good, "index 5", "index 6")?, "proof_too_long")?;
    write("index-is-size", &edit(&good, "index 5", "index 7")?, "index_beyond_tree")?;

    let hashes: Vec<&str> = good.lines().skip(2).take(3).collect();
    for (position, hash) in hashes.iter().enumerate() {
        let wrong = flipped(&Hash::from_base64(hash).ok_or("no hash")?).to_string();
        write(&format!("flipped-bit-in-hash-{position}"), &edit(&good, hash, &wrong)?, "root_mismatch")?;
        let missing = edit(&good, &format!("{hash}\n"), "")?;
        write(&format!("hash-{position}-missing"), &missing, "proof_too_short")?;
        let twice = edit(&good, hash, &format!("{hash}\n{hash}"))?;
        write(&format!("hash-{position}-twice"), &twice, "proof_too_long")?;
        let unused_bits = edit(&good, hash, &non_canonical(hash)?)?;
        write(&format!("hash-{position}-with-unused-bits-set"), &unused_bits, "tlog_proof_hash")?;
        let unpadded = edit(&good, hash, hash.trim_end_matches('='))?;
        write(&format!("hash-{position}-without-padding"), &unpadded, "tlog_proof_hash")?;
    }
    let in_order = hashes.join("\n");
    let reversed: Vec<&str> = hashes.iter().rev().copied().collect();
    write("hashes-from-root-downward", &edit(&good, &in_order, &reversed.join("\n"))?, "root_mismatch")?;
    let short_hash = BASE64_STANDARD.encode([0; 31]);
    write("hash-of-31-bytes", &edit(&good, hashes[1], &short_hash)?, "tlog_proof_hash")?;
    let many = format!("{}\n", hashes[0]).repeat(65);
    write("hashes-65", &edit(&good, &format!("{in_order}\n"), &many)?, "tlog_proof_too_many_hashes")?;
    let blank = edit(&good, hashes[1], &format!("\n{}", hashes[1]))?;
    // The rest of the hashes then reads as the start of a checkpoint, which has no blank lines.
    write("blank-line-between-hashes", &blank, "checkpoint_line")?;

    let cut = good.find("\n\n").ok_or("no blank line")?;
    write("no-checkpoint", &good[..=cut], "tlog_proof_no_checkpoint")?;
    write(
        "no-blank-line-before-checkpoint",
        &format!("{}{}", &good[..=cut], &good[cut + 2..]),
        "tlog_proof_hash",
    )?;
    write("cut-after-blank-line", &good[..cut + 2], "no_final_newline")?;
    write("no-final-newline", good.trim_end(), "no_final_newline")?;
    write("trailing-garbage", &format!("{good}tambahan\n"), "signature_line")?;
    write("signature-twice", &format!("{good}{}", line_of(&good, ORIGIN)?), "duplicate_signature")?;
    write("bad-signature", &spoil_signature(&good, ORIGIN, 1)?, "bad_signature")?;
    write("size-changed", &edit(&good, "\n7\n", "\n8\n")?, "bad_signature")?;
    write("size-with-leading-zero", &edit(&good, "\n7\n", "\n07\n")?, "checkpoint_size")?;
    let other = proof_of(5, 13)?.to_string();
    let other_checkpoint = other.find("\n\n").map(|at| &other[at..]).ok_or("no blank line")?;
    let moved = format!("{}{other_checkpoint}", &good[..cut]);
    write("checkpoint-of-later-size", &moved, "proof_too_short")?;
    write_with("other-entry", &good, &entry(4), &key, "root_mismatch")?;
    write_with("entry-with-newline", &good, &format!("{}\n", entry(5)), &key, "root_mismatch")?;
    write_with("entry-empty", &good, "", &key, "root_mismatch")?;
    let imposter = NoteSigner::new(ORIGIN, &[3; 32])?.verifier_key().to_string();
    write_with("key-swapped", &good, &entry(5), &imposter, "no_known_signature")?;
    let elsewhere = NoteSigner::new("other.example/log", &[1; 32])?.verifier_key().to_string();
    write_with("wrong-origin", &good, &entry(5), &elsewhere, "checkpoint_origin")
}
