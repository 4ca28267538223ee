//! `programs`, `spending`, `sessions_held`, `method_mix`, `targets`.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::SessionId;
use jejak_events::identity::Subject;
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::types::program::Unit;
use jejak_events::types::{Data, FundingStage};
use jejak_events::values::Date;
use jejak_projections::answer::FigureUnit;
use jejak_projections::question::{Filter, Question};
use jejak_projections::views::{ViewDeclaration, current_views};

use super::world::{Fact, World, last};
use super::{Counted, recount_in};

/// The opening of each programme, as far as the question is about it.
fn openings<'w, 'a>(world: &'w World<'a>) -> BTreeMap<Subject, &'w Fact<'a>> {
    let is_opening = |fact: &&Fact<'_>| matches!(fact.data, Data::ProgramOpened(_));
    let programs = world.facts.iter().filter(is_opening).map(|fact| fact.subject);
    let wanted = programs
        .filter(|program| world.wants_program(*program) && world.wants_area(world.program_area(*program)));
    let opening =
        |program| last(world.facts.iter().filter(is_opening).filter(|fact| fact.subject == program));
    wanted.map(|program| (program, opening(program).unwrap())).collect()
}

pub fn programs(world: &World<'_>, counted: &mut Counted) {
    for (program, opening) in openings(world) {
        let closed = |fact: &Fact<'_>| fact.subject == program && matches!(fact.data, Data::ProgramClosed(_));
        if world.since(opening.day) {
            counted.one("programs", program);
            if !world.facts.iter().any(closed) {
                counted.one("programs_open", program);
            }
        }
    }
}

pub fn spending(world: &World<'_>, counted: &mut Counted) {
    let mut latest = BTreeMap::new();
    for fact in &world.facts {
        let Data::SpendingReported(data) = fact.data else { continue };
        let what = (fact.subject, data.stage, data.source.to_string(), data.fiscal_year);
        let report = latest.entry(what).or_insert((fact.order(), data.amount));
        if report.0 < fact.order() {
            *report = (fact.order(), data.amount);
        }
    }
    let of_allocation = |(program, stage, source, _): &(Subject, FundingStage, String, _)| {
        (*stage == FundingStage::Allocated).then(|| (*program, source.clone()))
    };
    let allocated: BTreeSet<_> = latest.keys().filter_map(of_allocation).collect();
    let mut realised: BTreeMap<Subject, u64> = BTreeMap::new();
    let mut programs = BTreeSet::new();
    for ((program, stage, source, year), (_, amount)) in latest {
        let wanted = world.wants_program_of_any_money(program)
            && world.wants_area(world.program_area(program))
            && world.question.funding.as_ref().is_none_or(|wanted| **wanted == *source);
        if world.opening(program).is_none() || !wanted {
            continue;
        }
        let figure = match stage {
            FundingStage::Planned => "spending_planned",
            FundingStage::Allocated => "spending_allocated",
            FundingStage::Realised => "spending_realised",
        };
        let amount = amount.get() as u64;
        programs.insert(program);
        if stage == FundingStage::Realised {
            *realised.entry(program).or_default() += amount;
            if allocated.contains(&(program, source.clone())) {
                counted.amount("spending_absorbed", format!("{program} {source} {year:?}"), amount);
            }
        }
        counted.amount(figure, format!("{program} {source} {year:?}"), amount);
    }
    // What one programme cost for each; there is nothing of the kind for several.
    let mut programs = programs.into_iter();
    let (Some(program), None) = (programs.next(), programs.next()) else { return };
    let Some(amount) = realised.get(&program) else { return };
    for (figure, divisor) in costs_for(world, program) {
        if let Some(each) = divisor.and_then(|divisor| amount.checked_div(divisor)) {
            counted.amount(figure, program, each);
        }
    }
}

/// Who took part in a programme, who completed it, in its unit, and the certificates that name it.
fn costs_for(world: &World<'_>, program: Subject) -> [(&'static str, Option<u64>); 3] {
    let unit = world.opening(program).map(|opening| opening.unit);
    let of = |ikms: &str, persons: &str| {
        let figure = if unit == Some(Unit::Person) { persons } else { ikms };
        let Subject::Program(id) = program else { return None };
        let plain = Question::new(world.question.on, world.question.as_known);
        realised(world, Question { program: Some(id), ..plain }, figure, None).flatten()
    };
    let names = |fact: &&Fact<'_>| match fact.data {
        Data::CertificateIssued(data) => data.program.map(super::world::program) == Some(program),
        _ => false,
    };
    let certificates: BTreeSet<_> = world.facts.iter().filter(names).map(|fact| fact.subject).collect();
    [
        ("spending_per_participant", of("participated", "participated_persons")),
        ("spending_per_completer", of("trained", "trained_persons")),
        ("spending_per_certificate", Some(certificates.len() as u64)),
    ]
}

/// Whether anybody was present in a session, or on a day of it.
pub fn attended(world: &World<'_>, session: SessionId, day: Option<Date>) -> bool {
    world.facts.iter().any(|fact| match fact.data {
        Data::TrainingAttended(data) => {
            data.session == session
                && data.status == AttendanceStatus::Present
                && day.is_none_or(|day| data.day == day)
        }
        _ => false,
    })
}

pub fn sessions_held(world: &World<'_>, counted: &mut Counted) {
    for session in world.sessions() {
        let last = session.last_day();
        if last <= world.question.on
            && world.since(last)
            && world.wants_program(session.program)
            && world.wants_area(world.program_area(session.program))
        {
            counted.one("sessions_scheduled", session.id.uuid());
            match attended(world, session.id, None) {
                true => counted.one("sessions_held", session.id.uuid()),
                false => counted.one("no_attendance_recorded", session.id.uuid()),
            }
        }
    }
}

pub fn method_mix(world: &World<'_>, counted: &mut Counted) {
    for session in world.sessions() {
        if !world.wants_program(session.program) || !world.wants_area(world.program_area(session.program)) {
            continue;
        }
        for day in session.days.iter().filter(|day| world.since(day.date)) {
            let (theory, practice) = (day.theory_minutes.get().into(), day.practice_minutes.get().into());
            let mut add = |figures: [&'static str; 3]| {
                for (figure, minutes) in figures.into_iter().zip([theory, practice, theory + practice]) {
                    counted.amount(figure, format!("{} {}", session.id.uuid(), day.date), minutes);
                }
            };
            add(["theory_planned", "practice_planned", "all_planned"]);
            if day.date <= world.question.on && attended(world, session.id, Some(day.date)) {
                add(["theory_held", "practice_held", "all_held"]);
            }
        }
    }
}

pub fn targets(world: &World<'_>, counted: &mut Counted) {
    let mut sums = Vec::new();
    for (program, opening) in openings(world) {
        let Data::ProgramOpened(data) = opening.data else { continue };
        for target in data.targets.iter().flat_map(|set| set.iter()) {
            let Subject::Program(id) = program else { continue };
            let plain = Question::new(world.question.on, world.question.as_known);
            let question = Question { program: Some(id), ..plain };
            let aim =
                target.figure.as_ref().map_or_else(|| format!("{:?}", target.text), |code| code.to_string());
            sums.push(Aim {
                what: format!("{program} {aim}"),
                added_to: aim,
                realised: target.figure.as_ref().and_then(|name| realised(world, question, name, target.due)),
                value: target.value.get().into(),
                baseline: target.baseline.map(|before| before.value.get().into()),
                due: target.due,
            });
        }
    }
    for fact in &world.facts {
        let (Data::TargetSet(set), Subject::Area(area)) = (fact.data, fact.subject) else { continue };
        let asked = world.question;
        let of_theme = asked.theme.as_ref().is_none_or(|theme| set.theme.as_ref() == Some(theme));
        if asked.program.is_some() || asked.funding.is_some() || !of_theme || !world.wants_area(Some(area)) {
            continue;
        }
        let plain = Question::new(asked.on, asked.as_known);
        let question = Question { area: Some(area), theme: set.theme.clone(), ..plain };
        let what = format!("{area} {}", fact.index);
        sums.push(Aim {
            added_to: what.clone(),
            what,
            realised: set.figure.as_ref().and_then(|name| realised(world, question, name, Some(set.due))),
            value: set.value.get().into(),
            baseline: set.baseline.map(|before| before.value.get().into()),
            due: Some(set.due),
        });
    }
    tell_targets(world, &sums, counted);
}

/// A target that the question is about.
struct Aim {
    what: String,
    /// Those that are alike are added up.
    added_to: String,
    realised: Option<Option<u64>>,
    value: u64,
    baseline: Option<u64>,
    due: Option<Date>,
}

fn tell_targets(world: &World<'_>, aims: &[Aim], counted: &mut Counted) {
    let (counted_ones, in_words): (Vec<_>, Vec<_>) = aims.iter().partition(|aim| aim.realised.is_some());
    in_words.iter().for_each(|aim| counted.one("targets_in_words", &aim.what));
    let on = world.question.on;
    let known = world.recorded().take_while(|(index, _)| *index < world.question.as_known).last();
    let last = known.map(|(_, event)| event.recorded.date_in(event.draft.source.area));
    for aim in &counted_ones {
        counted.one("targets", &aim.what);
        let realised = aim.realised.flatten();
        let is_over = |due: Date| due < on || (due == on && last.is_some_and(|last| last > due));
        match realised {
            Some(realised) if realised >= aim.value => counted.one("targets_reached", &aim.what),
            _ if aim.due.is_none() => counted.one("targets_without_day", &aim.what),
            _ if !aim.due.is_some_and(is_over) => counted.one("targets_not_yet_due", &aim.what),
            Some(_) => counted.one("targets_missed", &aim.what),
            None => {}
        }
    }
    // Targets of different figures are not added up, nor those of areas.
    let alike: BTreeSet<_> = counted_ones.iter().map(|aim| &aim.added_to).collect();
    for aim in counted_ones.iter().filter(|_| alike.len() == 1) {
        counted.amount("target_value", &aim.what, aim.value);
        let told = [("target_realised", aim.realised.flatten()), ("target_baseline", aim.baseline)];
        for (figure, amount) in told {
            amount.into_iter().for_each(|amount| counted.amount(figure, &aim.what, amount));
        }
    }
}

/// The figure of that name on the due day, or before it on the day asked for, narrowed to the programme or the
/// area, as the view that gives it answers; none where no other view gives it that can be narrowed so.
fn realised(world: &World<'_>, question: Question, name: &str, due: Option<Date>) -> Option<Option<u64>> {
    let question = Question { on: due.map_or(question.on, |due| due.min(question.on)), ..question };
    // Percents of programmes are not added up, and a mean score is of one criterion.
    let aimed_at = |view: &ViewDeclaration, unit: FigureUnit| match unit {
        FigureUnit::Percent => !view.filters.contains(&Filter::Program),
        unit => !matches!(unit, FigureUnit::Event | FigureUnit::MedianDays | FigureUnit::RupiahEach),
    };
    let view = current_views().find(|view| {
        !["targets", "claims"].contains(&view.name)
            && question.filters().all(|filter| view.filters.contains(&filter))
            && view.figures.iter().any(|figure| figure.name == name && aimed_at(view, figure.unit))
    })?;
    let unit = view.figures.iter().find(|figure| figure.name == name)?.unit;
    let counted = recount_in(view, &world.asked(&question));
    let otherwise = (!unit.is_said() && !counted.has_no_total(name)).then_some(0);
    Some(counted.value(name).or(otherwise))
}
