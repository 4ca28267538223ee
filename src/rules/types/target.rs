//! What programmes and areas mean to reach.

use jejak_events::fault::Refusal;
use jejak_events::text::edits;
use jejak_events::types::Baseline;
use jejak_events::values::{Code, Date, Text};
use jejak_projections::views::{TargetScope, target_figures};

use super::Judgement;
use crate::rules::timeline::Moment;

/// What a target says besides its value.
pub(super) struct SaidTarget<'a> {
    pub(super) figure: Option<&'a Code>,
    pub(super) text: Option<&'a Text>,
    pub(super) baseline: Option<Baseline>,
    pub(super) due: Option<Date>,
}

impl SaidTarget<'_> {
    /// Asks that a target names a figure that a view counts in its scope, or says in words what it is of, and that
    /// its days are in order.
    pub(super) fn judge(&self, at: Moment, scope: TargetScope, field: &'static str) -> Judgement {
        let date = at.date;
        if self.figure.is_some() == self.text.is_some() {
            return Err(Refusal::new(
                "figure_or_text",
                "target harus menyebut `figure` (angka yang dihitung) atau `text` (kata-kata), salah satu saja",
                "a target gives `figure` (one that is counted) or `text` (words): one of the two",
            )
            .at(field));
        }
        self.figure.map_or(Ok(()), |figure| known_figure(figure, scope, field))?;
        if let Some(due) = self.due.filter(|due| *due < date) {
            return Err(Refusal::new(
                "due_before_set",
                format!("target jatuh tempo {due}, sebelum ditetapkan {date}; periksa tanggalnya"),
                format!("the target is due on {due}, before it was set on {date}; check the dates"),
            )
            .at(field));
        }
        if let Some(year) = self.baseline.map(|before| before.year.get()).filter(|year| *year > date.year()) {
            return Err(Refusal::new(
                "baseline_to_come",
                format!(
                    "nilai semula dari tahun {year}, sesudah targetnya ditetapkan {date}; periksa tahunnya"
                ),
                format!("the baseline is of {year}, after the target was set on {date}; check the year"),
            )
            .at(field));
        }
        Ok(())
    }
}

fn known_figure(figure: &Code, scope: TargetScope, field: &'static str) -> Judgement {
    if target_figures(scope).any(|known| *known == **figure) {
        return Ok(());
    }
    let near = target_figures(scope).min_by_key(|known| (edits(figure, known), *known)).unwrap_or_default();
    Err(Refusal::new(
        "unknown_figure",
        format!(
            "tidak ada tampilan yang menghitung angka {figure} untuk target ini; yang paling mirip {near}; `jejak view` menyebut semuanya, dan yang tidak dihitung ditulis sebagai `text`"
        ),
        format!(
            "no view counts a figure {figure} for this target; the nearest is {near}; `jejak view` lists all of them, and what is not counted is written as `text`"
        ),
    )
    .at(field))
}
