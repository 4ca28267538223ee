//! Audit statements: what an auditor signs after it has replayed a log, besides its cosignature.
//!
//! ```text
//! jejak audit statement v1
//! origin jejak.example/demo
//! size 1126
//! root psWGNEHfmvRnhBrHGm0S9r/SdQQNa7NLjPTu3EQJHkk=
//! on 2026-06-30
//! view assessed 1 <SHA-256 of its answer, in hex>
//! ...
//! ```
//!
//! inside a [signed note](crate::note), under a key that signs nothing else.
//!
//! What a reader learns: the auditor read all entries of this tree, found each in its place, judged by the
//! rules that rest on open fields and found to hold, and counted these answers itself. It does not learn that
//! what the entries say is true, nor anything of sealed values, which an auditor does not see.
//!
//! This module must never read a text that could be taken for a checkpoint: its second line has a word before
//! the number.

use std::fmt;

use crate::checkpoint::parse_decimal;
use crate::note::{Algorithm, Note, NoteError, NoteSigner, VerifierKey};
use crate::tree::Hash;
use crate::values::{Date, Sha256Hex};

/// First line of every statement.
pub const HEADER: &str = "jejak audit statement v1";

/// The answer of a view as an auditor counted it: unfiltered, on the statement's day, at its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedView {
    /// Name of the view.
    pub name: String,
    /// Version of its definition.
    pub version: u32,
    /// SHA-256 of its answer, as the answer itself states it.
    pub digest: Sha256Hex,
}

/// What was audited and counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditStatement {
    /// Origin of the log.
    pub origin: String,
    /// Entries replayed.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// The day that the views were asked for.
    pub on: Date,
    /// The views, by name, each once.
    pub views: Vec<CountedView>,
}

/// Why a statement was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The note around it was refused, or its signature does not check.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The first line is another.
    #[error("line 1 is not `jejak audit statement v1`: this is no audit statement, or of another version")]
    Header,
    /// A line is not what stands in its place.
    #[error("line {line} of the audit statement is not `{wanted}`")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// The form expected.
        wanted: &'static str,
    },
    /// The views are not in the order of their names, or one is there twice.
    #[error("line {line} of the audit statement: the views stand in the order of their names, each once")]
    Order {
        /// Line number, from 1.
        line: usize,
    },
}

impl AuditStatement {
    /// Signs the statement.
    ///
    /// # Errors
    /// [`StatementError::Note`] when the text cannot be a note's.
    pub fn sign(&self, signer: &NoteSigner) -> Result<Note, StatementError> {
        let mut note = Note::new(self.to_string())?;
        note.add(signer.sign(&note))?;
        Ok(note)
    }

    /// Reads a signed statement, and believes it when `key` signed it.
    ///
    /// # Errors
    /// [`StatementError`], the signature first; [`NoteError::KeyAlgorithm`] for a key that cosigns.
    pub fn open(bytes: &[u8], key: &VerifierKey) -> Result<Self, StatementError> {
        if key.algorithm() != Algorithm::Ed25519 {
            let found = key.algorithm() as u8;
            return Err(NoteError::KeyAlgorithm { name: key.name().to_owned(), found }.into());
        }
        let note = Note::parse(bytes)?;
        note.verify([key])?;
        Self::parse(note.text())
    }

    fn parse(text: &str) -> Result<Self, StatementError> {
        let mut lines = text.lines().zip(1..);
        if lines.next().map(|(line, _)| line) != Some(HEADER) {
            return Err(StatementError::Header);
        }
        let mut field = |line: usize, word: &str, wanted: &'static str| {
            let error = StatementError::Line { line, wanted };
            let (text, _) = lines.next().ok_or(error.clone())?;
            text.strip_prefix(word).map(str::to_owned).ok_or(error)
        };
        let origin = field(2, "origin ", "origin <origin of the log>")?;
        let size = field(3, "size ", "size <decimal number>")?;
        let root = field(4, "root ", "root <base64 of 32 bytes>")?;
        let on = field(5, "on ", "on <YYYY-MM-DD>")?;
        let wrong = |line, wanted| StatementError::Line { line, wanted };
        let size = parse_decimal(&size).ok_or_else(|| wrong(3, "size <decimal number>"))?;
        let root = Hash::from_base64(&root).ok_or_else(|| wrong(4, "root <base64 of 32 bytes>"))?;
        let on = Date::parse(&on).map_err(|_| wrong(5, "on <YYYY-MM-DD>"))?;
        let mut views: Vec<CountedView> = Vec::new();
        for (text, line) in lines {
            let error = || wrong(line, "view <name> <version> <64 hex digits>");
            let words: Vec<&str> = text.split(' ').collect();
            let ["view", name, version, digest] = words[..] else { return Err(error()) };
            let version = parse_decimal(version).and_then(|version| u32::try_from(version).ok());
            let view = CountedView {
                name: name.to_owned(),
                version: version.ok_or_else(error)?,
                digest: Sha256Hex::parse(digest).map_err(|_| error())?,
            };
            if views.last().is_some_and(|last| last.name >= view.name) {
                return Err(StatementError::Order { line });
            }
            views.push(view);
        }
        Ok(Self { origin, size, root, on, views })
    }
}

impl fmt::Display for AuditStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{HEADER}\norigin {}\nsize {}\nroot {}\non {}",
            self.origin, self.size, self.root, self.on
        )?;
        self.views
            .iter()
            .try_for_each(|view| writeln!(f, "view {} {} {}", view.name, view.version, view.digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;

    fn statement() -> AuditStatement {
        let view = |name: &str, byte: &str| {
            let digest = Sha256Hex::parse(&byte.repeat(32)).unwrap();
            CountedView { name: name.into(), version: 1, digest }
        };
        AuditStatement {
            origin: "jejak.example/demo".into(),
            size: 1126,
            root: Hash([3; 32]),
            on: Date::parse("2026-06-30").unwrap(),
            views: vec![view("assessed", "01"), view("trained", "02")],
        }
    }

    #[test]
    fn a_signed_statement_reads_back() {
        let signer = NoteSigner::new("auditor.example/statement", &[7; 32]).unwrap();
        let note = statement().sign(&signer).unwrap().to_string();
        assert_eq!(AuditStatement::open(note.as_bytes(), signer.verifier_key()).unwrap(), statement());
        assert!(statement().to_string().parse::<Checkpoint>().is_err(), "it is no checkpoint");
    }

    #[test]
    fn wrong_statements_are_refused() {
        let signer = NoteSigner::new("auditor.example/statement", &[7; 32]).unwrap();
        let key = signer.verifier_key();
        let good = statement().to_string();
        for (from, to, wanted) in [
            ("statement v1", "statement v2", "line 1"),
            ("origin jejak", "jejak", "line 2"),
            ("size 1126", "size 01126", "line 3"),
            ("root AwMD", "root _AwMD", "line 4"),
            ("2026-06-30", "2026-06-31", "line 5"),
            ("view trained 1", "view trained", "line 7"),
            ("view trained", "view assessed", "line 7"),
            ("view trained", "view above", "line 7"),
        ] {
            assert_eq!(good.matches(from).count(), 1, "{from}");
            let mut note = Note::new(good.replace(from, to)).unwrap();
            note.add(signer.sign(&note)).unwrap();
            let error = AuditStatement::open(note.to_string().as_bytes(), key).unwrap_err();
            assert!(error.to_string().contains(wanted), "{from} -> {to}: {error}");
        }
        let note = statement().sign(&signer).unwrap().to_string();
        let altered = note.replace("view trained 1 0202", "view trained 1 0302");
        assert!(matches!(
            AuditStatement::open(altered.as_bytes(), key),
            Err(StatementError::Note(NoteError::BadSignature { .. }))
        ));
    }
}
