//! Questions to the registry, one file each, whoever asks: the command line today, pages and an interface later.
//!
//! Must never print, nor know how an answer is shown.

pub mod attested;
pub mod claims;
pub mod find;
pub mod show;
mod standing;
