//! `welfare`, `turnover_change`, `jobs`, `declared_complete`.

use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::enterprise::TurnoverReported;
use jejak_projections::answer::BasisEvents;

use super::enrolments::places;
use super::register::in_register;
use super::world::{World, program};
use super::{Counted, uuid};

pub fn welfare(world: &World<'_>, counted: &mut Counted) {
    for ikm in in_register(world) {
        let reports = world.facts.iter().filter_map(|fact| match fact.data {
            Data::WorkforceReported(data) if world.counts_as(fact.subject) == ikm => Some((fact, data)),
            _ => None,
        });
        // The report on the latest period; of several on it the last.
        match reports.max_by_key(|(fact, data)| (data.period.to, fact.order())) {
            Some((fact, _)) => {
                counted.one("workforce_reported", ikm);
                counted.bases.insert((uuid(ikm), BasisEvents::One(fact.said_by)));
            }
            None => counted.one("workforce_never_reported", ikm),
        }
    }
}

pub fn turnover_change(world: &World<'_>, counted: &mut Counted) {
    for place in places(world) {
        let ikm = world.counts_as(place.fact.subject);
        if !world.wants_program(place.program) || !world.wants_ikm(ikm) {
            continue;
        }
        let days: Vec<_> =
            world.schedule(place.program, place.group).into_iter().map(|(_, day)| day).collect();
        let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { continue };
        // On either side the latest period.
        let report = |on_that_side: &dyn Fn(&TurnoverReported) -> bool| {
            let reports = world.facts.iter().filter_map(|fact| match fact.data {
                Data::TurnoverReported(data) if world.counts_as(fact.subject) == ikm => Some((fact, data)),
                _ => None,
            });
            let reports = reports.filter(|(_, data)| on_that_side(data));
            reports.max_by_key(|(fact, data)| (data.period.to, fact.order())).map(|(fact, _)| fact.said_by)
        };
        let before = report(&|data| data.period.to < *first);
        let after = report(&|data| data.period.from > *last);
        if let (Some(before), Some(after)) = (before, after) {
            counted.one("turnover_compared", ikm);
            counted.bases.insert((uuid(ikm), BasisEvents::Pair { before, after }));
        }
    }
}

pub fn jobs(world: &World<'_>, counted: &mut Counted) {
    for completion in world.completed().iter().filter(|completion| completion.of_ikm) {
        let ikm = completion.ikm;
        if !world.wants_program(completion.program) || !world.wants_ikm(ikm) {
            continue;
        }
        let mut reports: Vec<_> = world
            .facts
            .iter()
            .filter_map(|fact| match fact.data {
                Data::WorkforceReported(data) if world.counts_as(fact.subject) == ikm => {
                    Some((data.period.to, fact.order(), fact.said_by))
                }
                _ => None,
            })
            .collect();
        reports.sort_unstable();
        // The last one on the first period, and the last one on the latest.
        let Some((first, ..)) = reports.first() else { continue };
        let before = reports.iter().rfind(|(to, ..)| to == first).unwrap();
        let after = reports.last().unwrap();
        if before.0 < after.0 {
            counted.one("jobs_compared", ikm);
            counted.bases.insert((uuid(ikm), BasisEvents::Pair { before: before.2, after: after.2 }));
        }
    }
}

pub fn declared_complete(world: &World<'_>, counted: &mut Counted) {
    for fact in &world.facts {
        let (Data::CoverageDeclared(data), Subject::Area(area)) = (fact.data, fact.subject) else { continue };
        let question = world.question;
        // Of a theme: by itself. Of a programme: by it, or by its theme.
        let wanted = match (data.program, &data.theme) {
            (Some(of), _) => world.wants_program(program(of)),
            (None, theme) => {
                question.program.is_none()
                    && question.theme.as_ref().is_none_or(|wanted| Some(wanted) == theme.as_ref())
            }
        };
        if wanted && world.wants_area(Some(area)) {
            // Of each area with its programme or theme one.
            counted.one("declared_complete", format!("{area} {:?} {:?}", data.program, data.theme));
        }
    }
}
