//! One UUID serves one kind of stream: what is about a person can never be taken for what is about an IKM, in
//! no table, by no reader, whichever of the two a bare UUID is looked up as.

use jejak_events::fault::Refusal;
use jejak_events::identity::{Subject, SubjectKind};
use jejak_events::record::Event;

use super::machine::StateMachine;

/// Asks that no stream which an event stands in, or names, has the UUID of a stream of another kind: one that
/// an earlier event stands in or names, in force or not, or another that this event names.
///
/// # Errors
/// Rule `one_kind`.
pub fn judge(machine: &StateMachine, event: &Event) -> Result<(), Refusal> {
    let own = event.draft.subject;
    let mut named = Vec::new();
    event.draft.data.mentions(&mut named);
    named.push(own);
    named.sort_unstable_by_key(|subject| (subject.uuid(), *subject));
    named.dedup();
    let field = |subject: Subject| if subject == own { "subject" } else { "data" };
    for subject in named.iter().copied() {
        let Some(uuid) = subject.uuid().filter(|_| machine.first_named(subject).is_none()) else { continue };
        let others = SubjectKind::ALL.into_iter().filter_map(|kind| Subject::of_kind(kind, uuid));
        for other in others.filter(|other| *other != subject) {
            if let Some(index) = machine.first_named(other) {
                return Err(refusal(
                    format!("UUID ini sudah dipakai untuk {other} pada indeks {index}"),
                    format!("this UUID is that of {other} since index {index}"),
                    subject,
                )
                .at(field(subject)));
            }
        }
    }
    for pair in named.windows(2) {
        if let [first, second] = *pair
            && first.uuid().is_some()
            && first.uuid() == second.uuid()
        {
            let (given, other) = if second == own { (first, second) } else { (second, first) };
            return Err(refusal(
                format!("peristiwa ini juga menyebut {other}, dengan UUID yang sama"),
                format!("this event also names {other}, with the same UUID"),
                given,
            )
            .at(field(given)));
        }
    }
    Ok(())
}

fn refusal(why_id: String, why_en: String, given: Subject) -> Refusal {
    Refusal::new(
        "one_kind",
        format!("{why_id}; satu UUID hanya untuk satu jenis aliran: beri {given} UUID lain"),
        format!("{why_en}; one UUID serves one kind of stream: give {given} another UUID"),
    )
}
