//! Following another writer after standing down.
//!
//! Must never decide anything: what stands in the log was decided by whoever recorded it.

use std::sync::Arc;

use jejak_events::record::Event;

use super::engine::{Engine, past};
use super::open::visit_vault;
use super::outcome::RegistryError;
use super::past::NOTHING_DECIDED;
use crate::rules::admitted::Grown;

impl Engine {
    /// Takes in what another writer has recorded since; readers see it once it is published.
    ///
    /// # Errors
    /// When the log cannot be read: then it can be tried again. When what it holds is not understood: then nothing more
    /// is taken in before the registry is opened again.
    pub(super) fn catch_up(&mut self) -> Result<Grown, RegistryError> {
        if self.stopped {
            return Err(RegistryError::Closed);
        }
        self.log.catch_up(None)?;
        let absorbed = self.absorb_new();
        self.stopped |= absorbed.is_err();
        absorbed
    }

    /// Takes in the events that the log holds beyond the machine, with their vault frames.
    fn absorb_new(&mut self) -> Result<Grown, RegistryError> {
        let frames = self.vault.length_bytes()..self.log.vault_length();
        let vault = Arc::clone(&self.vault);
        visit_vault(&self.reader, frames, &mut |frames| {
            vault.extend(frames).map_err(|damage| RegistryError::Unreadable(damage.to_string()))
        })?;
        let mut grown = Grown::default();
        let (from, size) = (self.machine.size(), self.log.size());
        let mut events = Vec::new();
        let mut unread = None;
        self.reader.scan(from..size, &mut |index, bytes| {
            match Event::read(bytes) {
                Ok(event) => events.push(event),
                Err(error) => unread = Some(RegistryError::Unreadable(format!("event {index}: {error}"))),
            }
            unread.is_none()
        })?;
        if let Some(error) = unread {
            return Err(error);
        }
        for event in events {
            let past = past(&self.reader, &self.vault, &NOTHING_DECIDED, size);
            let absorbed = self.machine.absorb(event, &past);
            grown.admitted.push(absorbed.map_err(|denied| RegistryError::Unreadable(denied.to_string()))?);
        }
        self.machine.forget_numbers();
        if let Some(last) = grown.admitted.last() {
            self.last_recorded = Some(last.event.recorded);
        }
        Ok(grown)
    }
}
