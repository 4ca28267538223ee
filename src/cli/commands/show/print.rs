//! A page on paper.

use std::collections::BTreeMap;
use std::io::Write;

use jejak_events::identity::{SessionId, Subject};
use jejak_events::values::Date;

use super::output::{AmendmentOutput, Line, Output, Said, called, output};
use crate::cli::clocks::LogPlace;
use crate::cli::exit::Stop;
use crate::cli::output::{self, Cell, SYNTHETIC_COLUMN, Sheet, joined, write_json};
use crate::cli::{Context, Format};
use crate::queries::names::Names;
use crate::queries::show::{
    Achievement, Enrolled, EnrolmentState, EntryStanding, FieldDifference, ProgramSection, ResolvedStatus,
    StreamPage,
};
use crate::words::event_words::{
    day, events, fact_words, field_words, happened_words, in_words, moment, type_words,
};
use crate::words::language::{Language, made_up, number, text};
use crate::words::sentence::short_id;

/// More days than this are counted instead of shown one letter each.
const DAYS_SHOWN: usize = 31;

/// Prints a page.
///
/// # Errors
/// When the output cannot be written.
pub fn page(
    context: &Context,
    page: &StreamPage,
    on: Date,
    log: &LogPlace,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let mut out = output::page(context);
    let shown = output(page, on, log, names);
    match context.format() {
        Format::Json => write_json(&mut out, &shown),
        Format::Csv => csv_sheet(&shown, context.language).write_csv(&mut out, context.csv()),
        Format::Table => table(&mut out, context.language, page, &shown, names),
    }
}

fn pick(said: &Said, language: Language) -> &str {
    language.pick(&said.id, &said.en)
}

/// A difference as it is recorded, or in words of a language.
fn difference(difference: &FieldDifference, language: Option<Language>) -> String {
    let value = |value: &Option<String>| match (value, language) {
        (None, _) => "-".to_owned(),
        (Some(value), None) => value.clone(),
        (Some(value), Some(language)) => match value.parse::<u64>() {
            Ok(amount) if difference.field.ends_with("amount") => number(amount, language),
            _ => fact_words(value, language),
        },
    };
    let field = language
        .map_or_else(|| difference.field.clone(), |language| field_words(&difference.field, language));
    match (&difference.before, &difference.after) {
        // A sealed value that is not said.
        (None, None) => field,
        (before, after) => format!("{field}: {} → {}", value(before), value(after)),
    }
}

fn all_differences(amendment: &AmendmentOutput, language: Option<Language>) -> Vec<String> {
    let all = amendment.differences.iter().chain(&amendment.sealed_differences);
    all.map(|one| difference(one, language)).collect()
}

fn csv_sheet(output: &Output<'_>, language: Language) -> Sheet {
    let mut sheet = Sheet::new([
        "#index",
        "#about",
        "standing",
        "time",
        "timeprecision",
        "recordedtime",
        "#late_days",
        "source",
        "stream",
        "type",
        "said",
        "differences",
        "on",
        "#as_known",
        "root",
        SYNTHETIC_COLUMN,
    ]);
    let mut add = |cells: [String; 12]| {
        let log = output.log;
        let asked =
            [output.on.to_string(), log.size.to_string(), log.root.clone(), log.synthetic.to_string()];
        sheet.row(cells.into_iter().chain(asked));
    };
    for line in &output.story {
        add([
            if line.indexes.is_empty() { line.index.to_string() } else { joined(&line.indexes) },
            String::new(),
            line.standing.name().to_owned(),
            line.time.clone(),
            line.timeprecision.to_owned(),
            line.recordedtime.clone(),
            line.late_days.map_or_else(String::new, |days| days.to_string()),
            line.source.clone(),
            line.stream.clone(),
            line.r#type.to_owned(),
            pick(&line.said, language).to_owned(),
            String::new(),
        ]);
        for amendment in &line.amendments {
            add([
                amendment.index.to_string(),
                line.index.to_string(),
                if amendment.retracted { "retracted" } else { "" }.to_owned(),
                String::new(),
                String::new(),
                amendment.recordedtime.clone(),
                String::new(),
                amendment.source.clone(),
                line.stream.clone(),
                amendment.r#type.to_owned(),
                pick(&amendment.said, language).to_owned(),
                all_differences(amendment, None).join("; "),
            ]);
        }
    }
    sheet
}

fn table(
    out: &mut dyn Write,
    language: Language,
    page: &StreamPage,
    shown: &Output<'_>,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let subject = &shown.subject;
    let called_subject = called(page, names, page.subject);
    // Without a name or a title it is called by the beginning of its identifier, which stands there whole.
    if names.is_some() || page.titles.contains_key(&page.subject) {
        writeln!(out, "{}", crate::cli::output::printable(&called_subject))?;
    }
    let revision = shown.revision;
    let state = shown.state.map(|one| format!(", {}", stream_state(one, language))).unwrap_or_default();
    writeln!(
        out,
        "{}\n",
        text!(language, "{subject}{state}, revisi {revision}", "{subject}{state}, revision {revision}")
    )?;
    let on = day(shown.on, language);
    let (size, until) = (events(shown.log.size, language), shown.log.until(language));
    writeln!(
        out,
        "{}",
        text!(
            language,
            "per tanggal  {on}\ndiketahui    {size}, dicatat sampai {until}",
            "as of        {on}\nas known at  {size}, recorded until {until}"
        )
    )?;
    if shown.log.synthetic {
        writeln!(out, "{}", made_up(language))?;
    }
    if shown.joined.len() > 1 {
        let others: Vec<&str> =
            shown.joined.iter().map(String::as_str).filter(|one| one != subject).collect();
        let others = others.join(", ");
        writeln!(out, "{}", text!(language, "bersama      {others}", "with         {others}"))?;
    }
    let facts: Vec<(String, String)> = shown
        .facts
        .iter()
        .map(|(name, value)| (field_words(name, language), fact_words(value, language)))
        .collect();
    if !facts.is_empty() {
        writeln!(out)?;
    }
    let longest = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(11);
    for (name, value) in facts {
        writeln!(out, "{name:<longest$}  {}", crate::cli::output::printable(&value))?;
    }
    if shown.story.is_empty() && shown.folded.is_empty() {
        writeln!(
            out,
            "\n{}",
            text!(
                language,
                "tidak ada peristiwa; periksa pengenalnya, atau cari dengan `jejak find`",
                "no events; check the identifier, or look with `jejak find`"
            )
        )?;
        return Ok(out.flush()?);
    }
    writeln!(out, "\n{}", story(language, shown).to_table())?;
    if let Some(program) = &page.program {
        tell_program(out, language, page, program, names)?;
    }
    if !shown.folded.is_empty() {
        let folded = shown.folded.iter().map(|(name, folded)| {
            let (name, count, late) = (type_words(name, language), folded.count, folded.late);
            match late {
                0 => format!("{name} {count}"),
                _ => text!(
                    language,
                    "{name} {count} ({late} dicatat terlambat)",
                    "{name} {count} ({late} recorded late)"
                ),
            }
        });
        let folded = folded.collect::<Vec<_>>().join(", ");
        writeln!(
            out,
            "\n{}",
            text!(language, "diringkas dalam tabel: {folded}", "counted in the tables: {folded}")
        )?;
    }
    Ok(out.flush()?)
}

/// The state of a stream in words.
fn stream_state(state: &str, language: Language) -> &str {
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

fn story(language: Language, shown: &Output<'_>) -> Sheet {
    let several = shown.joined.len() > 1;
    let mut headings = match language {
        Language::Id => vec!["terjadi", "apa", "dicatat", "#indeks", "oleh"],
        Language::En => vec!["happened", "what", "recorded", "#index", "by"],
    };
    if several {
        headings.push(language.pick("aliran", "stream"));
    }
    let mut sheet = Sheet::new(headings);
    for line in &shown.story {
        let mut what = in_words(pick(&line.said, language), language);
        match line.standing {
            EntryStanding::InForce => {}
            EntryStanding::Corrected => what.push_str(language.pick(" [dikoreksi]", " [corrected]")),
            EntryStanding::Retracted => {
                what = format!("{} {what}", language.pick("[DITARIK]", "[RETRACTED]"))
            }
        }
        let mut recorded = moment(line.recorded.0, line.recorded.1, language);
        if let Some(days) = line.late_days {
            recorded.push_str(&text!(language, " TERLAMBAT {days} hari", " LATE by {days} days"));
        }
        let stream = several.then(|| short_stream(&line.stream));
        let cells =
            [happened_words(line.happened, language), what, recorded, indexes(line), line.source.clone()];
        sheet.row(cells.into_iter().chain(stream.clone()));
        for amendment in &line.amendments {
            let mut what = format!("└ {}", in_words(pick(&amendment.said, language), language));
            if amendment.retracted {
                what.push_str(language.pick(" [koreksi ini DITARIK]", " [this correction was RETRACTED]"));
            }
            let mut lines = vec![what];
            lines.extend(
                all_differences(amendment, Some(language)).into_iter().map(|one| format!("    {one}")),
            );
            if amendment.r#type == "id.jejak.event.corrected.v1" && lines.len() == 1 {
                let nothing = language.pick("tidak ada kolom terbuka yang berbeda", "no open field differs");
                lines.push(format!("    {nothing}"));
            }
            let cells = [
                "".into(),
                Cell::Lines(lines),
                moment(amendment.recorded.0, amendment.recorded.1, language).into(),
                amendment.index.to_string().into(),
                amendment.source.clone().into(),
            ];
            sheet.row(cells.into_iter().chain(stream.clone().map(Cell::from)));
        }
    }
    sheet
}

/// The index, or of several the first and the last with their number.
fn indexes(line: &Line) -> String {
    match line.indexes.as_slice() {
        [first, .., last] => format!("{first}..{last} ({})", line.indexes.len()),
        _ => line.index.to_string(),
    }
}

fn short_stream(stream: &str) -> String {
    stream.split_once('/').map_or_else(|| stream.to_owned(), |(kind, id)| format!("{kind}/{}", short_id(id)))
}

fn tell_program(
    out: &mut dyn Write,
    language: Language,
    page: &StreamPage,
    program: &ProgramSection,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let mut sheet = Sheet::new(match language {
        Language::Id => ["#hari ke", "tanggal", "sesi", "tempat", "#hadir", "#izin", "#tidak hadir"],
        Language::En => ["#day", "date", "session", "venue", "#present", "#excused", "#absent"],
    });
    let mut order: BTreeMap<(Date, SessionId), usize> = BTreeMap::new();
    let mut days: Vec<_> = program
        .sessions
        .iter()
        .flat_map(|session| session.days.iter().map(move |day| (day.date, session.session, session, day)))
        .collect();
    days.sort_by_key(|(date, id, ..)| (*date, *id));
    for (date, id, session, day) in days {
        let number = if session.cancelled {
            "-".to_owned()
        } else {
            let place = order.len();
            order.insert((date, id), place);
            (place + 1).to_string()
        };
        let mut called = short_id(&id.to_string());
        if let Some(group) = &session.group {
            called.push_str(&text!(language, ", kelompok {group}", ", group {group}"));
        }
        if session.cancelled {
            called.push_str(language.pick(", DIBATALKAN", ", CANCELLED"));
        }
        sheet.row([
            number,
            self::day(date, language),
            called,
            session.venue.clone(),
            day.present.to_string(),
            day.excused.to_string(),
            day.absent.to_string(),
        ]);
    }
    if !sheet.is_empty() {
        writeln!(out, "\n{}", sheet.to_table())?;
    }
    let enrolled = enrolled(language, page, program, &order, names);
    if !enrolled.is_empty() {
        writeln!(out, "\n{}", enrolled.to_table())?;
        writeln!(
            out,
            "{}",
            language.pick(
                "kehadiran menurut hari: H hadir, I izin, T tidak hadir, · tidak tercatat",
                "attendance by day: P present, E excused, A absent, · not on record"
            )
        )?;
    }
    Ok(())
}

fn enrolled(
    language: Language,
    page: &StreamPage,
    program: &ProgramSection,
    order: &BTreeMap<(Date, SessionId), usize>,
    names: Option<&Names>,
) -> Sheet {
    let mut sheet = Sheet::new(match language {
        Language::Id => {
            ["IKM", "orang", "status", "sejak", "kehadiran", "penilaian", "sertifikat", "pameran"]
        }
        Language::En => {
            ["IKM", "person", "state", "since", "attendance", "assessed", "certificates", "exhibitions"]
        }
    });
    let call = |subject: Subject| called(page, names, subject);
    let achieved = |all: &[Achievement]| {
        let said =
            |one: &Achievement| format!("{} {}", day(one.date, language), fact_words(&one.what, language));
        Cell::Lines(all.iter().map(said).collect())
    };
    for one in &program.enrolled {
        let exhibitions: Vec<String> = one.exhibitions.iter().map(|joined| call(joined.subject)).collect();
        sheet.row([
            Cell::Line(call(Subject::Ikm(one.ikm))),
            one.person.map_or_else(String::new, |person| call(Subject::Person(person))).into(),
            state(one.state, language).into(),
            one.since.map_or_else(String::new, |since| day(since, language)).into(),
            attendance(one, order, language).into(),
            achieved(&one.assessments),
            achieved(&one.certificates),
            Cell::Lines(exhibitions),
        ]);
    }
    sheet
}

fn state(state: EnrolmentState, language: Language) -> &'static str {
    match state {
        EnrolmentState::Enrolled => language.pick("terdaftar", "enrolled"),
        EnrolmentState::Waitlisted => language.pick("daftar tunggu", "waiting"),
        EnrolmentState::Withdrawn => language.pick("mundur", "withdrawn"),
        EnrolmentState::NotEnrolled => language.pick("tidak terdaftar", "not enrolled"),
    }
}

/// One letter for each day of the programme, or counts where there are too many days.
fn attendance(one: &Enrolled, order: &BTreeMap<(Date, SessionId), usize>, language: Language) -> String {
    let present = one.attendance.iter().filter(|day| day.status == ResolvedStatus::Present).count();
    if order.len() > DAYS_SHOWN {
        return format!("{present}/{}", order.len());
    }
    let mut letters = vec!['·'; order.len()];
    // In reverse: of two records of one day, the one present counts.
    for day in one.attendance.iter().rev() {
        let Some(letter) = order.get(&(day.date, day.session)).and_then(|place| letters.get_mut(*place))
        else {
            continue;
        };
        *letter = match day.status {
            ResolvedStatus::Present => language.pick('H', 'P'),
            ResolvedStatus::Excused => language.pick('I', 'E'),
            ResolvedStatus::Absent => language.pick('T', 'A'),
        };
    }
    letters.into_iter().collect()
}
