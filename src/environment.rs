//! What the registry takes from the world: the clock and randomness.
//!
//! Nothing else in the crate may read either, so that a test decides both.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use jejak_events::time::RecordedTime;
use rustix::time::{ClockId, clock_gettime};
use sha2::{Digest, Sha256};

/// Wall time and a clock that only moves forward.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Wall time; may jump in either direction.
    fn wall(&self) -> DateTime<Utc>;
    /// Time since some fixed moment, the same for the whole process; never decreases, and goes on while
    /// the machine sleeps.
    fn monotonic(&self) -> Duration;
}

/// A source of random bytes fit for keys and salts.
pub trait Randomness: Send + Sync + fmt::Debug {
    /// Fills `bytes` completely.
    ///
    /// # Errors
    /// When the operating system cannot give randomness.
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()>;
}

/// Clock and randomness together, cheap to clone.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The clock behind every `recordedtime`.
    pub clock: Arc<dyn Clock>,
    /// The source of keys, salts and nonces.
    pub randomness: Arc<dyn Randomness>,
}

impl Environment {
    /// The machine's own clock and randomness.
    #[must_use]
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), randomness: Arc::new(SystemRandomness) }
    }
}

/// A clock that nobody can set and that counts the time asleep. Not `Instant`: on Linux that is
/// CLOCK_MONOTONIC, which stands still while the machine sleeps, and after a night's suspend the wall clock
/// would look as if somebody had moved it.
#[cfg(any(target_os = "linux", target_os = "android"))]
const STEADY: ClockId = ClockId::Boottime;
/// As above; elsewhere, as on macOS, the monotonic clock may count the time asleep itself, and there is no
/// other.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const STEADY: ClockId = ClockId::Monotonic;

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn wall(&self) -> DateTime<Utc> {
        Utc::now()
    }
    fn monotonic(&self) -> Duration {
        let steady = clock_gettime(STEADY);
        // A time since boot: neither part is negative.
        let seconds = u64::try_from(steady.tv_sec).unwrap_or(0);
        let nanoseconds = u32::try_from(steady.tv_nsec).unwrap_or(0);
        Duration::new(seconds, nanoseconds)
    }
}

#[derive(Debug)]
struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        getrandom::fill(bytes).map_err(std::io::Error::other)
    }
}

/// A clock that stands still until it is moved: for the worked example and for tests.
#[derive(Debug)]
pub struct ManualClock {
    state: Mutex<(i64, Duration)>,
}

impl ManualClock {
    /// A clock that stands at a moment.
    #[must_use]
    pub fn at(wall: RecordedTime) -> Self {
        Self { state: Mutex::new((wall.unix_ms(), Duration::ZERO)) }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, (i64, Duration)> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Lets time pass, on both clocks.
    pub fn advance(&self, by: Duration) {
        let mut state = self.locked();
        state.0 += i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 2);
        state.1 += by;
    }

    /// Lets time pass until a moment; does nothing when it has passed already.
    pub fn advance_to(&self, wall: RecordedTime) {
        let behind_ms = wall.unix_ms() - self.locked().0;
        self.advance(Duration::from_millis(u64::try_from(behind_ms).unwrap_or(0)));
    }

    /// Moves the wall clock alone, as somebody who sets it wrong.
    pub fn set_wall(&self, wall: RecordedTime) {
        self.locked().0 = wall.unix_ms();
    }
}

impl Clock for ManualClock {
    fn wall(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.locked().0).unwrap_or_default()
    }
    fn monotonic(&self) -> Duration {
        self.locked().1
    }
}

/// Random bytes from a seed, the same on every run: for the worked example and for tests. Never for
/// keys or salts that must stay secret.
#[derive(Debug)]
pub struct SeededRandomness {
    state: Mutex<(u64, u64)>,
}

impl SeededRandomness {
    /// A stream of bytes of its own for each seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: Mutex::new((seed, 0)) }
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for block in bytes.chunks_mut(32) {
            let mut hasher = Sha256::new();
            hasher.update(state.0.to_le_bytes());
            hasher.update(state.1.to_le_bytes());
            state.1 += 1;
            block.copy_from_slice(&hasher.finalize()[..block.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kernel's own word on the time since boot, sleep included; `CLOCK_MONOTONIC` differs from it on a
    /// machine that has slept.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_monotonic_clock_counts_from_boot_and_through_sleep() {
        let uptime = || {
            let text = std::fs::read_to_string("/proc/uptime").unwrap();
            Duration::from_secs_f64(text.split(' ').next().unwrap().parse().unwrap())
        };
        // The file has hundredths of a second.
        let grain = Duration::from_millis(10);
        let before = uptime();
        let told = Environment::system().clock.monotonic();
        let after = uptime();
        assert!(before <= told + grain && told <= after + grain, "{before:?} {told:?} {after:?}");
        let again = Environment::system().clock.monotonic();
        assert!(told <= again, "{told:?} {again:?}");
    }
}
