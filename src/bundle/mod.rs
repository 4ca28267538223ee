//! Evidence bundles: one file with everything that a stranger needs to check a figure or a claim without this
//! registry, its word or a network.

pub mod archive;
