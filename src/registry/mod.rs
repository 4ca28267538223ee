//! The registry.
pub mod core;
mod ids;
mod stamp;
