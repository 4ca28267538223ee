//! What a bundle says, held against the moment that it is judged for.

use jejak_events::area::AreaCode;
use jejak_events::time::RecordedTime;

use super::Problem;
use super::asked::Asked;
use jejak_projections::claims::ClaimLog as _;

use crate::proof::replay::Check;
use crate::proof::replay::entries::Replayed;
use crate::words::language::one_or;

/// Why a claim cannot have been asked about on the day that is stated: the last event that its answer knows was recorded
/// only later. Whether a recording was declared complete is judged by that day, which its maker alone states: set back,
/// it would turn a verdict.
#[must_use]
pub fn asked_too_early(asked: &Asked, known: RecordedTime, area: AreaCode) -> Option<Problem> {
    let Asked::Claim { judging, .. } = asked else { return None };
    let today = judging.today;
    (today < known.date_in(area)).then(|| {
        Problem::new(
            format!("katanya ditanyakan pada {today}, padahal mengetahui peristiwa yang baru dicatat {known}: hari bertanya tidak boleh sebelum itu"),
            format!("it says that it was asked on {today}, and knows an event that was recorded only at {known}: the day of asking cannot be before that"),
        )
    })
}

/// Nothing may be from the future; how old it is, is for the reader to weigh.
pub fn hold_time(check: &mut Check, replayed: &Replayed, asked: &Asked, at: Option<i64>, area: AreaCode) {
    let Some(last) = replayed.last_recorded else { return };
    if let Some(day) = asked.day().filter(|day| *day > last.date_in(area)) {
        check.note(
            format!("ditanya per {day}, padahal peristiwa terakhir dicatat {last}: yang terjadi di antaranya belum tentu tercatat"),
            format!("asked for {day}, while the last event was recorded at {last}: what happened in between may not be on record"),
        );
    }
    let known = asked.as_known().checked_sub(1).and_then(|index| replayed.event(index).ok());
    if let Some(early) = known.and_then(|known| asked_too_early(asked, known.recorded, area)) {
        check.problem(early.id, early.en);
        return;
    }
    let Some(at) = at else {
        check.note(
            "umur berkas dan waktu di masa depan tidak dinilai; beri --at WAKTU",
            "age, and times in the future, were not judged; give --at TIME",
        );
        return;
    };
    check.checked = 1;
    let moment = RecordedTime::from_unix_ms(at).map_or_else(|| at.to_string(), |at| at.to_string());
    if last.unix_ms() > at {
        check.problem(
            format!("peristiwa terakhir dicatat {last}, sesudah {moment}"),
            format!("the last event was recorded at {last}, after {moment}"),
        );
        return;
    }
    let made = match asked {
        Asked::Claim { judging, .. } => Some(judging.today),
        Asked::View { question, .. } => Some(question.on),
        Asked::Release { .. } => None,
    };
    let days =
        [(asked.day(), "jawabannya per", "the answer is for"), (made, "ditanyakan pada", "it was asked on")];
    for (day, id, en) in days.into_iter().filter_map(|(day, id, en)| Some((day?, id, en))) {
        if RecordedTime::from_unix_ms(at).is_some_and(|at| day > at.date_in(area)) {
            check.problem(
                format!("{id} {day}, sesudah {moment}: hari itu belum tiba"),
                format!("{en} {day}, after {moment}: that day has not come"),
            );
            break;
        }
    }
    let days = (at - last.unix_ms()) / (24 * 60 * 60 * 1000);
    check.note(
        format!("peristiwa terakhir dicatat {days} hari sebelum {moment}: yang sesudahnya tidak ada di sini"),
        format!(
            "the last event was recorded {days} {} before {moment}: what came later is not in here",
            one_or(days.unsigned_abs(), "day", "days")
        ),
    );
}
