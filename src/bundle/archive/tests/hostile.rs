//! Archives that somebody might send instead of a bundle, each with the sentence that answers it.
//!
//! Their manifests are made to fit and are signed with the right key, so that what is refused is the
//! archive.

use super::raw::{Raw, archive, deflate, line, manifest, signed};
use super::*;

fn raws() -> Vec<Raw> {
    members().iter().map(|(member, content)| Raw::new(&member.to_string(), content)).collect()
}

fn with_manifest(mut raws: Vec<Raw>) -> Vec<u8> {
    raws.push(manifest(&raws));
    archive(&raws, b"")
}

/// An archive in which something was done to the members, before the manifest was made.
fn edited(edit: impl FnOnce(&mut Vec<Raw>)) -> Vec<u8> {
    let mut raws = raws();
    edit(&mut raws);
    with_manifest(raws)
}

/// An archive in which something was done to the members, after the manifest was made.
fn altered(edit: impl FnOnce(&mut Vec<Raw>)) -> Vec<u8> {
    let mut raws = raws();
    raws.push(manifest(&raws));
    edit(&mut raws);
    archive(&raws, b"")
}

#[test]
fn what_is_built_by_hand_is_what_the_writer_writes() {
    assert_eq!(with_manifest(raws()), written(&members()));
}

fn names_and_order() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let extra = |at: usize, name: &'static str| edited(|raws| raws.insert(at, Raw::new(name, b"x")));
    vec![
        (
            "a name that leads out of the directory",
            extra(1, "../../.bashrc"),
            "byte 80: \"../../.bashrc\" is the name of nothing in an evidence bundle",
        ),
        ("an absolute name", extra(1, "/etc/passwd"), "byte 80: \"/etc/passwd\" is the name of nothing"),
        ("an unknown member", extra(7, "notes.txt"), "\"notes.txt\" is the name of nothing"),
        ("a directory", extra(7, "tile/"), "\"tile/\" is the name of nothing"),
        (
            "control characters in a name",
            altered(|raws| raws.insert(1, Raw::new("\u{1b}[2J", b"x"))),
            "\"\\u{1b}[2J\" is the name of nothing",
        ),
        ("a name in other letters", extra(1, "Policy"), "\"Policy\" is the name of nothing"),
        ("a second spelling", extra(7, "tile/entries/x000/000"), "is the name of nothing"),
        (
            "a name without end",
            extra(1, Box::leak("x".repeat(65_000).into_boxed_str())),
            "byte 106: this byte of a zip header",
        ),
        (
            "a member twice",
            extra(1, "README.txt"),
            "README.txt (from byte 80): this may not come after README.txt",
        ),
        ("another claim", extra(4, "claim.toml"), "this may not come after claim.toml"),
        ("a question before the claim", edited(|raws| raws.swap(3, 4)), "claim.toml (from byte"),
        ("no question", edited(|raws| drop(raws.remove(4))), "definition.txt (from byte"),
        (
            "members swapped",
            edited(|raws| raws.swap(0, 1)),
            "policy (from byte 0): this may not come at the start",
        ),
        (
            "a missing policy",
            edited(|raws| drop(raws.remove(1))),
            "checkpoint (from byte 80): this may not come after README.txt",
        ),
        ("missing entries", edited(|raws| drop(raws.remove(7))), "tile/entries/001.p/3 (from byte"),
        ("entries swapped", edited(|raws| raws.swap(7, 8)), "tile/entries/001.p/3 (from byte"),
        ("no entries", edited(|raws| raws.truncate(7)), "manifest (from byte"),
        (
            "entries after partial ones",
            edited(|raws| raws.push(Raw::new("tile/entries/002", b"x"))),
            "this may not come after tile/entries/001.p/3",
        ),
        (
            "no manifest",
            archive(&raws(), b""),
            "the members end after tile/entries/001.p/3 without a manifest",
        ),
        ("an empty zip", archive(&[], b""), "byte 2: this is no evidence bundle"),
        ("an empty file", Vec::new(), "byte 0: this is no evidence bundle"),
        ("text", b"satu dua tiga empat lima enam tujuh".to_vec(), "byte 0: this is no evidence bundle"),
    ]
}

fn sizes() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let zeros = |length: usize| vec![0u8; length];
    let entries_limit = 256 * (2 + 60_000);
    let stored = |content: &[u8]| {
        let length = (content.len() as u16).to_le_bytes();
        let inverse = (!(content.len() as u16)).to_le_bytes();
        [&[1], &length[..], &inverse, content].concat()
    };
    vec![
        (
            "a bomb that says what it is",
            edited(|raws| raws[0] = Raw::new("README.txt", &zeros(50 << 20))),
            "README.txt (from byte 0): states 52428800 bytes, at most 1048576 are allowed: it was not unpacked",
        ),
        (
            "a bomb that says it is small",
            edited(|raws| {
                raws[0] = Raw::new("README.txt", &zeros(50 << 20));
                raws[0].stated_content_bytes = 1000;
            }),
            "README.txt (from byte 0): states 50",
        ),
        (
            "a bomb whose packed bytes are few enough",
            edited(|raws| {
                raws[0] = Raw::new("README.txt", &zeros(100_000));
                raws[0].stated_content_bytes = 100;
            }),
            "README.txt (from byte 0): its content does not have the 100 bytes that its header states",
        ),
        (
            "a bomb among the entries",
            edited(|raws| raws[7] = Raw::new("tile/entries/000", &zeros(entries_limit + 1))),
            "states 15360513 bytes, at most 15360512 are allowed",
        ),
        (
            "entries as long as entries can be",
            edited(|raws| raws[7] = Raw::new("tile/entries/000", &zeros(entries_limit))),
            "",
        ),
        (
            "more packed bytes than there are",
            edited(|raws| raws[6].stated_packed_bytes = 100_000),
            "answer.json (from byte",
        ),
        (
            "four gigabytes, left to zip64",
            edited(|raws| raws[7].stated_packed_bytes = u32::MAX),
            "states 4294967295 bytes",
        ),
        (
            "more content than there is",
            edited(|raws| raws[0].stated_content_bytes += 1),
            "README.txt (from byte 0): its content does not have the 36 bytes",
        ),
        (
            "less content than there is",
            edited(|raws| raws[0].stated_content_bytes -= 1),
            "README.txt (from byte 0): its content does not have the 34 bytes",
        ),
        (
            "bytes hidden behind packed data",
            edited(|raws| {
                let content = members()[0].1.clone();
                raws[0].fill(&content, [deflate(&content), b"hidden".to_vec()].concat());
            }),
            "README.txt (from byte 0): 6 bytes are hidden after the end of its content",
        ),
        (
            "packed data without an end",
            edited(|raws| {
                let content = members()[0].1.clone();
                let packed = deflate(&content);
                raws[0].fill(&content, packed[..packed.len() - 1].to_vec());
            }),
            "README.txt (from byte 0): cannot be unpacked",
        ),
        (
            "packed in another way, signed so",
            edited(|raws| raws[7].fill(&members()[7].1, stored(&members()[7].1))),
            "",
        ),
        (
            "packed in another way, after it was signed",
            altered(|raws| raws[7].fill(&members()[7].1, stored(&members()[7].1))),
            "its content is the same, but it was packed anew after the bundle was made",
        ),
        (
            "a manifest without end",
            edited(|raws| {
                let mut long = manifest(raws);
                long.fill(&zeros(1 << 20), zeros(1 << 20));
                long.method = 0;
                raws.push(long);
            }),
            "states 1048576 bytes",
        ),
    ]
}

fn headers() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let policy = |edit: fn(&mut Raw)| edited(|raws| edit(&mut raws[1]));
    let header = |at: usize| -> &'static str {
        Box::leak(format!("byte {}: this byte of a zip header", 80 + at).into_boxed_str())
    };
    vec![
        ("encrypted", policy(|raw| raw.flags = 1), header(6)),
        ("sizes behind the content", policy(|raw| raw.flags = 8), header(6)),
        ("a name in UTF-8", policy(|raw| raw.flags = 0x800), header(7)),
        ("stored", edited(|raws| raws[1] = Raw::stored("policy", b"quorum none\n")), header(8)),
        ("a method of others", policy(|raw| raw.method = 93), header(8)),
        ("a time", policy(|raw| raw.time = 0x6000), header(11)),
        ("an extra field", policy(|raw| raw.extra = b"up\x01\x00x".to_vec()), header(28)),
        ("zip64 sizes", policy(|raw| raw.extra = [&[1, 0, 16, 0][..], &[0; 16]].concat()), header(28)),
        ("a gap", policy(|raw| raw.before = b"gap".to_vec()), "byte 80: this byte of a zip header"),
        (
            "a script in front",
            [b"#!/bin/sh\n".to_vec(), with_manifest(raws())].concat(),
            "byte 0: this is no evidence bundle",
        ),
        (
            "another checksum",
            policy(|raw| raw.checksum ^= 1),
            "policy (from byte 80): its content does not have the checksum",
        ),
        (
            "members that overlap in the directory",
            altered(|raws| raws[1].pointer = Some(0)),
            "this byte of the zip's directory is not what its members give",
        ),
        (
            "another name in the directory",
            altered(|raws| raws[1].alias = Some("Policy".to_owned())),
            "this byte of the zip's directory",
        ),
        (
            "a comment",
            {
                let mut raws = raws();
                raws.push(manifest(&raws));
                archive(&raws, b"comment")
            },
            "this byte of the zip's directory",
        ),
        ("two archives", [with_manifest(raws()), with_manifest(raws())].concat(), "bytes follow the end"),
        ("a line more", [with_manifest(raws()), b"\n".to_vec()].concat(), "bytes follow the end"),
    ]
}

fn manifests() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let listing = |edit: fn(&mut Vec<String>)| {
        let mut raws = raws();
        let mut lines: Vec<String> = raws.iter().map(line).collect();
        edit(&mut lines);
        raws.push(signed(format!("jejak-bundle/0\n{}", lines.concat())));
        archive(&raws, b"")
    };
    let replaced = |at: usize, text: &'static str| {
        altered(move |raws| {
            let name = raws[at].name.clone();
            raws[at] = Raw::new(&name, text.as_bytes());
        })
    };
    let altered_sentence =
        "its content is not what the manifest was signed over: altered after the bundle was made";
    let mut found = vec![
        ("another README", replaced(0, "Percayalah.\n"), "README.txt (from byte"),
        ("another README", replaced(0, "Percayalah.\n"), altered_sentence),
        ("another policy", replaced(1, "quorum 0\n"), "policy (from byte"),
        ("another checkpoint", replaced(2, "example.org/log\n1\n"), "checkpoint (from byte"),
        ("another claim", replaced(3, "claim = \"trained 300\"\n"), "claim.toml (from byte"),
        ("another definition", replaced(5, "trained v1: everybody\n"), "definition.txt (from byte"),
        ("another answer", replaced(6, "{\"counted\":300}\n"), "answer.json (from byte"),
        ("other entries", replaced(8, "\0\u{1}a\0\u{1}b\0\u{1}c"), "tile/entries/001.p/3 (from byte"),
        ("a line left out", listing(|lines| drop(lines.remove(3))), "claim.toml (from byte"),
        (
            "a line left out",
            listing(|lines| drop(lines.remove(3))),
            "the manifest does not list it in this place",
        ),
        ("the last line left out", listing(|lines| drop(lines.pop())), "tile/entries/001.p/3 (from byte"),
        ("lines swapped", listing(|lines| lines.swap(1, 2)), "policy (from byte"),
        (
            "a line more",
            listing(|lines| lines.push("disclosures.jsonl\n".to_owned())),
            "its line \"disclosures.jsonl\" belongs to nothing",
        ),
    ];
    let with = |manifest: Raw| {
        let mut raws = raws();
        raws.push(manifest);
        archive(&raws, b"")
    };
    found.push(("no note", with(Raw::stored("manifest", b"x")), "is no signed note: the note does not end"));
    let text = manifest(&raws()).packed;
    let text = String::from_utf8(text).unwrap();
    found.push((
        "another format",
        with(signed(text.split("\n\n").next().unwrap().replace("bundle/0", "bundle/9") + "\n")),
        "its format is \"jejak-bundle/9\"; this program reads jejak-bundle/0",
    ));
    found.push((
        "signed by nobody known",
        {
            let stranger = NoteSigner::new("example.org/log/attestation", &[8; 32]).unwrap();
            let mut note =
                jejak_events::note::Note::new(text.split("\n\n").next().unwrap().to_owned() + "\n").unwrap();
            note.add(stranger.sign(&note)).unwrap();
            with(Raw::stored("manifest", note.to_string().as_bytes()))
        },
        "manifest: the note has no signature by a known key",
    ));
    found
}

#[test]
fn each_is_answered_with_its_sentence() {
    let cases = [names_and_order(), sizes(), headers(), manifests()].concat();
    for (what, bytes, expected) in cases {
        let answer = read(Reader::new(bytes.as_slice()));
        match (&answer, expected) {
            (Ok(_), "") => {}
            (Err(said), expected) if !expected.is_empty() && said.contains(expected) => {}
            _ => panic!("{what}: expected `{expected}`, got {:?}", answer.map(|_| "a bundle")),
        }
    }
}

/// A file that never ends is not read to its end.
#[test]
fn an_endless_file_is_refused_early() {
    let read = Reader::new(std::io::repeat(b'P')).next().unwrap_err().to_string();
    assert!(read.starts_with("byte 1: this is no evidence bundle"), "{read}");
    let start = written(&members());
    let endless = std::io::Read::chain(&start[..], std::io::repeat(0));
    let mut reader = Reader::new(endless);
    let said = loop {
        match reader.next() {
            Ok(Some(_)) => {}
            other => break other.unwrap_err().to_string(),
        }
    };
    assert!(said.contains("bytes follow the end"), "{said}");
}
