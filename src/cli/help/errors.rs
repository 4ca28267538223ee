//! What is wrong with a command line, in Indonesian.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::in_language;
use crate::cli::output::printable;
use crate::words::choices::choices;
use crate::words::language::{Language, text};

/// What clap says, with what the values are called that may be chosen.
pub fn english(error: &Error, labels: &BTreeMap<String, String>) -> String {
    let values = all(error, ContextKind::ValidValue);
    let said = error.render().to_string().replacen(&values.join(", "), &labelled(&values, labels), 1);
    let said = match said.strip_prefix("error: ") {
        Some(said) => format!("jejak: cannot do that: {said}"),
        None => said,
    };
    let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    if error.kind() != ErrorKind::ValueValidation || why.is_empty() {
        return said;
    }
    said.replacen(&why, error_source(error, Language::En), 1)
}

/// Values that may be chosen, each with what it is called.
fn labelled(values: &[String], labels: &BTreeMap<String, String>) -> String {
    choices(values, |value| labels.get(value).cloned().unwrap_or_default())
}

/// What was wrong, what to write instead, and where help is; ends with a line break.
pub fn indonesian(error: &Error, labels: &BTreeMap<String, String>) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return in_language(&error.render().to_string(), Language::Id);
    }
    let mut said = format!("jejak: tidak bisa: {}\n", what(error, labels));
    for (kind, words) in [
        (ContextKind::SuggestedSubcommand, "mungkin maksud Anda perintah"),
        (ContextKind::SuggestedArg, "mungkin maksud Anda"),
        (ContextKind::SuggestedValue, "mungkin maksud Anda"),
    ] {
        let suggested = all(error, kind);
        if !suggested.is_empty() {
            said.push_str(&format!("    {words} {}?\n", quoted(&suggested)));
        }
    }
    if error.get(ContextKind::TrailingArg) == Some(&ContextValue::Bool(true)) {
        let argument = text(error, ContextKind::InvalidArg);
        said.push_str(&format!("    bila {argument} adalah nilai, tulis -- di depannya\n"));
    }
    if let Some(usage) = error.get(ContextKind::Usage) {
        let usage = in_language(&usage.to_string(), Language::Id);
        said.push_str(&format!("\n{}\n", usage.trim_end()));
    }
    said.push_str("\nSelengkapnya: tambahkan --help\n");
    said
}

/// Which argument stands where the value of another belongs.
pub fn in_place_of_value(error: &Error, arguments: &[OsString], language: Language) -> Option<String> {
    if error.kind() != ErrorKind::InvalidValue || !text(error, ContextKind::InvalidValue).is_empty() {
        return None;
    }
    let argument = text(error, ContextKind::InvalidArg);
    let flag = argument.split(' ').next()?;
    let at = arguments.iter().position(|word| word.to_str() == Some(flag))?;
    let next = arguments.get(at + 1)?.to_str().filter(|word| word.starts_with('-'))?;
    let next = printable(next);
    Some(text!(
        language,
        "    sesudah {flag} langsung tertulis {next}; tulis nilai {flag} di antara keduanya",
        "    {next} follows {flag} directly; write the value of {flag} between them"
    ))
}

fn what(error: &Error, labels: &BTreeMap<String, String>) -> String {
    let argument = || text(error, ContextKind::InvalidArg);
    let value = || text(error, ContextKind::InvalidValue);
    let number = |kind| match error.get(kind) {
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => "0".to_owned(),
    };
    match error.kind() {
        ErrorKind::UnknownArgument => format!("{} tidak dikenal di sini", argument()),
        ErrorKind::InvalidSubcommand => {
            format!("perintah '{}' tidak ada", text(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => {
            let possible = all(error, ContextKind::ValidSubcommand);
            format!("perintahnya belum disebut; pilih salah satu: {}", possible.join(", "))
        }
        ErrorKind::InvalidValue => {
            let possible = all(error, ContextKind::ValidValue);
            let possible = match possible.is_empty() {
                true => String::new(),
                false => format!("; pilihan: {}", labelled(&possible, labels)),
            };
            match value().is_empty() {
                true => format!("{} memerlukan nilai{possible}", argument()),
                false => format!("{}: nilai '{}' tidak dikenal{possible}", argument(), value()),
            }
        }
        ErrorKind::ValueValidation => {
            let why = error_source(error, Language::Id);
            format!("{}: nilai '{}' {why}", argument(), value())
        }
        ErrorKind::NoEquals => format!("{} memerlukan = di depan nilainya", argument()),
        ErrorKind::TooManyValues => format!("{}: nilai '{}' berlebih", argument(), value()),
        ErrorKind::TooFewValues => format!(
            "{} memerlukan sedikitnya {} nilai; diberikan {}",
            argument(),
            number(ContextKind::MinValues),
            number(ContextKind::ActualNumValues)
        ),
        ErrorKind::WrongNumberOfValues => format!(
            "{} memerlukan {} nilai; diberikan {}",
            argument(),
            number(ContextKind::ExpectedNumValues),
            number(ContextKind::ActualNumValues)
        ),
        ErrorKind::ArgumentConflict => conflict(error),
        ErrorKind::MissingRequiredArgument => {
            format!("yang wajib belum diberikan: {}", all(error, ContextKind::InvalidArg).join(", "))
        }
        ErrorKind::InvalidUtf8 => "ada argumen yang bukan UTF-8; tulis kembali".to_owned(),
        // Nothing is asked of clap that ends otherwise.
        _ => "perintah tidak dapat dibaca; periksa penulisannya".to_owned(),
    }
}

/// One argument twice, or two that exclude each other.
fn conflict(error: &Error) -> String {
    let argument = text(error, ContextKind::InvalidArg);
    let others = all(error, ContextKind::PriorArg);
    match others.as_slice() {
        [] => format!("{argument} tidak dapat dipakai bersama argumen lain itu"),
        [other] if *other == argument => format!("{argument} diberikan lebih dari satu kali"),
        others => format!("{argument} tidak dapat dipakai bersama {}", others.join(", ")),
    }
}

/// All values that are not of a closed list are whole numbers.
fn error_source(error: &Error, language: Language) -> &'static str {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match source.contains("too large") || source.contains("is not in") {
        true => language.pick("di luar batas", "out of bounds"),
        false => language.pick(
            "bukan bilangan bulat; tulis dengan angka saja, 0 atau lebih",
            "not a whole number; write digits alone, 0 or more",
        ),
    }
}

fn text(error: &Error, kind: ContextKind) -> String {
    all(error, kind).join(", ")
}

/// The texts that an error has of a kind.
pub fn all(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" atau ")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::super::{Call, read};

    /// What the program says to a command line, and whether it was wrong.
    fn said(line: &str) -> String {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        match read(&words, &|_| None) {
            Call::Wrong(text) | Call::Say(text, _) => text,
            Call::Run(_) => panic!("{line} is a command"),
        }
    }

    /// Calls, and a part of what is said of each.
    const SAID: &[(&str, &str)] = &[
        ("jejak view --nosuch", "--nosuch tidak dikenal"),
        ("jejak view --lits", "mungkin maksud Anda '--list'"),
        ("jejak veiw", "perintah 'veiw' tidak ada"),
        ("jejak veiw", "mungkin maksud Anda perintah 'verify' atau 'view'?"),
        ("jejak subject", "Perintah:"),
        (
            "jejak --format",
            "memerlukan nilai; pilihan: table (Untuk orang), json (Untuk program), csv (Untuk lembar kerja)",
        ),
        ("jejak view --format xml", "nilai 'xml' tidak dikenal; pilihan: table (Untuk orang), json"),
        (
            "jejak view trained --by week",
            "pilihan: month (Bulan kalender), quarter (Januari sampai Maret, dan seterusnya), year",
        ),
        (
            "jejak find x --kind y",
            "pilihan: ikm, person (orang), certificate (sertifikat), program, exhibition (pameran), sentra",
        ),
        ("jejak find", "yang wajib belum diberikan: <TEKS>"),
        ("jejak log proof", "yang wajib belum diberikan: <INDEKS>"),
        ("jejak log proof x", "nilai 'x' bukan bilangan bulat"),
        ("jejak log proof 99999999999999999999999", "di luar batas"),
        ("jejak view x --list --compare 1", "tidak dapat dipakai bersama"),
        ("jejak view --on 2026-01-01 --on 2026-01-02", "diberikan lebih dari satu kali"),
        ("jejak view a b", "b tidak dikenal di sini"),
        ("jejak", "Pemakaian: jejak [OPSI] <PERINTAH>"),
        ("jejak --help", "Opsi umum:"),
        ("jejak -h", "Tampilkan bantuan"),
        ("jejak view --help", "[bawaan: "),
        ("jejak log rotate-key --help", "- attestation: Berkas bukti"),
        ("jejak key --help", "Pilihan:"),
        ("jejak log --help", "Tampilkan bantuan ini"),
    ];

    /// What an Indonesian sentence never holds.
    const ENGLISH: &[&str] = &[
        "error",
        "usage",
        "unexpected",
        "argument ",
        "arguments:",
        "required",
        "for more",
        "possible",
        "default",
        "commands:",
        "options",
        "command>",
        " the ",
        " of ",
        "print ",
        "tip:",
        "similar",
        "<file",
        "<date",
        "<text",
        "<size",
        "<name",
        "|size",
    ];

    #[test]
    fn what_is_wrong_is_said_in_indonesian_alone() {
        for (line, expected) in SAID {
            let said = said(line);
            assert!(said.contains(expected), "{line}: {expected:?} is not in\n{said}");
            let lower = said.to_lowercase();
            for english in ENGLISH {
                assert!(!lower.contains(english), "{line} says {english:?}:\n{said}");
            }
        }
        assert!(said("jejak --lang en veiw").contains("unrecognized subcommand"));
        assert!(said("jejak --lang=en view -h").contains("Usage:"));
        let wrong = said("jejak --lang en view trained --by week");
        assert!(
            wrong
                .contains("[possible values: month (Calendar months), quarter (January to March, and so on)"),
            "{wrong}"
        );
    }

    #[test]
    fn every_command_has_help_in_indonesian() {
        assert_eq!(super::super::untold(), Vec::<String>::new());
        let uneven = super::super::uneven();
        assert!(uneven.is_empty(), "the two languages say unequal much:\n{}", uneven.join("\n"));
        let command = super::super::command(crate::words::language::Language::Id);
        let mut names = vec![vec!["jejak".to_owned()]];
        while let Some(path) = names.pop() {
            let help = said(&format!("{} --help", path.join(" ")));
            for english in ["Usage", " the ", "Options", "<FILE", "<DATE", "default:", "possible values"] {
                assert!(!help.contains(english), "{path:?} says {english:?}:\n{help}");
            }
            let inner = path[1..].iter().try_fold(&command, |at, name| at.find_subcommand(name));
            let inner = inner.into_iter().flat_map(clap::Command::get_subcommands);
            names.extend(inner.map(|inner| [&path[..], &[inner.get_name().to_owned()]].concat()));
        }
    }

    #[test]
    fn the_language_comes_from_the_call_then_the_environment() {
        let with = |line: &str, variable: &'static str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            match read(&words, &move |name| (name == "JEJAK_LANG").then(|| variable.into())) {
                Call::Wrong(text) | Call::Say(text, _) => text,
                Call::Run(_) => String::new(),
            }
        };
        assert!(with("jejak veiw", "en").starts_with("jejak: cannot do that: unrecognized subcommand"));
        assert!(
            with("jejak due --limit x", "en")
                .contains("--limit <N>': not a whole number; write digits alone")
        );
        assert!(with("jejak veiw", "").contains("tidak ada"));
        assert!(with("jejak --lang id veiw", "en").contains("tidak ada"));
        let both = with("jejak view", "fr");
        assert!(both.contains("bahasa tidak dikenal") && both.contains("not a language"), "{both}");
        let both = with("jejak view --lang fr", "en");
        assert!(both.contains("--lang \"fr\": bahasa tidak dikenal"), "{both}");
    }
}
