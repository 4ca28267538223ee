//! `sentra`, `facilities`.

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::types::{Data, FundingStage};

use super::Counted;
use super::world::{Fact, World, last};

/// Area of a sentra, by its plan.
fn area(world: &World<'_>, sentra: Subject) -> Option<AreaCode> {
    let plans = world.facts.iter().filter(|fact| fact.subject == sentra);
    match last(plans.filter(|fact| matches!(fact.data, Data::SentraPlanned(_))))?.data {
        Data::SentraPlanned(data) => Some(data.area),
        _ => None,
    }
}

/// Whether a membership was given up after it began, by the day.
fn left(world: &World<'_>, joined: &Fact<'_>, sentra: Subject) -> bool {
    world.facts.iter().any(|gone| {
        matches!(gone.data, Data::SentraMemberLeft(data) if Subject::Sentra(data.sentra) == sentra)
            && gone.order() > joined.order()
            && world.is_about(gone.index, gone.subject, joined.subject)
    })
}

/// Whether any money of a sentra comes from the source that the question is about.
fn has_the_money(world: &World<'_>, sentra: Subject) -> bool {
    world.question.funding.as_ref().is_none_or(|source| {
        let pays = |fact: &Fact<'_>| matches!(fact.data, Data::SentraFunded(data) if data.source == *source);
        world.facts.iter().any(|fact| fact.subject == sentra && pays(fact))
    })
}

pub fn sentra(world: &World<'_>, counted: &mut Counted) {
    let wanted = |sentra| {
        area(world, sentra).is_some_and(|area| world.wants_area(Some(area))) && has_the_money(world, sentra)
    };
    for fact in &world.facts {
        match fact.data {
            Data::SentraPlanned(_) if wanted(fact.subject) => counted.one("sentras", fact.subject),
            Data::SentraMemberJoined(data) => {
                let sentra = Subject::Sentra(data.sentra);
                if wanted(sentra) && !left(world, fact, sentra) {
                    counted.one("sentra_members", world.counts_as(fact.subject));
                }
            }
            Data::SentraFacilityAdded(_) if wanted(fact.subject) => {
                counted.one("sentra_facilities", fact.index);
            }
            Data::SentraFunded(data) if wanted(fact.subject) => {
                let figure = match data.stage {
                    FundingStage::Planned => "sentra_planned",
                    FundingStage::Allocated => "sentra_allocated",
                    FundingStage::Realised => "sentra_realised",
                };
                if let Some(amount) = data.amount.filter(|_| world.wants_source(&data.source)) {
                    counted.amount(figure, fact.index, amount.get() as u64);
                }
            }
            _ => {}
        }
    }
}

pub fn facilities(world: &World<'_>, counted: &mut Counted) {
    for fact in world.facts.iter().filter(|fact| world.since(fact.day)) {
        let area = match fact.data {
            Data::SentraFacilityAdded(_) => area(world, fact.subject),
            Data::IkmFacilityAdded(_) => world.area_of(world.counts_as(fact.subject)),
            _ => continue,
        };
        if world.wants_area(area) {
            counted.one("facilities", fact.index);
        }
    }
}
