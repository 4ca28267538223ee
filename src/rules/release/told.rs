//! A release as it stands in a log: what all of its events say, in the order in which it is read.
//!
//! Pure. Nothing here may say more of a cell than its event does.

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::record::Draft;
use jejak_events::types::EventType;
use jejak_events::types::Period;
use jejak_events::types::area_reports::FiguresReleased;
use jejak_events::values::Date;
use jejak_projections::views::releases::{FIGURES, release_figure};
use schemars::JsonSchema;
use serde::Serialize;

use super::table::{Reason, ReleaseCell};
use crate::rules::FEWEST_TOLD_IKMS;
use jejak_projections::calendar::CalendarPeriod;

/// A cell, and whether its sum is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JudgedCell {
    #[serde(flatten)]
    pub cell: ReleaseCell,
    /// Whether its sum is told.
    pub told: bool,
}

/// A release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Released {
    /// The calendar period, such as `2025-Q1`.
    #[schemars(with = "jejak_events::schema::texts::CalendarPeriod")]
    pub period: String,
    /// Number of events that it knows.
    pub log_size: u64,
    /// The day on which it was made.
    pub day: Date,
    /// Indexes of its events.
    pub recorded: Vec<u64>,
    /// Number of sums told.
    pub told: usize,
    /// Number of sums withheld.
    pub withheld: usize,
    /// Its cells: by figure, provinces before what lies in them.
    pub cells: Vec<JudgedCell>,
}

impl Released {
    /// What the events of one release say; `None` where there are none.
    #[must_use]
    pub fn of(events: &[(u64, &Draft)]) -> Option<Self> {
        let mut recorded = Vec::with_capacity(events.len());
        let mut cells = Vec::new();
        let mut about: Option<(Period, u64, Date)> = None;
        for (index, draft) in events {
            let (Some(data), Subject::Area(area)) = (FiguresReleased::of(&draft.data), draft.subject) else {
                continue;
            };
            recorded.push(*index);
            about.get_or_insert((data.period, data.log_size.get().unsigned_abs(), draft.time.date()));
            for cell in data.cells.iter() {
                // The rules refuse a figure that is none.
                let Some(figure) = release_figure(&cell.figure) else { continue };
                let sum = cell.sum.map(|sum| sum.get());
                let (ikms, unseen, erased) = (cell.ikms.get(), cell.unseen.get(), cell.erased.get());
                let withheld = match sum {
                    Some(_) => None,
                    None if ikms < FEWEST_TOLD_IKMS => Some(Reason::FewIkms),
                    None => Some(Reason::TellsOne),
                };
                let cell = ReleaseCell { area, figure: figure.name, ikms, unseen, erased, sum, withheld };
                cells.push(JudgedCell { told: cell.sum.is_some(), cell });
            }
        }
        let (period, log_size, day) = about?;
        cells.sort_by_key(|row| place(row.cell.figure, row.cell.area));
        let told = cells.iter().filter(|row| row.told).count();
        let period = CalendarPeriod::of(period)
            .map_or_else(|| format!("{}/{}", period.from, period.to), |period| period.to_string());
        Some(Self { period, log_size, day, recorded, told, withheld: cells.len() - told, cells })
    }
}

/// Where a cell is read.
fn place(figure: &str, area: AreaCode) -> (usize, AreaCode, bool, AreaCode) {
    let figure = FIGURES.iter().position(|other| other.name == figure).unwrap_or(FIGURES.len());
    (figure, area.province(), area != area.province(), area)
}
