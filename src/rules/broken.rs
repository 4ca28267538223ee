//! What is said of an event that would make another, still in force, wrong. Must never judge.

use jejak_events::fault::Refusal;

/// The refusal of what would make a live event wrong.
pub(super) fn broken_by(original: u64, broken: &Refusal, amends: bool) -> Refusal {
    let (id, en) = (&broken.message.id, &broken.message.en);
    if amends {
        return Refusal::new(
            "live_event_depends",
            format!(
                "peristiwa {original} yang masih berlaku bertumpu padanya ({id}); tarik atau koreksi bersama-sama dalam satu kelompok atomik"
            ),
            format!(
                "event {original}, still in force, rests on it ({en}); retract or correct both in one atomic batch"
            ),
        )
        .at("data.target");
    }
    Refusal::new(
        "breaks_live_event",
        format!(
            "peristiwa {original} yang masih berlaku menjadi salah karenanya ({id}); periksa tanggalnya, atau tarik atau koreksi peristiwa itu dalam satu kelompok atomik dengan ini"
        ),
        format!(
            "it makes event {original}, still in force, wrong ({en}); check the dates, or retract or correct that event in one atomic batch with this one"
        ),
    )
    .at("time")
}
