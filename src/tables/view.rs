//! The answers of views.

use std::collections::BTreeMap;

use jejak_events::text::folded;
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, Breakdown, BreakdownRow, Figure, FigureUnit, Member};
use jejak_projections::question::{OnlyRow, Question};
use jejak_projections::views::{ShareDeclaration, ViewDeclaration, counting, view_version};

use super::attested::{parts, told};
use super::{LastCell, area, called, known, narrowed, stream};
use crate::answer_json::{Attested, CLAIMS_VIEW, LogPlace, words_of};
use crate::queries::names::{Names, SealedColumns, Titles, told_of_members};
use crate::words::event_words::{figure_words, value_words};
use crate::words::figures::{self, tells_its_unit, title};
use crate::words::ids::{short_stream, titled};
use crate::words::language::{Language, breakdown, unit, unit_of};
use crate::words::rows::row_words;
use crate::words::table::{Cell, Column, Holds, Table};

/// What every row ends with for programs, so that none is without what narrowed it, the period and both clocks.
fn asked(question: &Question, log: &LogPlace) -> Vec<LastCell> {
    let mut ends = narrowed(question).to_vec();
    ends.extend([(Holds::Day, "from", question.from.into()), (Holds::Day, "on", question.on.into())]);
    ends.extend(known(log));
    ends
}

/// The same of an answer, and, where it is about claims, whose words they are.
fn ends(answer: &Answer, log: &LogPlace) -> Vec<LastCell> {
    let words = words_of(answer.view).map(|words| (Holds::Text, "words", words.en.into()));
    asked(&answer.question, log).into_iter().chain(words).collect()
}

/// Beside a figure that is counted: nobody gave it.
const NOT_GIVEN: [Cell; 5] = [const { Cell::None }; 5];

/// For programs: a row for each figure of the whole, of each area, and of each value of each breakdown, and for each
/// attested figure.
#[must_use]
pub fn figures(answer: &Answer, log: &LogPlace, attested: &[Attested], language: Language) -> Table {
    let columns = [
        (Holds::Id, "view"),
        (Holds::Id, "by"),
        (Holds::Id, "key"),
        (Holds::Id, "figure"),
        (Holds::Id, "unit"),
        (Holds::Number, "value"),
        (Holds::Number, "version"),
        (Holds::Day, "day"),
    ];
    // How many gave an attested value stands beside it; without one nobody asks.
    let given = [(Holds::Number, "whole"), (Holds::Number, "seen"), (Holds::Number, "unseen")];
    let given = given.into_iter().chain([(Holds::Number, "erased"), (Holds::Number, "ikms")]);
    let is_attested = !attested.is_empty();
    let given = given.filter(|_| is_attested);
    let columns = columns.into_iter().chain(given).map(|(holds, key)| Column::programs(holds, key));
    let mut table = Table::new(language, columns).ending(ends(answer, log));
    let mut add = |by: &str,
                   key: Option<String>,
                   day: Option<Date>,
                   figure: [&str; 2],
                   (value, given): (Cell, [Cell; 5])| {
        let key = key.map(Cell::Id).unwrap_or(Cell::None);
        let [view, by, figure, unit] = [answer.view, by, figure[0], figure[1]].map(Cell::id);
        let row = [view, by, key, figure, unit, value, answer.version.into(), day.into()];
        table.row(row.into_iter().chain(given.into_iter().filter(|_| is_attested)));
    };
    let mut all = |by: &str, key: Option<String>, day: Option<Date>, figures: &[Figure]| {
        for figure in figures {
            add(
                by,
                key.clone(),
                day,
                [figure.name, figure.unit.name()],
                (Cell::known(figure.value), NOT_GIVEN),
            );
        }
    };
    all("total", None, None, &answer.figures);
    for row in &answer.by_area {
        all("area", row.area.map(|area| area.to_string()), None, &row.figures);
    }
    for breakdown in &answer.breakdowns {
        for row in &breakdown.rows {
            all(breakdown.by, row.key.clone(), row.day, &row.figures);
        }
    }
    for figure in attested {
        for (by, key, part) in parts(figure) {
            let whole = part.whole.map(|whole| told(whole, false, language)).unwrap_or(Cell::None);
            let value = told(part.value, false, language);
            let [seen, unseen, erased, ikms] =
                [part.seen, part.unseen, part.erased, part.ikms].map(Cell::from);
            add(by, key, None, [figure.name, "attested"], (value, [whole, seen, unseen, erased, ikms]));
        }
    }
    table
}

/// The value of a figure, with what it counts where each row tells that.
#[must_use]
pub fn told_value(figure: &Figure, language: Language) -> Cell {
    match figure.value {
        None => Cell::Unknown,
        Some(share) if figure.unit == FigureUnit::BasisPoint => Cell::Share(share),
        Some(value) if tells_its_unit(figure.name) && !figure.unit.is_of_its_own() => {
            Cell::Amount(value.into(), unit_of(value, figure.unit, language).to_owned())
        }
        Some(value) => value.into(),
    }
}

/// What stands over the numbers of a figure: what it is called and what it counts.
#[must_use]
pub fn heading(figure: &Figure, language: Language) -> String {
    let (title, unit) = (language.words(title(figure.name)), unit(figure.unit, language));
    // What a target or a claim is in stands in its row.
    if tells_its_unit(figure.name) || title == unit { title.to_owned() } else { format!("{title} ({unit})") }
}

/// The shares of an answer whose two figures it tells, as they are declared.
fn shares_of(answer: &Answer) -> Vec<ShareDeclaration> {
    let Ok(view) = view_version(answer.view, answer.version) else { return Vec::new() };
    let tells = |name| answer.figures.iter().any(|figure| figure.name == name);
    view.shares.iter().filter(|share| tells(share.part) && tells(share.whole)).copied().collect()
}

/// First columns, one of numbers for each figure of an answer, and one for each share.
fn columns(first: Vec<Column>, whole: &[Figure], shares: &[ShareDeclaration]) -> Vec<Column> {
    let figures = whole.iter().map(|figure| {
        let is_money = matches!(figure.unit, FigureUnit::Rupiah | FigureUnit::RupiahEach);
        let holds = if is_money { Holds::Money } else { Holds::Number };
        Column::titled(holds, [Language::Id, Language::En].map(|language| heading(figure, language)))
    });
    let shares = shares.iter().map(|share| {
        let words = title(share.name);
        Column::people(Holds::Share, [words.id, words.en])
    });
    first.into_iter().chain(figures).chain(shares).collect()
}

/// What a row says: its figures, those that are shown, and its own shares.
fn values(
    figures: &[Figure],
    is_shown: impl Fn(&&Figure) -> bool,
    shares: &[ShareDeclaration],
    language: Language,
) -> impl Iterator<Item = Cell> {
    let shares = Answer::shares(figures, shares).into_iter();
    let shares = shares.map(|share| Cell::known(share.basis_points.map(Cell::Share)));
    figures.iter().filter(is_shown).map(move |figure| told_value(figure, language)).chain(shares)
}

/// For people: a row for each area.
#[must_use]
pub fn areas(answer: &Answer, language: Language) -> Table {
    let first = vec![Column::people(Holds::Id, ["wilayah", "area"]), Column::people(Holds::Name, ["", ""])];
    let shares = shares_of(answer);
    let mut table = Table::new(language, columns(first, &answer.figures, &shares));
    let unknown = match answer.view {
        CLAIMS_VIEW => language.pick("tidak disebut klaim", "not named by the claim"),
        _ => language.pick("tidak tercatat", "not on record"),
    };
    for row in &answer.by_area {
        let area = row.area.map_or_else(|| unknown.into(), Cell::id);
        let name = row.area.map_or(Cell::None, |area| area.name().into());
        table.row([area, name].into_iter().chain(values(&row.figures, |_| true, &shares, language)));
    }
    table
}

/// For people: a row for each value of a breakdown, those that have a title in its order.
#[must_use]
pub fn by(of: &Breakdown, answer: &Answer, titles: &Titles, language: Language) -> Table {
    by_of(of, (&answer.figures, &shares_of(answer)), titles, (Room::Whole, language))
}

/// How much room the table of a breakdown has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// The page is about it.
    Whole,
    /// It stands among others on a page of 80 columns: of a target neither the figure in its identifier is told, which its
    /// title has, nor what it started from.
    Narrow,
}

/// The same of some figures of an answer, which are those of each row, and of some shares.
#[must_use]
pub fn by_of(
    of: &Breakdown,
    (whole, shares): (&[Figure], &[ShareDeclaration]),
    titles: &Titles,
    (room, language): (Room, Language),
) -> Table {
    let dated = of.rows.iter().any(|row| row.day.is_some());
    let mut rows: Vec<(Option<String>, &BreakdownRow)> =
        of.rows.iter().map(|row| (row_title(of.by, row.key.as_deref(), titles, language), row)).collect();
    // A title says what a row is about; the beginning of its identifier is what one asks with.
    let titled = rows.iter().any(|(title, ..)| title.is_some());
    if titled {
        // Days of one programme are in their own order, not in that of the words.
        let written =
            |row: &BreakdownRow| row.key.as_deref().and_then(|key| titles.of(of.by, key)).map(folded);
        rows.sort_by_cached_key(|(title, row)| match of.by {
            "session" | "session_day" | "checked" => written(row),
            _ => title.as_deref().map(folded),
        });
    }
    let heading = [Language::Id, Language::En].map(|language| breakdown(of.by, language).to_owned());
    let mut first = vec![Column::titled(Holds::Name, heading)];
    if dated {
        first.push(Column::people(Holds::Day, ["jatuh tempo", "due"]));
    }
    if titled {
        first.push(Column::people(Holds::Id, ["pengenal", "short id"]));
    }
    let is_narrow = of.by == BY_TARGET && room == Room::Narrow;
    let is_left_out = |name| is_outcome(name) || (is_narrow && name == "target_baseline");
    let is_shown = |figure: &&Figure| of.by != BY_TARGET || !is_left_out(figure.name);
    let shown: Vec<Figure> = whole.iter().filter(is_shown).cloned().collect();
    let outcomes = (of.by == BY_TARGET && shown.len() < whole.len())
        .then(|| Column::people(Holds::Text, ["hasil", "outcome"]));
    let columns = columns(first, &shown, shares).into_iter().chain(outcomes.clone());
    let mut table = Table::new(language, columns);
    for (title, row) in rows {
        let key = row.key.as_deref();
        let called: Cell = match titled {
            true => title.unwrap_or_else(|| row_words(of.by, None, language)).into(),
            false => row_words(of.by, key, language).into(),
        };
        let due = dated.then(|| row.day.into());
        let asked_with = |key: &'_ str| match key.split_once('/').filter(|_| is_narrow) {
            Some((whose, _)) => short_stream(whose),
            None => short_stream(key),
        };
        let id = titled.then(|| key.map(|key| Cell::id(asked_with(key))).into());
        let is_shown = |figure: &&Figure| shown.iter().any(|one| one.name == figure.name);
        let outcome = outcomes.as_ref().map(|_| outcome(row, language).into());
        let values = values(&row.figures, is_shown, shares, language);
        table.row(std::iter::once(called).chain(due).chain(id).chain(values).chain(outcome));
    }
    table
}

/// The breakdown whose rows are one target each.
const BY_TARGET: &str = "target";

/// Whether a figure counts targets: in the row of one it is 1 or 0, which says how that target stands.
fn is_outcome(figure: &str) -> bool {
    figure == "targets" || figure.starts_with("targets_")
}

/// How the target of a row stands: what the one figure is called that counts it. Of what is not yet due, whether it has a day
/// at all.
fn outcome(row: &BreakdownRow, language: Language) -> String {
    let counts = |figure: &&Figure| is_outcome(figure.name) && figure.name != "targets";
    let standing = row.figures.iter().filter(counts).filter(|figure| figure.value == Some(1));
    let words = standing.map(|figure| match (figure.name, row.day) {
        ("targets_not_yet_due", Some(_)) => language.pick("belum jatuh tempo", "not yet due"),
        ("targets_not_yet_due", None) => language.pick("tanpa hari jatuh tempo", "without a due day"),
        (name, _) => language.words(title(name)),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The row that a question is narrowed to, as its table calls it.
#[must_use]
pub fn row_asked(only: &OnlyRow, titles: &Titles, language: Language) -> String {
    let key = only.key.as_deref();
    let title = row_title(&only.by, key, titles, language).zip(key);
    let words = title.map_or_else(
        || row_words(&only.by, key.map(short_stream).as_deref(), language),
        |(title, key)| titled(Some(&title), key),
    );
    format!("{} {words}", breakdown(&only.by, language))
}

/// What a list says of why a member counts.
fn reason_words(by: Option<&str>, reason: &str, language: Language) -> String {
    match by {
        Some("country") => reason.to_uppercase().replace(' ', ", "),
        _ => value_words(reason, language),
    }
}

/// The title of a row of a breakdown, of a target with the figure that it is about.
fn row_title(by: &str, key: Option<&str>, titles: &Titles, language: Language) -> Option<String> {
    let key = key?;
    let name = titles.words_of(by, key, language)?;
    match key.split_once('/').filter(|_| by == BY_TARGET) {
        // A number is the place of one in words.
        Some((_, figure)) if figure.parse::<usize>().is_err() => {
            let called = figure_words(figure, language).unwrap_or_else(|| figure.to_owned());
            Some(format!("{name}: {called}"))
        }
        _ => Some(name),
    }
}

/// What is told of members beside what an answer says.
#[derive(Clone, Copy)]
pub struct Behind<'a> {
    /// Names by member.
    pub names: Option<&'a Names>,
    /// Titles of those that have an open one.
    pub titles: &'a Titles,
    /// Other sealed values by member and field.
    pub columns: Option<&'a SealedColumns>,
    /// Why members count, as codes.
    pub reasons: &'a BTreeMap<String, String>,
}

/// The sealed fields that a list can tell beside names, with their titles.
pub const SEALED_COLUMNS: [(&str, [&str; 2]); 3] =
    [("nib", ["NIB", "NIB"]), ("phone", ["telepon", "phone"]), ("village", ["kelurahan/desa", "village"])];

/// Who is behind the figures of an answer, and which events; where names are told, in their order.
#[must_use]
pub fn members(answer: &Answer, log: &LogPlace, behind: &Behind<'_>, language: Language) -> Table {
    let Behind { names, titles, columns: sealed, reasons } = *behind;
    // Where there is one figure, everybody counts for it.
    let figures = match answer.figures.len() {
        0 | 1 => Column::programs(Holds::Text, "figures"),
        _ => Column::both(Holds::Text, "figures", ["angka", "figures"]),
    };
    let columns = [
        Column::both(Holds::Id, "who", ["siapa", "who"]),
        Column::both(Holds::Name, "name", ["nama", "name"]),
    ];
    let told = sealed_told(sealed);
    let of_sealed = told.iter().map(|(name, title)| Column::both(Holds::Id, name, *title));
    let why = told_of_members(answer);
    let of_reasons =
        [Language::Id, Language::En].map(|language| breakdown(why.unwrap_or("reason"), language));
    let rest = [
        Column::both(Holds::Name, "area", ["wilayah", "area"]),
        Column::both(Holds::Day, "day", ["hari", "day"]),
        Column::both(Holds::Text, "reasons", of_reasons),
        figures,
        Column::both(Holds::Text, "events", ["peristiwa", "events"]),
        Column::programs(Holds::Id, "view"),
        Column::programs(Holds::Number, "version"),
    ];
    let columns = columns.into_iter().chain(of_sealed).chain(rest);
    let mut table = Table::new(language, columns).ending(ends(answer, log));
    let mut members: Vec<(String, &Member)> =
        answer.members.iter().map(|member| (member.who.to_string(), member)).collect();
    if let Some(names) = names {
        // Whoever has no name stands last.
        members.sort_by_cached_key(|(who, _)| {
            let name = names.get(who).cloned().flatten();
            (name.is_none(), name.map(|name| folded(&name)), who.clone())
        });
    }
    for (who, member) in members {
        let first = [stream(&who), called(names, titles, &who, language)];
        let values = sealed.and_then(|sealed| sealed.get(&who));
        let of_sealed =
            told.iter().map(|(name, _)| match values.map(|values| values.get(name).cloned().flatten()) {
                None => Cell::None,
                Some(value) => value.map_or(Cell::Unknown, Cell::Id),
            });
        let reason = reasons.get(&who).map(|reason| Cell::coded(reason, reason_words(why, reason, language)));
        let counts: Vec<_> = counting(&member.figures).collect();
        let rest = [
            member.area.map_or(Cell::Unknown, area),
            member.day.into(),
            reason.unwrap_or(Cell::None),
            Cell::coded(counts.join(" "), figures::titles(&counts, language)),
            (&member.events).into(),
            Cell::id(answer.view),
            answer.version.into(),
        ];
        table.row(first.into_iter().chain(of_sealed).chain(rest));
    }
    table
}

/// The sealed columns that a list tells, with their titles.
fn sealed_told(sealed: Option<&SealedColumns>) -> Vec<(&'static str, [&'static str; 2])> {
    let asked = sealed.and_then(|sealed| sealed.values().next());
    let is_asked = |(name, _): &(&'static str, _)| asked.is_some_and(|asked| asked.contains_key(name));
    SEALED_COLUMNS.into_iter().filter(is_asked).collect()
}

/// A view, and its answer where the filters make sense for it.
pub type ListedView<'a> = (&'a ViewDeclaration, Option<Answer>);

/// All views with their figures.
#[must_use]
pub fn views(rows: &[ListedView<'_>], question: &Question, log: &LogPlace, language: Language) -> Table {
    let columns = [
        Column::both(Holds::Id, "view", ["tampilan", "view"]).once(),
        Column::programs(Holds::Number, "version"),
        Column::people(Holds::Name, ["nama", "title"]).once(),
        Column::programs(Holds::Id, "figure"),
        Column::programs(Holds::Id, "unit"),
        Column::programs(Holds::Number, "value"),
        Column::people(Holds::Text, ["angka", "figures"]),
    ];
    let mut table = Table::new(language, columns).ending(asked(question, log));
    for (view, answer) in rows {
        let first = || [Cell::id(view.name), view.version.into(), language.words(view.title).into()];
        for figure in answer.iter().flat_map(|answer| &answer.figures) {
            let (name, unit) = (Cell::id(figure.name), Cell::id(figure.unit.name()));
            let said =
                format!("{} {}", figures::figure_value(figure, language), figures::counts(figure, language));
            table.row(first().into_iter().chain([name, unit, Cell::known(figure.value), said.into()]));
        }
        if answer.is_none() {
            let none = language.pick("- (saringan tidak berlaku)", "- (filter does not apply)");
            table.row_for_people(first().into_iter().chain([
                Cell::None,
                Cell::None,
                Cell::None,
                none.into(),
            ]));
        }
    }
    table
}
