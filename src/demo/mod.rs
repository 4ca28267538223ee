//! The worked example: the programmes that five press articles describe, as a registry would hold them.
//!
//! What the articles state stands here as they state it: dates, places, numbers of participants,
//! institutions. Who took part, what became of it and when it was recorded is made up, always the same,
//! and marked `(sintetis)`. Each city is one module with one file for each theme; the steps of all of them are
//! put into the order in which the offices recorded them.
//!
//! The example obeys the rules like anybody else: it must never append except through
//! [`Registry::append_blocking`], and never read the machine's clock or randomness. Its clock goes from
//! one day of recording to the next, so that two runs make byte-identical logs. Its keys and salts follow
//! from a public seed: they protect nothing, and nothing real may be recorded into it.

mod claims;
mod mojokerto;
mod pekalongan;
mod people;
mod probolinggo;
mod released;
mod reports;
mod script;
mod semarang;
mod story;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, ActorKind, Source};
use jejak_events::proposal::Proposal;
use jejak_events::time::RecordedTime;
use jejak_events::values::Origin;
use serde_json::Value;

use crate::environment::{Environment, ManualClock, SeededRandomness};
pub use claims::{CLAIMS, JudgedClaim, WrittenClaim, judge_claims};
pub use released::{ReleasedTotals, released};
pub use story::{EventBehind, NextCommand, OpenedFigure, Story, StoryError, ToldFigure, story};

use crate::registry::release::ReleaseError;
use crate::registry::{InitReport, Options, Outcome, Registry, RegistryError, create};

/// Origin line of the example's checkpoints.
pub const ORIGIN: &str = "jejak.example/demo";
/// Who opens the example's registry; each proposal names its own office.
const OPENED_BY: &str = "urn:jejak:33.75:demo";
/// The day the example's registry opens.
const OPENED_ON: &str = "2021-02-01";
/// Public on purpose: see the module's documentation.
const SEED: u64 = 20_210_201;

/// What one office sends to the registry at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoStep {
    /// When the registry learns it.
    pub recorded: RecordedTime,
    /// The proposals, in order, as an office would send them.
    pub proposals: Vec<Value>,
    /// Whether all or none may be recorded.
    pub atomic: bool,
}

/// Everything that the example records after event 0, in the order of recording. Pure: the same on
/// every call.
#[must_use]
pub fn proposals() -> Vec<DemoStep> {
    let cities = [pekalongan::steps(), semarang::steps(), mojokerto::steps(), probolinggo::steps()];
    let mut steps: Vec<DemoStep> = cities.into_iter().flatten().collect();
    // Stable: what one office recorded on one day stays in its order.
    steps.sort_by_key(|step| step.recorded);
    steps
}

/// The moment of the last recording: the example's "today".
#[must_use]
pub fn today() -> RecordedTime {
    proposals().last().map_or_else(|| script::office_hours(OPENED_ON), |step| step.recorded)
}

/// What filling a directory came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Proposals that this run recorded.
    pub appended: u64,
    /// Proposals that an earlier run recorded.
    pub repeated: u64,
    /// Size of the log, with event 0 and what the registry records by itself.
    pub size: u64,
}

/// Why the example could not be put down.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The directory holds a registry that is not the example's.
    #[error(
        "{path} holds the registry {origin}, not the worked example; choose another directory with --dir"
    )]
    OtherRegistry {
        /// The data directory.
        path: String,
        /// Origin of the registry in it.
        origin: String,
    },
    /// Sums are too large. With an untouched example that is a defect of this program.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// A release was refused. With an untouched example that is a defect of this program.
    #[error("the release of {period} of the worked example was refused: {refusal}")]
    NotReleased {
        /// The period.
        period: &'static str,
        /// Why.
        refusal: Refusal,
    },
    /// A proposal was refused. With an untouched example that is a defect of this program.
    #[error("proposal {number} of the worked example ({id}) was refused: {refusal}")]
    Refused {
        /// Its place among all proposals, from 1.
        number: u64,
        /// Its id.
        id: String,
        /// Why.
        refusal: Refusal,
    },
}

/// Puts the example into a directory: makes the registry when there is none, appends and releases what is missing,
/// anchors and closes. A second run appends nothing; a run that was cut short is finished by the next.
///
/// Clock and randomness of the options are not used. `on_progress` gets the number of proposals done
/// and of all.
///
/// # Errors
/// When the directory holds another registry, when a proposal is refused, or when the machine fails.
pub fn fill(options: &Options, on_progress: &mut dyn FnMut(u64, u64)) -> Result<Filled, DemoError> {
    let clock = Arc::new(ManualClock::at(script::office_hours(OPENED_ON)));
    let mut options = options.clone();
    options.environment =
        Environment { clock: Arc::clone(&clock) as _, randomness: Arc::new(SeededRandomness::new(SEED)) };
    let registry = match Registry::open(&options) {
        Err(RegistryError::NotInitialised { .. }) => {
            create(&options, &about(&options))?;
            Registry::open(&options)?
        }
        opened => opened?,
    };
    let opened = registry.constitution();
    if *opened.origin != *ORIGIN || !opened.synthetic {
        let (path, origin) = (options.dir.display().to_string(), opened.origin.to_string());
        registry.close()?;
        return Err(DemoError::OtherRegistry { path, origin });
    }
    let steps = proposals();
    let total = steps.iter().map(|step| step.proposals.len() as u64).sum();
    let mut filled = Filled { appended: 0, repeated: 0, size: 0 };
    on_progress(0, total);
    for step in &steps {
        clock.advance_to(step.recorded);
        append(&registry, step, &mut filled)?;
        on_progress(filled.appended + filled.repeated, total);
    }
    released::release_years(&registry)?;
    filled.size = registry.snapshot().size();
    registry.close()?;
    Ok(filled)
}

fn append(registry: &Registry, step: &DemoStep, filled: &mut Filled) -> Result<(), DemoError> {
    let defaults = registry.defaults(Actor { kind: ActorKind::System, id: None });
    let first = filled.appended + filled.repeated + 1;
    let refused = |place: usize, refusal: Refusal| {
        let id = step.proposals.get(place).and_then(|proposal| proposal["id"].as_str());
        DemoError::Refused { number: first + place as u64, id: id.unwrap_or_default().to_owned(), refusal }
    };
    let mut parsed = Vec::with_capacity(step.proposals.len());
    for (place, proposal) in step.proposals.iter().enumerate() {
        let json = proposal.to_string();
        parsed.push(Proposal::parse(json.as_bytes(), &defaults).map_err(|refusal| refused(place, refusal))?);
    }
    for (place, outcome) in registry.append_blocking(parsed, step.atomic)?.into_iter().enumerate() {
        match outcome {
            Outcome::Recorded { repeated: true, .. } => filled.repeated += 1,
            Outcome::Recorded { .. } => filled.appended += 1,
            Outcome::Refused { refused: refusal, .. } => return Err(refused(place, refusal)),
        }
    }
    Ok(())
}

#[expect(clippy::expect_used, reason = "a literal of this module, which a test reads")]
fn about(options: &Options) -> InitReport {
    InitReport {
        origin: Origin::parse(ORIGIN).expect("the origin is well formed"),
        source: Source::parse(OPENED_BY).expect("the source is well formed"),
        synthetic: true,
        // In the data directory itself: it follows from a public seed and protects nothing.
        recovery_file: options.dir.join("recovery-secret"),
    }
}
