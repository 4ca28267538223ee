//! Verifies an evidence bundle with nothing but the bundle and whom the reader trusts.

use std::io::{self, Read};

use jejak_events::area::AreaCode;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::note::VerifierKey;
use jejak_events::policy::Policy;
use jejak_events::proposal::SealedValues;
use jejak_events::translation::told;
use jejak_events::types::RegistryOpened;
use jejak_projections::claims::Basis;
use schemars::JsonSchema;
use serde::Serialize;

use super::archive::{BundleReader, manifest};
use super::asked::{AnswerExtras, Asked, BundleAnswer};
use super::held::{hold_answer, hold_beside, hold_readme};
use super::members::BundleTexts;
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
pub struct BundleTrust {
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
#[derive(Debug, Serialize, JsonSchema)]
pub struct Signed {
    /// The log's key (vkey).
    #[schemars(with = "jejak_events::values::Vkey")]
    pub log: String,
    /// Whether the reader brought it, or the bundle did.
    pub from_reader: bool,
    /// The quorum of the reader's policy.
    pub quorum: String,
    /// Witnesses that the reader listed and that cosigned, with the time that each states.
    pub cosigned: Vec<Cosigned>,
}

/// What a bundle says, once it was verified.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VerifiedBundle {
    /// The log.
    #[schemars(with = "jejak_events::values::Origin")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// A newer version of that view, where this program knows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer_version: Option<u32>,
    /// How much was known on the day of the claim, and how much was recorded after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_then: Option<Problem>,
    /// Whether the answer names who and which events are behind it.
    pub listed: bool,
    /// The same in words.
    pub list: Problem,
    /// The release that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Released>,
    /// Every release in the log, also one that the answer does not know.
    pub releases: Vec<Released>,
    /// What was disclosed of the events behind it, ascending; proven to be what was sealed with them.
    pub disclosed: Vec<DisclosedEvent>,
    /// Number of values among those asked for that were erased.
    pub erased: u64,
    /// What the auditor whose key the reader brought has stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audited: Option<Stated>,
}

/// An event of which sealed values are disclosed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DisclosedEvent {
    /// Its index.
    pub index: u64,
    /// Its stream.
    #[schemars(with = "jejak_events::identity::Subject")]
    pub subject: String,
    /// The values by the names of their fields; null where a field has none.
    #[schemars(with = "jejak_events::schema::texts::DisclosedFields")]
    pub values: SealedValues,
}

/// What came of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Verification {
    /// Whether everything holds.
    pub verified: bool,
    /// The same in words, with the condition that it rests on.
    pub verdict: Problem,
    /// Events in the log, by the checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Root of its tree, base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::schema::texts::Root>")]
    pub root: Option<String>,
    /// Whose signatures the checkpoint has; absent where they do not check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
    /// The verified question and answer; absent where something does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<VerifiedBundle>,
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
    reader: BundleReader<R>,
    trust: &BundleTrust,
    go_on: &dyn Fn(u64) -> bool,
) -> Result<Verification, VerifyFailure> {
    let mut archive = Check::new("archive", "bagian arsip", "members");
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
    Ok(judge(&seen, archive, trust))
}

fn judge(seen: &Seen, archive: Check, trust: &BundleTrust) -> Verification {
    let mut checks = Checks::new(archive);
    let handovers = seen.handovers.as_deref().unwrap_or_else(|problem| {
        add(&mut checks.archive, problem.clone());
        &[]
    });
    let (mut signed_by, mut said) = (None, None);
    match (&seen.signed, &seen.replayed) {
        (Err(problem), _) => add(&mut checks.signatures, problem.clone()),
        (_, Err(problem)) => {
            seen.by_nobody_known.iter().for_each(|unknown| add(&mut checks.signatures, unknown.clone()));
            add(&mut checks.tree, problem.clone());
        }
        (Ok(signed), Ok(replayed)) => {
            checks.tree = hold_tree(replayed, signed.unverified());
            match &replayed.opened {
                None => checks
                    .manifest
                    .problem("peristiwa 0 tidak menyebut kunci siapa pun", "event 0 names nobody's keys"),
                Some((opened, source)) => {
                    let log = SignedLog { signed, replayed, opened, area: source.area };
                    signed_by = checks.hold_signed(log, handovers, &seen.texts, trust);
                    said = checks.hold_said(log, seen, trust);
                }
            }
        }
    }
    if let Some(Err(problem)) = &seen.statement {
        add(&mut checks.audited, problem.clone());
    }

    let checks = checks.in_order(seen);
    let verified = checks.iter().all(Check::is_sound);
    let said = said.filter(|_| verified);
    let (proven, not_proven, trusted) = match (&said, &seen.replayed, &signed_by) {
        (Some(said), Ok(replayed), Some(signed)) => (
            words::proven(said, replayed.size),
            words::not_proven(said, replayed.size, &replayed.attested),
            words::trusted(signed, said),
        ),
        _ => Default::default(),
    };
    let checkpoint = seen.signed.as_ref().ok().map(SignedCheckpoint::unverified);
    Verification {
        verified,
        verdict: words::verdict(verified, signed_by.as_ref()),
        size: checkpoint.map(|checkpoint| checkpoint.size()),
        root: checkpoint.map(|checkpoint| checkpoint.root().to_string()),
        signed: signed_by,
        said,
        checks,
        proven,
        not_proven,
        trusted,
    }
}

/// A log that was replayed up to a checkpoint in form, and that says who opened it.
#[derive(Clone, Copy)]
struct SignedLog<'a> {
    signed: &'a SignedCheckpoint,
    replayed: &'a Replayed,
    opened: &'a RegistryOpened,
    /// Where the registry is.
    area: AreaCode,
}

/// The checks of a bundle while it is judged.
struct Checks {
    archive: Check,
    manifest: Check,
    signatures: Check,
    tree: Check,
    kept: Option<Check>,
    handed_over: Option<Check>,
    answer: Check,
    sealed: Check,
    audited: Check,
    time: Check,
}

impl Checks {
    fn new(archive: Check) -> Self {
        Self {
            archive,
            manifest: Check::new("manifest", "tanda tangan", "signatures"),
            signatures: Check::new("signature", "tanda tangan", "signatures"),
            tree: Check::new("tree", "peristiwa", "events"),
            kept: None,
            handed_over: None,
            answer: Check::new("answer", "jawaban", "answers"),
            sealed: Check::new("sealed", "nilai tersegel", "sealed values and figures"),
            audited: Check::new("statement", "tampilan", "views"),
            time: Check::new("time", "waktu", "moments"),
        }
    }

    /// Holds manifest, checkpoint and handovers against the log and whom the reader trusts. Who signed the checkpoint,
    /// where a key of the log did.
    fn hold_signed(
        &mut self,
        log: SignedLog<'_>,
        handovers: &[SignedCheckpoint],
        texts: &BundleTexts,
        trust: &BundleTrust,
    ) -> Option<Signed> {
        let SignedLog { signed, replayed, .. } = log;
        hold_manifest(&mut self.manifest, replayed, signed.unverified().size(), &texts.manifest);
        let against = Against {
            policy: trust.policy.clone(),
            at: trust.at,
            kept: trust.kept.iter().chain(handovers).cloned().collect(),
            on: None,
        };
        let found = hold_signatures(signed, &against, replayed);
        self.kept = hold_kept(&trust.kept, signed, found.log_key.as_ref(), replayed);
        self.handed_over = hold_handovers(handovers, signed, replayed);
        note_no_handover(&mut self.archive, handovers, signed, replayed);
        self.signatures = found.check;
        if trust.policy.is_none() {
            self.signatures.note(
                "tanpa kunci dari Anda, semuanya dibaca dan dihitung atas kata pembuat berkas ini",
                "without a key of yours everything was read and counted on the word of whoever made this file",
            );
            note_policy(&mut self.signatures, &texts.policy);
        }
        found.log_key.map(|log| Signed {
            log: log.to_string(),
            from_reader: trust.policy.is_some(),
            quorum: trust.policy.as_ref().map_or_else(|| "none".to_owned(), Policy::quorum),
            cosigned: found.cosigned,
        })
    }

    /// Holds question, answer, README, what goes with them and an auditor's statement against the log.
    fn hold_said(&mut self, log: SignedLog<'_>, seen: &Seen, trust: &BundleTrust) -> Option<VerifiedBundle> {
        let said = match &seen.asked {
            Err(problem) => {
                add(&mut self.answer, problem.clone());
                None
            }
            // What is not signed as it must be, or is not what was signed, is not counted.
            Ok(_) if ![&self.manifest, &self.signatures, &self.tree].into_iter().all(Check::is_sound) => {
                self.answer.note(
                    "tidak dihitung: tanda tangan atau isi yang ditandatangani tidak cocok",
                    "not counted: a signature, or what was signed, does not hold",
                );
                None
            }
            Ok((asked, beside)) => {
                let at = trust.at.map(|at| at.unix_ms(log.area));
                hold_time(&mut self.time, log.replayed, asked, at, log.area);
                self.hold_answered(log, asked, beside, &seen.texts)
            }
        };
        let (Some(Ok(statement)), Some(key)) = (&seen.statement, &trust.statement_key) else { return said };
        let origin = log.signed.unverified().origin();
        let audited = statement::hold(&mut self.audited, statement, key, origin, log.replayed);
        said.map(|said| VerifiedBundle { audited, ..said })
    }

    fn hold_answered(
        &mut self,
        SignedLog { signed, replayed, opened, .. }: SignedLog<'_>,
        asked: &Asked,
        beside: &AnswerExtras,
        texts: &BundleTexts,
    ) -> Option<VerifiedBundle> {
        let signed = signed.unverified();
        let (answered, known) = hold_answer(&mut self.answer, replayed, opened, asked, beside.list, texts)?;
        hold_readme(&mut self.answer, &texts.readme, (signed, asked, beside, &answered.told));
        let held = hold_beside(&mut self.sealed, replayed, asked, beside, &answered, texts);
        let told = answered.told;
        Some(VerifiedBundle {
            // The name that is signed; event 0 was held to say the same.
            origin: signed.origin().to_owned(),
            synthetic: opened.synthetic,
            known,
            asked: words::asked(asked),
            answer: words::answer(&told),
            counted: words::counted(&told, asked.newer_version()),
            basis: match &told {
                BundleAnswer::Claim(judged) => judged.report.basis.clone(),
                BundleAnswer::View(_) | BundleAnswer::Release(_) => None,
            },
            newer_version: asked.newer_version(),
            known_then: words::known_then(&told),
            listed: beside.list,
            list: words::listed(beside.list, &told),
            release: match told {
                BundleAnswer::Release(released) => Some(*released),
                BundleAnswer::Claim(_) | BundleAnswer::View(_) => None,
            },
            releases: replayed.releases.clone(),
            disclosed: held.disclosed,
            erased: held.erased,
            audited: None,
        })
    }

    /// The checks that were done, in the order in which a reader asks.
    fn in_order(self, seen: &Seen) -> Vec<Check> {
        let mut checks = vec![self.archive, self.manifest, self.signatures, self.tree];
        checks.extend(self.kept);
        checks.extend(self.handed_over);
        if let Ok(replayed) = &seen.replayed {
            checks.extend(replayed.checks.iter().cloned());
        }
        checks.push(self.answer);
        if self.sealed.checked > 0 || !self.sealed.is_sound() {
            checks.push(self.sealed);
        }
        if seen.statement.is_some() {
            checks.push(self.audited);
        }
        checks.push(self.time);
        checks
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
            &format!("manifes tidak ditandatangani registri, yang kunci pernyataannya pada ukuran {size} adalah {key}"),
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
            let [id, en] = match policy.quorum() {
                none if none == "none" => ["tidak meminta saksi", "no witness asked for"].map(str::to_owned),
                quorum => [format!("kuorum {quorum}"), format!("quorum {quorum}")],
            };
            check.note(
                format!("kebijakan dalam berkas ({id}) hanya saran pembuatnya dan tidak dipakai"),
                format!("the policy in the bundle ({en}) is its maker's hint and was not used"),
            );
        }
        Err(error) => check.note(
            format!(
                "kebijakan dalam berkas tidak dapat dibaca, dan tidak dipakai: {error}",
                error = told(&error)
            ),
            format!("the policy in the bundle cannot be read, and was not used: {error}"),
        ),
    }
}
