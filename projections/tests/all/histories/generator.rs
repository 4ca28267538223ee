//! Random histories over all types of events.
//!
//! What happens comes from a world of few IKMs, programmes and days, so that things meet. The rules of the
//! registry are not kept on purpose: a view must be well defined on any history.

use jejak_events::identity::Subject;
use jejak_events::types::Data;
use jejak_events::types::ikm::{AttendanceStatus, Verdict};

use super::kinds::{AREAS, DAYS, Dice, IKMS, KINDS, PERSONS, PROGRAMS, make};
use crate::story::{self, Story};

/// Offices that record, of two time zones; what is recorded late in the evening is of the next day in both.
const OFFICES: [(&str, &str); 4] =
    [("33.75", "dinperinaker"), ("33.75", "disperin"), ("33.74", "disperin"), ("71.71", "disperin")];

/// One step of a history; it rolls its own dice, so that the others stay when it is left out.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    what: What,
    seed: u64,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Happens(&'static str),
    /// Any event is corrected.
    Correct,
    /// A merge is corrected.
    CorrectMerge,
    /// Any event, or a correction, is retracted.
    Retract,
    /// A merge is undone.
    Unmerge,
    /// Those enrolled attend all that is on the calendar for them.
    AttendAll,
    /// A duplicate does something, is merged, and the one that is left goes on.
    Twins,
    /// Somebody's data are erased on request, and a document about them is withdrawn.
    Erase,
    /// All IKMs complete a programme, are assessed in it, and hold certificates that name it.
    Graduate,
    /// All IKMs report turnover of the year before and of months after, and their workforce then.
    ReportTurnover,
}

/// What most histories begin with: without it little else counts.
const PROLOGUE: [&str; 16] = [
    "ikm.registered",
    "ikm.registered",
    "ikm.registered",
    "person.registered",
    "person.registered",
    "program.opened",
    "program.opened",
    "program.opened",
    "program.session_scheduled",
    "program.session_scheduled",
    "program.session_scheduled",
    "enrolment.made",
    "enrolment.made",
    "enrolment.made",
    "enrolment.made",
    "sentra.planned",
];

/// The steps of the history with this seed.
pub fn steps(seed: u64) -> Vec<Step> {
    let mut dice = Dice::new(seed);
    let length = 10 + dice.below(110);
    let mut steps = Vec::new();
    if !dice.one_in(4) {
        steps.extend(PROLOGUE.map(|name| Step { what: What::Happens(name), seed: dice.roll() }));
        steps.push(Step { what: What::AttendAll, seed: dice.roll() });
    }
    let weights: u32 = KINDS.iter().map(|(_, weight, _)| weight).sum();
    for _ in 0..length {
        let what = match dice.below(20) {
            0 | 1 => What::Correct,
            2 => What::Retract,
            3 if dice.one_in(2) => What::CorrectMerge,
            3 => What::Unmerge,
            4 => What::AttendAll,
            5 if dice.one_in(4) => What::ReportTurnover,
            5 if dice.one_in(2) => What::Twins,
            6 if dice.one_in(2) => What::Erase,
            7 if dice.one_in(4) => What::Graduate,
            _ => {
                let mut at = dice.below(weights);
                let (name, ..) = KINDS
                    .iter()
                    .find(|(_, weight, _)| {
                        let here = at < *weight;
                        at = at.saturating_sub(*weight);
                        here
                    })
                    .unwrap();
                What::Happens(name)
            }
        };
        steps.push(Step { what, seed: dice.roll() });
    }
    steps
}

/// The log that the steps make; a correction or retraction without a target makes nothing.
pub fn tell(steps: &[Step]) -> Story {
    let mut story = Story::default();
    for step in steps {
        let dice = &mut Dice::new(step.seed);
        let is_merge = |data: &Data| matches!(data, Data::IkmMerged(_) | Data::PersonMerged(_));
        let is_retraction = |data: &Data| matches!(data, Data::EventRetracted(_));
        let is_amendment = |data: &Data| matches!(data, Data::EventRetracted(_) | Data::EventCorrected(_));
        let day = dice.pick(&DAYS);
        story.office = Some(dice.pick(&OFFICES));
        // From before the first of the days on, so that some is recorded late and some early.
        story.days_later = story.days_later.max(400) + i64::from(dice.below(9));
        match step.what {
            What::Happens(name) => _ = story.add(day, make(name)(dice)),
            What::Correct => {
                if let Some(at) = target(&story, dice, &|data| !is_amendment(data) && !stands(data)) {
                    correct(&mut story, dice, at, day);
                }
            }
            What::CorrectMerge => {
                if let Some(at) = target(&story, dice, &is_merge) {
                    correct(&mut story, dice, at, day);
                }
            }
            What::Retract => {
                if let Some(at) = target(&story, dice, &|data| !is_retraction(data) && !stands(data)) {
                    story.retract(at);
                }
            }
            What::AttendAll => (0..3).for_each(|_| attend_all(&mut story, dice)),
            What::Twins => twins(&mut story, dice),
            What::Graduate => graduate(&mut story, dice),
            What::Erase => erase(&mut story, dice, day),
            What::ReportTurnover => {
                for ikm in 0..IKMS {
                    story.add("2025-01-31", story::turnover(ikm, ("2024-01-01", "2024-12-31")));
                    story.add("2025-08-01", story::turnover(ikm, ("2025-05-01", "2025-07-31")));
                    story.add("2025-01-31", story::workforce(ikm, ("2024-10-01", "2024-12-31")));
                    story.add("2025-08-01", story::workforce(ikm, ("2025-05-01", "2025-07-31")));
                }
            }
            What::Unmerge => {
                if let Some(at) = target(&story, dice, &is_merge) {
                    story.retract(at);
                }
            }
        }
    }
    story
}

fn target(story: &Story, dice: &mut Dice, suits: &dyn Fn(&Data) -> bool) -> Option<u64> {
    let all = (0..).zip(&story.events).filter(|(_, event)| suits(&event.draft.data));
    let all: Vec<u64> = all.map(|(index, _)| index).collect();
    (!all.is_empty()).then(|| dice.pick(&all))
}

/// Whether an event can be neither corrected nor retracted.
fn stands(data: &Data) -> bool {
    matches!(
        data,
        Data::EvidenceRedacted(_)
            | Data::FiguresReleased(_)
            | Data::IkmErased(_)
            | Data::IkmErasureRequested(_)
            | Data::PersonErased(_)
            | Data::PersonErasureRequested(_)
            | Data::KeyIntroduced(_)
            | Data::RulesAdopted(_)
    )
}

/// A request and what answers it, with something between them now and then.
fn erase(story: &mut Story, dice: &mut Dice, day: &str) {
    let (ikm, person, of_ikm) = (dice.below(IKMS), dice.below(PERSONS), dice.one_in(2));
    let request = match of_ikm {
        true => story.add(day, story::ikm_erasure_requested(ikm)),
        false => story.add(day, story::person_erasure_requested(person)),
    };
    if dice.one_in(3) {
        let merge =
            if of_ikm { story::merged(ikm, dice.below(IKMS)) } else { story::person_merged(person, 0) };
        story.add(day, merge);
    }
    match of_ikm {
        true => story.add(day, story::ikm_erased(ikm, request)),
        false => story.add(day, story::person_erased(person, request)),
    };
    if let Some(at) = target(story, dice, &|data| !stands(data)) {
        let subject = story.events[at as usize].draft.subject;
        story.add(day, story::redacted(subject, at));
    }
}

/// By some enrolment: without it hardly anybody completes anything.
fn attend_all(story: &mut Story, dice: &mut Dice) {
    let Some(at) = target(story, dice, &|data| matches!(data, Data::EnrolmentMade(_))) else { return };
    let enrolment = story.events[at as usize].draft.clone();
    let (enrolled, Data::EnrolmentMade(place)) = (enrolment.subject, enrolment.data) else { return };
    let mut sent = vec![];
    for event in &story.events {
        let Data::SessionScheduled(session) = &event.draft.data else { continue };
        if event.draft.subject == Subject::Program(place.program) {
            sent.extend(session.days.iter().map(|day| (session.session, day.date)));
        }
    }
    let persons: Vec<_> = place.persons.iter().flat_map(|set| set.iter().copied().map(Some)).collect();
    for (session, day) in sent {
        for person in if persons.is_empty() { &[None][..] } else { &persons } {
            let (_, data) = story::attended(0, (0, 0), "2025-03-01", None, AttendanceStatus::Present);
            let Data::TrainingAttended(mut data) = data else { return };
            (data.program, data.session, data.day, data.person) = (place.program, session, day, *person);
            story.add(&day.to_string(), (enrolled, Data::TrainingAttended(data)));
        }
    }
}

/// A median is of three or more: by chance as many hardly ever get as far.
fn graduate(story: &mut Story, dice: &mut Dice) {
    let (program, session) = (dice.below(PROGRAMS), 7);
    story.add(DAYS[0], story::scheduled(program, session, None, &[DAYS[1]]));
    for ikm in 0..IKMS {
        let sent = (None, None);
        story.add(DAYS[0], story::enrolled(ikm, program, None, &[]));
        story.add(
            DAYS[1],
            story::attended_for(ikm, (program, session), DAYS[1], sent, AttendanceStatus::Present),
        );
        let scores = [("energy", 1_000 + dice.below(3_000)), ("waste", 4_000)];
        story.add(dice.pick(&DAYS[2..]), story::scored(ikm, program, "sih_batik", Verdict::Passed, &scores));
        let (from, holder) = (dice.pick(&DAYS[2..]), story::by_ikm(ikm));
        let certificate =
            story::certified_through(10 + ikm, Some(program), "sih", holder, from, "2028-12-31");
        story.add(from, certificate);
    }
}

/// What is recorded before and after a merge for either of the two; some of it is left out.
fn twins(story: &mut Story, dice: &mut Dice) {
    let (ikm, person) = (dice.below(IKMS), dice.below(PERSONS));
    let (twin, twin_person) = ((ikm + 1) % IKMS, (person + 1) % PERSONS);
    let (program, sentra, area) = (dice.below(PROGRAMS), dice.below(2), dice.pick(&AREAS));
    let holder = story::by_person(twin_person);
    let mut steps = vec![
        story::registered(twin, area, None),
        story::person_registered(twin_person, Some(twin)),
        story::enrolled(twin, program, None, &[twin_person, person]),
        story::waitlisted(twin, program, None, &[twin_person]),
        story::member_joined(twin, sentra),
        story::certified_through(dice.below(4), Some(program), "sih", holder, DAYS[0], "2026-12-31"),
        story::merged(twin, ikm),
        story::person_merged(twin_person, person),
        story::withdrawn(ikm, program, &[person]),
        story::member_left(ikm, sentra),
    ];
    // Now and then what is given up is given up before the merge.
    if dice.one_in(3) {
        steps.swap(6, 8);
        steps.swap(7, 9);
    }
    for step in steps {
        if !dice.one_in(4) {
            story.add(dice.pick(&DAYS), step);
        }
    }
}

/// The replacement is of the same type, and mostly of the same stream.
fn correct(story: &mut Story, dice: &mut Dice, at: u64, day: &str) {
    let original = &story.events[at as usize].draft;
    let name = short(original.data.type_name());
    let was: Subject = original.subject;
    let (other, data) = make(name)(dice);
    let subject = if dice.one_in(4) { other } else { was };
    story.correct(at, day, (subject, data));
}

/// `ikm.closed` of `id.jejak.ikm.closed.v1`.
pub fn short(type_name: &str) -> &str {
    type_name.strip_prefix("id.jejak.").and_then(|name| name.rsplit_once('.')).unwrap().0
}
