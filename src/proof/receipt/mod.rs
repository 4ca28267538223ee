//! Receipts: what an officer or an IKM keeps after an event was recorded. One HTML page with the event, its
//! proof and, where they were handed out, the disclosures of its sealed fields.
//!
//! A page is a function of what it carries: it is checked by taking that out, verifying it, laying the page
//! out anew and comparing every byte. Nothing here may read a registry, a clock or the network, and a
//! [`Receipt`] must never exist unverified.

use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::constitution;
use jejak_events::fault::Message;
use jejak_events::note::VerifierKey;
use jejak_events::policy::{NotAccepted, Policy};
use jejak_events::record::{Event, RecordError};
use jejak_events::tlog_proof::{TlogProof, TlogProofError};
use jejak_events::translation::told;
use jejak_events::types::Constitution;
use jejak_events::types::KeyPurpose;

use super::disclosures::{self, DisclosableField, Disclosed, DisclosureError};
use crate::answer_json::Cosigned;
use crate::moment::At;
use standing::{EventStanding, StandingError};

mod page;
pub mod standing;

pub use page::{FORM, not_proven, proven, word};

/// Longest page that is read, in bytes: several times the largest event with all its disclosures.
pub const PAGE_LIMIT_BYTES: u64 = 16 << 20;

/// A part that a page carries, as a file to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagePart {
    /// The event's canonical bytes.
    Event,
    /// The C2SP tlog-proof.
    Proof,
    /// The disclosures, one per line.
    Disclosures,
    /// How the event stands: the registry's signed word.
    Standing,
    /// The event that names the key of that word.
    KeyEvent,
    /// Its C2SP tlog-proof.
    KeyProof,
}

impl PagePart {
    /// Name of the file that the page offers.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Event => "event.json",
            Self::Proof => "event.tlog-proof",
            Self::Disclosures => "disclosures.txt",
            Self::Standing => "standing",
            Self::KeyEvent => "attestation-key.json",
            Self::KeyProof => "attestation-key.tlog-proof",
        }
    }

    /// What stands before its base64 on the page.
    fn before(self) -> &'static str {
        match self {
            Self::Event => "<a id=\"event\" download=\"event.json\" href=\"data:application/json;base64,",
            Self::Proof => "<a id=\"proof\" download=\"event.tlog-proof\" href=\"data:text/plain;base64,",
            Self::Disclosures => {
                "<a id=\"disclosures\" download=\"disclosures.txt\" href=\"data:text/plain;base64,"
            }
            Self::Standing => "<a id=\"word\" download=\"standing\" href=\"data:text/plain;base64,",
            Self::KeyEvent => {
                "<a id=\"key\" download=\"attestation-key.json\" href=\"data:application/json;base64,"
            }
            Self::KeyProof => {
                "<a id=\"key-proof\" download=\"attestation-key.tlog-proof\" href=\"data:text/plain;base64,"
            }
        }
    }
}

/// Why something is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// Not a page of ours.
    #[error("this is no receipt of `jejak receipt`: its first lines name no form jejak-receipt/N")]
    NotReceipt,
    /// Longer than any receipt.
    #[error("this is no receipt: it is longer than {PAGE_LIMIT_BYTES} bytes")]
    TooLarge,
    /// Of another form than this program writes.
    #[error(
        "the receipt has the form {found}, this program knows {FORM}: check it with the version that wrote it"
    )]
    OtherForm {
        /// What it says.
        found: String,
    },
    /// A part is not there.
    #[error("{} is missing on the page, or is not in canonical base64", .0.file_name())]
    Part(PagePart),
    /// The event is none.
    #[error("event.json was altered: {0}")]
    Event(#[from] RecordError),
    /// The proof is not in the right form, or not of this event.
    #[error("event.tlog-proof does not prove event.json: {0}")]
    Proof(#[from] TlogProofError),
    /// The signatures are not those that the reader asks for.
    #[error("the checkpoint in event.tlog-proof is not accepted: {0}")]
    NotAccepted(#[from] NotAccepted),
    /// What event 0, or an event that introduces a key, says otherwise than what is signed.
    #[error("event.json says otherwise than what is signed: {}", .0.en)]
    OtherLog(Message),
    /// Bytes that nothing authenticates.
    #[error("event.tlog-proof has a line `extra`, which nothing authenticates; ours have none")]
    Extra,
    /// A signature line under the checkpoint that is by nobody whom the reader named.
    #[error(
        "the checkpoint in event.tlog-proof has a signature line of `{0}`, whose key you did not name: nothing says that \
         they signed; list them in a policy, or take a receipt without that line"
    )]
    UnknownSigner(String),
    /// The event that names the attestation key is none, or not of this log.
    #[error("attestation-key.json does not name the attestation key of this log: {0}")]
    Key(String),
    /// How the event stands is not the registry's word.
    #[error("`standing` is not the registry's word about this event: {0}")]
    Standing(#[from] StandingError),
    /// A disclosure that is none of this event's.
    #[error("disclosures.txt: {0}")]
    Disclosure(#[from] DisclosureError),
    /// What the page carries checks, and the page says otherwise.
    #[error(
        "event and proof check, but the page was altered: line {line}, part {place}, reads {found:?} and must read {expected:?}"
    )]
    Altered {
        /// Line, from 1.
        line: usize,
        /// The part of the page.
        place: String,
        /// What stands there, from the first difference on.
        found: String,
        /// What should stand there.
        expected: String,
    },
    /// The page cannot be laid out.
    #[error("the page cannot be laid out: {0}")]
    Page(String),
}

impl ReceiptError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        let id = match self {
            Self::Event(error) => format!("event.json diubah: {}", error.0.message.id),
            Self::OtherLog(fault) => {
                format!("event.json menyebut lain daripada yang ditandatangani: {}", fault.id)
            }
            Self::Disclosure(error) => format!("disclosures.txt: {}", error.message().id),
            // What stands on a page may be anything: no template takes it apart.
            Self::Altered { line, place, found, expected } => format!(
                "peristiwa dan buktinya cocok, tetapi halaman ini diubah: baris {line}, bagian {place}, berbunyi {found:?} dan seharusnya {expected:?}"
            ),
            other => told(other),
        };
        Message::new(id, self.to_string())
    }
}

/// An event with its proof and disclosures, verified.
#[derive(Clone, Debug)]
pub struct Receipt {
    entry: Vec<u8>,
    event: Event,
    proof: TlogProof,
    checkpoint: Checkpoint,
    log_key: VerifierKey,
    cosigned: Vec<Cosigned>,
    /// In the order in which the type declares their fields.
    disclosures: Vec<String>,
    sealed: Vec<DisclosableField>,
    word: Word,
    standing: EventStanding,
    attestation_key: VerifierKey,
}

/// The registry's word on how an event stands, and what says whose key signed it.
#[derive(Clone, Debug)]
pub struct Word {
    /// The signed statement.
    pub standing: String,
    /// The record of the event that names the attestation key.
    pub key_entry: Vec<u8>,
    /// Proves it under the checkpoint of the event.
    pub key_proof: TlogProof,
}

impl Word {
    /// Holds the word against the log whose checkpoint was accepted, and reads it.
    fn open(
        &self,
        event: &TlogProof,
        log: &VerifierKey,
        checkpoint: &Checkpoint,
    ) -> Result<(EventStanding, VerifierKey), ReceiptError> {
        let failed = |error: &dyn std::fmt::Display| ReceiptError::Key(error.to_string());
        if self.key_proof.checkpoint().to_string() != event.checkpoint().to_string()
            || self.key_proof.extra().is_some()
        {
            return Err(failed(&"its proof is not under the checkpoint of event.tlog-proof"));
        }
        let naming = Event::parse(&self.key_entry).map_err(|error| failed(&error))?;
        self.key_proof.verify(&self.key_entry, log).map_err(|error| failed(&error))?;
        hold_names(&naming, checkpoint)?;
        let vkey = match naming.draft.data.constitution() {
            Some(Constitution::Opened(opened)) if self.key_proof.index() == 0 => {
                let own = opened.keys.iter().find(|key| key.purpose == KeyPurpose::Attestation);
                own.map(|key| &key.vkey)
            }
            Some(Constitution::Key(new)) if new.purpose == KeyPurpose::Attestation => Some(&new.vkey),
            Some(_) | None => None,
        };
        let vkey = vkey.ok_or_else(|| failed(&"it names none"))?;
        let key = constitution::key_of(checkpoint.origin(), KeyPurpose::Attestation, vkey);
        let key = key.map_err(|fault| failed(&fault.en))?;
        let standing = EventStanding::open(self.standing.as_bytes(), &key, event.index(), checkpoint)?;
        match naming.draft.data.constitution() {
            Some(Constitution::Opened(opened)) if opened.synthetic != standing.synthetic => {
                Err(failed(&"it says otherwise whether the data are made up"))
            }
            Some(_) | None => Ok((standing, key)),
        }
    }
}

/// Every signature line is by somebody whom the policy names; those were verified.
fn hold_signers(signed: &SignedCheckpoint, policy: &Policy) -> Result<(), ReceiptError> {
    let known: Vec<&VerifierKey> =
        policy.logs().iter().chain(policy.witnesses().iter().map(|witness| witness.key())).collect();
    let is_known = |name: &str, id: u32| known.iter().any(|key| (key.name(), key.id()) == (name, id));
    match signed.note().signatures().iter().find(|line| !is_known(line.name(), line.id())) {
        None => Ok(()),
        Some(line) => Err(ReceiptError::UnknownSigner(line.name().to_owned())),
    }
}

impl Receipt {
    /// Verifies that the proof is of this event and signed as the policy asks (no time is judged: it is made
    /// now), and that every disclosure (base64url, RFC 9901, section 4.2) is of a sealed field of the event.
    ///
    /// # Errors
    /// What does not check.
    pub fn new(
        entry: Vec<u8>,
        proof: TlogProof,
        disclosures: &[String],
        word: Word,
        policy: &Policy,
    ) -> Result<Self, ReceiptError> {
        Self::judged(entry, proof, disclosures, word, policy, None)
    }

    fn judged(
        entry: Vec<u8>,
        proof: TlogProof,
        disclosures: &[String],
        word: Word,
        policy: &Policy,
        at: Option<At>,
    ) -> Result<Self, ReceiptError> {
        let event = Event::parse(&entry)?;
        let area = event.draft.source.area;
        let accepted = policy.check(proof.checkpoint(), at.map(|at| at.unix_seconds(area)))?;
        proof.verify(&entry, accepted.log)?;
        hold_signers(proof.checkpoint(), policy)?;
        if proof.extra().is_some() {
            return Err(ReceiptError::Extra);
        }
        hold_names(&event, &accepted.checkpoint)?;
        let Disclosed { fields: sealed, disclosures, .. } = disclosures::hold(&event, disclosures)?;
        let (cosigned, log_key) = (Cosigned::all(&accepted), accepted.log.clone());
        let checkpoint = accepted.checkpoint;
        let (standing, attestation_key) = word.open(&proof, &log_key, &checkpoint)?;
        standing.hold_day(event.recorded, at.map(|at| at.unix_ms(area)), area)?;
        Ok(Self {
            entry,
            event,
            proof,
            checkpoint,
            log_key,
            cosigned,
            disclosures,
            sealed,
            word,
            standing,
            attestation_key,
        })
    }

    /// Checks a page: what it carries, and then every byte of it.
    ///
    /// `at` is the moment to judge the times of cosignatures and the day of the registry's word for, a day being that of the office that recorded the
    /// event; `None` judges none.
    ///
    /// # Errors
    /// What does not check.
    pub fn verify(page: &[u8], policy: &Policy, at: Option<At>) -> Result<Self, ReceiptError> {
        // Text that is no UTF-8 shows as a difference below.
        let text = String::from_utf8_lossy(page);
        let found = between(&text, "<meta name=\"generator\" content=\"", "\">");
        match found.filter(|form| form.starts_with("jejak-receipt/")) {
            None => return Err(ReceiptError::NotReceipt),
            Some(FORM) => {}
            Some(other) => return Err(ReceiptError::OtherForm { found: shortened(other) }),
        }
        let proof = TlogProof::parse(&carried(&text, PagePart::Proof)?)?;
        let disclosures = match text.contains(PagePart::Disclosures.before()) {
            true => String::from_utf8(carried(&text, PagePart::Disclosures)?)
                .map_err(|_| ReceiptError::Part(PagePart::Disclosures))?,
            false => String::new(),
        };
        let disclosures: Vec<String> = disclosures.lines().map(str::to_owned).collect();
        let word = Word {
            standing: String::from_utf8(carried(&text, PagePart::Standing)?)
                .map_err(|_| ReceiptError::Part(PagePart::Standing))?,
            key_entry: carried(&text, PagePart::KeyEvent)?,
            key_proof: TlogProof::parse(&carried(&text, PagePart::KeyProof)?)
                .map_err(|error| ReceiptError::Key(error.to_string()))?,
        };
        let receipt = Self::judged(carried(&text, PagePart::Event)?, proof, &disclosures, word, policy, at)?;
        let expected = receipt.page()?;
        if expected.as_bytes() == page { Ok(receipt) } else { Err(altered(page, &expected)) }
    }

    /// The page.
    ///
    /// # Errors
    /// [`ReceiptError::Page`].
    pub fn page(&self) -> Result<String, ReceiptError> {
        page::page(self)
    }

    /// The event.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Its index in the log.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.proof.index()
    }

    /// What the log signed.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// How the event stands, by the registry's word.
    #[must_use]
    pub fn standing(&self) -> &EventStanding {
        &self.standing
    }

    /// The witnesses of the policy that cosigned.
    #[must_use]
    pub fn cosigned(&self) -> &[Cosigned] {
        &self.cosigned
    }

    /// The sealed fields of the event's type, as it declares them.
    #[must_use]
    pub fn sealed(&self) -> &[DisclosableField] {
        &self.sealed
    }

    /// The parts for other verifiers, as files; no disclosures where none are carried.
    #[must_use]
    pub fn parts(&self) -> Vec<(PagePart, Vec<u8>)> {
        let mut parts = vec![
            (PagePart::Event, self.entry.clone()),
            (PagePart::Proof, self.proof.to_string().into_bytes()),
        ];
        if !self.disclosures.is_empty() {
            parts.push((PagePart::Disclosures, self.disclosures_text().into_bytes()));
        }
        parts.push((PagePart::Standing, self.word.standing.clone().into_bytes()));
        parts.push((PagePart::KeyEvent, self.word.key_entry.clone()));
        parts.push((PagePart::KeyProof, self.word.key_proof.to_string().into_bytes()));
        parts
    }

    fn disclosures_text(&self) -> String {
        self.disclosures.iter().map(|disclosure| format!("{disclosure}\n")).collect()
    }
}

/// An event that names the log and its keys must name those that signed: whoever reads it here has no other.
fn hold_names(event: &Event, signed: &Checkpoint) -> Result<(), ReceiptError> {
    let fault = match event.draft.data.constitution() {
        Some(Constitution::Opened(opened)) => constitution::other_origin(opened, signed)
            .or_else(|| constitution::faults(opened).into_iter().next()),
        Some(Constitution::Key(new)) => constitution::key_of(signed.origin(), new.purpose, &new.vkey).err(),
        Some(Constitution::Rules(_)) | None => None,
    };
    fault.map_or(Ok(()), |fault| Err(ReceiptError::OtherLog(fault)))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(between, _)| between)
}

fn carried(page: &str, part: PagePart) -> Result<Vec<u8>, ReceiptError> {
    let base64 = between(page, part.before(), "\"").ok_or(ReceiptError::Part(part))?;
    BASE64_STANDARD.decode(base64).map_err(|_| ReceiptError::Part(part))
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Names the first place where a page differs from what it should be.
fn altered(page: &[u8], expected: &str) -> ReceiptError {
    let at = expected.as_bytes().iter().zip(page).take_while(|(left, right)| left == right).count();
    // Back to where a character and its context begin.
    let line_start = page[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let mut from = at.saturating_sub(20).max(line_start);
    while !expected.is_char_boundary(from) {
        from -= 1;
    }
    let before = &expected[..from];
    let place = before.rsplit_once("<section id=\"").and_then(|(_, rest)| rest.split_once('"'));
    let first_line = |text: &str| shortened(text.lines().next().unwrap_or_default());
    ReceiptError::Altered {
        line: page[..at].iter().filter(|byte| **byte == b'\n').count() + 1,
        place: place.map_or_else(|| "head".to_owned(), |(place, _)| place.to_owned()),
        found: first_line(&String::from_utf8_lossy(&page[from..])),
        expected: first_line(&expected[from..]),
    }
}

#[cfg(test)]
mod tests;
