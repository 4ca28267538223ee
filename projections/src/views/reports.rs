//! `welfare`, `turnover_change`, `declared_complete`: what IKMs and offices report.
//!
//! The figures of the first two are sealed. The views say which reports count; whoever holds the keys
//! adds them up ([`crate::answer::Answer::bases`]).

use jejak_events::area::AreaCode;

use super::aliases::Survivor;
use super::registered;
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{
    AskedByClaims, AttestedDeclaration, AttestedRule, FigureDeclaration, SeriesRule, ViewDeclaration,
};
use crate::answer::{BasisEvents, FigureUnit, Words};
use crate::facts::{CodeId, Coverage, Id, Row, Turnover, Workforce};
use crate::question::Filter;

macro_rules! part_of_workers {
    ($name:literal, $id:literal, $en:literal) => {
        AttestedDeclaration {
            name: $name,
            rule: AttestedRule::Sum { field: $name, whole: Some("workers") },
            title: Words { id: $id, en: $en },
        }
    };
}

pub(super) const WELFARE: ViewDeclaration = ViewDeclaration {
    name: "welfare",
    version: 1,
    title: Words { id: "Tenaga kerja dan kesejahteraan", en: "Workforce and welfare" },
    definition: Words {
        id: "IKM dalam registri (menurut registered versi 1) yang pernah melaporkan tenaga kerjanya paling \
             lambat pada hari yang ditanyakan, dan yang belum pernah. Yang dijumlahkan adalah laporan dengan \
             masa terakhir dari tiap IKM: pekerja, dan di antaranya perempuan, di bawah 35 tahun, di atas 60 \
             tahun, peserta BPJS Ketenagakerjaan dan BPJS Kesehatan. Angkanya tersegel: jumlahnya disebut \
             terpisah. Wilayah adalah wilayah IKM.",
        en: "IKMs in the register (by registered version 1) that reported their workforce no later than the \
             day asked for, and those that never did. Of each IKM the report on the latest period is added \
             up: workers, and of them women, those under 35, those over 60, those insured with BPJS \
             Ketenagakerjaan and with BPJS Kesehatan. The counts are sealed: their sums are attested beside \
             the figures. The area is that of the IKM.",
    },
    filters: &[Filter::Area, Filter::Scale],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "workforce_reported", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "workforce_never_reported", unit: FigureUnit::Ikm },
    ],
    breakdowns: &[],
    shares: &[],
    attested: &[
        AttestedDeclaration {
            name: "workers",
            rule: AttestedRule::Sum { field: "workers", whole: None },
            title: Words { id: "Pekerja", en: "Workers" },
        },
        part_of_workers!("women", "Perempuan", "Women"),
        part_of_workers!("under_35", "Di bawah 35 tahun", "Younger than 35"),
        part_of_workers!("over_60", "Di atas 60 tahun", "Older than 60"),
        part_of_workers!("bpjs_ketenagakerjaan", "BPJS Ketenagakerjaan", "BPJS Ketenagakerjaan"),
        part_of_workers!("bpjs_kesehatan", "BPJS Kesehatan", "BPJS Kesehatan"),
    ],
    count: count_welfare,
};

fn count_welfare(scope: &Scope<'_>, tally: &mut Tally) {
    let mut latest: NumberMap<Survivor, &Row<Workforce>> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.workforces) {
        let last = latest.entry(scope.surviving_ikm(row.fact.ikm)).or_insert(row);
        keep_highest(last, row, |row| (row.fact.to, scope.order(row)));
    }
    for profile in scope.profiles() {
        let ikm = profile.ikm;
        if !profile.works() || !scope.wants_ikm(ikm) {
            continue;
        }
        let report = latest.get(&ikm);
        let events = tally.events(|events| {
            registered::trace(scope, &profile, events);
            if let Some(report) = report {
                scope.trace(report, events);
                scope.trace_ikm_merges(report.fact.ikm, events);
            }
        });
        if let Some(report) = report {
            tally.rest_on(scope, ikm, Id::NONE, BasisEvents::One(scope.effective(report)));
        }
        let (figure, who) = (usize::from(report.is_none()), Counted::Ikm(ikm));
        let (area, keys) = (Some(profile.area), [NO_KEY; 4]);
        tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
    }
}

pub(super) const TURNOVER_CHANGE: ViewDeclaration = ViewDeclaration {
    name: "turnover_change",
    version: 1,
    title: Words { id: "Perubahan omzet", en: "Change of turnover" },
    definition: Words {
        id: "IKM yang mendapat tempat dalam suatu program dan melaporkan omzetnya sebelum maupun sesudahnya: \
             satu masa yang berakhir sebelum hari sesi pertama kelompoknya, satu masa yang dimulai sesudah \
             hari sesi terakhir; dari masing-masing sisi dipakai masa yang paling akhir. Perubahannya adalah \
             median dari perubahan omzet per hari. Angkanya tersegel dan disebut terpisah. Perubahan ini \
             bukan dampak: banyak hal lain ikut berubah. Wilayah adalah wilayah IKM.",
        en: "IKMs that were given a place in a programme and reported turnover both before and after it: one \
             period that ends before the first session day of its group, one that begins after the last; on \
             either side the latest period is taken. The change is the median of the changes of turnover per \
             day. The rupiah are sealed, and the median is attested beside the figures. This change is not \
             impact: much else changes, too. The area is that of the IKM.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Scale, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[FigureDeclaration { name: "turnover_compared", unit: FigureUnit::Ikm }],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[AttestedDeclaration {
        name: "turnover_change",
        rule: AttestedRule::MedianChange { field: "turnover" },
        title: Words { id: "Median perubahan omzet", en: "Median change of turnover" },
    }],
    count: count_turnover,
};

fn count_turnover(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let mut reports: NumberMap<Survivor, Vec<&Row<Turnover>>> = NumberMap::default();
    for row in scope.rows(&tables.turnovers) {
        reports.entry(scope.surviving_ikm(row.fact.ikm)).or_default().push(row);
    }
    if reports.is_empty() {
        // Nothing to compare; the schedules would only cost time.
        return;
    }
    let schedules = Schedules::new(scope);
    for row in scope.rows(&tables.enrolments) {
        let (ikm, program) = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
        if !scope.wants_program(program) || !scope.wants_ikm(ikm) {
            continue;
        }
        let Some(reports) = reports.get(&ikm) else { continue };
        let Some((first, last)) = schedules.days(program, row.fact.group) else { continue };
        let latest = |counts: &dyn Fn(&Turnover) -> bool| {
            reports
                .iter()
                .filter(|report| counts(&report.fact))
                .max_by_key(|report| (report.fact.to, scope.order(report)))
                .copied()
        };
        let before = latest(&|report| report.to < first);
        let after = latest(&|report| report.from > last);
        let (Some(before), Some(after)) = (before, after) else { continue };
        let events = tally.events(|events| {
            for report in [before, after] {
                scope.trace(report, events);
                scope.trace_ikm_merges(report.fact.ikm, events);
            }
            scope.trace(row, events);
            scope.trace_ikm(row.fact.ikm, events);
        });
        tally.rest_on_program(scope, program);
        tally.rest_on_events(schedules.events(program, row.fact.group));
        let (before, after) = (scope.effective(before), scope.effective(after));
        tally.rest_on(scope, ikm, program, BasisEvents::Pair { before, after });
        tally.credit(Credit {
            figure: 0,
            who: Counted::Ikm(ikm),
            at: NO_KEY,
            amount: 1,
            area: scope.ikm_area(ikm),
            keys: [Key::Id(program), Key::Code(scope.theme(program)), NO_KEY, NO_KEY],
            events,
        });
    }
}

pub(super) const DECLARED_COMPLETE: ViewDeclaration = ViewDeclaration {
    name: "declared_complete",
    version: 1,
    title: Words { id: "Pencatatan dinyatakan lengkap", en: "Recording declared complete" },
    definition: Words {
        id: "Pernyataan dinas, paling lambat pada hari yang ditanyakan, bahwa pencatatan suatu program atau \
             tema di wilayahnya lengkap sampai hari tertentu (through); dari setiap wilayah dengan program \
             atau temanya yang paling jauh. Bila disaring menurut tema, yang menyangkut program bertema itu \
             ikut terhitung. Tanpa pernyataan ini sebuah klaim tidak dapat dinilai berlebihan.",
        en: "Declarations of an office, no later than the day asked for, that the recording of a programme or \
             a theme in its area is complete through some day (through); of each area with its programme or \
             theme the one that reaches furthest. Narrowed by theme, those about programmes of that theme \
             count, too. Without one, no claim can be found overstated.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[FigureDeclaration { name: "declared_complete", unit: FigureUnit::Report }],
    breakdowns: &["program", "theme", "through"],
    shares: &[],
    attested: &[],
    count: |scope, tally| {
        let mut furthest: NumberMap<(AreaCode, Id, CodeId), &Row<Coverage>> = NumberMap::default();
        for row in scope.rows(&scope.facts.tables.coverages) {
            let Coverage { area, program, theme, .. } = row.fact;
            let last = furthest.entry((area, program, theme)).or_insert(row);
            keep_highest(last, row, |row| (row.fact.through, scope.order(row)));
        }
        for row in furthest.into_values() {
            let Coverage { area, program, theme, through } = row.fact;
            let wanted =
                if program.is_some() { scope.wants_program(program) } else { scope.wants_theme(theme) };
            if !scope.wants_area(Some(area)) || !wanted {
                continue;
            }
            let scope_key = if program.is_some() { Key::Id(program) } else { Key::Code(theme) };
            let events = tally.events(|events| scope.trace(row, events));
            tally.credit(Credit {
                figure: 0,
                who: Counted::Area(area),
                at: scope_key,
                amount: 1,
                area: Some(area),
                keys: [Key::Id(program), Key::Code(theme), Key::Day(through), NO_KEY],
                events,
            });
        }
    },
};
