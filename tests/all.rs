//! The one integration binary: each module drives the public interface of the crate.

mod demo;
mod stories;
