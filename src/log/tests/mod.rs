//! The log on a simulated disk and store.

mod damage;
mod end;
mod faults;
mod guards;
mod plain;
mod said;
mod store;
mod world;
