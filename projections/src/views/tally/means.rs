//! What stands for several values: the median of days, and the mean of parts of their wholes.

use std::collections::BTreeMap;

/// Fewest of which there is a median or a mean.
const FEWEST: u64 = 3;

/// A value, and how many times it was seen.
pub(super) type Observed = (u64, u64);

fn times(observed: &[Observed]) -> u64 {
    observed.iter().map(|(_, times)| times).sum()
}

/// The median; of two middle values their mean, rounded up. None of fewer than [`FEWEST`].
pub(super) fn median(mut observed: Vec<Observed>) -> Option<u64> {
    observed.sort_unstable();
    let times = times(&observed);
    let at = |place: u64| {
        let mut before = 0;
        observed.iter().find(|(_, times)| {
            before += times;
            place < before
        })
    };
    let ((lower, _), (upper, _)) = (at(times.checked_sub(1)? / 2)?, at(times / 2)?);
    (times >= FEWEST).then(|| lower.midpoint(*upper) + (lower + upper) % 2)
}

/// A part of a whole as the amount of a credit in percent; no rounding comes before that of the mean.
pub(in crate::views) const fn part_of(part: u32, whole: u32) -> u64 {
    ((part as u64) << u32::BITS) | whole as u64
}

/// Bits below one of a sum of fractions.
const FRACTION_BITS: u32 = 95;

/// The mean of parts of their wholes, in percent, rounded once to the nearest, halves up. None of fewer than [`FEWEST`].
/// Of values that are each all or nothing it is at least 1 where one is all, and at most 99 where one is nothing.
pub(super) fn mean_percent(observed: &[Observed]) -> Option<u64> {
    let times = u128::from(times(observed));
    if times < u128::from(FEWEST) {
        return None;
    }
    let mut parts: BTreeMap<u128, u128> = BTreeMap::new();
    for (amount, times) in observed {
        let (part, whole) = (amount >> u32::BITS, amount & u64::from(u32::MAX));
        *parts.entry(whole.into()).or_default() += u128::from(part) * u128::from(*times);
    }
    // The mean and a half, times twice the number of values. Of each sum the ones are added as they are. What is left of it
    // is cut off below the last bit and falls short by less than that: with a bit for each added back, the ones in it are
    // those of the exact sum, as long as the wholes have a common multiple of fewer bits.
    let (mut ones, mut rest) = (times, 0);
    let wholes = parts.iter().filter(|(whole, _)| **whole > 0);
    for (whole, part) in wholes.clone() {
        let part = 200 * part;
        ones += part / whole;
        rest += ((part % whole) << FRACTION_BITS) / whole;
    }
    ones += (rest + wholes.count() as u128) >> FRACTION_BITS;
    let percent = u64::try_from(ones / (2 * times)).ok()?;
    let some_of_all = parts.len() == 1 && parts.get(&1).is_some_and(|those| (1..times).contains(those));
    Some(if some_of_all { percent.clamp(1, 99) } else { percent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_rounded_once_and_halves_up() {
        let mean = |parts: &[(u32, u32)]| {
            mean_percent(&parts.iter().map(|(part, whole)| (part_of(*part, *whole), 1)).collect::<Vec<_>>())
        };
        for (parts, percent) in [
            (&[(1, 1), (0, 1)][..], None),
            (&[(1, 3), (2, 3), (1, 2)], Some(50)),
            // Exactly 33.5 by thirds and others, of which none is written in decimals.
            (&[(1, 3), (2, 3), (1, 200)], Some(34)),
            (&[(1, 3), (2, 3), (1, 201)], Some(33)),
            (&[(1, 7), (2, 7), (4, 7), (1, 50)], Some(26)),
            // Exactly 17.5, of which no part alone is told by bits.
            (&[(1, 3), (1, 6), (1, 40)], Some(18)),
            // 99.5 of a hundred, and a little less.
            (&[(199, 200), (199, 200), (199, 200)], Some(100)),
            (&[(199, 200), (199, 200), (198_999, 200_000)], Some(99)),
            (&[(u32::MAX, u32::MAX), (u32::MAX - 1, u32::MAX), (0, 5)], Some(67)),
            (&[(0, 4), (0, 9), (0, 1)], Some(0)),
        ] {
            assert_eq!(mean(parts), percent, "{parts:?}");
        }
        let of_1000 = |those| mean_percent(&[(part_of(1, 1), those), (part_of(0, 1), 1_000 - those)]);
        for (those, percent) in [(0, 0), (1, 1), (14, 1), (15, 2), (994, 99), (999, 99), (1_000, 100)] {
            assert_eq!(of_1000(those), Some(percent), "{those} of 1000");
        }
        // Half of it is not nothing: one of a thousand is told as 1 only where each is all or nothing.
        assert_eq!(mean_percent(&[(part_of(1, 1), 1), (part_of(0, 5), 999)]), Some(0));
        let many = [(part_of(1, 3), 2_000_000_000), (part_of(2, 3), 2_000_000_000)];
        assert_eq!(mean_percent(&many), Some(50));
    }
}
