//! `sentra`, `facilities`: the clusters, who belongs to them, and what stands there.

use std::collections::BTreeSet;

use jejak_events::area::AreaCode;

use super::scope::{ById, NumberMap, Scope};
use super::spending::stage_place;
use super::tally::{Counted, Credit, KEYS, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{CodeId, Id, Membership, Row, SentraStage};
use crate::question::Filter;

pub(super) const SENTRA: ViewDeclaration = ViewDeclaration {
    name: "sentra",
    version: 2,
    title: Words { id: "Sentra", en: "Sentras" },
    definition: Words {
        id: "Sentra yang direncanakan paling lambat pada hari yang ditanyakan, menurut tahapnya: planned \
             (direncanakan), built (dibangun), opened (dibuka). sentra_members: IKM yang hari itu anggota; \
             sentra_facilities: sarananya; sentra_planned, sentra_allocated, sentra_realised: dananya dalam \
             rupiah menurut tahap, dijumlahkan, sejauh jumlahnya disebut. Direncanakan bukan dibangun. \
             Dana yang jumlahnya tidak disebut tidak diketahui (-). Wilayah adalah wilayah sentra. Bila disaring \
             menurut dana: hanya sentra yang dananya, pada tahap mana pun, dari sumber itu, dan hanya uang dari \
             sumber itu.",
        en: "Sentras that were planned no later than the day asked for, by their stage: planned, built, \
             opened. sentra_members: IKMs that are members on that day; sentra_facilities: facilities; \
             sentra_planned, sentra_allocated, sentra_realised: money in rupiah by its stage, added up, as \
             far as the amount is said. Planned is not built. Money of which no amount is said is not known (-). \
             The area is that of the sentra. Narrowed by a source of money: only sentras with money of that \
             source, at whatever stage, and only the money of that source.",
    },
    filters: &[Filter::Area, Filter::Funding],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "sentras", unit: FigureUnit::Sentra },
        FigureDeclaration { name: "sentra_members", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "sentra_facilities", unit: FigureUnit::Facility },
        FigureDeclaration { name: "sentra_planned", unit: FigureUnit::Rupiah },
        FigureDeclaration { name: "sentra_allocated", unit: FigureUnit::Rupiah },
        FigureDeclaration { name: "sentra_realised", unit: FigureUnit::Rupiah },
    ],
    breakdowns: &["sentra", "stage", "commodity", "legal_form"],
    shares: &[],
    attested: &[],
    count: count_sentras,
};

/// A sentra that the question is about.
#[derive(Clone, Copy)]
struct KnownSentra {
    area: AreaCode,
    keys: [Key; KEYS],
}

fn count_sentras(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let plans = scope.latest(&tables.sentras, |fact| fact.sentra);
    let forms = scope.latest(&tables.sentra_forms, |fact| fact.sentra);
    let mut steps: NumberMap<Id, Vec<_>> = NumberMap::default();
    for row in scope.rows(&tables.sentra_steps) {
        steps.entry(row.fact.sentra).or_default().push(row);
    }
    let mut known: ById<KnownSentra> = ById::default();
    // The sentras that the source pays for, when the question is about one.
    let paid_for = scope.question.funding.as_ref().map(|source| {
        let source = scope.facts.code_id(source);
        let money = scope.rows(&tables.sentra_funds).filter(|row| Some(row.fact.source) == source);
        money.map(|row| row.fact.sentra).collect::<BTreeSet<_>>()
    });
    for row in plans.values().filter(|row| scope.wants_area(Some(row.fact.area))) {
        let sentra = row.fact.sentra;
        if paid_for.as_ref().is_some_and(|paid_for| !paid_for.contains(&sentra)) {
            continue;
        }
        let steps = steps.get(&sentra).map_or(&[][..], Vec::as_slice);
        let stage = match steps.iter().map(|step| step.fact.stage).max() {
            None => &"planned",
            Some(SentraStage::Built) => &"built",
            Some(SentraStage::Opened) => &"opened",
        };
        let form = forms.get(sentra);
        let keys = [
            Key::Id(sentra),
            Key::Word(stage),
            Key::Code(row.fact.commodity),
            Key::Code(form.map_or(CodeId::NONE, |form| form.fact.form)),
        ];
        let events = tally.events(|events| {
            scope.trace(row, events);
            steps.iter().for_each(|step| scope.trace(step, events));
            form.into_iter().for_each(|form| scope.trace(form, events));
        });
        let (who, area) = (Counted::Sentra(sentra), row.fact.area);
        tally.credit(Credit { figure: 0, who, at: NO_KEY, amount: 1, area: Some(area), keys, events });
        *known.slot(sentra) = Some(KnownSentra { area, keys });
    }
    for row in members(scope) {
        let Some(KnownSentra { area, keys }) = known.get(row.fact.sentra) else { continue };
        let events = tally.events(|events| {
            scope.trace(row, events);
            scope.trace_ikm_merges(row.fact.ikm, events);
        });
        let who = Counted::Ikm(scope.surviving_ikm(row.fact.ikm));
        tally.credit(Credit { figure: 1, who, at: NO_KEY, amount: 1, area: Some(area), keys, events });
    }
    let add = |tally: &mut Tally, sentra, figure, index, amount, trace: &dyn Fn(&mut Vec<u64>)| {
        let Some(KnownSentra { area, keys }) = known.get(sentra) else { return };
        let events = tally.events(trace);
        let (who, at) = (Counted::Sentra(sentra), Key::Event(index));
        tally.credit(Credit { figure, who, at, amount, area: Some(area), keys, events });
    };
    for row in scope.rows(&tables.facilities) {
        add(tally, row.fact.sentra, 2, scope.index(row), 1, &|events| scope.trace(row, events));
    }
    for row in scope.rows(&tables.sentra_funds) {
        let Some(amount) = row.fact.amount.filter(|_| scope.wants_source(row.fact.source)) else { continue };
        let (figure, amount) = (3 + stage_place(row.fact.stage), amount.get().unsigned_abs());
        add(tally, row.fact.sentra, figure, scope.index(row), amount, &|events| scope.trace(row, events));
    }
}

/// The memberships that hold on the day.
fn members<'a>(scope: &Scope<'a>) -> Vec<&'a Row<Membership>> {
    let rows = || scope.rows(&scope.facts.tables.memberships);
    let mut left: NumberMap<Id, Vec<&Row<Membership>>> = NumberMap::default();
    for row in rows().filter(|row| !row.fact.member) {
        left.entry(row.fact.sentra).or_default().push(row);
    }
    let stays = |row: &&Row<Membership>| {
        row.fact.member
            && !left.get(&row.fact.sentra).into_iter().flatten().any(|gone| {
                scope.order(gone) > scope.order(row)
                    && scope.ikm_counted_as(row.fact.ikm, gone.fact.ikm, scope.index(gone))
            })
    };
    rows().filter(stays).collect()
}

pub(super) const FACILITIES: ViewDeclaration = ViewDeclaration {
    name: "facilities",
    version: 1,
    title: Words { id: "Sarana", en: "Facilities" },
    definition: Words {
        id: "Sarana sentra dan IKM menurut jenisnya (ipal, ...), yang dapat dipakai paling lambat pada hari \
             yang ditanyakan; setiap pencatatan adalah satu sarana. Wilayah adalah wilayah sentra atau IKM. \
             Dengan tanggal awal: hanya yang mulai dapat dipakai dalam masa itu.",
        en: "Facilities of sentras and IKMs by kind (ipal, ...), that can be used no later than the day asked \
             for; each record is one facility. The area is that of the sentra or IKM. With a first day: only \
             those that could first be used in that period.",
    },
    filters: &[Filter::Area, Filter::From],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::Flow,
    figures: &[FigureDeclaration { name: "facilities", unit: FigureUnit::Facility }],
    breakdowns: &["kind", "holder"],
    shares: &[],
    attested: &[],
    count: |scope, tally| {
        let plans = scope.latest(&scope.facts.tables.sentras, |fact| fact.sentra);
        for row in scope.rows(&scope.facts.tables.facilities) {
            let of_sentra = row.fact.sentra.is_some();
            let ikm = scope.surviving_ikm(row.fact.ikm);
            let plan = plans.get(row.fact.sentra);
            let area = if of_sentra { plan.map(|plan| plan.fact.area) } else { scope.ikm_area(ikm) };
            if !scope.since(row.day) || !scope.wants_area(area) {
                continue;
            }
            let events = tally.events(|events| {
                scope.trace(row, events);
                if of_sentra {
                    plan.into_iter().for_each(|plan| scope.trace(plan, events));
                } else {
                    scope.trace_ikm(row.fact.ikm, events);
                }
            });
            let holder = Key::Word(if of_sentra { &"sentra" } else { &"ikm" });
            tally.credit(Credit {
                figure: 0,
                who: if of_sentra { Counted::Sentra(row.fact.sentra) } else { Counted::Ikm(ikm) },
                at: Key::Event(scope.index(row)),
                amount: 1,
                area,
                keys: [Key::Code(row.fact.kind), holder, NO_KEY, NO_KEY],
                events,
            });
        }
    },
};
