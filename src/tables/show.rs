//! The page of a stream: its story, and of a programme its sessions and who was enrolled.

use std::collections::BTreeMap;

use jejak_events::identity::{SessionId, Subject};
use jejak_events::values::Date;

use super::known;
use crate::queries::names::Names;
use crate::queries::show::output::{AmendmentOutput, Line, Output, called};
use crate::queries::show::{
    Achievement, CertificateEnd, Enrolled, EnrolmentState, EntryStanding, FieldDifference, FieldValue,
    ProgramSection, ResolvedStatus, StreamPage,
};
use crate::words::event_words::{day, fact_words, field_words, in_words, moment, value_words};
use crate::words::ids::{short_id, short_stream};
use crate::words::language::{Language, count, number, text};
use crate::words::table::{Cell, Column, Holds, Table};

/// More days than this are counted instead of shown one letter each.
const DAYS_SHOWN: usize = 31;

const STORY: [Column; 17] = [
    Column::people(Holds::Day, ["terjadi", "happened"]),
    Column::people(Holds::Text, ["apa", "what"]),
    Column::people(Holds::Day, ["dicatat", "recorded"]),
    Column::both(Holds::Number, "index", ["indeks", "index"]),
    Column::programs(Holds::Number, "about"),
    Column::programs(Holds::Id, "status"),
    Column::programs(Holds::Id, "time"),
    Column::programs(Holds::Id, "timeprecision"),
    Column::programs(Holds::Id, "recordedtime"),
    Column::programs(Holds::Number, "late_days"),
    Column::both(Holds::Id, "source", ["oleh", "by"]),
    Column::programs(Holds::Id, "subject"),
    Column::programs(Holds::Id, "type"),
    Column::programs(Holds::Text, "said"),
    Column::programs(Holds::Text, "differences"),
    Column::people(Holds::Id, ["aliran", "stream"]),
    Column::programs(Holds::Day, "on"),
];

/// A row for each line of the story, with what amends it right under it.
#[must_use]
pub fn story(shown: &Output<'_>, language: Language) -> Table {
    let mut table = Table::new(language, STORY).ending(known(shown.log));
    let ends = |line: &Line| {
        let stream = (shown.joined.len() > 1).then(|| Cell::id(short_stream(&line.stream)));
        [stream.into(), shown.on.into()]
    };
    for line in &shown.story {
        table.row(of_line(line, language).into_iter().chain(ends(line)));
        for amendment in &line.amendments {
            table.row(of_amendment(line, amendment, language).into_iter().chain(ends(line)));
        }
    }
    table
}

fn of_line(line: &Line, language: Language) -> [Cell; 15] {
    let said = language.of(&line.said);
    let mut what = in_words(said, language);
    match line.standing {
        EntryStanding::InForce => {}
        EntryStanding::Corrected => what.push_str(language.pick(" [dikoreksi]", " [corrected]")),
        EntryStanding::Retracted => what = format!("{} {what}", language.pick("[DITARIK]", "[RETRACTED]")),
    }
    let mut recorded = vec![moment(line.recorded.0, line.recorded.1, language)];
    recorded.extend(line.late_days.map(|days| {
        let days = number(days.unsigned_abs(), language);
        text!(language, "TERLAMBAT {days} hari", "LATE by {days} days")
    }));
    [
        line.happened.into(),
        what.into(),
        Cell::Lines(recorded),
        match line.indexes.as_slice() {
            [] => Cell::id(line.index),
            [first, .., last] => Cell::coded(
                crate::words::table::joined(&line.indexes),
                format!("{first}..{last} ({})", count(line.indexes.len(), language)),
            ),
            [only] => Cell::id(only),
        },
        Cell::None,
        Cell::id(line.standing.name()),
        Cell::id(&line.time),
        Cell::id(line.timeprecision),
        Cell::id(&line.recordedtime),
        line.late_days.into(),
        Cell::id(&line.source),
        Cell::id(&line.stream),
        Cell::id(line.r#type),
        said.into(),
        Cell::None,
    ]
}

fn of_amendment(line: &Line, amendment: &AmendmentOutput, language: Language) -> [Cell; 15] {
    let all = || amendment.differences.iter().chain(&amendment.sealed_differences);
    let said = language.of(&amendment.said);
    let mut what = format!("└ {}", in_words(said, language));
    if amendment.retracted {
        what.push_str(language.pick(" [koreksi ini DITARIK]", " [this correction was RETRACTED]"));
    }
    let mut lines = vec![what];
    lines.extend(all().map(|one| format!("    {}", difference(one, Some(language)))));
    if amendment.r#type == "id.jejak.event.corrected.v1" && lines.len() == 1 {
        let nothing = language.pick("tidak ada kolom terbuka yang berbeda", "no open field differs");
        lines.push(format!("    {nothing}"));
    }
    let differences: Vec<String> = all().map(|one| difference(one, None)).collect();
    [
        Cell::None,
        Cell::Lines(lines),
        Cell::Recorded(amendment.recorded.0, amendment.recorded.1),
        Cell::id(amendment.index),
        line.index.into(),
        Cell::id(if amendment.retracted { "retracted" } else { "" }),
        Cell::None,
        Cell::None,
        Cell::id(&amendment.recordedtime),
        Cell::None,
        Cell::id(&amendment.source),
        Cell::id(&line.stream),
        Cell::id(amendment.r#type),
        said.into(),
        differences.join("; ").into(),
    ]
}

/// A difference as it is recorded, or in words of a language.
fn difference(difference: &FieldDifference, language: Option<Language>) -> String {
    let value = |value: &Option<FieldValue>| match (value, language) {
        (None, _) => "-".to_owned(),
        (Some(value), None) => value.to_string(),
        (Some(value), Some(language)) => fact_words(&difference.field, value, language),
    };
    let changed = difference.changed_members().filter(|_| language.is_some());
    let (before, after) = match &changed {
        Some([before, after]) => (before, after),
        None => (&difference.before, &difference.after),
    };
    let field = language
        .map_or_else(|| difference.field.clone(), |language| field_words(&difference.field, language));
    match (before, after) {
        // A sealed value that is not said.
        (None, None) => field,
        (before, after) => format!("{field}: {} → {}", value(before), value(after)),
    }
}

/// The place of each day of a programme that was held, by day and session.
type Order = BTreeMap<(Date, SessionId), usize>;

/// The days of a programme and who came, and those who were enrolled.
#[must_use]
pub fn program(
    page: &StreamPage,
    program: &ProgramSection,
    names: Option<&Names>,
    language: Language,
) -> [Table; 2] {
    let columns = [
        Column::people(Holds::Number, ["hari ke", "day"]),
        Column::people(Holds::Day, ["tanggal", "date"]),
        Column::people(Holds::Text, ["sesi", "session"]),
        Column::people(Holds::Name, ["tempat", "venue"]),
        Column::people(Holds::Number, ["hadir", "present"]),
        Column::people(Holds::Number, ["izin", "excused"]),
        Column::people(Holds::Number, ["tidak hadir", "absent"]),
    ];
    let mut table = Table::new(language, columns);
    let mut order = Order::new();
    let sessions = program.sessions.iter();
    let mut days: Vec<_> =
        sessions.flat_map(|session| session.days.iter().map(move |day| (day, session))).collect();
    days.sort_by_key(|(day, session)| (day.date, session.session));
    for (day, session) in days {
        let place = order.len();
        let number = if session.cancelled { Cell::Unknown } else { (place + 1).into() };
        if !session.cancelled {
            order.insert((day.date, session.session), place);
        }
        let mut called = short_id(&session.session.to_string());
        if let Some(group) = &session.group {
            let group = value_words(group, language);
            called.push_str(&text!(language, ", kelompok {group}", ", group {group}"));
        }
        if session.cancelled {
            called.push_str(language.pick(", DIBATALKAN", ", CANCELLED"));
        }
        let (present, excused, absent) = (day.present.into(), day.excused.into(), day.absent.into());
        let venue = (&session.venue).into();
        table.row([number, day.date.into(), called.into(), venue, present, excused, absent]);
    }
    [table, enrolled(page, program, &order, (names, language))]
}

fn enrolled(
    page: &StreamPage,
    program: &ProgramSection,
    order: &Order,
    (names, language): (Option<&Names>, Language),
) -> Table {
    let columns = [
        Column::people(Holds::Name, ["IKM", "IKM"]),
        Column::people(Holds::Name, ["orang", "person"]),
        Column::people(Holds::Text, ["status", "state"]),
        Column::people(Holds::Day, ["sejak", "since"]),
        Column::people(Holds::Id, ["kehadiran", "attendance"]),
        Column::people(Holds::Text, ["penilaian", "assessed"]),
        Column::people(Holds::Text, ["sertifikat", "certificates"]),
        Column::people(Holds::Text, ["pameran", "exhibitions"]),
    ];
    let mut table = Table::new(language, columns);
    let call = |subject: Subject| called(page, names, subject);
    let achieved = |all: &[Achievement]| {
        let said =
            |one: &Achievement| format!("{} {}", day(one.date, language), achieved_words(one, language));
        lines(all.iter().map(said))
    };
    for one in &program.enrolled {
        table.row([
            one.ikm.map(|ikm| call(Subject::Ikm(ikm))).into(),
            one.person.map(|person| call(Subject::Person(person))).into(),
            state(one.state, language).into(),
            one.since.into(),
            Cell::id(attendance(one, order, language)),
            achieved(&one.assessments),
            achieved(&one.certificates),
            lines(one.exhibitions.iter().map(|joined| call(joined.subject))),
        ]);
    }
    table
}

/// The scheme of a certificate and why it does not hold, or scheme and verdict of an assessment.
fn achieved_words(achieved: &Achievement, language: Language) -> String {
    let said = achieved.what.split(' ').map(|code| value_words(code, language));
    let ended = achieved.ended.map(|ended| match ended {
        CertificateEnd::Lapsed => language.pick("berakhir", "lapsed"),
        CertificateEnd::Revoked => language.pick("dicabut", "revoked"),
        CertificateEnd::Suspended => language.pick("dibekukan", "suspended"),
    });
    said.chain(ended.map(str::to_owned)).collect::<Vec<_>>().join(": ")
}

fn lines(lines: impl Iterator<Item = String>) -> Cell {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { Cell::None } else { Cell::Lines(lines) }
}

fn state(state: EnrolmentState, language: Language) -> &'static str {
    match state {
        EnrolmentState::Enrolled => language.pick("mendapat tempat", "enrolled"),
        EnrolmentState::Waitlisted => language.pick("daftar tunggu", "waiting"),
        EnrolmentState::Withdrawn => language.pick("mundur", "withdrawn"),
        EnrolmentState::NotEnrolled => language.pick("tidak mendapat tempat", "not enrolled"),
    }
}

/// One letter for each day of the programme, or counts where there are too many days.
fn attendance(one: &Enrolled, order: &Order, language: Language) -> String {
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
