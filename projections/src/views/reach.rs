//! `reach`: of those in the register, whom training, certificates and markets abroad have reached.

use jejak_events::types::ScaleRule;
use jejak_events::types::ikm::AttendanceStatus;

use super::aliases::Survivor;
use super::certified;
use super::completed::{Completed, completed, first_by};
use super::registered;
use super::roster::Roster;
use super::schedules::Schedules;
use super::scope::{ById, NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally, part_of};
use super::validity::valid_certificates;
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{HolderKind, Row, Shipment};
use crate::question::Filter;

const fn of_percent(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::Percent }
}

pub(super) const REACH: ViewDeclaration = ViewDeclaration {
    name: "reach",
    version: 1,
    title: Words { id: "Jangkauan di antara yang terdaftar", en: "Reach among those registered" },
    definition: Words {
        id: "IKM dalam registri (menurut registered versi 1), dan di antaranya: yang menuntaskan program (menurut \
             trained versi 2) di mana pun (reach_trained), yang pada hari itu memegang sertifikat yang berlaku, bagi \
             dirinya atau produknya (reach_certified), yang pernah mengirim ke luar negeri (reach_exported), dan \
             yang tidak satu pun dari ketiganya serta belum pernah hadir dalam program apa pun (reach_none). \
             trained_per_hundred, certified_per_hundred dan exported_per_hundred: dari tiap 100 IKM terdaftar, \
             dibulatkan: sedikitnya 1 bila ada satu, paling banyak 99 bila tidak semuanya; ada bila sedikitnya \
             tiga IKM terdaftar. Wilayah dan kecamatan adalah milik IKM pada hari itu.",
        en: "IKMs in the register (by registered version 1), and of them: those that completed a programme (by \
             trained version 2) anywhere (reach_trained), those that hold a valid certificate on that day, for \
             themselves or a product (reach_certified), those that ever shipped abroad (reach_exported), and those \
             that are none of the three and never were present in any programme (reach_none). trained_per_hundred, \
             certified_per_hundred and exported_per_hundred: of each 100 registered IKMs, rounded: at least 1 \
             where there is one, at most 99 where not all are; they are known where three or more are registered. \
             Area and district are those of the IKM on that day.",
    },
    filters: &[Filter::Area, Filter::Scale],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration::of_ikms("reach_registered"),
        FigureDeclaration::of_ikms("reach_trained"),
        FigureDeclaration::of_ikms("reach_certified"),
        FigureDeclaration::of_ikms("reach_exported"),
        FigureDeclaration::of_ikms("reach_none"),
        of_percent("trained_per_hundred"),
        of_percent("certified_per_hundred"),
        of_percent("exported_per_hundred"),
    ],
    breakdowns: &["commodity", "district", "scale_permenperin_64_2016"],
    shares: &[ShareDeclaration::within("none_of_registered", "reach_none", "reach_registered")],
    attested: &[],
    count,
};

/// Places of the figures; those of each hundred follow in the order of trained, certified and exported.
const REGISTERED: usize = 0;
const TRAINED: usize = 1;
const CERTIFIED: usize = 2;
const EXPORTED: usize = 3;
const NONE: usize = 4;
const PER_HUNDRED: usize = 5;

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let certified = certified(scope);
    let exported = exported(scope);
    let came = came(scope);
    let schedules = Schedules::new(scope);
    let roster = Roster::new(scope, &schedules, |_| true);
    let completed = completed(&roster);
    let first = first_by(scope, &completed, |_| ()).into_iter().map(|place| &completed[place]);
    let trained: NumberMap<Survivor, &Completed<'_, '_, '_>> =
        first.map(|one| (one.attendee.ikm, one)).collect();
    for profile in scope.profiles() {
        let ikm = profile.ikm;
        if !profile.works() || !scope.wants_ikm(ikm) {
            continue;
        }
        let (done, held, shipped) = (trained.get(&ikm), certified.get(&ikm), exported.get(&ikm));
        let events = tally.events(|events| {
            registered::trace(scope, &profile, events);
            done.into_iter().for_each(|one| one.trace(scope, events));
            held.into_iter().for_each(|held| events.extend_from_slice(held));
            if let Some(row) = shipped {
                scope.trace(row, events);
                scope.trace_ikm_merges(row.fact.ikm, events);
            }
        });
        if let Some(one) = done {
            tally.rest_on_program(scope, one.program());
            tally.rest_on_events(&one.completion.closing.events);
        }
        let reached = [done.is_some(), held.is_some(), shipped.is_some()];
        let nothing = !reached.contains(&true) && came.get(ikm.0).is_none();
        let figures = [(REGISTERED, true), (TRAINED, reached[0]), (CERTIFIED, reached[1])];
        let figures = figures.into_iter().chain([(EXPORTED, reached[2]), (NONE, nothing)]);
        let counted = figures.filter(|(_, is)| *is).map(|(figure, _)| (figure, 1));
        let of_hundred = (PER_HUNDRED..).zip(reached).map(|(figure, is)| (figure, part_of(is.into(), 1)));
        let scale = Key::Scale(profile.scale(ScaleRule::Permenperin64Of2016));
        let keys = [Key::Code(profile.commodity), Key::Code(profile.district), scale, NO_KEY];
        for (figure, amount) in counted.chain(of_hundred) {
            let (who, area) = (Counted::Ikm(ikm), Some(profile.area));
            tally.credit(Credit { figure, who, at: NO_KEY, amount, area, keys, events });
        }
    }
}

/// The IKMs that hold a valid certificate, for themselves or a product, with the events behind it.
fn certified(scope: &Scope<'_>) -> NumberMap<Survivor, Vec<u64>> {
    let mut certified: NumberMap<Survivor, Vec<u64>> = NumberMap::default();
    for valid in valid_certificates(scope) {
        let of_person = valid.issue.fact.holder_kind == HolderKind::Person;
        if let Some(ikm) = certified::ikm_of(scope, &valid).filter(|_| !of_person) {
            certified::trace(scope, &valid, certified.entry(ikm).or_default());
        }
    }
    certified
}

/// The first shipment of each IKM that shipped anything.
fn exported<'a>(scope: &Scope<'a>) -> NumberMap<Survivor, &'a Row<Shipment>> {
    let mut first: NumberMap<Survivor, &Row<Shipment>> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.shipments) {
        let kept = first.entry(scope.surviving_ikm(row.fact.ikm)).or_insert(row);
        keep_highest(kept, row, |row| std::cmp::Reverse(scope.order(row)));
    }
    first
}

/// The IKMs that were ever present in a programme.
fn came(scope: &Scope<'_>) -> ById<()> {
    let mut came = ById::default();
    for row in scope.rows(&scope.facts.tables.attendances) {
        if row.fact.status == AttendanceStatus::Present {
            *came.slot(scope.surviving_ikm(row.fact.ikm).0) = Some(());
        }
    }
    came
}
