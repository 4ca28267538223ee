//! Recorded time: what the registry writes as `recordedtime`, held against two other clocks.
//!
//! While the registry runs, wall time is compared with the monotonic clock; when it opens, with the
//! last stamp in the log. Each stamp is later than the one before, so that one recorded time is one commit.
//! This module must never correct a clock: it counts on from the last stamp or stops.

use std::sync::Arc;
use std::time::Duration;

use jejak_events::time::RecordedTime;

use crate::environment::Clock;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A wall clock this far behind the log, or off the monotonic clock, is not believed.
const BACKWARD_LIMIT_MS: i64 = DAY_MS;
/// A wall clock this far ahead of the log is not believed when the registry opens.
const FORWARD_LIMIT_MS: i64 = 400 * DAY_MS;

/// The clock cannot be right. Nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The wall clock is a day or more behind the last stamp.
    #[error(
        "the clock says {wall}, but the last event was recorded at {last}; set the clock, or pass --accept-clock"
    )]
    Backward {
        /// What the clock says.
        wall: RecordedTime,
        /// The last stamp.
        last: RecordedTime,
    },
    /// The wall clock is 400 days or more ahead of the last stamp.
    #[error(
        "the clock says {wall}, more than 400 days after the last event at {last}; set the clock, or pass --accept-clock"
    )]
    Forward {
        /// What the clock says.
        wall: RecordedTime,
        /// The last stamp.
        last: RecordedTime,
    },
    /// The wall clock was moved by a day or more while the registry ran.
    #[error(
        "the clock was moved by {moved_ms} ms while the registry ran; set it right and reopen, or reopen with --accept-clock"
    )]
    Moved {
        /// Wall time less what the monotonic clock allows.
        moved_ms: i64,
    },
    /// The wall clock lies outside the years 1900 to 2999.
    #[error("the clock says {unix_ms} ms since 1970, outside the years 1900 to 2999; set the clock")]
    Impossible {
        /// What the clock says.
        unix_ms: i64,
    },
}

/// Gives stamps, each later than the one before.
#[derive(Debug)]
pub struct Stamper {
    clock: Arc<dyn Clock>,
    opened_wall_ms: i64,
    opened_monotonic: Duration,
    last: Option<RecordedTime>,
}

impl Stamper {
    /// Holds the wall clock against the last stamp of the log; `accept` believes it whatever it says.
    ///
    /// # Errors
    /// When the clock cannot be right.
    pub fn open(clock: Arc<dyn Clock>, last: Option<RecordedTime>, accept: bool) -> Result<Self, ClockError> {
        let wall = wall(&*clock)?;
        if let (Some(last), false) = (last, accept) {
            let ahead_ms = wall.unix_ms() - last.unix_ms();
            if ahead_ms <= -BACKWARD_LIMIT_MS {
                return Err(ClockError::Backward { wall, last });
            }
            if ahead_ms >= FORWARD_LIMIT_MS {
                return Err(ClockError::Forward { wall, last });
            }
        }
        let opened_monotonic = clock.monotonic();
        Ok(Self { clock, opened_wall_ms: wall.unix_ms(), opened_monotonic, last })
    }

    /// The next stamp: wall time, or a millisecond after the last stamp while the clock is not past it.
    ///
    /// # Errors
    /// When the wall clock was moved by a day or more since [`Stamper::open`].
    pub fn stamp(&mut self) -> Result<RecordedTime, ClockError> {
        let wall = wall(&*self.clock)?;
        let run = self.clock.monotonic().saturating_sub(self.opened_monotonic);
        let expected_ms =
            self.opened_wall_ms.saturating_add(i64::try_from(run.as_millis()).unwrap_or(i64::MAX));
        let moved_ms = wall.unix_ms() - expected_ms;
        if moved_ms.abs() >= BACKWARD_LIMIT_MS {
            return Err(ClockError::Moved { moved_ms });
        }
        let unix_ms = self.last.map_or(i64::MIN, |last| last.unix_ms() + 1).max(wall.unix_ms());
        let stamp = RecordedTime::from_unix_ms(unix_ms).ok_or(ClockError::Impossible { unix_ms })?;
        self.last = Some(stamp);
        Ok(stamp)
    }
}

fn wall(clock: &dyn Clock) -> Result<RecordedTime, ClockError> {
    let unix_ms = clock.wall().timestamp_millis();
    RecordedTime::from_unix_ms(unix_ms).ok_or(ClockError::Impossible { unix_ms })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::ManualClock;

    fn at(text: &str) -> RecordedTime {
        RecordedTime::parse(text).unwrap()
    }

    #[test]
    fn a_small_step_backward_counts_on_from_the_last_stamp() {
        let clock = Arc::new(ManualClock::at(at("2025-01-02T00:00:00.000Z")));
        let last = at("2025-01-02T05:00:00.000Z");
        let mut stamper = Stamper::open(clock.clone(), Some(last), false).unwrap();
        assert_eq!(stamper.stamp().unwrap(), at("2025-01-02T05:00:00.001Z"));
        assert_eq!(stamper.stamp().unwrap(), at("2025-01-02T05:00:00.002Z"));
        clock.advance(Duration::from_secs(6 * 3600));
        assert_eq!(stamper.stamp().unwrap(), at("2025-01-02T06:00:00.000Z"));
    }

    #[test]
    fn a_clock_that_cannot_be_right_is_named() {
        let last = Some(at("2025-06-01T00:00:00.000Z"));
        let open = |wall: &str, accept| Stamper::open(Arc::new(ManualClock::at(at(wall))), last, accept);
        assert!(matches!(open("2025-05-31T00:00:00.000Z", false), Err(ClockError::Backward { .. })));
        assert!(open("2025-05-31T00:00:00.001Z", false).is_ok());
        assert!(open("2020-01-01T00:00:00.000Z", true).is_ok());
        assert!(matches!(open("2026-07-06T00:00:00.000Z", false), Err(ClockError::Forward { .. })));
        assert!(open("2026-07-05T23:59:59.999Z", false).is_ok());
        assert!(open("2030-01-01T00:00:00.000Z", true).is_ok());
        let mut said = crate::said::Said::new("clocks");
        said.error("behind", open("2025-05-31T00:00:00.000Z", false).unwrap_err());
        said.error("ahead", open("2026-07-06T00:00:00.000Z", false).unwrap_err());
        #[derive(Debug)]
        struct Far;
        impl Clock for Far {
            fn wall(&self) -> chrono::DateTime<chrono::Utc> {
                chrono::DateTime::from_timestamp_millis(1 << 46).unwrap()
            }
            fn monotonic(&self) -> Duration {
                Duration::ZERO
            }
        }
        said.error("in no year of ours", Stamper::open(Arc::new(Far), last, true).unwrap_err());
        said.check();
    }

    #[test]
    fn a_clock_moved_while_running_stops_the_stamps() {
        let clock = Arc::new(ManualClock::at(at("2025-06-01T00:00:00.000Z")));
        let mut stamper = Stamper::open(clock.clone(), None, false).unwrap();
        clock.set_wall(at("2025-06-01T23:00:00.000Z"));
        assert!(stamper.stamp().is_ok());
        clock.set_wall(at("2025-06-02T00:00:00.000Z"));
        assert!(matches!(stamper.stamp(), Err(ClockError::Moved { .. })));
    }
}
