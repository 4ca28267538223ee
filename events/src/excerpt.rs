//! Texts that somebody typed or a file holds, as messages may repeat them.
//!
//! A message goes to terminals, logs and letters. So it must never repeat a secret key, nor more of any text than helps
//! to find it.

/// Most characters of a text that a message repeats.
pub const EXCERPT_CHARS: usize = 40;

/// How the lines begin that hold secret keys: of an auditor or a witness, of recovery, and of a registry's keys file.
const SECRETS: [&str; 3] = ["PRIVATE+KEY+", "jejak recovery secret", "0 0 jejak-keys/"];

/// Whether a line of a text is, or begins, a secret key.
#[must_use]
pub fn holds_secret(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n').any(|line| {
        let line = line.trim_ascii_start();
        SECRETS.iter().any(|secret| line.starts_with(secret.as_bytes()))
    })
}

/// The beginning of a text, with `…` behind it where there is more; of a secret key nothing but how it begins.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let secret = SECRETS.iter().filter_map(|secret| Some(text.find(secret)? + secret.len())).min();
    let limit = text.char_indices().nth(EXCERPT_CHARS).map(|(end, _)| end);
    match secret.into_iter().chain(limit).min() {
        Some(end) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// An [`excerpt`] in quotation marks, which escape what does not show.
#[must_use]
pub fn quoted(text: &str) -> String {
    let shown = excerpt(text);
    if shown.len() == text.len() {
        return format!("{text:?}");
    }
    format!("{:?}…", shown.trim_end_matches('…'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_repeated_up_to_a_limit_and_a_secret_not_at_all() {
        assert_eq!(excerpt("short"), "short");
        assert_eq!(excerpt(&"é".repeat(41)), format!("{}…", "é".repeat(40)));
        assert_eq!(excerpt("PRIVATE+KEY+auditor+0a0b0c0d+AXNlY3JldA=="), "PRIVATE+KEY+…");
        assert_eq!(excerpt("log PRIVATE+KEY+a+0a0b0c0d+AXNlY3JldA=="), "log PRIVATE+KEY+…");
        assert_eq!(excerpt("jejak recovery secret v1\na.example\nc2VjcmV0\n"), "jejak recovery secret…");
        assert_eq!(quoted("a\nb"), r#""a\nb""#);
        assert_eq!(quoted("PRIVATE+KEY+auditor"), r#""PRIVATE+KEY+"…"#);
        assert_eq!(quoted(&"x".repeat(41)), format!("{:?}…", "x".repeat(40)));
    }

    #[test]
    fn a_secret_is_found_on_any_line() {
        for secret in [
            "PRIVATE+KEY+a+b+c",
            "# mine\n  PRIVATE+KEY+a+b+c\n",
            "jejak recovery secret v1\n",
            "0 0 jejak-keys/2 a\n",
        ] {
            assert!(holds_secret(secret.as_bytes()), "{secret}");
        }
        assert!(!holds_secret(b"log example+0a0b0c0d+AXNlY3JldA==\nquorum none\n"));
    }
}
