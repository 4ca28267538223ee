//! The `jejak` command line.
fn main() {}
