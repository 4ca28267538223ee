//! Merkle tree hashing of RFC 6962, section 2.1.
//!
//! A leaf is `SHA-256(0x00 ‖ leaf bytes)`, a node is `SHA-256(0x01 ‖ left ‖ right)`, the root of the
//! empty tree is the SHA-256 of nothing. This module must never look inside a leaf.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// A SHA-256 hash: of a leaf, of a node, or the root of a tree. Printed as standard base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Reads the standard base64 form (44 characters with padding) that checkpoints use.
    /// Returns `None` for any other text.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// Hash of one leaf: `SHA-256(0x00 ‖ bytes)`.
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x00]);
    hasher.update(bytes);
    Hash(hasher.finalize().into())
}

/// Hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut message = [0x01; 65];
    message[1..33].copy_from_slice(&left.0);
    message[33..].copy_from_slice(&right.0);
    Hash(Sha256::digest(message).into())
}

/// Root of the tree without leaves: the SHA-256 of the empty string.
#[must_use]
pub fn empty_root() -> Hash {
    Hash(Sha256::digest(b"").into())
}

/// The right edge of a growing tree: the roots of its complete subtrees, largest first.
///
/// Holds at most 64 hashes whatever the size, so it is cheap to copy: a caller that wants to try
/// leaves before keeping them works on a clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// The empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Puts a frontier together from the roots of its complete subtrees, largest first: one for each
    /// one bit of `size`, from the highest bit down.
    pub(crate) fn from_subtrees(size: u64, subtrees: Vec<Hash>) -> Self {
        debug_assert_eq!(size.count_ones() as usize, subtrees.len());
        Self { size, subtrees }
    }

    /// Appends a leaf by its [`leaf_hash`].
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_, _| {});
    }

    /// Appends a leaf and tells `on_node` each node that this completes, as its height above the
    /// leaves and its hash: the leaf itself (height 0) first, then upward.
    pub(crate) fn push_with(&mut self, leaf: Hash, mut on_node: impl FnMut(u32, Hash)) {
        let mut node = leaf;
        let mut height = 0;
        on_node(height, node);
        // One merge for each trailing one bit of the size: those subtrees are full and equal.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                node = node_hash(&left, &node);
                height += 1;
                on_node(height, node);
            }
        }
        self.subtrees.push(node);
        self.size += 1;
    }

    /// The root over all leaves so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        join(&self.subtrees)
    }
}

/// Root over the complete subtrees of a tree, given largest (leftmost) first. Without any, the
/// [`empty_root`].
pub(crate) fn join(subtrees: &[Hash]) -> Hash {
    let mut subtrees = subtrees.iter().rev();
    let Some(last) = subtrees.next() else {
        return empty_root();
    };
    subtrees.fold(*last, |right, left| node_hash(left, &right))
}

/// Root of a perfect subtree from the hashes at its foot, whose number must be a power of two.
pub(crate) fn perfect_root(foot: &[Hash]) -> Hash {
    debug_assert!(foot.len().is_power_of_two());
    let mut row = foot.to_vec();
    while row.len() > 1 {
        row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}
