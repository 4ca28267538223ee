//! The archive that an evidence bundle is: a zip file that has exactly one form.
//!
//! Its members come in a fixed order ([`ArchiveMember`]); each is deflated, with its sizes and checksum in front, the
//! time 1980-01-01 00:00, no extra field, no comment and nothing between the members; the last member, the
//! manifest, is stored, is a C2SP *signed note*, and lists all the others by their SHA-256, unpacked and
//! packed; the central directory follows, and nothing follows that. Ordinary programs unpack it, and what they
//! unpack has its entries under the names of C2SP *tlog-tiles* (`tile/entries/...`).
//!
//! A reader rebuilds every byte that is not content from what it has read and compares: whatever is laid out
//! in another way is refused with the member or the byte where it differs. So two programs can never see
//! different members in one bundle, and no byte of it can change unnoticed: not even one that changes
//! nothing about the content (deflate can say the same in many ways).
//!
//! Limits: 65,535 members and 4 GiB, where plain zip ends; that is 16.7 million events. [`BundleWriter`] refuses
//! beyond that.
//!
//! This module must never look inside a member, believe a size before it was held against a limit, or
//! keep more than one member in memory (beside some 250 bytes for each, of which there is one for 256
//! events). What a bundle proves is not its business.

pub use member::ArchiveMember;
pub use read::{BundleReadError, BundleReader, UnpackedMember};
pub use refusal::{ArchiveRefusal, Flaw};
pub use write::{BundleWriter, WriteError, Written};

pub(crate) mod manifest;

mod layout;
mod member;
mod read;
mod refusal;
mod write;

#[cfg(test)]
mod tests;
