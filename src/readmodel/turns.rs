//! How many answers are made at once, so that those who append are not starved of the machine: first come, first served.
//!
//! An answer reads an immutable state and waits for nobody, but it takes a core for as long as it is made. Answers on all
//! cores leave none to the writer, and make not one more answer a second. So an answer is made in a turn, and there are
//! fewer turns than cores. Whoever waits for one holds no lock and no state of the log: that is pinned once the turn has
//! come. A place in the queue is freed when its future is dropped, a turn when its answer ends, by a panic too.
//!
//! What an answer asks in its turn, on its thread, is part of it and waits for nothing. What it asks on threads of its own
//! waits for a turn like any other, so it must never wait for such a thread.

use std::cell::RefCell;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long an answer takes, as far as whoever asks knows beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionLength {
    /// It looks up a few events, however many there are: an event by its index or id, a proof, one page of a stream. Short
    /// answers have turns of their own, as many again, so that none waits for a long one.
    Short,
    /// It may read everything: a view, a comparison, a search, a release, an export.
    Long,
}

/// The turns of one registry. A copy is a handle to the same ones.
#[derive(Clone, Debug)]
pub struct Turns {
    long: Arc<Semaphore>,
    short: Arc<Semaphore>,
}

/// A turn, until it is dropped.
#[derive(Debug)]
#[must_use = "a turn that is dropped is another's"]
pub struct Turn {
    /// Which turns it is one of.
    of: Turns,
    _permit: Option<OwnedSemaphorePermit>,
}

thread_local! {
    /// The turns in which this thread is answering.
    static ANSWERING: RefCell<Vec<Turns>> = const { RefCell::new(Vec::new()) };
}

/// Takes the turns back from this thread when an answer ends, however it ends.
struct Answering;

impl Answering {
    fn begin(turns: &Turns) -> Self {
        ANSWERING.with_borrow_mut(|answering| answering.push(turns.clone()));
        Self
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        ANSWERING.with_borrow_mut(|answering| drop(answering.pop()));
    }
}

impl Turns {
    /// So many long answers at once, and as many short ones beside them.
    #[must_use]
    pub fn new(at_once: NonZeroUsize) -> Self {
        let turns = || Arc::new(Semaphore::new(at_once.get().min(Semaphore::MAX_PERMITS)));
        Self { long: turns(), short: turns() }
    }

    /// Waits for a turn, in the order of asking. Whoever gives up waiting, by dropping this, leaves the queue.
    pub async fn turn(&self, length: QuestionLength) -> Turn {
        let turns = match length {
            QuestionLength::Short => &self.short,
            QuestionLength::Long => &self.long,
        };
        let permit = match self.is_answering_here() {
            true => None,
            // The semaphore is never closed.
            false => Arc::clone(turns).acquire_owned().await.ok(),
        };
        Turn { of: self.clone(), _permit: permit }
    }

    /// As [`Turns::turn`], on a thread that may wait.
    pub fn turn_blocking(&self, length: QuestionLength) -> Turn {
        wait(self.turn(length))
    }

    /// Whether this thread makes an answer in one of these turns.
    fn is_answering_here(&self) -> bool {
        ANSWERING.with_borrow(|answering| answering.iter().any(|turns| Arc::ptr_eq(&turns.long, &self.long)))
    }
}

impl Turn {
    /// Makes an answer in this turn, and gives the turn back.
    pub fn answer<T>(self, make: impl FnOnce() -> T) -> T {
        let _answering = Answering::begin(&self.of);
        make()
    }
}

/// One answer less than there are cores at once, and at least one: the writer keeps a core.
#[must_use]
pub fn spare_cores() -> NonZeroUsize {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    NonZeroUsize::new(cores - 1).unwrap_or(NonZeroUsize::MIN)
}

/// Wakes a thread.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits on this thread for what needs no runtime.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Parked(std::thread::current())));
    let (mut context, mut future) = (Context::from_waker(&waker), pin!(future));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            // Woken for nothing it asks once more.
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::Pin;
    use std::sync::mpsc::channel;

    use super::QuestionLength::{Long, Short};
    use super::*;

    fn turns(at_once: usize) -> Turns {
        Turns::new(NonZeroUsize::new(at_once).unwrap())
    }

    type Waiting<'a> = Pin<Box<dyn Future<Output = Turn> + 'a>>;

    fn ask(turns: &Turns, length: QuestionLength) -> Waiting<'_> {
        Box::pin(turns.turn(length))
    }

    /// The turn, if it has come.
    fn look(waiting: &mut Waiting<'_>) -> Option<Turn> {
        match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        }
    }

    fn is_free(turns: &Turns) -> bool {
        look(&mut ask(turns, Long)).is_some()
    }

    #[test]
    fn who_came_first_is_answered_first() {
        let turns = turns(2);
        let mut asked: Vec<Waiting<'_>> = (0..5).map(|_| ask(&turns, Long)).collect();
        let mut running: Vec<Turn> = asked.drain(..2).filter_map(|mut one| look(&mut one)).collect();
        assert_eq!(running.len(), 2, "as many as there are at once");
        assert!(asked.iter_mut().all(|one| look(one).is_none()), "and no more");
        while !asked.is_empty() {
            drop(running.pop());
            // Whoever looks first: the last ones do, and a newcomer.
            assert!(!is_free(&turns), "a newcomer waits behind all");
            let came: Vec<usize> = (0..asked.len())
                .rev()
                .filter(|place| look(&mut asked[*place]).map(|turn| running.push(turn)).is_some())
                .collect();
            assert_eq!(came, [0], "the oldest of {}", asked.len());
            drop(asked.remove(0));
        }
        assert_eq!(running.len(), 2);
    }

    #[test]
    fn who_gives_up_leaves_the_queue() {
        let turns = turns(1);
        let running = look(&mut ask(&turns, Long)).unwrap();
        let (mut first, mut second) = (ask(&turns, Long), ask(&turns, Long));
        assert!(look(&mut first).is_none() && look(&mut second).is_none());
        drop(first);
        drop(running);
        let turn = look(&mut second).expect("nobody is before it any more");
        // Given up with the turn in hand, and not yet looked at.
        let mut third = ask(&turns, Long);
        assert!(look(&mut third).is_none());
        drop(turn);
        drop(third);
        assert!(is_free(&turns));
    }

    #[test]
    fn an_answer_that_panics_gives_its_turn_back() {
        let turns = turns(1);
        for _ in 0..3 {
            let turn = turns.turn_blocking(Long);
            let panicked = catch_unwind(AssertUnwindSafe(|| turn.answer(|| panic!("an answer"))));
            assert!(panicked.is_err());
            assert!(!turns.is_answering_here() && is_free(&turns));
        }
    }

    #[test]
    fn what_an_answer_asks_is_part_of_it() {
        fn nested(turns: &Turns, depth: u32) -> u32 {
            let asked = turns.turn_blocking(if depth.is_multiple_of(2) { Long } else { Short });
            asked.answer(|| if depth == 0 { 0 } else { 1 + nested(turns, depth - 1) })
        }
        let turns = turns(1);
        assert_eq!(nested(&turns, 50), 50);
        let other = super::tests::turns(1);
        // Of another registry it takes a turn.
        turns.turn_blocking(Long).answer(|| {
            let held = other.turn_blocking(Long);
            assert!(!is_free(&other) && is_free(&turns));
            drop(held);
        });
        assert!(is_free(&turns) && is_free(&other));
        // A turn in hand is none before its answer begins.
        let held = turns.turn_blocking(Long);
        assert!(!is_free(&turns));
        drop(held);
    }

    #[test]
    fn a_short_question_waits_for_no_long_one() {
        let turns = turns(1);
        let long = turns.turn_blocking(Long);
        let short = look(&mut ask(&turns, Short)).expect("a turn of its own");
        assert!(look(&mut ask(&turns, Short)).is_none(), "and no more of these at once");
        drop((long, short));
    }

    /// Threads that wait are woken: as many at once as may be, and all of them in the end.
    #[test]
    fn threads_wait_for_each_other() {
        let turns = turns(2);
        let (begun, heard) = channel();
        let first = turns.turn_blocking(Long);
        let second = turns.turn_blocking(Long);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                let (turns, begun) = (turns.clone(), begun.clone());
                scope.spawn(move || turns.turn_blocking(Long).answer(|| begun.send(())));
            }
            assert!(heard.try_recv().is_err(), "nobody's turn has come");
            drop((first, second));
            (0..6).for_each(|_| heard.recv().unwrap());
        });
        assert!(is_free(&turns));
        assert!(spare_cores().get() >= 1);
    }
}
