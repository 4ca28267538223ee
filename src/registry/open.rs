//! Making a registry and opening one.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jejak_events::area;
use jejak_events::identity::{Actor, ActorKind, EventId, Source, Subject};
use jejak_events::note::{NoteSigner, VerifierKey};
use jejak_events::proposal::Proposal;
use jejak_events::record::{Draft, Event, FORMAT};
use jejak_events::time::{RecordedTime, ValidTime};
use jejak_events::types::{Data, EventType as _, KeyPurpose, PublicKey, RegistryOpened};
use jejak_events::values::{Format, Origin, SetOf, Sha256Hex, Version, Vkey, Year};
use jejak_projections::facts::Facts;

use super::core::{Core, Denied, History};
use super::engine::{Engine, Request};
use super::outcome::RegistryError;
use super::past::Past;
use super::ready::Ready;
use super::signer::Signer;
use super::writer::follow;
use super::{Grown, Options, SharedFacts};
use crate::log::{Log, LogError, LogReader, OpenReport};
use crate::vault::{KeyFile, NewKey, Secret, VaultIndex, whole_frames_bytes};

/// What opening found.
#[derive(Debug)]
pub struct Opened {
    /// What event 0 says.
    pub constitution: RegistryOpened,
    /// Who recorded event 0.
    pub source: Source,
    /// The log's public key.
    pub verifier_key: VerifierKey,
    /// What was healed, cut or set aside in the log.
    pub log: OpenReport,
    /// Copies of the keys file that were healed.
    pub healed_keys: Vec<std::path::PathBuf>,
}

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
    options.environment.randomness.fill(&mut bytes).map_err(|source| RegistryError::File {
        operation: "read",
        path: "the randomness of the system".into(),
        source,
    })?;
    Ok(bytes)
}

fn unreadable(reason: impl std::fmt::Display) -> RegistryError {
    RegistryError::Unreadable(reason.to_string())
}

/// Makes a registry: recovery secret, keys, anchor of size 0, event 0, first checkpoint, in this
/// order. An init that was cut short before event 0 is finished by another one.
///
/// # Errors
/// [`RegistryError::Exists`] when there is one; whatever the machine says.
pub fn create(options: &Options, about: &InitReport) -> Result<VerifierKey, RegistryError> {
    let exists = || RegistryError::Exists { path: options.dir.display().to_string() };
    let journal = options.paths().journal();
    let failed = |operation, path: &Path| {
        let path = path.display().to_string();
        move |source| RegistryError::File { operation, path, source }
    };
    let begun = !options.disk.list(&journal).map_err(failed("list", &journal))?.is_empty();
    options.disk.create_directory(&options.dir).map_err(failed("create", &options.dir))?;
    let _lock = options.lock()?;

    let recovery = recovery_seed(options, about)?;
    // Crash here: a recovery secret that speaks for nothing; the next init uses it.
    let keys = match KeyFile::open(Arc::clone(&options.disk), &options.keys_dir) {
        Ok(keys) => keys,
        Err(crate::vault::KeyError::Missing { .. }) if !begun => {
            let mut fresh = Vec::new();
            for purpose in [KeyPurpose::Checkpoint, KeyPurpose::Attestation] {
                fresh.push(NewKey::Signing {
                    purpose: purpose.name().into(),
                    seed: Secret::new(draw(options)?),
                });
            }
            KeyFile::create(Arc::clone(&options.disk), &options.keys_dir, &fresh)?
        }
        Err(error) => return Err(error.into()),
    };
    // Crash here: keys without a log; the next init uses them.
    let signer = Arc::new(Signer::new(checkpoint_seed(&keys, options)?));
    let verifier_key = signer.name(&about.origin).map_err(unreadable)?.clone();
    let notary: Arc<dyn crate::log::Notary> = signer;
    let log = Log::create(
        Arc::clone(&options.disk),
        &*options.store,
        Arc::clone(&notary),
        options.paths(),
        options.log,
    );
    let log = match log {
        // Also what an init that was cut short leaves: an anchor of size 0, or a segment without a commit.
        Err(LogError::Exists { .. }) => {
            let (log, _) = Log::open(
                Arc::clone(&options.disk),
                &*options.store,
                notary,
                options.paths(),
                options.log,
                &mut |_, _| {},
            )?;
            if log.size() > 0 {
                return Err(exists());
            }
            log
        }
        created => created?,
    };
    // Crash here: an empty log, anchored at size 0; the next init goes on from it.
    let constitution = constitution(about, &keys, &verifier_key, &recovery)?;
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
        data: Data::from(constitution),
    };
    let proposal = Proposal { draft, sealed: Default::default(), expected_revision: Some(0) };
    let ready = Ready::make(proposal, &options.environment.randomness).map_err(unreadable)?;
    let environment = options.environment.clone();
    let mut engine = Engine::new(environment, log, Core::new(), keys, VaultIndex::default(), None, true);
    let (answers, _) = engine.process(vec![Request { ready: vec![ready], atomic: true }])?;
    if let Some(refusal) = answers.iter().flatten().find_map(super::Outcome::refusal) {
        return Err(unreadable(refusal));
    }
    // Crash here: event 0 stands in the journal; opening anchors and signs it.
    engine.close()?;
    Ok(verifier_key)
}

fn event_id(options: &Options, at: RecordedTime) -> Result<EventId, RegistryError> {
    let millis = u64::try_from(at.unix_ms()).unwrap_or(0);
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &draw(options)?).into_uuid();
    EventId::new(uuid).ok_or_else(|| unreadable("a made UUIDv7 does not read back"))
}

pub(super) fn checkpoint_seed(keys: &KeyFile, options: &Options) -> Result<Secret, RegistryError> {
    keys.signing(KeyPurpose::Checkpoint.name())
        .cloned()
        .ok_or_else(|| RegistryError::ForeignKeys { path: options.keys_dir.display().to_string() })
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
        let name = format!("{}/{}", about.origin, purpose.name());
        let signer = NoteSigner::new(&name, seed.bytes()).map_err(unreadable)?;
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
        rules: crate::decide::RULES.last().and_then(|rules| Version::new(*rules)).ok_or_else(missing)?,
        synthetic: about.synthetic,
        evidence: None,
        imported_from: None,
        sealed: None,
    })
}

const RECOVERY_HEADER: &str = "jejak recovery secret v1";

/// Reads the recovery secret of an init that was cut short, or draws one and writes it down: aside,
/// synced, renamed, so that under its name it is whole.
fn recovery_seed(options: &Options, about: &InitReport) -> Result<Secret, RegistryError> {
    let path = &about.recovery_file;
    let failed =
        |operation| move |source| RegistryError::File { operation, path: path.display().to_string(), source };
    let sync_name = || match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => options.disk.sync_directory(parent).map_err(failed("sync the directory of")),
        None => options.disk.sync_directory(Path::new(".")).map_err(failed("sync the directory of")),
    };
    if options.disk.length(path).map_err(failed("look at"))?.is_some() {
        let text = options.disk.read(path).map_err(failed("read"))?;
        let text = String::from_utf8_lossy(&text);
        let mut lines = text.lines();
        let seed = (lines.next() == Some(RECOVERY_HEADER))
            .then(|| lines.nth(1).and_then(|line| BASE64_URL_SAFE_NO_PAD.decode(line).ok()))
            .flatten()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let other =
            || std::io::Error::other("it is not a recovery secret; name another file with --recovery");
        let seed = seed.map(Secret::new).ok_or_else(other).map_err(failed("use"))?;
        // The init that wrote it may have ended before its name was durable.
        sync_name()?;
        return Ok(seed);
    }
    let seed: [u8; 32] = draw(options)?;
    let text = format!("{RECOVERY_HEADER}\n{}\n{}\n", about.origin, BASE64_URL_SAFE_NO_PAD.encode(seed));
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    let aside = Path::new(&aside);
    let mut file = options.disk.open(aside).map_err(failed("create"))?;
    crate::vault::restrict(aside, 0o600).map_err(failed("restrict"))?;
    file.set_length(0).map_err(failed("empty"))?;
    file.write_at(0, text.as_bytes()).map_err(failed("write"))?;
    file.sync().map_err(failed("sync"))?;
    // Crash here: a `.new` file that the next init overwrites.
    options.disk.rename(aside, path).map_err(failed("rename"))?;
    sync_name()?;
    Ok(Secret::new(seed))
}

/// Opens keys and log, heals what can be healed, and derives what the writer needs.
///
/// # Errors
/// When keys or log cannot be opened, or do not belong together.
pub fn open_engine(options: &Options) -> Result<(Engine, Facts, Opened), RegistryError> {
    let not_initialised = || RegistryError::NotInitialised { path: options.dir.display().to_string() };
    let journal = options.paths().journal();
    let listed = options.disk.list(&journal).map_err(|source| RegistryError::File {
        operation: "list",
        path: journal.display().to_string(),
        source,
    })?;
    let keys = match KeyFile::open(Arc::clone(&options.disk), &options.keys_dir) {
        Err(crate::vault::KeyError::Missing { .. }) if listed.is_empty() => return Err(not_initialised()),
        keys => keys?,
    };
    let signer = Arc::new(Signer::new(checkpoint_seed(&keys, options)?));
    let notary: Arc<dyn crate::log::Notary> = Arc::clone(&signer) as _;
    let (log, report) = Log::open(
        Arc::clone(&options.disk),
        &*options.store,
        notary,
        options.paths(),
        options.log,
        &mut |_, _| {},
    )
    .inspect_err(|_| options.discard_copy())?;
    if log.size() == 0 {
        return Err(not_initialised());
    }
    finish_opening(options, log, report, keys, &signer)
}

/// Derives the writer's state from an open log.
///
/// # Errors
/// When an event cannot be read, or event 0 names other keys.
pub fn finish_opening(
    options: &Options,
    log: Log,
    report: OpenReport,
    keys: KeyFile,
    signer: &Signer,
) -> Result<(Engine, Facts, Opened), RegistryError> {
    let reader = log.reader();
    let first = Event::read(&reader.read(0)?).map_err(unreadable)?;
    let Data::RegistryOpened(constitution) = &first.draft.data else {
        return Err(unreadable("event 0 is not registry.opened; this is no log of this program"));
    };
    let verifier_key = signer.name(&constitution.origin).map_err(unreadable)?.clone();
    let named = constitution
        .keys
        .iter()
        .any(|key| key.purpose == KeyPurpose::Checkpoint && *key.vkey == verifier_key.to_string());
    if !named {
        return Err(RegistryError::ForeignKeys { path: options.keys_dir.display().to_string() });
    }
    let vault = scan_vault(options, log.vault_length())?;
    let (core, facts, last_recorded) = derive(&reader, log.size(), &vault, &keys)?;
    let opened = Opened {
        constitution: (**constitution).clone(),
        source: first.draft.source.clone(),
        verifier_key,
        log: report,
        healed_keys: keys.healed().to_vec(),
    };
    let environment = options.environment.clone();
    let engine = Engine::new(environment, log, core, keys, vault, last_recorded, options.accept_clock);
    Ok((engine, facts, opened))
}

/// Reads where the frames lie. The log has healed the file and cut it to its length.
fn scan_vault(options: &Options, length_bytes: u64) -> Result<VaultIndex, RegistryError> {
    // In pieces, so that a large vault is never in memory whole; a frame that straddles two of them
    // waits for the next.
    const PIECE_BYTES: u64 = 8 << 20;
    let path = options.paths().vault();
    let failed =
        |operation| move |source| RegistryError::File { operation, path: path.display().to_string(), source };
    let mut vault = VaultIndex::default();
    if length_bytes == 0 {
        return Ok(vault);
    }
    let file = options.disk.open_existing(&options.paths().vault()).map_err(failed("open"))?;
    let mut carried: Vec<u8> = Vec::new();
    let mut offset = 0;
    while offset < length_bytes {
        let take = PIECE_BYTES.min(length_bytes - offset);
        let start = carried.len();
        carried.resize(start + usize::try_from(take).unwrap_or(0), 0);
        let path = options.paths().vault();
        file.read_at(offset, &mut carried[start..]).map_err(|source| RegistryError::File {
            operation: "read",
            path: path.display().to_string(),
            source,
        })?;
        offset += take;
        let whole = whole_frames_bytes(&carried);
        vault.extend(&carried[..whole]).map_err(unreadable)?;
        carried.drain(..whole);
    }
    if carried.is_empty() {
        Ok(vault)
    } else {
        Err(unreadable("the vault ends within a frame; run `jejak recover`"))
    }
}

/// Reads every event once and folds it.
fn derive(
    reader: &LogReader,
    size: u64,
    vault: &VaultIndex,
    keys: &KeyFile,
) -> Result<(Core, Facts, Option<RecordedTime>), RegistryError> {
    let mut core = Core::new();
    let facts = SharedFacts::new(Facts::default().into());
    let mut last_recorded = None;
    let past = Past { reader, vault, keys, pending: &[], base: size };
    let mut failed = None;
    reader.scan(0..size, &mut |index, bytes| {
        let step = Event::read(bytes)
            .map_err(|error| unreadable(format!("event {index}: {error}")))
            .and_then(|event| {
                last_recorded = Some(event.recorded);
                absorb(&mut core, event, &past)
            })
            .map(|admitted| follow(&facts, &Grown { admitted: vec![admitted] }));
        failed = step.err();
        failed.is_none()
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    let facts = Arc::try_unwrap(facts).map_err(|_| unreadable("the facts are still shared"))?;
    let facts = facts.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    if facts.size() != size {
        return Err(unreadable(format!(
            "the views understand only the first {} of {size} events",
            facts.size()
        )));
    }
    Ok((core, facts, last_recorded))
}

fn absorb(core: &mut Core, event: Event, past: &dyn History) -> Result<super::core::Admitted, RegistryError> {
    core.absorb(event, past).map_err(|denied: Denied| unreadable(denied))
}

const _: () = assert!(RegistryOpened::DECLARATION.sealed.is_empty());

/// Puts one record into a log past the rules, for tests of what finds such a record.
#[cfg(test)]
pub(crate) fn append_unjudged(options: &Options, record: &[u8]) {
    let keys = KeyFile::open(Arc::clone(&options.disk), &options.keys_dir).unwrap();
    let signer = Arc::new(Signer::new(checkpoint_seed(&keys, options).unwrap()));
    signer.name("jejak.example/test").unwrap();
    let disk = Arc::clone(&options.disk);
    let opened = Log::open(disk, &*options.store, signer, options.paths(), options.log, &mut |_, _| {});
    let (mut log, _) = opened.unwrap();
    let events = [record.to_vec()];
    log.commit(&crate::log::Commit { events: &events, vault_frames: &[] }).unwrap();
    log.close().unwrap();
}
