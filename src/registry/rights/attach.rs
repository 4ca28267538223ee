//! Evidence at the registry: attaching, and what an event may list.
//!
//! A file counts once its key is durable and it lies under its name; an event may list it from then on, and
//! only as it was attached: an erasure finds it by the subjects it lists.

use std::collections::BTreeSet;

use jejak_events::fault::Refusal;
use jejak_events::identity::Subject;
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::values::{SetOf, Sha256Hex};

use crate::readmodel::Vault;
use crate::registry::engine::{Engine, Stop};
use crate::registry::outcome::RegistryError;
use crate::rules::machine::{History, StateMachine};
use crate::rules::targets::unknown_subject;
use crate::vault::attachments::{About, Aside, EvidenceFiles, key_name};
use crate::vault::{KeyLookup, NewKey, SubjectKey};

/// A document that is encrypted and lies aside.
#[derive(Debug)]
pub struct NewEvidence {
    /// What it says of itself.
    pub about: About,
    /// Its key.
    pub key: SubjectKey,
    /// The file.
    pub aside: Aside,
}

/// What became of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attached {
    /// The registry holds it under this hash.
    Held(Sha256Hex),
    /// The rules say no; nothing is kept of it.
    Refused(Refusal),
}

impl Engine {
    /// Refuses a document of somebody unknown or erased: what was erased must not come back as a scan.
    ///
    /// # Errors
    /// The rule.
    pub fn judge_attachable(&self, about: &About) -> Result<(), Refusal> {
        for subject in about.subjects.iter().flat_map(|subjects| subjects.iter()) {
            if self.machine.revision(*subject) == 0 {
                return Err(unknown_subject(*subject));
            }
            if self.machine.reached().contains(*subject, Group::Personal) {
                return Err(Refusal::new(
                    "attached_to_erased",
                    format!("data {subject} sudah dihapus atas permintaan; dokumen tentangnya tidak boleh disimpan lagi"),
                    format!("the data of {subject} were erased on request; no document about it may be kept again"),
                )
                .at("subject"));
            }
        }
        Ok(())
    }

    /// Takes a document in: its key, then its name. On the writer's thread, so that no erasure can come
    /// between the two.
    ///
    /// # Errors
    /// When the machine failed. Then the document does not count; attach it again.
    pub fn adopt_evidence(&mut self, new: &NewEvidence) -> Result<Attached, RegistryError> {
        self.check_open()?;
        if let Err(refusal) = self.judge_attachable(&new.about) {
            self.evidence.discard(&new.aside);
            return Ok(Attached::Refused(refusal));
        }
        self.log.check_appendable()?;
        let subject = key_name(&new.aside.sha256);
        let key = NewKey::Subject { subject, group: Group::Personal, key: new.key.clone() };
        if let Err(error) = self.vault.change_keys(|keys| keys.add(&[key])) {
            self.stopped = true;
            return Err(error.into());
        }
        // Crash here: a key for a file that does not count, never used again.
        self.evidence.adopt(&new.aside)?;
        Ok(Attached::Held(new.aside.sha256.clone()))
    }

    /// The key of a file of evidence.
    #[must_use]
    pub fn evidence_key(&self, file: &Sha256Hex) -> KeyLookup {
        self.vault.keys().get(&key_name(file), Group::Personal)
    }
}

/// The evidence beside the log, with its keys.
pub(in crate::registry) struct Held<'a> {
    /// The files.
    pub files: &'a EvidenceFiles,
    /// The keys.
    pub vault: &'a Vault,
    /// Files that a rehearsal takes for unreadable.
    pub gone: &'a BTreeSet<Sha256Hex>,
}

impl Held<'_> {
    fn key(&self, file: &Sha256Hex) -> KeyLookup {
        if self.gone.contains(file) {
            return KeyLookup::Destroyed;
        }
        self.vault.keys().get(&key_name(file), Group::Personal)
    }
}

/// Refuses an event that lists evidence which the registry does not hold, or holds otherwise.
pub(in crate::registry) fn judge_listed(
    held: &Held<'_>,
    machine: &StateMachine,
    event: &Event,
    original: u64,
    past: &dyn History,
) -> Result<(), Stop> {
    let refuse = |rule, id: String, en: String| Err(Refusal::new(rule, id, en).at("data.evidence").into());
    for listed in event.draft.data.evidence() {
        let file = &listed.sha256;
        let about = held.files.about(file).map_err(RegistryError::from)?;
        let key = held.key(file);
        let Some(held) = about.filter(|_| key != KeyLookup::Unknown) else {
            return refuse(
                "unknown_evidence",
                format!(
                    "bukti {file} tidak ada dalam registri; jalankan `jejak attach BERKAS --subject ID` dahulu"
                ),
                format!("the registry holds no evidence {file}; run `jejak attach FILE --subject ID` first"),
            );
        };
        if (&held.media_type, &held.subjects) != (&listed.media_type, &listed.subjects) {
            let (media_type, subjects) = (&held.media_type, names(held.subjects.as_ref()));
            return refuse(
                "evidence_otherwise",
                format!(
                    "bukti {file} dilampirkan sebagai {media_type} tentang [{subjects}]; salin objek dari `jejak attach`"
                ),
                format!(
                    "evidence {file} was attached as {media_type} with subjects [{subjects}]; copy the object that `jejak attach` printed"
                ),
            );
        }
        if key == KeyLookup::Destroyed && !carries_over(machine, event, file, past)? {
            return refuse(
                "evidence_withdrawn",
                format!(
                    "bukti {file} sudah ditarik atau dihapus dan tidak terbaca lagi; hilangkan dari daftar"
                ),
                format!("evidence {file} was withdrawn or erased and cannot be read any more; leave it out"),
            );
        }
        let moment = machine.moment(original, event);
        let mut about = listed.subjects.iter().flat_map(|subjects| subjects.iter());
        if key != KeyLookup::Destroyed
            && let Some(subject) = about.find(|subject| machine.reached().barred(**subject, moment).is_some())
        {
            return refuse(
                "attached_to_erased",
                format!(
                    "data {subject} dari masa itu sudah dihapus atas permintaan pemiliknya waktu itu; bukti {file} tentangnya tidak boleh disebut lagi: hilangkan dari daftar"
                ),
                format!(
                    "the data of {subject} from that time were erased on request of who owned it then; evidence {file} about it may not be listed again: leave it out"
                ),
            );
        }
    }
    Ok(())
}

fn names(subjects: Option<&SetOf<Subject>>) -> String {
    let names: Vec<String> =
        subjects.iter().flat_map(|subjects| subjects.iter()).map(ToString::to_string).collect();
    names.join(", ")
}

/// Whether a correction lists a file that its original, or the correction in force, listed before.
fn carries_over(
    machine: &StateMachine,
    event: &Event,
    file: &Sha256Hex,
    past: &dyn History,
) -> Result<bool, RegistryError> {
    let unreadable =
        |error: jejak_projections::error::ReadFailure| RegistryError::Unreadable(error.to_string());
    let Some(correction) = event.draft.data.correction() else { return Ok(false) };
    let Some(target) = machine.index_of(correction.target, past).map_err(unreadable)? else {
        return Ok(false);
    };
    for index in [Some(target), machine.lineage().effective(target)].into_iter().flatten() {
        let before = past.event(index).map_err(unreadable)?;
        if before.draft.data.evidence().any(|evidence| evidence.sha256 == *file) {
            return Ok(true);
        }
    }
    Ok(false)
}
