//! The figures of the log: durable appends beside a plain file and SQLite, bulk append, open, rebuild, memory,
//! bytes on disk, inclusion proofs, audits. Every speed is stated as a ratio to something measured in the same run, with
//! what the disk and the processor took beside it: that holds on a busy machine, too.
//!
//! `cargo run --release --example figures -- [events] [all|appends|large] [directory]`
//! `cargo run --release --example figures -- [events] domain [directory]` (the whole domain)
//! `cargo run --release --example figures -- [events] proofs [directory]` (inclusion proofs from disk)
//! `cargo run --release --example figures -- [events] readers [directory]` (clients beside readers)
//! `cargo run --release --example figures -- [events] audit [directory]` (an audit beside `sha256sum`)
//! `cargo run --release --example figures -- <events> fill|fill-domain|append-and-die <data directory>` (leaves the
//! registry there)
//! `cargo run --release --example figures -- <events> lines` (proposals of the whole domain, for `jejak append -`)
//! `cargo run --release --example figures -- 0 open|opening|ask|reads|proofs-of <data directory>`

#![allow(
    clippy::expect_used,
    clippy::cast_precision_loss,
    reason = "a measurement stops at the first surprise"
)]

mod appends;
mod audit;
mod domain;
mod opening;
mod peer;
mod proofs;
mod queue;
mod readers;
mod reads;
mod workload;

use std::path::Path;
use std::time::Instant;

use appends::told;
use jejak::registry::{InitReport, Options, Registry, Submitted, create};
use jejak_events::identity::Source;
use jejak_events::proposal::Proposal;
use mimalloc::MiMalloc;
use peer::Sqlite;
use queue::{Round, Stopwatch, syncs_us};
use workload::Shape;

/// That of the command line.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let events: u64 = arguments.next().map_or(1_000_000, |text| text.parse().expect("a number of events"));
    let section = arguments.next().unwrap_or_else(|| "all".into());
    if section == "open" {
        open(Path::new(&arguments.next().expect("a data directory")));
        return;
    }
    if section == "lines" {
        domain::Domain::of(events).proposals().for_each(|proposal| println!("{proposal}"));
        return;
    }
    if section == "proofs-of" {
        proofs::measure(Path::new(&arguments.next().expect("a data directory")));
        return;
    }
    if section == "reads" {
        reads::measure(Path::new(&arguments.next().expect("a data directory")));
        return;
    }
    if section == "audited" {
        let dir = arguments.next().expect("a data directory");
        audit::audited(Path::new(&dir), &arguments.next().expect("a vkey"));
        return;
    }
    if let "fill" | "fill-domain" | "append-and-die" | "opening" = section.as_str() {
        let dir = arguments.next().expect("a data directory");
        match section.as_str() {
            "fill" => opening::fill(Path::new(&dir), events),
            "fill-domain" => fill_domain(Path::new(&dir), events),
            "append-and-die" => opening::append_and_die(Path::new(&dir), events),
            _ => opening::opening(Path::new(&dir)),
        }
        return;
    }
    if section == "ask" {
        ask(Path::new(&arguments.next().expect("a data directory")));
        return;
    }
    let base = arguments
        .next()
        .map_or_else(std::env::temp_dir, Into::into)
        .join(format!("jejak-figures-{}", std::process::id()));
    std::fs::create_dir_all(&base).expect("a directory to work in");
    println!("cores: {}", std::thread::available_parallelism().map_or(0, usize::from));
    match section.as_str() {
        "appends" => appends::measure(&base),
        "large" => large(&base, events),
        "domain" => whole_domain(&base, events),
        "proofs" => proofs_from_disk(&base, events),
        "readers" => readers::measure(&base, events),
        "audit" => audit::beside_sha256sum(&base, events),
        _ => {
            appends::measure(&base);
            large(&base, events);
            whole_domain(&base, events);
            proofs_from_disk(&base, events);
            readers::measure(&base, events);
            audit::beside_sha256sum(&base, events);
        }
    }
    std::fs::remove_dir_all(&base).expect("the directory goes away");
}

/// Indexes below a size, the same in every run (splitmix64).
fn random_indexes(size: u64) -> impl FnMut() -> u64 {
    let mut seed = 20_251_125_u64;
    move || {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % size
    }
}

fn registry(dir: &Path) -> Registry {
    let options = Options::in_directory(dir);
    if !dir.exists() {
        let about = InitReport {
            origin: jejak_events::values::Origin::parse("jejak.example/figures").expect("an origin"),
            source: Source::parse("urn:jejak:33.75:bench").expect("a source"),
            synthetic: true,
            recovery_file: dir.with_extension("recovery"),
        };
        create(&options, &about).expect("a new registry");
    }
    Registry::open(&options).expect("the registry opens")
}

fn append_all(registry: &Registry, values: impl Iterator<Item = serde_json::Value>, batch: usize) -> u64 {
    let mut count = 0;
    let mut proposals = Vec::with_capacity(batch);
    let mut flush = |proposals: &mut Vec<Proposal>| {
        let outcomes =
            registry.append_blocking(std::mem::take(proposals), false).expect("the registry appends");
        if let Some(refusal) = outcomes.iter().find_map(jejak::registry::Outcome::refusal) {
            panic!("refused: {refusal}");
        }
        count += outcomes.len() as u64;
    };
    for value in values {
        proposals.push(workload::parse(&value));
        if proposals.len() == batch {
            flush(&mut proposals);
        }
    }
    if !proposals.is_empty() {
        flush(&mut proposals);
    }
    count
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn large(base: &Path, events: u64) {
    let dir = base.join("large");
    let shape = Shape::of(events);
    println!("\n{events} attendances over {} IKMs and {} programmes", shape.ikms, shape.programs);
    let opened = registry(&dir);
    let foundation = append_all(&opened, shape.foundation(), 1000);
    let batch = 1000;
    // Parsing JSON is the client's; what is timed is everything from a parsed proposal to durable, with
    // one batch being prepared while the one before is decided and written.
    let mut bytes = Vec::new();
    let (mut seconds, mut processor) = (0.0, 0.0);
    let mut number = 0;
    while number < events {
        let batches: Vec<Vec<Proposal>> = (0..100)
            .map(|_| {
                let from = number;
                number = events.min(number + batch);
                (from..number).map(|number| workload::parse(&shape.attendance(number))).collect()
            })
            .collect();
        let watch = Stopwatch::start();
        let mut before: Option<Submitted> = None;
        let check = |submitted: Option<Submitted>| {
            let outcomes =
                submitted.map_or_else(Vec::new, |submitted| submitted.wait().expect("the registry appends"));
            assert!(outcomes.iter().all(|outcome| outcome.index().is_some()));
        };
        for proposals in batches {
            let submitted = opened.submit_blocking(proposals, false).expect("the registry appends");
            check(before.replace(submitted));
        }
        check(before);
        let spent = watch.spent();
        (seconds, processor) = (seconds + spent.0, processor + spent.1);
    }
    let size = opened.reader().size();
    opened
        .reader()
        .scan(0..size, &mut |_, event| {
            bytes.extend_from_slice(event);
            bytes.push(b'\n');
            true
        })
        .expect("reads");
    let ours = Round::of(events, (seconds, processor));
    beside_peers(base, ours, &bytes, batch as usize);
    opened.close().expect("closes");
    println!("events {size} (foundation {foundation}), {} bytes/event canonical", bytes.len() as u64 / size);
    for (name, length) in sizes(&dir) {
        println!("  on disk {name:<12} {:>8.1} bytes/event", length as f64 / size as f64);
    }
    drop(bytes);

    // In a process of its own, whose peak is that of opening and rebuilding alone.
    let this = std::env::current_exe().expect("this program");
    let status = std::process::Command::new(this).args(["0", "open"]).arg(&dir).status().expect("it starts");
    assert!(status.success(), "opening failed");
}

/// Says what a bulk append came to beside peers that get the same lines.
fn beside_peers(base: &Path, ours: Round, text: &[u8], batch: usize) {
    let path = base.join("plain");
    let plain = peer::plain_batches(&path, text, batch);
    let sqlite = Sqlite::build().map(|sqlite| sqlite.batches(&path, batch, &base.join("sqlite")));
    std::fs::remove_file(&path).expect("removed");
    let ratio = |peer: Round| ours.per_second / peer.per_second;
    println!(
        "bulk append, batches of {batch}: {:.0} events/s, {:.1} us of processor time an event; plain file {:.0} ({:.1} us), \
         ratio {:.2}; SQLite {} ({} us), ratio {}; fdatasync p50 {:.0} us",
        ours.per_second,
        ours.processor_us,
        plain.per_second,
        plain.processor_us,
        ratio(plain),
        told(sqlite.map(|round| round.per_second), 0),
        told(sqlite.map(|round| round.processor_us), 1),
        told(sqlite.map(ratio), 2),
        median(syncs_us(&base.join("sync"), batch * text.len() / text.split(|byte| *byte == b'\n').count()))
    );
}

/// Proofs, in a process of its own: what recording left in memory is gone.
fn proofs_from_disk(base: &Path, events: u64) {
    let dir = base.join("proofs");
    let shape = Shape::of(events);
    let opened = registry(&dir);
    let foundation = append_all(&opened, shape.foundation(), 1000);
    append_all(&opened, (foundation..events).map(|number| shape.attendance(number - foundation)), 1000);
    opened.close().expect("closes");
    println!();
    let this = std::env::current_exe().expect("this program");
    let status =
        std::process::Command::new(this).args(["0", "proofs-of"]).arg(&dir).status().expect("it starts");
    assert!(status.success(), "proving failed");
    std::fs::remove_dir_all(&dir).expect("removed");
}

/// Records the whole domain, of about so many events, and leaves the registry.
fn fill_domain(dir: &Path, events: u64) {
    let shape = domain::Domain::of(events);
    let opened = registry(dir);
    let started = Instant::now();
    let recorded = append_all(&opened, shape.proposals(), 1000);
    let (ikms, programs, areas) = (shape.ikms, shape.programs, domain::AREAS);
    println!(
        "\nthe whole domain: {recorded} events over {ikms} IKMs in {areas} areas and {programs} programmes; recorded in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    opened.close().expect("closes");
}

/// The whole domain at a quarter, a half and all of the events: what grows faster than they do shows.
fn whole_domain(base: &Path, events: u64) {
    for events in [events / 4, events / 2, events] {
        let dir = base.join(format!("domain-{events}"));
        fill_domain(&dir, events);
        let this = std::env::current_exe().expect("this program");
        let status =
            std::process::Command::new(this).args(["0", "ask"]).arg(&dir).status().expect("it starts");
        assert!(status.success(), "asking failed");
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}

/// Opens a registry and says how long that took.
fn timed_open(dir: &Path) -> (Registry, u64) {
    let started = Instant::now();
    let opened = registry(dir);
    let size = opened.reader().size();
    println!(
        "open: {:.2} s at {size} events; peak memory {} MiB",
        started.elapsed().as_secs_f64(),
        peak_kib() / 1024
    );
    (opened, size)
}

/// Opens a registry and asks every view: now, as known in the middle, and by month over five years.
fn ask(dir: &Path) {
    use jejak_projections::calendar::PeriodLength;
    use jejak_projections::question::Question;
    use jejak_projections::views::VIEWS;
    let (opened, size) = timed_open(dir);
    let snapshot = opened.snapshot();
    let facts = snapshot.facts();
    println!(
        "{:<28} {:>10} {:>14} {:>13} {:>12}",
        "view", "now, ms", "in the middle", "by month, ms", "first figure"
    );
    for view in VIEWS {
        let (mut spent_ms, mut first) = (Vec::new(), 0);
        for as_known in [size, size / 2] {
            let question = Question::new(domain::asked_on(), as_known);
            let times = (0..3).map(|_| {
                let started = Instant::now();
                let answer = view.answer(facts, &question).expect("answered");
                if as_known == size {
                    first = answer.figures[0].value.unwrap_or(0);
                }
                started.elapsed().as_secs_f64() * 1e3
            });
            spent_ms.push(median(times.collect()));
        }
        let started = Instant::now();
        let question =
            Question { from: Some(domain::five_years_earlier()), ..Question::new(domain::asked_on(), size) };
        let series = view.series(facts, &question, PeriodLength::Month).expect("answered");
        assert_eq!(series.periods.len(), 60);
        let series_ms = started.elapsed().as_secs_f64() * 1e3;
        let name = format!("{} {}", view.name, view.version);
        println!("{name:<28} {:>10.1} {:>14.1} {series_ms:>13.0} {first:>12}", spent_ms[0], spent_ms[1]);
    }
    drop(snapshot);
    println!("peak memory with the answers: {} MiB", peak_kib() / 1024);
    opened.close().expect("closes");
}

fn open(dir: &Path) {
    let (opened, size) = timed_open(dir);
    rebuild(&opened, size);
    println!("peak memory with the rebuilds: {} MiB", peak_kib() / 1024);
    opened.close().expect("closes");
}

fn rebuild(registry: &Registry, size: u64) {
    use jejak::readmodel::rebuild;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for threads in [1, threads] {
        let started = Instant::now();
        let facts = rebuild::facts(registry.reader(), size, threads, &|_| {}).expect("rebuilt");
        let answers = rebuild::answer_all(&facts, size, rebuild::far_future(), threads).expect("answered");
        println!(
            "rebuild of all {} views from event bytes, {threads} threads: {:.2} M events/s",
            answers.len(),
            size as f64 / started.elapsed().as_secs_f64() / 1e6
        );
        let started = Instant::now();
        let again = rebuild::answer_all(&facts, size, rebuild::far_future(), threads).expect("answered");
        println!("  from facts: {:.2} M events/s", size as f64 / started.elapsed().as_secs_f64() / 1e6);
        assert!(answers.iter().zip(&again).all(|(left, right)| left.digest == right.digest));
    }
    let live = rebuild::answer_all(registry.snapshot().facts(), size, rebuild::far_future(), threads)
        .expect("answered");
    let facts = rebuild::facts(registry.reader(), size, 2, &|_| {}).expect("rebuilt");
    let rebuilt = rebuild::answer_all(&facts, size, rebuild::far_future(), threads).expect("answered");
    assert!(
        live.iter().zip(&rebuilt).all(|(left, right)| left.digest == right.digest),
        "live and rebuilt differ"
    );
    println!("live = rebuilt for all views");
}

fn sizes(dir: &Path) -> Vec<(String, u64)> {
    fn length(path: &Path) -> u64 {
        match std::fs::read_dir(path) {
            Ok(entries) => entries.flatten().map(|entry| length(&entry.path())).sum(),
            Err(_) => std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        }
    }
    let mut sizes: Vec<(String, u64)> = std::fs::read_dir(dir)
        .expect("the directory lists")
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), length(&entry.path())))
        .collect();
    sizes.sort();
    sizes
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").trim().parse().unwrap_or(0)
}
