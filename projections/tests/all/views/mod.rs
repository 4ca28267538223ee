//! Small stories with figures counted by hand, by what the written definitions say.

mod answers;
mod areas;
mod beginners;
mod certificates;
mod claims;
mod corrections;
mod enrolments;
mod evidence;
mod funnel;
mod merges;
mod narrowed;
mod outcomes;
mod overdue;
mod participation;
mod programs;
mod register;
mod reports;
mod sentras;
mod series;
mod sessions;
mod stages;
mod training;
mod twice;

use jejak_events::types::Scale;
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::types::program::Unit;
use jejak_projections::answer::{Answer, Member, Who};
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Lineage;
use jejak_projections::question::Question;
use jejak_projections::views::{VIEWS, view};

use crate::story::{self, Happening, Story};

use AttendanceStatus::Present;

fn facts(story: &Story) -> Facts {
    let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
    for (position, event) in (0..).zip(&story.events) {
        facts.append_event(position, event, &mut lineage, story).unwrap();
    }
    facts
}

fn ask(story: &Story, name: &str, day: &str, narrow: impl FnOnce(&mut Question)) -> Answer {
    let mut question = Question::new(story::date(day), story.size());
    narrow(&mut question);
    view(name).unwrap().answer(&facts(story), &question).unwrap()
}

/// The figures, 0 also where one is not known; which are is told by [`known`] and held by the recount.
fn values(answer: &Answer) -> Vec<u64> {
    answer.figures.iter().map(|figure| figure.value.unwrap_or(0)).collect()
}

/// The figures, none where one is not known.
fn known(answer: &Answer) -> Vec<Option<u64>> {
    answer.figures.iter().map(|figure| figure.value).collect()
}

/// The figures of a view on a day, in declared order; by the name of a figure, that figure alone. A funnel has no
/// total over programmes: asked is programme 1.
fn figures(story: &Story, name: &str, day: &str) -> Vec<u64> {
    let answer = ask(story, name, day, |question| {
        question.program = (name == "funnel").then(|| story::program(1));
    });
    match answer.view == name {
        true => values(&answer),
        false => vec![answer.value(name).unwrap()],
    }
}

/// The same of a version that may be an older one.
fn ask_version(
    story: &Story,
    (name, version): (&str, u32),
    day: &str,
    narrow: impl FnOnce(&mut Question),
) -> Answer {
    let view = VIEWS.iter().find(|view| view.name == name && view.version == version).unwrap();
    let mut question = Question::new(story::date(day), story.size());
    narrow(&mut question);
    view.answer(&facts(story), &question).unwrap()
}

/// The figures of a view in a version that may be an older one.
fn figures_of_version(story: &Story, name: &str, version: u32, day: &str) -> Vec<u64> {
    values(&ask_version(story, (name, version), day, |_| {}))
}

/// The figures as they were known when the log had a size.
fn figures_known(story: &Story, name: &str, day: &str, known: u64) -> Vec<u64> {
    values(&ask(story, name, day, |question| question.as_known = known))
}

/// One figure by the values of a breakdown; those where it is 0 left out.
fn by(answer: &Answer, breakdown: &str, figure: &str) -> Vec<(String, u64)> {
    let place = answer.figures.iter().position(|one| one.name == figure).unwrap();
    let breakdown = answer.breakdowns.iter().find(|one| one.by == breakdown).unwrap();
    let value = |row: &jejak_projections::answer::BreakdownRow| {
        (row.key.clone().unwrap_or_else(|| "-".to_owned()), row.figures[place].value.unwrap_or(0))
    };
    breakdown.rows.iter().map(value).filter(|(_, value)| *value > 0).collect()
}

/// One figure by area; those where it is 0 left out.
fn by_area(answer: &Answer, figure: &str) -> Vec<(String, u64)> {
    let place = answer.figures.iter().position(|one| one.name == figure).unwrap();
    let value = |row: &jejak_projections::answer::AreaRow| {
        (row.area.map_or("-".to_owned(), |area| area.to_string()), row.figures[place].value.unwrap_or(0))
    };
    answer.by_area.iter().map(value).filter(|(_, value)| *value > 0).collect()
}

/// Who is behind an answer, by their numbers in the story: the kind, the number, the area, the events,
/// and the figures that they count in.
fn told(answer: &Answer) -> Vec<String> {
    let mut told: Vec<String> = answer.members.iter().map(one).collect();
    told.sort();
    told
}

fn one(member: &Member) -> String {
    let number = |id: uuid::Uuid| u32::from_be_bytes(id.as_bytes()[12..].try_into().unwrap());
    let who = match member.who {
        Who::Ikm(id) => format!("ikm {}", number(id)),
        Who::Person(id) => format!("person {}", number(id)),
        Who::Session(id) => format!("session {}", number(id)),
        Who::Program(id) => format!("program {}", number(id)),
        Who::Sentra(id) => format!("sentra {}", number(id)),
        Who::Area(_) => "area".to_owned(),
        Who::Claim(id) => format!("claim {}", number(id)),
    };
    let area = member.area.map_or("-".to_owned(), |area| area.to_string());
    format!("{who} in {area} by {:?}: {}", member.events, member.figures.join(" "))
}

/// For comparisons with [`by`] and [`by_area`].
fn rows(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
    rows.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect()
}

fn tell(happenings: Vec<(&str, Happening)>) -> Story {
    let mut story = Story::default();
    for (day, happening) in happenings {
        story.add(day, happening);
    }
    story
}

/// Asserts the figures of a view on one day after the other.
fn on_days(story: &Story, name: &str, days: &[(&str, &[u64])]) {
    for (day, expected) in days {
        assert_eq!(figures(story, name, day), *expected, "{name} on {day}");
    }
}

/// Events 0 to 4: two IKMs, a programme of unit person in two sessions with three days in all, and
/// both IKMs enrolled (events 5 and 6).
fn export_training() -> Story {
    tell(vec![
        ("2023-01-10", story::registered(1, "35.76", Some(Scale::Kecil))),
        ("2023-01-10", story::registered(2, "33.75", Some(Scale::Menengah))),
        ("2023-10-01", story::opened(1, "35.76", "export", Unit::Person, None)),
        ("2023-10-02", story::scheduled(1, 1, None, &["2023-10-24", "2023-10-25"])),
        ("2023-10-02", story::scheduled(1, 2, None, &["2023-10-26"])),
        ("2023-10-10", story::enrolled(1, 1, None, &[11, 12])),
        ("2023-10-10", story::enrolled(2, 1, None, &[21])),
    ])
}

fn attend(story: &mut Story, who: u32, person: u32, days: &[(u32, &str, AttendanceStatus)]) {
    for (session, day, status) in days {
        story.add(day, story::attended(who, (1, *session), day, Some(person), *status));
    }
}

const ALL: [(u32, &str, AttendanceStatus); 3] =
    [(1, "2023-10-24", Present), (1, "2023-10-25", Present), (2, "2023-10-26", Present)];
