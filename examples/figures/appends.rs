//! Durable appends, one event each, by turns with the peers.

use std::path::Path;
use std::time::Instant;

use jejak::registry::{PreparedEvent, Registry, Request};

use super::peer::{Sqlite, plain_appends};
use super::queue::{ROUND_SECONDS, Round, Stopwatch, futures, syncs_us};
use super::workload::{self, Shape};
use super::{append_all, median, registry};

const ROUNDS: usize = 5;

/// Of each what its rounds came to; they go by turns, so that a noisy machine hits all alike, and medians are told.
#[derive(Default)]
struct Rounds {
    ours: Vec<Round>,
    plain: Vec<Round>,
    sqlite: Vec<Round>,
    bytes: f64,
    made_ready_us: Vec<f64>,
    syncs_us: Vec<f64>,
}

/// One event each, from so many clients with so many requests in flight, beside peers that get as many bytes through the
/// same kind of queue.
pub fn measure(base: &Path) {
    let sqlite = Sqlite::build();
    println!(
        "\ndurable appends, one event each (events/s; rounds of {ROUND_SECONDS} s by turns, medians of {ROUNDS})\n\
         peers get as many bytes through the same kind of queue: a plain file, one write and fdatasync for all that is\n\
         queued; SQLite, write-ahead log, synchronous FULL, one transaction for it. processor: of all threads, us/event"
    );
    println!(
        "{:<23} {:>9} {:>9} {:>9} {:>7} {:>7}   {:>26} {:>11} {:>11} {:>14}",
        "clients x in flight",
        "registry",
        "plain",
        "SQLite",
        "/plain",
        "/SQLite",
        "processor ours/plain/SQLite",
        "bytes/event",
        "made ready",
        "fdatasync p50"
    );
    for sealed in [false, true] {
        for (clients, in_flight) in [(1, 1), (64, 1), (64, 8)] {
            let mut rounds = Rounds::default();
            for _ in 0..ROUNDS {
                rounds.add(base, sqlite.as_ref(), (clients * in_flight, sealed));
            }
            let label = format!("{clients} x {in_flight}{}", if sealed { ", sealed fields" } else { "" });
            rounds.print(&label);
        }
    }
}

impl Rounds {
    /// One round of each.
    fn add(&mut self, base: &Path, sqlite: Option<&Sqlite>, (tasks, sealed): (usize, bool)) {
        let shape = Shape { ikms: 2_000, programs: 40, enrolled_per_program: 200, sessions: 10, days: 20 };
        // With the file to recover it by beside it.
        let dir = base.join("append");
        std::fs::create_dir_all(&dir).expect("a directory");
        let registry = registry(&dir.join("registry"));
        let foundation: Box<dyn Iterator<Item = serde_json::Value>> =
            if sealed { Box::new(std::iter::empty()) } else { Box::new(shape.foundation()) };
        append_all(&registry, foundation, 1000);
        let make =
            move |number| if sealed { shape.ikm(1_000_000 + number) } else { shape.attendance(number) };
        let before = registry.reader().size();
        let (prepared, ready_us) = prepare(tasks, make, &registry);
        self.made_ready_us.push(ready_us);
        self.ours.push(drive(tasks, prepared, &registry));
        let (mut length, after) = (0, registry.reader().size());
        let mut add = |_, event: &[u8]| {
            length += event.len() as u64;
            true
        };
        registry.reader().scan(before..after, &mut add).expect("the log reads");
        self.bytes = length as f64 / (after - before) as f64;
        registry.close().expect("the registry closes");
        std::fs::remove_dir_all(&dir).expect("removed");
        let bytes = self.bytes as usize;
        self.plain.push(plain_appends(tasks, bytes, &base.join("plain")));
        if let Some(sqlite) = sqlite {
            self.sqlite.push(sqlite.appends(tasks, bytes, &base.join("sqlite")));
        }
        self.syncs_us.extend(syncs_us(&base.join("sync"), bytes));
    }

    fn print(&self, label: &str) {
        let of = |rounds: &[Round], value: fn(&Round) -> f64| {
            (!rounds.is_empty()).then(|| median(rounds.iter().map(value).collect()))
        };
        let [ours, plain, sqlite] =
            [&self.ours, &self.plain, &self.sqlite].map(|rounds| of(rounds, |round| round.per_second));
        let processor = [&self.ours, &self.plain, &self.sqlite]
            .map(|rounds| told(of(rounds, |round| round.processor_us), 1))
            .join(" / ");
        let ratio = |peer: Option<f64>| told(ours.zip(peer).map(|(ours, peer)| ours / peer), 2);
        println!(
            "{label:<23} {:>9} {:>9} {:>9} {:>7} {:>7}   {processor:>27} {:>11.0} {:>8.1} us {:>11.0} us",
            told(ours, 0),
            told(plain, 0),
            told(sqlite, 0),
            ratio(plain),
            ratio(sqlite),
            self.bytes,
            median(self.made_ready_us.clone()),
            median(self.syncs_us.clone())
        );
    }
}

/// A number with so many places; `-` for none.
pub fn told(value: Option<f64>, places: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.places$}"))
}

/// More than one round can append: sealed, derived, laid out, as the bytes of the peers are made beforehand; and how long
/// each took, in microseconds.
fn prepare(
    tasks: usize,
    make: impl Fn(u64) -> serde_json::Value,
    registry: &Registry,
) -> (Vec<PreparedEvent>, f64) {
    let most: u64 = if tasks == 1 { 50_000 } else { 300_000 };
    let started = Instant::now();
    let prepared = (0..most)
        .map(|number| {
            registry.prepare(workload::parse(&make(number))).expect("a proposal that can be prepared")
        })
        .collect();
    (prepared, started.elapsed().as_secs_f64() * 1e6 / most as f64)
}

/// Closed loop: so many tasks, each waiting for its acknowledgement.
fn drive(tasks: usize, prepared: Vec<PreparedEvent>, registry: &Registry) -> Round {
    let prepared = std::cell::RefCell::new(prepared.into_iter());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let watch = Stopwatch::start();
    let done = std::cell::Cell::new(0u64);
    runtime.block_on(async {
        let client = || async {
            while watch.is_in_round() {
                let Some(prepared) = prepared.borrow_mut().next() else { return };
                let request = Request { prepared: vec![prepared], atomic: false };
                let outcomes = registry.append_prepared(request).await.expect("the registry appends");
                assert!(outcomes[0].index().is_some(), "{:?}", outcomes[0]);
                done.set(done.get() + 1);
            }
        };
        futures(tasks, client).await;
    });
    watch.round(done.get())
}
