//! The one integration binary: each module drives the public interface of the crate.

#[cfg(test)]
mod harness;
