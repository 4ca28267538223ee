//! The vault of an open registry, as one thread writes it and others read it.
//!
//! Where frames lie and which keys are alive is looked up under locks of one look-up. A destroyed key opens nothing from
//! the moment on at which it is destroyed here, whichever size of the log somebody reads; [`Vault::wait_for_openings`]
//! waits for those who had it in hand. Must never hand out a key to be kept.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use jejak_events::identity::Subject;
use jejak_events::proposal::{SealedValues, sealed_by};
use jejak_events::record::Event;
use jejak_events::sealed::{Group, decode_disclosure};
use jejak_projections::error::ReadFailure;

use crate::log::LogReader;
use crate::rules::key_names::KeyName;
use crate::vault::access::{RegistryMark, VaultPass};
use crate::vault::{FrameDamage, FramePlace, FrameSubject, KeyFile, VaultError, VaultIndex, open_frame};

/// Where the frames lie, and the keys to them.
#[derive(Debug)]
pub struct Vault {
    index: RwLock<VaultIndex>,
    keys: RwLock<KeyFile>,
    /// Held by each reader for the frames of one event, from looking up the key to having opened them.
    opening: RwLock<()>,
    /// Nothing is opened: nobody here may note a look.
    is_closed: bool,
    /// Of which registry a look must be that opens anything.
    mark: RegistryMark,
}

impl Vault {
    /// Takes over both.
    #[must_use]
    pub fn new(index: VaultIndex, keys: KeyFile) -> Self {
        Self {
            index: index.into(),
            keys: keys.into(),
            opening: RwLock::default(),
            is_closed: false,
            mark: RegistryMark::fresh(),
        }
    }

    /// Of which registry a look must be that opens anything here.
    #[must_use]
    pub fn mark(&self) -> RegistryMark {
        self.mark
    }

    /// A vault that opens nothing, for a process that only reads: a look is noted in the access log, which only the
    /// process that writes may do. Where the frames lie is not known.
    #[must_use]
    pub fn closed(keys: KeyFile) -> Self {
        Self { is_closed: true, ..Self::new(VaultIndex::default(), keys) }
    }

    /// The keys, to be looked into and let go of at once.
    pub fn keys(&self) -> RwLockReadGuard<'_, KeyFile> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the keys; nobody reads sealed values meanwhile. For the writer alone.
    pub fn change_keys<T>(&self, change: impl FnOnce(&mut KeyFile) -> T) -> T {
        change(&mut self.keys.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until whoever took a key before it was destroyed is done with it: one event's frames each.
    pub fn wait_for_openings(&self) {
        drop(self.opening.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Adds the frames that were appended. For the writer alone.
    ///
    /// # Errors
    /// As [`VaultIndex::extend`].
    pub fn extend(&self, frames: &[u8]) -> Result<(), FrameDamage> {
        self.index.write().unwrap_or_else(PoisonError::into_inner).extend(frames)
    }

    /// Length of the vault that is known, in bytes.
    #[must_use]
    pub fn length_bytes(&self) -> u64 {
        self.index.read().unwrap_or_else(PoisonError::into_inner).length_bytes()
    }

    /// The frames of one event; empty when it has no sealed fields.
    #[must_use]
    pub fn frames_of(&self, index: u64) -> Vec<FramePlace> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).frames_of(index).to_vec()
    }

    /// The disclosures (base64url, RFC 9901, section 4.2) of some groups of a committed event as they were sealed,
    /// erased ones absent.
    ///
    /// # Errors
    /// When the pass does not cover the subject under whose keys they lie, when the vault cannot be read, or when a key
    /// is missing that was not destroyed.
    pub fn disclosures(
        &self,
        pass: VaultPass<'_>,
        log: &LogReader,
        index: u64,
        event: &Event,
        groups: &[Group],
    ) -> Result<Vec<String>, ReadFailure> {
        if self.is_closed {
            return Err(
                "sealed values are opened by the process that writes alone, which notes the look".into()
            );
        }
        let (subject, _) = sealed_by(event);
        let mut found = Vec::new();
        let places = self.frames_of(index);
        let opening = self.opening.read().unwrap_or_else(PoisonError::into_inner);
        for place in places.iter().filter(|place| groups.contains(&place.group)) {
            match self.open(pass, log, place, subject) {
                Ok(disclosures) => found.extend(disclosures),
                Err(OpenError::Vault(VaultError::Erased { .. })) => {}
                Err(OpenError::Vault(error)) => return Err(error.into()),
                Err(OpenError::Read(error)) => return Err(error),
            }
        }
        drop(opening);
        Ok(found)
    }

    /// The sealed values of some groups of a committed event, erased ones absent.
    ///
    /// # Errors
    /// As [`Vault::disclosures`].
    pub fn values(
        &self,
        pass: VaultPass<'_>,
        log: &LogReader,
        index: u64,
        event: &Event,
        groups: &[Group],
    ) -> Result<SealedValues, ReadFailure> {
        let (_, declared) = sealed_by(event);
        let mut values = SealedValues::new();
        for disclosure in self.disclosures(pass, log, index, event, groups)? {
            let unreadable =
                || format!("event {index}: the vault holds what is no disclosure with a salt of 16 bytes");
            let (name, value) = decode_disclosure(&disclosure).ok_or_else(unreadable)?;
            if let Some(field) = declared.iter().find(|field| field.name == name) {
                values.insert(field.name, value);
            }
        }
        Ok(values)
    }

    /// Opens one frame, whose keys are a subject's.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        &self,
        pass: VaultPass<'_>,
        log: &LogReader,
        place: &FramePlace,
        subject: Subject,
    ) -> Result<Vec<String>, OpenError> {
        if !pass.is_of(self.mark) {
            return Err(VaultError::NotedElsewhere { index: place.index }.into());
        }
        let frame = log.read_vault_frame(place.offset).map_err(|error| OpenError::Read(error.into()))?;
        let about = FrameSubject { index: place.index, subject, group: place.group };
        let name = KeyName::of(subject, place.group, place.index).to_string();
        let key = self.keys().get(&name, place.group);
        Ok(open_frame(pass, &frame, about, &key)?)
    }
}

/// Both groups of sealed fields.
pub const BOTH_GROUPS: [Group; 2] = [Group::Personal, Group::Confidential];

/// Why a frame was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It was erased, or does not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It cannot be read.
    #[error("{0}")]
    Read(ReadFailure),
}
