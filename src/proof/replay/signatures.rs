//! The signatures under a checkpoint, held against what the reader knows beforehand.
//!
//! A reader who knows an earlier key of the log learns the one that signs now from the handovers between them: each
//! is signed by a key that is known by then, over a tree in which the log introduces the next. This module must never
//! accept a key on the log's own word where the reader has named one.

use jejak_events::checkpoint::{CheckpointError, SignedCheckpoint};
use jejak_events::constitution;
use jejak_events::fault::Message;
use jejak_events::log_keys::LogKey;
use jejak_events::moment::inside;
use jejak_events::note::{NoteError, VerifierKey};
use jejak_events::policy::{NotAccepted, Policy};
use jejak_events::translation::told;

use super::Check;
use super::entries::Replayed;
use crate::answer_json::Cosigned;
use crate::proof::replay::hold::Against;

/// What was found of the signatures under a checkpoint.
pub struct Signatures {
    /// Whether they are those that are asked for.
    pub check: Check,
    /// The log's key, when its signature checks.
    pub log_key: Option<VerifierKey>,
    /// The listed witnesses that cosigned.
    pub cosigned: Vec<Cosigned>,
}

/// Holds the signatures of a checkpoint against a policy, or against the keys that the log names.
#[must_use]
pub fn hold_signatures(signed: &SignedCheckpoint, against: &Against, replayed: &Replayed) -> Signatures {
    let mut check = Check::new("signature", "tanda tangan", "signatures");
    let opened = replayed.opened.as_ref().map(|(opened, _)| opened);
    if let Some(other) = opened.and_then(|opened| constitution::other_origin(opened, signed.unverified())) {
        check.problem(other.id, other.en);
    }
    let accepted = match &against.policy {
        Some(policy) => by_policy(&mut check, policy, signed, against, replayed),
        None => by_the_log(&mut check, signed, replayed).map(|key| (key, Vec::new())),
    };
    match accepted {
        Ok((log_key, cosigned)) => {
            check.checked = 1 + cosigned.len() as u64;
            let last = replayed.last_recorded.filter(|_| replayed.size == signed.unverified().size());
            for Cosigned { witness, unix_seconds } in &cosigned {
                let Some(last) = last.filter(|last| last.unix_ms().div_euclid(1000) > clamp(*unix_seconds))
                else {
                    continue;
                };
                check.note(
                    format!("{witness} ikut menandatangani sebelum peristiwa terakhir dicatat ({last}): jamnya berselisih"),
                    format!("{witness} cosigned before the last event was recorded ({last}): their clocks disagree"),
                );
            }
            Signatures { check, log_key: Some(log_key), cosigned }
        }
        Err(message) => {
            check.problem(message.id, message.en);
            Signatures { check, log_key: None, cosigned: Vec::new() }
        }
    }
}

fn clamp(unix_seconds: u64) -> i64 {
    i64::try_from(unix_seconds).unwrap_or(i64::MAX)
}

/// The signature under the keys that the log names for this size.
fn by_the_log(
    check: &mut Check,
    signed: &SignedCheckpoint,
    replayed: &Replayed,
) -> Result<VerifierKey, Message> {
    let Some(key) = replayed.log_keys.at(signed.unverified().size()) else {
        return Err(Message::new("kunci log tidak diketahui", "the key of the log is not known"));
    };
    check.note(
        "kuncinya diambil dari peristiwa 0; bandingkan dengan kunci yang Anda ketahui (--log-vkey atau --policy)",
        "the key is the one that event 0 names; compare it with the one that you know (--log-vkey or --policy)",
    );
    match replayed.log_keys.verify(signed) {
        Ok(_) => Ok(key.clone()),
        Err(error) => Err(not_accepted(&error.into())),
    }
}

/// The signatures that a policy asks for.
fn by_policy(
    check: &mut Check,
    policy: &Policy,
    signed: &SignedCheckpoint,
    against: &Against,
    replayed: &Replayed,
) -> Result<(VerifierKey, Vec<Cosigned>), Message> {
    let size = signed.unverified().size();
    let keys = &replayed.log_keys;
    // Without event 0 nothing holds anyway, and no day ends anywhere.
    let area = replayed.opened.as_ref().map(|(_, source)| source.area);
    let at = against.at.zip(area).map(|(at, area)| at.unix_seconds(area));
    let mut extended = None;
    let unknown = NotAccepted::Signature(CheckpointError::Note(NoteError::NoKnownSignature));
    if policy.check(signed, at).err() == Some(unknown)
        && let Some((known, now)) = place_known(policy, replayed).zip(keys.place_at(size))
    {
        let handed_over = keys.all().get(known + 1..=now).unwrap_or_default();
        for next in handed_over {
            follow(next, &against.kept, replayed)?;
        }
        if let Some(last) = handed_over.last() {
            let (sizes, key) = (listed(handed_over), &last.key);
            check.note(
                format!("kuncinya kini {key}: diserahkan oleh kunci yang Anda ketahui pada ukuran {sizes}"),
                format!("the key is now {key}: handed over by the one that you know, at size {sizes}"),
            );
            extended = policy.clone().with_log(key.clone()).ok();
        }
    }
    let policy = extended.as_ref().unwrap_or(policy);
    let accepted = policy.check(signed, at).map_err(|refused| not_accepted(&refused))?;
    if let Some(message) = out_of_place(accepted.log, signed, replayed) {
        check.problem(message.id, message.en);
    }
    Ok((accepted.log.clone(), Cosigned::all(&accepted)))
}

/// The place among the log's keys of the newest that a policy lists.
fn place_known(policy: &Policy, replayed: &Replayed) -> Option<usize> {
    replayed.log_keys.all().iter().rposition(|one| policy.logs().contains(&one.key))
}

/// Whether the handover to a key was kept, signed by the key before it and the new one, and of this log.
fn follow(next: &LogKey, kept: &[SignedCheckpoint], replayed: &Replayed) -> Result<(), Message> {
    let (size, index) = (next.from_size, next.from_size.saturating_sub(1));
    let mut handovers = kept.iter().filter(|one| one.unverified().size() == size).peekable();
    if handovers.peek().is_none() {
        return Err(Message::new(
            format!(
                "peristiwa {index} mengganti kunci log; untuk mengikutinya dari kunci yang Anda ketahui, minta berkas `handover/{size}` dari registri itu dan sebut dengan --kept"
            ),
            format!(
                "event {index} changed the log's key; to follow it from the key that you know, ask for the file `handover/{size}` of the registry and name it by --kept"
            ),
        ));
    }
    let mut wrong = None;
    for handover in handovers {
        match hold_handover(handover, replayed) {
            Err(message) => wrong = Some(message),
            Ok(()) => return Ok(()),
        }
    }
    wrong.map_or(Ok(()), Err)
}

/// Whether a checkpoint of a size at which the log introduces a key is signed by the one before it and the new one,
/// and of this log.
fn hold_handover(handover: &SignedCheckpoint, replayed: &Replayed) -> Result<(), Message> {
    let size = handover.unverified().size();
    if let Ok(Some(around)) = replayed.sizes_around(size) {
        let message = inside(size, &around);
        return Err(Message::new(
            format!("serah terima kunci: {}", message.id),
            format!("the handover: {}", message.en),
        ));
    }
    match replayed.log_keys.verify(handover) {
        Err(error) => Err(Message::new(
            format!(
                "serah terima kunci pada ukuran {size} tidak ditandatangani kunci lama dan kunci baru: {error}",
                error = told(&error)
            ),
            format!("the handover at size {size} is not signed by the old key and the new one: {error}"),
        )),
        Ok(checkpoint) if replayed.roots.get(&size) != Some(&checkpoint.root()) => Err(Message::new(
            format!("serah terima kunci pada ukuran {size} milik pohon lain: log ini bercabang"),
            format!("the handover at size {size} is of another tree: this log has forked"),
        )),
        Ok(_) => Ok(()),
    }
}

/// Whether what lies with a log as its handovers is that; `None` when nothing does. One that the checkpoint does not
/// cover is not judged: it is published before the checkpoint that does.
#[must_use]
pub fn hold_handovers(
    handovers: &[SignedCheckpoint],
    current: &SignedCheckpoint,
    replayed: &Replayed,
) -> Option<Check> {
    if handovers.is_empty() {
        return None;
    }
    let mut check = Check::new("handover", "serah terima kunci", "handovers");
    let end = current.unverified().size();
    for handover in handovers {
        let size = handover.unverified().size();
        if size > end {
            check.note(
                format!("handover/{size} melampaui checkpoint ini, yang berukuran {end}, dan tidak dinilai"),
                format!("handover/{size} lies beyond this checkpoint, of size {end}, and was not judged"),
            );
            continue;
        }
        check.checked += 1;
        if !replayed.log_keys.all().iter().skip(1).any(|key| key.from_size == size) {
            check.problem(
                format!("handover/{size} bukan serah terima: log ini tidak mengganti kunci di sana"),
                format!("handover/{size} is no handover: this log changes no key there"),
            );
        } else if let Err(message) = hold_handover(handover, replayed) {
            check.problem(message.id, message.en);
        }
    }
    Some(check)
}

fn listed(handed_over: &[LogKey]) -> String {
    let sizes: Vec<String> = handed_over.iter().map(|one| one.from_size.to_string()).collect();
    sizes.join(", ")
}

/// Why a key that signed is not one of those that sign a checkpoint of this size.
fn out_of_place(signed_by: &VerifierKey, signed: &SignedCheckpoint, replayed: &Replayed) -> Option<Message> {
    let (keys, size) = (&replayed.log_keys, signed.unverified().size());
    if keys.signing(size).iter().any(|one| one.key == *signed_by) {
        // At a handover both sign, whichever of them the reader knows.
        let error = keys.verify(signed).err()?;
        return Some(Message::new(
            format!(
                "checkpoint {size} adalah serah terima kunci dan tidak ditandatangani keduanya: {error}",
                error = told(&error)
            ),
            format!("the checkpoint of size {size} is a handover and is not signed by both keys: {error}"),
        ));
    }
    let Some(own) = keys.all().iter().rposition(|one| one.key == *signed_by) else {
        let named = !keys.all().is_empty();
        return named.then(|| {
            Message::new(
                "peristiwa 0 menyebut kunci lain daripada yang menandatangani checkpoint",
                "event 0 names another key than the one that signed the checkpoint",
            )
        });
    };
    // No event beyond the checkpoint was read, so what it named later is not among the keys.
    let index = keys.all().get(own + 1)?.from_size.saturating_sub(1);
    Some(Message::new(
        format!("checkpoint {size} ditandatangani kunci lama, yang sudah diganti peristiwa {index}"),
        format!("the checkpoint of size {size} is signed by an old key, which event {index} replaced"),
    ))
}

/// Why a policy does not accept a checkpoint, in both languages.
#[must_use]
pub fn not_accepted(refused: &NotAccepted) -> Message {
    let en = refused.to_string();
    let id = match refused {
        NotAccepted::UnknownLog { origin, listed } => {
            format!("checkpoint ini milik log `{origin}`, bukan log yang disebut kebijakan: {listed}")
        }
        NotAccepted::Signature(error) => format!("tanda tangan tidak sah: {error}", error = told(error)),
        NotAccepted::FromTheFuture { name, time, at } => {
            format!(
                "tanda tangan saksi `{name}` bertanggal {time}, sesudah {at}: tidak mungkin dari masa depan"
            )
        }
        NotAccepted::Quorum { quorum, cosigned } => {
            format!("kuorum `{quorum}` tidak tercapai: yang ikut menandatangani: {cosigned}")
        }
    };
    Message::new(id, en)
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
    let (keys, size) = (&replayed.log_keys, current.unverified().size());
    for one in kept {
        check.checked += 1;
        let (kept_size, kept_root) = (one.unverified().size(), one.unverified().root());
        let verified = match log_key {
            // The keys of the log's own time, where the known one is among them.
            Some(key) if keys.all().iter().any(|one| one.key == *key) => keys.verify(one).map(drop),
            Some(key) => one.verify(key).map(drop),
            None => Ok(()),
        };
        if let Err(error) = verified {
            check.told(
                &format!("checkpoint {kept_size} yang disimpan bukan milik log ini"),
                &format!("the checkpoint of size {kept_size} that was kept is not of this log"),
                error,
            );
            continue;
        }
        if let Ok(Some(around)) = replayed.sizes_around(kept_size) {
            let message = inside(kept_size, &around);
            check.problem(
                format!("checkpoint {kept_size} yang disimpan: {}", message.id),
                format!("the checkpoint of size {kept_size} that was kept: {}", message.en),
            );
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
