//! The types of event that can be read but not recorded yet.

/// Pattern of the contents that no rule judges yet, so that none may be recorded.
///
/// A type that gets its rules leaves this list; the compiler then names [`State::apply`](super::State::apply)
/// and [`rests_on`](super::rests_on). [`judge`](super::judge) goes on refusing it, as in a wrong stream,
/// until it has an arm of its own.
macro_rules! unruled {
    () => {
        Data::CertificateReinstated(_)
            | Data::CertificateRenewed(_)
            | Data::CertificateSuspended(_)
            | Data::CoverageDeclared(_)
            | Data::EnrolmentPromoted(_)
            | Data::EnrolmentWaitlisted(_)
            | Data::EnrolmentWithdrawn(_)
            | Data::EvidenceRedacted(_)
            | Data::IkmClosed(_)
            | Data::IkmErased(_)
            | Data::IkmErasureRequested(_)
            | Data::IkmFacilityAdded(_)
            | Data::IkmMerged(_)
            | Data::IkmProfileChanged(_)
            | Data::IkmReopened(_)
            | Data::MentoringVisited(_)
            | Data::PersonErased(_)
            | Data::PersonErasureRequested(_)
            | Data::PersonMerged(_)
            | Data::PopulationReported(_)
            | Data::ProgramClosed(_)
            | Data::SentraBuilt(_)
            | Data::SentraFacilityAdded(_)
            | Data::SentraFunded(_)
            | Data::SentraLegalFormRecorded(_)
            | Data::SentraMemberJoined(_)
            | Data::SentraMemberLeft(_)
            | Data::SentraOpened(_)
            | Data::SentraPlanned(_)
            | Data::SessionCancelled(_)
            | Data::SessionRescheduled(_)
            | Data::ShipmentReported(_)
            | Data::SpendingReported(_)
            | Data::TurnoverReported(_)
            | Data::WorkforceReported(_)
    };
}
pub(super) use unruled;
