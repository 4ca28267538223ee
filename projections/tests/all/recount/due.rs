//! `assessments_overdue`, `unheard`, `quality`, `reach`.

use std::collections::BTreeSet;

use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::Holder;
use jejak_events::types::ikm::AttendanceStatus;

use super::Counted;
use super::certificates::holders;
use super::enrolments::{places, withdrew};
use super::programs::attended;
use super::register::in_register;
use super::world::{Fact, World, last, program};

pub fn assessments_overdue(world: &World<'_>, counted: &mut Counted) {
    let assessments: Vec<(Subject, Subject)> = world
        .facts
        .iter()
        .filter_map(|fact| match fact.data {
            Data::AssessmentRecorded(data) => Some((world.counts_as(fact.subject), program(data.program))),
            _ => None,
        })
        .collect();
    // Somebody was assessed in it, or it names a target of assessments or certificates.
    let assesses = |on: Subject| {
        let means_to =
            |indicator: &str| ["assessed", "passed", "certified"].iter().any(|word| indicator.contains(word));
        let opening = world.facts.iter().filter(|fact| fact.subject == on);
        let opening = last(opening.filter(|fact| matches!(fact.data, Data::ProgramOpened(_))));
        let targets = opening.and_then(|fact| match fact.data {
            Data::ProgramOpened(data) => data.targets.as_ref(),
            _ => None,
        });
        assessments.iter().any(|(_, program)| *program == on)
            || targets.is_some_and(|set| {
                set.iter().filter_map(|target| target.figure.as_ref()).any(|code| means_to(code))
            })
    };
    for place in places(world) {
        let ikm = world.counts_as(place.fact.subject);
        let stands = if place.persons.is_empty() {
            !withdrew(world, &place, None)
        } else {
            place.persons.iter().any(|person| !withdrew(world, &place, Some(*person)))
        };
        let last_day = world.schedule(place.program, place.group).into_iter().map(|(_, day)| day).max();
        let overdue = last_day.is_some_and(|last| world.question.on.day_number() - last.day_number() > 180);
        if stands
            && overdue
            && assesses(place.program)
            && !assessments.contains(&(ikm, place.program))
            && world.wants_result(place.program, ikm)
        {
            counted.one("assessments_overdue", ikm);
        }
    }
}

pub fn unheard(world: &World<'_>, counted: &mut Counted) {
    for ikm in in_register(world) {
        let heard = world.facts.iter().any(|fact| {
            let recent = world.question.on.day_number() - fact.day.day_number() < 365;
            let about = match fact.data {
                Data::CertificateIssued(data) => match data.holder {
                    Holder::Ikm { ikm } | Holder::Product { ikm, .. } => Some(Subject::Ikm(ikm)),
                    Holder::Person { .. } => None,
                },
                Data::TrainingAttended(data) if data.status != AttendanceStatus::Present => None,
                // Found out or asked for by others, or about a document.
                Data::IkmMerged(_)
                | Data::IkmErasureRequested(_)
                | Data::IkmErased(_)
                | Data::EvidenceRedacted(_) => None,
                _ => matches!(fact.subject, Subject::Ikm(_)).then_some(fact.subject),
            };
            recent && about.is_some_and(|about| world.counts_as(about) == ikm)
        });
        if !heard {
            counted.one("unheard", ikm);
        }
    }
}

pub fn quality(world: &World<'_>, counted: &mut Counted) {
    let mut late = Vec::new();
    for (index, event) in world.recorded() {
        let (draft, office) = (&event.draft, event.draft.source.area);
        let on = event.recorded.date_in(office);
        let asked = on <= world.question.on && world.since(on) && world.wants_area(Some(office));
        if !asked || draft.subject == Subject::Registry {
            continue;
        }
        if matches!(draft.data, Data::EventCorrected(_) | Data::EventRetracted(_)) {
            counted.one("amendments", index);
            continue;
        }
        if matches!(draft.subject, Subject::Claim(_)) {
            continue;
        }
        counted.one("events_recorded", index);
        let days = on.day_number() - draft.time.date().day_number();
        if days > 30 {
            counted.one("recorded_late", index);
            late.push(days.unsigned_abs());
        }
    }
    late.sort_unstable();
    let middle = late.len() / 2;
    if late.len() >= 3 {
        let both = if late.len() % 2 == 1 { 2 * late[middle] } else { late[middle - 1] + late[middle] };
        counted.amount("days_late", "all", both.div_ceil(2).into());
    }
    for session in world.sessions() {
        let (last, office) =
            (session.last_day(), world.recorded().find(|(index, _)| *index == session.index));
        let office = office.map(|(_, event)| event.draft.source.area);
        if last <= world.question.on
            && world.since(last)
            && world.wants_area(office)
            && !attended(world, session.id, None)
        {
            counted.one("sessions_without_attendance", session.id.uuid());
        }
    }
}

pub fn reach(world: &World<'_>, counted: &mut Counted) {
    let holders: BTreeSet<Subject> = holders(world);
    let (mut ikms, mut of_each) = (0, [0u64; 3]);
    for ikm in in_register(world) {
        let shipped = |fact: &Fact<'_>| {
            matches!(fact.data, Data::ShipmentReported(_)) && world.counts_as(fact.subject) == ikm
        };
        let came = |fact: &Fact<'_>| match fact.data {
            Data::TrainingAttended(data) => {
                data.status == AttendanceStatus::Present && world.counts_as(fact.subject) == ikm
            }
            _ => false,
        };
        let trained = world.completed().iter().any(|one| one.ikm == ikm && one.of_ikm);
        let reached = [trained, holders.contains(&ikm), world.facts.iter().any(shipped)];
        counted.one("reach_registered", ikm);
        for (figure, _) in ["reach_trained", "reach_certified", "reach_exported"]
            .into_iter()
            .zip(reached)
            .filter(|(_, is)| *is)
        {
            counted.one(figure, ikm);
        }
        if reached == [false; 3] && !world.facts.iter().any(came) {
            counted.one("reach_none", ikm);
        }
        ikms += 1;
        of_each.iter_mut().zip(reached).for_each(|(sum, is)| *sum += u64::from(is));
    }
    let figures = ["trained_per_hundred", "certified_per_hundred", "exported_per_hundred"];
    for (figure, sum) in figures.into_iter().zip(of_each).filter(|_| ikms >= 3) {
        let nearest = (200 * sum + ikms) / (2 * ikms);
        let percent = if sum == 0 || sum == ikms { nearest } else { nearest.clamp(1, 99) };
        counted.amount(figure, "all", percent);
    }
}
