//! What a view answers: figures, where they come from, and a digest over all of it.

use std::borrow::Cow;
use std::fmt;

use jejak_events::area::AreaCode;
use jejak_events::identity::{ClaimId, IkmId, PersonId, ProgramId, SentraId, Subject};
use jejak_events::types::claim::percent_hundredths;
use jejak_events::values::{Date, INTEGER_LIMIT, Sha256Hex};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::names::{BreakdownName, FigureName, ShareName, ViewName};
use crate::question::{BY_AREA, OnlyRow, Question};
use crate::views::{ShareDeclaration, counting};

/// The same words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Bahasa Indonesia, what officers read.
    pub id: &'static str,
}

/// Said beside every answer of a synthetic registry.
pub const SYNTHETIC: Words = Words {
    id: "SINTETIS: data registri ini buatan; jawaban ini bukan tentang dunia nyata.",
    en: "SYNTHETIC: this registry's data is made up; this is not about the real world.",
};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureUnit {
    /// Enterprises.
    Ikm,
    /// An enterprise at an exhibition.
    Participation,
    /// Persons.
    Person,
    /// One day of a session for one person or delegation.
    PersonDay,
    /// Training sessions.
    Session,
    /// Programmes.
    Program,
    /// Certificates.
    Certificate,
    /// A kind of product of an enterprise.
    Product,
    /// Visits of a mentor.
    Visit,
    /// Days, the median of three or more.
    MedianDays,
    /// Percent, of three or more, rounded once to the nearest, halves up.
    Percent,
    /// Hundredths of a percent.
    BasisPoint,
    /// Events of the log.
    Event,
    /// Something that a mentor found.
    Finding,
    /// Shipments abroad.
    Shipment,
    /// Clusters of enterprises.
    Sentra,
    /// Facilities, such as waste-water plants.
    Facility,
    /// Reports and declarations.
    Report,
    /// Kabupaten and kota.
    Area,
    /// Enterprises as somebody else counts them.
    ReportedIkm,
    /// Minutes of teaching.
    Minute,
    /// Lesson hours (JP) of 45 minutes; counted in minutes and rounded to the nearest.
    LessonHour,
    /// Places in programmes that have a quota.
    Place,
    /// Whole rupiah of public money.
    Rupiah,
    /// Whole rupiah for each of something, which nobody adds up.
    RupiahEach,
    /// Targets of programmes.
    Target,
    /// Whatever a target counts.
    OfTarget,
    /// Claims that somebody made in public.
    Claim,
    /// Checks of claims.
    Check,
    /// Whatever a claim counts.
    OfClaim,
}

impl FigureUnit {
    /// Whether a figure of this unit says something of those behind it only together: who is one of a hundred, of whom so
    /// many are certified, need not be certified.
    #[must_use]
    pub fn is_of_all(self) -> bool {
        matches!(self, Self::Percent | Self::MedianDays | Self::RupiahEach)
    }

    /// Whether each row of a figure of this unit tells its own: what one target or claim counts, another does not.
    #[must_use]
    pub fn is_of_its_own(self) -> bool {
        matches!(self, Self::OfTarget | Self::OfClaim)
    }

    /// Whether a figure of this unit is known only where an event says it: no report of money is no spending
    /// of 0, and who counts no persons has not counted none.
    #[must_use]
    pub fn is_said(self) -> bool {
        matches!(
            self,
            Self::MedianDays
                | Self::Percent
                | Self::Person
                | Self::Place
                | Self::Rupiah
                | Self::RupiahEach
                | Self::ReportedIkm
                | Self::OfTarget
                | Self::OfClaim
        )
    }

    /// All units.
    pub const ALL: [Self; 30] = [
        Self::Ikm,
        Self::Participation,
        Self::Person,
        Self::PersonDay,
        Self::Session,
        Self::Program,
        Self::Certificate,
        Self::Product,
        Self::Visit,
        Self::MedianDays,
        Self::Percent,
        Self::Event,
        Self::Finding,
        Self::Shipment,
        Self::Sentra,
        Self::Facility,
        Self::Report,
        Self::Area,
        Self::ReportedIkm,
        Self::Minute,
        Self::LessonHour,
        Self::Place,
        Self::Rupiah,
        Self::RupiahEach,
        Self::Target,
        Self::OfTarget,
        Self::Claim,
        Self::Check,
        Self::OfClaim,
        Self::BasisPoint,
    ];

    /// The unit of a written form.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ikm => "ikm",
            Self::Participation => "participation",
            Self::Person => "person",
            Self::PersonDay => "person_day",
            Self::Session => "session",
            Self::Program => "program",
            Self::Certificate => "certificate",
            Self::Product => "product",
            Self::Visit => "visit",
            Self::MedianDays => "median_days",
            Self::Percent => "percent",
            Self::BasisPoint => "basis_point",
            Self::Event => "event",
            Self::Finding => "finding",
            Self::Shipment => "shipment",
            Self::Sentra => "sentra",
            Self::Facility => "facility",
            Self::Report => "report",
            Self::Area => "area",
            Self::ReportedIkm => "reported_ikm",
            Self::Minute => "minute",
            Self::LessonHour => "lesson_hour",
            Self::Place => "place",
            Self::Rupiah => "rupiah",
            Self::RupiahEach => "rupiah_each",
            Self::Target => "target",
            Self::OfTarget => "of_target",
            Self::Claim => "claim",
            Self::Check => "check",
            Self::OfClaim => "of_claim",
        }
    }
}

/// The largest figure: what records and JSON of every reader hold exactly, 2^53 - 1.
pub const FIGURE_LIMIT: u64 = INTEGER_LIMIT.unsigned_abs() - 1;

/// One counted figure. Each thing is counted once, however many events stand behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figure {
    /// Its name, stable within a version of the view.
    #[schemars(with = "FigureName")]
    pub name: &'static str,
    /// What it counts. Of a target or a claim that is told what that counts; `of_target` or `of_claim` where it is not known,
    /// adds up unlike things, or is in a unit that no figure has.
    pub unit: FigureUnit,
    /// The count, at most [`FIGURE_LIMIT`]; `null` where no event says it, or where it would add up unlike
    /// things.
    pub value: Option<u64>,
}

/// The figures of one area. Areas without any are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AreaRow {
    /// The area; none for IKMs whose registration is not in force on that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// All figures of the view, also those that are 0 or not known.
    pub figures: Vec<Figure>,
}

/// The figures of one value of something else than the area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BreakdownRow {
    /// The day that the row goes by, where it has one: the due day of a target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// All figures of the view, also those that are 0 or not known.
    pub figures: Vec<Figure>,
    /// The value: a code, a size class or a UUID; none where it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// The figures by something else than the area, such as `theme` or `program`. Values without any are
/// left out. What counts under two values counts in both rows and once in the figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Breakdown {
    /// What it is by.
    #[schemars(with = "BreakdownName")]
    pub by: &'static str,
    /// By value, in the order of the text.
    pub rows: Vec<BreakdownRow>,
}

/// Who or what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// An IKM.
    Ikm(Uuid),
    /// A person.
    Person(Uuid),
    /// A session.
    Session(Uuid),
    /// A programme.
    Program(Uuid),
    /// A sentra.
    Sentra(Uuid),
    /// An area.
    Area(AreaCode),
    /// A claim.
    Claim(Uuid),
}

/// What kind of thing is counted as one of those behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberKind {
    /// IKMs.
    Ikm,
    /// Persons.
    Person,
    /// Sessions.
    Session,
    /// Programmes.
    Program,
    /// Sentras.
    Sentra,
    /// Areas.
    Area,
    /// Claims.
    Claim,
}

impl MemberKind {
    /// The written form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ikm => "ikm",
            Self::Person => "person",
            Self::Session => "session",
            Self::Program => "program",
            Self::Sentra => "sentra",
            Self::Area => "area",
            Self::Claim => "claim",
        }
    }
}

impl Who {
    /// What kind of thing it is.
    #[must_use]
    pub fn kind(self) -> MemberKind {
        match self {
            Self::Ikm(_) => MemberKind::Ikm,
            Self::Person(_) => MemberKind::Person,
            Self::Session(_) => MemberKind::Session,
            Self::Program(_) => MemberKind::Program,
            Self::Sentra(_) => MemberKind::Sentra,
            Self::Area(_) => MemberKind::Area,
            Self::Claim(_) => MemberKind::Claim,
        }
    }

    /// The word before the slash, and the identifier; `None` for an area, which has a code.
    fn parts(self) -> Option<(&'static str, Uuid)> {
        match self {
            Self::Ikm(id) => Some(("ikm/", id)),
            Self::Person(id) => Some(("person/", id)),
            Self::Session(id) => Some(("session/", id)),
            Self::Program(id) => Some(("program/", id)),
            Self::Sentra(id) => Some(("sentra/", id)),
            Self::Claim(id) => Some(("claim/", id)),
            Self::Area(_) => None,
        }
    }

    /// Its identifier; `None` for an area, which has a code.
    pub(crate) fn uuid(self) -> Option<Uuid> {
        self.parts().map(|(_, id)| id)
    }

    /// Its stream; `None` for a session, which has none of its own.
    #[must_use]
    pub fn subject(self) -> Option<Subject> {
        match self {
            Self::Ikm(id) => IkmId::new(id).map(Subject::Ikm),
            Self::Person(id) => PersonId::new(id).map(Subject::Person),
            Self::Session(_) => None,
            Self::Program(id) => ProgramId::new(id).map(Subject::Program),
            Self::Sentra(id) => SentraId::new(id).map(Subject::Sentra),
            Self::Area(area) => Some(Subject::Area(area)),
            Self::Claim(id) => ClaimId::new(id).map(Subject::Claim),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.parts(), self) {
            (Some((kind, id)), _) => write!(f, "{kind}{}", id.hyphenated()),
            (None, Self::Area(area)) => write!(f, "area/{area}"),
            (None, _) => Ok(()),
        }
    }
}

impl Serialize for Who {
    /// As [`fmt::Display`], without its machinery: there are many members.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some((kind, id)) = self.parts() else { return serializer.collect_str(self) };
        let mut text = [0u8; 48];
        let (head, tail) = text.split_at_mut(kind.len());
        head.copy_from_slice(kind.as_bytes());
        let length = kind.len() + id.hyphenated().encode_lower(tail).len();
        match std::str::from_utf8(&text[..length]) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.collect_str(self),
        }
    }
}

impl JsonSchema for Who {
    fn schema_name() -> Cow<'static, str> {
        "Who".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^((ikm|person|session|program|sentra|claim)/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|area/[0-9]{2}(\\.[0-9]{2})?)$",
            "description": "Who or what is counted: a kind and a lower-case UUID, or an area and its code"
        })
    }
}

/// Somebody behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Member {
    /// How much it adds to each of its figures, in their order; none where that is 1 each. It follows from the events, and is
    /// neither serialised nor part of the digest.
    #[serde(skip)]
    pub amounts: Option<Box<[u64]>>,
    /// Its area; for a person the area of the IKM that sent it (of several the one with the lowest
    /// code). None when the IKM's registration is not in force on that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// The day that its counting goes by, in views that have one: the last day of a certificate, the day
    /// since when something is due. Of several the earliest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// Indexes of the events that make it count, ascending: originals, and the corrections that speak
    /// for them.
    pub events: Vec<u64>,
    /// Names of the figures in which it counts, in the order of the view. Percentages, medians and amounts for each are
    /// left out where it counts in others: they say nothing of one alone.
    #[serde(serialize_with = "told_figures")]
    #[schemars(with = "Vec<FigureName>")]
    pub figures: Vec<&'static str>,
    /// Who or what it is.
    pub who: Who,
}

impl Member {
    /// The same without some figures; none where it counts in no other.
    pub(crate) fn without(mut self, figures: &[&str]) -> Option<Self> {
        let kept: Vec<&'static str> =
            self.figures.iter().copied().filter(|name| !figures.contains(name)).collect();
        let amounts: Vec<u64> = kept.iter().filter_map(|name| self.amount(name)).collect();
        self.amounts = amounts.iter().any(|amount| *amount != 1).then(|| amounts.into());
        self.figures = kept;
        (!self.figures.is_empty()).then_some(self)
    }

    /// How much it adds to a figure; `None` where it does not count in it.
    #[must_use]
    pub fn amount(&self, figure: &str) -> Option<u64> {
        let place = self.figures.iter().position(|name| *name == figure)?;
        Some(self.amounts.as_ref().and_then(|amounts| amounts.get(place)).copied().unwrap_or(1))
    }
}

/// Tells the figures in which somebody counts.
pub(crate) fn told_figures<S: Serializer>(names: &[&'static str], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(counting(names))
}

/// One figure as a part of another. It follows from the figures and is no part of the digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Share {
    /// The part in the whole, in hundredths of a percent, rounded once to the nearest, halves up; of some at least
    /// 0.01 %, of less than the whole at most 99.99 %. None where the whole is 0, one of the two is not known, or the part is larger than the whole, unless it is held against a target or a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_points: Option<u64>,
    /// Its name.
    #[schemars(with = "ShareName")]
    pub name: &'static str,
    /// The figure that is the part.
    #[schemars(with = "FigureName")]
    pub part: &'static str,
    /// The figure that is the whole.
    #[schemars(with = "FigureName")]
    pub whole: &'static str,
}

/// Events whose sealed figures are to be summed beside a view: attested by the registry, never proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttestedBasis {
    /// Area of the IKM on the day.
    pub area: Option<AreaCode>,
    /// The events.
    pub events: BasisEvents,
    /// The IKM that they are about.
    pub ikm: Uuid,
    /// The programme that they are held against, where it is one.
    pub program: Option<ProgramId>,
}

/// Indexes of the events that carry the sealed figures in force: originals or corrections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BasisEvents {
    /// One report.
    One(u64),
    /// Two reports to be compared.
    Pair {
        /// The last one before.
        before: u64,
        /// The last one after.
        after: u64,
    },
}

impl BasisEvents {
    /// The indexes, in the order of time.
    pub fn indexes(self) -> impl Iterator<Item = u64> {
        let (first, second) = match self {
            Self::One(index) => (index, None),
            Self::Pair { before, after } => (before, Some(after)),
        };
        std::iter::once(first).chain(second)
    }
}

/// The answer of a view to a question. Serialised with every key in canonical order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The events behind the attested figures of the view, sorted. What they say is sealed, so they are
    /// neither serialised nor part of the digest.
    #[serde(skip)]
    pub bases: Vec<AttestedBasis>,
    /// The figures by something else than the area.
    pub breakdowns: Vec<Breakdown>,
    /// The figures by area, in the order of the codes.
    pub by_area: Vec<AreaRow>,
    /// Indexes of the events that the figures rest on without being about one member: programmes,
    /// sessions, exhibitions; ascending.
    pub context: Vec<u64>,
    /// What the view counts, in full.
    pub definition: Words,
    /// SHA-256 in lower-case hex over the canonical JSON (RFC 8785) of `{breakdowns, by_area, context,
    /// figures, members, question, version, view}`. Words are not part of it.
    #[schemars(with = "Sha256Hex")]
    pub digest: String,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Who is behind them, IKMs before persons before sessions, by identifier.
    pub members: Vec<Member>,
    /// What was asked.
    pub question: Question,
    /// Figures as parts of others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// The name of the view in words.
    pub title: Words,
    /// Version of the definition.
    pub version: u32,
    /// Name of the view.
    #[schemars(with = "ViewName")]
    pub view: &'static str,
}

/// What the digest covers. Keys in the order of their names; all text is ASCII without anything that
/// JSON escapes, so these bytes are canonical.
#[derive(Serialize)]
struct Digested<'a> {
    breakdowns: &'a [Breakdown],
    by_area: &'a [AreaRow],
    context: &'a [u64],
    figures: &'a [Figure],
    members: &'a [Member],
    question: &'a Question,
    version: u32,
    view: &'a str,
}

impl Answer {
    /// The digest of what the answer says; equals [`Answer::digest`] unless somebody changed it.
    #[must_use]
    pub fn compute_digest(&self) -> String {
        let digested = Digested {
            breakdowns: &self.breakdowns,
            by_area: &self.by_area,
            context: &self.context,
            figures: &self.figures,
            members: &self.members,
            question: &self.question,
            version: self.version,
            view: self.view,
        };
        let mut hashing = Hashing { hash: Sha256::new(), pending: Vec::with_capacity(2 * PENDING_BYTES) };
        let Ok(()) = serde_json::to_writer(&mut hashing, &digested) else {
            unreachable!("an answer has text keys and whole numbers only")
        };
        hashing.hash.update(&hashing.pending);
        hashing.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same with its digest.
    pub(crate) fn digested(mut self) -> Self {
        self.digest = self.compute_digest();
        self
    }

    /// The shares that a list of figures comes to, by the declarations `(name, part, whole)`.
    #[must_use]
    pub fn shares(figures: &[Figure], declared: &[ShareDeclaration]) -> Vec<Share> {
        let value = |name| figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value);
        let share = |declared: &ShareDeclaration| {
            let both = value(declared.part).zip(value(declared.whole));
            // A count that another source's count does not hold is no part of it.
            let inside = both.filter(|(part, whole)| part <= whole || declared.may_exceed);
            let inside = inside.filter(|_| declared.of_one.is_none_or(|counted| value(counted) == Some(1)));
            let basis_points = inside.and_then(|(part, whole)| percent_hundredths(part, whole));
            Share { basis_points, name: declared.name, part: declared.part, whole: declared.whole }
        };
        declared.iter().map(share).collect()
    }

    /// What it says of one figure: that alone, the rows in which it counts, and who counts in it, `members`. The digest
    /// stays that of the whole answer.
    pub(crate) fn of_figure(mut self, name: &str, members: Vec<Member>) -> Self {
        let counts = |figures: &mut Vec<Figure>| {
            figures.retain(|figure| figure.name == name);
            figures.iter().any(|figure| figure.value.is_some_and(|value| value > 0))
        };
        counts(&mut self.figures);
        self.by_area.retain_mut(|row| counts(&mut row.figures));
        for breakdown in &mut self.breakdowns {
            breakdown.rows.retain_mut(|row| counts(&mut row.figures));
        }
        self.shares.retain(|share| share.part == name);
        self.members = members;
        self
    }

    /// Whether anything counts in the row that was asked for; true where none was.
    #[must_use]
    pub fn has_row_asked(&self) -> bool {
        let Some(OnlyRow { by, .. }) = &self.question.only else { return true };
        // A narrowed answer has no other row by the same.
        let rows = self.breakdowns.iter().filter(|breakdown| breakdown.by == by).flat_map(|one| &one.rows);
        if by == BY_AREA { !self.by_area.is_empty() } else { rows.count() > 0 }
    }

    /// The value of a figure by name; `None` where the view has no such figure or nobody said it.
    #[must_use]
    pub fn value(&self, figure: &str) -> Option<u64> {
        self.figure(figure).and_then(|one| one.value)
    }

    /// A figure by name.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|one| one.name == name)
    }
}

/// Hashes JSON as it is written: that of many members is larger than the members.
struct Hashing {
    hash: Sha256,
    pending: Vec<u8>,
}

/// Hashed at a time; serde writes a few bytes at a time.
const PENDING_BYTES: usize = 32 * 1024;

impl std::io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PENDING_BYTES {
            self.hash.update(&self.pending);
            self.pending.clear();
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
