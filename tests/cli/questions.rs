//! Forty questions of a programme manager, each with the commands that answer it and the answer on the worked example:
//! `docs/questions.md` and `docs/questions.id.md`, from `tests/data/questions.json`. `JEJAK_BLESS=1` writes them anew:
//!
//! ```sh
//! JEJAK_BLESS=1 cargo test --test all questions
//! ```

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use jejak::words::language::{Language, breakdown};
use jejak_projections::views::view;
use serde::Deserialize;

use super::every::Example;
use super::snapshots::door::{self, Form};
use super::{copy_directory, in_repository};

/// How many there are.
const QUESTIONS: u32 = 40;

/// Columns of the answers.
const COLUMNS: usize = 120;

/// The same in both languages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Both {
    id: String,
    en: String,
}

impl Both {
    fn of(&self, language: Language) -> &str {
        language.pick(&self.id, &self.en)
    }
}

/// One command.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Behind `jejak`. A `*` in the name of a file stands for all that fit, as in a shell.
    words: Vec<String>,
    /// What of the answer is shown; all of it where nothing is said: `figures`, `area`, `list`, `attested`, or the name
    /// of a breakdown.
    #[serde(default)]
    shown: Vec<String>,
}

/// A question of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    number: u32,
    id: String,
    en: String,
    /// How the answer is read, where that is not plain.
    #[serde(default)]
    read: Option<Both>,
    asked: Vec<Asked>,
}

fn questions() -> Vec<Question> {
    let text = std::fs::read_to_string(in_repository("tests/data/questions.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The words of a command with the files that a `*` stands for, below `here`.
fn with_files(words: &[String], here: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for word in words {
        let Some((before, after)) = word.split_once('*') else {
            all.push(word.clone());
            continue;
        };
        let (folder, start) = before.rsplit_once('/').unwrap();
        let files = std::fs::read_dir(here.join(folder)).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let fitting: BTreeSet<String> =
            names.filter(|name| name.starts_with(start) && name.ends_with(after)).collect();
        all.extend(fitting.iter().map(|name| format!("{folder}/{name}")));
    }
    all
}

/// A command as one types it.
fn typed(words: &[String]) -> String {
    let quoted = |word: &String| if word.contains(' ') { format!("\"{word}\"") } else { word.clone() };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// What stands on a page: a table, or lines that belong together.
struct Part {
    text: String,
    is_table: bool,
}

fn is_rule(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|char| char == '─')
}

/// The parts of a page. A table reaches from the lines over its first rule to its last one; one that is told in blocks
/// begins with its rule.
fn parts(page: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut in_table = false;
    let mut end = |lines: &mut Vec<&str>, is_table: bool| {
        if !lines.is_empty() {
            parts.push(Part { text: lines.join("\n"), is_table });
        }
        lines.clear();
    };
    for line in page.lines() {
        if is_rule(line) {
            lines.push(line);
            if in_table {
                end(&mut lines, true);
            }
            in_table = !in_table;
        } else if line.is_empty() && !in_table {
            end(&mut lines, false);
        } else {
            lines.push(line);
        }
    }
    end(&mut lines, false);
    parts
}

/// The labels under an answer that say the same under each: its day, how much of the log it knows, the definition.
const SAID_ONCE: [&str; 12] = [
    "as of ",
    "as known at ",
    "definition ",
    "digest ",
    "period ",
    "root ",
    "akar ",
    "definisi ",
    "diketahui ",
    "masa ",
    "per tanggal ",
    "sidik jari ",
];

/// Without the labels of [`SAID_ONCE`], each with the lines that it goes on in.
fn without_what_is_said_once(lines: &str) -> String {
    let mut said = false;
    let kept = lines.lines().filter(|line| {
        if !line.starts_with(' ') {
            said = SAID_ONCE.iter().any(|label| line.starts_with(label));
        }
        !said
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// Whether a table is that of the areas, of the list, or of a breakdown: by what its first column is called.
fn is_called(table: &str, name: &str, language: Language) -> bool {
    let called = match name {
        "area" => language.pick("wilayah", "area"),
        "list" => language.pick("siapa", "who"),
        "attested" => language.pick("angka", "figure"),
        by => breakdown(by, language),
    };
    // In blocks it stands in the first line, else in the lines over the rule, broken where it is long.
    let in_blocks = table.lines().next().is_some_and(is_rule);
    let over: Vec<&str> = match in_blocks {
        true => table.lines().skip(1).take(1).collect(),
        false => table.lines().take_while(|line| !is_rule(line)).collect(),
    };
    if name == "attested" {
        // What they are is said straight above them.
        return over.iter().any(|line| line.starts_with(&format!(" {called}  ")));
    }
    let first_cell = |line: &&str| line.strip_prefix(' ')?.split("  ").next().map(str::to_owned);
    let words: Vec<String> = over.iter().filter_map(first_cell).filter(|cell| !cell.is_empty()).collect();
    words.join(" ") == called
}

/// What is shown of an answer: neither that the registry is synthetic nor what stands under each, and of the rest what is
/// asked for.
fn shown(answer: &str, shown: &[String], language: Language) -> String {
    let synthetic = language.pick("SINTETIS:", "SYNTHETIC:");
    let answer: Vec<&str> = answer.lines().filter(|line| !line.starts_with(synthetic)).collect();
    let wants = |name: &str| shown.is_empty() || shown.iter().any(|wanted| wanted == name);
    let nobody = language.pick("tidak ada siapa pun di balik", "nobody is behind");
    let series = language.pick("deret ", "series ");
    let mut kept = Vec::new();
    for (place, part) in parts(&answer.join("\n")).into_iter().enumerate() {
        let text = if part.is_table { part.text } else { without_what_is_said_once(&part.text) };
        let is_wanted = match part.is_table {
            true => shown.is_empty() || shown.iter().any(|name| is_called(&text, name, language)),
            // The title, and below it the figures.
            false if place == 0 => true,
            false if place == 1 => wants("figures"),
            false if text.starts_with(nobody) => wants("list"),
            false => shown.is_empty() || text.starts_with(series),
        };
        if is_wanted && !text.is_empty() {
            kept.push(text);
        }
    }
    kept.join("\n\n")
}

/// What stands over the questions.
fn beginning(language: Language) -> &'static str {
    language.pick(
        "# Empat puluh pertanyaan\n\n\
         Pertanyaan seorang pengelola program, masing-masing dengan perintah yang menjawabnya dan jawabannya pada\n\
         contoh lengkap. Halaman ini dibuat oleh `tests/cli/questions.rs` dari `tests/data/questions.json`.\n\n\
         ```sh\n\
         jejak demo --dir contoh\n\
         export JEJAK_DIR=contoh\n\
         ```\n\n\
         Data contoh ini buatan (sintetis); tiap jawaban menyebutnya di baris pertama. Di bawah angkanya tiap jawaban\n\
         juga menyebut harinya, berapa peristiwa yang diketahui dan akar log di sana, definisi tampilannya, dan sidik\n\
         jarinya. Semua itu, dan tabel yang tidak menjawab pertanyaannya, tidak diulang di sini; definisinya ada di\n\
         `docs/domain.md`. Nama dan telepon tersegel: siapa melihatnya (`--actor`) lebih dulu dicatat. Dengan\n\
         `--format csv` setiap tabel menjadi lembar kerja.\n",
        "# Forty questions\n\n\
         Asked by a programme manager, each with the command that answers it and the answer on the worked example. This\n\
         page is made by `tests/cli/questions.rs` from `tests/data/questions.json`.\n\n\
         ```sh\n\
         jejak demo --dir example\n\
         export JEJAK_DIR=example JEJAK_LANG=en\n\
         ```\n\n\
         The data of the example are made up (synthetic), which each answer says in its first line. Below its figures\n\
         each answer also says the day that it is for, how many events it knows and the root of the log there, the\n\
         definition of its view, and its digest. These, and tables that do not answer the question, are not repeated\n\
         here; the definitions stand in `docs/domain.md`. Names and phone numbers are sealed: who looks at them\n\
         (`--actor`) is noted first. With `--format csv` each table is a spreadsheet.\n",
    )
}

/// The page in one language, asked of the worked example in `here`.
fn page(here: &Path, questions: &[Question], language: Language) -> String {
    let form = Form { language: language.pick("id", "en"), columns: COLUMNS };
    let mut page = beginning(language).to_owned();
    for question in questions {
        let asked = language.pick(&question.id, &question.en);
        let _ = writeln!(page, "\n## {}. {asked}\n", question.number);
        if let Some(read) = &question.read {
            let _ = writeln!(page, "{}\n", read.of(language));
        }
        for (place, command) in question.asked.iter().enumerate() {
            let words = with_files(&command.words, here);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let ran = door::answer(here, &words, form);
            // A verdict that is not good news is told by the exit code.
            let is_answer = ran.code == 0 || (words.starts_with(&["claim", "check"]) && ran.code == 1);
            assert!(is_answer && ran.err.is_empty(), "{words:?}: {} {}{}", ran.code, ran.out, ran.err);
            let answer = shown(&ran.out, &command.shown, language);
            let gap = if place > 0 { "\n" } else { "" };
            let _ = writeln!(page, "{gap}```console\n$ jejak {}\n{answer}\n```", typed(&command.words));
        }
    }
    page
}

#[test]
fn every_question_has_an_answer() {
    let questions = questions();
    let answered: BTreeSet<u32> = questions.iter().map(|question| question.number).collect();
    let expected: BTreeSet<u32> = (1..=QUESTIONS).collect();
    assert_eq!(answered, expected);
    assert!(questions.is_sorted_by(|one, next| one.number < next.number), "in their order, each once");
    for question in &questions {
        let commands = question.asked.len();
        assert!((1..=3).contains(&commands), "{}: {commands} commands", question.number);
        for Asked { words, shown } in &question.asked {
            let of_view = words.first().filter(|word| *word == "view").map(|_| view(&words[1]).unwrap());
            let breakdowns = of_view.map_or(&[][..], |view| view.breakdowns);
            let is_known = |name: &String| {
                of_view.is_some() && ["figures", "area", "list", "attested"].contains(&name.as_str())
                    || breakdowns.contains(&name.as_str())
            };
            assert!(shown.iter().all(is_known), "{}: {shown:?}", question.number);
        }
    }
    let example = Example::new();
    copy_directory(&in_repository("tests/data/claims"), &example.path().join("claims"));
    let folder = example.path().join("tests/data");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::rename(example.path().join("claims"), folder.join("claims")).unwrap();
    let copy = example.copied();
    let pages = std::thread::scope(|scope| {
        let questions = &questions;
        let asked = [(example.path(), Language::En), (copy.path(), Language::Id)]
            .map(|(here, language)| scope.spawn(move || page(here, questions, language)));
        asked.map(|page| page.join().unwrap())
    });
    for (page, path) in pages.iter().zip(["docs/questions.md", "docs/questions.id.md"]) {
        let file = in_repository(path);
        if std::env::var_os("JEJAK_BLESS").is_some() {
            std::fs::write(&file, page).unwrap();
        }
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        let different = written.lines().zip(page.lines()).find(|(written, page)| written != page);
        assert!(
            written == *page,
            "{path} is out of step; read it, then JEJAK_BLESS=1 cargo test --test all questions\n{different:?}"
        );
    }
}

#[test]
fn what_does_not_answer_is_left_out() {
    let page = "SYNTHETIC: made up\nTitle\n\n  7  IKM certified\n\nas of        1 Jan 2026\ndefinition   certified\n             \
                and more\nfilters      area 33\n\n area  IKM\n───\n 33  7\n───\n\n───\n who    ikm/1\n events 2\n\n who    \
                ikm/2\n───\n\nresting also on events 1\n";
    let of = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        shown(page, &names, Language::En)
    };
    assert_eq!(of(&["figures"]), "Title\n\n  7  IKM certified");
    assert_eq!(of(&["area"]), "Title\n\n area  IKM\n───\n 33  7\n───");
    assert_eq!(of(&["list"]), "Title\n\n───\n who    ikm/1\n events 2\n\n who    ikm/2\n───");
    let all = of(&[]);
    assert!(all.contains("filters") && all.contains("resting") && !all.contains("definition"), "{all}");
    assert_eq!(typed(&["show".to_owned(), "batik dasar".to_owned()]), "show \"batik dasar\"");
}
