//! The manuals in `docs/cli.md` and `docs/cli.id.md` are what the program says of itself. `JEJAK_BLESS=1` writes them anew.

use jejak::words::language::Language;

use super::{World, in_repository};

/// The manual in English, and in Indonesian what clap-markdown says by itself too.
fn manual(language: Language) -> String {
    let title = language.pick("Baris perintah `jejak`", "The `jejak` command line");
    let options = clap_markdown::MarkdownOptions::new().title(title.to_owned()).show_footer(false);
    let command = jejak::cli::help::command(language);
    let manual = clap_markdown::help_markdown_command_custom(&command, &options);
    if language == Language::En {
        return manual;
    }
    let words = [
        (
            "This document contains the help content for the `jejak` command-line program.",
            "Halaman ini memuat bantuan program `jejak`, sebagaimana ditampilkan dengan `--help`.",
        ),
        ("**Command Overview:**", "**Daftar perintah:**"),
        ("**Usage:**", "**Pemakaian:**"),
        ("###### **Subcommands:**", "###### **Perintah:**"),
        ("###### **Arguments:**", "###### **Argumen:**"),
        ("###### **Options:**", "###### **Opsi:**"),
        ("Default value:", "Bawaan:"),
        ("Possible values:", "Pilihan:"),
        ("[OPTIONS]", "[OPSI]"),
        ("<COMMAND>", "<PERINTAH>"),
        ("[COMMAND]", "[PERINTAH]"),
    ];
    let manual = words.iter().fold(manual, |manual, (en, id)| manual.replace(en, id));
    // What an argument takes is said by its parser, in English.
    jejak::cli::help::with_values_in_indonesian(&manual)
}

#[test]
fn the_manuals_are_in_step() {
    for (language, path) in [(Language::En, "docs/cli.md"), (Language::Id, "docs/cli.id.md")] {
        let manual = manual(language);
        let file = in_repository(path);
        if std::env::var_os("JEJAK_BLESS").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &manual).unwrap();
        }
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            written == manual,
            "{path} is out of step; run the tests once with JEJAK_BLESS=1 and commit it"
        );
    }
}

#[test]
fn every_command_has_an_example() {
    let world = World::empty();
    let commands = [
        "demo", "init", "append", "attach", "show", "history", "find", "subject", "view", "due", "claim",
        "bundle", "log", "receipt", "rebuild", "verify", "recover",
    ];
    let help = world.run(&["--help"]).out;
    for command in commands {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is not listed: {help}");
        if !["bundle", "claim", "log", "subject"].contains(&command) {
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
    for command in ["create", "verify"] {
        let ran = world.run(&["bundle", command, "--help"]);
        assert!(ran.out.contains(&format!("Example:\n  jejak bundle {command}")), "{command}: {}", ran.out);
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
    let phrases: [(&[&str], &str); 21] = [
        (&["demo"], "byte for byte"),
        (&["init"], "An init that was cut short"),
        (&["append"], "late_days"),
        (&["attach"], "under a key of its own"),
        (&["history"], "superseded"),
        (&["subject", "export"], "jejak-subject/1"),
        (&["subject", "erase"], "cannot be undone"),
        (&["show"], "sealed_differences"),
        (&["find"], "counts_as"),
        (&["view"], "members"),
        (&["view"], "recounted"),
        (&["claim", "check"], "not_confirmed; 0 when"),
        (&["claim", "sample"], "finite population"),
        (&["bundle", "create"], "It is verified before it is handed out"),
        (&["bundle", "verify"], "every byte of it be signed for"),
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
