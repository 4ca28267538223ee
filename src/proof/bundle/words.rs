//! What a bundle says to people, in both languages.

use jejak_events::excerpt::quoted;
use jejak_events::identity::Subject;
use jejak_events::translation::told;
use jejak_events::tree::Hash;
use jejak_projections::answer::Figure;
use jejak_projections::claims::newer_words;
use jejak_projections::question::OnlyRow;
use serde_json::Value;

use super::archive::ArchiveMember;
use super::asked::{AnswerExtras, Asked, BundleAnswer as Answered};
use super::statement::Stated;
use super::verify::{Signed, VerifiedBundle};
use super::{Problem, released};
use crate::proof::replay::entries::AttestedCount;
use crate::words::event_words::{
    code_words, day_in_both, fields_words, number_in_both, scale_words, value_words, with_days_in_words,
};
use crate::words::figures::{counts, figure_value};
use crate::words::language::{Language, breakdown};
use crate::words::rows::row_words;

/// What is asked, in a line.
pub fn asked(asked: &Asked) -> Problem {
    match asked {
        Asked::Claim { claim, judging, stream, .. } => {
            let (said, publisher) = (&claim.claim, &claim.publisher);
            let [known_id, known_en] = grouped(judging.as_known);
            let day = asked.day().unwrap_or(judging.today);
            let own = claim.due.or(claim.as_of).or(claim.published_on);
            let own = own.filter(|own| *own != day).map(day_in_both);
            let [other_id, other_en] = own.map_or_else(Default::default, |own| {
                [
                    format!(", bukan hari klaim itu sendiri, {}", own.id),
                    format!(", not the claim's own day, {}", own.en),
                ]
            });
            let Problem { id: day_id, en: day_en } = day_in_both(day);
            let recorded = stream.map(Subject::Claim);
            let [id, en] = ["tercatat sebagai", "recorded as"]
                .map(|words| recorded.map(|stream| format!(", {words} {stream}")).unwrap_or_default());
            Problem::new(
                format!(
                    "klaim {publisher}{id}: {said} (dinilai per {day_id}{other_id}, dari {known_id} peristiwa)"
                ),
                format!(
                    "claim of {publisher}{en}: {said} (judged for {day_en}{other_en}, from {known_en} events)"
                ),
            )
        }
        Asked::View { view, question } => {
            let asked = serde_json::to_value(question).unwrap_or_default();
            let asked: Vec<[String; 2]> = asked
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| {
                    if let Some(only) = question.only.as_ref().filter(|_| name == "only") {
                        return row_asked(only);
                    }
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    asked_words(name, &value)
                })
                .collect();
            let [id, en] = [0, 1].map(|language| {
                asked.iter().map(|one| one[language].as_str()).collect::<Vec<_>>().join(", ")
            });
            let (name, version) = (view.name, view.version);
            Problem::new(
                format!("{} ({name} v{version}; {id})", view.title.id),
                format!("{} ({name} v{version}; {en})", view.title.en),
            )
        }
        Asked::Release { index, as_known } => released::asked(*index, *as_known),
    }
}

/// The row that a question is narrowed to, in both languages. Titles are not at hand; what is no code stands between
/// quotation marks, for there may be no such row, and then it is whatever the maker of the bundle wrote.
fn row_asked(only: &OnlyRow) -> [String; 2] {
    let [id, en] = [Language::Id, Language::En].map(|language| {
        let is_code =
            |key: &&str| key.chars().all(|char| char.is_ascii_alphanumeric() || "_-./:".contains(char));
        let value = match only.key.as_deref().filter(|key| !is_code(key)) {
            Some(text) => quoted(text).to_string(),
            None => row_words(&only.by, only.key.as_deref(), language),
        };
        format!("{} {value}", breakdown(&only.by, language))
    });
    [format!("hanya baris {id}"), format!("only the row {en}")]
}

/// One part of a question to a view, in both languages.
fn asked_words(name: &str, value: &str) -> [String; 2] {
    let (id, en) = match name {
        "area" => ("wilayah", "area"),
        "area_of" => return ["menurut wilayah IKM".to_owned(), "by the area of the IKM".to_owned()],
        "as_known" => {
            let events = if value == "1" { "event" } else { "events" };
            let [id, en] = value.parse().map_or_else(|_| [value, value].map(str::to_owned), grouped);
            return [format!("diketahui {id} peristiwa"), format!("as known at {en} {events}")];
        }
        "from" => ("sejak", "from"),
        "funding" => ("sumber dana", "money of"),
        "on" => ("per", "for"),
        "program" => ("program", "programme"),
        "scale" => ("skala", "size class"),
        "theme" => ("tema", "theme"),
        other => (other, other),
    };
    let said = |words: &str, language| {
        let value = match name {
            "funding" | "theme" => code_words(value, language),
            "scale" => scale_words(value, language),
            _ => value_words(value, language),
        };
        format!("{words} {value}")
    };
    [said(id, Language::Id), said(en, Language::En)]
}

/// A number with its thousands apart, as Indonesian and as English writes them.
pub fn grouped(number: u64) -> [String; 2] {
    let Problem { id, en } = number_in_both(number);
    [id, en]
}

/// The verdict. Where the key came with the file, the verdict rests on that, and says so.
pub fn verdict(verified: bool, signed: Option<&Signed>) -> Problem {
    match (verified, signed) {
        (false, _) => Problem::new("TIDAK TERVERIFIKASI", "NOT VERIFIED"),
        (true, Some(signed)) if !signed.from_reader => Problem::new(
            "TERVERIFIKASI, bila kunci pada peristiwa 0 memang kunci log itu",
            "VERIFIED, if event 0's key is the log's",
        ),
        (true, _) => Problem::new("TERVERIFIKASI", "VERIFIED"),
    }
}

/// The answer, in a line.
pub fn answer(told: &Answered) -> Problem {
    match told {
        Answered::Claim(judged) => {
            let report = &judged.report;
            let words = report.verdict_words();
            let none = || ["-", "-"].map(str::to_owned);
            let [reported_id, reported_en] = report.reported_words(&judged.claim).unwrap_or_else(none);
            let [counted_id, counted_en] = report.counted.map_or_else(none, |value| report.amount(value));
            Problem::new(
                format!("{}; dilaporkan {reported_id}, terhitung {counted_id}", words.id),
                format!("{}; reported {reported_en}, counted {counted_en}", words.en),
            )
        }
        Answered::View(answer) => {
            let said =
                |of: &dyn Fn(&Figure) -> String| answer.figures.iter().map(of).collect::<Vec<_>>().join(", ");
            // Values and words as its page has them; the name behind them is what one asks with.
            let told = |language| {
                said(&move |one| {
                    let value = figure_value(one, language);
                    format!("{value} {} ({})", counts(one, language), one.name)
                })
            };
            let [id, en] = [told(Language::Id), told(Language::En)];
            Problem::new(
                format!("{id}; sidik jari {}", answer.digest),
                format!("{en}; digest {}", answer.digest),
            )
        }
        Answered::Release(released) => released::summary(released),
    }
}

/// What was counted, and whose words are not: for a claim in full, for a view the first that its definition says.
pub fn counted(told: &Answered, newer_version: Option<u32>) -> Problem {
    match told {
        Answered::Claim(judged) => with_days_in_words(&judged.report.counted_words(newer_version)),
        Answered::View(answer) => {
            let [newer_id, newer_en] = newer_version.map_or_else(Default::default, newer_words);
            let (name, version) = (answer.view, answer.version);
            let first = |text: &'static str| text.split_inclusive(". ").next().unwrap_or(text).trim_end();
            let (id, en) = (first(answer.definition.id), first(answer.definition.en));
            Problem::new(
                format!("{} ({name} v{version}): {id}{newer_id}", answer.title.id),
                format!("{} ({name} v{version}): {en}{newer_en}", answer.title.en),
            )
        }
        Answered::Release(_) => released::words(),
    }
}

/// How much was known on the day of the claim, how much was recorded after it, and since when nothing is recorded.
pub fn known_then(told: &Answered) -> Option<Problem> {
    match told {
        Answered::Claim(judged) => {
            let (known, silent) = (judged.report.known_words(), judged.report.silent_words());
            let said = [known, silent].into_iter().flatten().reduce(|known, silent| {
                Problem::new(format!("{}; {}", known.id, silent.id), format!("{}; {}", known.en, silent.en))
            });
            said.as_ref().map(with_days_in_words)
        }
        Answered::View(_) | Answered::Release(_) => None,
    }
}

/// Whether who and what is behind the answer is in the bundle.
pub fn listed(list: bool, told: &Answered) -> Problem {
    if matches!(told, Answered::Release(_)) {
        return released::list();
    }
    if list {
        return Problem::new(
            "answer.json menyebut siapa dan peristiwa mana di balik jawaban",
            "answer.json names who and which events are behind the answer",
        );
    }
    let limit = ArchiveMember::Answer.limit_bytes() >> 20;
    Problem::new(
        format!(
            "siapa dan peristiwa mana di balik jawaban TIDAK disebut di dalamnya: daftar yang lebih dari {limit} MiB tidak disertakan. Jumlah dan sidik jarinya tetap terbukti; persempit pertanyaannya untuk mendapat daftarnya"
        ),
        format!(
            "who and which events are behind the answer is NOT told in it: a list beyond {limit} MiB is left out. Figures and their digest are proven all the same; ask more narrowly to get the list"
        ),
    )
}

/// What is proven of sealed values.
fn proven_sealed(said: &VerifiedBundle) -> Vec<Problem> {
    let mut proven = Vec::new();
    let values: usize = said.disclosed.iter().map(|event| event.values.len()).sum();
    if values > 0 || said.erased > 0 {
        let events = said.disclosed.len();
        let (counts, erased) = ([values, events].map(|count| grouped(count as u64)), grouped(said.erased));
        let [gone_id, gone_en] = match said.erased {
            0 => ["", ""].map(str::to_owned),
            _ => [
                format!("; {} nilai lagi sudah dihapus menurut log, dan kuncinya dimusnahkan", erased[0]),
                format!("; {} more were erased by what the log says, and their keys destroyed", erased[1]),
            ],
        };
        proven.push(Problem::new(
            format!("{} nilai tersegel dari {} peristiwa yang dibuka di sini memang yang disegel saat peristiwanya dicatat. Dari kolom yang diminta tidak ada yang disembunyikan{gone_id}.", counts[0][0], counts[1][0]),
            format!(
                "The {disclosed}. Of the fields asked for none is kept back{gone_en}.",
                disclosed = match (values, events) {
                    (1, _) => "1 sealed value that is disclosed here is the one that was sealed when its event was recorded".to_owned(),
                    (_, 1) => format!("{} sealed values of 1 event that are disclosed here are those that were sealed when the event was recorded", counts[0][1]),
                    _ => format!("{} sealed values of {} events that are disclosed here are those that were sealed when the events were recorded", counts[0][1], counts[1][1]),
                }
            ),
        ));
    }
    if let Some(Stated { auditor, size, on, views }) = said.audited.as_ref().filter(|stated| stated.views > 0)
    {
        let (on, [size, views]) = (day_in_both(*on), [*size, *views].map(grouped));
        proven.push(Problem::new(
            format!("{auditor} menandatangani bahwa ia memutar ulang {} peristiwa yang sama dan menghitung {} tampilan per {} dengan hasil yang sama.", size[0], views[0], on.id),
            format!("{auditor} signed that it replayed the same {} events and counted {} views for {} to the same answers.", size[1], views[1], on.en),
        ));
    }
    proven
}

/// What is proven.
pub fn proven(said: &VerifiedBundle, size: u64) -> Vec<Problem> {
    let known = said.known.size;
    let ([known_id, known_en], [size_id, size_en]) = (grouped(known), grouped(size));
    let answer = match said.release {
        Some(_) => released::proven(known),
        None => Problem::new(
            format!(
                "Jawaban ini benar dan lengkap menurut log: dihitung ulang dari semua {known_id} peristiwa pertamanya, tidak ada yang diubah, dihilangkan, disisipkan, atau ditukar."
            ),
            format!(
                "The answer is right and complete by the log: it was counted again from all of its first {known_en} events, none changed, dropped, inserted or reordered."
            ),
        ),
    };
    let mut proven = vec![
        answer,
        Problem::new(
            format!(
                "Setiap dari {size_id} peristiwa berada pada tempatnya, berbentuk benar, dan boleh dicatat menurut aturan yang bertumpu pada kolom terbuka."
            ),
            format!(
                "Each of the {size_en} events is in its place, in form, and was allowed by the rules that rest on open fields."
            ),
        ),
    ];
    if known < size {
        let [later_id, later_en] = grouped(size - known);
        proven.push(Problem::new(
            format!("Ditanya sebagaimana diketahui pada {known_id} peristiwa; {later_id} peristiwa sesudahnya ada di berkas ini dan tidak dihitung."),
            format!("It was asked as known at {known_en} events; {later_en} later ones are in this bundle and do not count."),
        ));
    }
    proven.extend(proven_sealed(said));
    proven
}

/// What is not proven.
pub fn not_proven(said: &VerifiedBundle, size: u64, attested: &AttestedCount) -> Vec<Problem> {
    let [opened_id, opened_en] = match said.disclosed.is_empty() {
        true => [": tidak ada di sini", ": they are not in here"],
        false => [
            ": yang dibuka di sini benar menurut pencatatnya saja, yang lain tidak ada di sini",
            ": those disclosed here are true on the word of whoever recorded them, the others are not in here",
        ],
    };
    let [size_id, size_en] = grouped(size);
    let count = |language: usize| {
        let AttestedCount { sealed, certificate_numbers, scales, evidence, erasures, .. } = *attested;
        [sealed, certificate_numbers, scales, evidence, erasures]
            .map(|count| grouped(count)[language].clone())
    };
    let (id, en) = (count(0), count(1));
    let mut limits = vec![
        Problem::new(
            "Apakah yang dicatat memang terjadi, dan apakah yang terjadi semuanya dicatat: berkas ini tidak dapat mengetahuinya.",
            "Whether what was recorded did happen, and whether all that happened was recorded: no bundle can know.",
        ),
        Problem::new(
            format!(
                "Apa yang dicatat sesudah {size_id} peristiwa ini, juga koreksi dan penarikan yang kemudian."
            ),
            format!(
                "What was recorded after these {size_en} events, later corrections and retractions among it."
            ),
        ),
        Problem::new(
            format!(
                "Nilai tersegel pada {} peristiwa (nama, nomor, rupiah, pekerja){opened_id}. Dinyatakan penanda tangan dan tidak dibuktikan: nomor sertifikat tidak kembar ({}), skala sesuai pekerja ({}), dokumen bukti ada ({}), dan kunci dimusnahkan ({}).",
                id[0], id[1], id[2], id[3], id[4]
            ),
            format!(
                "Sealed values of {} events (names, numbers, rupiah, workers){opened_en}. That certificate numbers are unique ({}), scales follow from workers ({}), files of evidence are there ({}) and keys were destroyed ({}) is attested by whoever signed, not proven.",
                en[0], en[1], en[2], en[3], en[4]
            ),
        ),
    ];
    if attested.released_sums > 0 {
        let [sums_id, sums_en] = grouped(attested.released_sums);
        limits.push(Problem::new(
            format!("Bahwa {sums_id} jumlah yang dirilis di dalam log ini sesuai angka tersegelnya: itu dinyatakan registri. Banyaknya IKM dan laporan di baliknya dihitung ulang."),
            format!("That the {sums_en} sums which releases in this log tell are those of the sealed figures: the registry attests it. How many IKMs and reports stand behind them was counted again."),
        ));
    }
    if !said.disclosed.is_empty() {
        limits.push(Problem::new(
            "Bahwa tiap kolom hanya disegel dengan satu nilai: itu hanya tampak bila semua kolom satu kelompok (pribadi atau rahasia) dari peristiwanya dibuka.",
            "That only one value was sealed for each field: that shows only where all fields of a group (personal or confidential) of an event are disclosed.",
        ));
    }
    if said.synthetic {
        limits.push(Problem::new(
            "Registri ini berisi data buatan (sintetis): jawabannya bukan tentang dunia nyata.",
            "This registry holds made-up (synthetic) data: the answer is not about the real world.",
        ));
    }
    limits
}

/// Who must be trusted for what.
pub fn trusted(signed: &Signed, said: &VerifiedBundle) -> Vec<Problem> {
    let origin = &said.origin;
    let mut trusted = vec![Problem::new(
        format!("{origin}: bahwa yang dicatatnya benar."),
        format!("{origin}: that what it recorded is true."),
    )];
    if !signed.from_reader {
        trusted.push(Problem::new(
            format!("Pemberi berkas ini: bahwa {} memang kunci {origin}. Bandingkan dengan kunci yang diumumkan registri.", signed.log),
            format!("Whoever gave you this bundle: that {} is the key of {origin}. Compare it with the one that the registry made public.", signed.log),
        ));
    }
    if signed.cosigned.is_empty() {
        trusted.push(Problem::new(
            format!("{origin}: bahwa orang lain diperlihatkan log yang sama. Tidak ada saksi yang Anda kenal ikut menandatangani."),
            format!("{origin}: that others are shown the same log. No witness that you listed has cosigned."),
        ));
    } else {
        let names: Vec<&str> = signed.cosigned.iter().map(|one| one.witness.as_str()).collect();
        let names = names.join(", ");
        trusted.push(Problem::new(
            format!("{names}: bahwa orang lain diperlihatkan log yang sama."),
            format!("{names}: that others are shown the same log."),
        ));
    }
    trusted
}

/// Where two JSON texts differ first.
pub fn first_difference(stated: &[u8], counted: &[u8]) -> Problem {
    let (stated, counted) = match (serde_json::from_slice::<Value>(stated), serde_json::from_slice(counted)) {
        (Ok(stated), Ok(counted)) => (stated, counted),
        (Err(error), _) | (_, Err(error)) => {
            return Problem::new(
                format!("tidak dapat dibaca: {error}", error = told(&error)),
                format!("cannot be read: {error}"),
            );
        }
    };
    match difference(String::new(), Some(&stated), Some(&counted)) {
        None => {
            Problem::new("nilainya sama, ditulis lain", "the values are the same, written in another way")
        }
        Some((path, stated, counted)) => Problem::new(
            format!("{path} menyebut {stated}, hitungan ulang {counted}"),
            format!("{path} says {stated}, counting again gives {counted}"),
        ),
    }
}

fn difference(path: String, left: Option<&Value>, right: Option<&Value>) -> Option<(String, String, String)> {
    match (left, right) {
        (left, right) if left == right => None,
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let mut names: Vec<&String> = left.keys().chain(right.keys()).collect();
            names.sort_by_key(|name| rank(name));
            let inner = |name: &&String| difference(join(&path, name), left.get(*name), right.get(*name));
            names.iter().find_map(inner)
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) => (0..left.len().max(right.len()))
            .find_map(|at| difference(format!("{path}[{at}]"), left.get(at), right.get(at))),
        (left, right) => Some((path, shown(left), shown(right))),
    }
}

/// What tells a person most comes first, and what follows from the rest last.
fn rank(name: &str) -> u8 {
    match name {
        "question" => 0,
        "verdict" | "counted" | "figures" => 1,
        "digest" | "answers" | "log" => 3,
        _ => 2,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Longest part of a value or a line that is shown.
const SHOWN_CHARS: usize = 60;

/// A value, cut short.
fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string().chars().take(SHOWN_CHARS).collect())
}

/// The log that a bundle is of.
#[derive(Clone, Copy)]
pub struct LogWords<'a> {
    /// Its origin.
    pub origin: &'a str,
    /// Number of events.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// Where a text that was written for an answer differs first from what belongs there.
pub fn first_other_line(stated: &[u8], wanted: &str) -> Problem {
    let stated = String::from_utf8_lossy(stated);
    let cut = |line: &str| line.chars().take(SHOWN_CHARS).collect::<String>();
    let (mut lines, mut wanted) = (stated.split('\n'), wanted.split('\n'));
    for number in 1usize.. {
        match (lines.next(), wanted.next()) {
            (Some(line), Some(own)) if line == own => {}
            (None, None) => break,
            (line, own) => {
                let (line, own) = (cut(line.unwrap_or("-")), cut(own.unwrap_or("-")));
                return Problem::new(
                    format!("baris {number} berbunyi {line:?}, seharusnya {own:?}"),
                    format!("line {number} reads {line:?} and must read {own:?}"),
                );
            }
        }
    }
    Problem::new("ditulis dalam bentuk lain", "written in another form")
}

/// What a README tells of one answer, each part in both languages.
struct ReadmeWords<'a> {
    log: LogWords<'a>,
    asked: Problem,
    answer: Problem,
    /// The cells of a release, a line each.
    cells: Problem,
    counted: Problem,
    /// How much was known on a claim's day: a line, or nothing.
    known: Problem,
    listed: Problem,
    sealed: Problem,
    proven: Problem,
}

/// `README.txt`; `newer_version` of the view that was counted by, where whoever made the bundle knew one.
pub fn readme(
    asked: &Asked,
    told: &Answered,
    log: LogWords<'_>,
    beside: &AnswerExtras,
    newer_version: Option<u32>,
) -> String {
    let (cells, proven) = match told {
        Answered::Release(released) => (released::lines(released), released::proven_in_readme()),
        Answered::Claim(_) | Answered::View(_) => (
            Problem::new("", ""),
            Problem::new(
                "Yang dibuktikan: jawaban itu benar dan lengkap menurut log sampai checkpoint",
                "Proven: the answer is right and complete by the log up to the checkpoint",
            ),
        ),
    };
    let known = known_then(told).map_or_else(
        || Problem::new("", ""),
        |Problem { id, en }| {
            Problem::new(
                format!("Diketahui pada hari klaim: {id}\n"),
                format!("Known on the claim's day: {en}\n"),
            )
        },
    );
    let words = ReadmeWords {
        log,
        asked: self::asked(asked),
        answer: answer(told),
        cells,
        counted: counted(told, newer_version),
        known,
        listed: listed(beside.list, told),
        sealed: sealed_in_readme(beside),
        proven,
    };
    let readme = format!("{}\n\n{}", words.in_indonesian(), words.in_english());
    readme.split('\n').map(wrapped).collect::<Vec<_>>().join("\n")
}

/// Which sealed values are in the bundle.
fn sealed_in_readme(beside: &AnswerExtras) -> Problem {
    if beside.disclose.is_empty() {
        return Problem::new(
            "Tidak ada nilai pribadi, dan tidak ada nilai rahasia satu usaha, di dalamnya.",
            "No personal value, and no confidential value of one enterprise, is in it.",
        );
    }
    let named = |language| fields_words(beside.disclose.iter().map(String::as_str), language);
    let (fields_id, fields_en) = (named(Language::Id), named(Language::En));
    Problem::new(
        format!(
            "disclosures.jsonl memuat nilai tersegel kolom {fields_id} dari peristiwa di balik jawaban dan pendaftaran mereka yang disebutnya: siapa pun yang memegang berkas ini dapat membaca dan membuktikannya kepada siapa pun. Simpan baik-baik."
        ),
        format!(
            "disclosures.jsonl holds sealed values of the fields {fields_en} of the events behind the answer and of the registrations of those it names: whoever has this file can read them and prove them to anybody. Keep it well."
        ),
    )
}

impl ReadmeWords<'_> {
    fn in_indonesian(&self) -> String {
        let LogWords { origin, size, root } = self.log;
        format!(
            "BERKAS BUKTI JEJAK

Pertanyaan: {}
Jawaban: {}
{}Yang dihitung: {}
{}Daftar: {}
Log: {origin}, {} peristiwa, akar {root}

Cara memeriksa, tanpa jaringan dan tanpa server kami:

    jejak bundle verify BUNDLE.zip --log-vkey KUNCI

KUNCI adalah kunci publik registri (vkey) yang Anda peroleh dari tempat lain, bukan dari berkas ini. \
Periksa dengan program yang Anda peroleh sendiri.

Isi: policy (kebijakan: tanda tangan yang diminta pembuatnya; hanya saran), checkpoint (ukuran dan akar log, \
bertanda tangan), handover (pergantian kunci log, bila ada), claim.toml bila ada, question.json, \
definition.txt, answer.json, audit-statement (pernyataan pemeriksa, bila ada), tile/entries (semua \
peristiwa), manifest (daftar semua isi, bertanda tangan). {}

{}. Yang tidak: apakah yang \
dicatat memang terjadi, dan apa yang dicatat sesudahnya.
",
            self.asked.id,
            self.answer.id,
            self.cells.id,
            self.counted.id,
            self.known.id,
            self.listed.id,
            grouped(size)[0],
            self.sealed.id,
            self.proven.id,
        )
    }

    fn in_english(&self) -> String {
        let LogWords { origin, size, root } = self.log;
        let size_en = &grouped(size)[1];
        format!(
            "EVIDENCE BUNDLE OF JEJAK

Question: {}
Answer: {}
{}What was counted: {}
{}List: {}
Log: {origin}, {size_en} events, root {root}

To check it, without a network and without our server:

    jejak bundle verify BUNDLE.zip --log-vkey KEY

KEY is the registry's public key (vkey), which you have from elsewhere and not from this bundle. Check \
with a program that you got yourself.

In it: policy (the signatures that its maker asks for; a hint only), checkpoint (size and root of the log, \
signed), handover (changes of the log's key, if any), claim.toml where there is one, question.json, \
definition.txt, answer.json, audit-statement (of an auditor, if any), tile/entries (all events), manifest \
(a list of everything, signed). {}

{}. Not proven: whether what was \
recorded did happen, and what was recorded later.
",
            self.asked.en,
            self.answer.en,
            self.cells.en,
            self.counted.en,
            self.known.en,
            self.listed.en,
            self.sealed.en,
            self.proven.en,
        )
    }
}

/// Widest line of a README, in characters. A word that is longer stands alone.
const README_CHARS: usize = 100;

/// A line in as many as it needs.
fn wrapped(line: &str) -> String {
    if line.chars().count() <= README_CHARS {
        return line.to_owned();
    }
    let (mut lines, mut current) = (Vec::new(), String::new());
    for word in line.split(' ') {
        if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > README_CHARS {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
    }
    lines.push(current);
    lines.join("\n")
}
#[cfg(test)]
mod tests {
    use super::*;

    /// Of a row that is not there the key is what the maker of the bundle wrote: it passes for no word of ours.
    #[test]
    fn what_is_no_code_stands_between_quotation_marks() {
        let said = |by, key| row_asked(&OnlyRow::new(by, Some(key)).unwrap());
        assert_eq!(said("scheme", "sih_batik")[1], "only the row scheme SIH batik (sih_batik)");
        assert_eq!(said("issuer", "x) VERIFIED")[1], "only the row issuer \"x) VERIFIED\"");
        assert_eq!(said("issuer", "x) VERIFIED")[0], "hanya baris penerbit \"x) VERIFIED\"");
    }
}
