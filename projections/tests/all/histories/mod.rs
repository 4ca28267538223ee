//! Random histories: live, rebuilt, merged, stored and consolidated facts give one answer to every
//! question, and it is the one that a plain recount gives.
//!
//! The number of histories is `JEJAK_HISTORIES`; a failure prints its seed, and `JEJAK_HISTORY_SEED`
//! replays one.

mod between;
mod generator;
mod kinds;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use jejak_events::identity::ProgramId;
use jejak_events::record::Event;
use jejak_events::types::{ScaleRule, Scaled, TYPES};
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, FigureUnit};
use jejak_projections::calendar::{CalendarPeriod, PeriodLength};
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Lineage;
use jejak_projections::question::{AreaOf, Filter, Question};
use jejak_projections::series::SeriesRule;
use jejak_projections::views::{VIEWS, ViewDeclaration, view_version};

use crate::recount::{InForce, recount};
use crate::story::{self, Story};
use generator::Step;
use kinds::{AREAS, DAYS, Dice, PROGRAMS, SCALES, SOURCES, THEMES};

/// Histories of a run that names no number.
const HISTORIES: u64 = 240;

/// What went wrong in a history. Not a panic, so that a shorter one can be looked for.
type Outcome = Result<(), String>;

fn same<T: PartialEq + Debug>(left: &T, right: &T, what: impl FnOnce() -> String) -> Outcome {
    if left == right { Ok(()) } else { Err(format!("{}\n  {left:?}\n  {right:?}", what())) }
}

/// Live facts of a range, the lineage going on from what came before.
fn live(story: &Story, range: std::ops::Range<u64>, lineage: &mut Lineage) -> Facts {
    let mut facts = Facts::starting_at(range.start);
    for position in range {
        facts.append_event(position, &story.events[position as usize], lineage, story).unwrap();
    }
    facts
}

fn records(events: &[Event]) -> Vec<Vec<u8>> {
    events.iter().map(Event::encode).collect()
}

/// Facts rebuilt from the bytes of a split, its parts put together in another order.
fn rebuilt(story: &Story, bounds: &[u64], dice: &mut Dice) -> (Facts, Lineage) {
    let records = records(&story.events);
    let part = |pair: &[u64]| {
        let records = records[pair[0] as usize..pair[1] as usize].iter().map(Vec::as_slice);
        Facts::from_records(pair[0], records).unwrap()
    };
    let mut parts: Vec<_> = bounds.windows(2).map(|pair| (dice.roll(), part(pair))).collect();
    parts.sort_by_key(|(key, _)| *key);
    Facts::assemble(parts.into_iter().map(|(_, part)| part), story).unwrap()
}

/// A view with a question, some of its filters set.
type Asked = (&'static ViewDeclaration, Question);

/// Every view without filters, and with one or two of those that it allows.
fn questions(dice: &mut Dice, known: u64, day: &str) -> Vec<Asked> {
    let plain = Question::new(story::date(day), known);
    let mut questions = Vec::new();
    for view in VIEWS {
        questions.push((view, plain.clone()));
        if !view.filters.is_empty() {
            let mut question = plain.clone();
            for _ in 0..=dice.below(2) {
                let filter = dice.pick(view.filters);
                narrow(dice, &mut question, filter);
            }
            questions.push((view, question));
        }
    }
    questions
}

fn narrow(dice: &mut Dice, question: &mut Question, filter: Filter) {
    match filter {
        Filter::Area => {
            let area = if dice.one_in(2) { "33" } else { dice.pick(&AREAS) };
            question.area = Some(story::area(area));
        }
        Filter::AreaOf => question.area_of = Some(AreaOf::Ikm),
        Filter::From => question.from = Some(story::date(dice.pick(&DAYS)).min(question.on)),
        Filter::Funding => question.funding = Some(story::code(dice.pick(&SOURCES))),
        Filter::Program => question.program = Some(story::program(dice.below(PROGRAMS + 1))),
        Filter::Scale => {
            let rule = dice.pick(&[ScaleRule::Permenperin64Of2016, ScaleRule::Pp7Of2021]);
            question.scale = Some(Scaled { rule, scale: dice.pick(&SCALES) });
        }
        Filter::Theme => question.theme = Some(story::code(dice.pick(&THEMES))),
    }
}

fn ask(facts: &Facts, questions: &[Asked]) -> Vec<Answer> {
    questions.iter().map(|(view, question)| view.answer(facts, question).unwrap()).collect()
}

/// Some part of the log; about the same one when the log gets shorter.
fn part_of(size: u64, dice: &mut Dice) -> u64 {
    size * u64::from(dice.below(1001)) / 1000
}

fn check(steps: &[Step], seed: u64) -> Outcome {
    let dice = &mut Dice::new(!seed);
    let story = generator::tell(steps);
    let size = story.size();
    let mut lineage = Lineage::default();
    let whole = live(&story, 0..size, &mut lineage);
    let bytes = whole.encode().unwrap();

    // However the facts came about, they are the same.
    let mut bounds: Vec<u64> = (0..dice.below(4)).map(|_| part_of(size, dice)).chain([0, size]).collect();
    bounds.sort_unstable();
    let (once, once_lineage) = rebuilt(&story, &[0, size], dice);
    let (split, split_lineage) = rebuilt(&story, &bounds, dice);
    let mut running = Lineage::default();
    let mut pieces: Vec<Facts> =
        bounds.windows(2).map(|pair| live(&story, pair[0]..pair[1], &mut running)).collect();
    pieces.reverse();
    let stored = pieces.iter().map(|piece| Facts::decode(&piece.encode().unwrap()).unwrap());
    let merged = Facts::merge(stored).unwrap();
    // Stored facts of the first half, the rest from records.
    let half = size / 2;
    let tail = records(&story.events[half as usize..]);
    let tail = Facts::from_records(half, tail.iter().map(Vec::as_slice)).unwrap();
    let first = live(&story, 0..half, &mut Lineage::default());
    let (extended, extended_lineage) = first.extend([tail], &story).unwrap();
    for (other, how) in [(&once, "rebuilt"), (&split, "split"), (&merged, "merged"), (&extended, "extended")]
    {
        same(&other.encode().unwrap(), &bytes, || format!("bytes {how}"))?;
        same(&other.size(), &size, || format!("size {how}"))?;
    }
    for other in [&once_lineage, &split_lineage, &extended_lineage, &merged.lineage(&story).unwrap()] {
        same(other, &lineage, || "lineage".to_owned())?;
    }

    // Without the rows that cancel out, what comes later is taken in and answered just the same.
    let mut running = Lineage::default();
    let mut lean = live(&story, 0..half, &mut running);
    lean.consolidate();
    same(&lean.floor(), &half, || "floor".to_owned())?;
    for position in half..size {
        lean.append_event(position, &story.events[position as usize], &mut running, &story).unwrap();
    }
    let mut twice = lean.clone();
    twice.consolidate();
    let mut leanest = Facts::decode(&bytes).unwrap();
    leanest.consolidate();
    same(&twice.encode().unwrap(), &leanest.encode().unwrap(), || "consolidated".to_owned())?;
    same(&leanest.row_count().max(whole.row_count()), &whole.row_count(), || "rows".to_owned())?;
    let day = dice.day();
    let questions_now = questions(dice, size, day);
    let now = ask(&whole, &questions_now);
    for (facts, how) in [(&lean, "lean"), (&leanest, "leanest")] {
        same(&ask(facts, &questions_now), &now, || how.to_owned())?;
    }
    if half > 0 {
        let early = Question::new(story::date("2026-01-01"), half - 1);
        same(&VIEWS[0].answer(&lean, &early).is_err(), &true, || "asked before the floor".to_owned())?;
    }

    for known in [size, part_of(size, dice)] {
        let day = dice.day();
        let questions = questions(dice, known, day);
        // A registry that only ever got the first events.
        let early = live(&story, 0..known, &mut Lineage::default());
        let expected = ask(&early, &questions);
        for (facts, how) in [(&whole, "live"), (&split, "split"), (&merged, "merged")] {
            for (answer, expected) in ask(facts, &questions).iter().zip(&expected) {
                same(answer, expected, || format!("{} {how} at {known} on {day}", answer.view))?;
            }
        }
        let in_force = InForce::new(&story, known);
        for ((view, question), answer) in questions.iter().zip(&expected) {
            agrees(view, &in_force, question, answer)?;
            sound(answer, known)?;
        }
        for ((view, question), answer) in questions.iter().zip(&expected) {
            breaks_down(&early, view, answer)?;
            // Each is many questions; over all histories every view has its turn.
            if dice.one_in(6) {
                goes_over_time(&early, view, question, dice)?;
            }
            if dice.one_in(6) {
                between::goes_between_days(&early, &in_force, (view, question), dice)?;
            }
        }
    }
    Ok(())
}

/// Figures of persons that are known also where nobody counts.
const KNOWN: [&str; 1] = ["certified_persons"];

/// The answer is that of the plain recount.
fn agrees(view: &ViewDeclaration, in_force: &InForce<'_>, question: &Question, answer: &Answer) -> Outcome {
    let counted = recount(view, in_force, question);
    let what = |name: &str| format!("{} version {}, {name}: {question:?}", view.name, view.version);
    for figure in &answer.figures {
        let may_be_unknown = declared_unit(answer, figure.name).is_said() && !KNOWN.contains(&figure.name)
            || counted.has_no_total(figure.name);
        let recounted = counted.value(figure.name).or((!may_be_unknown).then_some(0));
        same(&figure.value, &recounted, || what(figure.name))?;
    }
    for name in counted.names() {
        same(&answer.figure(name).is_some(), &true, || what(name))?;
    }
    let bases: BTreeSet<_> = answer.bases.iter().map(|basis| (basis.ikm, basis.events)).collect();
    same(&bases, &counted.bases, || what("bases"))
}

/// What holds of every answer by itself.
fn sound(answer: &Answer, known: u64) -> Outcome {
    same(&answer.digest, &answer.compute_digest(), || "digest".to_owned())?;
    let what = |name: &str| format!("{} {name} {:?}", answer.view, answer.question);
    for member in &answer.members {
        let sorted = !member.events.is_empty() && member.events.is_sorted_by(|a, b| a < b);
        same(&sorted, &true, || what("events of a member"))?;
        same(&member.events.iter().all(|index| *index < known), &true, || what("an event not known yet"))?;
    }
    for share in &answer.shares {
        let inside = share.basis_points.is_none_or(|share| share <= 10_000);
        let may_exceed = [
            "realised_of_target",
            "counted_of_reported",
            "quota_ikms_filled",
            "quota_persons_filled",
            "amendments_of_recorded",
        ]
        .contains(&share.name);
        same(&(inside || may_exceed), &true, || what(share.name))?;
    }
    // What stands for a question of its own in each row, and what is no sum over areas.
    let by_row = ["assessed", "repeaters", "population", "coverage", "targets"].contains(&answer.view)
        || answer.question.area_of.is_none() && RESULTS.contains(&answer.view);
    for (place, figure) in answer.figures.iter().enumerate() {
        let Some(value) = figure.value else { continue };
        let members = answer.members.iter().filter(|member| member.figures.contains(&figure.name)).count();
        let by_area: u64 = answer.by_area.iter().filter_map(|row| row.figures[place].value).sum();
        use FigureUnit as Unit;
        let unit = declared_unit(answer, figure.name);
        match unit {
            Unit::Ikm | Unit::Person | Unit::Session | Unit::Program | Unit::Sentra | Unit::Claim => {
                same(&(members as u64), &value, || what(figure.name))?;
            }
            Unit::Minute
            | Unit::LessonHour
            | Unit::MedianDays
            | Unit::Percent
            | Unit::Place
            | Unit::Rupiah
            | Unit::RupiahEach
            | Unit::OfTarget
            | Unit::OfClaim
            | Unit::BasisPoint
            | Unit::ReportedIkm => {}
            _ => same(&(members as u64).min(value), &(members as u64), || what(figure.name))?,
        }
        // What has one area adds up. A person may have several IKMs, an IKM several sentras, and in these
        // lawless histories a session several programmes.
        let adds_up = !by_row
            && !matches!(
                unit,
                Unit::Person
                    | Unit::Session
                    | Unit::Minute
                    | Unit::LessonHour
                    | Unit::MedianDays
                    | Unit::Percent
            );
        if adds_up && figure.name != "sentra_members" {
            same(&by_area, &value, || what(figure.name))?;
        }
        if !by_row && !matches!(unit, Unit::LessonHour | Unit::MedianDays | Unit::Percent) {
            same(&by_area.max(value), &by_area, || what(figure.name))?;
        }
    }
    Ok(())
}

/// What a figure counts by its view: targets and claims tell in their rows what they count.
fn declared_unit(answer: &Answer, name: &str) -> FigureUnit {
    let view = view_version(answer.view, answer.version).unwrap();
    view.figures.iter().find(|figure| figure.name == name).unwrap().unit
}

/// Views of what came of programmes: an IKM may count in the areas of several.
const RESULTS: [&str; 19] = [
    "beginners",
    "scores",
    "attendance",
    "survival",
    "time_to",
    "findings",
    "hours",
    "enrolled",
    "waitlisted",
    "participated",
    "withdrawn",
    "trained",
    "export_trained",
    "green_trained",
    "persons_trained",
    "assessed",
    "mentored",
    "funnel",
    "assessments_overdue",
];

/// Every row of every breakdown that a question can be narrowed to says what the narrowed question answers.
fn breaks_down(facts: &Facts, view: &ViewDeclaration, whole: &Answer) -> Outcome {
    let ask = |narrow: &dyn Fn(&mut Question)| {
        let mut question = whole.question.clone();
        narrow(&mut question);
        view.answer(facts, &question).unwrap()
    };
    if view.filters.contains(&Filter::Area) && whole.question.area.is_none() {
        for row in whole.by_area.iter().filter(|row| row.area.is_some()) {
            let narrowed = ask(&|question| question.area = row.area);
            same(&narrowed.figures, &row.figures, || format!("{} in {:?}", view.name, row.area))?;
        }
    }
    for breakdown in &whole.breakdowns {
        let Some(filter) = filter_of(breakdown.by).filter(|filter| view.filters.contains(filter)) else {
            continue;
        };
        if whole.question.filters().any(|asked| asked == filter) {
            continue;
        }
        for row in &breakdown.rows {
            let Some(key) = &row.key else { continue };
            // A theme is declared complete by itself, or programme by programme.
            if view.name == "declared_complete" && filter == Filter::Theme {
                continue;
            }
            let narrowed = ask(&|question| narrow_to(question, filter, breakdown.by, key));
            same(&narrowed.figures, &row.figures, || format!("{} by {} {key}", view.name, breakdown.by))?;
        }
    }
    Ok(())
}

/// Every row of a series is the answer to the question for that period, and its periods are those of the calendar.
fn goes_over_time(facts: &Facts, view: &ViewDeclaration, asked: &Question, dice: &mut Dice) -> Outcome {
    let length = dice.pick(&PeriodLength::ALL);
    let what = |period: &dyn Debug| format!("{} {length:?} {period:?} of {asked:?}", view.name);
    let from = dice.one_in(2).then(|| story::date(dice.pick(&DAYS)).min(asked.on));
    let series = view.series(facts, &Question { from, ..asked.clone() }, length).unwrap();
    if from.is_none() {
        same(&series.periods.len(), &12, || what(&"unasked"))?;
    }
    let begins = series.question.from.unwrap();
    let mut next = begins;
    for period in &series.periods {
        let calendar = CalendarPeriod::containing(next, length);
        same(&period.period, &calendar, || what(&next))?;
        let days = calendar.period();
        let on = days.to.min(asked.on);
        let from = (view.series == SeriesRule::Flow).then_some(next);
        same(&(period.from, period.on), &(from, on), || what(&calendar))?;
        let is_whole = on == days.to && (from.is_none() || next == days.from);
        same(&period.is_whole, &is_whole, || what(&calendar))?;
        let alone = view.answer(facts, &Question { from, on, ..asked.clone() }).unwrap();
        same(&period.figures, &alone.figures, || what(&calendar))?;
        same(&period.shares, &alone.shares, || what(&calendar))?;
        next = Date::from_day_number(on.day_number() + 1).unwrap();
    }
    same(&(next.day_number() - 1), &asked.on.day_number(), || what(&"the end"))
}

/// The filter that narrows a question to a row of a breakdown.
fn filter_of(by: &str) -> Option<Filter> {
    match by {
        "program" => Some(Filter::Program),
        "theme" => Some(Filter::Theme),
        "funding" | "source" => Some(Filter::Funding),
        "scale_permenperin_64_2016" | "scale_pp_7_2021" => Some(Filter::Scale),
        _ => None,
    }
}

fn narrow_to(question: &mut Question, filter: Filter, by: &str, key: &str) {
    match filter {
        Filter::Program => question.program = Some(ProgramId::parse(key).unwrap()),
        Filter::Theme => question.theme = Some(story::code(key)),
        Filter::Funding => question.funding = Some(story::code(key)),
        Filter::Scale => {
            let rules = [ScaleRule::Permenperin64Of2016, ScaleRule::Pp7Of2021];
            let rule = rules[usize::from(by == "scale_pp_7_2021")];
            let scale = SCALES.into_iter().find(|scale| scale.name() == key).unwrap();
            question.scale = Some(Scaled { rule, scale });
        }
        Filter::Area | Filter::AreaOf | Filter::From => {}
    }
}

/// Leaves out steps as long as something is wrong without them.
fn shorten(mut steps: Vec<Step>, seed: u64) -> Vec<Step> {
    let fails = |steps: &[Step]| {
        let check = || check(steps, seed).is_err();
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).unwrap_or(true)
    };
    let mut at = 0;
    while at < steps.len() {
        let step = steps.remove(at);
        if !fails(&steps) {
            steps.insert(at, step);
            at += 1;
        }
    }
    steps
}

#[test]
fn any_history_in_any_split_has_one_answer_and_the_recount_gives_it() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("JEJAK_HISTORY_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("JEJAK_HISTORIES").unwrap_or(HISTORIES),
    };
    let mut told: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in seeds {
        let steps = generator::steps(seed);
        for event in generator::tell(&steps).events {
            *told.entry(generator::short(event.draft.data.type_name())).or_default() += 1;
        }
        let run = std::panic::catch_unwind(|| check(&steps, seed));
        if let Ok(Ok(())) = run {
            continue;
        }
        eprintln!(
            "history {seed} failed; replay it with JEJAK_HISTORY_SEED={seed}. The shortest that fails:"
        );
        let steps = shorten(steps, seed);
        for (index, event) in generator::tell(&steps).events.iter().enumerate() {
            let draft = &event.draft;
            let data = serde_json::Value::from(draft.data.to_object());
            let name = generator::short(draft.data.type_name());
            eprintln!("{index} {} {name} {} {data}", draft.time.date(), draft.subject);
        }
        panic!("history {seed}: {}", check(&steps, seed).unwrap_err());
    }
    println!("events told, by type: {told:#?}");
}

/// The figures that are above 0 in the whole or in a row of a breakdown.
fn counting(answer: &Answer) -> BTreeSet<&'static str> {
    let rows = answer.breakdowns.iter().flat_map(|breakdown| &breakdown.rows).flat_map(|row| &row.figures);
    let all = answer.figures.iter().chain(rows);
    all.filter(|figure| figure.value.unwrap_or(0) > 0).map(|figure| figure.name).collect()
}

/// The random histories must reach every figure, and every filter must leave something out of a view and
/// something in it, or the property above holds for nothing.
#[test]
fn histories_reach_every_figure() {
    let key = |view: &ViewDeclaration, name| (view.name, view.version, name);
    let mut figures: BTreeSet<_> =
        VIEWS.iter().flat_map(|view| view.figures.iter().map(move |figure| key(view, figure.name))).collect();
    let mut filters: BTreeSet<_> = VIEWS
        .iter()
        .flat_map(|view| view.filters.iter().map(move |filter| key(view, filter.name())))
        .collect();
    // It has no rows by area, so that asking for another area changes nothing by itself.
    filters.retain(|(view, _, filter)| (*view, *filter) != ("funnel", "area_of"));
    let dice = &mut Dice::new(0);
    for seed in 0..700 {
        if figures.is_empty() && filters.is_empty() {
            return;
        }
        let story = generator::tell(&generator::steps(seed));
        let facts = live(&story, 0..story.size(), &mut Lineage::default());
        // At the end of what happens, and a year and two later, when some were not heard of again and what lasts is told.
        for (view, day) in ["2026-01-01", "2027-01-01", "2028-01-01"]
            .into_iter()
            .flat_map(|day| VIEWS.iter().map(move |view| (view, day)))
        {
            let question = Question::new(story::date(day), story.size());
            let all = view.answer(&facts, &question).unwrap();
            for name in counting(&all) {
                figures.remove(&key(view, name));
            }
            let left = |filter: &&Filter| filters.contains(&key(view, filter.name()));
            let left: Vec<_> = view.filters.iter().filter(left).collect();
            for filter in left.into_iter().flat_map(|filter| [filter; 4]) {
                let mut question = question.clone();
                narrow(dice, &mut question, *filter);
                let some = view.answer(&facts, &question).unwrap();
                let rows = |answer: &Answer| {
                    (answer.figures.clone(), answer.by_area.clone(), answer.breakdowns.clone())
                };
                if rows(&some) != rows(&all) && !counting(&some).is_empty() {
                    filters.remove(&key(view, filter.name()));
                }
            }
        }
    }
    panic!("never above 0: {figures:?}; never leaves a part: {filters:?}");
}

/// A new type must be told, or nothing is known of what it does to the views.
#[test]
fn histories_tell_every_type() {
    let told: BTreeSet<&str> = kinds::told().chain(kinds::UNTOLD).collect();
    let all: BTreeSet<&str> = TYPES.iter().map(|declared| generator::short(declared.name)).collect();
    assert_eq!(told, all);
}
