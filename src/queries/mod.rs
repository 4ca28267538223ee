//! Questions to the registry, one file each, whoever asks: the command line today, pages and an interface later.
//!
//! Each takes a pinned state of the log and answers from it. Must never print, nor know how an answer is shown, nor wait
//! for the writer.

pub mod attested;
pub mod claims;
pub mod codes;
pub mod compare;
pub mod due;
pub mod find;
pub mod held;
pub mod history;
pub mod names;
pub mod rows;
pub mod show;
pub mod standing;
pub mod which;
