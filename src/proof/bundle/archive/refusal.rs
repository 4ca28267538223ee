//! Why an archive is no evidence bundle, or one that was altered: in both languages, with the place.

use std::fmt;

use jejak_events::fault::Message;
use jejak_events::translation::told;

use super::{ArchiveMember, manifest};

/// What is wrong with the archive, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveRefusal {
    /// The member that it is about; `None` for what is no member.
    pub member: Option<ArchiveMember>,
    /// Where, in bytes from the start of the archive: the member's beginning, or the very byte.
    pub offset: u64,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What can be wrong with an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It does not begin as a bundle does.
    NoBundle,
    /// It ends too early.
    Truncated,
    /// A header has another byte than we write.
    Header,
    /// A name that no member of a bundle has.
    Name(String),
    /// A member that may not come here: out of order, twice, or after one that is missing.
    Order {
        /// The one before; `None` at the start.
        after: Option<ArchiveMember>,
    },
    /// The members end before the manifest.
    NoManifest {
        /// The last one.
        after: Option<ArchiveMember>,
    },
    /// It is, or says that it is, longer than such a member may be.
    TooLong {
        /// Bytes that it states.
        bytes: u64,
        /// Most that it may have.
        limit_bytes: u64,
    },
    /// Its packed bytes cannot be unpacked.
    Packed,
    /// Bytes follow its packed data.
    PackedTail {
        /// How many.
        bytes: u64,
    },
    /// It unpacks to more or fewer bytes than its header states.
    Length {
        /// Bytes that it states.
        stated_bytes: u64,
    },
    /// Its content does not have the checksum of its header.
    Checksum,
    /// Its content is not what the manifest lists.
    Altered,
    /// It has the content that the manifest lists, packed in another way.
    Repacked,
    /// The manifest does not list it where it lies.
    Unlisted,
    /// The manifest has a line that belongs to no member.
    Listed(String),
    /// The manifest is no signed note.
    Manifest(String),
    /// The manifest is of another format, perhaps a later one.
    Format(String),
    /// The central directory has another byte than the members give.
    Directory,
    /// Something follows the end.
    Trailing,
    /// There is more in it than plain zip can count.
    Full,
}

impl Flaw {
    fn message(&self) -> Message {
        let said = |id: &str, en: &str| Message::new(id, en);
        match self {
            Self::NoBundle => said(
                "ini bukan berkas bukti Jejak: awalnya lain",
                "this is no evidence bundle of Jejak: it begins differently",
            ),
            Self::Truncated => said(
                "berkas terpotong di sini; minta sekali lagi",
                "the file is cut short here; ask for it again",
            ),
            Self::Header => said(
                "byte kepala zip ini tidak seperti yang ditulis Jejak: berkas diubah, rusak, atau dikemas program lain",
                "this byte of a zip header is not as Jejak writes it: the file was altered, damaged or packed by another program",
            ),
            Self::Name(name) => Message::new(
                format!("{name:?} bukan nama bagian berkas bukti: ditambahkan orang lain"),
                format!("{name:?} is the name of nothing in an evidence bundle: somebody else put it there"),
            ),
            Self::Order { after } => misplaced(*after),
            Self::NoManifest { after } => without_manifest(*after),
            Self::TooLong { bytes, limit_bytes } => too_long(*bytes, *limit_bytes),
            Self::Packed => said(
                "tidak dapat dibuka: byte-nya diubah atau rusak",
                "cannot be unpacked: its bytes were altered or damaged",
            ),
            Self::PackedTail { bytes } => hidden_tail(*bytes),
            Self::Length { stated_bytes } => other_length(*stated_bytes),
            Self::Checksum => said(
                "isinya tidak cocok dengan jumlah periksa di kepalanya: diubah atau rusak",
                "its content does not have the checksum that its header states: altered or damaged",
            ),
            Self::Altered => said(
                "isinya bukan yang ditandatangani dalam manifest: diubah sesudah berkas dibuat",
                "its content is not what the manifest was signed over: altered after the bundle was made",
            ),
            Self::Repacked => said(
                "isinya sama, tetapi dikemas ulang sesudah berkas dibuat",
                "its content is the same, but it was packed anew after the bundle was made",
            ),
            Self::Unlisted => {
                said("tidak ada dalam manifes di tempat ini", "the manifest does not list it in this place")
            }
            Self::Listed(line) => Message::new(
                format!("baris {line:?} tidak sesuai dengan isi berkas"),
                format!("its line {line:?} belongs to nothing in the archive"),
            ),
            Self::Manifest(reason) => Message::new(
                format!("bukan catatan bertanda tangan: {reason}", reason = told(reason)),
                format!("is no signed note: {reason}"),
            ),
            Self::Format(stated) => Message::new(
                format!("formatnya {stated:?}; program ini membaca {}", manifest::HEADER),
                format!("its format is {stated:?}; this program reads {}", manifest::HEADER),
            ),
            Self::Directory => said(
                "byte daftar isi zip ini tidak sesuai dengan isinya: berkas diubah atau rusak",
                "this byte of the zip's directory is not what its members give: the file was altered or damaged",
            ),
            Self::Trailing => {
                said("ada byte sesudah akhir berkas bukti", "bytes follow the end of the evidence bundle")
            }
            Self::Full => said(
                "lebih dari 65.534 bagian atau 4 GiB: tidak mungkin dalam berkas bukti",
                "more than 65,534 members or 4 GiB: not possible in an evidence bundle",
            ),
        }
    }
}

fn follows(after: Option<ArchiveMember>) -> Message {
    match after {
        Some(after) => Message::new(format!("sesudah {after}"), format!("after {after}")),
        None => Message::new("di awal", "at the start"),
    }
}

fn misplaced(after: Option<ArchiveMember>) -> Message {
    let Message { id, en } = follows(after);
    Message::new(
        format!("isi ini tidak boleh ada {id}: ada yang hilang, berganda, atau tertukar urutannya"),
        format!("this may not come {en}: something is missing, there twice, or in another order"),
    )
}

fn without_manifest(after: Option<ArchiveMember>) -> Message {
    let Message { id, en } = follows(after);
    Message::new(
        format!("isi berkas berakhir {id} tanpa manifest"),
        format!("the members end {en} without a manifest"),
    )
}

fn too_long(bytes: u64, limit_bytes: u64) -> Message {
    Message::new(
        format!("menyebut {bytes} byte, paling banyak {limit_bytes}: tidak dibuka"),
        format!("states {bytes} bytes, at most {limit_bytes} are allowed: it was not unpacked"),
    )
}

fn hidden_tail(bytes: u64) -> Message {
    Message::new(
        format!("{bytes} byte tersembunyi sesudah akhir isinya"),
        format!("{bytes} bytes are hidden after the end of its content"),
    )
}

fn other_length(stated_bytes: u64) -> Message {
    Message::new(
        format!("isinya bukan {stated_bytes} byte seperti tertulis di kepalanya"),
        format!("its content does not have the {stated_bytes} bytes that its header states"),
    )
}

impl ArchiveRefusal {
    /// The whole sentence with its place.
    #[must_use]
    pub fn message(&self) -> Message {
        let Self { member, offset, flaw } = self;
        let Message { id, en } = flaw.message();
        match member {
            Some(member) => Message::new(
                format!("{member} (mulai byte {offset}): {id}"),
                format!("{member} (from byte {offset}): {en}"),
            ),
            None => Message::new(format!("byte {offset}: {id}"), format!("byte {offset}: {en}")),
        }
    }
}

impl fmt::Display for ArchiveRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for ArchiveRefusal {}
