//! Which reports the cells of a release are made of (`docs/domain.md`, section 3).
//!
//! Everything here is open: who reported which figure of which period, and where the IKM lay. What the figures are
//! is sealed, and this module must never see them.

use std::collections::BTreeMap;

use jejak_events::area::AreaCode;
use jejak_events::types::Period;
use jejak_events::values::Date;
use uuid::Uuid;

use super::aliases::Survivor;
use super::scope::{NumberMap, Scope, keep_highest};
use crate::answer::Words;
use crate::facts::{Facts, Row, Workforce};
use crate::question::Question;

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportKind {
    /// On the workforce: of each IKM the one on the latest days within the period.
    Workforce,
    /// On an exhibition, first day there within the period.
    Exhibition,
    /// On a shipment that left within the period.
    Shipment,
}

/// A figure that a release adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseFigure {
    /// Its name.
    pub name: &'static str,
    /// The reports that give it.
    pub kind: ReportKind,
    /// The sealed field.
    pub field: &'static str,
    /// The figure that it is a part of.
    pub whole: Option<&'static str>,
    /// The name in words.
    pub title: Words,
}

macro_rules! figure {
    ($kind:ident $name:literal $field:literal $whole:expr, $id:literal, $en:literal) => {
        ReleaseFigure {
            name: $name,
            kind: ReportKind::$kind,
            field: $field,
            whole: $whole,
            title: Words { id: $id, en: $en },
        }
    };
}

/// The figures of a release; a whole stands before its parts.
pub const FIGURES: [ReleaseFigure; 10] = [
    figure!(Workforce "workers" "workers" None, "Pekerja", "Workers"),
    figure!(Workforce "women" "women" Some("workers"), "Perempuan", "Women"),
    figure!(Workforce "under_35" "under_35" Some("workers"), "Di bawah 35 tahun", "Younger than 35"),
    figure!(Workforce "over_60" "over_60" Some("workers"), "Di atas 60 tahun", "Older than 60"),
    figure!(Workforce "bpjs_ketenagakerjaan" "bpjs_ketenagakerjaan" Some("workers"), "BPJS Ketenagakerjaan", "BPJS Ketenagakerjaan"),
    figure!(Workforce "bpjs_kesehatan" "bpjs_kesehatan" Some("workers"), "BPJS Kesehatan", "BPJS Kesehatan"),
    figure!(Exhibition "sales" "sales" None, "Penjualan (Rp)", "Sales (Rp)"),
    figure!(Exhibition "orders" "orders" None, "Pesanan (Rp)", "Orders (Rp)"),
    figure!(Exhibition "buyers" "buyers" None, "Pembeli", "Buyers"),
    figure!(Shipment "shipment_value" "value" None, "Nilai pengiriman (Rp)", "Value of the shipments (Rp)"),
];

/// Finds a figure by name.
#[must_use]
pub fn release_figure(name: &str) -> Option<&'static ReleaseFigure> {
    FIGURES.iter().find(|figure| figure.name == name)
}

/// One report that counts in a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReleaseReport {
    /// Its kind.
    pub kind: ReportKind,
    /// Kabupaten or kota of the IKM on the last day of the period.
    pub area: AreaCode,
    /// The IKM, after merges.
    pub ikm: Uuid,
    /// Index of the event whose content is in force: the report, or the correction that speaks for it.
    pub index: u64,
}

/// The reports that a release of a period counts, sorted. `today` is the day of the release: a report that is dated
/// later is not known yet. An IKM that was not registered by the end of the period is in no area, and left out.
#[must_use]
pub fn release_reports(facts: &Facts, period: Period, today: Date, size: u64) -> Vec<ReleaseReport> {
    let (by_end, by_today) = (Question::new(period.to, size), Question::new(today.max(period.to), size));
    let (ended, known) = (Scope::new(facts, &by_end), Scope::new(facts, &by_today));
    let mut reports = Vec::new();
    let mut add = |kind, ikm: Survivor, index| {
        if let (Some(area), Some(ikm)) = (ended.ikm_area(ikm), facts.uuid(ikm.0)) {
            reports.push(ReleaseReport { kind, area, ikm, index });
        }
    };
    let mut latest: NumberMap<Survivor, &Row<Workforce>> = NumberMap::default();
    for row in known.rows(&facts.tables.workforces) {
        if (period.from..=period.to).contains(&row.fact.to) {
            let last = latest.entry(known.surviving_ikm(row.fact.ikm)).or_insert(row);
            keep_highest(last, row, |row| (row.fact.to, known.order(row)));
        }
    }
    for (ikm, row) in latest {
        add(ReportKind::Workforce, ikm, known.effective(row));
    }
    let within = |day: Date| (period.from..=period.to).contains(&day);
    for row in known.rows(&facts.tables.participations).filter(|row| within(row.day)) {
        add(ReportKind::Exhibition, known.surviving_ikm(row.fact.ikm), known.effective(row));
    }
    for row in known.rows(&facts.tables.shipments).filter(|row| within(row.day)) {
        add(ReportKind::Shipment, known.surviving_ikm(row.fact.ikm), known.effective(row));
    }
    reports.sort_unstable();
    reports
}

/// What IKMs count as at a log size: for each the one that it was merged into, if it was.
#[must_use]
pub fn release_survivors(
    facts: &Facts,
    day: Date,
    size: u64,
    ikms: impl IntoIterator<Item = Uuid>,
) -> BTreeMap<Uuid, Uuid> {
    let question = Question::new(day, size);
    let scope = Scope::new(facts, &question);
    let survivor = |ikm: Uuid| {
        let id = facts.id(ikm)?;
        facts.uuid(scope.surviving_ikm(id).0)
    };
    ikms.into_iter().map(|ikm| (ikm, survivor(ikm).unwrap_or(ikm))).collect()
}
