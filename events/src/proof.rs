//! Inclusion and consistency proofs of RFC 6962 (section 2.1) and their verification as RFC 9162
//! (sections 2.1.3.2 and 2.1.4.2) describes it.
//!
//! What a verifier learns. From an *inclusion proof*: the tree under this root has this leaf at this
//! index. From a *consistency proof*: the tree under the new root begins with exactly the leaves of the
//! tree under the old root. It does not learn that a root is the log's (a signed
//! [checkpoint](crate::checkpoint) says that), that others are shown the same root (cosignatures say
//! that), or that what a leaf states is true.
//!
//! A proof alone does not bind the size: the hashes that prove index 5 in size 7 lead to the same root when
//! read as a proof for size 8. Take size and root together from one signed checkpoint.
//!
//! This module must never accept on a mismatch of any kind: a proof has exactly the length that index and
//! sizes demand, and there is no default for an empty tree.

use crate::tree::{Hash, node_hash};

#[cfg(test)]
mod tests;

/// Why a proof was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// A size is 0: the empty tree has no leaf to prove, and every tree extends it, so there is nothing
    /// that a proof could say.
    #[error("nothing can be proven about the empty tree: ask for a size of 1 or more")]
    EmptyTree,
    /// The leaf would lie outside the tree.
    #[error("index {index} is outside a tree of {size} leaves: indexes run from 0 to size - 1")]
    IndexBeyondTree {
        /// Index of the leaf.
        index: u64,
        /// Leaves in the tree.
        size: u64,
    },
    /// The old tree would be larger than the new one.
    #[error("the old size {old_size} is larger than the new size {new_size}: a log never shrinks")]
    OldLargerThanNew {
        /// Leaves in the old tree.
        old_size: u64,
        /// Leaves in the new tree.
        new_size: u64,
    },
    /// The proof has too few hashes.
    #[error("the proof has {found} hashes, it needs {wanted}: it is cut short or for another size")]
    TooShort {
        /// Hashes that index and sizes demand.
        wanted: usize,
        /// Hashes in the proof.
        found: usize,
    },
    /// The proof has too many hashes.
    #[error("the proof has {found} hashes, it needs only {wanted}: it is padded or for another size")]
    TooLong {
        /// Hashes that index and sizes demand.
        wanted: usize,
        /// Hashes in the proof.
        found: usize,
    },
    /// The proof leads to another root.
    #[error("leaf and proof lead to root {found}, expected {wanted}: leaf, index, size or a hash is wrong")]
    RootMismatch {
        /// The root that was to be reached.
        wanted: Hash,
        /// The root that was reached.
        found: Hash,
    },
    /// The consistency proof leads to another old root.
    #[error("the proof leads to old root {found}, expected {wanted}: the histories differ or it is altered")]
    OldRootMismatch {
        /// The old root that was to be reached.
        wanted: Hash,
        /// The old root that was reached.
        found: Hash,
    },
    /// The consistency proof leads to another new root.
    #[error("the proof leads to new root {found}, expected {wanted}: the histories differ or it is altered")]
    NewRootMismatch {
        /// The new root that was to be reached.
        wanted: Hash,
        /// The new root that was reached.
        found: Hash,
    },
}

impl ProofError {
    /// The stable name of this error, for test vectors and machine-readable output.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::EmptyTree => "empty_tree",
            Self::IndexBeyondTree { .. } => "index_beyond_tree",
            Self::OldLargerThanNew { .. } => "old_larger_than_new",
            Self::TooShort { .. } => "proof_too_short",
            Self::TooLong { .. } => "proof_too_long",
            Self::RootMismatch { .. } => "root_mismatch",
            Self::OldRootMismatch { .. } => "old_root_mismatch",
            Self::NewRootMismatch { .. } => "new_root_mismatch",
        }
    }
}

/// Proof that a tree of `size` leaves has a given leaf at `index`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// Index of the leaf, from 0.
    pub index: u64,
    /// Leaves in the tree.
    pub size: u64,
    /// The sibling hashes from the leaf upward.
    pub hashes: Vec<Hash>,
}

impl InclusionProof {
    /// Checks that `leaf` (a [`crate::tree::leaf_hash`]) stands at the index under `root`.
    ///
    /// # Errors
    /// [`ProofError`], in this order: empty tree, index, length, root.
    pub fn verify(&self, leaf: &Hash, root: &Hash) -> Result<(), ProofError> {
        let found = self.root(leaf)?;
        if found == *root { Ok(()) } else { Err(ProofError::RootMismatch { wanted: *root, found }) }
    }

    /// The root that leaf and proof lead to. It means nothing until it is compared with a trusted one.
    ///
    /// # Errors
    /// [`ProofError`], in this order: empty tree, index, length.
    pub fn root(&self, leaf: &Hash) -> Result<Hash, ProofError> {
        let wanted = inclusion_length(self.index, self.size)?;
        check_length(wanted, self.hashes.len())?;
        // `node` and `last` are the positions, within the current row, of the node on the leaf's path
        // and of the row's last node.
        let (mut node, mut last) = (self.index, self.size - 1);
        let mut root = *leaf;
        for sibling in &self.hashes {
            if node % 2 == 1 || node == last {
                root = node_hash(sibling, &root);
                // A last node without a sibling is carried up unchanged, row by row.
                let rows = node.trailing_zeros();
                node = shift_right(node, rows);
                last = shift_right(last, rows);
            } else {
                root = node_hash(&root, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        Ok(root)
    }
}

/// Number of hashes in the inclusion proof of `index` in a tree of `size` leaves.
///
/// # Errors
/// [`ProofError::EmptyTree`], [`ProofError::IndexBeyondTree`].
pub fn inclusion_length(index: u64, size: u64) -> Result<usize, ProofError> {
    if size == 0 {
        return Err(ProofError::EmptyTree);
    }
    if index >= size {
        return Err(ProofError::IndexBeyondTree { index, size });
    }
    // Up to the row where the leaf's path meets the right edge there is a sibling in every row; from
    // there on only to the left, one for each one bit.
    let meeting_row = bit_length(index ^ (size - 1));
    Ok((meeting_row + shift_right(index, meeting_row).count_ones()) as usize)
}

/// Proof that the tree of `new_size` leaves begins with the tree of `old_size` leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Leaves in the old tree, 1 or more.
    pub old_size: u64,
    /// Leaves in the new tree, at least as many.
    pub new_size: u64,
    /// The hashes in the order of RFC 6962, section 2.1.2; none when the sizes are equal.
    pub hashes: Vec<Hash>,
}

impl ConsistencyProof {
    /// Checks that the tree under `new_root` extends the tree under `old_root`.
    ///
    /// # Errors
    /// [`ProofError`], in this order: empty tree, sizes, length, old root, new root.
    pub fn verify(&self, old_root: &Hash, new_root: &Hash) -> Result<(), ProofError> {
        let wanted = consistency_length(self.old_size, self.new_size)?;
        check_length(wanted, self.hashes.len())?;
        let (old_found, new_found) = self.roots(old_root);
        if old_found != *old_root {
            return Err(ProofError::OldRootMismatch { wanted: *old_root, found: old_found });
        }
        if new_found != *new_root {
            return Err(ProofError::NewRootMismatch { wanted: *new_root, found: new_found });
        }
        Ok(())
    }

    /// The old and the new root that a proof of the right length leads to.
    fn roots(&self, old_root: &Hash) -> (Hash, Hash) {
        let (mut node, mut last) = (self.old_size - 1, self.new_size - 1);
        // Start at the largest complete subtree that ends the old tree.
        let rows = node.trailing_ones();
        node = shift_right(node, rows);
        last = shift_right(last, rows);
        let mut hashes = self.hashes.iter();
        // When the old tree is perfect that subtree is the old tree itself and is left out of the proof.
        let start = if node == 0 { old_root } else { hashes.next().unwrap_or(old_root) };
        let (mut old_found, mut new_found) = (*start, *start);
        for sibling in hashes {
            if node % 2 == 1 || node == last {
                old_found = node_hash(sibling, &old_found);
                new_found = node_hash(sibling, &new_found);
                let rows = node.trailing_zeros();
                node = shift_right(node, rows);
                last = shift_right(last, rows);
            } else {
                new_found = node_hash(&new_found, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        (old_found, new_found)
    }
}

/// Number of hashes in the consistency proof between two sizes.
///
/// # Errors
/// [`ProofError::EmptyTree`], [`ProofError::OldLargerThanNew`].
pub fn consistency_length(old_size: u64, new_size: u64) -> Result<usize, ProofError> {
    if old_size > new_size {
        return Err(ProofError::OldLargerThanNew { old_size, new_size });
    }
    if old_size == 0 {
        return Err(ProofError::EmptyTree);
    }
    if old_size == new_size {
        return Ok(0);
    }
    // The path of the old tree's last leaf, without the rows below its last complete subtree; that
    // subtree's own hash comes first unless it is the whole old tree.
    let rows = old_size.trailing_zeros() as usize;
    let start = usize::from(!old_size.is_power_of_two());
    Ok(inclusion_length(old_size - 1, new_size)? - rows + start)
}

fn check_length(wanted: usize, found: usize) -> Result<(), ProofError> {
    match found.cmp(&wanted) {
        std::cmp::Ordering::Less => Err(ProofError::TooShort { wanted, found }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(ProofError::TooLong { wanted, found }),
    }
}

/// Number of bits up to the highest one bit; 0 for 0.
fn bit_length(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}

/// Shift that gives 0 for 64 bits and more instead of overflowing.
fn shift_right(value: u64, bits: u32) -> u64 {
    value.checked_shr(bits).unwrap_or(0)
}
