//! Something else in the place of each file and directory of a registry: nobody hangs, panics or counts wrong, and what is
//! said names the place and what to do.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::proposals::{lines, registered};
use super::reading::{Appending, Listing, listing};
use super::{Ran, World, ran};

/// Longer than any of these commands takes; who waits for the other end of a pipe waits for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// What lies in the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Directory,
    EmptyFile,
    Pipe,
    LostLink,
}

const THINGS: [Thing; 4] = [Thing::Directory, Thing::EmptyFile, Thing::Pipe, Thing::LostLink];

impl Thing {
    fn put(self, path: &Path) {
        let _ = std::fs::remove_file(path);
        let _ = std::fs::remove_dir_all(path);
        match self {
            Self::Directory => std::fs::create_dir(path).unwrap(),
            Self::EmptyFile => std::fs::write(path, "").unwrap(),
            Self::Pipe => {
                rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::RWXU).unwrap();
            }
            Self::LostLink => {
                let nowhere = path.parent().unwrap().join("../../nowhere");
                std::os::unix::fs::symlink(nowhere, path).unwrap();
            }
        }
    }

    fn lies_at(self, path: &Path) -> bool {
        let Ok(about) = path.symlink_metadata() else { return false };
        match self {
            Self::Directory => about.is_dir(),
            Self::EmptyFile => about.is_file(),
            Self::Pipe => !about.is_dir() && !about.is_file() && !about.is_symlink(),
            Self::LostLink => about.is_symlink(),
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::Directory => "a directory",
            Self::EmptyFile => "a file",
            Self::Pipe => "a device",
            Self::LostLink => "a link that leads nowhere",
        }
    }
}

/// Whom the wrong thing keeps from going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stops {
    /// Everybody.
    All,
    /// Whoever writes; who reads is told.
    Writers,
    /// Nobody: it is derived, and told.
    Nobody,
}

/// A name in the data directory, whether a directory belongs there, and whom something else stops.
const PLACES: [(&str, bool, Stops); 23] = [
    ("LOCK", false, Stops::Writers),
    ("access.jsonl", false, Stops::Writers),
    ("anchor", false, Stops::All),
    ("anchor-elsewhere", false, Stops::All),
    ("checkpoint", false, Stops::Nobody),
    ("cosigned", false, Stops::Writers),
    ("evidence", true, Stops::Writers),
    ("handover", true, Stops::Writers),
    ("journal", true, Stops::All),
    ("journal/00000000000000000000.jsonl", false, Stops::All),
    ("keys", true, Stops::All),
    ("keys/keys-a", false, Stops::All),
    ("keys/keys-b", false, Stops::All),
    ("keys/LOCK", false, Stops::Writers),
    ("scrub", false, Stops::Nobody),
    ("sled", true, Stops::Writers),
    ("sled/db", false, Stops::Writers),
    ("sled.copy", true, Stops::Writers),
    ("state", true, Stops::Nobody),
    ("tiles", false, Stops::Nobody),
    ("torn", true, Stops::Writers),
    ("vault", false, Stops::Writers),
    ("vault.new", false, Stops::Writers),
];

/// A run that must end.
fn run(world: &World, words: &[&str]) -> Ran {
    let mut child = world
        .command(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    // What is said here fits into a pipe.
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{words:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    ran(child.wait_with_output().unwrap())
}

/// The commands that meet it: two that read, three that write.
fn commands(world: &World) -> [Vec<String>; 5] {
    let proposals = world.beside("more.jsonl");
    std::fs::write(&proposals, lines([registered(999)])).unwrap();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    [
        words(&["view", "registered", "--as-known", SIZE, "--format", "json"]),
        words(&["log", "checkpoint"]),
        words(&["verify"]),
        words(&["append", proposals.to_str().unwrap()]),
        words(&["recover"]),
    ]
}

/// Events of the registry before anything is put into it.
const SIZE: &str = "41";

fn registry() -> World {
    let world = World::new();
    for numbers in [1..=20, 21..=40] {
        assert_eq!(world.append(&lines(numbers.map(registered)), &[]).code, 0);
    }
    world
}

/// What is said to be done about a thing in this place.
fn to_do(name: &str) -> &'static str {
    match name {
        "journal" | "journal/00000000000000000000.jsonl" | "sled" | "sled/db" | "vault" => {
            "move it away, then run `jejak recover`, which makes what belongs there again from the other copy"
        }
        "keys/keys-a" | "keys/keys-b" => {
            "move it away; the next command that writes makes what belongs there again from its other copy"
        }
        "anchor" => {
            "move it away; the next command that writes makes the anchor again from the stored checkpoint"
        }
        "anchor-elsewhere" => {
            "move it away, and give the place of the anchor with --anchor if it lies elsewhere"
        }
        "access.jsonl" | "cosigned" | "evidence" | "handover" | "keys" => {
            "move it away, and put back what belongs there, from a backup if need be"
        }
        _ => "move it away",
    }
}

/// Runs a command that meets a thing, and holds what is always so.
fn met(world: &World, words: &[String], figures: &Value, case: &str) -> Ran {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ran = run(world, &words);
    assert!([0, 1, 3].contains(&ran.code), "{case}, {words:?}: {}{}", ran.code, ran.err);
    assert!(!ran.err.contains("panic"), "{case}, {words:?}: {}", ran.err);
    if words[0] == "view" && ran.code == 0 {
        let answer: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(answer["figures"], *figures, "{case}: a wrong figure");
    }
    ran
}

#[test]
fn what_lies_in_the_way_is_named_with_what_to_do_and_nothing_is_changed() {
    let sound = registry();
    let figures = sound.json(&["view", "registered"])["figures"].clone();
    for (name, is_directory, stops) in PLACES.into_iter().filter(|(.., stops)| *stops != Stops::Nobody) {
        for thing in THINGS {
            let right = if is_directory { Thing::Directory } else { Thing::EmptyFile };
            if thing == right {
                continue;
            }
            let (world, case) = (sound.copy(), format!("{thing:?} as {name}"));
            let commands = commands(&world);
            let path = world.dir().join(name);
            thing.put(&path);
            let before = listing(&world.dir());
            for (number, words) in commands.iter().enumerate() {
                let ran = met(&world, words, &figures, &case);
                let writes = number > 1;
                let code = if writes || stops == Stops::All { 3 } else { 0 };
                assert_eq!(ran.code, code, "{case}, {words:?}: {}", ran.err);
                let wanted = if is_directory { "a directory" } else { "a file" };
                let said = format!(
                    "{} is {}, where the registry has {wanted}; nothing was changed: {}\n",
                    path.display(),
                    thing.said(),
                    to_do(name)
                );
                assert!(ran.err.contains(&said), "{case}, {words:?}: {}", ran.err);
            }
            assert!(listing(&world.dir()) == before, "{case}: something was changed");
            // What is to be done helps, but for what only a backup has.
            if thing != Thing::LostLink || to_do(name).contains("put back") {
                continue;
            }
            std::fs::remove_file(&path).unwrap();
            let recovered = run(&world, &["recover"]);
            assert_eq!(recovered.code, 0, "{case}: {}", recovered.err);
            let answer = world.json(&["view", "registered"]);
            assert_eq!(answer["figures"], figures, "{case}");
        }
    }
    assert!(!sound.beside("nowhere").exists());
}

#[test]
fn what_is_derived_stops_nobody() {
    let sound = registry();
    let figures = sound.json(&["view", "registered"])["figures"].clone();
    for (name, is_directory, _) in PLACES.into_iter().filter(|(.., stops)| *stops == Stops::Nobody) {
        for thing in THINGS {
            let right = if is_directory { Thing::Directory } else { Thing::EmptyFile };
            for number in 0..5 {
                let (world, case) = (sound.copy(), format!("{thing:?} as {name}"));
                let words = &commands(&world)[number];
                let path = world.dir().join(name);
                thing.put(&path);
                let ran = met(&world, words, &figures, &case);
                // Nothing is signed before the verdict, and so there is none.
                let code = i32::from(name == "checkpoint" && words[0] == "verify");
                assert_eq!(ran.code, code, "{case}, {words:?}: {}{}", ran.out, ran.err);
                // Whoever needs no state does not look there.
                if thing != right && (name != "state" || words[0] != "log") {
                    let said = format!("{}{}", ran.out, ran.err);
                    assert!(said.contains(&format!("{} is ", path.display())), "{case}, {words:?}: {said}");
                }
                assert_eq!(
                    world.json(&["view", "registered", "--as-known", SIZE])["figures"],
                    figures,
                    "{case}"
                );
                // Nothing goes away without a word: it lies there still, or where it is said to.
                let moved = world.dir().join("torn").join(name);
                let words_of_move = format!(
                    "; it was moved to {}, and what belongs there is made again from the log",
                    moved.display()
                );
                let is_said = format!("{}{}", ran.out, ran.err).contains(&words_of_move);
                let lies_there = thing == right || thing.lies_at(if is_said { &moved } else { &path });
                assert!(lies_there, "{case}, {words:?}: {}", ran.err);
            }
        }
    }
}

#[test]
fn what_is_empty_is_healed_or_named() {
    let sound = registry();
    let figures = sound.json(&["view", "registered"])["figures"].clone();
    for (name, is_directory, _) in PLACES {
        let thing = if is_directory { Thing::Directory } else { Thing::EmptyFile };
        // How each of the five ends.
        let codes = match name {
            "anchor-elsewhere" => [3, 3, 1, 3, 3],
            "keys" => [0, 0, 1, 3, 3],
            // Open to others; the head of the access log lost; no checkpoint.
            "access.jsonl" | "anchor" | "checkpoint" => [0, 0, 1, 0, 0],
            _ => [0; 5],
        };
        for (number, code) in codes.into_iter().enumerate() {
            let (world, case) = (sound.copy(), format!("empty {name}"));
            let words = &commands(&world)[number];
            let path = world.dir().join(name);
            thing.put(&path);
            let ran = met(&world, words, &figures, &case);
            assert_eq!(ran.code, code, "{case}, {words:?}: {}{}", ran.out, ran.err);
            let told = if ran.code == 3 { path.to_str().unwrap() } else { name };
            let said = format!("{}{}", ran.out, ran.err);
            assert!(ran.code == 0 || said.contains(told), "{case}, {words:?}: {said}");
        }
    }
}

#[test]
fn a_second_writer_stays_out_though_the_lock_file_was_deleted_and_the_first_notices() {
    let world = registry();
    let mut appending = Appending::start(&world);
    appending.record(1_001);
    // Waits until it is anchored and signed.
    assert_eq!(world.run(&["log", "checkpoint"]).code, 0);
    for lock in ["LOCK", "keys/LOCK"] {
        std::fs::remove_file(world.dir().join(lock)).unwrap();
    }
    let before = listing(&world.dir());
    for words in [&["append", "/dev/null"][..], &["verify"], &["recover"]] {
        let ran = run(&world, &[words, &["--wait", "0"]].concat());
        assert_eq!(ran.code, 3, "{words:?}: {}{}", ran.out, ran.err);
        let said = format!("another process holds {}", world.dir().join("sled").display());
        assert!(ran.err.contains(&said), "{words:?}: {}", ran.err);
    }
    let mut after = listing(&world.dir());
    // Whoever is refused has made the lock files again.
    for lock in ["LOCK", "keys/LOCK"] {
        after.remove(world.dir().join(lock).to_str().unwrap());
    }
    let bytes =
        |of: &Listing| of.iter().map(|(path, (bytes, _))| (path.clone(), bytes.clone())).collect::<Vec<_>>();
    assert!(bytes(&after) == bytes(&before), "a second writer changed something");
    let ended = appending.refused(1_002);
    let said =
        format!("{} was removed or replaced while this process wrote", world.dir().join("LOCK").display());
    assert!(ended.code == 3 && ended.err.contains(&said), "{}", ended.err);
    assert_eq!(world.json(&["view", "registered"])["log"]["size"], 42);
    world.assert_sound();
}

#[test]
fn a_damaged_copy_of_the_keys_is_told_once() {
    let world = registry();
    let path = world.dir().join("keys/keys-a");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[30] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let said = format!("jejak: {} was healed from the other copy", path.display());
    let ran = world.run(&["append", "/dev/null"]);
    assert_eq!(ran.err.matches(&said).count(), 1, "{}", ran.err);
    let again = world.run(&["append", "/dev/null"]);
    assert!(again.code == 0 && !again.err.contains("healed"), "{}", again.err);
    world.assert_sound();
}
