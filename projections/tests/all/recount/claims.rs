//! `claims`.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::types::Data;
use jejak_events::types::claim::ClaimMade;

use super::Counted;
use super::world::{Fact, World, last, program};

/// Whether the question is about a claim: by the area that it names, and by one of the programmes or themes.
fn wanted(world: &World<'_>, made: &ClaimMade) -> bool {
    let question = world.question;
    let scope = made.scope.as_ref();
    let programs = scope.iter().flat_map(|scope| scope.program.iter()).flat_map(|set| set.iter());
    let themes = scope.iter().flat_map(|scope| scope.theme.iter()).flat_map(|set| set.iter());
    let narrowed = question.program.is_some() || question.theme.is_some();
    let of_program = programs.into_iter().any(|one| world.wants_program(program(*one)));
    let of_theme =
        question.program.is_none() && themes.into_iter().any(|one| question.theme.as_ref() == Some(one));
    world.wants_area(scope.and_then(|scope| scope.area)) && (!narrowed || of_program || of_theme)
}

pub fn claims(world: &World<'_>, counted: &mut Counted) {
    let makings: Vec<&Fact<'_>> =
        world.facts.iter().filter(|fact| matches!(fact.data, Data::ClaimMade(_))).collect();
    let mut subjects: Vec<_> = makings.iter().map(|fact| fact.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let mut amounts: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for subject in subjects {
        let making = last(makings.iter().copied().filter(|fact| fact.subject == subject)).unwrap();
        let Data::ClaimMade(made) = making.data else { unreachable!("only makings were kept") };
        if !wanted(world, made) {
            continue;
        }
        counted.one("claims", subject);
        if let Some(value) = made.value {
            // Percent are counted in hundredths.
            let scale = if made.unit.as_deref() == Some("percent") { 100 } else { 1 };
            amounts.entry("claim_reported").or_default().insert(subject);
            counted.amount("claim_reported", subject, value.as_whole().unwrap() * scale);
        }
        let mut checks: Vec<_> = world
            .facts
            .iter()
            .filter(|fact| fact.subject == subject)
            .filter_map(|fact| match fact.data {
                Data::ClaimChecked(data) => Some((fact, data.count.as_ref().and_then(|count| count.counted))),
                _ => None,
            })
            .collect();
        checks.sort_by_key(|(fact, _)| fact.order());
        let mut of_day = BTreeMap::new();
        for (fact, amount) in &checks {
            counted.one("claims_checked", subject);
            counted.one("checks", fact.index);
            of_day.insert(fact.day, (fact.index, *amount));
        }
        for (index, amount) in of_day.into_values() {
            if let Some(amount) = amount {
                amounts.entry("check_counted").or_default().insert(subject);
                counted.amount("check_counted", index, amount.get() as u64);
            }
        }
        if let Some((_, Some(amount))) = checks.last() {
            amounts.entry("claim_counted").or_default().insert(subject);
            counted.amount("claim_counted", subject, amount.get() as u64);
        }
    }
    // What several claim is of no one unit.
    for (figure, _) in amounts.into_iter().filter(|(_, claims)| claims.len() > 1) {
        counted.unlike(figure);
    }
}
