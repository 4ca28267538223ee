//! Progress of anything that takes longer than a second, with rate and remaining time.
//!
//! Drawn on stderr, and only when that is a terminal.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const QUIET: Duration = Duration::from_secs(1);

/// A bar that appears a second after the first word of progress; told from any thread.
pub struct Progress {
    bar: ProgressBar,
    started: OnceLock<Instant>,
    shown: AtomicBool,
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

    /// Shows a share of work whose amount is told with it, by [`Progress::at_share`].
    pub fn of_work(what: &str) -> Self {
        Self::new(0, what, "{msg} {bar:30} {percent}% ETA {eta}")
    }

    fn new(total: u64, what: &str, template: &str) -> Self {
        // Hidden until the first second has passed; `stderr()` stays hidden off a terminal.
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.set_message(what.to_owned());
        Self { bar, started: OnceLock::new(), shown: AtomicBool::new(false) }
    }

    /// Stands at `position` now.
    pub fn at(&self, position: u64) {
        let started = self.started.get_or_init(|| {
            self.bar.reset_elapsed();
            Instant::now()
        });
        let due = !self.shown.load(Ordering::Relaxed) && started.elapsed() >= QUIET;
        if due && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(position);
    }

    /// Stands at `done` of `total` now.
    pub fn at_share(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.at(done);
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
