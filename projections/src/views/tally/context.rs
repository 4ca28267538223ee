//! The events that figures rest on without being about one member. Many members rest on the same, one after the other:
//! those that were noted last are not noted again.

use super::Tally;
use crate::facts::Id;
use crate::views::scope::Scope;

impl Tally {
    /// Events that the figures rest on without being about one member.
    pub(in crate::views) fn context(&mut self) -> &mut Vec<u64> {
        if !self.is_traced {
            // Nobody is told of them.
            self.context.clear();
        }
        &mut self.context
    }

    /// Notes the event that opens a programme.
    pub(in crate::views) fn rest_on_program(&mut self, scope: &Scope<'_>, program: Id) {
        if self.last_program.replace(program) != Some(program) {
            scope.trace_program(program, self.context());
        }
    }

    /// Notes events that many rest on: those of a schedule, those by which a programme closed.
    pub(in crate::views) fn rest_on_events(&mut self, events: &[u64]) {
        if !self.context.ends_with(events) {
            self.context().extend_from_slice(events);
        }
    }
}
