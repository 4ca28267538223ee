use proptest::prelude::*;

use super::*;

const NAME: &str = "jejak.example/registry";

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::new(NAME, &[seed; 32]).unwrap()
}

fn signed(text: &str, signers: &[&NoteSigner]) -> Note {
    let mut note = Note::new(text.to_owned()).unwrap();
    for signer in signers {
        note.add(signer.sign(&note)).unwrap();
    }
    note
}

#[test]
fn public_key_of_rfc_8032_test_1() {
    let seed = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44,
        0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ];
    let signer = NoteSigner::new(NAME, &seed).unwrap();
    assert_eq!(signer.verifier_key().public_key()[..4], [0xd7, 0x5a, 0x98, 0x01]);
    assert_eq!(signer.verifier_key().public_key()[28..], [0xf7, 0x07, 0x51, 0x1a]);
}

#[test]
fn key_round_trips_and_its_id_depends_on_name_and_type() {
    let key = signer(1).verifier_key().clone();
    assert_eq!(key.to_string().parse(), Ok(key.clone()));
    // Computed apart from this code, with Python's `hashlib` and `cryptography`.
    let expected = "jejak.example/registry+74a9104a+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
    assert_eq!(key.to_string(), expected);
    let other_name = VerifierKey::new("a.example", Algorithm::Ed25519, key.public_key()).unwrap();
    let other_type = VerifierKey::new(NAME, Algorithm::CosignatureV1, key.public_key()).unwrap();
    assert_ne!(key.id(), other_name.id());
    assert_ne!(key.id(), other_type.id());
    assert_eq!(other_type.to_string().parse(), Ok(other_type.clone()));
    assert_eq!(other_type.algorithm(), Algorithm::CosignatureV1);
}

#[test]
fn key_names_with_separators_in_them_are_refused() {
    for name in ["", " ", "a b", "a+b", "a\nb", "a\u{2003}b", "a\u{a0}b", "a\u{7f}b", "a\u{85}b"] {
        assert_eq!(NoteSigner::new(name, &[1; 32]).unwrap_err(), NoteError::KeyName(name.into()));
    }
}

#[test]
fn secret_is_never_printed() {
    let seed = [0xAB; 32];
    let printed = format!("{:?}", NoteSigner::new(NAME, &seed).unwrap());
    assert!(printed.contains(NAME));
    for secret in ["171", "ab, ab", "abab", "ABAB", &BASE64_STANDARD.encode(seed)] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn verify_returns_the_keys_that_signed_in_their_order() {
    let (one, two, three) = (signer(1), signer(2), signer(3));
    let note = signed("teks\n", &[&one, &two]);
    let keys = [three.verifier_key(), two.verifier_key(), one.verifier_key()];
    let verified = note.verify(keys).unwrap();
    let ids: Vec<u32> = verified.iter().map(|signature| signature.key.id()).collect();
    assert_eq!(ids, [two.verifier_key().id(), one.verifier_key().id()]);
    assert!(verified.iter().all(|signature| signature.time.is_none()));
    assert_eq!(note.verify([three.verifier_key()]), Err(NoteError::NoKnownSignature));
}

#[test]
fn one_key_signs_a_note_once() {
    let one = signer(1);
    let mut note = signed("teks\n", &[&one]);
    let id = one.verifier_key().id();
    let twice = NoteError::DuplicateSignature { name: NAME.into(), id };
    assert_eq!(note.add(one.sign(&note)), Err(twice));
    assert_eq!(note.signatures().len(), 1);
}

#[test]
fn two_lines_by_an_unknown_key_are_ignored() {
    let (one, two) = (signer(1), signer(2));
    let note = signed("teks\n", &[&one, &two]).to_string();
    let repeated = note.lines().last().unwrap();
    let note = Note::parse(format!("{note}{repeated}\n").as_bytes()).unwrap();
    assert_eq!(note.verify([one.verifier_key()]).unwrap().len(), 1);
    let id = two.verifier_key().id();
    let twice = NoteError::DuplicateSignature { name: NAME.into(), id };
    assert_eq!(note.verify([one.verifier_key(), two.verifier_key()]), Err(twice));
}

#[test]
fn number_of_signatures_is_limited_both_ways() {
    let signers: Vec<NoteSigner> = (0..=100).map(signer).collect();
    let mut note = signed("teks\n", &signers[..MAX_SIGNATURES].iter().collect::<Vec<_>>());
    assert_eq!(Note::parse(note.to_string().as_bytes()).as_ref(), Ok(&note));
    let one_more = signers[100].sign(&note);
    assert_eq!(note.add(one_more), Err(NoteError::TooManySignatures(101)));
}

#[test]
fn text_must_be_signable() {
    assert_eq!(Note::new("teks".into()), Err(NoteError::NoFinalNewline));
    assert_eq!(Note::new(String::new()), Err(NoteError::NoFinalNewline));
    assert_eq!(Note::new("a\tb\n".into()), Err(NoteError::ControlCharacter { offset: 1, code: 9 }));
}

#[test]
fn errors_say_where() {
    let note = signed("teks\n", &[&signer(1), &signer(2)]).to_string();
    let broken = format!("{}x\n", note);
    assert_eq!(Note::parse(broken.as_bytes()), Err(NoteError::SignatureLine(3)));
    assert_eq!(Note::parse(b"ab\xff\n"), Err(NoteError::NotUtf8 { offset: 2 }));
}

proptest! {
    #[test]
    fn any_text_round_trips(text in "([^\\x00-\\x1f]{0,12}\n){1,6}", seed: u8) {
        let signer = signer(seed);
        let note = signed(&text, &[&signer]);
        let read = Note::parse(note.to_string().as_bytes()).unwrap();
        prop_assert_eq!(&read, &note);
        prop_assert_eq!(read.text(), text);
        prop_assert_eq!(read.verify([signer.verifier_key()]).unwrap().len(), 1);
    }

    #[test]
    fn any_changed_byte_is_refused(position: prop::sample::Index, xor in 1..=255u8) {
        let signer = signer(1);
        let mut bytes = signed("satu\n\ndua\n", &[&signer]).to_string().into_bytes();
        let position = position.index(bytes.len());
        bytes[position] ^= xor;
        let verdict = Note::parse(&bytes).and_then(|note| note.verify([signer.verifier_key()]).map(|v| v.len()));
        prop_assert!(verdict.is_err());
    }

    #[test]
    fn parser_never_panics_and_prints_what_it_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes);
        }
    }

    #[test]
    fn key_parser_never_panics(text in "\\PC{0,8}\\+[0-9a-f]{0,9}\\+[A-Za-z0-9+/=]{0,50}") {
        if let Ok(key) = text.parse::<VerifierKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }
}
