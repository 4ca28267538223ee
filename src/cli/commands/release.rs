//! `jejak release`.

use std::io::Write as _;

use clap::Args;
use jejak_events::fault::Message;
use jejak_projections::views::releases::release_figure;
use serde::Serialize;

use crate::calendar::CalendarPeriod;
use crate::cli::exit::{Exit, Stop};
use crate::cli::language::{Language, made_up, text};
use crate::cli::output::{SYNTHETIC_COLUMN, Sheet, joined, stdout, write_marked};
use crate::cli::{Context, Format};
use crate::registry::Registry;
use crate::release::table::Cell;
use crate::release::{Release, ReleaseError, release};

/// Release sums of confidential figures: one table for a calendar period that is over, recorded as open
/// events.
///
/// The table has each figure (workers, and of them women, young, old and insured; sales, orders and
/// buyers at exhibitions; value of shipments) by kabupaten or kota and by province. A cell counts the
/// reports whose period ends within the one released, or what happened within it. Withheld is what one
/// IKM, or two together, could use to tell another one's figure to within 10 %: from fewer than four IKMs,
/// with more than 80 % from one, or by way of other cells or of an earlier release. A period may be
/// released again, and then only what stays safe beside the first release is told.
///
/// For somebody who may see individual figures: --actor names them, and the look is noted before
/// anything is read. With --dry-run nothing is recorded, and no sum is shown: only which would be withheld.
///
/// Exit code 1 when it is refused.
///
/// JSON: `{"period","log_size","recorded":[index],"told","withheld","cells":[{"area","figure","ikms","unseen",
/// "erased","told","sum"}],"synthetic"}`; `sum` is absent where the cell is withheld, and in a dry run.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak release --period 2025-Q3 --actor statistik-1")]
pub struct Arguments {
    /// The period: a month 2025-07, a quarter 2025-Q3 or a year 2025.
    #[arg(long, value_name = "PERIOD")]
    period: String,
    /// Show what would be withheld, and record nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    cell: &'a Cell,
    told: bool,
}

#[derive(Serialize)]
struct Output<'a> {
    period: String,
    log_size: u64,
    recorded: &'a [u64],
    told: usize,
    withheld: usize,
    cells: Vec<Row<'a>>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let asked = &arguments.period;
    let period: CalendarPeriod = asked.parse().map_err(|()| {
        Stop::usage(
            format!("--period {asked:?} harus bulan, triwulan atau tahun; contoh: 2025-07, 2025-Q3, 2025"),
            format!(
                "--period {asked:?} must be a month, a quarter or a year; examples: 2025-07, 2025-Q3, 2025"
            ),
        )
    })?;
    let actor = super::view::attested::named_actor(context)?;
    context.with_registry(|registry: &Registry| {
        let today = context.today(registry)?;
        let made = release(registry, &actor, (period, today), arguments.dry_run);
        match made.map_err(stop_of)? {
            Release::Refused(refusal) => {
                context.say(context.language.of(&refusal.message));
                Ok(Exit::No)
            }
            Release::Made { log_size, mut cells, recorded } => {
                let told: Vec<bool> = cells.iter().map(|cell| cell.sum.is_some()).collect();
                if arguments.dry_run {
                    cells.iter_mut().for_each(|cell| cell.sum = None);
                }
                let rows: Vec<Row<'_>> =
                    cells.iter().zip(told).map(|(cell, told)| Row { cell, told }).collect();
                let count = rows.iter().filter(|row| row.told).count();
                let output = Output {
                    period: period.to_string(),
                    log_size,
                    recorded: &recorded,
                    told: count,
                    withheld: rows.len() - count,
                    cells: rows,
                };
                print(&output, context, registry.constitution().synthetic)
            }
        }
    })
}

fn stop_of(error: ReleaseError) -> Stop {
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
    let mut out = stdout();
    let language = context.language;
    if context.format() == Format::Json {
        write_marked(&mut out, output, synthetic)?;
        return Ok(Exit::Fine);
    }
    let for_program = context.format() == Format::Csv;
    let mut sheet = match (for_program, language) {
        (true, _) => {
            Sheet::new(["area", "figure", "told", "#sum", "#ikms", "#unseen", "#erased", SYNTHETIC_COLUMN])
        }
        (false, Language::Id) => {
            Sheet::new(["daerah", "angka", "#jumlah", "#IKM", "#tidak diisi", "#dihapus"])
        }
        (false, Language::En) => Sheet::new(["area", "figure", "#sum", "#IKMs", "#not given", "#erased"]),
    };
    for Row { cell, told } in &output.cells {
        let counts = [cell.ikms, cell.unseen, cell.erased].map(|count| count.to_string());
        let sum = cell.sum.map(|sum| sum.to_string());
        if for_program {
            let row =
                [cell.area.to_string(), cell.figure.to_owned(), told.to_string(), sum.unwrap_or_default()];
            sheet.row(row.into_iter().chain(counts).chain([synthetic.to_string()]));
            continue;
        }
        let title = release_figure(cell.figure).map_or(cell.figure, |figure| language.words(figure.title));
        let shown = match (sum, told) {
            (Some(sum), _) => sum,
            (None, true) => language.pick("(disebut)", "(told)").to_owned(),
            (None, false) => language.pick("(ditahan)", "(withheld)").to_owned(),
        };
        sheet.row(
            [format!("{} {}", cell.area, cell.area.name()), title.to_owned(), shown]
                .into_iter()
                .chain(counts),
        );
    }
    if for_program {
        sheet.write_csv(&mut out, context.csv())?;
        return Ok(Exit::Fine);
    }
    writeln!(out, "{}", sheet.to_table())?;
    let (told, withheld, period, size) = (output.told, output.withheld, &output.period, output.log_size);
    writeln!(
        out,
        "{}",
        text!(
            language,
            "{period}, diketahui {size} peristiwa: {told} jumlah disebut, {withheld} ditahan",
            "{period}, {size} events known: {told} sums told, {withheld} withheld"
        )
    )?;
    if !output.recorded.is_empty() {
        let indexes = joined(output.recorded);
        writeln!(
            out,
            "{}",
            text!(language, "tercatat pada indeks {indexes}", "recorded at index {indexes}")
        )?;
    }
    if synthetic {
        writeln!(out, "{}", made_up(language))?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}
