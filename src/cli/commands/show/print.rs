//! A page on paper.

use std::collections::BTreeMap;
use std::io::Write;

use jejak_events::identity::Subject;
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::values::Date;
use uuid::Uuid;

use super::summary;
use crate::cli::clocks::{LogPlace, day_asked, write_known};
use crate::cli::exit::Stop;
use crate::cli::output::{self, on_page, printable, write_csv, write_json, write_label, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::names::Names;
use crate::queries::show::output::{Output, called, output};
use crate::queries::show::{ProgramSection, StreamPage, Summary};
use crate::tables;
use crate::words::event_words::{fact_words, field_words, no_events, quota_words, type_words};
use crate::words::ids::with_titles;
use crate::words::language::{Language, number, text};

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Output<'static>>];

/// The day that a page is for.
#[derive(Clone, Copy)]
pub struct PageDay<'a> {
    /// The day.
    pub on: Date,
    /// Whether it was named; else it is today.
    pub is_asked: bool,
    /// Today, where the office is.
    pub today: Date,
    /// How much of the log the page knows.
    pub log: &'a LogPlace,
}

/// Prints a page.
///
/// # Errors
/// When the output cannot be written.
pub fn page(
    context: &Context,
    (page, summary): (&StreamPage, Option<&Summary>),
    day: PageDay<'_>,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let mut out = output::page(context);
    let shown = output(page, summary, (day.on, day.log), names);
    match context.format() {
        Format::Json => write_json(&mut out, &shown),
        Format::Csv => write_csv(&mut out, context, &tables::show::story(&shown, context.language)),
        Format::Table => table(&mut out, context.language, (page, day), &shown, names),
    }
}

fn table(
    out: &mut dyn Write,
    language: Language,
    (page, day): (&StreamPage, PageDay<'_>),
    shown: &Output<'_>,
    names: Option<&Names>,
) -> Result<(), Stop> {
    write_synthetic(out, shown.log.synthetic, language)?;
    if shown.story.is_empty() && shown.folded.is_empty() {
        let nothing = match shown.revision {
            0 => no_events(page.subject, language),
            _ => text!(
                language,
                "{subject}: belum ada peristiwa sampai hari itu; sebut hari yang lebih kemudian dengan --on",
                "{subject}: no events up to that day; name a later one by --on",
                subject = page.subject
            ),
        };
        writeln!(out, "{nothing}\n")?;
        clocks(out, language, day)?;
        // Of an area there may be something all the same.
        if let (Some(summary), Subject::Area(_)) = (shown.summary, page.subject) {
            summary::print(out, language, summary, day, names)?;
        }
        return Ok(out.flush()?);
    }
    // Without a name or a title it is called by the beginning of its identifier, which stands there whole.
    if names.is_some() || page.titles.contains_key(&page.subject) || matches!(page.subject, Subject::Area(_))
    {
        writeln!(out, "{}", printable(&called(page, names, page.subject)))?;
    }
    heading(out, language, (page, day), shown, names)?;
    if let Some(summary) = shown.summary {
        summary::print(out, language, summary, day, names)?;
    }
    if let Some(program) = &page.program {
        enrolled(out, language, (page, names), program)?;
    }
    let recorded = language.pick("Yang tercatat", "What is recorded");
    let heading = if shown.summary.is_some() { recorded } else { "" };
    writeln!(out, "{heading}\n{}", on_page(&tables::show::story(shown, language)))?;
    folded(out, language, shown)?;
    Ok(out.flush()?)
}

/// The days of a programme, and who was enrolled.
fn enrolled(
    out: &mut dyn Write,
    language: Language,
    (page, names): (&StreamPage, Option<&Names>),
    program: &ProgramSection,
) -> Result<(), Stop> {
    let [days, enrolled] = tables::show::program(page, program, names, language);
    if !days.is_empty() {
        writeln!(out, "{}\n", on_page(&days))?;
    }
    if !enrolled.is_empty() {
        writeln!(out, "{}", on_page(&enrolled))?;
        let letters = language.pick(
            "kehadiran menurut hari: H hadir, I izin, T tidak hadir, · tidak tercatat",
            "attendance by day: P present, E excused, A absent, · not on record",
        );
        writeln!(out, "{letters}\n")?;
    }
    Ok(())
}

/// As of which day, and as known when.
fn clocks(out: &mut dyn Write, language: Language, day: PageDay<'_>) -> Result<(), Stop> {
    write_label(out, language.pick("per tanggal", "as of"), day_asked(day.on, day.today, language))?;
    write_known(out, day.log, language)
}

/// How it stands, as of which day and as known when, and the open facts in force.
fn heading(
    out: &mut dyn Write,
    language: Language,
    (page, day): (&StreamPage, PageDay<'_>),
    shown: &Output<'_>,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let (subject, revision) = (&shown.subject, number(shown.revision, language));
    let state = shown.state.map(|one| format!(", {}", stream_state(one, language))).unwrap_or_default();
    let line =
        text!(language, "{subject}{state}, revisi {revision}", "{subject}{state}, revision {revision}");
    writeln!(out, "{line}\n")?;
    clocks(out, language, day)?;
    if shown.joined.len() > 1 {
        let others: Vec<&str> =
            shown.joined.iter().map(String::as_str).filter(|one| one != subject).collect();
        write_label(out, language.pick("bersama", "with"), others.join(", "))?;
    }
    if !shown.facts.is_empty() {
        writeln!(out)?;
    }
    let called = called_by_uuid(page, names);
    let title = |id: Uuid| called.get(&id).map(String::as_str);
    let facts: Vec<(String, String)> = shown
        .facts
        .iter()
        .map(|(name, value)| {
            let said = match (name.as_str(), shown.facts.get("unit")) {
                ("quota", Some(unit)) => quota_words(&value.value, &unit.value, language),
                _ => fact_words(name, value, language),
            };
            (field_words(name, language), with_titles(&said, &title))
        })
        .collect();
    let longest = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(11);
    for (name, value) in facts {
        writeln!(out, "{name:<longest$}  {}", printable(&value))?;
    }
    Ok(())
}

/// What the streams on the page are called, by their UUIDs: names that were asked for, and titles.
fn called_by_uuid(page: &StreamPage, names: Option<&Names>) -> BTreeMap<Uuid, String> {
    let titles = page.titles.iter().map(|(subject, title)| (*subject, title.clone()));
    let names = names.into_iter().flatten();
    let names = names.filter_map(|(subject, name)| Some((Subject::parse(subject).ok()?, name.clone()?)));
    titles.chain(names).filter_map(|(subject, called)| Some((subject.uuid()?, called))).collect()
}

/// What the tables tell, counted.
fn folded(out: &mut dyn Write, language: Language, shown: &Output<'_>) -> Result<(), Stop> {
    if shown.folded.is_empty() {
        return Ok(());
    }
    let counted = shown.folded.iter().map(|(name, folded)| {
        let name = type_words(name, language);
        let [count, late] = [folded.count, folded.late].map(|count| number(count, language));
        match folded.late {
            0 => format!("{name} {count}"),
            _ => text!(
                language,
                "{name} {count} ({late} dicatat terlambat)",
                "{name} {count} ({late} recorded late)"
            ),
        }
    });
    let counted = counted.collect::<Vec<_>>().join(", ");
    let line = text!(language, "diringkas dalam tabel: {counted}", "counted in the tables: {counted}");
    Ok(writeln!(out, "\n{line}")?)
}

/// The state of a stream in words.
fn stream_state(state: &str, language: Language) -> &str {
    if let Some(verdict) = ClaimVerdict::ALL.iter().find(|verdict| verdict.name() == state) {
        let [id, en] = verdict.words();
        return language.pick(id, en);
    }
    if language == Language::En {
        return state;
    }
    match state {
        "active" => "aktif",
        "announced" => "diumumkan",
        "built" => "dibangun",
        "closed" => "ditutup",
        "erased" => "dihapus",
        "made" => "dicatat",
        "merged" => "digabung",
        "open" => "berjalan",
        "opened" => "dibuka",
        "planned" => "direncanakan",
        "registered" => "terdaftar",
        "retracted" => "ditarik",
        "revoked" => "dicabut",
        "suspended" => "dibekukan",
        "valid" => "berlaku",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_claim_is_its_verdict_in_words() {
        assert_eq!(stream_state("not_kept", Language::En), "not kept");
        assert_eq!(stream_state("not_kept", Language::Id), "tidak ditepati");
        assert_eq!(stream_state("active", Language::Id), "aktif");
        assert_eq!(stream_state("active", Language::En), "active");
        let uncalled =
            ClaimVerdict::ALL.iter().find(|one| stream_state(one.name(), Language::Id) == one.name());
        assert_eq!(uncalled, None);
    }
}
