//! `jejak bundle create|verify`.

mod print;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, Subcommand};
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::fault::Message;
use jejak_events::policy::{self, Policy};
use jejak_events::translation::told;
use jejak_events::values::Date;
use jejak_projections::views::{view, view_version};

pub use self::print::{CREATED, VERIFIED};
use super::claim::Named;
use super::log::Which;
use super::view::noted::flags;
use super::view::{Filters, Narrowing};
use crate::cli::Context;
use crate::cli::clocks::{AsKnown, asked, date};
use crate::cli::exit::{Exit, Stop};
use crate::cli::input::{open_file, read_small};
use crate::cli::new_file::{Force, NewFile};
use crate::cli::progress::Progress;
use crate::cli::trust::{Trust, read_at, read_kept, read_vkey};
use crate::log::LogError;
use crate::proof::bundle::archive::{BundleReader, WriteError};
use crate::proof::bundle::asked::Asked;
use crate::proof::bundle::create::{BundleRequest, CreateError, create};
use crate::proof::bundle::verify::{self, VerifyFailure};
use crate::registry::{RegistryReading, Signed};
use crate::words::choices::choices;
use crate::words::event_words::field_words;
use crate::words::language::Language;
use jejak_projections::claims::Judging;

// The variants are documented by their arguments, whose long help a text here would replace.
/// Evidence for a claim, a view or a release, in one file that anybody checks offline.
#[derive(Debug, Subcommand)]
pub enum Command {
    Create(Box<CreateArguments>),
    Verify(VerifyArguments),
}

/// Put the evidence for a claim, a view or a release into one zip file.
///
/// In it: the signed checkpoint with its cosignatures, all events up to it, the claim or the question, the
/// answer with who and which events are behind it (left out beyond 16 MiB, which is said), the definitions, a policy and a short README, under a manifest
/// that the registry signs. Nothing personal or confidential is in it: events hold only digests of that.
///
/// With --disclose it also carries, as SD-JWT disclosures (RFC 9901), the values of the sealed fields that are named:
/// whoever has the bundle can read them and prove them to anybody, for ever, so only its owner may read the file. What
/// was erased is left out; where that was after the checkpoint, a newer one must be taken. None go with a claim about
/// one value of a breakdown, whose answer also names others. Every look is noted in the
/// access log first. Sums of sealed values leave the office only as a release (`jejak release`), whose events are in the
/// bundle like all others; --release answers with the cells of one, for whoever has a published sum in hand.
///
/// It is verified before it is handed out, and noted in the access log. Beside another process that writes the registry
/// it can be made as well, when nothing is disclosed; then nothing is noted, which is said: it holds what `log export`
/// does. Exit code 1: it does not verify, for
/// example because the policy asks for cosignatures that the checkpoint does not have.
///
/// JSON: `{"file","length_bytes","disclosed_values","verification"}`; the last as in `bundle verify`, without the
/// disclosed values.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("asked").args(["claim", "view", "release"]).required(true),
    after_help = "Example:\n  jejak bundle create --claim tests/data/claims/mojokerto-5-foreign-trade-training.toml -o bukti.zip\n  jejak bundle create --view green_certified --area 33.75 --on 2026-06-30 -o bukti.zip"
)]
pub struct CreateArguments {
    /// The claim: a file, or the stream of one that was recorded, as it stands at the size of the checkpoint.
    #[arg(long, value_name = "FILE|claim/<uuid>", conflicts_with = "Narrowing")]
    claim: Option<PathBuf>,
    /// The view.
    #[arg(long, value_name = "VIEW")]
    view: Option<String>,
    /// The release of which the event at this index is one: its cells, as `jejak release` tells them.
    #[arg(long, value_name = "INDEX", conflicts_with_all = ["Narrowing", "on", "disclose"])]
    release: Option<u64>,
    /// This version of the view [default: the highest].
    #[arg(long, value_name = "N", requires = "view")]
    version: Option<u32>,
    #[command(flatten)]
    narrowing: Narrowing,
    /// The day that it is for; none to come [default: today, or that of the claim].
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// As the registry knew it: at a log size, at a moment (RFC 3339), or at the end of a day
    /// [default: now].
    #[arg(long, value_name = "TIME|SIZE")]
    as_known: Option<String>,
    #[command(flatten)]
    which: Which,
    /// The policy to go with it (C2SP tlog-policy), as a hint for the reader [default: one that asks for the
    /// log's own signature].
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Sealed fields to disclose to the recipient, of the events behind the answer and of those that say who the
    /// IKMs and persons are. May be given several times.
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    disclose: Vec<String>,
    /// An auditor's statement (`jejak audit --statement-key`) to go with it.
    #[arg(long, value_name = "FILE", requires = "statement_vkey")]
    statement: Option<PathBuf>,
    /// The auditor's key (vkey), or a file that holds it.
    #[arg(long, value_name = "VKEY|FILE", requires = "statement")]
    statement_vkey: Option<String>,
    /// The file to write.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    force: Force,
}

/// Check an evidence bundle with nothing but the bundle: no registry, no server, no network, no clock.
///
/// The archive must be laid out exactly as `bundle create` does, and every byte of it be signed for. All events
/// are read again, hashed, judged by the rules that rest on open fields, and counted; the root must be that of the
/// checkpoint, and the answer that in the bundle. What that proves, what not, and who must be trusted for what is
/// said in words.
///
/// Whose signatures count is for the reader to say, by --policy or --log-vkey. Without them the log's key is taken
/// from the bundle itself, which proves only that the bundle agrees with itself. No clock is read: age and dates in
/// the future are judged against --at.
///
/// Disclosed values are held against the digests of their events, and named if one is missing that the log does not call
/// erased. An audit statement in the bundle is judged when --statement-vkey says whose it must be: that auditor must
/// have replayed the same events and counted the same answers.
///
/// Nothing is replayed or counted before a key that you name has signed; without one the verdict says on what it rests.
///
/// JSON: `{"verified","verdict","size","root","signed":{"log","from_reader","quorum","cosigned":[{"witness",
/// "unix_seconds"}]},"said":{"origin","synthetic","known":{"size","root","recorded_until","synthetic"},"asked","answer",
/// "counted","basis":{as in claim check},"newer_version","known_then","listed","list",
/// "release":{"period","log_size","day","recorded":[index],"told","withheld","cells":[as in release]},"releases":[likewise],
/// "disclosed":[{"index","subject","values":{field:value}}],"erased","audited":{"auditor","size","on","views"}},
/// "checks":[{"part","checked","of","problems","problem_count","notes"}],"proven","not_proven","trusted"}`, texts
/// as `{"id","en"}`; `said` is null unless everything holds.
///
/// Exit code: 0 verified, 1 not.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak bundle verify bukti.zip --policy policy.txt --at 2026-12-31")]
pub struct VerifyArguments {
    /// The bundle.
    #[arg(value_name = "FILE")]
    bundle: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// A checkpoint of this log that you kept, or a handover between its keys: the log must lead through it. May
    /// be given several times.
    #[arg(long, value_name = "FILE")]
    kept: Vec<PathBuf>,
    /// The key (vkey) of an auditor whose statement must be in the bundle and hold, or a file that holds it.
    #[arg(long, value_name = "VKEY|FILE")]
    statement_vkey: Option<String>,
    /// The moment to judge for: a time (RFC 3339), or the end of a day where the registry is.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

pub fn run(command: &Command, context: &Context) -> Result<Exit, Stop> {
    match command {
        Command::Create(arguments) => run_create(arguments, context),
        Command::Verify(arguments) => run_verify(arguments, context),
    }
}

impl Command {
    /// Whether nothing is signed or written.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::Verify(_))
    }
}

fn run_create(arguments: &CreateArguments, context: &Context) -> Result<Exit, Stop> {
    let claim = arguments.claim.as_deref().map(Named::read).transpose()?;
    let named = arguments.view.as_deref().map(|name| match arguments.version {
        Some(version) => view_version(name, version),
        None => view(name),
    });
    let named = named.transpose()?;
    let filters = Filters::read(&arguments.narrowing)?;
    let on = arguments.on.as_deref().map(|text| date("--on", text)).transpose()?;
    let known = arguments.as_known.as_deref().map(|text| AsKnown::read("--as-known", text)).transpose()?;
    let policy = arguments.policy.as_deref().map(read_policy).transpose()?;
    let disclose = sealed_fields(&arguments.disclose)?;
    let statement_key = arguments.statement_vkey.as_deref();
    let statement_key = statement_key.map(|given| read_vkey("--statement-vkey", given)).transpose()?;
    let statement = arguments.statement.as_deref();
    let statement = statement.map(|path| read_small(path, policy::MAX_LENGTH_BYTES as u64)).transpose()?;
    let actor = crate::cli::looker(&context.global, !disclose.is_empty())?;
    let out = NewFile::at(&arguments.out, arguments.force, context)?;
    context.with_notes(!disclose.is_empty(), Signed::Wanted, |reading, registry| {
        let checkpoint = arguments.which.checkpoint(reading.log(), context)?;
        let size = SignedCheckpoint::parse(checkpoint.as_bytes())
            .map_err(|error| Stop::Failed(error.into()))?
            .unverified()
            .size();
        let snapshot = reading.snapshot();
        let today = context.today(snapshot)?;
        // Nothing is known beyond the checkpoint.
        let (day, as_known) = asked(context, snapshot, on, Some(known.unwrap_or(AsKnown::Size(size))))?;
        hold_moment(day, today, (as_known, size))?;
        let (asked, purpose) = match (claim, named, arguments.release) {
            (Some(claim), ..) => {
                let (found, judging) = (claim.find(snapshot, size)?, Judging { today, on, as_known });
                let on = on.map(|on| format!(" --on {on}")).unwrap_or_default();
                let purpose = (format!("--claim {}", found.name), format!("{on} --as-known {as_known}"));
                let (text, stream) = (found.text()?, found.stream);
                (Asked::Claim { text, claim: Box::new(found.claim), stream, judging }, purpose)
            }
            (None, Some(view), _) => {
                let question = filters.ask_to_prove(context, snapshot, (day, as_known), view)?;
                let version = arguments.version.map(|version| format!(" --version {version}"));
                let asked = format!("{}{}", version.unwrap_or_default(), flags(&question));
                (Asked::View { view, question }, (format!("--view {}", view.name), asked))
            }
            (None, None, Some(index)) => {
                let purpose = (format!("--release {index}"), format!(" --as-known {as_known}"));
                (Asked::Release { index, as_known }, purpose)
            }
            // The group of arguments asks for one of the three.
            (None, None, None) => {
                return Err(Stop::usage(
                    "beri --claim, --view atau --release",
                    "give --claim, --view or --release",
                ));
            }
        };
        let purpose = noted(&purpose.0, &disclose, &purpose.1);
        let wanted = BundleRequest {
            checkpoint: &checkpoint,
            asked: &asked,
            policy: policy.as_deref(),
            disclose: &disclose,
            statement: statement.as_deref().zip(statement_key.as_ref()),
            path: out.path(),
            existing: out.existing(),
            private: out.is_private(),
            noted: registry.map(|registry| (registry, &actor, purpose.as_str())),
        };
        write(context, reading, wanted, &out)
    })
}

/// The command as the access log notes it: what is answered, what is disclosed, and the flags that narrow it.
fn noted(what: &str, disclose: &BTreeSet<String>, narrowed: &str) -> String {
    let fields: Vec<&str> = disclose.iter().map(String::as_str).collect();
    let disclosed =
        if fields.is_empty() { String::new() } else { format!(" --disclose {}", fields.join(",")) };
    format!("bundle create {what}{disclosed}{narrowed}")
}

/// Holds the day and the state asked for against what a checkpoint of this size can prove today.
fn hold_moment(day: Date, today: Date, (as_known, size): (u64, u64)) -> Result<(), Stop> {
    // Whoever checks it by that day would call it a fault.
    if day > today {
        return Err(Stop::usage(
            format!(
                "--on {day} belum tiba: yang terjadi sampai hari itu belum dapat dibuktikan; sebut hari yang sudah lewat"
            ),
            format!(
                "--on {day} has not come: what happens by then cannot be proven yet; name a day that is past"
            ),
        ));
    }
    if as_known > size {
        return Err(Stop::usage(
            format!(
                "diminta keadaan pada ukuran log {as_known}, padahal checkpoint berukuran {size}; minta paling banyak itu"
            ),
            format!(
                "asked as known at log size {as_known}, but the checkpoint has size {size}; ask for at most that"
            ),
        ));
    }
    Ok(())
}

/// The fields that are to be disclosed, each of them one that some type seals.
fn sealed_fields(given: &[String]) -> Result<BTreeSet<String>, Stop> {
    let known = crate::proof::bundle::sealed_fields();
    match given.iter().find(|name| !known.contains(name.as_str())) {
        None => Ok(given.iter().cloned().collect()),
        Some(name) => {
            let fields = |language| choices(&known, |name| field_words(name, language));
            let (id, en) = (fields(Language::Id), fields(Language::En));
            Err(Stop::usage(
                format!("--disclose {name}: tidak ada kolom tersegel bernama itu; yang ada: {id}"),
                format!("--disclose {name}: no sealed field has that name; there are: {en}"),
            ))
        }
    }
}

fn write(
    context: &Context,
    reading: &RegistryReading,
    wanted: BundleRequest<'_>,
    out: &NewFile,
) -> Result<Exit, Stop> {
    let options = context.options();
    let progress = Progress::of_events(reading.snapshot().size(), context.language.pick("membuat", "making"));
    let created = create(reading, &*options.disk, wanted, &|done| {
        progress.at(done);
        !context.interrupt.is_raised()
    });
    progress.finish();
    let created = created.map_err(|error| match error {
        CreateError::Registry(error) => error.into(),
        CreateError::Log(error) => error.into(),
        CreateError::Asked(message) => Stop::Usage(message),
        CreateError::Write(WriteError::Disk(LogError::Disk { source, .. })) => out.stop_of(source),
        CreateError::Stopped => Stop::Interrupted,
        CreateError::NamesOthers => Stop::usage(
            "klaim ini tentang satu nilai suatu rincian, dan jawabannya juga menyebut yang lain: tidak ada nilai yang dapat dibuka bersamanya; tanyakan tampilannya, dipersempit",
            error.to_string(),
        ),
        CreateError::ErasedSince { index, size } => Stop::No(Message::new(
            format!("data peristiwa {index} dihapus sesudah checkpoint berukuran {size}: berkas bukti sebesar itu tidak dapat menjelaskan mengapa nilainya tidak ada; pakai checkpoint yang lebih baru, dan mintakan tanda tangannya"),
            error.to_string(),
        )),
        CreateError::TooManyBehind => Stop::usage(
            "terlalu banyak peristiwa di balik jawaban untuk dibuka nilainya; persempit pertanyaannya, misalnya satu daerah",
            error.to_string(),
        ),
        CreateError::NotVerified(verification) => {
            let found = verification.problems().next().cloned();
            let found = found.unwrap_or_else(|| Message::new("tidak ditandatangani", "nothing was signed"));
            Stop::No(Message::new(
                format!("berkas bukti tidak diserahkan, karena tidak terverifikasi: {}", found.id),
                format!("the bundle was not handed out, because it does not verify: {}", found.en),
            ))
        }
        other => Stop::Failed(other.into()),
    })?;
    print::created(context, out.path(), created)?;
    Ok(Exit::Fine)
}

fn run_verify(arguments: &VerifyArguments, context: &Context) -> Result<Exit, Stop> {
    let policy = arguments.trust.read()?;
    let kept = read_kept(&arguments.kept)?;
    let at = arguments.at.as_deref().map(read_at).transpose()?;
    let statement_key = arguments.statement_vkey.as_deref();
    let statement_key = statement_key.map(|given| read_vkey("--statement-vkey", given)).transpose()?;
    let (file, _) = open_file(&arguments.bundle)?;
    let size = likely_size(&file);
    let progress = Progress::of_events(size, context.language.pick("memeriksa", "checking"));
    let reader = BundleReader::new(BufReader::with_capacity(1 << 16, file));
    let verified =
        verify::verify(reader, &verify::BundleTrust { policy, at, kept, statement_key }, &|done| {
            progress.at(done);
            !context.interrupt.is_raised()
        });
    progress.finish();
    let verification = verified.map_err(|failure| match failure {
        VerifyFailure::Stopped => Stop::Interrupted,
        other => Stop::Failed(other.into()),
    })?;
    print::verified(context, &verification)?;
    Ok(if verification.verified { Exit::Fine } else { Exit::No })
}

/// About how many events a bundle of this length holds, for the progress bar.
fn likely_size(file: &File) -> u64 {
    const PACKED_BYTES_PER_EVENT: u64 = 150;
    file.metadata().map_or(0, |metadata| metadata.len() / PACKED_BYTES_PER_EVENT)
}

fn read_policy(path: &Path) -> Result<Vec<u8>, Stop> {
    let bytes = read_small(path, policy::MAX_LENGTH_BYTES as u64)?;
    match Policy::parse(&bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => {
            let path = path.display();
            Err(Stop::usage(format!("{path}: {error}", error = told(&error)), format!("{path}: {error}")))
        }
    }
}
