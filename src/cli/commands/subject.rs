//! `jejak subject show|export|erase`: the rights of those recorded (UU PDP 27/2022, arts. 32 and 43-46).

use std::io::Write as _;

use clap::{Args, Subcommand};
use jejak_events::fault::Refusal;
use jejak_events::identity::{Subject, SubjectKind};
use jejak_events::sealed::Group;
use jejak_events::values::Code;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{on_page, page, stdout, write_json, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format, actor, looker};
use crate::queries::held::{self, Covered, Held, StayOutput};
use crate::readmodel::Snapshot;
use crate::registry::{Destroyed, Destruction, RegistryError};
use crate::tables;
use crate::words::language::text;
use crate::words::table::{Cell, Column, Holds, Table};

mod stays;

// The variants are documented by their arguments, whose long help a text here would replace.
/// The rights of those recorded: see, take along, be erased.
#[derive(Debug, Subcommand)]
pub enum Command {
    Show(ShowArguments),
    Export(ExportArguments),
    Erase(EraseArguments),
}

/// Show everything held on a person or an IKM, event by event, and who looked at it (UU PDP art. 32).
///
/// Also what is held under streams that were merged into this one and, for a person, on the IKMs that are
/// this person in law (sole proprietors); of those that were it once, what was sealed of that time. The look is
/// noted in the access log before anything is read; the looks shown include it.
///
/// JSON: as `subject export`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak subject show person/9a0b1c2d-3e4f-4a6b-8c7d-5e6f7a8b9c0d --actor petugas-3"
)]
pub struct ShowArguments {
    /// The subject: person/<uuid> or ikm/<uuid>, or the beginning of it.
    subject: String,
}

/// Write everything held on a person or an IKM as one JSON document, to be handed out (UU PDP art. 32).
///
/// `{"format":"jejak-subject/1","subject","counts_as","covers","registry":{"origin","size","root"},
/// "erasure":{"requested","erased"},"formerly","stays","events","looks"}`. `covers` lists the streams that are
/// this subject too; `counts_as` is the one it was merged into; `formerly` lists the IKMs that were this person in
/// law once, of which `events` has what was sealed of that time; `stays` is what an erasure leaves readable, as in
/// `subject erase`. Each of `events` has `index`, `id`, `type`, `subject`,
/// `status` (as in `history`), `about`, `time`, `timeprecision`, `recordedtime`, `source`, `authtype`,
/// `authid`, `imported_from` (file, sheet and row), `open` (the open facts, evidence included), `sealed` (the
/// sealed values of this subject, by name) and `erased` (names of sealed fields that cannot be read any
/// more). Each of `looks` has `at`, `authtype`, `authid`, `purpose` and `subjects`. What is absent is absent.
/// The hand-out is noted in the access log before anything is read.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak subject export person/9a0b1c2d-3e4f-4a6b-8c7d-5e6f7a8b9c0d --actor petugas-3 > person.json"
)]
pub struct ExportArguments {
    /// The subject: person/<uuid> or ikm/<uuid>, or the beginning of it.
    subject: String,
}

/// Erase a person or an IKM: destroy the keys of everything sealed for it (UU PDP arts. 43-44).
///
/// Asks nothing and cannot be undone; --dry-run says what it would destroy. It records the request, anchors
/// it, destroys the keys in both copies of the keys file, and records that it is done; cut short, it is
/// finished when the registry is next opened. Destroyed are the keys of the subject and of what was merged
/// into it; for a person also the personal keys of the IKMs that are this person in law, and of those that were
/// it once the personal keys of what was said of that time; and the key of every file of evidence that lists any
/// of them, or that an event of that time lists. What was said of an IKM while it was nobody's counts to the time
/// of whoever was next.
///
/// Events, open facts, digests and figures stay as they are; readable stay the sealed figures of such an IKM, and
/// its personal data of other times: each is named with its reason, by --dry-run too. Ownership that is recorded
/// after the request changes nothing. Copies of the keys directory elsewhere are yours to destroy. A request that
/// comes in through `append` is carried out likewise.
///
/// JSON: `{"subject","dry_run","keys":[{"subject","group"}],"values":[{"subject","events"}],"evidence":[...],
/// "stays":[{"subject","what":"figures"|"other_times"|"evidence","events"|"files"}],"requested","erased"}`:
/// `values` are the events of which the personal fields go by themselves; with the indexes of both events, or `{"subject","dry_run","refused":{"rule","field","message":{"id","en"}}}` and
/// exit code 1.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak subject erase person/9a0b1c2d-3e4f-4a6b-8c7d-5e6f7a8b9c0d --basis subject_request --dry-run"
)]
pub struct EraseArguments {
    /// The subject: person/<uuid> or ikm/<uuid>, whole; with --dry-run the beginning of it is enough.
    subject: String,
    /// What the request rests on, as a code, such as subject_request or consent_withdrawn.
    #[arg(long, value_name = "CODE")]
    basis: String,
    /// Say what would be destroyed, and destroy nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Command {
    /// The forms that its output has.
    pub fn formats(&self) -> &'static [Format] {
        match self {
            Self::Show(_) | Self::Erase(_) => &[Format::Table, Format::Json],
            Self::Export(_) => &[Format::Json],
        }
    }
}

/// A person or an IKM; only they have rights of this kind.
pub(super) fn person_or_ikm(snapshot: &Snapshot, typed: &str) -> Result<Subject, Stop> {
    let other = Subject::parse(typed).ok();
    let other = other.filter(|subject| !matches!(subject, Subject::Person(_) | Subject::Ikm(_)));
    let Some(subject) = other else {
        return crate::cli::input::stream(snapshot, typed, &[SubjectKind::Ikm, SubjectKind::Person]);
    };
    Err(Stop::usage(
        format!("{subject} bukan orang atau IKM; sebut person/<uuid> atau ikm/<uuid>"),
        format!("{subject} is no person and no IKM; name person/<uuid> or ikm/<uuid>"),
    ))
}

/// What `subject show` and `subject export` answer.
pub const HELD: &[Shape] = &[shape::<Held>];
/// What `subject erase` answers.
pub const ERASED: &[Shape] = &[shape::<EraseOutput>];

pub fn run(command: &Command, context: &Context) -> Result<Exit, Stop> {
    match command {
        Command::Show(arguments) => look(&arguments.subject, "subject show", context),
        Command::Export(arguments) => look(&arguments.subject, "subject export", context),
        Command::Erase(arguments) => erase(arguments, context),
    }
}

/// The subject and everybody it covers.
fn covered(snapshot: &Snapshot, subject: Subject) -> Result<Covered, Stop> {
    let covered = held::covered(snapshot, subject).map_err(RegistryError::from)?;
    covered.ok_or_else(|| {
        Stop::No(jejak_events::fault::Message::new(
            format!("{subject} tidak terdaftar; periksa pengenalnya"),
            format!("{subject} is not registered; check the identifier"),
        ))
    })
}

fn look(typed: &str, purpose: &str, context: &Context) -> Result<Exit, Stop> {
    let actor = looker(&context.global, true)?;
    context.with_registry(|registry| {
        let snapshot = registry.snapshot();
        let subject = person_or_ikm(&snapshot, typed)?;
        let covered = covered(&snapshot, subject)?;
        let look = registry.look(&actor, purpose, &covered.looked_at())?;
        let report = registry.access().report()?;
        let held = held::gather((&snapshot, &look), subject, &covered, &registry.stays(subject)?, report);
        let held = held.map_err(RegistryError::from)?;
        if purpose == "subject export" || context.format() == Format::Json {
            // A document for programs, in whatever form it was asked for: no line of it is broken.
            write_json(&mut stdout(), &held)?;
        } else {
            print(&held, context, &mut page(context))?;
        }
        Ok(Exit::Fine)
    })
}

fn print(held: &Held, context: &Context, out: &mut impl std::io::Write) -> Result<(), Stop> {
    let language = context.language;
    write_synthetic(out, held.registry.synthetic, language)?;
    writeln!(out, "{}", held.subject)?;
    if let Some(into) = &held.counts_as {
        writeln!(out, "{}", text!(language, "digabung ke {into}", "merged into {into}"))?;
    }
    if !held.covers.is_empty() {
        let covers = held.covers.join(", ");
        writeln!(out, "{}", text!(language, "mencakup {covers}", "covers {covers}"))?;
    }
    if !held.formerly.is_empty() {
        let formerly = held.formerly.join(", ");
        writeln!(
            out,
            "{}",
            text!(
                language,
                "pernah menjadi {formerly}; hanya yang disegel dari masa itu",
                "was {formerly} once; only what was sealed of that time"
            )
        )?;
    }
    if let Some(requested) = held.erasure.as_ref().map(|erasure| erasure.requested) {
        writeln!(
            out,
            "{}",
            text!(language, "dihapus atas permintaan {requested}", "erased on request {requested}")
        )?;
    }
    if held.erasure.is_some() {
        stays::print(&held.stays, language, out)?;
    }
    writeln!(out, "{}", on_page(&tables::held::events(held, language)))?;
    for problem in &held.access_log_problems {
        let problem = language.of(problem);
        writeln!(out, "{}", text!(language, "catatan akses: {problem}", "access log: {problem}"))?;
    }
    writeln!(out, "{}", on_page(&tables::held::looks(held, language)))?;
    Ok(out.flush()?)
}

/// A key that goes, or went.
#[derive(Serialize, JsonSchema)]
struct KeyOutput {
    /// Whose key.
    #[schemars(with = "jejak_events::identity::Subject")]
    subject: String,
    /// What it seals.
    group: Group,
}

/// Events of an IKM of which the personal fields go.
#[derive(Serialize, JsonSchema)]
struct ValuesOutput {
    /// The IKM.
    #[schemars(with = "jejak_events::identity::Subject")]
    subject: String,
    /// Indexes of the events.
    events: Vec<u64>,
}

/// What an erasure reaches, or why it is refused.
#[derive(Serialize, JsonSchema)]
struct EraseOutput {
    /// The stream.
    #[schemars(with = "jejak_events::identity::Subject")]
    subject: String,
    /// Whether nothing was erased.
    dry_run: bool,
    #[serde(flatten)]
    result: EraseResult,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum EraseResult {
    Refused {
        /// Why.
        refused: Refusal,
    },
    Destroyed {
        /// Keys that are destroyed.
        keys: Vec<KeyOutput>,
        /// Of IKMs that were the person in law once.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        values: Vec<ValuesOutput>,
        /// Files of evidence that become unreadable, by SHA-256.
        #[schemars(with = "Vec<jejak_events::values::Sha256Hex>")]
        evidence: Vec<String>,
        /// What stays readable of IKMs that are or were the person in law.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        stays: Vec<StayOutput>,
        /// Index of the request.
        #[serde(skip_serializing_if = "Option::is_none")]
        requested: Option<u64>,
        /// Index of the event that says it is done.
        #[serde(skip_serializing_if = "Option::is_none")]
        erased: Option<u64>,
    },
}

impl EraseResult {
    fn destroyed(destruction: &Destruction, requested: Option<u64>, erased: Option<u64>) -> Self {
        let key =
            |(subject, group): &(Subject, Group)| KeyOutput { subject: subject.to_string(), group: *group };
        let keys = destruction.keys.iter().map(key).collect();
        let evidence = destruction.evidence.iter().map(ToString::to_string).collect();
        let stays = destruction.stays.iter().map(StayOutput::of).collect();
        let values = |(subject, events): &(Subject, Vec<u64>)| ValuesOutput {
            subject: subject.to_string(),
            events: events.clone(),
        };
        let values = destruction.values.iter().map(values).collect();
        Self::Destroyed { keys, values, evidence, stays, requested, erased }
    }
}

fn erase(arguments: &EraseArguments, context: &Context) -> Result<Exit, Stop> {
    let basis = Code::parse(&arguments.basis).map_err(Stop::Usage)?;
    let actor = actor(&context.global)?;
    let dry_run = arguments.dry_run;
    context.with_registry(|registry| {
        let subject = person_or_ikm(&registry.snapshot(), &arguments.subject)?;
        if !dry_run && subject.to_string() != arguments.subject {
            return Err(Stop::usage(
                format!("yang dimusnahkan tidak dapat kembali; tulis pengenalnya seutuhnya: {subject}"),
                format!("what is destroyed cannot be had back; write the whole identifier: {subject}"),
            ));
        }
        let result = if dry_run {
            match registry.rehearse_erasure(actor, subject, basis)? {
                Ok(destruction) => EraseResult::destroyed(&destruction, None, None),
                Err(refused) => EraseResult::Refused { refused },
            }
        } else {
            // Nothing is looked at; who had it destroyed stands beside who looked.
            let of = covered(&registry.snapshot(), subject)?.looked_at();
            registry.access().note(&actor, "subject erase", &of)?;
            match registry.erase(actor, subject, basis)? {
                Destroyed::Done { recorded, erased, destruction } => {
                    EraseResult::destroyed(&destruction, Some(recorded), erased)
                }
                Destroyed::Refused(refused) => EraseResult::Refused { refused },
            }
        };
        say(&EraseOutput { subject: subject.to_string(), dry_run, result }, context)
    })
}

fn say(output: &EraseOutput, context: &Context) -> Result<Exit, Stop> {
    let language = context.language;
    let exit = if matches!(output.result, EraseResult::Refused { .. }) { Exit::No } else { Exit::Fine };
    let mut out = page(context);
    if context.format() == Format::Json {
        write_json(&mut out, output)?;
        return Ok(exit);
    }
    let (keys, values, evidence, stays, requested, erased) = match &output.result {
        EraseResult::Refused { refused } => return Err(Stop::No(refused.message.clone())),
        EraseResult::Destroyed { keys, values, evidence, stays, requested, erased } => {
            (keys, values, evidence, stays, requested, erased)
        }
    };
    let columns = [
        Column::people(Holds::Id, ["kunci milik", "key of"]),
        Column::people(Holds::Text, ["kolom", "fields"]),
    ];
    let mut table = Table::new(language, columns);
    let group = |group| match group {
        Group::Personal => language.pick("pribadi", "personal"),
        Group::Confidential => language.pick("rahasia", "confidential"),
    };
    for key in keys {
        table.row([Cell::id(&key.subject), group(key.group).into()]);
    }
    for ValuesOutput { subject, events } in values {
        let (group, listed) = (group(Group::Personal), stays::listed(events));
        let fields = text!(language, "{group}, peristiwa {listed}", "{group}, events {listed}");
        table.row([Cell::id(subject), fields.into()]);
    }
    for file in evidence {
        table.row([Cell::id(file), language.pick("bukti", "evidence").into()]);
    }
    writeln!(out, "{}", on_page(&table))?;
    stays::print(stays, language, &mut out)?;
    let said = match (requested, erased) {
        (Some(requested), Some(erased)) => text!(
            language,
            "dimusnahkan: diminta pada peristiwa {requested}, selesai pada peristiwa {erased}",
            "destroyed: requested in event {requested}, done in event {erased}"
        ),
        (Some(requested), None) => text!(
            language,
            "dimusnahkan: diminta pada peristiwa {requested}; bahwa itu selesai dicatat begitu jam dapat dipercaya",
            "destroyed: requested in event {requested}; that it is done is recorded once the clock can be believed"
        ),
        (None, _) => text!(
            language,
            "belum dimusnahkan; jalankan tanpa --dry-run untuk memusnahkannya",
            "nothing is destroyed yet; run it without --dry-run to destroy them"
        ),
    };
    writeln!(out, "{said}")?;
    out.flush()?;
    Ok(exit)
}
