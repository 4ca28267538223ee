//! `jejak view --compare`: two answers side by side, who entered and left, and by which events.

use std::collections::BTreeSet;
use std::io::Write;

use jejak_events::area::AreaCode;
use jejak_events::time::RecordedTime;
use jejak_projections::answer::Words;
use jejak_projections::compare::{Comparison, Difference, FigureChange, IndexRange, Side, Standing};
use jejak_projections::question::Question;
use jejak_projections::views::ViewDeclaration;
use schemars::JsonSchema;
use serde::Serialize;

use super::print::{narrowing, period, titles_of, write_definition};
use crate::cli::clocks::LogPlace;
use crate::cli::exit::Stop;
use crate::cli::output::{Cell, SYNTHETIC_COLUMN, Sheet, page, write_json};
use crate::cli::progress::Progress;
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::compare::{self, ANSWERS_LIMIT, Incomparable};
use crate::queries::names::Names;
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;
use crate::words::event_words::{events, moment, type_words};
use crate::words::figures::title;
use crate::words::language::{Language, made_up, number, text, unit};

/// Compares what is known at the log size of the question with what is known at another one.
///
/// # Errors
/// When the question makes no sense for the view, or one of the sizes lies beyond the log.
pub fn states(
    context: &Context,
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    question: &Question,
    other_size: u64,
) -> Result<Comparison, Stop> {
    let progress = Progress::of_work(context.language.pick("mencari peristiwa", "finding events"));
    let mut asked = |count| progress.at_share(count, ANSWERS_LIMIT as u64);
    let compared = compare::states(snapshot, view, question, other_size, &mut asked);
    progress.finish();
    compared.map_err(stop_of)
}

/// What keeps two answers from being compared.
pub fn stop_of(error: Incomparable) -> Stop {
    match error {
        Incomparable::Question(error) => error.into(),
        Incomparable::Compare(error) => Stop::Usage(error.message()),
    }
}

/// What `view --compare` answers.
pub const COMPARED: Shape = shape::<Output<'static>>;

/// One of the two answers.
#[derive(Serialize, JsonSchema)]
struct SideOutput<'a> {
    /// Version of the view.
    version: u32,
    /// Digest of the answer.
    #[schemars(with = "jejak_events::values::Sha256Hex")]
    digest: &'a str,
    /// How much of the log it knows.
    log: LogPlace,
}

/// An event that made a difference.
#[derive(Clone, Serialize, JsonSchema)]
struct EventOutput {
    /// Its index.
    index: u64,
    /// Its type.
    #[schemars(with = "jejak_events::schema::texts::TypeName")]
    r#type: &'static str,
    /// When it was recorded.
    #[schemars(with = "jejak_events::schema::texts::Moment")]
    recordedtime: String,
    #[serde(skip)]
    recorded: (RecordedTime, AreaCode),
}

/// A member that differs.
#[derive(Serialize, JsonSchema)]
struct MemberOutput<'a> {
    /// Who or what it is.
    #[schemars(with = "jejak_projections::answer::Who")]
    who: String,
    /// How it differs.
    difference: Difference,
    /// How it counted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Standing>,
    /// How it counts after.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a Standing>,
    /// The events that did it; none between two versions of a view.
    events: Vec<EventOutput>,
    /// Where events did it that the bound on answers left unfound.
    #[serde(skip_serializing_if = "<[IndexRange]>::is_empty")]
    unfound: &'a [IndexRange],
}

/// What differs between two answers of a view.
#[derive(Serialize, JsonSchema)]
struct Output<'a> {
    /// Name of the view.
    #[schemars(with = "jejak_projections::names::ViewName")]
    view: &'a str,
    /// The name in words.
    title: Words,
    /// What it counts, in full.
    definition: Words,
    /// What was asked, as known after.
    question: &'a Question,
    /// The answer before.
    before: SideOutput<'a>,
    /// The answer after.
    after: SideOutput<'a>,
    /// Every figure of either side.
    figures: &'a [FigureChange],
    /// The members that differ.
    members: Vec<MemberOutput<'a>>,
    /// How many answers in between were asked for.
    answers_between: usize,
    /// With --names: names by member.
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<&'a Names>,
}

/// Prints a comparison.
///
/// # Errors
/// When the events cannot be read or the output cannot be written.
pub fn print(
    context: &Context,
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    question: &Question,
    comparison: &Comparison,
    names: Option<&Names>,
) -> Result<(), Stop> {
    let wanted: BTreeSet<u64> =
        comparison.members.iter().flat_map(|member| member.events.iter().copied()).collect();
    let events = compare::read_events(snapshot, &wanted).map_err(RegistryError::from)?;
    let side = |side: &'_ Side| -> Result<LogPlace, Stop> { LogPlace::at(snapshot, side.as_known) };
    let of = |index: &u64| {
        events.get(index).map(|event| EventOutput {
            index: *index,
            r#type: event.draft.data.type_name(),
            recordedtime: event.recorded.to_string(),
            recorded: (event.recorded, event.draft.source.area),
        })
    };
    let members = comparison.members.iter().map(|member| MemberOutput {
        who: member.who.to_string(),
        difference: member.difference,
        before: member.before.as_ref(),
        after: member.after.as_ref(),
        events: member.events.iter().filter_map(of).collect(),
        unfound: &member.unfound,
    });
    let output = Output {
        view: comparison.view,
        title: view.title,
        definition: view.definition,
        question,
        before: SideOutput {
            version: comparison.before.version,
            digest: &comparison.before.digest,
            log: side(&comparison.before)?,
        },
        after: SideOutput {
            version: comparison.after.version,
            digest: &comparison.after.digest,
            log: side(&comparison.after)?,
        },
        figures: &comparison.figures,
        members: members.collect(),
        answers_between: comparison.answers_between,
        names,
    };
    let mut out = page(context);
    match context.format() {
        Format::Json => write_json(&mut out, &output),
        Format::Csv => csv_sheet(&output).write_csv(&mut out, context.csv()),
        Format::Table => table(&mut out, context.language, &output),
    }
}

/// A difference with its sign.
fn signed(difference: i64, language: Language) -> String {
    let amount = number(difference.unsigned_abs(), language);
    match difference {
        0 => amount,
        less if less < 0 => format!("-{amount}"),
        _ => format!("+{amount}"),
    }
}

fn written(value: Option<u64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn area(standing: Option<&Standing>) -> String {
    standing.and_then(|standing| standing.area).map_or_else(String::new, |area| area.to_string())
}

fn figures(standing: Option<&Standing>) -> String {
    standing.map_or_else(String::new, |standing| standing.figures.join(" "))
}

/// The same in words.
fn titled(standing: Option<&Standing>, language: Language) -> String {
    standing.map_or_else(String::new, |standing| titles_of(&standing.figures, language))
}

fn range(range: &IndexRange) -> String {
    format!("{}..{}", range.from, range.to)
}

/// A row for each figure, then one for each member and event.
fn csv_sheet(output: &Output<'_>) -> Sheet {
    let mut sheet = Sheet::new([
        "row",
        "figure",
        "unit",
        "who",
        "name",
        "#difference",
        "#before",
        "#after",
        "area_before",
        "area_after",
        "#event",
        "type",
        "recordedtime",
        "unfound",
        "view",
        "#version_before",
        "#version_after",
        "from",
        "on",
        "#as_known_before",
        "#as_known_after",
        "root_before",
        "root_after",
        SYNTHETIC_COLUMN,
    ]);
    let (before, after) = (&output.before, &output.after);
    let mut add = |cells: [String; 14]| {
        let asked = [
            output.view.to_owned(),
            before.version.to_string(),
            after.version.to_string(),
            output.question.from.map_or_else(String::new, |from| from.to_string()),
            output.question.on.to_string(),
            before.log.size.to_string(),
            after.log.size.to_string(),
            before.log.root.clone(),
            after.log.root.clone(),
            after.log.synthetic.to_string(),
        ];
        sheet.row(cells.into_iter().chain(asked));
    };
    let none = String::new;
    for figure in output.figures {
        let mut cells: [String; 14] = Default::default();
        cells[0] = "figure".to_owned();
        cells[1] = figure.name.to_owned();
        cells[2] = figure.unit.name().to_owned();
        cells[5] = figure.difference.to_string();
        cells[6] = written(figure.before);
        cells[7] = written(figure.after);
        add(cells);
    }
    for member in &output.members {
        let name = output.names.and_then(|names| names.get(&member.who)).cloned().flatten();
        let unfound = member.unfound.iter().map(range).collect::<Vec<_>>().join(" ");
        let mut row = |event: Option<&EventOutput>| {
            add([
                "member".to_owned(),
                none(),
                none(),
                member.who.clone(),
                name.clone().unwrap_or_default(),
                member.difference.name().to_owned(),
                figures(member.before),
                figures(member.after),
                area(member.before),
                area(member.after),
                event.map_or_else(none, |event| event.index.to_string()),
                event.map_or_else(none, |event| event.r#type.to_owned()),
                event.map_or_else(none, |event| event.recordedtime.clone()),
                unfound.clone(),
            ]);
        };
        if member.events.is_empty() {
            row(None);
        }
        member.events.iter().for_each(|event| row(Some(event)));
    }
    sheet
}

fn table(out: &mut dyn Write, language: Language, output: &Output<'_>) -> Result<(), Stop> {
    writeln!(out, "{}\n", language.words(output.title))?;
    let headings = match language {
        Language::Id => ["#sebelum", "#sesudah", "#selisih", "#masuk", "#keluar", "angka"],
        Language::En => ["#before", "#after", "#difference", "#entered", "#left", "figure"],
    };
    let mut sheet = Sheet::new(headings);
    for figure in output.figures {
        let or_dash =
            |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| number(value, language));
        sheet.row([
            or_dash(figure.before),
            or_dash(figure.after),
            signed(figure.difference, language),
            number(figure.entered, language),
            number(figure.left, language),
            format!(
                "{}, {} ({})",
                unit(figure.unit, language),
                language.words(title(figure.name)),
                figure.name
            ),
        ]);
    }
    writeln!(out, "{}\n", sheet.to_table())?;
    period(out, language, output.question)?;
    for (label, side) in [
        (language.pick("sebelum      ", "before       "), &output.before),
        (language.pick("sesudah      ", "after        "), &output.after),
    ] {
        let (size, root, version) = (events(side.log.size, language), &side.log.root, side.version);
        let until = side.log.until(language);
        writeln!(
            out,
            "{label}{}",
            text!(
                language,
                "{size}, dicatat sampai {until}, versi {version}\n             akar {root}",
                "{size}, recorded until {until}, version {version}\n             root {root}"
            )
        )?;
    }
    narrowing(out, language, output.question)?;
    if output.after.log.synthetic {
        writeln!(out, "{}", made_up(language))?;
    }
    let name = output.view;
    writeln!(out, "{}", text!(language, "definisi     {name}", "definition   {name}"))?;
    write_definition(out, language.words(output.definition))?;
    if output.members.is_empty() {
        let same =
            language.pick("tidak ada yang masuk, keluar atau berubah", "nobody entered, left or changed");
        writeln!(out, "\n{same}")?;
        return Ok(out.flush()?);
    }
    writeln!(out, "\n{}", members(language, output).to_table())?;
    if output.members.iter().any(|member| !member.unfound.is_empty()) {
        let asked = output.answers_between;
        writeln!(
            out,
            "\n{}",
            text!(
                language,
                "dalam {asked} jawaban antara tidak semua peristiwa ditemukan; a..b berarti: satu atau lebih di antaranya",
                "{asked} answers in between did not find every event; a..b means: one or more of those"
            )
        )?;
    }
    Ok(out.flush()?)
}

fn members(language: Language, output: &Output<'_>) -> Sheet {
    let mut headings = vec![language.pick("siapa", "who")];
    if output.names.is_some() {
        headings.push(language.pick("nama", "name"));
    }
    headings.extend(match language {
        Language::Id => ["selisih", "wilayah", "angka", "peristiwa"],
        Language::En => ["difference", "area", "figures", "events"],
    });
    let mut sheet = Sheet::new(headings);
    let arrow = |before: String, after: String| match (before.is_empty(), after.is_empty()) {
        (true, _) => after,
        (_, true) => before,
        _ if before == after => after,
        _ => format!("{before} → {after}"),
    };
    for member in &output.members {
        let difference = match member.difference {
            Difference::Entered => language.pick("masuk", "entered"),
            Difference::Left => language.pick("keluar", "left"),
            Difference::Changed => language.pick("berubah", "changed"),
            Difference::Recounted => language.pick("dihitung lain", "recounted"),
        };
        let mut events: Vec<String> = member
            .events
            .iter()
            .map(|event| {
                let (recorded, area) = event.recorded;
                let (called, recorded) =
                    (type_words(event.r#type, language), moment(recorded, area, language));
                format!("{} {called}, {recorded}", event.index)
            })
            .collect();
        events.extend(member.unfound.iter().map(range));
        if events.is_empty() {
            events.push(language.pick("definisi", "definition").to_owned());
        }
        let mut cells = vec![Cell::from(&member.who)];
        if let Some(names) = output.names {
            let name = names.get(&member.who).cloned().flatten();
            cells.push(name.unwrap_or_else(|| language.pick("(tidak ada)", "(none)").to_owned()).into());
        }
        cells.extend([
            difference.into(),
            arrow(area(member.before), area(member.after)).into(),
            arrow(titled(member.before, language), titled(member.after, language)).into(),
            Cell::Lines(events),
        ]);
        sheet.row(cells);
    }
    sheet
}
