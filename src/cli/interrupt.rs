//! Ctrl-C: raises a flag that long work looks at between two whole steps.
//!
//! Nothing is killed in the middle: a request in flight is finished and the registry closed, and people
//! are told to wait for that. A second Ctrl-C ends the process at once, which the registry survives like
//! any kill; of a command that only reads, the first one does.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::{INTERRUPTED_CODE, Stop};
use crate::words::language::{Language, text};

/// Whether somebody pressed Ctrl-C (or sent SIGTERM or SIGHUP).
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on. With `at_once` the first Ctrl-C ends the process. A process listens once; where that fails, nothing is ever raised and the
    /// signal ends the process as usual, which the registry survives too.
    #[must_use]
    pub fn install(at_once: bool, language: Language) -> Self {
        let interrupt = Self::default();
        let raised = Arc::clone(&interrupt.0);
        let _ = ctrlc::set_handler(move || {
            let again = raised.swap(true, Ordering::Relaxed);
            let said = if again || at_once {
                text!(language, "dihentikan seketika", "stopped at once")
            } else {
                text!(
                    language,
                    "dihentikan sesudah langkah ini; tekan Ctrl-C lagi untuk berhenti seketika",
                    "stopping after this step; press Ctrl-C again to end at once"
                )
            };
            // Nobody may be listening.
            let _ = writeln!(std::io::stderr(), "jejak: {said}");
            if again || at_once {
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
