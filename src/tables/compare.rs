//! Two answers side by side.

mod summary;

use jejak_projections::compare::{DayRange, Difference, IndexRange, Standing};
use jejak_projections::views::counting;

pub use self::summary::summary;

use super::{called, narrowed, stream, synthetic};
use crate::queries::compare::{ComparedAnswers, ComparedCause, ComparedEvent, ComparedMember, ComparedStep};
use crate::queries::names::Titles;
use crate::words::causes::cause_words;
use crate::words::event_words::{day, events, moment, type_words};
use crate::words::figures::{title, titles};
use crate::words::ids::area_words;
use crate::words::language::{Language, number};
use crate::words::table::{Cell, Column, Holds, Table, joined};

/// So many events of a cause are shown one by one.
const SHOWN_EVENTS: usize = 4;

/// Places of the columns that programs get for a figure.
const OF_A_FIGURE: [usize; 6] = [0, 1, 2, 5, 6, 7];

/// Places of the columns that programs get for the members of a kind behind a figure.
const OF_MEMBERS: [usize; 6] = [0, 1, 14, 15, 16, 21];

const COLUMNS: [Column; 30] = [
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
    Column::programs(Holds::Id, "kind"),
    Column::programs(Holds::Id, "steps_entered"),
    Column::programs(Holds::Id, "steps_left"),
    Column::people(Holds::Text, ["selisih", "difference"]).once(),
    Column::people(Holds::Name, ["wilayah", "area"]).once(),
    Column::people(Holds::Text, ["angka", "figures"]).once(),
    Column::people(Holds::Text, ["peristiwa", "events"]),
    Column::people(Holds::Day, ["hari", "day"]).once(),
    Column::people(Holds::Text, ["sebab", "why"]),
];

/// Who entered, left or changed: a row for each member and event, or, between two days, for each member and cause. For
/// programs, a row for each figure and one for each kind of member behind it come first.
#[must_use]
pub fn table(compared: &ComparedAnswers<'_>, titles: &Titles, language: Language) -> Table {
    let (before, after) = (&compared.before, &compared.after);
    let mut table = Table::new(language, COLUMNS).ending(narrowed(compared.question)).ending([
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
        ];
        table.row_for_programs(placed(OF_A_FIGURE, said));
        for of in &figure.members {
            let [entered, left, stayed] = [of.entered, of.left, of.stayed].map(Cell::from);
            let said =
                [Cell::id("members"), Cell::id(figure.name), entered, left, stayed, Cell::id(of.kind.name())];
            table.row_for_programs(placed(OF_MEMBERS, said));
        }
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

/// A row that has these cells in these places only.
fn placed(places: [usize; 6], said: [Cell; 6]) -> [Cell; 30] {
    let mut cells = [const { Cell::None }; 30];
    places.into_iter().zip(said).for_each(|(place, cell)| cells[place] = cell);
    cells
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
    fn told(&self, member: &ComparedMember<'_>, alike: &Alike, language: Language) -> [Cell; 3] {
        let event = match self {
            Self::Event(event) => told(event, language),
            Self::Unfound(between) => range(between),
            Self::Definition => language.pick("definisi", "definition").to_owned(),
            Self::Nothing => return [Cell::None, Cell::None, Cell::None],
            Self::Cause(step, cause) => {
                return [Cell::None, step.day.into(), why((member, alike), step, cause, language).into()];
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
) -> [Cell; 30] {
    let (before, after) = (member.before, member.after);
    let figures =
        |standing: Option<&Standing>| standing.map(|one| Cell::id(counted(&one.figures).join(" "))).into();
    let area = |standing: Option<&Standing>| standing.and_then(|one| one.area);
    let titled = |standing: Option<&Standing>| {
        standing.map(|one| titles(&counted(&one.figures), language)).unwrap_or_default()
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
    let [events, day, why] = why.told(member, alike, language);
    let names = |names: Option<&Vec<&'static str>>| names.map(|names| Cell::id(names.join(" "))).into();
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
        Cell::None,
        names(step.map(|step| &step.entered)),
        names(step.map(|step| &step.left)),
        difference_words(member, alike, language).into(),
        (!alike.area).then(|| arrow(written(before), written(after))).into(),
        (!alike.figures).then(|| arrow(titled(before), titled(after))).into(),
        events,
        day,
        why,
    ]
}

/// Why it changed on a day: what happened, when, where that is another day, and by which events. Before it stands how it
/// changed: of several figures and steps which figures it entered and left, else where that is not how it differs in the
/// end.
fn why(
    (member, alike): (&ComparedMember<'_>, &Alike),
    step: &ComparedStep,
    cause: &ComparedCause,
    language: Language,
) -> String {
    let figures = [(Difference::Entered, &step.entered), (Difference::Left, &step.left)];
    // By one step alone it stands in all figures as it does.
    let is_plain = alike.figures || (member.steps.len() == 1 && member.unfound_days.is_empty());
    let figures = figures.into_iter().filter(|(_, names)| !(is_plain || names.is_empty()));
    let figures = figures
        .map(|(how, names)| format!("{} {}", difference(how, language), titles(&counted(names), language)));
    let mut how: Vec<String> = figures.collect();
    if how.is_empty() && step.difference != member.difference {
        how.push(difference(step.difference, language).to_owned());
    }
    let mut said = if how.is_empty() { String::new() } else { format!("{}: ", how.join("; ")) };
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

/// How a member differs, and, where it counts more or less in a figure, how much it counted and counts in each that
/// differs: `changed: missed 0 → 1; not yet due 2 → 1`.
fn difference_words(member: &ComparedMember<'_>, alike: &Alike, language: Language) -> String {
    let said = difference(member.difference, language);
    let mut amounts = member.amounts_changed();
    if !amounts.is_empty() {
        let amount = |standing: Option<&Standing>, name| standing.map_or(0, |one| one.amount(name));
        let of = |name| (name, [member.before, member.after].map(|standing| amount(standing, name)));
        amounts.extend(member.figures_changed().into_iter().flatten().map(of));
    }
    let titled =
        |name| if alike.figures { String::new() } else { format!("{} ", language.words(title(name))) };
    // Those that mean nothing of one member are not told.
    let told = counted(&amounts.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let changed =
        told.iter().flat_map(|told| amounts.iter().find(|(name, _)| name == told)).map(|(name, amounts)| {
            let [was, is] = amounts.map(|amount| number(amount, language));
            format!("{}{was} → {is}", titled(name))
        });
    let changed: Vec<String> = changed.collect();
    if changed.is_empty() { said.to_owned() } else { format!("{said}: {}", changed.join("; ")) }
}

/// The figures in which a member is told to count.
fn counted(names: &[&'static str]) -> Vec<&'static str> {
    counting(names).collect()
}

fn told(event: &ComparedEvent, language: Language) -> String {
    let (recorded, area) = event.recorded;
    format!("{} {}, {}", event.index, type_words(event.r#type, language), moment(recorded, area, language))
}

fn range(range: &IndexRange) -> String {
    format!("{}..{}", range.from, range.to)
}

#[cfg(test)]
mod tests;
