//! `jejak release`.

use jejak_events::excerpt::quoted;
use std::io::Write as _;

use clap::Args;
use jejak_events::fault::Message;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{joined, on_page, page, write_csv, write_marked, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::registry::Registry;
use crate::registry::release::{Release, ReleaseError, release};
use crate::rules::release::told::JudgedCell;
use crate::tables;
use crate::words::event_words::events;
use crate::words::language::{Language, count, counted, text};
use crate::words::table::Table;
use jejak_projections::calendar::CalendarPeriod;

/// Release sums of confidential figures: one table for a calendar period that is over, recorded as open
/// events. It is the only way in which such a sum may leave the office.
///
/// The table has each figure (workers, and of them women, young, old and insured; sales, orders and
/// buyers at exhibitions; value of shipments) by kabupaten or kota and by province. Of workers a cell takes each
/// IKM's latest report whose days end within the period; of the others, what happened within it.
///
/// Withheld is every sum from which somebody could tell one IKM's figure to within 10 %, also when two IKMs
/// put their own figures together: sums of fewer than 4 IKMs (those of one owner count as one), sums of which one IKM
/// has more than 80 %, and sums that would tell too much beside other sums of the table or of earlier releases. A
/// period may be released again, for example after late reports; told is then only what stays safe beside the first
/// release. A release cannot be corrected or retracted, so look at --dry-run first.
///
/// For somebody who may see individual figures: --actor names them, and the look is noted before
/// anything is read. With --dry-run nothing is recorded, and no sum is shown: only which would be told.
///
/// Exit code 1 when it is refused: the period is not over, no report of it gives a figure, or events were recorded
/// meanwhile.
///
/// JSON: `{"period","log_size","recorded":[index],"told","withheld","cells":[{"area","figure","ikms","unseen",
/// "erased","told","sum","withheld"}],"synthetic"}`; `sum` is absent where the cell is withheld, and in a dry run.
/// A cell's `withheld` is there where it is not told: `few_ikms`, or `tells_one` (an IKM's figure would follow).
/// `unseen`: reports that do not give the figure; `erased`: reports whose figure was erased.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak release --period 2025-Q3 --actor statistik-1 --dry-run\n  \
                        jejak release --period 2025-Q3 --actor statistik-1")]
pub struct Arguments {
    /// The period: a month 2025-07, a quarter 2025-Q3 or a year 2025.
    #[arg(long, value_name = "PERIOD")]
    period: String,
    /// Show what would be told and what withheld, without the sums, and record nothing.
    #[arg(long)]
    dry_run: bool,
}

/// A table of sums for one period.
#[derive(Serialize, JsonSchema)]
struct Output<'a> {
    /// The calendar period.
    #[schemars(with = "jejak_events::schema::texts::CalendarPeriod")]
    period: String,
    /// Number of events that it knows.
    log_size: u64,
    /// Indexes of its events; none in a dry run.
    recorded: &'a [u64],
    /// Number of sums told.
    told: usize,
    /// Number of sums withheld.
    withheld: usize,
    /// Its cells: by figure, provinces before what lies in them.
    cells: &'a [JudgedCell],
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<crate::cli::output::Marked<'static, Output<'static>>>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let asked = &arguments.period;
    let period: CalendarPeriod = asked.parse().map_err(|()| {
        Stop::usage(
            format!(
                "--period {asked} harus bulan, triwulan atau tahun; contoh: 2025-07, 2025-Q3, 2025",
                asked = quoted(asked)
            ),
            format!(
                "--period {asked} must be a month, a quarter or a year; examples: 2025-07, 2025-Q3, 2025",
                asked = quoted(asked)
            ),
        )
    })?;
    let actor = crate::cli::looker(&context.global, true)?;
    context.with_registry(|registry: &Registry| {
        let today = context.today(&registry.snapshot())?;
        let made = release(registry, &actor, (period, today), arguments.dry_run);
        match made.map_err(stop_of)? {
            Release::Refused(refusal) => Err(Stop::No(refusal.message)),
            Release::Made { log_size, mut cells, recorded } => {
                let told: Vec<bool> = cells.iter().map(|cell| cell.sum.is_some()).collect();
                if arguments.dry_run {
                    cells.iter_mut().for_each(|cell| cell.sum = None);
                }
                let rows: Vec<JudgedCell> =
                    cells.into_iter().zip(told).map(|(cell, told)| JudgedCell { cell, told }).collect();
                let count = rows.iter().filter(|row| row.told).count();
                let output = Output {
                    period: period.to_string(),
                    log_size,
                    recorded: &recorded,
                    told: count,
                    withheld: rows.len() - count,
                    cells: &rows,
                };
                print(&output, context, registry.constitution().synthetic)
            }
        }
    })
}

pub(super) fn stop_of(error: ReleaseError) -> Stop {
    match error {
        ReleaseError::Registry(error) => error.into(),
        ReleaseError::Overflow(overflow) => {
            let (area, figure) = (overflow.area, overflow.figure);
            Stop::No(Message::new(
                format!(
                    "jumlah {figure} di {area} terlalu besar untuk dicatat; koreksi laporan yang dijumlahkan"
                ),
                overflow.to_string(),
            ))
        }
    }
}

fn print(output: &Output<'_>, context: &Context, synthetic: bool) -> Result<Exit, Stop> {
    let mut out = page(context);
    let table = tables::release::table(&output.period, output.cells, synthetic, context.language);
    match context.format() {
        Format::Json => write_marked(&mut out, output, synthetic)?,
        Format::Csv => write_csv(&mut out, context, &table)?,
        Format::Table => print_table(&mut out, output, (&table, context.language), synthetic)?,
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn print_table(
    out: &mut impl std::io::Write,
    output: &Output<'_>,
    (table, language): (&Table, Language),
    synthetic: bool,
) -> Result<(), Stop> {
    write_synthetic(out, synthetic, language)?;
    writeln!(out, "{}", on_page(table))?;
    for line in summary(output, language) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// What was told and withheld, what stands in the log, and what can be done next.
fn summary(output: &Output<'_>, language: Language) -> Vec<String> {
    let (told, withheld, period, size) = (output.told, output.withheld, &output.period, output.log_size);
    let mut lines = vec![text!(
        language,
        "{period}, diketahui {size}: {told} {sums} disebut, {withheld} ditahan",
        "{period}, {size} known: {told} {sums} told, {withheld} withheld",
        sums = counted(told as u64, language.pick("jumlah", "sums"), language),
        told = count(told, language),
        withheld = count(withheld, language),
        size = events(size, language)
    )];
    if withheld > 0 {
        lines.push(
            language
                .pick(
                    "yang ditahan tidak boleh keluar dengan cara lain; barangkali dapat disebut untuk masa yang lebih panjang",
                    "what is withheld must not leave in another way; a longer period may tell it",
                )
                .to_owned(),
        );
    }
    let recorded = joined(output.recorded);
    lines.push(if output.recorded.is_empty() {
        language
            .pick(
                "belum ada yang dicatat; tanpa --dry-run tabel ini dirilis dan tidak dapat ditarik",
                "nothing is recorded; without --dry-run this table is released, and cannot be retracted",
            )
            .to_owned()
    } else {
        text!(
            language,
            "tercatat pada indeks {recorded}; setiap berkas bukti baru (jejak bundle create) memuatnya",
            "recorded at index {recorded}; every new evidence bundle (jejak bundle create) carries it"
        )
    });
    lines
}
