//! Reading a registry beside the process that writes it, and where nothing may be written.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;

use super::proposals::{ikm, lines, registered};
use super::{Ran, World, in_repository, ran};

/// An `append` that reads standard input, held open.
pub(super) struct Appending {
    child: Child,
    proposals: Option<ChildStdin>,
    results: BufReader<ChildStdout>,
}

impl Appending {
    pub(super) fn start(world: &World) -> Self {
        let mut child = world
            .command(&["append", "-", "--format", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let proposals = child.stdin.take();
        let results = BufReader::new(child.stdout.take().unwrap());
        Self { child, proposals, results }
    }

    /// Appends one registration, and waits until it is acknowledged.
    pub(super) fn record(&mut self, number: u64) -> u64 {
        let mut proposals = self.proposals.as_ref().unwrap();
        proposals.write_all(lines([registered(number)]).as_bytes()).unwrap();
        proposals.flush().unwrap();
        let mut line = String::new();
        self.results.read_line(&mut line).unwrap();
        let result: Value = serde_json::from_str(&line).unwrap();
        result["index"].as_u64().unwrap_or_else(|| panic!("not recorded: {line}"))
    }

    /// What others are told of it.
    pub(super) fn holder(&self) -> String {
        format!("process {}", self.child.id())
    }

    /// Sends one more registration, at which it must end.
    pub(super) fn refused(mut self, number: u64) -> Ran {
        let mut proposals = self.proposals.take().unwrap();
        // It may be gone before it has read all of it.
        let _ = proposals.write_all(lines([registered(number)]).as_bytes());
        drop(proposals);
        let ended = self.child.wait_with_output().unwrap();
        Ran { out: String::new(), ..ran(ended) }
    }

    pub(super) fn end(mut self) {
        drop(self.proposals.take());
        assert!(self.child.wait().unwrap().success());
    }
}

/// The program on the same registry, which must answer.
fn answered(world: &World, words: &[&str]) -> Ran {
    let ran = world.run(words);
    assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
    ran
}

#[test]
fn a_second_process_reads_while_another_appends() {
    let world = World::new();
    let claim = in_repository("tests/data/claims/mojokerto-5-foreign-trade-training.toml");
    let mut appending = Appending::start(&world);
    let mut last_size = 0;
    for number in 1..=4 {
        let index = appending.record(number);
        let size = world.json(&["view", "registered"])["log"]["size"].as_u64().unwrap();
        assert!(size > index && size >= last_size, "{size} after index {index}, and {last_size} before");
        last_size = size;
        let subject = format!("ikm/{}", ikm(number));
        assert_eq!(world.json(&["history", &subject])["events"][0]["index"], index);
        assert_eq!(world.json(&["show", &subject])["log"]["size"], size);
        let exported = answered(&world, &["log", "export"]).out;
        assert_eq!(exported.lines().count() as u64, size);
        // What was acknowledged is signed within a second, and proven then.
        let note = answered(&world, &["log", "checkpoint"]).out;
        assert!(note.lines().nth(1).unwrap().parse::<u64>().unwrap() >= size, "{note}");
        let proof = answered(&world, &["log", "proof", &index.to_string()]).out;
        assert!(proof.contains(&format!("index {index}")), "{proof}");
    }
    for words in [
        &["view"][..],
        &["due"],
        &["rebuild"],
        &["find", "batik", "--kind", "program"],
        &["log", "vkey", "--all"],
        &["log", "tiles", world.beside("tree").to_str().unwrap()],
        &["receipt", "1", "-o", world.beside("1.html").to_str().unwrap()],
        &["claim", "sample", claim.to_str().unwrap(), "--seed", "dice"],
    ] {
        let ran = world.run(words);
        assert!([0, 1].contains(&ran.code) && !ran.err.contains("process"), "{words:?}: {}", ran.err);
    }
    let checked = world.run(&["claim", "check", claim.to_str().unwrap()]);
    assert_eq!(checked.code, 1, "{}", checked.err);
    assert!(checked.out.contains("not"), "{}", checked.out);
    let bundle = world.beside("bundle.zip");
    let words = ["bundle", "create", "--view", "registered", "-o", bundle.to_str().unwrap()];
    let made = answered(&world, &words);
    assert!(made.err.contains("not noted in the access log"), "{}", made.err);
    assert_eq!(world.run(&["bundle", "verify", bundle.to_str().unwrap()]).code, 0);
    appending.end();
    world.assert_sound();
}

#[test]
fn what_must_write_waits_and_says_for_whom_and_stops_nobody() {
    let world = World::new();
    let mut appending = Appending::start(&world);
    appending.record(1);
    let holder = format!("process {}", appending.child.id());
    let subject = format!("ikm/{}", ikm(1));
    for words in [
        &["show", &subject, "--actor", "petugas-3", "--names"][..],
        &["find", "--actor", "petugas-3", "batik"],
        &["subject", "show", "--actor", "petugas-3", &subject],
        &["log", "rotate-key"],
        &["append", "/dev/null"],
        &["verify"],
    ] {
        let ran = world.run(&[words, &["--wait", "0"]].concat());
        assert_eq!(ran.code, 3, "{words:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(&holder) && ran.err.contains("--wait SECONDS"), "{words:?}: {}", ran.err);
        let to_do = "What records events, or looks at sealed values (which the access log notes), waits its turn: --wait \
                     SECONDS waits longer. Commands that read open fields alone are answered meanwhile";
        assert!(words == ["verify"] || ran.err.contains(to_do), "{words:?}: {}", ran.err);
        assert!(!ran.err.contains("stop"), "{words:?}: {}", ran.err);
    }
    // An examination says what it saw, what it did not, and what can be done meanwhile.
    let examined = world.run(&["verify", "--wait", "0"]);
    let saw = format!(
        "there is no verdict yet, for {holder} writes this registry and holds the second copy of the log, the vault and \
             the keys. What can be looked at beside it: the journal agrees with its tree: 2 events, root "
    );
    for said in [
        saw.as_str(),
        ". What was not examined: the second copy, the vault, the keys, the evidence, the access log and the views. Wait for \
         its turn by --wait SECONDS, or run it again once that process has ended; `jejak audit DIRECTORY` replays the whole \
         journal now, without waiting",
    ] {
        assert!(examined.out.is_empty() && examined.err.contains(said), "{}", examined.err);
    }
    assert_eq!(world.run(&["audit", world.dir().to_str().unwrap()]).code, 0);
    let waiting = world.command(&["show", &subject, "--actor", "petugas-3", "--names", "--wait", "60"]);
    let mut waiting = { waiting }.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut err = BufReader::new(waiting.stderr.take().unwrap());
    err.read_line(&mut said).unwrap();
    let waits = format!("jejak: waiting for {holder}, which writes this registry, for at most 60 seconds");
    assert_eq!(said.trim_end(), waits);
    appending.end();
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn an_examination_beside_a_writer_names_damage_that_it_meets() {
    let world = World::new();
    assert_eq!(world.append(&lines((1..=300).map(registered)), &[]).code, 0);
    let mut appending = Appending::start(&world);
    appending.record(301);
    let segment = world.dir().join("journal/00000000000000000000.jsonl");
    let mut text = std::fs::read(&segment).unwrap();
    text[200] ^= 1;
    std::fs::write(&segment, text).unwrap();
    let examined = world.run(&["verify", "--wait", "0"]);
    assert_eq!(examined.code, 3, "{}{}", examined.out, examined.err);
    assert!(examined.err.contains("the journal could not be read to its end: "), "{}", examined.err);
    appending.child.kill().unwrap();
    appending.child.wait().unwrap();
}

/// By path: bytes, and when it was last written.
pub(super) type Listing = BTreeMap<String, (Vec<u8>, std::time::SystemTime)>;

/// Every file below a directory.
pub(super) fn listing(directory: &Path) -> Listing {
    let mut found = BTreeMap::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(next) = directories.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let (path, about) = entry.map(|entry| (entry.path(), entry.metadata().unwrap())).unwrap();
            let bytes = if about.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
            if about.is_dir() {
                directories.push(path.clone());
            }
            found.insert(path.display().to_string(), (bytes, about.modified().unwrap()));
        }
    }
    found
}

#[test]
fn reading_changes_no_byte_of_a_registry() {
    let world = World::new();
    assert_eq!(world.append(&lines((1..=5_000).map(registered)), &[]).code, 0);
    assert!(world.dir().join("state").is_dir(), "a state was stored");
    let before = listing(&world.dir());
    let read_only = |is_read_only: bool| {
        let mode = if is_read_only { 0o555 } else { 0o755 };
        std::fs::set_permissions(world.dir(), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    read_only(true);
    let subject = format!("ikm/{}", ikm(7));
    let claim = in_repository("tests/data/claims/mojokerto-5-foreign-trade-training.toml");
    let out = |name: &str| world.beside(name).to_str().unwrap().to_owned();
    for words in [
        &["view"][..],
        &["view", "registered", "--list"],
        &["view", "registered", "--compare", "1"],
        &["due"],
        &["history", &subject],
        &["show", &subject],
        &["rebuild"],
        &["find", "batik", "--kind", "program"],
        &["claim", "check", claim.to_str().unwrap()],
        &["log", "export"],
        &["log", "vkey"],
        &["log", "checkpoint"],
        &["log", "proof", "4000"],
        &["log", "tiles", &out("tree")],
        &["receipt", "4000", "-o", &out("4000.html")],
    ] {
        let ran = world.run(words);
        assert!(ran.code <= 1 && ran.err.lines().count() <= 2, "{words:?}: {}", ran.err);
    }
    read_only(false);
    assert_eq!(listing(&world.dir()), before);
}

#[test]
fn what_is_left_of_a_registry_is_answered_or_named() {
    let world = World::new();
    assert_eq!(world.append(&lines((1..=300).map(registered)), &[]).code, 0);
    let answer = world.json(&["view", "registered"]);
    // A commit that is still being written, or was cut short, is none yet.
    let segment = world.dir().join("journal/00000000000000000000.jsonl");
    let mut text = std::fs::read(&segment).unwrap();
    text.extend_from_slice(b"{\"half\":");
    std::fs::write(&segment, &text).unwrap();
    assert_eq!(world.json(&["view", "registered"]), answer);
    assert_eq!(std::fs::read(&segment).unwrap(), text, "nothing was mended");
    // What is derived is not needed.
    for derived in ["tiles", "scrub"] {
        let _ = std::fs::remove_file(world.dir().join(derived));
        assert_eq!(world.json(&["view", "registered"]), answer, "without {derived}");
        assert!(!world.dir().join(derived).exists(), "{derived} was made");
    }
    // A keys directory that was taken away is not needed either.
    std::fs::rename(world.dir().join("keys"), world.beside("keys")).unwrap();
    assert_eq!(world.json(&["view", "registered"]), answer);
    let elsewhere = World::new();
    let foreign = elsewhere.dir().join("keys");
    let refused = world.run(&["view", "--keys", foreign.to_str().unwrap()]);
    assert!(refused.code == 3 && refused.err.contains("not those that event 0 names"), "{}", refused.err);
    let empty = World::empty();
    assert_eq!(empty.run(&["view"]).code, 2);
    assert!(!empty.dir().exists(), "asking made a directory");
}

#[test]
fn what_is_derived_keeps_nobody_from_opening_and_is_told_with_what_to_do() {
    let world = World::new();
    assert_eq!(world.append(&lines((1..=5_000).map(registered)), &[]).code, 0);
    let answer = world.json(&["view", "registered"]);
    let path = |name: &str| world.dir().join(name);
    std::fs::rename(path("state"), world.beside("state")).unwrap();
    for (name, harm, said) in [
        ("scrub", "directory", "is a directory, not a file"),
        ("tiles", "directory", "is a directory, not a file"),
        ("tiles", "link", "is a link, not a file"),
        ("state", "file", "is a file, not a directory"),
        ("state", "link", "is a link, not a directory"),
    ] {
        let to_do = match name {
            "state" => {
                ", not a directory; the log is read instead: move or delete it, what belongs there is derived from the log"
            }
            _ => "; move or delete it: what belongs there is derived from the log and made again",
        };
        // A command that wrote has made it again.
        let _ = std::fs::remove_file(path(name)).or_else(|_| std::fs::remove_dir_all(path(name)));
        match harm {
            "directory" => std::fs::create_dir(path(name)).unwrap(),
            "link" => std::os::unix::fs::symlink(world.beside("elsewhere"), path(name)).unwrap(),
            _ => std::fs::write(path(name), "x").unwrap(),
        }
        let read = world.run(&["view", "registered", "--format", "json"]);
        assert_eq!(serde_json::from_str::<Value>(&read.out).unwrap(), answer, "{name}: {}", read.err);
        let written = world.run(&["append", "/dev/null"]);
        for ran in [read, written] {
            assert_eq!(ran.code, 0, "{name}: {}", ran.err);
            assert!(ran.err.contains(said) && ran.err.contains(to_do), "{name}: {}", ran.err);
            assert!(!ran.err.contains("healed"), "{name}: {}", ran.err);
        }
        assert!(!world.beside("elsewhere").exists(), "{name} was written through a link");
        match harm {
            "directory" => std::fs::remove_dir(path(name)).unwrap(),
            _ => std::fs::remove_file(path(name)).unwrap(),
        }
    }
    let ran = world.run(&["append", "/dev/null"]);
    assert!(!ran.err.contains("delete it") && !ran.err.contains("read"), "{}", ran.err);
    // The record of another log says nothing of this one.
    let other = World::new();
    assert_eq!(other.append(&lines([registered(1)]), &[]).code, 0);
    std::fs::copy(other.dir().join("scrub"), path("scrub")).unwrap();
    let read = world.run(&["view", "registered"]);
    let found = "found before, and mended by the next writing: the record of the last look at the whole log does not check";
    assert!(read.code == 0 && read.err.contains(found), "{}", read.err);
    let ran = world.run(&["append", "/dev/null"]);
    assert!(ran.err.contains("does not check; nothing had to be healed"), "{}", ran.err);
    world.assert_sound();
    // With a copy that is damaged as well.
    std::fs::copy(other.dir().join("scrub"), path("scrub")).unwrap();
    let segment = path("journal/00000000000000000000.jsonl");
    let mut text = std::fs::read(&segment).unwrap();
    text[40] ^= 1;
    std::fs::write(&segment, text).unwrap();
    let ran = world.run(&["append", "/dev/null"]);
    assert!(ran.code == 0 && ran.err.contains("does not check; what was damaged is healed"), "{}", ran.err);
    world.assert_sound();
}

#[test]
fn short_commands_look_at_the_log_over_time() {
    let world = World::new();
    assert_eq!(world.append(&lines((1..=300).map(registered)), &[]).code, 0);
    let mut commands = 0;
    let ended = loop {
        commands += 1;
        let record = std::fs::read_to_string(world.dir().join("scrub")).unwrap();
        let ended = record.split(' ').nth(4).unwrap().to_owned();
        if ended != "-" || commands > 100 {
            break ended;
        }
        assert_eq!(world.run(&["append", "/dev/null"]).code, 0);
    };
    assert_ne!(ended, "-", "{commands} commands did not come to the end of a small log");
    let said = world.run(&["verify"]).out;
    let looked = said.lines().find(|line| line.contains("both copies were last looked at as a whole at"));
    assert!(looked.is_some_and(|line| line.contains(" WIB,") && !line.contains('Z')), "{said}");
}

#[test]
fn recover_names_what_is_left_to_do() {
    let world = World::new();
    assert_eq!(world.append(&lines([registered(1)]), &[]).code, 0);
    std::fs::remove_file(world.dir().join("anchor")).unwrap();
    let read = answered(&world, &["view", "registered"]);
    let by_checkpoint = "the anchor is gone or damaged in both slots; the log is read by the stored checkpoint, from \
                         which the next writing makes an anchor anew";
    assert!(read.err.contains(by_checkpoint), "{}", read.err);
    let recovered = world.run(&["recover"]);
    assert_eq!(recovered.code, 0, "{}", recovered.err);
    let lost = "the log is whole at 2 events, but its anchor was lost: what was cut from the access log before cannot be \
                told, and `jejak verify` does not agree. Find out why, then say so by `jejak recover --loss-known --actor ID`";
    assert!(recovered.out.contains(lost), "{}", recovered.out);
    assert!(!recovered.out.contains("the registry is whole"), "{}", recovered.out);
    let known = world.run(&["recover", "--loss-known", "--actor", "auditor-1"]);
    assert!(known.out.contains("the registry is whole"), "{}", known.out);
    world.assert_sound();
    // Damage in every copy is no matter for recovering once more.
    let segment = world.dir().join("journal/00000000000000000000.jsonl");
    let mut text = std::fs::read(&segment).unwrap();
    text[40] ^= 1;
    std::fs::write(&segment, text).unwrap();
    std::fs::remove_dir_all(world.dir().join("sled")).unwrap();
    let refused = world.run(&["recover"]);
    assert_eq!(refused.code, 3, "{}", refused.out);
    let left = "; nothing was changed, and no copy here mends it: put these files back from a backup, or \
                take a copy of the registry that is kept elsewhere";
    assert!(refused.err.contains(left) && !refused.err.contains("`jejak recover`"), "{}", refused.err);
}

#[test]
fn a_checkpoint_that_does_not_check_beside_a_writer_is_named() {
    let world = World::new();
    let mut appending = Appending::start(&world);
    appending.record(1);
    answered(&world, &["log", "checkpoint"]);
    let stored = world.dir().join("checkpoint");
    let note = std::fs::read_to_string(&stored).unwrap();
    std::fs::write(&stored, note.replacen("\n2\n", "\n1\n", 1)).unwrap();
    let refused = world.run(&["log", "checkpoint"]);
    assert_eq!(refused.code, 3, "{}", refused.out);
    for said in [
        "the stored checkpoint does not check; the next writing signs it anew: ",
        "jejak: not signed yet: 2 of 2 events; the process that writes does that",
        "no signed checkpoint of this log is here; whoever writes signs one with the next event",
    ] {
        assert!(refused.err.contains(said), "{said}: {}", refused.err);
    }
    appending.record(2);
    assert_eq!(answered(&world, &["log", "checkpoint"]).out.lines().nth(1), Some("3"));
    appending.end();
    world.assert_sound();
}

#[test]
fn a_journal_whose_length_nobody_knows_gives_no_figure() {
    let world = World::new();
    for numbers in [1..=20, 21..=40] {
        assert_eq!(world.append(&lines(numbers.map(registered)), &[]).code, 0);
    }
    let answer = world.json(&["view", "registered"]);
    let segment = world.dir().join("journal/00000000000000000000.jsonl");
    let text = std::fs::read_to_string(&segment).unwrap();
    let end_of_first = text.match_indices("\n#commit ").nth(1).unwrap().0;
    let cut = end_of_first + 1 + text[end_of_first + 1..].find('\n').unwrap() + 1;
    assert!(cut < text.len(), "a commit is cut off");
    let note = answered(&world, &["log", "checkpoint"]).out;
    std::fs::write(&segment, &text[..cut]).unwrap();
    std::fs::remove_file(world.dir().join("anchor")).unwrap();
    std::fs::remove_file(world.dir().join("checkpoint")).unwrap();
    for words in [&["view", "registered"][..], &["log", "export"], &["history", &format!("ikm/{}", ikm(30))]]
    {
        let ran = world.run(words);
        assert!(ran.code == 3 && ran.out.is_empty(), "{words:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("with a checkpoint that somebody kept"), "{words:?}: {}", ran.err);
    }
    // The store has what the journal lost.
    let kept = world.beside("kept");
    std::fs::write(&kept, note).unwrap();
    let recovered = world.run(&["recover", "--checkpoint", kept.to_str().unwrap()]);
    assert_eq!(recovered.code, 0, "{}", recovered.err);
    assert_eq!(world.json(&["view", "registered"])["figures"], answer["figures"]);
}
