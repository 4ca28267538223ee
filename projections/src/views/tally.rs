//! Counting: from what a view gives credit for to figures, areas, breakdowns and members.
//!
//! Everything is sorted before it is counted, so the result does not depend on the order in which the
//! credits came.

use jejak_events::area::AreaCode;
use jejak_events::identity::{IkmId, PersonId, SessionId};
use jejak_events::types::Scale;
use uuid::Uuid;

use super::FigureDeclaration;
use super::scope::Scope;
use crate::answer::{AreaRow, Breakdown, BreakdownRow, Figure, Member, Who};
use crate::facts::{CodeId, Facts, Id};

/// Who is counted, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Counted {
    Ikm(Id),
    Person(Id),
    Session(Id),
}

/// A value of a breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Code(CodeId),
    Id(Id),
    Scale(Option<Scale>),
}

impl Key {
    fn text(self, facts: &Facts) -> Option<String> {
        match self {
            Self::Code(code) => facts.code(code).map(|code| code.to_string()),
            Self::Id(id) => facts.uuid(id).map(|id| id.to_string()),
            Self::Scale(scale) => scale.map(|scale| scale.name().to_owned()),
        }
    }
}

/// Most breakdowns of a view.
pub(super) const KEYS: usize = 3;

/// One thing that counts in one figure.
pub(super) struct Credit {
    /// Place of the figure in the view's declaration.
    pub(super) figure: usize,
    /// Who it is put down to.
    pub(super) who: Counted,
    /// What makes it a thing of its own beside `who`, such as the exhibition of a participation.
    pub(super) at: Id,
    /// Its area.
    pub(super) area: Option<AreaCode>,
    /// Its value in each breakdown of the view, in declared order; the rest is not looked at.
    pub(super) keys: [Key; KEYS],
    /// The events behind it.
    pub(super) events: Vec<u64>,
}

/// No breakdown.
pub(super) const NO_KEY: Key = Key::Code(CodeId::NONE);

/// Collects credits.
#[derive(Default)]
pub(super) struct Tally {
    credits: Vec<Credit>,
    context: Vec<u64>,
}

/// All that is counted.
pub(super) struct Totals {
    pub(super) figures: Vec<Figure>,
    pub(super) by_area: Vec<AreaRow>,
    pub(super) breakdowns: Vec<Breakdown>,
    pub(super) members: Vec<Member>,
    pub(super) context: Vec<u64>,
}

impl Tally {
    /// Counts something.
    pub(super) fn credit(&mut self, credit: Credit) {
        self.credits.push(credit);
    }

    /// Events that the figures rest on without being about one member.
    pub(super) fn context(&mut self) -> &mut Vec<u64> {
        &mut self.context
    }

    /// Counts all credits, each distinct thing once per figure, area and value.
    pub(super) fn finish(
        mut self,
        scope: &Scope<'_>,
        figures: &'static [FigureDeclaration],
        breakdowns: &'static [&'static str],
    ) -> Totals {
        let total = count_by(figures, self.credits.iter().map(|credit| ((), credit)));
        let by_area = count_by(figures, self.credits.iter().map(|credit| (credit.area, credit)));
        let mut broken_down = Vec::with_capacity(breakdowns.len());
        for (place, by) in breakdowns.iter().enumerate() {
            let counts = count_by(figures, self.credits.iter().map(|credit| (credit.keys[place], credit)));
            let mut rows: Vec<BreakdownRow> = counts
                .into_iter()
                .map(|(key, figures)| BreakdownRow { figures, key: key.text(scope.facts) })
                .collect();
            rows.sort_by(|left, right| left.key.cmp(&right.key));
            broken_down.push(Breakdown { by, rows });
        }
        self.context.sort_unstable();
        self.context.dedup();
        let context = std::mem::take(&mut self.context);
        Totals {
            figures: total
                .into_iter()
                .next()
                .map_or_else(|| figures.iter().map(|declared| figure(declared, 0)).collect(), |(_, all)| all),
            by_area: by_area.into_iter().map(|(area, figures)| AreaRow { area, figures }).collect(),
            breakdowns: broken_down,
            members: self.members(scope.facts, figures),
            context,
        }
    }

    fn members(self, facts: &Facts, figures: &'static [FigureDeclaration]) -> Vec<Member> {
        let mut credits = self.credits;
        credits.sort_by_key(|credit| (credit.who, credit.figure));
        let mut members: Vec<Member> = Vec::new();
        let mut last = None;
        for credit in credits {
            let name = figures[credit.figure].name;
            match members.last_mut() {
                Some(member) if last == Some(credit.who) => {
                    member.area = member.area.into_iter().chain(credit.area).min();
                    member.events.extend(credit.events);
                    if member.figures.last() != Some(&name) {
                        member.figures.push(name);
                    }
                }
                _ => {
                    last = Some(credit.who);
                    let who = who(facts, credit.who);
                    members.push(Member {
                        area: credit.area,
                        events: credit.events,
                        figures: vec![name],
                        who,
                    });
                }
            }
        }
        for member in &mut members {
            member.events.sort_unstable();
            member.events.dedup();
        }
        members.sort_unstable_by_key(|member| member.who);
        members
    }
}

fn figure(declared: &FigureDeclaration, value: u64) -> Figure {
    Figure { name: declared.name, unit: declared.unit, value }
}

/// Counts the distinct things of each figure under each key, in the order of the keys.
fn count_by<'a, K: Ord + Copy>(
    figures: &'static [FigureDeclaration],
    credits: impl Iterator<Item = (K, &'a Credit)>,
) -> Vec<(K, Vec<Figure>)> {
    let mut things: Vec<_> =
        credits.map(|(key, credit)| (key, credit.figure, credit.who, credit.at)).collect();
    things.sort_unstable();
    things.dedup();
    let mut counts: Vec<(K, Vec<Figure>)> = Vec::new();
    for (key, place, _, _) in things {
        if counts.last().is_none_or(|(last, _)| *last != key) {
            counts.push((key, figures.iter().map(|declared| figure(declared, 0)).collect()));
        }
        if let Some((_, counted)) = counts.last_mut() {
            counted[place].value += 1;
        }
    }
    counts
}

/// Identifiers go into facts from typed ones, and stored facts are checked against the log, so a
/// number of the wrong kind cannot come back.
fn who(facts: &Facts, counted: Counted) -> Who {
    let typed = match counted {
        Counted::Ikm(id) => facts.uuid(id).and_then(IkmId::new).map(Who::Ikm),
        Counted::Person(id) => facts.uuid(id).and_then(PersonId::new).map(Who::Person),
        Counted::Session(id) => facts.uuid(id).and_then(SessionId::new).map(Who::Session),
    };
    typed.unwrap_or_else(|| unreachable!("{counted:?} is {:?}", unknown(facts, counted)))
}

fn unknown(facts: &Facts, counted: Counted) -> Option<Uuid> {
    match counted {
        Counted::Ikm(id) | Counted::Person(id) | Counted::Session(id) => facts.uuid(id),
    }
}
