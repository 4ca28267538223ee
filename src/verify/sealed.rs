//! The vault: every frame opens and holds exactly what the record's digests promise, or was erased.
//!
//! An event recorded after an erasure has no frame for what that erased: its digests stand over nulls under
//! salts that nobody kept. Before it the frame stays and its key is gone.

use std::collections::BTreeSet;

use jejak_events::proposal::sealed_by;
use jejak_events::sealed::{Digest, Disclosure, Group};

use super::records::Explained;
use super::{Check, OnProgress, Stage, VerifyError};
use crate::readmodel::OpenError;
use crate::readmodel::Snapshot;
use crate::registry::Registry;
use crate::rules::key_names::KeyName;
use crate::vault::VaultError;
use crate::vault::access::{OwnWork, VaultPass};
use crate::words::language::one_or;

/// Events looked at a time.
const STEP: u64 = 1024;

/// What one stretch of the log came to.
#[derive(Default)]
struct SealedStretch {
    frames: u64,
    frame_bytes: u64,
    erased: u64,
    problems: Vec<(u64, String)>,
}

/// Opens every frame.
///
/// # Errors
/// When the machine fails, or the caller stops.
pub fn check(
    (registry, snapshot): (&Registry, &Snapshot),
    explained: &Explained,
    size: u64,
    on_progress: OnProgress<'_>,
) -> Result<Check, VerifyError> {
    let mut check = Check::new("vault", "data tersegel", "frames");
    let (mut erased, mut frame_bytes) = (0, 0);
    let mut from = 0;
    while from < size {
        let to = size.min(from + STEP);
        let stretch = look(snapshot, explained, from..to);
        check.checked += stretch.frames;
        frame_bytes += stretch.frame_bytes;
        erased += stretch.erased;
        for (index, problem) in stretch.problems {
            check.told(&format!("peristiwa {index}"), &format!("event {index}"), problem);
        }
        from = to;
        if !on_progress(Stage::Vault, from, size) {
            return Err(VerifyError::Stopped);
        }
    }
    let length_bytes = registry.vault_length()?;
    if frame_bytes != length_bytes {
        check.problem(
            format!("data tersegel milik peristiwa {frame_bytes} byte, brankas {length_bytes} byte"),
            format!("the frames of events take {frame_bytes} bytes, the vault {length_bytes}"),
        );
    }
    keys(snapshot, explained, &mut check);
    if erased > 0 {
        check.note(
            format!("{erased} data tersegel tidak terbaca lagi karena kuncinya dihapus atas permintaan"),
            format!(
                "{erased} {} erased on request",
                one_or(
                    erased,
                    "frame cannot be read any more: its key was",
                    "frames cannot be read any more: their keys were"
                )
            ),
        );
    }
    Ok(check)
}

/// A key is gone if and only if an erasure says so.
fn keys(snapshot: &Snapshot, explained: &Explained, check: &mut Check) {
    let keys = snapshot.vault().keys();
    for (name, group, live) in keys.subject_keys() {
        // The keys of evidence have names of their own.
        let Some(key) = KeyName::parse(name) else { continue };
        let reached = match key.index {
            Some(index) => explained.reached.request(index, key.subject, group),
            None => explained.reached.whole(key.subject, group),
        };
        match (live, reached) {
            (false, None) => check.problem(
                format!("kunci {} milik {name} musnah tanpa peristiwa yang menjelaskannya", group.name()),
                format!("the {} key of {name} was destroyed and no event says why", group.name()),
            ),
            (true, Some(request)) if explained.is_done(request) => check.problem(
                format!("kunci {} milik {name} masih ada meski datanya sudah dihapus; buka registri sekali untuk memusnahkannya", group.name()),
                format!("the {} key of {name} is still there though its data were erased; open the registry once to destroy it", group.name()),
            ),
            _ => {}
        }
    }
    for (request, root) in explained.requests.iter().filter(|(request, _)| !explained.is_done(**request)) {
        check.note(
            format!("penghapusan {root} (peristiwa {request}) belum selesai; buka registri sekali untuk menyelesaikannya"),
            format!("the erasure of {root} (event {request}) is not done; open the registry once to finish it"),
        );
    }
}

fn look(snapshot: &Snapshot, explained: &Explained, range: std::ops::Range<u64>) -> SealedStretch {
    let mut stretch = SealedStretch::default();
    for index in range {
        let event = match snapshot.event(index) {
            Ok(event) => event,
            Err(error) => {
                stretch.problems.push((index, error.to_string()));
                continue;
            }
        };
        let (key_subject, _) = sealed_by(&event);
        let digests = event.draft.data.sealed();
        let places = snapshot.vault().frames_of(index);
        for group in [Group::Personal, Group::Confidential] {
            let promised: &[Digest] = digests.map_or(&[], |sealed| sealed.group(group));
            let frames = places.iter().filter(|place| place.group == group);
            let request = explained.reached.request(index, key_subject, group);
            let erased_before = request.is_some_and(|request| request < index);
            if frames.clone().count() != usize::from(!promised.is_empty() && !erased_before) {
                let count = frames.clone().count();
                stretch
                    .problems
                    .push((index, format!("the vault holds {count} {} frames of it", group.name())));
            }
            for place in frames {
                stretch.frames += 1;
                stretch.frame_bytes += u64::from(place.length_bytes);
                match snapshot.vault().open(
                    VaultPass::OwnWork(&OwnWork::new()),
                    snapshot.log(),
                    place,
                    key_subject,
                ) {
                    Ok(disclosures) => {
                        let mut opened: Vec<Digest> =
                            disclosures.iter().map(|text| Digest::of(text)).collect();
                        opened.sort();
                        let salts: BTreeSet<_> = disclosures
                            .iter()
                            .map(|text| Disclosure::parse(text).and_then(|one| one.salt))
                            .collect();
                        if salts.contains(&None) || salts.len() < disclosures.len() {
                            let problem = format!("the {} values have short or repeated salts", group.name());
                            stretch.problems.push((index, problem));
                        }
                        if opened != promised {
                            let problem = format!("the {} values are not those of its digests", group.name());
                            stretch.problems.push((index, problem));
                        }
                    }
                    Err(OpenError::Vault(VaultError::Erased { .. })) => stretch.erased += 1,
                    Err(error) => stretch.problems.push((index, error.to_string())),
                }
            }
        }
    }
    stretch
}
