//! Pages beside the one that every command has, and what is said of some.

use crate::cli::every::Call;

/// In forms of others, or for programs: lines are as wide as what they hold.
pub const OF_OTHERS: &[&str] = &[
    "append-json",
    "attach",
    "cosign",
    "log-checkpoint",
    "log-consistency",
    "log-export",
    "log-proof",
    "subject-export",
];

/// Pages on which characters of somebody's text are shown that would steer a terminal.
pub const STEERING: &[&str] = &[];

const IKM: &str = "ikm/c81ecdae-6b37-4cb0-8369-cc9e9af1bb3d";
/// Of whom a registration was taken back.
const RETRACTED: &str = "ikm/b76b4e80-f6b6-4bc4-8ed4-58f9522ef834";
const PERSON: &str = "person/aaddb81c-8dc0-4871-a77c-061fc334d45e";
const ERASED: &str = "person/6b6b249c-661b-4e76-afb3-30f81d88db66";
const PROGRAM: &str = "program/f0448d22-7a4f-4a4d-aee9-356133e0e457";
/// Suspended, then reinstated.
const CERTIFICATE: &str = "certificate/b1e29281-515f-480a-bd3b-bc620c784496";
const EXHIBITION: &str = "exhibition/3db200d1-5c70-47f7-8e7f-86c528609dde";
const SENTRA: &str = "sentra/2afbda55-e40d-47aa-a485-1ce4795db7e2";
const NOBODY: &str = "ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b";
const ON: &str = "2026-06-30";

/// Further pages.
pub const MORE: &[Call] = &[
    // Recording.
    ("demo-again", &["demo"], 0),
    ("demo-other", &["demo", "--dir", "empty"], 1),
    ("init-refused", &["init", "--origin", "jejak.example/new", "--source", "urn:jejak:33.75:dinas"], 1),
    (
        "init-synthetic",
        &[
            "init",
            "--dir",
            "new",
            "--origin",
            "jejak.example/new",
            "--source",
            "urn:jejak:33.75:dinas",
            "--synthetic",
        ],
        0,
    ),
    ("append-notices", &["append", "notices.jsonl", "--format", "table"], 0),
    ("append-faults", &["append", "faults.jsonl", "--format", "table"], 1),
    ("append-atomic", &["append", "faults.jsonl", "--atomic", "--format", "table"], 1),
    ("append-json", &["append", "notices.jsonl"], 0),
    ("append-nothing", &["append", "no-such-file.jsonl"], 2),
    (
        "attach-unknown",
        &[
            "attach",
            "--read",
            "00000000000000000000000000000000000000000000000000000000deadbeef",
            "-o",
            "out.jpg",
        ],
        1,
    ),
    // Streams.
    ("show-certificate", &["show", CERTIFICATE, "--on", ON], 0),
    ("show-person", &["show", PERSON, "--on", ON], 0),
    ("show-erased", &["show", ERASED, "--on", ON], 0),
    ("show-program", &["show", PROGRAM, "--on", ON], 0),
    ("show-exhibition", &["show", EXHIBITION, "--on", ON], 0),
    ("show-sentra", &["show", SENTRA, "--on", ON], 0),
    ("show-area", &["show", "area/33.75", "--on", ON], 0),
    ("show-registry", &["show", "registry", "--on", ON], 0),
    ("show-retracted", &["show", RETRACTED, "--on", ON], 0),
    ("show-names", &["show", IKM, "--on", ON, "--names", "--actor", "petugas-3"], 0),
    ("show-nobody", &["show", NOBODY, "--on", ON], 0),
    ("show-then", &["show", IKM, "--on", "2023-12-31", "--as-known", "537"], 0),
    ("show-no-such-size", &["show", IKM, "--on", "2023-12-31", "--as-known", "600"], 2),
    ("history-person", &["history", PERSON], 0),
    ("history-program", &["history", PROGRAM], 0),
    ("history-certificate", &["history", CERTIFICATE], 0),
    ("history-retracted", &["history", RETRACTED], 0),
    ("history-nobody", &["history", NOBODY], 0),
    ("find-person", &["find", "siti", "--actor", "petugas-3"], 0),
    ("find-more", &["find", "batik", "--limit", "3", "--actor", "petugas-3"], 0),
    ("find-nothing", &["find", "tidakadayangbegini"], 0),
    ("subject-show-person", &["subject", "show", PERSON, "--actor", "petugas-3"], 0),
    ("subject-show-erased", &["subject", "show", ERASED, "--actor", "petugas-3"], 0),
    ("subject-show-nobody", &["subject", "show", NOBODY, "--actor", "petugas-3"], 1),
    (
        "subject-erased",
        &["subject", "erase", PERSON, "--basis", "subject_request", "--actor", "petugas-3"],
        0,
    ),
    ("subject-erase-again", &["subject", "erase", ERASED, "--basis", "subject_request"], 1),
    // Figures.
    ("views-of-an-area", &["view", "--area", "33.75", "--on", ON], 0),
    ("view-period", &["view", "exhibited", "--area", "33", "--from", "2022-01-01", "--on", "2022-12-31"], 0),
    ("view-names", &["view", "green_certified", "--on", ON, "--list", "--names", "--actor", "petugas-3"], 0),
    ("view-list-sessions", &["view", "sessions_held", "--on", ON, "--list"], 0),
    ("view-list-nobody", &["view", "green_certified", "--on", "2020-01-01", "--list"], 0),
    ("view-theme", &["view", "trained", "--theme", "green_industry", "--on", ON], 0),
    ("view-unknown-theme", &["view", "trained", "--theme", "green_industri", "--on", ON], 0),
    ("view-scale", &["view", "registered", "--scale", "kecil", "--on", ON], 0),
    (
        "view-program",
        &["view", "enrolled", "--program", "f0448d22-7a4f-4a4d-aee9-356133e0e457", "--on", ON],
        0,
    ),
    ("view-attested", &["view", "welfare", "--on", ON, "--attested", "--actor", "statistik-1"], 0),
    (
        "view-compare-names",
        &[
            "view",
            "green_certified",
            "--on",
            ON,
            "--compare",
            "2026-03-31",
            "--names",
            "--actor",
            "petugas-3",
        ],
        0,
    ),
    ("view-compare-same", &["view", "registered", "--on", ON, "--compare", "1139"], 0),
    ("view-not-possible", &["view", "population", "--theme", "green_industry", "--on", ON], 2),
    ("view-unknown", &["view", "sertifikat"], 2),
    ("view-future", &["view", "registered", "--on", ON, "--as-known", "5000"], 2),
    ("due-area", &["due", "--area", "33.75", "--on", ON], 0),
    ("due-nothing", &["due", "--on", "2019-01-01"], 0),
    // Claims.
    (
        "claim-check-several",
        &[
            "claim",
            "check",
            "claims/mojokerto-1-weekday.toml",
            "claims/mojokerto-4-competence.toml",
            "claims/pekalongan-focus-2-waste.toml",
            "claims/semarang-2-population-small.toml",
            "claims/semarang-7-exhibition.toml",
            "claims/probolinggo-4-money.toml",
        ],
        1,
    ),
    ("claim-check-list", &["claim", "check", "claim.toml", "--list"], 0),
    ("claim-check-record", &["claim", "check", "claim.toml", "--record", "--actor", "petugas-3"], 0),
    ("claim-check-early", &["claim", "check", "claim.toml", "--as-known", "2021-12-31"], 1),
    ("claim-check-no-claim", &["claim", "check", "log.vkey"], 2),
    // Evidence.
    ("bundle-create-claim", &["bundle", "create", "--claim", "claim.toml", "-o", "new.zip"], 0),
    (
        "bundle-create-named",
        &[
            "bundle",
            "create",
            "--view",
            "green_certified",
            "--on",
            ON,
            "--disclose",
            "name",
            "--actor",
            "petugas-3",
            "-o",
            "new.zip",
        ],
        0,
    ),
    ("bundle-create-exists", &["bundle", "create", "--claim", "claim.toml", "-o", "bundle.zip"], 2),
    ("bundle-verify-claim", &["bundle", "verify", "claim.zip", "--log-vkey", "log.vkey"], 0),
    ("bundle-verify-named", &["bundle", "verify", "named.zip", "--log-vkey", "log.vkey"], 0),
    ("bundle-verify-no-key", &["bundle", "verify", "claim.zip"], 0),
    ("bundle-verify-foreign", &["bundle", "verify", "claim.zip", "--log-vkey", "empty.vkey"], 1),
    ("bundle-verify-altered", &["bundle", "verify", "altered.zip", "--log-vkey", "log.vkey"], 1),
    ("bundle-verify-rubbish", &["bundle", "verify", "scan.jpg", "--log-vkey", "log.vkey"], 1),
    ("receipt-named", &["receipt", "1125", "--disclose", "--actor", "petugas-3", "-o", "new.html"], 0),
    ("receipt-refused", &["receipt", "1", "--dir", "small", "-o", "new.html"], 1),
    ("receipt-void", &["receipt", "1", "--dir", "small", "--void", "-o", "new.html"], 0),
    ("receipt-none", &["receipt", "5000", "-o", "new.html"], 2),
    ("receipt-verify-named", &["receipt", "verify", "named.html", "--log-vkey", "log.vkey"], 0),
    ("receipt-verify-altered", &["receipt", "verify", "altered.html", "--log-vkey", "log.vkey"], 1),
    ("receipt-verify-foreign", &["receipt", "verify", "receipt.html", "--log-vkey", "empty.vkey"], 1),
    ("release-recorded", &["release", "--period", "2025", "--actor", "statistik-1"], 0),
    ("release-too-early", &["release", "--period", "2026", "--actor", "statistik-1"], 1),
    ("release-of-nothing", &["release", "--period", "2010", "--actor", "statistik-1"], 1),
    ("release-by-nobody", &["release", "--period", "2025"], 2),
    // The log.
    ("log-vkey-all", &["log", "vkey", "--all"], 0),
    ("log-tiles-again", &["log", "tiles", "tree"], 0),
    ("log-tiles-lost", &["log", "tiles", "lost"], 0),
    ("log-proof-none", &["log", "proof", "5000"], 2),
    ("log-consistency-foreign", &["log", "consistency", "empty.vkey"], 1),
    ("rebuild-one", &["rebuild", "export_trained"], 0),
    ("verify-cut", &["verify", "--dir", "cut"], 0),
    ("recover-cut", &["recover", "--dir", "cut"], 0),
    ("audit-no-key", &["audit", "data"], 0),
    ("audit-foreign", &["audit", "data", "--log-vkey", "empty.vkey"], 1),
    ("audit-tree", &["audit", "tree", "--log-vkey", "log.vkey"], 0),
    ("audit-bundle", &["audit", "claim.zip", "--log-vkey", "log.vkey"], 0),
    ("audit-lost", &["audit", "lost", "--log-vkey", "log.vkey"], 1),
    ("audit-nothing", &["audit", "claims", "--log-vkey", "log.vkey"], 1),
    // A registry without events.
    ("empty-views", &["view", "--dir", "empty", "--on", ON], 0),
    ("empty-view", &["view", "green_certified", "--dir", "empty", "--on", ON], 0),
    ("empty-due", &["due", "--dir", "empty", "--on", ON], 0),
    ("empty-find", &["find", "batik", "--dir", "empty"], 0),
    ("empty-show", &["show", "registry", "--dir", "empty"], 0),
    ("empty-claim", &["claim", "check", "claim.toml", "--dir", "empty"], 1),
    ("empty-release", &["release", "--period", "2025", "--actor", "statistik-1", "--dir", "empty"], 1),
    ("empty-verify", &["verify", "--dir", "empty"], 0),
    ("empty-audit", &["audit", "empty", "--log-vkey", "empty.vkey"], 0),
    // Called wrongly.
    ("wrong-no-registry", &["view", "--dir", "nowhere"], 2),
    ("wrong-command", &["vieuw"], 2),
    ("wrong-flag", &["view", "--wilayah", "33.75"], 2),
    ("wrong-nothing", &[], 2),
    ("wrong-missing", &["receipt", "1"], 2),
    ("wrong-form", &["receipt", "1", "-o", "new.html", "--format", "csv"], 2),
    ("wrong-area", &["view", "registered", "--area", "33.99"], 2),
    ("wrong-date", &["view", "registered", "--on", "30/06/2026"], 2),
    ("wrong-subject", &["show", "batik"], 2),
    ("wrong-actor", &["view", "green_certified", "--list", "--names", "--actor", "Siti Aminah"], 2),
];
