//! What the README shows is what its commands print on the worked example.

use std::path::Path;
use std::process::{Command, Stdio};

use super::bundles::demo;
use super::{in_repository, ran};

/// Each command of the README's console blocks, with the lines that stand under it.
fn shown(readme: &str) -> Vec<(&str, Vec<&str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    let blocks = readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    for line in blocks.flat_map(str::lines) {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => panic!("{line:?} stands under no command"),
        }
    }
    commands
}

/// Holds what was printed against what is shown: `...` on a line of its own leaves lines out, at the end of a line the
/// rest of it; what follows the last line shown is left out, too.
fn assert_printed(command: &str, shown: &[&str], printed: &str) {
    let mut printed_lines = printed.lines();
    let mut may_skip = false;
    for line in shown {
        if *line == "..." {
            may_skip = true;
            continue;
        }
        let is_shown = |printed: &str| match line.strip_suffix("...") {
            Some(start) => printed.starts_with(start),
            None => printed == *line,
        };
        let found =
            if may_skip { printed_lines.any(is_shown) } else { printed_lines.next().is_some_and(is_shown) };
        assert!(found, "`{command}` does not print {line:?} there:\n{printed}");
        may_skip = false;
    }
}

#[test]
fn what_the_readme_shows_is_printed() {
    let world = demo();
    let programs = Path::new(env!("CARGO_BIN_EXE_jejak")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let readme = std::fs::read_to_string(in_repository("README.md")).unwrap();
    let commands = shown(&readme);
    assert!(commands.len() >= 4, "{commands:?}");
    for (command, lines) in commands {
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).env("PATH", &path).env("JEJAK_DIR", world.dir()).stdin(Stdio::null());
        let ran = ran(shell.output().unwrap());
        assert_eq!(ran.code, 0, "{command}: {}", ran.err);
        assert_printed(command, &lines, &ran.out);
    }
}
