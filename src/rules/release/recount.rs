//! Releases, counted again from open facts: what an outsider can judge of them beside the log.
//!
//! Which cells there are, how many IKMs stand behind each, how many reports do not give the figure or gave it and were
//! erased, and which sums may not stand beside each other because too few IKMs or an erased figure would be left between
//! them: all of that is open. The sums are not, nor what share of one an IKM has; of these nothing is judged here. The
//! registry asks this before it records a release, and whoever replays the log asks it again. This module must never need
//! a sealed value, and never take the word of the release for what it can count.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;
use jejak_events::area::AreaCode;
use jejak_events::fault::Refusal;
use jejak_events::identity::{CorrelationId, Subject};
use jejak_events::proposal::sealed_by;
use jejak_events::record::Draft;
use jejak_events::sealed::Group;
use jejak_events::types::EventType;
use jejak_events::types::Period;
use jejak_events::types::area_reports::{FiguresReleased, ReleasedCell};
use jejak_events::values::Date;
use jejak_projections::facts::Facts;
use jejak_projections::views::releases::{FIGURES, release_figure, release_reports, release_survivors};
use uuid::Uuid;

use super::atoms::{Atoms, ReportIndex};
use super::table::{Given, Members, ReleaseTable};
use crate::rules::machine::{Denied, EventReader, StateMachine};
use crate::rules::{FEWEST_TOLD_IKMS, owners};

/// Most releases in one log. Each is counted again, so this and the next bound what a file can cost its reader.
pub const RELEASES_LIMIT: usize = 1000;

/// Most reports that all releases together are made of, for each event below the last of them...
const REPORTS_OF_AN_EVENT: u64 = 16;

/// ...and so many besides.
const REPORTS_BESIDES: u64 = 100_000;

/// What is known when a release is judged: everything below it, and no sealed value.
#[derive(Clone, Copy)]
pub struct LogBelow<'a> {
    /// The log up to the release.
    pub machine: &'a StateMachine,
    /// What the views count, of the events below the release at least.
    pub facts: &'a Facts,
    pub history: &'a dyn EventReader,
}

/// Whose a report is, and which figures it gives.
#[derive(Clone, Copy, Debug)]
struct Filed {
    subject: Subject,
    /// One bit for each of [`FIGURES`].
    given: u16,
}

const _: () = assert!(FIGURES.len() <= 16, "one bit for each figure");

/// A cell: figure and area.
type CellKey = (&'static str, AreaCode);

/// Everything that was released so far.
#[derive(Debug, Default)]
pub struct Releases {
    /// The reports that were read, of this release and of earlier ones.
    reports: HashMap<ReportIndex, Filed>,
    told: BTreeMap<&'static str, Atoms>,
    /// By part: what is left of its whole.
    left: BTreeMap<&'static str, Atoms>,
    correlations: BTreeSet<CorrelationId>,
    count: usize,
    /// Number of reports that all of them are made of.
    counted: u64,
}

/// A release: what all of its events say.
struct ReleaseParts<'a> {
    size: u64,
    period: Period,
    day: Date,
    correlation: Option<CorrelationId>,
    cells: BTreeMap<CellKey, &'a ReleasedCell>,
}

impl Releases {
    /// Judges a release and takes it in. `events` are those of one recorded time, with their indexes; others are passed
    /// over. A release that is refused leaves this of no further use.
    ///
    /// # Errors
    /// What does not hold, or what kept the past from being read.
    pub fn judge(&mut self, events: &[(u64, &Draft)], ground: LogBelow<'_>) -> Result<(), Denied> {
        let Some(said) = read(events)? else { return Ok(()) };
        if said.correlation.is_some_and(|correlation| self.correlations.contains(&correlation)) {
            return Err(apart().into());
        }
        if self.count == RELEASES_LIMIT {
            return Err(Refusal::new(
                "too_many_releases",
                format!("log ini sudah memuat {RELEASES_LIMIT} rilis; lebih dari itu tidak dapat dihitung ulang, jadi tidak dicatat"),
                format!("this log holds {RELEASES_LIMIT} releases already; more cannot be counted again, so none is recorded"),
            )
            .into());
        }
        let layout = self.lay_out(&said, ground)?;
        hold_counts(&said, &layout)?;
        let made = self.adopt(&said, &layout);
        self.hold_atoms(&said, &made, ground)
    }

    /// Takes in an earlier release as it stands; it was judged when it was recorded.
    ///
    /// # Errors
    /// As [`Releases::judge`].
    pub fn remember(&mut self, events: &[(u64, &Draft)], ground: LogBelow<'_>) -> Result<(), Denied> {
        let Some(said) = read(events)? else { return Ok(()) };
        let layout = self.lay_out(&said, ground)?;
        self.adopt(&said, &layout);
        Ok(())
    }

    /// What the open facts say of its cells.
    fn lay_out(&mut self, said: &ReleaseParts<'_>, ground: LogBelow<'_>) -> Result<ReleaseTable, Denied> {
        if ground.facts.size() < said.size {
            return Err(Denied::Unreadable("the facts are shorter than the log".into()));
        }
        let reports = release_reports(ground.facts, said.period, said.day, said.size);
        self.counted += reports.len() as u64;
        if self.counted > REPORTS_BESIDES + REPORTS_OF_AN_EVENT.saturating_mul(said.size) {
            let (own, size) = (self.counted, said.size);
            return Err(Refusal::new(
                "releases_too_large",
                format!("semua rilis log ini bersama-sama terdiri atas {own} laporan, terlalu banyak untuk {size} peristiwa; rilis lagi bila log sudah lebih panjang"),
                format!("all releases of this log together are made of {own} reports, too many for {size} events; release again when the log is longer"),
            )
            .into());
        }
        for report in &reports {
            if let Entry::Vacant(place) = self.reports.entry(report.index) {
                place.insert(read_report(report.index, ground.history)?);
            }
        }
        Ok(ReleaseTable::new(&reports, |report, figure| {
            let place = FIGURES.iter().position(|other| other.name == figure.name);
            match (self.reports.get(&report), place) {
                (Some(filed), Some(place)) if filed.given & (1 << place) != 0 => {
                    if is_erased(ground.machine, filed.subject, said.size) {
                        Given::Erased
                    } else {
                        Given::Given
                    }
                }
                _ => Given::Unseen,
            }
        }))
    }

    /// Takes in what is told; answers with the atoms that this makes.
    fn adopt(
        &mut self,
        said: &ReleaseParts<'_>,
        layout: &ReleaseTable,
    ) -> Vec<(CellKey, BTreeSet<ReportIndex>)> {
        let mut made = Vec::new();
        let mut cut = |atoms: &mut Atoms, key: CellKey, set: &BTreeSet<ReportIndex>| {
            let new = atoms.cut(set);
            made.extend(new.iter().map(|atom| (key, atom.clone())));
            atoms.adopt(new);
        };
        for (key, _) in said.cells.iter().filter(|(_, cell)| cell.sum.is_some()) {
            let (figure, area) = *key;
            let Some(members) = layout.cells.get(key) else { continue };
            cut(self.told.entry(figure).or_default(), *key, &members.set);
            let whole = release_figure(figure).and_then(|declared| declared.whole);
            if let Some(of) = whole.and_then(|whole| layout.cells.get(&(whole, area))) {
                cut(self.left.entry(figure).or_default(), *key, &of.set);
            }
        }
        self.correlations.extend(said.correlation);
        self.count += 1;
        made
    }

    /// Asks that each atom is of enough IKMs, those of one owner being one, and holds no figure that was erased.
    fn hold_atoms(
        &self,
        said: &ReleaseParts<'_>,
        made: &[(CellKey, BTreeSet<ReportIndex>)],
        ground: LogBelow<'_>,
    ) -> Result<(), Denied> {
        if made.is_empty() {
            return Ok(());
        }
        let ikm = |report: &ReportIndex| match self.reports.get(report)?.subject {
            Subject::Ikm(ikm) => Some(ikm.uuid()),
            _ => None,
        };
        let ikms: BTreeSet<Uuid> = made.iter().flat_map(|(_, atom)| atom.iter().filter_map(ikm)).collect();
        let today = said.day.max(said.period.to);
        let mut parties = release_survivors(ground.facts, today, said.size, ikms);
        let owners = owners(ground.machine.state());
        let owners: BTreeMap<Uuid, Uuid> =
            owners.into_iter().map(|(ikm, owner)| (ikm.uuid(), owner.uuid())).collect();
        for party in parties.values_mut() {
            *party = owners.get(party).copied().unwrap_or(*party);
        }
        for ((figure, area), atom) in made {
            let behind: BTreeSet<Option<&Uuid>> =
                atom.iter().map(|report| ikm(report).and_then(|ikm| parties.get(&ikm))).collect();
            let (count, cell) = (behind.len(), named(figure, *area));
            if count < FEWEST_TOLD_IKMS as usize {
                return Err(of_cells(Refusal::new(
                    "tells_too_few",
                    format!(
                        "{cell}: bersama jumlah lain yang pernah dirilis, jumlahnya membuka angka {count} IKM saja (IKM dengan pemilik yang sama dihitung satu), padahal paling sedikit {FEWEST_TOLD_IKMS}"
                    ),
                    format!(
                        "{cell}: beside other released sums its sum tells the figure of {count} IKMs only (those of one owner count as one), where {FEWEST_TOLD_IKMS} are the fewest"
                    ),
                )));
            }
            let mut subjects = atom.iter().filter_map(|report| Some(self.reports.get(report)?.subject));
            if subjects.any(|subject| is_erased(ground.machine, subject, said.size)) {
                return Err(of_cells(Refusal::new(
                    "tells_erased",
                    format!(
                        "{cell}: bersama jumlah lain yang pernah dirilis, jumlahnya memuat angka yang sudah dihapus"
                    ),
                    format!("{cell}: beside other released sums its sum holds a figure that was erased"),
                )));
            }
        }
        Ok(())
    }
}

fn of_cells(refusal: Refusal) -> Denied {
    refusal.at("data.cells").into()
}

/// A cell as messages name it.
fn named(figure: &str, area: AreaCode) -> String {
    format!("{area} {figure}")
}

fn apart() -> Refusal {
    Refusal::new(
        "released_apart",
        "peristiwa satu rilis harus berurutan, dengan `period`, `log_size`, hari dan `correlationid` yang sama",
        "the events of one release lie together and have the same `period`, `log_size`, day and `correlationid`",
    )
    .at("correlationid")
}

/// What the events of a release say together; none where none of them is of one.
fn read<'a>(events: &[(u64, &'a Draft)]) -> Result<Option<ReleaseParts<'a>>, Denied> {
    let mut all = events.iter().filter_map(|(index, draft)| {
        let Subject::Area(area) = draft.subject else { return None };
        Some((*index, *draft, FiguresReleased::of(&draft.data)?, area))
    });
    let Some((first, draft, data, _)) = all.clone().next() else { return Ok(None) };
    let alike = |draft: &Draft, data: &FiguresReleased| {
        (draft.correlation, draft.time.date(), data.period, data.log_size.get())
    };
    let size = u64::try_from(data.log_size.get()).unwrap_or(u64::MAX);
    let mut said = ReleaseParts {
        size,
        period: data.period,
        day: draft.time.date(),
        correlation: draft.correlation,
        cells: BTreeMap::new(),
    };
    for (expected, (index, other, released, area)) in (first..).zip(&mut all) {
        if index != expected || alike(other, released) != alike(draft, data) {
            return Err(apart().into());
        }
        for cell in released.cells.iter() {
            // The rules refuse a figure that is none.
            let Some(figure) = release_figure(&cell.figure) else { continue };
            if said.cells.insert((figure.name, area), cell).is_some() {
                let cell = named(figure.name, area);
                return Err(of_cells(Refusal::new(
                    "released_twice",
                    format!("{cell} disebut dua kali dalam satu rilis"),
                    format!("{cell} stands twice in one release"),
                )));
            }
        }
    }
    if size != first {
        return Err(Refusal::new(
            "release_knows_not_all",
            format!("rilis pada indeks {first} mengetahui semua {first} peristiwa sebelumnya, bukan {size}"),
            format!("a release at index {first} knows all {first} events before it, not {size}"),
        )
        .at("data.log_size")
        .into());
    }
    Ok(Some(said))
}

/// Holds every cell against what was counted.
fn hold_counts(said: &ReleaseParts<'_>, layout: &ReleaseTable) -> Result<(), Denied> {
    let keys: BTreeSet<&CellKey> = said.cells.keys().chain(layout.cells.keys()).collect();
    for key in keys {
        let cell = named(key.0, key.1);
        let (said, counted) = match (said.cells.get(key), layout.cells.get(key)) {
            (Some(said), Some(counted)) => (said, counted),
            (Some(_), None) => {
                return Err(of_cells(Refusal::new(
                    "cell_of_nobody",
                    format!("{cell} disebut, padahal tidak ada laporan masa itu yang memuat angka itu"),
                    format!("{cell} stands in the release, and no report of the period gives that figure"),
                )));
            }
            (None, _) => {
                return Err(of_cells(Refusal::new(
                    "cell_missing",
                    format!("{cell} tidak disebut, padahal ada laporan masa itu yang memuat angka itu"),
                    format!("{cell} is missing in the release, and reports of the period give that figure"),
                )));
            }
        };
        let Members { ikms, unseen, erased, .. } = counted;
        let fields = [
            ("ikms", said.ikms.get(), u32::try_from(ikms.len()).unwrap_or(u32::MAX)),
            ("unseen", said.unseen.get(), *unseen),
            ("erased", said.erased.get(), *erased),
        ];
        for (field, said, counted) in fields {
            if said != counted {
                return Err(of_cells(Refusal::new(
                    "release_miscounted",
                    format!(
                        "{cell}: `{field}` disebut {said}, padahal terhitung {counted} dari peristiwa sebelumnya"
                    ),
                    format!(
                        "{cell}: `{field}` is said to be {said}, while {counted} are counted from the events before it"
                    ),
                )));
            }
        }
    }
    Ok(())
}

fn read_report(report: ReportIndex, history: &dyn EventReader) -> Result<Filed, Denied> {
    let event = history.event(report).map_err(Denied::Unreadable)?;
    let has = event.draft.data.sealed().and_then(|sealed| sealed.has.as_ref());
    let names: BTreeSet<&str> = has.iter().flat_map(|has| has.iter()).map(AsRef::as_ref).collect();
    let given = FIGURES.iter().enumerate().filter(|(_, figure)| names.contains(figure.field));
    let given = given.fold(0, |bits, (place, _)| bits | 1 << place);
    Ok(Filed { subject: sealed_by(&event).0, given })
}

/// Whether the confidential figures of a subject were asked to be destroyed below a size.
fn is_erased(machine: &StateMachine, subject: Subject, size: u64) -> bool {
    machine.reached().whole(subject, Group::Confidential).is_some_and(|request| request < size)
}

#[cfg(test)]
mod tests {
    use jejak_events::record::Event;
    use jejak_projections::error::ReadFailure;

    use super::*;

    struct Nothing;

    impl EventReader for Nothing {
        fn event(&self, index: u64) -> Result<Event, ReadFailure> {
            Err(format!("no event {index}").into())
        }
    }

    #[test]
    fn the_work_is_bounded_before_anything_is_counted() {
        let entry = r#"{"authtype":"system","data":{"cells":[{"erased":0,"figure":"workers","ikms":0,"unseen":2}],"log_size":7,"period":{"from":"2025-01-01","to":"2025-03-31"}},"datacontenttype":"application/json","id":"0197f2c1-5b6d-7e8f-9a0b-000000000001","recordedtime":"2025-10-09T03:00:00.000Z","source":"urn:jejak:33.75:dinperinaker","specversion":"1.0","subject":"area/33.75","time":"2025-10-09T00:00:00+07:00","timeprecision":"day","type":"id.jejak.area.figures_released.v1"}"#;
        let draft = |size: &str| {
            let entry = entry.replace("\"log_size\":7", &format!("\"log_size\":{size}"));
            Event::parse(entry.as_bytes()).unwrap().draft
        };
        let (machine, facts) = (StateMachine::new(), Facts::default());
        let ground = LogBelow { machine: &machine, facts: &facts, history: &Nothing };
        let refusal = |index, size, count, counted| {
            let mut releases = Releases { count, counted, ..Releases::default() };
            releases.judge(&[(index, &draft(size))], ground).unwrap_err().to_string()
        };
        let refused = refusal(7, "7", RELEASES_LIMIT, 0);
        assert!(
            refused.contains(
                "this log holds 1000 releases already; more cannot be counted again, so none is recorded"
            ),
            "{refused}"
        );
        let not_yet = "the past could not be read: the facts are shorter than the log";
        assert_eq!(refusal(7, "7", RELEASES_LIMIT - 1, 0), not_yet);
        let refused = refusal(0, "0", 0, REPORTS_BESIDES + 1);
        assert!(
            refused.contains("all releases of this log together are made of 100001 reports, too many for 0 events; release again when the log is longer"),
            "{refused}"
        );
        let not_yet = refusal(0, "0", 0, REPORTS_BESIDES);
        assert!(not_yet.contains("33.75 workers stands in the release"), "{not_yet}");
    }
}
