//! Making a registry.
//!
//! Must never make a second log under keys that another one has: keys that are there already are taken
//! over only from an init of the same place that was cut short (see [`super::unfinished`]).

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jejak_events::area;
use jejak_events::identity::{Actor, ActorKind, EventId, Source, Subject};
use jejak_events::note::{NoteSigner, VerifierKey};
use jejak_events::proposal::Proposal;
use jejak_events::record::{Draft, FORMAT};
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_events::types::{Data, KeyPurpose, PublicKey, RegistryOpened};
use jejak_events::values::{Format, Origin, SetOf, Sha256Hex, Version, Vkey, Year};

use super::engine::{Engine, Request};
use super::open::{checkpoint_signer, create_log, open_log, unreadable};
use super::outcome::RegistryError;
use super::prepared::PreparedEvent;
use super::{Options, unfinished};
use crate::disk::{Existing, create_directory_durably, write_out};
use crate::log::{LogError, Reach};
use crate::readmodel::Vault;
use crate::rules::machine::StateMachine;
use crate::vault::{KeyFile, NewKey, Secret, VaultIndex};

/// What a new registry states of itself.
#[derive(Clone, Debug)]
pub struct InitReport {
    /// Origin line of its checkpoints: a URL without a scheme.
    pub origin: Origin,
    /// Who opens it.
    pub source: Source,
    /// Whether it holds made-up data.
    pub synthetic: bool,
    /// Where the recovery secret goes, to be kept elsewhere.
    pub recovery_file: std::path::PathBuf,
}

fn draw<const N: usize>(options: &Options) -> Result<[u8; N], RegistryError> {
    let mut bytes = [0; N];
    options.environment.randomness.fill(&mut bytes).map_err(RegistryError::randomness)?;
    Ok(bytes)
}

/// Makes a registry: keys, anchor of size 0, recovery secret, event 0, first checkpoint, in this order.
/// An init that was cut short before event 0 is finished by another one.
///
/// # Errors
/// [`RegistryError::Exists`] when there is one, [`RegistryError::KeysTaken`] when the keys are not this
/// init's own, and then nothing was changed; whatever the machine says.
pub fn create(options: &Options, about: &InitReport) -> Result<VerifierKey, RegistryError> {
    let exists = || RegistryError::Exists { path: options.dir.display().to_string() };
    let foreign = || RegistryError::ForeignKeys { path: options.keys_dir.display().to_string() };
    let failed = |operation, path: &Path| {
        let path = path.display().to_string();
        move |source| RegistryError::File { operation, path, source }
    };
    // Once before anything is made, so that a refusal leaves no trace, and once more when nobody else can
    // change the answer.
    unfinished::resumes(options, about)?;
    for directory in [&options.dir, &options.keys_dir] {
        create_directory_durably(&*options.disk, directory).map_err(failed("create", directory))?;
    }
    let _lock = options.hold()?;
    let resumes = unfinished::resumes(options, about)?;
    let recovery = Recovery::find_or_draw(options, about, resumes)?;
    if !resumes {
        crate::vault::restrict(&options.keys_dir, 0o700).map_err(failed("restrict", &options.keys_dir))?;
        unfinished::begin(options, about)?;
    }
    // Crash here: a mark without keys; the next init goes on.
    let keys = open_or_draw_keys(options)?;
    // Crash here: marked keys without a log; the next init of this directory and origin uses them.
    let signer = Arc::new(checkpoint_signer(&keys, options)?);
    let seed = keys.signing(KeyPurpose::Checkpoint.name()).ok_or_else(foreign)?;
    let verifier_key =
        NoteSigner::new(&about.origin, seed.bytes()).map_err(unreadable)?.verifier_key().clone();
    let log = match create_log(options, &signer) {
        // Also what an init that was cut short leaves: an anchor of size 0, or a segment without a commit.
        Err(LogError::Exists { .. }) => {
            let (log, _) = open_log(options, &signer, Reach::Whole)?;
            if log.size() > 0 {
                // Only the mark was left to remove. The recovery secret may be in safe keeping already.
                unfinished::end(options)?;
                return Err(exists());
            }
            log
        }
        created => created?,
    };
    // Crash here: an empty log, anchored at size 0; the next init goes on from it.
    let recovery = recovery.keep(options, about)?;
    // Crash here: a recovery secret that speaks for nothing; the next init uses it.
    let proposal = opening(options, about, constitution(about, &keys, &verifier_key, &recovery)?)?;
    let prepared = PreparedEvent::new(proposal, &options.environment.randomness).map_err(unreadable)?;
    let vault = Arc::new(Vault::new(VaultIndex::default(), keys));
    let mut engine = Engine::new(options, log, StateMachine::new(), vault, signer, None);
    // Before event 0: from then on an anchor without a head of the access log has lost it.
    engine.access().begin()?;
    // Crash here: an anchor of size 0 with the head of an empty access log; the next init goes on from it.
    let (answers, _) = engine.process(vec![Request { prepared: vec![prepared], atomic: true }])?;
    for answer in answers {
        if let Some(refusal) = answer?.iter().find_map(super::Outcome::refusal) {
            return Err(unreadable(refusal));
        }
    }
    // Crash here: event 0 stands in the journal; opening anchors and signs it.
    engine.close()?;
    // Crash here: a finished registry with a mark, which opening removes.
    unfinished::end(options)?;
    Ok(verifier_key)
}

/// The keys of the init that this one resumes, or fresh ones where no log stands yet.
fn open_or_draw_keys(options: &Options) -> Result<KeyFile, RegistryError> {
    match KeyFile::open(Arc::clone(&options.disk), &options.keys_dir) {
        Err(crate::vault::KeyError::Missing { .. }) if options.trace_of_log()?.is_none() => {}
        opened => return Ok(opened?),
    }
    let mut fresh = Vec::new();
    for purpose in [KeyPurpose::Checkpoint, KeyPurpose::Attestation] {
        fresh.push(NewKey::Signing { purpose: purpose.name().into(), seed: Secret::new(draw(options)?) });
    }
    Ok(KeyFile::create(Arc::clone(&options.disk), &options.keys_dir, &fresh)?)
}

/// Event 0.
fn opening(options: &Options, about: &InitReport, data: RegistryOpened) -> Result<Proposal, RegistryError> {
    let recorded = options.environment.clock.wall();
    let recorded = RecordedTime::from_unix_ms(recorded.timestamp_millis())
        .ok_or_else(|| unreadable("the clock is set outside the years 1900 to 2999"))?;
    let draft = Draft {
        id: event_id(options, recorded)?,
        source: about.source.clone(),
        subject: Subject::Registry,
        time: ValidTime::day(recorded.date_in(about.source.area), about.source.area),
        actor: Actor { kind: ActorKind::System, id: None },
        correlation: None,
        causation: None,
        data: Data::from(data),
    };
    Ok(Proposal { draft, sealed: Default::default(), expected_revision: Some(0) })
}

fn event_id(options: &Options, at: RecordedTime) -> Result<EventId, RegistryError> {
    let millis = u64::try_from(at.unix_ms()).unwrap_or(0);
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &draw(options)?).into_uuid();
    EventId::new(uuid).ok_or_else(|| unreadable("a made UUIDv7 does not read back"))
}

fn vkey_of(key: &VerifierKey) -> Result<Vkey, RegistryError> {
    Vkey::parse(&key.to_string()).map_err(|message| unreadable(message.en))
}

fn constitution(
    about: &InitReport,
    keys: &KeyFile,
    checkpoint: &VerifierKey,
    recovery: &Secret,
) -> Result<RegistryOpened, RegistryError> {
    // One name for each purpose: C2SP wants a key per kind of statement.
    let vkey = |purpose: KeyPurpose, seed: &Secret| {
        let signer = NoteSigner::new(&purpose.key_name(&about.origin), seed.bytes()).map_err(unreadable)?;
        vkey_of(signer.verifier_key())
    };
    let attestation = keys.signing(KeyPurpose::Attestation.name()).ok_or_else(|| {
        unreadable("the keys file has no attestation key; start with an empty keys directory")
    })?;
    let public = vec![
        PublicKey { purpose: KeyPurpose::Checkpoint, vkey: vkey_of(checkpoint)? },
        PublicKey { purpose: KeyPurpose::Attestation, vkey: vkey(KeyPurpose::Attestation, attestation)? },
        PublicKey { purpose: KeyPurpose::Recovery, vkey: vkey(KeyPurpose::Recovery, recovery)? },
    ];
    let missing = || unreadable("a constant of the program is out of bounds");
    Ok(RegistryOpened {
        area_table_sha256: Sha256Hex::parse(&area::table_sha256())
            .map_err(|message| unreadable(message.en))?,
        area_table_year: Year::new(area::TABLE_YEAR).ok_or_else(missing)?,
        format: Format::parse(FORMAT).map_err(|message| unreadable(message.en))?,
        keys: SetOf::new(public).ok_or_else(missing)?,
        origin: about.origin.clone(),
        rules: crate::rules::RULES.last().and_then(|rules| Version::new(*rules)).ok_or_else(missing)?,
        synthetic: about.synthetic,
        evidence: None,
        imported_from: None,
        sealed: None,
    })
}

const RECOVERY_HEADER: &str = "jejak recovery secret v1";

/// The secret that a file of one holds, or what is wrong with the file.
fn recovery_secret(bytes: &[u8], origin: &str) -> Result<Secret, &'static str> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    if lines.next() != Some(RECOVERY_HEADER.as_bytes()) {
        return Err("it is not a recovery secret");
    }
    if lines.next() != Some(origin.as_bytes()) {
        return Err("it is the recovery secret of another origin");
    }
    let seed = lines.next().and_then(|line| BASE64_URL_SAFE_NO_PAD.decode(line).ok());
    let seed = seed.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    seed.map(Secret::new).ok_or("its secret is damaged")
}

/// Whether a file of a recovery secret holds the one whose public key event 0 names.
pub(crate) fn holds_recovery_secret(bytes: &[u8], opened: &RegistryOpened) -> bool {
    let named = opened.keys.iter().find(|key| key.purpose == KeyPurpose::Recovery);
    let signer = recovery_secret(bytes, &opened.origin).ok().and_then(|secret| {
        NoteSigner::new(&KeyPurpose::Recovery.key_name(&opened.origin), secret.bytes()).ok()
    });
    let own = signer.and_then(|signer| vkey_of(signer.verifier_key()).ok());
    own.is_some() && own == named.map(|key| key.vkey.clone())
}

/// The recovery secret of an init.
enum Recovery {
    /// Of the init that was cut short, which wrote it down.
    Kept(Secret),
    /// Drawn, and not written down yet.
    Drawn(Secret),
}

impl Recovery {
    /// Reads the secret of the init that this one resumes, or draws one. Writes nothing.
    fn find_or_draw(options: &Options, about: &InitReport, resumes: bool) -> Result<Self, RegistryError> {
        let path = &about.recovery_file;
        let failed = |operation| {
            move |source| RegistryError::File { operation, path: path.display().to_string(), source }
        };
        if options.disk.length(path).map_err(failed("look at"))?.is_none() {
            return Ok(Self::Drawn(Secret::new(draw(options)?)));
        }
        let refuse = |why: &str| {
            let reason = format!("{why}; name another file with --recovery");
            failed("use")(std::io::Error::other(reason))
        };
        if !resumes {
            return Err(refuse("it is there already and was not written by this init"));
        }
        let bytes = zeroize::Zeroizing::new(options.disk.read(path).map_err(failed("read"))?);
        recovery_secret(&bytes, &about.origin).map(Self::Kept).map_err(refuse)
    }

    /// Sees to it that the secret is written down: aside, synced, renamed, so that under its name it is
    /// whole.
    fn keep(self, options: &Options, about: &InitReport) -> Result<Secret, RegistryError> {
        let path = &about.recovery_file;
        let failed = |operation| {
            move |source| RegistryError::File { operation, path: path.display().to_string(), source }
        };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let sync_name = || {
            let directory = parent.unwrap_or(Path::new("."));
            options.disk.sync_directory(directory).map_err(failed("sync the directory of"))
        };
        let secret = match self {
            Self::Kept(secret) => {
                // The init that wrote it may have ended before its name was durable.
                sync_name()?;
                return Ok(secret);
            }
            Self::Drawn(secret) => secret,
        };
        let encoded = zeroize::Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(secret.bytes()));
        let text = zeroize::Zeroizing::new(format!("{RECOVERY_HEADER}\n{}\n{}\n", about.origin, *encoded));
        // Crash in it: no file of that name, or the whole secret; the next init goes on from either.
        write_out(&*options.disk, path, text.as_bytes(), true, Existing::Kept).map_err(failed("write"))?;
        Ok(secret)
    }
}
