//! Releases of confidential sums (`docs/domain.md`, section 3): the only way in which such a sum leaves the office.
//!
//! A release is one table for a calendar period that is over. It is computed under a noted look, suppressed as a
//! whole and against every earlier release, and recorded as open events. This module must never give a sum to
//! anybody that is not recorded.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::area::AreaCode;
use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, CorrelationId, Subject};
use jejak_events::proposal::{Proposal, SealedValues, sealed_by};
use jejak_events::record::Event;
use jejak_events::sealed::Group;
use jejak_events::types::EventType;
use jejak_events::types::area_reports::{FiguresReleased, ReleasedCell};
use jejak_events::types::enterprise::WorkforceReported;
use jejak_events::types::{Data, Period};
use jejak_events::values::{Amount, Code, Count, Date, SetOf};
use jejak_projections::lineage::Content;
use jejak_projections::views::releases::{ReleaseFigure, release_reports, release_survivors};
use uuid::Uuid;

use crate::readmodel::{Snapshot, persons};
use crate::registry::{Look, Registry, RegistryError};
use crate::rules::owners;
use crate::rules::release::ledger::{RULE, ReportIndex};
use crate::rules::release::release_events;
use crate::rules::release::table::{
    Earlier, Given, ReleaseCell, ReleaseTable, SumOverflow, decide_table, entries,
};
use jejak_projections::calendar::CalendarPeriod;

/// What became of a release.
#[derive(Clone, Debug)]
pub enum Release {
    /// It was not made.
    Refused(Refusal),
    /// The table, and the indexes of its events; none where it was only tried.
    Made {
        /// Number of events that it knows.
        log_size: u64,
        /// Its cells.
        cells: Vec<ReleaseCell>,
        /// Its events.
        recorded: Vec<u64>,
    },
}

/// Why a release failed.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A sum is too large.
    #[error(transparent)]
    Overflow(#[from] SumOverflow),
}

/// What open facts say of the reports behind tables.
struct Open {
    now: ReleaseTable,
    before: Vec<(Earlier, ReleaseTable)>,
    /// Whose each report is: the IKM's, or its owner's where one is recorded, who knows all of his IKMs.
    parties: BTreeMap<ReportIndex, Uuid>,
    days: BTreeMap<ReportIndex, Period>,
    subjects: Vec<Subject>,
}

/// What the log holds beside the reports.
struct PastReports {
    earlier: Vec<Earlier>,
    /// Index of the request by which an IKM's confidential figures are destroyed.
    erased: BTreeMap<Subject, u64>,
    /// The owners of IKMs, where recorded.
    owners: BTreeMap<Uuid, Uuid>,
}

fn unreadable(error: impl std::fmt::Display) -> RegistryError {
    RegistryError::Unreadable(error.to_string())
}

/// Computes a release and, unless it is only tried, records it.
///
/// # Errors
/// When the machine fails, when the look cannot be noted (then nothing is read), or when a sum is too large.
pub fn release(
    registry: &Registry,
    actor: &Actor,
    (asked, today): (CalendarPeriod, Date),
    dry_run: bool,
) -> Result<Release, ReleaseError> {
    let period = asked.period();
    if period.to >= today {
        let to = period.to;
        return Ok(Release::Refused(
            Refusal::new(
                "period_not_over",
                format!("masa {asked} baru berakhir pada {to}; terbitkan sesudah hari itu"),
                format!("period {asked} ends on {to}; release it after that day"),
            )
            .at("data.period"),
        ));
    }
    let snapshot = registry.snapshot();
    let log_size = snapshot.size();
    let open = look_at_open(&snapshot, (period, today, log_size))?;
    if open.now.given().next().is_none() {
        return Ok(Release::Refused(Refusal::new(
            "nothing_to_release",
            format!("tidak ada laporan dengan angka tersegel untuk masa {asked}"),
            format!("no report of the period {asked} gives a sealed figure"),
        )));
    }
    let purpose = if dry_run {
        format!("release --period {asked} --dry-run")
    } else {
        format!("release --period {asked}")
    };
    let look = registry.look(actor, &purpose, &open.subjects)?;
    let values = read_values(&snapshot, &look, open.parties.keys().copied())?;
    let value = |report: ReportIndex, field: &str| {
        values.get(&report).and_then(|values| values.get(field)).and_then(serde_json::Value::as_i64)
    };
    let layouts: Vec<&ReleaseTable> =
        open.before.iter().map(|(_, layout)| layout).chain([&open.now]).collect();
    let of = |report: ReportIndex| Some((*open.parties.get(&report)?, *open.days.get(&report)?));
    let entries = entries(&layouts, of, value);
    let before: Vec<(&Earlier, &ReleaseTable)> =
        open.before.iter().map(|(earlier, layout)| (earlier, layout)).collect();
    let cells = decide_table(RULE, &open.now, &before, &entries)?;
    if dry_run {
        return Ok(Release::Made { log_size, cells, recorded: Vec::new() });
    }
    match record(registry, actor, period, log_size, &cells)? {
        Ok(recorded) => Ok(Release::Made { log_size, cells, recorded }),
        Err(refusal) => Ok(Release::Refused(refusal)),
    }
}

/// Every release that stands in the log, one event for each area.
///
/// # Errors
/// When the log cannot be read.
pub fn earlier_releases(snapshot: &Snapshot) -> Result<Vec<Earlier>, RegistryError> {
    let events = release_events(snapshot.index(), snapshot)?;
    let earlier = |(_, event): (u64, Event)| {
        let Subject::Area(area) = event.draft.subject else { return None };
        let released = FiguresReleased::of(&event.draft.data)?.clone();
        Some(Earlier { area, day: event.draft.time.date(), released })
    };
    Ok(events.into_iter().filter_map(earlier).collect())
}

/// Gathers what is open: the reports behind the new table and behind every earlier one.
fn look_at_open(snapshot: &Snapshot, now: (Period, Date, u64)) -> Result<Open, RegistryError> {
    let earlier = earlier_releases(snapshot)?;
    let reached = snapshot.index().reached().keys().filter(|((_, group), _)| *group == Group::Confidential);
    let erased = reached.map(|((subject, _), request)| (subject, request)).collect();
    let owners =
        owners(&persons(snapshot)?).into_iter().map(|(ikm, owner)| (ikm.uuid(), owner.uuid())).collect();
    let past = PastReports { earlier, erased, owners };
    let (today, size) = (now.1, now.2);
    let mut has: BTreeMap<ReportIndex, (Subject, BTreeSet<String>)> = BTreeMap::new();
    let mut ikms: BTreeMap<ReportIndex, Uuid> = BTreeMap::new();
    let mut days: BTreeMap<ReportIndex, Period> = BTreeMap::new();
    let mut layouts: BTreeMap<(Period, Date, u64), ReleaseTable> = BTreeMap::new();
    let questions = past.earlier.iter().map(Earlier::question).chain([now]);
    for question in questions.collect::<BTreeSet<_>>() {
        let reports = release_reports(snapshot.facts(), question.0, question.1, question.2);
        for report in &reports {
            ikms.insert(report.index, report.ikm);
            if let std::collections::btree_map::Entry::Vacant(place) = has.entry(report.index) {
                let event = snapshot.event(report.index)?;
                let given = event.draft.data.sealed().and_then(|sealed| sealed.has.as_ref());
                let given = given.map(|names| names.iter().map(ToString::to_string).collect());
                days.insert(report.index, days_of(&event));
                place.insert((sealed_by(&event).0, given.unwrap_or_default()));
            }
        }
        let given = |report: ReportIndex, figure: &ReleaseFigure| match has.get(&report) {
            Some((subject, names)) if names.contains(figure.field) => {
                let is_erased = past.erased.get(subject).is_some_and(|request| *request < question.2);
                if is_erased { Given::Erased } else { Given::Given }
            }
            _ => Given::Unseen,
        };
        layouts.insert(question, ReleaseTable::new(&reports, given));
    }
    let ikms_of = ikms.values().copied().collect::<BTreeSet<_>>();
    let survivors = release_survivors(snapshot.facts(), today, size, ikms_of);
    let mut parties = ikms;
    for party in parties.values_mut() {
        let ikm = survivors.get(party).copied().unwrap_or(*party);
        *party = past.owners.get(&ikm).copied().unwrap_or(ikm);
    }
    let subjects: BTreeSet<Subject> = has.values().map(|(subject, _)| *subject).collect();
    let layout = |question: (Period, Date, u64)| layouts.get(&question).cloned();
    let missing = || unreadable("a table was laid out and is gone");
    let mut before = Vec::with_capacity(past.earlier.len());
    for earlier in past.earlier {
        let laid_out = layout(earlier.question()).ok_or_else(missing)?;
        before.push((earlier, laid_out));
    }
    let now = layout(now).ok_or_else(missing)?;
    Ok(Open { now, before, parties, days, subjects: subjects.into_iter().collect() })
}

/// The days that a report is about.
fn days_of(event: &Event) -> Period {
    let content = Content::of(event);
    let day = content.time().date();
    WorkforceReported::of(content.data()).map_or(Period { from: day, to: day }, |data| data.period)
}

/// Reads the sealed values of reports; erased ones are absent.
fn read_values(
    snapshot: &Snapshot,
    look: &Look,
    reports: impl Iterator<Item = ReportIndex>,
) -> Result<BTreeMap<ReportIndex, SealedValues>, RegistryError> {
    reports.map(|report| Ok((report, snapshot.sealed(look, report)?))).collect()
}

/// Records the cells, one event for each area, all in one commit or none.
fn record(
    registry: &Registry,
    actor: &Actor,
    period: Period,
    log_size: u64,
    cells: &[ReleaseCell],
) -> Result<Result<Vec<u64>, Refusal>, RegistryError> {
    let mut by_area: BTreeMap<AreaCode, Vec<ReleasedCell>> = BTreeMap::new();
    for cell in cells {
        by_area
            .entry(cell.area)
            .or_default()
            .push(released(cell).ok_or_else(|| unreadable("a count is too large"))?);
    }
    let mut proposals: Vec<Proposal> = Vec::with_capacity(by_area.len());
    for (area, cells) in by_area {
        let data = FiguresReleased {
            cells: SetOf::new(cells).ok_or_else(|| unreadable("a release without cells"))?,
            log_size: Amount::new(i64::try_from(log_size).map_err(unreadable)?)
                .ok_or_else(|| unreadable("log size"))?,
            period,
            evidence: None,
            imported_from: None,
            sealed: None,
        };
        let mut proposal = registry.own_proposal(actor.clone(), Subject::Area(area), Data::from(data))?;
        let first = proposals.first().unwrap_or(&proposal).draft.id;
        proposal.draft.correlation = CorrelationId::new(first.uuid());
        proposals.push(proposal);
    }
    registry.record_release(proposals, log_size)
}

fn released(cell: &ReleaseCell) -> Option<ReleasedCell> {
    let ReleaseCell { figure, ikms, unseen, erased, sum, .. } = cell;
    Some(ReleasedCell {
        erased: Count::new(*erased)?,
        figure: Code::parse(figure).ok()?,
        ikms: Count::new(*ikms)?,
        sum: match sum {
            None => None,
            Some(sum) => Some(Amount::new(*sum)?),
        },
        unseen: Count::new(*unseen)?,
    })
}
