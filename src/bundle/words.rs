//! What a bundle says to people, in both languages.

use jejak_events::identity::Subject;
use jejak_projections::answer::Figure;
use serde_json::Value;

use super::Problem;
use super::asked::{Asked, Told};
use super::verify::{Said, Signed};
use crate::replay::entries::Attested;

/// What is asked, in a line.
pub fn asked(asked: &Asked) -> Problem {
    match asked {
        Asked::Claim { claim, judging, stream, .. } => {
            let (said, publisher, known) = (&claim.claim, &claim.publisher, judging.as_known);
            let day = asked.day();
            let recorded = stream.map(Subject::Claim);
            let [id, en] = ["tercatat sebagai", "recorded as"]
                .map(|words| recorded.map(|stream| format!(", {words} {stream}")).unwrap_or_default());
            Problem::new(
                format!("klaim {publisher}{id}: {said} (dinilai per {day}, dari {known} peristiwa)"),
                format!("claim of {publisher}{en}: {said} (judged for {day}, from {known} events)"),
            )
        }
        Asked::View { view, question } => {
            let filters: Vec<String> = serde_json::to_value(question)
                .ok()
                .and_then(|value| value.as_object().cloned())
                .into_iter()
                .flatten()
                .map(|(name, value)| match value {
                    Value::String(text) => format!("{name}={text}"),
                    other => format!("{name}={other}"),
                })
                .collect();
            let (name, version, filters) = (view.name, view.version, filters.join(", "));
            Problem::new(
                format!("{} ({name} v{version}; {filters})", view.title.id),
                format!("{} ({name} v{version}; {filters})", view.title.en),
            )
        }
    }
}

/// The answer, in a line.
pub fn answer(told: &Told) -> Problem {
    match told {
        Told::Claim(judged) => {
            let report = &judged.report;
            let words = report.verdict_words();
            let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
            let (reported, counted) = (number(report.reported), number(report.counted));
            Problem::new(
                format!("{}; dilaporkan {reported}, terhitung {counted}", words.id),
                format!("{}; reported {reported}, counted {counted}", words.en),
            )
        }
        Told::View(answer) => {
            let figure = |figure: &Figure| format!("{} {}", figure.name, figure.value);
            let figures: Vec<String> = answer.figures.iter().map(figure).collect();
            let said = format!("{}; digest {}", figures.join(", "), answer.digest);
            Problem::new(said.clone(), said)
        }
    }
}

/// What is proven.
pub fn proven(said: &Said, size: u64) -> Vec<Problem> {
    let known = said.known.size;
    let mut proven = vec![
        Problem::new(
            format!(
                "Jawaban ini benar dan lengkap menurut log: dihitung ulang dari semua {known} peristiwa pertamanya, tidak ada yang diubah, dihilangkan, disisipkan, atau ditukar."
            ),
            format!(
                "The answer is right and complete by the log: it was counted again from all of its first {known} events, none edited, dropped, inserted or moved."
            ),
        ),
        Problem::new(
            format!(
                "Setiap dari {size} peristiwa berada pada tempatnya, berbentuk benar, dan boleh dicatat menurut aturan yang bertumpu pada kolom terbuka."
            ),
            format!(
                "Each of the {size} events is in its place, in form, and was allowed by the rules that rest on open fields."
            ),
        ),
    ];
    if known < size {
        proven.push(Problem::new(
            format!("Ditanya sebagaimana diketahui pada {known} peristiwa; {} peristiwa sesudahnya ada di berkas ini dan tidak dihitung.", size - known),
            format!("It was asked as known at {known} events; {} later ones are in this bundle and do not count.", size - known),
        ));
    }
    proven
}

/// What is not proven.
pub fn not_proven(said: &Said, size: u64, attested: &Attested) -> Vec<Problem> {
    let mut limits = vec![
        Problem::new(
            "Apakah yang dicatat memang terjadi, dan apakah yang terjadi semuanya dicatat: berkas ini tidak dapat mengetahuinya.",
            "Whether what was recorded did happen, and whether all that happened was recorded: no bundle can know.",
        ),
        Problem::new(
            format!(
                "Apa yang dicatat sesudah {size} peristiwa ini, juga koreksi dan penarikan yang kemudian."
            ),
            format!(
                "What was recorded after these {size} events, later corrections and retractions among it."
            ),
        ),
        Problem::new(
            format!(
                "Nilai tersegel pada {} peristiwa (nama, nomor, rupiah, pekerja): tidak ada di sini. Bahwa nomor sertifikat tunggal ({}), skala sesuai pekerja ({}), berkas bukti ada ({}), dan kunci dimusnahkan ({}) dinyatakan penanda tangan, tidak dibuktikan.",
                attested.sealed,
                attested.certificate_numbers,
                attested.scales,
                attested.evidence,
                attested.erasures
            ),
            format!(
                "Sealed values of {} events (names, numbers, rupiah, workers): they are not in here. That certificate numbers are unique ({}), scales follow from workers ({}), files of evidence are there ({}) and keys were destroyed ({}) is attested by whoever signed, not proven.",
                attested.sealed,
                attested.certificate_numbers,
                attested.scales,
                attested.evidence,
                attested.erasures
            ),
        ),
    ];
    if said.synthetic {
        limits.push(Problem::new(
            "Registri ini berisi data buatan (sintetis): jawabannya bukan tentang dunia nyata.",
            "This registry holds made-up (synthetic) data: the answer is not about the real world.",
        ));
    }
    limits
}

/// Who must be trusted for what.
pub fn trusted(signed: &Signed, said: &Said) -> Vec<Problem> {
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
            return Problem::new(format!("tidak dapat dibaca: {error}"), format!("cannot be read: {error}"));
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
            let names = left.keys().chain(right.keys());
            let inner = |name: &String| difference(join(&path, name), left.get(name), right.get(name));
            names.into_iter().find_map(inner)
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) => (0..left.len().max(right.len()))
            .find_map(|at| difference(format!("{path}[{at}]"), left.get(at), right.get(at))),
        (left, right) => Some((path, shown(left), shown(right))),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A value, cut short.
fn shown(value: Option<&Value>) -> String {
    const SHOWN_CHARS: usize = 60;
    value.map_or_else(|| "-".to_owned(), |value| value.to_string().chars().take(SHOWN_CHARS).collect())
}

/// `README.txt`.
pub fn readme(asked: &Problem, answer: &Problem, origin: &str, size: u64, root: &str) -> String {
    let mut text = String::new();
    for (said, words) in [
        (
            [&asked.id, &answer.id],
            [
                "BERKAS BUKTI JEJAK",
                "Pertanyaan",
                "Jawaban",
                "Log",
                "peristiwa, akar",
                "Cara memeriksa, tanpa jaringan dan tanpa server kami:",
                "KUNCI adalah kunci publik registri (vkey) yang Anda peroleh dari tempat lain, bukan dari berkas ini.\nPeriksa dengan program yang Anda peroleh sendiri.",
                "Isi: policy (tanda tangan yang diminta pembuatnya; hanya saran), checkpoint (ukuran dan akar log,\nbertanda tangan), claim.toml bila ada, question.json, definition.txt, answer.json, tile/entries (semua\nperistiwa), manifest (daftar semua isi, bertanda tangan). Tidak ada nilai pribadi atau rahasia di dalamnya.",
                "Yang dibuktikan: jawaban itu benar dan lengkap menurut log sampai checkpoint. Yang tidak: apakah yang\ndicatat memang terjadi, dan apa yang dicatat sesudahnya.",
            ],
        ),
        (
            [&asked.en, &answer.en],
            [
                "EVIDENCE BUNDLE OF JEJAK",
                "Question",
                "Answer",
                "Log",
                "events, root",
                "To check it, without a network and without our server:",
                "KEY is the registry's public key (vkey), which you have from elsewhere and not from this bundle. Check\nwith a program that you got yourself.",
                "In it: policy (the signatures that its maker asks for; a hint only), checkpoint (size and root of the log,\nsigned), claim.toml where there is one, question.json, definition.txt, answer.json, tile/entries (all\nevents), manifest (a list of everything, signed). No personal and no confidential value is in it.",
                "Proven: the answer is right and complete by the log up to the checkpoint. Not proven: whether what was\nrecorded did happen, and what was recorded later.",
            ],
        ),
    ] {
        let [heading, question, answer, log, root_word, how, key, holds, limits] = words;
        let command = if text.is_empty() { "KUNCI" } else { "KEY" };
        text.push_str(&format!(
            "{heading}\n\n{question}: {}\n{answer}: {}\n{log}: {origin}, {size} {root_word} {root}\n\n{how}\n\n    \
             jejak bundle verify BUNDLE.zip --log-vkey {command}\n\n{key}\n\n{holds}\n\n{limits}\n\n\n",
            said[0], said[1]
        ));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
