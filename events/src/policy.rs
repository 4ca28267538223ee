//! Policies: whose signatures a reader asks for before it believes a checkpoint, as C2SP *tlog-policy*
//! writes them down.
//!
//! ```text
//! log <vkey of the log>
//! witness city <vkey of a witness>
//! witness auditor <vkey of another>
//! group both all city auditor
//! quorum both
//! ```
//!
//! An auditor who replays a log before it cosigns is a witness like any other here: what its cosignature
//! asserts beyond consistency is known by its key, and the quorum says whether it is asked for.
//!
//! What a reader learns from an accepted checkpoint: one of the logs that it listed signed it, and so many of
//! the witnesses that it listed say that they were shown no other. A policy that comes *with* a checkpoint says
//! nothing: whoever made the checkpoint could have made the policy.
//!
//! This module must never accept a checkpoint for a witness that is not listed, count one witness twice, or
//! overlook a bad signature by a key that is listed.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint, parse_decimal};
use crate::excerpt::excerpt;
use crate::note::{Algorithm, NoteError, VerifierKey};

/// Longest policy that is read, in bytes.
pub const MAX_LENGTH_BYTES: usize = 64 * 1024;
/// The predefined name for "no cosignature is asked for".
const NONE: &str = "none";

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The first word is none of the four.
    #[error("`{0}` begins no line of a policy: expected `log`, `witness`, `group` or `quorum`")]
    Keyword(String),
    /// There are too few or too many words.
    #[error("expected `{0}`")]
    Form(&'static str),
    /// A key in wrong form.
    #[error(transparent)]
    Key(#[from] NoteError),
    /// A key that cannot sign what it is listed for.
    #[error("the key `{name}` has type {found:#04x}: {wanted}")]
    KeyType {
        /// Name of the key.
        name: String,
        /// Its signature type.
        found: u8,
        /// What is expected.
        wanted: &'static str,
    },
    /// The same public key twice, perhaps under two names.
    #[error("the public key of `{0}` is listed before: each log and each witness counts once")]
    DuplicateKey(String),
    /// A name that is taken, or predefined.
    #[error("the name `{0}` is taken: witnesses and groups share their names, and `none` is predefined")]
    NameTaken(String),
    /// A name that no line before defines.
    #[error("no line before this one defines `{0}`")]
    UnknownName(String),
    /// A member of two groups, or twice of one.
    #[error("`{0}` is a member of a group already: each counts in one way only")]
    SecondMembership(String),
    /// A threshold that is no number from 1 to the number of members.
    #[error("`{threshold}` is no threshold of {members} members: expected `any`, `all` or 1 to {members}")]
    Threshold {
        /// As written.
        threshold: String,
        /// Members of the group.
        members: usize,
    },
    /// A second quorum line.
    #[error("there is a quorum line before: one is wanted")]
    SecondQuorum,
}

/// Why a policy was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// More bytes than are read.
    #[error("the policy has {0} bytes, at most 65536 are read")]
    TooLong(usize),
    /// A control character other than tab and newline.
    #[error("line {line} of the policy has the control byte {byte:#04x}: only tabs and newlines are allowed")]
    ControlCharacter {
        /// Line number, from 1.
        line: usize,
        /// The byte.
        byte: u8,
    },
    /// The last line has no newline.
    #[error("the policy does not end with a newline: it is cut short")]
    NoFinalNewline,
    /// A line is wrong.
    #[error("line {line} of the policy: {error}")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What is wrong.
        error: LineError,
    },
    /// There is no quorum line.
    #[error("the policy has no quorum line: write `quorum none` when no cosignature is asked for")]
    NoQuorum,
}

/// Why a checkpoint was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// No log of that origin is listed.
    #[error("the checkpoint is of `{origin}`, which is none of the logs that the policy lists: {listed}")]
    UnknownLog {
        /// Origin in the checkpoint.
        origin: String,
        /// The origins that are listed, as one text.
        listed: String,
    },
    /// A signature does not check: by the log, or by a witness that is listed.
    #[error(transparent)]
    Signature(#[from] CheckpointError),
    /// A cosignature states a time after the moment asked about.
    #[error(
        "the cosignature by `{name}` states time {time}, after {at}: a cosignature cannot be from the future"
    )]
    FromTheFuture {
        /// Name of the witness's key.
        name: String,
        /// Seconds since 1970 that it states.
        time: u64,
        /// The moment asked about, in the same unit.
        at: u64,
    },
    /// Too few witnesses cosigned.
    #[error("the quorum `{quorum}` is not reached: cosigned by {cosigned}")]
    Quorum {
        /// Name of the witness or the group.
        quorum: String,
        /// The witnesses that did, as one text; `nobody` when there are none.
        cosigned: String,
    },
}

impl PolicyError {
    /// The stable name of this error, for test vectors and machine-readable output.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "policy_too_long",
            Self::ControlCharacter { .. } => "policy_control_character",
            Self::NoFinalNewline => "policy_no_final_newline",
            Self::NoQuorum => "policy_no_quorum",
            Self::Line { error, .. } => match error {
                LineError::Keyword(_) => "policy_keyword",
                LineError::Form(_) => "policy_form",
                LineError::Key(error) => error.name(),
                LineError::KeyType { .. } => "policy_key_type",
                LineError::DuplicateKey(_) => "policy_duplicate_key",
                LineError::NameTaken(_) => "policy_name_taken",
                LineError::UnknownName(_) => "policy_unknown_name",
                LineError::SecondMembership(_) => "policy_second_membership",
                LineError::Threshold { .. } => "policy_threshold",
                LineError::SecondQuorum => "policy_second_quorum",
            },
        }
    }
}

impl NotAccepted {
    /// The stable name of this error, for test vectors and machine-readable output.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownLog { .. } => "unknown_log",
            Self::Signature(error) => error.name(),
            Self::FromTheFuture { .. } => "cosignature_from_the_future",
            Self::Quorum { .. } => "quorum",
        }
    }
}

/// A witness that a policy lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its name within the policy, which the specification treats as bytes.
    name: Vec<u8>,
    key: VerifierKey,
}

impl Witness {
    /// Its name within the policy, for people.
    #[must_use]
    pub fn name(&self) -> String {
        String::from_utf8_lossy(&self.name).into_owned()
    }

    /// The key that it cosigns with.
    #[must_use]
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PolicyMember {
    Witness(usize),
    Group(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct CosignerGroup {
    name: Vec<u8>,
    threshold: usize,
    members: Vec<PolicyMember>,
}

/// A policy in good form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<VerifierKey>,
    witnesses: Vec<Witness>,
    groups: Vec<CosignerGroup>,
    /// `None` asks for no cosignature.
    quorum: Option<PolicyMember>,
}

/// A checkpoint that a policy accepts, and whose signatures it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted<'policy> {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The log's key.
    pub log: &'policy VerifierKey,
    /// Every listed witness that cosigned, with the time that it states in seconds since 1970; in the order of
    /// the policy. Those that the quorum does not need are among them.
    pub cosigned: Vec<(&'policy Witness, u64)>,
}

impl Policy {
    /// The policy of a reader who knows the log's key and asks for no cosignature.
    ///
    /// # Errors
    /// [`LineError::KeyType`] for a key that is not a log's.
    pub fn of_log(key: VerifierKey) -> Result<Self, LineError> {
        check_type(&key, Algorithm::Ed25519)?;
        Ok(Self { logs: vec![key], ..Self::default() })
    }

    /// The same policy, which accepts another key of a log, too: for a reader who followed a handover from a key
    /// that the policy lists.
    ///
    /// # Errors
    /// [`LineError::KeyType`] for a key that is not a log's.
    pub fn with_log(mut self, key: VerifierKey) -> Result<Self, LineError> {
        check_type(&key, Algorithm::Ed25519)?;
        if !self.logs.iter().any(|other| other.public_key() == key.public_key()) {
            self.logs.push(key);
        }
        Ok(self)
    }

    /// Reads a policy.
    ///
    /// # Errors
    /// [`PolicyError`], with the line.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        if bytes.len() > MAX_LENGTH_BYTES {
            return Err(PolicyError::TooLong(bytes.len()));
        }
        if bytes.last().is_some_and(|last| *last != b'\n') {
            return Err(PolicyError::NoFinalNewline);
        }
        let mut reading = PolicyReading::default();
        for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
            let wrong = |byte: &&u8| (**byte < b' ' && **byte != b'\t') || **byte == 0x7f;
            if let Some(byte) = line.iter().find(wrong) {
                return Err(PolicyError::ControlCharacter { line: number, byte: *byte });
            }
            reading.take(line).map_err(|error| PolicyError::Line { line: number, error })?;
        }
        if reading.has_quorum { Ok(reading.policy) } else { Err(PolicyError::NoQuorum) }
    }

    /// Keys of the logs that are accepted; the name of each is its origin.
    #[must_use]
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// The witnesses, whether the quorum needs them or not.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// The name of the quorum, for people; `none` when no cosignature is asked for.
    #[must_use]
    pub fn quorum(&self) -> String {
        let name = match &self.quorum {
            None => return NONE.to_owned(),
            Some(PolicyMember::Witness(place)) => &self.witnesses[*place].name,
            Some(PolicyMember::Group(place)) => &self.groups[*place].name,
        };
        String::from_utf8_lossy(name).into_owned()
    }

    /// Asks a signed checkpoint for the signatures that the policy wants.
    ///
    /// `at` is the moment to judge for, in seconds since 1970: a cosignature that states a later time is refused.
    /// `None` judges no time.
    ///
    /// # Errors
    /// [`NotAccepted`]; a bad signature by any listed key is refused, also where the quorum could do without.
    pub fn check(&self, signed: &SignedCheckpoint, at: Option<u64>) -> Result<Accepted<'_>, NotAccepted> {
        let origin = signed.unverified().origin();
        // Two keys of one log may be listed while the log changes from one to the other.
        let mut of_log = self.logs.iter().filter(|key| key.name() == origin).peekable();
        if of_log.peek().is_none() {
            let listed: Vec<&str> = self.logs.iter().map(VerifierKey::name).collect();
            let listed = if listed.is_empty() { "none".to_owned() } else { listed.join(", ") };
            return Err(NotAccepted::UnknownLog { origin: origin.to_owned(), listed });
        }
        let verified = signed.note().verify(of_log).map_err(CheckpointError::from)?;
        let log = verified[0].key;
        let mut cosigned = Vec::new();
        for witness in &self.witnesses {
            let time = match signed.cosigned_at(&witness.key) {
                Ok(time) => time,
                Err(CheckpointError::Note(NoteError::NoKnownSignature)) => continue,
                Err(error) => return Err(error.into()),
            };
            if let Some(at) = at.filter(|at| time > *at) {
                return Err(NotAccepted::FromTheFuture { name: witness.key.name().to_owned(), time, at });
            }
            cosigned.push((witness, time));
        }
        let has_cosigned = |place: usize| cosigned.iter().any(|(one, _)| **one == self.witnesses[place]);
        if self.quorum.as_ref().is_none_or(|member| self.has_witnessed(member, &has_cosigned)) {
            return Ok(Accepted { checkpoint: signed.unverified().clone(), log, cosigned });
        }
        let names: Vec<String> = cosigned.iter().map(|(witness, _)| witness.name()).collect();
        let cosigned = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        Err(NotAccepted::Quorum { quorum: self.quorum(), cosigned })
    }

    /// Groups refer to lines before them only, so this ends.
    fn has_witnessed(&self, member: &PolicyMember, has_cosigned: &dyn Fn(usize) -> bool) -> bool {
        match member {
            PolicyMember::Witness(place) => has_cosigned(*place),
            PolicyMember::Group(place) => {
                let group = &self.groups[*place];
                let witnessed = group.members.iter().filter(|one| self.has_witnessed(one, has_cosigned));
                witnessed.count() >= group.threshold
            }
        }
    }

    fn find(&self, name: &[u8]) -> Option<PolicyMember> {
        let witness =
            self.witnesses.iter().position(|witness| witness.name == name).map(PolicyMember::Witness);
        witness.or_else(|| self.groups.iter().position(|group| group.name == name).map(PolicyMember::Group))
    }
}

/// A policy of which some lines are read.
#[derive(Default)]
struct PolicyReading {
    policy: Policy,
    members: BTreeSet<Vec<u8>>,
    has_quorum: bool,
}

impl PolicyReading {
    fn take(&mut self, line: &[u8]) -> Result<(), LineError> {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
        let words: Vec<&[u8]> = line.split(is_space).filter(|word| !word.is_empty()).collect();
        let policy = &mut self.policy;
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.first() == Some(&b'#') => Ok(()),
            [b"log", vkey] | [b"log", vkey, _] => {
                let key = read_key(vkey, Algorithm::Ed25519)?;
                if policy.logs.iter().any(|other| other.public_key() == key.public_key()) {
                    return Err(LineError::DuplicateKey(excerpt(key.name())));
                }
                policy.logs.push(key);
                Ok(())
            }
            [b"witness", name, vkey] | [b"witness", name, vkey, _] => {
                let key = read_key(vkey, Algorithm::CosignatureV1)?;
                if policy.witnesses.iter().any(|other| other.key.public_key() == key.public_key()) {
                    return Err(LineError::DuplicateKey(excerpt(key.name())));
                }
                let name = self.new_name(name)?;
                self.policy.witnesses.push(Witness { name, key });
                Ok(())
            }
            [b"group", name, threshold, members @ ..] if !members.is_empty() => {
                let name = self.new_name(name)?;
                let count = members.len();
                let wrong = || LineError::Threshold { threshold: shown(threshold), members: count };
                let threshold = match *threshold {
                    b"any" => 1,
                    b"all" => count,
                    digits => {
                        let number = str::from_utf8(digits).ok().and_then(parse_decimal);
                        let number = number.and_then(|number| usize::try_from(number).ok());
                        number.filter(|number| (1..=count).contains(number)).ok_or_else(wrong)?
                    }
                };
                let members = members.iter().map(|member| self.member(member)).collect::<Result<_, _>>()?;
                self.policy.groups.push(CosignerGroup { name, threshold, members });
                Ok(())
            }
            [b"quorum", name] => {
                if self.has_quorum {
                    return Err(LineError::SecondQuorum);
                }
                self.has_quorum = true;
                if *name != NONE.as_bytes() {
                    let found = policy.find(name).ok_or_else(|| LineError::UnknownName(shown(name)))?;
                    policy.quorum = Some(found);
                }
                Ok(())
            }
            [b"log", ..] => Err(LineError::Form("log <vkey> [<url>]")),
            [b"witness", ..] => Err(LineError::Form("witness <name> <vkey> [<url>]")),
            [b"group", ..] => Err(LineError::Form("group <name> <all|any|number> <name>...")),
            [b"quorum", ..] => Err(LineError::Form("quorum <name>")),
            [other, ..] => Err(LineError::Keyword(shown(other))),
        }
    }

    fn new_name(&self, name: &[u8]) -> Result<Vec<u8>, LineError> {
        if name == NONE.as_bytes() || self.policy.find(name).is_some() {
            return Err(LineError::NameTaken(shown(name)));
        }
        Ok(name.to_vec())
    }

    fn member(&mut self, name: &[u8]) -> Result<PolicyMember, LineError> {
        let found = self.policy.find(name).ok_or_else(|| LineError::UnknownName(shown(name)))?;
        if !self.members.insert(name.to_vec()) {
            return Err(LineError::SecondMembership(shown(name)));
        }
        Ok(found)
    }
}

fn read_key(vkey: &[u8], wanted: Algorithm) -> Result<VerifierKey, LineError> {
    let key = VerifierKey::from_str(&String::from_utf8_lossy(vkey))?;
    check_type(&key, wanted)?;
    Ok(key)
}

fn check_type(key: &VerifierKey, wanted: Algorithm) -> Result<(), LineError> {
    if key.algorithm() == wanted {
        return Ok(());
    }
    let wanted = match wanted {
        Algorithm::Ed25519 => "a log signs with type 0x01 (Ed25519)",
        Algorithm::CosignatureV1 => "a witness signs with type 0x04 (cosignature v1)",
    };
    Err(LineError::KeyType { name: excerpt(key.name()), found: key.algorithm() as u8, wanted })
}

/// A word as messages show it.
fn shown(word: &[u8]) -> String {
    excerpt(&String::from_utf8_lossy(word))
}
