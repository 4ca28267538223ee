//! The peers: a plain file in this process, and SQLite in one of its own (`sqlite/`), which is built when it is wanted.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::queue::{Round, Stopwatch, behind_a_queue};

/// The plain file: everything queued in one write and one fdatasync.
pub fn plain_appends(tasks: usize, bytes: usize, path: &Path) -> Round {
    let mut file = std::fs::File::create(path).expect("a file");
    // With the end of its line.
    behind_a_queue(tasks, bytes + 1, move |events| {
        file.write_all(&events.concat()).expect("written");
        file.sync_data().expect("synced");
    })
}

/// The plain file gets a text in batches of so many lines.
pub fn plain_batches(path: &Path, text: &[u8], batch: usize) -> Round {
    let mut file = std::fs::File::create(path).expect("a file");
    let ends: Vec<usize> =
        text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    let watch = Stopwatch::start();
    let mut from = 0;
    for group in ends.chunks(batch) {
        let to = group[group.len() - 1];
        file.write_all(&text[from..to]).expect("written");
        file.sync_data().expect("synced");
        from = to;
    }
    watch.round(ends.len() as u64)
}

/// The program that measures SQLite.
pub struct Sqlite {
    program: PathBuf,
}

impl Sqlite {
    /// Builds it beside this program; none where that cannot be, and then says so.
    pub fn build() -> Option<Self> {
        let here = std::env::current_exe().expect("this program");
        // target/release/examples/figures
        let target = here.ancestors().nth(3)?.join("figures-sqlite");
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/figures/sqlite/Cargo.toml");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--release", "--locked", "--quiet", "--manifest-path"])
            .arg(manifest)
            .arg("--target-dir")
            .arg(&target)
            .status();
        if !built.is_ok_and(|status| status.success()) {
            println!("SQLite is not measured: its program could not be built");
            return None;
        }
        Some(Self { program: target.join("release/jejak-figures-sqlite") })
    }

    /// One event each, of so many bytes, from so many tasks.
    pub fn appends(&self, tasks: usize, bytes: usize, path: &Path) -> Round {
        self.measure(["appends".into(), tasks.to_string().into(), bytes.to_string().into()], path)
    }

    /// The lines of a text, so many in a transaction.
    pub fn batches(&self, text: &Path, batch: usize, path: &Path) -> Round {
        self.measure(["batches".into(), batch.to_string().into(), text.into()], path)
    }

    fn measure(&self, arguments: [OsString; 3], path: &Path) -> Round {
        std::fs::create_dir_all(path).expect("a directory");
        let output = Command::new(&self.program)
            .args(arguments)
            .arg(path.join("log.db"))
            .stderr(Stdio::inherit())
            .output()
            .expect("it starts");
        std::fs::remove_dir_all(path).expect("removed");
        let text = String::from_utf8(output.stdout).expect("text");
        let numbers: Vec<f64> = text.split_whitespace().map(|one| one.parse().expect("a number")).collect();
        let [per_second, processor_us] = numbers[..] else { panic!("{text:?}") };
        Round { per_second, processor_us }
    }
}
