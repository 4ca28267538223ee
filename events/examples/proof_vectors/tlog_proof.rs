//! Proof files.

use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    note::NoteSigner,
    tlog_proof::TlogProof,
    tree::Hash,
};
use serde_json::json;

use crate::edit::{edit, line_of, log_signer, non_canonical, spoil_signature};
use crate::{ACCEPT, Folder, ORIGIN, Outcome, entry, flipped, prover};

pub fn write() -> Outcome {
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
