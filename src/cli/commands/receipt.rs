//! `jejak receipt INDEX` and `jejak receipt verify`.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jejak_events::fault::Message;
use jejak_events::identity::Actor;
use jejak_events::policy::Policy;
use serde::Serialize;

use super::log::{stop_of_checkpoint, stop_of_inclusion};
use crate::answers::Cosigned;
use crate::cli::event_words::{happened, short_name};
use crate::cli::exit::{Exit, Stop};
use crate::cli::input::open_file;
use crate::cli::language::text;
use crate::cli::new_file::{Force, NewFile, new_directory};
use crate::cli::output::{printable, stdout, write_json};
use crate::cli::trust::{Trust, read_at};
use crate::cli::{Context, Format, actor};
use crate::disclosures::SealedField;
use crate::proof;
use crate::receipt::{PAGE_LIMIT_BYTES, Part, Receipt, ReceiptError, not_proven, proven};
use crate::registry::{Registry, sealed_by};
use crate::show::sentence::sentence;

/// Write the receipt of an event: one HTML page with its facts and the proof that the log holds it.
///
/// The page carries the event's canonical bytes and its C2SP tlog-proof, says how to check them, also
/// without this program, and what that proves. It has no script, loads nothing, and was verified before it
/// is written, never over a file that exists. Sealed fields are left out.
///
/// With --disclose it carries the event's sealed fields too, as SD-JWT disclosures (RFC 9901): whoever has
/// the page can read them and prove them to anybody, for ever. The hand-out is noted in the access log first.
/// Erased fields are left out.
///
/// JSON: `{"written","index","size","root","disclosed","erased"}`, the last two lists of names of fields.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Example:\n  jejak receipt 42 -o event-42.html\n  jejak receipt verify event-42.html --log-vkey log.vkey"
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Index of the event.
    #[arg(required = true)]
    index: Option<u64>,
    /// Where to write the page.
    #[arg(short, long, value_name = "FILE", required = true)]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
    /// With the event's sealed fields.
    #[arg(long)]
    disclose: bool,
}

/// What can be done with a receipt.
#[derive(Debug, Subcommand)]
enum Command {
    Verify(VerifyArguments),
}

/// Check a receipt without a registry: the event, its proof, the disclosures, and every byte of the page.
///
/// The page is laid out anew from what it carries and compared; the first place where it was altered is
/// named. Exit code 1 when anything does not check. Ask the publisher of the log for its key: a page says of
/// itself what it likes. With --policy so many cosignatures are asked for as it says; with --at none of
/// them may be from the future.
///
/// JSON: `{"verified":true,"origin","size","root","index","id","type","subject","said":{"id","en"},"time",
/// "timeprecision","recordedtime","source","sealed":[{"field","group","value"}],"cosigned":[{"witness",
/// "unix_seconds"}],"proven":{"id","en"},"not_proven":{"id","en"},"extracted"}`; `value` only of what is disclosed, `extracted` the files written.
/// `{"verified":false,"why":{"id","en"}}` and exit code 1.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak receipt verify event-42.html --log-vkey log.vkey --extract event-42"
)]
struct VerifyArguments {
    /// The page.
    file: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// The moment to judge cosignatures for: a time (RFC 3339), or the end of a day where the office is that
    /// recorded the event [default: their times are not judged].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Write event.json, event.tlog-proof and, where it has any, disclosures.txt into this directory once
    /// all has checked, for verifiers of others.
    #[arg(long, value_name = "DIR")]
    extract: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    match (&arguments.command, arguments.index, &arguments.out) {
        (Some(Command::Verify(arguments)), ..) => verify(arguments, context),
        (None, Some(index), Some(out)) => {
            let out = NewFile::at(out, arguments.force, context)?;
            make(index, &out.private(arguments.disclose), arguments.disclose, context)
        }
        // The argument parser asks for both.
        _ => Err(Stop::usage("sebut indeks dan -o BERKAS", "name an index and -o FILE")),
    }
}

fn make(index: u64, out: &NewFile, disclose: bool, context: &Context) -> Result<Exit, Stop> {
    let actor = actor(&context.global)?;
    context.with_registry(|registry| {
        let note = proof::current_checkpoint(registry, &context.options()).map_err(stop_of_checkpoint)?;
        let keys = registry.log_keys();
        let key = keys.current().cloned().context("event 0 names no checkpoint key")?;
        let policy = Policy::of_log(key).map_err(anyhow::Error::new)?;
        let proof = proof::inclusion(registry.reader(), &note, &keys, index).map_err(stop_of_inclusion)?;
        let disclosures = if disclose { disclosures(index, &actor, registry)? } else { Vec::new() };
        let page = Receipt::new(registry.reader().read(index)?, proof, &disclosures, &policy)
            // The verifier itself runs over what is handed out.
            .and_then(|receipt| Receipt::verify(receipt.page()?.as_bytes(), &policy, None));
        let receipt = page.map_err(|error| {
            let error = anyhow::Error::new(error);
            Stop::Failed(error.context("the receipt was made and does not check; run `jejak verify`"))
        })?;
        let page = receipt.page().map_err(anyhow::Error::new)?;
        out.write(page.as_bytes())?;
        say_made(&receipt, out.path(), disclose, context)
    })
}

/// The event's disclosures, noted before they are read.
fn disclosures(index: u64, actor: &Actor, registry: &Registry) -> Result<Vec<String>, Stop> {
    let (subject, declared) = sealed_by(&registry.event(index)?);
    if declared.is_empty() {
        return Ok(Vec::new());
    }
    registry.access().note(actor, &format!("receipt {index} --disclose"), &[subject])?;
    Ok(registry.disclosures(index)?)
}

#[derive(Serialize)]
struct MadeOutput<'a> {
    written: String,
    index: u64,
    size: u64,
    root: String,
    disclosed: Vec<&'a str>,
    erased: Vec<&'a str>,
}

fn say_made(receipt: &Receipt, out: &Path, disclose: bool, context: &Context) -> Result<Exit, Stop> {
    let (given, kept): (Vec<_>, Vec<_>) = receipt.sealed().iter().partition(|field| field.value.is_some());
    let names = |fields: Vec<&SealedField>| fields.iter().map(|field| field.name).collect();
    let made = MadeOutput {
        written: out.display().to_string(),
        index: receipt.index(),
        size: receipt.checkpoint().size(),
        root: receipt.checkpoint().root().to_string(),
        disclosed: names(given),
        // What was asked for and is not there was erased: everything declared is sealed.
        erased: if disclose { names(kept) } else { Vec::new() },
    };
    let language = context.language;
    if context.format() == Format::Json {
        write_json(&mut stdout(), &made)?;
        return Ok(Exit::Fine);
    }
    let mut to = stdout();
    let (index, size, written) = (made.index, made.size, printable(&made.written));
    writeln!(
        to,
        "{}",
        text!(
            language,
            "tanda terima peristiwa {index} ditulis ke {written}; terbukti dalam log berukuran {size}",
            "receipt of event {index} written to {written}; proven in the log of size {size}"
        )
    )?;
    if !made.disclosed.is_empty() {
        let fields = made.disclosed.join(", ");
        writeln!(
            to,
            "{}",
            text!(
                language,
                "berisi kolom tertutup {fields}: siapa pun yang memegangnya dapat membaca dan membuktikannya",
                "holds the sealed fields {fields}: whoever has it can read and prove them"
            )
        )?;
    }
    if !made.erased.is_empty() {
        let fields = made.erased.join(", ");
        writeln!(to, "{}", text!(language, "sudah dihapus: {fields}", "erased: {fields}"))?;
    }
    to.flush()?;
    Ok(Exit::Fine)
}

/// What the reader asks for. A page says of itself what it likes, so something must be asked for.
fn policy(trust: &Trust) -> Result<Policy, Stop> {
    trust.read()?.ok_or_else(|| {
        Stop::usage(
            "sebut kunci log (--log-vkey) atau kebijakan (--policy); minta dari penerbit log, bukan dari halaman ini",
            "name the log's key (--log-vkey) or a policy (--policy); ask the publisher of the log, not this page",
        )
    })
}

/// The first bytes of a file, up to a limit.
fn read_file(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let (file, _) = open_file(path)?;
    file.take(limit_bytes)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes)
}

fn read_page(path: &Path) -> Result<Vec<u8>, Stop> {
    let page = read_file(path, PAGE_LIMIT_BYTES + 1)?;
    if page.len() as u64 > PAGE_LIMIT_BYTES {
        return Err(Stop::No(ReceiptError::TooLarge.message()));
    }
    Ok(page)
}

#[derive(Serialize)]
struct Said {
    id: String,
    en: String,
}

impl From<Message> for Said {
    fn from(Message { id, en }: Message) -> Self {
        Self { id, en }
    }
}

#[derive(Serialize)]
struct SealedOutput<'a> {
    field: &'a str,
    group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a serde_json::Value>,
}

#[derive(Serialize)]
struct VerifiedOutput<'a> {
    verified: bool,
    origin: &'a str,
    size: u64,
    root: String,
    index: u64,
    id: String,
    r#type: &'a str,
    subject: String,
    said: Said,
    time: String,
    timeprecision: &'a str,
    recordedtime: String,
    source: String,
    sealed: Vec<SealedOutput<'a>>,
    cosigned: &'a [Cosigned],
    proven: Said,
    not_proven: Said,
    extracted: Vec<String>,
}

#[derive(Serialize)]
struct RefusedOutput {
    verified: bool,
    why: Said,
}

fn verify(arguments: &VerifyArguments, context: &Context) -> Result<Exit, Stop> {
    let policy = policy(&arguments.trust)?;
    let at = arguments.at.as_deref().map(read_at).transpose()?;
    let receipt = match Receipt::verify(&read_page(&arguments.file)?, &policy, at) {
        Ok(receipt) => receipt,
        Err(error) if context.format() == Format::Json => {
            let refused = RefusedOutput { verified: false, why: error.message().into() };
            write_json(&mut stdout(), &refused)?;
            return Ok(Exit::No);
        }
        Err(error) => return Err(Stop::No(error.message())),
    };
    let extracted = match &arguments.extract {
        Some(directory) => extract(&receipt, directory, arguments.force, context)?,
        None => Vec::new(),
    };
    let said = sentence(&receipt.event().draft.data, &|subject| subject.to_string());
    if context.format() == Format::Json {
        write_json(&mut stdout(), &verified_output(&receipt, said, extracted))?;
    } else {
        print(&receipt, &said, &extracted, context)?;
    }
    Ok(Exit::Fine)
}

fn extract(
    receipt: &Receipt,
    directory: &Path,
    force: Force,
    context: &Context,
) -> Result<Vec<String>, Stop> {
    new_directory(directory, context)?;
    let place = |(part, bytes): (Part, Vec<u8>)| {
        let file = NewFile::at(&directory.join(part.file_name()), force, context)?;
        Ok((file.private(part == Part::Disclosures), bytes))
    };
    // All or none.
    let files: Vec<_> = receipt.parts().into_iter().map(place).collect::<Result<_, Stop>>()?;
    files.iter().try_for_each(|(file, bytes)| file.write(bytes))?;
    Ok(files.iter().map(|(file, _)| file.path().display().to_string()).collect())
}

fn verified_output(receipt: &Receipt, said: Message, extracted: Vec<String>) -> VerifiedOutput<'_> {
    let (draft, checkpoint) = (&receipt.event().draft, receipt.checkpoint());
    let sealed = receipt.sealed().iter().map(|field| SealedOutput {
        field: field.name,
        group: field.group.name(),
        value: field.value.as_ref(),
    });
    VerifiedOutput {
        verified: true,
        origin: checkpoint.origin(),
        size: checkpoint.size(),
        root: checkpoint.root().to_string(),
        index: receipt.index(),
        id: draft.id.to_string(),
        r#type: draft.data.type_name(),
        subject: draft.subject.to_string(),
        said: said.into(),
        time: draft.time.to_string(),
        timeprecision: draft.time.precision().name(),
        recordedtime: receipt.event().recorded.to_string(),
        source: draft.source.to_string(),
        sealed: sealed.collect(),
        cosigned: receipt.cosigned(),
        proven: proven(receipt).into(),
        not_proven: not_proven().into(),
        extracted,
    }
}

fn print(receipt: &Receipt, said: &Message, extracted: &[String], context: &Context) -> Result<(), Stop> {
    let language = context.language;
    let draft = &receipt.event().draft;
    let mut out = stdout();
    let mut line = |text: &str| writeln!(out, "{}", printable(text));
    line(language.pick(
        "tanda terima cocok, setiap byte halamannya juga",
        "the receipt checks, and so does every byte of its page",
    ))?;
    let (name, subject) = (short_name(draft.data.type_name()), draft.subject);
    line(&format!("{name}, {subject}: {}", language.of(said)))?;
    let (time, recorded) = (happened(draft.time), receipt.event().recorded);
    line(&text!(language, "terjadi {time}, dicatat {recorded}", "happened {time}, recorded {recorded}"))?;
    let disclosed = receipt.sealed().iter().filter_map(|field| Some((field.name, field.value.as_ref()?)));
    for (name, value) in disclosed {
        line(&format!("{name}: {}", super::history::plain(value)))?;
    }
    line(language.of(&proven(receipt)))?;
    if !receipt.cosigned().is_empty() {
        let names: Vec<&str> = receipt.cosigned().iter().map(|one| one.witness.as_str()).collect();
        let names = names.join(", ");
        line(&text!(language, "Ikut menandatangani: {names}", "Cosigned by: {names}"))?;
    }
    line(language.of(&not_proven()))?;
    if !extracted.is_empty() {
        let files = extracted.join(", ");
        line(&text!(language, "ditulis: {files}", "written: {files}"))?;
    }
    Ok(out.flush()?)
}
