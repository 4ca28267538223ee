//! Two days of one history: what is told of who entered and left holds against the answers on each day alone, and a
//! cause against the events themselves.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, Member, MemberKind, Who};
use jejak_projections::compare::{
    Asked, CauseKind, Comparison, Difference, FigureMembers, Step, compare_days,
};
use jejak_projections::facts::Facts;
use jejak_projections::question::Question;
use jejak_projections::views::{ViewDeclaration, counting};

use super::generator::short;
use super::kinds::{DAYS, Dice};
use super::{Outcome, same};
use crate::recount::InForce;
use crate::story;

/// A day for each answer is enough for the days of a history.
const ENOUGH: usize = 1000;

pub fn goes_between_days(
    facts: &Facts,
    in_force: &InForce<'_>,
    (view, asked): (&ViewDeclaration, &Question),
    dice: &mut Dice,
) -> Outcome {
    let earlier = story::date(dice.pick(&DAYS)).min(asked.on);
    let earlier = asked.from.map_or(earlier, |from| earlier.max(from));
    let what = |of: &dyn std::fmt::Debug| format!("{} from {earlier}: {of:?} of {asked:?}", view.name);
    let told = compare_days(Asked::whole(view), facts, asked, earlier, ENOUGH, &mut || ()).unwrap();
    let on = |day| view.answer(facts, &Question { on: day, ..asked.clone() }).unwrap();
    let (before, after) = (on(earlier), on(asked.on));
    same(&(&told.before.digest, &told.after.digest), &(&before.digest, &after.digest), || what(&"sides"))?;
    let unknown = unknown_on_one_side(&before, &after);
    let on = |day| without(on(day), &unknown);
    let (before, after) = (without(before, &unknown), without(after, &unknown));
    for figure in &told.figures {
        same(&figure.members_unknown, &unknown.contains(figure.name), || what(figure))?;
    }
    figures_add_up(&told, &before, &after, &what)?;
    let who = |answer: &Answer| answer.members.iter().map(|member| member.who).collect::<BTreeSet<Who>>();
    let of = |difference| {
        let differ = told.members.iter().filter(move |change| change.difference == difference);
        differ.map(|change| change.who).collect::<BTreeSet<Who>>()
    };
    let (entered, left) = (of(Difference::Entered), of(Difference::Left));
    let expected: BTreeSet<Who> = who(&before).difference(&left).chain(&entered).copied().collect();
    same(&who(&after), &expected, || what(&"before less left and with entered"))?;
    same(&who(&before).is_disjoint(&entered), &true, || what(&"entered"))?;
    for change in &told.members {
        same(&change.unfound_days, &Vec::new(), || what(&change.who))?;
        same(&change.steps.is_empty(), &false, || what(&change))?;
        for step in &change.steps {
            let day_before = Date::from_day_number(step.day.day_number() - 1).unwrap();
            let (was, is) = (on(day_before), on(step.day));
            let changed = how(of_answer(&was, change.who), of_answer(&is, change.who));
            same(&changed, &Some(step.difference), || what(&(change.who, step)))?;
            let counts =
                |answer: &Answer| of_answer(answer, change.who).map(|one| counting(&one.figures).collect());
            let (before, after): (Vec<_>, Vec<_>) =
                (counts(&was).unwrap_or_default(), counts(&is).unwrap_or_default());
            let only = |one: &[&'static str], other: &[&'static str]| -> Vec<&'static str> {
                one.iter().copied().filter(|figure| !other.contains(figure)).collect()
            };
            same(
                &(only(&after, &before), only(&before, &after)),
                &(step.entered.clone(), step.left.clone()),
                || what(&(change.who, step)),
            )?;
            causes_are_on_record(in_force, change.who, step).map_err(|wrong| what(&wrong))?;
        }
    }
    Ok(())
}

fn figures_add_up(
    told: &Comparison,
    before: &Answer,
    after: &Answer,
    what: &dyn Fn(&dyn std::fmt::Debug) -> String,
) -> Outcome {
    for figure in &told.figures {
        let value =
            |answer: &Answer| answer.figures.iter().find(|one| one.name == figure.name).unwrap().value;
        same(&(figure.before, figure.after), &(value(before), value(after)), || what(figure))?;
        let counting = |answer: &Answer| {
            let tells = |member: &&Member| counting(&member.figures).any(|told| told == figure.name);
            let members = answer.members.iter().filter(tells);
            let mut kinds: BTreeMap<MemberKind, u64> = BTreeMap::new();
            members.for_each(|member| *kinds.entry(member.who.kind()).or_default() += 1);
            kinds
        };
        let told = |count: fn(&FigureMembers) -> u64| {
            let kinds = figure.members.iter().map(|of| (of.kind, count(of)));
            kinds.filter(|(_, count)| *count > 0).collect::<BTreeMap<_, _>>()
        };
        same(&told(|of| of.left + of.stayed), &counting(before), || what(figure))?;
        same(&told(|of| of.entered + of.stayed), &counting(after), || what(figure))?;
    }
    Ok(())
}

/// The figures that are not known on one side, where nobody counts in them: nothing is told of who counts on the other.
fn unknown_on_one_side(before: &Answer, after: &Answer) -> BTreeSet<&'static str> {
    let says_nothing = |answer: &Answer, place: usize| {
        let figure = &answer.figures[place];
        let counts = |member: &Member| counting(&member.figures).any(|name| name == figure.name);
        figure.value.is_none() && !answer.members.iter().any(counts)
    };
    let places =
        (0..after.figures.len()).filter(|place| says_nothing(before, *place) != says_nothing(after, *place));
    places.map(|place| after.figures[place].name).collect()
}

/// An answer whose members do not count in some figures.
fn without(mut answer: Answer, figures: &BTreeSet<&'static str>) -> Answer {
    for member in &mut answer.members {
        let kept = |name: &&'static str| !figures.contains(name);
        let amounts =
            member.figures.iter().filter(|name| kept(name)).map(|name| member.amount(name).unwrap());
        member.amounts = Some(amounts.collect());
        member.figures.retain(kept);
    }
    answer.members.retain(|member| !member.figures.is_empty());
    answer
}

fn of_answer(answer: &Answer, who: Who) -> Option<&Member> {
    answer.members.iter().find(|member| member.who == who)
}

fn how(was: Option<&Member>, is: Option<&Member>) -> Option<Difference> {
    match (was, is) {
        (None, None) => None,
        (None, Some(_)) => Some(Difference::Entered),
        (Some(_), None) => Some(Difference::Left),
        (Some(was), Some(is)) if (was.area, &was.figures) != (is.area, &is.figures) => {
            Some(Difference::Changed)
        }
        (Some(was), Some(is)) => (was.amounts != is.amounts).then_some(Difference::Recounted),
    }
}

/// The types of which an event of a cause is.
fn types(kind: CauseKind) -> &'static [&'static str] {
    match kind {
        CauseKind::Registered => &["ikm.registered", "person.registered"],
        CauseKind::Moved => &["ikm.profile_changed", "person.profile_changed"],
        CauseKind::ProfileChanged => &["ikm.profile_changed", "person.profile_changed"],
        CauseKind::Closed => &["ikm.closed"],
        CauseKind::Reopened => &["ikm.reopened"],
        CauseKind::Issued => &["certificate.issued"],
        CauseKind::Renewed => &["certificate.renewed"],
        CauseKind::Suspended => &["certificate.suspended"],
        CauseKind::Reinstated => &["certificate.reinstated"],
        CauseKind::Revoked => &["certificate.revoked"],
        CauseKind::Enrolled => &["enrolment.made", "enrolment.promoted"],
        CauseKind::Waitlisted => &["enrolment.waitlisted"],
        CauseKind::Withdrawn => &["enrolment.withdrawn"],
        CauseKind::Attended | CauseKind::Absent | CauseKind::Completed => &["training.attended"],
        CauseKind::Visited => &["mentoring.visited"],
        CauseKind::Assessed => &["assessment.recorded"],
        CauseKind::ExhibitionAnnounced => &["exhibition.announced"],
        CauseKind::Exhibited => &["exhibition.joined"],
        CauseKind::Reported => &[
            "ikm.workforce_reported",
            "ikm.turnover_reported",
            "ikm.shipment_reported",
            "program.spending_reported",
            "area.population_reported",
        ],
        CauseKind::FacilityAdded => &["ikm.facility_added", "sentra.facility_added"],
        CauseKind::JoinedSentra => &["sentra.member_joined"],
        CauseKind::LeftSentra => &["sentra.member_left"],
        CauseKind::SentraChanged => &[
            "sentra.planned",
            "sentra.funded",
            "sentra.built",
            "sentra.opened",
            "sentra.legal_form_recorded",
        ],
        CauseKind::ProgramOpened => &["program.opened"],
        CauseKind::ProgramClosed => &["program.closed"],
        CauseKind::SessionScheduled => &["program.session_scheduled", "program.session_rescheduled"],
        CauseKind::SessionCancelled => &["program.session_cancelled"],
        CauseKind::TargetSet => &["area.target_set"],
        CauseKind::DeclaredComplete => &["area.coverage_declared"],
        CauseKind::Claimed => &["claim.made"],
        CauseKind::Checked => &["claim.checked"],
        CauseKind::InForce
        | CauseKind::Lapsed
        | CauseKind::EndingSoon
        | CauseKind::SessionPassed
        | CauseKind::Recorded
        | CauseKind::TimePassed
        | CauseKind::Elsewhere => &[],
    }
}

/// Each event of a cause is in force, of its type and its day; and where only time passed, no event of that day stands
/// in the stream of the member.
fn causes_are_on_record(in_force: &InForce<'_>, who: Who, step: &Step) -> Outcome {
    same(&step.causes.is_empty(), &false, || "no cause".to_owned())?;
    for cause in step.causes.iter().filter(|cause| cause.cause != CauseKind::Recorded) {
        let days_later = i32::from(cause.cause == CauseKind::Withdrawn);
        for index in &cause.events {
            let fact = in_force.all().find(|fact| fact.index == *index || fact.said_by == *index);
            let fact = fact.ok_or_else(|| format!("event {index} is not in force"))?;
            let name = short(fact.data.type_name());
            same(&types(cause.cause).contains(&name), &true, || format!("{:?} by {name}", cause.cause))?;
            let counts = fact.day.day_number() + days_later;
            same(&counts, &step.day.day_number(), || format!("day of {index}"))?;
        }
        // Who was absent on the last day may have completed on it.
        if cause.cause != CauseKind::Completed {
            let is_of_events = !types(cause.cause).is_empty();
            same(&cause.events.is_empty(), &!is_of_events, || format!("events of {cause:?}"))?;
        }
    }
    let without_event = [CauseKind::TimePassed, CauseKind::Elsewhere];
    if step.causes.iter().any(|cause| without_event.contains(&cause.cause)) {
        let subject = who.subject();
        // They change no figure, or those of every day.
        let silent = |name: &str| {
            [".merged", ".erasure_requested", ".erased", ".redacted"].iter().any(|end| name.ends_with(end))
        };
        let of_day = in_force.all().find(|fact| {
            let name = short(fact.data.type_name());
            let days_later = i32::from(name == "enrolment.withdrawn");
            Some(fact.subject) == subject
                && matches!(fact.subject, Subject::Ikm(_) | Subject::Person(_))
                && !silent(name)
                && fact.day.day_number() + days_later == step.day.day_number()
        });
        same(&of_day.map(|fact| fact.index), &None, || "something happened".to_owned())?;
    }
    Ok(())
}
