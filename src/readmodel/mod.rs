//! The side that answers: states of the log at one size, followed, stored and rebuilt.
//!
//! Must never append, nor keep the writer waiting.

pub mod rebuild;
