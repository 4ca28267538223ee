//! What is unusual about an event that is decided: days late, notices, and whose number it repeats.
//!
//! It never refuses anything: what may not be recorded is for the rules.

use jejak_events::identity::Subject;
use jejak_events::proposal::SealedValues;
use jejak_events::record::Event;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::{Content, is_amendment};

use super::compared::holder_look;
use super::past::Past;
use crate::rules::machine::StateMachine;
use crate::rules::{self, Notice};
use crate::vault::access::NewLook;

/// What is unusual about an event.
#[derive(Default)]
pub(super) struct Noticed {
    pub late_days: Option<i64>,
    pub notices: Vec<Notice>,
    /// Other streams that have the number that the event gives.
    others: Vec<Subject>,
}

impl Noticed {
    /// The look at the number of other streams that a notice is.
    pub fn look(&self, event: &Event) -> Option<NewLook> {
        (!self.others.is_empty()).then(|| holder_look(event, self.others.clone()))
    }
}

/// What is unusual about an event that stands at an index, by what is on record and in force: days late, and all
/// notices. Of what is not in force any more only that it was recorded late.
pub(super) fn noticed(
    machine: &mut StateMachine,
    index: u64,
    event: &Event,
    sealed: &SealedValues,
    past: &Past<'_>,
) -> Result<Noticed, ReadFailure> {
    let today = event.recorded.date_in(event.draft.source.area);
    let late = rules::late(event.draft.subject, event.draft.time.date(), today);
    let (late_days, late) = late.map_or((None, None), |(days, notice)| (Some(days), Some(notice)));
    let mut noticed = Noticed { late_days, notices: late.into_iter().collect(), others: Vec::new() };
    let content = Content::of(event);
    let original = machine.lineage().original_of(index).unwrap_or(index);
    if machine.lineage().effective(original) != Some(index) || is_amendment(content.data()) {
        return Ok(noticed);
    }
    let part = rules::EventContent { subject: content.subject(), time: content.time(), data: content.data() };
    let mut of_content = rules::notices(machine.state(), original, part, &event.draft.source);
    if let Some((notice, others)) = machine.number_of_another(original, &content, sealed, past)? {
        of_content.push(notice);
        noticed.others = others;
    }
    if is_amendment(&event.draft.data) {
        noticed.notices.extend(of_content.into_iter().map(Notice::of_replacement));
    } else {
        noticed.notices.append(&mut of_content);
    }
    Ok(noticed)
}
