//! What is said to people, in both languages: sentences, fields, errors.
//!
//! Must never read or count anything; whatever is said is handed in.

pub mod difference;
pub mod event_words;
pub mod figures;
pub mod language;
pub mod sentence;
