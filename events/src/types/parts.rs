//! Parts that several event types share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::role::Parts;
use crate::identity::{
    CertificateId, ExhibitionId, IkmId, PersonId, ProgramId, SentraId, SessionId, Subject,
};
use crate::values::{Code, Count, Date, MediaType, SetOf, Sha256Hex, Year};

/// Whatever can name streams.
pub trait Mention {
    /// Adds the streams that the value names.
    fn mention(&self, subjects: &mut Vec<Subject>);

    /// Fills in what the value is of an event's parts; the first one of a kind stays.
    fn parts<'a>(&'a self, _parts: &mut Parts<'a>) {}
}

macro_rules! mention_as {
    ($($type:ty => $variant:ident $($part:ident)?),*) => {
        $( impl Mention for $type {
            fn mention(&self, subjects: &mut Vec<Subject>) {
                subjects.push(Subject::$variant(*self));
            }
            $( fn parts<'a>(&'a self, parts: &mut Parts<'a>) {
                parts.$part = parts.$part.or(Some(*self));
            } )?
        } )*
    };
}
mention_as!(IkmId => Ikm, PersonId => Person, ProgramId => Program program, CertificateId => Certificate,
    ExhibitionId => Exhibition, SentraId => Sentra sentra);

macro_rules! mention_nothing {
    ($($type:ty),*) => {
        $( impl Mention for $type {
            fn mention(&self, _: &mut Vec<Subject>) {}
        } )*
    };
}
// A session is found through the programme that every event about it names.
impl Mention for SessionId {
    fn mention(&self, _: &mut Vec<Subject>) {}

    fn parts<'a>(&'a self, parts: &mut Parts<'a>) {
        parts.session = Some(*self);
    }
}

mention_nothing!(
    crate::area::AreaCode,
    crate::identity::EventId,
    crate::values::Code,
    crate::values::Text,
    crate::values::Issuer,
    crate::values::Date,
    crate::values::Amount,
    crate::values::Count,
    crate::values::Rupiah,
    crate::values::CountryCode,
    crate::values::HsCode,
    crate::values::Year,
    crate::values::Percent,
    crate::values::Minutes,
    crate::values::Version,
    crate::values::Decimal,
    crate::values::Urn,
    crate::values::Vkey,
    crate::types::KeyPurpose,
    crate::values::Sha256Hex,
    crate::values::DistrictCode,
    crate::values::KbliCode,
    crate::values::Format,
    crate::values::Origin,
    bool,
    FundingStage,
    Period,
    Scaled
);

impl<T: Mention> Mention for Option<T> {
    fn mention(&self, subjects: &mut Vec<Subject>) {
        if let Some(value) = self {
            value.mention(subjects);
        }
    }

    fn parts<'a>(&'a self, parts: &mut Parts<'a>) {
        if let Some(value) = self {
            value.parts(parts);
        }
    }
}

impl<T: Mention> Mention for SetOf<T> {
    fn mention(&self, subjects: &mut Vec<Subject>) {
        for value in self.iter() {
            value.mention(subjects);
        }
    }
}

impl Mention for Subject {
    fn mention(&self, subjects: &mut Vec<Subject>) {
        subjects.push(*self);
    }
}

/// A scanned sheet, a photo or a letter kept beside the log, encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Media type, such as `image/jpeg`.
    pub media_type: MediaType,
    /// SHA-256 of the ciphertext.
    pub sha256: Sha256Hex,
    /// Whose data the file holds; erasing any of them makes it unreadable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<SetOf<Subject>>,
}

impl Mention for Evidence {
    fn mention(&self, subjects: &mut Vec<Subject>) {
        self.subjects.mention(subjects);
    }
}

/// Where an importer found an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedFrom {
    /// SHA-256 of the file.
    pub file: Sha256Hex,
    /// Row, counted from 1 as spreadsheets do.
    pub row: Count,
    /// Sheet, counted from 1.
    pub sheet: Count,
}

/// The days that a figure is about, the last one included.
///
/// That it does not run backward is for the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
}

/// What a figure was before anything was done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The figure.
    pub value: Count,
    /// The year that it is of.
    pub year: Year,
}

impl Mention for Baseline {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

/// How far money has come: a plan is no allocation, an allocation is not spent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FundingStage {
    /// Asked for or announced.
    Planned,
    /// Stands in a budget.
    Allocated,
    /// Was spent.
    Realised,
}

impl FundingStage {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Allocated => "allocated",
            Self::Realised => "realised",
        }
    }
}

/// Size class of an enterprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Micro (PP 7/2021 only).
    Mikro,
    /// Small.
    Kecil,
    /// Medium.
    Menengah,
}

impl Scale {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mikro => "mikro",
            Self::Kecil => "kecil",
            Self::Menengah => "menengah",
        }
    }
}

/// The rule that derived a size class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleRule {
    /// By workers and investment without land and buildings (Permenperin 64/2016).
    #[serde(rename = "permenperin_64_2016")]
    Permenperin64Of2016,
    /// By capital without land and buildings (PP 7/2021, art. 35).
    #[serde(rename = "pp_7_2021")]
    Pp7Of2021,
}

/// A size class with the rule that derived it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scaled {
    /// The rule.
    pub rule: ScaleRule,
    /// The class.
    pub scale: Scale,
}

/// Who or what holds a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "pemegang harus {\"ikm\"}, {\"ikm\",\"product\"} atau {\"person\"} dengan UUID versi 4\u{1f}a holder is {\"ikm\"}, {\"ikm\",\"product\"} or {\"person\"} with UUIDs of version 4"
)]
pub enum Holder {
    /// One kind of product of an IKM.
    #[serde(rename_all = "snake_case")]
    Product {
        /// The IKM.
        ikm: IkmId,
        /// The kind of product.
        product: Code,
    },
    /// An IKM.
    #[serde(rename_all = "snake_case")]
    Ikm {
        /// The IKM.
        ikm: IkmId,
    },
    /// A person.
    #[serde(rename_all = "snake_case")]
    Person {
        /// The person.
        person: PersonId,
    },
}

impl Holder {
    /// The stream of the IKM or person.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Product { ikm, .. } | Self::Ikm { ikm } => Subject::Ikm(*ikm),
            Self::Person { person } => Subject::Person(*person),
        }
    }
}

impl Mention for Holder {
    fn mention(&self, subjects: &mut Vec<Subject>) {
        subjects.push(self.subject());
    }

    fn parts<'a>(&'a self, parts: &mut Parts<'a>) {
        parts.holder = Some(self);
    }
}
