//! The vault: the disclosures of sealed fields, encrypted, beside the log.
//!
//! An event's record holds only digests (SD-JWT, RFC 9901); what they stand for lies here, one frame
//! per event and group of fields, under the key of the subject and group. Destroying that key makes
//! every frame under it unreadable, in every copy of the vault, for ever.
//!
//! A frame, integers little-endian:
//!
//! ```text
//! payload length u32 | crc32c(payload) u32 | payload
//! payload: event index u64 | group u8 | key id 16 | nonce 24 | ciphertext and tag
//! ```
//!
//! The ciphertext is XChaCha20-Poly1305 over a JSON array of disclosures, padded with spaces to a
//! multiple of 128 bytes, so that a name's length or a field's absence cannot be read off a frame.
//! Event index (u64), group (u8) and subject (UTF-8) are its associated data: a frame moved to another
//! event or subject does not open. Nonces are random; 24 bytes make a repeat under one key
//! impossible in practice.
//!
//! Frames are made and read here as bytes; the log appends them to its file and keeps their second copy. What is
//! decrypted must never be kept. Beside the frames stand the keys, the [`attachments`] and the [`access`] log.

use std::io;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use jejak_events::identity::Subject;
use jejak_events::sealed::Group;

use self::access::VaultPass;
use crate::environment::Randomness;

pub mod access;
pub mod attachments;
mod index;
mod key_lines;
mod keys;

pub use index::{FrameDamage, FrameHeader, FramePlace, VaultIndex, scan_frames, whole_frames_bytes};
pub(crate) use keys::restrict;
pub use keys::{COPIES, KeyError, KeyFile, KeyLookup, NewKey, Secret, SubjectKey};

/// Bytes before a frame's payload: its length and checksum.
const FRAME_HEADER_BYTES: usize = 4 + 4;
/// Bytes of a payload before its ciphertext: event index, group, key id, nonce.
const PAYLOAD_HEADER_BYTES: usize = 8 + 1 + 16 + NONCE_BYTES;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// Plaintexts are padded to a multiple of this.
const PADDING_BYTES: usize = 128;

/// The byte of a group in a frame: written to disk, never changes.
const fn group_byte(group: Group) -> u8 {
    match group {
        Group::Personal => 1,
        Group::Confidential => 2,
    }
}

fn group_from_byte(byte: u8) -> Option<Group> {
    [Group::Personal, Group::Confidential].into_iter().find(|group| group_byte(*group) == byte)
}

/// Why disclosures cannot be sealed or opened. No message holds a disclosure.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The look that was noted is not at this subject. Nothing was opened.
    #[error("event {index} stays sealed: no look at {subject} was noted")]
    NotNoted {
        /// The event.
        index: u64,
        /// The subject.
        subject: Subject,
    },
    /// The look was noted in another open registry. Nothing was opened.
    #[error("event {index} stays sealed: the look was noted in another registry; note it in this one")]
    NotedElsewhere {
        /// The event.
        index: u64,
    },
    /// The key was destroyed: this is what an erasure is for, not a fault.
    #[error("the {group} fields of {subject} in event {index} were erased")]
    Erased {
        /// The event.
        index: u64,
        /// The subject.
        subject: String,
        /// The group.
        group: Group,
    },
    /// The keys file has never had a key for it.
    #[error(
        "there is no key for the {group} fields of {subject} in event {index}; \
         give the registry's own keys directory (--keys)"
    )]
    NoKey {
        /// The event.
        index: u64,
        /// The subject.
        subject: String,
        /// The group.
        group: Group,
    },
    /// The frame was sealed with another key of that name.
    #[error(
        "the frame of event {index} was not sealed with the key given for {subject}; \
         give the registry's own keys directory (--keys)"
    )]
    WrongKey {
        /// The event.
        index: u64,
        /// The subject.
        subject: String,
    },
    /// Bytes that are not what was sealed for this event, group and subject.
    #[error("the vault frame of event {index} is damaged: {reason}; run `jejak recover`")]
    Damaged {
        /// The event whose frame was asked for.
        index: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// More than a frame can hold.
    #[error(
        "the disclosures of event {index} take {length_bytes} bytes, a frame holds {limit_bytes}; shorten the sealed fields"
    )]
    TooLarge {
        /// The event.
        index: u64,
        /// What they take.
        length_bytes: usize,
        /// What fits.
        limit_bytes: usize,
    },
    /// No randomness for the nonce.
    #[error("cannot draw a nonce for the vault: {0}")]
    Randomness(#[source] io::Error),
}

/// The largest plaintext of a frame: several times the largest event.
const PLAINTEXT_LIMIT_BYTES: usize = 1 << 20;

/// What a frame is about; its associated data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameSubject {
    /// The event's index in the log.
    pub index: u64,
    /// The stream whose key seals it, such as `person/<uuid>`.
    pub subject: Subject,
    /// Which fields.
    pub group: Group,
}

impl FrameSubject {
    fn associated_data(&self) -> Vec<u8> {
        let mut data = Vec::new();
        data.extend_from_slice(&self.index.to_le_bytes());
        data.push(group_byte(self.group));
        // Last and of the only variable length, so that no two triples share their bytes.
        data.extend_from_slice(self.subject.to_string().as_bytes());
        data
    }
}

/// Appends one frame to `out`: the disclosures (base64url strings of RFC 9901, section 4.2) of one
/// event and group, under that subject's key. On an error `out` is as it was.
///
/// # Errors
/// [`VaultError::Randomness`], [`VaultError::TooLarge`].
pub fn seal_frame(
    out: &mut Vec<u8>,
    about: FrameSubject,
    key: &SubjectKey,
    disclosures: &[String],
    randomness: &dyn Randomness,
) -> Result<(), VaultError> {
    let index = about.index;
    let mut nonce = [0; NONCE_BYTES];
    randomness.fill(&mut nonce).map_err(VaultError::Randomness)?;
    let plaintext = padded_json(disclosures);
    if plaintext.len() > PLAINTEXT_LIMIT_BYTES {
        let (length_bytes, limit_bytes) = (plaintext.len(), PLAINTEXT_LIMIT_BYTES);
        return Err(VaultError::TooLarge { index, length_bytes, limit_bytes });
    }
    // Encrypted where it lies and wiped by the encryption itself.
    let mut ciphertext = plaintext;
    let cipher = XChaCha20Poly1305::new(&Key::from(*key.secret.bytes()));
    let tag = cipher
        .encrypt_inout_detached(
            &XNonce::from(nonce),
            &about.associated_data(),
            ciphertext.as_mut_slice().into(),
        )
        // Only a plaintext of 256 GiB is refused, and the limit above is far below.
        .map_err(|_| VaultError::Damaged { index, reason: "the cipher refused it" })?;

    let length = PAYLOAD_HEADER_BYTES + ciphertext.len() + TAG_BYTES;
    let start = out.len();
    #[expect(clippy::cast_possible_truncation, reason = "the plaintext limit is far below u32")]
    out.extend_from_slice(&(length as u32).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&index.to_le_bytes());
    out.push(group_byte(about.group));
    out.extend_from_slice(&key.id);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&ciphertext);
    out.extend_from_slice(&tag);
    let checksum = crc32c::crc32c(&out[start + FRAME_HEADER_BYTES..]);
    out[start + 4..start + FRAME_HEADER_BYTES].copy_from_slice(&checksum.to_le_bytes());
    Ok(())
}

/// Opens one frame, header included, that was sealed for `about`.
///
/// # Errors
/// [`VaultError::NotNoted`] where the pass does not cover the subject: then nothing is decrypted;
/// [`VaultError::Erased`] or [`VaultError::NoKey`] as the keys file says; [`VaultError::WrongKey`]
/// when the frame names another key; [`VaultError::Damaged`] when the bytes, the event, the group or
/// the subject are not what was sealed.
pub fn open_frame(
    pass: VaultPass<'_>,
    frame: &[u8],
    about: FrameSubject,
    key: &KeyLookup,
) -> Result<Vec<String>, VaultError> {
    let FrameSubject { index, subject, group } = about;
    if !pass.covers(subject) {
        return Err(VaultError::NotNoted { index, subject });
    }
    let damaged = |reason| VaultError::Damaged { index, reason };
    let header = match scan_frames(frame) {
        Ok(frames) if frames.len() == 1 => frames[0],
        Ok(_) => return Err(damaged("it is not one frame")),
        Err(damage) => return Err(damaged(damage.reason)),
    };
    if (header.index, header.group) != (index, group) {
        return Err(damaged("it belongs to another event or group"));
    }
    let key = match key {
        KeyLookup::Live(key) => key,
        KeyLookup::Destroyed => {
            return Err(VaultError::Erased { index, subject: subject.to_string(), group });
        }
        KeyLookup::Unknown => return Err(VaultError::NoKey { index, subject: subject.to_string(), group }),
    };
    if header.key_id != key.id {
        return Err(VaultError::WrongKey { index, subject: subject.to_string() });
    }
    // `scan_frames` has seen that the payload holds header, nonce and tag.
    let payload = &frame[FRAME_HEADER_BYTES..];
    let (head, sealed) = payload.split_at(PAYLOAD_HEADER_BYTES);
    let (ciphertext, tag) = sealed.split_at(sealed.len() - TAG_BYTES);
    let short = |_| damaged("it is shorter than its header");
    let nonce: [u8; NONCE_BYTES] = head[PAYLOAD_HEADER_BYTES - NONCE_BYTES..].try_into().map_err(short)?;
    let tag: [u8; TAG_BYTES] = tag.try_into().map_err(short)?;
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    XChaCha20Poly1305::new(&Key::from(*key.secret.bytes()))
        .decrypt_inout_detached(
            &XNonce::from(nonce),
            &about.associated_data(),
            plaintext.as_mut_slice().into(),
            &tag.into(),
        )
        .map_err(|_| damaged("it does not open with this key, event and subject"))?;
    serde_json::from_slice(&plaintext).map_err(|_| damaged("its content is not a list of disclosures"))
}

fn padded_json(disclosures: &[String]) -> Zeroizing<Vec<u8>> {
    // Room for all at once: a growing buffer would leave plaintext behind.
    let most: usize = disclosures.iter().map(|disclosure| disclosure.len() * 6 + 3).sum();
    let mut json = Zeroizing::new(Vec::with_capacity(most + 2 + PADDING_BYTES));
    json.push(b'[');
    for (place, disclosure) in disclosures.iter().enumerate() {
        if place > 0 {
            json.push(b',');
        }
        // Writing a string to a Vec cannot fail.
        let _ = serde_json::to_writer(&mut *json, disclosure);
    }
    json.push(b']');
    let padded = json.len().next_multiple_of(PADDING_BYTES);
    json.resize(padded, b' ');
    json
}

#[cfg(test)]
mod overwritten_tests;
#[cfg(test)]
mod tests;
