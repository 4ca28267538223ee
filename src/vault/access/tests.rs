use jejak_events::tree::leaf_hash;
use jejak_events::values::Code;

use super::*;
use crate::disk::sim::{Fault, FaultKind, Faults, SimulatedDisk};

const DIRECTORY: &str = "/data";

fn place(disk: impl Disk + 'static, directory: &Path) -> AccessPlace {
    AccessPlace {
        disk: Arc::new(disk),
        environment: Environment::system(),
        path: directory.join("access.jsonl"),
        anchor: directory.join("anchor"),
    }
}

/// The access log of a registry that was just made.
fn begun(disk: &SimulatedDisk) -> AccessLog {
    disk.create_directory(Path::new(DIRECTORY)).unwrap();
    let log = opened(disk);
    log.begin().unwrap();
    disk.sync_directory(Path::new(DIRECTORY)).unwrap();
    log
}

fn opened(disk: &SimulatedDisk) -> AccessLog {
    AccessLog::new(place(disk.clone(), Path::new(DIRECTORY)), leaf_hash(b"event 0"), true)
}

fn note(log: &AccessLog, purpose: &str) -> Result<(), FileError> {
    log.note(&Actor { kind: ActorKind::Unknown, id: None }, purpose, &[Subject::Registry])
}

fn purposes(report: &AccessReport) -> Vec<&str> {
    report.looks.iter().map(|look| look.purpose.as_str()).collect()
}

fn lines(disk: &SimulatedDisk) -> Vec<String> {
    let bytes = disk.read(&Path::new(DIRECTORY).join("access.jsonl")).unwrap_or_default();
    String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
}

fn put(disk: &SimulatedDisk, lines: &[String]) {
    let mut file = disk.open(&Path::new(DIRECTORY).join("access.jsonl")).unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    file.set_length(0).unwrap();
    file.write_at(0, text.as_bytes()).unwrap();
}

/// What does not fit, in English.
fn problems(disk: &SimulatedDisk) -> Vec<String> {
    opened(disk).report().unwrap().problems.into_iter().map(|problem| problem.en).collect()
}

fn with_five_lines() -> SimulatedDisk {
    let disk = SimulatedDisk::default();
    let log = begun(&disk);
    for purpose in ["one", "two", "three", "four", "five"] {
        note(&log, purpose).unwrap();
    }
    disk
}

#[test]
fn what_was_noted_survives_a_power_cut() {
    let disk = SimulatedDisk::default();
    let noted = begun(&disk);
    note(&noted, "first").unwrap();
    note(&noted, "second").unwrap();
    // Nothing survives but what was synced, the name of the file too.
    let report = opened(&disk.crash(0)).report().unwrap();
    assert_eq!((purposes(&report), report.problems.len()), (vec!["first", "second"], 0));
}

#[test]
fn each_line_that_is_altered_left_out_or_cut_off_is_named_and_stays_so() {
    let words = std::cell::RefCell::new(crate::said::Said::new("access_log"));
    let hear = |disk: &SimulatedDisk| {
        let report = opened(disk).report().unwrap();
        let said = report.problems.into_iter().chain(report.notes);
        said.for_each(|one| words.borrow_mut().once(&one.en.clone(), one));
    };
    let names = |disk: &SimulatedDisk, expected: &[&str]| {
        assert_eq!(problems(disk), expected);
        hear(disk);
        // Whoever notes next hides nothing of it.
        note(&opened(disk), "after").unwrap();
        note(&opened(disk), "and after").unwrap();
        let now = problems(disk);
        assert!(!now.is_empty(), "healed: {expected:?}");
    };
    let whole = with_five_lines();
    assert!(problems(&whole).is_empty());
    for (left_out, said) in [
        (0..1, "line 1 is missing: the first one is line 2"),
        (2..3, "line 3 is missing: after line 2 comes line 4"),
        (1..4, "lines 2 to 4 are missing: after line 1 comes line 5"),
        (4..5, "line 5 is missing: the anchor knows of 5 lines"),
        (3..5, "lines 4 to 5 are missing: the anchor knows of 5 lines"),
        (0..5, "lines 1 to 5 are missing: the anchor knows of 5 lines"),
    ] {
        let disk = whole.fork();
        let mut kept = lines(&disk);
        kept.drain(left_out);
        put(&disk, &kept);
        names(&disk, &[said]);
    }
    for (line, by) in [(0, "line 2"), (2, "line 4"), (4, "the anchor")] {
        let disk = whole.fork();
        let mut altered = lines(&disk);
        altered[line] = altered[line].replace("registry", "claim/01");
        put(&disk, &altered);
        let said = format!("line {} is not the one that {by} names: one of them was altered", line + 1);
        names(&disk, &[&said]);
    }
    // Removed as a whole, and made anew with lines of another registry.
    let disk = whole.fork();
    disk.remove(&Path::new(DIRECTORY).join("access.jsonl")).unwrap();
    names(&disk, &["lines 1 to 5 are missing: the anchor knows of 5 lines"]);
    let other = with_five_lines();
    let foreign = AccessLog::new(place(other, Path::new(DIRECTORY)), leaf_hash(b"another"), true);
    let of_another = foreign.report().unwrap().problems;
    assert_eq!(of_another[0].en, "line 1 does not belong to this log, or was altered");
    // Changed places, an unreadable line, a line twice.
    let disk = whole.fork();
    let mut moved = lines(&disk);
    moved.swap(1, 2);
    put(&disk, &moved);
    assert!(!problems(&disk).is_empty());
    let mut spoilt = lines(&whole);
    spoilt[1] = "{".into();
    put(&disk, &spoilt);
    assert_eq!(problems(&disk)[0], "line 2 cannot be read");
    let mut twice = lines(&whole);
    twice.push(twice[4].clone());
    put(&disk, &twice);
    assert_eq!(problems(&disk), ["line 5 stands after line 5"]);
    hear(&disk);
    // A line that was being written when the power went, last of all or with another behind it.
    let path = Path::new(DIRECTORY).join("access.jsonl");
    let text = whole.read(&path).unwrap();
    disk.put(&path, &[&text[..], b"{\"half"].concat());
    hear(&disk);
    note(&opened(&disk), "after").unwrap();
    hear(&disk);
    disk.put(&path, &[&text[..], b"{\"half\n"].concat());
    hear(&disk);
    words.into_inner().check();
}

#[test]
fn a_head_that_the_anchor_lost_is_a_fault_until_somebody_knows_of_it() {
    let disk = with_five_lines();
    disk.remove(&Path::new(DIRECTORY).join("anchor")).unwrap();
    assert_eq!(problems(&disk).len(), 1);
    put(&disk, &lines(&disk)[..3]);
    opened(&disk).settle().unwrap();
    // What was cut meanwhile can never be told, however often it is opened.
    note(&opened(&disk), "after").unwrap();
    opened(&disk).settle().unwrap();
    let report = opened(&disk).report().unwrap();
    assert_eq!(purposes(&report), ["one", "two", "three", HEAD_LOST, "after"]);
    assert_eq!(
        problems(&disk),
        [
            "before line 4 the anchor was lost once: nobody can tell what was cut there; find out why, then say so by \
          `jejak recover --loss-known --actor ID`"
        ]
    );
    let actor = Actor { kind: ActorKind::AppUser, id: Some(Code::parse("auditor-1").unwrap()) };
    assert!(opened(&disk).say_loss_known(&actor).unwrap());
    assert!(!opened(&disk).say_loss_known(&actor).unwrap(), "said twice");
    let report = opened(&disk).report().unwrap();
    assert_eq!((problems(&disk).len(), report.looks.len()), (0, 6));
    assert_eq!(
        report.notes[0].en,
        "before line 4 the anchor was lost once, and nobody can tell what was cut there; on line 6 auditor-1 says that \
         this is known"
    );
    // It speaks for what was before it, and not for the next loss.
    disk.remove(&Path::new(DIRECTORY).join("anchor")).unwrap();
    opened(&disk).settle().unwrap();
    assert_eq!(problems(&disk).len(), 1);
    // A registry that has lost its anchor notes looks, and makes no anchor of them.
    let unanchored = AccessLog::new(place(disk.clone(), Path::new(DIRECTORY)), leaf_hash(b"event 0"), false);
    disk.remove(&Path::new(DIRECTORY).join("anchor")).unwrap();
    note(&unanchored, "look").unwrap();
    assert_eq!(disk.length(&Path::new(DIRECTORY).join("anchor")).unwrap(), None);
}

#[test]
fn every_failure_leaves_what_was_noted_and_one_chain() {
    let faults = Faults::default();
    let disk = SimulatedDisk::new(faults.clone());
    note(&begun(&disk), "first").unwrap();
    let before = disk.fork();
    faults.plan(None);
    note(&opened(&disk), "second").unwrap();
    let steps = faults.count();
    assert!(steps >= 4, "a write and a sync of the line, and of its head");
    let (mut kept, mut lost) = (0, 0);
    for kind in FaultKind::ALL {
        for operation in 0..steps {
            for seed in 0..6 {
                let disk = before.fork();
                disk.faults().plan(Some(Fault { operation, kind }));
                let failed = note(&opened(&disk), "failed").is_err();
                let disk = disk.crash(seed);
                assert!(problems(&disk).is_empty(), "{kind:?} at {operation}, {seed}: {:?}", problems(&disk));
                note(&opened(&disk), "after").unwrap();
                let report = opened(&disk.crash(0)).report().unwrap();
                assert!(report.problems.is_empty(), "{kind:?} at {operation}, {seed}: {:?}", report.problems);
                let purposes = purposes(&report);
                let ends = (purposes.first().copied(), purposes.last().copied());
                assert_eq!(ends, (Some("first"), Some("after")), "{kind:?} at {operation}, {seed}");
                let is_kept = purposes.contains(&"failed");
                assert!(failed || is_kept, "noted and lost: {kind:?} at {operation}, {seed}");
                kept += u64::from(is_kept && failed);
                lost += u64::from(!is_kept);
            }
        }
    }
    assert!(kept > 0 && lost > 0, "{kept} kept, {lost} lost");
}

fn subject(number: u32) -> Subject {
    Subject::parse(&format!("person/0190f3a0-0000-4000-8000-{number:012}")).unwrap()
}

#[test]
fn a_look_covers_what_was_noted_and_nothing_else() {
    let disk = SimulatedDisk::default();
    let log = begun(&disk);
    let actor = Actor { kind: ActorKind::Unknown, id: None };
    let file = |digit: &str| Sha256Hex::parse(&digit.repeat(64)).unwrap();
    let look = log.look(&actor, "look", &[subject(1), subject(2)]).unwrap();
    let pass = VaultPass::from(&look);
    assert_eq!([1, 2, 3].map(|number| pass.covers(subject(number))), [true, true, false]);
    assert!(!pass.covers_file(&file("a")), "no attachment was named");
    let look = log.look_at_file(&actor, "file", &file("a"), &[subject(1)]).unwrap();
    let pass = VaultPass::from(&look);
    assert!(pass.covers_file(&file("a")) && !pass.covers_file(&file("b")));
    assert!(!pass.covers(subject(1)), "the document, not the sealed values");
    let look = log.look_at_everybody(&actor, "search").unwrap();
    let pass = VaultPass::from(&look);
    assert!(pass.covers(subject(3)) && !pass.covers_file(&file("a")));
    let none = log.look(&actor, "nobody", &[]).unwrap();
    assert!(!VaultPass::from(&none).covers(subject(1)));
    assert_eq!(purposes(&opened(&disk).report().unwrap()), ["look", "file", "search", "nobody"]);
}

/// Whatever fails, the full disk too: whoever has a pass stands in the log, and whoever does not has none. A crash after
/// it, before anything is read, leaves the line.
#[test]
fn a_pass_is_given_only_for_a_line_that_a_crash_leaves() {
    let faults = Faults::default();
    let disk = SimulatedDisk::new(faults.clone());
    note(&begun(&disk), "first").unwrap();
    let before = disk.fork();
    faults.plan(None);
    note(&opened(&disk), "second").unwrap();
    let steps = faults.count();
    let actor = Actor { kind: ActorKind::Unknown, id: None };
    let (mut given, mut refused) = (0, 0);
    for kind in FaultKind::ALL {
        for operation in 0..steps + 1 {
            for seed in 0..4 {
                let disk = before.fork();
                disk.faults().plan(Some(Fault { operation, kind }));
                let look = opened(&disk).look(&actor, "look", &[subject(1)]);
                // The power is cut before anything is read.
                let report = opened(&disk.crash(seed)).report().unwrap();
                let is_noted = purposes(&report).contains(&"look");
                assert!(look.is_err() || is_noted, "a pass and no line: {kind:?} at {operation}, {seed}");
                given += u32::from(look.is_ok());
                refused += u32::from(look.is_err());
            }
        }
    }
    assert!(given > 0 && refused > 0, "{given} given, {refused} refused");
}

#[test]
fn a_failed_sync_is_made_good_by_the_next_line() {
    let faults = Faults::default();
    let disk = SimulatedDisk::new(faults.clone());
    note(&begun(&disk), "first").unwrap();
    faults.plan(None);
    note(&opened(&disk), "second").unwrap();
    let steps = faults.count();
    for operation in 0..steps {
        let disk = disk.fork();
        disk.faults().plan(Some(Fault { operation, kind: FaultKind::LyingSync }));
        let log = opened(&disk);
        let _ = note(&log, "third");
        note(&log, "fourth").unwrap();
        for seed in 0..4 {
            let report = opened(&disk.crash(seed)).report().unwrap();
            assert!(report.problems.is_empty(), "at {operation}: {:?}", report.problems);
            assert_eq!(purposes(&report), ["first", "second", "third", "fourth"], "at {operation}");
        }
    }
}

#[test]
fn two_that_note_in_turn_make_one_chain() {
    let disk = SimulatedDisk::default();
    let (one, other) = (begun(&disk), opened(&disk));
    for purpose in ["one", "two", "three"] {
        note(&one, purpose).unwrap();
        note(&other, purpose).unwrap();
    }
    let report = opened(&disk).report().unwrap();
    assert_eq!((report.looks.len(), report.problems.len()), (6, 0));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("access.jsonl");
    std::fs::File::create(&path).unwrap();
    let log = AccessLog::new(place(crate::disk::RealDisk, directory.path()), leaf_hash(b"event 0"), true);
    note(&log, "look").unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
