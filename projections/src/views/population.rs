//! `population`, `coverage`: the IKMs that somebody else counted, beside those that the register knows.

use jejak_events::area::{AreaCode, Level};

use super::registered;
use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::trained::{self, Figures};
use super::{AskedByClaims, FigureDeclaration, ShareDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{CodeId, Population, Row};
use crate::question::Filter;

pub(super) const POPULATION: ViewDeclaration = ViewDeclaration {
    name: "population",
    version: 1,
    title: Words { id: "Populasi IKM menurut sumber lain", en: "IKMs as reported by others" },
    definition: Words {
        id: "Laporan populasi IKM yang terakhir, paling lambat hari yang ditanyakan, untuk tiap wilayah dan \
             komoditas: angka sumbernya sendiri, juga bila tidak klop; population_total yang tidak disebut \
             sumbernya adalah kecil ditambah menengah bila keduanya disebut. Laporan tentang provinsi hanya \
             dipakai bila tidak satu pun kabupaten atau kotanya punya laporan komoditas itu. \
             population_registered: IKM dalam registri menurut definisi registered versi 1, sebagai \
             pembanding. Sumber tiap angka ada dalam peristiwanya.",
        en: "The latest report of the population of IKMs, no later than the day asked for, for each area and \
             commodity: the source's own figures, even where they do not add up; a population_total that the \
             source does not give is kecil plus menengah where it gives both. A report about a province is \
             used only where none of its kabupaten or kota has one for that commodity. population_registered: \
             IKMs in the register by the definition of registered version 1, to compare. The source of each \
             figure stands in its event.",
    },
    filters: &[Filter::Area],
    asked_by_claims: AskedByClaims::AsDefined,
    figures: &[
        FigureDeclaration { name: "population_total", unit: FigureUnit::ReportedIkm },
        FigureDeclaration { name: "population_kecil", unit: FigureUnit::ReportedIkm },
        FigureDeclaration { name: "population_menengah", unit: FigureUnit::ReportedIkm },
        FigureDeclaration { name: "population_registered", unit: FigureUnit::Ikm },
    ],
    breakdowns: &["commodity"],
    shares: &[ShareDeclaration {
        name: "registered_of_population",
        part: "population_registered",
        whole: "population_total",
    }],
    attested: &[],
    count: |scope, tally| {
        for row in latest(scope) {
            let reported = &row.fact;
            let figures = [total(reported), count(reported.kecil), count(reported.menengah)];
            for (figure, amount) in figures.into_iter().enumerate() {
                if let Some(amount) = amount {
                    credit_report(scope, tally, row, figure, amount);
                }
            }
        }
        credit_registered(scope, tally, 3);
    },
};

pub(super) const COVERAGE: ViewDeclaration = ViewDeclaration {
    name: "coverage",
    version: 1,
    title: Words { id: "Jangkauan pelatihan", en: "Reach of the trainings" },
    definition: Words {
        id: "coverage_trained: IKM menurut definisi trained versi 1; coverage_registered: IKM menurut \
             definisi registered versi 1; coverage_population: population_total menurut definisi population \
             versi 1. Bagiannya disebut terhadap keduanya. Program dan tema hanya menyaring yang terlatih. \
             Wilayah adalah wilayah IKM.",
        en: "coverage_trained: IKMs by the definition of trained version 1; coverage_registered: IKMs by the \
             definition of registered version 1; coverage_population: population_total by the definition of \
             population version 1. The share is given of both. Programme and theme narrow only the trained. \
             The area is that of the IKM.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding],
    asked_by_claims: AskedByClaims::AsDefined,
    figures: &[
        FigureDeclaration { name: "coverage_trained", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "coverage_registered", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "coverage_population", unit: FigureUnit::ReportedIkm },
    ],
    breakdowns: &[],
    shares: &[
        ShareDeclaration {
            name: "trained_of_registered",
            part: "coverage_trained",
            whole: "coverage_registered",
        },
        ShareDeclaration {
            name: "trained_of_population",
            part: "coverage_trained",
            whole: "coverage_population",
        },
    ],
    attested: &[],
    count: |scope, tally| {
        trained::count(scope, tally, None, Figures { ikms: Some(0), persons: None });
        credit_registered(scope, tally, 1);
        for row in latest(scope) {
            if let Some(amount) = total(&row.fact) {
                credit_report(scope, tally, row, 2, amount);
            }
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

/// The report that counts for each area and commodity the question is about.
fn latest<'a>(scope: &Scope<'a>) -> Vec<&'a Row<Population>> {
    let mut latest: NumberMap<(AreaCode, CodeId), &'a Row<Population>> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.populations) {
        let last = latest.entry((row.fact.area, row.fact.commodity)).or_insert(row);
        keep_highest(last, row, |row| scope.order(row));
    }
    let counts = |row: &&&Row<Population>| {
        let (area, commodity) = (row.fact.area, row.fact.commodity);
        let within =
            |other: &&(AreaCode, CodeId)| other.1 == commodity && other.0 != area && other.0.is_within(area);
        // Only a province has areas within it: the others need not be looked through.
        scope.wants_area(Some(area))
            && (area.level() != Level::Province || !latest.keys().any(|k| within(&k)))
    };
    latest.values().filter(counts).copied().collect()
}

fn credit_report(scope: &Scope<'_>, tally: &mut Tally, row: &Row<Population>, figure: usize, amount: u64) {
    let events = tally.events(|events| scope.trace(row, events));
    let Population { area, commodity, .. } = row.fact;
    let key = Key::Code(commodity);
    let keys = [key, NO_KEY, NO_KEY, NO_KEY];
    tally.credit(Credit {
        figure,
        who: Counted::Area(area),
        at: key,
        amount,
        area: Some(area),
        keys,
        events,
    });
}

/// Credits the IKMs in the register, as `registered` does.
fn credit_registered(scope: &Scope<'_>, tally: &mut Tally, figure: usize) {
    for profile in scope.profiles() {
        if !profile.works() || !scope.wants_ikm(profile.ikm) {
            continue;
        }
        let events = tally.events(|events| registered::trace(scope, &profile, events));
        let (who, area) = (Counted::Ikm(profile.ikm), Some(profile.area));
        let keys = [Key::Code(profile.commodity), NO_KEY, NO_KEY, NO_KEY];
        tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
    }
}

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
