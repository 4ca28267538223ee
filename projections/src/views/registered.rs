//! `registered`: the IKMs in the register.

use jejak_events::types::ScaleRule;

use super::scope::{Scope, scale_by};
use super::tally::{Counted, Credit, Key, Tally};
use super::{FigureDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::Id;
use crate::question::Filter;

pub(super) const REGISTERED: ViewDeclaration = ViewDeclaration {
    name: "registered",
    version: 1,
    title: Words { id: "IKM terdaftar", en: "Registered IKMs" },
    definition: Words {
        id: "Jumlah IKM yang pendaftarannya bertanggal paling lambat hari yang ditanyakan. Wilayah, skala \
             dan komoditas adalah yang tercatat pada hari itu; skala disebut bersama aturannya dan kosong \
             bila pekerja atau investasi tidak diketahui. Dengan tanggal awal: hanya IKM yang didaftarkan \
             dalam masa itu.",
        en: "IKMs whose registration is dated no later than the day asked for. Area, size class and \
             commodity are those on record on that day; a size class comes with its rule and is empty where \
             workers or investment are not known. With a first day: only IKMs registered in that period.",
    },
    filters: &[Filter::Area, Filter::Scale, Filter::From],
    figures: &[FigureDeclaration { name: "registered", unit: FigureUnit::Ikm }],
    breakdowns: &["commodity", "scale_permenperin_64_2016", "scale_pp_7_2021"],
    count,
};

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    for row in scope.registrations() {
        let ikm = &row.fact;
        if !scope.since(row.day) || !scope.wants_ikm(ikm.ikm) {
            continue;
        }
        let events = tally.events(|events| scope.trace(row, events));
        tally.credit(Credit {
            figure: 0,
            who: Counted::Ikm(ikm.ikm),
            at: Id::NONE,
            area: Some(ikm.area),
            keys: [
                Key::Code(ikm.commodity),
                Key::Scale(scale_by(ikm, ScaleRule::Permenperin64Of2016)),
                Key::Scale(scale_by(ikm, ScaleRule::Pp7Of2021)),
            ],
            events,
        });
    }
}
