//! The rules of the programmes (`docs/domain.md`, section 2): whether an event may be recorded.
//!
//! What is unusual and may be right is recorded with [`notices`].
//!
//! [`judge`] is pure and synchronous: it sees the contents in force and one more, and answers with a
//! refusal or nothing. It must never read the log, a clock or the vault. Rules are judged at the
//! event's own local date, with all that is recorded so far.

pub(crate) mod admitted;
pub mod effects;
pub mod enrollee;
pub(crate) mod key_names;
pub mod machine;
pub(crate) mod reached;
pub mod release;
pub(crate) mod targets;

mod attendances;
mod broken;
mod claims;
mod destroyed;
mod holders;
mod ids;
pub(crate) mod index;
mod kinds;
mod merges;
mod notices;
mod numbers;
mod owners;
mod places;
mod precedents;
mod runs;
mod state;
mod stored;
mod streams;
mod timeline;
mod types;

use claims::Claimed;
pub use destroyed::{Destroyed, Erasure, owners, reach, tenures};
pub use notices::{Notice, late, notices, number_of_another};
pub use owners::Tenure;
use state::SizeInputs;
pub use state::{CertificateStep, EventContent, IkmStep, State};
pub use timeline::{Moment, Timeline};
pub(crate) use types::FEWEST_TOLD_IKMS;
pub use types::{
    are_held_together, judge, judge_known_by_then, judge_not_in_future, judge_sealed, merged_with_erased,
};

use jejak_events::identity::Subject;
use jejak_events::types::certificate::CertificateIssued;
use jejak_events::types::claim::ClaimMade;
use jejak_events::types::exhibition::ExhibitionAnnounced;
use jejak_events::types::ikm::{EnrolmentMade, IkmRegistered};
use jejak_events::types::person::PersonRegistered;
use jejak_events::types::program::{ProgramOpened, SessionScheduled};
use jejak_events::types::{Data, EventType, Role};
use jejak_events::values::Date;

/// Versions of the rules that this program can judge by.
pub const RULES: &[u32] = &[1];

/// Days after the fact from which a recording is flagged as late.
pub const LATE_DAYS: i64 = jejak_projections::views::quality::LATE_DAYS as i64;

/// Days from a fact to its recording, where they are so many that it is late. What somebody claims is quoted whenever it is
/// found, and never late.
#[must_use]
pub fn days_late(subject: Subject, happened: Date, recorded: Date) -> Option<i64> {
    let days = i64::from(recorded.day_number()) - i64::from(happened.day_number());
    (days > LATE_DAYS && !matches!(subject, Subject::Claim(_))).then_some(days)
}

/// Streams whose events are to be judged again.
pub type Touched = [Option<Subject>; 2];

/// The streams whose other events may stop being right when this content is taken away or replaced:
/// they stand in it or name it. None when nothing can rest on this content.
#[must_use]
pub fn rests_on(content: EventContent<'_>) -> Touched {
    touched(content).0
}

/// The streams whose other events may stop being right when this content comes into force: they were
/// recorded before and happened later, as after a backdated closing. None when it restricts nothing.
#[must_use]
pub fn restricts(content: EventContent<'_>) -> Touched {
    touched(content).1
}

/// What rests on a content, and what it restricts.
fn touched(content: EventContent<'_>) -> (Touched, Touched) {
    let (none, own) = ([None, None], [Some(content.subject), None]);
    match content.data.role() {
        // Later changes must give what they did not have to before. One that gives no size asks nothing of
        // them, and is not to have the whole stream judged again.
        Role::Changes if SizeInputs::of(content.data.sealed()) == SizeInputs::default() => (none, none),
        // What names the one that is gone is refused from the merge on; what is recorded for the one that
        // is left may rest on what was recorded for the other.
        Role::Merges => {
            let both = [Some(content.subject), content.data.merged_into()];
            (both, both)
        }
        // What changed a standing from here on: without it, what came later meets the one before.
        Role::Changes
        | Role::Pauses(_)
        | Role::Resumes(_)
        | Role::Extends(_)
        | Role::Ends(_)
        | Role::Promotes
        | Role::Withdraws
        | Role::Reschedules
        | Role::Cancels
        | Role::Joins
        | Role::Leaves => (own, own),
        // Attendances name the programme of their session, and stand in the stream of the enrolled IKM.
        Role::Begins(_) | Role::Schedules | Role::Enrols | Role::Waits => (own, none),
        // Nothing rests on an erasure or a redaction, and neither restricts what came before it: the rules look at
        // their index, never at their day, and they can be neither corrected nor retracted.
        Role::Advances(_)
        | Role::Checks
        | Role::Reports
        | Role::Releases
        | Role::Constitutes
        | Role::Corrects
        | Role::Retracts
        | Role::Redacts
        | Role::RequestsErasure
        | Role::Erased => (none, none),
    }
}

/// Whether replacing one content by another leaves everything as it was for what rests on it, so that
/// nothing needs to be judged again: the rules look at no more of a content than this. To answer no where yes
/// would do costs time and changes no verdict.
#[must_use]
pub fn bears_the_same(old: EventContent<'_>, new: EventContent<'_>) -> bool {
    if old.subject != new.subject || old.time.date() != new.time.date() {
        return false;
    }
    /// Whether both are of a type, and alike in what rests on it.
    fn alike<T: EventType>(old: &Data, new: &Data, is_same: impl FnOnce(&T, &T) -> bool) -> bool {
        T::of(old).zip(T::of(new)).is_some_and(|(old, new)| is_same(old, new))
    }
    let (old, new) = (old.data, new.data);
    alike(old, new, |_: &IkmRegistered, _| SizeInputs::of(old.sealed()) == SizeInputs::of(new.sealed()))
        || alike(old, new, |_: &PersonRegistered, _| true)
        // A renewal is of the same holder, and runs longer.
        || alike(old, new, |old: &CertificateIssued, new| {
            (old.holder.subject(), old.valid_to) == (new.holder.subject(), new.valid_to)
        })
        || alike(old, new, |old: &ProgramOpened, new| (old.unit, old.quota) == (new.unit, new.quota))
        || alike(old, new, |old: &SessionScheduled, new| {
            (old.session, &old.days, &old.group) == (new.session, &new.days, &new.group)
        })
        || alike(old, new, |old: &EnrolmentMade, new| {
            (old.program, &old.group, &old.persons) == (new.program, &new.group, &new.persons)
        })
        || alike(old, new, |old: &ExhibitionAnnounced, new| (old.from, old.to) == (new.from, new.to))
        || alike(old, new, |old: &ClaimMade, new| Claimed::of(old) == Claimed::of(new))
}
