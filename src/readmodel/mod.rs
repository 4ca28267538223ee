//! The side that answers: states of the log at one size, followed, stored and rebuilt.
//!
//! Must never append, nor keep the writer waiting, nor answer from what does not follow from the log.

pub mod rebuild;
pub mod state_file;
pub mod stored;
