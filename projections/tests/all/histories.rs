//! Random histories: live, rebuilt and merged facts give one answer to every question, and it is the
//! one that a plain recount gives.

use jejak_events::identity::Subject;
use jejak_events::record::Event;
use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::types::program::Unit;
use jejak_events::types::{Data, Holder, Scale, ScaleRule, Scaled};
use jejak_projections::answer::Answer;
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Lineage;
use jejak_projections::question::Question;
use jejak_projections::views::VIEWS;
use proptest::prelude::*;

use crate::recount::recount;
use crate::story::{self, Happening, Story};

const DAYS: [&str; 6] = ["2025-03-01", "2025-03-02", "2025-03-03", "2025-03-10", "2025-06-01", "2026-01-01"];
const AREAS: [&str; 3] = ["33.75", "33.74", "35.76"];
const GROUPS: [Option<&str>; 3] = [None, Some("a"), Some("b")];

/// Random numbers behind one event.
type Seed = (u8, [u8; 6]);

/// What happens, from a world of few IKMs, programmes and days, so that things meet. The rules of the
/// registry are not kept on purpose: a view must be well defined on any history.
fn happening(kind: u8, [a, b, c, d, e, f]: [u8; 6]) -> Happening {
    let n = |value: u8, below: u8| u32::from(value % below);
    let pick = |value: u8, days: &[&'static str]| days[usize::from(value) % days.len()];
    let status = [AttendanceStatus::Present, AttendanceStatus::Present, AttendanceStatus::Absent];
    let person = (c % 3 != 0).then(|| n(c, 4));
    match kind {
        0 => story::registered(
            n(a, 4),
            pick(b, &AREAS),
            [None, Some(Scale::Kecil), Some(Scale::Menengah)][usize::from(c % 3)],
        ),
        1 => {
            let themes = ["export", "green_industry", "basic_batik"];
            let unit = if c.is_multiple_of(2) { Unit::Ikm } else { Unit::Person };
            story::opened(
                n(a, 2),
                pick(b, &AREAS),
                pick(d, &themes),
                unit,
                [None, Some(50), Some(1)][usize::from(e % 3)],
            )
        }
        2 => {
            let mut days = vec![pick(c, &DAYS[..4]), pick(d, &DAYS[..3])];
            days.sort_unstable();
            days.dedup();
            story::scheduled(n(a, 2), n(a, 2) * 2 + n(b, 2), GROUPS[usize::from(e % 3)], &days)
        }
        3 => {
            let persons: Vec<u32> = (0..3).filter(|one| f >> one & 1 == 1).collect();
            story::enrolled(n(a, 4), n(b, 2), GROUPS[usize::from(e % 3)], &persons)
        }
        4..=8 => {
            let status = status[usize::from(e % 3)];
            story::attended(n(a, 4), (n(b, 2), n(b, 2) * 2 + n(d, 2)), pick(f, &DAYS[..3]), person, status)
        }
        9 => story::assessed(
            n(a, 4),
            n(b, 3),
            ["sih_batik", "sni"][usize::from(c % 2)],
            [Verdict::Passed, Verdict::Failed][usize::from(d % 2)],
        ),
        10 => {
            let holder = match d % 4 {
                0 => Holder::Person { person: story::person(n(a, 4)) },
                1 => Holder::Product { ikm: story::ikm(n(a, 4)), product: story::code("batik") },
                _ => Holder::Ikm { ikm: story::ikm(n(a, 4)) },
            };
            story::certified(
                n(b, 4),
                ["sih", "sih", "sni"][usize::from(c % 3)],
                holder,
                pick(e, &DAYS[..3]),
                pick(f, &DAYS[2..]),
            )
        }
        11 => story::revoked(n(a, 4)),
        12 => story::announced(n(a, 2), pick(b, &AREAS), "2025-03-01", "2025-03-03"),
        13 => story::joined(n(a, 4), n(b, 2)),
        _ => story::person_registered(n(a, 4), Some(n(b, 4))),
    }
}

/// The kind of [`happening`] that makes the type of some data.
fn kind_of(data: &Data) -> u8 {
    match data {
        Data::IkmRegistered(_) => 0,
        Data::ProgramOpened(_) => 1,
        Data::SessionScheduled(_) => 2,
        Data::EnrolmentMade(_) => 3,
        Data::TrainingAttended(_) => 4,
        Data::AssessmentRecorded(_) => 9,
        Data::CertificateIssued(_) => 10,
        Data::CertificateRevoked(_) => 11,
        Data::ExhibitionAnnounced(_) => 12,
        Data::ExhibitionJoined(_) => 13,
        _ => 14,
    }
}

pub fn history(seeds: &[Seed]) -> Story {
    let mut story = Story::default();
    for (kind, numbers) in seeds {
        let target = |suits: fn(&Data) -> bool| {
            let all = (0..).zip(&story.events).filter(|(_, event)| suits(&event.draft.data));
            let suitable: Vec<u64> = all.map(|(index, _)| index).collect();
            suitable.get(usize::from(numbers[0]) % suitable.len().max(1)).copied()
        };
        let day = DAYS[usize::from(numbers[5] / 8) % DAYS.len()];
        let original = target(|data| !matches!(data, Data::EventCorrected(_) | Data::EventRetracted(_)));
        let retractable = target(|data| !matches!(data, Data::EventRetracted(_)));
        match (kind, original, retractable) {
            (15..=17, Some(at), _) => {
                let kind = kind_of(&story.events[at as usize].draft.data);
                let [_, a, b, c, d, e] = *numbers;
                story.correct(at, day, happening(kind, [a, b, c, d, e, a ^ b]));
            }
            (18, _, Some(at)) => _ = story.retract(at),
            _ => _ = story.add(day, happening(kind % 15, *numbers)),
        }
    }
    story
}

/// Live facts of a range, the lineage going on from what came before.
fn live(story: &Story, range: std::ops::Range<u64>, lineage: &mut Lineage) -> Facts {
    let mut facts = Facts::starting_at(range.start);
    for position in range {
        facts.append_event(position, &story.events[position as usize], lineage, story).unwrap();
    }
    facts
}

fn rebuilt(story: &Story, cuts: &[u64], order: &[u64]) -> (Facts, Lineage) {
    let records: Vec<Vec<u8>> = story.events.iter().map(Event::encode).collect();
    let mut bounds = vec![0];
    bounds.extend(cuts);
    bounds.push(story.size());
    let mut parts: Vec<_> = bounds
        .windows(2)
        .zip(order.iter().cycle())
        .map(|(pair, key)| {
            let records = records[pair[0] as usize..pair[1] as usize].iter().map(Vec::as_slice);
            (*key, Facts::from_records(pair[0], records).unwrap())
        })
        .collect();
    parts.sort_by_key(|(key, _)| *key);
    Facts::assemble(parts.into_iter().map(|(_, part)| part), story).unwrap()
}

/// Every view, with no filter and with each one it knows.
fn ask_all(facts: &Facts, known: u64, day: &str) -> Vec<Answer> {
    let plain = Question::new(story::date(day), known);
    let mut answers = Vec::new();
    for view in VIEWS {
        answers.push(view.answer(facts, &plain).unwrap());
        for filter in view.filters {
            use jejak_projections::question::Filter;
            let mut question = plain.clone();
            match filter {
                Filter::Area => question.area = Some(story::area("33")),
                Filter::From => question.from = Some(story::date("2025-02-28").min(question.on)),
                Filter::Funding => question.funding = Some(story::code("apbd")),
                Filter::Program => question.program = Some(story::program(1)),
                Filter::Scale => {
                    question.scale =
                        Some(Scaled { rule: ScaleRule::Permenperin64Of2016, scale: Scale::Kecil });
                }
                Filter::Theme => question.theme = Some(story::code("export")),
            }
            answers.push(view.answer(facts, &question).unwrap());
        }
    }
    answers
}

fn check(seeds: &[Seed], cuts: &[u64], order: &[u64]) {
    let story = history(seeds);
    let mut cuts: Vec<u64> = cuts.iter().map(|cut| cut % (story.size() + 1)).collect();
    cuts.sort_unstable();
    let mut lineage = Lineage::default();
    let whole = live(&story, 0..story.size(), &mut lineage);

    // However the facts came about, they are the same.
    let (once, once_lineage) = rebuilt(&story, &[], &[0]);
    let (split, split_lineage) = rebuilt(&story, &cuts, order);
    let mut running = Lineage::default();
    let mut starts = vec![0];
    starts.extend(&cuts);
    let mut pieces: Vec<Facts> = Vec::new();
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(story.size());
        pieces.push(live(&story, *start..end, &mut running));
    }
    pieces.reverse();
    let stored = pieces.iter().map(|piece| Facts::decode(&piece.encode().unwrap()).unwrap());
    let merged = Facts::merge(stored).unwrap();
    let bytes = whole.encode().unwrap();
    // Stored facts of the first half, the rest from records.
    let half = story.size() / 2;
    let stored = live(&story, 0..half, &mut Lineage::default());
    let tail: Vec<Vec<u8>> = story.events[half as usize..].iter().map(Event::encode).collect();
    let tail = Facts::from_records(half, tail.iter().map(Vec::as_slice)).unwrap();
    let (extended, extended_lineage) = stored.extend([tail], &story).unwrap();
    assert_eq!(extended_lineage, lineage);
    for (other, how) in [(&once, "rebuilt"), (&split, "split"), (&merged, "merged"), (&extended, "extended")]
    {
        assert_eq!(other.encode().unwrap(), bytes, "{how}");
        assert_eq!(other.size(), story.size(), "{how}");
    }
    assert_eq!((&once_lineage, &split_lineage), (&lineage, &lineage));
    assert_eq!(merged.lineage(&story).unwrap(), lineage);

    // Without the rows that cancel out, what comes later is taken in and answered just the same.
    let mut running = Lineage::default();
    let mut lean = live(&story, 0..half, &mut running);
    lean.consolidate();
    assert_eq!(lean.floor(), half);
    for position in half..story.size() {
        lean.append_event(position, &story.events[position as usize], &mut running, &story).unwrap();
    }
    let mut twice = lean.clone();
    twice.consolidate();
    let mut leanest = Facts::decode(&whole.encode().unwrap()).unwrap();
    leanest.consolidate();
    assert_eq!(twice.encode().unwrap(), leanest.encode().unwrap());
    assert!(leanest.row_count() <= whole.row_count());
    let last = ask_all(&whole, story.size(), "2026-01-01");
    for (facts, how) in [(&lean, "lean"), (&leanest, "leanest")] {
        assert_eq!(ask_all(facts, story.size(), "2026-01-01"), last, "{how}");
    }
    if half > 0 {
        let early = Question::new(story::date("2026-01-01"), half - 1);
        VIEWS[0].answer(&lean, &early).unwrap_err();
    }

    for known in [0, story.size() / 2, story.size().saturating_sub(1), story.size()] {
        // A registry that only ever got the first events.
        let early = live(&story, 0..known, &mut Lineage::default());
        for day in ["2025-02-28", "2025-03-02", "2025-03-10", "2026-01-01"] {
            let expected = ask_all(&early, known, day);
            for (facts, how) in [(&whole, "live"), (&split, "split"), (&merged, "merged")] {
                assert_eq!(ask_all(facts, known, day), expected, "{how}, {known}, {day}");
            }
            let counted = recount(&story, known, story::date(day));
            for answer in expected.iter().filter(|answer| answer.question.filters().count() == 0) {
                for figure in &answer.figures {
                    let plain = counted.get(figure.name).copied().unwrap_or(0);
                    assert_eq!(figure.value, plain as u64, "{} at {known}, {day}", figure.name);
                }
                sound(answer, known);
            }
        }
    }
}

/// What holds of every answer by itself.
fn sound(answer: &Answer, known: u64) {
    assert_eq!(answer.digest, answer.compute_digest());
    for member in &answer.members {
        assert!(!member.events.is_empty() && member.events.is_sorted_by(|a, b| a < b));
        assert!(member.events.iter().all(|index| *index < known), "an event not known yet");
    }
    for (place, figure) in answer.figures.iter().enumerate() {
        let members = answer.members.iter().filter(|member| member.figures.contains(&figure.name)).count();
        if figure.name == "participations" {
            assert!(members as u64 <= figure.value);
        } else {
            assert_eq!(members as u64, figure.value, "{}", figure.name);
        }
        let by_area: u64 = answer.by_area.iter().map(|row| row.figures[place].value).sum();
        assert!(by_area >= figure.value);
        // An IKM has one area, so its rows add up. In these lawless histories a session may have two
        // programmes, and a person two IKMs.
        if !["person", "session"].contains(&figure.unit.name()) {
            assert_eq!(by_area, figure.value, "{}", figure.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn any_history_in_any_split_has_one_answer(
        seeds in prop::collection::vec((0u8..19, any::<[u8; 6]>()), 0..90),
        cuts in prop::collection::vec(any::<u64>(), 0..4),
        order in prop::collection::vec(any::<u64>(), 1..6),
    ) {
        check(&seeds, &cuts, &order);
    }
}

/// The random histories must reach every figure, or the property above holds for nothing.
#[test]
fn histories_reach_every_figure() {
    let mut reached = std::collections::BTreeSet::new();
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as u8
    };
    for _ in 0..60 {
        let seeds: Vec<Seed> =
            (0..90).map(|_| (next() % 19, [next(), next(), next(), next(), next(), next()])).collect();
        let story = history(&seeds);
        let facts = live(&story, 0..story.size(), &mut Lineage::default());
        for answer in ask_all(&facts, story.size(), "2026-01-01") {
            reached.extend(answer.figures.iter().filter(|f| f.value > 0).map(|figure| figure.name));
        }
        assert!(story.events.iter().any(|event| matches!(event.draft.subject, Subject::Ikm(_))));
    }
    let all = VIEWS.iter().flat_map(|view| view.figures).map(|figure| figure.name);
    for figure in all {
        assert!(reached.contains(figure), "{figure} is never above 0");
    }
}
