//! Builds zip archives by hand, field by field: ours, and such as somebody else might send.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use jejak_events::note::{Note, NoteSigner};
use sha2::{Digest as _, Sha256};
use std::io::Write as _;

/// A member with everything that its headers say about it.
#[derive(Clone, Debug)]
pub struct Raw {
    pub before: Vec<u8>,
    pub name: String,
    pub flags: u16,
    pub method: u16,
    pub time: u16,
    pub checksum: u32,
    pub packed: Vec<u8>,
    pub stated_packed_bytes: u32,
    pub stated_content_bytes: u32,
    pub extra: Vec<u8>,
    /// Where its directory entry points to, instead of to itself.
    pub pointer: Option<u32>,
    /// What its directory entry calls it.
    pub alias: Option<String>,
    content_sha256: String,
}

pub fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Raw {
    pub fn new(name: &str, content: &[u8]) -> Self {
        let mut one = Self {
            before: Vec::new(),
            name: name.to_owned(),
            flags: 0,
            method: 8,
            time: 0,
            checksum: 0,
            packed: Vec::new(),
            stated_packed_bytes: 0,
            stated_content_bytes: 0,
            extra: Vec::new(),
            pointer: None,
            alias: None,
            content_sha256: String::new(),
        };
        one.fill(content, deflate(content));
        one
    }

    /// Other content, packed in a way of one's own.
    pub fn fill(&mut self, content: &[u8], packed: Vec<u8>) {
        let mut checksum = flate2::Crc::new();
        checksum.update(content);
        self.checksum = checksum.sum();
        self.stated_content_bytes = content.len() as u32;
        self.stated_packed_bytes = packed.len() as u32;
        self.content_sha256 = sha256(content);
        self.packed = packed;
    }

    pub fn stored(name: &str, content: &[u8]) -> Self {
        let mut one = Self::new(name, content);
        one.method = 0;
        one.fill(content, content.to_vec());
        one
    }

    /// Bytes from its local header to the next.
    pub fn length_bytes(&self) -> usize {
        self.before.len() + 30 + self.name.len() + self.extra.len() + self.packed.len()
    }

    fn fields(&self, name: &str) -> Vec<u8> {
        let mut bytes = vec![20, 0];
        for number in [self.flags, self.method, self.time, 0x21] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for number in [self.checksum, self.stated_packed_bytes, self.stated_content_bytes] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&(name.len() as u16).to_le_bytes());
        bytes.extend_from_slice(&(self.extra.len() as u16).to_le_bytes());
        bytes
    }
}

/// The line of a manifest for a member.
pub fn line(raw: &Raw) -> String {
    format!("{} {} {}\n", raw.content_sha256, sha256(&raw.packed), raw.name)
}

/// The text of the manifest over some members.
pub fn listed(members: &[Raw]) -> String {
    format!("jejak-bundle/0\n{}", members.iter().map(line).collect::<String>())
}

/// A manifest with this text.
pub fn manifest(text: String, signer: &NoteSigner) -> Raw {
    let mut note = Note::new(text).unwrap();
    note.add(signer.sign(&note)).unwrap();
    Raw::stored("manifest", note.to_string().as_bytes())
}

/// The archive of these members, the manifest among them.
pub fn archive(members: &[Raw], comment: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for raw in members {
        bytes.extend_from_slice(&raw.before);
        let offset = raw.pointer.unwrap_or(bytes.len() as u32);
        bytes.extend_from_slice(b"PK\x03\x04");
        bytes.extend_from_slice(&raw.fields(&raw.name));
        bytes.extend_from_slice(raw.name.as_bytes());
        bytes.extend_from_slice(&raw.extra);
        bytes.extend_from_slice(&raw.packed);
        let alias = raw.alias.as_ref().unwrap_or(&raw.name);
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&raw.fields(alias));
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(alias.as_bytes());
        directory.extend_from_slice(&raw.extra);
    }
    let start = bytes.len() as u32;
    bytes.extend_from_slice(&directory);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    let count = (members.len() as u16).to_le_bytes();
    bytes.extend_from_slice(&[count, count].concat());
    bytes.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&start.to_le_bytes());
    bytes.extend_from_slice(&(comment.len() as u16).to_le_bytes());
    bytes.extend_from_slice(comment);
    bytes
}
