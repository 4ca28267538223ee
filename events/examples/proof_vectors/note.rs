//! Signed notes and verifier keys.

use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::note::{Note, NoteSigner};
use serde_json::json;

use crate::edit::{edit, line_of, log_signer, non_canonical, rewrite_signature, spoil_signature};
use crate::{ACCEPT, Folder, ORIGIN, Outcome};

pub fn write() -> Outcome {
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
