//! What is stored of the state, held against what the log gives: a file may be whole and lie all the same.

use std::convert::Infallible;

use jejak_events::fault::Message;

use super::{Check, OnProgress, Stage, VerifyError};
use crate::log::LogError;
use crate::readmodel::stored::{Loaded, StoredState};
use crate::registry::{Options, Registry, RegistryError, derive};
use crate::rules::machine::StateMachine;

/// Makes the state at the size of the stored one again, from the first event on; `None` where nothing is stored.
///
/// # Errors
/// When the machine fails, or the caller stops.
pub fn check(
    registry: &Registry,
    options: &Options,
    on_progress: OnProgress<'_>,
) -> Result<Option<Check>, VerifyError> {
    let files = options.state_files();
    let Loaded { state, problems } = files.load(registry.reader());
    if state.is_none() && problems.is_empty() {
        return Ok(None);
    }
    let mut check = Check::new("state", "peristiwa", "events");
    // What is damaged is never served, and made again the next time that the state is stored.
    check.notes = problems;
    let Some(stored) = state else { return Ok(Some(check)) };
    let size = stored.machine.size();
    check.checked = size;
    let nothing =
        StoredState { machine: StateMachine::keyed(stored.machine.id_key()), ..StoredState::default() };
    let go_on = |done| on_progress(Stage::State, done, size);
    let made = match derive(registry.reader(), nothing, size, &go_on) {
        Ok(made) if made.machine.size() < size => return Err(VerifyError::Stopped),
        Ok(made) => made,
        Err(RegistryError::Unreadable(_) | RegistryError::Log(LogError::Damaged { .. })) => {
            check.problem(
                "peristiwa tidak terbaca, jadi keadaan tersimpan tidak dapat dibandingkan",
                "events cannot be read, so the stored state cannot be compared",
            );
            return Ok(Some(check));
        }
        Err(error) => return Err(error.into()),
    };
    let path = files.directory().display();
    if contents(&stored.machine) != contents(&made.machine) {
        check.problem(
            format!("keadaan aturan yang tersimpan bukan yang diberikan log; hapus {path}"),
            format!("the stored state of the rules is not what the log gives; delete {path}"),
        );
    }
    match (stored.facts.encode(), made.facts.encode()) {
        (Ok(stored), Ok(made)) if stored == made => {}
        (Ok(_), Ok(_)) => check.problem(
            format!("fakta tersimpan bukan yang diberikan log; hapus {path}"),
            format!("the stored facts are not what the log gives; delete {path}"),
        ),
        (Err(error), _) | (_, Err(error)) => {
            let Message { id, en } = Message::of_error(error);
            check.problem(id, en);
        }
    }
    Ok(Some(check))
}

fn contents(machine: &StateMachine) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let Ok(()) = machine.parts(|part| {
        parts.push(part);
        Ok::<_, Infallible>(())
    });
    parts
}
