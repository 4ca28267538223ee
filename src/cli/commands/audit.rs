//! `jejak audit`.

mod print;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::fault::Message;
use jejak_events::note::NoteSigner;
use jejak_events::signing_key::SigningKey;
use jejak_events::translation::told;

pub use self::print::ANSWERS;
use crate::cli::Context;
use crate::cli::clocks::date;
use crate::cli::exit::{Exit, Stop};
use crate::cli::input::{open_file, read_secret};
use crate::cli::new_file::{Force, NewFile, hold_directory, new_directory};
use crate::cli::progress::Progress;
use crate::cli::trust::{Trust, read_at, read_kept};
use crate::disk::{Disk, RealDisk};
use crate::proof::audit::cosigner::{CosignError, CosignerState};
use crate::proof::audit::{Audit, FoundLog, audit, find};
use crate::proof::replay::entries::{ReplayError, SourceError};
use crate::proof::replay::hold::Against;
use crate::proof::replay::signatures::not_accepted;
use crate::words::language::text;

/// Replay a whole log without its registry, and say what holds: for auditors.
///
/// PATH is the data directory of a registry (its journal, checkpoint and handovers are read, nothing else, also while it runs), a published
/// tree (`log tiles`) or an evidence bundle, of which checkpoint and entries are read; its answer is for `bundle
/// verify`. Every entry is read in its form and place, judged by the rules that rest on open
/// fields, hashed into the tree, and counted by every view; tree and signatures are held against the checkpoint.
/// What rests on sealed values is listed as attested by the registry: an auditor does not see them.
///
/// With --cosign-key a cosignature (C2SP tlog-cosignature v1) is put under the checkpoint, which also says that
/// this is the largest tree of this log that the auditor has seen: so --state must be the same directory each
/// time. With --statement-key the counted views are signed with name, version and digest. Both need everything to
/// hold and the log's key from elsewhere. Keys: `jejak key`.
///
/// Without --log-vkey or --policy the log's key is that of event 0, and the verdict says that it rests on it.
///
/// JSON: `{"sound","verdict","kind","origin","size","root","following","synthetic","recorded_until","log_key","key_is_known","cosigned":[{"witness",
/// "unix_seconds"}],"checks":[as in verify],"attested":{"sealed","certificate_numbers","scales",
/// "parts","birth_years","evidence","erasures"},"on","views":[{"view","version","digest","figures":[{"name","value"}]}],"written":[path]}`.
///
/// Exit code 1 when anything does not hold; nothing is signed then.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak audit jejak-data --log-vkey log.vkey --cosign-key auditor.key --state auditor-state --out signed"
)]
pub struct Arguments {
    /// Data directory of a registry, directory of a published tree, or evidence bundle.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// A checkpoint to audit instead of the one that lies with the log.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// A checkpoint of this log that you kept: the log must lead through it. May be given several times.
    #[arg(long, value_name = "FILE")]
    kept: Vec<PathBuf>,
    /// The day that the views are counted for [default: that of the last event].
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// The moment to judge cosignatures for: a time (RFC 3339), or the end of a day where event 0 says that the
    /// registry is [default: their times are not judged].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Secret key to cosign the checkpoint with.
    #[arg(long, value_name = "FILE", requires_all = ["state", "out"])]
    cosign_key: Option<PathBuf>,
    /// Directory in which the cosigner remembers what it cosigned. Keep it as long as the key.
    #[arg(long, value_name = "DIR", requires = "cosign_key")]
    state: Option<PathBuf>,
    /// Secret key to sign the audit statement with; another than that of the cosigner.
    #[arg(long, value_name = "FILE", requires = "out")]
    statement_key: Option<PathBuf>,
    /// Directory for what is signed: `checkpoint` and `audit-statement`.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
}

/// The auditor's keys.
#[derive(Default)]
struct Keys {
    cosigner: Option<CosignatureSigner>,
    statement: Option<NoteSigner>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let policy = arguments.trust.read()?;
    let kept = read_kept(&arguments.kept)?;
    let at = arguments.at.as_deref().map(read_at).transpose()?;
    let on = arguments.on.as_deref().map(|text| date("--on", text)).transpose()?;
    let keys = keys(arguments)?;
    if policy.is_none() && (keys.cosigner.is_some() || keys.statement.is_some()) {
        return Err(stop_of_cosign(CosignError::KeyNotKnown));
    }
    let signed = signed_files(arguments, &keys, context)?;
    // A file that is none, or is a secret key, is told before anything is read of it.
    for path in arguments.checkpoint.iter().chain(arguments.path.is_file().then_some(&arguments.path)) {
        open_file(path)?;
    }
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let found = find(Arc::clone(&disk), &arguments.path, arguments.checkpoint.as_deref())
        .map_err(|error| stop_of(error.into()))?;
    let kind = found.kind;
    let mut against = Against { policy, kept, at, on };

    // Held from before the audit until the cosignature is written: two audits at once cosign one after the other.
    let state = match (&keys.cosigner, &arguments.state) {
        (Some(signer), Some(directory)) => {
            hold_directory(directory, context)?;
            let state = CosignerState::open(Arc::clone(&disk), directory, true).map_err(stop_of_cosign)?;
            let origin = found.checkpoint.unverified().origin();
            against.kept.extend(state.last(origin, signer).map_err(stop_of_cosign)?);
            Some((state, signer))
        }
        _ => None,
    };
    if let Some(message) = foreign(&found, &against) {
        let message = context.language.of(&message);
        context.say(&text!(
            context.language,
            "jejak: {message}; log ini tetap diputar ulang, tetapi putusannya tidak akan cocok",
            "jejak: {message}; the log is replayed all the same, but the verdict will be no"
        ));
    }
    let progress = Progress::of_events(
        found.checkpoint.unverified().size(),
        context.language.pick("memeriksa", "auditing"),
    );
    let audited = audit(found, &against, &|done| {
        progress.at(done);
        !context.interrupt.is_raised()
    });
    progress.finish();
    let audited = audited.map_err(stop_of)?;
    let mut written = Vec::new();
    if audited.is_sound() {
        let cosigned = match &state {
            Some((state, signer)) => Some(cosign(state, signer, &audited, context)?),
            None => None,
        };
        if let Some(directory) = &arguments.out {
            new_directory(directory, context)?;
        }
        written = write_signed(&signed, &audited, cosigned, keys.statement.as_ref())?;
    }
    print::report(context, kind, &audited, &written)?;
    Ok(if audited.is_sound() { Exit::Fine } else { Exit::No })
}

/// Why no replay can make the checkpoint one that the auditor asks for: it is said before the work, not after it.
/// `None` where it is signed as asked, or where a handover may lead from a key that is known to the one that signed.
fn foreign(found: &FoundLog, against: &Against) -> Option<Message> {
    let refused = against.policy.as_ref()?.check(&found.checkpoint, None).err()?;
    let origin = found.checkpoint.unverified().origin();
    let of_this_log = against.policy.iter().flat_map(|policy| policy.logs()).any(|key| key.name() == origin);
    let is_handed_over = !against.kept.is_empty() || !found.handovers.is_empty();
    (!of_this_log || !is_handed_over).then(|| not_accepted(&refused))
}

fn keys(arguments: &Arguments) -> Result<Keys, Stop> {
    let mut keys = Keys::default();
    if let Some(path) = &arguments.cosign_key {
        match read_key(path)? {
            SigningKey::Cosignature(signer) => keys.cosigner = Some(signer),
            SigningKey::Note(_) => return Err(wrong_kind("--cosign-key", "cosigner")),
        }
    }
    if let Some(path) = &arguments.statement_key {
        match read_key(path)? {
            SigningKey::Note(signer) => keys.statement = Some(signer),
            SigningKey::Cosignature(_) => return Err(wrong_kind("--statement-key", "statement")),
        }
    }
    if let (Some(cosigner), Some(statement)) = (&keys.cosigner, &keys.statement)
        && cosigner.verifier_key().public_key() == statement.verifier_key().public_key()
    {
        return Err(Stop::usage(
            "--cosign-key dan --statement-key memakai kunci yang sama; satu kunci untuk satu jenis pernyataan",
            "--cosign-key and --statement-key are the same key; a key signs one kind of statement",
        ));
    }
    Ok(keys)
}

fn wrong_kind(option: &str, kind: &str) -> Stop {
    Stop::usage(
        format!("{option}: kunci ini untuk hal lain; buat dengan `jejak key --kind {kind}`"),
        format!("{option}: this key is for something else; make one by `jejak key --kind {kind}`"),
    )
}

fn read_key(path: &Path) -> Result<SigningKey, Stop> {
    let bytes = read_secret(path, 4096)?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    SigningKey::parse(text.trim_end()).map_err(|error| {
        let path = path.display();
        Stop::usage(format!("{path}: {error}", error = told(&error)), format!("{path}: {error}"))
    })
}

fn cosign(
    state: &CosignerState,
    signer: &CosignatureSigner,
    audited: &Audit,
    context: &Context,
) -> Result<String, Stop> {
    let now = context.environment.clock.wall().timestamp();
    let time = u64::try_from(now).context("the clock is before 1970")?;
    Ok(state.cosign(audited, signer, time).map_err(stop_of_cosign)?.to_string())
}

/// The files for what is signed.
#[derive(Default)]
struct SignedFiles {
    checkpoint: Option<NewFile>,
    statement: Option<NewFile>,
}

/// Where what is signed will lie. Asked before the audit: a cosigner remembers what it signs before it gives it away.
fn signed_files(arguments: &Arguments, keys: &Keys, context: &Context) -> Result<SignedFiles, Stop> {
    let Some(directory) = &arguments.out else { return Ok(SignedFiles::default()) };
    let file = |name: &str| NewFile::at(&directory.join(name), arguments.force, context);
    Ok(SignedFiles {
        checkpoint: keys.cosigner.is_some().then(|| file("checkpoint")).transpose()?,
        statement: keys.statement.is_some().then(|| file("audit-statement")).transpose()?,
    })
}

fn write_signed(
    files: &SignedFiles,
    audited: &Audit,
    cosigned: Option<String>,
    statement: Option<&NoteSigner>,
) -> Result<Vec<PathBuf>, Stop> {
    let statement = match (statement, audited.statement()) {
        (Some(signer), Some(statement)) => {
            Some(statement.sign(signer).context("the audit statement cannot be signed")?.to_string())
        }
        _ => None,
    };
    let mut written = Vec::new();
    for (file, text) in [(&files.checkpoint, cosigned), (&files.statement, statement)] {
        if let (Some(file), Some(text)) = (file, text) {
            file.write(text.as_bytes())?;
            written.push(file.path().to_owned());
        }
    }
    Ok(written)
}

/// What kept an audit from its end.
pub fn stop_of(error: ReplayError) -> Stop {
    match error {
        ReplayError::Stopped => Stop::Interrupted,
        ReplayError::Source(SourceError::Absent(why)) => Stop::Usage(why),
        ReplayError::Source(SourceError::Wrong(Message { id, en })) => {
            Stop::No(Message::new(format!("log ini tidak lengkap atau diubah: {id}"), en))
        }
        other => Stop::Failed(other.into()),
    }
}

fn stop_of_cosign(error: CosignError) -> Stop {
    let en = error.to_string();
    match error {
        CosignError::KeyNotKnown => Stop::usage(
            "sebut kunci log dengan --log-vkey atau --policy: penandatangan tidak boleh mempelajarinya dari log itu sendiri",
            en,
        ),
        CosignError::State { .. } => {
            Stop::No(Message::new(format!("keadaan saksi rusak: {}", told(&en)), en))
        }
        CosignError::Unsound => Stop::No(Message::new("log tidak cocok; tidak ada yang ditandatangani", en)),
        other => Stop::Failed(other.into()),
    }
}
