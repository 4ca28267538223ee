//! What is said of an area as a whole.

use jejak_events::fault::Refusal;
use jejak_events::types::area_reports::{CoverageDeclared, PopulationReported};

use super::{Judgement, known_program};
use crate::decide::state::State;
use crate::decide::timeline::Moment;

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
