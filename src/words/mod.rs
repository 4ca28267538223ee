//! What is said to people, in both languages: sentences, fields, errors.
//!
//! Must never read or count anything; whatever is said is handed in.

pub(crate) mod causes;
pub(crate) mod choices;
pub(crate) mod counts;
pub(crate) mod difference;
pub(crate) mod event_words;
pub(crate) mod figures;
pub(crate) mod ids;
pub mod language;
pub(crate) mod lines;
pub(crate) mod rows;
pub mod sentence;
pub(crate) mod table;
