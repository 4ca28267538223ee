//! Whether code decides something by the type of an event in a way that would pass a new type over.

use std::ops::Range;

/// What closes each bracket.
fn closing(open: u8) -> Option<u8> {
    match open {
        b'(' => Some(b')'),
        b'[' => Some(b']'),
        b'{' => Some(b'}'),
        _ => None,
    }
}

/// What stands between the bracket at a place and its partner.
fn within(code: &str, open: usize) -> Option<Range<usize>> {
    let bytes = code.as_bytes();
    let mut expected = vec![closing(*bytes.get(open)?)?];
    for (place, byte) in bytes.iter().enumerate().skip(open + 1) {
        if let Some(partner) = closing(*byte) {
            expected.push(partner);
        } else if expected.last() == Some(byte) {
            expected.pop();
            if expected.is_empty() {
                return Some(open + 1..place);
            }
        }
    }
    None
}

/// The patterns of the arms of a match, guards left out.
fn patterns(body: &str) -> Vec<&str> {
    let (mut patterns, mut start, mut place) = (Vec::new(), 0, 0);
    let bytes = body.as_bytes();
    while place < bytes.len() {
        if closing(bytes[place]).is_some() {
            let Some(inner) = within(body, place) else { return patterns };
            place = inner.end + 1;
        } else if body[place..].starts_with("=>") {
            let pattern = &body[start..place];
            patterns.push(pattern.split(" if ").next().unwrap_or(pattern).trim());
            place += 2;
            // The arm ends with its block, or with the comma after its expression.
            let rest = &body[place..];
            place += rest.len() - rest.trim_start().len();
            let is_block = bytes.get(place) == Some(&b'{');
            while place < bytes.len() {
                if closing(bytes[place]).is_some() {
                    let Some(inner) = within(body, place) else { return patterns };
                    place = inner.end + 1;
                    if is_block {
                        break;
                    }
                } else if bytes[place] == b',' {
                    break;
                } else {
                    place += 1;
                }
            }
            start = place + body[place..].len() - body[place..].trim_start_matches([',', ' ', '\n']).len();
            place = start;
        } else {
            place += 1;
        }
    }
    patterns
}

/// Whether a pattern fits whatever there is: `_`, a name, or a tuple of such.
fn fits_all(pattern: &str) -> bool {
    let pattern = pattern.trim();
    match pattern.strip_prefix('(').and_then(|tuple| tuple.strip_suffix(')')) {
        Some(tuple) => tuple.split(',').all(fits_all),
        None => {
            pattern.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
                || pattern.split('|').count() > 1 && pattern.split('|').any(fits_all)
        }
    }
}

fn names_types(pattern: &str) -> bool {
    pattern.match_indices("Data::").any(|(place, found)| {
        pattern[..place].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
            && pattern[place + found.len()..].starts_with(|letter: char| letter.is_ascii_uppercase())
    })
}

/// The places at which a word stands, whole.
fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> {
    code.match_indices(word).map(|(place, _)| place).filter(move |place| {
        let before = code[..*place].chars().next_back();
        before.is_none_or(|before| !(before.is_alphanumeric() || before == '_'))
    })
}

/// Matches over the types of events with an arm for all others, and several types asked for in one pattern beside one.
pub fn passes_types_over(path: &str, code: &str) -> Vec<String> {
    let line = |place: usize| code[..place].matches('\n').count() + 1;
    let mut found = Vec::new();
    for place in words(code, "match ") {
        let Some(open) = code[place..].find('{').map(|open| place + open) else { continue };
        let Some(body) = within(code, open).map(|body| &code[body]) else { continue };
        let patterns = patterns(body);
        if patterns.iter().any(|pattern| names_types(pattern))
            && patterns.iter().any(|pattern| fits_all(pattern))
        {
            found.push(format!("{path}:{}: a match over `Data` with an arm for all others", line(place)));
        }
    }
    for asked in ["matches!(", "if let ", "while let ", "let "] {
        for place in words(code, asked) {
            let end = code[place..].find([';', '{']).map_or(code.len(), |end| place + end);
            let said = &code[place..end];
            let said = if asked == "matches!(" { said } else { said.split(" = ").next().unwrap_or(said) };
            if names_types(said) {
                found.push(format!("{path}:{}: a type of `Data` asked for by a pattern", line(place)));
            }
        }
    }
    found
}

#[test]
fn passing_types_over_is_found() {
    let all = |code: &str| passes_types_over("x.rs", code).len();
    assert_eq!(all("match data {\n    Data::IkmClosed(_) => 1,\n    _ => 2,\n}"), 1);
    assert_eq!(all("match &event.data { Data::IkmClosed(it) if it.x => { a(); } other => b(other), }"), 1);
    assert_eq!(all("match (s, d) { (Subject::Ikm(_), Data::IkmClosed(_)) => 1, (_, _) => 2 }"), 1);
    assert_eq!(
        all(
            "match data { Data::IkmClosed(_) | Data::IkmErased(_) => f(match x { 1 => 2, _ => 3 }), _ => 2 }"
        ),
        1
    );
    assert_eq!(all("let is = matches!(data, Data::IkmClosed(_) | Data::IkmReopened(_));"), 1);
    assert_eq!(all("if let Data::IkmClosed(it) = data { f(it) }"), 1 + 1);
    assert_eq!(all("let Data::IkmClosed(it) = data else { return };"), 1);
    // Every type named; a catch-all over something else; a constructor.
    assert_eq!(
        all("match data { Data::IkmClosed(_) => 1, Data::IkmErased(it) => match it.x { 1 => 1, _ => 2 } }"),
        0
    );
    assert_eq!(all("match data.role() { Role::Erased => 1, _ => 2 }"), 0);
    assert_eq!(all("let made = Data::from(it); let data = Data::IkmClosed(it);"), 0);
    assert_eq!(all("match name { \"a\" => Data::IkmClosed(it), _ => Data::IkmErased(it) }"), 0);
}
