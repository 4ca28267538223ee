//! What is said of an area as a whole.

use crate::rules::precedents::{AimedAt, CodeList};
use crate::rules::state::{FactsInForce, Put, restrict_nothing};
use jejak_events::fault::Refusal;
use jejak_events::identity::Subject;
use jejak_events::types::area_reports::{
    CoverageDeclared, FiguresReleased, PopulationReported, ReleasedCell, TargetSet,
};
use jejak_projections::views::TargetScope;
use jejak_projections::views::releases::release_figure;

use super::target::SaidTarget;
use super::{Judgement, known_program, said_twice};
use crate::rules::state::State;
use crate::rules::timeline::Moment;
use jejak_projections::calendar::CalendarPeriod;

/// A source's own figures are recorded as they are, also where they do not add up.
pub(super) fn population_reported(data: &PopulationReported) -> Judgement {
    if data.kecil.is_none() && data.menengah.is_none() && data.total.is_none() {
        refuse!(
            "figure_missing",
            "data.total",
            "laporan populasi tidak memuat angka; isi total, kecil atau menengah",
            "the population report has no figure; give total, kecil or menengah"
        );
    }
    Ok(())
}

pub(super) fn coverage_declared(state: &State, at: Moment, data: &CoverageDeclared) -> Judgement {
    let (through, date) = (data.through, at.date);
    if data.program.is_some() == data.theme.is_some() {
        refuse!(
            "one_scope",
            "data.program",
            "sebutkan program atau theme, salah satu saja",
            "name a program or a theme, one of the two"
        );
    }
    if through > date {
        refuse!(
            "covers_the_future",
            "data.through",
            "pencatatan belum dapat lengkap sampai {through} pada {date}",
            "recording cannot be complete through {through} on {date}"
        );
    }
    match data.program {
        Some(program) => known_program(state, at, program, "data.program").map(drop),
        None => Ok(()),
    }
}

pub(super) fn target_set(at: Moment, data: &TargetSet) -> Judgement {
    let said = SaidTarget {
        figure: data.figure.as_ref(),
        text: data.text.as_ref(),
        baseline: data.baseline,
        due: Some(data.due),
    };
    let scope = TargetScope::Area { theme: data.theme.is_some(), commodity: data.commodity.is_some() };
    let field = if data.figure.is_some() { "data.figure" } else { "data.text" };
    said.judge(at, scope, field)
}

/// As [`AimedAt`], of a target of a figure.
pub(in crate::rules) fn aimed_at(stream: Subject, data: &TargetSet) -> Option<AimedAt> {
    let figure = data.figure.clone()?;
    Some((stream, figure, data.theme.clone(), data.commodity.clone(), data.due))
}

/// Fewest IKMs of a cell that is told. Of three, any two could tell the third's figure.
pub(crate) const FEWEST_TOLD_IKMS: u32 = 4;

/// Refuses what no release can say, whoever made it: that is all that an outsider can judge, who does not see the
/// figures.
pub(super) fn figures_released(at: Moment, data: &FiguresReleased) -> Judgement {
    let (period, size, index) = (data.period, data.log_size.get(), at.index);
    if CalendarPeriod::of(period).is_none() {
        let (from, to) = (period.from, period.to);
        refuse!(
            "no_calendar_period",
            "data.period",
            "{from} sampai {to} bukan satu bulan, triwulan atau tahun kalender",
            "{from} to {to} is no calendar month, quarter or year"
        );
    }
    if period.to >= at.date {
        let (to, date) = (period.to, at.date);
        refuse!(
            "period_not_over",
            "data.period",
            "masa itu baru berakhir pada {to}; terbitkan sesudah hari itu, bukan pada {date}",
            "the period ends on {to}; release it after that day, not on {date}"
        );
    }
    if u64::try_from(size).is_ok_and(|size| size > index) {
        refuse!(
            "knows_the_future",
            "data.log_size",
            "rilis pada indeks {index} tidak dapat mengetahui {size} peristiwa",
            "a release at index {index} cannot know {size} events"
        );
    }
    if let Some(figure) = said_twice(data.cells.iter().map(|cell| &cell.figure)) {
        refuse!(
            "released_twice",
            "data.cells",
            "angka {figure} disebut dua kali dalam satu rilis",
            "figure {figure} stands twice in one release"
        );
    }
    data.cells.iter().try_for_each(|cell| cell_released(data, cell))
}

fn cell_released(data: &FiguresReleased, cell: &ReleasedCell) -> Judgement {
    let (name, ikms) = (&cell.figure, cell.ikms.get());
    let Some(figure) = release_figure(name) else {
        refuse!(
            "unknown_figure",
            "data.cells",
            "angka {name} tidak dikenal dalam rilis",
            "figure {name} is none that is released"
        )
    };
    let Some(sum) = cell.sum.map(|sum| sum.get()) else { return Ok(()) };
    if ikms < FEWEST_TOLD_IKMS || sum == 0 {
        refuse!(
            "cell_tells_too_much",
            "data.cells",
            "jumlah {name} sebesar {sum} dari {ikms} IKM membuka angka satu IKM; jumlah itu harus ditahan",
            "the sum {sum} of {name} over {ikms} IKMs gives away the figure of one; it must be withheld"
        );
    }
    let Some(whole) = figure.whole else { return Ok(()) };
    let told = data.cells.iter().find(|other| &*other.figure == whole);
    match told.and_then(|told| Some((told.sum?.get(), told.ikms.get()))) {
        Some((of, of_ikms)) if sum <= of && ikms <= of_ikms => Ok(()),
        Some((of, of_ikms)) => refuse!(
            "part_above_whole",
            "data.cells",
            "{name} {sum} dari {ikms} IKM tidak mungkin: {whole} hanya {of} dari {of_ikms} IKM",
            "{name} {sum} of {ikms} IKMs cannot be: {whole} is {of} of {of_ikms} IKMs"
        ),
        None => refuse!(
            "part_without_whole",
            "data.cells",
            "{name} disebut sedangkan {whole} ditahan atau tidak ada",
            "{name} is told while {whole} is withheld or missing"
        ),
    }
}

impl FactsInForce for PopulationReported {
    fn put(&self, state: &mut State, put: Put, _: Subject) -> Option<()> {
        state.precedents.count(CodeList::Commodities, &self.commodity, put.add);
        Some(())
    }
}

impl FactsInForce for TargetSet {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        if let Some(aimed_at) = aimed_at(stream, self) {
            state.precedents.targets.put(aimed_at, put.moment.index, put.add);
        }
        Some(())
    }
}

restrict_nothing!(CoverageDeclared, FiguresReleased);

#[cfg(test)]
mod tests {
    use jejak_events::types::Period;
    use jejak_events::values::{Amount, Code, Count, Date, SetOf};

    use super::*;

    const GOOD: [(&str, u32, Option<i64>); 3] =
        [("workers", 12, Some(1223)), ("women", 11, Some(871)), ("sales", 2, None)];

    fn judged(period: [&str; 2], log_size: i64, cells: &[(&str, u32, Option<i64>)]) -> Judgement {
        judged_on("2025-10-09", period, log_size, cells)
    }

    fn judged_on(
        day: &str,
        period: [&str; 2],
        log_size: i64,
        cells: &[(&str, u32, Option<i64>)],
    ) -> Judgement {
        let count = |number| Count::new(number).unwrap();
        let cell = |(figure, ikms, sum): &(&str, u32, Option<i64>)| ReleasedCell {
            erased: count(0),
            figure: Code::parse(figure).unwrap(),
            ikms: count(*ikms),
            sum: sum.map(|sum| Amount::new(sum).unwrap()),
            unseen: count(0),
        };
        let [from, to] = period.map(|day| Date::parse(day).unwrap());
        let data = FiguresReleased {
            cells: SetOf::new(cells.iter().map(cell).collect()).unwrap(),
            log_size: Amount::new(log_size).unwrap(),
            period: Period { from, to },
            evidence: None,
            imported_from: None,
            sealed: None,
        };
        figures_released(Moment { date: Date::parse(day).unwrap(), index: 40 }, &data)
    }

    #[test]
    fn a_release_says_nothing_that_cannot_be() {
        const QUARTER: [&str; 2] = ["2025-07-01", "2025-09-30"];
        let rule = |period, size, cells: &[_]| judged(period, size, cells).unwrap_err().rule;
        judged(QUARTER, 40, &GOOD).unwrap();
        assert_eq!(rule(["2025-07-01", "2025-09-29"], 40, &GOOD), "no_calendar_period");
        assert_eq!(rule(["2025-10-01", "2025-10-31"], 40, &GOOD), "period_not_over");
        assert_eq!(rule(QUARTER, 41, &GOOD), "knows_the_future");
        // Its last day belongs to it.
        assert_eq!(judged_on("2025-09-30", QUARTER, 40, &GOOD).unwrap_err().rule, "period_not_over");
        judged_on("2025-10-01", QUARTER, 40, &GOOD).unwrap();
        for (cells, expected) in [
            (&[("workers", 12, Some(5)), ("workers", 13, Some(5))][..], "released_twice"),
            (&[("profit", 12, Some(5))], "unknown_figure"),
            (&[("workers", 3, Some(50))], "cell_tells_too_much"),
            (&[("workers", 12, Some(0))], "cell_tells_too_much"),
            (&[("workers", 12, Some(1223)), ("women", 12, Some(12230))], "part_above_whole"),
            (&[("workers", 12, Some(1223)), ("women", 13, Some(871))], "part_above_whole"),
            (&[("workers", 12, None), ("women", 12, Some(871))], "part_without_whole"),
            (&[("women", 12, Some(871))], "part_without_whole"),
        ] {
            assert_eq!(rule(QUARTER, 40, cells), expected, "{cells:?}");
        }
    }
}
