//! What appending would do, without doing it: decided at the tip on the writer's state, then taken back.
//!
//! Must never write: no key, no vault, no journal. What it compares with sealed values is a look all the same, and is
//! noted before anything is told.

use jejak_events::proposal::Proposal;
use jejak_events::record::Event;

use super::compared::Comparisons;
use super::engine::{Engine, Mark, Pending, Request};
use super::outcome::{Outcome, RegistryError};
use super::{RefusedEarly, Registry};

/// What would become of proposals.
#[derive(Debug, Default)]
pub struct DryRun {
    /// Of each batch, in the order of its proposals: as [`Registry::append`] would answer.
    pub outcomes: Vec<Vec<Outcome>>,
    /// The records as they would stand but for salts and the time of recording, with their indexes; also those that
    /// carrying an erasure out would add.
    pub records: Vec<(u64, Event)>,
}

impl Registry {
    /// What [`Registry::append_blocking`] would answer to each of these batches in turn, and record. Nothing is
    /// recorded, and no file is touched but the access log, where something was compared.
    ///
    /// # Errors
    /// As [`Registry::append`].
    pub fn dry_run(&self, batches: Vec<Vec<Proposal>>, atomic: bool) -> Result<DryRun, RegistryError> {
        let mut prepared = Vec::with_capacity(batches.len());
        for proposals in batches {
            prepared.push(self.split(proposals, atomic, |proposal| self.prepare(proposal))?);
        }
        let (requests, early): (Vec<Option<Request>>, Vec<RefusedEarly>) = prepared.into_iter().unzip();
        let mut done = self.with_engine(move |engine| engine.dry_run(requests))??;
        let outcomes = std::mem::take(&mut done.outcomes).into_iter().zip(early);
        done.outcomes = outcomes.map(|(answers, early)| early.merge(answers)).collect();
        Ok(done)
    }
}

impl Engine {
    /// Decides the batches in turn and takes everything back.
    fn dry_run(&mut self, requests: Vec<Option<Request>>) -> Result<DryRun, RegistryError> {
        self.check_open()?;
        let mut pending = self.pending();
        pending.compared = Comparisons::of_dry_run(self.log.size());
        let decided = self.rehearse(requests, &mut pending);
        // With it every comparison is noted, also that of what would be recorded: nobody else would ever see it.
        self.roll_back(&mut pending, &Mark::default());
        // Numbers that were read while something was taken for erased are read anew.
        self.machine.forget_numbers();
        let noted = self.note_comparisons(&mut pending.compared);
        // Crash here: noted, and not answered.
        self.put_away(pending);
        noted?;
        decided
    }

    fn rehearse(
        &mut self,
        requests: Vec<Option<Request>>,
        pending: &mut Pending,
    ) -> Result<DryRun, RegistryError> {
        let mut done = DryRun::default();
        for request in requests {
            let answers = match request {
                None => Vec::new(),
                Some(request) => {
                    let mark = Mark::of(pending);
                    let answers = self.decide_request(request, &mark, pending)?;
                    self.rehearse_carrying_out(pending)?;
                    answers
                }
            };
            done.outcomes.push(answers);
        }
        let decided = pending.decided.events.iter().map(|decided| &decided.admitted);
        done.records = decided.map(|admitted| (admitted.position, admitted.event.clone())).collect();
        Ok(done)
    }
}
