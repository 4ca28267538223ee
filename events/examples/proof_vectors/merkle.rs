//! Inclusion and consistency proofs.

use jejak_events::tree::{Hash, empty_root, leaf_hash};
use serde_json::{Value, json};

use crate::{ACCEPT, Folder, Outcome, flipped, leaf, prover};

fn texts(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(Hash::to_string).collect()
}

/// A proof's hashes, wrong in every way that does not depend on its kind, with the verdict.
fn wrong_hashes(hashes: &[Hash]) -> Vec<(String, Vec<Hash>, &'static str)> {
    let extra = leaf_hash(b"extra");
    let all = |before: &[Hash], after: &[Hash]| [before, hashes, after].concat();
    let mut wrong = vec![
        ("extra-hash-at-end".to_owned(), all(&[], &[extra]), "proof_too_long"),
        ("extra-hash-at-start".to_owned(), all(&[extra], &[]), "proof_too_long"),
    ];
    if let (Some((first, after_first)), Some((last, before_last))) =
        (hashes.split_first(), hashes.split_last())
    {
        wrong.push(("first-hash-missing".to_owned(), after_first.to_vec(), "proof_too_short"));
        wrong.push(("first-hash-twice".to_owned(), all(&[*first], &[]), "proof_too_long"));
        wrong.push(("last-hash-twice".to_owned(), all(&[], &[*last]), "proof_too_long"));
        if hashes.len() > 1 {
            wrong.push(("last-hash-missing".to_owned(), before_last.to_vec(), "proof_too_short"));
            wrong.push(("no-hashes".to_owned(), Vec::new(), "proof_too_short"));
        }
    }
    wrong
}

pub fn inclusion() -> Outcome {
    let folder = Folder::new("inclusion")?;
    let mut prover = prover();
    for (index, size) in
        [(0, 1), (0, 2), (1, 2), (2, 3), (4, 5), (5, 7), (3, 8), (6, 13), (255, 256), (256, 257), (300, 700)]
    {
        let root = prover.root_at(size)?;
        let hashes = prover.inclusion(index, size)?.hashes;
        let place = format!("{index}-of-{size}");
        let inputs = |index: u64, size: u64, leaf: &Hash, root: &Hash, hashes: &[Hash]| {
            json!({ "index": index, "size": size, "leaf": leaf.to_string(), "root": root.to_string(),
                    "hashes": texts(hashes) })
        };
        let write = |name: &str, inputs: &Value, expect: &str| {
            let description =
                format!("inclusion of index {index} in size {size}: {}", name.replace('-', " "));
            folder.write(&format!("{place}-{name}"), &description, inputs, expect)
        };
        let own = leaf(index);
        write("good", &inputs(index, size, &own, &root, &hashes), ACCEPT)?;
        for (name, wrong, expect) in wrong_hashes(&hashes) {
            write(&name, &inputs(index, size, &own, &root, &wrong), expect)?;
        }
        for position in 0..hashes.len() {
            let mut wrong = hashes.clone();
            wrong[position] = flipped(&wrong[position]);
            let name = format!("flipped-bit-in-hash-{position}");
            write(&name, &inputs(index, size, &own, &root, &wrong), "root_mismatch")?;
            if position > 0 {
                let mut wrong = hashes.clone();
                wrong.swap(position - 1, position);
                let name = format!("hashes-{}-and-{position}-swapped", position - 1);
                write(&name, &inputs(index, size, &own, &root, &wrong), "root_mismatch")?;
            }
        }
        let mismatch = "root_mismatch";
        write("flipped-bit-in-leaf", &inputs(index, size, &flipped(&own), &root, &hashes), mismatch)?;
        write("flipped-bit-in-root", &inputs(index, size, &own, &flipped(&root), &hashes), mismatch)?;
        write("other-leaf", &inputs(index, size, &leaf(index + 1), &root, &hashes), mismatch)?;
        let other_root = prover.root_at(size - 1)?;
        write("root-of-size-before", &inputs(index, size, &own, &other_root, &hashes), mismatch)?;
        write("root-of-empty-tree", &inputs(index, size, &own, &empty_root(), &hashes), mismatch)?;
        write("index-is-size", &inputs(size, size, &own, &root, &hashes), "index_beyond_tree")?;
        write("index-is-largest", &inputs(u64::MAX, size, &own, &root, &hashes), "index_beyond_tree")?;
        write("size-zero", &inputs(index, 0, &own, &root, &hashes), "empty_tree")?;
        // What a number off by one does depends on the shape of the tree.
        match (index, size) {
            (5, 7) => {
                write("index-minus-one", &inputs(4, 7, &own, &root, &hashes), mismatch)?;
                write("index-plus-one", &inputs(6, 7, &own, &root, &hashes), "proof_too_long")?;
                write("size-minus-one", &inputs(5, 6, &own, &root, &hashes), "proof_too_long")?;
                write("size-plus-two", &inputs(5, 9, &own, &root, &hashes), "proof_too_short")?;
                let node_as_leaf = inputs(2, 4, &leaf_hash(own.0.as_slice()), &root, &hashes[1..]);
                write("node-passed-off-as-leaf", &node_as_leaf, mismatch)?;
            }
            (3, 8) => {
                write("index-minus-one", &inputs(2, 8, &own, &root, &hashes), mismatch)?;
                write("index-plus-one", &inputs(4, 8, &own, &root, &hashes), mismatch)?;
                write("size-minus-four", &inputs(3, 4, &own, &root, &hashes), "proof_too_long")?;
                write("size-plus-one", &inputs(3, 9, &own, &root, &hashes), "proof_too_short")?;
            }
            (256, 257) => {
                write("size-plus-one", &inputs(256, 258, &own, &root, &hashes), "proof_too_short")?;
                write("index-minus-one", &inputs(255, 257, &own, &root, &hashes), "proof_too_short")?;
            }
            _ => {}
        }
    }
    Ok(())
}

pub fn consistency() -> Outcome {
    let folder = Folder::new("consistency")?;
    let mut prover = prover();
    // With each pair: which root each hash of the proof goes into: both (`old`) or the new one only.
    for (old_size, new_size, parts) in [
        (1, 2, ["new"].as_slice()),
        (1, 8, &["new", "new", "new"]),
        (3, 4, &["old", "new", "old"]),
        (3, 7, &["old", "new", "old", "new"]),
        (4, 7, &["new"]),
        (6, 8, &["old", "new", "old"]),
        (6, 7, &["old", "new", "old"]),
        (256, 700, &["new", "new"]),
        (257, 258, &["old", "new", "old"]),
        (7, 7, &[]),
    ] {
        let (old_root, new_root) = (prover.root_at(old_size)?, prover.root_at(new_size)?);
        let hashes = prover.consistency(old_size, new_size)?.hashes;
        let sizes = format!("{old_size}-to-{new_size}");
        let inputs = |old_size: u64, new_size: u64, old_root: &Hash, new_root: &Hash, hashes: &[Hash]| {
            json!({ "old_size": old_size, "new_size": new_size, "old_root": old_root.to_string(),
                    "new_root": new_root.to_string(), "hashes": texts(hashes) })
        };
        let write = |name: &str, inputs: &Value, expect: &str| {
            let description = format!("size {old_size} to size {new_size}: {}", name.replace('-', " "));
            folder.write(&format!("{sizes}-{name}"), &description, inputs, expect)
        };
        write("good", &inputs(old_size, new_size, &old_root, &new_root, &hashes), ACCEPT)?;
        for (name, wrong, expect) in wrong_hashes(&hashes) {
            write(&name, &inputs(old_size, new_size, &old_root, &new_root, &wrong), expect)?;
        }
        if parts.len() != hashes.len() {
            return Err(format!("{sizes} has {} hashes", hashes.len()).into());
        }
        for (position, part) in parts.iter().enumerate() {
            let mut wrong = hashes.clone();
            wrong[position] = flipped(&wrong[position]);
            let expect = if *part == "old" { "old_root_mismatch" } else { "new_root_mismatch" };
            let name = format!("flipped-bit-in-hash-{position}");
            write(&name, &inputs(old_size, new_size, &old_root, &new_root, &wrong), expect)?;
        }
        // When the old tree is perfect its root is not computed but taken as given, so that a wrong one
        // shows in the new root. The same when both trees are one.
        let given = old_size.is_power_of_two() || old_size == new_size;
        let old_mismatch = if given { "new_root_mismatch" } else { "old_root_mismatch" };
        let wrong_old = inputs(old_size, new_size, &flipped(&old_root), &new_root, &hashes);
        write("flipped-bit-in-old-root", &wrong_old, old_mismatch)?;
        let wrong_new = inputs(old_size, new_size, &old_root, &flipped(&new_root), &hashes);
        write("flipped-bit-in-new-root", &wrong_new, "new_root_mismatch")?;
        let earlier_root = prover.root_at(new_size - 1)?;
        if new_size - 1 != old_size {
            let wrong = inputs(old_size, new_size, &old_root, &earlier_root, &hashes);
            write("new-root-of-size-before", &wrong, "new_root_mismatch")?;
        }
        if old_size != new_size {
            let swapped = inputs(old_size, new_size, &new_root, &old_root, &hashes);
            write("roots-swapped", &swapped, old_mismatch)?;
            let shrunk = inputs(new_size, old_size, &new_root, &old_root, &hashes);
            write("sizes-swapped", &shrunk, "old_larger_than_new")?;
            let equal = inputs(new_size, new_size, &old_root, &new_root, &hashes);
            write("old-size-is-new-size", &equal, "proof_too_long")?;
        }
        let from_empty = inputs(0, new_size, &empty_root(), &new_root, &[]);
        write("old-size-zero", &from_empty, "empty_tree")?;
        write("both-sizes-zero", &inputs(0, 0, &empty_root(), &empty_root(), &[]), "empty_tree")?;
    }
    Ok(())
}
