//! Two answers side by side.

use std::collections::BTreeMap;

use jejak_projections::compare::{CauseKind, DayRange, Difference, FigureChange, IndexRange, Standing};

use super::{called, stream, synthetic};
use crate::queries::compare::{ComparedAnswers, ComparedCause, ComparedEvent, ComparedMember, ComparedStep};
use crate::queries::names::Titles;
use crate::words::causes::cause_words;
use crate::words::event_words::{day, events, moment, type_words};
use crate::words::figures::{counting, title, titles};
use crate::words::ids::area_words;
use crate::words::language::{Language, unit};
use crate::words::table::{Cell, Column, Holds, Table, joined};

/// For people: a row for each figure.
#[must_use]
pub fn figures(compared: &ComparedAnswers<'_>, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Number, ["sebelum", "before"]),
        Column::people(Holds::Number, ["sesudah", "after"]),
        Column::people(Holds::Number, ["selisih", "difference"]),
        Column::people(Holds::Number, ["masuk", "entered"]),
        Column::people(Holds::Number, ["keluar", "left"]),
        Column::people(Holds::Number, ["tetap", "stayed"]),
        Column::people(Holds::Text, ["angka", "figure"]),
    ];
    let mut table = Table::new(language, columns);
    for FigureChange { before, after, difference, entered, left, name, stayed, unit: of } in compared.figures
    {
        let title = format!("{}, {}", unit(*of, language), language.words(title(name)));
        table.row([
            Cell::known(*before),
            Cell::known(*after),
            difference.map_or(Cell::Unknown, |difference| Cell::Change(difference.into())),
            (*entered).into(),
            (*left).into(),
            (*stayed).into(),
            title.into(),
        ]);
    }
    table
}

/// So many events of a cause are shown one by one.
const SHOWN_EVENTS: usize = 4;

/// Places of the columns that programs get for a figure.
const OF_A_FIGURE: [usize; 9] = [0, 1, 2, 5, 6, 7, 14, 15, 16];

const COLUMNS: [Column; 27] = [
    Column::programs(Holds::Id, "row"),
    Column::programs(Holds::Id, "figure"),
    Column::programs(Holds::Id, "unit"),
    Column::both(Holds::Id, "who", ["siapa", "who"]).once(),
    Column::both(Holds::Name, "name", ["nama", "name"]).once(),
    Column::programs(Holds::Number, "difference"),
    Column::programs(Holds::Number, "before"),
    Column::programs(Holds::Number, "after"),
    Column::programs(Holds::Id, "before_area"),
    Column::programs(Holds::Id, "after_area"),
    Column::programs(Holds::Number, "index"),
    Column::programs(Holds::Id, "type"),
    Column::programs(Holds::Day, "recordedtime"),
    Column::programs(Holds::Text, "unfound"),
    Column::programs(Holds::Number, "entered"),
    Column::programs(Holds::Number, "left"),
    Column::programs(Holds::Number, "stayed"),
    Column::programs(Holds::Day, "day"),
    Column::programs(Holds::Id, "cause"),
    Column::programs(Holds::Day, "cause_day"),
    Column::programs(Holds::Id, "events"),
    Column::people(Holds::Text, ["selisih", "difference"]).once(),
    Column::people(Holds::Name, ["wilayah", "area"]).once(),
    Column::people(Holds::Text, ["angka", "figures"]).once(),
    Column::people(Holds::Text, ["peristiwa", "events"]),
    Column::people(Holds::Day, ["hari", "day"]).once(),
    Column::people(Holds::Text, ["sebab", "why"]),
];

/// Who entered, left or changed: a row for each member and event, or, between two days, for each member and cause. For
/// programs, a row for each figure comes first.
#[must_use]
pub fn table(compared: &ComparedAnswers<'_>, titles: &Titles, language: Language) -> Table {
    let (before, after) = (&compared.before, &compared.after);
    let mut table = Table::new(language, COLUMNS).ending([
        (Holds::Id, "view", Cell::id(compared.view)),
        (Holds::Number, "before_version", before.version.into()),
        (Holds::Number, "after_version", after.version.into()),
        (Holds::Day, "from", compared.question.from.into()),
        (Holds::Day, "before_on", before.on.into()),
        (Holds::Day, "after_on", after.on.into()),
        (Holds::Number, "before_as_known", before.log.size.into()),
        (Holds::Number, "after_as_known", after.log.size.into()),
        (Holds::Id, "before_root", Cell::id(&before.log.root)),
        (Holds::Id, "after_root", Cell::id(&after.log.root)),
        synthetic(after.log.synthetic),
    ]);
    for figure in compared.figures {
        let said = [
            Cell::id("figure"),
            Cell::id(figure.name),
            Cell::id(figure.unit.name()),
            figure.difference.into(),
            figure.before.into(),
            figure.after.into(),
            figure.entered.into(),
            figure.left.into(),
            figure.stayed.into(),
        ];
        let mut cells = [const { Cell::None }; 27];
        OF_A_FIGURE.into_iter().zip(said).for_each(|(place, cell)| cells[place] = cell);
        table.row_for_programs(cells);
    }
    let alike = Alike::of(compared);
    let is_by_definition = before.version != after.version;
    for member in &compared.members {
        let name = called(compared.names, titles, &member.who, language);
        let row = |why: Why<'_>| of_member(member, (&name, language), &alike, why);
        for event in &member.events {
            table.row(row(Why::Event(event)));
        }
        for step in &member.steps {
            step.causes.iter().for_each(|cause| table.row(row(Why::Cause(step, cause))));
        }
        for between in member.unfound {
            table.row_for_people(row(Why::Unfound(between)));
        }
        for between in member.unfound_days {
            table.row_for_people(row(Why::UnfoundDays(between)));
        }
        let told = !member.events.is_empty() || !member.steps.is_empty();
        let found = member.unfound.is_empty() && member.unfound_days.is_empty();
        match (told, found) {
            (true, _) => {}
            (false, true) if is_by_definition => table.row(row(Why::Definition)),
            (false, true) => table.row(row(Why::Nothing)),
            (false, false) => table.row_for_programs(row(Why::Nothing)),
        }
    }
    table
}

/// What all members share, so that people are not told it of each.
struct Alike {
    /// The area that is asked for.
    area: bool,
    /// The only figure there is.
    figures: bool,
}

impl Alike {
    fn of(compared: &ComparedAnswers<'_>) -> Self {
        let mut standings = compared.members.iter().flat_map(|one| [one.before, one.after]).flatten();
        let asked = compared.question.area;
        Self {
            area: asked.is_some() && standings.all(|standing| standing.area == asked),
            figures: compared.figures.len() == 1,
        }
    }
}

/// What a row of a member tells.
#[derive(Clone, Copy)]
enum Why<'a> {
    Event(&'a ComparedEvent),
    Cause(&'a ComparedStep, &'a ComparedCause),
    Unfound(&'a IndexRange),
    UnfoundDays(&'a DayRange),
    Definition,
    Nothing,
}

impl Why<'_> {
    /// The event that programs are told: of a cause the first.
    fn event(&self) -> Option<&ComparedEvent> {
        match self {
            Self::Event(event) => Some(event),
            Self::Cause(_, cause) => cause.events.first(),
            _ => None,
        }
    }

    /// What people are told of events, and of a cause.
    fn told(&self, member: &ComparedMember<'_>, language: Language) -> [Cell; 3] {
        let event = match self {
            Self::Event(event) => told(event, language),
            Self::Unfound(between) => range(between),
            Self::Definition => language.pick("definisi", "definition").to_owned(),
            Self::Nothing => return [Cell::None, Cell::None, Cell::None],
            Self::Cause(step, cause) => {
                return [Cell::None, step.day.into(), why(member, step, cause, language).into()];
            }
            Self::UnfoundDays(between) => {
                return [Cell::None, days(between, language).into(), unfound_words(language).into()];
            }
        };
        [event.into(), Cell::None, Cell::None]
    }
}

fn of_member(
    member: &ComparedMember<'_>,
    (name, language): (&Cell, Language),
    alike: &Alike,
    why: Why<'_>,
) -> [Cell; 27] {
    let (before, after) = (member.before, member.after);
    let figures =
        |standing: Option<&Standing>| standing.map(|one| Cell::id(counting(&one.figures).join(" "))).into();
    let area = |standing: Option<&Standing>| standing.and_then(|one| one.area);
    let titled = |standing: Option<&Standing>| {
        standing.map(|one| titles(&counting(&one.figures), language)).unwrap_or_default()
    };
    let unfound = member.unfound.iter().map(range);
    let unfound_days = member.unfound_days.iter().map(|days| format!("{}..{}", days.from, days.to));
    let unfound: Vec<String> = unfound.chain(unfound_days).collect();
    let written = |standing| area(standing).map(area_words).unwrap_or_default();
    let (step, cause) = match why {
        Why::Cause(step, cause) => (Some(step), Some(cause)),
        _ => (None, None),
    };
    let event = why.event();
    let of_cause = cause.map(|cause| cause.events.iter().map(|event| event.index).collect::<Vec<u64>>());
    let [events, day, why] = why.told(member, language);
    [
        Cell::id("member"),
        Cell::None,
        Cell::None,
        stream(&member.who),
        name.clone(),
        Cell::id(member.difference.name()),
        figures(before),
        figures(after),
        area(before).into(),
        area(after).into(),
        event.map(|event| event.index).into(),
        event.map(|event| Cell::id(event.r#type)).into(),
        event.map(|event| Cell::id(&event.recordedtime)).into(),
        unfound.join(" ").into(),
        Cell::None,
        Cell::None,
        Cell::None,
        step.map(|step| step.day).into(),
        cause.map(|cause| Cell::id(cause.cause.name())).into(),
        cause.map(|cause| cause.day).into(),
        of_cause.map(|events| Cell::id(joined(&events))).into(),
        difference(member.difference, language).into(),
        (!alike.area).then(|| arrow(written(before), written(after))).into(),
        (!alike.figures).then(|| arrow(titled(before), titled(after))).into(),
        events,
        day,
        why,
    ]
}

/// Why it changed on a day: what happened, when, where that is another day, and by which events. How it changed stands
/// before it where that is not how it differs in the end.
fn why(
    member: &ComparedMember<'_>,
    step: &ComparedStep,
    cause: &ComparedCause,
    language: Language,
) -> String {
    let mut said = String::new();
    if step.difference != member.difference {
        said = format!("{}: ", difference(step.difference, language));
    }
    said.push_str(cause_words(cause.cause, language));
    if cause.day != step.day {
        said.push(' ');
        said.push_str(&day(cause.day, language));
    }
    let indexes: Vec<u64> = cause.events.iter().map(|event| event.index).collect();
    let told = match &indexes[..] {
        [] => return said,
        // Programs are told each of them.
        [first, .., last] if indexes.len() > SHOWN_EVENTS => {
            format!("{}, {first}..{last}", events(indexes.len() as u64, language))
        }
        [_] => format!("{} {}", language.pick("peristiwa", "event"), joined(&indexes)),
        _ => format!("{} {}", language.pick("peristiwa", "events"), joined(&indexes)),
    };
    format!("{said} ({told})")
}

fn unfound_words(language: Language) -> &'static str {
    language.pick("harinya belum ditemukan", "the day was not found")
}

/// For people, between two days: how many members differ in each way and why, by what happened to each last.
#[must_use]
pub fn causes(compared: &ComparedAnswers<'_>, language: Language) -> Table {
    let columns = [
        Column::people(Holds::Text, ["selisih", "difference"]).once(),
        Column::people(Holds::Number, ["anggota", "members"]),
        Column::people(Holds::Text, ["sebab", "why"]),
    ];
    let mut counts: BTreeMap<(Difference, Vec<CauseKind>), u64> = BTreeMap::new();
    for member in &compared.members {
        // What came last made it differ as it does, unless that is among the days that were not found.
        let last = member.steps.last().filter(|_| member.unfound_days.is_empty());
        let kinds = last.map(|step| step.causes.iter().map(|one| one.cause).collect()).unwrap_or_default();
        if !member.steps.is_empty() || !member.unfound_days.is_empty() {
            *counts.entry((member.difference, kinds)).or_default() += 1;
        }
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|((difference, _), count)| (*difference, std::cmp::Reverse(*count)));
    let mut table = Table::new(language, columns);
    for ((how, kinds), count) in rows {
        let mut words: Vec<&str> = kinds.iter().map(|kind| cause_words(*kind, language)).collect();
        words.dedup();
        let words = if words.is_empty() { unfound_words(language).to_owned() } else { words.join("; ") };
        table.row([difference(how, language).into(), count.into(), words.into()]);
    }
    table
}

/// Days on one or more of which a member changed.
fn days(days: &DayRange, language: Language) -> String {
    let (from, to) = (day(days.from, language), day(days.to, language));
    format!("{from} – {to}")
}

fn arrow(before: String, after: String) -> String {
    match (before.is_empty(), after.is_empty()) {
        (true, _) => after,
        (_, true) => before,
        _ if before == after => after,
        _ => format!("{before} → {after}"),
    }
}

fn difference(difference: Difference, language: Language) -> &'static str {
    match difference {
        Difference::Entered => language.pick("masuk", "entered"),
        Difference::Left => language.pick("keluar", "left"),
        Difference::Changed => language.pick("berubah", "changed"),
        Difference::Recounted => language.pick("dihitung lain", "recounted"),
    }
}

fn told(event: &ComparedEvent, language: Language) -> String {
    let (recorded, area) = event.recorded;
    format!("{} {}, {}", event.index, type_words(event.r#type, language), moment(recorded, area, language))
}

fn range(range: &IndexRange) -> String {
    format!("{}..{}", range.from, range.to)
}

#[cfg(test)]
mod tests {
    use jejak_events::area::AreaCode;
    use jejak_events::time::RecordedTime;
    use jejak_events::tree::Hash;
    use jejak_events::values::Date;
    use jejak_projections::answer::Words;
    use jejak_projections::question::Question;

    use super::*;
    use crate::answer_json::LogPlace;
    use crate::queries::compare::ComparedSide;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn event(index: u64) -> ComparedEvent {
        let recorded = RecordedTime::from_unix_ms(1_700_000_000_000).unwrap();
        ComparedEvent {
            index,
            r#type: "id.jejak.ikm.profile_changed.v1",
            recordedtime: recorded.to_string(),
            recorded: (recorded, AreaCode::parse("33.75").unwrap()),
        }
    }

    /// A member that moved in, was not present, and left on a day that was not found.
    fn member(unfound_days: &[DayRange]) -> ComparedMember<'_> {
        let step = |day, how, cause, on, events: &[u64]| ComparedStep {
            day: date(day),
            difference: how,
            causes: vec![ComparedCause {
                cause,
                day: date(on),
                events: events.iter().map(|index| event(*index)).collect(),
            }],
        };
        ComparedMember {
            who: "ikm/0826ebe8-f8c1-4a4e-925a-d037e56fde6a".to_owned(),
            difference: Difference::Left,
            before: None,
            after: None,
            events: Vec::new(),
            steps: vec![
                step("2025-02-03", Difference::Entered, CauseKind::Moved, "2025-02-03", &[7, 9]),
                step("2025-03-04", Difference::Changed, CauseKind::Absent, "2025-03-04", &[8]),
                step("2025-04-01", Difference::Left, CauseKind::Lapsed, "2025-03-31", &[]),
                step(
                    "2025-04-04",
                    Difference::Entered,
                    CauseKind::Attended,
                    "2025-04-04",
                    &[10, 11, 12, 13, 19],
                ),
                step("2025-04-05", Difference::Changed, CauseKind::Elsewhere, "2025-04-05", &[]),
                step("2025-05-06", Difference::Entered, CauseKind::TimePassed, "2025-05-06", &[]),
            ],
            unfound: &[],
            unfound_days,
        }
    }

    fn pages(unfound_days: &[DayRange]) -> [String; 2] {
        let question = Question::new(date("2025-12-31"), 9);
        let side = |on| ComparedSide {
            version: 1,
            on: date(on),
            digest: "",
            log: LogPlace::new(9, Hash([0; 32]), None, false),
        };
        let words = Words { en: "", id: "" };
        let compared = ComparedAnswers {
            view: "registered",
            title: words,
            definition: words,
            question: &question,
            before: side("2025-01-01"),
            after: side("2025-12-31"),
            figures: &[],
            members: vec![member(unfound_days)],
            answers_between: 366,
            names: None,
        };
        [Language::En, Language::Id].map(|language| {
            let (causes, table) =
                (causes(&compared, language), table(&compared, &Titles::default(), language));
            format!("{}\n{}", causes.to_text(160), table.to_text(160))
        })
    }

    #[test]
    fn each_step_is_told_with_its_cause_and_how_it_differs_on_the_way() {
        let days = DayRange { from: date("2025-06-01"), to: date("2025-06-30") };
        let unfound = [days];
        let [en, id] = pages(&unfound);
        for said in [
            "entered: moved to another area (events 7 9)",
            "changed: recorded as not present (event 8)",
            "certificate lapsed 31 Mar 2025",
            "entered: present (5 events, 10..19)",
            "changed: not by an event of its own",
            "entered: time passed, no event about it",
            "1 Jun 2025 – 30 Jun 2025",
            "1   the day was not found",
        ] {
            assert!(en.contains(said), "{said}: {en}");
        }
        for said in [
            "masuk: pindah wilayah (peristiwa 7 9)",
            "berubah: tercatat tidak hadir (peristiwa 8)",
            "sertifikat habis 31 Mar 2025",
            "1   harinya belum ditemukan",
        ] {
            assert!(id.contains(said), "{said}: {id}");
        }
        // Of a member whose days are all known, the last cause is counted.
        let [en, _] = pages(&[]);
        assert!(en.contains("1   time passed, no event about it"), "{en}");
    }
}
