//! A dry run says exactly what appending then does, and touches no file but the access log.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jejak::disk::sim::SimulatedDisk;
use jejak::registry::{Outcome, Registry};
use serde_json::Value;

use super::step::{Answer, Step, play};
use crate::support;

/// The files of a registry, without those that a noted look alters where one was noted.
fn files(disk: &SimulatedDisk, look_noted: bool) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = disk.snapshot();
    files.retain(|path, _| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        !(look_noted && (name.starts_with("access") || name.starts_with("anchor")))
    });
    files
}

fn access_log(disk: &SimulatedDisk) -> Option<Vec<u8>> {
    disk.snapshot().into_iter().find(|(path, _)| path.ends_with("access.jsonl")).map(|(_, bytes)| bytes)
}

/// Whether the registry counts it itself: `append` refuses what the history records all the same.
fn is_counted(proposal: &Value) -> bool {
    proposal.to_string().contains("id.jejak.claim.checked.v1")
}

fn parsed(proposals: &[Value]) -> Vec<jejak_events::proposal::Proposal> {
    proposals.iter().map(support::proposal).collect()
}

/// Plays some steps of a history, rehearses all proposals of the next ones, batch by batch, and appends them.
pub fn says_what_appending_does(seed: u64, steps: &[(Step, Answer, u64)]) {
    let (mut options, clock) = support::in_memory(seed);
    let disk = SimulatedDisk::default();
    options.disk = Arc::new(disk.clone());
    let registry = support::created(&options);
    let place = steps.len() / 3 + usize::try_from(seed / 16).unwrap() % (steps.len() / 3);
    for (step, ..) in &steps[..place] {
        play(&registry, &clock, step);
    }
    let next = steps[place..].iter().filter_map(|(step, ..)| match step {
        Step::Propose { proposals, atomic } if !proposals.iter().any(is_counted) => {
            Some((proposals, *atomic))
        }
        _ => None,
    });
    let (each, whole): (Vec<_>, Vec<_>) = next.partition(|(_, atomic)| !atomic);
    let each: Vec<&[Value]> = each.into_iter().map(|(proposals, _)| &proposals[..]).collect();
    hold(&registry, &disk, &each, false);
    for (proposals, _) in whole {
        hold(&registry, &disk, &[proposals], true);
    }
}

/// What was rehearsed, and what then came of it.
fn hold(registry: &Registry, disk: &SimulatedDisk, batches: &[&[Value]], atomic: bool) {
    registry.checkpoint().unwrap();
    let (size, facts) = (registry.reader().size(), registry.snapshot().facts().encode().unwrap());
    let (before, access) = (disk.snapshot(), access_log(disk));
    let dry = registry.dry_run(batches.iter().map(|batch| parsed(batch)).collect(), atomic).unwrap();
    let look_noted = access_log(disk) != access;
    let after = files(disk, look_noted);
    let mut kept = before;
    kept.retain(|path, _| after.contains_key(path) || !look_noted);
    assert!(kept == after, "a dry run altered a file");
    assert_eq!(registry.reader().size(), size);
    assert!(*registry.snapshot().facts().encode().unwrap() == *facts, "a dry run altered the facts");

    for (batch, said) in batches.iter().zip(&dry.outcomes) {
        let done = registry.append_blocking(parsed(batch), atomic).unwrap();
        // In a dry run no guess is recorded, so that each counts: an event that was guessed at too often by then is
        // compared no more.
        let spent =
            |outcome: &Outcome| outcome.refusal().is_some_and(|refused| refused.rule == "compared_too_often");
        if said.iter().chain(&done).any(spent) {
            return;
        }
        assert_eq!(*said, done, "rehearsed otherwise than it became");
    }
    let told: Vec<u64> = dry.records.iter().map(|(index, _)| *index).collect();
    assert_eq!(told, (size..registry.reader().size()).collect::<Vec<_>>(), "other indexes");
    for (index, record) in &dry.records {
        let recorded = registry.event(*index).unwrap().draft;
        let open = |draft: &jejak_events::record::Draft| {
            (draft.subject, draft.data.type_name(), jejak_events::proposal::comparable(&draft.data))
        };
        assert_eq!(open(&record.draft), open(&recorded), "another record at {index}");
    }
}
