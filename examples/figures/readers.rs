//! What readers cost the writer: 64 clients append with and without 8 readers that ask the slowest views and compare,
//! without a pause.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use jejak::queries::compare::states;
use jejak::readmodel::{QuestionLength, Snapshot, spare_cores};
use jejak::registry::{PreparedEvent, Registry, Request};
use jejak_projections::compare::Asked;
use jejak_projections::question::Question;
use jejak_projections::views::{VIEWS, ViewDeclaration};

use crate::workload::{Shape, parse};

const CLIENTS: usize = 64;
const READERS: usize = 8;
/// Views that the readers ask: those that take longest over this registry.
const SLOWEST: usize = 3;
const ROUNDS: usize = 5;
const ROUND_SECONDS: f64 = 2.0;
/// More than one round can append.
const MADE_READY: u64 = 120_000;

/// Who asks beside the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// Nobody.
    Nobody,
    /// All readers at once, past the registry's turns.
    AllAtOnce,
    /// The readers, by the registry's turns.
    InTurn,
}

/// One round: acknowledgements, and how long each took.
struct Round {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    most_ms: f64,
    answers: u64,
}

/// Fills a registry and lets clients append to it by turns with and without readers.
pub fn measure(base: &Path, events: u64) {
    let shape = Shape::of(events + (3 * ROUNDS as u64 + 1) * MADE_READY);
    let registry = super::registry(&base.join("readers"));
    super::append_all(&registry, shape.foundation(), 1000);
    let mut next = events.saturating_sub(registry.snapshot().size());
    super::append_all(&registry, (0..next).map(|number| shape.attendance(number)), 1000);
    let mut late = registry.watch(0);
    let (_, first) = late.take().expect("what was recorded so far");
    let asked = slowest(&first);
    drop(first);
    println!(
        "\n{CLIENTS} clients, one event each at a time, beside {READERS} readers; {} events at first; rounds of \
         {ROUND_SECONDS} s by turns, medians of {ROUNDS}; the readers ask {} and compare each with the state of half the log",
        registry.snapshot().size(),
        asked.iter().map(|(view, ms)| format!("{} ({ms:.0} ms)", view.name)).collect::<Vec<_>>().join(", ")
    );
    let (mut alone, mut beside, mut in_turn) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (readers, rounds) in
            [(Beside::Nobody, &mut alone), (Beside::AllAtOnce, &mut beside), (Beside::InTurn, &mut in_turn)]
        {
            rounds.push(round(&registry, &shape, &mut next, &asked, readers));
        }
    }
    println!(
        "{:<22} {:>9} {:>9} {:>9} {:>9} {:>12}",
        "", "acks/s", "p50, ms", "p99, ms", "most, ms", "answers/s"
    );
    row("without readers", &alone);
    row("with 8 readers", &beside);
    let at_once = spare_cores();
    row(&format!("8, of whom {at_once} at once"), &in_turn);
    let p99 = |rounds: &[Round]| super::median(rounds.iter().map(|round| round.p99_ms).collect());
    println!(
        "p99 with readers to p99 without: {:.2}; with {at_once} at once: {:.2}",
        p99(&beside) / p99(&alone),
        p99(&in_turn) / p99(&alone)
    );
    // The subscriber that was last told before the first round: all that came since, once, in order.
    let mut told = 0;
    while let Some((range, snapshot)) = late.take() {
        snapshot
            .scan(range.clone(), &mut |_, _| {
                told += 1;
                true
            })
            .expect("the log reads");
    }
    let size = registry.snapshot().size();
    println!("a subscriber that was silent meanwhile: {told} events told at once, up to {size}");
    registry.close().expect("the registry closes");
}

fn slowest(snapshot: &Snapshot) -> Vec<(&'static ViewDeclaration, f64)> {
    let question = Question::new(super::domain::asked_on(), snapshot.size());
    let mut timed: Vec<(&ViewDeclaration, f64)> = VIEWS
        .iter()
        .map(|view| {
            let started = Instant::now();
            view.answer(snapshot.facts(), &question).expect("answered");
            (view, started.elapsed().as_secs_f64() * 1e3)
        })
        .collect();
    timed.sort_by(|left, right| right.1.total_cmp(&left.1));
    timed.truncate(SLOWEST);
    timed
}

fn row(name: &str, rounds: &[Round]) {
    let of = |value: fn(&Round) -> f64| super::median(rounds.iter().map(value).collect());
    println!(
        "{name:<22} {:>9.0} {:>9.2} {:>9.2} {:>9.2} {:>12.1}",
        of(|round| round.per_second),
        of(|round| round.p50_ms),
        of(|round| round.p99_ms),
        of(|round| round.most_ms),
        of(|round| round.answers as f64 / ROUND_SECONDS)
    );
}

fn round(
    registry: &Registry,
    shape: &Shape,
    next: &mut u64,
    asked: &[(&'static ViewDeclaration, f64)],
    beside: Beside,
) -> Round {
    let prepared: Vec<PreparedEvent> = (*next..*next + MADE_READY)
        .map(|number| {
            registry.prepare(parse(&shape.attendance(number))).expect("a proposal that can be prepared")
        })
        .collect();
    let (acknowledged, done, answers) =
        (AtomicU64::new(registry.snapshot().size()), AtomicBool::new(false), AtomicU64::new(0));
    let mut latencies_us = Vec::new();
    let mut spent = 0.0;
    let readers = if beside == Beside::Nobody { 0 } else { READERS };
    std::thread::scope(|scope| {
        for reader in 0..readers {
            let (acknowledged, done, answers) = (&acknowledged, &done, &answers);
            scope.spawn(move || {
                for turn in reader.. {
                    if done.load(Ordering::SeqCst) {
                        break;
                    }
                    let answer = |snapshot: &Snapshot, told: u64| {
                        assert!(
                            snapshot.size() >= told,
                            "a reader sees {} where {told} was told",
                            snapshot.size()
                        );
                        make(snapshot, asked[turn / 2 % asked.len()].0, turn % 2 == 1, (done, answers));
                    };
                    let told = acknowledged.load(Ordering::SeqCst);
                    if beside == Beside::InTurn {
                        registry.ask_blocking(QuestionLength::Long, |snapshot| answer(snapshot, told));
                    } else {
                        answer(&registry.snapshot(), told);
                    }
                }
            });
        }
        (latencies_us, spent) = append(registry, prepared, &acknowledged);
        done.store(true, Ordering::SeqCst);
    });
    *next += latencies_us.len() as u64;
    latencies_us.sort_unstable();
    let at = |percent: usize| f64::from(latencies_us[(latencies_us.len() - 1) * percent / 100]) / 1e3;
    Round {
        per_second: latencies_us.len() as f64 / spent,
        p50_ms: at(50),
        p99_ms: at(99),
        most_ms: at(100),
        answers: answers.into_inner(),
    }
}

/// Makes one answer, or compares it with that over half the log; gives up when the round is over.
fn make(
    snapshot: &Snapshot,
    view: &ViewDeclaration,
    compares: bool,
    (done, answers): (&AtomicBool, &AtomicU64),
) {
    // Whose turn came after the end.
    if done.load(Ordering::SeqCst) {
        return;
    }
    let question = Question::new(super::domain::asked_on(), snapshot.size());
    if !compares {
        view.answer(snapshot.facts(), &question).expect("answered");
        answers.fetch_add(1, Ordering::SeqCst);
        return;
    }
    // A comparison asks for up to 256 answers: it is given up when the round ends.
    let mut asked = |_| {
        answers.fetch_add(1, Ordering::SeqCst);
        if done.load(Ordering::SeqCst) {
            std::panic::resume_unwind(Box::new("the round ended"));
        }
    };
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let half = snapshot.size() / 2;
        states(snapshot, Asked::whole(view), &question, half, &mut asked).expect("compared");
        answers.fetch_add(1, Ordering::SeqCst);
    }));
}

/// Closed loop: each client waits for its acknowledgement. How long each took, and the seconds for all.
fn append(registry: &Registry, prepared: Vec<PreparedEvent>, acknowledged: &AtomicU64) -> (Vec<u32>, f64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let prepared = std::cell::RefCell::new(prepared.into_iter());
    let latencies_us = std::cell::RefCell::new(Vec::new());
    let started = Instant::now();
    runtime.block_on(super::queue::futures(CLIENTS, || async {
        while started.elapsed().as_secs_f64() < ROUND_SECONDS {
            let Some(one) = prepared.borrow_mut().next() else { return };
            let sent = Instant::now();
            let request = Request { prepared: vec![one], atomic: false };
            let outcomes = registry.append_prepared(request).await.expect("the registry appends");
            let index = outcomes[0].index().expect("recorded");
            acknowledged.fetch_max(index + 1, Ordering::SeqCst);
            latencies_us.borrow_mut().push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
    }));
    (latencies_us.into_inner(), started.elapsed().as_secs_f64())
}
