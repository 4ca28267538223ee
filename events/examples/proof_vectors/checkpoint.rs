//! Checkpoints and cosignatures.

use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    cosignature::CosignatureSigner,
    note::{Note, NoteSigner},
    tree::empty_root,
};
use serde_json::json;

use crate::edit::{edit, line_of, log_signer, non_canonical, rewrite_signature, spoil_signature};
use crate::{ACCEPT, Folder, ORIGIN, Outcome, WITNESS, prover};

pub fn write() -> Outcome {
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
