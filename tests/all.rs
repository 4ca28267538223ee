//! The one integration binary: each module drives the public interface of the crate.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says where by panicking")]

mod cli;
mod demo;
mod histories;
mod stories;
mod support;
mod tidy;
