//! Small random numbers from a seed, and the small world that histories play in: few things, so that
//! what is proposed about them meets.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// Small random numbers from a seed.
pub struct Dice(TestRng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    /// A number from 0 to just below the limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0.next_u64() % limit
    }

    pub fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    /// One of several, which must not be none.
    pub fn of<T: Copy>(&mut self, several: &[T]) -> T {
        several[self.below(several.len() as u64) as usize]
    }

    pub fn shuffle<T>(&mut self, several: &mut [T]) {
        for last in (1..several.len()).rev() {
            several.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

pub const AREAS: [&str; 4] = ["33.75", "33.74", "35.76", "33.26"];
pub const THEMES: [&str; 3] = ["export", "green_industry", "basic_batik"];
pub const IKMS: u64 = 5;
pub const PERSONS: u64 = 5;
pub const PROGRAMS: u64 = 3;

/// Days of the calendar of histories, from day 0, until the day on which they are recorded.
pub const TODAY: u64 = 281;

fn uuid(kind: u64, number: u64, version: u8) -> String {
    format!("0190{kind:04x}-0000-{version}000-8000-{number:012x}")
}

pub fn ikm(number: u64) -> String {
    uuid(1, number, 4)
}
pub fn person(number: u64) -> String {
    uuid(2, number, 4)
}
pub fn program(number: u64) -> String {
    uuid(3, number, 7)
}
pub fn session(number: u64) -> String {
    uuid(4, number, 7)
}
pub fn certificate(number: u64) -> String {
    uuid(5, number, 7)
}
pub fn exhibition(number: u64) -> String {
    uuid(6, number, 7)
}
pub fn sentra(number: u64) -> String {
    uuid(7, number, 7)
}
pub fn claim(number: u64) -> String {
    uuid(8, number, 8)
}
pub fn event(number: u64) -> String {
    uuid(0xe, number, 7)
}

/// Day 0 is 1 January 2025.
pub fn day(number: u64) -> String {
    (chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(number)).to_string()
}

/// The number of a day.
pub fn day_number(date: &str) -> u64 {
    let date: chrono::NaiveDate = date[..10].parse().unwrap();
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    u64::try_from((date - first).num_days()).unwrap()
}

pub fn at(date: &str) -> String {
    format!("{date}T00:00:00+07:00")
}
