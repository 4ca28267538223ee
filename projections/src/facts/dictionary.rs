//! Numbers for identifiers and codes, so that a row holds four bytes instead of a UUID.

use std::collections::HashMap;
use std::hash::Hash;

use crate::error::ProjectionError;

/// Values numbered from 1 in the order they came; 0 means none.
///
/// Nothing may iterate over `numbers`: its order differs from run to run.
#[derive(Clone, Debug)]
pub(crate) struct Interned<K> {
    values: Vec<K>,
    numbers: HashMap<K, u32>,
    what: &'static str,
}

impl<K: Clone + Eq + Hash> Interned<K> {
    /// An empty dictionary; `what` names its values in errors.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { values: Vec::new(), numbers: HashMap::new(), what }
    }

    /// The number of a value, a new one if need be.
    pub(crate) fn intern(&mut self, value: &K) -> Result<u32, ProjectionError> {
        if let Some(number) = self.numbers.get(value) {
            return Ok(*number);
        }
        let number = u32::try_from(self.values.len() + 1)
            .map_err(|_| ProjectionError::TooMany { what: self.what, limit: u32::MAX })?;
        self.values.push(value.clone());
        self.numbers.insert(value.clone(), number);
        Ok(number)
    }

    /// The number of a value that is known already.
    pub(crate) fn number(&self, value: &K) -> Option<u32> {
        self.numbers.get(value).copied()
    }

    /// The value of a number; `None` for 0.
    pub(crate) fn value(&self, number: u32) -> Option<&K> {
        self.values.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The values by number, from 1 on.
    pub(crate) fn values(&self) -> &[K] {
        &self.values
    }
}
