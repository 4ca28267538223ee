//! `jejak demo`.

use std::io::Write as _;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{on_page, page, write_csv, write_marked, write_synthetic};
use crate::cli::progress::Progress;
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::demo::{
    self, DemoError, Filled, JudgedClaim, OpenedFigure, ReleasedTotals, Story, StoryError, ToldFigure,
};
use crate::tables;
use crate::words::event_words::{events, type_words};
use crate::words::figures::{counts, figure_value};
use crate::words::language::{Language, count, number, text, unit_of};
use crate::words::table::{Cell, Column, Holds, Table};

/// Fill a directory with the worked example and print its main views.
///
/// Five city programmes, as far as five press articles describe them, with participants made up and
/// marked `(sintetis)`. The example has a clock of its own: two runs make the same log, byte for byte,
/// and a second run on the same directory appends nothing. A directory with another registry is left
/// alone (exit code 1).
///
/// It ends with what the articles claim, each with its verdict; the claims stand in `tests/data/claims`.
///
/// JSON: `{"appended","repeated","size","figures":[{"note","command","answer","reported"}],"opened","known",
/// "released":{"periods","told","withheld"},"claims":[{"name","claim","report"}],"next","synthetic"}`; answers as in `jejak view`, claims as in `jejak claim
/// check`. CSV has the figures only.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak demo --dir demo --lang en")]
pub struct Arguments {}

/// The worked example.
#[derive(Serialize, JsonSchema)]
struct Output<'a> {
    /// Events recorded by this run.
    appended: u64,
    /// Events that stood there before.
    repeated: u64,
    /// Number of events in the log.
    size: u64,
    #[serde(flatten)]
    story: &'a Story,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<crate::cli::output::Marked<'static, Output<'static>>>];

pub fn run(_: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let language = context.language;
    let total = demo::proposals().iter().map(|step| step.proposals.len() as u64).sum();
    let progress = Progress::of_events(total, language.pick("mengisi contoh", "filling the example"));
    let filled = demo::fill(&context.options(), &mut |done, _| progress.at(done));
    progress.finish();
    let filled = filled.map_err(stop_of)?;
    context.with_registry(|registry| {
        let mut story = demo::story(registry).map_err(|error| match error {
            StoryError::Registry(error) => Stop::from(error),
            defect => Stop::Failed(defect.into()),
        })?;
        // Who is behind each claim, `claim check --list` tells.
        story.claims.iter_mut().for_each(|judged| judged.report.leave_out_members());
        print(context, filled, &story)?;
        Ok(Exit::Fine)
    })
}

fn stop_of(error: DemoError) -> Stop {
    match error {
        DemoError::Registry(error) => error.into(),
        DemoError::OtherRegistry { path, origin } => Stop::No(jejak_events::fault::Message::new(
            format!("{path} berisi registri {origin}, bukan contoh; pilih direktori lain dengan --dir"),
            format!(
                "{path} holds the registry {origin}, not the worked example; choose another directory with --dir"
            ),
        )),
        DemoError::Release(error) => super::release::stop_of(error),
        refused @ (DemoError::Refused { .. } | DemoError::NotReleased { .. }) => Stop::Failed(refused.into()),
    }
}

fn print(context: &Context, filled: Filled, story: &Story) -> Result<(), Stop> {
    let language = context.language;
    let Filled { appended, repeated, size } = filled;
    let mut out = page(context);
    match context.format() {
        Format::Json => return write_marked(&mut out, &Output { appended, repeated, size, story }, true),
        Format::Csv => {
            return write_csv(&mut out, context, &figures_for_programs(story, language));
        }
        Format::Table => {}
    }
    write_synthetic(&mut out, true, language)?;
    let (dir, count) = (context.global.dir.display(), |count| number(count, language));
    writeln!(
        out,
        "{}",
        text!(
            language,
            "Contoh lima program kota di {dir}: {size}. {script} dari naskah contoh ({appended} baru, {repeated} sudah ada), {own} dicatat registri sendiri (pembukaan, rilis).",
            "The worked example, five city programmes, in {dir}: {size}. {script} from its script ({appended} new, {repeated} there before), {own} recorded by the registry itself (the opening, releases).",
            size = events(size, language),
            script = count(appended + repeated),
            appended = count(appended),
            repeated = count(repeated),
            own = count(size.saturating_sub(appended + repeated))
        )
    )?;
    for told in &story.figures {
        figure(&mut out, told, language)?;
    }
    opened(&mut out, &story.opened, language)?;
    writeln!(
        out,
        "\n{}",
        text!(
            language,
            "== Angka yang sama, seperti diketahui pada dua waktu",
            "== One figure, as known at two moments"
        )
    )?;
    for told in &story.known {
        figure(&mut out, told, language)?;
    }
    released(&mut out, story.released, language)?;
    claims(&mut out, &story.claims, language)?;
    writeln!(out, "\n{}", text!(language, "== Selanjutnya", "== Where to go next"))?;
    for next in &story.next {
        writeln!(out, "  jejak {} --dir {dir}", next.command)?;
        writeln!(out, "      {}", language.words(next.note))?;
    }
    Ok(out.flush()?)
}

/// For programs: a row for each figure.
fn figures_for_programs(story: &Story, language: Language) -> Table {
    let columns =
        [(Holds::Text, "command"), (Holds::Id, "figure"), (Holds::Id, "unit"), (Holds::Number, "value")];
    let columns = columns.map(|(holds, key)| Column::programs(holds, key));
    let mut table = Table::new(language, columns).ending([tables::synthetic(true)]);
    for told in story.figures.iter().chain(&story.known) {
        for figure in &told.answer.figures {
            let (name, unit) = (Cell::id(figure.name), Cell::id(figure.unit.name()));
            table.row([(&told.command).into(), name, unit, Cell::known(figure.value)]);
        }
    }
    table
}

fn released(out: &mut dyn std::io::Write, released: ReleasedTotals, language: Language) -> Result<(), Stop> {
    let ReleasedTotals { periods, told, withheld } = released;
    let [periods, told, withheld] = [periods, told, withheld].map(|of| count(of, language));
    writeln!(
        out,
        "\n{}\n\n  {}\n  jejak show area/33.75",
        text!(
            language,
            "== Jumlah dari angka rahasia yang dirilis",
            "== Sums of confidential figures, released"
        ),
        text!(
            language,
            "{periods} tahun dirilis: {told} jumlah disebut, {withheld} ditahan (sintetis)",
            "{periods} years released: {told} sums told, {withheld} withheld (synthetic)"
        )
    )?;
    Ok(())
}

fn claims(out: &mut dyn std::io::Write, judged: &[JudgedClaim], language: Language) -> Result<(), Stop> {
    let heading = text!(
        language,
        "== Klaim kelima artikel, dibandingkan dengan catatan",
        "== What the five articles claim, beside what is recorded"
    );
    let rows = judged.iter().map(|one| (one.name, &one.claim, &one.report, None));
    writeln!(out, "\n{heading}\n\n{}", on_page(&tables::claims::table(rows, None, language)))?;
    Ok(())
}

/// Most figures of an answer that are told on one line.
const ON_ONE_LINE: usize = 3;

/// A note, the figures, and the command that asks for them.
fn figure(out: &mut dyn std::io::Write, told: &ToldFigure, language: Language) -> Result<(), Stop> {
    writeln!(out, "\n{}", language.words(told.note))?;
    let title = language.words(told.answer.title);
    let figures = said(told, language);
    if figures.len() > ON_ONE_LINE {
        writeln!(out, "  {title}:")?;
        for figure in figures {
            writeln!(out, "    {figure}")?;
        }
    } else {
        writeln!(out, "  {title}: {}", figures.join(", "))?;
    }
    writeln!(out, "  jejak {}", told.command)?;
    Ok(())
}

/// All figures of an answer, each with where it comes from: `30 IKM (menurut artikel)`, `7 IKM lulus (sintetis)`.
fn said(told: &ToldFigure, language: Language) -> Vec<String> {
    let answer = &told.answer;
    let figures = answer.figures.iter().map(|figure| {
        let value = figure_value(figure, language);
        // Two figures of one unit differ by their titles only; in a list each has its title.
        let alike = answer.figures.iter().filter(|other| other.unit == figure.unit).count() > 1;
        let of = match alike || answer.figures.len() > ON_ONE_LINE {
            true => counts(figure, language),
            false => unit_of(figure.value.unwrap_or(0), figure.unit, language).to_owned(),
        };
        let origin = if told.reported.contains(&figure.name) {
            language.pick("menurut artikel", "as the article says")
        } else {
            language.pick("sintetis", "synthetic")
        };
        format!("{value} {of} ({origin})")
    });
    figures.collect()
}

fn opened(out: &mut dyn std::io::Write, opened: &OpenedFigure, language: Language) -> Result<(), Stop> {
    writeln!(
        out,
        "\n{}",
        text!(language, "== Satu angka, dibuka sampai peristiwanya", "== One figure, opened to its events")
    )?;
    figure(out, &opened.told, language)?;
    let columns =
        [Column::people(Holds::Id, ["siapa", "who"]), Column::people(Holds::Text, ["peristiwa", "events"])];
    let mut members = Table::new(language, columns);
    for member in &opened.told.answer.members {
        members.row([Cell::id(member.who), (&member.events).into()]);
    }
    writeln!(out, "\n{}", on_page(&members))?;
    let Some(first) = opened.told.answer.members.first() else { return Ok(()) };
    let who = first.who;
    writeln!(out, "\n{}", text!(language, "Peristiwa di balik {who}:", "The events behind {who}:"))?;
    let columns = [
        Column::people(Holds::Number, ["indeks", "index"]),
        Column::people(Holds::Text, ["peristiwa", "event"]),
        Column::people(Holds::Day, ["terjadi", "happened"]),
        Column::people(Holds::Day, ["dicatat", "recorded"]),
    ];
    let mut events = Table::new(language, columns);
    for event in &opened.events {
        let (happened, recorded, area) = event.at;
        let (called, recorded) = (type_words(event.kind, language), Cell::Recorded(recorded, area));
        events.row([Cell::id(event.index), called.into(), happened.into(), recorded]);
    }
    writeln!(out, "{}", on_page(&events))?;
    Ok(())
}
