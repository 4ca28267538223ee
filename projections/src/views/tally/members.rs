//! Who is behind what was counted.

use super::{Counted, KeptCredit, Tally};
use crate::answer::{Member, Who};
use crate::facts::Facts;

impl Tally {
    /// Who is behind the sorted credits, or behind those of the figure in this place: with the events, the area and the
    /// amount of these.
    pub(super) fn members(&self, facts: &Facts, alone: Option<usize>) -> Vec<Member> {
        let figures = self.figures;
        let mut members: Vec<Member> = Vec::new();
        let (mut events, mut noted, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
        for credits in self.credits.chunk_by(|left, right| left.who == right.who) {
            let credits = alone.map_or(credits, |figure| of_figure(credits, figure));
            let mut names: Vec<&'static str> = Vec::with_capacity(figures.len());
            events.clear();
            noted.clear();
            let counts = |credit: &&KeptCredit| self.lists(credit.cut);
            amounts.clear();
            for thing in credits.chunk_by(|_, next| !next.is_first) {
                let mut counted = thing.iter().filter(counts).peekable();
                let Some(first) = counted.peek() else { continue };
                let name = figures[usize::from(first.figure)].name;
                if names.last() != Some(&name) {
                    names.push(name);
                    amounts.push(0);
                }
                // Of credits of one thing the first says the amount.
                if let Some(amount) = amounts.last_mut() {
                    *amount = u64::saturating_add(*amount, first.amount);
                }
                noted.extend(counted.map(|credit| (credit.events.start, credit.events.end)));
            }
            // Credits in several figures mostly share their events.
            noted.sort_unstable();
            noted.dedup();
            for (start, end) in &noted {
                events.extend_from_slice(&self.events[*start..*end]);
            }
            events.sort_unstable();
            events.dedup();
            if names.is_empty() {
                continue;
            }
            let area = credits.iter().filter(counts).filter_map(|credit| credit.area).min();
            let counted = credits[0].who;
            let day = self.days.get(&counted).copied();
            // A member outlives the count: its events take no more room than they need.
            members.push(Member {
                amounts: amounts.iter().any(|amount| *amount != 1).then(|| amounts.clone().into()),
                area,
                day,
                events: events.clone(),
                figures: names,
                who: who(facts, counted),
            });
        }
        members.sort_unstable_by_key(|member| member.who);
        members
    }
}

/// Of the sorted credits of somebody those in one figure.
fn of_figure(credits: &[KeptCredit], figure: usize) -> &[KeptCredit] {
    let place = |credit: &KeptCredit| usize::from(credit.figure);
    let start = credits.partition_point(|credit| place(credit) < figure);
    let end = credits.partition_point(|credit| place(credit) <= figure);
    &credits[start..end]
}

fn who(facts: &Facts, counted: Counted) -> Who {
    // Nothing is counted without an identifier, so nil is never seen.
    let uuid = |id| facts.uuid(id).unwrap_or_default();
    match counted {
        Counted::Ikm(ikm) => Who::Ikm(uuid(ikm.0)),
        Counted::Person(person) => Who::Person(uuid(person.0)),
        Counted::Session(id) => Who::Session(uuid(id)),
        Counted::Program(id) => Who::Program(uuid(id)),
        Counted::Sentra(id) => Who::Sentra(uuid(id)),
        Counted::Area(area) => Who::Area(area),
        Counted::Claim(id) => Who::Claim(uuid(id)),
    }
}
