//! Child processes: the test binary itself, started again with a task in its environment.
//!
//! A child never outlives the thread that started it: the kernel kills it then, and so does dropping
//! its handle.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getppid, kill_process, set_parent_process_death_signal};
use serde::{Deserialize, Serialize};

use super::{examine, holders, inspect, power, writer};

const TASK: &str = "JEJAK_HARNESS_TASK";
const PLAYER: &str = "harness::child::plays_the_task_it_is_given";

/// What a child does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// Writes until it is stopped.
    Write(writer::Task),
    /// Holds a registry against its witness; answers with an [`inspect::Report`].
    Inspect(inspect::Task),
    /// Writes to a bare sled until it is stopped.
    WriteBareSled(power::BareSled),
    /// Counts what a bare sled kept; answers with an `Option<u64>`.
    CountBareSled(power::BareSled),
    /// Opens what may be damaged; answers with an [`examine::Outcome`].
    Examine(examine::Task),
    /// Recovers it; answers with an `Option<String>`, the refusal.
    Recover(examine::RecoverTask),
    /// Opens and holds; answers with an `Option<String>`, the refusal.
    Hold(holders::Task),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Errand {
    parent: u32,
    reply: PathBuf,
    task: Task,
}

/// A running child.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    reply: PathBuf,
    _directory: tempfile::TempDir,
    complaints: PathBuf,
}

/// Starts a child on a task.
pub fn start(task: Task) -> Child {
    let directory = tempfile::tempdir().unwrap();
    let (reply, complaints) = (directory.path().join("reply"), directory.path().join("stderr"));
    let errand = Errand { parent: std::process::id(), reply: reply.clone(), task };
    let process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", PLAYER, "--nocapture", "--test-threads=1"])
        .env(TASK, serde_json::to_string(&errand).unwrap())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&complaints).unwrap())
        .spawn()
        .unwrap();
    Child { process, reply, _directory: directory, complaints }
}

impl Child {
    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Its process id.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.process)
    }

    /// Whether it is still running.
    pub fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// Kills it (SIGKILL) and waits until it is gone. Answers whether it was still running.
    pub fn kill(&mut self) -> bool {
        let running = self.is_running();
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        running
    }

    /// Waits for its end.
    ///
    /// `None` when it did not end in time; it is killed then.
    pub fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < limit {
            if let Some(status) = self.process.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.kill();
        None
    }

    /// The answer it left, if it left one.
    pub fn reply<T: for<'de> Deserialize<'de>>(&self) -> Option<T> {
        serde_json::from_slice(&fs::read(&self.reply).ok()?).ok()
    }

    /// What it wrote to its standard error.
    pub fn complaints(&self) -> String {
        fs::read_to_string(&self.complaints).unwrap_or_default()
    }

    /// Waits for its end and its answer.
    pub fn answer<T: for<'de> Deserialize<'de>>(mut self, limit: Duration) -> T {
        let status = self.wait(limit);
        self.reply().unwrap_or_else(|| panic!("a child ended with {status:?}:\n{}", self.complaints()))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Answers the parent: written aside and renamed, so that a killed child leaves no half answer.
fn answer(reply: &Path, answer: &impl Serialize) {
    let aside = reply.with_extension("new");
    fs::write(&aside, serde_json::to_vec(answer).unwrap()).unwrap();
    fs::rename(&aside, reply).unwrap();
}

/// The children's door. Run as a test of its own, it shows that an errand survives the way there.
#[test]
fn plays_the_task_it_is_given() {
    let Ok(errand) = std::env::var(TASK) else {
        let task = Task::Inspect(inspect::Task { dir: "a b".into(), witness: "ü\n\"".into(), close: true });
        let errand = Errand { parent: 1, reply: "reply".into(), task };
        let sent = serde_json::to_string(&errand).unwrap();
        assert_eq!(serde_json::from_str::<Errand>(&sent).unwrap(), errand);
        return;
    };
    let errand: Errand = serde_json::from_str(&errand).unwrap();
    set_parent_process_death_signal(Some(Signal::KILL)).unwrap();
    // The parent may have ended before the line above.
    let parent = getppid().map(|pid| pid.as_raw_nonzero().get().cast_unsigned());
    assert_eq!(parent, Some(errand.parent), "the parent is gone");
    match errand.task {
        Task::Write(task) => writer::run(&task),
        Task::Inspect(task) => answer(&errand.reply, &inspect::run(&task)),
        Task::WriteBareSled(task) => power::write_bare_sled(&task),
        Task::CountBareSled(task) => answer(&errand.reply, &power::count_bare_sled(&task)),
        Task::Examine(task) => answer(&errand.reply, &examine::run(&task)),
        Task::Recover(task) => answer(&errand.reply, &examine::run_recover(&task)),
        Task::Hold(task) => holders::run(&task, |refusal| answer(&errand.reply, refusal)),
    }
}
