//! Who is whom: merges, owners of IKMs, and erasures, from open facts alone.
//!
//! Only who releases figures or looks at all that is held on somebody asks this, so nothing of it is kept: the log is
//! read anew, and most events are passed over by their type.

use jejak_events::record::Event;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;

use super::Snapshot;
use crate::rules::{self, State};

/// Types that say any of it.
const TOLD_BY: [&str; 9] = [
    "id.jejak.event.corrected.v1",
    "id.jejak.ikm.erased.v1",
    "id.jejak.ikm.erasure_requested.v1",
    "id.jejak.ikm.merged.v1",
    "id.jejak.ikm.profile_changed.v1",
    "id.jejak.ikm.registered.v1",
    "id.jejak.person.erased.v1",
    "id.jejak.person.erasure_requested.v1",
    "id.jejak.person.merged.v1",
];

/// The rules' state of a snapshot, as far as it is about merges, owners and erasures.
///
/// # Errors
/// When the log cannot be read.
pub fn persons(snapshot: &Snapshot) -> Result<State, ReadFailure> {
    let endings: Vec<Vec<u8>> =
        TOLD_BY.iter().map(|name| format!("\"type\":\"{name}\"}}").into_bytes()).collect();
    let lineage = snapshot.lineage();
    let (mut state, mut failed) = (State::new(), None);
    snapshot.scan(0..snapshot.size(), &mut |index, bytes| {
        if !endings.iter().any(|ending| bytes.ends_with(ending)) {
            return true;
        }
        match Event::read(bytes) {
            Ok(event) => {
                let original = lineage.original_of(index).unwrap_or(index);
                if lineage.effective(original) == Some(index) {
                    // What a correction says of anything else does no harm: nobody asks.
                    let content = Content::of(&event);
                    let (subject, time, data) = (content.subject(), content.time(), content.data());
                    state.apply(1, original, rules::EventContent { subject, time, data });
                }
            }
            Err(error) => failed = Some(format!("event {index}: {error}")),
        }
        failed.is_none()
    })?;
    failed.map_or(Ok(state), |reason| Err(reason.into()))
}
