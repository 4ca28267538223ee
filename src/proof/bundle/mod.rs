//! Evidence bundles: one file with everything that a stranger needs to check a figure or a claim without this
//! registry, its word or a network.
//!
//! [`create`] puts together what is asked, the checkpoint and *all* entries under it, [`verify`] replays those
//! entries and answers anew. All of them are in it, because only whoever has all can tell that none was left
//! out; they hold nothing personal, by the rules of the record. Sealed values are in it where somebody named their
//! fields for its recipient.
//!
//! This module must never put a sealed value into a bundle that nobody asked for, hand out one that its own verifier does not accept,
//! or read a clock while it verifies.

pub mod archive;
pub mod asked;
pub mod create;
pub mod verify;

mod disclosed;
mod held;
mod members;
mod moment;
mod released;
mod seen;
mod statement;
mod words;

pub use disclosed::fields as sealed_fields;
pub use held::readme;
pub use members::{BundleLog, Shown, log};
pub use statement::Stated;

/// What is wrong, in both languages.
pub type Problem = jejak_events::fault::Message;

/// A member whose JSON cannot be read, or a line of it, from 1.
fn unreadable(member: archive::ArchiveMember, line: Option<usize>, error: &serde_json::Error) -> Problem {
    let error = Problem::from_serde(&error.to_string());
    let [id, en] = ["baris", "line"].map(|word| line.map_or(String::new(), |line| format!("{word} {line} ")));
    Problem::new(
        format!("{member}: {id}tidak dapat dibaca: {}", error.id),
        format!("{member}: {en}cannot be read: {}", error.en),
    )
}

/// A member that says what it should and not in the one form in which it is written.
fn in_another_form(member: archive::ArchiveMember) -> Problem {
    Problem::new(format!("{member}: ditulis dalam bentuk lain"), format!("{member}: written in another form"))
}
