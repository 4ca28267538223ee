//! What the registry takes from the world: the clock and randomness.
//!
//! Nothing else in the crate may read either, so that a test decides both.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use jejak_events::time::RecordedTime;
use sha2::{Digest, Sha256};

/// Wall time and a clock that only moves forward.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Wall time; may jump in either direction.
    fn wall(&self) -> DateTime<Utc>;
    /// Time since some fixed moment of this process; never decreases.
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
        Self {
            clock: Arc::new(SystemClock { started: Instant::now() }),
            randomness: Arc::new(SystemRandomness),
        }
    }
}

#[derive(Debug)]
struct SystemClock {
    started: Instant,
}

impl Clock for SystemClock {
    fn wall(&self) -> DateTime<Utc> {
        Utc::now()
    }
    fn monotonic(&self) -> Duration {
        self.started.elapsed()
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
