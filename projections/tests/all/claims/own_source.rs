//! A source never supports itself: what rests on the claiming document only does not count.

use jejak_events::types::{Data, Evidence, ImportedFrom};
use jejak_events::values::{Count, MediaType, SetOf, Sha256Hex, Text, Urn};
use jejak_projections::claims::Verdict;

use super::{JULY, claim, enrolled, judge, tell, two_trainings, verdict};
use crate::story::{self, Story};

const DOCUMENT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub const OTHER: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

pub fn evidence(files: &[&str]) -> Option<SetOf<Evidence>> {
    let file = |sha256: &&str| Evidence {
        media_type: MediaType::parse("image/jpeg").unwrap(),
        sha256: Sha256Hex::parse(sha256).unwrap(),
        subjects: None,
    };
    SetOf::new(files.iter().map(file).collect())
}

#[test]
fn what_rests_on_the_document_only_does_not_count() {
    let toml = enrolled(Some(3), JULY).replace("unit", &format!("sha256 = \"{DOCUMENT}\"\nunit"));
    let judged = |files: &[&str], imported: Option<&str>| {
        let mut story = two_trainings();
        let Data::EnrolmentMade(made) = &mut story.events[8].draft.data else { panic!() };
        made.evidence = evidence(files);
        let one = Count::new(1).unwrap();
        let file = imported.map(|sha256| Sha256Hex::parse(sha256).unwrap());
        made.imported_from = file.map(|file| ImportedFrom { file, row: one, sheet: one });
        let report = judge(&story, &toml);
        (report.counted, report.set_aside)
    };
    assert_eq!(judged(&[], None), (Some(3), vec![]));
    assert_eq!(judged(&[DOCUMENT], None), (Some(2), vec![8]));
    assert_eq!(judged(&[], Some(DOCUMENT)), (Some(2), vec![8]));
    assert_eq!(judged(&[DOCUMENT], Some(OTHER)), (Some(3), vec![]));
    assert_eq!(judged(&[DOCUMENT, OTHER], None), (Some(3), vec![]));
    assert_eq!(judged(&[OTHER], None), (Some(3), vec![]));

    // It does not count in what is taken together, either.
    let mut story = two_trainings();
    let Data::EnrolmentMade(made) = &mut story.events[11].draft.data else { panic!() };
    made.evidence = evidence(&[DOCUMENT]);
    let persons = toml
        .replace("\"enrolled\"\n[scope]", "\"enrolled_persons\"\n[scope]")
        .replace("\"ikm\"", "\"person\"");
    let report = judge(&story, &format!("{persons}[together.scope]\ntheme = \"export\"\n"));
    assert_eq!((report.counted, report.together.unwrap().counted, report.set_aside), (Some(4), 4, vec![11]));

    // The opening of the programme itself: then nothing of it is in the scope.
    let mut story = two_trainings();
    let Data::ProgramOpened(opened) = &mut story.events[3].draft.data else { panic!() };
    opened.evidence = evidence(&[DOCUMENT]);
    let report = judge(&story, &toml);
    assert_eq!((report.verdict, report.set_aside), (Verdict::NotRecorded, vec![3]));
}

#[test]
fn a_correction_without_grounds_rests_on_those_of_its_original() {
    let toml = enrolled(Some(3), JULY).replace("unit", &format!("sha256 = [\"{DOCUMENT}\"]\nunit"));
    let corrected = |of_original: &[&str], own: &[&str]| {
        let mut story = two_trainings();
        let Data::EnrolmentMade(made) = &mut story.events[8].draft.data else { panic!() };
        made.evidence = evidence(of_original);
        let (subject, mut replacement) = story::enrolled(2, 1, None, &[22]);
        let Data::EnrolmentMade(made) = &mut replacement else { panic!() };
        made.evidence = evidence(own);
        let correction = story.correct(8, "2025-03-01", (subject, replacement));
        let report = judge(&story, &toml);
        (report.counted, report.set_aside == [correction])
    };
    assert_eq!(corrected(&[DOCUMENT], &[]), (Some(2), true));
    assert_eq!(corrected(&[DOCUMENT], &[OTHER]), (Some(3), false));
    assert_eq!(corrected(&[OTHER], &[]), (Some(3), false));
    assert_eq!(corrected(&[], &[DOCUMENT]), (Some(2), true));
}

/// What a report of the population says that it rests on.
pub fn rests_on(story: &mut Story, index: usize, urn: &str) {
    let Data::PopulationReported(report) = &mut story.events[index].draft.data else { panic!() };
    report.document = Some(Urn::parse(urn).unwrap());
}

pub const OWN_URN: &str = "urn:example:harian-contoh:2025-02-01";

#[test]
fn a_report_of_the_claiming_document_gives_way_to_the_one_before() {
    let mut story = tell(vec![
        ("2025-01-01", story::population("33.74", "batik", [None, None, Some(600)])),
        ("2025-02-01", story::population("33.74", "batik", [None, None, Some(700)])),
    ]);
    let toml = claim("population", "population_total", "ikm", Some(700), "area = \"33.74\"\n");
    let toml = toml.replace("unit = ", &format!("urn = \"{OWN_URN}\"\nunit = "));
    assert_eq!(verdict(&story, &toml), (Verdict::Supported, Some(700)));
    // Another document of the same publisher is another source, and words name no document.
    rests_on(&mut story, 1, "urn:example:harian-contoh:2025-02-02");
    let Data::PopulationReported(report) = &mut story.events[1].draft.data else { panic!() };
    report.source = Text::parse("Harian Contoh, a.txt").unwrap();
    assert_eq!(verdict(&story, &toml), (Verdict::Supported, Some(700)));
    rests_on(&mut story, 1, OWN_URN);
    let report = judge(&story, &toml);
    assert_eq!((report.verdict, report.counted), (Verdict::NotConfirmed, Some(600)));
    assert_eq!(report.set_aside, [1]);
    rests_on(&mut story, 0, OWN_URN);
    let report = judge(&story, &toml);
    assert_eq!((report.verdict, report.set_aside), (Verdict::NotRecorded, vec![0, 1]));
    // A claim that does not name its document cannot be told apart from it.
    let unnamed = toml.replace(&format!("urn = \"{OWN_URN}\"\n"), "");
    assert_eq!(verdict(&story, &unnamed), (Verdict::Supported, Some(700)));
}

/// What a recorded claim names is one document: its file or its reference is enough to know it by.
#[test]
fn a_recorded_claim_is_of_the_document_that_any_of_its_references_names() {
    let about = story::About { area: Some("35.76"), ..story::About::default() };
    let mut story = two_trainings();
    let first = story.add("2025-11-01", story::claim_made(1, about, "ikm", Some(4)));
    story.add("2025-11-01", story::claim_made(2, about, "ikm", Some(4)));
    let Data::ClaimMade(made) = &mut story.events[first as usize].draft.data else { panic!() };
    made.sha256 = SetOf::new(vec![Sha256Hex::parse(OTHER).unwrap()]);
    let two = claim("claims", "claims", "claim", Some(2), "area = \"35.76\"\n");
    for (named, set_aside) in [
        ("urn = \"urn:example:harian-contoh:1\"".to_owned(), vec![first]),
        (format!("sha256 = \"{OTHER}\""), vec![first]),
        (format!("sha256 = \"{DOCUMENT}\""), vec![]),
    ] {
        let report = judge(&story, &two.replace("unit = ", &format!("{named}\nunit = ")));
        assert_eq!(report.set_aside, set_aside, "{named}");
        assert_eq!(report.counted, Some(2 - set_aside.len() as u64), "{named}");
    }
}
