//! What may be sealed: only what is right by the rules that rest on it, and nothing with a value for an erased group of fields, and no frame for it at all.

use jejak_events::fault::Refusal;
use jejak_events::identity::Subject;
use jejak_events::proposal::{Disclosures, SealedValues};
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::types::Data;
use jejak_projections::lineage::Content;

use super::engine::Engine;
use super::past::{is_erased, sealed_by};
use crate::decide;

impl Engine {
    /// Whether nothing can be sealed any more for a subject's group of fields.
    pub(super) fn is_gone(&self, subject: Subject, group: Group) -> bool {
        is_erased(&self.keys, subject, group) || self.core.reached().contains(subject, group)
    }

    /// The disclosures that are kept: all but those of erased groups, which are null every one. Their digests
    /// stand in the record under salts that nobody keeps, as those of any field without a value do.
    ///
    /// # Errors
    /// Rule `subject_erased`, when an erased group has a value.
    pub(super) fn sealable(
        &self,
        event: &Event,
        sealed: &SealedValues,
        mut disclosures: Disclosures,
    ) -> Result<Disclosures, Refusal> {
        let (subject, declared) = sealed_by(event);
        for group in [Group::Personal, Group::Confidential] {
            if !self.is_gone(subject, group) {
                continue;
            }
            let mut fields = declared.iter().filter(|field| field.group == group);
            if let Some(field) =
                fields.find(|field| sealed.get(field.name).is_some_and(|value| !value.is_null()))
            {
                return Err(erased(event, subject, group, field.name));
            }
            disclosures.retain(|(of, _)| *of != group);
        }
        Ok(disclosures)
    }
}

/// Judges what an event seals: of a correction the whole that it puts in place, values carried over with it.
///
/// # Errors
/// The first rule that says no.
pub(super) fn judge_own(event: &Event, sealed: &SealedValues) -> Result<(), Refusal> {
    let content = Content::of(event);
    let part = decide::Content { subject: content.subject(), time: content.time(), data: content.data() };
    decide::judge_sealed(part, sealed).map_err(|mut refusal| {
        if matches!(event.draft.data, Data::EventCorrected(_)) {
            refusal.field = refusal.field.map(|field| format!("data.{field}"));
        }
        refusal
    })
}

fn erased(event: &Event, subject: Subject, group: Group, field: &str) -> Refusal {
    let place = if matches!(event.draft.data, Data::EventCorrected(_)) { "data.data" } else { "data" };
    Refusal::new(
        "subject_erased",
        format!(
            "data {} milik {subject} sudah dihapus atas permintaan; tidak ada yang dapat disegel lagi: hilangkan kolom ini",
            group.name()
        ),
        format!(
            "the {} data of {subject} were erased on request; nothing can be sealed for it again: leave this field out",
            group.name()
        ),
    )
    .at(format!("{place}.{field}"))
}
