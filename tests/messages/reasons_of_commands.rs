//! Why no test provokes a message of a command, as [`super::reasons`] has them for the rest.

use super::reasons::Reason;

/// The reasons.
pub const REASONS: &[Reason] = &[
    (
        "the list behind an answer must be longer than a bundle takes, some hundred thousand events; no test makes so many",
        &[
            "too many events are behind the answer to disclose values of all; ask more narrowly, for example of one area",
        ],
    ),
    (
        "an archive without entries is refused before: its manifest stands right behind them",
        &["there are no events in the bundle"],
    ),
    (
        "a second reading stops there; what the first one found damaged is told instead",
        &["its vault frames are damaged in the vault file and in the store"],
    ),
    (
        "standard output takes everything and remembers what was not written, which the end of the command tells; only what \
         cannot be serialised would say it",
        &["cannot write the output as CSV", "cannot write the output: {*reason}"],
    ),
    (
        "stands beside the bar of work that takes more than a second, on a terminal alone",
        &[
            "appending",
            "attaching",
            "auditing",
            "checking",
            "filling the example",
            "finding days",
            "finding events",
            "making",
            "opening",
            "publishing",
            "reading",
            "rebuilding",
            "recovering",
        ],
    ),
    (
        "the parser of arguments asks for one of them before the command begins",
        &["give --claim, --view or --release", "name a file to attach", "name an index and -o FILE"],
    ),
    (
        "only a fault of this program, or of the disk between writing and reading back, makes it: what is handed out \
         is what was just counted",
        &["the bundle was not handed out, because it does not verify: {}", "DIFFERS"],
    ),
    (
        "a bundle of 4 GiB; no test makes one",
        &["more than 65,534 members or 4 GiB: not possible in an evidence bundle"],
    ),
    (
        "opening the registry makes a missing or damaged handover again before anything is published",
        &[
            "jejak: the handover at size {size} is missing or damaged and was not published; see `jejak verify`",
        ],
    ),
    (
        "takes more answers than a command gives up after, on a log of many thousand events; \
         `projections/tests/all/compare.rs` holds what it reports",
        &["{asked} answers in between did not find every event; a..b means: one or more of those"],
    ),
    (
        "takes changes on many days over more than a year; `projections/tests/all/compare_days.rs` holds what it reports",
        &[
            "{asked} answers in between did not find every day; the change is on one or more of those named; compare days \
             that lie closer to find it",
        ],
    ),
    (
        "the command before refuses what would lead to it: no manifest is looked at before event 0 was replayed",
        &["event 0 names nobody's keys"],
    ),
    (
        "the layout of the archive asks for the first entries before the manifest",
        &["there are no events in it"],
    ),
    (
        "the clock was believed when the erasure was requested, a moment before",
        &[
            "destroyed: requested in event {requested}; that it is done is recorded once the clock can be believed",
        ],
    ),
];
