//! An audit: a log replayed by somebody who trusts neither its operator nor its server, and what they sign
//! afterwards.
//!
//! The auditor needs the entries, the signed checkpoint and the log's key, and nothing else: no registry, no
//! vault, no network. [`audit`] replays and judges; `cosigner` remembers what was cosigned, so that two
//! histories of one log never both get the auditor's name.
//!
//! This module must never call a log sound on the operator's word: whatever a report states was computed here
//! from the entries, or is listed as attested.

mod checks;
pub(crate) mod cosigner;
mod source;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use jejak_events::audit_statement::{AuditStatement, CountedView};
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::fault::Message;
use jejak_events::note::VerifierKey;
use jejak_events::values::{Date, Sha256Hex};

pub use self::source::{FoundLog, SourceKind, find, read_checkpoint};
use super::replay::Check;
use super::replay::entries::{ReplayError, Replayed, replay};
use super::replay::hold::{Against, ViewCount, count, hold_tree};
use super::replay::signatures::{Signatures, hold_handovers, hold_kept, hold_signatures};
use crate::answer_json::Cosigned;

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
    pub counted: Vec<ViewCount>,
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
        let view = |counted: &ViewCount| {
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
pub fn audit(found: FoundLog, against: &Against, go_on: &dyn Fn(u64) -> bool) -> Result<Audit, ReplayError> {
    let FoundLog { checkpoint: signed, handovers, mut entries, .. } = found;
    let size = signed.unverified().size();
    let kept = against.kept.iter().chain(&handovers).map(|kept| kept.unverified().size());
    let replayed = replay(&mut *entries, size, kept, go_on)?;
    let following = entries.following();

    let tree = hold_tree(&replayed, signed.unverified());
    let Signatures { check: signature, log_key, cosigned } = {
        // Whose signatures a handover needs is known beforehand, so it may come from anywhere.
        let mut against = against.clone();
        against.kept.extend(handovers.iter().cloned());
        hold_signatures(&signed, &against, &replayed)
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
) -> Result<(SourceKind, Audit), ReplayError> {
    let found = find(disk, path, checkpoint)?;
    let kind = found.kind;
    Ok((kind, audit(found, against, go_on)?))
}
