//! What a bundle says, held against the moment that it is judged for.

use jejak_events::area::AreaCode;
use jejak_events::time::RecordedTime;

use super::Problem;
use super::asked::Asked;
use jejak_projections::claims::ClaimLog as _;

use crate::proof::replay::Check;
use crate::proof::replay::entries::Replayed;
use crate::words::event_words::{day_in_both, moment_in_both, number_in_both};
use crate::words::language::one_or;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Why a claim cannot have been asked about on the day that is stated: the last event that its answer knows was recorded
/// only later. Whether a recording was declared complete is judged by that day, which its maker alone states: set back,
/// it would turn a verdict.
#[must_use]
pub fn asked_too_early(asked: &Asked, known: RecordedTime, area: AreaCode) -> Option<Problem> {
    let Asked::Claim { judging, .. } = asked else { return None };
    let today = judging.today;
    (today < known.date_in(area)).then(|| {
        let (today, known) = (day_in_both(today), moment_in_both(known, area));
        Problem::new(
            format!("katanya ditanyakan pada {}, padahal mengetahui peristiwa yang baru dicatat {}: hari bertanya tidak boleh sebelum itu", today.id, known.id),
            format!("it says that it was asked on {}, and knows an event that was recorded only at {}: the day of asking cannot be before that", today.en, known.en),
        )
    })
}

/// Nothing may be from the future; how old it is, is for the reader to weigh.
pub fn hold_time(check: &mut Check, replayed: &Replayed, asked: &Asked, at: Option<i64>, area: AreaCode) {
    let Some(last) = replayed.last_recorded else { return };
    let last_said = moment_in_both(last, area);
    if let Some(day) = asked.day().filter(|day| *day > last.date_in(area)) {
        let day = day_in_both(day);
        check.note(
            format!("ditanya per {}, padahal peristiwa terakhir dicatat {}: yang terjadi di antaranya belum tentu tercatat", day.id, last_said.id),
            format!("asked for {}, while the last event was recorded at {}: what happened in between may not be on record", day.en, last_said.en),
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
    let moment = RecordedTime::from_unix_ms(at)
        .map_or_else(|| Problem::new(at.to_string(), at.to_string()), |at| moment_in_both(at, area));
    if last.unix_ms() > at {
        check.problem(
            format!("peristiwa terakhir dicatat {}, sesudah {}", last_said.id, moment.id),
            format!("the last event was recorded at {}, after {}", last_said.en, moment.en),
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
            let day = day_in_both(day);
            check.problem(
                format!("{id} {}, sesudah {}: hari itu belum tiba", day.id, moment.id),
                format!("{en} {}, after {}: that day has not come", day.en, moment.en),
            );
            break;
        }
    }
    let days = u64::try_from((at - last.unix_ms()) / DAY_MS).unwrap_or(0);
    let said = number_in_both(days);
    check.note(
        format!(
            "peristiwa terakhir dicatat {} hari sebelum {}: yang sesudahnya tidak ada di sini",
            said.id, moment.id
        ),
        format!(
            "the last event was recorded {} {} before {}: what came later is not in here",
            said.en,
            one_or(days, "day", "days"),
            moment.en
        ),
    );
}
