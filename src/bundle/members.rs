//! The entries of a bundle as a source for the replay, and the texts around them.

use std::io::Read;

use jejak_events::bundle;
use jejak_events::tile::BundlePlace;

use super::Problem;
use super::archive::{Content, Member, ReadError, Reader, Refusal};
use crate::replay::entries::{EntrySource, SourceError};

/// What a bundle holds beside the entries.
#[derive(Debug, Default)]
pub struct Texts {
    pub policy: Vec<u8>,
    pub checkpoint: Vec<u8>,
    pub claim: Option<Vec<u8>>,
    pub question: Vec<u8>,
    pub definition: Vec<u8>,
    pub answer: Vec<u8>,
    pub manifest: Vec<u8>,
    /// Members that are signed for and that this program does not judge.
    pub unjudged: Vec<Member>,
    /// Members seen.
    pub count: u64,
}

impl Texts {
    /// Keeps a member; the entries are no business of this.
    pub fn keep(&mut self, Content { member, bytes }: Content) {
        self.count += 1;
        match member {
            Member::Policy => self.policy = bytes,
            Member::Checkpoint => self.checkpoint = bytes,
            Member::Claim => self.claim = Some(bytes),
            Member::Question => self.question = bytes,
            Member::Definition => self.definition = bytes,
            Member::Answer => self.answer = bytes,
            Member::Manifest => self.manifest = bytes,
            Member::Disclosures | Member::AuditStatement => self.unjudged.push(member),
            // For people; the manifest covers it.
            Member::Readme | Member::Entries(_) => {}
        }
    }
}

/// The entries of a bundle, up to the size of its checkpoint.
pub struct Entries<'a, R> {
    reader: &'a mut Reader<R>,
    /// The first of them, which was read to see that the texts are over.
    first: Option<Content>,
    size: u64,
    /// Entry bundles read.
    pub count: u64,
    /// What came after the last of them.
    pub next: Option<Content>,
    /// Why the archive cannot be read on.
    pub refused: Option<Refusal>,
    /// What is wrong with the entries.
    pub problem: Option<Problem>,
}

impl<'a, R: Read> Entries<'a, R> {
    /// The entries from `first` on, of a log of `size`.
    pub fn new(reader: &'a mut Reader<R>, first: Content, size: u64) -> Self {
        Self { reader, first: Some(first), size, count: 0, next: None, refused: None, problem: None }
    }

    fn next(&mut self) -> Result<Option<Content>, SourceError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        self.reader.next().map_err(|error| match error {
            ReadError::Input(source) => {
                SourceError::Failed { what: "cannot read the bundle".to_owned(), source }
            }
            ReadError::Refused(refusal) => {
                let said = refusal.to_string();
                self.refused = Some(refusal);
                SourceError::Wrong(said)
            }
        })
    }

    fn wrong(&mut self, id: String, en: String) -> SourceError {
        self.problem = Some(Problem::new(id, en.clone()));
        SourceError::Wrong(en)
    }
}

impl<R: Read + Send> EntrySource for Entries<'_, R> {
    fn read(&mut self, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), SourceError> {
        while let Some(content) = self.next()? {
            let Member::Entries(place) = content.member else {
                self.next = Some(content);
                return Ok(());
            };
            let size = self.size;
            if BundlePlace::in_tree(size, place.index()) != Some(place) {
                return Err(self.wrong(
                    format!("{place}: bukan bagian log {size} peristiwa yang disebut checkpoint"),
                    format!("{place}: no part of the log of {size} events that the checkpoint states"),
                ));
            }
            self.count += 1;
            let entries = match bundle::decode(&content.bytes, place.width()) {
                Ok(entries) => entries,
                Err(error) => {
                    return Err(self.wrong(format!("{place}: {error}"), format!("{place}: {error}")));
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
