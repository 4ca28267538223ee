//! How fast all views are rebuilt: from the bytes of a million events, on one and on two threads, and
//! from facts. Run with `cargo run --release -p jejak-projections --example rebuild_rate [events]`.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "an example that measures; story is shared with the tests"
)]

#[allow(dead_code, unused_imports, reason = "tests use more of it")]
#[path = "../tests/all/story/mod.rs"]
mod story;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::types::program::Unit;
use jejak_events::types::{Data, Holder, Scale};
use jejak_projections::compare::{Asked, compare_days};
use jejak_projections::facts::{Facts, FactsPart};
use jejak_projections::question::Question;
use jejak_projections::views::{VIEWS, view};
use story::Story;

const CITIES: [&str; 4] = ["33.75", "33.74", "35.76", "35.74"];
const THEMES: [&str; 4] = ["green_industry", "export", "standardisation", "basic_batik"];
const DAYS: [&str; 5] = ["2025-10-06", "2025-10-07", "2025-10-08", "2025-10-09", "2025-10-10"];

/// Sessions of a programme.
const SESSIONS: u32 = 12;

/// About 85 % attendance: programmes of 30 IKMs with one person each and twelve sessions of one day; an
/// attendance corrected in each, and a correction retracted in every tenth.
fn history(count: usize) -> Story {
    let mut story = Story::default();
    let mut programs = 0u32;
    while story.events.len() < count {
        let city = CITIES[programs as usize % CITIES.len()];
        let theme = THEMES[programs as usize / 4 % THEMES.len()];
        let unit = if programs.is_multiple_of(5) { Unit::Ikm } else { Unit::Person };
        story.add("2025-09-01", story::opened(programs, city, theme, unit, None));
        for session in 0..SESSIONS {
            let number = programs * SESSIONS + session;
            story.add("2025-09-02", story::scheduled(programs, number, None, &[DAYS[session as usize % 5]]));
        }
        for member in 0..30 {
            let who = programs * 30 + member;
            // Every IKM comes back once: half of the registrations are new.
            if programs.is_multiple_of(2) {
                story.add("2025-01-02", story::registered(who, city, Some(Scale::Kecil)));
            }
            let who = if programs.is_multiple_of(2) { who } else { who - 30 };
            story.add("2025-09-10", story::enrolled(who, programs, None, &[who]));
            for session in 0..SESSIONS {
                let status = if (who + session) % 9 == 0 {
                    AttendanceStatus::Absent
                } else {
                    AttendanceStatus::Present
                };
                let day = DAYS[session as usize % 5];
                story.add(
                    day,
                    story::attended(who, (programs, programs * SESSIONS + session), day, Some(who), status),
                );
            }
            if member == 0 {
                story.add("2025-11-01", story::assessed(who, programs, "sih_batik", Verdict::Passed));
                let holder = Holder::Ikm { ikm: story::ikm(who) };
                story
                    .add("2025-11-05", story::certified(programs, "sih", holder, "2025-11-05", "2029-11-04"));
            }
        }
        let last = story.size() - 1;
        if let Data::TrainingAttended(mut data) = story.events[last as usize].draft.data.clone() {
            data.status = AttendanceStatus::Excused;
            let subject = story.events[last as usize].draft.subject;
            let correction = story.correct(last, DAYS[1], (subject, Data::TrainingAttended(data)));
            if programs.is_multiple_of(10) {
                story.retract(correction);
            }
        }
        programs += 1;
    }
    story.events.truncate(count);
    story
}

fn rate(count: usize, took: Duration) -> String {
    format!("{:>8.2} M events/s ({:.3} s)", count as f64 / took.as_secs_f64() / 1e6, took.as_secs_f64())
}

/// Answers every view, each thread taking the next one that is left.
fn answer_all(facts: &Facts, threads: usize) -> Duration {
    let started = Instant::now();
    let question = Question::new(story::date("2025-12-31"), facts.size());
    // The heaviest first, so that no thread is left with it at the end.
    let mut views: Vec<_> = VIEWS.iter().collect();
    views.sort_by_key(|view| !["trained", "enrolled"].contains(&view.name));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(view) = views.get(next.fetch_add(1, Ordering::Relaxed)) {
                    std::hint::black_box(view.answer(facts, &question).unwrap());
                }
            });
        }
    });
    started.elapsed()
}

fn main() {
    let count: usize = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().unwrap());
    let story = history(count);
    let records: Vec<Vec<u8>> = story.events.iter().map(jejak_events::record::Event::encode).collect();
    let bytes: usize = records.iter().map(Vec::len).sum();
    let attended = records.iter().filter(|record| record.ends_with(b"attended.v1\"}")).count();
    println!("{count} events, {} B each, {} % attendance", bytes / count, attended * 100 / count);
    let parts = |threads: usize| -> Vec<FactsPart> {
        let size = count.div_ceil(threads);
        std::thread::scope(|scope| {
            let running: Vec<_> = records
                .chunks(size)
                .enumerate()
                .map(|(place, chunk)| {
                    let records = chunk.iter().map(Vec::as_slice);
                    scope.spawn(move || Facts::from_records((place * size) as u64, records).unwrap())
                })
                .collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    };
    for threads in [1, 2] {
        let started = Instant::now();
        let (facts, _) = Facts::assemble(parts(threads), &story).unwrap();
        let facts_took = started.elapsed();
        let views_took = answer_all(&facts, threads);
        println!("from bytes, {threads} thread(s): {}", rate(count, facts_took + views_took));
        println!("  facts alone:           {}", rate(count, facts_took));
    }
    let (facts, _) = Facts::assemble(parts(2), &story).unwrap();
    for threads in [1, 2] {
        println!("all views from facts, {threads} thread(s): {}", rate(count, answer_all(&facts, threads)));
    }
    for view in VIEWS {
        let started = Instant::now();
        let question = Question::new(story::date("2025-12-31"), facts.size());
        let answer = view.answer(&facts, &question).unwrap();
        let figures: Vec<_> =
            answer.figures.iter().map(|figure| format!("{} {:?}", figure.name, figure.value)).collect();
        println!(
            "  {:<16} {:>8.1} ms  {}",
            view.name,
            started.elapsed().as_secs_f64() * 1e3,
            figures.join(", ")
        );
    }
    println!("from 2024-12-31 to 2025-12-31, who entered and left and why:");
    for name in ["registered", "enrolled", "participated", "trained", "certified", "attendance"] {
        let started = Instant::now();
        let question = Question::new(story::date("2025-12-31"), facts.size());
        let (view, earlier) = (view(name).unwrap(), story::date("2024-12-31"));
        let told = compare_days(Asked::whole(view), &facts, &question, earlier, 366, &mut || ()).unwrap();
        let steps: usize = told.members.iter().map(|change| change.steps.len()).sum();
        println!(
            "  {name:<16} {:>8.1} ms  {} members, {steps} steps, {} answers in between",
            started.elapsed().as_secs_f64() * 1e3,
            told.members.len(),
            told.answers_between
        );
    }
    let started = Instant::now();
    let stored = facts.encode().unwrap();
    println!(
        "stored facts: {:.1} B per event, encoded {}",
        stored.len() as f64 / count as f64,
        rate(count, started.elapsed())
    );
    let started = Instant::now();
    let read = Facts::decode(&stored).unwrap();
    println!("read back: {} ({} rows)", rate(count, started.elapsed()), read.row_count());
}
