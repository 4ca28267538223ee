//! Readers beside the writer: nobody waits for an answer, nobody sees a state that is older than what was told, and
//! every answer is that of a rebuild at its size.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jejak::queries::compare::states;
use jejak::readmodel::{Feed, Snapshot, rebuild};
use jejak::registry::{Destroyed, InitReport, Options, Registry, create};
use jejak_events::identity::{Actor, ActorKind, Source, Subject};
use jejak_events::proposal::Proposal;
use jejak_events::values::{Code, Date, Origin};
use jejak_projections::answer::Answer;
use jejak_projections::compare::Asked;
use jejak_projections::question::Question;
use jejak_projections::views::view;
use serde_json::{Value, json};

use crate::support;

/// Views whose rows come from most tables.
const ASKED: [&str; 3] = ["registered", "enrolled", "trained"];
const PROGRAM: &str = "program/0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b";
const CLIENTS: u64 = 4;
const ROUNDS: u64 = 30;

fn day() -> Date {
    Date::parse("2025-12-31").unwrap()
}

fn registry(home: &std::path::Path) -> Registry {
    let options = Options::in_directory(home.join("data"));
    create(
        &options,
        &InitReport {
            origin: Origin::parse("jejak.example/test").unwrap(),
            source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
            synthetic: true,
            recovery_file: home.join("recovery"),
        },
    )
    .unwrap();
    Registry::open(&options).unwrap()
}

/// The stream of an IKM, by client and round.
fn ikm(client: u64, round: u64) -> String {
    format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-{client:04x}{round:08x}")
}

fn event(client: u64, number: u64, kind: &str, subject: &str, data: Value) -> Value {
    json!({"id": format!("01890a5d-ac96-774b-bcce-{client:04x}{number:08x}"), "type": format!("id.jejak.{kind}.v1"),
        "subject": subject, "time": "2025-03-03T00:00:00+07:00", "data": data})
}

/// Appends all or nothing; the highest index that was acknowledged.
fn record(registry: &Registry, values: &[Value]) -> u64 {
    let defaults = registry.defaults(Actor { kind: ActorKind::Unknown, id: None });
    let parse = |value: &Value| Proposal::parse(value.to_string().as_bytes(), &defaults).unwrap();
    let outcomes = registry.append_blocking(values.iter().map(parse).collect(), true).unwrap();
    outcomes.iter().map(|outcome| outcome.index().unwrap_or_else(|| panic!("{outcome:?}"))).max().unwrap()
}

fn registered(client: u64, round: u64) -> Value {
    let data = json!({"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
        "sole_proprietor": true, "name": format!("Batik {client} {round}"), "workers": 7});
    event(client, round * 8, "ikm.registered", &ikm(client, round), data)
}

/// What one client appends in one round: an IKM, its enrolment, and now and then a correction or a retraction.
fn round(client: u64, round: u64) -> Vec<Value> {
    let subject = ikm(client, round);
    let program = &PROGRAM["program/".len()..];
    let mut events = vec![
        registered(client, round),
        event(client, round * 8 + 1, "enrolment.made", &subject, json!({"program": program})),
    ];
    let target = format!("01890a5d-ac96-774b-bcce-{client:04x}{:08x}", round * 8);
    if round % 3 == 1 {
        let data = json!({"target": target, "subject": subject, "time": "2025-03-03T00:00:00+07:00",
            "timeprecision": "day", "type": "id.jejak.ikm.registered.v1", "reason": "typing_error", "data": {
            "area": "33.74", "commodity": "batik", "kbli": {"code": "13134", "year": 2020}, "sole_proprietor": true}});
        events.push(event(client, round * 8 + 2, "event.corrected", &subject, data));
    }
    if round % 4 == 2 {
        let enrolment = format!("01890a5d-ac96-774b-bcce-{client:04x}{:08x}", round * 8 + 1);
        let data = json!({"target": enrolment, "reason": "entered_twice"});
        events.push(event(client, round * 8 + 3, "event.retracted", &subject, data));
    }
    events
}

fn open_program(registry: &Registry) {
    let data = json!({"area": "33.75", "organiser": "Dinas", "theme": "export", "title": "Pelatihan", "unit": "ikm"});
    record(registry, &[event(0xffff, 1, "program.opened", PROGRAM, data)]);
}

fn answers(snapshot: &Snapshot) -> Vec<Answer> {
    let question = Question::new(day(), snapshot.size());
    ASKED.iter().map(|name| view(name).unwrap().answer(snapshot.facts(), &question).unwrap()).collect()
}

#[test]
fn readers_see_whole_states_no_older_than_what_was_told_while_the_writer_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let registry = registry(home.path());
    open_program(&registry);
    let (acknowledged, done) = (AtomicU64::new(registry.snapshot().size()), AtomicBool::new(false));
    let seen: Mutex<Vec<(u64, Vec<Answer>)>> = Mutex::default();
    let lagging = Arc::new(Mutex::new(registry.watch(0)));
    std::thread::scope(|scope| {
        for reader in 0..8 {
            let (registry, acknowledged, done, seen) = (&registry, &acknowledged, &done, &seen);
            scope.spawn(move || {
                let mut pins = 0;
                while !done.load(Ordering::SeqCst) || pins < 3 {
                    let told = acknowledged.load(Ordering::SeqCst);
                    let snapshot = registry.snapshot();
                    assert!(snapshot.size() >= told, "{} is older than {told}", snapshot.size());
                    assert_eq!(snapshot.facts().size(), snapshot.size());
                    assert_eq!(snapshot.root_at(snapshot.size()).unwrap(), snapshot.root());
                    let answers = answers(&snapshot);
                    let view = view(ASKED[pins % ASKED.len()]).unwrap();
                    let question = Question::new(day(), snapshot.size());
                    states(&snapshot, Asked::whole(view), &question, snapshot.size() / 2, &mut |_| {})
                        .unwrap();
                    let subject = Subject::parse(&ikm(reader % CLIENTS, pins as u64 % ROUNDS)).unwrap();
                    let history = snapshot.history(subject);
                    assert!(history.iter().all(|index| *index < snapshot.size()));
                    for index in &history {
                        assert_eq!(snapshot.event(*index).unwrap().draft.subject, subject);
                    }
                    if pins % 4 == 0 {
                        seen.lock().unwrap().push((snapshot.size(), answers));
                    }
                    pins += 1;
                }
            });
        }
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (registry, acknowledged) = (&registry, &acknowledged);
                scope.spawn(move || {
                    for number in 0..ROUNDS {
                        let last = record(registry, &round(client, number));
                        assert!(registry.snapshot().size() > last, "what was told is not there");
                        acknowledged.fetch_max(last + 1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        clients.into_iter().for_each(|client| client.join().unwrap());
        done.store(true, Ordering::SeqCst);
    });
    let last = registry.snapshot();
    let rebuilt = rebuild::facts(last.log(), last.size(), 2, &|_| {}).unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.len() > 8);
    for (size, answers) in &seen {
        let question = Question::new(day(), *size);
        for answer in answers {
            assert_eq!(*answer, view(answer.view).unwrap().answer(&rebuilt, &question).unwrap(), "at {size}");
        }
    }
    // One that asked for nothing meanwhile is told of everything once.
    let told = lagging.lock().unwrap().take().unwrap().0;
    assert_eq!(told, 0..last.size());
    registry.close().unwrap();
}

#[test]
fn nothing_that_a_reader_holds_keeps_the_writer_waiting() {
    let home = tempfile::tempdir().unwrap();
    let registry = registry(home.path());
    open_program(&registry);
    record(&registry, &round(0, 1));
    let snapshot = registry.snapshot();
    let (size, before) = (snapshot.size(), answers(&snapshot));
    let mut next = 2;
    // In the middle of a walk through the log, of a comparison, and with a feed that nobody takes from.
    let feed = registry.watch(0);
    snapshot
        .scan(0..size, &mut |_, _| {
            record(&registry, &round(0, next));
            next += 1;
            true
        })
        .unwrap();
    let question = Question::new(day(), size);
    states(&snapshot, Asked::whole(view("enrolled").unwrap()), &question, 1, &mut |_| {
        record(&registry, &round(0, next));
        next += 1;
    })
    .unwrap();
    assert!(registry.snapshot().size() > size + 4);
    assert_eq!(answers(&snapshot), before);
    assert!(snapshot.event(size).is_err() && snapshot.scan(0..size + 1, &mut |_, _| true).is_err());
    drop(feed);
    registry.close().unwrap();
    // What was pinned is there when the writer is gone.
    assert_eq!(answers(&snapshot), before);
}

/// Every index in order, none twice, whatever the pace.
async fn follow(mut feed: Feed, pause: usize) -> u64 {
    let mut next = 0;
    while let Some((new, snapshot)) = feed.next().await {
        assert_eq!((new.start, new.end), (next, snapshot.size()));
        next = new.end;
        for _ in 0..pause {
            tokio::task::yield_now().await;
            std::thread::yield_now();
        }
    }
    next
}

#[test]
fn a_feed_misses_nothing_and_repeats_nothing() {
    let home = tempfile::tempdir().unwrap();
    let registry = registry(home.path());
    open_program(&registry);
    let paces = [0, 3, 500];
    let followers: Vec<_> = paces
        .map(|pace| {
            let feed = registry.watch(0);
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(follow(feed, pace))
            })
        })
        .into_iter()
        .collect();
    let mut late = registry.watch(0);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let registry = &registry;
            scope.spawn(move || {
                for number in 0..ROUNDS {
                    record(registry, &round(client, number));
                }
            });
        }
    });
    let size = registry.snapshot().size();
    assert_eq!(late.take().map(|(new, _)| new), Some(0..size));
    assert!(late.take().is_none());
    registry.close().unwrap();
    for follower in followers {
        assert_eq!(follower.join().unwrap(), size);
    }
}

#[test]
fn an_erasure_holds_for_every_state_that_anybody_pinned() {
    let home = tempfile::tempdir().unwrap();
    let registry = registry(home.path());
    open_program(&registry);
    let index = record(&registry, &[registered(0, 1)]);
    let pinned = registry.snapshot();
    let look = support::look(&registry);
    assert!(!pinned.sealed(&look, index).unwrap().is_empty());
    let erased = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let was_erased = erased.load(Ordering::SeqCst);
                    let sealed = pinned.sealed(&look, index).unwrap();
                    assert!(!was_erased || sealed.is_empty(), "an erased value was opened: {sealed:?}");
                    if was_erased {
                        break;
                    }
                }
            });
        }
        let actor = Actor { kind: ActorKind::User, id: None };
        let subject = Subject::parse(&ikm(0, 1)).unwrap();
        let done = registry.erase(actor, subject, Code::parse("subject_request").unwrap()).unwrap();
        assert!(matches!(done, Destroyed::Done { erased: Some(_), .. }), "{done:?}");
        erased.store(true, Ordering::SeqCst);
    });
    assert!(pinned.disclosures(&look, index, &pinned.event(index).unwrap()).unwrap().is_empty());
    // What it reaches is told by states from then on.
    assert!(registry.snapshot().index().reached().keys().count() > pinned.index().reached().keys().count());
    registry.close().unwrap();
}
