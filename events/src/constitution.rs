//! Event 0 held against itself and against what is signed.
//!
//! Event 0 says again what signatures say: the origin, which is the first line of every checkpoint, and each key with
//! its name. Whoever reads it as the log's own word must see first that both are one, or a log signed by one name
//! passes for another. This module must never settle a difference: every one is a fault of the log.

use std::collections::BTreeSet;

use crate::checkpoint::Checkpoint;
use crate::fault::Message;
use crate::note::{Algorithm, VerifierKey};
use crate::types::{KeyPurpose, RegistryOpened};
use crate::values::Vkey;

/// A key that event 0 or `registry.key_introduced` names for a purpose: an Ed25519 key with the name of that purpose.
///
/// # Errors
/// What the key is not.
pub fn key_of(origin: &str, purpose: KeyPurpose, vkey: &Vkey) -> Result<VerifierKey, Message> {
    let (wanted, purpose) = (purpose.key_name(origin), purpose.name());
    let fits = |key: &VerifierKey| key.name() == wanted && key.algorithm() == Algorithm::Ed25519;
    vkey.parse::<VerifierKey>().ok().filter(fits).ok_or_else(|| {
        Message::new(
            format!("kunci `{purpose}` harus kunci Ed25519 bernama {wanted}, bukan {}", &**vkey),
            format!("the {purpose} key must be an Ed25519 key named {wanted}, not {}", &**vkey),
        )
    })
}

/// What event 0 says of its keys and cannot: not exactly one checkpoint key, two keys of one purpose, a key of another
/// name or type, one key for two purposes. Empty where it holds.
#[must_use]
pub fn faults(opened: &RegistryOpened) -> Vec<Message> {
    let mut faults = Vec::new();
    let mut public_keys = BTreeSet::new();
    for purpose in [KeyPurpose::Checkpoint, KeyPurpose::Attestation, KeyPurpose::Recovery] {
        let name = purpose.name();
        let named: Vec<_> = opened.keys.iter().filter(|key| key.purpose == purpose).collect();
        if named.is_empty() && purpose == KeyPurpose::Checkpoint {
            faults.push(Message::new(
                "tidak ada kunci `checkpoint`; harus ada tepat satu",
                "there is no checkpoint key; there must be exactly one",
            ));
        }
        if named.len() > 1 {
            let count = named.len();
            faults.push(Message::new(
                format!("ada {count} kunci `{name}`; paling banyak satu untuk tiap keperluan"),
                format!("there are {count} {name} keys; at most one for each purpose"),
            ));
        }
        for key in named {
            match key_of(&opened.origin, purpose, &key.vkey) {
                Err(fault) => faults.push(fault),
                Ok(read) if !public_keys.insert(*read.public_key()) => faults.push(Message::new(
                    format!("kunci `{name}` juga disebut untuk keperluan lain"),
                    format!("the {name} key is named for another purpose, too"),
                )),
                Ok(_) => {}
            }
        }
    }
    faults
}

/// How event 0 names its log otherwise than a checkpoint does; `None` where both say one origin.
#[must_use]
pub fn other_origin(opened: &RegistryOpened, checkpoint: &Checkpoint) -> Option<Message> {
    let (own, signed) = (&*opened.origin, checkpoint.origin());
    (own != signed).then(|| {
        Message::new(
            format!(
                "peristiwa 0 menyebut dirinya log {own}, padahal yang ditandatangani adalah log {signed}"
            ),
            format!("event 0 calls itself the log {own}, while what is signed is the log {signed}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::NoteSigner;
    use crate::tree::empty_root;
    use crate::types::PublicKey;
    use crate::values::{Format, Origin, SetOf, Sha256Hex, Version, Year};

    const ORIGIN: &str = "jejak.example/test";

    fn key(purpose: KeyPurpose, name: &str, seed: u8) -> PublicKey {
        let signer = NoteSigner::new(name, &[seed; 32]).unwrap();
        PublicKey { purpose, vkey: Vkey::parse(&signer.verifier_key().to_string()).unwrap() }
    }

    fn opened(keys: Vec<PublicKey>) -> RegistryOpened {
        RegistryOpened {
            area_table_sha256: Sha256Hex::parse(&"0".repeat(64)).unwrap(),
            area_table_year: Year::new(2025).unwrap(),
            format: Format::parse("jejak/0").unwrap(),
            keys: SetOf::new(keys).unwrap(),
            origin: Origin::parse(ORIGIN).unwrap(),
            rules: Version::new(1).unwrap(),
            synthetic: true,
            evidence: None,
            imported_from: None,
            sealed: None,
        }
    }

    #[test]
    fn keys_stand_once_under_their_names() {
        use KeyPurpose::{Attestation, Checkpoint, Recovery};
        let (attestation, recovery) = (format!("{ORIGIN}/attestation"), format!("{ORIGIN}/recovery"));
        let good = || {
            vec![key(Checkpoint, ORIGIN, 1), key(Attestation, &attestation, 2), key(Recovery, &recovery, 3)]
        };
        assert_eq!(faults(&opened(good())), []);
        assert_eq!(faults(&opened(good()[..1].to_vec())), [], "the others may be absent");
        let cosigner = crate::cosignature::CosignatureSigner::new(&attestation, &[2; 32]).unwrap();
        let of_cosigner = Vkey::parse(&cosigner.verifier_key().to_string()).unwrap();
        let with = |at: usize, other: PublicKey| {
            let mut keys = good();
            keys[at] = other;
            keys
        };
        let more = |other: PublicKey| [good(), vec![other]].concat();
        for (keys, said) in [
            (good()[1..].to_vec(), "there is no checkpoint key"),
            (more(key(Checkpoint, ORIGIN, 4)), "there are 2 checkpoint keys"),
            (more(key(Attestation, &attestation, 4)), "there are 2 attestation keys"),
            (more(key(Recovery, &recovery, 4)), "there are 2 recovery keys"),
            (
                with(0, key(Checkpoint, "other.example/log", 1)),
                "must be an Ed25519 key named jejak.example/test, not other",
            ),
            (with(1, key(Attestation, ORIGIN, 2)), "named jejak.example/test/attestation, not"),
            (with(2, key(Recovery, &attestation, 3)), "named jejak.example/test/recovery, not"),
            (with(1, PublicKey { purpose: Attestation, vkey: of_cosigner }), "must be an Ed25519 key named"),
            (with(1, key(Attestation, &attestation, 1)), "the attestation key is named for another purpose"),
        ] {
            let found = faults(&opened(keys));
            assert!(found.iter().any(|fault| fault.en.contains(said)), "{said}: {found:?}");
        }
    }

    #[test]
    fn the_origin_is_that_which_is_signed() {
        let signed = |origin| Checkpoint::new(origin, 1, empty_root()).unwrap();
        let opened = opened(vec![key(KeyPurpose::Checkpoint, ORIGIN, 1)]);
        assert_eq!(other_origin(&opened, &signed(ORIGIN)), None);
        let said = other_origin(&opened, &signed("other.example/log")).unwrap();
        assert!(said.en.contains(ORIGIN) && said.en.ends_with("other.example/log"), "{said:?}");
    }
}
