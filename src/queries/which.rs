//! Which stream somebody means by a whole identifier, by its beginning, by words of an open title, or by the name of an
//! area.
//!
//! Names of IKMs and persons are sealed and never looked at here: `find` does that, and notes the look.

use std::collections::BTreeMap;

use jejak_events::area::AreaCode;
use jejak_events::excerpt::quoted;
use jejak_events::fault::Message;
use jejak_events::identity::{Subject, SubjectKind};
use jejak_events::text::{LETTERS_PER_EDIT, edits, folded};
use jejak_projections::error::ReadFailure;

use super::find::Query;
use super::names::{TITLED, title};
use crate::readmodel::Snapshot;
use crate::words::ids::{area_words, short_stream};
use crate::words::language::Language::{En, Id};
use crate::words::language::number;

/// Most streams that a refusal names.
const NAMED: usize = 10;

/// Most titles that are named as near what was typed.
const NEAREST: usize = 3;

/// A stream that may be meant, with its title where it has an open one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The stream.
    pub subject: Subject,
    /// Its title, or the name of the area.
    pub title: Option<String>,
}

/// What was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// This stream. Of a whole identifier it is not asked whether anything is recorded in it.
    One(Subject),
    /// Any of these; not one alone.
    Several(Vec<Candidate>),
    /// Nothing on record; these titles are near.
    Nothing(Vec<Candidate>),
}

/// Finds the stream of one of `kinds` that was typed: `program/<uuid>`, a UUID alone, the beginning of either (four
/// characters or more), or words that begin words of its title. What is the whole title is meant, whatever else has it
/// as a part.
///
/// # Errors
/// When the log cannot be read.
pub fn which(snapshot: &Snapshot, typed: &str, kinds: &[SubjectKind]) -> Result<Meant, ReadFailure> {
    if let Some(whole) = whole(typed, kinds) {
        return Ok(Meant::One(whole));
    }
    let (kinds, words) = of_kind(typed, kinds);
    let Some(query) = Query::parse(words) else { return Ok(Meant::Nothing(Vec::new())) };
    let titles = titles(snapshot, &kinds)?;
    let mut fitting: Vec<Subject> = Vec::new();
    if query.is_id() {
        let streams = snapshot.index().subjects(&kinds);
        fitting.extend(streams.into_iter().filter(|subject| query.fits_id(&subject.to_string())));
    }
    if fitting.is_empty() {
        let fits = |(_, title): &(&Subject, &String)| query.fits_words(title);
        fitting.extend(titles.iter().filter(fits).map(|(subject, _)| *subject));
        let is_whole =
            |subject: &Subject| titles.get(subject).is_some_and(|title| folded(title) == folded(words));
        let whole: Vec<Subject> = fitting.iter().copied().filter(is_whole).collect();
        if let [one] = whole[..] {
            return Ok(Meant::One(one));
        }
    }
    let candidate = |subject: Subject| Candidate { subject, title: titles.get(&subject).cloned() };
    Ok(match fitting[..] {
        [one] => Meant::One(one),
        [] => Meant::Nothing(nearest(&titles, words).into_iter().map(candidate).collect()),
        _ => {
            fitting.sort_by_cached_key(|subject| (titles.get(subject).map(|title| folded(title)), *subject));
            Meant::Several(fitting.into_iter().map(candidate).collect())
        }
    })
}

/// The code of an area. Where its name was typed, the refusal says which codes have it.
///
/// # Errors
/// As [`AreaCode::parse`].
pub fn area_code(typed: &str) -> Result<AreaCode, Message> {
    AreaCode::parse(typed).map_err(|unknown| {
        let Some(query) = Query::parse(typed) else { return unknown };
        let called: Vec<AreaCode> = AreaCode::all().filter(|area| query.fits_words(area.name())).collect();
        if called.is_empty() || called.len() > NAMED {
            return unknown;
        }
        let codes = called.iter().map(|area| area_words(*area)).collect::<Vec<_>>().join(", ");
        let text = quoted(typed);
        Message::new(
            format!("{text} adalah nama; tulis kode wilayahnya: {codes}"),
            format!("{text} is a name; write the code of the area: {codes}"),
        )
    })
}

/// What is wrong with an identifier before anything is looked for: there is no such kind of stream, or no such area. `None`
/// where it may be one.
#[must_use]
pub fn no_such(typed: &str, kinds: &[SubjectKind]) -> Option<Message> {
    let (kind, rest) = typed.split_once('/')?;
    if let Some(known) = kinds.iter().find(|known| known.name() == kind) {
        let is_code = rest.starts_with(|first: char| first.is_ascii_digit());
        return AreaCode::parse(rest).err().filter(|_| *known == SubjectKind::Area && is_code);
    }
    // Words of a title may have a slash; what stands before it is no kind then.
    let is_word = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_word {
        return None;
    }
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let far = names.iter().map(|name| (edits(kind, name), *name));
    let near = far.filter(|(edits, _)| edits * LETTERS_PER_EDIT <= kind.len()).min();
    let (typed, names) = (quoted(kind), names.join(", "));
    let [id, en] = near.map_or_else(Default::default, |(_, near)| {
        [format!("; barangkali maksud Anda: {near}/{rest}"), format!("; perhaps you mean: {near}/{rest}")]
    });
    Some(Message::new(
        format!("tidak ada jenis {typed}; yang ada: {names}{id}"),
        format!("there is no kind {typed}; the kinds are {names}{en}"),
    ))
}

/// A whole identifier of one of the kinds, a bare UUID or code where there is but one kind.
#[must_use]
pub fn whole(typed: &str, kinds: &[SubjectKind]) -> Option<Subject> {
    let parsed = Subject::parse(typed).ok().filter(|subject| kinds.contains(&subject.kind()));
    let alone = || match kinds {
        [kind] => Subject::parse(&format!("{}/{typed}", kind.name())).ok(),
        _ => AreaCode::parse(typed).ok().map(Subject::Area).filter(|area| kinds.contains(&area.kind())),
    };
    parsed.or_else(alone)
}

/// The kind that stands before a slash, alone, and what stands behind it.
fn of_kind<'a>(typed: &'a str, kinds: &[SubjectKind]) -> (Vec<SubjectKind>, &'a str) {
    let named = typed.split_once('/').and_then(|(kind, rest)| {
        let kind = kinds.iter().find(|known| known.name() == kind)?;
        Some((vec![*kind], rest))
    });
    named.unwrap_or_else(|| (kinds.to_vec(), typed))
}

/// The open titles of the streams of some kinds, and the names of areas.
fn titles(snapshot: &Snapshot, kinds: &[SubjectKind]) -> Result<BTreeMap<Subject, String>, ReadFailure> {
    let titled: Vec<SubjectKind> = kinds.iter().copied().filter(|kind| TITLED.contains(kind)).collect();
    let mut titles = BTreeMap::new();
    for subject in snapshot.index().subjects(&titled) {
        titles.extend(title(snapshot, subject)?.map(|title| (subject, title)));
    }
    if kinds.contains(&SubjectKind::Area) {
        titles.extend(AreaCode::all().map(|area| (Subject::Area(area), area.name().to_owned())));
    }
    Ok(titles)
}

/// The titles that differ least from what was typed, the nearest first, none that differ much.
fn nearest(titles: &BTreeMap<Subject, String>, typed: &str) -> Vec<Subject> {
    let typed = folded(typed);
    let words: Vec<&str> = typed.split(' ').collect();
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    let mut near: Vec<(usize, String, Subject)> = Vec::new();
    for (subject, title) in titles {
        let title = folded(title);
        // As far as each word that was typed is from the beginning of the word most like it.
        let far = |word: &&str| {
            let length = word.chars().count();
            let begins = |other: &str| edits(word, &other.chars().take(length).collect::<String>());
            title.split(' ').map(|other| edits(word, other).min(begins(other))).min().unwrap_or(length)
        };
        let far: usize = words.iter().map(far).sum();
        if far * LETTERS_PER_EDIT <= letters {
            near.push((far, title, *subject));
        }
    }
    near.sort();
    near.into_iter().take(NEAREST).map(|(.., subject)| subject).collect()
}

/// Why one stream was not found: the candidates of several, the nearest where there is none. `wanted` is what to write
/// instead.
#[must_use]
pub fn refusal(typed: &str, meant: &Meant, wanted: &Message) -> Message {
    let text = quoted(typed);
    match meant {
        Meant::One(subject) => Message::new(subject.to_string(), subject.to_string()),
        Meant::Several(all) => {
            let (named, count) = (lines(all), all.len() as u64);
            let more = |said: String| if all.len() > NAMED { format!("\n{said}") } else { String::new() };
            let rest = count.saturating_sub(NAMED as u64);
            Message::new(
                format!(
                    "{text} cocok dengan {}; sebut satu saja:{named}{}",
                    number(count, Id),
                    more(format!("dan {} lagi", number(rest, Id)))
                ),
                format!(
                    "{text} fits {}; name one alone:{named}{}",
                    number(count, En),
                    more(format!("and {} more", number(rest, En)))
                ),
            )
        }
        Meant::Nothing(near) if near.is_empty() => Message::new(
            format!("{text} tidak cocok dengan apa pun yang tercatat; {}", wanted.id),
            format!("{text} fits nothing on record; {}", wanted.en),
        ),
        Meant::Nothing(near) => Message::new(
            format!(
                "{text} tidak cocok dengan apa pun yang tercatat; {}. Yang mirip:{}",
                wanted.id,
                lines(near)
            ),
            format!("{text} fits nothing on record; {}. The nearest:{}", wanted.en, lines(near)),
        ),
    }
}

/// A line for each candidate: what to write, and its title. Where two begin alike, all are whole.
fn lines(candidates: &[Candidate]) -> String {
    let mut short: Vec<String> =
        candidates.iter().map(|one| short_stream(&one.subject.to_string())).collect();
    short.sort_unstable();
    let is_unique = short.windows(2).all(|two| two[0] != two[1]);
    let line = |one: &Candidate| match (one.subject, &one.title) {
        (Subject::Area(area), _) => format!("\narea/{}", area_words(area)),
        (subject, title) => {
            let subject = subject.to_string();
            let subject = if is_unique { short_stream(&subject) } else { subject };
            title.as_ref().map_or_else(|| format!("\n{subject}"), |title| format!("\n{subject} {title}"))
        }
    };
    candidates.iter().take(NAMED).map(line).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ID: &str = "7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b";

    fn program(number: u8) -> Subject {
        Subject::of_kind(SubjectKind::Program, Uuid::try_parse(&format!("{number:02x}{}", &ID[2..])).unwrap())
            .unwrap()
    }

    #[test]
    fn of_an_area_that_is_called_by_its_name_the_codes_are_told() {
        assert_eq!(area_code("33.75"), AreaCode::parse("33.75"));
        let said = area_code("pekalongan").unwrap_err();
        let codes = "33.26 Kabupaten Pekalongan, 33.75 Kota Pekalongan";
        assert_eq!(said.en, format!("\"pekalongan\" is a name; write the code of the area: {codes}"));
        assert_eq!(said.id, format!("\"pekalongan\" adalah nama; tulis kode wilayahnya: {codes}"));
        // Of what is no name, and of what half the land is called, nothing is told but what a code looks like.
        for typed in ["99.99", "kota", "", "-"] {
            assert_eq!(area_code(typed).unwrap_err(), AreaCode::parse(typed).unwrap_err(), "{typed}");
        }
    }

    #[test]
    fn a_whole_identifier_is_what_it_is() {
        let all = &SubjectKind::ALL;
        let named = format!("program/{ID}");
        assert_eq!(whole(&named, all).map(|subject| subject.to_string()), Some(named.clone()));
        assert_eq!(
            whole(ID, &[SubjectKind::Program]).map(|subject| subject.to_string()),
            Some(named.clone())
        );
        assert_eq!(whole(&named, &[SubjectKind::Ikm, SubjectKind::Person]), None);
        assert_eq!(whole(ID, all), None, "of which kind?");
        assert_eq!(whole("33.75", all).map(|subject| subject.to_string()).as_deref(), Some("area/33.75"));
        assert_eq!(whole("registry", all), Some(Subject::Registry));
    }

    #[test]
    fn of_a_kind_or_an_area_that_is_not_there_that_is_told() {
        let all = &SubjectKind::ALL;
        let said = no_such("progam/e6ac", all).unwrap();
        assert_eq!(
            said.en,
            "there is no kind \"progam\"; the kinds are area, certificate, claim, exhibition, ikm, person, program, \
             registry, sentra; perhaps you mean: program/e6ac"
        );
        assert!(said.id.starts_with("tidak ada jenis \"progam\"; yang ada: area, "), "{}", said.id);
        assert_eq!(no_such("area/99.99", all), AreaCode::parse("99.99").err());
        for typed in ["area/33.75", "area/pekalongan", "program/e6ac", "Batik 1/2", "e6ac", "9/x"] {
            assert_eq!(no_such(typed, all), None, "{typed}");
        }
    }

    #[test]
    fn the_nearest_titles_differ_little() {
        let titles = BTreeMap::from([
            (program(1), "Pelatihan membatik dasar".to_owned()),
            (program(2), "Pelatihan ekspor".to_owned()),
            (program(3), "Pameran".to_owned()),
        ]);
        assert_eq!(nearest(&titles, "pelatihan membatik dsar"), [program(1)]);
        assert_eq!(nearest(&titles, "eksprt"), [program(2)]);
        assert_eq!(nearest(&titles, "pelatian"), [program(2), program(1)]);
        assert!(nearest(&titles, "sertifikat").is_empty());
    }

    #[test]
    fn a_refusal_names_the_candidates_and_what_to_write() {
        let wanted = Message::new("tulis judulnya", "write its title");
        let candidate = |subject, title: &str| Candidate { subject, title: Some(title.to_owned()) };
        let several = Meant::Several(vec![candidate(program(1), "Satu"), candidate(program(2), "Dua")]);
        let said = refusal("pel", &several, &wanted);
        assert_eq!(said.en, "\"pel\" fits 2; name one alone:\nprogram/012c1a34 Satu\nprogram/022c1a34 Dua");
        assert!(said.id.starts_with("\"pel\" cocok dengan 2; sebut satu saja:"), "{}", said.id);
        let many = Meant::Several(vec![candidate(program(1), "Satu"); 12]);
        let said = refusal("pel", &many, &wanted).en;
        assert!(said.ends_with("\nand 2 more") && said.contains(&format!("\n{} Satu", program(1))), "{said}");
        let none = refusal("x", &Meant::Nothing(Vec::new()), &wanted);
        assert_eq!(none.en, "\"x\" fits nothing on record; write its title");
        let near = refusal("x", &Meant::Nothing(vec![candidate(program(1), "Satu")]), &wanted);
        assert_eq!(
            near.id,
            "\"x\" tidak cocok dengan apa pun yang tercatat; tulis judulnya. Yang mirip:\nprogram/012c1a34 Satu"
        );
    }
}
