//! A log replayed: every record read for itself, in its place, and judged by the rules once more.
//!
//! `jejak verify` replays the log of a registry with its vault at hand; an auditor, and whoever checks an
//! evidence bundle, replays entries alone, see [`entries`]. Both run what stands here.
//!
//! This module must never change what it reads, and never pass over an entry: what it does not understand is
//! told, and nothing after it counts as judged.

mod check;
pub mod entries;
pub mod hold;
pub(crate) mod journal_lines;
mod records;
mod rules;
pub(crate) mod signatures;
mod spool;

pub use self::check::Check;
pub use self::records::Records;
pub use self::rules::Rules;
