//! Pages of small made-up logs, put into the registry's knowledge without its rules: types that it does
//! not record yet must have a page too.

use std::collections::BTreeMap;

use jejak_events::identity::{Actor, ActorKind, Source, Subject};
use jejak_events::proposal::{Defaults, Proposal, SealedValues};
use jejak_events::record::Event;
use jejak_events::time::RecordedTime;
use jejak_events::values::Date;
use jejak_projections::error::ReadFailure;
use serde_json::{Value, json};

use super::{EnrolmentState, EntryStanding, Item, PageEntry, ResolvedStatus, StreamPage, gather};
use crate::rules::machine::{EventReader, History, StateMachine};
use crate::words::sentence::sentence;

#[derive(Default)]
struct Log {
    machine: StateMachine,
    past: Past,
}

#[derive(Default)]
struct Past(Vec<(Event, SealedValues)>);

impl EventReader for Past {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        self.0.get(index as usize).map(|(event, _)| event.clone()).ok_or_else(|| format!("no {index}").into())
    }
}

impl History for Past {
    fn sealed(&self, index: u64) -> Result<SealedValues, ReadFailure> {
        Ok(self.0[index as usize].1.clone())
    }
}

fn id(number: u64) -> String {
    format!("0197f2c1-5b6d-7e8f-9a0b-{number:012x}")
}

fn ikm(number: u64) -> String {
    format!("ikm/{}", uuid(number))
}

fn uuid(number: u64) -> String {
    format!("7f2c1a34-5b6d-4e8f-9a0b-{number:012x}")
}

impl Log {
    /// Records something on the day it happened; its index.
    fn add(&mut self, kind: &str, subject: &str, day: &str, data: Value) -> u64 {
        self.add_recorded(kind, subject, day, day, data)
    }

    fn add_recorded(&mut self, kind: &str, subject: &str, day: &str, recorded: &str, data: Value) -> u64 {
        let index = self.past.0.len() as u64;
        let defaults = Defaults {
            source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
            actor: Actor { kind: ActorKind::Unknown, id: None },
        };
        let proposal = json!({"id": id(index), "type": format!("id.jejak.{kind}.v1"), "subject": subject,
            "time": format!("{day}T00:00:00+07:00"), "timeprecision": "day", "data": data});
        let Proposal { draft, sealed, .. } =
            Proposal::parse(proposal.to_string().as_bytes(), &defaults).unwrap();
        let recorded = RecordedTime::parse(&format!("{recorded}T03:00:00.000Z")).unwrap();
        let event = Event { recorded, draft };
        self.past.0.push((event.clone(), sealed));
        self.machine.absorb(event, &self.past).unwrap();
        index
    }

    fn correct(&mut self, target: u64, subject: &str, kind: &str, day: &str, data: Value) -> u64 {
        let stream = self.past.0[target as usize].0.draft.subject.to_string();
        self.add(
            "event.corrected",
            &stream,
            "2025-12-01",
            json!({"target": id(target), "reason": "typing_error", "type": format!("id.jejak.{kind}.v1"),
                "subject": subject, "time": format!("{day}T00:00:00+07:00"), "timeprecision": "day", "data": data}),
        )
    }

    fn retract(&mut self, target: u64) -> u64 {
        let stream = self.past.0[target as usize].0.draft.subject.to_string();
        let data = json!({"target": id(target), "reason": "entered_twice", "authority": "Kepala Dinas"});
        self.add("event.retracted", &stream, "2025-12-02", data)
    }

    fn page(&self, subject: &str, on: &str, size: u64) -> StreamPage {
        let subject = Subject::parse(subject).unwrap();
        gather(&self.machine.index(), &self.past, subject, Date::parse(on).unwrap(), size).unwrap()
    }

    fn size(&self) -> u64 {
        self.past.0.len() as u64
    }

    /// The whole page, as known now.
    fn whole(&self, subject: &str) -> StreamPage {
        self.page(subject, "2026-12-31", self.size())
    }
}

fn registered(area: &str) -> Value {
    json!({"area": area, "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
        "sole_proprietor": false, "name": "Batik Melati"})
}

fn items(page: &StreamPage) -> Vec<&Item> {
    page.story
        .iter()
        .filter_map(|entry| match entry {
            PageEntry::Event(item) => Some(&**item),
            PageEntry::Attendances(_) => None,
        })
        .collect()
}

/// Index and standing of each event on a page, in its order.
fn order(page: &StreamPage) -> Vec<(u64, EntryStanding)> {
    items(page).iter().map(|item| (item.index, item.standing)).collect()
}

use EntryStanding::{Corrected, InForce, Retracted};

#[test]
fn a_correction_says_what_it_changed_and_nothing_else() {
    let mut log = Log::default();
    log.add("ikm.registered", &ikm(1), "2025-01-10", registered("33.75"));
    let mut mended = registered("33.74");
    mended["commodity"] = json!("tenun");
    log.correct(0, &ikm(1), "ikm.registered", "2025-01-11", mended.clone());
    mended["area"] = json!("33.26");
    log.correct(0, &ikm(1), "ikm.registered", "2025-01-11", mended);
    let page = log.whole(&ikm(1));
    assert_eq!(order(&page), [(0, Corrected)]);
    let amendments = &items(&page)[0].amendments;
    let said = |place: usize| -> Vec<(&str, Option<&str>, Option<&str>)> {
        let all = amendments[place].differences.iter();
        fn text(value: Option<&super::FieldValue>) -> Option<&str> {
            value.and_then(|value| value.value.as_str())
        }
        all.map(|one| (one.field.as_str(), text(one.before.as_ref()), text(one.after.as_ref()))).collect()
    };
    assert_eq!(
        said(0),
        [
            ("area", Some("33.75"), Some("33.74")),
            ("commodity", Some("batik"), Some("tenun")),
            ("time", Some("2025-01-10T00:00:00+07:00"), Some("2025-01-11T00:00:00+07:00")),
        ]
    );
    // The second is held against the first, which it took the place of.
    assert_eq!(said(1), [("area", Some("33.74"), Some("33.26"))]);
    assert_eq!(page.facts["area"].to_string(), "33.26");
    assert_eq!((page.state, page.revision), (Some("active"), 3));

    // With the second taken back, the first holds again; both stay on the page.
    log.retract(2);
    let page = log.whole(&ikm(1));
    let amendments = &items(&page)[0].amendments;
    let taken_back: Vec<bool> = amendments.iter().map(|one| one.is_retracted).collect();
    assert_eq!((taken_back, &*page.facts["area"].to_string()), (vec![false, true, false], "33.74"));
    // A correction after that is held against the first.
    let mut again = registered("33.74");
    again["commodity"] = json!("rotan");
    log.correct(0, &ikm(1), "ikm.registered", "2025-01-11", again);
    let page = log.whole(&ikm(1));
    let last = &items(&page)[0].amendments[3];
    let changed: Vec<&str> = last.differences.iter().map(|one| one.field.as_str()).collect();
    assert_eq!((last.took_the_place_of, changed), (Some(1), vec!["commodity"]));

    // As known before any of it, nothing of it shows.
    let page = log.page(&ikm(1), "2026-12-31", 1);
    assert_eq!(
        (order(&page), &*page.facts["area"].to_string(), page.revision),
        (vec![(0, InForce)], "33.75", 1)
    );
    assert!(items(&page)[0].amendments.is_empty());
    assert!(log.page(&ikm(1), "2026-12-31", 0).story.is_empty());
}

#[test]
fn a_retraction_stands_beside_what_it_takes_back() {
    let mut log = Log::default();
    log.add("ikm.registered", &ikm(1), "2025-01-10", registered("33.75"));
    log.add("ikm.facility_added", &ikm(1), "2025-03-01", json!({"kind": "ipal"}));
    log.retract(1);
    let page = log.whole(&ikm(1));
    assert_eq!(order(&page), [(0, InForce), (1, Retracted)]);
    let retraction = &items(&page)[1].amendments[0];
    let said = sentence(&retraction.event.draft.data, &|subject| subject.to_string());
    assert_eq!((retraction.index, said.en.as_str()), (2, "retracted (entered_twice) by Kepala Dinas"));
    // Of a registration taken back, the page says so.
    log.retract(0);
    assert_eq!(log.whole(&ikm(1)).state, Some("retracted"));
    assert_eq!(log.page(&ikm(1), "2026-12-31", 3).state, Some("active"));
}

#[test]
fn the_story_is_in_the_order_in_which_things_happened_and_flags_what_came_late() {
    let mut log = Log::default();
    log.add("ikm.registered", &ikm(1), "2025-01-10", registered("33.75"));
    log.add("ikm.closed", &ikm(1), "2025-06-01", json!({"reason": "flood"}));
    log.add_recorded("ikm.facility_added", &ikm(1), "2025-03-01", "2025-06-09", json!({"kind": "ipal"}));
    log.add("ikm.reopened", &ikm(1), "2025-08-01", json!({}));
    log.add("ikm.profile_changed", &ikm(1), "2025-08-01", json!({"area": "33.74"}));
    let page = log.whole(&ikm(1));
    assert_eq!(order(&page).iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 2, 1, 3, 4]);
    let late: Vec<_> = items(&page).iter().map(|item| item.late_days).collect();
    assert_eq!(late, [None, Some(100), None, None, None]);
    assert_eq!((page.state, &*page.facts["area"].to_string()), (Some("active"), "33.74"));
    // On a day before, what happened later is left out.
    let page = log.page(&ikm(1), "2025-07-01", log.size());
    assert_eq!(
        (page.state, &*page.facts["area"].to_string(), page.story.len()),
        (Some("closed"), "33.75", 3)
    );
}

#[test]
fn what_goes_with_what_changed_does_not_stay() {
    let mut log = Log::default();
    let mut of_ikm = registered("33.75");
    of_ikm["district"] = json!("33.75.01");
    log.add("ikm.registered", &ikm(1), "2025-01-06", of_ikm);
    log.add("ikm.profile_changed", &ikm(1), "2025-02-06", json!({"area": "33.74"}));
    let facts = log.whole(&ikm(1)).facts;
    assert_eq!(
        (facts.get("area").map(ToString::to_string), facts.get("district")),
        (Some("33.74".to_owned()), None)
    );
    let person = format!("person/{}", uuid(11));
    log.add("person.registered", &person, "2025-01-06", json!({"ikm": uuid(1), "name": "Orang"}));
    assert_eq!(log.whole(&person).facts.get("ikm").map(ToString::to_string), Some(uuid(1)));
    log.add("person.profile_changed", &person, "2025-02-06", json!({"leaves_ikm": true}));
    assert!(log.whole(&person).facts.is_empty(), "{:?}", log.whole(&person).facts);
}

#[test]
fn merged_streams_are_told_together_each_line_under_its_own() {
    let mut log = Log::default();
    for number in 1..=4 {
        log.add("ikm.registered", &ikm(number), "2025-01-10", registered("33.75"));
    }
    log.add("ikm.facility_added", &ikm(2), "2025-03-01", json!({"kind": "ipal"}));
    let first = log.add("ikm.merged", &ikm(1), "2025-06-01", json!({"into": uuid(2)}));
    log.add("ikm.merged", &ikm(2), "2025-07-01", json!({"into": uuid(3)}));
    for number in 1..=3 {
        let page = log.whole(&ikm(number));
        let joined: Vec<String> = page.joined.iter().map(ToString::to_string).collect();
        assert_eq!(joined, [ikm(1), ikm(2), ikm(3)], "{number}");
        assert_eq!(page.story.len(), 6);
        let streams: BTreeMap<u64, String> =
            items(&page).iter().map(|item| (item.index, item.event.draft.subject.to_string())).collect();
        assert_eq!((streams[&0].clone(), streams[&4].clone()), (ikm(1), ikm(2)));
    }
    assert_eq!(log.whole(&ikm(1)).state, Some("merged"));
    assert_eq!(log.whole(&ikm(4)).joined.len(), 1);
    // Taking the merge back parts them; before it was known they were apart.
    log.retract(first);
    assert_eq!(log.whole(&ikm(1)).joined.len(), 1);
    assert_eq!(log.whole(&ikm(3)).joined.len(), 2);
    assert_eq!(log.page(&ikm(1), "2026-12-31", 5).joined.len(), 1);
    // Persons likewise.
    let person = |number| format!("person/{}", uuid(number));
    for number in [11, 12] {
        log.add("person.registered", &person(number), "2025-01-10", json!({"name": "Siti"}));
    }
    log.add("person.merged", &person(11), "2025-06-01", json!({"into": uuid(12)}));
    assert_eq!(log.whole(&person(12)).joined.len(), 2);
}

/// A programme of one session of two days, with IKM 1 sending persons 11 and 12 and IKM 2 its delegation.
fn programme() -> (Log, String) {
    let mut log = Log::default();
    let program = "program/01930a5d-ac96-774b-bcce-b302099a8001".to_owned();
    let bare = program.split_once('/').unwrap().1.to_owned();
    let session = "01930a5d-ac96-774b-bcce-b302099a8002";
    for number in [1, 2, 3] {
        log.add("ikm.registered", &ikm(number), "2025-01-10", registered("33.75"));
    }
    let opened = json!({"area": "33.75", "organiser": "Dinas", "theme": "export", "title": "Ekspor", "unit": "person"});
    log.add("program.opened", &program, "2025-02-01", opened);
    let days: Vec<Value> = ["2025-03-01", "2025-03-02"]
        .map(|date| json!({"date": date, "practice_minutes": 240, "theory_minutes": 60}))
        .to_vec();
    let scheduled = json!({"session": session, "venue": "Aula", "days": days});
    log.add("program.session_scheduled", &program, "2025-02-02", scheduled);
    let places = json!({"program": bare, "persons": [uuid(11), uuid(12)]});
    log.add("enrolment.made", &ikm(1), "2025-02-10", places);
    log.add("enrolment.made", &ikm(2), "2025-02-10", json!({"program": bare}));
    log.add("enrolment.waitlisted", &ikm(3), "2025-02-11", json!({"program": bare}));
    let attended = |person: Option<u64>, day: &str, status: &str| {
        let mut data = json!({"program": bare, "session": session, "day": day, "status": status});
        if let Some(person) = person {
            data["person"] = json!(uuid(person));
        }
        data
    };
    for (day, status) in [("2025-03-01", "present"), ("2025-03-02", "excused")] {
        log.add("training.attended", &ikm(1), day, attended(Some(11), day, status)); // 8, 11
        log.add("training.attended", &ikm(1), day, attended(Some(12), day, "present")); // 9, 12
        log.add("training.attended", &ikm(2), day, attended(None, day, "absent")); // 10, 13
    }
    (log, program)
}

#[test]
fn a_programme_is_counted_by_day_and_told_by_who_was_enrolled() {
    let (mut log, program) = programme();
    let bare = program.split_once('/').unwrap().1;
    let certificate = "certificate/01930a5d-ac96-774b-bcce-b302099a8003";
    let mut issued = json!({"holder": {"person": uuid(12)}, "issuer": "LSP", "scheme": "competence",
        "valid_from": "2025-04-01", "valid_to": "2028-03-31", "number": "77", "program": bare});
    log.add("certificate.issued", certificate, "2025-04-01", issued.clone());
    // One that names no programme is none of this one.
    issued["number"] = json!("78");
    issued.as_object_mut().unwrap().remove("program");
    log.add("certificate.issued", "certificate/01930a5d-ac96-774b-bcce-b302099a8004", "2025-04-01", issued);
    let verdict = json!({"program": bare, "scheme": "sih_batik", "scheme_version": 1, "verdict": "passed"});
    log.add("assessment.recorded", &ikm(1), "2025-04-02", verdict);
    let page = log.whole(&program);
    let part = page.program.as_ref().unwrap();
    let counts: Vec<_> =
        part.sessions[0].days.iter().map(|day| (day.present, day.excused, day.absent)).collect();
    assert_eq!(counts, [(2, 0, 1), (1, 1, 1)]);
    let lines: Vec<_> = part
        .enrolled
        .iter()
        .map(|one| (one.ikm.unwrap().to_string(), one.person.map(|person| person.to_string()), one.state))
        .collect();
    assert_eq!(
        lines,
        [
            (uuid(1), Some(uuid(11)), EnrolmentState::Enrolled),
            (uuid(1), Some(uuid(12)), EnrolmentState::Enrolled),
            (uuid(2), None, EnrolmentState::Enrolled),
            (uuid(3), None, EnrolmentState::Waitlisted),
        ]
    );
    let of = |place: usize| -> Vec<ResolvedStatus> {
        part.enrolled[place].attendance.iter().map(|day| day.status).collect()
    };
    assert_eq!(
        (of(0), of(2)),
        (vec![ResolvedStatus::Present, ResolvedStatus::Excused], vec![ResolvedStatus::Absent; 2])
    );
    let achieved: Vec<_> =
        part.enrolled.iter().map(|one| (one.assessments.len(), one.certificates.len())).collect();
    assert_eq!(achieved, [(1, 0), (1, 1), (0, 0), (0, 0)]);
    // The story itself has the programme's own events only; the rest is counted.
    assert_eq!(order(&page), [(3, InForce), (4, InForce)]);
    let folded: BTreeMap<&str, u64> =
        page.folded.iter().map(|(name, folded)| (*name, folded.count)).collect();
    assert_eq!(folded["id.jejak.training.attended.v1"], 6);
    assert_eq!(folded["id.jejak.enrolment.made.v1"], 2);
    assert_eq!(page.titles.values().collect::<Vec<_>>(), ["Ekspor"]);
}

/// A certificate that does not hold on the day asked for is told as what ended it, and as valid before that.
#[test]
fn a_programme_tells_which_certificates_no_longer_hold() {
    use super::CertificateEnd::{Lapsed, Revoked, Suspended};
    let (mut log, program) = programme();
    let bare = program.split_once('/').unwrap().1;
    let certificate = "certificate/01930a5d-ac96-774b-bcce-b302099a8003";
    let holder = json!({"person": uuid(12)});
    let issued = json!({"holder": holder, "issuer": "LSP", "scheme": "competence", "valid_from": "2025-04-01",
        "valid_to": "2026-03-31", "number": "77", "program": bare});
    log.add("certificate.issued", certificate, "2025-04-01", issued);
    log.add("certificate.suspended", certificate, "2025-06-01", json!({"reason": "surveillance_overdue"}));
    log.add("certificate.reinstated", certificate, "2025-07-01", json!({}));
    let further = json!({"holder": holder, "valid_from": "2026-04-01", "valid_to": "2027-03-31"});
    log.add("certificate.renewed", certificate, "2026-03-01", further);
    log.add("certificate.revoked", certificate, "2026-08-01", json!({"reason": "surveillance_failed"}));
    let size = log.size();
    let ended = |log: &Log, day: &str, size| {
        let page = log.page(&program, day, size);
        let enrolled = page.program.unwrap().enrolled.into_iter();
        enrolled.flat_map(|one| one.certificates).map(|one| one.ended).collect::<Vec<_>>()
    };
    assert_eq!(ended(&log, "2025-05-31", size), [None]);
    assert_eq!(ended(&log, "2025-06-01", size), [Some(Suspended)]);
    assert_eq!(ended(&log, "2025-07-01", size), [None]);
    assert_eq!(ended(&log, "2026-04-01", size), [None], "renewed");
    assert_eq!(ended(&log, "2026-04-01", size - 2), [Some(Lapsed)], "before the renewal was known");
    assert_eq!(ended(&log, "2026-08-01", size), [Some(Revoked)]);
}

#[test]
fn what_amends_an_attendance_is_told_and_counted_as_amended() {
    let (mut log, program) = programme();
    log.retract(10);
    log.add(
        "enrolment.withdrawn",
        &ikm(1),
        "2025-03-02",
        json!({"program": program.split_once('/').unwrap().1,
        "reason": "illness", "persons": [uuid(11)]}),
    );
    let page = log.whole(&program);
    let part = page.program.as_ref().unwrap();
    assert_eq!(part.sessions[0].days[0].absent, 0);
    assert_eq!(part.enrolled.last().map(|one| one.state), Some(EnrolmentState::Withdrawn));
    assert!(order(&page).contains(&(10, Retracted)), "{:?}", order(&page));
    assert_eq!(page.folded["id.jejak.training.attended.v1"].count, 5);
    // On the IKM's own page its days are one line for each person.
    let page = log.whole(&ikm(1));
    let groups: Vec<_> = page
        .story
        .iter()
        .filter_map(|entry| match entry {
            PageEntry::Attendances(group) => {
                Some((group.person.map(|one| one.to_string()), group.days.len()))
            }
            PageEntry::Event(_) => None,
        })
        .collect();
    assert_eq!(groups, [(Some(uuid(11)), 2), (Some(uuid(12)), 2)]);
}

#[test]
fn sessions_move_and_fall_away_and_a_place_comes_from_the_list() {
    let (mut log, program) = programme();
    let bare = program.split_once('/').unwrap().1.to_owned();
    let session = "01930a5d-ac96-774b-bcce-b302099a8002";
    log.add("enrolment.promoted", &ikm(3), "2025-02-20", json!({"program": bare, "persons": [uuid(31)]}));
    let moved = json!({"session": session, "venue": "Pendopo",
        "days": [{"date": "2025-03-08", "practice_minutes": 60, "theory_minutes": 0}]});
    log.add("program.session_rescheduled", &program, "2025-02-25", moved);
    let page = log.whole(&program);
    let part = page.program.as_ref().unwrap();
    let dates: Vec<String> = part.sessions[0].days.iter().map(|day| day.date.to_string()).collect();
    assert_eq!((dates, part.sessions[0].venue.as_str()), (vec!["2025-03-08".to_owned()], "Pendopo"));
    let third: Vec<_> = part.enrolled.iter().filter(|one| one.ikm.unwrap().to_string() == uuid(3)).collect();
    assert_eq!(third.len(), 1);
    assert_eq!(third[0].state, EnrolmentState::Enrolled);
    log.add(
        "program.session_cancelled",
        &program,
        "2025-02-26",
        json!({"session": session, "reason": "flood"}),
    );
    log.add("program.closed", &program, "2025-12-01", json!({}));
    let page = log.whole(&program);
    assert!(page.program.as_ref().unwrap().sessions[0].cancelled);
    assert_eq!(page.state, Some("closed"));
}

#[test]
fn other_streams_have_pages_too() {
    let mut log = Log::default();
    log.add("ikm.registered", &ikm(1), "2025-01-10", registered("33.75"));
    let sentra = "sentra/01930a5d-ac96-774b-bcce-b302099a8010";
    let planned = json!({"area": "33.75", "commodity": "batik", "name": "Sentra Jeruksari"});
    log.add("sentra.planned", sentra, "2025-02-01", planned);
    log.add("sentra.opened", sentra, "2025-05-01", json!({}));
    let joins = json!({"sentra": sentra.split_once('/').unwrap().1});
    log.add("sentra.member_joined", &ikm(1), "2025-06-01", joins);
    let page = log.whole(sentra);
    assert_eq!(
        (page.state, page.story.len(), &*page.facts["name"].to_string()),
        (Some("opened"), 3, "Sentra Jeruksari")
    );
    assert_eq!(page.people.len(), 1);
    log.add(
        "area.population_reported",
        "area/33.75",
        "2025-01-01",
        json!({"commodity": "batik", "source": "Laporan dinas", "total": 700}),
    );
    let page = log.whole("area/33.75");
    assert_eq!((page.story.len(), &*page.facts["name"].to_string()), (1, "Kota Pekalongan"));
    assert!(log.whole("exhibition/01930a5d-ac96-774b-bcce-b302099a8011").story.is_empty());
}
