//! Makes the files that somebody might send instead of a bundle: each is laid out in a wrong way.
//!
//! Where an operator makes them, their manifest is made to fit and is signed with the right key, so that what is
//! refused is the archive. In them lies a small honest bundle, of a log of one event.

mod raw;

use jejak::proof::bundle::archive::ArchiveMember;
use jejak_events::note::{Note, NoteSigner};
use jejak_events::tile::BundlePlace;

use raw::{Raw, archive, deflate, line, listed, manifest};

use super::bundles::{Asking, Draft, Operator, Row, Rows};

/// Places of the members.
const README: usize = 0;
const POLICY: usize = 1;
const CLAIM: usize = 3;
const QUESTION: usize = 4;
const ANSWER: usize = 6;
const ENTRIES: usize = 7;

/// What an archive is made of.
struct Honest {
    members: Vec<Raw>,
    readme: Vec<u8>,
    claim: Vec<u8>,
    signer: NoteSigner,
    /// The same as the writer writes it.
    written: Vec<u8>,
}

impl Honest {
    fn new() -> Self {
        let operator = Operator::new(23, &[]);
        let mut draft = Draft::of(&operator.honest(Asking::Claim));
        let members =
            draft.0.iter().map(|(member, content)| Raw::new(&member.to_string(), content)).collect();
        let (signer, written) = (operator.recorded.signer("attestation"), operator.packed(&draft));
        let [readme, claim] =
            [ArchiveMember::Readme, ArchiveMember::Claim].map(|member| draft.content(member).clone());
        Self { members, readme, claim, signer, written }
    }

    fn manifest(&self, members: &[Raw]) -> Raw {
        manifest(listed(members), &self.signer)
    }

    /// An archive in which something was done to the members, before the manifest was made.
    fn edited(&self, edit: impl FnOnce(&mut Vec<Raw>)) -> Vec<u8> {
        let mut raws = self.members.clone();
        edit(&mut raws);
        raws.push(self.manifest(&raws));
        archive(&raws, b"")
    }

    /// An archive in which something was done to the members, after the manifest was made.
    fn altered(&self, edit: impl FnOnce(&mut Vec<Raw>)) -> Vec<u8> {
        let mut raws = self.members.clone();
        raws.push(self.manifest(&raws));
        edit(&mut raws);
        archive(&raws, b"")
    }

    /// The archive of the honest members with a manifest of somebody's own.
    fn under(&self, manifest: Raw) -> Vec<u8> {
        let mut raws = self.members.clone();
        raws.push(manifest);
        archive(&raws, b"")
    }

    /// Where a member begins.
    fn start(&self, at: usize) -> usize {
        self.members[..at].iter().map(Raw::length_bytes).sum()
    }
}

/// Every archive, by the name of its file.
pub fn all() -> Rows {
    let honest = Honest::new();
    let mut rows = Rows::default();
    rows.add("nobody", "honest", "an honest bundle of a log of one event", "", honest.written.clone());
    names(&honest, &mut rows);
    order(&honest, &mut rows);
    sizes(&honest, &mut rows);
    headers(&honest, &mut rows);
    around(&honest, &mut rows);
    members_altered(&honest, &mut rows);
    manifests(&honest, &mut rows);
    rows
}

#[test]
fn what_is_built_by_hand_is_what_the_writer_writes() {
    let honest = Honest::new();
    assert_eq!(honest.edited(|_| ()), honest.written);
}

/// Whoever alters a byte of the manifest can mend the checksum of it, too.
#[test]
fn no_byte_of_the_manifest_can_change() {
    let honest = Honest::new();
    let manifest = honest.manifest(&honest.members).packed;
    let row = Row::default();
    for at in 0..manifest.len() {
        let mut altered = manifest.clone();
        altered[at] ^= 1 << (at % 8);
        let bytes = honest.under(Raw::stored("manifest", &altered));
        assert!(!row.verify(&bytes).verified, "byte {at} of the manifest");
    }
}

fn names(honest: &Honest, rows: &mut Rows) {
    let mut add = |name: &str, trick: &str, at: usize, extra: &str| {
        let (place, shown) = (honest.start(at), format!("{extra:?}"));
        let answer = format!("byte {place}: {shown} is the name of nothing in an evidence bundle");
        let bytes = honest.edited(|raws| raws.insert(at, Raw::new(extra, b"x")));
        rows.add("operator", name, trick, &answer, bytes);
    };
    add("name-traversal", "a name that leads out of the directory", POLICY, "../../.bashrc");
    add("name-absolute", "an absolute name", POLICY, "/etc/passwd");
    add("name-unknown", "a member that no bundle has", ENTRIES, "notes.txt");
    add("name-directory", "a directory", ENTRIES, "tile/");
    add("name-in-capitals", "a name in other letters", POLICY, "Policy");
    add("name-spelt-otherwise", "a second spelling of a name", ENTRIES, "tile/entries/x000/000");
    let bytes = honest.altered(|raws| raws.insert(POLICY, Raw::new("\u{1b}[2J", b"x")));
    rows.add(
        "forger",
        "name-clears-the-screen",
        "control characters in a name",
        "\"\\u{1b}[2J\" is the name of nothing",
        bytes,
    );
    let bytes = honest.edited(|raws| raws.insert(POLICY, Raw::new(&"x".repeat(1000), b"x")));
    let answer = format!("byte {}: this byte of a zip header", honest.start(POLICY) + 26);
    rows.add("operator", "name-too-long", "a name of a thousand letters", &answer, bytes);
}

fn order(honest: &Honest, rows: &mut Rows) {
    let mut add = |name: &str, trick: &str, answer: &str, edit: &dyn Fn(&mut Vec<Raw>)| {
        rows.add("operator", name, trick, answer, honest.edited(|raws| edit(raws)));
    };
    let policy = honest.start(POLICY);
    add(
        "member-twice",
        "a member is there twice",
        &format!("README.txt (from byte {policy}): this may not come after README.txt"),
        &|raws| raws.insert(POLICY, Raw::new("README.txt", b"x")),
    );
    add("claim-twice", "there are two claims", "this may not come after claim.toml", &|raws| {
        raws.insert(QUESTION, Raw::new("claim.toml", b"x"));
    });
    add(
        "question-first",
        "the question comes before the claim",
        "this may not come after question.json",
        &|raws| raws.swap(CLAIM, QUESTION),
    );
    add(
        "question-missing",
        "the question is missing",
        "this may not come after claim.toml: something is missing, there twice, or in another order",
        &|raws| drop(raws.remove(QUESTION)),
    );
    add(
        "members-swapped",
        "the first two members change places",
        "policy (from byte 0): this may not come at the start",
        &|raws| raws.swap(README, POLICY),
    );
    add(
        "policy-missing",
        "the policy is missing",
        &format!("checkpoint (from byte {policy}): this may not come after README.txt"),
        &|raws| drop(raws.remove(POLICY)),
    );
    let partial = |index, width| ArchiveMember::Entries(BundlePlace::new(index, width).unwrap()).to_string();
    add(
        "entries-begin-late",
        "the first 256 entries are missing",
        "tile/entries/001.p/3 (from byte",
        &|raws| raws[ENTRIES] = Raw::new(&partial(1, 3), b"x"),
    );
    add(
        "entries-with-a-gap",
        "256 entries in the middle are missing",
        "this may not come after tile/entries/000:",
        &|raws| {
            raws[ENTRIES] = Raw::new(&partial(0, 256), b"x");
            raws.push(Raw::new(&partial(2, 3), b"x"));
        },
    );
    add(
        "entries-after-partial-ones",
        "entries follow a bundle of entries that is not full",
        "tile/entries/001 (from byte",
        &|raws| raws.push(Raw::new(&partial(1, 256), b"x")),
    );
    add("entries-none", "there are no entries", "manifest (from byte", &|raws| raws.truncate(ENTRIES));
}

fn sizes(honest: &Honest, rows: &mut Rows) {
    let zeros = |length: usize| vec![0u8; length];
    let mut add = |who: &str, name: &str, trick: &str, answer: &str, bytes: Vec<u8>| {
        rows.add(who, name, trick, answer, bytes);
    };
    let readme = |edit: &dyn Fn(&mut Raw)| honest.edited(|raws| edit(&mut raws[README]));
    add(
        "operator",
        "bomb",
        "a bomb that says what it is: 8 MiB, packed into 8 KB",
        "README.txt (from byte 0): states 8388608 bytes, at most 1048576 are allowed: it was not unpacked",
        readme(&|raw| *raw = Raw::new("README.txt", &zeros(8 << 20))),
    );
    let packed = deflate(&zeros(8 << 20)).len();
    add(
        "operator",
        "bomb-understated",
        "a bomb that says it is small",
        &format!("README.txt (from byte 0): states {packed} bytes, at most 1253 are allowed"),
        readme(&|raw| {
            *raw = Raw::new("README.txt", &zeros(8 << 20));
            raw.stated_content_bytes = 1000;
        }),
    );
    add(
        "operator",
        "bomb-small",
        "a bomb whose packed bytes are few enough for what it says",
        "README.txt (from byte 0): its content does not have the 100 bytes that its header states",
        readme(&|raw| {
            *raw = Raw::new("README.txt", &zeros(100_000));
            raw.stated_content_bytes = 100;
        }),
    );
    add(
        "operator",
        "bomb-entries",
        "a bomb in the place of the entries",
        "states 60003 bytes, at most 60002 are allowed",
        honest.edited(|raws| raws[ENTRIES] = Raw::new(&raws[ENTRIES].name, &zeros(60_003))),
    );
    add(
        "operator",
        "manifest-endless",
        "a manifest that says it is a megabyte long",
        "manifest (from byte",
        honest.under({
            let mut long = Raw::stored("manifest", b"x");
            (long.stated_packed_bytes, long.stated_content_bytes) = (1 << 20, 1 << 20);
            long
        }),
    );
    add(
        "operator",
        "packed-overstated",
        "a member says that it has more packed bytes than there are",
        "answer.json (from byte",
        honest.edited(|raws| raws[ANSWER].stated_packed_bytes = 100_000),
    );
    add(
        "operator",
        "sizes-left-to-zip64",
        "a member of four gigabytes, whose size is left to zip64",
        "states 4294967295 bytes",
        honest.edited(|raws| raws[ENTRIES].stated_packed_bytes = u32::MAX),
    );
    let length = honest.readme.len();
    let wrong_length = |length: usize| {
        format!(
            "README.txt (from byte 0): its content does not have the {length} bytes that its header states"
        )
    };
    add(
        "operator",
        "content-overstated",
        "a member says that it has more content than there is",
        &wrong_length(length + 1),
        readme(&|raw| raw.stated_content_bytes += 1),
    );
    add(
        "operator",
        "content-understated",
        "a member says that it has less content than there is",
        &wrong_length(length - 1),
        readme(&|raw| raw.stated_content_bytes -= 1),
    );
    let packed = deflate(&honest.readme);
    add(
        "operator",
        "bytes-hidden",
        "bytes are hidden behind packed data",
        "README.txt (from byte 0): 6 bytes are hidden after the end of its content",
        readme(&|raw| raw.fill(&honest.readme, [&packed[..], b"hidden"].concat())),
    );
    add(
        "operator",
        "packed-unfinished",
        "packed data without an end",
        "README.txt (from byte 0): cannot be unpacked",
        readme(&|raw| raw.fill(&honest.readme, packed[..packed.len() - 1].to_vec())),
    );
    // Deflate can also say that what follows is not packed.
    let claim = honest.claim.as_slice();
    let length = u16::try_from(claim.len()).unwrap();
    let plain = [&[1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), claim].concat();
    assert!(plain != honest.members[CLAIM].packed);
    let repacked = |raws: &mut Vec<Raw>| raws[CLAIM].fill(claim, plain.clone());
    add(
        "operator",
        "packed-otherwise",
        "a member is packed in another way, and signed for so: it is the same bundle",
        "",
        honest.edited(repacked),
    );
    add(
        "forger",
        "packed-anew",
        "a member is packed in another way after it was signed for",
        &format!(
            "claim.toml (from byte {}): its content is the same, but it was packed anew after the bundle was made",
            honest.start(CLAIM)
        ),
        honest.altered(repacked),
    );
}

fn headers(honest: &Honest, rows: &mut Rows) {
    let start = honest.start(POLICY);
    // `at` is the place in the local header where it is noticed.
    let mut add = |name: &str, trick: &str, at: usize, edit: fn(&mut Raw)| {
        let answer = format!("byte {}: this byte of a zip header is not as Jejak writes it", start + at);
        rows.add("operator", name, trick, &answer, honest.edited(|raws| edit(&mut raws[POLICY])));
    };
    add("encrypted", "a member that says it is encrypted", 6, |raw| raw.flags = 1);
    add("sizes-behind", "sizes that stand behind the content", 6, |raw| raw.flags = 8);
    add("name-in-utf8", "a name that says it is in UTF-8", 7, |raw| raw.flags = 0x800);
    add("stored", "a member that is not packed", 8, |raw| *raw = Raw::stored("policy", b"quorum none\n"));
    add("packed-by-others", "a way of packing that only others know", 8, |raw| raw.method = 93);
    add("time", "a member with a time", 11, |raw| raw.time = 0x6000);
    add("extra-field", "a member with an extra field", 28, |raw| raw.extra = b"up\x01\x00x".to_vec());
    add("extra-zip64", "a member with sizes for zip64", 28, |raw| {
        raw.extra = [&[1, 0, 16, 0][..], &[0; 16]].concat();
    });
    add("gap", "bytes between two members", 0, |raw| raw.before = b"gap".to_vec());
    rows.add(
        "operator",
        "checksum-other",
        "a member with another checksum",
        &format!("policy (from byte {start}): its content does not have the checksum that its header states"),
        honest.edited(|raws| raws[POLICY].checksum ^= 1),
    );
}

/// What stands before and behind the members.
fn around(honest: &Honest, rows: &mut Rows) {
    let mut add = |who: &str, name: &str, trick: &str, answer: &str, bytes: Vec<u8>| {
        rows.add(who, name, trick, answer, bytes);
    };
    const NO_BUNDLE: &str = "byte 0: this is no evidence bundle of Jejak";
    const DIRECTORY: &str = "this byte of the zip's directory is not what its members give";
    let (whole, sound) = (honest.written.as_slice(), honest.members.as_slice());
    add("forger", "empty", "an empty file", NO_BUNDLE, Vec::new());
    add("forger", "text", "a text", NO_BUNDLE, b"satu dua tiga empat lima enam tujuh".to_vec());
    add(
        "forger",
        "empty-zip",
        "a zip with nothing in it",
        "byte 2: this is no evidence bundle",
        archive(&[], b""),
    );
    add("forger", "script-in-front", "a script in front", NO_BUNDLE, [b"#!/bin/sh\n", whole].concat());
    add(
        "forger",
        "manifest-missing",
        "there is no manifest",
        "the members end after tile/entries/000.p/1 without a manifest",
        archive(sound, b""),
    );
    add(
        "forger",
        "overlap",
        "two members that overlap in the zip's directory",
        DIRECTORY,
        honest.altered(|raws| raws[POLICY].pointer = Some(0)),
    );
    add(
        "forger",
        "name-of-two",
        "another name in the zip's directory",
        DIRECTORY,
        honest.altered(|raws| raws[POLICY].alias = Some("Policy".to_owned())),
    );
    add("forger", "comment", "a zip with a comment", DIRECTORY, {
        let mut raws = sound.to_vec();
        raws.push(honest.manifest(sound));
        archive(&raws, b"comment")
    });
    const TRAILING: &str = "bytes follow the end of the evidence bundle";
    add("forger", "two-archives", "two bundles in one file", TRAILING, [whole, whole].concat());
    add("forger", "line-more", "a line behind the end", TRAILING, [whole, b"\n"].concat());
    add(
        "forger",
        "cut-short",
        "a file that ends in the middle",
        "the file is cut short here; ask for it again",
        whole[..whole.len() / 2].to_vec(),
    );
}

/// What anybody can try who has no key: alter a member, and leave the manifest.
fn members_altered(honest: &Honest, rows: &mut Rows) {
    for at in 0..honest.members.len() {
        let name = honest.members[at].name.clone();
        let called = name.split(['.', '/']).next().unwrap().to_lowercase();
        let called = if at == ENTRIES { "entries" } else { &called };
        let from = honest.start(at);
        rows.add(
            "forger",
            &format!("{called}-altered"),
            &format!("`{name}` is exchanged after the manifest was signed"),
            &format!(
                "{name} (from byte {from}): its content is not what the manifest was signed over: altered after"
            ),
            honest.altered(|raws| raws[at] = Raw::new(&name, b"Percayalah.\n")),
        );
    }
}

fn manifests(honest: &Honest, rows: &mut Rows) {
    let (sound, signer) = (honest.members.as_slice(), &honest.signer);
    let stranger = NoteSigner::new(signer.verifier_key().name(), &[8; 32]).unwrap();
    rows.add(
        "forger",
        "manifest-of-a-stranger",
        "everything is as it was, the manifest signed by somebody else",
        "the manifest is not signed by the registry, whose attestation key at size 1 is jejak.example/test/attestation+8185f32a+",
        honest.under(manifest(listed(sound), &stranger)),
    );
    rows.add(
        "forger",
        "manifest-signed-by-another-too",
        "somebody else signs the manifest beside the registry",
        "it has 2 signatures; a manifest has its registry's and no other",
        honest.under({
            let mut note = Note::new(listed(sound)).unwrap();
            note.add(signer.sign(&note)).unwrap();
            note.add(stranger.sign(&note)).unwrap();
            Raw::stored("manifest", note.to_string().as_bytes())
        }),
    );
    let mut add = |name: &str, trick: &str, answer: &str, manifest: Raw| {
        rows.add("operator", name, trick, answer, honest.under(manifest));
    };
    let with_lines = |edit: fn(&mut Vec<String>)| {
        let mut lines: Vec<String> = sound.iter().map(line).collect();
        edit(&mut lines);
        manifest(format!("jejak-bundle/0\n{}", lines.concat()), signer)
    };
    let unlisted = |at: usize| {
        let (name, start) = (&sound[at].name, honest.start(at));
        format!("{name} (from byte {start}): the manifest does not list it in this place")
    };
    add(
        "manifest-line-left-out",
        "the manifest does not list a member",
        &unlisted(CLAIM),
        with_lines(|lines| drop(lines.remove(CLAIM))),
    );
    add(
        "manifest-last-line-left-out",
        "the manifest does not list the last member",
        &unlisted(ENTRIES),
        with_lines(|lines| drop(lines.pop())),
    );
    add(
        "manifest-lines-swapped",
        "two lines of the manifest change places",
        &unlisted(POLICY),
        with_lines(|lines| lines.swap(POLICY, POLICY + 1)),
    );
    add(
        "manifest-line-more",
        "the manifest lists what is not there",
        "its line \"disclosures.jsonl\" belongs to nothing",
        with_lines(|lines| lines.push("disclosures.jsonl\n".to_owned())),
    );
    add(
        "manifest-no-note",
        "the manifest is no signed note",
        "is no signed note: the note does not end",
        Raw::stored("manifest", b"x"),
    );
    add(
        "manifest-of-another-format",
        "the manifest is of a format to come",
        "its format is \"jejak-bundle/9\"; this program reads jejak-bundle/0",
        manifest(listed(sound).replace("bundle/0", "bundle/9"), signer),
    );
}
