//! The side that answers: immutable states of the log at one size, followed, stored and rebuilt.
//!
//! Must never append, keep the writer waiting, read a clock, or answer from what does not follow from the log.

mod follow;
mod persons;
pub mod rebuild;
mod snapshot;
pub mod state_file;
pub mod stored;
mod turns;
mod vault;

pub use self::follow::{Feed, Published, Publisher};
pub use self::persons::persons;
pub use self::snapshot::{About, ReadError, Snapshot};
pub use self::turns::{QuestionLength, Turn, Turns, spare_cores};
pub use self::vault::{BOTH_GROUPS, OpenError, Vault};
