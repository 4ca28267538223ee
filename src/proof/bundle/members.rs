//! The entries of a bundle as a source for the replay, and the texts around them.

use std::io::Read;

use jejak_events::bundle;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::tile::BundlePlace;
use jejak_events::translation::told;

use super::Problem;
use super::archive::{ArchiveMember, ArchiveRefusal, BundleReadError, BundleReader, UnpackedMember};
use crate::proof::replay::entries::{EntrySource, SourceError};

/// Most handovers that a bundle carries: a key a year for longer than keys are known.
const HANDOVERS_LIMIT: usize = 256;

/// What a bundle holds beside the entries.
#[derive(Debug, Default)]
pub struct BundleTexts {
    pub readme: Vec<u8>,
    pub policy: Vec<u8>,
    pub checkpoint: Vec<u8>,
    pub claim: Option<Vec<u8>>,
    pub question: Vec<u8>,
    pub definition: Vec<u8>,
    pub answer: Vec<u8>,
    pub disclosures: Option<Vec<u8>>,
    pub audit_statement: Option<Vec<u8>>,
    pub manifest: Vec<u8>,
    /// Handovers by size; of more than a log can have, the first ones.
    pub handovers: Vec<(u64, Vec<u8>)>,
    /// Members seen.
    pub count: u64,
}

impl BundleTexts {
    /// Keeps a member; the entries are no business of this.
    pub fn keep(&mut self, UnpackedMember { member, bytes }: UnpackedMember) {
        self.count += 1;
        match member {
            ArchiveMember::Policy => self.policy = bytes,
            ArchiveMember::Checkpoint => self.checkpoint = bytes,
            ArchiveMember::Claim => self.claim = Some(bytes),
            ArchiveMember::Question => self.question = bytes,
            ArchiveMember::Definition => self.definition = bytes,
            ArchiveMember::Answer => self.answer = bytes,
            ArchiveMember::Manifest => self.manifest = bytes,
            ArchiveMember::Disclosures => self.disclosures = Some(bytes),
            ArchiveMember::AuditStatement => self.audit_statement = Some(bytes),
            ArchiveMember::Handover(size) if self.handovers.len() <= HANDOVERS_LIMIT => {
                self.handovers.push((size, bytes));
            }
            ArchiveMember::Readme => self.readme = bytes,
            ArchiveMember::Handover(_) | ArchiveMember::Entries(_) => {}
        }
    }

    /// The handovers, in form, each of the size that its name says; nothing is verified.
    ///
    /// # Errors
    /// What is wrong with the first that is none.
    pub fn read_handovers(&self) -> Result<Vec<SignedCheckpoint>, Problem> {
        let found = &self.handovers;
        if found.len() > HANDOVERS_LIMIT {
            return Err(Problem::new(
                format!("lebih dari {HANDOVERS_LIMIT} serah terima kunci"),
                format!("more than {HANDOVERS_LIMIT} handovers"),
            ));
        }
        let read = |(size, bytes): &(u64, Vec<u8>)| {
            let member = ArchiveMember::Handover(*size);
            let signed = SignedCheckpoint::parse(bytes).map_err(|error| {
                Problem::new(format!("{member}: {error}", error = told(&error)), format!("{member}: {error}"))
            })?;
            let stated = signed.unverified().size();
            if stated != *size {
                return Err(Problem::new(
                    format!("{member}: menyebut {stated} peristiwa, bukan sebanyak namanya"),
                    format!("{member}: states {stated} events, and its name another number"),
                ));
            }
            Ok(signed)
        };
        found.iter().map(read).collect()
    }
}

/// The entries of a bundle, up to the size of its checkpoint.
pub struct Entries<'a, R> {
    reader: &'a mut BundleReader<R>,
    /// The first of them, which was read to see that the texts are over.
    first: Option<UnpackedMember>,
    size: u64,
    /// Entry bundles read.
    pub count: u64,
    /// What came after the last of them.
    pub next: Option<UnpackedMember>,
    /// Why the archive cannot be read on.
    pub refused: Option<ArchiveRefusal>,
    /// What is wrong with the entries.
    pub problem: Option<Problem>,
}

impl<'a, R: Read> Entries<'a, R> {
    /// The entries from `first` on, of a log of `size`.
    pub fn new(reader: &'a mut BundleReader<R>, first: UnpackedMember, size: u64) -> Self {
        Self { reader, first: Some(first), size, count: 0, next: None, refused: None, problem: None }
    }

    fn next(&mut self) -> Result<Option<UnpackedMember>, SourceError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        self.reader.next().map_err(|error| {
            if let BundleReadError::Refused(refusal) = &error {
                self.refused = Some(refusal.clone());
            }
            source_error(error)
        })
    }

    fn wrong(&mut self, id: String, en: String) -> SourceError {
        let problem = Problem::new(id, en);
        self.problem = Some(problem.clone());
        SourceError::Wrong(problem)
    }
}

/// The log in a bundle, for whoever replays it and asks nothing else of the bundle: what is claimed in it and what
/// its manifest signs is not looked at.
pub struct BundleLog<R> {
    reader: BundleReader<R>,
    first: Option<UnpackedMember>,
    size: u64,
}

/// A log as a bundle shows it.
pub struct Shown<R> {
    /// Its checkpoint, in form; nothing is verified.
    pub checkpoint: SignedCheckpoint,
    /// The handovers beside it, in form; nothing is verified.
    pub handovers: Vec<SignedCheckpoint>,
    /// Its entries.
    pub log: BundleLog<R>,
}

/// The checkpoint of a bundle and the handovers beside it, in form, and the entries under it.
///
/// # Errors
/// [`SourceError`] when the archive is refused before the first entry, or has no checkpoint in form.
pub fn log<R: Read + Send>(mut reader: BundleReader<R>) -> Result<Shown<R>, SourceError> {
    let mut texts = BundleTexts::default();
    while let Some(content) = reader.next().map_err(source_error)? {
        if !matches!(content.member, ArchiveMember::Entries(_)) {
            texts.keep(content);
            continue;
        }
        let signed = SignedCheckpoint::parse(&texts.checkpoint)
            .map_err(|error| SourceError::wrong(format!("checkpoint: {error}")))?;
        let size = signed.unverified().size();
        let handovers = texts.read_handovers().map_err(SourceError::Wrong)?;
        return Ok(Shown {
            checkpoint: signed,
            handovers,
            log: BundleLog { reader, first: Some(content), size },
        });
    }
    Err(SourceError::wrong("there are no events in the bundle"))
}

impl<R: Read + Send> EntrySource for BundleLog<R> {
    fn read(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), SourceError> {
        let Some(first) = self.first.take() else { return Ok(()) };
        Entries::new(&mut self.reader, first, self.size).read(take)
    }
}

fn source_error(error: BundleReadError) -> SourceError {
    match error {
        BundleReadError::Input(source) => {
            SourceError::Failed { what: "cannot read the bundle".to_owned(), source }
        }
        BundleReadError::Refused(refusal) => SourceError::Wrong(refusal.message()),
    }
}

impl<R: Read + Send> EntrySource for Entries<'_, R> {
    fn read(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), SourceError> {
        while let Some(content) = self.next()? {
            let ArchiveMember::Entries(place) = content.member else {
                self.next = Some(content);
                return Ok(());
            };
            self.count += 1;
            let size = self.size;
            if BundlePlace::in_tree(size, place.index()) != Some(place) {
                return Err(self.wrong(
                    format!("{place}: bukan bagian log {size} peristiwa yang disebut checkpoint"),
                    format!("{place}: no part of the log of {size} events that the checkpoint states"),
                ));
            }
            let entries = match bundle::decode(&content.bytes, place.width()) {
                Ok(entries) => entries,
                Err(error) => {
                    return Err(self.wrong(
                        format!("{place}: {error}", error = told(&error)),
                        format!("{place}: {error}"),
                    ));
                }
            };
            for entry in entries {
                if !take(entry) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_handovers_no_more_are_read_than_a_log_has() {
        let mut texts = BundleTexts::default();
        for size in 0..1_000 {
            texts.keep(UnpackedMember { member: ArchiveMember::Handover(size), bytes: Vec::new() });
        }
        assert_eq!(texts.handovers.len(), HANDOVERS_LIMIT + 1);
        let refused = texts.read_handovers().unwrap_err();
        assert_eq!(refused.en, "more than 256 handovers");
    }
}
