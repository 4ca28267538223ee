//! The log on a simulated disk and store.

mod damage;
mod faults;
mod plain;
mod store;
mod world;
