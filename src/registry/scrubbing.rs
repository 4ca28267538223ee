//! The thread that looks at the whole log beside the writer, slowly.
//!
//! A step takes some milliseconds and a longer pause follows, so that at most some 16 MiB of text a second are read. Must
//! never hold what the writer waits for, and never outlive it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::environment::Clock;
use crate::log::{Scrub, ScrubStep};

/// After a step of about a mebibyte.
const PAUSE: Duration = Duration::from_millis(60);
/// After a step that failed: the machine may be short of something.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(60);
/// How often it is asked whether the next pass is due.
const PAUSE_BETWEEN_PASSES: Duration = Duration::from_secs(600);
/// From the end of a pass to the beginning of the next, in milliseconds.
const REST_MS: i64 = 24 * 60 * 60 * 1000;
/// Priority under everybody else's, as `nice` counts.
const NICE: i32 = 19;

/// How long a registry that closes looks at its log, at most; a step more may be under way then.
const CLOSING_LOOK: Duration = Duration::from_millis(50);

/// Looks a little at the log of a registry that closes, so that one that is only ever opened for short commands is looked at
/// as a whole over time.
pub(super) fn look_at_closing(mut scrub: Scrub, clock: &dyn Clock) {
    let (started, now_ms) = (clock.monotonic(), clock.wall().timestamp_millis());
    if rests(&scrub, now_ms) {
        return;
    }
    while let Ok(ScrubStep::More(_)) = scrub.step(now_ms) {
        if clock.monotonic().saturating_sub(started) >= CLOSING_LOOK {
            break;
        }
    }
    scrub.keep();
}

/// Whether the last pass ended so lately that none is due.
fn rests(scrub: &Scrub, now_ms: i64) -> bool {
    scrub.rests_since_ms().is_some_and(|ended| (0..REST_MS).contains(&now_ms.saturating_sub(ended)))
}

/// The running thread; dropping it stops it, at the latest after a step.
#[derive(Debug)]
pub(super) struct Scrubbing {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Scrubbing {
    /// Starts looking after a while. `None` where no thread can be started: the next process looks.
    pub(super) fn start(scrub: Scrub, clock: Arc<dyn Clock>, after: Duration) -> Option<Self> {
        let (stop, stopped) = channel();
        let work = move || run(scrub, &*clock, after, &stopped);
        let thread = std::thread::Builder::new().name("jejak-scrub".into()).spawn(work).ok()?;
        Some(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Scrubbing {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in it has ended nothing but the look.
            let _ = thread.join();
        }
    }
}

fn run(mut scrub: Scrub, clock: &dyn Clock, after: Duration, stopped: &Receiver<()>) {
    // On Linux this is the priority of this thread alone. Without it the pauses remain.
    let _ = rustix::process::nice(NICE);
    let mut wait = after;
    while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = step(&mut scrub, clock.wall().timestamp_millis());
    }
    scrub.pause();
}

/// Takes a step, if one is due; answers with how long to wait for the next.
fn step(scrub: &mut Scrub, now_ms: i64) -> Duration {
    if rests(scrub, now_ms) {
        return PAUSE_BETWEEN_PASSES;
    }
    match scrub.step(now_ms) {
        Ok(ScrubStep::More(_)) => PAUSE,
        Ok(ScrubStep::Ended | ScrubStep::Found) => PAUSE_BETWEEN_PASSES,
        Err(_) => PAUSE_AFTER_FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use jejak_events::identity::Source;
    use jejak_events::values::Origin;

    use crate::registry::{InitReport, Options, Registry, create};

    use super::*;

    #[test]
    fn an_open_registry_is_looked_at_and_the_next_opening_says_when() {
        let directory = tempfile::tempdir().unwrap();
        let mut options = Options::in_directory(directory.path().join("data"));
        let about = InitReport {
            origin: Origin::parse("jejak.example/test").unwrap(),
            source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
            synthetic: true,
            recovery_file: directory.path().join("recovery"),
        };
        create(&options, &about).unwrap();
        let unlooked = Registry::open(&options).unwrap();
        assert_eq!(unlooked.opened().log.scrub.ended_ms, None);
        unlooked.close().unwrap();
        options.scrub_after = Some(Duration::ZERO);
        let registry = Registry::open(&options).unwrap();
        let mut waits = 0;
        while !options.paths().scrub().exists() {
            waits += 1;
            assert!(waits < 1_000, "nobody looked");
            std::thread::sleep(Duration::from_millis(10));
        }
        registry.close().unwrap();
        let registry = Registry::open(&options).unwrap();
        let record = registry.opened().log.scrub.clone();
        assert!(record.ended_ms.is_some() && record.finding.is_none(), "{record:?}");
        assert_eq!(record.covered, 1);
        registry.close().unwrap();
    }
}
