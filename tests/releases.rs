//! Attacks on releases: a reader who has every release, and everything open, works out what no release may tell.
//!
//! Random worlds of IKMs with sealed figures, some of them far larger than the others, release period after period,
//! while reports come late, are corrected and retracted, and IKMs merge, move, close and are erased. The attacker
//! knows who reported which figure when, which reports each cell is made of, that no figure is negative and no part
//! above its whole; two IKMs put their own figures to it. Linear programming ([`lp`]) gives the most and the least
//! that each figure of each report can be. None may be held to within ten percent. `JEJAK_WRITE_LOGS=<directory>` keeps the
//! logs, for `check_releases.py`.

mod attack;
mod lp;
mod recount;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jejak::environment::ManualClock;
use jejak::registry::release::{Release, release};
use jejak::registry::{Outcome, Registry};
use jejak::rules::release::table::ReleaseCell;
use jejak_events::identity::{Actor, ActorKind, Subject};
use jejak_events::proposal::sealed_by;
use jejak_events::values::{Code, Date};
use jejak_projections::calendar::CalendarPeriod;
use jejak_projections::views::releases::{FIGURES, release_reports};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::random::Random;
use crate::support;
use attack::{Came, Equation, Truth, Unknown, attack, rivals};

const AREAS: [&str; 5] = ["33.75", "33.26", "33.74", "35.76", "35.74"];
const PERIODS: [&str; 7] = ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024", "2024-03", "2024-12"];
/// The fields that reports give, so that many cells are large enough to be told.
const FIELDS: [&str; 3] = ["workers", "women", "bpjs_kesehatan"];

struct World {
    dice: Random,
    registry: Registry,
    clock: Arc<ManualClock>,
    ikms: Vec<Uuid>,
    next: u128,
    /// Reports that may be corrected or retracted: their ids and what they say.
    reports: Vec<Value>,
    /// What the sealed fields say, by event: for the judge of the attack, not for the attacker.
    truth: BTreeMap<Unknown, i64>,
    ikm_of: BTreeMap<u64, Uuid>,
    erased: BTreeMap<Subject, u64>,
    /// Which IKM was merged into which.
    merged: Vec<(Uuid, Uuid)>,
    known: u64,
    told: Vec<Equation>,
    /// What would be told of every cell of three IKMs or more.
    naive: Vec<Equation>,
    cells_told: usize,
    cells_withheld: usize,
}

fn actor() -> Actor {
    Actor { kind: ActorKind::AppUser, id: Some(Code::parse("statistik-1").unwrap()) }
}

fn today() -> Date {
    Date::parse("2025-10-09").unwrap()
}

impl World {
    fn new(seed: u64) -> Self {
        let (options, clock) = support::in_memory(seed);
        let registry = support::created(&options);
        let mut world = Self {
            dice: Random::new(seed),
            registry,
            clock,
            ikms: Vec::new(),
            next: 1,
            reports: Vec::new(),
            truth: BTreeMap::new(),
            ikm_of: BTreeMap::new(),
            erased: BTreeMap::new(),
            merged: Vec::new(),
            known: 0,
            told: Vec::new(),
            naive: Vec::new(),
            cells_told: 0,
            cells_withheld: 0,
        };
        for _ in 0..40 {
            world.register();
        }
        for quarter in 0..4 {
            for ikm in world.ikms.clone() {
                if world.dice.between(0, 10) < 8 {
                    world.report(ikm, quarter);
                }
            }
        }
        world
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.dice.between(0, limit as u64)).unwrap()
    }

    fn any_ikm(&mut self) -> Uuid {
        let place = self.below(self.ikms.len());
        self.ikms[place]
    }

    fn id(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(0x0197_f2c1_5b6d_7e8f_9a0b_0000_0000_0000 + self.next)
    }

    /// Proposes an event; what the rules refuse is left out. Answers with its index.
    fn propose(&mut self, kind: &str, subject: &str, day: &str, data: Value) -> Option<(u64, Value)> {
        let proposal = json!({"id": self.id(), "type": format!("id.jejak.{kind}.v1"), "subject": subject,
            "time": format!("{day}T00:00:00+07:00"), "timeprecision": "day", "data": data});
        self.clock.advance(std::time::Duration::from_secs(1));
        let outcome = self.registry.append_blocking(vec![support::proposal(&proposal)], false).unwrap();
        match outcome.into_iter().next().unwrap() {
            Outcome::Recorded { index, .. } => {
                self.learn();
                Some((index, proposal))
            }
            Outcome::Refused { .. } => None,
        }
    }

    /// Notes what the new events seal, before anything can be erased.
    fn learn(&mut self) {
        let size = self.registry.reader().size();
        let look = support::look(&self.registry);
        for index in self.known..size {
            let event = self.registry.event(index).unwrap();
            if let Subject::Ikm(ikm) = sealed_by(&event).0 {
                self.ikm_of.insert(index, ikm.uuid());
            }
            let values = self.registry.sealed(&look, index).unwrap();
            for field in FIELDS {
                if let Some(value) = values.get(field).and_then(Value::as_i64) {
                    self.truth.insert((index, field), value);
                }
            }
        }
        self.known = size;
    }

    fn register(&mut self) {
        let ikm = Uuid::from_u128(0x7f2c_1a34_5b6d_4e8f_9a0b_0000_0000_0000 + self.next);
        self.next += 1;
        let area = AREAS[self.below(AREAS.len())];
        let data = json!({"name": format!("Batik {}", self.next), "sole_proprietor": false, "area": area,
            "kbli": {"code": "13134", "year": 2020}, "commodity": "batik"});
        assert!(self.propose("ikm.registered", &format!("ikm/{ikm}"), "2023-06-01", data).is_some());
        self.ikms.push(ikm);
    }

    fn figures(&mut self) -> Value {
        let workers = match self.dice.between(0, 30) {
            0 => 0,
            1 => 500 + self.dice.between(0, 3000),
            2 => 60 + self.dice.between(0, 200),
            _ => 2 + self.dice.between(0, 20),
        };
        let mut data = json!({"workers": workers});
        for (field, of_ten) in [("women", 9), ("bpjs_kesehatan", 8)] {
            if self.dice.between(0, 10) < of_ten {
                // Sometimes all of them, sometimes none.
                let part = match self.dice.between(0, 6) {
                    0 => workers,
                    1 => 0,
                    _ => self.dice.between(0, workers + 1),
                };
                data[field] = json!(part);
            }
        }
        data
    }

    fn report(&mut self, ikm: Uuid, quarter: usize) {
        let (from, to) = if self.dice.between(0, 5) == 0 {
            [
                ("2024-03-01", "2024-03-31"),
                ("2024-06-01", "2024-06-30"),
                ("2024-09-01", "2024-09-30"),
                ("2024-12-01", "2024-12-31"),
            ][quarter]
        } else {
            [
                ("2024-01-01", "2024-03-31"),
                ("2024-04-01", "2024-06-30"),
                ("2024-07-01", "2024-09-30"),
                ("2024-10-01", "2024-12-31"),
            ][quarter]
        };
        let mut data = self.figures();
        data["period"] = json!({"from": from, "to": to});
        if let Some((_, proposal)) =
            self.propose("ikm.workforce_reported", &format!("ikm/{ikm}"), "2025-02-03", data)
        {
            self.reports.push(proposal);
        }
    }

    /// Something happens between two releases.
    fn happen(&mut self) {
        let ikm = self.any_ikm();
        let subject = format!("ikm/{ikm}");
        match self.dice.between(0, 9) {
            0 => {
                self.register();
                let (ikm, quarter) = (*self.ikms.last().unwrap(), self.below(4));
                self.report(ikm, quarter);
            }
            1 | 2 => {
                let quarter = self.below(4);
                self.report(ikm, quarter);
            }
            3 | 4 => self.correct(),
            5 => {
                let into = self.any_ikm();
                if self.propose("ikm.merged", &subject, "2025-03-03", json!({"into": into})).is_some() {
                    self.merged.push((ikm, into));
                    self.ikms.retain(|other| *other != ikm);
                }
            }
            6 => {
                let area = AREAS[self.below(AREAS.len())];
                let day = ["2024-02-05", "2024-08-05", "2025-01-06"][self.below(3)];
                self.propose("ikm.profile_changed", &subject, day, json!({"area": area}));
            }
            7 => {
                if self.propose("ikm.closed", &subject, "2025-04-01", json!({"reason": "bankrupt"})).is_some()
                {
                    self.ikms.retain(|other| *other != ikm);
                }
            }
            _ => {
                let basis = json!({"basis": "subject_request"});
                if let Some((index, _)) = self.propose("ikm.erasure_requested", &subject, "2025-10-09", basis)
                {
                    self.erase(ikm, index);
                    self.ikms.retain(|other| *other != ikm);
                }
            }
        }
    }

    /// An erasure reaches the keys of what was merged into the IKM, too.
    fn erase(&mut self, ikm: Uuid, request: u64) {
        let subject = Subject::parse(&format!("ikm/{ikm}")).unwrap();
        self.erased.entry(subject).or_insert(request);
        let gone: Vec<Uuid> =
            self.merged.iter().filter(|(_, into)| *into == ikm).map(|(gone, _)| *gone).collect();
        gone.into_iter().for_each(|gone| self.erase(gone, request));
    }

    fn correct(&mut self) {
        let place = self.below(self.reports.len());
        let old = self.reports[place].clone();
        let subject = old["subject"].as_str().unwrap().to_owned();
        if self.dice.between(0, 4) == 0 {
            let data = json!({"target": old["id"], "reason": "not_ours"});
            if self.propose("event.retracted", &subject, "2025-05-05", data).is_some() {
                self.reports.remove(place);
            }
            return;
        }
        let mut figures = self.figures();
        figures["period"] = old["data"]["period"].clone();
        let data = json!({"target": old["id"], "reason": "typing_error", "type": old["type"], "subject": subject,
            "time": old["time"], "timeprecision": "day", "data": figures});
        self.propose("event.corrected", &subject, "2025-05-05", data);
    }

    /// Releases a period, and notes what every reader learns of it.
    fn release(&mut self, period: &str) {
        let asked: CalendarPeriod = period.parse().unwrap();
        let made = release(&self.registry, &actor(), (asked, today()), false).unwrap();
        let Release::Made { log_size, cells, recorded } = made else { return };
        assert!(!recorded.is_empty());
        self.known = self.registry.reader().size();
        let reports = release_reports(self.registry.snapshot().facts(), asked.period(), today(), log_size);
        for cell in &cells {
            let figure = FIGURES.iter().find(|figure| figure.name == cell.figure).unwrap();
            let Some(field) = FIELDS.into_iter().find(|field| *field == figure.field) else { continue };
            let of = reports
                .iter()
                .filter(|report| report.kind == figure.kind && report.area.is_within(cell.area));
            let gives = of.filter(|report| {
                let event = self.registry.event(report.index).unwrap();
                let subject = sealed_by(&event).0;
                self.truth.contains_key(&(report.index, field))
                    && self.erased.get(&subject).is_none_or(|request| *request >= log_size)
            });
            let (unknowns, ikms): (Vec<Unknown>, BTreeSet<Uuid>) =
                gives.map(|report| ((report.index, field), report.ikm)).unzip();
            self.learn_cell(cell, unknowns, ikms.len());
        }
    }

    /// Writes the log, for a program that shares nothing with this one.
    fn write(&self, file: &std::path::Path) {
        let mut lines = Vec::new();
        let reader = self.registry.reader();
        let mut add = |_: u64, record: &[u8]| {
            lines.extend_from_slice(record);
            lines.push(b'\n');
            true
        };
        reader.scan(0..reader.size(), &mut add).unwrap();
        std::fs::write(file, lines).unwrap();
    }

    fn learn_cell(&mut self, cell: &ReleaseCell, unknowns: Vec<Unknown>, ikms: usize) {
        assert_eq!(cell.ikms as usize, ikms, "{cell:?}: the counts are those of open facts");
        let sum: i64 = unknowns.iter().map(|unknown| self.truth[unknown]).sum();
        match cell.sum {
            Some(told) => {
                assert_eq!(told, sum, "{cell:?}");
                self.cells_told += 1;
                self.told.push(Equation { unknowns: unknowns.clone(), sum });
            }
            None => self.cells_withheld += 1,
        }
        if ikms >= 3 {
            self.naive.push(Equation { unknowns, sum });
        }
    }
}

/// A world after a sequence of releases.
fn told(seed: u64) -> World {
    let mut world = World::new(seed);
    for number in 0..9 {
        let place = if number < 4 { number } else { world.below(PERIODS.len()) };
        world.release(PERIODS[place]);
        for _ in 0..1 + world.below(4) {
            world.happen();
        }
    }
    world
}

fn worlds() -> std::ops::Range<u64> {
    if std::env::var_os("JEJAK_LONG").is_some() { 0..150 } else { 0..4 }
}

#[test]
fn no_figure_is_narrowed_by_all_releases_together() {
    let (mut all, mut by_insiders, mut cells) = (Came::default(), Came::default(), (0, 0));
    let same = BTreeMap::new();
    let logs = std::env::var_os("JEJAK_WRITE_LOGS").map(std::path::PathBuf::from);
    for seed in worlds() {
        let world = told(seed);
        if let Some(logs) = &logs {
            world.write(&logs.join(format!("{seed}.jsonl")));
        }
        let truth = Truth { figures: &world.truth, ikm_of: &world.ikm_of };
        let came = attack(&truth, &world.told, &BTreeSet::new(), &same);
        assert_eq!((came.narrowed, came.bounded), (0, 0), "seed {seed}: {came:?}");
        all.add(came);
        for insiders in rivals(&truth, &world.told) {
            let came = attack(&truth, &world.told, &insiders, &same);
            assert_eq!((came.narrowed, came.bounded), (0, 0), "seed {seed}, insiders {insiders:?}: {came:?}");
            by_insiders.add(came);
        }
        cells = (cells.0 + world.cells_told, cells.1 + world.cells_withheld);
    }
    println!("cells told {}, withheld {}; {all:?}; with two insiders {by_insiders:?}", cells.0, cells.1);
    assert!(
        cells.0 > 20 && cells.1 > 20 && all.attacked > 200,
        "the attack has something to do: {cells:?} {all:?}"
    );
}

/// The attack finds what a weaker release gives away: every cell of three IKMs or more, told each time.
#[test]
fn the_attack_finds_what_releases_without_suppression_give_away() {
    let world = told(1);
    let truth = Truth { figures: &world.truth, ikm_of: &world.ikm_of };
    let came = attack(&truth, &world.naive, &BTreeSet::new(), &BTreeMap::new());
    println!("without suppression: {came:?}");
    assert!(came.narrowed > 10, "{came:?}");
}
