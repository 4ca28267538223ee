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
        "only the system's source of random bytes can fail so, and no test can make it fail",
        &["the randomness of the system"],
    ),
    (
        "sled must fail or panic at this very place, and where damage makes it do so depends on how it laid out its pages",
        &[
            "sled panicked",
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
        &["get memory to compress with", "start a thread"],
    ),
    (
        "every claim that is known reads back as it was written; this is what a field forgotten in writing would say",
        &["it reads back as another"],
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
