//! Verdicts and samples on paper: tables, JSON, CSV.

use std::io::Write;

use jejak_projections::answer::FigureUnit;
use jejak_projections::claims::sample::Sample;
use jejak_projections::claims::{Claim, Contradiction, Report, Weekday, claimant_words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer_json::{Judged, JudgedClaims, Recorded};
use crate::cli::clocks::{LogPlace, write_place};
use crate::cli::exit::Stop;
use crate::cli::output::{
    joined, on_page, page, printable, write_csv, write_json, write_label, write_synthetic,
};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::names::Titles;
use crate::tables::{claims, verdicts};
use crate::words::event_words::{day, days_in_words, with_code};
use crate::words::figures::title;
use crate::words::ids::titled;
use crate::words::language::{Language, breakdown, number, text, unit_of};

/// What `claim check` answers.
pub const CHECKED: &[Shape] = &[shape::<JudgedClaims<'static>>];
/// What `claim sample` answers.
pub const SAMPLED: &[Shape] = &[shape::<SampleOutput<'static>>];

/// A random sample of the IKMs behind a claim.
#[derive(Serialize, JsonSchema)]
struct SampleOutput<'a> {
    /// The file of the claim, or its stream.
    file: &'a str,
    #[serde(flatten)]
    sample: &'a Sample,
    /// How much of the log it knows.
    log: &'a LogPlace,
}

/// Prints the verdicts, with the `titles` of the programmes. Who is behind them is dropped where it is not asked for.
pub fn check(
    context: &Context,
    (judged, titles): (&mut [Judged], &Titles),
    log: &LogPlace,
    list: bool,
) -> Result<(), Stop> {
    let language = context.language;
    let mut out = page(context);
    if context.format() == Format::Json {
        if !list {
            judged.iter_mut().for_each(|one| one.report.leave_out_members());
        }
        return write_json(&mut out, &JudgedClaims { words: claimant_words(), claims: judged, log });
    }
    if context.format() == Format::Csv && list {
        return write_csv(&mut out, context, &claims::members(judged, log, language));
    }
    let table = claims::table(judged.iter().map(claims::row), Some(log), language);
    if context.format() == Format::Csv {
        return write_csv(&mut out, context, &table);
    }
    write_synthetic(&mut out, log.synthetic, language)?;
    writeln!(out, "{}", on_page(&table))?;
    for one in &*judged {
        writeln!(out)?;
        for (label, said) in details(one, titles, language) {
            writeln!(out, "  {label:<16}  {}", printable(&said))?;
        }
        if list {
            members(&mut out, one, log, language)?;
        }
    }
    writeln!(out)?;
    write_place(&mut out, log, language)?;
    Ok(out.flush()?)
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    match day {
        Weekday::Monday => language.pick("Senin", "Monday"),
        Weekday::Tuesday => language.pick("Selasa", "Tuesday"),
        Weekday::Wednesday => language.pick("Rabu", "Wednesday"),
        Weekday::Thursday => language.pick("Kamis", "Thursday"),
        Weekday::Friday => language.pick("Jumat", "Friday"),
        Weekday::Saturday => language.pick("Sabtu", "Saturday"),
        Weekday::Sunday => language.pick("Minggu", "Sunday"),
    }
}

fn contradiction(found: &Contradiction, language: Language) -> String {
    match *found {
        Contradiction::Parts { sum, value, difference } => {
            let [sum, value, difference] = [sum, value, difference].map(|count| number(count, language));
            text!(
                language,
                "bagian-bagiannya berjumlah {sum}, bukan {value}: selisih {difference}",
                "its parts add up to {sum}, not {value}: {difference} apart"
            )
        }
        Contradiction::Weekday { date, said, is } => {
            let (date, said, is) = (day(date, language), weekday(said, language), weekday(is, language));
            text!(language, "{date} adalah hari {is}, bukan {said}", "{date} is a {is}, not a {said}")
        }
    }
}

/// What the verdict on one claim rests on, each under its label.
fn details(judged: &Judged, titles: &Titles, language: Language) -> Vec<(&'static str, String)> {
    let Judged { file, claim, report, .. } = judged;
    let published = claim.published_on.map(|on| format!(", {}", day(on, language))).unwrap_or_default();
    let counted = report.counted_words(report.newer_version());
    let contradictions = report.contradictions.iter().map(|found| ("", contradiction(found, language)));
    let mut lines = vec![
        (language.pick("klaim", "claim"), format!("{file}: {}", claim.claim)),
        (language.pick("sumber", "source"), format!("{}, {}{published}", claim.publisher, claim.document)),
        (language.pick("putusan", "verdict"), language.of(&report.verdict_words()).to_owned()),
    ];
    lines.extend(contradictions);
    lines.push((language.pick("sebabnya", "why"), verdicts::why(claim, report, language)));
    let factor = report.factor.map(|factor| verdicts::factor(factor, language));
    lines.extend(factor.map(|said| (language.pick("faktor", "factor"), said)));
    lines.push((
        language.pick("yang dihitung", "what was counted"),
        days_in_words(language.of(&counted), language),
    ));
    lines.extend(figure(report, language).map(|figure| (language.pick("angka", "figure"), figure)));
    lines.extend(report.due.map(|due| (language.pick("jatuh tempo", "due"), day(due, language))));
    if !report.answers.is_empty() {
        lines.push((language.pick("dinilai untuk", "judged for"), day(report.on, language)));
    }
    if let Some(known) = report.known_words() {
        lines.push((language.pick("diketahui", "known then"), days_in_words(language.of(&known), language)));
    }
    if let Some(silent) = report.silent_words() {
        lines.push((
            language.pick("tercatat sampai", "recorded until"),
            days_in_words(language.of(&silent), language),
        ));
    }
    lines.extend(behind(report, titles, language));
    lines.extend(judged.recorded.map(|recorded| {
        let Recorded { claim, made, checked, repeated } = recorded;
        let before = if repeated { language.pick(", sudah ada", ", there before") } else { "" };
        let said = text!(
            language,
            "claim/{claim}: klaim {made}, pemeriksaan {checked}{before}",
            "claim/{claim}: claim {made}, check {checked}{before}"
        );
        (language.pick("dicatat", "recorded"), said)
    }));
    lines.extend(report.together.map(|together| {
        let amount = |value| claims::amount(claim, value, language).to_words(language);
        let bounds = together.at_least.zip(together.at_most).map(|(least, most)| {
            let (least, most) = (number(least, language), number(most, language));
            text!(language, " (menurut klaim {least} sampai {most})", " (by the claims {least} to {most})")
        });
        let said = format!("{}{}", amount(together.counted), bounds.unwrap_or_default());
        (language.pick("bersama", "together"), said)
    }));
    lines
}

/// The figure that was counted as it is called, with its name behind it.
fn figure(report: &Report, language: Language) -> Option<String> {
    let basis = report.basis.as_ref()?;
    let called = |figure: &'static str| with_code(figure, language.words(title(figure)).to_owned());
    match (basis.figure, basis.of, basis.rows) {
        (Some(part), Some(whole), _) => {
            let (part, whole) = (called(part), called(whole));
            Some(text!(language, "{part} dari {whole}", "{part} of {whole}"))
        }
        (Some(figure), None, _) => Some(called(figure)),
        (None, _, rows) => rows.map(|by| {
            let rows = with_code(by, breakdown(by, language).to_owned());
            text!(language, "banyaknya {rows}", "number of {rows}")
        }),
    }
}

/// What was set aside, who is behind the count, and the programmes.
fn behind(report: &Report, titles: &Titles, language: Language) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if !report.set_aside.is_empty() {
        let said = text!(
            language,
            "yang hanya bersandar pada dokumen ini: peristiwa {}",
            "what rests on this document only: events {}",
            joined(&report.set_aside)
        );
        lines.push((language.pick("tidak dihitung", "not counted"), said));
    }
    let behind = report.behind;
    if behind.ikms + behind.persons > 0 {
        let wider = if report.members_are_wider {
            language.pick(", sebagian mungkin di luar cakupan", ", some perhaps outside the scope")
        } else {
            ""
        };
        let counted = |count, of| format!("{} {}", number(count, language), unit_of(count, of, language));
        // Nobody of a kind may be there because that kind is not known or not counted.
        let kinds = [(behind.ikms, FigureUnit::Ikm), (behind.persons, FigureUnit::Person)];
        let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
        let kinds = kinds.map(|(count, of)| counted(count, of)).collect::<Vec<_>>().join(", ");
        lines.push((language.pick("di baliknya", "behind it"), format!("{kinds}{wider}")));
    }
    if !report.programs.is_empty() {
        let complete = if report.complete {
            language.pick(" (pencatatan dinyatakan lengkap)", " (recording declared complete)")
        } else {
            ""
        };
        let called = report.programs.iter().map(|program| {
            let program = program.to_string();
            titled(titles.of("program", &program), &program)
        });
        let called = called.collect::<Vec<_>>().join(", ");
        lines.push((language.pick("program", "programmes"), format!("{called}{complete}")));
    }
    lines
}

/// Who is behind the count, and the events.
fn members(out: &mut dyn Write, judged: &Judged, log: &LogPlace, language: Language) -> Result<(), Stop> {
    let members = claims::members(std::slice::from_ref(judged), log, language);
    if !members.is_empty() {
        writeln!(out, "\n{}", on_page(&members))?;
    }
    if !judged.report.context.is_empty() {
        let word = language.pick("juga bersandar pada peristiwa", "rests on events too:");
        writeln!(out, "  {word} {}", joined(&judged.report.context))?;
    }
    Ok(())
}

/// Prints a sample.
pub fn sample(
    context: &Context,
    file: &str,
    claim: &Claim,
    sample: &Sample,
    log: &LogPlace,
) -> Result<(), Stop> {
    let language = context.language;
    let mut out = page(context);
    let table = claims::sample(sample, log, language);
    match context.format() {
        Format::Json => return write_json(&mut out, &SampleOutput { file, sample, log }),
        Format::Csv => return write_csv(&mut out, context, &table),
        Format::Table => {}
    }
    let Sample { method, seed, precision, population, size, .. } = sample;
    let (confidence, margin) = (precision.confidence_percent, precision.margin_percent);
    let [size, population] = [*size, *population].map(|count| number(count, language));
    let drawn = text!(
        language,
        "{size} dari {population} IKM (kepercayaan {confidence} %, galat {margin} %)",
        "{size} of {population} IKMs (confidence {confidence} %, margin {margin} %)"
    );
    let method = language.pick(
        "urut menaik menurut sha256(benih LF ikm/<uuid>), n yang pertama; n menurut Cochran, p = 1/2, dengan koreksi populasi terhingga",
        *method,
    );
    write_synthetic(&mut out, log.synthetic, language)?;
    write_label(&mut out, language.pick("klaim", "claim"), format!("{file}: {}", claim.claim))?;
    write_label(&mut out, language.pick("sampel", "sample"), drawn)?;
    write_label(&mut out, language.pick("metode", "method"), method)?;
    write_label(&mut out, language.pick("benih", "seed"), seed)?;
    writeln!(out, "\n{}\n", on_page(&table))?;
    write_place(&mut out, log, language)?;
    Ok(out.flush()?)
}
