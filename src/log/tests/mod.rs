//! The log on a simulated disk and store.

mod conformance;
mod damage;
mod end;
mod faults;
mod guards;
mod plain;
mod races;
mod said;
mod store;
mod taken_over;
mod world;
