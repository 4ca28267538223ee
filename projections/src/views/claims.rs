//! `claims`: what was reported, beside what was counted each time that it was checked.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::values::{Amount, Date};

use super::scope::{ById, NumberMap, Scope};
use super::tally::{Counted, Credit, Cut, Events, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Check, Claim, CodeId, Id, Row};
use crate::question::Filter;

pub(super) const CLAIMS: ViewDeclaration = ViewDeclaration {
    name: "claims",
    version: 1,
    title: Words { id: "Klaim dan putusannya", en: "Claims and their verdicts" },
    definition: Words {
        id: "Klaim yang dicatat, yang dibuat paling lambat pada hari yang ditanyakan (claims), yang pernah \
             diperiksa (claims_checked), dan pemeriksaannya (checks). Putusan sebuah klaim adalah putusan \
             pemeriksaannya yang terakhir, menurut hari lalu urutan pencatatan; yang belum diperiksa tidak \
             punya putusan. claim_reported: angka klaimnya; claim_counted: yang terhitung pada pemeriksaan \
             terakhir; check_counted: yang terhitung pada pemeriksaan terakhir setiap hari, di samping angka \
             klaimnya dalam baris klaim/hari. Satuannya satuan klaim; bagi persen dari suatu keseluruhan \
             perseratus persen. Dari beberapa klaim angka ini tidak dijumlahkan (-). Wilayah adalah yang disebut \
             klaim; program dan tema menyaring klaim yang menyebutnya, dan sebuah tema juga klaim yang menyebut \
             program bertema itu.",
        en: "The claims that are recorded and were made no later than the day asked for (claims), those ever \
             checked (claims_checked), and their checks (checks). The verdict of a claim is that of its last \
             check, by day and then in the order of recording; what was never checked has none. \
             claim_reported: the figure of the claim; claim_counted: what was counted at the last check; \
             check_counted: what was counted at the last check of each day, beside the figure of the claim in \
             the rows by claim/day. Their unit is that of the claim; for percent of a whole it is hundredths of a \
             percent. Of several claims these figures are not added up (-). The area is the one that the claim \
             names; programme and theme leave the claims that name it, and a theme also those that name a \
             programme of it.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "claims", unit: FigureUnit::Claim },
        FigureDeclaration { name: "claims_checked", unit: FigureUnit::Claim },
        FigureDeclaration { name: "checks", unit: FigureUnit::Check },
        FigureDeclaration { name: "claim_reported", unit: FigureUnit::OfClaim },
        FigureDeclaration { name: "claim_counted", unit: FigureUnit::OfClaim },
        FigureDeclaration { name: "check_counted", unit: FigureUnit::OfClaim },
    ],
    breakdowns: &["claim", "verdict", "indicator", "checked"],
    shares: &[ShareDeclaration::against("counted_of_reported", "claim_counted", "claim_reported")],
    attested: &[],
    count,
};

/// Places of the figures.
const CLAIMS_MADE: usize = 0;
const CLAIMS_CHECKED: usize = 1;
const CHECKS: usize = 2;
const CLAIM_REPORTED: usize = 3;
const CLAIM_COUNTED: usize = 4;
const CHECK_COUNTED: usize = 5;

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let tables = &scope.facts.tables;
    let made = scope.latest(&tables.claims, |fact| fact.claim);
    let wanted = ClaimFilter::new(scope, &made);
    let mut checks: NumberMap<Id, Vec<&Row<Check>>> = NumberMap::default();
    for row in scope.rows(&tables.checks) {
        checks.entry(row.fact.claim).or_default().push(row);
    }
    let mut amounts = Vec::new();
    for row in made.values().filter(|row| wanted.holds(scope, row)) {
        let mut checks = checks.remove(&row.fact.claim).unwrap_or_default();
        checks.sort_unstable_by_key(|check| scope.order(check));
        CheckedClaim { scope, made: row, checks }.credit(tally, &mut amounts);
    }
    credit_amounts(tally, &amounts);
}

/// What an amount is added to: the whole, an area, or a row of a breakdown by the place of that.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sum {
    Whole,
    Area(Option<AreaCode>),
    Row(u8, Key),
}

fn sums(credit: &Credit) -> impl Iterator<Item = Sum> {
    let rows = (0..).zip(credit.keys).map(|(column, key)| Sum::Row(column, key));
    [Sum::Whole, Sum::Area(credit.area)].into_iter().chain(rows)
}

/// Credits the amounts of claims where they are of one claim: one may be in percent and another one in IKMs.
fn credit_amounts(tally: &mut Tally, amounts: &[Credit]) {
    let mut claims: BTreeMap<(usize, Sum), BTreeSet<Counted>> = BTreeMap::new();
    for credit in amounts {
        for sum in sums(credit) {
            claims.entry((credit.figure, sum)).or_default().insert(credit.who);
        }
    }
    let is_of_one = |figure, sum| claims.get(&(figure, sum)).is_none_or(|claims| claims.len() == 1);
    for credit in amounts {
        for sum in sums(credit) {
            match sum {
                Sum::Whole => tally.credit_in(Cut::Total, *credit),
                _ if !is_of_one(credit.figure, sum) => {}
                Sum::Area(_) => tally.credit_in(Cut::Area, *credit),
                Sum::Row(column, _) => tally.credit_in(Cut::Breakdown(column), *credit),
            }
        }
    }
    for figure in [CLAIM_REPORTED, CLAIM_COUNTED, CHECK_COUNTED] {
        if !is_of_one(figure, Sum::Whole) {
            tally.unlike(figure, None);
        }
    }
}

/// A claim with its checks, earliest first.
struct CheckedClaim<'a, 's> {
    scope: &'s Scope<'a>,
    made: &'a Row<Claim>,
    checks: Vec<&'a Row<Check>>,
}

impl CheckedClaim<'_, '_> {
    /// Credits the claim and its checks, and adds the credits of its amounts.
    fn credit(&self, tally: &mut Tally, amounts: &mut Vec<Credit>) {
        let making = tally.events(|events| self.scope.trace(self.made, events));
        let last = self.checks.last().copied();
        let value = self.made.fact.value.map(amount);
        let (of, unit) = (Counted::Claim(self.made.fact.claim), self.unit());
        tally.counts_in(of, NO_KEY, unit);
        let mut days: Vec<Option<Date>> = self.checks.iter().map(|check| Some(check.day)).collect();
        days.dedup();
        if days.is_empty() {
            days.push(None);
        }
        // What is said of the claim as a whole stands in the row of each day on which it was checked.
        for day in days {
            let mut credit = |figure, amount| {
                tally.credit(Credit { figure, amount, ..self.thing(last, day, making) });
            };
            credit(CLAIMS_MADE, 1);
            if last.is_some() {
                credit(CLAIMS_CHECKED, 1);
            }
            let reported =
                |amount| Credit { figure: CLAIM_REPORTED, amount, ..self.thing(last, day, making) };
            amounts.extend(value.map(reported));
        }
        let mut checks = self.checks.iter().copied().peekable();
        while let Some(check) = checks.next() {
            let events = tally.events(|events| self.scope.trace(check, events));
            let at = Key::Event(self.scope.index(check));
            tally.counts_in(of, at, unit);
            let own = Credit { at, ..self.thing(Some(check), Some(check.day), events) };
            tally.credit(Credit { figure: CHECKS, ..own });
            let Some(amount) = check.fact.counted.map(amount) else { continue };
            let next = checks.peek();
            if next.is_none_or(|next| next.day != check.day) {
                amounts.push(Credit { figure: CHECK_COUNTED, amount, ..own });
            }
            if next.is_none() {
                amounts.push(Credit { figure: CLAIM_COUNTED, amount, ..own });
            }
        }
    }

    /// What it counts; [`FigureUnit::OfClaim`] where no figure counts that.
    fn unit(&self) -> FigureUnit {
        let Claim { unit, is_share, .. } = self.made.fact;
        if is_share {
            return FigureUnit::BasisPoint;
        }
        let unit = self.scope.facts.code(unit).filter(|_| unit != CodeId::NONE);
        unit.and_then(|unit| FigureUnit::named(unit)).unwrap_or(FigureUnit::OfClaim)
    }

    /// One thing put down to the claim, with the verdict of a check, in the row of a day.
    fn thing(&self, check: Option<&Row<Check>>, day: Option<Date>, events: Events) -> Credit {
        let Claim { claim, area, view, .. } = self.made.fact;
        let verdict = check.map_or(NO_KEY, |check| Key::Verdict(check.fact.verdict));
        let checked = day.map_or(NO_KEY, |day| Key::OnDay(claim, day));
        let keys = [Key::Id(claim), verdict, Key::Code(view), checked];
        Credit { figure: CLAIMS_MADE, who: Counted::Claim(claim), at: NO_KEY, amount: 1, area, keys, events }
    }
}

fn amount(amount: Amount) -> u64 {
    amount.get().unsigned_abs()
}

/// Which claims are asked for, by what they name.
struct ClaimFilter {
    /// Claims that name a programme or theme that is asked for; `None` when neither is.
    named: Option<ById<()>>,
}

impl ClaimFilter {
    fn new(scope: &Scope<'_>, made: &ById<&Row<Claim>>) -> Self {
        let question = &scope.question;
        if question.program.is_none() && question.theme.is_none() {
            return Self { named: None };
        }
        let tables = &scope.facts.tables;
        let mut named = ById::default();
        // Of a claim that was made twice, in a log of another program, all is what its last making says.
        let is_of_making =
            |claim: Id, index: u64| made.get(claim).is_some_and(|row| scope.index(row) == index);
        for row in scope.rows(&tables.claim_programs) {
            if scope.wants_program(row.fact.program) && is_of_making(row.fact.claim, scope.index(row)) {
                *named.slot(row.fact.claim) = Some(());
            }
        }
        for row in scope.rows(&tables.claim_themes) {
            if scope.wants_theme(row.fact.theme) && is_of_making(row.fact.claim, scope.index(row)) {
                *named.slot(row.fact.claim) = Some(());
            }
        }
        Self { named: Some(named) }
    }

    fn holds(&self, scope: &Scope<'_>, row: &Row<Claim>) -> bool {
        scope.wants_area(row.fact.area)
            && self.named.as_ref().is_none_or(|named| named.get(row.fact.claim).is_some())
    }
}
