//! Answers in turn, and looks that open what they were noted for.

use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::task::Poll;

use jejak_events::identity::{Actor, ActorKind, Subject};
use serde_json::json;

use super::rights::tests::{options, person, record, world};
use super::{Options, Registry, RegistryError};
use crate::disk::sim::SimulatedDisk;
use crate::readmodel::QuestionLength;
use crate::vault::VaultError;
use crate::vault::attachments::EvidenceError;

const PERSON: &str = "person/7f2c1a34-5b6d-4e8f-9a0b-00000000000a";

fn nobody() -> Actor {
    Actor { kind: ActorKind::Unknown, id: None }
}

fn opened_with_one_turn(disk: &SimulatedDisk) -> Registry {
    world(disk).0.close().unwrap();
    Registry::open(&Options { answers_at_once: NonZeroUsize::MIN, ..options(disk) }).unwrap()
}

fn another(number: u32) -> serde_json::Value {
    let subject = format!("person/7f2c1a34-5b6d-4e8f-9a0b-{number:012x}");
    let mut value = person(number, &subject, "Orang Lain");
    value["data"] = json!({"name": "Orang Lain"});
    value
}

/// Whoever waits for a turn keeps no state of the log: the answer is of the log as it stands when the turn comes.
#[test]
fn an_answer_is_of_the_log_as_it_stands_when_its_turn_comes() {
    let disk = SimulatedDisk::default();
    let registry = opened_with_one_turn(&disk);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let before = registry.snapshot().size();
    let mut waiting = Box::pin(registry.ask(QuestionLength::Long, |snapshot| snapshot.size()));
    let mut poll = |at: &str| {
        let polled =
            runtime.block_on(std::future::poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context))));
        assert!(polled.is_pending(), "{at}");
    };
    registry.ask_blocking(QuestionLength::Long, |snapshot| {
        assert_eq!(snapshot.size(), before);
        // An answer that asks is one answer.
        let inner = registry.ask_blocking(QuestionLength::Long, |snapshot| snapshot.size());
        assert_eq!(inner, before);
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| poll("the turn is another's"));
            waits.join().unwrap();
        });
        record(&registry, &[another(500)]);
        assert_eq!(snapshot.size(), before, "what an answer reads stays");
    });
    assert_eq!(runtime.block_on(waiting).unwrap(), before + 1);
    // Short questions have turns of their own.
    registry.ask_blocking(QuestionLength::Long, |_| {
        std::thread::scope(|scope| {
            let short = scope.spawn(|| registry.ask_blocking(QuestionLength::Short, |found| found.size()));
            assert_eq!(short.join().unwrap(), before + 1);
        });
    });
}

#[test]
fn a_question_that_is_given_up_or_panics_leaves_its_turn_to_others() {
    let disk = SimulatedDisk::default();
    let registry = opened_with_one_turn(&disk);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        runtime.block_on(registry.ask(QuestionLength::Long, |_| panic!("an answer"))).unwrap()
    }));
    assert!(panicked.is_err());
    registry.ask_blocking(QuestionLength::Long, |_| {
        std::thread::scope(|scope| {
            let given_up = scope.spawn(|| {
                runtime.block_on(async {
                    let mut waiting = pin!(registry.ask(QuestionLength::Long, |_| ()));
                    let first =
                        std::future::poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context))).await;
                    assert!(first.is_pending());
                });
            });
            given_up.join().unwrap();
        });
    });
    let size = runtime.block_on(registry.ask(QuestionLength::Long, |snapshot| snapshot.size())).unwrap();
    assert_eq!(size, registry.snapshot().size());
}

/// A look is noted in one access log, and opens nothing that is another registry's, not even of a copy of its own log.
#[test]
fn a_look_opens_nothing_of_another_registry() {
    let disk = SimulatedDisk::default();
    let (registry, _, file, _) = world(&disk);
    registry.close().unwrap();
    let (one, other) = (disk.fork(), disk.fork());
    let [one, other] = [one, other].map(|disk| Registry::open(&options(&disk)).unwrap());
    let subject = Subject::parse(PERSON).unwrap();
    let index = 1;
    let look = one.look(&nobody(), "test", &[subject]).unwrap();
    assert!(!one.sealed(&look, index).unwrap().is_empty());
    let elsewhere = |error: RegistryError| {
        let said = error.to_string();
        assert!(said.contains("event 1 stays sealed: the look was noted in another registry"), "{said}");
    };
    elsewhere(other.sealed(&look, index).map(drop).unwrap_err());
    elsewhere(other.disclosures(&look, index).map(drop).unwrap_err());
    let everybody = one.look_at_everybody(&nobody(), "test").unwrap();
    let failure = other.snapshot().sealed(&everybody, index).map(drop).unwrap_err();
    let kind = failure.downcast_ref::<VaultError>();
    assert!(matches!(kind, Some(VaultError::NotedElsewhere { index: 1 })), "{failure}");
    assert!(one.snapshot().sealed(&everybody, index).is_ok());
    // Attachments as well.
    let sha256 = &file.sha256;
    let look = one.look_at_file(&nobody(), "test", sha256, &[subject]).unwrap();
    for (registry, opens) in [(&one, true), (&other, false)] {
        let crate::vault::KeyLookup::Live(key) = registry.evidence_key(sha256.clone()).unwrap() else {
            panic!("no key")
        };
        let mut out = Vec::new();
        let read = registry.evidence().read(&look, sha256, &key.secret, &mut out);
        match read {
            Ok(()) => assert!(opens && !out.is_empty()),
            Err(error) => {
                assert!(!opens && out.is_empty(), "{error}");
                assert!(matches!(error, EvidenceError::NotedElsewhere { .. }), "{error}");
            }
        }
    }
}
