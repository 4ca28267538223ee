//! `jejak receipt INDEX` and `jejak receipt verify`.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::fault::Message;
use jejak_events::identity::Actor;
use jejak_events::policy::Policy;
use jejak_events::proposal::sealed_by;
use jejak_events::translation::told;
use schemars::JsonSchema;
use serde::Serialize;

use super::log::{Which, stop_of_inclusion};
use crate::answer_json::Cosigned;
use crate::cli::exit::{Exit, Stop};
use crate::cli::input::{open_file, read_small};
use crate::cli::new_file::{Force, NewFile, new_directory};
use crate::cli::output::{page, printable, write_json, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::trust::{Trust, read_at};
use crate::cli::{Context, Format, looker};
use crate::proof::disclosures::DisclosableField;
use crate::proof::hand_out;
use crate::proof::receipt::standing::EventStanding;
use crate::proof::receipt::{
    PAGE_LIMIT_BYTES, PagePart, Receipt, ReceiptError, Word, not_proven, proven, word,
};
use crate::queries::standing::effects;
use crate::registry::{Registry, RegistryError, RegistryReading, Signed};
use crate::rules::effects::{By, Effect};
use crate::words::difference;
use crate::words::event_words::{
    day, field_words, fields_words, happened_words, in_words, moment, type_words,
};
use crate::words::language::{number, text};
use crate::words::sentence::sentence;

/// Write the receipt of an event: one HTML page with its facts and the proof that the log holds it.
///
/// The page carries the event's canonical bytes and its C2SP tlog-proof, says how to check them, also
/// without this program, and what that proves. It has no script, loads nothing, and was verified before it
/// is written, over a file that exists only with --force. Sealed fields are left out.
///
/// With --disclose it carries the event's sealed fields too, as SD-JWT disclosures (RFC 9901): whoever has
/// the page can read them and prove them to anybody, for ever. The hand-out is noted in the access log first.
/// Erased fields are left out.
///
/// The page says how the event stands at that size of the log and on this day: in force, corrected, retracted, of a
/// certificate suspended, revoked, lapsed or renewed, and so on. That is the registry's word, signed by its
/// attestation key; the tree proves the event alone. Of an event that no longer holds a receipt is written only with
/// --void.
///
/// JSON: `{"file","index","size","root","standing":{"on","size","synthetic","void","stands":[{"effect","event"|"day"}],
/// "said":{"id","en"}},"disclosed","erased"}`, the last two lists of names of fields; `stands` is empty in force.
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
    /// Also of an event that no longer holds; the page says so, large.
    #[arg(long)]
    void: bool,
    /// With the cosignatures of the witnesses that this policy lists (C2SP tlog-policy), as far as they were kept
    /// [default: the log's own signature alone].
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
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
/// "unix_seconds"}],"standing","proven":{"id","en"},"word","not_proven":{"id","en"},"written"}`; `value` only of what is disclosed, `written` the files written.
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
    /// The moment to judge cosignatures and the registry's word for: a time (RFC 3339), or the end of a day where the
    /// office is that recorded the event [default: what comes later is not judged].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Write event.json, event.tlog-proof and, where it has any, disclosures.txt into this directory once
    /// all has checked, for verifiers of others.
    #[arg(long, value_name = "DIR")]
    extract: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
}

/// What `receipt` answers.
pub const MADE: &[Shape] = &[shape::<MadeOutput<'static>>];
/// What `receipt verify` answers.
pub const VERIFIED: &[Shape] = &[shape::<VerifiedOutput<'static>>, shape::<RefusedOutput>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    match (&arguments.command, arguments.index, &arguments.out) {
        (Some(Command::Verify(arguments)), ..) => verify(arguments, context),
        (None, Some(index), Some(out)) => {
            let out = NewFile::at(out, arguments.force, context)?;
            make(index, &out.private(arguments.disclose), arguments, context)
        }
        // The argument parser asks for both.
        _ => Err(Stop::usage("sebut indeks dan -o BERKAS", "name an index and -o FILE")),
    }
}

fn make(index: u64, out: &NewFile, arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let actor = looker(&context.global, arguments.disclose)?;
    let policy = arguments.policy.as_deref().map(read_policy).transpose()?;
    context.with_looks(arguments.disclose, Signed::Wanted, |reading, registry| {
        let (log, reader, keys) = (reading.log(), reading.log().reader(), reading.log().log_keys());
        let note = arguments.which.checkpoint(log, context)?;
        let signed = SignedCheckpoint::parse(note.as_bytes()).map_err(anyhow::Error::new)?;
        let size = signed.unverified().size();
        let key = keys.at(size).cloned().context("event 0 names no checkpoint key")?;
        let policy = match &policy {
            Some(policy) => policy.clone(),
            None => Policy::of_log(key.clone()).map_err(anyhow::Error::new)?,
        };
        // Whoever reads it must be able to tell whose each line is: none goes along by anybody who is not asked for.
        let asked: Vec<_> = [&key].into_iter().chain(policy.witnesses().iter().map(|one| one.key())).collect();
        let note = signed.only_by(&asked).to_string();
        let proof = hand_out::inclusion(reader, &note, keys, index).map_err(stop_of_inclusion)?;
        let word = word_on(index, &note, context, reading)?;
        let standing = word.1;
        if standing.is_void() && !arguments.void {
            let Message { id, en } = standing.message();
            return Err(Stop::No(Message::new(
                format!("peristiwa {index} tidak berlaku lagi: {id}; dengan --void tanda terimanya ditulis dan menyatakan hal itu"),
                format!("event {index} no longer holds: {en}; with --void a receipt is written that says so"),
            )));
        }
        let disclose = arguments.disclose;
        let disclosures = registry.map(|registry| disclosures(index, &actor, registry)).transpose()?;
        let disclosures = disclosures.unwrap_or_default();
        let page = Receipt::new(reader.read(index)?, proof, &disclosures, word.0, &policy)
            // The verifier itself runs over what is handed out.
            .and_then(|receipt| Receipt::verify(receipt.page()?.as_bytes(), &policy, None));
        let receipt = page.map_err(|error| match error {
            // Of a policy that somebody brought.
            ReceiptError::NotAccepted(_) => Stop::No(error.message()),
            error => {
                let error = anyhow::Error::new(error);
                Stop::Failed(error.context("the receipt was made and does not check; run `jejak verify`"))
            }
        })?;
        let page = receipt.page().map_err(anyhow::Error::new)?;
        out.write(page.as_bytes())?;
        say_made(&receipt, out.path(), disclose, context)
    })
}

/// How an event stands at the size of a checkpoint, today: the registry's word, signed.
fn word_on(
    index: u64,
    note: &str,
    context: &Context,
    reading: &RegistryReading,
) -> Result<(Word, EventStanding), Stop> {
    let (keys, reader, snapshot) = (reading.log().log_keys(), reading.log().reader(), reading.snapshot());
    let signed = SignedCheckpoint::parse(note.as_bytes()).map_err(anyhow::Error::new)?;
    let checkpoint = signed.unverified();
    let (size, on) = (checkpoint.size(), context.today(snapshot)?);
    let standing = EventStanding {
        origin: checkpoint.origin().to_owned(),
        index,
        size,
        root: checkpoint.root(),
        on,
        synthetic: snapshot.constitution().synthetic,
        effects: effects(snapshot, index, size, on).map_err(RegistryError::from)?,
    };
    let named = keys.attestation().iter().rev().find(|key| key.from_size <= size);
    let named = named.context("event 0 names no attestation key")?.from_size.saturating_sub(1);
    let key_proof = hand_out::inclusion(reader, note, keys, named).map_err(stop_of_inclusion)?;
    let signed = standing.sign(&reading.attestation_signer(size)?).map_err(anyhow::Error::new)?;
    let word = Word { standing: signed, key_entry: reader.read(named)?, key_proof };
    Ok((word, standing))
}

fn read_policy(path: &Path) -> Result<Policy, Stop> {
    let bytes = read_small(path, jejak_events::policy::MAX_LENGTH_BYTES as u64)?;
    Policy::parse(&bytes).map_err(|error| {
        let path = path.display();
        Stop::usage(format!("{path}: {}", told(&error)), format!("{path}: {error}"))
    })
}

/// The event's disclosures, noted before they are read.
fn disclosures(index: u64, actor: &Actor, registry: &Registry) -> Result<Vec<String>, Stop> {
    let (subject, declared) = sealed_by(&registry.event(index)?);
    if declared.is_empty() {
        return Ok(Vec::new());
    }
    let look = registry.look(actor, &format!("receipt {index} --disclose"), &[subject])?;
    Ok(registry.disclosures(&look, index)?)
}

/// How the event stands.
#[derive(Serialize, JsonSchema)]
struct StandingOutput {
    /// The day that it stands so.
    #[schemars(with = "jejak_events::values::Date")]
    on: String,
    /// Size of the log that was looked at.
    size: u64,
    /// Whether the registry holds made-up data.
    synthetic: bool,
    /// Whether nothing that the event says holds any more.
    void: bool,
    /// What came about since; none where it is in force.
    stands: Vec<EffectOutput>,
    /// The same in words.
    said: Message,
}

/// What came about since, and by what.
#[derive(Serialize, JsonSchema)]
struct EffectOutput {
    /// What it did.
    #[schemars(with = "crate::rules::effects::EffectCode")]
    effect: &'static str,
    #[serde(flatten)]
    by: ByOutput,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ByOutput {
    /// By the event at this index.
    Event(u64),
    /// By the end of this day.
    Day(jejak_events::values::Date),
}

impl From<&EventStanding> for StandingOutput {
    fn from(standing: &EventStanding) -> Self {
        let effect = |(effect, by): &(Effect, By)| {
            let by = match by {
                By::Event(index) => ByOutput::Event(*index),
                By::Day(day) => ByOutput::Day(*day),
            };
            EffectOutput { effect: effect.code(), by }
        };
        Self {
            on: standing.on.to_string(),
            size: standing.size,
            synthetic: standing.synthetic,
            void: standing.is_void(),
            stands: standing.effects.iter().map(effect).collect(),
            said: standing.message(),
        }
    }
}

/// How an event stands, first of all that is said, and whose word that is.
fn standing_lines(standing: &EventStanding, context: &Context) -> Vec<String> {
    let language = context.language;
    let (size, on) = (number(standing.size, language), day(standing.on, language));
    let message = standing.message();
    let stands = language.of(&message);
    vec![match standing.is_void() {
        true => text!(
            language,
            "TIDAK BERLAKU: {stands}; menurut registri, pada ukuran log {size}, tanggal {on}",
            "NO LONGER HOLDS: {stands}; by the registry's word, at log size {size}, on {on}"
        ),
        false => text!(
            language,
            "Keadaan: {stands}; menurut registri, pada ukuran log {size}, tanggal {on}",
            "Stands: {stands}; by the registry's word, at log size {size}, on {on}"
        ),
    }]
}

/// A receipt that was written.
#[derive(Serialize, JsonSchema)]
struct MadeOutput<'a> {
    /// The file.
    file: String,
    /// Index of the event.
    index: u64,
    /// Size of the checkpoint that it was proven under.
    size: u64,
    /// Its root.
    #[schemars(with = "jejak_events::schema::texts::Root")]
    root: String,
    /// How the event stands.
    standing: StandingOutput,
    /// Sealed fields that it carries.
    #[schemars(with = "Vec<jejak_events::schema::texts::SealedName>")]
    disclosed: Vec<&'a str>,
    /// Sealed fields that were asked for and erased.
    #[schemars(with = "Vec<jejak_events::schema::texts::SealedName>")]
    erased: Vec<&'a str>,
}

fn say_made(receipt: &Receipt, out: &Path, disclose: bool, context: &Context) -> Result<Exit, Stop> {
    let (given, kept): (Vec<_>, Vec<_>) = receipt.sealed().iter().partition(|field| field.value.is_some());
    let names = |fields: Vec<&DisclosableField>| fields.iter().map(|field| field.name).collect();
    let made = MadeOutput {
        file: out.display().to_string(),
        index: receipt.index(),
        size: receipt.checkpoint().size(),
        root: receipt.checkpoint().root().to_string(),
        standing: receipt.standing().into(),
        disclosed: names(given),
        // What was asked for and is not there was erased: everything declared is sealed.
        erased: if disclose { names(kept) } else { Vec::new() },
    };
    let language = context.language;
    if context.format() == Format::Json {
        write_json(&mut page(context), &made)?;
        return Ok(Exit::Fine);
    }
    let mut to = page(context);
    write_synthetic(&mut to, receipt.standing().synthetic, language)?;
    let (index, size, written) = (made.index, number(made.size, language), printable(&made.file));
    writeln!(
        to,
        "{}",
        text!(
            language,
            "tanda terima peristiwa {index} ditulis ke {written}; terbukti dalam log berukuran {size}",
            "receipt of event {index} written to {written}; proven in the log of size {size}"
        )
    )?;
    for line in standing_lines(receipt.standing(), context) {
        writeln!(to, "{}", printable(&line))?;
    }
    if !made.disclosed.is_empty() {
        let fields = fields_words(made.disclosed.iter().copied(), language);
        writeln!(
            to,
            "{}",
            text!(
                language,
                "berisi kolom tersegel {fields}: siapa pun yang memegangnya dapat membaca dan membuktikannya",
                "holds the sealed fields {fields}: whoever has it can read and prove them"
            )
        )?;
    }
    if !made.erased.is_empty() {
        let fields = fields_words(made.erased.iter().copied(), language);
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

/// A sealed field of the event.
#[derive(Serialize, JsonSchema)]
struct SealedOutput<'a> {
    /// Its name.
    #[schemars(with = "jejak_events::schema::texts::SealedName")]
    field: &'a str,
    /// Which key it is sealed under.
    #[schemars(with = "jejak_events::sealed::Group")]
    group: &'a str,
    /// Its value, where it is disclosed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::schema::texts::DisclosedValue>")]
    value: Option<&'a serde_json::Value>,
}

/// A receipt that checks.
#[derive(Serialize, JsonSchema)]
struct VerifiedOutput<'a> {
    /// Always.
    #[schemars(extend("const" = true))]
    verified: bool,
    /// Name of the log.
    #[schemars(with = "jejak_events::values::Origin")]
    origin: &'a str,
    /// Size of the checkpoint.
    size: u64,
    /// Its root.
    #[schemars(with = "jejak_events::schema::texts::Root")]
    root: String,
    /// Index of the event.
    index: u64,
    /// Its id.
    #[schemars(with = "jejak_events::identity::EventId")]
    id: String,
    /// Its type.
    #[schemars(with = "jejak_events::schema::texts::TypeName")]
    r#type: &'a str,
    /// Its stream.
    #[schemars(with = "jejak_events::identity::Subject")]
    subject: String,
    /// What it says.
    said: Message,
    /// When it happened.
    #[schemars(with = "jejak_events::schema::texts::LocalTime")]
    time: String,
    /// How exactly that is known.
    #[schemars(with = "jejak_events::time::TimePrecision")]
    timeprecision: &'a str,
    /// When it was recorded.
    #[schemars(with = "jejak_events::schema::texts::Moment")]
    recordedtime: String,
    /// Who recorded it.
    #[schemars(with = "jejak_events::identity::Source")]
    source: String,
    /// Its sealed fields.
    sealed: Vec<SealedOutput<'a>>,
    /// Cosignatures by witnesses of the reader's policy.
    cosigned: &'a [Cosigned],
    /// How the event stands, by the registry's word.
    standing: StandingOutput,
    /// What is proven.
    proven: Message,
    /// What rests on the registry's word.
    word: Message,
    /// What is not proven.
    not_proven: Message,
    /// Files that were written.
    written: Vec<String>,
}

/// A receipt that does not check.
#[derive(Serialize, JsonSchema)]
struct RefusedOutput {
    /// Never.
    #[schemars(extend("const" = false))]
    verified: bool,
    /// What is wrong.
    why: Message,
}

fn verify(arguments: &VerifyArguments, context: &Context) -> Result<Exit, Stop> {
    let policy = policy(&arguments.trust)?;
    let at = arguments.at.as_deref().map(read_at).transpose()?;
    let receipt = match Receipt::verify(&read_page(&arguments.file)?, &policy, at) {
        Ok(receipt) => receipt,
        Err(error) if context.format() == Format::Json => {
            let refused = RefusedOutput { verified: false, why: error.message() };
            write_json(&mut page(context), &refused)?;
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
        write_json(&mut page(context), &verified_output(&receipt, said, extracted))?;
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
    let place = |(part, bytes): (PagePart, Vec<u8>)| {
        let file = NewFile::at(&directory.join(part.file_name()), force, context)?;
        Ok((file.private(part == PagePart::Disclosures), bytes))
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
        said,
        time: draft.time.to_string(),
        timeprecision: draft.time.precision().name(),
        recordedtime: receipt.event().recorded.to_string(),
        source: draft.source.to_string(),
        sealed: sealed.collect(),
        cosigned: receipt.cosigned(),
        standing: receipt.standing().into(),
        proven: proven(receipt),
        word: word(receipt),
        not_proven: not_proven(),
        written: extracted,
    }
}

fn print(receipt: &Receipt, said: &Message, extracted: &[String], context: &Context) -> Result<(), Stop> {
    let language = context.language;
    let draft = &receipt.event().draft;
    let mut out = page(context);
    write_synthetic(&mut out, receipt.standing().synthetic, language)?;
    let mut line = |text: &str| writeln!(out, "{}", printable(text));
    line(language.pick(
        "tanda terima cocok, setiap byte halamannya juga",
        "the receipt checks, and so does every byte of its page",
    ))?;
    standing_lines(receipt.standing(), context).iter().try_for_each(|text| line(text))?;
    let (name, subject) = (type_words(draft.data.type_name(), language), draft.subject);
    line(&format!("{name}, {subject}: {}", in_words(language.of(said), language)))?;
    let time = happened_words(draft.time, language);
    let recorded = moment(receipt.event().recorded, draft.source.area, language);
    line(&text!(language, "terjadi {time}, dicatat {recorded}", "happened {time}, recorded {recorded}"))?;
    let disclosed = receipt.sealed().iter().filter_map(|field| Some((field.name, field.value.as_ref()?)));
    for (name, value) in disclosed {
        line(&format!("{}: {}", field_words(name, language), difference::plain(value)))?;
    }
    line(language.of(&proven(receipt)))?;
    line(language.of(&word(receipt)))?;
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
