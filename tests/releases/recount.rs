//! Releases that say something else than open facts do: each is refused by the rule that stands here, before it is
//! recorded. What a log says that holds such a release all the same is in `tests/cheating/released.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jejak::environment::ManualClock;
use jejak::registry::release::{Release, release};
use jejak::registry::{Outcome, Registry};
use jejak_events::area::AreaCode;
use jejak_events::identity::{CorrelationId, Subject};
use jejak_events::proposal::Proposal;
use jejak_events::types::Data;
use jejak_events::types::area_reports::{FiguresReleased, ReleasedCell};
use jejak_events::values::{Amount, Code, Count, SetOf};
use jejak_projections::calendar::CalendarPeriod;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{actor, today};
use crate::support;

struct Office {
    registry: Registry,
    clock: Arc<ManualClock>,
    next: u64,
}

/// The figures of an area, as a release may tell them.
type Cells = BTreeMap<String, Vec<ReleasedCell>>;

fn ikm(number: u64) -> String {
    format!("ikm/7f2c1a34-5b6d-4e8f-9a0b-{number:012x}")
}

impl Office {
    /// So many IKMs of one city, each with a report of the workforce.
    fn new(reporting: u64) -> Self {
        let (options, clock) = support::in_memory(7);
        let mut office = Self { registry: support::created(&options), clock, next: 1 };
        (1..=reporting).for_each(|number| office.register(number));
        (1..=reporting).for_each(|number| drop(office.report(number, 10 + number)));
        office
    }

    fn propose(&mut self, kind: &str, subject: &str, day: &str, data: Value) -> Value {
        self.next += 1;
        let id = Uuid::from_u128(0x0197_f2c1_5b6d_7e8f_9a0b_0000_0000_0000 + u128::from(self.next));
        let proposal = json!({"id": id, "type": format!("id.jejak.{kind}.v1"), "subject": subject,
            "time": format!("{day}T00:00:00+07:00"), "timeprecision": "day", "data": data});
        self.clock.advance(Duration::from_secs(1));
        let outcomes = self.registry.append_blocking(vec![support::proposal(&proposal)], false).unwrap();
        assert!(matches!(outcomes[0], Outcome::Recorded { .. }), "{outcomes:?}");
        proposal
    }

    fn register(&mut self, number: u64) {
        let data = json!({"name": format!("Batik {number}"), "sole_proprietor": false, "area": "33.75",
            "kbli": {"code": "13134", "year": 2020}, "commodity": "batik"});
        self.propose("ikm.registered", &ikm(number), "2023-06-01", data);
    }

    fn report(&mut self, number: u64, workers: u64) -> Value {
        let data = json!({"period": {"from": "2024-01-01", "to": "2024-03-31"}, "workers": workers});
        self.propose("ikm.workforce_reported", &ikm(number), "2024-04-08", data)
    }

    /// What a release of the quarter says, recorded or not.
    fn released(&self, dry_run: bool) -> Cells {
        self.clock.advance(Duration::from_secs(1));
        let quarter: CalendarPeriod = "2024-Q1".parse().unwrap();
        let made = release(&self.registry, &actor(), (quarter, today()), dry_run).unwrap();
        let Release::Made { cells, .. } = made else { panic!("{made:?}") };
        let mut by_area = Cells::new();
        for cell in cells {
            by_area.entry(cell.area.to_string()).or_default().push(ReleasedCell {
                erased: Count::new(cell.erased).unwrap(),
                figure: Code::parse(cell.figure).unwrap(),
                ikms: Count::new(cell.ikms).unwrap(),
                sum: cell.sum.map(|sum| Amount::new(sum).unwrap()),
                unseen: Count::new(cell.unseen).unwrap(),
            });
        }
        by_area
    }

    /// The events of a release that knows so many events.
    fn events(&self, cells: &Cells, log_size: u64) -> Vec<Proposal> {
        let quarter: CalendarPeriod = "2024-Q1".parse().unwrap();
        let mut proposals: Vec<Proposal> = Vec::new();
        for (area, cells) in cells {
            let data = FiguresReleased {
                cells: SetOf::new(cells.clone()).unwrap(),
                log_size: Amount::new(i64::try_from(log_size).unwrap()).unwrap(),
                period: quarter.period(),
                evidence: None,
                imported_from: None,
                sealed: None,
            };
            let area = Subject::Area(AreaCode::parse(area).unwrap());
            let mut proposal = self.registry.own_proposal(actor(), area, Data::from(data)).unwrap();
            let first = proposals.first().unwrap_or(&proposal).draft.id;
            proposal.draft.correlation = CorrelationId::new(first.uuid());
            proposals.push(proposal);
        }
        proposals
    }

    /// By which rule these events are refused, with the sentence.
    fn refused(&self, events: Vec<Proposal>) -> (String, String) {
        let size = self.registry.reader().size();
        let refusal = self.registry.record_release(events, size).unwrap().unwrap_err();
        assert_eq!(self.registry.reader().size(), size, "nothing is recorded");
        (refusal.rule.to_string(), refusal.message.en)
    }

    /// By which rule a release of these cells is refused.
    fn rule(&self, edit: impl FnOnce(&mut Cells)) -> (String, String) {
        let mut cells = self.released(true);
        edit(&mut cells);
        self.refused(self.events(&cells, self.registry.reader().size()))
    }
}

fn count(number: u32) -> Count {
    Count::new(number).unwrap()
}

fn tell(cells: &mut Cells, sum: i64) {
    cells.values_mut().flatten().for_each(|cell| cell.sum = Amount::new(sum));
}

#[test]
fn what_open_facts_do_not_say_is_not_released() {
    let office = Office::new(6);
    let city = |cells: &Cells| cells["33.75"].clone();
    let (rule, said) = office.rule(|cells| cells.get_mut("33.75").unwrap()[0].ikms = count(7));
    assert_eq!(rule, "release_miscounted");
    assert_eq!(said, "33.75 workers: `ikms` is said to be 7, while 6 are counted from the events before it");
    for edit in [
        (|cell| cell.unseen = count(1)) as fn(&mut ReleasedCell),
        |cell| cell.erased = count(1),
        |cell| cell.ikms = count(5),
    ] {
        assert_eq!(office.rule(|cells| edit(&mut cells.get_mut("33").unwrap()[0])).0, "release_miscounted");
    }
    assert_eq!(office.rule(|cells| drop(cells.remove("33"))).0, "cell_missing");
    let (rule, _) = office.rule(|cells| {
        let elsewhere = city(cells);
        cells.insert("33.26".to_owned(), elsewhere);
    });
    assert_eq!(rule, "cell_of_nobody");
    let (rule, _) = office.rule(|cells| {
        let sales = ReleasedCell { figure: Code::parse("sales").unwrap(), ..city(cells)[0].clone() };
        cells.get_mut("33.75").unwrap().push(sales);
    });
    assert_eq!(rule, "cell_of_nobody");
    // What is said as it is, is recorded.
    let size = office.registry.reader().size();
    let honest = office.events(&office.released(true), size);
    assert_eq!(office.registry.record_release(honest, size).unwrap().unwrap(), [size, size + 1]);
}

#[test]
fn a_release_knows_all_that_is_recorded_and_its_events_belong_together() {
    let mut office = Office::new(6);
    let before = office.registry.reader().size();
    office.register(7);
    let cells = office.released(true);
    assert_eq!(office.refused(office.events(&cells, before)).0, "release_knows_not_all");
    let mut apart = office.events(&cells, before + 1);
    apart[1].draft.correlation = None;
    assert_eq!(office.refused(apart).0, "released_apart");
    let twice = Cells::from([("33".to_owned(), cells["33"].clone())]);
    let mut twice = office.events(&twice, before + 1);
    let mut again = twice.clone();
    again[0].draft.id = office
        .registry
        .own_proposal(actor(), again[0].draft.subject, again[0].draft.data.clone())
        .unwrap()
        .draft
        .id;
    twice.append(&mut again);
    let (rule, said) = office.refused(twice);
    assert_eq!((rule.as_str(), said.as_str()), ("released_twice", "33 workers stands twice in one release"));
}

/// What was told before counts: the one that came late, and what was erased since.
#[test]
fn what_earlier_sums_leave_between_them_is_not_told() {
    let mut office = Office::new(10);
    assert!(office.released(false).values().flatten().all(|cell| cell.sum.is_some()));
    office.register(11);
    office.report(11, 9);
    let (rule, said) = office.rule(|cells| tell(cells, 174));
    assert_eq!(rule, "tells_too_few");
    assert!(said.contains("the figure of 1 IKMs only"), "{said}");

    // Four report anew, and one of the others has its figures erased: it would be in what is left of the first sum.
    let mut office = Office::new(0);
    (1..=10).for_each(|number| office.register(number));
    let reports: Vec<Value> = (1..=10).map(|number| office.report(number, 10 + number)).collect();
    office.released(false);
    for old in &reports[..4] {
        let data = json!({"target": old["id"], "reason": "typing_error", "type": old["type"],
            "subject": old["subject"], "time": old["time"], "timeprecision": "day", "data": old["data"]});
        office.propose("event.corrected", old["subject"].as_str().unwrap(), "2024-05-05", data);
    }
    let basis = json!({"basis": "subject_request"});
    office.propose("ikm.erasure_requested", &ikm(10), "2025-10-09", basis);
    let (rule, said) = office.rule(|cells| tell(cells, 135));
    assert_eq!(rule, "tells_erased", "{said}");
    assert_eq!(said, "33 workers: beside other released sums its sum holds a figure that was erased");
}

#[test]
fn a_release_stands_for_ever() {
    let mut office = Office::new(6);
    office.released(false);
    let tip = office.registry.reader().size() - 1;
    let released = office.registry.event(tip).unwrap().draft;
    office.next += 1;
    let data = json!({"target": released.id, "reason": "recorded_in_error"});
    let proposal = json!({"id": Uuid::from_u128(0x0197_f2c1_5b6d_7e8f_9a0b_0000_0000_ffff),
        "type": "id.jejak.event.retracted.v1", "subject": released.subject.to_string(),
        "time": "2025-10-09T00:00:00+07:00", "timeprecision": "day", "data": data});
    let outcomes = office.registry.append_blocking(vec![support::proposal(&proposal)], false).unwrap();
    assert_eq!(outcomes[0].refusal().unwrap().rule, "stands_for_ever");
}
