//! A release that a bundle is asked about: found in the log, and in words.

use jejak_events::record::{Draft, Event};
use jejak_events::types::{self, Role};
use jejak_projections::claims::ClaimLog;
use jejak_projections::views::releases::release_figure;
use schemars::JsonSchema;
use serde::Serialize;

use super::Problem;
use super::words::grouped;
use crate::answer_json::LogPlace;
use crate::rules::release::told::{JudgedCell, Released};
use crate::words::event_words::day_in_both;
use crate::words::language::one_or;

/// `answer.json` about a release.
#[derive(Serialize, JsonSchema)]
pub struct ReleaseAnswer<'a> {
    /// The release.
    pub release: &'a Released,
    /// How much of the log the answer knows.
    pub log: &'a LogPlace,
}

/// The release of which the event at an index is one, as the log stands at a size.
///
/// # Errors
/// When there is none, and when an event cannot be read.
pub fn find_release(log: &dyn ClaimLog, index: u64, as_known: u64) -> Result<Released, Problem> {
    if index >= as_known {
        return Err(Problem::new(
            format!("rilis pada indeks {index} belum ada pada {} peristiwa", grouped(as_known)[0]),
            format!("there is no release at index {index} among {} events", grouped(as_known)[1]),
        ));
    }
    let read = |index: u64| {
        log.event(index).map_err(|error| {
            Problem::new(format!("peristiwa {index}: {error}"), format!("event {index}: {error}"))
        })
    };
    let asked = read(index)?;
    let name = asked.draft.data.type_name();
    let none = || {
        Problem::new(
            format!(
                "peristiwa {index} bukan rilis, melainkan {name}; `jejak history area/<kode>` menyebut indeks rilis"
            ),
            format!(
                "event {index} is no release but {name}; `jejak history area/<code>` tells the index of one"
            ),
        )
    };
    if !is_release(&asked) {
        return Err(none());
    }
    let belongs = |event: &Event| is_release(event) && event.recorded == asked.recorded;
    let mut events: Vec<(u64, Event)> = Vec::new();
    for before in (0..index).rev() {
        let event = read(before)?;
        if !belongs(&event) {
            break;
        }
        events.push((before, event));
    }
    events.reverse();
    for after in index..as_known {
        let event = read(after)?;
        if !belongs(&event) {
            break;
        }
        events.push((after, event));
    }
    let events: Vec<(u64, &Draft)> = events.iter().map(|(index, event)| (*index, &event.draft)).collect();
    Released::of(&events).ok_or_else(none)
}

fn is_release(event: &Event) -> bool {
    event.draft.data.role() == Role::Releases
}

/// `definition.txt`: what a release is.
pub fn definition() -> String {
    let words = words();
    format!("release\n\n{}\n\n{}\n\n", words.id, words.en)
}

/// What a release is, in a sentence or two.
pub fn words() -> Problem {
    Problem::new(
        "Rilis adalah jumlah angka rahasia untuk satu masa kalender yang sudah lewat, dihitung oleh registri; yang akan membuka angka satu IKM ditahan. Banyaknya IKM dan laporan di balik tiap sel dihitung ulang dari peristiwa yang terbuka; jumlahnya sendiri dinyatakan registri.",
        "A release has the sums of confidential figures for a calendar period that is over, made by the registry; those that would tell one IKM's figure are withheld. How many IKMs and reports stand behind each cell is counted again from open events; the sums themselves are attested by the registry.",
    )
}

/// What is asked, in a line.
pub fn asked(index: u64, as_known: u64) -> Problem {
    let [id, en] = grouped(as_known);
    Problem::new(
        format!("rilis pada indeks {index} (dari {id} peristiwa)"),
        format!("the release at index {index} (from {en} events)"),
    )
}

/// The release in a line.
pub fn summary(released: &Released) -> Problem {
    let Released { period, log_size, day, told, withheld, .. } = released;
    let ([id, en], on) = (grouped(*log_size), day_in_both(*day));
    Problem::new(
        format!("{period}, dirilis {} dari {id} peristiwa: {told} jumlah disebut, {withheld} ditahan", on.id),
        format!(
            "{period}, released on {} from {en} {}: {told} {} told, {withheld} withheld",
            on.en,
            one_or(*log_size, "event", "events"),
            one_or(*told as u64, "sum", "sums")
        ),
    )
}

/// A cell in a line.
fn cell(row: &JudgedCell) -> Problem {
    let cell = &row.cell;
    let (area, name, ikms) = (cell.area, cell.area.name(), cell.ikms);
    let (unseen, erased) = (cell.unseen, cell.erased);
    let title = release_figure(cell.figure).map(|figure| figure.title);
    let [title_id, title_en] = title.map_or([cell.figure; 2], |title| [title.id, title.en]);
    let [said_id, said_en] = match (cell.sum, cell.withheld) {
        (Some(sum), _) => ['.', ','].map(|sign| types::grouped(sum.into(), sign)),
        (None, Some(reason)) => {
            let words = reason.words();
            [format!("ditahan ({})", words.id), format!("withheld ({})", words.en)]
        }
        (None, None) => ["ditahan".to_owned(), "withheld".to_owned()],
    };
    Problem::new(
        format!(
            "{area} {name}, {title_id}: {said_id}; {ikms} IKM, {unseen} laporan tanpa angka itu, {erased} dihapus"
        ),
        format!(
            "{area} {name}, {title_en}: {said_en}; {ikms} {}, {unseen} {} without it, {erased} erased",
            one_or(u64::from(ikms), "IKM", "IKMs"),
            one_or(u64::from(unseen), "report", "reports")
        ),
    )
}

/// The cells for the README, a line each, in both languages.
pub fn lines(released: &Released) -> Problem {
    let mut lines = Problem::new("", "");
    for row in &released.cells {
        let cell = cell(row);
        lines.id.push_str(&format!("- {}\n", cell.id));
        lines.en.push_str(&format!("- {}\n", cell.en));
    }
    lines
}

/// What is proven of a release, and what is the registry's word.
pub fn proven(known: u64) -> Problem {
    let [id, en] = grouped(known);
    Problem::new(
        format!(
            "Sel-sel itu yang tercatat dalam log, semuanya; sel mana yang ada, dan berapa IKM dan laporan di balik masing-masing, dihitung ulang dari peristiwa sebelumnya, di antara {id} peristiwa yang tidak diubah, dihilangkan, disisipkan, atau ditukar."
        ),
        format!(
            "The cells are those that the log holds, all of them; which there are, and how many IKMs and reports stand behind each, was counted again from the events before them, among {en} events of which none was changed, dropped, inserted or reordered."
        ),
    )
}

/// The same for the README.
pub fn proven_in_readme() -> Problem {
    Problem::new(
        "Yang dibuktikan: sel-sel itu yang tercatat dalam log, dan banyaknya IKM dan laporan di baliknya\nterhitung dari peristiwa sebelumnya. Jumlahnya sendiri dinyatakan registri, dari angka tersegel",
        "Proven: the cells are those that the log holds, and how many IKMs and reports stand behind each is\ncounted from the events before them. The sums themselves are the registry's word, from sealed figures",
    )
}

/// What is behind a release.
pub fn list() -> Problem {
    Problem::new(
        "answer.json memuat semua sel rilis itu; IKM di baliknya tidak disebut",
        "answer.json has all cells of the release; the IKMs behind it are not named",
    )
}
