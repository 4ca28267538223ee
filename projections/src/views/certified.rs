//! `green_certified`: who holds a certificate of the green-industry standard.

use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, NO_KEY, Tally};
use super::{FigureDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{HolderKind, Id};
use crate::question::Filter;

/// Scheme code of the green-industry standard (*Standar Industri Hijau*).
const GREEN_SCHEME: &str = "sih";

pub(super) const GREEN_CERTIFIED: ViewDeclaration = ViewDeclaration {
    name: "green_certified",
    version: 1,
    title: Words { id: "Bersertifikat industri hijau", en: "Certified to the green-industry standard" },
    definition: Words {
        id: "IKM yang pada hari yang ditanyakan memegang sertifikat Standar Industri Hijau (skema sih) yang \
             berlaku: sudah terbit, hari itu dalam masa berlakunya (hari pertama dan terakhir termasuk), dan \
             tidak dicabut pada atau sebelum hari itu. Sertifikat perorangan atau produk tidak terhitung. \
             Wilayah adalah wilayah IKM. Ini keadaan pada satu hari, maka tidak ada tanggal awal.",
        en: "IKMs that on the day asked for hold a valid certificate of the green-industry standard (scheme \
             sih): issued, the day within its validity (first and last day included), and not revoked on or \
             before that day. Certificates of persons or products do not count. The area is that of the IKM. \
             This is the state on one day, so there is no first day.",
    },
    filters: &[Filter::Area, Filter::Scale],
    figures: &[FigureDeclaration { name: "green_certified", unit: FigureUnit::Ikm }],
    breakdowns: &[],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let mut revoked: NumberMap<Id, ()> = NumberMap::default();
    revoked.extend(scope.rows(&tables.revocations).map(|row| (row.fact.certificate, ())));
    for row in scope.rows(&tables.certificates) {
        let certificate = &row.fact;
        let green = scope.facts.code(certificate.scheme).is_some_and(|code| **code == *GREEN_SCHEME);
        let on = scope.question.on;
        if !green
            || certificate.holder_kind != HolderKind::Ikm
            || !(certificate.valid_from..=certificate.valid_to).contains(&on)
            || revoked.contains_key(&certificate.certificate)
            || !scope.wants_ikm(certificate.holder)
        {
            continue;
        }
        let events = tally.events(|events| {
            scope.trace(row, events);
            scope.trace_registration(certificate.holder, events);
        });
        tally.credit(Credit {
            figure: 0,
            who: Counted::Ikm(certificate.holder),
            at: Id::NONE,
            area: scope.ikm_area(certificate.holder),
            keys: [NO_KEY; 3],
            events,
        });
    }
}
