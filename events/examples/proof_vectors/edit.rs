//! Keys of the example log and small changes to signed texts.

use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::note::NoteSigner;

use crate::{ORIGIN, Outcome};

/// The example log's key; the seeds are public, these keys protect nothing.
pub fn log_signer() -> Outcome<NoteSigner> {
    Ok(NoteSigner::new(ORIGIN, &[1; 32])?)
}

/// Replaces exactly one place of a text.
pub fn edit(text: &str, from: &str, to: &str) -> Outcome<String> {
    if text.matches(from).count() != 1 {
        return Err(format!("`{from}` is not exactly once in {text}").into());
    }
    Ok(text.replacen(from, to, 1))
}

/// Flips a bit of the signature in the signature line of `name`, `back` bytes before its end.
pub fn spoil_signature(note: &str, name: &str, back: usize) -> Outcome<String> {
    rewrite_signature(note, name, |payload| {
        let at = payload.len() - back;
        payload[at] ^= 1;
    })
}

pub fn rewrite_signature(note: &str, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Outcome<String> {
    let line = line_of(note, name)?;
    let (start, base64) = line.trim_end().rsplit_once(' ').ok_or("no signature line")?;
    let mut payload = BASE64_STANDARD.decode(base64)?;
    change(&mut payload);
    edit(note, line, &format!("{start} {}\n", BASE64_STANDARD.encode(payload)))
}

/// The signature line of a key, with its newline.
pub fn line_of<'note>(note: &'note str, name: &str) -> Outcome<&'note str> {
    let start = format!("\u{2014} {name} ");
    Ok(note.split_inclusive('\n').find(|line| line.starts_with(&start)).ok_or("no such line")?)
}

/// A last base64 character with unused bits set: decodes to the same bytes in a careless reader.
pub fn non_canonical(base64_line: &str) -> Outcome<String> {
    let line = base64_line.trim_end_matches('\n');
    let body = line.trim_end_matches('=');
    let (start, last) = body.split_at(body.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let next = alphabet.find(last).and_then(|at| alphabet.get(at + 1..at + 2)).ok_or("no next character")?;
    Ok(base64_line.replacen(body, &format!("{start}{next}"), 1))
}
