//! The log in a directory of this machine: the journal, the store beside it, the anchor and the lock.
//!
//! Must never decide what is signed or acknowledged; that is the commit protocol's, in [`super`].

pub(super) mod anchor;
pub(super) mod batch;
mod elsewhere;
pub(super) mod heal;
pub(super) mod inspect;
pub(super) mod journal;
pub(super) mod journal_files;
pub(super) mod line;
pub(super) mod lock;
pub(super) mod open;
pub(super) mod read_log;
pub(super) mod scrub;
pub(super) mod scrub_file;
pub(super) mod sealed;
mod segment_text;
pub(super) mod settle;
pub mod store;
mod survey;
mod tail;
pub(super) mod tile_file;
pub(super) mod vault_file;
mod walk;
