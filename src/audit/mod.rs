//! An audit: a log replayed by somebody who trusts neither its operator nor its server, and what they sign
//! afterwards.
//!
//! The auditor needs the entries, the signed checkpoint and the log's key, and nothing else: no registry, no
//! vault, no network. [`audit`] replays and judges; [`cosigner`] remembers what was cosigned, so that two
//! histories of one log never both get the auditor's name.
//!
//! This module must never call a log sound on the operator's word: whatever a report states was computed here
//! from the entries, or is listed as attested.

pub mod checks;
pub mod cosigner;
mod signatures;
mod source;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use jejak_events::audit_statement::{AuditStatement, CountedView};
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::fault::Message;
use jejak_events::note::VerifierKey;
use jejak_events::policy::Policy;
use jejak_events::values::{Date, Sha256Hex};
use jejak_projections::answer::{Answer, Figure};
use jejak_projections::facts::Facts;
use jejak_projections::question::QuestionError;

pub use self::signatures::{Signatures, hold_handovers, hold_kept, not_accepted, signatures};
pub use self::source::{Found, Kind, find, read_checkpoint};
use crate::moment::At;
use crate::queries::answer_json::Cosigned;
use crate::rebuild::{all_cores, answer_each};
use crate::replay::Check;
use crate::replay::entries::{ReplayError, Replayed, replay};

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

/// A log as it was audited.
#[derive(Debug)]
pub struct Audit {
    /// The checkpoint, with the signatures that came with it.
    pub signed: SignedCheckpoint,
    /// The key under which its own signature checks.
    pub log_key: Option<VerifierKey>,
    /// Whether that key came from the auditor, or by handovers from one that did, and not from the log alone.
    pub key_is_known: bool,
    /// The witnesses of the policy that cosigned.
    pub cosigned: Vec<Cosigned>,
    /// The replay.
    pub replayed: Replayed,
    /// Entries that lie behind those that the checkpoint covers. Nothing of them was checked.
    pub following: u64,
    /// Every part that was checked, those of the replay among them.
    pub checks: Vec<Check>,
    /// The day that the views were answered for.
    pub on: Option<Date>,
    /// Every view, unfiltered, as known at the size of the checkpoint; empty when they could not be counted.
    pub counted: Vec<Counted>,
}

/// What a view came to. Who is behind it enters the digest and is not kept: an audit reports nothing of it, and for
/// all views together it takes more memory than the facts.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Name of the view.
    pub view: &'static str,
    /// Version of its definition.
    pub version: u32,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The digest of the whole answer, as [`Answer::digest`].
    pub digest: String,
}

impl From<Answer> for Counted {
    fn from(answer: Answer) -> Self {
        let Answer { view, version, figures, digest, .. } = answer;
        Self { view, version, figures, digest }
    }
}

impl Audit {
    /// Whether every part holds.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(Check::is_sound)
    }

    /// The verdict in words, with the condition that it rests on.
    #[must_use]
    pub fn verdict(&self) -> Message {
        match (self.is_sound(), self.key_is_known) {
            (true, true) => Message::new("COCOK", "SOUND"),
            (true, false) => Message::new(
                "COCOK, bila kunci pada peristiwa 0 memang kunci log itu",
                "SOUND, if event 0's key is the log's",
            ),
            (false, _) => {
                Message::new("TIDAK COCOK; tidak ada yang ditandatangani", "NOT SOUND; nothing was signed")
            }
        }
    }

    /// The checkpoint. Believe it when the audit is sound.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        self.signed.unverified()
    }

    /// What an auditor signs; `None` unless everything holds.
    #[must_use]
    pub fn statement(&self) -> Option<AuditStatement> {
        let on = self.on.filter(|_| self.is_sound())?;
        let view = |counted: &Counted| {
            let digest = Sha256Hex::parse(&counted.digest).ok()?;
            Some(CountedView { name: counted.view.to_owned(), version: counted.version, digest })
        };
        let mut views = self.counted.iter().map(view).collect::<Option<Vec<_>>>()?;
        views.sort_by(|a, b| (&a.name, a.version).cmp(&(&b.name, b.version)));
        let checkpoint = self.checkpoint();
        Some(AuditStatement {
            origin: checkpoint.origin().to_owned(),
            size: checkpoint.size(),
            root: checkpoint.root(),
            on,
            views,
        })
    }
}

/// Replays a log and holds it against its checkpoint, and against what the auditor knows.
///
/// `go_on` hears how many entries are done, and stops the audit by `false`.
///
/// # Errors
/// When entries cannot be read or kept, or the caller stops. What does not hold is no error.
pub fn audit(found: Found, against: &Against, go_on: &dyn Fn(u64) -> bool) -> Result<Audit, ReplayError> {
    let Found { checkpoint: signed, handovers, mut entries, .. } = found;
    let size = signed.unverified().size();
    let kept = against.kept.iter().chain(&handovers).map(|kept| kept.unverified().size());
    let replayed = replay(&mut *entries, size, kept, go_on)?;
    let following = entries.following();

    let tree = hold_tree(&replayed, signed.unverified());
    let Signatures { check: signature, log_key, cosigned } = {
        // Whose signatures a handover needs is known beforehand, so it may come from anywhere.
        let mut against = against.clone();
        against.kept.extend(handovers.iter().cloned());
        signatures(&signed, &against, &replayed)
    };
    let kept = hold_kept(&against.kept, &signed, log_key.as_ref(), &replayed);
    let handed_over = hold_handovers(&handovers, &signed, &replayed);

    let mut views = Check::new("views", "tampilan", "views");
    let on = against.on.or_else(|| replayed.last_day());
    let mut counted = Vec::new();
    if !tree.is_sound() || !signature.is_sound() {
        views.problem(
            "tidak dihitung: tanda tangan atau isi yang ditandatangani tidak cocok",
            "not counted: a signature, or what was signed, does not hold",
        );
    } else if let Some(on) = on.filter(|_| replayed.facts.size() == replayed.size && replayed.size > 0) {
        match count(&replayed.facts, replayed.size, on) {
            Ok(all) => counted = all,
            Err(error) => {
                let message = error.message();
                views.problem(message.id, message.en);
            }
        }
    } else {
        views.problem(
            "tidak dapat dihitung: tidak semua peristiwa dipahami",
            "cannot be counted: not every event was understood",
        );
    }
    views.checked = counted.len() as u64;
    let claims = (!counted.is_empty()).then(|| {
        let synthetic = replayed.opened.as_ref().is_some_and(|(opened, _)| opened.synthetic);
        checks::recount(&replayed.facts, &replayed, replayed.size, synthetic)
    });

    let mut checks = vec![tree, signature];
    checks.extend(kept);
    checks.extend(handed_over);
    checks.extend(replayed.checks.iter().cloned());
    checks.push(views);
    checks.extend(claims);
    let key_is_known = against.policy.is_some();
    Ok(Audit { signed, log_key, key_is_known, cosigned, replayed, following, checks, on, counted })
}

/// Counts every view, unfiltered.
///
/// # Errors
/// When the size lies beyond the facts.
pub fn count(facts: &Facts, size: u64, on: Date) -> Result<Vec<Counted>, QuestionError> {
    answer_each(facts, size, on, all_cores().min(COUNTING_THREADS), &Counted::from)
}

/// Whether the events are those that the checkpoint states: as many, with that root.
#[must_use]
pub fn hold_tree(replayed: &Replayed, stated: &Checkpoint) -> Check {
    let mut tree = Check::new("tree", "peristiwa", "events");
    let (held, size) = (replayed.size, stated.size());
    let (own, root) = (replayed.root, stated.root());
    tree.checked = held;
    if held < size {
        tree.problem(
            format!("checkpoint menyebut {size} peristiwa, yang ada hanya {held}: ada yang dihilangkan"),
            format!("the checkpoint states {size} events, only {held} are there: some were left out"),
        );
    } else if own != root {
        tree.problem(
            format!("peristiwanya berakar {own}, checkpoint menyebut {root}: ada yang diubah, dihapus, disisipkan atau ditukar"),
            format!("the events hash to root {own}, the checkpoint names {root}: some were changed, dropped, inserted or reordered"),
        );
    }
    tree
}

/// Finds and audits what lies at a path.
///
/// # Errors
/// As [`find`] and [`audit`].
pub fn audit_at(
    disk: Arc<dyn crate::disk::Disk>,
    path: &Path,
    checkpoint: Option<&Path>,
    against: &Against,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<(Kind, Audit), ReplayError> {
    let found = find(disk, path, checkpoint)?;
    let kind = found.kind;
    Ok((kind, audit(found, against, go_on)?))
}
