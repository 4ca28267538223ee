//! `registered`, `population`, `coverage`.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::area_reports::PopulationReported;
use jejak_events::values::Date;

use super::Counted;
use super::world::World;

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

/// The latest report for each area and commodity that the question is about.
fn latest<'a>(world: &World<'a>) -> BTreeMap<(AreaCode, String), &'a PopulationReported> {
    let mut latest: BTreeMap<_, ((Date, u64), &PopulationReported)> = BTreeMap::new();
    for fact in &world.facts {
        if let (Data::PopulationReported(data), Subject::Area(area)) = (fact.data, fact.subject)
            && world.wants_area(Some(area))
        {
            let last = latest.entry((area, data.commodity.to_string())).or_insert((fact.order(), data));
            if last.0 < fact.order() {
                *last = (fact.order(), data);
            }
        }
    }
    latest.into_iter().map(|(key, (_, data))| (key, data)).collect()
}

/// Those that are added up: of a province its own, else those of its kabupaten and kota.
fn reports<'a>(world: &World<'a>) -> BTreeMap<(AreaCode, String), &'a PopulationReported> {
    let latest = latest(world);
    let used = |(area, commodity): &(AreaCode, String)| {
        area.province() == *area || !latest.contains_key(&(area.province(), commodity.clone()))
    };
    latest.iter().filter(|(key, _)| used(key)).map(|(key, data)| (key.clone(), *data)).collect()
}

/// As the source gives it, else kecil plus menengah where it gives both.
fn total(data: &PopulationReported) -> Option<u64> {
    let sum = || Some(u64::from(data.kecil?.get()) + u64::from(data.menengah?.get()));
    data.total.map(|total| u64::from(total.get())).or_else(sum)
}

fn said(world: &World<'_>, counted: &mut Counted, figures: [Option<&'static str>; 3]) {
    let reports = reports(world);
    let commodities: BTreeSet<&String> = reports.keys().map(|(_, commodity)| commodity).collect();
    // All of them hold each of them.
    let unlike = commodities.len() > 1 && commodities.iter().any(|commodity| *commodity == "all");
    for ((area, commodity), data) in &reports {
        let number = |count: Option<jejak_events::values::Count>| count.map(|count| u64::from(count.get()));
        let numbers = [total(data), number(data.kecil), number(data.menengah)];
        for (figure, number) in figures.into_iter().zip(numbers) {
            if let Some((figure, number)) = figure.zip(number) {
                counted.amount(figure, format!("{area} {commodity}"), number);
            }
        }
    }
    for figure in figures.into_iter().flatten().filter(|_| unlike) {
        counted.unlike(figure);
    }
}

/// Whether a report is about an IKM: of its area or the province, of what it makes or of everything.
fn is_reported(world: &World<'_>, ikm: Subject) -> bool {
    let (area, commodity) = (world.profile(ikm).unwrap().area, world.profile(ikm).unwrap().commodity);
    latest(world)
        .keys()
        .any(|(of, what)| (*of == area || *of == area.province()) && (*what == commodity || what == "all"))
}

pub fn population(world: &World<'_>, counted: &mut Counted) {
    let figures = ["population_total", "population_kecil", "population_menengah"];
    said(world, counted, figures.map(Some));
    let reports = reports(world);
    let own: BTreeSet<AreaCode> = latest(world).into_keys().map(|(area, _)| area).collect();
    for ((area, commodity), data) in &reports {
        let parts = data.kecil.zip(data.menengah).map(|(kecil, menengah)| kecil.get() + menengah.get());
        if data.total.zip(parts).is_some_and(|(total, parts)| total.get() != parts) {
            counted.one("population_not_adding_up", format!("{area} {commodity}"));
        }
        // The others of a province that is added up.
        if area.province() != *area {
            for other in AreaCode::all() {
                let same = other.province() == area.province() && other != other.province();
                if same && world.wants_area(Some(other)) && !own.contains(&other) {
                    counted.one("population_unreported", other);
                }
            }
        }
    }
    for ikm in in_register(world) {
        counted.one("population_registered", ikm);
        let area = world.profile(ikm).unwrap().area;
        if is_reported(world, ikm) {
            counted.one("registered_where_reported", ikm);
        } else if !own.contains(&area) {
            counted.one("population_unreported", area);
        }
    }
}

pub fn coverage(world: &World<'_>, counted: &mut Counted) {
    said(world, counted, [Some("coverage_population"), None, None]);
    for ikm in in_register(world) {
        let completed = world.completed();
        let mut own = completed.iter().filter(|one| one.ikm == ikm && one.of_ikm);
        let trained = own.any(|one| world.wants_program(one.program));
        counted.one("coverage_registered", ikm);
        if trained {
            counted.one("coverage_trained", ikm);
        }
        match is_reported(world, ikm) {
            true => counted.one("registered_there", ikm),
            false => counted.one("coverage_unreported", world.profile(ikm).unwrap().area),
        }
        if trained && is_reported(world, ikm) {
            counted.one("trained_there", ikm);
        }
    }
}
