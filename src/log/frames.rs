//! The framing of the vault: frames one after another.
//!
//! A frame is `length (u32 LE) ‖ CRC-32C of the payload (u32 LE) ‖ payload`. This module must never look into a
//! payload: it is encrypted.

/// Bytes before a frame's payload.
pub(crate) const HEADER_BYTES: usize = 8;

/// Length of the whole frame that `bytes` starts with; `None` when it does not check or is cut short.
pub(crate) fn frame_length(bytes: &[u8]) -> Option<usize> {
    let header = bytes.first_chunk::<HEADER_BYTES>()?;
    let (length, checksum) = header.split_at(4);
    let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
    // A payload is never empty, so that zeroed bytes are no frames.
    let end = HEADER_BYTES.checked_add(length).filter(|_| length > 0)?;
    let payload = bytes.get(HEADER_BYTES..end)?;
    (checksum == crc32c::crc32c(payload).to_le_bytes()).then_some(end)
}

/// Whether the bytes are whole frames; the offset of the first that is not, otherwise.
pub(crate) fn check_frames(bytes: &[u8]) -> Result<(), usize> {
    let mut offset = 0;
    while offset < bytes.len() {
        offset += frame_length(&bytes[offset..]).ok_or(offset)?;
    }
    Ok(())
}
