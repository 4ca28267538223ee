//! An audit: a log replayed by somebody who trusts neither its operator nor its server, and what they sign
//! afterwards.
//!
//! The auditor needs the entries, the signed checkpoint and the log's key, and nothing else: no registry, no
//! vault, no network. [`audit`] replays and judges; [`cosigner`] remembers what was cosigned, so that two
//! histories of one log never both get the auditor's name.
//!
//! This module must never call a log sound on the operator's word: whatever a report states was computed here
//! from the entries, or is listed as attested.

pub mod cosigner;
mod source;

use std::path::Path;
use std::sync::Arc;

use jejak_events::audit_statement::{AuditStatement, CountedView};
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::note::VerifierKey;
use jejak_events::policy::{NotAccepted, Policy};
use jejak_events::types::{KeyPurpose, RegistryOpened};
use jejak_events::values::{Date, Sha256Hex};
use jejak_projections::answer::Answer;

pub use self::source::{Found, Kind, find, read_checkpoint};
use crate::rebuild::{all_cores, answer_all};
use crate::replay::Check;
use crate::replay::entries::{ReplayError, Replayed, replay};

/// What an audit is held against.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// Whose signatures the auditor asks for. `None`: the key that event 0 names, which proves only that the log
    /// agrees with itself.
    pub policy: Option<Policy>,
    /// Checkpoints of this log that the auditor kept: it must lead through each of them.
    pub kept: Vec<SignedCheckpoint>,
    /// The moment to judge cosignatures for, in seconds since 1970.
    pub at: Option<u64>,
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
    /// Whether that key came from the auditor, and not from event 0.
    pub key_is_known: bool,
    /// The witnesses of the policy that cosigned, by name, with the time in seconds since 1970.
    pub cosigned: Vec<(String, u64)>,
    /// The replay.
    pub replayed: Replayed,
    /// Every part that was checked, those of the replay among them.
    pub checks: Vec<Check>,
    /// The day that the views were answered for.
    pub on: Option<Date>,
    /// Every view, unfiltered, as known at the size of the checkpoint; empty when they could not be counted.
    pub answers: Vec<Answer>,
}

impl Audit {
    /// Whether every part holds.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(Check::is_sound)
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
        let view = |answer: &Answer| {
            let digest = Sha256Hex::parse(&answer.digest).ok()?;
            Some(CountedView { name: answer.view.to_owned(), version: answer.version, digest })
        };
        let mut views = self.answers.iter().map(view).collect::<Option<Vec<_>>>()?;
        views.sort_by(|a, b| a.name.cmp(&b.name));
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
    let Found { checkpoint: signed, mut entries, .. } = found;
    let (size, root) = (signed.unverified().size(), signed.unverified().root());
    let kept = against.kept.iter().map(|kept| kept.unverified().size());
    let replayed = replay(&mut *entries, size, kept, go_on)?;

    let mut tree = Check::new("tree", "peristiwa", "events");
    tree.checked = replayed.size;
    if replayed.size < size {
        let held = replayed.size;
        tree.problem(
            format!("checkpoint menyebut {size} peristiwa, yang ada hanya {held}: ada yang dihilangkan"),
            format!("the checkpoint states {size} events, only {held} are there: some were left out"),
        );
    } else if replayed.root != root {
        let own = replayed.root;
        tree.problem(
            format!("peristiwanya berakar {own}, checkpoint menyebut {root}: ada yang diubah, dihapus, disisipkan atau ditukar"),
            format!("the events hash to root {own}, the checkpoint names {root}: some were changed, dropped, inserted or reordered"),
        );
    }
    let Signatures { check: signature, log_key, cosigned } = signatures(&signed, against, &replayed);
    let kept = hold_kept(&against.kept, &signed, log_key.as_ref(), &replayed);

    let mut views = Check::new("views", "tampilan", "views");
    let on = against.on.or_else(|| replayed.last_day());
    let mut answers = Vec::new();
    if let Some(on) = on.filter(|_| replayed.facts.size() == replayed.size && replayed.size > 0) {
        match answer_all(&replayed.facts, replayed.size, on, all_cores()) {
            Ok(counted) => answers = counted,
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
    views.checked = answers.len() as u64;

    let mut checks = vec![tree, signature];
    checks.extend(kept);
    checks.extend(replayed.checks.iter().cloned());
    checks.push(views);
    let key_is_known = against.policy.is_some();
    Ok(Audit { signed, log_key, key_is_known, cosigned, replayed, checks, on, answers })
}

/// What was found of the signatures under a checkpoint.
pub struct Signatures {
    /// Whether they are those that are asked for.
    pub check: Check,
    /// The log's key, when its signature checks.
    pub log_key: Option<VerifierKey>,
    /// The listed witnesses that cosigned, with the time in seconds since 1970.
    pub cosigned: Vec<(String, u64)>,
}

/// Holds the signatures of a checkpoint against a policy, or against the key that event 0 names.
#[must_use]
pub fn signatures(signed: &SignedCheckpoint, against: &Against, replayed: &Replayed) -> Signatures {
    let mut check = Check::new("signature", "tanda tangan", "signatures");
    let own = replayed.opened.as_ref().and_then(|(opened, _)| checkpoint_key(opened));
    let named = own.clone().and_then(|key| Policy::of_log(key).ok());
    if against.policy.is_none() && named.is_some() {
        check.note(
            "kuncinya diambil dari peristiwa 0; bandingkan dengan kunci yang Anda ketahui (--log-vkey atau --policy)",
            "the key is the one that event 0 names; compare it with the one that you know (--log-vkey or --policy)",
        );
    }
    let Some(policy) = against.policy.as_ref().or(named.as_ref()) else {
        check.problem("kunci log tidak diketahui", "the key of the log is not known");
        return Signatures { check, log_key: None, cosigned: Vec::new() };
    };
    match policy.check(signed, against.at) {
        Ok(accepted) => {
            check.checked = 1 + accepted.cosigned.len() as u64;
            let log_key = accepted.log.clone();
            if own.is_some_and(|own| own != log_key) {
                check.problem(
                    "peristiwa 0 menyebut kunci lain daripada yang menandatangani checkpoint",
                    "event 0 names another key than the one that signed the checkpoint",
                );
            }
            let cosigned = accepted.cosigned.iter().map(|(witness, time)| (witness.name(), *time)).collect();
            Signatures { check, log_key: Some(log_key), cosigned }
        }
        Err(refused) => {
            let message = not_accepted(&refused);
            check.problem(message.id, message.en);
            Signatures { check, log_key: None, cosigned: Vec::new() }
        }
    }
}

/// Why a policy does not accept a checkpoint, in both languages.
#[must_use]
pub fn not_accepted(refused: &NotAccepted) -> jejak_events::fault::Message {
    let en = refused.to_string();
    let id = match refused {
        NotAccepted::UnknownLog { origin, listed } => {
            format!("checkpoint ini milik log `{origin}`, bukan log yang disebut kebijakan: {listed}")
        }
        NotAccepted::Signature(error) => format!("tanda tangan tidak sah: {error}"),
        NotAccepted::FromTheFuture { name, time, at } => {
            format!(
                "tanda tangan saksi `{name}` bertanggal {time}, sesudah {at}: tidak mungkin dari masa depan"
            )
        }
        NotAccepted::Quorum { quorum, cosigned } => {
            format!("kuorum `{quorum}` tidak tercapai: yang ikut menandatangani: {cosigned}")
        }
    };
    jejak_events::fault::Message::new(id, en)
}

/// The checkpoint key that event 0 names.
fn checkpoint_key(opened: &RegistryOpened) -> Option<VerifierKey> {
    let key = opened.keys.iter().find(|key| key.purpose == KeyPurpose::Checkpoint)?;
    key.vkey.parse().ok()
}

/// Whether the log leads through every checkpoint that was kept; `None` when none was.
#[must_use]
pub fn hold_kept(
    kept: &[SignedCheckpoint],
    current: &SignedCheckpoint,
    log_key: Option<&VerifierKey>,
    replayed: &Replayed,
) -> Option<Check> {
    if kept.is_empty() {
        return None;
    }
    let mut check = Check::new("kept", "checkpoint yang disimpan", "checkpoints that were kept");
    let size = current.unverified().size();
    for one in kept {
        check.checked += 1;
        let (kept_size, kept_root) = (one.unverified().size(), one.unverified().root());
        if let Some(error) = log_key.and_then(|key| one.verify(key).err()) {
            check.told(
                &format!("checkpoint {kept_size} yang disimpan bukan milik log ini"),
                &format!("the checkpoint of size {kept_size} that was kept is not of this log"),
                error,
            );
            continue;
        }
        match replayed.roots.get(&kept_size) {
            Some(own) if *own == kept_root => {}
            Some(_) if kept_size == size => check.problem(
                format!("dua checkpoint berukuran {size} dengan akar berbeda: log ini bercabang"),
                format!("two checkpoints of size {size} with different roots: this log has forked"),
            ),
            Some(_) => check.problem(
                format!("checkpoint {kept_size} yang disimpan berakar {kept_root}, log ini lain: sejarahnya diganti (bercabang)"),
                format!("the checkpoint of size {kept_size} that was kept has root {kept_root}, this log another: its history was replaced (a fork)"),
            ),
            None => check.problem(
                format!("yang disimpan sudah berukuran {kept_size}, yang ini hanya {size}: checkpoint lama disodorkan sebagai yang terkini, atau log dipotong"),
                format!("what was kept has size {kept_size} already, this only {size}: an old checkpoint handed out as the current one, or a log that was cut back"),
            ),
        }
    }
    Some(check)
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
