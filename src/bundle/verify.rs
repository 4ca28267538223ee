//! Verifies an evidence bundle with nothing but the bundle and whom the reader trusts.

use std::io::{self, Read};

use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::policy::Policy;
use jejak_events::types::RegistryOpened;
use serde::Serialize;

use super::archive::{Content, Member, ReadError, Reader, Refusal, manifest};
use super::asked::{Answered, Asked, Ground, place};
use super::members::{Entries, Texts};
use super::moment::hold_time;
use super::{Problem, words};
use crate::answers::{Cosigned, LogPlace};
use crate::audit::{self, Against};
use crate::moment::At;
use crate::replay::Check;
use crate::replay::entries::{ReplayError, Replayed, SourceError, replay};

/// Most events that the entry bundles of an archive hold.
const EVENTS_LIMIT: u64 = 65_534 * 256;

/// Whom the reader trusts, and for when the bundle is judged.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Whose signatures are asked for. Without one, the log's key is taken from the bundle itself, which proves
    /// nothing about who signed.
    pub policy: Option<Policy>,
    /// The moment to judge for; without one nothing is said about age.
    pub at: Option<At>,
    /// Checkpoints of this log that the reader kept, handovers between its keys among them: the log must lead
    /// through each.
    pub kept: Vec<SignedCheckpoint>,
}

/// The verification could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum VerifyFailure {
    /// The bundle cannot be read.
    #[error("cannot read the bundle: {0}")]
    Input(#[source] io::Error),
    /// The entries could not be kept.
    #[error(transparent)]
    Replay(ReplayError),
    /// The caller asked to stop.
    #[error("stopped before the end")]
    Stopped,
}

/// Who signed the checkpoint.
#[derive(Debug, Serialize)]
pub struct Signed {
    /// The log's key (vkey).
    pub log: String,
    /// Whether the reader brought it, or the bundle did.
    pub from_reader: bool,
    /// The quorum of the reader's policy.
    pub quorum: String,
    /// Witnesses that the reader listed and that cosigned, with the time that each states.
    pub cosigned: Vec<Cosigned>,
}

/// What a bundle says, once it was verified.
#[derive(Debug, Serialize)]
pub struct Said {
    /// The log.
    pub origin: String,
    /// Whether the registry holds made-up data.
    pub synthetic: bool,
    /// How much of the log the answer knows.
    pub known: LogPlace,
    /// What is claimed, or the view with its version.
    pub asked: Problem,
    /// The verdict, or the figures.
    pub answer: Problem,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// Whether everything holds.
    pub verified: bool,
    /// Events in the log, by the checkpoint.
    pub size: Option<u64>,
    /// Root of its tree, base64.
    pub root: Option<String>,
    /// Whose signatures the checkpoint has; absent where they do not check.
    pub signed: Option<Signed>,
    /// The verified question and answer; absent where something does not hold.
    pub said: Option<Said>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// What is proven.
    pub proven: Vec<Problem>,
    /// What is not.
    pub not_proven: Vec<Problem>,
    /// Who must be trusted for what.
    pub trusted: Vec<Problem>,
}

impl Verification {
    /// Every problem, in the order of the checks.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.checks.iter().flat_map(|check| &check.problems)
    }
}

/// Reads a bundle once and judges it. `go_on` hears how many events are done, and stops by `false`.
///
/// # Errors
/// When the machine fails. What does not hold is no error: it stands in the checks.
pub fn verify<R: Read + Send>(
    reader: Reader<R>,
    trust: &Trust,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<Verification, VerifyFailure> {
    let mut archive = Check::new("archive", "isi berkas", "members");
    let seen = match read_all(reader, &trust.kept, go_on) {
        Ok(seen) => seen,
        Err(Stopped::Failed(failure)) => return Err(failure),
        Err(Stopped::Refused(refusal)) => {
            add(&mut archive, refusal.message());
            return Ok(Verification {
                verified: false,
                size: None,
                root: None,
                signed: None,
                said: None,
                checks: vec![archive],
                proven: Vec::new(),
                not_proven: Vec::new(),
                trusted: Vec::new(),
            });
        }
    };
    archive.checked = seen.texts.count;
    for member in &seen.texts.unjudged {
        archive.note(
            format!("{member} ada dalam berkas, tetapi tidak dinilai program ini"),
            format!("{member} is in the bundle, but this program does not judge it"),
        );
    }
    Ok(judge(seen, archive, trust))
}

enum Stopped {
    Refused(Refusal),
    Failed(VerifyFailure),
}

impl From<ReadError> for Stopped {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Input(source) => Self::Failed(VerifyFailure::Input(source)),
            ReadError::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

/// All of a bundle whose archive is in order.
struct Seen {
    texts: Texts,
    signed: Result<SignedCheckpoint, Problem>,
    asked: Result<(Asked, bool), Problem>,
    replayed: Result<Box<Replayed>, Problem>,
}

fn read_all<R: Read + Send>(
    mut reader: Reader<R>,
    kept: &[SignedCheckpoint],
    go_on: &dyn Fn(u64) -> bool,
) -> Result<Seen, Stopped> {
    let mut texts = Texts::default();
    let mut first = None;
    while let Some(content) = reader.next()? {
        if matches!(content.member, Member::Entries(_)) {
            first = Some(content);
            break;
        }
        texts.keep(content);
    }
    let signed = SignedCheckpoint::parse(&texts.checkpoint)
        .map_err(|error| Problem::new(format!("checkpoint: {error}"), format!("checkpoint: {error}")));
    let asked = Asked::read(texts.claim.as_deref(), &texts.question);
    let size = signed.as_ref().map_err(Clone::clone).and_then(|signed| {
        let size = signed.unverified().size();
        let too_many = || {
            Problem::new(
                format!("checkpoint menyebut {size} peristiwa, lebih dari isi satu berkas bukti"),
                format!("the checkpoint states {size} events, more than a bundle can hold"),
            )
        };
        Some(size).filter(|size| *size <= EVENTS_LIMIT).ok_or_else(too_many)
    });
    let mut rest = None;
    let replayed = match (size, first) {
        (Ok(size), Some(first)) => {
            let mut source = Entries::new(&mut reader, first, size);
            let roots = asked.iter().map(|(asked, _)| asked.as_known());
            let roots = roots.chain(kept.iter().map(|kept| kept.unverified().size()));
            let replayed = replay(&mut source, size, roots, go_on);
            let Entries { count, next, refused, problem, .. } = source;
            texts.count += count;
            rest = next;
            if let Some(refusal) = refused {
                return Err(Stopped::Refused(refusal));
            }
            match replayed {
                Ok(replayed) => Ok(Box::new(replayed)),
                Err(ReplayError::Source(SourceError::Wrong(said))) => {
                    Err(problem.unwrap_or_else(|| Problem::new(said.clone(), said)))
                }
                Err(ReplayError::Source(SourceError::Failed { source, .. })) => {
                    return Err(Stopped::Failed(VerifyFailure::Input(source)));
                }
                Err(ReplayError::Stopped) => return Err(Stopped::Failed(VerifyFailure::Stopped)),
                Err(error) => return Err(Stopped::Failed(VerifyFailure::Replay(error))),
            }
        }
        (Err(problem), _) => Err(problem),
        (Ok(_), None) => Err(Problem::new("tidak ada peristiwa di dalamnya", "there are no events in it")),
    };
    // To the end, whatever was found: an archive that was altered is told first.
    let mut beyond = None;
    while let Some(content) =
        rest.take().map_or_else(|| reader.next(), |content: Content| Ok(Some(content)))?
    {
        if let Member::Entries(place) = content.member {
            beyond.get_or_insert(place);
        }
        texts.keep(content);
    }
    let replayed = match beyond {
        Some(place) if replayed.is_ok() => Err(Problem::new(
            format!("{place}: peristiwa di luar yang disebut checkpoint"),
            format!("{place}: events beyond those that the checkpoint states"),
        )),
        _ => replayed,
    };
    Ok(Seen { texts, signed, asked, replayed })
}

fn judge(seen: Seen, archive: Check, trust: &Trust) -> Verification {
    let Seen { texts, signed, asked, replayed } = seen;
    let mut manifest_check = Check::new("manifest", "tanda tangan", "signatures");
    let mut signatures = Check::new("signature", "tanda tangan", "signatures");
    let mut tree = Check::new("tree", "peristiwa", "events");
    let mut answer = Check::new("answer", "jawaban", "answers");
    let mut time = Check::new("time", "waktu", "moments");
    let (mut told, mut kept) = (None, None);
    let mut signed_by = None;

    let checkpoint = signed.as_ref().ok().map(|signed| signed.unverified().clone());
    match (&signed, &replayed) {
        (Err(problem), _) => add(&mut signatures, problem.clone()),
        (_, Err(problem)) => add(&mut tree, problem.clone()),
        (Ok(signed), Ok(replayed)) => {
            tree = audit::hold_tree(replayed, signed.unverified());
            match &replayed.opened {
                None => manifest_check
                    .problem("peristiwa 0 tidak menyebut kunci siapa pun", "event 0 names nobody's keys"),
                Some((opened, source)) => {
                    let size = signed.unverified().size();
                    hold_manifest(&mut manifest_check, replayed, size, &texts.manifest);
                    let at = trust.at.map(|at| at.unix_ms(source.area));
                    let against = Against {
                        policy: trust.policy.clone(),
                        at: trust.at,
                        kept: trust.kept.clone(),
                        on: None,
                    };
                    let found = audit::signatures(signed, &against, replayed);
                    kept = audit::hold_kept(&trust.kept, signed, found.log_key.as_ref(), replayed);
                    signatures = found.check;
                    if trust.policy.is_none() {
                        note_policy(&mut signatures, &texts.policy);
                    }
                    signed_by = found.log_key.map(|log| Signed {
                        log: log.to_string(),
                        from_reader: trust.policy.is_some(),
                        quorum: trust.policy.as_ref().map_or_else(|| "none".to_owned(), Policy::quorum),
                        cosigned: found.cosigned,
                    });
                    match &asked {
                        Err(problem) => add(&mut answer, problem.clone()),
                        Ok((asked, list)) => {
                            hold_time(&mut time, replayed, asked, at, source.area);
                            told = hold_answer(&mut answer, replayed, opened, asked, *list, &texts);
                        }
                    }
                }
            }
        }
    }

    let mut checks = vec![archive, manifest_check, signatures, tree];
    checks.extend(kept);
    if let Ok(replayed) = &replayed {
        checks.extend(replayed.checks.iter().cloned());
    }
    checks.extend([answer, time]);
    let verified = checks.iter().all(Check::is_sound);
    let opened = replayed.as_ref().ok().and_then(|replayed| replayed.opened.as_ref());
    let said = match (told.filter(|_| verified), opened, &asked) {
        (Some((answered, known)), Some((opened, _)), Ok((asked, _))) => Some(Said {
            origin: opened.origin.to_string(),
            synthetic: opened.synthetic,
            known,
            asked: words::asked(asked),
            answer: words::answer(&answered.told),
        }),
        _ => None,
    };
    let (proven, not_proven, trusted) = match (&said, &replayed, &signed_by) {
        (Some(said), Ok(replayed), Some(signed)) => (
            words::proven(said, replayed.size),
            words::not_proven(said, replayed.size, &replayed.attested),
            words::trusted(signed, said),
        ),
        _ => Default::default(),
    };
    Verification {
        verified,
        size: checkpoint.as_ref().map(|checkpoint| checkpoint.size()),
        root: checkpoint.as_ref().map(|checkpoint| checkpoint.root().to_string()),
        signed: signed_by,
        said,
        checks,
        proven,
        not_proven,
        trusted,
    }
}

fn add(check: &mut Check, problem: Problem) {
    check.problem(problem.id, problem.en);
}

/// The manifest is signed by the attestation key that the log names for the size of the checkpoint.
fn hold_manifest(check: &mut Check, replayed: &Replayed, size: u64, bytes: &[u8]) {
    check.checked = 1;
    let Some(key) = replayed.log_keys.attestation_at(size) else {
        check.problem("peristiwa 0 tidak menyebut kunci attestation", "event 0 names no attestation key");
        return;
    };
    if let Err(error) = manifest::verify(bytes, key) {
        check.told(
            &format!("manifest tidak ditandatangani registri, yang kunci attestation-nya pada ukuran {size} adalah {key}"),
            &format!("the manifest is not signed by the registry, whose attestation key at size {size} is {key}"),
            error,
        );
    }
}

/// What the maker of a bundle proposes is theirs to propose, and nothing to go by.
fn note_policy(check: &mut Check, policy: &[u8]) {
    match Policy::parse(policy) {
        Ok(policy) => {
            let quorum = policy.quorum();
            check.note(
                format!("policy dalam berkas (kuorum {quorum}) hanya saran pembuatnya dan tidak dipakai"),
                format!("the policy in the bundle (quorum {quorum}) is its maker's hint and was not used"),
            );
        }
        Err(error) => check.note(
            format!("policy dalam berkas tidak dapat dibaca, dan tidak dipakai: {error}"),
            format!("the policy in the bundle cannot be read, and was not used: {error}"),
        ),
    }
}

fn hold_answer(
    check: &mut Check,
    replayed: &Replayed,
    opened: &RegistryOpened,
    asked: &Asked,
    list: bool,
    texts: &Texts,
) -> Option<(Answered, LogPlace)> {
    let size = asked.as_known();
    let Some(root) = replayed.roots.get(&size).filter(|_| size <= replayed.size) else {
        check.problem(
            format!("ditanya per {size} peristiwa, lebih dari yang ada"),
            format!("asked as known at {size} events, more than there are"),
        );
        return None;
    };
    let place = match place(replayed, size, *root) {
        Ok(place) => place,
        Err(error) => {
            check.told("peristiwa tidak dapat dibaca", "an event cannot be read", error);
            return None;
        }
    };
    let ground =
        Ground { facts: &replayed.facts, log: replayed, size: replayed.size, synthetic: opened.synthetic };
    let answered = match asked.answer(ground, &place, list) {
        Ok(answered) => answered,
        Err(problem) => {
            add(check, problem);
            return None;
        }
    };
    check.checked = 1;
    if texts.definition != answered.definition.as_bytes() {
        check.problem(
            "definition.txt bukan definisi yang dipakai menghitung",
            "definition.txt is not the definition that was counted by",
        );
    }
    if texts.answer != answered.json {
        let place = words::first_difference(&texts.answer, &answered.json);
        check.problem(
            format!("answer.json tidak sama dengan hitungan ulang: {}", place.id),
            format!("answer.json is not what counting again gives: {}", place.en),
        );
    }
    Some((answered, place))
}
