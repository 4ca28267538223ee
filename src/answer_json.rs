//! Answers and verdicts as JSON: stable, and the same from a command as in an evidence bundle.
//!
//! Nothing here counts, and nothing here knows where the facts come from.

use std::collections::BTreeMap;

use jejak_events::area::{AreaCode, Level};
use jejak_events::fault::Message;
use jejak_events::identity::{ClaimId, Subject};
use jejak_events::policy::{Accepted, Witness};
use jejak_events::time::RecordedTime;
use jejak_events::tree::Hash;
use jejak_projections::answer::{
    Answer, AreaRow, Breakdown, BreakdownRow, Figure, FigureUnit, Member, Share, Words,
};
use jejak_projections::claims::{Claim, Report};
use jejak_projections::question::{BY_AREA, Question};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sealed values by subject and field, those that were asked for; none where it was erased, or nobody gave it.
pub type SealedColumns = BTreeMap<String, BTreeMap<&'static str, Option<String>>>;

/// The place in the log that an answer knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LogPlace {
    /// Number of events known.
    pub size: u64,
    /// Root of the tree over them, base64.
    #[schemars(with = "jejak_events::schema::texts::Root")]
    pub root: String,
    /// When the last of them was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::schema::texts::Moment>")]
    pub recorded_until: Option<String>,
    /// The same, and the area of the office that recorded it.
    #[serde(skip)]
    pub last: Option<(RecordedTime, AreaCode)>,
    /// Whether event 0 says that the registry holds made-up data.
    pub synthetic: bool,
}

impl LogPlace {
    /// The place after `size` events of a registry that is `synthetic` or not.
    #[must_use]
    pub fn new(size: u64, root: Hash, last: Option<(RecordedTime, AreaCode)>, synthetic: bool) -> Self {
        let recorded_until = last.map(|(recorded, _)| recorded.to_string());
        Self { size, root: root.to_string(), recorded_until, last, synthetic }
    }
}

/// A cosignature by a witness that the reader's policy lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cosigned {
    /// Name of the witness in that policy.
    pub witness: String,
    /// The time that it states, in seconds since 1970-01-01T00:00:00Z.
    pub unix_seconds: u64,
}

impl Cosigned {
    /// Every cosignature that a policy accepted, in the order of the policy.
    #[must_use]
    pub fn all(accepted: &Accepted) -> Vec<Self> {
        let one = |(witness, unix_seconds): &(&Witness, u64)| Self {
            witness: witness.name(),
            unix_seconds: *unix_seconds,
        };
        accepted.cosigned.iter().map(one).collect()
    }
}

/// The answer of a view.
#[derive(Serialize, JsonSchema)]
pub struct ViewAnswer<'a> {
    /// Name of the view.
    #[schemars(with = "jejak_projections::names::ViewName")]
    view: &'a str,
    /// Version of its definition.
    version: u32,
    /// The name in words.
    title: Words,
    /// What it counts, in full.
    definition: Words,
    /// Whose words the claims are, where the view counts claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Message>,
    /// What was asked.
    question: &'a Question,
    /// The figures, always all of the view.
    figures: &'a [Figure],
    /// The figures by area, in the order of the codes; areas without any are left out.
    by_area: &'a [AreaRow],
    /// The figures by something else than the area.
    breakdowns: &'a [Breakdown],
    /// Figures as parts of others.
    #[serde(skip_serializing_if = "<[Share]>::is_empty")]
    shares: &'a [Share],
    /// How filters were understood.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Message>,
    /// What the keys of breakdowns stand for, by `<breakdown>/<key>`, as far as they have a title.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// SHA-256 over the canonical JSON of `{breakdowns, by_area, context, figures, members, question, version, view}`.
    #[schemars(with = "jejak_events::values::Sha256Hex")]
    digest: &'a str,
    /// How much of the log it knows.
    log: &'a LogPlace,
    /// With --list: indexes of events that the figures rest on without being about one member, ascending.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a [u64]>,
    /// With --list: who is behind the figures, with the events that make each count.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<&'a [Member]>,
    /// Names by member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<&'a BTreeMap<String, Option<String>>>,
    /// With --columns: sealed values by member and field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<&'a SealedColumns>,
    /// With --list: why members count, as codes, in views that tell reasons apart; of a sentra its stage, of who exported
    /// the countries.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, String>,
    /// Attested figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attested: Option<&'a [Attested]>,
}

impl<'a> ViewAnswer<'a> {
    /// An answer, with who and what is behind it when `list` says so.
    #[must_use]
    pub fn new(answer: &'a Answer, log: &'a LogPlace, list: bool) -> Self {
        Self {
            view: answer.view,
            version: answer.version,
            title: answer.title,
            definition: answer.definition,
            words: words_of(answer.view),
            question: &answer.question,
            figures: &answer.figures,
            by_area: &answer.by_area,
            breakdowns: &answer.breakdowns,
            shares: &answer.shares,
            notes: notes_of(answer),
            titles: BTreeMap::new(),
            digest: &answer.digest,
            log,
            context: list.then_some(&answer.context),
            members: list.then_some(&answer.members),
            names: None,
            columns: None,
            reasons: BTreeMap::new(),
            attested: None,
        }
    }
}

/// How the filters of an answer were understood, where that is not plain.
#[must_use]
pub fn notes_of(answer: &Answer) -> Vec<Message> {
    let left_out = persons_left_out(answer).into_iter().chain(areas_without_a_row(answer));
    money_of(answer).into_iter().chain(row_of(answer)).chain(left_out).collect()
}

/// That a sum of persons leaves out those of programmes that name none, where there are such programmes among its rows.
fn persons_left_out(answer: &Answer) -> Option<Message> {
    let is_told = |name: &str| {
        let figure = answer.figures.iter().find(|figure| figure.name == name);
        figure.is_some_and(|figure| {
            figure.unit == FigureUnit::Person && figure.value.is_some_and(|value| value > 0)
        })
    };
    let programs = answer.breakdowns.iter().find(|breakdown| breakdown.by == "program")?;
    let names_nobody =
        |row: &&BreakdownRow| row.figures.iter().any(|figure| is_told(figure.name) && figure.value.is_none());
    let count = programs.rows.iter().filter(names_nobody).count() as u64;
    (count > 0).then(|| {
        let programs = if count == 1 { "programme" } else { "programmes" };
        Message::new(
            format!("Orang: sejauh diketahui; dalam {count} program lain tidak ada orang yang dicatat."),
            format!("Persons: those known; in {count} other {programs} no persons are recorded."),
        )
    })
}

/// Figure of the areas without a report of their population.
const UNREPORTED: &str = "population_unreported";

/// That more kabupaten and kota are without a report than have a row.
fn areas_without_a_row(answer: &Answer) -> Option<Message> {
    let value = |figures: &[Figure]| figures.iter().find(|figure| figure.name == UNREPORTED)?.value;
    let rows =
        answer.by_area.iter().filter(|row| row.area.is_some_and(|area| area.level() != Level::Province));
    let told: u64 = rows.filter_map(|row| value(&row.figures)).sum();
    let without = value(&answer.figures)?.checked_sub(told)?;
    (without > 0 && answer.question.only.is_none()).then(|| {
        Message::new(
            format!("{without} kabupaten dan kota di antaranya tidak punya baris: tanpa laporan dan tanpa IKM terdaftar."),
            format!("{without} of the kabupaten and kota have no row: no report and no registered IKM."),
        )
    })
}

/// What an answer that is narrowed to a row leaves out; that there is no such row.
fn row_of(answer: &Answer) -> Vec<Message> {
    let Some(only) = &answer.question.only else { return Vec::new() };
    if !answer.has_row_asked() {
        return vec![Message::new(
            "Tidak ada baris seperti itu: tidak ada yang terhitung di dalamnya.",
            "There is no such row: nothing counts in it.",
        )];
    }
    let areas = answer.by_area.iter().map(|row| &row.figures).filter(|_| only.by != BY_AREA);
    let others = answer.breakdowns.iter().filter(|breakdown| breakdown.by != only.by);
    let others = areas.chain(others.flat_map(|breakdown| &breakdown.rows).map(|row| &row.figures));
    let is_told = |place: usize| others.clone().any(|figures| figures[place].value.is_some());
    let mut figures = answer.figures.iter().enumerate();
    let is_whole =
        figures.all(|(place, figure)| figure.value.is_none_or(|value| value == 0) || is_told(place));
    let not_broken_down = (!is_whole).then(|| {
        Message::new(
            "Angka yang dihitung tersendiri untuk tiap baris tidak dirinci lagi di dalam satu baris (-).",
            "A figure that is counted anew for each row is not broken down further within one (-).",
        )
    });
    // A view that says of which programme something is leaves out the events of the others.
    let says_programs = answer.breakdowns.iter().any(|breakdown| breakdown.by == "program");
    let is_exact = says_programs && !only.by.starts_with("session");
    let of_others = (!answer.context.is_empty() && !is_exact).then(|| {
        Message::new(
            "Di antara peristiwa yang ikut menjadi tumpuan boleh jadi ada yang menyangkut baris lain.",
            "Of the events that it also rests on some may be about other rows.",
        )
    });
    not_broken_down.into_iter().chain(of_others).collect()
}

/// Which money counts, where only that of one source does.
fn money_of(answer: &Answer) -> Option<Message> {
    let source = answer.question.funding.as_ref()?;
    let counts_money = answer.figures.iter().any(|figure| figure.unit == FigureUnit::Rupiah);
    Some(match counts_money {
        true => Message::new(
            format!("Uang dihitung menurut sumbernya sendiri: hanya yang dari {source}."),
            format!("Money counts by its own source: only that of {source}."),
        ),
        false => Message::new(
            format!("Hanya program yang punya uang dari {source}, menurut peristiwa mana pun."),
            format!("Only programmes that have money of {source}, by any event."),
        ),
    })
}

/// Name of the view that counts claims.
pub const CLAIMS_VIEW: &str = "claims";

/// Whose words stand in an answer of this view; none where the words are the registry's own.
#[must_use]
pub fn words_of(view: &str) -> Option<Message> {
    (view == CLAIMS_VIEW).then(|| {
        Message::new(
            "Kata-kata klaim itu milik pembuat klaim; apa yang dihitung untuk tiap klaim dikatakan `jejak claim check claim/<uuid>`.",
            "The words of a claim are the claimant's; what was counted for each, `jejak claim check claim/<uuid>` says.",
        )
    })
}

/// A claim, the file it was read from, and what came of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Judged {
    /// Name of the file.
    pub file: String,
    /// The claim.
    pub claim: Claim,
    /// What came of it.
    pub report: Report,
    /// The stream that it was read from.
    #[serde(skip)]
    pub stream: Option<ClaimId>,
    /// Where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// Verdicts on claims.
#[derive(Serialize, JsonSchema)]
pub struct JudgedClaims<'a> {
    /// Whose words the claims are, beside what was counted.
    pub words: Message,
    /// One for each claim.
    pub claims: &'a [Judged],
    /// How much of the log they know.
    pub log: &'a LogPlace,
}

/// JSON as commands print it.
///
/// # Errors
/// None that a value of these types can cause.
pub fn to_json(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A figure over some of the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// The sum, the median change in whole percent, or how many persons have what is asked for.
    pub value: Told,
    /// What the sum is a part of: the sum of the whole over the same events, or the persons that say whether they have it;
    /// none where there is no whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Told>,
    /// Reports whose value went in; of a change, pairs of reports; of persons, persons.
    pub seen: u64,
    /// Reports that do not give the value, or persons that do not.
    pub unseen: u64,
    /// Reports whose value was erased, or persons.
    pub erased: u64,
    /// IKMs whose value went in; of persons, persons.
    pub ikms: u64,
}

/// An attested figure with its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attested {
    /// Its name.
    #[schemars(with = "jejak_projections::names::AttestedName")]
    pub name: &'static str,
    /// The name in words.
    pub title: Words,
    /// Whether it is a change in percent rather than a sum.
    pub is_change: bool,
    /// Over everything.
    pub total: Part,
    /// By area of the IKM; only of sums.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_area: Vec<AreaPart>,
    /// By programme; only of changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_program: Vec<ProgramPart>,
}

/// An attested figure of one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AreaPart {
    /// The area; none where the IKM's is not on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// The figure.
    #[serde(flatten)]
    pub part: Part,
}

/// An attested figure of one programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProgramPart {
    /// The programme.
    #[schemars(with = "jejak_events::identity::ProgramId")]
    pub program: String,
    /// The figure.
    #[serde(flatten)]
    pub part: Part,
}

/// Where a claim and its check stand in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recorded {
    /// Its stream: `claim/<uuid>`, which follows from what the claim says.
    #[serde(serialize_with = "as_stream")]
    #[schemars(with = "jejak_events::identity::Subject")]
    pub claim: ClaimId,
    /// Index of the claim.
    pub made: u64,
    /// Index of the check.
    pub checked: u64,
    /// Whether the check stood there before: of this claim, for this day, at this log size.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
}

fn as_stream<S: serde::Serializer>(claim: &ClaimId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Subject::Claim(*claim))
}

/// A figure, or that it is withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The figure.
    Value(i64),
    /// It comes from too few IKMs, or would give such a figure away.
    Withheld,
    /// There is nothing to make it of.
    None,
}
