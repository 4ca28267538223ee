//! What the writers saw, kept outside the registry: one file for each thread, a line before sending and
//! a line after the acknowledgement, and one file with the checkpoints that left.
//!
//! A kill keeps what was written to a file, so a plain `write` is enough; in the power-cut harness the
//! witness lies on the file system whose power stays on.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// One thread's file, for writing.
#[derive(Debug)]
pub struct Witness(File);

/// What one thread saw.
#[derive(Debug, Default)]
pub struct Record {
    /// Numbers of the operations sent, and the indexes of those acknowledged.
    pub operations: BTreeMap<u32, Option<Vec<u64>>>,
    /// Failures and refusals, in the thread's own words.
    pub failures: Vec<String>,
}

fn thread_file(directory: &Path, thread: u32) -> PathBuf {
    directory.join(format!("thread-{thread:02}"))
}

fn checkpoints_file(directory: &Path) -> PathBuf {
    directory.join("checkpoints")
}

impl Witness {
    /// Opens a thread's file to append to it.
    pub fn of_thread(directory: &Path, thread: u32) -> Self {
        Self::open(&thread_file(directory, thread))
    }

    /// Opens the file of checkpoints to append to it.
    pub fn of_checkpoints(directory: &Path) -> Self {
        Self::open(&checkpoints_file(directory))
    }

    fn open(path: &Path) -> Self {
        Self(File::options().append(true).create(true).open(path).unwrap())
    }

    fn line(&mut self, line: &str) {
        self.0.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Before an operation is sent.
    pub fn sent(&mut self, number: u32) {
        self.line(&format!("sent {number}"));
    }

    /// After it was acknowledged.
    pub fn acknowledged(&mut self, number: u32, indexes: &[u64]) {
        let indexes: Vec<String> = indexes.iter().map(ToString::to_string).collect();
        self.line(&format!("acknowledged {number} {}", indexes.join(" ")));
    }

    /// When it failed or was refused.
    pub fn failed(&mut self, number: u32, why: &str) {
        self.line(&format!("failed {number} {}", why.replace('\n', " ")));
    }

    /// A checkpoint that left the registry.
    pub fn checkpoint(&mut self, note: &str) {
        self.line(&serde_json::to_string(note).unwrap());
    }
}

/// Whole lines of a file; a kill may have cut the last one. Nothing when there is no file.
fn lines(path: &Path) -> Vec<String> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text.unwrap(),
    };
    text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).map(str::to_owned).collect()
}

/// What a thread saw so far.
pub fn read_thread(directory: &Path, thread: u32) -> Record {
    let mut record = Record::default();
    for line in lines(&thread_file(directory, thread)) {
        let (word, rest) = line.split_once(' ').unwrap();
        let (number, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let number: u32 = number.parse().unwrap();
        match word {
            "sent" => {
                record.operations.entry(number).or_default();
            }
            "acknowledged" => {
                let indexes = rest.split(' ').map(|index| index.parse().unwrap()).collect();
                record.operations.insert(number, Some(indexes));
            }
            "failed" => record.failures.push(format!("thread {thread}, operation {number}: {rest}")),
            other => panic!("{other:?} is no word of a witness"),
        }
    }
    record
}

/// The checkpoints that left so far.
pub fn read_checkpoints(directory: &Path) -> Vec<String> {
    lines(&checkpoints_file(directory)).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How many threads have a file in `directory`.
pub fn threads(directory: &Path) -> u32 {
    (0..).find(|thread| !thread_file(directory, *thread).exists()).unwrap()
}

/// Operations acknowledged so far, over all threads; cheap enough to poll.
pub fn acknowledged(directory: &Path) -> usize {
    (0..threads(directory))
        .map(|thread| {
            let lines = lines(&thread_file(directory, thread));
            lines.iter().filter(|line| line.starts_with("acknowledged")).count()
        })
        .sum()
}
