//! Why no test provokes a message.
//!
//! A message that some test provokes may not stand here, nor one that the sources lack: both are found out.

use std::collections::BTreeMap;

use super::reasons_of_commands;

/// One reason and the messages it holds for, each by its English as `docs/messages.md` has it.
pub type Reason = (&'static str, &'static [&'static str]);

/// The reasons. Each says what would have to happen for the message to be said, and why no test can make it happen.
const REASONS: &[Reason] = &[
    (
        "sled must fail or panic at this very place, and where damage makes it do so depends on how it laid out its pages",
        &[
            "sled panicked",
            "sled reads bytes that it did not write",
            "sled refuses its own files",
            "sled panicked: {panic}",
            "the end of the key space",
            "the last chunk",
            "the log buffer",
            "open sled's db file to sync it",
            "sync sled's new files",
        ],
    ),
    (
        "no memory, or no further thread, must be left at this very moment; a test cannot bring that about for itself alone",
        &["decompress", "get memory to compress with", "start a thread"],
    ),
    (
        "every claim that is known reads back as it was written; this is what a field forgotten in writing would say",
        &["it reads back as another"],
    ),
    (
        "only a defect of this program would say it: what it made or drew itself a moment before would have to be wrong",
        &[
            "a constant of the program is out of bounds",
            "a made UUIDv7 does not read back",
            "cannot be written as JSON: {*0}",
            "describe",
            "no journal segment is open",
            "sealed values are disclosed by the process alone that holds the registry, which notes the look",
            "sealed values are opened by the process that writes alone, which notes the look",
            "not every event was answered",
            "that event 0 should name",
            "the audit statement cannot be signed: {*reason}",
            "the bundle was made and could not be verified: {*0}",
            "the cipher refused it",
            "the manifest cannot be signed: {*0}",
            "the page cannot be laid out: {*0}",
            "the views understand only the first {understood} of {read} events",
            "too many parts to be recorded",
            "type {name} does not belong to stream {subject}",
            "{member} cannot be deflated: {*reason}",
            "{name} at size {as_known}: rebuilt {rebuilt}, running {running}",
        ],
    ),
    (
        "only a defect in the script of the worked example would say it, and the tests run the whole script",
        &[
            "a claim of the worked example cannot be judged: {*0}",
            "a question of the worked example has no answer: {*0}",
            "proposal {number} of the worked example ({id}) was refused: {refusal}",
            "the release of {period} of the worked example was refused: {refusal}",
        ],
    ),
    (
        "the writer's thread would have to die in the middle of an answer, or fail to start; it dies only with its process",
        &[
            "start",
            "the registry did not answer line {line}; append the file again to learn what stands",
            "the store is closed",
            "it is not known whether the events were recorded ({*0}); reopen the registry and send them again: what stands in the log answers with its index",
            "the writer did not answer",
            "the writer ended before it answered",
            "the writer's thread",
            "cannot start the thread that reads the input: {*reason}",
        ],
    ),
    (
        "the bytes that were checked a moment before must change on the disk between two reads of one run",
        &[
            "changed while it was read: {*reason}",
            "events cannot be read, so the stored state cannot be compared",
            "compress",
            "index {index} was expected",
            "the compressed segment does not read back as it was written",
            "the proof was made and does not verify, so the log is damaged; run `jejak verify`: {*0}",
            "the receipt was made and does not check; run `jejak verify`: {*reason}",
            "the bundle was made and does not verify, so it is not handed out: {*a}",
            "failed to fill whole buffer",
            "unexpected end of file",
            "the store it was in is gone",
            "the stored events hash to root {replayed}, the tree to {root}",
            "{tile} is not what its events hash to",
        ],
    ),
    (
        "opening refuses such a log already, so that no examination of an open registry meets it; it stands there in case opening forgets",
        &[
            "the anchor names root {root} at size {anchored}, the log {own}",
            "the anchor says {anchored} events, the log holds {size}",
            "the vault ends within a frame; run `jejak recover`",
            "the views cannot be rebuilt",
            "the {purpose} key is not the one that the log names",
        ],
    ),
    (
        "it takes more bytes than a test can make: 65,534 members or 4 GiB of a bundle, 4 PiB of a document",
        &[
            "a bundle holds at most 65,534 members and 4 GiB, some 16.7 million events: there are more",
            "the document is too large",
            "the state is too large for its stored form",
        ],
    ),
    (
        "the system would have to refuse what it refuses nobody: the rights or the free space of what was made a moment before",
        &["ask for the free space of", "restrict", "sync the directory of"],
    ),
    (
        "the clock of the machine that runs the tests would have to stand before 1970",
        &["the clock is before 1970"],
    ),
    (
        "this program makes such a keys file never, and refuses one that lost a line before it looks for keys",
        &[
            "the keys file has no attestation key; start with an empty keys directory",
            "the keys file has no secret of the attestation key {*named}",
        ],
    ),
    (
        "the log was read and held against its own tree before; only a log that changes meanwhile could say it",
        &[
            "cannot put the proof together: {*0}",
            "entries before {before} make no bundle: {*source}; run `jejak verify`",
            "the entries before {before} make no entry bundle: {*source}; run `jejak verify`",
            "the entries of this log do not hash to its checkpoint of size {size}; run `jejak verify`",
        ],
    ),
    (
        "the store takes for its tip what its last chunk says, so that the two always agree, and a hole shows as the chunk behind it",
        &["it says that it holds {tip} positions, and holds {next}", "no chunk from there to {tip}"],
    ),
    (
        "it takes more distinct identifiers than 32 bits count: hundreds of gigabytes of facts",
        &["a part holds more than {limit} distinct {what}; make smaller parts"],
    ),
];

/// The reason by message.
pub fn reasons() -> BTreeMap<&'static str, &'static str> {
    let all = || REASONS.iter().chain(reasons_of_commands::REASONS);
    let each = all().flat_map(|(why, messages)| messages.iter().map(|message| (*message, *why)));
    let by_message: BTreeMap<_, _> = each.collect();
    let said: usize = all().map(|(_, messages)| messages.len()).sum();
    assert!(by_message.len() == said, "a message stands twice among the reasons");
    by_message
}
