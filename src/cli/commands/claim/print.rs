//! Verdicts and samples on paper: tables, JSON, CSV.

use std::io::Write;

use jejak_events::identity::Subject;
use jejak_events::values::Date;
use jejak_projections::answer::FigureUnit;
use jejak_projections::claims::sample::Sample;
use jejak_projections::claims::{Claim, Contradiction, Factor, Measured, Report, Weekday, claimant_words};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::view::print::titles_of;
use crate::answer_json::{Judged, JudgedClaims, Recorded};
use crate::cli::clocks::LogPlace;
use crate::cli::exit::Stop;
use crate::cli::output::{SYNTHETIC_COLUMN, Sheet, joined, page, printable, write_json};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::words::event_words::events;
use crate::words::language::{Language, hundredths, made_up, number, text, unit};

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

/// Prints the verdicts. Who is behind them is dropped where it is not asked for.
pub fn check(context: &Context, judged: &mut [Judged], log: &LogPlace, list: bool) -> Result<(), Stop> {
    let language = context.language;
    let mut out = page(context);
    match context.format() {
        Format::Json => {
            if !list {
                judged.iter_mut().for_each(|one| one.report.leave_out_members());
            }
            return write_json(&mut out, &JudgedClaims { words: claimant_words(), claims: judged, log });
        }
        Format::Csv => {
            let sheet = if list { members_csv(judged, log) } else { claims_csv(judged, log) };
            return sheet.write_csv(&mut out, context.csv());
        }
        Format::Table => {}
    }
    let rows = judged.iter().map(|one| (one.file.as_str(), &one.claim, &one.report));
    writeln!(out, "{}", table(rows, language).to_table())?;
    for one in &*judged {
        writeln!(out)?;
        details(&mut out, one, language)?;
        if list {
            members(&mut out, &one.report, language)?;
        }
    }
    writeln!(out)?;
    place(&mut out, log, language)?;
    Ok(out.flush()?)
}

/// One row for each claim: reported beside counted, and the verdict.
pub fn table<'a>(rows: impl Iterator<Item = (&'a str, &'a Claim, &'a Report)>, language: Language) -> Sheet {
    let mut sheet = Sheet::new(match language {
        Language::Id => {
            ["klaim", "bunyi", "#dilaporkan", "#terhitung", "satuan", "yang dihitung", "#faktor", "putusan"]
        }
        Language::En => {
            ["claim", "says", "#reported", "#counted", "unit", "what was counted", "#factor", "verdict"]
        }
    });
    for (name, claim, report) in rows {
        let amount =
            |value: Option<u64>| value.map(|value| amount(claim, value, language)).unwrap_or_default();
        sheet.row([
            name.to_owned(),
            claim.claim.to_string(),
            amount(report.reported),
            amount(report.counted),
            unit_of(claim, language),
            report.basis.as_ref().map(|basis| language.of(&basis.short()).to_owned()).unwrap_or_default(),
            report.factor.map(|one| factor(one, language)).unwrap_or_default(),
            language.of(&report.verdict_words()).to_owned(),
        ]);
    }
    sheet
}

fn is_share(claim: &Claim) -> bool {
    matches!(claim.measured(), Ok(Some((_, Measured::Share { .. }))))
}

/// An amount in the unit of the claim: `30`, or `80.00` percent.
fn amount(claim: &Claim, value: u64, language: Language) -> String {
    if is_share(claim) { hundredths(value, language) } else { number(value, language) }
}

fn factor(factor: Factor, language: Language) -> String {
    hundredths(factor.hundredths, language)
}

fn unit_of(claim: &Claim, language: Language) -> String {
    match claim.measured() {
        // Whoever claims something of IKMs that others counted calls them IKMs.
        Ok(Some((_, Measured::Figure(figure)))) if figure.unit != FigureUnit::ReportedIkm => {
            unit(figure.unit, language).to_owned()
        }
        Ok(Some((_, Measured::Figure(_)))) => unit(FigureUnit::Ikm, language).to_owned(),
        Ok(Some((_, Measured::Share { .. }))) => "%".to_owned(),
        _ => claimed_unit(claim.unit.as_deref().unwrap_or_default(), language).to_owned(),
    }
}

/// A unit that a claim names and no view counts in, as far as it is a word of ours.
fn claimed_unit(unit: &str, language: Language) -> &str {
    match (language, unit) {
        (Language::Id, "worker") => "pekerja",
        (Language::En, "worker") => "workers",
        (Language::Id, "exhibition") => "pameran",
        (Language::En, "exhibition") => "exhibitions",
        (_, other) => other,
    }
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
        Contradiction::Parts { sum, value, difference } => text!(
            language,
            "bagian-bagiannya berjumlah {sum}, bukan {value}: selisih {difference}",
            "its parts add up to {sum}, not {value}: {difference} apart"
        ),
        Contradiction::Weekday { date, said, is } => {
            let (said, is) = (weekday(said, language), weekday(is, language));
            text!(language, "{date} adalah hari {is}, bukan {said}", "{date} is a {is}, not a {said}")
        }
    }
}

/// What the verdict on one claim rests on.
fn details(out: &mut dyn Write, judged: &Judged, language: Language) -> Result<(), Stop> {
    let Judged { file, claim, report, recorded, .. } = judged;
    let mut line = |word: &str, said: String| writeln!(out, "  {word:<16}  {}", printable(&said));
    let published = claim.published_on.map(|day: Date| format!(", {day}")).unwrap_or_default();
    line(language.pick("klaim", "claim"), format!("{file}: {}", claim.claim))?;
    line(language.pick("sumber", "source"), format!("{}, {}{published}", claim.publisher, claim.document))?;
    line(language.pick("putusan", "verdict"), language.of(&report.verdict_words()).to_owned())?;
    for found in &report.contradictions {
        line("", contradiction(found, language))?;
    }
    let counted = report.counted_words(report.newer_version());
    line(language.pick("yang dihitung", "what was counted"), language.of(&counted).to_owned())?;
    if !report.answers.is_empty() {
        line(language.pick("dinilai untuk", "judged for"), report.on.to_string())?;
    }
    if let Some(known) = report.known_words() {
        line(language.pick("diketahui", "known then"), language.of(&known).to_owned())?;
    }
    if !report.set_aside.is_empty() {
        let said = text!(
            language,
            "yang hanya bersandar pada dokumen ini: peristiwa {}",
            "what rests on this document only: events {}",
            joined(&report.set_aside)
        );
        line(language.pick("tidak dihitung", "not counted"), said)?;
    }
    let behind = report.behind;
    if behind.ikms + behind.persons > 0 {
        let persons = unit(FigureUnit::Person, language);
        let wider = if report.members_are_wider {
            language.pick(", sebagian mungkin di luar cakupan", ", some perhaps outside the scope")
        } else {
            ""
        };
        line(
            language.pick("di baliknya", "behind it"),
            format!("{} IKM, {} {persons}{wider}", behind.ikms, behind.persons),
        )?;
    }
    if !report.programs.is_empty() {
        let complete = if report.complete {
            language.pick(" (pencatatan dinyatakan lengkap)", " (recording declared complete)")
        } else {
            ""
        };
        let programs: Vec<String> = report.programs.iter().map(ToString::to_string).collect();
        line(language.pick("program", "programmes"), format!("{}{complete}", programs.join(" ")))?;
    }
    if let Some(Recorded { claim, made, checked, repeated }) = *recorded {
        let before = if repeated { language.pick(", sudah ada", ", there before") } else { "" };
        let said = text!(
            language,
            "claim/{claim}: klaim {made}, pemeriksaan {checked}{before}",
            "claim/{claim}: claim {made}, check {checked}{before}"
        );
        line(language.pick("dicatat", "recorded"), said)?;
    }
    if let Some(together) = report.together {
        let bounds = match (together.at_least, together.at_most) {
            (Some(least), Some(most)) => {
                text!(
                    language,
                    " (menurut klaim {least} sampai {most})",
                    " (by the claims {least} to {most})"
                )
            }
            _ => String::new(),
        };
        let unit = unit_of(claim, language);
        line(language.pick("bersama", "together"), format!("{} {unit}{bounds}", together.counted))?;
    }
    Ok(())
}

/// Who is behind the count, and the events.
fn members(out: &mut dyn Write, report: &Report, language: Language) -> Result<(), Stop> {
    if !report.members.is_empty() {
        let mut sheet = Sheet::new([
            language.pick("siapa", "who"),
            language.pick("wilayah", "area"),
            language.pick("angka", "figures"),
            language.pick("peristiwa", "events"),
        ]);
        for member in &report.members {
            let area = member.area.map(|area| area.to_string()).unwrap_or_default();
            let figures = titles_of(&member.figures, language);
            sheet.row([member.who.to_string(), area, figures, joined(&member.events)]);
        }
        writeln!(out, "\n{}", sheet.to_table())?;
    }
    if !report.context.is_empty() {
        let word = language.pick("juga bersandar pada peristiwa", "rests on events too:");
        writeln!(out, "  {word} {}", joined(&report.context))?;
    }
    Ok(())
}

fn place(out: &mut dyn Write, log: &LogPlace, language: Language) -> Result<(), Stop> {
    let (size, until) = (events(log.size, language), log.until(language));
    writeln!(
        out,
        "{}\n{}",
        text!(
            language,
            "diketahui     {size}, dicatat sampai {until}",
            "as known at   {size}, recorded until {until}"
        ),
        text!(language, "akar          {}", "root          {}", log.root)
    )?;
    if log.synthetic {
        writeln!(out, "{}", made_up(language))?;
    }
    Ok(())
}

fn claims_csv(judged: &[Judged], log: &LogPlace) -> Sheet {
    let mut sheet = Sheet::new([
        "file",
        "document",
        "publisher",
        "published_on",
        "claim",
        "kind",
        "view",
        "unit",
        "#reported",
        "#counted",
        "#factor_hundredths",
        "verdict",
        "synthetic",
        "on",
        "known_then_on",
        "#known_then",
        "recorded_late",
        "set_aside",
        "complete",
        "#ikms",
        "#persons",
        "#together",
        "#as_known",
        "root",
        "stream",
        "#made",
        "#checked",
        "#version",
        "#newer_version",
        "figure",
        "scope",
        "definition",
    ]);
    for Judged { file, claim, report, recorded, .. } in judged {
        let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
        let day = |value: Option<Date>| value.map(|value| value.to_string()).unwrap_or_default();
        let then = report.known_then;
        sheet.row([
            file.clone(),
            claim.document.to_string(),
            claim.publisher.to_string(),
            day(claim.published_on),
            claim.claim.to_string(),
            word(&claim.kind),
            report.basis.as_ref().map(|basis| basis.view.to_owned()).unwrap_or_default(),
            if is_share(claim) {
                "basis_point".to_owned()
            } else {
                claim.unit.as_deref().unwrap_or_default().to_owned()
            },
            number(report.reported),
            number(report.counted),
            number(report.factor.map(|factor| factor.hundredths)),
            word(&report.verdict),
            report.synthetic.to_string(),
            report.on.to_string(),
            day(then.map(|then| then.on)),
            number(then.map(|then| then.counted)),
            joined(&report.recorded_late),
            joined(&report.set_aside),
            report.complete.to_string(),
            report.behind.ikms.to_string(),
            report.behind.persons.to_string(),
            number(report.together.map(|together| together.counted)),
            log.size.to_string(),
            log.root.clone(),
            recorded.map(|recorded| Subject::Claim(recorded.claim).to_string()).unwrap_or_default(),
            number(recorded.map(|recorded| recorded.made)),
            number(recorded.map(|recorded| recorded.checked)),
            report.basis.as_ref().map(|basis| basis.version.to_string()).unwrap_or_default(),
            report.newer_version().map(|newer| newer.to_string()).unwrap_or_default(),
            report.basis.as_ref().map(|basis| basis.short().en).unwrap_or_default(),
            report.basis.as_ref().map(|basis| basis.scope.en.clone()).unwrap_or_default(),
            report.basis.as_ref().map(|basis| basis.definition.en.to_owned()).unwrap_or_default(),
        ]);
    }
    sheet
}

fn members_csv(judged: &[Judged], log: &LogPlace) -> Sheet {
    let mut sheet = Sheet::new([
        "file",
        "verdict",
        "who",
        "area",
        "figures",
        "events",
        "#as_known",
        "root",
        SYNTHETIC_COLUMN,
        "view",
        "#version",
        "#newer_version",
        "figure",
        "scope",
        "definition",
        "words",
    ]);
    let words = claimant_words().en;
    for Judged { file, report, .. } in judged {
        for member in &report.members {
            sheet.row([
                file.clone(),
                word(&report.verdict),
                member.who.to_string(),
                member.area.map(|area| area.to_string()).unwrap_or_default(),
                member.figures.join(" "),
                joined(&member.events),
                log.size.to_string(),
                log.root.clone(),
                log.synthetic.to_string(),
                report.basis.as_ref().map(|basis| basis.view.to_owned()).unwrap_or_default(),
                report.basis.as_ref().map(|basis| basis.version.to_string()).unwrap_or_default(),
                report.newer_version().map(|newer| newer.to_string()).unwrap_or_default(),
                report.basis.as_ref().map(|basis| basis.short().en).unwrap_or_default(),
                report.basis.as_ref().map(|basis| basis.scope.en.clone()).unwrap_or_default(),
                report.basis.as_ref().map(|basis| basis.definition.en.to_owned()).unwrap_or_default(),
                words.clone(),
            ]);
        }
    }
    sheet
}

/// The written form of a value that serialises to a text.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("a kind or verdict serialises to a text, not {other:?}"),
    }
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
    match context.format() {
        Format::Json => return write_json(&mut out, &SampleOutput { file, sample, log }),
        Format::Csv => return sample_csv(sample, log).write_csv(&mut out, context.csv()),
        Format::Table => {}
    }
    let mut sheet = Sheet::new(["IKM", "SHA-256", language.pick("peristiwa", "events")]);
    for drawn in &sample.ikms {
        sheet.row([drawn.who.to_string(), drawn.sha256.clone(), joined(&drawn.events)]);
    }
    let Sample { method, seed, precision, population, size, .. } = sample;
    let mut line = |word: &str, said: String| writeln!(out, "{word:<13} {}", printable(&said));
    line(language.pick("klaim", "claim"), format!("{file}: {}", claim.claim))?;
    let (confidence, margin) = (precision.confidence_percent, precision.margin_percent);
    line(
        language.pick("sampel", "sample"),
        text!(
            language,
            "{size} dari {population} IKM (kepercayaan {confidence} %, galat {margin} %)",
            "{size} of {population} IKMs (confidence {confidence} %, margin {margin} %)"
        ),
    )?;
    let method = match language {
        Language::Id => {
            "urut menaik menurut sha256(benih LF ikm/<uuid>), n yang pertama; n menurut Cochran, p = 1/2, dengan koreksi populasi terhingga"
        }
        Language::En => *method,
    };
    line(language.pick("metode", "method"), method.to_owned())?;
    line(language.pick("benih", "seed"), seed.clone())?;
    writeln!(out, "\n{}\n", sheet.to_table())?;
    place(&mut out, log, language)?;
    Ok(out.flush()?)
}

fn sample_csv(sample: &Sample, log: &LogPlace) -> Sheet {
    let mut sheet = Sheet::new([
        "who",
        "sha256",
        "events",
        "method",
        "seed",
        "#confidence_percent",
        "#margin_percent",
        "#population",
        "#size",
        "#as_known",
        "root",
        SYNTHETIC_COLUMN,
    ]);
    for drawn in &sample.ikms {
        sheet.row([
            drawn.who.to_string(),
            drawn.sha256.clone(),
            joined(&drawn.events),
            sample.method.to_owned(),
            sample.seed.clone(),
            sample.precision.confidence_percent.to_string(),
            sample.precision.margin_percent.to_string(),
            sample.population.to_string(),
            sample.size.to_string(),
            log.size.to_string(),
            log.root.clone(),
            log.synthetic.to_string(),
        ]);
    }
    sheet
}
