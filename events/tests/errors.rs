//! What the errors say that no vector and no line of a file provokes, in both languages: `errors.json`.
//!
//! After a wanted change: `JEJAK_BLESS=1 cargo test -p jejak-events --test errors`; then read the difference.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Display;

use jejak_events::audit_statement::{AuditStatement, CountedView};
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::fault::Message;
use jejak_events::identity::ActorKind;
use jejak_events::note::{Algorithm, Note, NoteSigner};
use jejak_events::prove::Prover;
use jejak_events::scale;
use jejak_events::signing_key::{SigningKey, text};
use jejak_events::tile::{Tile, TileTree};
use jejak_events::translation::{indonesian, is_known};
use jejak_events::tree::{Hash, leaf_hash};
use jejak_events::types::ikm::Kbli;
use jejak_events::values::{Count, Date, Rupiah, Sha256Hex};
use serde::Deserializer as _;
use serde::de::Visitor;
use serde_json::{Value, json};

/// What was said, by case.
#[derive(Default)]
struct Said(BTreeMap<String, Value>);

impl Said {
    fn take(&mut self, case: &str, error: impl Display) {
        let en = error.to_string();
        assert!(is_known(&en), "{case}: no Indonesian for {en}");
        let before = self.0.insert(case.to_owned(), json!({"id": indonesian(&en), "en": en}));
        assert!(before.is_none(), "two cases are named {case}");
    }
}

fn statements(said: &mut Said) {
    let signer = NoteSigner::new("auditor.example/statement", &[7; 32]).unwrap();
    let view = |name: &str, byte: &str| {
        let digest = Sha256Hex::parse(&byte.repeat(32)).unwrap();
        CountedView { name: name.into(), version: 1, digest }
    };
    let statement = AuditStatement {
        origin: "jejak.example/demo".into(),
        size: 1126,
        root: Hash([3; 32]),
        on: Date::parse("2026-06-30").unwrap(),
        views: vec![view("assessed", "01"), view("trained", "02")],
    };
    let good = statement.to_string();
    for (case, from, to) in [
        ("statement: another version", "statement v1", "statement v2"),
        ("statement: no origin", "origin jejak", "jejak"),
        ("statement: size", "size 1126", "size 01126"),
        ("statement: root", "root AwMD", "root _AwMD"),
        ("statement: day", "2026-06-30", "2026-06-31"),
        ("statement: view", "view trained 1", "view trained"),
        ("statement: views out of order", "view trained", "view above"),
    ] {
        assert_eq!(good.matches(from).count(), 1, "{from}");
        let mut note = Note::new(good.replace(from, to)).unwrap();
        note.add(signer.sign(&note)).unwrap();
        let opened = AuditStatement::open(note.to_string().as_bytes(), signer.verifier_key());
        said.take(case, opened.unwrap_err());
    }
    let mut broken = statement.clone();
    broken.origin = "jejak.example\t/demo".into();
    said.take("statement: cannot be a note", broken.sign(&signer).unwrap_err());
    let witness = CosignatureSigner::new("auditor.example/w", &[7; 32]).unwrap();
    said.take("statement: a witness's key", AuditStatement::open(b"x", witness.verifier_key()).unwrap_err());
}

fn secret_keys(said: &mut Said) {
    let good = text("auditor.example/a", Algorithm::Ed25519, &[7; 32]).unwrap();
    let another_type = text("a", Algorithm::Ed25519, &[7; 32]).unwrap().replace("+AQcH", "+BgcH");
    for (case, wrong) in [
        ("secret key: a public one", good.replace("PRIVATE", "PUBLIC")),
        ("secret key: another name", good.replace("example/a", "example/b")),
        ("secret key: another type", another_type),
    ] {
        said.take(case, SigningKey::parse(&wrong).unwrap_err());
    }
    said.take("secret key: name", text("a b", Algorithm::Ed25519, &[7; 32]).unwrap_err());
}

fn tiles(said: &mut Said) {
    said.take("tile: level", Tile::new(64, 0, 1).unwrap_err());
    said.take("tile: width", Tile::new(0, 0, 257).unwrap_err());
    said.take("tile: path", "tile/0/67".parse::<Tile>().unwrap_err());
    let mut tree = TileTree::new();
    let mut full = Vec::new();
    for index in 0..600_u64 {
        full.extend(tree.push(leaf_hash(&index.to_be_bytes())));
    }
    let stored = |tile: Tile| {
        let found = full.iter().find(|full| full.tile == tile).map(|full| full.bytes.clone());
        found.ok_or_else(|| "it is missing".to_owned())
    };
    let leaves = tree.edge_leaves();
    said.take("tree: leaves", TileTree::restore(600, &leaves[1..], &stored).unwrap_err());
    said.take("tree: a tile is missing", TileTree::restore(856, leaves, &stored).unwrap_err());
    let cut = |_| Ok::<_, String>(vec![0; 8191]);
    said.take("tree: a tile is cut", TileTree::restore(600, leaves, &cut).unwrap_err());
    let mut prover = Prover::of_tree(&tree, stored);
    said.take("proof: beyond the tree", prover.root_at(601).unwrap_err());
    said.take("proof: of the empty tree", prover.inclusion(0, 0).unwrap_err());
    said.take("proof: index", prover.inclusion(600, 600).unwrap_err());
    said.take("proof: sizes", prover.consistency(6, 5).unwrap_err());
    let mut blind = Prover::new(600, |_: Tile| Err::<Vec<u8>, _>("it is missing".to_owned()));
    said.take("proof: no tile", blind.root_at(600).unwrap_err());
}

/// What serde says of values that our own readers never hand it, said anew.
fn serde(said: &mut Said) {
    let mut take = |case: &str, error: serde_json::Error| {
        let Message { id, en } = Message::from_serde(&error.to_string());
        said.0.insert(format!("serde: {case}"), json!({"id": id, "en": en}));
    };
    take("two of one", serde_json::from_value::<ActorKind>(json!({"a": 1, "b": 2})).unwrap_err());
    take("no word", serde_json::from_value::<ActorKind>(json!(5)).unwrap_err());
    take("twice", serde_json::from_str::<Kbli>(r#"{"code":"13134","code":"13134"}"#).unwrap_err());
    take("too few", serde_json::from_value::<(u8, u8)>(json!([1])).unwrap_err());
    take("nothing of ours", serde_json::from_value::<Result<u8, u8>>(json!("Ok")).unwrap_err());
    struct Both;
    impl Visitor<'_> for Both {
        type Value = ();
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{}", Message::new("tulis satu hari", "write one day"))
        }
    }
    take("both languages", json!(5).deserialize_any(Both).unwrap_err());
    let bytes = serde_json::from_slice::<Value>(b"{\"a\":\"\xff\"}").unwrap_err();
    take("no Unicode", bytes);
    take("more behind it", serde_json::from_str::<Value>("{} x").unwrap_err());
}

fn sizes(said: &mut Said) {
    let refusal = scale::derive(Count::new(20), Rupiah::new(15_000_000_001)).unwrap_err();
    let row = json!({"id": refusal.message.id, "en": refusal.message.en});
    said.0.insert("scale: no IKM".to_owned(), row);
}

#[test]
fn each_error_is_said_in_these_words() {
    let mut said = Said::default();
    statements(&mut said);
    secret_keys(&mut said);
    tiles(&mut said);
    sizes(&mut said);
    serde(&mut said);
    let path = support::crate_dir().join("tests/errors.json");
    support::check_file(&path, &support::pretty(&json!(said.0)));
}
