//! The event types: what each one says, field by field, and which fields are sealed.
//!
//! A new type is one `event_type!` block in the module of its entity and one line in
//! [`event_types!`](self) below; the compiler then names every match that must know it, and the
//! golden and schema tests name the files that are missing. A released name and version never change
//! their meaning; the order of the lines carries none.

mod parts;
mod registry;
mod role;
mod sentence;

pub mod area_reports;
pub mod certificate;
pub mod claim;
pub mod enterprise;
pub mod exhibition;
pub mod ikm;
pub mod person;
pub mod program;
pub mod sentra;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};

use crate::fault::Message;
use crate::identity::{Subject, SubjectKind};
use crate::sealed::{Group, Sealed};
use crate::values::SetOf;

pub use parts::{
    Baseline, Evidence, FundingStage, Holder, ImportedFrom, Mention, Period, Scale, ScaleRule, Scaled,
};
pub use registry::{
    EventCorrected, EventRetracted, EvidenceRedacted, KeyIntroduced, KeyPurpose, PublicKey, RegistryOpened,
    Replacement, RulesAdopted, is_correctable,
};

pub use role::{Amendment, Constitution, Parts, Permanence, Role};
pub use sentence::{Naming, grouped, span};

pub(crate) use registry::{corrected_time, unknown_type};

use area_reports::{CoverageDeclared, FiguresReleased, PopulationReported, TargetSet};
use certificate::{
    CertificateIssued, CertificateReinstated, CertificateRenewed, CertificateRevoked, CertificateSuspended,
};
use claim::{ClaimChecked, ClaimMade};
use enterprise::{
    IkmClosed, IkmErased, IkmErasureRequested, IkmFacilityAdded, IkmMerged, IkmProfileChanged, IkmReopened,
    ShipmentReported, TurnoverReported, WorkforceReported,
};
use exhibition::{ExhibitionAnnounced, ExhibitionJoined};
use ikm::{
    AssessmentRecorded, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    IkmRegistered, MentoringVisited, TrainingAttended,
};
use person::{PersonErased, PersonErasureRequested, PersonMerged, PersonProfileChanged, PersonRegistered};
use program::{
    ProgramClosed, ProgramOpened, SessionCancelled, SessionRescheduled, SessionScheduled, SpendingReported,
};
use sentra::{
    SentraBuilt, SentraFacilityAdded, SentraFunded, SentraLegalFormRecorded, SentraMemberJoined,
    SentraMemberLeft, SentraOpened, SentraPlanned,
};

/// A sealed field that a type declares.
#[derive(Clone, Copy)]
pub struct SealedField {
    /// Its name in a proposal and in its disclosure.
    pub name: &'static str,
    /// The key it is sealed under.
    pub group: Group,
    /// Whether a proposal must give it.
    pub required: bool,
    /// What it says.
    pub documentation: &'static str,
    /// Checks a value; the error text is a [`crate::fault::Message`] on its way through serde.
    pub check: fn(&Value) -> Result<(), serde_json::Error>,
    /// Its JSON Schema.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

/// What the record and the proposal share about one type and version.
pub struct TypeDeclaration {
    /// `id.jejak.<entity>.<past participle>.v<N>`.
    pub name: &'static str,
    /// The kinds of stream it belongs to; none for those that follow their target.
    pub subjects: &'static [SubjectKind],
    /// What an event does in its stream.
    pub role: Role,
    /// What an event of the type is called, Indonesian and English.
    pub words: [&'static str; 2],
    /// The sealed fields, in order of their names.
    pub sealed: &'static [SealedField],
    /// Names of the open fields that the registry derives and a proposal must not give.
    pub derived: &'static [&'static str],
    /// JSON Schema of `data` in a record.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

impl TypeDeclaration {
    /// Whether an event of the type may stand in a stream; one that follows its target may stand in any.
    #[must_use]
    pub fn belongs_in(&self, stream: Subject) -> bool {
        self.subjects.is_empty() || self.subjects.contains(&stream.kind())
    }
}

/// The facts of one type, as they stand in a record.
pub trait EventType: Serialize + for<'de> Deserialize<'de> + JsonSchema {
    /// Its declaration.
    const DECLARATION: TypeDeclaration;
    /// What the facts say, in both languages.
    fn sentence(&self, naming: &Naming<'_>) -> Message;
    /// The facts, where they are of this type.
    fn of(data: &Data) -> Option<&Self>;
    /// Adds the streams that the facts name.
    fn mentions(&self, subjects: &mut Vec<Subject>);
    /// Fills in what the facts name.
    fn parts<'a>(&'a self, parts: &mut Parts<'a>);
    /// The size classes, of a type that has them; there are no other derived fields.
    fn scales_mut(&mut self) -> Option<&mut Option<SetOf<Scaled>>>;
    /// The size classes that are given.
    fn scales(&self) -> Option<&SetOf<Scaled>>;
    /// The files that support it; of a correction only its own, not those of its replacement.
    fn evidence(&self) -> Option<&SetOf<Evidence>>;
    /// Digests of the sealed fields.
    fn sealed(&self) -> Option<&Sealed>;
    /// Puts the digests in.
    fn set_sealed(&mut self, sealed: Option<Sealed>);
}

/// Declares the struct of one event type.
///
/// `required` and `optional` fields are open; `personal` and `confidential` ones are sealed and stand
/// in the record only as digests. `derived` fields are open and set by the registry.
macro_rules! event_type {
    (
        $(#[$doc:meta])*
        $name:ident = $type_name:literal on $subject:expr, $role:ident $(($state:literal))?,
            called [$id:literal, $en:literal];
        required { $( $(#[$required_doc:meta])* $required:ident : $required_type:ty, )* }
        optional { $( $(#[$optional_doc:meta])* $optional:ident : $optional_type:ty, )* }
        derived { $( $(#[$derived_doc:meta])* $derived:ident : $derived_type:ty, )* }
        sealed { $( $group:ident $need:ident $sealed_doc:literal $sealed:ident : $sealed_type:ty, )* }
        says |$facts:ident, $naming:ident| $sentence:block
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $( $(#[$required_doc])* pub $required: $required_type, )*
            $( $(#[$optional_doc])*
               #[serde(default, skip_serializing_if = "Option::is_none")]
               pub $optional: Option<$optional_type>, )*
            $( $(#[$derived_doc])*
               #[serde(default, skip_serializing_if = "Option::is_none")]
               pub $derived: Option<$derived_type>, )*
            /// Scans, photos or letters that support the event.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub evidence: Option<$crate::values::SetOf<$crate::types::Evidence>>,
            /// The file and row an importer took the event from.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub imported_from: Option<$crate::types::ImportedFrom>,
            /// Digests of the sealed fields.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub sealed: Option<$crate::sealed::Sealed>,
        }

        impl $crate::types::EventType for $name {
            const DECLARATION: $crate::types::TypeDeclaration = $crate::types::TypeDeclaration {
                name: $type_name,
                subjects: $subject,
                role: $crate::types::Role::$role $(($state))?,
                words: [$id, $en],
                sealed: &[ $( $crate::types::SealedField {
                    name: stringify!($sealed),
                    group: $crate::sealed::Group::$group,
                    required: event_type!(@need $need),
                    documentation: $sealed_doc,
                    check: |value| {
                        let read = <$sealed_type as serde::Deserialize>::deserialize(value)?;
                        $crate::shape::hold(value, &read)
                    },
                    schema: |generator| generator.subschema_for::<$sealed_type>(),
                }, )* ],
                derived: &[ $( stringify!($derived), )* ],
                schema: |generator| <$name as schemars::JsonSchema>::json_schema(generator),
            };

            #[allow(unused_variables, reason = "a type may say the same of all")]
            fn sentence(&self, $naming: &$crate::types::Naming<'_>) -> $crate::fault::Message {
                let $facts = self;
                $sentence
            }

            fn of(data: &$crate::types::Data) -> Option<&Self> {
                if let $crate::types::Data::$name(data) = data { Some(data) } else { None }
            }

            #[allow(unused_variables, reason = "a type may have no open fields")]
            fn parts<'a>(&'a self, parts: &mut $crate::types::Parts<'a>) {
                $( $crate::types::Mention::parts(&self.$required, parts); )*
                $( $crate::types::Mention::parts(&self.$optional, parts); )*
            }

            #[allow(unreachable_code, reason = "most types have none")]
            fn scales_mut(&mut self) -> Option<&mut Option<$crate::values::SetOf<$crate::types::Scaled>>> {
                $( return Some(&mut self.$derived); )*
                None
            }

            #[allow(unreachable_code, reason = "most types have none")]
            fn scales(&self) -> Option<&$crate::values::SetOf<$crate::types::Scaled>> {
                $( return self.$derived.as_ref(); )*
                None
            }

            #[allow(unused_variables, reason = "a type may name no other stream")]
            fn mentions(&self, subjects: &mut Vec<$crate::identity::Subject>) {
                $( $crate::types::Mention::mention(&self.$required, subjects); )*
                $( $crate::types::Mention::mention(&self.$optional, subjects); )*
                $crate::types::Mention::mention(&self.evidence, subjects);
            }

            fn evidence(&self) -> Option<&$crate::values::SetOf<$crate::types::Evidence>> {
                self.evidence.as_ref()
            }

            fn sealed(&self) -> Option<&$crate::sealed::Sealed> {
                self.sealed.as_ref()
            }

            fn set_sealed(&mut self, sealed: Option<$crate::sealed::Sealed>) {
                self.sealed = sealed;
            }
        }
    };
    (@need required) => { true };
    (@need optional) => { false };
}
pub(crate) use event_type;

/// Lists every type once and makes the closed enum over them.
macro_rules! event_types {
    (($d:tt) $( $name:ident, )*) => {
        /// Does the same with the facts of whichever type: `match_data!(data, facts => facts.something())`. A new
        /// type does not compile until it can do that, too.
        #[macro_export]
        macro_rules! match_data {
            ($d data:expr, $d facts:ident => $d done:expr) => {
                match $d data {
                    $( $d crate::types::Data::$name($d facts) => $d done, )*
                }
            };
        }

        /// The facts of an event, by type and current version.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Data {
            $( #[doc = concat!("See [`", stringify!($name), "`].")] $name(Box<$name>), )*
        }

        $( impl From<$name> for Data {
            fn from(data: $name) -> Self {
                Self::$name(Box::new(data))
            }
        } )*

        /// All types and versions that can be recorded.
        pub const TYPES: &[TypeDeclaration] = &[ $( <$name as EventType>::DECLARATION, )* ];

        impl Data {
            /// Reads the facts of a type from JSON text.
            ///
            /// # Errors
            /// `None` when the type is not known, else what serde says, with its path.
            pub fn from_json(type_name: &str, json: &str) -> Option<Result<Self, serde_path_to_error::Error<serde_json::Error>>> {
                // Constants cannot be patterns here; a comparison looks at the length first, so the chain
                // costs little beside the parsing.
                $( if type_name == <$name as EventType>::DECLARATION.name {
                    let mut deserializer = serde_json::Deserializer::from_str(json);
                    let parsed = serde_path_to_error::deserialize::<_, $name>(&mut deserializer);
                    return Some(parsed.map(Self::from));
                } )*
                None
            }

            /// As [`Data::from_json`], of facts that were parsed, without naming the place of an error.
            pub(crate) fn from_value(type_name: &str, facts: &Value) -> Option<Result<Self, serde_json::Error>> {
                $( if type_name == <$name as EventType>::DECLARATION.name {
                    return Some($name::deserialize(facts).map(Self::from));
                } )*
                None
            }

            /// As [`Data::from_json`], without naming the place of an error: for records that were
            /// checked when they were appended.
            pub(crate) fn from_raw(type_name: &str, json: &RawValue) -> Option<Result<Self, serde_json::Error>> {
                $( if type_name == <$name as EventType>::DECLARATION.name {
                    return Some(serde_json::from_str::<$name>(json.get()).map(Self::from));
                } )*
                None
            }

            /// The declaration of this type.
            #[must_use]
            pub fn declaration(&self) -> &'static TypeDeclaration {
                match self {
                    $( Self::$name(_) => {
                        const DECLARATION: &TypeDeclaration = &<$name as EventType>::DECLARATION;
                        DECLARATION
                    } )*
                }
            }

            /// The facts as a JSON object; keys come out sorted, which for these names is the canonical order.
            #[must_use]
            pub fn to_object(&self) -> Map<String, Value> {
                let value = match self {
                    $( Self::$name(data) => serde_json::to_value(data), )*
                };
                match value {
                    Ok(Value::Object(object)) => object,
                    other => unreachable!("an event type serialises to an object, not {other:?}"),
                }
            }

            /// Fills `subjects` with the streams that the facts name, sorted, without repeats. What it held
            /// before is gone; its room is used again, for this is asked of every event.
            pub fn mentions(&self, subjects: &mut Vec<Subject>) {
                subjects.clear();
                self.push_mentions(subjects);
                subjects.sort_unstable();
                subjects.dedup();
            }

            fn push_mentions(&self, subjects: &mut Vec<Subject>) {
                match self {
                    $( Self::$name(data) => data.mentions(subjects), )*
                }
            }

            /// What the facts say, in both languages.
            #[must_use]
            pub fn sentence(&self, naming: &Naming<'_>) -> Message {
                match self {
                    $( Self::$name(data) => EventType::sentence(&**data, naming), )*
                }
            }

            /// Fills in what the facts name; of a correction nothing, for that is [`Data::said`].
            pub fn parts<'a>(&'a self, parts: &mut Parts<'a>) {
                match self {
                    $( Self::$name(data) => EventType::parts(&**data, parts), )*
                }
            }

            /// Where the size classes of what is said stand, of a type that has them.
            pub fn scales_mut(&mut self) -> Option<&mut Option<SetOf<Scaled>>> {
                match self {
                    $( Self::$name(data) => EventType::scales_mut(&mut **data), )*
                }
            }

            /// The size classes of what is said.
            #[must_use]
            pub fn scales(&self) -> Option<&SetOf<Scaled>> {
                match self {
                    $( Self::$name(data) => EventType::scales(&**data), )*
                }
            }

            fn own_evidence(&self) -> Option<&SetOf<Evidence>> {
                match self {
                    $( Self::$name(data) => EventType::evidence(&**data), )*
                }
            }

            /// Digests of the sealed fields.
            #[must_use]
            pub fn sealed(&self) -> Option<&Sealed> {
                match self {
                    $( Self::$name(data) => EventType::sealed(&**data), )*
                }
            }

            /// Puts the digests of the sealed fields in.
            pub fn set_sealed(&mut self, sealed: Option<Sealed>) {
                match self {
                    $( Self::$name(data) => EventType::set_sealed(&mut **data, sealed), )*
                }
            }
        }
    };
}

event_types! {
    ($)
    CoverageDeclared,
    FiguresReleased,
    PopulationReported,
    TargetSet,
    AssessmentRecorded,
    CertificateIssued,
    CertificateReinstated,
    CertificateRenewed,
    CertificateRevoked,
    CertificateSuspended,
    ClaimChecked,
    ClaimMade,
    EnrolmentMade,
    EnrolmentPromoted,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    EventCorrected,
    EventRetracted,
    EvidenceRedacted,
    ExhibitionAnnounced,
    ExhibitionJoined,
    IkmClosed,
    IkmErased,
    IkmErasureRequested,
    IkmFacilityAdded,
    IkmMerged,
    IkmProfileChanged,
    IkmRegistered,
    IkmReopened,
    ShipmentReported,
    TurnoverReported,
    WorkforceReported,
    MentoringVisited,
    PersonErased,
    PersonErasureRequested,
    PersonMerged,
    PersonProfileChanged,
    PersonRegistered,
    ProgramClosed,
    ProgramOpened,
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
    SpendingReported,
    KeyIntroduced,
    RegistryOpened,
    RulesAdopted,
    SentraBuilt,
    SentraFacilityAdded,
    SentraFunded,
    SentraLegalFormRecorded,
    SentraMemberJoined,
    SentraMemberLeft,
    SentraOpened,
    SentraPlanned,
    TrainingAttended,
}

impl Data {
    /// `id.jejak.<entity>.<past participle>.v<N>`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.declaration().name
    }

    /// The files that support the event: of a correction its own and those of its replacement.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        let replacement = self.correction().and_then(|correction| correction.replacement.data.own_evidence());
        self.own_evidence().into_iter().chain(replacement).flat_map(|files| files.iter())
    }

    /// The subject whose keys seal this event's fields: where it names a holder, the holder, so that erasing
    /// the holder makes the number unreadable; for a correction that of its replacement; else the
    /// event's own stream.
    #[must_use]
    pub fn key_subject(&self, subject: Subject) -> Subject {
        match self.correction() {
            Some(correction) => correction.replacement.data.key_subject(correction.replacement.subject),
            None => self.holder().map_or(subject, Holder::subject),
        }
    }

    /// Who or what holds the certificate that the facts are about.
    #[must_use]
    pub fn holder(&self) -> Option<&Holder> {
        let mut parts = Parts::default();
        self.parts(&mut parts);
        parts.holder
    }
}

/// Finds the declaration of a type by name.
#[must_use]
pub fn declaration(type_name: &str) -> Option<&'static TypeDeclaration> {
    TYPES.iter().find(|declaration| declaration.name == type_name)
}

/// Serialises with the schema name that [`JsonSchema`] wants, for hand-written impls in this module.
pub(crate) type SchemaName = Cow<'static, str>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_well_formed_and_unique() {
        let mut names: Vec<_> = TYPES.iter().map(|declaration| declaration.name).collect();
        for name in &names {
            let parts: Vec<_> = name.split('.').collect();
            assert_eq!((parts.len(), parts[0], parts[1]), (5, "id", "jejak"), "{name}");
            assert!(
                parts[4].strip_prefix('v').is_some_and(|version| version.parse::<u32>().is_ok()),
                "{name}"
            );
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TYPES.len());
    }

    /// A corrected certificate number must become unreadable with its holder too.
    #[test]
    fn a_correction_is_sealed_for_whom_its_replacement_names() {
        let json = r#"{"data":{"holder":{"person":"c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5"},"issuer":"LSP",
            "scheme":"competence","valid_from":"2026-01-15","valid_to":"2029-01-14"},"reason":"typing_error",
            "subject":"certificate/01930a5d-ac96-774b-bcce-b302099a8003","target":"01930a5d-ac96-774b-bcce-b3020a000019",
            "time":"2026-01-15T00:00:00+07:00","timeprecision":"day","type":"id.jejak.certificate.issued.v1"}"#;
        let data = Data::from_json("id.jejak.event.corrected.v1", json).unwrap().unwrap();
        let stream = Subject::parse("certificate/01930a5d-ac96-774b-bcce-b302099a8003").unwrap();
        assert_eq!(data.key_subject(stream).to_string(), "person/c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5");
    }

    /// A renewal is another event in the certificate's stream, but its number belongs to the holder too.
    #[test]
    fn a_renewed_number_is_sealed_for_the_holder() {
        let json = r#"{"holder":{"person":"c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5"},
            "valid_from":"2029-01-15","valid_to":"2032-01-14"}"#;
        let data = Data::from_json("id.jejak.certificate.renewed.v1", json).unwrap().unwrap();
        let stream = Subject::parse("certificate/01930a5d-ac96-774b-bcce-b302099a8003").unwrap();
        assert_eq!(data.key_subject(stream).to_string(), "person/c4a1e5d2-0b3f-4c6d-8e7f-90a1b2c3d4e5");
    }

    #[test]
    fn sealed_names_are_sorted_and_never_open() {
        for declaration in TYPES {
            let names: Vec<_> = declaration.sealed.iter().map(|field| field.name).collect();
            assert!(names.is_sorted(), "{}: {names:?}", declaration.name);
        }
    }
}
