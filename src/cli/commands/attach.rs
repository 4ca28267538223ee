//! `jejak attach`.

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use jejak_events::fault::{Message, Refusal};
use jejak_events::record::Event;
use jejak_events::types::{Evidence, EvidenceRedacted};
use jejak_events::values::{Code, MediaType, SetOf, Sha256Hex, Text};
use schemars::JsonSchema;
use serde::Serialize;

use super::subject::person_or_ikm;
use crate::cli::exit::{Exit, Stop};
use crate::cli::input::open_file;
use crate::cli::new_file::{Force, NewFile};
use crate::cli::output::{page, printable, stdout, write_json};
use crate::cli::progress::Progress;
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format, actor, looker};
use crate::registry::{Attached, Destroyed, Registry};
use crate::vault::KeyLookup;
use crate::vault::attachments::About;
use crate::words::language::text;

/// Keep a scan, photo or letter encrypted beside the log, read one back, or withdraw one.
///
/// Prints the object to paste into an event's `evidence`: `{"media_type","sha256","subjects"}`. The file is
/// encrypted under a key of its own; its `sha256` is that of the encrypted file. Name everybody whose data the
/// document holds: erasing any of them makes it unreadable. The same document attached twice is two files. A
/// file that no event lists is reported by `verify`.
///
/// --read writes the document to the file named by -o, which must not exist; the look is noted in the access
/// log first. --redact destroys the key of one file and records `evidence.redacted` in the stream of the last
/// live event that lists it; what that event says stands as before.
///
/// JSON: the object; for --redact `{"sha256","redacted"}` with the index of the event, or
/// `{"sha256","refused":{"rule","field","message":{"id","en"}}}` and exit code 1.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak attach \"daftar hadir.jpg\" --subject person/9a0b1c2d-3e4f-4a6b-8c7d-5e6f7a8b9c0d\n  jejak attach --redact 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --reason wrong_scan"
)]
pub struct Arguments {
    /// The document to attach.
    #[arg(required_unless_present_any = ["read", "redact"], conflicts_with_all = ["read", "redact"])]
    file: Option<PathBuf>,
    /// Whose data it holds: person/<uuid> or ikm/<uuid>, one or more.
    #[arg(
        long,
        value_name = "ID",
        num_args = 1..,
        required_unless_present_any = ["read", "redact", "no_subject"],
        conflicts_with_all = ["read", "redact"]
    )]
    subject: Vec<String>,
    /// It holds nobody's data, such as a photo of a building.
    #[arg(long, conflicts_with_all = ["subject", "read", "redact"])]
    no_subject: bool,
    /// Media type of the document [default: as its name ends, else application/octet-stream].
    #[arg(long, value_name = "TYPE", conflicts_with_all = ["read", "redact"])]
    media_type: Option<String>,
    /// Read the document of this SHA-256 back.
    #[arg(long, value_name = "SHA256", requires = "out", conflicts_with = "redact")]
    read: Option<String>,
    /// Where to write it.
    #[arg(short, long, value_name = "FILE", requires = "read")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
    /// Withdraw the evidence of this SHA-256: destroy its key.
    #[arg(long, value_name = "SHA256", requires = "reason")]
    redact: Option<String>,
    /// Why, as a code.
    #[arg(long, value_name = "CODE", requires = "redact")]
    reason: Option<String>,
    /// Who decided that, as an office or function.
    #[arg(long, value_name = "TEXT", requires = "redact")]
    authority: Option<String>,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Evidence>, shape::<RedactOutput<'static>>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let parse = |file: &String| Sha256Hex::parse(file).map_err(Stop::Usage);
    match (&arguments.file, &arguments.read, &arguments.out, &arguments.redact) {
        (Some(file), ..) => attach(file, arguments, context),
        (_, Some(file), Some(out), _) => {
            let out = NewFile::at(out, arguments.force, context)?.private(true);
            read_back(&parse(file)?, &out, context)
        }
        (.., Some(file)) => redact(&parse(file)?, arguments, context),
        // The argument parser asks for one of them.
        _ => Err(Stop::usage("sebut berkas yang dilampirkan", "name a file to attach")),
    }
}

/// Media types of what offices attach, by how names end.
const MEDIA_TYPES: [(&str, &str); 13] = [
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("heic", "image/heic"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

fn media_type(given: Option<&str>, file: &Path) -> Result<MediaType, Stop> {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
    let known = MEDIA_TYPES.iter().find(|(known, _)| *known == ending).map(|(_, media_type)| *media_type);
    MediaType::parse(given.or(known).unwrap_or("application/octet-stream")).map_err(Stop::Usage)
}

/// Reads a document, shows how far it is, and stops at Ctrl-C.
struct Watched<'a> {
    file: File,
    position_bytes: u64,
    progress: &'a Progress,
    context: &'a Context,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.context.interrupt.is_raised() {
            // Not `Interrupted`, which asks to try again.
            return Err(std::io::Error::other("stopped"));
        }
        let read = self.file.read(buffer)?;
        self.position_bytes += read as u64;
        self.progress.at(self.position_bytes);
        Ok(read)
    }
}

fn attach(path: &Path, arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let media_type = media_type(arguments.media_type.as_deref(), path)?;
    let (file, length_bytes) = open_file(path)?;
    context.with_registry(|registry| {
        let snapshot = registry.snapshot();
        let subjects = arguments.subject.iter().map(|typed| person_or_ikm(&snapshot, typed));
        let mut subjects = subjects.collect::<Result<Vec<_>, Stop>>()?;
        subjects.sort_unstable();
        subjects.dedup();
        let about = About { media_type, subjects: SetOf::new(subjects) };
        let progress = Progress::of_bytes(length_bytes, context.language.pick("melampirkan", "attaching"));
        let mut document = Watched { file, position_bytes: 0, progress: &progress, context };
        let attached = registry.attach(about.clone(), &mut document);
        progress.finish();
        context.interrupt.check()?;
        match attached? {
            Attached::Held(sha256) => {
                let object = Evidence {
                    media_type: about.media_type.clone(),
                    sha256,
                    subjects: about.subjects.clone(),
                };
                let mut out = stdout();
                if context.format() == Format::Json {
                    write_json(&mut out, &object)?;
                } else {
                    // To be pasted as it stands, on one line.
                    serde_json::to_writer(&mut out, &object).map_err(std::io::Error::from)?;
                    writeln!(out)?;
                    out.flush()?;
                }
                Ok(Exit::Fine)
            }
            Attached::Refused(refusal) => Err(Stop::No(refusal.message)),
        }
    })
}

fn read_back(file: &Sha256Hex, out: &NewFile, context: &Context) -> Result<Exit, Stop> {
    let actor = looker(&context.global, true)?;
    context.with_registry(|registry| {
        let Some(about) = registry.evidence().about(file).map_err(crate::registry::RegistryError::from)?
        else {
            return Err(not_held(file));
        };
        let key = match registry.evidence_key(file.clone())? {
            KeyLookup::Live(key) => key,
            KeyLookup::Unknown => return Err(not_held(file)),
            KeyLookup::Destroyed => {
                return Err(Stop::No(Message::new(
                    format!("bukti {file} sudah ditarik atau dihapus dan tidak terbaca lagi"),
                    format!("evidence {file} was withdrawn or erased and cannot be read any more"),
                )));
            }
        };
        let subjects = about.subjects.as_deref().unwrap_or_default();
        let look = registry.look_at_file(&actor, &format!("attach --read {file}"), file, subjects)?;
        out.write_with(&mut |written| {
            let read = registry.evidence().read(&look, file, &key.secret, written);
            Ok(read.map_err(crate::registry::RegistryError::from)?)
        })?;
        context.say(&text!(
            context.language,
            "jejak: {media_type} ditulis ke {out}",
            "jejak: {media_type} written to {out}",
            media_type = about.media_type,
            out = printable(&out.path().display().to_string())
        ));
        Ok(Exit::Fine)
    })
}

fn not_held(file: &Sha256Hex) -> Stop {
    Stop::No(Message::new(
        format!("registri tidak menyimpan bukti {file}"),
        format!("the registry holds no evidence {file}"),
    ))
}

/// Evidence that was withdrawn, or why it was not.
#[derive(Serialize, JsonSchema)]
struct RedactOutput<'a> {
    /// SHA-256 of the encrypted file.
    sha256: &'a Sha256Hex,
    #[serde(flatten)]
    result: RedactResult,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RedactResult {
    /// Index of the event that withdraws it.
    Redacted(u64),
    /// Why it was not withdrawn.
    Refused(Refusal),
}

fn redact(file: &Sha256Hex, arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let reason = arguments.reason.as_deref().unwrap_or_default();
    let reason = Code::parse(reason).map_err(Stop::Usage)?;
    let authority = arguments.authority.as_deref().map(Text::parse).transpose().map_err(Stop::Usage)?;
    let actor = actor(&context.global)?;
    context.with_registry(|registry| {
        let Some(target) = last_live_event(registry, file)? else {
            return Err(Stop::No(Message::new(
                format!("tidak ada peristiwa berlaku yang menyebut bukti {file}"),
                format!("no live event lists the evidence {file}"),
            )));
        };
        let redaction = EvidenceRedacted {
            file: file.clone(),
            reason,
            target: target.draft.id,
            authority,
            evidence: None,
            imported_from: None,
            sealed: None,
        };
        let (result, exit) = match registry.redact(actor, target.draft.subject, redaction)? {
            Destroyed::Done { recorded, .. } => (RedactResult::Redacted(recorded), Exit::Fine),
            Destroyed::Refused(refused) => (RedactResult::Refused(refused), Exit::No),
        };
        if context.format() == Format::Json {
            write_json(&mut stdout(), &RedactOutput { sha256: file, result })?;
            return Ok(exit);
        }
        match result {
            RedactResult::Refused(refused) => Err(Stop::No(refused.message)),
            RedactResult::Redacted(recorded) => {
                let mut out = page(context);
                writeln!(
                    out,
                    "{}",
                    text!(
                        context.language,
                        "bukti {file} ditarik pada peristiwa {recorded}; kuncinya dimusnahkan",
                        "evidence {file} withdrawn in event {recorded}; its key is destroyed"
                    )
                )?;
                out.flush()?;
                Ok(exit)
            }
        }
    })
}

/// The last event in force that lists a file.
fn last_live_event(registry: &Registry, file: &Sha256Hex) -> Result<Option<Event>, Stop> {
    let mut found: Vec<(u64, Event)> = Vec::new();
    let finder = memchr::memmem::Finder::new(file.as_bytes());
    let snapshot = registry.snapshot();
    snapshot.scan(0..snapshot.size(), &mut |index, bytes| {
        if finder.find(bytes).is_some()
            && let Ok(event) = Event::read(bytes)
            && event.draft.data.evidence().any(|evidence| evidence.sha256 == *file)
        {
            found.push((index, event));
        }
        true
    })?;
    let lineage = snapshot.lineage();
    let is_live = |index: u64| {
        let original = lineage.original_of(index).unwrap_or(index);
        lineage.effective(original).is_some() && !lineage.is_retracted_correction(index)
    };
    Ok(found.into_iter().rev().find(|(index, _)| is_live(*index)).map(|(_, event)| event))
}
