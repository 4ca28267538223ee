//! Evidence bundles: one file with everything that a stranger needs to check a figure or a claim without this
//! registry, its word or a network.
//!
//! [`create`] puts together what is asked, the checkpoint and *all* entries under it, [`verify`] replays those
//! entries and answers anew. All of them are in it, because only whoever has all can tell that none was left
//! out; they hold nothing personal, by the rules of the record.
//!
//! This module must never put a sealed value into a bundle, hand out one that its own verifier does not accept,
//! or read a clock while it verifies.

pub mod archive;
pub mod asked;
pub mod create;
pub mod verify;

mod members;
mod moment;
mod words;

pub use members::{Log, log};

/// What is wrong, in both languages.
pub type Problem = jejak_events::fault::Message;
