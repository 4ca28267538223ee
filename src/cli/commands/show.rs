//! `jejak show`.

mod print;
mod summary;

use clap::Args;
use jejak_events::identity::{Subject, SubjectKind};

pub use self::print::ANSWERS;
use crate::cli::Context;
use crate::cli::clocks::{AsKnown, LogPlace, asked, date, note_to_come};
use crate::cli::exit::{Exit, Stop};
use crate::queries::{names, show};
use crate::registry::{RegistryError, Signed};

/// Tell the whole story of an IKM, a person, a programme, a certificate, an exhibition, a sentra, a claim or an
/// area on one page, with both clocks and corrections beside what they correct.
///
/// The story is in the order in which things happened; each line says when the registry learnt it, at
/// which index and from whom. A correction says field by field what it changed, a retraction stands
/// beside what it takes back, and what was recorded more than 30 days after the fact is flagged. Streams
/// joined by a merge are told together, each line naming its stream. Attendances of one person in one
/// programme are one line; on a programme's page they, enrolments and assessments are counted in the
/// tables of sessions and of the enrolled, unless something amends them.
///
/// The page of an area begins with headline figures beside those of a year before, what came about in the last year, its
/// programmes, its targets, what is due, and how well it is recorded; that of a programme with its participation,
/// completion, scores, findings, certificates, cost and targets. Each of these figures is one that a view gives, which
/// stands beside it, asked for the day of the page (`jejak view VIEW --area CODE`, or `--program ID`).
///
/// JSON: `{"subject","joined","revision","state","on","log","facts","story":[{"index","indexes","time",
/// "timeprecision","recordedtime","late_days","source","subject","type","status","said","amendments"}],
/// "folded","program","summary","titles"}` and, with --names, `"names"` by subject. `facts` are the open facts in
/// force on the day, `state` a code such as `active`, `closed`, `merged`, `open`, `valid`, `suspended`,
/// `revoked`, `erased`, `retracted` or, of a claim, its last verdict. `said` is `{"id","en"}`. `time` and `said` are those in force;
/// `status` is `in_force`, `corrected` or `retracted`. A line of attendances has all its `indexes`,
/// and `index`, `time` and `recordedtime` of the first. `amendments` are `[{"index","type",
/// "recordedtime","source","reason","authority","retracted","differences":[{"field","before","after"}],
/// "sealed_differences"}]`; sealed fields are compared only with --names, and only of names are the
/// values said. `folded` counts by type what the tables tell. `program` is `{"sessions":[{"session",
/// "days":[{"date","present","excused","absent"}],"venue","group","cancelled"}],"enrolled":[{"ikm",
/// "person","state","since","attendance":[{"date","session","status"}],"assessments","certificates",
/// "exhibitions"}]}`; the last three are `[{"date","subject","what"}]`. `summary`, of an area or a programme, is
/// `{"parts":[{"place","view","version","title","question","figures","shares","year_before","breakdown","digest"}],
/// "due"}`: of each view the figures that the page shows, where they stand (`headline`, `last_year`, `table` or
/// `quality`), and of the whole answer the digest; `due` is as in `jejak due`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak show ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b --names --actor petugas-3\n  jejak show program/431fed63-a4e5-4350-a5de-2765245e78e9 --as-known 2025-10-08"
)]
pub struct Arguments {
    /// The stream: ikm/<uuid>, person/<uuid>, program/<uuid>, certificate/<uuid>, exhibition/<uuid>,
    /// sentra/<uuid>, claim/<uuid>, area/<code>, or registry; the beginning of an identifier (four characters or more),
    /// words of a title, or the name of an area will do where one alone fits.
    subject: String,
    /// The day the page is for: what happened later is left out [default: today].
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// As the registry knew it: at a log size, at a moment (RFC 3339), or at the end of a day
    /// [default: now].
    #[arg(long, value_name = "TIME|SIZE")]
    as_known: Option<String>,
    /// With the names that IKMs and persons have now; the look is noted in the access log first.
    #[arg(long)]
    names: bool,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let on = arguments.on.as_deref().map(|text| date("--on", text)).transpose()?;
    let is_asked = on.is_some();
    let known = arguments.as_known.as_deref().map(|text| AsKnown::read("--as-known", text)).transpose()?;
    let actor = crate::cli::looker(&context.global, arguments.names)?;
    context.with_looks(arguments.names, Signed::NotNeeded, |reading, registry| {
        let snapshot = reading.snapshot();
        let subject = crate::cli::input::stream(snapshot, &arguments.subject, &SubjectKind::ALL)?;
        let (on, size) = asked(context, snapshot, on, known)?;
        note_to_come(context, snapshot, [("--on", Some(on))])?;
        let log = LogPlace::at(snapshot, size)?;
        let page_day = print::PageDay { on, is_asked, today: context.today(snapshot)?, log: &log };
        let page = show::gather(snapshot.index(), snapshot, subject, on, size);
        let mut page = page.map_err(RegistryError::from)?;
        let summary = show::summary(snapshot, subject, on, size).map_err(super::due::stop_of)?;
        if let Some(summary) = &summary {
            page.people.extend(summary.people());
        }
        let mut named = None;
        if let Some(registry) = registry {
            let purpose = format!("show {subject} --names --on {on} --as-known {size}");
            let people: Vec<Subject> = page.people.iter().copied().collect();
            let compared = show::compared(snapshot, &page).map_err(RegistryError::from)?;
            let looked_at: Vec<Subject> = page.people.union(&compared).copied().collect();
            let look = registry.look(&actor, &purpose, &looked_at)?;
            named = Some(names::look_up(snapshot, &look, &people).map_err(RegistryError::from)?);
            show::open_differences(snapshot, &look, &mut page).map_err(RegistryError::from)?;
        }
        print::page(context, (&page, summary.as_ref()), page_day, named.as_ref())?;
        Ok(Exit::Fine)
    })
}
