//! What holds on the day asked for, as known at the log size asked for: the contents in force, who counts
//! as whom, who an IKM is, the calendar, and what the question is about.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jejak_events::area::AreaCode;
use jejak_events::identity::{PersonId, ProgramId, SessionId, Subject};
use jejak_events::record::Event;
use jejak_events::types::program::{ProgramOpened, SessionDay};
use jejak_events::types::{Data, Scaled};
use jejak_events::values::{Code, Date, SetOf};
use jejak_projections::question::{AreaOf, Question};

use super::training::Completion;
use crate::story::Story;

/// A content in force.
#[derive(Clone, Copy)]
pub struct Fact<'a> {
    /// Index of the original.
    pub index: u64,
    /// Index of the event that says it: the original, or the correction that speaks for it.
    pub said_by: u64,
    pub subject: Subject,
    pub day: Date,
    pub data: &'a Data,
}

impl Fact<'_> {
    /// What happened first: by day, ties by original index.
    pub fn order(&self) -> (Date, u64) {
        (self.day, self.index)
    }
}

/// The last of some facts.
pub fn last<'f, 'a: 'f>(facts: impl Iterator<Item = &'f Fact<'a>>) -> Option<&'f Fact<'a>> {
    facts.max_by_key(|fact| fact.order())
}

/// The contents in force at a log size, of every day.
pub struct InForce<'a> {
    facts: Vec<Fact<'a>>,
    /// All that was recorded.
    events: &'a [Event],
    /// Who completed what by a day, as it was counted once.
    completed: RefCell<BTreeMap<Date, Rc<Vec<Completion>>>>,
}

impl<'a> InForce<'a> {
    /// The effective form of an event is its unretracted correction with the highest index; retracting
    /// the original hides all.
    pub fn new(story: &'a Story, known: u64) -> Self {
        let events = &story.events[..known as usize];
        let retracted: BTreeSet<_> = events
            .iter()
            .filter_map(|event| match &event.draft.data {
                Data::EventRetracted(retraction) => Some(retraction.target),
                _ => None,
            })
            .collect();
        let mut corrections = BTreeMap::new();
        for (index, event) in (0..).zip(events) {
            if let Data::EventCorrected(correction) = &event.draft.data
                && !retracted.contains(&event.draft.id)
            {
                corrections.insert(correction.target, (index, &correction.replacement));
            }
        }
        let effective = (0..).zip(events).filter_map(|(index, event)| {
            let draft = &event.draft;
            match draft.data {
                Data::EventCorrected(_) | Data::EventRetracted(_) => return None,
                _ if retracted.contains(&draft.id) => return None,
                _ => {}
            }
            let (said_by, subject, time, data) = match corrections.get(&draft.id) {
                Some((correction, form)) => (*correction, form.subject, form.time, &form.data),
                None => (index, draft.subject, draft.time, &draft.data),
            };
            Some(Fact { index, said_by, subject, day: time.date(), data })
        });
        Self { facts: effective.collect(), events, completed: RefCell::default() }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Fact<'a>> {
        self.facts.iter()
    }
}

/// Everything behind one question.
pub struct World<'a> {
    pub question: &'a Question,
    /// What happened by the day asked for.
    pub facts: Vec<Fact<'a>>,
    /// Merges, of every day: index, who is gone, into whom.
    merges: Vec<(u64, Subject, Subject)>,
    in_force: &'a InForce<'a>,
}

/// An IKM on the day.
pub struct Profile {
    pub since: Date,
    pub area: AreaCode,
    pub commodity: String,
    pub scales: Vec<Scaled>,
    pub works: bool,
    /// The person who owns it.
    pub owner: Option<Subject>,
}

/// A session that is not called off, with its days as last decided.
pub struct Session<'a> {
    /// Index of its scheduling.
    pub index: u64,
    pub program: Subject,
    pub id: SessionId,
    pub group: Option<&'a Code>,
    pub days: Vec<&'a SessionDay>,
}

impl Session<'_> {
    pub fn last_day(&self) -> Date {
        self.days.iter().map(|day| day.date).max().unwrap()
    }
}

impl<'a> World<'a> {
    pub fn new(in_force: &'a InForce<'a>, question: &'a Question) -> Self {
        let merges = in_force.facts.iter().filter_map(|fact| match fact.data {
            Data::IkmMerged(data) => Some((fact.index, fact.subject, Subject::Ikm(data.into))),
            Data::PersonMerged(data) => Some((fact.index, fact.subject, Subject::Person(data.into))),
            _ => None,
        });
        let facts = in_force.facts.iter().filter(|fact| fact.day <= question.on).copied();
        Self { question, facts: facts.collect(), merges: merges.collect(), in_force }
    }

    /// The same contents, asked about otherwise.
    pub fn asked<'q>(&'q self, question: &'q Question) -> World<'q> {
        World::new(self.in_force, question)
    }

    // Who counts as whom.

    /// The streams that one was merged into, one after the other, by merges before an index. Of several
    /// merges of one stream the last counts; a circle merges nobody.
    fn merged_into(&self, stream: Subject, before: u64) -> Vec<Subject> {
        let mut path = Vec::new();
        let mut at = stream;
        loop {
            let merges = self.merges.iter().filter(|(_, gone, _)| *gone == at);
            match merges.max_by_key(|(index, ..)| *index) {
                Some((index, _, into)) if *index < before => {
                    if path.len() == self.merges.len() {
                        return Vec::new();
                    }
                    path.push(*into);
                    at = *into;
                }
                _ => return path,
            }
        }
    }

    /// The IKM or person that a stream counts as.
    pub fn counts_as(&self, stream: Subject) -> Subject {
        self.merged_into(stream, u64::MAX).last().copied().unwrap_or(stream)
    }

    /// Whether what was recorded for `other` at an index was about `stream`, too: it was the same one by
    /// then.
    pub fn is_about(&self, index: u64, other: Subject, stream: Subject) -> bool {
        other == stream || self.merged_into(stream, index).contains(&other)
    }

    /// The registration that says who an IKM or person is: its own, else that of those merged into it
    /// that were registered by then the one that was registered first. And the day from which it is known.
    fn registration(&self, who: Subject) -> Option<(&Fact<'a>, Date)> {
        let registered = |fact: &&Fact<'_>| {
            matches!(fact.data, Data::IkmRegistered(_) | Data::PersonRegistered(_))
                && self.counts_as(fact.subject) == who
        };
        let streams: BTreeSet<Subject> =
            self.facts.iter().filter(registered).map(|fact| fact.subject).collect();
        let of =
            |stream: &Subject| last(self.facts.iter().filter(registered).filter(|f| f.subject == *stream));
        let all: Vec<&Fact<'_>> = streams.iter().filter_map(of).collect();
        let since = all.iter().map(|fact| fact.day).min()?;
        let own = all.iter().find(|fact| fact.subject == who);
        let first = all.iter().min_by_key(|fact| fact.order());
        Some((own.or(first)?, since))
    }

    /// The IKM that a person works for.
    pub fn works_for(&self, person: Subject) -> Option<Subject> {
        let registration = self.registration(person)?.0;
        let Data::PersonRegistered(data) = registration.data else { return None };
        let moved = |fact: &&Fact<'_>| match fact.data {
            Data::PersonProfileChanged(data) => {
                fact.subject == registration.subject && (data.ikm.is_some() || data.leaves_ikm == Some(true))
            }
            _ => false,
        };
        let ikm = match last(self.facts.iter().filter(moved)).map(|fact| fact.data) {
            Some(Data::PersonProfileChanged(data)) => data.ikm,
            _ => data.ikm,
        };
        Some(self.counts_as(Subject::Ikm(ikm?)))
    }

    /// Where a person was last said to be; where that was never said, the area of the IKM that they work for.
    pub fn area_of_person(&self, person: Subject) -> Option<AreaCode> {
        let registration = self.registration(person)?.0;
        let said = |fact: &&Fact<'_>| match fact.data {
            Data::PersonProfileChanged(data) => fact.subject == registration.subject && data.area.is_some(),
            _ => false,
        };
        let said = match (last(self.facts.iter().filter(said)).map(|fact| fact.data), registration.data) {
            (Some(Data::PersonProfileChanged(data)), _) => data.area,
            (_, Data::PersonRegistered(data)) => data.area,
            _ => None,
        };
        said.or_else(|| self.area_of(self.works_for(person)?))
    }

    /// All IKMs that are registered by the day, each under the stream that it counts as.
    pub fn ikms(&self) -> BTreeSet<Subject> {
        let registered = self.facts.iter().filter(|fact| matches!(fact.data, Data::IkmRegistered(_)));
        registered.map(|fact| self.counts_as(fact.subject)).collect()
    }

    /// Who an IKM is on the day: its registration and what its stream says of changes, in order.
    pub fn profile(&self, ikm: Subject) -> Option<Profile> {
        let (registration, since) = self.registration(ikm)?;
        let Data::IkmRegistered(data) = registration.data else { return None };
        let scales = |set: Option<&SetOf<Scaled>>| set.iter().flat_map(|set| set.iter()).copied().collect();
        let mut profile = Profile {
            since,
            area: data.area,
            commodity: data.commodity.to_string(),
            scales: scales(data.scales.as_ref()),
            works: true,
            owner: data.owner.map(Subject::Person),
        };
        let mut own: Vec<_> = self.facts.iter().filter(|fact| fact.subject == registration.subject).collect();
        own.sort_by_key(|fact| fact.order());
        for fact in own {
            match fact.data {
                Data::IkmProfileChanged(data) => {
                    profile.area = data.area.unwrap_or(profile.area);
                    if let Some(commodity) = &data.commodity {
                        profile.commodity = commodity.to_string();
                    }
                    profile.owner = data.owner.map(Subject::Person).or(profile.owner);
                    if data.scales.is_some() {
                        profile.scales = scales(data.scales.as_ref());
                    }
                }
                Data::IkmClosed(_) => profile.works = false,
                Data::IkmReopened(_) => profile.works = true,
                _ => {}
            }
        }
        Some(profile)
    }

    /// Area of an IKM on the day.
    pub fn area_of(&self, ikm: Subject) -> Option<AreaCode> {
        self.profile(ikm).map(|profile| profile.area)
    }

    // Programmes.

    /// The opening of a programme.
    pub fn opening(&self, program: Subject) -> Option<&'a ProgramOpened> {
        let openings = self.facts.iter().filter(|fact| fact.subject == program);
        match last(openings.filter(|fact| matches!(fact.data, Data::ProgramOpened(_))))?.data {
            Data::ProgramOpened(data) => Some(data),
            _ => None,
        }
    }

    pub fn program_area(&self, program: Subject) -> Option<AreaCode> {
        self.opening(program).map(|opening| opening.area)
    }

    /// The sessions on the calendar.
    pub fn sessions(&self) -> Vec<Session<'a>> {
        let says_days = |fact: &Fact<'a>, session| match fact.data {
            Data::SessionScheduled(data) if data.session == session => Some(&data.days),
            Data::SessionRescheduled(data) if data.session == session => Some(&data.days),
            _ => None,
        };
        let called_off = |session| {
            self.facts
                .iter()
                .any(|fact| matches!(fact.data, Data::SessionCancelled(data) if data.session == session))
        };
        let mut sessions = Vec::new();
        for fact in &self.facts {
            let Data::SessionScheduled(data) = fact.data else { continue };
            if called_off(data.session) {
                continue;
            }
            let decided = last(self.facts.iter().filter(|fact| says_days(fact, data.session).is_some()));
            let days = decided.and_then(|fact| says_days(fact, data.session)).unwrap();
            sessions.push(Session {
                index: fact.index,
                program: fact.subject,
                id: data.session,
                group: data.group.as_ref(),
                days: days.iter().collect(),
            });
        }
        sessions
    }

    /// All that was recorded, whatever came of it.
    pub fn recorded(&self) -> impl Iterator<Item = (u64, &'a Event)> {
        (0..).zip(self.in_force.events)
    }

    /// The same contents as they stood on another day, about everything.
    pub fn on<T>(&self, day: Date, ask: impl FnOnce(&World<'_>) -> T) -> T {
        let question = Question::new(day, self.question.as_known);
        ask(&self.asked(&question))
    }

    /// Who completed what by the day, whoever the question is about.
    pub fn completed(&self) -> Rc<Vec<Completion>> {
        let known = self.in_force.completed.borrow().get(&self.question.on).cloned();
        known.unwrap_or_else(|| {
            let completed = Rc::new(super::training::all_completions(self));
            self.in_force.completed.borrow_mut().insert(self.question.on, Rc::clone(&completed));
            completed
        })
    }

    /// The (session, day) pairs that concern a group, with their minutes: its own sessions, and those for all
    /// groups.
    pub fn minutes(&self, program: Subject, group: Option<&Code>) -> BTreeMap<(SessionId, Date), u32> {
        let concerns = |session: &Session<'_>| {
            session.program == program && (session.group.is_none() || session.group == group)
        };
        let sessions = self.sessions().into_iter().filter(concerns);
        let days = sessions.flat_map(|session| session.days.into_iter().map(move |day| (session.id, day)));
        days.map(|(session, day)| ((session, day.date), day.minutes())).collect()
    }

    /// The (session, day) pairs that concern a group.
    pub fn schedule(&self, program: Subject, group: Option<&Code>) -> BTreeSet<(SessionId, Date)> {
        let concerns = |session: &Session<'_>| {
            session.program == program && (session.group.is_none() || session.group == group)
        };
        let sessions = self.sessions().into_iter().filter(concerns);
        sessions.flat_map(|session| session.days.into_iter().map(move |day| (session.id, day.date))).collect()
    }

    // What the question is about.

    pub fn since(&self, day: Date) -> bool {
        self.question.from.is_none_or(|from| from <= day)
    }

    /// A province adds up its kabupaten and kota.
    pub fn wants_area(&self, area: Option<AreaCode>) -> bool {
        self.question
            .area
            .is_none_or(|wanted| area.is_some_and(|area| area == wanted || area.province() == wanted))
    }

    pub fn wants_ikm(&self, ikm: Subject) -> bool {
        self.wants_area(self.area_of(ikm)) && self.wants_scale(ikm)
    }

    fn wants_scale(&self, ikm: Subject) -> bool {
        let profile = || self.profile(ikm);
        self.question
            .scale
            .is_none_or(|wanted| profile().is_some_and(|profile| profile.scales.contains(&wanted)))
    }

    /// Where what came of a programme for an IKM, or a person in their own name, counts: in the programme's area, or in
    /// theirs if asked so.
    pub fn result_area(&self, program: Subject, ikm: Subject) -> Option<AreaCode> {
        match self.question.area_of {
            None => self.program_area(program),
            Some(AreaOf::Ikm) if matches!(ikm, Subject::Person(_)) => self.area_of_person(ikm),
            Some(AreaOf::Ikm) => self.area_of(ikm),
        }
    }

    pub fn wants_result(&self, program: Subject, ikm: Subject) -> bool {
        self.wants_program(program)
            && self.wants_area(self.result_area(program, ikm))
            && self.wants_scale(ikm)
    }

    /// Whether a programme fits by itself and its theme.
    pub fn wants_program_of_any_money(&self, program: Subject) -> bool {
        let of_theme = |wanted: &Code| self.opening(program).is_some_and(|opening| opening.theme == *wanted);
        self.question.program.is_none_or(|wanted| Subject::Program(wanted) == program)
            && self.question.theme.as_ref().is_none_or(of_theme)
    }

    pub fn wants_source(&self, source: &Code) -> bool {
        self.question.funding.as_ref().is_none_or(|wanted| wanted == source)
    }

    /// Money by any event: by its opening, or by a report of what it costs.
    pub fn wants_program(&self, program: Subject) -> bool {
        let opening = self.opening(program);
        let named = opening.iter().flat_map(|opening| opening.funding.iter()).flat_map(|set| set.iter());
        let reported =
            self.facts.iter().filter(|fact| fact.subject == program).filter_map(|fact| match fact.data {
                Data::SpendingReported(data) => Some(&data.source),
                _ => None,
            });
        let mut sources = named.map(|funding| &funding.source).chain(reported);
        self.wants_program_of_any_money(program)
            && (self.question.funding.is_none() || sources.any(|source| self.wants_source(source)))
    }
}

pub fn program(id: ProgramId) -> Subject {
    Subject::Program(id)
}

/// The persons that an event names.
pub fn named(persons: Option<&SetOf<PersonId>>) -> Vec<Subject> {
    persons.iter().flat_map(|set| set.iter()).map(|person| Subject::Person(*person)).collect()
}
