//! What of which view a claim is held against, and whether that can be.

use jejak_events::types::claim::{ClaimKind, PERCENT};

use super::written::{Claim, ClaimFault, WrittenScope};
use crate::answer::{FIGURE_LIMIT, FigureUnit};
use crate::question::Filter;
use crate::views::{AskedByClaims, FigureDeclaration, ViewDeclaration, view, view_version};

/// Most entries of a list in a claim.
pub const ENTRIES_LIMIT: usize = 64;

/// What of a view is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// A figure.
    Figure(&'static FigureDeclaration),
    /// A figure as a part of another one.
    Share {
        /// The part.
        part: &'static FigureDeclaration,
        /// The whole.
        whole: &'static FigureDeclaration,
    },
    /// The number of values in a breakdown.
    Rows(&'static str),
}

impl Claim {
    /// Its view, and what of it is counted; none where it is not to be counted.
    ///
    /// # Errors
    /// When there is no such view, figure or breakdown.
    pub fn measured(&self) -> Result<Option<(&'static ViewDeclaration, Measured)>, ClaimFault> {
        let Some(indicator) = &self.indicator else { return Ok(None) };
        let view = match indicator.version {
            Some(version) => view_version(&indicator.view, version),
            None => view(&indicator.view),
        };
        let view = view.map_err(|error| ClaimFault {
            field: Some("indicator.view".to_owned()),
            line: None,
            message: error.message(),
        })?;
        let figure = |field: &str, name: &str| {
            view.figures.iter().find(|figure| figure.name == name).ok_or_else(|| {
                let known: Vec<&str> = view.figures.iter().map(|figure| figure.name).collect();
                choose(field, name, view.name, &known)
            })
        };
        let measured = match (&indicator.figure, &indicator.of, &indicator.rows) {
            (Some(part), None, None) => Measured::Figure(figure("indicator.figure", part)?),
            (Some(part), Some(whole), None) if part == whole => {
                return Err(ClaimFault::at(
                    "indicator.of",
                    "`of` adalah `figure` sendiri, jadi selalu 100 persen; sebut keseluruhannya",
                    "`of` is `figure` itself, which is always 100 percent; name the whole",
                ));
            }
            (Some(part), Some(whole), None) => Measured::Share {
                part: figure("indicator.figure", part)?,
                whole: figure("indicator.of", whole)?,
            },
            (None, None, Some(rows)) => {
                let by = view.breakdowns.iter().find(|by| *by == rows);
                let by = by.ok_or_else(|| choose("indicator.rows", rows, view.name, view.breakdowns))?;
                Measured::Rows(by)
            }
            (None, None, None) => return Ok(None),
            _ => {
                return Err(ClaimFault::at(
                    "indicator",
                    "sebut `figure` (dan `of` untuk persen), atau `rows`, bukan keduanya",
                    "give `figure` (and `of` for percent), or `rows`, not both",
                ));
            }
        };
        Ok(Some((view, measured)))
    }

    /// The view and the figure of the whole that it speaks of; none where it speaks of none.
    ///
    /// # Errors
    /// When there is no such view or figure.
    pub fn whole_measured(
        &self,
    ) -> Result<Option<(&'static ViewDeclaration, &'static FigureDeclaration)>, ClaimFault> {
        let Some(whole) = &self.whole else { return Ok(None) };
        let view = match whole.version {
            Some(version) => view_version(&whole.view, version),
            None => view(&whole.view),
        };
        let view = view.map_err(|error| ClaimFault {
            field: Some("whole.view".to_owned()),
            line: None,
            message: error.message(),
        })?;
        let figure = view.figures.iter().find(|figure| figure.name == whole.figure);
        let known = || view.figures.iter().map(|figure| figure.name).collect::<Vec<_>>();
        let figure = figure.ok_or_else(|| choose("whole.figure", &whole.figure, view.name, &known()))?;
        Ok(Some((view, figure)))
    }

    /// Whether the claim asks what can be answered, and says all that is needed for it.
    ///
    /// # Errors
    /// The first fault that is found.
    pub(super) fn validate(&self) -> Result<(), ClaimFault> {
        self.check_length()?;
        self.check_size()?;
        self.check_value()?;
        self.check_due()?;
        if !self.parts.is_empty() && self.value.is_none() {
            return Err(ClaimFault::at(
                "parts",
                "jumlah `parts` harus sama dengan `value`, tetapi `value` tidak ada; isi `value`",
                "`parts` must add up to `value`, and there is no `value`; give it",
            ));
        }
        if self.weekday.is_empty() != self.dates.is_empty()
            || (self.weekday.len() > 1 && self.weekday.len() != self.dates.len())
        {
            return Err(ClaimFault::at(
                "weekday",
                "`weekday` dan `dates` harus ada bersama: satu hari untuk semua tanggal, atau satu untuk tiap tanggal",
                "`weekday` and `dates` belong together: one weekday for all dates, or one for each",
            ));
        }
        let measured = self.measured()?;
        let Some((view, measured)) = measured else {
            let checks_itself = !self.parts.is_empty() || !self.dates.is_empty();
            // Without a figure to count, a claim may only be held against itself.
            if self.kind.is_countable(self.due) && (self.indicator.is_some() || !checks_itself) {
                return Err(ClaimFault::at(
                    "indicator",
                    "klaim jenis ini perlu `view` dan `figure` (atau `rows`); tanpa `indicator`, sebut `parts`, atau `weekday` dan `dates`",
                    "a claim of this kind needs `view` and `figure` (or `rows`); without `indicator`, give `parts`, or `weekday` and `dates`",
                ));
            }
            return Ok(());
        };
        self.check_unit(measured)?;
        check_scope(view, measured, &self.scope, "scope")?;
        self.check_whole(measured)?;
        if let Some(companion) = &self.together {
            check_scope(view, measured, &companion.scope, "together.scope")?;
            if !matches!(measured, Measured::Figure(figure) if is_distinct(figure.unit)) {
                return Err(ClaimFault::at(
                    "together",
                    "hanya IKM, orang, sesi, program dan sentra yang dapat dihitung bersama; hapus `together`",
                    "only IKMs, persons, sessions, programmes and sentras can be counted together; leave `together` out",
                ));
            }
        }
        Ok(())
    }

    /// No list is longer than any claim needs: what is done for a claim is bounded by its form.
    fn check_length(&self) -> Result<(), ClaimFault> {
        let together = self.together.as_ref().map(|companion| &companion.scope);
        let whole = self.whole.as_ref().map(|whole| &whole.scope);
        let lists = [
            ("sha256", self.sha256.len()),
            ("scope.program", self.scope.program.len()),
            ("scope.theme", self.scope.theme.len()),
            ("parts", self.parts.len()),
            ("weekday", self.weekday.len()),
            ("dates", self.dates.len()),
            ("together.scope.program", together.map_or(0, |scope| scope.program.len())),
            ("together.scope.theme", together.map_or(0, |scope| scope.theme.len())),
            ("whole.scope.program", whole.map_or(0, |scope| scope.program.len())),
            ("whole.scope.theme", whole.map_or(0, |scope| scope.theme.len())),
        ];
        match lists.into_iter().find(|(_, length)| *length > ENTRIES_LIMIT) {
            None => Ok(()),
            Some((field, length)) => Err(ClaimFault::at(
                field,
                format!("berisi {length}; paling banyak {ENTRIES_LIMIT}"),
                format!("has {length} entries; at most {ENTRIES_LIMIT} are read"),
            )),
        }
    }

    /// No figure is larger than a view could give: percent are told in hundredths.
    fn check_size(&self) -> Result<(), ClaimFault> {
        let is_share = self.indicator.as_ref().is_some_and(|indicator| indicator.of.is_some());
        let limit = if is_share { FIGURE_LIMIT / 100 } else { FIGURE_LIMIT };
        // A share of which nothing is cut off; what is no share is whole.
        let own = self.value.iter().map(|value| ("value", value.hundredths().div_ceil(100)));
        let parts = self.parts.iter().map(|part| ("parts", *part));
        let other = self.together.iter().filter_map(|other| Some(("together.value", other.value?)));
        match own.chain(parts).chain(other).find(|(_, value)| *value > limit) {
            None => Ok(()),
            Some((field, value)) => Err(ClaimFault::at(
                field,
                format!("{value} terlalu besar; paling besar {limit}"),
                format!("{value} is too large; at most {limit}"),
            )),
        }
    }

    /// Only percent have places; what is added up and what is about right needs a value.
    fn check_value(&self) -> Result<(), ClaimFault> {
        let is_of_whole = self.indicator.as_ref().is_none_or(|indicator| indicator.of.is_some());
        let is_share = self.unit.as_deref() == Some(PERCENT) && is_of_whole;
        if let Some(value) = self.value.filter(|value| value.as_whole().is_none()) {
            let is_added_up = !self.parts.is_empty();
            if !is_share || is_added_up {
                return Err(ClaimFault::at(
                    "value",
                    format!(
                        "{value} bukan bilangan bulat; hanya persen dari suatu keseluruhan, tanpa `parts`, yang boleh punya angka di belakang koma"
                    ),
                    format!(
                        "{value} is no whole number; only percent of a whole, without `parts`, may have places behind the point"
                    ),
                ));
            }
        }
        if self.approximate && self.value.is_none() {
            return Err(ClaimFault::at(
                "approximate",
                "`approximate` berkata tentang `value`, yang tidak ada; isi `value`",
                "`approximate` says something of `value`, which is missing; give it",
            ));
        }
        Ok(())
    }

    /// Only a plan is due, and then that is the day that it is of.
    fn check_due(&self) -> Result<(), ClaimFault> {
        if self.due.is_none() {
            return Ok(());
        }
        if self.kind != ClaimKind::Plan {
            return Err(ClaimFault::at(
                "due",
                "hanya rencana yang punya hari jatuh tempo; hapus `due`, atau sebut klaim ini rencana",
                "only a plan has a day that it is due; leave `due` out, or call the claim a plan",
            ));
        }
        if self.as_of.is_some() {
            return Err(ClaimFault::at(
                "as_of",
                "rencana dinilai pada hari jatuh temponya, jadi `as_of` tidak berarti di sini; hapus",
                "a plan is judged on the day that it is due, so `as_of` means nothing here; leave it out",
            ));
        }
        Ok(())
    }

    /// A whole stands in place of a value, and counts the same IKMs or persons.
    fn check_whole(&self, measured: Measured) -> Result<(), ClaimFault> {
        let Some((view, whole)) = self.whole_measured()? else { return Ok(()) };
        if self.value.is_some() {
            return Err(ClaimFault::at(
                "whole",
                "klaim menyebut angka atau keseluruhan, bukan keduanya; hapus salah satu",
                "a claim gives a value or speaks of a whole, not both; leave one out",
            ));
        }
        let counts_members = |unit| matches!(unit, FigureUnit::Ikm | FigureUnit::Person);
        let is_alike = |figure: &FigureDeclaration| figure.unit == whole.unit && counts_members(whole.unit);
        if !matches!(measured, Measured::Figure(figure) if is_alike(figure)) {
            return Err(ClaimFault::at(
                "whole.figure",
                "keseluruhan harus menghitung IKM atau orang, sama dengan `figure`; pilih angka lain",
                "a whole must count IKMs or persons, the same as `figure`; choose another figure",
            ));
        }
        let Some(written) = &self.whole else { return Ok(()) };
        check_scope(view, Measured::Figure(whole), &written.scope, "whole.scope")
    }

    /// A claim about persons is never held against IKMs, nor the other way round.
    fn check_unit(&self, measured: Measured) -> Result<(), ClaimFault> {
        let possible = match measured {
            // What a source counts as IKMs, the claim calls IKMs.
            Measured::Figure(figure) if figure.unit == FigureUnit::ReportedIkm => FigureUnit::Ikm.name(),
            Measured::Figure(figure) => figure.unit.name(),
            Measured::Share { .. } => PERCENT,
            Measured::Rows(by) => by,
        };
        if self.unit.as_deref() == Some(possible) {
            return Ok(());
        }
        let said = self.unit.as_deref().unwrap_or("-");
        Err(ClaimFault::at(
            "unit",
            format!(
                "satuan {said:?} bukan yang dihitung oleh `indicator`, yaitu {possible:?}; sesuaikan `figure` atau `unit`"
            ),
            format!(
                "unit {said:?} is not what the `indicator` counts, {possible:?}; change `figure` or `unit`"
            ),
        ))
    }
}

/// Whether each thing of this unit is counted once, wherever it counts.
pub(super) fn is_distinct(unit: FigureUnit) -> bool {
    matches!(
        unit,
        FigureUnit::Ikm | FigureUnit::Person | FigureUnit::Session | FigureUnit::Program | FigureUnit::Sentra
    )
}

/// Whether the view can be narrowed so.
fn check_scope(
    view: &ViewDeclaration,
    measured: Measured,
    scope: &WrittenScope,
    field: &str,
) -> Result<(), ClaimFault> {
    let at = |name: &str| format!("{field}.{name}");
    if let (Some(from), Some(to)) = (scope.from, scope.to)
        && from > to
    {
        return Err(ClaimFault::at(
            &at("from"),
            format!("masa {from} sampai {to} berakhir sebelum dimulai; tukar tanggalnya"),
            format!("the period from {from} to {to} ends before it begins; swap the dates"),
        ));
    }
    let by_program = view.asked_by_claims == AskedByClaims::PerProgram;
    let can = |filter: Filter| view.filters.contains(&filter);
    let set = [
        ("area", scope.area.is_some(), by_program || can(Filter::Area)),
        ("program", !scope.program.is_empty(), can(Filter::Program)),
        ("theme", !scope.theme.is_empty(), by_program || can(Filter::Theme)),
        ("funding", scope.funding.is_some(), by_program || can(Filter::Funding)),
        ("scale", scope.scale.is_some(), can(Filter::Scale)),
        ("from", scope.from.is_some(), by_program || can(Filter::From)),
    ];
    if let Some((name, ..)) = set.into_iter().find(|(_, is_set, is_possible)| *is_set && !is_possible) {
        return Err(ClaimFault::at(
            &at(name),
            format!(
                "tampilan {} tidak dapat disaring menurut {name}; hapus, atau pilih indicator lain",
                view.name
            ),
            format!(
                "view {} cannot be narrowed by {name}; leave it out, or choose another indicator",
                view.name
            ),
        ));
    }
    for (name, several) in [("program", scope.program.len() > 1), ("theme", scope.theme.len() > 1)] {
        if several && !by_program {
            return Err(ClaimFault::at(
                &at(name),
                format!("tampilan {} hanya dapat ditanya untuk satu {name}; sebut satu", view.name),
                format!("view {} can be asked for one {name} only; name one", view.name),
            ));
        }
    }
    let mut keys = scope.keys();
    if let Some((by, _)) = keys.next() {
        if let Some((other, _)) = keys.next() {
            return Err(ClaimFault::at(
                &at(other),
                format!("hanya satu dari {by} dan {other} yang dapat disebut; hapus salah satu"),
                format!("only one of {by} and {other} can be given; leave one out"),
            ));
        }
        if !view.breakdowns.contains(&by) || matches!(measured, Measured::Rows(_)) {
            return Err(choose(&at(by), by, view.name, view.breakdowns));
        }
    }
    Ok(())
}

fn choose(field: &str, name: &str, view: &str, known: &[&str]) -> ClaimFault {
    let known = if known.is_empty() { "-".to_owned() } else { known.join(", ") };
    ClaimFault::at(
        field,
        format!("tampilan {view} tidak punya {name:?} di sini; pilih dari: {known}"),
        format!("view {view} has no {name:?} here; choose from: {known}"),
    )
}
