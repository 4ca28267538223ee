//! `population`, `coverage`: the IKMs that somebody else counted, beside those that the register knows.

use std::collections::BTreeSet;

use jejak_events::area::{AreaCode, Level};

use super::profiles::Profile;
use super::registered;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Cut, Events, Key, NO_KEY, Tally};
use super::trained;
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{CodeId, Population, Row};
use crate::question::Filter;

/// The commodity of a report that is about all of them.
const ALL_COMMODITIES: &str = "all";

pub(super) const POPULATION: ViewDeclaration = ViewDeclaration {
    name: "population",
    version: 2,
    title: Words { id: "Populasi IKM menurut sumber lain", en: "IKMs as reported by others" },
    definition: Words {
        id: "IKM menurut laporan terakhir sumber lain, paling lambat hari yang ditanyakan, untuk tiap wilayah \
             dan komoditas: angka sumbernya sendiri; sumber dan tanggalnya ada di baris laporan. \
             population_total yang tidak disebut adalah kecil ditambah menengah bila keduanya disebut; yang \
             tidak disebut tidak diketahui (-). population_not_adding_up: laporan yang bagiannya tidak cocok \
             dengan jumlahnya. Provinsi: laporannya sendiri bila ada, kalau tidak jumlah kabupaten dan kotanya \
             yang punya laporan; tidak pernah keduanya. population_unreported: kabupaten dan kota tanpa laporan \
             apa pun, masing-masing sekali: yang lain dalam jumlah itu, dan yang punya IKM terdaftar yang tidak \
             termuat laporan mana pun; dalam baris komoditas yang tanpa laporan komoditas itu. Komoditas yang termuat dalam yang lain (all) tidak dijumlahkan (-). population_registered: IKM \
             dalam registri menurut registered versi 1; registered_where_reported: di antaranya yang wilayah \
             dan komoditasnya punya laporan.",
        en: "IKMs by the latest report of somebody else, no later than the day asked for, for each area and \
             commodity: the source's own figures; its name and day stand in the row of the report. A \
             population_total that is not said is kecil plus menengah where both are; what is not said is not \
             known (-). population_not_adding_up: reports whose parts do not add up to their total. A \
             province: its own report where there is one, else the sum of its kabupaten and kota that have \
             one; never both. population_unreported: kabupaten and kota without any report, each once: the \
             others of such a sum, and those with registered IKMs that no report is about; in the row of a \
             commodity those without a report of it. A commodity that another one \
             holds (all) is not added to it (-). population_registered: IKMs in the register by registered \
             version 1; registered_where_reported: those of them whose area and commodity have a report.",
    },
    filters: &[Filter::Area],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "population_total", unit: FigureUnit::ReportedIkm },
        FigureDeclaration { name: "population_kecil", unit: FigureUnit::ReportedIkm },
        FigureDeclaration { name: "population_menengah", unit: FigureUnit::ReportedIkm },
        FigureDeclaration { name: "population_not_adding_up", unit: FigureUnit::Report },
        FigureDeclaration { name: "population_unreported", unit: FigureUnit::Area },
        FigureDeclaration { name: "population_registered", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "registered_where_reported", unit: FigureUnit::Ikm },
    ],
    breakdowns: &["commodity", "report"],
    shares: &[ShareDeclaration::within(
        "registered_of_population",
        "registered_where_reported",
        "population_total",
    )],
    attested: &[],
    count: |scope, tally| {
        let reports = Reports::new(scope);
        reports.credit(scope, tally, [Some(0), Some(1), Some(2)]);
        reports.credit_contradictions(scope, tally, 3);
        reports.credit_unreported(scope, tally, 4);
        for profile in scope.profiles().filter(|profile| profile.works() && scope.wants_ikm(profile.ikm)) {
            let events = tally.events(|events| registered::trace(scope, &profile, events));
            reports.credit_ikm(scope, tally, &profile, events, [5, 6]);
            let counts = !reports.has_own(profile.area);
            reports.credit_area_of(scope, tally, &profile, events, (4, counts));
        }
    },
};

pub(super) const COVERAGE: ViewDeclaration = ViewDeclaration {
    name: "coverage",
    version: 2,
    title: Words { id: "Jangkauan pelatihan", en: "Reach of the trainings" },
    definition: Words {
        id: "IKM dalam registri (coverage_registered, menurut registered versi 1), dan di antaranya yang \
             menuntaskan pelatihan (coverage_trained, menurut trained versi 2, dalam program mana pun). \
             coverage_population: population_total menurut population versi 2; terhadapnya hanya dihitung yang \
             wilayah dan komoditasnya punya laporan (registered_there, trained_there), dengan sumber dan \
             tanggalnya di baris laporan; coverage_unreported: kabupaten dan kota dengan IKM terdaftar yang \
             tidak punya. Program, tema dan dana hanya menyaring yang menuntaskannya. Wilayah adalah wilayah IKM.",
        en: "IKMs in the register (coverage_registered, by registered version 1), and those of them that are \
             trained (coverage_trained, by trained version 2, in any programme). coverage_population: \
             population_total by population version 2; held against it are only those whose area and commodity \
             have a report (registered_there, trained_there), with its source and day in the row of the \
             report; coverage_unreported: kabupaten and kota with registered IKMs that have none. Programme, \
             theme and money narrow only the trained. The area is that of the IKM.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "coverage_registered", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "coverage_trained", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "coverage_population", unit: FigureUnit::ReportedIkm },
        FigureDeclaration { name: "registered_there", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "trained_there", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "coverage_unreported", unit: FigureUnit::Area },
    ],
    breakdowns: &["commodity", "report"],
    shares: &[
        ShareDeclaration::within("trained_of_registered", "coverage_trained", "coverage_registered"),
        ShareDeclaration::within("trained_of_population", "trained_there", "coverage_population"),
    ],
    attested: &[],
    count: |scope, tally| {
        let reports = Reports::new(scope);
        reports.credit(scope, tally, [Some(2), None, None]);
        let trained = trained::ikms(scope);
        for profile in scope.profiles().filter(|profile| profile.works() && scope.wants_ikm(profile.ikm)) {
            let own = tally.events(|events| registered::trace(scope, &profile, events));
            reports.credit_ikm(scope, tally, &profile, own, [0, 3]);
            if let Some(training) = trained.get(&profile.ikm) {
                let events = tally.events(|events| {
                    registered::trace(scope, &profile, events);
                    events.extend(training);
                });
                reports.credit_ikm(scope, tally, &profile, events, [1, 4]);
            }
            reports.credit_area_of(scope, tally, &profile, own, (5, true));
        }
    },
};

fn count(count: Option<jejak_events::values::Count>) -> Option<u64> {
    count.map(|count| u64::from(count.get()))
}

fn total(reported: &Population) -> Option<u64> {
    let sum = || Some(count(reported.kecil)? + count(reported.menengah)?);
    count(reported.total).or_else(sum)
}

fn contradicts_itself(reported: &Population) -> bool {
    let parts = count(reported.kecil).zip(count(reported.menengah));
    count(reported.total).zip(parts).is_some_and(|(total, (kecil, menengah))| kecil + menengah != total)
}

/// The latest report of each area and commodity, as far as the question is about them.
struct Reports<'a> {
    /// All of them: each is the answer for its own area.
    latest: Vec<&'a Row<Population>>,
    /// Those that are added up: of a province its own, or those of its kabupaten and kota.
    added_up: Vec<&'a Row<Population>>,
    /// The commodity that holds all others, where somebody reports it.
    all: Option<CodeId>,
}

impl<'a> Reports<'a> {
    fn new(scope: &Scope<'a>) -> Self {
        let mut latest: NumberMap<(AreaCode, CodeId), &'a Row<Population>> = NumberMap::default();
        for row in scope.rows(&scope.facts.tables.populations) {
            let last = latest.entry((row.fact.area, row.fact.commodity)).or_insert(row);
            keep_highest(last, row, |row| scope.order(row));
        }
        let mut latest: Vec<_> =
            latest.into_values().filter(|row| scope.wants_area(Some(row.fact.area))).collect();
        latest.sort_unstable_by_key(|row| scope.order(row));
        let of_provinces: BTreeSet<(AreaCode, CodeId)> = latest
            .iter()
            .filter(|row| row.fact.area.level() == Level::Province)
            .map(|row| (row.fact.area, row.fact.commodity))
            .collect();
        let is_added = |row: &&&Row<Population>| {
            let Population { area, commodity, .. } = row.fact;
            area.level() == Level::Province || !of_provinces.contains(&(area.province(), commodity))
        };
        let added_up: Vec<_> = latest.iter().filter(is_added).copied().collect();
        let is_all = |code: &CodeId| scope.facts.code(*code).is_some_and(|code| **code == *ALL_COMMODITIES);
        let all = latest.iter().map(|row| row.fact.commodity).find(is_all);
        Self { latest, added_up, all }
    }

    /// The row of the province of an area, where it has one: a province that has a report of its own does. It is
    /// the question narrowed to that province.
    fn province_row(&self, area: AreaCode) -> Option<AreaCode> {
        let province = area.province();
        self.latest.iter().any(|row| row.fact.area == province).then_some(province)
    }

    fn is_added(&self, scope: &Scope<'_>, row: &Row<Population>) -> bool {
        self.added_up.iter().any(|added| scope.index(added) == scope.index(row))
    }

    /// Whether an area has a report of its own, of any commodity.
    fn has_own(&self, area: AreaCode) -> bool {
        self.latest.iter().any(|row| row.fact.area == area)
    }

    /// Whether a report is about an IKM of an area that makes a commodity.
    fn is_about(&self, row: &Row<Population>, area: AreaCode, commodity: CodeId) -> bool {
        let reported = row.fact.commodity;
        area.is_within(row.fact.area) && (reported == commodity || Some(reported) == self.all)
    }

    /// Whether one of these commodities holds another one.
    fn are_unlike<'r>(&self, rows: impl Iterator<Item = &'r &'r Row<Population>>) -> bool {
        let commodities: BTreeSet<CodeId> = rows.map(|row| row.fact.commodity).collect();
        commodities.len() > 1 && self.all.is_some_and(|all| commodities.contains(&all))
    }

    /// Credits what the reports say: total, kecil and menengah in these figures.
    fn credit(&self, scope: &Scope<'_>, tally: &mut Tally, figures: [Option<usize>; 3]) {
        for row in &self.latest {
            let reported = &row.fact;
            let said = [total(reported), count(reported.kecil), count(reported.menengah)];
            for (figure, amount) in figures.into_iter().zip(said) {
                if let Some((figure, amount)) = figure.zip(amount) {
                    self.credit_report(scope, tally, row, figure, amount);
                }
            }
        }
        for figure in figures.into_iter().flatten() {
            if self.are_unlike(self.added_up.iter()) {
                tally.unlike(figure, None);
            }
            let areas: BTreeSet<AreaCode> = self.latest.iter().map(|row| row.fact.area).collect();
            for area in areas {
                let of_area = |row: &&&Row<Population>| row.fact.area.is_within(area);
                let are_unlike = match area.level() {
                    Level::Province => self.are_unlike(self.added_up.iter().filter(of_area)),
                    _ => self.are_unlike(self.latest.iter().filter(of_area)),
                };
                if are_unlike {
                    tally.unlike(figure, Some(area));
                }
            }
        }
    }

    /// Credits an amount of a report where it counts.
    fn credit_report(
        &self,
        scope: &Scope<'_>,
        tally: &mut Tally,
        row: &Row<Population>,
        figure: usize,
        amount: u64,
    ) {
        let events = tally.events(|events| scope.trace(row, events));
        let Population { area, commodity, .. } = row.fact;
        let at = Key::Code(commodity);
        let keys = [at, Key::Event(scope.index(row)), NO_KEY, NO_KEY];
        let credit = Credit { figure, who: Counted::Area(area), at, amount, area: Some(area), keys, events };
        tally.credit_in(Cut::Area, credit);
        tally.credit_in(Cut::Breakdown(BY_REPORT), credit);
        if self.is_added(scope, row) {
            tally.credit_in(Cut::Total, credit);
            tally.credit_in(Cut::Breakdown(BY_COMMODITY), credit);
            if let Some(province) = self.province_row(area).filter(|province| *province != area) {
                tally.credit_in(Cut::Area, Credit { area: Some(province), ..credit });
            }
        }
    }

    /// Credits the reports whose parts do not add up.
    fn credit_contradictions(&self, scope: &Scope<'_>, tally: &mut Tally, figure: usize) {
        for row in self.latest.iter().filter(|row| contradicts_itself(&row.fact)) {
            self.credit_report(scope, tally, row, figure, 1);
        }
    }

    /// Credits the kabupaten and kota without a report, of provinces that are added up from others: in the row of a commodity
    /// those without one of it, else those without any.
    fn credit_unreported(&self, scope: &Scope<'_>, tally: &mut Tally, figure: usize) {
        let mut reporting: NumberMap<(AreaCode, CodeId), Vec<&Row<Population>>> = NumberMap::default();
        for row in self.added_up.iter().filter(|row| row.fact.area.level() != Level::Province) {
            reporting.entry((row.fact.area.province(), row.fact.commodity)).or_default().push(row);
        }
        for ((province, commodity), rows) in reporting {
            let is_asked = |area: &AreaCode| {
                area.level() != Level::Province && area.is_within(province) && scope.wants_area(Some(*area))
            };
            let events = tally.events(|events| rows.iter().for_each(|row| scope.trace(row, events)));
            let keys = [Key::Code(commodity), NO_KEY, NO_KEY, NO_KEY];
            let reports = |area: &AreaCode| rows.iter().any(|row| row.fact.area == *area);
            for area in AreaCode::all().filter(is_asked).filter(|area| !reports(area)) {
                let who = Counted::Area(area);
                let credit = Credit { figure, who, at: NO_KEY, amount: 1, area: Some(area), keys, events };
                tally.credit_in(Cut::Breakdown(BY_COMMODITY), credit);
                if self.has_own(area) {
                    continue;
                }
                tally.credit_in(Cut::Total, credit);
                if let Some(province) = self.province_row(area) {
                    tally.credit_in(Cut::Area, Credit { area: Some(province), ..credit });
                }
            }
        }
    }

    /// Credits an IKM in one figure, and in another one where its area and commodity have a report.
    fn credit_ikm(
        &self,
        scope: &Scope<'_>,
        tally: &mut Tally,
        profile: &Profile<'_>,
        events: Events,
        [figure, where_reported]: [usize; 2],
    ) {
        let who = Counted::Ikm(profile.ikm);
        let credit = |figure, area, commodity, report| Credit {
            figure,
            who,
            at: NO_KEY,
            amount: 1,
            area: Some(area),
            keys: [Key::Code(commodity), report, NO_KEY, NO_KEY],
            events,
        };
        let (area, commodity) = (profile.area, profile.commodity);
        let plain = credit(figure, area, commodity, NO_KEY);
        tally.credit_in(Cut::Total, plain);
        tally.credit_in(Cut::Area, plain);
        tally.credit_in(Cut::Breakdown(BY_COMMODITY), plain);
        if let Some(all) = self.all {
            tally.credit_in(Cut::Breakdown(BY_COMMODITY), credit(figure, area, all, NO_KEY));
        }
        let province = self.province_row(area);
        if let Some(province) = province {
            tally.credit_in(Cut::Area, credit(figure, province, commodity, NO_KEY));
        }
        for row in self.latest.iter().filter(|row| self.is_about(row, area, commodity)) {
            let (reported, report) = (row.fact.commodity, Key::Event(scope.index(row)));
            tally.credit_in(Cut::Breakdown(BY_REPORT), credit(figure, area, reported, report));
            let there = credit(where_reported, row.fact.area, reported, report);
            tally.credit_in(Cut::Area, there);
            tally.credit_in(Cut::Breakdown(BY_REPORT), there);
            if self.is_added(scope, row) {
                tally.credit_in(Cut::Total, Credit { area: Some(area), ..there });
                tally.credit_in(Cut::Breakdown(BY_COMMODITY), there);
                if let Some(province) = province {
                    tally.credit_in(Cut::Area, Credit { area: Some(province), ..there });
                }
            }
        }
    }

    /// Credits the area of an IKM where no report that is added up holds it; in the rows of commodities alone, where it does
    /// not count by itself.
    fn credit_area_of(
        &self,
        scope: &Scope<'_>,
        tally: &mut Tally,
        profile: &Profile<'_>,
        events: Events,
        (figure, counts): (usize, bool),
    ) {
        let (area, commodity) = (profile.area, profile.commodity);
        if !scope.wants_area(Some(area)) {
            return;
        }
        let credit = |row: AreaCode, commodity| Credit {
            figure,
            who: Counted::Area(area),
            at: NO_KEY,
            amount: 1,
            area: Some(row),
            keys: [Key::Code(commodity), NO_KEY, NO_KEY, NO_KEY],
            events,
        };
        let about = || self.latest.iter().filter(|row| self.is_about(row, area, commodity));
        if counts && about().next().is_none() {
            tally.credit_in(Cut::Total, credit(area, commodity));
            if let Some(province) = self.province_row(area) {
                tally.credit_in(Cut::Area, credit(province, commodity));
            }
        }
        // Asked about a kabupaten or kota by itself, what is said of its province does not count.
        if counts && !about().any(|row| row.fact.area == area) {
            tally.credit_in(Cut::Area, credit(area, commodity));
        }
        for row in [Some(commodity), self.all].into_iter().flatten() {
            if !about().any(|report| report.fact.commodity == row) {
                tally.credit_in(Cut::Breakdown(BY_COMMODITY), credit(area, row));
            }
        }
    }
}

/// Places of the breakdowns.
const BY_COMMODITY: u8 = 0;
const BY_REPORT: u8 = 1;

#[cfg(test)]
mod tests {
    use jejak_events::values::Count;

    use super::*;

    #[test]
    fn a_total_stands_for_itself_and_two_parts_for_a_total() {
        let reported = |total: Option<u32>, kecil: Option<u32>, menengah: Option<u32>| {
            let [total, kecil, menengah] =
                [total, kecil, menengah].map(|count| count.map(|count| Count::new(count).unwrap()));
            let area = AreaCode::parse("33.74").unwrap();
            super::total(&Population { area, commodity: CodeId::NONE, kecil, menengah, total })
        };
        assert_eq!(reported(Some(700), None, None), Some(700));
        assert_eq!(reported(Some(3638), Some(2840), Some(789)), Some(3638));
        assert_eq!(reported(None, Some(2840), Some(789)), Some(3629));
        assert_eq!(reported(None, Some(2840), None), None);
    }
}
