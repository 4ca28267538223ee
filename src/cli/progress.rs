//! Progress of anything that takes longer than a second, with rate and remaining time.
//!
//! Drawn on stderr, and only when that is a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const QUIET: Duration = Duration::from_secs(1);

/// A bar that appears after a second.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
}

impl Progress {
    /// Counts up to `total` of something countable.
    pub fn of_events(total: u64, what: &str) -> Self {
        Self::new(total, what, "{msg} {bar:30} {human_pos}/{human_len} {per_sec} ETA {eta}")
    }

    /// Counts up to `total` bytes.
    pub fn of_bytes(total: u64, what: &str) -> Self {
        Self::new(total, what, "{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} ETA {eta}")
    }

    fn new(total: u64, what: &str, template: &str) -> Self {
        // Hidden until the first second has passed; `stderr()` stays hidden off a terminal.
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.set_message(what.to_owned());
        Self { bar, started: Instant::now(), shown: false }
    }

    /// Stands at `position` now.
    pub fn at(&mut self, position: u64) {
        if !self.shown && self.started.elapsed() >= QUIET {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        self.bar.set_position(position);
    }

    /// Goes on from where it stands.
    pub fn advance(&mut self, by: u64) {
        self.at(self.bar.position() + by);
    }

    /// Time since it began.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Clears the line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A rate for people: `1.25 M/s`, `830/s`.
pub fn rate(count: u64, elapsed: Duration) -> String {
    let per_second = count as f64 / elapsed.as_secs_f64().max(1e-9);
    match per_second {
        many if many >= 1e6 => format!("{:.2} M/s", many / 1e6),
        some if some >= 1e4 => format!("{:.0} k/s", some / 1e3),
        few => format!("{few:.0}/s"),
    }
}
