//! What may be sealed: only what is right by the rules that rest on it, and nothing with a value for an erased group of fields, and no frame for it at all.

use jejak_events::fault::Refusal;
use jejak_events::identity::Subject;
use jejak_events::proposal::{Disclosures, SealedValues, sealed_by};
use jejak_events::record::{Draft, Event};
use jejak_events::sealed::Group;
use jejak_events::types::SealedField;
use jejak_projections::error::ReadFailure;

use crate::registry::engine::Engine;
use crate::registry::past::is_erased;
use crate::rules::Moment;
use crate::rules::machine::History;

impl Engine {
    /// The index of the event that one stands for: of a correction its target, of any other its own.
    ///
    /// # Errors
    /// When the past cannot be read.
    pub(in crate::registry) fn original_of(
        &self,
        event: &Event,
        past: &dyn History,
    ) -> Result<u64, ReadFailure> {
        let own = self.machine.size();
        match event.draft.data.correction() {
            Some(correction) => Ok(self.machine.index_of(correction.target, past)?.unwrap_or(own)),
            None => Ok(own),
        }
    }

    /// The sealed values that a correction carries over from the form in force of its target, both given by index:
    /// not those that an erasure reaches, readable for a moment yet or not, nor what would move into a time of which
    /// nothing is sealed any more.
    pub(in crate::registry) fn carried(
        &self,
        correction: &Draft,
        target: u64,
        effective: u64,
        old: &Event,
        past: &dyn History,
    ) -> Result<SealedValues, ReadFailure> {
        let reached = self.machine.reached();
        let (subject, declared) = sealed_by(old);
        let is_barred = correction.data.correction().is_some_and(|data| {
            let moment = Moment { date: data.replacement.time.date(), index: target };
            reached.barred(correction.data.key_subject(correction.subject), moment).is_some()
        });
        let is_gone = |field: &SealedField| {
            reached.request(effective, subject, field.group).is_some()
                || (is_barred && field.group == Group::Personal)
        };
        let mut values = past.sealed(effective)?;
        values.retain(|name, _| !declared.iter().any(|field| field.name == *name && is_gone(field)));
        Ok(values)
    }

    /// The disclosures that are kept of an event, which stands for the one at the index `original`: all but those of erased groups, which are null every one. Their digests
    /// stand in the record under salts that nobody keeps, as those of any field without a value do.
    ///
    /// # Errors
    /// Rule `subject_erased`, when an erased group has a value.
    pub(in crate::registry) fn sealable(
        &self,
        event: &Event,
        original: u64,
        sealed: &SealedValues,
        mut disclosures: Disclosures,
    ) -> Result<Disclosures, Refusal> {
        let (subject, declared) = sealed_by(event);
        let reached = self.machine.reached();
        let is_barred = reached.barred(subject, self.machine.moment(original, event)).is_some();
        for group in [Group::Personal, Group::Confidential] {
            let is_whole = reached.contains(subject, group)
                || is_erased(&self.vault.keys(), self.machine.size(), subject, group);
            if !(is_whole || is_barred && group == Group::Personal) {
                continue;
            }
            let mut fields = declared.iter().filter(|field| field.group == group);
            if let Some(field) =
                fields.find(|field| sealed.get(field.name).is_some_and(|value| !value.is_null()))
            {
                let place = if event.draft.data.correction().is_some() { "data.data" } else { "data" };
                let refusal = if is_whole { erased(subject, group) } else { erased_of_that_time(subject) };
                return Err(refusal.at(format!("{place}.{}", field.name)));
            }
            disclosures.retain(|(of, _)| *of != group);
        }
        Ok(disclosures)
    }
}

fn erased_of_that_time(subject: Subject) -> Refusal {
    Refusal::new(
        "subject_erased",
        format!(
            "data pribadi {subject} dari masa itu sudah dihapus atas permintaan pemiliknya waktu itu; tidak ada lagi yang dapat disegel untuk masa itu: hilangkan kolom ini"
        ),
        format!(
            "the personal data of {subject} from that time were erased on request of who owned it then; nothing can be sealed for that time again: leave this field out"
        ),
    )
}

fn erased(subject: Subject, group: Group) -> Refusal {
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
}
