//! The indicators counted a second time, plainly: whole events, sets, no rows and no weights. Follows
//! DOMAIN section 3 sentence by sentence and shares no code with the views.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::types::program::Unit;
use jejak_events::types::{Data, Holder};
use jejak_events::values::Date;

use crate::story::Story;

struct Effective<'a> {
    index: u64,
    subject: Subject,
    day: Date,
    data: &'a Data,
}

/// The effective events among the first `known`, as far as they happened by `on`.
fn effective(story: &Story, known: u64, on: Date) -> Vec<Effective<'_>> {
    let events = &story.events[..known as usize];
    let retracted: BTreeSet<_> = events
        .iter()
        .filter_map(|event| match &event.draft.data {
            Data::EventRetracted(retraction) => Some(retraction.target),
            _ => None,
        })
        .collect();
    let mut effective = Vec::new();
    for (index, event) in (0..).zip(events) {
        let draft = &event.draft;
        if matches!(draft.data, Data::EventCorrected(_) | Data::EventRetracted(_))
            || retracted.contains(&draft.id)
        {
            continue;
        }
        let correction = events.iter().rev().find_map(|other| match &other.draft.data {
            Data::EventCorrected(correction)
                if correction.target == draft.id && !retracted.contains(&other.draft.id) =>
            {
                Some(&correction.replacement)
            }
            _ => None,
        });
        let one = match correction {
            Some(form) => Effective { index, subject: form.subject, day: form.time.date(), data: &form.data },
            None => Effective { index, subject: draft.subject, day: draft.time.date(), data: &draft.data },
        };
        if one.day <= on {
            effective.push(one);
        }
    }
    effective
}

/// Every figure of every view, without filters.
pub fn recount(story: &Story, known: u64, on: Date) -> BTreeMap<&'static str, usize> {
    let events = effective(story, known, on);
    let mut sets: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut add = |figure, who: String| sets.entry(figure).or_default().insert(who);
    let mut programs = BTreeMap::new();
    let mut sessions = Vec::new();
    let mut latest_assessment = BTreeMap::new();
    for event in &events {
        match event.data {
            Data::ProgramOpened(data) => {
                let last = programs.entry(event.subject).or_insert((event.day, event.index, data));
                if (last.0, last.1) < (event.day, event.index) {
                    *last = (event.day, event.index, data);
                }
            }
            Data::SessionScheduled(data) => sessions.push((event.subject, data)),
            Data::IkmRegistered(_) => _ = add("registered", event.subject.to_string()),
            Data::EnrolmentMade(data) => {
                add("enrolled", event.subject.to_string());
                for person in data.persons.iter().flat_map(|set| set.iter()) {
                    add("enrolled_persons", person.to_string());
                }
            }
            Data::AssessmentRecorded(data) => {
                add("assessed", event.subject.to_string());
                let key = (event.subject, data.scheme.to_string());
                let last = latest_assessment.entry(key).or_insert((event.day, event.index, data.verdict));
                if (last.0, last.1) < (event.day, event.index) {
                    *last = (event.day, event.index, data.verdict);
                }
            }
            Data::ExhibitionJoined(data) => {
                add("exhibited", event.subject.to_string());
                add("participations", format!("{} {}", event.subject, data.exhibition));
            }
            Data::CertificateIssued(data) => {
                let revoked = events.iter().any(|other| {
                    matches!(other.data, Data::CertificateRevoked(_)) && other.subject == event.subject
                });
                if let Holder::Ikm { ikm } = data.holder
                    && &*data.scheme == "sih"
                    && data.valid_from <= on
                    && on <= data.valid_to
                    && !revoked
                {
                    add("green_certified", ikm.to_string());
                }
            }
            _ => {}
        }
    }
    for ((ikm, _), (_, _, verdict)) in latest_assessment {
        if verdict == Verdict::Passed {
            add("passed", ikm.to_string());
        }
    }
    let days_of = |session| {
        let of_session = sessions.iter().filter(move |(_, data)| data.session == session);
        of_session.flat_map(|(_, data)| data.days.iter().map(|day| day.date)).collect::<BTreeSet<_>>()
    };
    for (_, data) in &sessions {
        if days_of(data.session).last().is_some_and(|last| *last <= on) {
            add("sessions_held", data.session.to_string());
        }
    }
    for enrolled in &events {
        let Data::EnrolmentMade(enrolment) = enrolled.data else { continue };
        let Some((_, _, program)) = programs.get(&Subject::Program(enrolment.program)) else { continue };
        let scheduled: BTreeSet<_> = sessions
            .iter()
            .filter(|(of, data)| {
                *of == Subject::Program(enrolment.program)
                    && (data.group.is_none() || data.group == enrolment.group)
            })
            .flat_map(|(_, data)| days_of(data.session).into_iter().map(|day| (data.session, day)))
            .collect();
        let Some(last) = scheduled.iter().map(|(_, day)| *day).max() else { continue };
        if last > on {
            continue;
        }
        let completed = |who: Option<_>| {
            let present: BTreeSet<_> = events
                .iter()
                .filter(|event| event.subject == enrolled.subject)
                .filter_map(|event| match event.data {
                    Data::TrainingAttended(data)
                        if data.program == enrolment.program
                            && data.status == AttendanceStatus::Present
                            && (program.unit == Unit::Ikm || data.person == who) =>
                    {
                        Some((data.session, data.day))
                    }
                    _ => None,
                })
                .collect();
            let percent = program.completion_percent.map_or(80, |percent| usize::from(percent.get()));
            present.intersection(&scheduled).count() * 100 >= percent * scheduled.len()
        };
        let mut give = |person: Option<String>| {
            let names = [
                ("trained", "trained_persons", true),
                ("export_trained", "export_trained_persons", &*program.theme == "export"),
                ("green_trained", "green_trained_persons", &*program.theme == "green_industry"),
            ];
            for (ikms, persons, counts) in names {
                if counts {
                    add(ikms, enrolled.subject.to_string());
                    if let Some(person) = &person {
                        add(persons, person.clone());
                    }
                }
            }
        };
        match program.unit {
            Unit::Ikm => {
                if completed(None) {
                    give(None);
                }
            }
            Unit::Person => {
                for person in enrolment.persons.iter().flat_map(|set| set.iter()) {
                    if completed(Some(*person)) {
                        give(Some(person.to_string()));
                    }
                }
            }
        }
    }
    sets.into_iter().map(|(figure, who)| (figure, who.len())).collect()
}
