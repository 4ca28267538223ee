//! Files that commands write: what is there stays, unless `--force` is given; some of it stays also then.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::World;
use super::proposals::{ikm, lines, person, registered};

/// A registry with an attachment, and a receipt of it: what every command that writes a file needs.
struct Writers {
    world: World,
    key: String,
    receipt: String,
    attached: String,
    cosigner: String,
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

impl Writers {
    fn new() -> Self {
        let world = World::new();
        assert_eq!(world.append(&lines([person(1), registered(2)]), &[]).code, 0);
        let scan = world.beside("scan.pdf");
        std::fs::write(&scan, "%PDF sheet").unwrap();
        let subject = format!("person/{}", ikm(1));
        let attached = world.json(&["attach", &text(&scan), "--subject", &subject]);
        let attached = attached["sha256"].as_str().unwrap().to_owned();
        let (key, receipt) = (world.beside("log.vkey"), world.beside("receipt.html"));
        std::fs::write(&key, world.run(&["log", "vkey"]).out).unwrap();
        assert_eq!(world.run(&["receipt", "2", "-o", &text(&receipt)]).code, 0);
        let cosigner = world.beside("cosigner.key");
        let made = ["key", "--kind", "cosigner", "--name", "auditor.example", "--out", &text(&cosigner)];
        assert_eq!(world.run(&made).code, 0);
        let (key, receipt, cosigner) = (text(&key), text(&receipt), text(&cosigner));
        Self { world, key, receipt, attached, cosigner }
    }

    /// Every command that writes a file that somebody names, asked to write it in `directory`; the names that it then
    /// takes there.
    fn commands(&self, directory: &Path) -> Vec<(Vec<String>, Vec<&'static str>)> {
        let [out, data, state] =
            [&directory.join("out"), &self.world.dir(), &self.world.beside("state")].map(|path| text(path));
        let old = text(&self.world.dir().join("checkpoint"));
        let (inside, key) = (text(directory), self.key.as_str());
        let audit: &[&str] = &[
            "audit",
            &data,
            "--log-vkey",
            key,
            "--cosign-key",
            &self.cosigner,
            "--state",
            &state,
            "--out",
            &inside,
        ];
        let commands: [(&[&str], &[&'static str]); 8] = [
            (&["bundle", "create", "--view", "registered", "-o", &out], &["out"]),
            (&["receipt", "2", "-o", &out], &["out"]),
            (
                &["receipt", "verify", &self.receipt, "--log-vkey", key, "--extract", &inside],
                &[
                    "event.json",
                    "event.tlog-proof",
                    "standing",
                    "attestation-key.json",
                    "attestation-key.tlog-proof",
                ],
            ),
            (&["log", "proof", "2", "--out", &out], &["out", "out.json"]),
            (&["log", "consistency", &old, "--out", &out], &["out"]),
            (&["attach", "--actor", "petugas-3", "--read", &self.attached, "-o", &out], &["out"]),
            (&["key", "--kind", "statement", "--name", "s.example", "--out", &out], &["out"]),
            (audit, &["checkpoint"]),
        ];
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        commands.iter().map(|(words, names)| (owned(words), names.to_vec())).collect()
    }

    fn run(&self, words: &[String], force: bool) -> super::Ran {
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.extend(force.then_some("--force"));
        self.world.run(&words)
    }
}

/// What lies in a directory, and what each name leads to without following links.
fn everything(directory: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut found = Vec::new();
    let mut names: Vec<_> = std::fs::read_dir(directory).unwrap().map(|one| one.unwrap().path()).collect();
    names.sort();
    for path in names {
        let metadata = path.symlink_metadata().unwrap();
        found.push((path.clone(), metadata.is_file().then(|| std::fs::read(&path).unwrap())));
    }
    found
}

#[test]
fn what_is_there_is_replaced_only_when_asked() {
    let writers = Writers::new();
    let place = writers.world.beside("place");
    std::fs::create_dir(&place).unwrap();
    for (words, names) in writers.commands(&place) {
        for taken in &names {
            std::fs::write(place.join(taken), "mine").unwrap();
            std::fs::set_permissions(place.join(taken), std::fs::Permissions::from_mode(0o600)).unwrap();
            let before = everything(&place);
            let refused = writers.run(&words, false);
            assert_eq!(refused.code, 2, "{words:?}: {}", refused.err);
            assert!(
                refused.err.contains("exists and is not written over; give another name, or --force"),
                "{}",
                refused.err
            );
            assert_eq!(everything(&place), before, "{words:?}");
            std::fs::remove_file(place.join(taken)).unwrap();
        }
        let made = writers.run(&words, false);
        assert_eq!(made.code, 0, "{words:?}: {}", made.err);
        std::fs::write(place.join(names[0]), "mine").unwrap();
        std::fs::set_permissions(place.join(names[0]), std::fs::Permissions::from_mode(0o600)).unwrap();
        let other = place.join("another name of it");
        std::fs::hard_link(place.join(names[0]), &other).unwrap();
        let is_key = words[0] == "key";
        let forced = writers.run(&words, true);
        assert_eq!(forced.code, 0, "{words:?}: {}", forced.err);
        let mode = place.join(names[0]).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{words:?}: a file that was private is so no longer");
        assert_ne!(std::fs::read(place.join(names[0])).unwrap(), b"mine", "{words:?}");
        assert_eq!(std::fs::read(&other).unwrap(), b"mine", "{words:?}: written into");
        if is_key {
            // The new key is one.
            let again = writers.run(&words, true);
            assert!(
                again.code == 2 && again.err.contains("holds a secret key and is not written over"),
                "{}",
                again.err
            );
        }
        let all = everything(&place);
        assert_eq!(all.len(), names.len() + 1, "{words:?}");
        all.iter().for_each(|(path, _)| std::fs::remove_file(path).unwrap());
    }
}

#[test]
fn a_link_a_device_and_a_directory_are_never_replaced() {
    let writers = Writers::new();
    let place = writers.world.beside("place");
    std::fs::create_dir(&place).unwrap();
    let elsewhere = writers.world.beside("elsewhere");
    std::fs::write(&elsewhere, "mine").unwrap();
    for (words, names) in writers.commands(&place) {
        for (kind, target) in
            [("link", Some(elsewhere.as_path())), ("link", Some(Path::new("nowhere"))), ("directory", None)]
        {
            let taken = place.join(names[0]);
            match target {
                Some(target) => symlink(target, &taken).unwrap(),
                None => std::fs::create_dir(&taken).unwrap(),
            }
            for force in [false, true] {
                let refused = writers.run(&words, force);
                assert_eq!(refused.code, 2, "{words:?}: {}", refused.err);
                assert!(refused.err.contains(&format!("is a {kind}, not a file")), "{}", refused.err);
                assert_eq!(everything(&place).len(), 1, "{words:?}");
            }
            assert_eq!(std::fs::read(&elsewhere).unwrap(), b"mine");
            if target.is_some() {
                std::fs::remove_file(&taken).unwrap()
            } else {
                std::fs::remove_dir(&taken).unwrap()
            }
        }
    }
    // No file is called `-`: that is standard input and output, and what is written here is neither.
    let (out, inside) = (text(&place.join("out")), text(&place));
    let mut dashed: Vec<Vec<String>> = Vec::new();
    for (words, _) in writers.commands(&place) {
        let dash = |word: String| if word == out || word == inside { "-".to_owned() } else { word };
        dashed.push(words.into_iter().map(dash).collect());
    }
    dashed.push(["log", "tiles", "-"].map(str::to_owned).into());
    for words in dashed {
        for force in [false, true].into_iter().filter(|force| !force || words[1] != "tiles") {
            let refused = writers.run(&words, force);
            assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{words:?}: {}", refused.err);
            assert!(
                refused.err.contains("- is no name of a file or directory"),
                "{words:?}: {}",
                refused.err
            );
        }
    }
    assert!(!Path::new("-").exists() && everything(&place).is_empty());
    for (device, said) in [("/dev/null", "is a device"), ("/dev/stdout", "is a link")] {
        let refused = writers.world.run(&["receipt", "2", "-o", device, "--force"]);
        assert!(refused.code == 2 && refused.err.contains(said), "{}", refused.err);
    }
}

#[test]
fn nothing_of_a_registry_is_replaced_whatever_way_leads_there() {
    let writers = Writers::new();
    let world = &writers.world;
    let other = World::new();
    symlink(world.dir(), world.beside("way-in")).unwrap();
    let checkpoint = std::fs::read(world.dir().join("checkpoint")).unwrap();
    let mut places: Vec<PathBuf> = [
        "checkpoint",
        "cosigned",
        "anchor",
        "anchor.new",
        "vault",
        "access.jsonl",
        "LOCK",
        "sled/db",
        "keys/keys-a",
        "keys/new",
        "journal/00000000000000000000.jsonl",
        "journal/new.html",
        "handover/3",
    ]
    .iter()
    .map(|name| world.dir().join(name))
    .collect();
    places.push(world.beside("way-in").join("checkpoint"));
    places.push(world.dir().join("journal/../checkpoint"));
    places.push(other.dir().join("checkpoint"));
    for place in &places {
        let refused = world.run(&["receipt", "2", "-o", &text(place), "--force"]);
        assert!(
            refused.code == 2 && refused.err.contains("belongs to a registry"),
            "{place:?}: {}",
            refused.err
        );
    }
    // Keys and anchor that lie apart.
    let apart = World::empty();
    let [keys, anchor] = ["keys", "anchor"].map(|name| text(&apart.beside(name)));
    let given = ["--keys", &keys, "--anchor", &anchor];
    let init = ["init", "--origin", "jejak.example/apart", "--source", "urn:jejak:33.75:dinas"];
    std::fs::create_dir(&keys).unwrap();
    let made = apart.run(&[&init[..], &given].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    for place in [anchor.clone(), format!("{anchor}.new"), format!("{keys}/keys-b"), format!("{keys}/new")] {
        let refused = apart.run(&[&["receipt", "0", "-o", &place, "--force"][..], &given].concat());
        assert!(
            refused.code == 2 && refused.err.contains("belongs to a registry"),
            "{place}: {}",
            refused.err
        );
    }
    let recovery = apart.beside("data.recovery");
    let refused = world.run(&["receipt", "2", "-o", &text(&recovery), "--force"]);
    assert!(
        refused.code == 2 && refused.err.contains("holds a secret key and is not written over"),
        "{}",
        refused.err
    );
    // Beside them in the data directory there is room for what somebody puts there.
    let own = text(&world.dir().join("tanda-terima.html"));
    assert_eq!(world.run(&["receipt", "2", "-o", &own]).code, 0);
    assert_eq!(world.run(&["receipt", "2", "-o", &own, "--force"]).code, 0);
    // Nothing new takes a name that a registry uses, nor comes to lie among keys.
    for place in ["handovers", "recovery", "access-head", "keys/receipt.html", "journal/receipt.html"] {
        for inside in [world.dir(), other.dir(), other.dir().join("keys")] {
            let place = text(&inside.join(place));
            let refused = world.run(&["receipt", "2", "-o", &place]);
            assert!(refused.code == 2 && refused.err.contains("belongs to a registry"), "{}", refused.err);
            assert!(!Path::new(&place).exists());
        }
    }
    assert_eq!(std::fs::read(world.dir().join("checkpoint")).unwrap(), checkpoint);
    world.assert_sound();
}

/// `init` never writes over what lies at the place of its recovery secret, also where that is a link.
#[test]
fn a_recovery_secret_takes_no_name_that_is_taken() {
    let world = World::empty();
    let recovery = world.beside("safe");
    let init = ["init", "--origin", "jejak.example/x", "--source", "urn:jejak:33.75:dinas", "--recovery"];
    let recovery_text = text(&recovery);
    let run = || world.run(&[&init[..], &[recovery_text.as_str()]].concat());
    symlink("nowhere", &recovery).unwrap();
    assert_ne!(run().code, 0);
    assert!(recovery.symlink_metadata().unwrap().is_symlink() && !world.beside("nowhere").exists());
    std::fs::remove_file(&recovery).unwrap();
    let aside = world.beside("safe.new");
    std::fs::write(&aside, "mine").unwrap();
    let made = run();
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(std::fs::read(&aside).unwrap(), b"mine");
    assert_eq!(recovery.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

/// `log tiles` looks at what lies in its directory, and writes neither through a link nor over what is no file.
#[test]
fn a_published_tree_is_looked_at() {
    let writers = Writers::new();
    let world = &writers.world;
    let tree = text(&world.beside("tree"));
    let publish = || world.run(&["log", "tiles", &tree]);
    assert_eq!(publish().code, 0);
    let bundle = world.beside("tree/tile/entries/000.p/3");
    let whole = std::fs::read(&bundle).unwrap();
    std::fs::write(&bundle, &whole[..whole.len() - 1]).unwrap();
    let mended = publish();
    assert_eq!((mended.code, std::fs::read(&bundle).unwrap()), (0, whole), "{}", mended.err);
    assert!(mended.err.contains("1 published files were missing or altered"), "{}", mended.err);
    assert!(mended.err.contains("tile/entries/000.p/3; find out why"), "{}", mended.err);
    assert_eq!(world.run(&["audit", &tree, "--log-vkey", &writers.key]).code, 0);
    let elsewhere = world.beside("elsewhere");
    for name in ["checkpoint", "tile/entries/000.p/3", "tile/0", "tile", "handover"] {
        let (place, aside) = (world.beside("tree").join(name), world.beside("aside"));
        let was_there = place.exists();
        if was_there {
            std::fs::rename(&place, &aside).unwrap();
        }
        std::fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, &place).unwrap();
        let refused = publish();
        assert!(refused.code == 1 && refused.err.contains("is a link, where"), "{name}: {}", refused.err);
        assert!(everything(&elsewhere).is_empty(), "{name}");
        std::fs::remove_file(&place).unwrap();
        std::fs::remove_dir(&elsewhere).unwrap();
        if was_there {
            std::fs::rename(&aside, &place).unwrap();
        }
    }
    std::fs::remove_file(&bundle).unwrap();
    std::fs::create_dir(&bundle).unwrap();
    let refused = publish();
    assert!(
        refused.code == 1 && refused.err.contains("is a directory, where the published log has a file"),
        "{}",
        refused.err
    );
    std::fs::remove_dir(&bundle).unwrap();
    // What lies where a file is made on its way is not written into.
    std::fs::write(&elsewhere, "mine").unwrap();
    symlink(&elsewhere, world.beside("tree/.aside")).unwrap();
    assert_eq!(publish().code, 0);
    assert_eq!(std::fs::read(&elsewhere).unwrap(), b"mine");
    assert_eq!(world.run(&["audit", &tree, "--log-vkey", &writers.key]).code, 0);
}

/// The path of every file below a directory, and what it holds.
fn below(directory: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut found = everything(directory);
    for (path, bytes) in found.clone() {
        if bytes.is_none() && path.is_dir() && !path.is_symlink() {
            found.extend(below(&path));
        }
    }
    found
}

/// `--anchor` writes as much as `-o` does: over an anchor, or where nothing is, and nowhere else.
#[test]
fn an_anchor_takes_no_place_of_something_else() {
    let writers = Writers::new();
    let (world, other) = (&writers.world, World::new());
    let [letter, link, empty] = ["letter", "link", "empty"].map(|name| world.beside(name));
    std::fs::write(&letter, "Dear Bu Sari,\n").unwrap();
    std::fs::write(&empty, "").unwrap();
    symlink(&letter, &link).unwrap();
    let (data, theirs) = (world.dir(), other.dir());
    let tree = world.beside("tree");
    assert_eq!(world.run(&["log", "tiles", &text(&tree)]).code, 0);
    let mut places: Vec<(PathBuf, &str)> = vec![
        (letter, "is another file, and no anchor"),
        (PathBuf::from(&writers.cosigner), "is another file, and no anchor"),
        (world.beside("data.recovery"), "is another file, and no anchor"),
        (empty, "is another file, and no anchor"),
        (link, "is a link, and no anchor"),
        (PathBuf::from("/dev/null"), "is a device, and no anchor"),
        (tree.join("checkpoint"), "for something else than an anchor"),
        (tree.join("tile/entries/001.p/1"), "for something else than an anchor"),
    ];
    let own =
        ["access.jsonl", "vault", "checkpoint", "LOCK", "keys/keys-a", "keys/new", "torn", "cosigned", "new"];
    for name in own.iter().chain(&["journal/00000000000000000000.jsonl", "journal/1.jsonl", "sled/db"]) {
        places
            .extend([data.join(name), theirs.join(name)].map(|at| (at, "for something else than an anchor")));
    }
    let beside = data.parent().unwrap();
    let before = [below(beside), below(theirs.parent().unwrap())];
    for (place, said) in &places {
        let anchor = text(place);
        for words in [&["log", "vkey"][..], &["view"], &["verify"], &["recover"], &["log", "checkpoint"]] {
            let refused = world.run(&[words, &["--anchor", &anchor]].concat());
            assert_eq!(refused.code, 2, "{words:?} {anchor}: {}{}", refused.out, refused.err);
            assert!(refused.err.contains(said), "{words:?} {anchor}: {}", refused.err);
        }
    }
    let unlocked = |all: Vec<(PathBuf, Option<Vec<u8>>)>| -> Vec<_> {
        let is_told = |path: &Path| {
            !path.ends_with("LOCK") && !path.components().any(|part| part.as_os_str() == "sled")
        };
        all.into_iter().filter(|(path, _)| is_told(path)).collect()
    };
    let [mine, others] = before;
    assert!(unlocked(below(beside)) == unlocked(mine), "something was written");
    assert!(unlocked(below(theirs.parent().unwrap())) == unlocked(others), "something was written");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jejak"));
    command.args(["view", "--lang", "id", "--dir"]).arg(&data).arg("--anchor").arg(&places[0].0);
    command.env("COLUMNS", "1000");
    let told = super::ran(command.output().unwrap());
    assert!(told.err.contains("adalah berkas lain, bukan jangkar registri"), "{}", told.err);
    world.assert_sound();
}

/// What somebody has of a log's state is not written over by `--force`, nor is what was published.
#[test]
fn what_is_remembered_of_a_log_is_never_replaced() {
    let writers = Writers::new();
    let world = &writers.world;
    let [anchor, tree, state] = ["kept-anchor", "tree", "state"].map(|name| world.beside(name));
    std::fs::copy(world.dir().join("anchor"), &anchor).unwrap();
    assert_eq!(world.run(&["log", "tiles", &text(&tree)]).code, 0);
    let out = text(&world.beside("signed"));
    let [data, state_text] = [&world.dir(), &state].map(|path| text(path));
    let audit = ["audit", &data, "--log-vkey", &writers.key, "--cosign-key", &writers.cosigner];
    let audited = world.run(&[&audit[..], &["--state", &state_text, "--out", &out]].concat());
    assert_eq!(audited.code, 0, "{}{}", audited.out, audited.err);
    let remembered = everything(&state).into_iter().map(|(path, _)| path);
    let remembered = remembered.filter(|path| path.extension().is_some_and(|end| end == "checkpoint"));
    let remembers = "remembers the state of a log";
    let mut places = vec![(anchor, remembers)];
    places.extend(remembered.map(|path| (path, remembers)));
    assert_eq!(places.len(), 2);
    let published = "is part of a published log";
    places
        .extend(["checkpoint", "tile/entries/000.p/3", "tile/new"].map(|name| (tree.join(name), published)));
    for (place, said) in places {
        let before = std::fs::read(&place).ok();
        let refused = world.run(&["receipt", "2", "-o", &text(&place), "--force"]);
        assert!(refused.code == 2 && refused.err.contains(said), "{place:?}: {}", refused.err);
        assert_eq!(std::fs::read(&place).ok(), before);
    }
}

/// What a command makes in a directory of its own never comes to lie in a registry: a published tree, what a cosigner
/// remembers, another registry, a recovery secret.
#[test]
fn nothing_is_made_inside_a_registry() {
    let writers = Writers::new();
    let (world, other) = (&writers.world, World::new());
    let data = text(&world.dir());
    let before = |registry: &World| -> Vec<PathBuf> {
        below(&registry.dir()).into_iter().map(|(path, _)| path).collect()
    };
    let found = [before(world), before(&other)];
    let belongs = "belongs to a registry";
    let copy = world.beside("copy");
    std::fs::create_dir_all(copy.join("journal")).unwrap();
    std::fs::copy(world.dir().join("checkpoint"), copy.join("checkpoint")).unwrap();
    for directory in
        [world.dir(), other.dir(), other.dir().join("journal/pub"), other.dir().join("keys"), copy]
    {
        let directory = text(&directory);
        let refused = world.run(&["log", "tiles", &directory]);
        assert!(refused.code == 2 && refused.err.contains(belongs), "{directory}: {}", refused.err);
        let out = text(&world.beside("signed"));
        let audit = ["audit", &data, "--log-vkey", &writers.key, "--cosign-key", &writers.cosigner];
        let refused = world.run(&[&audit[..], &["--state", &directory, "--out", &out]].concat());
        assert!(refused.code == 2 && refused.err.contains(belongs), "{directory}: {}", refused.err);
    }
    let fresh = World::empty();
    let init = ["init", "--origin", "jejak.example/x", "--source", "urn:jejak:33.75:dinas"];
    for recovery in [
        other.dir().join("keys/x"),
        other.dir().join("x"),
        fresh.dir(),
        fresh.dir().join("x"),
        fresh.dir().join("keys/x"),
    ] {
        let refused = fresh.run(&[&init[..], &["--recovery", &text(&recovery)]].concat());
        assert_eq!(refused.code, 2, "{recovery:?}: {}", refused.err);
        assert!(refused.err.contains("and the recovery secret is kept elsewhere"), "{}", refused.err);
        assert!(!fresh.dir().exists(), "{recovery:?}: left behind");
    }
    let keys = text(&other.dir().join("more-keys"));
    let refused = fresh.run(&[&init[..], &["--keys", &keys]].concat());
    assert!(refused.code == 2 && refused.err.contains("lies in another registry"), "{}", refused.err);
    let program = env!("CARGO_BIN_EXE_jejak");
    for inside in ["journal", "keys", "new"] {
        let inside = text(&other.dir().join(inside));
        let recovery = text(&fresh.beside("safe"));
        let mut command = std::process::Command::new(program);
        command.args(init).args(["--dir", &inside, "--recovery", &recovery, "--lang", "en"]);
        let refused = super::ran(command.output().unwrap());
        assert!(refused.code == 2 && refused.err.contains("lies in another registry"), "{}", refused.err);
        assert!(!Path::new(&recovery).exists());
    }
    assert!([before(world), before(&other)] == found, "something was made");
}

/// A secret key given by mistake is named, and nothing of it is repeated.
#[test]
fn no_message_repeats_a_secret_key() {
    let writers = Writers::new();
    let world = &writers.world;
    let bundle = text(&world.beside("bundle.zip"));
    assert_eq!(world.run(&["bundle", "create", "--view", "registered", "-o", &bundle]).code, 0);
    let statement = text(&world.beside("statement.key"));
    assert_eq!(
        world.run(&["key", "--kind", "statement", "--name", "s.example", "--out", &statement]).code,
        0
    );
    let policy = text(&world.beside("policy"));
    let secret_of = |path: &str| std::fs::read_to_string(path).unwrap();
    std::fs::write(&policy, format!("quorum none\n{}", secret_of(&statement))).unwrap();
    let data = text(&world.dir());
    let old = text(&world.dir().join("checkpoint"));
    let mut files = vec![policy.clone(), statement.clone(), writers.cosigner.clone()];
    files.extend(["keys/keys-a", "keys/keys-b"].map(|name| text(&world.dir().join(name))));
    files.push(text(&world.beside("data.recovery")));
    for file in &files {
        let secret = secret_of(file);
        let vkey = ["--log-vkey", file.as_str()];
        let out = text(&world.beside("never"));
        let create = ["bundle", "create", "--view", "registered", "-o", &out];
        let words: [&[&str]; 14] = [
            &[&["bundle", "verify", &bundle], &vkey[..]].concat(),
            &[&["receipt", "verify", &writers.receipt], &vkey[..]].concat(),
            &[&["audit", &data], &vkey[..]].concat(),
            &["bundle", "verify", &bundle, "--policy", file],
            &["bundle", "verify", &bundle, "--log-vkey", &writers.key, "--statement-vkey", file],
            &["bundle", "verify", &bundle, "--log-vkey", &writers.key, "--kept", file],
            &[&create[..], &["--policy", file]].concat(),
            &[&create[..], &["--statement", file, "--statement-vkey", &writers.key]].concat(),
            &["cosign", "--add", &old, "--policy", file],
            &["cosign", "--add", file, "--policy", file],
            &["log", "consistency", file],
            &["recover", "--checkpoint", file],
            &["audit", &data, "--checkpoint", file],
            &["audit", file],
        ];
        for words in words {
            let refused = world.run(words);
            assert_eq!(refused.code, 2, "{words:?}: {}{}", refused.out, refused.err);
            assert!(
                refused.err.contains("holds a secret key; name another file, and give this one to nobody"),
                "{words:?}: {}",
                refused.err
            );
            assert!(refused.err.contains(file.as_str()), "{words:?}: {}", refused.err);
            for part in secret.split([' ', '+', '\n']).filter(|part| part.len() > 12) {
                assert!(!refused.err.contains(part), "{words:?}: {}", refused.err);
            }
        }
        if !file.contains("policy") {
            let given = secret.trim_end();
            let refused = world.run(&["bundle", "verify", &bundle, "--log-vkey", given]);
            assert!(refused.code == 2 && refused.err.contains("this is a secret key"), "{}", refused.err);
            assert!(refused.err.len() < 200, "{}", refused.err);
        }
    }
    // Of anything else as much as helps.
    let long = "x".repeat(500);
    for option in ["--log-vkey", "--at"] {
        let refused = world.run(&["bundle", "verify", &bundle, option, &long]);
        let shown = refused.err.matches('x').count();
        assert!(refused.code == 2 && shown < 100, "{}", refused.err);
    }
}

/// What lies in the registry's own folders and is not its own is named, and breaks nothing; what is named as its own is
/// read as that.
#[test]
fn strange_files_among_the_registrys_own_are_named() {
    let world = World::new();
    assert_eq!(world.append(&lines([registered(1)]), &[]).code, 0);
    let verify = || world.run(&["verify"]);
    assert!(!verify().out.contains("no file of the registry"), "{}", verify().out);
    let evidence = world.dir().join("evidence");
    std::fs::create_dir_all(&evidence).unwrap();
    let journal = world.dir().join("journal");
    std::fs::write(journal.join("catatan.txt"), "x").unwrap();
    (1..=7).for_each(|number| std::fs::write(evidence.join(format!("scan {number}.jpg")), "x").unwrap());
    std::fs::write(world.dir().join("keys/keys-c"), "x").unwrap();
    let ran = verify();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let lines_of = |folder: &str, names: &str| {
        format!(
            "in {} lies what is no file of the registry and is not read: {names}; move it away",
            world.dir().join(folder).display()
        )
    };
    for line in [
        lines_of("journal", "\"catatan.txt\""),
        lines_of(
            "evidence",
            "\"scan 1.jpg\", \"scan 2.jpg\", \"scan 3.jpg\", \"scan 4.jpg\", \"scan 5.jpg\", +2",
        ),
        lines_of("keys", "\"keys-c\""),
    ] {
        assert!(ran.out.contains(&line), "{line}: {}", ran.out);
    }
    let report = world.json(&["verify"]).to_string();
    assert!(report.contains("ada yang bukan berkas registri dan tidak dibaca: "), "{report}");
    // By its name it is a file of evidence, and it is not what that says; and a segment.
    std::fs::write(evidence.join("0".repeat(64)), "x").unwrap();
    let ran = verify();
    assert!(ran.code == 1 && ran.out.contains("was altered"), "{}", ran.out);
}
