//! What an evidence bundle holds, in which order, and how long each may be.

use std::fmt;
use std::str::FromStr;

use jejak_events::checkpoint::parse_decimal;
use jejak_events::record::RECORD_LIMIT_BYTES;
use jejak_events::tile::{BundlePlace, FULL_WIDTH};

/// Longest text, in bytes.
const TEXT_LIMIT_BYTES: u64 = 1 << 20;
/// Longest handover, in bytes: a checkpoint with a few signatures.
const HANDOVER_LIMIT_BYTES: u64 = 1 << 14;
/// What stands before the size in the name of a handover.
const HANDOVER_PREFIX: &str = "handover/";
/// Longest answer or list of disclosures, in bytes.
const LIST_LIMIT_BYTES: u64 = 16 << 20;
/// Bytes in front of each entry in an entry bundle: its length.
const ENTRY_PREFIX_BYTES: u64 = 2;

/// A member of an evidence bundle, printed as its name in the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveMember {
    /// What this is and how to check it, in both languages.
    Readme,
    /// Whose signatures its maker requires. A hint: a reader brings a policy of their own.
    Policy,
    /// The signed checkpoint, with cosignatures where there are any.
    Checkpoint,
    /// A checkpoint by which one key of the log handed over to the next; its size.
    Handover(u64),
    /// The claim that was judged, byte for byte; absent where a view was asked.
    Claim,
    /// What was asked: of a view, or for which days the claim was judged.
    Question,
    /// What the views count, in both languages.
    Definition,
    /// Verdict or figures, with who and which events are behind them.
    Answer,
    /// Sealed values that the recipient may see.
    Disclosures,
    /// What an auditor signed.
    AuditStatement,
    /// Up to 256 entries of the log, as C2SP *tlog-tiles* bundles them.
    Entries(BundlePlace),
    /// The signed list of all the others.
    Manifest,
}

impl ArchiveMember {
    /// Those with a fixed name.
    const NAMED: [Self; 10] = [
        Self::Readme,
        Self::Policy,
        Self::Checkpoint,
        Self::Claim,
        Self::Question,
        Self::Definition,
        Self::Answer,
        Self::Disclosures,
        Self::AuditStatement,
        Self::Manifest,
    ];

    fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Readme => "README.txt",
            Self::Policy => "policy",
            Self::Checkpoint => "checkpoint",
            Self::Claim => "claim.toml",
            Self::Question => "question.json",
            Self::Definition => "definition.txt",
            Self::Answer => "answer.json",
            Self::Disclosures => "disclosures.jsonl",
            Self::AuditStatement => "audit-statement",
            Self::Manifest => "manifest",
            Self::Handover(_) | Self::Entries(_) => return None,
        })
    }

    /// Whether it may come right after another, or first. Together this fixes the order, so that there is
    /// nothing twice, and nothing missing but at the end.
    #[must_use]
    pub fn may_follow(self, before: Option<Self>) -> bool {
        let first = |place: BundlePlace| place.index() == 0;
        match (before, self) {
            (None, Self::Readme)
            | (Some(Self::Readme), Self::Policy)
            | (Some(Self::Policy), Self::Checkpoint)
            | (Some(Self::Checkpoint), Self::Handover(_))
            | (Some(Self::Checkpoint | Self::Handover(_)), Self::Claim | Self::Question)
            | (Some(Self::Claim), Self::Question)
            | (Some(Self::Question), Self::Definition)
            | (Some(Self::Definition), Self::Answer)
            | (Some(Self::Answer), Self::Disclosures)
            | (Some(Self::Answer | Self::Disclosures), Self::AuditStatement)
            | (Some(Self::Entries(_)), Self::Manifest) => true,
            (Some(Self::Handover(before)), Self::Handover(size)) => before < size,
            (Some(Self::Answer | Self::Disclosures | Self::AuditStatement), Self::Entries(place)) => {
                first(place)
            }
            (Some(Self::Entries(before)), Self::Entries(place)) => {
                before.width() == FULL_WIDTH && place.index() == before.index() + 1
            }
            _ => false,
        }
    }

    /// Most bytes that it may have unpacked. The manifest has no limit of its own: its text is known when
    /// its turn comes.
    #[must_use]
    pub fn limit_bytes(self) -> u64 {
        match self {
            Self::Readme | Self::Policy | Self::Checkpoint | Self::Claim | Self::Question => TEXT_LIMIT_BYTES,
            Self::Definition | Self::AuditStatement => TEXT_LIMIT_BYTES,
            Self::Handover(_) => HANDOVER_LIMIT_BYTES,
            Self::Answer | Self::Disclosures => LIST_LIMIT_BYTES,
            Self::Entries(place) => {
                u64::from(place.width()) * (ENTRY_PREFIX_BYTES + RECORD_LIMIT_BYTES as u64)
            }
            Self::Manifest => u64::MAX,
        }
    }
}

impl fmt::Display for ArchiveMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.name()) {
            (Self::Entries(place), _) => place.fmt(f),
            (Self::Handover(size), _) => write!(f, "{HANDOVER_PREFIX}{size}"),
            (_, name) => f.write_str(name.unwrap_or_default()),
        }
    }
}

impl FromStr for ArchiveMember {
    type Err = ();

    /// Reads a name as it is printed; any other is that of no member.
    fn from_str(name: &str) -> Result<Self, ()> {
        let named = Self::NAMED.into_iter().find(|member| member.name() == Some(name));
        let handover = || name.strip_prefix(HANDOVER_PREFIX).and_then(parse_decimal).map(Self::Handover);
        named.or_else(handover).or_else(|| name.parse().ok().map(Self::Entries)).ok_or(())
    }
}
