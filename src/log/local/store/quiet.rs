//! Turns a panic inside a library into a value, without its noise.
//!
//! sled 0.34 panics when it meets damaged bytes. Such a panic must never take the process down or
//! print a backtrace for what is an ordinary, reported condition; a panic of our own code must
//! never be silenced.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    // Depth, not a flag: a guarded call may drop a value whose drop is guarded as well.
    static QUIET_DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Names of the threads that sled starts for its own input and output.
const SLED_THREAD_PREFIX: &str = "sled-io-";

/// Runs `operation` and answers with the message of its panic, if it panics.
///
/// The process-wide panic hook stays in force for every other thread and for every other call.
/// Values that `operation` touched may be half changed after a panic: the caller must stop using
/// them for writing.
pub(super) fn catch<T>(operation: impl FnOnce() -> T) -> Result<T, String> {
    install_hook();
    QUIET_DEPTH.with(|depth| depth.set(depth.get() + 1));
    let outcome = panic::catch_unwind(AssertUnwindSafe(operation));
    QUIET_DEPTH.with(|depth| depth.set(depth.get() - 1));
    outcome.map_err(|payload| message(&*payload))
}

/// Puts a filter before whatever hook the process has, once. A hook that is set later replaces the
/// filter: then guarded panics are heard again, and still caught.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |information| {
            // A thread that is being torn down has no depth any more: not one of ours.
            let quiet = QUIET_DEPTH.try_with(|depth| depth.get() > 0).unwrap_or(false);
            let of_sled =
                std::thread::current().name().is_some_and(|name| name.starts_with(SLED_THREAD_PREFIX));
            if !quiet && !of_sled {
                previous(information);
            }
        }));
    });
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it panicked without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message_and_leaves_the_thread_alive() {
        let at = 7;
        assert_eq!(catch(|| -> u8 { panic!("bad page {at}") }).unwrap_err(), "bad page 7");
        assert_eq!(catch(|| -> u8 { panic!("plain") }).unwrap_err(), "plain");
        assert_eq!(catch(|| 5), Ok(5));
    }

    #[test]
    fn quiet_ends_with_the_call() {
        let nested = catch(|| catch(|| -> u8 { panic!("inner") }));
        assert_eq!(nested, Ok(Err("inner".to_owned())));
        assert_eq!(QUIET_DEPTH.with(Cell::get), 0);
    }
}
