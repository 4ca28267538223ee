//! Clients that wait for their acknowledgement, and a peer that makes durable together what they queued meanwhile. Both the
//! plain file and SQLite, which is a program of its own (`sqlite/`), are measured with it.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

/// How long one round takes, in seconds.
pub const ROUND_SECONDS: f64 = 1.0;

/// What a round came to.
#[derive(Clone, Copy)]
pub struct Round {
    /// Events made durable in a second.
    pub per_second: f64,
    /// Processor time of all threads, clients included, for each event, in microseconds. It tells what an event costs also
    /// where others use the processor meanwhile.
    pub processor_us: f64,
}

/// Time and processor time since it was started.
pub struct Stopwatch {
    started: Instant,
    processor: Duration,
}

impl Stopwatch {
    pub fn start() -> Self {
        Self { started: Instant::now(), processor: processor_time() }
    }

    /// Whether a round that began with it is not over.
    pub fn is_in_round(&self) -> bool {
        self.started.elapsed().as_secs_f64() < ROUND_SECONDS
    }

    /// Seconds, and seconds of processor time.
    pub fn spent(&self) -> (f64, f64) {
        let processor = processor_time().saturating_sub(self.processor);
        (self.started.elapsed().as_secs_f64(), processor.as_secs_f64())
    }

    pub fn round(&self, events: u64) -> Round {
        Round::of(events, self.spent())
    }
}

impl Round {
    /// So many events in so many seconds, and seconds of processor time.
    pub fn of(events: u64, (seconds, processor): (f64, f64)) -> Self {
        let events = events as f64;
        Self { per_second: events / seconds, processor_us: processor * 1e6 / events }
    }
}

/// Processor time of this process so far, in all its threads, of the kernel for it too.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).expect("below a second"))
}

/// Runs so many copies of a future on one task set.
pub async fn futures<F: Future<Output = ()>>(count: usize, make: impl Fn() -> F) {
    let mut all: Vec<_> = (0..count).map(|_| Box::pin(make())).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// Closed loop: so many tasks, each waiting for its acknowledgement, before a queue and one thread, which hands on all that
/// is queued. `write` returns when that is durable.
pub fn behind_a_queue(
    tasks: usize,
    bytes: usize,
    mut write: impl FnMut(&[Vec<u8>]) + Send + 'static,
) -> Round {
    let (queue, mut received) = mpsc::channel::<(Vec<u8>, oneshot::Sender<()>)>(1024);
    let writer = std::thread::spawn(move || {
        while let Some((first, answer)) = received.blocking_recv() {
            let (mut events, mut answers) = (vec![first], vec![answer]);
            while let Ok((more, answer)) = received.try_recv() {
                events.push(more);
                answers.push(answer);
            }
            write(&events);
            for answer in answers {
                let _ = answer.send(());
            }
        }
    });
    let line = vec![b'x'; bytes];
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let watch = Stopwatch::start();
    let done = std::cell::Cell::new(0u64);
    runtime.block_on(async {
        let client = || async {
            while watch.is_in_round() {
                let (answer, answered) = oneshot::channel();
                queue.send((line.clone(), answer)).await.expect("queued");
                answered.await.expect("answered");
                done.set(done.get() + 1);
            }
        };
        futures(tasks, client).await;
    });
    let round = watch.round(done.get());
    drop(queue);
    writer.join().expect("the writer ends");
    round
}

/// How long this disk takes for an append of so many bytes and its fdatasync, a hundred times, in microseconds.
pub fn syncs_us(path: &Path, bytes: usize) -> Vec<f64> {
    let mut file = std::fs::File::create(path).expect("a file");
    let line = vec![b'x'; bytes];
    let one = |_| {
        let started = Instant::now();
        file.write_all(&line).expect("written");
        file.sync_data().expect("synced");
        started.elapsed().as_secs_f64() * 1e6
    };
    (0..100).map(one).collect()
}
