//! Evidence: every file that an event lists is there, whole, and opens, or was made unreadable by an event.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::types::Evidence;
use jejak_events::values::Sha256Hex;

use super::records::Explained;
use super::{Check, OnProgress, Stage, VerifyError};
use crate::registry::{Registry, RegistryError};
use crate::vault::KeyLookup;
use crate::vault::access::OwnWork;
use crate::vault::attachments::EvidenceError;
use crate::words::language::one_or;

/// Checks every file that is there and every file that should be.
///
/// # Errors
/// When the machine fails, or the caller stops.
pub fn check(
    registry: &Registry,
    explained: &Explained,
    size: u64,
    on_progress: OnProgress<'_>,
) -> Result<Check, VerifyError> {
    let mut check = Check::new("evidence", "dokumen bukti", "files of evidence");
    let mut listed: BTreeMap<&Sha256Hex, (u64, &Evidence)> = BTreeMap::new();
    for (index, evidence) in &explained.evidence {
        listed.entry(&evidence.sha256).or_insert((*index, evidence));
    }
    let there: BTreeSet<Sha256Hex> =
        registry.evidence().list().map_err(RegistryError::from)?.into_iter().collect();
    let (mut withdrawn, mut unlisted) = (0, 0);
    for file in &there {
        if !on_progress(Stage::Evidence, 0, size) {
            return Err(VerifyError::Stopped);
        }
        check.checked += 1;
        let Some(evidence) = read_whole(registry, file)? else {
            check.problem(format!("bukti {file} berubah"), format!("evidence {file} was altered"));
            continue;
        };
        match listed.get(file) {
            None => unlisted += 1,
            Some((index, said)) if **said != evidence => check.problem(
                format!("bukti {file} bukan seperti disebut peristiwa {index}"),
                format!("evidence {file} is not as event {index} says"),
            ),
            Some(_) => {}
        }
        withdrawn += u64::from(check_key(&mut check, registry, file, explained.is_destroyed(&evidence))?);
    }
    for (file, (index, evidence)) in listed.iter().filter(|(file, _)| !there.contains(**file)) {
        check.checked += 1;
        if explained.is_destroyed(evidence) {
            withdrawn += 1;
        } else {
            check.problem(
                format!("bukti {file} dari peristiwa {index} hilang; pulihkan dari cadangan"),
                format!("evidence {file} of event {index} is missing; restore it from a backup"),
            );
        }
    }
    note_unread(&mut check, withdrawn, unlisted);
    on_progress(Stage::Evidence, size, size);
    Ok(check)
}

/// Says how many files nobody reads any more, and how many no event lists.
fn note_unread(check: &mut Check, withdrawn: u64, unlisted: u64) {
    if withdrawn > 0 {
        check.note(
            format!("{withdrawn} dokumen tidak terbaca lagi karena ditarik atau dihapus"),
            format!(
                "{withdrawn} {} withdrawn or erased",
                one_or(
                    withdrawn,
                    "file cannot be read any more: it was",
                    "files cannot be read any more: they were"
                )
            ),
        );
    }
    if unlisted > 0 {
        check.note(
            format!("{unlisted} dokumen dilampirkan dan tidak disebut peristiwa mana pun"),
            format!(
                "{unlisted} {}",
                one_or(
                    unlisted,
                    "file is attached and no event lists it",
                    "files are attached and no event lists them"
                )
            ),
        );
    }
}

/// What a file says that it is evidence of; `None` where it was altered.
fn read_whole(registry: &Registry, file: &Sha256Hex) -> Result<Option<Evidence>, RegistryError> {
    let files = registry.evidence();
    let whole = files.hash(file)?;
    let about = match files.about(file) {
        Err(EvidenceError::Damaged { .. }) => None,
        about => about?,
    };
    Ok(about.filter(|_| whole.as_ref() == Some(file)).map(|about| Evidence {
        media_type: about.media_type,
        sha256: file.clone(),
        subjects: about.subjects,
    }))
}

/// Checks that a file opens, or that its key is gone where it `is_destroyed`; says whether it is rightly gone.
fn check_key(
    check: &mut Check,
    registry: &Registry,
    file: &Sha256Hex,
    is_destroyed: bool,
) -> Result<bool, RegistryError> {
    match (registry.evidence_key(file.clone())?, is_destroyed) {
        (KeyLookup::Live(_), true) => check.problem(
            format!("kunci bukti {file} masih ada meski sudah ditarik atau dihapus; buka registri sekali untuk memusnahkannya"),
            format!("the key of evidence {file} is still there though it was withdrawn or erased; open the registry once to destroy it"),
        ),
        (KeyLookup::Live(key), false) => match registry.evidence().read(&OwnWork::new(), file, &key.secret, &mut std::io::sink()) {
            Err(EvidenceError::Damaged { reason, .. }) => {
                check.told(&format!("bukti {file}"), &format!("evidence {file}"), reason);
            }
            read => read?,
        },
        (KeyLookup::Destroyed, true) => return Ok(true),
        (KeyLookup::Destroyed, false) => check.problem(
            format!("kunci bukti {file} musnah tanpa peristiwa yang menjelaskannya"),
            format!("the key of evidence {file} was destroyed and no event says why"),
        ),
        (KeyLookup::Unknown, _) => check.problem(
            format!("bukti {file} tidak mempunyai kunci; beri direktori kunci registri ini (--keys)"),
            format!("evidence {file} has no key; give this registry's own keys directory (--keys)"),
        ),
    }
    Ok(false)
}
