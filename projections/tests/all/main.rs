//! One binary for all tests of the crate, by what they hold.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod claims;
mod compare;
mod compare_days;
mod definitions;
mod histories;
mod lineage;
mod records;
mod recount;
#[path = "../../../src/said_tests.rs"]
mod said;
mod story;
mod views;
