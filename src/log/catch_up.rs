//! Taking in commits that somebody else put down, each held against the tree.
//!
//! Must never take in part of a commit, or one that does not continue the tree.

use std::sync::PoisonError;

use super::error::{LogError, Place};
use super::{Shared, line, read};

/// Takes in whole commits behind the tree, as far as the place shows them and none that goes beyond `to`. `hear` hears
/// every event.
///
/// # Errors
/// [`LogError::Damaged`] when what follows is no continuation: the log was put back, or is damaged. What came before
/// it was taken in. When the place cannot be read.
pub(crate) fn catch_up(
    shared: &Shared,
    vault_length: &mut u64,
    to: Option<u64>,
    hear: &mut dyn FnMut(u64, &[u8]),
) -> Result<(), LogError> {
    let from = read(&shared.tree).size();
    let mut leaves = Vec::new();
    let mut wrong = None;
    shared.source.commits(from, &mut |chunk| {
        if chunk.end().is_none_or(|end| to.is_some_and(|to| end > to)) {
            return false;
        }
        let known = read(&shared.tree).size();
        let checked = if chunk.first == known {
            line::check(&chunk.bytes, &read(&shared.tree), *vault_length, &mut leaves)
        } else {
            Err(format!("index {known} was expected"))
        };
        match checked {
            Ok((line, extension)) => {
                let mut tree = shared.tree.write().unwrap_or_else(PoisonError::into_inner);
                tree.adopt(&leaves, extension);
                drop(tree);
                *vault_length = line.vault_length;
                let events = line::lines(&chunk.bytes).filter(|line| line.starts_with(b"{"));
                (known..).zip(events).for_each(|(index, event)| hear(index, event));
                true
            }
            Err(reason) => {
                wrong = Some(LogError::damaged(Place::Indexes { from: chunk.first, to: known + 1 }, reason));
                false
            }
        }
    })?;
    wrong.map_or(Ok(()), Err)
}
