//! Signs checkpoints with the log's own key and checks stored ones.
//!
//! Which key signs is what the log says (event 0, then `registry.key_introduced`); the keys file only holds the
//! secrets. This module must never sign with a key that the log does not name for that size.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::log_keys::LogKeys;
use jejak_events::note::{NoteError, NoteSigner, VerifierKey};
use jejak_events::record::Event;
use jejak_events::tree::Hash;
use jejak_events::types::{EventType as _, KeyIntroduced, KeyPurpose};

use crate::log::Notary;
use crate::vault::{KeyFile, Secret};

/// The signer under a key that the log names, when the keys file has its secret. A secret that no event introduced is
/// never the one that is asked for.
#[must_use]
pub fn signer_of(keys: &KeyFile, purpose: KeyPurpose, key: &VerifierKey) -> Option<NoteSigner> {
    let signers = keys.signing_secrets(purpose.name()).map(|seed| NoteSigner::new(key.name(), seed.bytes()));
    signers.flatten().find(|signer| signer.verifier_key() == key)
}

/// The secrets of checkpoint keys, and the keys that the log names, once it was read.
#[derive(Debug, Default)]
pub struct Signer {
    held: RwLock<Held>,
}

#[derive(Debug, Default)]
struct Held {
    seeds: Vec<Secret>,
    keys: LogKeys,
}

impl Signer {
    /// A signer that cannot sign yet: which key does stands in the log.
    #[must_use]
    pub fn new(seeds: Vec<Secret>) -> Self {
        Self { held: RwLock::new(Held { seeds, keys: LogKeys::new() }) }
    }

    /// Takes one more secret. It signs nothing before the log introduces its key.
    pub fn take(&self, seed: Secret) {
        self.write().seeds.push(seed);
    }

    /// The keys that the log names so far.
    #[must_use]
    pub fn keys(&self) -> LogKeys {
        self.read().keys.clone()
    }

    /// Whether the secret of a key is at hand.
    #[must_use]
    pub fn has_secret_of(&self, key: &VerifierKey) -> bool {
        self.read().signer_of(key).is_some()
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        // Whoever panicked while holding it left it whole: each change is one push.
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn signers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Result<NoteSigner, NoteError>> + 'a {
        self.seeds.iter().map(move |seed| NoteSigner::new(name, seed.bytes()))
    }

    fn signer_of(&self, key: &VerifierKey) -> Option<NoteSigner> {
        self.signers(key.name()).flatten().find(|signer| signer.verifier_key() == key)
    }
}

impl Notary for Signer {
    /// Learns which key signs. What cannot be read names no key; who reads the log for its content says so.
    fn hear(&self, index: u64, event: &[u8]) {
        // The type is the last attribute of a canonical record.
        let end = |name: &str| event.strip_suffix(b"\"}").is_some_and(|rest| rest.ends_with(name.as_bytes()));
        if (index == 0 || end(KeyIntroduced::DECLARATION.name))
            && let Ok(event) = Event::read(event)
        {
            self.write().keys.observe(index, &event.draft.data);
        }
    }

    fn sign(&self, size: u64, root: Hash) -> Result<String, String> {
        let held = self.read();
        let mut signed: Option<SignedCheckpoint> = None;
        for one in held.keys.signing(size) {
            let key = &one.key;
            let signer = held.signer_of(key).ok_or_else(|| {
                format!(
                    "the keys file has no secret for {key}, which the log names; give the right directory with \
                     --keys, or restore its newest copy"
                )
            })?;
            let next = match signed.take() {
                None => Checkpoint::new(key.name(), size, root)
                    .and_then(|checkpoint| SignedCheckpoint::sign(checkpoint, &signer)),
                Some(mut both) => both.add(signer.sign(both.note())).map(|()| both),
            };
            signed = Some(next.map_err(|error| error.to_string())?);
        }
        let signed = signed.ok_or("event 0 names no checkpoint key, or was not read yet")?;
        Ok(signed.to_string())
    }

    /// Under any of the secrets at hand: this is asked before the log is read.
    fn check(&self, note: &str) -> Result<(u64, Hash), String> {
        let signed = SignedCheckpoint::parse(note.as_bytes()).map_err(|error| error.to_string())?;
        let checkpoint = signed.unverified();
        let held = self.read();
        let signers = held.signers(checkpoint.origin()).collect::<Result<Vec<_>, _>>();
        let signers = signers.map_err(|error| error.to_string())?;
        signed
            .note()
            .verify(signers.iter().map(NoteSigner::verifier_key))
            .map_err(|error| error.to_string())?;
        Ok((checkpoint.size(), checkpoint.root()))
    }
}
