//! `exhibited`: who took part in exhibitions.

use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::{
    AskedByClaims, AttestedDeclaration, AttestedRule, FigureDeclaration, SeriesRule, ViewDeclaration,
};
use crate::answer::{BasisEvents, FigureUnit, Words};
use crate::facts::Id;
use crate::question::Filter;

pub(super) const EXHIBITED: ViewDeclaration = ViewDeclaration {
    name: "exhibited",
    version: 1,
    title: Words { id: "Mengikuti pameran", en: "Took part in exhibitions" },
    definition: Words {
        id: "IKM yang mengikuti paling sedikit satu pameran, hari pertamanya di sana paling lambat pada hari \
             yang ditanyakan. participations: keikutsertaan, yaitu satu IKM pada satu pameran. Wilayah adalah \
             wilayah IKM, bukan tempat pameran. Penjualan tersegel: jumlahnya disebut terpisah. Dengan \
             tanggal awal: hanya keikutsertaan yang dimulai dalam masa itu.",
        en: "IKMs that took part in at least one exhibition, their first day there no later than the day \
             asked for. participations: one IKM at one exhibition each. The area is that of the IKM, not of \
             the exhibition. Sales are sealed: their sum is attested beside the figures. With a first day: \
             only participations that began in that period.",
    },
    filters: &[Filter::Area, Filter::Scale, Filter::From],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "exhibited", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "participations", unit: FigureUnit::Participation },
    ],
    breakdowns: &["exhibition"],
    shares: &[],
    attested: &[
        AttestedDeclaration {
            name: "sales",
            rule: AttestedRule::Sum { field: "sales", whole: None },
            title: Words { id: "Penjualan (Rp)", en: "Sales (Rp)" },
        },
        AttestedDeclaration {
            name: "orders",
            rule: AttestedRule::Sum { field: "orders", whole: None },
            title: Words { id: "Pesanan (Rp)", en: "Orders (Rp)" },
        },
        AttestedDeclaration {
            name: "buyers",
            rule: AttestedRule::Sum { field: "buyers", whole: None },
            title: Words { id: "Pembeli", en: "Buyers" },
        },
    ],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let mut visited: NumberMap<Id, ()> = NumberMap::default();
    for row in scope.rows(&tables.participations) {
        let participation = &row.fact;
        let ikm = scope.surviving_ikm(participation.ikm);
        if !scope.since(row.day) || !scope.wants_ikm(ikm) {
            continue;
        }
        let events = tally.events(|events| {
            scope.trace(row, events);
            scope.trace_ikm(participation.ikm, events);
        });
        tally.rest_on(scope, ikm, Id::NONE, BasisEvents::One(scope.effective(row)));
        visited.insert(participation.exhibition, ());
        let area = scope.ikm_area(ikm);
        let keys = [Key::Id(participation.exhibition), NO_KEY, NO_KEY, NO_KEY];
        let who = Counted::Ikm(ikm);
        tally.credit(Credit { figure: 0, who, at: NO_KEY, amount: 1, area, keys, events });
        tally.credit(Credit {
            figure: 1,
            who,
            at: Key::Id(participation.exhibition),
            amount: 1,
            area,
            keys,
            events,
        });
    }
    for row in scope.rows(&tables.exhibitions) {
        if visited.contains_key(&row.fact.exhibition) {
            scope.trace(row, tally.context());
        }
    }
}
