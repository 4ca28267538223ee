//! `assessed`, `mentored`, `exhibited`, `exported`, `funnel`: what IKMs did and what came of it.

use std::collections::BTreeMap;

use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::values::Date;
use jejak_projections::answer::BasisEvents;

use super::enrolments::places;
use super::world::{World, program};
use super::{Counted, certificates, uuid};

/// A verdict, and when it was given.
type Judged = ((Date, u64), Verdict);

/// The verdicts by IKM and scheme in order, of assessments that `counts` takes.
fn verdicts(
    world: &World<'_>,
    counts: impl Fn(Subject, Subject, Date) -> bool,
) -> BTreeMap<(Subject, String), Vec<Judged>> {
    let mut verdicts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for fact in &world.facts {
        let Data::AssessmentRecorded(data) = fact.data else { continue };
        let ikm = world.counts_as(fact.subject);
        if counts(ikm, program(data.program), fact.day) {
            let of_scheme = verdicts.entry((ikm, data.scheme.to_string())).or_default();
            of_scheme.push((fact.order(), data.verdict));
            of_scheme.sort_by_key(|(order, _)| *order);
        }
    }
    verdicts
}

pub fn assessed(world: &World<'_>, counted: &mut Counted) {
    let counts = |ikm, program, day| world.since(day) && world.wants_result(program, ikm);
    for ((ikm, _), verdicts) in verdicts(world, counts) {
        counted.one("assessed", ikm);
        if verdicts.last().is_some_and(|(_, verdict)| *verdict == Verdict::Passed) {
            counted.one("passed", ikm);
        }
    }
}

/// The means are of one criterion: there is none for the whole.
pub fn scores(world: &World<'_>, counted: &mut Counted) {
    for fact in &world.facts {
        let Data::AssessmentRecorded(data) = fact.data else { continue };
        let ikm = world.counts_as(fact.subject);
        let wanted = world.since(fact.day) && world.wants_result(program(data.program), ikm);
        if wanted && data.criteria.is_some() {
            counted.one("scored", ikm);
        }
    }
}

pub fn mentored(world: &World<'_>, counted: &mut Counted) {
    for fact in &world.facts {
        let Data::MentoringVisited(data) = fact.data else { continue };
        let ikm = world.counts_as(fact.subject);
        if world.since(fact.day) && world.wants_result(program(data.program), ikm) {
            counted.one("mentored", ikm);
            counted.one("mentoring_visits", fact.index);
        }
    }
}

pub fn findings(world: &World<'_>, counted: &mut Counted) {
    let mut visits: BTreeMap<(Subject, Subject), Vec<_>> = BTreeMap::new();
    for fact in &world.facts {
        let Data::MentoringVisited(data) = fact.data else { continue };
        let (ikm, program) = (world.counts_as(fact.subject), program(data.program));
        if world.since(fact.day) && world.wants_result(program, ikm) {
            visits.entry((ikm, program)).or_default().push((fact.order(), &data.findings));
        }
    }
    for ((ikm, program), mut visits) in visits {
        visits.sort_by_key(|(order, _)| *order);
        for (figure, visit) in [("findings_first", visits.first()), ("findings_latest", visits.last())] {
            for code in visit.into_iter().filter_map(|(_, found)| found.as_ref()).flat_map(|set| set.iter()) {
                counted.one(figure, format!("{ikm} {program} {code}"));
            }
        }
    }
}

pub fn exhibited(world: &World<'_>, counted: &mut Counted) {
    for fact in &world.facts {
        let Data::ExhibitionJoined(data) = fact.data else { continue };
        let ikm = world.counts_as(fact.subject);
        if world.since(fact.day) && world.wants_ikm(ikm) {
            counted.one("exhibited", ikm);
            counted.one("participations", format!("{ikm} {}", data.exhibition));
            counted.bases.insert((uuid(ikm), BasisEvents::One(fact.said_by)));
        }
    }
}

pub fn exported(world: &World<'_>, counted: &mut Counted) {
    for fact in &world.facts {
        let Data::ShipmentReported(_) = fact.data else { continue };
        let ikm = world.counts_as(fact.subject);
        if world.since(fact.day) && world.wants_ikm(ikm) {
            counted.one("exported", ikm);
            counted.one("shipments", fact.index);
            counted.bases.insert((uuid(ikm), BasisEvents::One(fact.said_by)));
        }
    }
}

pub fn funnel(world: &World<'_>, counted: &mut Counted) {
    if world.question.program.is_none() {
        // No total over programmes.
        return counted.without_total();
    }
    // The last session day of the group of each IKM in a programme, of several the latest.
    let mut cohorts: BTreeMap<(Subject, Subject), Option<Date>> = BTreeMap::new();
    for place in places(world) {
        let ikm = world.counts_as(place.fact.subject);
        if !world.wants_result(place.program, ikm) {
            continue;
        }
        let last = world.schedule(place.program, place.group).into_iter().map(|(_, day)| day).max();
        let latest = cohorts.entry((ikm, place.program)).or_default();
        *latest = (*latest).max(last);
    }
    for completion in world.completed().iter().filter(|completion| completion.of_ikm) {
        if cohorts.contains_key(&(completion.ikm, completion.program)) {
            counted.one("funnel_completed", completion.ikm);
        }
    }
    for (ikm, on) in cohorts.keys() {
        counted.one("funnel_enrolled", ikm);
        // Their assessments in this very programme.
        for verdicts in verdicts(world, |who, program, _| (who, program) == (*ikm, *on)).into_values() {
            counted.one("funnel_assessed", ikm);
            if verdicts.last().is_some_and(|(_, verdict)| *verdict == Verdict::Passed) {
                counted.one("funnel_passed", ikm);
            }
        }
    }
    for certificate in certificates::valid(world) {
        let Some(holder) = certificates::ikm_of(world, certificate.data) else { continue };
        let names = certificate.data.program.map(program);
        let enrolled = cohorts.keys().any(|(ikm, program)| *ikm == holder && Some(*program) == names);
        if enrolled && certificates::is_held(world, certificate.data) {
            counted.one("funnel_certified", holder);
        }
    }
    for fact in &world.facts {
        let who = || world.counts_as(fact.subject);
        let after = |last: &Option<Date>| last.is_some_and(|last| last < fact.day);
        let after_one = |who| cohorts.iter().any(|((ikm, _), last)| *ikm == who && after(last));
        match fact.data {
            Data::TrainingAttended(data)
                if data.status == AttendanceStatus::Present
                    && cohorts.contains_key(&(who(), program(data.program))) =>
            {
                counted.one("funnel_participated", who());
            }
            Data::ExhibitionJoined(_) if after_one(who()) => counted.one("funnel_exhibited_after", who()),
            Data::ShipmentReported(_) if after_one(who()) => counted.one("funnel_exported_after", who()),
            _ => {}
        }
    }
}
