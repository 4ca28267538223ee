//! Checks everything: both copies of the log, tree, signature, anchor, vault, keys, records, rules and
//! views.
//!
//! Each part is worked out again from the bytes and held against what the registry says; nothing is
//! mended here. Opening heals what it can before this module sees it, so what was healed is reported
//! beside what is wrong now.

mod evidence;
mod journal;
mod modes;
mod records;
mod sealed;
mod state;
mod strays;

use std::path::PathBuf;

use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::fault::Message;
use jejak_events::note::VerifierKey;
use jejak_events::time::RecordedTime;
use jejak_events::translation::told;
use jejak_events::tree::Hash;
use jejak_events::types::KeyPurpose;
use jejak_events::values::Date;
use jejak_projections::question::Question;
use jejak_projections::views::VIEWS;
use schemars::JsonSchema;
use serde::Serialize;

use crate::log::{Displaced, LogError, Misplaced, OpenReport, StoreState};
pub use crate::proof::replay::Check;
use crate::readmodel::Snapshot;
use crate::readmodel::rebuild::{self, RebuildError, all_cores};
use crate::registry::{Handovers, Options, Registry, RegistryError, holds_recovery_secret, signer_of};
use crate::words::event_words::moment;
use crate::words::language::{Language, one_or};

/// The whole examination.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Examination {
    /// Number of events.
    pub size: u64,
    /// Root of the tree over them, base64.
    #[schemars(with = "jejak_events::schema::texts::Root")]
    pub root: String,
    /// The parts, in the order in which they were checked.
    pub checks: Vec<Check>,
}

impl Examination {
    /// Whether every part is sound.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(Check::is_sound)
    }
}

/// What is being worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The records, the tree and the rules.
    Records,
    /// The journal's own text.
    Journal,
    /// The vault.
    Vault,
    /// The evidence.
    Evidence,
    /// The stored state.
    State,
    /// The views.
    Views,
}

/// The examination could not be finished. What does not hold is never one of these.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The log cannot be read, for another reason than damage.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The registry stopped, or a file beside the log cannot be read.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The caller asked to stop.
    #[error("stopped before the end")]
    Stopped,
}

/// Hears the stage, how much of it is done and of how much; says `false` to stop.
pub type OnProgress<'a> = &'a (dyn Fn(Stage, u64, u64) -> bool + Sync);

/// Checks an open registry that nobody appends to meanwhile. `today` is the day the views are asked for.
///
/// Open it without an [`Options::anchor_interval`], or the writer may sign what is about to be found wrong.
///
/// # Errors
/// When the machine fails, and [`VerifyError::Stopped`]. What does not hold is no error: it stands in
/// the report.
pub fn verify(
    registry: &Registry,
    options: &Options,
    today: Date,
    on_progress: OnProgress<'_>,
) -> Result<Examination, VerifyError> {
    let snapshot = registry.snapshot();
    let (size, root) = (snapshot.size(), snapshot.root());
    let mut checks = Vec::new();
    let (record_checks, replayed_root, explained) = records::check(&snapshot, size, on_progress)?;
    let mut tree = Check::new("tree", "hash", "hashes");
    tree.checked = size;
    match replayed_root {
        Some(replayed) if replayed == root => {}
        Some(replayed) => tree.problem(
            format!("peristiwa di penyimpanan berakar {replayed}, pohon {root}"),
            format!("the stored events hash to root {replayed}, the tree to {root}"),
        ),
        None => tree.problem("tidak semua peristiwa terbaca", "not every event could be read"),
    }
    checks.extend(record_checks);
    checks.push(tree);
    checks.push(journal::check(options, size, root, on_progress)?);
    checks.push(opening(registry));
    checks.push(checkpoints(registry, options)?);
    checks.push(anchor(registry, size)?);
    checks.push(access(registry, options)?);
    checks.push(keys(registry, options)?);
    checks.push(sealed::check((registry, &snapshot), &explained, size, on_progress)?);
    checks.push(evidence::check(registry, &explained, size, on_progress)?);
    checks.extend(state::check(registry, options, on_progress)?);
    strays::note(&mut checks, options)?;
    checks.push(views(&snapshot, size, today, on_progress)?);
    Ok(Examination { size, root: root.to_string(), checks })
}

/// What was set aside, and why everything was read.
fn looked_over(report: &OpenReport) -> Vec<Message> {
    let mut said = Vec::new();
    let mut say = |id: String, en: String| said.push(Message::new(id, en));
    for torn in &report.torn {
        let (path, bytes) = (torn.path.display(), torn.length_bytes);
        say(
            format!("{bytes} byte yang rusak atau terpotong disisihkan ke {path}"),
            format!(
                "{bytes} {} set aside in {path}",
                one_or(bytes, "damaged or cut byte was", "damaged or cut bytes were")
            ),
        );
    }
    if let Some(finding) = &report.scrub.finding {
        let was_sound = report.journal_healed.is_empty()
            && !report.vault_healed
            && report.torn.is_empty()
            && matches!(report.store, StoreState::Sound);
        let (id, en) = match was_sound {
            true => ("tidak ada yang perlu dipulihkan", "nothing had to be healed"),
            false => ("yang rusak dipulihkan", "what was damaged is healed"),
        };
        say(
            format!("seluruh log dibaca karena ditemukan: {}; {id}", told(finding)),
            format!("all of the log was read, because this was found: {finding}; {en}"),
        );
    }
    said
}

/// What opening had to mend: no problem any more, but worth knowing.
fn opening(registry: &Registry) -> Check {
    let report = &registry.opened().log;
    let mut check = Check::new("copies", "salinan", "copies");
    check.checked = 2;
    check.notes = healed(report);
    check.notes.extend(registry.opened().state.problems.iter().cloned());
    let ended = report.scrub.ended_ms.and_then(RecordedTime::from_unix_ms);
    if let Some(ended) = ended {
        let covered = report.scrub.covered;
        check.note(
            format!(
                "kedua salinan terakhir diperiksa seluruhnya pada {}, sampai {covered} peristiwa",
                moment(ended, registry.source().area, Language::Id)
            ),
            format!(
                "both copies were last looked at as a whole at {}, up to {covered} events",
                moment(ended, registry.source().area, Language::En)
            ),
        );
    }
    if report.read_only {
        check.problem(
            "jangkar dan checkpoint hilang; jalankan `jejak recover --checkpoint BERKAS`",
            "anchor and checkpoint are gone; run `jejak recover --checkpoint FILE`",
        );
    }
    if let Some(finding) = registry.reader().finding() {
        check.told(
            "satu salinan rusak; pembukaan berikutnya memulihkannya dari salinan lainnya",
            "a copy is damaged; the next opening heals it from the other",
            finding,
        );
    }
    check
}

/// The stored checkpoint and the handovers: signed by the log's keys, over a root that the log has at that size.
fn checkpoints(registry: &Registry, options: &Options) -> Result<Check, VerifyError> {
    let mut check = checkpoint(registry, options)?;
    let log_keys = registry.log_keys();
    let handovers = Handovers::of(options);
    for new in log_keys.all().iter().skip(1) {
        check.checked += 1;
        if let Err(reason) = handovers.read(new.from_size, &log_keys, registry.reader())? {
            let path = handovers.path(new.from_size);
            let path = path.display();
            check.told(
                &format!("serah terima kunci {path} tidak sah"),
                &format!("the handover of the key, {path}, does not check"),
                reason,
            );
        }
    }
    Ok(check)
}

fn checkpoint(registry: &Registry, options: &Options) -> Result<Check, VerifyError> {
    let mut check = Check::new("signature", "checkpoint", "checkpoints");
    let path = options.paths().checkpoint();
    let file = |source| RegistryError::File { operation: "read", path: path.display().to_string(), source };
    if options.disk.length(&path).map_err(file)?.is_none() {
        check.problem(
            "berkas checkpoint tidak ada; tandatangani lagi dengan `jejak log checkpoint`",
            "the checkpoint file is missing; sign it anew by `jejak log checkpoint`",
        );
        return Ok(check);
    }
    check.checked = 1;
    let bytes = options.disk.read(&path).map_err(file)?;
    let signed = match SignedCheckpoint::parse(&bytes) {
        Ok(signed) => signed,
        Err(error) => {
            check.told("checkpoint tersimpan tidak terbaca", "the stored checkpoint cannot be read", error);
            return Ok(check);
        }
    };
    let log_keys = registry.log_keys();
    match log_keys.verify(&signed) {
        Ok(checkpoint) => {
            let (size, root) = (checkpoint.size(), checkpoint.root());
            match registry.reader().root_at(size) {
                Ok(own) if own == root => {}
                Ok(own) => check.problem(
                    format!("checkpoint berukuran {size} menyebut akar {root}, log {own}"),
                    format!("the checkpoint of size {size} names root {root}, the log {own}"),
                ),
                Err(error) => {
                    check.told("checkpoint melampaui log", "the checkpoint reaches beyond the log", error)
                }
            }
        }
        Err(error) => check.told(
            "tanda tangan checkpoint tidak sah",
            "the checkpoint's signature does not check",
            error,
        ),
    }
    Ok(check)
}

fn anchor(registry: &Registry, size: u64) -> Result<Check, VerifyError> {
    let mut check = Check::new("anchor", "jangkar", "anchors");
    check.checked = 1;
    let (anchored, root): (u64, Hash) = registry.anchored()?;
    if anchored > size {
        check.problem(
            format!("jangkar menyebut {anchored} peristiwa, log berisi {size}"),
            format!("the anchor says {anchored} events, the log holds {size}"),
        );
    } else {
        let own = registry.reader().root_at(anchored)?;
        if own != root {
            check.problem(
                format!("jangkar menyebut akar {root} pada ukuran {anchored}, log {own}"),
                format!("the anchor names root {root} at size {anchored}, the log {own}"),
            );
        }
    }
    let slots = registry.opened().log.sound_anchor_slots;
    if slots < 2 {
        check.note(
            format!("{slots} dari 2 tempat jangkar utuh saat dibuka; ditulis ulang saat ditutup"),
            format!("{slots} of 2 anchor slots were sound when opened; both are written at close"),
        );
    }
    Ok(check)
}

/// The access log: its lines are those that were written, and as many as the anchor knows of.
fn access(registry: &Registry, options: &Options) -> Result<Check, VerifyError> {
    let report = registry.access().report().map_err(RegistryError::from)?;
    let mut check = Check::new("access", "baris catatan akses", "lines of the access log");
    check.checked = report.looks.len() as u64;
    for Message { id, en } in report.problems {
        check.problem(format!("catatan akses: {id}"), format!("access log: {en}"));
    }
    for Message { id, en } in report.notes {
        check.note(format!("catatan akses: {id}"), format!("access log: {en}"));
    }
    modes::hold_private(&mut check, &[options.dir.join("access.jsonl")]);
    Ok(check)
}

/// The secrets of the keys that sign now are at hand.
fn keys(registry: &Registry, options: &Options) -> Result<Check, VerifyError> {
    let mut check = Check::new("keys", "kunci", "keys");
    check.notes = healed_keys(&registry.opened().healed_keys);
    let named = keys_in_force(registry);
    let snapshot = registry.snapshot();
    let keys = snapshot.vault().keys();
    let missing = |(purpose, key): &(KeyPurpose, VerifierKey)| {
        signer_of(&keys, *purpose, key).is_none().then(|| purpose.name())
    };
    check.checked = named.len() as u64;
    for purpose in named.iter().filter_map(missing) {
        check.problem(
            format!("kunci {purpose} bukan yang disebut log"),
            format!("the {purpose} key is not the one that the log names"),
        );
    }
    let copies = ["keys-a", "keys-b"].map(|name| options.keys_dir.join(name));
    let recovery = options.dir.join("recovery-secret");
    modes::hold_private(&mut check, &[&copies[..], std::slice::from_ref(&recovery)].concat());
    let file =
        |source| RegistryError::File { operation: "read", path: recovery.display().to_string(), source };
    // It may be there, though its place is elsewhere: then it must be the right one, before it is needed.
    if options.disk.length(&recovery).map_err(file)?.is_some() {
        let bytes = zeroize::Zeroizing::new(options.disk.read(&recovery).map_err(file)?);
        if !holds_recovery_secret(&bytes, registry.constitution()) {
            check.problem(
                "recovery-secret di direktori data kosong, rusak, atau bukan rahasia pemulihan log ini; ambil salinan yang disimpan di tempat lain",
                "recovery-secret in the data directory is empty, damaged or not the recovery secret of this log; take the copy that is kept elsewhere",
            );
        }
    }
    Ok(check)
}

/// The keys that sign now and whose secrets the registry holds: that of the recovery key is kept elsewhere.
fn keys_in_force(registry: &Registry) -> Vec<(KeyPurpose, VerifierKey)> {
    let keys = registry.log_keys();
    let checkpoint = keys.current().map(|key| (KeyPurpose::Checkpoint, key.clone()));
    let attestation = keys.attestation().last().map(|last| (KeyPurpose::Attestation, last.key.clone()));
    checkpoint.into_iter().chain(attestation).collect()
}

/// Every view, counted from the bytes and by the running registry, today and half a log ago.
fn views(
    snapshot: &Snapshot,
    size: u64,
    today: Date,
    on_progress: OnProgress<'_>,
) -> Result<Check, VerifyError> {
    let mut check = Check::new("views", "jawaban tampilan", "answers of views");
    let progress = |done| on_progress(Stage::Views, done, size);
    let facts = match rebuild::facts_while(snapshot.log(), size, all_cores(), &progress) {
        Ok(facts) => facts,
        Err(RebuildError::Projection(error)) => {
            check.told("tampilan tidak dapat dibangun ulang", "the views cannot be rebuilt", error);
            return Ok(check);
        }
        Err(RebuildError::Log(error @ LogError::Damaged { .. })) => {
            let Message { id, en } = Message::of_error(error);
            check.problem(id, en);
            return Ok(check);
        }
        Err(RebuildError::Log(error)) => return Err(error.into()),
        Err(RebuildError::Stopped) => return Err(VerifyError::Stopped),
    };
    for as_known in [size, size / 2] {
        let question = Question::new(today, as_known);
        for view in VIEWS {
            check.checked += 1;
            let name = view.name;
            match (view.answer(&facts, &question), view.answer(snapshot.facts(), &question)) {
                (Ok(rebuilt), Ok(running)) if rebuilt == running => {}
                (Ok(rebuilt), Ok(running)) => {
                    let (rebuilt, running) = (rebuilt.digest, running.digest);
                    check.problem(
                        format!(
                            "{name} pada ukuran {as_known}: dibangun ulang {rebuilt}, berjalan {running}"
                        ),
                        format!("{name} at size {as_known}: rebuilt {rebuilt}, running {running}"),
                    );
                }
                (Err(error), _) | (_, Err(error)) => {
                    let message = error.message();
                    check.problem(format!("{name}: {}", message.id), format!("{name}: {}", message.en));
                }
            }
        }
    }
    Ok(check)
}

/// Which copies of the keys file opening had to mend, each in both languages.
#[must_use]
pub fn healed_keys(copies: &[PathBuf]) -> Vec<Message> {
    let said = |path: &PathBuf| {
        let path = path.display();
        Message::new(
            format!("{path} dipulihkan dari salinan lainnya"),
            format!("{path} was healed from the other copy"),
        )
    };
    copies.iter().map(said).collect()
}

/// What opening had to mend, each in both languages; empty when everything was sound.
#[must_use]
pub fn healed(report: &OpenReport) -> Vec<Message> {
    let mut said = Vec::new();
    let mut say = |id: String, en: String| said.push(Message::new(id, en));
    for (from, to) in &report.journal_healed {
        let last = to.saturating_sub(1);
        say(
            format!("jurnal dipulihkan dari penyimpanan: indeks {from} sampai {last}"),
            format!("journal healed from the store: indexes {from} to {last}"),
        );
    }
    if report.vault_healed {
        say("brankas dipulihkan dari penyimpanan".to_owned(), "vault healed from the store".to_owned());
    }
    if report.sound_anchor_slots == 0 && !report.read_only {
        say(
            "jangkar hilang atau rusak di kedua tempatnya dan dibuat ulang dari checkpoint tersimpan: \
             bila direktori ini salinan lama, tidak ada lagi yang mengetahuinya"
                .to_owned(),
            "the anchor was gone or damaged in both slots and was made anew from the stored checkpoint: \
             if this directory is an older copy, nothing here can tell any more"
                .to_owned(),
        );
    }
    said.extend(looked_over(report));
    let mut say = |id: String, en: String| said.push(Message::new(id, en));
    match &report.store {
        StoreState::Sound => {}
        StoreState::Extended { from } => say(
            format!("penyimpanan disusulkan dari jurnal mulai indeks {from}"),
            format!("store brought up to the journal from index {from} on"),
        ),
        StoreState::Rebuilt { set_aside, reason } => {
            let path = set_aside.display();
            say(
                format!("penyimpanan dibangun ulang dari jurnal ({}); yang lama ada di {path}", told(reason)),
                format!("store rebuilt from the journal ({reason}); the old one is in {path}"),
            );
        }
    }
    said.extend(report.misplaced.iter().map(Misplaced::message));
    said.extend(report.displaced.iter().map(Displaced::message));
    let mut say = |id: String, en: String| said.push(Message::new(id, en));
    if let Some(problem) = &report.checkpoint_problem {
        say(
            format!("checkpoint tersimpan tidak sah dan ditandatangani ulang: {}", told(problem)),
            format!("the stored checkpoint did not check and is signed anew: {problem}"),
        );
    }
    if report.read_only {
        say(
            "jangkar dan checkpoint hilang: hanya dapat dibaca sampai `jejak recover --checkpoint BERKAS`"
                .to_owned(),
            "anchor and checkpoint are gone: read-only until `jejak recover --checkpoint FILE`".to_owned(),
        );
    }
    said
}

#[cfg(test)]
mod tests;
