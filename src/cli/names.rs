//! Names of IKMs and persons, from the vault. Noted in the access log before anything is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use jejak_events::identity::{Actor, Subject};
use jejak_events::types::Data;
use jejak_projections::answer::Who;
use jejak_projections::lineage::Content;

use crate::cli::Context;
use crate::cli::exit::Stop;
use crate::registry::core::History as _;
use crate::registry::{AccessLog, Registry, RegistryError};

/// By subject: a name, or none where it was erased or nobody is registered.
pub type Names = BTreeMap<String, Option<String>>;

/// The streams of those who have a name in the vault, each once.
pub fn named(members: impl IntoIterator<Item = Who>) -> Vec<Subject> {
    members.into_iter().filter_map(Who::subject).collect()
}

/// Notes a look at sealed fields; on return it may be taken.
///
/// # Errors
/// When it cannot be noted; then nothing may be read.
pub fn note(context: &Context, actor: &Actor, purpose: &str, subjects: &[Subject]) -> Result<(), Stop> {
    let options = context.options();
    let log = AccessLog::in_directory(&options.dir, Arc::clone(&options.disk), options.environment.clone());
    Ok(log.note(actor, purpose, subjects)?)
}

/// Looks up the names that IKMs and persons have now: of what is in force, the latest by the day it
/// holds from. `purpose` is what the access log says of the look.
///
/// # Errors
/// When the look cannot be noted (then nothing is read), or vault or log cannot be read.
pub fn look_up(
    context: &Context,
    registry: &Registry,
    actor: &Actor,
    purpose: &str,
    subjects: Vec<Subject>,
) -> Result<Names, Stop> {
    note(context, actor, purpose, &subjects)?;
    let names = registry.with_engine(move |engine| {
        let past = engine.past();
        let mut names = Names::new();
        for subject in subjects {
            let mut latest = None;
            for index in engine.core().history(subject) {
                let event = past.event(index)?;
                let may_name = matches!(
                    event.draft.data,
                    Data::IkmRegistered(_) | Data::IkmProfileChanged(_) | Data::PersonRegistered(_)
                );
                if !may_name || event.draft.subject != subject {
                    continue;
                }
                let Some(effective) = engine.core().lineage().effective(index) else { continue };
                let sealed = past.sealed(effective)?;
                let Some(name) = sealed.get("name").and_then(|value| value.as_str()) else { continue };
                let from = if effective == index {
                    event.draft.time.date()
                } else {
                    Content::of(&past.event(effective)?).time().date()
                };
                if latest.as_ref().is_none_or(|(known, _)| *known <= from) {
                    latest = Some((from, name.to_owned()));
                }
            }
            names.insert(subject.to_string(), latest.map(|(_, name)| name));
        }
        Ok::<_, jejak_projections::error::ReadFailure>(names)
    })?;
    names.map_err(|error| RegistryError::Unreadable(error.to_string()).into())
}
