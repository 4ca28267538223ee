//! Where the frames of an event lie in the vault's bytes.

use super::{FRAME_HEADER_BYTES, Group, PAYLOAD_HEADER_BYTES, TAG_BYTES};

/// What a frame says of itself without being opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHeader {
    /// Where it starts in the bytes scanned.
    pub offset: u64,
    /// Its whole length, header included.
    pub length_bytes: u32,
    /// The event whose fields it holds.
    pub index: u64,
    /// Which fields.
    pub group: Group,
    /// The key that opens it.
    pub key_id: [u8; 16],
}

/// Bytes that are not a whole, sound frame. Everything before `offset` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vault is damaged at byte {offset}: {reason}; run `jejak recover`")]
pub struct FrameDamage {
    /// Where the frame starts.
    pub offset: u64,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Reads the headers of consecutive frames and checks each frame's checksum.
///
/// # Errors
/// [`FrameDamage`] at the first frame that is cut short or altered.
pub fn scan_frames(bytes: &[u8]) -> Result<Vec<FrameHeader>, FrameDamage> {
    let mut frames = Vec::new();
    let mut offset = 0;
    while offset < bytes.len() {
        let frame = read_frame(&bytes[offset..], offset as u64)?;
        offset += frame.length_bytes as usize;
        frames.push(frame);
    }
    Ok(frames)
}

/// Length of the frames that lie whole at the start of some bytes, by their own word: nothing is
/// checked. For reading a vault in pieces.
#[must_use]
pub fn whole_frames_bytes(bytes: &[u8]) -> usize {
    let mut whole = 0;
    while let Some(length) = bytes.get(whole..whole + 4).and_then(|length| length.try_into().ok()) {
        let next = whole + FRAME_HEADER_BYTES + u32::from_le_bytes(length) as usize;
        if next > bytes.len() {
            break;
        }
        whole = next;
    }
    whole
}

fn read_frame(bytes: &[u8], offset: u64) -> Result<FrameHeader, FrameDamage> {
    let damage = |reason| FrameDamage { offset, reason };
    let cut = || damage("the frame is cut short");
    let (&[l0, l1, l2, l3, c0, c1, c2, c3], rest) =
        bytes.split_first_chunk::<FRAME_HEADER_BYTES>().ok_or_else(cut)?;
    let length = u32::from_le_bytes([l0, l1, l2, l3]);
    if (length as usize) < PAYLOAD_HEADER_BYTES + TAG_BYTES {
        return Err(damage("the frame is shorter than its fields"));
    }
    let payload = rest.get(..length as usize).ok_or_else(cut)?;
    if crc32c::crc32c(payload) != u32::from_le_bytes([c0, c1, c2, c3]) {
        return Err(damage("the frame does not match its checksum"));
    }
    let (index, rest) = payload.split_first_chunk::<8>().ok_or_else(cut)?;
    let (&[group], rest) = rest.split_first_chunk::<1>().ok_or_else(cut)?;
    let (key_id, _) = rest.split_first_chunk::<16>().ok_or_else(cut)?;
    // A length in range of a slice has room for the header.
    let length_bytes = length.checked_add(8).ok_or_else(cut)?;
    Ok(FrameHeader {
        offset,
        length_bytes,
        index: u64::from_le_bytes(*index),
        group: super::group_from_byte(group).ok_or_else(|| damage("the frame names an unknown group"))?,
        key_id: *key_id,
    })
}

/// Where one frame lies in the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FramePlace {
    /// The event whose fields it holds.
    pub index: u64,
    /// Where it starts in the vault.
    pub offset: u64,
    /// Its whole length, header included.
    pub length_bytes: u32,
    /// Which fields.
    pub group: Group,
}

/// Event index to frames, 24 bytes of memory per frame.
///
/// Frames lie in the vault in the order of their events, so the index is a sorted list.
#[derive(Clone, Debug, Default)]
pub struct VaultIndex {
    places: Vec<FramePlace>,
    length_bytes: u64,
}

impl VaultIndex {
    /// Indexes a whole vault.
    ///
    /// # Errors
    /// [`FrameDamage`] at the first frame that is cut short, altered or out of order.
    pub fn scan(bytes: &[u8]) -> Result<Self, FrameDamage> {
        let mut index = Self::default();
        index.extend(bytes)?;
        Ok(index)
    }

    /// Adds the frames that were appended after what is indexed; all or none.
    ///
    /// # Errors
    /// [`FrameDamage`], with its offset in the vault, as [`VaultIndex::scan`].
    pub fn extend(&mut self, bytes: &[u8]) -> Result<(), FrameDamage> {
        self.extend_seeing(bytes, &mut |_| {})
    }

    /// As [`VaultIndex::extend`], and shows each header that was added, with its offset in `bytes`: the
    /// index itself does not keep the names of keys.
    ///
    /// # Errors
    /// As [`VaultIndex::extend`]; then nothing was shown.
    pub fn extend_seeing(
        &mut self,
        bytes: &[u8],
        see: &mut dyn FnMut(&FrameHeader),
    ) -> Result<(), FrameDamage> {
        let base = self.length_bytes;
        let at_base = |damage: FrameDamage| FrameDamage { offset: base + damage.offset, ..damage };
        let frames = scan_frames(bytes).map_err(at_base)?;
        let mut last = self.places.last().map(|place| (place.index, place.group));
        for frame in &frames {
            let next = Some((frame.index, frame.group));
            if last.is_some() && next < last {
                let reason = "the frame belongs to an earlier event than the one before it";
                return Err(at_base(FrameDamage { offset: frame.offset, reason }));
            }
            last = next;
        }
        self.places.extend(frames.iter().map(|frame| FramePlace {
            index: frame.index,
            offset: base + frame.offset,
            length_bytes: frame.length_bytes,
            group: frame.group,
        }));
        self.length_bytes += bytes.len() as u64;
        frames.iter().for_each(see);
        Ok(())
    }

    /// Forgets the frames from `length_bytes` on, when the vault was cut there.
    pub fn truncate(&mut self, length_bytes: u64) {
        let kept = self.places.partition_point(|place| place.offset < length_bytes);
        self.places.truncate(kept);
        self.length_bytes = self.length_bytes.min(length_bytes);
    }

    /// Length of the vault that is indexed.
    #[must_use]
    pub fn length_bytes(&self) -> u64 {
        self.length_bytes
    }

    /// The frames of one event; empty when it has no sealed fields.
    #[must_use]
    pub fn frames_of(&self, index: u64) -> &[FramePlace] {
        let start = self.places.partition_point(|place| place.index < index);
        let count = self.places[start..].partition_point(|place| place.index == index);
        &self.places[start..start + count]
    }
}
