//! From the log to figures: lineage, facts, views.
//!
//! * [`lineage`] says which content of an event is in force.
//! * Facts are compact weighted rows, one or a few per event.
//! * Views are pure functions of the rows and a question.
//! * A claim is held against views: reported beside counted, with a verdict.
//! * A series asks a view for each of some calendar periods.
//! * A comparison says who entered and left between two answers, and by which events.
//!
//! This crate must never do input or output, read a clock, start a thread, or depend on more than
//! `jejak-events`: whoever holds the log's bytes must come to the same figures.

pub mod answer;
pub mod calendar;
pub mod claims;
pub mod compare;
pub mod error;
pub mod facts;
pub mod lineage;
pub mod names;
pub mod question;
pub mod series;
pub mod views;

// The events made by hand in `tests/` name this crate from outside.
#[cfg(test)]
extern crate self as jejak_projections;
