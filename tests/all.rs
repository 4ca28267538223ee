//! The one integration binary: each module drives the public interface of the crate.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

mod cheating;
mod cli;
mod demo;
mod domain;
mod harness;
mod histories;
mod messages;
mod published;
mod readers;
mod releases;
mod rights;
#[path = "../src/said_tests.rs"]
mod said;
mod stories;
mod support;
mod tidy;
