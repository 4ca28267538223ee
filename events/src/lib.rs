//! The record, the tree over it, and everything that checks them.
//!
//! This crate must never do input or output, read a clock, or know sled, HTTP or views: an auditor's
//! program and, one day, a browser page run exactly this code.

pub mod area;
pub mod audit_statement;
pub mod bundle;
pub mod checkpoint;
pub mod codes;
pub mod constitution;
pub mod cosignature;
pub mod excerpt;
pub mod fault;
pub mod identity;
pub mod log_keys;
pub mod moment;
pub mod note;
pub mod policy;
pub mod proof;
pub mod proposal;
pub mod prove;
pub mod record;
pub mod scale;
pub mod schema;
pub mod sealed;
pub mod shape;
pub mod signing_key;
mod strict;
pub mod text;
pub mod tile;
pub mod time;
pub mod tlog_proof;
pub mod translation;
pub mod tree;
pub mod types;
mod upcast;
pub mod values;
