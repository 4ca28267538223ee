//! Jejak: the event-sourced registry of what Indonesian cities did for their small and medium
//! industries, on storage whose every figure can be traced to its events and checked by a stranger.
//!
//! Only the registry appends; everything else reads.

pub mod answer_json;
pub mod cli;
pub mod demo;
pub mod disk;
pub mod environment;
pub mod log;
pub mod moment;
pub mod proof;
pub mod queries;
pub mod readmodel;
pub mod registry;
pub mod rules;
pub(crate) mod tables;
pub mod vault;
pub mod verify;
pub mod words;

#[cfg(test)]
#[path = "said_tests.rs"]
mod said;
