//! Names of those behind a figure, from the vault. Noted in the access log before anything is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use jejak_events::identity::{Actor, IkmId, PersonId, Subject};
use jejak_events::types::Data;
use jejak_projections::answer::{Answer, Who};

use crate::cli::Context;
use crate::cli::exit::Stop;
use crate::registry::core::History as _;
use crate::registry::{AccessLog, Registry, RegistryError};

/// A name, or why there is none.
pub type Names = BTreeMap<String, Option<String>>;

/// Looks up the names of an answer's IKMs and persons. Where a name was erased, or nobody is
/// registered as known, there is `None`.
///
/// # Errors
/// When the look cannot be noted (then nothing is read), or vault or log cannot be read.
pub fn look_up(
    context: &Context,
    registry: &Registry,
    actor: &Actor,
    answer: &Answer,
) -> Result<Names, Stop> {
    let subjects: Vec<Subject> = answer
        .members
        .iter()
        .filter_map(|member| match member.who {
            Who::Ikm(id) => IkmId::new(id).map(Subject::Ikm),
            Who::Person(id) => PersonId::new(id).map(Subject::Person),
            Who::Session(_) => None,
        })
        .collect();
    let options = context.options();
    let log = AccessLog::in_directory(&options.dir, Arc::clone(&options.disk), options.environment.clone());
    log.note(actor, &format!("view {} --list --names", answer.view), &subjects)?;
    let names = registry.with_engine(move |engine| {
        let past = engine.past();
        let mut names = Names::new();
        for subject in subjects {
            let mut name = None;
            for index in engine.core().history(subject) {
                let event = past.event(index)?;
                let registers =
                    matches!(event.draft.data, Data::IkmRegistered(_) | Data::PersonRegistered(_));
                if !registers || event.draft.subject != subject {
                    continue;
                }
                if let Some(effective) = engine.core().lineage().effective(index) {
                    let sealed = past.sealed(effective)?;
                    name = sealed.get("name").and_then(|value| value.as_str()).map(str::to_owned);
                }
            }
            names.insert(subject.to_string(), name);
        }
        Ok::<_, jejak_projections::error::ReadFailure>(names)
    })?;
    names.map_err(|error| RegistryError::Unreadable(error.to_string()).into())
}
