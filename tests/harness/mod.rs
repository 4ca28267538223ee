//! Fault harnesses: what is left of a registry after kills, power cuts, failing and lying disks, and
//! damaged files.
//!
//! Every harness keeps a *witness* of its own, outside the registry: what was sent, what was
//! acknowledged, which checkpoints left. Afterwards the registry is held against it. No harness may
//! skip silently: where the machine lacks something (root, loop devices) it fails and says so. What needs an image of a
//! file system, and so root, has `on_an_image` in its name: `tests/run` of an ordinary user leaves exactly those out and
//! names them; `.ci/run` demands them.
//!
//! * `JEJAK_LONG=1` runs the full counts; otherwise a smaller share runs.
//! * `JEJAK_SEED=N` replays a run; each harness prints its seed, and the test runner shows it when the
//!   harness fails. What the seed decides: moments, places and contents. It does not decide how the
//!   operating system schedules the writers.
//!
//! Images are unmounted when a harness ends or panics. One that is itself killed leaves its image mounted
//! in the directory for temporary files, to be unmounted by hand; its children end with it.

mod child;
mod damage;
mod examine;
mod ext4;
mod faults;
mod holders;
mod inspect;
mod kill;
mod pairs;
mod planted;
mod power;
pub mod random;
mod sample;
mod store;
mod witness;
mod workload;
mod world;
mod writer;

/// Whether the full counts were asked for.
fn long() -> bool {
    std::env::var("JEJAK_LONG").is_ok_and(|value| value == "1")
}

/// The smaller or the full count.
fn share(short: u64, full: u64) -> u64 {
    if long() { full } else { short }
}

/// The seed of a harness: `JEJAK_SEED`, or always the same.
fn seed(harness: &str) -> u64 {
    let seed = std::env::var("JEJAK_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_251_009);
    println!("{harness}: replay with JEJAK_SEED={seed}");
    seed
}
