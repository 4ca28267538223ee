//! The manual in `docs/cli.md` is what the program says of itself. `JEJAK_BLESS=1` writes it anew.

use super::{World, in_repository};

#[test]
fn the_manual_is_in_step() {
    let options =
        clap_markdown::MarkdownOptions::new().title("The `jejak` command line".to_owned()).show_footer(false);
    let manual = clap_markdown::help_markdown_custom::<jejak::cli::Arguments>(&options);
    let path = in_repository("docs/cli.md");
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &manual).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == manual,
        "docs/cli.md is out of step; run the tests once with JEJAK_BLESS=1 and commit it"
    );
}

#[test]
fn every_command_has_an_example() {
    let world = World::empty();
    let commands = [
        "demo", "init", "append", "attach", "show", "history", "find", "subject", "view", "due", "claim",
        "log", "receipt", "rebuild", "verify", "recover",
    ];
    let help = world.run(&["--help"]).out;
    for command in commands {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is not listed: {help}");
        if !["claim", "log", "subject"].contains(&command) {
            let ran = world.run(&[command, "--help"]);
            assert!(ran.out.contains(&format!("Example:\n  jejak {command}")), "{command}: {}", ran.out);
        }
    }
    for command in ["show", "export", "erase"] {
        let ran = world.run(&["subject", command, "--help"]);
        assert!(ran.out.contains(&format!("Example:\n  jejak subject {command}")), "{command}: {}", ran.out);
    }
    for command in ["check", "sample"] {
        let ran = world.run(&["claim", command, "--help"]);
        assert!(ran.out.contains(&format!("Example:\n  jejak claim {command}")), "{command}: {}", ran.out);
    }
    let ran = world.run(&["receipt", "verify", "--help"]);
    assert!(ran.out.contains("Example:\n  jejak receipt verify"), "{}", ran.out);
    for command in ["export", "checkpoint", "vkey", "proof"] {
        let ran = world.run(&["log", command, "--help"]);
        assert!(ran.out.contains(&format!("Example:\n  jejak log {command}")), "{command}: {}", ran.out);
    }
}

#[test]
fn the_long_help_of_a_command_is_shown() {
    let world = World::empty();
    let phrases: [(&[&str], &str); 19] = [
        (&["demo"], "byte for byte"),
        (&["init"], "An init that was cut short"),
        (&["append"], "late_days"),
        (&["attach"], "under a key of its own"),
        (&["history"], "superseded"),
        (&["subject", "export"], "jejak-subject/1"),
        (&["subject", "erase"], "cannot be undone"),
        (&["show"], "sealed_differences"),
        (&["find"], "merged_into"),
        (&["view"], "members"),
        (&["view"], "recounted"),
        (&["claim", "check"], "not_confirmed; 0 when"),
        (&["claim", "sample"], "finite population"),
        (&["log", "export"], "Every byte is checked against the tree"),
        (&["log", "proof"], "It was verified before it is handed out"),
        (&["receipt"], "noted in the access log first"),
        (&["receipt", "verify"], "The page is laid out anew"),
        (&["rebuild"], "live_digest"),
        (&["recover"], "abandoned"),
    ];
    let manual = std::fs::read_to_string(in_repository("docs/cli.md")).unwrap();
    // A narrow terminal breaks lines between words.
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (command, phrase) in phrases {
        let help = world.run(&[command, &["--help"]].concat()).out;
        assert!(joined(&help).contains(phrase), "{command:?} --help does not say {phrase:?}: {help}");
        assert!(joined(&manual).contains(phrase), "docs/cli.md does not say {phrase:?}");
    }
}
