//! The thread around the engine: a bounded queue, one commit for everything queued, an anchor at
//! least once a second, or only when asked.
//!
//! A panic in the engine ends the writer and nothing else: callers are told that the registry is
//! closed, and reopening settles what the disk holds.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jejak_events::types::Role;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::behind::StateWriter;
use super::engine::{Engine, Request};
use super::outcome::{Outcome, RegistryError};
use crate::readmodel::Publisher;

/// Work done on the writer's thread, between commits.
pub type Task = Box<dyn FnOnce(&mut Engine, &mut Publisher) + Send>;

/// What the queue carries.
pub enum Job {
    /// Proposals, and whom to answer.
    Append(Request, oneshot::Sender<Result<Vec<Outcome>, RegistryError>>),
    /// Anything that needs the engine.
    Run(Task),
    /// End without anchoring or signing anything more.
    Abandon,
    /// Anchor, close, and say how that went.
    Close(oneshot::Sender<Result<(), RegistryError>>),
}

/// Most proposals that one commit takes from the queue; more wait for the next.
const GROUP_PROPOSALS: usize = 4096;

/// Most bytes of records that one commit takes from the queue, beyond its first request.
const GROUP_BYTES: usize = 16 << 20;

/// Runs until the queue is closed or told to close.
pub fn run(
    mut engine: Engine,
    mut publisher: Publisher,
    mut queue: mpsc::Receiver<Job>,
    anchor_interval: Option<Duration>,
    mut state: StateWriter,
) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { return };
    // What opening adopted past the anchor is anchored without waiting for a first append.
    let due_from_now = || anchor_interval.map(|interval| Instant::now() + interval);
    let mut anchor_due = due_from_now().filter(|_| engine.is_ahead_of_checkpoint());
    let mut left_over = None;
    let mut compression = Compression::default();
    loop {
        let job = match left_over.take() {
            Some(job) => Some(job),
            None => match next(&runtime, &mut queue, anchor_due) {
                Next::Job(job) => Some(job),
                Next::AnchorDue => None,
                Next::Closed => break,
            },
        };
        match job {
            Some(Job::Append(request, answer)) => {
                left_over = append_all(&mut engine, &mut publisher, &mut queue, request, answer);
            }
            Some(Job::Run(task)) => task(&mut engine, &mut publisher),
            Some(Job::Abandon) => {
                state.cancel();
                compression.wait();
                return;
            }
            Some(Job::Close(answer)) => {
                compression.wait();
                if anchor_interval.is_some() {
                    state.store_when_due(&mut engine, publisher.facts());
                }
                state.cancel();
                // The caller may have gone; the log is closed all the same.
                let _ = answer.send(engine.close());
                return;
            }
            None => {}
        }
        anchor_due = match (engine.is_ahead_of_checkpoint(), anchor_due) {
            (false, _) => None,
            (true, None) => due_from_now(),
            (true, Some(due)) if Instant::now() < due => Some(due),
            (true, Some(_)) => {
                // A failure stops the log, and the next append is told why; or it is tried again when it is due.
                let _ = engine.anchor();
                compression.start_next(&engine);
                state.start_when_due(&engine);
                due_from_now().filter(|_| engine.is_ahead_of_checkpoint())
            }
        };
    }
    compression.wait();
    state.cancel();
    // All handles are gone without a close: anchor what was acknowledged, unless nobody but a caller may.
    if anchor_interval.is_some() {
        state.store_when_due(&mut engine, publisher.facts());
        let _ = engine.close();
    }
}

/// Compresses one sealed journal segment at a time, beside the writer. What is cut short by a crash
/// leaves the raw segment, and opening cleans up.
#[derive(Default)]
struct Compression(Option<JoinHandle<()>>);

impl Compression {
    fn start_next(&mut self, engine: &Engine) {
        if self.0.as_ref().is_some_and(|running| !running.is_finished()) {
            return;
        }
        self.wait();
        // A journal that cannot be listed or a thread that cannot start costs space, nothing else; the
        // next anchor tries again.
        let Ok(Some(segment)) = engine.log().next_sealed() else { return };
        let compress = move || drop(segment.compress());
        self.0 = std::thread::Builder::new().name("jejak-compress".into()).spawn(compress).ok();
    }

    fn wait(&mut self) {
        if let Some(running) = self.0.take() {
            let _ = running.join();
        }
    }
}

enum Next {
    Job(Job),
    AnchorDue,
    Closed,
}

fn next(runtime: &tokio::runtime::Runtime, queue: &mut mpsc::Receiver<Job>, due: Option<Instant>) -> Next {
    let received = match (queue.try_recv(), due) {
        (Ok(job), _) => return Next::Job(job),
        (Err(_), None) => queue.blocking_recv(),
        (Err(_), Some(due)) => {
            match runtime.block_on(async { tokio::time::timeout_at(due, queue.recv()).await }) {
                Ok(received) => received,
                Err(_elapsed) => return Next::AnchorDue,
            }
        }
    };
    received.map_or(Next::Closed, Next::Job)
}

/// Takes everything queued behind the first request into one commit; answers with the job that ended
/// the group, if one did.
fn append_all(
    engine: &mut Engine,
    publisher: &mut Publisher,
    queue: &mut mpsc::Receiver<Job>,
    request: Request,
    answer: oneshot::Sender<Result<Vec<Outcome>, RegistryError>>,
) -> Option<Job> {
    let mut proposals = request.prepared.len();
    let mut length_bytes = request.length_bytes();
    let (mut requests, mut answers) = (vec![request], vec![answer]);
    let mut left_over = None;
    while proposals < GROUP_PROPOSALS && length_bytes < GROUP_BYTES {
        match queue.try_recv() {
            Ok(Job::Append(request, answer)) => {
                proposals += request.prepared.len();
                length_bytes += request.length_bytes();
                requests.push(request);
                answers.push(answer);
            }
            Ok(other) => {
                left_over = Some(other);
                break;
            }
            Err(_) => break,
        }
    }
    match engine.process(requests) {
        Ok((outcomes, grown)) => {
            // Before anybody is answered: whoever is told finds it.
            engine.publish(publisher, &grown);
            let requests_erasure = grown.admitted.iter().any(|admitted| {
                let data = &admitted.event.draft.data;
                data.role() == Role::RequestsErasure
            });
            // The requests stand whatever comes of this: after a failure the engine takes nothing more, and
            // reopening goes on.
            if requests_erasure && let Ok(more) = engine.carry_out() {
                engine.publish(publisher, &more);
            }
            for (answer, outcomes) in answers.into_iter().zip(outcomes) {
                // A caller that no longer waits loses its answer, not its event.
                let _ = answer.send(outcomes);
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for answer in answers {
                let _ = answer.send(Err(RegistryError::Group(Arc::clone(&error))));
            }
        }
    }
    left_over
}
