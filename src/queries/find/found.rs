//! What a type is found by. Each type says so here, if only that nobody is found by it.
//!
//! Sealed fields are found by their names, wherever a type declares them. Pure.

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::types::area_reports::{CoverageDeclared, FiguresReleased, PopulationReported, TargetSet};
use jejak_events::types::certificate::{
    CertificateIssued, CertificateReinstated, CertificateRenewed, CertificateRevoked, CertificateSuspended,
};
use jejak_events::types::claim::{ClaimChecked, ClaimMade};
use jejak_events::types::enterprise::{
    IkmClosed, IkmErased, IkmErasureRequested, IkmFacilityAdded, IkmMerged, IkmProfileChanged, IkmReopened,
    ShipmentReported, TurnoverReported, WorkforceReported,
};
use jejak_events::types::exhibition::{ExhibitionAnnounced, ExhibitionJoined};
use jejak_events::types::ikm::{
    AssessmentRecorded, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    IkmRegistered, MentoringVisited, TrainingAttended,
};
use jejak_events::types::person::{
    PersonErased, PersonErasureRequested, PersonMerged, PersonProfileChanged, PersonRegistered,
};
use jejak_events::types::program::{
    ProgramClosed, ProgramOpened, SessionCancelled, SessionRescheduled, SessionScheduled, SpendingReported,
};
use jejak_events::types::sentra::{
    SentraBuilt, SentraFacilityAdded, SentraFunded, SentraLegalFormRecorded, SentraMemberJoined,
    SentraMemberLeft, SentraOpened, SentraPlanned,
};
use jejak_events::types::{
    EventCorrected, EventRetracted, EventType, EvidenceRedacted, KeyIntroduced, RegistryOpened, RulesAdopted,
};

use super::Field;

/// What an event puts on the card of its stream, besides sealed fields.
#[derive(Default)]
pub(super) struct CardFacts<'a> {
    /// Open texts; none where an optional one is not given.
    pub texts: Vec<(Field, Option<&'a str>)>,
    /// Where the stream is from that day on.
    pub area: Option<AreaCode>,
    /// Whose area and name it shares.
    pub belongs_to: Option<Subject>,
}

/// Facts that somebody may be found by.
pub(super) trait Findable {
    /// What they are found by.
    fn found(&self) -> CardFacts<'_>;
}

macro_rules! found {
    ($( $name:ty: |$it:ident| { $( $part:ident: $value:expr ),* }; )*) => {
        $( impl Findable for $name {
            fn found(&self) -> CardFacts<'_> {
                let $it = self;
                let _ = $it;
                CardFacts { $( $part: $value, )* ..CardFacts::default() }
            }
        } )*

        /// The types that are read for this; all others are passed over.
        pub(super) const SEARCHED: &[&str] = &[$( <$name as EventType>::DECLARATION.name, )*];
    };
}
found! {
    CertificateIssued: |it| { belongs_to: Some(it.holder.subject()) };
    CertificateRenewed: |it| {};
    // What it puts in place of an event that nobody is found by says nothing here, either.
    EventCorrected: |it| {};
    ExhibitionAnnounced: |it| {
        texts: vec![(Field::Name, Some(&*it.name)), (Field::Venue, Some(&*it.venue))], area: Some(it.area)
    };
    IkmMerged: |it| {};
    IkmProfileChanged: |it| { area: it.area };
    IkmRegistered: |it| { area: Some(it.area) };
    PersonMerged: |it| {};
    PersonProfileChanged: |it| { belongs_to: it.ikm.map(Subject::Ikm) };
    PersonRegistered: |it| { belongs_to: it.ikm.map(Subject::Ikm) };
    ProgramOpened: |it| { texts: vec![(Field::Title, Some(&*it.title))], area: Some(it.area) };
    SentraPlanned: |it| { texts: vec![(Field::Name, Some(&*it.name))], area: Some(it.area) };
    SessionRescheduled: |it| { texts: vec![(Field::Venue, it.venue.as_deref())] };
    SessionScheduled: |it| { texts: vec![(Field::Venue, Some(&*it.venue))] };
}

macro_rules! found_by_nothing {
    ($( $name:ty, )*) => {
        $( impl Findable for $name {
            fn found(&self) -> CardFacts<'_> {
                CardFacts::default()
            }
        } )*
    };
}
found_by_nothing! {
    AssessmentRecorded, CertificateReinstated, CertificateRevoked, CertificateSuspended, ClaimChecked, ClaimMade,
    CoverageDeclared, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn, EventRetracted,
    EvidenceRedacted, ExhibitionJoined, FiguresReleased, IkmClosed, IkmErased, IkmErasureRequested, IkmFacilityAdded,
    IkmReopened, KeyIntroduced, MentoringVisited, PersonErased, PersonErasureRequested, PopulationReported,
    ProgramClosed, RegistryOpened, RulesAdopted, SentraBuilt, SentraFacilityAdded, SentraFunded,
    SentraLegalFormRecorded, SentraMemberJoined, SentraMemberLeft, SentraOpened, SessionCancelled, ShipmentReported,
    SpendingReported, TargetSet, TrainingAttended, TurnoverReported, WorkforceReported,
}
