//! Which certificate numbers are in force, and which originals name each.
//!
//! A number is kept as a hash of issuer and number only: the number itself stays sealed. A certificate may
//! say its own number more than once, at its issue and when it is renewed, and it stays taken until the last
//! of those is gone.
//!
//! A number can be guessed back from its hash, so none of this may ever be written down: it is read from the
//! vault when the first certificate is judged, and forgotten with every erasure. Opening and reading need none
//! of it.

use foldhash::HashMap;
use jejak_events::fault::Refusal;
use jejak_events::identity::{CertificateId, Subject};
use jejak_events::proposal::{SealedValues, sealed_by};
use jejak_events::record::Event;
use jejak_events::text::folded_number;
use jejak_events::types::EventType;
use jejak_events::types::certificate::CertificateIssued;
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::{Change, Content};
use sha2::{Digest, Sha256};

use super::CertificateStep;
use super::machine::{Denied, History, StateMachine};

/// Issuer and number of a certificate, each in folded form, hashed.
pub type NumberKey = [u8; 16];

/// The key of a number among these sealed values, the same in whichever writing of number and issuer; `None` where
/// there is none, or none that can be read.
#[must_use]
pub fn number_key(issuer: &str, sealed: &SealedValues) -> Option<NumberKey> {
    let number = sealed.get("number")?.as_str()?;
    let (issuer, number) = (folded_number(issuer), folded_number(number));
    let hash = Sha256::new().chain_update(issuer).chain_update([0]).chain_update(number).finalize();
    let mut key = [0; 16];
    key.copy_from_slice(&hash[..16]);
    Some(key)
}

/// A number that an original came to name, or names no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberNaming {
    number: NumberKey,
    index: u64,
    added: bool,
}

/// The numbers in force. Nearly every one is named once; what names it again stands apart, to save room.
#[derive(Debug, Default)]
pub struct Numbers {
    named: HashMap<NumberKey, u64>,
    again: HashMap<NumberKey, Vec<u64>>,
}

impl Numbers {
    /// The first original that names a number, of which there may be several; `None` when the number is free.
    #[must_use]
    pub fn get(&self, number: NumberKey) -> Option<u64> {
        let again = self.again.get(&number).into_iter().flatten();
        again.chain(self.named.get(&number)).min().copied()
    }

    /// Adds that an original names a number, or takes it away; `None` when that changes nothing.
    pub fn put(&mut self, number: NumberKey, index: u64, add: bool) -> Option<NumberNaming> {
        let changes = if add { self.add(number, index) } else { self.take_away(number, index) };
        changes.then_some(NumberNaming { number, index, added: add })
    }

    /// Undoes changes, the latest first.
    pub fn undo(&mut self, changes: &[NumberNaming]) {
        for NumberNaming { number, index, added } in changes.iter().rev() {
            self.put(*number, *index, !added);
        }
    }

    fn add(&mut self, number: NumberKey, index: u64) -> bool {
        let Some(first) = self.named.get(&number) else {
            self.named.insert(number, index);
            return true;
        };
        if *first == index || self.again.get(&number).is_some_and(|more| more.contains(&index)) {
            return false;
        }
        self.again.entry(number).or_default().push(index);
        true
    }

    fn take_away(&mut self, number: NumberKey, index: u64) -> bool {
        let mut more = self.again.remove(&number).unwrap_or_default();
        let was_first = self.named.get(&number) == Some(&index);
        let place = more.iter().position(|other| *other == index);
        match (was_first, place) {
            (true, _) => match more.pop() {
                Some(next) => drop(self.named.insert(number, next)),
                None => drop(self.named.remove(&number)),
            },
            (false, Some(place)) => drop(more.swap_remove(place)),
            (false, None) => {}
        }
        if !more.is_empty() {
            self.again.insert(number, more);
        }
        was_first || place.is_some()
    }
}

impl StateMachine {
    /// Reads the numbers of all certificates in force, where an event is to be judged that may give one.
    ///
    /// # Errors
    /// When the past cannot be read.
    pub(super) fn know_numbers(&mut self, event: &Event, history: &dyn History) -> Result<(), ReadFailure> {
        if self.numbers.is_some() || !event.draft.data.said().seals("number") {
            return Ok(());
        }
        let mut numbers = Numbers::default();
        for certificate in self.state().certificates.keys() {
            let issues = self.in_force_of(*certificate, is_issue, history)?;
            for (index, effective, event) in &issues {
                let key = number_of(event, &history.sealed(*effective)?);
                key.and_then(|key| numbers.put(key, *index, true));
            }
            for (index, effective, _) in self.in_force_of(*certificate, is_renewal, history)? {
                let sealed = history.sealed(effective)?;
                for key in issues.iter().filter_map(|(.., issue)| number_of(issue, &sealed)) {
                    numbers.put(key, index, true);
                }
            }
        }
        self.numbers = Some(numbers);
        Ok(())
    }

    /// The certificate numbers that come or go with some content, each with the index of the original that
    /// names it; none while none are known. `own` are its sealed values when it is the event being taken in.
    ///
    /// A renewal may have a number of its own, and belongs to the issuer of its issue: when that changes,
    /// the numbers of its renewals go with it.
    pub(super) fn numbers_named(
        &self,
        change: &Change<'_>,
        own: Option<&SealedValues>,
        history: &dyn History,
    ) -> Result<Vec<(NumberKey, u64)>, ReadFailure> {
        let mut named = Vec::new();
        let Subject::Certificate(certificate) = change.content.subject() else { return Ok(named) };
        if self.numbers.is_none() {
            return Ok(named);
        }
        let values = |effective| match own {
            Some(own) if change.effective == effective => Ok(own.clone()),
            _ => history.sealed(effective),
        };
        let content = change.content.data();
        if let Some(issue) = CertificateIssued::of(content) {
            let key = number_key(&issue.issuer, &values(change.effective)?);
            named.extend(key.map(|key| (key, change.index)));
            for (index, effective, _) in self.in_force_of(certificate, is_renewal, history)? {
                named.extend(number_key(&issue.issuer, &values(effective)?).map(|key| (key, index)));
            }
        } else if content.seals("number") {
            let values = values(change.effective)?;
            // Without a number of its own there is nothing to hold against others.
            if !values.get("number").is_some_and(serde_json::Value::is_string) {
                return Ok(named);
            }
            for (.., issue) in self.in_force_of(certificate, is_issue, history)? {
                named.extend(number_of(&issue, &values).map(|key| (key, change.index)));
            }
        }
        Ok(named)
    }

    /// The steps of a certificate in force of one kind, as original index, index of the event that carries
    /// the content, and that event.
    fn in_force_of(
        &self,
        certificate: CertificateId,
        wanted: fn(&CertificateStep) -> bool,
        history: &dyn History,
    ) -> Result<Vec<(u64, u64, Event)>, ReadFailure> {
        let steps = self.state().certificates.get(&certificate).into_iter().flat_map(|steps| steps.steps());
        let originals = steps.filter(|(_, step)| wanted(step)).map(|(moment, _)| moment.index);
        // The event being taken in, which the past does not hold yet, is not asked about.
        let in_force = originals
            .filter_map(|index| Some((index, self.lineage().effective(index)?)))
            .filter(|(_, effective)| *effective != self.size());
        in_force.map(|(index, effective)| Ok((index, effective, history.event(effective)?))).collect()
    }

    /// Adds or takes away the numbers that originals name, and notes what that changed, where numbers are known.
    pub(super) fn name_numbers(
        &mut self,
        named: Vec<(NumberKey, u64)>,
        add: bool,
        changed: &mut Option<Vec<NumberNaming>>,
    ) {
        if let (Some(numbers), Some(changed)) = (&mut self.numbers, changed) {
            changed.extend(named.into_iter().filter_map(|(number, index)| numbers.put(number, index, add)));
        }
    }

    /// Undoes what an event in a stream changed; numbers that came to be known after it are read anew.
    pub(super) fn undo_numbers(&mut self, stream: Subject, changed: Option<&[NumberNaming]>) {
        match (changed, &mut self.numbers) {
            (Some(changed), Some(numbers)) => numbers.undo(changed),
            _ if matches!(stream, Subject::Certificate(_)) => self.numbers = None,
            _ => {}
        }
    }

    /// Forgets every number of a certificate, a business or a person: keys were destroyed, and what can still be
    /// read is read anew when it is asked for.
    pub fn forget_numbers(&mut self) {
        self.numbers = None;
        self.holders = None;
    }

    /// Asks that no other certificate of the issuer has the number.
    pub(super) fn judge_number(
        &self,
        index: u64,
        certificate: Subject,
        number: NumberKey,
        history: &dyn History,
    ) -> Result<(), Denied> {
        let first = self.numbers.as_ref().and_then(|numbers| numbers.get(number));
        let Some(first) = first.filter(|first| *first != index) else {
            return Ok(());
        };
        let effective = self.lineage().effective(first).unwrap_or(first);
        let other = history.event(effective).map_err(Denied::Unreadable)?;
        if Content::of(&other).subject() == certificate {
            return Ok(());
        }
        let refusal = Refusal::new(
            "number_unique",
            format!("nomor sertifikat ini sudah dipakai penerbit yang sama pada indeks {first}"),
            format!("this certificate number was already used by the same issuer at index {first}"),
        );
        Err(Denied::NumberTaken { refusal: refusal.at("data.number"), holder: sealed_by(&other).0 })
    }
}

fn is_issue(step: &CertificateStep) -> bool {
    matches!(step, CertificateStep::Issued(..))
}

fn is_renewal(step: &CertificateStep) -> bool {
    matches!(step, CertificateStep::Renewed(_))
}

/// The key of a number of the issuer that some issue names.
fn number_of(issue: &Event, sealed: &SealedValues) -> Option<NumberKey> {
    number_key(&CertificateIssued::of(Content::of(issue).data())?.issuer, sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: NumberKey = [7; 16];

    #[test]
    fn a_number_is_one_in_every_writing_and_another_beside_another_issuer() {
        let key =
            |issuer: &str, number: &str| number_key(issuer, &SealedValues::from([("number", number.into())]));
        let one = key("LSIH B4T", "SIH-001");
        for (issuer, number) in [
            ("lsih b4t", "sih-001"),
            ("LSIH\u{a0}B4T", "SIH 001"),
            ("LSIH–B4T", "SIH\u{2011}001"),
            ("ＬＳＩＨ Ｂ４Ｔ", "ＳＩＨ００１"),
            ("LSIH B4T", "SIH-\u{660}\u{660}\u{661}"),
        ] {
            assert_eq!(key(issuer, number), one, "{issuer} {number}");
        }
        for (issuer, number) in
            [("LSIH B4T", "SIH/001"), ("LSIH B4T", "SIH-01"), ("LSIH", "B4TSIH-001"), ("LSIH B4", "TSIH-001")]
        {
            assert_ne!(key(issuer, number), one, "{issuer} {number}");
        }
    }

    #[test]
    fn a_number_is_taken_until_nothing_names_it_any_more() {
        let mut numbers = Numbers::default();
        for index in [3, 8, 9] {
            assert!(numbers.put(NUMBER, index, true).is_some());
            assert_eq!(numbers.put(NUMBER, index, true), None, "named already");
        }
        for (gone, taken) in [(3, true), (9, true), (8, false)] {
            assert!(numbers.put(NUMBER, gone, false).is_some());
            assert_eq!(numbers.put(NUMBER, gone, false), None, "gone already");
            assert_eq!(numbers.get(NUMBER).is_some(), taken, "{gone}");
        }
        assert!(numbers.named.is_empty() && numbers.again.is_empty());
    }

    #[test]
    fn what_is_undone_leaves_the_rest() {
        let mut numbers = Numbers::default();
        numbers.put(NUMBER, 3, true);
        let steps = [(3, false), (5, true), (3, true), (3, true)];
        let changes: Vec<_> =
            steps.iter().filter_map(|(index, add)| numbers.put(NUMBER, *index, *add)).collect();
        assert_eq!(changes.len(), 3, "the last step changed nothing");
        numbers.undo(&changes);
        assert_eq!((numbers.get(NUMBER), numbers.again.len()), (Some(3), 0));
    }
}
