//! The types of event that can be read but not recorded yet.

/// Pattern of the contents that no view understands yet. Recording one would stop the projection
/// loudly, so none may be recorded.
///
/// A type whose rows and views are there leaves this list, and nothing else needs to change.
macro_rules! unviewed {
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
pub(super) use unviewed;
