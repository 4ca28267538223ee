//! Claims and their checks.

use std::cmp::Ordering;

use crate::rules::state::{FactsInForce, Put, id};
use jejak_events::fault::Refusal;
use jejak_events::identity::{ClaimId, Subject};
use jejak_events::types::claim::{ClaimChecked, ClaimKind, ClaimMade, ClaimVerdict};
use jejak_events::values::{Date, INTEGER_LIMIT};

use super::{Judgement, too_early};
use crate::rules::claims::{ClaimMaking, Claimed};
use crate::rules::state::State;
use crate::rules::timeline::Moment;

/// What is claimed is recorded as it was said, also where it contradicts itself.
pub(super) fn made(state: &State, at: Moment, id: ClaimId, data: &ClaimMade) -> Judgement {
    if let Some(made) = state.claim(id).and_then(|claim| claim.made) {
        let index = made.moment.index;
        refuse!(
            "made_once",
            "subject",
            "klaim {id} sudah dicatat pada indeks {index}; koreksi peristiwa itu",
            "claim {id} was already recorded at index {index}; correct that event"
        );
    }
    if let Some(published) = data.published_on.filter(|published| *published > at.date) {
        let date = at.date;
        refuse!(
            "not_published_yet",
            "data.published_on",
            "klaim baru terbit {published}, sesudah {date}; periksa tanggalnya",
            "the claim was published on {published}, after {date}; check the dates"
        );
    }
    if data.due.is_some() && data.kind != ClaimKind::Plan {
        refuse!(
            "only_plans_are_due",
            "data.due",
            "hanya rencana yang punya hari jatuh tempo; hapus `due`, atau sebut klaim ini rencana",
            "only a plan has a day that it is due; leave `due` out, or call the claim a plan"
        );
    }
    if data.whole.is_some() && data.value.is_some() {
        refuse!(
            "value_or_whole",
            "data.whole",
            "klaim menyebut angka atau keseluruhan, bukan keduanya; hapus salah satu",
            "a claim gives a value or speaks of a whole, not both; leave one out"
        );
    }
    if let Some(value) = data.value.filter(|_| data.counted_value().is_none()) {
        if !data.is_share() {
            refuse!(
                "value_not_whole",
                "data.value",
                "{value} bukan bilangan bulat; hanya persen dari suatu keseluruhan yang boleh punya angka di belakang koma",
                "{value} is no whole number; only percent of a whole may have places behind the point"
            );
        }
        let limit = (INTEGER_LIMIT - 1) / 100;
        refuse!(
            "share_too_large",
            "data.value",
            "{value} persen terlalu besar; paling besar {limit}",
            "{value} percent is too large; at most {limit}"
        );
    }
    Ok(())
}

pub(super) fn checked(state: &State, at: Moment, id: ClaimId, data: &ClaimChecked) -> Judgement {
    let claim = state.claim(id);
    let Some(made) = claim.and_then(|claim| claim.made) else {
        refuse!(
            "unknown_claim",
            "subject",
            "klaim {id} belum dicatat; catat claim.made dahulu",
            "claim {id} is not recorded; record claim.made first"
        )
    };
    if made.moment > at {
        return Err(too_early(
            "claim_not_made",
            &format!("klaim {id} baru dibuat"),
            &format!("claim {id} was made"),
            made.moment,
            at,
        ));
    }
    let (known, own) = (data.as_known.get().unsigned_abs(), at.index);
    if known > own {
        refuse!(
            "knows_later_events",
            "data.as_known",
            "pemeriksaan pada indeks {own} tidak dapat mengetahui {known} peristiwa; sebut paling banyak {own}",
            "a check at index {own} cannot know {known} events; name at most {own}"
        );
    }
    let same = |(key, _): &(&_, &u64)| **key == (data.on, known);
    if let Some((_, index)) = claim.and_then(|claim| claim.checks.iter().find(same)) {
        let on = data.on;
        refuse!(
            "checked_once",
            "data.as_known",
            "klaim {id} sudah diperiksa untuk {on} pada ukuran log {known}, indeks {index}; tarik pemeriksaan itu bila keliru",
            "claim {id} was already checked for {on} at log size {known}, index {index}; retract that check if it is wrong"
        );
    }
    if !follows(made.claimed, data, at.date) {
        let verdict = data.verdict.name();
        refuse!(
            "verdict_does_not_follow",
            "data.verdict",
            "putusan {verdict} tidak sesuai dengan klaim dan hasil hitungnya; periksa keduanya",
            "verdict {verdict} does not follow from the claim and the count; check both"
        );
    }
    Ok(())
}

/// Whether a verdict can come of a claim and a count. What it rests on beyond them is for whoever judges the
/// claim again: whether it contradicts itself, and whether recording was complete. `checked_on` is the day of the check.
fn follows(claimed: Claimed, check: &ClaimChecked, checked_on: Date) -> bool {
    let is_counted = check.count.as_ref().is_some_and(|count| count.counted.is_some());
    let compared = check.count.as_ref().and_then(|count| claimed.compare(count));
    let (enough, fewer) = (compared.is_some_and(Ordering::is_ge), compared.is_some_and(Ordering::is_lt));
    let due = claimed.due;
    let fits = match check.verdict {
        ClaimVerdict::Inconsistent => return true,
        ClaimVerdict::NotCountable => return !claimed.is_countable,
        ClaimVerdict::NotRecorded => claimed.is_counted && !is_counted,
        ClaimVerdict::NotQuantified => claimed.value.is_none() && !claimed.has_whole && is_counted,
        ClaimVerdict::Kept => due.is_some_and(|due| check.on <= due) && enough,
        // Nobody knows before the day is over.
        ClaimVerdict::NotKept => due.is_some_and(|due| check.on == due && checked_on > due) && fewer,
        // Of what may be fewer again as many are not enough before that.
        ClaimVerdict::NotYetDue => {
            let is_open = |due| check.on < due || (check.on == due && checked_on <= due);
            due.is_some_and(is_open) && compared.is_some()
        }
        ClaimVerdict::Supported => due.is_none() && compared.is_some_and(Ordering::is_eq),
        ClaimVerdict::Understated => due.is_none() && compared.is_some_and(Ordering::is_gt),
        ClaimVerdict::Overstated | ClaimVerdict::NotConfirmed => due.is_none() && fewer,
        ClaimVerdict::Consistent => !claimed.is_counted && !is_counted,
    };
    claimed.is_countable && fits
}

impl FactsInForce for ClaimMade {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let made = ClaimMaking { moment: put.moment, claimed: Claimed::of(self) };
        state.claims.entry(id(stream)?).or_default().made = put.add.then_some(made);
        Some(())
    }
}

impl FactsInForce for ClaimChecked {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        state.claims.entry(id(stream)?).or_default().put_check(put, self);
        Some(())
    }
}
