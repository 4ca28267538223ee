//! `exported`: who shipped goods abroad.

use super::tally::{Counted, Credit, Key, NO_KEY};
use super::{
    AskedByClaims, AttestedDeclaration, AttestedRule, FigureDeclaration, SeriesRule, ViewDeclaration,
};
use crate::answer::{BasisEvents, FigureUnit, Words};
use crate::facts::Id;
use crate::question::Filter;

pub(super) const EXPORTED: ViewDeclaration = ViewDeclaration {
    name: "exported",
    version: 1,
    title: Words { id: "Mengekspor", en: "Exported" },
    definition: Words {
        id: "IKM dengan paling sedikit satu pengiriman ke luar negeri yang berangkat paling lambat pada hari \
             yang ditanyakan. shipments: jumlah pengirimannya. Nilai rupiah tersegel: jumlahnya disebut \
             terpisah. Wilayah adalah wilayah IKM. Dengan tanggal awal: hanya pengiriman dalam masa itu.",
        en: "IKMs with at least one shipment abroad that left no later than the day asked for. shipments: how \
             many. The rupiah are sealed: their sum is attested beside the figures. The area is that of the \
             IKM. With a first day: only shipments that left in that period.",
    },
    filters: &[Filter::Area, Filter::Scale, Filter::From],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "exported", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "shipments", unit: FigureUnit::Shipment },
    ],
    breakdowns: &["country", "hs_code"],
    shares: &[],
    attested: &[AttestedDeclaration {
        name: "shipment_value",
        rule: AttestedRule::Sum { field: "value", whole: None },
        title: Words { id: "Nilai pengiriman (Rp)", en: "Value of the shipments (Rp)" },
    }],
    count: |scope, tally| {
        for row in scope.rows(&scope.facts.tables.shipments) {
            let shipment = &row.fact;
            let ikm = scope.surviving_ikm(shipment.ikm);
            if !scope.since(row.day) || !scope.wants_ikm(ikm) {
                continue;
            }
            let events = tally.events(|events| {
                scope.trace(row, events);
                scope.trace_ikm(shipment.ikm, events);
            });
            tally.rest_on(scope, ikm, Id::NONE, BasisEvents::One(scope.effective(row)));
            let (who, area) = (Counted::Ikm(ikm), scope.ikm_area(ikm));
            let keys = [Key::Code(shipment.country), Key::Code(shipment.hs_code), NO_KEY, NO_KEY];
            tally.credit(Credit { figure: 0, who, at: NO_KEY, amount: 1, area, keys, events });
            let at = Key::Event(scope.index(row));
            tally.credit(Credit { figure: 1, who, at, amount: 1, area, keys, events });
        }
    },
};
