//! Numbers for identifiers and codes, so that a row holds four bytes instead of a UUID.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use super::chunks::Chunks;
use crate::error::ProjectionError;

/// Values numbered from 1 in the order they came; 0 means none.
///
/// A copy shares the way back from a value to its number, which only grows: it passes over numbers beyond its own
/// last one. The lock is held for one look-up or one entry. Nothing may iterate over `numbers`: its order differs from
/// run to run.
#[derive(Debug)]
pub(crate) struct Interned<K> {
    values: Chunks<K>,
    numbers: Arc<RwLock<HashMap<K, u32>>>,
    what: &'static str,
}

impl<K> Clone for Interned<K> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), numbers: Arc::clone(&self.numbers), what: self.what }
    }
}

impl<K: Clone + Eq + Hash> Interned<K> {
    /// An empty dictionary; `what` names its values in errors.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { values: Chunks::default(), numbers: Arc::default(), what }
    }

    /// The number of a value, a new one if need be.
    pub(crate) fn intern(&mut self, value: &K) -> Result<u32, ProjectionError> {
        let length = self.values.len();
        if let Some(numbers) = Arc::get_mut(&mut self.numbers) {
            let numbers = numbers.get_mut().unwrap_or_else(PoisonError::into_inner);
            if let Some(number) = numbers.get(value).filter(|number| **number as usize <= length) {
                return Ok(*number);
            }
        } else if let Some(number) = self.number(value) {
            return Ok(number);
        }
        let number = u32::try_from(length + 1)
            .map_err(|_| ProjectionError::TooMany { what: self.what, limit: u32::MAX })?;
        let shared = self.numbers.read().unwrap_or_else(PoisonError::into_inner).len();
        if shared != length {
            // A copy went on by itself and keeps what it shares; this one starts its own.
            let own = self.values.iter().cloned().zip(1..).collect();
            self.numbers = Arc::new(RwLock::new(own));
        }
        self.values.push(value.clone());
        self.numbers.write().unwrap_or_else(PoisonError::into_inner).insert(value.clone(), number);
        Ok(number)
    }

    /// The number of a value that is known already.
    pub(crate) fn number(&self, value: &K) -> Option<u32> {
        let numbers = self.numbers.read().unwrap_or_else(PoisonError::into_inner);
        numbers.get(value).copied().filter(|number| *number as usize <= self.values.len())
    }

    /// The value of a number; `None` for 0.
    pub(crate) fn value(&self, number: u32) -> Option<&K> {
        self.values.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The values by number, from 1 on.
    pub(crate) fn values(&self) -> &Chunks<K> {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_knows_what_it_was_copied_with_and_both_go_on() {
        let mut first = Interned::new("letters");
        assert_eq!((first.intern(&'a').unwrap(), first.intern(&'b').unwrap()), (1, 2));
        let (kept, mut second) = (first.clone(), first.clone());
        assert_eq!((first.intern(&'c').unwrap(), second.intern(&'d').unwrap()), (3, 3));
        assert_eq!((second.intern(&'c').unwrap(), first.intern(&'a').unwrap()), (4, 1));
        assert_eq!((first.number(&'c'), first.number(&'d')), (Some(3), None));
        assert_eq!((second.number(&'c'), second.number(&'d')), (Some(4), Some(3)));
        assert_eq!((kept.number(&'b'), kept.number(&'c'), kept.value(3)), (Some(2), None, None));
        assert_eq!(first.intern(&'d').unwrap(), 4);
    }
}
