//! A reproducible sample of the IKMs behind a count, for visits where not all can be made.
//!
//! Size: Cochran's formula for a share, at the share that needs most visits (one half), with the correction
//! for a finite population. Selection: the IKMs in the order of the SHA-256 of the seed, a line feed and
//! the IKM as `ikm/<uuid>`, all in UTF-8; of these the first. Whole numbers throughout, so that any program
//! comes to the same IKMs.

use jejak_events::fault::Message;
use jejak_events::values::Sha256Hex;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::report::Report;
use crate::answer::Who;

/// The confidence levels there are, in percent, each with its two-sided quantile of the standard normal
/// distribution in ten-thousandths.
pub const CONFIDENCES: [(u8, u64); 5] =
    [(80, 12_816), (90, 16_449), (95, 19_600), (98, 23_263), (99, 25_758)];

/// Name of the method, for whoever does it again.
pub const METHOD: &str = "sha256(seed LF ikm/<uuid>) ascending, the first n; n by Cochran, p = 1/2, with finite population correction";

/// How sure the sample is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Precision {
    /// Confidence in percent: one of [`CONFIDENCES`].
    pub confidence_percent: u8,
    /// Margin of error in percent, 1 to 50.
    pub margin_percent: u8,
}

/// An IKM that was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DrawnIkm {
    /// The IKM.
    pub who: Who,
    /// What it was drawn by: SHA-256 in lower-case hex.
    #[schemars(with = "Sha256Hex")]
    pub sha256: String,
    /// Indexes of the events that make it count.
    pub events: Vec<u64>,
}

/// A sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sample {
    /// The method.
    pub method: &'static str,
    /// The seed.
    pub seed: String,
    /// How sure it is.
    #[serde(flatten)]
    pub precision: Precision,
    /// Number of IKMs behind the count.
    pub population: u64,
    /// Number of IKMs drawn.
    pub size: u64,
    /// The IKMs, in the order of their hashes.
    pub ikms: Vec<DrawnIkm>,
}

/// Why there is no sample.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// No quantile is known for this confidence.
    #[error("confidence {0} % is not possible; choose 80, 90, 95, 98 or 99")]
    Confidence(u8),
    /// No margin of error.
    #[error("margin {0} % is not possible; choose 1 to 50")]
    Margin(u8),
    /// Nothing to draw from.
    #[error("no IKMs are behind the count of this claim; sample a claim about IKMs or their persons")]
    NoIkms,
    /// The members behind the count are not known exactly.
    #[error(
        "the view does not tell which IKMs stand under one value of a breakdown; leave that out of the scope"
    )]
    Wider,
}

impl SampleError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::of_error(self)
    }
}

/// How many of a population are to be visited; 0 of none.
///
/// # Errors
/// When confidence or margin are not possible.
pub fn size(population: u64, precision: Precision) -> Result<u64, SampleError> {
    let Precision { confidence_percent, margin_percent } = precision;
    let known = CONFIDENCES.iter().find(|(percent, _)| *percent == confidence_percent);
    let (_, z) = known.ok_or(SampleError::Confidence(confidence_percent))?;
    if !(1..=50).contains(&margin_percent) {
        return Err(SampleError::Margin(margin_percent));
    }
    // n0 = z² · ¼ / e² = a / b with z in ten-thousandths and e in hundredths; n = n0 · N / (N + n0 - 1).
    let (z, e, all) = (u128::from(*z), u128::from(margin_percent), u128::from(population));
    let (a, b) = (z * z, 40_000 * e * e);
    let needed = match all.checked_sub(1) {
        None => 0,
        Some(others) => (a * all).div_ceil(b * others + a),
    };
    Ok(u64::try_from(needed).unwrap_or(population).min(population))
}

/// Draws a sample from the IKMs behind a count.
///
/// # Errors
/// When there are none, they are not known exactly, or the precision is not possible.
pub fn draw(report: &Report, seed: &str, precision: Precision) -> Result<Sample, SampleError> {
    if report.members_are_wider {
        return Err(SampleError::Wider);
    }
    let mut ikms: Vec<DrawnIkm> = report
        .members
        .iter()
        .filter(|member| matches!(member.who, Who::Ikm(_)))
        .map(|member| DrawnIkm {
            who: member.who,
            sha256: hash(seed, member.who),
            events: member.events.clone(),
        })
        .collect();
    let population = ikms.len() as u64;
    if population == 0 {
        return Err(SampleError::NoIkms);
    }
    let size = size(population, precision)?;
    ikms.sort_unstable_by(|left, right| left.sha256.cmp(&right.sha256));
    ikms.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    Ok(Sample { method: METHOD, seed: seed.to_owned(), precision, population, size, ikms })
}

fn hash(seed: &str, who: Who) -> String {
    let hash = Sha256::digest(format!("{seed}\n{who}").as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_that_of_the_textbook() {
        let size = |population, confidence_percent, margin_percent| {
            size(population, Precision { confidence_percent, margin_percent }).unwrap()
        };
        // Without an end 384.16, 270.6, 663.5 and 96.04: rounded up.
        assert_eq!(size(u64::MAX, 95, 5), 385);
        assert_eq!(size(u64::MAX, 90, 5), 271);
        assert_eq!(size(u64::MAX, 99, 5), 664);
        assert_eq!(size(u64::MAX, 95, 10), 97);
        // 384.16 · 1000 / 1383.16 = 277.7; 384.16 · 30 / 413.16 = 27.9.
        assert_eq!((size(1000, 95, 5), size(30, 95, 5)), (278, 28));
        assert_eq!((size(0, 95, 5), size(1, 95, 5), size(2, 80, 50)), (0, 1, 2));
    }

    #[test]
    fn no_other_precision_is_possible() {
        let size =
            |confidence_percent, margin_percent| size(30, Precision { confidence_percent, margin_percent });
        assert_eq!(size(94, 5), Err(SampleError::Confidence(94)));
        assert_eq!(size(95, 0), Err(SampleError::Margin(0)));
        assert_eq!(size(95, 51), Err(SampleError::Margin(51)));
    }

    #[test]
    fn an_ikm_is_drawn_by_a_hash_that_anybody_can_compute() {
        let uuid = uuid::Uuid::from_u128(0x7f2c_1a34_5b6d_4e8f_9a0b_1c2d_3e4f_5a6b);
        // printf 'a\nikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b' | sha256sum
        let expected = "5f732c3c0fccafdb6b72f6bb1cb650fe23719c06e5b9a4424518300c79c7b645";
        assert_eq!(hash("a", Who::Ikm(uuid)), expected);
    }
}
