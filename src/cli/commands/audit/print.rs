//! The report of an audit, for somebody who is no programmer.

use std::io::Write as _;
use std::path::PathBuf;

use jejak_events::fault::Message;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer_json::Cosigned;
use crate::cli::commands::verify::check_lines;
use crate::cli::exit::Stop;
use crate::cli::output::{on_page, page, printable, shortened, write_json, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::trust::moment_text;
use crate::cli::{Context, Format};
use crate::proof::audit::{Audit, SourceKind};
use crate::proof::replay::Check;
use crate::proof::replay::entries::AttestedCount;
use crate::words::event_words::{day, events, moment};
use crate::words::figures::title;
use crate::words::language::{Language, number, text, unit_of};
use crate::words::table::{Cell, Column, Holds, Table};

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Output<'static>>];

/// What the replay of a log found.
#[derive(Serialize, JsonSchema)]
struct Output<'a> {
    /// Whether everything holds.
    sound: bool,
    /// The same in words, with the condition that it rests on.
    verdict: Message,
    /// What was found at the path.
    kind: SourceKind,
    /// Name of the log, as its checkpoint says.
    origin: &'a str,
    /// Events that the checkpoint covers.
    size: u64,
    /// Root of the tree over them.
    #[schemars(with = "jejak_events::schema::texts::Root")]
    root: String,
    /// Events behind the checkpoint, which no signature covers.
    following: u64,
    /// None where event 0 could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    synthetic: Option<bool>,
    /// When the last of them was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::schema::texts::Moment>")]
    recorded_until: Option<String>,
    /// The key that signed the checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::values::Vkey>")]
    log_key: Option<String>,
    /// Whether the caller brought that key, or it follows from one brought.
    key_is_known: bool,
    /// Cosignatures by witnesses of the caller's policy.
    cosigned: &'a [Cosigned],
    /// What was checked.
    checks: &'a [Check],
    /// What only the registry can say; counted, not judged.
    attested: AttestedCount,
    /// The day that the views were counted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<jejak_events::values::Date>")]
    on: Option<String>,
    /// The views, counted from the log.
    views: Vec<View<'a>>,
    /// Files that were written.
    written: Vec<String>,
}

/// A view, counted from the log.
#[derive(Serialize, JsonSchema)]
struct View<'a> {
    /// Name of the view.
    #[schemars(with = "jejak_projections::names::ViewName")]
    view: &'a str,
    /// Version of its definition.
    version: u32,
    /// Digest of the answer.
    #[schemars(with = "jejak_events::values::Sha256Hex")]
    digest: &'a str,
    /// The figures.
    figures: Vec<Figure<'a>>,
}

/// A figure.
#[derive(Serialize, JsonSchema)]
struct Figure<'a> {
    /// Its name.
    #[schemars(with = "jejak_projections::names::FigureName")]
    name: &'a str,
    /// The count; `null` where it is not known.
    value: Option<u64>,
}

/// Prints what was found, and what it shows and does not show.
pub fn report(context: &Context, kind: SourceKind, audit: &Audit, written: &[PathBuf]) -> Result<(), Stop> {
    let mut out = page(context);
    match context.format() {
        Format::Json => write_json(&mut out, &output(kind, audit, written)),
        Format::Table | Format::Csv => {
            let language = context.language;
            heading(&mut out, audit, language)?;
            writeln!(out, "\n{}", language.pick("Yang diperiksa", "What was checked"))?;
            for check in &audit.checks {
                check_lines(&mut out, check, language)?;
            }
            counted(&mut out, audit, language)?;
            writeln!(
                out,
                "\n{}",
                language.pick(
                    "Yang dinyatakan registri dan tidak dapat diperiksa dari luar (nilainya tersegel)",
                    "What the registry attests and nobody outside can check (the values are sealed)",
                )
            )?;
            for message in attested(audit.replayed.attested) {
                writeln!(out, "  · {}", language.of(&message))?;
            }
            if audit.is_sound() {
                meaning(&mut out, audit, language)?;
            }
            for path in written {
                let path = path.display();
                writeln!(out, "{}", text!(language, "ditandatangani: {path}", "signed: {path}"))?;
            }
            let (word, verdict) = (language.pick("PUTUSAN", "VERDICT"), audit.verdict());
            writeln!(out, "\n{word}: {}", language.of(&verdict))?;
            Ok(out.flush()?)
        }
    }
}

fn output<'a>(kind: SourceKind, audit: &'a Audit, written: &[PathBuf]) -> Output<'a> {
    let checkpoint = audit.checkpoint();
    Output {
        sound: audit.is_sound(),
        verdict: audit.verdict(),
        kind,
        origin: checkpoint.origin(),
        size: checkpoint.size(),
        root: checkpoint.root().to_string(),
        following: audit.following,
        synthetic: audit.replayed.opened.as_ref().map(|(opened, _)| opened.synthetic),
        recorded_until: audit.replayed.last_recorded.map(|recorded| recorded.to_string()),
        log_key: audit.log_key.as_ref().map(ToString::to_string),
        key_is_known: audit.key_is_known,
        cosigned: &audit.cosigned,
        checks: &audit.checks,
        attested: audit.replayed.attested,
        on: audit.on.map(|on| on.to_string()),
        views: audit
            .counted
            .iter()
            .map(|counted| View {
                view: counted.view,
                version: counted.version,
                digest: &counted.digest,
                figures: counted
                    .figures
                    .iter()
                    .map(|figure| Figure { name: figure.name, value: figure.value })
                    .collect(),
            })
            .collect(),
        written: written.iter().map(|path| path.display().to_string()).collect(),
    }
}

fn heading(out: &mut dyn std::io::Write, audit: &Audit, language: Language) -> Result<(), Stop> {
    let checkpoint = audit.checkpoint();
    let origin = printable(checkpoint.origin());
    let is_synthetic = audit.replayed.opened.as_ref().is_some_and(|(opened, _)| opened.synthetic);
    write_synthetic(out, is_synthetic, language)?;
    writeln!(out, "{}", text!(language, "Pemeriksaan log {origin}", "Audit of the log {origin}"))?;
    let (size, root) = (events(checkpoint.size(), language), checkpoint.root());
    writeln!(out, "{}", text!(language, "  {size}, akar {root}", "  {size}, root {root}"))?;
    // Nobody knows where an office is that event 0 does not name.
    let area = audit.replayed.opened.as_ref().map(|(_, source)| source.area);
    if audit.following > 0 {
        let following = number(audit.following, language);
        writeln!(
            out,
            "{}",
            text!(
                language,
                "  sesudahnya masih ada {following} peristiwa yang tidak tercakup checkpoint ini dan tidak diperiksa",
                "  {following} more events follow, which this checkpoint does not cover and nobody checked here"
            )
        )?;
    }
    if let Some(recorded) = audit.replayed.last_recorded {
        let recorded = area.map_or_else(|| recorded.to_string(), |area| moment(recorded, area, language));
        writeln!(out, "{}", text!(language, "  dicatat sampai {recorded}", "  recorded until {recorded}"))?;
    }
    if let Some(key) = &audit.log_key {
        writeln!(out, "{}", text!(language, "  ditandatangani {key}", "  signed by {key}"))?;
    }
    for Cosigned { witness, unix_seconds } in &audit.cosigned {
        let (witness, time) = (printable(witness), moment_text(*unix_seconds, area, language));
        writeln!(
            out,
            "{}",
            text!(language, "  ikut menandatangani: {witness}, {time}", "  cosigned by {witness}, {time}")
        )?;
    }
    Ok(())
}

fn counted(out: &mut dyn std::io::Write, audit: &Audit, language: Language) -> Result<(), Stop> {
    let Some(on) = audit.on.filter(|_| !audit.counted.is_empty()) else { return Ok(()) };
    writeln!(
        out,
        "\n{}",
        text!(
            language,
            "Yang dihitung ulang, per {on}",
            "What was counted anew, as of {on}",
            on = day(on, language)
        )
    )?;
    let columns = [
        Column::people(Holds::Id, ["tampilan", "view"]).once(),
        Column::people(Holds::Name, ["angka", "figure"]),
        Column::people(Holds::Number, ["nilai", "value"]),
        Column::people(Holds::Id, ["sidik jari", "digest"]).once(),
    ];
    let mut table = Table::new(language, columns);
    for counted in &audit.counted {
        for figure in &counted.figures {
            let amount = |value: u64| match figure.unit {
                jejak_projections::answer::FigureUnit::BasisPoint => Cell::Share(value),
                unit => Cell::Amount(value.into(), unit_of(value, unit, language).to_owned()),
            };
            table.row([
                Cell::id(format!("{} v{}", counted.view, counted.version)),
                language.words(title(figure.name)).into(),
                figure.value.map_or(Cell::Unknown, amount),
                Cell::id(shortened(&counted.digest)),
            ]);
        }
    }
    Ok(writeln!(out, "{}", on_page(&table))?)
}

/// What only the registry can say.
pub fn attested(attested: AttestedCount) -> Vec<Message> {
    let AttestedCount {
        sealed,
        certificate_numbers,
        scales,
        parts,
        birth_years,
        evidence,
        erasures,
        released_sums,
    } = attested;
    let of = |count: u64, id: &str, en: &str| {
        let [id_count, en_count] = [Language::Id, Language::En].map(|language| number(count, language));
        (count > 0).then(|| Message::new(id.replace("{}", &id_count), en.replace("{}", &en_count)))
    };
    [
        of(
            sealed,
            "isi tersegel pada {} peristiwa (nama, nomor, tenaga kerja, rupiah)",
            "the sealed values of {} events (names, numbers, workers, rupiah)",
        ),
        of(
            certificate_numbers,
            "bahwa {} nomor sertifikat tidak dipakai dua kali oleh satu penerbit",
            "that {} certificate numbers are used once by each issuer",
        ),
        of(
            scales,
            "bahwa {} golongan usaha sesuai tenaga kerja dan investasinya",
            "that {} scales follow from workers and investment",
        ),
        of(
            parts,
            "bahwa pada {} laporan tidak ada bagian yang melebihi keseluruhannya",
            "that in {} reports no part is larger than its whole",
        ),
        of(
            birth_years,
            "bahwa {} tahun lahir tidak sesudah pendaftarannya",
            "that {} years of birth do not lie after the registration",
        ),
        of(evidence, "isi {} dokumen bukti", "what {} files of evidence show"),
        of(erasures, "bahwa kunci pada {} penghapusan sudah dimusnahkan", "that the keys were destroyed: {}"),
        of(
            released_sums,
            "bahwa {} jumlah yang dirilis sesuai angka tersegelnya dan tidak membuka angka satu IKM",
            "that {} released sums are those of the sealed figures and tell no IKM's",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn meaning(out: &mut dyn std::io::Write, audit: &Audit, language: Language) -> Result<(), Stop> {
    let size = audit.checkpoint().size();
    let shown = [
        text!(
            language,
            "{size}, persis yang ditandatangani: tidak ada yang diubah, dihapus, disisipkan atau ditukar urutannya",
            "{size}, exactly what was signed: none was changed, dropped, inserted or reordered",
            size = events(size, language)
        ),
        language
            .pick(
                "tiap peristiwa boleh dicatat menurut aturan yang bertumpu pada kolom terbuka",
                "every event was allowed by the rules that rest on open fields",
            )
            .to_owned(),
        language
            .pick(
                "tiap angka di atas adalah yang diberikan peristiwa itu, lengkap sampai checkpoint ini",
                "every figure above is what these events give, complete up to this checkpoint",
            )
            .to_owned(),
    ];
    let not_shown = [
        language.pick(
            "apakah yang dicatat itu benar, dan apakah ada fakta yang tidak pernah dicatat: periksa ke lapangan (`jejak claim sample`)",
            "whether what was recorded is true, and whether facts were never recorded: visit a sample (`jejak claim sample`)",
        ),
        language.pick(
            "apa yang dicatat sesudah checkpoint ini",
            "what was recorded after this checkpoint",
        ),
    ];
    writeln!(out, "\n{}", language.pick("Yang ditunjukkan", "What this shows"))?;
    for line in shown {
        writeln!(out, "  · {line}")?;
    }
    writeln!(out, "{}", language.pick("Yang tidak ditunjukkan", "What this does not show"))?;
    for line in not_shown {
        writeln!(out, "  · {line}")?;
    }
    if audit.cosigned.is_empty() {
        writeln!(out, "  · {}", language.pick(
            "apakah orang lain diperlihatkan log yang sama: mintalah tanda tangan saksi, atau bandingkan checkpoint",
            "whether others are shown the same log: ask for cosignatures, or compare checkpoints",
        ))?;
    }
    Ok(())
}
