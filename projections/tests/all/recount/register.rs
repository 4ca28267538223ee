//! `registered`, `population`, `coverage`.

use std::collections::BTreeMap;

use jejak_events::area::{AreaCode, Level};
use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::area_reports::PopulationReported;

use super::world::World;
use super::{Counted, training};

/// IKMs in the register: registered by the day, not closed on it, not merged away.
pub fn in_register(world: &World<'_>) -> impl Iterator<Item = Subject> {
    let works = |ikm: &Subject| world.profile(*ikm).is_some_and(|profile| profile.works);
    world.ikms().into_iter().filter(works).filter(|ikm| world.wants_ikm(*ikm))
}

pub fn registered(world: &World<'_>, counted: &mut Counted) {
    for ikm in in_register(world) {
        if world.since(world.profile(ikm).unwrap().since) {
            counted.one("registered", ikm);
        }
    }
}

/// The latest report for each area and commodity; of a province only where no area of it has one.
fn reports<'a>(world: &World<'a>) -> Vec<(AreaCode, &'a PopulationReported)> {
    let mut latest = BTreeMap::new();
    for fact in &world.facts {
        if let (Data::PopulationReported(data), Subject::Area(area)) = (fact.data, fact.subject) {
            let data: &PopulationReported = data;
            let last = latest.entry((area, data.commodity.to_string())).or_insert((fact.order(), data));
            if last.0 < fact.order() {
                *last = (fact.order(), data);
            }
        }
    }
    let used = |(area, commodity): &(AreaCode, String)| {
        let within = |(other, of): &(AreaCode, String)| {
            of == commodity && other.level() != Level::Province && other.province() == *area
        };
        world.wants_area(Some(*area)) && (area.level() != Level::Province || !latest.keys().any(within))
    };
    latest.iter().filter(|(key, _)| used(key)).map(|((area, _), (_, data))| (*area, *data)).collect()
}

/// As the source gives it, else kecil plus menengah where it gives both.
fn total(data: &PopulationReported) -> Option<u64> {
    let sum = || Some(u64::from(data.kecil?.get()) + u64::from(data.menengah?.get()));
    data.total.map(|total| u64::from(total.get())).or_else(sum)
}

pub fn population(world: &World<'_>, counted: &mut Counted) {
    for (area, data) in reports(world) {
        let said = [
            ("population_total", total(data)),
            ("population_kecil", data.kecil.map(|count| count.get().into())),
            ("population_menengah", data.menengah.map(|count| count.get().into())),
        ];
        for (figure, number) in said {
            counted.amount(figure, format!("{area} {}", data.commodity), number.unwrap_or(0));
        }
    }
    for ikm in in_register(world) {
        counted.one("population_registered", ikm);
    }
}

pub fn coverage(world: &World<'_>, counted: &mut Counted) {
    for completion in training::completions(world) {
        counted.one("coverage_trained", completion.ikm);
    }
    for ikm in in_register(world) {
        counted.one("coverage_registered", ikm);
    }
    for (area, data) in reports(world) {
        counted.amount("coverage_population", format!("{area} {}", data.commodity), total(data).unwrap_or(0));
    }
}
