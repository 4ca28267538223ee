//! Writes the proof vectors in `events/vectors/`: `cargo run -p jejak-events --example proof_vectors`.
//!
//! Each file says what it holds, gives the inputs and the expected verdict: `accept` or the stable name of
//! the error. The verdicts are stated here by hand, never computed by the verifier that they test;
//! `tests/proof_vectors.rs` runs them.

use std::{error::Error, fs, path::Path};

use jejak_events::{
    prove::Prover,
    tile::{Tile, TileTree},
    tree::{Hash, leaf_hash},
};
use serde_json::{Value, json};

mod checkpoint;
mod edit;
mod merkle;
mod note;
mod policy;
mod tlog_proof;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const ACCEPT: &str = "accept";
const ORIGIN: &str = "jejak.example/registry";
const WITNESS: &str = "witness.example/w1";

fn main() -> Outcome {
    merkle::inclusion()?;
    merkle::consistency()?;
    note::write()?;
    checkpoint::write()?;
    policy::write()?;
    tlog_proof::write()
}

/// Writes the files of one folder; the folder is emptied first so that no forgotten file stays.
struct Folder {
    path: std::path::PathBuf,
}

impl Folder {
    fn new(name: &str) -> Outcome<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        Ok(Self { path })
    }

    fn write(&self, name: &str, description: &str, inputs: &Value, expect: &str) -> Outcome {
        let path = self.path.join(name).with_added_extension("json");
        if path.exists() {
            return Err(format!("two vectors are called {name}").into());
        }
        let vector = json!({ "description": description, "expect": expect, "inputs": inputs });
        Ok(fs::write(path, serde_json::to_string_pretty(&vector)? + "\n")?)
    }
}

/// Entry number `index` of the example log.
fn entry(index: u64) -> String {
    format!("entry {index}")
}

fn leaf(index: u64) -> Hash {
    leaf_hash(entry(index).as_bytes())
}

/// A prover for the example log of 700 entries.
fn prover() -> Prover<impl Fn(Tile) -> Result<Vec<u8>, String>> {
    const SIZE: u64 = 700;
    let mut tree = TileTree::new();
    let mut tiles: Vec<_> = (0..SIZE).flat_map(|index| tree.push(leaf(index))).collect();
    tiles.extend(tree.partial_tiles());
    Prover::new(SIZE, move |wanted: Tile| {
        let found = tiles.iter().find(|stored| stored.tile == wanted);
        found.map(|stored| stored.bytes.clone()).ok_or_else(|| format!("no {wanted}"))
    })
}

fn flipped(hash: &Hash) -> Hash {
    let mut hash = *hash;
    hash.0[31] ^= 1;
    hash
}
