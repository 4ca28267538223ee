//! Log sizes that the log really had. What becomes durable together bears one recorded time, so a size between two
//! events of one recorded time is that of a state that never was: nothing may be asked for at it.

use std::ops::RangeInclusive;

use crate::area::AreaCode;
use crate::fault::Message;
use crate::time::RecordedTime;
use crate::values::Date;

/// Whether what was recorded then is known at a moment, in milliseconds since 1970-01-01T00:00:00Z: up to and with it.
#[must_use]
pub fn is_known_at(recorded: RecordedTime, unix_ms: i64) -> bool {
    recorded.unix_ms() <= unix_ms
}

/// Whether what was recorded then is known at the end of a day in an area, by the clocks there.
#[must_use]
pub fn is_known_on(recorded: RecordedTime, day: Date, area: AreaCode) -> bool {
    recorded.date_in(area) <= day
}

/// The sizes around one at which the log never stood: before and after all that was recorded with it. `None` for one
/// at which it did. `total` is the size of the log, `recorded` reads the recorded time of an event of it.
///
/// # Errors
/// What `recorded` says.
pub fn sizes_around<E>(
    size: u64,
    total: u64,
    recorded: impl Fn(u64) -> Result<RecordedTime, E>,
) -> Result<Option<RangeInclusive<u64>>, E> {
    let Some(last) = size.checked_sub(1).filter(|_| size < total) else { return Ok(None) };
    let moment = recorded(last)?;
    if recorded(size)? != moment {
        return Ok(None);
    }
    // Recorded times never decrease along a log, so both ends are found by halving.
    let first = |of: &dyn Fn(RecordedTime) -> bool, (mut from, mut to): (u64, u64)| {
        while from < to {
            let middle = from.midpoint(to);
            if of(recorded(middle)?) { from = middle + 1 } else { to = middle }
        }
        Ok(from)
    };
    let before = first(&|one| one < moment, (0, last))?;
    let after = first(&|one| one <= moment, (size, total))?;
    Ok(Some(before..=after))
}

/// What is wrong with such a size, and which to ask for.
#[must_use]
pub fn inside(size: u64, around: &RangeInclusive<u64>) -> Message {
    let (before, after) = (around.start(), around.end());
    Message::new(
        format!(
            "ukuran log {size} tidak pernah ada: peristiwa {before} sampai {} dicatat sekaligus; pakai {before} atau {after}",
            after - 1
        ),
        format!(
            "the log never had size {size}: events {before} to {} were recorded together; use {before} or {after}",
            after - 1
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_at_the_very_moment_is_known() {
        let at = |text: &str| RecordedTime::parse(text).unwrap();
        let last = at("2025-10-08T16:59:59.999Z");
        let ms = last.unix_ms();
        assert_eq!([ms - 1, ms, ms + 1].map(|unix_ms| is_known_at(last, unix_ms)), [false, true, true]);
        let [before, day, after] =
            ["2025-10-07", "2025-10-08", "2025-10-09"].map(|day| Date::parse(day).unwrap());
        let known = |recorded: &str, area: &str| {
            [before, day, after].map(|day| is_known_on(at(recorded), day, AreaCode::parse(area).unwrap()))
        };
        // Midnight comes seven hours before that of UTC in the west, nine in the east.
        let (west, east) = ("33.75", "91.71");
        assert_eq!(known("2025-10-07T17:00:00.000Z", west), [false, true, true]);
        assert_eq!(known("2025-10-07T16:59:59.999Z", west), [true, true, true]);
        assert_eq!(known("2025-10-08T16:59:59.999Z", west), [false, true, true]);
        assert_eq!(known("2025-10-08T17:00:00.000Z", west), [false, false, true]);
        assert_eq!(known("2025-10-08T14:59:59.999Z", east), [false, true, true]);
        assert_eq!(known("2025-10-08T15:00:00.000Z", east), [false, false, true]);
    }

    #[test]
    fn sizes_between_events_of_one_recorded_time_are_named_with_those_around() {
        let stamps = [1, 2, 2, 2, 3, 3];
        let around = |size, total: usize| {
            let recorded = |index: u64| {
                let stamp = stamps[..total].get(usize::try_from(index).unwrap()).ok_or("beyond the log")?;
                RecordedTime::from_unix_ms(*stamp).ok_or("no time")
            };
            sizes_around(size, total as u64, recorded).unwrap().map(RangeInclusive::into_inner)
        };
        assert_eq!([0, 1, 4, 6, 7, 99].map(|size| around(size, 6)), [None; 6]);
        assert_eq!([2, 3].map(|size| around(size, 6)), [Some((1, 4)); 2]);
        assert_eq!(around(5, 6), Some((4, 6)));
        assert_eq!(around(5, 5), None, "the end of the log is a state of it");
        assert_eq!(around(3, 4), Some((1, 4)));
        assert_eq!(
            inside(2, &(1..=4)).en,
            "the log never had size 2: events 1 to 3 were recorded together; use 1 or 4"
        );
    }
}
