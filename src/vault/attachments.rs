//! Evidence: scanned sheets, photos and letters, encrypted beside the log, in `evidence/<sha256>` under the
//! data directory.
//!
//! A file is named by the SHA-256 of all its bytes, which is what an event's `evidence` names too. It has a
//! key of its own, in the keys file under `evidence/<sha256>`, so that one file can be made unreadable alone;
//! the same document attached twice is two files under two keys. A file, integers little-endian:
//!
//! ```text
//! "jejak-evidence/1\n" | header length u32 | header, JSON {"media_type","subjects"} | chunks
//! chunk: ciphertext of up to 1 MiB and its tag; all but the last are full
//! ```
//!
//! Chunks are XChaCha20-Poly1305 (as in the vault) with everything before the first chunk as associated data.
//! The nonce is 19 zero bytes, the chunk's number (u32 BE) and 1 for the last chunk, else 0: no nonce repeats,
//! for the key is used for this file only, and a file that lost chunks at its end does not open. An empty
//! document is one empty chunk.
//!
//! Must never write a plaintext byte into the data directory, and never hold a whole document in memory.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use jejak_events::identity::Subject;
use jejak_events::values::{MediaType, SetOf, Sha256Hex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::disk::{Disk, DiskFile, create_directory_durably};
use crate::vault::Secret;
use crate::vault::access::{RegistryMark, VaultPass};

const MAGIC: &[u8] = b"jejak-evidence/1\n";
const CHUNK_BYTES: usize = 1 << 20;
const TAG_BYTES: usize = 16;
/// Longest header: thousands of subjects.
const HEADER_LIMIT_BYTES: usize = 1 << 20;

/// What a file says of itself, in the open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Media type of the document.
    pub media_type: MediaType,
    /// Whose data the document holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<SetOf<Subject>>,
}

/// What can go wrong with evidence. No message holds a byte of a document.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The document cannot be read.
    #[error("cannot read the document: {0}")]
    Input(#[source] io::Error),
    /// The document cannot be written where it was asked for.
    #[error("cannot write the document: {0}")]
    Output(#[source] io::Error),
    /// It would leave less free space than the registry needs.
    #[error(
        "{} has {free_bytes} bytes free and {needed_bytes} are needed, the floor included; \
         nothing was attached: free some space and attach again",
        path.display()
    )]
    DiskFloor {
        /// The directory.
        path: PathBuf,
        /// What is free.
        free_bytes: u64,
        /// What the next chunk needs, the floor included.
        needed_bytes: u64,
    },
    /// The look that was noted is not at this file. Nothing was opened.
    #[error("{} stays sealed: no look at it was noted", path.display())]
    NotNoted {
        /// The file.
        path: PathBuf,
    },
    /// The look was noted in another open registry. Nothing was opened.
    #[error("{} stays sealed: the look was noted in another registry; note it in this one", path.display())]
    NotedElsewhere {
        /// The file.
        path: PathBuf,
    },
    /// The file is not what was attached.
    #[error("{} is damaged: {reason}; restore it from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: &'static str,
    },
    /// More bytes than the numbering of chunks reaches: four pebibytes.
    #[error("the document is too large")]
    TooLarge,
    /// The disk failed.
    #[error("cannot {operation} {}: {source}", path.display())]
    Disk {
        /// What was tried.
        operation: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
}

/// An encrypted file that is written, synced and not yet under its name.
#[derive(Debug)]
pub struct Aside {
    /// SHA-256 of all its bytes.
    pub sha256: Sha256Hex,
    /// Where it lies until then.
    path: PathBuf,
}

/// The evidence of one registry.
#[derive(Clone, Debug)]
pub struct EvidenceFiles {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    free_floor_bytes: u64,
    /// Of which registry a look must be that opens one.
    mark: RegistryMark,
}

/// Under which name the keys file keeps the key of a file of evidence.
#[must_use]
pub fn key_name(file: &Sha256Hex) -> String {
    format!("evidence/{file}")
}

fn failed(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EvidenceError {
    let path = path.to_owned();
    move |source| EvidenceError::Disk { operation, path, source }
}

impl EvidenceFiles {
    /// The evidence of the registry in a data directory, which keeps `free_floor_bytes` of the disk free.
    #[must_use]
    pub fn in_directory(directory: &Path, disk: Arc<dyn Disk>, free_floor_bytes: u64) -> Self {
        let mark = RegistryMark::fresh();
        Self { disk, directory: directory.join("evidence"), free_floor_bytes, mark }
    }

    /// As the evidence of an open registry, whose looks open it.
    #[must_use]
    pub fn of(self, mark: RegistryMark) -> Self {
        Self { mark, ..self }
    }

    /// Where a file lies.
    #[must_use]
    pub fn path(&self, file: &Sha256Hex) -> PathBuf {
        self.directory.join(&**file)
    }

    /// The files there, by name.
    ///
    /// # Errors
    /// When the directory cannot be listed.
    pub fn list(&self) -> Result<Vec<Sha256Hex>, EvidenceError> {
        let names = self.disk.list(&self.directory).map_err(failed("list", &self.directory))?;
        Ok(names.iter().filter_map(|name| Sha256Hex::parse(name).ok()).collect())
    }

    /// Encrypts a document into a file aside, synced. `name` tells it from others that are being written.
    ///
    /// # Errors
    /// [`EvidenceError`]; then nothing is left aside, unless removing it failed too.
    pub fn write_aside(
        &self,
        name: [u8; 8],
        about: &About,
        key: &Secret,
        document: &mut dyn Read,
    ) -> Result<Aside, EvidenceError> {
        create_directory_durably(&*self.disk, &self.directory).map_err(failed("create", &self.directory))?;
        let path = self.directory.join(format!("{:016x}.new", u64::from_be_bytes(name)));
        let written = self.encrypt(&path, about, key, document);
        if written.is_err() {
            // What cannot be removed now is removed when the registry is next opened.
            let _ = self.disk.remove(&path);
        }
        Ok(Aside { sha256: written?, path })
    }

    fn encrypt(
        &self,
        path: &Path,
        about: &About,
        key: &Secret,
        document: &mut dyn Read,
    ) -> Result<Sha256Hex, EvidenceError> {
        let mut file = self.disk.open(path).map_err(failed("create", path))?;
        crate::vault::restrict(path, 0o600).map_err(failed("restrict", path))?;
        file.set_length(0).map_err(failed("empty", path))?;
        let json = serde_json::to_vec(about).map_err(io::Error::from).map_err(failed("describe", path))?;
        let mut head = MAGIC.to_vec();
        let length = u32::try_from(json.len()).map_err(|_| EvidenceError::TooLarge)?;
        if json.len() > HEADER_LIMIT_BYTES {
            return Err(EvidenceError::TooLarge);
        }
        head.extend_from_slice(&length.to_le_bytes());
        head.extend_from_slice(&json);
        let mut hash = Sha256::new();
        let mut offset = 0;
        let mut put = |file: &mut Box<dyn DiskFile>, bytes: &[u8]| {
            let free_bytes =
                self.disk.free_bytes(&self.directory).map_err(failed("ask for the free space of", path))?;
            let needed_bytes = self.free_floor_bytes.saturating_add(bytes.len() as u64);
            if free_bytes < needed_bytes {
                let path = self.directory.clone();
                return Err(EvidenceError::DiskFloor { path, free_bytes, needed_bytes });
            }
            hash.update(bytes);
            file.write_at(offset, bytes).map_err(failed("write", path))?;
            offset += bytes.len() as u64;
            Ok(())
        };
        put(&mut file, &head)?;
        let cipher = XChaCha20Poly1305::new(&Key::from(*key.bytes()));
        let mut chunk = read_chunk(document)?;
        for number in 0_u32.. {
            // Only what follows tells whether this is the last one.
            let next =
                if chunk.len() < CHUNK_BYTES { Zeroizing::new(Vec::new()) } else { read_chunk(document)? };
            let is_last = next.is_empty();
            let tag = cipher
                .encrypt_inout_detached(&nonce(number, is_last), &head, chunk.as_mut_slice().into())
                .map_err(|_| EvidenceError::TooLarge)?;
            put(&mut file, &chunk)?;
            put(&mut file, &tag)?;
            if is_last {
                break;
            }
            if number == u32::MAX {
                return Err(EvidenceError::TooLarge);
            }
            chunk = next;
        }
        file.sync().map_err(failed("sync", path))?;
        // Crash here: a file aside that nobody knows of; opening the registry removes it.
        parsed(hash).ok_or_else(|| EvidenceError::Damaged { path: path.to_owned(), reason: "it has no hash" })
    }

    /// Puts a file under its name, durable on return.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn adopt(&self, aside: &Aside) -> Result<(), EvidenceError> {
        let path = self.path(&aside.sha256);
        self.disk.rename(&aside.path, &path).map_err(failed("rename over", &path))?;
        // Crash here: the file under either name, and its key unused if it is the one aside.
        self.disk.sync_directory(&self.directory).map_err(failed("sync", &self.directory))
        // Crash here: attached.
    }

    /// Removes a file aside that is not wanted; fine when it cannot be, for opening tries again.
    pub fn discard(&self, aside: &Aside) {
        let _ = self.disk.remove(&aside.path);
    }

    /// Removes what attachments that were cut short left aside.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn clean(&self) -> Result<(), EvidenceError> {
        let names = self.disk.list(&self.directory).map_err(failed("list", &self.directory))?;
        for name in names.iter().filter(|name| name.ends_with(".new")) {
            let path = self.directory.join(name);
            self.disk.remove(&path).map_err(failed("remove", &path))?;
        }
        Ok(())
    }

    /// What a file says of itself; `None` when there is no such file.
    ///
    /// # Errors
    /// [`EvidenceError::Damaged`] when it has no readable header; [`EvidenceError::Disk`].
    pub fn about(&self, file: &Sha256Hex) -> Result<Option<About>, EvidenceError> {
        let path = self.path(file);
        let Some(length) = self.disk.length(&path).map_err(failed("look at", &path))? else {
            return Ok(None);
        };
        let opened = self.disk.open_existing(&path).map_err(failed("open", &path))?;
        Ok(Some(read_head(&*opened, length, &path)?.1))
    }

    /// SHA-256 of all bytes of a file; `None` when there is no such file.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn hash(&self, file: &Sha256Hex) -> Result<Option<Sha256Hex>, EvidenceError> {
        let path = self.path(file);
        let Some(length) = self.disk.length(&path).map_err(failed("look at", &path))? else {
            return Ok(None);
        };
        let opened = self.disk.open_existing(&path).map_err(failed("open", &path))?;
        let mut hash = Sha256::new();
        let mut offset = 0;
        while offset < length {
            let mut piece = vec![0; usize::try_from(length - offset).unwrap_or(CHUNK_BYTES).min(CHUNK_BYTES)];
            opened.read_at(offset, &mut piece).map_err(failed("read", &path))?;
            hash.update(&piece);
            offset += piece.len() as u64;
        }
        Ok(parsed(hash))
    }

    /// Decrypts a file chunk by chunk into `out`. Every chunk was checked before it is given out, but that
    /// nothing is missing is known only at the end.
    ///
    /// # Errors
    /// [`EvidenceError::NotNoted`] where the pass does not cover the file, [`EvidenceError::NotedElsewhere`] where it is of
    /// another registry: then nothing is decrypted;
    /// [`EvidenceError::Damaged`] for another key, an altered or a shortened file; [`EvidenceError::Output`].
    pub fn read<'a>(
        &self,
        pass: impl Into<VaultPass<'a>>,
        file: &Sha256Hex,
        key: &Secret,
        out: &mut dyn Write,
    ) -> Result<(), EvidenceError> {
        let (path, pass) = (self.path(file), pass.into());
        if !pass.is_of(self.mark) {
            return Err(EvidenceError::NotedElsewhere { path });
        }
        if !pass.covers_file(file) {
            return Err(EvidenceError::NotNoted { path });
        }
        let damaged = |reason| EvidenceError::Damaged { path: path.clone(), reason };
        let length = self.disk.length(&path).map_err(failed("look at", &path))?;
        let length = length.ok_or_else(|| damaged("it is missing"))?;
        let opened = self.disk.open_existing(&path).map_err(failed("open", &path))?;
        let (head, _) = read_head(&*opened, length, &path)?;
        let cipher = XChaCha20Poly1305::new(&Key::from(*key.bytes()));
        let mut offset = head.len() as u64;
        for number in 0_u32.. {
            let left = length - offset;
            let taken = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK_BYTES + TAG_BYTES);
            let is_last = taken as u64 == left;
            let plain_bytes = taken.checked_sub(TAG_BYTES).ok_or_else(|| damaged("it is cut short"))?;
            let mut chunk = Zeroizing::new(vec![0; plain_bytes]);
            let mut tag = [0; TAG_BYTES];
            opened.read_at(offset, &mut chunk).map_err(failed("read", &path))?;
            opened.read_at(offset + plain_bytes as u64, &mut tag).map_err(failed("read", &path))?;
            cipher
                .decrypt_inout_detached(
                    &nonce(number, is_last),
                    &head,
                    chunk.as_mut_slice().into(),
                    &tag.into(),
                )
                .map_err(|_| damaged("it does not open with its key"))?;
            out.write_all(&chunk).map_err(EvidenceError::Output)?;
            if is_last {
                return Ok(());
            }
            offset += taken as u64;
        }
        Err(EvidenceError::TooLarge)
    }
}

fn parsed(hash: Sha256) -> Option<Sha256Hex> {
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Sha256Hex::parse(&hex).ok()
}

fn nonce(number: u32, is_last: bool) -> XNonce {
    let mut nonce = [0; 24];
    nonce[19..23].copy_from_slice(&number.to_be_bytes());
    nonce[23] = u8::from(is_last);
    XNonce::from(nonce)
}

/// The next chunk of a document: full, or the last bytes of it.
fn read_chunk(document: &mut dyn Read) -> Result<Zeroizing<Vec<u8>>, EvidenceError> {
    // Room for all at once: a growing buffer would leave plaintext behind.
    let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
    let mut filled = 0;
    while filled < CHUNK_BYTES {
        match document.read(&mut chunk[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(EvidenceError::Input(error)),
        }
    }
    chunk.truncate(filled);
    Ok(chunk)
}

/// Everything before the first chunk, and what it says.
fn read_head(file: &dyn DiskFile, length: u64, path: &Path) -> Result<(Vec<u8>, About), EvidenceError> {
    let damaged = |reason| EvidenceError::Damaged { path: path.to_owned(), reason };
    let fixed = MAGIC.len() + 4;
    let mut head = vec![0; fixed];
    if length < fixed as u64 {
        return Err(damaged("it is cut short"));
    }
    file.read_at(0, &mut head).map_err(failed("read", path))?;
    let length_field: [u8; 4] = head[MAGIC.len()..].try_into().map_err(|_| damaged("it is cut short"))?;
    let header = u32::from_le_bytes(length_field) as usize;
    if !head.starts_with(MAGIC) || header > HEADER_LIMIT_BYTES || length < (fixed + header) as u64 {
        return Err(damaged("it does not begin as evidence does"));
    }
    head.resize(fixed + header, 0);
    file.read_at(fixed as u64, &mut head[fixed..]).map_err(failed("read", path))?;
    let about = serde_json::from_slice(&head[fixed..]).map_err(|_| damaged("its header cannot be read"))?;
    Ok((head, about))
}

#[cfg(test)]
#[path = "attachments_tests.rs"]
mod tests;
