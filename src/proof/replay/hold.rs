//! A replayed log held against its checkpoint, and its views counted once more.
//!
//! Must never ask anything of the registry that the entries are from.

use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::policy::Policy;
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, Figure};
use jejak_projections::facts::Facts;
use jejak_projections::question::QuestionError;

use super::Check;
use super::entries::Replayed;
use crate::moment::At;
use crate::readmodel::rebuild::{all_cores, answer_each};
use crate::words::event_words::number_in_both;

/// Most views counted at once. Each takes memory of its own while it is counted, and an audit should need no more
/// of it on a larger machine; the counting takes a small part of the time.
const COUNTING_THREADS: usize = 2;

/// What an audit is held against.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// Whose signatures the auditor asks for. `None`: the keys that the log names itself, which proves only that it
    /// agrees with itself.
    pub policy: Option<Policy>,
    /// Checkpoints of this log that the auditor kept: it must lead through each of them. From a handover among them,
    /// signed by a key that the policy lists, the next key is learnt.
    pub kept: Vec<SignedCheckpoint>,
    /// The moment to judge cosignatures for; a day ends where event 0 says that the registry is.
    pub at: Option<At>,
    /// The day to answer the views for; otherwise that of the last event.
    pub on: Option<Date>,
}

/// What a view came to. Who is behind it enters the digest and is not kept: an audit reports nothing of it, and for
/// all views together it takes more memory than the facts.
#[derive(Clone, Debug)]
pub struct ViewCount {
    /// Name of the view.
    pub view: &'static str,
    /// Version of its definition.
    pub version: u32,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The digest of the whole answer, as [`Answer::digest`].
    pub digest: String,
}

impl From<Answer> for ViewCount {
    fn from(answer: Answer) -> Self {
        let Answer { view, version, figures, digest, .. } = answer;
        Self { view, version, figures, digest }
    }
}

/// Counts every view, unfiltered.
///
/// # Errors
/// When the size lies beyond the facts.
pub fn count(facts: &Facts, size: u64, on: Date) -> Result<Vec<ViewCount>, QuestionError> {
    answer_each(facts, size, on, all_cores().min(COUNTING_THREADS), &ViewCount::from)
}

/// Whether the events are those that the checkpoint states: as many, with that root.
#[must_use]
pub fn hold_tree(replayed: &Replayed, stated: &Checkpoint) -> Check {
    let mut tree = Check::new("tree", "peristiwa", "events");
    let (held, size) = (replayed.size, stated.size());
    let (own, root) = (replayed.root, stated.root());
    tree.checked = held;
    if held < size {
        let (size, held) = (number_in_both(size), number_in_both(held));
        tree.problem(
            format!(
                "checkpoint menyebut {} peristiwa, yang ada hanya {}: ada yang dihilangkan",
                size.id, held.id
            ),
            format!(
                "the checkpoint states {} events, only {} are there: some were left out",
                size.en, held.en
            ),
        );
    } else if own != root {
        tree.problem(
            format!("peristiwanya berakar {own}, checkpoint menyebut {root}: ada yang diubah, dihapus, disisipkan atau ditukar"),
            format!("the events hash to root {own}, the checkpoint names {root}: some were changed, dropped, inserted or reordered"),
        );
    }
    tree
}
