//! Ctrl-C: raises a flag that long work looks at between two whole steps.
//!
//! Nothing is killed in the middle: a request in flight is finished and the registry closed. A second
//! Ctrl-C ends the process at once, which the registry survives like any kill.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::{INTERRUPTED_CODE, Stop};

/// Whether somebody pressed Ctrl-C (or sent SIGTERM or SIGHUP).
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on. A process listens once; where that fails, nothing is ever raised and the
    /// signal ends the process as usual, which the registry survives too.
    #[must_use]
    pub fn install() -> Self {
        let interrupt = Self::default();
        let raised = Arc::clone(&interrupt.0);
        let _ = ctrlc::set_handler(move || {
            if raised.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(INTERRUPTED_CODE));
            }
        });
        interrupt
    }

    /// Whether it was raised.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Stops here when it was raised.
    ///
    /// # Errors
    /// [`Stop::Interrupted`].
    pub fn check(&self) -> Result<(), Stop> {
        if self.is_raised() { Err(Stop::Interrupted) } else { Ok(()) }
    }
}
