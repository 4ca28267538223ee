//! The program at a fixed moment: the test binary started again, with a clock that stands and randomness that is a
//! function of the words given.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use jejak::environment::{Environment, ManualClock, SeededRandomness};
use jejak_events::time::RecordedTime;

use crate::cli::{Ran, ran};

/// A day after the last event of the worked example.
const MOMENT: &str = "2026-07-01T03:00:00.000Z";
const CALL: &str = "JEJAK_PAGE_CALL";
const DOOR: &str = "cli::snapshots::door::the_program_at_a_fixed_moment";
/// Stands between what the test harness says of itself and what the program says.
const BEGIN: &str = "\u{2}page\u{3}";

/// How a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// `id` or `en`.
    pub language: &'static str,
    /// Columns of the page.
    pub columns: usize,
}

/// What the program answers in `directory`, whose registry lies in `data`, to these words.
pub fn answer(directory: &Path, words: &[&str], form: Form) -> Ran {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", DOOR, "--nocapture", "--test-threads=1"])
        .current_dir(directory)
        .stdin(Stdio::null())
        .env(CALL, serde_json::to_string(words).unwrap())
        .env("COLUMNS", form.columns.to_string())
        .env("JEJAK_LANG", form.language)
        .env("JEJAK_DIR", "data");
    let mut answer = ran(command.output().unwrap());
    let begin = answer.out.find(BEGIN).unwrap_or_else(|| panic!("{words:?}: {}{}", answer.out, answer.err));
    answer.out = answer.out.split_off(begin + BEGIN.len());
    answer
}

/// Differs for different words (FNV-1a).
fn seed(words: &[String]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// The way in for [`answer`]. Run as a test of its own, it shows that the program behind it is the built one.
#[test]
fn the_program_at_a_fixed_moment() {
    let Ok(call) = std::env::var(CALL) else {
        let here = tempfile::tempdir().unwrap();
        let form = Form { language: "en", columns: 80 };
        let through_the_door = answer(here.path(), &["view", "--no-such-flag"], form);
        let mut built = Command::new(env!("CARGO_BIN_EXE_jejak"));
        built.args(["view", "--no-such-flag"]).env("JEJAK_LANG", "en").env("COLUMNS", "80");
        let built = ran(built.output().unwrap());
        assert_eq!(
            (through_the_door.code, through_the_door.out, through_the_door.err),
            (built.code, built.out, built.err)
        );
        return;
    };
    let words: Vec<String> = serde_json::from_str(&call).unwrap();
    let environment = Environment {
        clock: Arc::new(ManualClock::at(RecordedTime::parse(MOMENT).unwrap())),
        randomness: Arc::new(SeededRandomness::new(seed(&words))),
    };
    let mut out = std::io::stdout();
    out.write_all(BEGIN.as_bytes()).unwrap();
    out.flush().unwrap();
    let words = std::iter::once("jejak".to_owned()).chain(words).map(OsString::from);
    let exit = jejak::cli::run_in(words, environment);
    std::process::exit(i32::from(exit.code()));
}
