//! Verifies an evidence bundle with nothing but the bundle and whom the reader trusts.

use std::io::{self, Read};

use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::note::VerifierKey;
use jejak_events::policy::Policy;
use jejak_events::proposal::SealedValues;
use jejak_events::translation::told;
use jejak_projections::claims::Basis;
use serde::Serialize;

use super::archive::{Reader, manifest};
use super::asked::Told;
use super::held::{hold_answer, hold_beside, hold_readme};
use super::moment::hold_time;
use super::seen::{Seen, Stopped, read_all};
use super::statement::{self, Stated};
use super::{Problem, words};
use crate::answer_json::{Cosigned, LogPlace};
use crate::moment::At;
use crate::proof::replay::Check;
use crate::proof::replay::entries::{ReplayError, Replayed};
use crate::proof::replay::hold::{Against, hold_tree};
use crate::proof::replay::signatures::{hold_handovers, hold_kept, hold_signatures};
use crate::rules::release::told::Released;

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
    /// The key of an auditor whose statement is asked for.
    pub statement_key: Option<VerifierKey>,
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
    /// What was counted: view, version, figure, scope, and what its definition says first. Of a claim the words are the
    /// claimant's, and it says so.
    pub counted: Problem,
    /// The same in parts, of a claim that names something to be counted.
    pub basis: Option<Basis>,
    /// A newer version of that view, where this program knows one.
    pub newer_version: Option<u32>,
    /// How much was known on the day of the claim, and how much was recorded after it.
    pub known_then: Option<Problem>,
    /// Whether the answer names who and which events are behind it.
    pub listed: bool,
    /// The same in words.
    pub list: Problem,
    /// The release that was asked about.
    pub release: Option<Released>,
    /// Every release in the log, also one that the answer does not know.
    pub releases: Vec<Released>,
    /// What was disclosed of the events behind it, ascending; proven to be what was sealed with them.
    pub disclosed: Vec<DisclosedEvent>,
    /// Number of values among those asked for that were erased.
    pub erased: u64,
    /// What the auditor whose key the reader brought has stated.
    pub audited: Option<Stated>,
}

/// An event of which sealed values are disclosed.
#[derive(Debug, Serialize)]
pub struct DisclosedEvent {
    /// Its index.
    pub index: u64,
    /// Its stream.
    pub subject: String,
    /// The values by the names of their fields; null where a field has none.
    pub values: SealedValues,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// Whether everything holds.
    pub verified: bool,
    /// The same in words, with the condition that it rests on.
    pub verdict: Problem,
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
    let seen = match read_all(reader, trust, go_on) {
        Ok(seen) => seen,
        Err(Stopped::Failed(failure)) => return Err(failure),
        Err(Stopped::Refused(refusal)) => {
            add(&mut archive, refusal.message());
            return Ok(Verification {
                verified: false,
                verdict: words::verdict(false, None),
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
    if trust.statement_key.is_none() && seen.texts.audit_statement.is_some() {
        archive.note(
            "pernyataan audit di dalamnya tidak dinilai; beri kunci auditornya dengan --statement-vkey",
            "the audit statement in it was not judged; give its auditor's key by --statement-vkey",
        );
    }
    Ok(judge(seen, archive, trust))
}

fn judge(seen: Seen, mut archive: Check, trust: &Trust) -> Verification {
    let Seen { texts, signed, handovers, asked, statement, by_nobody_known, replayed } = seen;
    let mut manifest_check = Check::new("manifest", "tanda tangan", "signatures");
    let mut signatures = Check::new("signature", "tanda tangan", "signatures");
    let mut tree = Check::new("tree", "peristiwa", "events");
    let mut answer = Check::new("answer", "jawaban", "answers");
    let mut sealed = Check::new("sealed", "nilai tersegel", "sealed values and figures");
    let mut time = Check::new("time", "waktu", "moments");
    let mut audited = Check::new("statement", "tampilan", "views");
    let (mut told, mut kept, mut handed_over, mut audit_stated) = (None, None, None, None);
    let mut signed_by = None;
    let is_audited = statement.is_some();
    let statement = statement.and_then(|opened| match opened {
        Ok(opened) => Some(opened),
        Err(problem) => {
            add(&mut audited, problem);
            None
        }
    });
    let handovers = handovers.unwrap_or_else(|problem| {
        add(&mut archive, problem);
        Vec::new()
    });

    let checkpoint = signed.as_ref().ok().map(|signed| signed.unverified().clone());
    match (&signed, &replayed) {
        (Err(problem), _) => add(&mut signatures, problem.clone()),
        (_, Err(problem)) => {
            by_nobody_known.into_iter().for_each(|unknown| add(&mut signatures, unknown));
            add(&mut tree, problem.clone());
        }
        (Ok(signed), Ok(replayed)) => {
            tree = hold_tree(replayed, signed.unverified());
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
                        kept: trust.kept.iter().chain(&handovers).cloned().collect(),
                        on: None,
                    };
                    let found = hold_signatures(signed, &against, replayed);
                    kept = hold_kept(&trust.kept, signed, found.log_key.as_ref(), replayed);
                    handed_over = hold_handovers(&handovers, signed, replayed);
                    note_no_handover(&mut archive, &handovers, signed, replayed);
                    signatures = found.check;
                    if trust.policy.is_none() {
                        signatures.note(
                            "tanpa kunci dari Anda, semuanya dibaca dan dihitung atas kata pembuat berkas ini",
                            "without a key of yours everything was read and counted on the word of whoever made this file",
                        );
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
                        // What is not signed as it must be, or is not what was signed, is not counted.
                        Ok(_) if ![&manifest_check, &signatures, &tree].into_iter().all(Check::is_sound) => {
                            answer.note(
                                "tidak dihitung: tanda tangan atau isi yang ditandatangani tidak cocok",
                                "not counted: a signature, or what was signed, does not hold",
                            );
                        }
                        Ok((asked, beside)) => {
                            hold_time(&mut time, replayed, asked, at, source.area);
                            let held = hold_answer(&mut answer, replayed, opened, asked, beside.list, &texts);
                            told = held.map(|told| {
                                let of = (signed.unverified(), asked, beside, &told.0.told);
                                hold_readme(&mut answer, &texts.readme, of);
                                (hold_beside(&mut sealed, replayed, asked, beside, &told.0, &texts), told)
                            });
                        }
                    }
                    if let (Some(statement), Some(key)) = (&statement, &trust.statement_key) {
                        audit_stated = statement::hold(
                            &mut audited,
                            statement,
                            key,
                            signed.unverified().origin(),
                            replayed,
                        );
                    }
                }
            }
        }
    }

    let mut checks = vec![archive, manifest_check, signatures, tree];
    checks.extend(kept);
    checks.extend(handed_over);
    if let Ok(replayed) = &replayed {
        checks.extend(replayed.checks.iter().cloned());
    }
    checks.push(answer);
    if sealed.checked > 0 || !sealed.is_sound() {
        checks.push(sealed);
    }
    if is_audited {
        checks.push(audited);
    }
    checks.push(time);
    let verified = checks.iter().all(Check::is_sound);
    let opened = replayed.as_ref().ok().and_then(|replayed| replayed.opened.as_ref());
    let said = match (told.filter(|_| verified), opened.zip(checkpoint.as_ref()), &asked) {
        (Some((held, (answered, known))), Some(((opened, _), signed)), Ok((asked, beside))) => Some(Said {
            // The name that is signed; event 0 was held to say the same.
            origin: signed.origin().to_owned(),
            synthetic: opened.synthetic,
            known,
            asked: words::asked(asked),
            answer: words::answer(&answered.told),
            counted: words::counted(&answered.told, asked.newer_version()),
            basis: match &answered.told {
                Told::Claim(judged) => judged.report.basis.clone(),
                Told::View(_) | Told::Release(_) => None,
            },
            newer_version: asked.newer_version(),
            known_then: words::known_then(&answered.told),
            listed: beside.list,
            list: words::listed(beside.list, &answered.told),
            release: match answered.told {
                Told::Release(released) => Some(*released),
                _ => None,
            },
            releases: replayed.as_ref().map(|replayed| replayed.releases.clone()).unwrap_or_default(),
            disclosed: held.disclosed,
            erased: held.erased,
            audited: audit_stated,
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
        verdict: words::verdict(verified, signed_by.as_ref()),
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

/// Adds a problem.
pub(super) fn add(check: &mut Check, problem: Problem) {
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

/// Names the handovers that are not in the bundle: whoever knows only an earlier key needs them.
fn note_no_handover(
    check: &mut Check,
    handovers: &[SignedCheckpoint],
    signed: &SignedCheckpoint,
    replayed: &Replayed,
) {
    let end = signed.unverified().size();
    let sizes = replayed.log_keys.all().iter().skip(1).map(|key| key.from_size);
    for size in sizes.filter(|size| *size <= end) {
        if handovers.iter().all(|handover| handover.unverified().size() != size) {
            check.note(
                format!("serah terima kunci pada ukuran {size} tidak ada di dalamnya"),
                format!("the handover at size {size} is not in it"),
            );
        }
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
            format!(
                "policy dalam berkas tidak dapat dibaca, dan tidak dipakai: {error}",
                error = told(&error)
            ),
            format!("the policy in the bundle cannot be read, and was not used: {error}"),
        ),
    }
}
