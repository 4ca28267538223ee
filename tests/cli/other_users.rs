//! A registry of another user: what only reads is answered, what must write says what to do.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::proposals::{ikm, lines, registered};
use super::{Ran, World, in_repository, ran};

/// A user without rights, whom every machine knows.
const NOBODY: u32 = 65_534;

/// Gives these rights to what lies below a path.
fn set_modes(path: &Path, directory: u32, file: u32) {
    let is_directory = path.is_dir();
    // A directory is entered while one may.
    let mode = |mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    if is_directory {
        mode(0o755);
        std::fs::read_dir(path).unwrap().for_each(|entry| set_modes(&entry.unwrap().path(), directory, file));
    }
    mode(if is_directory { directory } else { file });
}

/// A world whose registry may be read and not written, its keys neither, and a program that such a user may run.
struct OfAnother {
    world: World,
    program: PathBuf,
}

impl OfAnother {
    fn new() -> Self {
        let world = World::new();
        assert_eq!(world.append(&lines((1..=3).map(registered)), &[]).code, 0);
        let program = world.beside("jejak");
        std::fs::copy(env!("CARGO_BIN_EXE_jejak"), &program).unwrap();
        std::fs::create_dir(world.beside("own")).unwrap();
        set_modes(&world.dir(), 0o555, 0o444);
        set_modes(&world.dir().join("keys"), 0o000, 0o000);
        for (path, mode) in
            [(world.beside(""), 0o755), (program.clone(), 0o755), (world.beside("own"), 0o777)]
        {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        Self { world, program }
    }

    fn run(&self, words: &[&str]) -> Ran {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--dir").arg(self.world.dir()).args(["--lang", "en"]).env("COLUMNS", "1000");
        // Rights bind nobody who is root.
        if rustix::process::geteuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        ran(command.current_dir(self.world.beside("own")).stdin(Stdio::null()).output().unwrap())
    }
}

impl Drop for OfAnother {
    fn drop(&mut self) {
        set_modes(&self.world.dir(), 0o700, 0o600);
    }
}

#[test]
fn what_only_reads_is_answered_and_what_writes_says_what_to_do() {
    let here = OfAnother::new();
    let subject = format!("ikm/{}", ikm(2));
    let claim = here.world.beside("claim.toml");
    std::fs::copy(in_repository("tests/data/claims/mojokerto-5-foreign-trade-training.toml"), &claim)
        .unwrap();
    let (claim, dir, nothing) =
        (claim.to_str().unwrap(), here.world.dir(), here.world.beside("nothing.jsonl"));
    std::fs::write(&nothing, "").unwrap();
    let nothing = nothing.to_str().unwrap();
    for words in [
        &["view"][..],
        &["view", "registered", "--list"],
        &["due"],
        &["show", &subject],
        &["history", &subject],
        &["find", "batik", "--kind", "program"],
        &["claim", "check", claim],
        &["rebuild"],
        &["log", "vkey"],
        &["log", "checkpoint"],
        &["log", "proof", "1"],
        &["log", "export"],
        &["log", "tiles", "tree"],
        &["audit", dir.to_str().unwrap()],
    ] {
        let ran = here.run(words);
        assert!(ran.code <= 1 && !ran.err.contains("failed"), "{words:?}: {}{}", ran.out, ran.err);
    }
    for words in [
        &["verify"][..],
        &["find", "--actor", "petugas-3", "batik"],
        &["subject", "show", "--actor", "petugas-3", &subject],
        &["show", &subject, "--actor", "petugas-3", "--names"],
        &["append", nothing],
        &["recover"],
    ] {
        let ran = here.run(words);
        let to_do = "This user may not write in this directory. What records events, looks at sealed values or examines by \
                     `jejak verify` is run by the user who owns it. Commands that read open fields alone are answered here, \
                     and `jejak audit DIRECTORY` replays the whole log and writes nothing";
        assert_eq!(ran.code, 3, "{words:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(to_do), "{words:?}: {}", ran.err);
    }
    for words in
        [&["receipt", "1", "-o", "1.html"][..], &["bundle", "create", "--view", "registered", "-o", "1.zip"]]
    {
        let ran = here.run(words);
        let to_do = "what is handed out is signed with the registry's keys, which this user may not read; ask whoever runs \
                     the registry, or use `jejak log proof`, which needs none of them";
        assert_eq!(ran.code, 3, "{words:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(to_do), "{words:?}: {}", ran.err);
    }
}
