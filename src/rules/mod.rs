//! The rules of the programmes (`docs/domain.md`, section 2): whether an event may be recorded.
//!
//! What is unusual and may be right is recorded with [`notices`].
//!
//! [`judge`] is pure and synchronous: it sees the contents in force and one more, and answers with a
//! refusal or nothing. It must never read the log, a clock or the vault. Rules are judged at the
//! event's own local date, with all that is recorded so far.

pub mod admitted;
pub mod effects;
pub mod key_names;
pub mod machine;
pub mod reached;
pub mod release;
pub mod targets;

mod attendances;
mod broken;
mod claims;
mod destroyed;
mod holders;
mod ids;
pub mod index;
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
pub use state::{CertificateStep, Content, IkmStep, State};
pub use timeline::{Moment, Timeline};
pub(crate) use types::FEWEST_TOLD_IKMS;
pub use types::{judge, judge_known_by_then, judge_not_in_future, judge_sealed, merged_with_erased};

use jejak_events::identity::Subject;
use jejak_events::types::Data;

/// Versions of the rules that this program can judge by.
pub const RULES: &[u32] = &[1];

/// Days after the fact from which a recording is flagged as late.
pub const LATE_DAYS: i64 = 30;

/// The streams whose other events may stop being right when this content is taken away or replaced:
/// they stand in it or name it. None when nothing can rest on this content.
#[must_use]
pub fn rests_on(content: Content<'_>) -> Touched {
    match content.data {
        Data::IkmRegistered(_)
        | Data::PersonRegistered(_)
        | Data::ProgramOpened(_)
        // Attendances name the programme of their session.
        | Data::SessionScheduled(_)
        | Data::CertificateIssued(_)
        | Data::ExhibitionAnnounced(_)
        | Data::SentraPlanned(_)
        | Data::ClaimMade(_)
        // Attendances stand in the stream of the enrolled IKM.
        | Data::EnrolmentMade(_)
        | Data::EnrolmentWaitlisted(_) => [Some(content.subject), None],
        // What changed a standing from here on: without it, what came later meets the one before.
        _ => restricts(content),
    }
}

/// Streams whose events are to be judged again.
pub type Touched = [Option<Subject>; 2];

/// The streams whose other events may stop being right when this content comes into force: they were
/// recorded before and happened later, as after a backdated closing. None when it restricts nothing.
#[must_use]
pub fn restricts(content: Content<'_>) -> Touched {
    // Every type is named, so that a new one does not compile until somebody has thought of it here; what
    // restricts nothing may still be rested on, see above.
    // Nothing rests on an erasure or a redaction, and neither restricts what came before it: the rules look at
    // their index, never at their day, and they can be neither corrected nor retracted.
    match content.data {
        // Later changes must give what they did not have to before. One that gives no size asks nothing of
        // them, and is not to have the whole stream judged again.
        Data::IkmProfileChanged(_) if SizeInputs::of(content.data) != SizeInputs::default() => {
            [Some(content.subject), None]
        }
        // What names the one that is gone is refused from the merge on; what is recorded for the one that
        // is left may rest on what was recorded for the other.
        Data::IkmMerged(data) => [Some(content.subject), Some(Subject::Ikm(data.into))],
        Data::PersonMerged(data) => [Some(content.subject), Some(Subject::Person(data.into))],
        Data::IkmClosed(_)
        | Data::IkmReopened(_)
        | Data::ProgramClosed(_)
        | Data::SessionRescheduled(_)
        | Data::SessionCancelled(_)
        | Data::EnrolmentPromoted(_)
        | Data::EnrolmentWithdrawn(_)
        | Data::CertificateSuspended(_)
        | Data::CertificateReinstated(_)
        | Data::CertificateRenewed(_)
        | Data::CertificateRevoked(_)
        | Data::SentraMemberJoined(_)
        | Data::SentraMemberLeft(_) => [Some(content.subject), None],
        Data::AssessmentRecorded(_)
        | Data::CertificateIssued(_)
        | Data::ClaimChecked(_)
        | Data::ClaimMade(_)
        | Data::CoverageDeclared(_)
        | Data::EnrolmentMade(_)
        | Data::EnrolmentWaitlisted(_)
        | Data::EventCorrected(_)
        | Data::EventRetracted(_)
        | Data::EvidenceRedacted(_)
        | Data::ExhibitionAnnounced(_)
        | Data::ExhibitionJoined(_)
        | Data::FiguresReleased(_)
        | Data::IkmErased(_)
        | Data::IkmErasureRequested(_)
        | Data::IkmFacilityAdded(_)
        | Data::IkmProfileChanged(_)
        | Data::IkmRegistered(_)
        | Data::KeyIntroduced(_)
        | Data::MentoringVisited(_)
        | Data::PersonErased(_)
        | Data::PersonErasureRequested(_)
        | Data::PersonRegistered(_)
        | Data::PopulationReported(_)
        | Data::ProgramOpened(_)
        | Data::RegistryOpened(_)
        | Data::RulesAdopted(_)
        | Data::SentraBuilt(_)
        | Data::SentraFacilityAdded(_)
        | Data::SentraFunded(_)
        | Data::SentraLegalFormRecorded(_)
        | Data::SentraOpened(_)
        | Data::SentraPlanned(_)
        | Data::SessionScheduled(_)
        | Data::ShipmentReported(_)
        | Data::SpendingReported(_)
        | Data::TrainingAttended(_)
        | Data::TurnoverReported(_)
        | Data::WorkforceReported(_) => [None, None],
    }
}

/// Whether replacing one content by another leaves everything as it was for what rests on it, so that
/// nothing needs to be judged again: the rules look at no more of a content than this. To answer no where yes
/// would do costs time and changes no verdict.
#[must_use]
pub fn bears_the_same(old: Content<'_>, new: Content<'_>) -> bool {
    if old.subject != new.subject || old.time.date() != new.time.date() {
        return false;
    }
    match (old.data, new.data) {
        (Data::IkmRegistered(_), Data::IkmRegistered(_)) => {
            SizeInputs::of(old.data) == SizeInputs::of(new.data)
        }
        (Data::PersonRegistered(_), Data::PersonRegistered(_)) => true,
        // A renewal is of the same holder, and runs longer.
        (Data::CertificateIssued(old), Data::CertificateIssued(new)) => {
            (old.holder.subject(), old.valid_to) == (new.holder.subject(), new.valid_to)
        }
        (Data::ProgramOpened(old), Data::ProgramOpened(new)) => {
            (old.unit, old.quota) == (new.unit, new.quota)
        }
        (Data::SessionScheduled(old), Data::SessionScheduled(new)) => {
            (old.session, &old.days, &old.group) == (new.session, &new.days, &new.group)
        }
        (Data::EnrolmentMade(old), Data::EnrolmentMade(new)) => {
            (old.program, &old.group, &old.persons) == (new.program, &new.group, &new.persons)
        }
        (Data::ExhibitionAnnounced(old), Data::ExhibitionAnnounced(new)) => {
            (old.from, old.to) == (new.from, new.to)
        }
        (Data::ClaimMade(old), Data::ClaimMade(new)) => Claimed::of(old) == Claimed::of(new),
        _ => false,
    }
}
