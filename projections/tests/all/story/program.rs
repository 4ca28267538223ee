//! Programmes: calendar, places, attendance, money.

use jejak_events::identity::Subject;
use jejak_events::types::ikm::{
    AttendanceStatus, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    TrainingAttended,
};
use jejak_events::types::program::{
    Funding, ProgramClosed, ProgramOpened, SessionCancelled, SessionDay, SessionRescheduled,
    SessionScheduled, SpendingReported, Target, Unit,
};
use jejak_events::types::{Baseline, Data, FundingStage};
use jejak_events::values::{Count, Minutes, Percent, SetOf};

use super::{
    Happening, area, code, count, date, facts, ikm, person, persons, program, rupiah, sentra, session, text,
    year,
};

fn of(number: u32) -> Subject {
    Subject::Program(program(number))
}

/// With money from the city's budget (`apbd`) when the number is even.
pub fn opened(number: u32, at: &str, theme: &str, unit: Unit, percent: Option<u8>) -> Happening {
    let sources: &[&str] = if number.is_multiple_of(2) { &["apbd"] } else { &[] };
    opened_for(number, at, theme, unit, percent, sources, &[])
}

pub fn opened_for(
    number: u32,
    at: &str,
    theme: &str,
    unit: Unit,
    percent: Option<u8>,
    sources: &[&str],
    targets: &[(&str, u32)],
) -> Happening {
    let targets = targets.iter().map(|(name, value)| aim(name, *value, None)).collect();
    opened_to_reach(number, at, (theme, unit), percent, sources, targets)
}

/// A target, in words where it has no figure, with its due day.
pub fn aim(figure: &str, value: u32, due: Option<&str>) -> Target {
    let baseline = due.map(|_| Baseline { value: count(1), year: year(2024) });
    let words = figure.contains(' ');
    Target {
        baseline,
        due: due.map(date),
        figure: (!words).then(|| code(figure)),
        text: words.then(|| text(figure)),
        value: count(value),
    }
}

pub fn opened_to_reach(
    number: u32,
    at: &str,
    (theme, unit): (&str, Unit),
    percent: Option<u8>,
    sources: &[&str],
    targets: Vec<Target>,
) -> Happening {
    let funding = |source: &&str| Funding { fiscal_year: year(2025), source: code(source) };
    let data = facts!(ProgramOpened {
        area: area(at),
        organiser: text("Dinas Perindustrian"),
        theme: code(theme),
        title: text("Pelatihan (synthetic)"),
        unit: unit,
        completion_percent: percent.map(|percent| Percent::new(percent).unwrap()),
        eligibility: None,
        funding: SetOf::new(sources.iter().map(funding).collect()),
        legal_basis: None,
        partners: None,
        quota: Count::new(30),
        targets: SetOf::new(targets),
    });
    (of(number), data)
}

/// The same with places for all who come.
pub fn without_quota((subject, mut data): Happening) -> Happening {
    match &mut data {
        Data::ProgramOpened(data) => data.quota = None,
        other => panic!("{other:?} has no quota"),
    }
    (subject, data)
}

pub fn program_closed(number: u32) -> Happening {
    (of(number), facts!(ProgramClosed { reason: None }))
}

/// Days of 72 minutes of theory and 288 of practice.
fn days(days: &[&str]) -> SetOf<SessionDay> {
    let minutes = |minutes| Minutes::new(minutes).unwrap();
    let day = |day: &&str| SessionDay {
        date: date(day),
        practice_minutes: minutes(288),
        theory_minutes: minutes(72),
    };
    SetOf::new(days.iter().map(day).collect()).unwrap()
}

pub fn scheduled(of: u32, number: u32, group: Option<&str>, on: &[&str]) -> Happening {
    scheduled_at(of, number, group, on, None)
}

/// `at`: the sentra that the session is held for.
pub fn scheduled_at(
    program: u32,
    number: u32,
    group: Option<&str>,
    on: &[&str],
    at: Option<u32>,
) -> Happening {
    let data = facts!(SessionScheduled {
        days: days(on),
        session: session(number),
        venue: text("Aula"),
        group: group.map(code),
        instructors: None,
        sentra: at.map(sentra),
        topics: None,
    });
    (of(program), data)
}

pub fn rescheduled(program: u32, number: u32, on: &[&str]) -> Happening {
    (of(program), facts!(SessionRescheduled { days: days(on), session: session(number), venue: None }))
}

pub fn cancelled(program: u32, number: u32) -> Happening {
    (of(program), facts!(SessionCancelled { reason: code("flood"), session: session(number) }))
}

pub fn spent(on: u32, stage: FundingStage, source: &str, fiscal_year: Option<u16>, amount: i64) -> Happening {
    let data = facts!(SpendingReported {
        amount: rupiah(amount),
        source: code(source),
        stage: stage,
        fiscal_year: fiscal_year.map(year),
    });
    (of(on), data)
}

pub fn enrolled(who: u32, on: u32, group: Option<&str>, sent: &[u32]) -> Happening {
    let data = facts!(EnrolmentMade { program: program(on), group: group.map(code), persons: persons(sent) });
    (Subject::Ikm(ikm(who)), data)
}

/// The same in the name of a person, who sends nobody.
pub fn in_own_name(who: u32, (_, mut data): Happening) -> Happening {
    match &mut data {
        Data::EnrolmentMade(data) => data.persons = None,
        Data::EnrolmentWaitlisted(data) => data.persons = None,
        Data::EnrolmentPromoted(data) => data.persons = None,
        Data::EnrolmentWithdrawn(data) => data.persons = None,
        Data::TrainingAttended(data) => data.person = None,
        other => panic!("{other:?} is not of a person"),
    }
    (Subject::Person(person(who)), data)
}

pub fn waitlisted(who: u32, on: u32, group: Option<&str>, sent: &[u32]) -> Happening {
    let data =
        facts!(EnrolmentWaitlisted { program: program(on), group: group.map(code), persons: persons(sent) });
    (Subject::Ikm(ikm(who)), data)
}

pub fn promoted(who: u32, on: u32, group: Option<&str>, sent: &[u32]) -> Happening {
    let data =
        facts!(EnrolmentPromoted { program: program(on), group: group.map(code), persons: persons(sent) });
    (Subject::Ikm(ikm(who)), data)
}

/// `who_leave`: the only persons; all when empty.
pub fn withdrawn(who: u32, on: u32, who_leave: &[u32]) -> Happening {
    withdrawn_for("busy", who, on, who_leave)
}

pub fn withdrawn_for(reason: &str, who: u32, on: u32, who_leave: &[u32]) -> Happening {
    let data = facts!(EnrolmentWithdrawn {
        program: program(on),
        reason: code(reason),
        persons: persons(who_leave),
    });
    (Subject::Ikm(ikm(who)), data)
}

pub fn attended(who: u32, at: (u32, u32), day: &str, of: Option<u32>, status: AttendanceStatus) -> Happening {
    attended_for(who, at, day, (of, Some(360)), status)
}

/// `of`: the person, and the minutes attended; the whole day where they are not said.
pub fn attended_for(
    who: u32,
    (on, at): (u32, u32),
    day: &str,
    (of, minutes): (Option<u32>, Option<u16>),
    status: AttendanceStatus,
) -> Happening {
    let data = facts!(TrainingAttended {
        day: date(day),
        program: program(on),
        session: session(at),
        status: status,
        minutes: minutes.and_then(Minutes::new),
        person: of.map(person),
    });
    (Subject::Ikm(ikm(who)), data)
}
