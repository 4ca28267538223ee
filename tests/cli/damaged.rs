//! Damage to an old part of the journal, met by commands that only read: they answer all the same, or say what to do.

use std::path::PathBuf;

use super::proposals::{ikm, lines, registered};
use super::reading::Appending;
use super::{Ran, World, copy_directory, in_repository};

/// Events of a part of the log that an opening from its end does not read.
const OLD: u64 = 100;

/// A registry, and a copy of it beside.
fn world() -> World {
    let world = World::new();
    // In three tiles, and too few for a stored state.
    for numbers in [1..=300, 301..=700] {
        assert_eq!(world.append(&lines(numbers.map(registered)), &[]).code, 0);
    }
    let note = world.run(&["log", "checkpoint"]);
    std::fs::write(world.beside("checkpoint"), &note.out).unwrap();
    copy_directory(&world.dir(), &world.beside("sound"));
    world
}

/// Puts the registry back as it was.
fn restore(world: &World) {
    std::fs::remove_dir_all(world.dir()).unwrap();
    copy_directory(&world.beside("sound"), &world.dir());
}

fn segment(world: &World) -> PathBuf {
    world.dir().join("journal/00000000000000000000.jsonl")
}

/// The journal's text; healing cuts it into other segments.
fn text(world: &World) -> Vec<u8> {
    let mut segments: Vec<PathBuf> =
        std::fs::read_dir(world.dir().join("journal")).unwrap().map(|entry| entry.unwrap().path()).collect();
    segments.sort();
    segments.iter().flat_map(|path| std::fs::read(path).unwrap()).collect()
}

/// Flips a byte of an old event.
fn flip(world: &World) {
    let mut text = text(world);
    let old = usize::try_from(OLD).unwrap();
    let line: usize = text.split(|byte| *byte == b'\n').take(old).map(|line| line.len() + 1).sum();
    text[line + 40] ^= 1;
    std::fs::write(segment(world), text).unwrap();
}

/// The commands that only read, each so that it comes by the old part.
fn commands(world: &World) -> Vec<Vec<String>> {
    let beside = |name: &str| world.beside(name).to_str().unwrap().to_owned();
    let claim = in_repository("tests/data/claims/mojokerto-5-foreign-trade-training.toml");
    let claim = claim.to_str().unwrap();
    let (old, subject) = (OLD.to_string(), format!("ikm/{}", ikm(OLD)));
    let note = beside("checkpoint");
    let all: [&[&str]; 17] = [
        &["view", "registered", "--as-known", "301", "--on", "2026-01-01"],
        &["view", "--on", "2026-01-01"],
        &["view", "registered", "--list", "--on", "2026-01-01"],
        &["view", "registered", "--compare", "301", "--on", "2026-01-01"],
        &["history", &subject],
        &["show", &subject, "--on", "2026-01-01"],
        &["find", "batik", "--kind", "program"],
        &["due", "--on", "2026-01-01"],
        &["claim", "check", claim, "--on", "2026-01-01"],
        &["claim", "sample", claim, "--seed", "dice"],
        &["rebuild", "registered"],
        &["receipt", &old, "-o", &beside("receipt.html"), "--force"],
        &["log", "proof", &old],
        &["log", "export"],
        &["log", "tiles", &beside("tree")],
        &["log", "consistency", &note],
        &["bundle", "create", "--view", "registered", "-o", &beside("bundle.zip"), "--force"],
    ];
    all.iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect()).collect()
}

fn run(world: &World, words: &[String]) -> Ran {
    world.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Lines that say how long something took differ from run to run.
fn lasting(ran: &Ran) -> String {
    ran.out.lines().filter(|line| !line.contains("  ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_reader_that_meets_damage_heals_it_and_answers_and_says_so_once() {
    let world = world();
    let whole = text(&world);
    for words in commands(&world) {
        let _ = std::fs::remove_dir_all(world.beside("tree"));
        let sound = run(&world, &words);
        assert!(sound.code <= 1 && !sound.err.contains("heal"), "{words:?}: {}", sound.err);
        let _ = std::fs::remove_dir_all(world.beside("tree"));
        flip(&world);
        let ran = run(&world, &words);
        assert_eq!((ran.code, lasting(&ran)), (sound.code, lasting(&sound)), "{words:?}: {}", ran.err);
        let healed: Vec<&str> = ran.err.lines().filter(|line| line.contains("journal healed")).collect();
        if words[0] == "bundle" {
            // It is opened for writing, to be noted, and reads the store.
            assert_eq!(healed.len(), 0, "{words:?}: {}", ran.err);
        } else {
            let said = "jejak: journal healed from the store: indexes 1 to 300";
            assert_eq!(healed, [said], "{words:?}: {}", ran.err);
            assert!(text(&world) == whole, "{words:?}: not healed");
        }
        restore(&world);
    }
    flip(&world);
    assert_eq!(world.run(&["view", "registered"]).code, 0);
    world.assert_sound();
}

#[test]
fn beside_a_writer_damage_is_told_with_who_holds_the_other_copy() {
    let world = world();
    let sound: Vec<Ran> = commands(&world).iter().map(|words| run(&world, words)).collect();
    let mut appending = Appending::start(&world);
    appending.record(1_001);
    flip(&world);
    let whole = world.run(&["view", "registered", "--wait", "0"]);
    let holder = appending.holder();
    let to_do = format!(
        "the journal is damaged, and its other copy is in the hands of {holder}, which goes on with it: nothing has to be \
         restored. Ask again when that process has ended, or wait for it with --wait SECONDS; the journal is healed from that \
         copy then. What is damaged: indexes 0 to 255: the journal's \
         bytes do not hash to the tree"
    );
    assert!(whole.code == 3 && whole.err.contains(&to_do), "{}", whole.err);
    for (words, sound) in commands(&world).iter().zip(&sound) {
        let _ = std::fs::remove_dir_all(world.beside("tree"));
        let ran = run(&world, &[words.as_slice(), &["--wait".to_owned(), "0".to_owned()]].concat());
        assert_eq!(ran.code, 3, "{words:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(&to_do), "{words:?}: {}", ran.err);
        for wrong in ["backup", "jejak recover", "jejak verify", "panic"] {
            assert!(!ran.err.contains(wrong), "{words:?}: {}", ran.err);
        }
        // What was written before is right.
        assert!(sound.out.starts_with(&ran.out), "{words:?}: {}", ran.out);
    }
    // The writer goes on.
    appending.record(1_002);
    appending.end();
    let ran = world.run(&["history", &format!("ikm/{}", ikm(OLD))]);
    assert!(ran.code == 0 && ran.err.contains("journal healed from the store"), "{}", ran.err);
    world.assert_sound();
}

#[test]
fn damage_in_both_copies_is_told_as_a_writer_tells_it() {
    let world = world();
    flip(&world);
    std::fs::remove_dir_all(world.dir().join("sled")).unwrap();
    let before = std::fs::read(segment(&world)).unwrap();
    for words in [&["view", "registered"][..], &["log", "proof", "100"], &["log", "export"]] {
        let ran = world.run(words);
        let said = "the log is damaged: indexes 1 to 300: no copy reproduces them";
        assert!(ran.code == 3 && ran.err.contains(said), "{words:?}: {}", ran.err);
        assert!(ran.err.contains("restore these files from a backup"), "{words:?}: {}", ran.err);
    }
    assert!(std::fs::read(segment(&world)).unwrap() == before);
}

#[test]
fn a_damaged_end_of_the_journal_is_healed_by_who_reads_it() {
    let world = world();
    let answer = world.json(&["view", "registered"]);
    let (segment, whole) = (segment(&world), text(&world));
    let end = whole.len();
    let flipped = |at: usize| {
        let mut text = whole.clone();
        text[at] ^= 1;
        text
    };
    for (what, damaged) in [
        ("the last events", flipped(end - 2_000)),
        ("the last commit line", flipped(end - 9)),
        ("cut", whole[..end - 5_000].to_vec()),
        ("empty", Vec::new()),
    ] {
        std::fs::write(&segment, damaged).unwrap();
        let ran = world.run(&["view", "registered", "--format", "json"]);
        assert!(ran.code == 0 && ran.err.contains("journal healed from the store"), "{what}: {}", ran.err);
        let again: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(again["figures"], answer["figures"], "{what}");
        assert!(text(&world) == whole, "{what}");
        restore(&world);
    }
    std::fs::remove_file(&segment).unwrap();
    assert_eq!(world.json(&["view", "registered"])["figures"], answer["figures"]);
    world.assert_sound();
}
