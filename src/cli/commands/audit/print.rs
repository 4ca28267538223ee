//! The report of an audit, for somebody who is no programmer.

use std::io::Write as _;
use std::path::PathBuf;

use jejak_events::fault::Message;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer_json::Cosigned;
use crate::cli::commands::verify::check_lines;
use crate::cli::exit::Stop;
use crate::cli::output::{Sheet, page, printable, shortened, write_json};
use crate::cli::schema::{Shape, shape};
use crate::cli::trust::moment_text;
use crate::cli::{Context, Format};
use crate::proof::audit::{Audit, SourceKind};
use crate::proof::replay::Check;
use crate::proof::replay::entries::AttestedCount;
use crate::words::event_words::{events, moment};
use crate::words::figures::title;
use crate::words::language::{Language, made_up, number, text, unit_of};

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
    /// The count.
    value: u64,
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
    if audit.replayed.opened.as_ref().is_some_and(|(opened, _)| opened.synthetic) {
        writeln!(out, "  {}", made_up(language))?;
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
        text!(language, "Yang dihitung ulang, per {on}", "What was counted anew, as of {on}")
    )?;
    let mut sheet = Sheet::new(match language {
        Language::Id => ["tampilan", "#versi", "angka", "#nilai", "satuan", "sidik jari"],
        Language::En => ["view", "#version", "figure", "#value", "unit", "digest"],
    });
    for counted in &audit.counted {
        // Every figure with its name; view and digest stand once.
        for (place, figure) in counted.figures.iter().enumerate() {
            let once = |text: String| if place == 0 { text } else { String::new() };
            sheet.row([
                once(counted.view.to_owned()),
                once(counted.version.to_string()),
                format!("{} ({})", language.words(title(figure.name)), figure.name),
                number(figure.value, language),
                unit_of(figure.value, figure.unit, language).to_owned(),
                once(shortened(&counted.digest)),
            ]);
        }
    }
    Ok(writeln!(out, "{}", sheet.to_table())?)
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
    let of = |count: u64, id: String, en: String| (count > 0).then(|| Message::new(id, en));
    [
        of(
            sealed,
            format!("isi tersegel pada {sealed} peristiwa (nama, nomor, tenaga kerja, rupiah)"),
            format!("the sealed values of {sealed} events (names, numbers, workers, rupiah)"),
        ),
        of(
            certificate_numbers,
            format!("bahwa {certificate_numbers} nomor sertifikat tidak dipakai dua kali oleh satu penerbit"),
            format!("that {certificate_numbers} certificate numbers are used once by each issuer"),
        ),
        of(
            scales,
            format!("bahwa {scales} golongan usaha sesuai tenaga kerja dan investasinya"),
            format!("that {scales} scales follow from workers and investment"),
        ),
        of(
            parts,
            format!("bahwa pada {parts} laporan tidak ada bagian yang melebihi keseluruhannya"),
            format!("that in {parts} reports no part is larger than its whole"),
        ),
        of(
            birth_years,
            format!("bahwa {birth_years} tahun lahir tidak sesudah pendaftarannya"),
            format!("that {birth_years} years of birth do not lie after the registration"),
        ),
        of(
            evidence,
            format!("isi {evidence} berkas bukti"),
            format!("what {evidence} files of evidence show"),
        ),
        of(
            erasures,
            format!("bahwa kunci pada {erasures} penghapusan sudah dimusnahkan"),
            format!("that the keys were destroyed: {erasures}"),
        ),
        of(
            released_sums,
            format!("bahwa {released_sums} jumlah yang dirilis sesuai angka tersegelnya dan tidak membuka angka satu IKM"),
            format!("that {released_sums} released sums are those of the sealed figures and tell no IKM's"),
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
