//! The fast reader and the full one make the same facts of the same bytes.

use jejak_events::identity::{Actor, ActorKind, CorrelationId, Source, Subject};
use jejak_events::record::{Draft, Event};
use jejak_events::time::{RecordedTime, TimePrecision, ValidTime};
use jejak_events::types::ikm::{AttendanceStatus, EnrolmentMade, TrainingAttended};
use jejak_events::types::{Data, Evidence, ImportedFrom};
use jejak_events::values::{Count, Minutes, SetOf, Sha256Hex};
use jejak_projections::error::ProjectionError;
use jejak_projections::facts::Facts;
use jejak_projections::lineage::Lineage;
use proptest::prelude::*;

use crate::said::Said;
use crate::story::{self, Story};

/// Attendance and enrolment with every optional field there or not.
fn hot_event() -> impl Strategy<Value = Event> {
    let numbers = (0u32..5, 0u32..5, 0u32..5, prop::collection::btree_set(0u32..9, 0..4));
    let options = (any::<[bool; 8]>(), 0u16..1441, 0usize..3, 0usize..3, any::<u32>());
    (numbers, options).prop_map(|((who, on, at, persons), (has, minutes, status, zone, row))| {
        let imported_from = has[0].then(|| ImportedFrom {
            file: Sha256Hex::parse(&"0123456789abcdef".repeat(4)).unwrap(),
            row: Count::new(row % 4_000_000_000).unwrap(),
            sheet: Count::new(1).unwrap(),
        });
        let evidence = has[1].then(|| {
            let sha256 = Sha256Hex::parse(&"ab".repeat(32)).unwrap();
            SetOf::new(vec![Evidence {
                media_type: jejak_events::values::MediaType::parse("image/jpeg").unwrap(),
                sha256,
                subjects: None,
            }])
            .unwrap()
        });
        let data: Data = if has[2] {
            TrainingAttended {
                day: story::date(["2025-10-08", "2024-02-29", "1999-12-31"][status]),
                program: story::program(on),
                session: story::session(at),
                status: [AttendanceStatus::Present, AttendanceStatus::Excused, AttendanceStatus::Absent]
                    [status],
                minutes: has[3].then(|| Minutes::new(minutes).unwrap()),
                person: has[4].then(|| story::person(at)),
                evidence,
                imported_from,
                sealed: None,
            }
            .into()
        } else {
            EnrolmentMade {
                program: story::program(on),
                group: has[3].then(|| story::code(["a", "group.2", "x:y-z_1"][status])),
                persons: SetOf::new(persons.into_iter().map(story::person).collect()),
                evidence,
                imported_from,
                sealed: None,
            }
            .into()
        };
        let area = story::area(["33.75", "51.71", "91.71"][zone]);
        let (precision, text) = if has[5] {
            (TimePrecision::Instant, "2025-10-08T13:45:59")
        } else {
            (TimePrecision::Month, "2025-10-01T00:00:00")
        };
        let time = ValidTime::parse(&format!("{text}+0{}:00", zone + 7), precision, area).unwrap();
        let correlation = has[6].then(|| CorrelationId::new(story::uuid(9, who)).unwrap());
        let draft = Draft {
            id: story::event_id(0),
            source: Source { area, office: story::code("dinas") },
            subject: Subject::Ikm(story::ikm(who)),
            time,
            actor: Actor { kind: ActorKind::ServiceAccount, id: has[7].then(|| story::code("u.1")) },
            correlation,
            causation: correlation.filter(|_| has[5]),
            data,
        };
        Event { recorded: RecordedTime::from_unix_ms(1_700_000_000_000).unwrap(), draft }
    })
}

/// The facts as the full reader makes them.
fn slow(records: &[Vec<u8>]) -> Result<Vec<u8>, ProjectionError> {
    let (mut facts, mut lineage, story) = (Facts::default(), Lineage::default(), Story::default());
    for (position, bytes) in (0..).zip(records) {
        let event =
            Event::read(bytes).map_err(|source| ProjectionError::NotARecord { index: position, source })?;
        facts.append_event(position, &event, &mut lineage, &story)?;
    }
    facts.encode()
}

/// The facts as bytes make them.
fn fast(records: &[Vec<u8>]) -> Result<Vec<u8>, ProjectionError> {
    let part = Facts::from_records(0, records.iter().map(Vec::as_slice))?;
    Facts::assemble([part], &Story::default())?.0.encode()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]
    #[test]
    fn both_readers_agree(events in prop::collection::vec(hot_event(), 0..12)) {
        let records: Vec<Vec<u8>> = events.iter().map(Event::encode).collect();
        prop_assert_eq!(fast(&records).unwrap(), slow(&records).unwrap());
    }

    /// Bytes that the full reader still takes must not be taken otherwise; nothing may panic.
    #[test]
    fn both_readers_agree_on_changed_bytes(
        event in hot_event(),
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(prop::sample::select(b"0123456789abcdef\"{}[]:,-TZ \\".to_vec()), 0..3),
        cut in 0usize..3,
    ) {
        let mut record = event.encode();
        let at = at.index(record.len());
        let end = (at + cut).min(record.len());
        record.splice(at..end, bytes);
        let records = [record];
        let quick = fast(&records);
        if let Ok(expected) = slow(&records) {
            prop_assert_eq!(quick.unwrap(), expected);
        }
    }

    /// Stored facts with a changed byte are refused or read as something; nothing panics.
    #[test]
    fn damaged_chunks_do_not_panic(
        events in prop::collection::vec(hot_event(), 1..6),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let records: Vec<Vec<u8>> = events.iter().map(Event::encode).collect();
        let mut chunk = fast(&records).unwrap();
        prop_assert_eq!(Facts::decode(&chunk).unwrap().encode().unwrap(), chunk.clone());
        prop_assert!(Facts::decode(&chunk[..cut.index(chunk.len())]).is_err());
        let at = at.index(chunk.len());
        chunk[at] = byte;
        let _ = Facts::decode(&chunk);
    }
}

/// Other spellings of the same record must not be taken for the usual one.
#[test]
fn unusual_records_go_to_the_full_reader() {
    let mut story = Story::default();
    let present = AttendanceStatus::Present;
    story.add("2025-10-08", story::attended(1, (1, 1), "2025-10-08", Some(1), present));
    let record = String::from_utf8(story.events[0].encode()).unwrap();
    let expected = slow(&[record.clone().into_bytes()]).unwrap();
    let respelled = [
        record.replacen(':', ": ", 1),
        record.replacen("\"status\"", "\"st\\u0061tus\"", 1),
        record.replacen("\"day\":\"2025-10-08\",", "", 1).replacen(
            "\"status\"",
            "\"day\":\"2025-10-08\",\"status\"",
            1,
        ),
    ];
    for text in respelled {
        assert_ne!(text, record);
        assert_eq!(fast(&[text.clone().into_bytes()]).unwrap(), expected, "{text}");
    }
    for (from, to) in [
        ("\"2025-10-08\"", "\"2025-02-31\""),
        ("present", "awake"),
        ("\"minutes\":360", "\"minutes\":1441"),
        ("\"minutes\":360", "\"minutes\":0360"),
        ("\"session\":", "\"colour\":\"red\",\"session\":"),
        ("attended.v1", "attended.v9"),
    ] {
        let text = record.replacen(from, to, 1);
        assert_ne!(text, record, "{from}");
        let error = fast(&[text.into_bytes()]).unwrap_err();
        assert!(matches!(error, ProjectionError::NotARecord { index: 0, .. }), "{to}: {error}");
    }
}

/// A set is a set, in whatever order it stands.
#[test]
fn persons_out_of_order_are_read_as_the_full_reader_does() {
    let mut story = Story::default();
    story.add("2025-10-08", story::enrolled(1, 1, None, &[1, 2]));
    let record = String::from_utf8(story.events[0].encode()).unwrap();
    let mut persons = [story::person(1), story::person(2)].map(|person| person.to_string());
    persons.sort_unstable();
    let [first, second] = persons;
    let swapped = record.replace(&first, "?").replace(&second, &first).replace('?', &second);
    let twice = record.replace(&second, &first);
    for text in [swapped, twice] {
        assert_ne!(text, record);
        let records = [text.into_bytes()];
        match slow(&records) {
            Ok(expected) => assert_eq!(fast(&records).unwrap(), expected),
            Err(_) => assert!(fast(&records).is_err()),
        }
    }
}

#[test]
fn facts_are_appended_in_turn_and_merged_once() {
    let mut story = Story::default();
    story.add("2025-01-01", story::registered(1, "33.75", None));
    story.add("2025-01-01", story::registered(2, "33.75", None));
    let mut lineage = Lineage::default();
    let mut facts = Facts::default();
    let error = facts.append_event(1, &story.events[1], &mut lineage, &story).unwrap_err();
    assert!(matches!(error, ProjectionError::OutOfOrder { expected: 0, given: 1 }));
    facts.append_event(0, &story.events[0], &mut lineage, &story).unwrap();
    let error = Facts::merge([facts.clone(), facts.clone()]).unwrap_err();
    assert!(matches!(error, ProjectionError::Overlap { index: 0 }));
    // A gap is no error yet, but nothing beyond it can be answered.
    let mut later = Facts::starting_at(1);
    later.append_event(1, &story.events[1], &mut lineage, &story).unwrap();
    assert_eq!(Facts::merge([later.clone(), Facts::default()]).unwrap().size(), 0);
    assert_eq!(Facts::merge([later, facts]).unwrap().size(), 2);
}

/// A correction of something unknown leaves facts and lineage as they were.
#[test]
fn a_failed_event_leaves_no_rows() {
    let mut story = Story::default();
    story.add("2025-01-01", story::registered(1, "33.75", None));
    story.correct(7, "2025-01-01", story::registered(1, "33.74", None));
    let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
    facts.append_event(0, &story.events[0], &mut lineage, &story).unwrap();
    let before = (facts.encode().unwrap(), lineage.clone());
    facts.append_event(1, &story.events[1], &mut lineage, &story).unwrap_err();
    assert_eq!((facts.encode().unwrap(), lineage.clone()), before);
    // Facts in a stream that does not fit them, half way through a change of two.
    story.events[1] = {
        let mut other = story.clone();
        other.events.truncate(1);
        let (_, data) = story::registered(1, "33.74", None);
        other.correct(0, "2025-01-01", (Subject::Registry, data));
        other.events[1].clone()
    };
    let error = facts.append_event(1, &story.events[1], &mut lineage, &story).unwrap_err();
    assert!(matches!(error, ProjectionError::WrongStream { index: 1, .. }), "{error}");
    assert_eq!((facts.encode().unwrap(), lineage), before);
}

/// What no view understands is never passed over: the figures would be wrong and nobody would know.
#[test]
fn a_type_that_nobody_knows_stops_the_facts() {
    let mut story = Story::default();
    story.add("2025-01-01", story::registered(1, "33.75", None));
    story.add("2025-02-01", story::closed(1));
    let mut records: Vec<Vec<u8>> = story.events.iter().map(Event::encode).collect();
    for (from, to) in [("ikm.closed.v1", "ikm.closed.v9"), ("ikm.closed.v1", "ikm.sold_off.v1")] {
        let text = String::from_utf8(story.events[1].encode()).unwrap();
        assert!(text.contains(from));
        records[1] = text.replace(from, to).into_bytes();
        let error = fast(&records).unwrap_err();
        assert!(matches!(error, ProjectionError::NotARecord { index: 1, .. }), "{error}");
        assert!(error.to_string().contains("event 1") && error.to_string().contains(to), "{error}");
    }
}

#[test]
fn what_is_wrong_with_a_chunk_is_said() {
    const VERSION: u8 = jejak_projections::facts::CHUNK_VERSION;
    let mut said = Said::new("chunks");
    let end = [0xff_u8; 10];
    let most = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    // The version, one range of one event, the floor.
    let head = [VERSION, 1, 0, 1, 0];
    let cases: [(&str, Vec<u8>); 11] = [
        ("another version", vec![VERSION + 1]),
        ("nothing", vec![VERSION]),
        ("no range", vec![VERSION, 0]),
        ("a number without end", [&[VERSION, 1][..], &end].concat()),
        ("a range without end", [&[VERSION, 1, 5][..], &most].concat()),
        ("ranges out of order", vec![VERSION, 2, 5, 1, 3, 1]),
        ("too many", [&[VERSION][..], &most].concat()),
        ("corrections out of order", [&head[..], &[2, 0, 1]].concat()),
        ("a run beyond its column", [&head[..], &[1, 0, 5]].concat()),
        ("of something later", [&head[..], &[0, 1, 2, 2, 4, 4]].concat()),
        ("no code", [&head[..], &[0, 0, 0, 1, 1, b' ']].concat()),
    ];
    for (case, bytes) in cases {
        said.error(case, Facts::decode(&bytes).unwrap_err());
    }
    let mut story = Story::default();
    story.add("2025-01-01", story::registered(1, "33.75", None));
    let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
    facts.append_event(0, &story.events[0], &mut lineage, &story).unwrap();
    let sound = facts.encode().unwrap();
    said.error("more behind it", Facts::decode(&[&sound[..], &[0]].concat()).unwrap_err());
    // Of one row of an IKM: whatever is no cell of it.
    for at in (0..sound.len()).rev() {
        let mut altered = sound.clone();
        altered[at] = 0x7f;
        if let Err(error) = Facts::decode(&altered)
            && error.to_string().contains("a cell")
        {
            said.error("a cell that no row has", error);
            break;
        }
    }
    said.error("out of order", facts.append_event(5, &story.events[0], &mut lineage, &story).unwrap_err());
    said.error("twice", Facts::merge([facts.clone(), facts]).unwrap_err());
    said.check();
}
