//! Claims about a figure that is not known, now or when the claim was made: no verdict takes it for 0.

use super::*;

#[test]
fn of_programmes_that_name_nobody_the_persons_are_not_known() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "35.76", None)),
        ("2025-02-01", story::opened(1, "35.76", "standardisation", Unit::Ikm, None)),
        ("2025-02-01", story::scheduled(1, 1, None, &["2025-07-10"])),
        ("2025-03-01", story::enrolled(1, 1, None, &[])),
    ]);
    let persons = claim("enrolled", "enrolled_persons", "person", Some(4), JULY);
    let report = judge(&story, &persons);
    assert_eq!((report.verdict, report.counted), (Verdict::NotRecorded, None));
    assert_eq!(report.known_then.unwrap().counted, None);
    let why = report.not_known.unwrap();
    assert!(why.en.contains("do not name their persons"), "{}", why.en);
    assert!(why.id.contains("tidak menyebut orangnya"), "{}", why.id);
    // Where there is no programme it is not known why: nothing is recorded.
    let nowhere = judge(&story, &persons.replace("35.76", "33.75"));
    assert_eq!((nowhere.verdict, nowhere.not_known), (Verdict::NotRecorded, None));
    story.add("2025-03-01", story::enrolled(1, 1, None, &[11]));
    assert_eq!(judge(&story, &persons).not_known, None);
}

/// What a programme does not tell is not known of a share, a plan or a part of another whole either; none of none is known.
#[test]
fn what_is_not_known_is_no_share_no_plan_and_no_part() {
    let mut story = two_trainings();
    story.add("2025-02-01", story::opened(3, "33.75", "export", Unit::Ikm, None)); // 12
    story.add("2025-02-01", story::scheduled(3, 3, None, &["2025-07-10"]));
    story.add("2025-02-01", story::registered(4, "33.75", None));
    story.add("2025-03-01", story::enrolled(4, 3, None, &[]));
    let said = |toml: &str| {
        let report = judge(&story, toml);
        (report.verdict, report.counted, report.not_known.map(|why| why.en.contains("their persons")))
    };
    let unknown = (Verdict::NotRecorded, None, Some(true));
    let there = JULY.replace("35.76", "33.75");
    let share = |part: &str, whole: &str, scope: &str| {
        let view = part.split('_').next().unwrap();
        let toml = claim(view, part, "percent", Some(50), scope);
        toml.replace(&format!("figure = \"{part}\""), &format!("figure = \"{part}\"\nof = \"{whole}\""))
    };
    assert_eq!(said(&share("enrolled", "enrolled_persons", &there)), unknown);
    assert_eq!(said(&share("enrolled_persons", "enrolled", &there)), unknown);
    let persons = |scope: &str| claim("enrolled", "enrolled_persons", "person", Some(1), scope);
    let plan = |toml: String| toml.replace("\"fact\"", "\"plan\"\ndue = 2025-12-01");
    assert_eq!(said(&plan(persons(&there))), unknown);
    // Programmes of the like that name their persons tell nothing of one that does not.
    let export = "theme = \"export\"\nfrom = 2025-07-01\nto = 2025-07-31\n";
    assert_eq!(said(&plan(persons(export))), unknown);
    assert_eq!(
        said(&plan(persons(&export.replace("07-01", "11-01").replace("07-31", "11-30")))),
        (Verdict::NotKept, Some(0), None)
    );
    // Nobody knows which persons of July in Mojokerto came there, too.
    let part = claim("enrolled", "enrolled_persons", "person", None, &there);
    let whole = "view = \"enrolled\"\nfigure = \"enrolled_persons\"\n[whole.scope]\n";
    assert_eq!(said(&format!("{part}[whole]\n{whole}{JULY}")), unknown);
    // No day was due: that is known, and no share.
    let held = claim("participated", "attendance_present", "percent", Some(50), &there).replace(
        "figure = \"attendance_present\"",
        "figure = \"attendance_present\"\nof = \"attendance_due\"",
    );
    let before = held.replace("kind = ", "as_of = 2025-07-09\nkind = ");
    assert_eq!(said(&before), (Verdict::NotRecorded, None, None));
    assert_eq!(said(&held), (Verdict::NotConfirmed, Some(0), None));
    // Of a report without its parts no programme is to blame.
    story.add("2025-02-01", story::population("33.74", "batik", [None, None, Some(9)]));
    let kecil = claim("population", "population_kecil", "ikm", Some(9), "area = \"33.74\"\n");
    let report = judge(&story, &kecil);
    assert_eq!(report.verdict, Verdict::NotRecorded);
    assert!(report.not_known.unwrap().en.starts_with("something is recorded in its scope"));
    let elsewhere = judge(&story, &kecil.replace("33.74", "33.75"));
    assert_eq!((elsewhere.verdict, elsewhere.not_known), (Verdict::NotRecorded, None));
}

/// A plan was due and a fact was so on days that the log does not reach: that is told, of the area where an office of it
/// records.
#[test]
fn a_day_that_the_log_does_not_reach_is_told() {
    let recorded_on = |day: &str| story::date(day).day_number() - story::date("2023-11-15").day_number();
    let mut story = Story { days_later: recorded_on("2025-06-30").into(), ..two_trainings() };
    story.add("2025-06-30", story::registered(4, "35.76", None));
    let silent = |story: &Story, toml: &str| {
        let report = judge(story, toml);
        (report.verdict, report.silent_since.map(|silent| (silent.day.to_string(), silent.area)))
    };
    let day = |day: &str, area: Option<&str>| Some((day.to_owned(), area.map(story::area)));
    let fact = |on: &str, value| format!("as_of = {on}\n{}", enrolled(Some(value), "area = \"35.76\"\n"));
    let plan = |due: &str| fact(due, 2).replace("as_of", "due").replace("\"fact\"", "\"plan\"");
    let all = day("2025-06-30", None);
    assert_eq!(silent(&story, &fact("2025-09-30", 9)), (Verdict::NotConfirmed, all.clone()));
    assert_eq!(silent(&story, &plan("2025-09-30")), (Verdict::Kept, all.clone()));
    assert_eq!(silent(&story, &fact("2025-06-30", 9)), (Verdict::NotConfirmed, None));
    // Claims say nothing of what happened since.
    story.days_later = recorded_on("2025-11-30").into();
    let about = story::About { area: Some("35.76"), ..story::About::default() };
    story.add("2025-11-30", story::claim_made(1, about, "ikm", Some(4)));
    assert_eq!(silent(&story, &fact("2025-09-30", 9)).1, all);
    // Another office records on, until the office of the area has ever recorded something itself.
    story.add("2025-11-30", story::registered(5, "33.75", None));
    assert_eq!(silent(&story, &fact("2025-09-30", 9)).1, None);
    (story.office, story.days_later) = (Some(("35.76", "diskop")), recorded_on("2025-07-31").into());
    story.add("2025-07-31", story::registered(6, "35.76", None));
    assert_eq!(silent(&story, &fact("2025-09-30", 9)).1, day("2025-07-31", Some("35.76")));
    // Where the office says that its recording is complete, nothing is behind.
    story.add("2025-07-31", story::complete_for_theme("35.76", "standardisation", "2025-12-31"));
    story.add("2025-07-31", story::complete_for_theme("35.76", "export", "2025-12-31"));
    assert_eq!(silent(&story, &fact("2025-09-30", 9)), (Verdict::Overstated, None));
}

/// What was known on the day of a claim is told where it was known then and is known still.
#[test]
fn what_was_known_then_is_told_where_it_was_known() {
    let mut story = tell(vec![
        ("2025-01-01", story::registered(1, "35.76", None)),
        ("2025-02-01", story::opened(1, "35.76", "standardisation", Unit::Ikm, None)),
        ("2025-02-01", story::scheduled(1, 1, None, &["2025-07-10"])),
        ("2025-03-01", story::enrolled(1, 1, None, &[])),
    ]);
    let persons = |published_on: &str| {
        let toml = claim("enrolled", "enrolled_persons", "person", Some(2), JULY);
        toml.replace("kind = ", &format!("as_of = 2025-12-01\npublished_on = {published_on}\nkind = "))
    };
    let told = |story: &Story, day: &str| {
        let report = judge(story, &persons(day));
        let then = report.known_then.unwrap();
        (report.counted, then.as_known, then.counted, report.recorded_late)
    };
    story.add("2025-04-01", story::enrolled(1, 1, None, &[11, 12])); // 4
    assert_eq!(told(&story, "2025-03-01"), (Some(2), 4, None, vec![4]));
    assert_eq!(told(&story, "2025-04-01"), (Some(2), 5, Some(2), vec![]));
    // Before anything was recorded, no programme was there that could have told it.
    assert_eq!(told(&story, "2024-12-31").1, 0);
    assert_eq!(told(&story, "2024-12-31").2, Some(0));
    // Taken back, the two are not known; nor is it told any more that they once were.
    story.office = Some(("33.75", "dinperinaker"));
    story.retract(4);
    assert_eq!(told(&story, "2025-04-01"), (None, 5, None, vec![]));
}
