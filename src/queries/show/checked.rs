//! The check of a claim, told on a page beside the claim.

use std::cmp::Ordering;

use jejak_events::fault::Message;
use jejak_events::types::Data;
use jejak_events::types::EventType;
use jejak_events::types::claim::{ClaimChecked, ClaimMade, ClaimVerdict, ClaimedValue};
use jejak_events::values::Amount;
use jejak_projections::views::view_version;

use super::{EntryStanding, PageEntry, StreamPage};

/// What the sentence of an event says more on a page: of a check what its view is called, and of a plan that is not yet due
/// whether it is reached so far. Every other sentence stays.
pub(super) fn told(page: &StreamPage, data: &Data, said: Message) -> Message {
    let Some(check) = ClaimChecked::of(data) else { return said };
    let said = called(check, said);
    if check.verdict != ClaimVerdict::NotYetDue || !made(page).is_some_and(|made| is_reached(&made, check)) {
        return said;
    }
    let [id, en] = check.verdict.words();
    Message::new(
        said.id.replacen(id, &format!("{id}, sejauh ini tercapai"), 1),
        said.en.replacen(en, &format!("{en}, reached so far"), 1),
    )
}

/// With the name of the view in words.
fn called(check: &ClaimChecked, said: Message) -> Message {
    let Some(count) = &check.count else { return said };
    let version = count.version.get();
    let Ok(view) = view_version(&count.view, version) else { return said };
    let code = format!("{} v{version}", count.view);
    let [by_id, by_en] = [" menurut tampilan ", " by the view "].map(|by| format!("{by}{code}"));
    Message::new(
        said.id.replacen(&by_id, &format!(" menurut tampilan {} (versi {version})", view.title.id), 1),
        said.en.replacen(&by_en, &format!(" by the view {} (version {version})", view.title.en), 1),
    )
}

/// The claim of the page, as it stands.
fn made(page: &StreamPage) -> Option<ClaimMade> {
    page.story.iter().find_map(|entry| match entry {
        PageEntry::Event(item) if item.standing != EntryStanding::Retracted => {
            ClaimMade::of(item.content().data()).cloned()
        }
        _ => None,
    })
}

/// Whether as many were counted as are claimed.
fn is_reached(made: &ClaimMade, check: &ClaimChecked) -> bool {
    let Some(count) = &check.count else { return false };
    let number = |amount: Option<Amount>| amount.map(|amount| amount.get().unsigned_abs());
    let (counted, of, part) = (number(count.counted), number(count.of), number(count.part));
    let Some(value) = made.value else { return counted.zip(of).is_some_and(|(counted, of)| counted >= of) };
    let claimed = ClaimedValue { value, is_approximate: made.is_approximate() };
    let compared = match part.zip(of) {
        Some((part, of)) => claimed.compare_share(part, of),
        None => counted.map(|counted| claimed.compare_count(counted)),
    };
    compared.is_some_and(Ordering::is_ge)
}
