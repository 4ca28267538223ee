//! Who and what: identifiers, streams, sources and actors.
//!
//! An identifier must never be made from a NIK, a NIB or a name: those can be guessed back.

use crate::excerpt::quoted;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::area::AreaCode;
use crate::fault::Message;
use crate::values::{Code, written_form};

/// Whether a UUID (RFC 9562) is of one of the versions.
fn is_of(uuid: &Uuid, versions: &[usize]) -> bool {
    uuid.get_variant() == uuid::Variant::RFC4122 && versions.contains(&uuid.get_version_num())
}

/// What a random identifier looks like.
const EXAMPLE_V4: &str = "7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b";
/// What the identifier of an event looks like.
const EXAMPLE_V7: &str = "0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b";

/// Reads a lower-case, hyphenated UUID (RFC 9562) of one of the versions.
fn parse_uuid(text: &str, versions: &[usize]) -> Result<Uuid, Message> {
    let lower = text.len() == 36 && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let uuid = lower.then(|| Uuid::try_parse(text).ok()).flatten();
    uuid.filter(|uuid| is_of(uuid, versions)).ok_or_else(|| {
        if text.chars().count() != 36 {
            let example = if versions.contains(&4) { EXAMPLE_V4 } else { EXAMPLE_V7 };
            return Message::new(
                format!(
                    "pengenal {text} tidak utuh; tulis seluruhnya, 36 karakter seperti {example}",
                    text = quoted(text)
                ),
                format!(
                    "id {text} is not whole; write all of it, 36 characters such as {example}",
                    text = quoted(text)
                ),
            );
        }
        let listed = versions.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
        Message::new(
            format!("UUID {text} harus huruf kecil bertanda hubung, versi {listed}", text = quoted(text)),
            format!("UUID {text} must be lower-case with hyphens, of version {listed}", text = quoted(text)),
        )
    })
}

/// Regular expression (ECMA 262) of a UUID of one of the versions, without anchors.
fn uuid_pattern(versions: &[usize]) -> String {
    let versions: String = versions.iter().map(ToString::to_string).collect();
    format!("[0-9a-f]{{8}}-[0-9a-f]{{4}}-[{versions}][0-9a-f]{{3}}-[89ab][0-9a-f]{{3}}-[0-9a-f]{{12}}")
}

macro_rules! uuid_value {
    ($(#[$doc:meta])* $name:ident, $versions:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Reads the lower-case, hyphenated form.
            ///
            /// # Errors
            /// When the text has another form or the UUID another version.
            pub fn parse(text: &str) -> Result<Self, Message> {
                parse_uuid(text, &$versions).map(Self)
            }
            /// The identifier, when its version is allowed here.
            #[must_use]
            pub fn new(uuid: Uuid) -> Option<Self> {
                is_of(&uuid, &$versions).then_some(Self(uuid))
            }
            /// The identifier as a UUID.
            #[must_use]
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.hyphenated(), f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
        written_form!(
            $name,
            |value, serializer| {
                serializer.serialize_str(value.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            },
            $expected,
            {
                "format": "uuid",
                "pattern": format!("^{}$", uuid_pattern(&$versions)),
                "description": $expected
            }
        );
    };
}

uuid_value!(
    /// Identifier of an event: UUIDv7, or UUIDv8 that an importer derived from a natural key.
    EventId, [7, 8], "event id: a lower-case UUIDv7 or UUIDv8"
);
uuid_value!(
    /// Identifier of an IKM: random (UUIDv4), so that nothing can be read from it.
    IkmId, [4], "IKM id: a lower-case random UUID (version 4)"
);
uuid_value!(
    /// Identifier of a person: random (UUIDv4), so that nothing can be read from it.
    PersonId, [4], "person id: a lower-case random UUID (version 4)"
);
uuid_value!(
    /// Identifier of a programme.
    ProgramId, [4, 7, 8], "programme id: a lower-case UUID"
);
uuid_value!(
    /// Identifier of a training session within a programme.
    SessionId, [4, 7, 8], "session id: a lower-case UUID"
);
uuid_value!(
    /// Identifier of a certificate.
    CertificateId, [4, 7, 8], "certificate id: a lower-case UUID"
);
uuid_value!(
    /// Identifier of an exhibition.
    ExhibitionId, [4, 7, 8], "exhibition id: a lower-case UUID"
);
uuid_value!(
    /// Identifier of a sentra (cluster of IKMs).
    SentraId, [4, 7, 8], "sentra id: a lower-case UUID"
);
uuid_value!(
    /// Identifier of a claim.
    ClaimId, [4, 7, 8], "claim id: a lower-case UUID"
);
uuid_value!(
    /// Identifier of a correlated process or a causing event (CloudEvents correlation extension).
    CorrelationId, [1, 2, 3, 4, 5, 6, 7, 8], "a lower-case UUID"
);

/// The stream an event belongs to, written `ikm/<uuid>`, `area/<code>`, `registry`, ...
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An area, by code.
    Area(AreaCode),
    /// A certificate.
    Certificate(CertificateId),
    /// A claim.
    Claim(ClaimId),
    /// An exhibition.
    Exhibition(ExhibitionId),
    /// An IKM.
    Ikm(IkmId),
    /// A person.
    Person(PersonId),
    /// A programme.
    Program(ProgramId),
    /// The registry itself.
    Registry,
    /// A sentra.
    Sentra(SentraId),
}

/// The kinds of stream, without their identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the variants are those of Subject")]
pub enum SubjectKind {
    Area,
    Certificate,
    Claim,
    Exhibition,
    Ikm,
    Person,
    Program,
    Registry,
    Sentra,
}

impl SubjectKind {
    /// The word before the slash.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Certificate => "certificate",
            Self::Claim => "claim",
            Self::Exhibition => "exhibition",
            Self::Ikm => "ikm",
            Self::Person => "person",
            Self::Program => "program",
            Self::Registry => "registry",
            Self::Sentra => "sentra",
        }
    }

    /// All kinds, in order of their names.
    pub const ALL: [Self; 9] = [
        Self::Area,
        Self::Certificate,
        Self::Claim,
        Self::Exhibition,
        Self::Ikm,
        Self::Person,
        Self::Program,
        Self::Registry,
        Self::Sentra,
    ];

    /// Regular expression (ECMA 262) of the subjects of this kind, without anchors.
    #[must_use]
    pub fn pattern(self) -> String {
        let id = match self {
            Self::Registry => return self.name().to_owned(),
            Self::Area => "[0-9]{2}(\\.[0-9]{2})?".to_owned(),
            Self::Ikm | Self::Person => uuid_pattern(&[4]),
            Self::Certificate | Self::Claim | Self::Exhibition | Self::Program | Self::Sentra => {
                uuid_pattern(&[4, 7, 8])
            }
        };
        format!("{}/{id}", self.name())
    }
}

impl Subject {
    /// Reads the written form.
    ///
    /// # Errors
    /// When the kind is unknown or the identifier does not fit it.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let Some((kind, id)) = text.split_once('/') else {
            return if text == "registry" { Ok(Self::Registry) } else { Err(Self::unknown(text)) };
        };
        match kind {
            "area" => AreaCode::parse(id).map(Self::Area),
            "certificate" => CertificateId::parse(id).map(Self::Certificate),
            "claim" => ClaimId::parse(id).map(Self::Claim),
            "exhibition" => ExhibitionId::parse(id).map(Self::Exhibition),
            "ikm" => IkmId::parse(id).map(Self::Ikm),
            "person" => PersonId::parse(id).map(Self::Person),
            "program" => ProgramId::parse(id).map(Self::Program),
            "sentra" => SentraId::parse(id).map(Self::Sentra),
            _ => Err(Self::unknown(text)),
        }
    }

    fn unknown(text: &str) -> Message {
        Message::new(
            format!(
                "aliran {text} tidak dikenal; contoh: ikm/<uuid>, program/<uuid>, area/33.75, registry",
                text = quoted(text)
            ),
            format!(
                "subject {text} is not known; examples: ikm/<uuid>, program/<uuid>, area/33.75, registry",
                text = quoted(text)
            ),
        )
    }

    /// The UUID that the stream is known by; `None` for an area and the registry.
    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        Some(match self {
            Self::Certificate(id) => id.uuid(),
            Self::Claim(id) => id.uuid(),
            Self::Exhibition(id) => id.uuid(),
            Self::Ikm(id) => id.uuid(),
            Self::Person(id) => id.uuid(),
            Self::Program(id) => id.uuid(),
            Self::Sentra(id) => id.uuid(),
            Self::Area(_) | Self::Registry => return None,
        })
    }

    /// The stream of a kind that is known by this UUID; `None` where the kind has no UUIDs, or none of this
    /// version.
    #[must_use]
    pub fn of_kind(kind: SubjectKind, uuid: Uuid) -> Option<Self> {
        match kind {
            SubjectKind::Certificate => CertificateId::new(uuid).map(Self::Certificate),
            SubjectKind::Claim => ClaimId::new(uuid).map(Self::Claim),
            SubjectKind::Exhibition => ExhibitionId::new(uuid).map(Self::Exhibition),
            SubjectKind::Ikm => IkmId::new(uuid).map(Self::Ikm),
            SubjectKind::Person => PersonId::new(uuid).map(Self::Person),
            SubjectKind::Program => ProgramId::new(uuid).map(Self::Program),
            SubjectKind::Sentra => SentraId::new(uuid).map(Self::Sentra),
            SubjectKind::Area | SubjectKind::Registry => None,
        }
    }

    /// The kind of stream.
    #[must_use]
    pub fn kind(&self) -> SubjectKind {
        match self {
            Self::Area(_) => SubjectKind::Area,
            Self::Certificate(_) => SubjectKind::Certificate,
            Self::Claim(_) => SubjectKind::Claim,
            Self::Exhibition(_) => SubjectKind::Exhibition,
            Self::Ikm(_) => SubjectKind::Ikm,
            Self::Person(_) => SubjectKind::Person,
            Self::Program(_) => SubjectKind::Program,
            Self::Registry => SubjectKind::Registry,
            Self::Sentra(_) => SubjectKind::Sentra,
        }
    }
}

macro_rules! stream_of {
    ($( $id:ident => $kind:ident, )*) => {
        $( impl TryFrom<Subject> for $id {
            /// The stream, which is of another kind.
            type Error = Subject;

            fn try_from(stream: Subject) -> Result<Self, Subject> {
                if let Subject::$kind(id) = stream { Ok(id) } else { Err(stream) }
            }
        } )*
    };
}
stream_of! {
    CertificateId => Certificate,
    ClaimId => Claim,
    ExhibitionId => Exhibition,
    IkmId => Ikm,
    PersonId => Person,
    ProgramId => Program,
    SentraId => Sentra,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind().name();
        match self {
            Self::Area(id) => write!(f, "{kind}/{id}"),
            Self::Certificate(id) => write!(f, "{kind}/{id}"),
            Self::Claim(id) => write!(f, "{kind}/{id}"),
            Self::Exhibition(id) => write!(f, "{kind}/{id}"),
            Self::Ikm(id) => write!(f, "{kind}/{id}"),
            Self::Person(id) => write!(f, "{kind}/{id}"),
            Self::Program(id) => write!(f, "{kind}/{id}"),
            Self::Registry => f.write_str(kind),
            Self::Sentra(id) => write!(f, "{kind}/{id}"),
        }
    }
}

/// Who recorded an event: `urn:jejak:<area code>:<office>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The area the office works for; its time zone is that of `time`.
    pub area: AreaCode,
    /// The office, such as `dinperinaker`.
    pub office: Code,
}

impl Source {
    /// Reads the written form.
    ///
    /// # Errors
    /// When the form, the area or the office is wrong.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let Some((area, office)) = text.strip_prefix("urn:jejak:").and_then(|rest| rest.split_once(':'))
        else {
            return Err(Message::new(
                format!(
                    "sumber {text} harus berbentuk urn:jejak:<kode wilayah>:<kantor>",
                    text = quoted(text)
                ),
                format!(
                    "source {text} must have the form urn:jejak:<area code>:<office>",
                    text = quoted(text)
                ),
            ));
        };
        Ok(Self { area: AreaCode::parse(area)?, office: Code::parse(office)? })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "urn:jejak:{}:{}", self.area, self.office)
    }
}

/// Kind of actor, the values of the CloudEvents authcontext extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the extension and say it all")]
pub enum ActorKind {
    AppUser,
    User,
    ServiceAccount,
    ApiKey,
    System,
    Unauthenticated,
    Unknown,
}

impl ActorKind {
    /// The written form, as in `authtype`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AppUser => "app_user",
            Self::User => "user",
            Self::ServiceAccount => "service_account",
            Self::ApiKey => "api_key",
            Self::System => "system",
            Self::Unauthenticated => "unauthenticated",
            Self::Unknown => "unknown",
        }
    }
}

/// The actor behind an event: kind and pseudonym, never a person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Kind of actor (`authtype`).
    pub kind: ActorKind,
    /// Pseudonym (`authid`), where the actor has one.
    pub id: Option<Code>,
}

written_form!(
    Subject,
    |value, serializer| serializer.collect_str(value),
    "subject as text, such as \"ikm/<uuid>\"",
    {
        "pattern": format!("^({})$", SubjectKind::ALL.map(SubjectKind::pattern).join("|")),
        "description": "subject as text, such as \"ikm/<uuid>\""
    }
);
written_form!(
    Source,
    |value, serializer| serializer.collect_str(value),
    "source as text, such as \"urn:jejak:33.75:dinperinaker\"",
    {
        "pattern": "^urn:jejak:[0-9]{2}(\\.[0-9]{2})?:[a-z0-9][a-z0-9_.:-]{0,63}$",
        "description": "source as text, such as \"urn:jejak:33.75:dinperinaker\""
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms_round_trip() {
        for text in [
            "registry",
            "area/33.75",
            "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b",
            "program/0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b",
        ] {
            assert_eq!(Subject::parse(text).unwrap().to_string(), text);
        }
        let source = "urn:jejak:33.75:dinperinaker";
        assert_eq!(Source::parse(source).unwrap().to_string(), source);
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["", "ikm", "ikm/", "registry/", "IKM/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b", "area/00"] {
            assert!(Subject::parse(text).is_err(), "{text:?}");
        }
        let unknown = Subject::parse("company/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b").unwrap_err().en;
        assert!(
            unknown.ends_with("is not known; examples: ikm/<uuid>, program/<uuid>, area/33.75, registry"),
            "{unknown}"
        );
        // Upper case, without hyphens, and a version that could be derived.
        for text in [
            "7F2C1A34-5B6D-4E8F-9A0B-1C2D3E4F5A6B",
            "7f2c1a345b6d4e8f9a0b1c2d3e4f5a6b",
            "7f2c1a34-5b6d-5e8f-9a0b-1c2d3e4f5a6b",
        ] {
            assert!(IkmId::parse(text).is_err(), "{text:?}");
        }
        assert!(Source::parse("urn:jejak:33.75").is_err());
        assert!(Source::parse("urn:jejak:99.75:dinas").is_err());
    }
}
