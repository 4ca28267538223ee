//! Key rotation: a new checkpoint key is introduced by an event, and a checkpoint over that event is signed by the
//! key before it and by the new one (the *handover*, see [`jejak_events::log_keys`]). A new attestation key is
//! introduced alike, without a handover. The recovery key is not changed here: its secret lies outside the registry,
//! and it speaks only where the others are lost.
//!
//! The order is what a crash may not change: the secret is kept before the event names its key, and the handover
//! is kept before anything is appended that only the new key would sign. Whatever is cut short is gone on with when
//! the registry is next opened. Nothing here destroys a secret: the old ones are needed to make a lost handover anew.

use std::path::PathBuf;
use std::sync::Arc;

use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::identity::{Actor, Subject};
use jejak_events::log_keys::LogKeys;
use jejak_events::note::{NoteSigner, VerifierKey};
use jejak_events::proposal::Proposal;
use jejak_events::types::{Data, KeyIntroduced, KeyPurpose};
use jejak_events::values::{Text, Vkey};

use super::engine::Engine;
use super::{Options, Registry, RegistryError};
use crate::disk::{Disk, create_directory_durably, replace_durably};
use crate::log::{LogError, LogReader, Notary as _};
use crate::rules::admitted::Grown;
use crate::vault::{NewKey, Secret};

/// What a rotation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Index of the event that introduced the key.
    pub index: u64,
    /// The key that signs from here on.
    pub key: VerifierKey,
    /// The checkpoint that both keys signed.
    pub handover: PathBuf,
}

/// The directory of handovers: one checkpoint for each key but the first, for ever.
#[derive(Clone, Debug)]
pub struct Handovers {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
}

impl Handovers {
    /// Those of a registry.
    #[must_use]
    pub fn of(options: &Options) -> Self {
        Self { disk: Arc::clone(&options.disk), directory: options.paths().handovers() }
    }

    /// Where the handover of this size lies.
    #[must_use]
    pub fn path(&self, size: u64) -> PathBuf {
        self.directory.join(size.to_string())
    }

    /// The handover of this size, when it is there, signed by both keys, and of this log; otherwise why not.
    ///
    /// # Errors
    /// When the disk or the log cannot be read.
    pub fn read(
        &self,
        size: u64,
        keys: &LogKeys,
        reader: &LogReader,
    ) -> Result<Result<Vec<u8>, String>, RegistryError> {
        let path = self.path(size);
        if self.disk.length(&path).map_err(|source| self.failed("look at", size, source))?.is_none() {
            return Ok(Err("there is none".into()));
        }
        let bytes = self.disk.read(&path).map_err(|source| self.failed("read", size, source))?;
        let verified = SignedCheckpoint::parse(&bytes).and_then(|signed| keys.verify(&signed).cloned());
        Ok(match verified {
            Err(error) => Err(error.to_string()),
            Ok(checkpoint) if checkpoint.size() != size || checkpoint.root() != reader.root_at(size)? => {
                Err("it is a checkpoint of another tree".into())
            }
            Ok(_) => Ok(bytes),
        })
    }

    fn keep(&self, size: u64, note: &str) -> Result<(), RegistryError> {
        let (path, aside) = (self.path(size), self.directory.join(format!("{size}.new")));
        create_directory_durably(&*self.disk, &self.directory)
            .and_then(|()| replace_durably(&*self.disk, &path, &aside, note.as_bytes()))
            .map_err(|source| self.failed("write", size, source))
    }

    fn failed(&self, operation: &'static str, size: u64, source: std::io::Error) -> RegistryError {
        RegistryError::File { operation, path: self.path(size).display().to_string(), source }
    }
}

/// A new key, which nobody knows yet.
struct Drawn {
    seed: Secret,
    key: VerifierKey,
    introduction: Proposal,
}

impl Registry {
    /// Draws a new checkpoint key, introduces it, and has it and the key before it sign the handover.
    ///
    /// # Errors
    /// When the machine failed. The new key may stand in the log then; reopening finishes the handover.
    pub fn rotate_key(&self, actor: Actor, basis: Option<Text>) -> Result<Rotated, RegistryError> {
        let Drawn { seed, key, introduction } = self.draw(KeyPurpose::Checkpoint, actor, basis)?;
        let (index, handover) = self.with_growing(move |engine, _| engine.rotate_key(seed, introduction))?;
        Ok(Rotated { index, key, handover })
    }

    /// Draws a new attestation key and introduces it. Answers with the event's index and the key, which signs what is
    /// handed out over every checkpoint that covers the event.
    ///
    /// # Errors
    /// When the machine failed. The new key may stand in the log then, and is in force if it does.
    pub fn rotate_attestation_key(
        &self,
        actor: Actor,
        basis: Option<Text>,
    ) -> Result<(u64, VerifierKey), RegistryError> {
        let purpose = KeyPurpose::Attestation;
        let Drawn { seed, key, introduction } = self.draw(purpose, actor, basis)?;
        let index = self.with_growing(move |engine, _| engine.introduce(purpose, seed, introduction))?;
        Ok((index, key))
    }

    fn draw(&self, purpose: KeyPurpose, actor: Actor, basis: Option<Text>) -> Result<Drawn, RegistryError> {
        let unreadable = |error: &dyn std::fmt::Display| RegistryError::Unreadable(error.to_string());
        let mut seed = zeroize::Zeroizing::new([0; 32]);
        self.environment.randomness.fill(&mut *seed).map_err(RegistryError::randomness)?;
        let name = purpose.key_name(&self.constitution().origin);
        let signer = NoteSigner::new(&name, &seed).map_err(|error| unreadable(&error))?;
        let key = signer.verifier_key().clone();
        let vkey = Vkey::parse(&key.to_string()).map_err(|message| unreadable(&message.en))?;
        let (evidence, imported_from, sealed) = (None, None, None);
        let data = Data::from(KeyIntroduced { purpose, vkey, basis, evidence, imported_from, sealed });
        let introduction = self.own_proposal(actor, Subject::Registry, data)?;
        Ok(Drawn { seed: Secret::new(*seed), key, introduction })
    }
}

impl Engine {
    /// Introduces a checkpoint key and hands over. Answers with the event's index and where the handover lies.
    fn rotate_key(
        &mut self,
        seed: Secret,
        introduction: Proposal,
    ) -> Result<((u64, PathBuf), Grown), RegistryError> {
        let (index, grown) = self.introduce(KeyPurpose::Checkpoint, seed, introduction)?;
        // Crash here: opening hands over.
        let handed_over = self.hand_over();
        // Nothing is appended behind a handover that is missing.
        self.stop_after(handed_over)?;
        Ok(((index, self.handovers.path(index + 1)), grown))
    }

    /// Keeps the secret, and records the event that introduces its key. Answers with the event's index.
    fn introduce(
        &mut self,
        purpose: KeyPurpose,
        seed: Secret,
        introduction: Proposal,
    ) -> Result<(u64, Grown), RegistryError> {
        self.check_open()?;
        // The secret is written before the log is; a log that takes nothing must not cost one.
        self.log.check_appendable()?;
        let prepared = self.lay_out_own(introduction)?;
        let kept = NewKey::Signing { purpose: purpose.name().to_owned(), seed: seed.clone() };
        if let Err(error) = self.vault.change_keys(|keys| keys.add(&[kept])) {
            self.stopped = true;
            return Err(error.into());
        }
        // Crash here: a secret whose key no event introduces. It signs nothing, and the next rotation draws
        // another: what made somebody rotate may have told this one, too.
        if purpose == KeyPurpose::Checkpoint {
            self.signer.take(seed);
        }
        let (recorded, grown) = self.record(prepared)?;
        let index = recorded.map_err(|refusal| RegistryError::Unreadable(refusal.to_string()))?;
        // Crash here: the event stands in the journal, not anchored. Opening adopts it; if it is lost with the end of
        // the journal, the secret is one of those above.
        Ok((index, grown))
    }

    /// Makes every handover that is missing or damaged: anchored, signed by both keys, kept. Answers how many. One
    /// whose old secret is gone cannot be made any more; `verify` tells of it.
    ///
    /// # Errors
    /// When the machine failed.
    pub fn hand_over(&mut self) -> Result<usize, RegistryError> {
        let keys = self.signer.keys();
        let mut made = 0;
        for new in keys.all().iter().skip(1) {
            let size = new.from_size;
            if self.handovers.read(size, &keys, &self.reader)?.is_ok() {
                continue;
            }
            if !keys.signing(size).iter().all(|one| self.signer.has_secret_of(&one.key)) {
                continue;
            }
            if self.log.anchored().0 < size {
                self.log.anchor()?;
            }
            // Crash here: anchored, and perhaps the stored checkpoint is the handover already; opening keeps it
            // under its own name, too.
            let root = self.reader.root_at(size)?;
            let note = self
                .signer
                .sign(size, root)
                .map_err(|reason| LogError::Checkpoint { action: "was not signed", reason })?;
            self.handovers.keep(size, &note)?;
            // Crash within: a file aside. Crash here: done; opening finds nothing left to do.
            made += 1;
        }
        Ok(made)
    }
}
