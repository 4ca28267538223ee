//! What the registry takes from the world: the clock and randomness.
//!
//! Nothing else in the crate may read either, so that a test decides both.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

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
