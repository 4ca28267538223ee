//! The command line's own words in both languages: help and errors of clap.
//!
//! English stands with the arguments, as their documentation; Indonesian stands in `id.txt`, by command and
//! argument. A test holds that neither lacks what the other has. Nothing here changes what is accepted.

mod errors;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};

use clap::builder::Resettable;
use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, Command, CommandFactory as _, FromArgMatches as _, ValueEnum as _};

use super::output::page_width;
use super::{ANSWERS, Arguments};
use crate::words::language::Language;

/// What the command line comes to.
pub enum Call {
    /// A command.
    Run(Box<Arguments>),
    /// Text that was asked for.
    Say(String, Language),
    /// Called wrongly: why, and what to do.
    Wrong(String),
}

/// Reads the command line. `variable` reads the environment.
pub fn read(arguments: &[OsString], variable: &dyn Fn(&str) -> Option<OsString>) -> Call {
    let language = match language(arguments, variable) {
        Ok(language) => language,
        Err(given) => return Call::Wrong(unknown_language(&given)),
    };
    let mut command = without_empty_variables(command(language), variable);
    if language == Language::Id {
        command = telling_values(command, "jejak", &Texts::read());
    }
    command = command.term_width(page_width());
    let found = command.try_get_matches_from_mut(arguments);
    match found.and_then(|found| Arguments::from_arg_matches(&found)) {
        Ok(arguments) => Call::Run(Box::new(arguments)),
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            Call::Say(in_language(&error.render().to_string(), language), language)
        }
        Err(error) => {
            // Arguments of other commands say what they are called once they are built.
            command.build();
            let labels = value_labels(&command, "jejak", &error, language);
            let said = match language {
                Language::En => errors::english(&error, &labels),
                Language::Id => errors::indonesian(&error, &labels),
            };
            Call::Wrong(match errors::in_place_of_value(&error, arguments, language) {
                // Behind what is wrong, before what to do in general.
                Some(hint) => said.replacen("\n\n", &format!("\n{hint}\n\n"), 1),
                None => said,
            })
        }
    }
}

/// The language asked for: `--lang`, else `JEJAK_LANG` where it is not empty, else Indonesian.
///
/// # Errors
/// What was given, where it is no language.
fn language(arguments: &[OsString], variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Language, String> {
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    let mut given = None;
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        if word == "--lang" {
            given = words.next().map(|value| ("--lang", value.into_owned()));
        } else if let Some(value) = word.strip_prefix("--lang=") {
            given = Some(("--lang", value.to_owned()));
        }
    }
    let set = || {
        let value = variable("JEJAK_LANG").filter(|value| !value.is_empty())?;
        Some(("JEJAK_LANG", value.to_string_lossy().into_owned()))
    };
    let Some((from, value)) = given.or_else(set) else { return Ok(Language::Id) };
    Language::from_str(&value, false).map_err(|_| format!("{from} {value:?}"))
}

/// What the values that an error lets choose from are called, by value: as help says of them, up to where it explains.
fn value_labels(
    command: &Command,
    path: &str,
    error: &clap::Error,
    language: Language,
) -> BTreeMap<String, String> {
    let of_error = errors::all(error, ContextKind::ValidValue);
    let is_meant = |argument: &&Arg| {
        let values = argument.get_possible_values();
        let is_named = errors::all(error, ContextKind::InvalidArg) == [argument.to_string()];
        is_named && !of_error.is_empty() && values.iter().map(|value| value.get_name()).eq(&of_error)
    };
    let Some(argument) = command.get_arguments().find(is_meant) else {
        let mut inner = command.get_subcommands();
        let labels = inner.find_map(|inner| {
            let labels = value_labels(inner, &format!("{path} {}", inner.get_name()), error, language);
            Some(labels).filter(|labels| !labels.is_empty())
        });
        return labels.unwrap_or_default();
    };
    let texts = Texts::read();
    let label = |value: &clap::builder::PossibleValue| {
        let said = match language {
            Language::En => value.get_help()?.to_string(),
            Language::Id => {
                texts.of(path, &format!("{}={}", argument.get_id(), value.get_name()))?.to_owned()
            }
        };
        let label = said.split([':', ';', '(']).next()?.trim().trim_end_matches('.').to_owned();
        Some((value.get_name().to_owned(), label))
    };
    argument.get_possible_values().iter().filter_map(label).collect()
}

/// In both languages: which one is meant is what nobody knows here.
fn unknown_language(given: &str) -> String {
    format!(
        "jejak: {given}: bahasa tidak dikenal; pilih id (bahasa Indonesia) atau en (bahasa Inggris)\n\
         jejak: {given}: not a language known here; choose id (Bahasa Indonesia) or en (English)\n"
    )
}

/// A variable that is set to nothing is not set.
fn without_empty_variables(command: Command, variable: &dyn Fn(&str) -> Option<OsString>) -> Command {
    command.mut_args(|argument| match argument.get_env().map(OsStr::to_os_string) {
        Some(name) if variable(&name.to_string_lossy()).is_some_and(|value| value.is_empty()) => {
            argument.env(Resettable::<clap::builder::OsStr>::Reset)
        }
        _ => argument,
    })
}

/// All commands with their help in a language.
#[must_use]
pub fn command(language: Language) -> Command {
    let command = match language {
        Language::En => Arguments::command(),
        Language::Id => translated(Arguments::command(), "jejak", &Texts::read()),
    };
    ANSWERS.iter().fold(command, |command, answer| {
        let path: Vec<&str> = answer.command.split(' ').collect();
        naming_schema(command, &path, &answer.command.replace(' ', "-"), language)
    })
}

/// The command at a path below this one says how the schema of its JSON is printed.
fn naming_schema(command: Command, path: &[&str], name: &str, language: Language) -> Command {
    let Some((first, rest)) = path.split_first() else {
        let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let words = language.pick("Skema JSON-nya", "Schema of its JSON");
        return command.after_help(format!("{example}\n\n{words}: jejak schema {name}"));
    };
    command.mut_subcommand(*first, |inner| naming_schema(inner, rest, name, language))
}

/// `id.txt`: texts by command (`*` for any) and argument (empty for the command itself).
struct Texts(BTreeMap<(&'static str, &'static str), String>);

impl Texts {
    fn read() -> Self {
        let mut texts: BTreeMap<(&str, &str), String> = BTreeMap::new();
        let (mut command, mut argument) = ("", "");
        for line in include_str!("id.txt").lines() {
            if let Some(name) = line.strip_prefix("# ") {
                (command, argument) = (name, "");
            } else if let Some(name) = line.strip_prefix("@ ") {
                argument = name;
            } else {
                let text = texts.entry((command, argument)).or_default();
                text.push_str(line);
                text.push('\n');
            }
        }
        texts.values_mut().for_each(|text| *text = text.trim().to_owned());
        texts.retain(|_, text| !text.is_empty());
        Self(texts)
    }

    fn of(&self, path: &str, argument: &str) -> Option<&str> {
        let found = self.0.iter().find(|((command, name), _)| *command == path && *name == argument);
        let shared = || self.0.iter().find(|((command, name), _)| *command == "*" && *name == argument);
        found.or_else(shared).map(|(_, text)| text.as_str())
    }
}

fn first_paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or(text)
}

fn translated(mut command: Command, path: &str, texts: &Texts) -> Command {
    if let Some(text) = texts.of(path, "") {
        let short = first_paragraph(text).trim_end_matches('.').to_owned();
        command = command.about(short).long_about(text.to_owned());
    }
    if let Some(example) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(example.replacen("Example:", "Contoh:", 1));
    }
    command = command.subcommand_value_name("PERINTAH").mut_args(|argument| {
        let Some(text) = texts.of(path, argument.get_id().as_str()) else { return argument };
        let (short, long) = (first_paragraph(text).trim_end_matches('.').to_owned(), text.to_owned());
        value_names(argument).help(short).long_help(long)
    });
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    for name in names {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(&name, |inner| translated(inner, &path, texts));
    }
    command
}

/// The words that stand for values: in English, in Indonesian.
const VALUE_NAMES: &[(&str, &str)] = &[
    ("FILE", "BERKAS"),
    ("DIR", "DIREKTORI"),
    ("DIRECTORY", "DIREKTORI"),
    ("PATH", "JALUR"),
    ("DATE", "TANGGAL"),
    ("SECONDS", "DETIK"),
    ("TIME", "WAKTU"),
    ("SIZE", "UKURAN"),
    ("CODE", "KODE"),
    ("TEXT", "TEKS"),
    ("NAME", "NAMA"),
    ("VIEW", "TAMPILAN"),
    ("COLUMN", "KOLOM"),
    ("FORMAT", "BENTUK"),
    ("LANGUAGE", "BAHASA"),
    ("BY=VALUE", "RINCIAN=NILAI"),
    ("PROGRAM", "PROGRAM"),
    ("ID", "ID"),
    ("ORIGIN", "ASAL"),
    ("URN", "URN"),
    ("TYPE", "JENIS"),
    ("SHA256", "SHA256"),
    ("SUBJECT", "ALIRAN"),
    ("KIND", "JENIS"),
    ("N", "N"),
    ("THEME", "TEMA"),
    ("SCALE", "SKALA"),
    ("SOURCE", "SUMBER"),
    ("PERCENT", "PERSEN"),
    ("FIELD", "BIDANG"),
    ("VKEY", "VKEY"),
    ("INDEX", "INDEKS"),
    ("PURPOSE", "GUNA"),
    ("OLD", "LAMA"),
    ("NEW", "BARU"),
    ("PERIOD", "MASA"),
    ("AREA", "WILAYAH"),
    ("TIME|SIZE", "WAKTU|UKURAN"),
    ("month|quarter|year", "month|quarter|year"),
    ("program|ikm", "program|ikm"),
    ("VKEY|FILE", "VKEY|BERKAS"),
    ("FILE|-", "BERKAS|-"),
    ("FILE|claim/<uuid>", "BERKAS|claim/<uuid>"),
];

fn value_names(argument: Arg) -> Arg {
    if !argument.get_action().takes_values() {
        return argument;
    }
    let name = match argument.get_value_names() {
        Some([name]) => name.to_string(),
        // None of ours takes several under names of their own.
        Some(_) => return argument,
        None => argument.get_id().as_str().to_uppercase(),
    };
    match VALUE_NAMES.iter().find(|(en, _)| *en == name) {
        Some((_, id)) => argument.value_name(*id),
        None => argument,
    }
}

/// What help says of values that an argument takes: in English, in Indonesian.
fn values_said(command: &Command, path: &str, texts: &Texts) -> Vec<(String, String)> {
    let mut said = Vec::new();
    for argument in command.get_arguments().filter(|argument| argument.get_action().takes_values()) {
        for value in argument.get_possible_values() {
            let key = format!("{}={}", argument.get_id(), value.get_name());
            if let Some((en, id)) = value.get_help().zip(texts.of(path, &key)) {
                said.push((en.to_string(), id.trim_end_matches('.').to_owned()));
            }
        }
    }
    for inner in command.get_subcommands() {
        said.extend(values_said(inner, &format!("{path} {}", inner.get_name()), texts));
    }
    said
}

/// Has each argument say its variable, default and choices as part of its own text. What clap would add it says in
/// English, and breaks into lines before anybody can say it otherwise.
fn telling_values(command: Command, path: &str, texts: &Texts) -> Command {
    let mut command = command.mut_args(|argument| {
        if !argument.get_action().takes_values() {
            return argument;
        }
        let mut notes = Vec::new();
        notes.extend(argument.get_env().map(|name| format!("[variabel: {}]", name.to_string_lossy())));
        let defaults: Vec<_> =
            argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if !defaults.is_empty() {
            notes.push(format!("[bawaan: {}]", defaults.join(" ")));
        }
        let values = argument.get_possible_values();
        let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        let choice = (!names.is_empty()).then(|| format!("[pilihan: {}]", names.join(", ")));
        let described = |value: &clap::builder::PossibleValue| {
            let said = texts.of(path, &format!("{}={}", argument.get_id(), value.get_name()))?;
            Some(format!("- {}: {}", value.get_name(), said.trim_end_matches('.')))
        };
        let described: Vec<String> = values.iter().filter_map(described).collect();
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let long = argument.get_long_help().map_or_else(|| help.clone(), ToString::to_string);
        let brief = [vec![help], notes.clone(), choice.clone().into_iter().collect()].concat().join(" ");
        let mut long = vec![long];
        if described.is_empty() {
            notes.extend(choice);
        } else {
            long.push(format!("Pilihan:\n{}", described.join("\n")));
        }
        if !notes.is_empty() {
            long.push(notes.join("\n"));
        }
        let argument = argument.hide_env(true).hide_default_value(true).hide_possible_values(true);
        argument.help(brief).long_help(long.join("\n\n"))
    });
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    for name in names {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(&name, |inner| telling_values(inner, &path, texts));
    }
    command
}

/// What clap says in every help, in this order: longer ones first.
const CLAP_WORDS: &[(&str, &str)] = &[
    (
        "Print this message or the help of the given subcommand(s)",
        "Tampilkan bantuan ini atau bantuan perintah yang disebut",
    ),
    ("Print help (see a summary with '-h')", "Tampilkan bantuan (ringkasnya dengan '-h')"),
    ("Print help (see more with '--help')", "Tampilkan bantuan (lengkapnya dengan '--help')"),
    ("Print help", "Tampilkan bantuan"),
    ("Print version", "Tampilkan versi"),
    ("[OPTIONS]", "[OPSI]"),
    ("[COMMAND]", "[PERINTAH]"),
    ("<COMMAND>", "<PERINTAH>"),
];

/// Headings of a help, each alone on its line.
const HEADINGS: &[(&str, &str)] = &[
    ("Commands:", "Perintah:"),
    ("Arguments:", "Argumen:"),
    ("Options:", "Opsi:"),
    ("Global options:", "Opsi umum:"),
];

/// Help as clap laid it out, with clap's own words in the language.
fn in_language(help: &str, language: Language) -> String {
    // clap sets in what is empty, too.
    let help: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    if language == Language::En {
        return help;
    }
    let mut said = String::new();
    for line in help.split_inclusive('\n') {
        let heading = HEADINGS.iter().find(|(en, _)| *en == line.trim_end());
        match (heading, line.strip_prefix("Usage:")) {
            (Some((_, id)), _) => said.push_str(&format!("{id}\n")),
            (None, Some(usage)) => said.push_str(&format!("Pemakaian:{usage}")),
            (None, None) => said.push_str(line),
        }
    }
    CLAP_WORDS.iter().fold(said, |said, (en, id)| said.replace(en, id))
}

/// A manual in which what is said of possible values, each on a line, is Indonesian.
#[must_use]
pub fn with_values_in_indonesian(help: &str) -> String {
    let values = values_said(&Arguments::command(), "jejak", &Texts::read());
    let in_line = |line: &str| {
        let is_value = line.trim_start().starts_with("- ");
        let said = values.iter().find(|(en, _)| is_value && line.trim_end().ends_with(en.as_str()));
        said.map_or_else(|| line.to_owned(), |(en, id)| line.replace(en, id))
    };
    help.split_inclusive('\n').map(in_line).collect()
}

/// Where one language says of a command or an argument less than the other: another number of paragraphs, or an option
/// or a form of JSON that the other names and this one does not. Each in a line.
#[must_use]
pub fn uneven() -> Vec<String> {
    fn named(text: &str, language: Language) -> (usize, BTreeSet<&str>, BTreeSet<&str>) {
        let is_option = |word: &&str| word.starts_with("--") && word.len() > 2;
        let words = text.split(|char: char| !(char.is_ascii_alphanumeric() || "-_".contains(char)));
        let spans = text.split('`').skip(1).step_by(2).filter(|span| span.starts_with(['{', '[', '"']));
        // Written out in the other's own word.
        let default = match language {
            Language::Id => "[bawaan: ",
            Language::En => "[default: ",
        };
        let notes = text.matches(default).count();
        let paragraphs = text.split("\n\n").filter(|one| !one.trim().is_empty()).count();
        (paragraphs + 100 * notes, words.filter(is_option).collect(), spans.collect())
    }
    fn walk(en: &Command, id: &Command, path: &str, found: &mut Vec<String>) {
        let about = |command: &Command| {
            let about = command.get_long_about().or_else(|| command.get_about());
            about.map(ToString::to_string).unwrap_or_default()
        };
        let mut hold = |place: &str, en: &str, id: &str| {
            if named(en, Language::En) != named(id, Language::Id) {
                found.push(format!("# {path} @ {place}\n  {en}\n  {id}"));
            }
        };
        hold("", &about(en), &about(id));
        for (en, id) in en.get_arguments().zip(id.get_arguments()) {
            let help = |argument: &Arg| {
                let help = argument.get_long_help().or_else(|| argument.get_help());
                help.map(ToString::to_string).unwrap_or_default()
            };
            hold(en.get_id().as_str(), &help(en), &help(id));
        }
        for (en, id) in en.get_subcommands().zip(id.get_subcommands()) {
            walk(en, id, &format!("{path} {}", en.get_name()), found);
        }
    }
    let mut found = Vec::new();
    walk(
        &Arguments::command(),
        &translated(Arguments::command(), "jejak", &Texts::read()),
        "jejak",
        &mut found,
    );
    found
}

/// What `id.txt` lacks and what is left over in it, each in a line.
#[must_use]
pub fn untold() -> Vec<String> {
    fn walk(
        command: &Command,
        path: &str,
        texts: &Texts,
        used: &mut BTreeSet<(String, String)>,
        found: &mut Vec<String>,
    ) {
        let mut need = |argument: &str| match texts.of(path, argument) {
            Some(_) => {
                let own = texts.0.contains_key(&(path, argument));
                used.insert((if own { path } else { "*" }.to_owned(), argument.to_owned()));
            }
            None => found.push(format!("# {path} @ {argument}: no Indonesian text")),
        };
        let mut unnamed = Vec::new();
        need("");
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            need(id);
            if let Some([name]) = argument.get_value_names()
                && argument.get_action().takes_values()
                && !VALUE_NAMES.iter().any(|(en, _)| *en == name.as_str())
            {
                unnamed.push(format!("# {path} @ {id}: VALUE_NAMES has no {name}"));
            }
            if argument.get_action().takes_values() {
                for value in argument.get_possible_values().iter().filter(|value| value.get_help().is_some())
                {
                    need(&format!("{id}={}", value.get_name()));
                }
            }
        }
        found.append(&mut unnamed);
        for inner in command.get_subcommands() {
            walk(inner, &format!("{path} {}", inner.get_name()), texts, used, found);
        }
    }
    let texts = Texts::read();
    let (mut used, mut found) = (BTreeSet::new(), Vec::new());
    walk(&Arguments::command(), "jejak", &texts, &mut used, &mut found);
    let left =
        texts.0.keys().filter(|(path, name)| !used.contains(&((*path).to_owned(), (*name).to_owned())));
    found.extend(left.map(|(path, name)| format!("# {path} @ {name}: nothing has this name")));
    found
}
