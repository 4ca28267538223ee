//! `jejak rebuild`.

use std::io::Write as _;

use clap::Args;
use jejak_projections::question::Question;
use jejak_projections::views::{VIEWS, ViewDeclaration, view};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{on_page, page, shortened, write_csv, write_json, write_synthetic};
use crate::cli::progress::{Progress, rate};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::readmodel::Snapshot;
use crate::readmodel::rebuild::{self, RebuildError, all_cores};
use crate::registry::Signed;
use crate::tables;
use crate::words::event_words::events;
use crate::words::language::{count, counted, text};
use crate::words::table::{Cell, Column, Holds, Table};

/// Count every view again from the bytes of the log, on all cores, and hold it against the running
/// registry's own count.
///
/// Exit code 1 when any differs.
///
/// JSON: `{"size","synthetic","events_per_second","views":[{"view","version","digest","live_digest","same"}]}`.
/// The digest is that of the whole view today, as known at the size: see `jejak view`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak rebuild export_trained")]
pub struct Arguments {
    /// Only this view [default: all].
    view: Option<String>,
}

/// One view, counted twice.
#[derive(Serialize, JsonSchema)]
struct Compared {
    /// Name of the view.
    #[schemars(with = "jejak_projections::names::ViewName")]
    view: &'static str,
    /// Version of its definition.
    version: u32,
    /// Digest of the answer from the bytes of the log.
    #[schemars(with = "jejak_events::values::Sha256Hex")]
    digest: String,
    /// Digest of the answer of the running registry.
    #[schemars(with = "jejak_events::values::Sha256Hex")]
    live_digest: String,
    /// Whether the two are the same.
    same: bool,
}

/// The views, counted again from the bytes of the log.
#[derive(Serialize, JsonSchema)]
struct Output {
    /// Number of events.
    size: u64,
    /// Whether event 0 says that the registry holds made-up data.
    synthetic: bool,
    /// How many events were read in a second.
    events_per_second: u64,
    /// Each view and version.
    views: Vec<Compared>,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Output>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let views: Vec<&ViewDeclaration> = match &arguments.view {
        Some(name) => vec![view(name)?],
        None => VIEWS.iter().collect(),
    };
    context.with_reading(Signed::NotNeeded, |reading| compare(&views, context, reading.snapshot()))
}

fn compare(views: &[&ViewDeclaration], context: &Context, snapshot: &Snapshot) -> Result<Exit, Stop> {
    let language = context.language;
    let size = snapshot.size();
    let progress = Progress::of_events(size, language.pick("membangun ulang", "rebuilding"));
    let clock = &context.environment.clock;
    let reading = clock.monotonic();
    let facts = rebuild::facts_while(snapshot.log(), size, all_cores(), &|done| {
        progress.at(done);
        !context.interrupt.is_raised()
    });
    let facts = facts.map_err(stop_of)?;
    progress.finish();
    let counting = clock.monotonic();
    let read_time = counting.saturating_sub(reading);
    let question = Question::new(context.today(snapshot)?, size);
    let mut compared = Vec::new();
    for view in views {
        let rebuilt = view.answer(&facts, &question)?;
        let live = view.answer(snapshot.facts(), &question)?;
        let same = rebuilt.digest == live.digest && rebuilt == live;
        compared.push(Compared {
            view: view.name,
            version: view.version,
            digest: rebuilt.digest,
            live_digest: live.digest,
            same,
        });
    }
    let counting = clock.monotonic().saturating_sub(counting);
    let per_second = size as f64 / (read_time + counting).as_secs_f64().max(1e-9);
    let synthetic = snapshot.constitution().synthetic;
    let output = Output { size, synthetic, events_per_second: per_second as u64, views: compared };
    print(&output, context)?;
    let all = views.len();
    let noun = language.pick("tampilan", "views");
    let views = format!("{} {}", count(all, language), counted(all as u64, noun, language));
    context.say(&text!(
        language,
        "jejak: {size} dibaca ulang dari log, {}; {views} dihitung dalam {:.3} detik",
        "jejak: {size} read again from the log, {}; {views} counted in {:.3} seconds",
        rate(size, read_time),
        counting.as_secs_f64(),
        size = events(size, language)
    ));
    let all_same = output.views.iter().all(|view| view.same);
    Ok(if all_same { Exit::Fine } else { Exit::No })
}

/// What a failed rebuild means for the command.
fn stop_of(failure: RebuildError) -> Stop {
    match failure {
        RebuildError::Stopped => Stop::Interrupted,
        RebuildError::Log(error) => error.into(),
        RebuildError::Projection(error) => Stop::Failed(error.into()),
    }
}

fn print(output: &Output, context: &Context) -> Result<(), Stop> {
    let (mut out, language) = (page(context), context.language);
    if context.format() == Format::Json {
        return write_json(&mut out, output);
    }
    let columns = [
        Column::both(Holds::Id, "view", ["tampilan", "view"]),
        Column::both(Holds::Number, "version", ["versi", "version"]),
        Column::both(Holds::Id, "digest", ["sidik jari", "digest"]),
        Column::both(Holds::Text, "same", ["dibanding yang berjalan", "against the running one"]),
    ];
    let mut table = Table::new(language, columns).ending([tables::synthetic(output.synthetic)]);
    for view in &output.views {
        let same = match view.same {
            true => language.pick("sama", "same"),
            false => language.pick("BERBEDA", "DIFFERS"),
        };
        let digest = Cell::coded(&view.digest, shortened(&view.digest));
        table.row([
            Cell::id(view.view),
            view.version.into(),
            digest,
            Cell::coded(view.same.to_string(), same),
        ]);
    }
    if context.format() == Format::Csv {
        return write_csv(&mut out, context, &table);
    }
    write_synthetic(&mut out, output.synthetic, language)?;
    writeln!(out, "{}", on_page(&table))?;
    Ok(out.flush()?)
}
