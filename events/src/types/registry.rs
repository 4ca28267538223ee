//! The registry about itself, and about its own events: opening, rules, keys, corrections, retractions,
//! redactions of evidence.

use super::sentence::{by, said, with};
use crate::excerpt::quoted;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Data, EventType, SchemaName, event_type, parts::Mention};
use crate::area::AreaCode;
use crate::fault::Message;
use crate::identity::{EventId, Subject, SubjectKind};
use crate::sealed::Sealed;
use crate::text::edits;
use crate::time::{TimePrecision, ValidTime};
use crate::values::{Code, Format, Origin, SetOf, Sha256Hex, Text, Version, Vkey, Year};

/// What a public key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyPurpose {
    /// Evidence bundles, and with them statements about sealed figures.
    Attestation,
    /// Checkpoints.
    Checkpoint,
    /// The introduction of new keys when the others are lost.
    Recovery,
}

impl KeyPurpose {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attestation => "attestation",
            Self::Checkpoint => "checkpoint",
            Self::Recovery => "recovery",
        }
    }

    /// The name of a key of this purpose, of the log of this origin.
    #[must_use]
    pub fn key_name(self, origin: &str) -> String {
        match self {
            Self::Checkpoint => origin.to_owned(),
            Self::Attestation | Self::Recovery => format!("{origin}/{}", self.name()),
        }
    }
}

/// A public key with its purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicKey {
    /// What it signs.
    pub purpose: KeyPurpose,
    /// The key as a C2SP vkey: `<name>+<key id>+<key>`.
    pub vkey: Vkey,
}

impl Mention for PublicKey {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

event_type! {
    /// Index 0 of every log: what the registry is and which keys speak for it. `time`: its opening.
    RegistryOpened = "id.jejak.registry.opened.v1" on &[SubjectKind::Registry], Constitutes,
        called ["registri dibuka", "registry opened"];
    required {
        /// SHA-256 of the table of areas.
        area_table_sha256: Sha256Hex,
        /// Year of the table of areas.
        area_table_year: Year,
        /// Format of the record: `jejak/0` while `data` is a preview, `jejak/1` when frozen.
        format: Format,
        /// The public keys by purpose.
        keys: SetOf<PublicKey>,
        /// Origin line of the checkpoints: a URL without its scheme.
        origin: Origin,
        /// The rules that judge events from index 1 on.
        rules: Version,
        /// Whether the registry holds made-up data.
        synthetic: bool,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| { said!(
        "registri {origin} dibuka, format {format}, aturan {rules}",
        "registry {origin} opened, format {format}, rules {rules}",
        origin = &data.origin,
        format = &data.format,
        rules = data.rules.get(),
    ) }
}

event_type! {
    /// Other rules judge the events after this one. `time`: the day they apply from.
    RulesAdopted = "id.jejak.registry.rules_adopted.v1" on &[SubjectKind::Registry], Constitutes,
        called ["aturan diberlakukan", "rules adopted"];
    required {
        /// The rules.
        rules: Version,
    }
    optional {
        /// Decree or reason.
        basis: Text,
    }
    derived {}
    sealed {}
    says |data, call| { with(
        said!("aturan {rules} berlaku", "rules {rules} adopted", rules = data.rules.get()),
        ", dasar ",
        ", basis ",
        data.basis.as_ref(),
    ) }
}

event_type! {
    /// Another key speaks for the registry from here on. `time`: the day that it was introduced. A checkpoint key
    /// signs the checkpoints that cover this event; the smallest of them is signed by the key before it, too (the
    /// *handover*), so that whoever knows that one can follow. Earlier checkpoints keep their key. An attestation key
    /// signs what is handed out over checkpoints that cover this event.
    KeyIntroduced = "id.jejak.registry.key_introduced.v1" on &[SubjectKind::Registry], Constitutes,
        called ["kunci baru", "new key"];
    required {
        /// What it signs.
        purpose: KeyPurpose,
        /// The key, named as the one before it.
        vkey: Vkey,
    }
    optional {
        /// Decree or reason.
        basis: Text,
    }
    derived {}
    sealed {}
    says |data, call| { with(
        match (data.purpose, &data.vkey) {
            (KeyPurpose::Checkpoint, vkey) => said!("kunci checkpoint baru {vkey}", "new checkpoint key {vkey}"),
            (KeyPurpose::Attestation, vkey) => said!("kunci pernyataan baru {vkey}", "new attestation key {vkey}"),
            (KeyPurpose::Recovery, vkey) => said!("kunci pemulihan baru {vkey}", "new recovery key {vkey}"),
        },
        ", dasar ",
        ", basis ",
        data.basis.as_ref(),
    ) }
}

/// The full content that takes the place of a corrected event's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The stream it belongs to.
    pub subject: Subject,
    /// When it happened.
    pub time: ValidTime,
    /// The facts, of the original's type.
    pub data: Data,
}

/// An earlier event was wrong; this is what it should have said. `time`: the day of the correction.
/// Stream: that of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventCorrected {
    /// Who decided, as an office or function.
    pub authority: Option<Text>,
    /// Supporting documents.
    pub evidence: Option<SetOf<super::Evidence>>,
    /// The file and row an importer took the correction from; the replacement has its own.
    pub imported_from: Option<super::ImportedFrom>,
    /// Why.
    pub reason: Code,
    /// What takes the place of the target's content.
    pub replacement: Replacement,
    /// The original event.
    pub target: EventId,
}

impl Serialize for EventCorrected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(authority) = &self.authority {
            map.serialize_entry("authority", authority)?;
        }
        map.serialize_entry("data", &self.replacement.data.to_object())?;
        if let Some(evidence) = &self.evidence {
            map.serialize_entry("evidence", evidence)?;
        }
        if let Some(imported_from) = &self.imported_from {
            map.serialize_entry("imported_from", imported_from)?;
        }
        map.serialize_entry("reason", &self.reason)?;
        map.serialize_entry("subject", &self.replacement.subject)?;
        map.serialize_entry("target", &self.target)?;
        map.serialize_entry("time", &self.replacement.time.to_string())?;
        map.serialize_entry("timeprecision", &self.replacement.time.precision())?;
        map.serialize_entry("type", self.replacement.data.type_name())?;
        map.end()
    }
}

/// The time that a correction puts in place: with the offset of one of the three zones of Indonesia, for which of them
/// is known in the envelope only.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn corrected_time(text: &str, precision: TimePrecision) -> Result<ValidTime, Message> {
    let west = AreaCode::parse("33")?;
    let others = ["51", "81"].into_iter().filter_map(|zone| AreaCode::parse(zone).ok());
    ValidTime::parse(text, precision, west).or_else(|refused| {
        others.into_iter().find_map(|area| ValidTime::parse(text, precision, area).ok()).ok_or(refused)
    })
}

impl<'de> Deserialize<'de> for EventCorrected {
    /// Holds the replacement's time against no area: the offset of its source is checked with the
    /// envelope, which is the only place that knows it. Here the offset must be one of the three.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct CorrectionForm {
            #[serde(default)]
            authority: Option<Text>,
            data: Box<RawValue>,
            #[serde(default)]
            evidence: Option<SetOf<super::Evidence>>,
            #[serde(default)]
            imported_from: Option<super::ImportedFrom>,
            reason: Code,
            subject: Subject,
            target: EventId,
            time: String,
            timeprecision: TimePrecision,
            r#type: String,
        }
        let form = CorrectionForm::deserialize(deserializer)?;
        let data = match Data::from_raw(&form.r#type, &form.data) {
            Some(data) => data.map_err(|error| D::Error::custom(Message::from_serde(&error.to_string())))?,
            None => crate::upcast::read(crate::upcast::CHAIN, &form.r#type, form.data.get())
                .map_err(|error| D::Error::custom(error.0.message))?,
        };
        if !is_correctable(data.declaration()) {
            return Err(D::Error::custom(Message::new(
                format!("peristiwa jenis {} tidak dapat dikoreksi", quoted(&form.r#type)),
                format!("an event of type {} cannot be corrected", quoted(&form.r#type)),
            )));
        }
        let time = corrected_time(&form.time, form.timeprecision).map_err(D::Error::custom)?;
        Ok(Self {
            authority: form.authority,
            evidence: form.evidence,
            imported_from: form.imported_from,
            reason: form.reason,
            replacement: Replacement { subject: form.subject, time, data },
            target: form.target,
        })
    }
}

/// Whether events of a type can be corrected. What the registry says about itself and about its own
/// events cannot: a wrong correction is corrected by a later one, or retracted. Nor can what was
/// destroyed: saying otherwise brings nothing back.
#[must_use]
pub fn is_correctable(declaration: &super::TypeDeclaration) -> bool {
    match declaration.role.permanence() {
        super::Permanence::Amendable => true,
        super::Permanence::Retractable | super::Permanence::Stands | super::Permanence::Destroyed => false,
    }
}

/// What is said of a type that no version of this program knows.
pub(crate) fn unknown_type(name: &str) -> Message {
    let quoted = quoted(name);
    match nearest_type(name) {
        Some(near) => Message::new(
            format!(
                "jenis peristiwa {quoted} tidak dikenal; yang paling mirip: {near}; `jejak schema` menyebut semuanya"
            ),
            format!(
                "event type {quoted} is not known; the nearest is {near}; `jejak schema` lists all of them"
            ),
        ),
        None => Message::new(
            format!("jenis peristiwa {quoted} tidak dikenal; `jejak schema` menyebut semuanya"),
            format!("event type {quoted} is not known; `jejak schema` lists all of them"),
        ),
    }
}

/// The known type that a name is most like, where it is like one: by what tells types apart, so neither the prefix
/// that all have nor a version counts.
fn nearest_type(name: &str) -> Option<&'static str> {
    const LONGEST_NAME_BYTES: usize = 100;
    fn telling(name: &str) -> &str {
        let inner = name.strip_prefix("id.jejak.").unwrap_or(name);
        inner.rsplit_once(".v").map_or(inner, |(inner, _)| inner)
    }
    let wanted = telling(name);
    if name.len() > LONGEST_NAME_BYTES || wanted.is_empty() {
        return None;
    }
    let distances = super::TYPES.iter().map(|one| (edits(wanted, telling(one.name)), one.name));
    let (distance, near) = distances.min()?;
    (2 * distance <= wanted.chars().count()).then_some(near)
}

fn described<T: JsonSchema>(generator: &mut SchemaGenerator, description: &str) -> Schema {
    let mut schema = generator.subschema_for::<T>();
    schema.insert("description".into(), description.into());
    schema
}

impl JsonSchema for EventCorrected {
    fn schema_name() -> SchemaName {
        "EventCorrected".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "An earlier event was wrong; this is what it should have said. `time`: the day of the correction. Stream: that of the target.",
            "additionalProperties": false,
            "required": ["data", "reason", "subject", "target", "time", "timeprecision", "type"],
            "properties": {
                "authority": described::<Text>(generator, "Who decided, as an office or function."),
                "data": {"type": "object", "description": "The facts that hold instead, whole, as `type` has them."},
                "evidence": described::<SetOf<super::Evidence>>(generator, "Supporting documents."),
                "imported_from": described::<super::ImportedFrom>(generator, "The file and row an importer took the correction from."),
                "reason": described::<Code>(generator, "Why."),
                "subject": described::<Subject>(generator, "The stream the facts belong to."),
                "target": described::<EventId>(generator, "The original event, never a correction of it."),
                "time": {"type": "string", "description": "When it happened, as in the envelope."},
                "timeprecision": described::<TimePrecision>(generator, "How exactly `time` is known."),
                "type": {"type": "string", "description": "Type and version of the facts: the target's."}
            }
        })
    }
}

impl EventType for EventCorrected {
    const DECLARATION: super::TypeDeclaration = super::TypeDeclaration {
        name: "id.jejak.event.corrected.v1",
        subjects: &[],
        role: super::Role::Corrects,
        words: ["koreksi", "correction"],
        sealed: &[],
        derived: &[],
        schema: |generator| <Self as JsonSchema>::json_schema(generator),
    };

    fn sentence(&self, _: &super::Naming<'_>) -> Message {
        by(
            said!("dikoreksi ({reason})", "corrected ({reason})", reason = &self.reason),
            self.authority.as_ref(),
        )
    }

    fn of(data: &Data) -> Option<&Self> {
        if let Data::EventCorrected(data) = data { Some(data) } else { None }
    }

    fn parts<'a>(&'a self, _: &mut super::Parts<'a>) {}

    fn scales_mut(&mut self) -> Option<&mut Option<SetOf<super::Scaled>>> {
        self.replacement.data.scales_mut()
    }

    fn scales(&self) -> Option<&SetOf<super::Scaled>> {
        self.replacement.data.scales()
    }

    fn mentions(&self, subjects: &mut Vec<Subject>) {
        subjects.push(self.replacement.subject);
        self.replacement.data.push_mentions(subjects);
        self.evidence.mention(subjects);
    }

    fn evidence(&self) -> Option<&SetOf<super::Evidence>> {
        self.evidence.as_ref()
    }

    fn sealed(&self) -> Option<&Sealed> {
        self.replacement.data.sealed()
    }

    fn set_sealed(&mut self, sealed: Option<Sealed>) {
        self.replacement.data.set_sealed(sealed);
    }
}

event_type! {
    /// An earlier event, or a correction, never held. `time`: the day of the retraction.
    /// Stream: that of the target.
    EventRetracted = "id.jejak.event.retracted.v1" on &[], Retracts,
        called ["penarikan", "retraction"];
    required {
        /// Why.
        reason: Code,
        /// The event that is taken back: an original, or a correction of one.
        target: EventId,
    }
    optional {
        /// Who decided, as an office or function.
        authority: Text,
    }
    derived {}
    sealed {}
    says |data, call| { by(
        said!("ditarik ({reason})", "retracted ({reason})", reason = &data.reason),
        data.authority.as_ref(),
    ) }
}

event_type! {
    /// A file of evidence was made unreadable: its key was destroyed. What the event says stands as
    /// before. `time`: the day of the redaction. Stream: that of the target.
    EvidenceRedacted = "id.jejak.evidence.redacted.v1" on &[], Redacts,
        called ["bukti ditarik", "evidence withdrawn"];
    required {
        /// SHA-256 of the file's ciphertext, as the target's evidence names it.
        file: Sha256Hex,
        /// Why.
        reason: Code,
        /// The event whose evidence the file is.
        target: EventId,
    }
    optional {
        /// Who decided, as an office or function.
        authority: Text,
    }
    derived {}
    sealed {}
    says |data, call| { by(
        said!(
            "dokumen bukti {file} dibuat tak terbaca ({reason})",
            "evidence file {file} made unreadable ({reason})",
            file = data.file.get(..8).unwrap_or_default(),
            reason = &data.reason,
        ),
        data.authority.as_ref(),
    ) }
}
