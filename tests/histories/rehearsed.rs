//! A dry run says exactly what appending then does, however often it is run and whatever it guesses at, and touches no
//! file but the access log.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jejak::disk::sim::SimulatedDisk;
use jejak::registry::{Outcome, Registry};
use jejak_events::identity::{Actor, ActorKind};
use jejak_events::proposal::{Defaults, Proposal};
use serde_json::{Value, json};

use super::dice::{Dice, TODAY, at, day, event};
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

fn parsed(proposals: &[Value]) -> Vec<Proposal> {
    proposals.iter().map(support::proposal).collect()
}

/// Most rehearsals of one thing, one after the other.
const REHEARSALS: u64 = 5;

/// Plays some steps of a history, guesses at what it sealed, rehearses all proposals of the next ones with guesses among
/// them, batch by batch and several times, and appends them.
pub fn says_what_appending_does(seed: u64, steps: &[(Step, Answer, u64)]) {
    let (mut options, clock) = support::in_memory(seed);
    let disk = SimulatedDisk::default();
    options.disk = Arc::new(disk.clone());
    let registry = support::created(&options);
    // Dice of its own: what is guessed does not change what happens.
    let mut dice = Dice::new(seed ^ 0x9e37_79b9_7f4a_7c15);
    let place = steps.len() / 3 + usize::try_from(seed / 16).unwrap() % (steps.len() / 3);
    for (step, ..) in &steps[..place] {
        play(&registry, &clock, step);
    }
    let mut guesses = Guesses::at(&mut dice, &steps[..place]);
    // Up to the bound, or beyond it.
    for guess in guesses.take(&mut dice, 5) {
        registry.append_blocking(parsed(&[guess]), false).unwrap();
    }
    let next = steps[place..].iter().filter_map(|(step, ..)| match step {
        Step::Propose { proposals, atomic } if !proposals.iter().any(is_counted) => {
            Some((proposals.clone(), *atomic))
        }
        _ => None,
    });
    let mut next: Vec<(Vec<Value>, bool)> = next.collect();
    for (proposals, _) in &mut next {
        if dice.one_in(3) {
            proposals.extend(guesses.take(&mut dice, 4));
        }
    }
    let (each, whole): (Vec<_>, Vec<_>) = next.into_iter().partition(|(_, atomic)| !atomic);
    let each: Vec<&[Value]> = each.iter().map(|(proposals, _)| &proposals[..]).collect();
    if !hold(&registry, &disk, &each, (false, 1 + dice.below(REHEARSALS))) {
        return;
    }
    for (proposals, _) in whole {
        if !hold(&registry, &disk, &[&proposals], (true, 1 + dice.below(REHEARSALS))) {
            return;
        }
    }
}

/// Proposals that are compared with what one or two events seal: the same again, with other values, with fewer, and
/// corrections that leave values out.
struct Guesses {
    at: Vec<Value>,
    made: u64,
}

impl Guesses {
    /// At events that were proposed in some steps.
    fn at(dice: &mut Dice, steps: &[(Step, Answer, u64)]) -> Self {
        let proposed = steps.iter().filter_map(|(step, ..)| match step {
            Step::Propose { proposals, .. } => Some(proposals),
            _ => None,
        });
        let sealing: Vec<&Value> =
            proposed.flatten().filter(|proposal| !sealed_fields(proposal).is_empty()).collect();
        let several = 1 + dice.below(2);
        let at = (0..several).filter(|_| !sealing.is_empty()).map(|_| dice.of(&sealing).clone()).collect();
        Self { at, made: 0 }
    }

    /// Up to so many more.
    fn take(&mut self, dice: &mut Dice, most: u64) -> Vec<Value> {
        let count = if self.at.is_empty() { 0 } else { dice.below(most + 1) };
        let made: Vec<Value> = (0..count).map(|_| self.one(dice)).collect();
        made.into_iter().filter(is_proposal).collect()
    }

    fn one(&mut self, dice: &mut Dice) -> Value {
        let mut guess = self.at[dice.below(self.at.len() as u64) as usize].clone();
        let fields = sealed_fields(&guess);
        let data = guess["data"].as_object_mut().unwrap();
        for field in fields {
            match dice.below(4) {
                0 => {
                    data.remove(field);
                }
                1 => alter(dice, &mut data[field]),
                _ => {}
            }
        }
        self.made += 1;
        if dice.one_in(2) {
            return guess;
        }
        let kind = guess["type"].clone();
        json!({"id": event(900_000 + self.made), "type": "id.jejak.event.corrected.v1",
            "subject": guess["subject"], "time": at(&day(TODAY)),
            "data": {"target": guess["id"], "reason": "typing_error", "type": kind, "subject": guess["subject"],
                "time": guess["time"], "timeprecision": "day", "data": guess["data"]}})
    }
}

/// The sealed fields that a proposal gives.
fn sealed_fields(proposal: &Value) -> Vec<&'static str> {
    let name = proposal["type"].as_str().unwrap_or_default();
    let declared = jejak_events::types::declaration(name).map_or(&[][..], |declaration| declaration.sealed);
    let given = declared.iter().filter(|field| proposal["data"].get(field.name).is_some());
    given.map(|field| field.name).collect()
}

/// One of a few other values, so that guesses repeat.
fn alter(dice: &mut Dice, value: &mut Value) {
    let other = dice.below(3);
    *value = match &*value {
        Value::Number(number) => json!(number.as_u64().unwrap_or_default() + other),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            json!(format!("{}{other}", &text[..text.len() - 1]))
        }
        Value::String(text) => json!(format!("{text} {other}")),
        any => any.clone(),
    };
}

fn is_proposal(value: &Value) -> bool {
    let defaults =
        Defaults { source: support::source(), actor: Actor { kind: ActorKind::Unknown, id: None } };
    Proposal::parse(value.to_string().as_bytes(), &defaults).is_ok()
}

/// What was rehearsed, and what then came of it. Answers whether every rehearsal was told whole: few different guesses at
/// one event are answered in dry runs.
fn hold(
    registry: &Registry,
    disk: &SimulatedDisk,
    batches: &[&[Value]],
    (atomic, rehearsals): (bool, u64),
) -> bool {
    registry.checkpoint().unwrap();
    let (size, facts) = (registry.reader().size(), registry.snapshot().facts().encode().unwrap());
    let rehearse = || {
        let (mut kept, access) = (disk.snapshot(), access_log(disk));
        let dry = registry.dry_run(batches.iter().map(|batch| parsed(batch)).collect(), atomic).unwrap();
        let look_noted = access_log(disk) != access;
        let after = files(disk, look_noted);
        kept.retain(|path, _| after.contains_key(path) || !look_noted);
        assert!(kept == after, "a dry run altered a file");
        assert_eq!(registry.reader().size(), size);
        assert!(*registry.snapshot().facts().encode().unwrap() == *facts, "a dry run altered the facts");
        dry
    };
    let dry = rehearse();
    for _ in 1..rehearsals {
        assert_eq!(rehearse().outcomes, dry.outcomes, "rehearsed again, it became another");
    }
    let untold =
        |outcome: &Outcome| outcome.refusal().is_some_and(|refused| refused.rule == "rehearsed_too_often");
    if dry.outcomes.iter().flatten().any(untold) {
        return false;
    }
    for (batch, said) in batches.iter().zip(&dry.outcomes) {
        let done = registry.append_blocking(parsed(batch), atomic).unwrap();
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
    true
}
