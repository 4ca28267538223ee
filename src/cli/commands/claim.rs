//! `jejak claim check|sample`.

mod print;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jejak_events::excerpt::quoted;
use jejak_events::fault::Message;
use jejak_events::identity::{ClaimId, Subject, SubjectKind};
use jejak_events::text::{LETTERS_PER_EDIT, edits, folded};
use jejak_events::translation::told;
use jejak_events::values::{Code, Date};
use jejak_projections::claims::sample::{self, Precision};
use jejak_projections::claims::{CheckError, Claim, ClaimFault, WrittenScope, recorded_claim};
use jejak_projections::facts::Facts;

pub use self::print::{CHECKED, SAMPLED};
use crate::answer_json::Judged;
use crate::cli::clocks::{AsKnown, LogPlace, asked, date};
use crate::cli::exit::{Exit, Stop};
use crate::cli::input::{open_file, stream};
use crate::cli::{Context, actor};
use crate::queries::claims::{RecordClaimError, judge, record};
use crate::queries::names;
use crate::readmodel::Snapshot;
use crate::registry::{RegistryError, Signed};
use crate::words::language::text;
use jejak_projections::claims::Judging;

// The variants are documented by their arguments, whose long help a text here would replace.
/// What somebody claims, beside what is recorded.
#[derive(Debug, Subcommand)]
pub enum Command {
    Check(CheckArguments),
    Sample(SampleArguments),
}

/// Hold claims against the views and against themselves: reported beside counted, with a verdict.
///
/// A claim is a TOML file: `document`, `publisher`, `published_on`, `claim` (a few words of your own), `kind`
/// (fact, estimate, plan, hope, opinion, background), `unit`, `value` (in percent with up to two places, such as
/// "66.67"), `approximate`, `as_of`, of a plan `due`; `[indicator]` with `view` and `figure` (and `of`, of which it is a part in percent), or `view` and `rows` (a breakdown whose values are
/// counted); `[scope]` with `area`, `program`, `theme`, `scale`, `funding`, `from`, `to`, and one of
/// `commodity`, `exhibition`, `kind`, `legal_form`, `scheme`, `sentra`, `stage`. `parts` must add up to
/// `value`; each of `dates` must fall on its `weekday`. `[together]` names a second scope and value: who is
/// behind both is counted once. `[whole]` with `view`, `figure` and `[whole.scope]` names what a claim without a value
/// speaks of, such as those who took part: those of it count. `sha256` and `urn` name the document: events that rest on
/// nothing else do not count.
/// Examples: `tests/data/claims`.
///
/// The area is that of the programme, and `from` and `to` select programmes with a session day between
/// them, in views that can be narrowed by programme; elsewhere both are as the view defines them. A claim is
/// judged for `as_of`, else its publication, else today; a plan for the day that it is due, before that for today. The
/// verdict is the first that applies:
///
/// * inconsistent: it contradicts itself, whatever is recorded
/// * not_countable: a plan without a day, a hope, an opinion or background
/// * not_recorded: nothing is recorded in its scope
/// * not_quantified: it gives neither a value nor a whole; the count is given
/// * kept, not_kept, not_yet_due: of a plan, as many were counted on the day that it is due, or fewer on that day, or that
///   day is not over: it is to come, or it is today. Until it is over a plan is kept only where as many cannot become fewer
///   again (who was present stays so; places and valid certificates may not)
/// * supported, understated: as many were counted at the precision of the value (66.67 supports 67; what is approximate,
///   and an estimate, holds within a tenth), or more
/// * overstated: fewer were counted, and the office has declared its recording complete; else not_confirmed
/// * consistent: it agrees with itself, and that was all there was to check
///
/// On a synthetic registry every verdict says so. The factor is counted ÷ reported, in hundredths, rounded
/// down.
///
/// The words of a claim are the claimant's. Every answer says what was counted: the view with its version, the figure,
/// the scope, and the first sentence of the definition; where a newer version of the view stands, it says so.
///
/// A theme, source of money, scheme or commodity of the scope that no event names is noted on stderr, with the nearest one on
/// record: the count is then of nothing.
///
/// A list in a claim has at most 64 entries, and at most 256 programmes are counted for one claim.
///
/// JSON: `{"words","claims":[{"file","claim","report"}],"log"}`. `report` is `{"verdict","synthetic",
/// "contradictions","on","reported","counted","of","part","due","basis":{"view","version","title","figure","of","rows",
/// "scope","definition","whole"},"factor":{"counted","reported","hundredths"},"known_then":
/// {"on","as_known","counted"},"silent_since":{"day","area"},"recorded_late","set_aside","complete","programs","behind":{"ikms",
/// "persons"},"members_are_wider","answers":[{"view","version","question","digest"}],"together":{"counted",
/// "at_least","at_most"}}` and, with --list, `"members"` and `"context"` as in `jejak view`. `known_then` is
/// the count as known at the end of the claim's date (its publication, else its day, else today), and
/// `recorded_late` are the events behind the count that were recorded after it; `silent_since` stands where nothing is
/// recorded since a day before the one that it is judged for (by the offices of the `area`, else in the whole log); `set_aside` are events that
/// rest on the document only. In percent, `reported` and `counted` are hundredths of a percent, rounded to the nearest,
/// `part` is what was counted and `of` its whole. Of a claim about a whole, `reported` and `of` are that.
///
/// With --record, each claim is recorded as claim.made in a stream that follows from what it says, unless it
/// is there already, with its verdict as claim.checked: both or neither, after all were judged. Every run
/// records one check of each claim; one for the same day at the same log size (--as-known) is there already
/// and is answered with its index. Neither counts for any claim: `jejak view claims` lists them. JSON: then
/// each of `claims` has `"recorded":{"claim","made","checked","repeated"}` too, with the indexes of both events.
/// A claim that was recorded is checked again without its file, as last corrected: by the name of its stream, the beginning
/// of its identifier, or words of the claim.
/// A claim that is refused ends the run; those before it stand. Claims name no persons: what is recorded stays
/// in the open log.
///
/// Exit code: 1 when any claim is inconsistent, not_recorded, not_kept, overstated or not_confirmed; 0 when each is
/// supported, understated, kept, not_yet_due, consistent, not_quantified or not_countable: of the last two nothing was
/// held against a count. 2 when a file is no claim.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak claim check tests/data/claims/mojokerto-5-foreign-trade-training.toml --list\n  jejak claim check tests/data/claims/mojokerto-5-foreign-trade-training.toml --record --actor auditor-2"
)]
pub struct CheckArguments {
    /// The claims: files, or claims that were recorded, by their stream, the beginning of its identifier or words of the
    /// claim. A file goes before a claim of the same name.
    #[arg(required = true, value_name = "FILE|claim/<uuid>")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    clocks: Clocks,
    /// Name who and which events are behind the counts.
    #[arg(long)]
    list: bool,
    /// Record each claim and what came of it.
    #[arg(long)]
    record: bool,
}

/// Draw the IKMs to visit from those behind the count of a claim, so that anybody draws the same.
///
/// How many: Cochran's formula for a share of one half, with the correction for a finite population,
/// rounded up. Which: the IKMs in the order of SHA-256 over the seed, a line feed and `ikm/<uuid>`; the
/// first so many. Method and seed are printed with the sample. Publish the seed, or how it will come about,
/// before the claim is counted: who may choose it afterwards chooses the IKMs.
///
/// JSON: `{"file","method","seed","confidence_percent","margin_percent","population","size","ikms":[{"who",
/// "sha256","events"}],"log"}`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak claim sample tests/data/claims/pekalongan-green-2-ikms-taking-part.toml --seed 2026-07-01"
)]
pub struct SampleArguments {
    /// The claim: a file, or a claim that was recorded.
    #[arg(value_name = "FILE|claim/<uuid>")]
    file: PathBuf,
    /// Any text.
    #[arg(long, value_name = "TEXT")]
    seed: String,
    /// How sure the visits are to make, in percent: 80, 90, 95, 98 or 99.
    #[arg(long, value_name = "PERCENT", default_value_t = 95)]
    confidence: u8,
    /// How far off a share may be, in percent: 1 to 50.
    #[arg(long, value_name = "PERCENT", default_value_t = 5)]
    margin: u8,
    #[command(flatten)]
    clocks: Clocks,
}

/// When a claim is judged.
#[derive(Debug, Args)]
struct Clocks {
    /// The day to judge for; none to come [default: that of each claim].
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// As the registry knew it: at a log size, at a moment (RFC 3339), or at the end of a day
    /// [default: now].
    #[arg(long, value_name = "TIME|SIZE")]
    as_known: Option<String>,
}

impl Clocks {
    /// What was asked for, read before the registry is opened.
    fn read(&self) -> Result<(Option<Date>, Option<AsKnown>), Stop> {
        let on = self.on.as_deref().map(|text| date("--on", text)).transpose()?;
        let known = self.as_known.as_deref().map(|text| AsKnown::read("--as-known", text)).transpose()?;
        Ok((on, known))
    }
}

/// A claim that somebody names.
pub enum Named {
    /// Read from a file.
    Written(Box<Found>),
    /// To be read from the log.
    Recorded(ClaimId),
    /// To be looked for in the log, by the beginning of its identifier or by its words: there is no such file.
    Typed(String),
}

/// A claim that was found.
pub struct Found {
    /// Name of its file or stream.
    pub name: String,
    /// The claim.
    pub claim: Claim,
    /// Its file; `None` where it was recorded.
    text: Option<String>,
    /// The stream that it was read from.
    pub stream: Option<ClaimId>,
}

impl Found {
    /// It as a file: as it was read, or written out.
    ///
    /// # Errors
    /// [`Stop::No`] for a recorded claim that no file says.
    pub fn text(&self) -> Result<String, Stop> {
        let Some(text) = &self.text else {
            return self
                .claim
                .to_toml()
                .map_err(|fault| Stop::No(within(&self.name, None, None, &fault.message)));
        };
        Ok(text.clone())
    }
}

impl Named {
    /// Reads a file, before the registry is opened.
    ///
    /// # Errors
    /// [`Stop::Usage`] when it cannot be read or is no claim.
    pub fn read(path: &Path) -> Result<Self, Stop> {
        match path.to_str().map(Subject::parse) {
            Some(Ok(Subject::Claim(id))) => Ok(Self::Recorded(id)),
            Some(_) if matches!(path.try_exists(), Ok(false)) => Ok(Self::Typed(path.display().to_string())),
            _ => Ok(Self::Written(Box::new(read(path)?))),
        }
    }

    /// The claim; one that was recorded as it stands at this log size.
    ///
    /// # Errors
    /// [`Stop::No`] when it is not recorded; [`Stop::Usage`] where neither a file nor one claim alone is called so.
    pub fn find(self, snapshot: &Snapshot, known: u64) -> Result<Found, Stop> {
        let id = match self {
            Self::Written(found) => return Ok(*found),
            Self::Recorded(id) => id,
            Self::Typed(typed) => typed_claim(snapshot, &typed)?,
        };
        let name = Subject::Claim(id).to_string();
        let claim = recorded_claim(snapshot.facts(), snapshot, id, known);
        match claim.map_err(|error| stop_of(&name, error))? {
            Some(claim) => Ok(Found { name, claim, text: None, stream: Some(id) }),
            None => Err(Stop::No(Message::new(
                format!("{name} tidak tercatat; periksa pengenalnya"),
                format!("{name} is not recorded; check the identifier"),
            ))),
        }
    }
}

/// The claim on record that is called so, where no file is.
fn typed_claim(snapshot: &Snapshot, typed: &str) -> Result<ClaimId, Stop> {
    match stream(snapshot, typed, &[SubjectKind::Claim]) {
        Ok(Subject::Claim(id)) => Ok(id),
        Ok(other) => unreachable!("a claim was looked for, not {other}"),
        // A path is no words of a claim.
        Err(Stop::Usage(_)) if !typed.starts_with("claim/") && typed.contains(['/', '.', '\\']) => {
            let typed = quoted(typed);
            Err(Stop::usage(
                format!("tidak ada berkas {typed}; periksa nama dan foldernya"),
                format!("there is no file {typed}; check its name and folder"),
            ))
        }
        Err(Stop::Usage(Message { id, en })) => {
            let typed = quoted(typed);
            Err(Stop::usage(
                format!("tidak ada berkas {typed}; sebagai klaim yang tercatat, {id}"),
                format!("there is no file {typed}; as a claim on record, {en}"),
            ))
        }
        Err(other) => Err(other),
    }
}

pub fn run(command: &Command, context: &Context) -> Result<Exit, Stop> {
    match command {
        Command::Check(arguments) => run_check(arguments, context),
        Command::Sample(arguments) => run_sample(arguments, context),
    }
}

fn run_check(arguments: &CheckArguments, context: &Context) -> Result<Exit, Stop> {
    let clocks = arguments.clocks.read()?;
    let recorder = arguments.record.then(|| actor(&context.global)).transpose()?;
    let named = arguments.files.iter().map(|path| Named::read(path)).collect::<Result<Vec<_>, Stop>>()?;
    let Some(actor) = recorder else {
        return context.with_reading(Signed::NotNeeded, |reading| {
            let (mut judged, _, log) = judge_all(named, context, reading.snapshot(), clocks)?;
            print_checked(context, reading.snapshot(), &mut judged, &log, arguments.list)
        });
    };
    context.with_registry(|registry| {
        let (mut judged, judging, log) = judge_all(named, context, &registry.snapshot(), clocks)?;
        // Only now, so that none of them is judged by what another one added.
        for one in &mut judged {
            let place = (judging.as_known, one.stream);
            let recorded = record(registry, &one.claim, &one.report, place, &actor);
            one.recorded = Some(recorded.map_err(|error| not_recorded(&one.file, error))?);
        }
        print_checked(context, &registry.snapshot(), &mut judged, &log, arguments.list)
    })
}

/// Judges every claim by one state of the log.
fn judge_all(
    named: Vec<Named>,
    context: &Context,
    snapshot: &Snapshot,
    clocks: (Option<Date>, Option<AsKnown>),
) -> Result<(Vec<Judged>, Judging, LogPlace), Stop> {
    let (judging, log) = judging(context, snapshot, clocks)?;
    let mut judged = Vec::new();
    for named in named {
        let Found { name: file, claim, stream, .. } = named.find(snapshot, snapshot.size())?;
        note_unknown(context, snapshot.facts(), (&file, &claim.scope));
        let report = judge(snapshot, &claim, judging).map_err(|error| stop_of(&file, error))?;
        judged.push(Judged { file, claim, report, stream, recorded: None });
    }
    Ok((judged, judging, log))
}

/// Notes on stderr what no event names: nothing is recorded of it, as of a slip of the pen.
fn note_unknown(context: &Context, facts: &Facts, (file, scope): (&str, &WrittenScope)) {
    for (field, code) in unknown_codes(facts, scope) {
        let near = nearest(facts, code);
        let near = near.map(|near| text!(context.language, "; yang mirip: {near}", "; the nearest: {near}"));
        let near = near.unwrap_or_default();
        let code = quoted(code);
        context.say(&text!(
            context.language,
            "jejak: {file}: {field} = {code}: tidak ada peristiwa dalam log yang menyebutnya{near}",
            "jejak: {file}: {field} = {code}: no event in the log names it{near}"
        ));
    }
}

/// The codes of a scope that no event names, each with its field.
fn unknown_codes<'a>(facts: &Facts, scope: &'a WrittenScope) -> Vec<(&'static str, &'a str)> {
    let themes = scope.theme.iter().filter(|theme| !facts.has_theme(theme)).map(|theme| ("theme", &**theme));
    let funding = scope.funding.iter().filter(|source| !facts.has_funding(source));
    let funding = funding.map(|source| ("funding", &**source));
    let texts = [("scheme", &scope.scheme), ("commodity", &scope.commodity)];
    let texts = texts.into_iter().filter_map(|(field, text)| Some((field, &**text.as_ref()?)));
    let is_unknown = |(_, text): &(&str, &str)| !facts.codes().any(|code| folded(code) == folded(text));
    themes.chain(funding).chain(texts.filter(is_unknown)).collect()
}

/// The code on record that is written most like another one, where one is.
fn nearest<'a>(facts: &'a Facts, code: &str) -> Option<&'a Code> {
    let letters = code.chars().count();
    let far = facts.codes().map(|other| (edits(&folded(code), other), other));
    far.filter(|(edits, _)| edits * LETTERS_PER_EDIT <= letters).min().map(|(_, other)| other)
}

fn print_checked(
    context: &Context,
    snapshot: &Snapshot,
    judged: &mut [Judged],
    log: &LogPlace,
    list: bool,
) -> Result<Exit, Stop> {
    let programs = judged.iter().flat_map(|one| one.report.programs.iter().copied().map(Subject::Program));
    let titles = names::titles_of(snapshot, programs).map_err(RegistryError::from)?;
    print::check(context, (judged, &titles), log, list)?;
    let failed = judged.iter().any(|one| one.report.verdict.is_failure());
    Ok(if failed { Exit::No } else { Exit::Fine })
}

fn run_sample(arguments: &SampleArguments, context: &Context) -> Result<Exit, Stop> {
    let clocks = arguments.clocks.read()?;
    let named = Named::read(&arguments.file)?;
    let precision = Precision { confidence_percent: arguments.confidence, margin_percent: arguments.margin };
    // A precision that is not possible is told before anything is opened.
    sample::size(0, precision).map_err(|error| Stop::Usage(error.message()))?;
    context.with_reading(Signed::NotNeeded, |reading| {
        let snapshot = reading.snapshot();
        let (judging, log) = judging(context, snapshot, clocks)?;
        let Found { name: file, claim, .. } = named.find(snapshot, snapshot.size())?;
        let report = judge(snapshot, &claim, judging).map_err(|error| stop_of(&file, error))?;
        let drawn = sample::draw(&report, &arguments.seed, precision)
            .map_err(|error| Stop::No(within(&file, None, None, &error.message())))?;
        print::sample(context, &file, &claim, &drawn, &log)?;
        Ok(Exit::Fine)
    })
}

fn judging(
    context: &Context,
    snapshot: &Snapshot,
    (on, known): (Option<Date>, Option<AsKnown>),
) -> Result<(Judging, LogPlace), Stop> {
    let (today, as_known) = asked(context, snapshot, None, known)?;
    Ok((Judging { today, on, as_known }, LogPlace::at(snapshot, as_known)?))
}

/// Largest file that is read as a claim.
const CLAIM_LIMIT_BYTES: u64 = 64 * 1024;

fn read(path: &Path) -> Result<Found, Stop> {
    let (file, length_bytes) = open_file(path)?;
    let name = path.display().to_string();
    let wrong = |id: String, en: String| Stop::Usage(within(&name, None, None, &Message::new(id, en)));
    if length_bytes > CLAIM_LIMIT_BYTES {
        return Err(wrong(
            format!("{length_bytes} byte; klaim adalah berkas kecil, paling banyak {CLAIM_LIMIT_BYTES} byte"),
            format!("{length_bytes} bytes; a claim is a small file of at most {CLAIM_LIMIT_BYTES} bytes"),
        ));
    }
    let mut text = String::new();
    file.take(CLAIM_LIMIT_BYTES).read_to_string(&mut text).map_err(|error| {
        wrong(
            format!("tidak dapat dibaca sebagai teks UTF-8: {error}", error = told(&error)),
            format!("cannot be read as UTF-8 text: {error}"),
        )
    })?;
    match Claim::parse(&text) {
        Ok(claim) => Ok(Found { name, claim, text: Some(text), stream: None }),
        Err(ClaimFault { field, line, message }) => {
            Err(Stop::Usage(within(&name, line, field.as_deref(), &message)))
        }
    }
}

/// A message with the file, the line and the field that it is about.
fn within(file: &str, line: Option<usize>, field: Option<&str>, message: &Message) -> Message {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let field = field.map(|field| format!("{field}: ")).unwrap_or_default();
    Message::new(
        format!("{file}{line}: {field}{}", message.id),
        format!("{file}{line}: {field}{}", message.en),
    )
}

fn not_recorded(file: &str, error: RecordClaimError) -> Stop {
    match error {
        RecordClaimError::Claim(fault) => {
            Stop::Usage(within(file, fault.line, fault.field.as_deref(), &fault.message))
        }
        RecordClaimError::Refused(refusal) => Stop::No(within(file, None, None, &refusal.message)),
        RecordClaimError::Registry(error) => error.into(),
    }
}

fn stop_of(file: &str, error: CheckError) -> Stop {
    match error {
        CheckError::Unreadable { .. } | CheckError::Log(_) => Stop::Failed(error.into()),
        CheckError::Claim(_)
        | CheckError::Question(_)
        | CheckError::NotDistinct { .. }
        | CheckError::NotApart { .. }
        | CheckError::NotCome { .. }
        | CheckError::AsOfNotCome { .. }
        | CheckError::NotPublished { .. }
        | CheckError::TooManyPrograms { .. }
        | CheckError::TooManyOwn => Stop::Usage(within(file, None, None, &error.message())),
    }
}
