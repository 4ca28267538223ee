use std::collections::BTreeMap;

use jejak_events::area::AreaCode;
use jejak_events::time::RecordedTime;
use jejak_events::tree::Hash;
use jejak_events::values::Date;
use jejak_projections::answer::{FigureUnit, MemberKind, Words};
use jejak_projections::compare::{CauseKind, FigureChange, FigureMembers};
use jejak_projections::question::Question;

use super::summary::{causes, members};
use super::*;
use crate::answer_json::LogPlace;
use crate::queries::compare::ComparedSide;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn event(index: u64) -> ComparedEvent {
    let recorded = RecordedTime::from_unix_ms(1_700_000_000_000).unwrap();
    ComparedEvent {
        index,
        r#type: "id.jejak.ikm.profile_changed.v1",
        recordedtime: recorded.to_string(),
        recorded: (recorded, AreaCode::parse("33.75").unwrap()),
    }
}

/// A member that moved in, was not present, and left on a day that was not found.
fn member(unfound_days: &[DayRange]) -> ComparedMember<'_> {
    let step = |day, how, cause, on, events: &[u64]| ComparedStep {
        day: date(day),
        difference: how,
        entered: Vec::new(),
        left: Vec::new(),
        causes: vec![ComparedCause {
            cause,
            day: date(on),
            events: events.iter().map(|index| event(*index)).collect(),
        }],
    };
    ComparedMember {
        who: "ikm/0826ebe8-f8c1-4a4e-925a-d037e56fde6a".to_owned(),
        kind: MemberKind::Ikm,
        difference: Difference::Left,
        before: None,
        after: None,
        events: Vec::new(),
        steps: vec![
            step("2025-02-03", Difference::Entered, CauseKind::Moved, "2025-02-03", &[7, 9]),
            step("2025-03-04", Difference::Changed, CauseKind::Absent, "2025-03-04", &[8]),
            step("2025-04-01", Difference::Left, CauseKind::Lapsed, "2025-03-31", &[]),
            step("2025-04-04", Difference::Entered, CauseKind::Attended, "2025-04-04", &[10, 11, 12, 13, 19]),
            step("2025-04-05", Difference::Changed, CauseKind::Elsewhere, "2025-04-05", &[]),
            step("2025-05-06", Difference::Entered, CauseKind::TimePassed, "2025-05-06", &[]),
        ],
        unfound: &[],
        unfound_days,
    }
}

fn compared<'a>(
    question: &'a Question,
    figures: &'a [FigureChange],
    members: Vec<ComparedMember<'a>>,
) -> ComparedAnswers<'a> {
    let side = |on| ComparedSide {
        version: 1,
        on: date(on),
        digest: "",
        log: LogPlace::new(9, Hash([0; 32]), None, false),
    };
    let words = Words { en: "", id: "" };
    ComparedAnswers {
        view: "registered",
        title: words,
        definition: words,
        question,
        before: side("2025-01-01"),
        after: side("2025-12-31"),
        figures,
        members,
        answers_between: 366,
        names: None,
    }
}

/// The causes and the members of a comparison, in both languages.
fn pages(figures: &[FigureChange], member: ComparedMember<'_>) -> [String; 2] {
    let question = Question::new(date("2025-12-31"), 9);
    let compared = compared(&question, figures, vec![member]);
    [Language::En, Language::Id].map(|language| {
        let (causes, table) = (causes(&compared, language), table(&compared, &Titles::default(), language));
        format!("{}\n{}", causes.to_text(160), table.to_text(160))
    })
}

#[test]
fn each_step_is_told_with_its_cause_and_how_it_differs_on_the_way() {
    let days = DayRange { from: date("2025-06-01"), to: date("2025-06-30") };
    let unfound = [days];
    let [en, id] = pages(&[], member(&unfound));
    for said in [
        "entered: moved to another area (events 7 9)",
        "changed: recorded as not present (event 8)",
        "certificate lapsed 31 Mar 2025",
        "entered: present (5 events, 10..19)",
        "changed: not by an event of its own",
        "entered: time passed, no event about it",
        "1 Jun 2025 – 30 Jun 2025",
        "1   the day was not found",
    ] {
        assert!(en.contains(said), "{said}: {en}");
    }
    for said in [
        "masuk: pindah wilayah (peristiwa 7 9)",
        "berubah: tercatat tidak hadir (peristiwa 8)",
        "sertifikat habis 31 Mar 2025",
        "1   harinya belum ditemukan",
    ] {
        assert!(id.contains(said), "{said}: {id}");
    }
    // Of a member whose days are all known, the last cause is counted.
    let [en, _] = pages(&[], member(&[]));
    assert!(en.contains("1   time passed, no event about it"), "{en}");
}

fn figure(name: &'static str) -> FigureChange {
    FigureChange {
        after: Some(1),
        before: Some(0),
        difference: Some(1),
        members: vec![FigureMembers { entered: 1, kind: MemberKind::Ikm, left: 0, stayed: 2 }],
        members_unknown: false,
        name,
        unit: if name.ends_with("_hundred") { FigureUnit::Percent } else { FigureUnit::Ikm },
    }
}

/// A member that was registered, left those not reached when it came, completed, and took part once more.
fn reached(unfound_days: &[DayRange]) -> ComparedMember<'_> {
    let step = |day, figures: [&[&'static str]; 2], cause| ComparedStep {
        day: date(day),
        difference: Difference::Changed,
        entered: figures[0].to_vec(),
        left: figures[1].to_vec(),
        causes: vec![ComparedCause { cause, day: date(day), events: vec![event(7)] }],
    };
    let registered = ["reach_registered", "reach_none", "trained_per_hundred"];
    ComparedMember {
        difference: Difference::Entered,
        steps: vec![
            step("2025-02-03", [&registered, &[]], CauseKind::Registered),
            step("2025-03-04", [&[], &["reach_none"]], CauseKind::Attended),
            step("2025-04-05", [&["reach_trained"], &[]], CauseKind::Completed),
        ],
        ..member(unfound_days)
    }
}

#[test]
fn of_each_figure_the_step_is_told_by_which_a_member_came_to_count_in_it() {
    let names = ["reach_registered", "reach_trained", "reach_none", "trained_per_hundred"];
    let after =
        Standing { amounts: BTreeMap::new(), area: None, figures: vec![names[0], names[1], names[3]] };
    let figures = names.map(figure);
    let [en, id] = pages(&figures, ComparedMember { after: Some(&after), ..reached(&[]) });
    for said in [
        "IKM, registered     entered      IKM          1   entered in the register",
        "IKM, trained        entered      IKM          1   completed a programme",
        "entered registered, not reached: entered in the register (event 7)",
        "left not reached: present (event 7)",
        "entered trained: completed a programme (event 7)",
    ] {
        assert!(en.contains(said), "{said}: {en}");
    }
    assert!(!en.contains('%'), "who is one of those of whom there is a percentage: {en}");
    for said in [
        "masuk menuntaskan pelatihan: menuntaskan program",
        "keluar belum terjangkau: hadir",
        "di balik angka",
    ] {
        assert!(id.contains(said), "{said}: {id}");
    }
    // A later day that was not found may be the one.
    let days = [DayRange { from: date("2025-03-05"), to: date("2025-03-20") }];
    let [en, _] = pages(&figures, ComparedMember { after: Some(&after), ..reached(&days) });
    assert!(en.contains("IKM          1   the day was not found"), "{en}");
    assert!(en.contains("IKM          1   completed a programme"), "{en}");
    // Of one figure nothing but that is told.
    let [en, _] = pages(&figures[1..2], ComparedMember { after: Some(&after), ..reached(&[]) });
    assert!(!en.contains("behind the figure"), "{en}");
}

/// Who comes on the only day of a programme completes it by being present, and leaves those not reached by no more.
#[test]
fn to_have_been_present_is_why_where_completing_is_not_counted() {
    let names = ["reach_trained", "reach_none"];
    let figures = names.map(figure);
    let (before, after) = ([names[1]], [names[0]]);
    let standing = |figures: &[&'static str]| Standing {
        amounts: BTreeMap::new(),
        area: None,
        figures: figures.to_vec(),
    };
    let (before, after) = (standing(&before), standing(&after));
    let step = |events: Vec<ComparedEvent>| ComparedStep {
        day: date("2025-03-04"),
        difference: Difference::Changed,
        entered: vec![names[0]],
        left: vec![names[1]],
        causes: vec![ComparedCause { cause: CauseKind::Completed, day: date("2025-03-04"), events }],
    };
    let told = |events| {
        let (difference, steps) = (Difference::Changed, vec![step(events)]);
        let [en, _] = pages(
            &figures,
            ComparedMember { before: Some(&before), after: Some(&after), difference, steps, ..reached(&[]) },
        );
        en
    };
    let present = told(vec![event(7)]);
    for said in [
        "trained        entered      IKM          1   completed a programme",
        "not reached    left         IKM          1   present",
    ] {
        assert!(present.contains(said), "{said}: {present}");
    }
    let otherwise = told(Vec::new());
    assert!(!otherwise.contains("  present"), "what was left was called off: {otherwise}");
}

#[test]
fn members_are_counted_as_what_they_are_and_not_as_what_the_figure_counts() {
    let mut issued = figure("certificates_issued");
    issued.unit = FigureUnit::Certificate;
    issued.members.push(FigureMembers { entered: 3, kind: MemberKind::Person, left: 0, stayed: 0 });
    let question = Question::new(date("2025-12-31"), 9);
    let figures = [issued];
    let compared = compared(&question, &figures, Vec::new());
    for (language, said) in [
        (
            Language::En,
            [
                "IKM             1      0        2   certificates, issued",
                "persons         3      0        0   certificates, issued",
            ],
        ),
        (
            Language::Id,
            [
                "IKM         1        0       2   sertifikat, terbit",
                "orang       3        0       0   sertifikat, terbit",
            ],
        ),
    ] {
        let page = members(&compared, language).to_text(120);
        said.iter().for_each(|said| assert!(page.contains(said), "{said}: {page}"));
    }
}

/// A programme with two targets to come misses one of them: both figures are told, the other two are not.
#[test]
fn who_counts_more_in_one_figure_is_told_in_which_it_counts_less() {
    let names = ["targets", "targets_missed", "targets_not_yet_due"];
    let standing = |figures: &[&'static str], amounts: &[(&'static str, u64)]| Standing {
        amounts: amounts.iter().copied().collect(),
        area: None,
        figures: figures.to_vec(),
    };
    let before = standing(&[names[0], names[2]], &[(names[0], 2), (names[2], 2)]);
    let after = standing(&names, &[(names[0], 2)]);
    let change = |difference| ComparedMember {
        before: Some(&before),
        after: Some(&after),
        difference,
        steps: Vec::new(),
        ..member(&[])
    };
    let [en, id] = pages(&names.map(figure), change(Difference::Changed));
    let en = en.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(en.contains("changed: not yet due 2 → 1; missed 0 → 1 "), "{en}");
    assert!(!en.contains("targets 2"), "{en}");
    assert!(id.contains("0 → 1"), "{id}");
}
