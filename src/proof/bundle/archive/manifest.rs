//! The manifest of an evidence bundle: a C2SP *signed note* that lists every other member.
//!
//! The text is the line `jejak-bundle/0`, then a line for each member in the order of the archive: SHA-256
//! of the content, SHA-256 of the packed bytes, name. The registry signs it with its attestation key, which
//! event 0 of its log names.
//!
//! What the signature adds to the checkpoint: that this registry made this bundle, with this claim, answer
//! and explanation. It makes none of them true.

use jejak_events::note::{Note, NoteError, VerifierKey};

use super::{ArchiveMember, Flaw};

/// Format and version; the 0 becomes 1 when the format is final.
pub const HEADER: &str = "jejak-bundle/0";
/// Room for signatures behind the text, in bytes.
pub(super) const SIGNATURES_LIMIT_BYTES: u64 = 1 << 16;

pub(super) fn line(content_sha256: &str, packed_sha256: &str, name: &str) -> String {
    format!("{content_sha256} {packed_sha256} {name}\n")
}

/// Why a manifest is not the registry's.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It is no note, or the key did not sign it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Somebody added a signature, which nothing covers.
    #[error("it has {0} signatures; a manifest has its registry's and no other")]
    OtherSignatures(usize),
}

/// Checks that the registry signed a manifest, as [`super::BundleReader`] hands it out, and nobody else did: a signature is
/// the one thing in a bundle that anybody could add.
///
/// # Errors
/// [`ManifestError`].
pub fn verify(manifest: &[u8], key: &VerifierKey) -> Result<(), ManifestError> {
    let note = Note::parse(manifest)?;
    note.verify([key])?;
    match note.signatures().len() {
        1 => Ok(()),
        other => Err(ManifestError::OtherSignatures(other)),
    }
}

/// Holds a manifest against the text that the members give; answers with the first member that differs.
pub(super) fn compare(manifest: &[u8], wanted: &str) -> Result<(), (ArchiveMember, Flaw)> {
    let note = Note::parse(manifest)
        .map_err(|error| (ArchiveMember::Manifest, Flaw::Manifest(error.to_string())))?;
    if note.text() == wanted {
        return Ok(());
    }
    if let Some(other) = note.text().lines().next().filter(|line| *line != HEADER) {
        return Err((ArchiveMember::Manifest, Flaw::Format(other.to_owned())));
    }
    let mut stated = note.text().split_inclusive('\n');
    let mut wanted = wanted.split_inclusive('\n');
    loop {
        let (stated, wanted) = (stated.next(), wanted.next());
        if stated == wanted && stated.is_some() {
            continue;
        }
        let name = |line: Option<&str>| line?.trim_end().split(' ').nth(2).map(str::to_owned);
        let member = name(wanted).and_then(|name| name.parse().ok());
        return Err(match (stated, wanted, member) {
            // The members themselves are in order, so the list is not.
            (Some(_), Some(wanted), Some(member)) if name(stated) == name(Some(wanted)) => {
                let content = |line: Option<&str>| line.and_then(|line| line.get(..64).map(str::to_owned));
                let same = content(stated) == content(Some(wanted));
                (member, if same { Flaw::Repacked } else { Flaw::Altered })
            }
            (_, _, Some(member)) => (member, Flaw::Unlisted),
            (Some(stated), _, None) => (ArchiveMember::Manifest, Flaw::Listed(stated.trim_end().to_owned())),
            (None, _, None) => (ArchiveMember::Manifest, Flaw::Manifest("it is cut short".to_owned())),
        });
    }
}
